// SPDX-License-Identifier: Apache-2.0
// What if, why and why not, by way of the library.
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

static const char RULES[] =
    "scale rag\n  red\n  amber\n  green\nend\n"
    "metric made count range 0 to 1000\nmetric due count\nmetric national percent\n"
    "kpi rate \"Visits in time\"\n  value made as percent of due\n  good is high\n"
    "  compare national = national\n  compare peers = mean of value among everyone\n"
    "  bands rag as band\n    red below 70\n    amber 70 to below 80\n    green 80+\n  end\n"
    "  status rag\n    red when worse than national, if known\n    red when worsening, if known\n"
    "    amber when band is red\n    green otherwise\n  end\nend\n"
    "kpi last\n  value latest(made, within 3 periods) as percent of due\n  good is high\n"
    "  status rag\n    green when value >= 80\n    red otherwise\n  end\nend\n"
    "kpi taker\n  value due\n  good is high\n  status from rate\nend\n";

static const char FIGURES[] = "entity,period,metric,value\n"
                              "North,2024-01,made,70\nNorth,2024-01,due,100\n"
                              "North,2024-02,made,75\nNorth,2024-02,due,100\n"
                              "North,2024-02,national,74\n"
                              "South,2024-01,made,90\nSouth,2024-01,due,100\n"
                              "South,2024-02,made,85\nSouth,2024-02,due,100\n";

static bs_session *opened(const char *threshold, const char *figures) {
    bs_session *s = bs_open();
    char path[] = "/tmp/bandstand_what_if_XXXXXX";
    if (threshold)
        assert_int_equal(bs_set_threshold(s, threshold), BS_OK);
    assert_int_equal(bs_add_rules_text(s, "rules.rag", RULES, sizeof RULES - 1), BS_OK);
    assert_int_equal(bs_compile(s), BS_OK);
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, figures, strlen(figures)), strlen(figures));
    close(fd);
    assert_int_equal(bs_add_data(s, path), BS_OK);
    unlink(path);
    return s;
}

static bs_filter row(const char *kpi, const char *entity, const char *period) {
    static const char *texts[3];
    texts[0] = kpi;
    texts[1] = entity;
    texts[2] = period;
    return (bs_filter){.kpis = texts,
                       .n_kpis = kpi != NULL,
                       .entities = texts + 1,
                       .n_entities = entity != NULL,
                       .periods = texts + 2,
                       .n_periods = period != NULL};
}

static bool put_result(void *context, const bs_result *r) {
    Buf *out = context;
    buf_printf(out, "%s %s", r->value.exact.len > 0 ? r->value.exact.s : r->value.missing.s,
               r->kind == BS_JUDGED ? r->status.s : "no data");
    for (size_t i = 0; i < r->n_figures; i++)
        buf_printf(out, " %s=%s", r->figures[i].name.s,
                   r->figures[i].exact.len > 0 ? r->figures[i].exact.s : r->figures[i].missing.s);
    return true;
}

static void check_row(bs_session *s, const char *kpi, const char *entity, const char *period,
                      const char *expected) {
    Buf out = {0};
    bs_filter one = row(kpi, entity, period);
    assert_int_equal(bs_run(s, &one, put_result, &out), BS_OK);
    buf_char(&out, '\0');
    assert_string_equal(out.s, expected);
    buf_free(&out);
}

static void set(bs_session *s, const char *figure, const char *entity, const char *period) {
    bs_filter rows = row(NULL, entity, period);
    assert_int_equal(bs_set_figure(s, figure, &rows), BS_OK);
}

// ---- figures ------------------------------------------------------------------------------------

