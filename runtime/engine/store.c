// SPDX-License-Identifier: Apache-2.0
// An observation takes 32 bytes, 18 for each field, and 6 to 12 of the hash table, whose load stays
// between 0.35 and 0.7; store_finish adds 4. Arrays double, and an arena keeps the outgrown halves,
// so the store as a whole takes up to four times that: 110 to 250 bytes an observation with one
// field.
#include "runtime/engine/store.h"

#include <stdlib.h>
#include <string.h>

enum {
    FIRST_OBSERVATIONS = 64,
    FIRST_SLOTS = 128, // a power of two
    LOAD_TENTHS = 7,   // at most 0.7 of the slots are in use
    STORE_MAX_OBSERVATIONS = 1 << 30,
};

bool store_init_rows(Store *s, Arena *arena, Arena *numbers, uint32_t n_metrics,
                     uint32_t n_fields) {
    *s = (Store){
        .arena = arena,
        .numbers = numbers,
        .n_fields = n_fields,
        .n_metrics = n_metrics,
        .seed = hash_seed(),
    };
    intern_init(&s->entities, arena);
    intern_init(&s->texts, arena);
    s->has_break = ARENA_ARRAY(arena, bool, n_metrics);
    return s->has_break != NULL;
}

bool store_init(Store *s, Arena *arena, uint32_t n_metrics, uint32_t n_fields) {
    bool ok = store_init_rows(s, arena, arena, n_metrics, n_fields);
    s->n_slots = FIRST_SLOTS;
    s->slots = ARENA_ARRAY(arena, uint32_t, FIRST_SLOTS);
    return ok && s->slots;
}

void store_clear(Store *s) {
    arena_free(s->numbers);
    s->n = 0;
}

// ---- keys ---------------------------------------------------------------------------------------

// The slot of the key, or the free one where it belongs. The table is never full.
static uint32_t find_slot(const Store *s, uint32_t metric, uint32_t entity, Period period) {
    uint64_t series = (uint64_t)metric << 32 | entity;
    uint64_t when = (uint64_t)period.kind << 32 | (uint32_t)period.ordinal;
    uint32_t mask = s->n_slots - 1;
    uint32_t slot = (uint32_t)hash_words(s->seed, series, when) & mask;
    while (s->slots[slot] != 0) {
        const Observation *o = &s->obs[s->slots[slot] - 1];
        if (o->metric == metric && o->entity == entity && period_eq(o->period, period)) {
            break;
        }
        slot = (slot + 1) & mask;
    }
    return slot;
}

static uint32_t slot_of(const Store *s, const Observation *o) {
    return find_slot(s, o->metric, o->entity, o->period);
}

uint32_t store_find(const Store *s, uint32_t metric, uint32_t entity, Period period) {
    if (!s->slots) {
        return OBS_NONE;
    }
    uint32_t held = s->slots[find_slot(s, metric, entity, period)];
    return held ? held - 1 : OBS_NONE;
}

// The old table tells which observations are current: one that was replaced has no slot.
static bool grow_slots(Store *s) {
    uint32_t *old = s->slots, n_old = s->n_slots;
    uint32_t *slots = ARENA_ARRAY(s->arena, uint32_t, (size_t)n_old * 2);
    if (!slots) {
        return false;
    }
    s->slots = slots;
    s->n_slots = n_old * 2;
    for (uint32_t i = 0; i < n_old; i++) {
        if (old[i] != 0) {
            slots[slot_of(s, &s->obs[old[i] - 1])] = old[i];
        }
    }
    return true;
}

// ---- adding -------------------------------------------------------------------------------------

static void *grown(Arena *a, const void *old, size_t n, size_t cap, size_t item) {
    void *items = arena_array(a, cap, item);
    if (items && n > 0) {
        memcpy(items, old, n * item);
    }
    return items;
}

static bool grow_observations(Store *s) {
    if (s->cap >= STORE_MAX_OBSERVATIONS) {
        s->arena->failed = true;
        return false;
    }
    uint32_t cap = s->cap ? s->cap * 2 : FIRST_OBSERVATIONS;
    size_t n = s->n, n_figures = n * s->n_fields, cap_figures = (size_t)cap * s->n_fields;
    Observation *obs = grown(s->arena, s->obs, n, cap, sizeof *obs);
    Number *figures = grown(s->arena, s->figures, n_figures, cap_figures, sizeof *figures);
    Why *whys = grown(s->arena, s->whys, n_figures, cap_figures, sizeof *whys);
    if (!obs || !figures || !whys) {
        return false;
    }
    s->obs = obs;
    s->figures = figures;
    s->whys = whys;
    s->cap = cap;
    return true;
}

bool store_reserve(Store *s, uint32_t n) {
    while (s->cap - s->n < n) {
        if (!grow_observations(s))
            return false;
    }
    return true;
}

