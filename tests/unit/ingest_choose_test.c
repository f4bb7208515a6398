// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/ingest_fixture.h"

// ---- columns ------------------------------------------------------------------------------------

static void a_missing_column_names_the_nearest(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    add_input(&f, "figures", LAYOUT_LONG);
    start(&f);
    assert_false(ingest(&f, "measure,aera,MONTH,figure\nrate,Sefton,2023-05,1\n"));
    assert_int_equal(count(&f, D_COLUMN_MISSING), 2);
    assert_contains(f.d.diags.v[0].message,
                    "no column \"area\" (entity), which is named by the input block `figures`");
    assert_contains(f.d.diags.v[0].hint, "did you mean \"aera\"?");
    assert_contains(f.d.diags.v[0].hint, "measure, aera, MONTH, figure");
    assert_contains(f.d.diags.v[1].hint, "did you mean \"MONTH\"?");
    finish(&f);
}

static void without_a_block_a_missing_column_names_inspect(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    start(&f);
    assert_false(ingest(&f, "la_name,period,metric,value\nSefton,2023-05,rate,1\n"));
    assert_contains(find(&f, D_COLUMN_MISSING)->hint, "`bandstand inspect FILE`");
    finish(&f);
}

static void a_column_there_twice_is_an_error_only_when_used(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    start(&f);
    assert_true(ingest(&f, "entity,period,metric,value,x,x\nSefton,2023-05,rate,1,2,3\n"));
    assert_false(
        ingest_as(&f, "", "b.csv", "entity,period,metric,value,value\nSefton,2023-06,rate,1,2\n"));
    assert_int_equal(f.d.n_errors, 1);
    assert_contains(find(&f, D_COLUMN_TWICE)->message, "\"value\" twice, as columns 4 and 5");
    finish(&f);
}

static void ragged_rows_are_one_warning(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    start(&f);
    assert_true(ingest(&f, "entity,period,metric,value,note\n"
                           "Sefton,2023-05,rate,1,a\n"
                           "Sefton,2023-06,rate,1\n"
                           "Sefton,2023-07,rate,1,a,b\n"
                           "Sefton,2023-08,rate,1,a,,\n"));
    assert_int_equal(f.d.n_warnings, 1);
    const Diag *diag = find(&f, D_RAGGED);
    assert_contains(
        diag->message,
        "2 rows have more or fewer cells than the header; the first is line 3 with 4 instead of 5");
    assert_int_equal(diag->place.line, 3);
    finish(&f);
}

static void an_absent_cell_is_like_an_empty_one(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    Input *input = add_input(&f, "figures", LAYOUT_WIDE);
    MissingSymbol missing[] = {{STR(""), REASON_SUPPRESSED}};
    input->missing = missing;
    input->n_missing = 1;
    start(&f);
    assert_true(ingest(&f, "month,area,referral_count,rate\n2023-05,Sefton,1\n"));
    assert_int_equal(why_of(&f, observed(&f, RATE, "Sefton", "2023-05"), FIELD_VALUE),
                     WHY(REASON_SUPPRESSED));
    finish(&f);
}

// ---- which block --------------------------------------------------------------------------------

static const char *const wide_text = "month,area,rate\n2023-05,Sefton,26.4\n";
static const char *const long_text = "measure,area,month,figure\nrate,Sefton,2023-06,1\n";

static void the_block_is_found_by_the_columns(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    add_input(&f, "tall", LAYOUT_LONG);
    add_input(&f, "broad", LAYOUT_WIDE);
    start(&f);
    assert_true(ingest_as(&f, "", "a.csv", wide_text));
    assert_true(ingest_as(&f, "", "b.csv", long_text));
    assert_clean(&f);
    assert_int_equal(f.store.n, 2);
    finish(&f);
}

static void the_block_is_found_by_the_file_s_name(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    add_input(&f, "one", LAYOUT_WIDE)->file = STR("one_*.csv");
    add_input(&f, "two", LAYOUT_WIDE)->file = STR("two_*.csv");
    f.inputs[0].entity_column = STR("place");
    start(&f);
    assert_true(ingest_as(&f, "", "two_a.csv", wide_text));
    assert_false(ingest_as(&f, "", "one_a.csv", wide_text));
    assert_contains(find(&f, D_COLUMN_MISSING)->message, "\"place\"");
    finish(&f);
}

