// SPDX-License-Identifier: Apache-2.0
// Series: an expression in every entity and period, and what is made of it across entities.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/engine/series.h"
#include "tests/unit/judged_fixture.h"

#define RULES(compare)                                                                             \
    "metric m percent\nmetric n count\nkpi k\n value m\n good is low\n" compare "\nend"

// The comparator of the KPI as its exact figure, or why it is missing.
static void assert_figure(Judged *j, const char *entity, const char *period, const char *expected) {
    judged_sentence(j, "k", entity, period);
    const Kpi *k = kpi_named(j, "k");
    Why why;
    Number n = vm_number(&j->vm, k->figures[0].reg, 0, &why);
    Buf text = {0};
    if (why)
        buf_put(&text, why_words(why));
    else
        number_print(&text, n);
    assert_str_of(period, buf_str(&text), expected);
    buf_free(&text);
}

static void put_all(Judged *j, const char *period, const char *const *figures) {
    static const char *const entities[] = {"A", "B", "C", "D", "E", "F", "G", "H"};
    for (size_t i = 0; figures[i]; i++)
        judged_put(j, "m", entities[i], period, figures[i]);
}

static void a_column_has_the_rows_of_a_kpi(void **state) {
    (void)state;
    Judged j;
    judged_begin(&j, RULES("compare c = mean of m among everyone"));
    judged_put(&j, "m", "A", "2023-01", "10");
    judged_put(&j, "m", "A", "2023-04", "40");
    judged_put(&j, "m", "B", "2023-02", "suppressed");
    judged_put(&j, "m", "B", "2022", "7");
    judged_put(&j, "n", "C", "2023-01", "1");
    assert_true(store_finish(&j.store));
    SeriesTable *t = series_table_new(&j.r.program, &j.store);
    const SeriesColumn *c = series_column(t, 0);
    assert_non_null(c);
    // January, February and April: nobody reports March.
    size_t january = series_cell(t, c, 0, read_period("2023-01"));
    assert_int_equal(series_cell(t, c, 0, read_period("2023-02")), january + 1);
    assert_int_equal(series_cell(t, c, 0, read_period("2023-04")), january + 2);
    assert_int_equal(c->v[january].num, 10);
    assert_int_equal(c->why[january + 1], WHY(REASON_NO_ROW));
    assert_int_equal(c->v[january + 2].num, 40);
    assert_true(series_cell(t, c, 0, read_period("2022")) == SERIES_NO_CELL);
    assert_int_equal(c->why[series_cell(t, c, 1, read_period("2023-02"))], WHY(REASON_SUPPRESSED));
    assert_int_equal(c->v[series_cell(t, c, 1, read_period("2022"))].num, 7);
    assert_true(series_cell(t, c, 0, read_period("2023-03")) == SERIES_NO_CELL);
    assert_true(series_cell(t, c, 2, read_period("2023-01")) == SERIES_NO_CELL);
    series_table_free(t);
    judged_end(&j);
}

static void equal_expressions_share_a_series(void **state) {
    (void)state;
    Judged j;
    judged_begin(&j, RULES("compare c = mean of m among everyone\n"
                           "compare d = rank of value among everyone\n"
                           "compare e = mean of (m + m - m) among everyone"));
    assert_int_equal(j.r.program.n_series, 2);
    judged_end(&j);
}

static void each_way_is_worked_out(void **state) {
    (void)state;
    static const char *const cases[][4] = {
        // with `good is low`: A 10, B 20, C 20, D 50
        {"mean", "25", "25", "25"},
        {"median", "20", "20", "20"},
        {"min", "10", "10", "10"},
        {"max", "50", "50", "50"},
        {"rank", "1", "2", "4"},
        // edges 17.5, 20, 27.5: a figure on an edge is in the group of the lower ones
        {"quartile", "1", "2", "4"},
        // edges 16, 20, 20, 32
        {"quintile", "1", "2", "5"},
    };
    static const char *const figures[] = {"10", "20", "20", "50", NULL};
    for (size_t i = 0; i < COUNT(cases); i++) {
        char rules[200];
        snprintf(rules, sizeof rules, RULES("compare c = %s of m among everyone"), cases[i][0]);
        Judged j;
        judged_begin(&j, rules);
        put_all(&j, "2023", figures);
        assert_figure(&j, "A", "2023", cases[i][1]);
        assert_figure(&j, "C", "2023", cases[i][2]);
        assert_figure(&j, "D", "2023", cases[i][3]);
        judged_end(&j);
    }
}

