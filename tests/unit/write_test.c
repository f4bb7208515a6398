// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <json-c/json.h>

#include "runtime/edges/results.h"
#include "runtime/edges/table_text.h"

#define T(literal)                                                                                 \
    { (literal), sizeof(literal) - 1 }

static const Level rag_levels[] = {{.name = T("red")}, {.name = T("amber")}, {.name = T("green")}};
static const Level grade_levels[] = {{.name = T("requires_improvement")}, {.name = T("good")}};
static const Scale rag = {.name = T("rag"), .levels = (Level *)rag_levels, .n_levels = 3};
static const Scale grades = {.name = T("ofsted"), .levels = (Level *)grade_levels, .n_levels = 2};
static const Scale *const scales[] = {&rag, &grades};
static const NamedColumn named[] = {{T("statistical_neighbours"), true}, {T("ofsted"), false}};
static const WriteNames names = {.rules_hash = T("0123456789abcdef0123456789abcdef"),
                                 .columns = named,
                                 .n_columns = 2,
                                 .scales = scales,
                                 .n_scales = 1};

static const bs_figure neighbours[] = {
    {T("statistical_neighbours"), T("Statistical neighbours"), T("21.1"), T("21.1%"), T(""), T("percent")}};
static const bs_figure neighbours_and_target[] = {
    {T("statistical_neighbours"), T("Statistical neighbours"), T(""), T(""), T("suppressed"), T("percent")},
    {T("target"), T("Target"), T("90"), T("90%"), T(""), T("percent")}};
static const bs_level inadequate[] = {{T("ofsted"), T("inadequate"), T("Inadequate"), T("")}};
static const bs_level no_level[] = {{T("ofsted"), T(""), T(""), T("suppressed")}};

static const bs_text none = T("");

static bs_result judged(void) {
    return (bs_result){.kpi = T("re_referrals"),
                       .label = T("Re-referrals, \"within\" 12 months"),
                       .source = none,
                       .note = none,
                       .unit = T("percent"),
                       .entity = T("Sefton"),
                       .period = T("2023-05"),
                       .value = {none, none, T("26.4"), T("26.4%"), none, T("percent")},
                       .previous = {none, none, T("1/3"), T("0.3%"), none, T("percent")},
                       .figures = neighbours,
                       .n_figures = 1,
                       .levels = inadequate,
                       .n_levels = 1,
                       .kind = BS_JUDGED,
                       .status_name = T("rag"),
                       .status = T("red"),
                       .status_label = T("Red"),
                       .status_symbol = T("R"),
                       .status_colour = T("#801650"),
                       .status_rank = 0,
                       .n_status_ranks = 3,
                       .direction = T("worsening"),
                       .missing = none,
                       .marks = none,
                       .replaced = none,
                       .rule_file = T("rules.rag"),
                       .rule_line = 24,
                       .because = none,
                       .reason = T("inadequate and not improving: 26.4 is in 24 and above"),
                       .data_file = T("may.csv"),
                       .data_line = 7};
}

static bs_result without_figure(void) {
    bs_result r = judged();
    r.entity = (bs_text)T("Knowsley");
    r.value = (bs_figure){none, none, none, none, T("suppressed"), T("percent")};
    r.figures = neighbours_and_target;
    r.n_figures = 2;
    r.levels = no_level;
    r.kind = BS_NO_DATA;
    r.status = r.status_label = r.status_symbol = r.status_colour = none;
    r.missing = (bs_text)T("suppressed");
    r.rule_line = 0;
    return r;
}

// ---- running ------------------------------------------------------------------------------------

typedef struct Rows {
    const bs_result *v;
    size_t n;
    size_t times; // each; 0 counts as 1
} Rows;

static bs_code run_rows(void *context, unsigned needs, bs_result_fn fn, void *fn_context) {
    (void)needs;
    const Rows *rows = context;
    for (size_t i = 0; i < rows->n * (rows->times ? rows->times : 1); i++) {
        if (!fn(fn_context, &rows->v[i % rows->n]))
            return BS_STOPPED;
    }
    return BS_OK;
}

static bool take_text(void *context, const char *s, size_t len) {
    buf_put(context, (Str){s, len});
    return true;
}

