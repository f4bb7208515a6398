// SPDX-License-Identifier: Apache-2.0
// `examples`: expected answers beside the rules. Each block becomes a function of its own in which
// the given columns replace what would compute them.
#include "lang/gen.h"

typedef struct Builder {
    Compiler *c;
    KpiSpec *spec;
    const Node *heading;
    Example example;
    VEC(GivenName) givens;
} Builder;

static Str status_name(Compiler *c, const KpiSpec *spec, int n_followed) {
    if (spec->statuses.n == 0 || n_followed > 100)
        return (Str){0};
    const Node *n = spec->statuses.v[0];
    if (n->kind == NODE_STATUS_FROM) {
        const KpiSpec *other = find_spec(c, node_text(node_kid(n, 0)));
        return other ? status_name(c, other, n_followed + 1) : (Str){0};
    }
    const Node *as = n->kind == NODE_STATUS || n->kind == NODE_STATUS_BY ? node_kid(n, 1) : NULL;
    return node_text(as ? as : node_kid(n, 0));
}

// A level of the KPI's chart, which an example gives.
static bool is_of_chart(const Builder *b, Str name) {
    return b->spec->spc &&
           (str_eq(name, STR("variation")) ||
            (str_eq(name, STR("assurance")) && b->spec->target != NULL));
}

static bool is_given_name(Builder *b, Str name) {
    static const char *const own[] = {"value", "previous", "direction"};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (str_eq(name, str_from(own[i])))
            return true;
    if (str_eq(name, STR("target")))
        return b->spec->target != NULL;
    if (is_of_chart(b, name))
        return true;
    for (size_t i = 0; i < b->spec->compares.n; i++)
        if (str_eq(name, node_text(node_kid(b->spec->compares.v[i], 0))))
            return true;
    uint32_t metric, field;
    size_t dot = str_find(name, '.');
    if (!find_metric(b->c, str_slice(name, 0, dot), &metric))
        return false;
    return dot == name.len || find_field(b->c, str_slice(name, dot + 1, name.len), &field);
}

static void report_column(Builder *b, const Node *cell) {
    Str name = node_text(cell);
    Diag *d = report(b->c, D_EXAMPLES_COLUMN, node_place(cell),
                     "`%.*s` is neither given to the KPI `%.*s` nor a result of it", STR_ARG(name),
                     STR_ARG(b->spec->name));
    Suggestion near = suggest_for(name);
    static const char *const own[] = {"value",  "previous", "direction",
                                      "target", "period",   "reason"};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        suggest_consider(&near, str_from(own[i]));
    for (size_t i = 0; i < b->spec->bands.n; i++)
        suggest_consider(&near, b->spec->bands.v[i].name);
    for (size_t i = 0; i < b->spec->compares.n; i++)
        suggest_consider(&near, node_text(node_kid(b->spec->compares.v[i], 0)));
    suggest_consider(&near, status_name(b->c, b->spec, 0));
    if (!did_you_mean(b->c, d, &near))
        d->hint =
            STR("columns are value, previous, direction, target, period, comparators, metrics, the "
                "KPI's bands, its status, and reason");
}

// Several tables of one name give one level.
static bool is_first_of_name(const KpiSpec *spec, size_t band) {
    for (size_t i = 0; i < band; i++)
        if (str_eq(spec->bands.v[i].name, spec->bands.v[band].name))
            return false;
    return true;
}

static bool read_column(Builder *b, const Node *cell, ExampleColumn *out) {
    Str name = node_text(cell);
    *out = (ExampleColumn){
        .name = arena_str(b->c->arena, name), .given = UINT32_MAX, .level = UINT32_MAX};
    if (str_eq(name, STR("reason"))) {
        out->is_reason = true;
        return true;
    }
    if (str_eq(name, STR("period"))) {
        out->is_period = true;
        return true;
    }
    if (str_eq(name, status_name(b->c, b->spec, 0))) {
        out->is_status = true;
        return true;
    }
    uint32_t n_names = 0;
    for (size_t i = 0; i < b->spec->bands.n; i++) {
        if (str_eq(name, b->spec->bands.v[i].name)) {
            out->level = n_names;
            return true;
        }
        n_names += is_first_of_name(b->spec, i);
    }
    if (!is_given_name(b, name)) {
        report_column(b, cell);
        return false;
    }
    out->given = b->example.n_given++;
    VEC_PUSH(b->c->scratch, &b->givens, ((GivenName){out->name, out->given}));
    return true;
}

