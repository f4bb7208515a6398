// SPDX-License-Identifier: Apache-2.0
// Overrides: a person's judgements in place of statuses, kept apart from the rules.
#include <stdlib.h>

#include "lang/gen.h"

bool modules_have_overrides(const Modules *m) {
    for (size_t i = 0; i < m->all.n; i++) {
        const Node *tree = m->all.v[i]->tree;
        for (uint32_t k = 0; tree && k < tree->n_kids; k++)
            if (tree->kids[k]->kind == NODE_OVERRIDE)
                return true;
    }
    return false;
}

void declare_overrides(Compiler *c) {
    for (size_t i = 0; i < c->override_nodes.n; i++) {
        KpiSpec *spec = find_spec(c, node_text(node_kid(c->override_nodes.v[i], 0)));
        if (!spec || spec->judgement_set != 0)
            continue;
        if (VEC_PUSH(c->arena, &c->judgement_sets, (JudgementSet){0}))
            spec->judgement_set = (uint32_t)c->judgement_sets.n;
    }
}

// ---- the files of --overrides -------------------------------------------------------------------

static void check_only_overrides(Compiler *c, const Module *m) {
    for (uint32_t i = 0; m->tree && i < m->tree->n_kids; i++) {
        const Node *n = m->tree->kids[i];
        if (n->kind == NODE_OVERRIDE || n->kind == NODE_TREAT || n->kind == NODE_IGNORE ||
            n->kind == NODE_USE || n->kind == NODE_ERROR)
            continue;
        report(c, D_OVERRIDES_ONLY, node_place(n),
               "a file named with --overrides holds overrides alone, and this line declares "
               "something else")
            ->hint = STR("move it to the rules, or name the file without --overrides");
        return;
    }
}

// ---- one override -------------------------------------------------------------------------------

// The clauses of an override, each NULL where it is not said.
typedef struct Said {
    const Node *entity, *span, *by, *because;
    bool broken; // a line could not be read, or stands twice
} Said;

static void take(Compiler *c, Said *said, const Node **to, const Node *n, const char *word) {
    if (!n)
        return;
    if (*to) {
        Diag *d =
            report(c, D_CLAUSE_TWICE, node_place(n), "the override says its `%s` twice", word);
        d->other = node_place(*to);
        d->note = STR("the first time");
        d->hint = STR("keep one of them; for two entities or two stretches of periods write two "
                      "overrides");
        said->broken = true;
        return;
    }
    *to = n;
}

static Said read_lines(Compiler *c, const Node *n) {
    Said said = {.because = node_kid(n, 2)};
    const Node *lines = node_kid(n, 3);
    for (uint32_t i = 0; i < lines->n_kids; i++) {
        const Node *clause = node_kid(lines->kids[i], 0);
        if (lines->kids[i]->kind == NODE_ERROR)
            said.broken = true;
        else if (clause->kind == NODE_ENTITY_IS)
            take(c, &said, &said.entity, clause, "entity");
        else if (clause->kind == NODE_BY)
            take(c, &said, &said.by, clause, "by");
        else
            take(c, &said, &said.span, clause, "period");
        if (lines->kids[i]->kind != NODE_ERROR)
            take(c, &said, &said.because, node_kid(lines->kids[i], 1), "because");
    }
    return said;
}

static bool says(Compiler *c, const Node *n, const Node *clause, bool has_text, const char *what,
                 const char *form) {
    if (clause && has_text)
        return true;
    Diag *d = report(c, D_OVERRIDE_LACKS, node_place(n), "the override of `%.*s` does not say %s",
                     STR_ARG(node_text(node_kid(n, 0))), what);
    hint(c, d, "add a line: %s", form);
    return false;
}

static bool has_text(Compiler *c, const Node *string) {
    return string && str_trim(node_string(c->scratch, string)).len > 0;
}

