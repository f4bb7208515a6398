// SPDX-License-Identifier: Apache-2.0
// How findings look on a terminal, and the page of each code.
#include <string.h>

#include "runtime/base/diag.h"

enum {
    TAB_COLUMNS = 4, // what a tab of the source line is shown as
    PAGE_COLUMNS = 80,
};

typedef enum Style { STYLE_BOLD, STYLE_ERROR, STYLE_WARNING, STYLE_NOTE, STYLE_OFF } Style;

static const char *const style_codes[] = {
    [STYLE_BOLD] = "\x1b[1m",    [STYLE_ERROR] = "\x1b[1;31m", [STYLE_WARNING] = "\x1b[1;35m",
    [STYLE_NOTE] = "\x1b[1;36m", [STYLE_OFF] = "\x1b[0m",
};

const char *diag_severity_word(Severity severity) {
    switch (severity) {
    case SEVERITY_NOTE:
        return "note";
    case SEVERITY_WARNING:
        return "warning";
    case SEVERITY_ERROR:
        return "error";
    }
    return "";
}

static Style severity_style(Severity severity) {
    switch (severity) {
    case SEVERITY_NOTE:
        return STYLE_NOTE;
    case SEVERITY_WARNING:
        return STYLE_WARNING;
    case SEVERITY_ERROR:
        return STYLE_ERROR;
    }
    return STYLE_OFF;
}

static void put_style(Buf *out, Style style, bool colour) {
    if (colour) {
        buf_puts(out, style_codes[style]);
    }
}

// ---- the source line ----------------------------------------------------------------------------

static bool is_control(unsigned char c) {
    return c < 0x20 || c == 0x7F;
}

// Bytes of the character at [i]: one for a byte that is no valid UTF-8.
static size_t char_bytes(Str s, size_t i) {
    size_t n = 1;
    while (n < 4 && i + n < s.len && ((unsigned char)s.s[i + n] & 0xC0) == 0x80) {
        n++;
    }
    return str_utf8_prefix(str_slice(s, i, i + n)) == n ? n : 1;
}

// Columns of the character of [n] bytes at [i], as put_char shows it.
static size_t char_width(Str s, size_t i, size_t n) {
    if (s.s[i] == '\t') {
        return TAB_COLUMNS;
    }
    return is_control((unsigned char)s.s[i]) ? 1 : str_width(str_slice(s, i, i + n));
}

// Control characters and broken UTF-8 are shown as `?`: a rule file must not steer the terminal.
static void put_char(Buf *out, Str s, size_t i, size_t n) {
    unsigned char c = (unsigned char)s.s[i];
    if (c == '\t') {
        buf_fill(out, ' ', TAB_COLUMNS);
    } else if (is_control(c) || (n == 1 && c >= 0x80)) {
        buf_char(out, '?');
    } else {
        buf_put(out, str_slice(s, i, i + n));
    }
}

static size_t columns_between(Str s, size_t from, size_t to) {
    size_t columns = 0;
    for (size_t i = from, n; i < to && i < s.len; i += n) {
        n = char_bytes(s, i);
        columns += char_width(s, i, n);
    }
    return columns;
}

// The line of [text] with this number; the empty Str when there is no such line.
static Str find_line(Str text, uint32_t line) {
    for (uint32_t at = 1; at < line && text.len > 0; at++) {
        str_take_line(&text);
    }
    return str_take_line(&text);
}

// Start of a window on [line] that shows the byte [at] with a third of the room before it. The
// window starts on a character.
static size_t window_start(Str line, size_t at) {
    if (columns_between(line, 0, line.len) <= DIAG_EXCERPT_COLUMNS) {
        return 0;
    }
    size_t start = 0;
    size_t before = columns_between(line, 0, at);
    while (start < at && before > DIAG_EXCERPT_COLUMNS / 3) {
        size_t n = char_bytes(line, start);
        before -= char_width(line, start, n);
        start += n;
    }
    return start;
}

static size_t window_end(Str line, size_t start) {
    size_t end = start, columns = 0;
    while (end < line.len) {
        size_t n = char_bytes(line, end);
        columns += char_width(line, end, n);
        if (columns > DIAG_EXCERPT_COLUMNS) {
            break;
        }
        end += n;
    }
    return end;
}

static void put_excerpt(Buf *out, Str line, Place place, Style style, bool colour) {
    size_t at = place.column > 0 ? place.column - 1 : 0;
    at = at < line.len ? at : line.len;
    size_t start = window_start(line, at);
    size_t end = window_end(line, start);
    buf_printf(out, "%5u | %s", (unsigned)place.line, start > 0 ? "…" : "");
    for (size_t i = start, n; i < end; i += n) {
        n = char_bytes(line, i);
        put_char(out, line, i, n);
    }
    buf_puts(out, end < line.len ? "…\n" : "\n");
    if (place.column == 0) {
        return;
    }
    buf_puts(out, "      | ");
    buf_fill(out, ' ', columns_between(line, start, at) + (start > 0));
    put_style(out, style, colour);
    buf_char(out, '^');
    size_t span = place.len < end - at ? place.len : end - at;
    size_t columns = columns_between(line, at, at + span);
    buf_fill(out, '~', columns > 1 ? columns - 1 : 0);
    put_style(out, STYLE_OFF, colour);
    buf_char(out, '\n');
}

