// SPDX-License-Identifier: Apache-2.0
// Truths, texts and levels of the machine.
//
// A missing truth holds 0, so of two truths that are both unknown or no, neither byte is 1.
#include <string.h>

#include "runtime/base/number_fast.h"
#include "runtime/engine/truth.h"
#include "runtime/engine/vm_ops.h"

static void fill_bytes(Vm *vm, uint16_t reg, uint8_t v, Why w) {
    memset(vm_bytes(vm, reg), v, vm->n_lanes);
    Why *why = vm_whys(vm, reg);
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        why[i] = w;
    }
}

// ---- texts --------------------------------------------------------------------------------------

Str vm_text_of(const Vm *vm, uint32_t tagged) {
    uint32_t id = tagged & TEXT_ID_MASK;
    switch (tagged >> TEXT_ID_BITS) {
    case TEXT_OF_PROGRAM:
        return vm->program->texts[id];
    case TEXT_OF_STORE:
        return intern_text(&vm->store->texts, id);
    case TEXT_OF_ENTITY:
        return intern_text(&vm->store->entities, id);
    }
    return (Str){0};
}

void vm_OP_CONST_TEXT(Vm *vm, const Instr *in) {
    uint32_t *out = vm_texts(vm, in->dst);
    Why *why = vm_whys(vm, in->dst);
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        out[i] = in->imm | (uint32_t)TEXT_OF_PROGRAM << TEXT_ID_BITS;
        why[i] = 0;
    }
}

void vm_OP_ENTITY(Vm *vm, const Instr *in) {
    uint32_t *out = vm_texts(vm, in->dst);
    Why *why = vm_whys(vm, in->dst);
    uint32_t n_entities = vm->store ? vm->store->entities.n : 0;
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        uint32_t entity = vm_lane(vm, i).entity;
        bool known = entity < n_entities;
        out[i] = known ? entity | (uint32_t)TEXT_OF_ENTITY << TEXT_ID_BITS : 0;
        why[i] = known ? 0 : WHY(REASON_NOT_APPLICABLE);
    }
}

void vm_OP_SAME_TEXT(Vm *vm, const Instr *in) {
    vm_unite_whys(vm, in);
    const uint32_t *a = vm_texts(vm, in->a), *b = vm_texts(vm, in->b);
    uint8_t *out = vm_bytes(vm, in->dst);
    const Why *why = vm_whys(vm, in->dst);
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        out[i] =
            why[i] == 0 && (a[i] == b[i] || str_eq(vm_text_of(vm, a[i]), vm_text_of(vm, b[i])));
    }
}

// ---- truths -------------------------------------------------------------------------------------

void vm_OP_CONST_TRUTH(Vm *vm, const Instr *in) {
    bool known = in->imm < 2;
    fill_bytes(vm, in->dst, known ? (uint8_t)in->imm : 0, known ? 0 : (Why)(in->imm - 2));
}

void vm_OP_AND(Vm *vm, const Instr *in) {
    const uint8_t *a = vm_bytes(vm, in->a), *b = vm_bytes(vm, in->b);
    const Why *why_a = vm_whys(vm, in->a), *why_b = vm_whys(vm, in->b);
    uint8_t *out = vm_bytes(vm, in->dst);
    Why *why = vm_whys(vm, in->dst);
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        Truth t = truth_and((Truth){a[i], why_a[i]}, (Truth){b[i], why_b[i]});
        out[i] = t.yes;
        why[i] = t.why;
    }
}

void vm_OP_OR(Vm *vm, const Instr *in) {
    const uint8_t *a = vm_bytes(vm, in->a), *b = vm_bytes(vm, in->b);
    const Why *why_a = vm_whys(vm, in->a), *why_b = vm_whys(vm, in->b);
    uint8_t *out = vm_bytes(vm, in->dst);
    Why *why = vm_whys(vm, in->dst);
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        Truth t = truth_or((Truth){a[i], why_a[i]}, (Truth){b[i], why_b[i]});
        out[i] = t.yes;
        why[i] = t.why;
    }
}

