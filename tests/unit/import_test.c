// SPDX-License-Identifier: Apache-2.0
// Published tables as rule files, by way of the library: what comes out is read by the compiler.
#include "tests/unit/metric_file.h"

#include <bandstand.h>

#include "tests/unit/random.h"

static const char scales[] = "scale rag\n  red \"Red\" symbol \"R\"\n  amber \"Amber\"\n"
                             "  green \"Green\"\nend\n"
                             "scale ofsted\n  inadequate \"Inadequate\"\n"
                             "  requires_improvement \"Requires improvement\" symbol \"RI\"\n"
                             "  good \"Good\"\n  outstanding \"Outstanding\"\n"
                             "  outstanding, good -> green\n  requires_improvement -> amber\n"
                             "  inadequate -> red\nend\n";

static bool write_to_buf(void *context, const char *s, size_t len) {
    buf_put(context, (Str){s, len});
    return true;
}

static bs_session *open_session(void) {
    bs_session *s = bs_open();
    assert_non_null(s);
    assert_int_equal(bs_add_rules_text(s, "scales.rag", scales, strlen(scales)), BS_OK);
    return s;
}

// Codes of what the compiler finds in the rules [text], as "B503 B404".
static Buf check_rules(Str text) {
    bs_session *s = open_session();
    Buf codes = {0};
    bs_add_rules_text(s, "imported.rag", text.s, text.len);
    bs_compile(s);
    for (size_t i = 0; i < bs_n_diagnostics(s); i++)
        buf_printf(&codes, "%s%s", i == 0 ? "" : " ", bs_diagnostic_at(s, i).code);
    buf_char(&codes, '\0');
    bs_close(s);
    return codes;
}

static bs_code import_content(Str content, const bs_import_options *o, Buf *out, Buf *findings) {
    MetricFile f = write_file(content, str_starts(content, STR("[")) ? ".json" : ".csv");
    bs_session *s = open_session();
    assert_int_equal(bs_compile(s), BS_OK);
    bs_sink sink = {write_to_buf, out}, said = {write_to_buf, findings};
    bs_code code = bs_import(s, f.path, o, &sink);
    bs_write_diagnostics(s, 0, false, &said);
    bs_close(s);
    unlink(f.path);
    buf_char(out, '\0');
    buf_char(findings, '\0');
    return code;
}

// The rules without their head: from `measures` on.
static Buf import_with(const char *content, const bs_import_options *o) {
    Buf out = {0}, findings = {0};
    bs_code code = import_content(str_from(content), o, &out, &findings);
    if (code != BS_OK)
        fail_msg("%s", findings.s);
    buf_free(&findings);
    return out;
}

static const char *measures_of(const Buf *b) {
    const char *from = strstr(b->s, "measures like");
    assert_non_null(from);
    return from;
}

static void assert_import(const char *content, const char *measures, const char *codes) {
    Buf out = import_with(content, NULL);
    Buf found = check_rules((Str){out.s, out.len - 1});
    assert_string_equal(measures_of(&out), measures);
    assert_string_equal(found.s, codes);
    buf_free(&found);
    buf_free(&out);
}

static void assert_refused(const char *content, const bs_import_options *o, const char *words) {
    Buf out = {0}, findings = {0};
    assert_int_equal(import_content(str_from(content), o, &out, &findings), BS_INVALID);
    assert_int_equal(out.len, 1);
    if (!strstr(findings.s, words))
        fail_msg("\"%s\" is not in: %s", words, findings.s);
    buf_free(&out);
    buf_free(&findings);
}

static void assert_head(const Buf *b, const char *words) {
    if (!strstr(b->s, words))
        fail_msg("not found: %s\nin:\n%s", words, b->s);
}

// ---- forms --------------------------------------------------------------------------------------

#define HEAD "measures like published_measure, bands rag\n"

static void a_row_becomes_a_measure(void **state) {
    (void)state;
    assert_import(
        "Ref,Measure,Red,Amber,Green\n1/a,Visits in time (%),<70,70-84,85+\n",
        HEAD
        "  source | name        | label                | unit    | good is | red | amber | green\n"
        "  \"1/a\"  | visits_time | \"Visits in time (%)\" | percent | high    | <70 | 70-84 | "
        "85+\nend\n",
        "B101");
}

