// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_BYTES = 128 };

void buf_free(Buf *b) {
    free(b->s);
    *b = (Buf){0};
}

// Makes room for [n] more bytes; false, with failed set, when there is none.
static bool reserve(Buf *b, size_t n) {
    if (b->failed || n > SIZE_MAX / 4 - b->len) {
        b->failed = true;
        return false;
    }
    if (n <= b->cap - b->len) {
        return true;
    }
    size_t cap = b->cap ? b->cap * 2 : FIRST_BYTES;
    cap = cap < b->len + n ? b->len + n : cap;
    char *grown = realloc(b->s, cap);
    if (!grown) {
        b->failed = true;
        return false;
    }
    b->s = grown;
    b->cap = cap;
    return true;
}

char *buf_reserve(Buf *b, size_t n) {
    return reserve(b, n) ? b->s + b->len : NULL;
}

void buf_put(Buf *b, Str s) {
    if (s.len > 0 && reserve(b, s.len)) {
        memcpy(b->s + b->len, s.s, s.len);
        b->len += s.len;
    }
}

void buf_puts(Buf *b, const char *nul_terminated) {
    buf_put(b, str_from(nul_terminated));
}

void buf_char(Buf *b, char c) {
    if (reserve(b, 1)) {
        b->s[b->len++] = c;
    }
}

void buf_fill(Buf *b, char c, size_t n) {
    if (n > 0 && reserve(b, n)) {
        memset(b->s + b->len, c, n);
        b->len += n;
    }
}

void buf_printf(Buf *b, const char *format, ...) {
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    // The terminating NUL that vsnprintf writes needs room but is no part of the text.
    size_t room = b->failed ? 0 : b->cap - b->len;
    int len = vsnprintf(room ? b->s + b->len : NULL, room, format, args);
    if (len < 0) {
        b->failed = true;
    } else if ((size_t)len < room) {
        b->len += (size_t)len;
    } else if (reserve(b, (size_t)len + 1)) {
        vsnprintf(b->s + b->len, (size_t)len + 1, format, again);
        b->len += (size_t)len;
    }
    va_end(again);
    va_end(args);
}

Str buf_str(const Buf *b) {
    return (Str){b->s, b->len};
}
