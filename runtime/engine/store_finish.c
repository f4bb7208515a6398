// SPDX-License-Identifier: Apache-2.0
// What is done once when all observations are there. Files mostly go period by period, and rules
// look along series: so the observations are laid out by metric and entity. They are taken block by
// block in the order of first sight, in which those of the same time follow each other, and written
// a block at a time, so that neither side jumps about.
#include <stdlib.h>
#include <string.h>

#include "runtime/engine/store_parts.h"

// ---- periods ------------------------------------------------------------------------------------

static int compare_periods(const void *a, const void *b) {
    const Period *x = a, *y = b;
    int order = (x->kind > y->kind) - (x->kind < y->kind);
    return order ? order : (x->ordinal > y->ordinal) - (x->ordinal < y->ordinal);
}

// Each reported period once, as a text of its bytes.
static bool gather_periods(const Store *s, Intern *periods) {
    Period last = {0, N_PERIOD_KINDS};
    for (uint32_t i = 0; i < s->n; i++) {
        Period p = s->obs[i].period;
        if (s->obs[i].from_previous || period_eq(p, last)) {
            continue;
        }
        if (intern_add(periods, (Str){(const char *)&p, sizeof p}) == INTERN_NONE) {
            return false;
        }
        last = p;
    }
    return true;
}

static bool list_periods(Store *s) {
    Arena scratch;
    arena_init(&scratch, 0);
    Intern periods;
    intern_init(&periods, &scratch);
    bool ok = gather_periods(s, &periods);
    s->reported = ok ? ARENA_ARRAY(s->arena, Period, periods.n) : NULL;
    s->n_reported = s->reported ? periods.n : 0;
    for (uint32_t i = 0; i < s->n_reported; i++) {
        memcpy(&s->reported[i], intern_text(&periods, i).s, sizeof *s->reported);
    }
    if (s->n_reported > 1) {
        qsort(s->reported, s->n_reported, sizeof *s->reported, compare_periods);
    }
    arena_free(&scratch);
    return s->reported != NULL;
}

// ---- order --------------------------------------------------------------------------------------

static uint32_t metric_of(const SeriesBlock *b) {
    return b->metric;
}

static uint32_t entity_of(const SeriesBlock *b) {
    return b->entity;
}

// Writes the blocks of [from] to [to] by ascending key, those with the same in the order they have.
static bool sort_blocks(const Store *s, Arena *a, uint32_t (*key)(const SeriesBlock *),
                        const uint32_t *from, uint32_t *to) {
    uint32_t most = 0;
    for (uint32_t i = 0; i < s->n_blocks; i++)
        most = key(&s->blocks[i]) > most ? key(&s->blocks[i]) : most;
    uint32_t *starts = ARENA_ARRAY(a, uint32_t, (size_t)most + 2);
    if (!starts)
        return false;
    for (uint32_t i = 0; i < s->n_blocks; i++)
        starts[key(&s->blocks[i]) + 1]++;
    for (uint32_t k = 0; k <= most; k++)
        starts[k + 1] += starts[k];
    for (uint32_t i = 0; i < s->n_blocks; i++)
        to[starts[key(&s->blocks[from[i]])]++] = from[i];
    return true;
}

// The blocks by metric, those of a metric by entity, those of an entity in order of first sight.
static uint32_t *order_blocks(const Store *s, Arena *a) {
    uint32_t *order = ARENA_ARRAY(a, uint32_t, s->n_blocks);
    uint32_t *by_entity = ARENA_ARRAY(a, uint32_t, s->n_blocks);
    if (!order || !by_entity)
        return NULL;
    for (uint32_t i = 0; i < s->n_blocks; i++)
        order[i] = i;
    bool ok = sort_blocks(s, a, entity_of, order, by_entity) &&
              sort_blocks(s, a, metric_of, by_entity, order);
    return ok ? order : NULL;
}

// ---- layout -------------------------------------------------------------------------------------

// The observations of a block, each followed by those that it replaced. They are looked at only
// where any replaced another, since reaching for them is what takes time.
typedef struct Walk {
    const Observation *obs; // NULL: none replaced another
    const SeriesBlock *block;
    uint32_t place; // the next one in the block
    uint32_t old;   // the next one that was replaced, or OBS_NONE
} Walk;

static Walk walk_begin(const Store *s, const SeriesBlock *b) {
    return (Walk){.obs = s->has_replaced ? s->obs : NULL, .block = b, .old = OBS_NONE};
}

static bool walk_next(Walk *w, uint32_t *obs) {
    while (w->old == OBS_NONE && w->place < SERIES_PERIODS) {
        uint32_t held = w->block->obs[w->place++];
        w->old = held ? held - 1 : OBS_NONE;
    }
    *obs = w->old;
    if (w->old != OBS_NONE)
        w->old = w->obs ? w->obs[w->old].replaced : OBS_NONE;
    return *obs != OBS_NONE;
}

