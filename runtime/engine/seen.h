// SPDX-License-Identifier: Apache-2.0
// Seen: which metric, entity and period have been there, a bit each, where the figures themselves
// are not kept.
#ifndef BS_ENGINE_SEEN_H
#define BS_ENGINE_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/data/period.h"

enum { SEEN_BLOCK = 64 }; // consecutive periods that share a slot

// Periods of one metric and entity: bit i stands for ordinal block * SEEN_BLOCK + i.
typedef struct SeenSlot {
    uint32_t metric, entity;
    int32_t block;
    PeriodKind kind;
    uint64_t periods;
} SeenSlot;

// Files mostly come in the same order period after period, so the slot behind the last one is tried
// before the table is asked.
typedef struct Seen {
    SeenSlot *slots; // in order of first sight; owned
    size_t n, cap, last;
    uint32_t *table; // hash of the key -> slot + 1, or 0; owned
    size_t n_table;
    uint64_t seed;
} Seen;

void seen_init(Seen *s);
void seen_free(Seen *s);

typedef enum SeenAnswer { SEEN_FIRST, SEEN_AGAIN, SEEN_NO_MEMORY } SeenAnswer;
SeenAnswer seen_add(Seen *s, uint32_t metric, uint32_t entity, Period period);
// Adds all periods of [slot], without its metric and entity. False when memory runs out.
bool seen_merge(Seen *s, SeenSlot slot);

// The slots by metric, entity, kind and block. The table takes no more keys.
const SeenSlot *seen_sort(Seen *s, size_t *n);

#endif
