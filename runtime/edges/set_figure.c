// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/set_figure.h"

#include "runtime/base/suggest.h"
#include "runtime/edges/selection.h"

typedef struct Setting {
    Arena *arena;
    const Program *p;
    const Store *store;
    DiagList *diags;
    Str written, first, second; // NAME, or NAME.SECOND
    HandFigure h;
} Setting;

static const Place nowhere = {.file = PLACE_NO_FILE};

static bool refuse(Setting *s, const char *what) {
    diag_add(s->diags, D_SET_FORM, nowhere, "`%.*s`: %s", STR_ARG(s->written), what)->hint =
        STR("write NAME=NUMBER, or why there is no figure: re_referral_rate=18.2, visits=missing");
    return false;
}

// ---- the number ---------------------------------------------------------------------------------

static bool read_number(Setting *s, Str text) {
    Reason reason = str_eq(text, STR("missing")) ? REASON_NOT_AVAILABLE : reason_find(text);
    if (reason != N_REASONS) {
        s->h.why = WHY(reason);
        return true;
    }
    return number_parse(s->arena, text, false, &s->h.number) == NUMBER_OK ||
           refuse(s, "what stands behind the = is not a number");
}

// A metric's figures are whole where they are counts, and lie in its range, as those in files do.
static bool fits_metric(Setting *s) {
    const Metric *m = &s->p->metrics[s->h.metric];
    if (s->h.why || s->h.field != FIELD_VALUE)
        return true;
    if (m->unit.kind == UNIT_COUNT && !number_is_whole(s->h.number))
        return refuse(s, "the metric is a count, so its figures are whole numbers");
    if (m->has_range &&
        (number_cmp(s->h.number, m->low) < 0 || number_cmp(s->h.number, m->high) > 0))
        return refuse(s, "the number is outside the range that the metric is declared with");
    return true;
}

// ---- the name -----------------------------------------------------------------------------------

static bool find_metric(const Program *p, Str name, uint32_t *index) {
    for (uint32_t i = 0; i < p->n_metrics; i++) {
        *index = i;
        if (str_eq(p->metrics[i].name, name))
            return true;
    }
    return false;
}

static const Kpi *find_kpi(const Program *p, Str name) {
    for (uint32_t i = 0; i < p->n_kpis; i++)
        if (str_eq(p->kpis[i].name, name))
            return &p->kpis[i];
    return NULL;
}

static bool find_field(const Program *p, Str name, uint32_t *index) {
    for (uint32_t i = 0; i < p->n_fields; i++) {
        *index = i;
        if (str_eq(p->fields[i], name) && !p->field_is_text[i])
            return true;
    }
    return false;
}

// Has the KPI a figure of that name, or its value?
static bool has_figure(const Kpi *k, Str name) {
    bool found = str_eq(name, STR("value"));
    for (size_t i = 0; !found && i < k->fn.n_settables; i++)
        found = str_eq(k->fn.settables[i].kpi, k->name) && str_eq(k->fn.settables[i].name, name);
    return found;
}

static bool some_kpi_has(const Program *p, Str name) {
    for (uint32_t i = 0; i < p->n_kpis; i++)
        if (has_figure(&p->kpis[i], name) && !str_eq(name, STR("value")))
            return true;
    return false;
}

static bool set_of_kpi(Setting *s, const Kpi *k, Str name) {
    Str *kpis = ARENA_ARRAY(s->arena, Str, 1);
    s->h.of_kpi = true;
    s->h.name = name;
    if (!kpis)
        return false;
    kpis[0] = k->name;
    s->h.kpis = kpis;
    s->h.n_kpis = 1;
    return true;
}

static void consider_figures(const Kpi *k, Suggestion *near) {
    suggest_consider(near, STR("value"));
    for (size_t i = 0; i < k->fn.n_settables; i++)
        suggest_consider(near, k->fn.settables[i].name);
}

