// SPDX-License-Identifier: Apache-2.0
// Monotone: no better figure, all else equal, may get a worse status.
//
// Two paths of the status block are laid side by side: they share every figure but the KPI's value.
// If the value of the one can be better while its status is worse, there is a counterexample.
#include <string.h>

#include "runtime/prove/proof.h"

enum { MOST_PAIRS = 20000 }; // of paths of a KPI

typedef struct Pair {
    const Cell *better, *worse; // the better figure has the worse status
} Pair;

// The variable that stands for the better value, behind those of the paths.
static size_t twin(const Proof *x) {
    return x->paths.n_vars;
}

static bool may_be_equal(const Proof *x, const Cell *a, const Cell *b, size_t value) {
    for (size_t i = 0; i < x->paths.n_vars; i++) {
        PathKnown p = a->taken.known[i], q = b->taken.known[i];
        if (i != value && p != q && p != PATH_UNSEEN && q != PATH_UNSEEN)
            return false;
    }
    for (size_t i = 0; i < x->paths.n_chosen; i++) {
        int32_t p = a->taken.is[i], q = b->taken.is[i];
        if (p != q && p != PATH_CHOICE_UNSEEN && q != PATH_CHOICE_UNSEEN)
            return false;
    }
    return true;
}

// The bounds of the value that a path states of it alone.
static void bounds_of(Proof *x, const Cell *c, size_t value, LinearEnd *low, LinearEnd *high) {
    *low = *high = (LinearEnd){0};
    for (size_t i = 0; i < c->n_constraints; i++) {
        Linear form = c->constraints[i].form;
        Number by = form.c[value], at;
        form.c[value] = number_int(0);
        if (number_is_zero(by) || !linear_is_const(&form) ||
            !number_div(x->paths.arena, form.k, by, &at) || !number_neg(x->paths.arena, at, &at))
            continue;
        LinearEnd *end = number_sign(by) > 0 ? high : low;
        int order = end->bounded ? number_cmp(at, end->at) * number_sign(by) : -1;
        if (order < 0)
            *end = (LinearEnd){true, c->constraints[i].strict, at};
    }
}

// Can a figure of [better] be better at all, going by the bounds alone?
static bool may_be_better(Proof *x, const Cell *better, const Cell *worse, size_t value) {
    LinearEnd low_b, high_b, low_w, high_w;
    bounds_of(x, better, value, &low_b, &high_b);
    bounds_of(x, worse, value, &low_w, &high_w);
    switch (x->paths.kpi->polarity) {
    case POLARITY_HIGH:
        return !high_b.bounded || !low_w.bounded || number_cmp(high_b.at, low_w.at) > 0;
    case POLARITY_LOW:
        return !low_b.bounded || !high_w.bounded || number_cmp(low_b.at, high_w.at) < 0;
    case POLARITY_NEAR:
    case POLARITY_NONE:
    case POLARITY_NOT_JUDGED:
        break;
    }
    return true;
}

static void rename_value(Linear *form, size_t value, size_t to) {
    form->c[to] = form->c[value];
    form->c[value] = number_int(0);
}

// The figure on variable [a] lies above that on [b], by [sign] 1, or below it, by -1.
static Constraint lies(size_t a, size_t b, int sign) {
    Linear form = linear_const(number_int(0));
    form.c[a] = number_int(-sign);
    form.c[b] = number_int(sign);
    return (Constraint){form, true};
}

// Figures on which the pair contradicts monotony, if there are any. [more] says what better means.
static LinearAnswer solve_pair(Proof *x, const Pair *pair, size_t value, const Constraint *more,
                               size_t n_more, Number *point) {
    static const size_t most = 2 * PATHS_MAX_CONSTRAINTS + 4;
    Paths *p = &x->paths;
    size_t n = pair->better->n_constraints + pair->worse->n_constraints + n_more;
    if (n > most)
        return LINEAR_UNSURE;
    Constraint *v = ARENA_ARRAY(p->arena, Constraint, n);
    if (!v)
        return LINEAR_UNSURE;
    n = 0;
    for (size_t i = 0; i < pair->better->n_constraints; i++) {
        v[n] = pair->better->constraints[i];
        rename_value(&v[n++].form, value, twin(x));
    }
    for (size_t i = 0; i < pair->worse->n_constraints; i++)
        v[n++] = pair->worse->constraints[i];
    for (size_t i = 0; i < n_more; i++)
        v[n++] = more[i];
    return linear_solve(&p->solver, v, n, p->whole, p->decimals, point);
}