static void high_is_good_turns_the_places_round(void **state) {
    (void)state;
    static const char *const figures[] = {"10", "20", "20", "50", NULL};
    static const char *const cases[][4] = {
        {"rank", "4", "2", "1"}, {"quartile", "4", "3", "1"}, {"quintile", "5", "4", "1"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        char rules[200];
        snprintf(rules, sizeof rules,
                 "metric m percent\nkpi k\n value m\n good is high\n"
                 " compare c = %s of m among everyone\nend",
                 cases[i][0]);
        Judged j;
        judged_begin(&j, rules);
        put_all(&j, "2023", figures);
        assert_figure(&j, "A", "2023", cases[i][1]);
        assert_figure(&j, "C", "2023", cases[i][2]);
        assert_figure(&j, "D", "2023", cases[i][3]);
        judged_end(&j);
    }
}

static void a_missing_member_makes_it_missing(void **state) {
    (void)state;
    static const char *const figures[] = {"10", "suppressed", "20", "not available", NULL};
    static const char *const cases[][2] = {
        {"", "suppressed"},
        {"allow 1 missing", "suppressed"},
        {"allow 2 missing", "15"},
        {"with at least 2 known", "15"},
        {"with at least 3 known", "suppressed"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char rules[200];
        snprintf(rules, sizeof rules, RULES("compare c = mean of m among everyone %s"),
                 cases[i][0]);
        Judged j;
        judged_begin(&j, rules);
        put_all(&j, "2023", figures);
        assert_figure(&j, "A", "2023", cases[i][1]);
        judged_end(&j);
    }
}

static void a_row_without_a_figure_has_no_rank(void **state) {
    (void)state;
    static const char *const figures[] = {"10", "suppressed", "20", NULL};
    Judged j;
    judged_begin(&j, RULES("compare c = rank of m among everyone allow 1 missing"));
    put_all(&j, "2023", figures);
    assert_figure(&j, "B", "2023", "suppressed");
    assert_figure(&j, "C", "2023", "2");
    judged_end(&j);
}

static void too_few_to_judge_is_missing_to_others(void **state) {
    (void)state;
    Judged j;
    judged_begin(&j, "metric m percent\nmetric n count\nkpi k\n value m\n needs n >= 5\n"
                     " compare c = mean of value among everyone\nend");
    judged_put(&j, "m", "A", "2023", "10");
    judged_put(&j, "n", "A", "2023", "5");
    judged_put(&j, "m", "B", "2023", "20");
    judged_put(&j, "n", "B", "2023", "4");
    assert_figure(&j, "A", "2023", "too few");
    judged_end(&j);
}

static void other_periods_are_said(void **state) {
    (void)state;
    static const char *const before[] = {"10", "20", NULL}, *const now[] = {"30", "60", NULL};
    static const char *const cases[][3] = {
        {"previous(mean of m among everyone)", "no row", "15"},
        {"mean of previous(m) among everyone", "no row", "15"},
        {"mean of m as of 2022 among everyone", "15", "15"},
        {"previous(mean of m as of 2022 among everyone)", "15", "15"},
        {"mean of m as of 2021 among everyone", "no row", "no row"},
        {"m of \"B\"", "20", "60"},
        {"(previous(m)) of \"B\"", "no row", "20"},
        {"m of \"Z\"", "no row", "no row"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char rules[200];
        snprintf(rules, sizeof rules, RULES("compare c = %s"), cases[i][0]);
        Judged j;
        judged_begin(&j, rules);
        put_all(&j, "2022", before);
        put_all(&j, "2023", now);
        assert_figure(&j, "A", "2022", cases[i][1]);
        assert_figure(&j, "A", "2023", cases[i][2]);
        judged_end(&j);
    }
}

static void a_series_may_read_another(void **state) {
    (void)state;
    static const char *const figures[] = {"10", "20", "60", NULL};
    Judged j; // the mean is 30, the distances 20, 10 and 30
    judged_begin(&j, RULES("compare c = mean of abs(m - mean of m among everyone) among everyone"));
    put_all(&j, "2023", figures);
    assert_int_equal(j.r.program.n_series, 2);
    assert_figure(&j, "A", "2023", "20");
    judged_end(&j);
}

static void big_numbers_stay_exact(void **state) {
    (void)state;
    static const char *const figures[] = {"12345678901234567890123", "12345678901234567890125",
                                          NULL};
    Judged j;
    judged_begin(&j, RULES("compare c = mean of m among everyone"));
    put_all(&j, "2023", figures);
    assert_figure(&j, "A", "2023", "12345678901234567890124");
    judged_end(&j);
}

static void memory_that_runs_out_is_an_error(void **state) {
    (void)state;
    static const char *const figures[] = {"10", "20", NULL};
    bool ok = false;
    for (size_t n = 1; !ok && n < 200; n++) {
        Judged j;
        judged_begin(&j, RULES("compare c = mean of m among everyone"));
        put_all(&j, "2023", figures);
        assert_true(store_finish(&j.store));
        Lane lane = {0, read_period("2023"), 0};
        arena_fail_after(n);
        ok = vm_run(&j.vm, &kpi_named(&j, "k")->fn, &lane, 1, NULL);
        arena_fail_after(0);
        if (n == 1)
            assert_false(ok);
        judged_end(&j);
    }
    assert_true(ok);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_column_has_the_rows_of_a_kpi),
        cmocka_unit_test(equal_expressions_share_a_series),
        cmocka_unit_test(each_way_is_worked_out),
        cmocka_unit_test(high_is_good_turns_the_places_round),
        cmocka_unit_test(a_missing_member_makes_it_missing),
        cmocka_unit_test(a_row_without_a_figure_has_no_rank),
        cmocka_unit_test(too_few_to_judge_is_missing_to_others),
        cmocka_unit_test(other_periods_are_said),
        cmocka_unit_test(a_series_may_read_another),
        cmocka_unit_test(big_numbers_stay_exact),
        cmocka_unit_test(memory_that_runs_out_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
