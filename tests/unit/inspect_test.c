// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/metric_file.h"

#include <json-c/json.h>

#include "runtime/edges/inspect.h"
#include "runtime/edges/inspect_profile.h"

static bool write_to_buf(void *context, const char *s, size_t len) {
    buf_put(context, (Str){s, len});
    return true;
}

static bool write_nothing(void *context, const char *s, size_t len) {
    (void)context;
    (void)s;
    (void)len;
    return false;
}

static bs_code inspect_content(Str content, const char *suffix, InspectOptions o, Buf *out) {
    MetricFile f = write_file(content, suffix);
    Arena arena;
    arena_init(&arena, 0);
    DiagList d;
    diag_init(&d, &arena);
    bs_sink sink = {.write = write_to_buf, .context = out};
    bs_code code = inspect_file(&d, str_from(f.path), &o, &sink);
    put_diagnostics(out, &d);
    buf_char(out, '\0');
    assert_false(out->failed);
    arena_free(&arena);
    unlink(f.path);
    return code;
}

static void assert_has(const Buf *b, const char *wanted) {
    if (!strstr(b->s, wanted))
        fail_msg("not found: %s\nin:\n%s", wanted, b->s);
}

static void assert_lacks(const Buf *b, const char *unwanted) {
    if (strstr(b->s, unwanted))
        fail_msg("found: %s\nin:\n%s", unwanted, b->s);
}

static Buf inspect_csv(const char *content) {
    Buf b = {0};
    assert_int_equal(inspect_content(str_from(content), ".csv", (InspectOptions){0}, &b), BS_OK);
    return b;
}

static void assert_rows(const char *content, InspectOptions o, const char *expected) {
    Buf b = {0};
    o.rows = true;
    assert_int_equal(inspect_content(str_from(content), "", o, &b), BS_OK);
    assert_string_equal(b.s, expected);
    buf_free(&b);
}

// ---- summary ------------------------------------------------------------------------------------

static const char wide[] = "time_period,geographic_level,la_name,referral_count,rate_percent\n"
                           "2024,National,,\"1,200\",20.5\n"
                           "2024,Local authority,Sefton,100,c\n"
                           "2024,Local authority,Knowsley,90,19.25\n"
                           "2025,Local authority,Sefton,z,18 \n"
                           "2025,Local authority,Knowsley,80,x\n";

static void a_wide_file_gets_a_block_that_fits_it(void **state) {
    (void)state;
    Buf b = inspect_csv(wide);
    assert_has(&b, "CSV with comma, utf-8: 5 rows, 5 columns");
    assert_has(&b, "  layout   wide\n"
                   "  entity   column \"la_name\"\n"
                   "  period   column \"time_period\"\n"
                   "  where    \"geographic_level\" is \"Local authority\"\n"
                   "  missing  \"z\" as not applicable\n"
                   "  missing  \"c\" as suppressed\n"
                   "  missing  \"x\" as not available\n"
                   "  numbers  with thousands commas\n"
                   "end\n\n"
                   "metric referral_count \"referral count\" count from column \"referral_count\"\n"
                   "metric rate_percent \"rate percent\" percent from column \"rate_percent\"\n");
    buf_free(&b);
}

static void columns_are_described(void **state) {
    (void)state;
    Buf b = inspect_csv(wide);
    assert_has(&b, "Entities: 2 in \"la_name\"");
    assert_has(&b, "Periods: 2 in \"time_period\", 2024 to 2025 (kind: year)");
    assert_has(&b,
               "4 figures, whole, 80 to 1200, with thousands commas; \"z\" 1 time (usually: not "
               "applicable)");
    assert_has(&b, "3 figures, 2 decimals, 18 to 20.5;");
    assert_has(&b, "blanks at an end 1 time");
    assert_lacks(&b, "What to look at");
    buf_free(&b);
}

