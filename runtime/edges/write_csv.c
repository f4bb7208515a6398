// SPDX-License-Identifier: Apache-2.0
// CSV as RFC 4180 has it, with line feeds alone, as the readers of data tools expect.
#include "runtime/edges/write.h"

static bool needs_quotes(Str s) {
    for (size_t i = 0; i < s.len; i++) {
        if (s.s[i] == ',' || s.s[i] == '"' || s.s[i] == '\n' || s.s[i] == '\r')
            return true;
    }
    // Readers that trim blanks would otherwise lose these.
    return s.len > 0 && (s.s[0] == ' ' || s.s[s.len - 1] == ' ');
}

void csv_put_text(Buf *out, Str s, bool alone) {
    // A row of one empty cell must not look like an empty line, which readers pass over.
    if (!needs_quotes(s) && !(alone && s.len == 0)) {
        buf_put(out, s);
        return;
    }
    buf_char(out, '"');
    for (size_t i = 0; i < s.len; i++) {
        if (s.s[i] == '"')
            buf_char(out, '"');
        buf_char(out, s.s[i]);
    }
    buf_char(out, '"');
}

static void put_cell(Writer *w, size_t column, Str s) {
    if (column > 0)
        buf_char(&w->out, ',');
    csv_put_text(&w->out, s, w->columns.n == 1);
}

void csv_begin(Writer *w) {
    for (size_t i = 0; i < w->columns.n; i++)
        put_cell(w, i, w->columns.v[i].name);
    buf_char(&w->out, '\n');
}

void csv_add(Writer *w, const bs_result *r) {
    Buf cell = {0};
    for (size_t i = 0; i < w->columns.n; i++) {
        cell.len = 0;
        column_text(&cell, &w->columns.v[i], r, w->names->rules_hash);
        put_cell(w, i, buf_str(&cell));
    }
    buf_char(&w->out, '\n');
    w->out.failed |= cell.failed;
    buf_free(&cell);
}