static void tables_of_text_are_read(void **state) {
    (void)state;
    const char *expected =
        HEAD "  name   | label    | unit  | good is | red | amber | green\n"
             "  visits | \"Visits\" | count | high    | <70 | 70-84 | 85+\nend\n";
    assert_import("Measure\tUnit\tRed\tAmber\tGreen\nVisits\tNumber\t<70\t70-84\t85+\n", expected,
                  "");
    assert_import("| Measure | Unit | Green | Amber | Red |\n|---|:--|---|---|---|\n\n"
                  "| Visits | Number | 85+ | 70-84 | <70 |\n",
                  expected, "");
    assert_import("\xEF\xBB\xBFMeasure;Unit;Red;Amber;Green\r\nVisits;Number;<70;70-84;85+\r\n",
                  expected, "");
    assert_import(
        "[{\"Measure\":\"Visits\",\"Unit\":\"Number\",\"Red\":\"<70\",\"Amber\":\"70-84\","
        "\"Green\":\"85+\"}]",
        expected, "");
}

static void windows_1252_is_read_when_it_is_named(void **state) {
    (void)state;
    const char *table = "Measure,Red,Green\nSh\xE9 (%),<70,70\x96"
                        "100\n";
    bs_import_options o = {.encoding = "windows-1252"};
    Buf out = import_with(table, &o);
    assert_head(&out, "\"Shé (%)\"");
    assert_head(&out, "70–100");
    buf_free(&out);
    assert_refused(table, NULL, "B702");
}

static void sections_and_repeated_headings_are_no_measures(void **state) {
    (void)state;
    assert_import("Ref,Measure,Unit,Red,Green\nFirst part,,,,\n1,Visits,%,<70,70+\n"
                  "Ref,Measure,Unit,Red,Green\n2,Plans,%,<70,70+\n",
                  HEAD "  source | name   | label    | unit    | good is | red | green\n"
                       "  # section: First part\n"
                       "  1      | visits | \"Visits\" | percent | high    | <70 | 70+\n"
                       "  2      | plans  | \"Plans\"  | percent | high    | <70 | 70+\nend\n",
                  "");
}

static void lines_above_the_heading_are_passed_over(void **state) {
    (void)state;
    Buf out = import_with("Our plan,,\n,,\nMeasure,Red,Green\nVisits (%),<70,70+\n", NULL);
    assert_head(&out, "visits | \"Visits (%)\" | percent | high");
    buf_free(&out);
}

// ---- what is hostile ----------------------------------------------------------------------------

static void labels_are_kept_whatever_is_in_them(void **state) {
    (void)state;
    assert_import("Measure,Unit,Red,Green\n\"A | \"\"b\"\" # c,\nd\",%,<70,70+\nA b c "
                  "d,%,<70,70+\n,%,<70,70+\n",
                  HEAD "  name    | label              | unit    | good is | red | green\n"
                       "  b_c_d   | \"A | \"\"b\"\" # c, d\" | percent | high    | <70 | 70+\n"
                       "  b_c_d_2 | \"A b c d\"          | percent | high    | <70 | 70+\n"
                       "  # decide: what is it called? Row 5 of the table has no label.\n"
                       "  measure |                    | percent | high    | <70 | 70+\nend\n",
                  "");
}

static void short_rows_are_blank_and_long_ones_are_asked_about(void **state) {
    (void)state;
    Buf out = {0}, findings = {0};
    const char *table = "Measure,Unit,Red,Green\nVisits,%\nPlans, up to date,%,<70,70+\n";
    assert_int_equal(import_content(str_from(table), NULL, &out, &findings), BS_OK);
    assert_head(&out, "# no band is published for it");
    assert_head(&out, "# decide: the row has more cells than the heading, from \"70+\" on.");
    assert_head(&findings, "warning B745");
    buf_free(&out);
    buf_free(&findings);
}

static void tables_without_bands_are_refused(void **state) {
    (void)state;
    assert_refused("", NULL, "B701");
    assert_refused("\n\n", NULL, "B701");
    assert_refused("Measure\n", NULL, "B774");
    assert_refused("Measure\nVisits\n", NULL, "B774");
    assert_refused("Measure,Red,Green\n", NULL, "B701");
    assert_refused("Measure,Value\nVisits,12\n", NULL, "no column of the table holds bands");
    assert_refused("Measure,Range\nVisits,12-15\n", NULL, "only the column \"Range\"");
    assert_refused("Red,Green\n<70,70+\n", NULL, "labels");
    assert_refused("Measure,Red,R,Green\nVisits,<70,<70,70+\n", NULL,
                   "two columns are the level red");
}

