// SPDX-License-Identifier: Apache-2.0
// From registers to results as the outputs show them.
#include "runtime/edges/report.h"

#include "runtime/base/suggest.h"
#include "runtime/engine/explain.h"
#include "runtime/engine/vm.h"

// A status line that leaves rows without a status for want of a comparator.
typedef struct Wanting {
    uint32_t line; // the first such line; UINT32_MAX while there is none
    Str comparator;
    size_t n; // rows that it leaves
} Wanting;

enum {
    WANTING_MIN_ROWS = 5,
    WANTING_MIN_SHARE = 4
}; // worth a word from 5 rows and a quarter of all

typedef struct Run {
    const Program *program;
    const Store *store;
    DiagList *diags;
    const bs_filter *filter;
    bs_result_fn fn;
    void *context;
    Vm vm;
    Arena texts; // of the results of one batch
    Buf work;
    const Kpi *kpi;
    Wanting wanting;  // of the KPI
    bs_level *levels; // room for the KPI's, filled anew for each result
    bs_figure *figures;
    Str unit;
} Run;

static bs_text text_of(Str s) {
    return (bs_text){s.s ? s.s : "", s.s ? s.len : 0};
}

// What stands in the work buffer, as a text of the current batch; the buffer is emptied.
static bs_text take_work(Run *r) {
    Str s = arena_str(&r->texts, buf_str(&r->work));
    r->work.len = 0;
    return text_of(s);
}

static bs_text exact_text(Run *r, Number n) {
    number_print(&r->work, n);
    return take_work(r);
}

static bs_text shown_text(Run *r, Number n) {
    explain_figure(&r->work, n, r->kpi->decimals, r->kpi->mode);
    return take_work(r);
}

static bs_figure figure_of(Run *r, uint16_t reg, size_t lane, Str name, Str label) {
    bs_figure f = {text_of(name), text_of(label), text_of(STR("")), text_of(STR("")),
                   text_of(STR(""))};
    if (reg == NO_REG)
        return f;
    Why why;
    Number n = vm_number(&r->vm, reg, lane, &why);
    if (why) {
        f.missing = text_of(why_words(why));
        return f;
    }
    f.exact = exact_text(r, n);
    f.shown = shown_text(r, n);
    return f;
}

static bs_level level_of(Run *r, const NamedLevel *named, size_t lane) {
    Why why;
    uint8_t level = vm_level(&r->vm, named->reg, lane, &why);
    bs_level out = {text_of(named->name), text_of(STR("")), text_of(STR("")), text_of(STR(""))};
    if (why) {
        out.missing = text_of(why_words(why));
        return out;
    }
    const Level *l = &r->program->scales[named->scale].levels[level];
    out.level = text_of(l->name);
    out.label = text_of(l->label.len > 0 ? l->label : l->name);
    return out;
}

static bs_text direction_of(Run *r, size_t lane) {
    if (r->kpi->direction == NO_REG)
        return text_of(STR(""));
    Why why;
    uint8_t level = vm_level(&r->vm, r->kpi->direction, lane, &why);
    if (why)
        return text_of(STR(""));
    bool judged = r->kpi->polarity != POLARITY_NONE && r->kpi->polarity != POLARITY_NOT_JUDGED;
    uint32_t scale = judged ? r->program->direction_scale : r->program->arrow_scale;
    return text_of(r->program->scales[scale].levels[level].name);
}

static void fill_status(Run *r, size_t lane, bs_result *out) {
    const Kpi *k = r->kpi;
    out->status_name = text_of(k->status_name);
    out->status = out->status_label = out->status_symbol = out->status_colour = text_of(STR(""));
    out->missing = text_of(STR(""));
    out->kind = BS_UNJUDGED;
    if (!k->has_status)
        return;
    StatusLane s = vm_status(&r->vm, k->status, lane);
    const Scale *scale = &r->program->scales[k->status_scale];
    out->n_status_ranks = scale->n_levels;
    if (s.level == LEVEL_NO_DATA) {
        out->kind = BS_NO_DATA;
        out->missing = text_of(why_words(s.why));
        return;
    }
    const Level *l = &scale->levels[s.level];
    out->kind = BS_JUDGED;
    out->status = text_of(l->name);
    out->status_label = text_of(l->label.len > 0 ? l->label : l->name);
    out->status_symbol = text_of(l->symbol);
    out->status_colour = text_of(l->colour);
    out->status_rank = s.level;
}

static void fill_rule(Run *r, size_t lane, bs_result *out) {
    const StatusLine *line = explain_line(&r->vm, r->kpi, lane);
    Place place = line ? line->place : r->kpi->place;
    out->rule_file = place.file < r->program->n_files ? text_of(r->program->files[place.file].path)
                                                      : text_of(STR(""));
    out->rule_line = place.line;
    out->because = line ? text_of(line->because) : text_of(STR(""));
    explain_status(&r->vm, r->kpi, lane, &r->work);
    out->reason = take_work(r);
}

