// SPDX-License-Identifier: Apache-2.0
// Hand: figures that are set by hand for a run, in place of those that were read or worked out.
//
// The store knows nothing of them, so that several sessions can share it. A program that is run
// with some points at them; figures of a metric are found where a load looks for them, those of
// KPIs replace what the code has put into the register (see Settable).
#ifndef BS_ENGINE_HAND_H
#define BS_ENGINE_HAND_H

#include "runtime/data/program.h"
#include "runtime/engine/store.h"

typedef struct HandFigure {
    bool of_kpi;            // a value, comparator or target; else of a metric
    uint32_t metric, field; // of a metric
    Str name;               // of a KPI's figure: "value", "target", a comparator
    const Str *kpis;        // that it is set for; none: all
    size_t n_kpis;
    const uint32_t *entities; // likewise, ids of the store
    size_t n_entities;
    const Period *periods; // likewise
    size_t n_periods;
    Number number;
    Why why; // missing for this reason; 0: [number]
} HandFigure;

typedef struct Hand {
    HandFigure *v; // a later one prevails
    size_t n, cap;
} Hand;

// What is set for a figure, NULL for nothing. [hand] may be NULL.
const HandFigure *hand_of_metric(const Hand *hand, uint32_t metric, uint32_t field, uint32_t entity,
                                 Period period);
const HandFigure *hand_of_kpi(const Hand *hand, const Settable *settable, Lane lane);
// The same for what a load reads in a lane; nothing for one that looks for the latest figure.
const HandFigure *hand_of_load(const Hand *hand, const Load *load, Lane lane);
// May some lane have [settable] set?
bool hand_speaks_of(const Hand *hand, const Settable *settable);

#endif
