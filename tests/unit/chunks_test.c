// SPDX-License-Identifier: Apache-2.0
// Chunks of any size, one behind the other, are the text again; each is whole records, and its line
// is right.
#include "tests/unit/metric_file.h"

#include "runtime/edges/chunks.h"
#include "tests/unit/random.h"

enum { N_TEXTS = 120 };

static const size_t sizes[] = {1, 2, 7, 16, 63, 64, 65, 1000, 1u << 18};
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

// A text behind a header that has been read.
typedef struct Opened {
    Arena arena;
    DiagList d;
    Records *records;
} Opened;

static void open_text(Opened *o, const char *path, size_t block) {
    RecordsOptions options = {.delimiter = STR(","), .block = block, .format = RECORDS_CSV};
    *o = (Opened){0};
    diag_init(&o->d, &o->arena);
    uint32_t file = diag_file(&o->d, str_from(path), (Str){0});
    o->records = records_open(&o->d, file, str_from(path), &options);
    assert_non_null(o->records);
}

static void close_text(Opened *o) {
    records_close(o->records);
    arena_free(&o->arena);
}

// ---- what csv_next makes of a text --------------------------------------------------------------

static void put_record(Buf *out, const Cell *cells, size_t n) {
    buf_printf(out, "%u ", cells[0].line);
    for (size_t i = 0; i < n; i++) {
        put_cell(out, &cells[i]);
    }
    buf_char(out, '\n');
}

static RecordsNext put_rest(Buf *out, Csv *c) {
    RecordsNext next;
    while ((next = csv_next(c)) == RECORDS_ROW)
        put_record(out, c->cells, c->n);
    return next;
}

// ---- chunks -------------------------------------------------------------------------------------

// The cells of a chunk from its index, with quotes as they stand.
static void check_index(const Chunk *chunk) {
    size_t n_lines = 0;
    assert_int_equal(chunk->len, chunk->index.len);
    for (size_t i = 0; i < chunk->len; i++) {
        bool end = chunk->index.ends[i / 64] >> i % 64 & 1;
        n_lines += end && chunk->s[i] == '\n';
        assert_true(!end || chunk->s[i] == '\n' || chunk->s[i] == ',');
    }
    assert_int_equal(n_lines, chunk->index.n_lines);
    assert_int_equal(chunk->s[chunk->len - 1], '\n');
}

typedef struct Gathered {
    Buf text, records;
    size_t n, n_plain, longest;
    ChunksNext last;
} Gathered;

static Gathered gather(const char *path, MasksFn *masks, size_t size, size_t block) {
    Opened o;
    Chunks chunks;
    Chunk chunk = {0};
    Csv csv = {0};
    Gathered g = {0};
    open_text(&o, path, block);
    chunks_begin(&chunks, records_csv(o.records), masks, size);
    while ((g.last = chunks_next(&chunks, &chunk)) == CHUNKS_TEXT) {
        assert_true(chunk.len > 0 && chunk.len <= chunk.cap + 1);
        // What stands behind the text belongs to nobody.
        memset(chunk.s + chunk.len, '"', WINDOW_SLACK - 1);
        buf_put(&g.text, (Str){chunk.s, chunk.len});
        g.n++;
        g.n_plain += chunk.plain;
        g.longest = chunk.len > g.longest ? chunk.len : g.longest;
        if (chunk.plain)
            check_index(&chunk);
        csv_reuse(&csv, records_csv(o.records), chunk.s, chunk.len, chunk.line);
        RecordsNext next = put_rest(&g.records, &csv);
        buf_puts(&g.records, next == RECORDS_END ? "" : "failed\n");
        assert_true(next == RECORDS_END || !chunk.plain);
        if (next != RECORDS_END)
            break;
    }
    csv_close(&csv);
    chunk_free(&chunk);
    assert_null(chunk.s);
    close_text(&o);
    return g;
}

static void free_gathered(Gathered *g) {
    buf_free(&g->text);
    buf_free(&g->records);
}

static void fail_text(Str text, MasksKernel kernel, size_t size, const Buf *expected, Buf got) {
    print_error("---- text\n%.*s---- expected\n%.*s---- got\n%.*s", STR_ARG(text),
                STR_ARG(buf_str(expected)), STR_ARG(buf_str(&got)));
    fail_msg("%s, chunks of %zu", kernel.name, size);
}

// Compares with the records that csv_next reads of the whole. The text given back ends in a line
// end, even where the last line lacks one.
static void assert_chunks(Str text, size_t block) {
    static const char header[] = "h,i\r\n";
    MasksKernel kernels[MASKS_MAX_KERNELS];
    size_t n_kernels = masks_kernels(kernels);
    Buf whole = {0}, expected = {0};
    buf_puts(&whole, header);
    buf_put(&whole, text);
    MetricFile f = write_file(buf_str(&whole), ".csv");
    Opened o;
    open_text(&o, f.path, 0);
    bool fine = put_rest(&expected, records_csv(o.records)) == RECORDS_END;
    buf_puts(&expected, fine ? "" : "failed\n");
    close_text(&o);
    if (text.len > 0 && text.s[text.len - 1] != '\n')
        buf_char(&whole, '\n');
    for (size_t i = 0; i < COUNT(sizes); i++) {
        MasksKernel kernel = kernels[i % n_kernels];
        Gathered g = gather(f.path, kernel.fn, sizes[i], block);
        Str rest = str_slice(buf_str(&whole), strlen(header), whole.len);
        if (fine && !str_eq(buf_str(&g.text), rest))
            fail_text(text, kernel, sizes[i], &whole, g.text);
        if (!str_eq(buf_str(&g.records), buf_str(&expected)))
            fail_text(text, kernel, sizes[i], &expected, g.records);
        assert_true(!fine || g.last == CHUNKS_END);
        free_gathered(&g);
    }
    unlink(f.path);
    buf_free(&whole);
    buf_free(&expected);
}

