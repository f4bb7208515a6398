// SPDX-License-Identifier: Apache-2.0
// Formatting, the second part: where words stand on their lines.
#include "lang/format.h"
#include "lang/format_layout.h"

#include "grammar.h"

enum {
    INDENT = 2,        // a block
    INDENT_ON = 4,     // a line that goes on where the statement has no columns
    COMMENT_BEHIND = 2 // what follows it on its line
};

// ---- columns ------------------------------------------------------------------------------------

static void set_column(Layout *l, size_t i, const Line *line, uint32_t column) {
    if (i < line->to)
        l->words.v[i].column = column;
}

// The first word of [type] from [i] on begins [column].
static void set_column_at(Layout *l, size_t i, const Line *line, int type, uint32_t column) {
    while (i < line->to && l->words.v[i].type != type)
        i++;
    set_column(l, i, line, column);
}

// Each of the parser's tokens from [i] on, or each of [type], begins a column.
static void set_columns(Layout *l, size_t i, const Line *line, int type) {
    uint32_t column = 0;
    for (; i < line->to; i++) {
        const Word *w = &l->words.v[i];
        if (type == TOKEN_EOF ? !w->goes_on : w->type == type)
            set_column(l, i, line, ++column);
    }
}

// metric NAME | "Label" | UNIT | from … | range … | suppress …
static void set_metric_columns(Layout *l, const Line *line) {
    size_t label = line->from + 2;
    uint32_t last = 0;
    for (size_t i = label; i < line->to; i++) {
        int type = l->words.v[i].type;
        uint32_t column = type == T_STRING && i == label                      ? 1
                          : type == T_NAME || type == T_UNIT || type == T_PER ? 2
                          : type == T_FROM                                    ? 3
                          : type == T_RANGE                                   ? 4
                          : type == T_SUPPRESS                                ? 5
                                                                              : 0;
        // Options in another order stay in it, and go without columns.
        if (column > last)
            set_column(l, i, line, last = column);
    }
}

// source | "…", compare | NAME | = …, missing | "c" | as …
static void set_clause_columns(Layout *l, const Line *line) {
    size_t argument = line->from + (l->words.v[line->from].type == T_GOOD ? 2 : 1);
    set_column(l, argument, line, 1);
    switch (l->words.v[line->from].type) {
    case T_COMPARE:
        set_column_at(l, argument + 1, line, T_EQ, 2);
        break;
    case T_MISSING:
    case T_MARK:
        set_column_at(l, argument + 1, line, T_AS, 2);
        break;
    case T_WHERE:
        set_column_at(l, argument + 1, line, T_IS, 2);
        break;
    case T_FIELD:
        set_column_at(l, argument + 1, line, T_COLUMN, 2);
        set_column_at(l, argument + 1, line, T_AS, 3);
        break;
    default:
        break;
    }
}

static void set_line_columns(Layout *l, const Line *line) {
    size_t second = line->from + 1;
    switch (line->family) {
    case FAMILY_NONE:
    case FAMILY_BREAK:
        break;
    case FAMILY_METRIC:
        set_metric_columns(l, line);
        break;
    case FAMILY_LET:
        set_column_at(l, second, line, T_EQ, 1);
        break;
    case FAMILY_CLAUSE:
        set_clause_columns(l, line);
        break;
    case FAMILY_LEVEL:
        if (second < line->to && l->words.v[second].type == T_STRING)
            set_column(l, second, line, 1);
        set_column_at(l, second, line, T_SYMBOL, 2);
        set_column_at(l, second, line, T_COLOUR, 3);
        break;
    case FAMILY_MAPPING:
        set_column_at(l, second, line, T_ARROW, 1);
        break;
    case FAMILY_POINT:
        set_column(l, second, line, 1);
        break;
    case FAMILY_BAND:
    case FAMILY_WHEN:
        while (second < line->to && l->words.v[second].goes_on)
            second++;
        set_column(l, second, line, 1);
        break;
    case FAMILY_CROSS:
        set_columns(l, line->is_heading ? line->from : second, line, TOKEN_EOF);
        break;
    case FAMILY_TABLE:
        set_columns(l, line->from, line, T_PIPE);
        break;
    }
}

