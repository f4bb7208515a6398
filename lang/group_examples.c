// SPDX-License-Identifier: Apache-2.0
// `examples` of a group: the statuses of its members, and what they come to.
#include "lang/examples.h"

typedef struct Builder {
    Compiler *c;
    const Group *group;
    const Node *heading;
    GroupExample example;
    const Node **given; // by member: the cell that names it
} Builder;

// ---- columns ------------------------------------------------------------------------------------

static void report_column(Builder *b, const Node *cell) {
    Str name = node_text(cell);
    Diag *d = report(b->c, D_EXAMPLES_COLUMN, node_place(cell),
                     "`%.*s` is neither a member of `%.*s` nor its status", STR_ARG(name),
                     STR_ARG(b->group->name));
    Suggestion near = suggest_for(name);
    for (uint32_t i = 0; i < b->group->n_members; i++)
        suggest_consider(&near, b->group->members[i].name);
    suggest_consider(&near, b->group->status_name);
    suggest_consider(&near, STR("reason"));
    if (!did_you_mean(b->c, d, &near))
        d->hint = STR("columns are the members, the status, and reason");
}

static bool read_column(Builder *b, const Node *cell, ExampleColumn *out) {
    Str name = node_text(cell);
    *out = (ExampleColumn){.name = arena_str(b->c->arena, name),
                           .given = UINT32_MAX,
                           .level = UINT32_MAX,
                           .scale = b->group->scale};
    for (uint32_t i = 0; i < b->group->n_members; i++) {
        if (!str_eq(b->group->members[i].name, name))
            continue;
        out->given = i;
        b->given[i] = cell;
        return true;
    }
    out->is_status = str_eq(name, b->group->status_name);
    out->is_reason = !out->is_status && str_eq(name, STR("reason"));
    if (!out->is_status && !out->is_reason)
        report_column(b, cell);
    return out->is_status || out->is_reason;
}

static bool every_member_is_given(Builder *b) {
    for (uint32_t i = 0; i < b->group->n_members; i++) {
        Str name = b->group->members[i].name;
        if (b->given[i])
            continue;
        hint(b->c,
             report(b->c, D_EXAMPLES_MEMBER, node_place(b->heading),
                    "the examples of `%.*s` do not give its member `%.*s`", STR_ARG(b->group->name),
                    STR_ARG(name)),
             "add a column `%.*s`, with a level or `no data` in each row", STR_ARG(name));
        return false;
    }
    return true;
}

static bool read_heading(Builder *b) {
    GroupExample *e = &b->example;
    if (!examples_heading(b->c, b->heading, "visits | re_referrals | rag"))
        return false;
    e->n_columns = b->heading->n_kids;
    e->columns = ARENA_ARRAY(b->c->arena, ExampleColumn, e->n_columns);
    b->given = ARENA_ARRAY(b->c->scratch, const Node *, b->group->n_members);
    bool ok = e->columns && b->given;
    for (uint32_t i = 0; e->columns && b->given && i < e->n_columns; i++) {
        ok = read_column(b, b->heading->kids[i], &e->columns[i]) && ok;
        ok = ok && examples_named_once(b->c, b->heading, e->columns, i);
    }
    return ok && every_member_is_given(b);
}

// ---- rows ---------------------------------------------------------------------------------------

static bool read_cell(Builder *b, const ExampleColumn *column, const Node *cell, ExampleCell *out) {
    *out = (ExampleCell){.blank = cell->kind == NODE_BLANK, .place = node_place(cell)};
    out->text = arena_str(b->c->arena, node_text(cell));
    if (!out->blank && column->is_reason)
        examples_reason(b->c, cell, out);
    else if (!out->blank)
        return examples_level(b->c, cell, column->scale, out);
    if (!out->blank || column->given == UINT32_MAX)
        return true;
    hint(b->c,
         report(b->c, D_EXAMPLES_MEMBER, out->place, "the row does not say what `%.*s` is",
                STR_ARG(column->name)),
         "write a level such as `%.*s`, or `no data`",
         STR_ARG(b->c->scales.v[column->scale].levels[0].name));
    return false;
}

static bool read_row(Builder *b, const Node *row, ExampleCell *cells) {
    bool ok = examples_row_fits(b->c, row, b->heading);
    for (uint32_t i = 0; row->n_kids == b->heading->n_kids && i < row->n_kids; i++)
        ok = read_cell(b, &b->example.columns[i], row->kids[i], &cells[i]) && ok;
    return ok;
}

void lower_group_example(Compiler *c, const Node *n, uint32_t group) {
    const Node *rows = node_kid(n, 1);
    Builder b = {.c = c, .group = &c->groups.v[group], .heading = node_kid(rows, 0)};
    GroupExample *e = &b.example;
    e->group = group;
    e->place = node_place(n);
    if (!read_heading(&b))
        return;
    e->cells = ARENA_ARRAY(c->arena, ExampleCell, (size_t)e->n_columns * rows->n_kids);
    if (!e->cells)
        return;
    for (uint32_t i = 1; i < rows->n_kids; i++)
        if (read_row(&b, rows->kids[i], e->cells + (size_t)e->n_rows * e->n_columns))
            e->n_rows++;
    VEC_PUSH(c->arena, &c->group_examples, *e);
}
