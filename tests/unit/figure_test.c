// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/ingest_figures.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

// One cell, read as the value of `metric` in `input`.
typedef struct Fixture {
    Arena arena;
    DiagList d;
    Metric metric;
    Input input;
    bool is_field;
    Figure figure;
} Fixture;

static void begin(Fixture *f, UnitKind unit) {
    *f = (Fixture){0};
    arena_init(&f->arena, 0);
    diag_init(&f->d, &f->arena);
    f->metric = (Metric){.name = STR("share"), .label = STR("Share"), .unit = {.kind = unit}};
    f->input = (Input){.name = STR("figures")};
}

static void finish(Fixture *f) {
    arena_free(&f->arena);
}

static bool read_kind(Fixture *f, const char *text, CellKind kind) {
    Cell cell = {.text = str_from(text), .kind = kind, .line = 7, .column = 3};
    FigureContext c = {
        .d = &f->d,
        .arena = &f->arena,
        .input = &f->input,
        .metric = &f->metric,
        .is_value = !f->is_field,
        .column = STR("figure"),
    };
    return figure_read(&c, &cell, &f->figure);
}

static bool read(Fixture *f, const char *text) {
    return read_kind(f, text, CELL_TEXT);
}

static void assert_reads(Fixture *f, const char *text, const char *number) {
    assert_true(read(f, text));
    assert_int_equal(f->figure.why, 0);
    Buf out = {0};
    number_print(&out, f->figure.number);
    buf_char(&out, '\0');
    assert_string_equal(out.s, number);
    buf_free(&out);
}

static void assert_missing(Fixture *f, const char *text, Reason reason) {
    assert_true(read(f, text));
    assert_int_equal(f->figure.why, WHY(reason));
    assert_true(number_is_zero(f->figure.number));
}

static const Diag *last(const Fixture *f) {
    assert_true(f->d.diags.n > 0);
    return &f->d.diags.v[f->d.diags.n - 1];
}

static bool contains(Str text, const char *part) {
    size_t len = strlen(part);
    return len == 0 || (text.s && memmem(text.s, text.len, part, len));
}

static void assert_refused(Fixture *f, const char *text, DiagCode code, const char *hint) {
    size_t n = f->d.n_errors;
    assert_false(read(f, text));
    assert_int_equal(f->d.n_errors, n + 1);
    assert_int_equal(last(f)->code, code);
    assert_int_equal(last(f)->place.line, 7);
    assert_int_equal(last(f)->place.column, 3);
    if (!contains(last(f)->hint, hint)) {
        fail_msg("hint of %s: %.*s", text, STR_ARG(last(f)->hint));
    }
}

static void plain_numbers_are_exact(void **state) {
    (void)state;
    Fixture f;
    begin(&f, UNIT_NONE);
    assert_reads(&f, "26.4", "26.4");
    assert_reads(&f, "-0.05", "-0.05");
    assert_reads(&f, "+7", "7");
    assert_reads(&f, "007", "7");
    assert_reads(&f, "78.400000000000006", "78.400000000000006");
    assert_reads(&f, "123456789012345678901234567890.5", "123456789012345678901234567890.5");
    finish(&f);
}

static void blanks_and_no_break_spaces_round_a_number_are_passed_over(void **state) {
    (void)state;
    Fixture f;
    begin(&f, UNIT_NONE);
    assert_reads(&f, "  26.4\t", "26.4");
    assert_reads(&f,
                 "\xC2\xA0"
                 "26.4\xC2\xA0",
                 "26.4");
    finish(&f);
}

static void the_typographic_minus_is_read(void **state) {
    (void)state;
    Fixture f;
    begin(&f, UNIT_NONE);
    assert_reads(&f,
                 "\xE2\x88\x92"
                 "5.2",
                 "-5.2");
    finish(&f);
}

