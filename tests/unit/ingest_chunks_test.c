// SPDX-License-Identifier: Apache-2.0
// A file that several threads read in chunks comes out as one that is read record by record: the
// same observations in the same order, and the same findings.
#include "tests/unit/lang_fixture.h"

#include <unistd.h>

#include "runtime/edges/ingest_chunks.h"
#include "runtime/edges/ingest_fractions.h"
#include "runtime/edges/ingest_labels.h"
#include "runtime/edges/ingest_quick.h"

#include "tests/unit/hostile_file.h"

enum { N_FILES = 40 }; // of each form and malice

static char path[] = "/tmp/bandstand_chunks_XXXXXX.csv";

static int make_path(void **state) {
    (void)state;
    int fd = mkstemps(path, 4);
    return fd < 0 ? -1 : close(fd);
}

static int remove_path(void **state) {
    (void)state;
    return unlink(path);
}

static void write_file(Str text) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text.s, 1, text.len, file), text.len);
    assert_int_equal(fclose(file), 0);
}

// ---- reading ------------------------------------------------------------------------------------

typedef struct Reading {
    Rules r;
    Arena figures;
    Store store;
    Ingest in;
    size_t n_errors; // of the last file
    bool whole;      // it was read to its end
    bool in_chunks;
} Reading;

static void begin(Reading *x, const char *rules) {
    *x = (Reading){0};
    rules_compiled(&x->r, rules);
    const Program *p = &x->r.program;
    assert_true(store_init(&x->store, &x->figures, p->n_metrics, p->n_fields));
    assert_true(ingest_begin(&x->in, p, &x->store, &x->r.diags));
}

// Without [o] record by record.
static void read_in(Reading *x, const char *input, const IngestChunksOptions *o) {
    Arena a = {0};
    IngestFile f;
    size_t n_errors = x->r.diags.n_errors;
    Str name = arena_printf(&x->r.scratch, "%s%s", input, path);
    if (ingest_begin_file(&x->in, &a, name, &f)) {
        x->in_chunks = o && quick_serves(&f);
        x->whole = x->in_chunks ? ingest_chunks(&f, o) : ingest_rows(&f, NULL, NULL);
        if (x->whole)
            ingest_end_file(&f);
        records_close(f.choice.records);
    }
    x->n_errors = x->r.diags.n_errors - n_errors;
    arena_free(&a);
}

static void end(Reading *x) {
    ingest_free(&x->in);
    arena_free(&x->figures);
    rules_end(&x->r);
}

static Str findings(Reading *x) {
    Buf out = {0};
    ingest_report_doubts(&x->in);
    ingest_report_fractions(&x->in);
    for (size_t i = 0; i < x->r.diags.diags.n; i++)
        diag_print(&out, &x->r.diags, &x->r.diags.diags.v[i], false);
    Str s = arena_str(&x->r.scratch, buf_str(&out));
    buf_free(&out);
    return s;
}

// ---- comparing ----------------------------------------------------------------------------------

static bool same_figure(const Reading *x, const Reading *y, uint32_t obs, uint32_t field) {
    Why why_x, why_y;
    Number a = store_figure(&x->store, obs, field, &why_x);
    Number b = store_figure(&y->store, obs, field, &why_y);
    if (why_x != why_y)
        return false;
    if (!why_x && x->r.program.field_is_text[field])
        return str_eq(intern_text(&x->store.texts, (uint32_t)a.num),
                      intern_text(&y->store.texts, (uint32_t)b.num));
    return number_cmp(a, b) == 0;
}

static bool same_observation(const Reading *x, const Reading *y, uint32_t obs) {
    const Observation *a = &x->store.obs[obs], *b = &y->store.obs[obs];
    bool same = a->metric == b->metric && period_eq(a->period, b->period) && a->line == b->line &&
                a->marks == b->marks && a->replaced == b->replaced && a->file == b->file &&
                store_find(&x->store, a->metric, a->entity, a->period) ==
                    store_find(&y->store, b->metric, b->entity, b->period) &&
                str_eq(intern_text(&x->store.entities, a->entity),
                       intern_text(&y->store.entities, b->entity));
    for (uint32_t field = 0; field < x->r.program.n_fields; field++)
        same = same && same_figure(x, y, obs, field);
    return same;
}

// What a row that was wrong left behind among the entities is not looked at.
static const char *difference(Reading *x, Reading *y) {
    if (x->whole != y->whole)
        return "one is read to its end";
    if (!str_eq(findings(x), findings(y)))
        return "findings differ";
    if (x->store.n != y->store.n)
        return "one has more observations";
    for (uint32_t i = 0; i < x->store.n; i++)
        if (!same_observation(x, y, i))
            return "an observation differs";
    for (uint32_t i = 0; i < x->in.program->n_metrics; i++)
        if (x->in.metrics[i].supplied != y->in.metrics[i].supplied)
            return "a metric is supplied to one";
    for (uint32_t i = 0; x->r.diags.n_errors == 0 && i < x->store.entities.n; i++)
        if (!str_eq(intern_text(&x->store.entities, i), intern_text(&y->store.entities, i)))
            return "entities stand in another order";
    return NULL;
}

