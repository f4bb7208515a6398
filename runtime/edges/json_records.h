// SPDX-License-Identifier: Apache-2.0
// JsonRecords: records from a JSON array of objects, or from objects one after the other (JSON
// Lines), one at a time.
#ifndef BS_EDGES_JSON_RECORDS_H
#define BS_EDGES_JSON_RECORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/base/arena.h"
#include "runtime/base/diag.h"
#include "runtime/base/intern.h"
#include "runtime/edges/records.h"
#include "runtime/edges/source.h"

struct json_tokener;

typedef struct JsonRecords {
    Window w;
    DiagList *d;
    uint32_t file;
    Intern keys; // an id is a column
    struct json_tokener *records, *strings;
    bool is_array;
    bool ended;
    size_t n_read;
    size_t at;             // the next byte, from w.start
    uint32_t line, column; // of the byte at [at]
    uint32_t record_line;  // of the record last read
    Cell *cells;           // by column; owned
    size_t cap;
} JsonRecords;

// Takes over [w]; the keys live in [arena]. False after adding a finding. Call json_close in either
// case.
bool json_open(JsonRecords *j, Window w, DiagList *d, uint32_t file, Arena *arena);
void json_close(JsonRecords *j);

// The next record: j->cells by column, j->keys.n of them.
RecordsNext json_next(JsonRecords *j);

#endif
