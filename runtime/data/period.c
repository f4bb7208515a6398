// SPDX-License-Identifier: Apache-2.0
#include "runtime/data/period.h"

#include <string.h>

enum {
    FIRST_YEAR = 1900,
    LAST_YEAR = 2099,
    MONTHS = 12,
    QUARTERS = 4,
    MONTHS_A_QUARTER = MONTHS / QUARTERS,
    DAYS_A_CYCLE = 146097, // of 400 years
    DAYS_TO_1970 = 719468, // from 1 March of the year 0
    FINANCIAL_START = 4,   // April
    ACADEMIC_START = 9,    // September
};

static const Str kind_words[N_PERIOD_KINDS] = {
    [PERIOD_NONE] = {"no period", 9},
    [PERIOD_DAY] = {"day", 3},
    [PERIOD_MONTH] = {"month", 5},
    [PERIOD_QUARTER] = {"quarter", 7},
    [PERIOD_YEAR] = {"year", 4},
    [PERIOD_FINANCIAL_QUARTER] = {"financial quarter", 17},
    [PERIOD_FINANCIAL_YEAR] = {"financial year", 14},
    [PERIOD_ACADEMIC_YEAR] = {"academic year", 13},
};

Str period_kind_words(PeriodKind k) {
    return k < N_PERIOD_KINDS ? kind_words[k] : (Str){0};
}

PeriodKind period_kind_find(Str words) {
    for (unsigned k = PERIOD_NONE + 1; k < N_PERIOD_KINDS; k++) {
        if (str_eq(words, kind_words[k])) {
            return (PeriodKind)k;
        }
    }
    return PERIOD_NONE;
}

int32_t period_per_year(PeriodKind k) {
    switch (k) {
    case PERIOD_MONTH:
        return MONTHS;
    case PERIOD_QUARTER:
    case PERIOD_FINANCIAL_QUARTER:
        return QUARTERS;
    case PERIOD_YEAR:
    case PERIOD_FINANCIAL_YEAR:
    case PERIOD_ACADEMIC_YEAR:
        return 1;
    case PERIOD_NONE:
    case PERIOD_DAY:
    case N_PERIOD_KINDS:
        break;
    }
    return 0;
}

bool period_like_years(Period p) {
    return p.kind == PERIOD_MONTH && (p.ordinal / 12 + 1) % 100 == p.ordinal % 12 + 1;
}

bool period_eq(Period a, Period b) {
    return a.kind == b.kind && a.ordinal == b.ordinal;
}

static int32_t clamp(int64_t n) {
    return n < INT32_MIN ? INT32_MIN : n > INT32_MAX ? INT32_MAX : (int32_t)n;
}

Period period_add(Period p, int32_t n) {
    return (Period){clamp((int64_t)p.ordinal + n), p.kind};
}

// ---- the calendar -------------------------------------------------------------------------------

typedef struct Date {
    int64_t year, month, day;
} Date;

static int64_t floor_div(int64_t a, int64_t b) {
    return a / b - (a % b < 0);
}

static int64_t floor_mod(int64_t a, int64_t b) {
    return a - floor_div(a, b) * b;
}

static bool is_leap(int64_t year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int64_t month_length(int64_t year, int64_t month) {
    static const int8_t days[MONTHS] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap(year));
}

// Days since 1970-01-01. Counting years from March puts the leap day last; 153 days are the length
// of any five months from March or August on. [month] may lie outside 1 to 12.
static int64_t day_number(int64_t year, int64_t month, int64_t day) {
    int64_t months = year * MONTHS + month - 3;
    int64_t march_year = floor_div(months, MONTHS), from_march = floor_mod(months, MONTHS);
    int64_t cycle = floor_div(march_year, 400), in_cycle = floor_mod(march_year, 400);
    int64_t days = in_cycle * 365 + in_cycle / 4 - in_cycle / 100;
    return cycle * DAYS_A_CYCLE + days + (from_march * 153 + 2) / 5 + day - 1 - DAYS_TO_1970;
}

static Date date_of(int64_t number) {
    int64_t days = number + DAYS_TO_1970;
    int64_t cycle = floor_div(days, DAYS_A_CYCLE), in_cycle = floor_mod(days, DAYS_A_CYCLE);
    int64_t year = (in_cycle - in_cycle / 1460 + in_cycle / 36524 - in_cycle / 146096) / 365;
    int64_t in_year = in_cycle - (year * 365 + year / 4 - year / 100);
    int64_t from_march = (in_year * 5 + 2) / 153;
    int64_t month = from_march < 10 ? from_march + 3 : from_march - 9;
    return (Date){cycle * 400 + year + (month <= 2), month,
                  in_year - (from_march * 153 + 2) / 5 + 1};
}

