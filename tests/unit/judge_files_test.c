// SPDX-License-Identifier: Apache-2.0
// bs_judge_files against bs_add_data and bs_write_results, over generated files: codes, outputs,
// counts, matches and findings. And rows in the order of the figures against rows by KPI, which are
// written in another way.
#include <bandstand.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/hostile_file.h"

enum { N_FILES = 24 }; // of each form

static char path[] = "/tmp/bandstand_judge_XXXXXX.csv";

static int make_path(void **state) {
    (void)state;
    int fd = mkstemps(path, 4);
    return fd < 0 ? -1 : close(fd);
}

static int remove_path(void **state) {
    (void)state;
    return unlink(path);
}

static void write_file(const Buf *text) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text->s, 1, text->len, file), text->len);
    assert_int_equal(fclose(file), 0);
}

static bool append(void *context, const char *s, size_t len) {
    buf_put(context, (Str){s, len});
    return true;
}

typedef struct Answer {
    bs_code code;
    Buf text, findings;
    bs_counts counts;
    size_t n_matches;
} Answer;

static void free_answer(Answer *a) {
    buf_free(&a->text);
    buf_free(&a->findings);
}

static bs_session *compiled(const HostileForm *form) {
    bs_session *s = bs_open();
    assert_non_null(s);
    assert_int_equal(bs_add_rules_text(s, "rules.rag", form->rules, strlen(form->rules)), BS_OK);
    assert_int_equal(bs_compile(s), BS_OK);
    return s;
}

static const char *const fail_on[] = {"red", "no-data"};

static void end_answer(bs_session *s, Answer *a) {
    assert_int_equal(bs_write_diagnostics(s, 0, false, &(bs_sink){append, &a->findings}), BS_OK);
    bs_close(s);
}

static Answer judge_stored(const HostileForm *form, const bs_output *output) {
    Answer a = {0};
    bs_session *s = compiled(form);
    a.code = bs_add_data(s, path);
    if (a.code == BS_OK)
        a.code = bs_write_results(s, NULL, output, fail_on, 2, &(bs_sink){append, &a.text},
                                  &a.counts, &a.n_matches);
    end_answer(s, &a);
    return a;
}

static Answer judge_read(const HostileForm *form, const bs_output *output) {
    Answer a = {0};
    bs_session *s = compiled(form);
    const char *paths[] = {path};
    a.code = bs_judge_files(s, paths, 1, NULL, output, fail_on, 2, &(bs_sink){append, &a.text},
                            &a.counts, &a.n_matches);
    end_answer(s, &a);
    return a;
}

static void assert_same_text(const char *what, const Buf *got, const Buf *expected) {
    if (str_eq(buf_str(got), buf_str(expected)))
        return;
    print_error("---- expected\n%.*s\n---- got\n%.*s\n", STR_ARG(buf_str(expected)),
                STR_ARG(buf_str(got)));
    fail_msg("%s differ", what);
}

// ---- columns ------------------------------------------------------------------------------------

// All that needs no other period: then the file is judged while it is read.
static const char *const own_columns[] = {
    "kpi",       "label",     "source",      "entity",       "period",       "value",
    "exact",     "unit",      "target",      "comparators",  "target_exact", "levels",
    "status",    "marks",     "status_name", "missing",      "because",      "reason",
    "outcome",   "rule",      "data",        "status_label", "note",         "status_symbol",
    "rule_file", "rule_line", "data_line",   "data_file",    "grade",        "status_colour",
    "rag",       "replaced"};
static const char *const two_columns[] = {"note", "value"};
static const char *const one_column[] = {"target"};
static const struct {
    const char *const *names;
    size_t n;
} column_sets[] = {
    {NULL, 0}, // the usual ones
    {own_columns, sizeof own_columns / sizeof *own_columns},
    {two_columns, 2},
    {one_column, 1},
};
enum { N_COLUMN_SETS = sizeof column_sets / sizeof *column_sets };

static void choose(bs_output *output, uint32_t i) {
    static const bs_format formats[] = {BS_CSV, BS_JSONL, BS_JSON};
    *output = (bs_output){.format = formats[i % 3],
                          .columns = column_sets[i / 3 % N_COLUMN_SETS].names,
                          .n_columns = column_sets[i / 3 % N_COLUMN_SETS].n,
                          .reasons = i % 7 == 0,
                          .order = BS_AS_READ,
                          .threads = i % 4};
}

// ---- tests --------------------------------------------------------------------------------------

static void assert_same(const Answer *read, const Answer *stored) {
    assert_same_text("findings", &read->findings, &stored->findings);
    assert_int_equal(read->code, stored->code);
    // Of a file that is wrong further down, rows may have been written.
    if (stored->code != BS_OK)
        return;
    assert_same_text("outputs", &read->text, &stored->text);
    assert_int_equal(read->counts.n_rows, stored->counts.n_rows);
    assert_int_equal(read->counts.n_no_data, stored->counts.n_no_data);
    assert_int_equal(read->counts.n_unjudged, stored->counts.n_unjudged);
    assert_int_equal(read->n_matches, stored->n_matches);
}

static void judged_files_are_files_that_were_added(void **state) {
    (void)state;
    size_t n_fine = 0;
    for (uint32_t form = 0; form < N_HOSTILE_FORMS; form++) {
        for (uint32_t i = 0; i < N_FILES; i++) {
            Random r = {20250101 + form * N_FILES + i};
            Buf file = {0};
            bs_output output;
            hostile_file(&r, &hostile_forms[form], (Malice)(i / 2 % 3), &file);
            write_file(&file);
            choose(&output, i);
            Answer stored = judge_stored(&hostile_forms[form], &output);
            Answer read = judge_read(&hostile_forms[form], &output);
            assert_same(&read, &stored);
            n_fine += stored.code == BS_OK;
            free_answer(&stored);
            free_answer(&read);
            buf_free(&file);
        }
    }
    assert_in_range(n_fine, N_FILES, N_HOSTILE_FORMS * N_FILES - 5);
}

