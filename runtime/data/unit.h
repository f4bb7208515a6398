// SPDX-License-Identifier: Apache-2.0
// Units of figures.
#ifndef BS_DATA_UNIT_H
#define BS_DATA_UNIT_H

#include <stdbool.h>

#include "runtime/base/buf.h"
#include "runtime/base/number.h"
#include "runtime/base/str.h"

typedef enum UnitKind {
    UNIT_NONE,    // a plain number, which takes the unit of what it stands beside
    UNIT_PERCENT,
    UNIT_POINTS,  // a difference of two percentages
    UNIT_COUNT,   // whole
    UNIT_PER,     // a rate per [per], e.g. per 10000
    UNIT_DAYS,
    UNIT_POUNDS,
    UNIT_RATIO,
    UNIT_OWN,     // one of the rule file's own, by name
} UnitKind;

typedef struct Unit {
    UnitKind kind;
    int64_t per; // UNIT_PER
    Str name;    // UNIT_OWN
} Unit;

bool unit_eq(Unit a, Unit b);
// In words, for messages and outputs: "percent", "per 10000", "visits"; UNIT_NONE gives "number".
void unit_print(Buf *out, Unit u);
// Writes a figure's text with its unit as a reader expects: "26.4%", "5 points", "769.2 per 10000",
// "£1,200" is never grouped: "£1200". [digits] is the number already written out.
void unit_print_figure(Buf *out, Str digits, Unit u);

#endif
