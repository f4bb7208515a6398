// SPDX-License-Identifier: Apache-2.0
// Constants: what must be a number before any data is read.
#include "tests/unit/lang_fixture.h"

#include "lang/compiler.h"

typedef struct Bench {
    Rules r;
    Compiler c;
} Bench;

// A compile of [declarations], in which constants can be worked out.
static void begin(Bench *b, Str declarations) {
    rules_begin(&b->r);
    assert_true(modules_add_text(&b->r.modules, STR("rules.rag"), declarations));
    b->c = (Compiler){.scratch = &b->r.scratch,
                      .arena = &b->r.arena,
                      .diags = &b->r.diags,
                      .modules = &b->r.modules,
                      .program = &b->r.program};
    declare_all(&b->c);
}

static bool work_out(Bench *b, Str expression, bool bound, Number *out, Unit *unit) {
    const Node *n = rules_parse(&b->r, expression, PARSE_EXPRESSION);
    assert_non_null(n);
    return (bound ? constant_bound : constant_value)(&b->c, n, out, unit);
}

static const char lets[] =
    "let five = 5\nlet ten = five * 2\nlet share = 85%\nlet margin = 2 points\n"
    "let third = five / 15\nmetric m\n";

static void constants_are_exact_and_keep_their_unit(void **state) {
    (void)state;
    static const struct {
        const char *expression, *value;
        UnitKind unit;
    } cases[] = {
        {"1 + 2 * 3", "7", UNIT_NONE},
        {"(1 + 2) * 3", "9", UNIT_NONE},
        {"0.1 + 0.2", "0.3", UNIT_NONE},
        {"1 / 3", "1/3", UNIT_NONE},
        {"1 / 3 * 3", "1", UNIT_NONE},
        {"2 - 5", "-3", UNIT_NONE},
        {"-5", "-5", UNIT_NONE},
        {"-(-5)", "5", UNIT_NONE},
        {"85%", "85", UNIT_PERCENT},
        {"0.5%", "0.5", UNIT_PERCENT},
        {"2 points", "2", UNIT_POINTS},
        {"3 days", "3", UNIT_DAYS},
        {"five", "5", UNIT_NONE},
        {"ten + five", "15", UNIT_NONE},
        {"share", "85", UNIT_PERCENT},
        {"(share)", "85", UNIT_PERCENT},
        {"2 * share", "170", UNIT_PERCENT},
        {"share * 2", "170", UNIT_PERCENT},
        {"margin", "2", UNIT_POINTS},
        {"third", "1/3", UNIT_NONE},
        {"0.000000000000000000000000000001", "0.000000000000000000000000000001", UNIT_NONE},
        {"99999999999999999999 * 99999999999999999999", "9999999999999999999800000000000000000001",
         UNIT_NONE},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Bench b;
        begin(&b, STR(lets));
        Number n;
        Unit unit;
        assert_true(work_out(&b, str_from(cases[i].expression), false, &n, &unit));
        Buf text = {0};
        number_print(&text, n);
        assert_str_of(cases[i].expression, buf_str(&text), cases[i].value);
        buf_free(&text);
        assert_int_equal(unit.kind, cases[i].unit);
        assert_n_findings(&b.r, 0);
        rules_end(&b.r);
    }
}

