// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define assert_str(got, expected)                                                                  \
    do {                                                                                           \
        Str got_ = (got);                                                                          \
        assert_int_equal(got_.len, strlen(expected));                                              \
        assert_memory_equal(got_.s, expected, got_.len);                                           \
    } while (0)

static void equality_takes_length_and_zero_bytes_into_account(void **state) {
    (void)state;
    assert_true(str_eq(STR("a\0b"), STR("a\0b")));
    assert_false(str_eq(STR("a\0b"), STR("a\0c")));
    assert_false(str_eq(STR("ab"), STR("abc")));
    assert_true(str_eq((Str){0}, STR("")));
    assert_true(str_eq(str_from(NULL), (Str){0}));
    assert_true(str_eq(str_from("abc"), STR("abc")));
}

static void order_is_by_bytes_and_a_prefix_comes_first(void **state) {
    (void)state;
    assert_true(str_cmp(STR("a"), STR("b")) < 0);
    assert_true(str_cmp(STR("b"), STR("a")) > 0);
    assert_true(str_cmp(STR("a"), STR("ab")) < 0);
    assert_true(str_cmp(STR("ab"), STR("a")) > 0);
    assert_true(str_cmp(STR("z"), STR("\xC3\xA9")) < 0);
    assert_int_equal(str_cmp((Str){0}, STR("")), 0);
    assert_true(str_cmp((Str){0}, STR("a")) < 0);
}

static void ends_are_found(void **state) {
    (void)state;
    assert_true(str_starts(STR("bandstand"), STR("band")));
    assert_false(str_starts(STR("ban"), STR("band")));
    assert_false(str_starts(STR("bond"), STR("band")));
    assert_true(str_ends(STR("x.rag"), STR(".rag")));
    assert_false(str_ends(STR("rag"), STR(".rag")));
    assert_true(str_starts((Str){0}, (Str){0}));
    assert_true(str_ends(STR("x"), (Str){0}));
}

static void slices_are_clamped(void **state) {
    (void)state;
    assert_str(str_slice(STR("abcdef"), 2, 4), "cd");
    assert_str(str_slice(STR("abcdef"), 4, 100), "ef");
    assert_str(str_slice(STR("abcdef"), 5, 2), "");
    assert_int_equal(str_slice((Str){0}, 1, 2).len, 0);
    assert_int_equal(str_find(STR("a,b"), ','), 1);
    assert_int_equal(str_find(STR("ab"), ','), 2);
    assert_int_equal(str_find((Str){0}, ','), 0);
}

static void trimming_takes_blanks_tabs_and_no_break_spaces(void **state) {
    (void)state;
    assert_str(str_trim(STR(" \t\xC2\xA0 a b\xC2\xA0\t ")), "a b");
    assert_str(str_trim(STR("\xC2\xA0")), "");
    assert_str(str_trim(STR("   ")), "");
    assert_int_equal(str_trim((Str){0}).len, 0);
    assert_str(str_trim(STR("\xC3\xA0")), "\xC3\xA0");
}

static void a_swap_of_neighbours_is_one_step(void **state) {
    (void)state;
    assert_int_equal(str_distance(STR("high"), STR("hgih")), 1);
    assert_int_equal(str_distance(STR("high"), STR("high")), 0);
    assert_int_equal(str_distance(STR("high"), STR("hig")), 1);
    assert_int_equal(str_distance(STR("high"), STR("heigh")), 1);
    assert_int_equal(str_distance(STR("kitten"), STR("sitting")), 3);
    assert_int_equal(str_distance(STR("ca"), STR("abc")), 3);
    assert_int_equal(str_distance((Str){0}, STR("abc")), 3);
    assert_int_equal(str_distance(STR("abc"), (Str){0}), 3);
}

static void distance_looks_at_the_first_64_bytes(void **state) {
    (void)state;
    char a[200], b[200];
    memset(a, 'x', sizeof a);
    memset(b, 'x', sizeof b);
    b[100] = 'y';
    assert_int_equal(str_distance((Str){a, 200}, (Str){b, 200}), 0);
    b[63] = 'y';
    assert_int_equal(str_distance((Str){a, 200}, (Str){b, 200}), 1);
    assert_int_equal(str_distance((Str){a, 200}, (Str){b, 10}), 54);
}

