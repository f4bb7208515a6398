// SPDX-License-Identifier: Apache-2.0
// Every operation of the machine on known, missing, blank and very large operands. A case is a
// lane; each table of cases runs as one batch of VM_BATCH lanes and again lane by lane.
#include "runtime/engine/vm.h"

#include "tests/unit/rig.h"

#define HUGE_NUMBER "123456789012345678901234567890123456789"

// Operands and the result as texts: a number, "yes", "no", "L2" for a level, a text after "'", or
// reasons joined with "+"; NULL where there is none.
typedef struct Case {
    const char *a, *b, *c, *result;
} Case;

static void check_lane(Rig *r, uint16_t reg, size_t lane, const Case *c) {
    Cell expected = read_cell(&r->a, c->result);
    Why why = 0;
    ValueKind kind = r->vm.regs[reg].kind;
    Number got = kind == KIND_NUMBER  ? vm_number(&r->vm, reg, lane, &why)
                 : kind == KIND_LEVEL ? number_int(vm_level(&r->vm, reg, lane, &why))
                                      : number_int(vm_truth(&r->vm, reg, lane, &why));
    assert_true(got.den >= 0);
    if (why != expected.why || number_cmp(got, expected.number) != 0) {
        Buf text = {0};
        number_print(&text, got);
        print_error("%s, %s, %s: %.*s for reasons %x, not %s\n", c->a, c->b ? c->b : "-",
                    c->c ? c->c : "-", STR_ARG(buf_str(&text)), (unsigned)why, c->result);
        buf_free(&text);
        fail();
    }
}

// Runs the cases twice: as one full batch, and lane by lane.
static void check_function(Rig *r, const Function *fn, uint16_t result, const Case *cases,
                           size_t n) {
    assert_true(vm_run(&r->vm, fn, r->lanes, VM_BATCH, NULL));
    for (size_t i = 0; i < VM_BATCH; i++) {
        check_lane(r, result, i, &cases[i % n]);
    }
    for (size_t i = 0; i < n; i++) {
        assert_true(vm_run(&r->vm, fn, &r->lanes[i], 1, NULL));
        check_lane(r, result, 0, &cases[i]);
    }
}

static void fill(Rig *r, const Case *cases, size_t n) {
    for (uint32_t i = 0; i < VM_BATCH; i++) {
        const char *operands[] = {cases[i % n].a, cases[i % n].b, cases[i % n].c};
        for (uint32_t k = 0; k < COUNT(operands); k++) {
            if (operands[k]) {
                put(r, k, i, operands[k]);
            }
        }
    }
}

// [kind] is of the operand a of an operation that takes any.
static void check_op(Opcode op, int kind, uint32_t imm, const Case *cases, size_t n) {
    Rig r;
    begin(&r);
    fill(&r, cases, n);
    const OpInfo *info = &op_info[op];
    uint16_t a = operand(&r, 0, info->a == OPERAND_ANY ? kind : info->a);
    uint16_t b = operand(&r, 1, info->b), c = operand(&r, 2, info->c);
    uint16_t result = asm_op(&r.a, op, a, b, c, imm);
    const Function *fn = asm_finish(&r.a, asm_number(&r.a, "0"));
    start(&r);
    check_function(&r, fn, result, cases, n);
    end(&r);
}

// For an operation with a constant as its immediate.
static void check_share(const char *constant, const Case *cases, size_t n) {
    Rig r;
    begin(&r);
    fill(&r, cases, n);
    uint16_t a = operand(&r, 0, KIND_NUMBER), b = operand(&r, 1, KIND_NUMBER);
    uint16_t result = asm_op(&r.a, OP_SHARE, a, b, NO_REG, asm_const(&r.a, constant));
    const Function *fn = asm_finish(&r.a, result);
    start(&r);
    check_function(&r, fn, result, cases, n);
    end(&r);
}

#define CHECK_OP(op, imm, ...)                                                                     \
    check_op(op, KIND_NUMBER, imm, (const Case[]){__VA_ARGS__},                                    \
             COUNT(((const Case[]){__VA_ARGS__})))
#define CHECK_ANY(op, kind, ...)                                                                   \
    check_op(op, kind, 0, (const Case[]){__VA_ARGS__}, COUNT(((const Case[]){__VA_ARGS__})))

// ---- arithmetic ---------------------------------------------------------------------------------

