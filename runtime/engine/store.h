// SPDX-License-Identifier: Apache-2.0
// Store: the observations that were read, found by metric, entity and period.
#ifndef BS_ENGINE_STORE_H
#define BS_ENGINE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/base/arena.h"
#include "runtime/base/intern.h"
#include "runtime/base/number.h"
#include "runtime/data/period.h"
#include "runtime/data/value.h"

#define OBS_NONE UINT32_MAX // no enum constant: those are of type int

// Where an observation came from and what it carries beside its figures.
typedef struct Observation {
    uint32_t metric; // index into Program.metrics
    uint32_t entity; // id in Store.entities
    Period period;
    uint32_t file;      // index of the data file in the DiagList's files
    uint32_t line;      // in that file
    uint32_t replaced;  // the observation that an input which `revises` replaced, or OBS_NONE
    uint8_t marks;      // set of Mark
    bool from_previous; // a snapshot's previous column: not a reported figure of its period
} Observation;

enum { SERIES_PERIODS = 16 };

// Where the observations of consecutive periods of a metric and entity are: obs[i], an index + 1 or
// 0, is of ordinal block * SERIES_PERIODS + i.
typedef struct SeriesBlock {
    uint32_t metric, entity;
    int32_t block;
    PeriodKind kind;
    uint32_t next; // index + 1 of the block that was last entered right after this one; 0: none yet
    uint32_t obs[SERIES_PERIODS];
} SeriesBlock;

typedef struct ObsRange { // from .. to - 1
    uint32_t from, to;
} ObsRange;

typedef struct Store {
    Arena *arena;
    Arena *numbers; // holds big numbers
    Intern entities;
    Intern texts; // of text fields
    uint32_t n_fields, n_metrics;
    Observation *obs;
    Number *figures; // obs index * n_fields + field; a text field holds its id as num
    Why *whys;       // beside figures
    uint32_t n, cap;
    SeriesBlock *blocks; // in order of first sight; finished, by metric and entity
    uint32_t n_blocks, cap_blocks;
    uint32_t last_block; // index + 1 of the one that was entered last
    uint32_t *table;     // hash of a block's key -> its index + 1; NULL: a store without keys
    uint32_t n_table;
    uint64_t seed;
    // Periods reported by any observation, ascending by kind and ordinal, each once.
    Period *reported;
    uint32_t n_reported;
    ObsRange *of_metric; // the observations of a metric, the replaced ones among them
    uint32_t *read_as;   // by observation: how many were added before it
    bool *has_break;     // by metric: some observation carries MARK_BREAK
    bool has_replaced;   // some observation replaced another
} Store;

bool store_init(Store *s, Arena *arena, uint32_t n_metrics, uint32_t n_fields);

// A store of rows that are judged as they are read: observations have no keys, so store_find finds
// none, and store_clear makes room for the next rows: it resets [numbers] and keeps entities and
// texts.
bool store_init_rows(Store *s, Arena *arena, Arena *numbers, uint32_t n_metrics, uint32_t n_fields);
void store_clear(Store *s);

// The observation of this key, or OBS_NONE.
uint32_t store_find(const Store *s, uint32_t metric, uint32_t entity, Period period);

// The same for one after the other: the block that [*near] points to is tried first and the one
// behind it next, and [*near] set to the one that was found. Begin with NULL.
uint32_t store_find_near(const Store *s, const SeriesBlock **near, uint32_t metric, uint32_t entity,
                         Period period);

// Adds an observation with every field missing (no row), whose figures are then set through
// store_set. OBS_NONE when its key is present, [*there] being the observation that has it, or when
// memory runs out: [*there] is OBS_NONE.
uint32_t store_add_unless(Store *s, Observation o, uint32_t *there);
uint32_t store_add(Store *s, Observation o); // the same where the key is known not to be present
// Room for [n] more observations, which the caller of a store of rows may then write itself.
bool store_reserve(Store *s, uint32_t n);
// Makes the key of [o] lead to a new observation that remembers the one it replaces.
uint32_t store_replace(Store *s, uint32_t old, Observation o);
static inline void store_set(Store *s, uint32_t obs, uint32_t field, Number figure, Why why) {
    size_t at = (size_t)obs * s->n_fields + field;
    s->figures[at] = why ? number_int(0) : figure; // so that it can be loaded without a look
    s->whys[at] = why;
}
static inline Number store_figure(const Store *s, uint32_t obs, uint32_t field, Why *why) {
    size_t at = (size_t)obs * s->n_fields + field;
    *why = s->whys[at];
    return s->figures[at];
}

// Call once after the last observation: lays the observations out by metric and entity, so that
// indices change, and gathers what the lookups below need. False when memory runs out.
bool store_finish(Store *s);

// The finished store [from] for a program that numbers metrics and data files in another way:
// [metrics] and [files] hold what each becomes, NULL where all stay as they are. What does not
// change is shared with [from], the rest allocated in [a]. False when memory runs out.
bool store_rekey(const Store *from, Arena *a, const uint32_t *metrics, const uint32_t *files,
                 Store *out);
// The place of [period] in Store.reported; false where nothing is reported for it.
bool store_reported(const Store *s, Period period, uint32_t *at);

// The kind of [metric]'s periods; N_PERIOD_KINDS where it has no observation.
PeriodKind store_kind(const Store *s, uint32_t metric);

// True when a break in the series of [metric] lies after [from] and not after [to] (same kind).
bool store_breaks(const Store *s, uint32_t metric, uint32_t entity, Period from, Period to);

// One row of results: an entity in a period.
typedef struct Lane {
    uint32_t entity;
    Period period;
    uint32_t own; // the observation of the one metric that the KPI reads, + 1; 0: found by its key
} Lane;

// The observation of [metric] in a lane of a KPI, or OBS_NONE.
static inline uint32_t store_observation(const Store *s, Lane lane, uint32_t metric) {
    if (lane.own && s->obs[lane.own - 1].metric == metric) {
        return lane.own - 1;
    }
    return store_find(s, metric, lane.entity, lane.period);
}

// The rows of a KPI whose value reads [metrics]: each entity with at least one observation of one
// of them, in each reported period of the kind of those observations; entities in order of first
// sight, periods ascending. Allocated in [a]; false when memory runs out.
bool store_lanes(const Store *s, Arena *a, const uint32_t *metrics, uint32_t n_metrics,
                 Lane **lanes, size_t *n);

#endif
