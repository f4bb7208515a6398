// SPDX-License-Identifier: Apache-2.0
// The public API as a host meets it.
#include <bandstand.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "runtime/base/arena.h"
#include "runtime/base/buf.h"

static const char RULES[] = "scale rag\n"
                            "  red\n"
                            "  green\n"
                            "end\n"
                            "metric rate \"Rate\" percent\n"
                            "input figures\n"
                            "  layout long\n"
                            "  entity column \"area\"\n"
                            "  period column \"month\"\n"
                            "  metric column \"measure\"\n"
                            "  value column \"value\"\n"
                            "  missing \"c\" as suppressed\n"
                            "end\n"
                            "let limit = 20%\n"
                            "kpi rate \"Rate\"\n"
                            "  precision 1 decimal\n"
                            "  good is low\n"
                            "  status rag\n"
                            "    green when at limit or better because \"within the limit\"\n"
                            "    red otherwise\n"
                            "  end\n"
                            "end\n";

static const char FIGURES[] = "area,month,measure,value\n"
                              "North,2024-01,rate,19.5\n"
                              "North,2024-02,rate,20.5\n"
                              "South,2024-01,rate,c\n";

static bool append(void *context, const char *s, size_t len) {
    buf_put(context, (Str){s, len});
    return true;
}

static bool refuse(void *context, const char *s, size_t len) {
    (void)context, (void)s, (void)len;
    return false;
}

