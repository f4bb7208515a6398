// SPDX-License-Identifier: Apache-2.0
// Buf: growing bytes on the heap, for text that is being written.
//
// After an allocation fails, `failed` stays set and further writes do nothing, so a writer checks
// once at its end.
#ifndef BS_BASE_BUF_H
#define BS_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "runtime/base/str.h"

typedef struct Buf {
    char *s; // owned; not NUL-terminated
    size_t len, cap;
    bool failed;
} Buf;

void buf_free(Buf *b); // releases the bytes; [b] is empty and usable again
void buf_put(Buf *b, Str s);
// Room for [n] bytes behind the last one, to be written and then counted in len; NULL when there is
// none.
char *buf_reserve(Buf *b, size_t n);
void buf_puts(Buf *b, const char *nul_terminated);
void buf_char(Buf *b, char c);
void buf_fill(Buf *b, char c, size_t n); // [n] times [c]
void buf_printf(Buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
// Copies [len] bytes and returns the end, BUF_SLACK bytes at a time: so many behind either text may
// be read and written.
enum { BUF_SLACK = 32 };
static inline char *buf_copy_wide(char *to, const char *from, size_t len) {
    for (size_t i = 0; i < len; i += BUF_SLACK)
        memcpy(to + i, from + i, BUF_SLACK);
    return to + len;
}
Str buf_str(const Buf *b); // a view, valid until the next write

#endif
