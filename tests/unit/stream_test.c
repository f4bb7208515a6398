// SPDX-License-Identifier: Apache-2.0
// A file that is judged while it is read comes to what it comes to when it is read first: generated
// files in every kind of disorder, with every kernel, in chunks of many sizes, by several threads.
#include "tests/unit/lang_fixture.h"

#include <unistd.h>

#include "runtime/edges/report.h"
#include "runtime/edges/results.h"
#include "runtime/edges/stream.h"

#include "tests/unit/hostile_file.h"

// The sanitizers take many times as long to begin a thread and to map a block of memory.
#ifdef __SANITIZE_ADDRESS__
enum { N_FILES = 60 };
#else
enum { N_FILES = 1500 };
#endif
enum { WAYS_A_FILE = 3, MOST_KPIS = 8 };

static const size_t chunk_sizes[] = {1, 7, 16, 64, 1000, 0};
static const size_t thread_counts[] = {1, 2, 4};
static const bs_format formats[] = {BS_CSV, BS_JSONL, BS_JSON};

static const char *const usual_columns[] = {
    "kpi",     "label",  "source", "entity",       "period",        "value",         "exact",
    "unit",    "target", "levels", "target_exact", "comparators",   "status_name",   "status",
    "marks",   "reason", "note",   "status_label", "status_symbol", "status_colour", "missing",
    "because", "rule",   "data",   "outcome",      "replaced",      "rules_hash"};
static const char *const few_columns[] = {"entity", "kpi", "value", "status", "grade", "period"};
static const char *const one_column[] = {"value"};
static const char *const blank_columns[] = {"replaced", "note"};
static const struct {
    const char *const *names;
    size_t n;
} column_sets[] = {
    {usual_columns, COUNT(usual_columns)},
    {few_columns, COUNT(few_columns)},
    {one_column, COUNT(one_column)},
    {blank_columns, COUNT(blank_columns)},
};

// ---- a file, and the two ways -------------------------------------------------------------------

static char path[] = "/tmp/bandstand_stream_XXXXXX"; // its text tells what it holds

static int make_path(void **state) {
    (void)state;
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int remove_path(void **state) {
    (void)state;
    return unlink(path);
}

static void write_text(Str text) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text.s, 1, text.len, file), text.len);
    assert_int_equal(fclose(file), 0);
}

static bool append(void *context, const char *s, size_t len) {
    buf_put(context, (Str){s, len});
    return true;
}

typedef struct Outcome {
    bool fine; // nothing is wrong with the file
    Buf text, findings;
    JudgeTally tallies[MOST_KPIS];
} Outcome;

static void free_outcome(Outcome *o) {
    buf_free(&o->text);
    buf_free(&o->findings);
}

// Compiled rules, and what a run of them needs.
typedef struct Bench {
    Rules r;
    Arena arena; // of the run
    WriteNames names;
    Columns columns;
    JudgeRules rules;
    bool selected[MOST_KPIS];
    const char *kpis[MOST_KPIS];
    bs_filter filter;
    DiagMark mark;
    DiagFile rules_file; // at the mark
    Store store;
    Ingest in;
} Bench;

static void bench_begin(Bench *b, const char *rules) {
    *b = (Bench){0};
    rules_compiled(&b->r, rules);
    assert_true(b->r.program.n_kpis <= MOST_KPIS);
    assert_true(results_names(&b->r.arena, &b->r.program, &b->names));
}

static void bench_choose(Bench *b, size_t column_set, bs_format format) {
    const Program *p = &b->r.program;
    bs_output output = {.format = format,
                        .columns = column_sets[column_set].names,
                        .n_columns = column_sets[column_set].n};
    arena_free(&b->arena);
    assert_true(columns_choose(&b->arena, &output, b->names.columns, b->names.n_columns, b->names.groups,
                               &b->r.diags, &b->columns));
    assert_true(judge_rules_make(&b->rules, &b->arena, p, &b->r.diags, &b->columns, format,
                                 b->names.rules_hash));
}

