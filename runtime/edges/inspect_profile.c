// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/inspect_profile.h"

#include <string.h>

// ---- a cell as a figure -------------------------------------------------------------------------

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// Copies [s] to [to] without the separators that stand before groups of three digits; the length,
// or 0 when a separator stands elsewhere.
static size_t drop_separators(Str s, Str separator, char *to) {
    size_t n = 0, n_group = 0;
    bool grouped = false, in_decimals = false;
    for (size_t i = 0; i < s.len;) {
        bool at_separator = str_starts(str_slice(s, i, s.len), separator);
        if (at_separator &&
            (in_decimals || n_group == 0 || n_group > 3 || (grouped && n_group != 3)))
            return 0;
        if (at_separator) {
            grouped = true;
            n_group = 0;
            i += separator.len;
            continue;
        }
        if (s.s[i] == '.' && grouped && n_group != 3)
            return 0;
        in_decimals |= s.s[i] == '.';
        n_group += is_digit(s.s[i]) && !in_decimals;
        to[n++] = s.s[i++];
    }
    return grouped && !in_decimals && n_group != 3 ? 0 : n;
}

static bool undo_grouping(Str *s, Str separator, char *room) {
    size_t n = drop_separators(*s, separator, room);
    bool changed = n > 0 && n < s->len;
    if (changed)
        *s = (Str){room, n};
    return changed;
}

Figure profile_figure(Arena *scratch, Str s, CellKind kind) {
    static const Str minus = {"\xE2\x88\x92", 3}, pound = {"\xC2\xA3", 2}, nbsp = {"\xC2\xA0", 2};
    Figure f = {0};
    if (s.len == 0 || s.len > PROFILE_MAX_FIGURE)
        return f;
    char signed_text[PROFILE_MAX_FIGURE], grouped[3][PROFILE_MAX_FIGURE];
    if (str_starts(s, minus)) {
        signed_text[0] = '-';
        memcpy(signed_text + 1, s.s + minus.len, s.len - minus.len);
        s = (Str){signed_text, s.len - minus.len + 1};
    }
    if (str_starts(s, pound)) {
        f.pound = true;
        s = str_slice(s, pound.len, s.len);
    }
    if (str_ends(s, STR("%"))) {
        f.percent = true;
        s = str_trim(str_slice(s, 0, s.len - 1));
    }
    f.commas = undo_grouping(&s, STR(","), grouped[0]);
    f.spaces = undo_grouping(&s, STR(" "), grouped[1]);
    f.spaces |= undo_grouping(&s, nbsp, grouped[2]);
    f.is_figure = number_parse(scratch, s, false, &f.number) == NUMBER_OK;
    if (!f.is_figure && number_parse(scratch, s, true, &f.number) == NUMBER_OK) {
        f.is_figure = true;
        f.exponent = kind != CELL_NUMBER; // JSON writes large numbers so
    }
    return f;
}

Str symbol_words(Str trimmed) {
    static const struct {
        Str text, words;
    } symbols[] = {
#define SYMBOL(text, words) {{text, sizeof(text) - 1}, {words, sizeof(words) - 1}},
#include "runtime/edges/symbols.def"
#undef SYMBOL
    };
    for (size_t i = 0; i < sizeof symbols / sizeof symbols[0]; i++) {
        if (str_eq(symbols[i].text, trimmed))
            return symbols[i].words;
    }
    return STR("");
}

// ---- names --------------------------------------------------------------------------------------

Str snake_name(Arena *a, Str name) {
    char *s = arena_alloc(a, name.len + 1);
    if (!s)
        return STR("");
    size_t n = 0;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.s[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        bool word = is_digit(c) || (c >= 'a' && c <= 'z');
        if (word)
            s[n++] = c;
        else if (n > 0 && s[n - 1] != '_')
            s[n++] = '_';
    }
    if (n > 0 && s[n - 1] == '_')
        n--;
    return (Str){s, n};
}

bool snake_has(Str snake, Str word) {
    for (size_t i = 0; i + word.len <= snake.len; i++) {
        bool from_start = i == 0 || snake.s[i - 1] == '_';
        bool to_end = i + word.len == snake.len || snake.s[i + word.len] == '_';
        if (from_start && to_end && str_starts(str_slice(snake, i, snake.len), word))
            return true;
    }
    return false;
}

