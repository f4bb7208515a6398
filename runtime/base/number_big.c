// SPDX-License-Identifier: Apache-2.0
// Numbers by the big path: exact whatever the size, up to NUMBER_MAX_BITS.
#include "runtime/base/number_big.h"

void ratio_read(Ratio *out, Number x) {
    if (number_is_big(x)) {
        const BigNumber *big = number_big(x);
        out->negative = big->negative;
        nat_set_limbs(&out->num, big->limbs, big->n_num);
        nat_set_limbs(&out->den, big->limbs + big->n_num, big->n_den);
    } else {
        out->negative = x.num < 0;
        nat_set(&out->num, number_magnitude(x.num));
        nat_set(&out->den, (uint64_t)x.den);
    }
}

static void divide_exactly(Nat *a, const Nat *divisor) {
    Nat quotient, remainder;
    nat_div(&quotient, &remainder, a, divisor);
    nat_copy(a, &quotient);
}

void ratio_reduce(Ratio *r) {
    if (r->num.n == 0) {
        nat_set(&r->den, 1);
        return;
    }
    Nat divisor;
    nat_gcd(&divisor, &r->num, &r->den);
    if (!nat_is_one(&divisor)) {
        divide_exactly(&r->num, &divisor);
        divide_exactly(&r->den, &divisor);
    }
}

// Puts a ratio in lowest terms into the fast form if that holds it.
static bool store_fast(const Ratio *r, Number *out) {
    if (r->num.n > 1 || r->den.n > 1 || r->den.limb[0] > INT64_MAX) {
        return false;
    }
    uint64_t num = r->num.n > 0 ? r->num.limb[0] : 0;
    if (num > (uint64_t)INT64_MAX + r->negative) {
        return false;
    }
    // The detour by -1 keeps INT64_MIN from overflowing.
    int64_t value = r->negative && num > 0 ? -(int64_t)(num - 1) - 1 : (int64_t)num;
    *out = (Number){value, (int64_t)r->den.limb[0]};
    return true;
}

static bool store_big(Arena *a, const Ratio *r, Number *out) {
    if (nat_bits(&r->num) > NUMBER_MAX_BITS || nat_bits(&r->den) > NUMBER_MAX_BITS) {
        return false;
    }
    size_t n_limbs = (size_t)(r->num.n + r->den.n);
    BigNumber *big = arena_alloc(a, sizeof *big + n_limbs * sizeof big->limbs[0]);
    if (!big) {
        return false;
    }
    big->n_num = r->num.n;
    big->n_den = r->den.n;
    big->negative = r->negative;
    mpn_copyi(big->limbs, r->num.limb, r->num.n);
    mpn_copyi(big->limbs + r->num.n, r->den.limb, r->den.n);
    *out = (Number){(int64_t)(uintptr_t)big, 0};
    return true;
}

bool ratio_store(Arena *a, Ratio *r, Number *out) {
    ratio_reduce(r);
    return store_fast(r, out) || store_big(a, r, out);
}

// [out] = num/den, rounded.
static void divide_rounded(Nat *out, const Nat *num, const Nat *den, RoundMode mode) {
    Nat remainder;
    nat_div(out, &remainder, num, den);
    nat_add(&remainder, &remainder, &remainder);
    int side = nat_cmp(&remainder, den);
    bool tie_up = false;
    switch (mode) {
    case ROUND_HALF_AWAY:
        tie_up = true;
        break;
    case ROUND_HALF_EVEN:
        tie_up = out->n > 0 && (out->limb[0] & 1) != 0;
        break;
    }
    if (side > 0 || (side == 0 && tie_up)) {
        nat_mul_add(out, 1, 1);
    }
}

void ratio_scale(Nat *out, const Ratio *r, int decimals, RoundMode mode) {
    Nat power, product;
    nat_power_of_ten(&power, (size_t)(decimals < 0 ? -decimals : decimals));
    nat_mul(&product, decimals < 0 ? &r->den : &r->num, &power);
    if (decimals < 0) {
        divide_rounded(out, &r->num, &product, mode);
    } else {
        divide_rounded(out, &product, &r->den, mode);
    }
}

