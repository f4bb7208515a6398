// SPDX-License-Identifier: Apache-2.0
// The public API: a session over the whole library. The files of this name are the only ones of
// lang/ that reach the engine and the edges.
#include <bandstand.h>
#include <stdlib.h>
#include <string.h>

#include "lang/compile.h"
#include "lang/session.h"
#include "lang/thresholds.h"
#include "runtime/edges/assertions.h"
#include "runtime/edges/charts.h"
#include "runtime/edges/import_table.h"
#include "runtime/edges/overrides.h"
#include "runtime/edges/peers.h"
#include "runtime/edges/period_kinds.h"
#include "runtime/edges/publish_findings.h"
#include "runtime/edges/report.h"
#include "runtime/edges/set_figure.h"
#include "runtime/edges/trace.h"
#include "runtime/engine/plan.h"
#include "runtime/prove/prove.h"

// A table that rules name, whatever kind of file holds it.
static bool read_table(Arena *a, DiagList *d, Str path, TextTable *out) {
    ImportTable t;
    out->file = diag_file(d, path, (Str){0});
    if (out->file == PLACE_NO_FILE ||
        !import_table_read(&t, a, d, out->file, path, (Str){0}, &(RecordsOptions){0}))
        return false;
    out->rows = ARENA_ARRAY(a, TextRow, t.rows.n);
    for (size_t i = 0; out->rows && i < t.rows.n; i++) {
        const ImportRow *from = &t.rows.v[i];
        TextRow *row = &out->rows[out->n++];
        *row = (TextRow){.cells = ARENA_ARRAY(a, Str, from->n), .n = from->n, .line = from->line};
        for (size_t k = 0; row->cells && k < from->n; k++)
            row->cells[k] = import_text(from, k);
    }
    return !a->failed;
}

void session_leave_figures(Figures *f) {
    if (atomic_fetch_sub(&f->n_owners, 1) > 1)
        return;
    arena_free(&f->arena);
    free(f);
}

static Figures *new_figures(void) {
    Figures *f = calloc(1, sizeof *f);
    if (f) {
        arena_init(&f->arena, 0);
        atomic_init(&f->n_owners, 1);
    }
    return f;
}

bs_session *bs_open(void) {
    bs_session *s = calloc(1, sizeof *s);
    Figures *figures = s ? new_figures() : NULL;
    if (!figures) {
        free(s);
        return NULL;
    }
    s->figures = figures;
    arena_init(&s->findings, 0);
    arena_init(&s->trees, 0);
    arena_init(&s->rules, 0);
    arena_init(&s->by_hand, 0);
    diag_init(&s->diags, &s->findings);
    modules_init(&s->modules, &s->trees, &s->diags);
    s->modules.read_table = read_table;
    return s;
}

void bs_close(bs_session *s) {
    if (!s)
        return;
    if (s->reading)
        ingest_free(&s->ingest);
    if (s->has_publication)
        publication_free(&s->publication);
    session_leave_figures(s->figures);
    arena_free(&s->by_hand);
    arena_free(&s->rules);
    arena_free(&s->trees);
    arena_free(&s->findings);
    free(s);
}

bs_code session_no_memory(bs_session *s) {
    diag_add(&s->diags, D_NO_MEMORY, (Place){.file = PLACE_NO_FILE}, "memory ran out");
    return BS_NO_MEMORY;
}

bs_code session_outcome(const bs_session *s, bool ok) {
    for (size_t i = 0; !ok && i < s->diags.diags.n; i++)
        if (s->diags.diags.v[i].code == D_NO_MEMORY)
            return BS_NO_MEMORY;
    return ok ? BS_OK : BS_INVALID;
}

// ---- rules and figures --------------------------------------------------------------------------

bs_code bs_add_rules(bs_session *s, const char *path) {
    if (s->compiled)
        return BS_USAGE;
    return modules_add_file(&s->modules, str_from(path)) ? BS_OK : session_no_memory(s);
}

