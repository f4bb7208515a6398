// SPDX-License-Identifier: Apache-2.0
#include <gmp.h>

#include "tests/unit/number_support.h"
#include "tests/unit/random.h"

static void assert_approx(const char *x, unsigned digits, const char *expected) {
    Buf b = {0};
    number_print_approx(&b, num(x), digits);
    assert_written(&b, expected);
    buf_free(&b);
}

// ---- reading ------------------------------------------------------------------------------------

static void parse_reads_decimals(void **state) {
    (void)state;
    assert_number(num("0"), "0");
    assert_number(num("+26.40"), "26.4");
    assert_number(num("-0.05"), "-0.05");
    assert_number(num("007"), "7");
    assert_number(num("123456789012345678"), "123456789012345678");
    assert_number(num("9223372036854775807"), "9223372036854775807");
    assert_number(num("9223372036854775808"), "9223372036854775808");
    assert_number(num("-9223372036854775808"), "-9223372036854775808");
    assert_number(num("0.1234567890123456789"), "0.1234567890123456789");
    assert_number(num("1000000000000000000000.000"), "1000000000000000000000");
    Number x = num("0.29");
    assert_int_equal(x.num, 29);
    assert_int_equal(x.den, 100);
}

static void parse_reads_exponents_where_allowed(void **state) {
    (void)state;
    static const char *const pairs[][2] = {
        {"1e5", "100000"},        {"1E+2", "100"},    {"2.5e-1", "0.25"},
        {"-12e0", "-12"},         {"12.50e1", "125"}, {"1e-19", "0.0000000000000000001"},
        {"1e00000000002", "100"}, {"0.001e3", "1"},   {"0e7", "0"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        Number x;
        assert_int_equal(number_parse(&arena, str_from(pairs[i][0]), true, &x), NUMBER_OK);
        assert_number(x, pairs[i][1]);
        assert_int_equal(number_parse(&arena, str_from(pairs[i][0]), false, &x), NUMBER_NOT);
    }
}

static void parse_refuses_what_is_no_number(void **state) {
    (void)state;
    static const char *const texts[] = {
        "",      "+",     "-",   ".",   ".5",    "5.",    " 1",  "1 ",    "0x10", "1,2",
        "1,234", "--1",   "+-1", "1-",  "1.2.3", "1e",    "1e+", "1e-",   "e5",   "1.e5",
        ".e1",   "1e5.0", "inf", "nan", "NaN",   "1_000", "12a", "1e5e5", "½",    "١",
        "- 1",   "85%",   "1/3", "Inf", "-inf",  "1 000", "\t1", "1\n",   "1e 5", "−1"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        Number x = {7, 9};
        assert_int_equal(number_parse(&arena, str_from(texts[i]), true, &x), NUMBER_NOT);
        assert_int_equal(number_parse(&arena, str_from(texts[i]), false, &x), NUMBER_NOT);
        assert_int_equal(x.num, 7);
        assert_int_equal(x.den, 9);
    }
    Number x;
    assert_int_equal(number_parse(&arena, (Str){"1\0", 2}, true, &x), NUMBER_NOT);
    assert_int_equal(number_parse(&arena, (Str){NULL, 0}, true, &x), NUMBER_NOT);
}

static void parse_reads_no_further_than_the_length(void **state) {
    (void)state;
    Number x;
    assert_int_equal(number_parse(&arena, (Str){"12345", 2}, false, &x), NUMBER_OK);
    assert_number(x, "12");
}

static void parse_takes_1000_digits_and_no_more(void **state) {
    (void)state;
    Number x;
    Str most = repeated("", '9', 1000, "");
    assert_int_equal(number_parse(&arena, most, false, &x), NUMBER_OK);
    Buf b = {0};
    assert_true(number_print(&b, x));
    assert_true(str_eq(buf_str(&b), most));
    buf_free(&b);
    assert_int_equal(number_parse(&arena, repeated("-0.", '9', 999, ""), false, &x), NUMBER_OK);
    assert_int_equal(number_decimals(x), 999);
    assert_int_equal(number_parse(&arena, repeated("", '9', 1001, ""), false, &x), NUMBER_TOO_LONG);
    assert_int_equal(number_parse(&arena, repeated("0.", '9', 1000, ""), false, &x),
                     NUMBER_TOO_LONG);
    assert_int_equal(number_parse(&arena, repeated("0.", '0', 5000, ""), false, &x),
                     NUMBER_TOO_LONG);
    assert_int_equal(number_parse(&arena, repeated("", '9', 5000, "x"), false, &x), NUMBER_NOT);
}

static void parse_counts_digits_with_the_exponent_worked_out(void **state) {
    (void)state;
    Number x;
    assert_int_equal(number_parse(&arena, STR("1e999"), true, &x), NUMBER_OK);
    assert_int_equal(number_parse(&arena, STR("1e-999"), true, &x), NUMBER_OK);
    assert_int_equal(number_decimals(x), 999);
    assert_int_equal(number_parse(&arena, repeated("", '9', 1000, "e-999"), true, &x), NUMBER_OK);
    static const char *const texts[] = {"1e1000",
                                        "1e-1000",
                                        "0.1e1001",
                                        "1e999999999999",
                                        "1e-999999999999",
                                        "0e999999999999",
                                        "1e99999999999999999999999999999999999999",
                                        "-1e9223372036854775808"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_int_equal(number_parse(&arena, str_from(texts[i]), true, &x), NUMBER_TOO_LONG);
    }
}

// ---- writing ------------------------------------------------------------------------------------

static void print_gives_the_exact_value(void **state) {
    (void)state;
    Buf b = {0};
    assert_true(number_print(&b, num("-0.0500")));
    assert_written(&b, "-0.05");
    assert_true(number_print(&b, num("26.40")));
    assert_written(&b, "26.4");
    assert_true(number_print(&b, num("1000")));
    assert_written(&b, "1000");
    assert_true(number_print(&b, num("3/8")));
    assert_written(&b, "0.375");
    assert_false(number_print(&b, num("2/6")));
    assert_written(&b, "1/3");
    assert_false(number_print(&b, num("-100/7")));
    assert_written(&b, "-100/7");
    assert_true(number_print(&b, num("1/9223372036854775808")));
    assert_written(&b, "0.000000000000000000108420217248550443400745280086994171142578125");
    assert_false(number_print(&b, num("-36893488147419103232/36893488147419103233")));
    assert_written(&b, "-36893488147419103232/36893488147419103233");
    assert_true(number_print(&b, num("100000000000000000000000000000000000000.25")));
    assert_written(&b, "100000000000000000000000000000000000000.25");
    assert_true(number_print(&b, num("10000000000000000000"))); // 10^19, a chunk's border
    assert_written(&b, "10000000000000000000");
    assert_true(number_print(&b, num("100000000000000000000000000000000000001")));
    assert_written(&b, "100000000000000000000000000000000000001");
    buf_free(&b);
}

// The widest text there is: 4096 bits over 2^4095 has 4095 decimals. GMP gives the digits.
static void print_writes_the_longest_decimal(void **state) {
    (void)state;
    Number big = power_of_two(NUMBER_MAX_BITS - 1);
    Number x = quotient(sub(add(sub(big, number_int(1)), big), number_int(0)), big);
    assert_int_equal(number_decimals(x), NUMBER_MAX_BITS - 1);
    Buf b = {0};
    assert_true(number_print(&b, x));
    mpz_t digits, five;
    mpz_init(five);
    mpz_init(digits);
    mpz_ui_pow_ui(digits, 2, NUMBER_MAX_BITS);
    mpz_sub_ui(digits, digits, 1);
    mpz_ui_pow_ui(five, 5, NUMBER_MAX_BITS - 1);
    mpz_mul(digits, digits, five);
    char *expected = mpz_get_str(NULL, 10, digits);
    assert_int_equal(b.len, strlen(expected) + 1);
    assert_memory_equal(b.s, "1.", 2);
    assert_int_equal(expected[0], '1');
    assert_memory_equal(b.s + 2, expected + 1, strlen(expected) - 1);
    free(expected);
    mpz_clear(digits);
    mpz_clear(five);
    buf_free(&b);
}

static void decimals_are_those_of_the_exact_form(void **state) {
    (void)state;
    assert_int_equal(number_decimals(num("0")), 0);
    assert_int_equal(number_decimals(num("0.000")), 0);
    assert_int_equal(number_decimals(num("26.40")), 1);
    assert_int_equal(number_decimals(num("1/8")), 3);
    assert_int_equal(number_decimals(num("1/125")), 3);
    assert_int_equal(number_decimals(num("3/6")), 1);
    assert_int_equal(number_decimals(num("1/3")), -1);
    assert_int_equal(number_decimals(num("1/30")), -1);
    assert_int_equal(number_decimals(quotient(num("1"), power_of_two(100))), 100);
    assert_int_equal(number_decimals(num("1/50000000000000000000000000000000")), 32);
    assert_int_equal(number_decimals(num("1/36893488147419103233")), -1);
    assert_int_equal(number_decimals(num("36893488147419103232")), 0);
}

static void approximations_have_the_digits_asked_for(void **state) {
    (void)state;
    assert_approx("1/3", 6, "0.333333");
    assert_approx("-2/3", 6, "-0.666667");
    assert_approx("200/3", 6, "66.6667");
    assert_approx("0", 6, "0");
    assert_approx("1/300", 3, "0.00333");
    assert_approx("999999999/1000000000", 6, "1.00000");
    assert_approx("99999999/10000000", 6, "10.0000");
    assert_approx("123456789", 3, "123000000");
    assert_approx("99999/7", 5, "14286");
    assert_approx("1/7", 1, "0.1");
    assert_approx("1/7", 0, "0.1");
    assert_approx("0.25", 1, "0.3");
    assert_approx("-0.25", 1, "-0.3");
    assert_approx("100000000000000000000000000000000000000000/3", 2,
                  "33000000000000000000000000000000000000000");
    assert_approx("1/300000000000000000000000000000", 2, "0.0000000000000000000000000000033");
    Buf b = {0};
    number_print_approx(&b, quotient(num("-1"), power_of_two(NUMBER_MAX_BITS - 1)), 100);
    assert_int_equal(b.len, 3 + 1232 + 100); // 2^-4095 is 1.9 * 10^-1233
    b.len = 0;
    number_print_approx(&b, power_of_two(NUMBER_MAX_BITS - 1), 4000000000U);
    assert_int_equal(b.len, 1233);
    buf_free(&b);
}

static void a_failed_buffer_takes_nothing(void **state) {
    (void)state;
    Buf b = {.failed = true};
    number_print(&b, power_of_two(100));
    number_print_rounded(&b, num("1/3"), 50, ROUND_HALF_AWAY);
    number_print_approx(&b, num("1/3"), 5);
    assert_int_equal(b.len, 0);
}

// ---- written in place ---------------------------------------------------------------------------

static bool is_written_as_printed(Number x, unsigned decimals, RoundMode mode) {
    char room[NUMBER_SHOWN_ROOM + 1];
    Buf printed = {0};
    room[NUMBER_SHOWN_ROOM] = '#';
    char *end = number_write_rounded(room, x, decimals, mode);
    assert_int_equal(room[NUMBER_SHOWN_ROOM], '#');
    number_print_rounded(&printed, x, decimals, mode);
    Str written = {room, end ? (size_t)(end - room) : 0};
    if (end && !str_eq(written, buf_str(&printed)))
        fail_msg("%.*s is written as %.*s", STR_ARG(buf_str(&printed)), STR_ARG(written));
    buf_free(&printed);
    return end != NULL;
}

static void figures_are_written_as_they_are_printed(void **state) {
    (void)state;
    static const int64_t dens[] = {1, 1, 2, 3, 7, 8, 10, 100, 1000, 1000000, 1000000000, 999999937};
    Random r = {81};
    size_t n_written = 0;
    enum { N = 100000 };
    for (unsigned i = 0; i < N; i++) {
        uint64_t magnitude = (random_next(&r) >> 1) >> below(&r, 63);
        int64_t den = one_in(&r, 10) ? 1 + (int64_t)(random_next(&r) >> 1 >> below(&r, 62))
                                     : dens[below(&r, sizeof dens / sizeof dens[0])];
        Number x = {one_in(&r, 2) ? (int64_t)magnitude : -(int64_t)magnitude, den};
        n_written += is_written_as_printed(x, below(&r, 13),
                                           one_in(&r, 2) ? ROUND_HALF_AWAY : ROUND_HALF_EVEN);
    }
    assert_in_range(n_written, N / 2, N - 1);
}

static void ties_and_noughts_are_written_as_they_are_printed(void **state) {
    (void)state;
    static const int64_t dens[] = {1, 2, 4, 10, 20, 100, 1000};
    for (size_t d = 0; d < sizeof dens / sizeof dens[0]; d++)
        for (int64_t num = -260; num <= 260; num++)
            for (unsigned decimals = 0; decimals <= 4; decimals++)
                for (int mode = 0; mode < 2; mode++)
                    assert_true(is_written_as_printed((Number){num, dens[d]}, decimals,
                                                      mode ? ROUND_HALF_AWAY : ROUND_HALF_EVEN));
    assert_true(is_written_as_printed(number_int(INT64_MAX), 0, ROUND_HALF_AWAY));
    assert_true(is_written_as_printed(number_int(-INT64_MAX), 0, ROUND_HALF_AWAY));
}

static void figures_of_no_usual_size_are_not_written_in_place(void **state) {
    (void)state;
    set_up(state);
    assert_false(is_written_as_printed(power_of_two(100), 2, ROUND_HALF_AWAY));
    assert_false(is_written_as_printed(number_int(INT64_MAX), 1, ROUND_HALF_AWAY));
    assert_false(is_written_as_printed(num("1/3"), 50, ROUND_HALF_EVEN));
    tear_down(state);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(parse_reads_decimals),
        TEST(parse_reads_exponents_where_allowed),
        TEST(parse_refuses_what_is_no_number),
        TEST(parse_reads_no_further_than_the_length),
        TEST(parse_takes_1000_digits_and_no_more),
        TEST(parse_counts_digits_with_the_exponent_worked_out),
        TEST(print_gives_the_exact_value),
        TEST(print_writes_the_longest_decimal),
        TEST(decimals_are_those_of_the_exact_form),
        TEST(approximations_have_the_digits_asked_for),
        TEST(a_failed_buffer_takes_nothing),
        cmocka_unit_test(figures_are_written_as_they_are_printed),
        cmocka_unit_test(ties_and_noughts_are_written_as_they_are_printed),
        cmocka_unit_test(figures_of_no_usual_size_are_not_written_in_place),
    };
    return cmocka_run_group_tests_name("number_text", tests, NULL, NULL);
}