static void assert_same(Reading *x, Reading *y, const IngestChunksOptions *o, Str text) {
    const char *how = difference(x, y);
    if (how)
        fail_msg("%s: %zu threads, chunks of %zu\n%.*s\n---- record by record\n%.*s\n---- in "
                 "chunks\n%.*s",
                 how, o->n_threads, o->chunk, STR_ARG(text), STR_ARG(findings(x)),
                 STR_ARG(findings(y)));
}

// How many errors the file has. [in_chunks]: it was read so.
static size_t compare(const char *rules, const char *input, Str text, const IngestChunksOptions *o,
                      bool *in_chunks) {
    Reading x, y;
    write_file(text);
    begin(&x, rules);
    read_in(&x, input, NULL);
    begin(&y, rules);
    read_in(&y, input, o);
    *in_chunks = y.in_chunks;
    assert_same(&x, &y, o, text);
    size_t n_errors = x.n_errors;
    end(&x);
    end(&y);
    return n_errors;
}

static const size_t chunks[] = {1, 64, 200, 1000, 0};

static IngestChunksOptions nth(size_t i) {
    MasksKernel kernels[MASKS_MAX_KERNELS];
    size_t n = masks_kernels(kernels);
    return (IngestChunksOptions){
        .n_threads = 1 + i % 3, .chunk = chunks[i % COUNT(chunks)], .masks = kernels[i % n].fn};
}

// ---- cases --------------------------------------------------------------------------------------

static void generated_files_are_read_alike(void **state) {
    (void)state;
    size_t n_wrong = 0, n_in_chunks = 0, n = 0;
    for (size_t form = 0; form < N_HOSTILE_FORMS; form++)
        for (uint32_t i = 0; i < 3 * N_FILES; i++, n++) {
            Random r = {20261129 + n};
            Buf file = {0};
            IngestChunksOptions o = nth(n);
            bool in_chunks;
            hostile_file(&r, &hostile_forms[form], (Malice)(i % 3), &file);
            n_wrong += compare(hostile_forms[form].rules, "", buf_str(&file), &o, &in_chunks) > 0;
            n_in_chunks += in_chunks;
            buf_free(&file);
        }
    assert_in_range(n_wrong, n / 10, n * 6 / 10);
    assert_in_range(n_in_chunks, n / 2, n - 1);
}

static const char TWO_INPUTS[] = "metric m percent\n"
                                 "input first\n  layout long\n  entity column \"area\"\n"
                                 "  period column \"month\"\n  metric column \"measure\"\n"
                                 "  value column \"value\"\nend\n"
                                 "input final\n  layout long\n  entity column \"area\"\n"
                                 "  period column \"month\"\n  metric column \"measure\"\n"
                                 "  value column \"value\"\n  revises\nend\n"
                                 "kpi m\n  good is not judged\nend\n";

// 300 areas, each twice, and some a third time; two periods are of another kind.
static void put_areas(Buf *out, bool faulty) {
    buf_puts(out, "area,month,measure,value\n");
    for (int i = 0; i < 600; i++) {
        bool odd = faulty && i % 100 == 99;
        buf_printf(out, "\"Area %d\",2024-0%d,m,%d.%d\n", odd ? i - 1 : i % 300,
                   odd ? (i - 1) / 300 + 1 : i / 300 + 1, i % 97, i % 10);
        if (faulty && i % 300 == 250)
            buf_printf(out, "Area %d,2024-Q4,m,1\n", i);
    }
}

static void figures_that_are_there_already_are_told_of_or_revised(void **state) {
    (void)state;
    static const char *const seconds[] = {"first=", "final="};
    for (size_t second = 0; second < COUNT(seconds); second++)
        for (size_t i = 0; i < 2 * COUNT(chunks) * 3; i++) {
            IngestChunksOptions o = nth(i);
            Buf text = {0};
            Reading x, y;
            put_areas(&text, i % 2 == 1);
            write_file(buf_str(&text));
            begin(&x, TWO_INPUTS);
            begin(&y, TWO_INPUTS);
            read_in(&x, "first=", NULL);
            read_in(&y, "first=", &o);
            assert_true(y.in_chunks);
            assert_same(&x, &y, &o, buf_str(&text));
            assert_int_equal(x.n_errors > 0, i % 2 == 1);
            read_in(&x, seconds[second], NULL);
            read_in(&y, seconds[second], &o);
            assert_same(&x, &y, &o, buf_str(&text));
            assert_int_equal(x.n_errors > 0, second == 0 || i % 2 == 1);
            buf_free(&text);
            end(&x);
            end(&y);
        }
}

