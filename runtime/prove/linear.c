// SPDX-License-Identifier: Apache-2.0
#include "runtime/prove/linear.h"

enum { MOST_DECIMALS = 9 }; // of a picked number that is not a plain middle

// ---- forms --------------------------------------------------------------------------------------

Linear linear_const(Number k) {
    Linear x;
    for (size_t i = 0; i < LINEAR_MAX_VARS; i++)
        x.c[i] = number_int(0);
    x.k = k;
    return x;
}

Linear linear_var(size_t i) {
    Linear x = linear_const(number_int(0));
    x.c[i] = number_int(1);
    return x;
}

bool linear_add(Arena *a, const Linear *x, const Linear *y, Linear *out) {
    Linear sum;
    bool ok = number_add(a, x->k, y->k, &sum.k);
    for (size_t i = 0; ok && i < LINEAR_MAX_VARS; i++)
        ok = number_add(a, x->c[i], y->c[i], &sum.c[i]);
    if (ok)
        *out = sum;
    return ok;
}

bool linear_scale(Arena *a, const Linear *x, Number by, Linear *out) {
    Linear product;
    bool ok = number_mul(a, x->k, by, &product.k);
    for (size_t i = 0; ok && i < LINEAR_MAX_VARS; i++)
        ok = number_mul(a, x->c[i], by, &product.c[i]);
    if (ok)
        *out = product;
    return ok;
}

bool linear_sub(Arena *a, const Linear *x, const Linear *y, Linear *out) {
    Linear negative;
    return linear_scale(a, y, number_int(-1), &negative) && linear_add(a, x, &negative, out);
}

bool linear_is_const(const Linear *x) {
    for (size_t i = 0; i < LINEAR_MAX_VARS; i++)
        if (!number_is_zero(x->c[i]))
            return false;
    return true;
}

bool linear_at(Arena *a, const Linear *x, const Number *point, Number *out) {
    Number sum = x->k;
    for (size_t i = 0; i < LINEAR_MAX_VARS; i++) {
        Number term;
        if (!number_is_zero(x->c[i]) &&
            (!number_mul(a, x->c[i], point[i], &term) || !number_add(a, sum, term, &sum)))
            return false;
    }
    *out = sum;
    return true;
}

static bool is_met(bool strict, Number value) {
    int sign = number_sign(value);
    return sign < 0 || (sign == 0 && !strict);
}

bool linear_holds(Arena *a, const Constraint *v, size_t n, const Number *point) {
    for (size_t i = 0; i < n; i++) {
        Number value;
        if (!linear_at(a, &v[i].form, point, &value) || !is_met(v[i].strict, value))
            return false;
    }
    return true;
}

// ---- plain numbers ------------------------------------------------------------------------------

static bool power_of_ten(Arena *a, unsigned n, Number *out) {
    *out = number_int(1);
    for (unsigned i = 0; i < n; i++)
        if (!number_mul(a, *out, number_int(10), out))
            return false;
    return true;
}

// The first multiple of 1/[scale] from [end] on, going up or down; the end itself if it belongs.
static bool first_multiple(Arena *a, const LinearEnd *end, Number scale, bool up, Number *out) {
    Number scaled, whole;
    int step = up ? 1 : -1;
    if (!number_mul(a, end->at, scale, &scaled) ||
        !number_round(a, scaled, 0, ROUND_HALF_AWAY, &whole))
        return false;
    int order = number_cmp(whole, scaled) * step;
    if ((order < 0 || (order == 0 && end->open)) && !number_add(a, whole, number_int(step), &whole))
        return false;
    *out = whole;
    return true;
}

// The middle of the multiples of 1/[scale] between two ends.
static bool middle_multiple(Arena *a, const LinearEnd *low, const LinearEnd *high, Number scale,
                            Number *out) {
    Number from, to, sum, half;
    if (!first_multiple(a, low, scale, true, &from) ||
        !first_multiple(a, high, scale, false, &to) || number_cmp(from, to) > 0 ||
        !number_add(a, from, to, &sum) || !number_div(a, sum, number_int(2), &half) ||
        !number_round(a, half, 0, ROUND_HALF_EVEN, &half))
        return false;
    if (number_cmp(half, from) < 0 || number_cmp(half, to) > 0)
        half = from;
    return number_div(a, half, scale, out);
}

static bool pick_of_scale(Arena *a, const LinearEnd *low, const LinearEnd *high, Number scale,
                          Number *out) {
    Number n;
    if (low->bounded && high->bounded)
        return middle_multiple(a, low, high, scale, out);
    const LinearEnd *end = low->bounded ? low : high;
    return first_multiple(a, end, scale, low->bounded, &n) && number_div(a, n, scale, out);
}

