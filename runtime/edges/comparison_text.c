// SPDX-License-Identifier: Apache-2.0
// The report for readers: plain text for a terminal, or Markdown for a paper.
#include <stdio.h>
#include <string.h>

#include "runtime/edges/comparison.h"
#include "runtime/edges/table_text.h"

#define BELOW_ZERO " (only with a figure below zero; a `range` for the metric rules that out)"
static const char arrow[] = " \u2192 ";

static bool is_markdown(const Comparison *c) {
    return c->what->format == BS_REPORT_MARKDOWN;
}

// In a cell of a Markdown table a bar ends the cell.
static void put(const Comparison *c, Buf *out, Str s) {
    for (size_t i = 0; i < s.len; i++) {
        if (is_markdown(c) && s.s[i] == '|')
            buf_char(out, '\\');
        buf_char(out, (unsigned char)s.s[i] < ' ' ? ' ' : s.s[i]); // it could command a terminal
    }
}

static void put_text(const Comparison *c, Buf *out, bs_text t) {
    put(c, out, (Str){t.s, t.len});
}

static void put_count(Buf *out, size_t n, const char *one, const char *more) {
    buf_printf(out, "%zu %s", n, n == 1 ? one : more);
}

static void pad(Buf *out, size_t from, size_t width) {
    size_t have = str_width(str_slice(buf_str(out), from, out->len));
    buf_fill(out, ' ', have < width ? width - have : 0);
}

// ---- rules --------------------------------------------------------------------------------------

// The lines of the rules on either side; line 0: none.
typedef struct Lines {
    bs_text file_before, file_after;
    unsigned line_before, line_after;
} Lines;

static const char *way_words(const bs_rules_change *change) {
    switch (change->way) {
    case BS_AS_STRICT:
        return change->undecided.len > 0 ? "not decided" : "the same statuses for every figure";
    case BS_STRICTER:
    case BS_LAXER:
        break;
    case BS_BOTH_WAYS:
        return "stricter for some figures, laxer for others";
    case BS_AS_MEMBERS:
        return "its own rules are the same, those of its members are not";
    case BS_OTHERWISE:
        return "neither stricter nor laxer";
    }
    return comparison_way(change->way);
}

static void put_heading(Comparison *c, Buf *out, const bs_rules_change *change) {
    bool markdown = is_markdown(c);
    bool has_label = change->label.len != change->kpi.len ||
                     memcmp(change->label.s, change->kpi.s, change->kpi.len) != 0;
    buf_puts(out, markdown ? "### " : "");
    put_text(c, out, has_label && markdown ? change->label : change->kpi);
    if (has_label) {
        buf_puts(out, markdown ? " (`" : "  ");
        put_text(c, out, markdown ? change->kpi : change->label);
        buf_puts(out, markdown ? "`)" : "");
    }
    buf_puts(out, ": ");
    if (change->presence == BS_IN_BOTH)
        buf_puts(out, way_words(change));
    else
        buf_printf(out, "only in %s", change->presence == BS_IN_AFTER ? c->what->name_after
                                                                      : c->what->name_before);
    buf_puts(out, markdown ? "\n\n" : "\n");
}

static void put_place(const Comparison *c, Buf *out, bs_text file, unsigned line) {
    if (line == 0) {
        buf_puts(out, "no line");
        return;
    }
    put_text(c, out, file);
    buf_printf(out, " line %u", line);
}

// "old.rag line 12 → new.rag line 13", "rules.rag line 12 → line 13".
static void put_places(const Comparison *c, Buf *out, const Lines *l) {
    bool same = l->file_before.len == l->file_after.len &&
                memcmp(l->file_before.s, l->file_after.s, l->file_after.len) == 0;
    put_place(c, out, l->file_before, l->line_before);
    if (same && l->line_before == l->line_after)
        return;
    buf_puts(out, arrow);
    if (same && l->line_before > 0)
        buf_printf(out, "line %u", l->line_after);
    else
        put_place(c, out, l->file_after, l->line_after);
}

static Lines lines_of(const bs_move *m) {
    return (Lines){m->file_before, m->file_after, m->line_before, m->line_after};
}

