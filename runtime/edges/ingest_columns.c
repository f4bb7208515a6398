// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/ingest_columns.h"

#include <strings.h>

#include "runtime/base/suggest.h"
#include "runtime/edges/ingest_figures.h"

enum { MAX_LISTED = 12 }; // column names in a message

// ---- the columns of an input --------------------------------------------------------------------

static bool add_column(IngestColumns *c, Str name, const char *role, bool needed) {
    uint32_t wanted = name.len > 0 ? intern_add(&c->wanted, name) : INTERN_NONE;
    c->v[c->n++] = (IngestColumn){.name = name, .role = role, .needed = needed, .wanted = wanted};
    return name.len == 0 || wanted != INTERN_NONE;
}

static bool add_roles(IngestColumns *c, const Input *in, bool may_grow) {
    return add_column(c, in->entity_column, "entity", true) &&
           add_column(c, in->period_column, "period", true) &&
           add_column(c, in->metric_column, "metric", true) &&
           add_column(c, in->value_column, in->layout == LAYOUT_SNAPSHOT ? "current" : "value",
                      !may_grow) &&
           add_column(c, in->previous_column, "previous", !may_grow);
}

static Str column_of_metric(const Metric *m) {
    return m->column.len > 0 ? m->column : m->name;
}

static bool add_columns(IngestColumns *c, const Program *p, const Input *in, bool may_grow,
                        bool standard) {
    bool ok = add_roles(c, in, may_grow);
    c->first_field = c->n;
    for (uint32_t i = 0; i < in->n_fields; i++) {
        ok = ok && add_column(c, in->fields[i].column, "field", !may_grow && !standard);
    }
    c->first_where = c->n;
    for (uint32_t i = 0; i < in->n_wheres; i++) {
        ok = ok && add_column(c, in->wheres[i].column, "where", true);
    }
    c->first_metric = c->n;
    for (uint32_t i = 0; in->layout == LAYOUT_WIDE && i < p->n_metrics; i++) {
        ok = ok && add_column(c, column_of_metric(&p->metrics[i]), "metric", false);
    }
    return ok;
}

bool ingest_columns_init(IngestColumns *c, Arena *a, const Program *p, const Input *input,
                         bool may_grow, bool standard) {
    *c = (IngestColumns){.input = input};
    intern_init(&c->wanted, a);
    size_t n_metrics = input->layout == LAYOUT_WIDE ? p->n_metrics : 0;
    size_t n = (size_t)N_COLUMN_ROLES + input->n_fields + input->n_wheres + n_metrics;
    c->v = ARENA_ARRAY(a, IngestColumn, n);
    if (!c->v || !add_columns(c, p, input, may_grow, standard)) {
        return false;
    }
    c->at = ARENA_ARRAY(a, size_t, c->wanted.n);
    c->again = ARENA_ARRAY(a, size_t, c->wanted.n);
    for (uint32_t i = 0; c->at && c->again && i < c->wanted.n; i++) {
        c->at[i] = c->again[i] = INGEST_NO_COLUMN;
    }
    return c->at && c->again;
}

void ingest_columns_bind(IngestColumns *c, const Str *header, size_t n) {
    for (size_t i = c->n_bound; i < n; i++) {
        uint32_t wanted = intern_find(&c->wanted, header[i]);
        if (wanted == INTERN_NONE) {
            continue;
        }
        size_t *place = c->at[wanted] == INGEST_NO_COLUMN ? &c->at[wanted] : &c->again[wanted];
        *place = *place == INGEST_NO_COLUMN ? i : *place;
    }
    c->n_bound = n;
}

size_t ingest_columns_at(const IngestColumns *c, size_t column) {
    uint32_t wanted = c->v[column].wanted;
    return wanted == INTERN_NONE ? INGEST_NO_COLUMN : c->at[wanted];
}

static bool is_lacking(const IngestColumns *c, size_t column) {
    return c->v[column].name.len > 0 && ingest_columns_at(c, column) == INGEST_NO_COLUMN;
}

static bool has_a_metric(const IngestColumns *c) {
    for (size_t i = c->first_metric; i < c->n; i++) {
        if (!is_lacking(c, i)) {
            return true;
        }
    }
    return c->input->layout != LAYOUT_WIDE;
}

bool ingest_columns_fit(const IngestColumns *c) {
    for (size_t i = 0; i < c->first_metric; i++) {
        if (c->v[i].needed && is_lacking(c, i)) {
            return false;
        }
    }
    return has_a_metric(c);
}

// ---- what is wrong with a header ----------------------------------------------------------------

Str ingest_nearest(Str word, const Str *names, size_t n) {
    Suggestion near = suggest_for(word);
    for (size_t i = 0; i < n; i++) {
        if (names[i].len == word.len && strncasecmp(names[i].s, word.s, word.len) == 0) {
            return names[i];
        }
        suggest_consider(&near, names[i]);
    }
    return near.best;
}

