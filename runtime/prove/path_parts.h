// SPDX-License-Identifier: Apache-2.0
// Paths, their parts: what the files path*.c share and nobody else needs.
#ifndef BS_PROVE_PATH_PARTS_H
#define BS_PROVE_PATH_PARTS_H

#include "runtime/prove/paths.h"

// What a path takes for granted when it goes one way.
typedef struct Way {
    Constraint v[2];
    size_t n;
} Way;

// Goes one of [n] ways, of which one holds wherever the path can be. Returns which.
size_t path_go(Paths *x, const Way *ways, size_t n);
// Goes by the sign of a form: 0 below zero, 1 zero, 2 above, of which those that [zero_with] joins
// come as one: zero goes with what lies below (0), above (2) or stands alone (1).
size_t path_go_by_sign(Paths *x, const Linear *form, int zero_with);

// form < 0, or form <= 0
Constraint path_below(const Linear *form, bool strict);
// a - b. False, with the path given up, when a number outgrows its bounds.
bool path_difference(Paths *x, const PathNumber *a, const PathNumber *b, Linear *out);

// More is taken for possible than there is, for the sake of what stands in [reg].
void path_say_inexact(Paths *x, uint16_t reg);
// The question is too much to be worked out.
void path_give_up(Paths *x);
// Was it worked out on the present path?
bool path_is_worked_out(Paths *x, uint16_t reg);
// The choice that [in] stands for; a new one when it is met for the first time, NULL when there are
// too many.
PathChoice *path_choice(Paths *x, const Instr *in);

#endif
