// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define ONE_MALLOC_EACH 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ONE_MALLOC_EACH 1
#endif
#endif
#ifndef ONE_MALLOC_EACH
#define ONE_MALLOC_EACH 0
#endif

enum {
    FIRST_BLOCK = 4096, // bytes; later blocks double up to LARGEST_BLOCK
    LARGEST_BLOCK = 1 << 20,
    FIRST_BYTES = 64, // of a vector, or its first item if that is larger
};

// Blocks come zeroed from calloc and no byte is handed out twice, so allocations need no clearing.
struct ArenaBlock {
    ArenaBlock *next;
    size_t used, cap;
    bool alone; // holds one allocation
    alignas(max_align_t) unsigned char bytes[];
};

// Counts down to the allocation that fails; 0: off. Only tests set it.
static atomic_size_t fail_countdown;

void arena_fail_after(size_t n) {
    atomic_store(&fail_countdown, n);
}

static bool told_to_fail(void) {
    if (atomic_load_explicit(&fail_countdown, memory_order_relaxed) == 0) {
        return false;
    }
    return atomic_fetch_sub(&fail_countdown, 1) == 1;
}

void arena_init(Arena *a, size_t limit) {
    *a = (Arena){.limit = limit};
}

void arena_free(Arena *a) {
    for (ArenaBlock *block = a->head, *next; block; block = next) {
        next = block->next;
        free(block);
    }
    arena_init(a, a->limit);
}

static void *fail(Arena *a) {
    a->failed = true;
    return NULL;
}

static size_t next_block_size(const Arena *a) {
    if (!a->head) {
        return FIRST_BLOCK;
    }
    return a->head->cap < LARGEST_BLOCK ? a->head->cap * 2 : LARGEST_BLOCK;
}

static ArenaBlock *new_block(size_t cap) {
    ArenaBlock *block = calloc(1, sizeof *block + cap);
    if (block) {
        block->cap = cap;
    }
    return block;
}

// A block for [size] bytes alone, behind the head so that the head's free room stays in use.
static void *alloc_alone(Arena *a, size_t size) {
    ArenaBlock *block = new_block(size);
    if (!block) {
        return NULL;
    }
    block->used = size;
    block->alone = true;
    if (a->head) {
        block->next = a->head->next;
        a->head->next = block;
    } else {
        a->head = block;
    }
    return block->bytes;
}

static void *alloc_in_head(Arena *a, size_t size) {
    size_t rounded = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    if (!a->head || a->head->cap - a->head->used < rounded) {
        size_t cap = next_block_size(a);
        if (rounded > cap / 4) {
            return alloc_alone(a, size);
        }
        ArenaBlock *block = new_block(cap);
        if (!block) {
            return NULL;
        }
        block->next = a->head;
        a->head = block;
    }
    void *p = a->head->bytes + a->head->used;
    a->head->used += rounded;
    return p;
}

void *arena_alloc(Arena *a, size_t size) {
    if (size == 0) {
        size = 1;
    }
    if (told_to_fail() || size > SIZE_MAX / 4 || (a->limit && size > a->limit - a->n_bytes)) {
        return fail(a);
    }
    void *p = ONE_MALLOC_EACH ? alloc_alone(a, size) : alloc_in_head(a, size);
    if (!p) {
        return fail(a);
    }
    a->n_bytes += size;
    return p;
}

void *arena_array(Arena *a, size_t n, size_t size) {
    if (size != 0 && n > SIZE_MAX / size) {
        return fail(a);
    }
    return arena_alloc(a, n * size);
}

// The link to the block that holds [p] alone, or NULL.
static ArenaBlock **find_alone(Arena *a, const void *p) {
    for (ArenaBlock **link = &a->head; *link; link = &(*link)->next) {
        if ((*link)->bytes == p && (*link)->alone)
            return link;
    }
    return NULL;
}

void *arena_regrow(Arena *a, void *old, size_t old_size, size_t size) {
    ArenaBlock **link = old ? find_alone(a, old) : NULL;
    if (!link) {
        void *p = arena_alloc(a, size);
        if (p && old)
            memcpy(p, old, old_size);
        return p;
    }
    if (told_to_fail() || size > SIZE_MAX / 4 ||
        (a->limit && size - old_size > a->limit - a->n_bytes))
        return fail(a);
    ArenaBlock *block = realloc(*link, sizeof *block + size);
    if (!block)
        return fail(a);
    block->used = block->cap = size;
    *link = block;
    a->n_bytes += size - old_size;
    return block->bytes;
}

void arena_drop(Arena *a, void *p) {
    ArenaBlock **link = p ? find_alone(a, p) : NULL;
    if (!link)
        return;
    ArenaBlock *block = *link;
    *link = block->next;
    a->n_bytes -= block->used;
    free(block);
}

Str arena_str(Arena *a, Str s) {
    char *copy = s.len < SIZE_MAX ? arena_alloc(a, s.len + 1) : fail(a);
    if (!copy) {
        return (Str){0};
    }
    if (s.len > 0) {
        memcpy(copy, s.s, s.len);
    }
    return (Str){copy, s.len};
}

Str arena_vprintf(Arena *a, const char *format, va_list args) {
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    char *text = len < 0 ? fail(a) : arena_alloc(a, (size_t)len + 1);
    Str result = {0};
    if (text) {
        vsnprintf(text, (size_t)len + 1, format, again);
        result = (Str){text, (size_t)len};
    }
    va_end(again);
    return result;
}

Str arena_printf(Arena *a, const char *format, ...) {
    va_list args;
    va_start(args, format);
    Str result = arena_vprintf(a, format, args);
    va_end(args);
    return result;
}

// The pointer goes through memcpy because [items] points to a T *, not to a void *.
bool vec_reserve(Arena *a, void **items, size_t *cap, size_t n, size_t item_size) {
    if (n < *cap) {
        return true;
    }
    if (*cap > SIZE_MAX / 2) {
        a->failed = true;
        return false;
    }
    size_t first_cap = item_size < FIRST_BYTES ? FIRST_BYTES / item_size : 1;
    size_t new_cap = *cap ? *cap * 2 : first_cap;
    void *grown = arena_array(a, new_cap, item_size);
    if (!grown) {
        return false;
    }
    if (n > 0) {
        void *old;
        memcpy(&old, (const void *)items, sizeof old);
        memcpy(grown, old, n * item_size);
    }
    memcpy((void *)items, &grown, sizeof grown);
    *cap = new_cap;
    return true;
}
