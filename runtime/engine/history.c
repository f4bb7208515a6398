// SPDX-License-Identifier: Apache-2.0
#include "runtime/engine/history.h"

#include <string.h>

// The big numbers of a batch go with it, so a value has its own.
static bool keep_batch(const Vm *vm, uint16_t reg, Arena *a, Number *v, Why *why) {
    const Number *numbers = vm_numbers(vm, reg);
    memcpy(why, vm_whys(vm, reg), vm->n_lanes * sizeof *why);
    for (size_t i = 0; i < vm->n_lanes; i++) {
        if (numbers[i].den != 0)
            v[i] = numbers[i];
        else if (!number_copy(a, numbers[i], &v[i]))
            return false;
    }
    return true;
}

bool history_take(Vm *vm, const Function *fn, uint16_t reg, const Lane *lanes, size_t n, Arena *a,
                  Number *v, Why *why) {
    Arena scratch;
    Plan plan;
    arena_init(&scratch, 0);
    bool ok = plan_register(&scratch, vm->program, fn, reg, &plan);
    for (size_t i = 0; ok && i < n; i += VM_BATCH) {
        size_t n_batch = n - i < VM_BATCH ? n - i : VM_BATCH;
        ok = vm_run_plan(vm, &plan, lanes + i, n_batch) && keep_batch(vm, reg, a, v + i, why + i);
    }
    arena_free(&scratch);
    return ok;
}