static void numbers_alone_and_words_are_left_to_check(void **state) {
    (void)state;
    assert_import("Measure,Unit,Red,Amber,Green\nVisits,%,70,80,90+\nPlans,%,see note,70-80,90+\n",
                  HEAD
                  "  name   | label    | unit    | good is | red        | amber | green\n"
                  "  visits | \"Visits\" | percent | high    | 70         | 80    | 90+\n"
                  "  # decide: which figures are red? \"see note\" is no band. Write one such as "
                  "85+, 65-74 or <16, or leave the cell blank.\n"
                  "  plans  | \"Plans\"  | percent | high    | \"see note\" | 70-80 | 90+\nend\n",
                  "B107 B107 B508");
}

static void a_row_judged_by_direction_needs_a_polarity(void **state) {
    (void)state;
    assert_import("Measure,Unit,Red,Amber,Green\nVisits,%,,,Improving\nPlans,%,<1,,1+\n",
                  HEAD "  name   | label    | unit    | good is | red | amber | green\n"
                       "  # published: \"Improving\" as green, so it is judged by its direction\n"
                       "  # decide: which way is good? Improving does not tell. Write high, low, "
                       "near NUMBER or not judged.\n"
                       "  visits | \"Visits\" | percent |         |     |       | improving only\n"
                       "  plans  | \"Plans\"  | percent | high    | <1  |       | 1+\nend\n",
                  "B503");
}

// ---- what is given ------------------------------------------------------------------------------

static void columns_are_as_they_are_given(void **state) {
    (void)state;
    const char *const columns[] = {"label=What", "missed=Low, or so", "met=3", "leave out=Ref"};
    bs_import_options o = {.columns = columns, .n_columns = 4};
    Buf out = import_with("Ref,What,x,\"Low, or so\"\n1,Visits (%),70+,<70\n", &o);
    assert_string_equal(measures_of(&out),
                        "measures like published_measure, bands published_levels\n"
                        "  name   | label        | unit    | good is | missed | met\n"
                        "  visits | \"Visits (%)\" | percent | high    | <70    | 70+\nend\n");
    buf_free(&out);
    assert_refused("a,b\n1,2\n", &(bs_import_options){.columns = columns, .n_columns = 1},
                   "no column \"What\"");
    const char *const wrong[] = {"label"};
    assert_refused("a,b\n1,2\n", &(bs_import_options){.columns = wrong, .n_columns = 1}, "B775");
}

static void a_table_without_heading_is_read_by_numbers(void **state) {
    (void)state;
    const char *const columns[] = {"label=1", "red=2", "green=3"};
    bs_import_options o = {.columns = columns, .n_columns = 3, .no_header = true};
    Buf out = import_with("Visits (%),<70,70+\n", &o);
    assert_head(&out, "visits | \"Visits (%)\" | percent | high    | <70 | 70+");
    buf_free(&out);
}

static bs_import_options with_polarity(MetricFile *f, const char *lines) {
    *f = write_file(str_from(lines), ".csv");
    return (bs_import_options){.polarity = f->path};
}

static const char asked[] =
    "Ref,Measure,Unit,Red,Amber,Green\n1,Visits,%,,20-30,\n2,Plans,%,,20-30,\n"
    "3,Cases,%,,20-30,\n";

static void a_polarity_file_answers_by_source_label_or_name(void **state) {
    (void)state;
    MetricFile f;
    bs_import_options o =
        with_polarity(&f, "measure,good is\n1,high\nPlans,Low is good\ncases,near 25\n");
    Buf out = import_with(asked, &o);
    assert_head(&out, "\"Visits\" | percent | high ");
    assert_head(&out, "\"Plans\"  | percent | low ");
    assert_head(&out, "\"Cases\"  | percent | near 25 ");
    assert_head(&out, "which way is good: 3 from the file of --polarity");
    buf_free(&out);
    unlink(f.path);
}

static void a_wrong_polarity_file_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *lines, *words;
    } files[] = {{"measure,good is\n1,sideways\n", "does not say which way is good"},
                 {"measure,good is\n9,high\n", "the table has no measure \"9\""},
                 {"measure,good is\n1,high\n1,low\n", "two answers"},
                 {"", "B701"}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        MetricFile f;
        bs_import_options o = with_polarity(&f, files[i].lines);
        assert_refused(asked, &o, files[i].words);
        unlink(f.path);
    }
}

// ---- names and order ----------------------------------------------------------------------------

