// SPDX-License-Identifier: Apache-2.0
#include "runtime/data/value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void the_first_reason_of_a_set_is_named(void **state) {
    (void)state;
    Why several = WHY(REASON_NO_ROW) | WHY(REASON_SUPPRESSED) | WHY(REASON_UNJUDGED);
    assert_int_equal(why_first(several), REASON_SUPPRESSED);
    assert_true(str_eq(why_words(several), STR("suppressed")));
    assert_true(str_eq(why_words(WHY(REASON_UNJUDGED)), STR("left unjudged")));
}

static void a_known_value_has_no_reason(void **state) {
    (void)state;
    assert_int_equal(why_first(0), N_REASONS);
    assert_int_equal(why_words(0).len, 0);
}

static void every_reason_is_found_by_its_words(void **state) {
    (void)state;
    for (unsigned i = 0; i < N_REASONS; i++) {
        Str words = reason_words((Reason)i);
        assert_true(words.len > 0);
        assert_int_equal(reason_find(words), i);
        assert_int_equal(why_first(WHY(i)), i);
    }
    assert_int_equal(reason_find(STR("zero denominator")), REASON_ZERO_DENOMINATOR);
}

static void words_of_no_reason_find_none(void **state) {
    (void)state;
    assert_int_equal(reason_find(STR("supressed")), N_REASONS);
    assert_int_equal(reason_find(STR("")), N_REASONS);
    assert_int_equal(reason_words(N_REASONS).len, 0);
}

static void the_reasons_of_the_language_come_in_its_order(void **state) {
    (void)state;
    const Reason order[] = {REASON_NOT_GIVEN,     REASON_SUPPRESSED,       REASON_NOT_APPLICABLE,
                            REASON_NOT_AVAILABLE, REASON_NO_ROW,           REASON_LOW_RELIABILITY,
                            REASON_OUT_OF_RANGE,  REASON_ZERO_DENOMINATOR, REASON_TOO_LARGE,
                            REASON_TOO_FEW,       REASON_NO_BAND};
    for (size_t i = 1; i < sizeof order / sizeof order[0]; i++) {
        assert_int_equal(why_first(WHY(order[i - 1]) | WHY(order[i])), order[i - 1]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_reason_of_a_set_is_named),
        cmocka_unit_test(a_known_value_has_no_reason),
        cmocka_unit_test(every_reason_is_found_by_its_words),
        cmocka_unit_test(words_of_no_reason_find_none),
        cmocka_unit_test(the_reasons_of_the_language_come_in_its_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
