// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/ingest_fixture.h"

// ---- layouts ------------------------------------------------------------------------------------

static void without_a_block_the_standard_long_layout_is_read(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    start(&f);
    assert_true(ingest(&f, "entity,period,metric,value,note\n"
                           "Sefton,2023-05,2.0,12,first\n"
                           "Wirral,2023-05,rate,26.4,\n"));
    assert_true(ingest_finish(&f.in));
    assert_clean(&f);
    uint32_t obs = observed(&f, REFERRALS, "Sefton", "2023-05");
    assert_int_equal(tenths(&f, obs, FIELD_VALUE), 120);
    assert_int_equal(why_of(&f, obs, NUMERATOR), WHY(REASON_NO_ROW));
    Why why;
    uint32_t text = (uint32_t)store_figure(&f.store, obs, NOTE, &why).num;
    assert_true(str_eq(intern_text(&f.store.texts, text), STR("first")));
    obs = observed(&f, RATE, "Wirral", "2023-05");
    assert_int_equal(tenths(&f, obs, FIELD_VALUE), 264);
    assert_int_equal(why_of(&f, obs, NOTE), WHY(REASON_NOT_AVAILABLE));
    assert_int_equal(f.store.obs[obs].line, 3);
    assert_true(str_ends(f.d.files.v[f.store.obs[obs].file].path, STR("a.csv")));
    assert_int_equal(f.store.n_reported, 1);
    finish(&f);
}

static void a_long_row_carries_its_fields(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    Input *input = add_input(&f, "figures", LAYOUT_LONG);
    FieldColumn fields[] = {{NUMERATOR, STR("of which"), false}, {NOTE, STR("comment"), true}};
    MissingSymbol missing[] = {{STR(""), REASON_NOT_AVAILABLE}};
    input->fields = fields;
    input->n_fields = 2;
    input->missing = missing;
    input->n_missing = 1;
    start(&f);
    assert_true(ingest(&f, "measure;area;month;figure;of which;comment\n"
                           "rate;Sefton;2023-05;;17; a note \n"
                           "2.0;Sefton;2023-05;20;;\n"));
    assert_true(ingest_finish(&f.in));
    assert_clean(&f);
    uint32_t obs = observed(&f, RATE, "Sefton", "2023-05");
    assert_int_equal(why_of(&f, obs, FIELD_VALUE), WHY(REASON_NOT_AVAILABLE));
    assert_int_equal(tenths(&f, obs, NUMERATOR), 170);
    assert_int_equal(why_of(&f, obs, NOTE), 0);
    obs = observed(&f, REFERRALS, "Sefton", "2023-05");
    assert_int_equal(tenths(&f, obs, FIELD_VALUE), 200);
    assert_int_equal(why_of(&f, obs, NUMERATOR), WHY(REASON_NOT_AVAILABLE));
    assert_int_equal(why_of(&f, obs, NOTE), WHY(REASON_NOT_AVAILABLE));
    finish(&f);
}

static void an_empty_value_beside_fields_is_not_silent(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    Input *input = add_input(&f, "figures", LAYOUT_LONG);
    FieldColumn fields[] = {{NUMERATOR, STR("n"), false}};
    input->fields = fields;
    input->n_fields = 1;
    start(&f);
    assert_false(ingest(&f, "measure,area,month,figure,n\nrate,Sefton,2023-05,,17\n"));
    assert_contains(find(&f, D_FIGURE_EMPTY)->hint, "`missing \"\" as not available`");
    finish(&f);
}

static void a_wide_row_has_a_column_for_each_metric(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    add_input(&f, "figures", LAYOUT_WIDE);
    start(&f);
    assert_true(ingest(&f, "month,area,code,referral_count,rate\n"
                           "2023-05,Sefton,E08,12,26.4\n"
                           "2023-06,Sefton,E08,13,27\n"));
    assert_true(ingest_finish(&f.in));
    assert_clean(&f);
    assert_int_equal(tenths(&f, observed(&f, REFERRALS, "Sefton", "2023-06"), FIELD_VALUE), 130);
    assert_int_equal(tenths(&f, observed(&f, RATE, "Sefton", "2023-05"), FIELD_VALUE), 264);
    assert_int_equal(f.store.n, 4);
    finish(&f);
}

