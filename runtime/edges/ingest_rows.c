// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/ingest_rows.h"

#include <string.h>

#include "runtime/edges/ingest_fractions.h"

// ---- words --------------------------------------------------------------------------------------

Str ingest_subject(Ingest *in, uint32_t metric, uint32_t entity, Period period) {
    Arena *a = in->diags->arena;
    Str name = figure_metric(a, &in->program->metrics[metric]);
    Str who = figure_shown(a, intern_text(&in->store->entities, entity));
    Buf when = {0};
    period_print(&when, period);
    Str words = arena_printf(a, "%.*s%s%.*s%s%.*s", STR_ARG(name), who.len > 0 ? " for " : "",
                             STR_ARG(who), when.len > 0 ? ", " : "", STR_ARG(buf_str(&when)));
    buf_free(&when);
    return words;
}

Str ingest_line(const DiagList *d, Place place, uint32_t file) {
    if (place.file == file || place.file >= d->files.n) {
        return arena_printf(d->arena, "line %u", (unsigned)place.line);
    }
    return arena_printf(d->arena, "line %u of %.*s", (unsigned)place.line,
                        STR_ARG(d->files.v[place.file].path));
}

// ---- cells --------------------------------------------------------------------------------------

static bool is_blank(const Cell *cell) {
    return str_trim(cell->text).len == 0;
}

// A line of delimiters alone, as spreadsheets leave them below a table.
static bool is_blank_row(const Record *r) {
    for (size_t i = 0; i < r->n + r->n_extra; i++) {
        if (!is_blank(&r->cells[i])) {
            return false;
        }
    }
    return true;
}

static void note(IngestNoted *noted, uint32_t line) {
    noted->line = noted->n++ == 0 ? line : noted->line;
}

// Counts a CSV row whose cells are fewer than the header's, or more (blank ones aside). In JSON a
// key that is absent is nothing unusual.
static void note_ragged(IngestFile *f, const Record *r) {
    if (records_format(f->choice.records) != RECORDS_CSV) {
        return;
    }
    size_t cells = r->n;
    while (cells > 0 && r->cells[cells - 1].kind == CELL_ABSENT) {
        cells--;
    }
    for (size_t i = 0; i < r->n_extra; i++) {
        cells = is_blank(&r->cells[r->n + i]) ? cells : r->n + i + 1;
    }
    if (cells != r->n) {
        f->ragged_cells = f->ragged.n == 0 ? cells : f->ragged_cells;
        note(&f->ragged, r->line);
    }
}

static bool is_one_of(const WhereFilter *w, Str text) {
    for (uint32_t i = 0; i < w->n_texts; i++) {
        if (str_eq(text, w->texts[i])) {
            return true;
        }
    }
    return false;
}

static bool passes(IngestFile *f, const Record *r) {
    const Input *input = f->choice.input;
    for (uint32_t i = 0; i < input->n_wheres; i++) {
        Cell cell = ingest_cell(f, r, f->choice.columns.first_where + i);
        Str text = str_trim(cell.text);
        if (is_one_of(&input->wheres[i], text) != input->wheres[i].negated) {
            continue;
        }
        if (f->filtered.n == 0) {
            f->where = i;
            f->where_text = arena_str(f->arena, text);
        }
        note(&f->filtered, r->line);
        return false;
    }
    f->n_kept++;
    return true;
}

// ---- observations -------------------------------------------------------------------------------

bool ingest_check_kind(Ingest *in, uint32_t metric, Period period, Place place) {
    IngestMetric *m = &in->metrics[metric];
    if (m->kind == N_PERIOD_KINDS) {
        m->kind = period.kind;
        m->first = place;
    }
    if (m->kind == period.kind) {
        return true;
    }
    DiagList *d = in->diags;
    Str name = figure_metric(d->arena, &in->program->metrics[metric]);
    Str is = period_kind_words(period.kind), was = period_kind_words(m->kind);
    Str line = ingest_line(d, m->first, place.file);
    bool given = period.kind != PERIOD_NONE;
    Diag *diag = diag_add(d, D_PERIOD_KINDS, place, "%.*s has %s%.*s here, but %s%.*s on %.*s",
                          STR_ARG(name), given ? "a " : "", STR_ARG(is),
                          m->kind != PERIOD_NONE ? "a " : "", STR_ARG(was), STR_ARG(line));
    diag->other = m->first;
    diag->note = STR("the first figure of the series");
    diag->hint = STR("a series has periods of one kind: declare a second metric for the others, or "
                     "leave their rows out with a `where` line");
    return false;
}

static void report_there(IngestFile *f, uint32_t old, const IngestKey *key) {
    Ingest *in = f->in;
    DiagList *d = in->diags;
    const Observation *o = &in->store->obs[old];
    Place other = {.file = o->file, .line = o->line};
    Str subject = ingest_subject(in, o->metric, o->entity, o->period);
    Str line = ingest_line(d, other, f->file);
    Diag *diag = diag_add(d, D_OBSERVED_TWICE, key->place, "%.*s is there twice: also on %.*s",
                          STR_ARG(subject), STR_ARG(line));
    diag->other = other;
    diag->note = STR("first given here");
    if (o->file == f->file) {
        diag->hint =
            STR("take one of the two lines out; if another column tells them apart, choose "
                "with a `where` line");
    } else {
        diag->hint =
            STR("take one of the two out; if one file corrects the other, name it last and "
                "add `revises` to its input block");
    }
}

