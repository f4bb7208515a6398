// SPDX-License-Identifier: Apache-2.0
// Vm operations, for the machine's own files: one function an opcode, over the lanes of the batch.
//
// A destination may be one of the operands, so a loop reads what it needs of a lane before it
// writes that lane. Where memory for a big number runs out, vm->big.failed says so afterwards.
#ifndef BS_ENGINE_VM_OPS_H
#define BS_ENGINE_VM_OPS_H

#include "runtime/engine/vm.h"

typedef void Operation(Vm *vm, const Instr *in);

#define OP(name, mnemonic, dst, a, b, c, imm) Operation vm_##name;
#include "runtime/data/opcodes.def"
#undef OP

// Texts come from three tables; the two upper bits of a text lane say from which.
enum {
    TEXT_OF_PROGRAM = 0, // Program.texts
    TEXT_OF_STORE = 1,   // Store.texts
    TEXT_OF_ENTITY = 2,  // Store.entities
    TEXT_ID_BITS = 30,
    TEXT_ID_MASK = (1 << TEXT_ID_BITS) - 1,
};

#define NO_NUMBER ((Number){0, 1})

static inline Number *vm_numbers(const Vm *vm, uint16_t reg) { return vm->regs[reg].v; }
static inline uint8_t *vm_bytes(const Vm *vm, uint16_t reg) { return vm->regs[reg].v; }
static inline uint32_t *vm_texts(const Vm *vm, uint16_t reg) { return vm->regs[reg].v; }
static inline StatusLane *vm_statuses(const Vm *vm, uint16_t reg) { return vm->regs[reg].v; }
static inline Why *vm_whys(const Vm *vm, uint16_t reg) { return vm->regs[reg].why; }

// The entity and period of a lane; neither where the caller gave no lanes.
static inline Lane vm_lane(const Vm *vm, size_t i) {
    return vm->lanes ? vm->lanes[i] : (Lane){.entity = INTERN_NONE, .period = {0, PERIOD_NONE}};
}

// The text of a text lane.
Str vm_text_of(const Vm *vm, uint32_t tagged);

// Gives dst the reasons of a and b together.
static inline void vm_unite_whys(const Vm *vm, const Instr *in) {
    const Why *a = vm_whys(vm, in->a), *b = vm_whys(vm, in->b);
    Why *out = vm_whys(vm, in->dst);
    for (size_t i = 0; i < vm->n_lanes; i++) {
        out[i] = (Why)(a[i] | b[i]);
    }
}

// As number_cmp, without a call where both sides are of the fast form.
static inline int vm_compare(Number x, Number y) {
    __extension__ typedef __int128 Int128;
    if (x.den == y.den && x.den != 0) {
        return (x.num > y.num) - (x.num < y.num);
    }
    if (x.den == 0 || y.den == 0) {
        return number_cmp(x, y);
    }
    Int128 left = (Int128)x.num * y.den, right = (Int128)y.num * x.den;
    return (left > right) - (left < right);
}

// As number_sub, without a call where both sides have one denominator and the result fits.
static inline bool vm_subtract(Arena *big, Number x, Number y, Number *out) {
    int64_t num;
    if (x.den == y.den && x.den != 0 && !__builtin_sub_overflow(x.num, y.num, &num) &&
        num != INT64_MIN) {
        *out = (Number){num, x.den};
        return true;
    }
    return number_sub(big, x, y, out);
}

#endif
