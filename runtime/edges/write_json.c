// SPDX-License-Identifier: Apache-2.0
// JSON and JSON Lines: an object a result, its keys the columns' names. Figures are texts, so that
// no reader turns an exact number into a binary fraction; what is missing is null with its reason.
#include <json-c/json.h>

#include "runtime/edges/write.h"

// An object under construction; `failed` stays set once memory ran out.
typedef struct Builder {
    json_object *object;
    bool failed;
} Builder;

static Builder new_object(void) {
    json_object *object = json_object_new_object();
    return (Builder){.object = object, .failed = object == NULL};
}

// Takes over [value]; NULL writes null.
static void add(Builder *b, const char *key, json_object *value) {
    if (b->failed || json_object_object_add(b->object, key, value) != 0) {
        b->failed = true;
        json_object_put(value);
    }
}

static void add_text(Builder *b, const char *key, Str s) {
    if (s.len == 0) {
        add(b, key, NULL);
        return;
    }
    json_object *text = s.len <= INT32_MAX ? json_object_new_string_len(s.s, (int)s.len) : NULL;
    b->failed |= text == NULL;
    add(b, key, text);
}

static void add_object(Builder *b, const char *key, Builder child) {
    b->failed |= child.failed;
    add(b, key, child.object);
}

// With its unit where that is not the KPI's.
static void fill_figure(Builder *b, const bs_figure *f, bs_text unit) {
    add_text(b, "exact", text_str(f->exact));
    add_text(b, "shown", text_str(f->shown));
    if (!str_eq(text_str(f->unit), text_str(unit)))
        add_text(b, "unit", text_str(f->unit));
    if (f->missing.len > 0)
        add_text(b, "missing", text_str(f->missing));
}

static void add_figure(Builder *b, const char *key, const bs_figure *f, bs_text unit,
                       bool with_label) {
    if (!f || (f->exact.len == 0 && f->shown.len == 0 && f->missing.len == 0)) {
        add(b, key, NULL);
        return;
    }
    Builder figure = new_object();
    if (with_label)
        add_text(&figure, "label", text_str(f->label));
    fill_figure(&figure, f, unit);
    add_object(b, key, figure);
}

static void add_level(Builder *b, const char *key, const bs_level *l) {
    Builder level = new_object();
    add_text(&level, "level", text_str(l->level));
    add_text(&level, "label", text_str(l->label));
    if (l->missing.len > 0)
        add_text(&level, "missing", text_str(l->missing));
    add_object(b, key, level);
}

static void add_comparators(Builder *b, const char *key, const bs_result *r) {
    Builder all = new_object();
    for (size_t i = 0; i < r->n_figures; i++) {
        if (!str_eq(text_str(r->figures[i].name), STR("target")))
            add_figure(&all, r->figures[i].name.s, &r->figures[i], r->unit, true);
    }
    add_object(b, key, all);
}

static void add_levels(Builder *b, const char *key, const bs_level *levels, size_t n) {
    Builder all = new_object();
    for (size_t i = 0; levels && i < n; i++)
        add_level(&all, levels[i].name.s, &levels[i]);
    add_object(b, key, all);
}

static void add_line(Builder *b, const char *key, unsigned line) {
    json_object *number = line > 0 ? json_object_new_int64(line) : NULL;
    b->failed |= line > 0 && number == NULL;
    add(b, key, number);
}

static void add_count(Builder *b, const char *key, size_t n) {
    json_object *number = json_object_new_int64((int64_t)n);
    b->failed |= number == NULL;
    add(b, key, number);
}

static void add_named(Builder *b, const char *key, Str name, const bs_result *r) {
    const bs_level *level = result_level(r, name);
    if (level)
        add_level(b, key, level);
    else
        add_figure(b, key, result_figure(r, name), r->unit, true);
}

