// SPDX-License-Identifier: Apache-2.0
// Figures on a path: variables, what is one of a few, and what is worked out from them.
#include <string.h>

#include "runtime/data/figure_domain.h"
#include "runtime/prove/path_parts.h"

enum {
    MOST_READS = 64,   // loads of a KPI that are told apart
    MOST_TARGETS = 16, // different values of a trajectory
};

// ---- variables ----------------------------------------------------------------------------------

// The loads that [reg] is made from, a bit each.
static uint64_t reads_of(Paths *x, uint16_t reg) {
    if (reg == NO_REG || x->cones[reg] == x->cone)
        return 0;
    x->cones[reg] = x->cone;
    const Instr *in = paths_definition(x, reg);
    if (in->op == OP_LOAD || in->op == OP_LOAD_TEXT)
        return UINT64_C(1) << in->imm % MOST_READS;
    if (x->kpi->fn.reg_kind[reg] == KIND_STATUS)
        return 0;
    uint64_t reads = reads_of(x, in->a) | reads_of(x, in->b) | reads_of(x, in->c);
    const PeriodSpan *span = in->op == OP_SPAN ? &x->program->spans[in->imm] : NULL;
    for (uint32_t i = 0; span && i < span->n; i++)
        reads |= reads_of(x, span->figures[i].reg);
    return reads;
}

uint64_t paths_loads(Paths *x, uint16_t reg) {
    x->cone++;
    return reads_of(x, reg);
}

static void set_domain(const Paths *x, PathVar *v) {
    const Instr *in = paths_definition(x, v->reg);
    FigureDomain d = figure_domain(x->program, paths_code(x, 0), x->defs, v->reg);
    v->whole = d.whole;
    if (d.has_low)
        v->low = (LinearEnd){true, false, d.low};
    if (d.has_high)
        v->high = (LinearEnd){true, false, d.high};
    if (in->op == OP_PERIOD_END) {
        v->low = x->from;
        v->high = x->to;
    }
}

static bool same_load(const Paths *x, uint32_t a, uint32_t b) {
    const Load *p = &x->program->loads[a], *q = &x->program->loads[b];
    return p->metric == q->metric && p->field == q->field && p->back == q->back &&
           p->years == q->years && p->within == q->within;
}

size_t paths_var(const Paths *x, uint16_t reg) {
    const Instr *in = paths_definition(x, reg);
    for (size_t i = 0; i < x->n_vars; i++) {
        uint32_t load = x->vars[i].load;
        if (x->vars[i].reg == reg ||
            (in->op == OP_LOAD && load != UINT32_MAX && same_load(x, in->imm, load)))
            return i;
    }
    return LINEAR_MAX_VARS;
}

// Can it be anything, whatever the row's own figure is? The others can make a mean or median so.
static bool among_is_free(const Among *m) {
    return m->kind == AMONG_MEAN || m->kind == AMONG_MEDIAN || m->kind == AMONG_ENTITY;
}

static size_t new_var(Paths *x, uint16_t reg) {
    if (x->n_vars == LINEAR_MAX_VARS) {
        path_give_up(x);
        return LINEAR_MAX_VARS;
    }
    const Instr *in = paths_definition(x, reg);
    PathVar *v = &x->vars[x->n_vars];
    x->cone++;
    *v = (PathVar){
        .reg = reg, .load = in->op == OP_LOAD ? in->imm : UINT32_MAX, .reads = reads_of(x, reg)};
    set_domain(x, v);
    // A place among others, or the least of them, hangs on the figure that is placed.
    bool hangs = in->op == OP_AMONG && !among_is_free(&x->program->amongs[in->imm]);
    if (hangs)
        path_say_inexact(x, reg);
    // Two figures that share something they are made from are not free of each other.
    for (size_t i = 0; i < x->n_vars; i++)
        if (x->vars[i].reads & v->reads)
            path_say_inexact(x, reg);
    x->whole[x->n_vars] = v->whole;
    return x->n_vars++;
}

