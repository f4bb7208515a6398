// SPDX-License-Identifier: Apache-2.0
// Series table, for the files that share it.
#ifndef BS_ENGINE_SERIES_PARTS_H
#define BS_ENGINE_SERIES_PARTS_H

#include "runtime/engine/series.h"

// What is gathered once for all lanes that look at the same entities.
typedef struct SharedGathers {
    SeriesGathered *v; // by list and reported period
} SharedGathers;

// A peer set with its names looked up among the entities of the figures.
typedef struct ResolvedPeers {
    uint32_t *list_of;  // by entity: its list, UINT32_MAX for none
    uint32_t **members; // by list: entities, INTERN_NONE for a name that no figure has
    bool made;
} ResolvedPeers;

struct SeriesTable {
    const Program *program;
    const Store *store;
    Arena arena;
    Arena lane_arena;                       // of what is gathered for a single lane
    SeriesColumn *columns;                  // by series
    SharedGathers *shared;                  // by Among
    ResolvedPeers *peers;                   // by peer set
    uint32_t first_of_kind[N_PERIOD_KINDS]; // in Store.reported
    uint32_t n_of_kind[N_PERIOD_KINDS];
    SeriesGathered own; // of a single lane
};

// As series_cell, for the reported period at [at].
size_t series_cell_at(const SeriesTable *t, const SeriesColumn *c, uint32_t entity, uint32_t at);

#endif