static bool unknown(Setting *s) {
    const Program *p = s->p;
    const Kpi *k = s->second.len > 0 ? find_kpi(p, s->first) : NULL;
    Suggestion near = suggest_for(k ? s->second : s->first);
    for (uint32_t i = 0; !k && i < p->n_metrics; i++)
        suggest_consider(&near, p->metrics[i].name);
    for (uint32_t i = 0; !k && i < p->n_kpis; i++) {
        suggest_consider(&near, p->kpis[i].name);
        consider_figures(&p->kpis[i], &near);
    }
    if (k)
        consider_figures(k, &near);
    Diag *d = diag_add(s->diags, D_SET_UNKNOWN, nowhere,
                       "`%.*s`: there is no metric, KPI, comparator or target `%.*s%s%.*s`",
                       STR_ARG(s->written), STR_ARG(s->first), s->second.len > 0 ? "." : "",
                       STR_ARG(s->second));
    if (near.best.len > 0)
        d->hint =
            arena_printf(s->diags->arena, "did you mean `%.*s%s%.*s`?", k ? (int)s->first.len : 0,
                         s->first.s, k ? "." : "", STR_ARG(near.best));
    return false;
}

// A metric goes before a KPI of its name: the KPI reads it.
static bool find_name(Setting *s) {
    const Kpi *k = find_kpi(s->p, s->first);
    bool metric = find_metric(s->p, s->first, &s->h.metric);
    if (s->second.len > 0) {
        if (metric && find_field(s->p, s->second, &s->h.field))
            return true;
        return k && has_figure(k, s->second) ? set_of_kpi(s, k, s->second) : unknown(s);
    }
    if (metric)
        return true;
    if (k)
        return set_of_kpi(s, k, STR("value"));
    if (!some_kpi_has(s->p, s->first))
        return unknown(s);
    s->h.of_kpi = true;
    s->h.name = s->first;
    return true;
}

// ---- the rows -----------------------------------------------------------------------------------

static bool select_rows(Setting *s, const bs_filter *f) {
    Str *kpis = ARENA_ARRAY(s->arena, Str, f->n_kpis);
    uint32_t *entities = ARENA_ARRAY(s->arena, uint32_t, f->n_entities);
    Period *periods = ARENA_ARRAY(s->arena, Period, f->n_periods);
    if (s->arena->failed)
        return false;
    for (size_t i = 0; i < f->n_kpis; i++)
        kpis[i] = arena_str(s->arena, str_from(f->kpis[i]));
    for (size_t i = 0; i < f->n_entities; i++)
        entities[i] = intern_find(&s->store->entities, str_from(f->entities[i]));
    for (size_t i = 0; i < f->n_periods; i++)
        period_parse(str_from(f->periods[i]), &periods[i]);
    if (s->h.of_kpi && s->h.n_kpis == 0) {
        s->h.kpis = kpis;
        s->h.n_kpis = f->n_kpis;
    }
    s->h.entities = entities;
    s->h.n_entities = f->n_entities;
    s->h.periods = periods;
    s->h.n_periods = f->n_periods;
    return !s->arena->failed;
}

bool set_figure(Arena *a, const Program *p, const Store *store, const char *written,
                const bs_filter *filter, DiagList *d, Hand *hand) {
    static const bs_filter everything;
    const bs_filter *f = filter ? filter : &everything;
    Setting s = {.arena = a,
                 .p = p,
                 .store = store,
                 .diags = d,
                 .written = arena_str(a, str_from(written)),
                 .h.field = FIELD_VALUE};
    size_t equals = str_find(s.written, '='), point;
    if (equals == s.written.len)
        return refuse(&s, "no number is given");
    Str name = str_trim(str_slice(s.written, 0, equals));
    point = str_find(name, '.');
    s.first = str_slice(name, 0, point);
    s.second = point < name.len ? str_slice(name, point + 1, name.len) : (Str){0};
    if (!find_name(&s) ||
        !read_number(&s, str_trim(str_slice(s.written, equals + 1, s.written.len))) ||
        (!s.h.of_kpi && !fits_metric(&s)) || !selection_check(f, &(SelectionSide){p, store}, 1, d))
        return false;
    return select_rows(&s, f) && VEC_PUSH(a, hand, s.h);
}