// Bit i of [kpis] selects the KPI with this index.
static void bench_select(Bench *b, uint32_t kpis) {
    b->filter = (bs_filter){.kpis = b->kpis};
    for (uint32_t i = 0; i < b->r.program.n_kpis; i++) {
        b->selected[i] = kpis >> i & 1;
        if (b->selected[i]) {
            Str name = arena_printf(&b->r.scratch, "%.*s%c", STR_ARG(b->r.program.kpis[i].name), 0);
            b->kpis[b->filter.n_kpis++] = name.s;
        }
    }
    assert_true(b->filter.n_kpis > 0);
}

static void bench_end(Bench *b) {
    arena_free(&b->arena);
    rules_end(&b->r);
}

static void begin_data(Bench *b, Arena *figures) {
    const Program *p = &b->r.program;
    *figures = (Arena){0};
    b->mark = diag_mark(&b->r.diags);
    b->rules_file = b->r.diags.files.v[0];
    assert_true(store_init(&b->store, figures, p->n_metrics, p->n_fields));
    assert_true(ingest_begin(&b->in, p, &b->store, &b->r.diags));
}

static void end_data(Bench *b, Arena *figures, Outcome *out) {
    DiagList *d = &b->r.diags;
    // Figures that lack altogether are found here.
    if (out->fine)
        ingest_finish(&b->in);
    for (size_t i = b->mark.n_diags; i < d->diags.n; i++)
        diag_print(&out->findings, d, &d->diags.v[i], false);
    buf_printf(&out->findings, "%zu and %zu", d->n_errors, d->n_warnings);
    diag_rewind(d, b->mark);
    d->files.v[0] = b->rules_file;
    ingest_free(&b->in);
    arena_free(figures);
}

static void run_stored(Bench *b, Outcome *out) {
    Arena figures;
    *out = (Outcome){0};
    begin_data(b, &figures);
    out->fine = ingest_file(&b->in, str_from(path)) && b->r.diags.n_errors == 0;
    if (out->fine) {
        assert_true(store_finish(&b->store));
        bs_sink sink = {append, &out->text};
        assert_int_equal(
            report_in_order(&b->rules, &b->store, &b->r.diags, &b->filter, NULL, &sink, out->tallies),
            BS_OK);
    }
    end_data(b, &figures, out);
}

static void run_stream(Bench *b, const StreamOptions *o, Outcome *out) {
    Arena figures, a = {0};
    IngestFile f;
    StreamOptions options = *o;
    bs_sink sink = {append, &out->text};
    *out = (Outcome){0};
    options.selected = b->selected;
    options.sink = &sink;
    begin_data(b, &figures);
    if (ingest_begin_file(&b->in, &a, str_from(path), &f)) {
        assert_true(stream_serves(&f, &b->rules, b->selected));
        StreamAnswer answer = stream_run(&f, &b->rules, &options, out->tallies);
        assert_true(answer == STREAM_DONE || answer == STREAM_REFUSED);
        out->fine = answer == STREAM_DONE;
        if (out->fine) {
            assert_int_equal(b->r.diags.n_errors, 0);
            ingest_end_file(&f);
        }
        records_close(f.choice.records);
    }
    arena_free(&a);
    end_data(b, &figures, out);
}

// ---- comparing ----------------------------------------------------------------------------------

typedef struct Way {
    StreamOptions options;
    const char *kernel;
} Way;

static void show(const char *what, Str text) {
    print_error("---- %s\n%.*s\n", what, STR_ARG(text));
}

static void fail_way(const Way *way, const char *what, Str file, const Outcome *stored,
                     const Outcome *streamed) {
    show("file", file);
    show("stored", buf_str(&stored->text));
    show("streamed", buf_str(&streamed->text));
    show("stored findings", buf_str(&stored->findings));
    show("streamed findings", buf_str(&streamed->findings));
    fail_msg("%s differ: %s, chunks of %zu, %zu threads", what, way->kernel, way->options.chunk,
             way->options.n_threads);
}

static bool same_tally(const JudgeTally *x, const JudgeTally *y) {
    for (size_t i = 0; i < SCALE_MAX_LEVELS; i++)
        if (x->by_level[i] != y->by_level[i])
            return false;
    return x->n_no_data == y->n_no_data && x->n_unjudged == y->n_unjudged &&
           x->wanting.line == y->wanting.line && x->wanting.n == y->wanting.n &&
           str_eq(x->wanting.comparator, y->wanting.comparator);
}

