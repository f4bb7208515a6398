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

// How many observations a block holds, those that they replaced among them. They are looked at only
// where any replaced another, since reaching for them is what takes time.
static uint32_t count_held(const Store *s, const SeriesBlock *b) {
    uint32_t n = 0;
    for (uint32_t place = 0; place < SERIES_PERIODS; place++) {
        uint32_t held = b->obs[place];
        n += held != 0;
        for (uint32_t o = held; s->has_replaced && o && s->obs[o - 1].replaced != OBS_NONE; n++)
            o = s->obs[o - 1].replaced + 1;
    }
    return n;
}

// Where each block's observations will stand, and each metric's.
static bool place_blocks(Store *s, const uint32_t *order, ObsRange *places) {
    s->of_metric = ARENA_ARRAY(s->arena, ObsRange, s->n_metrics);
    if (!s->of_metric)
        return false;
    for (uint32_t i = 0; i < s->n_blocks; i++)
        places[i].to = count_held(s, &s->blocks[i]);
    uint32_t n = 0;
    for (uint32_t i = 0; i < s->n_blocks; i++) {
        ObsRange *place = &places[order[i]], *metric = &s->of_metric[s->blocks[order[i]].metric];
        *place = (ObsRange){n, n + place->to};
        n = place->to;
        *metric = (ObsRange){metric->to > 0 ? metric->from : place->from, n};
    }
    return true;
}

// Fills read_as, block by block, and lets the blocks lead to where the observations will stand;
// those that were replaced come right behind those that replaced them. Returns whether any moves.
static bool number_anew(Store *s, const ObsRange *places) {
    bool moves = false;
    for (uint32_t i = 0; i < s->n_blocks; i++) {
        uint32_t at = places[i].from, *held = s->blocks[i].obs;
        for (uint32_t place = 0; place < SERIES_PERIODS; place++) {
            uint32_t obs = held[place] - 1;
            if (held[place] == 0)
                continue;
            held[place] = at + 1;
            for (; obs != OBS_NONE; obs = s->has_replaced ? s->obs[obs].replaced : OBS_NONE) {
                moves |= obs != at;
                s->read_as[at++] = obs;
            }
        }
    }
    return moves;
}

static bool move_observations(Store *s, const ObsRange *places) {
    Observation *out = ARENA_ARRAY(s->arena, Observation, s->n);
    if (!out)
        return false;
    for (uint32_t i = 0; i < s->n_blocks; i++)
        for (uint32_t at = places[i].from; at < places[i].to; at++) {
            out[at] = s->obs[s->read_as[at]];
            out[at].replaced = out[at].replaced == OBS_NONE ? OBS_NONE : at + 1;
        }
    arena_drop(s->arena, s->obs);
    s->obs = out;
    return true;
}

static bool move_figures(Store *s, const ObsRange *places) {
    size_t n_fields = s->n_fields;
    Number *figures = ARENA_ARRAY(s->arena, Number, s->n * n_fields);
    Why *whys = ARENA_ARRAY(s->arena, Why, s->n * n_fields);
    if (!figures || !whys)
        return false;
    for (uint32_t i = 0; i < s->n_blocks; i++)
        for (size_t at = places[i].from; at < places[i].to; at++)
            for (size_t field = 0; field < n_fields; field++) {
                size_t from = s->read_as[at] * n_fields + field, to = at * n_fields + field;
                figures[to] = s->figures[from];
                whys[to] = s->whys[from];
            }
    arena_drop(s->arena, s->figures);
    arena_drop(s->arena, s->whys);
    s->figures = figures;
    s->whys = whys;
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
    ObsRange *places = ARENA_ARRAY(&scratch, ObsRange, s->n_blocks);
    s->read_as = ARENA_ARRAY(s->arena, uint32_t, s->n);
    bool ok = order && places && s->read_as && place_blocks(s, order, places);
    if (ok && number_anew(s, places)) {
        ok = move_observations(s, places) && move_figures(s, places);
        s->cap = s->n;
    }
    ok = ok && move_blocks(s, order);
    arena_free(&scratch);
    return ok;
}

bool store_finish(Store *s) {
    return list_periods(s) && lay_out(s);
}