// ---- words behind one another -------------------------------------------------------------------

static bool is_close(const Line *line, const Word *before, const Word *w) {
    // The bounds of a band are as published: `19-16`, `65 - 74`.
    bool reason = before->type == T_BECAUSE || w->type == T_BECAUSE;
    if (line->family == FAMILY_BAND && !reason)
        return before->text.s + before->text.len == w->text.s;
    return format_is_close(before->type, before->clings, w->type);
}

// Places the next word at [at], and those behind it up to the next column.
static void place_cell(Layout *l, Line *line, uint32_t at) {
    bool first = true;
    line->cell_at = line->width = at;
    while (line->n_placed < line->to - line->from) {
        Word *w = &l->words.v[line->from + line->n_placed];
        if (!first && w->column > 0)
            return;
        if (!first)
            line->width += !is_close(line, w - 1, w);
        w->at = line->width;
        line->width += (uint32_t)str_width(w->text);
        line->n_placed++;
        first = false;
    }
}

static const Word *next_word(const Layout *l, const Line *line) {
    return &l->words.v[line->from + line->n_placed];
}

typedef VEC(Line *) Run; // lines that share columns

// Columns [first] to [last] of lines that end before the first of them.
static void align(Layout *l, Line *const *run, size_t n, uint32_t first, uint32_t last,
                  Line **active) {
    uint32_t gap = n > 0 && run[0]->family == FAMILY_CROSS ? 2 : 1;
    size_t n_active = 0;
    for (size_t i = 0; i < n; i++)
        active[n_active++] = run[i];
    for (uint32_t column = first; column <= last && n_active > 0; column++) {
        uint32_t at = 0;
        bool used = false;
        size_t n_left = 0;
        for (size_t i = 0; i < n_active; i++) {
            Line *line = active[i];
            if (line->n_placed == line->to - line->from)
                continue;
            active[n_left++] = line;
            line->apart = line->apart || line->width - line->cell_at > FORMAT_WIDEST_CELL;
            used = used || next_word(l, line)->column == column;
            if (!line->apart && line->width + gap > at)
                at = line->width + gap;
        }
        n_active = n_left;
        for (size_t i = 0; used && i < n_active; i++) {
            Line *line = active[i];
            // A row without a label, or a heading without row labels, has no first cell.
            uint32_t least = line->width + (line->n_placed > 0 ? gap : 0);
            if (next_word(l, line)->column == column)
                place_cell(l, line, at > least ? at : least);
        }
    }
}

// Clauses share the first column, and those of one kind that stand together the others.
static int kind_of(const Layout *l, const Line *line) {
    return line->family == FAMILY_CLAUSE ? l->words.v[line->from].type : 0;
}

static void align_run(Layout *l, const Run *run, Line **active) {
    for (size_t i = 0; i < run->n; i++) {
        Line *line = run->v[i];
        line->indent = INDENT * line->depth;
        line->cell_at = line->width = line->indent;
        if (l->words.v[line->from].column == 0)
            place_cell(l, line, line->indent);
    }
    align(l, run->v, run->n, 1, 1, active);
    for (size_t i = 0, next; i < run->n; i = next) {
        next = i + 1;
        while (next < run->n && kind_of(l, run->v[next]) == kind_of(l, run->v[i]))
            next++;
        align(l, run->v + i, next - i, 2, UINT32_MAX, active);
    }
}

// Does [line] end the run whose last line is [last]? The rows of a table stay together over blank
// lines.
static bool ends_run(const Line *line, const Line *last) {
    bool whole = last->family == FAMILY_TABLE || last->family == FAMILY_CROSS;
    if (line->blank_before && !whole)
        return true;
    bool other = line->family != last->family || line->depth != last->depth;
    return !line->is_comment && line->family != FAMILY_NONE && other;
}