bool linear_pick(Arena *a, const LinearEnd *low, const LinearEnd *high, bool whole,
                 unsigned decimals, Number *out) {
    if (!low->bounded && !high->bounded) {
        *out = number_int(0);
        return true;
    }
    unsigned most = whole ? 0 : decimals > MOST_DECIMALS ? decimals : MOST_DECIMALS;
    for (unsigned d = 0; d <= most; d++) {
        Number scale;
        if (power_of_ten(a, d, &scale) && pick_of_scale(a, low, high, scale, out))
            return true;
    }
    if (whole || !low->bounded || !high->bounded)
        return false;
    int order = number_cmp(low->at, high->at);
    if (order > 0 || (order == 0 && (low->open || high->open)))
        return false;
    Number sum;
    return number_add(a, low->at, high->at, &sum) && number_div(a, sum, number_int(2), out);
}

// ---- elimination --------------------------------------------------------------------------------

// Scales a form so that its first coefficient is 1 or -1: parallel ones then look alike.
static bool normalise(Arena *a, Linear *x) {
    for (size_t i = 0; i < LINEAR_MAX_VARS; i++) {
        Number size, by;
        if (number_is_zero(x->c[i]))
            continue;
        if (!number_abs(a, x->c[i], &size))
            return false;
        return number_cmp(size, number_int(1)) == 0 ||
               (number_div(a, number_int(1), size, &by) && linear_scale(a, x, by, x));
    }
    return true;
}

static bool are_parallel(const Linear *x, const Linear *y) {
    for (size_t i = 0; i < LINEAR_MAX_VARS; i++)
        if (number_cmp(x->c[i], y->c[i]) != 0)
            return false;
    return true;
}

// Are all variables of [x] whole ones, by whole numbers each?
static bool is_whole(const Linear *x, const bool *whole) {
    for (size_t i = 0; i < LINEAR_MAX_VARS; i++)
        if (!number_is_zero(x->c[i]) && (!whole[i] || !number_is_whole(x->c[i])))
            return false;
    return true;
}

// A sum of whole numbers below 2.5, or below 3, is at most 2.
static bool tighten(Arena *a, Constraint *c, const bool *whole) {
    Number least; // that k can grow to
    if (linear_is_const(&c->form) || !is_whole(&c->form, whole))
        return true;
    if (!number_round(a, c->form.k, 0, ROUND_HALF_AWAY, &least))
        return false;
    int order = number_cmp(least, c->form.k);
    if ((order < 0 || (order == 0 && c->strict)) && !number_add(a, least, number_int(1), &least))
        return false;
    c->form.k = least;
    c->strict = false;
    return true;
}

// Adds a constraint; of two parallel ones only the tighter is kept.
static bool add_form(LinearSolver *s, LinearForms *f, Constraint c, const bool *whole) {
    Arena *a = s->arena;
    s->work += f->n + 1;
    if (s->work > LINEAR_MAX_WORK || !normalise(a, &c.form) || !tighten(a, &c, whole))
        return false;
    for (size_t i = 0; i < f->n; i++) {
        Constraint *old = &f->v[i];
        if (!are_parallel(&old->form, &c.form))
            continue;
        int order = number_cmp(c.form.k, old->form.k);
        if (order > 0 || (order == 0 && c.strict))
            *old = c;
        return true;
    }
    return f->n < LINEAR_MAX_FORMS && VEC_PUSH(a, f, c);
}

static bool has_var(const Constraint *c, size_t var) {
    return !number_is_zero(c->form.c[var]);
}

// How many forms would go out and come in.
static size_t cost_of(const LinearForms *f, size_t var) {
    size_t n_low = 0, n_high = 0;
    for (size_t i = 0; i < f->n; i++) {
        int sign = number_sign(f->v[i].form.c[var]);
        n_low += sign < 0;
        n_high += sign > 0;
    }
    return n_low * n_high;
}

// The next variable to go: whole ones last, so that they are chosen first. LINEAR_MAX_VARS: none.
static size_t choose_var(const LinearForms *f, const bool *whole) {
    size_t best = LINEAR_MAX_VARS, best_cost = SIZE_MAX;
    for (size_t var = 0; var < LINEAR_MAX_VARS; var++) {
        bool occurs = false;
        for (size_t i = 0; i < f->n && !occurs; i++)
            occurs = has_var(&f->v[i], var);
        size_t cost = cost_of(f, var) + (whole[var] ? SIZE_MAX / 2 : 0);
        if (occurs && cost < best_cost) {
            best = var;
            best_cost = cost;
        }
    }
    return best;
}

