// SPDX-License-Identifier: Apache-2.0
// Explain: why a result came out as it did, in a sentence, from the registers of the batch that
// made it.
#ifndef BS_ENGINE_EXPLAIN_H
#define BS_ENGINE_EXPLAIN_H

#include "runtime/base/buf.h"
#include "runtime/engine/vm.h"

// Writes the sentence for [lane] of the VM's current batch, which ran kpi->fn.
void explain_status(const Vm *vm, const Kpi *kpi, size_t lane, Buf *out);

// The KPI with the status block that is in force for the lane.
Kpi explain_in_force(const Vm *vm, const Kpi *kpi, size_t lane);

// The line of the rule file that decided, and its own words; where no line did, that of the KPI.
const StatusLine *explain_line(const Vm *vm, const Kpi *kpi, size_t lane);

// The judgement that the status comes from: an override of the KPI, or of the one whose status it
// takes; NULL when it is computed.
const Judgement *explain_judgement(const Vm *vm, const Kpi *kpi, size_t lane);
// What stands between the reason of an override and what is computed.
const char *explain_computed_words(Str because);
// The override of the KPI itself that applies, or NULL.
const Judgement *explain_override(const Vm *vm, const Kpi *kpi, size_t lane);

// Where the status is unsettled for want of a comparator: the first line that could not be decided,
// with the comparator's name in [comparator]. UINT32_MAX otherwise.
uint32_t explain_wanting_line(const Vm *vm, const Kpi *kpi, size_t lane, Str *comparator);

// Writes a figure as displayed: to [decimals] places, or exactly where that is -1 and the figure has
// at most EXPLAIN_EXACT_DECIMALS, else to so many.
enum { EXPLAIN_EXACT_DECIMALS = 6 };
void explain_figure(Buf *out, Number n, int decimals, RoundMode mode);

#endif
