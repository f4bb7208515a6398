// SPDX-License-Identifier: Apache-2.0
// Status blocks: what decides, what stays open, and what is then said of it.
#include "tests/unit/rig.h"

enum { NO_LINE = -1 };
#define PENDING(level) (UINT64_C(1) << (level))
#define PENDING_NO_DATA (UINT64_C(1) << 63)

typedef struct Expected {
    uint8_t level;
    int line; // of the program, NO_LINE for none
    Why why, unknown;
    uint64_t pending;
} Expected;

// The operands of a lane and the outcome.
typedef struct StatusCase {
    const char *a, *b, *c;
    Expected expected;
} StatusCase;

static void check_status_lane(Rig *r, uint16_t reg, size_t lane, const StatusCase *c) {
    StatusLane s = vm_status(&r->vm, reg, lane);
    bool open = vm_status_columns(&r->vm, reg).open[lane] != 0;
    const Expected *e = &c->expected;
    uint32_t line = e->line == NO_LINE ? UINT32_MAX : (uint32_t)e->line;
    if (open || s.level != e->level || s.line != line || s.why != e->why ||
        s.unknown != e->unknown || s.pending != e->pending) {
        print_error("%s, %s, %s: open %d level %u line %u why %x unknown %x pending %llx\n",
                    c->a, c->b ? c->b : "-", c->c ? c->c : "-", open, s.level, s.line,
                    (unsigned)s.why, (unsigned)s.unknown, (unsigned long long)s.pending);
        fail();
    }
}

static void check_statuses(Rig *r, uint16_t reg, const StatusCase *cases, size_t n) {
    for (uint32_t i = 0; i < VM_BATCH; i++) {
        const char *operands[] = {cases[i % n].a, cases[i % n].b, cases[i % n].c};
        for (uint32_t k = 0; k < COUNT(operands); k++) {
            if (operands[k]) {
                put(r, k, i, operands[k]);
            }
        }
    }
    r->a.kpi->has_status = true;
    r->a.kpi->status = reg;
    r->a.kpi->status_scale = ASM_RAG;
    const Function *fn = asm_finish(&r->a, asm_number(&r->a, "0"));
    start(r);
    assert_true(vm_run(&r->vm, fn, r->lanes, VM_BATCH, NULL));
    for (size_t i = 0; i < VM_BATCH; i++) {
        check_status_lane(r, reg, i, &cases[i % n]);
    }
    for (size_t i = 0; i < n; i++) {
        assert_true(vm_run(&r->vm, fn, &r->lanes[i], 1, NULL));
        check_status_lane(r, reg, 0, &cases[i]);
    }
    end(r);
}

static uint16_t open_block(Rig *r) {
    uint16_t status = asm_reg(&r->a, KIND_STATUS);
    uint16_t value = operand(r, 0, KIND_NUMBER);
    asm_into(&r->a, OP_OPEN, status, value, NO_REG, NO_REG, 0);
    return status;
}

static void close_block(Rig *r, uint16_t status) {
    asm_into(&r->a, OP_CLOSE, status, NO_REG, NO_REG, NO_REG, 0);
}

static void add_when(Rig *r, uint16_t status, uint32_t metric, uint8_t outcome) {
    uint16_t truth = operand(r, metric, KIND_TRUTH);
    asm_into(&r->a, OP_WHEN, status, truth, NO_REG, NO_REG, asm_line(&r->a, outcome, "condition"));
}

static void add_otherwise(Rig *r, uint16_t status, uint8_t outcome) {
    asm_into(&r->a, OP_OTHERWISE, status, NO_REG, NO_REG, NO_REG, asm_line(&r->a, outcome, ""));
}

