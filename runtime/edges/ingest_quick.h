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

#define QUICK_NO_COLUMN UINT32_MAX

typedef struct QuickFigure {
    uint32_t column, field;
    bool is_text;
} QuickFigure;

typedef struct Quick {
    const IngestFile *file;
    Store *store; // of rows
    size_t n_columns;
    char quote;
    uint32_t entity_column, period_column, metric_column; // in the header, or QUICK_NO_COLUMN
    QuickFigure *figures; // the fields that the file has, and
    size_t n_figures;
    uint32_t *lacking; // those that it lacks
    size_t n_lacking;
    size_t *starts; // of the cells of the current row, and one behind the end of the last
    // Of the row before, since the next is often alike; and the id that came behind each id, since
    // files go through the metrics in turn.
    char label[INGEST_LABEL_ROOM];
    size_t label_len;
    uint8_t marks; // behind the label
    LabelDoubt doubt; // of the labels that were read here
    FractionDoubt *fractions; // by metric, of the figures that were read here
    Period period;
    uint32_t entity, id;
    uint32_t *behind;
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
