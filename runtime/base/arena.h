// SPDX-License-Identifier: Apache-2.0
// Arena: memory that is released all at once.
//
// A block of work (a compile, a program, a run) owns one arena; whatever it allocates lives until
// arena_free or arena_reset. Under AddressSanitizer every allocation is a malloc of its own, so
// that overruns and late uses are caught.
#ifndef BS_BASE_ARENA_H
#define BS_BASE_ARENA_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "runtime/base/str.h"

typedef struct ArenaBlock ArenaBlock;

typedef struct Arena {
    ArenaBlock *head;
    size_t n_bytes; // handed out since the last reset
    size_t limit;   // most bytes to hand out; 0: no limit
    bool failed;    // an allocation failed since the last reset; stays set
} Arena;

// Prepares [a] without allocating. [limit] is in bytes, 0 for none.
void arena_init(Arena *a, size_t limit);

// Releases everything. [a] may be used again.
void arena_free(Arena *a);

// Zeroed memory of [size] bytes, aligned for any type. NULL, with [a]->failed set, when memory or
// the limit runs out. A size of 0 gives a valid pointer.
void *arena_alloc(Arena *a, size_t size);

// Zeroed array of [n] items of [size] bytes; an overflow of the product counts as out of memory.
void *arena_array(Arena *a, size_t n, size_t size);

// A larger place for the [old_size] bytes at [old], which must not be used any more: what is behind
// them holds anything. A large array grows so without a copy staying behind. NULL, with [old] as it
// was, when memory or the limit runs out. [old] may be NULL.
void *arena_regrow(Arena *a, void *old, size_t old_size, size_t size);

// Gives back what arena_array or arena_regrow returned, if it is large; the rest stays until
// arena_free. It must not be used any more. NULL does nothing.
void arena_drop(Arena *a, void *p);

#define ARENA_NEW(a, T) ((T *)arena_alloc((a), sizeof(T)))
#define ARENA_ARRAY(a, T, n) ((T *)arena_array((a), (n), sizeof(T)))

// A copy of [s] in the arena, NUL-terminated for convenience; the empty Str on failure.
Str arena_str(Arena *a, Str s);

// Formatted text in the arena; the empty Str on failure. Takes what printf takes.
Str arena_printf(Arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
Str arena_vprintf(Arena *a, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

// A growable array in an arena: VEC(int) numbers; VEC_PUSH(a, &numbers, 3).
#define VEC(T)                                                                                     \
    struct {                                                                                       \
        T *v;                                                                                      \
        size_t n, cap;                                                                             \
    }

// Appends an item; false, leaving the vector as it was, when memory runs out. The item is the rest
// of the arguments, so that a compound literal may hold commas.
#define VEC_PUSH(a, vec, ...)                                                                      \
    (vec_reserve((a), (void **)&(vec)->v, &(vec)->cap, (vec)->n, sizeof *(vec)->v)                 \
         ? ((vec)->v[(vec)->n] = (__VA_ARGS__), (vec)->n++, true)                                  \
         : false)

// Makes room for one more item behind [n] in [*items]. Used through VEC_PUSH.
bool vec_reserve(Arena *a, void **items, size_t *cap, size_t n, size_t item_size);

// Test hook: the [n]th allocation from now fails in every arena; 0 switches the hook off.
void arena_fail_after(size_t n);

#endif
