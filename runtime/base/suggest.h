// SPDX-License-Identifier: Apache-2.0
// "Did you mean": the candidate whose spelling is nearest to a word, if one is near enough.
#ifndef BS_BASE_SUGGEST_H
#define BS_BASE_SUGGEST_H

#include "runtime/base/str.h"

typedef struct Suggestion {
    Str word;
    Str best; // empty while nothing is near enough
    size_t distance;
} Suggestion;

static inline Suggestion suggest_for(Str word) {
    // A third of the letters may be wrong, and always one.
    return (Suggestion){.word = word, .distance = word.len / 3 + (word.len < 3 ? 2 : 1)};
}

// Considers [candidate]; of equally near ones the first stays.
static inline void suggest_consider(Suggestion *s, Str candidate) {
    size_t distance = str_distance(s->word, candidate);
    if (distance > 0 && distance < s->distance && distance < candidate.len) {
        s->distance = distance;
        s->best = candidate;
    }
}

#endif
