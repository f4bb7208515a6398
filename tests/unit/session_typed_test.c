// SPDX-License-Identifier: Apache-2.0
// What a prompt asks of the library: texts as they are typed, names, sources, rows, bands, history.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <bandstand.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/base/arena.h"
#include "runtime/base/buf.h"

static void put(Buf *out, bs_text t) {
    buf_put(out, (Str){t.s, t.len});
}

static void check_text(Buf *got, const char *expected) {
    buf_char(got, '\0');
    assert_false(got->failed);
    assert_string_equal(got->s, expected);
    buf_free(got);
}

// ---- entries ------------------------------------------------------------------------------------

static void a_text_is_whole_or_goes_on(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bs_entry_kind kind;
        bool complete;
    } cases[] = {
        {"", BS_ENTRY_BLANK, true},
        {"  # nothing\n\n", BS_ENTRY_BLANK, true},
        {"1 + 2", BS_ENTRY_EXPRESSION, true},
        {"(1 +", BS_ENTRY_EXPRESSION, false},
        {"(1 +\n2) * 3", BS_ENTRY_EXPRESSION, true},
        {"a > 1 and", BS_ENTRY_EXPRESSION, false},
        {"max(a,", BS_ENTRY_EXPRESSION, false},
        {"a > 1 or # why\n", BS_ENTRY_EXPRESSION, false},
        {"metric a percent", BS_ENTRY_RULES, true},
        {"metric", BS_ENTRY_EXPRESSION, true},
        {"group as percent of all", BS_ENTRY_EXPRESSION, true},
        {"input + 3", BS_ENTRY_EXPRESSION, true},
        {"use \"a.rag\"", BS_ENTRY_RULES, true},
        {"treat B101 as error", BS_ENTRY_RULES, true},
        {"let a = 1", BS_ENTRY_RULES, true},
        {"kpi a", BS_ENTRY_RULES, false},
        {"kpi a\n  good is high\n", BS_ENTRY_RULES, false},
        {"kpi a\n  good is high\nend", BS_ENTRY_RULES, true},
        {"kpi a\n  status rag\n    green otherwise\n  end\n", BS_ENTRY_RULES, false},
        {"kpi a\n  status rag\n    green otherwise\n  end\nend\n", BS_ENTRY_RULES, true},
        {"kpi a\n  status rag from ofsted\nend", BS_ENTRY_RULES, true},
        {"kpi a\n  good is high\nkpi b\n  good is high\nend", BS_ENTRY_RULES, true},
        {"measures like p\n  name | good\n", BS_ENTRY_RULES, false},
        {"examples a\n  value | rag\n  1 | end\n", BS_ENTRY_RULES, false},
        {"assert \"so it is\"", BS_ENTRY_RULES, false},
        {"assert \"so it is\"\n  a > 1", BS_ENTRY_RULES, true},
        {"bands ofsted as usual, gaps to worse\n  good 3+", BS_ENTRY_RULES, false},
        {"\"open", BS_ENTRY_EXPRESSION, true},
        {"\xff", BS_ENTRY_EXPRESSION, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bs_entry entry;
        assert_int_equal(bs_look_at_entry(cases[i].text, strlen(cases[i].text), &entry), BS_OK);
        if (entry.kind != cases[i].kind || entry.complete != cases[i].complete)
            fail_msg("`%s` is of kind %d, complete %d", cases[i].text, entry.kind, entry.complete);
    }
}

static bool put_token(void *context, bs_token t) {
    static const char letters[] = "kn0t#s!";
    buf_printf(context, "%c%zu+%zu ", letters[t.kind], t.from, t.len);
    return true;
}

static void words_have_their_kinds(void **state) {
    (void)state;
    static const char text[] = "kpi a \"A\" # why\n  value b >= 85% and EE\n# end";
    Buf got = {0};
    assert_int_equal(bs_scan_text(text, strlen(text), put_token, &got), BS_OK);
    check_text(&got, "k0+3 n4+1 t6+3 #10+5 k18+5 n24+1 s26+2 029+2 s31+1 k33+3 !37+2 #40+5 ");
    assert_int_equal(bs_scan_text("\xff", 1, put_token, &got), BS_INVALID);
}

