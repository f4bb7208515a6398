// SPDX-License-Identifier: Apache-2.0
// Footprint: which hidden parts the code of a row can depend on, found by following what it loads.
//
// It may name more than the outcome hangs on, never less: every load of a figure, of a window, of
// the latest figure, of other entities and of a chart's history is followed, whatever becomes of
// it.
#ifndef BS_ENGINE_FOOTPRINT_H
#define BS_ENGINE_FOOTPRINT_H

#include "runtime/engine/hidden.h"
#include "runtime/engine/plan.h"

typedef struct Footprints {
    const Hidden *hidden;
    Arena *arena;
    HiddenSet **series; // by series, entity and reported period; NULL while not made
    bool **series_made; // beside
    Plan *series_plans; // by series
    uint8_t *touches;   // by series: 0 not known, 1 no hidden metric, 2 some
    uint32_t **peers;   // by peer set: the list of each entity, UINT32_MAX for none
    uint32_t *seen;     // by part: the number of the footprint that holds it last
    uint32_t number, n_numbers;
    VEC(uint32_t) work;
} Footprints;

// All memory is from [a]; false when it runs out.
bool footprints_begin(Footprints *f, Arena *a, const Hidden *h);

// Can the code depend on any hidden metric at all?
bool footprint_any(Footprints *f, const Plan *plan);

// The parts that [plan] can depend on in [lane], ascending. False when memory runs out.
bool footprint_of(Footprints *f, const Plan *plan, Lane lane, HiddenSet *out);

// The parts of several sets; [out] may be one of them.
bool footprint_join(Footprints *f, HiddenSet a, HiddenSet b, HiddenSet *out);

#endif
