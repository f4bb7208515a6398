// SPDX-License-Identifier: Apache-2.0
// Two sessions side by side: figures that are shared, and rows whose status differs.
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
#include "runtime/base/str.h"

static const char SCALE[] = "scale rag\n  red\n  amber\n  green\nend\n";
static const char METRICS[] = "metric rate percent\nmetric visits count\n";
static const char METRICS_TURNED[] = "metric visits count\nmetric rate percent\n";
static const char VISITS[] = "kpi visits\n  good is high\n  status rag\n"
                             "    green when value >= 10\n"
                             "    red otherwise\n  end\nend\n";
static const char GROUP[] = "group all\n  member rate, visits\n  no data is left out\n"
                            "  status rag\n    red when any red\n"
                            "    green otherwise\n  end\nend\n";
static const char FIGURES[] = "entity,period,metric,value\n"
                              "North,2024-01,rate,19\nNorth,2024-02,rate,21\n"
                              "South,2024-01,rate,25\nSouth,2024-02,rate,15\n"
                              "North,2024-01,visits,12\nSouth,2024-02,visits,3\n";
static const char NEXT_FIGURES[] = "entity,period,metric,value\n"
                                   "East,2024-02,rate,10\n"
                                   "South,2024-02,rate,30\nNorth,2024-02,rate,22\n"
                                   "North,2024-02,visits,12\nSouth,2024-02,visits,3\n";

// A KPI `rate` that is green up to [limit] and else red.
static const char *rate(int limit) {
    static char text[2][200];
    static size_t i;
    char *t = text[i++ % 2];
    snprintf(t, sizeof text[0],
             "kpi rate\n  good is low\n  status rag\n    green when value <= %d%%\n"
             "    red otherwise\n  end\nend\n",
             limit);
    return t;
}

static bs_session *compiled(const char *const *parts) {
    bs_session *s = bs_open();
    Buf text = {0};
    for (size_t i = 0; parts[i]; i++)
        buf_puts(&text, parts[i]);
    assert_int_equal(bs_add_rules_text(s, "rules", text.s, text.len), BS_OK);
    assert_int_equal(bs_compile(s), BS_OK);
    buf_free(&text);
    return s;
}
#define COMPILED(...) compiled((const char *const[]){SCALE, __VA_ARGS__, NULL})

static void read_figures(bs_session *s, const char *figures) {
    char path[] = "/tmp/bandstand_sessions_XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, figures, strlen(figures)), strlen(figures));
    close(fd);
    assert_int_equal(bs_add_data(s, path), BS_OK);
    unlink(path);
}

static void put_status(Buf *out, const bs_result *r) {
    if (!r)
        buf_puts(out, "-");
    else if (r->kind == BS_JUDGED)
        buf_printf(out, "%.*s", (int)r->status.len, r->status.s);
    else
        buf_puts(out, r->kind == BS_NO_DATA ? "no data" : "unjudged");
}

static bool note_change(void *context, const bs_change *c) {
    const bs_result *r = c->after ? c->after : c->before;
    Buf *out = context;
    buf_printf(out, "%.*s %.*s %.*s: ", (int)r->kpi.len, r->kpi.s, (int)r->entity.len, r->entity.s,
               (int)r->period.len, r->period.s);
    put_status(out, c->before);
    buf_puts(out, " > ");
    put_status(out, c->after);
    buf_puts(out, c->alone ? ", alone\n" : "\n");
    return true;
}

static bs_diff_counts check_diff(bs_session *before, bs_session *after,
                                 const bs_diff_options *options, const char *expected) {
    Buf out = {0};
    bs_diff_counts counts;
    assert_int_equal(bs_diff(before, after, options, note_change, &out, &counts), BS_OK);
    buf_char(&out, '\0');
    assert_string_equal(out.s, expected);
    buf_free(&out);
    return counts;
}

static bool note_result(void *context, const bs_result *r) {
    buf_printf(context, "%.*s %.*s %.*s %.*s line %u ", (int)r->kpi.len, r->kpi.s,
               (int)r->entity.len, r->entity.s, (int)r->period.len, r->period.s,
               (int)r->value.exact.len, r->value.exact.s, r->data_line);
    put_status(context, r);
    buf_char(context, '\n');
    return true;
}