static bool put_declaration(void *context, const bs_declaration *d) {
    put(context, d->word);
    buf_char(context, ' ');
    put(context, d->name);
    buf_printf(context, " %u [", d->line);
    put(context, d->text);
    buf_puts(context, "]\n");
    return true;
}

static void declarations_have_their_comments_and_ends(void **state) {
    (void)state;
    static const char text[] =
        "use \"x.rag\"\n"
        "\n# of the file\n\n"
        "# of a\nmetric a percent # at its end\n"
        "kpi a\n  status rag\n    green otherwise\n  # within\n  end\nend # of it\n"
        "# of the next\nscorecard s\n  member a\nend\n"
        "assert \"so\"\n  a > 1\n"
        "bands ofsted as usual\n  good 3+\nend";
    Buf got = {0};
    assert_int_equal(bs_list_declarations(text, strlen(text), put_declaration, &got), BS_OK);
    check_text(&got,
               "use  1 [use \"x.rag\"]\n"
               "metric a 6 [# of a\nmetric a percent # at its end]\n"
               "kpi a 7 [kpi a\n  status rag\n    green otherwise\n  # within\n  end\nend # of "
               "it]\n"
               "scorecard s 14 [# of the next\nscorecard s\n  member a\nend]\n"
               "assert  17 [assert \"so\"\n  a > 1]\n"
               "bands usual 19 [bands ofsted as usual\n  good 3+\nend]\n");
}

// ---- a session ----------------------------------------------------------------------------------

static const char RULES[] =
    "scale rag\n  red \"Red\" symbol \"R\"\n  amber \"Amber\"\n  green \"Green\"\nend\n"
    "let edge = 80\n"
    "metric a \"The A\" percent\nmetric b percent\n"
    "pattern usual\n  good is high\n  status rag\n    red when level is red\n    green otherwise\n"
    "  end\nend\n"
    "kpi a \"First\" like usual\n  bands rag as level, gaps to worse\n    green 80+\n    amber "
    "70-75\n"
    "    red otherwise\n  end\nend\n"
    "measures like usual, bands rag as level, gaps to worse\n"
    "  name | label | unit | green\n"
    "  c | Third | percent | 50+\n"
    "end\n";
static const char FIGURES[] = "entity,period,metric,value\n"
                              "North,2023-01,a,80\nNorth,2023-02,a,72\nSouth,2023-01,a,60\n"
                              "North,2023-01,b,40\nNorth,2023-01,c,55\nNorth,2023-02,c,45\n";

static bs_session *open_with(const char *over) {
    bs_session *s = bs_open();
    assert_non_null(s);
    assert_int_equal(bs_add_rules_text(s, "rules.rag", RULES, strlen(RULES)), BS_OK);
    if (over)
        assert_int_equal(bs_add_rules_over(s, "(typed)", over, strlen(over)), BS_OK);
    return s;
}

static bs_session *loaded(const char *over) {
    bs_session *s = open_with(over);
    assert_int_equal(bs_compile(s), BS_OK);
    char path[] = "/tmp/bandstand-typed-XXXXXX.csv";
    int fd = mkstemps(path, 4);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, FIGURES, strlen(FIGURES)), strlen(FIGURES));
    close(fd);
    assert_int_equal(bs_add_data(s, path), BS_OK);
    unlink(path);
    return s;
}

static bool put_result(void *context, const bs_result *r) {
    put(context, r->kpi);
    buf_char(context, ' ');
    put(context, r->entity);
    buf_char(context, ' ');
    put(context, r->period);
    buf_char(context, ' ');
    put(context, r->kind == BS_JUDGED ? r->status : r->missing);
    buf_char(context, '\n');
    return true;
}

static void check_results(bs_session *s, const char *expected) {
    Buf got = {0};
    assert_int_equal(bs_run(s, NULL, put_result, &got), BS_OK);
    check_text(&got, expected);
    bs_close(s);
}

