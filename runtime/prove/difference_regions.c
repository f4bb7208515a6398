// SPDX-License-Identifier: Apache-2.0
// Regions: where two sets of rules differ, put in few and plain words.
#include <stdlib.h>
#include <string.h>

#include "runtime/prove/difference_parts.h"

enum { MOST_BOUNDS = 40, MOST_TO_SIMPLIFY = 24, MOST_TO_MERGE = 300 };

// ---- bounds -------------------------------------------------------------------------------------

static bool same_form(const Linear *x, const Linear *y) {
    for (size_t i = 0; i < LINEAR_MAX_VARS; i++)
        if (number_cmp(x->c[i], y->c[i]) != 0)
            return false;
    return true;
}

static bool same_end(LinearEnd x, LinearEnd y) {
    return x.bounded == y.bounded &&
           (!x.bounded || (x.open == y.open && number_cmp(x.at, y.at) == 0));
}

// Of two ends on the same side the tighter; [sign] 1 for low ends, -1 for high ones.
static LinearEnd tighter(LinearEnd x, LinearEnd y, int sign) {
    if (!x.bounded || !y.bounded)
        return x.bounded ? x : y;
    int order = number_cmp(x.at, y.at) * sign;
    return order > 0 || (order == 0 && x.open) ? x : y;
}

static Bound *bound_of(Region *r, const Linear *form) {
    for (size_t i = 0; i < r->n_bounds; i++)
        if (same_form(&r->bounds[i].form, form))
            return &r->bounds[i];
    if (r->n_bounds == MOST_BOUNDS)
        return NULL;
    Bound *b = &r->bounds[r->n_bounds++];
    *b = (Bound){.form = *form};
    return b;
}

// c·x + k <= 0 as an end of the form whose first coefficient is 1. False when a number outgrows its
// bounds or there are too many forms.
static bool add_constraint(Arena *a, Region *r, const Constraint *c) {
    size_t first = 0;
    while (first < LINEAR_MAX_VARS && number_is_zero(c->form.c[first]))
        first++;
    if (first == LINEAR_MAX_VARS)
        return true; // it holds, or there were no region
    Number by, at;
    Linear form;
    int sign = number_sign(c->form.c[first]);
    if (!number_div(a, number_int(1), c->form.c[first], &by) ||
        !linear_scale(a, &c->form, by, &form) || !number_neg(a, form.k, &at))
        return false;
    form.k = number_int(0);
    Bound *b = bound_of(r, &form);
    LinearEnd end = {true, c->strict, at};
    if (!b)
        return false;
    if (sign > 0)
        b->high = tighter(b->high, end, -1);
    else
        b->low = tighter(b->low, end, 1);
    return true;
}

// The end as a constraint, or what holds beyond it.
static bool constraint_of(Arena *a, const Bound *b, bool low, bool beyond, Constraint *out) {
    LinearEnd end = low ? b->low : b->high;
    Number at;
    bool negative = low != beyond;
    if (!number_neg(a, end.at, &at))
        return false;
    out->form = b->form;
    out->form.k = at;
    out->strict = beyond ? !end.open : end.open;
    return !negative || linear_scale(a, &out->form, number_int(-1), &out->form);
}

// Does the end follow from all others?
static bool follows(Arena *a, LinearSolver *solver, const Shared *s, const Region *r, size_t bound,
                    bool low) {
    Constraint v[2 * MOST_BOUNDS];
    size_t n = 0;
    for (size_t i = 0; i < r->n_bounds; i++) {
        for (int side = 0; side < 2; side++) {
            const Bound *b = &r->bounds[i];
            bool is_it = i == bound && (side == 0) == low;
            if (!(side == 0 ? b->low : b->high).bounded)
                continue;
            if (!constraint_of(a, b, side == 0, is_it, &v[n++]))
                return false;
        }
    }
    Number point[LINEAR_MAX_VARS];
    return linear_solve(solver, v, n, s->whole, 0, point) == LINEAR_NEVER;
}

static size_t n_vars(const Linear *form, size_t *only) {
    size_t n = 0;
    for (size_t i = 0; i < LINEAR_MAX_VARS; i++) {
        if (number_is_zero(form->c[i]))
            continue;
        n++;
        *only = i;
    }
    return n;
}