static void the_first_line_that_holds_decides(void **state) {
    (void)state;
    Rig r;
    begin(&r);
    uint16_t status = open_block(&r);
    add_when(&r, status, 1, RED);
    add_when(&r, status, 2, AMBER);
    add_otherwise(&r, status, GREEN);
    close_block(&r, status);
    const StatusCase cases[] = {
        {"5", "yes", "yes", {.level = RED, .line = 0}},
        {"5", "yes", "no row", {.level = RED, .line = 0}},
        {"5", "no", "yes", {.level = AMBER, .line = 1}},
        {"5", "no", "no", {.level = GREEN, .line = 2}},
    };
    check_statuses(&r, status, cases, COUNT(cases));
}

static void a_missing_value_decides_before_any_line(void **state) {
    (void)state;
    Rig r;
    begin(&r);
    uint16_t status = open_block(&r);
    add_when(&r, status, 1, RED);
    add_otherwise(&r, status, GREEN);
    close_block(&r, status);
    const StatusCase cases[] = {
        {"suppressed",
         "yes",
         NULL,
         {.level = LEVEL_NO_DATA, .line = NO_LINE, .why = WHY(REASON_SUPPRESSED)}},
        {"too few+no row",
         "no row",
         NULL,
         {.level = LEVEL_NO_DATA,
          .line = NO_LINE,
          .why = WHY(REASON_TOO_FEW) | WHY(REASON_NO_ROW)}},
        {"not given",
         "no",
         NULL,
         {.level = LEVEL_NO_DATA, .line = NO_LINE, .why = WHY(REASON_NOT_GIVEN)}},
    };
    check_statuses(&r, status, cases, COUNT(cases));
}

static void an_unknown_line_leaves_no_data_unless_all_candidates_agree(void **state) {
    (void)state;
    Rig r;
    begin(&r);
    uint16_t status = open_block(&r);
    add_when(&r, status, 1, RED);
    add_when(&r, status, 2, RED);
    add_otherwise(&r, status, AMBER);
    close_block(&r, status);
    const Why no_row = WHY(REASON_NO_ROW), suppressed = WHY(REASON_SUPPRESSED);
    const StatusCase cases[] = {
        {"5", "no row", "yes", {.level = RED, .line = 1, .unknown = no_row}},
        {"5",
         "no row",
         "no",
         {.level = LEVEL_NO_DATA,
          .line = NO_LINE,
          .why = no_row,
          .unknown = no_row,
          .pending = PENDING(RED) | PENDING(AMBER)}},
        {"5",
         "no row",
         "suppressed",
         {.level = LEVEL_NO_DATA,
          .line = NO_LINE,
          .why = no_row | suppressed,
          .unknown = no_row | suppressed,
          .pending = PENDING(RED) | PENDING(AMBER)}},
        {"5",
         "no",
         "not given",
         {.level = LEVEL_NO_DATA,
          .line = NO_LINE,
          .why = WHY(REASON_NOT_GIVEN),
          .unknown = WHY(REASON_NOT_GIVEN),
          .pending = PENDING(RED) | PENDING(AMBER)}},
    };
    check_statuses(&r, status, cases, COUNT(cases));
}

static void a_block_without_otherwise_may_end_undecided(void **state) {
    (void)state;
    Rig r;
    begin(&r);
    uint16_t status = open_block(&r);
    add_when(&r, status, 1, RED);
    add_when(&r, status, 2, GREEN);
    close_block(&r, status);
    const Why no_row = WHY(REASON_NO_ROW);
    const StatusCase cases[] = {
        {"5", "no", "no", {.level = LEVEL_NO_DATA, .line = NO_LINE, .why = WHY(REASON_UNJUDGED)}},
        {"5",
         "no row",
         "no",
         {.level = LEVEL_NO_DATA,
          .line = NO_LINE,
          .why = no_row,
          .unknown = no_row,
          .pending = PENDING(RED) | PENDING_NO_DATA}},
        {"5",
         "no row",
         "no row",
         {.level = LEVEL_NO_DATA,
          .line = NO_LINE,
          .why = no_row,
          .unknown = no_row,
          .pending = PENDING(RED) | PENDING(GREEN) | PENDING_NO_DATA}},
        {"5", "no", "yes", {.level = GREEN, .line = 1}},
    };
    check_statuses(&r, status, cases, COUNT(cases));
}