static void sums_and_differences_are_exact(void **state) {
    (void)state;
    CHECK_OP(OP_ADD, 0, {"0.1", "0.2", NULL, "0.3"}, {"1", "2", NULL, "3"},
             {"9223372036854775807", "1", NULL, "9223372036854775808"},
             {"-9223372036854775807", "-1", NULL, "-9223372036854775808"},
             {HUGE_NUMBER, "-" HUGE_NUMBER, NULL, "0"}, {"suppressed", "1", NULL, "suppressed"},
             {"1", "no row", NULL, "no row"}, {"no row", "suppressed", NULL, "suppressed+no row"},
             {"not given", "no row", NULL, "not given+no row"});
    CHECK_OP(OP_SUB, 0, {"29.4", "28.8", NULL, "0.6"}, {"5", "7", NULL, "-2"},
             {"-9223372036854775807", "1", NULL, "-9223372036854775808"},
             {HUGE_NUMBER, "1", NULL, "123456789012345678901234567890123456788"},
             {"no band", "too few", NULL, "too few+no band"});
}

static void products_and_quotients_are_exact(void **state) {
    (void)state;
    CHECK_OP(OP_MUL, 0, {"0.29", "100", NULL, "29"}, {"-3", "4", NULL, "-12"},
             {"10000000000", "10000000000", NULL, "100000000000000000000"},
             {"not available", "2", NULL, "not available"});
    CHECK_OP(OP_DIV, 0, {"1", "4", NULL, "0.25"}, {"1", "-4", NULL, "-0.25"},
             {"1", "0", NULL, "zero denominator"}, {"0", "0.00", NULL, "zero denominator"},
             {"no row", "0", NULL, "no row"}, {HUGE_NUMBER, HUGE_NUMBER, NULL, "1"});
}

static void a_number_beyond_the_limit_is_too_large(void **state) {
    (void)state;
    CHECK_OP(OP_MUL, 0, {"1e900", "1e900", NULL, "number too large"}, {"1e3", "1e3", NULL, "1e6"});
    CHECK_OP(OP_DIV, 0, {"1e900", "1e-900", NULL, "number too large"});
}

static void a_share_is_a_times_the_constant_over_b(void **state) {
    (void)state;
    const Case cases[] = {
        {"17", "20", NULL, "85"},
        {"1.5", "-0.5", NULL, "-300"},
        {"5", "0", NULL, "zero denominator"},
        {"suppressed", "0", NULL, "suppressed"},
        {"not given", "no row", NULL, "not given+no row"},
        {"9223372036854775807", "9223372036854775807", NULL, "100"},
        {HUGE_NUMBER, HUGE_NUMBER, NULL, "100"},
        {"1e999", "1e-300", NULL, "number too large"},
    };
    check_share("100", cases, COUNT(cases));
    const Case rates[] = {{"1", "3", NULL, "3333.3333"}, {"30000", "10000", NULL, "29999.9997"}};
    check_share("9999.9999", rates, COUNT(rates));
}

static void signs_extremes_and_rounding(void **state) {
    (void)state;
    CHECK_OP(OP_NEG, 0, {"5", NULL, NULL, "-5"}, {"-0.5", NULL, NULL, "0.5"},
             {HUGE_NUMBER, NULL, NULL, "-" HUGE_NUMBER}, {"no row", NULL, NULL, "no row"});
    CHECK_OP(OP_ABS, 0, {"-5", NULL, NULL, "5"}, {"5", NULL, NULL, "5"},
             {"-" HUGE_NUMBER, NULL, NULL, HUGE_NUMBER}, {"not given", NULL, NULL, "not given"});
    CHECK_OP(OP_MIN, 0, {"5", "4.5", NULL, "4.5"}, {"-" HUGE_NUMBER, "1", NULL, "-" HUGE_NUMBER},
             {"no row", "1", NULL, "no row"});
    CHECK_OP(OP_MAX, 0, {"5", "4.5", NULL, "5"}, {HUGE_NUMBER, "1", NULL, HUGE_NUMBER},
             {"1", "suppressed", NULL, "suppressed"});
    CHECK_OP(OP_ROUND, 1, {"15.96", NULL, NULL, "16.0"}, {"-0.05", NULL, NULL, "-0.1"},
             {"0.25", NULL, NULL, "0.3"}, {HUGE_NUMBER ".25", NULL, NULL, HUGE_NUMBER ".3"},
             {"no row", NULL, NULL, "no row"});
    CHECK_OP(OP_ROUND, 1 | ROUND_HALF_EVEN << 8, {"0.25", NULL, NULL, "0.2"},
             {"0.35", NULL, NULL, "0.4"});
    CHECK_OP(OP_ROUND, 0, {"2.5", NULL, NULL, "3"});
}

static void else_stands_in_for_missing_but_not_for_suppressed(void **state) {
    (void)state;
    CHECK_OP(OP_ELSE, 0, {"1", "2", NULL, "1"}, {"no row", "2", NULL, "2"},
             {"1", "no row", NULL, "1"}, {"suppressed", "2", NULL, "suppressed"},
             {"suppressed+no row", "2", NULL, "suppressed+no row"},
             {"not given", "2", NULL, "not given"},
             {"no row", "suppressed", NULL, "suppressed+no row"},
             {"no row", HUGE_NUMBER, NULL, HUGE_NUMBER});
    CHECK_OP(OP_ELSE, 1, {"suppressed", "2", NULL, "2"}, {"not given", "2", NULL, "not given"},
             {"suppressed+not given", "2", NULL, "not given+suppressed"},
             {"suppressed", "no row", NULL, "suppressed+no row"});
}