static void a_block_without_a_file_goes_before_one_of_another_name(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    add_input(&f, "special", LAYOUT_WIDE)->file = STR("special_*.csv");
    Input *usual = add_input(&f, "usual", LAYOUT_WIDE);
    usual->entity_column = (Str){0};
    usual->entity = STR("England");
    start(&f);
    assert_true(ingest(&f, wide_text));
    assert_int_not_equal(observed(&f, RATE, "England", "2023-05"), OBS_NONE);
    finish(&f);
}

static void a_file_that_fits_several_blocks_is_an_error(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    add_input(&f, "one", LAYOUT_WIDE);
    add_input(&f, "two", LAYOUT_WIDE);
    start(&f);
    assert_false(ingest(&f, wide_text));
    const Diag *diag = find(&f, D_INPUT_SEVERAL);
    assert_contains(diag->message, "`one`, `two`");
    assert_contains(diag->hint, "one=");
    finish(&f);
}

static void a_file_that_fits_no_block_names_what_each_lacks(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    add_input(&f, "tall", LAYOUT_LONG);
    add_input(&f, "broad", LAYOUT_WIDE);
    start(&f);
    assert_false(ingest(&f, "measure,aera,month,value\nrate,Sefton,2023-05,1\n"));
    const Diag *diag = find(&f, D_INPUT_NONE);
    assert_contains(diag->hint, "`tall` lacks \"area\" (did you mean \"aera\"?), \"figure\"");
    assert_contains(diag->hint, "`broad` lacks \"area\"");
    assert_contains(diag->hint, "a column of any metric");
    finish(&f);
}

static void blocks_that_read_differently_are_each_tried(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    add_input(&f, "plain", LAYOUT_LONG);
    add_input(&f, "titled", LAYOUT_WIDE)->skip_lines = 2;
    start(&f);
    assert_true(ingest(&f, "A title\nand another\nmonth,area,rate\n2023-05,Sefton,26.4\n"));
    assert_clean(&f);
    assert_int_equal(f.store.obs[observed(&f, RATE, "Sefton", "2023-05")].line, 4);
    finish(&f);
}

static void a_named_block_is_used_and_an_unknown_one_refused(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    add_input(&f, "one", LAYOUT_WIDE);
    add_input(&f, "twelve", LAYOUT_WIDE);
    start(&f);
    assert_true(ingest_as(&f, "twelve=", "a.csv", wide_text));
    assert_false(ingest_as(&f, "twelwe=", "b.csv", wide_text));
    assert_contains(find(&f, D_INPUT_UNKNOWN)->hint, "did you mean `twelve`?");
    finish(&f);
}

static void an_equals_sign_in_a_file_s_name_is_no_block(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    add_input(&f, "one", LAYOUT_WIDE);
    start(&f);
    assert_true(ingest_as(&f, "", "a=b.csv", wide_text));
    assert_clean(&f);
    finish(&f);
}

// Reads [text] from a pipe, which like standard input can be read only once.
static bool ingest_pipe(Fixture *f, const char *prefix, const char *text) {
    int ends[2];
    char argument[64];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], text, strlen(text)), strlen(text));
    assert_int_equal(close(ends[1]), 0);
    snprintf(argument, sizeof argument, "%s/dev/fd/%d", prefix, ends[0]);
    bool ok = ingest_file(&f->in, str_from(argument));
    assert_int_equal(close(ends[0]), 0);
    return ok;
}

static void a_pipe_is_read_once_for_blocks_that_read_alike(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    add_input(&f, "tall", LAYOUT_LONG);
    add_input(&f, "broad", LAYOUT_WIDE);
    start(&f);
    assert_true(ingest_pipe(&f, "", wide_text));
    assert_clean(&f);
    assert_int_equal(f.store.n, 1);
    finish(&f);
}

static void a_pipe_needs_a_name_when_blocks_read_differently(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    add_input(&f, "tall", LAYOUT_LONG)->delimiter = STR(";");
    add_input(&f, "broad", LAYOUT_WIDE);
    start(&f);
    assert_false(ingest_pipe(&f, "", wide_text));
    assert_contains(find(&f, D_INPUT_SEVERAL)->hint, "tall=/dev/fd/");
    assert_true(ingest_pipe(&f, "broad=", wide_text));
    assert_int_equal(f.store.n, 1);
    finish(&f);
}

