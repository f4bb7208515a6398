// SPDX-License-Identifier: Apache-2.0
#include <gmp.h>

#include "tests/unit/number_support.h"

static Number rounded(Number x, unsigned decimals, RoundMode mode) {
    assert_true(number_round(&arena, x, decimals, mode, &x));
    return x;
}

static void assert_rounded(const char *x, unsigned decimals, RoundMode mode, const char *expected) {
    Buf b = {0};
    number_print_rounded(&b, num(x), decimals, mode);
    assert_written(&b, expected);
    // What is shown is what number_round gives.
    Number shown;
    assert_int_equal(number_parse(&arena, str_from(expected), false, &shown), NUMBER_OK);
    assert_int_equal(number_cmp(rounded(num(x), decimals, mode), shown), 0);
    buf_free(&b);
}

// ---- arithmetic ---------------------------------------------------------------------------------

static void decimal_arithmetic_is_exact(void **state) {
    (void)state;
    assert_number(add(num("0.1"), num("0.2")), "0.3");
    assert_number(mul(num("0.29"), num("100")), "29");
    assert_number(sub(num("29.4"), num("28.8")), "0.6");
    assert_number(sub(num("0.1"), num("0.35")), "-0.25");
    assert_number(add(num("0.35"), num("-0.1")), "0.25");
    assert_number(mul(num("-1.5"), num("-0.5")), "0.75");
    assert_number(quotient(num("1"), num("-8")), "-0.125");
    assert_int_equal(number_cmp(add(num("0.1"), num("0.2")), num("0.3")), 0);
}

static void thirds_add_up_to_one(void **state) {
    (void)state;
    Number third = quotient(number_int(1), number_int(3));
    Number sum = add(add(third, third), third);
    assert_int_equal(number_cmp(sum, number_int(1)), 0);
    assert_number(sum, "1");
    assert_number(add(num("1/3"), num("1/6")), "0.5");
}

static void seventeen_of_twenty_is_85_percent(void **state) {
    (void)state;
    Number share = quotient(mul(number_int(17), number_int(100)), number_int(20));
    assert_int_equal(number_cmp(share, number_int(85)), 0);
    assert_true(number_is_whole(share));
}

static void a_long_sum_of_mixed_decimals_stays_in_the_fast_form(void **state) {
    (void)state;
    Number sum = number_int(0);
    for (int i = 0; i < 1000; i++) {
        sum = add(add(add(sum, num("0.1")), num("0.01")), num("7"));
    }
    assert_number(sum, "7110");
    assert_int_equal(sum.den, 100);
}

static void division_keeps_the_sign_in_the_numerator(void **state) {
    (void)state;
    assert_int_equal(number_sign(quotient(num("3"), num("-7"))), -1);
    assert_int_equal(number_sign(quotient(num("-3"), num("-7"))), 1);
    assert_int_equal(number_sign(quotient(num("0"), num("-7"))), 0);
    assert_number(quotient(num("-3"), num("0.7")), "-30/7");
}

static void division_by_zero_is_refused(void **state) {
    (void)state;
    Number out = {7, 9};
    assert_false(number_div(&arena, number_int(1), number_int(0), &out));
    assert_false(number_div(&arena, power_of_two(100), num("0.00"), &out));
    assert_false(number_exact_div(&arena, number_int(1), number_int(0), &out));
    assert_int_equal(out.num, 7);
    assert_int_equal(out.den, 9);
}

static void neg_and_abs_change_only_the_sign(void **state) {
    (void)state;
    const char *values[] = {"0", "26.4", "1/3", "9223372036854775808", "1/36893488147419103232"};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        Number x = num(values[i]), negative, back;
        assert_true(number_neg(&arena, x, &negative));
        assert_int_equal(number_sign(negative), -number_sign(x));
        assert_number(add(x, negative), "0");
        assert_true(number_abs(&arena, negative, &back));
        assert_int_equal(number_cmp(back, x), 0);
        assert_true(number_abs(&arena, x, &back));
        assert_int_equal(number_cmp(back, x), 0);
    }
}