int32_t period_first_day(Period p) {
    int64_t n = p.ordinal;
    switch (p.kind) {
    case PERIOD_DAY:
        return p.ordinal;
    case PERIOD_MONTH:
        return clamp(day_number(0, n + 1, 1));
    case PERIOD_QUARTER:
        return clamp(day_number(0, n * MONTHS_A_QUARTER + 1, 1));
    case PERIOD_YEAR:
        return clamp(day_number(n, 1, 1));
    case PERIOD_FINANCIAL_QUARTER:
        return clamp(day_number(0, n * MONTHS_A_QUARTER + FINANCIAL_START, 1));
    case PERIOD_FINANCIAL_YEAR:
        return clamp(day_number(n, FINANCIAL_START, 1));
    case PERIOD_ACADEMIC_YEAR:
        return clamp(day_number(n, ACADEMIC_START, 1));
    case PERIOD_NONE:
    case N_PERIOD_KINDS:
        break;
    }
    return 0;
}

int32_t period_last_day(Period p) {
    bool has_days = p.kind != PERIOD_NONE && p.kind != PERIOD_DAY;
    return has_days ? clamp((int64_t)period_first_day(period_add(p, 1)) - 1) : period_first_day(p);
}

Period period_of_day(Period p, PeriodKind kind) {
    Date d = date_of(p.ordinal);
    int64_t month = d.year * MONTHS + d.month - 1;
    switch (kind) {
    case PERIOD_DAY:
        return p;
    case PERIOD_MONTH:
        return (Period){clamp(month), kind};
    case PERIOD_QUARTER:
        return (Period){clamp(floor_div(month, MONTHS_A_QUARTER)), kind};
    case PERIOD_YEAR:
        return (Period){clamp(d.year), kind};
    case PERIOD_FINANCIAL_QUARTER:
        return (Period){clamp(floor_div(month - FINANCIAL_START + 1, MONTHS_A_QUARTER)), kind};
    case PERIOD_FINANCIAL_YEAR:
        return (Period){clamp(floor_div(month - FINANCIAL_START + 1, MONTHS)), kind};
    case PERIOD_ACADEMIC_YEAR:
        return (Period){clamp(floor_div(month - ACADEMIC_START + 1, MONTHS)), kind};
    case PERIOD_NONE:
    case N_PERIOD_KINDS:
        break;
    }
    return (Period){0, PERIOD_NONE};
}

Period period_ended(Period p, PeriodKind kind) {
    Period day = {period_last_day(p), PERIOD_DAY};
    Period last = period_of_day(day, kind);
    return period_last_day(last) > day.ordinal ? period_add(last, -1) : last;
}

static bool day_years_before(Period p, int32_t years, Period *out) {
    Date d = date_of(p.ordinal);
    d.year -= years;
    *out = (Period){clamp(day_number(d.year, d.month, d.day)), p.kind};
    return d.day <= month_length(d.year, d.month);
}

bool period_before(Period p, int32_t years, int32_t periods, Period *out) {
    *out = p;
    bool ok = years == 0;
    if (!ok && p.kind == PERIOD_DAY) {
        ok = day_years_before(p, years, out);
    } else if (!ok && p.kind != PERIOD_NONE) {
        int64_t back = (int64_t)years * period_per_year(p.kind);
        *out = (Period){clamp(p.ordinal - back), p.kind};
        ok = true;
    }
    *out = (Period){clamp((int64_t)out->ordinal - periods), p.kind};
    return ok;
}

bool period_of_year(Period p, PeriodKind year, uint32_t *number) {
    if (p.kind == PERIOD_NONE) {
        return false;
    }
    Period last_day = {period_last_day(p), PERIOD_DAY};
    Period start = {period_first_day(period_of_day(last_day, year)), PERIOD_DAY};
    Period first = period_of_day(start, p.kind);
    *number = (uint32_t)(p.ordinal - first.ordinal) + 1;
    return period_first_day(first) == start.ordinal;
}

// ---- reading and writing ------------------------------------------------------------------------

// Takes [n] digits off the front of [*s].
static bool take_digits(Str *s, size_t n, int32_t *out) {
    if (s->len < n) {
        return false;
    }
    int32_t value = 0;
    for (size_t i = 0; i < n; i++) {
        char c = s->s[i];
        if (c < '0' || c > '9') {
            return false;
        }
        value = value * 10 + (c - '0');
    }
    *out = value;
    *s = str_slice(*s, n, s->len);
    return true;
}

static bool take_text(Str *s, Str text) {
    bool starts = str_starts(*s, text);
    *s = starts ? str_slice(*s, text.len, s->len) : *s;
    return starts;
}

static bool take_year(Str *s, int32_t *year) {
    return take_digits(s, 4, year) && *year >= FIRST_YEAR && *year <= LAST_YEAR;
}

// "-Q2", the last part of a label.
static bool take_quarter(Str *s, int32_t *quarter) {
    return take_text(s, STR("-Q")) && take_digits(s, 1, quarter) && *quarter >= 1 &&
           *quarter <= QUARTERS && s->len == 0;
}

