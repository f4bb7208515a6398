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
void tell_period_of(const Telling *t, const SpanFigure *figure);
// Writes ", 7 of 10 known" where the figure in [reg] is of several entities and some are missing.
void tell_known_among(const Telling *t, uint16_t reg);
// Writes why such a figure is missing: "4 of 10 known, at least 5 needed". False, having written
// nothing, when it is for another reason.
bool tell_missing_among(const Telling *t, uint16_t reg);

typedef struct CauseName {
    Str name;
    bool among;      // of other entities
    SpanFigure time; // of which period, as in Load
} CauseName;

// Why something is unknown: all that made it so, each once.
typedef struct Causes {
    const Telling *t;
    Arena scratch;
    Why why;               // that nothing below says more exactly
    VEC(Str) texts;        // of figures among others
    VEC(SpanFigure) holes; // periods without a figure, ascending
    VEC(CauseName) names;  // of the figures that are missing
} Causes;

void causes_init(Causes *c, const Telling *t);
void causes_free(Causes *c);
void causes_add_hole(Causes *c, SpanFigure hole);
// What [why] says of a span, its periods that lack a row in place of "no row".
void causes_add_span(Causes *c, const PeriodSpan *span, Why why);
// Of a figure among others; false when there is no more to say than its reason.
bool causes_add_among(Causes *c, uint16_t reg);
// All that the register is missing for, by the code that it was made by.
void causes_trace(Causes *c, uint16_t reg);
// "suppressed; no figure for 2022-12, 2023-01".
void tell_causes(const Causes *c);
// "B and C in 2022": the figures that causes_trace met. False, having written nothing, for none.
bool tell_cause_names(const Causes *c);
// The instruction by which `needs` makes what is judged, or NULL.
const Instr *telling_gate(const Telling *t, uint16_t judged);
// "whether it may be judged depends on B: no row", where the truth of `needs` is unknown.
void tell_needs(const Telling *t, uint16_t needs);
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
