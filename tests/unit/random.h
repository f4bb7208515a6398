// SPDX-License-Identifier: Apache-2.0
// Random numbers that are the same in every run.
#ifndef BS_TESTS_UNIT_RANDOM_H
#define BS_TESTS_UNIT_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

typedef struct Random {
    uint64_t state;
} Random;

// SplitMix64 (Steele, Lea, Flood 2014).
static inline uint64_t random_next(Random *r) {
    uint64_t z = r->state += 0x9E3779B97F4A7C15U;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
}

static inline uint32_t below(Random *r, uint32_t n) {
    return (uint32_t)(random_next(r) % n);
}

static inline bool one_in(Random *r, uint32_t n) {
    return below(r, n) == 0;
}

#endif
