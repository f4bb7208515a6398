// SPDX-License-Identifier: Apache-2.0
// Rig: a program, a store and a machine over VM_BATCH lanes, each lane an entity with operands of
// its own, for the tests of the machine.
#ifndef BS_TESTS_UNIT_RIG_H
#define BS_TESTS_UNIT_RIG_H

#include "runtime/engine/vm.h"

#include "tests/unit/assemble.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

// An operand as text: a number, "yes", "no", "L2" for a level, or reasons joined with "+".
typedef struct Cell {
    Number number;
    Why why;
} Cell;

static inline Why read_whys(const char *text) {
    Why why = 0;
    Str rest = str_from(text);
    while (rest.len > 0) {
        size_t plus = str_find(rest, '+');
        Reason r = reason_find(str_slice(rest, 0, plus));
        if (r == N_REASONS) {
            return 0;
        }
        why |= WHY(r);
        rest = str_slice(rest, plus + 1, rest.len);
    }
    return why;
}

static inline Cell read_cell(Asm *a, const char *text) {
    Cell cell = {.number = {0, 1}, .why = read_whys(text)};
    if (cell.why) {
        return cell;
    }
    if (strcmp(text, "yes") == 0 || strcmp(text, "no") == 0) {
        cell.number.num = text[0] == 'y';
    } else {
        cell.number = asm_parse(a, text[0] == 'L' ? text + 1 : text);
    }
    return cell;
}

typedef struct Rig {
    Asm a;
    Arena data;
    Store store;
    Lane lanes[VM_BATCH];
    Vm vm;
} Rig;

static const Period may = {2023 * 12 + 4, PERIOD_MONTH};

static inline void begin(Rig *r) {
    asm_begin(&r->a);
    arena_init(&r->data, 0);
    assert_true(store_init(&r->store, &r->data, ASM_N_METRICS, ASM_N_FIELDS));
    for (uint32_t i = 0; i < VM_BATCH; i++) {
        Str name = arena_printf(&r->data, "entity %u", i);
        r->lanes[i] = (Lane){intern_add(&r->store.entities, name), may, 0};
    }
}

static inline void end(Rig *r) {
    vm_free(&r->vm);
    arena_free(&r->data);
    asm_free(&r->a);
}

static inline void start(Rig *r) {
    assert_true(store_finish(&r->store));
    assert_verified(&r->a.p);
    vm_init(&r->vm, &r->a.p, &r->store);
}

static inline uint32_t observe(Rig *r, uint32_t metric, uint32_t entity, Period period,
                               uint8_t marks) {
    uint32_t obs = store_add(&r->store, (Observation){.metric = metric,
                                                      .entity = entity,
                                                      .period = period,
                                                      .replaced = OBS_NONE,
                                                      .marks = marks});
    assert_int_not_equal(obs, OBS_NONE);
    return obs;
}

static inline void put(Rig *r, uint32_t metric, uint32_t lane, const char *text) {
    uint32_t obs = observe(r, metric, r->lanes[lane].entity, r->lanes[lane].period, 0);
    if (text[0] == '\'') {
        Number id = number_int(intern_add(&r->store.texts, str_from(text + 1)));
        store_set(&r->store, obs, FIELD_NOTE, id, 0);
        return;
    }
    Cell cell = read_cell(&r->a, text);
    store_set(&r->store, obs, FIELD_VALUE, cell.number, cell.why);
    store_set(&r->store, obs, FIELD_NOTE, number_int(0), cell.why);
}

// A register of [kind] with the operand that the lanes put into [metric].
static inline uint16_t operand(Rig *r, uint32_t metric, int kind) {
    Asm *a = &r->a;
    if (kind == OPERAND_NONE) {
        return NO_REG;
    }
    if (kind == KIND_TEXT) {
        return asm_load(a, metric, FIELD_NOTE, 0);
    }
    uint16_t number = asm_load(a, metric, FIELD_VALUE, 0);
    if (kind == KIND_TRUTH) {
        return asm_op(a, OP_EQ, number, asm_number(a, "1"), NO_REG, 0);
    }
    if (kind == KIND_LEVEL) {
        uint32_t bands = asm_identity_bands(a, ASM_OFSTED);
        return asm_op(a, OP_BAND, number, NO_REG, NO_REG, bands);
    }
    return number;
}

#endif