static void wide_files_may_share_the_metrics_out(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    add_input(&f, "figures", LAYOUT_WIDE);
    start(&f);
    assert_true(ingest_as(&f, "", "a.csv", "month,area,referral_count\n2023-05,Sefton,12\n"));
    assert_true(ingest_as(&f, "", "b.csv", "month,area,rate\n2023-05,Sefton,26.4\n"));
    assert_true(ingest_finish(&f.in));
    assert_clean(&f);
    finish(&f);
}

static void a_wide_file_without_any_metric_is_an_error(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    add_input(&f, "figures", LAYOUT_WIDE);
    start(&f);
    assert_false(ingest(&f, "month,area,referal_count\n2023-05,Sefton,12\n"));
    assert_contains(find(&f, D_NO_METRIC_COLUMN)->hint, "did you mean \"referal_count\"?");
    finish(&f);
}

static void a_snapshot_gives_the_period_before_too(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    Input *input = add_input(&f, "scorecard", LAYOUT_SNAPSHOT);
    input->entity_column = input->period_column = (Str){0};
    input->entity = STR("Sefton");
    assert_true(period_parse(STR("2023-01"), &input->period));
    MissingSymbol missing[] = {{STR("-"), REASON_NOT_AVAILABLE}};
    input->missing = missing;
    input->n_missing = 1;
    start(&f);
    assert_true(ingest(&f, "measure,previous,current\n2.0,13490,13608\nrate,-,28.8\n"));
    assert_true(ingest_finish(&f.in));
    assert_clean(&f);
    uint32_t obs = observed(&f, REFERRALS, "Sefton", "2022-12");
    assert_int_equal(tenths(&f, obs, FIELD_VALUE), 134900);
    assert_true(f.store.obs[obs].from_previous);
    assert_int_equal(f.store.obs[obs].line, 2);
    assert_false(f.store.obs[observed(&f, REFERRALS, "Sefton", "2023-01")].from_previous);
    Why why;
    store_figure(&f.store, observed(&f, RATE, "Sefton", "2022-12"), FIELD_VALUE, &why);
    assert_int_equal(why, WHY(REASON_NOT_AVAILABLE));
    assert_int_equal(f.store.n_reported, 1);
    finish(&f);
}

// The May snapshot's previous figure against the April snapshot's own, in either order.
static void check_previous_against_series(bool series_first, const char *previous,
                                          size_t warnings) {
    Fixture f;
    begin(&f);
    add_input(&f, "scorecard", LAYOUT_SNAPSHOT);
    MissingSymbol missing[] = {{STR(""), REASON_NOT_AVAILABLE}};
    f.inputs[0].missing = missing;
    f.inputs[0].n_missing = 1;
    start(&f);
    char may[160];
    snprintf(may, sizeof may, "area,month,measure,previous,current\nSefton,2023-05,rate,%s,28.8\n",
             previous);
    const char *april = "area,month,measure,previous,current\nSefton,2023-04,rate,,29.6\n"
                        "Sefton,2023-04,2.0,,1\n";
    assert_true(
        ingest_as(&f, "", series_first ? "april.csv" : "may.csv", series_first ? april : may));
    assert_true(
        ingest_as(&f, "", series_first ? "may.csv" : "april.csv", series_first ? may : april));
    assert_true(ingest_finish(&f.in));
    assert_int_equal(count(&f, D_PREVIOUS_DIFFERS), warnings);
    assert_int_equal(f.d.diags.n, warnings);
    uint32_t obs = observed(&f, RATE, "Sefton", "2023-04");
    assert_int_equal(tenths(&f, obs, FIELD_VALUE), 296);
    assert_false(f.store.obs[obs].from_previous);
    if (warnings > 0) {
        const Diag *diag = find(&f, D_PREVIOUS_DIFFERS);
        assert_contains(diag->message,
                        "\"Rate\" (rate) for Sefton, 2023-04 is 29.4 here, but 29.6 on line 2 of");
        assert_int_equal(diag->place.line, 2);
        assert_int_equal(diag->other.line, 2);
        assert_int_not_equal(diag->place.file, diag->other.file);
    }
    finish(&f);
}