// ---- operations ---------------------------------------------------------------------------------

// [out] = a - b of two signed values; the sign comes back.
static bool subtract_signed(Nat *out, const Nat *a, bool a_negative, const Nat *b,
                            bool b_negative) {
    if (a_negative != b_negative) {
        nat_add(out, a, b);
        return a_negative;
    }
    if (nat_cmp(a, b) >= 0) {
        nat_sub(out, a, b);
        return a_negative;
    }
    nat_sub(out, b, a);
    return !a_negative;
}

static bool subtract(Arena *a, const Ratio *x, const Ratio *y, Number *out) {
    Ratio r;
    Nat left, right;
    nat_mul(&left, &x->num, &y->den);
    nat_mul(&right, &y->num, &x->den);
    r.negative = subtract_signed(&r.num, &left, x->negative, &right, y->negative);
    nat_mul(&r.den, &x->den, &y->den);
    return ratio_store(a, &r, out);
}

bool number_exact_sub(Arena *a, Number x, Number y, Number *out) {
    Ratio left, right;
    ratio_read(&left, x);
    ratio_read(&right, y);
    return subtract(a, &left, &right, out);
}

bool number_exact_add(Arena *a, Number x, Number y, Number *out) {
    Ratio left, right;
    ratio_read(&left, x);
    ratio_read(&right, y);
    right.negative = !right.negative;
    return subtract(a, &left, &right, out);
}

bool number_exact_mul(Arena *a, Number x, Number y, Number *out) {
    Ratio left, right, r;
    ratio_read(&left, x);
    ratio_read(&right, y);
    r.negative = left.negative != right.negative;
    nat_mul(&r.num, &left.num, &right.num);
    nat_mul(&r.den, &left.den, &right.den);
    return ratio_store(a, &r, out);
}

bool number_exact_div(Arena *a, Number x, Number y, Number *out) {
    Ratio left, right, r;
    ratio_read(&left, x);
    ratio_read(&right, y);
    if (right.num.n == 0) {
        return false;
    }
    r.negative = left.negative != right.negative;
    nat_mul(&r.num, &left.num, &right.den);
    nat_mul(&r.den, &left.den, &right.num);
    return ratio_store(a, &r, out);
}

bool number_exact_round(Arena *a, Number x, unsigned decimals, RoundMode mode, Number *out) {
    if (decimals > NUMBER_MAX_DECIMALS) {
        return false;
    }
    Ratio exact, r;
    ratio_read(&exact, x);
    r.negative = exact.negative;
    ratio_scale(&r.num, &exact, (int)decimals, mode);
    nat_power_of_ten(&r.den, decimals);
    return ratio_store(a, &r, out);
}

int number_exact_cmp(Number x, Number y) {
    Ratio left, right;
    Nat a, b;
    ratio_read(&left, x);
    ratio_read(&right, y);
    if (left.negative != right.negative) {
        return left.negative ? -1 : 1;
    }
    nat_mul(&a, &left.num, &right.den);
    nat_mul(&b, &right.num, &left.den);
    return left.negative ? nat_cmp(&b, &a) : nat_cmp(&a, &b);
}

bool number_copy(Arena *a, Number x, Number *out) {
    if (!number_is_big(x)) {
        *out = x;
        return true;
    }
    Ratio r;
    ratio_read(&r, x);
    return store_big(a, &r, out);
}

int nat_decimals(const Nat *den) {
    Nat odd, divided;
    nat_copy(&odd, den);
    int twos = (int)nat_twos(&odd), fives = 0;
    nat_shift_down(&odd, (size_t)twos);
    nat_copy(&divided, &odd);
    while (nat_div_small(&divided, 5) == 0) {
        nat_copy(&odd, &divided);
        fives++;
    }
    if (!nat_is_one(&odd)) {
        return -1;
    }
    return twos > fives ? twos : fives;
}
