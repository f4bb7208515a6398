// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/csv.h"

#include <stdlib.h>
#include <string.h>

enum {
    SAMPLE = 1u << 16, // bytes, and
    SAMPLE_LINES = 50, // records, from which the delimiter is found
    FIRST_CELLS = 64,
};

static Place place_at(const Csv *c, uint32_t line, size_t column) {
    return (Place){.file = c->file, .line = line, .column = (uint32_t)column};
}

// ---- bytes --------------------------------------------------------------------------------------

typedef enum Peek { PEEK_BYTE, PEEK_END, PEEK_FAILED } Peek;

// Reads on behind the text at hand, of which [from] on is of unknown lines.
static Peek read_on(Csv *c, size_t from) {
    WindowMore more = c->w.source ? window_more(&c->w) : WINDOW_END;
    if (more == WINDOW_MORE) {
        // A cell without quotes stops here at the latest.
        c->w.s[c->w.end] = '\n';
        return PEEK_BYTE;
    }
    if (more == WINDOW_END)
        return PEEK_END;
    uint32_t line = c->line, column = (uint32_t)(from - c->line_start + 1);
    uint32_t first_line = c->n > 0 ? c->cells[0].line : c->line;
    const char *s = c->w.s + c->w.start;
    text_advance(&line, &column, (Str){s + from, c->w.end - c->w.start - from});
    window_report(&c->w, more, first_line, line, column);
    return PEEK_FAILED;
}

// Is there a byte at c->at?
static inline Peek peek(Csv *c) {
    return c->w.start + c->at < c->w.end ? PEEK_BYTE : read_on(c, c->at);
}

static inline char byte_at(const Csv *c, size_t i) {
    return c->w.s[c->w.start + i];
}

// ---- cells --------------------------------------------------------------------------------------

static bool reserve(Csv *c, size_t n) {
    if (n <= c->cap)
        return true;
    size_t cap = c->cap == 0 ? FIRST_CELLS : c->cap;
    while (cap < n)
        cap *= 2;
    Cell *cells = realloc(c->cells, cap * sizeof *cells);
    if (cells)
        c->cells = cells;
    size_t *from = realloc(c->from, cap * sizeof *from);
    if (from)
        c->from = from;
    if (cells && from) {
        c->cap = cap;
        return true;
    }
    diag_add(c->d, D_NO_MEMORY, place_at(c, c->line, 0), "memory ran out while reading the file");
    return false;
}

static bool add_cell(Csv *c) {
    size_t column = c->at - c->line_start + 1;
    if (c->n == RECORDS_MAX_COLUMNS) {
        diag_add(c->d, D_TOO_MANY_CELLS, place_at(c, c->line, column),
                 "the record has more than 65,536 cells")
            ->hint = STR("check the delimiter and the line ends of the file");
        return false;
    }
    if (!reserve(c, c->n + 1))
        return false;
    c->cells[c->n++] = (Cell){.kind = CELL_TEXT, .line = c->line, .column = (uint32_t)column};
    return true;
}

static bool end_cell(Csv *c, size_t from, size_t len) {
    Cell *cell = &c->cells[c->n - 1];
    if (len > RECORDS_MAX_FIELD) {
        diag_add(c->d, D_CELL_TOO_LONG, place_at(c, cell->line, cell->column),
                 "the cell that starts here is longer than 16 MiB")
            ->hint = STR("look for a quotation mark that is not closed");
        return false;
    }
    c->from[c->n - 1] = from;
    cell->text.len = len;
    return true;
}

static bool scan_bare(Csv *c) {
    size_t from = c->at;
    for (;;) {
        const char *s = c->w.s + c->w.start;
        size_t i = c->at, len = c->w.end - c->w.start;
        if (i < len) {
            while (!c->stops[(unsigned char)s[i]])
                i++;
            c->at = i;
            if (i < len)
                return end_cell(c, from, i - from);
        }
        switch (read_on(c, from)) {
        case PEEK_BYTE:
            break;
        case PEEK_END:
            return end_cell(c, from, c->at - from);
        case PEEK_FAILED:
            return false;
        }
    }
}

