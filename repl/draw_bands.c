// SPDX-License-Identifier: Apache-2.0
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "repl/draw.h"

enum { LINE_MOST = 72, LINE_LEAST = 20, MAX_MARKS = 16, NAME_COLUMNS = 22 };

typedef struct Piece {
    char *level, *range;
    char letter; // that fills its stretch of the line; a blank where there is no level
    double low, high;
    bool has_low, has_high, low_in, high_in;
    const char *note;
} Piece;

typedef struct Mark { // a figure on the line
    char sign;
    char *words; // "the value 26.5%"
    double at;
} Mark;

typedef struct NumberLine {
    Desk *desk;
    char *table;
    Piece *pieces;
    size_t n;
    Mark marks[MAX_MARKS];
    size_t n_marks;
    const char *kpi;
    char *label; // of the row whose figures are marked
    bool failed, drawn;
} NumberLine;

double draw_number(const char *exact) {
    char *end;
    double number = strtod(exact, &end);
    return *end == '/' ? number / strtod(end + 1, NULL) : number;
}

// ---- what is drawn ------------------------------------------------------------------------------

static char *range_words(const bs_band *b) {
    char *words = NULL;
    bool low = b->low.len > 0, high = b->high.len > 0;
    int n;
    if (low && high && b->low_in && b->high_in && strcmp(b->low.s, b->high.s) == 0)
        n = asprintf(&words, "exactly %s", b->low.s);
    else if (low && high)
        n = asprintf(&words, "%s%s to %s%s", b->low_in ? "" : "above ", b->low.s,
                     b->high_in ? "" : "below ", b->high.s);
    else if (low)
        n = asprintf(&words, b->low_in ? "%s and above" : "above %s", b->low.s);
    else if (high)
        n = asprintf(&words, b->high_in ? "%s and below" : "below %s", b->high.s);
    else
        n = asprintf(&words, "every figure");
    return n < 0 ? NULL : words;
}

static char letter_of(const bs_band *b) {
    char c = b->symbol.len == 1 ? b->symbol.s[0] : b->label.len > 0 ? b->label.s[0] : ' ';
    return c > ' ' && c < 0x7f ? c : '#';
}

static void add_piece(NumberLine *l, const bs_band *b) {
    Piece *pieces = realloc(l->pieces, (l->n + 1) * sizeof *pieces);
    if (!pieces) {
        l->failed = true;
        return;
    }
    l->pieces = pieces;
    Piece *p = &pieces[l->n++];
    *p = (Piece){.level = strdup(b->level.len > 0 ? b->label.s : "in no band"),
                 .range = range_words(b),
                 .letter = b->level.len > 0 ? letter_of(b) : ' ',
                 .has_low = b->low.len > 0,
                 .has_high = b->high.len > 0,
                 .low_in = b->low_in,
                 .high_in = b->high_in,
                 .note = b->is_gap ? ", between two bands" : ""};
    p->low = p->has_low ? draw_number(b->low.s) : 0;
    p->high = p->has_high ? draw_number(b->high.s) : 0;
    l->failed |= !p->level || !p->range;
}

static void add_mark(NumberLine *l, char sign, bs_text words, const bs_figure *f, bs_text unit) {
    if (f->exact.len == 0 || l->n_marks == MAX_MARKS)
        return;
    Mark *m = &l->marks[l->n_marks++];
    *m = (Mark){.sign = sign, .at = draw_number(f->exact.s)};
    if (asprintf(&m->words, "%s %s%s", words.s, f->shown.s,
                 strcmp(unit.s, "percent") == 0 ? "%" : "") < 0)
        l->failed = true;
}

static bool take_figures(void *context, const bs_result *r) {
    NumberLine *l = context;
    static const bs_text value = {"value", sizeof "value" - 1};
    add_mark(l, '*', value, &r->value, r->unit);
    for (size_t i = 0; i < r->n_figures; i++) {
        bool target = strcmp(r->figures[i].name.s, "target") == 0;
        const bs_figure *f = &r->figures[i];
        add_mark(l, target ? 't' : 'c', f->label.len > 0 ? f->label : f->name, f, r->unit);
    }
    if (asprintf(&l->label, "%s, %s", r->entity.s, r->period.s) < 0)
        l->failed = true;
    return false; // one row
}

// ---- drawing ------------------------------------------------------------------------------------

typedef struct Ruler {
    double from, per_column;
    size_t n_columns;
} Ruler;

// From below the least edge or figure to above the greatest.
static Ruler make_ruler(const NumberLine *l, size_t n_columns) {
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i + 1 < l->n; i++) {
        low = fmin(low, l->pieces[i].high);
        high = fmax(high, l->pieces[i].high);
    }
    for (size_t i = 0; i < l->n_marks; i++) {
        low = fmin(low, l->marks[i].at);
        high = fmax(high, l->marks[i].at);
    }
    if (low > high)
        low = high = 0;
    double margin = high > low ? (high - low) / 6 : 1;
    return (Ruler){low - margin, (high - low + 2 * margin) / (double)n_columns, n_columns};
}

