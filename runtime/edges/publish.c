// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/publish.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/edges/publish_parts.h"

bool publication_make(Publication *p, const Program *program, const Store *s) {
    arena_init(&p->arena, 0);
    if (!hidden_find(&p->hidden, &p->arena, program, s) ||
        !hidden_copy(&p->hidden, &p->arena, &p->blank))
        return false;
    hidden_blank(&p->hidden, &p->blank);
    return true;
}

void publication_free(Publication *p) {
    arena_free(&p->arena);
}

// ---- worlds -------------------------------------------------------------------------------------

bool publisher_begin(Publisher *p, const Publication *publication, const Program *program,
                     const Store *s, const DiagList *d, Period as_of) {
    *p = (Publisher){.publication = publication, .program = program};
    arena_init(&p->arena, 0);
    arena_init(&p->texts, 0);
    arena_init(&p->kept, 0);
    arena_init(&p->masks, 0);
    vm_init(&p->vm, program, &p->world);
    vm_init(&p->as_of, program, &p->world);
    p->as_of.as_of = as_of;
    p->maker = (ResultMaker){.program = program,
                             .store = s,
                             .diags = d,
                             .vm = &p->vm,
                             .as_of = as_of.kind != PERIOD_NONE ? &p->as_of : NULL,
                             .needs = PLAN_EVERYTHING,
                             .texts = &p->texts};
    return hidden_copy(&publication->hidden, &p->arena, &p->world) &&
           footprints_begin(&p->footprints, &p->arena, &publication->hidden);
}

void publisher_free(Publisher *p) {
    vm_free(&p->vm);
    vm_free(&p->as_of);
    arena_free(&p->masks);
    arena_free(&p->kept);
    arena_free(&p->texts);
    arena_free(&p->arena);
    buf_free(&p->maker.work);
}

static void forget(Publisher *p) {
    if (p->keeps)
        return;
    vm_forget(&p->vm);
    vm_forget(&p->as_of);
}

bool publisher_enter(Publisher *p, HiddenSet parts, uint32_t world) {
    forget(p);
    return hidden_set_world(&p->publication->hidden, parts, world, &p->world);
}

void publisher_leave(Publisher *p, HiddenSet parts) {
    forget(p);
    hidden_restore(&p->publication->hidden, parts, &p->world);
}

bool publisher_make_room(Publisher *p, size_t n, size_t n_figures, size_t n_levels) {
    arena_free(&p->masks);
    p->stride = N_HELD_PARTS + n_figures + 2 * n_levels;
    p->held = arena_array(&p->masks, n, p->stride);
    return p->held != NULL;
}

bool publisher_holds(const Publisher *p, size_t i) {
    for (size_t k = 0; p->held && k < p->stride; k++)
        if (publisher_held(p, i)[k] != HOLD_NOT)
            return true;
    return false;
}

// ---- the rows of a KPI --------------------------------------------------------------------------

typedef struct Row { // that can depend on something hidden
    HiddenSet parts;
    size_t index; // among the lanes
} Row;

typedef struct Rows {
    const Kpi *kpi;
    const Lane *lanes;
    Plan plan;
    Arena *arena; // lives as long as the KPI
    Row *v;
    size_t n;
} Rows;

static bool run(Publisher *p, const Rows *rows, const Lane *lanes, size_t n) {
    return vm_run_plan(&p->vm, &rows->plan, lanes, n) &&
           (!p->maker.as_of || vm_run_plan(&p->as_of, &rows->plan, lanes, n));
}

// Runs rows in every world of [parts] and marks in [held], [p->stride] a row, what differs. At most
// a batch.
static bool try_worlds(Publisher *p, const Rows *rows, const Lane *lanes, size_t n, HiddenSet parts,
                       uint8_t *held) {
    uint32_t n_worlds = hidden_n_worlds(&p->publication->hidden, parts);
    bs_result *first = ARENA_ARRAY(&p->kept, bs_result, n);
    bool ok = first != NULL, has_first = false;
    for (uint32_t world = 0; ok && world < n_worlds; world++) {
        if (!publisher_enter(p, parts, world))
            continue;
        ok = run(p, rows, lanes, n);
        for (size_t i = 0; ok && i < n; i++) {
            bs_result result;
            result_make(&p->maker, lanes[i], i, &result);
            if (!has_first)
                ok = publish_keep(&p->kept, &result, &first[i]);
            else
                publish_compare(&first[i], &result, held + i * p->stride);
        }
        ok = ok && !p->texts.failed && !p->maker.work.failed;
        has_first = true;
        arena_free(&p->texts);
    }
    publisher_leave(p, parts);
    arena_free(&p->kept);
    return ok;
}