static void put_transition(Comparison *c, Buf *out, const bs_move *m) {
    put_text(c, out, m->from_label);
    buf_puts(out, arrow);
    put_text(c, out, m->to_label);
}

static void put_when(const Comparison *c, Buf *out, const bs_move *m) {
    if (m->when.len > 0) {
        buf_puts(out, ", ");
        put_text(c, out, m->when);
    }
}

static void put_example(Comparison *c, Buf *out, const bs_move *m) {
    if (m->example.len == 0)
        return;
    buf_puts(out, "        for example ");
    put_text(c, out, m->example);
    buf_puts(out, ": ");
    Lines lines = lines_of(m);
    put_places(c, out, &lines);
    buf_char(out, '\n');
}

// Where all regions of a move need a figure below zero, the move says it.
static void put_region(const Comparison *c, Buf *out, const bs_move *m, const bs_region *r) {
    put_text(c, out, r->words);
    if (r->below_zero && !m->below_zero)
        buf_puts(out, " (only with a figure below zero)");
}

static void put_move(Comparison *c, Buf *out, const bs_move *m) {
    buf_puts(out, m->is_status ? "  status " : "  bands ");
    put_text(c, out, m->of);
    buf_puts(out, ": ");
    put_transition(c, out, m);
    buf_printf(out, "  %s", m->way == BS_OTHERWISE ? "" : comparison_way(m->way));
    while (out->len > 0 && out->s[out->len - 1] == ' ')
        out->len--;
    put_when(c, out, m);
    buf_puts(out, m->below_zero ? BELOW_ZERO "\n" : "\n");
    for (size_t i = 0; i < m->n_regions; i++) {
        buf_puts(out, "    ");
        put_region(c, out, m, &m->regions[i]);
        buf_char(out, '\n');
    }
    put_example(c, out, m);
}

static void put_move_row(Comparison *c, Buf *out, const bs_move *m) {
    buf_puts(out, m->is_status ? "| status " : "| bands ");
    put_text(c, out, m->of);
    put_when(c, out, m);
    buf_puts(out, " | ");
    for (size_t i = 0; i < m->n_regions; i++) {
        buf_puts(out, i > 0 ? "<br>" : "");
        put_region(c, out, m, &m->regions[i]);
    }
    buf_puts(out, " | ");
    put_text(c, out, m->from_label);
    buf_puts(out, " | ");
    put_text(c, out, m->to_label);
    buf_puts(out, m->below_zero ? BELOW_ZERO : "");
    buf_printf(out, " | %s | ", m->way == BS_OTHERWISE ? "neither" : comparison_way(m->way));
    put_text(c, out, m->example);
    buf_puts(out, " | ");
    Lines lines = lines_of(m);
    put_places(c, out, &lines);
    buf_puts(out, " |\n");
}

static void put_note(Comparison *c, Buf *out, const char *word, bs_text t) {
    buf_printf(out, "%s%s", is_markdown(c) ? "- " : "  ", word);
    put_text(c, out, t);
    buf_char(out, '\n');
}

// Where there is no more to say, the name will do.
static bool put_name_alone(Comparison *c, const bs_rules_change *change) {
    bool silent = change->presence == BS_IN_BOTH && change->n_moves == 0 && change->n_notes == 0 &&
                  change->undecided.len == 0;
    if (!silent)
        return false;
    Buf *names = change->way == BS_AS_MEMBERS ? &c->follow : &c->quiet;
    buf_puts(names, names->len > 0 ? ", " : "");
    put_text(c, names, change->kpi);
    return true;
}

void comparison_put_rules(Comparison *c, const bs_rules_change *change) {
    Buf *out = &c->rules;
    if (put_name_alone(c, change))
        return;
    put_heading(c, out, change);
    if (is_markdown(c) && change->n_moves > 0)
        buf_puts(out, "| | figures | from | to | | for example | decided by |\n"
                      "|---|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < change->n_moves; i++) {
        if (is_markdown(c))
            put_move_row(c, out, &change->moves[i]);
        else
            put_move(c, out, &change->moves[i]);
    }
    bool any = change->n_notes > 0 || change->undecided.len > 0;
    if (is_markdown(c) && change->n_moves > 0 && any)
        buf_char(out, '\n');
    for (size_t i = 0; i < change->n_notes; i++)
        put_note(c, out, "note: ", change->notes[i]);
    if (change->undecided.len > 0)
        put_note(c, out, "not decided: ", change->undecided);
    if (!is_markdown(c) || any || change->n_moves > 0)
        buf_char(out, '\n');
}