static void a_file_that_cannot_be_read_is_one_error(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    add_input(&f, "tall", LAYOUT_LONG);
    add_input(&f, "broad", LAYOUT_WIDE);
    start(&f);
    assert_false(ingest(&f, ""));
    assert_int_equal(f.d.n_errors, 1);
    finish(&f);
}

static void a_file_that_no_block_can_read_is_an_error(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    add_input(&f, "tall", LAYOUT_LONG)->skip_lines = 9;
    add_input(&f, "broad", LAYOUT_WIDE)->skip_lines = 8;
    start(&f);
    assert_false(ingest(&f, wide_text));
    assert_contains(find(&f, D_INPUT_NONE)->hint, "`tall` cannot read the file");
    finish(&f);
}

// ---- JSON ---------------------------------------------------------------------------------------

static void json_records_are_read_alike(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    Input *input = add_input(&f, "figures", LAYOUT_WIDE);
    MissingSymbol missing[] = {{STR(""), REASON_NOT_AVAILABLE}};
    input->missing = missing;
    input->n_missing = 1;
    start(&f);
    assert_true(ingest_as(&f, "", "a.json",
                          "[{\"month\": \"2023-05\", \"area\": \"Sefton\", \"rate\": 2.64E1},\n"
                          " {\"month\": \"2023-06\", \"area\": \"Sefton\", \"rate\": null,\n"
                          "  \"referral_count\": 12},\n"
                          " {\"area\": \"Sefton\", \"month\": \"2023-07\"}]\n"));
    assert_true(ingest_finish(&f.in));
    assert_clean(&f);
    assert_int_equal(tenths(&f, observed(&f, RATE, "Sefton", "2023-05"), FIELD_VALUE), 264);
    assert_int_equal(why_of(&f, observed(&f, RATE, "Sefton", "2023-06"), FIELD_VALUE),
                     WHY(REASON_NOT_AVAILABLE));
    assert_int_equal(tenths(&f, observed(&f, REFERRALS, "Sefton", "2023-06"), FIELD_VALUE), 120);
    assert_int_equal(why_of(&f, observed(&f, RATE, "Sefton", "2023-07"), FIELD_VALUE),
                     WHY(REASON_NOT_AVAILABLE));
    finish(&f);
}

static void a_json_key_that_never_comes_is_missing(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    Input *input = add_input(&f, "figures", LAYOUT_LONG);
    MissingSymbol missing[] = {{STR(""), REASON_NOT_AVAILABLE}};
    input->missing = missing;
    input->n_missing = 1;
    start(&f);
    assert_false(ingest_as(
        &f, "", "a.json",
        "[{\"month\":\"2023-05\",\"area\":\"Sefton\",\"measure\":\"rate\",\"figur\":1}]"));
    assert_contains(find(&f, D_COLUMN_MISSING)->message, "no record has the key \"figure\"");
    finish(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_missing_column_names_the_nearest),
        cmocka_unit_test(without_a_block_a_missing_column_names_inspect),
        cmocka_unit_test(a_column_there_twice_is_an_error_only_when_used),
        cmocka_unit_test(ragged_rows_are_one_warning),
        cmocka_unit_test(an_absent_cell_is_like_an_empty_one),
        cmocka_unit_test(the_block_is_found_by_the_columns),
        cmocka_unit_test(the_block_is_found_by_the_file_s_name),
        cmocka_unit_test(a_block_without_a_file_goes_before_one_of_another_name),
        cmocka_unit_test(a_file_that_fits_several_blocks_is_an_error),
        cmocka_unit_test(a_file_that_fits_no_block_names_what_each_lacks),
        cmocka_unit_test(blocks_that_read_differently_are_each_tried),
        cmocka_unit_test(a_named_block_is_used_and_an_unknown_one_refused),
        cmocka_unit_test(an_equals_sign_in_a_file_s_name_is_no_block),
        cmocka_unit_test(a_pipe_is_read_once_for_blocks_that_read_alike),
        cmocka_unit_test(a_pipe_needs_a_name_when_blocks_read_differently),
        cmocka_unit_test(a_file_that_cannot_be_read_is_one_error),
        cmocka_unit_test(a_file_that_no_block_can_read_is_an_error),
        cmocka_unit_test(json_records_are_read_alike),
        cmocka_unit_test(a_json_key_that_never_comes_is_missing),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
