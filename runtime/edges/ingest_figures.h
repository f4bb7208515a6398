// SPDX-License-Identifier: Apache-2.0
// Figure: a cell of a metric file read as a number, or as the reason that there is none.
#ifndef BS_EDGES_INGEST_FIGURES_H
#define BS_EDGES_INGEST_FIGURES_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/base/diag.h"
#include "runtime/data/program.h"
#include "runtime/edges/records.h"

enum { FIGURE_SHOWN = 60 }; // bytes of a cell that a message quotes

typedef struct Figure {
    Number number; // 0 when missing
    Why why;       // 0 when known
    uint8_t marks; // set of Mark
} Figure;

// How a cell is to be read, and what messages say about it.
typedef struct FigureContext {
    DiagList *d;
    Arena *arena;       // holds big numbers
    const Input *input; // its name is empty for the standard layout
    const Metric *metric;
    bool is_value; // the field `value`: only this is held against the metric's range and, for a
                   // count, must be whole
    Str column;    // its name
    uint32_t file; // in the DiagList
} FigureContext;

// Reads [cell]. A value outside the metric's range comes back missing, with a warning. False after
// adding an error.
bool figure_read(const FigureContext *c, const Cell *cell, Figure *out);

// The place of a cell.
Place figure_place(uint32_t file, const Cell *cell);
// At most FIGURE_SHOWN bytes of [s], whole characters, with … where it was cut.
Str figure_shown(Arena *a, Str s);
// Takes the longest of the block's marks off the end of *text and adds it to *marks; false when
// there is none.
bool figure_take_mark(const Input *input, Str *text, uint8_t *marks);
// A metric in a message: "Re-referrals" (re_referrals), or its name alone when it has no label.
Str figure_metric(Arena *a, const Metric *m);
// Where a line for an input block belongs: "the input block `name`".
Str figure_block(Arena *a, const Input *input);

#endif
