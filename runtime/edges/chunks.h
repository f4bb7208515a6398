// SPDX-License-Identifier: Apache-2.0
// Chunks: delimited text in stretches of whole records, each with its index, so that several
// threads can take one each.
#ifndef BS_EDGES_CHUNKS_H
#define BS_EDGES_CHUNKS_H

#include "runtime/edges/csv.h"
#include "runtime/edges/csv_index.h"

typedef struct Chunk {
    char *s; // owned; WINDOW_SLACK bytes behind s[len) may be read and written
    size_t len, cap;
    uint32_t line;  // of its first byte
    CsvIndex index; // holds when `plain`
    bool plain;     // else the records are to be read by csv_reuse and csv_next
} Chunk;

typedef struct Chunks {
    Csv *csv; // the header has been read; its window is what is read on
    MasksFn *masks;
    size_t size; // bytes of a chunk, about
    uint32_t line;
    bool ended;
} Chunks;

void chunks_begin(Chunks *c, Csv *csv, MasksFn *masks, size_t size);

typedef enum ChunksNext {
    CHUNKS_TEXT,
    CHUNKS_END,
    CHUNKS_FAILED, // the text cannot be read on, or memory ran out; no finding is added
} ChunksNext;

// The next chunk, in [out], which is all zero before its first use and is used again. One thread at
// a time.
ChunksNext chunks_next(Chunks *c, Chunk *out);
// Lets csv_next go on with what was not taken.
void chunks_leave(Chunks *c);
void chunk_free(Chunk *chunk);

#endif
