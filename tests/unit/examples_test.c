// SPDX-License-Identifier: Apache-2.0
// Examples: rows that come out, and what is said of each that does not.
#include "tests/unit/lang_fixture.h"

#include "runtime/edges/examples.h"

#define KPI                                                                                        \
    RAG_SCALE OFSTED_SCALE                                                                         \
        "metric m percent\nmetric sn percent\nmetric n count\n"                                    \
        "kpi k\n value m\n precision 1 decimal\n good is low\n needs n >= 20\n target 20%\n"       \
        " compare neighbours = sn\n"                                                               \
        " bands ofsted, gaps to worse\n  outstanding <16\n  good 16-19\n"                          \
        "  requires_improvement 20-24\n  inadequate 25 to 90\n no data otherwise\n end\n"          \
        " status rag\n  red when over 29% worse than neighbours, if known because \"far off\"\n"   \
        "  amber when worsening\n  amber when above target because \"over the target\"\n"          \
        "  green otherwise\n end\nend\n"
// The table stands on line 36, its first row of figures on line 38.

typedef struct Ran {
    Rules r;
    Buf out;
    bs_test_counts counts;
} Ran;

static void run(Ran *ran, const char *rules, const char *table) {
    char text[3000];
    snprintf(text, sizeof text, "%s%s\nend\n", rules, table);
    *ran = (Ran){0};
    rules_compiled(&ran->r, text);
    assert_true(examples_run(&ran->r.program, &ran->counts, &ran->out));
}

static void end(Ran *ran) {
    buf_free(&ran->out);
    rules_end(&ran->r);
}

static void check_pass(const char *table, size_t n_rows) {
    Ran ran;
    run(&ran, KPI, table);
    char summary[64];
    snprintf(summary, sizeof summary, "%zu example%s, 0 failed\n", n_rows, n_rows == 1 ? "" : "s");
    assert_str_of(table, buf_str(&ran.out), summary);
    assert_int_equal(ran.counts.n_rows, n_rows);
    assert_int_equal(ran.counts.n_failed, 0);
    end(&ran);
}

// The only line before the summary, without what stands before "row N: ".
static void check_fail(const char *table, const char *place, const char *expected) {
    DiagCode code = strstr(expected, " depends on ") ? D_EXAMPLES_DEPENDS : D_EXAMPLES_FAIL;
    Ran ran;
    run(&ran, KPI, table);
    char line[600];
    snprintf(line, sizeof line,
             "rules.rag:%s: error %s: example of k, %s\n%zu example%s, 1 failed\n", place,
             diag_code_text(code), expected, ran.counts.n_rows, ran.counts.n_rows == 1 ? "" : "s");
    assert_str_of(table, buf_str(&ran.out), line);
    assert_int_equal(ran.counts.n_failed, 1);
    end(&ran);
}

static void rows_that_come_out_are_counted_only(void **state) {
    (void)state;
    check_pass("examples k\n value | previous | neighbours | ofsted | rag\n"
               " 15.9 | 16.2 | 21.1 | outstanding | green\n"
               " 26.4 | 26 | 20.4 | inadequate | red\n"
               " 19.5 | 19 | 21 | requires_improvement | amber",
               3);
    check_pass("examples k\n value | ofsted\n 16% | good", 1); // `needs` counts as met
    check_pass("examples k\n value | ofsted\n", 0);
}

static void missing_figures_are_given_by_their_reason(void **state) {
    (void)state;
    check_pass("examples k\n value | previous | neighbours | rag | reason\n"
               " suppressed | 20 | 20 | no data | suppressed\n"
               " suppressed | 20 | 20 | no data (suppressed) |\n"
               " not available | | | no data | not available\n"
               " 15 | 16 | no row | green | \n" // `if known`
               " 30 | 30 | no row | amber | over the target\n"
               " 30 | 30 | 15 | red | \"far off\"",
               6);
}