static char *write_file(const char *text, size_t len) {
    char *path = strdup("/tmp/bandstand_session_XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, len), len);
    close(fd);
    return path;
}

static char *write_figures(void) {
    return write_file(FIGURES, strlen(FIGURES));
}

static bs_session *compiled(void) {
    bs_session *s = bs_open();
    assert_non_null(s);
    assert_int_equal(bs_add_rules_text(s, "rules", RULES, strlen(RULES)), BS_OK);
    assert_int_equal(bs_compile(s), BS_OK);
    return s;
}

static bool is(bs_text t, const char *expected) {
    return t.len == strlen(expected) && memcmp(t.s, expected, t.len) == 0;
}

static bool count_and_check(void *context, const bs_result *r) {
    size_t *n = context;
    switch ((*n)++) {
    case 0:
        assert_true(is(r->entity, "North"));
        assert_true(is(r->period, "2024-01"));
        assert_true(is(r->value.shown, "19.5"));
        assert_int_equal(r->kind, BS_JUDGED);
        assert_true(is(r->status, "green"));
        assert_true(is(r->because, "within the limit"));
        assert_int_equal(r->rule_line, 19);
        assert_int_equal(r->data_line, 2);
        break;
    case 1:
        assert_true(is(r->status, "red"));
        assert_true(is(r->direction, "worsening"));
        assert_true(is(r->previous.exact, "19.5"));
        break;
    case 2:
        assert_int_equal(r->kind, BS_NO_DATA);
        assert_true(is(r->missing, "suppressed"));
        assert_true(is(r->status, ""));
        break;
    }
    return true;
}

static bool stop_at_once(void *context, const bs_result *r) {
    (void)r;
    ++*(size_t *)context;
    return false;
}

static void a_run_hands_out_results_in_order(void **state) {
    (void)state;
    bs_session *s = compiled();
    char *path = write_figures();
    assert_int_equal(bs_add_data(s, path), BS_OK);
    size_t n = 0;
    assert_int_equal(bs_run(s, NULL, count_and_check, &n), BS_OK);
    assert_int_equal(n, 4); // South has a row for February too, since February is reported
    unlink(path);
    free(path);
    bs_close(s);
}

static void a_callback_can_stop_a_run(void **state) {
    (void)state;
    bs_session *s = compiled();
    char *path = write_figures();
    assert_int_equal(bs_add_data(s, path), BS_OK);
    size_t n = 0;
    assert_int_equal(bs_run(s, NULL, stop_at_once, &n), BS_STOPPED);
    assert_int_equal(n, 1);
    unlink(path);
    free(path);
    bs_close(s);
}

static void calls_out_of_order_are_refused(void **state) {
    (void)state;
    bs_session *s = bs_open();
    size_t n = 0;
    assert_int_equal(bs_add_data(s, "figures.csv"), BS_USAGE);
    assert_int_equal(bs_run(s, NULL, stop_at_once, &n), BS_USAGE);
    assert_int_equal(bs_rules_hash(s).len, 0);
    assert_int_equal(bs_add_rules_text(s, "rules", RULES, strlen(RULES)), BS_OK);
    assert_int_equal(bs_compile(s), BS_OK);
    assert_int_equal(bs_compile(s), BS_USAGE);
    assert_int_equal(bs_add_rules_text(s, "more", RULES, strlen(RULES)), BS_USAGE);
    bs_close(s);
    bs_close(NULL);
}

static void the_hash_follows_the_meaning_and_not_the_layout(void **state) {
    (void)state;
    bs_session *s = compiled();
    bs_session *spaced = bs_open(), *other = bs_open();
    Buf text = {0};
    buf_puts(&text, "# a comment\n\n");
    bool quoted = false;
    for (const char *c = RULES; *c; c++) {
        quoted = quoted != (*c == '"');
        buf_char(&text, *c);
        if (*c == ' ' && !quoted)
            buf_char(&text, ' ');
    }
    assert_int_equal(bs_add_rules_text(spaced, "spaced", text.s, text.len), BS_OK);
    assert_int_equal(bs_compile(spaced), BS_OK);
    assert_int_equal(bs_rules_hash(s).len, 64);
    assert_string_equal(bs_rules_hash(s).s, bs_rules_hash(spaced).s);
    text.len = 0;
    buf_put(&text, (Str){RULES, strlen(RULES)});
    *strstr(text.s, "20%") = '3';
    assert_int_equal(bs_add_rules_text(other, "other", text.s, text.len), BS_OK);
    assert_int_equal(bs_compile(other), BS_OK);
    assert_string_not_equal(bs_rules_hash(s).s, bs_rules_hash(other).s);
    buf_free(&text);
    bs_close(other);
    bs_close(spaced);
    bs_close(s);
}

static void errors_come_with_place_and_hint(void **state) {
    (void)state;
    static const char text[] = "kpi a \"A\"\n  good is hgih\nend\n";
    bs_session *s = bs_open();
    assert_int_equal(bs_add_rules_text(s, "a.rag", text, strlen(text)), BS_OK);
    assert_int_equal(bs_compile(s), BS_INVALID);
    assert_int_equal(bs_n_errors(s), 1);
    bs_diagnostic d = bs_diagnostic_at(s, 0);
    assert_string_equal(d.code, "B001");
    assert_int_equal(d.line, 2);
    assert_int_equal(d.column, 11);
    assert_non_null(strstr(d.hint.s, "did you mean `high`?"));
    bs_close(s);
}

static void an_expression_knows_the_constants_of_the_rules(void **state) {
    (void)state;
    bs_session *s = compiled();
    Buf out = {0};
    bs_sink sink = {append, &out};
    assert_int_equal(bs_eval(s, "limit + 1.5%", 12, false, &sink), BS_OK);
    assert_true(str_eq(buf_str(&out), STR("21.5%\n")));
    out.len = 0;
    assert_int_equal(bs_eval(s, "limt", 4, false, &sink), BS_INVALID);
    assert_int_equal(out.len, 0);
    assert_int_equal(bs_eval(s, "1", 1, false, &(bs_sink){refuse, NULL}), BS_STOPPED);
    buf_free(&out);
    bs_close(s);
}

// Memory that runs out anywhere is an answer, never a crash or a leak; the test ends when a whole
// pass needs fewer allocations than are granted.
static bool pass(const char *path, bs_code *code) {
    bs_session *s = bs_open();
    if (!s)
        return false;
    size_t n = 0;
    *code = bs_add_rules_text(s, "rules", RULES, strlen(RULES));
    if (*code == BS_OK)
        *code = bs_compile(s);
    if (*code == BS_OK)
        *code = bs_add_data(s, path);
    if (*code == BS_OK)
        *code = bs_run(s, NULL, count_and_check, &n);
    if (*code == BS_OK)
        assert_int_equal(n, 4);
    bs_close(s);
    return true;
}

static void memory_that_runs_out_is_an_answer(void **state) {
    (void)state;
    char *path = write_figures();
    bs_code code = BS_NO_MEMORY;
    size_t n_granted = 1;
    for (; n_granted < 100000 && code != BS_OK; n_granted++) {
        arena_fail_after(n_granted);
        assert_true(pass(path, &code));
        arena_fail_after(0);
        if (code != BS_OK && code != BS_NO_MEMORY)
            fail_msg("code %d where allocation %zu fails", (int)code, n_granted);
    }
    assert_int_equal(code, BS_OK);
    assert_true(n_granted > 100);
    unlink(path);
    free(path);
}

// ---- for the public -----------------------------------------------------------------------------

static const char PUBLIC_RULES[] =
    "scale rag\n red\n amber\n green\nend\n"
    "input f\n layout long\n entity column \"e\"\n period column \"p\"\n metric column \"k\"\n"
    " value column \"v\"\nend\n"
    "metric a count suppress below 3, with b of w, total \"T\"\nmetric b count\nmetric w count\n"
    "metric share percent suppress with a\n"
    "kpi a\n good is low\n target 2\n compare m = mean of value among everyone\n"
    " spc\n  keep every moving range\n  at least 2 figures\n end\n"
    " status rag\n  red when variation is concerning\n  amber when value > m\n"
    "  green otherwise\n end\nend\n"
    "kpi share\n good is low\n status rag\n  red when value > 50\n  green otherwise\n end\nend\n"
    "group g\n member a, share\n no data is left out\n status rag from worst\nend\n"
    "scorecard s\n member g\n no data stops the group\n status rag from worst\nend\n"
    "assert \"sum\" a + b = w\n";

static char *write_public_figures(void) {
    Buf text = {0};
    buf_puts(&text, "e,p,k,v\n");
    for (int i = 1; i <= 3; i++)
        buf_printf(&text,
                   "A,2023-0%d,a,1\nA,2023-0%d,b,9\nA,2023-0%d,w,10\nA,2023-0%d,share,10\n"
                   "B,2023-0%d,a,4\nB,2023-0%d,b,6\nB,2023-0%d,w,10\nB,2023-0%d,share,40\n"
                   "T,2023-0%d,a,5\nT,2023-0%d,b,15\nT,2023-0%d,w,20\n",
                   i, i, i, i, i, i, i, i, i, i, i);
    char *path = write_file(text.s, text.len);
    buf_free(&text);
    return path;
}

typedef struct Seen {
    size_t n, n_counts, n_withheld;
} Seen;

static bool see(void *context, const bs_result *r) {
    Seen *seen = context;
    seen->n++;
    seen->n_counts += strcmp(r->value.shown.s, "c") == 0;
    seen->n_withheld += strncmp(r->missing.s, "withheld", 8) == 0;
    assert_true(strcmp(r->value.shown.s, "c") != 0 || r->value.exact.len == 0);
    return true;
}

static bs_code publish(const char *path, Seen *seen) {
    bs_session *s = bs_open();
    bs_code code = s ? bs_add_rules_text(s, "rules", PUBLIC_RULES, strlen(PUBLIC_RULES)) : BS_NO_MEMORY;
    if (code == BS_OK)
        code = bs_compile(s);
    if (code == BS_OK)
        code = bs_set_audience(s, BS_PUBLISH);
    if (code == BS_OK)
        code = bs_add_data(s, path);
    *seen = (Seen){0};
    if (code == BS_OK)
        code = bs_run(s, &(bs_filter){.rules_as_of = "2023-02"}, see, seen);
    bs_close(s);
    return code;
}

static void a_host_gets_no_small_count_either(void **state) {
    (void)state;
    char *path = write_public_figures();
    Seen seen;
    assert_int_equal(publish(path, &seen), BS_OK);
    assert_int_equal(seen.n, 9 + 6 + 9 + 9);
    assert_int_equal(seen.n_counts, 6 + 3); // A and the total; and the share of A
    assert_true(seen.n_withheld > 0);
    unlink(path);
    free(path);
}

static void an_audience_comes_before_the_figures_and_the_order_is_by_kpi(void **state) {
    (void)state;
    char *path = write_public_figures();
    bs_session *s = bs_open();
    bs_sink nowhere = {refuse, NULL};
    bs_output output = {.format = BS_CSV, .order = BS_AS_READ};
    assert_int_equal(bs_add_rules_text(s, "rules", PUBLIC_RULES, strlen(PUBLIC_RULES)), BS_OK);
    assert_int_equal(bs_compile(s), BS_OK);
    assert_int_equal(bs_set_audience(s, BS_PUBLISH), BS_OK);
    assert_int_equal(bs_judge_files(s, (const char *const[]){path}, 1, NULL, &output, NULL, 0,
                                    &nowhere, NULL, NULL),
                     BS_USAGE);
    assert_int_equal(bs_add_data(s, path), BS_OK);
    assert_int_equal(bs_set_audience(s, BS_INTERNAL), BS_USAGE);
    assert_int_equal(bs_write_results(s, NULL, &output, NULL, 0, &nowhere, NULL, NULL), BS_USAGE);
    bs_close(s);
    unlink(path);
    free(path);
}

static void memory_that_runs_out_while_counts_are_hidden_is_an_answer(void **state) {
    (void)state;
    char *path = write_public_figures();
    Seen whole, seen;
    bs_code code = BS_NO_MEMORY;
    assert_int_equal(publish(path, &whole), BS_OK);
    size_t n_granted = 1;
    // Not each: there are many.
    for (; n_granted < 1000000 && code != BS_OK; n_granted += 1 + n_granted / 40) {
        arena_fail_after(n_granted);
        code = publish(path, &seen);
        arena_fail_after(0);
        if (code != BS_OK && code != BS_NO_MEMORY)
            fail_msg("code %d where allocation %zu fails", (int)code, n_granted);
    }
    assert_int_equal(code, BS_OK);
    assert_int_equal(seen.n_withheld, whole.n_withheld);
    assert_true(n_granted > 300);
    unlink(path);
    free(path);
}

// ---- judged while read --------------------------------------------------------------------------

static const char *const plain_columns[] = {"entity", "period", "value", "status", "because"};

static bs_code judge(bs_session *s, const char *path, bs_format format, const bs_sink *sink) {
    bs_output output = {.format = format,
                        .columns = plain_columns,
                        .n_columns = sizeof plain_columns / sizeof plain_columns[0],
                        .order = BS_AS_READ,
                        .threads = 2};
    static const char *const fail_on[] = {"red"};
    bs_counts counts;
    size_t n_matches;
    bs_code code =
        bs_judge_files(s, &path, 1, NULL, &output, fail_on, 1, sink, &counts, &n_matches);
    if (code == BS_OK) {
        assert_int_equal(counts.n_rows, 4);
        assert_int_equal(counts.n_no_data, 2);
        assert_int_equal(n_matches, 1);
    }
    return code;
}

static void a_file_is_judged_while_it_is_read(void **state) {
    (void)state;
    bs_session *s = compiled();
    char *path = write_figures();
    Buf out = {0};
    bs_sink sink = {append, &out};
    assert_int_equal(judge(s, path, BS_CSV, &sink), BS_OK);
    assert_true(str_eq(buf_str(&out), STR("entity,period,value,status,because\n"
                                          "North,2024-01,19.5,green,within the limit\n"
                                          "North,2024-02,20.5,red,\n"
                                          "South,2024-01,,no data,\n"
                                          "South,2024-02,,no data,\n")));
    // Once for a session, and nothing can be added behind.
    assert_int_equal(judge(s, path, BS_CSV, &sink), BS_USAGE);
    assert_int_equal(bs_add_data(s, path), BS_USAGE);
    buf_free(&out);
    unlink(path);
    free(path);
    bs_close(s);
}

static void a_sink_can_stop_the_judging_of_a_file(void **state) {
    (void)state;
    static const bs_format formats[] = {BS_CSV, BS_JSON, BS_JSONL};
    char *path = write_figures();
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        bs_session *s = compiled();
        assert_int_equal(judge(s, path, formats[i], &(bs_sink){refuse, NULL}), BS_STOPPED);
        bs_close(s);
    }
    unlink(path);
    free(path);
}

