// SPDX-License-Identifier: Apache-2.0
// Period: a stretch of calendar time of one kind, on the proleptic Gregorian calendar.
#ifndef BS_DATA_PERIOD_H
#define BS_DATA_PERIOD_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/base/buf.h"
#include "runtime/base/str.h"

typedef enum PeriodKind {
    PERIOD_NONE,              // no period: a file without any
    PERIOD_DAY,               // 2023-05-31
    PERIOD_MONTH,             // 2023-05
    PERIOD_QUARTER,           // 2023-Q2, calendar
    PERIOD_YEAR,              // 2023
    PERIOD_FINANCIAL_QUARTER, // FY2023-24-Q1, April to June
    PERIOD_FINANCIAL_YEAR,    // FY2023-24, April to March
    PERIOD_ACADEMIC_YEAR,     // AY2023/24, September to August
    N_PERIOD_KINDS
} PeriodKind;

// Periods of one kind are consecutive ordinals, so the period before is ordinal - 1.
// Day: days since 1970-01-01. Month: year * 12 + month - 1. Quarter: year * 4 + quarter - 1.
// Years: the year (the first of the two for financial and academic years).
typedef struct Period {
    int32_t ordinal;
    PeriodKind kind;
} Period;

// Reads one of the forms above, whole; false when [s] is none of them or not a calendar date.
// Years run from 1900 to 2099.
bool period_parse(Str s, Period *out);
// Writes the form that period_parse reads; nothing for PERIOD_NONE. period_write writes PERIOD_ROOM
// bytes at most and returns the end.
enum { PERIOD_ROOM = 32 };
char *period_write(char *to, Period p);
void period_print(Buf *out, Period p);
Period period_add(Period p, int32_t n); // n periods later
// The same period so many years before, and from there so many periods before; a day keeps its
// date. False where there is none: the day before 29 February's year, or no period at all.
bool period_before(Period p, int32_t years, int32_t periods, Period *out);
// The number of periods of [p]'s kind from the start of the year of kind [year] up to and with [p].
// False where periods of that kind do not begin with such a year.
bool period_of_year(Period p, PeriodKind year, uint32_t *number);
bool period_eq(Period a, Period b);
// Is it a month that many would read as a financial year: 2010-11?
bool period_like_years(Period p);
// First and last day as days since 1970-01-01.
int32_t period_first_day(Period p);
int32_t period_last_day(Period p);
// The period of [kind] that contains the day [p]; [p] must be a day.
Period period_of_day(Period p, PeriodKind kind);
// The last period of [kind] that has ended by the end of [p]; both of a kind with days.
Period period_ended(Period p, PeriodKind kind);
// "month", "financial year", …
Str period_kind_words(PeriodKind k);
PeriodKind period_kind_find(Str words); // PERIOD_NONE when unknown
// Periods of [kind] in a year (12, 4, 1, 365 for days is refused as 0).
int32_t period_per_year(PeriodKind k);

#endif
