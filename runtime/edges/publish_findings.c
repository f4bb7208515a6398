// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/publish_findings.h"

#include "runtime/base/suggest.h"

enum { TOTAL_MEMBERS = 3 }; // entities without which a sum may well be chance

static void say_nothing_hidden(const Program *p, DiagList *d) {
    for (uint32_t i = 0; i < p->n_metrics; i++)
        if (p->metrics[i].suppress.below > 0)
            return;
    diag_add(d, D_SUPPRESS_NOTHING, (Place){.file = PLACE_NO_FILE},
             "nothing is hidden for the public: no metric of these rules says which counts are too "
             "small")
        ->hint = STR("write `suppress below 6` behind the metrics that count people");
}

static bool has_figures(const Store *s, uint32_t metric, uint32_t entity) {
    for (uint32_t obs = s->of_metric[metric].from; obs < s->of_metric[metric].to; obs++)
        if (s->obs[obs].entity == entity)
            return true;
    return false;
}

static void check_name(const Program *p, const Store *s, DiagList *d, uint32_t metric) {
    const Suppress *u = &p->metrics[metric].suppress;
    uint32_t entity = intern_find(&s->entities, u->total);
    if (entity != INTERN_NONE && has_figures(s, metric, entity))
        return;
    Diag *diag = diag_add(d, D_SUPPRESS_TOTAL, u->total_place,
                          "no file has a figure of `%.*s` for the total \"%.*s\"",
                          STR_ARG(p->metrics[metric].name), STR_ARG(u->total));
    Suggestion near = suggest_for(u->total);
    for (uint32_t i = 0; i < s->entities.n; i++)
        suggest_consider(&near, intern_text(&s->entities, i));
    if (near.best.len > 0 && !str_eq(near.best, u->total))
        diag->hint = arena_printf(d->arena,
                                  "did you mean \"%.*s\"? As it is, its count is shown like "
                                  "any other, and can give a hidden one away",
                                  STR_ARG(near.best));
    else
        diag->hint = STR("if the files hold the total under another name, write that name; if they "
                         "hold none, nothing has to be done");
}

// ---- totals that no rule names ------------------------------------------------------------------

// Findings are not to tell what is hidden either: so an entity is told of where it could be the
// total, whatever the hidden counts are.
typedef struct Range {
    Number low, high;
} Range;

typedef struct Sums { // of a metric, by reported period
    Range *sum;
    uint32_t *n;
} Sums;

// What the count could be; false where it is missing.
static bool range_of(const Hidden *h, uint32_t obs, Range *out) {
    Why why;
    Number n = store_figure(h->store, obs, FIELD_VALUE, &why);
    *out = (Range){n, n};
    if (!hidden_has(h, obs))
        return !why;
    const HiddenPart *part = &h->parts.v[h->part_of[obs] - 1];
    uint32_t cell = 0;
    while (part->obs[cell] != obs)
        cell++;
    if (part->opaque)
        return false;
    *out = (Range){number_int(part->least[cell]), number_int(part->most[cell])};
    return true;
}

// Adds up the counts of a metric, the latest of each entity and period.
static bool add_up(const Hidden *h, Arena *a, uint32_t metric, Sums *out) {
    const Store *s = h->store;
    *out = (Sums){ARENA_ARRAY(a, Range, s->n_reported), ARENA_ARRAY(a, uint32_t, s->n_reported)};
    if (a->failed)
        return false;
    for (uint32_t i = 0; i < s->n_reported; i++)
        out->sum[i] = (Range){number_int(0), number_int(0)};
    for (uint32_t obs = s->of_metric[metric].from; obs < s->of_metric[metric].to; obs++) {
        const Observation *o = &s->obs[obs];
        uint32_t at;
        Range r;
        if (!range_of(h, obs, &r) || !store_reported(s, o->period, &at) ||
            store_find(s, metric, o->entity, o->period) != obs)
            continue;
        out->n[at]++;
        Range *sum = &out->sum[at];
        if (!number_add(a, sum->low, r.low, &sum->low) ||
            !number_add(a, sum->high, r.high, &sum->high))
            return false;
    }
    return true;
}

// Could [n] be half of a sum, and so the sum of all others?
static bool may_be_half(Arena *a, Number n, Range sum) {
    Number twice;
    return !number_is_zero(n) && number_add(a, n, n, &twice) && number_cmp(twice, sum.low) >= 0 &&
           number_cmp(twice, sum.high) <= 0;
}

// Could [entity] be the sum of all others in each of its periods in which it is shown?
static bool looks_like_total(const Hidden *h, Arena *a, uint32_t metric, uint32_t entity,
                             const Sums *sums) {
    const Store *s = h->store;
    bool any = false;
    for (uint32_t i = 0; i < s->n_reported; i++) {
        Range r;
        uint32_t obs = store_find(s, metric, entity, s->reported[i]);
        if (obs == OBS_NONE || hidden_has(h, obs))
            continue;
        if (!range_of(h, obs, &r) || sums->n[i] < TOTAL_MEMBERS ||
            !may_be_half(a, r.low, sums->sum[i]))
            return false;
        any = true;
    }
    return any;
}

static bool check_totals(const Program *p, const Hidden *h, DiagList *d, uint32_t metric) {
    const Store *s = h->store;
    Arena a;
    Sums sums;
    arena_init(&a, 0);
    bool ok = add_up(h, &a, metric, &sums);
    for (uint32_t e = 0; ok && e < s->entities.n; e++) {
        if (!looks_like_total(h, &a, metric, e, &sums))
            continue;
        Str name = intern_text(&s->entities, e);
        Diag *diag = diag_add(d, D_SUPPRESS_SUM, p->metrics[metric].suppress.place,
                              "\"%.*s\" can be the sum of all other entities in every period, and "
                              "then gives a hidden count of `%.*s` away",
                              STR_ARG(name), STR_ARG(p->metrics[metric].name));
        diag->hint = arena_printf(
            d->arena, "if it is the total, add to the clause: , total \"%.*s\"", STR_ARG(name));
    }
    ok = ok && !a.failed;
    arena_free(&a);
    return ok;
}

// The total of the pair that [metric] is named in; empty without.
static Str total_of(const Program *p, uint32_t metric) {
    Str total = p->metrics[metric].suppress.total;
    for (uint32_t i = 0; i < p->n_metrics && total.len == 0; i++) {
        const Suppress *u = &p->metrics[i].suppress;
        if (u->below > 0 && u->has_pair && (u->other == metric || u->whole == metric))
            total = u->total;
    }
    return total;
}

bool publish_findings(const Program *p, const Hidden *h, DiagList *d) {
    bool ok = true;
    say_nothing_hidden(p, d);
    for (uint32_t i = 0; ok && i < p->n_metrics; i++) {
        if (p->metrics[i].suppress.below == 0)
            continue;
        if (p->metrics[i].suppress.total.len > 0)
            check_name(p, h->store, d, i);
        else if (total_of(p, i).len == 0)
            ok = check_totals(p, h, d, i);
    }
    return ok;
}
