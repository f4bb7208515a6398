// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/import_measures.h"

#include "runtime/edges/inspect_profile.h"
#include "runtime/edges/rule_words.h"

typedef struct Reader {
    Measures *m;
    const ImportRow *row;
    Measure *measure;
    ImportLine line;
    Str section; // of the last row that had one
} Reader;

static void remark(Reader *r, Str text) {
    if (text.len > 0)
        VEC_PUSH(r->m->arena, &r->line.remarks, text);
}

static void decide(Reader *r, Str text) {
    r->m->n_decide++;
    remark(r, text);
}

static Str cell_text(const Reader *r, ImportRole role) {
    size_t column = r->m->c->of[role];
    return column == IMPORT_NONE ? STR("") : import_text(r->row, column);
}

// ---- rows that are no measures ------------------------------------------------------------------

static bool is_used(const ImportColumns *c, size_t column) {
    return column < c->t->n_columns && c->roles[column] != ROLE_LEFT_OUT;
}

static bool repeats_heading(const Measures *m, const ImportRow *row) {
    if (m->c->heading == IMPORT_NONE)
        return false;
    const ImportRow *heading = &m->t->rows.v[m->c->heading];
    bool same = true;
    for (size_t i = 0; same && i < m->t->n_columns; i++)
        same = str_eq(import_text(row, i), import_text(heading, i));
    return same;
}

// A line of dashes, as under the heading of a table in plain text.
static bool is_rule(const ImportRow *row) {
    for (size_t i = 0; i < row->n; i++) {
        Str s = import_text(row, i);
        for (size_t k = 0; k < s.len; k++) {
            if (!strchr("-=_:+ ", s.s[k]) || s.s[k] == '\0')
                return false;
        }
        if (s.len > 0 && s.len < 3)
            return false;
    }
    return true;
}

// The only cell of a row that is no label: a heading between the measures.
static bool read_section_row(Reader *r) {
    size_t n_filled = 0, column = 0;
    for (size_t i = 0; i < r->row->n; i++) {
        if (import_text(r->row, i).len > 0) {
            n_filled++;
            column = i;
        }
    }
    if (n_filled != 1 || column == r->m->c->of[ROLE_LABEL])
        return false;
    Str text = import_text(r->row, column);
    remark(r, arena_printf(r->m->arena, "section: %.*s", STR_ARG(text)));
    return true;
}

// ---- cells that cannot be used ------------------------------------------------------------------

static bool check_troubles(Reader *r) {
    const ImportTable *t = r->m->t;
    bool ok = true;
    for (size_t i = 0; i < r->row->n; i++) {
        const ImportText *cell = &r->row->cells[i];
        if (!cell->trouble || !is_used(r->m->c, i))
            continue;
        ok = false;
        Str name = import_cell_name(t, r->row, i);
        diag_add(t->d, D_WORKBOOK_CELL, (Place){.file = t->file, .line = r->row->line},
                 "the cell %.*s %s", STR_ARG(name), cell->trouble)
            ->hint = str_from(cell->advice);
    }
    return ok;
}

static void remark_further_cells(Reader *r) {
    const ImportColumns *c = r->m->c;
    size_t n = c->heading == IMPORT_NONE ? c->t->n_columns : c->t->rows.v[c->heading].n;
    for (size_t i = n; i < r->row->n; i++) {
        Str text = import_text(r->row, i);
        if (text.len == 0)
            continue;
        const ImportTable *t = r->m->t;
        diag_add(t->d, D_RAGGED, (Place){.file = t->file, .line = r->row->line},
                 "the row has more cells than the heading; the first is \"%.*s\"", STR_ARG(text))
            ->hint = STR("often a comma inside a cell lacks quotation marks round the cell; what "
                         "stands beyond the heading is left out");
        decide(r, arena_printf(r->m->arena,
                               "decide: the row has more cells than the heading, from \"%.*s\" on. "
                               "Compare it with the table.",
                               STR_ARG(text)));
        return;
    }
}

// ---- bands --------------------------------------------------------------------------------------

static Str level_name(const Reader *r, size_t i) {
    return r->m->c->levels.v[i].name;
}

static void remark_cell(Reader *r, size_t i, const ImportCell *cell) {
    Arena *a = r->m->arena;
    Str level = level_name(r, i), text = cell->text;
    if (cell->kind == IMPORT_DIRECTION) {
        remark(r, arena_printf(a, "published: \"%.*s\" as %.*s, so it is judged by its direction%s",
                               STR_ARG(text), STR_ARG(level),
                               cell->way == WAY_UP     ? ", and high is good"
                               : cell->way == WAY_DOWN ? ", and low is good"
                                                       : ""));
    } else if (cell->kind == IMPORT_BLANK && text.len > 0) {
        remark(r, arena_printf(a, "published: \"%.*s\" as %.*s, so there is no band", STR_ARG(text),
                               STR_ARG(level)));
    } else if (cell->translated) {
        remark(r, arena_printf(a, "published: \"%.*s\" as %.*s, read as `%.*s`", STR_ARG(text),
                               STR_ARG(level), STR_ARG(cell->rule)));
    } else if (cell->kind == IMPORT_WORDS) {
        decide(r, arena_printf(a,
                               "decide: which figures are %.*s? \"%.*s\" is no band. Write one "
                               "such as 85+, 65-74 or <16, or leave the cell blank.",
                               STR_ARG(level), STR_ARG(text)));
    }
}

