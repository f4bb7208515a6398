// SPDX-License-Identifier: Apache-2.0
// A cell takes 18 bytes, and each entity of a column 9.
#include "runtime/engine/series.h"

#include <stdlib.h>

#include "runtime/engine/history.h"
#include "runtime/engine/series_parts.h"

SeriesTable *series_table_new(const Program *p, const Store *s) {
    SeriesTable *t = calloc(1, sizeof *t);
    if (!t)
        return NULL;
    *t = (SeriesTable){.program = p, .store = s};
    arena_init(&t->arena, 0);
    arena_init(&t->lane_arena, 0);
    t->columns = ARENA_ARRAY(&t->arena, SeriesColumn, p->n_series);
    t->shared = ARENA_ARRAY(&t->arena, SharedGathers, p->n_amongs);
    t->peers = ARENA_ARRAY(&t->arena, ResolvedPeers, p->n_peers);
    if (t->arena.failed) {
        series_table_free(t);
        return NULL;
    }
    for (uint32_t i = 0; i < s->n_reported; i++) {
        PeriodKind kind = s->reported[i].kind;
        if (t->n_of_kind[kind]++ == 0)
            t->first_of_kind[kind] = i;
    }
    return t;
}

void series_table_free(SeriesTable *t) {
    if (!t)
        return;
    arena_free(&t->lane_arena);
    arena_free(&t->arena);
    free(t);
}

// ---- making a column ----------------------------------------------------------------------------

static bool begin_column(SeriesTable *t, SeriesColumn *c, const Lane *lanes, size_t n) {
    c->n_entities = t->store->entities.n;
    c->start = ARENA_ARRAY(&t->arena, size_t, (size_t)c->n_entities + 1);
    c->kinds = ARENA_ARRAY(&t->arena, uint8_t, c->n_entities);
    c->v = ARENA_ARRAY(&t->arena, Number, n);
    c->why = ARENA_ARRAY(&t->arena, Why, n);
    if (t->arena.failed)
        return false;
    for (size_t i = 0; i < n; i++) {
        c->start[lanes[i].entity + 1]++;
        c->kinds[lanes[i].entity] |= (uint8_t)(1u << lanes[i].period.kind);
    }
    for (uint32_t i = 0; i < c->n_entities; i++)
        c->start[i + 1] += c->start[i];
    return true;
}

static bool run_series(SeriesTable *t, SeriesColumn *c, const Series *s, const Lane *lanes,
                       size_t n) {
    Vm vm;
    vm_init(&vm, t->program, t->store);
    vm.series = t; // series that it reads are in the same table
    bool ok = history_take(&vm, &s->fn, s->result, lanes, n, &t->arena, c->v, c->why);
    vm.series = NULL;
    vm_free(&vm);
    return ok;
}

const SeriesColumn *series_column(SeriesTable *t, uint32_t series) {
    SeriesColumn *c = &t->columns[series];
    if (c->made)
        return c;
    const Series *s = &t->program->series[series];
    Arena a;
    arena_init(&a, 0);
    Lane *lanes;
    size_t n;
    bool ok = store_lanes(t->store, &a, s->reads, s->n_reads, &lanes, &n) &&
              begin_column(t, c, lanes, n) && run_series(t, c, s, lanes, n);
    arena_free(&a);
    c->made = ok;
    return ok ? c : NULL;
}

// ---- finding a cell -----------------------------------------------------------------------------

bool series_period(const SeriesTable *t, Period period, uint32_t *at) {
    uint32_t low = t->first_of_kind[period.kind], high = low + t->n_of_kind[period.kind];
    const Period *reported = t->store->reported;
    // Where no period is left out, it stands where the ordinals say.
    if (low < high && period.ordinal >= reported[low].ordinal) {
        uint64_t guess =
            (uint64_t)low + (uint64_t)((int64_t)period.ordinal - reported[low].ordinal);
        if (guess < high && reported[guess].ordinal == period.ordinal) {
            *at = (uint32_t)guess;
            return true;
        }
    }
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (reported[middle].ordinal < period.ordinal)
            low = middle + 1;
        else
            high = middle;
    }
    *at = low;
    return low < t->first_of_kind[period.kind] + t->n_of_kind[period.kind] &&
           reported[low].ordinal == period.ordinal;
}

// Where the cells of [kind] begin; false when the entity has none.
static bool find_stretch(const SeriesTable *t, const SeriesColumn *c, uint32_t entity,
                         PeriodKind kind, size_t *start) {
    if (entity >= c->n_entities || !(c->kinds[entity] >> kind & 1))
        return false;
    *start = c->start[entity];
    for (unsigned k = 0; k < (unsigned)kind; k++)
        if (c->kinds[entity] >> k & 1)
            *start += t->n_of_kind[k];
    return true;
}

size_t series_cell_at(const SeriesTable *t, const SeriesColumn *c, uint32_t entity, uint32_t at) {
    PeriodKind kind = t->store->reported[at].kind;
    size_t start;
    return find_stretch(t, c, entity, kind, &start) ? start + (at - t->first_of_kind[kind])
                                                    : SERIES_NO_CELL;
}

size_t series_cell(const SeriesTable *t, const SeriesColumn *c, uint32_t entity, Period period) {
    uint32_t at;
    return series_period(t, period, &at) ? series_cell_at(t, c, entity, at) : SERIES_NO_CELL;
}
