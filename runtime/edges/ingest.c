// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/ingest.h"

#include "runtime/edges/ingest_chunks.h"
#include "runtime/edges/ingest_fractions.h"
#include "runtime/edges/ingest_labels.h"
#include "runtime/edges/ingest_quick.h"
#include "runtime/edges/ingest_rows.h"

enum { MAX_NAMED = 5 }; // ids or files in a message

// ---- begin --------------------------------------------------------------------------------------

static Str id_of(const Metric *m) {
    return m->id.len > 0 ? m->id : m->name;
}

static Str column_of(const Metric *m) {
    return m->column.len > 0 ? m->column : m->name;
}

// Enters the metrics under their ids; several may share one.
static bool enter_ids(Ingest *in) {
    const Program *p = in->program;
    for (uint32_t i = p->n_metrics; i-- > 0;) {
        uint32_t n_known = in->ids.n;
        uint32_t id = intern_add(&in->ids, id_of(&p->metrics[i]));
        if (id == INTERN_NONE) {
            return false;
        }
        in->metrics[i] = (IngestMetric){
            .same_id = id < n_known ? in->first_of_id[id] : UINT32_MAX,
            .kind = N_PERIOD_KINDS,
        };
        in->first_of_id[id] = i;
    }
    return true;
}

static bool make_standard(Ingest *in) {
    const Program *p = in->program;
    in->standard = (Input){
        .layout = LAYOUT_LONG,
        .entity_column = STR("entity"),
        .period_column = STR("period"),
        .metric_column = STR("metric"),
        .value_column = STR("value"),
    };
    in->standard.fields = ARENA_ARRAY(&in->arena, FieldColumn, p->n_fields);
    for (uint32_t i = FIELD_VALUE + 1; in->standard.fields && i < p->n_fields; i++) {
        in->standard.fields[in->standard.n_fields++] =
            (FieldColumn){.field = i, .column = p->fields[i], .is_text = p->field_is_text[i]};
    }
    return in->standard.fields != NULL;
}

bool ingest_begin(Ingest *in, const Program *p, Store *s, DiagList *d) {
    *in = (Ingest){.program = p, .store = s, .diags = d};
    arena_init(&in->arena, 0);
    intern_init(&in->ids, &in->arena);
    intern_init(&in->seen, &in->arena);
    in->first_of_id = ARENA_ARRAY(&in->arena, uint32_t, p->n_metrics);
    in->doubts = ARENA_ARRAY(&in->arena, LabelDoubt, (size_t)p->n_inputs + 1);
    in->metrics = ARENA_ARRAY(&in->arena, IngestMetric, p->n_metrics);
    in->fractions = fractions_begin(&in->arena, p);
    if (!in->doubts || !in->fractions || !in->first_of_id || !in->metrics || !enter_ids(in) || !make_standard(in)) {
        diag_add(d, D_NO_MEMORY, (Place){.file = PLACE_NO_FILE}, "memory ran out");
        return false;
    }
    return true;
}

void ingest_free(Ingest *in) {
    arena_free(&in->arena);
}

// ---- the end of a file --------------------------------------------------------------------------

static void report_ragged(const IngestFile *f) {
    size_t n_columns;
    records_header(f->choice.records, &n_columns);
    Diag *diag =
        diag_add(f->in->diags, D_RAGGED, (Place){.file = f->file, .line = f->ragged.line},
                 "%zu row%s more or fewer cells than the header; the first is line %u with "
                 "%zu instead of %zu",
                 f->ragged.n, f->ragged.n == 1 ? " has" : "s have", (unsigned)f->ragged.line,
                 f->ragged_cells, n_columns);
    diag->hint = STR("missing cells are read as empty and further ones are not read; often a comma "
                     "inside a cell lacks quotation marks round the cell");
}