static void a_declaration_takes_the_place_of_its_name(void **state) {
    (void)state;
    check_results(loaded(NULL), "a North 2023-01 green\na North 2023-02 green\n"
                                "a South 2023-01 red\na South 2023-02 no row\n"
                                "c North 2023-01 green\nc North 2023-02 no band\n");
    // In its own place, and the others as they were.
    check_results(loaded("kpi a\n  good is high\n  status rag\n    amber otherwise\n  end\nend\n"),
                  "a North 2023-01 amber\na North 2023-02 amber\n"
                  "a South 2023-01 amber\na South 2023-02 no row\n"
                  "c North 2023-01 green\nc North 2023-02 no band\n");
    // A row of a table, whose metric stays.
    check_results(loaded("kpi c\n  good is low\n  status rag\n    green when value < 50\n"
                         "    red otherwise\n  end\nend\n"),
                  "a North 2023-01 green\na North 2023-02 green\n"
                  "a South 2023-01 red\na South 2023-02 no row\n"
                  "c North 2023-01 red\nc North 2023-02 green\n");
    // A pattern, for all that are like it, and the constant beside it.
    check_results(loaded("pattern usual\n  good is high\n  status rag\n"
                         "    green when value > edge\n    red otherwise\n  end\nend\n"
                         "let edge = 50\n"),
                  "a North 2023-01 green\na North 2023-02 green\n"
                  "a South 2023-01 green\na South 2023-02 no row\n"
                  "c North 2023-01 green\nc North 2023-02 red\n");
}

static void what_is_new_is_added(void **state) {
    (void)state;
    check_results(loaded("kpi n\n  value b + 1 points\n  good is high\n  status rag\n"
                         "    green otherwise\n  end\nend\n"),
                  "a North 2023-01 green\na North 2023-02 green\n"
                  "a South 2023-01 red\na South 2023-02 no row\n"
                  "c North 2023-01 green\nc North 2023-02 no band\n"
                  "n North 2023-01 green\nn North 2023-02 no row\n");
}

static void an_error_in_it_is_told_in_its_place(void **state) {
    (void)state;
    bs_session *s =
        open_with("kpi a\n  good is high\n  status rag\n    gren otherwise\n  end\nend\n");
    assert_int_equal(bs_compile(s), BS_INVALID);
    bs_diagnostic d = bs_diagnostic_at(s, 0);
    assert_string_equal(d.file.s, "(typed)");
    assert_int_equal(d.line, 4);
    Buf got = {0};
    assert_int_equal(bs_write_diagnostic(s, 99, false, NULL), BS_USAGE);
    buf_free(&got);
    bs_close(s);
}

static bool put_name(void *context, bs_text name, bs_text label) {
    put(context, name);
    if (label.len > 0) {
        buf_char(context, '=');
        put(context, label);
    }
    buf_char(context, ' ');
    return true;
}

static void names_are_listed_by_kind(void **state) {
    (void)state;
    static const struct {
        bs_name_kind kind;
        const char *names;
    } cases[] = {
        {BS_NAME_KPI, "a=First c=Third "},
        {BS_NAME_METRIC, "a=The A b c=Third "},
        {BS_NAME_CONSTANT, "edge "},
        {BS_NAME_PATTERN, "usual "},
        {BS_NAME_BANDS, ""},
        {BS_NAME_GROUP, ""},
        {BS_NAME_ENTITY, "North South "},
        {BS_NAME_PERIOD, "2023-01 2023-02 "},
    };
    bs_session *s = loaded(NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Buf got = {0};
        assert_int_equal(bs_list_names(s, cases[i].kind, put_name, &got), BS_OK);
        check_text(&got, cases[i].names);
    }
    Buf words = {0}, line = {0};
    assert_int_equal(bs_list_names(s, BS_NAME_WORD, put_name, &words), BS_OK);
    assert_int_equal(bs_list_names(s, BS_NAME_LINE_WORD, put_name, &line), BS_OK);
    buf_char(&words, '\0');
    buf_char(&line, '\0');
    assert_non_null(strstr(words.s, "otherwise "));
    assert_null(strstr(words.s, "kpi "));
    assert_non_null(strstr(line.s, "kpi "));
    buf_free(&words);
    buf_free(&line);
    bs_close(s);
}

