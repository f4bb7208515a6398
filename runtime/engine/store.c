// SPDX-License-Identifier: Apache-2.0
// An observation takes 32 bytes, 18 for each field, and a share of its series' block: 88 bytes for
// up to 16 consecutive periods, 5.5 for each where a series has no holes. store_finish adds 4.
// Arrays double, and what they have not filled yet the system has not given yet either.
#include "runtime/engine/store.h"

#include <stdlib.h>
#include <string.h>

enum {
    FIRST_OBSERVATIONS = 64,
    FIRST_BLOCKS = 64,
    TABLE_PER_BLOCK = 2, // so that at most half of the table is in use
    STORE_MAX_OBSERVATIONS = 1 << 30,
};

// ---- keys ---------------------------------------------------------------------------------------

static int32_t block_of(Period p) {
    int32_t down = p.ordinal % SERIES_PERIODS < 0; // division rounds towards zero
    return p.ordinal / SERIES_PERIODS - down;
}

static uint32_t place_of(Period p) {
    return (uint32_t)p.ordinal % SERIES_PERIODS;
}

static bool is_of(const SeriesBlock *b, uint32_t metric, uint32_t entity, Period period) {
    return b->metric == metric && b->entity == entity && b->block == block_of(period) &&
           b->kind == period.kind;
}

// Where the table tells of the block, or the free place where it belongs. The table is never full.
static uint32_t *find_place(const Store *s, uint32_t metric, uint32_t entity, Period period) {
    uint64_t series = (uint64_t)metric << 32 | entity;
    uint64_t when = (uint64_t)period.kind << 32 | (uint32_t)block_of(period);
    uint32_t mask = s->n_table - 1;
    uint32_t at = (uint32_t)hash_words(s->seed, series, when) & mask;
    while (s->table[at] != 0 && !is_of(&s->blocks[s->table[at] - 1], metric, entity, period)) {
        at = (at + 1) & mask;
    }
    return &s->table[at];
}

static bool grow_blocks(Store *s) {
    uint32_t n_old = s->cap_blocks, n = n_old ? n_old * 2 : FIRST_BLOCKS;
    SeriesBlock *blocks =
        arena_regrow(s->arena, s->blocks, n_old * sizeof *blocks, n * sizeof *blocks);
    s->blocks = blocks ? blocks : s->blocks;
    uint32_t *table = blocks ? ARENA_ARRAY(s->arena, uint32_t, (size_t)n * TABLE_PER_BLOCK) : NULL;
    if (!table) {
        return false;
    }
    s->cap_blocks = n;
    s->table = table;
    s->n_table = n * TABLE_PER_BLOCK;
    for (uint32_t i = 0; i < s->n_blocks; i++) {
        const SeriesBlock *b = &s->blocks[i];
        Period first = {.ordinal = b->block * SERIES_PERIODS, .kind = b->kind};
        *find_place(s, b->metric, b->entity, first) = i + 1;
    }
    return true;
}

// Where the index of an observation with this key stands, made if need be; NULL when memory runs
// out.
static uint32_t *enter(Store *s, uint32_t metric, uint32_t entity, Period period) {
    if (s->n_blocks == s->cap_blocks && !grow_blocks(s)) {
        return NULL;
    }
    uint32_t *place = find_place(s, metric, entity, period);
    if (*place == 0) {
        s->blocks[s->n_blocks++] = (SeriesBlock){
            .metric = metric, .entity = entity, .block = block_of(period), .kind = period.kind};
        *place = s->n_blocks;
    }
    return &s->blocks[*place - 1].obs[place_of(period)];
}

uint32_t store_find_near(const Store *s, const SeriesBlock **near, uint32_t metric,
                         uint32_t entity, Period period) {
    if (!s->table) {
        return OBS_NONE;
    }
    if (!*near || !is_of(*near, metric, entity, period)) {
        uint32_t place = *find_place(s, metric, entity, period);
        if (place == 0) {
            return OBS_NONE;
        }
        *near = &s->blocks[place - 1];
    }
    uint32_t held = (*near)->obs[place_of(period)];
    return held ? held - 1 : OBS_NONE;
}

uint32_t store_find(const Store *s, uint32_t metric, uint32_t entity, Period period) {
    const SeriesBlock *near = NULL;
    return store_find_near(s, &near, metric, entity, period);
}

// ---- making -------------------------------------------------------------------------------------

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
    return ok && grow_blocks(s);
}

void store_clear(Store *s) {
    arena_free(s->numbers);
    s->n = 0;
}

// ---- adding -------------------------------------------------------------------------------------

