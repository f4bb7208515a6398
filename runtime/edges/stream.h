// SPDX-License-Identifier: Apache-2.0
// Stream: a metric file judged while it is read, in the order of its rows. Memory follows the
// distinct keys, a bit each, and not the length of the file.
//
// Each thread takes a chunk of the file, reads and judges its rows and makes their text. Then, in
// the order of the chunks, it compares the keys with those seen before, reads what rows of an
// unusual form there are by way of ingest_row, and hands the text on. So findings, keys and output
// come out as they would with one thread. Files of other layouts and forms are read record by
// record, in one thread, and judged batch by batch.
#ifndef BS_EDGES_STREAM_H
#define BS_EDGES_STREAM_H

#include "runtime/base/masks.h"
#include "runtime/edges/ingest_rows.h"
#include "runtime/edges/judge.h"

enum {
    STREAM_CHUNK = 1u << 18, // bytes of a chunk, about; more where there are many KPIs
    STREAM_CHUNK_MAX = 1u << 22,
};

typedef struct StreamOptions {
    const bool *selected; // by KPI: its results are wanted
    size_t n_threads;     // 1 to RELAY_MAX_THREADS
    size_t chunk;         // bytes of a chunk at least; 0: the usual
    MasksFn *masks;       // NULL: the fastest
    const bs_sink *sink;  // called by one thread at a time, not always the same
} StreamOptions;

// Can the results of [file] be judged so? Its figures must stand for themselves (none revised, no
// column of previous ones), and each selected KPI must read its one metric and no other period.
bool stream_serves(const IngestFile *file, const JudgeRules *rules, const bool *selected);

typedef enum StreamAnswer {
    STREAM_DONE,
    STREAM_STOPPED, // by the sink
    STREAM_NO_MEMORY,
    STREAM_REFUSED, // something is wrong with the file: reading it by ingest_file says what
} StreamAnswer;

// Reads [file], whose header has been read, and writes the results of its rows; behind them those
// of the reported periods that an entity has no row for, by KPI. [tallies], by KPI, holds what they
// came to. Warnings go to the file's findings.
StreamAnswer stream_run(IngestFile *file, const JudgeRules *rules, const StreamOptions *o,
                        JudgeTally *tallies);

#endif