static bool put_source(void *context, const bs_source *s) {
    put(context, s->word);
    buf_char(context, ' ');
    put(context, s->file);
    buf_printf(context, " %u [", s->line);
    put(context, s->text);
    buf_puts(context, "]\n");
    return true;
}

static void a_name_leads_to_its_source(void **state) {
    (void)state;
    bs_session *s = loaded("let edge = 7 # typed\n");
    Buf got = {0};
    assert_int_equal(bs_find_sources(s, "edge", put_source, &got), BS_OK);
    assert_int_equal(bs_find_sources(s, "c", put_source, &got), BS_OK);
    assert_int_equal(bs_find_sources(s, "b", put_source, &got), BS_OK);
    assert_int_equal(bs_find_sources(s, "nothing", put_source, &got), BS_OK);
    check_text(&got, "let (typed) 1 [let edge = 7 # typed]\n"
                     "measures rules.rag 25 [  name | label | unit | green\n"
                     "  c | Third | percent | 50+]\n"
                     "metric rules.rag 8 [metric b percent]\n");
    bs_close(s);
}

// ---- over the figures ---------------------------------------------------------------------------

static bool put_row(void *context, const bs_row *r) {
    put(context, r->entity);
    buf_char(context, ' ');
    put(context, r->period);
    buf_char(context, ' ');
    put(context, r->missing.len > 0 ? r->missing : r->value);
    buf_char(context, '\n');
    return true;
}

static void check_rows(bs_session *s, const char *expression, const char *entity,
                       const char *period, const char *expected) {
    Buf got = {0};
    if (bs_eval_rows(s, expression, strlen(expression), entity, period, put_row, &got) != BS_OK)
        fail_msg("%s", bs_diagnostic_at(s, bs_n_diagnostics(s) - 1).message.s);
    check_text(&got, expected);
}

static void an_expression_has_a_row_for_each_entity_and_period(void **state) {
    (void)state;
    bs_session *s = loaded(NULL);
    check_rows(s, "a - b", NULL, NULL,
               "North 2023-01 40 points\nNorth 2023-02 no row\n"
               "South 2023-01 no row\nSouth 2023-02 no row\n");
    check_rows(s, "previous(a)", "North", "2023-02", "North 2023-02 80%\n");
    check_rows(s, "a / 3", "South", NULL, "South 2023-01 20%\nSouth 2023-02 no row\n");
    check_rows(s, "mean of a among everyone", NULL, "2023-01",
               "North 2023-01 70%\nSouth 2023-01 70%\n");
    check_rows(s, "a >= edge", "North", NULL, "North 2023-01 yes\nNorth 2023-02 no\n");
    check_rows(s, "1 / 3", NULL, NULL, "  1/3 (about 0.333333)\n");
    assert_int_equal(bs_set_figure(s, "a=9", NULL), BS_OK);
    check_rows(s, "a", "North", "2023-01", "North 2023-01 9%\n");
    assert_int_equal(bs_n_errors(s), 0);
    Buf got = {0};
    assert_int_equal(bs_eval_rows(s, "a", 1, "West", NULL, put_row, &got), BS_INVALID);
    assert_int_equal(bs_eval_rows(s, "a", 1, NULL, "soon", put_row, &got), BS_INVALID);
    assert_int_equal(bs_eval_rows(s, "d", 1, NULL, NULL, put_row, &got), BS_INVALID);
    assert_int_equal(bs_n_errors(s), 3);
    assert_int_equal(got.len, 0);
    bs_close(s);
}

static bool append(void *context, const char *text, size_t len) {
    buf_put(context, (Str){text, len});
    return true;
}

static void an_expression_says_what_it_measures(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"a", "percent\n"}, {"a - b", "points\n"}, {"a > b", "yes or no\n"}, {"3", "number\n"}};
    bs_session *s = loaded(NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Buf got = {0};
        assert_int_equal(bs_type(s, cases[i][0], strlen(cases[i][0]), &(bs_sink){append, &got}),
                         BS_OK);
        check_text(&got, cases[i][1]);
    }
    assert_int_equal(bs_type(s, "a +", 3, &(bs_sink){append, NULL}), BS_INVALID);
    bs_close(s);
}

