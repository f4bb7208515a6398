// SPDX-License-Identifier: Apache-2.0
// Linear constraints over random systems: where they are said to hold, they hold at the point;
// where never, no point of a fine grid fulfils them.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "runtime/prove/linear.h"
#include "tests/unit/random.h"

enum { N_SYSTEMS = 4000, MOST_FORMS = 6, N_VARS = 3, LOWEST = -16, HIGHEST = 16 }; // quarters

static Constraint random_constraint(Random *r) {
    Constraint c = {.form = linear_const(number_int((int64_t)below(r, 13) - 6)),
                    .strict = one_in(r, 2)};
    for (size_t i = 0; i < N_VARS; i++)
        if (!one_in(r, 3))
            c.form.c[i] = number_int((int64_t)below(r, 5) - 2);
    return c;
}

static bool holds_on_grid(Arena *a, const Constraint *v, size_t n, const bool *whole) {
    int step[N_VARS];
    for (size_t i = 0; i < N_VARS; i++)
        step[i] = whole[i] ? 4 : 1;
    Number point[LINEAR_MAX_VARS];
    for (size_t i = 0; i < LINEAR_MAX_VARS; i++)
        point[i] = number_int(0);
    for (int x = LOWEST; x <= HIGHEST; x += step[0])
        for (int y = LOWEST; y <= HIGHEST; y += step[1])
            for (int z = LOWEST; z <= HIGHEST; z += step[2]) {
                point[0] = (Number){x, 4};
                point[1] = (Number){y, 4};
                point[2] = (Number){z, 4};
                if (linear_holds(a, v, n, point))
                    return true;
            }
    return false;
}

static void answers_are_those_of_a_grid(void **state) {
    (void)state;
    Random r = {20260401};
    size_t n_hold = 0, n_never = 0, n_unsure = 0;
    for (size_t i = 0; i < N_SYSTEMS; i++) {
        Arena a = {0};
        LinearSolver solver = {.arena = &a};
        Constraint v[MOST_FORMS];
        size_t n = 1 + below(&r, MOST_FORMS);
        bool whole[LINEAR_MAX_VARS] = {one_in(&r, 3), one_in(&r, 3), one_in(&r, 3)};
        for (size_t k = 0; k < n; k++)
            v[k] = random_constraint(&r);
        Number point[LINEAR_MAX_VARS];
        LinearAnswer answer = linear_solve(&solver, v, n, whole, 1, point);
        if (answer == LINEAR_HOLDS) {
            assert_true(linear_holds(&a, v, n, point));
            for (size_t k = 0; k < N_VARS; k++)
                assert_true(!whole[k] || number_is_whole(point[k]));
        } else if (answer == LINEAR_NEVER) {
            assert_false(holds_on_grid(&a, v, n, whole));
        }
        n_hold += answer == LINEAR_HOLDS;
        n_never += answer == LINEAR_NEVER;
        n_unsure += answer == LINEAR_UNSURE;
        arena_free(&a);
    }
    assert_true(n_hold > N_SYSTEMS / 2 && n_never > N_SYSTEMS / 20);
    assert_true(n_unsure < N_SYSTEMS / 20);
}

// a - b < 1 and b - a < 0 leave room between, unless both are whole.
static void differences_of_whole_numbers_are_settled(void **state) {
    (void)state;
    for (int is_whole = 0; is_whole < 2; is_whole++) {
        Arena a = {0};
        LinearSolver solver = {.arena = &a};
        Constraint v[2] = {{.form = linear_const(number_int(-1)), .strict = true},
                           {.form = linear_const(number_int(0)), .strict = true}};
        v[0].form.c[0] = number_int(1);
        v[0].form.c[1] = number_int(-1);
        v[1].form.c[0] = number_int(-1);
        v[1].form.c[1] = number_int(1);
        bool whole[LINEAR_MAX_VARS] = {is_whole, is_whole};
        Number point[LINEAR_MAX_VARS];
        assert_int_equal(linear_solve(&solver, v, 2, whole, 1, point),
                         is_whole ? LINEAR_NEVER : LINEAR_HOLDS);
        arena_free(&a);
    }
}

static void the_plainest_number_is_picked(void **state) {
    (void)state;
    static const struct {
        LinearEnd low, high;
        bool whole;
        Number expected;
        bool found;
    } cases[] = {
        {{0}, {0}, false, {0, 1}, true},
        {{true, true, {79, 1}}, {true, true, {80, 1}}, false, {795, 10}, true},
        {{true, true, {79, 1}}, {true, true, {80, 1}}, true, {0, 1}, false},
        {{true, false, {79, 1}}, {true, true, {80, 1}}, true, {79, 1}, true},
        {{true, true, {24, 1}}, {0}, false, {25, 1}, true},
        {{0}, {true, true, {65, 1}}, false, {64, 1}, true},
        {{true, false, {-5, 2}}, {0}, true, {-2, 1}, true},
        {{true, false, {1, 3}}, {true, false, {1, 3}}, false, {1, 3}, true},
        {{true, true, {1, 3}}, {true, false, {1, 3}}, false, {0, 1}, false},
        {{true, true, {1999, 100}}, {true, true, {20, 1}}, false, {19995, 1000}, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Arena a = {0};
        Number n;
        bool found = linear_pick(&a, &cases[i].low, &cases[i].high, cases[i].whole, 1, &n);
        assert_int_equal(found, cases[i].found);
        if (found)
            assert_int_equal(number_cmp(n, cases[i].expected), 0);
        arena_free(&a);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_are_those_of_a_grid),
        cmocka_unit_test(differences_of_whole_numbers_are_settled),
        cmocka_unit_test(the_plainest_number_is_picked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
