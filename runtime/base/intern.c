// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/intern.h"

#include <string.h>
#include <sys/random.h>
#include <time.h>

enum {
    FIRST_SLOTS = 64, // a power of two; half of the slots at most are in use
};
static const uint32_t max_slots = UINT32_C(1) << 31; // so at most 2^30 distinct texts

void intern_init(Intern *t, Arena *arena) {
    *t = (Intern){.arena = arena, .seed = hash_seed()};
}

Str intern_text(const Intern *t, uint32_t id) {
    return id < t->n ? t->texts[id] : (Str){0};
}

// The slot that holds [s], or the free one where it belongs. The table is never full.
static uint32_t find_slot(const Intern *t, Str s) {
    uint32_t mask = t->n_slots - 1;
    uint32_t slot = (uint32_t)hash_bytes(t->seed, s.s, s.len) & mask;
    while (t->slots[slot] != 0 && !str_eq(t->texts[t->slots[slot] - 1], s)) {
        slot = (slot + 1) & mask;
    }
    return slot;
}

// Doubles the table. Leaves it as it was when memory runs out.
static bool grow(Intern *t) {
    if (t->n_slots >= max_slots) {
        t->arena->failed = true;
        return false;
    }
    uint32_t n_slots = t->n_slots ? t->n_slots * 2 : FIRST_SLOTS;
    uint32_t *slots = ARENA_ARRAY(t->arena, uint32_t, n_slots);
    Str *texts = ARENA_ARRAY(t->arena, Str, n_slots / 2);
    if (!slots || !texts) {
        return false;
    }
    if (t->n > 0) {
        memcpy(texts, t->texts, t->n * sizeof *texts);
    }
    t->texts = texts;
    t->slots = slots;
    t->n_slots = n_slots;
    for (uint32_t id = 0; id < t->n; id++) {
        t->slots[find_slot(t, texts[id])] = id + 1;
    }
    return true;
}

uint32_t intern_add(Intern *t, Str s) {
    if (t->n >= t->n_slots / 2) {
        // A text that is known needs no room, so a full table is looked through before it grows.
        uint32_t known = intern_find(t, s);
        if (known != INTERN_NONE || !grow(t)) {
            return known;
        }
    }
    uint32_t slot = find_slot(t, s);
    if (t->slots[slot] != 0) {
        return t->slots[slot] - 1;
    }
    Str copy = arena_str(t->arena, s);
    if (!copy.s) {
        return INTERN_NONE;
    }
    t->texts[t->n] = copy;
    t->slots[slot] = ++t->n;
    return t->n - 1;
}

uint32_t intern_find(const Intern *t, Str s) {
    if (t->n_slots == 0) {
        return INTERN_NONE;
    }
    uint32_t slot = find_slot(t, s);
    return t->slots[slot] ? t->slots[slot] - 1 : INTERN_NONE;
}

// ---- hashing ------------------------------------------------------------------------------------

// Odd constants without structure: the fractional digits of the square roots of 2, 3, 5 and 7.
static const uint64_t key0 = UINT64_C(0x6A09E667F3BCC909), key1 = UINT64_C(0xBB67AE8584CAA73B),
                      key2 = UINT64_C(0x3C6EF372FE94F82B), key3 = UINT64_C(0xA54FF53A5F1D36F1);

static uint64_t read64(const unsigned char *p) {
    uint64_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

static uint64_t read32(const unsigned char *p) {
    uint32_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

uint64_t hash_bytes(uint64_t seed, const void *bytes, size_t len) {
    const unsigned char *p = bytes;
    // Both factors hide behind the seed: a known one could be made zero, and would wipe the state.
    uint64_t secret = hash_mix(seed ^ key0, key1);
    uint64_t state = seed ^ key3;
    uint64_t a = 0, b = 0;
    size_t left = len;
    for (; left > 16; p += 16, left -= 16) {
        state = hash_mix(read64(p) ^ secret, read64(p + 8) ^ state);
    }
    // The last 1 to 16 bytes in two words, which may overlap: [len] below tells the cases apart.
    if (left >= 8) {
        a = read64(p);
        b = read64(p + left - 8);
    } else if (left >= 4) {
        a = read32(p);
        b = read32(p + left - 4);
    } else if (left > 0) {
        a = (uint64_t)p[0] << 16 | (uint64_t)p[left / 2] << 8 | p[left - 1];
    }
    return hash_mix(key2 ^ len, hash_mix(a ^ secret, b ^ state));
}

uint64_t hash_seed(void) {
    uint64_t seed;
    if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) == (ssize_t)sizeof seed) {
        return seed;
    }
    // Early in the machine's start the system may have no randomness: time and address must do.
    struct timespec now = {0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return hash_mix((uint64_t)now.tv_nsec ^ key1, (uint64_t)(uintptr_t)&now ^ key2);
}