// A single allocation fails, from the first to one that is not made any more. What is written
// before is the beginning of what would be; a file that lacks the memory to be judged while it is
// read may still be judged behind it.
static void judge_without_memory(const char *path, bs_format format) {
    enum { N_ALLOCATIONS = 160 };
    Buf whole = {0};
    size_t n_failed = 0, last_failed = 0;
    bs_session *first = compiled();
    assert_int_equal(judge(first, path, format, &(bs_sink){append, &whole}), BS_OK);
    bs_close(first);
    for (size_t i = 1; i <= N_ALLOCATIONS; i++) {
        bs_session *s = compiled();
        Buf out = {0};
        arena_fail_after(i);
        bs_code code = judge(s, path, format, &(bs_sink){append, &out});
        arena_fail_after(0);
        if (code != BS_OK && code != BS_NO_MEMORY)
            fail_msg("code %d where allocation %zu fails", (int)code, i);
        bool known = out.len <= whole.len && memcmp(out.s ? out.s : "", whole.s, out.len) == 0;
        if (!known || (code == BS_OK && out.len != whole.len))
            fail_msg("wrong output where allocation %zu fails:\n%.*s", i, STR_ARG(buf_str(&out)));
        if (code == BS_NO_MEMORY) {
            n_failed++;
            last_failed = i;
        }
        buf_free(&out);
        bs_close(s);
    }
    assert_true(n_failed > 20);
    assert_true(last_failed < N_ALLOCATIONS - 20); // so that all were tried
    buf_free(&whole);
}