static void list_names(Buf *out, const Str *names, size_t n) {
    for (size_t i = 0; i < n && i < MAX_LISTED; i++) {
        buf_printf(out, "%s%.*s", i > 0 ? ", " : "", STR_ARG(names[i]));
    }
    if (n > MAX_LISTED) {
        buf_printf(out, " and %zu more", n - MAX_LISTED);
    }
}

static void hint_columns(DiagList *d, Diag *diag, Str name, const Str *header, size_t n) {
    Buf text = {0};
    Str near = ingest_nearest(name, header, n);
    if (near.len > 0) {
        buf_printf(&text, "did you mean \"%.*s\"? ", STR_ARG(near));
    }
    buf_puts(&text, "the file has the columns ");
    list_names(&text, header, n);
    diag->hint = arena_str(d->arena, buf_str(&text));
    buf_free(&text);
}

static void report_lacking(const IngestColumns *c, DiagList *d, Place place, const IngestColumn *at,
                           const Str *header, size_t n) {
    Str block = figure_block(d->arena, c->input);
    bool standard = c->input->name.len == 0;
    Diag *diag = diag_add(d, D_COLUMN_MISSING, place, "the file has no column \"%.*s\" (%s)%s%.*s",
                          STR_ARG(at->name), at->role, standard ? "" : ", which is named by ",
                          standard ? 0 : (int)block.len, block.s);
    hint_columns(d, diag, at->name, header, n);
    if (standard) {
        diag->hint =
            arena_printf(d->arena,
                         "%.*s. Without an input block in the rules the columns are entity, "
                         "period, metric and value; `bandstand inspect FILE` prints a block "
                         "for others",
                         STR_ARG(diag->hint));
    }
}

static void report_no_metric(const IngestColumns *c, DiagList *d, Place place, const Str *header,
                             size_t n) {
    Diag *diag = diag_add(d, D_NO_METRIC_COLUMN, place,
                          "the file has a column for none of the metrics that the rules declare");
    if (c->n > c->first_metric) {
        hint_columns(d, diag, c->v[c->first_metric].name, header, n);
    }
}

static void report_twice(DiagList *d, Place place, const IngestColumn *column, size_t at,
                         size_t again) {
    Diag *diag =
        diag_add(d, D_COLUMN_TWICE, place, "the header has \"%.*s\" twice, as columns %zu and %zu",
                 STR_ARG(column->name), at + 1, again + 1);
    diag->hint = STR("rename the one that is not meant, or take it out");
}

// Was the same reported for an earlier column of the same name?
static bool is_reported(const IngestColumns *c, size_t column, bool lacking) {
    for (size_t i = 0; i < column; i++) {
        if (c->v[i].wanted == c->v[column].wanted && (c->v[i].needed || !lacking)) {
            return true;
        }
    }
    return false;
}

static bool check_column(const IngestColumns *c, size_t i, DiagList *d, Place place,
                         const Str *header, size_t n) {
    const IngestColumn *column = &c->v[i];
    bool lacking = column->needed && is_lacking(c, i);
    bool twice = column->wanted != INTERN_NONE && c->again[column->wanted] != INGEST_NO_COLUMN;
    if (!lacking && !twice) {
        return true;
    }
    if (lacking && !is_reported(c, i, true)) {
        report_lacking(c, d, place, column, header, n);
    } else if (twice && !is_reported(c, i, false)) {
        report_twice(d, place, column, c->at[column->wanted], c->again[column->wanted]);
    }
    return false;
}

bool ingest_columns_check(const IngestColumns *c, DiagList *d, uint32_t file, const Str *header,
                          size_t n) {
    Place place = {.file = file};
    bool ok = true;
    for (size_t i = 0; i < c->n; i++) {
        ok = check_column(c, i, d, place, header, n) && ok;
    }
    if (ok && !has_a_metric(c)) {
        report_no_metric(c, d, place, header, n);
        return false;
    }
    return ok;
}

void ingest_columns_list_lacks(const IngestColumns *c, Buf *out, const Str *header, size_t n) {
    const char *before = "lacks ";
    for (size_t i = 0; i < c->first_metric; i++) {
        if (!c->v[i].needed || !is_lacking(c, i)) {
            continue;
        }
        buf_printf(out, "%s\"%.*s\"", before, STR_ARG(c->v[i].name));
        Str near = ingest_nearest(c->v[i].name, header, n);
        if (near.len > 0) {
            buf_printf(out, " (did you mean \"%.*s\"?)", STR_ARG(near));
        }
        before = ", ";
    }
    if (!has_a_metric(c)) {
        buf_printf(out, "%sa column of any metric", before);
    }
}
