// SPDX-License-Identifier: Apache-2.0
// What is read of a row quickly is what ingest_row reads of it; the rows that it leaves are those
// that are not of the usual form.
#include "tests/unit/lang_fixture.h"

#include <unistd.h>

#include "runtime/edges/ingest_quick.h"

#include "tests/unit/random.h"

static const char RULES[] = "metric a percent range 0 to 100\n"
                            "metric b count\n"
                            "metric c unit \"visits\"\n"
                            "metric one count from id \"two of one id\"\n"
                            "metric two count from id \"two of one id\"\n"
                            "metric low percent range -5.5 to 1.25\n"
                            "input figures\n"
                            "  layout long\n"
                            "  entity column \"area\"\n"
                            "  period column \"month\"\n"
                            "  metric column \"measure\"\n"
                            "  value column \"value\"\n"
                            "  field aim column \"aim\"\n"
                            "  field remark column \"remark\" as text\n"
                            "  missing \"c\" as suppressed\n"
                            "  missing \"\" as not available\n"
                            "  missing \"n/a\" as not applicable\n"
                            "  mark \"p\" as provisional\n"
                            "  numbers with percent signs\n"
                            "end\n"
                            "kpi a\n  good is high\nend\n"
                            "kpi aimed\n  value a.aim\n  good is high\nend\n"
                            "kpi said\n  value a\n  good is high\n  needs a.remark = \"x\"\nend\n";
#define HEADER "area,month,measure,value,aim,remark\n"

// ---- reading in both ways -----------------------------------------------------------------------

static char path[] = "/tmp/bandstand_quick_XXXXXX.csv";

static int make_path(void **state) {
    (void)state;
    int fd = mkstemps(path, 4);
    return fd < 0 ? -1 : close(fd);
}

static int remove_path(void **state) {
    (void)state;
    return unlink(path);
}

// A file, and what came of it row by row and quickly.
typedef struct Both {
    Rules r;
    Arena slow_arena, quick_arena, numbers, file_arena;
    Store slow, quick;
    Ingest in;
    IngestFile f;
    QuickLeftRows left;
    size_t n_findings; // of the slow way
} Both;

static void read_slowly(Both *b) {
    Program *p = &b->r.program;
    assert_true(store_init(&b->slow, &b->slow_arena, p->n_metrics, p->n_fields));
    size_t n_notes = b->r.diags.diags.n; // of the rules
    assert_true(ingest_begin(&b->in, p, &b->slow, &b->r.diags));
    assert_true(ingest_begin_file(&b->in, &b->file_arena, str_from(path), &b->f));
    assert_true(ingest_rows(&b->f, NULL, NULL));
    b->n_findings = b->r.diags.diags.n - n_notes;
    records_close(b->f.choice.records);
}

static void read_quickly(Both *b) {
    Program *p = &b->r.program;
    Chunks chunks;
    Chunk chunk = {0};
    Quick quick;
    assert_true(ingest_begin_file(&b->in, &b->file_arena, str_from(path), &b->f));
    assert_true(quick_serves(&b->f));
    assert_true(
        store_init_rows(&b->quick, &b->quick_arena, &b->numbers, p->n_metrics, p->n_fields));
    assert_true(quick_begin(&quick, &b->file_arena, &b->f, &b->quick));
    chunks_begin(&chunks, records_csv(b->f.choice.records), masks_best(), 1u << 18);
    assert_int_equal(chunks_next(&chunks, &chunk), CHUNKS_TEXT);
    assert_true(chunk.plain);
    assert_true(quick_read(&quick, &chunk, &b->file_arena, &b->left));
    chunk_free(&chunk);
    records_close(b->f.choice.records);
}

static void read_both(Both *b, const char *rules, Str text) {
    *b = (Both){0};
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text.s, 1, text.len, file), text.len);
    assert_int_equal(fclose(file), 0);
    rules_compiled(&b->r, rules);
    read_slowly(b);
    read_quickly(b);
}

static void end_both(Both *b) {
    ingest_free(&b->in);
    arena_free(&b->file_arena);
    arena_free(&b->slow_arena);
    arena_free(&b->quick_arena);
    arena_free(&b->numbers);
    rules_end(&b->r);
}

static uint32_t on_line(const Store *s, uint32_t line) {
    for (uint32_t i = 0; i < s->n; i++)
        if (s->obs[i].line == line)
            return i;
    return OBS_NONE;
}

static bool same_figure(const Both *b, uint32_t quick, uint32_t slow, uint32_t field) {
    Why quick_why, slow_why;
    Number x = store_figure(&b->quick, quick, field, &quick_why);
    Number y = store_figure(&b->slow, slow, field, &slow_why);
    if (quick_why != slow_why)
        return false;
    if (quick_why == 0 && b->r.program.field_is_text[field])
        return str_eq(intern_text(&b->quick.texts, (uint32_t)x.num),
                      intern_text(&b->slow.texts, (uint32_t)y.num));
    return number_cmp(x, y) == 0;
}

