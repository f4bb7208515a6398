// SPDX-License-Identifier: Apache-2.0
// Nearest points: the values of a figure at which anything that a row's code compares can change.
#ifndef BS_ENGINE_NEAREST_POINTS_H
#define BS_ENGINE_NEAREST_POINTS_H

#include "runtime/engine/nearest.h"

typedef struct NearestPoints {
    Number *v; // ascending, each once
    size_t n, cap;
} NearestPoints;

// For the row that [vm] has just run x->as_is over, in lane 0. Not all of them need to be points at
// which something does change. Says why where it cannot find them. Allocates in [a], whose running
// out of memory it leaves to the caller to see.
NearestAnswer nearest_points(const Nearest *x, const Vm *vm, Arena *a, NearestPoints *out);

#endif