static bool has_any(Str snake, const char *const *words) {
    for (size_t i = 0; words[i]; i++) {
        if (snake_has(snake, str_from(words[i])))
            return true;
    }
    return false;
}

// ---- a cell -------------------------------------------------------------------------------------

static bool note_text(Profile *p, ColumnProfile *c, Str text, bool is_figure, uint32_t line) {
    text = str_slice(text, 0, PROFILE_MAX_TEXT);
    uint32_t id = intern_find(&c->texts, text);
    if (id != INTERN_NONE) {
        c->uses.v[id].n++;
        return true;
    }
    size_t most = is_figure ? PROFILE_MAX_WORDS / 2 : PROFILE_MAX_WORDS;
    if (c->texts.n >= most || p->n_texts >= PROFILE_MAX_TEXTS) {
        c->more_texts = true;
        return true;
    }
    p->n_texts++;
    // The use first: every text has one, also when memory runs out between the two.
    return VEC_PUSH(p->arena, &c->uses, ((TextUse){.n = 1, .line = line})) &&
           intern_add(&c->texts, text) != INTERN_NONE;
}

static void note_times(ColumnProfile *c, Period t, size_t n) {
    size_t k = (size_t)t.kind;
    if (c->n_periods[k] == 0 || t.ordinal < c->first[k].ordinal)
        c->first[k] = t;
    if (c->n_periods[k] == 0 || t.ordinal > c->last[k].ordinal)
        c->last[k] = t;
    c->n_periods[k] += n;
}

static void note_period(ColumnProfile *c, Str text) {
    Period t;
    if (period_parse(text, &t))
        note_times(c, t, 1);
}

static void note_figure(ColumnProfile *c, const Figure *f) {
    c->n_figures++;
    c->n_percent += f->percent;
    c->n_commas += f->commas;
    c->n_spaces += f->spaces;
    c->n_pounds += f->pound;
    c->n_exponents += f->exponent;
    c->n_fractions += !number_is_whole(f->number);
    int decimals = number_decimals(f->number);
    if (decimals > c->decimals)
        c->decimals = decimals;
    // A big number lives in the scratch arena, so it cannot be kept as an end of the range.
    if (f->number.den == 0)
        return;
    if (!c->has_range || number_cmp(f->number, c->least) < 0)
        c->least = f->number;
    if (!c->has_range || number_cmp(f->number, c->most) > 0)
        c->most = f->number;
    c->has_range = true;
}

static bool note_cell(Profile *p, ColumnProfile *c, const Cell *cell, Arena *scratch) {
    Str text = str_trim(cell->text);
    if (text.len == 0) {
        c->n_empty++;
        return true;
    }
    c->n_filled++;
    c->n_padded += text.len < cell->text.len;
    for (size_t i = 0; i + 2 < text.len; i++) {
        if (text.s[i] == '\xEF' && text.s[i + 1] == '\xBF' && text.s[i + 2] == '\xBD') {
            c->n_damaged++;
            break;
        }
    }
    Figure f = profile_figure(scratch, text, cell->kind);
    if (f.is_figure)
        note_figure(c, &f);
    if (scratch->n_bytes > 0)
        arena_free(scratch);
    note_period(c, text);
    return note_text(p, c, text, f.is_figure, cell->line);
}

// ---- a column -----------------------------------------------------------------------------------

static size_t count_symbols(const ColumnProfile *c) {
    size_t n = 0;
    for (uint32_t i = 0; i < c->texts.n; i++) {
        if (symbol_words(intern_text(&c->texts, i)).len > 0)
            n += c->uses.v[i].n;
    }
    return n;
}

static PeriodKind commonest_period(const ColumnProfile *c) {
    PeriodKind best = PERIOD_NONE;
    for (size_t k = 0; k < N_PERIOD_KINDS; k++) {
        if (c->n_periods[k] > c->n_periods[best])
            best = (PeriodKind)k;
    }
    return best;
}

// Counts the periods anew where a line for the block would read more of them.
static void settle_labels(ColumnProfile *c, bool named) {
    if (c->more_texts)
        return;
    c->labels = label_guess(&c->texts, named);
    if (c->labels.kind == PERIOD_NONE)
        return;
    memset(c->n_periods, 0, sizeof c->n_periods);
    for (uint32_t i = 0; i < c->texts.n; i++) {
        Period t;
        if (label_guess_read(&c->labels, intern_text(&c->texts, i), &t))
            note_times(c, t, c->uses.v[i].n);
    }
}