static void declared_symbols_are_missing_with_their_reason(void **state) {
    (void)state;
    Fixture f;
    begin(&f, UNIT_PERCENT);
    MissingSymbol missing[] = {{STR("c"), REASON_SUPPRESSED},
                               {STR("z"), REASON_NOT_APPLICABLE},
                               {STR("low"), REASON_LOW_RELIABILITY},
                               {STR("-999"), REASON_NOT_AVAILABLE},
                               {STR(""), REASON_NOT_AVAILABLE}};
    f.input.missing = missing;
    f.input.n_missing = 5;
    assert_missing(&f, "c", REASON_SUPPRESSED);
    assert_missing(&f, " z ", REASON_NOT_APPLICABLE);
    assert_missing(&f, "low", REASON_LOW_RELIABILITY);
    assert_missing(&f, "-999", REASON_NOT_AVAILABLE);
    assert_missing(&f, "", REASON_NOT_AVAILABLE);
    assert_missing(&f, " \xC2\xA0", REASON_NOT_AVAILABLE);
    assert_true(read_kind(&f, "", CELL_NULL));
    assert_int_equal(f.figure.why, WHY(REASON_NOT_AVAILABLE));
    assert_true(read_kind(&f, "", CELL_ABSENT));
    assert_int_equal(f.figure.why, WHY(REASON_NOT_AVAILABLE));
    assert_int_equal(f.d.n_errors, 0);
    finish(&f);
}

static void symbols_are_case_sensitive(void **state) {
    (void)state;
    Fixture f;
    begin(&f, UNIT_NONE);
    MissingSymbol missing[] = {{STR("c"), REASON_SUPPRESSED}};
    f.input.missing = missing;
    f.input.n_missing = 1;
    assert_refused(&f, "C", D_NOT_A_FIGURE, "missing \"C\" as suppressed");
    finish(&f);
}

static void an_undeclared_symbol_names_the_line_to_add(void **state) {
    (void)state;
    Fixture f;
    begin(&f, UNIT_NONE);
    assert_refused(&f, "c", D_NOT_A_FIGURE,
                   "`missing \"c\" as suppressed` to the input block `figures`");
    assert_refused(&f, "[z]", D_NOT_A_FIGURE, "missing \"[z]\" as not applicable");
    assert_refused(&f, "..", D_NOT_A_FIGURE, "missing \"..\" as not available");
    assert_refused(&f, "k", D_NOT_A_FIGURE, "missing \"k\" as low reliability");
    assert_refused(&f, "-", D_NOT_A_FIGURE, "missing \"-\" as not available");
    assert_refused(&f, "tbc", D_NOT_A_FIGURE, "missing \"tbc\" as not available");
    assert_refused(&f, "a \"b\"", D_NOT_A_FIGURE, "missing \"a \"\"b\"\"\" as");
    assert_true(contains(last(&f)->message, "\"a \"b\"\" in column \"figure\""));
    f.input.name = (Str){0};
    assert_refused(&f, "c", D_NOT_A_FIGURE, "to an input block (`bandstand inspect FILE`");
    finish(&f);
}

static void an_empty_cell_must_be_declared_too(void **state) {
    (void)state;
    Fixture f;
    begin(&f, UNIT_NONE);
    assert_refused(&f, "", D_FIGURE_EMPTY, "missing \"\" as not available");
    assert_refused(&f, "  ", D_FIGURE_EMPTY, "missing \"\" as not available");
    assert_false(read_kind(&f, "", CELL_NULL));
    assert_false(read_kind(&f, "", CELL_ABSENT));
    finish(&f);
}

static void truth_values_are_no_figures(void **state) {
    (void)state;
    Fixture f;
    begin(&f, UNIT_NONE);
    assert_false(read_kind(&f, "true", CELL_TRUTH));
    assert_int_equal(last(&f)->code, D_NOT_A_FIGURE);
    finish(&f);
}

static void a_shortened_number_is_refused_in_csv_and_read_in_json(void **state) {
    (void)state;
    Fixture f;
    begin(&f, UNIT_NONE);
    assert_refused(&f, "1.2E+05", D_NUMBER_SHORTENED, "format the column as a number");
    assert_refused(&f, "1e5", D_NUMBER_SHORTENED, "");
    assert_false(read_kind(&f, "1.2E+05", CELL_QUOTED));
    assert_true(read_kind(&f, "1.2E+05", CELL_NUMBER));
    assert_true(number_cmp(f.figure.number, number_int(120000)) == 0);
    finish(&f);
}

