// SPDX-License-Identifier: Apache-2.0
// An observation takes 32 bytes, 18 for each field, and a share of its series' block: 92 bytes for
// up to 16 consecutive periods, 5.75 for each where a series has no holes. store_finish adds 4.
// Arrays double, and what they have not filled yet the system has not given yet either.
#include "runtime/engine/store.h"

#include "runtime/engine/store_parts.h"

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

void store_enter_blocks(Store *s) {
    for (uint32_t i = 0; i < s->n_blocks; i++) {
        const SeriesBlock *b = &s->blocks[i];
        Period first = {.ordinal = b->block * SERIES_PERIODS, .kind = b->kind};
        *find_place(s, b->metric, b->entity, first) = i + 1;
    }
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
    store_enter_blocks(s);
    return true;
}

// The block of this key, made if need be; NULL when memory runs out. A file goes along a series, or
// names the same series in the same order in each period: so it is tried first whether the key
// belongs to the block that was entered last, or to the one that was entered behind that before.
static SeriesBlock *enter(Store *s, uint32_t metric, uint32_t entity, Period period) {
    SeriesBlock *last = s->last_block ? &s->blocks[s->last_block - 1] : NULL;
    if (last && is_of(last, metric, entity, period))
        return last;
    if (last && last->next && is_of(&s->blocks[last->next - 1], metric, entity, period)) {
        s->last_block = last->next;
        return &s->blocks[last->next - 1];
    }
    if (s->n_blocks == s->cap_blocks && !grow_blocks(s))
        return NULL;
    uint32_t *place = find_place(s, metric, entity, period);
    if (*place == 0) {
        s->blocks[s->n_blocks++] = (SeriesBlock){
            .metric = metric, .entity = entity, .block = block_of(period), .kind = period.kind};
        *place = s->n_blocks;
    }
    if (s->last_block)
        s->blocks[s->last_block - 1].next = *place;
    s->last_block = *place;
    return &s->blocks[*place - 1];
}

uint32_t store_find_near(const Store *s, const SeriesBlock **near, uint32_t metric, uint32_t entity,
                         Period period) {
    if (!s->table) {
        return OBS_NONE;
    }
    bool is_near = *near && is_of(*near, metric, entity, period);
    if (!is_near && *near && *near + 1 < s->blocks + s->n_blocks) {
        is_near = is_of(*near + 1, metric, entity, period);
        *near += is_near;
    }
    if (!is_near) {
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

// Without keys where [s] has none.
uint32_t store_add_unless(Store *s, Observation o, uint32_t *there) {
    *there = OBS_NONE;
    o.replaced = OBS_NONE;
    SeriesBlock *b = s->table ? enter(s, o.metric, o.entity, o.period) : NULL;
    if (s->table && !b)
        return OBS_NONE;
    uint32_t *held = b ? &b->obs[place_of(o.period)] : NULL;
    if (held && *held) {
        *there = *held - 1;
        return OBS_NONE;
    }
    uint32_t at = append(s, o);
    if (held && at != OBS_NONE)
        *held = at + 1;
    return at;
}

uint32_t store_add(Store *s, Observation o) {
    uint32_t there;
    return store_add_unless(s, o, &there);
}

uint32_t store_replace(Store *s, uint32_t old, Observation o) {
    o.replaced = old;
    SeriesBlock *b = enter(s, o.metric, o.entity, o.period);
    uint32_t at = b ? append(s, o) : OBS_NONE;
    if (at != OBS_NONE) {
        b->obs[place_of(o.period)] = at + 1;
        s->has_replaced = true;
    }
    return at;
}

// ---- looking over the whole ---------------------------------------------------------------------

bool store_reported(const Store *s, Period period, uint32_t *at) {
    uint32_t low = 0, high = s->n_reported;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        Period there = s->reported[middle];
        bool before =
            there.kind != period.kind ? there.kind < period.kind : there.ordinal < period.ordinal;
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
    }
    if (!s->blocks || !s->table)
        return false;
    store_enter_blocks(s);
    return true;
}

static bool rekey_metrics(Store *s, const uint32_t *metrics) {
    const bool *has_break = s->has_break;
    const ObsRange *of_metric = s->of_metric;
    s->has_break = ARENA_ARRAY(s->arena, bool, s->n_metrics);
    s->of_metric = ARENA_ARRAY(s->arena, ObsRange, s->n_metrics);
    if (!s->has_break || !s->of_metric)
        return false;
    for (uint32_t i = 0; i < s->n_metrics; i++) {
        s->has_break[metrics[i]] = has_break[i];
        s->of_metric[metrics[i]] = of_metric[i];
    }
    return true;
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
    return out->obs && (!metrics || (rekey_blocks(out, metrics) && rekey_metrics(out, metrics)));
}

PeriodKind store_kind(const Store *s, uint32_t metric) {
    ObsRange r = s->of_metric[metric];
    return r.from < r.to ? s->obs[r.from].period.kind : N_PERIOD_KINDS;
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
        ObsRange r = s->of_metric[metrics[i]];
        for (uint32_t k = r.from; k < r.to; k++) {
            const Observation *o = &s->obs[k];
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