static Way domain_of(Paths *x, size_t i) {
    const PathVar *v = &x->vars[i];
    Way way = {.n = 0};
    Linear form = linear_var(i), negative = linear_const(number_int(0));
    negative.c[i] = number_int(-1);
    if (v->low.bounded) {
        negative.k = v->low.at;
        way.v[way.n++] = path_below(&negative, v->low.open);
    }
    if (v->high.bounded) {
        if (!number_neg(x->arena, v->high.at, &form.k))
            path_give_up(x);
        way.v[way.n++] = path_below(&form, v->high.open);
    }
    return way;
}

static PathNumber variable(Paths *x, uint16_t reg) {
    PathNumber missing = {.missing = true, .form = linear_const(number_int(0))};
    size_t i = paths_var(x, reg);
    if (i == LINEAR_MAX_VARS)
        i = new_var(x, reg);
    if (i == LINEAR_MAX_VARS)
        return missing;
    if (x->known[i] == PATH_UNSEEN) {
        Way ways[2] = {domain_of(x, i), {.n = 0}};
        x->known[i] = path_go(x, ways, 2) == 0 ? PATH_KNOWN : PATH_MISSING;
    }
    if (x->known[i] == PATH_MISSING)
        return missing;
    return (PathNumber){.form = linear_var(i)};
}

// ---- numbers ------------------------------------------------------------------------------------

static PathNumber missing_number(void) {
    return (PathNumber){.missing = true, .form = linear_const(number_int(0))};
}

static PathNumber const_number(Number n) {
    return (PathNumber){.form = linear_const(n)};
}

static PathNumber checked(Paths *x, bool ok, const Linear *form) {
    if (!ok)
        path_give_up(x);
    return (PathNumber){.form = ok ? *form : linear_const(number_int(0))};
}

static PathNumber scaled(Paths *x, const PathNumber *a, Number by) {
    Linear form;
    bool ok = linear_scale(x->arena, &a->form, by, &form);
    return checked(x, ok, &form);
}

static PathNumber lesser(Paths *x, const PathNumber *a, const PathNumber *b, bool greater) {
    Linear d;
    path_difference(x, a, b, &d);
    bool a_below = path_go_by_sign(x, &d, 0) == 0;
    return a_below != greater ? *a : *b;
}

// A product or quotient; one of something that is no constant stands for itself.
static PathNumber product(Paths *x, const Instr *in, const PathNumber *a, const PathNumber *b) {
    Number by;
    if (in->op == OP_MUL && linear_is_const(&a->form))
        return scaled(x, b, a->form.k);
    if (in->op == OP_MUL && linear_is_const(&b->form))
        return scaled(x, a, b->form.k);
    if (in->op != OP_MUL && linear_is_const(&b->form)) {
        if (number_is_zero(b->form.k))
            return missing_number();
        if (!number_div(x->arena, in->op == OP_SHARE ? x->program->consts[in->imm] : number_int(1),
                        b->form.k, &by))
            return checked(x, false, NULL);
        return scaled(x, a, by);
    }
    return variable(x, in->dst);
}

// ---- choices ------------------------------------------------------------------------------------

PathChoice *paths_choice(Paths *x, const Instr *in) {
    for (size_t i = 0; i < x->n_chosen; i++) {
        PathChoice *c = &x->choices[i];
        bool is_it = in->op == OP_ENTITY || in->imm == c->imm ||
                     (in->op == OP_LOAD_TEXT && same_load(x, in->imm, c->imm));
        if (in->op == c->op && is_it)
            return c;
    }
    return NULL;
}

PathChoice *path_choice_of(Paths *x, const Instr *in) {
    PathChoice *c = paths_choice(x, in);
    if (c)
        return c;
    if (x->n_chosen == PATHS_MAX_CHOICES) {
        path_give_up(x);
        return NULL;
    }
    c = &x->choices[x->n_chosen++];
    *c = (PathChoice){(Opcode)in->op, in->imm, PATH_CHOICE_UNSEEN};
    return c;
}

size_t paths_constants_beside(Paths *x, const PathChoice *c, uint32_t *ids, size_t most) {
    size_t n = 0;
    for (size_t i = 0; i < x->kpi->fn.n; i++) {
        const Instr *in = paths_code(x, i);
        if (in->op != OP_SAME_TEXT)
            continue;
        const Instr *a = paths_definition(x, in->a), *b = paths_definition(x, in->b);
        const Instr *text = a->op == OP_CONST_TEXT ? b : a, *k = a->op == OP_CONST_TEXT ? a : b;
        if (k->op != OP_CONST_TEXT || text->op == OP_CONST_TEXT || paths_choice(x, text) != c)
            continue;
        bool seen = false;
        for (size_t m = 0; m < n; m++)
            seen |= ids[m] == k->imm;
        if (!seen && n < most)
            ids[n++] = k->imm;
    }
    return n;
}

