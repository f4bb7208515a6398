// SPDX-License-Identifier: Apache-2.0
// What is proved of two sets of rules: which figures get another level or status, and which way.
#include <bandstand.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/base/arena.h"
#include "runtime/base/buf.h"

static const char HEAD[] = "scale rag\n  red\n  amber\n  green\nend\n"
                           "metric a percent range 0 to 100\nmetric b percent range 0 to 100\n"
                           "metric n count\nmetric d count\n";
static const char BANDS[] = "kpi k\n  value a\n  good is low\n  bands rag as grade\n";
static const char STATUS[] = "kpi k\n  value a\n  good is low\n  compare other = b\n  status rag\n";

static bs_session *compiled(const char *head, const char *start, const char *lines) {
    bs_session *s = bs_open();
    Buf text = {0};
    buf_printf(&text, "%s%s%s  end\nend\n", head, start, lines);
    assert_int_equal(bs_add_rules_text(s, "rules", text.s, text.len), BS_OK);
    assert_int_equal(bs_compile(s), BS_OK);
    buf_free(&text);
    return s;
}

static void put_text(Buf *out, bs_text t) {
    buf_printf(out, "%.*s", (int)t.len, t.s);
}

static const char *const ways[] = {[BS_AS_STRICT] = "as strict", [BS_STRICTER] = "stricter",
                                   [BS_LAXER] = "laxer",         [BS_BOTH_WAYS] = "both",
                                   [BS_AS_MEMBERS] = "members",  [BS_OTHERWISE] = "otherwise"};

static bool note_change(void *context, const bs_rules_change *c) {
    Buf *out = context;
    put_text(out, c->kpi);
    if (c->presence == BS_IN_BOTH)
        buf_printf(out, ": %s\n", ways[c->way]);
    else
        buf_printf(out, ": only %s\n", c->presence == BS_IN_AFTER ? "after" : "before");
    for (size_t i = 0; i < c->n_moves; i++) {
        const bs_move *m = &c->moves[i];
        buf_printf(out, "%.*s > %.*s", (int)m->from.len, m->from.s, (int)m->to.len, m->to.s);
        for (size_t k = 0; k < m->n_regions; k++) {
            buf_puts(out, k > 0 ? "; " : ": ");
            put_text(out, m->regions[k].words);
        }
        buf_puts(out, m->when.len > 0 ? ", " : "");
        put_text(out, m->when);
        buf_char(out, '\n');
    }
    for (size_t i = 0; i < c->n_notes; i++) {
        put_text(out, c->notes[i]);
        buf_char(out, '\n');
    }
    buf_puts(out, c->undecided.len > 0 ? "undecided\n" : "");
    return !out->failed;
}

static void check_rules(const char *head, const char *start_before, const char *before,
                        const char *start_after, const char *after, const char *expected) {
    bs_session *x = compiled(head, start_before, before), *y = compiled(head, start_after, after);
    Buf out = {0};
    size_t n_same;
    assert_int_equal(bs_diff_rules(x, y, NULL, note_change, &out, &n_same), BS_OK);
    buf_char(&out, '\0');
    assert_string_equal(out.s, expected);
    assert_int_equal(n_same, expected[0] == '\0');
    buf_free(&out);
    bs_close(x);
    bs_close(y);
}

static void check_bands(const char *before, const char *after, const char *expected) {
    check_rules(HEAD, BANDS, before, BANDS, after, expected);
}

static void check_status(const char *before, const char *after, const char *expected) {
    check_rules(HEAD, STATUS, before, STATUS, after, expected);
}

static void an_edge_that_moves_down_is_stricter_where_low_is_good(void **state) {
    (void)state;
    check_bands("green 0 to 20\namber above 20 to 30\nred above 30\n",
                "green 0 to 19\namber above 19 to 30\nred above 30\n",
                "k: stricter\ngreen > amber: values from 19% (excluded) to 20%\n");
}

static void an_edge_that_changes_hands_moves_a_single_value(void **state) {
    (void)state;
    check_bands("green 0 to 20\namber above 20 to 30\nred above 30\n",
                "green 0 to below 20\namber 20 to 30\nred above 30\n",
                "k: stricter\ngreen > amber: the value 20%\n");
}

