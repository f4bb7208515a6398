// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/trace.h"

#include "runtime/base/suggest.h"
#include "runtime/edges/columns.h"
#include "runtime/edges/result.h"
#include "runtime/edges/selection.h"
#include "runtime/engine/explain.h"
#include "runtime/engine/telling.h"
#include "runtime/engine/tried.h"

bs_text trace_take(Tracer *t) {
    Str s = arena_str(&t->texts, buf_str(&t->work));
    t->work.len = 0;
    return result_text(s);
}

void trace_step(Tracer *t, bs_step step, Place place) {
    const bs_text none = result_text(STR(""));
    bs_text *texts[] = {&step.name,    &step.text,    &step.exact,
                        &step.missing, &step.outcome, &step.file};
    if (place.file < t->program->n_files && place.line > 0) {
        step.file = result_text(t->program->files[place.file].path);
        step.line = place.line;
    }
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!texts[i]->s)
            *texts[i] = none;
    VEC_PUSH(&t->texts, &t->steps, step);
}

bs_text trace_outcome(const Program *p, uint32_t scale, uint8_t level) {
    return result_text(level == LEVEL_NO_DATA ? STR("no data")
                                              : p->scales[scale].levels[level].name);
}

const char *trace_verdict_words(bs_verdict v) {
    switch (v) {
    case BS_DECIDES:
        return "decides";
    case BS_HOLDS:
        return "holds, but a line before it could decide otherwise";
    case BS_FAILS:
        return "does not hold";
    case BS_NOT_KNOWN:
        return "cannot be told";
    case BS_NOT_REACHED:
        return "is not reached";
    case BS_NO_LINE:
        break;
    }
    return "";
}

// ---- the sentence -------------------------------------------------------------------------------

static void tell_place(Buf *out, const bs_result *r) {
    if (r->rule_file.len > 0)
        buf_printf(out, " (%s line %u)", r->rule_file.s, r->rule_line);
}

// The levels that band tables give, "inadequate", or of several tables "ofsted inadequate, plan
// good"; how many there are.
static size_t tell_levels(const Vm *vm, const Kpi *k, size_t lane, Buf *out) {
    size_t n_tables = 0, n = 0;
    for (uint32_t i = 0; i < k->n_levels; i++)
        n_tables += k->levels[i].band_table != UINT32_MAX;
    for (uint32_t i = 0; i < k->n_levels; i++) {
        const NamedLevel *l = &k->levels[i];
        Why why;
        uint8_t level = vm_level(vm, l->reg, lane, &why);
        if (l->band_table == UINT32_MAX || why)
            continue;
        buf_puts(out, n++ > 0 ? ", " : "");
        if (n_tables > 1) {
            tell_name(out, l->name);
            buf_char(out, ' ');
        }
        tell_name(out, vm->program->scales[l->scale].levels[level].name);
    }
    return n;
}

// Where something else than bands decided: what they alone would have said. The lines that speak of
// nothing but levels are tried for that, as if there were no others.
static void tell_bands_alone(Tracer *t, const ReportRow *row) {
    TriedLines lines;
    const TriedLine *decided = NULL, *of_bands = NULL;
    Kpi k = explain_in_force(row->vm, row->kpi, row->lane);
    if (!tried_list(row->vm, &k, row->lane, &t->texts, &lines))
        return;
    for (size_t i = 0; i < lines.n; i++) {
        const TriedLine *l = &lines.v[i];
        bool alone = tried_of_bands(t->program, l->line) && !l->why && l->holds;
        decided = l->verdict == TRIED_DECIDES ? l : decided;
        of_bands = !of_bands && alone ? l : of_bands;
    }
    if (!decided || tried_of_bands(t->program, decided->line))
        return;
    Buf levels = {0};
    if (tell_levels(row->vm, row->kpi, row->lane, &levels) > 0) {
        buf_puts(&t->work, " The bands alone would say ");
        buf_put(&t->work, buf_str(&levels));
        if (of_bands) {
            buf_puts(&t->work, ", ");
            tell_name(&t->work,
                      text_str(trace_outcome(t->program, k.status_scale, of_bands->outcome)));
        }
        buf_char(&t->work, '.');
    }
    t->work.failed |= levels.failed;
    buf_free(&levels);
}

static bs_text make_sentence(Tracer *t, const bs_result *r, const ReportRow *row) {
    Str reason = text_str(r->reason);
    while (reason.len > 0 && reason.s[reason.len - 1] == '.')
        reason.len--;
    buf_put(&t->work, reason);
    tell_place(&t->work, r);
    buf_char(&t->work, '.');
    if (!row->group && r->kind == BS_JUDGED)
        tell_bands_alone(t, row);
    return trace_take(t);
}

// ---- the run ------------------------------------------------------------------------------------

static bool memory_failed(const Tracer *t) {
    return t->failed || t->texts.failed || t->work.failed || t->of_kpi.failed || t->of_run.failed;
}