// "2023-24" with the sign between the two years.
static bool take_two_years(Str *s, Str sign, int32_t *first) {
    int32_t second;
    return take_year(s, first) && take_text(s, sign) && take_digits(s, 2, &second) &&
           second == (*first + 1) % 100;
}

static bool parse_financial(Str s, Period *out) {
    int32_t year, quarter;
    if (!take_two_years(&s, STR("-"), &year)) {
        return false;
    }
    if (s.len == 0) {
        *out = (Period){year, PERIOD_FINANCIAL_YEAR};
        return true;
    }
    if (!take_quarter(&s, &quarter)) {
        return false;
    }
    *out = (Period){year * QUARTERS + quarter - 1, PERIOD_FINANCIAL_QUARTER};
    return true;
}

static bool parse_academic(Str s, Period *out) {
    int32_t year;
    if (!take_two_years(&s, STR("/"), &year) || s.len > 0) {
        return false;
    }
    *out = (Period){year, PERIOD_ACADEMIC_YEAR};
    return true;
}

// "-05" or "-05-31" behind a year.
static bool parse_date(int32_t year, Str s, Period *out) {
    int32_t month, day;
    if (!take_text(&s, STR("-")) || !take_digits(&s, 2, &month) || month < 1 || month > MONTHS) {
        return false;
    }
    if (s.len == 0) {
        *out = (Period){year * MONTHS + month - 1, PERIOD_MONTH};
        return true;
    }
    if (!take_text(&s, STR("-")) || !take_digits(&s, 2, &day) || s.len > 0 || day < 1 ||
        day > month_length(year, month)) {
        return false;
    }
    *out = (Period){clamp(day_number(year, month, day)), PERIOD_DAY};
    return true;
}

bool period_parse(Str s, Period *out) {
    if (take_text(&s, STR("FY"))) {
        return parse_financial(s, out);
    }
    if (take_text(&s, STR("AY"))) {
        return parse_academic(s, out);
    }
    int32_t year, quarter;
    if (!take_year(&s, &year)) {
        return false;
    }
    if (s.len == 0) {
        *out = (Period){year, PERIOD_YEAR};
        return true;
    }
    if (!str_starts(s, STR("-Q"))) {
        return parse_date(year, s, out);
    }
    if (!take_quarter(&s, &quarter)) {
        return false;
    }
    *out = (Period){year * QUARTERS + quarter - 1, PERIOD_QUARTER};
    return true;
}

// At least [width] digits.
static char *put_digits(char *to, int64_t n, int width) {
    char digits[20]; // as many as an int64_t has, and a sign
    char *end = digits + sizeof digits, *start = end;
    uint64_t left = n < 0 ? -(uint64_t)n : (uint64_t)n;
    for (; left > 0 || end - start < width; left /= 10)
        *--start = (char)('0' + left % 10);
    if (n < 0)
        *--start = '-';
    memcpy(to, start, (size_t)(end - start));
    return to + (end - start);
}

static char *put_text(char *to, Str s) {
    memcpy(to, s.s, s.len);
    return to + s.len;
}

static char *put_day(char *to, Period p) {
    Date d = date_of(p.ordinal);
    to = put_text(put_digits(to, d.year, 4), STR("-"));
    to = put_text(put_digits(to, d.month, 2), STR("-"));
    return put_digits(to, d.day, 2);
}

// "2023-24" with the sign between the two years.
static char *put_two_years(char *to, int64_t first, Str sign) {
    to = put_text(put_digits(to, first, 4), sign);
    return put_digits(to, floor_mod(first + 1, 100), 2);
}

char *period_write(char *to, Period p) {
    int64_t per_year = period_per_year(p.kind);
    int64_t year = per_year > 0 ? floor_div(p.ordinal, per_year) : 0;
    int64_t part = per_year > 0 ? floor_mod(p.ordinal, per_year) + 1 : 0;
    switch (p.kind) {
    case PERIOD_NONE:
    case N_PERIOD_KINDS:
        break;
    case PERIOD_DAY:
        return put_day(to, p);
    case PERIOD_MONTH:
        return put_digits(put_text(put_digits(to, year, 4), STR("-")), part, 2);
    case PERIOD_QUARTER:
        return put_digits(put_text(put_digits(to, year, 4), STR("-Q")), part, 1);
    case PERIOD_YEAR:
        return put_digits(to, year, 4);
    case PERIOD_FINANCIAL_QUARTER:
        to = put_two_years(put_text(to, STR("FY")), year, STR("-"));
        return put_digits(put_text(to, STR("-Q")), part, 1);
    case PERIOD_FINANCIAL_YEAR:
        return put_two_years(put_text(to, STR("FY")), year, STR("-"));
    case PERIOD_ACADEMIC_YEAR:
        return put_two_years(put_text(to, STR("AY")), year, STR("/"));
    }
    return to;
}

void period_print(Buf *out, Period p) {
    char *to = buf_reserve(out, PERIOD_ROOM);
    if (to)
        out->len = (size_t)(period_write(to, p) - out->s);
}