static void assert_way(Bench *b, const Way *way, Str file, const Outcome *stored) {
    Outcome streamed;
    run_stream(b, &way->options, &streamed);
    if (streamed.fine != stored->fine)
        fail_way(way, "verdicts", file, stored, &streamed);
    if (stored->fine) {
        if (!str_eq(buf_str(&streamed.text), buf_str(&stored->text)))
            fail_way(way, "outputs", file, stored, &streamed);
        if (!str_eq(buf_str(&streamed.findings), buf_str(&stored->findings)))
            fail_way(way, "findings", file, stored, &streamed);
        for (uint32_t i = 0; i < b->r.program.n_kpis; i++)
            if (b->selected[i] && !same_tally(&streamed.tallies[i], &stored->tallies[i]))
                fail_way(way, "tallies", file, stored, &streamed);
    }
    free_outcome(&streamed);
}

static Way nth_way(size_t i) {
    MasksKernel kernels[MASKS_MAX_KERNELS];
    size_t n = masks_kernels(kernels);
    const MasksKernel *kernel = &kernels[i % n];
    i /= n;
    return (Way){
        .options = {.masks = kernel->fn,
                    .chunk = chunk_sizes[i % COUNT(chunk_sizes)],
                    .n_threads = thread_counts[i / COUNT(chunk_sizes) % COUNT(thread_counts)]},
        .kernel = kernel->name};
}

static size_t count_ways(void) {
    MasksKernel kernels[MASKS_MAX_KERNELS];
    return masks_kernels(kernels) * COUNT(chunk_sizes) * COUNT(thread_counts);
}

static bool compare_file(Bench *b, Str file, size_t first_way, size_t n_ways) {
    Outcome stored;
    write_text(file);
    run_stored(b, &stored);
    bool fine = stored.fine;
    for (size_t i = 0; i < n_ways; i++) {
        Way way = nth_way(first_way + i);
        assert_way(b, &way, file, &stored);
    }
    free_outcome(&stored);
    return fine;
}

// ---- generated files ----------------------------------------------------------------------------

// The ways are gone through in turn, so that every one meets files of every form.
static void generated_files_come_out_as_when_stored(void **state) {
    (void)state;
    size_t n_fine = 0, n_ways = count_ways(), way = 0;
    for (size_t form = 0; form < N_HOSTILE_FORMS; form++) {
        Bench b;
        bench_begin(&b, hostile_forms[form].rules);
        for (uint32_t i = 0; i < N_FILES / N_HOSTILE_FORMS; i++) {
            Random r = {20240517 + form * N_FILES + i};
            Buf file = {0};
            uint32_t all = (1u << b.r.program.n_kpis) - 1, kpis = below(&r, all + 1);
            hostile_file(&r, &hostile_forms[form], (Malice)(i % 3), &file);
            bench_choose(&b, i / 3 % COUNT(column_sets), formats[i % COUNT(formats)]);
            bench_select(&b, kpis == 0 || i % 2 == 0 ? all : kpis);
            n_fine += compare_file(&b, buf_str(&file), way, WAYS_A_FILE);
            way = (way + WAYS_A_FILE + 1) % n_ways;
            buf_free(&file);
        }
        bench_end(&b);
    }
    assert_in_range(n_fine, N_FILES / 2, N_FILES * 19 / 20);
}

// ---- files by hand ------------------------------------------------------------------------------

#define HEADER "area,month,measure,value,expected,remark\n"