static void the_series_outweighs_a_previous_figure_that_differs(void **state) {
    (void)state;
    check_previous_against_series(true, "29.4", 1);
    check_previous_against_series(false, "29.4", 1);
    check_previous_against_series(true, "29.60", 0);
    check_previous_against_series(false, "29.6", 0);
    check_previous_against_series(true, "", 0);
}

// ---- rows that are left out ---------------------------------------------------------------------

static void where_lines_leave_rows_out_before_anything_is_read(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    Input *input = add_input(&f, "figures", LAYOUT_WIDE);
    Str levels[] = {STR("Local authority"), STR("Region")}, names[] = {STR("Total")};
    WhereFilter wheres[] = {{.column = STR("level"), .texts = levels, .n_texts = 2},
                            {.column = STR("area"), .negated = true, .texts = names, .n_texts = 1}};
    input->wheres = wheres;
    input->n_wheres = 2;
    start(&f);
    assert_true(ingest(&f, "level,month,area,referral_count,rate\n"
                           "National,not a period,,c,c\n"
                           "Region,2023-05,Total,c,c\n"
                           "Region,2023-05,North West,5,2\n"
                           " Local authority ,2023-05,Sefton,1,2\n"));
    assert_clean(&f);
    assert_int_equal(f.store.n, 4);
    finish(&f);
}

static void a_where_line_that_no_row_passes_is_a_warning(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    Input *input = add_input(&f, "figures", LAYOUT_WIDE);
    Str levels[] = {STR("Local Authority")};
    WhereFilter wheres[] = {{.column = STR("level"), .texts = levels, .n_texts = 1}};
    input->wheres = wheres;
    input->n_wheres = 1;
    start(&f);
    assert_true(ingest(&f, "level,month,area,rate\nLocal authority,2023-05,Sefton,2\n"));
    assert_contains(find(&f, D_NOTHING_KEPT)->message, "\"Local authority\" in column \"level\"");
    finish(&f);
}

static void rows_of_other_metrics_are_a_single_warning(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    add_input(&f, "figures", LAYOUT_LONG);
    start(&f);
    assert_true(ingest(&f, "measure,area,month,figure\n"
                           "2.0,Sefton,2023-05,1\nrate,Sefton,2023-05,2\n"
                           "b,,x,c\na,Sefton,2023-05,1\nb,Sefton,2023-05,2\n"));
    assert_int_equal(f.d.n_warnings, 1);
    const Diag *diag = find(&f, D_OTHER_METRICS);
    assert_contains(diag->message, "3 rows were not read");
    assert_contains(diag->message, "\"b\", \"a\"");
    assert_contains(diag->hint, "`other metrics are ignored`");
    assert_int_equal(diag->place.line, 4);
    assert_true(ingest_finish(&f.in));
    finish(&f);
}

static void rows_of_other_metrics_are_silent_when_declared_so(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    add_input(&f, "figures", LAYOUT_LONG)->other_metrics_ignored = true;
    start(&f);
    assert_true(ingest(&f, "measure,area,month,figure\n"
                           "2.0,Sefton,2023-05,1\nrate,Sefton,2023-05,2\nb,Sefton,2023-05,c\n"));
    assert_true(ingest_finish(&f.in));
    assert_clean(&f);
    finish(&f);
}