// Takes out what follows from the rest, sums before single figures, and what a figure cannot but
// be.
static void simplify(Arena *a, LinearSolver *solver, const Shared *s, Region *r) {
    size_t only = 0;
    for (int round = 0; round < 2 && r->n_bounds <= MOST_TO_SIMPLIFY; round++) {
        for (size_t i = 0; i < r->n_bounds; i++) {
            Bound *b = &r->bounds[i];
            if ((n_vars(&b->form, &only) > 1) != (round == 0))
                continue;
            if (b->low.bounded && follows(a, solver, s, r, i, true))
                b->low = (LinearEnd){0};
            if (b->high.bounded && follows(a, solver, s, r, i, false))
                b->high = (LinearEnd){0};
        }
    }
    size_t n = 0;
    for (size_t i = 0; i < r->n_bounds; i++) {
        Bound b = r->bounds[i];
        if (n_vars(&b.form, &only) == 1) {
            if (same_end(b.low, s->figures[only].low))
                b.low = (LinearEnd){0};
            if (same_end(b.high, s->figures[only].high))
                b.high = (LinearEnd){0};
        }
        if (b.low.bounded || b.high.bounded)
            r->bounds[n++] = b;
    }
    r->n_bounds = n;
}

bool region_make(Arena *a, LinearSolver *solver, const Shared *s, const Constraint *v, size_t n,
                 Region *out) {
    Bound bounds[MOST_BOUNDS];
    out->bounds = bounds;
    out->n_bounds = 0;
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++)
        ok = add_constraint(a, out, &v[i]);
    if (ok)
        simplify(a, solver, s, out);
    out->bounds = ok ? ARENA_ARRAY(a, Bound, out->n_bounds) : NULL;
    if (out->bounds)
        memcpy(out->bounds, bounds, out->n_bounds * sizeof *bounds);
    return out->bounds;
}

// ---- merging ------------------------------------------------------------------------------------

static const Bound *find_bound(const Region *r, const Linear *form) {
    for (size_t i = 0; i < r->n_bounds; i++)
        if (same_form(&r->bounds[i].form, form))
            return &r->bounds[i];
    return NULL;
}

static bool same_bound(const Bound *x, const Bound *y) {
    return same_end(x->low, y->low) && same_end(x->high, y->high);
}

// Do the stretches leave nothing between them? Then what both cover is in [*out].
static bool join(const Bound *x, const Bound *y, Bound *out) {
    const Bound *stretches[2] = {x, y};
    for (int i = 0; i < 2; i++) { // does one begin behind the end of the other?
        LinearEnd high = stretches[i]->high, low = stretches[1 - i]->low;
        int order = high.bounded && low.bounded ? number_cmp(low.at, high.at) : -1;
        if (order > 0 || (order == 0 && low.open && high.open))
            return false;
    }
    *out = *x;
    if (!y->low.bounded || (x->low.bounded && same_end(tighter(x->low, y->low, 1), x->low)))
        out->low = y->low;
    if (!y->high.bounded || (x->high.bounded && same_end(tighter(x->high, y->high, -1), x->high)))
        out->high = y->high;
    return true;
}

static bool same_choices(const Region *x, const Region *y) {
    for (size_t i = 0; i < DIFFERENCE_MAX_CHOICES; i++)
        if (x->choice[i] != y->choice[i] || !str_eq(x->is[i], y->is[i]))
            return false;
    return true;
}

// In how many figures one knows what the other lacks; [*which] is the last of them, and 2 stands
// for more than can be joined.
static size_t n_known_apart(const Region *x, const Region *y, size_t *which) {
    size_t n = 0;
    for (size_t i = 0; i < LINEAR_MAX_VARS; i++) {
        if (x->known[i] == y->known[i])
            continue;
        *which = i;
        n += x->known[i] == PATH_UNSEEN || y->known[i] == PATH_UNSEEN ? 2 : 1;
    }
    return n;
}

