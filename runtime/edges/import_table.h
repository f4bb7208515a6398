// SPDX-License-Identifier: Apache-2.0
// Import tables: a published table in memory, whatever it was: CSV, pasted text, JSON records, a
// sheet of a workbook.
#ifndef BS_EDGES_IMPORT_TABLE_H
#define BS_EDGES_IMPORT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/base/arena.h"
#include "runtime/base/diag.h"
#include "runtime/base/str.h"
#include "runtime/edges/records.h"

enum {
    IMPORT_MAX_ROWS = 100000,
    IMPORT_MAX_COLUMNS = 1000,
    IMPORT_MAX_BYTES = 64 << 20, // of all its cells together
};

typedef struct ImportText {
    Str text;            // verbatim
    const char *trouble; // why it cannot be used, in words: "holds a date"; or NULL
    const char *advice;  // what to do about that
} ImportText;

typedef struct ImportRow {
    ImportText *cells;
    size_t n;
    uint32_t line; // of the file, or the sheet's row
} ImportRow;

typedef struct ImportTable {
    Arena *arena;
    DiagList *d;
    uint32_t file;
    VEC(ImportRow) rows; // none is empty altogether
    size_t n_columns;    // of the widest row
    size_t n_bytes;
    Str form;      // in words: "CSV with comma, utf-8", "the sheet \"Measures\""
    bool is_sheet; // cells have names such as D7
} ImportTable;

// Reads [path] ("-": standard input) into [t], whose texts belong to [a]; a file that starts as a
// zip archive does is a workbook, of which [sheet] is read, or the first sheet when that is empty.
// [o]: as for metric files. False after adding a finding for [file] to [d].
bool import_table_read(ImportTable *t, Arena *a, DiagList *d, uint32_t file, Str path, Str sheet,
                       const RecordsOptions *o);

// Adds a row, whose cells it takes over; rows of blanks are passed over. False after adding a
// finding.
bool import_table_add(ImportTable *t, ImportText *cells, size_t n, uint32_t line);

// The text of a cell, trimmed; the empty Str where the row ends before it.
Str import_text(const ImportRow *row, size_t column);

// "D7" in a sheet, else "line 7, column 4".
Str import_cell_name(const ImportTable *t, const ImportRow *row, size_t column);

#endif