static PathNumber trajectory(Paths *x, const Instr *in) {
    const Trajectory *t = &x->program->trajectories[in->imm];
    if (t->n > MOST_TARGETS) {
        // Any figure may be the target then, not only those that are planned.
        path_say_inexact(x, in->dst);
        return variable(x, in->dst);
    }
    PathChoice *c = path_choice_of(x, in);
    if (!c)
        return missing_number();
    if (c->is == PATH_CHOICE_UNSEEN) {
        Way ways[MOST_TARGETS + 1] = {0};
        size_t way = path_go(x, ways, t->n + 1);
        c->is = way < t->n ? (int32_t)way : PATH_CHOICE_MISSING;
    }
    return c->is < 0 ? missing_number()
                     : const_number(x->program->consts[t->values[(uint32_t)c->is]]);
}

// ---- arithmetic ---------------------------------------------------------------------------------

static PathNumber two_numbers(Paths *x, const Instr *in) {
    PathNumber a = path_number(x, in->a);
    if (a.missing)
        return a;
    PathNumber b = path_number(x, in->b);
    if (b.missing)
        return b;
    Linear form;
    switch (in->op) {
    case OP_ADD:
        return checked(x, linear_add(x->arena, &a.form, &b.form, &form), &form);
    case OP_SUB:
        return checked(x, linear_sub(x->arena, &a.form, &b.form, &form), &form);
    case OP_MIN:
    case OP_MAX:
        return lesser(x, &a, &b, in->op == OP_MAX);
    default:
        return product(x, in, &a, &b);
    }
}

static PathNumber rounded(Paths *x, const Instr *in) {
    PathNumber a = path_number(x, in->a);
    Number n;
    if (a.missing)
        return a;
    if (!linear_is_const(&a.form))
        return variable(x, in->dst);
    if (!number_round(x->arena, a.form.k, in->imm & 0xFF, (RoundMode)(in->imm >> 8), &n))
        return checked(x, false, NULL);
    return const_number(n);
}

static PathNumber work_out(Paths *x, uint16_t reg) {
    const Instr *in = paths_definition(x, reg);
    // The KPI's value and the one before are what they are, however they were worked out.
    if (reg == x->kpi->judged || reg == x->kpi->previous)
        return variable(x, reg);
    PathNumber a;
    switch (in->op) {
    case OP_CONST:
        return const_number(x->program->consts[in->imm]);
    case OP_MISSING:
        return missing_number();
    case OP_TRAJECTORY:
        return trajectory(x, in);
    case OP_ADD:
    case OP_SUB:
    case OP_MUL:
    case OP_DIV:
    case OP_SHARE:
    case OP_MIN:
    case OP_MAX:
        return two_numbers(x, in);
    case OP_NEG:
        a = path_number(x, in->a);
        return a.missing ? a : scaled(x, &a, number_int(-1));
    case OP_ABS:
        a = path_number(x, in->a);
        return a.missing || path_go_by_sign(x, &a.form, 2) == 2 ? a : scaled(x, &a, number_int(-1));
    case OP_ROUND:
        return rounded(x, in);
    case OP_ELSE:
        a = path_number(x, in->a);
        return a.missing ? path_number(x, in->b) : a;
    case OP_GATE:
        return path_truth(x, in->b) == PATH_YES ? path_number(x, in->a) : missing_number();
    default: // OP_LOAD, OP_PERIOD_END, OP_SPAN, OP_AMONG
        return variable(x, reg);
    }
}

bool path_is_worked_out(Paths *x, uint16_t reg) {
    return x->stamps[reg] == x->stamp;
}

PathNumber path_number(Paths *x, uint16_t reg) {
    if (!path_is_worked_out(x, reg)) {
        x->numbers[reg] = work_out(x, reg);
        x->stamps[reg] = x->stamp;
    }
    return x->numbers[reg];
}
