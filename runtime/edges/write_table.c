// SPDX-License-Identifier: Apache-2.0
// The table for reading: held back until the end (or a page's end), fitted to the terminal.
//
// Without chosen columns it shows what the rows hold: a column that is empty in every row goes, one
// that says the same in every row becomes the heading, and where the terminal is narrow words wrap
// and then the least needed columns go, which a note says.
#include "runtime/edges/table_layout.h"
#include "runtime/edges/table_text.h"
#include "runtime/edges/write.h"
#include "runtime/engine/explain.h"

enum {
    TABLE_NAMED_COLLECTED = 8, // comparators and band tables that may get columns of their own
    TABLE_CELL_LINES = 6,      // a longer cell is cut off
    HANG = 2,                  // blanks before the further lines of a text, which tell rows apart
    REASON_INDENT = 4,
    REASON_WIDTH = 100, // where the table's width is not bounded
    HASH_SHOWN = 12,
};

struct Table {
    Arena arena; // of the rows of the page
    Columns columns;
    TableRows rows;
};

bool table_begin(Writer *w) {
    Table *t = w->table = ARENA_NEW(&w->arena, Table);
    if (!t)
        return false;
    arena_init(&t->arena, 0);
    t->columns = w->columns;
    if (w->columns.chosen)
        return true;
    size_t n_named = w->names->n_columns <= TABLE_NAMED_COLLECTED ? w->names->n_columns : 0;
    t->columns.v = ARENA_ARRAY(&w->arena, Column, w->columns.n + n_named);
    t->columns.n = 0;
    for (size_t i = 0; t->columns.v && i < w->columns.n; i++) {
        const Column *c = &w->columns.v[i];
        // The named ones stand where the column that gathers them would stand.
        for (size_t j = 0; j < n_named; j++) {
            NamedColumn named = w->names->columns[j];
            if (c->kind == (named.is_figure ? COLUMN_COMPARATORS : COLUMN_LEVELS))
                t->columns.v[t->columns.n++] = column_named(&w->arena, named);
        }
        t->columns.v[t->columns.n++] = *c;
    }
    return !w->arena.failed;
}

static void put_reason(Buf *out, const bs_result *r) {
    put_clean(out, text_str(r->reason));
    if (r->rule_file.len == 0 || r->rule_line == 0)
        return;
    buf_puts(out, r->reason.len > 0 ? " [" : "[");
    put_clean(out, text_str(r->rule_file));
    buf_printf(out, ":%u]", r->rule_line);
}

// A status by hand is never shown without whose it is and what the rules say.
static void put_override(Buf *out, const bs_result *r) {
    buf_puts(out, "by hand of ");
    put_clean(out, text_str(r->override_by));
    buf_puts(out, ", until ");
    put_clean(out, text_str(r->override_until));
    buf_puts(out, ": ");
    put_clean(out, text_str(r->override_because));
    buf_puts(out, explain_computed_words(text_str(r->override_because)));
    put_clean(out, text_str(r->computed_label));
}

static bool keep_row(Writer *w, const bs_result *r) {
    Table *t = w->table;
    TableRow row = {.cells = ARENA_ARRAY(&t->arena, Str, t->columns.n)};
    if (!row.cells)
        return false;
    Buf text = {0};
    for (size_t i = 0; i < t->columns.n; i++) {
        text.len = 0;
        table_cell(&text, &t->columns.v[i], r, w->names->rules_hash, w->output.ascii);
        row.cells[i] = arena_str(&t->arena, buf_str(&text));
    }
    if (w->output.reasons || r->by_hand) {
        text.len = 0;
        if (w->output.reasons)
            put_reason(&text, r);
        else
            put_override(&text, r);
        row.reason = arena_str(&t->arena, buf_str(&text));
    }
    if (w->output.colour && r->kind == BS_JUDGED)
        row.colour = arena_str(&t->arena, text_str(r->status_colour));
    bool kept = !text.failed && VEC_PUSH(&t->arena, &t->rows, row);
    buf_free(&text);
    return kept && !t->arena.failed;
}

typedef enum RowKind { ROW_HEADINGS, ROW_RESULT } RowKind;

static size_t blanks_before(const LaidColumn *c, Str s, RowKind kind) {
    if (!c->column->number)
        return 0;
    size_t width =
        kind == ROW_HEADINGS ? str_width(s) : str_width(str_slice(s, 0, figure_whole(s)));
    size_t end = kind == ROW_HEADINGS ? c->width : c->point;
    return end > width ? end - width : 0;
}

