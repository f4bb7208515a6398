// SPDX-License-Identifier: Apache-2.0
// Intern: each distinct text once, as a small number given in order of first sight.
#ifndef BS_BASE_INTERN_H
#define BS_BASE_INTERN_H

#include <stdint.h>

#include "runtime/base/arena.h"
#include "runtime/base/str.h"

#define INTERN_NONE UINT32_MAX // no enum constant: those are of type int

typedef struct Intern {
    Arena *arena;    // holds the texts and the table
    Str *texts;      // by id
    uint32_t *slots; // open addressing: id + 1, or 0
    uint32_t n, n_slots;
    uint64_t seed; // makes collisions hard to choose from outside
} Intern;

void intern_init(Intern *t, Arena *arena);
// The id of [s], copying it on first sight; INTERN_NONE when memory runs out.
uint32_t intern_add(Intern *t, Str s);
// The id of [s], or INTERN_NONE when it was never added.
uint32_t intern_find(const Intern *t, Str s);
Str intern_text(const Intern *t, uint32_t id);

// Both halves of the 128-bit product: every bit of either side reaches the result.
static inline uint64_t hash_mix(uint64_t a, uint64_t b) {
    __extension__ typedef unsigned __int128 Uint128;
    Uint128 product = (Uint128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

// Hash of two words. Each factor hides behind a secret, or a known one could be made zero.
static inline uint64_t hash_words(uint64_t seed, uint64_t a, uint64_t b) {
    return hash_mix(hash_mix(a ^ seed, b ^ (seed << 32 | seed >> 32)) ^ seed,
                    UINT64_C(0x9E3779B97F4A7C15));
}

// Hash of bytes under a seed, also used by other tables.
uint64_t hash_bytes(uint64_t seed, const void *p, size_t len);
uint64_t hash_seed(void); // from the system's random source

#endif
