// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/charts.h"

#include "runtime/base/buf.h"

enum { MOST_NAMES_TOLD = 3 };

enum { // what an entity has figures of
    HAS_ANY = 1,
    HAS_BASELINE = 2,
    HAS_BESIDE = 4 // periods that no rebase parts from the baseline
};

typedef struct Check {
    const Store *store;
    DiagList *diags;
    const Chart *chart;
    uint8_t *has; // by entity
    uint32_t n_any, n_baseline, n_lacking;
} Check;

static uint32_t rebases_before(const Chart *c, Period p) {
    uint32_t n = 0;
    while (n < c->n_rebases && period_first_day(c->rebases[n].from) <= period_first_day(p))
        n++;
    return n;
}

// An entity has no row in a period that is known from a column of previous figures alone.
static bool has_row(const Store *s, const Observation *o) {
    uint32_t at;
    return !o->from_previous || store_reported(s, o->period, &at);
}

static void look_at(Check *c, const Observation *o) {
    uint8_t *has = &c->has[o->entity];
    if ((*has & HAS_BASELINE) || !has_row(c->store, o))
        return;
    *has |= HAS_ANY;
    if (chart_in_baseline(c->chart, o->period))
        *has |= HAS_BASELINE;
    else if (o->period.kind != PERIOD_NONE &&
             rebases_before(c->chart, o->period) == rebases_before(c->chart, c->chart->first))
        *has |= HAS_BESIDE;
}

static bool lacks_baseline(uint8_t has) {
    return (has & HAS_BESIDE) && !(has & HAS_BASELINE);
}

static void gather(Check *c) {
    for (uint32_t i = 0; i < c->chart->n_reads; i++) {
        ObsRange r = c->store->of_metric[c->chart->reads[i]];
        for (uint32_t k = r.from; k < r.to; k++)
            look_at(c, &c->store->obs[k]);
    }
    for (uint32_t e = 0; e < c->store->entities.n; e++) {
        c->n_any += (c->has[e] & HAS_ANY) != 0;
        c->n_baseline += (c->has[e] & HAS_BASELINE) != 0;
        c->n_lacking += lacks_baseline(c->has[e]);
    }
}

// ---- what is said -------------------------------------------------------------------------------

static void put_baseline(const Check *c, Buf *out) {
    period_print(out, c->chart->first);
    buf_puts(out, " to ");
    period_print(out, c->chart->last);
}

static void tell_none(const Check *c) {
    Buf baseline = {0};
    put_baseline(c, &baseline);
    diag_add(c->diags, D_BASELINE_WITHOUT_FIGURES, c->chart->baseline,
             "no figure is of the baseline %.*s, so the limits come from all figures",
             STR_ARG(buf_str(&baseline)))
        ->hint = STR("correct its periods, or name the file that has them");
    buf_free(&baseline);
}

static void put_lacking(const Check *c, Buf *out) {
    uint32_t n = 0;
    for (uint32_t e = 0; e < c->store->entities.n && n < MOST_NAMES_TOLD; e++) {
        if (!lacks_baseline(c->has[e]))
            continue;
        buf_puts(out, n == 0 ? "" : n + 1 == c->n_lacking ? " and " : ", ");
        buf_put(out, intern_text(&c->store->entities, e));
        n++;
    }
    if (c->n_lacking > n)
        buf_printf(out, " and %u more", (unsigned)(c->n_lacking - n));
}

static void tell_lacking(const Check *c) {
    Buf names = {0}, baseline = {0};
    bool one = c->n_lacking == 1;
    put_lacking(c, &names);
    put_baseline(c, &baseline);
    diag_add(c->diags, D_BASELINE_WITHOUT_FIGURES, c->chart->baseline,
             "%.*s %s no figure of the baseline %.*s, so %s limits come from all %s figures",
             STR_ARG(buf_str(&names)), one ? "has" : "have", STR_ARG(buf_str(&baseline)),
             one ? "its" : "their", one ? "its" : "their")
        ->hint = STR("name the file that has the figures, or correct the baseline's periods");
    buf_free(&names);
    buf_free(&baseline);
}

static bool check_chart(Check *c, Arena *a) {
    c->has = ARENA_ARRAY(a, uint8_t, c->store->entities.n);
    if (!c->has)
        return false;
    gather(c);
    if (c->n_any > 0 && c->n_baseline == 0)
        tell_none(c);
    else if (c->n_lacking > 0)
        tell_lacking(c);
    return true;
}

bool charts_check(const Program *p, const Store *s, DiagList *d) {
    bool ok = true;
    for (uint32_t i = 0; i < p->n_charts && ok; i++) {
        Check c = {.store = s, .diags = d, .chart = &p->charts[i]};
        Arena a;
        arena_init(&a, 0);
        ok = c.chart->first.kind == PERIOD_NONE || check_chart(&c, &a);
        arena_free(&a);
    }
    return ok;
}