// The rows that were read quickly, against the slow way's; how many.
static uint32_t compare_rows(const Both *b, Str text) {
    for (uint32_t i = 0; i < b->quick.n; i++) {
        const Observation *x = &b->quick.obs[i];
        uint32_t at = on_line(&b->slow, x->line);
        if (at == OBS_NONE)
            fail_msg("line %u of\n%.*s\nis not to be read", x->line, STR_ARG(text));
        const Observation *y = &b->slow.obs[at];
        bool same = x->metric == y->metric && period_eq(x->period, y->period) && y->marks == 0 &&
                    x->marks == 0 && x->replaced == OBS_NONE && !x->from_previous &&
                    str_eq(intern_text(&b->quick.entities, x->entity),
                           intern_text(&b->slow.entities, y->entity));
        for (uint32_t field = 0; field < b->r.program.n_fields; field++)
            same = same && same_figure(b, i, at, field);
        if (!same)
            fail_msg("line %u of\n%.*s\nis read otherwise", x->line, STR_ARG(text));
    }
    return b->quick.n;
}

// One row: is it read quickly? If it is, then like the slow way, which has nothing to say about it.
static bool is_read_of(const char *header, const char *row) {
    Both b;
    Buf text = {0};
    buf_printf(&text, "%s%s\n", header, row);
    read_both(&b, RULES, buf_str(&text));
    bool read = compare_rows(&b, buf_str(&text)) > 0;
    assert_int_equal(b.left.n, !read);
    if (read && b.n_findings > 0)
        fail_msg("%s is read, and something is wrong with it", row);
    if (!read)
        assert_true(b.left.v[0].line == 2 && b.left.v[0].from == 0 &&
                    b.left.v[0].len == strlen(row) + 1 && b.left.v[0].before == 0);
    end_both(&b);
    buf_free(&text);
    return read;
}

static bool is_read(const char *row) {
    return is_read_of(HEADER, row);
}

// A row for each figure, bare, in quotes, and as a field. All of them are read, or none is.
static void assert_figures(const char *const *figures, size_t n, const char *metric, bool read) {
    Both b;
    Buf text = {0};
    buf_puts(&text, HEADER);
    for (size_t i = 0; i < n; i++) {
        buf_printf(&text, "A%zu,2024-01,%s,%s,1,x\n", i, metric, figures[i]);
        buf_printf(&text, "B%zu,2024-01,%s,\"%s\",1,x\n", i, metric, figures[i]);
        if (read)
            buf_printf(&text, "C%zu,2024-01,c,1,%s,x\n", i, figures[i]);
    }
    read_both(&b, RULES, buf_str(&text));
    uint32_t n_read = compare_rows(&b, buf_str(&text));
    if (read && (b.left.n > 0 || b.n_findings > 0))
        fail_msg("line %u is not read:\n%.*s", b.left.n > 0 ? b.left.v[0].line : 0,
                 STR_ARG(buf_str(&text)));
    if (!read && n_read > 0)
        fail_msg("line %u is read:\n%.*s", b.quick.obs[0].line, STR_ARG(buf_str(&text)));
    assert_int_equal(n_read + b.left.n, n * (read ? 3 : 2));
    end_both(&b);
    buf_free(&text);
}

// ---- figures ------------------------------------------------------------------------------------

static void plain_figures_are_read(void **state) {
    (void)state;
    static const char *const figures[] = {
        "0",           "00",          "007",          "1",
        "42",          "-3",          "-0",           "1.5",
        "0.0",         "00.50",       "-0.5",         "-1.25",
        "99999999",    "100000000",   "123456789",    "1234567.8",
        "123456.78",   "12345678.9",  "0.000001",     "0.0000001",
        "-9999999",    "-99999999",   "-1234567.25",  "999999999999999999",
        "12345678901234567",          "1.2345678901234567",
        "123456789.12345678",         "-99999999999999999",
        "c",           "",            "n/a"};
    assert_figures(figures, COUNT(figures), "c", true);
}