// [low] bounds the variable from below, [high] from above; what remains of both without it.
static bool combine(Arena *a, const Constraint *low, const Constraint *high, size_t var,
                    Constraint *out) {
    Number by;
    Linear up, down;
    return number_neg(a, low->form.c[var], &by) && linear_scale(a, &high->form, by, &up) &&
           linear_scale(a, &low->form, high->form.c[var], &down) &&
           linear_add(a, &up, &down, &out->form) &&
           (out->strict = low->strict || high->strict, true);
}

static bool eliminate(LinearSolver *s, const LinearForms *f, size_t var, const bool *whole,
                      LinearForms *out) {
    out->n = 0;
    for (size_t i = 0; i < f->n; i++) {
        if (!has_var(&f->v[i], var)) {
            if (!add_form(s, out, f->v[i], whole))
                return false;
            continue;
        }
        if (number_sign(f->v[i].form.c[var]) > 0)
            continue;
        for (size_t k = 0; k < f->n; k++) {
            Constraint c;
            if (number_sign(f->v[k].form.c[var]) <= 0)
                continue;
            if (!combine(s->arena, &f->v[i], &f->v[k], var, &c) || !add_form(s, out, c, whole))
                return false;
        }
    }
    return true;
}

static LinearAnswer answer_of_constants(const LinearForms *f) {
    for (size_t i = 0; i < f->n; i++)
        if (!is_met(f->v[i].strict, f->v[i].form.k))
            return LINEAR_NEVER;
    return LINEAR_HOLDS;
}

// The bounds of [var] where all others of its forms have their figures.
static bool bounds_at(Arena *a, const LinearForms *f, size_t var, Number *point, LinearEnd *low,
                      LinearEnd *high) {
    *low = *high = (LinearEnd){0};
    point[var] = number_int(0);
    for (size_t i = 0; i < f->n; i++) {
        const Constraint *c = &f->v[i];
        Number rest, at;
        int sign = number_sign(c->form.c[var]);
        if (sign == 0)
            continue;
        if (!linear_at(a, &c->form, point, &rest) || !number_neg(a, rest, &rest) ||
            !number_div(a, rest, c->form.c[var], &at))
            return false;
        LinearEnd *end = sign > 0 ? high : low;
        int order = end->bounded ? number_cmp(at, end->at) * sign : -1;
        if (order < 0)
            *end = (LinearEnd){true, c->strict, at};
        else if (order == 0)
            end->open |= c->strict;
    }
    return true;
}

typedef struct Solve {
    LinearSolver *solver;
    const bool *whole;
    unsigned decimals;
    Number *point;
} Solve;

// Solves the forms of a stage. Where a single variable is all there is, that no whole number fits
// settles it.
static LinearAnswer solve(const Solve *s, size_t stage) {
    Arena *a = s->solver->arena;
    const LinearForms *f = &s->solver->stages[stage];
    size_t var = choose_var(f, s->whole);
    if (var == LINEAR_MAX_VARS)
        return answer_of_constants(f);
    LinearForms *rest = &s->solver->stages[stage + 1];
    if (!eliminate(s->solver, f, var, s->whole, rest))
        return LINEAR_UNSURE;
    bool alone = stage == 0 && choose_var(rest, s->whole) == LINEAR_MAX_VARS;
    LinearAnswer answer = solve(s, stage + 1);
    if (answer != LINEAR_HOLDS)
        return answer;
    LinearEnd low, high;
    if (!bounds_at(a, f, var, s->point, &low, &high))
        return LINEAR_UNSURE;
    if (linear_pick(a, &low, &high, s->whole[var], s->decimals, &s->point[var]))
        return LINEAR_HOLDS;
    return alone ? LINEAR_NEVER : LINEAR_UNSURE;
}

LinearAnswer linear_solve(LinearSolver *s, const Constraint *v, size_t n, const bool *whole,
                          unsigned decimals, Number point[LINEAR_MAX_VARS]) {
    Solve all = {s, whole, decimals, point};
    LinearForms *f = &s->stages[0];
    f->n = 0;
    for (size_t i = 0; i < LINEAR_MAX_VARS; i++)
        point[i] = number_int(0);
    for (size_t i = 0; i < n; i++)
        if (!add_form(s, f, v[i], whole))
            return LINEAR_UNSURE;
    return solve(&all, 0);
}