// Marks behind labels; months that may be years, which is told of at the end; a percentage that may
// be a fraction.
static void labels_and_doubts_are_noted_alike(void **state) {
    (void)state;
    static const char rules[] = "metric m percent\ninput figures\n  layout long\n"
                                "  entity column \"area\"\n  period column \"month\"\n"
                                "  metric column \"measure\"\n  value column \"value\"\n"
                                "  mark \"p\" as provisional\nend\n"
                                "kpi m\n  good is not judged\nend\n";
    for (size_t i = 0; i < COUNT(chunks) * 3; i++) {
        IngestChunksOptions o = nth(i);
        Buf text = {0};
        Reading x, y;
        buf_puts(&text, "area,month,measure,value\n");
        for (int area = 0; area < 90; area++)
            buf_printf(&text, "A%d,20%02d-%02d%s,m,0.%d\n", area, area / 10, area / 10 + 1,
                       area % 3 ? " p" : "", area);
        write_file(buf_str(&text));
        begin(&x, rules);
        begin(&y, rules);
        read_in(&x, "", NULL);
        read_in(&y, "", &o);
        assert_true(y.in_chunks);
        assert_same(&x, &y, &o, buf_str(&text));
        assert_int_equal(y.store.obs[1].marks, MARK_PROVISIONAL);
        assert_int_equal(x.r.diags.n_warnings, 2);
        buf_free(&text);
        end(&x);
        end(&y);
    }
}

static bool take_progress(void *context, const bs_progress *at) {
    *(unsigned long long *)context = at->n_rows;
    return true;
}

static void every_row_is_counted(void **state) {
    (void)state;
    Buf text = {0};
    put_areas(&text, false);
    buf_puts(&text, "Area 1,2024-09,m,1e1\nArea 1,2024-08,m,1\n"); // one of an unusual form
    write_file(buf_str(&text));
    for (size_t i = 0; i < COUNT(chunks) * 3; i++) {
        IngestChunksOptions o = nth(i);
        Reading x;
        unsigned long long n_rows = 0;
        begin(&x, TWO_INPUTS);
        x.in.progress = (ProgressTo){take_progress, &n_rows};
        read_in(&x, "first=", &o);
        assert_int_equal(n_rows, 602);
        end(&x);
    }
    buf_free(&text);
}

// A fault in the midst: what stands before it is read and looked at all the same.
static void text_that_cannot_be_read_on_is_told_of_where_it_stands(void **state) {
    (void)state;
    static const char *const faults[] = {
        "A,2024-05,m,\"1\n",
        "A,2024-05,m,\"1\"x\n",
        "A,2024-05,\xFF,1\n",
        "A,2024-05,m,\xC3",
    };
    for (size_t fault = 0; fault < COUNT(faults); fault++)
        for (size_t i = 0; i < COUNT(chunks) * 3; i++) {
            IngestChunksOptions o = nth(i);
            Buf text = {0};
            bool in_chunks;
            put_areas(&text, i % 2 == 1);
            buf_puts(&text, faults[fault]);
            for (int k = 0; k < 300 && fault + 1 < COUNT(faults); k++)
                buf_printf(&text, "Z %d,2024-06,m,x\n", k);
            assert_true(compare(TWO_INPUTS, "first=", buf_str(&text), &o, &in_chunks) > 0);
            assert_true(in_chunks);
            buf_free(&text);
        }
}

static void a_file_is_read_no_further_after_so_many_errors(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(chunks) * 3; i++) {
        IngestChunksOptions o = nth(i);
        Buf text = {0};
        bool in_chunks;
        buf_puts(&text, "area,month,measure,value\nA,2024-01,m,1\n");
        for (int k = 0; k < INGEST_MAX_ERRORS + 200; k++)
            buf_puts(&text, k % 2 ? "A,2024-01,m,2\n" : "A,2024-02,m,two\n");
        assert_int_equal(compare(TWO_INPUTS, "first=", buf_str(&text), &o, &in_chunks),
                         INGEST_MAX_ERRORS);
        assert_true(in_chunks);
        buf_free(&text);
    }
}

// Every allocation in turn fails: no crash, and it is said.
static void memory_that_runs_out_is_told_of(void **state) {
    (void)state;
    Buf text = {0};
    bool done = false;
    put_areas(&text, false);
    write_file(buf_str(&text));
    for (size_t n = 1; !done; n++) {
        Reading x;
        IngestChunksOptions o = {.n_threads = 1, .chunk = 2000};
        assert_true(n < 5000);
        begin(&x, TWO_INPUTS);
        arena_fail_after(n);
        read_in(&x, "first=", &o);
        arena_fail_after(0);
        done = x.n_errors == 0;
        if (done)
            assert_true(x.whole && x.store.n == 600);
        end(&x);
    }
    buf_free(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(generated_files_are_read_alike),
        cmocka_unit_test(figures_that_are_there_already_are_told_of_or_revised),
        cmocka_unit_test(labels_and_doubts_are_noted_alike),
        cmocka_unit_test(every_row_is_counted),
        cmocka_unit_test(text_that_cannot_be_read_on_is_told_of_where_it_stands),
        cmocka_unit_test(a_file_is_read_no_further_after_so_many_errors),
        cmocka_unit_test(memory_that_runs_out_is_told_of),
    };
    return cmocka_run_group_tests(tests, make_path, remove_path);
}