static void a_metric_that_is_set_is_read_everywhere(void **state) {
    (void)state;
    bs_session *s = opened(NULL, FIGURES);
    check_row(s, "rate", "North", "2024-02", "75 green national=74 peers=80");
    set(s, "made=95", "North", "2024-01");
    check_row(s, "rate", "North", "2024-01", "95 green national=no row peers=92.5");
    check_row(s, "rate", "North", "2024-02", "75 red national=74 peers=80"); // worsening now
    check_row(s, "rate", "South", "2024-01", "90 green national=no row peers=92.5");
    check_row(s, "last", "North", "2024-01", "95 green");
    check_row(s, "last", "South", "2024-01", "90 green");
    assert_int_equal(bs_reset_figures(s), BS_OK);
    check_row(s, "rate", "North", "2024-02", "75 green national=74 peers=80");
    bs_close(s);
}

static void a_value_that_is_set_is_the_period_before_of_the_next(void **state) {
    (void)state;
    bs_session *s = opened(NULL, FIGURES);
    set(s, "rate=95.5", "North", "2024-01");
    check_row(s, "rate", "North", "2024-01", "95.5 green national=no row peers=92.75");
    check_row(s, "rate", "North", "2024-02", "75 red national=74 peers=80");
    check_row(s, "rate", "South", "2024-01", "90 green national=no row peers=92.75");
    check_row(s, "taker", "North", "2024-02", "100 red");
    bs_close(s);
}

static void a_comparator_is_set_for_the_kpis_of_the_filter(void **state) {
    (void)state;
    bs_session *s = opened(NULL, FIGURES);
    set(s, "rate.national=76", "North", "2024-02");
    check_row(s, "rate", "North", "2024-02", "75 red national=76 peers=80");
    check_row(s, "rate", "South", "2024-02", "85 red national=no row peers=80");
    set(s, "rate.national=missing", "North", NULL); // the later prevails
    check_row(s, "rate", "North", "2024-02", "75 green national=not available peers=80");
    set(s, "peers=1", NULL, NULL);
    check_row(s, "rate", "South", "2024-02", "85 red national=no row peers=1");
    bs_close(s);
}

static void the_latest_figure_may_be_one_set_by_hand(void **state) {
    (void)state;
    bs_session *s = opened(NULL, FIGURES);
    set(s, "made=missing", "North", "2024-02");
    check_row(s, "last", "North", "2024-02", "70 red");
    set(s, "made=88", "North", "2024-01");
    check_row(s, "last", "North", "2024-02", "88 green");
    check_row(s, "rate", "North", "2024-02",
              "not available no data national=74 peers=not available");
    bs_close(s);
}

static void what_cannot_be_set_is_refused_and_sets_nothing(void **state) {
    static const char *const wrong[] = {"mad=1",   "made=1.5", "made=1001", "rate.nationale=1",
                                        "made=x",  "made",     "=1",        "last.national=1",
                                        "made.x=1"};
    (void)state;
    bs_session *s = opened(NULL, FIGURES);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        size_t n = bs_n_errors(s);
        assert_int_equal(bs_set_figure(s, wrong[i], NULL), BS_INVALID);
        assert_int_equal(bs_n_errors(s), n + 1);
    }
    bs_filter nowhere = row(NULL, "Nort", NULL);
    assert_int_equal(bs_set_figure(s, "made=1", &nowhere), BS_INVALID);
    check_row(s, "rate", "North", "2024-02", "75 green national=74 peers=80");
    bs_close(s);
    s = bs_open();
    assert_int_equal(bs_set_figure(s, "made=1", NULL), BS_USAGE);
    assert_int_equal(bs_reset_figures(s), BS_USAGE);
    bs_close(s);
}

static bool count_change(void *context, const bs_change *c) {
    (void)c;
    ++*(size_t *)context;
    return true;
}

static void a_figure_that_is_set_does_not_reach_who_shares_the_store(void **state) {
    (void)state;
    bs_session *s = opened(NULL, FIGURES), *other = bs_open();
    size_t n = 0;
    assert_int_equal(bs_add_rules_text(other, "rules.rag", RULES, sizeof RULES - 1), BS_OK);
    assert_int_equal(bs_compile(other), BS_OK);
    assert_int_equal(bs_share_data(other, s), BS_OK);
    set(other, "made=95", "North", "2024-01");
    check_row(s, "rate", "North", "2024-01", "70 green national=no row peers=80");
    check_row(other, "rate", "North", "2024-01", "95 green national=no row peers=92.5");
    assert_int_equal(bs_diff(s, other, NULL, count_change, &n, NULL), BS_OK);
    assert_int_equal(n, 3); // rate and taker worsen in February, and `last` is green in January
    bs_close(s);
    bs_close(other);
}

