// SPDX-License-Identifier: Apache-2.0
// Row pairs: the rows of a KPI or group in two sets of results, laid side by side.
#ifndef BS_EDGES_ROW_PAIRS_H
#define BS_EDGES_ROW_PAIRS_H

#include "runtime/base/arena.h"
#include "runtime/engine/store.h"

#define ROW_NONE UINT32_MAX // no enum constant: those are of type int

// Rows by entity, and each entity's by kind of period and period, as the store lists them.
typedef struct RowKey {
    uint32_t entity;
    Period period;
} RowKey;

typedef struct RowKeys {
    RowKey *v;
    size_t n;
} RowKeys;

typedef struct RowPair {
    uint32_t before, after; // indices of the keys, or ROW_NONE
} RowPair;

typedef struct RowPairs {
    RowPair *v;
    size_t n, cap;
} RowPairs;

// Which entity of one store is which of the other.
typedef struct SameEntities {
    uint32_t *before; // by entity of `after`: that of `before`, or INTERN_NONE
    uint32_t n_before;
} SameEntities;

// Allocates in [a]; false when memory runs out.
bool same_entities(Arena *a, const Store *before, const Store *after, SameEntities *out);

// Lays rows of the same entity and period side by side, in the order of [after]; rows that it lacks
// stand where their period would, those of entities that it lacks at the end. With [any_period],
// each entity has one row at most on either side, and these are the same whatever their periods.
// Allocates in [a]; false when memory runs out.
bool row_pairs_make(Arena *a, const SameEntities *same, const RowKeys *before,
                    const RowKeys *after, bool any_period, RowPairs *out);

#endif
