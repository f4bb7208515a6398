// SPDX-License-Identifier: Apache-2.0
// Progress: whom to tell how far the work has come.
#ifndef BS_EDGES_PROGRESS_H
#define BS_EDGES_PROGRESS_H

#include <bandstand.h>

enum { PROGRESS_ROWS = 1 << 16 }; // rows from one call to the next, about

typedef struct ProgressTo {
    bs_progress_fn fn; // may be NULL
    void *context;
} ProgressTo;

// False when the work is to stop.
static inline bool progress_tell(const ProgressTo *to, bs_progress progress) {
    return !to || !to->fn || to->fn(to->context, &progress);
}

#endif