// Undoes doubled quotes in place; gives the new length.
static size_t undouble(char *s, size_t len, char quote) {
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        s[n++] = s[i];
        if (s[i] == quote)
            i++;
    }
    return n;
}

// Moves line and line_start behind the text of a cell in quotes.
static void count_lines(Csv *c, size_t from, size_t to) {
    const char *s = c->w.s + c->w.start;
    for (size_t i = from; i < to; i++) {
        bool crlf = s[i] == '\r' && i + 1 < to && s[i + 1] == '\n';
        if ((s[i] == '\n' || s[i] == '\r') && !crlf) {
            c->line++;
            c->line_start = i + 1;
        }
    }
}

static void report_open_quote(Csv *c) {
    const Cell *cell = &c->cells[c->n - 1];
    diag_add(c->d, D_QUOTE_NOT_CLOSED, place_at(c, cell->line, cell->column),
             "the quotation mark that opens here is not closed before the file ends")
        ->hint = STR("close it, or double it if it belongs to the text");
}

// Leaves c->at on the closing quote and tells whether quotes are doubled on the way.
static bool find_closing_quote(Csv *c, size_t from, bool *doubled) {
    for (;;) {
        const char *s = c->w.s + c->w.start;
        size_t len = c->w.end - c->w.start;
        const char *found = c->at < len ? memchr(s + c->at, c->quote, len - c->at) : NULL;
        c->at = found ? (size_t)(found - s) : len;
        bool next_known = found && c->at + 1 < len;
        if (next_known && s[c->at + 1] == c->quote) {
            *doubled = true;
            c->at += 2;
            continue;
        }
        if (next_known)
            return true;
        if (c->at - from > RECORDS_MAX_FIELD)
            return end_cell(c, from, c->at - from);
        switch (read_on(c, from)) {
        case PEEK_BYTE:
            break;
        case PEEK_END:
            if (!found)
                report_open_quote(c);
            return found != NULL;
        case PEEK_FAILED:
            return false;
        }
    }
}

static bool scan_quoted(Csv *c) {
    c->cells[c->n - 1].kind = CELL_QUOTED;
    size_t from = ++c->at;
    bool doubled = false;
    if (!find_closing_quote(c, from, &doubled))
        return false;
    size_t len = c->at - from;
    count_lines(c, from, c->at);
    c->at++;
    if (doubled)
        len = undouble(c->w.s + c->w.start + from, len, c->quote);
    return end_cell(c, from, len);
}

// ---- records ------------------------------------------------------------------------------------

static bool pass_line_end(Csv *c) {
    bool is_cr = byte_at(c, c->at++) == '\r';
    if (is_cr) {
        switch (peek(c)) {
        case PEEK_BYTE:
            c->at += byte_at(c, c->at) == '\n';
            break;
        case PEEK_END:
            break;
        case PEEK_FAILED:
            return false;
        }
    }
    c->line++;
    c->line_start = c->at;
    return true;
}

static void report_text_after_quote(Csv *c) {
    Str rest = {c->w.s + c->w.start + c->at, c->w.end - c->w.start - c->at};
    size_t shown = str_utf8_prefix(str_slice(rest, 0, 12));
    for (size_t i = 0; i < shown; i++) {
        if (c->stops[(unsigned char)rest.s[i]])
            shown = i;
    }
    diag_add(c->d, D_TEXT_AFTER_QUOTE, place_at(c, c->line, c->at - c->line_start + 1),
             "\"%.*s\" follows a closing quotation mark", STR_ARG(str_slice(rest, 0, shown)))
        ->hint = STR("double the quotation marks inside a cell: \"the \"\"new\"\" model\"");
}

typedef enum CellEnd { CELL_LAST, CELL_FOLLOWED, CELL_FAILED } CellEnd;

