// SPDX-License-Identifier: Apache-2.0
// Stream, its parts: what the files stream*.c share and nobody else needs.
#ifndef BS_EDGES_STREAM_PARTS_H
#define BS_EDGES_STREAM_PARTS_H

#include "runtime/edges/chunk_rows.h"
#include "runtime/edges/relay.h"
#include "runtime/edges/stream.h"
#include "runtime/engine/seen.h"

typedef struct Stream {
    IngestFile *file;
    const JudgeRules *rules;
    const StreamOptions *options;
    bool quick;             // rows may be read from the index of a chunk
    size_t n_errors;        // that were found before
    uint32_t *reader_start; // by metric, of n_metrics + 1: where its KPIs begin in `readers`
    uint32_t *readers;
    Csv like; // the file's, when reading began

    // For whose turn it is.
    StreamAnswer answer;
    bool any_output;
    uint64_t n_untold; // rows that progress was not told of
    Intern entities;   // in order of first sight
    Arena arena;       // of entities
    Seen seen;
} Stream;

typedef struct Worker {
    Stream *stream;
    ChunkRows read;
    size_t *cuts;            // by left row: how many result rows come before it
    Judge judge, left_judge; // the second for the rows that were left
    JudgeRow *rows;
    size_t n_rows, rows_cap;
    ChunkIds entities; // in the stream
} Worker;

// ---- in turn: one thread at a time --------------------------------------------------------------

// Ends the stream with [answer], unless it has ended before. Always false.
bool stream_refuse(Stream *s, StreamAnswer answer);
// Hands text on to the sink. False when the stream is to end.
bool stream_hand_on(Stream *s, const char *text, size_t len);
// Enters the keys of the worker's observations from..to. False when the stream is to end.
bool stream_settle_keys(Worker *w, uint32_t from, uint32_t to);
// Judges the observations from [from] on, which ingest_row read, and hands them on. False when the
// stream is to end.
bool stream_judge_left(Worker *w, uint32_t from);
// Reads and judges every record of the file by ingest_row.
void stream_read_rows(Worker *w);
// The rows of reported periods that an entity has no figure for.
void stream_write_gaps(Stream *s, JudgeTally *tallies);

// ---- of a worker --------------------------------------------------------------------------------

// Adds the result rows of an observation. False when memory runs out.
bool stream_add_rows(Worker *w, uint32_t obs);
void stream_add_tallies(const Stream *s, const Judge *j, JudgeTally *tallies);

#endif
