// SPDX-License-Identifier: Apache-2.0
#include "runtime/engine/seen.h"

#include <stdlib.h>

#include "runtime/base/intern.h"

enum {
    FIRST_SLOTS = 512,
    TABLE_PER_SLOT = 2, // so that at most half of the table is in use
};

void seen_init(Seen *s) {
    *s = (Seen){.seed = hash_seed()};
}

void seen_free(Seen *s) {
    free(s->slots);
    free(s->table);
    *s = (Seen){0};
}

static int32_t block_of(Period p) {
    int32_t down = p.ordinal % SEEN_BLOCK < 0; // division rounds towards zero
    return p.ordinal / SEEN_BLOCK - down;
}

static uint64_t bit_of(Period p) {
    return UINT64_C(1) << ((uint32_t)p.ordinal % SEEN_BLOCK);
}

static bool is_of(const SeenSlot *slot, const SeenSlot *key) {
    return slot->metric == key->metric && slot->entity == key->entity &&
           slot->block == key->block && slot->kind == key->kind;
}

// Where the table tells of the key, or the free place where it belongs. The table is never full.
static uint32_t *find(const Seen *s, const SeenSlot *key) {
    uint64_t series = (uint64_t)key->metric << 32 | key->entity;
    uint64_t when = (uint64_t)key->kind << 32 | (uint32_t)key->block;
    size_t at = (size_t)hash_words(s->seed, series, when) & (s->n_table - 1);
    while (s->table[at] != 0 && !is_of(&s->slots[s->table[at] - 1], key))
        at = (at + 1) & (s->n_table - 1);
    return &s->table[at];
}

static bool grow(Seen *s) {
    size_t cap = s->cap ? 2 * s->cap : FIRST_SLOTS;
    SeenSlot *slots = cap < UINT32_MAX ? realloc(s->slots, cap * sizeof *slots) : NULL;
    s->slots = slots ? slots : s->slots;
    uint32_t *table = slots ? calloc(cap * TABLE_PER_SLOT, sizeof *table) : NULL;
    if (!table)
        return false;
    free(s->table);
    s->table = table;
    s->n_table = cap * TABLE_PER_SLOT;
    s->cap = cap;
    for (size_t i = 0; i < s->n; i++)
        *find(s, &s->slots[i]) = (uint32_t)i + 1;
    return true;
}

// The slot of the key, made if there is none; NULL when memory runs out.
static SeenSlot *enter(Seen *s, SeenSlot key) {
    size_t next = s->last + 1;
    if (next < s->n && is_of(&s->slots[next], &key)) {
        s->last = next;
        return &s->slots[next];
    }
    if (s->n >= s->cap && !grow(s))
        return NULL;
    uint32_t *place = find(s, &key);
    if (*place == 0) {
        s->slots[s->n++] = key;
        *place = (uint32_t)s->n;
    }
    s->last = *place - 1;
    return &s->slots[s->last];
}

bool seen_merge(Seen *s, SeenSlot other) {
    SeenSlot *slot = enter(s, (SeenSlot){.block = other.block, .kind = other.kind});
    if (slot)
        slot->periods |= other.periods;
    return slot != NULL;
}

SeenAnswer seen_add(Seen *s, uint32_t metric, uint32_t entity, Period period) {
    SeenSlot *slot = enter(s, (SeenSlot){metric, entity, block_of(period), period.kind, 0});
    if (!slot)
        return SEEN_NO_MEMORY;
    bool again = (slot->periods & bit_of(period)) != 0;
    slot->periods |= bit_of(period);
    return again ? SEEN_AGAIN : SEEN_FIRST;
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
    *n = s->n;
    if (s->n > 1)
        qsort(s->slots, s->n, sizeof *s->slots, compare_slots);
    return s->slots;
}
