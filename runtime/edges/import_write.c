// SPDX-License-Identifier: Apache-2.0
// The rule text of an imported table: what was decided, the scale, a pattern, the measures.
#include "runtime/edges/import.h"
#include "runtime/edges/inspect_report.h"
#include "runtime/edges/rule_words.h"
#include "runtime/edges/table_text.h"

enum {
    COMMENT_WIDTH = 96, // columns of a line of comment
    PADDED_WIDTH = 200, // a cell wider than this does not widen its column
    NAMED_COLUMNS = 20, // that were left out and are named
};

typedef struct Writer {
    Buf *out;
    const Measures *m;
    const ImportOptions *o;
    Str scale;  // its name
    Str status; // of the statuses
    Buf words;  // of the comment that is being made
} Writer;

// ---- comments -----------------------------------------------------------------------------------

static void put_comment(Buf *out, const char *indent, Str text, size_t width) {
    Buf clean = {0};
    put_clean(&clean, text);
    Str rest = buf_str(&clean);
    size_t further = 1; // blanks before the text of a line that goes on
    while (further <= rest.len && rest.s[further - 1] == ' ')
        further++;
    bool first = true;
    do {
        Str line = width > 0 ? wrap_line(&rest, width) : rest;
        if (width == 0)
            rest = STR("");
        buf_printf(out, "%s#", indent);
        if (line.len > 0)
            buf_fill(out, ' ', first ? 1 : further + 2);
        buf_put(out, line);
        buf_char(out, '\n');
        first = false;
    } while (rest.len > 0);
    out->failed |= clean.failed;
    buf_free(&clean);
}

// Ends the comment in w->words.
static void end_comment(Writer *w) {
    put_comment(w->out, "", buf_str(&w->words), COMMENT_WIDTH);
    w->out->failed |= w->words.failed;
    w->words.len = 0;
}

static void say(Writer *w, const char *text) {
    buf_puts(&w->words, text);
    end_comment(w);
}

static void say_column(Writer *w, const char *what, ImportRole role, const char *more) {
    const ImportColumns *c = w->m->c;
    if (c->of[role] == IMPORT_NONE)
        return;
    buf_printf(&w->words, "  %s: from the column ", what);
    put_string(&w->words, c->headings[c->of[role]]);
    buf_puts(&w->words, more);
    end_comment(w);
}

static void say_levels(Writer *w) {
    const ImportColumns *c = w->m->c;
    buf_puts(&w->words, "  levels, the worst first: ");
    for (size_t i = 0; i < c->levels.n; i++) {
        const ImportLevel *l = &c->levels.v[i];
        buf_printf(&w->words, "%s%.*s from ", i == 0 ? "" : ", ", STR_ARG(l->name));
        put_string(&w->words, c->headings[l->column]);
    }
    end_comment(w);
}

static void say_scale(Writer *w) {
    const ImportColumns *c = w->m->c;
    if (c->scale) {
        const Scale *s = c->scale->scale;
        buf_printf(&w->words, "  scale: %.*s, of which the headings are levels", STR_ARG(s->name));
        size_t n_absent = 0;
        for (uint32_t i = 0; i < s->n_levels; i++) {
            bool there = false;
            for (size_t k = 0; k < c->levels.n; k++)
                there = there || c->levels.v[k].rank == i;
            if (!there)
                buf_printf(&w->words, "%s%.*s",
                           n_absent++ == 0 ? "; the table has no column for " : ", ",
                           STR_ARG(s->levels[i].name));
        }
        if (n_absent > 0 && c->levels.v[0].rank > 0)
            buf_puts(&w->words, ". If the worst level takes the figures beyond the worst band, add "
                                "its column with `otherwise` in the rows");
    } else if (c->order_given) {
        buf_puts(&w->words,
                 "  scale: declared below, the worst level first, as the columns were given");
    } else if (c->reversed) {
        buf_puts(&w->words, "  scale: declared below; the table has the best level first, as their "
                            "words tell");
    } else if (c->order_told) {
        buf_puts(&w->words,
                 "  scale: declared below in the table's order, the worst first, as their "
                 "words tell");
    } else {
        buf_puts(&w->words, "decide: is the first level the worst? The scale is declared below in "
                            "the table's order, and the words of the levels do not tell");
    }
    end_comment(w);
}

