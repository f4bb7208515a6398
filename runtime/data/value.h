// SPDX-License-Identifier: Apache-2.0
// What a value can be, and why it can be missing.
#ifndef BS_DATA_VALUE_H
#define BS_DATA_VALUE_H

#include <stdint.h>

#include "runtime/base/str.h"

// Kinds of value a register can hold.
typedef enum ValueKind {
    KIND_NUMBER,
    KIND_TRUTH, // yes or no; unknown is a missing truth
    KIND_LEVEL, // index of a level in its scale, 0 the worst
    KIND_TEXT,  // interned text
    KIND_STATUS, // the outcome of a status block: see StatusLane
} ValueKind;

// Why a value is missing: a set of reasons, 0 for a known value. Of several reasons the one that
// stands first here is named, which is the lowest bit; an explanation lists them all.
typedef uint16_t Why;

typedef enum Reason {
#define REASON(name, words) name,
#include "runtime/data/reasons.def"
#undef REASON
    N_REASONS
} Reason;

#define WHY(reason) ((Why)(1u << (reason)))

// The words of a reason ("not available"); those of the first reason of a set, empty for 0.
Str reason_words(Reason r);
Str why_words(Why w);
// The first reason of a set that is not empty.
Reason why_first(Why w);
// The reason whose words are [s]; N_REASONS when there is none.
Reason reason_find(Str s);

// Marks that an observation carries, as a set.
typedef enum Mark {
    MARK_PROVISIONAL = 1,
    MARK_REVISED = 2,
    MARK_ESTIMATED = 4,
    MARK_BREAK = 8
} Mark;

#endif
