// SPDX-License-Identifier: Apache-2.0
#include "runtime/engine/footprint.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/engine/series.h"

static const Program *program_of(const Footprints *f) {
    return f->hidden->program;
}

static const Store *store_of(const Footprints *f) {
    return f->hidden->store;
}

// ---- sets ---------------------------------------------------------------------------------------

static int compare_parts(const void *a, const void *b) {
    const uint32_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

// Takes what was gathered from [from] on.
static bool take(Footprints *f, size_t from, HiddenSet *out) {
    uint32_t *gathered = f->work.v + from;
    size_t n = f->work.n - from;
    f->work.n = from;
    *out = (HiddenSet){0};
    if (n == 0)
        return !f->arena->failed;
    qsort(gathered, n, sizeof *gathered, compare_parts);
    uint32_t *v = ARENA_ARRAY(f->arena, uint32_t, n);
    if (!v)
        return false;
    for (size_t i = 0; i < n; i++)
        if (i == 0 || gathered[i] != gathered[i - 1])
            v[out->n++] = gathered[i];
    out->v = v;
    return true;
}

// [seen] spares most that is there already; an inner footprint writes over it, and [take] sorts out
// the rest.
static void add_part(Footprints *f, uint32_t part) {
    if (f->seen[part] == f->number)
        return;
    f->seen[part] = f->number;
    VEC_PUSH(f->arena, &f->work, part);
}

static void add_set(Footprints *f, HiddenSet set) {
    for (uint32_t i = 0; i < set.n; i++)
        add_part(f, set.v[i]);
}

static void add_cell(Footprints *f, uint32_t obs) {
    const Hidden *h = f->hidden;
    if (obs == OBS_NONE)
        return;
    if (h->part_of[obs])
        add_part(f, h->part_of[obs] - 1);
    if (!h->total_of[obs])
        return;
    const HiddenTotal *t = &h->totals.v[h->total_of[obs] - 1];
    for (uint32_t i = 0; i < t->n_members; i++)
        add_part(f, t->members[i].part);
}

// ---- what code loads ----------------------------------------------------------------------------

static void follow_latest(Footprints *f, const Load *load, Lane lane) {
    const Store *s = store_of(f);
    PeriodKind kind = store_kind(s, load->metric);
    Period from;
    if (kind >= N_PERIOD_KINDS || kind == PERIOD_NONE ||
        !period_before(lane.period, load->years, load->back, &from) || from.kind == PERIOD_NONE)
        return;
    Period last = period_ended(from, kind);
    for (int32_t i = 0; i < load->within; i++)
        add_cell(f, store_find(s, load->metric, lane.entity, period_add(last, -i)));
}

static void follow_load(Footprints *f, const Load *load, Lane lane) {
    Period period;
    if (load->field != FIELD_VALUE || !f->hidden->metric[load->metric])
        return;
    if (load->within > 0)
        follow_latest(f, load, lane);
    else if (load_is_own(load))
        add_cell(f, store_observation(store_of(f), lane, load->metric));
    else if (period_before(lane.period, load->years, load->back, &period))
        add_cell(f, store_find(store_of(f), load->metric, lane.entity, period));
}

static void follow(Footprints *f, const Plan *plan, Lane lane);

static bool touches(Footprints *f, const Plan *plan);

static bool series_touches(Footprints *f, uint32_t series) {
    if (f->touches[series] == 0) {
        f->touches[series] = 1;
        f->touches[series] += touches(f, &f->series_plans[series]);
    }
    return f->touches[series] > 1;
}

static void follow_series(Footprints *f, uint32_t series, uint32_t entity, Period period) {
    const Store *s = store_of(f);
    uint32_t at;
    if (entity >= s->entities.n || !store_reported(s, period, &at))
        return;
    size_t n_cells = (size_t)s->entities.n * s->n_reported;
    size_t cell = (size_t)entity * s->n_reported + at;
    HiddenSet **sets = &f->series[series];
    if (!*sets)
        *sets = ARENA_ARRAY(f->arena, HiddenSet, n_cells);
    bool **made = &f->series_made[series];
    if (!*made)
        *made = ARENA_ARRAY(f->arena, bool, n_cells);
    if (!*sets || !*made)
        return;
    if (!(*made)[cell]) {
        size_t from = f->work.n;
        uint32_t outer = f->number;
        f->number = ++f->n_numbers;
        follow(f, &f->series_plans[series], (Lane){.entity = entity, .period = period});
        take(f, from, &(*sets)[cell]);
        (*made)[cell] = true;
        f->number = outer;
    }
    add_set(f, (*sets)[cell]);
}

static bool resolve_peers(Footprints *f, uint32_t peers) {
    const PeerSet *set = &program_of(f)->peers[peers];
    const Intern *names = &store_of(f)->entities;
    uint32_t *list_of = ARENA_ARRAY(f->arena, uint32_t, names->n);
    if (!list_of)
        return false;
    memset(list_of, 0xff, names->n * sizeof *list_of);
    for (uint32_t i = 0; i < set->n_lists; i++) {
        uint32_t entity = intern_find(names, set->lists[i].entity);
        if (entity < names->n)
            list_of[entity] = i;
    }
    f->peers[peers] = list_of;
    return true;
}

static void follow_peers(Footprints *f, const Among *m, Lane lane, Period period) {
    if (!f->peers[m->peers] && !resolve_peers(f, m->peers))
        return;
    uint32_t list = f->peers[m->peers][lane.entity];
    if (list == UINT32_MAX)
        return;
    const PeerList *l = &program_of(f)->peers[m->peers].lists[list];
    for (uint32_t i = 0; i < l->n_members; i++)
        follow_series(f, m->series, intern_find(&store_of(f)->entities, l->members[i]), period);
}

static void follow_among(Footprints *f, const Among *m, Lane lane) {
    Period period;
    if (!series_touches(f, m->series) || !among_period(m, lane, &period))
        return;
    if (m->kind == AMONG_ENTITY) {
        follow_series(f, m->series, intern_find(&store_of(f)->entities, m->entity), period);
        return;
    }
    if (among_is_position(m->kind))
        follow_series(f, m->series, lane.entity, period);
    if (m->peers != AMONG_EVERYONE)
        follow_peers(f, m, lane, period);
    for (uint32_t i = 0; m->peers == AMONG_EVERYONE && i < store_of(f)->entities.n; i++)
        follow_series(f, m->series, i, period);
}

static bool is_chart(const Instr *in) {
    return op_info[in->op].imm == IMM_CHART;
}

static void follow_figures(Footprints *f, const Plan *plan, Lane lane) {
    const Program *p = program_of(f);
    for (uint32_t i = 0; i < plan->n; i++) {
        const Instr *in = &plan->code[i];
        if (op_info[in->op].imm == IMM_LOAD)
            follow_load(f, &p->loads[in->imm], lane);
        else if (in->op == OP_AMONG)
            follow_among(f, &p->amongs[in->imm], lane);
    }
}

// A chart is made from the entity's whole history, by the code that stands before it.
static void follow_history(Footprints *f, const Plan *plan, Lane lane) {
    const Store *s = store_of(f);
    for (uint32_t i = 0; i < s->n_reported; i++)
        if (s->reported[i].kind == lane.period.kind)
            follow_figures(f, plan, (Lane){.entity = lane.entity, .period = s->reported[i]});
}

static void follow(Footprints *f, const Plan *plan, Lane lane) {
    bool has_chart = false;
    for (uint32_t i = 0; i < plan->n; i++)
        has_chart = has_chart || is_chart(&plan->code[i]);
    follow_figures(f, plan, lane);
    if (has_chart)
        follow_history(f, plan, lane);
}

// ---- the door -----------------------------------------------------------------------------------

static bool touches(Footprints *f, const Plan *plan) {
    const Program *p = program_of(f);
    for (uint32_t i = 0; i < plan->n; i++) {
        const Instr *in = &plan->code[i];
        if (op_info[in->op].imm == IMM_LOAD && f->hidden->metric[p->loads[in->imm].metric])
            return true;
        if (in->op == OP_AMONG && series_touches(f, p->amongs[in->imm].series))
            return true;
    }
    return false;
}

bool footprints_begin(Footprints *f, Arena *a, const Hidden *h) {
    const Program *p = h->program;
    *f = (Footprints){.hidden = h,
                      .arena = a,
                      .series = ARENA_ARRAY(a, HiddenSet *, p->n_series),
                      .series_made = ARENA_ARRAY(a, bool *, p->n_series),
                      .series_plans = ARENA_ARRAY(a, Plan, p->n_series),
                      .touches = ARENA_ARRAY(a, uint8_t, p->n_series),
                      .peers = ARENA_ARRAY(a, uint32_t *, p->n_peers),
                      .seen = ARENA_ARRAY(a, uint32_t, h->parts.n)};
    for (uint32_t i = 0; i < p->n_series && !a->failed; i++)
        plan_register(a, p, &p->series[i].fn, p->series[i].result, &f->series_plans[i]);
    return !a->failed;
}

bool footprint_any(Footprints *f, const Plan *plan) {
    return touches(f, plan);
}

bool footprint_of(Footprints *f, const Plan *plan, Lane lane, HiddenSet *out) {
    size_t from = f->work.n;
    f->number = ++f->n_numbers;
    follow(f, plan, lane);
    return take(f, from, out);
}

bool footprint_join(Footprints *f, HiddenSet a, HiddenSet b, HiddenSet *out) {
    size_t from = f->work.n;
    f->number = ++f->n_numbers;
    add_set(f, a);
    add_set(f, b);
    return take(f, from, out);
}
