// SPDX-License-Identifier: Apache-2.0
// The public API: a session over the whole library. The files of this name are the only ones of
// lang/ that reach the engine and the edges.
#include <bandstand.h>
#include <stdlib.h>
#include <string.h>

#include "lang/compile.h"
#include "lang/format.h"
#include "lang/mappings.h"
#include "lang/session.h"
#include "lang/thresholds.h"
#include "runtime/base/diff.h"
#include "runtime/data/fingerprint.h"
#include "runtime/edges/assertions.h"
#include "runtime/edges/changes.h"
#include "runtime/edges/comparison.h"
#include "runtime/edges/examples.h"
#include "runtime/edges/findings.h"
#include "runtime/edges/import.h"
#include "runtime/edges/import_table.h"
#include "runtime/edges/ingest.h"
#include "runtime/edges/inspect.h"
#include "runtime/edges/overrides.h"
#include "runtime/edges/report.h"
#include "runtime/edges/results.h"
#include "runtime/edges/selection.h"
#include "runtime/edges/set_figure.h"
#include "runtime/edges/trace.h"
#include "runtime/edges/write_value.h"
#include "runtime/engine/plan.h"
#include "runtime/prove/difference.h"
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

static void leave_figures(Figures *f) {
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
    leave_figures(s->figures);
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
static bool begin_data(bs_session *s) {
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
    if (!begin_data(s))
        return session_no_memory(s);
    bool ok = ingest_file(&s->ingest, str_from(path));
    if (s->ingest.stopped)
        return BS_STOPPED;
    return s->figures->arena.failed ? session_no_memory(s) : session_outcome(s, ok);
}

// The figures are complete once something asks for results.
bs_code bs_finish_data(bs_session *s) {
    if (!s->compiled)
        return BS_USAGE;
    if (s->finished)
        return s->unmatched ? BS_INVALID : BS_OK;
    if (!begin_data(s))
        return session_no_memory(s);
    s->finished = true;
    bool ok = s->shares || ingest_finish(&s->ingest);
    if (!s->shares)
        s->figures->obs = s->store.obs;
    bool checked = !s->figures->arena.failed, matched = true;
    if (ok && checked) {
        s->names.asserted = assertions_check(&s->rules, &s->program, &s->store, &s->diags);
        checked = s->names.asserted && overrides_check(&s->program, &s->store, &s->diags, &matched);
    }
    s->unmatched = !matched;
    return checked ? session_outcome(s, ok && matched) : session_no_memory(s);
}

// ---- what if ------------------------------------------------------------------------------------

bs_code bs_set_figure(bs_session *s, const char *figure, const bs_filter *filter) {
    bs_code code = bs_finish_data(s);
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

// ---- figures of another session -----------------------------------------------------------------

// Makes the data files of [from] files of [s], and lists by their numbers there what they are here.
// [*differ] when some number is another one.
static uint32_t *list_files(bs_session *s, const bs_session *from, bool *differ) {
    uint32_t *files = ARENA_ARRAY(&s->rules, uint32_t, from->diags.files.n);
    for (size_t i = 0; files && i < from->ingest.files.n; i++) {
        uint32_t file = from->ingest.files.v[i];
        files[file] = diag_file(&s->diags, from->diags.files.v[file].path, (Str){0});
        *differ |= files[file] != file;
        if (files[file] == PLACE_NO_FILE ||
            !VEC_PUSH(&s->ingest.arena, &s->ingest.files, files[file]))
            return NULL;
    }
    return files;
}

// Each metric as itself.
static uint32_t *same_metrics(bs_session *s) {
    uint32_t *metrics = ARENA_ARRAY(&s->rules, uint32_t, s->program.n_metrics);
    for (uint32_t i = 0; metrics && i < s->program.n_metrics; i++)
        metrics[i] = i;
    return metrics;
}

static bool take_store(bs_session *s, const bs_session *from, const uint32_t *metrics) {
    bool differ = false;
    const uint32_t *files = list_files(s, from, &differ);
    // What [from] numbered anew lives as long as [from] does, so there is a copy of it.
    bool copied = from->store.obs != from->figures->obs;
    if (copied && !metrics)
        metrics = same_metrics(s);
    if (!files || (copied && !metrics) ||
        !store_rekey(&from->store, &s->rules, metrics, differ ? files : NULL, &s->store))
        return false;
    leave_figures(s->figures);
    s->figures = from->figures;
    atomic_fetch_add(&s->figures->n_owners, 1);
    s->shares = true;
    return true;
}

bs_code bs_share_data(bs_session *s, bs_session *from) {
    if (!s->compiled || s->reading || !from->compiled)
        return BS_USAGE;
    if (bs_finish_data(from) == BS_NO_MEMORY)
        return session_no_memory(s);
    uint32_t *metrics;
    bool alike;
    if (!reading_alike(&s->rules, &from->program, &s->program, &alike, &metrics))
        return session_no_memory(s);
    if (!alike)
        return BS_INVALID;
    return begin_data(s) && take_store(s, from, metrics) ? BS_OK : session_no_memory(s);
}

// ---- findings -----------------------------------------------------------------------------------

size_t bs_n_diagnostics(const bs_session *s) {
    return s->diags.diags.n;
}

bs_diagnostic bs_diagnostic_at(const bs_session *s, size_t i) {
    const Diag *d = &s->diags.diags.v[i];
    static const bs_severity severities[] = {
        [SEVERITY_NOTE] = BS_NOTE, [SEVERITY_WARNING] = BS_WARNING, [SEVERITY_ERROR] = BS_ERROR};
    Str path = d->place.file < s->diags.files.n ? s->diags.files.v[d->place.file].path : (Str){0};
    return (bs_diagnostic){diag_code_text(d->code), severities[d->severity],
                           session_text(path),      d->place.line,
                           d->place.column,         session_text(d->message),
                           session_text(d->hint),   session_text(d->because)};
}

size_t bs_n_allowed(const bs_session *s) {
    return s->diags.n_allowed;
}

size_t bs_n_errors(const bs_session *s) {
    return s->diags.n_errors;
}

size_t bs_n_warnings(const bs_session *s) {
    return s->diags.n_warnings;
}

bs_code session_hand_over(Buf *text, const bs_sink *sink) {
    bs_code code = text->failed ? BS_NO_MEMORY : BS_OK;
    if (code == BS_OK && text->len > 0 && !sink->write(sink->context, text->s, text->len))
        code = BS_STOPPED;
    buf_free(text);
    return code;
}

bs_code bs_write_diagnostics(const bs_session *s, size_t from, bool colour, const bs_sink *sink) {
    Buf text = {0};
    for (size_t i = from; i < s->diags.diags.n; i++) {
        const Diag *d = &s->diags.diags.v[i];
        if (d->because.len == 0 && (d->severity != SEVERITY_NOTE || s->checked))
            diag_print(&text, &s->diags, d, colour);
    }
    diag_print_dropped(&text, &s->diags);
    return session_hand_over(&text, sink);
}

bs_code bs_write_diagnostic(const bs_session *s, size_t i, bool colour, const bs_sink *sink) {
    Buf text = {0};
    if (i >= s->diags.diags.n)
        return BS_USAGE;
    diag_print(&text, &s->diags, &s->diags.diags.v[i], colour);
    return session_hand_over(&text, sink);
}

bs_code bs_write_findings(const bs_session *s, bs_findings_format format, const bs_sink *sink) {
    Buf text = {0};
    switch (format) {
    case BS_FINDINGS_JSON:
        findings_write_json(&s->diags, &text);
        break;
    case BS_FINDINGS_SARIF:
        findings_write_sarif(&s->diags, &text);
        break;
    case BS_FINDINGS_GITHUB:
        findings_write_github(&s->diags, &text);
        break;
    }
    return session_hand_over(&text, sink);
}

bs_code bs_mend_rules(const bs_session *s, bs_mended_fn fn, void *context) {
    bs_code code = BS_OK;
    for (uint32_t i = 0; i < s->diags.files.n && code == BS_OK; i++) {
        const DiagFile *file = &s->diags.files.v[i];
        Buf after = {0};
        size_t n_edits = file->text.len > 0 ? diag_mend(&s->diags, i, &after) : 0;
        bs_mended mended = {session_text(file->path), session_text(file->text),
                            session_text(buf_str(&after)), n_edits};
        if (after.failed)
            code = BS_NO_MEMORY;
        else if (n_edits > 0 && !fn(context, &mended))
            code = BS_STOPPED;
        buf_free(&after);
    }
    return code;
}

static Str str_of(bs_text text) {
    return (Str){text.s, text.len};
}

bs_code bs_write_diff(bs_text name, bs_text before, bs_text after, const bs_sink *sink) {
    Arena scratch;
    Buf text = {0};
    arena_init(&scratch, 0);
    bool ok = diff_unified(&scratch, &text, str_of(name), str_of(before), str_of(after));
    arena_free(&scratch);
    if (ok)
        return session_hand_over(&text, sink);
    buf_free(&text);
    return BS_NO_MEMORY;
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
                                      &s->progress, fn, context)
                         : code;
}

bs_code bs_trace_results(bs_session *s, const bs_filter *filter, const bs_why_options *options,
                         bs_trace_fn fn, void *context) {
    bs_code code = bs_finish_data(s);
    return code == BS_OK ? trace_run(&s->program, &s->store, &s->diags, filter, options,
                                     &s->progress, fn, context)
                         : code;
}

bs_code bs_why(bs_session *s, const bs_filter *filter, const bs_why_options *options,
               const bs_sink *sink) {
    bs_code code = bs_finish_data(s);
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
    return report_run(&s->program, &s->store, &s->diags, r->filter, needs, &s->progress, fn,
                      fn_context);
}

bs_code bs_write_results(bs_session *s, const bs_filter *filter, const bs_output *output,
                         const char *const *fail_on, size_t n_fail_on, const bs_sink *sink,
                         bs_counts *counts, size_t *matches) {
    bs_code code = bs_finish_data(s);
    if (code != BS_OK)
        return code;
    s->names.as_of = filter && filter->rules_as_of;
    if (output->format != BS_TABLE)
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
    return begin_data(s);
}

// A single file, judged while it is read where that can be done; [*done] when it was.
static bs_code judge_while_reading(bs_session *s, const char *path, const bs_filter *filter,
                                   const bs_output *output, FailOn fail_on, const bs_sink *sink,
                                   bs_counts *counts, size_t *matches, bool *done) {
    DiagMark mark = diag_mark(&s->diags);
    bs_code code = BS_OK;
    *done = false;
    if (!begin_data(s))
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
    if (n_paths == 1 && output->order == BS_AS_READ && output->format != BS_TABLE)
        worst = judge_while_reading(s, paths[0], selection, output, (FailOn){fail_on, n_fail_on},
                                    sink, counts, matches, &done);
    if (done || worst != BS_OK)
        return worst;
    // Every file is read, so that the findings of all are said at once.
    for (size_t i = 0; i < n_paths && (worst == BS_OK || worst == BS_INVALID); i++) {
        bs_code code = bs_add_data(s, paths[i]);
        worst = code == BS_OK ? worst : code;
    }
    if (worst != BS_OK)
        return worst;
    return bs_write_results(s, selection, output, fail_on, n_fail_on, sink, counts, matches);
}

static ChangesSide side_of(const bs_session *s) {
    return (ChangesSide){&s->program, &s->store, &s->diags};
}

bs_code bs_diff(bs_session *before, bs_session *after, const bs_diff_options *options,
                bs_change_fn fn, void *context, bs_diff_counts *counts) {
    bs_code code = bs_finish_data(before);
    if (code == BS_OK)
        code = bs_finish_data(after);
    ChangesSide was = side_of(before), is = side_of(after);
    return code == BS_OK ? changes_run(&was, &is, before->figures == after->figures, options,
                                       &after->diags, &after->progress, fn, context, counts)
                         : code;
}

bs_code bs_diff_rules(bs_session *before, bs_session *after, const bs_filter *filter,
                      bs_rules_change_fn fn, void *context, size_t *n_same) {
    static const bs_filter everything;
    size_t n;
    if (!before->compiled || !after->compiled)
        return BS_USAGE;
    bs_filter kpis = filter ? *filter : everything; // whatever else there is speaks of figures
    kpis.n_entities = kpis.n_periods = 0;
    SelectionSide sides[] = {{&before->program, &before->store}, {&after->program, &after->store}};
    if (!selection_check(&kpis, sides, 2, &after->diags))
        return session_outcome(after, false);
    bs_code code = difference_run(&before->program, &after->program, &kpis, fn, context, &n);
    if (n_same)
        *n_same = n;
    return code == BS_NO_MEMORY ? session_no_memory(after) : code;
}

static bs_code compare(bs_session *before, bs_session *after, Comparison *c) {
    bs_code code = BS_OK;
    if (c->what->rules)
        code = bs_diff_rules(before, after, &c->what->options.filter, comparison_take_rules, c,
                             &c->counts.n_rules_same);
    if (code == BS_OK && c->what->rows)
        code = bs_diff(before, after, &c->what->options, comparison_take_row, c, &c->counts.rows);
    return code == BS_STOPPED ? session_no_memory(after) : code; // nothing else stops it
}

bs_code bs_write_comparison(bs_session *before, bs_session *after, const bs_comparison *what,
                            const bs_sink *sink, bs_comparison_counts *counts) {
    Comparison c;
    Buf text = {0};
    comparison_init(&c, what);
    bs_code code = compare(before, after, &c);
    if (code == BS_OK && !comparison_write(&c, &text))
        code = session_no_memory(after);
    if (counts)
        *counts = c.counts;
    comparison_free(&c);
    if (code == BS_OK)
        return session_hand_over(&text, sink);
    buf_free(&text);
    return code;
}

bs_code bs_test(bs_session *s, const bs_sink *sink, bs_test_counts *counts) {
    if (!s->compiled)
        return BS_USAGE;
    Buf text = {0};
    if (examples_run(&s->program, counts, &text))
        return session_hand_over(&text, sink);
    buf_free(&text);
    return session_no_memory(s);
}

// ---- the rest -----------------------------------------------------------------------------------

bs_code bs_eval(bs_session *s, const char *expression, size_t len, bool json, const bs_sink *sink) {
    Arena scratch, arena;
    arena_init(&scratch, 0);
    arena_init(&arena, 0);
    Program program;
    Expression e;
    Buf text = {0};
    size_t from = s->diags.diags.n;
    bool ok = compile_expression(&scratch, &arena, &s->diags, s->compiled ? &s->modules : NULL,
                                 (Str){expression, len}, &program, &e);
    bool memory = !scratch.failed && !arena.failed;
    if (ok)
        memory = write_value(&program, &e.fn, e.reg, e.kind, e.unit, json, &text);
    else if (json)
        write_error(&s->diags, from, &text);
    bs_code code = memory ? session_hand_over(&text, sink) : session_no_memory(s);
    buf_free(&text);
    arena_free(&arena);
    arena_free(&scratch);
    return code == BS_OK && !ok ? BS_INVALID : code;
}

// The line of [before], from 1, on which [after] differs; 0 when they are equal.
static unsigned first_difference(Str before, Str after) {
    unsigned line = 1;
    size_t i = 0;
    for (; i < before.len && i < after.len && before.s[i] == after.s[i]; i++)
        line += before.s[i] == '\n';
    return i < before.len || i < after.len ? line : 0;
}

// What [source] comes to in the canonical layout; the text is kept with the rule texts.
static bs_code lay_out(bs_session *s, const Source *source, bs_formatted *out) {
    Arena scratch;
    Buf text = {0};
    arena_init(&scratch, 0);
    bool ok = format_rules(&scratch, &s->diags, source, &text);
    bool memory = !scratch.failed && !text.failed;
    Str after = ok ? arena_str(&s->trees, buf_str(&text)) : (Str){0};
    arena_free(&scratch);
    buf_free(&text);
    if (!memory || s->trees.failed)
        return session_no_memory(s);
    *out = (bs_formatted){.name = session_text(s->diags.files.v[source->file].path),
                          .before = session_text(source->text),
                          .after = session_text(after),
                          .first_line = first_difference(source->text, after)};
    return session_outcome(s, ok);
}

bs_code bs_format_rules(bs_session *s, const char *path, bs_formatted *out) {
    Source source;
    bool readable;
    if (!load_file(&s->modules, str_from(path), &source, &readable))
        return session_no_memory(s);
    return readable ? lay_out(s, &source, out) : BS_INVALID;
}

bs_code bs_format_rules_text(bs_session *s, const char *name, const char *text, size_t len,
                             bs_formatted *out) {
    Source source;
    bool readable;
    if (!load_text(&s->modules, str_from(name), (Str){text, len}, &source, &readable))
        return session_no_memory(s);
    return readable ? lay_out(s, &source, out) : BS_INVALID;
}

bs_code bs_disassemble(bs_session *s, const bs_sink *sink) {
    if (!s->compiled)
        return BS_USAGE;
    Buf text = {0};
    program_list(&s->program, true, &text);
    return session_hand_over(&text, sink);
}

bs_code bs_inspect(bs_session *s, const char *path, const bs_inspect_options *o,
                   const bs_sink *sink) {
    InspectOptions options = {.delimiter = str_from(o->delimiter),
                              .quote = str_from(o->quote),
                              .encoding = str_from(o->encoding),
                              .skip_lines = o->skip_lines,
                              .no_header = o->no_header,
                              .rows = o->rows,
                              .json = o->json};
    return inspect_file(&s->diags, str_from(path), &options, sink);
}

// ---- import -------------------------------------------------------------------------------------

static bool list_scales(bs_session *s, Arena *a, ImportOptions *o) {
    ImportScale *scales = ARENA_ARRAY(a, ImportScale, s->program.n_scales);
    for (uint32_t i = 0; scales && i < s->program.n_scales; i++)
        scales[i] = (ImportScale){&s->program.scales[i],
                                  mapped_scale(&s->modules, &s->program, &s->program.scales[i])};
    o->scales = scales;
    o->n_scales = s->program.n_scales;
    return scales;
}

static bool list_names(const bs_session *s, Arena *a, ImportOptions *o) {
    const Program *p = &s->program;
    Str *names = ARENA_ARRAY(a, Str, (size_t)p->n_kpis + p->n_metrics);
    for (uint32_t i = 0; names && i < p->n_kpis; i++)
        names[o->n_names++] = p->kpis[i].name;
    for (uint32_t i = 0; names && i < p->n_metrics; i++)
        names[o->n_names++] = p->metrics[i].name;
    o->names = names;
    return names;
}

bs_code bs_import(bs_session *s, const char *path, const bs_import_options *given,
                  const bs_sink *sink) {
    static const bs_import_options usual;
    const bs_import_options *g = given ? given : &usual;
    if (!s->compiled && s->modules.all.n > 0)
        return BS_USAGE;
    ImportOptions o = {.sheet = str_from(g->sheet),
                       .polarity = str_from(g->polarity),
                       .columns = g->columns,
                       .n_columns = g->n_columns,
                       .uses = g->uses,
                       .n_uses = g->n_uses,
                       .records = {.delimiter = str_from(g->delimiter),
                                   .quote = str_from(g->quote),
                                   .encoding = str_from(g->encoding),
                                   .skip_lines = g->skip_lines,
                                   .no_header = g->no_header}};
    Arena lists;
    arena_init(&lists, 0);
    bs_code code = BS_NO_MEMORY;
    if (list_scales(s, &lists, &o) && list_names(s, &lists, &o))
        code = import_file(&s->diags, str_from(path), &o, sink);
    arena_free(&lists);
    return code == BS_NO_MEMORY ? session_no_memory(s) : code;
}