static void add_marks(Run *r, uint8_t marks) {
    static const struct {
        Mark mark;
        const char *word;
    } words[] = {{MARK_PROVISIONAL, "provisional"},
                 {MARK_REVISED, "revised"},
                 {MARK_ESTIMATED, "estimated"},
                 {MARK_BREAK, "break in series"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (marks & words[i].mark)
            buf_printf(&r->work, "%s%s", r->work.len > 0 ? ", " : "", words[i].word);
}

// Marks of all the observations that the value reads; place and earlier value of the first.
static void fill_source(Run *r, Lane lane, bs_result *out) {
    uint8_t marks = 0;
    out->replaced = out->data_file = text_of(STR(""));
    for (uint32_t i = 0; i < r->kpi->n_reads; i++) {
        uint32_t obs = store_find(r->store, r->kpi->reads[i], lane.entity, lane.period);
        if (obs == OBS_NONE)
            continue;
        const Observation *o = &r->store->obs[obs];
        marks |= o->marks;
        if (out->data_line == 0) {
            out->data_file = text_of(r->diags->files.v[o->file].path);
            out->data_line = o->line;
        }
        if (o->replaced != OBS_NONE && out->replaced.len == 0) {
            Why why;
            Number old = store_figure(r->store, o->replaced, FIELD_VALUE, &why);
            if (!why)
                out->replaced = shown_text(r, old);
        }
    }
    add_marks(r, marks);
    out->marks = take_work(r);
}

static bool hand_out(Run *r, Lane lane, size_t i) {
    const Kpi *k = r->kpi;
    bs_result out = {.kpi = text_of(k->name),
                     .label = text_of(k->label.len > 0 ? k->label : k->name),
                     .source = text_of(k->source),
                     .note = text_of(k->note),
                     .unit = text_of(r->unit),
                     .entity = text_of(intern_text(&r->store->entities, lane.entity)),
                     .levels = r->levels,
                     .n_levels = k->n_levels,
                     .figures = r->figures,
                     .n_figures = k->n_figures};
    period_print(&r->work, lane.period);
    out.period = take_work(r);
    out.value = figure_of(r, k->value, i, STR("value"), STR("Value"));
    out.previous = figure_of(r, k->previous, i, STR("previous"), STR("Previous"));
    for (uint32_t n = 0; n < k->n_levels; n++)
        r->levels[n] = level_of(r, &k->levels[n], i);
    for (uint32_t n = 0; n < k->n_figures; n++)
        r->figures[n] = figure_of(r, k->figures[n].reg, i, k->figures[n].name, k->figures[n].label);
    out.direction = direction_of(r, i);
    fill_status(r, i, &out);
    fill_rule(r, i, &out);
    fill_source(r, lane, &out);
    return r->fn(r->context, &out);
}

// ---- filters ------------------------------------------------------------------------------------

static bool is_selected(const char *const *names, size_t n, Str s) {
    for (size_t i = 0; i < n; i++)
        if (str_eq(str_from(names[i]), s))
            return true;
    return n == 0;
}

static bool selects_lane(Run *r, Lane lane) {
    if (!is_selected(r->filter->entities, r->filter->n_entities,
                     intern_text(&r->store->entities, lane.entity)))
        return false;
    if (r->filter->n_periods == 0)
        return true;
    period_print(&r->work, lane.period);
    bool selected = is_selected(r->filter->periods, r->filter->n_periods, buf_str(&r->work));
    r->work.len = 0;
    return selected;
}

typedef Str (*NameAt)(Run *r, size_t i);

static Str kpi_name(Run *r, size_t i) {
    return i < r->program->n_kpis ? r->program->kpis[i].name : (Str){0};
}

static Str entity_name(Run *r, size_t i) {
    return i < r->store->entities.n ? intern_text(&r->store->entities, (uint32_t)i) : (Str){0};
}

static Str period_name(Run *r, size_t i) {
    if (i >= r->store->n_reported)
        return (Str){0};
    period_print(&r->work, r->store->reported[i]);
    bs_text t = take_work(r);
    return (Str){t.s, t.len};
}

static bool check_names(Run *r, const char *what, const char *const *names, size_t n, NameAt at) {
    bool ok = true;
    for (size_t i = 0; i < n; i++) {
        Str name = str_from(names[i]), candidate;
        bool found = false;
        Suggestion near = suggest_for(name);
        for (size_t k = 0; !found && (candidate = at(r, k)).s; k++) {
            found = str_eq(candidate, name);
            suggest_consider(&near, candidate);
        }
        if (found)
            continue;
        ok = false;
        Diag *d = diag_add(r->diags, D_UNKNOWN_SELECTION, (Place){.file = PLACE_NO_FILE},
                           "there is no %s `%.*s`", what, STR_ARG(name));
        if (near.best.len > 0)
            d->hint = arena_printf(r->diags->arena, "did you mean `%.*s`?", STR_ARG(near.best));
    }
    return ok;
}

// ---- the run ------------------------------------------------------------------------------------

static void count_wanting(Run *r, size_t lane) {
    Str comparator = {0};
    uint32_t line =
        r->kpi->has_status ? explain_wanting_line(&r->vm, r->kpi, lane, &comparator) : UINT32_MAX;
    if (line == UINT32_MAX)
        return;
    if (r->wanting.line == UINT32_MAX)
        r->wanting = (Wanting){line, comparator, 0};
    r->wanting.n += line == r->wanting.line;
}

static void advise_if_known(Run *r, size_t n_rows) {
    const Wanting *w = &r->wanting;
    if (w->n < WANTING_MIN_ROWS || w->n * WANTING_MIN_SHARE < n_rows)
        return;
    const StatusLine *line = &r->program->lines[w->line];
    Diag *d = diag_add(r->diags, D_WANTS_IF_KNOWN, line->place,
                       "this line leaves %zu of the %zu rows of %.*s without a status, since "
                       "`%.*s` is missing there",
                       w->n, n_rows, STR_ARG(r->kpi->name), STR_ARG(w->comparator));
    d->hint = STR("if the line is to count only where that figure is known, write `, if known` "
                  "behind its condition");
}

static bs_code run_batch(Run *r, const Lane *lanes, size_t n) {
    if (!vm_run(&r->vm, &r->kpi->fn, lanes, n, NULL))
        return BS_NO_MEMORY;
    bs_code code = BS_OK;
    for (size_t i = 0; i < n && code == BS_OK; i++) {
        count_wanting(r, i);
        if (!hand_out(r, lanes[i], i))
            code = BS_STOPPED;
    }
    if (r->texts.failed || r->work.failed)
        code = BS_NO_MEMORY;
    arena_free(&r->texts);
    return code;
}

static bs_code run_kpi(Run *r, const Kpi *k) {
    Arena a;
    arena_init(&a, 0);
    Lane *lanes;
    size_t n, n_kept = 0;
    bs_code code = BS_NO_MEMORY;
    r->kpi = k;
    r->wanting = (Wanting){.line = UINT32_MAX};
    r->levels = ARENA_ARRAY(&a, bs_level, k->n_levels);
    r->figures = ARENA_ARRAY(&a, bs_figure, k->n_figures);
    unit_print(&r->work, k->unit);
    r->unit = arena_str(&a, buf_str(&r->work));
    r->work.len = 0;
    if (r->levels && r->figures && store_lanes(r->store, &a, k->reads, k->n_reads, &lanes, &n)) {
        for (size_t i = 0; i < n; i++)
            if (selects_lane(r, lanes[i]))
                lanes[n_kept++] = lanes[i];
        code = BS_OK;
        for (size_t i = 0; i < n_kept && code == BS_OK; i += VM_BATCH)
            code = run_batch(r, lanes + i, n_kept - i < VM_BATCH ? n_kept - i : VM_BATCH);
        if (code == BS_OK)
            advise_if_known(r, n_kept);
    }
    arena_free(&a);
    return code;
}

bs_code report_run(const Program *p, const Store *s, DiagList *d, const bs_filter *filter,
                   bs_result_fn fn, void *context) {
    static const bs_filter everything;
    Run r = {.program = p,
             .store = s,
             .diags = d,
             .filter = filter ? filter : &everything,
             .fn = fn,
             .context = context};
    const bs_filter *f = r.filter;
    arena_init(&r.texts, 0);
    vm_init(&r.vm, p, s);
    bs_code code = BS_OK;
    bool known = check_names(&r, "KPI", f->kpis, f->n_kpis, kpi_name);
    known = check_names(&r, "entity", f->entities, f->n_entities, entity_name) && known;
    known = check_names(&r, "reported period", f->periods, f->n_periods, period_name) && known;
    if (!known)
        code = BS_INVALID;
    for (uint32_t i = 0; i < p->n_kpis && code == BS_OK; i++)
        if (is_selected(f->kpis, f->n_kpis, p->kpis[i].name))
            code = run_kpi(&r, &p->kpis[i]);
    if (code == BS_NO_MEMORY)
        diag_add(d, D_NO_MEMORY, (Place){.file = PLACE_NO_FILE},
                 "memory ran out while the rules were run");
    vm_free(&r.vm);
    arena_free(&r.texts);
    buf_free(&r.work);
    return code;
}
