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
    uint32_t *group;    // by list: the entity with the name of its group, or INTERN_NONE
    bool made;
} ResolvedPeers;

// Where the cells of a list's members begin, of the list that was gathered last: the periods of an
// entity follow each other, and each takes the next cell of its members.
typedef struct NearStretches {
    const SeriesColumn *column; // NULL: of no list
    const uint32_t *members;
    PeriodKind kind;
    size_t *starts;  // SERIES_NO_CELL for a member without cells of this kind; room for any list
    Number *figures; // room for those of one period
} NearStretches;

struct SeriesTable {
    const Program *program;
    const Store *store;
    Arena arena;
    Arena lane_arena;                       // of big numbers that are gathered for a single lane
    SeriesColumn *columns;                  // by series
    SharedGathers *shared;                  // by Among
    ResolvedPeers *peers;                   // by peer set
    uint32_t first_of_kind[N_PERIOD_KINDS]; // in Store.reported
    uint32_t n_of_kind[N_PERIOD_KINDS];
    SeriesGathered own; // of a single lane
    NearStretches near;
};

// As series_cell, for the reported period at [at].
size_t series_cell_at(const SeriesTable *t, const SeriesColumn *c, uint32_t entity, uint32_t at);

#endif