uint32_t ingest_enter(IngestFile *f, uint32_t metric, const IngestKey *key, uint8_t marks) {
    Store *s = f->in->store;
    f->in->metrics[metric].supplied = true;
    Observation o = {
        .metric = metric,
        .entity = key->entity,
        .period = key->period,
        .file = f->file,
        .line = key->place.line,
        .marks = marks | key->marks,
    };
    if (!ingest_check_kind(f->in, metric, key->period, key->place)) {
        return OBS_NONE;
    }
    uint32_t old, obs = store_add_unless(s, o, &old);
    if (old == OBS_NONE) {
        return obs;
    }
    if (f->choice.input->revises && s->obs[old].file != f->file) {
        o.marks |= MARK_REVISED;
        return store_replace(s, old, o);
    }
    if (f->told_twice != key->place.line) {
        report_there(f, old, key);
        f->told_twice = key->place.line;
    }
    return OBS_NONE;
}

// ---- figures ------------------------------------------------------------------------------------

static bool read_figure(IngestFile *f, const Record *r, size_t column, uint32_t metric,
                        bool is_value, Figure *out) {
    Cell cell = ingest_cell(f, r, column);
    FigureContext c = {
        .d = f->in->diags,
        .arena = f->in->store->numbers,
        .input = f->choice.input,
        .metric = &f->in->program->metrics[metric],
        .is_value = is_value,
        .column = f->choice.columns.v[column].name,
        .file = f->file,
    };
    if (!figure_read(&c, &cell, out)) {
        return false;
    }
    FractionDoubt *doubt = &f->in->fractions[metric];
    if (is_value && !out->why && !doubt->settled) {
        fraction_note(doubt, out->number, (Place){.file = f->file, .line = cell.line});
        doubt->settled |= str_ends(str_trim(cell.text), STR("%"));
    }
    return true;
}

static bool read_text(IngestFile *f, const Record *r, size_t column, Figure *out) {
    Cell cell = ingest_cell(f, r, column);
    Str text = str_trim(cell.text);
    *out = (Figure){.number = number_int(0), .why = WHY(REASON_NOT_AVAILABLE)};
    if (text.len == 0) {
        return true;
    }
    uint32_t id = intern_add(&f->in->store->texts, text);
    *out = (Figure){.number = number_int(id)};
    return id != INTERN_NONE;
}

static bool is_in_file(const IngestFile *f, size_t column) {
    return ingest_columns_at(&f->choice.columns, column) != INGEST_NO_COLUMN;
}

// The fields of the standard layout are those that the file happens to have.
static bool has_field(const IngestFile *f, uint32_t i) {
    return f->choice.input != &f->in->standard || is_in_file(f, f->choice.columns.first_field + i);
}

// Reads the value and the fields of a long or snapshot row into f->figures. Marks count wherever
// they stand.
static bool read_figures(IngestFile *f, const Record *r, uint32_t metric, uint8_t *marks) {
    const IngestColumns *c = &f->choice.columns;
    bool ok = read_figure(f, r, COLUMN_VALUE, metric, true, &f->figures[FIELD_VALUE]);
    *marks = f->figures[FIELD_VALUE].marks;
    for (uint32_t i = 0; i < c->input->n_fields; i++) {
        const FieldColumn *field = &c->input->fields[i];
        size_t column = c->first_field + i;
        Figure *figure = &f->figures[field->field];
        if (!has_field(f, i)) {
            continue;
        }
        bool read = field->is_text ? read_text(f, r, column, figure)
                                   : read_figure(f, r, column, metric, false, figure);
        ok = read && ok;
        *marks |= figure->marks;
    }
    return ok;
}

static void set_figures(IngestFile *f, uint32_t obs) {
    Store *s = f->in->store;
    const IngestColumns *c = &f->choice.columns;
    store_set(s, obs, FIELD_VALUE, f->figures[FIELD_VALUE].number, f->figures[FIELD_VALUE].why);
    for (uint32_t i = 0; i < c->input->n_fields; i++) {
        uint32_t field = c->input->fields[i].field;
        if (has_field(f, i)) {
            store_set(s, obs, field, f->figures[field].number, f->figures[field].why);
        }
    }
}

// ---- rows ---------------------------------------------------------------------------------------

static void keep_previous(IngestFile *f, const Record *r, uint32_t metric, const IngestKey *key) {
    Figure figure;
    if (f->choice.input->previous_column.len == 0 ||
        !read_figure(f, r, COLUMN_PREVIOUS, metric, true, &figure)) {
        return;
    }
    IngestPrevious previous = {
        .metric = metric,
        .entity = key->entity,
        .period = period_add(key->period, -1),
        .number = figure.number,
        .why = figure.why,
        .marks = figure.marks,
        .revises = f->choice.input->revises,
        .place = key->place,
    };
    VEC_PUSH(&f->in->arena, &f->in->previous, previous);
}

