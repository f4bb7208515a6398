// SPDX-License-Identifier: Apache-2.0
// Relay: several threads read a file together. Each takes a chunk and works on it beside the
// others; what it came to is settled in the order of the chunks, one thread at a time.
#ifndef BS_EDGES_RELAY_H
#define BS_EDGES_RELAY_H

#include "runtime/edges/chunks.h"

enum { RELAY_MAX_THREADS = 256 };

// What a thread does; [worker] is its own.
typedef struct RelayWork {
    // Beside the others. False when memory runs out.
    bool (*read)(void *worker, Chunk *chunk);
    // In turn; [was_read] is what read returned. False: no further chunk is to be settled.
    bool (*settle)(void *worker, Chunk *chunk, bool was_read);
} RelayWork;

typedef enum RelayEnd {
    RELAY_ALL,        // every chunk was settled
    RELAY_STOPPED,    // settle ended it
    RELAY_UNREADABLE, // those before the text that cannot be read on, or for which memory ran out
} RelayEnd;

// Runs [n] workers, 1 to RELAY_MAX_THREADS, which stand [size] bytes apart. The first runs in this
// thread, and a thread that the system does not give is done without.
RelayEnd relay_run(Chunks *chunks, const RelayWork *work, void *workers, size_t size, size_t n);

#endif