static int compare_sets(const void *a, const void *b) {
    const Row *x = a, *y = b;
    if (x->parts.n != y->parts.n)
        return x->parts.n < y->parts.n ? -1 : 1;
    int order = x->parts.n ? memcmp(x->parts.v, y->parts.v, x->parts.n * sizeof *x->parts.v) : 0;
    return order ? order : (x->index > y->index) - (x->index < y->index);
}

static bool same_set(HiddenSet a, HiddenSet b) {
    return a.n == b.n && memcmp(a.v, b.v, a.n * sizeof *a.v) == 0;
}

// Rows of one footprint share their worlds.
static bool try_together(Publisher *p, const Rows *rows, size_t from, size_t n) {
    Lane *lanes = ARENA_ARRAY(rows->arena, Lane, n);
    uint8_t *held = arena_array(rows->arena, n, p->stride);
    bool ok = lanes && held;
    for (size_t i = 0; ok && i < n; i++)
        lanes[i] = rows->lanes[rows->v[from + i].index];
    ok = ok && try_worlds(p, rows, lanes, n, rows->v[from].parts, held);
    for (size_t i = 0; ok && i < n; i++)
        memcpy(publisher_held(p, rows->v[from + i].index), held + i * p->stride, p->stride);
    return ok;
}

static bool looks_elsewhere(const Plan *plan) {
    for (uint32_t i = 0; i < plan->n; i++)
        if (plan->code[i].op == OP_AMONG || op_info[plan->code[i].op].imm == IMM_CHART)
            return true;
    return false;
}

// Where a row has too many worlds, each part of it that has not is tried by itself: the parts from
// [first] on, [n] of them, which come from register [reg].
static bool try_register(Publisher *p, const Rows *rows, const Row *row, uint16_t reg,
                         const size_t *parts, size_t n) {
    Plan plan;
    HiddenSet set;
    Lane lane = rows->lanes[row->index];
    uint8_t *held = publisher_held(p, row->index);
    if (reg == NO_REG)
        return true;
    if (!plan_register(rows->arena, p->program, &rows->kpi->fn, reg, &plan) ||
        !footprint_of(&p->footprints, &plan, lane, &set))
        return false;
    uint8_t *alone = arena_array(rows->arena, 1, p->stride);
    if (!alone)
        return false;
    bool beyond = hidden_n_worlds(&p->publication->hidden, set) > HIDDEN_MAX_WORLDS;
    if (beyond)
        memset(alone, HOLD_BACK, p->stride);
    p->keeps = !looks_elsewhere(&plan);
    bool ok = beyond || set.n == 0 || try_worlds(p, rows, &lane, 1, set, alone);
    p->keeps = false;
    if (!ok)
        return false;
    for (size_t i = 0; i < n; i++)
        held[parts[i]] = alone[parts[i]];
    return true;
}

static bool try_parts(Publisher *p, const Rows *rows, const Row *row) {
    const Kpi *k = rows->kpi;
    p->n_beyond += !hidden_is_opaque(&p->publication->hidden, row->parts);
    publisher_held(p, row->index)[HELD_REASON] = HOLD_BACK;
    const size_t status[] = {HELD_STATUS, HELD_STATUS_AS_OF, HELD_RULE},
                 computed[] = {HELD_COMPUTED}, value[] = {HELD_VALUE}, previous[] = {HELD_PREVIOUS},
                 direction[] = {HELD_DIRECTION};
    bool ok = try_register(p, rows, row, k->value, value, 1) &&
              try_register(p, rows, row, k->previous, previous, 1) &&
              try_register(p, rows, row, k->direction, direction, 1);
    if (ok && k->has_status)
        ok = try_register(p, rows, row, k->status, status, 3);
    if (ok && k->has_overrides)
        ok = try_register(p, rows, row, k->computed, computed, 1);
    for (uint32_t i = 0; ok && i < k->n_figures; i++) {
        const size_t figure[] = {N_HELD_PARTS + i};
        ok = try_register(p, rows, row, k->figures[i].reg, figure, 1);
    }
    for (uint32_t i = 0; ok && i < k->n_levels; i++) {
        const size_t level = N_HELD_PARTS + k->n_figures + i,
                     levels[] = {level, level + k->n_levels};
        ok = try_register(p, rows, row, k->levels[i].reg, levels, 2);
    }
    return ok;
}

// ---- counts -------------------------------------------------------------------------------------

// Is the register a count as it was read, and a hidden one here?
static bool is_hidden_count(const Publisher *p, const Kpi *k, uint16_t reg, Lane lane) {
    const Program *program = p->program;
    const Load *load = NULL;
    for (uint32_t i = k->fn.first; i < k->fn.first + k->fn.n && reg != NO_REG; i++)
        if (program->code[i].dst == reg)
            load = program->code[i].op == OP_LOAD ? &program->loads[program->code[i].imm] : NULL;
    Period period;
    if (!load || load->field != FIELD_VALUE || load->within > 0 ||
        !period_before(lane.period, load->years, load->back, &period))
        return false;
    return hidden_has(&p->publication->hidden,
                      store_find(&p->world, load->metric, lane.entity, period));
}