void vm_OP_NOT(Vm *vm, const Instr *in) {
    const uint8_t *a = vm_bytes(vm, in->a);
    const Why *why_a = vm_whys(vm, in->a);
    uint8_t *out = vm_bytes(vm, in->dst);
    Why *why = vm_whys(vm, in->dst);
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        Truth t = truth_not((Truth){a[i], why_a[i]});
        out[i] = t.yes;
        why[i] = t.why;
    }
}

// Only what an examples row leaves blank stays missing: nobody may read it as an answer.
static inline Why not_given(Why w) {
    return (w & WHY(REASON_NOT_GIVEN)) ? w : 0;
}

void vm_OP_IF_KNOWN(Vm *vm, const Instr *in) {
    const uint8_t *a = vm_bytes(vm, in->a);
    const Why *why_a = vm_whys(vm, in->a);
    uint8_t *out = vm_bytes(vm, in->dst);
    Why *why = vm_whys(vm, in->dst);
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        out[i] = a[i];
        why[i] = not_given(why_a[i]);
    }
}

void vm_OP_KNOWN(Vm *vm, const Instr *in) {
    const Why *why_a = vm_whys(vm, in->a);
    uint8_t *out = vm_bytes(vm, in->dst);
    Why *why = vm_whys(vm, in->dst);
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        out[i] = why_a[i] == 0;
        why[i] = not_given(why_a[i]);
    }
}

// ---- levels -------------------------------------------------------------------------------------

void vm_OP_CONST_LEVEL(Vm *vm, const Instr *in) {
    fill_bytes(vm, in->dst, (uint8_t)in->imm, 0);
}

void vm_OP_GIVEN_LEVEL(Vm *vm, const Instr *in) {
    Given g = vm->given ? vm->given[in->imm] : (Given){.why = WHY(REASON_NOT_GIVEN)};
    Why why = g.why == 0 && g.level == LEVEL_NO_DATA ? WHY(REASON_NOT_AVAILABLE) : g.why;
    fill_bytes(vm, in->dst, why ? 0 : g.level, why);
}

static Why level_of_piece(const Piece *piece, uint8_t *level) {
    if (piece->level == LEVEL_NO_DATA) {
        return piece->kind == PIECE_NONE ? WHY(REASON_NO_BAND) : WHY(REASON_UNJUDGED);
    }
    *level = piece->level;
    return 0;
}

// The level of a value in a band table, or why it has none.
static Why band_level(Arena *big, const BandTable *t, Number v, uint8_t *level) {
    if (t->rounded && !number_round(big, v, t->decimals, (RoundMode)t->mode, &v)) {
        return WHY(REASON_TOO_LARGE);
    }
    return level_of_piece(&t->pieces[band_piece_exact(t, v)], level);
}

// The cuts of a small table as numerators over one denominator: a figure over it lies beyond as
// many cuts as its numerator reaches.
typedef struct CutsOver {
    int64_t den; // -1: made for none; that of a big number is 0
    int64_t from[BAND_FEW_CUTS];
} CutsOver;

static inline Why band_level_over(Arena *big, const BandTable *t, CutsOver *cuts, Number v,
                                  uint8_t *level) {
    if (v.den != cuts->den) {
        if (t->rounded || v.den == 0 || !band_cuts_over(t, v.den, cuts->from)) {
            return band_level(big, t, v, level);
        }
        cuts->den = v.den;
    }
    uint32_t piece = 0;
    for (uint32_t i = 0; i < t->n_cuts; i++) {
        piece += v.num >= cuts->from[i];
    }
    return level_of_piece(&t->pieces[piece], level);
}