static char *results(bs_session *s) {
    Buf out = {0};
    assert_int_equal(bs_run(s, NULL, note_result, &out), BS_OK);
    buf_char(&out, '\0');
    return out.s;
}

// ---- figures that are shared --------------------------------------------------------------------

static void check_shared(bs_session *from, bs_session *s) {
    read_figures(from, FIGURES);
    assert_int_equal(bs_share_data(s, from), BS_OK);
    bs_session *again = COMPILED(METRICS, rate(20), VISITS);
    read_figures(again, FIGURES);
    char *shared = results(s), *read = results(again);
    assert_string_equal(shared, read);
    free(shared);
    free(read);
    bs_close(again);
}

static void shared_figures_give_what_reading_them_gives(void **state) {
    (void)state;
    bs_session *from = COMPILED(METRICS, rate(30), VISITS);
    bs_session *s = COMPILED(METRICS, rate(20), VISITS);
    check_shared(from, s);
    bs_close(from);
    bs_close(s);
}

static void metrics_may_stand_in_another_order(void **state) {
    (void)state;
    bs_session *from = COMPILED(METRICS_TURNED, VISITS, rate(20));
    bs_session *s = COMPILED(METRICS, rate(20), VISITS);
    check_shared(from, s);
    bs_close(from);
    bs_close(s);
}

static void rule_files_may_be_more_or_fewer(void **state) {
    (void)state;
    bs_session *from = bs_open();
    Buf rest = {0};
    buf_printf(&rest, "%s%s%s", METRICS, rate(20), VISITS);
    assert_int_equal(bs_add_rules_text(from, "first", SCALE, strlen(SCALE)), BS_OK);
    assert_int_equal(bs_add_rules_text(from, "second", rest.s, rest.len), BS_OK);
    assert_int_equal(bs_compile(from), BS_OK);
    buf_free(&rest);
    bs_session *s = COMPILED(METRICS, rate(20), VISITS);
    check_shared(from, s);
    bs_close(from);
    bs_close(s);
}

static void sessions_may_be_closed_in_any_order(void **state) {
    (void)state;
    bs_session *first = COMPILED(METRICS, rate(30), VISITS);
    bs_session *second = COMPILED(METRICS, rate(20), VISITS);
    bs_session *third = COMPILED(METRICS_TURNED, rate(10), VISITS);
    read_figures(first, FIGURES);
    assert_int_equal(bs_share_data(second, first), BS_OK);
    bs_close(first);
    assert_int_equal(bs_share_data(third, second), BS_OK);
    char *before = results(third);
    bs_close(second);
    char *after = results(third);
    assert_string_equal(before, after);
    assert_non_null(strstr(before, "rate South 2024-02 15 line 5 red"));
    free(before);
    free(after);
    bs_close(third);
}

// The second numbers its files anew, and the third has as many as the second.
static void what_a_session_numbered_anew_outlives_it(void **state) {
    (void)state;
    bs_session *first = COMPILED(METRICS, rate(30), VISITS);
    read_figures(first, FIGURES);
    char *expected = results(first);
    for (int i = 0; i < 4; i++) {
        bs_session *next = COMPILED(METRICS, rate(30), VISITS);
        static const char more[] = "# nothing\n";
        bs_session *renumbered = bs_open();
        Buf rules = {0};
        buf_printf(&rules, "%s%s%s%s", SCALE, METRICS, rate(30), VISITS);
        for (int k = 0; k <= i / 2; k++)
            assert_int_equal(bs_add_rules_text(renumbered, "more", more, strlen(more)), BS_OK);
        assert_int_equal(bs_add_rules_text(renumbered, "rules", rules.s, rules.len), BS_OK);
        assert_int_equal(bs_compile(renumbered), BS_OK);
        buf_free(&rules);
        assert_int_equal(bs_share_data(renumbered, first), BS_OK);
        bs_close(first);
        assert_int_equal(bs_share_data(next, renumbered), BS_OK);
        bs_close(renumbered);
        char *got = results(next);
        assert_string_equal(got, expected);
        free(got);
        first = next;
    }
    bs_session *last[2] = {bs_open(), bs_open()};
    for (int k = 0; k < 2; k++) { // of the same number of files, one behind the other
        Buf rules = {0};
        buf_printf(&rules, "%s%s%s%s", SCALE, METRICS, rate(30), VISITS);
        assert_int_equal(bs_add_rules_text(last[k], "more", "\n", 1), BS_OK);
        assert_int_equal(bs_add_rules_text(last[k], "rules", rules.s, rules.len), BS_OK);
        assert_int_equal(bs_compile(last[k]), BS_OK);
        buf_free(&rules);
        assert_int_equal(bs_share_data(last[k], k == 0 ? first : last[0]), BS_OK);
    }
    bs_close(first);
    bs_close(last[0]);
    char *got = results(last[1]);
    assert_string_equal(got, expected);
    free(got);
    free(expected);
    bs_close(last[1]);
}

