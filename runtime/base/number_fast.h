// SPDX-License-Identifier: Apache-2.0
// Numbers in tight loops: the operations of number.h, without a call where the fast form will do.
// The results are the same.
#ifndef BS_BASE_NUMBER_FAST_H
#define BS_BASE_NUMBER_FAST_H

#include "runtime/base/nat.h"
#include "runtime/base/number.h"

static inline bool number_fast_is_zero(Number x) {
    return x.den != 0 ? x.num == 0 : number_is_zero(x);
}

static inline int number_fast_cmp(Number x, Number y) {
    __extension__ typedef __int128 Int128;
    if (x.den == y.den && x.den != 0) {
        return (x.num > y.num) - (x.num < y.num);
    }
    if (x.den == 0 || y.den == 0) {
        return number_cmp(x, y);
    }
    Int128 left = (Int128)x.num * y.den, right = (Int128)y.num * x.den;
    return (left > right) - (left < right);
}

// For chains: takes the short way only where the denominator stays as it is.
static inline bool number_fast_add(Arena *a, Number x, Number y, Number *out) {
    int64_t num;
    if (x.den == y.den && x.den != 0 && !__builtin_add_overflow(x.num, y.num, &num)) {
        *out = (Number){num, x.den};
        return true;
    }
    return number_add(a, x, y, out);
}

static inline bool number_fast_sub(Arena *a, Number x, Number y, Number *out) {
    int64_t num;
    if (x.den == y.den && x.den != 0 && !__builtin_sub_overflow(x.num, y.num, &num)) {
        *out = (Number){num, x.den};
        return true;
    }
    return number_sub(a, x, y, out);
}

// For a result that is only compared: the denominators may multiply.
static inline bool number_fast_difference(Arena *a, Number x, Number y, Number *out) {
    int64_t left, right, num, den;
    if (x.den == y.den || x.den == 0 || y.den == 0 || __builtin_mul_overflow(x.num, y.den, &left) ||
        __builtin_mul_overflow(y.num, x.den, &right) || __builtin_sub_overflow(left, right, &num) ||
        __builtin_mul_overflow(x.den, y.den, &den)) {
        return number_fast_sub(a, x, y, out);
    }
    *out = (Number){num, den};
    return true;
}

// To few places, of a number whose parts leave room for the calculation.
static inline bool number_fast_round(Arena *a, Number x, unsigned decimals, RoundMode mode,
                                     Number *out) {
    const int64_t most = INT64_C(1) << 50;
    if (decimals > 3 || mode != ROUND_HALF_AWAY || x.den <= 1 || x.den > most || x.num > most ||
        x.num < -most) {
        return number_round(a, x, decimals, mode, out);
    }
    uint64_t den = (uint64_t)x.den, power = nat_small_power[decimals];
    uint64_t size = (uint64_t)(x.num < 0 ? -x.num : x.num);
    // Half of the denominator more makes a tie go up.
    int64_t rounded = (int64_t)((2 * size * power + den) / (2 * den));
    *out = (Number){x.num < 0 ? -rounded : rounded, (int64_t)power};
    return true;
}

static inline bool number_fast_neg(Arena *a, Number x, Number *out) {
    if (x.den != 0 && x.num != INT64_MIN) {
        *out = (Number){-x.num, x.den};
        return true;
    }
    return number_neg(a, x, out);
}

#endif
