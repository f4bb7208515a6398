// SPDX-License-Identifier: Apache-2.0
#include "lang/names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static uint32_t index_of(const Names *names, NameKind kind, Str name) {
    uint32_t index = UINT32_MAX;
    bool found = names_find(names, kind, name, &index);
    assert_int_equal(found, index != UINT32_MAX);
    return index;
}

static void the_first_of_a_kind_keeps_its_name(void **state) {
    (void)state;
    Arena a;
    arena_init(&a, 0);
    Names names;
    names_init(&names, &a);
    assert_true(names_add(&names, NAME_METRIC, STR("turnover"), 0));
    assert_true(names_add(&names, NAME_METRIC, STR("sickness"), 1));
    assert_true(names_add(&names, NAME_METRIC, STR("turnover"), 2));
    assert_int_equal(index_of(&names, NAME_METRIC, STR("turnover")), 0);
    assert_int_equal(index_of(&names, NAME_METRIC, STR("sickness")), 1);
    arena_free(&a);
}

static void each_kind_has_its_own_names(void **state) {
    (void)state;
    Arena a;
    arena_init(&a, 0);
    Names names;
    names_init(&names, &a);
    names_add(&names, NAME_METRIC, STR("turnover"), 7);
    assert_int_equal(index_of(&names, NAME_KPI, STR("turnover")), UINT32_MAX);
    names_add(&names, NAME_KPI, STR("turnover"), 3);
    assert_int_equal(index_of(&names, NAME_KPI, STR("turnover")), 3);
    assert_int_equal(index_of(&names, NAME_METRIC, STR("turnover")), 7);
    arena_free(&a);
}

static void a_name_that_nothing_has_is_not_found(void **state) {
    (void)state;
    Arena a;
    arena_init(&a, 0);
    Names names;
    names_init(&names, &a);
    assert_int_equal(index_of(&names, NAME_SCALE, STR("rag")), UINT32_MAX);
    names_add(&names, NAME_SCALE, STR("rag"), 0);
    assert_int_equal(index_of(&names, NAME_SCALE, STR("ra")), UINT32_MAX);
    assert_int_equal(index_of(&names, NAME_SCALE, STR("")), UINT32_MAX);
    arena_free(&a);
}

// Whatever allocation fails, what is found then is what was added.
static void memory_that_runs_out_loses_names_and_mixes_none_up(void **state) {
    (void)state;
    for (size_t n = 1; n < 40; n++) {
        Arena a;
        arena_init(&a, 0);
        Names names;
        names_init(&names, &a);
        arena_fail_after(n);
        for (uint32_t i = 0; i < 100; i++) {
            char text[16];
            Str name = {text, (size_t)snprintf(text, sizeof text, "kpi_%u", i)};
            bool added = names_add(&names, NAME_KPI, name, i);
            assert_true(added || a.failed);
            assert_int_equal(index_of(&names, NAME_KPI, name), added ? i : UINT32_MAX);
        }
        arena_fail_after(0);
        arena_free(&a);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_of_a_kind_keeps_its_name),
        cmocka_unit_test(each_kind_has_its_own_names),
        cmocka_unit_test(a_name_that_nothing_has_is_not_found),
        cmocka_unit_test(memory_that_runs_out_loses_names_and_mixes_none_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