static void percent_signs_are_read_where_declared(void **state) {
    (void)state;
    Fixture f;
    begin(&f, UNIT_PERCENT);
    assert_refused(&f, "4.22%", D_NUMBER_STYLE, "`numbers with percent signs`");
    f.input.percent_signs = true;
    assert_reads(&f, "4.22%", "4.22");
    assert_reads(&f, "-4.22 %", "-4.22");
    assert_reads(&f, "4.22", "4.22");
    assert_refused(&f, "4.22%%", D_NOT_A_FIGURE, "");
    assert_refused(&f, "%", D_NOT_A_FIGURE, "");
    finish(&f);
}

static void a_percent_sign_needs_a_percent_metric(void **state) {
    (void)state;
    Fixture f;
    begin(&f, UNIT_RATIO);
    f.input.percent_signs = true;
    assert_refused(&f, "26.4%", D_SIGN_UNIT, "\"Share\" (share) is declared as ratio");
    f.is_field = true;
    assert_refused(&f, "26.4%", D_SIGN_UNIT, "");
    f.metric.unit.kind = UNIT_POINTS;
    assert_refused(&f, "26.4%", D_SIGN_UNIT, "points");
    finish(&f);
}

static void thousands_commas_are_read_where_declared(void **state) {
    (void)state;
    Fixture f;
    begin(&f, UNIT_COUNT);
    assert_refused(&f, "1,234", D_NUMBER_STYLE, "`numbers with thousands commas`");
    f.input.thousands_commas = true;
    assert_reads(&f, "1,234", "1234");
    assert_reads(&f, "-12,345,678", "-12345678");
    assert_reads(&f, "1,234.0", "1234");
    assert_reads(&f, "123", "123");
    static const char *const wrong[] = {"12,34", "1234,567", ",123", "1,,234", "1,234,", "1,23 4"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_refused(&f, wrong[i], D_NOT_A_FIGURE, "");
    }
    assert_refused(&f, "26,4", D_NOT_A_FIGURE, "decimal point");
    assert_refused(&f, "1 234", D_NUMBER_STYLE, "thousands spaces");
    finish(&f);
}

static void thousands_spaces_are_read_where_declared(void **state) {
    (void)state;
    Fixture f;
    begin(&f, UNIT_NONE);
    assert_refused(&f, "1 234", D_NUMBER_STYLE, "`numbers with thousands spaces`");
    f.input.thousands_spaces = true;
    assert_reads(&f, "1 234.5", "1234.5");
    assert_reads(&f,
                 "1\xC2\xA0"
                 "234\xC2\xA0"
                 "567",
                 "1234567");
    assert_reads(&f,
                 "1\xE2\x80\xAF"
                 "234",
                 "1234");
    assert_refused(&f, "1 23", D_NOT_A_FIGURE, "");
    finish(&f);
}

static void pound_signs_are_read_where_declared(void **state) {
    (void)state;
    Fixture f;
    begin(&f, UNIT_POUNDS);
    assert_refused(&f, "£12.50", D_NUMBER_STYLE, "`numbers with pound signs`");
    f.input.pound_signs = f.input.thousands_commas = true;
    assert_reads(&f, "£12.50", "12.5");
    assert_reads(&f, "-£1,200", "-1200");
    assert_reads(&f, "£-1,200", "-1200");
    assert_refused(&f, "-£-1", D_NOT_A_FIGURE, "");
    f.metric.unit.kind = UNIT_COUNT;
    assert_refused(&f, "£12", D_SIGN_UNIT, "declared as count");
    finish(&f);
}

static void points_need_digits_on_both_sides(void **state) {
    (void)state;
    Fixture f;
    begin(&f, UNIT_NONE);
    assert_refused(&f, ".5", D_NOT_A_FIGURE, "digits on both sides");
    assert_refused(&f, "5.", D_NOT_A_FIGURE, "digits on both sides");
    assert_refused(&f, "1.2.3", D_NOT_A_FIGURE, "");
    assert_refused(&f, "(5)", D_NOT_A_FIGURE, "");
    finish(&f);
}