static void a_gate_lets_through_what_its_condition_allows(void **state) {
    (void)state;
    CHECK_OP(OP_GATE, 0, {"5", "yes", NULL, "5"}, {"5", "no", NULL, "too few"},
             {"5", "no row", NULL, "no row"}, {"suppressed", "no", NULL, "too few"},
             {"suppressed", "no row", NULL, "suppressed+no row"},
             {"5", "not given", NULL, "not given"});
}

// ---- comparisons, truths, texts -----------------------------------------------------------------

static void comparisons_are_exact(void **state) {
    (void)state;
    CHECK_OP(OP_LT, 0, {"15.96", "16", NULL, "yes"}, {"16.0", "16", NULL, "no"},
             {"16.1", "16", NULL, "no"}, {"-" HUGE_NUMBER, HUGE_NUMBER, NULL, "yes"},
             {"9223372036854775807", "9223372036854775806.5", NULL, "no"},
             {"no row", "1", NULL, "no row"}, {"not given", "no row", NULL, "not given+no row"});
    CHECK_OP(OP_LE, 0, {"16.0", "16", NULL, "yes"}, {"16.1", "16", NULL, "no"},
             {HUGE_NUMBER, HUGE_NUMBER, NULL, "yes"}, {"1", "no row", NULL, "no row"});
    CHECK_OP(OP_EQ, 0, {"16.0", "16", NULL, "yes"}, {"16.1", "16", NULL, "no"},
             {"suppressed", "suppressed", NULL, "suppressed"}, {"0", "no row", NULL, "no row"});
    CHECK_OP(OP_NE, 0, {"16.0", "16", NULL, "no"}, {"16.1", "16", NULL, "yes"},
             {"no row", "no row", NULL, "no row"});
}

static void truth_is_three_valued(void **state) {
    (void)state;
    CHECK_OP(OP_AND, 0, {"yes", "yes", NULL, "yes"}, {"yes", "no", NULL, "no"},
             {"no", "yes", NULL, "no"}, {"no", "no", NULL, "no"}, {"no", "no row", NULL, "no"},
             {"no row", "no", NULL, "no"}, {"no", "not given", NULL, "no"},
             {"yes", "no row", NULL, "no row"},
             {"suppressed", "no row", NULL, "suppressed+no row"});
    CHECK_OP(OP_OR, 0, {"yes", "yes", NULL, "yes"}, {"yes", "no", NULL, "yes"},
             {"no", "yes", NULL, "yes"}, {"no", "no", NULL, "no"}, {"yes", "no row", NULL, "yes"},
             {"no row", "yes", NULL, "yes"}, {"not given", "yes", NULL, "yes"},
             {"no", "no row", NULL, "no row"}, {"suppressed", "no row", NULL, "suppressed+no row"});
    CHECK_OP(OP_NOT, 0, {"yes", NULL, NULL, "no"}, {"no", NULL, NULL, "yes"},
             {"no row", NULL, NULL, "no row"});
    CHECK_OP(OP_IF_KNOWN, 0, {"yes", NULL, NULL, "yes"}, {"no", NULL, NULL, "no"},
             {"no row", NULL, NULL, "no"}, {"suppressed", NULL, NULL, "no"},
             {"not given", NULL, NULL, "not given"},
             {"not given+no row", NULL, NULL, "not given+no row"});
}

static void known_asks_about_any_kind(void **state) {
    (void)state;
    CHECK_ANY(OP_KNOWN, KIND_NUMBER, {"5", NULL, NULL, "yes"}, {"suppressed", NULL, NULL, "no"},
              {"not given", NULL, NULL, "not given"});
    CHECK_ANY(OP_KNOWN, KIND_TRUTH, {"no", NULL, NULL, "yes"}, {"no row", NULL, NULL, "no"});
    CHECK_ANY(OP_KNOWN, KIND_LEVEL, {"L0", NULL, NULL, "yes"}, {"no row", NULL, NULL, "no"});
    CHECK_ANY(OP_KNOWN, KIND_TEXT, {"'x", NULL, NULL, "yes"}, {"no row", NULL, NULL, "no"});
}

static void texts_are_compared_by_what_they_say(void **state) {
    (void)state;
    CHECK_OP(OP_SAME_TEXT, 0, {"'a", "'a", NULL, "yes"}, {"'a", "'b", NULL, "no"},
             {"'", "'", NULL, "yes"}, {"'a", "no row", NULL, "no row"});
}

