// SPDX-License-Identifier: Apache-2.0
// The report: which rows a run hands out, and what stands in them.
#include "tests/unit/judged_fixture.h"

#include "runtime/edges/report.h"

#define RULES                                                                                      \
    RAG_SCALE OFSTED_SCALE                                                                         \
        "metric m \"M\" percent\nmetric sn percent\nmetric c count\n"                              \
        "kpi k \"The rate\"\n source \"Plan, 2.0\"\n note \"N\"\n value m\n precision 1 decimal\n" \
        " good is low\n target 20%\n compare neighbours \"Neighbours\" = sn\n"                     \
        " bands ofsted as ours\n  good <=19\n  inadequate >19\n end\n"                             \
        " status rag as rating\n  red when over 5 points worse than neighbours because \"far\"\n"  \
        "  green otherwise\n end\nend\n"                                                           \
        "kpi c\nend\n"

typedef struct Rows {
    Buf text;        // a row a line: kpi entity period status
    bs_result first; // its texts are gone after the callback
    size_t n, stop_after;
} Rows;

static Str str_of(bs_text t) {
    return (Str){t.s, t.len};
}

static bool take_row(void *context, const bs_result *r) {
    Rows *rows = context;
    assert_true(r->reason.len > 0);
    buf_printf(&rows->text, "%s %s %s %s\n", r->kpi.s, r->entity.s, r->period.s,
               r->kind == BS_JUDGED    ? r->status.s
               : r->kind == BS_NO_DATA ? "-"
                                       : "unjudged");
    return ++rows->n != rows->stop_after;
}

static bs_code run(Judged *j, const bs_filter *filter, Rows *rows) {
    assert_true(store_finish(&j->store));
    return report_run(&j->r.program, &j->store, &j->r.diags, filter, PLAN_EVERYTHING, NULL, NULL,
                      take_row, rows);
}

static void put_three(Judged *j) {
    judged_put(j, "m", "South", "2023-05", "26.44");
    judged_put(j, "m", "North", "2023-05", "suppressed");
    judged_put(j, "m", "South", "2023-04", "19");
    judged_put(j, "sn", "South", "2023-05", "20");
    judged_put(j, "sn", "South", "2023-04", "20");
    judged_put(j, "c", "North", "2023-05", "7");
}

static void rows_come_by_kpi_entity_and_period(void **state) {
    (void)state;
    Judged j;
    Rows rows = {0};
    judged_begin(&j, RULES);
    put_three(&j);
    assert_int_equal(run(&j, NULL, &rows), BS_OK);
    assert_str(buf_str(&rows.text),
               "k South 2023-04 green\nk South 2023-05 red\nk North 2023-04 -\n"
               "k North 2023-05 -\nc North 2023-04 unjudged\n"
               "c North 2023-05 unjudged\n");
    assert_int_equal(j.r.diags.n_errors, 0);
    buf_free(&rows.text);
    judged_end(&j);
}

