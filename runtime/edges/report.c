// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/report.h"

#include <stdlib.h>

#include "runtime/edges/group_result.h"
#include "runtime/edges/result.h"
#include "runtime/edges/selection.h"
#include "runtime/edges/wanting.h"

typedef struct Run {
    const Program *program;
    const Store *store;
    DiagList *diags;
    const bs_filter *filter;
    const ProgressTo *progress;
    size_t n_judged, n_told; // results, and how many of them [progress] knows of
    bs_result_fn fn;
    ReportRowFn row_fn; // in place of it
    void *context;
    Vm vm;
    Vm as_of;    // the same by the rules of another time, if its as_of is a period
    Arena texts; // of the results of one batch
    ResultMaker maker;
    const Kpi *kpi;
    Plan plan;            // of the KPI
    Wanting wanting;      // of the KPI
    Publisher *publisher; // NULL for internal results
} Run;

static bool selects_lane(Run *r, Lane lane) {
    return selection_has_lane(r->filter, r->store, lane, &r->maker.work);
}

// ---- the run ------------------------------------------------------------------------------------

static bs_code hand_out(Run *r, const bs_result *result, ReportRow row) {
    bool goes_on = r->row_fn ? r->row_fn(r->context, result, &row) : r->fn(r->context, result);
    return goes_on ? BS_OK : BS_STOPPED;
}

// Rows [from] on of the KPI's.
static bs_code run_batch(Run *r, const Lane *lanes, size_t from, size_t n) {
    bool again = r->as_of.as_of.kind != PERIOD_NONE;
    lanes += from;
    if (!vm_run_plan(&r->vm, &r->plan, lanes, n) ||
        (again && !vm_run_plan(&r->as_of, &r->plan, lanes, n)))
        return BS_NO_MEMORY;
    bs_code code = BS_OK;
    for (size_t i = 0; i < n && code == BS_OK; i++) {
        bs_result result;
        bool holds = r->publisher && publisher_holds(r->publisher, from + i);
        if (!holds)
            wanting_count(&r->wanting, &r->vm, r->kpi, i);
        result_make(&r->maker, lanes[i], i, &result);
        if (holds)
            publisher_apply(r->publisher, from + i, &r->texts, &result);
        if (r->texts.failed || r->maker.work.failed)
            code = BS_NO_MEMORY;
        else
            code = hand_out(r, &result, (ReportRow){.vm = &r->vm, .kpi = r->kpi, .lane = i});
    }
    arena_free(&r->texts);
    return code;
}

// BS_STOPPED when the work is to stop.
static bs_code tell_progress(Run *r, size_t n_done, size_t n_total) {
    if (r->n_judged - r->n_told < PROGRESS_ROWS)
        return BS_OK;
    r->n_told = r->n_judged;
    bool go_on = progress_tell(r->progress, (bs_progress){.stage = BS_JUDGING,
                                                          .n_rows = r->n_judged,
                                                          .n_done = n_done,
                                                          .n_total = n_total});
    return go_on ? BS_OK : BS_STOPPED;
}

static bs_code run_kpi(Run *r, const Kpi *k) {
    Arena a;
    arena_init(&a, 0);
    Lane *lanes;
    size_t n, n_kept = 0;
    bs_code code = BS_NO_MEMORY;
    r->kpi = k;
    r->wanting = WANTING_NONE;
    if (result_begin(&r->maker, &a, k) && plan_make(&a, r->program, k, r->maker.needs, &r->plan) &&
        store_lanes(r->store, &a, k->reads, k->n_reads, &lanes, &n)) {
        for (size_t i = 0; i < n; i++)
            if (selects_lane(r, lanes[i]))
                lanes[n_kept++] = lanes[i];
        if (!r->publisher || publisher_kpi(r->publisher, k, lanes, n_kept))
            code = BS_OK;
        for (size_t i = 0; i < n_kept && code == BS_OK; i += VM_BATCH) {
            size_t n_batch = n_kept - i < VM_BATCH ? n_kept - i : VM_BATCH;
            code = run_batch(r, lanes, i, n_batch);
            r->n_judged += n_batch;
            if (code == BS_OK)
                code = tell_progress(r, (size_t)(k - r->program->kpis), r->program->n_kpis);
        }
        if (code == BS_OK)
            wanting_advise(&r->wanting, r->program, r->diags, k, n_kept);
    }
    arena_free(&a);
    return code;
}