static void memory_that_runs_out_while_a_file_is_judged_is_an_answer(void **state) {
    (void)state;
    char *path = write_figures();
    judge_without_memory(path, BS_CSV);
    judge_without_memory(path, BS_JSON);
    judge_without_memory(path, BS_JSONL);
    unlink(path);
    free(path);
}

// ---- findings -----------------------------------------------------------------------------------

static const char FAULTY[] = "treat B014 as error\n"
                             "metric rate percent\n"
                             "kpi rate\n"
                             "  good is high\n"
                             "  bands ofsted\n"
                             "    good 80+ # allow B101 because \"whole figures\"\n"
                             "    bad  below .5\n"
                             "  end\n"
                             "end\n"
                             "scale ofsted # allow B014 because \"nothing\"\n"
                             "  bad\n"
                             "  good\n"
                             "end\n";

static bs_session *faulty(void) {
    bs_session *s = bs_open();
    assert_non_null(s);
    assert_int_equal(bs_add_rules_text(s, "rules", FAULTY, strlen(FAULTY)), BS_OK);
    return s;
}

static bool keep_text(void *context, const bs_mended *mended) {
    assert_true(is(mended->path, "rules"));
    assert_true(is(mended->before, FAULTY));
    assert_int_equal(mended->n_edits, 1);
    buf_put(context, (Str){mended->after.s, mended->after.len});
    return true;
}