bs_code bs_add_rules_text(bs_session *s, const char *name, const char *text, size_t len) {
    if (s->compiled)
        return BS_USAGE;
    return modules_add_text(&s->modules, str_from(name), (Str){text, len}) ? BS_OK
                                                                           : session_no_memory(s);
}

bs_code bs_add_overrides(bs_session *s, const char *path) {
    if (s->compiled)
        return BS_USAGE;
    return modules_add_overrides(&s->modules, str_from(path)) ? BS_OK : session_no_memory(s);
}

bs_code bs_override_rules(bs_session *s, const char *path, const char *text, size_t len) {
    if (s->compiled)
        return BS_USAGE;
    return modules_override(&s->modules, str_from(path), (Str){text, len}) ? BS_OK
                                                                           : session_no_memory(s);
}

bs_code bs_set_threshold(bs_session *s, const char *threshold) {
    if (s->compiled)
        return BS_USAGE;
    bool ok = thresholds_add(&s->modules, str_from(threshold));
    return s->trees.failed ? session_no_memory(s) : session_outcome(s, ok);
}

bs_code bs_compile(bs_session *s) {
    if (s->compiled)
        return BS_USAGE;
    Arena scratch;
    arena_init(&scratch, 0);
    bool ok = compile_modules(&scratch, &s->rules, &s->diags, &s->modules, &s->program);
    bool memory = !scratch.failed && !s->rules.failed;
    arena_free(&scratch);
    if (memory)
        memory = prove_endings(&s->program, &s->diags);
    ok = ok && s->diags.n_errors == 0;
    if (ok && memory)
        memory = results_names(&s->rules, &s->program, &s->names);
    if (!memory)
        return BS_NO_MEMORY;
    s->compiled = ok;
    s->tried = true;
    diag_sort(&s->diags);
    return session_outcome(s, ok);
}

bs_code bs_check(bs_session *s) {
    if (!s->tried)
        return BS_USAGE;
    s->checked = true;
    if (!prove_program(&s->program, &s->diags))
        return session_no_memory(s);
    // What has errors was not looked through to its end.
    if (s->compiled)
        diag_report_unused(&s->diags);
    diag_sort(&s->diags);
    return session_outcome(s, s->diags.n_errors == 0);
}

// Makes the store ready for the first file, or for none.
bool session_begin_data(bs_session *s) {
    if (s->reading)
        return true;
    if (!store_init(&s->store, &s->figures->arena, s->program.n_metrics, s->program.n_fields))
        return false;
    s->reading = ingest_begin(&s->ingest, &s->program, &s->store, &s->diags);
    if (!s->reading)
        ingest_free(&s->ingest);
    s->ingest.progress = s->progress;
    return s->reading;
}

void bs_on_progress(bs_session *s, bs_progress_fn fn, void *context) {
    s->progress = (ProgressTo){fn, context};
    if (s->reading)
        s->ingest.progress = s->progress;
}

bs_code bs_add_data(bs_session *s, const char *path) {
    if (!s->compiled || s->finished || s->shares)
        return BS_USAGE;
    if (!session_begin_data(s))
        return session_no_memory(s);
    bool ok = ingest_file(&s->ingest, str_from(path));
    if (s->ingest.stopped)
        return BS_STOPPED;
    return s->figures->arena.failed ? session_no_memory(s) : session_outcome(s, ok);
}

bs_code bs_set_audience(bs_session *s, bs_audience audience) {
    if (s->reading || s->finished)
        return BS_USAGE;
    s->publish = s->diags.discreet = audience == BS_PUBLISH;
    return BS_OK;
}

static const Publication *publication_of(const bs_session *s) {
    return s->publish ? &s->publication : NULL;
}

// What looks at the figures beside the results sees those that are not hidden.
static const Store *open_figures(const bs_session *s) {
    return s->publish ? &s->publication.blank : &s->store;
}

