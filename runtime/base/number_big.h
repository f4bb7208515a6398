// SPDX-License-Identifier: Apache-2.0
// What the files of the number module share: the big form of a number, and its working form.
#ifndef BS_BASE_NUMBER_BIG_H
#define BS_BASE_NUMBER_BIG_H

#include "runtime/base/nat.h"
#include "runtime/base/number.h"

// A number that the fast form cannot hold, in lowest terms. A value has one form only: one that
// fits is never big, so a big number is neither zero nor equal to a fast one.
typedef struct BigNumber {
    mp_size_t n_num, n_den; // limbs
    bool negative;
    mp_limb_t limbs[]; // of the numerator, then of the denominator
} BigNumber;

static inline bool number_is_big(Number x) {
    return x.den == 0;
}

static inline const BigNumber *number_big(Number x) {
    return (const BigNumber *)(uintptr_t)x.num;
}

// |i|, which for INT64_MIN is no int64_t.
static inline uint64_t number_magnitude(int64_t i) {
    return i < 0 ? 0 - (uint64_t)i : (uint64_t)i;
}

// The greatest common divisor of two numbers from 1 up.
static inline uint64_t number_gcd(uint64_t a, uint64_t b) {
    mp_limb_t limb = a;
    return mpn_gcd_1(&limb, 1, b);
}

// num/den under work, not necessarily in lowest terms; den is other than zero.
typedef struct Ratio {
    bool negative; // of a zero that was read: false; of a result: of no meaning
    Nat num, den;
} Ratio;

void ratio_read(Ratio *out, Number x);
// Brings [r] to lowest terms.
void ratio_reduce(Ratio *r);
// Reduces [r] and hands it over as a Number; false when it exceeds NUMBER_MAX_BITS or memory runs
// out.
bool ratio_store(Arena *a, Ratio *r, Number *out);
// [out] = |num/den| * 10^decimals, rounded to a whole number. [decimals] may be negative.
void ratio_scale(Nat *out, const Ratio *r, int decimals, RoundMode mode);

// x * 10^decimals rounded to a whole number, if that stays within 64 bits on the way out.
bool number_scale(Number x, unsigned decimals, RoundMode mode, int64_t *out);

// Decimals of 1/den for a den in lowest terms; -1 when they do not end.
int nat_decimals(const Nat *den);

#endif