typedef struct Written {
    bs_code code;
    char *text; // NUL-terminated
    char findings[2000];
    bs_counts counts;
    size_t matches;
} Written;

static Written write_rows_failing(bs_output output, Rows rows, FailOn fail_on) {
    Arena arena;
    DiagList d;
    Buf text = {0}, findings = {0};
    arena_init(&arena, 0);
    diag_init(&d, &arena);
    bs_sink sink = {.write = take_text, .context = &text};
    Written w = {0};
    w.code =
        results_write(&names, &d, &output, fail_on, &sink, run_rows, &rows, &w.counts, &w.matches);
    for (size_t i = 0; i < d.diags.n; i++)
        diag_print(&findings, &d, &d.diags.v[i], false);
    snprintf(w.findings, sizeof w.findings, "%.*s", STR_ARG(buf_str(&findings)));
    buf_char(&text, '\0');
    w.text = text.s;
    buf_free(&findings);
    arena_free(&arena);
    return w;
}

static Written write_rows(bs_output output, const bs_result *v, size_t n) {
    return write_rows_failing(output, (Rows){.v = v, .n = n}, (FailOn){0});
}

static void assert_has(const char *text, const char *part) {
    if (!strstr(text, part))
        fail_msg("\"%s\" is not in:\n%s", part, text);
}

static void assert_lacks(const char *text, const char *part) {
    if (strstr(text, part))
        fail_msg("\"%s\" is in:\n%s", part, text);
}

// ---- csv ----------------------------------------------------------------------------------------

static void csv_quotes_only_what_must_be_quoted(void **state) {
    (void)state;
    const char *columns[] = {"kpi", "label", "value", "exact", "rule_line", "rule"};
    bs_result r = judged();
    Written w =
        write_rows((bs_output){.format = BS_CSV, .columns = columns, .n_columns = 6}, &r, 1);
    assert_int_equal(w.code, BS_OK);
    assert_string_equal(w.text,
                        "kpi,label,value,exact,rule_line,rule\n"
                        "re_referrals,\"Re-referrals, \"\"within\"\" 12 months\",26.4%,26.4,"
                        "24,rules.rag:24\n");
    free(w.text);
}

static void csv_quotes_line_ends_and_outer_blanks(void **state) {
    (void)state;
    const char *columns[] = {"entity", "period", "note"};
    bs_result r = judged();
    r.entity = (bs_text)T("a\nb");
    r.period = (bs_text)T("c\r");
    r.note = (bs_text)T(" d");
    Written w =
        write_rows((bs_output){.format = BS_CSV, .columns = columns, .n_columns = 3}, &r, 1);
    assert_string_equal(w.text, "entity,period,note\n\"a\nb\",\"c\r\",\" d\"\n");
    free(w.text);
}

static void csv_keeps_missing_apart_from_values(void **state) {
    (void)state;
    const char *columns[] = {"value", "status", "missing", "comparators", "levels", "target"};
    bs_result r = without_figure();
    Written w =
        write_rows((bs_output){.format = BS_CSV, .columns = columns, .n_columns = 6}, &r, 1);
    assert_string_equal(w.text, "value,status,missing,comparators,levels,target\n"
                                ",no data,suppressed,statistical_neighbours: suppressed,"
                                "ofsted: suppressed,90%\n");
    free(w.text);
}

static void csv_names_comparators_and_band_tables_as_columns(void **state) {
    (void)state;
    const char *columns[] = {"ofsted", "statistical_neighbours"};
    bs_result r = judged();
    Written w =
        write_rows((bs_output){.format = BS_CSV, .columns = columns, .n_columns = 2}, &r, 1);
    assert_string_equal(w.text, "ofsted,statistical_neighbours\ninadequate,21.1%\n");
    free(w.text);
}

static void a_csv_row_of_one_empty_cell_is_no_empty_line(void **state) {
    (void)state;
    const char *columns[] = {"note"};
    bs_result r = judged();
    Written w =
        write_rows((bs_output){.format = BS_CSV, .columns = columns, .n_columns = 1}, &r, 1);
    assert_string_equal(w.text, "note\n\"\"\n");
    free(w.text);
}

