// SPDX-License-Identifier: Apache-2.0
// Selection: what of the results a bs_filter asks for.
#ifndef BS_EDGES_SELECTION_H
#define BS_EDGES_SELECTION_H

#include <bandstand.h>

#include "runtime/base/buf.h"
#include "runtime/base/diag.h"
#include "runtime/data/program.h"
#include "runtime/engine/store.h"

// Rules and figures that a filter speaks of.
typedef struct SelectionSide {
    const Program *program;
    const Store *store;
} SelectionSide;

// Is this KPI or group among those that [f] asks for?
bool selection_has_kpi(const bs_filter *f, Str name);
// Is this entity and period? [work] is emptied.
bool selection_has_lane(const bs_filter *f, const Store *s, Lane lane, Buf *work);

// Has one of [n] sides each KPI or group, entity and reported period that [f] names? What none has
// goes to [d], with the nearest that there is. False then, or when memory ran out.
bool selection_check(const bs_filter *f, const SelectionSide *sides, size_t n, DiagList *d);

#endif
