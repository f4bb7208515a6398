// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/table_text.h"

enum { HEX_COLOUR_LEN = 7, CUBE_FIRST = 16, CUBE_SIDE = 6 };

// Bytes of the character at [i]; 1 for a byte that starts none.
static size_t char_len(Str s, size_t i) {
    unsigned char c = (unsigned char)s.s[i];
    size_t len = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;
    return len <= s.len - i ? len : 1;
}

Str wrap_line(Str *rest, size_t width) {
    Str s = *rest;
    size_t end = 0, blank = 0, used = 0;
    while (end < s.len) {
        size_t len = char_len(s, end);
        used += str_width((Str){s.s + end, len});
        if (used > width && end > 0)
            break;
        if (s.s[end] == ' ')
            blank = end;
        end += len;
    }
    // A blank just behind the line is as good a place to break as one within it.
    if (end < s.len && s.s[end] != ' ' && blank > 0)
        end = blank;
    Str line = str_slice(s, 0, end);
    while (end < s.len && s.s[end] == ' ')
        end++;
    *rest = str_slice(s, end, s.len);
    while (line.len > 0 && line.s[line.len - 1] == ' ')
        line.len--;
    return line;
}

size_t longest_word(Str s) {
    size_t longest = 0;
    for (size_t i = 0; i < s.len;) {
        size_t end = i + str_find(str_slice(s, i, s.len), ' ');
        size_t width = str_width(str_slice(s, i, end));
        longest = width > longest ? width : longest;
        i = end + 1;
    }
    return longest;
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

size_t figure_whole(Str s) {
    size_t i = 0;
    while (i < s.len && !is_digit(s.s[i]))
        i++;
    while (i < s.len && is_digit(s.s[i]))
        i++;
    return i;
}

void put_clean(Buf *out, Str s) {
    for (size_t i = 0; i < s.len;) {
        unsigned char c = (unsigned char)s.s[i];
        bool c1 = c == 0xc2 && i + 1 < s.len && (unsigned char)s.s[i + 1] < 0xa0;
        if (c == '\n' || c == '\r' || c == '\t')
            buf_char(out, ' ');
        else if (c < ' ' || c == 0x7f || c1)
            buf_char(out, '?');
        else
            buf_char(out, (char)c);
        i += c1 ? 2 : 1;
    }
}

static void put_figure(Buf *out, const bs_figure *f, bool ascii) {
    if (f->shown.len == 0) {
        if (f->missing.len > 0)
            buf_puts(out, ascii ? "-" : "–");
        return;
    }
    put_clean(out, text_str(f->shown));
    if (str_eq(text_str(f->unit), STR("percent")) && is_digit(f->shown.s[f->shown.len - 1]))
        buf_char(out, '%');
}

static bool is_ascii(Str s) {
    for (size_t i = 0; i < s.len; i++) {
        if ((unsigned char)s.s[i] >= 0x80)
            return false;
    }
    return true;
}

typedef struct ShownStatus {
    bs_status_kind kind;
    bs_text label, symbol, missing;
} ShownStatus;

static void put_status(Buf *out, const ShownStatus *s, bool ascii) {
    Str symbol = text_str(s->symbol);
    switch (s->kind) {
    case BS_JUDGED:
        if (symbol.len > 0 && (!ascii || is_ascii(symbol))) {
            put_clean(out, symbol);
            buf_char(out, ' ');
        }
        put_clean(out, text_str(s->label));
        return;
    case BS_NO_DATA:
        buf_puts(out, "No data");
        if (s->missing.len > 0) {
            buf_puts(out, " (");
            put_clean(out, text_str(s->missing));
            buf_char(out, ')');
        }
        return;
    case BS_UNJUDGED:
        buf_puts(out, "Not judged");
        return;
    }
}

static void put_own_status(Buf *out, const bs_result *r, bool ascii) {
    bs_text label = r->status_label.len > 0 ? r->status_label : r->status;
    put_status(out, &(ShownStatus){r->kind, label, r->status_symbol, r->missing}, ascii);
    buf_puts(out, r->kind == BS_JUDGED && r->by_hand ? " (by hand)" : "");
}

static void put_status_as_of(Buf *out, const bs_result *r, bool ascii) {
    ShownStatus s = {r->kind_as_of, r->status_as_of_label, r->status_as_of_symbol,
                     r->missing_as_of};
    if (r->levels_as_of)
        put_status(out, &s, ascii);
}

static void put_level(Buf *out, const bs_level *l, bool ascii) {
    if (l->level.len == 0 && l->label.len == 0)
        buf_puts(out, ascii ? "-" : "–");
    else
        put_clean(out, text_str(l->label.len > 0 ? l->label : l->level));
}

void table_cell(Buf *out, const Column *c, const bs_result *r, Str rules_hash, bool ascii) {
    if (c->kind == COLUMN_STATUS || c->kind == COLUMN_STATUS_AS_OF) {
        if (c->kind == COLUMN_STATUS)
            put_own_status(out, r, ascii);
        else
            put_status_as_of(out, r, ascii);
        return;
    }
    const bs_figure *figure = NULL;
    if (c->kind == COLUMN_FIGURE)
        figure = (const bs_figure *)(const void *)((const char *)r + c->field);
    else if (c->kind == COLUMN_TARGET || c->kind == COLUMN_NAMED)
        figure = result_figure(r, c->name);
    const bs_level *level = c->kind == COLUMN_NAMED ? result_level(r, c->name) : NULL;
    if (level) {
        put_level(out, level, ascii);
    } else if (figure) {
        put_figure(out, figure, ascii);
    } else {
        Buf text = {0};
        column_text(&text, c, r, rules_hash);
        put_clean(out, buf_str(&text));
        out->failed |= text.failed;
        buf_free(&text);
    }
}

static int hex_digit(char c) {
    if (is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// The nearest of the six steps (0, 95, 135, 175, 215, 255) of the terminal's colour cube.
static unsigned cube_step(unsigned c) {
    return c < 48 ? 0 : c < 115 ? 1 : (c - 35) / 40;
}

bool put_colour(Buf *out, Str colour) {
    if (colour.len != HEX_COLOUR_LEN || colour.s[0] != '#')
        return false;
    unsigned cube = 0, step[3], shown[3];
    for (size_t i = 0; i < 3; i++) {
        int high = hex_digit(colour.s[1 + 2 * i]), low = hex_digit(colour.s[2 + 2 * i]);
        if (high < 0 || low < 0)
            return false;
        step[i] = cube_step((unsigned)(high * 16 + low));
        shown[i] = step[i] > 0 ? 55 + 40 * step[i] : 0;
        cube = cube * CUBE_SIDE + step[i];
    }
    // WCAG 2.2: black text has the better contrast above a relative luminance of 0.179. Squares
    // stand for the exact curve of sRGB, which is near enough to choose one of two.
    unsigned luminance =
        2126 * shown[0] * shown[0] + 7152 * shown[1] * shown[1] + 722 * shown[2] * shown[2];
    bool bright = luminance / 10000 > 255 * 255 * 179 / 1000;
    buf_printf(out, "\x1b[48;5;%u;38;5;%um", CUBE_FIRST + cube, bright ? 16u : 231u);
    return true;
}

void put_colour_end(Buf *out) {
    buf_puts(out, "\x1b[0m");
}