// ---- thresholds ---------------------------------------------------------------------------------

static void a_shared_edge_moves_for_both_levels(void **state) {
    (void)state;
    bs_session *s = opened("rate.band.amber=72", FIGURES);
    check_row(s, "rate", "North", "2024-01", "70 amber national=no row peers=80");
    bs_close(s);
    s = opened("rate.band.red=75", FIGURES);
    check_row(s, "rate", "North", "2024-01", "70 amber national=no row peers=80");
    check_row(s, "rate", "North", "2024-02", "75 green national=74 peers=80");
    bs_close(s);
}

static bs_code compile_with(const char *threshold, const char *bands, size_t *n_errors) {
    bs_session *s = bs_open();
    Buf text = {0};
    buf_printf(&text,
               "scale rag\n  red\n  amber\n  green\nend\nmetric m percent\nkpi m\n%s  end\nend\n",
               bands);
    bs_code code = bs_set_threshold(s, threshold);
    if (code == BS_OK)
        code = bs_add_rules_text(s, "rules.rag", text.s, text.len);
    if (code == BS_OK)
        code = bs_compile(s);
    *n_errors = bs_n_errors(s);
    buf_free(&text);
    bs_close(s);
    return code;
}

static void an_edge_that_is_not_clear_is_asked_for(void **state) {
    static const char near[] =
        "  good is near 50\n  bands rag\n    red below 30\n    amber 30 to below 40\n"
        "    green 40 to 60\n    amber above 60 to 70\n    red above 70\n";
    static const struct {
        const char *threshold;
        bs_code code;
    } cases[] = {{"m.rag.green=35", BS_INVALID},    {"m.rag.green.from=35", BS_OK},
                 {"m.rag.green.to=65", BS_OK},      {"m.rag.amber=35", BS_INVALID},
                 {"m.rag.amber.from=35", BS_OK},    {"m.rag.amber.to=65", BS_OK},
                 {"m.rag.amber.to=55", BS_INVALID}, {"m.rag.red.from=65", BS_INVALID},
                 {"m.rag.blue=65", BS_INVALID},     {"m.rog.green=65", BS_INVALID},
                 {"n.rag.green=65", BS_INVALID},    {"m.rag.green.low=65", BS_INVALID}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t n_errors;
        bs_code code = compile_with(cases[i].threshold, near, &n_errors);
        if (code != cases[i].code)
            print_error("%s\n", cases[i].threshold);
        assert_int_equal(code, cases[i].code);
        assert_int_equal(n_errors > 0, code != BS_OK);
    }
}

// ---- why ----------------------------------------------------------------------------------------

static bool put_trace(void *context, const bs_trace *t) {
    static const char *const verdicts[] = {
        [BS_NO_LINE] = "",    [BS_DECIDES] = "decides",     [BS_HOLDS] = "holds",
        [BS_FAILS] = "fails", [BS_NOT_KNOWN] = "not known", [BS_NOT_REACHED] = "not reached"};
    Buf *out = context;
    buf_printf(out, "%s\n", t->sentence.s);
    for (size_t i = 0; i < t->n_steps; i++)
        if (t->steps[i].kind == BS_STEP_LINE)
            buf_printf(out, "%u %s %s\n", t->steps[i].line, t->steps[i].outcome.s,
                       verdicts[t->steps[i].verdict]);
    for (size_t i = 0; i < t->n_nearest; i++)
        buf_printf(out, "%s: %s to %s%s\n", t->nearest[i].figure.s, t->nearest[i].now.s,
                   t->nearest[i].to.s, t->nearest[i].beyond ? ", beyond" : "");
    return true;
}