static void what_is_given_replaces_what_would_compute_it(void **state) {
    (void)state;
    check_pass("examples k\n value | direction | neighbours | rag\n"
               " 15 | worsening | 20 | amber\n 15 | improving | 20 | green\n"
               " 15 | unknown | 20 | no data",
               3);
    check_pass("examples k\n value | direction | target | neighbours | rag\n"
               " 30 | steady | 40 | 30 | green\n 30 | steady | 29 | 30 | amber",
               2);
    check_pass("examples k\n m | previous | neighbours | rag\n 15 | 16 | 20 | green", 1);
}

static void a_level_or_no_data_can_be_expected(void **state) {
    (void)state;
    check_pass("examples k\n value | ofsted\n 95 | no data\n 95 | no data (left unjudged)\n"
               " suppressed | no data (suppressed)\n 24.5 | inadequate",
               4);
}

// ---- failures -----------------------------------------------------------------------------------

static void a_wrong_level_shows_both(void **state) {
    (void)state;
    check_fail("examples k\n value | ofsted\n 15 | good", "38:7",
               "row 1: ofsted is outstanding, expected good");
    check_fail("examples k\n value | ofsted\n 15 | outstanding\n 95 | good", "39:7",
               "row 2: ofsted is no data (left unjudged), expected good");
    check_fail("examples k\n value | ofsted\n 15 | no data", "38:7",
               "row 1: ofsted is outstanding, expected no data");
    check_fail("examples k\n value | ofsted\n 95 | no data (suppressed)", "38:7",
               "row 1: ofsted is no data (left unjudged), expected no data (suppressed)");
}

static void a_wrong_status_comes_with_its_sentence(void **state) {
    (void)state;
    check_fail("examples k\n value | previous | neighbours | rag\n 26.4 | 26 | 20.4 | green",
               "38:21",
               "row 1: rag is red, expected green\n    Red: far off: 26.4% is 6 points (29.4%) "
               "worse than neighbours (20.4%), over the limit of 29%");
    check_fail("examples k\n value | neighbours | rag\n suppressed | 20.4 | green", "38:22",
               "row 1: rag is no data (suppressed), expected green\n    No data: the figure is "
               "missing (suppressed)");
}

static void a_wrong_reason_shows_both(void **state) {
    (void)state;
    Ran ran;
    run(&ran, KPI,
        "examples k\n value | previous | neighbours | reason\n 26.4 | 26 | 20.4 | too far");
    Str s = buf_str(&ran.out);
    assert_true(has_text(s, ":38:21: error B804: example of k, row 1: "));
    assert_true(has_text(s, "far off"));
    assert_true(has_text(s, "too far"));
    assert_int_equal(ran.counts.n_failed, 1);
    end(&ran);
}

static void a_result_that_hangs_on_something_not_given_says_which(void **state) {
    (void)state;
    check_fail("examples k\n value | neighbours | rag\n 15 | 20 | green", "38:12",
               "row 1: rag depends on the direction: add a column `previous`");
    check_fail("examples k\n value | previous | rag\n 15 | 16 | green", "38:12",
               "row 1: rag depends on `neighbours`: add a column of that name");
    check_fail("examples k\n previous | rag\n 15 | green", "38:7",
               "row 1: rag depends on the value: add a column `value`");
    check_fail("examples k\n previous | ofsted\n 15 | good", "38:7",
               "row 1: ofsted depends on the value: add a column `value`");
    check_fail("examples k\n value | neighbours | reason\n 15 | 20 | x", "38:12",
               "row 1: reason depends on the direction: add a column `previous`");
}

static void a_blank_cell_is_not_given_and_not_expected(void **state) {
    (void)state;
    check_pass("examples k\n value | previous | neighbours | ofsted | rag\n 15 | | | outstanding |",
               1);
    check_fail("examples k\n value | previous | neighbours | ofsted | rag\n 15 | | 20 | | green",
               "38:16", "row 1: rag depends on the direction: add a column `previous`");
}