static void rules_that_read_files_in_another_way_share_nothing(void **state) {
    (void)state;
    static const char *const others[] = {
        "metric rate percent\nmetric visits count\nmetric more count\n",
        "metric rate percent\nmetric visits days\n",
        "metric rate percent range 0 to 100\nmetric visits count\n",
        "metric rate percent\nmetric visits count from id \"V\"\n",
        "metric rate percent\nmetric visits count\ninput i\n  layout long\n"
        "  entity column \"entity\"\n  period column \"period\"\n  metric column \"metric\"\n"
        "  value column \"value\"\nend\n",
    };
    bs_session *from = COMPILED(METRICS, rate(20));
    read_figures(from, FIGURES);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        bs_session *s = COMPILED(others[i], rate(20));
        size_t n = bs_n_diagnostics(s);
        assert_int_equal(bs_share_data(s, from), BS_INVALID);
        assert_int_equal(bs_n_diagnostics(s), n);
        if (i == 0)
            read_figures(s, FIGURES); // nothing has changed
        bs_close(s);
    }
    bs_close(from);
}

static void sharing_out_of_order_is_refused(void **state) {
    (void)state;
    bs_session *from = COMPILED(METRICS, rate(20)), *s = COMPILED(METRICS, rate(20));
    bs_session *raw = bs_open();
    assert_int_equal(bs_share_data(raw, from), BS_USAGE);
    assert_int_equal(bs_share_data(s, raw), BS_USAGE);
    read_figures(from, FIGURES);
    assert_int_equal(bs_share_data(s, from), BS_OK);
    assert_int_equal(bs_share_data(s, from), BS_USAGE);
    assert_int_equal(bs_add_data(s, "more.csv"), BS_USAGE);
    assert_int_equal(bs_add_data(from, "more.csv"), BS_USAGE);
    bs_close(raw);
    bs_close(from);
    bs_close(s);
}

// ---- rows whose status differs ------------------------------------------------------------------

static void a_moved_limit_flips_the_rows_between(void **state) {
    (void)state;
    bs_session *before = COMPILED(METRICS, rate(20), VISITS);
    bs_session *after = COMPILED(METRICS, rate(22), VISITS);
    read_figures(before, FIGURES);
    assert_int_equal(bs_share_data(after, before), BS_OK);
    bs_diff_counts n =
        check_diff(before, after, NULL, "rate North 2024-02: red > green\n");
    assert_int_equal(n.n_kpis, 1);
    assert_int_equal(n.n_same, 1);
    assert_int_equal(n.n_rows, 4);
    assert_int_equal(n.n_judged, 8);
    assert_int_equal(n.n_changed, 1);
    bs_close(before);
    bs_close(after);
}

static void what_is_the_same_is_not_judged_again(void **state) {
    (void)state;
    bs_session *before = COMPILED(METRICS, rate(20), VISITS, GROUP);
    bs_session *after = COMPILED(METRICS_TURNED, "# moved\n\n", VISITS, rate(20), GROUP);
    read_figures(before, FIGURES);
    assert_int_equal(bs_share_data(after, before), BS_OK);
    bs_diff_counts n = check_diff(before, after, NULL, "");
    assert_int_equal(n.n_same, 3);
    assert_int_equal(n.n_judged, 0);
    bs_close(before);
    bs_close(after);
}