static bool hide_figures(bs_session *s) {
    if (!s->publish)
        return true;
    s->has_publication = true;
    return publication_make(&s->publication, &s->program, &s->store) &&
           publish_findings(&s->program, &s->publication.hidden, &s->diags);
}

// The figures are complete once something asks for results.
bs_code bs_finish_data(bs_session *s) {
    if (!s->compiled)
        return BS_USAGE;
    if (s->finished)
        return s->unmatched ? BS_INVALID : BS_OK;
    if (!session_begin_data(s))
        return session_no_memory(s);
    s->finished = true;
    bool ok = s->shares || ingest_finish(&s->ingest);
    if (!s->shares)
        s->figures->obs = s->store.obs;
    bool checked = !s->figures->arena.failed, matched = true;
    if (ok && checked)
        checked = hide_figures(s);
    if (ok && checked) {
        const Store *seen = open_figures(s);
        checked = charts_check(&s->program, &s->store, &s->diags);
        s->names.asserted = assertions_check(&s->rules, &s->program, seen, &s->diags);
        checked = checked && s->names.asserted &&
                  overrides_check(&s->program, seen, &s->diags, &matched) &&
                  peers_check(&s->program, &s->store, &s->diags) &&
                  period_kinds_check(&s->program, s->shares ? NULL : &s->ingest, &s->store,
                                     &s->diags);
    }
    s->unmatched = !matched;
    return checked ? session_outcome(s, ok && matched) : session_no_memory(s);
}

bs_code session_figures(bs_session *s) {
    return s->publish ? BS_USAGE : bs_finish_data(s);
}

// ---- what if ------------------------------------------------------------------------------------

bs_code bs_set_figure(bs_session *s, const char *figure, const bs_filter *filter) {
    bs_code code = session_figures(s);
    if (code != BS_OK)
        return code;
    bool ok = set_figure(&s->by_hand, &s->program, &s->store, figure, filter, &s->diags, &s->hand);
    s->program.hand = s->hand.n > 0 ? &s->hand : NULL;
    return s->by_hand.failed ? session_no_memory(s) : session_outcome(s, ok);
}

bs_code bs_reset_figures(bs_session *s) {
    if (!s->compiled)
        return BS_USAGE;
    s->program.hand = NULL;
    s->hand = (Hand){0};
    arena_free(&s->by_hand);
    return BS_OK;
}

// ---- results ------------------------------------------------------------------------------------

bs_text bs_rules_hash(const bs_session *s) {
    return session_text(s->compiled ? str_from(s->program.hash) : (Str){0});
}

bs_text bs_overrides_hash(const bs_session *s) {
    return session_text(s->compiled ? str_from(s->program.overrides_hash) : (Str){0});
}

size_t bs_n_overrides(const bs_session *s) {
    return s->compiled ? s->program.n_judgements : 0;
}

bs_code bs_run(bs_session *s, const bs_filter *filter, bs_result_fn fn, void *context) {
    bs_code code = bs_finish_data(s);
    return code == BS_OK ? report_run(&s->program, &s->store, &s->diags, filter, PLAN_EVERYTHING,
                                      publication_of(s), &s->progress, fn, context)
                         : code;
}

bs_code bs_trace_results(bs_session *s, const bs_filter *filter, const bs_why_options *options,
                         bs_trace_fn fn, void *context) {
    bs_code code = session_figures(s);
    return code == BS_OK ? trace_run(&s->program, &s->store, &s->diags, filter, options,
                                     &s->progress, fn, context)
                         : code;
}

bs_code bs_why(bs_session *s, const bs_filter *filter, const bs_why_options *options,
               const bs_sink *sink) {
    bs_code code = session_figures(s);
    return code == BS_OK
               ? trace_write(&s->program, &s->store, &s->diags, filter, options, &s->progress, sink)
               : code;
}

typedef struct Running {
    bs_session *session;
    const bs_filter *filter;
} Running;

static bs_code run_for_results(void *context, unsigned needs, bs_result_fn fn, void *fn_context) {
    const Running *r = context;
    bs_session *s = r->session;
    return report_run(&s->program, &s->store, &s->diags, r->filter, needs, publication_of(s),
                      &s->progress, fn, fn_context);
}