static void entities_fields_and_constants_share_their_texts(void **state) {
    (void)state;
    Rig r;
    begin(&r);
    put(&r, 0, 0, "'entity 0");
    put(&r, 0, 1, "'Sefton");
    uint16_t note = asm_load(&r.a, 0, FIELD_NOTE, 0);
    uint16_t entity = asm_op(&r.a, OP_ENTITY, NO_REG, NO_REG, NO_REG, 0);
    r.a.p.texts[0] = STR("Sefton");
    r.a.p.n_texts = 1;
    uint16_t sefton = asm_op(&r.a, OP_CONST_TEXT, NO_REG, NO_REG, NO_REG, 0);
    uint16_t named = asm_op(&r.a, OP_SAME_TEXT, note, entity, NO_REG, 0);
    uint16_t is_sefton = asm_op(&r.a, OP_SAME_TEXT, note, sefton, NO_REG, 0);
    const Function *fn = asm_finish(&r.a, asm_number(&r.a, "0"));
    start(&r);
    assert_true(vm_run(&r.vm, fn, r.lanes, 3, NULL));
    Why why;
    assert_true(vm_truth(&r.vm, named, 0, &why));
    assert_false(vm_truth(&r.vm, named, 1, &why));
    assert_false(vm_truth(&r.vm, is_sefton, 0, &why));
    assert_true(vm_truth(&r.vm, is_sefton, 1, &why));
    assert_int_equal(why, 0);
    assert_true(str_eq(vm_text(&r.vm, entity, 2, &why), STR("entity 2")));
    assert_true(str_eq(vm_text(&r.vm, note, 1, NULL), STR("Sefton")));
    assert_int_equal(vm_text(&r.vm, note, 2, &why).len, 0);
    assert_int_equal(why, WHY(REASON_NO_ROW));
    // Without lanes there is no entity.
    assert_true(vm_run(&r.vm, fn, NULL, 1, NULL));
    vm_text(&r.vm, entity, 0, &why);
    assert_int_equal(why, WHY(REASON_NOT_APPLICABLE));
    end(&r);
}

// ---- levels -------------------------------------------------------------------------------------

static void a_band_gives_the_level_or_says_why_not(void **state) {
    (void)state;
    Rig r;
    begin(&r);
    const Case cases[] = {
        {"9.9", NULL, NULL, "no band"},
        {"10", NULL, NULL, "L1"},
        {"20", NULL, NULL, "L1"},
        {"20.04", NULL, NULL, "L1"},
        {"20.05", NULL, NULL, "L2"},
        {"31", NULL, NULL, "left unjudged"},
        {HUGE_NUMBER, NULL, NULL, "left unjudged"},
        {"suppressed", NULL, NULL, "suppressed"},
        {"not given", NULL, NULL, "not given"},
    };
    fill(&r, cases, COUNT(cases));
    const Cut cuts[] = {{{10, 1}, false}, {{20, 1}, true}, {{30, 1}, true}};
    const Piece pieces[] = {{LEVEL_NO_DATA, PIECE_NONE, {.file = 0}},
                            {REQUIRES_IMPROVEMENT, PIECE_BAND, {.file = 2}},
                            {GOOD, PIECE_GAP, {.file = 3}},
                            {LEVEL_NO_DATA, PIECE_OTHERWISE, {.file = 4}}};
    uint32_t bands = asm_bands(&r.a, ASM_OFSTED, cuts, COUNT(cuts), pieces);
    r.a.p.band_tables[bands].rounded = true;
    r.a.p.band_tables[bands].decimals = 1;
    uint16_t value = operand(&r, 0, KIND_NUMBER);
    uint16_t level = asm_op(&r.a, OP_BAND, value, NO_REG, NO_REG, bands);
    const Function *fn = asm_finish(&r.a, value);
    start(&r);
    check_function(&r, fn, level, cases, COUNT(cases));
    end(&r);
}

static void direction_needs_more_than_the_margin(void **state) {
    (void)state;
    CHECK_OP(OP_DIRECTION, 0, {"26.4", "26.0", "0.5", "L1"}, {"26.5", "26.0", "0.5", "L1"},
             {"26.51", "26", "0.5", "L2"}, {"25.5", "26.0", "0.5", "L1"},
             {"25.4", "26.0", "0.5", "L0"}, {"5", "5", "0", "L1"}, {"6", "5", "0", "L2"},
             {HUGE_NUMBER, "1", "0.5", "L2"}, {"1", HUGE_NUMBER, HUGE_NUMBER, "L1"},
             {"1", "no row", "0.5", "no row"}, {"suppressed", "no row", "0", "suppressed+no row"},
             {"1", "1", "not given", "not given"});
    CHECK_OP(OP_DIRECTION, 1, {"26.51", "26", "0.5", "L0"}, {"25.4", "26.0", "0.5", "L2"},
             {"26", "26", "0.5", "L1"}, {"no row", "1", "0", "no row"});
}

