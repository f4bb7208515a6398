// SPDX-License-Identifier: Apache-2.0
// The report as JSON; docs/diff.md describes it.
#include "runtime/edges/comparison.h"

static json_object *text_or_null(Json *j, bs_text t) {
    return t.len > 0 ? json_text(j, (Str){t.s, t.len}) : NULL;
}

static json_object *str_or_null(Json *j, Str s) {
    return s.len > 0 ? json_text(j, s) : NULL;
}

static json_object *place(Json *j, Str file, unsigned line) {
    if (line == 0)
        return NULL;
    json_object *o = json_new(j);
    json_put(j, o, "file", json_text(j, file));
    json_put(j, o, "line", json_count(j, line));
    return o;
}

static json_object *texts(Json *j, const bs_text *v, size_t n) {
    json_object *list = json_list(j);
    for (size_t i = 0; i < n; i++)
        json_append(j, list, json_text(j, (Str){v[i].s, v[i].len}));
    return list;
}

// ---- rules --------------------------------------------------------------------------------------

static json_object *bound(Json *j, const bs_bound *b) {
    json_object *o = json_new(j), *terms = json_new(j);
    for (size_t i = 0; i < b->n_terms; i++)
        json_put(j, terms, b->terms[i].figure.s,
                 json_text(j, (Str){b->terms[i].by.s, b->terms[i].by.len}));
    json_put(j, o, "terms", terms);
    json_put(j, o, "low", text_or_null(j, b->low));
    json_put(j, o, "low_open", json_made(j, json_object_new_boolean(b->low_open)));
    json_put(j, o, "high", text_or_null(j, b->high));
    json_put(j, o, "high_open", json_made(j, json_object_new_boolean(b->high_open)));
    return o;
}

static json_object *region(Json *j, const bs_region *r) {
    json_object *o = json_new(j), *bounds = json_list(j);
    json_put(j, o, "words", text_or_null(j, r->words));
    for (size_t i = 0; i < r->n_bounds; i++)
        json_append(j, bounds, bound(j, &r->bounds[i]));
    json_put(j, o, "bounds", bounds);
    json_put(j, o, "below_zero", json_made(j, json_object_new_boolean(r->below_zero)));
    json_put(j, o, "missing", texts(j, r->missing, r->n_missing));
    json_put(j, o, "known", texts(j, r->known, r->n_known));
    return o;
}

static json_object *move(Json *j, const bs_move *m) {
    json_object *o = json_new(j), *regions = json_list(j);
    json_put(j, o, "of", text_or_null(j, m->of));
    json_put(j, o, "status", json_made(j, json_object_new_boolean(m->is_status)));
    json_put(j, o, "from", text_or_null(j, m->from));
    json_put(j, o, "to", text_or_null(j, m->to));
    json_put(j, o, "way", json_words(j, comparison_way(m->way)));
    json_put(j, o, "when", text_or_null(j, m->when));
    for (size_t i = 0; i < m->n_regions; i++)
        json_append(j, regions, region(j, &m->regions[i]));
    json_put(j, o, "figures", regions);
    json_put(j, o, "example", text_or_null(j, m->example));
    json_put(j, o, "before",
             place(j, (Str){m->file_before.s, m->file_before.len}, m->line_before));
    json_put(j, o, "after", place(j, (Str){m->file_after.s, m->file_after.len}, m->line_after));
    return o;
}