static void declared_marks_are_kept(void **state) {
    (void)state;
    Fixture f;
    begin(&f, UNIT_PERCENT);
    MarkSymbol marks[] = {{STR("p"), MARK_PROVISIONAL},
                          {STR("[r]"), MARK_REVISED},
                          {STR("[e]"), MARK_ESTIMATED},
                          {STR("b"), MARK_BREAK}};
    MissingSymbol missing[] = {{STR("c"), REASON_SUPPRESSED}};
    f.input.marks = marks;
    f.input.n_marks = 4;
    f.input.missing = missing;
    f.input.n_missing = 1;
    f.input.percent_signs = true;
    assert_reads(&f, "26.4 p", "26.4");
    assert_int_equal(f.figure.marks, MARK_PROVISIONAL);
    assert_reads(&f, "26.4[r][e]", "26.4");
    assert_int_equal(f.figure.marks, MARK_REVISED | MARK_ESTIMATED);
    assert_reads(&f, "26.4%b", "26.4");
    assert_int_equal(f.figure.marks, MARK_BREAK);
    assert_missing(&f, "c [r]", REASON_SUPPRESSED);
    assert_int_equal(f.figure.marks, MARK_REVISED);
    assert_reads(&f, "26.4", "26.4");
    assert_int_equal(f.figure.marks, 0);
    assert_refused(&f, "p", D_FIGURE_EMPTY, "");
    assert_refused(&f, "stop", D_NOT_A_FIGURE, "");
    assert_true(contains(last(&f)->message, "\"stop\""));
    finish(&f);
}

static void the_longest_mark_counts(void **state) {
    (void)state;
    Fixture f;
    begin(&f, UNIT_NONE);
    MarkSymbol marks[] = {{STR("e"), MARK_ESTIMATED}, {STR("pe"), MARK_PROVISIONAL}};
    f.input.marks = marks;
    f.input.n_marks = 2;
    assert_reads(&f, "12pe", "12");
    assert_int_equal(f.figure.marks, MARK_PROVISIONAL);
    finish(&f);
}

static void an_undeclared_mark_names_the_line_to_add(void **state) {
    (void)state;
    Fixture f;
    begin(&f, UNIT_NONE);
    assert_refused(&f, "26.4 p", D_NOT_A_FIGURE, "`mark \"p\" as provisional`");
    assert_refused(&f, "26.4[b]", D_NOT_A_FIGURE, "`mark \"[b]\" as break in series`");
    finish(&f);
}

static void a_value_outside_the_range_is_missing_with_a_warning(void **state) {
    (void)state;
    Fixture f;
    begin(&f, UNIT_PERCENT);
    f.metric.has_range = true;
    f.metric.low = number_int(0);
    f.metric.high = number_int(100);
    assert_reads(&f, "0", "0");
    assert_reads(&f, "100", "100");
    assert_int_equal(f.d.n_warnings, 0);
    assert_missing(&f, "100.2", REASON_OUT_OF_RANGE);
    assert_missing(&f, "-0.1", REASON_OUT_OF_RANGE);
    assert_int_equal(f.d.n_warnings, 2);
    assert_int_equal(f.d.n_errors, 0);
    assert_int_equal(last(&f)->code, D_OUT_OF_RANGE);
    assert_int_equal(last(&f)->place.line, 7);
    assert_true(contains(last(&f)->message, "\"-0.1\" is outside the range 0 to 100"));
    f.is_field = true;
    assert_reads(&f, "100.2", "100.2");
    finish(&f);
}

static void percentages_above_a_hundred_are_read_without_a_range(void **state) {
    (void)state;
    Fixture f;
    begin(&f, UNIT_PERCENT);
    assert_reads(&f, "100.2", "100.2");
    assert_int_equal(f.d.n_warnings, 0);
    finish(&f);
}

static void a_count_is_whole(void **state) {
    (void)state;
    Fixture f;
    begin(&f, UNIT_COUNT);
    assert_reads(&f, "12.0", "12");
    assert_refused(&f, "12.5", D_COUNT_NOT_WHOLE, "\"Share\" (share)");
    f.is_field = true;
    assert_reads(&f, "12.5", "12.5");
    finish(&f);
}

