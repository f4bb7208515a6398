// SPDX-License-Identifier: Apache-2.0
#include "runtime/data/period.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

static Period parsed(const char *text) {
    Period p = {0, PERIOD_NONE};
    assert_true(period_parse(str_from(text), &p));
    return p;
}

static void assert_label(Period p, const char *text) {
    Buf out = {0};
    period_print(&out, p);
    buf_char(&out, '\0');
    assert_string_equal(out.s, text);
    buf_free(&out);
}

static void the_longest_labels_have_room(void **state) {
    (void)state;
    for (unsigned kind = 0; kind < N_PERIOD_KINDS; kind++) {
        for (int i = 0; i < 2; i++) {
            char text[PERIOD_ROOM];
            Period p = {i == 0 ? INT32_MIN : INT32_MAX, (PeriodKind)kind};
            ptrdiff_t len = period_write(text, p) - text;
            assert_in_range(len, 0, PERIOD_ROOM);
        }
    }
    assert_label((Period){INT32_MIN, PERIOD_FINANCIAL_YEAR}, "FY-2147483648-53");
    assert_label((Period){INT32_MAX, PERIOD_ACADEMIC_YEAR}, "AY2147483647/48");
}

static void every_form_is_read_and_written_alike(void **state) {
    (void)state;
    static const struct {
        const char *text;
        PeriodKind kind;
        int32_t ordinal;
    } forms[] = {
        {"2023-05-31", PERIOD_DAY, 19508},
        {"1970-01-01", PERIOD_DAY, 0},
        {"1969-12-31", PERIOD_DAY, -1},
        {"2023-05", PERIOD_MONTH, 2023 * 12 + 4},
        {"2023-Q2", PERIOD_QUARTER, 2023 * 4 + 1},
        {"2023", PERIOD_YEAR, 2023},
        {"FY2023-24", PERIOD_FINANCIAL_YEAR, 2023},
        {"FY1999-00", PERIOD_FINANCIAL_YEAR, 1999},
        {"FY2023-24-Q4", PERIOD_FINANCIAL_QUARTER, 2023 * 4 + 3},
        {"AY2023/24", PERIOD_ACADEMIC_YEAR, 2023},
        {"AY2099/00", PERIOD_ACADEMIC_YEAR, 2099},
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        Period p = parsed(forms[i].text);
        assert_int_equal(p.kind, forms[i].kind);
        assert_int_equal(p.ordinal, forms[i].ordinal);
        assert_label(p, forms[i].text);
    }
}

static void other_labels_are_no_periods(void **state) {
    (void)state;
    static const char *const labels[] = {
        "",           "20",        "202",        "20235",
        "202324",     "2023-",     "2023-13",    "2023-00",
        "2023-5",     "2023-05-",  "2023-05-32", "2023-02-29",
        "2023-5-31",  "2023-Q0",   "2023-Q5",    "2023-Q",
        "2023-q2",    "2023-Q12",  "FY2023-25",  "FY2023",
        "FY2023/24",  "AY2023-24", "AY2023/25",  "FY2023-24-Q5",
        "FY2023-24-", "FY2023-2",  "AY2023/24x", "fy2023-24",
        "1899",       "2100",      "31/05/2023", "2023-05-31T00:00:00",
        " 2023",      "2023 ",     "May 2023",   "2023-24",
        "2023/24",    "-2023",     "+023",       "2023-+1",
    };
    Period p;
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        assert_false(period_parse(str_from(labels[i]), &p));
    }
    assert_false(period_parse((Str){"2023\0", 5}, &p));
    assert_false(period_parse((Str){0}, &p));
}

static void leap_days_follow_the_gregorian_rule(void **state) {
    (void)state;
    Period p;
    assert_true(period_parse(STR("2024-02-29"), &p));
    assert_true(period_parse(STR("2000-02-29"), &p));
    assert_false(period_parse(STR("1900-02-29"), &p));
    assert_false(period_parse(STR("2023-02-29"), &p));
}

// The C library's calendar is the oracle.
static void days_agree_with_the_system_calendar(void **state) {
    (void)state;
    Period first = parsed("1900-01-01"), last = parsed("2099-12-31");
    for (Period p = first; p.ordinal <= last.ordinal; p.ordinal++) {
        time_t seconds = (time_t)p.ordinal * 86400;
        struct tm tm;
        assert_non_null(gmtime_r(&seconds, &tm));
        char text[16];
        assert_int_equal(strftime(text, sizeof text, "%Y-%m-%d", &tm), 10);
        assert_label(p, text);
        assert_int_equal(parsed(text).ordinal, p.ordinal);
    }
}

