// SPDX-License-Identifier: Apache-2.0
// Str: a view of bytes with its length. It owns nothing, and a NUL byte means nothing in it.
#ifndef BS_BASE_STR_H
#define BS_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct Str {
    const char *s;
    size_t len;
} Str;

#define STR(literal) ((Str){(literal), sizeof(literal) - 1})
// For "%.*s": STR_ARG(text).
#define STR_ARG(str) (int)(str).len, (str).s ? (str).s : ""

Str str_from(const char *nul_terminated); // NULL gives the empty Str
bool str_eq(Str a, Str b);
static inline uint32_t str_four(const char *s) {
    uint32_t word;
    memcpy(&word, s, sizeof word);
    return word;
}
static inline uint64_t str_eight(const char *s) {
    uint64_t word;
    memcpy(&word, s, sizeof word);
    return word;
}
// str_eq for texts of a few words, in place of a call. The last words may overlap.
static inline bool str_same(Str a, Str b) {
    if (a.len != b.len)
        return false;
    if (a.len < 4)
        return str_eq(a, b);
    if (a.len < 8)
        return str_four(a.s) == str_four(b.s) &&
               str_four(a.s + a.len - 4) == str_four(b.s + b.len - 4);
    for (size_t i = 0; i + 8 < a.len; i += 8) {
        if (str_eight(a.s + i) != str_eight(b.s + i))
            return false;
    }
    return str_eight(a.s + a.len - 8) == str_eight(b.s + b.len - 8);
}
int str_cmp(Str a, Str b); // byte order, as memcmp; a prefix sorts first
bool str_starts(Str s, Str prefix);
bool str_ends(Str s, Str suffix);
Str str_trim(Str s); // without blanks, tabs and no-break spaces (U+00A0) at either end
Str str_slice(Str s, size_t from, size_t to); // bytes [from, to), clamped to [s]
size_t str_find(Str s, char c);               // index of the first [c], or [s].len
// Splits the first line off [*rest]. It ends with LF, CR LF or CR, or with the text.
Str str_take_line(Str *rest);

// Spelling distance (Damerau-Levenshtein, optimal string alignment) of at most 64 bytes of each.
size_t str_distance(Str a, Str b);

// Length of the valid UTF-8 prefix of [s]; [s].len when all of it is valid.
size_t str_utf8_prefix(Str s);
// Columns that [s] takes on a terminal (0 for combining marks, 2 for wide characters).
size_t str_width(Str s);

#endif