static void int64_borders_are_crossed_both_ways(void **state) {
    (void)state;
    Number most = number_int(INT64_MAX), least = number_int(INT64_MIN), one = number_int(1), x;
    assert_number(add(most, one), "9223372036854775808");
    assert_number(sub(least, one), "-9223372036854775809");
    assert_number(least, "-9223372036854775808");
    assert_number(sub(add(most, one), one), "9223372036854775807");
    assert_int_equal(sub(add(most, one), one).den, 1);
    assert_true(number_neg(&arena, least, &x));
    assert_number(x, "9223372036854775808");
    assert_true(number_neg(&arena, x, &x));
    assert_int_equal(x.num, INT64_MIN);
    assert_int_equal(x.den, 1);
    assert_true(number_abs(&arena, least, &x));
    assert_number(x, "9223372036854775808");
    assert_number(mul(least, least), "85070591730234615865843651857942052864");
    assert_number(quotient(least, least), "1");
    assert_number(quotient(least, number_int(-1)), "9223372036854775808");
    assert_number(quotient(one, least), "-0.000000000000000000108420217248550443400745280086994171"
                                        "142578125");
    assert_number(sub(number_int(0), least), "9223372036854775808");
    assert_number(add(least, least), "-18446744073709551616");
    assert_int_equal(number_cmp(least, most), -1);
    assert_int_equal(number_cmp(least, sub(least, one)), 1);
    assert_int_equal(number_cmp(quotient(least, most), quotient(most, least)), -1);
    assert_number(rounded(least, 20, ROUND_HALF_AWAY), "-9223372036854775808");
    assert_number(rounded(quotient(most, number_int(2)), 0, ROUND_HALF_AWAY),
                  "4611686018427387904");
    assert_number(rounded(quotient(most, number_int(2)), 18, ROUND_HALF_EVEN),
                  "4611686018427387903.5");
}

static void large_results_are_exact_and_come_back(void **state) {
    (void)state;
    Number factorial = number_int(1);
    for (int i = 2; i <= 40; i++) {
        factorial = mul(factorial, number_int(i));
    }
    assert_number(factorial, "815915283247897734345611269596115894272000000000");
    for (int i = 40; i >= 2; i--) {
        factorial = quotient(factorial, number_int(i));
    }
    assert_int_equal(number_cmp(factorial, number_int(1)), 0);
    assert_int_not_equal(factorial.den, 0);
}

static void a_result_over_4096_bits_is_refused(void **state) {
    (void)state;
    Number big = power_of_two(NUMBER_MAX_BITS - 1), most = sub(big, number_int(1)), out = {7, 9};
    most = add(most, big); // all 4096 bits set
    assert_false(number_add(&arena, big, big, &out));
    assert_false(number_add(&arena, most, number_int(1), &out));
    assert_false(number_sub(&arena, quotient(number_int(-1), number_int(3)), most, &out));
    assert_false(number_mul(&arena, big, number_int(2), &out));
    assert_false(number_mul(&arena, most, most, &out));
    assert_false(number_div(&arena, quotient(number_int(1), most), most, &out));
    assert_false(arena.failed);
    assert_int_equal(out.num, 7);
    assert_int_equal(out.den, 9);
    assert_number(quotient(most, most), "1");
    assert_number(mul(quotient(number_int(1), most), most), "1");
    assert_number(sub(add(big, sub(most, big)), most), "0");
}

static void running_out_of_memory_is_reported(void **state) {
    (void)state;
    Number big = power_of_two(70), out = {7, 9};
    Number half = quotient(big, num("36893488147419103233"));
    bool (*const operations[])(Arena *, Number, Number, Number *) = {number_add, number_sub,
                                                                     number_mul, number_div};
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
        arena_fail_after(1);
        assert_false(operations[i](&arena, big, half, &out));
        assert_true(arena.failed);
        arena.failed = false;
    }
    arena_fail_after(1);
    assert_false(number_neg(&arena, big, &out));
    arena_fail_after(1);
    assert_false(number_copy(&arena, big, &out));
    Number square = mul(half, half);
    arena_fail_after(1);
    assert_false(number_round(&arena, square, 30, ROUND_HALF_EVEN, &out));
    assert_int_equal(out.num, 7);
    assert_int_equal(out.den, 9);
    arena.failed = false;
    arena_fail_after(1);
    assert_int_equal(number_parse(&arena, STR("12345678901234567890123"), false, &out),
                     NUMBER_TOO_LONG);
    assert_true(arena.failed);
    arena_fail_after(1);
    assert_true(number_add(&arena, num("26.4"), num("0.15"), &out));
    assert_number(out, "26.55");
}

// ---- rounding -----------------------------------------------------------------------------------

