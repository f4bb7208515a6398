// SPDX-License-Identifier: Apache-2.0
// Publish: results as a publication may show them. What would differ with another value of a hidden
// count is withheld; what would be the same in every world (see engine/hidden.h) is shown.
#ifndef BS_EDGES_PUBLISH_H
#define BS_EDGES_PUBLISH_H

#include <bandstand.h>

#include "runtime/edges/result.h"
#include "runtime/engine/board.h"
#include "runtime/engine/footprint.h"

// What a publication of these figures hides. The same for every run over them.
typedef struct Publication {
    Arena arena;
    Hidden hidden;
    Store blank; // the figures without what is hidden: for whatever else looks at them
} Publication;

// False when memory runs out. Free in either case.
bool publication_make(Publication *p, const Program *program, const Store *s);
void publication_free(Publication *p);

// What becomes of a part of a row.
typedef enum Hold {
    HOLD_NOT,
    HOLD_BACK,  // it would tell of a hidden count
    HOLD_COUNT, // it is a hidden count itself
} Hold;

// The parts of a row that are held back by themselves. Figures, levels and levels by the rules of
// another time stand behind these.
typedef enum HeldPart {
    HELD_VALUE,
    HELD_PREVIOUS,
    HELD_DIRECTION,
    HELD_STATUS,
    HELD_STATUS_AS_OF,
    HELD_COMPUTED,
    HELD_RULE, // which line decided, and its own words
    HELD_REASON,
    HELD_REPLACED,
    HELD_MEMBERS,
    HELD_CHANGES,
    N_HELD_PARTS
} HeldPart;

// A KPI's row below groups, whose figures or status hang on these parts.
typedef struct HeldLeaf {
    uint32_t entity;
    Period period;
    HiddenSet parts;
    bool status_varies; // between the worlds of the parts
    bool as_of_varies;  // likewise by the rules of another time
} HeldLeaf;

typedef struct HeldLeaves {
    HeldLeaf *v; // by entity and period
    size_t n;
} HeldLeaves;

typedef struct Publisher {
    const Publication *publication;
    const Program *program;
    Arena arena; // of the footprints and leaves
    Footprints footprints;
    Store world;       // the figures of the world that is tried
    Vm vm, as_of;      // over it
    Arena texts, kept; // of the results of a world, and of the first one's
    ResultMaker maker;
    HeldLeaves *leaves; // by KPI; NULL until a group asks
    Arena masks;        // of the KPI or group at hand
    uint8_t *held;      // Hold by row, [stride] each; NULL where the KPI touches nothing hidden
    size_t stride;
    bool keeps; // what is tried looks at no other rows: what the machines know of these may be old
    size_t n_beyond; // rows with more worlds than are tried
} Publisher;

// [as_of]: as Vm.as_of. Free in either case; false when memory runs out.
bool publisher_begin(Publisher *p, const Publication *publication, const Program *program,
                     const Store *s, const DiagList *d, Period as_of);
void publisher_free(Publisher *p);

// Finds what is held back of the rows of [kpi] in [lanes].
bool publisher_kpi(Publisher *p, const Kpi *kpi, const Lane *lanes, size_t n);
// The same for the rows of a group of [b], the board of what was read.
bool publisher_group(Publisher *p, const Board *b, uint32_t group);

// Takes out of row [i] of these what is held back. New texts are in [texts].
void publisher_apply(const Publisher *p, size_t i, Arena *texts, bs_result *r);
// Is anything of row [i] held back?
bool publisher_holds(const Publisher *p, size_t i);

// The words in place of what is held back.
extern const Str publish_withheld; // in a cell: "withheld"
extern const Str publish_reason;   // why it is missing
// Is the status withheld, or that by other rules?
bool publish_withholds(const bs_result *r);

#endif