static void a_no_data_line_leaves_unjudged(void **state) {
    (void)state;
    Rig r;
    begin(&r);
    uint16_t status = open_block(&r);
    add_when(&r, status, 1, LEVEL_NO_DATA);
    add_when(&r, status, 2, RED);
    add_otherwise(&r, status, LEVEL_NO_DATA);
    close_block(&r, status);
    const Why no_row = WHY(REASON_NO_ROW);
    const StatusCase cases[] = {
        {"5", "yes", "no", {.level = LEVEL_NO_DATA, .line = 0, .why = WHY(REASON_UNJUDGED)}},
        {"5", "no", "no", {.level = LEVEL_NO_DATA, .line = 2, .why = WHY(REASON_UNJUDGED)}},
        {"5",
         "no row",
         "yes",
         {.level = LEVEL_NO_DATA,
          .line = NO_LINE,
          .why = no_row,
          .unknown = no_row,
          .pending = PENDING(RED) | PENDING_NO_DATA}},
        {"5",
         "no row",
         "no",
         {.level = LEVEL_NO_DATA, .line = 2, .why = WHY(REASON_UNJUDGED), .unknown = no_row}},
    };
    check_statuses(&r, status, cases, COUNT(cases));
}

// Rows by the four levels of one scale, columns by the three of another and unknown.
static uint32_t add_cross_table(Rig *r) {
    static const uint8_t cells[4][4] = {{RED, RED, AMBER, RED},
                                        {RED, AMBER, AMBER, LEVEL_NO_DATA},
                                        {AMBER, GREEN, GREEN, GREEN},
                                        {GREEN, GREEN, GREEN, GREEN}};
    uint32_t lines[4];
    for (size_t i = 0; i < COUNT(lines); i++) {
        lines[i] = asm_line(&r->a, LEVEL_NO_DATA, "row");
    }
    r->a.p.cross_tables[0] = (CrossTable){.n_a = 4,
                                          .n_b = 3,
                                          .cells = asm_copy(&r->a, cells, sizeof cells),
                                          .lines = asm_copy(&r->a, lines, sizeof lines)};
    r->a.p.n_cross_tables = 1;
    return 0;
}

static void a_cross_table_decides_by_level_and_column(void **state) {
    (void)state;
    Rig r;
    begin(&r);
    uint32_t table = add_cross_table(&r);
    uint16_t level = operand(&r, 1, KIND_LEVEL), other = operand(&r, 2, KIND_NUMBER);
    uint16_t column =
        asm_op(&r.a, OP_BAND, other, NO_REG, NO_REG, asm_identity_bands(&r.a, ASM_RAG));
    uint16_t status = open_block(&r);
    asm_into(&r.a, OP_CROSS, status, level, column, NO_REG, table);
    close_block(&r, status);
    const Why no_row = WHY(REASON_NO_ROW), not_given = WHY(REASON_NOT_GIVEN);
    const StatusCase cases[] = {
        {"5", "L0", "0", {.level = RED, .line = 0}},
        {"5", "L0", "2", {.level = AMBER, .line = 0}},
        {"5", "L2", "1", {.level = GREEN, .line = 2}},
        {"5", "L2", "0", {.level = AMBER, .line = 2}},
        {"5", "L0", "no row", {.level = RED, .line = 0, .unknown = no_row}},
        {"5",
         "L1",
         "no row",
         {.level = LEVEL_NO_DATA, .line = 1, .why = WHY(REASON_UNJUDGED), .unknown = no_row}},
        {"5", "L0", "not given", {.level = LEVEL_NO_DATA, .line = NO_LINE, .why = not_given}},
        {"5",
         "no band",
         "1",
         {.level = LEVEL_NO_DATA, .line = NO_LINE, .why = WHY(REASON_NO_BAND)}},
        {"no row", "L3", "1", {.level = LEVEL_NO_DATA, .line = NO_LINE, .why = no_row}},
    };
    check_statuses(&r, status, cases, COUNT(cases));
}