static void rows_of_delimiters_alone_are_passed_over(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    start(&f);
    assert_true(ingest(&f, "entity,period,metric,value\nSefton,2023-05,rate,1\n,,,\n , ,\"\",\n"));
    assert_clean(&f);
    assert_int_equal(f.store.n, 1);
    finish(&f);
}

// ---- entity and period --------------------------------------------------------------------------

static void entity_and_period_may_be_the_whole_file_s_or_none(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    Input *input = add_input(&f, "figures", LAYOUT_WIDE);
    input->entity_column = input->period_column = (Str){0};
    start(&f);
    assert_true(ingest(&f, "referral_count,rate\n12,26.4\n"));
    assert_true(ingest_finish(&f.in));
    assert_clean(&f);
    assert_int_equal(tenths(&f, observed(&f, RATE, "", ""), FIELD_VALUE), 264);
    finish(&f);
}

static void an_empty_entity_period_or_metric_is_an_error(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    start(&f);
    assert_false(ingest(&f, "entity,period,metric,value\n,2023-05,rate,1\nSefton,,rate,1\n"
                            "Sefton,2023-05,,1\n"));
    assert_int_equal(count(&f, D_CELL_EMPTY), 3);
    assert_contains(f.d.diags.v[0].message, "the entity is not given");
    assert_contains(f.d.diags.v[1].message, "the period is not given");
    assert_contains(f.d.diags.v[2].message, "the metric is not given");
    assert_int_equal(f.d.diags.v[1].place.line, 3);
    assert_int_equal(f.d.diags.v[1].place.column, 8);
    assert_int_equal(f.store.n, 0);
    finish(&f);
}

static void days_are_read_as_periods_of_the_kind_declared(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    add_input(&f, "figures", LAYOUT_WIDE)->period_as = PERIOD_FINANCIAL_QUARTER;
    start(&f);
    assert_true(ingest(&f, "month,area,rate\n2023-06-30,Sefton,1\nFY2023-24-Q2,Sefton,2\n"));
    assert_clean(&f);
    assert_int_equal(tenths(&f, observed(&f, RATE, "Sefton", "FY2023-24-Q1"), FIELD_VALUE), 10);
    assert_int_equal(tenths(&f, observed(&f, RATE, "Sefton", "FY2023-24-Q2"), FIELD_VALUE), 20);
    assert_false(ingest_as(&f, "", "b.csv", "month,area,rate\n2023-07,Sefton,1\n"));
    assert_contains(find(&f, D_PERIOD_LABEL)->message,
                    "is a month, and no financial quarter can be told from it");
    finish(&f);
}

static void a_label_that_is_no_period_names_the_forms(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"31/05/2023", "2023-05-31"}, {"2023/24", "AY2023/24"},
        {"202324", "FY2023-24"},      {"2023-24", "FY2023-24"},
        {"202305", "2023-05"},        {"2023/2024", "FY2023-24 for a financial year"},
        {"May 2023", "write 2023-05 for the month"}, {"May", "2023-Q2"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Fixture f;
        begin(&f);
        start(&f);
        char text[128];
        snprintf(text, sizeof text, "entity,period,metric,value\nSefton,%s,rate,1\n", cases[i][0]);
        assert_false(ingest(&f, text));
        const Diag *diag = find(&f, D_PERIOD_LABEL);
        assert_contains(diag->message, cases[i][0]);
        assert_contains(diag->message, "column \"period\"");
        assert_contains(diag->hint, cases[i][1]);
        assert_int_equal(diag->place.line, 2);
        assert_int_equal(diag->place.column, 8);
        finish(&f);
    }
}

static void a_series_has_one_kind_of_period(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    start(&f);
    assert_false(ingest(&f, "entity,period,metric,value\n"
                            "Sefton,2023-05,rate,1\nWirral,FY2023-24,rate,1\nSefton,2023,2.0,1\n"));
    assert_int_equal(f.d.n_errors, 1);
    const Diag *diag = find(&f, D_PERIOD_KINDS);
    assert_contains(diag->message,
                    "\"Rate\" (rate) has a financial year here, but a month on line 2");
    assert_int_equal(diag->place.line, 3);
    assert_int_equal(diag->other.line, 2);
    finish(&f);
}