static CellEnd read_cell(Csv *c) {
    Peek first = peek(c);
    if (first == PEEK_FAILED || !add_cell(c))
        return CELL_FAILED;
    if (first == PEEK_END)
        return end_cell(c, c->at, 0) ? CELL_LAST : CELL_FAILED;
    bool ok = byte_at(c, c->at) == c->quote ? scan_quoted(c) : scan_bare(c);
    if (!ok)
        return CELL_FAILED;
    switch (peek(c)) {
    case PEEK_BYTE:
        break;
    case PEEK_END:
        return CELL_LAST;
    case PEEK_FAILED:
        return CELL_FAILED;
    }
    char b = byte_at(c, c->at);
    if (b == c->delimiter) {
        c->at++;
        return CELL_FOLLOWED;
    }
    if (b != '\n' && b != '\r') {
        report_text_after_quote(c);
        return CELL_FAILED;
    }
    return pass_line_end(c) ? CELL_LAST : CELL_FAILED;
}

static void begin_record(Csv *c) {
    c->w.start += c->at;
    c->at = 0;
    c->line_start = 0;
    c->n = 0;
}

RecordsNext csv_next(Csv *c) {
    for (;;) {
        begin_record(c);
        Peek first = peek(c);
        if (first != PEEK_BYTE)
            return first == PEEK_END ? RECORDS_END : RECORDS_FAILED;
        CellEnd end;
        do {
            end = read_cell(c);
        } while (end == CELL_FOLLOWED);
        if (end == CELL_FAILED)
            return RECORDS_FAILED;
        bool empty_line = c->n == 1 && c->cells[0].kind == CELL_TEXT && c->cells[0].text.len == 0;
        if (!empty_line)
            break;
    }
    const char *s = c->w.s + c->w.start;
    for (size_t i = 0; i < c->n; i++)
        c->cells[i].text.s = s + c->from[i];
    return RECORDS_ROW;
}

void csv_reuse(Csv *c, const Csv *like, char *s, size_t len, uint32_t line) {
    Csv next = *like;
    next.w = (Window){.s = s, .end = len, .cap = len, .block = like->w.block};
    next.line = line;
    next.at = next.line_start = next.n = 0;
    next.cells = c->cells;
    next.from = c->from;
    next.cap = c->cap;
    *c = next;
}

static size_t behind_closing_quote(Str s, size_t at, char quote) {
    for (; at < s.len; at++) {
        if (s.s[at] != quote)
            continue;
        if (at + 1 == s.len || s.s[at + 1] != quote)
            return at + 1;
        at++;
    }
    return s.len;
}

size_t csv_whole_records(const Csv *c, Str s, bool ended) {
    size_t whole = 0;
    bool cell_start = true;
    for (size_t i = 0; i < s.len;) {
        char b = s.s[i];
        if (cell_start && b == c->quote) {
            i = behind_closing_quote(s, i + 1, c->quote);
            cell_start = false;
            continue;
        }
        i++;
        cell_start = b == c->delimiter || b == '\n' || b == '\r';
        if (b == '\r' && i < s.len && s.s[i] == '\n')
            i++;
        bool record_ends = b == '\n' || (b == '\r' && (i < s.len || ended));
        whole = record_ends ? i : whole;
    }
    return ended ? s.len : whole;
}

bool csv_pad(Csv *c, size_t n) {
    if (!reserve(c, n))
        return false;
    uint32_t line = c->n > 0 ? c->cells[0].line : c->line;
    for (size_t i = c->n; i < n; i++)
        c->cells[i] = (Cell){.text = STR(""), .kind = CELL_ABSENT, .line = line};
    return true;
}

bool csv_record(Csv *c, size_t n_columns, Record *out) {
    if (!csv_pad(c, n_columns))
        return false;
    *out = (Record){.cells = c->cells,
                    .n = n_columns,
                    .n_extra = c->n > n_columns ? c->n - n_columns : 0,
                    .line = c->cells[0].line};
    return true;
}

// ---- opening ------------------------------------------------------------------------------------

static bool skip_lines(Csv *c, uint32_t n) {
    for (uint32_t i = 0; i < n; i++) {
        for (;;) {
            Peek next = peek(c);
            if (next != PEEK_BYTE)
                return next == PEEK_END;
            char b = byte_at(c, c->at);
            if (b == '\n' || b == '\r')
                break;
            c->at++;
        }
        if (!pass_line_end(c))
            return false;
        begin_record(c);
    }
    return true;
}

static const char candidates[] = {',', ';', '\t', '|'};