bs_code bs_write_results(bs_session *s, const bs_filter *filter, const bs_output *output,
                         const char *const *fail_on, size_t n_fail_on, const bs_sink *sink,
                         bs_counts *counts, size_t *matches) {
    bs_code code = bs_finish_data(s);
    if (code != BS_OK)
        return code;
    s->names.as_of = filter && filter->rules_as_of;
    if (s->publish && output->order == BS_AS_READ)
        return BS_USAGE;
    if (output->format != BS_TABLE && !s->publish)
        return results_write_store(&s->names, &s->program, &s->store, &s->diags, filter, output,
                                   (FailOn){fail_on, n_fail_on}, &s->progress, sink, counts,
                                   matches);
    Running running = {s, filter};
    return results_write(&s->names, &s->diags, output, (FailOn){fail_on, n_fail_on}, sink,
                         run_for_results, &running, counts, matches);
}

// Forgets what was read of a file that could not be judged while it was read.
static bool begin_again(bs_session *s, DiagMark mark) {
    diag_rewind(&s->diags, mark);
    ingest_free(&s->ingest);
    s->reading = false;
    return session_begin_data(s);
}

// A single file, judged while it is read where that can be done; [*done] when it was.
static bs_code judge_while_reading(bs_session *s, const char *path, const bs_filter *filter,
                                   const bs_output *output, FailOn fail_on, const bs_sink *sink,
                                   bs_counts *counts, size_t *matches, bool *done) {
    DiagMark mark = diag_mark(&s->diags);
    bs_code code = BS_OK;
    *done = false;
    if (!session_begin_data(s))
        return session_no_memory(s);
    ResultsStream answer = results_stream(&s->names, &s->ingest, str_from(path), filter, output,
                                          fail_on, sink, counts, matches, &code);
    if (answer == RESULTS_STREAMED) {
        *done = true;
        bs_code end = bs_finish_data(s);
        return code == BS_OK ? end : code;
    }
    if (!begin_again(s, mark))
        return session_no_memory(s);
    if (answer == RESULTS_NOT_SO)
        return BS_OK;
    code = bs_add_data(s, path);
    if (code == BS_OK) {
        diag_add(&s->diags, D_CANNOT_READ, (Place){.file = PLACE_NO_FILE},
                 "\"%s\" was changed while it was read", path)
            ->hint = STR("run again once nothing writes to it");
        code = BS_INVALID;
    }
    return code;
}

bs_code bs_judge_files(bs_session *s, const char *const *paths, size_t n_paths,
                       const bs_filter *filter, const bs_output *output, const char *const *fail_on,
                       size_t n_fail_on, const bs_sink *sink, bs_counts *counts, size_t *matches) {
    static const bs_filter everything;
    if (!s->compiled || s->finished || s->reading)
        return BS_USAGE;
    const bs_filter *selection = filter ? filter : &everything;
    bs_code worst = BS_OK;
    bool done = false;
    if (s->publish && output->order == BS_AS_READ)
        return BS_USAGE;
    if (n_paths == 1 && output->order == BS_AS_READ && output->format != BS_TABLE)
        worst = judge_while_reading(s, paths[0], selection, output, (FailOn){fail_on, n_fail_on},
                                    sink, counts, matches, &done);
    if (done || worst != BS_OK)
        return worst;
    if (!session_begin_data(s))
        return session_no_memory(s);
    s->ingest.n_threads = results_threads(output);
    // Every file is read, so that the findings of all are said at once.
    for (size_t i = 0; i < n_paths && (worst == BS_OK || worst == BS_INVALID); i++) {
        bs_code code = bs_add_data(s, paths[i]);
        worst = code == BS_OK ? worst : code;
    }
    if (worst != BS_OK)
        return worst;
    return bs_write_results(s, selection, output, fail_on, n_fail_on, sink, counts, matches);
}