static void a_group_follows_its_members(void **state) {
    (void)state;
    bs_session *before = COMPILED(METRICS, rate(20), VISITS, GROUP);
    bs_session *after = COMPILED(METRICS, rate(22), VISITS, GROUP);
    read_figures(before, FIGURES);
    assert_int_equal(bs_share_data(after, before), BS_OK);
    bs_diff_counts n = check_diff(before, after, NULL,
                                  "rate North 2024-02: red > green\n"
                                  "all North 2024-02: red > green\n");
    assert_int_equal(n.n_kpis, 2);
    assert_int_equal(n.n_same, 1);
    bs_close(before);
    bs_close(after);
}

static void a_kpi_of_one_side_is_told_of_row_by_row(void **state) {
    (void)state;
    bs_session *before = COMPILED(METRICS, rate(20));
    bs_session *after = COMPILED(METRICS, VISITS);
    read_figures(before, FIGURES);
    assert_int_equal(bs_share_data(after, before), BS_OK);
    check_diff(before, after, NULL,
               "visits North 2024-01: - > green, alone\n"
               "visits North 2024-02: - > no data, alone\n"
               "visits South 2024-01: - > no data, alone\n"
               "visits South 2024-02: - > red, alone\n"
               "rate North 2024-01: green > -, alone\n"
               "rate North 2024-02: red > -, alone\n"
               "rate South 2024-01: red > -, alone\n"
               "rate South 2024-02: green > -, alone\n");
    bs_close(before);
    bs_close(after);
}

static void other_figures_flip_and_rows_come_and_go(void **state) {
    (void)state;
    bs_session *before = COMPILED(METRICS, rate(20)), *after = COMPILED(METRICS, rate(20));
    read_figures(before, FIGURES);
    read_figures(after, NEXT_FIGURES);
    check_diff(before, after, NULL,
               "rate East 2024-02: - > green\n"
               "rate South 2024-01: red > -\n"
               "rate South 2024-02: green > red\n"
               "rate North 2024-01: green > -\n");
    bs_diff_options february = {.filter = {.periods = (const char *const[]){"2024-02"},
                                           .n_periods = 1,
                                           .entities = (const char *const[]){"South", "East"},
                                           .n_entities = 2}};
    check_diff(before, after, &february,
               "rate East 2024-02: - > green\nrate South 2024-02: green > red\n");
    bs_close(before);
    bs_close(after);
}

static void one_period_stands_beside_another(void **state) {
    (void)state;
    bs_session *s = COMPILED(METRICS, rate(20));
    read_figures(s, FIGURES);
    bs_diff_options months = {.period_before = "2024-01", .period_after = "2024-02"};
    bs_diff_counts n = check_diff(s, s, &months,
                                  "rate North 2024-02: green > red\n"
                                  "rate South 2024-02: red > green\n");
    assert_int_equal(n.n_rows, 2);
    months.period_after = NULL;
    assert_int_equal(bs_diff(s, s, &months, note_change, NULL, NULL), BS_USAGE);
    months.period_after = "2024-03";
    assert_int_equal(bs_diff(s, s, &months, note_change, NULL, NULL), BS_INVALID);
    bs_close(s);
}

static void a_name_that_neither_side_has_is_an_error(void **state) {
    (void)state;
    bs_session *before = COMPILED(METRICS, rate(20)), *after = COMPILED(METRICS, VISITS);
    read_figures(before, FIGURES);
    assert_int_equal(bs_share_data(after, before), BS_OK);
    bs_diff_options o = {.filter = {.kpis = (const char *const[]){"rate"}, .n_kpis = 1}};
    size_t n = bs_n_diagnostics(after);
    assert_int_equal(bs_diff(before, after, &o, note_change, &(Buf){.failed = true}, NULL), BS_OK);
    o.filter.kpis = (const char *const[]){"rote"};
    assert_int_equal(bs_diff(before, after, &o, note_change, NULL, NULL), BS_INVALID);
    assert_int_equal(bs_n_diagnostics(after), n + 1);
    bs_diagnostic d = bs_diagnostic_at(after, n);
    assert_string_equal(d.hint.s, "did you mean `rate`?");
    bs_close(before);
    bs_close(after);
}

static bool stop(void *context, const bs_change *c) {
    (void)c;
    ++*(size_t *)context;
    return false;
}