static bool put_band(void *context, const bs_band *b) {
    buf_printf(context, "%.*s %.*s %s%.*s-%.*s%s %d%d %u\n", (int)b->table.len, b->table.s,
               (int)b->level.len, b->level.s, b->low_in ? "[" : "(", (int)b->low.len, b->low.s,
               (int)b->high.len, b->high.s, b->high_in ? "]" : ")", b->is_gap, b->is_rest, b->line);
    return true;
}

static void bands_go_from_the_lowest_figures_up(void **state) {
    (void)state;
    bs_session *s = loaded(NULL);
    Buf got = {0};
    assert_int_equal(bs_list_bands(s, "a", NULL, put_band, &got), BS_OK);
    check_text(&got, "level red (-70) 01 20\nlevel amber [70-75] 00 19\n"
                     "level amber (75-80) 10 19\nlevel green [80-) 00 18\n");
    assert_int_equal(bs_list_bands(s, "d", NULL, put_band, &got), BS_INVALID);
    assert_int_equal(bs_list_bands(s, "a", "soon", put_band, &got), BS_INVALID);
    bs_close(s);
}

static bool put_point(void *context, const bs_point *p) {
    put(context, p->result->period);
    buf_char(context, ' ');
    put(context, p->result->value.exact);
    buf_printf(context, " %.*s..%.*s..%.*s %u %d\n", (int)p->low.len, p->low.s, (int)p->mean.len,
               p->mean.s, (int)p->high.len, p->high.s, p->stretch, p->signal);
    return true;
}

static void a_history_has_its_limits_where_rules_have_a_chart(void **state) {
    (void)state;
    bs_session *s = loaded("kpi n\n  value a\n  good is high\n  spc\n    keep every moving range\n"
                           "    at least 2 figures\n  end\n  status rag\n"
                           "    red when variation is concerning, if known\n    green otherwise\n"
                           "  end\nend\n");
    Buf got = {0};
    assert_int_equal(bs_list_history(s, "a", "North", put_point, &got), BS_OK);
    assert_int_equal(bs_list_history(s, "n", "North", put_point, &got), BS_OK);
    // The mean is 76, the moving range 8, the limits 76 - and + 2.66 times 8.
    check_text(&got, "2023-01 80 .... 0 0\n2023-02 72 .... 0 0\n"
                     "2023-01 80 54.72..76..97.28 1 0\n2023-02 72 54.72..76..97.28 1 0\n");
    assert_int_equal(bs_list_history(s, "d", "North", put_point, &got), BS_INVALID);
    assert_int_equal(bs_list_history(s, "a", "West", put_point, &got), BS_INVALID);
    bs_close(s);
}

static bool put_tally(void *context, const bs_tally *t) {
    buf_printf(context, "%.*s %.*s %zu\n", (int)t->kpi.len, t->kpi.s, (int)t->status.len,
               t->status.s, t->n);
    return true;
}

static void statuses_are_counted_the_best_first(void **state) {
    (void)state;
    bs_session *s = loaded("kpi b\n  good is not judged\nend\n"
                           "group g\n  member a, c\n  no data is left out\n  status rag\n"
                           "    red when any red\n    green otherwise\n  end\nend\n");
    Buf got = {0};
    assert_int_equal(bs_count_statuses(s, NULL, put_tally, &got), BS_OK);
    check_text(&got, "a green 2\na amber 0\na red 1\na no data 1\n"
                     "c green 1\nc amber 0\nc red 0\nc no data 1\n"
                     "b not judged 2\n"
                     "g green 2\ng amber 0\ng red 1\ng no data 1\n");
    const char *entity = "South", *wrong = "West";
    bs_filter filter = {.entities = &entity, .n_entities = 1};
    got = (Buf){0};
    assert_int_equal(bs_count_statuses(s, &filter, put_tally, &got), BS_OK);
    buf_char(&got, '\0');
    assert_non_null(strstr(got.s, "a red 1\na no data 1\n"));
    buf_free(&got);
    filter.entities = &wrong;
    assert_int_equal(bs_count_statuses(s, &filter, put_tally, &got), BS_INVALID);
    bs_close(s);
}

