// SPDX-License-Identifier: Apache-2.0
#include "runtime/engine/taken.h"

static const Judgement *override_in(const Vm *vm, const Instr *in, size_t lane) {
    uint32_t line = vm_status(vm, in->dst, lane).line;
    bool applies = line != vm_status(vm, in->a, lane).line && line_is_judgement(line);
    return applies ? &vm->program->judgements[line - JUDGEMENT_LINE] : NULL;
}

bool taken_behind(const Vm *vm, const Kpi *kpi, uint16_t reg, size_t lane, TakenStatus *out) {
    const Program *p = vm->program;
    const Function *fn = &kpi->fn;
    for (uint32_t i = fn->first; i < fn->first + fn->n; i++) {
        const Instr *in = &p->code[i];
        if (in->dst != reg)
            continue;
        if (in->op == OP_OPEN && vm_whys(vm, in->a)[lane] != 0)
            return false;
        if (in->op == OP_TAKE) {
            *out = (TakenStatus){.status = in->a, .kpi = p->lines[in->imm].taken};
            return true;
        }
        if (in->op == OP_OVERRIDE) {
            *out = (TakenStatus){.status = in->a, .override = override_in(vm, in, lane)};
            return true;
        }
        const Validity *v =
            in->op == OP_TAKE_DATED ? vm_in_force(vm, &p->dated[in->imm], lane) : NULL;
        if (v) {
            *out = (TakenStatus){.status = v->status};
            return true;
        }
    }
    return false;
}

uint32_t taken_root(const Vm *vm, uint32_t kpi, size_t lane) {
    const Kpi *k = &vm->program->kpis[kpi];
    uint32_t root = kpi;
    TakenStatus behind = {.status = k->status};
    while (taken_behind(vm, k, behind.status, lane, &behind) && !behind.override)
        root = behind.kpi > 0 ? behind.kpi - 1 : root;
    return root;
}
