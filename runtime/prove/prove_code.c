// SPDX-License-Identifier: Apache-2.0
// Single instructions: conditions without a figure, divisions by what can be zero.
#include "runtime/prove/proof.h"

static bool is_arithmetic(uint16_t op) {
    return op >= OP_ADD && op <= OP_ROUND;
}

// Is this a fixed figure, or worked out from such?
static bool is_fixed(const Proof *x, uint16_t reg) {
    const Instr *in = paths_definition(&x->paths, reg);
    if (in->op == OP_CONST)
        return true;
    return is_arithmetic(in->op) && is_fixed(x, in->a) && (in->b == NO_REG || is_fixed(x, in->b));
}

// ---- conditions without a figure ----------------------------------------------------------------

static void prove_comparison(Proof *x, size_t i) {
    const Instr *in = paths_code(&x->paths, i);
    if (!is_fixed(x, in->a) || !is_fixed(x, in->b) ||
        proof_told(x, D_CONSTANT_CONDITION, proof_place(x, paths_code(&x->paths, i))))
        return;
    diag_add(x->diags, D_CONSTANT_CONDITION, proof_place(x, paths_code(&x->paths, i)),
             "both sides of this comparison are fixed, so it always comes out the same")
        ->hint = STR("compare with a figure, or take the condition out");
}

// ---- divisions ----------------------------------------------------------------------------------

typedef struct Divisor {
    uint16_t reg;
    bool can_be_zero;
} Divisor;

static void look_for_zero(Paths *x, void *context) {
    Divisor *d = context;
    const Instr *judged = paths_definition(x, x->kpi->judged);
    if (judged->op == OP_GATE && path_truth(x, judged->b) != PATH_YES)
        return;
    PathNumber n = path_number(x, d->reg);
    if (!n.missing && !x->dead)
        d->can_be_zero |= paths_can_be_zero(x, &n);
}

// Is [reg] made from figures of the row's own period? What is asked of an earlier one is the same.
static bool is_of_now(const Proof *x, uint16_t reg) {
    if (reg == NO_REG || x->paths.kpi->fn.reg_kind[reg] != KIND_NUMBER)
        return false;
    const Instr *in = paths_definition(&x->paths, reg);
    if (in->op == OP_LOAD)
        return x->program->loads[in->imm].back == 0;
    return is_of_now(x, in->a) || is_of_now(x, in->b);
}

static void prove_division(Proof *x, size_t i) {
    Divisor d = {.reg = paths_code(&x->paths, i)->b};
    if (is_fixed(x, d.reg) || !is_of_now(x, d.reg))
        return;
    paths_each(&x->paths, look_for_zero, &d);
    if (!d.can_be_zero || proof_told(x, D_DIVISOR_ZERO, proof_place(x, paths_code(&x->paths, i))))
        return;
    size_t var = paths_var(&x->paths, d.reg);
    Str name = var < LINEAR_MAX_VARS ? proof_name(x, var) : STR("the divisor");
    Diag *diag = diag_add(x->diags, D_DIVISOR_ZERO, proof_place(x, paths_code(&x->paths, i)),
                          "%.*s can be 0, and then there is no result", STR_ARG(name));
    diag->hint =
        var < LINEAR_MAX_VARS
            ? arena_printf(x->diags->arena,
                           "write `needs %.*s > 0`, or give the metric a range that begins "
                           "above 0",
                           STR_ARG(name))
            : STR("say with `needs` when there is enough to divide by");
}

void prove_code(Proof *x) {
    for (size_t i = 0; i < x->paths.kpi->fn.n; i++) {
        switch (paths_code(&x->paths, i)->op) {
        case OP_LT:
        case OP_LE:
        case OP_EQ:
        case OP_NE:
            prove_comparison(x, i);
            break;
        case OP_DIV:
            prove_division(x, i);
            break;
        default:
            break;
        }
    }
}
