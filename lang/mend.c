// SPDX-License-Identifier: Apache-2.0
// What a token that is none was meant as, where its text leaves one reading only.
#include "lang/mend.h"

enum { MEND_MAX_ZEROS = 18 }; // that an exponent stands for

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static size_t n_digits(Str s, size_t from) {
    size_t i = from;
    while (i < s.len && is_digit(s.s[i]))
        i++;
    return i - from;
}

// Digits, and a point with digits behind it.
static size_t number_length(Str s) {
    size_t n = n_digits(s, 0);
    size_t decimals = n > 0 && n < s.len && s.s[n] == '.' ? n_digits(s, n + 1) : 0;
    return decimals > 0 ? n + 1 + decimals : n;
}

// A curly quotation mark, single or double.
static bool is_curly(Str s) {
    return str_eq(s, STR("\xe2\x80\x98")) || str_eq(s, STR("\xe2\x80\x99")) ||
           str_eq(s, STR("\xe2\x80\x9c")) || str_eq(s, STR("\xe2\x80\x9d"));
}

static bool mend_sign(Str s, Buf *out) {
    static const struct {
        const char *wrong, *right;
    } signs[] = {{"==", "="}, {"=<", "<="}, {"&&", "and"}};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (str_eq(s, str_from(signs[i].wrong)))
            buf_puts(out, signs[i].right);
    // One alone leaves it open where the text ends.
    if (s.len >= 6 && is_curly(str_slice(s, 0, 3)) && is_curly(str_slice(s, s.len - 3, s.len)))
        buf_printf(out, "\"%.*s\"", STR_ARG(str_slice(s, 3, s.len - 3)));
    return out->len > 0;
}

// 1e5, 1.25e3: the digits written out, as far as they are whole.
static bool mend_exponent(Str s, size_t n, Buf *out) {
    size_t point = str_find(str_slice(s, 0, n), '.');
    size_t n_decimals = point < n ? n - point - 1 : 0;
    size_t at = n + 1 + (n + 1 < s.len && s.s[n + 1] == '+');
    size_t power = 0;
    if (n_digits(s, at) == 0 || at + n_digits(s, at) != s.len)
        return false;
    for (; at < s.len && power <= MEND_MAX_ZEROS; at++)
        power = power * 10 + (size_t)(s.s[at] - '0');
    if (power < n_decimals || power > MEND_MAX_ZEROS)
        return false;
    buf_put(out, str_slice(s, 0, point < n ? point : n));
    buf_put(out, str_slice(s, n - n_decimals, n));
    buf_fill(out, '0', power - n_decimals);
    return true;
}

static bool is_unit_word(Str s) {
    static const char *const words[] = {"points",  "point",    "percent", "days",
                                        "day",     "pounds",   "count",   "ratio",
                                        "periods", "decimals", "decimal"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq(s, str_from(words[i])))
            return true;
    return false;
}

static bool mend_number(Str s, bool in_brackets, Buf *out) {
    size_t n = number_length(s);
    Str rest = str_slice(s, n, s.len);
    bool exponent = rest.len > 1 && (rest.s[0] == 'e' || rest.s[0] == 'E');
    if (exponent && mend_exponent(s, n, out))
        return true;
    if (n == 0 && str_starts(s, STR("."))) {
        buf_printf(out, "0%.*s", STR_ARG(s));
    } else if (str_eq(rest, STR("pp")) || str_eq(rest, STR("ppt")) || str_eq(rest, STR("ppts")) ||
               str_eq(rest, STR("pps"))) {
        buf_printf(out, "%.*s points", STR_ARG(str_slice(s, 0, n)));
    } else if (is_unit_word(rest)) {
        buf_printf(out, "%.*s %.*s", STR_ARG(str_slice(s, 0, n)), STR_ARG(rest));
    } else if (str_starts(rest, STR(",")) && !in_brackets) {
        // In brackets the comma may stand between two arguments.
        for (size_t i = 0; i < s.len; i++)
            if (s.s[i] != ',')
                buf_char(out, s.s[i]);
    }
    return out->len > 0;
}

// 31/05/2023 is a day, 05/06/2023 may be one of two; 2023-q2 lacks its capital.
static bool mend_period(Str s, Buf *out) {
    if (s.len == 7 && s.s[5] == 'q') {
        buf_printf(out, "%.*sQ%c", 5, s.s, s.s[6]);
        return true;
    }
    size_t day = n_digits(s, 0), month = n_digits(s, day + 1), year = s.len - day - month - 2;
    if (day != 2 || month == 0 || year != 4 || s.s[day] != '/' || s.s[day + 1 + month] != '/')
        return false;
    int d = (s.s[0] - '0') * 10 + s.s[1] - '0';
    int m = s.s[3] - '0';
    if (month == 2)
        m = m * 10 + s.s[4] - '0';
    if (d <= 12 || d > 31 || m < 1 || m > 12)
        return false;
    buf_printf(out, "%.*s-%02d-%02d", 4, s.s + s.len - 4, m, d);
    return true;
}

// Lower case, with underscores where CamelCase has capitals. FY2023 is meant as a period.
static bool mend_name(Str s, Buf *out) {
    bool year = str_starts(s, STR("FY")) || str_starts(s, STR("AY"));
    if (year && n_digits(s, 2) > 0)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        bool capital = s.s[i] >= 'A' && s.s[i] <= 'Z';
        bool before = i > 0 && s.s[i - 1] >= 'a' && s.s[i - 1] <= 'z';
        if (capital && before)
            buf_char(out, '_');
        buf_char(out, capital ? (char)(s.s[i] - 'A' + 'a') : s.s[i]);
    }
    return out->len > 0;
}

bool mend_token(DiagCode code, Str text, bool in_brackets, Buf *out) {
    if (code == D_BAD_CHARACTER)
        return mend_sign(text, out);
    if (code == D_BAD_NUMBER)
        return mend_number(text, in_brackets, out);
    if (code == D_BAD_PERIOD)
        return mend_period(text, out);
    return code == D_BAD_NAME && mend_name(text, out);
}