static void levels_are_looked_up_and_replaced(void **state) {
    (void)state;
    CHECK_OP(OP_IS, 1u << GOOD | 1u << OUTSTANDING, {"L2", NULL, NULL, "yes"},
             {"L3", NULL, NULL, "yes"}, {"L1", NULL, NULL, "no"}, {"L0", NULL, NULL, "no"},
             {"suppressed", NULL, NULL, "suppressed"});
    CHECK_OP(OP_ELSE_LEVEL, 0, {"L2", "L1", NULL, "L2"}, {"no row", "L1", NULL, "L1"},
             {"suppressed", "L3", NULL, "L3"}, {"not given", "L1", NULL, "not given"},
             {"no row", "suppressed", NULL, "suppressed+no row"}, {"L0", "no row", NULL, "L0"});
}

// ---- constants, examples, time ------------------------------------------------------------------

static void constants_are_the_same_in_every_lane(void **state) {
    (void)state;
    Rig r;
    begin(&r);
    uint16_t number = asm_number(&r.a, HUGE_NUMBER);
    uint16_t missing = asm_missing(&r.a, WHY(REASON_TOO_FEW) | WHY(REASON_NO_ROW));
    uint16_t yes = asm_op(&r.a, OP_CONST_TRUTH, NO_REG, NO_REG, NO_REG, 1);
    uint16_t no = asm_op(&r.a, OP_CONST_TRUTH, NO_REG, NO_REG, NO_REG, 0);
    uint16_t unknown =
        asm_op(&r.a, OP_CONST_TRUTH, NO_REG, NO_REG, NO_REG, 2 + WHY(REASON_NOT_APPLICABLE));
    uint16_t level = asm_op(&r.a, OP_CONST_LEVEL, NO_REG, NO_REG, NO_REG, GOOD);
    const Function *fn = asm_finish(&r.a, number);
    start(&r);
    assert_true(vm_run(&r.vm, fn, NULL, VM_BATCH, NULL));
    for (size_t i = 0; i < VM_BATCH; i++) {
        Why why;
        assert_int_equal(
            number_cmp(vm_number(&r.vm, number, i, &why), asm_parse(&r.a, HUGE_NUMBER)), 0);
        assert_int_equal(why, 0);
        assert_true(number_is_zero(vm_number(&r.vm, missing, i, &why)));
        assert_int_equal(why, WHY(REASON_TOO_FEW) | WHY(REASON_NO_ROW));
        assert_true(vm_truth(&r.vm, yes, i, &why) && why == 0);
        assert_false(vm_truth(&r.vm, no, i, &why) || why != 0);
        assert_false(vm_truth(&r.vm, unknown, i, &why));
        assert_int_equal(why, WHY(REASON_NOT_APPLICABLE));
        assert_int_equal(vm_level(&r.vm, level, i, &why), GOOD);
        assert_int_equal(why, 0);
    }
    end(&r);
}

static void an_examples_row_gives_figures_and_levels(void **state) {
    (void)state;
    Asm a;
    asm_begin(&a);
    uint16_t figure = asm_op(&a, OP_GIVEN, NO_REG, NO_REG, NO_REG, 0);
    uint16_t level = asm_op(&a, OP_GIVEN_LEVEL, NO_REG, NO_REG, NO_REG, 1);
    const Function *fn = asm_finish(&a, figure);
    Vm vm;
    vm_init(&vm, &a.p, NULL);
    const Given rows[][2] = {
        {{.number = {53, 2}}, {.level = LEVEL_IMPROVING}},
        {{.why = WHY(REASON_SUPPRESSED)}, {.level = LEVEL_NO_DATA}},
        {{.number = {7, 1}, .why = WHY(REASON_NOT_GIVEN)}, {.why = WHY(REASON_NOT_GIVEN)}},
    };
    const Why whys[][2] = {{0, 0},
                           {WHY(REASON_SUPPRESSED), WHY(REASON_NOT_AVAILABLE)},
                           {WHY(REASON_NOT_GIVEN), WHY(REASON_NOT_GIVEN)}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_true(vm_run(&vm, fn, NULL, 1, rows[i]));
        Why why_figure, why_level;
        Number n = vm_number(&vm, figure, 0, &why_figure);
        uint8_t l = vm_level(&vm, level, 0, &why_level);
        assert_int_equal(why_figure, whys[i][0]);
        assert_int_equal(why_level, whys[i][1]);
        assert_int_equal(number_cmp(n, i == 0 ? (Number){265, 10} : number_int(0)), 0);
        assert_int_equal(l, i == 0 ? LEVEL_IMPROVING : 0);
    }
    assert_true(vm_run(&vm, fn, NULL, 1, NULL));
    Why why;
    vm_number(&vm, figure, 0, &why);
    assert_int_equal(why, WHY(REASON_NOT_GIVEN));
    vm_level(&vm, level, 0, &why);
    assert_int_equal(why, WHY(REASON_NOT_GIVEN));
    vm_free(&vm);
    asm_free(&a);
}

