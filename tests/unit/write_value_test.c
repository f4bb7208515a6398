// SPDX-License-Identifier: Apache-2.0
// Single expressions: compiled by themselves, and their value written as text and as JSON.
#include "tests/unit/lang_fixture.h"

#include "runtime/edges/write_value.h"

static const char rules[] = "let limit = 20%\nlet third = 1 / 3\nmetric m percent\n";

// The answer to [text], or the error as JSON.
static Str answer(Rules *r, const char *text, bool json) {
    Program p;
    Expression e;
    Buf out = {0};
    size_t from = r->diags.diags.n;
    if (compile_expression(&r->scratch, &r->arena, &r->diags, &r->modules, str_from(text), &p, &e))
        assert_true(write_value(&p, &e.fn, e.reg, e.kind, e.unit, json, &out));
    else
        write_error(&r->diags, from, &out);
    Str s = arena_str(&r->scratch, buf_str(&out));
    buf_free(&out);
    return s;
}

typedef struct Case {
    const char *text, *answer;
} Case;

static void check_cases(const Case *cases, size_t n, bool json) {
    for (size_t i = 0; i < n; i++) {
        Rules r;
        rules_compiled(&r, rules);
        Str line = arena_printf(&r.scratch, "%s\n", cases[i].answer);
        assert_str_of(cases[i].text, answer(&r, cases[i].text, json), line.s);
        assert_n_findings(&r, 0);
        rules_end(&r);
    }
}

static void a_value_is_written_exactly_with_its_unit(void **state) {
    (void)state;
    static const Case cases[] = {
        {"17 as percent of 20", "85%"},
        {"0.1 + 0.2", "0.3"},
        {"1 / 3", "1/3 (about 0.333333)"},
        {"2 as percent of 3", "200/3% (about 66.6667%)"},
        {"-1 / 3", "-1/3 (about -0.333333)"},
        {"85% - 80%", "5 points"},
        {"limit", "20%"},
        {"limit + 5 points", "25%"},
        {"third * 3", "1"},
        {"5 days", "5 days"},
        {"1 < 2", "yes"},
        {"2 < 1", "no"},
        {"not 2 < 1 and 1 = 1", "yes"},
        {"\"a \"\"b\"\"\"", "a \"b\""},
        {"1 / 0", "missing: zero denominator"},
        {"1 / 0 < 2", "unknown: zero denominator"},
        {"1 / 0 else 7", "7"},
        {"known(1 / 0)", "no"},
        {"min(3, 2, 5)", "2"},
        {"round(2.5, 0)", "3"},
    };
    check_cases(cases, COUNT(cases), false);
}

static void json_carries_the_value_as_text(void **state) {
    (void)state;
    static const Case cases[] = {
        {"17 as percent of 20", "{\"value\":\"85\",\"unit\":\"percent\"}"},
        {"1 / 3", "{\"value\":\"1\\/3\",\"approximately\":\"0.333333\",\"unit\":\"number\"}"},
        {"1 < 2", "{\"value\":\"yes\"}"},
        {"\"a \"\"b\"\"\"", "{\"value\":\"a \\\"b\\\"\"}"},
        {"1 / 0", "{\"value\":null,\"missing\":\"zero denominator\"}"},
    };
    check_cases(cases, COUNT(cases), true);
}

static void an_error_is_an_object_too(void **state) {
    (void)state;
    static const struct {
        const char *text, *parts[4];
    } cases[] = {
        {"1 +", {"{\"error\":{\"code\":\"B001\"", "\"column\":4", "\"message\":\"", NULL}},
        {"1,000", {"\"code\":\"B003\"", "\"column\":1", "\"hint\":\"", NULL}},
        {"limti", {"\"code\":\"B301\"", "did you mean `limit`?", NULL}},
        {"", {"\"code\":\"B001\"", "\"column\":1", NULL}},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Rules r;
        rules_compiled(&r, rules);
        Str s = answer(&r, cases[i].text, true);
        for (size_t k = 0; cases[i].parts[k]; k++)
            if (!has_text(s, cases[i].parts[k]))
                fail_msg("%s: %.*s", cases[i].text, STR_ARG(s));
        assert_true(str_ends(s, STR("}}\n")));
        assert_int_equal(str_find(s, '\n'), s.len - 1);
        rules_end(&r);
    }
}

// The error that is written is the first of this expression, not one from before.
static void errors_of_before_are_not_told_again(void **state) {
    (void)state;
    Rules r;
    rules_compiled(&r, rules);
    assert_true(has_text(answer(&r, "1 +", true), "B001"));
    assert_true(has_text(answer(&r, "nowhere", true), "B301"));
    assert_str(answer(&r, "1 + 1", true), "{\"value\":\"2\",\"unit\":\"number\"}\n");
    rules_end(&r);
}

static void an_expression_has_no_kpi(void **state) {
    (void)state;
    static const struct {
        const char *text;
        DiagCode code;
    } cases[] = {
        {"value + 1", D_UNKNOWN_NAME}, {"better than 5", D_SUBJECT}, {"nowhere(1)", D_FUNCTION},
        {"1 + \"a\"", D_TYPE},         {"85% + 5 days", D_UNITS},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Rules r;
        rules_compiled(&r, rules);
        assert_true(has_text(answer(&r, cases[i].text, true), "error"));
        if (r.diags.diags.v[0].code != cases[i].code)
            fail_msg("%s: %s", cases[i].text, diag_code_text(r.diags.diags.v[0].code));
        assert_n_findings(&r, 1);
        rules_end(&r);
    }
}

static void memory_that_runs_out_is_an_answer(void **state) {
    (void)state;
    size_t n_failed = 0;
    for (bool ok = false; !ok;) {
        Rules r;
        Program p;
        Expression e;
        Buf out = {0};
        rules_begin(&r);
        arena_fail_after(++n_failed);
        ok = compile_expression(&r.scratch, &r.arena, &r.diags, NULL, STR("min(1, 2 / 3) + 4"), &p,
                                &e) &&
             write_value(&p, &e.fn, e.reg, e.kind, e.unit, false, &out);
        arena_fail_after(0);
        assert_true(ok || n_failed < 10000);
        if (ok)
            assert_str(buf_str(&out), "14/3 (about 4.66667)\n");
        buf_free(&out);
        rules_end(&r);
    }
    assert_true(n_failed > 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_is_written_exactly_with_its_unit),
        cmocka_unit_test(json_carries_the_value_as_text),
        cmocka_unit_test(an_error_is_an_object_too),
        cmocka_unit_test(errors_of_before_are_not_told_again),
        cmocka_unit_test(an_expression_has_no_kpi),
        cmocka_unit_test(memory_that_runs_out_is_an_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