static void check_trace(bs_session *s, const bs_filter *one, bs_why_options options,
                        const char *expected) {
    Buf out = {0};
    assert_int_equal(bs_trace_results(s, one, &options, put_trace, &out), BS_OK);
    buf_char(&out, '\0');
    assert_string_equal(out.s, expected);
    buf_free(&out);
}

static void a_trace_tells_the_lines_and_what_is_nearest(void **state) {
    (void)state;
    bs_session *s = opened(NULL, FIGURES);
    bs_filter one = row("rate", "South", "2024-02");
    check_trace(s, &one, (bs_why_options){.steps = true, .why_not = "green"},
                "red: worsening, 85% against 90% in 2024-01 (rules.rag line 21). The bands alone "
                "would say green.\n"
                "20 red fails\n21 red decides\n22 amber not reached\n23 green not reached\n"
                "rate.value: 85 to 90\nmade: 85 to 90\n");
    one = row("rate", "North", "2024-02");
    check_trace(s, &one, (bs_why_options){.why_not = "red"},
                "green: no other line of the rule holds (rules.rag line 23). The bands alone would "
                "say amber.\n"
                "rate.value: 75 to 74, beyond\nmade: 75 to 73\nrate.national: 74 to 75, beyond\n");
    bs_close(s);
}

static void a_status_that_no_row_can_have_is_refused(void **state) {
    (void)state;
    bs_session *s = opened(NULL, FIGURES);
    Buf out = {0};
    assert_int_equal(
        bs_trace_results(s, NULL, &(bs_why_options){.why_not = "gren"}, put_trace, &out),
        BS_INVALID);
    assert_int_equal(out.len, 0);
    bs_close(s);
}

static bool stop(void *context, const bs_trace *t) {
    (void)t;
    ++*(size_t *)context;
    return false;
}

static void a_trace_stops_when_asked_to(void **state) {
    (void)state;
    bs_session *s = opened(NULL, FIGURES);
    size_t n = 0;
    assert_int_equal(bs_trace_results(s, NULL, NULL, stop, &n), BS_STOPPED);
    assert_int_equal(n, 1);
    bs_close(s);
}

static bool swallow(void *context, const char *s, size_t len) {
    (void)context;
    (void)s;
    (void)len;
    return true;
}

static void memory_that_runs_out_is_said_at_every_step(void **state) {
    static const bs_sink sink = {.write = swallow};
    (void)state;
    bs_code code = BS_NO_MEMORY;
    for (size_t n = 1; code == BS_NO_MEMORY; n++) {
        bs_session *s = opened("rate.band.amber=72", FIGURES);
        check_row(s, "rate", "North", "2024-02", "75 green national=74 peers=80");
        arena_fail_after(n);
        code = bs_set_figure(s, "rate.national=70", NULL);
        if (code == BS_OK)
            code = bs_why(s, NULL, &(bs_why_options){.steps = true, .why_not = "amber"}, &sink);
        arena_fail_after(0);
        assert_true(code == BS_OK || code == BS_NO_MEMORY);
        bs_close(s);
        if (n > 400)
            n += 37;
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_metric_that_is_set_is_read_everywhere),
        cmocka_unit_test(a_value_that_is_set_is_the_period_before_of_the_next),
        cmocka_unit_test(a_comparator_is_set_for_the_kpis_of_the_filter),
        cmocka_unit_test(the_latest_figure_may_be_one_set_by_hand),
        cmocka_unit_test(what_cannot_be_set_is_refused_and_sets_nothing),
        cmocka_unit_test(a_figure_that_is_set_does_not_reach_who_shares_the_store),
        cmocka_unit_test(a_shared_edge_moves_for_both_levels),
        cmocka_unit_test(an_edge_that_is_not_clear_is_asked_for),
        cmocka_unit_test(a_trace_tells_the_lines_and_what_is_nearest),
        cmocka_unit_test(a_status_that_no_row_can_have_is_refused),
        cmocka_unit_test(a_trace_stops_when_asked_to),
        cmocka_unit_test(memory_that_runs_out_is_said_at_every_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