static void a_mapping_decides_by_level(void **state) {
    (void)state;
    Rig r;
    begin(&r);
    uint32_t line = asm_line(&r.a, LEVEL_NO_DATA, "rag from ofsted");
    r.a.p.maps[0] = (LevelMap){.from = ASM_OFSTED,
                               .to = ASM_RAG,
                               .outcome = {RED, AMBER, GREEN, LEVEL_NO_DATA},
                               .line = line};
    r.a.p.n_maps = 1;
    uint16_t level = operand(&r, 1, KIND_LEVEL);
    uint16_t status = open_block(&r);
    asm_into(&r.a, OP_MAP, status, level, NO_REG, NO_REG, 0);
    close_block(&r, status);
    const StatusCase cases[] = {
        {"5", "L0", NULL, {.level = RED, .line = 0}},
        {"5", "L2", NULL, {.level = GREEN, .line = 0}},
        {"5", "L3", NULL, {.level = LEVEL_NO_DATA, .line = 0, .why = WHY(REASON_UNJUDGED)}},
        {"5",
         "suppressed",
         NULL,
         {.level = LEVEL_NO_DATA, .line = NO_LINE, .why = WHY(REASON_SUPPRESSED)}},
        {"no row",
         "L0",
         NULL,
         {.level = LEVEL_NO_DATA, .line = NO_LINE, .why = WHY(REASON_NO_ROW)}},
    };
    check_statuses(&r, status, cases, COUNT(cases));
}

static void a_status_taken_from_another_kpi_comes_whole(void **state) {
    (void)state;
    Rig r;
    begin(&r);
    uint16_t other = asm_reg(&r.a, KIND_STATUS);
    asm_into(&r.a, OP_OPEN, other, operand(&r, 1, KIND_NUMBER), NO_REG, NO_REG, 0);
    add_when(&r, other, 2, RED);
    add_otherwise(&r, other, GREEN);
    close_block(&r, other);
    uint16_t status = open_block(&r);
    asm_into(&r.a, OP_TAKE, status, other, NO_REG, NO_REG,
             asm_line(&r.a, LEVEL_NO_DATA, "as other"));
    close_block(&r, status);
    const Why no_row = WHY(REASON_NO_ROW);
    const StatusCase cases[] = {
        {"5", "5", "yes", {.level = RED, .line = 0}},
        {"5", "5", "no", {.level = GREEN, .line = 1}},
        {"5",
         "5",
         "no row",
         {.level = LEVEL_NO_DATA,
          .line = NO_LINE,
          .why = no_row,
          .unknown = no_row,
          .pending = PENDING(RED) | PENDING(GREEN)}},
        {"5",
         "suppressed",
         "yes",
         {.level = LEVEL_NO_DATA, .line = NO_LINE, .why = WHY(REASON_SUPPRESSED)}},
        {"no row", "5", "yes", {.level = LEVEL_NO_DATA, .line = NO_LINE, .why = no_row}},
    };
    check_statuses(&r, status, cases, COUNT(cases));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_line_that_holds_decides),
        cmocka_unit_test(a_missing_value_decides_before_any_line),
        cmocka_unit_test(an_unknown_line_leaves_no_data_unless_all_candidates_agree),
        cmocka_unit_test(a_block_without_otherwise_may_end_undecided),
        cmocka_unit_test(a_no_data_line_leaves_unjudged),
        cmocka_unit_test(a_cross_table_decides_by_level_and_column),
        cmocka_unit_test(a_mapping_decides_by_level),
        cmocka_unit_test(a_status_taken_from_another_kpi_comes_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