static void usual_csv_carries_reason_place_and_hash(void **state) {
    (void)state;
    bs_result r = judged();
    Written w = write_rows((bs_output){.format = BS_CSV}, &r, 1);
    assert_has(w.text,
               "inadequate and not improving: 26.4 is in 24 and above,rules.rag,24,may.csv,7");
    assert_has(w.text, ",0123456789abcdef0123456789abcdef\n");
    assert_has(w.text, "ofsted=inadequate");
    free(w.text);
}

// ---- columns and statuses -----------------------------------------------------------------------

static void an_unknown_column_is_named_with_the_nearest(void **state) {
    (void)state;
    const char *columns[] = {"kpi", "perod", "ofstd", "qqqqqqqqqq"};
    bs_result r = judged();
    Written w =
        write_rows((bs_output){.format = BS_CSV, .columns = columns, .n_columns = 4}, &r, 1);
    assert_int_equal(w.code, BS_INVALID);
    assert_string_equal(w.text, "");
    assert_has(w.findings, "B910: there is no column \"perod\"");
    assert_has(w.findings, "did you mean \"period\"?");
    assert_has(w.findings, "did you mean \"ofsted\"?");
    assert_has(w.findings, "choose among row, kpi, label");
    free(w.text);
}

static void fail_on_counts_rows_with_such_a_status(void **state) {
    (void)state;
    const bs_result rows[] = {judged(), without_figure(), judged()};
    const char *red[] = {"red"}, *any[] = {"red", "no-data"}, *green[] = {"green"};
    const struct {
        FailOn fail_on;
        size_t matches;
    } cases[] = {{{red, 1}, 2}, {{any, 2}, 3}, {{green, 1}, 0}, {{NULL, 0}, 0}};
    for (size_t i = 0; i < 4; i++) {
        Written w = write_rows_failing((bs_output){.format = BS_CSV}, (Rows){.v = rows, .n = 3},
                                       cases[i].fail_on);
        assert_int_equal(w.code, BS_OK);
        assert_int_equal(w.matches, cases[i].matches);
        free(w.text);
    }
}

static void an_unknown_fail_on_status_is_an_error(void **state) {
    (void)state;
    bs_result r = judged();
    const char *words[] = {"ambr", "no data", "good"}; // `good` is on a scale without a status
    Written w = write_rows_failing((bs_output){.format = BS_CSV}, (Rows){.v = &r, .n = 1},
                                   (FailOn){words, 3});
    assert_int_equal(w.code, BS_INVALID);
    assert_string_equal(w.text, "");
    assert_has(w.findings, "B911");
    assert_has(w.findings, "did you mean \"amber\"?");
    assert_has(w.findings, "did you mean \"no-data\"?");
    assert_has(w.findings, "\"good\"");
    free(w.text);
}

static void counts_tell_rows_without_data_and_without_judgement(void **state) {
    (void)state;
    bs_result rows[] = {judged(), without_figure(), judged()};
    rows[2].kind = BS_UNJUDGED;
    Written w = write_rows((bs_output){.format = BS_TABLE}, rows, 3);
    assert_int_equal(w.counts.n_rows, 3);
    assert_int_equal(w.counts.n_no_data, 1);
    assert_int_equal(w.counts.n_unjudged, 1);
    assert_has(w.text, "\n3 results: 0 green, 0 amber, 1 red, 1 no data, 1 not judged\n");
    assert_has(w.text, "\nrules 0123456789ab\n");
    assert_has(w.text, "Not judged");
    free(w.text);
}

// ---- json ---------------------------------------------------------------------------------------

static const char *json_path(json_object *o, const char *a, const char *b) {
    json_object *outer = NULL, *inner = NULL;
    if (!json_object_object_get_ex(o, a, &outer))
        return "absent";
    if (!b)
        return outer ? json_object_get_string(outer) : "null";
    if (!json_object_object_get_ex(outer, b, &inner))
        return "absent";
    return inner ? json_object_get_string(inner) : "null";
}

