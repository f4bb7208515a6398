// SPDX-License-Identifier: Apache-2.0
// The parser: the tree of every form, its places, and the limits of nesting.
#include "tests/unit/lang_fixture.h"

typedef struct Case {
    const char *text, *tree;
} Case;

static void check_cases(const Case *cases, size_t n, ParseEntry entry) {
    for (size_t i = 0; i < n; i++) {
        Rules r;
        rules_begin(&r);
        const Node *tree = rules_parse(&r, str_from(cases[i].text), entry);
        assert_str_of(cases[i].text, tree_text(&r, tree), cases[i].tree);
        assert_n_findings(&r, 0);
        rules_end(&r);
    }
}

// ---- expressions --------------------------------------------------------------------------------

static void arithmetic_binds_as_in_school(void **state) {
    (void)state;
    static const Case cases[] = {
        {"1", "1"},
        {"a", "(path a)"},
        {"a.b", "(path a b)"},
        {"85%", "(number_percent 85)"},
        {"5 points", "(number_unit 5 points)"},
        {"2023-05", "2023-05"},
        {"\"x\"", "\"x\""},
        {"a + b * 2", "(add (path a) (multiply (path b) 2))"},
        {"a - b - c", "(subtract (subtract (path a) (path b)) (path c))"},
        {"a / b / c", "(divide (divide (path a) (path b)) (path c))"},
        {"a * b + c", "(add (multiply (path a) (path b)) (path c))"},
        {"-a * b", "(multiply (negative (path a)) (path b))"},
        {"- -a", "(negative (negative (path a)))"},
        {"20-24", "(subtract 20 24)"},
        {"a - -1", "(subtract (path a) (negative 1))"},
        {"(a + b) * 2", "(multiply (paren (add (path a) (path b))) 2)"},
        {"min(a, b + 1, 2)", "(call min (path a) (add (path b) 1) 2)"},
        {"abs(a)", "(call abs (path a))"},
        {"a as percent of b", "(percent_of (path a) (path b))"},
        {"a per 10000 of b", "(per_of (path a) 10000 (path b))"},
        {"(a + b) as percent of (c - d)",
         "(percent_of (paren (add (path a) (path b))) (paren (subtract (path c) (path d))))"},
        {"a else b", "(or_else (path a) (path b))"},
        {"a else b else 0", "(or_else (or_else (path a) (path b)) 0)"},
        {"a else even if suppressed b", "(or_else! (path a) (path b))"},
        {"a else b as percent of c", "(or_else (path a) (percent_of (path b) (path c)))"},
        {"a else b + 1", "(or_else (path a) (add (path b) 1))"},
        {"target.unit", "(path target unit)"}, // keywords are names here
    };
    check_cases(cases, COUNT(cases), PARSE_EXPRESSION);
}

static void comparisons_bind_looser_than_arithmetic(void **state) {
    (void)state;
    static const Case cases[] = {
        {"a < b", "(comparison:< (path a) (path b))"},
        {"a <= 5", "(comparison:<= (path a) 5)"},
        {"a > 5", "(comparison:> (path a) 5)"},
        {"a >= 5", "(comparison:>= (path a) 5)"},
        {"a = 5", "(comparison:= (path a) 5)"},
        {"a <> 5", "(comparison:<> (path a) 5)"},
        {"a + 1 < b else 2", "(comparison:< (add (path a) 1) (or_else (path b) 2))"},
        {"a < 1 and b < 2", "(and (comparison:< (path a) 1) (comparison:< (path b) 2))"},
        {"a or b or c", "(or (or (path a) (path b)) (path c))"},
        {"not a and b", "(and (not (path a)) (path b))"},
        {"not not a", "(not (not (path a)))"},
        {"a and (b or c)", "(and (path a) (paren (or (path b) (path c))))"},
        {"not a < 1", "(not (comparison:< (path a) 1))"},
    };
    check_cases(cases, COUNT(cases), PARSE_EXPRESSION);
}