static void say_left_out(Writer *w) {
    const ImportColumns *c = w->m->c;
    size_t n = 0;
    for (size_t i = 0; i < c->t->n_columns; i++) {
        if (c->roles[i] != ROLE_LEFT_OUT || c->headings[i].len == 0)
            continue;
        if (n++ >= NAMED_COLUMNS)
            continue;
        buf_puts(&w->words, n == 1 ? "  left out: the columns " : ", ");
        put_string(&w->words, c->headings[i]);
    }
    if (n > NAMED_COLUMNS)
        buf_printf(&w->words, " and %zu more", n - NAMED_COLUMNS);
    if (n > 0)
        end_comment(w);
}

static const char *const from_words[N_FROM] = {
    [FROM_NOWHERE] = "not told",          [FROM_FILE] = "from the file of --polarity",
    [FROM_COLUMN] = "from its column",    [FROM_CELLS] = "from the cells",
    [FROM_HEADING] = "from the headings", [FROM_LABEL] = "from the label"};

static void say_origins(Writer *w, const char *what, const size_t *n_from) {
    size_t n_said = 0;
    buf_printf(&w->words, "  %s: ", what);
    for (size_t i = 0; i < N_FROM; i++) {
        From from = (From)((i + 1) % N_FROM); // what is not told comes last
        if (n_from[from] == 0)
            continue;
        buf_puts(&w->words, n_said++ == 0 ? "" : ", ");
        put_count(&w->words, n_from[from], from_words[from], from_words[from]);
    }
    if (n_said > 0)
        end_comment(w);
    w->words.len = 0;
}

static void list_cells(Buf *out, const Measures *m, const Measure *x) {
    const char *before = "";
    for (size_t i = 0; i < m->c->levels.n; i++) {
        if (x->cells[i].kind == IMPORT_BLANK)
            continue;
        buf_printf(out, "%s%.*s", before, STR_ARG(x->cells[i].text));
        before = ", ";
    }
}

// How many rows' cells told [good], and the first of them.
static void say_told(Writer *w, Str good, const char *how) {
    const Measure *first = NULL;
    size_t n = 0;
    for (size_t i = 0; i < w->m->lines.n; i++) {
        const Measure *x = w->m->lines.v[i].measure;
        if (!x || x->good_from != FROM_CELLS || !str_eq(x->good, good))
            continue;
        first = first ? first : x;
        n++;
    }
    if (n == 0)
        return;
    buf_printf(&w->words,
               "    %.*s where the figures %s from the worse level to the better: ", STR_ARG(good),
               how);
    put_count(&w->words, n, "measure", "measures");
    buf_printf(&w->words, ", such as %.*s (", STR_ARG(first->name));
    list_cells(&w->words, w->m, first);
    buf_char(&w->words, ')');
    end_comment(w);
}

static void say_head(Writer *w, Str file_name) {
    const Measures *m = w->m;
    buf_puts(&w->words, "Imported from ");
    put_string(&w->words, file_name);
    buf_printf(&w->words, " (%.*s): ", STR_ARG(m->t->form));
    put_count(&w->words, m->n_measures, "measure", "measures");
    end_comment(w);
    say(w, "");
    say(w, "What was decided:");
    say_column(w, "source", ROLE_SOURCE, "");
    say_column(w, "label", ROLE_LABEL,
               m->c->label_is_longest
                   ? ", which holds the longest texts; names are made of its words"
                   : "; names are made of its words");
    say_column(w, "note", ROLE_NOTE, "");
    say_column(w, "comments between the measures", ROLE_SECTION, "");
    say_levels(w);
    say_scale(w);
    say_origins(w, "unit", m->n_unit);
    say_origins(w, "which way is good", m->n_good);
    say_told(w, STR("high"), "rise");
    say_told(w, STR("low"), "fall");
    say_left_out(w);
    say(w, "  gaps and edges: nothing. The table does not say whose the figures between two bands "
           "are, or a figure in two of them: `bandstand check` names them, and `gaps to worse` and "
           "`edges to better` on the line of `measures` settle them");
    const ImportColumns *c = m->c;
    bool ordered = c->scale || c->order_given || c->order_told;
    size_t n_decide = m->n_decide + !ordered;
    if (n_decide > 0) {
        put_count(&w->words, n_decide, "question is", "questions are");
        buf_puts(&w->words, " left to decide, in comments that begin with `decide:`");
        end_comment(w);
    }
    buf_char(w->out, '\n');
}

