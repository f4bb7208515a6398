// SPDX-License-Identifier: Apache-2.0
#include "runtime/engine/vm.h"

#include <stdlib.h>

#include "runtime/engine/hand.h"
#include "runtime/engine/series.h"
#include "runtime/engine/vm_ops.h"

static Operation *const operations[N_OPCODES] = {
#define OP(name, mnemonic, dst, a, b, c, imm) [name] = vm_##name,
#include "runtime/data/opcodes.def"
#undef OP
};

void vm_init(Vm *vm, const Program *p, const Store *s) {
    *vm = (Vm){.program = p, .store = s};
    arena_init(&vm->big, VM_MAX_BIG);
}

void vm_free(Vm *vm) {
    free(vm->regs);
    free(vm->room);
    arena_free(&vm->big);
    vm_forget(vm);
    vm_init(vm, vm->program, vm->store);
}

void vm_forget(Vm *vm) {
    series_table_free(vm->series);
    vm->series = NULL;
    vm_charts_free(vm->charts);
    vm->charts = NULL;
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
        return STATUS_LANE_BYTES;
    }
    return 0;
}

enum { ALIGNMENT = 64 }; // of a column: a line of the cache, and the widest vector

static size_t rounded_up(size_t size) {
    return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

// Bytes of a register's values and of its reasons.
static size_t value_bytes(ValueKind kind, size_t n) {
    return rounded_up(n * lane_size(kind) + (kind == KIND_STATUS));
}

static size_t why_bytes(ValueKind kind, size_t n) {
    return kind == KIND_STATUS ? 0 : rounded_up(n * sizeof(Why));
}

static bool reserve(Vm *vm, const Plan *plan, size_t n) {
    size_t needed = ALIGNMENT + VM_MAX_FOUND * rounded_up(n * sizeof(uint32_t));
    for (uint32_t i = 0; i < plan->n_regs; i++) {
        ValueKind kind = (ValueKind)plan->fn->reg_kind[plan->regs[i]];
        needed += value_bytes(kind, n) + why_bytes(kind, n);
    }
    if (vm->n_regs < plan->fn->n_regs) {
        free(vm->regs);
        vm->n_regs = plan->fn->n_regs;
        vm->regs = calloc(vm->n_regs, sizeof *vm->regs);
    }
    if (vm->n_bytes < needed) {
        free(vm->room);
        vm->n_bytes = needed;
        vm->room = aligned_alloc(ALIGNMENT, needed);
    }
    if (vm->regs && vm->room)
        return true;
    vm->n_regs = vm->regs ? vm->n_regs : 0;
    vm->n_bytes = vm->room ? vm->n_bytes : 0;
    return false;
}

static void *take(Vm *vm, size_t n_bytes) {
    void *taken = vm->room + vm->n_used;
    vm->n_used += n_bytes;
    return taken;
}

// Lays the registers out one behind the other, so that a small batch stays in the cache.
static void lay_out(Vm *vm, const Plan *plan, size_t n) {
    vm->n_used = 0;
    for (uint32_t i = 0; i < plan->n_regs; i++) {
        uint16_t reg = plan->regs[i];
        ValueKind kind = (ValueKind)plan->fn->reg_kind[reg];
        void *v = take(vm, value_bytes(kind, n));
        vm->regs[reg] = (Register){kind, v, take(vm, why_bytes(kind, n))};
    }
    for (uint32_t i = 0; i < plan->n_copies; i++)
        vm->regs[plan->copies[i].reg] = vm->regs[plan->copies[i].of];
    for (size_t i = 0; i < VM_MAX_FOUND; i++)
        vm->found[i].obs = take(vm, rounded_up(n * sizeof(uint32_t)));
}

static void set_register(Vm *vm, const Settable *settable) {
    Number *out = vm_numbers(vm, settable->reg);
    Why *why = vm_whys(vm, settable->reg);
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        const HandFigure *h = hand_of_kpi(vm->program->hand, settable, vm_lane(vm, i));
        if (!h)
            continue;
        out[i] = h->why ? NO_NUMBER : h->number;
        why[i] = h->why;
    }
}

static void run_code(Vm *vm, const Plan *plan) {
    size_t set = 0;
    for (uint32_t i = 0; i < plan->n && !vm->big.failed; i++) {
        operations[plan->code[i].op](vm, &plan->code[i]);
        for (; set < plan->n_sets && plan->sets[set].behind == i; set++)
            set_register(vm, plan->sets[set].settable);
    }
}

static bool run(Vm *vm, const Plan *plan, const Lane *lanes, size_t n, const Given *given) {
    if (n > VM_BATCH)
        return false;
    arena_free(&vm->big);
    if (!reserve(vm, plan, n))
        return false;
    lay_out(vm, plan, n);
    vm->n_found = 0;
    vm->n_lanes = n;
    vm->lanes = lanes;
    vm->given = given;
    vm->fn = plan->fn;
    run_code(vm, plan);
    return !vm->big.failed;
}

bool vm_run_plan(Vm *vm, const Plan *plan, const Lane *lanes, size_t n) {
    return run(vm, plan, lanes, n, NULL);
}

bool vm_run_by_lane(Vm *vm, const Plan *plan, const Lane *lanes, size_t n, const Given *given) {
    vm->given_by_lane = true;
    bool ok = run(vm, plan, lanes, n, given);
    vm->given_by_lane = false;
    return ok;
}

bool vm_run(Vm *vm, const Function *fn, const Lane *lanes, size_t n, const Given *given) {
    Arena a;
    Plan plan;
    arena_init(&a, 0);
    bool ok = plan_whole(&a, vm->program, fn, &plan) && run(vm, &plan, lanes, n, given);
    arena_free(&a);
    return ok;
}

const Validity *vm_in_force(const Vm *vm, const Dated *d, size_t lane) {
    Period own = vm->lanes ? vm->lanes[lane].period : (Period){0, PERIOD_NONE};
    Period then;
    if (vm->as_of.kind != PERIOD_NONE)
        return dated_on(d, period_last_day(vm->as_of));
    return period_before(own, d->years, d->back, &then) ? dated_on(d, period_last_day(then)) : NULL;
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
    StatusColumns s = vm_status_columns(vm, reg);
    return (StatusLane){.level = s.level[lane],
                        .line = s.line[lane],
                        .pending = s.pending[lane],
                        .why = s.why[lane],
                        .unknown = s.unknown[lane]};
}
