// SPDX-License-Identifier: Apache-2.0
#include "runtime/engine/seen.h"

#include <stdlib.h>

#include "runtime/base/intern.h"

enum {
    FIRST_SLOTS = 1024, // a power of two
    LOAD_TENTHS = 6,    // at most 0.6 of the slots are in use
};

void seen_init(Seen *s) {
    *s = (Seen){.seed = hash_seed()};
}

void seen_free(Seen *s) {
    free(s->slots);
    *s = (Seen){0};
}

static int32_t block_of(Period p) {
    int32_t down = p.ordinal % SEEN_BLOCK < 0; // division rounds towards zero
    return p.ordinal / SEEN_BLOCK - down;
}

static uint64_t bit_of(Period p) {
    return UINT64_C(1) << ((uint32_t)p.ordinal % SEEN_BLOCK);
}

static size_t first_slot(const Seen *s, uint32_t metric, uint32_t entity, int32_t block,
                         PeriodKind kind) {
    uint64_t series = (uint64_t)metric << 32 | entity;
    uint64_t when = (uint64_t)kind << 32 | (uint32_t)block;
    return (size_t)hash_words(s->seed, series, when) & (s->n_slots - 1);
}

// The slot of the key, or the free one where it belongs. The table is never full.
static SeenSlot *find(const Seen *s, uint32_t metric, uint32_t entity, int32_t block,
                      PeriodKind kind) {
    size_t at = first_slot(s, metric, entity, block, kind);
    for (;;) {
        SeenSlot *slot = &s->slots[at];
        if (slot->periods == 0 || (slot->metric == metric && slot->entity == entity &&
                                   slot->block == block && slot->kind == kind))
            return slot;
        at = (at + 1) & (s->n_slots - 1);
    }
}

static bool grow(Seen *s) {
    size_t n_old = s->n_slots;
    SeenSlot *old = s->slots;
    s->n_slots = n_old ? 2 * n_old : FIRST_SLOTS;
    s->slots = calloc(s->n_slots, sizeof *s->slots);
    if (!s->slots) {
        s->slots = old;
        s->n_slots = n_old;
        return false;
    }
    for (size_t i = 0; i < n_old; i++) {
        if (old[i].periods != 0)
            *find(s, old[i].metric, old[i].entity, old[i].block, old[i].kind) = old[i];
    }
    free(old);
    return true;
}

// The slot of the key, which becomes the table's if it was free; NULL when memory runs out.
static SeenSlot *enter(Seen *s, uint32_t metric, uint32_t entity, int32_t block, PeriodKind kind) {
    if (s->n * 10 >= s->n_slots * LOAD_TENTHS && !grow(s))
        return NULL;
    SeenSlot *slot = find(s, metric, entity, block, kind);
    if (slot->periods == 0) {
        *slot = (SeenSlot){metric, entity, block, kind, 0};
        s->n++;
    }
    return slot;
}

bool seen_merge(Seen *s, SeenSlot other) {
    SeenSlot *slot = enter(s, 0, 0, other.block, other.kind);
    if (slot)
        slot->periods |= other.periods;
    return slot != NULL;
}

SeenAnswer seen_add(Seen *s, uint32_t metric, uint32_t entity, Period period) {
    SeenSlot *slot = enter(s, metric, entity, block_of(period), period.kind);
    if (!slot)
        return SEEN_NO_MEMORY;
    bool again = (slot->periods & bit_of(period)) != 0;
    slot->periods |= bit_of(period);
    return again ? SEEN_AGAIN : SEEN_FIRST;
}

void seen_prefetch(const Seen *s, uint32_t metric, uint32_t entity, Period period) {
    if (s->n_slots > 0)
        __builtin_prefetch(&s->slots[first_slot(s, metric, entity, block_of(period), period.kind)],
                           1);
}

static int compare_slots(const void *a, const void *b) {
    const SeenSlot *x = a, *y = b;
    if (x->metric != y->metric)
        return x->metric < y->metric ? -1 : 1;
    if (x->entity != y->entity)
        return x->entity < y->entity ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    return (x->block > y->block) - (x->block < y->block);
}

const SeenSlot *seen_sort(Seen *s, size_t *n) {
    *n = 0;
    for (size_t i = 0; i < s->n_slots; i++) {
        if (s->slots[i].periods != 0)
            s->slots[(*n)++] = s->slots[i];
    }
    if (*n > 1)
        qsort(s->slots, *n, sizeof *s->slots, compare_slots);
    return s->slots;
}