static void a_long_file_gets_a_line_for_each_metric(void **state) {
    (void)state;
    Buf b = inspect_csv("area,month,measure,value,numerator\n"
                        "Sefton,2023-04,CPP (%),26.4%,12\n"
                        "Sefton,2023-05,CPP (%),-,13\n"
                        "Sefton,2023-05,Value,7%,14\n");
    assert_has(&b, "  layout   long\n"
                   "  entity   column \"area\"\n"
                   "  period   column \"month\"\n"
                   "  metric   column \"measure\"\n"
                   "  value    column \"value\"\n"
                   "  field    numerator column \"numerator\"\n"
                   "  missing  \"-\" as not available\n"
                   "  numbers  with percent signs\n"
                   "end\n");
    assert_has(&b, "metric cpp \"CPP (%)\" percent from id \"CPP (%)\"\n");
    assert_has(&b, "metric m_value \"Value\" from id \"Value\"");
    buf_free(&b);
}

static void a_snapshot_gets_current_previous_and_comparator(void **state) {
    (void)state;
    Buf b = inspect_csv("metric,previous,current,stat_neighbour_avg\nA,1,2,\nB,3,4,5.5\n");
    assert_has(&b, "  layout   snapshot\n"
                   "  # entity \"Name\"   (no column names the entities: say whose figures they "
                   "are)\n"
                   "  # period 2023-05   (no column holds periods: say which it is)\n"
                   "  metric   column \"metric\"\n"
                   "  current  column \"current\"\n"
                   "  previous column \"previous\"\n"
                   "  field    comparator column \"stat_neighbour_avg\"\n"
                   "  missing  \"\" as not available\n"
                   "end\n");
    buf_free(&b);
}

static void days_that_begin_months_are_read_as_months(void **state) {
    (void)state;
    Buf b = inspect_csv("period,org_code,breaches\n2017-03-01,RF4,1\n2017-04-01,RF4,2\n");
    assert_has(&b, "  period   column \"period\" as month\n");
    buf_free(&b);
    b = inspect_csv("period,org_code,breaches\n2017-03-02,RF4,1\n2017-04-01,RF4,2\n");
    assert_has(&b, "  period   column \"period\"\n");
    buf_free(&b);
}

static void repeated_rows_name_the_column_that_divides_them(void **state) {
    (void)state;
    Buf b = inspect_csv("year,area,type,n\n2023,A,x,1\n2023,A,y,2\n2024,A,x,3\n2024,B,y,3\n");
    assert_has(&b, "1 row repeats the entity and period of another; what differs is \"type\"");
    assert_has(&b, "  # where  \"type\" is ");
    assert_lacks(&b, "told apart by nothing");
    buf_free(&b);
    b = inspect_csv("year,area,type,n\n2023,A,x,1\n2023,A,x,2\n2024,A,y,3\n");
    assert_has(&b, "1 row is told apart by nothing: line 3 repeats line 2");
    buf_free(&b);
}

static void ragged_rows_and_odd_headers_are_told(void **state) {
    (void)state;
    Buf b = inspect_csv("area,n,n,\nA,1,2,3,4\nB,1\nC,1,2,3\n");
    assert_has(&b, "1 row ends before the last column, first on line 3");
    assert_has(&b, "1 row has more cells than the header, first on line 2");
    assert_has(&b, "the header names \"n\" 2 times");
    assert_has(&b, "1 column has no name");
    buf_free(&b);
}

static void texts_among_figures_are_told_with_their_line(void **state) {
    (void)state;
    Buf b = inspect_csv("area,n\nA,1\nB,2\nC,a third\nD,1.2E+05\nE,3.\n");
    assert_has(&b, "\"n\" holds texts among its figures: \"a third\" (line 4), \"3.\" (line 6)");
    assert_has(&b, "1 figure of \"n\" was shortened by a spreadsheet");
    assert_has(&b, "  # missing \"a third\" as ");
    buf_free(&b);
}

static void period_labels_that_are_not_read_are_told(void **state) {
    (void)state;
    Buf b = inspect_csv("area,period,n\nA,2024-08/2024-09,1\n");
    assert_has(&b, "\"2024-08/2024-09\" on line 2 of \"period\" is not read as a period");
    buf_free(&b);
    b = inspect_csv("area,period,n\nA,2024-08,1\nB,2024-09,2\nC,2024-Q1,2\n");
    assert_has(&b, "mixes kinds of periods: mostly months, but \"2024-Q1\" on line 4 is a quarter");
    buf_free(&b);
}

static void a_table_without_figures_gets_no_block(void **state) {
    (void)state;
    Buf b = inspect_csv("measure,good\nA,65-75\nB,85+\n");
    assert_has(&b, "no column holds figures");
    assert_lacks(&b, "To start from");
    buf_free(&b);
}

