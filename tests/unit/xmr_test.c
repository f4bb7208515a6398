// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "runtime/engine/xmr.h"

enum { HOLE = INT16_MIN, MOST = 40 };

typedef struct Chart {
    Arena a;
    XmrPoint points[MOST];
    XmrVerdict verdicts[MOST];
    XmrLimits limits;
    size_t n;
} Chart;

static void set(Chart *c, const int *values, size_t n) {
    arena_init(&c->a, 0);
    c->n = n;
    for (size_t i = 0; i < n; i++)
        c->points[i] = (XmrPoint){number_int(values[i]), values[i] != HOLE};
}
#define SET(c, ...)                                                                                \
    set(c, (int[]){__VA_ARGS__}, sizeof((int[]){__VA_ARGS__}) / sizeof(int))

static void limits(Chart *c, size_t least, bool screen) {
    xmr_limits(&c->a, c->points, c->n, least, screen, &c->limits);
}

static void is(Number x, int64_t num, int64_t den) {
    assert_int_equal(number_cmp(x, (Number){num, den}), 0);
}

// Mean 100, limits 85 and 115, near from 90 and 110.
static void judge(Chart *c) {
    c->limits = (XmrLimits){.mean = number_int(100),
                            .low = number_int(85),
                            .high = number_int(115),
                            .near_low = number_int(90),
                            .near_high = number_int(110)};
    xmr_judge(c->points, c->n, &c->limits, c->verdicts);
}

static void verdict(const Chart *c, size_t i, XmrRule rule, int side) {
    assert_int_equal(c->verdicts[i].rule, rule);
    assert_int_equal(c->verdicts[i].side, side);
}

static void only_last(const Chart *c, XmrRule rule, int side) {
    for (size_t i = 0; i + 1 < c->n; i++)
        verdict(c, i, XMR_NONE, 0);
    verdict(c, c->n - 1, rule, side);
}

static void limits_are_2_66_mean_moving_ranges_from_the_mean(void **state) {
    (void)state;
    Chart c;
    SET(&c, 10, 12, 11, 15, 12); // mean 12; ranges 2 1 4 3, mean 5/2
    limits(&c, 5, false);
    assert_int_equal(c.limits.state, XMR_LIMITS);
    is(c.limits.mean, 12, 1);
    is(c.limits.high, 1865, 100);
    is(c.limits.low, 535, 100);
    is(c.limits.near_high, 49300, 3000); // 12 + 2/3 of 6.65
    arena_free(&c.a);
}

static void a_hole_is_not_bridged_by_a_moving_range(void **state) {
    (void)state;
    Chart c;
    SET(&c, 10, 12, HOLE, 50, 52); // mean 31; ranges 2 and 2, never 38
    limits(&c, 4, false);
    is(c.limits.mean, 31, 1);
    is(c.limits.high, 3632, 100);
    arena_free(&c.a);
}

static void screening_leaves_out_ranges_above_3_267_times_their_mean(void **state) {
    (void)state;
    Chart c;
    // ranges 1 1 1 1 1 40: mean 7.5, times 3.267 is 24.5025
    SET(&c, 1, 2, 1, 2, 1, 2, 42);
    limits(&c, 7, true);
    is(c.limits.mean, 51, 7);
    Number reach;
    assert_true(number_sub(&c.a, c.limits.high, c.limits.mean, &reach));
    is(reach, 266, 100);
    limits(&c, 7, false);
    assert_true(number_sub(&c.a, c.limits.high, c.limits.mean, &reach));
    is(reach, 266 * 75, 1000);
    arena_free(&c.a);
}

static void too_few_figures_have_no_limits(void **state) {
    (void)state;
    Chart c;
    SET(&c, 1, 2, 3, HOLE, HOLE);
    limits(&c, 4, false);
    assert_int_equal(c.limits.state, XMR_TOO_FEW);
    limits(&c, 3, false);
    assert_int_equal(c.limits.state, XMR_LIMITS);
    arena_free(&c.a);
    SET(&c, 1, HOLE, 3, HOLE, 5);
    limits(&c, 1, false); // no two beside each other
    assert_int_equal(c.limits.state, XMR_TOO_FEW);
    limits(&c, 0, false);
    assert_int_equal(c.limits.state, XMR_TOO_FEW);
    arena_free(&c.a);
    xmr_limits(&c.a, NULL, 0, 0, true, &c.limits);
    assert_int_equal(c.limits.state, XMR_TOO_FEW);
}

