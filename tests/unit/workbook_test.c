// SPDX-License-Identifier: Apache-2.0
// Workbooks as tables, and workbooks that are none.
#include "tests/unit/workbook_fixture.h"

#include "runtime/edges/workbook_sheet.h"

// The rows as "2: <a> <b>", a cell that cannot be used as "!", then findings as "B771 0:0".
static Buf read_workbook(MetricFile f, const char *sheet) {
    Arena arena;
    arena_init(&arena, 0);
    DiagList d;
    diag_init(&d, &arena);
    Buf out = {0};
    ImportTable t;
    uint32_t file = diag_file(&d, str_from(f.path), (Str){0});
    bool ok = import_table_read(&t, &arena, &d, file, str_from(f.path), str_from(sheet),
                                &(RecordsOptions){0});
    for (size_t i = 0; ok && i < t.rows.n; i++) {
        buf_printf(&out, "%u:", t.rows.v[i].line);
        for (size_t k = 0; k < t.rows.v[i].n; k++) {
            const ImportText *cell = &t.rows.v[i].cells[k];
            if (cell->trouble)
                buf_puts(&out, " !");
            else
                buf_printf(&out, " <%.*s>", STR_ARG(cell->text));
        }
        buf_char(&out, '\n');
    }
    put_diagnostics(&out, &d);
    assert_int_equal(ok, d.n_errors == 0);
    arena_free(&arena);
    unlink(f.path);
    return out;
}

static void assert_sheet(const char *rows, const char *expected) {
    assert_text(read_workbook(write_sheet(rows), ""), expected);
}

static void assert_parts(const WorkbookPart *parts, size_t n, const char *expected) {
    assert_text(read_workbook(write_workbook(parts, n), ""), expected);
}

static void texts_are_read_wherever_they_stand(void **state) {
    (void)state;
    assert_sheet(
        XL_SHEET("<row r=\"2\"><c r=\"A2\" t=\"s\"><v>0</v></c><c r=\"C2\" t=\"s\"><v>1</v>"
                 "</c></row><row r=\"9\"><c r=\"B9\" t=\"inlineStr\"><is><r><t>in</t></r>"
                 "<r><t>line</t></r></is></c><c r=\"C9\" t=\"str\"><f>A2</f><v>text</v></c>"
                 "<c t=\"b\"><v>1</v></c><c t=\"e\"><v>#N/A</v></c></row>"),
        "2: <Measure> <> <Good>\n9: <> <inline> <text> <TRUE> <#N/A>\n");
}

static void numbers_have_15_digits_and_no_binary_tail(void **state) {
    (void)state;
    assert_sheet(
        XL_SHEET("<row><c><v>19.989999999999998</v></c><c><v>85</v></c><c><v>1.5E-2</v></c>"
                 "<c><v>78.400000000000006</v></c><c><v>-3</v></c></row>"),
        "1: <19.99> <85> <0.015> <78.4> <-3>\n");
}

static void percentages_are_times_100_with_their_sign(void **state) {
    (void)state;
    assert_sheet(XL_SHEET("<row><c s=\"1\"><v>0.85</v></c><c s=\"3\"><v>0.57999999999999996</v></c>"
                          "<c s=\"1\" t=\"s\"><v>2</v></c><c s=\"5\"><v>5</v></c></row>"),
                 "1: <85%> <58%> < 85+ > <5>\n");
}

static void dates_and_formulas_without_result_cannot_be_used(void **state) {
    (void)state;
    assert_sheet(XL_SHEET("<row><c s=\"2\"><v>45580</v></c><c s=\"4\"><v>0.5</v></c><c "
                          "t=\"d\"><v>2024-10-15</v></c><c><f>1+1</f></c><c s=\"2\"/></row>"),
                 "1: ! ! ! ! <>\n");
}

static void format_codes_tell_dates_and_percentages(void **state) {
    (void)state;
    assert_int_equal(format_of_code(STR("0.0%")), FORMAT_PERCENT);
    assert_int_equal(format_of_code(STR("dd/mm/yyyy")), FORMAT_DATE);
    assert_int_equal(format_of_code(STR("[mm]:ss")), FORMAT_DATE);
    assert_int_equal(format_of_code(STR("General")), FORMAT_PLAIN);
    assert_int_equal(format_of_code(STR("0\" days\"")), FORMAT_PLAIN);
    assert_int_equal(format_of_code(STR("0\\d")), FORMAT_PLAIN);
    assert_int_equal(format_of_code(STR("[$-409]0.00")), FORMAT_PLAIN);
    assert_int_equal(format_of_code(STR("0;dd")), FORMAT_PLAIN);
    assert_int_equal(format_of_code(STR("\"")), FORMAT_PLAIN);
    assert_int_equal(format_of_code(STR("[")), FORMAT_PLAIN);
    assert_int_equal(format_of_code(STR("\\")), FORMAT_PLAIN);
}

static void a_sheet_is_found_by_its_name(void **state) {
    (void)state;
    assert_text(read_workbook(write_sheet(XL_SHEET("")), "Other one"), "1: <second>\n");
    assert_text(read_workbook(write_sheet(XL_SHEET("")), "other"), "B772 0:0\n");
}

