// SPDX-License-Identifier: Apache-2.0
// `measures`: a published table, a KPI a row, cells as published.
#include "lang/compiler.h"

typedef enum ColumnKind {
    COLUMN_SOURCE,
    COLUMN_NAME,
    COLUMN_LABEL,
    COLUMN_UNIT,
    COLUMN_GOOD,
    COLUMN_NOTE,
    COLUMN_LEVEL,
    COLUMN_UNKNOWN
} ColumnKind;

typedef struct Column {
    ColumnKind kind;
    Str level;
} Column;

typedef struct Table {
    Compiler *c;
    const Node *node;
    const Node *like, *only_like; // patterns; the second for rows that say `improving only`
    const Node *bands;            // NODE_MEASURES_BANDS
    Node *options;                // of its band tables, which are made later
    const Node *valid;            // NODE_VALID
    Column *columns;
    uint32_t n_columns;
    const Node *heading;
} Table;

static const struct {
    const char *heading;
    ColumnKind kind;
} headings[] = {{"source", COLUMN_SOURCE}, {"name", COLUMN_NAME},    {"label", COLUMN_LABEL},
                {"unit", COLUMN_UNIT},     {"good is", COLUMN_GOOD}, {"note", COLUMN_NOTE}};
enum { N_HEADINGS = sizeof headings / sizeof *headings };

// ---- the head -----------------------------------------------------------------------------------

static void read_option(Table *t, const Node *o) {
    Compiler *c = t->c;
    if (o->kind == NODE_MEASURES_BANDS) {
        if (t->bands)
            report(c, D_CLAUSE_TWICE, node_place(o), "a measures table has bands on one scale")
                ->hint = STR("make a second table for the second scale");
        else
            t->bands = o;
    } else if (o->kind == NODE_ONLY_LIKE) {
        const Node *words = node_kid(o, 0);
        bool known = str_eq(node_text(node_kid(words, 0)), STR("improving")) &&
                     str_eq(node_text(node_kid(words, 1)), STR("only"));
        if (known)
            t->only_like = node_kid(o, 1);
        else
            report(c, D_BAND_OPTION, node_place(words), "`%.*s` is not understood",
                   STR_ARG(node_text(words)))
                ->hint = STR("write `improving only like PATTERN` for the rows that are judged by "
                             "direction alone");
    } else {
        if (o->kind == NODE_VALID)
            t->valid = o;
        t->options->kids[t->options->n_kids++] = (Node *)o;
    }
}

static bool read_column(Table *t, const Node *cell, const Scale *scale, Column *out) {
    Str text = node_text(cell);
    Suggestion near = suggest_for(text);
    for (size_t i = 0; i < N_HEADINGS; i++) {
        if (str_eq(text, str_from(headings[i].heading))) {
            *out = (Column){.kind = headings[i].kind};
            return true;
        }
        suggest_consider(&near, str_from(headings[i].heading));
    }
    uint8_t level;
    if (scale && find_level(scale, text, &level)) {
        *out = (Column){COLUMN_LEVEL, scale->levels[level].name};
        return true;
    }
    for (uint32_t i = 0; scale && i < scale->n_levels; i++)
        suggest_consider(&near, scale->levels[i].name);
    *out = (Column){.kind = COLUMN_UNKNOWN};
    Diag *d = report(t->c, D_MEASURES_COLUMN, node_place(cell),
                     "`%.*s` is not a column of a measures table", STR_ARG(text));
    if (!did_you_mean(t->c, d, &near))
        d->hint = STR("the columns are source, name, label, unit, good is, note, and the levels of "
                      "the scale");
    return false;
}

static bool read_heading(Table *t) {
    Compiler *c = t->c;
    const Scale *scale = NULL;
    if (t->bands) {
        uint32_t index;
        if (!find_scale(c, node_text(node_kid(t->bands, 0)), &index)) {
            report_unknown_scale(c, node_text(node_kid(t->bands, 0)),
                                 node_place(node_kid(t->bands, 0)));
            return false;
        }
        scale = &c->scales.v[index];
    }
    t->n_columns = t->heading->n_kids;
    t->columns = ARENA_ARRAY(c->scratch, Column, t->n_columns);
    bool named = false, ok = t->columns;
    for (uint32_t i = 0; t->columns && i < t->n_columns; i++) {
        ok = read_column(t, t->heading->kids[i], scale, &t->columns[i]) && ok;
        named = named || t->columns[i].kind == COLUMN_NAME;
    }
    if (ok && !named) {
        report(c, D_MEASURES_COLUMN, node_place(t->heading), "the table has no column `name`")
            ->hint = STR("add it: rules and figures know a measure by its name");
        return false;
    }
    return ok;
}

// ---- rows ---------------------------------------------------------------------------------------

