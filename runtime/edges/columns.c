// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/columns.h"

#include "runtime/base/suggest.h"
#include "runtime/engine/plan.h"

#include <string.h>

#define AT(field) offsetof(bs_result, field)
#define NOWHERE 0
static const Column all_columns[] = {
#define COLUMN(name, heading, kind, field, number, sets, need, least, help)                        \
    {{name, sizeof(name) - 1},                                                                     \
     {heading, sizeof(heading) - 1},                                                               \
     kind,                                                                                         \
     field,                                                                                        \
     number,                                                                                       \
     sets,                                                                                         \
     need,                                                                                         \
     least,                                                                                        \
     {help, sizeof(help) - 1}},
#include "runtime/edges/columns.def"
#undef COLUMN
};
#undef NOWHERE
#undef AT

enum {
    N_ALL_COLUMNS = sizeof all_columns / sizeof all_columns[0],
    HELP_NAME_WIDTH = 16,
};

Str text_str(bs_text t) {
    return (Str){t.s, t.len};
}

static const Column *find_column(Str name) {
    for (size_t i = 0; i < N_ALL_COLUMNS; i++) {
        if (str_eq(all_columns[i].name, name))
            return &all_columns[i];
    }
    return NULL;
}

Str nearest_name(Str s, const Str *names, size_t n) {
    Suggestion near = suggest_for(s);
    for (size_t i = 0; i < n; i++)
        suggest_consider(&near, names[i]);
    return near.best;
}

// "statistical_neighbours" as a heading: "Statistical neighbours".
static Str heading_of(Arena *a, Str name) {
    char *s = arena_alloc(a, name.len);
    if (!s)
        return (Str){0};
    for (size_t i = 0; i < name.len; i++)
        s[i] = name.s[i] == '_' ? ' ' : name.s[i];
    if (name.len > 0 && s[0] >= 'a' && s[0] <= 'z')
        s[0] = (char)(s[0] - 'a' + 'A');
    return (Str){s, name.len};
}

Column column_named(Arena *a, NamedColumn named) {
    return (Column){.name = arena_str(a, named.name),
                    .heading = heading_of(a, named.name),
                    .kind = COLUMN_NAMED,
                    .number = named.is_figure,
                    .need = named.is_figure ? 71 : 73,
                    .least = named.is_figure ? 0 : 12};
}

static void say_unknown(Arena *a, DiagList *d, Str name, const NamedColumn *named, size_t n_named) {
    Diag *diag = diag_add(d, D_UNKNOWN_COLUMN, (Place){.file = PLACE_NO_FILE},
                          "there is no column \"%.*s\"", STR_ARG(name));
    size_t n = N_ALL_COLUMNS + n_named;
    Str *names = ARENA_ARRAY(a, Str, n);
    if (!names)
        return;
    Buf list = {0};
    for (size_t i = 0; i < n; i++) {
        names[i] = i < N_ALL_COLUMNS ? all_columns[i].name : named[i - N_ALL_COLUMNS].name;
        buf_puts(&list, i > 0 ? ", " : "");
        buf_put(&list, names[i]);
    }
    Str near = nearest_name(name, names, n);
    diag->hint = near.len > 0
                     ? arena_printf(d->arena, "did you mean \"%.*s\"?", STR_ARG(near))
                     : arena_printf(d->arena, "choose among %.*s", STR_ARG(buf_str(&list)));
    buf_free(&list);
}

static unsigned usual_set(bs_format format) {
    switch (format) {
    case BS_TABLE:
        return IN_TABLE;
    case BS_CSV:
        return IN_CSV;
    case BS_JSON:
        return IN_JSON;
    case BS_JSONL:
        return IN_JSON | IN_JSONL;
    }
    return 0;
}

static bool choose_usual(Arena *a, bs_format format, unsigned there, Columns *out) {
    *out = (Columns){.v = ARENA_ARRAY(a, Column, N_ALL_COLUMNS)};
    for (size_t i = 0; out->v && i < N_ALL_COLUMNS; i++) {
        unsigned sets = all_columns[i].sets;
        if ((sets & usual_set(format)) && (sets & IF_ANY & ~there) == 0)
            out->v[out->n++] = all_columns[i];
    }
    return out->v != NULL;
}

