// SPDX-License-Identifier: Apache-2.0
// What a rule file says of its own findings.
#include "lang/allow.h"

#include "tests/unit/lang_fixture.h"

static const DiagFile *read_text(Rules *r, const char *text) {
    assert_true(modules_add_text(&r->modules, STR("rules"), str_from(text)));
    return &r->diags.files.v[0];
}

static void a_comment_allows_on_its_own_line_or_the_next(void **state) {
    (void)state;
    static const struct {
        const char *text;
        uint32_t line;
    } cases[] = {
        {"let a = 1 # allow B101 because \"x\"\nlet b = 2\n", 1},
        {"# allow B101 because \"x\"\nlet b = 2\n", 2},
        {"  #allow  b101  because\t\"x\"  \n\n# more\n\nlet b = 2\n", 5},
        {"let a = 1\n\n# Allow B101 because \"x\"\n", 4}, // nothing follows
        {"# allow B101 because \"x\"", 1},
        {"let a = (1 + # allow B101 because \"x\"\n  2)\n", 1},
        {"let a = \"# allow B102\" # allow B101 because \"x\"\r\nlet b = 2\r\n", 1},
        {"let a = 1 # allow B101 because \"x\" # and another comment\n", 1},
        {"\xef\xbb\xbf# allow B101 because \"x\"\rlet b = 2\r", 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Rules r;
        rules_begin(&r);
        const DiagFile *file = read_text(&r, cases[i].text);
        if (file->allows.n != 1 || file->allows.v[0].line != cases[i].line)
            fail_msg("%s: %zu allowances, line %u", cases[i].text, file->allows.n,
                     file->allows.n > 0 ? file->allows.v[0].line : 0);
        assert_int_equal(file->allows.v[0].code, D_BAND_GAP);
        assert_str(file->allows.v[0].because, "x");
        rules_end(&r);
    }
}

static void the_allowances_stand_in_the_order_of_their_lines(void **state) {
    (void)state;
    Rules r;
    rules_begin(&r);
    const DiagFile *file = read_text(&r, "# allow B101, B014 because \"x\"\n"
                                         "let a = 1 # allow B212 because \"y\"\n"
                                         "let b = 1 # allow B101 because \"z\"\n");
    assert_n_findings(&r, 0);
    assert_int_equal(file->allows.n, 4);
    for (size_t i = 1; i < file->allows.n; i++)
        assert_true(file->allows.v[i - 1].line <= file->allows.v[i].line);
    rules_end(&r);
}

static void other_comments_are_comments(void **state) {
    (void)state;
    static const char *const texts[] = {
        "# allow", "# allow for rounding", "# allowed: B101",   "# B101 allow",
        "#",       "# allow 2023",         "# allow category1x"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        Rules r;
        rules_begin(&r);
        assert_int_equal(read_text(&r, texts[i])->allows.n, 0);
        assert_n_findings(&r, 0);
        rules_end(&r);
    }
}

static void what_is_wrong_is_said_where_it_stands(void **state) {
    (void)state;
    static const struct {
        const char *text;
        DiagCode code;
        const char *place, *message, *hint;
    } cases[] = {
        {"# allow B101", D_ALLOW_FORM, "1:3+5", "its reason", "because"},
        {"# allow B101 because", D_ALLOW_FORM, "1:3+5", "its reason", "because"},
        {"# allow B101 because \"x", D_ALLOW_FORM, "1:3+5", "its reason", "because"},
        {"# allow B101 because \"  \"", D_ALLOW_FORM, "1:3+5", "its reason", "because"},
        {"# allow B101 because “x”", D_ALLOW_FORM, "1:3+5", "straight quotation marks", ""},
        {"# allow B101,B101,B101,B101,B101,B101,B101,B101,B101,B101,B101,B101,B101,B101,B101,B101,"
         "B101,B101,B101,B101,B101,B101,B101,B101,B101,B101,B101,B101,B101,B101,B101,B101,B014 "
         "because \"x\"",
         D_ALLOW_FORM, "1:169+4", "at most 32", ""},
        {"# allow because \"x\"", D_ALLOW_FORM, "1:9+7", "the codes", "B101"},
        {"# allow B101, because \"x\"", D_ALLOW_FORM, "1:15+7", "the codes", "B101"},
        {"# allow B0101 because \"x\"", D_UNKNOWN_CODE, "1:9+5", "`B0101`", "`B001`"},
        {"# allow Q7 because \"x\"", D_UNKNOWN_CODE, "1:9+2", "`Q7`", "help errors"},
        {"# allow B001 because \"x\"", D_NOT_ALLOWABLE, "1:9+4", "B001 is an error", "help B001"},
        {"# allow B021 because \"x\"", D_NOT_ALLOWABLE, "1:9+4", "`allow` comments", "take out"},
        {"# allow B745 because \"x\"", D_NOT_ALLOWABLE, "1:9+4", "metric files", "help B745"},
        {"treat B101 as fatal\n", D_ALLOW_FORM, "1:15+5", "`fatal`", "error, warning or note"},
        {"treat B102 as note\n", D_NOT_ALLOWABLE, "1:7+4", "lowered", "help B102"},
        {"ignore B101 because \"\"\n", D_ALLOW_FORM, "1:21+2", "empty", "say why"},
        {"treat B191 as error\n", D_UNKNOWN_CODE, "1:7+4", "`B191`", "B101"},
        {"let a = 1\ntreat B101 as error\n", D_ALLOW_FORM, "2:1+19", "before its first", "top"},
        {"treat B101 as error\nignore B101 because \"x\"\n", D_TWICE, "2:8+4", "B101", "remove"},
        {"kpi B101\nend\n", D_BAD_NAME, "1:5+4", "lower case", "`b101`"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Rules r;
        rules_begin(&r);
        read_text(&r, cases[i].text);
        assert_n_findings(&r, 1);
        assert_finding(&r, 0, cases[i].code, cases[i].place, cases[i].message, cases[i].hint);
        rules_end(&r);
    }
}

static void a_head_may_stand_round_its_use_lines(void **state) {
    (void)state;
    Rules r;
    rules_begin(&r);
    const DiagFile *file = read_text(&r, "# a comment\n"
                                         "treat B101, B014 as error\n"
                                         "treat B102 as error\n" // as it is
                                         "ignore B021 because \"x\"\n"
                                         "let treat = 1\n");
    assert_n_findings(&r, 0);
    assert_int_equal(file->treatments.n, 3);
    assert_int_equal(file->treatments.v[1].code, D_MONTH_LIKE_YEARS);
    assert_int_equal(file->treatments.v[1].severity, SEVERITY_ERROR);
    assert_str(file->treatments.v[2].because, "x");
    rules_end(&r);
}

static void memory_that_runs_out_is_no_crash(void **state) {
    (void)state;
    static const char text[] = "treat B101 as error\nignore B014 because \"x\"\n"
                               "# allow B212, B014 because \"y\"\nlet a = .5 # allow B191\n";
    bool done = false;
    for (unsigned n = 1; n < 200 && !done; n++) {
        Rules r;
        rules_begin(&r);
        arena_fail_after(n);
        done = modules_add_text(&r.modules, STR("rules"), str_from(text));
        arena_fail_after(0);
        if (done) {
            assert_non_null(r.modules.all.v[0]->tree);
            assert_int_equal(r.diags.files.v[0].allows.n, 2);
            assert_int_equal(r.diags.files.v[0].treatments.n, 2);
        }
        rules_end(&r);
    }
    assert_true(done);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_comment_allows_on_its_own_line_or_the_next),
        cmocka_unit_test(the_allowances_stand_in_the_order_of_their_lines),
        cmocka_unit_test(other_comments_are_comments),
        cmocka_unit_test(what_is_wrong_is_said_where_it_stands),
        cmocka_unit_test(a_head_may_stand_round_its_use_lines),
        cmocka_unit_test(memory_that_runs_out_is_no_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
