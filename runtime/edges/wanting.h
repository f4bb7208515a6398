// SPDX-License-Identifier: Apache-2.0
// Wanting: a status line that leaves rows without a status for want of a comparator.
#ifndef BS_EDGES_WANTING_H
#define BS_EDGES_WANTING_H

#include "runtime/base/diag.h"
#include "runtime/engine/vm.h"

typedef struct Wanting {
    uint32_t line; // the first such line of the KPI; UINT32_MAX while there is none
    Str comparator;
    size_t n; // rows that it leaves
    size_t n_ruleless; // rows in whose period no rules are in force, and
    Period first;      // the earliest of those periods
} Wanting;

#define WANTING_NONE ((Wanting){.line = UINT32_MAX})

// Has the KPI levels or a status by period, so that some rows may have no rules?
bool wanting_has_dates(const Kpi *kpi);
// Has [lane] of the batch no level or no status for want of rules?
bool wanting_is_ruleless(const Vm *vm, const Kpi *kpi, size_t lane);
// Counts [lane] of the batch.
void wanting_count(Wanting *w, const Vm *vm, const Kpi *kpi, size_t lane);
// Adds what was counted elsewhere, of the same KPI.
void wanting_add(Wanting *w, Wanting other);
// Advises `, if known` when that is worth a word among [n_rows] rows.
void wanting_advise(const Wanting *w, const Program *p, DiagList *d, const Kpi *kpi, size_t n_rows);

#endif