static void a_callback_stops_the_comparison(void **state) {
    (void)state;
    bs_session *before = COMPILED(METRICS, rate(10)), *after = COMPILED(METRICS, rate(90));
    read_figures(before, FIGURES);
    assert_int_equal(bs_share_data(after, before), BS_OK);
    size_t n = 0;
    assert_int_equal(bs_diff(before, after, NULL, stop, &n, NULL), BS_STOPPED);
    assert_int_equal(n, 1);
    bs_close(before);
    bs_close(after);
}

static void levels_are_known_by_their_names(void **state) {
    (void)state;
    static const char turned[] = "scale traffic\n  green\n  red\nend\n";
    bs_session *before = COMPILED(METRICS, rate(20));
    bs_session *after = COMPILED(turned, METRICS,
                                 "kpi rate\n  good is low\n  status traffic\n"
                                 "    green when value <= 20%\n    red otherwise\n  end\nend\n");
    read_figures(before, FIGURES);
    assert_int_equal(bs_share_data(after, before), BS_OK);
    bs_diff_counts n = check_diff(before, after, NULL, "");
    assert_int_equal(n.n_judged, 8);
    bs_close(before);
    bs_close(after);
}

static void many_rows_are_compared_in_batches(void **state) {
    (void)state;
    Buf figures = {0};
    buf_puts(&figures, "entity,period,metric,value\n");
    for (int i = 0; i < 2500; i++)
        buf_printf(&figures, "E%d,2024-01,rate,%d\n", i, i % 50);
    buf_char(&figures, '\0');
    bs_session *before = COMPILED(METRICS, rate(20)), *after = COMPILED(METRICS, rate(21));
    read_figures(before, figures.s);
    assert_int_equal(bs_share_data(after, before), BS_OK);
    Buf out = {0};
    bs_diff_counts n;
    assert_int_equal(bs_diff(before, after, NULL, note_change, &out, &n), BS_OK);
    assert_int_equal(n.n_rows, 2500);
    assert_int_equal(n.n_changed, 50);
    assert_true(str_starts(buf_str(&out), STR("rate E21 2024-01: red > green\nrate E71 ")));
    buf_free(&out);
    buf_free(&figures);
    bs_close(before);
    bs_close(after);
}

static bool take_any(void *context, const bs_change *c) {
    (void)c;
    ++*(size_t *)context;
    return true;
}

// How many KPIs of two sets of rules need not be judged again.
static size_t n_same(const char *before, const char *after) {
    bs_session *x = COMPILED(METRICS, before), *y = COMPILED(METRICS, after);
    read_figures(x, FIGURES);
    assert_int_equal(bs_share_data(y, x), BS_OK);
    bs_diff_counts counts;
    size_t n = 0;
    assert_int_equal(bs_diff(x, y, NULL, take_any, &n, &counts), BS_OK);
    bs_close(x);
    bs_close(y);
    return counts.n_same;
}

static const char BANDED[] = "bands rag as shared\n  red below 10\n  amber 10 to below 20\n"
                             "  green 20+\nend\n"
                             "kpi rate\n  good is high\n  target 20\n"
                             "  compare others = mean of rate among everyone\n"
                             "  bands from shared\n"
                             "  status rag\n    green when at target or better\n"
                             "    red when shared is red\n    amber when better than others\n"
                             "    red otherwise\n  end\nend\n";