static void put_cell(Writer *w, const LaidColumn *c, Str s, Str colour, RowKind kind) {
    Buf *out = &w->out;
    size_t before = blanks_before(c, s, kind);
    size_t used = before + str_width(s);
    size_t hang = 0; // a hanging line's blanks stay without colour
    while (hang < s.len && s.s[hang] == ' ')
        hang++;
    buf_fill(out, ' ', before + hang);
    s = str_slice(s, hang, s.len);
    bool coloured = s.len > 0 && c->column->kind == COLUMN_STATUS && put_colour(out, colour);
    buf_put(out, s);
    if (coloured)
        put_colour_end(out);
    buf_fill(out, ' ', c->width > used ? c->width - used : 0);
}

// Ends a line that started at byte [from], without the blanks of its last column.
static void end_line(Buf *out, size_t from) {
    while (!out->failed && out->len > from && out->s[out->len - 1] == ' ')
        out->len--;
    buf_char(out, '\n');
}

// Line [n], from 1, of a cell. The last line that a cell may have ends in dots if text is left.
static Str next_line(Arena *a, const LaidColumn *c, Str *rest, size_t n, RowKind kind) {
    bool hangs = n > 1 && rest->len > 0 && !c->column->number && kind == ROW_RESULT;
    size_t indent = hangs && c->width > 2 * HANG ? HANG : 0;
    size_t width = c->width - indent;
    Str line = wrap_line(rest, width);
    bool cut_off = n == TABLE_CELL_LINES && rest->len > 0 && width > 3;
    if (cut_off) {
        line = wrap_line(&line, width - 3);
        *rest = (Str){0};
    }
    if (indent == 0 && !cut_off)
        return line;
    return arena_printf(a, "%*s%.*s%s", (int)indent, "", STR_ARG(line), cut_off ? "..." : "");
}

// Writes a row of cells, wrapped. [rest] holds a text a laid column and is used up.
static void put_row(Writer *w, const TableLayout *l, Str *rest, Str colour, RowKind kind) {
    bool more = true;
    for (size_t line = 1; more && line <= TABLE_CELL_LINES && !w->out.failed; line++) {
        size_t from = w->out.len;
        more = false;
        for (size_t i = 0; i < l->n; i++) {
            const LaidColumn *c = &l->v[i];
            Str s = next_line(&w->table->arena, c, &rest[i], line, kind);
            buf_fill(&w->out, ' ', i > 0 ? TABLE_GAP : 0);
            put_cell(w, c, s, colour, kind);
            more |= rest[i].len > 0;
        }
        end_line(&w->out, from);
    }
}

// Writes [s] wrapped to the table's width, every line behind [indent] blanks.
static void put_paragraph(Writer *w, Str s, size_t indent) {
    size_t width = w->output.width > 0 ? w->output.width : REASON_WIDTH;
    width = width > 2 * indent ? width - indent : width;
    while (s.len > 0 && !w->out.failed) {
        buf_fill(&w->out, ' ', indent);
        buf_put(&w->out, wrap_line(&s, width));
        buf_char(&w->out, '\n');
    }
}

static void put_rule(Writer *w, const TableLayout *l) {
    for (size_t i = 0; i < layout_width(l); i++)
        buf_puts(&w->out, w->output.ascii ? "-" : "─");
    buf_char(&w->out, '\n');
}

// What every row has in common, on a line above the table.
static void put_title(Writer *w, const TableLayout *l) {
    Buf title = {0};
    for (size_t i = 0; i < l->n_shared; i++) {
        buf_puts(&title, i > 0 ? ", " : "");
        buf_put(&title, w->table->rows.v[0].cells[l->shared[i]]);
    }
    if (title.len > 0) {
        put_paragraph(w, buf_str(&title), 0);
        buf_char(&w->out, '\n');
    }
    w->out.failed |= title.failed;
    buf_free(&title);
}

static void put_not_shown(Writer *w, const TableLayout *l) {
    if (l->n_dropped == 0)
        return;
    Buf note = {0};
    buf_puts(&note, "Not shown for lack of room: ");
    for (size_t i = 0; i < l->n_dropped; i++) {
        buf_puts(&note, i > 0 ? ", " : "");
        buf_put(&note, w->table->columns.v[l->dropped[i]].name);
    }
    buf_puts(&note, ". A wider window or --columns shows more.");
    put_paragraph(w, buf_str(&note), 0);
    w->out.failed |= note.failed;
    buf_free(&note);
}