static void list_others(const IngestFile *f, Buf *out) {
    uint32_t n = f->others.n;
    for (uint32_t i = 0; i < n && i < MAX_NAMED; i++) {
        Str id = figure_shown(f->arena, intern_text(&f->others, i));
        buf_printf(out, "%s\"%.*s\"", i > 0 ? ", " : "", STR_ARG(id));
    }
    if (n > MAX_NAMED) {
        buf_printf(out, " and %s%u more", n >= INGEST_MAX_SEEN ? "at least " : "",
                   (unsigned)(n - MAX_NAMED));
    }
}

static void report_others(const IngestFile *f) {
    DiagList *d = f->in->diags;
    Buf ids = {0};
    list_others(f, &ids);
    Diag *diag = diag_add(d, D_OTHER_METRICS, (Place){.file = f->file, .line = f->other.line},
                          "%zu row%s not read, since the rules declare no metric for %.*s",
                          f->other.n, f->other.n == 1 ? " was" : "s were", STR_ARG(buf_str(&ids)));
    Str block = figure_block(d->arena, f->choice.input);
    diag->hint =
        arena_printf(d->arena,
                     "declare them (metric … from id \"…\"), or add the line `other metrics "
                     "are ignored` to %.*s",
                     STR_ARG(block));
    buf_free(&ids);
}

static void report_nothing_kept(const IngestFile *f) {
    DiagList *d = f->in->diags;
    const WhereFilter *w = &f->choice.input->wheres[f->where];
    Str text = figure_shown(d->arena, f->where_text);
    Diag *diag =
        diag_add(d, D_NOTHING_KEPT, (Place){.file = f->file, .line = f->filtered.line},
                 "no row passes the `where` lines of the input block `%.*s`: the first has "
                 "\"%.*s\" in column \"%.*s\"",
                 STR_ARG(f->choice.input->name), STR_ARG(text), STR_ARG(w->column));
    diag->other = w->place;
    diag->note = STR("this line leaves it out");
    diag->hint = STR("write the text as it stands in the file, capitals included");
}

static void report_noted(const IngestFile *f) {
    if (f->ragged.n > 0) {
        report_ragged(f);
    }
    if (f->other.n > 0 && !f->choice.input->other_metrics_ignored) {
        report_others(f);
    }
    if (f->filtered.n > 0 && f->n_kept == 0) {
        report_nothing_kept(f);
    }
}

// In JSON a column may come with a later record; one that never came is missing after all.
static void check_columns_seen(const IngestFile *f) {
    const IngestColumns *c = &f->choice.columns;
    for (size_t i = COLUMN_VALUE; i < c->first_where; i++) {
        bool optional = c->input == &f->in->standard && i >= c->first_field;
        if (c->v[i].name.len == 0 || optional || ingest_columns_at(c, i) != INGEST_NO_COLUMN) {
            continue;
        }
        diag_add(f->in->diags, D_COLUMN_MISSING, (Place){.file = f->file},
                 "no record has the key \"%.*s\" (%s)", STR_ARG(c->v[i].name), c->v[i].role)
            ->hint = STR("write the key in the input block as it stands in the file, capitals "
                         "included");
    }
}

// The columns of a wide file may be what a metric without any was meant to name.
static void remember_columns(const IngestFile *f) {
    size_t n;
    const Str *header = records_header(f->choice.records, &n);
    for (size_t i = 0; i < n && f->in->seen.n < INGEST_MAX_SEEN; i++) {
        intern_add(&f->in->seen, header[i]);
    }
}

void ingest_end_file(IngestFile *f) {
    check_columns_seen(f);
    report_noted(f);
    if (f->choice.input->layout == LAYOUT_WIDE) {
        remember_columns(f);
    }
}

static bool begin_file(Ingest *in, Arena *a, Str path, IngestFile *f) {
    const Input *named;
    if (!ingest_split_path(in->program, in->diags, &path, &named)) {
        return false;
    }
    uint32_t file = diag_file(in->diags, path, (Str){0});
    *f = (IngestFile){.in = in,
                      .arena = a,
                      .file = file,
                      .most_errors = in->diags->n_errors + INGEST_MAX_ERRORS};
    intern_init(&f->others, a);
    f->figures = ARENA_ARRAY(a, Figure, in->program->n_fields);
    if (!f->figures || file == PLACE_NO_FILE || !VEC_PUSH(&in->arena, &in->files, file)) {
        diag_add(in->diags, D_NO_MEMORY, (Place){.file = file}, "memory ran out");
        return false;
    }
    return ingest_choose(in, a, file, path, named, &f->choice);
}