// What the smallest chunks and the borders of blocks of 64 bytes could get wrong.
static void files_by_hand_come_out_as_when_stored(void **state) {
    (void)state;
    static const char *const files[] = {
        HEADER,
        HEADER "\n\n\r\n\n",
        HEADER "North,,a,1,2,x\n",
        HEADER "North,2024-01,a,12,13,x",
        HEADER "North,2024-01,a,12,13,x\r",
        HEADER "North,2024-01,a,12,13,x\r\n",
        HEADER "North,2024-01,a,12,13,\"x\"",
        HEADER "North,2024-01,a,12,13,\"",
        HEADER "North,2024-01,a,12,13,\"x\"\"",
        HEADER "North,2024-01,a,12,13,\"x\"y\n",
        HEADER "North,2024-01,a,12,13,x\"y\"\nSouth,2024-01,a,\"12\",13,\n",
        HEADER "North,2024-01,a,12,13,x\rSouth,2024-01,a,12,13,x\r\rEast,2024-01,a,1,2,\n",
        HEADER "\"two\r\nlines\",2024-01,a,12,13,\"\r\n\n\r\"\r\nEast,2024-01,a,1,2,\n",
        HEADER "North,2024-01,a\n,,,,,\nNorth,2024-02,a,1,2,x,,,\nNorth,2024-03,a,1,2,x,y\n",
        HEADER "North,2024-01,a,101,13,x\nNorth,2024-02,b,1.5,2,x\n",
        HEADER "North,2024-01,a,101,13,x\nNorth,2024-02,a,1,2,x\n",
        HEADER "North,2024-01,a,1,2,x\nNorth,2024-01,b,1,2,x\nNorth,2024-01,a,1,2,x\n",
        HEADER "North,2024-01,a,1,2,x\nNorth,2024-Q1,a,1,2,x\n",
        HEADER "North,2024-01,a,1,2,x\n North ,2024-01,a,1,2,x\n",
        HEADER "North,2024-01,A,1,2,x\nNorth,2024-01,zz,1,2,x\nNorth,2024-01,,1,2,x\n",
        HEADER "N\"o\"rth,2024-01,a,1,2,x\n\"N\"\"o\"\"rth\",2024-02,a,1,2,x\n",
        HEADER "\"North\",\"2024-01\",\"a\",\"1\",\"2\",\"x\"\n\"\",2024-01,a,1,2,x\n",
        HEADER "North,1900-01,a,1,2,x\nNorth,2099-12,a,1,2,x\nSouth,2024-01,a,1,2,\n",
        HEADER "\xEF\xBB\xBFNorth,2024-01,a,1,2,x\n",
        HEADER "North,2024-01,a,1,2,\xC3\xA9\nNorth,2024-02,a,1,2,\xC3\n",
        HEADER "North,2024-01,a,12p,2p,x\nSouth,2024-01,a,7b,2,x\nSouth,2024-02,a,7,2,x\n",
        "remark,value,expected,measure,month,area\nx,1,2,a,2024-01,North\n",
        "area,month,measure,value,expected,remark,value\nNorth,2024-01,a,1,2,x,3\n",
        "area,month,measure,value,expected\nNorth,2024-01,a,1,2\n",
        "",
    };
    Bench b;
    bench_begin(&b, hostile_forms[0].rules);
    bench_select(&b, (1u << b.r.program.n_kpis) - 1);
    for (size_t i = 0; i < COUNT(files); i++) {
        bench_choose(&b, 0, formats[i % COUNT(formats)]);
        for (size_t way = i % 13; way < count_ways(); way += 13)
            compare_file(&b, str_from(files[i]), way, 1);
    }
    bench_end(&b);
}

// Every place in a block of 64 bytes at which a row can begin, and every byte at which it can be
// cut.
static void rows_may_begin_at_any_byte_of_a_block(void **state) {
    (void)state;
    Bench b;
    bench_begin(&b, hostile_forms[0].rules);
    bench_select(&b, (1u << b.r.program.n_kpis) - 1);
    bench_choose(&b, 1, BS_CSV);
    for (size_t n = 0; n < 192; n += 3) {
        Buf file = {0};
        buf_puts(&file, HEADER "N");
        buf_fill(&file, 'x', n);
        buf_puts(&file, ",2024-01,a,12.5,13,\"a \"\"b\"\"\"\r\n\"So\"\"uth\",2024-02,b,7,,\r\n"
                        "\"E\r\nast\",2024-03,d,0.5,c,\"\"\r\nW,2024-03,a,,0,x\r\n");
        assert_true(compare_file(&b, buf_str(&file), 7 * n, 1));
        // Cut, it may be right or wrong.
        compare_file(&b, str_slice(buf_str(&file), 0, strlen(HEADER) + n), 5 * n, 1);
        buf_free(&file);
    }
    bench_end(&b);
}