static void json_is_one_object_with_hash_and_results(void **state) {
    (void)state;
    const bs_result rows[] = {judged(), without_figure()};
    Written w = write_rows((bs_output){.format = BS_JSON}, rows, 2);
    json_object *all = json_tokener_parse(w.text);
    assert_non_null(all);
    assert_string_equal(json_path(all, "rules_hash", NULL), "0123456789abcdef0123456789abcdef");
    json_object *results = json_object_object_get(all, "results");
    assert_int_equal(json_object_array_length(results), 2);
    json_object *first = json_object_array_get_idx(results, 0);
    assert_string_equal(json_path(first, "label", NULL), "Re-referrals, \"within\" 12 months");
    assert_string_equal(json_path(first, "value", "exact"), "26.4");
    assert_string_equal(json_path(first, "value", "shown"), "26.4%");
    assert_string_equal(json_path(first, "value", "missing"), "absent");
    assert_string_equal(json_path(first, "previous", "exact"), "1/3");
    assert_string_equal(json_path(first, "status", NULL), "red");
    assert_string_equal(json_path(first, "target", NULL), "null");
    assert_string_equal(json_path(first, "rule_line", NULL), "24");
    json_object *second = json_object_array_get_idx(results, 1);
    assert_string_equal(json_path(second, "value", "exact"), "null");
    assert_string_equal(json_path(second, "value", "missing"), "suppressed");
    assert_string_equal(json_path(second, "status", NULL), "null");
    assert_string_equal(json_path(second, "outcome", NULL), "no data");
    assert_string_equal(json_path(second, "rule_line", NULL), "null");
    json_object *comparators = json_object_object_get(second, "comparators");
    assert_string_equal(json_path(comparators, "statistical_neighbours", "missing"), "suppressed");
    assert_string_equal(json_path(comparators, "target", NULL), "absent");
    assert_string_equal(json_path(json_object_object_get(second, "levels"), "ofsted", "missing"),
                        "suppressed");
    json_object_put(all);
    free(w.text);
}

static void json_without_results_is_still_whole(void **state) {
    (void)state;
    bs_result r = judged();
    Written w = write_rows((bs_output){.format = BS_JSON}, &r, 0);
    json_object *all = json_tokener_parse(w.text);
    assert_non_null(all);
    assert_int_equal(json_object_array_length(json_object_object_get(all, "results")), 0);
    json_object_put(all);
    free(w.text);
}

static void json_escapes_control_characters(void **state) {
    (void)state;
    const char *columns[] = {"entity"};
    bs_result r = judged();
    r.entity = (bs_text)T("a\"\\\n\x01\0b/é");
    Written w =
        write_rows((bs_output){.format = BS_JSONL, .columns = columns, .n_columns = 1}, &r, 1);
    assert_string_equal(w.text, "{\"entity\":\"a\\\"\\\\\\n\\u0001\\u0000b/é\"}\n");
    free(w.text);
}

static void json_lines_hold_an_object_and_the_hash_each(void **state) {
    (void)state;
    const bs_result rows[] = {judged(), without_figure()};
    Written w = write_rows((bs_output){.format = BS_JSONL}, rows, 2);
    size_t n = 0;
    for (char *line = strtok(w.text, "\n"); line; line = strtok(NULL, "\n"), n++) {
        json_object *o = json_tokener_parse(line);
        assert_string_equal(json_path(o, "rules_hash", NULL), "0123456789abcdef0123456789abcdef");
        json_object_put(o);
    }
    assert_int_equal(n, 2);
    free(w.text);
}

// ---- table --------------------------------------------------------------------------------------

static void what_all_rows_share_is_the_title(void **state) {
    (void)state;
    bs_result rows[] = {judged(), judged()};
    rows[1].label = (bs_text)T("Contacts");
    Written w = write_rows((bs_output){.format = BS_TABLE}, rows, 2);
    assert_memory_equal(w.text, "Sefton, 2023-05\n\nKPI  ", 22);
    assert_lacks(w.text, "Entity");
    assert_lacks(w.text, "Period");
    free(w.text);
}

static void rows_about_one_kpi_have_it_in_the_title(void **state) {
    (void)state;
    const bs_result rows[] = {judged(), without_figure()};
    Written w = write_rows((bs_output){.format = BS_TABLE}, rows, 2);
    assert_memory_equal(w.text, "Re-referrals, \"within\" 12 months, 2023-05\n\nEntity ", 50);
    free(w.text);
}