static bool align_lines(Layout *l) {
    Run run = {0};
    Line **active = ARENA_ARRAY(l->arena, Line *, l->lines.n);
    if (!active)
        return false;
    for (size_t i = 0; i < l->lines.n; i++) {
        Line *line = &l->lines.v[i];
        if (run.n > 0 && ends_run(line, run.v[run.n - 1])) {
            align_run(l, &run, active);
            run.n = 0;
        }
        if (line->is_comment || line->goes_on)
            continue;
        set_line_columns(l, line);
        if (line->family == FAMILY_NONE || line->family == FAMILY_BREAK)
            place_cell(l, line, line->indent = INDENT * line->depth);
        else if (!VEC_PUSH(l->arena, &run, line))
            return false;
    }
    align_run(l, &run, active);
    return true;
}

// ---- lines that go on ---------------------------------------------------------------------------

typedef struct Hanging { // where the lines of a statement go on
    uint32_t at;         // below what follows its `when`, its `=`, or the word of its clause
    uint32_t because;    // below its `when`, and below the bounds of a band
} Hanging;

static Hanging find_hanging(const Layout *l, const Line *statement) {
    uint32_t plain = statement->indent + INDENT_ON;
    Hanging h = {plain, plain};
    for (size_t i = statement->from; i < statement->to; i++) {
        const Word *w = &l->words.v[i];
        if (w->column == 0)
            continue;
        bool leads = w->type == T_WHEN || w->type == T_EQ || w->type == T_IS;
        h.at = w->at + (leads ? (uint32_t)w->text.len + 1 : 0);
        if (w->column == 1)
            h.because = w->at;
    }
    return h;
}

static void place_going_on(Layout *l, const Hanging *h, Line *line) {
    const Word *w = &l->words.v[line->from];
    uint32_t brackets = line->brackets;
    for (size_t i = line->from; i < line->to && l->words.v[i].type == T_RP && brackets > 0; i++)
        brackets--;
    line->indent = w->type == T_BECAUSE ? h->because : h->at + INDENT * brackets;
    place_cell(l, line, line->indent);
}

// ---- comments -----------------------------------------------------------------------------------

// A comment on a line of its own stands as the next line does; at the end of a block, in the block.
static void place_own_comments(Layout *l) {
    uint32_t indent = 0;
    for (size_t i = l->lines.n; i-- > 0;) {
        Line *line = &l->lines.v[i];
        if (line->is_comment)
            line->comment_at = indent;
        else
            indent = line->indent + (line->closes ? INDENT : 0);
    }
}

static bool has_comment_behind(const Line *line) {
    return !line->is_comment && line->comment.len > 0;
}

// Comments behind lines that follow one another stand below one another.
static void place_comments_behind(Layout *l) {
    for (size_t i = 0, next; i < l->lines.n; i = next) {
        Line *first = &l->lines.v[i];
        next = i + 1;
        if (!has_comment_behind(first))
            continue;
        uint32_t narrowest = first->width, at = 0;
        for (; next < l->lines.n; next++) {
            const Line *line = &l->lines.v[next];
            if (!has_comment_behind(line) || line->depth != first->depth || line->blank_before)
                break;
            narrowest = line->width < narrowest ? line->width : narrowest;
        }
        for (size_t j = i; j < next; j++) {
            uint32_t width = l->lines.v[j].width;
            if (width > at && width - narrowest <= FORMAT_WIDEST_CELL)
                at = width;
        }
        for (size_t j = i; j < next; j++) {
            Line *line = &l->lines.v[j];
            line->comment_at = (line->width > at ? line->width : at) + COMMENT_BEHIND;
        }
    }
}

bool format_columns(Layout *l) {
    if (!align_lines(l))
        return false;
    Hanging hanging = {0};
    for (size_t i = 0; i < l->lines.n; i++) {
        Line *line = &l->lines.v[i];
        if (line->goes_on)
            place_going_on(l, &hanging, line);
        else if (!line->is_comment)
            hanging = find_hanging(l, line);
    }
    place_own_comments(l);
    place_comments_behind(l);
    return true;
}
