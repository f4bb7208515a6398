// SPDX-License-Identifier: Apache-2.0
// Tried: the lines of a status block as they were tried for one row, from the registers of the
// batch that judged it.
#ifndef BS_ENGINE_TRIED_H
#define BS_ENGINE_TRIED_H

#include "runtime/base/arena.h"
#include "runtime/engine/vm.h"

typedef enum TriedVerdict {
    TRIED_DECIDES,
    TRIED_HOLDS, // but lines before it that are not known would give another status
    TRIED_FAILS,
    TRIED_NOT_KNOWN,
    TRIED_NOT_REACHED, // a line before it settled the matter
} TriedVerdict;

typedef struct TriedLine {
    const StatusLine *line;
    uint8_t outcome; // that it gives: a level or LEVEL_NO_DATA
    TriedVerdict verdict;
    bool by_table; // a cross table or a scale's mapping gives the outcome
    bool holds;    // the condition, whether or not it was reached; meaningless with a [why]
    Why why;       // of a condition that is not known
} TriedLine;

typedef struct TriedLines {
    TriedLine *v; // in their order; of a cross table its one row that speaks of the level
    size_t n, cap;
} TriedLines;

// Lists the lines of the status of [kpi] for [lane] of [vm]'s batch; where it takes another KPI's
// status, those of that one. Empty where a missing value is all there is to it. Allocates in [a];
// false when memory runs out.
bool tried_list(const Vm *vm, const Kpi *kpi, size_t lane, Arena *a, TriedLines *out);

// Does the line speak of levels of band tables and of nothing else?
bool tried_of_bands(const Program *p, const StatusLine *line);

#endif
