// SPDX-License-Identifier: Apache-2.0
// The code of a row is walked once over forms in place of numbers. Where two ways are open (the
// larger of two, a size) a register holds the forms of both: that gives more points than there are,
// and the machine says at which of them something changes.
#include "runtime/engine/nearest_points.h"

#include <stdlib.h>

// mul * figure + add; with [rounded] that rounded, and outer_mul times it + outer_add.
typedef struct Form {
    Number mul, add;
    bool rounded;
    unsigned decimals;
    RoundMode mode;
    Number outer_mul, outer_add;
} Form;

enum { MOST_FORMS = 8 }; // of one register

typedef struct Forms { // none: the number is missing
    Form v[MOST_FORMS];
    size_t n;
} Forms;

typedef struct Walk {
    const Nearest *x;
    const Vm *vm;
    Arena *arena;
    Forms **forms; // by register, of those that hang on the figure
    NearestPoints *points;
    NearestAnswer answer;
} Walk;

static bool is_constant(const Form *f) {
    return number_is_zero(f->mul) || (f->rounded && number_is_zero(f->outer_mul));
}

// ---- points -------------------------------------------------------------------------------------

static void curved(Walk *w) {
    if (w->answer == NEAREST_KNOWN)
        w->answer = NEAREST_CURVED;
}

static void add_point(Walk *w, Number at) {
    // Each is found by many comparisons, so they are parted and counted when all are there.
    if (w->points->n > (size_t)NEAREST_MAX_POINTS * MOST_FORMS * MOST_FORMS)
        w->answer = NEAREST_MANY;
    else if (w->answer == NEAREST_KNOWN)
        VEC_PUSH(w->arena, w->points, at);
}

// Where mul * figure + add is [to].
static void solve_inner(Walk *w, const Form *f, Number to) {
    Number at;
    if (!number_sub(w->arena, to, f->add, &at) || !number_div(w->arena, at, f->mul, &at))
        curved(w);
    else
        add_point(w, at);
}

// Half a step of the last decimal to either side of a rounded number it goes over to the next.
static void solve_rounded(Walk *w, const Form *f, Number to) {
    Number half = {1, 2}, step = {1, 10}, below, above;
    bool ok = number_sub(w->arena, to, f->outer_add, &to) &&
              number_div(w->arena, to, f->outer_mul, &to) &&
              number_round(w->arena, to, f->decimals, f->mode, &to);
    for (unsigned i = 0; ok && i < f->decimals; i++)
        ok = number_mul(w->arena, half, step, &half);
    if (!ok || !number_sub(w->arena, to, half, &below) || !number_add(w->arena, to, half, &above)) {
        curved(w);
        return;
    }
    solve_inner(w, f, below);
    solve_inner(w, f, above);
}

// Where the form passes a number.
static void solve(Walk *w, const Form *f, Number to) {
    if (is_constant(f))
        return;
    if (f->rounded)
        solve_rounded(w, f, to);
    else
        solve_inner(w, f, to);
}

// Where two forms pass each other.
static void solve_both(Walk *w, const Form *a, const Form *b) {
    if (is_constant(b)) {
        solve(w, a, b->add);
    } else if (is_constant(a)) {
        solve(w, b, a->add);
    } else if (a->rounded || b->rounded) {
        curved(w);
    } else {
        Form difference = {.mul = number_int(0)};
        if (!number_sub(w->arena, a->mul, b->mul, &difference.mul) ||
            !number_sub(w->arena, a->add, b->add, &difference.add))
            curved(w);
        else
            solve(w, &difference, number_int(0));
    }
}

// ---- forms --------------------------------------------------------------------------------------

static Form constant(Number n) {
    return (Form){.mul = number_int(0), .add = n};
}

static Forms forms_of(const Walk *w, uint16_t reg) {
    if (w->x->hangs[reg])
        return *w->forms[reg];
    Why why;
    Number n = vm_number(w->vm, reg, 0, &why);
    return why ? (Forms){.n = 0} : (Forms){.v = {constant(n)}, .n = 1};
}

static void add_form(Walk *w, Forms *to, Form f) {
    if (to->n == MOST_FORMS)
        curved(w);
    else
        to->v[to->n++] = f;
}

static void unite(Walk *w, Forms *to, const Forms *from) {
    for (size_t i = 0; i < from->n; i++)
        add_form(w, to, from->v[i]);
}

static bool scale(Arena *a, Form *f, Number by) {
    if (f->rounded)
        return number_mul(a, f->outer_mul, by, &f->outer_mul) &&
               number_mul(a, f->outer_add, by, &f->outer_add);
    return number_mul(a, f->mul, by, &f->mul) && number_mul(a, f->add, by, &f->add);
}

static bool shift(Arena *a, Form *f, Number by) {
    return number_add(a, f->rounded ? f->outer_add : f->add, by,
                      f->rounded ? &f->outer_add : &f->add);
}

// A form that does not move is that of a plain number.
static Form settled(const Form *f) {
    return is_constant(f) ? constant(f->rounded ? f->outer_add : f->add) : *f;
}