// ---- the scale and the pattern ------------------------------------------------------------------

static void put_uses(Writer *w) {
    for (size_t i = 0; i < w->o->n_uses; i++) {
        buf_puts(w->out, "use ");
        put_string(w->out, str_from(w->o->uses[i]));
        buf_char(w->out, '\n');
    }
    if (w->o->n_uses > 0)
        buf_char(w->out, '\n');
}

static void fill(Buf *out, size_t width, size_t to) {
    if (width < to)
        buf_fill(out, ' ', to - width);
}

static size_t longest_level(const ImportColumns *c) {
    size_t longest = 0;
    for (size_t i = 0; i < c->levels.n; i++)
        longest = c->levels.v[i].name.len > longest ? c->levels.v[i].name.len : longest;
    return longest;
}

static void put_scale(Writer *w) {
    const ImportColumns *c = w->m->c;
    if (c->scale)
        return;
    buf_printf(w->out, "scale %.*s \"Levels of the table\"\n", STR_ARG(w->scale));
    for (size_t i = 0; i < c->levels.n; i++) {
        const ImportLevel *l = &c->levels.v[i];
        buf_printf(w->out, "  %.*s ", STR_ARG(l->name));
        fill(w->out, l->name.len, longest_level(c));
        put_string(w->out, l->label);
        buf_char(w->out, '\n');
    }
    buf_puts(w->out, "end\n\n");
}

// A scale that leads to another has its statuses there; else the level is the status.
static void put_pattern(Writer *w) {
    const ImportColumns *c = w->m->c;
    Str scale = w->scale;
    if (c->scale && c->scale->status.len > 0) {
        buf_printf(w->out,
                   "# The status is what the scale makes of the level.\npattern published_measure\n"
                   "  status %.*s from %.*s\nend\n\n",
                   STR_ARG(c->scale->status), STR_ARG(scale));
        return;
    }
    buf_printf(w->out, "# The status is the level.\npattern published_measure\n  status %.*s\n",
               STR_ARG(scale));
    size_t longest = longest_level(c), no_data = strlen("no data");
    for (size_t i = 0; i < c->levels.n; i++) {
        Str name = c->levels.v[i].name;
        buf_printf(w->out, "    %.*s ", STR_ARG(name));
        fill(w->out, name.len, longest > no_data ? longest : no_data);
        buf_printf(w->out, "when %.*s is %.*s\n", STR_ARG(scale), STR_ARG(name));
    }
    buf_puts(w->out, "    no data ");
    fill(w->out, no_data, longest);
    buf_puts(w->out, "otherwise because \"no level is published for the figure\"\n  end\nend\n\n");
}

// ---- the measures -------------------------------------------------------------------------------

typedef enum FixedColumn {
    FIXED_SOURCE,
    FIXED_NAME,
    FIXED_LABEL,
    FIXED_NOTE,
    FIXED_UNIT,
    FIXED_GOOD,
    N_FIXED
} FixedColumn;

static bool is_shown(const Writer *w, size_t column) {
    const ImportColumns *c = w->m->c;
    return !(column == FIXED_SOURCE && c->of[ROLE_SOURCE] == IMPORT_NONE) &&
           !(column == FIXED_NOTE && c->of[ROLE_NOTE] == IMPORT_NONE);
}

// A source that is digits and points needs no quotation marks.
static bool is_plain_source(Str s) {
    bool digit = false;
    for (size_t i = 0; i < s.len; i++) {
        digit = s.s[i] >= '0' && s.s[i] <= '9';
        bool joint = i > 0 && i + 1 < s.len && (s.s[i] == '.' || s.s[i] == '/' || s.s[i] == '-');
        if (!digit && !joint)
            return false;
    }
    return digit;
}

static void put_text_cell(Buf *out, Str s) {
    if (s.len == 0)
        return;
    Buf clean = {0};
    put_clean(&clean, s);
    put_string(out, buf_str(&clean));
    out->failed |= clean.failed;
    buf_free(&clean);
}