static void edges_that_move_both_ways_are_both(void **state) {
    (void)state;
    check_bands("green 0 to 20\namber above 20 to 30\nred above 30\n",
                "green 0 to 19\namber above 19 to 40\nred above 40\n",
                "k: both\ngreen > amber: values from 19% (excluded) to 20%\n"
                "red > amber: values from 30% (excluded) to 40%\n");
}

static void figures_without_a_band_are_neither(void **state) {
    (void)state;
    check_bands("green 0 to 20\namber above 20 to 30\nred above 30\n",
                "green 0 to 20\namber 22 to 30\nred above 30\n",
                "k: otherwise\namber > : values from 20% (excluded) to 22% (excluded)\n");
}

static void rounding_moves_the_edges(void **state) {
    (void)state;
    check_rules(HEAD, BANDS, "green 0 to 20\namber above 20 to 30\nred above 30\n",
                "kpi k\n  value a\n  good is low\n  bands rag as grade, rounded to 0 decimals\n",
                "green 0 to 20\namber above 20 to 30\nred above 30\n",
                "k: laxer\namber > green: values from 20% (excluded) to 20.5% (excluded)\n"
                "red > amber: values from 30% (excluded) to 30.5% (excluded)\n");
}

static void bands_that_are_written_otherwise_are_as_strict(void **state) {
    (void)state;
    check_bands("green 0 to 20\namber above 20 to 30\nred above 30\n",
                "green 0 to 10\ngreen above 10 to 20\namber above 20 to 30\nred otherwise\n",
                "k: as strict\n");
}

static void what_is_the_same_is_not_handed_out(void **state) {
    (void)state;
    check_bands("green 0 to 20\nred above 20\n", "# as before\ngreen   0 to 20\nred   above 20\n",
                "");
}

static void a_limit_beside_a_comparator_is_told_as_its_multiple(void **state) {
    (void)state;
    check_status("red when over 25% worse than other\ngreen otherwise\n",
                 "red when over 30% worse than other\ngreen otherwise\n",
                 "k: laxer\n"
                 "red > green: values above 1.25 × other, at most 1.3 × other\n");
}

static void a_missing_comparator_is_a_case(void **state) {
    (void)state;
    check_status("red when worse than other\ngreen otherwise\n",
                 "red when worse than other, if known\ngreen otherwise\n",
                 "k: otherwise\n > green: no figure for other\n");
}

static void the_order_of_lines_counts(void **state) {
    (void)state;
    check_status("red when value > 20\namber when value > 10\ngreen otherwise\n",
                 "amber when value > 10\nred when value > 20\ngreen otherwise\n",
                 "k: laxer\nred > amber: values above 20%\n");
}

static void conditions_that_say_the_same_are_as_strict(void **state) {
    (void)state;
    check_status("red when not (value <= 20 and other <= 30)\ngreen otherwise\n",
                 "red when value > 20 or other > 30\ngreen otherwise\n", "k: as strict\n");
}

static void whole_numbers_leave_nothing_between(void **state) {
    (void)state;
    static const char start[] = "kpi k\n  value n\n  good is low\n  status rag\n";
    check_rules(HEAD, start, "red when value > 5\ngreen otherwise\n", start,
                "red when value >= 6\ngreen otherwise\n", "k: as strict\n");
}

static void another_value_is_noted(void **state) {
    (void)state;
    check_rules(HEAD, "kpi k\n  value n as percent of d\n  good is low\n  status rag\n",
                "red when value > 5\ngreen otherwise\n",
                "kpi k\n  value n as percent of (n + d)\n  good is low\n  status rag\n",
                "red when value > 6\ngreen otherwise\n",
                "k: laxer\nred > green: values from 5% (excluded) to 6%\n"
                "the value is worked out in another way\n");
}

