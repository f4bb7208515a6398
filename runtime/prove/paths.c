// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "runtime/prove/path_parts.h"

// ---- beginning ----------------------------------------------------------------------------------

const Instr *paths_code(const Paths *x, size_t i) {
    return &x->program->code[x->kpi->fn.first + i];
}

const Instr *paths_definition(const Paths *x, uint16_t reg) {
    return paths_code(x, x->defs[reg]);
}

bool paths_begin(Paths *x, Arena *a, const Program *p, const Kpi *k) {
    *x = (Paths){.program = p,
                 .kpi = k,
                 .arena = a,
                 .solver = {.arena = a},
                 .decimals = k->decimals > 0 ? (unsigned)k->decimals : 0};
    size_t n = k->fn.n_regs;
    x->defs = ARENA_ARRAY(a, uint32_t, n);
    x->numbers = ARENA_ARRAY(a, PathNumber, n);
    x->states = ARENA_ARRAY(a, uint8_t, n);
    x->stamps = ARENA_ARRAY(a, uint32_t, n);
    x->cones = ARENA_ARRAY(a, uint32_t, n);
    x->points = arena_array(a, PATHS_MAX_DECISIONS, sizeof *x->points);
    x->have_points = ARENA_ARRAY(a, bool, PATHS_MAX_DECISIONS);
    if (a->failed)
        return false;
    for (size_t i = k->fn.n; i-- > 0;) { // so that the first of a status block stays
        if (paths_code(x, i)->dst != NO_REG)
            x->defs[paths_code(x, i)->dst] = (uint32_t)i;
    }
    return true;
}

void path_say_inexact(Paths *x, uint16_t reg) {
    if (!x->inexact)
        x->place = x->program->places[x->kpi->fn.first + x->defs[reg]];
    x->inexact = true;
}

void path_give_up(Paths *x) {
    x->dead = x->too_many = true;
}

// ---- forking ------------------------------------------------------------------------------------

static bool holds_at_point(Paths *x, const Way *way) {
    return x->has_point && linear_holds(x->arena, way->v, way->n, x->point);
}

static void add_way(Paths *x, const Way *way) {
    for (size_t i = 0; i < way->n; i++) {
        if (x->n_constraints == PATHS_MAX_CONSTRAINTS) {
            path_give_up(x);
            return;
        }
        x->constraints[x->n_constraints++] = way->v[i];
    }
}

// Can the path go this way? If so its constraints are added.
static bool try_way(Paths *x, const Way *way) {
    size_t n = x->n_constraints;
    bool at_point = holds_at_point(x, way);
    add_way(x, way);
    if (x->dead || at_point)
        return !x->dead;
    Number point[LINEAR_MAX_VARS];
    LinearAnswer answer =
        linear_solve(&x->solver, x->constraints, x->n_constraints, x->whole, x->decimals, point);
    if (answer == LINEAR_NEVER) {
        x->n_constraints = n;
        return false;
    }
    x->has_point = answer == LINEAR_HOLDS;
    memcpy(x->point, point, sizeof point);
    return true;
}

static void keep_point(Paths *x, size_t depth) {
    memcpy(x->points[depth], x->point, sizeof x->point);
    x->have_points[depth] = x->has_point;
}

static size_t follow(Paths *x, size_t depth, const Way *ways) {
    add_way(x, &ways[x->went[depth]]);
    memcpy(x->point, x->points[depth], sizeof x->point);
    x->has_point = x->have_points[depth];
    return x->went[depth];
}

// Goes one of [n] ways, of which one holds wherever the path can be. Returns which.
size_t path_go(Paths *x, const Way *ways, size_t n) {
    size_t depth = x->depth++;
    if (x->dead)
        return 0;
    if (depth == PATHS_MAX_DECISIONS) {
        path_give_up(x);
        return 0;
    }
    bool last = depth + 1 == x->n_decisions && x->fresh;
    if (depth < x->n_decisions && !last)
        return follow(x, depth, ways);
    size_t from = last ? x->went[depth] : 0;
    x->fresh = false;
    x->n_decisions = depth + 1;
    x->n_ways[depth] = (uint8_t)n;
    for (size_t i = from; i < n; i++) {
        if (!try_way(x, &ways[i]))
            continue;
        x->went[depth] = (uint8_t)i;
        keep_point(x, depth);
        return i;
    }
    x->went[depth] = (uint8_t)(n - 1);
    x->dead = true;
    return 0;
}

// The next list of decisions. False when there is none.
static bool next_path(Paths *x) {
    while (x->n_decisions > 0) {
        size_t last = x->n_decisions - 1;
        if (x->went[last] + 1u < x->n_ways[last]) {
            x->went[last]++;
            x->fresh = true;
            return true;
        }
        x->n_decisions--;
    }
    return false;
}

static void start_path(Paths *x) {
    memset(x->known, 0, sizeof x->known);
    for (size_t i = 0; i < x->n_chosen; i++)
        x->choices[i].is = PATH_CHOICE_UNSEEN;
    for (size_t i = 0; i < LINEAR_MAX_VARS; i++)
        x->point[i] = number_int(0);
    x->n_constraints = x->depth = 0;
    x->has_point = true;
    x->dead = false;
    x->stamp++;
}

bool paths_each(Paths *x, PathsBody *body, void *context) {
    size_t n = 0;
    x->n_decisions = 0;
    x->fresh = x->too_many = false;
    do {
        start_path(x);
        body(x, context);
    } while (!x->too_many && !x->arena->failed && ++n < PATHS_MAX && next_path(x));
    x->too_many |= n == PATHS_MAX;
    return !x->too_many && !x->arena->failed;
}

// ---- comparisons --------------------------------------------------------------------------------

Constraint path_below(const Linear *form, bool strict) {
    return (Constraint){*form, strict};
}

size_t path_go_by_sign(Paths *x, const Linear *form, int zero_with) {
    if (linear_is_const(form)) {
        int sign = number_sign(form->k);
        return sign == 0 ? (size_t)zero_with : sign < 0 ? 0 : 2;
    }
    Linear negative;
    if (!linear_scale(x->arena, form, number_int(-1), &negative)) {
        path_give_up(x);
        return 0;
    }
    if (zero_with == 1) {
        Way ways[3] = {{{path_below(form, true)}, 1},
                       {{path_below(form, false), path_below(&negative, false)}, 2},
                       {{path_below(&negative, true)}, 1}};
        return path_go(x, ways, 3);
    }
    Way ways[2] = {{{path_below(form, zero_with != 0)}, 1},
                   {{path_below(&negative, zero_with == 0)}, 1}};
    return path_go(x, ways, 2) == 0 ? 0 : 2;
}

bool path_difference(Paths *x, const PathNumber *a, const PathNumber *b, Linear *out) {
    if (linear_sub(x->arena, &a->form, &b->form, out))
        return true;
    path_give_up(x);
    *out = linear_const(number_int(0));
    return false;
}