static void put_fixed_cell(Buf *out, const Measure *x, size_t column) {
    switch ((FixedColumn)column) {
    case FIXED_SOURCE:
        if (is_plain_source(x->source))
            buf_put(out, x->source);
        else
            put_text_cell(out, x->source);
        return;
    case FIXED_NAME:
        buf_put(out, x->name);
        return;
    case FIXED_LABEL:
        put_text_cell(out, x->label);
        return;
    case FIXED_NOTE:
        put_text_cell(out, x->note);
        return;
    case FIXED_UNIT:
        buf_put(out, x->unit);
        return;
    case FIXED_GOOD:
        buf_put(out, x->good);
        return;
    case N_FIXED:
        return;
    }
}

static void put_cell(Writer *w, Buf *out, const Measure *x, size_t column) {
    static const char *const headings[N_FIXED] = {"source", "name", "label",
                                                  "note",   "unit", "good is"};
    if (column < N_FIXED && x) {
        put_fixed_cell(out, x, column);
    } else if (column < N_FIXED) {
        buf_puts(out, headings[column]);
    } else if (x) {
        const ImportCell *cell = &x->cells[column - N_FIXED];
        // Words stand in quotation marks, so that they are no more than one bad cell.
        if (cell->kind == IMPORT_WORDS)
            put_text_cell(out, cell->rule);
        else
            buf_put(out, cell->rule);
    } else {
        buf_put(out, w->m->c->levels.v[column - N_FIXED].name);
    }
}

static void put_row(Writer *w, const Measure *x, const size_t *widths, size_t n) {
    Buf cell = {0};
    size_t owed = 2; // blanks before the next cell
    bool first = true;
    for (size_t i = 0; i < n; i++) {
        if (!is_shown(w, i))
            continue;
        cell.len = 0;
        put_cell(w, &cell, x, i);
        size_t width = str_width(buf_str(&cell));
        if (!first) {
            buf_fill(w->out, ' ', owed);
            buf_puts(w->out, "|");
            owed = 1;
        }
        if (cell.len > 0) {
            buf_fill(w->out, ' ', owed);
            buf_put(w->out, buf_str(&cell));
            owed = 0;
        }
        owed += (width < widths[i] ? widths[i] - width : 0) + 1;
        first = false;
    }
    buf_char(w->out, '\n');
    w->out->failed |= cell.failed;
    buf_free(&cell);
}

static void measure_widths(Writer *w, size_t *widths, size_t n) {
    Buf cell = {0};
    for (size_t i = 0; i < n; i++) {
        for (size_t r = 0; r <= w->m->lines.n; r++) {
            const Measure *x = r < w->m->lines.n ? w->m->lines.v[r].measure : NULL;
            cell.len = 0;
            if (x || r == w->m->lines.n)
                put_cell(w, &cell, x, i);
            size_t width = str_width(buf_str(&cell));
            if (width > widths[i] && width <= PADDED_WIDTH)
                widths[i] = width;
        }
    }
    w->out->failed |= cell.failed;
    buf_free(&cell);
}

static bool too_long(const Writer *w) {
    return w->out->failed || w->out->len > IMPORT_MAX_OUTPUT;
}

static void put_measures(Writer *w) {
    const Measures *m = w->m;
    size_t n = N_FIXED + m->c->levels.n;
    size_t widths[N_FIXED + SCALE_MAX_LEVELS] = {0};
    measure_widths(w, widths, n);
    buf_printf(w->out, "measures like published_measure, bands %.*s\n", STR_ARG(w->scale));
    put_row(w, NULL, widths, n);
    for (size_t i = 0; i < m->lines.n && !too_long(w); i++) {
        const ImportLine *line = &m->lines.v[i];
        for (size_t k = 0; k < line->remarks.n && !too_long(w); k++)
            put_comment(w->out, "  ", line->remarks.v[k], 0);
        if (line->measure)
            put_row(w, line->measure, widths, n);
    }
    buf_puts(w->out, "end\n");
}

void import_write(Buf *out, const Measures *m, const ImportOptions *o, Str file_name) {
    Writer w = {.out = out, .m = m, .o = o};
    w.scale = m->c->scale ? m->c->scale->scale->name : STR("published_levels");
    say_head(&w, file_name);
    put_uses(&w);
    put_scale(&w);
    put_pattern(&w);
    put_measures(&w);
    buf_free(&w.words);
}
