// SPDX-License-Identifier: Apache-2.0
// For tests of metric files: writes one, reads it, and puts the records into a text to compare.
#ifndef BS_TESTS_METRIC_FILE_H
#define BS_TESTS_METRIC_FILE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// cmocka.h needs the headers above.
#include <cmocka.h>

#include "runtime/base/buf.h"
#include "runtime/edges/records.h"

typedef struct MetricFile {
    char path[64];
} MetricFile;

static inline MetricFile write_file(Str content, const char *suffix) {
    MetricFile f = {"/tmp/bandstand-test-XXXXXX"};
    strncat(f.path, suffix, sizeof f.path - strlen(f.path) - 1);
    int fd = mkstemps(f.path, (int)strlen(suffix));
    assert_true(fd >= 0);
    for (size_t done = 0; done < content.len;) {
        ssize_t n = write(fd, content.s + done, content.len - done);
        assert_true(n > 0);
        done += (size_t)n;
    }
    close(fd);
    return f;
}

static inline void put_cell(Buf *out, const Cell *cell) {
    switch (cell->kind) {
    case CELL_TEXT:
        buf_printf(out, "<%.*s>", STR_ARG(cell->text));
        return;
    case CELL_QUOTED:
        buf_printf(out, "\"%.*s\"", STR_ARG(cell->text));
        return;
    case CELL_NUMBER:
        buf_printf(out, "#%.*s#", STR_ARG(cell->text));
        return;
    case CELL_TRUTH:
        buf_printf(out, "?%.*s?", STR_ARG(cell->text));
        return;
    case CELL_NULL:
        buf_puts(out, "null");
        return;
    case CELL_ABSENT:
        buf_puts(out, "_");
        return;
    }
}

static inline void put_diagnostics(Buf *out, const DiagList *d) {
    for (size_t i = 0; i < d->diags.n; i++) {
        const Diag *x = &d->diags.v[i];
        buf_printf(out, "%s %u:%u\n", diag_code_text(x->code), x->place.line, x->place.column);
    }
}

// The header as "a|b", then each row's cells, extra ones behind "+", then findings as "B706 2:3".
// [places] adds each cell's line and column.
static inline Buf read_file(const char *path, const RecordsOptions *o, bool places) {
    Arena arena;
    arena_init(&arena, 0);
    DiagList d;
    diag_init(&d, &arena);
    Buf out = {0};
    uint32_t file = diag_file(&d, str_from(path), (Str){0});
    Records *r = records_open(&d, file, str_from(path), o);
    Record row;
    RecordsNext next = RECORDS_END;
    while (r && (next = records_next(r, &row)) == RECORDS_ROW) {
        for (size_t i = 0; i < row.n + row.n_extra; i++) {
            if (i == row.n)
                buf_char(&out, '+');
            put_cell(&out, &row.cells[i]);
            if (places && row.cells[i].kind != CELL_ABSENT)
                buf_printf(&out, "%u:%u ", row.cells[i].line, row.cells[i].column);
        }
        buf_char(&out, '\n');
    }
    size_t n = 0;
    const Str *names = r ? records_header(r, &n) : NULL;
    Buf whole = {0};
    for (size_t i = 0; i < n; i++)
        buf_printf(&whole, "%s%.*s", i == 0 ? "" : "|", STR_ARG(names[i]));
    if (r)
        buf_char(&whole, '\n');
    buf_put(&whole, buf_str(&out));
    put_diagnostics(&whole, &d);
    // A failure without a finding would be silent, a finding without a failure would go on.
    assert_true((r == NULL || next == RECORDS_FAILED) == (d.n_errors > 0));
    assert_false(whole.failed || out.failed);
    buf_free(&out);
    records_close(r);
    arena_free(&arena);
    return whole;
}

static inline Buf read_content(Str content, const char *suffix, RecordsOptions o, bool places) {
    MetricFile f = write_file(content, suffix);
    Buf b = read_file(f.path, &o, places);
    unlink(f.path);
    return b;
}

static inline void assert_text(Buf got, const char *expected) {
    buf_char(&got, '\0');
    assert_false(got.failed);
    assert_string_equal(got.s, expected);
    buf_free(&got);
}

static inline void assert_records(const char *content, const char *suffix, RecordsOptions o,
                                  const char *expected) {
    assert_text(read_content(str_from(content), suffix, o, false), expected);
}

#endif
