// SPDX-License-Identifier: Apache-2.0
// Compile: modules to a verified program.
#ifndef BS_LANG_COMPILE_H
#define BS_LANG_COMPILE_H

#include "lang/load.h"
#include "runtime/data/program.h"

// Compiles what [modules] holds into [out], whose contents live in [arena]; [scratch] is free to be
// reset afterwards. False when there are errors in [diags], or memory ran out.
bool compile_modules(Arena *scratch, Arena *arena, DiagList *diags, Modules *modules,
                     Program *out);

// The outcome of compile_expression, beside its function.
typedef struct Expression {
    Function fn;
    uint16_t reg;
    ValueKind kind;
    Unit unit;
} Expression;

// Compiles one expression into a program of its own, in which the constants of [modules] (may be
// NULL) can be used.
bool compile_expression(Arena *scratch, Arena *arena, DiagList *diags, Modules *modules,
                        Str text, Program *out, Expression *expression);

#endif
