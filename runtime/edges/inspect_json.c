// SPDX-License-Identifier: Apache-2.0
// The summary of inspect as a JSON object.
#include "runtime/edges/inspect_report.h"
#include "runtime/edges/json_tree.h"

static json_object *number(Json *j, Number n) {
    Buf b = {0};
    number_print(&b, n);
    j->failed |= b.failed;
    json_object *o = json_text(j, buf_str(&b));
    buf_free(&b);
    return o;
}

static json_object *period(Json *j, Period p) {
    Buf b = {0};
    period_print(&b, p);
    j->failed |= b.failed;
    json_object *o = json_text(j, buf_str(&b));
    buf_free(&b);
    return o;
}

static void put_symbols(Json *j, json_object *o, const ColumnProfile *c) {
    Symbol symbols[REPORT_MAX_SYMBOLS];
    size_t n_more, n = report_symbols(c, symbols, REPORT_MAX_SYMBOLS, &n_more);
    json_object *array = json_list(j);
    for (size_t i = 0; i < n; i++) {
        json_object *symbol = json_new(j);
        Str words = symbol_words(symbols[i].text);
        json_put(j, symbol, "text", json_text(j, symbols[i].text));
        json_put(j, symbol, "count", json_count(j, symbols[i].n));
        json_put(j, symbol, "usually", words.len > 0 ? json_text(j, words) : NULL);
        json_append(j, array, symbol);
    }
    json_put(j, o, "symbols", array);
}

static void put_figures(Json *j, json_object *o, const ColumnProfile *c) {
    json_put(j, o, "figures", json_count(j, c->n_figures));
    json_put(j, o, "decimals", json_count(j, c->decimals > 0 ? (size_t)c->decimals : 0));
    json_put(j, o, "least", c->has_range ? number(j, c->least) : NULL);
    json_put(j, o, "most", c->has_range ? number(j, c->most) : NULL);
    json_put(j, o, "percent_signs", json_count(j, c->n_percent));
    json_put(j, o, "thousands_commas", json_count(j, c->n_commas));
    json_put(j, o, "thousands_spaces", json_count(j, c->n_spaces));
    json_put(j, o, "pound_signs", json_count(j, c->n_pounds));
    put_symbols(j, o, c);
}

static void put_periods(Json *j, json_object *o, const ColumnProfile *c) {
    json_put(j, o, "period_kind", json_text(j, period_kind_words(c->period_kind)));
    json_put(j, o, "first", period(j, c->first[c->period_kind]));
    json_put(j, o, "last", period(j, c->last[c->period_kind]));
}

static json_object *column_object(Json *j, const ColumnProfile *c) {
    json_object *o = json_new(j);
    json_put(j, o, "name", json_text(j, c->name));
    json_put(j, o, "kind", json_text(j, str_from(kind_word(c->kind))));
    json_put(j, o, "filled", json_count(j, c->n_filled));
    json_put(j, o, "empty", json_count(j, c->n_empty));
    json_put(j, o, "different", json_count(j, c->texts.n));
    json_put(j, o, "different_is_least", json_made(j, json_object_new_boolean(c->more_texts)));
    json_put(j, o, "blanks_at_an_end", json_count(j, c->n_padded));
    if (c->kind == PROFILE_FIGURES)
        put_figures(j, o, c);
    if (c->kind == PROFILE_PERIODS)
        put_periods(j, o, c);
    return o;
}

static json_object *column_name(Json *j, const Profile *p, size_t column) {
    return column == NO_COLUMN ? NULL : json_text(j, p->columns.v[column].name);
}

static void put_roles(Json *j, json_object *o, const Profile *p, const Guess *g) {
    json_put(j, o, "layout",
             g->layout == GUESS_NONE ? NULL : json_text(j, str_from(layout_word(g->layout))));
    json_put(j, o, "entity_column", column_name(j, p, g->entity));
    json_put(j, o, "period_column", column_name(j, p, g->period));
    json_put(j, o, "metric_column", column_name(j, p, g->metric));
    json_put(j, o, "value_column", column_name(j, p, g->value));
    json_put(j, o, "current_column", column_name(j, p, g->current));
    json_put(j, o, "previous_column", column_name(j, p, g->previous));
    json_put(j, o, "repeated_rows", g->keys_counted ? json_count(j, g->n_repeated) : NULL);
}

static void put_file(Json *j, json_object *o, const Profile *p) {
    json_put(j, o, "file", json_text(j, p->path));
    json_put(j, o, "format", json_text(j, str_from(format_word(p->format))));
    json_put(j, o, "delimiter",
             p->format == RECORDS_CSV ? json_text(j, (Str){&p->delimiter, 1}) : NULL);
    json_put(j, o, "encoding", json_text(j, p->encoding));
    json_put(j, o, "compression", p->compression.len > 0 ? json_text(j, p->compression) : NULL);
    json_put(j, o, "rows", json_count(j, p->n_rows));
    json_put(j, o, "short_rows", json_count(j, p->n_short));
    json_put(j, o, "long_rows", json_count(j, p->n_long));
}

bool report_json(Buf *out, const Profile *p, const Guess *g, const Findings *findings, Str input) {
    Json j = {0};
    json_object *o = json_new(&j);
    put_file(&j, o, p);
    put_roles(&j, o, p, g);
    json_object *columns = json_list(&j);
    for (size_t i = 0; i < p->columns.n; i++)
        json_append(&j, columns, column_object(&j, &p->columns.v[i]));
    json_put(&j, o, "columns", columns);
    json_object *sentences = json_list(&j);
    for (size_t i = 0; i < findings->n; i++)
        json_append(&j, sentences, json_text(&j, findings->v[i]));
    json_put(&j, o, "findings", sentences);
    json_put(&j, o, "input", input.len > 0 ? json_text(&j, input) : NULL);
    return json_write(&j, o, out);
}