static void chosen_columns_stand_as_chosen(void **state) {
    (void)state;
    const char *columns[] = {"period", "note", "kpi"};
    bs_result r = judged();
    Written w = write_rows(
        (bs_output){
            .format = BS_TABLE, .columns = columns, .n_columns = 3, .ascii = true, .width = 10},
        &r, 1);
    assert_memory_equal(w.text, "Period   Note  KPI\n", 19);
    assert_has(w.text, "2023-05        re_referrals\n");
    free(w.text);
}

static void decimal_points_stand_under_each_other(void **state) {
    (void)state;
    const char *columns[] = {"value", "kpi"};
    bs_result rows[] = {judged(), judged(), judged(), without_figure()};
    rows[1].value.shown = (bs_text)T("13608");
    rows[1].value.unit = (bs_text)T("count");
    rows[2].value.shown = (bs_text)T("-769.25");
    rows[2].value.unit = (bs_text)T("per 10000");
    Written w =
        write_rows((bs_output){.format = BS_TABLE, .columns = columns, .n_columns = 2}, rows, 4);
    assert_memory_equal(w.text, "   Value  KPI\n", 14);
    assert_has(w.text, "\n   26.4%  re_referrals\n");
    assert_has(w.text, "\n13608     re_referrals\n");
    assert_has(w.text, "\n -769.25  re_referrals\n");
    assert_has(w.text, "\n    –     re_referrals\n");
    free(w.text);
}

static void percent_figures_show_their_sign_once(void **state) {
    (void)state;
    const char *columns[] = {"value"};
    bs_result rows[] = {judged(), judged()};
    rows[1].value.shown = (bs_text)T("31.5");
    Written w =
        write_rows((bs_output){.format = BS_TABLE, .columns = columns, .n_columns = 1}, rows, 2);
    assert_has(w.text, "26.4%\n");
    assert_has(w.text, "31.5%\n");
    assert_lacks(w.text, "%%");
    free(w.text);
}

// Lines of the table are never longer than the terminal from the width at which what is always
// needed has room.
static void every_line_fits_the_terminal(void **state) {
    (void)state;
    bs_result rows[] = {judged(), without_figure(), judged()};
    rows[2].label = (bs_text)T("Children who became the subject of a Child Protection Plan for a "
                               "subsequent time in the last 12 months – Größe 東京 (%)");
    rows[2].marks = (bs_text)T("provisional");
    for (unsigned width = 80; width < 180; width++) {
        Written w =
            write_rows((bs_output){.format = BS_TABLE, .width = width, .reasons = true}, rows, 3);
        for (char *line = strtok(w.text, "\n"); line; line = strtok(NULL, "\n")) {
            if (str_width(str_from(line)) > width)
                fail_msg("at %u: %s", width, line);
        }
        free(w.text);
    }
}

static void a_narrow_table_drops_the_least_needed_and_says_so(void **state) {
    (void)state;
    bs_result rows[] = {judged(), without_figure()};
    rows[0].marks = (bs_text)T("provisional");
    Written wide = write_rows((bs_output){.format = BS_TABLE}, rows, 2);
    assert_has(wide.text, "provisional");
    assert_lacks(wide.text, "Not shown");
    Written narrow = write_rows((bs_output){.format = BS_TABLE, .width = 60}, rows, 2);
    assert_has(narrow.text, "\nNot shown for lack of room: marks,");
    assert_lacks(narrow.text, "provisional");
    assert_has(narrow.text, "Value");
    assert_has(narrow.text, "R Red");
    assert_has(narrow.text, "Knowsley");
    free(wide.text);
    free(narrow.text);
}

static void columns_that_hold_nothing_are_left_out(void **state) {
    (void)state;
    bs_result r = judged();
    r.previous = (bs_figure){none, none, none, none, none, none};
    r.direction = none;
    Written w = write_rows((bs_output){.format = BS_TABLE}, &r, 1);
    assert_lacks(w.text, "Previous");
    assert_lacks(w.text, "Direction");
    assert_lacks(w.text, "Target");
    assert_lacks(w.text, "Levels");
    assert_has(w.text, "Ofsted");
    assert_has(w.text, "Inadequate");
    free(w.text);
}

