// SPDX-License-Identifier: Apache-2.0
// Status blocks of the machine.
//
// While a lane is undecided its level is LEVEL_NO_DATA and its line UINT32_MAX; once decided it
// never changes. An unknown line does not decide, but what it would have given stays in `pending`:
// when a later line holds and would give something else, a later figure could change the status, so
// there is none.
#include "runtime/engine/vm_ops.h"

#include <string.h>

#include "runtime/engine/truth.h"

static void decide_no_data(const StatusColumns *s, size_t i, Why why) {
    s->level[i] = LEVEL_NO_DATA;
    s->open[i] = 0;
    s->line[i] = UINT32_MAX;
    s->why[i] = why;
}

// A line with this outcome holds.
static void settle(const StatusColumns *s, size_t i, uint8_t outcome, uint32_t line) {
    if (!pending_settles(&s->pending[i], outcome)) {
        decide_no_data(s, i, s->unknown[i]);
        return;
    }
    s->level[i] = outcome;
    s->open[i] = 0;
    s->line[i] = line;
    s->why[i] = outcome_why(outcome);
}

// The usual batch: no lane has anything pending and the outcome is a level. [holds] says by 1 or 0
// where the line holds. Columns of one width at a time, and each by a pointer that nothing else is
// reached by, so that each loop is one of vectors.
static void settle_level(const StatusColumns *s, size_t n, const uint8_t *holds, uint8_t outcome,
                         uint32_t line) {
    uint8_t taken[VM_BATCH]; // all bits set or none
    uint8_t *restrict level = s->level, *restrict open = s->open;
    uint32_t *restrict lines = s->line;
    for (size_t i = 0; i < n; i++) {
        taken[i] = (uint8_t) - (open[i] & holds[i]);
    }
    for (size_t i = 0; i < n; i++) {
        level[i] = (uint8_t)((level[i] & ~taken[i]) | (outcome & taken[i]));
        open[i] = (uint8_t)(open[i] & ~taken[i]);
    }
    for (size_t i = 0; i < n; i++) {
        uint32_t mask = (uint32_t) - (taken[i] & 1);
        lines[i] = (lines[i] & ~mask) | (line & mask);
    }
}

// Is the condition known wherever a lane waits for it?
static bool all_known(const uint8_t *open, const Why *why, size_t n) {
    uint16_t any = 0;
    for (size_t i = 0; i < n; i++) {
        any |= (uint16_t)(why[i] & (uint16_t)-open[i]);
    }
    return any == 0;
}

void vm_OP_OPEN(Vm *vm, const Instr *in) {
    const Why *why_a = vm_whys(vm, in->a);
    StatusColumns s = vm_status_columns(vm, in->dst);
    size_t n = vm->n_lanes;
    *s.unsettled = 0;
    memset(s.pending, 0, n * sizeof *s.pending);
    memset(s.line, 0xFF, n * sizeof *s.line);
    memset(s.level, LEVEL_NO_DATA, n);
    for (size_t i = 0; i < n; i++) {
        s.unknown[i] = 0;
        s.why[i] = why_a[i];
        s.open[i] = why_a[i] == 0;
    }
}

void vm_OP_WHEN(Vm *vm, const Instr *in) {
    uint8_t outcome = vm->program->lines[in->imm].outcome;
    const uint8_t *a = vm_bytes(vm, in->a);
    const Why *why_a = vm_whys(vm, in->a);
    StatusColumns s = vm_status_columns(vm, in->dst);
    size_t n = vm->n_lanes;
    if (!*s.unsettled && outcome != LEVEL_NO_DATA && all_known(s.open, why_a, n)) {
        settle_level(&s, n, a, outcome, in->imm);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        if (!s.open[i]) {
            continue;
        }
        if (why_a[i]) {
            s.pending[i] |= pending_bit(outcome);
            s.unknown[i] |= why_a[i];
            *s.unsettled = 1;
        } else if (a[i]) {
            settle(&s, i, outcome, in->imm);
        }
    }
}