void vm_OP_BAND(Vm *vm, const Instr *in) {
    const BandTable *t = &vm->program->band_tables[in->imm];
    const Number *a = vm_numbers(vm, in->a);
    const Why *why_a = vm_whys(vm, in->a);
    uint8_t *out = vm_bytes(vm, in->dst);
    Why *why = vm_whys(vm, in->dst);
    CutsOver cuts = {.den = -1};
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        uint8_t level = 0;
        why[i] = why_a[i] ? why_a[i] : band_level_over(&vm->big, t, &cuts, a[i], &level);
        out[i] = level;
    }
}

void vm_OP_BAND_DATED(Vm *vm, const Instr *in) {
    const Dated *dated = &vm->program->dated[in->imm];
    const Number *a = vm_numbers(vm, in->a);
    const Why *why_a = vm_whys(vm, in->a);
    uint8_t *out = vm_bytes(vm, in->dst);
    Why *why = vm_whys(vm, in->dst);
    const Validity *before = NULL;
    CutsOver cuts = {.den = -1};
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        uint8_t level = 0;
        const Validity *v = vm_in_force(vm, dated, i);
        if (v != before) {
            cuts.den = -1;
        }
        before = v;
        why[i] = why_a[i] ? why_a[i]
                 : !v     ? vm_not_in_force(vm, i)
                          : band_level_over(&vm->big, &vm->program->band_tables[v->band_table],
                                            &cuts, a[i], &level);
        out[i] = level;
    }
}

// 1 where x is above y by more than the margin, -1 where below by more than it, else 0.
static Why moved(Arena *big, Number x, Number y, Number margin, int *way) {
    Number by, down;
    if (!number_fast_difference(big, x, y, &by) || !number_fast_neg(big, margin, &down)) {
        return WHY(REASON_TOO_LARGE);
    }
    *way = number_fast_cmp(by, margin) > 0 ? 1 : number_fast_cmp(by, down) < 0 ? -1 : 0;
    return 0;
}

void vm_OP_DIRECTION(Vm *vm, const Instr *in) {
    int better = in->imm ? -1 : 1;
    const Number *a = vm_numbers(vm, in->a), *b = vm_numbers(vm, in->b), *c = vm_numbers(vm, in->c);
    const Why *why_a = vm_whys(vm, in->a), *why_b = vm_whys(vm, in->b), *why_c = vm_whys(vm, in->c);
    uint8_t *out = vm_bytes(vm, in->dst);
    Why *why = vm_whys(vm, in->dst);
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        int way = 0;
        why[i] = (Why)(why_a[i] | why_b[i] | why_c[i]);
        if (why[i] == 0) {
            why[i] = moved(&vm->big, a[i], b[i], c[i], &way);
        }
        out[i] = why[i] ? 0 : (uint8_t)(LEVEL_STEADY + way * better);
    }
}

void vm_OP_ELSE_LEVEL(Vm *vm, const Instr *in) {
    const uint8_t *a = vm_bytes(vm, in->a), *b = vm_bytes(vm, in->b);
    const Why *why_a = vm_whys(vm, in->a), *why_b = vm_whys(vm, in->b);
    uint8_t *out = vm_bytes(vm, in->dst);
    Why *why = vm_whys(vm, in->dst);
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        Why wa = why_a[i], wb = why_b[i];
        bool takes_b = wa != 0 && not_given(wa) == 0;
        out[i] = takes_b ? b[i] : a[i];
        why[i] = !takes_b ? wa : wb ? (Why)(wa | wb) : 0;
    }
}

void vm_OP_IS(Vm *vm, const Instr *in) {
    const uint32_t set = in->imm;
    const uint8_t *a = vm_bytes(vm, in->a);
    const Why *why_a = vm_whys(vm, in->a);
    uint8_t *out = vm_bytes(vm, in->dst);
    Why *why = vm_whys(vm, in->dst);
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        out[i] = (why_a[i] == 0) & (set >> a[i] & 1);
        why[i] = why_a[i];
    }
}
