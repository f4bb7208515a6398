// SPDX-License-Identifier: Apache-2.0
// Linear: whether linear comparisons can hold together, exactly, and figures for which they do.
//
// Fourier-Motzkin elimination over exact numbers: a variable goes by adding each of its lower
// bounds to each of its upper ones. Figures are put back in the reverse order, the plainest that
// fit.
#ifndef BS_PROVE_LINEAR_H
#define BS_PROVE_LINEAR_H

#include <stdbool.h>
#include <stddef.h>

#include "runtime/base/arena.h"
#include "runtime/base/number.h"

enum {
    LINEAR_MAX_VARS = 10,
    LINEAR_MAX_FORMS = 300,    // at any stage; beyond that the answer is LINEAR_UNSURE,
    LINEAR_MAX_WORK = 2000000, // and beyond so many forms looked at by one solver
};

// c[0] x0 + … + k
typedef struct Linear {
    Number c[LINEAR_MAX_VARS];
    Number k;
} Linear;

// form < 0, or form <= 0
typedef struct Constraint {
    Linear form;
    bool strict;
} Constraint;

Linear linear_const(Number k);
Linear linear_var(size_t i);
// False when a number outgrows NUMBER_MAX_BITS or memory runs out.
bool linear_add(Arena *a, const Linear *x, const Linear *y, Linear *out);
bool linear_sub(Arena *a, const Linear *x, const Linear *y, Linear *out);
bool linear_scale(Arena *a, const Linear *x, Number by, Linear *out);
bool linear_is_const(const Linear *x);
// The value at [point].
bool linear_at(Arena *a, const Linear *x, const Number *point, Number *out);

typedef struct LinearForms {
    Constraint *v;
    size_t n, cap;
} LinearForms;

// What solving needs again and again. All zero but for the arena.
typedef struct LinearSolver {
    Arena *arena;
    LinearForms stages[LINEAR_MAX_VARS + 1];
    size_t work; // forms looked at
} LinearSolver;

typedef enum LinearAnswer {
    LINEAR_HOLDS,  // at the point
    LINEAR_NEVER,  // nowhere
    LINEAR_UNSURE, // too much to work out, or no whole number was found where one is needed
} LinearAnswer;

// Can all of [v] hold together? Variables that are [whole] take whole numbers only; the others are
// given at most [decimals] decimals where that is possible.
LinearAnswer linear_solve(LinearSolver *s, const Constraint *v, size_t n, const bool *whole,
                          unsigned decimals, Number point[LINEAR_MAX_VARS]);
// Do all of [v] hold at [point]?
bool linear_holds(Arena *a, const Constraint *v, size_t n, const Number *point);

// An end of a stretch of numbers.
typedef struct LinearEnd {
    bool bounded, open;
    Number at;
} LinearEnd;

// The plainest number between two ends: whole if there is one, else of few decimals. False when
// there is none (of whole numbers, with [whole]).
bool linear_pick(Arena *a, const LinearEnd *low, const LinearEnd *high, bool whole,
                 unsigned decimals, Number *out);

#endif
