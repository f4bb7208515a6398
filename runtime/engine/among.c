// SPDX-License-Identifier: Apache-2.0
// Among: figures of several entities in one period, gathered for OP_AMONG.
#include <stdlib.h>
#include <string.h>

#include "runtime/base/number_fast.h"
#include "runtime/engine/series_parts.h"

bool among_period(const Among *among, Lane lane, Period *out) {
    *out = among->fixed.kind == PERIOD_NONE ? lane.period : among->fixed;
    bool is_own = among->years == 0 && among->back == 0;
    return is_own || period_before(lane.period, among->years, among->back, out);
}

// ---- gathering ----------------------------------------------------------------------------------

typedef struct Gather {
    SeriesTable *t;
    Arena *arena;
    const SeriesColumn *column;
    uint32_t at; // in Store.reported
    AmongKind kind;
    SeriesGathered *out;
} Gather;

static void take_cell(Gather *g, size_t cell) {
    SeriesGathered *out = g->out;
    out->n_members++;
    Why why = cell == SERIES_NO_CELL ? WHY(REASON_NO_ROW) : g->column->why[cell];
    out->missing |= why;
    if (!why)
        out->sorted[out->n_known++] = g->column->v[cell];
}

static int compare_numbers(const void *a, const void *b) {
    const Number *x = a, *y = b;
    return number_fast_cmp(*x, *y);
}

static void finish(Gather *g) {
    SeriesGathered *out = g->out;
    out->sum = number_int(0);
    for (uint32_t i = 0; i < out->n_known && !out->too_large; i++)
        out->too_large = !number_fast_add(g->arena, out->sum, out->sorted[i], &out->sum);
    if (out->n_known > 1 && g->kind != AMONG_MEAN)
        qsort(out->sorted, out->n_known, sizeof *out->sorted, compare_numbers);
    uint32_t parts = out->n_known > 0 ? among_parts(g->kind) : 0;
    while (out->n_edges + 1 < parts &&
           series_edge(g->arena, out, out->n_edges + 1, parts, &out->edges[out->n_edges]))
        out->n_edges++;
    out->made = true;
}

// Everyone is each entity that has rows of this kind of period.
static bool gather_everyone(Gather *g) {
    const SeriesColumn *c = g->column;
    *g->out = (SeriesGathered){.sorted = ARENA_ARRAY(g->arena, Number, c->n_entities)};
    if (!g->out->sorted)
        return false;
    for (uint32_t entity = 0; entity < c->n_entities; entity++) {
        size_t cell = series_cell_at(g->t, c, entity, g->at);
        if (cell != SERIES_NO_CELL)
            take_cell(g, cell);
    }
    finish(g);
    return true;
}

static void find_starts(Gather *g, const uint32_t *members, uint32_t n, PeriodKind kind) {
    NearStretches *near = &g->t->near;
    if (near->column == g->column && near->members == members && near->kind == kind)
        return;
    for (uint32_t i = 0; i < n; i++)
        near->starts[i] = members[i] == INTERN_NONE ? SERIES_NO_CELL
                                                    : series_cell_at(g->t, g->column, members[i],
                                                                     g->t->first_of_kind[kind]);
    near->column = g->column;
    near->members = members;
    near->kind = kind;
}

static void gather_list(Gather *g, const uint32_t *members, uint32_t n) {
    const NearStretches *near = &g->t->near;
    PeriodKind kind = g->t->store->reported[g->at].kind;
    size_t step = g->at - g->t->first_of_kind[kind];
    find_starts(g, members, n, kind);
    *g->out = (SeriesGathered){.sorted = near->figures};
    for (uint32_t i = 0; i < n; i++)
        take_cell(g, near->starts[i] == SERIES_NO_CELL ? SERIES_NO_CELL : near->starts[i] + step);
    finish(g);
}

static const SeriesGathered *gather_none(SeriesTable *t, Why reason, Why *why) {
    *why = reason;
    t->own = (SeriesGathered){0};
    return &t->own;
}

// ---- peer sets ----------------------------------------------------------------------------------

// For the longest list of all.
static bool make_room(SeriesTable *t) {
    const Program *p = t->program;
    uint32_t most = 0;
    for (uint32_t i = 0; i < p->n_peers; i++)
        for (uint32_t k = 0; k < p->peers[i].n_lists; k++)
            most = p->peers[i].lists[k].n_members > most ? p->peers[i].lists[k].n_members : most;
    if (!t->near.starts)
        t->near.starts = ARENA_ARRAY(&t->arena, size_t, most);
    if (!t->near.figures)
        t->near.figures = ARENA_ARRAY(&t->arena, Number, most);
    return t->near.starts && t->near.figures;
}