// JSON Lines are lines whatever the texts hold.
static int compare_lines(const void *a, const void *b) {
    return str_cmp(*(const Str *)a, *(const Str *)b);
}

static size_t sort_lines(Str text, Str *lines, size_t most) {
    size_t n = 0;
    while (text.len > 0) {
        const char *end = memchr(text.s, '\n', text.len);
        assert_non_null(end);
        size_t len = (size_t)(end - text.s) + 1;
        assert_true(n < most);
        lines[n++] = str_slice(text, 0, len);
        text = str_slice(text, len, text.len);
    }
    qsort(lines, n, sizeof *lines, compare_lines);
    return n;
}

static void assert_same_lines(const Buf *x, const Buf *y) {
    enum { MOST = 4000 };
    static Str of_x[MOST], of_y[MOST];
    size_t n = sort_lines(buf_str(x), of_x, MOST);
    assert_int_equal(sort_lines(buf_str(y), of_y, MOST), n);
    for (size_t i = 0; i < n; i++)
        if (!str_eq(of_x[i], of_y[i]))
            fail_msg("a line differs:\n%.*s%.*s", STR_ARG(of_x[i]), STR_ARG(of_y[i]));
}

static void rows_in_the_order_of_the_figures_are_those_by_kpi(void **state) {
    (void)state;
    size_t n_lines = 0;
    for (uint32_t form = 0; form < N_HOSTILE_FORMS; form++) {
        for (uint32_t i = 0; i < N_FILES; i++) {
            Random r = {20250601 + form * N_FILES + i};
            Buf file = {0};
            bs_output output;
            hostile_file(&r, &hostile_forms[form], MALICE_NONE, &file);
            write_file(&file);
            choose(&output, i);
            output.format = i % 2 ? BS_CSV : BS_JSONL;
            Answer as_read = judge_stored(&hostile_forms[form], &output);
            output.order = BS_BY_KPI;
            Answer by_kpi = judge_stored(&hostile_forms[form], &output);
            assert_int_equal(as_read.code, by_kpi.code);
            assert_same_lines(&as_read.text, &by_kpi.text);
            assert_int_equal(as_read.n_matches, by_kpi.n_matches);
            assert_int_equal(as_read.counts.n_rows, by_kpi.counts.n_rows);
            assert_same_text("findings", &as_read.findings, &by_kpi.findings);
            n_lines += by_kpi.counts.n_rows;
            free_answer(&as_read);
            free_answer(&by_kpi);
            buf_free(&file);
        }
    }
    assert_true(n_lines > 1000);
}

// ---- progress -----------------------------------------------------------------------------------

typedef struct Told {
    unsigned long long n_rows[2]; // by stage
    bool after_judging;           // of reading
} Told;

static bool take_progress(void *context, const bs_progress *at) {
    Told *told = context;
    assert_true(at->n_rows > told->n_rows[at->stage]);
    assert_true(at->n_done <= at->n_total);
    told->after_judging |= at->stage == BS_READING && told->n_rows[BS_JUDGING] > 0;
    told->n_rows[at->stage] = at->n_rows;
    return true;
}

static Told judge_and_be_told(bs_order order) {
    bs_session *s = bs_open();
    static const char rules[] = "metric a count\nkpi a\n  good is not judged\nend\n"
                                "kpi b\n  value a - previous(a)\n  good is not judged\nend\n";
    assert_int_equal(bs_add_rules_text(s, "rules.rag", rules, strlen(rules)), BS_OK);
    assert_int_equal(bs_compile(s), BS_OK);
    Told told = {0};
    Buf text = {0};
    const char *paths[] = {path};
    bs_output output = {.format = BS_CSV, .order = order};
    bs_on_progress(s, take_progress, &told);
    assert_int_equal(
        bs_judge_files(s, paths, 1, NULL, &output, NULL, 0, &(bs_sink){append, &text}, NULL, NULL),
        BS_OK);
    buf_free(&text);
    bs_close(s);
    return told;
}

static void reading_and_judging_tell_how_far_they_have_come(void **state) {
    (void)state;
    enum { N_ROWS = 80000 };
    Buf file = {0};
    buf_puts(&file, "entity,period,metric,value\n");
    for (unsigned i = 0; i < N_ROWS; i++)
        buf_printf(&file, "E%u,20%02u-%02u,a,%u\n", i / 120, i / 12 % 10 + 10, i % 12 + 1, i % 7);
    write_file(&file);
    buf_free(&file);
    static const bs_order orders[] = {BS_BY_KPI, BS_AS_READ};
    for (size_t i = 0; i < 2; i++) {
        Told told = judge_and_be_told(orders[i]);
        assert_int_equal(told.n_rows[BS_READING], N_ROWS);
        assert_in_range(told.n_rows[BS_JUDGING], N_ROWS, 2 * N_ROWS);
        assert_false(told.after_judging);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(judged_files_are_files_that_were_added),
        cmocka_unit_test(rows_in_the_order_of_the_figures_are_those_by_kpi),
        cmocka_unit_test(reading_and_judging_tell_how_far_they_have_come),
    };
    return cmocka_run_group_tests(tests, make_path, remove_path);
}