// ---- figures there twice ------------------------------------------------------------------------

static void a_figure_there_twice_is_an_error_even_if_equal(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    start(&f);
    assert_false(ingest(&f,
                        "entity,period,metric,value\n"
                        "Sefton,2023-05,rate,1\nSefton,2023-06,rate,1\nSefton,2023-05,rate,1\n"));
    const Diag *diag = find(&f, D_OBSERVED_TWICE);
    assert_contains(diag->message,
                    "\"Rate\" (rate) for Sefton, 2023-05 is there twice: also on line 2");
    assert_int_equal(diag->place.line, 4);
    assert_int_equal(diag->other.line, 2);
    finish(&f);
}

static void a_figure_there_twice_across_files_names_both(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    start(&f);
    const char *text = "entity,period,metric,value\nSefton,2023-05,rate,1\n";
    assert_true(ingest_as(&f, "", "first.csv", text));
    assert_false(ingest_as(&f, "", "second.csv", text));
    const Diag *diag = find(&f, D_OBSERVED_TWICE);
    assert_contains(diag->message, "first.csv");
    assert_true(str_ends(f.d.files.v[diag->place.file].path, STR("second.csv")));
    assert_contains(diag->hint, "`revises`");
    finish(&f);
}

static void a_wide_row_there_twice_is_one_error(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    add_input(&f, "figures", LAYOUT_WIDE);
    start(&f);
    assert_false(
        ingest(&f, "month,area,referral_count,rate\n2023-05,Sefton,1,2\n2023-05,Sefton,1,2\n"));
    assert_int_equal(f.d.n_errors, 1);
    finish(&f);
}

static void a_later_input_revises_and_the_old_figure_stays(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    add_input(&f, "first", LAYOUT_WIDE);
    add_input(&f, "final", LAYOUT_WIDE)->revises = true;
    start(&f);
    assert_true(ingest_as(&f, "first=", "a.csv", "month,area,rate\n2023-05,Sefton,1\n"));
    assert_true(
        ingest_as(&f, "final=", "b.csv", "month,area,rate\n2023-05,Sefton,2\n2023-06,Sefton,3\n"));
    assert_clean(&f);
    uint32_t obs = observed(&f, RATE, "Sefton", "2023-05");
    assert_int_equal(tenths(&f, obs, FIELD_VALUE), 20);
    assert_int_equal(f.store.obs[obs].marks, MARK_REVISED);
    assert_int_equal(tenths(&f, f.store.obs[obs].replaced, FIELD_VALUE), 10);
    assert_int_equal(f.store.obs[observed(&f, RATE, "Sefton", "2023-06")].marks, 0);
    assert_false(
        ingest_as(&f, "final=", "c.csv", "month,area,rate\n2023-05,Sefton,4\n2023-05,Sefton,4\n"));
    assert_int_equal(count(&f, D_OBSERVED_TWICE), 1);
    finish(&f);
}

// ---- the whole run ------------------------------------------------------------------------------

static void a_metric_that_no_file_supplies_names_the_nearest(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    add_input(&f, "figures", LAYOUT_WIDE);
    start(&f);
    assert_true(ingest(&f, "month,area,rate,referal_count\n2023-05,Sefton,26.4,1\n"));
    assert_false(ingest_finish(&f.in));
    const Diag *diag = find(&f, D_METRIC_NOT_SUPPLIED);
    assert_contains(diag->message,
                    "\"Referrals\" (referrals): none with the column \"referral_count\"");
    assert_contains(diag->message, "a.csv");
    assert_contains(diag->hint, "did you mean \"referal_count\"?");
    assert_int_equal(diag->place.file, 0);
    assert_int_equal(diag->place.line, 11);
    assert_int_equal(f.d.n_errors, 1);
    finish(&f);
}

