// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/findings.h"

static bool continues_char(char c) {
    return ((unsigned char)c & 0xC0) == 0x80;
}

static uint32_t n_chars(Str s) {
    uint32_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        n += !continues_char(s.s[i]);
    return n;
}

// Moves [*line] and [*column] over [passed].
static void advance(Str passed, uint32_t *line, uint32_t *column) {
    while (passed.len > 0) {
        Str first = str_slice(passed, 0, str_find(passed, '\n'));
        bool ends = first.len < passed.len;
        *line += ends;
        *column = ends ? 1 : *column + n_chars(first);
        passed = str_slice(passed, first.len + ends, passed.len);
    }
}

Span findings_span(const DiagList *d, Place place) {
    if (place.file >= d->files.n)
        return (Span){0};
    const DiagFile *file = &d->files.v[place.file];
    Span s = {.path = file->path,
              .line = place.line,
              .column = place.column,
              .end_line = place.line,
              .end_column = place.column + place.len};
    if (place.column == 0)
        s.end_column = 0;
    if (place.line == 0 || place.column == 0 || file->text.len == 0)
        return s;
    size_t at = diag_offset(file->text, place);
    size_t start = diag_offset(file->text, (Place){.line = place.line, .column = 1});
    s.column = 1 + n_chars(str_slice(file->text, start, at));
    s.end_column = s.column;
    advance(str_slice(file->text, at, at + place.len), &s.end_line, &s.end_column);
    return s;
}

size_t findings_n_dropped(const DiagList *d) {
    size_t n = d->placeless.n_dropped;
    for (size_t i = 0; i < d->files.n; i++)
        n += d->files.v[i].n_dropped;
    return n;
}

// ---- GitHub workflow commands -------------------------------------------------------------------

// In properties colons and commas are signs of the command.
static void put_escaped(Buf *out, Str s, bool property) {
    for (size_t i = 0; i < s.len; i++) {
        char c = s.s[i];
        bool escape = c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ','));
        if (escape)
            buf_printf(out, "%%%02X", (unsigned)(unsigned char)c);
        else
            buf_char(out, c);
    }
}

static void put_number(Buf *out, const char *key, uint32_t n) {
    if (n > 0)
        buf_printf(out, "%s=%u,", key, (unsigned)n);
}

static void put_command(Buf *out, const DiagList *d, const Diag *diag) {
    Span s = findings_span(d, diag->place);
    bool note = diag->severity == SEVERITY_NOTE;
    buf_printf(out, "::%s ", note ? "notice" : diag_severity_word(diag->severity));
    if (s.path.len > 0) {
        buf_puts(out, "file=");
        put_escaped(out, s.path, true);
        buf_char(out, ',');
    }
    put_number(out, "line", s.line);
    put_number(out, "endLine", s.end_line);
    put_number(out, "col", s.column);
    // GitHub takes an end column on the same line only, and there as the last one that is marked.
    if (s.end_line == s.line && s.end_column > s.column)
        put_number(out, "endColumn", s.end_column - 1);
    buf_puts(out, "title=");
    put_escaped(out, str_from(diag_code_text(diag->code)), true);
    put_escaped(out, STR(": "), true);
    put_escaped(out, str_from(diag_title(diag->code)), true);
    buf_puts(out, "::");
    put_escaped(out, diag->message, false);
    if (diag->hint.len > 0) {
        buf_puts(out, "%0Ahint: ");
        put_escaped(out, diag->hint, false);
    }
    buf_char(out, '\n');
}

void findings_write_github(const DiagList *d, Buf *out) {
    for (size_t i = 0; i < d->diags.n; i++)
        if (d->diags.v[i].because.len == 0)
            put_command(out, d, &d->diags.v[i]);
    size_t n_dropped = findings_n_dropped(d);
    if (n_dropped > 0)
        buf_printf(out, "::notice title=Bandstand::%zu further finding%s not shown\n", n_dropped,
                   n_dropped == 1 ? " is" : "s are");
}