static void what_a_kpi_needs_is_noted(void **state) {
    (void)state;
    static const char lines[] = "red when value > 5\ngreen otherwise\n";
    check_rules(HEAD, "kpi k\n  value a\n  good is low\n  needs n >= 20\n  status rag\n", lines,
                "kpi k\n  value a\n  good is low\n  needs n >= 30\n  status rag\n", lines,
                "k: as strict\nwhat the KPI `needs` is not the same, so other rows have no data\n");
}

static void planned_targets_are_compared_period_by_period(void **state) {
    (void)state;
    static const char lines[] = "green when at target or better\nred otherwise\n";
    check_rules(HEAD,
                "kpi k\n  value a\n  good is high\n  target by period\n    2023-04 10\n"
                "    2023-05 12\n  end\n  status rag\n",
                lines,
                "kpi k\n  value a\n  good is high\n  target by period\n    2023-04 10\n"
                "    2023-05 13\n  end\n  status rag\n",
                lines,
                "k: stricter\n"
                "green > red: values from 12% to 13% (excluded), the period 2023-05\n");
}

static void texts_are_compared_by_what_they_say(void **state) {
    (void)state;
    check_status("red when entity = \"Kent\"\ngreen otherwise\n",
                 "red when entity = \"Essex\"\ngreen otherwise\n",
                 "k: both\nred > green: entity \"Kent\"\ngreen > red: entity \"Essex\"\n");
}

static void rules_of_a_time_are_compared_within_it(void **state) {
    (void)state;
    static const char dated[] = "kpi k\n  value a\n  good is low\n"
                                "  bands rag as grade, valid from 2020 to 2023\n"
                                "    green 0 to 20\n    red above 20\n  end\n"
                                "  bands rag as grade, valid from 2024\n";
    check_rules(HEAD, dated, "green 0 to 20\nred above 20\n", dated,
                "green 0 to 19\nred above 19\n",
                "k: stricter\ngreen > red: values from 19% (excluded) to 20%, from 2024-01-01\n");
}

static void scales_that_disagree_give_no_way(void **state) {
    (void)state;
    static const char turned[] = "scale rag\n  green\n  amber\n  red\nend\nmetric a percent\n";
    static const char start[] = "kpi k\n  value a\n  status rag\n";
    bs_session *x = compiled("scale rag\n  red\n  amber\n  green\nend\nmetric a percent\n", start,
                             "red when value > 5\ngreen otherwise\n");
    bs_session *y = compiled(turned, start, "red when value > 6\ngreen otherwise\n");
    Buf out = {0};
    assert_int_equal(bs_diff_rules(x, y, NULL, note_change, &out, NULL), BS_OK);
    buf_char(&out, '\0');
    assert_string_equal(out.s, "k: otherwise\nred > green: values from 5% (excluded) to 6%\n");
    buf_free(&out);
    bs_close(x);
    bs_close(y);
}

static void figures_that_hang_on_each_other_are_left_open(void **state) {
    (void)state;
    static const char start[] = "kpi k\n  value n as percent of d\n  good is low\n  status rag\n";
    check_rules(HEAD, start, "red when value > 5 and n > 3\ngreen otherwise\n", start,
                "red when value > 6 and n > 3\ngreen otherwise\n",
                "k: laxer\nred > green: values from 5% (excluded) to 6%, n above 3\n"
                " > green: values from 5% (excluded) to 6%, no figure for n\nundecided\n");
}

static const char GROUP[] = "group all\n  member k\n  no data is left out\n  status rag\n"
                            "    red when any red\n    green otherwise\n  end\nend\n";

static void a_group_follows_its_members_or_is_left_open(void **state) {
    (void)state;
    Buf head = {0}, other = {0};
    buf_printf(&head, "%s%s", HEAD, GROUP);
    buf_printf(&other, "%sgroup all\n  member k weight 2\n  no data is left out\n  status rag\n"
                       "    red when any red\n    amber otherwise\n  end\nend\n", HEAD);
    buf_char(&head, '\0');
    buf_char(&other, '\0');
    static const char before[] = "red when value > 5\ngreen otherwise\n";
    check_rules(head.s, STATUS, before, STATUS, "red when value > 6\ngreen otherwise\n",
                "k: laxer\nred > green: values from 5% (excluded) to 6%\nall: members\n");
    bs_session *x = compiled(head.s, STATUS, before), *y = compiled(other.s, STATUS, before);
    Buf out = {0};
    size_t n_same;
    assert_int_equal(bs_diff_rules(x, y, NULL, note_change, &out, &n_same), BS_OK);
    buf_char(&out, '\0');
    assert_string_equal(out.s, "all: as strict\nundecided\n");
    assert_int_equal(n_same, 1);
    buf_free(&out);
    buf_free(&head);
    buf_free(&other);
    bs_close(x);
    bs_close(y);
}