static void a_filter_selects(void **state) {
    (void)state;
    static const char *const k[] = {"k"}, *const south[] = {"South"}, *const may[] = {"2023-05"};
    static const char *const both[] = {"North", "South"};
    static const struct {
        bs_filter filter;
        const char *rows;
    } cases[] = {
        {{.kpis = k, .n_kpis = 1, .periods = may, .n_periods = 1},
         "k South 2023-05 red\nk North 2023-05 -\n"},
        {{.entities = south, .n_entities = 1}, "k South 2023-04 green\nk South 2023-05 red\n"},
        {{.entities = both, .n_entities = 2, .periods = may, .n_periods = 1},
         "k South 2023-05 red\nk North 2023-05 -\nc North 2023-05 unjudged\n"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Judged j;
        Rows rows = {0};
        judged_begin(&j, RULES);
        put_three(&j);
        assert_int_equal(run(&j, &cases[i].filter, &rows), BS_OK);
        assert_str(buf_str(&rows.text), cases[i].rows);
        buf_free(&rows.text);
        judged_end(&j);
    }
}

static void a_filter_that_names_nothing_is_answered(void **state) {
    (void)state;
    static const char *const kk[] = {"kk"}, *const soth[] = {"South", "Soth"};
    static const char *const june[] = {"2023-06"};
    Judged j;
    Rows rows = {0};
    judged_begin(&j, RULES);
    put_three(&j);
    bs_filter filter = {.kpis = kk,
                        .n_kpis = 1,
                        .entities = soth,
                        .n_entities = 2,
                        .periods = june,
                        .n_periods = 1};
    assert_int_equal(run(&j, &filter, &rows), BS_INVALID);
    assert_int_equal(rows.n, 0);
    assert_n_findings(&j.r, 3);
    assert_finding(&j.r, 0, D_UNKNOWN_SELECTION, "0:0+0", "KPI `kk`", "");
    assert_finding(&j.r, 1, D_UNKNOWN_SELECTION, "0:0+0", "entity `Soth`", "`South`");
    assert_finding(&j.r, 2, D_UNKNOWN_SELECTION, "0:0+0", "period `2023-06`", "`2023-0");
    judged_end(&j);
}

static void a_callback_can_stop_the_run(void **state) {
    (void)state;
    Judged j;
    Rows rows = {.stop_after = 2};
    judged_begin(&j, RULES);
    put_three(&j);
    assert_int_equal(run(&j, NULL, &rows), BS_STOPPED);
    assert_int_equal(rows.n, 2);
    buf_free(&rows.text);
    judged_end(&j);
}

// ---- the contents of a row ----------------------------------------------------------------------

static bool check_full(void *context, const bs_result *r) {
    bool *seen = context;
    if (!str_eq(str_of(r->period), STR("2023-05")))
        return true;
    *seen = true;
    assert_str(str_of(r->label), "The rate");
    assert_str(str_of(r->source), "Plan, 2.0");
    assert_str(str_of(r->note), "N");
    assert_str(str_of(r->unit), "percent");
    assert_str(str_of(r->value.exact), "26.44");
    assert_str(str_of(r->value.shown), "26.4");
    assert_str(str_of(r->value.missing), "");
    assert_str(str_of(r->previous.exact), "");
    assert_str(str_of(r->previous.missing), "suppressed");
    assert_int_equal(r->n_figures, 2);
    assert_str(str_of(r->figures[0].name), "neighbours");
    assert_str(str_of(r->figures[0].label), "Neighbours");
    assert_str(str_of(r->figures[0].shown), "20.0");
    assert_str(str_of(r->figures[1].name), "target");
    assert_str(str_of(r->figures[1].exact), "20");
    assert_int_equal(r->n_levels, 1);
    assert_str(str_of(r->levels[0].name), "ours");
    assert_str(str_of(r->levels[0].level), "inadequate");
    assert_str(str_of(r->levels[0].label), "inadequate"); // the scale gives none
    assert_int_equal(r->kind, BS_JUDGED);
    assert_str(str_of(r->status_name), "rating");
    assert_str(str_of(r->status), "red");
    assert_str(str_of(r->status_label), "Red");
    assert_int_equal(r->status_rank, 0);
    assert_int_equal(r->n_status_ranks, 3);
    assert_str(str_of(r->direction), "");
    assert_str(str_of(r->missing), "");
    assert_str(str_of(r->because), "far");
    assert_true(str_starts(str_of(r->reason), STR("Red: far: 26.4%")));
    assert_str(str_of(r->rule_file), "rules.rag");
    assert_int_equal(r->rule_line, 28);
    assert_str(str_of(r->marks), "provisional, estimated");
    assert_str(str_of(r->replaced), "30.0");
    assert_str(str_of(r->data_file), "may.csv");
    assert_int_equal(r->data_line, 12);
    return true;
}

static void a_row_carries_all_that_led_to_it(void **state) {
    (void)state;
    Judged j;
    bool seen = false;
    judged_begin(&j, RULES);
    uint32_t file = diag_file(&j.r.diags, STR("may.csv"), (Str){0});
    uint32_t old = judged_put(&j, "m", "South", "2023-05", "30");
    Observation o = j.store.obs[old];
    o.file = file, o.line = 12, o.replaced = old, o.marks = MARK_PROVISIONAL | MARK_ESTIMATED;
    uint32_t revised = store_replace(&j.store, old, o);
    store_set(&j.store, revised, FIELD_VALUE, (Number){2644, 100}, 0);
    judged_put(&j, "m", "South", "2023-04", "suppressed");
    judged_put(&j, "sn", "South", "2023-05", "20");
    assert_true(store_finish(&j.store));
    assert_int_equal(report_run(&j.r.program, &j.store, &j.r.diags, NULL, PLAN_EVERYTHING, NULL,
                                NULL, check_full, &seen),
                     BS_OK);
    assert_true(seen);
    judged_end(&j);
}

static bool check_missing(void *context, const bs_result *r) {
    ++*(size_t *)context;
    if (r->kind == BS_UNJUDGED) {
        assert_str(str_of(r->kpi), "c");
        assert_str(str_of(r->label), "c"); // the name stands in for a label
        assert_str(str_of(r->status), "");
        assert_str(str_of(r->missing), "");
        assert_str(str_of(r->direction), "up");
        assert_int_equal(r->n_status_ranks, 0);
        assert_int_equal(r->rule_line, 32); // that of the KPI
        return true;
    }
    assert_int_equal(r->kind, BS_NO_DATA);
    assert_str(str_of(r->missing), "not available");
    assert_str(str_of(r->status), "");
    assert_str(str_of(r->status_label), "");
    assert_str(str_of(r->levels[0].level), "");
    assert_str(str_of(r->levels[0].missing), "not available");
    assert_str(str_of(r->value.exact), "");
    assert_str(str_of(r->value.shown), "");
    assert_str(str_of(r->value.missing), "not available");
    assert_int_equal(r->rule_line, 15); // no line decided
    return true;
}

static void a_row_without_status_says_what_it_lacks(void **state) {
    (void)state;
    static const char *const may[] = {"2023-05"};
    bs_filter filter = {.periods = may, .n_periods = 1};
    Judged j;
    size_t n = 0;
    judged_begin(&j, RULES);
    judged_put(&j, "m", "South", "2023-05", "not available");
    judged_put(&j, "c", "South", "2023-05", "8");
    judged_put(&j, "c", "South", "2023-04", "7");
    assert_true(store_finish(&j.store));
    assert_int_equal(report_run(&j.r.program, &j.store, &j.r.diags, &filter, PLAN_EVERYTHING, NULL,
                                NULL, check_missing, &n),
                     BS_OK);
    assert_int_equal(n, 2);
    judged_end(&j);
}

// ---- a line that wants `if known` ---------------------------------------------------------------

static void check_wanting(size_t n_without, size_t n_with, size_t n_findings) {
    Judged j;
    Rows rows = {0};
    judged_begin(&j, RULES);
    for (size_t i = 0; i < n_without + n_with; i++) {
        char entity[32];
        snprintf(entity, sizeof entity, "E%zu", i);
        judged_put(&j, "m", entity, "2023-05", "22");
        if (i >= n_without)
            judged_put(&j, "sn", entity, "2023-05", "22");
    }
    assert_int_equal(run(&j, NULL, &rows), BS_OK);
    assert_n_findings(&j.r, n_findings);
    if (n_findings > 0) {
        assert_finding(&j.r, 0, D_WANTS_IF_KNOWN, "28:3+58", "`Neighbours`", ", if known");
        char counts[64];
        snprintf(counts, sizeof counts, "%zu of the %zu rows of k", n_without, n_without + n_with);
        assert_true(has_text(j.r.diags.diags.v[0].message, counts));
    }
    buf_free(&rows.text);
    judged_end(&j);
}

static void a_comparator_that_many_rows_lack_is_pointed_out(void **state) {
    (void)state;
    check_wanting(5, 15, 1); // a quarter
    check_wanting(5, 16, 0);
    check_wanting(4, 0, 0); // too few rows to speak of
    check_wanting(5, 0, 1);
}

static void a_run_of_many_rows_is_whole(void **state) {
    (void)state;
    Judged j;
    Rows rows = {0};
    judged_begin(&j, RULES);
    enum { N = VM_BATCH * 2 + 7 };
    for (int i = 0; i < N; i++) {
        char entity[32];
        snprintf(entity, sizeof entity, "E%d", i);
        judged_put(&j, "c", entity, "2023-05", "1");
    }
    assert_int_equal(run(&j, NULL, &rows), BS_OK);
    assert_int_equal(rows.n, N);
    Str text = buf_str(&rows.text);
    assert_true(str_ends(text, STR("c E2054 2023-05 unjudged\n")));
    assert_true(has_text(text, "c E1023 2023-05 unjudged\nc E1024 2023-05 unjudged\n"));
    buf_free(&rows.text);
    judged_end(&j);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_by_kpi_entity_and_period),
        cmocka_unit_test(a_filter_selects),
        cmocka_unit_test(a_filter_that_names_nothing_is_answered),
        cmocka_unit_test(a_callback_can_stop_the_run),
        cmocka_unit_test(a_row_carries_all_that_led_to_it),
        cmocka_unit_test(a_row_without_status_says_what_it_lacks),
        cmocka_unit_test(a_comparator_that_many_rows_lack_is_pointed_out),
        cmocka_unit_test(a_run_of_many_rows_is_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
