// SPDX-License-Identifier: Apache-2.0
#include "runtime/data/period_label.h"

#include <stdio.h>

typedef struct Way {
    PeriodKind kind;
    const char *pattern;
    bool always;
    Str example;
} Way;

static const Way ways_known[N_LABEL_WAYS] = {
#define LABEL(kind, pattern, always, example)                                                      \
    {kind, pattern, always, {example, sizeof(example) - 1}},
#include "runtime/data/period_labels.def"
#undef LABEL
};

_Static_assert(N_LABEL_WAYS <= 64, "a way is a bit of LabelWays");

enum { CENTURY = 2000, MONTHS_NAMED = 12, SHORT_NAME = 3 };

LabelWays label_ways(PeriodKind kind, bool asked) {
    LabelWays set = 0;
    for (unsigned i = 0; i < N_LABEL_WAYS; i++) {
        if (ways_known[i].kind == kind && (asked || ways_known[i].always)) {
            set |= UINT64_C(1) << i;
        }
    }
    return set;
}

Str label_example(unsigned i) {
    return i < N_LABEL_WAYS ? ways_known[i].example : (Str){0};
}

PeriodKind label_kind(unsigned i) {
    return i < N_LABEL_WAYS ? ways_known[i].kind : PERIOD_NONE;
}

// ---- the parts of a label -----------------------------------------------------------------------

typedef struct Parts {
    int year, after, month, day, quarter;
} Parts;

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// Takes [least] to [most] digits off the front of [*s].
static bool take_number(Str *s, size_t least, size_t most, int *out) {
    size_t n = 0;
    int value = 0;
    while (n < most && n < s->len && is_digit(s->s[n])) {
        value = value * 10 + (s->s[n++] - '0');
    }
    *out = value;
    *s = str_slice(*s, n, s->len);
    return n >= least;
}

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static size_t count_letters(Str s) {
    size_t n = 0;
    while (n < s.len && lower(s.s[n]) >= 'a' && lower(s.s[n]) <= 'z') {
        n++;
    }
    return n;
}

static bool same_letters(Str s, Str name) {
    for (size_t i = 0; i < s.len && i < name.len; i++) {
        if (lower(s.s[i]) != name.s[i]) {
            return false;
        }
    }
    return s.len <= name.len;
}

// "Sep", "Sept", "September"; no other cut of a name.
static bool take_month_name(Str *s, int *month) {
    static const Str names[MONTHS_NAMED] = {
        {"january", 7},   {"february", 8}, {"march", 5},    {"april", 5},
        {"may", 3},       {"june", 4},     {"july", 4},     {"august", 6},
        {"september", 9}, {"october", 7},  {"november", 8}, {"december", 8},
    };
    enum { SEPTEMBER = 8 };
    Str word = str_slice(*s, 0, count_letters(*s));
    *s = str_slice(*s, word.len, s->len);
    for (int i = 0; i < MONTHS_NAMED; i++) {
        bool whole = word.len == names[i].len || word.len == SHORT_NAME ||
                     (i == SEPTEMBER && word.len == SHORT_NAME + 1);
        if (whole && same_letters(word, names[i])) {
            *month = i + 1;
            return true;
        }
    }
    return false;
}

// A hyphen, or the en dash that word processors make of it.
static bool take_sign(Str *s, char sign) {
    static const Str dash = {"\xE2\x80\x93", 3};
    bool is_dash = sign == '-' && str_starts(*s, dash);
    if (!is_dash && (s->len == 0 || lower(s->s[0]) != lower(sign))) {
        return false;
    }
    *s = str_slice(*s, is_dash ? dash.len : 1, s->len);
    return true;
}

static bool take_part(Str *s, char what, Parts *p) {
    switch (what) {
    case 'Y':
        return take_number(s, 4, 4, &p->year);
    case 'y':
        if (!take_number(s, 2, 2, &p->year)) {
            return false;
        }
        p->year += CENTURY;
        return true;
    case 'P':
        return take_number(s, 2, 2, &p->after) && p->after == (p->year + 1) % 100;
    case 'W':
        return take_number(s, 4, 4, &p->after) && p->after == p->year + 1;
    case 'M':
        return take_number(s, 2, 2, &p->month);
    case 'm':
        return take_number(s, 1, 2, &p->month);
    case 'D':
        return take_number(s, 2, 2, &p->day);
    case 'd':
        return take_number(s, 1, 2, &p->day);
    case 'B':
        return take_month_name(s, &p->month);
    case '#':
        return take_number(s, 1, 1, &p->quarter);
    default:
        return take_sign(s, what);
    }
}

// ---- a label ------------------------------------------------------------------------------------

// By way of the language's own form, which knows the calendar.
static bool make_period(PeriodKind kind, const Parts *p, Period *out) {
    char text[48];
    int next = (p->year + 1) % 100;
    switch (kind) {
    case PERIOD_DAY:
        snprintf(text, sizeof text, "%04d-%02d-%02d", p->year, p->month, p->day);
        break;
    case PERIOD_MONTH:
        snprintf(text, sizeof text, "%04d-%02d", p->year, p->month);
        break;
    case PERIOD_QUARTER:
        snprintf(text, sizeof text, "%04d-Q%d", p->year, p->quarter);
        break;
    case PERIOD_YEAR:
        snprintf(text, sizeof text, "%04d", p->year);
        break;
    case PERIOD_FINANCIAL_QUARTER:
        snprintf(text, sizeof text, "FY%04d-%02d-Q%d", p->year, next, p->quarter);
        break;
    case PERIOD_FINANCIAL_YEAR:
        snprintf(text, sizeof text, "FY%04d-%02d", p->year, next);
        break;
    case PERIOD_ACADEMIC_YEAR:
        snprintf(text, sizeof text, "AY%04d/%02d", p->year, next);
        break;
    case PERIOD_NONE:
    case N_PERIOD_KINDS:
        return false;
    }
    return period_parse(str_from(text), out);
}

static Str pass_letters(Str s, PeriodKind kind) {
    bool financial = kind == PERIOD_FINANCIAL_YEAR || kind == PERIOD_FINANCIAL_QUARTER;
    bool has = (financial && str_starts(s, STR("FY"))) ||
               (kind == PERIOD_ACADEMIC_YEAR && str_starts(s, STR("AY")));
    return has ? str_trim(str_slice(s, 2, s.len)) : s;
}

static bool read_way(Str s, const Way *way, Period *out) {
    Parts parts = {0};
    s = pass_letters(s, way->kind);
    for (const char *c = way->pattern; *c; c++) {
        if (!take_part(&s, *c, &parts)) {
            return false;
        }
    }
    return s.len == 0 && make_period(way->kind, &parts, out);
}

LabelWays label_fits(Str s, LabelWays ways) {
    LabelWays fits = 0;
    Period ignored;
    for (unsigned i = 0; i < N_LABEL_WAYS; i++) {
        if ((ways >> i & 1) && read_way(s, &ways_known[i], &ignored)) {
            fits |= UINT64_C(1) << i;
        }
    }
    return fits;
}

bool label_read(Str s, LabelWays ways, Period *out) {
    for (unsigned i = 0; i < N_LABEL_WAYS; i++) {
        if ((ways >> i & 1) && read_way(s, &ways_known[i], out)) {
            return true;
        }
    }
    return false;
}
