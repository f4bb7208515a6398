// SPDX-License-Identifier: Apache-2.0
// Inspect labels: how the periods of a column are written, and the line that would read them.
#ifndef BS_EDGES_INSPECT_LABELS_H
#define BS_EDGES_INSPECT_LABELS_H

#include <stdbool.h>
#include <stddef.h>

#include "runtime/base/intern.h"
#include "runtime/data/period_label.h"

enum { LABEL_MAX_MARKS = 4 };

typedef struct LabelMark {
    Str word;  // brackets included
    Str words; // what it means
} LabelMark;

typedef struct LabelGuess {
    PeriodKind kind;  // PERIOD_NONE: the texts are no periods
    bool declared;    // the kind has to be declared for them to be read
    LabelWays ways;   // and the ways as well, the first of them being the likelier; 0: not
    PeriodKind other; // as which they could be read too, or PERIOD_NONE
    LabelMark marks[LABEL_MAX_MARKS];
    size_t n_marks;
} LabelGuess;

// How all of [texts], symbols for missing ones aside, can be read as periods. Only a column that is
// [named] like one takes digits alone ("202425") for more than a year.
LabelGuess label_guess(const Intern *texts, bool named);
// Reads [text] so.
bool label_guess_read(const LabelGuess *g, Str text, Period *out);

#endif
