// SPDX-License-Identifier: Apache-2.0
// The summary of inspect as a JSON object.
#include <json-c/json.h>
#include <stdint.h>

#include "runtime/edges/inspect_report.h"

// `failed` stays set once memory ran out.
typedef struct Json {
    bool failed;
} Json;

// Takes over [value]; NULL writes null.
static void put(Json *j, json_object *o, const char *key, json_object *value) {
    if (!o || json_object_object_add(o, key, value) != 0) {
        j->failed = true;
        json_object_put(value);
    }
}

static void append(Json *j, json_object *array, json_object *value) {
    if (!array || !value || json_object_array_add(array, value) != 0) {
        j->failed = true;
        json_object_put(value);
    }
}

static json_object *made(Json *j, json_object *value) {
    j->failed |= value == NULL;
    return value;
}

static json_object *text(Json *j, Str s) {
    return made(j, json_object_new_string_len(s.s ? s.s : "", s.len <= INT32_MAX ? (int)s.len : 0));
}

static json_object *count(Json *j, size_t n) {
    return made(j, json_object_new_uint64(n));
}

static json_object *number(Json *j, Number n) {
    Buf b = {0};
    number_print(&b, n);
    j->failed |= b.failed;
    json_object *o = text(j, buf_str(&b));
    buf_free(&b);
    return o;
}

static json_object *period(Json *j, Period p) {
    Buf b = {0};
    period_print(&b, p);
    j->failed |= b.failed;
    json_object *o = text(j, buf_str(&b));
    buf_free(&b);
    return o;
}

static void put_symbols(Json *j, json_object *o, const ColumnProfile *c) {
    Symbol symbols[REPORT_MAX_SYMBOLS];
    size_t n_more, n = report_symbols(c, symbols, REPORT_MAX_SYMBOLS, &n_more);
    json_object *array = made(j, json_object_new_array());
    for (size_t i = 0; i < n; i++) {
        json_object *symbol = made(j, json_object_new_object());
        Str words = symbol_words(symbols[i].text);
        put(j, symbol, "text", text(j, symbols[i].text));
        put(j, symbol, "count", count(j, symbols[i].n));
        put(j, symbol, "usually", words.len > 0 ? text(j, words) : NULL);
        append(j, array, symbol);
    }
    put(j, o, "symbols", array);
}

static void put_figures(Json *j, json_object *o, const ColumnProfile *c) {
    put(j, o, "figures", count(j, c->n_figures));
    put(j, o, "decimals", count(j, c->decimals > 0 ? (size_t)c->decimals : 0));
    put(j, o, "least", c->has_range ? number(j, c->least) : NULL);
    put(j, o, "most", c->has_range ? number(j, c->most) : NULL);
    put(j, o, "percent_signs", count(j, c->n_percent));
    put(j, o, "thousands_commas", count(j, c->n_commas));
    put(j, o, "thousands_spaces", count(j, c->n_spaces));
    put(j, o, "pound_signs", count(j, c->n_pounds));
    put_symbols(j, o, c);
}

static void put_periods(Json *j, json_object *o, const ColumnProfile *c) {
    put(j, o, "period_kind", text(j, period_kind_words(c->period_kind)));
    put(j, o, "first", period(j, c->first[c->period_kind]));
    put(j, o, "last", period(j, c->last[c->period_kind]));
}

static json_object *column_object(Json *j, const ColumnProfile *c) {
    json_object *o = made(j, json_object_new_object());
    put(j, o, "name", text(j, c->name));
    put(j, o, "kind", text(j, str_from(kind_word(c->kind))));
    put(j, o, "filled", count(j, c->n_filled));
    put(j, o, "empty", count(j, c->n_empty));
    put(j, o, "different", count(j, c->texts.n));
    put(j, o, "different_is_least", made(j, json_object_new_boolean(c->more_texts)));
    put(j, o, "blanks_at_an_end", count(j, c->n_padded));
    if (c->kind == PROFILE_FIGURES)
        put_figures(j, o, c);
    if (c->kind == PROFILE_PERIODS)
        put_periods(j, o, c);
    return o;
}

static json_object *column_name(Json *j, const Profile *p, size_t column) {
    return column == NO_COLUMN ? NULL : text(j, p->columns.v[column].name);
}

static void put_roles(Json *j, json_object *o, const Profile *p, const Guess *g) {
    put(j, o, "layout", g->layout == GUESS_NONE ? NULL : text(j, str_from(layout_word(g->layout))));
    put(j, o, "entity_column", column_name(j, p, g->entity));
    put(j, o, "period_column", column_name(j, p, g->period));
    put(j, o, "metric_column", column_name(j, p, g->metric));
    put(j, o, "value_column", column_name(j, p, g->value));
    put(j, o, "current_column", column_name(j, p, g->current));
    put(j, o, "previous_column", column_name(j, p, g->previous));
    put(j, o, "repeated_rows", g->keys_counted ? count(j, g->n_repeated) : NULL);
}

static void put_file(Json *j, json_object *o, const Profile *p) {
    put(j, o, "file", text(j, p->path));
    put(j, o, "format", text(j, str_from(format_word(p->format))));
    put(j, o, "delimiter", p->format == RECORDS_CSV ? text(j, (Str){&p->delimiter, 1}) : NULL);
    put(j, o, "encoding", text(j, p->encoding));
    put(j, o, "compression", p->compression.len > 0 ? text(j, p->compression) : NULL);
    put(j, o, "rows", count(j, p->n_rows));
    put(j, o, "short_rows", count(j, p->n_short));
    put(j, o, "long_rows", count(j, p->n_long));
}

bool report_json(Buf *out, const Profile *p, const Guess *g, const Findings *findings, Str input) {
    Json j = {0};
    json_object *o = made(&j, json_object_new_object());
    put_file(&j, o, p);
    put_roles(&j, o, p, g);
    json_object *columns = made(&j, json_object_new_array());
    for (size_t i = 0; i < p->columns.n; i++)
        append(&j, columns, column_object(&j, &p->columns.v[i]));
    put(&j, o, "columns", columns);
    json_object *sentences = made(&j, json_object_new_array());
    for (size_t i = 0; i < findings->n; i++)
        append(&j, sentences, text(&j, findings->v[i]));
    put(&j, o, "findings", sentences);
    put(&j, o, "input", input.len > 0 ? text(&j, input) : NULL);
    size_t len = 0;
    const char *s = json_object_to_json_string_length(
        o, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_NOSLASHESCAPE,
        &len);
    j.failed |= s == NULL;
    if (!j.failed) {
        buf_put(out, (Str){s, len});
        buf_char(out, '\n');
    }
    json_object_put(o);
    return !j.failed;
}
