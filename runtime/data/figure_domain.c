// SPDX-License-Identifier: Apache-2.0
#include "runtime/data/figure_domain.h"

typedef struct Domain {
    const Program *p;
    const Instr *code;
    const uint32_t *defs;
} Domain;

static const Instr *definition(const Domain *d, uint16_t reg) {
    return &d->code[d->defs[reg]];
}

static bool is_count(const Domain *d, const Instr *in) {
    return in->op == OP_LOAD && d->p->metrics[d->p->loads[in->imm].metric].unit.kind == UNIT_COUNT;
}

// `needs` stands before the value and does not change it.
static const Instr *before_gate(const Domain *d, uint16_t reg) {
    const Instr *in = definition(d, reg);
    return in->op == OP_GATE ? before_gate(d, in->a) : in;
}

static bool never_negative(const Domain *d, uint16_t reg);

static bool all_never_negative(const Domain *d, const PeriodSpan *span) {
    for (uint32_t i = 0; i < span->n; i++)
        if (!never_negative(d, span->figures[i].reg))
            return false;
    return true;
}

// Is what stands in [reg] never below zero? Counts are not, nor what is made of them by sharing,
// adding and choosing.
static bool never_negative(const Domain *d, uint16_t reg) {
    const Instr *in = definition(d, reg);
    switch (in->op) {
    case OP_LOAD:
        return is_count(d, in);
    case OP_CONST:
        return number_sign(d->p->consts[in->imm]) >= 0;
    case OP_ABS:
        return true;
    case OP_SPAN:
        return all_never_negative(d, &d->p->spans[in->imm]);
    case OP_ROUND:
    case OP_GATE:
        return never_negative(d, in->a);
    case OP_ADD:
    case OP_MUL:
    case OP_DIV:
    case OP_SHARE:
    case OP_MIN:
    case OP_MAX:
    case OP_ELSE:
        return never_negative(d, in->a) && never_negative(d, in->b);
    default:
        return false;
    }
}

static void set_low(FigureDomain *out, Number low) {
    out->has_low = true;
    out->low = low;
}

FigureDomain figure_domain(const Program *p, const Instr *code, const uint32_t *defs,
                           uint16_t reg) {
    const Domain d = {p, code, defs};
    const Instr *in = before_gate(&d, reg);
    FigureDomain out = {.whole = is_count(&d, in)};
    if (never_negative(&d, reg))
        set_low(&out, number_int(0));
    if (in->op == OP_AMONG && among_is_position(p->amongs[in->imm].kind)) {
        out.whole = true;
        set_low(&out, number_int(1));
    }
    if (in->op != OP_LOAD)
        return out;
    const Load *load = &p->loads[in->imm];
    const Metric *m = &p->metrics[load->metric];
    if (m->has_range && load->field == FIELD_VALUE) {
        set_low(&out, m->low);
        out.has_high = true;
        out.high = m->high;
    }
    return out;
}
