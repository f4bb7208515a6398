// SPDX-License-Identifier: Apache-2.0
// Assertions: are the figures as the rules say that they must be?
#ifndef BS_EDGES_ASSERTIONS_H
#define BS_EDGES_ASSERTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "runtime/base/diag.h"
#include "runtime/data/program.h"
#include "runtime/engine/store.h"

// What an assertion came to, by entity and period.
typedef struct AssertionTally {
    size_t n_held, n_failed;
    size_t n_unchecked; // some figure is missing on which it depends
} AssertionTally;

// Checks every assertion of [p] for each entity and period with a figure of a metric that it reads,
// whatever is selected for the output. Failures go to [d] with the lines of their figures. The
// tallies, by assertion, are allocated in [a]; NULL when memory runs out.
AssertionTally *assertions_check(Arena *a, const Program *p, const Store *s, DiagList *d);

#endif