void comparison_put_rules_json(Comparison *c, const bs_rules_change *change) {
    static const char *const presences[] = {
        [BS_IN_BOTH] = "both", [BS_IN_BEFORE] = "before", [BS_IN_AFTER] = "after"};
    Json *j = &c->json;
    json_object *o = json_new(j), *moves = json_list(j);
    json_put(j, o, "row", text_or_null(j, change->row));
    json_put(j, o, "kpi", text_or_null(j, change->kpi));
    json_put(j, o, "label", text_or_null(j, change->label));
    json_put(j, o, "in", json_words(j, presences[change->presence]));
    json_put(j, o, "way",
             change->presence == BS_IN_BOTH ? json_words(j, comparison_way(change->way)) : NULL);
    for (size_t i = 0; i < change->n_moves; i++)
        json_append(j, moves, move(j, &change->moves[i]));
    json_put(j, o, "moves", moves);
    json_put(j, o, "undecided", text_or_null(j, change->undecided));
    json_put(j, o, "notes", texts(j, change->notes, change->n_notes));
    json_append(j, c->rules_json, o);
}

// ---- rows ---------------------------------------------------------------------------------------

static json_object *row(const Comparison *c, Json *j, const ComparedRow *r) {
    const ComparedGroup *g = &c->groups.v[r->group];
    json_object *o = json_new(j);
    json_put(j, o, "kpi", json_text(j, r->kpi));
    json_put(j, o, "entity", json_text(j, r->entity));
    json_put(j, o, "period_before", str_or_null(j, r->period_before));
    json_put(j, o, "period_after", str_or_null(j, r->period_after));
    json_put(j, o, "from", json_text(j, c->statuses.v[r->before].name));
    json_put(j, o, "to", json_text(j, c->statuses.v[r->after].name));
    json_put(j, o, "value_before", str_or_null(j, r->value_before));
    json_put(j, o, "value_after", str_or_null(j, r->value_after));
    json_put(j, o, "cause", str_or_null(j, r->cause));
    json_put(j, o, "before", place(j, g->file_before, g->line_before));
    json_put(j, o, "after", place(j, g->file_after, g->line_after));
    json_put(j, o, "reason_before", str_or_null(j, r->reason_before));
    json_put(j, o, "reason_after", str_or_null(j, r->reason_after));
    return o;
}

static json_object *flips(const Comparison *c, Json *j, const size_t *order) {
    json_object *list = json_list(j);
    for (size_t i = 0; i < c->statuses.n; i++) {
        for (size_t k = 0; k < c->statuses.n; k++) {
            size_t n = comparison_flips(c, order[i], order[k]);
            if (n == 0)
                continue;
            json_object *o = json_new(j);
            json_put(j, o, "from", json_text(j, c->statuses.v[order[i]].name));
            json_put(j, o, "to", json_text(j, c->statuses.v[order[k]].name));
            json_put(j, o, "rows", json_count(j, n));
            json_append(j, list, o);
        }
    }
    return list;
}

static json_object *all_rows(Comparison *c, const size_t *order) {
    Json *j = &c->json;
    json_object *o = json_new(j), *list = json_list(j);
    json_put(j, o, "compared", json_count(j, c->counts.rows.n_rows));
    json_put(j, o, "judged", json_count(j, c->counts.rows.n_judged));
    json_put(j, o, "changed", json_count(j, c->rows.n));
    json_put(j, o, "flips", flips(c, j, order));
    for (size_t i = 0; i < c->rows.n; i++)
        json_append(j, list, row(c, j, &c->rows.v[i]));
    json_put(j, o, "changes", list);
    return o;
}

bool comparison_put_json(Comparison *c, Buf *out) {
    Json *j = &c->json;
    size_t *order;
    if (!comparison_order(c, &c->arena, &order))
        return false;
    json_object *document = json_new(j);
    json_put(j, document, "version", json_count(j, 1));
    json_put(j, document, "before", json_words(j, c->what->name_before));
    json_put(j, document, "after", json_words(j, c->what->name_after));
    json_object *rules = NULL;
    if (c->what->rules) {
        rules = json_new(j);
        json_put(j, rules, "same", json_count(j, c->counts.n_rules_same));
        json_put(j, rules, "changes", json_object_get(c->rules_json));
    }
    json_put(j, document, "rules", rules);
    json_put(j, document, "rows", c->what->rows ? all_rows(c, order) : NULL);
    return json_write(j, document, out);
}