static void a_long_file_comes_out_as_when_stored(void **state) {
    (void)state;
    Bench b;
    Buf file = {0};
    bench_begin(&b, hostile_forms[0].rules);
    bench_select(&b, (1u << b.r.program.n_kpis) - 1);
    buf_puts(&file, HEADER);
    static const char *const metrics[] = {"a", "b", "C 1", "d"};
    Random r = {5};
    for (unsigned i = 0; i < 24000; i++) {
        if (one_in(&r, 50))
            continue;
        bool odd = one_in(&r, 100);
        buf_printf(&file, "%sEntity %u%s,20%02u-%02u,%s,%u%s,%u,%s%s", odd ? "\"" : "", i / 4 % 300,
                   odd ? "\"" : "", i / 1200 % 12 + 10, i / 1200 / 12 % 12 + 1, metrics[i % 4],
                   below(&r, 100), i % 4 == 1 ? "" : ".25", below(&r, 100),
                   one_in(&r, 100) ? "\"two\nlines\"" : "", one_in(&r, 2) ? "\r\n" : "\n");
    }
    assert_true(file.len > 2 * (size_t)STREAM_CHUNK);
    bench_choose(&b, 1, BS_CSV);
    Outcome stored;
    write_text(buf_str(&file));
    run_stored(&b, &stored);
    assert_true(stored.fine);
    for (size_t i = 0; i < count_ways(); i++) {
        Way way = nth_way(i);
        if (way.options.chunk == 0 || (way.options.chunk == 1000 && i % 4 == 0))
            assert_way(&b, &way, buf_str(&file), &stored);
    }
    free_outcome(&stored);
    buf_free(&file);
    bench_end(&b);
}

// ---- what is not streamed -----------------------------------------------------------------------

static bool is_served(Bench *b, const char *file) {
    Arena figures, a = {0};
    IngestFile f;
    Outcome out = {0};
    write_text(str_from(file));
    begin_data(b, &figures);
    assert_true(ingest_begin_file(&b->in, &a, str_from(path), &f));
    bool served = stream_serves(&f, &b->rules, b->selected);
    records_close(f.choice.records);
    arena_free(&a);
    end_data(b, &figures, &out);
    free_outcome(&out);
    return served;
}

static bool are_served(const char *rules, const char *file, uint32_t kpis) {
    Bench b;
    bench_begin(&b, rules);
    bench_select(&b, kpis);
    bench_choose(&b, 0, BS_CSV);
    bool served = is_served(&b, file);
    bench_end(&b);
    return served;
}

#define TWO_METRICS HOSTILE_SCALE "metric a percent\nmetric b percent\n"
#define INPUT(lines)                                                                               \
    "input figures\n  entity column \"area\"\n  period column \"month\"\n" HOSTILE_COLUMNS lines   \
    "end\n"
#define SNAPSHOT                                                                                   \
    "input figures\n  layout snapshot\n  entity column \"area\"\n  period column \"month\"\n"      \
    "  metric column \"measure\"\n  current column \"value\"\n  previous column \"remark\"\n"      \
    "end\n"
#define LINES "  status rag\n    green when at least 5\n    red otherwise\n  end\nend\n"
#define PLAIN "kpi a\n  good is high\n" LINES
#define FILE_OF_ONE "area,month,measure,value,remark\nNorth,2024-01,a,1,x\n"