// Joins [y] to [x] where both together are one region.
static bool try_merge(Region *x, const Region *y) {
    size_t which, apart = n_known_apart(x, y, &which), n_other = 0, at = 0;
    if (apart > 1 || !same_choices(x, y))
        return false;
    static const Bound all;
    for (size_t i = 0; i < x->n_bounds; i++) {
        const Bound *b = find_bound(y, &x->bounds[i].form);
        if (same_bound(&x->bounds[i], b ? b : &all))
            continue;
        n_other++;
        at = i;
    }
    for (size_t i = 0; i < y->n_bounds; i++)
        n_other += 2 * (size_t)!find_bound(x, &y->bounds[i].form); // y merges into it then
    if (apart == 1 && n_other == 0) {
        x->known[which] = PATH_UNSEEN;
        return true;
    }
    if (apart > 0 || n_other > 1)
        return false;
    if (n_other == 0)
        return true;
    const Bound *b = find_bound(y, &x->bounds[at].form);
    Bound joined;
    if (!join(&x->bounds[at], b ? b : &all, &joined))
        return false;
    x->bounds[at] = joined;
    if (!joined.low.bounded && !joined.high.bounded)
        x->bounds[at] = x->bounds[--x->n_bounds];
    return true;
}

void region_ends(const Region *r, size_t var, LinearEnd *low, LinearEnd *high) {
    Linear form = linear_var(var);
    const Bound *b = find_bound(r, &form);
    *low = b ? b->low : (LinearEnd){0};
    *high = b ? b->high : (LinearEnd){0};
}

static int compare_regions(const void *a, const void *b) {
    const Region *x = a, *y = b;
    if (x->plain != y->plain)
        return x->plain ? -1 : 1;
    for (size_t i = 0; i < LINEAR_MAX_VARS; i++) {
        LinearEnd low_x, low_y, high;
        region_ends(x, i, &low_x, &high);
        region_ends(y, i, &low_y, &high);
        int order = low_x.bounded && low_y.bounded ? number_cmp(low_x.at, low_y.at)
                                                   : (int)low_x.bounded - (int)low_y.bounded;
        if (order != 0)
            return order;
    }
    return 0;
}

void regions_merge(Regions *r) {
    bool again = r->n <= MOST_TO_MERGE;
    while (again) {
        again = false;
        for (size_t i = 0; i < r->n; i++) {
            for (size_t k = 0; k < r->n; k++) {
                if (i == k || r->v[i].gone || r->v[k].gone || !try_merge(&r->v[i], &r->v[k]))
                    continue;
                r->v[i].plain |= r->v[k].plain;
                r->v[k].gone = again = true;
            }
        }
    }
    size_t n = 0;
    for (size_t i = 0; i < r->n; i++)
        if (!r->v[i].gone)
            r->v[n++] = r->v[i];
    r->n = n;
    if (n > 1)
        qsort(r->v, n, sizeof *r->v, compare_regions);
}

// ---- words --------------------------------------------------------------------------------------

static void put_figure(Buf *out, Number n, Unit unit) {
    Buf digits = {0};
    number_print(&digits, n);
    unit_print_figure(out, buf_str(&digits), unit);
    out->failed |= digits.failed;
    buf_free(&digits);
}

static Str figure_name(const SharedFigure *f) {
    return str_eq(f->key, STR("value")) ? STR("values") : f->name;
}

static void put_ends(Buf *out, const SharedFigure *f, LinearEnd low, LinearEnd high) {
    bool is_value = str_eq(f->key, STR("value"));
    bool point = low.bounded && high.bounded && number_cmp(low.at, high.at) == 0;
    buf_printf(out, "%.*s ", STR_ARG(is_value && point ? STR("the value") : figure_name(f)));
    if (point) {
        put_figure(out, low.at, f->unit);
    } else if (low.bounded && high.bounded) {
        buf_puts(out, "from ");
        put_figure(out, low.at, f->unit);
        buf_puts(out, low.open ? " (excluded) to " : " to ");
        put_figure(out, high.at, f->unit);
        buf_puts(out, high.open ? " (excluded)" : "");
    } else if (low.bounded) {
        buf_puts(out, low.open ? "above " : "from ");
        put_figure(out, low.at, f->unit);
        buf_puts(out, low.open ? "" : " on");
    } else {
        buf_puts(out, high.open ? "below " : "up to ");
        put_figure(out, high.at, f->unit);
    }
}

static void put_term(Buf *out, Number by, Str name, bool first) {
    bool negative = number_sign(by) < 0;
    Buf size = {0};
    number_print(&size, by);
    Str digits = str_slice(buf_str(&size), negative, size.len);
    buf_puts(out, first ? (negative ? "-" : "") : negative ? " - " : " + ");
    if (!str_eq(digits, STR("1")))
        buf_printf(out, "%.*s × ", STR_ARG(digits));
    buf_put(out, name);
    buf_free(&size);
}

