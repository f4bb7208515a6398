// SPDX-License-Identifier: Apache-2.0
#include "runtime/engine/plan.h"

#include <string.h>

#include "runtime/engine/hand.h"

enum { LOOK_BACK = 64 }; // instructions among which an equal one is looked for

typedef struct Planner {
    Arena *arena;
    const Program *p;
    const Function *fn;
    bool *wanted;       // by register
    uint16_t *n_writes; // by register
    uint16_t *same;     // by register: the one that holds the same, itself at first
    Plan *out;
} Planner;

static const Instr *code_of(const Planner *pl) {
    return pl->p->code + pl->fn->first;
}

static void want(Planner *pl, uint16_t reg) {
    if (reg != NO_REG)
        pl->wanted[reg] = true;
}

static void want_span(Planner *pl, const PeriodSpan *w) {
    for (uint32_t i = 0; i < w->n; i++)
        want(pl, w->figures[i].reg);
}

static void want_blocks(Planner *pl, const Dated *d) {
    for (uint32_t i = 0; i < d->n; i++)
        want(pl, d->v[i].status);
}

// A level of a chart is told with the limits and the rule.
static void want_charts(Planner *pl) {
    for (uint32_t i = 0; i < pl->fn->n; i++)
        if (op_info[pl->p->code[pl->fn->first + i].op].imm == IMM_CHART)
            want(pl, pl->p->code[pl->fn->first + i].dst);
}

// The registers that a fact is told from; else those that a comparator is missed by.
static void want_fact(Planner *pl, const Fact *f, bool all) {
    if (all || f->kind == FACT_DISTANCE || f->kind == FACT_COMPARE)
        want(pl, f->b);
    if (!all)
        return;
    if (f->kind == FACT_SPAN)
        want_span(pl, &pl->p->spans[f->span]);
    if (f->kind == FACT_CHART)
        want_charts(pl);
    want(pl, f->truth);
    want(pl, f->a);
    want(pl, f->c);
}

static bool has_line(const Instr *in) {
    return op_info[in->op].imm == IMM_LINE;
}

// Why a status line held is told from its facts; that it could not be decided for want of a
// comparator is told of any status.
static void want_facts(Planner *pl, bool all) {
    const Instr *code = code_of(pl);
    for (uint32_t i = 0; i < pl->fn->n; i++) {
        if (!has_line(&code[i]))
            continue;
        const StatusLine *line = &pl->p->lines[code[i].imm];
        for (uint32_t k = 0; k < line->n_facts; k++)
            want_fact(pl, &pl->p->facts[line->first_fact + k], all);
    }
}

static void want_kpi(Planner *pl, const Kpi *k, unsigned needs) {
    want(pl, k->value);
    want(pl, k->judged);
    for (uint32_t i = 0; i < k->n_levels; i++)
        want(pl, k->levels[i].reg);
    for (uint32_t i = 0; i < k->n_figures; i++)
        want(pl, k->figures[i].reg);
    if (k->has_status)
        want(pl, k->status);
    if (needs & PLAN_PREVIOUS)
        want(pl, k->previous);
    if (needs & PLAN_DIRECTION)
        want(pl, k->direction);
    want_facts(pl, (needs & PLAN_REASON) != 0);
}

// Marks the instructions that the wanted registers depend on. A status is written by many
// instructions, so every write of a wanted register counts.
static void mark_live(Planner *pl, bool *live) {
    const Instr *code = code_of(pl);
    for (uint32_t i = pl->fn->n; i-- > 0;) {
        live[i] = pl->wanted[code[i].dst];
        if (!live[i])
            continue;
        want(pl, code[i].a);
        want(pl, code[i].b);
        want(pl, code[i].c);
        if (op_info[code[i].op].imm == IMM_SPAN)
            want_span(pl, &pl->p->spans[code[i].imm]);
        if (code[i].op == OP_TAKE_DATED)
            want_blocks(pl, &pl->p->dated[code[i].imm]);
    }
}

static bool written_once(const Planner *pl, uint16_t reg) {
    return reg == NO_REG || pl->n_writes[reg] == 1;
}

// An earlier instruction that gives the same, or NULL. Only registers that are written once can
// stand for each other.
static const Instr *find_equal(const Planner *pl, const Instr *in) {
    if (!written_once(pl, in->dst) || !written_once(pl, in->a) || !written_once(pl, in->b) ||
        !written_once(pl, in->c))
        return NULL;
    uint32_t from = pl->out->n > LOOK_BACK ? pl->out->n - LOOK_BACK : 0;
    for (uint32_t i = from; i < pl->out->n; i++) {
        const Instr *other = &pl->out->code[i];
        if (other->op == in->op && other->a == in->a && other->b == in->b && other->c == in->c &&
            other->imm == in->imm && written_once(pl, other->dst))
            return other;
    }
    return NULL;
}

static uint16_t resolve(const Planner *pl, uint16_t reg) {
    return reg == NO_REG ? NO_REG : pl->same[reg];
}