bool ingest_begin_file(Ingest *in, Arena *a, Str path, IngestFile *f) {
    *f = (IngestFile){0};
    bool ok = begin_file(in, a, path, f);
    in->incomplete |= !ok;
    return ok;
}

static bool read_file(IngestFile *f) {
    IngestChunksOptions options = {.n_threads = f->in->n_threads > 0 ? f->in->n_threads : 1};
    return quick_serves(f) ? ingest_chunks(f, &options) : ingest_rows(f, NULL, NULL);
}

bool ingest_file(Ingest *in, Str path) {
    size_t n_errors = in->diags->n_errors;
    Arena a;
    IngestFile f;
    arena_init(&a, 0);
    if (ingest_begin_file(in, &a, path, &f)) {
        if (read_file(&f)) {
            ingest_end_file(&f);
        } else {
            in->incomplete = true;
        }
        records_close(f.choice.records);
    }
    arena_free(&a);
    return in->diags->n_errors == n_errors;
}

// ---- finish -------------------------------------------------------------------------------------

static void print_figure(Buf *out, Number n, Why why) {
    if (why) {
        buf_put(out, why_words(why));
    } else {
        number_print(out, n);
    }
}

static void report_differs(Ingest *in, const IngestPrevious *p, uint32_t obs, Number n, Why why) {
    DiagList *d = in->diags;
    const Observation *o = &in->store->obs[obs];
    Place other = {.file = o->file, .line = o->line};
    Str subject = ingest_subject(in, p->metric, p->entity, p->period);
    Str line = ingest_line(d, other, p->place.file);
    Buf mine = {0}, theirs = {0};
    number_print(&mine, p->number);
    print_figure(&theirs, n, why);
    Diag *diag =
        diag_add(d, D_PREVIOUS_DIFFERS, p->place,
                 "the previous figure of %.*s is %.*s here, but %.*s on %.*s", STR_ARG(subject),
                 STR_ARG(buf_str(&mine)), STR_ARG(buf_str(&theirs)), STR_ARG(line));
    diag->other = other;
    diag->note = o->from_previous ? STR("read first, which counts")
                                  : STR("the series' own figure, which counts");
    diag->hint = STR("find out which is right: it may have been revised since");
    if (d->discreet)
        diag->message = arena_printf(d->arena, "the previous figure of %.*s is not that on %.*s",
                                     STR_ARG(subject), STR_ARG(line));
    buf_free(&mine);
    buf_free(&theirs);
}

static void enter_previous(Ingest *in, const IngestPrevious *p, uint32_t old) {
    Store *s = in->store;
    Observation o = {
        .metric = p->metric,
        .entity = p->entity,
        .period = p->period,
        .file = p->place.file,
        .line = p->place.line,
        .marks = old == OBS_NONE ? p->marks : p->marks | MARK_REVISED,
        .from_previous = true,
    };
    if (!ingest_check_kind(in, p->metric, p->period, p->place))
        return;
    uint32_t obs = old == OBS_NONE ? store_add(s, o) : store_replace(s, old, o);
    if (obs != OBS_NONE)
        store_set(s, obs, FIELD_VALUE, p->number, p->why);
}

// Holds it against the figure that is there: the series' own, or that of another previous column.
static void settle_with(Ingest *in, const IngestPrevious *p, uint32_t old) {
    const Observation *o = &in->store->obs[old];
    Why why;
    Number n = store_figure(in->store, old, FIELD_VALUE, &why);
    if (p->why || (!why && number_cmp(n, p->number) == 0))
        return;
    if (o->from_previous && (why || (p->revises && o->file != p->place.file))) {
        enter_previous(in, p, old);
        return;
    }
    // Whether a count is another that is small may not be told either.
    bool small = in->program->metrics[p->metric].suppress.below > 0 && in->diags->discreet;
    if (!small)
        report_differs(in, p, old, n, why);
}