static const NamedColumn *find_named(Str name, const NamedColumn *named, size_t n_named) {
    for (size_t i = 0; i < n_named; i++) {
        if (str_eq(named[i].name, name))
            return &named[i];
    }
    return NULL;
}

bool columns_choose(Arena *a, const bs_output *o, unsigned there, const NamedColumn *named,
                    size_t n_named, DiagList *d, Columns *out) {
    if (!o->columns)
        return choose_usual(a, o->format, there, out);
    size_t n = o->n_columns < COLUMNS_MAX ? o->n_columns : COLUMNS_MAX;
    *out = (Columns){.v = ARENA_ARRAY(a, Column, n), .chosen = true};
    if (!out->v)
        return false;
    bool all_known = true;
    for (size_t i = 0; i < n; i++) {
        Str name = str_trim(str_from(o->columns[i]));
        const Column *c = find_column(name);
        const NamedColumn *of_rules = find_named(name, named, n_named);
        if (c) {
            out->v[out->n++] = *c;
        } else if (of_rules) {
            out->v[out->n++] = column_named(a, *of_rules);
        } else {
            say_unknown(a, d, name, named, n_named);
            all_known = false;
        }
    }
    return all_known && !a->failed;
}

static unsigned column_needs(const Column *c) {
    switch (c->kind) {
    case COLUMN_FIGURE:
    case COLUMN_EXACT:
        return c->field == offsetof(bs_result, previous) ? PLAN_PREVIOUS : 0;
    case COLUMN_TEXT:
        return c->field == offsetof(bs_result, direction) ? PLAN_DIRECTION
               : c->field == offsetof(bs_result, reason)  ? PLAN_REASON
               : c->field == offsetof(bs_result, changes) ? PLAN_CHANGES
                                                          : 0;
    case COLUMN_LABEL:
    case COLUMN_LINE:
    case COLUMN_STATUS:
    case COLUMN_OUTCOME:
    case COLUMN_MISSING:
    case COLUMN_TARGET:
    case COLUMN_TARGET_EXACT:
    case COLUMN_COMPARATORS:
    case COLUMN_STATUS_AS_OF:
    case COLUMN_LEVELS_AS_OF:
    case COLUMN_LEVELS:
    case COLUMN_RULE:
    case COLUMN_DATA:
    case COLUMN_HASH:
    case COLUMN_NAMED:
        return 0;
    }
    return PLAN_EVERYTHING;
}

unsigned columns_need(const Columns *columns, bool reasons) {
    unsigned needs = reasons ? PLAN_REASON : 0;
    for (size_t i = 0; i < columns->n; i++)
        needs |= column_needs(&columns->v[i]);
    return needs;
}

const bs_figure *result_figure(const bs_result *r, Str name) {
    for (size_t i = 0; i < r->n_figures; i++) {
        if (str_eq(text_str(r->figures[i].name), name))
            return &r->figures[i];
    }
    return NULL;
}

const bs_level *result_level(const bs_result *r, Str name) {
    for (size_t i = 0; i < r->n_levels; i++) {
        if (str_eq(text_str(r->levels[i].name), name))
            return &r->levels[i];
    }
    return NULL;
}

Str outcome_words(bs_status_kind kind) {
    switch (kind) {
    case BS_JUDGED:
        return STR("judged");
    case BS_NO_DATA:
        return STR("no data");
    case BS_UNJUDGED:
        return STR("not judged");
    }
    return (Str){0};
}

static void put_text(Buf *out, bs_text t) {
    buf_put(out, text_str(t));
}

// `name=value`, or `name: reason` for what is missing, so that neither is taken for the other.
static void put_pair(Buf *out, bool first, bs_text name, bs_text value, bs_text missing) {
    buf_puts(out, first ? "" : "; ");
    put_text(out, name);
    if (value.len > 0) {
        buf_char(out, '=');
        put_text(out, value);
    } else {
        buf_puts(out, ": ");
        put_text(out, missing);
    }
}

