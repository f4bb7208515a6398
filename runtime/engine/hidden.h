// SPDX-License-Identifier: Apache-2.0
// Hidden: the small counts that a publication must not give away, and what they could be instead.
//
// A cell is a count of one metric, entity and period. It is hidden because it is small, or because
// it would give a small one away by a relation that the rules declare: the other part of a pair,
// the whole of a pair where that is small too, the total over all entities. Hidden cells that hang
// together make a part. A part has options: the counts that its cells could have, such that the
// relations hold and the same cells would be hidden. A world takes an option of each part.
//
// A total stays visible where its hidden members add up to a sum that leaves each of them all its
// counts. Worlds then keep that sum. A hidden total is the sum of its members in every world.
#ifndef BS_ENGINE_HIDDEN_H
#define BS_ENGINE_HIDDEN_H

#include "runtime/data/program.h"
#include "runtime/engine/store.h"

enum {
    HIDDEN_PART_CELLS = 3,
    HIDDEN_MAX_WORLDS = 4096, // that are tried for one row; what needs more is withheld
};

typedef struct HiddenPart {
    uint32_t obs[HIDDEN_PART_CELLS];
    uint32_t n_cells;
    int64_t *options; // n_cells counts each
    uint32_t n_options;
    bool opaque; // how its cell comes about is not known, so that it could be anything
    int64_t least[HIDDEN_PART_CELLS], most[HIDDEN_PART_CELLS]; // by cell, of its options
    VEC(uint32_t) totals;                                      // that a cell of it is a member of
} HiddenPart;

typedef struct HiddenMember {
    uint32_t part, cell;
} HiddenMember;

// The total of a metric in a period, where some of its members are hidden.
typedef struct HiddenTotal {
    uint32_t obs;
    bool shown;
    int64_t rest; // of a hidden one: what the members that are visible add up to
    int64_t sum;  // of a shown one: what the hidden members do
    HiddenMember *members;
    uint32_t n_members;
} HiddenTotal;

typedef struct Hidden {
    Arena *arena;
    const Program *program;
    const Store *store;
    VEC(HiddenPart) parts;
    VEC(HiddenTotal) totals;
    uint32_t *part_of;  // by observation: 1 + its part; 0 where it is in none
    uint32_t *total_of; // by observation: 1 + the hidden total that it is
    bool *metric;       // by metric: some cell of it is hidden
} Hidden;

// Does [m] hide a count like this?
bool hidden_is_small(const Metric *m, Number count);

// Finds what is hidden in [s], which store_finish must have seen. All memory is from [a]; false
// when it runs out.
bool hidden_find(Hidden *h, Arena *a, const Program *p, const Store *s);

// Is this cell hidden?
static inline bool hidden_has(const Hidden *h, uint32_t obs) {
    return obs != OBS_NONE && (h->part_of[obs] || h->total_of[obs]);
}

// A copy of the store with figures of its own, which hidden_set_world changes and hidden_blank
// makes missing. What is not hidden stays. False when memory runs out.
bool hidden_copy(const Hidden *h, Arena *a, Store *out);
void hidden_blank(const Hidden *h, Store *copy);

// A set of parts: ascending.
typedef struct HiddenSet {
    const uint32_t *v;
    uint32_t n;
} HiddenSet;

// Is one of these parts opaque?
bool hidden_is_opaque(const Hidden *h, HiddenSet parts);

// How many worlds differ in these parts; HIDDEN_MAX_WORLDS + 1 for more than that, or where one is
// opaque.
uint32_t hidden_n_worlds(const Hidden *h, HiddenSet parts);

// Puts world [world] (from 0) of these parts into [copy]; the other parts stay as they are. False
// where the totals that are shown rule it out.
bool hidden_set_world(const Hidden *h, HiddenSet parts, uint32_t world, Store *copy);

// Puts back what was read.
void hidden_restore(const Hidden *h, HiddenSet parts, Store *copy);

#endif