// A heading has names only, so that a row in its place is not taken for one.
static bool is_heading(Builder *b) {
    for (uint32_t i = 0; i < b->heading->n_kids; i++) {
        Str text = node_text(b->heading->kids[i]);
        bool named = b->heading->kids[i]->kind == NODE_CELL && text.s[0] >= 'a' && text.s[0] <= 'z';
        if (named)
            continue;
        report(b->c, D_EXAMPLES_COLUMN, node_place(b->heading->kids[i]),
               "the first line of examples names the columns, and %s%.*s%s is no name",
               text.len > 0 ? "`" : "a blank cell", STR_ARG(text), text.len > 0 ? "`" : "")
            ->hint = STR("begin with a line such as: value | ofsted | rag");
        return false;
    }
    return true;
}

static bool read_heading(Builder *b) {
    if (!is_heading(b))
        return false;
    Example *e = &b->example;
    e->n_columns = b->heading->n_kids;
    e->columns = ARENA_ARRAY(b->c->arena, ExampleColumn, e->n_columns);
    bool ok = e->columns;
    for (uint32_t i = 0; e->columns && i < e->n_columns; i++) {
        ok = read_column(b, b->heading->kids[i], &e->columns[i]) && ok;
        for (uint32_t k = 0; ok && k < i; k++)
            if (str_eq(e->columns[k].name, e->columns[i].name)) {
                Diag *d = report(b->c, D_EXAMPLES_COLUMN, node_place(b->heading->kids[i]),
                                 "the column `%.*s` stands twice", STR_ARG(e->columns[i].name));
                d->other = node_place(b->heading->kids[k]);
                d->note = STR("the first is here");
                d->hint = STR("remove or rename one of them");
                ok = false;
            }
    }
    return ok;
}

// ---- cells --------------------------------------------------------------------------------------

static bool refuse_cell(Builder *b, const Node *cell, const char *wanted) {
    hint(b->c,
         report(b->c, D_EXAMPLES_CELL, node_place(cell), "`%.*s` is not understood here",
                STR_ARG(node_text(cell))),
         "write %s", wanted);
    return false;
}

// A minus sign or dash pasted from a document is a minus.
static Str plain_minus(Builder *b, Str text) {
    static const char *const dashes[] = {"\u2010", "\u2011", "\u2012",
                                         "\u2013", "\u2014", "\u2212"};
    for (size_t i = 0; i < sizeof dashes / sizeof *dashes; i++) {
        Str dash = str_from(dashes[i]);
        if (str_starts(text, dash))
            return arena_printf(b->c->scratch, "-%.*s",
                                STR_ARG(str_slice(text, dash.len, text.len)));
    }
    return text;
}

static bool read_figure(Builder *b, const Node *cell, ExampleCell *out) {
    Str text = node_text(cell);
    Reason reason = reason_find(text);
    if (reason != N_REASONS && reason != REASON_NOT_GIVEN) {
        out->why = WHY(reason);
        return true;
    }
    bool percent =
        b->example.kpi.unit.kind == UNIT_PERCENT || b->example.kpi.unit.kind == UNIT_POINTS;
    if (percent && text.len > 1 && text.s[text.len - 1] == '%')
        text.len--;
    if (number_parse(b->c->arena, str_trim(plain_minus(b, text)), false, &out->number) == NUMBER_OK)
        return true;
    return refuse_cell(
        b, cell, "a figure, or the reason it is missing such as `not available` or `suppressed`");
}

static bool read_direction(Builder *b, const Node *cell, ExampleCell *out) {
    Polarity p = b->example.kpi.polarity;
    bool judged = p != POLARITY_NONE && p != POLARITY_NOT_JUDGED;
    const Scale *scale =
        &b->c->scales.v[judged ? b->c->program->direction_scale : b->c->program->arrow_scale];
    if (str_eq(node_text(cell), STR("unknown"))) {
        out->why = WHY(REASON_NOT_AVAILABLE);
        return true;
    }
    return find_level(scale, node_text(cell), &out->level) ||
           refuse_cell(b, cell,
                       judged ? "improving, steady, worsening or unknown"
                              : "up, steady, down or unknown");
}

static bool read_chart_level(Builder *b, const Node *cell, uint32_t scale, ExampleCell *out) {
    if (str_eq(node_text(cell), STR("unknown"))) {
        out->why = WHY(REASON_NOT_AVAILABLE);
        return true;
    }
    if (find_level(&b->c->scales.v[scale], node_text(cell), &out->level))
        return true;
    report_unknown_level(b->c, &b->c->scales.v[scale], node_text(cell), node_place(cell));
    return false;
}

