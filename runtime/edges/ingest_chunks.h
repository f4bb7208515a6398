// SPDX-License-Identifier: Apache-2.0
// Ingest chunks: the rows of a file into the store, read by several threads and entered in the
// order of the file. What they come to is what ingest_rows would make of them.
#ifndef BS_EDGES_INGEST_CHUNKS_H
#define BS_EDGES_INGEST_CHUNKS_H

#include "runtime/base/masks.h"
#include "runtime/edges/ingest_rows.h"

typedef struct IngestChunksOptions {
    size_t n_threads; // 1 to RELAY_MAX_THREADS
    size_t chunk;     // bytes of a chunk at least; 0: the usual
    MasksFn *masks;   // NULL: the fastest
} IngestChunksOptions;

// Reads every record of a file that quick_serves. False when it was not read to its end.
bool ingest_chunks(IngestFile *f, const IngestChunksOptions *o);

#endif
