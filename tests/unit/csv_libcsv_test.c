// SPDX-License-Identifier: Apache-2.0
// libcsv is the oracle: thousands of generated files, whole and in small blocks, give its cells.
// Left out is what libcsv reads otherwise than RFC 4180: a byte order mark, blanks at the ends of
// bare cells (it drops them), quotes inside bare cells.
#include "tests/unit/metric_file.h"

#include <csv.h>

enum { N_FILES = 4000 };

typedef struct Random {
    uint64_t state;
} Random;

static uint32_t below(Random *r, uint32_t n) {
    r->state = r->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(r->state >> 33) % n;
}

static const char *pick(Random *r, const char *const *texts, uint32_t n) {
    return texts[below(r, n)];
}

static void put_bare(Random *r, Buf *b) {
    static const char *const parts[] = {"a", "26.4", "-", "%", "x y", "\xC3\xA9", "'", "c", "0"};
    for (uint32_t n = below(r, 4); n > 0; n--)
        buf_puts(b, pick(r, parts, 9));
}

static void put_in_quotes(Random *r, Buf *b) {
    static const char *const parts[] = {"a",  " ",    ",",    ";",        "\n",
                                        "\r", "\r\n", "\"\"", "long text"};
    buf_char(b, '"');
    for (uint32_t n = below(r, 8); n > 0; n--)
        buf_puts(b, pick(r, parts, 9));
    buf_char(b, '"');
}

static Buf make_file(Random *r) {
    static const char *const line_ends[] = {"\n", "\r\n", "\r"};
    Buf b = {0};
    uint32_t n_rows = 1 + below(r, 6), n_cells = 1 + below(r, 5);
    for (uint32_t i = 0; i < n_rows; i++) {
        uint32_t n = below(r, 5) == 0 ? 1 + below(r, 7) : n_cells;
        for (uint32_t k = 0; k < n; k++) {
            if (k > 0)
                buf_char(&b, ',');
            if (below(r, 3) == 0)
                put_in_quotes(r, &b);
            else
                put_bare(r, &b);
        }
        if (i + 1 < n_rows || below(r, 2) == 0)
            buf_puts(&b, pick(r, line_ends, 3));
        if (below(r, 8) == 0)
            buf_puts(&b, "\n");
    }
    buf_puts(&b, "\nend\n");
    assert_false(b.failed);
    return b;
}

static void on_cell(void *s, size_t len, void *out) {
    buf_printf(out, "[%.*s]", (int)len, (const char *)s);
}

static void on_row(int c, void *out) {
    (void)c;
    buf_char(out, '\n');
}

static Buf read_by_libcsv(Str content) {
    Buf out = {0};
    struct csv_parser p;
    assert_int_equal(csv_init(&p, CSV_STRICT), 0);
    assert_int_equal(csv_parse(&p, content.s, content.len, on_cell, on_row, &out), content.len);
    assert_int_equal(csv_fini(&p, on_cell, on_row, &out), 0);
    csv_free(&p);
    return out;
}

static Buf read_by_us(Str content, size_t block) {
    MetricFile f = write_file(content, ".csv");
    Arena arena;
    arena_init(&arena, 0);
    DiagList d;
    diag_init(&d, &arena);
    uint32_t file = diag_file(&d, str_from(f.path), (Str){0});
    RecordsOptions o = {.delimiter = STR(","), .no_header = true, .block = block};
    Records *r = records_open(&d, file, str_from(f.path), &o);
    assert_non_null(r);
    Buf out = {0};
    Record row;
    RecordsNext next;
    while ((next = records_next(r, &row)) == RECORDS_ROW) {
        for (size_t i = 0; i < row.n + row.n_extra; i++) {
            if (row.cells[i].kind != CELL_ABSENT)
                buf_printf(&out, "[%.*s]", STR_ARG(row.cells[i].text));
        }
        buf_char(&out, '\n');
    }
    assert_int_equal(next, RECORDS_END);
    records_close(r);
    arena_free(&arena);
    unlink(f.path);
    return out;
}

static void generated_files_read_as_libcsv_reads_them(void **state) {
    (void)state;
    Random r = {20230531};
    for (size_t i = 0; i < N_FILES; i++) {
        Buf content = make_file(&r);
        Buf expected = read_by_libcsv(buf_str(&content));
        Buf got = read_by_us(buf_str(&content), i % 4 == 0 ? 0 : 16 + i % 50);
        if (!str_eq(buf_str(&got), buf_str(&expected)))
            fail_msg("file %zu:\n%.*s\nlibcsv:\n%.*s\nours:\n%.*s", i, STR_ARG(buf_str(&content)),
                     STR_ARG(buf_str(&expected)), STR_ARG(buf_str(&got)));
        buf_free(&content);
        buf_free(&expected);
        buf_free(&got);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(generated_files_read_as_libcsv_reads_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