// Where each block's observations will begin, and each metric's. [*moves]: some are elsewhere now.
static bool place_blocks(Store *s, const uint32_t *order, uint32_t *starts, bool *moves) {
    s->of_metric = ARENA_ARRAY(s->arena, ObsRange, s->n_metrics);
    if (!s->of_metric)
        return false;
    uint32_t n = 0, obs;
    for (uint32_t i = 0; i < s->n_blocks; i++) {
        const SeriesBlock *b = &s->blocks[order[i]];
        starts[order[i]] = n;
        *moves |= order[i] != i;
        for (Walk w = walk_begin(s, b); walk_next(&w, &obs); n++)
            *moves |= obs != n;
        ObsRange *r = &s->of_metric[b->metric];
        r->from = r->to ? r->from : starts[order[i]];
        r->to = n;
    }
    return true;
}

static bool move_figures(Store *s, const uint32_t *starts) {
    size_t n_fields = s->n_fields;
    Number *figures = ARENA_ARRAY(s->arena, Number, s->n * n_fields);
    uint32_t obs;
    if (!figures)
        return false;
    for (uint32_t i = 0; i < s->n_blocks; i++) {
        Number *to = figures + starts[i] * n_fields;
        for (Walk w = walk_begin(s, &s->blocks[i]); walk_next(&w, &obs); to += n_fields)
            memcpy(to, s->figures + obs * n_fields, n_fields * sizeof *to);
    }
    arena_drop(s->arena, s->figures);
    s->figures = figures;
    return true;
}

static bool move_whys(Store *s, const uint32_t *starts) {
    size_t n_fields = s->n_fields;
    Why *whys = ARENA_ARRAY(s->arena, Why, s->n * n_fields);
    uint32_t obs;
    if (!whys)
        return false;
    for (uint32_t i = 0; i < s->n_blocks; i++) {
        Why *to = whys + starts[i] * n_fields;
        for (Walk w = walk_begin(s, &s->blocks[i]); walk_next(&w, &obs); to += n_fields)
            memcpy(to, s->whys + obs * n_fields, n_fields * sizeof *to);
    }
    arena_drop(s->arena, s->whys);
    s->whys = whys;
    return true;
}

// Those that were replaced come right behind those that replaced them.
static bool move_observations(Store *s, const uint32_t *starts) {
    Observation *out = ARENA_ARRAY(s->arena, Observation, s->n);
    uint32_t *read_as = ARENA_ARRAY(s->arena, uint32_t, s->n);
    if (!out || !read_as)
        return false;
    for (uint32_t i = 0; i < s->n_blocks; i++) {
        uint32_t at = starts[i], *held = s->blocks[i].obs;
        for (uint32_t place = 0; place < SERIES_PERIODS; place++) {
            uint32_t obs = held[place] ? held[place] - 1 : OBS_NONE;
            held[place] = held[place] ? at + 1 : 0;
            for (; obs != OBS_NONE; obs = s->obs[obs].replaced, at++) {
                read_as[at] = obs;
                out[at] = s->obs[obs];
                out[at].replaced = out[at].replaced == OBS_NONE ? OBS_NONE : at + 1;
            }
        }
    }
    arena_drop(s->arena, s->obs);
    s->obs = out;
    s->read_as = read_as;
    s->cap = s->n;
    return true;
}

static bool move_blocks(Store *s, const uint32_t *order) {
    SeriesBlock *blocks = ARENA_ARRAY(s->arena, SeriesBlock, s->cap_blocks);
    if (!blocks)
        return false;
    for (uint32_t i = 0; i < s->n_blocks; i++)
        blocks[i] = s->blocks[order[i]];
    arena_drop(s->arena, s->blocks);
    s->blocks = blocks;
    s->last_block = 0;
    memset(s->table, 0, s->n_table * sizeof *s->table);
    store_enter_blocks(s);
    return true;
}

static bool lay_out(Store *s) {
    Arena scratch;
    arena_init(&scratch, 0);
    uint32_t *order = order_blocks(s, &scratch);
    uint32_t *starts = ARENA_ARRAY(&scratch, uint32_t, s->n_blocks);
    bool moves = false;
    bool ok = order && starts && place_blocks(s, order, starts, &moves);
    if (ok && moves)
        ok = move_figures(s, starts) && move_whys(s, starts) && move_observations(s, starts) &&
             move_blocks(s, order);
    arena_free(&scratch);
    return ok;
}

bool store_finish(Store *s) {
    return list_periods(s) && lay_out(s);
}
