// SPDX-License-Identifier: Apache-2.0
// What made a figure or a condition unknown, of all that it was made from.
#include "runtime/engine/telling.h"

enum { MAX_PERIODS = 6 }; // that are told one by one

void causes_init(Causes *c, const Telling *t) {
    *c = (Causes){.t = t};
    arena_init(&c->scratch, 0);
}

void causes_free(Causes *c) {
    arena_free(&c->scratch);
}

static bool period_of(const Telling *t, const SpanFigure *f, Period *out) {
    return t->vm->lanes && period_before(t->vm->lanes[t->lane].period, f->years, f->back, out) &&
           out->kind != PERIOD_NONE;
}

// Which of two comes first in time; of those that are of no period, by how far back they are.
static int compare_times(const Telling *t, const SpanFigure *a, const SpanFigure *b) {
    Period x, y;
    if (period_of(t, a, &x) && period_of(t, b, &y))
        return (x.ordinal > y.ordinal) - (x.ordinal < y.ordinal);
    if (a->years != b->years)
        return a->years > b->years ? -1 : 1;
    return (a->back < b->back) - (a->back > b->back);
}

void causes_add_hole(Causes *c, SpanFigure hole) {
    size_t at = 0;
    while (at < c->holes.n && compare_times(c->t, &c->holes.v[at], &hole) < 0)
        at++;
    bool known = at < c->holes.n && compare_times(c->t, &c->holes.v[at], &hole) == 0;
    if (known || !VEC_PUSH(&c->scratch, &c->holes, hole))
        return;
    for (size_t i = c->holes.n - 1; i > at; i--)
        c->holes.v[i] = c->holes.v[i - 1];
    c->holes.v[at] = hole;
}

static bool has_no_row(const Telling *t, uint16_t reg) {
    Why why;
    telling_figure(t, reg, &why);
    return (why & WHY(REASON_NO_ROW)) != 0;
}

// Has the [i]th period no figure that the span needs?
static bool lacks_row(const Telling *t, const PeriodSpan *span, uint32_t i) {
    bool lacks = has_no_row(t, span->figures[i].reg);
    for (uint32_t row = 0; row < span->n_beside; row++)
        lacks = lacks || has_no_row(t, span->beside[row * span->n + i]);
    return lacks;
}

void causes_add_span(Causes *c, const PeriodSpan *span, Why why) {
    bool any = false;
    for (uint32_t i = 0; (why & WHY(REASON_NO_ROW)) && i < span->n; i++) {
        if (!lacks_row(c->t, span, i))
            continue;
        causes_add_hole(c, span->figures[i]);
        any = true;
    }
    c->why |= any ? (Why)(why & ~WHY(REASON_NO_ROW)) : why;
}

bool causes_add_among(Causes *c, uint16_t reg) {
    Buf words = {0};
    Telling aside = *c->t;
    aside.out = &words;
    bool told = tell_missing_among(&aside, reg);
    for (size_t i = 0; told && i < c->texts.n; i++)
        if (str_eq(c->texts.v[i], buf_str(&words))) {
            buf_free(&words);
            return true;
        }
    if (told)
        VEC_PUSH(&c->scratch, &c->texts, arena_str(&c->scratch, buf_str(&words)));
    buf_free(&words);
    return told;
}

static void add_name(Causes *c, CauseName name) {
    for (size_t i = 0; i < c->names.n; i++) {
        const CauseName *known = &c->names.v[i];
        if (str_eq(known->name, name.name) && compare_times(c->t, &known->time, &name.time) == 0)
            return;
    }
    VEC_PUSH(&c->scratch, &c->names, name);
}

// An earlier figure without a row is told of as its period.
static void add_load(Causes *c, const Load *l, Why why, bool in_span) {
    const Metric *m = &c->t->vm->program->metrics[l->metric];
    SpanFigure time = {NO_REG, l->within > 0 ? 0 : l->back, l->within > 0 ? 0 : l->years};
    bool hole = (time.back > 0 || time.years > 0) && (why & WHY(REASON_NO_ROW));
    if (hole || in_span)
        why = (Why)(why & ~WHY(REASON_NO_ROW));
    if (hole && !in_span)
        causes_add_hole(c, time);
    c->why |= in_span ? 0 : why;
    bool untimed = in_span || !why;
    add_name(c, (CauseName){.name = m->label.len > 0 ? m->label : m->name,
                            .time = untimed ? (SpanFigure){.reg = NO_REG} : time});
}

// What stands behind a register that is missing.
typedef enum Behind { BEHIND_NOTHING, BEHIND_FIGURE, BEHIND_SPAN } Behind;