// ---- tests --------------------------------------------------------------------------------------

static void chunks_by_hand_are_the_text_again(void **state) {
    (void)state;
    static const char *const texts[] = {
        "",
        "\n",
        "a,b\n",
        "a,b",
        "a,b\r",
        "a,b\r\n",
        "a,b\rc,d\re,f",
        "a,b\r\r\n\n\rc,d\n",
        "\"a\nb\",c\nd,e\n",
        "\"a\r\nb\",c\rd,e\n\"\r\",\"\"\"\"\rf,g",
        "a\"b,c\n\"d\",e\n",
        "\"a\"b,c\nd,e\n",
        "a,b\n\"c,d\n",
        "a,b\nc,\"",
        "a,\"b\"\r\"c\",\"d\"\r\n",
        "a,\"a long cell, longer than many a chunk, and, in the midst, a line\nend\"\nb,c\n",
        "\"\"\"\",\"\"\n,\n\",\",\"\n\"",
    };
    for (size_t i = 0; i < COUNT(texts); i++)
        assert_chunks(str_from(texts[i]), 0);
}

static void random_chunks_are_the_text_again(void **state) {
    (void)state;
    static const char *const parts[] = {"a",    ",",      "\n",           "\r\n",    "\r",
                                        "\"\"", "\"a\"",  ",\"x\"\"y\",", "\"z\r\n", "\"",
                                        "b, c", "\n\"\n", "\n\"q\"\n",    "\n\n",    " a text"};
    Random r = {31};
    for (size_t i = 0; i < N_TEXTS; i++) {
        Buf text = {0};
        // Some texts are of the form that is indexed all through.
        uint32_t n_parts = one_in(&r, 3) ? 4 : COUNT(parts);
        for (uint32_t n = below(&r, 60); n > 0; n--)
            buf_puts(&text, parts[below(&r, n_parts)]);
        assert_chunks(buf_str(&text), i % 2 ? 0 : 16 + below(&r, 50));
        buf_free(&text);
    }
}

// Longer than what the reading of the header brings in, so that chunks read on.
static void a_long_text_in_small_blocks_is_the_text_again(void **state) {
    (void)state;
    Random r = {32};
    Buf text = {0};
    while (text.len < 150000) {
        buf_printf(&text, "%u,%s%s", below(&r, 1000000), one_in(&r, 9) ? "\"x\r\n\"\"y\"" : "abc",
                   one_in(&r, 30) ? "\r" : one_in(&r, 2) ? "\n" : "\r\n");
        if (one_in(&r, 400)) {
            buf_puts(&text, "long,\"");
            buf_fill(&text, ',', below(&r, 6000));
            buf_puts(&text, "\"\n");
        }
    }
    MetricFile f = write_file(buf_str(&text), ".csv");
    Opened o;
    Buf expected = {0};
    open_text(&o, f.path, 0);
    assert_int_equal(put_rest(&expected, records_csv(o.records)), RECORDS_END);
    close_text(&o);
    static const size_t blocks[] = {0, 16, 1000, 4096};
    for (size_t i = 0; i < COUNT(blocks); i++) {
        Gathered g = gather(f.path, masks_best(), 3000, blocks[i]);
        assert_int_equal(g.last, CHUNKS_END);
        assert_true(str_eq(buf_str(&g.records), buf_str(&expected)));
        size_t header = text.len - g.text.len;
        assert_memory_equal(g.text.s, text.s + header, g.text.len);
        assert_true(g.n_plain > 0 && g.n_plain < g.n);
        free_gathered(&g);
    }
    unlink(f.path);
    buf_free(&expected);
    buf_free(&text);
}

static void chunks_are_of_about_the_size_asked_for(void **state) {
    (void)state;
    Buf text = {0};
    buf_puts(&text, "h,i\n");
    for (unsigned i = 0; i < 20000; i++)
        buf_puts(&text, "1234567,9\n");
    MetricFile f = write_file(buf_str(&text), ".csv");
    Gathered g = gather(f.path, masks_best(), 1000, 0);
    assert_int_equal(g.n_plain, g.n);
    assert_in_range(g.longest, 990, 2000);
    assert_in_range(g.n, 100, 203);
    free_gathered(&g);
    unlink(f.path);
    buf_free(&text);
}

static void a_fault_of_the_text_is_no_end(void **state) {
    (void)state;
    Buf text = {0};
    buf_puts(&text, "h,i\n");
    while (text.len < 100000)
        buf_puts(&text, "1,2\n");
    buf_puts(&text, "3,\xFF\n");
    MetricFile f = write_file(buf_str(&text), ".csv");
    Gathered g = gather(f.path, masks_best(), 500, 64);
    assert_int_equal(g.last, CHUNKS_FAILED);
    assert_true(g.n > 10);
    free_gathered(&g);
    unlink(f.path);
    buf_free(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chunks_by_hand_are_the_text_again),
        cmocka_unit_test(random_chunks_are_the_text_again),
        cmocka_unit_test(a_long_text_in_small_blocks_is_the_text_again),
        cmocka_unit_test(chunks_are_of_about_the_size_asked_for),
        cmocka_unit_test(a_fault_of_the_text_is_no_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
