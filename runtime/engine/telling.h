// SPDX-License-Identifier: Apache-2.0
// Telling: the parts of a sentence, figures and facts, as a reader says them. Used by explain.c.
#ifndef BS_ENGINE_TELLING_H
#define BS_ENGINE_TELLING_H

#include "runtime/base/buf.h"
#include "runtime/engine/vm.h"

typedef struct Telling {
    const Vm *vm;
    const Kpi *kpi;
    size_t lane;
    Buf *out;
} Telling;

Number telling_figure(const Telling *t, uint16_t reg, Why *why);
// Is it the name of the KPI's own value, which goes without saying?
bool telling_is_own_value(Str name);
// The register that a band table read to give the level in [level], and its unit.
uint16_t telling_banded_register(const Telling *t, uint16_t level);
// The table of a level: [table], or that of 1 + [dated] in force for the lane.
const BandTable *telling_table(const Telling *t, uint32_t dated, uint32_t table);
Unit telling_banded_unit(const Telling *t, uint16_t reg);

// Writes a figure with its unit; [decimals] as for explain_figure.
void tell_unit(Buf *out, Number n, int decimals, RoundMode mode, Unit unit);
// Writes a name with blanks for underscores.
void tell_name(Buf *out, Str name);
void tell_period_before(const Telling *t);
// Writes for which periods of the span there is no row: "no figure for 2023-02, 2023-04". False,
// having written nothing, when there is one for each.
bool tell_missing_of_span(const Telling *t, const PeriodSpan *span);
// Writes a fact about the variation or assurance of a chart.
void tell_chart(const Telling *t, const Fact *f);
// Writes where a figure lies in its table: "18.3% is in the range 16% to 19%".
void tell_piece(const Telling *t, const BandTable *table, Number n, Unit unit);
// Writes what an unknown condition waits for: "statistical neighbours".
void tell_unknown_fact(const Telling *t, const Fact *f);
// Writes every fact of a line as it is in the row, whether or not the line holds.
void tell_tried(const Telling *t, const StatusLine *line);
// Writes the facts of a line that are worth saying, and returns how many there were.
size_t tell_facts(const Telling *t, const StatusLine *line);

#endif