static void put_part(Buf *out, bool *any, size_t n, const char *words) {
    if (n == 0)
        return;
    buf_printf(out, "%s%zu %s", *any ? ", " : "", n, words);
    *any = true;
}

static void put_summary(const Comparison *c, Buf *out) {
    const bs_comparison_counts *n = &c->counts;
    size_t n_changed = n->n_as_strict + n->n_stricter + n->n_laxer + n->n_both_ways +
                       n->n_as_members + n->n_otherwise;
    size_t n_open = n->n_as_strict_undecided;
    bool any = false;
    if (n_changed + n->n_rules_alone == 0) {
        buf_puts(out, "The rules are the same: ");
        put_count(out, n->n_rules_same, "KPI or group", "KPIs or groups");
        buf_puts(out, " compared.\n");
        return;
    }
    buf_puts(out, "KPIs and groups: ");
    put_part(out, &any, n->n_stricter, "stricter");
    put_part(out, &any, n->n_laxer, "laxer");
    put_part(out, &any, n->n_both_ways, "stricter for some figures and laxer for others");
    put_part(out, &any, n->n_otherwise, "neither stricter nor laxer");
    put_part(out, &any, n->n_as_strict - n_open, "changed without another status");
    put_part(out, &any, n_open, "not decided");
    put_part(out, &any, n->n_as_members, "changed in their members alone");
    put_part(out, &any, n->n_rules_alone, "on one side only");
    put_part(out, &any, n->n_rules_same, "the same");
    buf_puts(out, ".\n");
}

// ---- the matrix of flips ------------------------------------------------------------------------

enum { COLUMN_GAP = 2 };

static size_t longer(size_t width, Str s) {
    size_t w = str_width(s);
    return w > width ? w : width;
}

// A cell of the matrix: the first of a line stands at the left, all others at the right.
static void put_cell(const Comparison *c, Buf *out, Str s, size_t width, bool first) {
    size_t from = out->len, own = str_width(s);
    if (is_markdown(c)) {
        buf_puts(out, "| ");
        put(c, out, s);
        buf_char(out, ' ');
        return;
    }
    if (!first)
        buf_fill(out, ' ', COLUMN_GAP + (own < width ? width - own : 0));
    put(c, out, s);
    if (first)
        pad(out, from, width);
}

static void put_number_cell(const Comparison *c, Buf *out, size_t n, size_t width, bool same) {
    char digits[32];
    int len = n > 0 ? snprintf(digits, sizeof digits, "%zu", n) : 0;
    Str none = same ? STR("") : STR("\u00b7");
    put_cell(c, out, n > 0 ? (Str){digits, (size_t)len} : none, width, false);
}

static void end_line(const Comparison *c, Buf *out) {
    while (!is_markdown(c) && out->len > 0 && out->s[out->len - 1] == ' ')
        out->len--;
    buf_puts(out, is_markdown(c) ? "|\n" : "\n");
}

static void put_matrix_line(const Comparison *c, Buf *out, const size_t *order, size_t from,
                            size_t first_width) {
    put_cell(c, out, c->statuses.v[from].label, first_width, true);
    for (size_t k = 0; k < c->statuses.n; k++)
        put_number_cell(c, out, comparison_flips(c, from, order[k]),
                        str_width(c->statuses.v[order[k]].label), order[k] == from);
    end_line(c, out);
}

static bool has_flips(const Comparison *c, size_t from) {
    for (size_t i = 0; i < c->rows.n; i++)
        if (c->rows.v[i].before == from)
            return true;
    return false;
}