// A figure that is given is that of whoever gives it.
static void note_sets(Planner *pl, const Instr *in) {
    for (size_t i = 0; pl->p->hand && i < pl->fn->n_settables; i++) {
        const Settable *s = &pl->fn->settables[i];
        if (s->reg == in->dst && in->op != OP_GIVEN && hand_speaks_of(pl->p->hand, s))
            pl->out->sets[pl->out->n_sets++] = (PlanSet){pl->out->n, s};
    }
}

static void add(Planner *pl, Instr in, bool share) {
    Plan *out = pl->out;
    in.a = resolve(pl, in.a);
    in.b = resolve(pl, in.b);
    in.c = resolve(pl, in.c);
    const Instr *equal = share ? find_equal(pl, &in) : NULL;
    if (equal) {
        pl->same[in.dst] = equal->dst;
        out->copies[out->n_copies++] = (PlanCopy){in.dst, equal->dst};
        return;
    }
    if (op_info[in.op].imm == IMM_LOAD)
        out->history |= !load_is_own(&pl->p->loads[in.imm]);
    note_sets(pl, &in);
    out->code[out->n++] = in;
}

static void list_registers(Planner *pl) {
    Plan *out = pl->out;
    memset(pl->wanted, 0, pl->fn->n_regs * sizeof *pl->wanted);
    for (uint32_t i = 0; i < out->n; i++) {
        uint16_t reg = out->code[i].dst;
        if (!pl->wanted[reg])
            out->regs[out->n_regs++] = reg;
        pl->wanted[reg] = true;
    }
}

static bool begin(Planner *pl, Arena *a, const Program *p, const Function *fn, Plan *out) {
    *out = (Plan){.fn = fn,
                  .code = ARENA_ARRAY(a, Instr, fn->n),
                  .regs = ARENA_ARRAY(a, uint16_t, fn->n_regs),
                  .copies = ARENA_ARRAY(a, PlanCopy, fn->n)};
    *pl = (Planner){.arena = a, .p = p, .fn = fn, .out = out};
    pl->wanted = ARENA_ARRAY(a, bool, fn->n_regs);
    pl->n_writes = ARENA_ARRAY(a, uint16_t, fn->n_regs);
    pl->same = ARENA_ARRAY(a, uint16_t, fn->n_regs);
    out->sets = ARENA_ARRAY(a, PlanSet, p->hand ? fn->n_settables : 0);
    if (a->failed)
        return false;
    for (uint16_t i = 0; i < fn->n_regs; i++)
        pl->same[i] = i;
    for (uint32_t i = 0; i < fn->n; i++)
        pl->n_writes[p->code[fn->first + i].dst]++;
    for (size_t i = 0; p->hand && i < fn->n_settables; i++)
        pl->n_writes[fn->settables[i].reg] += hand_speaks_of(p->hand, &fn->settables[i]);
    return true;
}

static bool keep_wanted(Planner *pl) {
    bool *live = ARENA_ARRAY(pl->arena, bool, pl->fn->n);
    if (!live)
        return false;
    mark_live(pl, live);
    for (uint32_t i = 0; i < pl->fn->n; i++) {
        if (live[i])
            add(pl, code_of(pl)[i], true);
    }
    list_registers(pl);
    return true;
}

bool plan_make(Arena *a, const Program *p, const Kpi *kpi, unsigned needs, Plan *out) {
    Planner pl;
    if (!begin(&pl, a, p, &kpi->fn, out))
        return false;
    want_kpi(&pl, kpi, needs);
    return keep_wanted(&pl);
}

bool plan_registers(Arena *a, const Program *p, const Function *fn, const uint16_t *regs, size_t n,
                    Plan *out) {
    Planner pl;
    if (!begin(&pl, a, p, fn, out))
        return false;
    for (size_t i = 0; i < n; i++)
        want(&pl, regs[i]);
    return keep_wanted(&pl);
}

bool plan_register(Arena *a, const Program *p, const Function *fn, uint16_t reg, Plan *out) {
    return plan_registers(a, p, fn, &reg, 1, out);
}

bool plan_whole(Arena *a, const Program *p, const Function *fn, Plan *out) {
    Planner pl;
    if (!begin(&pl, a, p, fn, out))
        return false;
    for (uint32_t i = 0; i < fn->n; i++)
        add(&pl, code_of(&pl)[i], false);
    list_registers(&pl);
    return true;
}

bool plan_stays_with(const Program *p, const Plan *plan, uint32_t metric) {
    for (uint32_t i = 0; i < plan->n; i++) {
        const Instr *in = &plan->code[i];
        if (in->op == OP_AMONG || op_info[in->op].imm == IMM_CHART)
            return false;
        if (op_info[in->op].imm != IMM_LOAD)
            continue;
        const Load *load = &p->loads[in->imm];
        if (load->metric != metric || !load_is_own(load))
            return false;
    }
    return true;
}
