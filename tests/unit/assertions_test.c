// SPDX-License-Identifier: Apache-2.0
// What assertions come to: where they are looked at, what holds, and what is said where they fail.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/edges/assertions.h"
#include "tests/unit/judged_fixture.h"

#define METRICS "metric share percent\nmetric made count\nmetric due count\n"

static AssertionTally check(Judged *j) {
    assert_true(store_finish(&j->store));
    AssertionTally *t = assertions_check(&j->figures, &j->r.program, &j->store, &j->r.diags);
    assert_non_null(t);
    return t[0];
}

static void assert_tally(AssertionTally t, size_t held, size_t failed, size_t unchecked) {
    assert_int_equal(t.n_held, held);
    assert_int_equal(t.n_failed, failed);
    assert_int_equal(t.n_unchecked, unchecked);
}

static void each_entity_and_period_counts_once(void **state) {
    (void)state;
    Judged j;
    judged_begin(&j, METRICS "assert \"no more than due\" made <= due");
    judged_put(&j, "made", "A", "2023-01", "3");
    judged_put(&j, "due", "A", "2023-01", "3");
    judged_put(&j, "made", "A", "2023-02", "4");
    judged_put(&j, "due", "A", "2023-02", "3");
    judged_put(&j, "made", "B", "2023-01", "suppressed");
    judged_put(&j, "due", "B", "2023-01", "3");
    judged_put(&j, "due", "B", "2023-02", "3");
    // No figure that the assertion reads: none of its business.
    judged_put(&j, "share", "C", "2023-02", "3");
    assert_tally(check(&j), 1, 1, 2);
    judged_end(&j);
}

static void a_failure_names_both_sides_and_all_figures(void **state) {
    (void)state;
    Judged j;
    judged_begin(&j, METRICS "assert \"recomputes\" share = round(made as percent of due, 1)");
    judged_put(&j, "share", "A", "2023-01", "80");
    judged_put(&j, "made", "A", "2023-01", "17");
    judged_put(&j, "due", "A", "2023-01", "20");
    assert_tally(check(&j), 0, 1, 0);
    assert_int_equal(j.r.diags.diags.n, 1);
    const Diag *d = &j.r.diags.diags.v[0];
    assert_int_equal(d->code, D_ASSERTION_FAILS);
    assert_true(str_eq(d->message, STR("A, 2023-01: \"recomputes\" does not hold: `share = "
                                       "round(made as percent of due, 1)` sets 80% against 85%")));
    assert_true(str_eq(
        d->hint, STR("the figures are share 80% (line 0), made 17 (line 0), due 20 (line 0)")));
    assert_int_equal(d->other.line, 4);
    judged_end(&j);
}

static void assert_figures(Judged *j, const char *expected) {
    assert_tally(check(j), 0, 1, 0);
    assert_str_of("figures", j->r.diags.diags.v[0].hint, expected);
    judged_end(j);
}

static void a_field_is_named_in_place_of_the_value(void **state) {
    (void)state;
    Judged j;
    judged_begin(&j, METRICS "input f\n layout long\n entity column \"e\"\n period column \"p\"\n"
                             " metric column \"m\"\n value column \"v\"\n"
                             " field num column \"n\"\n field den column \"d\"\nend\n"
                             "assert \"x\" share.num <= share.den");
    uint32_t obs = judged_put(&j, "share", "A", "2023-01", "80");
    for (uint32_t field = 1; field < j.r.program.n_fields; field++) {
        bool is_num = str_eq(j.r.program.fields[field], STR("num"));
        bool is_den = str_eq(j.r.program.fields[field], STR("den"));
        store_set(&j.store, obs, field, number_int(is_num ? 18 : 17),
                  is_num || is_den ? 0 : WHY(REASON_NO_ROW));
    }
    assert_figures(&j, "the figures are share.num 18 (line 0), share.den 17 (line 0)");
}

static void figures_of_other_periods_are_named_with_these(void **state) {
    (void)state;
    Judged j;
    judged_begin(&j, METRICS "assert \"x\" share within 1 points of previous(share)");
    judged_put(&j, "share", "A", "2023-01", "80");
    judged_put(&j, "share", "A", "2023-02", "91");
    assert_int_equal(check(&j).n_failed, 1);
    assert_str_of("previous", j.r.diags.diags.v[0].hint,
                  "the figures are share 91% (line 0), share in 2023-01 80% (line 0)");
    judged_end(&j);
}

static void the_latest_of_a_window_are_named(void **state) {
    (void)state;
    Judged j;
    judged_begin(&j, METRICS "assert \"x\" rolling_sum(made, 6) < due");
    for (int month = 1; month <= 6; month++) {
        char period[8];
        snprintf(period, sizeof period, "2023-%02d", month);
        judged_put(&j, "made", "A", period, "1");
    }
    judged_put(&j, "due", "A", "2023-06", "6");
    assert_tally(check(&j), 0, 1, 5);
    assert_str_of("window", j.r.diags.diags.v[0].hint,
                  "the figures are made 1 (line 0), made in 2023-05 1 (line 0), "
                  "made in 2023-04 1 (line 0), made in 2023-03 1 (line 0), due 6 (line 0) "
                  "and 2 more");
    judged_end(&j);
}

static void a_year_to_date_reads_nothing_before_the_year(void **state) {
    (void)state;
    Judged j;
    judged_begin(&j, METRICS "assert \"x\" year_to_date_sum(made, calendar) < 3");
    judged_put(&j, "made", "A", "2022-12", "9");
    judged_put(&j, "made", "A", "2023-01", "3");
    assert_int_equal(check(&j).n_failed, 1);
    assert_str_of("year", j.r.diags.diags.v[0].hint, "the figures are made 3 (line 0)");
    judged_end(&j);
}