// ---- stopping -----------------------------------------------------------------------------------

static bool stop(void *context, const bs_progress *progress) {
    (void)progress;
    ++*(int *)context;
    return false;
}

static void who_is_told_of_the_progress_can_stop_it(void **state) {
    (void)state;
    char path[] = "/tmp/bandstand-typed-XXXXXX.csv";
    int fd = mkstemps(path, 4), n = 0;
    Buf text = {0};
    buf_puts(&text, "entity,period,metric,value\n");
    for (int i = 0; i < 70000; i++)
        buf_printf(&text, "E%d,2023-01,a,1\n", i);
    assert_int_equal(write(fd, text.s, text.len), text.len);
    close(fd);
    buf_free(&text);
    for (bs_order order = BS_BY_KPI; order <= BS_AS_READ; order++) {
        bs_session *s = open_with(NULL);
        assert_int_equal(bs_compile(s), BS_OK);
        bs_on_progress(s, stop, &n);
        const char *const paths[] = {path};
        bs_output output = {.format = BS_CSV, .order = order, .threads = 1};
        Buf got = {0};
        assert_int_equal(bs_judge_files(s, paths, 1, NULL, &output, NULL, 0,
                                        &(bs_sink){append, &got}, NULL, NULL),
                         BS_STOPPED);
        assert_int_equal(bs_n_errors(s), 0);
        buf_free(&got);
        bs_close(s);
    }
    assert_int_equal(n, 2);
    unlink(path);
}

static void memory_that_runs_out_is_an_error(void **state) {
    (void)state;
    bs_session *s = loaded(NULL);
    bool worked = false;
    for (size_t i = 0; !worked && i < 400; i++) {
        bs_entry entry;
        arena_fail_after(i + 1);
        bs_code code = bs_look_at_entry("kpi a\n good is high\n", 20, &entry);
        arena_fail_after(0);
        assert_true(code == BS_OK || code == BS_NO_MEMORY);
        worked = code == BS_OK;
    }
    assert_true(worked);
    bs_close(s);
    worked = false;
    for (size_t i = 0; !worked && i < 4000; i++) {
        Buf got = {0};
        s = loaded(NULL);
        arena_fail_after(i + 1);
        bs_code code = bs_eval_rows(s, "a - b", 5, NULL, NULL, put_row, &got);
        arena_fail_after(0);
        buf_free(&got);
        if (code != BS_OK && code != BS_NO_MEMORY)
            fail_msg("%zu: %d %s", i, code, bs_diagnostic_at(s, bs_n_diagnostics(s) - 1).message.s);
        bs_close(s);
        assert_true(code == BS_OK || code == BS_NO_MEMORY);
        worked = code == BS_OK;
    }
    assert_true(worked);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_whole_or_goes_on),
        cmocka_unit_test(words_have_their_kinds),
        cmocka_unit_test(declarations_have_their_comments_and_ends),
        cmocka_unit_test(a_declaration_takes_the_place_of_its_name),
        cmocka_unit_test(what_is_new_is_added),
        cmocka_unit_test(an_error_in_it_is_told_in_its_place),
        cmocka_unit_test(names_are_listed_by_kind),
        cmocka_unit_test(a_name_leads_to_its_source),
        cmocka_unit_test(an_expression_has_a_row_for_each_entity_and_period),
        cmocka_unit_test(an_expression_says_what_it_measures),
        cmocka_unit_test(bands_go_from_the_lowest_figures_up),
        cmocka_unit_test(a_history_has_its_limits_where_rules_have_a_chart),
        cmocka_unit_test(statuses_are_counted_the_best_first),
        cmocka_unit_test(who_is_told_of_the_progress_can_stop_it),
        cmocka_unit_test(memory_that_runs_out_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