static bool sum(Arena *a, Form x, Form y, Form *out) {
    if (is_constant(&x) || is_constant(&y)) {
        *out = is_constant(&x) ? y : x;
        return shift(a, out, is_constant(&x) ? x.add : y.add);
    }
    *out = x;
    return !x.rounded && !y.rounded && number_add(a, x.mul, y.mul, &out->mul) &&
           number_add(a, x.add, y.add, &out->add);
}

static bool difference(Arena *a, Form x, Form y, Form *out) {
    return scale(a, &y, number_int(-1)) && sum(a, x, y, out);
}

static bool product(Arena *a, Form x, Form y, Form *out) {
    *out = is_constant(&x) ? y : x;
    return (is_constant(&x) || is_constant(&y)) && scale(a, out, is_constant(&x) ? x.add : y.add);
}

// A form of 0 below the line never comes here.
static bool quotient(Arena *a, Form x, Form y, Form *out) {
    Number by;
    *out = x;
    return is_constant(&y) && number_div(a, number_int(1), y.add, &by) && scale(a, out, by);
}

typedef bool Combine(Arena *a, Form x, Form y, Form *out);

static void combine(Walk *w, const Instr *in, Combine *how, Forms *out) {
    Forms a = forms_of(w, in->a), b = forms_of(w, in->b);
    for (size_t i = 0; i < a.n; i++) {
        for (size_t k = 0; k < b.n; k++) {
            Form f;
            if (how == quotient && is_constant(&b.v[k]) && number_is_zero(b.v[k].add))
                continue; // missing
            if (how(w->arena, a.v[i], b.v[k], &f))
                add_form(w, out, settled(&f));
            else
                curved(w);
        }
    }
}

static void solve_all(Walk *w, const Forms *a, const Forms *b) {
    for (size_t i = 0; i < a->n; i++)
        for (size_t k = 0; k < b->n; k++)
            solve_both(w, &a->v[i], &b->v[k]);
}

static void scale_all(Walk *w, Forms *forms, Number by) {
    for (size_t i = 0; i < forms->n; i++) {
        if (!scale(w->arena, &forms->v[i], by))
            curved(w);
        forms->v[i] = settled(&forms->v[i]);
    }
}

static void size_of(Walk *w, const Instr *in, Forms *out) {
    Forms a = forms_of(w, in->a), zero = {.v = {constant(number_int(0))}, .n = 1};
    solve_all(w, &a, &zero);
    unite(w, out, &a);
    scale_all(w, &a, number_int(-1));
    unite(w, out, &a);
}

static void round_form(Walk *w, Form *f, unsigned decimals, RoundMode mode) {
    if (is_constant(f)) {
        if (!number_round(w->arena, f->add, decimals, mode, &f->add))
            curved(w);
    } else if (f->rounded) {
        curved(w);
    } else {
        f->rounded = true;
        f->decimals = decimals;
        f->mode = mode;
        f->outer_mul = number_int(1);
        f->outer_add = number_int(0);
    }
}

static void round_all(Walk *w, Forms *forms, unsigned decimals, RoundMode mode) {
    for (size_t i = 0; i < forms->n; i++)
        round_form(w, &forms->v[i], decimals, mode);
}

// ---- instructions -------------------------------------------------------------------------------

static void choose(Walk *w, const Instr *in, bool compared, Forms *out) {
    Forms a = forms_of(w, in->a), b = forms_of(w, in->b);
    if (compared)
        solve_all(w, &a, &b);
    unite(w, out, &a);
    unite(w, out, &b);
}

static void compare(Walk *w, const Instr *in) {
    Forms a = forms_of(w, in->a), b = forms_of(w, in->b);
    solve_all(w, &a, &b);
}

static void cut(Walk *w, uint16_t reg, const BandTable *t) {
    Forms a = forms_of(w, reg);
    if (t->rounded)
        round_all(w, &a, t->decimals, (RoundMode)t->mode);
    for (size_t i = 0; i < a.n; i++)
        for (uint32_t k = 0; k < t->n_cuts; k++)
            solve(w, &a.v[i], t->cuts[k].at);
}

// Those of all times: it costs little, and which applies is the machine's to say.
static void cut_dated(Walk *w, uint16_t reg, const Dated *d) {
    for (uint32_t i = 0; i < d->n; i++)
        cut(w, reg, &w->x->program->band_tables[d->v[i].band_table]);
}

// Above by more than the margin, below by more than it, or neither.
static void direction(Walk *w, const Instr *in) {
    Forms gap = {.n = 0}, margin = forms_of(w, in->c), below = margin;
    combine(w, in, difference, &gap);
    scale_all(w, &below, number_int(-1));
    solve_all(w, &gap, &margin);
    solve_all(w, &gap, &below);
}

static void assurance(Walk *w, const Instr *in) {
    Forms low = forms_of(w, in->a), high = forms_of(w, in->b), target = forms_of(w, in->c);
    solve_all(w, &target, &low);
    solve_all(w, &target, &high);
}

static void chart(Walk *w) {
    if (w->answer == NEAREST_KNOWN)
        w->answer = NEAREST_CHART;
}