static void put_matrix(Comparison *c, Buf *out, const size_t *order) {
    static const Str corner = {"from \\ to", sizeof "from \\ to" - 1};
    size_t first_width = str_width(corner);
    for (size_t i = 0; i < c->statuses.n; i++)
        if (has_flips(c, i))
            first_width = longer(first_width, c->statuses.v[i].label);
    put_cell(c, out, corner, first_width, true);
    for (size_t i = 0; i < c->statuses.n; i++)
        put_cell(c, out, c->statuses.v[order[i]].label, 0, false);
    end_line(c, out);
    for (size_t i = 0; is_markdown(c) && i <= c->statuses.n; i++)
        buf_puts(out, i == 0 ? "|---" : "|--:");
    if (is_markdown(c))
        buf_puts(out, "|\n");
    for (size_t i = 0; i < c->statuses.n; i++)
        if (has_flips(c, order[i]))
            put_matrix_line(c, out, order, order[i], first_width);
    buf_char(out, '\n');
}

// ---- rows ---------------------------------------------------------------------------------------

typedef struct Widths {
    size_t kpi, entity, period, status;
} Widths;

static Str period_of(const ComparedRow *r) {
    return r->period_after.len > 0 ? r->period_after : r->period_before;
}

static Widths measure(const Comparison *c, size_t group) {
    Widths w = {0};
    for (size_t i = 0; i < c->rows.n; i++) {
        const ComparedRow *r = &c->rows.v[i];
        if (r->group != group)
            continue;
        w.kpi = longer(w.kpi, r->kpi);
        w.entity = longer(w.entity, r->entity);
        w.period = longer(w.period, period_of(r));
        w.status = longer(w.status, c->statuses.v[r->before].label);
    }
    return w;
}

static void put_status(const Comparison *c, Buf *out, const Status *s) {
    bool coloured = c->what->colour && put_colour(out, s->colour);
    buf_puts(out, coloured ? " " : "");
    put(c, out, s->label);
    buf_puts(out, coloured ? " " : "");
    if (coloured)
        put_colour_end(out);
}

static void put_why(const Comparison *c, Buf *out, const ComparedRow *r) {
    const struct { const char *word; Str s; } lines[] = {
        {"", r->cause}, {"was ", r->reason_before}, {"now ", r->reason_after}};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        if (lines[i].s.len == 0)
            continue;
        buf_printf(out, "      %s", lines[i].word);
        put(c, out, lines[i].s);
        buf_char(out, '\n');
    }
}

static void put_row(const Comparison *c, Buf *out, const ComparedRow *r, const Widths *w) {
    const struct { Str s; size_t width; } cells[] = {
        {r->kpi, w->kpi}, {r->entity, w->entity}, {period_of(r), w->period}};
    buf_puts(out, "  ");
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        size_t from = out->len;
        put(c, out, cells[i].s);
        pad(out, from, cells[i].width + 2);
    }
    put_status(c, out, &c->statuses.v[r->before]);
    size_t width = str_width(c->statuses.v[r->before].label);
    buf_fill(out, ' ', width < w->status ? w->status - width : 0);
    buf_puts(out, arrow);
    put_status(c, out, &c->statuses.v[r->after]);
    buf_char(out, '\n');
    put_why(c, out, r);
}

static void put_row_md(const Comparison *c, Buf *out, const ComparedRow *r) {
    const Str cells[] = {r->label, r->entity, period_of(r), c->statuses.v[r->before].label,
                         c->statuses.v[r->after].label, r->cause, r->reason_before,
                         r->reason_after};
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        buf_puts(out, "| ");
        put(c, out, cells[i]);
        buf_char(out, ' ');
    }
    buf_puts(out, "|\n");
}

static bs_text text_of(Str s) {
    return (bs_text){s.s ? s.s : "", s.len};
}

