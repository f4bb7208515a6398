// SPDX-License-Identifier: Apache-2.0
#include "runtime/data/program.h"

// The operand words of opcodes.def.
enum {
    NUM = KIND_NUMBER,
    TRU = KIND_TRUTH,
    LEV = KIND_LEVEL,
    TXT = KIND_TEXT,
    STA = KIND_STATUS,
    NO = OPERAND_NONE,
    ANY = OPERAND_ANY,
};

const OpInfo op_info[N_OPCODES] = {
#define OP(name, mnemonic, dst, a, b, c, imm) [name] = {(mnemonic), (dst), (a), (b), (c), (imm)},
#include "runtime/data/opcodes.def"
#undef OP
};

uint32_t span_length(const PeriodSpan *w, Period p) {
    uint32_t number;
    if (w->year == PERIOD_NONE)
        return w->n;
    bool fits = p.kind != PERIOD_DAY && period_of_year(p, w->year, &number) && number <= w->n;
    return fits ? number : 0;
}

bool chart_in_baseline(const Chart *c, Period p) {
    return c->first.kind != PERIOD_NONE && p.kind != PERIOD_NONE &&
           period_first_day(p) >= period_first_day(c->first) &&
           period_last_day(p) <= period_last_day(c->last);
}
