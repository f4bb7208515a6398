// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/arena.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void memory_is_zeroed_aligned_and_separate(void **state) {
    (void)state;
    Arena a;
    arena_init(&a, 0);
    unsigned char *blocks[200];
    for (size_t i = 0; i < 200; i++) {
        size_t size = i * 37 + 1;
        blocks[i] = arena_alloc(&a, size);
        assert_non_null(blocks[i]);
        assert_int_equal((uintptr_t)blocks[i] % alignof(max_align_t), 0);
        for (size_t k = 0; k < size; k++) {
            assert_int_equal(blocks[i][k], 0);
        }
        memset(blocks[i], (int)i, size);
    }
    for (size_t i = 0; i < 200; i++) {
        assert_int_equal(blocks[i][0], i);
        assert_int_equal(blocks[i][i * 37], i);
    }
    arena_free(&a);
}

static void a_large_allocation_leaves_the_small_blocks_in_use(void **state) {
    (void)state;
    Arena a;
    arena_init(&a, 0);
    char *before = arena_alloc(&a, 8);
    char *large = arena_alloc(&a, 10u << 20);
    char *after = arena_alloc(&a, 8);
    assert_true(before && large && after);
    memset(large, 1, 10u << 20);
    assert_int_equal(before[0], 0);
    assert_int_equal(after[0], 0);
    assert_int_equal(a.n_bytes, (10u << 20) + 16);
    arena_free(&a);
}

// Four quarters fill a block to its last byte; none of them is alone in it.
static void what_shares_a_block_neither_moves_it_nor_gives_it_back(void **state) {
    (void)state;
    Arena a;
    arena_init(&a, 0);
    char *quarters[4];
    for (size_t i = 0; i < 4; i++) {
        quarters[i] = arena_alloc(&a, 1024);
        assert_non_null(quarters[i]);
        memset(quarters[i], (int)i + 1, 1024);
    }
    char *grown = arena_regrow(&a, quarters[0], 1024, 4096);
    assert_non_null(grown);
    assert_int_equal(grown[1023], 1);
    arena_drop(&a, quarters[0]);
    for (size_t i = 1; i < 4; i++)
        assert_int_equal(quarters[i][1023], i + 1);
    arena_free(&a);
}

static void a_large_allocation_can_be_given_back(void **state) {
    (void)state;
    Arena a;
    arena_init(&a, 2u << 20);
    char *small = arena_alloc(&a, 8);
    for (int i = 0; i < 10; i++) { // the limit allows one at a time
        char *large = arena_alloc(&a, (1u << 20) + 1);
        assert_non_null(large);
        large[1u << 20] = 1;
        arena_drop(&a, large);
        assert_int_equal(a.n_bytes, 8);
    }
    arena_drop(&a, NULL);
    assert_int_equal(small[0], 0);
    arena_free(&a);
}

static void a_size_of_zero_gives_a_pointer(void **state) {
    (void)state;
    Arena a;
    arena_init(&a, 0);
    assert_non_null(arena_alloc(&a, 0));
    assert_non_null(ARENA_ARRAY(&a, int, 0));
    assert_false(a.failed);
    arena_free(&a);
}

static void the_limit_is_met_exactly_and_then_refused(void **state) {
    (void)state;
    Arena a;
    arena_init(&a, 100);
    assert_non_null(arena_alloc(&a, 60));
    assert_null(arena_alloc(&a, 41));
    assert_true(a.failed);
    assert_non_null(arena_alloc(&a, 40));
    assert_null(arena_alloc(&a, 1));
    assert_true(a.failed);
    arena_free(&a);
    assert_false(a.failed);
    assert_non_null(arena_alloc(&a, 100));
    arena_free(&a);
}

static void sizes_that_overflow_count_as_out_of_memory(void **state) {
    (void)state;
    Arena a;
    arena_init(&a, 0);
    assert_null(arena_array(&a, SIZE_MAX / 2, 3));
    assert_true(a.failed);
    arena_free(&a);
    assert_null(arena_alloc(&a, SIZE_MAX));
    assert_null(arena_alloc(&a, SIZE_MAX - sizeof(max_align_t)));
    assert_int_equal(arena_str(&a, (Str){"x", SIZE_MAX}).len, 0);
    assert_true(a.failed);
    arena_free(&a);
}