static void a_long_cell_ends_in_dots(void **state) {
    (void)state;
    const char *columns[] = {"label"};
    char label[600];
    memset(label, 'x', sizeof label);
    bs_result r = judged();
    r.label = (bs_text){label, sizeof label};
    Written w = write_rows(
        (bs_output){
            .format = BS_TABLE, .columns = columns, .n_columns = 1, .ascii = true, .width = 40},
        &r, 1);
    assert_has(w.text, "xxx...\n");
    size_t n_lines = 0;
    for (const char *s = w.text; (s = strstr(s, "xx\n")); s++)
        n_lines++;
    assert_int_equal(n_lines, 5); // and the line that ends in dots
    free(w.text);
}

static void reasons_stand_below_their_rows_with_the_rule(void **state) {
    (void)state;
    bs_result r = judged();
    Written w = write_rows((bs_output){.format = BS_TABLE, .reasons = true}, &r, 1);
    assert_has(w.text,
               "\n    inadequate and not improving: 26.4 is in 24 and above [rules.rag:24]\n");
    free(w.text);
    w = write_rows((bs_output){.format = BS_TABLE}, &r, 1);
    assert_lacks(w.text, "not improving");
    free(w.text);
}

static void colours_are_those_of_the_scale_and_only_when_asked(void **state) {
    (void)state;
    bs_result r = judged();
    Written w = write_rows((bs_output){.format = BS_TABLE}, &r, 1);
    assert_lacks(w.text, "\x1b");
    free(w.text);
    w = write_rows((bs_output){.format = BS_TABLE, .colour = true}, &r, 1);
    assert_has(w.text, "\x1b[48;5;89;38;5;231mR Red\x1b[0m");
    free(w.text);
    r.status_colour = (bs_text)T("#F46A25");
    w = write_rows((bs_output){.format = BS_TABLE, .colour = true}, &r, 1);
    assert_has(w.text, ";38;5;16mR Red\x1b[0m"); // black on orange
    free(w.text);
    r.status_colour = (bs_text)T("#80165g");
    w = write_rows((bs_output){.format = BS_TABLE, .colour = true}, &r, 1);
    assert_lacks(w.text, "\x1b");
    free(w.text);
}

static void figures_texts_cannot_command_the_terminal(void **state) {
    (void)state;
    bs_result r = judged();
    r.entity = (bs_text)T("a\x1b[2Jb\xc2\x9b"
                          "31mc\x7f\nd");
    r.reason = (bs_text)T("\x1b]0;x\x07");
    Written w = write_rows((bs_output){.format = BS_TABLE, .reasons = true}, &r, 1);
    assert_has(w.text, "a?[2Jb?31mc? d");
    assert_lacks(w.text, "\x1b");
    assert_lacks(w.text, "\x07");
    free(w.text);
}

static void ascii_tables_add_no_other_characters(void **state) {
    (void)state;
    bs_result rows[] = {judged(), without_figure()};
    rows[0].status_symbol = (bs_text)T("●");
    Written w =
        write_rows((bs_output){.format = BS_TABLE, .ascii = true, .reasons = true}, rows, 2);
    for (const char *s = w.text; *s; s++)
        assert_true((unsigned char)*s < 0x80);
    assert_has(w.text, "  Red\n");
    free(w.text);
}

static void a_long_table_goes_on_on_another_page(void **state) {
    (void)state;
    const char *columns[] = {"kpi"};
    bs_result r = judged();
    Written w =
        write_rows_failing((bs_output){.format = BS_TABLE, .columns = columns, .n_columns = 1},
                           (Rows){.v = &r, .n = 1, .times = TABLE_PAGE_ROWS + 1}, (FailOn){0});
    assert_int_equal(w.code, BS_OK);
    size_t n_headings = 0;
    for (const char *s = w.text; (s = strstr(s, "KPI\n")); s++)
        n_headings++;
    assert_int_equal(n_headings, 2);
    assert_has(w.text, "\n20001 results: ");
    free(w.text);
}

static void an_empty_table_says_so(void **state) {
    (void)state;
    bs_result r = judged();
    Written w = write_rows((bs_output){.format = BS_TABLE}, &r, 0);
    assert_string_equal(w.text, "0 results\nrules 0123456789ab\n");
    free(w.text);
}