static void kpis_of_one_side_are_named(void **state) {
    (void)state;
    check_rules(HEAD, "kpi gone\n  value a\n  status rag\n", "green otherwise\n",
                "kpi new\n  value a\n  status rag\n", "green otherwise\n",
                "new: only after\ngone: only before\n");
}

static void only_the_kpis_that_are_asked_for_are_compared(void **state) {
    (void)state;
    bs_session *x = compiled(HEAD, STATUS, "red when value > 5\ngreen otherwise\n");
    bs_session *y = compiled(HEAD, STATUS, "red when value > 6\ngreen otherwise\n");
    const char *names[] = {"l"};
    bs_filter f = {.kpis = names, .n_kpis = 1};
    assert_int_equal(bs_diff_rules(x, y, &f, note_change, NULL, NULL), BS_INVALID);
    assert_string_equal(bs_diagnostic_at(y, bs_n_diagnostics(y) - 1).message.s,
                        "there is no KPI `l`");
    bs_close(x);
    bs_close(y);
}

static void memory_that_runs_out_is_an_error(void **state) {
    (void)state;
    size_t n_failed = 0;
    for (size_t n = 1; n < 300; n++) {
        bs_session *x = compiled(HEAD, STATUS, "red when over 25% worse than other\n"
                                               "green otherwise\n");
        bs_session *y = compiled(HEAD, STATUS, "red when over 30% worse than other\n"
                                               "green otherwise\n");
        Buf out = {0};
        arena_fail_after(n);
        bs_code code = bs_diff_rules(x, y, NULL, note_change, &out, NULL);
        arena_fail_after(0);
        assert_true(code == BS_OK || code == BS_NO_MEMORY);
        n_failed += code == BS_NO_MEMORY;
        buf_free(&out);
        bs_close(x);
        bs_close(y);
    }
    assert_true(n_failed > 10);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_edge_that_moves_down_is_stricter_where_low_is_good),
        cmocka_unit_test(an_edge_that_changes_hands_moves_a_single_value),
        cmocka_unit_test(edges_that_move_both_ways_are_both),
        cmocka_unit_test(figures_without_a_band_are_neither),
        cmocka_unit_test(rounding_moves_the_edges),
        cmocka_unit_test(bands_that_are_written_otherwise_are_as_strict),
        cmocka_unit_test(what_is_the_same_is_not_handed_out),
        cmocka_unit_test(a_limit_beside_a_comparator_is_told_as_its_multiple),
        cmocka_unit_test(a_missing_comparator_is_a_case),
        cmocka_unit_test(the_order_of_lines_counts),
        cmocka_unit_test(conditions_that_say_the_same_are_as_strict),
        cmocka_unit_test(whole_numbers_leave_nothing_between),
        cmocka_unit_test(another_value_is_noted),
        cmocka_unit_test(what_a_kpi_needs_is_noted),
        cmocka_unit_test(planned_targets_are_compared_period_by_period),
        cmocka_unit_test(texts_are_compared_by_what_they_say),
        cmocka_unit_test(rules_of_a_time_are_compared_within_it),
        cmocka_unit_test(scales_that_disagree_give_no_way),
        cmocka_unit_test(figures_that_hang_on_each_other_are_left_open),
        cmocka_unit_test(a_group_follows_its_members_or_is_left_open),
        cmocka_unit_test(kpis_of_one_side_are_named),
        cmocka_unit_test(only_the_kpis_that_are_asked_for_are_compared),
        cmocka_unit_test(memory_that_runs_out_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