static bool begin(Run *r, const Program *p, const Store *s, DiagList *d, const bs_filter *filter) {
    static const bs_filter everything;
    const bs_filter *f = filter ? filter : &everything;
    *r = (Run){.program = p, .store = s, .diags = d, .filter = f};
    arena_init(&r->texts, 0);
    bool known = selection_check(f, &(SelectionSide){p, s}, 1, d);
    return report_as_of(f, d, &r->as_of.as_of) && known;
}

static void init_machines(Run *r) {
    Period as_of = r->as_of.as_of;
    vm_init(&r->vm, r->program, r->store);
    vm_init(&r->as_of, r->program, r->store);
    r->as_of.as_of = as_of;
}

bool report_as_of(const bs_filter *filter, DiagList *d, Period *out) {
    *out = (Period){0, PERIOD_NONE};
    if (!filter || !filter->rules_as_of || period_parse(str_from(filter->rules_as_of), out))
        return true;
    if (d)
        diag_add(d, D_BAD_PERIOD, (Place){.file = PLACE_NO_FILE}, "\"%s\" is not a period",
                 filter->rules_as_of)
            ->hint = STR("write 2023-05, 2023-Q2, FY2023-24, AY2023/24, 2023 or 2023-05-31");
    return false;
}

static bs_code end(Run *r, bs_code code) {
    if (code == BS_NO_MEMORY)
        diag_add(r->diags, D_NO_MEMORY, (Place){.file = PLACE_NO_FILE},
                 "memory ran out while the rules were run");
    vm_free(&r->vm);
    vm_free(&r->as_of);
    arena_free(&r->texts);
    buf_free(&r->maker.work);
    return code;
}

bool report_selects(const bs_filter *filter, const Kpi *kpi) {
    return selection_has_kpi(filter, kpi->name);
}

bool report_selects_groups(const bs_filter *filter, const Program *p) {
    for (uint32_t i = 0; i < p->n_groups; i++)
        if (selection_has_kpi(filter, p->groups[i].name))
            return true;
    return false;
}

// ---- groups -------------------------------------------------------------------------------------

static bs_code run_group(Run *r, const Board *b, NearKpis *near, uint32_t group) {
    const Group *g = &r->program->groups[group];
    const BoardSheet *sheet = &b->groups[group];
    Arena a;
    arena_init(&a, 0);
    MemberStatus *members = ARENA_ARRAY(&a, MemberStatus, g->n_members);
    bs_code code = members ? BS_OK : BS_NO_MEMORY;
    if (code == BS_OK && r->publisher && !publisher_group(r->publisher, b, group))
        code = BS_NO_MEMORY;
    for (size_t i = 0; i < sheet->n && code == BS_OK; i++) {
        bs_result result;
        const BoardRow *row = &sheet->v[i];
        if (!selects_lane(r, (Lane){.entity = row->entity, .period = row->period}))
            continue;
        bool made = group_result_make(b, g, row, members, near, &r->texts, &r->maker.work, &result);
        if (made && r->publisher)
            publisher_apply(r->publisher, i, &r->texts, &result);
        if (!made || r->texts.failed)
            code = BS_NO_MEMORY;
        else
            code = hand_out(r, &result,
                            (ReportRow){.board = b, .group = g, .row = row, .members = members});
        arena_free(&r->texts);
    }
    arena_free(&a);
    return code;
}

static bs_code run_groups(Run *r) {
    const Program *p = r->program;
    if (!report_selects_groups(r->filter, p))
        return BS_OK;
    Arena a;
    Board board;
    NearKpis kpis, *near = r->maker.needs & PLAN_CHANGES ? &kpis : NULL;
    arena_init(&a, 0);
    bool again = r->as_of.as_of.kind != PERIOD_NONE;
    bool ok = board_make(&board, p, r->store, &r->vm, &a) &&
              (!again || board_add_as_of(&board, &r->as_of)) && near_kpis_init(&kpis, &a, &r->vm);
    bs_code code = ok ? BS_OK : BS_NO_MEMORY;
    for (uint32_t i = 0; i < p->n_groups && code == BS_OK; i++)
        if (selection_has_kpi(r->filter, p->groups[i].name))
            code = run_group(r, &board, near, i);
    arena_free(&a);
    return code;
}