static Str unquoted(Compiler *c, const Node *cell) {
    Str text = node_text(cell);
    bool quoted = text.len >= 2 && text.s[0] == '"' && text.s[text.len - 1] == '"';
    return quoted ? arena_str(c->arena, node_string(c->scratch, cell)) : arena_str(c->arena, text);
}

static Source *part_of(Compiler *c, const Node *cell) {
    Source *part = ARENA_NEW(c->scratch, Source);
    if (part)
        *part = (Source){cell->source->text, cell->source->file, cell->from,
                         cell->to,           cell->line,         cell->column};
    return part;
}

static bool is_name(Str s) {
    bool ok = s.len > 0 && s.s[0] >= 'a' && s.s[0] <= 'z';
    for (size_t i = 0; ok && i < s.len; i++)
        ok = (s.s[i] >= 'a' && s.s[i] <= 'z') || (s.s[i] >= '0' && s.s[i] <= '9') || s.s[i] == '_';
    return ok;
}

// `high`, `low`, `not judged`, `near 50`: as in the clause, whose node is made from the cell.
static const Node *read_good(Table *t, const Node *cell) {
    Compiler *c = t->c;
    Str text = node_text(cell);
    Node *good = ARENA_NEW(c->scratch, Node), *polarity = ARENA_NEW(c->scratch, Node);
    Node **kids = ARENA_ARRAY(c->scratch, Node *, 2);
    if (!good || !polarity || !kids)
        return NULL;
    *polarity = *cell;
    *good = *cell;
    good->kind = NODE_GOOD;
    good->kids = kids;
    good->n_kids = 1;
    kids[0] = polarity;
    if (str_eq(text, STR("high")))
        polarity->kind = NODE_HIGH;
    else if (str_eq(text, STR("low")))
        polarity->kind = NODE_LOW;
    else if (str_eq(text, STR("not judged")))
        polarity->kind = NODE_NOT_JUDGED;
    else if (str_starts(text, STR("near "))) {
        Source *part = part_of(c, cell);
        if (!part)
            return NULL;
        part->from += 5;
        part->column += 5;
        kids[1] = parse(c->scratch, c->diags, part, PARSE_EXPRESSION);
        if (!kids[1])
            return NULL;
        polarity->kind = NODE_NEAR;
        polarity->kids = &kids[1];
        polarity->n_kids = 1;
    } else {
        report(c, D_MEASURES_CELL, node_place(cell), "`%.*s` does not say which way is good",
               STR_ARG(text))
            ->hint = STR("write high, low, near NUMBER or not judged");
        return NULL;
    }
    return good;
}

typedef struct Row {
    const Node *node;
    KpiSpec spec;
    BandSpec bands;
    bool improving_only;
    bool ok;
} Row;

static void read_band_cell(Table *t, Row *r, const Column *column, const Node *cell) {
    Compiler *c = t->c;
    if (str_eq(node_text(cell), STR("improving only"))) {
        r->improving_only = true;
        return;
    }
    if (str_starts(node_text(cell), STR("\""))) {
        report(c, D_MEASURES_CELL, node_place(cell),
               "`%.*s` does not say which figures are in the band", STR_ARG(node_text(cell)))
            ->hint = STR("write a band such as 85+, 65-74 or <16 without quotation marks, or leave "
                         "the cell blank: no band is published");
        r->ok = false;
        return;
    }
    Source *part = part_of(c, cell);
    const Node *bounds = part ? parse(c->scratch, c->diags, part, PARSE_BAND_CELL) : NULL;
    if (!bounds) {
        r->ok = false;
        return;
    }
    VEC_PUSH(c->scratch, &r->bands.lines,
             ((BandLine){.level = column->level, .cell = bounds, .place = node_place(cell)}));
}

static void read_cell(Table *t, Row *r, const Column *column, const Node *cell) {
    Compiler *c = t->c;
    if (cell->kind == NODE_BLANK)
        return;
    Str text = node_text(cell);
    switch (column->kind) {
    case COLUMN_SOURCE:
        r->spec.source = unquoted(c, cell);
        break;
    case COLUMN_LABEL:
        r->spec.label = unquoted(c, cell);
        break;
    case COLUMN_NOTE:
        r->spec.note = unquoted(c, cell);
        break;
    case COLUMN_NAME:
        r->spec.name = arena_str(c->arena, text);
        r->spec.place = node_place(cell);
        if (is_name(text) && !is_predefined(text))
            break;
        r->ok = false;
        if (is_predefined(text)) {
            report(c, D_PREDEFINED, node_place(cell),
                   "`%.*s` has a meaning of its own and cannot name a measure", STR_ARG(text))
                ->hint = STR("choose another name");
            break;
        }
        report(c, D_BAD_NAME, node_place(cell), "`%.*s` cannot name a measure", STR_ARG(text))
            ->hint = STR("use lower case letters, digits and underscores, e.g. re_referral_rate");
        break;
    case COLUMN_UNIT:
        if (str_starts(text, STR("unit ")))
            text = str_trim(str_slice(text, 5, text.len));
        // A row without a known unit still has bands to look at.
        r->spec.has_unit = read_unit_text(c, text, node_place(cell), &r->spec.unit);
        break;
    case COLUMN_GOOD:
        r->spec.good = read_good(t, cell);
        r->ok = r->ok && r->spec.good;
        break;
    case COLUMN_LEVEL:
        read_band_cell(t, r, column, cell);
        break;
    case COLUMN_UNKNOWN:
        break;
    }
}