static void words_wrap_at_blanks_and_else_anywhere(void **state) {
    (void)state;
    Str rest = STR("one two  three 東京都 abcdefgh");
    const char *lines[] = {"one", "two", "three", "東京", "都", "abcde", "fgh"};
    for (size_t i = 0; i < 7; i++) {
        Str line = wrap_line(&rest, 5);
        assert_int_equal(line.len, strlen(lines[i]));
        assert_memory_equal(line.s, lines[i], line.len);
    }
    assert_int_equal(rest.len, 0);
}

// ---- trouble ------------------------------------------------------------------------------------

typedef struct Refusing {
    size_t n_writes, n_allowed;
} Refusing;

static bool refuse(void *context, const char *s, size_t len) {
    (void)s, (void)len;
    Refusing *r = context;
    return ++r->n_writes <= r->n_allowed;
}

static void a_sink_that_stops_ends_the_run(void **state) {
    (void)state;
    bs_result r = judged();
    Rows rows = {.v = &r, .n = 1, .times = 5000};
    for (bs_format format = BS_TABLE; format <= BS_JSONL; format++) {
        Refusing refusing = {.n_allowed = format == BS_TABLE ? 0 : 1};
        bs_sink sink = {.write = refuse, .context = &refusing};
        Arena arena;
        DiagList d;
        arena_init(&arena, 0);
        diag_init(&d, &arena);
        bs_output output = {.format = format};
        bs_code code =
            results_write(&names, &d, &output, (FailOn){0}, &sink, run_rows, &rows, NULL, NULL);
        assert_int_equal(code, BS_STOPPED);
        assert_int_equal(refusing.n_writes, refusing.n_allowed + 1);
        arena_free(&arena);
    }
}

static void running_out_of_memory_is_reported(void **state) {
    (void)state;
    bs_result r = judged();
    Rows rows = {.v = &r, .n = 1, .times = 3};
    for (bs_format format = BS_TABLE; format <= BS_JSONL; format++) {
        bs_code code = BS_NO_MEMORY;
        size_t n = 1;
        for (; code != BS_OK && n < 1000; n++) {
            Arena arena;
            DiagList d;
            Buf text = {0};
            bs_sink sink = {.write = take_text, .context = &text};
            arena_init(&arena, 0);
            diag_init(&d, &arena);
            bs_output output = {.format = format, .reasons = true, .colour = true};
            arena_fail_after(n);
            code =
                results_write(&names, &d, &output, (FailOn){0}, &sink, run_rows, &rows, NULL, NULL);
            arena_fail_after(0);
            assert_true(code == BS_OK || code == BS_NO_MEMORY);
            buf_free(&text);
            arena_free(&arena);
        }
        assert_int_equal(code, BS_OK);
        assert_true(n > 2); // at least one allocation was made to fail
    }
}

static void names_come_from_the_program_once_each(void **state) {
    (void)state;
    NamedLevel levels[] = {{.name = STR("ofsted")}};
    NamedFigure figures[] = {{.name = STR("target")}, {.name = STR("england")}};
    Kpi kpis[] = {{.levels = levels,
                   .n_levels = 1,
                   .figures = figures,
                   .n_figures = 2,
                   .has_status = true,
                   .status_scale = 1},
                  {.levels = levels, .n_levels = 1, .has_status = true, .status_scale = 1},
                  {.status_scale = 0}};
    Scale all[] = {grades, rag};
    Program p = {.kpis = kpis, .n_kpis = 3, .scales = all, .n_scales = 2, .hash = "abc"};
    Arena arena;
    arena_init(&arena, 0);
    WriteNames got;
    assert_true(results_names(&arena, &p, &got));
    assert_int_equal(got.n_columns, 2);
    assert_true(str_eq(got.columns[0].name, STR("ofsted")) && !got.columns[0].is_figure);
    assert_true(str_eq(got.columns[1].name, STR("england")) && got.columns[1].is_figure);
    assert_int_equal(got.n_scales, 1);
    assert_ptr_equal(got.scales[0], &all[1]);
    assert_true(str_eq(got.rules_hash, STR("abc")));
    arena_free(&arena);
}