static void mark_counts(const Publisher *p, const Rows *rows, size_t index) {
    const Kpi *k = rows->kpi;
    uint8_t *held = publisher_held(p, index);
    Lane lane = rows->lanes[index];
    if (is_hidden_count(p, k, k->value, lane))
        held[HELD_VALUE] = HOLD_COUNT;
    if (is_hidden_count(p, k, k->previous, lane))
        held[HELD_PREVIOUS] = HOLD_COUNT;
    for (uint32_t i = 0; i < k->n_figures; i++)
        if (is_hidden_count(p, k, k->figures[i].reg, lane))
            held[N_HELD_PARTS + i] = HOLD_COUNT;
}

// Is [metric] in a relation, so that an earlier figure of it may tell of a hidden count?
static bool is_related(const Program *p, uint32_t metric) {
    for (uint32_t i = 0; i < p->n_metrics; i++) {
        const Suppress *s = &p->metrics[i].suppress;
        if (s->below > 0 && s->has_pair && (s->other == metric || s->whole == metric))
            return true;
    }
    return p->metrics[metric].suppress.total.len > 0;
}

// A figure that was replaced is no part of the figures of which worlds are made.
static void mark_replaced(const Publisher *p, const Rows *rows, size_t index) {
    const Store *s = &p->world;
    for (uint32_t i = 0; i < rows->kpi->n_reads; i++) {
        uint32_t metric = rows->kpi->reads[i];
        uint32_t obs = store_observation(s, rows->lanes[index], metric);
        if (obs == OBS_NONE || s->obs[obs].replaced == OBS_NONE)
            continue;
        Why why;
        Number old = store_figure(s, s->obs[obs].replaced, FIELD_VALUE, &why);
        bool tells = hidden_has(&p->publication->hidden, obs) || is_related(p->program, metric) ||
                     hidden_is_small(&p->program->metrics[metric], old);
        if (!why && tells)
            publisher_held(p, index)[HELD_REPLACED] = HOLD_BACK;
    }
}

// ---- the door -----------------------------------------------------------------------------------

static bool has_small_reads(const Program *p, const Kpi *k) {
    for (uint32_t i = 0; i < k->n_reads; i++)
        if (p->metrics[k->reads[i]].suppress.below > 0 || is_related(p, k->reads[i]))
            return true;
    return false;
}

static bool gather(Publisher *p, Rows *rows, size_t n) {
    rows->v = ARENA_ARRAY(rows->arena, Row, n);
    bool ok = rows->v != NULL;
    for (size_t i = 0; ok && i < n; i++) {
        Row *row = &rows->v[rows->n];
        row->index = i;
        ok = footprint_of(&p->footprints, &rows->plan, rows->lanes[i], &row->parts);
        rows->n += row->parts.n > 0;
    }
    if (ok && rows->n > 1)
        qsort(rows->v, rows->n, sizeof *rows->v, compare_sets);
    return ok;
}

static bool try_all(Publisher *p, const Rows *rows) {
    bool ok = true;
    for (size_t i = 0, n; ok && i < rows->n; i += n) {
        const Row *row = &rows->v[i];
        n = 1;
        if (hidden_n_worlds(&p->publication->hidden, row->parts) > HIDDEN_MAX_WORLDS) {
            ok = try_parts(p, rows, row);
            continue;
        }
        while (i + n < rows->n && n < VM_BATCH && same_set(rows->v[i + n].parts, row->parts))
            n++;
        ok = try_together(p, rows, i, n);
    }
    return ok;
}

bool publisher_kpi(Publisher *p, const Kpi *kpi, const Lane *lanes, size_t n) {
    Arena a;
    arena_init(&a, 0);
    Rows rows = {.kpi = kpi, .lanes = lanes, .arena = &a};
    p->held = NULL;
    bool ok = plan_make(&a, p->program, kpi, PLAN_EVERYTHING, &rows.plan);
    bool touches = ok && footprint_any(&p->footprints, &rows.plan);
    if (touches || (ok && has_small_reads(p->program, kpi)))
        ok = publisher_make_room(p, n, kpi->n_figures, kpi->n_levels);
    if (ok && touches)
        ok = result_begin(&p->maker, &a, kpi) && gather(p, &rows, n) && try_all(p, &rows);
    for (size_t i = 0; ok && p->held && i < n; i++) {
        mark_counts(p, &rows, i);
        mark_replaced(p, &rows, i);
    }
    arena_free(&a);
    return ok;
}