static void put_group(const Comparison *c, Buf *out, size_t group) {
    const ComparedGroup *g = &c->groups.v[group];
    Widths w = measure(c, group);
    buf_puts(out, is_markdown(c) ? "### " : "");
    Lines lines = {text_of(g->file_before), text_of(g->file_after), g->line_before, g->line_after};
    if (g->line_before > 0 && g->line_after > 0)
        put_places(c, out, &lines);
    else if (g->line_before > 0)
        put_place(c, out, lines.file_before, lines.line_before);
    else
        put_place(c, out, lines.file_after, lines.line_after);
    buf_puts(out, ": ");
    put_count(out, g->n, "row", "rows");
    buf_puts(out, is_markdown(c) ? "\n\n| KPI | entity | period | from | to | what moved | was | "
                                   "now |\n|---|---|---|---|---|---|---|---|\n"
                                 : "\n");
    for (size_t i = 0; i < c->rows.n; i++) {
        if (c->rows.v[i].group != group)
            continue;
        if (is_markdown(c))
            put_row_md(c, out, &c->rows.v[i]);
        else
            put_row(c, out, &c->rows.v[i], &w);
    }
    buf_char(out, '\n');
}

static void put_rows(Comparison *c, Buf *out) {
    size_t *order;
    if (!comparison_order(c, &c->arena, &order))
        return;
    if (c->counts.rows.n_rows == 0 && c->counts.rows.n_same > 0) {
        buf_puts(out, "No row has another status: rules and figures are the same.\n");
        return;
    }
    put_count(out, c->rows.n, "row", "rows");
    buf_printf(out, " of %zu %s another status", c->counts.rows.n_rows,
               c->rows.n == 1 ? "has" : "have");
    if (c->counts.rows.n_same > 0) {
        buf_puts(out, "; ");
        put_count(out, c->counts.rows.n_same, "KPI or group", "KPIs or groups");
        buf_puts(out, " not judged again, since nothing in it has changed");
    }
    buf_puts(out, ".\n\n");
    if (!c->what->rules && c->rows.n > 0 && c->counts.n_rows_common == 0)
        buf_puts(out, "The two have no row in common. Where each is of its own period, compare the "
                      "periods: --between 2023-04,2023-05.\n\n");
    if (c->rows.n > 0)
        put_matrix(c, out, order);
    for (size_t i = 0; i < c->groups.n; i++)
        put_group(c, out, i);
}

// ---- the report ---------------------------------------------------------------------------------

static void put_names(Buf *out, const char *words, const Buf *names) {
    if (names->len > 0)
        buf_printf(out, "%s%.*s.\n\n", words, STR_ARG(buf_str(names)));
}

// What stands for a sign beyond ASCII.
static const char *plain(const char *s, size_t *len) {
    static const struct { const char *sign, *plain; } signs[] = {
        {"\u2192", "->"}, {"\u00d7", "x"}, {"\u00b7", "."}};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        *len = strlen(signs[i].sign);
        if (strncmp(s, signs[i].sign, *len) == 0)
            return signs[i].plain;
    }
    return NULL;
}

static void put_plain(Buf *out, Str s) {
    for (size_t i = 0; i < s.len;) {
        size_t len = 1;
        const char *instead = (unsigned char)s.s[i] < 0x80 ? NULL : plain(s.s + i, &len);
        if (instead)
            buf_puts(out, instead);
        else
            buf_char(out, s.s[i]);
        i += instead ? len : 1;
    }
}

void comparison_put_text(Comparison *c, Buf *out) {
    Buf text = {0};
    buf_puts(&text, is_markdown(c) ? "## " : "");
    put(c, &text, str_from(c->what->name_before));
    buf_puts(&text, arrow);
    put(c, &text, str_from(c->what->name_after));
    buf_puts(&text, "\n\n");
    if (c->what->rules) {
        put_summary(c, &text);
        buf_char(&text, '\n');
        buf_put(&text, buf_str(&c->rules));
        put_names(&text, "Changed, with the same statuses for every figure: ", &c->quiet);
        put_names(&text, "Changed in their members alone: ", &c->follow);
    }
    if (c->what->rows)
        put_rows(c, &text);
    while (text.len > 1 && text.s[text.len - 1] == '\n' && text.s[text.len - 2] == '\n')
        text.len--;
    if (c->what->ascii)
        put_plain(out, buf_str(&text));
    else
        buf_put(out, buf_str(&text));
    out->failed |= text.failed;
    buf_free(&text);
}