static void what_is_no_fixed_number_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *expression, *place, *message;
    } cases[] = {
        {"m", "1:1+1", "`m` is not a fixed number"},
        {"five + m", "1:8+1", "`m` is not a fixed number"},
        {"nowhere", "1:1+7", "`nowhere` is not a fixed number"},
        {"m.comparator", "1:1+12", "`m.comparator`"},
        {"five.x", "1:1+6", "`five.x`"},
        {"abs(five)", "1:1+9", "is not a fixed number"},
        {"five as percent of ten", "1:1+22", "is not a fixed number"},
        {"five else ten", "1:1+13", "is not a fixed number"},
        {"five < ten", "1:1+10", "is not a fixed number"},
        {"not five", "1:1+8", "is not a fixed number"},
        {"\"5\"", "1:1+3", "is not a fixed number"},
        {"2023-05", "1:1+7", "is not a fixed number"},
        {"1 / 0", "1:1+5", "divides by zero"},
        {"1 / (five - 5)", "1:1+14", "divides by zero"},
        {"value", "1:1+5", "is not a fixed number"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        for (int bound = 0; bound < 2; bound++) {
            Bench b;
            begin(&b, STR(lets));
            Number n;
            Unit unit;
            if (work_out(&b, str_from(cases[i].expression), bound, &n, &unit))
                fail_msg("%s", cases[i].expression);
            assert_n_findings(&b.r, 1);
            assert_finding(&b.r, 0, bound ? D_BAND_BOUND : D_NOT_CONSTANT, cases[i].place,
                           cases[i].message, bound ? "bands SCALE on" : "`let`");
            rules_end(&b.r);
        }
    }
}

static void a_number_that_grows_too_large_is_refused(void **state) {
    (void)state;
    Bench b;
    Rules texts;
    rules_begin(&texts);
    begin(&b, repeated(&texts, "let big = 1", "0", 999, "")); // 3319 bits; its square has too many
    Number n;
    Unit unit;
    assert_true(work_out(&b, STR("big / 3 + big"), false, &n, &unit));
    assert_n_findings(&b.r, 0);
    assert_false(work_out(&b, STR("1 + big * big"), false, &n, &unit));
    assert_n_findings(&b.r, 1);
    assert_finding(&b.r, 0, D_NOT_CONSTANT, "1:5+9", "`big * big` is too large", "");
    rules_end(&b.r);
    rules_end(&texts);
}

static void a_number_has_at_most_a_thousand_digits(void **state) {
    (void)state;
    Bench b;
    begin(&b, (Str){0});
    Number n;
    Unit unit;
    assert_true(work_out(&b, repeated(&b.r, "", "7", 1000, ""), false, &n, &unit));
    assert_false(work_out(&b, repeated(&b.r, "", "7", 1001, ""), false, &n, &unit));
    assert_n_findings(&b.r, 1);
    assert_finding(&b.r, 0, D_NUMBER_TOO_LONG, "1:1+1001", "1000", "");
    rules_end(&b.r);
}

// let a = 1, let b = a + a, let c = b + b, …: each twice as long to work out.
static Str doubling(Rules *r, int n_lets) {
    Buf text = {0};
    buf_puts(&text, "let a0 = 1\n");
    for (int i = 1; i <= n_lets; i++)
        buf_printf(&text, "let a%d = a%d + a%d\n", i, i - 1, i - 1);
    Str s = arena_str(&r->scratch, buf_str(&text));
    buf_free(&text);
    return s;
}

static void constants_by_way_of_constants_are_bounded(void **state) {
    (void)state;
    Bench b;
    Rules texts;
    rules_begin(&texts);
    begin(&b, doubling(&texts, 40));
    Number n;
    Unit unit;
    int64_t value = 0;
    // The i-th takes 2^(i+2) - 2 steps.
    assert_true(work_out(&b, STR("a8"), false, &n, &unit));
    assert_true(number_to_int(n, &value));
    assert_int_equal(value, 256);
    assert_true(work_out(&b, STR("a8"), false, &n, &unit)); // each counts from the start
    assert_n_findings(&b.r, 0);
    assert_false(work_out(&b, STR("a9"), false, &n, &unit));
    assert_int_equal(b.r.diags.n_errors, 1);
    assert_true(has_text(b.r.diags.diags.v[0].message, "too many steps"));
    assert_false(work_out(&b, STR("a40"), true, &n, &unit));
    rules_end(&b.r);
    rules_end(&texts);
}