static void the_figure_of_a_named_entity_is_told_as_its_own(void **state) {
    (void)state;
    Judged j;
    judged_begin(&j, METRICS "assert \"x\" made <= made of \"England\"");
    judged_put(&j, "made", "A", "2023-01", "80");
    judged_put(&j, "made", "England", "2023-01", "60");
    assert_tally(check(&j), 1, 1, 0);
    assert_str_of("entity", j.r.diags.diags.v[0].hint,
                  "the figures are made 80 (line 0), made of England 60 (line 0)");
    judged_end(&j);
}

static void a_missing_figure_says_why(void **state) {
    (void)state;
    Judged j;
    judged_begin(&j, METRICS "assert \"x\" (made else 0) > due");
    judged_put(&j, "made", "A", "2023-01", "not available");
    judged_put(&j, "due", "A", "2023-01", "3");
    assert_figures(&j, "the figures are made not available (line 0), due 3 (line 0)");
}

static void only_the_comparisons_that_fail_are_told(void **state) {
    (void)state;
    Judged j;
    judged_begin(&j, METRICS "assert \"both\" made < due and not share > 90 as warning");
    judged_put(&j, "share", "A", "2023-01", "95");
    judged_put(&j, "made", "A", "2023-01", "1");
    judged_put(&j, "due", "A", "2023-01", "2");
    assert_tally(check(&j), 0, 1, 0);
    const Diag *d = &j.r.diags.diags.v[0];
    assert_int_equal(d->code, D_ASSERTION_DOUBT);
    assert_true(str_eq(d->message, STR("A, 2023-01: \"both\" does not hold: `share > 90` sets 95% "
                                       "against 90%")));
    judged_end(&j);
}

static void one_that_is_never_checked_is_a_warning(void **state) {
    (void)state;
    Judged j;
    judged_begin(&j, METRICS "assert \"x\" made <= due");
    judged_put(&j, "made", "A", "2023-01", "3");
    judged_put(&j, "due", "A", "2023-02", "3");
    assert_tally(check(&j), 0, 0, 2);
    assert_int_equal(j.r.diags.diags.v[0].code, D_ASSERTION_UNCHECKED);
    judged_end(&j);
}

// By hand: the difference of 85 and 84.95 is exactly 0.05.
static void within_is_the_distance_of_any_two_figures(void **state) {
    (void)state;
    Judged j;
    judged_begin(&j, METRICS "assert \"x\" share within 0.05 points of made as percent of due");
    judged_put(&j, "share", "A", "2023-01", "84.95");
    judged_put(&j, "share", "B", "2023-01", "84.94");
    judged_put(&j, "share", "C", "2023-01", "85.05");
    for (const char *const *e = (const char *const[]){"A", "B", "C", NULL}; *e; e++) {
        judged_put(&j, "made", *e, "2023-01", "17");
        judged_put(&j, "due", *e, "2023-01", "20");
    }
    assert_tally(check(&j), 2, 1, 0);
    judged_end(&j);
}

static void assertions_are_in_the_fingerprint(void **state) {
    (void)state;
    static const char *const rules[] = {METRICS "assert \"x\" made <= due",
                                        METRICS "assert \"x\" made < due",
                                        METRICS "assert \"x\" made <= due as warning"};
    char hashes[3][65];
    for (size_t i = 0; i < 3; i++) {
        Judged j;
        judged_begin(&j, rules[i]);
        memcpy(hashes[i], j.r.program.hash, sizeof hashes[i]);
        judged_end(&j);
    }
    assert_string_not_equal(hashes[0], hashes[1]);
    assert_string_not_equal(hashes[0], hashes[2]);
}

static void memory_that_runs_out_is_an_answer(void **state) {
    (void)state;
    size_t n_failed = 0;
    for (bool ok = false; !ok;) {
        Judged j;
        judged_begin(&j, METRICS "assert \"x\" made <= due");
        judged_put(&j, "made", "A", "2023-01", "4");
        judged_put(&j, "due", "A", "2023-01", "3");
        assert_true(store_finish(&j.store));
        arena_fail_after(++n_failed);
        ok = assertions_check(&j.figures, &j.r.program, &j.store, &j.r.diags) != NULL &&
             !j.r.findings.failed;
        arena_fail_after(0);
        judged_end(&j);
    }
    assert_true(n_failed > 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_entity_and_period_counts_once),
        cmocka_unit_test(a_failure_names_both_sides_and_all_figures),
        cmocka_unit_test(a_field_is_named_in_place_of_the_value),
        cmocka_unit_test(figures_of_other_periods_are_named_with_these),
        cmocka_unit_test(the_latest_of_a_window_are_named),
        cmocka_unit_test(a_year_to_date_reads_nothing_before_the_year),
        cmocka_unit_test(the_figure_of_a_named_entity_is_told_as_its_own),
        cmocka_unit_test(a_missing_figure_says_why),
        cmocka_unit_test(only_the_comparisons_that_fail_are_told),
        cmocka_unit_test(one_that_is_never_checked_is_a_warning),
        cmocka_unit_test(within_is_the_distance_of_any_two_figures),
        cmocka_unit_test(assertions_are_in_the_fingerprint),
        cmocka_unit_test(memory_that_runs_out_is_an_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
