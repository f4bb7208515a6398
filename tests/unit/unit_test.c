// SPDX-License-Identifier: Apache-2.0
#include "runtime/data/unit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void check_words(Unit u, Str expected) {
    Buf out = {0};
    unit_print(&out, u);
    assert_int_equal(out.len, expected.len);
    assert_memory_equal(out.s, expected.s, expected.len);
    buf_free(&out);
}

static void check_figure(const char *digits, Unit u, Str expected) {
    Buf out = {0};
    unit_print_figure(&out, str_from(digits), u);
    assert_int_equal(out.len, expected.len);
    assert_memory_equal(out.s, expected.s, expected.len);
    buf_free(&out);
}

static const Unit visits = {.kind = UNIT_OWN, .name = {"visits", 6}};
static const Unit per_10000 = {.kind = UNIT_PER, .per = 10000};

static void a_unit_has_words(void **state) {
    (void)state;
    check_words((Unit){.kind = UNIT_NONE}, STR("number"));
    check_words((Unit){.kind = UNIT_PERCENT}, STR("percent"));
    check_words((Unit){.kind = UNIT_POINTS}, STR("points"));
    check_words((Unit){.kind = UNIT_COUNT}, STR("count"));
    check_words((Unit){.kind = UNIT_DAYS}, STR("days"));
    check_words((Unit){.kind = UNIT_POUNDS}, STR("pounds"));
    check_words((Unit){.kind = UNIT_RATIO}, STR("ratio"));
    check_words(per_10000, STR("per 10000"));
    check_words(visits, STR("visits"));
}

static void a_figure_is_written_with_its_unit(void **state) {
    (void)state;
    check_figure("26.4", (Unit){.kind = UNIT_PERCENT}, STR("26.4%"));
    check_figure("12", (Unit){.kind = UNIT_COUNT}, STR("12"));
    check_figure("12", (Unit){.kind = UNIT_NONE}, STR("12"));
    check_figure("0.85", (Unit){.kind = UNIT_RATIO}, STR("0.85"));
    check_figure("769.2", per_10000, STR("769.2 per 10000"));
    check_figure("5", visits, STR("5 visits"));
    check_figure("1200", (Unit){.kind = UNIT_POUNDS}, STR("£1200"));
    check_figure("-1200", (Unit){.kind = UNIT_POUNDS}, STR("-£1200"));
}

static void one_point_and_one_day_are_singular(void **state) {
    (void)state;
    check_figure("5", (Unit){.kind = UNIT_POINTS}, STR("5 points"));
    check_figure("1", (Unit){.kind = UNIT_POINTS}, STR("1 point"));
    check_figure("-1", (Unit){.kind = UNIT_POINTS}, STR("-1 point"));
    check_figure("1.0", (Unit){.kind = UNIT_POINTS}, STR("1.0 points"));
    check_figure("1", (Unit){.kind = UNIT_DAYS}, STR("1 day"));
    check_figure("11", (Unit){.kind = UNIT_DAYS}, STR("11 days"));
}

static void units_are_equal_by_what_they_measure(void **state) {
    (void)state;
    assert_true(unit_eq(per_10000, (Unit){.kind = UNIT_PER, .per = 10000}));
    assert_false(unit_eq(per_10000, (Unit){.kind = UNIT_PER, .per = 1000}));
    assert_true(unit_eq(visits, (Unit){.kind = UNIT_OWN, .name = STR("visits")}));
    assert_false(unit_eq(visits, (Unit){.kind = UNIT_OWN, .name = STR("cases")}));
    assert_false(unit_eq((Unit){.kind = UNIT_PERCENT}, (Unit){.kind = UNIT_POINTS}));
    assert_true(unit_eq((Unit){.kind = UNIT_DAYS, .per = 1}, (Unit){.kind = UNIT_DAYS}));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_unit_has_words),
        cmocka_unit_test(a_figure_is_written_with_its_unit),
        cmocka_unit_test(one_point_and_one_day_are_singular),
        cmocka_unit_test(units_are_equal_by_what_they_measure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