static void add_column(Builder *b, Buf *text, const Column *c, const bs_result *r, Str rules_hash) {
    const char *key = c->name.s; // a literal or an arena's copy: both end in a NUL
    const void *field = (const char *)r + c->field;
    switch (c->kind) {
    case COLUMN_FIGURE:
        add_figure(b, key, field, r->unit, false);
        return;
    case COLUMN_TARGET:
        add_figure(b, key, result_figure(r, STR("target")), r->unit, false);
        return;
    case COLUMN_LINE:
        add_line(b, key, *(const unsigned *)field);
        return;
    case COLUMN_COMPARATORS:
        add_comparators(b, key, r);
        return;
    case COLUMN_LEVELS:
        add_levels(b, key, r->levels, r->n_levels);
        return;
    case COLUMN_LEVELS_AS_OF:
        add_levels(b, key, r->levels_as_of, r->n_levels);
        return;
    case COLUMN_STATUS_AS_OF:
        add_text(b, key, text_str(r->status_as_of));
        return;
    case COLUMN_STATUS:
        add_text(b, key, r->kind == BS_JUDGED ? text_str(r->status) : (Str){0});
        return;
    case COLUMN_NAMED:
        add_named(b, key, c->name, r);
        return;
    case COLUMN_TEXT:
    case COLUMN_LABEL:
    case COLUMN_EXACT:
    case COLUMN_OUTCOME:
    case COLUMN_MISSING:
    case COLUMN_TARGET_EXACT:
    case COLUMN_RULE:
    case COLUMN_DATA:
    case COLUMN_HASH:
        text->len = 0;
        column_text(text, c, r, rules_hash);
        b->failed |= text->failed;
        add_text(b, key, buf_str(text));
        return;
    }
}

void json_begin(Writer *w) {
    if (w->output.format != BS_JSON)
        return;
    buf_puts(&w->out, "{\"rules_hash\":\"");
    buf_put(&w->out, w->names->rules_hash);
    if (w->names->n_overrides > 0) {
        buf_puts(&w->out, "\",\"overrides_hash\":\"");
        buf_put(&w->out, w->names->overrides_hash);
    }
    buf_puts(&w->out, "\",\"results\":[");
}

static const char *json_text(json_object *object, size_t *len) {
    return json_object_to_json_string_length(
        object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, len);
}

bool json_put_row(Buf *out, const Columns *columns, const bs_result *r, Str rules_hash) {
    Buf text = {0};
    Builder row = new_object();
    for (size_t i = 0; i < columns->n; i++)
        add_column(&row, &text, &columns->v[i], r, rules_hash);
    size_t len = 0;
    const char *s = row.failed ? NULL : json_text(row.object, &len);
    if (s)
        buf_put(out, (Str){s, len});
    json_object_put(row.object);
    buf_free(&text);
    return s != NULL;
}

bool json_add(Writer *w, const bs_result *r) {
    if (w->output.format == BS_JSON)
        buf_puts(&w->out, w->tally.counts.n_rows > 0 ? ",\n" : "\n");
    bool ok = json_put_row(&w->out, &w->columns, r, w->names->rules_hash);
    if (w->output.format == BS_JSONL)
        buf_char(&w->out, '\n');
    return ok;
}

// What each assertion came to.
static bool put_assertions(Buf *out, const WriteNames *names) {
    Builder all = {.object = json_object_new_array()};
    all.failed = all.object == NULL;
    for (size_t i = 0; !all.failed && i < names->n_assertions; i++) {
        const Assertion *a = &names->assertions[i];
        const AssertionTally *t = &names->asserted[i];
        Builder one = new_object();
        add_text(&one, "assert", a->text);
        add_text(&one, "condition", a->condition);
        add_text(&one, "severity", a->is_warning ? STR("warning") : STR("error"));
        add_count(&one, "held", t->n_held);
        add_count(&one, "failed", t->n_failed);
        add_count(&one, "not_checked", t->n_unchecked);
        all.failed = one.failed || json_object_array_add(all.object, one.object) != 0;
        if (all.failed)
            json_object_put(one.object);
    }
    size_t len = 0;
    const char *s = all.failed ? NULL : json_text(all.object, &len);
    if (s) {
        buf_puts(out, ",\n\"assertions\":");
        buf_put(out, (Str){s, len});
    }
    json_object_put(all.object);
    return s != NULL;
}

bool json_end(Writer *w) {
    buf_puts(&w->out, "\n]");
    bool ok =
        !w->names->asserted || w->names->n_assertions == 0 || put_assertions(&w->out, w->names);
    if (w->names->n_overrides > 0)
        buf_printf(&w->out, ",\n\"by_hand\":%zu", w->tally.counts.n_by_hand);
    buf_puts(&w->out, "}\n");
    return ok;
}