static void sheets_of_figures_are_no_workbook(void **state) {
    (void)state;
    MetricFile f = write_file(STR("a,b\n"), ".csv");
    assert_text(read_workbook(f, "Plan"), "B772 0:0\n");
    f = write_file(STR("\xD0\xCF\x11\xE0\xA1\xB1"), ".xls");
    assert_text(read_workbook(f, ""), "B771 0:0\n");
    f = write_file(STR("PK\x03\x04 and no more"), ".xlsx");
    assert_text(read_workbook(f, ""), "B771 0:0\n");
}

static void damaged_sheets_are_refused(void **state) {
    (void)state;
    static const char *const sheets[] = {
        "",
        "<worksheet>",
        "<worksheet><sheetData></worksheet>",
        "no XML",
        XL_SHEET("<row><c t=\"s\"><v>99</v></c></row>"),
        XL_SHEET("<row><c t=\"s\"><v>x</v></c></row>"),
        XL_SHEET("<row><c><v>12x</v></c></row>"),
        XL_SHEET("<row><c><v></v></c></row>"),
        XL_SHEET("<row r=\"2\"/><row r=\"1\"/>"),
        XL_SHEET("<row r=\"x\"/>"),
        XL_SHEET("<row r=\"1\"><c r=\"B1\"/><c r=\"A1\"/></row>"),
        XL_SHEET("<row r=\"1\"><c r=\"A2\"/></row>"),
        XL_SHEET("<row r=\"1\"><c r=\"1\"/></row>"),
        "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]>" XL_SHEET(
            "<row><c t=\"inlineStr\"><is><t>&b;</t></is></c></row>"),
    };
    for (size_t i = 0; i < sizeof sheets / sizeof *sheets; i++)
        assert_sheet(sheets[i], "B771 0:0\n");
}

static void parts_that_are_not_there_are_named(void **state) {
    (void)state;
    WorkbookPart none[] = {{"x", "y"}}, top[] = {XL_TOP}, empty[] = {{"_rels/.rels", "<r/>"}};
    WorkbookPart no_sheet[] = {XL_TOP, XL_WORKBOOK, XL_WORKBOOK_RELATIONS, XL_STRINGS, XL_STYLES};
    WorkbookPart no_relations[] = {XL_TOP, XL_WORKBOOK};
    assert_parts(none, 1, "B771 0:0\n");
    assert_parts(top, 1, "B771 0:0\n");
    assert_parts(empty, 1, "B771 0:0\n");
    assert_parts(no_sheet, 5, "B771 0:0\n");
    assert_parts(no_relations, 2, "B771 0:0\n");
}

static void too_many_columns_are_refused(void **state) {
    (void)state;
    assert_sheet(XL_SHEET("<row r=\"1\"><c r=\"ALL1\"/></row>"), "");
    assert_sheet(XL_SHEET("<row r=\"1\"><c r=\"ALM1\"/></row>"), "B770 1:0\n");
    assert_sheet(XL_SHEET("<row r=\"1\"><c r=\"ZZZZZZ1\"/></row>"), "B771 0:0\n");
}

// A hundred kilobytes that unpack to more than a part may have.
static void a_part_that_unpacks_without_end_is_refused(void **state) {
    (void)state;
    size_t len = (size_t)WORKBOOK_MAX_PART + 100;
    char *sheet = malloc(len + 1);
    assert_non_null(sheet);
    memset(sheet, ' ', len);
    memcpy(sheet, "<worksheet>", strlen("<worksheet>"));
    sheet[len] = '\0';
    assert_sheet(sheet, "B770 0:0\n");
    free(sheet);
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    MetricFile f =
        write_sheet(XL_SHEET("<row><c t=\"s\"><v>0</v></c><c s=\"3\"><v>0.5</v></c></row>"));
    bool ok = false;
    for (size_t n = 1; !ok && n < 1000; n++) {
        Arena arena, findings;
        arena_init(&arena, 0);
        arena_init(&findings, 0);
        DiagList d;
        diag_init(&d, &findings);
        uint32_t file = diag_file(&d, str_from(f.path), (Str){0});
        ImportTable t;
        arena_fail_after(n);
        ok = import_table_read(&t, &arena, &d, file, str_from(f.path), STR(""),
                               &(RecordsOptions){0});
        arena_fail_after(0);
        assert_true(ok || d.n_errors > 0);
        assert_int_equal(ok, !arena.failed);
        arena_free(&arena);
        arena_free(&findings);
    }
    assert_true(ok);
    unlink(f.path);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_read_wherever_they_stand),
        cmocka_unit_test(numbers_have_15_digits_and_no_binary_tail),
        cmocka_unit_test(percentages_are_times_100_with_their_sign),
        cmocka_unit_test(dates_and_formulas_without_result_cannot_be_used),
        cmocka_unit_test(format_codes_tell_dates_and_percentages),
        cmocka_unit_test(a_sheet_is_found_by_its_name),
        cmocka_unit_test(sheets_of_figures_are_no_workbook),
        cmocka_unit_test(damaged_sheets_are_refused),
        cmocka_unit_test(parts_that_are_not_there_are_named),
        cmocka_unit_test(too_many_columns_are_refused),
        cmocka_unit_test(a_part_that_unpacks_without_end_is_refused),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