// The row is the measure's declaration: it declares the metric that it reads, unless one is there.
static void declare_own_metric(Compiler *c, const KpiSpec *spec) {
    uint32_t index;
    if (find_metric(c, spec->name, &index) || spec->value)
        return;
    declare_metric(
        c, (Metric){
               .name = spec->name, .label = spec->label, .unit = spec->unit, .place = spec->place});
}

static void finish_row(Table *t, Row *r) {
    Compiler *c = t->c;
    KpiSpec *s = &r->spec;
    bool banded = r->bands.lines.n > 0;
    if (r->node->flags & NODE_REPLACED) {
        declare_own_metric(c, s);
        return;
    }
    if (r->improving_only && banded) {
        report(c, D_MEASURES_CELL, node_place(r->node),
               "the row `%.*s` has bands and says `improving only`", STR_ARG(s->name))
            ->hint = STR(
            "a measure is judged by its level or by its direction alone: blank the other cells");
        return;
    }
    if (banded)
        VEC_PUSH(c->scratch, &s->bands, r->bands);
    spec_like(c, s, r->improving_only && t->only_like ? t->only_like : t->like);
    if (r->improving_only && !t->only_like) {
        s->statuses.n = 0;
        s->unjudged = STR("published as `improving only`: see its direction");
    } else if (!r->improving_only && !banded && s->bands.n == 0) {
        s->statuses.n = 0;
        s->unjudged = STR("no band is published for it");
    }
    if (r->improving_only && !s->good) {
        report(c, D_NO_POLARITY, s->place,
               "the row `%.*s` is judged by its direction and does not say which way is good",
               STR_ARG(s->name))
            ->hint = STR("write high or low in its cell `good is`");
        return;
    }
    KpiSpec *first = find_spec(c, s->name);
    if (first) {
        report_twice(c, "the KPI", s->name, s->place, first->place);
        return;
    }
    declare_own_metric(c, s);
    spec_add(c, s);
}

static void read_row(Table *t, const Node *node) {
    Compiler *c = t->c;
    if (node->n_kids != t->n_columns) {
        Diag *d = report(c, D_MEASURES_ROW, node_place(node),
                         "the row has %u cells, the heading %u", node->n_kids, t->n_columns);
        d->other = node_place(t->heading);
        d->note = STR("the heading");
        d->hint = STR("add or remove a `|`; a blank cell stays between two bars");
        return;
    }
    Row r = {.node = node, .ok = true};
    r.spec.place = node_place(node);
    r.bands = (BandSpec){.options = t->options, .valid = t->valid, .place = node_place(node)};
    if (t->bands) {
        const Node *as = node_kid(t->bands, 1);
        r.bands.scale = node_text(node_kid(t->bands, 0));
        r.bands.scale_place = node_place(node_kid(t->bands, 0));
        r.bands.name = arena_str(c->arena, as ? node_text(as) : r.bands.scale);
    }
    for (uint32_t i = 0; i < t->n_columns; i++)
        read_cell(t, &r, &t->columns[i], node->kids[i]);
    if (r.ok && r.spec.name.len == 0) {
        report(c, D_MEASURES_CELL, node_place(node), "the row has no name")->hint =
            STR("fill its cell in the column `name`");
        r.ok = false;
    }
    if (r.ok)
        finish_row(t, &r);
}

void declare_measures(Compiler *c, const Node *n) {
    const Node *options = node_kid(n, 1), *rows = node_kid(n, 2);
    Table t = {.c = c, .node = n, .like = node_kid(n, 0), .heading = node_kid(rows, 0)};
    t.options = ARENA_NEW(c->scratch, Node);
    Node **kids = ARENA_ARRAY(c->scratch, Node *, options->n_kids);
    if (!t.options || !kids)
        return;
    *t.options = (Node){.kind = NODE_LIST, .kids = kids};
    for (uint32_t i = 0; i < options->n_kids; i++)
        read_option(&t, options->kids[i]);
    if (!t.heading) {
        report(c, D_MEASURES_COLUMN, node_place(n), "the table has no heading")->hint =
            STR("begin it with a row such as: source | name | label | unit | good is | good");
        return;
    }
    if (!read_heading(&t))
        return;
    for (uint32_t i = 1; i < rows->n_kids && !compiler_failed(c); i++)
        read_row(&t, rows->kids[i]);
}
