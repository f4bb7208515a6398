// SPDX-License-Identifier: Apache-2.0
// The short ways of number_fast.h against the exact path, on operands at the borders of 64 bits.
#include "runtime/base/number_fast.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const int64_t nums[] = {0,
                               1,
                               -1,
                               2,
                               -7,
                               100,
                               26400,
                               -5,
                               1000,
                               INT32_MAX,
                               INT32_MIN,
                               INT64_MAX / 2,
                               INT64_MIN / 2 - 1,
                               INT64_MAX,
                               -INT64_MAX,
                               INT64_MIN};
static const int64_t dens[] = {1, 2, 3, 10, 1000, INT32_MAX, INT64_MAX - 1, INT64_MAX};

static void check_pair(Arena *a, Number x, Number y) {
    Number fast = {0, 1}, exact = {0, 1};
    assert_int_equal(number_fast_cmp(x, y), number_exact_cmp(x, y));
    assert_true(number_fast_add(a, x, y, &fast) && number_exact_add(a, x, y, &exact));
    assert_int_equal(number_exact_cmp(fast, exact), 0);
    assert_true(number_fast_sub(a, x, y, &fast) && number_exact_sub(a, x, y, &exact));
    assert_int_equal(number_exact_cmp(fast, exact), 0);
    assert_true(number_fast_difference(a, x, y, &fast));
    assert_int_equal(number_exact_cmp(fast, exact), 0);
}

static void check_one(Arena *a, Number x) {
    Number fast = {0, 1}, exact = {0, 1};
    assert_int_equal(number_fast_is_zero(x), number_exact_cmp(x, number_int(0)) == 0);
    assert_true(number_fast_neg(a, x, &fast) && number_exact_sub(a, number_int(0), x, &exact));
    assert_int_equal(number_exact_cmp(fast, exact), 0);
}

static void short_ways_give_the_exact_results(void **state) {
    (void)state;
    enum { N_FAST = COUNT(nums) * COUNT(dens), N_OPERANDS = N_FAST + 2 };
    Arena a;
    arena_init(&a, 0);
    Number operands[N_OPERANDS];
    for (size_t i = 0; i < N_FAST; i++) {
        operands[i] = (Number){nums[i / COUNT(dens)], dens[i % COUNT(dens)]};
    }
    const Str big[] = {STR("123456789012345678901234567890.5"), STR("-9223372036854775809")};
    for (size_t i = 0; i < COUNT(big); i++) {
        assert_int_equal(number_parse(&a, big[i], false, &operands[N_FAST + i]), NUMBER_OK);
        assert_int_equal(operands[N_FAST + i].den, 0);
    }
    for (size_t i = 0; i < N_OPERANDS; i++) {
        Arena scratch;
        arena_init(&scratch, 0);
        check_one(&scratch, operands[i]);
        for (size_t k = 0; k < N_OPERANDS; k++) {
            check_pair(&scratch, operands[i], operands[k]);
        }
        arena_free(&scratch);
    }
    arena_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_ways_give_the_exact_results),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