static void other_figures_are_left(void **state) {
    (void)state;
    static const char *const figures[] = {
        "1.",     ".5",     ".",     "-",    "-.5",     "-1.",    "1..5",  "1.5.",
        "1e5",    "1E5",    "+1",    "--1",  "1-",      "- 1",    " 1",    "1 ",
        "\t1",    "1\t",    "1 000", "5%",   "12p",     "p",      "x",     "C",
        "cc",     "n/",     "n/a ",  "1:5",  "1/2",     "0x10",   ";",     "1;",
        "123456:", "12345.:", "/1",  "1234567p", "\xC2\xA0", "1\xC2\xA0", "\xC2\xA0" "1",
        "\xE2\x88\x92" "1", "\xC2\xB1", "1\xC2\xB1", "0000000000000000001",
        "1234567890123456789", "9223372036854775807", "9223372036854775808",
        "-1234567890123456789", "1234567890.123456789", "12345678.", ".12345678", "12345678e1",
        "123456789.", ".123456789", "1234.5678.9", "-.123456789"};
    assert_figures(figures, COUNT(figures), "c", false);
}

static void figures_outside_the_range_are_left(void **state) {
    (void)state;
    static const char *const within[] = {"0", "100", "100.0", "99.999", "-0"};
    static const char *const outside[] = {"100.1", "101", "-0.1", "-1", "100.000001", "99999999"};
    assert_figures(within, COUNT(within), "a", true);
    assert_figures(outside, COUNT(outside), "a", false);
    static const char *const low[] = {"-5.5", "-5.50", "1.25", "1.250", "-5.499999"};
    static const char *const not_low[] = {"-5.51", "1.26", "1.2500001", "-6", "2"};
    assert_figures(low, COUNT(low), "low", true);
    assert_figures(not_low, COUNT(not_low), "low", false);
    // The range is that of the value alone.
    assert_true(is_read("North,2024-01,a,1,1000,x"));
}

static void counts_with_decimals_are_left(void **state) {
    (void)state;
    static const char *const whole[] = {"3", "3.0", "3.000", "-3", "0.0", "c"};
    static const char *const parts[] = {"3.5", "0.1", "3.001", "-0.5"};
    assert_figures(whole, COUNT(whole), "b", true);
    assert_figures(parts, COUNT(parts), "b", false);
    assert_true(is_read("North,2024-01,b,1,0.5,x"));
}

// A file of random figures; how many are read.
static uint32_t compare_random_figures(Random *r) {
    enum { N = 200 };
    static const char alphabet[] = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '0',
                                    '9', '.', '-', 'c', '/', ':', 'p'};
    Both b;
    Buf text = {0};
    buf_puts(&text, HEADER);
    for (unsigned i = 0; i < N; i++) {
        uint32_t n_signs = one_in(r, 3) ? sizeof alphabet : 13;
        buf_printf(&text, "E%u,2024-01,c,", i);
        for (uint32_t n = 1 + below(r, one_in(r, 3) ? 20 : 9); n > 0; n--)
            buf_char(&text, alphabet[below(r, n_signs)]);
        buf_puts(&text, ",,\n");
    }
    read_both(&b, RULES, buf_str(&text));
    uint32_t n_read = compare_rows(&b, buf_str(&text));
    assert_int_equal(n_read + b.left.n, N);
    // The rows that were left stand where they stood.
    size_t at = 0;
    for (size_t i = 0; i < b.left.n; i++) {
        assert_true(b.left.v[i].from >= at && b.left.v[i].before <= b.quick.n);
        at = b.left.v[i].from + b.left.v[i].len;
        assert_int_equal(text.s[strlen(HEADER) + at - 1], '\n');
    }
    end_both(&b);
    buf_free(&text);
    return n_read;
}

static void random_figures_are_read_as_they_are_slowly(void **state) {
    (void)state;
    Random r = {41};
    uint32_t n_read = 0;
    for (unsigned i = 0; i < 40; i++)
        n_read += compare_random_figures(&r);
    assert_in_range(n_read, 2000, 6000);
}

// ---- keys and rows ------------------------------------------------------------------------------

static void keys_in_their_usual_form_are_read(void **state) {
    (void)state;
    assert_true(is_read("North,2024-01,a,1,,"));
    assert_true(is_read("\"North\",\"2024-01\",\"a\",\"1\",\"\",\"\""));
    assert_true(is_read("\"North, East\",2024-01,a,1,,\"x, y\""));
    assert_true(is_read("St. \xC3\x89tienne,FY2023-24-Q1,a,1,,\xE2\x80\x9Cx\xE2\x80\x9D"));
    assert_true(is_read("North,2024-01,a,1,,\r"));
    assert_true(is_read("North,2024-01,a,1,,x\r"));
    assert_true(is_read("North,2024-01,a,1,,\"x\"\r"));
    assert_true(is_read("N o r t h,2024-01,a,1,,x y"));
}

