// SPDX-License-Identifier: Apache-2.0
// Records: reads metric files row by row, whatever they are: CSV, a JSON array of records, JSON
// Lines; plain, gzip or zstd; a file or standard input. Text comes out as UTF-8.
#ifndef BS_EDGES_RECORDS_H
#define BS_EDGES_RECORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/base/arena.h"
#include "runtime/base/diag.h"
#include "runtime/base/str.h"

enum {
    RECORDS_MAX_FIELD = 16u << 20, // bytes of one field
    RECORDS_MAX_COLUMNS = 65536,
    RECORDS_MAX_JSON_DEPTH = 32,
};

typedef enum CellKind {
    CELL_TEXT,   // CSV without quotes
    CELL_QUOTED, // CSV in quotes, JSON string
    CELL_NUMBER, // JSON number, its digits as in the file
    CELL_TRUTH,  // JSON true, false
    CELL_NULL,   // JSON null
    CELL_ABSENT, // the row ends before this column, the record lacks this key
} CellKind;

typedef struct Cell {
    Str text; // verbatim, quotes undone; valid until the next record
    CellKind kind;
    uint32_t line, column; // of its first byte, from 1; column counts bytes of the decoded text
} Cell;

typedef struct Record {
    const Cell *cells; // by column of the header; the extra cells of a long row stand behind them
    size_t n;          // as many as the header has columns
    size_t n_extra;    // cells beyond the header's columns
    uint32_t line;
} Record;

typedef enum RecordsFormat { RECORDS_AUTO, RECORDS_CSV, RECORDS_JSON, RECORDS_JSONL } RecordsFormat;

typedef struct RecordsOptions {
    Str delimiter;       // one character or "tab", or empty: found out among , ; tab |
    Str quote;           // one character; empty: "
    Str encoding;        // "utf-8", "windows-1252"; empty: utf-8 (a UTF-16 BOM is refused by name)
    uint32_t skip_lines; // lines before the header
    bool no_header;      // CSV: columns are named by number, from 1
    RecordsFormat format;
    size_t block; // bytes read at a time; 0: the usual
} RecordsOptions;

typedef struct Records Records;
typedef struct Csv Csv; // of csv.h

// Opens [path] ("-" for standard input) and reads the header. On failure returns NULL with a
// diagnostic in [d]. [file] is the file's index in [d]. Free with records_close.
Records *records_open(DiagList *d, uint32_t file, Str path, const RecordsOptions *o);
void records_close(Records *r);

// Column names, trimmed. For JSON, the keys in order of first sight; for a JSON array or JSON Lines
// new keys may join the end with later records.
const Str *records_header(const Records *r, size_t *n);
RecordsFormat records_format(const Records *r); // what it turned out to be
char records_delimiter(const Records *r);       // CSV
char records_quote(const Records *r);           // CSV
void records_position(const Records *r, uint64_t *n_read, uint64_t *size); // as source_position
Str records_encoding(const Records *r);         // "utf-8", "windows-1252"
Str records_compression(const Records *r);      // "gzip", "zstd", or empty

// The reader of a CSV file whose records may be taken from it directly from here on; else NULL.
Csv *records_csv(Records *r);

typedef enum RecordsNext { RECORDS_END, RECORDS_ROW, RECORDS_FAILED } RecordsNext;
// The next record; empty lines are passed over. RECORDS_FAILED leaves a diagnostic (a quote that is
// never closed, bytes that are not UTF-8, a number JSON cannot hold, a field over the limit, …).
RecordsNext records_next(Records *r, Record *out);

#endif
