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
    if (out->n_known > 1)
        qsort(out->sorted, out->n_known, sizeof *out->sorted, compare_numbers);
    out->made = true;
}

static bool begin(Gather *g, uint32_t most) {
    *g->out = (SeriesGathered){.sorted = ARENA_ARRAY(g->arena, Number, most)};
    return g->out->sorted != NULL;
}

// Everyone is each entity that has rows of this kind of period.
static bool gather_everyone(Gather *g) {
    const SeriesColumn *c = g->column;
    if (!begin(g, c->n_entities))
        return false;
    for (uint32_t entity = 0; entity < c->n_entities; entity++) {
        size_t cell = series_cell_at(g->t, c, entity, g->at);
        if (cell != SERIES_NO_CELL)
            take_cell(g, cell);
    }
    finish(g);
    return true;
}

static bool gather_list(Gather *g, const uint32_t *members, uint32_t n) {
    if (!begin(g, n))
        return false;
    for (uint32_t i = 0; i < n; i++)
        take_cell(g, members[i] == INTERN_NONE
                         ? SERIES_NO_CELL
                         : series_cell_at(g->t, g->column, members[i], g->at));
    finish(g);
    return true;
}

// ---- peer sets ----------------------------------------------------------------------------------

static bool resolve(SeriesTable *t, uint32_t index) {
    const PeerSet *set = &t->program->peers[index];
    ResolvedPeers *r = &t->peers[index];
    const Intern *names = &t->store->entities;
    if (r->made)
        return true;
    r->list_of = ARENA_ARRAY(&t->arena, uint32_t, names->n);
    r->members = ARENA_ARRAY(&t->arena, uint32_t *, set->n_lists);
    if (t->arena.failed)
        return false;
    memset(r->list_of, 0xff, names->n * sizeof *r->list_of);
    for (uint32_t i = 0; i < set->n_lists; i++) {
        const PeerList *list = &set->lists[i];
        r->members[i] = ARENA_ARRAY(&t->arena, uint32_t, list->n_members);
        if (!r->members[i])
            return false;
        for (uint32_t k = 0; k < list->n_members; k++)
            r->members[i][k] = intern_find(names, list->members[k]);
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
    arena_free(&t->lane_arena);
    g->arena = &t->lane_arena;
    g->out = &t->own;
    if (list == UINT32_MAX || t->program->peers[peers].lists[list].n_members == 0) {
        *why = WHY(REASON_NOT_APPLICABLE);
        return gather_list(g, NULL, 0) ? g->out : NULL;
    }
    bool ok = gather_list(g, r->members[list], t->program->peers[peers].lists[list].n_members);
    return ok ? g->out : NULL;
}

const SeriesGathered *series_gather(SeriesTable *t, const Among *among, Lane lane, Why *why) {
    Period period;
    Gather g = {.t = t, .arena = &t->arena, .column = series_column(t, among->series)};
    *why = 0;
    if (!g.column)
        return NULL;
    if (!among_period(among, lane, &period) || !series_period(t, period, &g.at)) {
        *why = WHY(REASON_NO_ROW);
        g.out = &t->own;
        return gather_list(&g, NULL, 0) ? g.out : NULL;
    }
    return among->peers == AMONG_EVERYONE
               ? gather_shared(&g, (uint32_t)(among - t->program->amongs))
               : gather_peers(&g, among->peers, lane.entity, why);
}

Why series_own(SeriesTable *t, const Among *among, Lane lane, Number *out) {
    const SeriesColumn *c = series_column(t, among->series);
    Period period;
    if (!c || !among_period(among, lane, &period))
        return WHY(REASON_NO_ROW);
    uint32_t entity =
        among->entity.len > 0 ? intern_find(&t->store->entities, among->entity) : lane.entity;
    size_t cell = series_cell(t, c, entity, period);
    if (cell == SERIES_NO_CELL)
        return WHY(REASON_NO_ROW);
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
