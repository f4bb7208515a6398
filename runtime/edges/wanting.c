// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/wanting.h"

#include "runtime/engine/explain.h"

enum {
    WANTING_MIN_ROWS = 5,
    WANTING_MIN_SHARE = 4
}; // worth a word from 5 rows and a quarter of all

static void add_ruleless(Wanting *w, size_t n, Period first) {
    bool earlier = n > 0 && (w->n_ruleless == 0 ||
                             period_last_day(first) < period_last_day(w->first));
    if (earlier)
        w->first = first;
    w->n_ruleless += n;
}

void wanting_add(Wanting *w, Wanting other) {
    if (other.line < w->line) {
        w->line = other.line;
        w->comparator = other.comparator;
        w->n = other.n;
    } else if (other.line == w->line) {
        w->n += other.n;
    }
    add_ruleless(w, other.n_ruleless, other.first);
}

bool wanting_is_ruleless(const Vm *vm, const Kpi *kpi, size_t lane) {
    if (!wanting_has_dates(kpi) || !vm->lanes)
        return false;
    Why all = kpi->has_status ? vm_status(vm, kpi->status, lane).why : 0;
    for (uint32_t i = 0; i < kpi->n_levels; i++) {
        Why why;
        vm_level(vm, kpi->levels[i].reg, lane, &why);
        all |= why;
    }
    return all & WHY(REASON_NO_RULES);
}

bool wanting_has_dates(const Kpi *kpi) {
    bool dated = kpi->status_dated > 0;
    for (uint32_t i = 0; i < kpi->n_levels; i++)
        dated |= kpi->levels[i].dated > 0;
    return dated;
}

void wanting_count(Wanting *w, const Vm *vm, const Kpi *kpi, size_t lane) {
    if (wanting_is_ruleless(vm, kpi, lane))
        add_ruleless(w, 1, vm->lanes[lane].period);
    if (!kpi->has_status || vm_status(vm, kpi->status, lane).pending == 0)
        return;
    Wanting found = {.n = 1};
    found.line = explain_wanting_line(vm, kpi, lane, &found.comparator);
    if (found.line != UINT32_MAX)
        wanting_add(w, found);
}

static const Dated *first_dated(const Program *p, const Kpi *kpi) {
    uint32_t dated = kpi->status_dated;
    for (uint32_t i = 0; i < kpi->n_levels; i++)
        dated = kpi->levels[i].dated > 0 ? kpi->levels[i].dated : dated;
    return dated > 0 ? &p->dated[dated - 1] : NULL;
}

static void report_ruleless(const Wanting *w, const Program *p, DiagList *d, const Kpi *kpi) {
    const Dated *dated = first_dated(p, kpi);
    Buf period = {0};
    period_print(&period, w->first);
    Diag *diag = diag_add(d, D_VALID_NONE, dated ? dated->v[0].place : kpi->place,
                          "no rules of %.*s are in force for %zu row%s, the first of %.*s",
                          STR_ARG(kpi->name), w->n_ruleless, w->n_ruleless == 1 ? "" : "s",
                          w->first.kind == PERIOD_NONE ? 9 : (int)period.len,
                          w->first.kind == PERIOD_NONE ? "no period" : period.s);
    diag->hint =
        STR("say in the rules what is valid then, from an earlier `valid from` on, or leave "
            "the period out with --period");
    buf_free(&period);
}

void wanting_advise(const Wanting *w, const Program *p, DiagList *d, const Kpi *kpi,
                    size_t n_rows) {
    if (w->n_ruleless > 0)
        report_ruleless(w, p, d, kpi);
    if (w->n < WANTING_MIN_ROWS || w->n * WANTING_MIN_SHARE < n_rows)
        return;
    const StatusLine *line = &p->lines[w->line];
    Diag *diag = diag_add(d, D_WANTS_IF_KNOWN, line->place,
                          "this line leaves %zu of the %zu rows of %.*s without a status, since "
                          "`%.*s` is missing there",
                          w->n, n_rows, STR_ARG(kpi->name), STR_ARG(w->comparator));
    diag->hint = STR("if the line is to count only where that figure is known, write `, if known` "
                     "behind its condition");
}