void vm_OP_OTHERWISE(Vm *vm, const Instr *in) {
    uint8_t outcome = vm->program->lines[in->imm].outcome;
    StatusColumns s = vm_status_columns(vm, in->dst);
    size_t n = vm->n_lanes;
    if (!*s.unsettled && outcome != LEVEL_NO_DATA) {
        uint8_t everywhere[VM_BATCH];
        memset(everywhere, 1, n);
        settle_level(&s, n, everywhere, outcome, in->imm);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        if (s.open[i]) {
            settle(&s, i, outcome, in->imm);
        }
    }
}

void vm_OP_CROSS(Vm *vm, const Instr *in) {
    const CrossTable *t = &vm->program->cross_tables[in->imm];
    const uint8_t *a = vm_bytes(vm, in->a), *b = vm_bytes(vm, in->b);
    const Why *why_a = vm_whys(vm, in->a), *why_b = vm_whys(vm, in->b);
    StatusColumns s = vm_status_columns(vm, in->dst);
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        if (!s.open[i]) {
            continue;
        }
        if (why_a[i] || (why_b[i] & WHY(REASON_NOT_GIVEN))) {
            decide_no_data(&s, i, why_a[i] ? why_a[i] : why_b[i]);
            continue;
        }
        uint32_t column = why_b[i] ? t->n_b : b[i];
        s.unknown[i] |= why_b[i];
        settle(&s, i, t->cells[(size_t)a[i] * (t->n_b + 1) + column], t->lines[a[i]]);
    }
}

void vm_OP_MAP(Vm *vm, const Instr *in) {
    const LevelMap *map = &vm->program->maps[in->imm];
    const uint8_t *a = vm_bytes(vm, in->a);
    const Why *why_a = vm_whys(vm, in->a);
    StatusColumns s = vm_status_columns(vm, in->dst);
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        if (!s.open[i]) {
            continue;
        }
        if (why_a[i]) {
            decide_no_data(&s, i, why_a[i]);
        } else {
            settle(&s, i, map->outcome[a[i]], map->line);
        }
    }
}

static void take_lane(const StatusColumns *s, StatusColumns a, size_t i) {
    s->pending[i] = a.pending[i];
    s->line[i] = a.line[i];
    s->why[i] = a.why[i];
    s->unknown[i] = a.unknown[i];
    s->level[i] = a.level[i];
    s->open[i] = a.open[i];
}

void vm_OP_TAKE(Vm *vm, const Instr *in) {
    StatusColumns a = vm_status_columns(vm, in->a), s = vm_status_columns(vm, in->dst);
    *s.unsettled |= *a.unsettled;
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        if (!s.open[i]) {
            continue;
        }
        take_lane(&s, a, i);
    }
}

void vm_OP_TAKE_DATED(Vm *vm, const Instr *in) {
    const Dated *dated = &vm->program->dated[in->imm];
    StatusColumns s = vm_status_columns(vm, in->dst);
    for (uint32_t k = 0; k < dated->n; k++) {
        *s.unsettled |= *vm_status_columns(vm, dated->v[k].status).unsettled;
    }
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        if (!s.open[i]) {
            continue;
        }
        const Validity *v = vm_in_force(vm, dated, i);
        if (v) {
            take_lane(&s, vm_status_columns(vm, v->status), i);
        } else {
            decide_no_data(&s, i, vm_not_in_force(vm, i));
        }
    }
}

void vm_OP_CLOSE(Vm *vm, const Instr *in) {
    StatusColumns s = vm_status_columns(vm, in->dst);
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        if (!s.open[i]) {
            continue;
        }
        decide_no_data(&s, i, s.pending[i] ? s.unknown[i] : WHY(REASON_UNJUDGED));
        if (s.pending[i]) {
            s.pending[i] |= pending_bit(LEVEL_NO_DATA);
        }
    }
}
