// SPDX-License-Identifier: Apache-2.0
// Series: the values of an expression in every entity and period, for rules that look across them.
//
// A column is worked out whole when it is first asked for, over the rows that a KPI with its
// expression would have: each entity with a figure of one of its metrics in any period, in each
// reported period of that kind. So what a rule sees of another entity or period is what stands in
// that row, and a period without a figure is a cell that is missing for that reason.
#ifndef BS_ENGINE_SERIES_H
#define BS_ENGINE_SERIES_H

#include "runtime/data/program.h"
#include "runtime/engine/store.h"

#define SERIES_NO_CELL SIZE_MAX

// The cells of an entity stand together, by kind of period and ascending: those of a kind are one
// for each of the periods of that kind in Store.reported.
typedef struct SeriesColumn {
    size_t *start;  // by entity, and one behind the last
    uint8_t *kinds; // by entity: the set of its kinds of period, bit k for kind k
    Number *v;      // by cell; 0 where it is missing
    Why *why;
    uint32_t n_entities;
    bool made;
} SeriesColumn;

typedef struct SeriesTable SeriesTable;

// A table of [p]'s series over the figures of [s], which store_finish must have seen; NULL when
// memory runs out.
SeriesTable *series_table_new(const Program *p, const Store *s);
void series_table_free(SeriesTable *t); // NULL does nothing

// The column of a series, worked out if need be, those that it reads before it. NULL when memory
// runs out.
const SeriesColumn *series_column(SeriesTable *t, uint32_t series);

// The cell of an entity and period, or SERIES_NO_CELL: no row.
size_t series_cell(const SeriesTable *t, const SeriesColumn *c, uint32_t entity, Period period);

// The place of [period] in Store.reported; false when nothing reports it.
bool series_period(const SeriesTable *t, Period period, uint32_t *at);

enum { SERIES_MAX_PARTS = 5 }; // of quintiles

// What is gathered from the cells of some entities in one period.
typedef struct SeriesGathered {
    uint32_t n_members, n_known;
    Why missing;                        // the reasons of all that are missing
    Number *sorted;                     // the known ones, ascending; of a mean in any order
    Number sum;                         // of them
    Number edges[SERIES_MAX_PARTS - 1]; // that part the known ones, where [among] is of parts
    uint32_t n_edges;                   // those before the first that is too large
    bool too_large;                     // there is no sum
    bool made;
} SeriesGathered;

// Gathers for OP_AMONG what [among] looks at in the lane's entity and time; NULL when memory runs
// out. [*why]: there is nothing to gather, for this reason. Valid until the next call.
const SeriesGathered *series_gather(SeriesTable *t, const Among *among, Lane lane, Why *why);
// Are enough of them known to make something of?
static inline bool series_enough(const SeriesGathered *g, const Among *among) {
    return g->n_known > 0 && (among->least > 0 ? g->n_known >= among->least
                                               : g->n_members - g->n_known <= among->allowed);
}

// The cell that is compared with the others, and the figure in it.
Why series_own(SeriesTable *t, const Among *among, Lane lane, Number *out);
// The period that [among] looks at from [lane]; false where there is none.
bool among_period(const Among *among, Lane lane, Period *out);
// The figure that parts the sorted figures at [part] of [parts], by R's type 7. False when it is
// too large or memory runs out.
bool series_edge(Arena *a, const SeriesGathered *g, uint32_t part, uint32_t parts, Number *out);

#endif