// ---- a finding ----------------------------------------------------------------------------------

static const DiagFile *placed_file(const DiagList *d, Place place) {
    return place.file < d->files.n ? &d->files.v[place.file] : NULL;
}

// `file:line:column: `, as far as it is known.
static void put_place(Buf *out, const DiagFile *file, Place place, bool colour) {
    if (!file) {
        return;
    }
    put_style(out, STYLE_BOLD, colour);
    buf_put(out, file->path);
    if (place.line > 0) {
        buf_printf(out, ":%u", (unsigned)place.line);
    }
    if (place.line > 0 && place.column > 0) {
        buf_printf(out, ":%u", (unsigned)place.column);
    }
    buf_puts(out, ": ");
    put_style(out, STYLE_OFF, colour);
}

static void put_source(Buf *out, const DiagFile *file, Place place, Style style, bool colour) {
    if (file && file->text.len > 0 && place.line > 0) {
        put_excerpt(out, find_line(file->text, place.line), place, style, colour);
    }
}

void diag_print(Buf *out, const DiagList *d, const Diag *diag, bool colour) {
    const DiagFile *file = placed_file(d, diag->place);
    Style style = severity_style(diag->severity);
    put_place(out, file, diag->place, colour);
    put_style(out, style, colour);
    buf_printf(out, "%s %s:", diag_severity_word(diag->severity), diag_code_text(diag->code));
    put_style(out, STYLE_OFF, colour);
    buf_char(out, ' ');
    buf_put(out, diag->message);
    buf_char(out, '\n');
    put_source(out, file, diag->place, style, colour);
    if (diag->other.line > 0) {
        const DiagFile *other = placed_file(d, diag->other);
        put_place(out, other, diag->other, colour);
        put_style(out, STYLE_NOTE, colour);
        buf_puts(out, "note:");
        put_style(out, STYLE_OFF, colour);
        buf_char(out, ' ');
        buf_put(out, diag->note.len > 0 ? diag->note : STR("compare this line"));
        buf_char(out, '\n');
        put_source(out, other, diag->other, STYLE_NOTE, colour);
    }
    if (diag->hint.len > 0) {
        put_style(out, STYLE_BOLD, colour);
        buf_puts(out, "  hint:");
        put_style(out, STYLE_OFF, colour);
        buf_char(out, ' ');
        buf_put(out, diag->hint);
        buf_char(out, '\n');
    }
}

void diag_print_dropped(Buf *out, const DiagList *d) {
    for (size_t i = 0; i <= d->files.n; i++) {
        const DiagFile *f = i < d->files.n ? &d->files.v[i] : &d->placeless;
        if (f->n_dropped == 0)
            continue;
        buf_put(out, f->path);
        buf_printf(out, "%s%zu further finding%s not shown; put these right and check again\n",
                   f->path.len > 0 ? ": " : "", f->n_dropped, f->n_dropped == 1 ? " is" : "s are");
    }
}

// ---- the page of a code -------------------------------------------------------------------------

// Writes [text] in lines of PAGE_COLUMNS at most, broken at blanks; a longer word has its own line.
static void put_wrapped(Buf *out, Str text) {
    size_t column = 0;
    while (text.len > 0) {
        Str word = str_slice(text, 0, str_find(text, ' '));
        text = str_slice(text, word.len + 1, text.len);
        size_t width = str_width(word);
        if (column > 0) {
            bool fits = column + 1 + width <= PAGE_COLUMNS;
            buf_char(out, fits ? ' ' : '\n');
            column = fits ? column + 1 : 0;
        }
        buf_put(out, word);
        column += width;
    }
    buf_char(out, '\n');
}

// The example behind a word about it, indented or fenced; its lines are as the table has them.
static void put_example(Buf *out, const char *word, Str example, bool markdown) {
    if (example.len == 0)
        return;
    buf_printf(out, "\n%s:\n\n%s", word, markdown ? "```text\n" : "");
    while (example.len > 0) {
        Str line = str_slice(example, 0, str_find(example, '\n'));
        example = str_slice(example, line.len + 1, example.len);
        buf_puts(out, markdown || line.len == 0 ? "" : "    ");
        buf_put(out, line);
        buf_char(out, '\n');
    }
    buf_puts(out, markdown ? "```\n" : "");
}

void diag_page(Buf *out, DiagCode code, bool markdown) {
    Str example = str_from(diag_example(code)), better = str_from(diag_better(code));
    buf_puts(out, markdown ? "## " : "");
    buf_printf(out, "%s: %s", diag_code_text(code), diag_title(code));
    buf_puts(out, markdown ? "\n\n" : " (");
    static const char *const marks[] = {"*Note.* ", "*Warning.* ", "*Error.* "};
    buf_puts(out, markdown ? marks[diag_severity(code)] : diag_severity_word(diag_severity(code)));
    buf_puts(out, markdown ? "" : ")\n\n");
    put_wrapped(out, str_from(diag_cause(code)));
    put_example(out, "For example", example, markdown);
    buf_char(out, '\n');
    put_wrapped(out, str_from(diag_fix(code)));
    put_example(out, "Put right", better, markdown);
    if (diag_edits(code) == EDIT_SAFE)
        buf_puts(out, "\nWhere one reading only is left, `bandstand check --fix` writes it.\n");
}