static void settle_previous(Ingest *in, const IngestPrevious *p) {
    uint32_t old = store_find(in->store, p->metric, p->entity, p->period);
    if (old == OBS_NONE)
        enter_previous(in, p, OBS_NONE);
    else
        settle_with(in, p, old);
}

static void list_files(const Ingest *in, Buf *out) {
    for (size_t i = 0; i < in->files.n && i < MAX_NAMED; i++) {
        Str path = in->diags->files.v[in->files.v[i]].path;
        buf_printf(out, "%s%.*s", i > 0 ? ", " : "", STR_ARG(path));
    }
    if (in->files.n > MAX_NAMED) {
        buf_printf(out, " and %zu more", in->files.n - MAX_NAMED);
    }
    if (in->files.n == 0) {
        buf_puts(out, "no file");
    }
}

static bool has_layout(const Program *p, bool wide) {
    for (uint32_t i = 0; i < p->n_inputs; i++) {
        if ((p->inputs[i].layout == LAYOUT_WIDE) == wide) {
            return true;
        }
    }
    return p->n_inputs == 0 && !wide;
}

static Str nearest_seen(const Ingest *in, const Metric *m) {
    Str near = {0};
    if (has_layout(in->program, false)) {
        near = ingest_nearest(id_of(m), in->seen.texts, in->seen.n);
    }
    if (near.len == 0 && has_layout(in->program, true)) {
        near = ingest_nearest(column_of(m), in->seen.texts, in->seen.n);
    }
    return near;
}

static void put_sought(const Program *p, const Metric *m, Buf *out) {
    bool ids = has_layout(p, false), columns = has_layout(p, true);
    if (ids) {
        buf_printf(out, "the id \"%.*s\"", STR_ARG(id_of(m)));
    }
    if (columns) {
        buf_printf(out, "%sthe column \"%.*s\"", ids ? " or " : "", STR_ARG(column_of(m)));
    }
}

static void report_unsupplied(const Ingest *in, const Metric *m) {
    DiagList *d = in->diags;
    Buf files = {0}, sought = {0};
    list_files(in, &files);
    put_sought(in->program, m, &sought);
    Str name = figure_metric(d->arena, m);
    Diag *diag = diag_add(d, D_METRIC_NOT_SUPPLIED, m->place,
                          "no file has figures of %.*s: none with %.*s in %.*s", STR_ARG(name),
                          STR_ARG(buf_str(&sought)), STR_ARG(buf_str(&files)));
    Str near = nearest_seen(in, m);
    if (near.len > 0) {
        diag->hint = arena_printf(d->arena, "did you mean \"%.*s\"? it is in the files",
                                  STR_ARG(figure_shown(d->arena, near)));
    } else {
        diag->hint =
            STR("correct `from id` or `from column`, name the file that has it, or take the "
                "metric out");
    }
    buf_free(&files);
    buf_free(&sought);
}

bool ingest_finish(Ingest *in) {
    size_t n_errors = in->diags->n_errors;
    for (size_t i = 0; i < in->previous.n; i++) {
        settle_previous(in, &in->previous.v[i]);
    }
    ingest_report_doubts(in);
    ingest_report_fractions(in);
    for (uint32_t i = 0; !in->incomplete && i < in->program->n_metrics; i++) {
        if (!in->metrics[i].supplied) {
            report_unsupplied(in, &in->program->metrics[i]);
        }
    }
    if (!store_finish(in->store) || in->store->arena->failed) {
        diag_add(in->diags, D_NO_MEMORY, (Place){.file = PLACE_NO_FILE}, "memory ran out");
    }
    return in->diags->n_errors == n_errors;
}
