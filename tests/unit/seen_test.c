// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/engine/seen.h"
#include "tests/unit/random.h"

enum { N_METRICS = 3, N_ENTITIES = 40, FIRST = -150, N_PERIODS = 300, N_KINDS = 2 };

static Period month(int32_t ordinal) {
    return (Period){ordinal, PERIOD_MONTH};
}

static void a_key_is_first_seen_once(void **state) {
    (void)state;
    Seen s;
    seen_init(&s);
    assert_int_equal(seen_add(&s, 1, 2, month(3)), SEEN_FIRST);
    assert_int_equal(seen_add(&s, 1, 2, month(3)), SEEN_AGAIN);
    assert_int_equal(seen_add(&s, 1, 2, month(4)), SEEN_FIRST);
    assert_int_equal(seen_add(&s, 1, 3, month(3)), SEEN_FIRST);
    assert_int_equal(seen_add(&s, 2, 1, month(3)), SEEN_FIRST);
    assert_int_equal(seen_add(&s, 2, 2, month(3)), SEEN_FIRST);
    assert_int_equal(seen_add(&s, 1, 2, (Period){3, PERIOD_DAY}), SEEN_FIRST);
    assert_int_equal(seen_add(&s, 1, 2, month(3)), SEEN_AGAIN);
    seen_free(&s);
}

// Days before 1970 have ordinals below nought.
static void periods_before_nought_are_not_those_behind_it(void **state) {
    (void)state;
    Seen s;
    seen_init(&s);
    for (int32_t i = -200; i <= 200; i++)
        assert_int_equal(seen_add(&s, 0, 0, (Period){i, PERIOD_DAY}), SEEN_FIRST);
    for (int32_t i = -200; i <= 200; i++)
        assert_int_equal(seen_add(&s, 0, 0, (Period){i, PERIOD_DAY}), SEEN_AGAIN);
    size_t n;
    const SeenSlot *slots = seen_sort(&s, &n);
    assert_int_equal(n, 8); // -256 to 255 in blocks of 64
    assert_int_equal(slots[0].block, -4);
    assert_true(slots[0].periods == UINT64_MAX << 56);
    assert_int_equal(slots[7].block, 3);
    assert_true(slots[7].periods == (UINT64_C(1) << 9) - 1);
    seen_free(&s);
}

// ---- against a table of all keys ----------------------------------------------------------------

static bool table[N_METRICS][N_ENTITIES][N_KINDS][N_PERIODS];

static void assert_slots(const Seen *s, const SeenSlot *slots, size_t n) {
    size_t n_periods = 0, expected = 0;
    assert_ptr_equal(s->slots, slots);
    for (size_t i = 0; i < n; i++) {
        const SeenSlot *x = &slots[i];
        for (int32_t bit = 0; bit < SEEN_BLOCK; bit++) {
            if (!(x->periods >> bit & 1))
                continue;
            int32_t at = x->block * SEEN_BLOCK + bit - FIRST;
            assert_in_range(at, 0, N_PERIODS - 1);
            assert_true(table[x->metric][x->entity][x->kind == PERIOD_DAY][at]);
            n_periods++;
        }
        if (i == 0)
            continue;
        const SeenSlot *y = &slots[i - 1];
        bool later = y->metric != x->metric   ? y->metric < x->metric
                     : y->entity != x->entity ? y->entity < x->entity
                     : y->kind != x->kind     ? y->kind < x->kind
                                              : y->block < x->block;
        assert_true(later);
    }
    const bool *all = &table[0][0][0][0];
    for (size_t i = 0; i < sizeof table / sizeof *all; i++)
        expected += all[i];
    assert_int_equal(n_periods, expected);
}

static void random_keys_are_seen_as_a_table_sees_them(void **state) {
    (void)state;
    Random r = {61};
    Seen s;
    seen_init(&s);
    memset(table, 0, sizeof table);
    size_t n_again = 0;
    uint32_t metric = 0, entity = 0;
    for (unsigned i = 0; i < 60000; i++) {
        // Mostly in an order, as files are, and at times anywhere.
        entity = one_in(&r, 20) ? below(&r, N_ENTITIES) : (entity + 1) % N_ENTITIES;
        metric = one_in(&r, 20) ? below(&r, N_METRICS) : metric;
        uint32_t at = below(&r, N_PERIODS), kind = one_in(&r, 4);
        Period p = {(int32_t)at + FIRST, kind ? PERIOD_DAY : PERIOD_MONTH};
        bool *known = &table[metric][entity][kind][at];
        assert_int_equal(seen_add(&s, metric, entity, p), *known ? SEEN_AGAIN : SEEN_FIRST);
        n_again += *known;
        *known = true;
    }
    assert_in_range(n_again, 5000, 55000);
    size_t n;
    const SeenSlot *slots = seen_sort(&s, &n);
    assert_slots(&s, slots, n);
    seen_free(&s);
}

static void merging_gathers_the_periods_of_all_keys(void **state) {
    (void)state;
    Random r = {62};
    Seen s, all;
    bool expected[N_KINDS][N_PERIODS] = {{false}};
    seen_init(&s);
    seen_init(&all);
    for (unsigned i = 0; i < 200; i++) {
        uint32_t at = below(&r, N_PERIODS), kind = one_in(&r, 2);
        expected[kind][at] = true;
        Period p = {(int32_t)at + FIRST, kind ? PERIOD_DAY : PERIOD_MONTH};
        assert_int_not_equal(seen_add(&s, below(&r, 9), below(&r, 9), p), SEEN_NO_MEMORY);
    }
    size_t n, n_found = 0, n_expected = 0;
    const SeenSlot *slots = seen_sort(&s, &n);
    for (size_t i = 0; i < n; i++)
        assert_true(seen_merge(&all, slots[i]));
    slots = seen_sort(&all, &n);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(slots[i].metric, 0);
        assert_int_equal(slots[i].entity, 0);
        for (int32_t bit = 0; bit < SEEN_BLOCK; bit++) {
            if (!(slots[i].periods >> bit & 1))
                continue;
            int32_t at = slots[i].block * SEEN_BLOCK + bit - FIRST;
            assert_true(expected[slots[i].kind == PERIOD_DAY][at]);
            n_found++;
        }
    }
    for (size_t i = 0; i < sizeof expected / sizeof expected[0][0]; i++)
        n_expected += (&expected[0][0])[i];
    assert_int_equal(n_found, n_expected);
    seen_free(&all);
    seen_free(&s);
}

static void nothing_seen_is_no_slots(void **state) {
    (void)state;
    Seen s;
    size_t n = 1;
    seen_init(&s);
    seen_sort(&s, &n);
    assert_int_equal(n, 0);
    seen_free(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_is_first_seen_once),
        cmocka_unit_test(periods_before_nought_are_not_those_behind_it),
        cmocka_unit_test(random_keys_are_seen_as_a_table_sees_them),
        cmocka_unit_test(merging_gathers_the_periods_of_all_keys),
        cmocka_unit_test(nothing_seen_is_no_slots),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