static bool begin_kpi(Tracer *t, const Kpi *k) {
    if (t->kpi == k)
        return true;
    arena_free(&t->of_kpi);
    t->kpi = k;
    return plan_make(&t->of_kpi, t->program, k, PLAN_REASON, &t->plan) &&
           (!t->options->why_not || trace_near_begin(t, k));
}

static uint8_t level_of(const ReportRow *row) {
    return row->group ? row->row->status.level
                      : vm_status(row->vm, row->kpi->status, row->lane).level;
}

// Is the row among those that are explained? Of a wanted status it has to be on the scale.
static bool is_asked_for(Tracer *t, const ReportRow *row) {
    const char *wanted = t->options->why_not;
    bool has_status = row->group || row->kpi->has_status;
    return !wanted ||
           (has_status &&
            trace_wanted_on(t->program, row->group ? row->group->scale : row->kpi->status_scale,
                            str_from(wanted), &t->wanted));
}

static bool fill(Tracer *t, const ReportRow *row) {
    bool near = t->options->why_not && level_of(row) != t->wanted;
    if (row->group) {
        if (t->options->steps)
            trace_group(t, row);
        return !near || trace_near_group(t, row);
    }
    if (!begin_kpi(t, row->kpi))
        return false;
    if (t->options->steps)
        trace_kpi(t, row);
    return !near || trace_near_kpi(t, row);
}

static bool trace_row(void *context, const bs_result *result, const ReportRow *row) {
    Tracer *t = context;
    if (!is_asked_for(t, row))
        return true;
    t->steps = (TraceSteps){0};
    t->nearest = (TraceNearest){0};
    bs_trace trace = {.result = result, .sentence = make_sentence(t, result, row)};
    t->failed |= !fill(t, row);
    trace.steps = t->steps.v;
    trace.n_steps = t->steps.n;
    trace.nearest = t->nearest.v;
    trace.n_nearest = t->nearest.n;
    t->failed |= memory_failed(t);
    bool goes_on = !t->failed && t->fn(t->context, &trace);
    arena_free(&t->texts);
    return goes_on;
}

// Can any of the selected rows have the wanted status?
static bool check_wanted(const Program *p, const bs_filter *f, const char *wanted, DiagList *d) {
    static const bs_filter everything;
    uint8_t level;
    Str word = str_from(wanted);
    Suggestion near = suggest_for(word);
    f = f ? f : &everything;
    for (uint32_t i = 0; i < p->n_kpis + p->n_groups; i++) {
        const Group *g = i < p->n_kpis ? NULL : &p->groups[i - p->n_kpis];
        const Kpi *k = g ? NULL : &p->kpis[i];
        if (!selection_has_kpi(f, g ? g->name : k->name) || (k && !k->has_status))
            continue;
        uint32_t scale = g ? g->scale : k->status_scale;
        if (trace_wanted_on(p, scale, word, &level))
            return true;
        for (uint32_t n = 0; n < p->scales[scale].n_levels; n++)
            suggest_consider(&near, p->scales[scale].levels[n].name);
    }
    Diag *diag = diag_add(d, D_UNKNOWN_WANTED, (Place){.file = PLACE_NO_FILE},
                          "none of the rows can have the status `%s`", wanted);
    if (near.best.len > 0)
        diag->hint = arena_printf(d->arena, "did you mean `%.*s`?", STR_ARG(near.best));
    else
        diag->hint = STR("write a level of their scale by its name in the rules, or no-data");
    return false;
}

bs_code trace_run(const Program *p, const Store *s, DiagList *d, const bs_filter *filter,
                  const bs_why_options *options, const ProgressTo *progress, bs_trace_fn fn,
                  void *context) {
    static const bs_why_options usual;
    Tracer t = {.program = p,
                .store = s,
                .diags = d,
                .options = options ? options : &usual,
                .fn = fn,
                .context = context};
    arena_init(&t.texts, 0);
    arena_init(&t.of_kpi, 0);
    arena_init(&t.of_run, 0);
    vm_init(&t.near_vm, p, s);
    t.failed = !near_kpis_init(&t.near_kpis, &t.of_run, &t.near_vm);
    bs_code code = BS_INVALID;
    if (!t.options->why_not || check_wanted(p, filter, t.options->why_not, d))
        code =
            report_rows(p, s, d, filter, PLAN_EVERYTHING & ~PLAN_CHANGES, progress, trace_row, &t);
    if (memory_failed(&t)) {
        diag_add(d, D_NO_MEMORY, (Place){.file = PLACE_NO_FILE},
                 "memory ran out while results were explained");
        code = BS_NO_MEMORY;
    }
    vm_free(&t.near_vm);
    arena_free(&t.of_run);
    arena_free(&t.of_kpi);
    arena_free(&t.texts);
    buf_free(&t.work);
    return code;
}
