// SPDX-License-Identifier: Apache-2.0
// Thresholds: numbers that are taken in place of written edges of bands, for one compile.
#ifndef BS_LANG_THRESHOLDS_H
#define BS_LANG_THRESHOLDS_H

#include "lang/band_lines.h"

// Reads "KPI.TABLE.LEVEL=NUMBER", with ".from" or ".to" behind the level where it is said which of
// its edges, and keeps it for the next compile in place of an earlier one for the same edge. False
// after reporting.
bool thresholds_add(Modules *m, Str written);

// Before a compile: none is used yet.
void thresholds_begin(Modules *m);
// Puts the numbers into the intervals of a table of the KPI [kpi], and moves the neighbours that
// would overlap or shared the edge. False after reporting.
bool thresholds_apply(Compiler *c, Str kpi, const BandSpec *spec, const Scale *scale,
                      Polarity polarity, Interval *v, size_t n);
// After all tables are made: reports those that no table took.
void thresholds_report_unused(Compiler *c);

#endif
