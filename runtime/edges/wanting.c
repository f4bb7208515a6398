// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/wanting.h"

#include "runtime/engine/explain.h"

enum {
    WANTING_MIN_ROWS = 5,
    WANTING_MIN_SHARE = 4
}; // worth a word from 5 rows and a quarter of all

void wanting_add(Wanting *w, Wanting other) {
    if (other.line < w->line)
        *w = other;
    else if (other.line == w->line)
        w->n += other.n;
}

void wanting_count(Wanting *w, const Vm *vm, const Kpi *kpi, size_t lane) {
    if (!kpi->has_status || vm_status(vm, kpi->status, lane).pending == 0)
        return;
    Wanting found = {.n = 1};
    found.line = explain_wanting_line(vm, kpi, lane, &found.comparator);
    if (found.line != UINT32_MAX)
        wanting_add(w, found);
}

void wanting_advise(const Wanting *w, const Program *p, DiagList *d, const Kpi *kpi,
                    size_t n_rows) {
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