static void check_figure(const Vm *vm, uint16_t reg, size_t lane, int64_t number, Why expected) {
    Why why;
    Number got = vm_number(vm, reg, lane, &why);
    assert_int_equal(why, expected);
    assert_int_equal(number_cmp(got, number_int(number)), 0);
}

static void loads_reach_back_to_the_period_before_not_the_row_before(void **state) {
    (void)state;
    Rig r;
    begin(&r);
    const Period april = period_add(may, -1), march = period_add(may, -2);
    uint32_t e = r.lanes[0].entity, other = r.lanes[1].entity;
    store_set(&r.store, observe(&r, 0, e, may, 0), FIELD_VALUE, number_int(30), 0);
    store_set(&r.store, observe(&r, 0, e, march, 0), FIELD_VALUE, number_int(10), 0);
    store_set(&r.store, observe(&r, 1, e, may, MARK_BREAK), FIELD_VALUE, number_int(3), 0);
    uint32_t obs = observe(&r, 1, e, april, 0);
    store_set(&r.store, obs, FIELD_VALUE, number_int(2), 0);
    store_set(&r.store, obs, FIELD_COMPARATOR, number_int(99), 0);
    store_set(&r.store, observe(&r, 1, other, april, 0), FIELD_VALUE, number_int(5), 0);
    store_set(&r.store, observe(&r, 1, other, may, 0), FIELD_VALUE, number_int(9),
              WHY(REASON_SUPPRESSED));
    // A snapshot without a period has a figure before it all the same.
    const Period none = {0, PERIOD_NONE};
    store_set(&r.store, observe(&r, 2, e, none, 0), FIELD_VALUE, number_int(7), 0);
    store_set(&r.store, observe(&r, 2, e, period_add(none, -1), 0), FIELD_VALUE, number_int(6), 0);
    uint16_t snapshot = asm_load(&r.a, 2, FIELD_VALUE, 0);
    uint16_t snapshot_before = asm_load(&r.a, 2, FIELD_VALUE, 1);
    uint16_t now = asm_load(&r.a, 0, FIELD_VALUE, 0), before = asm_load(&r.a, 0, FIELD_VALUE, 1);
    uint16_t two_before = asm_load(&r.a, 0, FIELD_VALUE, 2);
    uint16_t broken_now = asm_load(&r.a, 1, FIELD_VALUE, 0);
    uint16_t broken = asm_load(&r.a, 1, FIELD_VALUE, 1);
    uint16_t no_figure = asm_load(&r.a, 1, FIELD_COMPARATOR, 0);
    const Function *fn = asm_finish(&r.a, now);
    start(&r);
    Lane lanes[] = {{e, may, 0}, {other, may, 0}, {e, none, 0}};
    assert_true(vm_run(&r.vm, fn, lanes, COUNT(lanes), NULL));
    check_figure(&r.vm, now, 0, 30, 0);
    check_figure(&r.vm, before, 0, 0, WHY(REASON_NO_ROW));
    check_figure(&r.vm, two_before, 0, 10, 0);
    check_figure(&r.vm, broken_now, 0, 3, 0);
    check_figure(&r.vm, broken, 0, 0, WHY(REASON_BREAK));
    check_figure(&r.vm, no_figure, 0, 0, WHY(REASON_NO_ROW));
    check_figure(&r.vm, now, 1, 0, WHY(REASON_NO_ROW));
    check_figure(&r.vm, broken_now, 1, 0, WHY(REASON_SUPPRESSED));
    check_figure(&r.vm, broken, 1, 5, 0); // the other entity's series has no break
    check_figure(&r.vm, before, 2, 0, WHY(REASON_NO_ROW));
    check_figure(&r.vm, snapshot, 2, 7, 0);
    check_figure(&r.vm, snapshot_before, 2, 6, 0);
    end(&r);
}

