// SPDX-License-Identifier: Apache-2.0
// Vm operations, for the machine's own files: one function an opcode, over the lanes of the batch.
//
// A destination may be one of the operands, so a loop reads what it needs of a lane before it
// writes that lane. The number of lanes is read before a loop: for all the compiler knows, a byte
// that is written could be part of it, which would rule out vectors. Where memory for a big number
// runs out, vm->big.failed says so afterwards.
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

// The entity and period of a lane; neither where the caller gave no lanes.
static inline Lane vm_lane(const Vm *vm, size_t i) {
    return vm->lanes ? vm->lanes[i]
                     : (Lane){.entity = INTERN_NONE, .period = {0, PERIOD_NONE}, .own = 0};
}

// Why nothing is in force for a lane.
static inline Why vm_not_in_force(const Vm *vm, size_t i) {
    bool not_given = vm->given && vm_lane(vm, i).period.kind == PERIOD_NONE;
    return not_given ? WHY(REASON_NOT_GIVEN) : WHY(REASON_NO_RULES);
}
void vm_charts_free(VmCharts *charts);

// The text of a text lane.
Str vm_text_of(const Vm *vm, uint32_t tagged);

// Gives dst the reasons of a and b together.
static inline void vm_unite_whys(const Vm *vm, const Instr *in) {
    const Why *a = vm_whys(vm, in->a), *b = vm_whys(vm, in->b);
    Why *out = vm_whys(vm, in->dst);
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        out[i] = (Why)(a[i] | b[i]);
    }
}

#endif
