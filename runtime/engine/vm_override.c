// SPDX-License-Identifier: Apache-2.0
// Overrides of the machine. Nothing of this runs for a KPI without one.
#include <string.h>

#include "runtime/engine/vm_ops.h"

static void copy_columns(const StatusColumns *to, const StatusColumns *from, size_t n) {
    *to->unsettled = *from->unsettled;
    memcpy(to->pending, from->pending, n * sizeof *to->pending);
    memcpy(to->line, from->line, n * sizeof *to->line);
    memcpy(to->why, from->why, n * sizeof *to->why);
    memcpy(to->unknown, from->unknown, n * sizeof *to->unknown);
    memcpy(to->level, from->level, n);
    memcpy(to->open, from->open, n);
}

static void give(const StatusColumns *s, size_t i, uint8_t level, uint32_t judgement) {
    s->level[i] = level;
    s->line[i] = JUDGEMENT_LINE + judgement;
    s->pending[i] = 0;
    s->why[i] = s->unknown[i] = 0;
    s->open[i] = 0;
}

void vm_OP_OVERRIDE(Vm *vm, const Instr *in) {
    const Program *p = vm->program;
    StatusColumns a = vm_status_columns(vm, in->a), s = vm_status_columns(vm, in->dst);
    size_t n = vm->n_lanes;
    copy_columns(&s, &a, n);
    for (size_t i = 0; !vm->without_overrides && vm->lanes && vm->store && i < n; i++) {
        Lane lane = vm->lanes[i];
        uint32_t found = judgement_find(p, in->imm, intern_text(&vm->store->entities, lane.entity),
                                        lane.period);
        if (found != UINT32_MAX)
            give(&s, i, p->judgements[found].level, found);
    }
}
