// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/ingest_figures.h"

#include <string.h>
#include <strings.h>

// A number as a file writes it, taken apart.
typedef struct Written {
    bool negative, percent, pound, commas, spaces;
    bool too_long;
    char digits[NUMBER_MAX_DIGITS + 2]; // with the point, and one byte over
    size_t len;
} Written;

static const Str minus_sign = {"\xE2\x88\x92", 3}; // U+2212
static const Str pound_sign = {"\xC2\xA3", 2};     // U+00A3

// ---- words for messages -------------------------------------------------------------------------

Place figure_place(uint32_t file, const Cell *cell) {
    size_t len = cell->text.len < FIGURE_SHOWN ? cell->text.len : FIGURE_SHOWN;
    return (Place){.file = file, .line = cell->line, .column = cell->column, .len = (uint32_t)len};
}

Str figure_shown(Arena *a, Str s) {
    if (s.len <= FIGURE_SHOWN) {
        return s;
    }
    Str start = str_slice(s, 0, FIGURE_SHOWN);
    start.len = str_utf8_prefix(start);
    return arena_printf(a, "%.*s…", STR_ARG(start));
}

Str figure_metric(Arena *a, const Metric *m) {
    if (m->label.len == 0) {
        return arena_printf(a, "`%.*s`", STR_ARG(m->name));
    }
    return arena_printf(a, "\"%.*s\" (%.*s)", STR_ARG(m->label), STR_ARG(m->name));
}

Str figure_block(Arena *a, const Input *input) {
    if (input->name.len == 0) {
        return STR("an input block (`bandstand inspect FILE` prints one)");
    }
    return arena_printf(a, "the input block `%.*s`", STR_ARG(input->name));
}

static Diag *report(const FigureContext *c, DiagCode code, const Cell *cell, const char *problem) {
    Str shown = figure_shown(c->d->arena, str_trim(cell->text));
    return diag_add(c->d, code, figure_place(c->file, cell), "\"%.*s\" in column \"%.*s\" %s",
                    STR_ARG(shown), STR_ARG(c->column), problem);
}

static void hint_line(const FigureContext *c, Diag *diag, const char *before, const char *line) {
    Str block = figure_block(c->d->arena, c->input);
    diag->hint =
        arena_printf(c->d->arena, "%s, add the line `%s` to %.*s", before, line, STR_ARG(block));
}

// ---- symbols and marks --------------------------------------------------------------------------

static const MissingSymbol *find_missing(const Input *input, Str text) {
    for (uint32_t i = 0; i < input->n_missing; i++) {
        if (str_eq(input->missing[i].text, text)) {
            return &input->missing[i];
        }
    }
    return NULL;
}

// The longest mark that [text] ends in; NULL when there is none.
static const MarkSymbol *find_mark(const Input *input, Str text) {
    const MarkSymbol *best = NULL;
    for (uint32_t i = 0; i < input->n_marks; i++) {
        const MarkSymbol *mark = &input->marks[i];
        if (mark->text.len > (best ? best->text.len : 0) && str_ends(text, mark->text)) {
            best = mark;
        }
    }
    return best;
}

bool figure_take_mark(const Input *input, Str *text, uint8_t *marks) {
    const MarkSymbol *mark = find_mark(input, *text);
    if (mark) {
        *marks |= (uint8_t)mark->mark;
        *text = str_trim(str_slice(*text, 0, text->len - mark->text.len));
    }
    return mark != NULL;
}

typedef struct Meaning {
    const char *text, *words;
} Meaning;

// What [text] usually stands for; NULL when it is no known symbol.
static const char *usual_meaning(Str text) {
    static const Meaning meanings[] = {
#define SYMBOL(text, words) {text, words},
#include "runtime/edges/symbols.def"
#undef SYMBOL
    };
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
        if (strlen(meanings[i].text) == text.len &&
            strncasecmp(meanings[i].text, text.s ? text.s : "", text.len) == 0) {
            return meanings[i].words;
        }
    }
    return NULL;
}

// The usual mark that [text] ends in behind a number; NULL when it is no such thing.
static const Meaning *usual_mark(Arena *a, Str text) {
    static const Meaning marks[] = {
        {"[p]", "provisional"},     {"[r]", "revised"},       {"[e]", "estimated"},
        {"[b]", "break in series"}, {"p", "provisional"},     {"r", "revised"},
        {"e", "estimated"},         {"b", "break in series"},
    };
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        Str mark = str_from(marks[i].text);
        Number ignored;
        if (str_ends(text, mark) &&
            number_parse(a, str_trim(str_slice(text, 0, text.len - mark.len)), false, &ignored) ==
                NUMBER_OK) {
            return &marks[i];
        }
    }
    return NULL;
}

