// SPDX-License-Identifier: Apache-2.0
// Every record as it was read.
#include "runtime/edges/inspect_report.h"
#include "runtime/edges/write.h"

enum { CHUNK = 1u << 16 }; // bytes handed to the sink at a time

typedef struct Rows {
    Buf out;
    const bs_sink *sink;
    bool json, no_header, is_csv;
    Arena arena;
    VEC(Str) keys; // by column, each once
    Intern known;
    size_t n_rows;
} Rows;

// ---- texts --------------------------------------------------------------------------------------

static void put_json_text(Buf *out, Str s) {
    buf_char(out, '"');
    size_t from = 0;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.s[i];
        if (c >= ' ' && c != '"' && c != '\\')
            continue;
        buf_put(out, str_slice(s, from, i));
        from = i + 1;
        if (c == '\n')
            buf_puts(out, "\\n");
        else if (c == '\r')
            buf_puts(out, "\\r");
        else if (c == '\t')
            buf_puts(out, "\\t");
        else if (c < ' ')
            buf_printf(out, "\\u%04x", c);
        else
            buf_printf(out, "\\%c", c);
    }
    buf_put(out, str_slice(s, from, s.len));
    buf_char(out, '"');
}

// ---- keys ---------------------------------------------------------------------------------------

// Columns without a name, of a repeated name or beyond the header are called by their number.
static bool add_key(Rows *w, Str name) {
    size_t number = w->keys.n + 1;
    Str key = name.len == 0 ? arena_printf(&w->arena, "column %zu", number) : name;
    if (intern_find(&w->known, key) != INTERN_NONE)
        key = arena_printf(&w->arena, "%.*s (column %zu)", STR_ARG(name), number);
    return intern_add(&w->known, key) != INTERN_NONE && VEC_PUSH(&w->arena, &w->keys, key);
}

static bool add_keys(Rows *w, const Records *r, size_t n_wanted) {
    size_t n;
    const Str *header = records_header(r, &n);
    while (w->keys.n < n_wanted || w->keys.n < n) {
        if (!add_key(w, w->keys.n < n ? header[w->keys.n] : STR("")))
            return false;
    }
    return !w->arena.failed;
}

// ---- rows ---------------------------------------------------------------------------------------

static void put_json_row(Rows *w, const Record *row) {
    buf_puts(&w->out, w->n_rows == 0 ? "\n" : ",\n");
    buf_char(&w->out, w->no_header ? '[' : '{');
    bool first = true;
    for (size_t i = 0; i < row->n + row->n_extra; i++) {
        const Cell *cell = &row->cells[i];
        if (cell->kind == CELL_ABSENT)
            continue;
        if (!first)
            buf_char(&w->out, ',');
        first = false;
        if (!w->no_header) {
            put_json_text(&w->out, w->keys.v[i]);
            buf_char(&w->out, ':');
        }
        if (cell->kind == CELL_NULL)
            buf_puts(&w->out, "null");
        else
            put_json_text(&w->out, cell->text);
    }
    buf_char(&w->out, w->no_header ? ']' : '}');
}

static void put_csv_row(Rows *w, const Record *row) {
    size_t n = row->n + row->n_extra;
    // A short row stays short; a JSON record lacks keys in the middle as well.
    while (w->is_csv && n > 0 && row->cells[n - 1].kind == CELL_ABSENT)
        n--;
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            buf_char(&w->out, ',');
        csv_put_text(&w->out, row->cells[i].text, n == 1);
    }
    buf_char(&w->out, '\n');
}

static void put_csv_header(Rows *w) {
    for (size_t i = 0; i < w->keys.n; i++) {
        if (i > 0)
            buf_char(&w->out, ',');
        csv_put_text(&w->out, w->keys.v[i], w->keys.n == 1);
    }
    buf_char(&w->out, '\n');
}

static bs_code hand_on(Rows *w, size_t least) {
    if (w->out.failed || w->arena.failed)
        return BS_NO_MEMORY;
    if (w->out.len < least)
        return BS_OK;
    bool taken = w->out.len == 0 || w->sink->write(w->sink->context, w->out.s, w->out.len);
    w->out.len = 0;
    return taken ? BS_OK : BS_STOPPED;
}

static bs_code put_rows(Rows *w, Records *r) {
    if (!add_keys(w, r, 0))
        return BS_NO_MEMORY;
    if (w->json)
        buf_char(&w->out, '[');
    else if (!w->no_header)
        put_csv_header(w);
    for (;;) {
        Record row;
        RecordsNext next = records_next(r, &row);
        if (next != RECORDS_ROW) {
            if (w->json)
                buf_puts(&w->out, w->n_rows > 0 && next == RECORDS_END ? "\n]\n" : "]\n");
            bs_code code = hand_on(w, 0);
            return code == BS_OK && next == RECORDS_FAILED ? BS_INVALID : code;
        }
        if (!add_keys(w, r, row.n + row.n_extra))
            return BS_NO_MEMORY;
        if (w->json)
            put_json_row(w, &row);
        else
            put_csv_row(w, &row);
        w->n_rows++;
        bs_code code = hand_on(w, CHUNK);
        if (code != BS_OK)
            return code;
    }
}

bs_code rows_write(DiagList *d, uint32_t file, Str path, const RecordsOptions *o, bool json,
                   const bs_sink *sink) {
    Records *r = records_open(d, file, path, o);
    if (!r)
        return BS_INVALID;
    bool is_csv = records_format(r) == RECORDS_CSV;
    Rows w = {.sink = sink, .json = json, .is_csv = is_csv, .no_header = is_csv && o->no_header};
    arena_init(&w.arena, 0);
    intern_init(&w.known, &w.arena);
    bs_code code = put_rows(&w, r);
    records_close(r);
    buf_free(&w.out);
    arena_free(&w.arena);
    return code;
}
