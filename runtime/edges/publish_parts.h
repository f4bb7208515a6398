// SPDX-License-Identifier: Apache-2.0
// Publish, for the files that share it.
#ifndef BS_EDGES_PUBLISH_PARTS_H
#define BS_EDGES_PUBLISH_PARTS_H

#include "runtime/edges/publish.h"

// Puts a world of [parts] in; false where there is none of that number.
bool publisher_enter(Publisher *p, HiddenSet parts, uint32_t world);
// Back to the figures as they were read.
void publisher_leave(Publisher *p, HiddenSet parts);

// A copy of [r] that outlives the maker's next result.
bool publish_keep(Arena *a, const bs_result *r, bs_result *out);
// Marks the parts in which two results differ.
void publish_compare(const bs_result *a, const bs_result *b, uint8_t *held);

// Room for the rows of a KPI or group.
bool publisher_make_room(Publisher *p, size_t n, size_t n_figures, size_t n_levels);
static inline uint8_t *publisher_held(const Publisher *p, size_t i) {
    return p->held + i * p->stride;
}

#endif
