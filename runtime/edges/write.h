// SPDX-License-Identifier: Apache-2.0
// Writer: results as a table, CSV, JSON or JSON Lines.
//
// writer_begin, writer_add for each result, writer_end, writer_free. CSV and JSON go to the sink in
// large chunks as they come; a table is held back, because its columns fit the longest cell.
#ifndef BS_EDGES_WRITE_H
#define BS_EDGES_WRITE_H

#include <bandstand.h>
#include <stdbool.h>
#include <stddef.h>

#include "runtime/base/arena.h"
#include "runtime/base/buf.h"
#include "runtime/base/diag.h"
#include "runtime/base/str.h"
#include "runtime/data/program.h"
#include "runtime/edges/assertions.h"
#include "runtime/edges/columns.h"

enum {
    WRITE_CHUNK = 1u << 16,  // bytes that are handed to the sink at a time
    TABLE_PAGE_ROWS = 20000, // most of bs_output.page_rows, and where that says nothing
};

// What the rules contribute to every output.
typedef struct WriteNames {
    Str rules_hash;
    bool as_of; // rows are judged by the rules of another time too
    const NamedColumn *columns; // comparators (not the target) and band tables, each name once
    size_t n_columns;
    const Scale *const *scales; // that statuses are on, each once
    size_t n_scales;
    const Assertion *assertions;
    const AssertionTally *asserted; // beside them; NULL while they are not checked
    size_t n_assertions;
    size_t n_overrides;
    Str overrides_hash; // empty without any
    bool groups; // the rules have some
} WriteNames;

typedef struct Tally {
    bs_counts counts;
    size_t (*by_level)[SCALE_MAX_LEVELS]; // by scale of WriteNames
} Tally;

typedef struct Table Table; // of write_table.c

typedef struct Writer {
    bs_output output;
    const WriteNames *names;
    const bs_sink *sink;
    Arena arena; // lives as long as the writer
    Buf out;     // not yet handed to the sink
    Columns columns;
    Tally tally;
    Table *table;
    bs_code code; // BS_OK until the first failure
} Writer;

// [names], [sink] and what [output] points to must outlive the writer. BS_INVALID when a column is
// unknown: the findings are in [d]. Call writer_free whatever is returned.
bs_code writer_begin(Writer *w, const bs_output *output, const WriteNames *names, DiagList *d,
                     const bs_sink *sink);
// Copies what it must keep.
bs_code writer_add(Writer *w, const bs_result *r);
bs_code writer_flush(Writer *w); // hands on what was written so far
bs_code writer_end(Writer *w);
void writer_free(Writer *w);

// The scale of [names] that the status of [r] is on, or n_scales.
size_t status_scale_of(const WriteNames *names, const bs_result *r);

// ---- the formats, called by the functions above -------------------------------------------------

void csv_begin(Writer *w);
void csv_add(Writer *w, const bs_result *r);

void json_begin(Writer *w);
bool json_add(Writer *w, const bs_result *r); // false when memory runs out
bool json_end(Writer *w);

// Appends a result as an object on one line, without a line feed; false when memory runs out.
bool json_put_row(Buf *out, const Columns *columns, const bs_result *r, Str rules_hash);

bool table_begin(Writer *w); // as json_add, likewise below
bool table_add(Writer *w, const bs_result *r);
bool table_end(Writer *w);
void table_free(Writer *w);

// Appends a cell of a CSV row, quoted where a reader needs it; [alone]: it is the row's only cell.
void csv_put_text(Buf *out, Str s, bool alone);

#endif