static char *replaced(const char *text, const char *from, const char *to) {
    const char *at = strstr(text, from);
    assert_non_null(at);
    Buf out = {0};
    buf_printf(&out, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    buf_char(&out, '\0');
    return out.s;
}

static void whatever_a_status_depends_on_has_it_judged_again(void **state) {
    (void)state;
    static const char *const changes[][2] = {
        {"10 to below 20", "10 to below 19"},   {"target 20", "target 21"},
        {"mean of rate", "median of rate"},     {"mean of rate", "mean of (rate * 2)"},
        {"when better than", "when worse than"},
        {"shared is red", "shared is amber"},
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        char *after = replaced(BANDED, changes[i][0], changes[i][1]);
        assert_int_equal(n_same(BANDED, after), 0);
        free(after);
    }
}

static void whatever_else_is_added_has_nothing_judged_again(void **state) {
    (void)state;
    Buf more = {0};
    buf_puts(&more, "scale other\n  bad\n  fine\nend\n"
                    "kpi first\n  value visits\n  good is high\n"
                    "  compare them = median of visits among everyone\n"
                    "  bands other as level\n    bad below 3\n    fine 3+\n  end\n"
                    "  status other\n    fine when better than them, if known\n"
                    "    bad otherwise\n  end\nend\n");
    buf_puts(&more, BANDED);
    buf_char(&more, '\0');
    assert_int_equal(n_same(BANDED, more.s), 1);
    buf_free(&more);
}

static bool put_to(void *context, const char *s, size_t len) {
    buf_put(context, (Str){s, len});
    return true;
}

static void a_report_survives_memory_that_runs_out(void **state) {
    (void)state;
    size_t n_failed = 0;
    for (size_t n = 1; n < 700; n += 3) {
        bs_session *before = COMPILED(METRICS, rate(20), VISITS, GROUP);
        bs_session *after = COMPILED(METRICS, rate(22), VISITS, GROUP);
        read_figures(before, FIGURES);
        assert_int_equal(bs_share_data(after, before), BS_OK);
        Buf out = {0};
        bs_sink sink = {put_to, &out};
        bs_comparison what = {.name_before = "before",
                              .name_after = "after",
                              .rules = true,
                              .rows = true,
                              .format = (bs_report_format)(n % 3)};
        arena_fail_after(n);
        bs_code code = bs_write_comparison(before, after, &what, &sink, NULL);
        arena_fail_after(0);
        assert_true(code == BS_OK || code == BS_NO_MEMORY);
        n_failed += code == BS_NO_MEMORY;
        buf_free(&out);
        bs_close(before);
        bs_close(after);
    }
    assert_true(n_failed > 10);
}

static void memory_that_runs_out_is_an_error(void **state) {
    (void)state;
    size_t n_failed = 0;
    for (size_t n = 1; n < 400; n++) {
        bs_session *before = COMPILED(METRICS, rate(20), VISITS, GROUP);
        bs_session *after = COMPILED(METRICS_TURNED, rate(22), VISITS, GROUP);
        read_figures(before, FIGURES);
        Buf out = {0};
        arena_fail_after(n);
        bs_code code = bs_share_data(after, before);
        if (code == BS_OK)
            code = bs_diff(before, after, NULL, note_change, &out, NULL);
        arena_fail_after(0);
        assert_true(code == BS_OK || code == BS_NO_MEMORY);
        n_failed += code == BS_NO_MEMORY;
        buf_free(&out);
        bs_close(before);
        bs_close(after);
    }
    assert_true(n_failed > 10);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shared_figures_give_what_reading_them_gives),
        cmocka_unit_test(metrics_may_stand_in_another_order),
        cmocka_unit_test(rule_files_may_be_more_or_fewer),
        cmocka_unit_test(sessions_may_be_closed_in_any_order),
        cmocka_unit_test(what_a_session_numbered_anew_outlives_it),
        cmocka_unit_test(rules_that_read_files_in_another_way_share_nothing),
        cmocka_unit_test(sharing_out_of_order_is_refused),
        cmocka_unit_test(a_moved_limit_flips_the_rows_between),
        cmocka_unit_test(what_is_the_same_is_not_judged_again),
        cmocka_unit_test(a_group_follows_its_members),
        cmocka_unit_test(a_kpi_of_one_side_is_told_of_row_by_row),
        cmocka_unit_test(other_figures_flip_and_rows_come_and_go),
        cmocka_unit_test(one_period_stands_beside_another),
        cmocka_unit_test(a_name_that_neither_side_has_is_an_error),
        cmocka_unit_test(a_callback_stops_the_comparison),
        cmocka_unit_test(levels_are_known_by_their_names),
        cmocka_unit_test(many_rows_are_compared_in_batches),
        cmocka_unit_test(whatever_a_status_depends_on_has_it_judged_again),
        cmocka_unit_test(whatever_else_is_added_has_nothing_judged_again),
        cmocka_unit_test(a_report_survives_memory_that_runs_out),
        cmocka_unit_test(memory_that_runs_out_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