static void read_metric(IngestFile *f, const Record *r, uint32_t metric, const IngestKey *key) {
    uint8_t marks;
    bool ok = read_figures(f, r, metric, &marks);
    uint32_t obs = ok ? ingest_enter(f, metric, key, marks) : OBS_NONE;
    if (obs != OBS_NONE) {
        set_figures(f, obs);
    }
    if (f->choice.input->layout == LAYOUT_SNAPSHOT) {
        keep_previous(f, r, metric, key);
    }
}

static void note_other(IngestFile *f, Str id, uint32_t line) {
    note(&f->other, line);
    if (f->others.n < INGEST_MAX_SEEN) {
        intern_add(&f->others, id);
    }
    if (f->in->seen.n < INGEST_MAX_SEEN) {
        intern_add(&f->in->seen, id);
    }
}

// Long and snapshot: a row is of one metric, or of several that share an id.
static void read_metric_row(IngestFile *f, const Record *r) {
    Ingest *in = f->in;
    Cell cell = ingest_cell(f, r, COLUMN_METRIC);
    Str id = str_trim(cell.text);
    if (id.len == 0) {
        ingest_report_blank(f, &cell, f->choice.input->metric_column, "metric");
        return;
    }
    uint32_t known = intern_find(&in->ids, id);
    if (known == INTERN_NONE) {
        note_other(f, id, r->line);
        return;
    }
    IngestKey key;
    bool ok = ingest_key(f, r, &key);
    for (uint32_t m = in->first_of_id[known]; m != UINT32_MAX; m = in->metrics[m].same_id) {
        in->metrics[m].supplied = true;
        if (ok) {
            read_metric(f, r, m, &key);
        }
    }
}

static void read_wide_row(IngestFile *f, const Record *r) {
    IngestKey key;
    if (!ingest_key(f, r, &key)) {
        return;
    }
    size_t first = f->choice.columns.first_metric;
    for (uint32_t m = 0; m < f->in->program->n_metrics; m++) {
        Figure figure;
        if (!is_in_file(f, first + m) || !read_figure(f, r, first + m, m, true, &figure)) {
            continue;
        }
        uint32_t obs = ingest_enter(f, m, &key, figure.marks);
        if (obs != OBS_NONE) {
            store_set(f->in->store, obs, FIELD_VALUE, figure.number, figure.why);
        }
    }
}

void ingest_row(IngestFile *f, const Record *r) {
    if (is_blank_row(r)) {
        return;
    }
    note_ragged(f, r);
    if (!passes(f, r)) {
        return;
    }
    switch (f->choice.input->layout) {
    case LAYOUT_LONG:
    case LAYOUT_SNAPSHOT:
        read_metric_row(f, r);
        break;
    case LAYOUT_WIDE:
        read_wide_row(f, r);
        break;
    }
}

// ---- the file -----------------------------------------------------------------------------------

// Looks at columns that are new, with the first record all of them.
static void follow_header(IngestFile *f) {
    IngestColumns *c = &f->choice.columns;
    size_t n;
    const Str *header = records_header(f->choice.records, &n);
    ingest_columns_bind(c, header, n);
    for (size_t i = c->first_metric; i < c->n; i++) {
        if (is_in_file(f, i)) {
            f->in->metrics[i - c->first_metric].supplied = true;
        }
    }
}

static bool grew(const IngestFile *f) {
    size_t n;
    records_header(f->choice.records, &n);
    return n > f->choice.columns.n_bound;
}

static bool ran_out(const IngestFile *f) {
    return f->arena->failed || f->in->arena.failed || f->in->store->arena->failed;
}

bool ingest_progress(IngestFile *f, uint64_t n_rows) {
    Ingest *in = f->in;
    in->n_rows += n_rows;
    uint64_t n_read, size;
    records_position(f->choice.records, &n_read, &size);
    in->stopped |= !progress_tell(&in->progress, (bs_progress){.stage = BS_READING,
                                                               .n_rows = in->n_rows,
                                                               .n_done = n_read,
                                                               .n_total = size});
    return !in->stopped;
}

bool ingest_may_go_on(IngestFile *f) {
    DiagList *d = f->in->diags;
    if (ran_out(f)) {
        diag_add(d, D_NO_MEMORY, (Place){.file = f->file}, "memory ran out");
        return false;
    }
    return d->n_errors < f->most_errors;
}

bool ingest_rows(IngestFile *f, IngestAfterRow *after, void *context) {
    follow_header(f);
    Record r;
    RecordsNext next;
    uint32_t n_untold = 0;
    while ((next = records_next(f->choice.records, &r)) == RECORDS_ROW) {
        if (++n_untold == PROGRESS_ROWS) {
            if (!ingest_progress(f, n_untold))
                return false;
            n_untold = 0;
        }
        if (grew(f)) {
            follow_header(f);
        }
        ingest_row(f, &r);
        if (!ingest_may_go_on(f) || (after && !after(context))) {
            return false;
        }
    }
    return ingest_progress(f, n_untold) && next == RECORDS_END;
}