static void a_metric_in_no_row_names_the_nearest_id(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    f.metrics[RATE].id = STR("re_referral_rate");
    start(&f);
    assert_true(ingest(
        &f,
        "entity,period,metric,value\nSefton,2023-05,2.0,1\nSefton,2023-05,re_referal_rate,1\n"));
    assert_false(ingest_finish(&f.in));
    assert_contains(find(&f, D_METRIC_NOT_SUPPLIED)->hint, "did you mean \"re_referal_rate\"?");
    finish(&f);
}

static void after_a_file_that_failed_no_metric_is_called_missing(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    start(&f);
    assert_false(ingest_file(&f.in, STR("/nonexistent/figures.csv")));
    assert_int_equal(f.d.n_errors, 1);
    assert_true(ingest_finish(&f.in));
    assert_int_equal(f.d.n_errors, 1);
    finish(&f);
}

static void metrics_may_share_an_id(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    f.metrics[RATE].id = STR("2.0");
    start(&f);
    assert_true(ingest(&f, "entity,period,metric,value\nSefton,2023-05, 2.0 ,12\n"));
    assert_true(ingest_finish(&f.in));
    assert_clean(&f);
    assert_int_equal(f.store.n, 2);
    finish(&f);
}

static void marks_are_kept_with_the_observation(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    Input *input = add_input(&f, "figures", LAYOUT_WIDE);
    MarkSymbol marks[] = {{STR("b"), MARK_BREAK}, {STR("p"), MARK_PROVISIONAL}};
    input->marks = marks;
    input->n_marks = 2;
    start(&f);
    assert_true(ingest(&f, "month,area,rate\n2023-05,Sefton,26.4 p b\n"));
    assert_int_equal(f.store.obs[0].marks, MARK_BREAK | MARK_PROVISIONAL);
    assert_true(f.store.has_break[RATE]);
    finish(&f);
}

static void a_figure_out_of_range_is_missing_and_the_run_goes_on(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    f.metrics[RATE].has_range = true;
    f.metrics[RATE].low = number_int(0);
    f.metrics[RATE].high = number_int(100);
    start(&f);
    assert_true(ingest(&f, "entity,period,metric,value\nSefton,2023-05,rate,264\n"));
    assert_int_equal(f.d.n_warnings, 1);
    assert_int_equal(why_of(&f, observed(&f, RATE, "Sefton", "2023-05"), FIELD_VALUE),
                     WHY(REASON_OUT_OF_RANGE));
    finish(&f);
}

static void a_file_full_of_errors_is_read_no_further(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    start(&f);
    Buf text = {0};
    buf_puts(&text, "entity,period,metric,value\n");
    for (int i = 0; i < 2 * INGEST_MAX_ERRORS; i++) {
        buf_puts(&text, "Sefton,2023-05,rate,c\n");
    }
    buf_char(&text, '\0');
    assert_false(ingest(&f, text.s));
    buf_free(&text);
    assert_int_equal(f.d.n_errors, INGEST_MAX_ERRORS);
    assert_int_equal(f.d.diags.n, DIAG_MAX_PER_FILE);
    assert_true(ingest_finish(&f.in));
    finish(&f);
}

static void big_numbers_outlive_the_file(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    start(&f);
    assert_true(ingest(
        &f, "entity,period,metric,value\nSefton,2023-05,2.0,123456789012345678901234567890\n"));
    Why why;
    Buf out = {0};
    number_print(&out, store_figure(&f.store, observed(&f, REFERRALS, "Sefton", "2023-05"),
                                    FIELD_VALUE, &why));
    assert_true(str_eq(buf_str(&out), STR("123456789012345678901234567890")));
    buf_free(&out);
    finish(&f);
}

