// SPDX-License-Identifier: Apache-2.0
#include "runtime/engine/vm.h"

#include <string.h>

#include "runtime/engine/vm_ops.h"

static Operation *const operations[N_OPCODES] = {
#define OP(name, mnemonic, dst, a, b, c, imm) [name] = vm_##name,
#include "runtime/data/opcodes.def"
#undef OP
};

void vm_init(Vm *vm, const Program *p, const Store *s) {
    *vm = (Vm){.program = p, .store = s};
    arena_init(&vm->arena, 0);
    arena_init(&vm->big, VM_MAX_BIG);
}

void vm_free(Vm *vm) {
    arena_free(&vm->arena);
    arena_free(&vm->big);
    vm_init(vm, vm->program, vm->store);
}

static size_t lane_size(ValueKind kind) {
    switch (kind) {
    case KIND_NUMBER:
        return sizeof(Number);
    case KIND_TRUTH:
    case KIND_LEVEL:
        return sizeof(uint8_t);
    case KIND_TEXT:
        return sizeof(uint32_t);
    case KIND_STATUS:
        return sizeof(StatusLane);
    }
    return 0;
}

// Functions run batch after batch, so the registers of the last one usually serve again.
static bool registers_serve(const Vm *vm, const Function *fn, size_t n) {
    if (vm->n_regs < fn->n_regs || vm->n_room < n) {
        return false;
    }
    for (size_t i = 0; i < fn->n_regs; i++) {
        if (vm->regs[i].kind != (ValueKind)fn->reg_kind[i]) {
            return false;
        }
    }
    return true;
}

static bool make_registers(Vm *vm, const Function *fn, size_t n) {
    arena_free(&vm->arena);
    memset(vm->found, 0, sizeof vm->found);
    vm->n_regs = 0;
    vm->n_room = n;
    vm->regs = ARENA_ARRAY(&vm->arena, Register, fn->n_regs);
    for (size_t i = 0; vm->regs && i < fn->n_regs; i++) {
        ValueKind kind = (ValueKind)fn->reg_kind[i];
        void *v = arena_array(&vm->arena, n, lane_size(kind));
        Why *why = kind == KIND_STATUS ? NULL : ARENA_ARRAY(&vm->arena, Why, n);
        vm->regs[i] = (Register){kind, v, why};
    }
    if (vm->arena.failed) {
        return false;
    }
    vm->n_regs = fn->n_regs;
    return true;
}

bool vm_run(Vm *vm, const Function *fn, const Lane *lanes, size_t n, const Given *given) {
    if (n > VM_BATCH) {
        return false;
    }
    arena_free(&vm->big);
    if (!registers_serve(vm, fn, n) && !make_registers(vm, fn, n)) {
        return false;
    }
    vm->n_found = 0;
    vm->n_lanes = n;
    vm->lanes = lanes;
    vm->given = given;
    const Instr *code = vm->program->code + fn->first;
    for (uint32_t i = 0; i < fn->n && !vm->big.failed; i++) {
        operations[code[i].op](vm, &code[i]);
    }
    return !vm->big.failed;
}

static void tell_why(const Vm *vm, uint16_t reg, size_t lane, Why *why) {
    if (why) {
        *why = vm_whys(vm, reg)[lane];
    }
}

Number vm_number(const Vm *vm, uint16_t reg, size_t lane, Why *why) {
    tell_why(vm, reg, lane, why);
    return vm_numbers(vm, reg)[lane];
}

uint8_t vm_level(const Vm *vm, uint16_t reg, size_t lane, Why *why) {
    tell_why(vm, reg, lane, why);
    return vm_bytes(vm, reg)[lane];
}

bool vm_truth(const Vm *vm, uint16_t reg, size_t lane, Why *why) {
    tell_why(vm, reg, lane, why);
    return vm_bytes(vm, reg)[lane] != 0;
}

Str vm_text(const Vm *vm, uint16_t reg, size_t lane, Why *why) {
    tell_why(vm, reg, lane, why);
    bool missing = vm_whys(vm, reg)[lane] != 0;
    return missing ? (Str){0} : vm_text_of(vm, vm_texts(vm, reg)[lane]);
}

StatusLane vm_status(const Vm *vm, uint16_t reg, size_t lane) {
    return vm_statuses(vm, reg)[lane];
}
