// SPDX-License-Identifier: Apache-2.0
// Change cause: why a row has another status, in a few words, and the rule line that made it so.
#ifndef BS_EDGES_CHANGE_CAUSE_H
#define BS_EDGES_CHANGE_CAUSE_H

#include "runtime/edges/result.h"

typedef struct CauseSide {
    const ResultMaker *maker; // holds the batch
    size_t lane;              // of it
    const bs_result *result;
} CauseSide;

typedef struct Cause {
    Str words;
    Str file_before, file_after;
    uint32_t line_before, line_after; // 0: none
} Cause;

// Where a band table gives another level, the edges between and the lines of either band; else the
// figures that have moved and the lines that decide. Texts live in [a]; [work] is emptied.
Cause change_cause(Arena *a, const CauseSide *before, const CauseSide *after, Buf *work);

// The lines that decide either result, which may be NULL, and no words.
Cause change_lines(const bs_result *before, const bs_result *after);

#endif
