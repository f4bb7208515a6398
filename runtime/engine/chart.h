// SPDX-License-Identifier: Apache-2.0
// Chart: the limits and verdicts of a KPI's whole history, worked out once for every entity.
//
// The history of an entity falls into stretches, which end where the rules rebase and where the
// data mark a break. A stretch has limits of its own: from the periods of the baseline where the
// entity has a row in any, else from all its figures.
#ifndef BS_ENGINE_CHART_H
#define BS_ENGINE_CHART_H

#include "runtime/engine/vm.h"
#include "runtime/engine/xmr.h"

typedef struct ChartRow {
    Why why;      // why there is no verdict; 0 where there is one
    uint8_t rule; // XmrRule
    int8_t side;  // as in XmrVerdict
    uint32_t stretch;
} ChartRow;

typedef struct ChartTable {
    Arena arena;
    Lane *lanes; // by entity and period
    ChartRow *rows;
    size_t n;
    uint32_t n_entities;
    size_t *first;  // by entity: its first row; one more than there are entities
    VEC(XmrLimits) stretches;
    size_t next; // where the row that is asked for next is likely to be
} ChartTable;

// Makes the table of [chart] from the register [value] of [fn]: one run of its code over all rows
// and one walk along them. False when memory runs out. Free with chart_free in either case.
bool chart_make(ChartTable *t, const Program *p, const Store *s, const Function *fn, uint16_t value,
                const Chart *chart);
void chart_free(ChartTable *t);

// The row of a lane; NULL for one that has none.
const ChartRow *chart_row(ChartTable *t, Lane lane);

#endif