static bool stop_there(void *context, const bs_mended *mended) {
    (void)context, (void)mended;
    return false;
}

static void what_is_mended_compiles(void **state) {
    (void)state;
    Buf after = {0};
    bs_session *s = faulty();
    assert_int_equal(bs_check(s), BS_USAGE);
    assert_int_equal(bs_compile(s), BS_INVALID);
    assert_int_equal(bs_check(s), BS_INVALID);
    assert_int_equal(bs_mend_rules(s, stop_there, NULL), BS_STOPPED);
    assert_int_equal(bs_mend_rules(s, keep_text, &after), BS_OK);
    bs_close(s);
    s = bs_open();
    assert_int_equal(bs_add_rules_text(s, "rules", after.s, after.len), BS_OK);
    assert_int_equal(bs_compile(s), BS_OK);
    assert_int_equal(bs_mend_rules(s, stop_there, NULL), BS_OK);
    assert_int_equal(bs_n_warnings(s), 0);
    assert_int_equal(bs_n_allowed(s), 1);
    assert_true(is(bs_diagnostic_at(s, 0).because, "whole figures"));
    assert_int_equal(bs_check(s), BS_OK);
    assert_int_equal(bs_n_warnings(s), 1); // the second allowance allows nothing
    bs_close(s);
    buf_free(&after);
}