static void too_many_digits_are_an_error(void **state) {
    (void)state;
    Fixture f;
    begin(&f, UNIT_NONE);
    char text[2100];
    memset(text, '7', 1001);
    text[1001] = '\0';
    assert_refused(&f, text, D_NUMBER_TOO_LONG, "");
    f.input.thousands_commas = true;
    for (size_t i = 0; i < 2001; i++) {
        text[i] = i % 4 == 1 ? ',' : '7';
    }
    text[2001] = '\0';
    assert_refused(&f, text, D_NUMBER_TOO_LONG, "");
    assert_false(read_kind(&f, "1e2000", CELL_NUMBER));
    assert_int_equal(last(&f)->code, D_NUMBER_TOO_LONG);
    finish(&f);
}

static void the_longest_number_is_read_with_separators_too(void **state) {
    (void)state;
    Fixture f;
    begin(&f, UNIT_NONE);
    f.input.thousands_commas = true;
    char text[1400];
    size_t len = 0;
    for (size_t i = 0; i < 999; i++) {
        if (i > 0 && i % 3 == 0) {
            text[len++] = ',';
        }
        text[len++] = '7';
    }
    memcpy(text + len, ".5", 3);
    assert_true(read(&f, text));
    assert_int_equal(f.figure.why, 0);
    memcpy(text + len, ".55", 4);
    assert_refused(&f, text, D_NUMBER_TOO_LONG, "");
    finish(&f);
}

static void long_cells_are_quoted_in_part(void **state) {
    (void)state;
    Fixture f;
    begin(&f, UNIT_NONE);
    char text[400];
    memset(text, 'x', 59);
    for (size_t i = 59; i < 399; i += 2) {
        memcpy(text + i, "é", 2);
    }
    text[399] = '\0';
    assert_refused(&f, text, D_NOT_A_FIGURE, "right column");
    assert_true(last(&f)->message.len < 200);
    assert_int_equal(str_utf8_prefix(last(&f)->message), last(&f)->message.len);
    finish(&f);
}

static void a_metric_without_a_label_is_named_by_its_name(void **state) {
    (void)state;
    Fixture f;
    begin(&f, UNIT_NONE);
    assert_true(str_eq(figure_metric(&f.arena, &f.metric), STR("\"Share\" (share)")));
    f.metric.label = (Str){0};
    assert_true(str_eq(figure_metric(&f.arena, &f.metric), STR("`share`")));
    finish(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_numbers_are_exact),
        cmocka_unit_test(blanks_and_no_break_spaces_round_a_number_are_passed_over),
        cmocka_unit_test(the_typographic_minus_is_read),
        cmocka_unit_test(declared_symbols_are_missing_with_their_reason),
        cmocka_unit_test(symbols_are_case_sensitive),
        cmocka_unit_test(an_undeclared_symbol_names_the_line_to_add),
        cmocka_unit_test(an_empty_cell_must_be_declared_too),
        cmocka_unit_test(truth_values_are_no_figures),
        cmocka_unit_test(a_shortened_number_is_refused_in_csv_and_read_in_json),
        cmocka_unit_test(percent_signs_are_read_where_declared),
        cmocka_unit_test(a_percent_sign_needs_a_percent_metric),
        cmocka_unit_test(thousands_commas_are_read_where_declared),
        cmocka_unit_test(thousands_spaces_are_read_where_declared),
        cmocka_unit_test(pound_signs_are_read_where_declared),
        cmocka_unit_test(points_need_digits_on_both_sides),
        cmocka_unit_test(declared_marks_are_kept),
        cmocka_unit_test(the_longest_mark_counts),
        cmocka_unit_test(an_undeclared_mark_names_the_line_to_add),
        cmocka_unit_test(a_value_outside_the_range_is_missing_with_a_warning),
        cmocka_unit_test(percentages_above_a_hundred_are_read_without_a_range),
        cmocka_unit_test(a_count_is_whole),
        cmocka_unit_test(too_many_digits_are_an_error),
        cmocka_unit_test(the_longest_number_is_read_with_separators_too),
        cmocka_unit_test(long_cells_are_quoted_in_part),
        cmocka_unit_test(a_metric_without_a_label_is_named_by_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