static void periods_have_an_end_and_a_planned_value(void **state) {
    (void)state;
    Asm a;
    asm_begin(&a);
    Period periods[] = {may, period_add(may, 2)};
    uint32_t values[] = {asm_const(&a, "85"), asm_const(&a, "86.5")};
    a.p.trajectories[0] = (Trajectory){periods, values, COUNT(periods)};
    a.p.n_trajectories = 1;
    uint16_t plan = asm_op(&a, OP_TRAJECTORY, NO_REG, NO_REG, NO_REG, 0);
    uint16_t last_day = asm_op(&a, OP_PERIOD_END, NO_REG, NO_REG, NO_REG, 0);
    const Function *fn = asm_finish(&a, plan);
    assert_verified(&a.p);
    Vm vm;
    vm_init(&vm, &a.p, NULL);
    Lane lanes[] = {{0, may, 0},
                    {0, period_add(may, 1), 0},
                    {0, {may.ordinal, PERIOD_QUARTER}, 0},
                    {0, {0, PERIOD_NONE}, 0}};
    assert_true(vm_run(&vm, fn, lanes, COUNT(lanes), NULL));
    check_figure(&vm, plan, 0, 85, 0);
    for (size_t i = 1; i < COUNT(lanes); i++) {
        check_figure(&vm, plan, i, 0, WHY(REASON_NOT_AVAILABLE));
    }
    check_figure(&vm, last_day, 0, period_last_day(may), 0);
    check_figure(&vm, last_day, 3, 0, WHY(REASON_NOT_APPLICABLE));
    vm_free(&vm);
    asm_free(&a);
}

// ---- the machine --------------------------------------------------------------------------------

static void a_destination_may_be_an_operand(void **state) {
    (void)state;
    Asm a;
    asm_begin(&a);
    uint16_t x = asm_number(&a, "8"), y = asm_missing(&a, WHY(REASON_NO_ROW));
    asm_into(&a, OP_ADD, x, x, x, NO_REG, 0);
    asm_into(&a, OP_ELSE, y, y, x, NO_REG, 0);
    asm_into(&a, OP_SUB, x, y, x, NO_REG, 0);
    const Function *fn = asm_finish(&a, x);
    assert_verified(&a.p);
    Vm vm;
    vm_init(&vm, &a.p, NULL);
    assert_true(vm_run(&vm, fn, NULL, 1, NULL));
    check_figure(&vm, y, 0, 16, 0);
    check_figure(&vm, x, 0, 0, 0);
    vm_free(&vm);
    asm_free(&a);
}

static void a_machine_runs_functions_of_different_registers_in_turn(void **state) {
    (void)state;
    Asm a;
    asm_begin(&a);
    uint16_t truth = asm_op(&a, OP_CONST_TRUTH, NO_REG, NO_REG, NO_REG, 1);
    uint16_t other = asm_op(&a, OP_NOT, truth, NO_REG, NO_REG, 0);
    Function truths = *asm_finish(&a, truth);
    a.n_regs = 0;
    uint16_t number = asm_number(&a, "2.5");
    Function numbers = *asm_finish(&a, number);
    numbers.first = truths.n;
    numbers.n -= truths.n;
    Vm vm;
    vm_init(&vm, &a.p, NULL);
    for (size_t n = 1; n <= 3; n++) {
        assert_true(vm_run(&vm, &truths, NULL, n, NULL));
        assert_int_equal(vm.regs[truth].kind, KIND_TRUTH);
        assert_true(vm_truth(&vm, truth, n - 1, NULL));
        assert_false(vm_truth(&vm, other, n - 1, NULL));
        assert_true(vm_run(&vm, &numbers, NULL, n, NULL));
        assert_int_equal(vm.regs[number].kind, KIND_NUMBER);
        assert_int_equal(number_cmp(vm_number(&vm, number, n - 1, NULL), (Number){5, 2}), 0);
    }
    vm_free(&vm);
    asm_free(&a);
}

static void running_out_of_memory_is_reported(void **state) {
    (void)state;
    Asm a;
    asm_begin(&a);
    uint16_t big = asm_number(&a, HUGE_NUMBER);
    uint16_t sum = asm_op(&a, OP_ADD, big, big, NO_REG, 0);
    const Function *fn = asm_finish(&a, sum);
    bool worked = false;
    for (size_t fail_at = 1; !worked; fail_at++) {
        assert_true(fail_at < 100);
        Vm vm;
        vm_init(&vm, &a.p, NULL);
        arena_fail_after(fail_at);
        worked = vm_run(&vm, fn, NULL, 2, NULL);
        arena_fail_after(0);
        assert_true(vm_run(&vm, fn, NULL, 2, NULL)); // and the machine is usable afterwards
        vm_free(&vm);
        assert_true(fail_at > 1 || !worked);
    }
    asm_free(&a);
}

static void a_batch_has_a_limit(void **state) {
    (void)state;
    Asm a;
    asm_begin(&a);
    const Function *fn = asm_finish(&a, asm_number(&a, "1"));
    Vm vm;
    vm_init(&vm, &a.p, NULL);
    assert_false(vm_run(&vm, fn, NULL, VM_BATCH + 1, NULL));
    assert_true(vm_run(&vm, fn, NULL, 0, NULL));
    assert_true(vm_run(&vm, fn, NULL, VM_BATCH, NULL));
    vm_free(&vm);
    asm_free(&a);
}