static void a_row_can_fail_in_two_columns_and_counts_once(void **state) {
    (void)state;
    Ran ran;
    run(&ran, KPI,
        "examples k\n value | previous | neighbours | ofsted | rag\n 15 | 16 | 20 | good | red\n"
        " 15 | 16 | 20 | good | green");
    Str s = buf_str(&ran.out);
    assert_true(has_text(
        s, "38:17: error B804: example of k, row 1: ofsted is outstanding, expected good\n"));
    assert_true(
        has_text(s, "38:24: error B804: example of k, row 1: rag is green, expected red\n"));
    assert_true(has_text(s, "39:17: error B804: example of k, row 2: ofsted is outstanding"));
    assert_true(str_ends(s, STR("2 examples, 2 failed\n")));
    assert_int_equal(ran.counts.n_failed, 2);
    end(&ran);
}

static void a_status_that_is_taken_asks_for_metrics(void **state) {
    (void)state;
    static const char taking[] = KPI "kpi t\n value n\n status from k\nend\n";
    Ran ran;
    run(&ran, taking, "examples t\n value | rag\n 5 | red");
    assert_true(has_text(buf_str(&ran.out), "row 1: rag depends on "));
    assert_true(has_text(buf_str(&ran.out), "metric"));
    end(&ran);
}

// ---- tables that are refused --------------------------------------------------------------------

static void check_refused(const char *table, DiagCode code, const char *place, const char *message,
                          const char *hint) {
    char text[3000];
    snprintf(text, sizeof text, "%s%s\nend\n", KPI, table);
    assert_refused(text, code, place, message, hint);
}

static void a_table_that_cannot_be_read_is_refused(void **state) {
    (void)state;
    check_refused("examples k", D_EXAMPLES_COLUMN, "36:1+14", "no heading", "value | ofsted");
    check_refused("examples kk\n value\n 1", D_UNKNOWN_NAME, "36:10+2", "`kk`", "");
    check_refused("examples k\n value | offsted\n 1 | good", D_EXAMPLES_COLUMN, "37:10+7",
                  "`offsted`", "`ofsted`");
    check_refused("examples k\n value | value\n 1 | 2", D_EXAMPLES_COLUMN, "37:10+5", "twice", "");
    check_refused("examples k\n value | rag\n 1", D_MEASURES_ROW, "38:2+1", "", "blank cell");
    check_refused("examples k\n value | rag\n 1 | pink", D_UNKNOWN_LEVEL, "38:6+4", "`pink`",
                  "red");
    check_refused("examples k\n value | rag\n 1 | no data (bored)", D_EXAMPLES_CELL, "38:6+15",
                  "bored", "no data");
    check_refused("examples k\n value | rag\n high | red", D_EXAMPLES_CELL, "38:2+4", "`high`",
                  "suppressed");
    check_refused("examples k\n value | rag\n 1,000 | red", D_EXAMPLES_CELL, "38:2+5", "`1,000`",
                  "");
    check_refused("examples k\n direction | rag\n up | red", D_EXAMPLES_CELL, "38:2+2", "`up`",
                  "worsening");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_that_come_out_are_counted_only),
        cmocka_unit_test(missing_figures_are_given_by_their_reason),
        cmocka_unit_test(what_is_given_replaces_what_would_compute_it),
        cmocka_unit_test(a_level_or_no_data_can_be_expected),
        cmocka_unit_test(a_wrong_level_shows_both),
        cmocka_unit_test(a_wrong_status_comes_with_its_sentence),
        cmocka_unit_test(a_wrong_reason_shows_both),
        cmocka_unit_test(a_result_that_hangs_on_something_not_given_says_which),
        cmocka_unit_test(a_blank_cell_is_not_given_and_not_expected),
        cmocka_unit_test(a_row_can_fail_in_two_columns_and_counts_once),
        cmocka_unit_test(a_status_that_is_taken_asks_for_metrics),
        cmocka_unit_test(a_table_that_cannot_be_read_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
