// SPDX-License-Identifier: Apache-2.0
// Truth: three-valued, and how lines whose truth is unknown settle a status. The machine judges its
// lanes by this and group.c its groups.
#ifndef BS_ENGINE_TRUTH_H
#define BS_ENGINE_TRUTH_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/data/program.h"

typedef struct Truth {
    uint8_t yes; // 0 or 1; 0 where it is unknown
    Why why;     // why it is unknown; 0: known
} Truth;

// Without branches, since the machine does them in vectors.
static inline Truth truth_and(Truth a, Truth b) {
    bool is_no = ((a.why == 0) & (a.yes == 0)) | ((b.why == 0) & (b.yes == 0));
    return (Truth){a.yes & b.yes, is_no ? 0 : (Why)(a.why | b.why)};
}

static inline Truth truth_or(Truth a, Truth b) {
    uint8_t is_yes = a.yes | b.yes;
    return (Truth){is_yes, is_yes ? 0 : (Why)(a.why | b.why)};
}

static inline Truth truth_not(Truth a) {
    return (Truth){(a.why == 0) & (a.yes == 0), a.why};
}

enum { PENDING_NO_DATA = 63 }; // among the outcomes pending, the bit of no data

static inline uint64_t pending_bit(uint8_t outcome) {
    return UINT64_C(1) << (outcome == LEVEL_NO_DATA ? PENDING_NO_DATA : outcome);
}

// A line that gives [outcome] holds. It decides, and nothing is pending any more, if the unknown
// lines before it would all have given the same; else its outcome is pending beside theirs.
static inline bool pending_settles(uint64_t *pending, uint8_t outcome) {
    uint64_t candidates = *pending | pending_bit(outcome);
    bool settles = candidates == pending_bit(outcome);
    *pending = settles ? 0 : candidates;
    return settles;
}

// Why there is no status where a line that gives [outcome] decides; 0 for a level.
static inline Why outcome_why(uint8_t outcome) {
    return outcome == LEVEL_NO_DATA ? WHY(REASON_UNJUDGED) : 0;
}

#endif
