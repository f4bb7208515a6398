// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/nat.h"

const uint64_t nat_small_power[N_SMALL_POWERS] = {
    1,
    10,
    100,
    1000,
    10000,
    100000,
    1000000,
    10000000,
    100000000,
    1000000000,
    10000000000,
    100000000000,
    1000000000000,
    10000000000000,
    100000000000000,
    1000000000000000,
    10000000000000000,
    100000000000000000,
    1000000000000000000,
    10000000000000000000U,
};

static void drop_leading_zeros(Nat *a) {
    while (a->n > 0 && a->limb[a->n - 1] == 0) {
        a->n--;
    }
}

void nat_set(Nat *out, uint64_t value) {
    out->limb[0] = value;
    out->n = value != 0;
}

void nat_set_limbs(Nat *out, const mp_limb_t *limbs, mp_size_t n) {
    mpn_copyi(out->limb, limbs, n);
    out->n = n;
    drop_leading_zeros(out);
}

void nat_copy(Nat *out, const Nat *a) {
    mpn_copyi(out->limb, a->limb, a->n);
    out->n = a->n;
}

void nat_power_of_ten(Nat *out, size_t exponent) {
    nat_set(out, 1);
    for (; exponent > NAT_CHUNK; exponent -= NAT_CHUNK) {
        nat_mul_add(out, nat_small_power[NAT_CHUNK], 0);
    }
    nat_mul_add(out, nat_small_power[exponent], 0);
}

size_t nat_bits(const Nat *a) {
    return a->n == 0 ? 0 : mpn_sizeinbase(a->limb, a->n, 2);
}

bool nat_is_one(const Nat *a) {
    return a->n == 1 && a->limb[0] == 1;
}

int nat_cmp(const Nat *a, const Nat *b) {
    if (a->n != b->n) {
        return a->n < b->n ? -1 : 1;
    }
    int order = a->n == 0 ? 0 : mpn_cmp(a->limb, b->limb, a->n);
    return (order > 0) - (order < 0);
}

void nat_mul_add(Nat *a, uint64_t factor, uint64_t addend) {
    mp_limb_t top = 0;
    if (a->n > 0) {
        top = mpn_mul_1(a->limb, a->limb, a->n, factor);
        top += mpn_add_1(a->limb, a->limb, a->n, addend);
    } else {
        top = addend;
    }
    if (top > 0) {
        a->limb[a->n++] = top;
    }
    drop_leading_zeros(a);
}

uint64_t nat_div_small(Nat *a, uint64_t divisor) {
    if (a->n == 0) {
        return 0;
    }
    uint64_t remainder = mpn_divrem_1(a->limb, 0, a->limb, a->n, divisor);
    drop_leading_zeros(a);
    return remainder;
}

void nat_shift_down(Nat *a, size_t bits) {
    mp_size_t limbs = (mp_size_t)(bits / GMP_NUMB_BITS);
    unsigned rest = bits % GMP_NUMB_BITS;
    if (limbs >= a->n) {
        a->n = 0;
        return;
    }
    a->n -= limbs;
    mpn_copyi(a->limb, a->limb + limbs, a->n);
    if (rest > 0) {
        mpn_rshift(a->limb, a->limb, a->n, rest);
    }
    drop_leading_zeros(a);
}

static void shift_up(Nat *a, size_t bits) {
    mp_size_t limbs = (mp_size_t)(bits / GMP_NUMB_BITS);
    unsigned rest = bits % GMP_NUMB_BITS;
    mpn_copyd(a->limb + limbs, a->limb, a->n);
    if (limbs > 0) {
        mpn_zero(a->limb, limbs);
    }
    a->n += limbs;
    if (rest > 0) {
        mp_limb_t top = mpn_lshift(a->limb, a->limb, a->n, rest);
        a->limb[a->n] = top;
        a->n += top > 0;
    }
}

void nat_add(Nat *out, const Nat *a, const Nat *b) {
    const Nat *longer = a->n >= b->n ? a : b, *shorter = longer == a ? b : a;
    mp_size_t n = longer->n;
    if (shorter->n == 0) {
        nat_copy(out, longer);
        return;
    }
    mp_limb_t top = mpn_add(out->limb, longer->limb, n, shorter->limb, shorter->n);
    out->n = n;
    if (top > 0) {
        out->limb[out->n++] = top;
    }
}

void nat_sub(Nat *out, const Nat *a, const Nat *b) {
    mp_size_t n = a->n;
    if (b->n == 0) {
        nat_copy(out, a);
        return;
    }
    mpn_sub(out->limb, a->limb, n, b->limb, b->n);
    out->n = n;
    drop_leading_zeros(out);
}

void nat_mul(Nat *out, const Nat *a, const Nat *b) {
    const Nat *longer = a->n >= b->n ? a : b, *shorter = longer == a ? b : a;
    if (shorter->n == 0) {
        out->n = 0;
        return;
    }
    mpn_mul(out->limb, longer->limb, longer->n, shorter->limb, shorter->n);
    out->n = longer->n + shorter->n;
    drop_leading_zeros(out);
}

void nat_div(Nat *quotient, Nat *remainder, const Nat *a, const Nat *b) {
    if (a->n < b->n) {
        quotient->n = 0;
        nat_copy(remainder, a);
        return;
    }
    mpn_tdiv_qr(quotient->limb, remainder->limb, 0, a->limb, a->n, b->limb, b->n);
    quotient->n = a->n - b->n + 1;
    remainder->n = b->n;
    drop_leading_zeros(quotient);
    drop_leading_zeros(remainder);
}

size_t nat_twos(const Nat *a) {
    return mpn_scan1(a->limb, 0);
}

// GMP wants two odd operands, the longer one first, and destroys both.
void nat_gcd(Nat *out, const Nat *a, const Nat *b) {
    Nat x, y;
    size_t twos_a = nat_twos(a), twos_b = nat_twos(b);
    bool a_first = nat_bits(a) - twos_a >= nat_bits(b) - twos_b;
    nat_copy(&x, a_first ? a : b);
    nat_copy(&y, a_first ? b : a);
    nat_shift_down(&x, a_first ? twos_a : twos_b);
    nat_shift_down(&y, a_first ? twos_b : twos_a);
    out->n = mpn_gcd(out->limb, x.limb, x.n, y.limb, y.n);
    shift_up(out, twos_a < twos_b ? twos_a : twos_b);
}

static char *write_chunk(char *end, uint64_t chunk, size_t n_digits) {
    for (size_t i = 0; i < n_digits || chunk > 0; i++) {
        *--end = (char)('0' + chunk % 10);
        chunk /= 10;
    }
    return end;
}

size_t nat_digits(const Nat *a, char text[NAT_MAX_DIGITS]) {
    Nat rest;
    nat_copy(&rest, a);
    char *end = text + NAT_MAX_DIGITS, *start = end;
    while (rest.n > 1) {
        start = write_chunk(start, nat_div_small(&rest, nat_small_power[NAT_CHUNK]), NAT_CHUNK);
    }
    // Two limbs exceed a chunk, so what is left is zero only if [a] is.
    start = write_chunk(start, rest.n > 0 ? rest.limb[0] : 0, 1);
    return (size_t)(end - start);
}