static void ties_go_as_the_mode_says(void **state) {
    (void)state;
    assert_rounded("0.5", 0, ROUND_HALF_AWAY, "1");
    assert_rounded("0.5", 0, ROUND_HALF_EVEN, "0");
    assert_rounded("1.5", 0, ROUND_HALF_EVEN, "2");
    assert_rounded("2.5", 0, ROUND_HALF_EVEN, "2");
    assert_rounded("2.5", 0, ROUND_HALF_AWAY, "3");
    assert_rounded("-2.5", 0, ROUND_HALF_AWAY, "-3");
    assert_rounded("-2.5", 0, ROUND_HALF_EVEN, "-2");
    assert_rounded("-3.5", 0, ROUND_HALF_EVEN, "-4");
    assert_rounded("1.005", 2, ROUND_HALF_AWAY, "1.01");
    assert_rounded("1.005", 2, ROUND_HALF_EVEN, "1.00");
    assert_rounded("2.4999999999999999999999", 0, ROUND_HALF_AWAY, "2");
    assert_rounded("2.5000000000000000000001", 0, ROUND_HALF_EVEN, "3");
    assert_rounded("36893488147419103232.5", 0, ROUND_HALF_AWAY, "36893488147419103233");
    assert_rounded("36893488147419103232.5", 0, ROUND_HALF_EVEN, "36893488147419103232");
}

static void rounded_text_keeps_its_trailing_zeros(void **state) {
    (void)state;
    assert_rounded("26", 1, ROUND_HALF_AWAY, "26.0");
    assert_rounded("15.96", 1, ROUND_HALF_AWAY, "16.0");
    assert_rounded("1/3", 4, ROUND_HALF_AWAY, "0.3333");
    assert_rounded("-2/3", 4, ROUND_HALF_AWAY, "-0.6667");
    assert_rounded("0.05", 3, ROUND_HALF_AWAY, "0.050");
    assert_rounded("99.95", 1, ROUND_HALF_AWAY, "100.0");
    assert_rounded("7", 20, ROUND_HALF_AWAY, "7.00000000000000000000");
    assert_rounded("1/7", 30, ROUND_HALF_AWAY, "0.142857142857142857142857142857");
    assert_rounded("9223372036854775807", 2, ROUND_HALF_EVEN, "9223372036854775807.00");
}

static void minus_zero_is_never_written(void **state) {
    (void)state;
    assert_rounded("-0.04", 1, ROUND_HALF_AWAY, "0.0");
    assert_rounded("-0.05", 1, ROUND_HALF_EVEN, "0.0");
    assert_rounded("-0.05", 1, ROUND_HALF_AWAY, "-0.1");
    assert_rounded("-0.4", 0, ROUND_HALF_AWAY, "0");
    assert_rounded("-1/36893488147419103232", 2, ROUND_HALF_AWAY, "0.00");
    assert_rounded("-1/36893488147419103232", 19, ROUND_HALF_AWAY, "0.0000000000000000000");
    assert_number(num("-0.00"), "0");
    assert_int_equal(number_sign(num("-0.0")), 0);
}

static void rounding_accepts_up_to_100_decimals(void **state) {
    (void)state;
    Number out;
    Number third = num("1/3");
    assert_true(number_round(&arena, third, NUMBER_MAX_DECIMALS, ROUND_HALF_AWAY, &out));
    assert_int_equal(number_decimals(out), NUMBER_MAX_DECIMALS);
    assert_false(number_round(&arena, third, NUMBER_MAX_DECIMALS + 1, ROUND_HALF_AWAY, &out));
    assert_false(number_round(&arena, number_int(1), 101, ROUND_HALF_AWAY, &out));
    assert_false(number_exact_round(&arena, third, 101, ROUND_HALF_AWAY, &out));
    Buf b = {0};
    number_print_rounded(&b, third, 4000000000U, ROUND_HALF_AWAY);
    assert_int_equal(b.len, 2 + NUMBER_MAX_DECIMALS);
    buf_free(&b);
}

// ---- comparing ----------------------------------------------------------------------------------

static void comparison_orders_all_forms(void **state) {
    (void)state;
    const char *ascending[] = {"-36893488147419103233",
                               "-36893488147419103232",
                               "-9223372036854775808",
                               "-9223372036854775807.5",
                               "-1",
                               "-1/3",
                               "-0.3333333333333333333333",
                               "-1/36893488147419103232",
                               "0",
                               "1/36893488147419103233",
                               "1/36893488147419103232",
                               "0.3333333333333333333333",
                               "1/3",
                               "0.5",
                               "9223372036854775807/9223372036854775806",
                               "9223372036854775806/9223372036854775805",
                               "26.39",
                               "26.4",
                               "9223372036854775807",
                               "9223372036854775808",
                               "36893488147419103232"};
    size_t n = sizeof ascending / sizeof *ascending;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            int expected = (i > j) - (i < j);
            assert_int_equal(number_cmp(num(ascending[i]), num(ascending[j])), expected);
            assert_int_equal(number_exact_cmp(num(ascending[i]), num(ascending[j])), expected);
        }
        int sign = (i > 8) - (i < 8);
        assert_int_equal(number_sign(num(ascending[i])), sign);
        assert_int_equal(number_is_zero(num(ascending[i])), sign == 0);
    }
}