static void a_code_is_explained_whatever_its_case(void **state) {
    (void)state;
    Buf text = {0};
    bs_sink sink = {.write = take_text, .context = &text};
    assert_int_equal(bs_explain_code("b910", &sink), BS_OK);
    buf_char(&text, '\0');
    assert_has(text.s, "There is no such output column");
    assert_int_equal(bs_explain_code("B000", &sink), BS_USAGE);
    buf_free(&text);
}

static void the_error_index_holds_every_code_in_order(void **state) {
    (void)state;
    Buf text = {0};
    bs_sink sink = {.write = take_text, .context = &text};
    assert_int_equal(bs_write_error_index(&sink), BS_OK);
    buf_char(&text, '\0');
    const char *last = text.s;
    for (unsigned number = 0; number < 1000; number++) {
        char code[8];
        snprintf(code, sizeof code, "B%03u", number);
        if (diag_find(str_from(code)) == N_DIAG_CODES)
            continue;
        char heading[16];
        snprintf(heading, sizeof heading, "\n## %s", code);
        const char *at = strstr(text.s, heading);
        assert_non_null(at);
        assert_true(at >= last);
        last = at;
    }
    buf_free(&text);
}

static void every_column_is_explained(void **state) {
    (void)state;
    Buf text = {0};
    bs_sink sink = {.write = take_text, .context = &text};
    assert_int_equal(bs_write_columns(&sink), BS_OK);
    buf_char(&text, '\0');
    assert_has(text.s, "\n  period          the reported period\n");
    assert_has(text.s, "\n  rules_hash      ");
    buf_free(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_quotes_only_what_must_be_quoted),
        cmocka_unit_test(csv_quotes_line_ends_and_outer_blanks),
        cmocka_unit_test(csv_keeps_missing_apart_from_values),
        cmocka_unit_test(csv_names_comparators_and_band_tables_as_columns),
        cmocka_unit_test(a_csv_row_of_one_empty_cell_is_no_empty_line),
        cmocka_unit_test(usual_csv_carries_reason_place_and_hash),
        cmocka_unit_test(an_unknown_column_is_named_with_the_nearest),
        cmocka_unit_test(fail_on_counts_rows_with_such_a_status),
        cmocka_unit_test(an_unknown_fail_on_status_is_an_error),
        cmocka_unit_test(counts_tell_rows_without_data_and_without_judgement),
        cmocka_unit_test(json_is_one_object_with_hash_and_results),
        cmocka_unit_test(json_without_results_is_still_whole),
        cmocka_unit_test(json_escapes_control_characters),
        cmocka_unit_test(json_lines_hold_an_object_and_the_hash_each),
        cmocka_unit_test(what_all_rows_share_is_the_title),
        cmocka_unit_test(rows_about_one_kpi_have_it_in_the_title),
        cmocka_unit_test(chosen_columns_stand_as_chosen),
        cmocka_unit_test(decimal_points_stand_under_each_other),
        cmocka_unit_test(percent_figures_show_their_sign_once),
        cmocka_unit_test(every_line_fits_the_terminal),
        cmocka_unit_test(a_narrow_table_drops_the_least_needed_and_says_so),
        cmocka_unit_test(columns_that_hold_nothing_are_left_out),
        cmocka_unit_test(a_long_cell_ends_in_dots),
        cmocka_unit_test(reasons_stand_below_their_rows_with_the_rule),
        cmocka_unit_test(colours_are_those_of_the_scale_and_only_when_asked),
        cmocka_unit_test(figures_texts_cannot_command_the_terminal),
        cmocka_unit_test(ascii_tables_add_no_other_characters),
        cmocka_unit_test(a_long_table_goes_on_on_another_page),
        cmocka_unit_test(an_empty_table_says_so),
        cmocka_unit_test(words_wrap_at_blanks_and_else_anywhere),
        cmocka_unit_test(a_sink_that_stops_ends_the_run),
        cmocka_unit_test(running_out_of_memory_is_reported),
        cmocka_unit_test(names_come_from_the_program_once_each),
        cmocka_unit_test(a_code_is_explained_whatever_its_case),
        cmocka_unit_test(the_error_index_holds_every_code_in_order),
        cmocka_unit_test(every_column_is_explained),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