static void levels_of_no_known_scale_are_declared(void **state) {
    (void)state;
    Buf out = import_with("Measure,Excellent,Fair,Poor\nVisits (%),90+,70-89,<70\n", NULL);
    assert_head(&out, "scale published_levels \"Levels of the table\"\n  poor      \"Poor\"\n"
                      "  fair      \"Fair\"\n  excellent \"Excellent\"\nend\n");
    assert_head(&out, "the table has the best level first");
    assert_head(&out, "| percent | high    | <70  | 70-89 | 90+\n");
    buf_free(&out);
}

static void an_order_that_is_not_told_leaves_the_polarity_open(void **state) {
    (void)state;
    Buf out = import_with("Measure,Blue,Teal\nVisits (%),90+,<90\n", NULL);
    assert_head(&out, "# decide: is the first level the worst?");
    assert_head(&out, "| percent |         | 90+  | <90\n");
    buf_free(&out);
}

static void a_shipped_scale_gives_the_statuses(void **state) {
    (void)state;
    Buf out = import_with("Measure,RI,Good,Outstanding\nVisits (%),70-79,80-89,90+\n", NULL);
    assert_head(&out, "  status rag from ofsted\n");
    assert_head(&out, "the table has no column for inadequate");
    buf_free(&out);
}

// ---- size ---------------------------------------------------------------------------------------

static void ten_thousand_rows_are_read(void **state) {
    (void)state;
    Buf table = {0};
    buf_puts(&table, "Measure,Red,Amber,Green\n");
    for (int i = 0; i < 10000; i++)
        buf_puts(&table, "Visits in time (%),<70,70 to below 85,85+\n");
    Buf out = {0}, findings = {0};
    assert_int_equal(import_content(buf_str(&table), NULL, &out, &findings), BS_OK);
    assert_head(&out, "visits_time_10000 ");
    Buf found = check_rules((Str){out.s, out.len - 1});
    assert_string_equal(found.s, "");
    buf_free(&found);
    buf_free(&out);
    buf_free(&findings);
    buf_free(&table);
}

static void a_rule_file_that_would_be_too_long_is_refused(void **state) {
    (void)state;
    Buf table = {0};
    buf_puts(&table, "Measure,Red,Green\n");
    for (int i = 0; i < 18; i++) {
        buf_fill(&table, 'x', 1 << 20);
        buf_puts(&table, ",<70,70+\n");
    }
    buf_char(&table, '\0');
    assert_refused(table.s, NULL, "B770");
    buf_free(&table);
}

static void too_many_rows_or_columns_are_refused(void **state) {
    (void)state;
    Buf table = {0};
    for (int i = 0; i < 100001; i++)
        buf_puts(&table, "a\n");
    buf_char(&table, '\0');
    assert_refused(table.s, NULL, "100000 rows");
    table.len = 0;
    for (int i = 0; i < 1001; i++)
        buf_puts(&table, "a,");
    buf_puts(&table, "\nb\n");
    buf_char(&table, '\0');
    assert_refused(table.s, NULL, "1000 columns");
    buf_free(&table);
}

static void rules_that_are_not_compiled_are_a_wrong_call(void **state) {
    (void)state;
    bs_session *s = open_session();
    bs_sink sink = {write_to_buf, NULL};
    assert_int_equal(bs_import(s, "x.csv", NULL, &sink), BS_USAGE);
    bs_close(s);
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    MetricFile f = write_file(
        STR("Ref,Measure,Blue,Pink\n1,Visits,<90,90 or more\n2,,\"see, \"\"x\"\"\",TBC\n"), ".csv");
    bs_code code = BS_NO_MEMORY;
    for (size_t n = 1; code != BS_OK && n < 5000; n++) {
        bs_session *s = bs_open();
        Buf out = {0};
        bs_sink sink = {write_to_buf, &out};
        arena_fail_after(n);
        code = bs_import(s, f.path, NULL, &sink);
        arena_fail_after(0);
        assert_true(code == BS_OK || out.len == 0);
        assert_true(code == BS_OK || code == BS_NO_MEMORY || bs_n_errors(s) > 0);
        buf_free(&out);
        bs_close(s);
    }
    assert_int_equal(code, BS_OK);
    unlink(f.path);
}

// ---- any table ----------------------------------------------------------------------------------

