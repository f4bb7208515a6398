// SPDX-License-Identifier: Apache-2.0
// Charts in words.
#include "runtime/engine/telling.h"
#include "runtime/engine/xmr.h"

// The instruction of [op] of chart [chart], or NULL.
static const Instr *find_part(const Telling *t, Opcode op, uint32_t chart) {
    const Program *p = t->vm->program;
    const Function *fn = t->vm->fn;
    for (uint32_t i = fn->first; i < fn->first + fn->n; i++)
        if (p->code[i].op == op && p->code[i].imm == chart)
            return &p->code[i];
    return NULL;
}

// The instruction that gives the level of a fact, and the chart that it is of; NULL where an
// example gives the level.
static const Instr *find_source(const Telling *t, uint16_t level, uint32_t *chart) {
    const Program *p = t->vm->program;
    const Function *fn = t->vm->fn;
    for (uint32_t i = fn->first; i < fn->first + fn->n; i++) {
        const Instr *in = &p->code[i];
        bool is_source = in->dst == level && (in->op == OP_VARIATION || in->op == OP_ASSURANCE);
        if (in->op == OP_CHART_LOW)
            *chart = in->imm; // that of the assurance, which stands behind it
        if (is_source && in->op == OP_VARIATION)
            *chart = in->imm;
        if (is_source)
            return in;
    }
    return NULL;
}

static Number part(const Telling *t, Opcode op, uint32_t chart) {
    const Instr *in = find_part(t, op, chart);
    return in ? telling_figure(t, in->dst, NULL) : number_int(0);
}

static void tell_part(const Telling *t, const Fact *f, Opcode op, uint32_t chart) {
    tell_unit(t->out, part(t, op, chart), t->kpi->decimals, t->kpi->mode, f->unit_a);
}

static void tell_limits(const Telling *t, const Fact *f, uint32_t chart) {
    buf_puts(t->out, "limits ");
    tell_part(t, f, OP_CHART_LOW, chart);
    buf_puts(t->out, " to ");
    tell_part(t, f, OP_CHART_HIGH, chart);
}

static void tell_periods(const Telling *t) {
    PeriodKind kind = t->vm->lanes ? t->vm->lanes[t->lane].period.kind : PERIOD_NONE;
    Str word = kind == PERIOD_NONE ? STR("period") : period_kind_words(kind);
    buf_printf(t->out, "%.*ss", STR_ARG(word));
}

// "7 months running below the mean of 91.2% (limits 88.0% to 94.4%)"
static void tell_rule(const Telling *t, const Fact *f, uint32_t chart, bool high) {
    const Instr *rule = find_part(t, OP_CHART_RULE, chart);
    const char *limit = high ? "upper" : "lower";
    switch (rule ? (XmrRule)vm_level(t->vm, rule->dst, t->lane, NULL) : XMR_NONE) {
    case XMR_OUTSIDE:
        tell_unit(t->out, telling_figure(t, rule->a, NULL), t->kpi->decimals, t->kpi->mode,
                  f->unit_a);
        buf_printf(t->out, " is %s the %s limit, with a mean of ", high ? "above" : "below", limit);
        break;
    case XMR_TREND:
        buf_printf(t->out, "%d ", XMR_RUN);
        tell_periods(t);
        buf_printf(t->out, " %s, with a mean of ", high ? "rising" : "falling");
        break;
    case XMR_NEAR:
        buf_puts(t->out, "2 of 3 ");
        tell_periods(t);
        buf_printf(t->out, " near the %s limit, with a mean of ", limit);
        break;
    case XMR_ONE_SIDE:
        buf_printf(t->out, "%d ", XMR_RUN);
        tell_periods(t);
        buf_printf(t->out, " running %s the mean of ", high ? "above" : "below");
        break;
    case XMR_NONE:
    case N_XMR_RULES:
        buf_puts(t->out, "no rule of the chart holds, with a mean of ");
        break;
    }
    tell_part(t, f, OP_CHART_MEAN, chart);
    buf_puts(t->out, " (");
    tell_limits(t, f, chart);
    buf_char(t->out, ')');
}

static void tell_target(const Telling *t, const Fact *f, const Instr *in, uint32_t chart) {
    Number target = telling_figure(t, in->c, NULL);
    buf_puts(t->out, "the target of ");
    tell_unit(t->out, target, t->kpi->decimals, t->kpi->mode, f->unit_a);
    buf_puts(t->out, number_cmp(target, part(t, OP_CHART_LOW, chart)) < 0    ? " is below the "
                     : number_cmp(target, part(t, OP_CHART_HIGH, chart)) > 0 ? " is above the "
                                                                             : " is within the ");
    tell_limits(t, f, chart);
}

void tell_chart(const Telling *t, const Fact *f) {
    Why why;
    uint8_t level = vm_level(t->vm, f->a, t->lane, &why);
    if (why) {
        tell_name(t->out, f->name_a);
        buf_printf(t->out, " is not known (%.*s)", STR_ARG(why_words(why)));
        return;
    }
    uint32_t chart = 0;
    const Instr *in = find_source(t, f->a, &chart);
    bool assurance = f->scale == t->vm->program->assurance_scale;
    if (assurance)
        buf_puts(t->out, "assurance is ");
    else if (level != 1)
        buf_puts(t->out, "special cause, ");
    tell_name(t->out, t->vm->program->scales[f->scale].levels[level].name);
    if (!in)
        return;
    buf_puts(t->out, ": ");
    if (assurance)
        tell_target(t, f, in, chart);
    else
        tell_rule(t, f, chart, (level == 2) != t->vm->program->charts[chart].low_is_good);
}
