// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/charts.h"

static bool has_baseline(const Chart *c, const Store *s) {
    bool found = c->first.kind == PERIOD_NONE || s->n_reported == 0;
    for (uint32_t i = 0; i < s->n_reported && !found; i++)
        found = chart_in_baseline(c, s->reported[i]);
    return found;
}

void charts_check(const Program *p, const Store *s, DiagList *d) {
    for (uint32_t i = 0; i < p->n_charts; i++) {
        const Chart *c = &p->charts[i];
        if (has_baseline(c, s))
            continue;
        Buf first = {0}, last = {0};
        period_print(&first, c->first);
        period_print(&last, c->last);
        diag_add(d, D_BASELINE_WITHOUT_FIGURES, c->baseline,
                 "no figure is of the baseline %.*s to %.*s, so the limits come from all figures",
                 STR_ARG(buf_str(&first)), STR_ARG(buf_str(&last)))
            ->hint = STR("correct its periods, or name the file that has them");
        buf_free(&first);
        buf_free(&last);
    }
}
