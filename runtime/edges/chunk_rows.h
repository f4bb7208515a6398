// SPDX-License-Identifier: Apache-2.0
// Chunk rows: the rows of a chunk, those of the usual form beside others, the rest in turn.
#ifndef BS_EDGES_CHUNK_ROWS_H
#define BS_EDGES_CHUNK_ROWS_H

#include "runtime/edges/ingest_quick.h"

// One for each thread.
typedef struct ChunkRows {
    IngestFile *file;
    const Csv *like; // the file's as it stood when reading began; others read the file's on
    Arena arena;     // of the store
    Arena numbers;   // of the chunk
    Arena left_arena;
    Store store; // of rows: those of the usual form
    Quick quick;
    QuickLeftRows left;
    Csv csv; // of a stretch of [left]
} ChunkRows;

// False when memory runs out. End it in either case. [quick]: chunk_rows_read will be called; else
// only the store is used.
bool chunk_rows_begin(ChunkRows *r, IngestFile *file, const Csv *like, bool quick);
// Hands what the rows left in doubt to the file; in turn, or after all others.
void chunk_rows_end(ChunkRows *r);

// Reads the rows of the usual form, and lists the rest in [left]. False when memory runs out.
bool chunk_rows_read(ChunkRows *r, const Chunk *chunk);

// The ids elsewhere of a thread's texts, by id; INTERN_NONE: not known yet.
typedef VEC(uint32_t) ChunkIds;

// The id in [to] of the text that has [id] in [from]. In turn; false when memory runs out.
bool chunk_follow_id(Arena *a, ChunkIds *ids, const Intern *from, Intern *to, uint32_t id,
                     uint32_t *out);

// The records of a stretch that was left, for ingest_row.
void chunk_rows_begin_left(ChunkRows *r, const Chunk *chunk, const QuickLeft *left);
RecordsNext chunk_rows_next_left(ChunkRows *r, Record *out);

#endif