static void say_beyond(DiagList *d, size_t n) {
    diag_add(
        d, D_SUPPRESS_BEYOND, (Place){.file = PLACE_NO_FILE},
        "%zu row%s could depend on so many hidden counts together that not every case was tried: "
        "what could depend on them is withheld",
        n, n == 1 ? "" : "s")
        ->hint =
        arena_printf(d->arena, "up to %d cases of a row are tried", (int)HIDDEN_MAX_WORLDS);
}

typedef struct HandOut { // one of the two
    bs_result_fn fn;
    ReportRowFn row_fn;
} HandOut;

static bs_code run_all(const Program *p, const Store *s, DiagList *d, const bs_filter *filter,
                       unsigned needs, const Publication *publication, const ProgressTo *progress,
                       HandOut to, void *context) {
    Run r;
    Publisher publisher;
    bs_code code = begin(&r, p, s, d, filter) ? BS_OK : BS_INVALID;
    r.progress = progress;
    r.fn = to.fn;
    r.row_fn = to.row_fn;
    r.context = context;
    init_machines(&r);
    r.maker = (ResultMaker){.program = p,
                            .store = s,
                            .diags = d,
                            .vm = &r.vm,
                            .as_of = r.as_of.as_of.kind != PERIOD_NONE ? &r.as_of : NULL,
                            .needs = needs,
                            .texts = &r.texts,
                            .work = r.maker.work};
    if (publication) {
        r.publisher = &publisher;
        if (!publisher_begin(&publisher, publication, p, s, d, r.as_of.as_of) && code == BS_OK)
            code = BS_NO_MEMORY;
    }
    for (uint32_t i = 0; i < p->n_kpis && code == BS_OK; i++)
        if (report_selects(r.filter, &p->kpis[i]))
            code = run_kpi(&r, &p->kpis[i]);
    if (code == BS_OK)
        code = run_groups(&r);
    if (publication && code == BS_OK && publisher.n_beyond > 0)
        say_beyond(d, publisher.n_beyond);
    if (publication)
        publisher_free(&publisher);
    return end(&r, code);
}

bs_code report_run(const Program *p, const Store *s, DiagList *d, const bs_filter *filter,
                   unsigned needs, const Publication *publication, const ProgressTo *progress,
                   bs_result_fn fn, void *context) {
    return run_all(p, s, d, filter, needs, publication, progress, (HandOut){.fn = fn}, context);
}

bs_code report_rows(const Program *p, const Store *s, DiagList *d, const bs_filter *filter,
                    unsigned needs, const ProgressTo *progress, ReportRowFn fn, void *context) {
    return run_all(p, s, d, filter, needs, NULL, progress, (HandOut){.row_fn = fn}, context);
}

bs_code report_groups(const Program *p, const Store *s, DiagList *d, const bs_filter *filter,
                      unsigned needs, bs_result_fn fn, void *context) {
    Run r;
    bs_code code = begin(&r, p, s, d, filter) ? BS_OK : BS_INVALID;
    r.fn = fn;
    r.context = context;
    r.maker.needs = needs;
    init_machines(&r);
    if (code == BS_OK)
        code = run_groups(&r);
    return end(&r, code);
}

// ---- in the order of the figures ----------------------------------------------------------------

typedef struct OrderedRow {
    uint32_t first;  // the first observation of the value, OBS_NONE without any
    uint32_t number; // of the row by KPI, entity and period
    JudgeRow row;
} OrderedRow;

typedef struct OrderedRows {
    OrderedRow *v;
    size_t n, cap;
} OrderedRows;

// Which of the lane's observations was read first: how many were before it, OBS_NONE without any.
static uint32_t first_read(const Store *s, const Kpi *k, Lane lane) {
    uint32_t first = OBS_NONE;
    for (uint32_t i = 0; i < k->n_reads; i++) {
        uint32_t obs = store_observation(s, lane, k->reads[i]);
        while (obs != OBS_NONE && s->obs[obs].replaced != OBS_NONE)
            obs = s->obs[obs].replaced;
        uint32_t read_as = obs == OBS_NONE ? OBS_NONE : s->read_as[obs];
        first = read_as < first ? read_as : first;
    }
    return first;
}