static bool resolve(SeriesTable *t, uint32_t index) {
    const PeerSet *set = &t->program->peers[index];
    ResolvedPeers *r = &t->peers[index];
    const Intern *names = &t->store->entities;
    if (r->made)
        return true;
    r->list_of = ARENA_ARRAY(&t->arena, uint32_t, names->n);
    r->members = ARENA_ARRAY(&t->arena, uint32_t *, set->n_lists);
    r->group = ARENA_ARRAY(&t->arena, uint32_t, set->n_lists);
    if (t->arena.failed)
        return false;
    if (!make_room(t))
        return false;
    memset(r->list_of, 0xff, names->n * sizeof *r->list_of);
    for (uint32_t i = 0; i < set->n_lists; i++) {
        const PeerList *list = &set->lists[i];
        r->members[i] = ARENA_ARRAY(&t->arena, uint32_t, list->n_members);
        if (!r->members[i])
            return false;
        for (uint32_t k = 0; k < list->n_members; k++)
            r->members[i][k] = intern_find(names, list->members[k]);
        r->group[i] = list->group.len > 0 ? intern_find(names, list->group) : INTERN_NONE;
        uint32_t entity = intern_find(names, list->entity);
        if (entity < names->n)
            r->list_of[entity] = i;
    }
    r->made = true;
    return true;
}

// ---- the door -----------------------------------------------------------------------------------

static const SeriesGathered *gather_shared(Gather *g, uint32_t among) {
    SharedGathers *shared = &g->t->shared[among];
    if (!shared->v)
        shared->v = ARENA_ARRAY(&g->t->arena, SeriesGathered, g->t->store->n_reported);
    if (!shared->v)
        return NULL;
    g->out = &shared->v[g->at];
    return g->out->made || gather_everyone(g) ? g->out : NULL;
}

static const SeriesGathered *gather_peers(Gather *g, uint32_t peers, uint32_t entity, Why *why) {
    SeriesTable *t = g->t;
    if (!resolve(t, peers))
        return NULL;
    const ResolvedPeers *r = &t->peers[peers];
    uint32_t list = entity < t->store->entities.n ? r->list_of[entity] : UINT32_MAX;
    if (list == UINT32_MAX || t->program->peers[peers].lists[list].n_members == 0)
        return gather_none(t, WHY(REASON_NOT_APPLICABLE), why);
    arena_free(&t->lane_arena);
    g->arena = &t->lane_arena;
    g->out = &t->own;
    gather_list(g, r->members[list], t->program->peers[peers].lists[list].n_members);
    return g->out;
}

const SeriesGathered *series_gather(SeriesTable *t, const Among *among, Lane lane, Why *why) {
    Period period;
    Gather g = {
        .t = t, .arena = &t->arena, .column = series_column(t, among->series), .kind = among->kind};
    *why = 0;
    if (!g.column)
        return NULL;
    if (!among_period(among, lane, &period) || !series_period(t, period, &g.at))
        return gather_none(t, WHY(REASON_NO_ROW), why);
    const SeriesGathered *out = among->peers == AMONG_EVERYONE
                                    ? gather_shared(&g, (uint32_t)(among - t->program->amongs))
                                    : gather_peers(&g, among->peers, lane.entity, why);
    return g.arena->failed ? NULL : out;
}

// The entity that has the name of the group of [entity]; false where it has no group.
static bool find_group(SeriesTable *t, uint32_t peers, uint32_t entity, uint32_t *group) {
    bool known = resolve(t, peers) && entity < t->store->entities.n;
    uint32_t list = known ? t->peers[peers].list_of[entity] : UINT32_MAX;
    if (list == UINT32_MAX || t->program->peers[peers].lists[list].group.len == 0)
        return false;
    *group = t->peers[peers].group[list];
    return true;
}

// Does a break in the entity's series lie between the period that is looked at and the lane's?
static bool breaks_between(const SeriesTable *t, const Among *among, uint32_t entity, Period from,
                           Period to) {
    const Series *s = &t->program->series[among->series];
    bool breaks = false;
    for (uint32_t i = 0; i < s->n_reads && !breaks; i++)
        breaks = store_breaks(t->store, s->reads[i], entity, from, to);
    return breaks;
}

Why series_own(SeriesTable *t, const Among *among, Lane lane, Number *out) {
    const SeriesColumn *c = series_column(t, among->series);
    Period period;
    if (!c || !among_period(among, lane, &period))
        return WHY(REASON_NO_ROW);
    uint32_t entity =
        among->entity.len > 0 ? intern_find(&t->store->entities, among->entity) : lane.entity;
    if (among->kind == AMONG_ENTITY && among->peers != AMONG_EVERYONE &&
        !find_group(t, among->peers, lane.entity, &entity))
        return WHY(REASON_NOT_APPLICABLE);
    size_t cell = series_cell(t, c, entity, period);
    if (cell == SERIES_NO_CELL)
        return WHY(REASON_NO_ROW);
    bool looks_back = among->kind == AMONG_ENTITY && (among->years != 0 || among->back != 0);
    if (looks_back && !c->why[cell] && breaks_between(t, among, entity, period, lane.period))
        return WHY(REASON_BREAK);
    *out = c->v[cell];
    return c->why[cell];
}

bool series_edge(Arena *a, const SeriesGathered *g, uint32_t part, uint32_t parts, Number *out) {
    // The figure at (n - 1) * part / parts, counted from 0; between two, as far from the one below.
    uint64_t steps = (uint64_t)(g->n_known - 1) * part;
    uint64_t below = steps / parts, beyond = steps % parts;
    Number low = g->sorted[below], gap;
    if (beyond == 0) {
        *out = low;
        return true;
    }
    return number_fast_sub(a, g->sorted[below + 1], low, &gap) &&
           number_mul(a, gap, (Number){(int64_t)beyond, parts}, &gap) &&
           number_fast_add(a, low, gap, out);
}