// A level, `no data`, or `no data (reason)`.
static bool read_level(Builder *b, const Node *cell, uint32_t scale, ExampleCell *out) {
    Str text = node_text(cell);
    if (find_level(&b->c->scales.v[scale], text, &out->level))
        return true;
    out->level = LEVEL_NO_DATA;
    if (str_eq(text, STR("no data")))
        return true;
    if (str_starts(text, STR("no data (")) && text.s[text.len - 1] == ')') {
        Reason r = reason_find(str_slice(text, 9, text.len - 1));
        if (r != N_REASONS) {
            out->why = WHY(r);
            return true;
        }
        return refuse_cell(b, cell, "`no data`, or a known reason such as `no data (no band)`");
    }
    report_unknown_level(b->c, &b->c->scales.v[scale], text, node_place(cell));
    return false;
}

static bool read_cell(Builder *b, const ExampleColumn *column, const Node *cell, ExampleCell *out) {
    *out = (ExampleCell){.blank = cell->kind == NODE_BLANK, .place = node_place(cell)};
    out->text = arena_str(b->c->arena, node_text(cell));
    if (out->blank)
        return true;
    if (column->is_period) {
        return period_parse(out->text, &out->period) ||
               refuse_cell(b, cell, "a period such as 2023-05, 2023-Q2, FY2023-24 or 2023");
    }
    if (column->is_reason) {
        bool quoted = out->text.len >= 2 && out->text.s[0] == '"';
        if (quoted)
            out->text = arena_str(b->c->arena, node_string(b->c->scratch, cell));
        return true;
    }
    if (column->given != UINT32_MAX && is_of_chart(b, column->name))
        return read_chart_level(b, cell, column->scale, out);
    if (column->given != UINT32_MAX)
        return str_eq(column->name, STR("direction")) ? read_direction(b, cell, out)
                                                      : read_figure(b, cell, out);
    return read_level(b, cell, column->scale, out);
}

static bool read_row(Builder *b, const Node *row, ExampleCell *cells) {
    Example *e = &b->example;
    if (row->n_kids != e->n_columns) {
        Diag *d = report(b->c, D_MEASURES_ROW, node_place(row),
                         "the row has %u cells, the heading %u", row->n_kids, e->n_columns);
        d->other = node_place(b->heading);
        d->note = STR("the heading");
        d->hint = STR("add or remove a `|`; a blank cell stays between two bars");
        return false;
    }
    bool ok = true;
    for (uint32_t i = 0; i < e->n_columns; i++)
        ok = read_cell(b, &e->columns[i], row->kids[i], &cells[i]) && ok;
    return ok;
}

// ---- the block ----------------------------------------------------------------------------------

static bool make_code(Builder *b) {
    Fn fn = {.c = b->c,
             .first = (uint32_t)b->c->code.n,
             .givens = b->givens.v,
             .n_givens = b->givens.n,
             .is_example = true};
    Gen g = {
        .c = b->c, .fn = &fn, .spec = b->spec, .kpi = &b->example.kpi, .place = b->spec->place};
    g.value = error_val();
    if (!gen_kpi(&g))
        return false;
    b->example.kpi.fn = finish_function(&g);
    for (uint32_t i = 0; i < b->example.n_columns; i++) {
        ExampleColumn *column = &b->example.columns[i];
        if (column->given != UINT32_MAX && is_of_chart(b, column->name))
            column->scale = chart_scale(&g, column->name);
        else if (column->is_status)
            column->scale = b->example.kpi.status_scale;
        else if (column->level != UINT32_MAX)
            column->scale = b->example.kpi.levels[column->level].scale;
    }
    return true;
}

static void lower_block(Compiler *c, const Node *n) {
    const Node *name = node_kid(n, 0), *rows = node_kid(n, 1);
    Builder b = {.c = c, .spec = need_spec(c, name), .heading = node_kid(rows, 0)};
    b.example.place = node_place(n);
    if (!b.spec || b.spec->broken)
        return; // what it lacks may be what could not be read
    if (!b.heading) {
        report(c, D_EXAMPLES_COLUMN, node_place(n), "the examples have no heading")->hint =
            STR("begin with a row such as: value | ofsted | rag");
        return;
    }
    // Without a unit of its own the KPI takes that of its value, which an example may replace.
    b.spec->unit = b.spec->value_unit;
    b.spec->has_unit = b.spec->unit.kind != UNIT_NONE;
    if (!read_heading(&b) || !make_code(&b))
        return;
    Example *e = &b.example;
    e->cells = ARENA_ARRAY(c->arena, ExampleCell, (size_t)e->n_columns * rows->n_kids);
    if (!e->cells)
        return;
    for (uint32_t i = 1; i < rows->n_kids; i++)
        if (read_row(&b, rows->kids[i], e->cells + (size_t)e->n_rows * e->n_columns))
            e->n_rows++;
    VEC_PUSH(c->arena, &c->examples, b.example);
}

void lower_examples(Compiler *c) {
    for (size_t i = 0; i < c->example_nodes.n && !compiler_failed(c); i++)
        lower_block(c, c->example_nodes.v[i]);
}
