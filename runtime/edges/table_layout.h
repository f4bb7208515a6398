// SPDX-License-Identifier: Apache-2.0
// TableLayout: which columns of a table are shown, and how wide.
#ifndef BS_EDGES_TABLE_LAYOUT_H
#define BS_EDGES_TABLE_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "runtime/base/arena.h"
#include "runtime/base/str.h"
#include "runtime/edges/columns.h"

enum { TABLE_GAP = 2 }; // blanks between columns

typedef struct TableRow {
    Str *cells; // by column, as written
    Str reason; // below the row; empty for none
    Str colour; // of the status; empty for none
} TableRow;

typedef struct TableRows {
    TableRow *v;
    size_t n, cap;
} TableRows;

typedef struct LaidColumn {
    const Column *column;
    size_t index; // of the cells
    size_t width;
    size_t least; // it may be narrowed to
    size_t point; // numbers: where the decimal point stands, from the column's left
} LaidColumn;

typedef struct TableLayout {
    LaidColumn *v; // from left to right
    size_t n;
    size_t *shared; // columns that say the same in every row: they make the title
    size_t n_shared;
    size_t *dropped; // columns for which there is no room
    size_t n_dropped;
} TableLayout;

// Lays out [rows] for [width] characters, 0 for as many as it takes. Chosen columns are all shown,
// in their order. False when memory runs out.
bool layout_make(Arena *a, const Columns *columns, const TableRows *rows, size_t width,
                 TableLayout *out);
size_t layout_width(const TableLayout *l);

#endif