// The first figure of a sum beside the rest of it: "above 1.25 × statistical_neighbours", where
// [*told], the figure that was spoken of last, is not another.
static bool put_sum(Arena *a, Buf *out, const Shared *s, const Bound *b, bool low, size_t *told) {
    LinearEnd end = low ? b->low : b->high;
    size_t first = 0;
    while (number_is_zero(b->form.c[first]))
        first++;
    if (*told != first)
        buf_printf(out, "%.*s ", STR_ARG(figure_name(&s->figures[first])));
    *told = first;
    buf_printf(out, "%s ", low ? end.open ? "above" : "at least" : end.open ? "below" : "at most");
    bool any = false;
    for (size_t i = first + 1; i < LINEAR_MAX_VARS; i++) {
        Number by;
        if (number_is_zero(b->form.c[i]))
            continue;
        if (!number_neg(a, b->form.c[i], &by))
            return false;
        put_term(out, by, s->figures[i].name, !any);
        any = true;
    }
    if (!number_is_zero(end.at)) {
        Buf size = {0};
        number_print(&size, end.at);
        Str digits = str_slice(buf_str(&size), number_sign(end.at) < 0, size.len);
        buf_printf(out, " %c %.*s", number_sign(end.at) < 0 ? '-' : '+', STR_ARG(digits));
        buf_free(&size);
    }
    return true;
}

static const char *between(const Buf *out) {
    return out->len > 0 ? ", " : "";
}

static void put_known(Buf *out, const Shared *s, const Region *r) {
    for (size_t i = 0; i < s->n_figures; i++) {
        Linear form = linear_var(i);
        bool told = str_eq(s->figures[i].key, STR("value")) || find_bound(r, &form);
        for (size_t k = 0; k < r->n_bounds; k++)
            told |= !number_is_zero(r->bounds[k].form.c[i]);
        if (r->known[i] == PATH_MISSING)
            buf_printf(out, "%sno figure for %.*s", between(out), STR_ARG(s->figures[i].name));
        else if (r->known[i] == PATH_KNOWN && !told)
            buf_printf(out, "%s%.*s known", between(out), STR_ARG(s->figures[i].name));
    }
}

static void put_choices(Buf *out, const Shared *s, const Region *r) {
    for (size_t i = 0; i < s->n_choices; i++) {
        if (r->choice[i] == CHOICE_ANY)
            continue;
        Str name = s->choices[i].name;
        buf_puts(out, between(out));
        if (r->choice[i] == CHOICE_IS)
            buf_printf(out, s->choices[i].is_text ? "%.*s \"%.*s\"" : "%.*s %.*s", STR_ARG(name),
                       STR_ARG(r->is[i]));
        else if (r->choice[i] == CHOICE_MISSING)
            buf_printf(out, s->choices[i].is_text ? "no %.*s" : "%.*s without a planned value",
                       STR_ARG(name));
        else
            buf_printf(out, "another %.*s", STR_ARG(name));
    }
}

Str region_words(Arena *a, const Shared *s, const Region *r) {
    Buf out = {0};
    size_t only = 0, told = LINEAR_MAX_VARS;
    bool ok = true;
    for (size_t var = 0; var < s->n_figures; var++) {
        LinearEnd low, high;
        region_ends(r, var, &low, &high);
        if (!low.bounded && !high.bounded)
            continue;
        buf_puts(&out, between(&out));
        put_ends(&out, &s->figures[var], low, high);
        told = var;
    }
    for (size_t i = 0; ok && i < r->n_bounds; i++) {
        for (int side = 0; ok && side < 2; side++) {
            const Bound *b = &r->bounds[i];
            if (n_vars(&b->form, &only) < 2 || !(side == 0 ? b->low : b->high).bounded)
                continue;
            buf_puts(&out, between(&out));
            ok = put_sum(a, &out, s, b, side == 0, &told);
        }
    }
    put_known(&out, s, r);
    put_choices(&out, s, r);
    if (out.len == 0)
        buf_puts(&out, "every value");
    a->failed |= out.failed || !ok;
    Str words = arena_str(a, buf_str(&out));
    buf_free(&out);
    return words;
}
