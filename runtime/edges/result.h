// SPDX-License-Identifier: Apache-2.0
// Result: one lane of a batch as the outputs show it.
#ifndef BS_EDGES_RESULT_H
#define BS_EDGES_RESULT_H

#include <bandstand.h>

#include "runtime/base/buf.h"
#include "runtime/base/diag.h"
#include "runtime/engine/store.h"
#include "runtime/engine/vm.h"

typedef struct ResultMaker {
    const Program *program;
    const Store *store;
    const DiagList *diags; // its files are where figures come from
    const Vm *vm;          // holds the batch
    const Vm *as_of;       // holds it by the rules of another time, or NULL
    unsigned needs;        // PlanNeed: what the batch's plan worked out
    Arena *texts;          // of the results; the caller resets it
    Buf work;              // owned by the caller
    const Kpi *kpi;
    bs_level *levels; // room for the KPI's, filled anew for each result
    bs_level *levels_as_of; // likewise
    bs_figure *figures;
    Str unit;
    Str *units;    // of the figures
    int *decimals; // likewise
} ResultMaker;

// The scale of the levels of [k]'s direction.
static inline uint32_t result_direction_scale(const Program *p, const Kpi *k) {
    bool judged = k->polarity != POLARITY_NONE && k->polarity != POLARITY_NOT_JUDGED;
    return judged ? p->direction_scale : p->arrow_scale;
}

// The decimals with which a comparator or target is shown: as the KPI has it, and none for what is
// always whole, a count or a place among others.
int result_decimals(const Program *p, const Kpi *kpi, const NamedFigure *figure);

// Before the first result of [kpi]. Allocates in [a]; false when memory runs out.
bool result_begin(ResultMaker *r, Arena *a, const Kpi *kpi);

// The result of lane [i] of the batch; what [needs] leaves out is empty. Valid until texts is reset
// and until the next call. Where memory runs out, texts or work has failed.
void result_make(ResultMaker *r, Lane lane, size_t i, bs_result *out);

// What rows of KPIs and of groups have in common: a text, and a status on [scale], LEVEL_NO_DATA
// for the reasons [why].
bs_text result_text(Str s);
void result_fill_status(const Scale *scale, Str name, uint8_t level, Why why, bs_result *out);
// Likewise by the rules of another time; without a scale there is no such status.
void result_fill_as_of(const Scale *scale, uint8_t level, Why why, bs_result *out);
// The level that would stand without overrides, or no data.
void result_fill_computed(const Scale *scale, uint8_t level, bs_result *out);

#endif
