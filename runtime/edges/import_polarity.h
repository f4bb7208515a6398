// SPDX-License-Identifier: Apache-2.0
// Import polarity: which way is good, told by the cells of a row, by words, or by a file.
#ifndef BS_EDGES_IMPORT_POLARITY_H
#define BS_EDGES_IMPORT_POLARITY_H

#include <stdbool.h>
#include <stddef.h>

#include "runtime/base/arena.h"
#include "runtime/base/diag.h"
#include "runtime/base/str.h"
#include "runtime/edges/import_cell.h"

typedef enum Told {
    TOLD_NOTHING,
    TOLD_HIGH,
    TOLD_LOW,
    TOLD_BOTH, // the cells contradict each other
} Told;

// What the order of the cells tells, from the worst level to the best: figures that rise toward the
// better level make high good, figures that fall low. A cell that asks for a change tells it too.
Told told_by_cells(const ImportCell *cells, size_t n);

// `high`, `low`, `not judged` or `near 50`, as the rule language has it, from words such as "Higher
// is better"; the empty Str where they do not tell.
Str told_by_words(Arena *a, Str text);

// A line of the polarity file.
typedef struct PolarityLine {
    Str measure; // a name, a source or a label
    Str good;    // as the rule language has it
    unsigned line;
    bool used;
} PolarityLine;

typedef struct PolarityFile {
    DiagList *d;
    uint32_t file;
    VEC(PolarityLine) lines;
} PolarityFile;

// Reads a table of two columns: measure and polarity. False after adding a finding.
bool polarity_file_read(PolarityFile *p, Arena *a, DiagList *d, Str path);

// The line for a measure of which any of the three texts is named, or NULL.
PolarityLine *polarity_file_find(PolarityFile *p, Str name, Str source, Str label);

// Reports the lines that no measure used. False when there are any.
bool polarity_file_finish(const PolarityFile *p);

#endif
