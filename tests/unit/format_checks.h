// SPDX-License-Identifier: Apache-2.0
// What holds for every rule text and its layout.
#ifndef BS_TESTS_UNIT_FORMAT_CHECKS_H
#define BS_TESTS_UNIT_FORMAT_CHECKS_H

#include <bandstand.h>

#include "tests/unit/lang_fixture.h"

static inline Str as_str(bs_text text) {
    return (Str){text.s, text.len};
}

// A line's text without blanks: that is all that may change on it.
static inline size_t blank_len(Str s, size_t i) {
    static const char *const blanks[] = {" ",      "\t",     "\f",     "\v",     "\r",
                                         "\u00a0", "\u2007", "\u2009", "\u202f", "\ufeff"};
    for (size_t b = 0; b < COUNT(blanks); b++)
        if (str_starts(str_slice(s, i, s.len), str_from(blanks[b])))
            return strlen(blanks[b]);
    return 0;
}

// The lines of a text without blanks and without empty lines, whatever ends them.
static inline void put_squeezed(Buf *out, Str text) {
    for (size_t i = 0; i < text.len;) {
        bool ends = text.s[i] == '\n' || text.s[i] == '\r';
        size_t blank = blank_len(text, i);
        bool empty = out->len == 0 || out->s[out->len - 1] == '\n';
        if (ends && !empty)
            buf_char(out, '\n');
        else if (!ends && blank == 0)
            buf_char(out, text.s[i]);
        i += blank > 0 ? blank : 1;
    }
    if (out->len > 0 && out->s[out->len - 1] != '\n')
        buf_char(out, '\n');
}

// Every word and every comment is on the line where it was, in its order.
static inline void assert_same_lines(const char *name, Str before, Str after) {
    Buf a = {0}, b = {0};
    put_squeezed(&a, before);
    put_squeezed(&b, after);
    if (!str_eq(buf_str(&a), buf_str(&b)))
        fail_msg("%s: lines are not the same\n%.*s\n---- became\n%.*s", name, STR_ARG(before),
                 STR_ARG(after));
    buf_free(&a);
    buf_free(&b);
}

static inline void assert_tidy(const char *name, Str text) {
    for (size_t i = 0; i < text.len; i++) {
        bool ends = text.s[i] == '\n';
        bool blank = ends && i > 0 && (text.s[i - 1] == ' ' || text.s[i - 1] == '\t');
        bool second = ends && i > 1 && text.s[i - 1] == '\n' && text.s[i - 2] == '\n';
        if (blank || second || text.s[i] == '\r' || (ends && i == 0))
            fail_msg("%s: untidy at byte %zu:\n%.*s", name, i, STR_ARG(text));
    }
    bool ended = text.len == 0 ||
                 (text.s[text.len - 1] == '\n' && (text.len < 2 || text.s[text.len - 2] != '\n'));
    if (!ended)
        fail_msg("%s: does not end in one newline:\n%.*s", name, STR_ARG(text));
}

// The codes of what a compile finds, and the fingerprint where it finds no error.
static inline void put_meaning(Buf *out, const char *name, Str text) {
    bs_session *s = bs_open();
    assert_non_null(s);
    bs_add_rules_text(s, name, text.s, text.len);
    bs_compile(s);
    for (size_t i = 0; i < bs_n_diagnostics(s); i++)
        buf_printf(out, "%s ", bs_diagnostic_at(s, i).code);
    buf_put(out, as_str(bs_rules_hash(s)));
    bs_close(s);
}

static inline void assert_same_meaning(const char *name, Str before, Str after) {
    Buf a = {0}, b = {0};
    put_meaning(&a, name, before);
    put_meaning(&b, name, after);
    if (!str_eq(buf_str(&a), buf_str(&b)))
        fail_msg("%s: means %.*s, and then %.*s\n%.*s\n---- became\n%.*s", name,
                 STR_ARG(buf_str(&a)), STR_ARG(buf_str(&b)), STR_ARG(before), STR_ARG(after));
    buf_free(&a);
    buf_free(&b);
}

// Lays [text] out and checks what holds for all. False when it cannot be read. [after] may be NULL;
// it lives as long as [s].
static inline bool check_format(bs_session *s, const char *name, Str text, Str *after) {
    bs_formatted once, twice;
    bs_code code = bs_format_rules_text(s, name, text.s, text.len, &once);
    if (code == BS_INVALID)
        return false;
    assert_int_equal(code, BS_OK);
    assert_int_equal(once.first_line > 0, !str_eq(text, as_str(once.after)));
    assert_same_lines(name, text, as_str(once.after));
    assert_tidy(name, as_str(once.after));
    assert_same_meaning(name, text, as_str(once.after));
    assert_int_equal(bs_format_rules_text(s, name, once.after.s, once.after.len, &twice), BS_OK);
    if (twice.first_line > 0)
        fail_msg("%s: not the same when laid out again\n%.*s\n---- became\n%.*s", name,
                 STR_ARG(as_str(once.after)), STR_ARG(as_str(twice.after)));
    if (after)
        *after = as_str(once.after);
    return true;
}

#endif
