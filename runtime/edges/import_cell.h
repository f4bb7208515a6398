// SPDX-License-Identifier: Apache-2.0
// Import cells: what a cell of a published threshold table says, and how the rule language has it.
#ifndef BS_EDGES_IMPORT_CELL_H
#define BS_EDGES_IMPORT_CELL_H

#include <stdbool.h>

#include "runtime/base/arena.h"
#include "runtime/base/number.h"
#include "runtime/base/str.h"

enum {                      // what is longer is kept as words
    IMPORT_MAX_NUMBER = 30, // bytes of a number in a band cell
    IMPORT_MAX_BAND = 200,  // bytes of a band cell
};

typedef enum ImportCellKind {
    IMPORT_BLANK,     // no band is published
    IMPORT_BAND,      // figures between bounds
    IMPORT_BARE,      // a number alone
    IMPORT_DIRECTION, // "Increase": a change is asked for
    IMPORT_WORDS,     // it cannot be read as a band
} ImportCellKind;

typedef enum ImportWay { WAY_UNSAID, WAY_UP, WAY_DOWN } ImportWay;

typedef struct ImportCell {
    ImportCellKind kind;
    Str text;        // as published, trimmed
    Str rule;        // as the rule language has it: [text] itself where the language reads that
    bool translated; // [rule] differs from [text]
    ImportWay way;   // IMPORT_DIRECTION
    bool has_low, has_high, low_open, high_open; // IMPORT_BAND and IMPORT_BARE; low <= high
    Number low, high;
    const char *unit; // that stands beside its numbers, as the rule language has it; or NULL
} ImportCell;

// Reads [text], which is valid UTF-8. What is made, and big numbers, belong to [a]. When memory
// runs out, a->failed is set.
ImportCell import_cell(Arena *a, Str text);

// [text] in lower case with its words apart by one blank, dashes as hyphens, comparison signs as
// `<=` and `>=`; without brackets and full stops round it.
Str import_plain(Arena *a, Str text);

// The unit that a cell such as "%", "Number" or "per 10,000 children" names, or NULL.
const char *import_unit(Arena *a, Str text);

#endif