static void symbols_have_their_usual_meaning(void **state) {
    (void)state;
    assert_true(str_eq(symbol_words(STR("c")), STR("suppressed")));
    assert_true(str_eq(symbol_words(STR("")), STR("not available")));
    assert_int_equal(symbol_words(STR("a third")).len, 0);
}

static void figures_are_read_however_they_are_written(void **state) {
    (void)state;
    static const struct {
        const char *text, *value;
    } cases[] = {
        {"26.40", "26.4"},
        {"-3", "-3"},
        {"\xE2\x88\x92"
         "3",
         "-3"},
        {"1,234,567.5", "1234567.5"},
        {"1 234", "1234"},
        {"\xC2\xA3"
         "1,200",
         "1200"},
        {"4.22 %", "4.22"},
        {"1e3", "1000"},
        {"12,34", NULL},
        {"1,2345", NULL},
        {"1,234.", NULL},
        {",123", NULL},
        {"1,,234", NULL},
        {"", NULL},
        {"%", NULL},
        {"x", NULL},
        {"16-25", NULL},
        {"1.234,5", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Arena arena;
        arena_init(&arena, 0);
        Figure f = profile_figure(&arena, str_from(cases[i].text), CELL_TEXT);
        assert_int_equal(f.is_figure, cases[i].value != NULL);
        Buf b = {0};
        if (f.is_figure) {
            number_print(&b, f.number);
            buf_char(&b, '\0');
            assert_string_equal(b.s, cases[i].value);
        }
        buf_free(&b);
        arena_free(&arena);
    }
}

static const char *member(json_object *o, const char *key) {
    json_object *value = NULL;
    assert_true(json_object_object_get_ex(o, key, &value));
    return json_object_get_string(value);
}

static void the_summary_as_json_holds_the_same(void **state) {
    (void)state;
    Buf b = {0};
    assert_int_equal(inspect_content(str_from(wide), ".csv", (InspectOptions){.json = true}, &b),
                     BS_OK);
    json_object *o = json_tokener_parse(b.s), *columns = NULL;
    assert_non_null(o);
    assert_string_equal(member(o, "layout"), "wide");
    assert_string_equal(member(o, "entity_column"), "la_name");
    assert_string_equal(member(o, "rows"), "5");
    assert_non_null(strstr(member(o, "input"), "  entity   column \"la_name\"\n"));
    assert_true(json_object_object_get_ex(o, "columns", &columns));
    assert_int_equal(json_object_array_length(columns), 5);
    assert_string_equal(member(json_object_array_get_idx(columns, 4), "most"), "20.5");
    json_object_put(o);
    buf_free(&b);
}

// ---- rows ---------------------------------------------------------------------------------------

static void rows_as_json_are_objects_of_verbatim_texts(void **state) {
    (void)state;
    assert_rows(
        "a;b\n1,50;\" x \"\"y\"\"\n\t\"\n007;\n", (InspectOptions){.json = true},
        "[\n{\"a\":\"1,50\",\"b\":\" x \\\"y\\\"\\n\\t\"},\n{\"a\":\"007\",\"b\":\"\"}\n]\n");
    assert_rows("[{\"a\":1.50,\"b\":null},{\"c\":true}]", (InspectOptions){.json = true},
                "[\n{\"a\":\"1.50\",\"b\":null},\n{\"c\":\"true\"}\n]\n");
}

static void rows_without_a_header_are_arrays(void **state) {
    (void)state;
    assert_rows("a,b\n1\n1,2,3\n", (InspectOptions){.json = true, .no_header = true},
                "[\n[\"a\",\"b\"],\n[\"1\"],\n[\"1\",\"2\",\"3\"]\n]\n");
}

static void cells_without_a_name_of_their_own_are_called_by_their_column(void **state) {
    (void)state;
    assert_rows(
        "a,a,\n1,2,3,4\n", (InspectOptions){.json = true},
        "[\n{\"a\":\"1\",\"a (column 2)\":\"2\",\"column 3\":\"3\",\"column 4\":\"4\"}\n]\n");
}

static void no_rows_are_an_empty_array(void **state) {
    (void)state;
    assert_rows("a,b\n", (InspectOptions){.json = true}, "[]\n");
}

static void rows_as_csv_read_back_as_they_were(void **state) {
    (void)state;
    assert_rows("a\tb\n\"x,\"\"\n\"\t1,2\n\"\"\t\n", (InspectOptions){0},
                "a,b\n\"x,\"\"\n\",\"1,2\"\n,\n");
    assert_rows("a\n\"\"\n", (InspectOptions){0}, "a\n\"\"\n");
    assert_rows("1,2\n3\n", (InspectOptions){.no_header = true}, "1,2\n3\n");
}

static void a_fault_ends_the_rows_with_a_finding(void **state) {
    (void)state;
    Buf b = {0};
    InspectOptions o = {.rows = true, .json = true};
    assert_int_equal(inspect_content(STR("a\n1\n\"x\n"), ".csv", o, &b), BS_INVALID);
    assert_string_equal(b.s, "[\n{\"a\":\"1\"}]\nB706 3:1\n");
    buf_free(&b);
    o = (InspectOptions){0};
    assert_int_equal(inspect_content(STR("a\n1\n\"x\n"), ".csv", o, &b), BS_INVALID);
    assert_string_equal(b.s, "B706 3:1\n");
    buf_free(&b);
}

static void a_sink_that_refuses_stops(void **state) {
    (void)state;
    MetricFile f = write_file(STR("a\n1\n"), ".csv");
    Arena arena;
    arena_init(&arena, 0);
    DiagList d;
    diag_init(&d, &arena);
    bs_sink sink = {.write = write_nothing};
    InspectOptions o = {.rows = true};
    assert_int_equal(inspect_file(&d, str_from(f.path), &o, &sink), BS_STOPPED);
    o.rows = false;
    assert_int_equal(inspect_file(&d, str_from(f.path), &o, &sink), BS_STOPPED);
    arena_free(&arena);
    unlink(f.path);
}

static void memory_that_runs_out_is_an_error(void **state) {
    (void)state;
    MetricFile f = write_file(str_from(wide), ".csv");
    bool finished = false;
    for (size_t n = 1; n < 5000 && !finished; n++) {
        Arena arena;
        arena_init(&arena, 0);
        DiagList d;
        diag_init(&d, &arena);
        Buf out = {0};
        bs_sink sink = {.write = write_to_buf, .context = &out};
        InspectOptions o = {.json = n % 2 == 0};
        arena_fail_after(n);
        bs_code code = inspect_file(&d, str_from(f.path), &o, &sink);
        arena_fail_after(0);
        // An arena that was not told to fail lets everything through.
        finished = code == BS_OK;
        assert_true(code == BS_OK || out.len == 0);
        buf_free(&out);
        arena_free(&arena);
    }
    assert_true(finished);
    unlink(f.path);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wide_file_gets_a_block_that_fits_it),
        cmocka_unit_test(columns_are_described),
        cmocka_unit_test(a_long_file_gets_a_line_for_each_metric),
        cmocka_unit_test(a_snapshot_gets_current_previous_and_comparator),
        cmocka_unit_test(days_that_begin_months_are_read_as_months),
        cmocka_unit_test(repeated_rows_name_the_column_that_divides_them),
        cmocka_unit_test(ragged_rows_and_odd_headers_are_told),
        cmocka_unit_test(texts_among_figures_are_told_with_their_line),
        cmocka_unit_test(period_labels_that_are_not_read_are_told),
        cmocka_unit_test(a_table_without_figures_gets_no_block),
        cmocka_unit_test(symbols_have_their_usual_meaning),
        cmocka_unit_test(figures_are_read_however_they_are_written),
        cmocka_unit_test(the_summary_as_json_holds_the_same),
        cmocka_unit_test(rows_as_json_are_objects_of_verbatim_texts),
        cmocka_unit_test(rows_without_a_header_are_arrays),
        cmocka_unit_test(cells_without_a_name_of_their_own_are_called_by_their_column),
        cmocka_unit_test(no_rows_are_an_empty_array),
        cmocka_unit_test(rows_as_csv_read_back_as_they_were),
        cmocka_unit_test(a_fault_ends_the_rows_with_a_finding),
        cmocka_unit_test(a_sink_that_refuses_stops),
        cmocka_unit_test(memory_that_runs_out_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