static bool grow_observations(Store *s) {
    if (s->cap >= STORE_MAX_OBSERVATIONS) {
        s->arena->failed = true;
        return false;
    }
    uint32_t cap = s->cap ? s->cap * 2 : FIRST_OBSERVATIONS;
    size_t n_old = s->cap, n = cap, n_fields = s->n_fields;
    Observation *obs = arena_regrow(s->arena, s->obs, n_old * sizeof *obs, n * sizeof *obs);
    s->obs = obs ? obs : s->obs;
    Number *figures = arena_regrow(s->arena, s->figures, n_old * n_fields * sizeof *figures,
                                   n * n_fields * sizeof *figures);
    s->figures = figures ? figures : s->figures;
    Why *whys = arena_regrow(s->arena, s->whys, n_old * n_fields * sizeof *whys,
                             n * n_fields * sizeof *whys);
    s->whys = whys ? whys : s->whys;
    if (!obs || !figures || !whys) {
        return false;
    }
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
    o.replaced = OBS_NONE;
    uint32_t *place = s->table ? enter(s, o.metric, o.entity, o.period) : NULL;
    if (s->table && !place) {
        return OBS_NONE;
    }
    uint32_t at = append(s, o);
    if (place && at != OBS_NONE) {
        *place = at + 1;
    }
    return at;
}

uint32_t store_replace(Store *s, uint32_t old, Observation o) {
    o.replaced = old;
    uint32_t *place = enter(s, o.metric, o.entity, o.period);
    uint32_t at = place ? append(s, o) : OBS_NONE;
    if (at != OBS_NONE) {
        *place = at + 1;
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

bool store_reported(const Store *s, Period period, uint32_t *at) {
    uint32_t low = 0, high = s->n_reported;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        Period there = s->reported[middle];
        bool before = there.kind != period.kind ? there.kind < period.kind
                                                : there.ordinal < period.ordinal;
        if (before)
            low = middle + 1;
        else
            high = middle;
    }
    *at = low;
    return low < s->n_reported && period_eq(s->reported[low], period);
}

// ---- for another program ------------------------------------------------------------------------

static bool rekey_blocks(Store *s, const uint32_t *metrics) {
    const SeriesBlock *old = s->blocks;
    s->blocks = ARENA_ARRAY(s->arena, SeriesBlock, s->n_blocks);
    s->table = ARENA_ARRAY(s->arena, uint32_t, s->n_table);
    for (uint32_t i = 0; s->blocks && s->table && i < s->n_blocks; i++) {
        SeriesBlock *b = &s->blocks[i];
        *b = old[i];
        b->metric = metrics[b->metric];
        Period first = {.ordinal = b->block * SERIES_PERIODS, .kind = b->kind};
        *find_place(s, b->metric, b->entity, first) = i + 1;
    }
    return s->blocks && s->table;
}

static bool rekey_breaks(Store *s, const uint32_t *metrics) {
    const bool *old = s->has_break;
    s->has_break = ARENA_ARRAY(s->arena, bool, s->n_metrics);
    for (uint32_t i = 0; s->has_break && i < s->n_metrics; i++) {
        s->has_break[metrics[i]] = old[i];
    }
    return s->has_break != NULL;
}

bool store_rekey(const Store *from, Arena *a, const uint32_t *metrics, const uint32_t *files,
                 Store *out) {
    *out = *from;
    out->arena = a;
    if (!metrics && !files) {
        return true;
    }
    out->obs = ARENA_ARRAY(a, Observation, from->n);
    for (uint32_t i = 0; out->obs && i < from->n; i++) {
        Observation *o = &out->obs[i];
        *o = from->obs[i];
        o->metric = metrics ? metrics[o->metric] : o->metric;
        o->file = files ? files[o->file] : o->file;
    }
    return out->obs && (!metrics || (rekey_blocks(out, metrics) && rekey_breaks(out, metrics) &&
                                     group_by_metric(out)));
}

PeriodKind store_kind(const Store *s, uint32_t metric) {
    uint32_t first = s->metric_start[metric];
    bool has_any = first < s->metric_start[metric + 1];
    return has_any ? s->obs[s->by_metric[first]].period.kind : N_PERIOD_KINDS;
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

static void find_own(const Store *s, uint32_t metric, Lane *lanes, size_t n) {
    const SeriesBlock *near = NULL;
    for (size_t i = 0; i < n; i++) {
        uint32_t obs = store_find_near(s, &near, metric, lanes[i].entity, lanes[i].period);
        lanes[i].own = obs == OBS_NONE ? 0 : obs + 1;
    }
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
    if (*lanes && n_metrics == 1) {
        find_own(s, metrics[0], *lanes, *n);
    }
    arena_free(&scratch);
    return *lanes != NULL;
}