static void without_any_file_every_metric_is_missing(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    start(&f);
    assert_false(ingest_finish(&f.in));
    assert_int_equal(count(&f, D_METRIC_NOT_SUPPLIED), N_METRICS);
    finish(&f);
}

// Every allocation in turn fails: no crash, and never a clean end without the figures.
static void running_out_of_memory_is_an_error(void **state) {
    (void)state;
    bool done = false;
    for (size_t nth = 1; !done; nth++) {
        assert_true(nth < 1000);
        Fixture f;
        begin(&f);
        add_input(&f, "tall", LAYOUT_LONG);
        add_input(&f, "shot", LAYOUT_SNAPSHOT);
        assert_true(store_init(&f.store, &f.arena, N_METRICS, N_FIELDS));
        arena_fail_after(nth);
        bool ok = ingest_begin(&f.in, &f.program, &f.store, &f.d);
        if (ok) {
            bool read = ingest_as(&f, "", "a.csv",
                                  "area,month,measure,previous,current\nSefton,2023-05,rate,1,2\n"
                                  "Sefton,2023-05,2.0,123456789012345678901,12345678901234567890\n"
                                  "Sefton,2023-05,x,1,2\n");
            ok = ingest_finish(&f.in) && read;
        }
        arena_fail_after(0);
        assert_true(ok || f.d.n_errors > 0);
        done = ok && f.store.n == 4;
        assert_int_equal(ok, done);
        finish(&f);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_block_the_standard_long_layout_is_read),
        cmocka_unit_test(a_long_row_carries_its_fields),
        cmocka_unit_test(an_empty_value_beside_fields_is_not_silent),
        cmocka_unit_test(a_wide_row_has_a_column_for_each_metric),
        cmocka_unit_test(wide_files_may_share_the_metrics_out),
        cmocka_unit_test(a_wide_file_without_any_metric_is_an_error),
        cmocka_unit_test(a_snapshot_gives_the_period_before_too),
        cmocka_unit_test(the_series_outweighs_a_previous_figure_that_differs),
        cmocka_unit_test(where_lines_leave_rows_out_before_anything_is_read),
        cmocka_unit_test(a_where_line_that_no_row_passes_is_a_warning),
        cmocka_unit_test(rows_of_other_metrics_are_a_single_warning),
        cmocka_unit_test(rows_of_other_metrics_are_silent_when_declared_so),
        cmocka_unit_test(rows_of_delimiters_alone_are_passed_over),
        cmocka_unit_test(entity_and_period_may_be_the_whole_file_s_or_none),
        cmocka_unit_test(an_empty_entity_period_or_metric_is_an_error),
        cmocka_unit_test(days_are_read_as_periods_of_the_kind_declared),
        cmocka_unit_test(a_label_that_is_no_period_names_the_forms),
        cmocka_unit_test(a_series_has_one_kind_of_period),
        cmocka_unit_test(a_figure_there_twice_is_an_error_even_if_equal),
        cmocka_unit_test(a_figure_there_twice_across_files_names_both),
        cmocka_unit_test(a_wide_row_there_twice_is_one_error),
        cmocka_unit_test(a_later_input_revises_and_the_old_figure_stays),
        cmocka_unit_test(a_metric_that_no_file_supplies_names_the_nearest),
        cmocka_unit_test(a_metric_in_no_row_names_the_nearest_id),
        cmocka_unit_test(after_a_file_that_failed_no_metric_is_called_missing),
        cmocka_unit_test(metrics_may_share_an_id),
        cmocka_unit_test(marks_are_kept_with_the_observation),
        cmocka_unit_test(a_figure_out_of_range_is_missing_and_the_run_goes_on),
        cmocka_unit_test(a_file_full_of_errors_is_read_no_further),
        cmocka_unit_test(big_numbers_outlive_the_file),
        cmocka_unit_test(without_any_file_every_metric_is_missing),
        cmocka_unit_test(running_out_of_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