static bool is_candidate(char b) {
    return memchr(candidates, b, sizeof candidates) != NULL;
}

// Counts [candidate] in the record that starts at *at, moving *at behind it. Quotes open only at
// the start of a cell, whichever candidate stands before it.
static size_t count_in_record(Str s, char candidate, char quote, size_t *at) {
    size_t n = 0;
    bool quoted = false, cell_start = true;
    for (; *at < s.len; (*at)++) {
        char b = s.s[*at];
        if (quoted) {
            quoted = b != quote;
        } else if (b == '\n' || b == '\r') {
            break;
        } else if (b == quote) {
            // A doubled quote closes and opens again.
            quoted = cell_start || s.s[*at - 1] == quote;
        } else {
            n += b == candidate;
        }
        cell_start = !quoted && is_candidate(b);
    }
    while (*at < s.len && (s.s[*at] == '\n' || s.s[*at] == '\r'))
        (*at)++;
    return n;
}

// The candidate that stands in the header and equally often in the most records after it.
static char find_delimiter(Str sample, char quote) {
    char best = candidates[0];
    size_t best_agree = 0, best_n = 0;
    for (size_t k = 0; k < sizeof candidates; k++) {
        size_t at = 0, n = count_in_record(sample, candidates[k], quote, &at), agree = 1;
        if (n == 0)
            continue;
        for (size_t i = 1; i < SAMPLE_LINES && at < sample.len; i++)
            agree += count_in_record(sample, candidates[k], quote, &at) == n;
        if (agree > best_agree || (agree == best_agree && n > best_n)) {
            best = candidates[k];
            best_agree = agree;
            best_n = n;
        }
    }
    return best;
}

static bool is_usable(char b) {
    bool alphanumeric = (b >= '0' && b <= '9') || (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
    return (unsigned char)b < 0x80 && (b >= ' ' || b == '\t') && b != 0x7F && !alphanumeric;
}

static bool check_character(Csv *c, const char *what, Str given) {
    if (given.len == 1 && is_usable(given.s[0]))
        return true;
    diag_add(c->d, D_READ_OPTION, place_at(c, 0, 0), "\"%.*s\" cannot be a %s", STR_ARG(given),
             what)
        ->hint = STR("it is one sign such as , ; | \" or '");
    return false;
}

static bool set_signs(Csv *c, const RecordsOptions *o) {
    c->quote = '"';
    if (o->quote.len > 0) {
        if (!check_character(c, "quotation mark", o->quote))
            return false;
        c->quote = o->quote.s[0];
    }
    if (o->delimiter.len == 0)
        return true;
    Str delimiter = str_eq(o->delimiter, STR("tab")) ? STR("\t") : o->delimiter;
    if (!check_character(c, "delimiter", delimiter))
        return false;
    c->delimiter = delimiter.s[0];
    if (c->delimiter != c->quote)
        return true;
    diag_add(c->d, D_READ_OPTION, place_at(c, 0, 0),
             "\"%c\" cannot be the delimiter and the quotation mark at once", c->quote)
        ->hint = STR("write another character for one of them");
    return false;
}

// A fault or the end within the sample is met again, at its place, when the cells are read.
static void read_sample(Csv *c) {
    while (c->w.end - c->w.start < SAMPLE && window_more(&c->w) == WINDOW_MORE)
        continue;
    c->w.s[c->w.end] = '\n';
}

bool csv_open(Csv *c, Window w, DiagList *d, uint32_t file, const RecordsOptions *o) {
    *c = (Csv){.w = w, .d = d, .file = file, .line = 1};
    if (!set_signs(c, o) || !skip_lines(c, o->skip_lines))
        return false;
    read_sample(c);
    if (c->delimiter == '\0') {
        Str sample = {c->w.s + c->w.start, c->w.end - c->w.start};
        c->delimiter = find_delimiter(sample, c->quote);
    }
    c->stops[(unsigned char)c->delimiter] = true;
    c->stops['\n'] = c->stops['\r'] = true;
    return true;
}

void csv_close(Csv *c) {
    if (c->w.source)
        window_close(&c->w);
    free(c->cells);
    free(c->from);
    *c = (Csv){0};
}