static void words_of_comparison_have_a_subject_or_none(void **state) {
    (void)state;
    static const Case cases[] = {
        {"better than x", "(words_comparison:better - - (path x))"},
        {"worse than x", "(words_comparison:worse - - (path x))"},
        {"no better than x", "(words_comparison:no_better - - (path x))"},
        {"no worse than x", "(words_comparison:no_worse - - (path x))"},
        {"at target or better", "(words_comparison:at_or_better - - (path target))"},
        {"at 5 or worse", "(words_comparison:at_or_worse - - 5)"},
        {"at least 5", "(words_comparison:>= - - 5)"},
        {"at most 5", "(words_comparison:<= - - 5)"},
        {"below 5", "(words_comparison:< - - 5)"},
        {"above 5", "(words_comparison:> - - 5)"},
        {"within 5 points of x", "(words_comparison:within - (number_unit 5 points) (path x))"},
        {"within 5% of x or better",
         "(words_comparison:within_or_better - (number_percent 5) (path x))"},
        {"over 29% worse than x", "(words_comparison:over_worse - (number_percent 29) (path x))"},
        {"over 2 better than x", "(words_comparison:over_better - 2 (path x))"},
        {"at least 2 worse than x", "(words_comparison:least_worse - 2 (path x))"},
        {"at least 2 better than x", "(words_comparison:least_better - 2 (path x))"},
        {"no more than 2 worse than x", "(words_comparison:most_worse - 2 (path x))"},
        {"at most 2 better than x", "(words_comparison:most_better - 2 (path x))"},
        {"a better than x", "(words_comparison:better (path a) - (path x))"},
        {"a is better than x", "(is (path a) (words_comparison:better - - (path x)))"},
        {"a at least b + 1", "(words_comparison:>= (path a) - (add (path b) 1))"},
        {"over (a + 1) worse than x",
         "(words_comparison:over_worse - (paren (add (path a) 1)) (path x))"},
    };
    check_cases(cases, COUNT(cases), PARSE_EXPRESSION);
}

static void is_speaks_of_levels_and_directions(void **state) {
    (void)state;
    static const Case cases[] = {
        {"ofsted is good", "(is (path ofsted) (level_is good))"},
        {"ofsted is not good", "(is! (path ofsted) (level_is good))"},
        {"ofsted is good or better", "(is (path ofsted) (level_is:or_better good))"},
        {"ofsted is good or worse", "(is (path ofsted) (level_is:or_worse good))"},
        {"ofsted is not good or worse", "(is! (path ofsted) (level_is:or_worse good))"},
        {"ofsted is one of good, poor", "(is (path ofsted) (level_one_of good poor))"},
        {"ofsted is not one of good, poor", "(is! (path ofsted) (level_one_of good poor))"},
        {"ofsted is no data", "(is (path ofsted) (level_no_data))"},
        {"ofsted is good or a", "(or (is (path ofsted) (level_is good)) (path a))"},
        {"improving for 3 periods", "(direction_span (path improving) 3 periods)"},
        {"improving on last year", "(direction_span (path improving) - year)"},
        {"direction is improving for 2 periods",
         "(is (path direction) (direction_span improving 2 periods))"},
    };
    check_cases(cases, COUNT(cases), PARSE_EXPRESSION);
}