static void whole_numbers_are_told_apart(void **state) {
    (void)state;
    int64_t i = 99;
    assert_true(number_is_whole(num("26.00")));
    assert_true(number_to_int(num("-26.00"), &i));
    assert_int_equal(i, -26);
    assert_true(number_to_int(num("-9223372036854775808"), &i));
    assert_int_equal(i, INT64_MIN);
    i = 99;
    assert_false(number_is_whole(num("26.4")));
    assert_false(number_to_int(num("26.4"), &i));
    assert_true(number_is_whole(num("9223372036854775808")));
    assert_false(number_to_int(num("9223372036854775808"), &i));
    assert_false(number_is_whole(num("9223372036854775808.5")));
    assert_false(number_is_whole(num("1/9223372036854775809")));
    assert_false(number_to_int(num("1/9223372036854775809"), &i));
    assert_int_equal(i, 99);
}

static void a_copy_outlives_the_first_arena(void **state) {
    (void)state;
    Arena other;
    arena_init(&other, 0);
    Number x, copy;
    assert_int_equal(number_parse(&other, STR("-123456789012345678901234567890.5"), false, &x),
                     NUMBER_OK);
    assert_true(number_copy(&arena, x, &copy));
    arena_free(&other);
    assert_number(copy, "-123456789012345678901234567890.5");
}

// ---- memory -------------------------------------------------------------------------------------

static size_t n_gmp_allocations;

static void *count_allocation(size_t size) {
    n_gmp_allocations++;
    return malloc(size);
}

static void *count_growth(void *p, size_t old_size, size_t size) {
    (void)old_size;
    n_gmp_allocations++;
    return realloc(p, size);
}

static void release(void *p, size_t size) {
    (void)size;
    free(p);
}

// GMP ends the program when an allocation of its own fails.
static void gmp_never_allocates(void **state) {
    (void)state;
    mp_set_memory_functions(count_allocation, count_growth, release);
    mpz_t probe;
    mpz_init2(probe, 64);
    mpz_clear(probe);
    assert_int_equal(n_gmp_allocations, 1);
    n_gmp_allocations = 0;
    Number big = power_of_two(NUMBER_MAX_BITS - 1), odd = sub(big, number_int(1)), x;
    Number ratio = quotient(odd, sub(big, number_int(19)));
    Buf b = {0};
    assert_false(number_add(&arena, ratio, quotient(number_int(1), odd), &x));
    assert_false(number_mul(&arena, ratio, ratio, &x));
    assert_int_equal(number_cmp(ratio, number_int(1)), 1);
    assert_true(number_round(&arena, ratio, 100, ROUND_HALF_EVEN, &x));
    assert_false(number_print(&b, ratio));
    assert_true(number_print(&b, quotient(odd, big)));
    number_print_rounded(&b, ratio, 100, ROUND_HALF_AWAY);
    number_print_approx(&b, quotient(number_int(1), odd), 100);
    assert_int_equal(number_parse(&arena, repeated("0.", '7', 999, ""), false, &x), NUMBER_OK);
    buf_free(&b);
    mp_set_memory_functions(NULL, NULL, NULL);
    assert_int_equal(n_gmp_allocations, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(decimal_arithmetic_is_exact),
        TEST(thirds_add_up_to_one),
        TEST(seventeen_of_twenty_is_85_percent),
        TEST(a_long_sum_of_mixed_decimals_stays_in_the_fast_form),
        TEST(division_keeps_the_sign_in_the_numerator),
        TEST(division_by_zero_is_refused),
        TEST(neg_and_abs_change_only_the_sign),
        TEST(int64_borders_are_crossed_both_ways),
        TEST(large_results_are_exact_and_come_back),
        TEST(a_result_over_4096_bits_is_refused),
        TEST(running_out_of_memory_is_reported),
        TEST(ties_go_as_the_mode_says),
        TEST(rounded_text_keeps_its_trailing_zeros),
        TEST(minus_zero_is_never_written),
        TEST(rounding_accepts_up_to_100_decimals),
        TEST(comparison_orders_all_forms),
        TEST(whole_numbers_are_told_apart),
        TEST(a_copy_outlives_the_first_arena),
        TEST(gmp_never_allocates),
    };
    return cmocka_run_group_tests_name("number", tests, NULL, NULL);
}
