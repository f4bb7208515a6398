// SPDX-License-Identifier: Apache-2.0
#include "runtime/data/period_label.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void every_example_is_read_in_its_own_way_and_no_other_of_its_kind(void **state) {
    (void)state;
    for (unsigned i = 0; i < N_LABEL_WAYS; i++) {
        LabelWays fits = label_fits(label_example(i), label_ways(label_kind(i), true));
        assert_true(fits == UINT64_C(1) << i);
        Period p;
        assert_true(label_read(label_example(i), fits, &p));
        assert_int_equal(p.kind, label_kind(i));
    }
}

static void a_way_that_is_asked_for_is_not_read_unasked(void **state) {
    (void)state;
    Period p;
    Str label = STR("13/02/2024");
    assert_false(label_read(label, label_ways(PERIOD_DAY, false), &p));
    assert_true(label_read(label, label_ways(PERIOD_DAY, true), &p));
    assert_int_equal(p.ordinal, 19766);
}

static void a_date_whose_order_is_open_fits_two_ways(void **state) {
    (void)state;
    LabelWays fits = label_fits(STR("01/02/2024"), label_ways(PERIOD_DAY, true));
    assert_true(fits != 0 && (fits & (fits - 1)) != 0);
}

static void no_label_is_read_past_its_end_or_in_part(void **state) {
    (void)state;
    static const char *const labels[] = {"",        "2",      "2024",     "20242",   "Sep",
                                         "Se 2024", "Sept",   "Sep 2024x", "Q2 2024", "2024-2",
                                         "2024-26", "00/2024", "Sep  2024", "\xE2\x80"};
    Period p;
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        assert_false(label_read(str_from(labels[i]), label_ways(PERIOD_MONTH, true), &p));
        assert_false(label_read(str_from(labels[i]), label_ways(PERIOD_FINANCIAL_YEAR, true), &p));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_example_is_read_in_its_own_way_and_no_other_of_its_kind),
        cmocka_unit_test(a_way_that_is_asked_for_is_not_read_unasked),
        cmocka_unit_test(a_date_whose_order_is_open_fits_two_ways),
        cmocka_unit_test(no_label_is_read_past_its_end_or_in_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