static void a_copied_text_is_terminated_and_keeps_its_zero_bytes(void **state) {
    (void)state;
    Arena a;
    arena_init(&a, 0);
    Str copy = arena_str(&a, STR("a\0b"));
    assert_int_equal(copy.len, 3);
    assert_memory_equal(copy.s, "a\0b", 4);
    Str empty = arena_str(&a, (Str){0});
    assert_non_null(empty.s);
    assert_int_equal(empty.len, 0);
    arena_free(&a);
}

static void printed_text_has_any_length(void **state) {
    (void)state;
    Arena a;
    arena_init(&a, 0);
    assert_string_equal(arena_printf(&a, "%d of %s", 17, "20").s, "17 of 20");
    Str wide = arena_printf(&a, "%5000d", 7);
    assert_int_equal(wide.len, 5000);
    assert_int_equal(wide.s[4999], '7');
    arena_free(&a);
    arena_init(&a, 4);
    Str none = arena_printf(&a, "%s", "too long");
    assert_null(none.s);
    assert_int_equal(none.len, 0);
    arena_free(&a);
}

static void a_vector_keeps_its_items_while_it_grows(void **state) {
    (void)state;
    Arena a;
    arena_init(&a, 0);
    VEC(int) numbers = {0};
    for (int i = 0; i < 10000; i++) {
        assert_true(VEC_PUSH(&a, &numbers, i));
    }
    assert_int_equal(numbers.n, 10000);
    for (int i = 0; i < 10000; i++) {
        assert_int_equal(numbers.v[i], i);
    }
    arena_free(&a);
}

static void a_failed_push_leaves_the_vector_as_it_was(void **state) {
    (void)state;
    Arena a;
    arena_init(&a, 0);
    VEC(int) numbers = {0};
    while (numbers.n < 8 || numbers.n < numbers.cap) {
        assert_true(VEC_PUSH(&a, &numbers, (int)numbers.n));
    }
    size_t full = numbers.n;
    int *items = numbers.v;
    arena_fail_after(1);
    bool pushed = VEC_PUSH(&a, &numbers, -1);
    assert_false(pushed);
    assert_int_equal(numbers.n, full);
    assert_ptr_equal(numbers.v, items);
    assert_true(a.failed);
    pushed = VEC_PUSH(&a, &numbers, -1);
    assert_true(pushed);
    assert_int_equal(numbers.v[full], -1);
    arena_free(&a);
}

static void the_hook_makes_the_nth_allocation_fail_once(void **state) {
    (void)state;
    Arena a;
    arena_init(&a, 0);
    arena_fail_after(3);
    assert_non_null(arena_alloc(&a, 1));
    assert_non_null(arena_alloc(&a, 1));
    assert_null(arena_alloc(&a, 1));
    assert_non_null(arena_alloc(&a, 1));
    arena_fail_after(1);
    arena_fail_after(0);
    assert_non_null(arena_alloc(&a, 1));
    arena_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_aligned_and_separate),
        cmocka_unit_test(a_large_allocation_leaves_the_small_blocks_in_use),
        cmocka_unit_test(what_shares_a_block_neither_moves_it_nor_gives_it_back),
        cmocka_unit_test(a_large_allocation_can_be_given_back),
        cmocka_unit_test(a_size_of_zero_gives_a_pointer),
        cmocka_unit_test(the_limit_is_met_exactly_and_then_refused),
        cmocka_unit_test(sizes_that_overflow_count_as_out_of_memory),
        cmocka_unit_test(a_copied_text_is_terminated_and_keeps_its_zero_bytes),
        cmocka_unit_test(printed_text_has_any_length),
        cmocka_unit_test(a_vector_keeps_its_items_while_it_grows),
        cmocka_unit_test(a_failed_push_leaves_the_vector_as_it_was),
        cmocka_unit_test(the_hook_makes_the_nth_allocation_fail_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