// ---- figures of several periods -----------------------------------------------------------------

static void check_span(PeriodSpan span, const Case *cases, size_t n) {
    Rig r;
    begin(&r);
    fill(&r, cases, n);
    const uint16_t figures[] = {operand(&r, 0, KIND_NUMBER), operand(&r, 1, KIND_NUMBER),
                                operand(&r, 2, KIND_NUMBER)};
    uint32_t index = asm_span(&r.a, span, figures, 3);
    uint16_t result = asm_op(&r.a, OP_SPAN, NO_REG, NO_REG, NO_REG, index);
    const Function *fn = asm_finish(&r.a, result);
    start(&r);
    check_function(&r, fn, result, cases, n);
    end(&r);
}

static void a_span_is_missing_when_a_figure_is(void **state) {
    (void)state;
    const Case sums[] = {{"1", "2", "4", "7"},
                         {"0.1", "0.2", "-0.3", "0"},
                         {"1", "suppressed", "4", "suppressed"},
                         {"1", "suppressed", "no row", "suppressed+no row"},
                         {HUGE_NUMBER, "1", "-1", HUGE_NUMBER}};
    const Case least[] = {{"3", "1", "2", "1"}, {"no row", "1", "2", "no row"}};
    const Case greatest[] = {{"1", "2", "3", "3"}, {"1", "2", "no row", "no row"}};
    check_span((PeriodSpan){.fold = FOLD_SUM}, sums, COUNT(sums));
    check_span((PeriodSpan){.fold = FOLD_MIN}, least, COUNT(least));
    check_span((PeriodSpan){.fold = FOLD_MAX}, greatest, COUNT(greatest));
}

static void a_span_may_lack_as_many_figures_as_are_allowed(void **state) {
    (void)state;
    const Case means[] = {{"1", "2", "6", "3"},
                          {"1", "no row", "4", "2.5"},
                          {"suppressed", "2", "6", "4"},
                          {"no row", "suppressed", "6", "no row+suppressed"},
                          {"not given", "2", "6", "not given"},
                          {"no row", "no row", "no row", "no row"}};
    check_span((PeriodSpan){.fold = FOLD_MEAN, .allowed = 1}, means, COUNT(means));
}

// The lanes are of May: the second month of a financial year, the fifth of a calendar year.
static void a_year_to_date_takes_the_periods_of_the_year_alone(void **state) {
    (void)state;
    const Case financial[] = {
        {"1", "2", "4", "3"}, {"1", "2", "no row", "3"}, {"1", "no row", "4", "no row"}};
    const Case calendar[] = {{"1", "2", "4", "not applicable"}};
    check_span((PeriodSpan){.fold = FOLD_SUM, .year = PERIOD_FINANCIAL_YEAR}, financial,
               COUNT(financial));
    check_span((PeriodSpan){.fold = FOLD_SUM, .year = PERIOD_YEAR}, calendar, COUNT(calendar));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_and_differences_are_exact),
        cmocka_unit_test(products_and_quotients_are_exact),
        cmocka_unit_test(a_number_beyond_the_limit_is_too_large),
        cmocka_unit_test(a_share_is_a_times_the_constant_over_b),
        cmocka_unit_test(signs_extremes_and_rounding),
        cmocka_unit_test(else_stands_in_for_missing_but_not_for_suppressed),
        cmocka_unit_test(a_gate_lets_through_what_its_condition_allows),
        cmocka_unit_test(comparisons_are_exact),
        cmocka_unit_test(truth_is_three_valued),
        cmocka_unit_test(known_asks_about_any_kind),
        cmocka_unit_test(texts_are_compared_by_what_they_say),
        cmocka_unit_test(entities_fields_and_constants_share_their_texts),
        cmocka_unit_test(a_band_gives_the_level_or_says_why_not),
        cmocka_unit_test(direction_needs_more_than_the_margin),
        cmocka_unit_test(levels_are_looked_up_and_replaced),
        cmocka_unit_test(constants_are_the_same_in_every_lane),
        cmocka_unit_test(an_examples_row_gives_figures_and_levels),
        cmocka_unit_test(loads_reach_back_to_the_period_before_not_the_row_before),
        cmocka_unit_test(a_span_is_missing_when_a_figure_is),
        cmocka_unit_test(a_span_may_lack_as_many_figures_as_are_allowed),
        cmocka_unit_test(a_year_to_date_takes_the_periods_of_the_year_alone),
        cmocka_unit_test(periods_have_an_end_and_a_planned_value),
        cmocka_unit_test(a_destination_may_be_an_operand),
        cmocka_unit_test(a_machine_runs_functions_of_different_registers_in_turn),
        cmocka_unit_test(running_out_of_memory_is_reported),
        cmocka_unit_test(a_batch_has_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