static void a_text_is_read_in_place_of_a_file(void **state) {
    (void)state;
    char path[] = "/tmp/bandstand_rules_XXXXXX.rag";
    int fd = mkstemps(path, 4);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "let a = b\n", 10), 10);
    close(fd);
    bs_session *s = bs_open();
    assert_int_equal(bs_override_rules(s, path, "let a = 1\n", 10), BS_OK);
    assert_int_equal(bs_add_rules(s, path), BS_OK);
    assert_int_equal(bs_compile(s), BS_OK);
    assert_int_equal(bs_override_rules(s, path, "let a = 1\n", 10), BS_USAGE);
    bs_close(s);
    s = bs_open();
    assert_int_equal(bs_add_rules(s, path), BS_OK);
    assert_int_equal(bs_compile(s), BS_INVALID);
    bs_close(s);
    unlink(path);
}

static void findings_are_written_in_each_format(void **state) {
    (void)state;
    static const bs_findings_format formats[] = {BS_FINDINGS_JSON, BS_FINDINGS_SARIF,
                                                 BS_FINDINGS_GITHUB};
    bs_session *s = faulty();
    bs_compile(s);
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        Buf out = {0};
        assert_int_equal(bs_write_findings(s, formats[i], &(bs_sink){append, &out}), BS_OK);
        assert_true(out.len > 0 && out.s[out.len - 1] == '\n');
        assert_int_equal(bs_write_findings(s, formats[i], &(bs_sink){refuse, NULL}), BS_STOPPED);
        buf_free(&out);
    }
    bs_close(s);
}

static void codes_are_found_by_what_they_are_about(void **state) {
    (void)state;
    Buf out = {0};
    size_t n = 0;
    assert_string_equal(bs_nearest_code("B1O1"), "B101");
    assert_null(bs_nearest_code("polarity"));
    assert_int_equal(bs_find_codes("GAP between", &(bs_sink){append, &out}, &n), BS_OK);
    assert_int_equal(n, 1);
    assert_true(str_starts(buf_str(&out), STR("B101: ")));
    buf_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_hands_out_results_in_order),
        cmocka_unit_test(a_callback_can_stop_a_run),
        cmocka_unit_test(calls_out_of_order_are_refused),
        cmocka_unit_test(the_hash_follows_the_meaning_and_not_the_layout),
        cmocka_unit_test(errors_come_with_place_and_hint),
        cmocka_unit_test(an_expression_knows_the_constants_of_the_rules),
        cmocka_unit_test(memory_that_runs_out_is_an_answer),
        cmocka_unit_test(a_host_gets_no_small_count_either),
        cmocka_unit_test(an_audience_comes_before_the_figures_and_the_order_is_by_kpi),
        cmocka_unit_test(memory_that_runs_out_while_counts_are_hidden_is_an_answer),
        cmocka_unit_test(a_file_is_judged_while_it_is_read),
        cmocka_unit_test(a_sink_can_stop_the_judging_of_a_file),
        cmocka_unit_test(memory_that_runs_out_while_a_file_is_judged_is_an_answer),
        cmocka_unit_test(what_is_mended_compiles),
        cmocka_unit_test(a_text_is_read_in_place_of_a_file),
        cmocka_unit_test(findings_are_written_in_each_format),
        cmocka_unit_test(codes_are_found_by_what_they_are_about),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