static void a_chain_of_constants_is_as_long_as_a_program_can_need(void **state) {
    (void)state;
    Bench b;
    Buf text = {0};
    buf_puts(&text, "let a0 = 1\n");
    for (int i = 1; i < 3000; i++)
        buf_printf(&text, "let a%d = a%d\n", i, i - 1);
    begin(&b, buf_str(&text));
    buf_free(&text);
    Number n;
    Unit unit;
    assert_true(work_out(&b, STR("a1990"), false, &n, &unit));
    assert_false(work_out(&b, STR("a2999"), false, &n, &unit));
    assert_n_findings(&b.r, 1);
    rules_end(&b.r);
}

static void a_circle_of_constants_is_reported_once(void **state) {
    (void)state;
    static const struct {
        const char *text, *place, *message;
    } cases[] = {
        {"let a = a\n", "1:9+1", "`a`"},
        {"let a = b\nlet b = a + 1\n", "2:9+1", "`a`"},
        {"let a = b\nlet b = c\nlet c = (a)\nlet d = a\n", "3:10+1", "`a`"},
        {"let d = a\nlet a = b\nlet b = a\n", "3:9+1", "`a`"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_refused(cases[i].text, D_CYCLE, cases[i].place, cases[i].message, "circle");
}

static void a_circle_in_a_bound_is_reported_once(void **state) {
    (void)state;
    assert_refused("let a = b\nlet b = a\nmetric m\n" OFSTED_SCALE
                   "kpi m\n good is high\n bands ofsted\n  good >= a\n end\nend\n",
                   D_CYCLE, "2:9+1", "`a`", "circle");
}

static void a_rounding_is_some_decimals(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int decimals; // -1: refused
        RoundMode mode;
    } cases[] = {
        {"0 decimals", 0, ROUND_HALF_AWAY},
        {"1 decimal", 1, ROUND_HALF_AWAY},
        {"2 decimals half even", 2, ROUND_HALF_EVEN},
        {"100 decimals", 100, ROUND_HALF_AWAY},
        {"101 decimals", -1, ROUND_HALF_AWAY},
        {"1.5 decimals", -1, ROUND_HALF_AWAY},
        {"2 points", -1, ROUND_HALF_AWAY},
        {"2 decimals half up", -1, ROUND_HALF_AWAY},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Bench b;
        begin(&b, (Str){0});
        Str text = arena_printf(&b.r.scratch, "kpi k\nprecision %s\nend", cases[i].text);
        const Node *file = rules_parse(&b.r, text, PARSE_FILE);
        const Node *clause = node_kid(node_kid(node_kid(file, 0), 3), 0);
        assert_int_equal(clause->kind, NODE_PRECISION);
        int decimals = -7;
        RoundMode mode = ROUND_HALF_AWAY;
        bool ok = read_rounding(&b.c, node_kid(clause, 0), &decimals, &mode);
        assert_int_equal(ok, cases[i].decimals >= 0);
        assert_int_equal(decimals, ok ? cases[i].decimals : -7);
        assert_int_equal(mode, cases[i].mode);
        assert_n_findings(&b.r, ok ? 0 : 1);
        if (!ok)
            assert_int_equal(b.r.diags.diags.v[0].code, D_PRECISION);
        rules_end(&b.r);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(constants_are_exact_and_keep_their_unit),
        cmocka_unit_test(what_is_no_fixed_number_is_refused),
        cmocka_unit_test(a_number_that_grows_too_large_is_refused),
        cmocka_unit_test(a_number_has_at_most_a_thousand_digits),
        cmocka_unit_test(constants_by_way_of_constants_are_bounded),
        cmocka_unit_test(a_chain_of_constants_is_as_long_as_a_program_can_need),
        cmocka_unit_test(a_circle_of_constants_is_reported_once),
        cmocka_unit_test(a_circle_in_a_bound_is_reported_once),
        cmocka_unit_test(a_rounding_is_some_decimals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