static void a_period_spans_its_first_to_its_last_day(void **state) {
    (void)state;
    static const char *const spans[][3] = {
        {"2023-05-31", "2023-05-31", "2023-05-31"},   {"2024-02", "2024-02-01", "2024-02-29"},
        {"2023-12", "2023-12-01", "2023-12-31"},      {"2023-Q1", "2023-01-01", "2023-03-31"},
        {"2023-Q4", "2023-10-01", "2023-12-31"},      {"2023", "2023-01-01", "2023-12-31"},
        {"FY2023-24", "2023-04-01", "2024-03-31"},    {"FY2023-24-Q1", "2023-04-01", "2023-06-30"},
        {"FY2023-24-Q4", "2024-01-01", "2024-03-31"}, {"AY2023/24", "2023-09-01", "2024-08-31"},
    };
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++) {
        Period p = parsed(spans[i][0]);
        assert_label((Period){period_first_day(p), PERIOD_DAY}, spans[i][1]);
        assert_label((Period){period_last_day(p), PERIOD_DAY}, spans[i][2]);
    }
}

static void every_day_lies_in_its_period_of_each_kind(void **state) {
    (void)state;
    for (Period day = parsed("2019-01-01"); day.ordinal <= parsed("2025-12-31").ordinal;
         day.ordinal++) {
        for (unsigned k = PERIOD_DAY; k < N_PERIOD_KINDS; k++) {
            Period p = period_of_day(day, (PeriodKind)k);
            assert_int_equal(p.kind, k);
            assert_true(period_first_day(p) <= day.ordinal && day.ordinal <= period_last_day(p));
        }
    }
    assert_label(period_of_day(parsed("2024-03-31"), PERIOD_FINANCIAL_QUARTER), "FY2023-24-Q4");
    assert_label(period_of_day(parsed("2024-04-01"), PERIOD_FINANCIAL_YEAR), "FY2024-25");
    assert_label(period_of_day(parsed("2024-08-31"), PERIOD_ACADEMIC_YEAR), "AY2023/24");
    assert_label(period_of_day(parsed("2024-09-01"), PERIOD_ACADEMIC_YEAR), "AY2024/25");
}

static void consecutive_periods_follow_without_a_gap(void **state) {
    (void)state;
    for (unsigned k = PERIOD_DAY; k < N_PERIOD_KINDS; k++) {
        Period p = period_of_day(parsed("1999-12-31"), (PeriodKind)k);
        for (int i = 0; i < 40; i++, p = period_add(p, 1)) {
            assert_int_equal(period_last_day(p) + 1, period_first_day(period_add(p, 1)));
        }
    }
    assert_label(period_add(parsed("2023-01"), -1), "2022-12");
    assert_label(period_add(parsed("FY2023-24-Q1"), -1), "FY2022-23-Q4");
    assert_label(period_add(parsed("2023-Q4"), 1), "2024-Q1");
}

static void adding_never_overflows(void **state) {
    (void)state;
    Period far = {INT32_MAX, PERIOD_MONTH};
    assert_int_equal(period_add(far, INT32_MAX).ordinal, INT32_MAX);
    assert_int_equal(period_add((Period){INT32_MIN, PERIOD_DAY}, -1).ordinal, INT32_MIN);
    Buf out = {0};
    for (unsigned k = 0; k < N_PERIOD_KINDS; k++) {
        Period high = {INT32_MAX, (PeriodKind)k}, low = {INT32_MIN, (PeriodKind)k};
        assert_true(period_last_day(high) >= period_first_day(low));
        period_print(&out, high);
        period_print(&out, low);
        period_of_day((Period){INT32_MIN, PERIOD_DAY}, (PeriodKind)k);
    }
    assert_false(out.failed);
    buf_free(&out);
}

static void no_period_has_no_label_and_no_neighbour(void **state) {
    (void)state;
    Period none = {0, PERIOD_NONE};
    assert_label(none, "");
    assert_true(period_eq(none, (Period){0, PERIOD_NONE}));
    assert_false(period_eq(none, period_add(none, -1)));
    assert_int_equal(period_first_day(none), 0);
    assert_int_equal(period_last_day(none), 0);
}

static void kinds_differ_even_with_equal_ordinals(void **state) {
    (void)state;
    assert_false(period_eq(parsed("2023"), parsed("FY2023-24")));
    assert_false(period_eq(parsed("AY2023/24"), parsed("FY2023-24")));
}

static void kinds_are_found_by_their_words(void **state) {
    (void)state;
    for (unsigned k = PERIOD_DAY; k < N_PERIOD_KINDS; k++) {
        assert_int_equal(period_kind_find(period_kind_words((PeriodKind)k)), k);
    }
    assert_int_equal(period_kind_find(STR("week")), PERIOD_NONE);
    assert_int_equal(period_kind_find(STR("no period")), PERIOD_NONE);
}