static bool read_cells(Reader *r) {
    size_t n = r->m->c->levels.n;
    r->measure->cells = ARENA_ARRAY(r->m->arena, ImportCell, n);
    bool any = false;
    for (size_t i = 0; r->measure->cells && i < n; i++) {
        ImportCell cell =
            import_cell(r->m->arena, import_text(r->row, r->m->c->levels.v[i].column));
        r->measure->cells[i] = cell;
        remark_cell(r, i, &cell);
        any = any || cell.kind != IMPORT_BLANK;
    }
    if (!any)
        remark(r, STR("no band is published for it, so it is not judged"));
    return any;
}

// ---- unit ---------------------------------------------------------------------------------------

static void set_unit(Reader *r, Str unit, From from) {
    r->measure->unit = unit;
    r->measure->unit_from = from;
}

static bool unit_in_column(Reader *r) {
    Arena *a = r->m->arena;
    Str text = cell_text(r, ROLE_UNIT);
    if (import_cell(a, text).kind == IMPORT_BLANK && !str_eq(text, STR("%")))
        return false;
    const char *unit = import_unit(a, text);
    if (unit) {
        set_unit(r, str_from(unit), FROM_COLUMN);
        return true;
    }
    Buf own = {0};
    buf_puts(&own, "unit ");
    put_string(&own, text);
    set_unit(r, arena_str(a, buf_str(&own)), FROM_COLUMN);
    a->failed |= own.failed;
    buf_free(&own);
    return true;
}

static bool unit_in_cells(Reader *r) {
    const char *unit = NULL;
    for (size_t i = 0; i < r->m->c->levels.n; i++) {
        const char *own = r->measure->cells[i].unit;
        if (unit && own && strcmp(unit, own) != 0)
            return false;
        unit = own ? own : unit;
    }
    if (unit)
        set_unit(r, str_from(unit), FROM_CELLS);
    return unit;
}

static bool unit_in_headings(Reader *r) {
    for (size_t i = 0; i < r->m->c->levels.n; i++) {
        Str heading = r->m->c->headings[r->m->c->levels.v[i].column];
        const char *unit = unit_told(snake_name(r->m->arena, heading), heading);
        if (unit) {
            set_unit(r, str_from(unit), FROM_HEADING);
            return true;
        }
    }
    return false;
}

static bool any_part(const Measure *m, size_t n) {
    for (size_t i = 0; i < n; i++) {
        const ImportCell *c = &m->cells[i];
        if ((c->has_low && !number_is_whole(c->low)) || (c->has_high && !number_is_whole(c->high)))
            return true;
    }
    return false;
}

static bool unit_in_label(Reader *r) {
    Str label = r->measure->label, snake = snake_name(r->m->arena, label);
    const char *unit = unit_told(snake, label);
    if (!unit && (snake_has(snake, STR("proportion")) || snake_has(snake, STR("percentage"))))
        unit = "percent";
    if (!unit && tells_count(snake) && !snake_has(snake, STR("average")) &&
        !snake_has(snake, STR("rate")) && !snake_has(snake, STR("days")) &&
        !any_part(r->measure, r->m->c->levels.n))
        unit = "count";
    if (unit)
        set_unit(r, str_from(unit), FROM_LABEL);
    return unit;
}

static void find_unit(Reader *r) {
    bool told = unit_in_column(r) || unit_in_cells(r) || unit_in_headings(r) || unit_in_label(r);
    r->m->n_unit[r->measure->unit_from]++;
    if (told)
        return;
    set_unit(r, STR("decide"), FROM_NOWHERE);
    decide(r, STR("decide: what is its unit? Neither the label nor the cells tell. Write percent, "
                  "count, days, pounds, ratio, per 10000 or unit \"cases\"."));
}

// ---- polarity -----------------------------------------------------------------------------------

static void set_good(Reader *r, Str good, From from) {
    r->measure->good = good;
    r->measure->good_from = from;
}

// "40-50, then 49-25, then >24"
static Str list_cells(Reader *r) {
    Str list = STR("");
    for (size_t i = 0; i < r->m->c->levels.n; i++) {
        const ImportCell *c = &r->measure->cells[i];
        if (c->kind == IMPORT_BLANK)
            continue;
        list = list.len == 0
                   ? c->text
                   : arena_printf(r->m->arena, "%.*s, then %.*s", STR_ARG(list), STR_ARG(c->text));
    }
    return list;
}

