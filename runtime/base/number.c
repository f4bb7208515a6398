// SPDX-License-Identifier: Apache-2.0
// Numbers by the fast path: 64-bit operands, 128-bit results. Whatever does not come out within 64
// bits is computed anew by the big path, which reduces it to lowest terms.
#include "runtime/base/number_big.h"

__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 Uint128;

// True, with [*out] set, when the fast form holds num/den. [den] > 0.
static inline bool store(Int128 num, Int128 den, Number *out) {
    if (num != (int64_t)num || den != (int64_t)den) {
        return false;
    }
    *out = (Number){(int64_t)num, (int64_t)den};
    return true;
}

static inline bool any_big(Number x, Number y) {
    return number_is_big(x) || number_is_big(y);
}

// x + y, or x - y. Of two dens where one divides the other, as powers of ten do, the larger one is
// kept, so that a long sum of decimals stays fast. No operand's product exceeds 2^126.
static inline bool add(Number x, Number y, bool minus, Number *out) {
    Int128 left, right, den;
    if (x.den == y.den) {
        left = x.num;
        right = y.num;
        den = x.den;
    } else if (x.den > y.den && x.den % y.den == 0) {
        left = x.num;
        right = (Int128)y.num * (x.den / y.den);
        den = x.den;
    } else if (x.den < y.den && y.den % x.den == 0) {
        left = (Int128)x.num * (y.den / x.den);
        right = y.num;
        den = y.den;
    } else {
        left = (Int128)x.num * y.den;
        right = (Int128)y.num * x.den;
        den = (Int128)x.den * y.den;
    }
    return store(minus ? left - right : left + right, den, out);
}

bool number_add(Arena *a, Number x, Number y, Number *out) {
    return (!any_big(x, y) && add(x, y, false, out)) || number_exact_add(a, x, y, out);
}

bool number_sub(Arena *a, Number x, Number y, Number *out) {
    return (!any_big(x, y) && add(x, y, true, out)) || number_exact_sub(a, x, y, out);
}

bool number_mul(Arena *a, Number x, Number y, Number *out) {
    if (!any_big(x, y) && store((Int128)x.num * y.num, (Int128)x.den * y.den, out)) {
        return true;
    }
    return number_exact_mul(a, x, y, out);
}

bool number_div(Arena *a, Number x, Number y, Number *out) {
    if (!any_big(x, y) && y.num != 0) {
        bool same = x.den == y.den;
        Int128 num = same ? x.num : (Int128)x.num * y.den;
        Int128 den = same ? y.num : (Int128)x.den * y.num;
        if (store(den < 0 ? -num : num, den < 0 ? -den : den, out)) {
            return true;
        }
    }
    return number_exact_div(a, x, y, out);
}

bool number_neg(Arena *a, Number x, Number *out) {
    if (!number_is_big(x) && x.num != INT64_MIN) {
        *out = (Number){-x.num, x.den};
        return true;
    }
    return number_exact_sub(a, number_int(0), x, out);
}

bool number_abs(Arena *a, Number x, Number *out) {
    if (number_sign(x) < 0) {
        return number_neg(a, x, out);
    }
    *out = x;
    return true;
}

bool number_scale(Number x, unsigned decimals, RoundMode mode, int64_t *out) {
    if (number_is_big(x) || decimals >= N_SMALL_POWERS) {
        return false;
    }
    Uint128 scaled = (Uint128)number_magnitude(x.num) * nat_small_power[decimals];
    uint64_t den = (uint64_t)x.den;
    bool narrow = scaled <= UINT64_MAX; // a 64-bit division is several times as fast
    Uint128 quotient = narrow ? (uint64_t)scaled / den : scaled / den;
    uint64_t rest = (uint64_t)(scaled - quotient * den);
    bool up = 2 * rest > den;
    switch (mode) {
    case ROUND_HALF_AWAY:
        up = up || 2 * rest == den;
        break;
    case ROUND_HALF_EVEN:
        up = up || (2 * rest == den && (quotient & 1) != 0);
        break;
    }
    quotient += up;
    if (quotient > INT64_MAX) {
        return false;
    }
    *out = x.num < 0 ? -(int64_t)quotient : (int64_t)quotient;
    return true;
}

bool number_round(Arena *a, Number x, unsigned decimals, RoundMode mode, Number *out) {
    int64_t num;
    if (decimals > NUMBER_MAX_DECIMALS) {
        return false;
    }
    if (x.den == 1) {
        *out = x;
        return true;
    }
    // 10^19 is no int64_t.
    if (decimals < N_SMALL_POWERS - 1 && number_scale(x, decimals, mode, &num)) {
        *out = (Number){num, (int64_t)nat_small_power[decimals]};
        return true;
    }
    return number_exact_round(a, x, decimals, mode, out);
}

int number_cmp(Number x, Number y) {
    if (any_big(x, y)) {
        return number_exact_cmp(x, y);
    }
    if (x.den == y.den) {
        return (x.num > y.num) - (x.num < y.num);
    }
    Int128 left = (Int128)x.num * y.den, right = (Int128)y.num * x.den;
    return (left > right) - (left < right);
}

int number_sign(Number x) {
    if (number_is_big(x)) {
        return number_big(x)->negative ? -1 : 1;
    }
    return (x.num > 0) - (x.num < 0);
}

bool number_is_zero(Number x) {
    return x.num == 0; // a big number's pointer is not NULL
}

bool number_is_whole(Number x) {
    if (number_is_big(x)) {
        const BigNumber *big = number_big(x);
        return big->n_den == 1 && big->limbs[big->n_num] == 1;
    }
    return x.num % x.den == 0;
}

bool number_to_int(Number x, int64_t *out) {
    if (number_is_big(x) || x.num % x.den != 0) {
        return false;
    }
    *out = x.num / x.den;
    return true;
}
