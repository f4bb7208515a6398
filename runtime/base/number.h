// SPDX-License-Identifier: Apache-2.0
// Number: an exact rational.
//
// The fast form is a pair of 64-bit integers, num/den with den > 0, not necessarily in lowest
// terms: a decimal read from text keeps a power of ten as its den (0.29 is 29/100), a quotient
// keeps both sides. What does not fit is held as a big rational in an arena: then den is 0 and num
// carries a pointer (read it only through this module). Both forms give the same answers; nothing
// here ever rounds except number_round, and no double is involved anywhere.
#ifndef BS_BASE_NUMBER_H
#define BS_BASE_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/base/arena.h"
#include "runtime/base/buf.h"
#include "runtime/base/str.h"

typedef struct Number {
    int64_t num;
    int64_t den; // > 0; or 0 for a big number
} Number;

typedef enum RoundMode {
    ROUND_HALF_AWAY, // a tie goes away from zero, as in Excel and in published tables
    ROUND_HALF_EVEN, // a tie goes to the even neighbour
} RoundMode;

enum {
    NUMBER_MAX_BITS = 4096,   // of a numerator or denominator; beyond it a result is "too large"
    NUMBER_MAX_DIGITS = 1000, // of a number as written, its exponent worked out
    NUMBER_MAX_DECIMALS = 100, // that number_round accepts
    NUMBER_SHOWN_ROOM = 32,    // bytes of a number of the usual size: sign, 19 digits and a point
};

typedef enum NumberParse {
    NUMBER_OK,
    NUMBER_NOT,      // not a number
    NUMBER_TOO_LONG, // over NUMBER_MAX_DIGITS, written out or by exponent
} NumberParse;

static inline Number number_int(int64_t i) { return (Number){i, 1}; }

// Reads the whole of [s]: an optional sign (+ or -), digits, an optional point with digits behind
// it (digits are required on both sides of a point), and, if [exponent] allows it, e or E with an
// optionally signed whole number. Nothing else, no blanks. [a] holds a big result; when memory runs
// out, a->failed is set and the number counts as too long.
NumberParse number_parse(Arena *a, Str s, bool exponent, Number *out);

// Exact arithmetic. Each returns false, leaving [*out] alone, when the result exceeds
// NUMBER_MAX_BITS or memory runs out (a->failed tells the two apart). [a] holds big results.
// Results that fit go back to the fast form. number_div by zero returns false.
bool number_add(Arena *a, Number x, Number y, Number *out);
bool number_sub(Arena *a, Number x, Number y, Number *out);
bool number_mul(Arena *a, Number x, Number y, Number *out);
bool number_div(Arena *a, Number x, Number y, Number *out);
bool number_neg(Arena *a, Number x, Number *out);
bool number_abs(Arena *a, Number x, Number *out);
// Rounds to [decimals] places (0 to NUMBER_MAX_DECIMALS).
bool number_round(Arena *a, Number x, unsigned decimals, RoundMode mode, Number *out);

int number_cmp(Number x, Number y); // -1, 0, 1
int number_sign(Number x);          // -1, 0, 1
bool number_is_zero(Number x);
bool number_is_whole(Number x);
// The value as an int64 when it is whole and fits.
bool number_to_int(Number x, int64_t *out);
// A copy of a number whose big part lives in [a]; false when memory runs out.
bool number_copy(Arena *a, Number x, Number *out);

// Writes the exact value: a terminating decimal in full without trailing zeros ("-0.05", "26.4"),
// otherwise the fraction in lowest terms ("1/3"). Returns true for a decimal.
bool number_print(Buf *out, Number x);
// Number of decimals of the exact decimal form; -1 when it does not terminate.
int number_decimals(Number x);
// Writes [x] rounded to [decimals] places (at most NUMBER_MAX_DECIMALS are written), trailing zeros
// kept ("26.0"). "-0.0" is never written.
void number_print_rounded(Buf *out, Number x, unsigned decimals, RoundMode mode);
// Writes the same to [to], which has room for NUMBER_SHOWN_ROOM bytes, and returns the end; NULL
// for a number, or a number of decimals, that is not of the usual size.
char *number_write_rounded(char *to, Number x, unsigned decimals, RoundMode mode);
// Writes an approximation with [digits] significant digits (1 to NUMBER_MAX_DECIMALS), half away
// from zero ("0.333333").
void number_print_approx(Buf *out, Number x, unsigned digits);

// The same operations by the big path alone, whatever fits: the reference for tests.
bool number_exact_add(Arena *a, Number x, Number y, Number *out);
bool number_exact_sub(Arena *a, Number x, Number y, Number *out);
bool number_exact_mul(Arena *a, Number x, Number y, Number *out);
bool number_exact_div(Arena *a, Number x, Number y, Number *out);
bool number_exact_round(Arena *a, Number x, unsigned decimals, RoundMode mode, Number *out);
int number_exact_cmp(Number x, Number y);

#endif