static void ask_for_good(Reader *r, Told told) {
    Arena *a = r->m->arena;
    if (told == TOLD_BOTH)
        decide(r, arena_printf(a,
                               "decide: which way is good? Its cells contradict each other: %.*s. "
                               "Write high or low, and check the cells.",
                               STR_ARG(list_cells(r))));
    else
        decide(r, arena_printf(a,
                               "decide: which way is good? %.*s does not tell. Write high, low, "
                               "near NUMBER or not judged.",
                               STR_ARG(list_cells(r))));
}

static bool good_given(Reader *r, Told told) {
    const Measure *x = r->measure;
    const PolarityLine *line =
        r->m->polarity ? polarity_file_find(r->m->polarity, x->name, x->source, x->label) : NULL;
    Str words = cell_text(r, ROLE_GOOD), in_column = told_by_words(r->m->arena, words);
    if (line)
        set_good(r, line->good, FROM_FILE);
    else if (in_column.len > 0)
        set_good(r, in_column, FROM_COLUMN);
    else if (words.len > 0)
        remark(r, arena_printf(r->m->arena,
                               "published: \"%.*s\" for which way is good, which does "
                               "not tell",
                               STR_ARG(words)));
    bool against = (told == TOLD_HIGH && str_eq(x->good, STR("low"))) ||
                   (told == TOLD_LOW && str_eq(x->good, STR("high")));
    if (against)
        remark(r, arena_printf(r->m->arena, "its cells run the other way: %.*s",
                               STR_ARG(list_cells(r))));
    return x->good.len > 0;
}

static void find_good(Reader *r, bool banded) {
    const ImportColumns *c = r->m->c;
    bool ordered = c->scale || c->order_given || c->order_told;
    Told told = told_by_cells(r->measure->cells, c->levels.n);
    if (!good_given(r, ordered ? told : TOLD_NOTHING)) {
        if (banded && !ordered)
            decide(r, STR("decide: which way is good? The levels' order is not told, see above. "
                          "Write high, low, near NUMBER or not judged."));
        else if (told == TOLD_HIGH || told == TOLD_LOW)
            set_good(r, told == TOLD_HIGH ? STR("high") : STR("low"), FROM_CELLS);
        else if (banded)
            ask_for_good(r, told);
        else
            return;
    }
    r->m->n_good[r->measure->good_from]++;
}

// ---- rows ---------------------------------------------------------------------------------------

static void read_section(Reader *r) {
    Str section = cell_text(r, ROLE_SECTION);
    if (section.len == 0 || str_eq(section, r->section))
        return;
    r->section = section;
    remark(r, arena_printf(r->m->arena, "section: %.*s", STR_ARG(section)));
}

static void read_names(Reader *r) {
    Measure *x = r->measure;
    x->source = cell_text(r, ROLE_SOURCE);
    x->label = cell_text(r, ROLE_LABEL);
    x->note = cell_text(r, ROLE_NOTE);
    if (x->label.len == 0)
        decide(r, arena_printf(r->m->arena,
                               "decide: what is it called? Row %u of the table has no "
                               "label.",
                               r->row->line));
    x->name = measure_name(r->m->arena, &r->m->names, x->label);
}

static bool read_row(Reader *r) {
    if (repeats_heading(r->m, r->row) || is_rule(r->row))
        return true;
    if (!check_troubles(r))
        return false;
    if (!read_section_row(r)) {
        r->measure = ARENA_NEW(r->m->arena, Measure);
        if (!r->measure)
            return false;
        r->measure->row = r->row;
        read_section(r);
        read_names(r);
        bool banded = read_cells(r);
        if (!r->measure->cells)
            return false;
        remark_further_cells(r);
        find_unit(r);
        find_good(r, banded);
        r->m->n_measures++;
    }
    r->line.measure = r->measure;
    return VEC_PUSH(r->m->arena, &r->m->lines, r->line);
}

bool measures_read(Measures *m, Arena *a, const ImportTable *t, const ImportColumns *c,
                   PolarityFile *polarity, const Str *names, size_t n_names) {
    *m = (Measures){.arena = a, .t = t, .c = c, .polarity = polarity};
    intern_init(&m->names, a);
    bool ok = true;
    for (size_t i = 0; i < n_names; i++)
        ok = intern_add(&m->names, names[i]) != INTERN_NONE && ok;
    Str section = STR("");
    for (size_t i = c->heading == IMPORT_NONE ? 0 : c->heading + 1; i < t->rows.n; i++) {
        Reader r = {.m = m, .row = &t->rows.v[i], .section = section};
        ok = read_row(&r) && ok;
        section = r.section;
    }
    if (!ok || a->failed)
        return false;
    if (m->n_measures == 0) {
        diag_add(t->d, D_FILE_EMPTY, (Place){.file = t->file}, "the table holds no measures")
            ->hint = STR("rows of measures stand below the heading, a measure a row");
        return false;
    }
    return !polarity || polarity_file_finish(polarity);
}
