// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/selection.h"

#include "runtime/base/suggest.h"

static bool is_among(const char *const *names, size_t n, Str s) {
    for (size_t i = 0; i < n; i++)
        if (str_eq(str_from(names[i]), s))
            return true;
    return n == 0;
}

bool selection_has_kpi(const bs_filter *f, Str name) {
    return is_among(f->kpis, f->n_kpis, name);
}

bool selection_has_lane(const bs_filter *f, const Store *s, Lane lane, Buf *work) {
    if (!is_among(f->entities, f->n_entities, intern_text(&s->entities, lane.entity)))
        return false;
    if (f->n_periods == 0)
        return true;
    period_print(work, lane.period);
    bool selected = is_among(f->periods, f->n_periods, buf_str(work));
    work->len = 0;
    return selected;
}

// ---- names that there are not -------------------------------------------------------------------

typedef struct Names {
    const SelectionSide *sides;
    size_t n_sides;
    Buf work;
    Arena texts;
} Names;

// The [i]th name of a side; .s is NULL behind the last.
typedef Str NameAt(Names *x, const SelectionSide *side, size_t i);

// The groups stand behind the KPIs.
static Str kpi_name(Names *x, const SelectionSide *side, size_t i) {
    const Program *p = side->program;
    (void)x;
    if (i < p->n_kpis)
        return p->kpis[i].name;
    return i - p->n_kpis < p->n_groups ? p->groups[i - p->n_kpis].name : (Str){0};
}

static Str entity_name(Names *x, const SelectionSide *side, size_t i) {
    const Intern *entities = &side->store->entities;
    (void)x;
    return i < entities->n ? intern_text(entities, (uint32_t)i) : (Str){0};
}

static Str period_name(Names *x, const SelectionSide *side, size_t i) {
    if (i >= side->store->n_reported)
        return (Str){0};
    period_print(&x->work, side->store->reported[i]);
    Str name = arena_str(&x->texts, buf_str(&x->work));
    x->work.len = 0;
    return name;
}

static bool find(Names *x, NameAt *at, Str name, Suggestion *near) {
    for (size_t side = 0; side < x->n_sides; side++) {
        Str candidate;
        for (size_t k = 0; (candidate = at(x, &x->sides[side], k)).s; k++) {
            if (str_eq(candidate, name))
                return true;
            suggest_consider(near, candidate);
        }
    }
    return false;
}

static bool check_names(Names *x, DiagList *d, const char *what, const char *const *names, size_t n,
                        NameAt *at) {
    bool ok = true;
    for (size_t i = 0; i < n; i++) {
        Str name = str_from(names[i]);
        Suggestion near = suggest_for(name);
        if (find(x, at, name, &near))
            continue;
        ok = false;
        Diag *diag = diag_add(d, D_UNKNOWN_SELECTION, (Place){.file = PLACE_NO_FILE},
                              "there is no %s `%.*s`", what, STR_ARG(name));
        if (near.best.len > 0)
            diag->hint = arena_printf(d->arena, "did you mean `%.*s`?", STR_ARG(near.best));
    }
    return ok;
}

bool selection_check(const bs_filter *f, const SelectionSide *sides, size_t n, DiagList *d) {
    Names x = {.sides = sides, .n_sides = n};
    arena_init(&x.texts, 0);
    bool known = check_names(&x, d, "KPI", f->kpis, f->n_kpis, kpi_name);
    known = check_names(&x, d, "entity", f->entities, f->n_entities, entity_name) && known;
    known = check_names(&x, d, "reported period", f->periods, f->n_periods, period_name) && known;
    known = known && !x.texts.failed && !x.work.failed;
    arena_free(&x.texts);
    buf_free(&x.work);
    return known;
}
