// SPDX-License-Identifier: Apache-2.0
// Hidden, for the files that share it: how cells become parts.
#ifndef BS_ENGINE_HIDDEN_PARTS_H
#define BS_ENGINE_HIDDEN_PARTS_H

#include "runtime/engine/hidden.h"

// The metrics of one relation: a count, or the two parts of a whole.
typedef struct HiddenKin {
    uint32_t metric, other, whole; // other and whole only of a pair
    bool has_pair;
    Str total; // the entity that is the sum of the others; empty without
} HiddenKin;

// Finds the cells of all metrics and makes parts and totals of them; false when memory runs out.
bool hidden_find_parts(Hidden *h);
// The hidden cells of a pair in one entity and period.
bool hidden_add_pair(Hidden *h, const HiddenKin *kin, uint32_t entity, Period period);
bool hidden_add_single(Hidden *h, uint32_t obs);
bool hidden_add_part(Hidden *h, HiddenPart *part); // its options are there
// The totals of [kin], once all other cells are found.
bool hidden_add_totals(Hidden *h, const HiddenKin *kin);

// The count of an observation; false where it is missing.
bool hidden_count(const Store *s, uint32_t obs, int64_t *out);

#endif