// Puts [o] behind the last observation; its key is not entered yet.
static uint32_t append(Store *s, Observation o) {
    if (s->n >= s->cap && !grow_observations(s)) {
        return OBS_NONE;
    }
    uint32_t at = s->n++;
    s->obs[at] = o;
    s->has_break[o.metric] |= (o.marks & MARK_BREAK) != 0;
    for (uint32_t field = 0; field < s->n_fields; field++) {
        store_set(s, at, field, number_int(0), WHY(REASON_NO_ROW));
    }
    return at;
}

uint32_t store_add(Store *s, Observation o) {
    if (s->slots && (uint64_t)(s->n + 1) * 10 > (uint64_t)s->n_slots * LOAD_TENTHS &&
        !grow_slots(s)) {
        return OBS_NONE;
    }
    o.replaced = OBS_NONE;
    uint32_t at = append(s, o);
    if (s->slots && at != OBS_NONE) {
        s->slots[slot_of(s, &o)] = at + 1;
    }
    return at;
}

uint32_t store_replace(Store *s, uint32_t old, Observation o) {
    o.replaced = old;
    uint32_t slot = slot_of(s, &o);
    uint32_t at = append(s, o);
    if (at != OBS_NONE) {
        s->slots[slot] = at + 1;
    }
    return at;
}

// ---- looking over the whole ---------------------------------------------------------------------

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

// Counts each metric's observations, makes the counts starts, and lays the observations out. Laying
// out moves each start to the end of its metric, which is where the next begins: one step down.
static bool group_by_metric(Store *s) {
    s->metric_start = ARENA_ARRAY(s->arena, uint32_t, (size_t)s->n_metrics + 2);
    s->by_metric = ARENA_ARRAY(s->arena, uint32_t, s->n);
    if (!s->metric_start || !s->by_metric) {
        return false;
    }
    uint32_t *starts = s->metric_start + 1;
    for (uint32_t i = 0; i < s->n; i++) {
        starts[s->obs[i].metric + 1]++;
    }
    for (uint32_t metric = 0; metric < s->n_metrics; metric++) {
        starts[metric + 1] += starts[metric];
    }
    for (uint32_t i = 0; i < s->n; i++) {
        s->by_metric[starts[s->obs[i].metric]++] = i;
    }
    return true;
}

bool store_finish(Store *s) {
    return list_periods(s) && group_by_metric(s);
}

bool store_breaks(const Store *s, uint32_t metric, uint32_t entity, Period from, Period to) {
    if (!s->has_break[metric] || from.kind != to.kind) {
        return false;
    }
    for (Period p = to; p.ordinal > from.ordinal; p = period_add(p, -1)) {
        uint32_t obs = store_find(s, metric, entity, p);
        if (obs != OBS_NONE && (s->obs[obs].marks & MARK_BREAK)) {
            return true;
        }
    }
    return false;
}

_Static_assert(N_PERIOD_KINDS <= 8, "a set of period kinds is a byte");

// For each entity the set of period kinds of its observations of the metrics, bit k for kind k.
static void gather_kinds(const Store *s, const uint32_t *metrics, uint32_t n_metrics,
                         uint8_t *kinds) {
    for (uint32_t i = 0; i < n_metrics; i++) {
        uint32_t end = s->metric_start[metrics[i] + 1];
        for (uint32_t k = s->metric_start[metrics[i]]; k < end; k++) {
            const Observation *o = &s->obs[s->by_metric[k]];
            kinds[o->entity] |= (uint8_t)(1u << o->period.kind);
        }
    }
}

// Writes the lanes to [lanes], unless it is NULL, and returns how many there are.
static size_t list_lanes(const Store *s, const uint8_t *kinds, Lane *lanes) {
    size_t n = 0;
    for (uint32_t entity = 0; entity < s->entities.n; entity++) {
        for (uint32_t i = 0; i < s->n_reported && kinds[entity]; i++) {
            if (!(kinds[entity] >> s->reported[i].kind & 1)) {
                continue;
            }
            if (lanes) {
                lanes[n] = (Lane){.entity = entity, .period = s->reported[i]};
            }
            n++;
        }
    }
    return n;
}

bool store_lanes(const Store *s, Arena *a, const uint32_t *metrics, uint32_t n_metrics,
                 Lane **lanes, size_t *n) {
    *n = 0;
    *lanes = NULL;
    Arena scratch;
    arena_init(&scratch, 0);
    uint8_t *kinds = ARENA_ARRAY(&scratch, uint8_t, s->entities.n);
    if (kinds) {
        gather_kinds(s, metrics, n_metrics, kinds);
        *n = list_lanes(s, kinds, NULL);
        *lanes = ARENA_ARRAY(a, Lane, *n);
    }
    if (*lanes) {
        list_lanes(s, kinds, *lanes);
    }
    arena_free(&scratch);
    return *lanes != NULL;
}