static void put_comparators(Buf *out, const bs_result *r) {
    bool first = true;
    for (size_t i = 0; i < r->n_figures; i++) {
        const bs_figure *f = &r->figures[i];
        if (str_eq(text_str(f->name), STR("target")))
            continue;
        put_pair(out, first, f->name, f->shown, f->missing);
        first = false;
    }
}

static void put_levels(Buf *out, const bs_level *levels, size_t n) {
    for (size_t i = 0; levels && i < n; i++)
        put_pair(out, i == 0, levels[i].name, levels[i].level, levels[i].missing);
}

static void put_place(Buf *out, bs_text file, unsigned line) {
    put_text(out, file);
    if (file.len > 0 && line > 0)
        buf_printf(out, ":%u", line);
}

// What is withheld says so here too.
static void put_exact(Buf *out, const bs_figure *f) {
    put_text(out, f->exact.len > 0 ? f->exact : f->shown);
}

// A level that is withheld says so; one that is missing is blank.
static void put_level(Buf *out, const bs_level *l) {
    put_text(out, l->level.len > 0 ? l->level : l->label);
}

static void put_named(Buf *out, Str name, const bs_result *r) {
    const bs_level *level = result_level(r, name);
    const bs_figure *figure = result_figure(r, name);
    if (level)
        put_level(out, level);
    else if (figure)
        put_text(out, figure->shown);
}

void column_text(Buf *out, const Column *c, const bs_result *r, Str rules_hash) {
    const void *field = (const char *)r + c->field;
    const bs_figure *target = result_figure(r, STR("target"));
    switch (c->kind) {
    case COLUMN_TEXT:
        put_text(out, *(const bs_text *)field);
        return;
    case COLUMN_LABEL:
        put_text(out, r->label.len > 0 ? r->label : r->kpi);
        return;
    case COLUMN_FIGURE:
        put_text(out, ((const bs_figure *)field)->shown);
        return;
    case COLUMN_EXACT:
        put_exact(out, field);
        return;
    case COLUMN_LINE:
        if (*(const unsigned *)field > 0)
            buf_printf(out, "%u", *(const unsigned *)field);
        return;
    case COLUMN_STATUS:
        buf_put(out, r->kind == BS_JUDGED ? text_str(r->status) : outcome_words(r->kind));
        return;
    case COLUMN_STATUS_AS_OF:
        // Of one that is withheld there is a word in place of the level.
        buf_put(out, !r->levels_as_of              ? (Str){0}
                     : r->status_as_of.len > 0 ? text_str(r->status_as_of)
                                               : outcome_words(r->kind_as_of));
        return;
    case COLUMN_LEVELS_AS_OF:
        put_levels(out, r->levels_as_of, r->n_levels);
        return;
    case COLUMN_OUTCOME:
        buf_put(out, outcome_words(r->kind));
        return;
    case COLUMN_MISSING:
        put_text(out, r->missing.len > 0 ? r->missing : r->value.missing);
        return;
    case COLUMN_TARGET:
        if (target)
            put_text(out, target->shown);
        return;
    case COLUMN_TARGET_EXACT:
        if (target)
            put_exact(out, target);
        return;
    case COLUMN_COMPARATORS:
        put_comparators(out, r);
        return;
    case COLUMN_LEVELS:
        put_levels(out, r->levels, r->n_levels);
        return;
    case COLUMN_RULE:
        put_place(out, r->rule_file, r->rule_line);
        return;
    case COLUMN_DATA:
        put_place(out, r->data_file, r->data_line);
        return;
    case COLUMN_HASH:
        buf_put(out, rules_hash);
        return;
    case COLUMN_NAMED:
        put_named(out, c->name, r);
        return;
    }
}

void columns_help(Buf *out) {
    for (size_t i = 0; i < N_ALL_COLUMNS; i++) {
        const Column *c = &all_columns[i];
        buf_puts(out, "  ");
        buf_put(out, c->name);
        buf_fill(out, ' ', c->name.len < HELP_NAME_WIDTH ? HELP_NAME_WIDTH - c->name.len : 1);
        buf_put(out, c->help);
        buf_char(out, '\n');
    }
}
