// SPDX-License-Identifier: Apache-2.0
// The summary of inspect as text.
#include "runtime/edges/inspect_report.h"

enum {
    MAX_NAME_WIDTH = 32,
    MAX_TEXT_SHOWN = 40, // bytes of a text that is quoted
};

void put_count(Buf *out, size_t n, const char *one, const char *many) {
    char digits[24];
    size_t len = 0;
    size_t rest = n;
    do {
        digits[len++] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    for (size_t i = len; i > 0; i--) {
        buf_char(out, digits[i - 1]);
        if (i > 1 && (i - 1) % 3 == 0)
            buf_char(out, ',');
    }
    buf_printf(out, " %s", n == 1 ? one : many);
}

const char *layout_word(GuessLayout l) {
    switch (l) {
    case GUESS_LONG:
        return "long";
    case GUESS_WIDE:
        return "wide";
    case GUESS_SNAPSHOT:
        return "snapshot";
    case GUESS_NONE:
        break;
    }
    return "";
}

const char *format_word(RecordsFormat f) {
    switch (f) {
    case RECORDS_AUTO:
    case RECORDS_CSV:
        break;
    case RECORDS_JSON:
        return "JSON";
    case RECORDS_JSONL:
        return "JSON Lines";
    }
    return "CSV";
}

const char *kind_word(ProfileKind k) {
    switch (k) {
    case PROFILE_EMPTY:
        return "empty";
    case PROFILE_FIGURES:
        return "figures";
    case PROFILE_PERIODS:
        return "periods";
    case PROFILE_CODES:
        return "codes";
    case PROFILE_TEXTS:
        break;
    }
    return "texts";
}

// ---- the file -----------------------------------------------------------------------------------

static const char *delimiter_word(char delimiter) {
    switch (delimiter) {
    case ',':
        return "comma";
    case ';':
        return "semicolon";
    case '\t':
        return "tab";
    case '|':
        return "bar";
    }
    return NULL;
}

static void put_file(Buf *out, const Profile *p) {
    buf_put(out, p->path);
    buf_printf(out, "\n  %s", format_word(p->format));
    if (p->format == RECORDS_CSV && delimiter_word(p->delimiter))
        buf_printf(out, " with %s", delimiter_word(p->delimiter));
    else if (p->format == RECORDS_CSV)
        buf_printf(out, " with delimiter \"%c\"", p->delimiter);
    buf_printf(out, ", %.*s", STR_ARG(p->encoding));
    if (p->compression.len > 0)
        buf_printf(out, ", %.*s", STR_ARG(p->compression));
    buf_puts(out, ": ");
    put_count(out, p->n_rows, "row", "rows");
    buf_puts(out, ", ");
    put_count(out, p->columns.n, "column", "columns");
    buf_char(out, '\n');
}

static void put_layout(Buf *out, GuessLayout l) {
    switch (l) {
    case GUESS_LONG:
        buf_puts(out, "  Layout: long, a row for each entity, period and metric\n");
        return;
    case GUESS_WIDE:
        buf_puts(out, "  Layout: wide, a column for each metric\n");
        return;
    case GUESS_SNAPSHOT:
        buf_puts(out,
                 "  Layout: snapshot, a row for each metric with current and previous figure\n");
        return;
    case GUESS_NONE:
        buf_puts(out, "  Layout: none of long, wide and snapshot\n");
        return;
    }
}

static void put_span(Buf *out, const ColumnProfile *c) {
    period_print(out, c->first[c->period_kind]);
    if (!period_eq(c->first[c->period_kind], c->last[c->period_kind])) {
        buf_puts(out, " to ");
        period_print(out, c->last[c->period_kind]);
    }
}

static void put_keys(Buf *out, const Profile *p, const Guess *g) {
    if (g->entity != NO_COLUMN) {
        const ColumnProfile *c = &p->columns.v[g->entity];
        buf_puts(out, "  Entities: ");
        put_count(out, c->texts.n, "", "");
        buf_printf(out, "%sin \"%.*s\"\n", c->more_texts ? "and more " : "", STR_ARG(c->name));
    }
    if (g->period != NO_COLUMN) {
        const ColumnProfile *c = &p->columns.v[g->period];
        Str words = period_kind_words(c->period_kind);
        buf_puts(out, "  Periods: ");
        put_count(out, c->texts.n, "", "");
        buf_printf(out, "%sin \"%.*s\", ", c->more_texts ? "and more " : "", STR_ARG(c->name));
        put_span(out, c);
        buf_printf(out, " (kind: %.*s)\n", STR_ARG(words));
    }
}

// ---- columns ------------------------------------------------------------------------------------

static void put_quoted(Buf *out, Str s) {
    Str shown = str_slice(s, 0, MAX_TEXT_SHOWN);
    shown.len = str_utf8_prefix(shown);
    buf_char(out, '"');
    for (size_t i = 0; i < shown.len; i++)
        buf_char(out, (unsigned char)shown.s[i] < ' ' ? ' ' : shown.s[i]);
    buf_puts(out, shown.len < s.len ? "…\"" : "\"");
}

static void put_symbols(Buf *out, const ColumnProfile *c) {
    Symbol symbols[REPORT_MAX_SYMBOLS];
    size_t n_more, n = report_symbols(c, symbols, REPORT_MAX_SYMBOLS, &n_more);
    for (size_t i = 0; i < n; i++) {
        buf_puts(out, i == 0 ? "; " : ", ");
        if (symbols[i].text.len == 0)
            buf_puts(out, "empty");
        else
            put_quoted(out, symbols[i].text);
        buf_char(out, ' ');
        put_count(out, symbols[i].n, "time", "times");
        Str words = symbol_words(symbols[i].text);
        if (words.len > 0 && symbols[i].text.len > 0)
            buf_printf(out, " (usually: %.*s)", STR_ARG(words));
    }
    if (n_more > 0)
        buf_printf(out, " and %zu more texts", n_more);
}

static void put_figures(Buf *out, const ColumnProfile *c) {
    put_count(out, c->n_figures, "figure", "figures");
    if (c->n_fractions == 0)
        buf_puts(out, ", whole");
    else
        buf_printf(out, ", %d decimal%s", c->decimals, c->decimals == 1 ? "" : "s");
    if (c->has_range) {
        buf_puts(out, ", ");
        number_print(out, c->least);
        buf_puts(out, " to ");
        number_print(out, c->most);
    }
    if (c->n_percent > 0)
        buf_puts(out, ", with percent signs");
    if (c->n_commas > 0)
        buf_puts(out, ", with thousands commas");
    if (c->n_spaces > 0)
        buf_puts(out, ", with thousands spaces");
    if (c->n_pounds > 0)
        buf_puts(out, ", with pound signs");
    put_symbols(out, c);
}

// A few texts in full, most frequent first; of many only their number.
static void put_texts(Buf *out, const ColumnProfile *c, const char *what) {
    if (c->more_texts)
        buf_printf(out, "%s, more than %u different", what, c->texts.n);
    else
        buf_printf(out, "%s, %u different", what, c->texts.n);
    if (c->texts.n > REPORT_MAX_TEXTS) {
        buf_puts(out, ", such as ");
        put_quoted(out, intern_text(&c->texts, 0));
    } else {
        for (uint32_t i = 0; i < c->texts.n; i++) {
            buf_puts(out, i == 0 ? ": " : ", ");
            put_quoted(out, intern_text(&c->texts, i));
            buf_char(out, ' ');
            put_count(out, c->uses.v[i].n, "time", "times");
        }
    }
    if (c->n_empty > 0) {
        buf_puts(out, "; empty ");
        put_count(out, c->n_empty, "time", "times");
    }
}

static void put_periods(Buf *out, const ColumnProfile *c) {
    Str words = period_kind_words(c->period_kind);
    buf_printf(out, "periods (%.*s), %u different, ", STR_ARG(words), c->texts.n);
    put_span(out, c);
    if (c->n_empty > 0) {
        buf_puts(out, "; empty ");
        put_count(out, c->n_empty, "time", "times");
    }
}

static void put_column(Buf *out, const ColumnProfile *c, size_t width) {
    buf_puts(out, "  ");
    buf_put(out, c->name.len > 0 ? c->name : STR("(no name)"));
    size_t taken = str_width(c->name.len > 0 ? c->name : STR("(no name)"));
    buf_fill(out, ' ', taken < width ? width - taken + 2 : 2);
    switch (c->kind) {
    case PROFILE_EMPTY:
        buf_puts(out, "empty");
        break;
    case PROFILE_FIGURES:
        put_figures(out, c);
        break;
    case PROFILE_PERIODS:
        put_periods(out, c);
        break;
    case PROFILE_CODES:
        put_texts(out, c, "codes");
        break;
    case PROFILE_TEXTS:
        put_texts(out, c, "texts");
        break;
    }
    if (c->n_padded > 0) {
        buf_puts(out, "; blanks at an end ");
        put_count(out, c->n_padded, "time", "times");
    }
    buf_char(out, '\n');
}

static void put_columns(Buf *out, const Profile *p) {
    size_t n = p->columns.n < REPORT_MAX_COLUMNS ? p->columns.n : REPORT_MAX_COLUMNS, width = 0;
    for (size_t i = 0; i < n; i++) {
        size_t name = str_width(p->columns.v[i].name);
        if (name > width && name <= MAX_NAME_WIDTH)
            width = name;
    }
    buf_puts(out, "\nColumns\n");
    for (size_t i = 0; i < n; i++)
        put_column(out, &p->columns.v[i], width);
    if (n < p->columns.n) {
        buf_puts(out, "  and ");
        put_count(out, p->columns.n - n, "more", "more");
        buf_char(out, '\n');
    }
}

void report_text(Buf *out, const Profile *p, const Guess *g, const Findings *findings, Str input) {
    put_file(out, p);
    put_layout(out, g->layout);
    put_keys(out, p, g);
    put_columns(out, p);
    if (findings->n > 0)
        buf_puts(out, "\nWhat to look at\n");
    for (size_t i = 0; i < findings->n; i++)
        buf_printf(out, "  - %.*s\n", STR_ARG(findings->v[i]));
    if (input.len > 0) {
        buf_puts(out, "\nTo start from\n\n");
        buf_put(out, input);
    }
}