static bool is_whole(Compiler *c, const Node *n, const Said *said) {
    const Node *entity = said->entity ? node_kid(said->entity, 0) : NULL;
    const Node *by = said->by ? node_kid(said->by, 0) : NULL;
    return says(c, n, entity, has_text(c, entity), "for whom it is", "entity \"…\"") &&
           says(c, n, said->span, true, "for which reported periods",
                "from 2023-05 to 2023-07, or period 2023-05") &&
           says(c, n, by, has_text(c, by), "who judges so", "by \"…\"") &&
           says(c, n, said->because, has_text(c, said->because), "why", "because \"…\"");
}

static bool read_period(Compiler *c, const Node *n, Period *out) {
    if (!period_parse(node_text(n), out)) {
        report(c, D_BAD_PERIOD, node_place(n), "`%.*s` is not a period", STR_ARG(node_text(n)))
            ->hint = STR("write 2023-05, 2023-Q2, FY2023-24, AY2023/24, 2023 or 2023-05-31");
        return false;
    }
    warn_month_like_years(c, n);
    return true;
}

static bool read_span(Compiler *c, const Node *n, Judgement *j) {
    const Node *last = node_kid(n, n->kind == NODE_FROM_TO ? 1 : 0);
    if (!read_period(c, node_kid(n, 0), &j->from) || !read_period(c, last, &j->to))
        return false;
    j->span_place = node_place(n);
    Diag *d;
    if (j->from.kind != j->to.kind) {
        d = report(
            c, D_OVERRIDE_PERIODS, j->span_place, "the first period is a %.*s and the last a %.*s",
            STR_ARG(period_kind_words(j->from.kind)), STR_ARG(period_kind_words(j->to.kind)));
        d->hint = STR("write both as the figures have their periods");
        return false;
    }
    if (j->from.ordinal <= j->to.ordinal)
        return true;
    d = report(c, D_OVERRIDE_PERIODS, j->span_place, "the override ends before it begins");
    hint(c, d, "write the earlier period first: from %.*s to %.*s", STR_ARG(node_text(last)),
         STR_ARG(node_text(node_kid(n, 0))));
    return false;
}

static bool read_level(Compiler *c, const Kpi *kpi, const Node *n, Judgement *j) {
    j->scale = kpi->status_scale;
    if (n->kind == NODE_NO_DATA) {
        report(c, D_OVERRIDE_NO_LEVEL, node_place(n),
               "an override gives a level, and `no data` is "
               "none")
            ->hint = STR("name a level of the scale; that a figure is not to be trusted is said "
                         "where the figure comes from");
        return false;
    }
    if (find_level(&c->scales.v[j->scale], node_text(n), &j->level))
        return true;
    report_unknown_level(c, &c->scales.v[j->scale], node_text(n), node_place(n));
    return false;
}

static Str string_of(Compiler *c, const Node *n) {
    return arena_str(c->arena, str_trim(node_string(c->scratch, n)));
}

// An override as the program has it; false after reporting.
static bool read_override(Compiler *c, const Node *n, Judgement *j) {
    const Node *name = node_kid(n, 0);
    const KpiSpec *spec = need_spec(c, name);
    if (!spec)
        return false;
    Said said = read_lines(c, n);
    if (said.broken || !spec->lowered || !is_whole(c, n, &said))
        return false; // a KPI with errors has none to override
    const Kpi *kpi = &c->kpis.v[spec->kpi];
    if (!kpi->has_status) {
        report(c, D_OVERRIDE_NO_STATUS, node_place(name),
               "the KPI `%.*s` has no status that could be overridden", STR_ARG(kpi->name))
            ->hint = STR("give it a status block in the rules, or name a KPI that has one");
        return false;
    }
    *j = (Judgement){.kpi = kpi->name, .place = node_place(n)};
    if (!read_level(c, kpi, node_kid(n, 1), j) || !read_span(c, said.span, j))
        return false;
    j->entity = string_of(c, node_kid(said.entity, 0));
    j->entity_place = node_place(node_kid(said.entity, 0));
    j->by = string_of(c, node_kid(said.by, 0));
    j->because = string_of(c, said.because);
    return true;
}

// ---- all of them --------------------------------------------------------------------------------

static int compare_ints(int64_t a, int64_t b) {
    return (a > b) - (a < b);
}