static size_t column_of(const Ruler *r, double at) {
    double column = (at - r->from) / r->per_column;
    if (column < 0)
        return 0;
    return column < (double)r->n_columns ? (size_t)column : r->n_columns - 1;
}

static const Piece *piece_at(const NumberLine *l, double at) {
    for (size_t i = 0; i < l->n; i++) {
        const Piece *p = &l->pieces[i];
        bool above = !p->has_low || at > p->low || (p->low_in && at >= p->low);
        bool below = !p->has_high || at < p->high || (p->high_in && at <= p->high);
        if (above && below)
            return p;
    }
    return NULL;
}

static void put_trimmed(Screen *s, char *row) {
    size_t len = strlen(row);
    while (len > 0 && row[len - 1] == ' ')
        row[--len] = '\0';
    screen_put(s, "  %s\n", row);
}

// The edges below the line, those that have room.
static void put_edges(const NumberLine *l, const Ruler *r, char *row) {
    memset(row, ' ', r->n_columns);
    size_t free_from = 0;
    for (size_t i = 0; i + 1 < l->n; i++) {
        char text[32];
        int len = snprintf(text, sizeof text, "%g", l->pieces[i].high);
        size_t at = column_of(r, l->pieces[i].high), half = (size_t)len / 2;
        at = at > half ? at - half : 0;
        if (at < free_from || at + (size_t)len > r->n_columns)
            continue;
        memcpy(row + at, text, (size_t)len);
        free_from = at + (size_t)len + 1;
    }
}

static void draw_table(NumberLine *l) {
    Screen *s = &l->desk->screen;
    unsigned width = screen_width(s);
    size_t n = width > 4 ? width - 4 : LINE_MOST;
    n = n > LINE_MOST ? LINE_MOST : n < LINE_LEAST ? LINE_LEAST : n;
    char row[LINE_MOST + 1] = "";
    Ruler r = make_ruler(l, n);
    screen_put(s, "%s%s of %s%s%s\n\n", l->drawn ? "\n" : "", l->table, l->kpi,
               l->label ? ": " : "", l->label ? l->label : "");
    memset(row, ' ', n);
    for (size_t i = l->n_marks; i-- > 0;)
        row[column_of(&r, l->marks[i].at)] = l->marks[i].sign;
    if (l->n_marks > 0)
        put_trimmed(s, row);
    memset(row, ' ', n);
    for (size_t i = 0; i < n; i++) {
        const Piece *p = piece_at(l, r.from + ((double)i + 0.5) * r.per_column);
        row[i] = p ? p->letter : ' ';
    }
    for (size_t i = 0; i + 1 < l->n; i++)
        row[column_of(&r, l->pieces[i].high)] = '|';
    put_trimmed(s, row);
    put_edges(l, &r, row);
    put_trimmed(s, row);
    for (size_t i = 0; i < l->n; i++) {
        const Piece *p = &l->pieces[i];
        screen_put(s, "  %c  %-*s %s%s", p->letter, NAME_COLUMNS, p->level, p->range, p->note);
        for (size_t k = 0; k < l->n_marks; k++)
            if (piece_at(l, l->marks[k].at) == p)
                screen_put(s, "   %c %s", l->marks[k].sign, l->marks[k].words);
        screen_put(s, "\n");
    }
    l->drawn = true;
}

static void forget_table(NumberLine *l) {
    for (size_t i = 0; i < l->n; i++) {
        free(l->pieces[i].level);
        free(l->pieces[i].range);
    }
    free(l->pieces);
    free(l->table);
    l->pieces = NULL;
    l->table = NULL;
    l->n = 0;
}

// A table's last piece has no end, and then it is drawn.
static bool take_band(void *context, const bs_band *b) {
    NumberLine *l = context;
    if (!l->table)
        l->table = strdup(b->table.s);
    add_piece(l, b);
    l->failed |= !l->table;
    if (b->high.len == 0 && !l->failed) {
        draw_table(l);
        forget_table(l);
    }
    return !l->failed;
}

bool draw_bands(Desk *d, const char *kpi, const char *entity, const char *period) {
    NumberLine l = {.desk = d, .kpi = kpi};
    size_t from = bs_n_diagnostics(d->bs);
    bs_code code = BS_OK;
    bs_filter filter = {.kpis = &kpi,
                        .n_kpis = 1,
                        .entities = &entity,
                        .n_entities = 1,
                        .periods = &period,
                        .n_periods = 1};
    if (entity && period)
        code = bs_run(d->bs, &filter, take_figures, &l);
    if (code == BS_STOPPED)
        code = BS_OK;
    if (code == BS_OK)
        code = bs_list_bands(d->bs, kpi, period, take_band, &l);
    if (l.failed)
        code = BS_NO_MEMORY;
    if (code == BS_OK && !l.drawn)
        screen_put(&d->screen, "%s has no bands\n", kpi);
    forget_table(&l);
    for (size_t i = 0; i < l.n_marks; i++)
        free(l.marks[i].words);
    free(l.label);
    return desk_outcome(d, from, code);
}