static bool put_page(Writer *w) {
    Table *t = w->table;
    TableLayout l;
    Str *rest = ARENA_ARRAY(&t->arena, Str, t->columns.n);
    if (!rest || !layout_make(&t->arena, &t->columns, &t->rows, w->output.width, &l))
        return false;
    put_title(w, &l);
    for (size_t i = 0; i < l.n; i++)
        rest[i] = l.v[i].column->heading;
    put_row(w, &l, rest, (Str){0}, ROW_HEADINGS);
    put_rule(w, &l);
    for (size_t i = 0; i < t->rows.n; i++) {
        const TableRow *row = &t->rows.v[i];
        for (size_t j = 0; j < l.n; j++)
            rest[j] = row->cells[l.v[j].index];
        put_row(w, &l, rest, row->colour, ROW_RESULT);
        put_paragraph(w, row->reason, REASON_INDENT);
        if (w->output.reasons && i + 1 < t->rows.n)
            buf_char(&w->out, '\n');
    }
    buf_char(&w->out, '\n');
    put_not_shown(w, &l);
    return true;
}

bool table_add(Writer *w, const bs_result *r) {
    Table *t = w->table;
    size_t most = w->output.page_rows > 0 && w->output.page_rows < TABLE_PAGE_ROWS
                      ? w->output.page_rows
                      : TABLE_PAGE_ROWS;
    if (t->rows.n == most) {
        if (!put_page(w))
            return false;
        arena_free(&t->arena);
        t->rows = (TableRows){0};
    }
    return keep_row(w, r);
}

// A level's name as words: "requires improvement".
static void put_level_name(Buf *out, Str name) {
    for (size_t i = 0; i < name.len; i++)
        buf_char(out, name.s[i] == '_' ? ' ' : name.s[i]);
}

static void put_by_hand(Writer *w) {
    size_t n = w->tally.counts.n_by_hand;
    Buf line = {0};
    buf_printf(&line, "%zu status%s by hand", n, n == 1 ? "" : "es");
    put_paragraph(w, buf_str(&line), 0);
    w->out.failed |= line.failed;
    buf_free(&line);
}

static void put_assertions(Writer *w) {
    const bs_counts *n = &w->tally.counts;
    Buf line = {0};
    buf_printf(&line, "assertions: %zu held, %zu failed, %zu not checked", n->n_held, n->n_failed,
               n->n_unchecked);
    put_paragraph(w, buf_str(&line), 0);
    w->out.failed |= line.failed;
    buf_free(&line);
}

// `32 results: 8 green, 14 amber, 10 red, 0 no data`: best first, a scale no status is on left out.
static void put_counts(Writer *w) {
    const Tally *tally = &w->tally;
    Buf line = {0};
    buf_printf(&line, "%zu result%s", tally->counts.n_rows, tally->counts.n_rows == 1 ? "" : "s");
    const char *before = ": ";
    for (size_t i = 0; i < w->names->n_scales; i++) {
        const Scale *scale = w->names->scales[i];
        size_t n = 0;
        for (size_t j = 0; j < scale->n_levels; j++)
            n += tally->by_level[i][j];
        for (size_t j = scale->n_levels; n > 0 && j-- > 0; before = ", ") {
            buf_printf(&line, "%s%zu ", before, tally->by_level[i][j]);
            put_level_name(&line, scale->levels[j].name);
        }
    }
    if (tally->counts.n_rows > 0)
        buf_printf(&line, "%s%zu no data", before, tally->counts.n_no_data);
    if (tally->counts.n_unjudged > 0)
        buf_printf(&line, ", %zu not judged", tally->counts.n_unjudged);
    put_paragraph(w, buf_str(&line), 0);
    w->out.failed |= line.failed;
    buf_free(&line);
}

bool table_end(Writer *w) {
    if (w->table->rows.n > 0 && !put_page(w))
        return false;
    put_counts(w);
    if (w->names->n_overrides > 0)
        put_by_hand(w);
    if (w->names->n_assertions > 0)
        put_assertions(w);
    buf_puts(&w->out, "rules ");
    buf_put(&w->out, str_slice(w->names->rules_hash, 0, HASH_SHOWN));
    if (w->names->n_overrides > 0) {
        buf_puts(&w->out, ", overrides ");
        buf_put(&w->out, str_slice(w->names->overrides_hash, 0, HASH_SHOWN));
    }
    buf_char(&w->out, '\n');
    return true;
}

void table_free(Writer *w) {
    if (w->table)
        arena_free(&w->table->arena);
}