// [text] as a rule file quotes it.
static Str in_quotes(Arena *a, Str text) {
    char *copy = arena_alloc(a, text.len * 2 + 2);
    if (!copy) {
        return (Str){0};
    }
    size_t len = 0;
    copy[len++] = '"';
    for (size_t i = 0; i < text.len; i++) {
        copy[len++] = text.s[i];
        if (text.s[i] == '"') {
            copy[len++] = '"';
        }
    }
    copy[len++] = '"';
    return (Str){copy, len};
}

static void hint_missing(const FigureContext *c, Diag *diag, Str symbol, const char *before,
                         const char *words) {
    Arena *a = c->d->arena;
    Str quoted = in_quotes(a, symbol), block = figure_block(a, c->input);
    diag->hint = arena_printf(a, "%s, add the line `missing %.*s as %s` to %.*s", before,
                              STR_ARG(quoted), words, STR_ARG(block));
}

static bool report_empty(const FigureContext *c, const Cell *cell) {
    Diag *diag = diag_add(c->d, D_FIGURE_EMPTY, figure_place(c->file, cell),
                          "the cell in column \"%.*s\" is empty, and nothing says what that means",
                          STR_ARG(c->column));
    hint_missing(c, diag, STR(""), "if there is no figure", usual_meaning(STR("")));
    return false;
}

// Replaces the comma by a point: is [text] then a number?
static bool is_decimal_comma(Arena *a, Str text) {
    size_t comma = str_find(text, ',');
    Number ignored;
    char copy[FIGURE_SHOWN];
    if (comma == text.len || text.len > sizeof copy) {
        return false;
    }
    memcpy(copy, text.s, text.len);
    copy[comma] = '.';
    return number_parse(a, (Str){copy, text.len}, false, &ignored) == NUMBER_OK;
}

static bool report_not_number(const FigureContext *c, const Cell *cell, Str text) {
    Arena *a = c->d->arena;
    Diag *diag = report(c, D_NOT_A_FIGURE, cell, "is neither a number nor a declared symbol");
    const char *words = usual_meaning(text);
    const Meaning *mark = usual_mark(c->arena, text);
    if (words) {
        Str before = arena_printf(a, "it usually means %s: if it does here", words);
        hint_missing(c, diag, text, before.s ? before.s : "if there is no figure", words);
    } else if (mark) {
        Str line = arena_printf(a, "mark \"%s\" as %s", mark->text, mark->words);
        hint_line(c, diag, "if the letter behind the number is a mark", line.s ? line.s : "mark");
    } else if (is_decimal_comma(c->arena, text)) {
        diag->hint = STR("a comma is read only between thousands (1,234): write a decimal point");
    } else if (text.s[0] == '.' || str_ends(text, STR("."))) {
        diag->hint = STR("a decimal point has digits on both sides: 0.5, 5.0");
    } else if (text.len <= FIGURE_SHOWN) {
        hint_missing(c, diag, text, "correct the cell; or, if it says that there is no figure",
                     "not available");
    } else {
        diag->hint = STR("check that the input block names the right column");
    }
    return false;
}

// ---- numbers ------------------------------------------------------------------------------------

static bool take_text(Str *s, Str text) {
    bool starts = str_starts(*s, text);
    *s = starts ? str_slice(*s, text.len, s->len) : *s;
    return starts;
}

static bool take_sign(Str *s, bool *negative) {
    if (take_text(s, STR("+"))) {
        return true;
    }
    *negative = take_text(s, STR("-")) || take_text(s, minus_sign);
    return *negative;
}

// Copies digits to [w]; how many there were.
static size_t take_digits(Str *s, Written *w) {
    size_t n = 0;
    while (n < s->len && s->s[n] >= '0' && s->s[n] <= '9') {
        n++;
    }
    w->too_long |= n >= sizeof w->digits - w->len; // room for a point stays
    if (!w->too_long) {
        memcpy(w->digits + w->len, s->s, n);
        w->len += n;
    }
    *s = str_slice(*s, n, s->len);
    return n;
}