static void the_valid_utf8_prefix_ends_before_the_first_bad_byte(void **state) {
    (void)state;
    static const struct {
        Str text;
        size_t prefix;
    } cases[] = {
        {{"plain ASCII that is longer than eight bytes", 43}, 43},
        {{"caf\xC3\xA9", 5}, 5},
        {{"caf\xE9 au lait", 12}, 3},
        {{"\xE2\x80\x93", 3}, 3},
        {{"\xE2\x80", 2}, 0},
        {{"a\xF0\x9F\x9F\xA2", 5}, 5},
        {{"a\xF0\x9F\x9F", 4}, 1},
        {{"\xC0\xAF", 2}, 0},         // overlong
        {{"\xE0\x9F\xBF", 3}, 0},     // overlong
        {{"\xED\xA0\x80", 3}, 0},     // a surrogate
        {{"\xED\x9F\xBF", 3}, 3},     // the last before the surrogates
        {{"\xF4\x8F\xBF\xBF", 4}, 4}, // U+10FFFF
        {{"\xF4\x90\x80\x80", 4}, 0}, // beyond it
        {{"\xF5\x80\x80\x80", 4}, 0},
        {{"\x80", 1}, 0},
        {{"12345678\xFF", 9}, 8},
        {{"1234567\xFF"
          "9",
          9},
         7},
        {{"a\0b", 3}, 3},
        {{"", 0}, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (str_utf8_prefix(cases[i].text) != cases[i].prefix) {
            fail_msg("case %zu: %zu", i, str_utf8_prefix(cases[i].text));
        }
    }
    assert_int_equal(str_utf8_prefix((Str){0}), 0);
}

static void width_counts_terminal_columns(void **state) {
    (void)state;
    assert_int_equal(str_width(STR("green")), 5);
    assert_int_equal(str_width(STR("caf\xC3\xA9")), 4);
    assert_int_equal(str_width(STR("cafe\xCC\x81")), 4);             // a combining accent
    assert_int_equal(str_width(STR("\xE6\x97\xA5\xE6\x9C\xAC")), 4); // two wide characters
    assert_int_equal(str_width(STR("\xE2\x80\x93")), 1);             // an en dash
    assert_int_equal(str_width(STR("a\xFFz")), 3);                   // not valid: one column a byte
    assert_int_equal(str_width((Str){0}), 0);
}

// Every length up to several words, at every offset, differing nowhere or in any one byte; each
// text stands in memory of its own size.
static void short_texts_are_the_same_when_they_are_equal(void **state) {
    (void)state;
    for (size_t len = 0; len <= 40; len++) {
        for (size_t offset = 0; offset < 3; offset++) {
            char *x = malloc(offset + len + (len == 0)), *y = malloc(len + (len == 0));
            assert_true(x && y);
            for (size_t i = 0; i < len; i++)
                x[offset + i] = y[i] = (char)(17 * i + len);
            Str a = {x + offset, len}, b = {y, len};
            assert_true(str_same(a, b));
            for (size_t i = 0; i < len; i++) {
                for (unsigned bit = 0; bit < 8; bit++) {
                    y[i] = (char)(y[i] ^ 1 << bit);
                    assert_false(str_same(a, b));
                    assert_false(str_eq(a, b));
                    y[i] = (char)(y[i] ^ 1 << bit);
                }
            }
            if (len > 0)
                assert_false(str_same(a, str_slice(b, 0, len - 1)));
            free(x);
            free(y);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equality_takes_length_and_zero_bytes_into_account),
        cmocka_unit_test(short_texts_are_the_same_when_they_are_equal),
        cmocka_unit_test(order_is_by_bytes_and_a_prefix_comes_first),
        cmocka_unit_test(ends_are_found),
        cmocka_unit_test(slices_are_clamped),
        cmocka_unit_test(trimming_takes_blanks_tabs_and_no_break_spaces),
        cmocka_unit_test(a_swap_of_neighbours_is_one_step),
        cmocka_unit_test(distance_looks_at_the_first_64_bytes),
        cmocka_unit_test(the_valid_utf8_prefix_ends_before_the_first_bad_byte),
        cmocka_unit_test(width_counts_terminal_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
