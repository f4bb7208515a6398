// SPDX-License-Identifier: Apache-2.0
// Chart: which figures the limits of a KPI's history come from, and where they begin anew.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/engine/chart.h"
#include "tests/unit/judged_fixture.h"

// Months from 2023-01 on; a blank is a month that nobody reports.
static const char *const figures[] = {"10", "12", "10", "12", "",   "20", "22", "20",
                                      "22", "",   "30", "32", "30", "32"};
enum { N_FIGURES = sizeof figures / sizeof *figures };

static void begin(Judged *j, const char *lines) {
    char rules[400];
    snprintf(rules, sizeof rules,
             "metric m percent\nkpi k\n value m\n good is high\n spc\n"
             "  keep every moving range\n  at least 4 figures\n%s end\nend",
             lines);
    judged_begin(j, rules);
    for (int i = 0; i < N_FIGURES; i++) {
        char period[8];
        snprintf(period, sizeof period, "%d-%02d", 2023 + i / 12, i % 12 + 1);
        if (figures[i][0])
            judged_put(j, "m", "A", period, figures[i]);
    }
}

// The mean of the stretch that a month lies in, or why there is none.
static void assert_mean(Judged *j, const char *period, const char *expected) {
    judged_sentence(j, "k", "A", period);
    const Kpi *k = kpi_named(j, "k");
    Why why = 0;
    Number n = {0};
    for (uint32_t i = 0; i < k->n_figures; i++)
        if (str_eq(k->figures[i].name, STR("mean")))
            n = vm_number(&j->vm, k->figures[i].reg, 0, &why);
    Buf text = {0};
    if (why)
        buf_put(&text, why_words(why));
    else
        number_print(&text, n);
    assert_str_of(period, buf_str(&text), expected);
    buf_free(&text);
}

static void limits_come_from_the_baseline(void **state) {
    (void)state;
    Judged j;
    begin(&j, "  baseline 2023-06 to 2023-09\n");
    assert_mean(&j, "2023-01", "21");
    assert_mean(&j, "2024-02", "21");
    judged_end(&j);
}

static void a_baseline_of_too_few_figures_gives_no_limits(void **state) {
    (void)state;
    Judged j;
    begin(&j, "  baseline 2023-06 to 2023-08\n");
    assert_mean(&j, "2023-01", "too few");
    judged_end(&j);
}

static void a_hole_in_the_baseline_counts_as_no_figure(void **state) {
    (void)state;
    Judged j;
    begin(&j, "  baseline 2023-02 to 2023-05\n");
    assert_mean(&j, "2023-02", "too few");
    judged_end(&j);
    begin(&j, "  baseline 2023-01 to 2023-05\n");
    assert_mean(&j, "2024-02", "11");
    judged_end(&j);
}

static void a_baseline_behind_the_figures_leaves_them_all(void **state) {
    (void)state;
    Judged j;
    begin(&j, "  baseline 2025-01 to 2025-12\n");
    assert_mean(&j, "2023-01", "21");
    judged_end(&j);
}

static void figures_of_others_make_no_baseline(void **state) {
    (void)state;
    Judged j;
    begin(&j, "  baseline 2022-01 to 2022-12\n");
    judged_put(&j, "m", "B", "2022-03", "70");
    assert_mean(&j, "2023-01", "21");
    judged_end(&j);
    begin(&j, "  baseline 2022-01 to 2022-12\n");
    judged_put(&j, "m", "B", "2022-03", "70");
    judged_put(&j, "m", "A", "2022-03", "68");
    assert_mean(&j, "2023-01", "too few");
    judged_end(&j);
}

static void a_missing_figure_is_of_the_baseline(void **state) {
    (void)state;
    Judged j;
    begin(&j, "  baseline 2022-01 to 2022-12\n");
    judged_put(&j, "m", "A", "2022-03", "suppressed");
    assert_mean(&j, "2023-01", "too few");
    judged_end(&j);
}

static void a_rebase_in_a_hole_begins_with_the_figure_behind_it(void **state) {
    (void)state;
    Judged j;
    begin(&j, "  baseline 2023-01 to 2023-04\n  rebase from 2023-05 because \"new\"\n");
    assert_mean(&j, "2023-04", "11");
    assert_mean(&j, "2023-06", "26");
    assert_mean(&j, "2024-02", "26");
    judged_end(&j);
}

static void each_rebase_begins_a_stretch(void **state) {
    (void)state;
    Judged j;
    begin(&j, "  rebase from 2023-06 because \"new\"\n  rebase from 2023-11 because \"newer\"\n");
    assert_mean(&j, "2023-04", "11");
    assert_mean(&j, "2023-06", "21");
    assert_mean(&j, "2023-11", "31");
    judged_end(&j);
}

static void a_stretch_of_too_few_figures_has_no_limits(void **state) {
    (void)state;
    Judged j;
    begin(&j, "  rebase from 2023-12 because \"new\"\n");
    assert_mean(&j, "2023-11", "158/9");
    assert_mean(&j, "2023-12", "too few");
    judged_end(&j);
}

static void a_rebase_before_or_behind_the_figures_changes_nothing(void **state) {
    (void)state;
    Judged j;
    begin(&j, "  rebase from 2022-01 because \"new\"\n  rebase from 2025-01 because \"newer\"\n");
    assert_mean(&j, "2023-01", "21");
    assert_mean(&j, "2024-02", "21");
    judged_end(&j);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_come_from_the_baseline),
        cmocka_unit_test(a_baseline_of_too_few_figures_gives_no_limits),
        cmocka_unit_test(a_hole_in_the_baseline_counts_as_no_figure),
        cmocka_unit_test(a_baseline_behind_the_figures_leaves_them_all),
        cmocka_unit_test(figures_of_others_make_no_baseline),
        cmocka_unit_test(a_missing_figure_is_of_the_baseline),
        cmocka_unit_test(a_rebase_in_a_hole_begins_with_the_figure_behind_it),
        cmocka_unit_test(each_rebase_begins_a_stretch),
        cmocka_unit_test(a_stretch_of_too_few_figures_has_no_limits),
        cmocka_unit_test(a_rebase_before_or_behind_the_figures_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
