// SPDX-License-Identifier: Apache-2.0
// Emitting code: the one door through which instructions enter the program.
#include "lang/gen.h"

uint16_t new_reg(Gen *g, ValueKind kind) {
    if (g->fn->kinds.n >= PROGRAM_MAX_REGS) {
        report(g->c, D_TOO_DEEP, g->place, "the KPI needs more than %d steps to work out",
               PROGRAM_MAX_REGS)
            ->hint = STR("split it into several KPIs");
        return 0;
    }
    VEC_PUSH(g->c->scratch, &g->fn->kinds, (uint8_t)kind);
    return (uint16_t)(g->fn->kinds.n - 1);
}

void emit(Gen *g, Opcode op, uint16_t dst, uint16_t a, uint16_t b, uint16_t c, uint32_t imm) {
    VEC_PUSH(g->c->arena, &g->c->code, ((Instr){(uint16_t)op, dst, a, b, c, imm}));
    VEC_PUSH(g->c->arena, &g->c->places, g->place);
}

uint16_t emit_new(Gen *g, ValueKind kind, Opcode op, uint16_t a, uint16_t b, uint32_t imm) {
    uint16_t dst = new_reg(g, kind);
    emit(g, op, dst, a, b, NO_REG, imm);
    return dst;
}

uint32_t add_const(Compiler *c, Number n) {
    for (size_t i = c->consts.n, n_looked_at = 0; i > 0 && n_looked_at < 64; i--, n_looked_at++) {
        Number known = c->consts.v[i - 1];
        if (known.den != 0 && known.num == n.num && known.den == n.den)
            return (uint32_t)i - 1;
    }
    Number copy = n;
    number_copy(c->arena, n, &copy);
    VEC_PUSH(c->arena, &c->consts, copy);
    return c->consts.n == 0 ? 0 : (uint32_t)c->consts.n - 1;
}

uint16_t emit_const(Gen *g, Number n) {
    return emit_new(g, KIND_NUMBER, OP_CONST, NO_REG, NO_REG, add_const(g->c, n));
}

uint16_t emit_missing(Gen *g, Why why) {
    return emit_new(g, KIND_NUMBER, OP_MISSING, NO_REG, NO_REG, why);
}

bool find_given(const Gen *g, Str name, uint32_t *slot) {
    for (size_t i = 0; i < g->fn->n_givens; i++)
        if (str_eq(g->fn->givens[i].name, name)) {
            *slot = g->fn->givens[i].slot;
            return true;
        }
    return false;
}

bool find_own_given(const Gen *g, Str name, uint32_t *slot) {
    return !g->is_taken && find_given(g, name, slot);
}

Function finish_function(Gen *g) {
    Fn *fn = g->fn;
    uint8_t *kinds = ARENA_ARRAY(g->c->arena, uint8_t, fn->kinds.n + 1);
    for (size_t i = 0; kinds && i < fn->kinds.n; i++)
        kinds[i] = fn->kinds.v[i];
    return (Function){.first = fn->first,
                      .n = (uint32_t)g->c->code.n - fn->first,
                      .n_regs = (uint16_t)fn->kinds.n,
                      .reg_kind = kinds,
                      .settables = fn->settables.v,
                      .n_settables = fn->settables.n};
}