// By entity and first period; then as written.
static int compare_judgements(const void *a, const void *b) {
    const Judgement *x = a, *y = b;
    int order = str_cmp(x->entity, y->entity);
    order = order ? order : compare_ints(x->from.kind, y->from.kind);
    order = order ? order : compare_ints(x->from.ordinal, y->from.ordinal);
    order = order ? order : compare_ints(x->place.file, y->place.file);
    return order ? order : compare_ints(x->place.line, y->place.line);
}

static void print_shared(Compiler *c, const Judgement *first, const Judgement *second, Str *out) {
    Buf text = {0};
    period_print(&text, second->from);
    if (first->to.ordinal > second->from.ordinal && second->to.ordinal > second->from.ordinal) {
        buf_puts(&text, " to ");
        period_print(&text, first->to.ordinal < second->to.ordinal ? first->to : second->to);
    }
    *out = arena_str(c->scratch, buf_str(&text));
    buf_free(&text);
}

// Two judgements on the same entity and period: which counts is not for a program to say.
static void check_overlaps(Compiler *c, const Judgement *v, size_t n) {
    const Judgement *last = NULL; // of those so far, the one that goes furthest
    for (size_t i = 0; i < n; i++) {
        const Judgement *j = &v[i];
        bool together = last && str_eq(last->entity, j->entity) && last->to.kind == j->from.kind;
        if (together && last->to.ordinal >= j->from.ordinal) {
            Str shared;
            print_shared(c, last, j, &shared);
            bool later = j->place.file != last->place.file || j->place.line > last->place.line;
            Diag *d = report(c, D_OVERRIDE_TWICE, later ? j->place : last->place,
                             "`%.*s` of \"%.*s\" is overridden twice for %.*s", STR_ARG(j->kpi),
                             STR_ARG(j->entity), STR_ARG(shared));
            d->other = later ? last->place : j->place;
            d->note = STR("the other override");
            d->hint = STR("keep one of them, or let one end before the other begins");
        }
        if (!together || j->to.ordinal > last->to.ordinal)
            last = j;
    }
}

// Sorts the set's judgements, which are the last ones that were read.
static void close_set(Compiler *c, JudgementSet *s) {
    s->n = (uint32_t)c->judgements.n - s->first;
    if (s->n == 0 || compiler_failed(c))
        return;
    Judgement *first = &c->judgements.v[s->first];
    qsort(first, s->n, sizeof *first, compare_judgements);
    check_overlaps(c, first, s->n);
}

typedef struct Numbered {
    uint32_t set; // 0: of no KPI that there is
    uint32_t i;
} Numbered;

static int compare_numbered(const void *a, const void *b) {
    const Numbered *x = a, *y = b;
    int order = compare_ints(x->set, y->set);
    return order ? order : compare_ints(x->i, y->i);
}

void lower_overrides(Compiler *c) {
    for (size_t i = 0; i < c->modules->all.n; i++)
        if (c->modules->all.v[i]->only_overrides)
            check_only_overrides(c, c->modules->all.v[i]);
    size_t n = c->override_nodes.n;
    Numbered *order = ARENA_ARRAY(c->scratch, Numbered, n);
    if (n == 0 || !order)
        return;
    for (size_t i = 0; i < n; i++) {
        const KpiSpec *spec = find_spec(c, node_text(node_kid(c->override_nodes.v[i], 0)));
        order[i] = (Numbered){spec ? spec->judgement_set : 0, (uint32_t)i};
    }
    qsort(order, n, sizeof *order, compare_numbered);
    for (size_t i = 0; i < n && !compiler_failed(c); i++) {
        JudgementSet *set = order[i].set > 0 ? &c->judgement_sets.v[order[i].set - 1] : NULL;
        if (set && (i == 0 || order[i - 1].set != order[i].set))
            set->first = (uint32_t)c->judgements.n;
        Judgement j;
        if (read_override(c, c->override_nodes.v[order[i].i], &j))
            VEC_PUSH(c->arena, &c->judgements, j);
        if (set && (i + 1 == n || order[i + 1].set != order[i].set))
            close_set(c, set);
    }
}
