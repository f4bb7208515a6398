// SPDX-License-Identifier: Apache-2.0
// Status blocks of the machine.
//
// While a lane is undecided its level is LEVEL_NO_DATA and its line UINT32_MAX; once decided it
// never changes. An unknown line does not decide, but what it would have given stays in `pending`:
// when a later line holds and would give something else, a later figure could change the status, so
// there is none.
#include "runtime/engine/vm_ops.h"

enum { PENDING_NO_DATA = 63 }; // the bit of `pending` for no data

static inline uint64_t outcome_bit(uint8_t outcome) {
    return UINT64_C(1) << (outcome == LEVEL_NO_DATA ? PENDING_NO_DATA : outcome);
}

static void decide_no_data(StatusLane *s, Why why) {
    s->level = LEVEL_NO_DATA;
    s->decided = true;
    s->line = UINT32_MAX;
    s->why = why;
}

// A line with this outcome holds.
static void settle(StatusLane *s, uint8_t outcome, uint32_t line) {
    uint64_t candidates = s->pending | outcome_bit(outcome);
    if (candidates != outcome_bit(outcome)) {
        decide_no_data(s, s->unknown);
        s->pending = candidates;
        return;
    }
    s->pending = 0;
    s->level = outcome;
    s->decided = true;
    s->line = line;
    s->why = outcome == LEVEL_NO_DATA ? WHY(REASON_UNJUDGED) : 0;
}

void vm_OP_OPEN(Vm *vm, const Instr *in) {
    const Why *why_a = vm_whys(vm, in->a);
    StatusLane *out = vm_statuses(vm, in->dst);
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        out[i] = (StatusLane){
            .level = LEVEL_NO_DATA, .decided = why_a[i] != 0, .line = UINT32_MAX, .why = why_a[i]};
    }
}

void vm_OP_WHEN(Vm *vm, const Instr *in) {
    uint8_t outcome = vm->program->lines[in->imm].outcome;
    const uint8_t *a = vm_bytes(vm, in->a);
    const Why *why_a = vm_whys(vm, in->a);
    StatusLane *out = vm_statuses(vm, in->dst);
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        if (out[i].decided) {
            continue;
        }
        if (why_a[i]) {
            out[i].pending |= outcome_bit(outcome);
            out[i].unknown |= why_a[i];
        } else if (a[i]) {
            settle(&out[i], outcome, in->imm);
        }
    }
}

void vm_OP_OTHERWISE(Vm *vm, const Instr *in) {
    uint8_t outcome = vm->program->lines[in->imm].outcome;
    StatusLane *out = vm_statuses(vm, in->dst);
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        if (!out[i].decided) {
            settle(&out[i], outcome, in->imm);
        }
    }
}

void vm_OP_CROSS(Vm *vm, const Instr *in) {
    const CrossTable *t = &vm->program->cross_tables[in->imm];
    const uint8_t *a = vm_bytes(vm, in->a), *b = vm_bytes(vm, in->b);
    const Why *why_a = vm_whys(vm, in->a), *why_b = vm_whys(vm, in->b);
    StatusLane *out = vm_statuses(vm, in->dst);
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        StatusLane *s = &out[i];
        if (s->decided) {
            continue;
        }
        if (why_a[i] || (why_b[i] & WHY(REASON_NOT_GIVEN))) {
            decide_no_data(s, why_a[i] ? why_a[i] : why_b[i]);
            continue;
        }
        uint32_t column = why_b[i] ? t->n_b : b[i];
        s->unknown |= why_b[i];
        settle(s, t->cells[(size_t)a[i] * (t->n_b + 1) + column], t->lines[a[i]]);
    }
}

void vm_OP_MAP(Vm *vm, const Instr *in) {
    const LevelMap *map = &vm->program->maps[in->imm];
    const uint8_t *a = vm_bytes(vm, in->a);
    const Why *why_a = vm_whys(vm, in->a);
    StatusLane *out = vm_statuses(vm, in->dst);
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        if (out[i].decided) {
            continue;
        }
        if (why_a[i]) {
            decide_no_data(&out[i], why_a[i]);
        } else {
            settle(&out[i], map->outcome[a[i]], map->line);
        }
    }
}

void vm_OP_TAKE(Vm *vm, const Instr *in) {
    const StatusLane *a = vm_statuses(vm, in->a);
    StatusLane *out = vm_statuses(vm, in->dst);
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        if (!out[i].decided) {
            out[i] = a[i];
        }
    }
}

void vm_OP_CLOSE(Vm *vm, const Instr *in) {
    StatusLane *out = vm_statuses(vm, in->dst);
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        StatusLane *s = &out[i];
        if (s->decided) {
            continue;
        }
        decide_no_data(s, s->pending ? s->unknown : WHY(REASON_UNJUDGED));
        if (s->pending) {
            s->pending |= outcome_bit(LEVEL_NO_DATA);
        }
    }
}