// A blank between thousands: plain, no-break, narrow no-break or thin.
static bool take_space(Str *s) {
    return take_text(s, STR(" ")) || take_text(s, STR("\xC2\xA0")) ||
           take_text(s, STR("\xE2\x80\xAF")) || take_text(s, STR("\xE2\x80\x89"));
}

static bool take_comma(Str *s) {
    return take_text(s, STR(","));
}

// "1,234,567": up to three digits, then threes behind the same sign; or digits without any.
static bool take_whole(Str *s, Written *w) {
    size_t first = take_digits(s, w);
    if (first == 0) {
        return false;
    }
    bool (*take)(Str *) = take_comma;
    w->commas = take(s);
    if (!w->commas) {
        take = take_space;
        w->spaces = take(s);
    }
    if (!w->commas && !w->spaces) {
        return true;
    }
    do {
        if (take_digits(s, w) != 3) {
            return false;
        }
    } while (take(s));
    return first <= 3;
}

static bool take_fraction(Str *s, Written *w) {
    if (!take_text(s, STR("."))) {
        return true;
    }
    if (!w->too_long) {
        w->digits[w->len++] = '.';
    }
    return take_digits(s, w) > 0;
}

// Takes [text] apart: a sign and a pound sign in either order, digits with or without separators of
// thousands, decimals, a percent sign. False when it is no number in any of these ways.
static bool take_apart(Str text, Written *w) {
    w->len = 0;
    w->negative = w->too_long = w->commas = w->spaces = false;
    Str s = text;
    w->percent = str_ends(s, STR("%"));
    if (w->percent) {
        s = str_trim(str_slice(s, 0, s.len - 1));
    }
    bool has_sign = take_sign(&s, &w->negative);
    w->pound = take_text(&s, pound_sign);
    if (w->pound && !has_sign) {
        take_sign(&s, &w->negative);
    }
    return take_whole(&s, w) && take_fraction(&s, w) && s.len == 0;
}

static bool report_style(const FigureContext *c, const Cell *cell, const char *what,
                         const char *line) {
    Str problem = arena_printf(c->d->arena, "is written with %s", what);
    Diag *diag = report(c, D_NUMBER_STYLE, cell, problem.s ? problem.s : what);
    hint_line(c, diag, "if the column is meant so", line);
    return false;
}

static bool report_sign(const FigureContext *c, const Cell *cell, const char *sign) {
    Buf unit = {0};
    unit_print(&unit, c->metric->unit);
    Str metric = figure_metric(c->d->arena, c->metric);
    Diag *diag = report(c, D_SIGN_UNIT, cell, sign);
    diag->hint = arena_printf(c->d->arena,
                              "the metric %.*s is declared as %.*s: correct the cell, or the unit "
                              "in the rules",
                              STR_ARG(metric), STR_ARG(buf_str(&unit)));
    buf_free(&unit);
    return false;
}

static bool may_be_pounds(Unit u) {
    return u.kind == UNIT_POUNDS || u.kind == UNIT_NONE || u.kind == UNIT_PER || u.kind == UNIT_OWN;
}

static bool check_style(const FigureContext *c, const Cell *cell, const Written *w) {
    const Input *input = c->input;
    if (w->percent && c->metric->unit.kind != UNIT_PERCENT) {
        return report_sign(c, cell, "has a percent sign, but the metric is no percentage");
    }
    if (w->pound && !may_be_pounds(c->metric->unit)) {
        return report_sign(c, cell, "has a pound sign, but the metric is no sum of money");
    }
    if (w->percent && !input->percent_signs) {
        return report_style(c, cell, "a percent sign", "numbers with percent signs");
    }
    if (w->pound && !input->pound_signs) {
        return report_style(c, cell, "a pound sign", "numbers with pound signs");
    }
    if (w->commas && !input->thousands_commas) {
        return report_style(c, cell, "commas between thousands", "numbers with thousands commas");
    }
    if (w->spaces && !input->thousands_spaces) {
        return report_style(c, cell, "spaces between thousands", "numbers with thousands spaces");
    }
    return true;
}

static bool report_long(const FigureContext *c, const Cell *cell) {
    if (c->arena->failed) {
        diag_add(c->d, D_NO_MEMORY, figure_place(c->file, cell), "memory ran out");
        return false;
    }
    Str problem = arena_printf(c->d->arena, "has more than %d digits", (int)NUMBER_MAX_DIGITS);
    report(c, D_NUMBER_TOO_LONG, cell, problem.s ? problem.s : "has too many digits")->hint =
        STR("look whether two numbers have run together");
    return false;
}