// sign · (figure - aim) >= 0
static bool beside_aim(Arena *a, size_t var, Number aim, int sign, Constraint *out) {
    Linear form = linear_const(number_int(0));
    form.c[var] = number_int(-sign);
    return number_mul(a, aim, number_int(sign), &form.k) &&
           (*out = (Constraint){form, false}, true);
}

// With `near` better means nearer to the aim; on either side of it that is linear.
static LinearAnswer solve_near(Proof *x, const Pair *pair, size_t value, Number *point) {
    Arena *a = x->paths.arena;
    Number aim = x->paths.kpi->aim;
    for (int of_better = -1; of_better <= 1; of_better += 2) {
        for (int of_worse = -1; of_worse <= 1; of_worse += 2) {
            Constraint more[3];
            Linear nearer = linear_const(number_int(0));
            Number k;
            // of_better · (better - aim) < of_worse · (worse - aim)
            nearer.c[twin(x)] = number_int(of_better);
            nearer.c[value] = number_int(-of_worse);
            if (!beside_aim(a, twin(x), aim, of_better, &more[0]) ||
                !beside_aim(a, value, aim, of_worse, &more[1]) ||
                !number_mul(a, aim, number_int(of_worse - of_better), &k))
                return LINEAR_UNSURE;
            nearer.k = k;
            more[2] = (Constraint){nearer, true};
            LinearAnswer answer = solve_pair(x, pair, value, more, 3, point);
            if (answer != LINEAR_NEVER)
                return answer;
        }
    }
    return LINEAR_NEVER;
}

static LinearAnswer solve(Proof *x, const Pair *pair, size_t value, Number *point) {
    if (x->paths.kpi->polarity == POLARITY_NEAR)
        return solve_near(x, pair, value, point);
    Constraint more[LINEAR_MAX_VARS + 1];
    size_t n = 0;
    more[n++] = lies(twin(x), value, x->paths.kpi->polarity == POLARITY_HIGH ? 1 : -1);
    LinearAnswer answer = solve_pair(x, pair, value, more, n, point);
    if (answer != LINEAR_HOLDS)
        return answer;
    // The figures of most KPIs are no less than 0; an example of such will be understood sooner.
    for (size_t i = 0; i <= twin(x); i++) {
        Linear negative = linear_const(number_int(0));
        negative.c[i] = number_int(-1);
        more[n++] = (Constraint){negative, false};
    }
    Number plain[LINEAR_MAX_VARS];
    if (solve_pair(x, pair, value, more, n, plain) == LINEAR_HOLDS)
        memcpy(point, plain, sizeof plain);
    return LINEAR_HOLDS;
}

// ---- telling ------------------------------------------------------------------------------------

// The figures of both: what one path did not ask for it takes from the other.
static void make_cases(Proof *x, const Pair *pair, size_t value, const Number *point,
                       ReplayCase *better, ReplayCase *worse) {
    ReplayCase both = {0};
    for (size_t i = 0; i < LINEAR_MAX_VARS; i++) {
        PathKnown p = pair->better->taken.known[i], q = pair->worse->taken.known[i];
        both.taken.known[i] = p == PATH_UNSEEN ? q : p;
        both.point[i] = point[i];
    }
    for (size_t i = 0; i < PATHS_MAX_CHOICES; i++) {
        int32_t p = pair->better->taken.is[i];
        both.taken.is[i] = p == PATH_CHOICE_UNSEEN ? pair->worse->taken.is[i] : p;
    }
    *better = *worse = both;
    better->point[value] = point[twin(x)];
}

static bool comes_out(Proof *x, const ReplayCase *c, const Cell *cell) {
    Replay r;
    bool ran = replay_run(&r, &x->paths, c);
    StatusLane status = ran ? replay_status(&r, kpi_computed(x->paths.kpi)) : (StatusLane){0};
    replay_end(&r);
    return ran && status.level == cell->status.level;
}