static void figures_that_never_change_have_limits_at_their_mean(void **state) {
    (void)state;
    Chart c;
    SET(&c, 5, 5, 5);
    limits(&c, 2, true);
    assert_int_equal(c.limits.state, XMR_LIMITS);
    is(c.limits.low, 5, 1);
    is(c.limits.high, 5, 1);
    xmr_judge(c.points, c.n, &c.limits, c.verdicts);
    only_last(&c, XMR_NONE, 0);
    arena_free(&c.a);
}

static void a_point_at_a_limit_is_not_outside(void **state) {
    (void)state;
    Chart c;
    SET(&c, 100, 115, 100, 100, 116);
    judge(&c);
    only_last(&c, XMR_OUTSIDE, 1);
    SET(&c, 100, 85, 100, 100, 84);
    judge(&c);
    only_last(&c, XMR_OUTSIDE, -1);
}

static void seven_points_that_rise_are_a_trend(void **state) {
    (void)state;
    Chart c;
    SET(&c, 97, 98, 99, 101, 102, 103, 104);
    judge(&c);
    only_last(&c, XMR_TREND, 1);
    SET(&c, 104, 103, 102, 101, 99, 98, 97);
    judge(&c);
    only_last(&c, XMR_TREND, -1);
    SET(&c, 97, 98, 99, 99, 101, 102, 103, 104); // two that are equal end a run
    judge(&c);
    only_last(&c, XMR_NONE, 0);
}

static void seven_on_one_side_are_a_run(void **state) {
    (void)state;
    Chart c;
    SET(&c, 99, 98, 99, 98, 99, 98, 99);
    judge(&c);
    only_last(&c, XMR_ONE_SIDE, -1);
    SET(&c, 99, 98, 99, 100, 99, 98, 99, 98); // a point at the mean is on neither side
    judge(&c);
    only_last(&c, XMR_NONE, 0);
}

static void two_of_three_near_the_same_limit_fire_at_the_second(void **state) {
    (void)state;
    Chart c;
    SET(&c, 100, 111, 100, 112);
    judge(&c);
    only_last(&c, XMR_NEAR, 1);
    SET(&c, 100, 111, 100, 99, 112); // two of four
    judge(&c);
    only_last(&c, XMR_NONE, 0);
    SET(&c, 100, 111, 89); // near either limit
    judge(&c);
    only_last(&c, XMR_NONE, 0);
    SET(&c, 100, 110, 111); // two thirds of the way is not beyond it
    judge(&c);
    only_last(&c, XMR_NONE, 0);
}

static void the_first_rule_in_order_is_named(void **state) {
    (void)state;
    Chart c;
    SET(&c, 101, 102, 103, 104, 105, 111, 112); // rising, near the limit, and on one side
    judge(&c);
    only_last(&c, XMR_TREND, 1);
    SET(&c, 101, 103, 102, 104, 103, 111, 111);
    judge(&c);
    only_last(&c, XMR_NEAR, 1);
}

static void a_hole_ends_every_run(void **state) {
    (void)state;
    Chart c;
    SET(&c, 97, 98, 99, 101, 102, 103, HOLE, 104);
    judge(&c);
    only_last(&c, XMR_NONE, 0);
    SET(&c, 99, 98, 99, 98, HOLE, 99, 98, 99);
    judge(&c);
    only_last(&c, XMR_NONE, 0);
    SET(&c, 111, HOLE, 112);
    judge(&c);
    only_last(&c, XMR_NONE, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_are_2_66_mean_moving_ranges_from_the_mean),
        cmocka_unit_test(a_hole_is_not_bridged_by_a_moving_range),
        cmocka_unit_test(screening_leaves_out_ranges_above_3_267_times_their_mean),
        cmocka_unit_test(too_few_figures_have_no_limits),
        cmocka_unit_test(figures_that_never_change_have_limits_at_their_mean),
        cmocka_unit_test(a_point_at_a_limit_is_not_outside),
        cmocka_unit_test(seven_points_that_rise_are_a_trend),
        cmocka_unit_test(seven_on_one_side_are_a_run),
        cmocka_unit_test(two_of_three_near_the_same_limit_fire_at_the_second),
        cmocka_unit_test(the_first_rule_in_order_is_named),
        cmocka_unit_test(a_hole_ends_every_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
