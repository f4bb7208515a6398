// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/str.h"

#include <string.h>
#include <utf8proc.h>

enum { MAX_DISTANCE_BYTES = 64 };

static const Str no_break_space = {"\xC2\xA0", 2};

Str str_from(const char *nul_terminated) {
    return nul_terminated ? (Str){nul_terminated, strlen(nul_terminated)} : (Str){0};
}

bool str_eq(Str a, Str b) {
    return a.len == b.len && (a.len == 0 || memcmp(a.s, b.s, a.len) == 0);
}

int str_cmp(Str a, Str b) {
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len > 0 ? memcmp(a.s, b.s, len) : 0;
    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

bool str_starts(Str s, Str prefix) {
    return s.len >= prefix.len && str_eq(str_slice(s, 0, prefix.len), prefix);
}

bool str_ends(Str s, Str suffix) {
    return s.len >= suffix.len && str_eq(str_slice(s, s.len - suffix.len, s.len), suffix);
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

Str str_trim(Str s) {
    for (;;) {
        if (s.len > 0 && is_blank(s.s[0])) {
            s = str_slice(s, 1, s.len);
        } else if (str_starts(s, no_break_space)) {
            s = str_slice(s, no_break_space.len, s.len);
        } else {
            break;
        }
    }
    for (;;) {
        if (s.len > 0 && is_blank(s.s[s.len - 1])) {
            s.len--;
        } else if (str_ends(s, no_break_space)) {
            s.len -= no_break_space.len;
        } else {
            return s;
        }
    }
}

Str str_slice(Str s, size_t from, size_t to) {
    to = to < s.len ? to : s.len;
    from = from < to ? from : to;
    return s.s ? (Str){s.s + from, to - from} : (Str){0};
}

Str str_take_line(Str *rest) {
    size_t line_feed = str_find(*rest, '\n');
    size_t end = str_find(str_slice(*rest, 0, line_feed), '\r');
    Str line = str_slice(*rest, 0, end);
    *rest = str_slice(*rest, end + 1 == line_feed ? end + 2 : end + 1, rest->len);
    return line;
}

size_t str_find(Str s, char c) {
    const char *at = s.len > 0 ? memchr(s.s, c, s.len) : NULL;
    return at ? (size_t)(at - s.s) : s.len;
}

static size_t smaller(size_t a, size_t b) {
    return a < b ? a : b;
}

size_t str_distance(Str a, Str b) {
    a = str_slice(a, 0, MAX_DISTANCE_BYTES);
    b = str_slice(b, 0, MAX_DISTANCE_BYTES);
    // rows[i % 3][j]: distance of the first i bytes of a from the first j of b.
    size_t rows[3][MAX_DISTANCE_BYTES + 1];
    for (size_t j = 0; j <= b.len; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= a.len; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i - 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t changed = above[j - 1] + (a.s[i - 1] != b.s[j - 1]);
            row[j] = smaller(changed, smaller(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a.s[i - 1] == b.s[j - 2] && a.s[i - 2] == b.s[j - 1]) {
                row[j] = smaller(row[j], rows[(i - 2) % 3][j - 2] + 1);
            }
        }
    }
    return rows[a.len % 3][b.len];
}

// Bytes of the UTF-8 character that [s] starts with; 0 if it is not valid. Table 3-7 of the
// Unicode Standard: no overlong forms, no surrogates, nothing above U+10FFFF.
static size_t utf8_length(const unsigned char *s, size_t len) {
    unsigned char first = s[0];
    if (first < 0x80) {
        return 1;
    }
    size_t n = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || len < n) {
        return 0;
    }
    unsigned char low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    unsigned char high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (s[1] < low || s[1] > high) {
        return 0;
    }
    for (size_t i = 2; i < n; i++) {
        if ((s[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    return n;
}

enum { ASCII_STEP = 64 };

static bool all_ascii(const char *s, size_t n_words) {
    uint64_t bits = 0;
    for (size_t i = 0; i < n_words; i++) {
        uint64_t word;
        memcpy(&word, s + i * sizeof word, sizeof word);
        bits |= word;
    }
    return (bits & UINT64_C(0x8080808080808080)) == 0;
}

size_t str_utf8_prefix(Str s) {
    size_t i = 0;
    while (i < s.len) {
        if (s.len - i >= ASCII_STEP && all_ascii(s.s + i, ASCII_STEP / 8)) {
            i += ASCII_STEP;
            continue;
        }
        if (s.len - i >= 8 && all_ascii(s.s + i, 1)) {
            i += 8;
            continue;
        }
        size_t n = utf8_length((const unsigned char *)s.s + i, s.len - i);
        if (n == 0) {
            return i;
        }
        i += n;
    }
    return i;
}

size_t str_width(Str s) {
    size_t width = 0;
    for (size_t i = 0; i < s.len;) {
        unsigned char c = (unsigned char)s.s[i];
        if (c >= 0x20 && c < 0x7F) {
            width++;
            i++;
            continue;
        }
        size_t n = utf8_length((const unsigned char *)s.s + i, s.len - i);
        if (n == 0) {
            width++;
            i++;
            continue;
        }
        utf8proc_int32_t code_point = 0;
        utf8proc_iterate((const utf8proc_uint8_t *)s.s + i, (utf8proc_ssize_t)n, &code_point);
        width += (size_t)utf8proc_charwidth(code_point);
        i += n;
    }
    return width;
}