static bool add_kpi(Run *r, Arena *a, uint32_t kpi, OrderedRows *rows) {
    const Kpi *k = &r->program->kpis[kpi];
    Arena scratch;
    arena_init(&scratch, 0);
    Lane *lanes;
    size_t n;
    bool ok = store_lanes(r->store, &scratch, k->reads, k->n_reads, &lanes, &n);
    for (size_t i = 0; ok && i < n; i++) {
        if (!selects_lane(r, lanes[i]))
            continue;
        OrderedRow row = {.first = first_read(r->store, k, lanes[i]),
                          .number = (uint32_t)rows->n,
                          .row = {kpi, lanes[i]}};
        ok = rows->n < UINT32_MAX && VEC_PUSH(a, rows, row);
    }
    arena_free(&scratch);
    return ok;
}

static int compare_rows(const void *a, const void *b) {
    const OrderedRow *x = a, *y = b;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

// ---- written as text ----------------------------------------------------------------------------

typedef struct Writing {
    Run run;
    Crew crew;
    size_t n; // rows that wait in the crew's room
    const bs_sink *sink;
} Writing;

static bs_code write_waiting(Writing *w, size_t n_done, size_t n_total) {
    bs_code code = w->n > 0 ? crew_judge(&w->crew, w->n, w->sink) : BS_OK;
    w->run.n_judged += w->n;
    w->n = 0;
    return code == BS_OK ? tell_progress(&w->run, n_done, n_total) : code;
}

static bs_code write_row(Writing *w, JudgeRow row, size_t n_done, size_t n_total) {
    w->crew.rows[w->n++] = row;
    return w->n < crew_room(&w->crew) ? BS_OK : write_waiting(w, n_done, n_total);
}

static bs_code write_kpi(Writing *w, uint32_t kpi) {
    Run *r = &w->run;
    const Kpi *k = &r->program->kpis[kpi];
    Arena scratch;
    arena_init(&scratch, 0);
    Lane *lanes;
    size_t n;
    bs_code code =
        store_lanes(r->store, &scratch, k->reads, k->n_reads, &lanes, &n) ? BS_OK : BS_NO_MEMORY;
    for (size_t i = 0; code == BS_OK && i < n; i++) {
        if (selects_lane(r, lanes[i]))
            code = write_row(w, (JudgeRow){kpi, lanes[i]}, kpi, r->program->n_kpis);
    }
    arena_free(&scratch);
    return code;
}

static bs_code write_by_kpi(Writing *w) {
    const Program *p = w->run.program;
    bs_code code = BS_OK;
    for (uint32_t i = 0; code == BS_OK && i < p->n_kpis; i++) {
        if (report_selects(w->run.filter, &p->kpis[i]))
            code = write_kpi(w, i);
    }
    return code == BS_OK ? write_waiting(w, p->n_kpis, p->n_kpis) : code;
}

static bs_code write_as_read(Writing *w) {
    Run *r = &w->run;
    Arena a;
    arena_init(&a, 0);
    OrderedRows rows = {0};
    bool ok = true;
    for (uint32_t i = 0; ok && i < r->program->n_kpis; i++) {
        if (report_selects(r->filter, &r->program->kpis[i]))
            ok = add_kpi(r, &a, i, &rows);
    }
    bs_code code = ok ? BS_OK : BS_NO_MEMORY;
    if (rows.n > 1)
        qsort(rows.v, rows.n, sizeof *rows.v, compare_rows);
    for (size_t i = 0; code == BS_OK && i < rows.n; i++)
        code = write_row(w, rows.v[i].row, i, rows.n);
    if (code == BS_OK)
        code = write_waiting(w, rows.n, rows.n);
    arena_free(&a);
    return code;
}

bs_code report_write(const JudgeRules *rules, const Store *s, DiagList *d, const bs_filter *filter,
                     const ReportOptions *o, const bs_sink *sink, JudgeTally *tallies) {
    Writing w = {.sink = sink};
    bs_code code = begin(&w.run, rules->program, s, d, filter) ? BS_OK : BS_INVALID;
    w.run.progress = o->progress;
    if (code == BS_OK && !crew_init(&w.crew, rules, s, o->n_threads))
        code = BS_NO_MEMORY;
    if (code == BS_OK)
        code = o->order == BS_AS_READ ? write_as_read(&w) : write_by_kpi(&w);
    crew_tallies(&w.crew, tallies);
    crew_free(&w.crew);
    return end(&w.run, code);
}