static bool report_shortened(const FigureContext *c, const Cell *cell) {
    Diag *diag = report(c, D_NUMBER_SHORTENED, cell,
                        "is a number that a spreadsheet has shortened, so digits may be lost");
    diag->hint = STR("format the column as a number in the spreadsheet and save the file again");
    return false;
}

// A number in another form than digits, point and sign: with signs, separators, or no number at
// all.
static bool read_written(const FigureContext *c, const Cell *cell, Str text, Number *out) {
    Written w;
    if (!take_apart(text, &w)) {
        bool shortened = number_parse(c->arena, text, true, out) != NUMBER_NOT;
        return shortened ? report_shortened(c, cell) : report_not_number(c, cell, text);
    }
    if (!check_style(c, cell, &w)) {
        return false;
    }
    if (w.too_long || number_parse(c->arena, (Str){w.digits, w.len}, false, out) != NUMBER_OK ||
        (w.negative && !number_neg(c->arena, *out, out))) {
        return report_long(c, cell);
    }
    return true;
}

static bool read_number(const FigureContext *c, const Cell *cell, Str text, Number *out) {
    switch (number_parse(c->arena, text, cell->kind == CELL_NUMBER, out)) {
    case NUMBER_OK:
        return true;
    case NUMBER_TOO_LONG:
        return report_long(c, cell);
    case NUMBER_NOT:
        break;
    }
    return read_written(c, cell, text, out);
}

// ---- the metric's own limits --------------------------------------------------------------------

static void report_range(const FigureContext *c, const Cell *cell) {
    Arena *a = c->d->arena;
    Buf range = {0};
    number_print(&range, c->metric->low);
    buf_puts(&range, " to ");
    number_print(&range, c->metric->high);
    Str metric = figure_metric(a, c->metric), shown = figure_shown(a, str_trim(cell->text));
    if (!c->d->discreet)
        shown = arena_printf(a, "\"%.*s\"", STR_ARG(shown));
    Diag *diag = diag_add(c->d, D_OUT_OF_RANGE, figure_place(c->file, cell),
                          "%.*s is outside the range %.*s of the metric %.*s",
                          STR_ARG(c->d->discreet ? STR("the figure") : shown),
                          STR_ARG(buf_str(&range)), STR_ARG(metric));
    diag->hint =
        STR("it counts as missing (out of range): correct the cell, or the metric's range");
    buf_free(&range);
}

static bool is_outside(const Metric *m, Number n) {
    return m->has_range && (number_cmp(n, m->low) < 0 || number_cmp(n, m->high) > 0);
}

static bool report_fraction(const FigureContext *c, const Cell *cell) {
    Str metric = figure_metric(c->d->arena, c->metric);
    Diag *diag = report(c, D_COUNT_NOT_WHOLE, cell, "is not whole, but the metric is a count");
    diag->hint =
        arena_printf(c->d->arena, "correct the cell; or, if %.*s is no count, declare its unit",
                     STR_ARG(metric));
    return false;
}

static bool check_value(const FigureContext *c, const Cell *cell, Figure *figure) {
    if (c->metric->unit.kind == UNIT_COUNT && !number_is_whole(figure->number)) {
        return report_fraction(c, cell);
    }
    if (is_outside(c->metric, figure->number)) {
        report_range(c, cell);
        figure->number = number_int(0);
        figure->why = WHY(REASON_OUT_OF_RANGE);
    }
    return true;
}

// ---- a cell -------------------------------------------------------------------------------------

bool figure_read(const FigureContext *c, const Cell *cell, Figure *out) {
    *out = (Figure){.number = number_int(0)};
    Str text = str_trim(cell->text);
    const MissingSymbol *missing = find_missing(c->input, text);
    if (!missing && c->input->n_marks > 0) {
        while (figure_take_mark(c->input, &text, &out->marks)) {
        }
        missing = find_missing(c->input, text);
    }
    if (missing) {
        out->why = WHY(missing->reason);
        return true;
    }
    if (text.len == 0) {
        return report_empty(c, cell);
    }
    return read_number(c, cell, text, &out->number) && (!c->is_value || check_value(c, cell, out));
}
