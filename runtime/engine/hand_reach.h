// SPDX-License-Identifier: Apache-2.0
// Hand reach: which KPIs and groups a figure that is set by hand could change.
#ifndef BS_ENGINE_HAND_REACH_H
#define BS_ENGINE_HAND_REACH_H

#include "runtime/engine/hand.h"

typedef struct HandReach {
    bool *kpis, *groups; // by index: something that they hang on is set in some row
} HandReach;

// Finds what the figures reach that are set for [p]. Allocates in [a]; false when memory runs out.
bool hand_reach_make(Arena *a, const Program *p, HandReach *out);

#endif