static void follow_span(Causes *c, const PeriodSpan *span, Why why, uint8_t *behind) {
    causes_add_span(c, span, why);
    for (uint32_t i = 0; i < span->n; i++)
        if (behind[span->figures[i].reg] == BEHIND_NOTHING)
            behind[span->figures[i].reg] = BEHIND_SPAN;
}

// Goes on to the operands that are missing. What none of them is missing for is its own cause.
static void follow_operands(Causes *c, const Instr *in, Why why, uint8_t *behind) {
    const uint16_t operands[] = {in->a, in->b, in->c};
    Why own = why;
    for (size_t k = 0; k < sizeof operands / sizeof *operands; k++) {
        if (operands[k] == NO_REG)
            continue;
        Why theirs = vm_whys(c->t->vm, operands[k])[c->t->lane];
        own = (Why)(own & ~theirs);
        if ((theirs & why) && behind[operands[k]] != BEHIND_FIGURE)
            behind[operands[k]] = behind[in->dst];
    }
    if (behind[in->dst] == BEHIND_FIGURE)
        c->why |= own;
}

void causes_trace(Causes *c, uint16_t reg) {
    const Program *p = c->t->vm->program;
    const Function *fn = &c->t->kpi->fn;
    uint8_t *behind = ARENA_ARRAY(&c->scratch, uint8_t, fn->n_regs);
    if (!behind)
        return;
    behind[reg] = BEHIND_FIGURE;
    for (uint32_t i = fn->first + fn->n; i-- > fn->first;) {
        const Instr *in = &p->code[i];
        if (in->dst == NO_REG || behind[in->dst] == BEHIND_NOTHING)
            continue;
        Why why = vm_whys(c->t->vm, in->dst)[c->t->lane];
        if (!why)
            continue;
        if (in->op == OP_SPAN)
            follow_span(c, &p->spans[in->imm], why, behind);
        else if (in->op == OP_LOAD || in->op == OP_LOAD_TEXT)
            add_load(c, &p->loads[in->imm], why, behind[in->dst] == BEHIND_SPAN);
        else
            follow_operands(c, in, why, behind);
        if (in->op == OP_AMONG)
            add_name(c,
                     (CauseName){.name = p->series[p->amongs[in->imm].series].text, .among = true});
    }
}

bool tell_cause_names(const Causes *c) {
    Buf *out = c->t->out;
    for (size_t i = c->names.n; i-- > 0;) { // the last in the code was met first
        const CauseName *n = &c->names.v[i];
        buf_puts(out, i + 1 == c->names.n ? "" : i == 0 ? " and " : ", ");
        tell_name(out, n->name);
        buf_puts(out, n->among ? " among others" : "");
        if (n->time.back == 0 && n->time.years == 0)
            continue;
        buf_puts(out, " in ");
        tell_period_of(c->t, &n->time);
    }
    return c->names.n > 0;
}

static void tell_holes(const Causes *c) {
    for (size_t i = 0; i < c->holes.n && i < MAX_PERIODS; i++) {
        buf_puts(c->t->out, i == 0 ? "no figure for " : ", ");
        tell_period_of(c->t, &c->holes.v[i]);
    }
    if (c->holes.n > MAX_PERIODS)
        buf_printf(c->t->out, " and %zu more", c->holes.n - MAX_PERIODS);
}

void tell_causes(const Causes *c) {
    size_t n = 0;
    for (Why left = c->why; left; left &= (Why)(left - 1)) {
        buf_puts(c->t->out, n++ > 0 ? "; " : "");
        buf_put(c->t->out, why_words(left));
    }
    for (size_t i = 0; i < c->texts.n; i++) {
        buf_puts(c->t->out, n++ > 0 ? "; " : "");
        buf_put(c->t->out, c->texts.v[i]);
    }
    buf_puts(c->t->out, n > 0 && c->holes.n > 0 ? "; " : "");
    tell_holes(c);
}

const Instr *telling_gate(const Telling *t, uint16_t judged) {
    const Program *p = t->vm->program;
    for (uint32_t i = t->kpi->fn.first; i < t->kpi->fn.first + t->kpi->fn.n; i++)
        if (p->code[i].op == OP_GATE && p->code[i].dst == judged)
            return &p->code[i];
    return NULL;
}

void tell_needs(const Telling *t, uint16_t needs) {
    Causes c;
    causes_init(&c, t);
    causes_trace(&c, needs);
    buf_puts(t->out, "whether it may be judged depends on ");
    if (!tell_cause_names(&c))
        buf_puts(t->out, "what is not known");
    buf_puts(t->out, ": ");
    tell_causes(&c);
    causes_free(&c);
}