// False when it does not come out as it should.
static bool report(Proof *x, const Pair *pair, size_t value, const Number *point) {
    const Kpi *k = x->paths.kpi;
    const Program *p = x->program;
    ReplayCase better, worse;
    make_cases(x, pair, value, point, &better, &worse);
    Place place = p->lines[pair->better->status.line].place;
    Place other = p->lines[pair->worse->status.line].place;
    if (!comes_out(x, &better, pair->better) || !comes_out(x, &worse, pair->worse))
        return false;
    if (k->not_monotone.line > 0 || proof_told(x, D_NOT_MONOTONE, place))
        return true;
    const Level *levels = p->scales[k->status_scale].levels;
    Str good = proof_figure(x, better.point[value], k->unit),
        bad = proof_figure(x, worse.point[value], k->unit);
    Diag *d = diag_add(x->diags, D_NOT_MONOTONE, place,
                       "a better figure gets a worse status: %.*s is %.*s, but %.*s is %.*s%.*s",
                       STR_ARG(bad), STR_ARG(levels[pair->worse->status.level].name), STR_ARG(good),
                       STR_ARG(levels[pair->better->status.level].name),
                       STR_ARG(proof_others(x, &better, value)));
    d->other = other;
    d->note = STR("the line that gives the worse figure the better status");
    d->hint =
        STR("change the order or the conditions of the two lines; if it is meant, say so in the "
            "KPI: `not monotone because \"…\"`");
    return true;
}

// ---- a KPI --------------------------------------------------------------------------------------

static bool is_pair(const Proof *x, const Pair *pair, size_t value) {
    const Cell *b = pair->better, *w = pair->worse;
    return b->status.level < w->status.level && w->status.level != LEVEL_NO_DATA &&
           b->taken.known[value] == PATH_KNOWN && w->taken.known[value] == PATH_KNOWN &&
           may_be_equal(x, b, w, value);
}

static bool is_judged(const Kpi *k) {
    return k->has_status && (k->polarity == POLARITY_HIGH || k->polarity == POLARITY_LOW ||
                             k->polarity == POLARITY_NEAR);
}

typedef struct Search {
    size_t value;     // variable of the KPI's value
    size_t n_tried;   // pairs
    bool found, open; // open: some pair could not be settled
} Search;

// A level of a chart hangs on the value too, so another value may not come with the same one.
static bool is_charted(const Proof *x, const Cell *c) {
    bool any = false;
    for (size_t i = 0; i < x->paths.n_chosen; i++)
        any |= paths_is_chart(&x->paths.choices[i]) && c->taken.is[i] != PATH_CHOICE_UNSEEN;
    return any;
}

static void try_pair(Proof *x, const Pair *pair, Search *s) {
    Number point[LINEAR_MAX_VARS];
    s->open |= ++s->n_tried > MOST_PAIRS;
    if (s->open)
        return;
    LinearAnswer answer = solve(x, pair, s->value, point);
    bool charted = is_charted(x, pair->better) || is_charted(x, pair->worse);
    bool shown = answer == LINEAR_HOLDS && !charted && report(x, pair, s->value, point);
    s->found |= shown;
    s->open |= answer != LINEAR_NEVER && !shown;
}

static void try_pairs(Proof *x, Search *s) {
    bool on_purpose = x->paths.kpi->not_monotone.line > 0;
    for (size_t i = 0; i < x->cells.n; i++) {
        for (size_t j = 0; j < x->cells.n && !(s->found && on_purpose); j++) {
            Pair pair = {&x->cells.v[i], &x->cells.v[j]};
            if (is_pair(x, &pair, s->value) && may_be_better(x, pair.better, pair.worse, s->value))
                try_pair(x, &pair, s);
        }
    }
}

void prove_monotone(Proof *x) {
    const Kpi *k = x->paths.kpi;
    // What is not exact, or has too many cases, has been told of.
    if (!is_judged(k) || x->paths.inexact || x->cells.failed)
        return;
    Search s = {.value = paths_var(&x->paths, k->judged)};
    s.open = twin(x) == LINEAR_MAX_VARS;
    if (s.value == LINEAR_MAX_VARS)
        return;
    if (!s.open) {
        x->paths.whole[twin(x)] = x->paths.whole[s.value];
        try_pairs(x, &s);
    }
    if (s.open && !s.found)
        proof_not_decided(x, k->place,
                          "whether a better figure can get a worse status could not be worked out");
    else if (!s.found && k->not_monotone.line > 0 &&
             !proof_told(x, D_MONOTONE_AFTER_ALL, k->not_monotone))
        diag_add(x->diags, D_MONOTONE_AFTER_ALL, k->not_monotone,
                 "no better figure gets a worse status here")
            ->hint = STR("take the clause out");
}