static void an_error_leaves_no_expression(void **state) {
    (void)state;
    static const struct {
        const char *text;
        DiagCode code;
        const char *place;
    } cases[] = {
        {"", D_SYNTAX, "1:1+0"},
        {"1 +", D_SYNTAX, "1:4+0"},
        {"a b", D_SYNTAX, "1:3+1"},
        {"1 2", D_SYNTAX, "1:3+1"},
        {"(1", D_OPEN_BRACKET, "1:1+1"},
        {"1)", D_SYNTAX, "1:2+1"},
        {"1,234", D_BAD_NUMBER, "1:1+5"},
        {"a < b < c", D_SYNTAX, "1:7+1"},
        {"f()", D_SYNTAX, "1:3+1"},
        {"a and b or c", D_MIXED_AND_OR, "1:1+7"},
        {"a or b and c", D_MIXED_AND_OR, "1:6+7"},
        {"a + b as percent of c", D_COMPOUND_SIDE, "1:1+5"},
        {"a as percent of -b", D_COMPOUND_SIDE, "1:17+2"},
        {"a * 2 per 100 of c", D_COMPOUND_SIDE, "1:1+5"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Rules r;
        rules_begin(&r);
        const Node *tree = rules_parse(&r, str_from(cases[i].text), PARSE_EXPRESSION);
        if (tree)
            fail_msg("%s has a tree", cases[i].text);
        if (r.diags.diags.n != 1)
            print_message("%s\n", cases[i].text);
        assert_n_findings(&r, 1);
        assert_finding(&r, 0, cases[i].code, cases[i].place, "", "");
        assert_false(r.trees.failed);
        rules_end(&r);
    }
}

static void other_ways_to_say_it_are_answered_with_the_form(void **state) {
    (void)state;
    static const struct {
        const char *text, *hint;
    } cases[] = {
        {"a is over 24", "`above 24`"},
        {"over 24", "`above 24`"},
        {"more than 24", "`above 24`"},
        {"less than 24", "`below 24`"},
        {"under 24", "`below 24`"},
        {"a 24 or more", NULL},
        {"24 or more", "`value >= 24`"},
        {"24 or less", "`value <= 24`"},
        {"a is 24", "`= 24`"},
        {"a is 24 or more", "`>= 24`"},
        {"a is 24 or less", "`<= 24`"},
        {"a is 2023-05", "`= 2023-05`"},
        {"between 16 and 19", "`at least 16 and at most 19`"},
        {"more than 5% worse than x", "`over 5%`"},
        {"more than 5% better than x", "`over 5%`"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Rules r;
        rules_begin(&r);
        assert_null(rules_parse(&r, str_from(cases[i].text), PARSE_EXPRESSION));
        assert_n_findings(&r, 1);
        const Diag *d = &r.diags.diags.v[0];
        assert_int_equal(d->code, cases[i].hint ? D_OTHER_WORDS : D_SYNTAX);
        if (cases[i].hint && !has_text(d->hint, cases[i].hint))
            fail_msg("%s: %.*s", cases[i].text, STR_ARG(d->hint));
        rules_end(&r);
    }
}

// ---- band cells ---------------------------------------------------------------------------------

static void every_notation_of_a_band_has_its_bounds(void **state) {
    (void)state;
    static const Case cases[] = {
        {"85+", "(bounds 85+ -)"},
        {"85%+", "(bounds 85%+ -)"},
        {">=85", "(bounds 85 -)"},
        {"at least 85", "(bounds 85 -)"},
        {"no less than 85", "(bounds 85 -)"},
        {">24", "(bounds> 24 -)"},
        {"above 24%", "(bounds> (number_percent 24) -)"},
        {"<=14", "(bounds - 14)"},
        {"at most 14", "(bounds - 14)"},
        {"<16", "(bounds< - 16)"},
        {"below -5", "(bounds< - (negative 5))"},
        {"= 5", "(bounds 5 5)"},
        {"65-74", "(bounds 65 74)"},
        {"74-65", "(bounds 74 65)"},
        {"65\u201374", "(bounds 65 74)"},
        {"65%-74%", "(bounds (number_percent 65) (number_percent 74))"},
        {"-5-5", "(bounds (negative 5) 5)"},
        {"-5--1", "(bounds (negative 5) (negative 1))"},
        {"65 to 74", "(bounds 65 74)"},
        {"16 to below 20", "(bounds< 16 20)"},
        {"above 16 to 20", "(bounds> 16 20)"},
        {"above 16 to below 20", "(bounds>< 16 20)"},
        {"limit to limit + 5", "(bounds (path limit) (add (path limit) 5))"},
        {"otherwise", "(cell_otherwise)"},
        {"2000-10", "(bounds 2000 10)"}, // no October
        {"2010-11", "(bounds 2010 11)"},
        {"2000-250", "(bounds 2000 250)"},
        {"85", "(cell_bare 85)"},
        {"limit", "(cell_bare (path limit))"},
        {"limit - 5", "(cell_bare (subtract (path limit) 5))"},
        {"2023-05", "(cell_bare 2023-05)"},
        {"1 + 2", "(cell_bare (add 1 2))"},
    };
    check_cases(cases, COUNT(cases), PARSE_BAND_CELL);
}

static void the_sides_of_a_month_that_is_a_range_have_their_places(void **state) {
    (void)state;
    Rules r;
    rules_begin(&r);
    const Node *cell = rules_parse(&r, STR("2010-11"), PARSE_BAND_CELL);
    Place low = node_place(node_kid(cell, 0)), high = node_place(node_kid(cell, 1));
    assert_true(low.line == 1 && low.column == 1 && low.len == 4);
    assert_true(high.line == 1 && high.column == 6 && high.len == 2);
    rules_end(&r);
}

static void a_cell_that_is_no_band_says_why(void **state) {
    (void)state;
    static const struct {
        const char *text;
        DiagCode code;
        const char *hint;
    } cases[] = {
        {"85 +", D_OTHER_WORDS, "85+"},
        {"2023-24", D_BAD_PERIOD, "FY2023-24"},
        {"over 24", D_OTHER_WORDS, "`above 24`"},
        {"more than 24", D_OTHER_WORDS, "`above 24`"},
        {"under 24", D_OTHER_WORDS, "`below 24`"},
        {"less than 24", D_OTHER_WORDS, "`below 24`"},
        {"16 or more", D_OTHER_WORDS, "`16+`"},
        {"16 and over", D_OTHER_WORDS, "`16+`"},
        {"16 or less", D_OTHER_WORDS, "`at most 16`"},
        {"between 16 and 19", D_OTHER_WORDS, "`16 to 19`"},
        {"65-", D_SYNTAX, ""},
        {"16 to", D_SYNTAX, ""},
        {"1,234+", D_BAD_NUMBER, "1234"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Rules r;
        rules_begin(&r);
        assert_null(rules_parse(&r, str_from(cases[i].text), PARSE_BAND_CELL));
        assert_n_findings(&r, 1);
        const Diag *d = &r.diags.diags.v[0];
        if (d->code != cases[i].code || !has_text(d->hint, cases[i].hint))
            fail_msg("%s: %s %.*s", cases[i].text, diag_code_text(d->code), STR_ARG(d->hint));
        rules_end(&r);
    }
}

// ---- depth --------------------------------------------------------------------------------------

static void check_depth(const char *head, const char *part, size_t n, const char *tail,
                        size_t n_findings) {
    Rules r;
    rules_begin(&r);
    const Node *tree = rules_parse(&r, repeated(&r, head, part, n, tail), PARSE_EXPRESSION);
    assert_n_findings(&r, n_findings);
    if (n_findings > 0)
        assert_int_equal(r.diags.diags.v[0].code, D_TOO_DEEP);
    assert_int_equal(tree != NULL, n_findings == 0);
    if (tree)
        assert_true(tree->depth <= AST_MAX_DEPTH);
    rules_end(&r);
}

static void long_chains_are_bounded_and_short_ones_are_read(void **state) {
    (void)state;
    check_depth("1", "+1", AST_MAX_DEPTH, "", 0);
    check_depth("1", "+1", AST_MAX_DEPTH + 1, "", 1);
    check_depth("1", "+1", 5000, "", 1);
    check_depth("1", "*a", 5000, "", 1);
    check_depth("a", " and a", 5000, "", 1);
    check_depth("a", " or a", 5000, "", 1);
    check_depth("a", " else a", 5000, "", 1);
    check_depth("a", ".a", 5000, "", 0); // names stand side by side
    check_depth("min(1", ", 1", 5000, ")", 0);
}

static void brackets_are_read_fifty_deep(void **state) {
    (void)state;
    char ends[61]; // 1 and closing brackets
    memset(ends, ')', sizeof ends - 1);
    ends[0] = '1', ends[51] = '\0';
    check_depth("", "(", 50, ends, 0);
    check_depth("", "-(", 50, ends, 0);
    check_depth("", "abs(", 50, ends, 0);
    check_depth("", "1+(", 50, ends, 0);
    ends[51] = ')', ends[52] = '\0';
    check_depth("", "(", 51, ends, 1);
    check_depth("", "abs(", 51, ends, 1);
    ends[52] = ')', ends[60] = '\0';
    check_depth("", "(", 59, ends, 1);
    check_depth("", "-", 50, "1", 0);
    check_depth("", "-", 51, "1", 1);
    check_depth("", "not ", 50, "a", 0);
}

// ---- nodes --------------------------------------------------------------------------------------

static void a_node_spans_what_it_was_made_of(void **state) {
    (void)state;
    Rules r;
    rules_begin(&r);
    const Node *n = rules_parse(&r, STR("  over 29%  worse than  (a)"), PARSE_EXPRESSION);
    assert_str(node_text(n), "over 29%  worse than  (a)");
    assert_str(node_text(node_kid(n, 1)), "29%");
    assert_str(node_text(node_kid(n, 2)), "(a)");
    Place p = node_place(node_kid(n, 2));
    assert_true(p.line == 1 && p.column == 25 && p.len == 3);
    assert_null(node_kid(n, 0));
    assert_null(node_kid(n, 3));
    assert_null(node_kid(NULL, 0));
    assert_int_equal(node_place(NULL).file, PLACE_NO_FILE);
    assert_int_equal(node_text(NULL).len, 0);
    rules_end(&r);
}

static void a_quotation_mark_is_written_twice(void **state) {
    (void)state;
    static const Case cases[] = {
        {"\"a\"", "a"},
        {"\"\"", ""},
        {"\"a\"\"b\"", "a\"b"},
        {"\"\"\"\"", "\""},
        {"\"\"\"a\"\"\"", "\"a\""},
        {"\"\"\"\"\"\"", "\"\""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Rules r;
        rules_begin(&r);
        const Node *n = rules_parse(&r, str_from(cases[i].text), PARSE_EXPRESSION);
        assert_int_equal(n->kind, NODE_STRING);
        assert_str_of(cases[i].text, node_string(&r.scratch, n), cases[i].tree);
        rules_end(&r);
    }
}

static void memory_that_runs_out_is_an_answer(void **state) {
    (void)state;
    Rules r;
    rules_begin(&r);
    rules_source(&r,
                 STR("over 29% worse than (a + min(b, 2 * c.d)) and ofsted is one of good, poor"));
    size_t n_failed = 0;
    for (const Node *tree = NULL; !tree;) {
        Arena a;
        arena_init(&a, 0);
        arena_fail_after(++n_failed);
        tree = parse(&a, &r.diags, &r.source, PARSE_EXPRESSION);
        arena_fail_after(0);
        assert_true(tree || a.failed);
        arena_free(&a);
    }
    assert_true(n_failed > 20);
    assert_n_findings(&r, 0);
    rules_end(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arithmetic_binds_as_in_school),
        cmocka_unit_test(comparisons_bind_looser_than_arithmetic),
        cmocka_unit_test(words_of_comparison_have_a_subject_or_none),
        cmocka_unit_test(is_speaks_of_levels_and_directions),
        cmocka_unit_test(an_error_leaves_no_expression),
        cmocka_unit_test(other_ways_to_say_it_are_answered_with_the_form),
        cmocka_unit_test(every_notation_of_a_band_has_its_bounds),
        cmocka_unit_test(the_sides_of_a_month_that_is_a_range_have_their_places),
        cmocka_unit_test(a_cell_that_is_no_band_says_why),
        cmocka_unit_test(long_chains_are_bounded_and_short_ones_are_read),
        cmocka_unit_test(brackets_are_read_fifty_deep),
        cmocka_unit_test(a_node_spans_what_it_was_made_of),
        cmocka_unit_test(a_quotation_mark_is_written_twice),
        cmocka_unit_test(memory_that_runs_out_is_an_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
