// SPDX-License-Identifier: Apache-2.0
// Ingest, quickly: rows of the usual form straight from a chunk's index into a store of rows.
//
// A row is of the usual form when it has as many cells as the header, no quotation marks within
// cells, no blanks round its names, and figures that are plain digits or a declared symbol. Every
// other row is left to ingest_row, which knows all forms and says what is wrong; what is read here
// comes out the same there.
#ifndef BS_EDGES_INGEST_QUICK_H
#define BS_EDGES_INGEST_QUICK_H

#include "runtime/edges/chunks.h"
#include "runtime/edges/ingest_rows.h"

enum { QUICK_MAX_SYMBOLS = 16 }; // declared symbols of a file that is read quickly

typedef struct QuickColumn {
    uint8_t role;     // QuickRole
    uint32_t field;   // of a figure or text
} QuickColumn;

typedef struct Quick {
    const IngestFile *file;
    Store *store; // of rows
    QuickColumn *columns; // by column of the header, allocated in the arena
    size_t n_columns;
    char quote;
    bool *has_field; // by field of the program: the file has it
    // Of the row before, since the next is often alike; and the id that came behind each id, since
    // files go through the metrics in turn.
    uint32_t entity, id;
    uint32_t *behind;
    char label[INGEST_LABEL_ROOM];
    size_t label_len;
    Period period;
    Figure *figures; // by field, of the current row
} Quick;

// Can rows of this file be read so? CSV in the long layout, whose filters, marks and symbols leave
// plain digits their meaning.
bool quick_serves(const IngestFile *f);

// Allocates in [a]; false when memory runs out.
bool quick_begin(Quick *q, Arena *a, const IngestFile *f, Store *store);

// A row that was left out: where it stands, and before which observation it belongs.
typedef struct QuickLeft {
    size_t from, len; // in the chunk, its line end included
    uint32_t line;
    uint32_t before; // index of the next observation of the store
} QuickLeft;

typedef VEC(QuickLeft) QuickLeftRows;

// Reads the rows of [chunk] into the store, which was cleared, and lists those of another form in
// [left], allocated in [a]. False when memory runs out.
bool quick_read(Quick *q, const Chunk *chunk, Arena *a, QuickLeftRows *left);

#endif