static void only_rows_that_stand_for_themselves_are_streamed(void **state) {
    (void)state;
    assert_true(are_served(TWO_METRICS INPUT("") PLAIN, FILE_OF_ONE, 1));
    assert_true(
        are_served(TWO_METRICS INPUT("  missing \"1s\" as suppressed\n") PLAIN, FILE_OF_ONE, 1));
    static const char *const not_served[] = {
        TWO_METRICS INPUT("  revises\n") PLAIN,
        TWO_METRICS SNAPSHOT PLAIN,
        TWO_METRICS INPUT("") "kpi k\n  value a - b\n  good is high\nend\n",
        TWO_METRICS INPUT("") "kpi a\n  good is high\n  compare other = b\n  status rag\n"
                              "    green when better than other\n    red otherwise\n  end\nend\n",
        TWO_METRICS INPUT("") "kpi a\n  good is high\n  status rag\n"
                              "    green when improving\n    red otherwise\n  end\nend\n",
        TWO_METRICS INPUT("") "kpi a\n  value previous(a)\n  good is high\nend\n",
    };
    for (size_t i = 0; i < COUNT(not_served); i++)
        if (are_served(not_served[i], FILE_OF_ONE, 1))
            fail_msg("these rules would be streamed:\n%s", not_served[i]);
}

static void a_kpi_that_is_not_selected_may_need_what_it_likes(void **state) {
    (void)state;
    const char *rules = TWO_METRICS INPUT("") PLAIN "kpi k\n  value a - b\n  good is high\nend\n";
    assert_true(are_served(rules, FILE_OF_ONE, 1));
    assert_false(are_served(rules, FILE_OF_ONE, 2));
    assert_false(are_served(rules, FILE_OF_ONE, 3));
}

// ---- other forms --------------------------------------------------------------------------------

#define WIDE                                                                                       \
    "input figures\n  layout wide\n  entity column \"area\"\n  period column \"month\"\nend\n"
#define JSON_ROW(month, value)                                                                     \
    "{\"entity\":\"North\",\"period\":\"" month "\",\"metric\":\"a\",\"value\":" value "}"

// What is read record by record: filters, symbols that are figures, other layouts, JSON.
static void records_come_out_as_when_stored(void **state) {
    (void)state;
    static const struct {
        const char *rules, *file;
        bool fine;
    } cases[] = {
        {INPUT("  where \"remark\" is \"x\"\n"),
         HEADER "North,2024-01,a,1,2,x\nNorth,2024-02,a,3,2,y\nSouth,2024-02,a,3,2,x\n", true},
        {INPUT("  missing \"1\" as suppressed\n"), FILE_OF_ONE "North,2024-02,a,2,x\n", true},
        {INPUT("  mark \"1\" as provisional\n"), HEADER "North,2024-02,b,21,4,x\n", true},
        {INPUT("  field twice column \"value\"\n"), FILE_OF_ONE, true},
        {INPUT("  where \"remark\" is \"x\"\n"), FILE_OF_ONE FILE_OF_ONE, false},
        {INPUT("  where \"remark\" is \"x\"\n"), FILE_OF_ONE "North,2024-02,a,\"", false},
        {WIDE,
         "area,month,b,a,c\nNorth,2024-01,7,2,9\nSouth,2024-01,2,3\n,,,,\nNorth,2024-03,1,1,1\n",
         true},
        {WIDE, "area,month,a\nNorth,2024-01,7\nNorth,2024-01,7\n", false},
        {WIDE, "area,month,a\nNorth,2024-01,7\nNorth,2024-Q1,7\n", false},
        {WIDE, "area,month,a\nNorth,2024-01,x\n", false},
        {WIDE, "area,month\nNorth,2024-01\n", false},
        {"", "[" JSON_ROW("2024-01", "1.5") ", " JSON_ROW("2024-03", "30") "]", true},
        {"", "[" JSON_ROW("2024-01", "1.5") ", " JSON_ROW("2024-03", "3"), false},
        {"", JSON_ROW("2024-01", "\"12\"") "\n\n" JSON_ROW("2024-02", "7"), true},
        {"", JSON_ROW("2024-01", "12") "\n" JSON_ROW("2024-01", "12"), false},
        {"", JSON_ROW("2024-01", "12") "\n{\"value\":", false},
        {"",
         "{\"entity\":\"S\","
         "\"period\":\"2024-01\"}\n" JSON_ROW("2024-01", "12"),
         false},
        {WIDE,
         "{\"area\":\"S\",\"month\":\"2024-01\",\"a\":5}\n"
         "{\"area\":\"S\",\"month\":\"2024-02\",\"b\":5,\"a\":6}\n",
         true},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Bench b;
        Buf rules = {0};
        buf_puts(&rules, TWO_METRICS);
        buf_puts(&rules, cases[i].rules);
        buf_puts(&rules, PLAIN "kpi b\n  good is low\n" LINES);
        buf_char(&rules, '\0');
        bench_begin(&b, rules.s);
        bench_select(&b, 3);
        bench_choose(&b, 0, formats[i % COUNT(formats)]);
        if (compare_file(&b, str_from(cases[i].file), i, 1) != cases[i].fine)
            fail_msg("case %zu is %sfine", i, cases[i].fine ? "not " : "");
        bench_end(&b);
        buf_free(&rules);
    }
}