static void a_year_has_a_fixed_number_of_periods_except_days(void **state) {
    (void)state;
    assert_int_equal(period_per_year(PERIOD_MONTH), 12);
    assert_int_equal(period_per_year(PERIOD_QUARTER), 4);
    assert_int_equal(period_per_year(PERIOD_FINANCIAL_QUARTER), 4);
    assert_int_equal(period_per_year(PERIOD_YEAR), 1);
    assert_int_equal(period_per_year(PERIOD_FINANCIAL_YEAR), 1);
    assert_int_equal(period_per_year(PERIOD_ACADEMIC_YEAR), 1);
    assert_int_equal(period_per_year(PERIOD_DAY), 0);
    assert_int_equal(period_per_year(PERIOD_NONE), 0);
}

static void check_year_before(const char *text, const char *expected) {
    Period p, before;
    assert_true(period_parse(str_from(text), &p));
    bool exists = period_before(p, 1, 0, &before);
    Buf out = {0};
    if (exists)
        period_print(&out, before);
    assert_true(str_eq(buf_str(&out), str_from(expected)));
    buf_free(&out);
}

static void the_year_before_is_the_same_period_of_it(void **state) {
    (void)state;
    check_year_before("2024-02", "2023-02");
    check_year_before("2024-Q1", "2023-Q1");
    check_year_before("2024", "2023");
    check_year_before("FY2023-24-Q4", "FY2022-23-Q4");
    check_year_before("FY1999-00", "FY1998-99");
    check_year_before("AY2023/24", "AY2022/23");
    check_year_before("2024-03-01", "2023-03-01");
    check_year_before("2025-02-28", "2024-02-28");
    check_year_before("2024-02-29", ""); // 2023 had none
    Period none = {0, PERIOD_NONE}, out;
    assert_false(period_before(none, 1, 0, &out));
}

static void check_number_in_year(const char *text, PeriodKind year, uint32_t expected) {
    Period p;
    uint32_t number = 0;
    assert_true(period_parse(str_from(text), &p));
    bool fits = period_of_year(p, year, &number);
    assert_int_equal(fits ? number : 0, expected);
}

static void periods_are_counted_from_the_start_of_the_year(void **state) {
    (void)state;
    check_number_in_year("2024-03", PERIOD_FINANCIAL_YEAR, 12);
    check_number_in_year("2024-04", PERIOD_FINANCIAL_YEAR, 1);
    check_number_in_year("2024-08", PERIOD_ACADEMIC_YEAR, 12);
    check_number_in_year("2024-09", PERIOD_ACADEMIC_YEAR, 1);
    check_number_in_year("2024-12", PERIOD_YEAR, 12);
    check_number_in_year("2024-Q1", PERIOD_FINANCIAL_YEAR, 4);
    check_number_in_year("FY2023-24-Q4", PERIOD_FINANCIAL_YEAR, 4);
    check_number_in_year("FY2023-24-Q4", PERIOD_YEAR, 1);
    check_number_in_year("2024-Q3", PERIOD_ACADEMIC_YEAR, 0); // September is within it
    check_number_in_year("FY2023-24", PERIOD_FINANCIAL_YEAR, 1);
    check_number_in_year("FY2023-24", PERIOD_YEAR, 0);
    check_number_in_year("2024-02-29", PERIOD_YEAR, 60);
    check_number_in_year("2024-03-31", PERIOD_FINANCIAL_YEAR, 366);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_year_before_is_the_same_period_of_it),
        cmocka_unit_test(periods_are_counted_from_the_start_of_the_year),
        cmocka_unit_test(the_longest_labels_have_room),
        cmocka_unit_test(every_form_is_read_and_written_alike),
        cmocka_unit_test(other_labels_are_no_periods),
        cmocka_unit_test(leap_days_follow_the_gregorian_rule),
        cmocka_unit_test(days_agree_with_the_system_calendar),
        cmocka_unit_test(a_period_spans_its_first_to_its_last_day),
        cmocka_unit_test(every_day_lies_in_its_period_of_each_kind),
        cmocka_unit_test(consecutive_periods_follow_without_a_gap),
        cmocka_unit_test(adding_never_overflows),
        cmocka_unit_test(no_period_has_no_label_and_no_neighbour),
        cmocka_unit_test(kinds_differ_even_with_equal_ordinals),
        cmocka_unit_test(kinds_are_found_by_their_words),
        cmocka_unit_test(a_year_has_a_fixed_number_of_periods_except_days),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