// An instruction of which an operand hangs on the figure. [out] is that of a number.
static void walk_one(Walk *w, const Instr *in, Forms *out) {
    const Program *p = w->x->program;
    Forms a;
    switch ((Opcode)in->op) {
    case OP_ADD:
        combine(w, in, sum, out);
        break;
    case OP_SUB:
        combine(w, in, difference, out);
        break;
    case OP_MUL:
        combine(w, in, product, out);
        break;
    case OP_DIV:
        combine(w, in, quotient, out);
        break;
    case OP_SHARE:
        combine(w, in, quotient, out);
        scale_all(w, out, p->consts[in->imm]);
        break;
    case OP_NEG:
        *out = forms_of(w, in->a);
        scale_all(w, out, number_int(-1));
        break;
    case OP_ABS:
        size_of(w, in, out);
        break;
    case OP_MIN:
    case OP_MAX:
        choose(w, in, true, out);
        break;
    case OP_ELSE:
        choose(w, in, false, out);
        break;
    case OP_ROUND:
        *out = forms_of(w, in->a);
        round_all(w, out, in->imm & 0xFF, (RoundMode)(in->imm >> 8));
        break;
    case OP_GATE:
        a = forms_of(w, in->a);
        unite(w, out, &a);
        break;
    case OP_LT:
    case OP_LE:
    case OP_EQ:
    case OP_NE:
        compare(w, in);
        break;
    case OP_BAND:
        cut(w, in->a, &p->band_tables[in->imm]);
        break;
    case OP_BAND_DATED:
        cut_dated(w, in->a, &p->dated[in->imm]);
        break;
    case OP_DIRECTION:
        direction(w, in);
        break;
    case OP_ASSURANCE:
        assurance(w, in);
        break;
    case OP_CHART_LOW:
    case OP_CHART_MEAN:
    case OP_CHART_HIGH:
    case OP_VARIATION:
    case OP_CHART_RULE:
        chart(w);
        break;
    case OP_SPAN:
        curved(w);
        break;
    // No number among the operands, or only whether it is known, which no other figure changes.
    case OP_LOAD:
    case OP_LOAD_TEXT:
    case OP_CONST:
    case OP_MISSING:
    case OP_GIVEN:
    case OP_TRAJECTORY:
    case OP_PERIOD_END:
    case OP_AMONG:
    case OP_SAME_TEXT:
    case OP_CONST_TEXT:
    case OP_ENTITY:
    case OP_CONST_TRUTH:
    case OP_AND:
    case OP_OR:
    case OP_NOT:
    case OP_IF_KNOWN:
    case OP_KNOWN:
    case OP_CONST_LEVEL:
    case OP_GIVEN_LEVEL:
    case OP_ELSE_LEVEL:
    case OP_IS:
    case OP_OPEN:
    case OP_WHEN:
    case OP_OTHERWISE:
    case OP_CROSS:
    case OP_MAP:
    case OP_TAKE:
    case OP_TAKE_DATED:
    case OP_OVERRIDE:
    case OP_CLOSE:
    case N_OPCODES:
        break;
    }
}

// The figure itself.
static void put_figure(Forms *out) {
    *out = (Forms){.v = {{.mul = number_int(1), .add = number_int(0)}}, .n = 1};
}

static void walk(Walk *w) {
    const Nearest *x = w->x;
    for (uint32_t i = 0; i < x->given.n && w->answer == NEAREST_KNOWN; i++) {
        const Instr *in = &x->given.code[i];
        if (!x->hangs[in->dst])
            continue;
        Forms *out = NULL;
        if (x->kpi->fn.reg_kind[in->dst] == KIND_NUMBER) {
            out = w->forms[in->dst] = ARENA_NEW(w->arena, Forms);
            if (!out)
                return;
        }
        if (in->op == OP_GIVEN)
            put_figure(out);
        else
            walk_one(w, in, out);
    }
}

// ---- all ----------------------------------------------------------------------------------------

static int compare_points(const void *a, const void *b) {
    return number_cmp(*(const Number *)a, *(const Number *)b);
}

static void keep_each_once(NearestPoints *points) {
    size_t n = 0;
    if (points->n > 1)
        qsort(points->v, points->n, sizeof *points->v, compare_points);
    for (size_t i = 0; i < points->n; i++)
        if (n == 0 || number_cmp(points->v[n - 1], points->v[i]) != 0)
            points->v[n++] = points->v[i];
    points->n = n;
}

NearestAnswer nearest_points(const Nearest *x, const Vm *vm, Arena *a, NearestPoints *out) {
    *out = (NearestPoints){0};
    Walk w = {.x = x,
              .vm = vm,
              .arena = a,
              .forms = ARENA_ARRAY(a, Forms *, x->kpi->fn.n_regs),
              .points = out,
              .answer = NEAREST_KNOWN};
    if (!w.forms)
        return w.answer;
    walk(&w);
    if (x->domain.has_low)
        add_point(&w, x->domain.low);
    if (x->domain.has_high)
        add_point(&w, x->domain.high);
    keep_each_once(out);
    return w.answer == NEAREST_KNOWN && out->n > NEAREST_MAX_POINTS ? NEAREST_MANY : w.answer;
}
