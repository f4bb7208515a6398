// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void writes_follow_each_other(void **state) {
    (void)state;
    Buf b = {0};
    buf_puts(&b, "one");
    buf_char(&b, ' ');
    buf_put(&b, STR("t\0wo"));
    buf_put(&b, (Str){0});
    buf_fill(&b, '-', 3);
    buf_fill(&b, '-', 0);
    buf_printf(&b, " %d%%", 85);
    assert_int_equal(buf_str(&b).len, 15);
    assert_memory_equal(buf_str(&b).s, "one t\0wo--- 85%", 15);
    assert_false(b.failed);
    buf_free(&b);
}

static void an_empty_buffer_is_an_empty_text(void **state) {
    (void)state;
    Buf b = {0};
    assert_int_equal(buf_str(&b).len, 0);
    buf_printf(&b, "%s", "");
    assert_int_equal(buf_str(&b).len, 0);
    assert_false(b.failed);
    buf_free(&b);
}

// The terminating NUL of vsnprintf needs a byte that is no part of the text, so each fill level
// next to the capacity is tried.
static void printing_works_at_every_fill_level(void **state) {
    (void)state;
    for (size_t filled = 0; filled < 300; filled++) {
        Buf b = {0};
        buf_fill(&b, 'x', filled);
        buf_printf(&b, "%s", "12345");
        assert_int_equal(b.len, filled + 5);
        assert_memory_equal(b.s + filled, "12345", 5);
        buf_free(&b);
    }
}

static void long_text_is_printed_whole(void **state) {
    (void)state;
    Buf b = {0};
    buf_printf(&b, "%20000d", 7);
    assert_int_equal(b.len, 20000);
    assert_int_equal(b.s[19999], '7');
    buf_free(&b);
}

static void after_a_failure_nothing_more_is_written(void **state) {
    (void)state;
    Buf b = {0};
    buf_puts(&b, "kept");
    buf_fill(&b, ' ', SIZE_MAX - 2);
    assert_true(b.failed);
    buf_puts(&b, "x");
    buf_char(&b, 'x');
    buf_printf(&b, "x");
    buf_printf(&b, "%d", 12345);
    assert_int_equal(b.len, 4);
    assert_memory_equal(b.s, "kept", 4);
    buf_free(&b);
    assert_false(b.failed);
    buf_puts(&b, "again");
    assert_int_equal(b.len, 5);
    buf_free(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_follow_each_other),
        cmocka_unit_test(an_empty_buffer_is_an_empty_text),
        cmocka_unit_test(printing_works_at_every_fill_level),
        cmocka_unit_test(long_text_is_printed_whole),
        cmocka_unit_test(after_a_failure_nothing_more_is_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
