// SPDX-License-Identifier: Apache-2.0
// Period label: a period as publishers write it ("Sep 2024", "202425", "Q2 2024/25"), which only a
// declared kind of period makes readable.
#ifndef BS_DATA_PERIOD_LABEL_H
#define BS_DATA_PERIOD_LABEL_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/base/str.h"
#include "runtime/data/period.h"

// A set of rows of period_labels.def, a bit each.
typedef uint64_t LabelWays;

enum {
    N_LABEL_WAYS = 0
#define LABEL(kind, pattern, always, example) +1
#include "runtime/data/period_labels.def"
#undef LABEL
};

// The ways to write a [kind]; with [asked] also those that `written` has to ask for.
LabelWays label_ways(PeriodKind kind, bool asked);
// Those of [ways] in which [s], without blanks at its ends, can be read.
LabelWays label_fits(Str s, LabelWays ways);
// Reads [s] in the first of [ways] that fits it. False when none does, or there is no such date.
bool label_read(Str s, LabelWays ways, Period *out);
// How `written` names the way [i], and the kind of period it writes.
Str label_example(unsigned i);
PeriodKind label_kind(unsigned i);

#endif
