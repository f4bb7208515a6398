// SPDX-License-Identifier: Apache-2.0
// Csv: finds the cells of delimited text in place. Behind csv_next stands nothing but the window,
// so that a faster scanner can take its place.
#ifndef BS_EDGES_CSV_H
#define BS_EDGES_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/base/diag.h"
#include "runtime/edges/records.h"
#include "runtime/edges/source.h"

struct Csv {
    Window w;
    DiagList *d;
    uint32_t file;
    char delimiter, quote;
    bool stops[256];   // the bytes that end a cell without quotes
    uint32_t line;     // of the byte at [at]
    size_t at;         // the next byte, from w.start, which is where the record starts
    size_t line_start; // of the line of [at], from w.start
    Cell *cells;       // of the record; owned. Texts are set when the record is complete
    size_t *from;      // where each cell's text starts, from w.start; owned
    size_t n, cap;
};

// Takes over [w], checks the options, passes over the lines to skip and finds the delimiter. False
// after adding a finding. Call csv_close in either case.
bool csv_open(Csv *c, Window w, DiagList *d, uint32_t file, const RecordsOptions *o);
void csv_close(Csv *c);

// The next record that is not an empty line: c->cells[0 .. c->n).
RecordsNext csv_next(Csv *c);

// Reads the records of s[0 .. len), which starts a line and ends in a line end, as [like] reads
// those of its file: they are at [line]. Quotes are undone in place; what stands behind is let
// alone. Call csv_reuse again for the next text and csv_close in the end.
void csv_reuse(Csv *c, const Csv *like, char *s, size_t len, uint32_t line);

// Bytes of the whole records that [s] starts with. [ended]: nothing follows behind it.
size_t csv_whole_records(const Csv *c, Str s, bool ended);

// Makes the record at least [n] cells wide: further ones are CELL_ABSENT. c->n stays.
bool csv_pad(Csv *c, size_t n);

// The record as one of a file with [n_columns]. False when memory runs out.
bool csv_record(Csv *c, size_t n_columns, Record *out);

#endif
