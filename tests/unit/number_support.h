// SPDX-License-Identifier: Apache-2.0
// What the tests of numbers share: an arena a test, and arithmetic that must not fail.
#ifndef BS_TESTS_NUMBER_SUPPORT_H
#define BS_TESTS_NUMBER_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/base/number.h"

static Arena arena;

static inline int set_up(void **state) {
    (void)state;
    arena_init(&arena, 0);
    return 0;
}

static inline int tear_down(void **state) {
    (void)state;
    arena_fail_after(0);
    arena_free(&arena);
    return 0;
}

// The number that [text] says: a decimal, or a fraction p/q of two.
static inline Number num(const char *text) {
    const char *slash = strchr(text, '/');
    Number p, q;
    Str whole = str_from(text);
    if (!slash) {
        assert_int_equal(number_parse(&arena, whole, false, &p), NUMBER_OK);
        return p;
    }
    size_t at = (size_t)(slash - text);
    assert_int_equal(number_parse(&arena, str_slice(whole, 0, at), false, &p), NUMBER_OK);
    assert_int_equal(number_parse(&arena, str_slice(whole, at + 1, whole.len), false, &q),
                     NUMBER_OK);
    assert_true(number_div(&arena, p, q, &p));
    return p;
}

static inline Number add(Number x, Number y) {
    assert_true(number_add(&arena, x, y, &x));
    return x;
}

static inline Number sub(Number x, Number y) {
    assert_true(number_sub(&arena, x, y, &x));
    return x;
}

static inline Number mul(Number x, Number y) {
    assert_true(number_mul(&arena, x, y, &x));
    return x;
}

static inline Number quotient(Number x, Number y) {
    assert_true(number_div(&arena, x, y, &x));
    return x;
}

static inline Number power_of_two(unsigned exponent) {
    Number x = number_int(1);
    for (unsigned i = 0; i < exponent; i++) {
        x = add(x, x);
    }
    return x;
}

// [c], [n] times, between two other texts.
static inline Str repeated(const char *before, char c, size_t n, const char *after) {
    Buf b = {0};
    buf_puts(&b, before);
    buf_fill(&b, c, n);
    buf_puts(&b, after);
    Str text = arena_str(&arena, buf_str(&b));
    buf_free(&b);
    return text;
}

// Takes what was written to [b] and leaves that empty.
static inline void assert_written(Buf *b, const char *expected) {
    assert_false(b->failed);
    buf_char(b, '\0');
    assert_string_equal(b->s, expected);
    b->len = 0;
}

static inline void assert_number(Number x, const char *expected) {
    Buf b = {0};
    number_print(&b, x);
    assert_written(&b, expected);
    buf_free(&b);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

#endif