static const char *const pieces[] = {"Measure",
                                     "Red",
                                     "Amber",
                                     "Green",
                                     "Good",
                                     "Polarity",
                                     "Unit",
                                     "85+",
                                     "<70",
                                     "70-84",
                                     "70",
                                     "2019-20",
                                     "Increase",
                                     "N/A",
                                     "TBC",
                                     "see \"\"note\"\"",
                                     "a | b",
                                     "#",
                                     "end",
                                     "measures like x",
                                     "\n",
                                     "\t",
                                     "%",
                                     "£1,000",
                                     "1,000 - 2,000",
                                     ">= 5 days",
                                     "less than",
                                     "\u2013",
                                     "\u2264 5",
                                     "high",
                                     "low",
                                     "(",
                                     "kpi",
                                     "use \"\"x\"\"",
                                     "1.5",
                                     "000",
                                     "-5",
                                     "=",
                                     "to",
                                     "otherwise",
                                     "improving only",
                                     "unit",
                                     "\xc2\xa0",
                                     "\u00e9",
                                     "99999999999999999999999",
                                     "85++",
                                     "10 to 20%",
                                     "is",
                                     "not",
                                     "because",
                                     "=50",
                                     "50=",
                                     "status rag"};
enum { N_PIECES = sizeof pieces / sizeof *pieces };

static void put_random_cell(Buf *table, Random *random) {
    buf_char(table, '"');
    for (size_t n = one_in(random, 4) ? below(random, 4) : 1; n > 0; n--) {
        buf_puts(table, pieces[below(random, N_PIECES)]);
        if (one_in(random, 2))
            buf_char(table, ' ');
    }
    buf_char(table, '"');
}

static void put_random_table(Buf *table, Random *random) {
    size_t n_columns = 3 + below(random, 4);
    buf_puts(table, "Measure,Red,Amber,Green\n");
    for (size_t rows = 1 + below(random, 5); rows > 0; rows--) {
        for (size_t i = 0; i < n_columns; i++) {
            if (i > 0)
                buf_char(table, ',');
            put_random_cell(table, random);
        }
        buf_char(table, '\n');
    }
}

// What is read as a name, a text or a band is read so by the compiler: it finds fault with values.
static void any_table_gives_rules_without_an_error_of_form(void **state) {
    (void)state;
    Random random = {4};
    size_t n_read = 0;
    for (int i = 0; i < 3000; i++) {
        Buf table = {0}, out = {0}, findings = {0};
        put_random_table(&table, &random);
        if (import_content(buf_str(&table), NULL, &out, &findings) == BS_OK) {
            n_read++;
            Buf codes = check_rules((Str){out.s, out.len - 1});
            if (strstr(codes.s, "B0") || strstr(codes.s, "B3") || strstr(codes.s, "B506") ||
                strstr(codes.s, "B507"))
                fail_msg("%s\n%.*s\n%s", codes.s, STR_ARG(buf_str(&table)), out.s);
            buf_free(&codes);
        }
        buf_free(&table);
        buf_free(&out);
        buf_free(&findings);
    }
    assert_true(n_read > 1000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_becomes_a_measure),
        cmocka_unit_test(tables_of_text_are_read),
        cmocka_unit_test(windows_1252_is_read_when_it_is_named),
        cmocka_unit_test(sections_and_repeated_headings_are_no_measures),
        cmocka_unit_test(lines_above_the_heading_are_passed_over),
        cmocka_unit_test(labels_are_kept_whatever_is_in_them),
        cmocka_unit_test(short_rows_are_blank_and_long_ones_are_asked_about),
        cmocka_unit_test(tables_without_bands_are_refused),
        cmocka_unit_test(numbers_alone_and_words_are_left_to_check),
        cmocka_unit_test(a_row_judged_by_direction_needs_a_polarity),
        cmocka_unit_test(columns_are_as_they_are_given),
        cmocka_unit_test(a_table_without_heading_is_read_by_numbers),
        cmocka_unit_test(a_polarity_file_answers_by_source_label_or_name),
        cmocka_unit_test(a_wrong_polarity_file_is_refused),
        cmocka_unit_test(levels_of_no_known_scale_are_declared),
        cmocka_unit_test(an_order_that_is_not_told_leaves_the_polarity_open),
        cmocka_unit_test(a_shipped_scale_gives_the_statuses),
        cmocka_unit_test(ten_thousand_rows_are_read),
        cmocka_unit_test(a_rule_file_that_would_be_too_long_is_refused),
        cmocka_unit_test(too_many_rows_or_columns_are_refused),
        cmocka_unit_test(rules_that_are_not_compiled_are_a_wrong_call),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(any_table_gives_rules_without_an_error_of_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