// Longer than a batch, with rows of no figure between.
static void a_long_wide_file_comes_out_as_when_stored(void **state) {
    (void)state;
    Bench b;
    Buf file = {0};
    bench_begin(&b, TWO_METRICS WIDE PLAIN "kpi b\n  good is low\n" LINES);
    bench_select(&b, 3);
    bench_choose(&b, 0, BS_JSON);
    buf_puts(&file, "area,month,b,a\n");
    for (unsigned i = 0; i < 12000; i++) {
        if (i % 100 != 7)
            buf_printf(&file, "E%u,20%02u-%02u,%u,%u\n", i / 120, i / 12 % 10 + 10, i % 12 + 1,
                       i % 11, i % 13);
    }
    assert_true(compare_file(&b, buf_str(&file), 0, 1));
    buf_free(&file);
    bench_end(&b);
}

// ---- ends ---------------------------------------------------------------------------------------

typedef struct Few {
    size_t n_calls, most;
} Few;

static bool take_few(void *context, const char *s, size_t len) {
    Few *few = context;
    assert_true(s != NULL && len > 0);
    return ++few->n_calls <= few->most;
}

static void a_sink_that_refuses_is_not_called_again(void **state) {
    (void)state;
    Bench b;
    bench_begin(&b, hostile_forms[0].rules);
    bench_select(&b, (1u << b.r.program.n_kpis) - 1);
    bench_choose(&b, 1, BS_JSON);
    Buf file = {0};
    buf_puts(&file, HEADER);
    for (unsigned i = 0; i < 40; i++)
        buf_printf(&file, "E%u,2024-0%u,a,%u,1,\n", i, 1 + i % 2, i);
    write_text(buf_str(&file));
    // Refused in the midst of the rows, and in those without a figure.
    for (size_t most = 0; most <= 40; most += 5) {
        for (size_t n_threads = 1; n_threads <= 4; n_threads++) {
            Arena figures, a = {0};
            IngestFile f;
            JudgeTally tallies[MOST_KPIS];
            Outcome out = {0};
            Few few = {.most = most};
            bs_sink sink = {take_few, &few};
            StreamOptions o = {
                .selected = b.selected, .n_threads = n_threads, .chunk = 1, .sink = &sink};
            begin_data(&b, &figures);
            assert_true(ingest_begin_file(&b.in, &a, str_from(path), &f));
            assert_int_equal(stream_run(&f, &b.rules, &o, tallies), STREAM_STOPPED);
            assert_int_equal(few.n_calls, most + 1);
            records_close(f.choice.records);
            arena_free(&a);
            end_data(&b, &figures, &out);
            free_outcome(&out);
        }
    }
    buf_free(&file);
    bench_end(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(generated_files_come_out_as_when_stored),
        cmocka_unit_test(files_by_hand_come_out_as_when_stored),
        cmocka_unit_test(rows_may_begin_at_any_byte_of_a_block),
        cmocka_unit_test(a_long_file_comes_out_as_when_stored),
        cmocka_unit_test(only_rows_that_stand_for_themselves_are_streamed),
        cmocka_unit_test(a_kpi_that_is_not_selected_may_need_what_it_likes),
        cmocka_unit_test(records_come_out_as_when_stored),
        cmocka_unit_test(a_long_wide_file_comes_out_as_when_stored),
        cmocka_unit_test(a_sink_that_refuses_is_not_called_again),
    };
    return cmocka_run_group_tests(tests, make_path, remove_path);
}