static void keys_of_other_forms_are_left(void **state) {
    (void)state;
    static const char *const rows[] = {
        ",2024-01,a,1,,",        " ,2024-01,a,1,,",        "\"\",2024-01,a,1,,",
        " North,2024-01,a,1,,",  "North ,2024-01,a,1,,",   "\tNorth,2024-01,a,1,,",
        "\"North \",2024-01,a,1,,", "\xC2\xA0North,2024-01,a,1,,", "North\xC2\xA0,2024-01,a,1,,",
        "\"No\"\"rth\",2024-01,a,1,,", "\"\"\"\",2024-01,a,1,,",
        "North,,a,1,,",          "North,\"\",a,1,,",       "North, 2024-01,a,1,,",
        "North,2024-13,a,1,,",   "North,2024-1,a,1,,",     "North,soon,a,1,,",
        "North,2024-01,,1,,",    "North,2024-01,A,1,,",    "North,2024-01,a ,1,,",
        "North,2024-01,zz,1,,",  "North,2024-01,two of one id,1,,",
        "North,2024-01,a,1,, x", "North,2024-01,a,1,,x ",  "North,2024-01,a,1,,\"\"\"\"",
        "North,2024-01,a,1,,\"a\"\"b\"",
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        if (is_read(rows[i]))
            fail_msg("%s is read", rows[i]);
}

static void rows_of_more_or_fewer_cells_are_left(void **state) {
    (void)state;
    static const char *const rows[] = {"", "\r", "North", "North,2024-01,a,1,", "North,2024-01,a",
                                       "North,2024-01,a,1,,,", "North,2024-01,a,1,,x,y",
                                       ",,,,,", ",,,,,,,,,,,"};
    for (size_t i = 0; i < COUNT(rows); i++)
        if (is_read(rows[i]))
            fail_msg("%s is read", rows[i]);
}

static void columns_may_stand_anywhere(void **state) {
    (void)state;
    assert_true(is_read_of("x,remark,value,y,aim,month,measure,area,z\n",
                           "\"a,\"\"b\",disputed,1.5,,c,2024-01,a,North,"));
    assert_false(is_read_of("x,remark,value,y,aim,month,measure,area,z\n",
                            "1,disputed,1.5,,c,2024-01,a,North"));
    assert_true(is_read_of("value,measure,aim,month,remark,area\n", "7,b,1,2024-01,,North"));
}

// The label and the ids that are remembered must not stand in for others.
static void what_is_remembered_of_a_row_does_not_go_over_to_the_next(void **state) {
    (void)state;
    static const char *const entities[] = {"N", "North", "Nort", "North-East", "Nofth", "South"};
    static const char *const periods[] = {"2024-01", "2024-02", "2024-01-31", "2023-01", "2024",
                                          "2014-01", "AY2023/24", "FY2023-24-Q1"};
    static const char *const metrics[] = {"a", "b", "c", "low", "a", "zz", "two of one id"};
    Random r = {43};
    for (unsigned i = 0; i < 100; i++) {
        Buf text = {0};
        buf_puts(&text, HEADER);
        for (unsigned k = 0; k < 12; k++)
            buf_printf(&text, "%s,%s,%s,%u,,%s%s\n", entities[below(&r, 6)], periods[below(&r, 8)],
                       metrics[below(&r, 7)], below(&r, 2), k % 3 ? "x" : "", k % 2 ? "\r" : "");
        Both b;
        read_both(&b, RULES, buf_str(&text));
        // Twice the same, and periods of two kinds, are for others to find.
        for (uint32_t k = 0; k < b.quick.n; k++) {
            const Observation *o = &b.quick.obs[k];
            uint32_t at = on_line(&b.slow, o->line);
            if (at == OBS_NONE)
                continue;
            const Observation *y = &b.slow.obs[at];
            assert_int_equal(o->metric, y->metric);
            assert_true(period_eq(o->period, y->period));
            assert_true(str_eq(intern_text(&b.quick.entities, o->entity),
                               intern_text(&b.slow.entities, y->entity)));
        }
        assert_int_equal(b.quick.n + b.left.n, 12);
        assert_true(b.quick.n > 0);
        end_both(&b);
        buf_free(&text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_figures_are_read),
        cmocka_unit_test(other_figures_are_left),
        cmocka_unit_test(figures_outside_the_range_are_left),
        cmocka_unit_test(counts_with_decimals_are_left),
        cmocka_unit_test(random_figures_are_read_as_they_are_slowly),
        cmocka_unit_test(keys_in_their_usual_form_are_read),
        cmocka_unit_test(keys_of_other_forms_are_left),
        cmocka_unit_test(rows_of_more_or_fewer_cells_are_left),
        cmocka_unit_test(columns_may_stand_anywhere),
        cmocka_unit_test(what_is_remembered_of_a_row_does_not_go_over_to_the_next),
    };
    return cmocka_run_group_tests(tests, make_path, remove_path);
}