static void settle_kind(Profile *p, ColumnProfile *c) {
    static const char *const code_words[] = {"code", "codes", "id",    "num",
                                             "ref",  "urn",   "ukprn", NULL};
    static const char *const period_words[] = {"period",  "date", "year", "month",
                                               "quarter", "time", NULL};
    Str snake = snake_name(p->arena, c->name);
    settle_labels(c, has_any(snake, period_words));
    c->period_kind = c->labels.kind != PERIOD_NONE ? c->labels.kind : commonest_period(c);
    size_t n_periods = c->n_periods[c->period_kind];
    bool year_by_chance = c->period_kind == PERIOD_YEAR && !has_any(snake, period_words);
    size_t n_symbols = count_symbols(c), n_words = c->n_filled - c->n_figures;
    bool mostly_figures = c->n_figures > 0 && (c->n_figures >= n_words || n_words <= n_symbols);
    if (c->n_filled == 0)
        c->kind = PROFILE_EMPTY;
    else if (!year_by_chance && n_periods > 0 && n_periods >= c->n_filled - c->n_filled / 10)
        c->kind = PROFILE_PERIODS;
    else if (mostly_figures && c->n_fractions == 0 && has_any(snake, code_words))
        c->kind = PROFILE_CODES;
    else
        c->kind = mostly_figures ? PROFILE_FIGURES : PROFILE_TEXTS;
}

static bool add_columns(Profile *p, const Records *r) {
    size_t n;
    const Str *names = records_header(r, &n);
    for (size_t i = p->columns.n; i < n; i++) {
        // A key that a later JSON record brings was empty in those before it.
        ColumnProfile c = {.name = arena_str(p->arena, names[i]), .n_empty = p->n_rows};
        intern_init(&c.texts, p->arena);
        if (!VEC_PUSH(p->arena, &p->columns, c))
            return false;
    }
    return !p->arena->failed;
}

// ---- the file -----------------------------------------------------------------------------------

static void note_ragged(Profile *p, const Record *row) {
    bool is_short =
        p->format == RECORDS_CSV && row->n > 0 && row->cells[row->n - 1].kind == CELL_ABSENT;
    if (is_short && p->n_short++ == 0)
        p->first_short = row->line;
    if (row->n_extra > 0 && p->n_long++ == 0)
        p->first_long = row->line;
}

static bool note_row(Profile *p, const Records *r, const Record *row, Arena *scratch) {
    if (!add_columns(p, r))
        return false;
    p->n_rows++;
    note_ragged(p, row);
    for (size_t i = 0; i < row->n; i++) {
        if (!note_cell(p, &p->columns.v[i], &row->cells[i], scratch))
            return false;
    }
    return true;
}

static RecordsNext read_rows(Profile *p, Records *r, bool *memory_ok) {
    Arena scratch;
    arena_init(&scratch, 0);
    Record row;
    RecordsNext next;
    do {
        next = records_next(r, &row);
        *memory_ok = next != RECORDS_ROW || note_row(p, r, &row, &scratch);
    } while (next == RECORDS_ROW && *memory_ok);
    arena_free(&scratch);
    return next;
}

bool profile_read(Profile *p, Arena *arena, DiagList *d, uint32_t file, Str path,
                  const RecordsOptions *o) {
    *p = (Profile){.arena = arena, .path = path};
    Records *r = records_open(d, file, path, o);
    if (!r)
        return false;
    p->format = records_format(r);
    p->delimiter = records_delimiter(r);
    p->encoding = records_encoding(r);
    p->compression = records_compression(r);
    bool memory_ok = add_columns(p, r);
    RecordsNext next = memory_ok ? read_rows(p, r, &memory_ok) : RECORDS_FAILED;
    records_close(r);
    for (size_t i = 0; i < p->columns.n; i++)
        settle_kind(p, &p->columns.v[i]);
    if (!memory_ok || arena->failed) {
        diag_add(d, D_NO_MEMORY, (Place){.file = file}, "memory ran out while looking at the file");
        return false;
    }
    return next == RECORDS_END;
}
