// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/comparison.h"

#include <stdlib.h>

void comparison_init(Comparison *c, const bs_comparison *what) {
    *c = (Comparison){.what = what};
    arena_init(&c->arena, 0);
    if (what->format == BS_REPORT_JSON)
        c->rules_json = json_list(&c->json);
}

void comparison_free(Comparison *c) {
    buf_free(&c->rules);
    buf_free(&c->quiet);
    buf_free(&c->follow);
    json_object_put(c->rules_json);
    arena_free(&c->arena);
}

const char *comparison_way(bs_strictness way) {
    switch (way) {
    case BS_AS_STRICT:
        return "as strict";
    case BS_STRICTER:
        return "stricter";
    case BS_LAXER:
        return "laxer";
    case BS_BOTH_WAYS:
        return "both";
    case BS_AS_MEMBERS:
        return "as its members";
    case BS_OTHERWISE:
        return "otherwise";
    }
    return "";
}

// ---- rules --------------------------------------------------------------------------------------

static size_t *count_of(Comparison *c, bs_strictness way) {
    switch (way) {
    case BS_AS_STRICT:
        return &c->counts.n_as_strict;
    case BS_STRICTER:
        return &c->counts.n_stricter;
    case BS_LAXER:
        return &c->counts.n_laxer;
    case BS_BOTH_WAYS:
        return &c->counts.n_both_ways;
    case BS_AS_MEMBERS:
        return &c->counts.n_as_members;
    case BS_OTHERWISE:
        break;
    }
    return &c->counts.n_otherwise;
}

bool comparison_take_rules(void *context, const bs_rules_change *change) {
    Comparison *c = context;
    bool to_no_data = false;
    for (size_t i = 0; i < change->n_moves; i++)
        to_no_data |= change->moves[i].to.len == 0;
    if (change->presence != BS_IN_BOTH) {
        c->counts.n_rules_alone++;
    } else {
        ++*count_of(c, change->way);
        bool undecided = change->undecided.len > 0;
        c->counts.n_undecided += undecided;
        c->counts.n_as_strict_undecided += undecided && change->way == BS_AS_STRICT;
        c->counts.n_to_no_data += to_no_data;
    }
    if (c->what->format == BS_REPORT_JSON)
        comparison_put_rules_json(c, change);
    else
        comparison_put_rules(c, change);
    return !c->rules.failed && !c->quiet.failed && !c->follow.failed && !c->json.failed;
}

// ---- rows ---------------------------------------------------------------------------------------

enum { RANK_UNJUDGED = 1000, RANK_NO_DATA, RANK_NO_ROW }; // behind all levels

static Str keep(Comparison *c, bs_text t) {
    return arena_str(&c->arena, (Str){t.s, t.len});
}

static Status status_of(Comparison *c, const bs_result *r) {
    if (!r)
        return (Status){STR("no row"), STR("no row"), {0}, RANK_NO_ROW};
    if (r->kind == BS_NO_DATA)
        return (Status){STR("no data"), STR("no data"), {0}, RANK_NO_DATA};
    if (r->kind == BS_UNJUDGED)
        return (Status){STR("not judged"), STR("not judged"), {0}, RANK_UNJUDGED};
    return (Status){keep(c, r->status), keep(c, r->status_label), keep(c, r->status_colour),
                    r->status_rank};
}

static size_t enter_status(Comparison *c, const bs_result *r) {
    Status s = status_of(c, r);
    for (size_t i = 0; i < c->statuses.n; i++)
        if (str_eq(c->statuses.v[i].name, s.name))
            return i;
    VEC_PUSH(&c->arena, &c->statuses, s);
    return c->statuses.n - 1;
}

static bool same_text(Str x, bs_text y) {
    return str_eq(x, (Str){y.s, y.len});
}

static size_t enter_group(Comparison *c, const bs_change *change) {
    for (size_t i = 0; i < c->groups.n; i++) {
        ComparedGroup *g = &c->groups.v[i];
        if (g->line_before == change->line_before && g->line_after == change->line_after &&
            same_text(g->file_before, change->file_before) &&
            same_text(g->file_after, change->file_after)) {
            g->n++;
            return i;
        }
    }
    ComparedGroup g = {keep(c, change->file_before), keep(c, change->file_after),
                       change->line_before, change->line_after, 1};
    VEC_PUSH(&c->arena, &c->groups, g);
    return c->groups.n - 1;
}

static Str figure_text(Comparison *c, const bs_result *r) {
    if (!r)
        return (Str){0};
    return keep(c, r->value.missing.len > 0 ? r->value.missing : r->value.shown);
}

static Str text_of_side(Comparison *c, const bs_result *r, bs_text t) {
    return r ? keep(c, t) : (Str){0};
}

static void count_row(Comparison *c, const bs_result *was, const bs_result *is) {
    c->counts.n_rows_common += was && is;
    if (!was || !is || was->kind == BS_UNJUDGED || is->kind == BS_UNJUDGED)
        return;
    c->counts.n_rows_to_no_data += is->kind == BS_NO_DATA;
    if (was->kind != BS_JUDGED || is->kind != BS_JUDGED)
        return;
    c->counts.n_rows_worse += is->status_rank < was->status_rank;
    c->counts.n_rows_better += is->status_rank > was->status_rank;
}

bool comparison_take_row(void *context, const bs_change *change) {
    Comparison *c = context;
    const bs_result *was = change->before, *is = change->after, *r = is ? is : was;
    count_row(c, was, is);
    ComparedRow row = {.kpi = keep(c, r->kpi),
                       .label = keep(c, r->label),
                       .entity = keep(c, r->entity),
                       .period_before = was ? keep(c, was->period) : (Str){0},
                       .period_after = is ? keep(c, is->period) : (Str){0},
                       .value_before = figure_text(c, was),
                       .value_after = figure_text(c, is),
                       .before = enter_status(c, was),
                       .after = enter_status(c, is),
                       .cause = keep(c, change->cause),
                       .reason_before = text_of_side(c, was, was ? was->reason : r->reason),
                       .reason_after = text_of_side(c, is, is ? is->reason : r->reason),
                       .group = enter_group(c, change)};
    VEC_PUSH(&c->arena, &c->rows, row);
    return !c->arena.failed;
}

// ---- the matrix of flips ------------------------------------------------------------------------

size_t comparison_flips(const Comparison *c, size_t from, size_t to) {
    size_t n = 0;
    for (size_t i = 0; i < c->rows.n; i++)
        n += c->rows.v[i].before == from && c->rows.v[i].after == to;
    return n;
}

bool comparison_order(const Comparison *c, Arena *a, size_t **order) {
    size_t n = c->statuses.n;
    size_t *v = ARENA_ARRAY(a, size_t, n);
    for (size_t i = 0; v && i < n; i++) {
        size_t at = i;
        for (; at > 0 && c->statuses.v[v[at - 1]].rank > c->statuses.v[i].rank; at--)
            v[at] = v[at - 1];
        v[at] = i;
    }
    *order = v;
    return v;
}

bool comparison_write(Comparison *c, Buf *out) {
    c->counts.n_rows_common += c->counts.rows.n_rows - c->rows.n; // those that did not change
    bool ok = true;
    if (c->what->format == BS_REPORT_JSON)
        ok = comparison_put_json(c, out);
    else
        comparison_put_text(c, out);
    return ok && !c->arena.failed && !out->failed;
}
