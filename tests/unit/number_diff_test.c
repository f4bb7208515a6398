// SPDX-License-Identifier: Apache-2.0
// Generated operands: the fast path against the big path, and both against GMP's mpq, which the
// module does not use.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <gmp.h>

#include "runtime/base/number_big.h"

enum { N_CASES = 100000, CASES_AN_ARENA = 1000, MOST_DECIMALS = 20 };

// ---- operands -----------------------------------------------------------------------------------

typedef struct Random {
    uint64_t state;
} Random;

// SplitMix64 (Steele, Lea, Flood 2014).
static uint64_t next(Random *r) {
    uint64_t z = r->state += 0x9E3779B97F4A7C15U;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
}

static uint64_t below(Random *r, uint64_t limit) {
    return next(r) % limit;
}

// A whole number from 0 up: small, of any length, or near a border.
static uint64_t pick_magnitude(Random *r) {
    static const uint64_t borders[] = {1U << 31, 1ULL << 32, 1ULL << 62, (1ULL << 63) - 3};
    uint64_t off = below(r, 5);
    switch (below(r, 5)) {
    case 0:
        return below(r, 100);
    case 1:
        return below(r, 1000000);
    case 2:
        return (next(r) >> 1) >> below(r, 63);
    case 3:
        return nat_small_power[below(r, 19)] - 1 + off % 3;
    default:
        return borders[below(r, 4)] - 2 + off;
    }
}

static int64_t pick_num(Random *r) {
    uint64_t magnitude = pick_magnitude(r);
    if (below(r, 200) == 0) {
        return INT64_MIN;
    }
    return below(r, 2) ? (int64_t)magnitude : -(int64_t)magnitude;
}

static int64_t pick_den(Random *r) {
    uint64_t kind = below(r, 4);
    if (kind == 0) {
        return 1;
    }
    int64_t den = (int64_t)(kind == 1 ? nat_small_power[below(r, 19)] : pick_magnitude(r));
    return den > 0 ? den : 1;
}

static Number pick_number(Random *r, Arena *a) {
    Number x = {pick_num(r), pick_den(r)};
    if (below(r, 8) == 0) {
        Number y = {pick_num(r), pick_den(r)}, z = {pick_num(r), pick_den(r)};
        assert_true(number_exact_mul(a, x, y, &x));
        assert_true(number_exact_add(a, x, z, &x));
    }
    return x;
}

// ---- the reference ------------------------------------------------------------------------------

static void set_limbs(mpz_t out, const mp_limb_t *limbs, mp_size_t n) {
    mpz_t view;
    mpz_set(out, mpz_roinit_n(view, limbs, n));
}

static void set_reference(mpq_t out, Number x) {
    if (number_is_big(x)) {
        const BigNumber *big = number_big(x);
        set_limbs(mpq_numref(out), big->limbs, big->n_num);
        set_limbs(mpq_denref(out), big->limbs + big->n_num, big->n_den);
        if (big->negative) {
            mpq_neg(out, out);
        }
    } else {
        mpz_set_si(mpq_numref(out), x.num);
        mpz_set_si(mpq_denref(out), x.den);
        mpq_canonicalize(out);
    }
}

// Twice the magnitude plus one, halved downwards, is rounding half away; a tie to an odd neighbour
// is one too many for half even.
static void round_reference(mpq_t out, const mpq_t x, unsigned decimals, RoundMode mode) {
    mpz_t scale, n, twice_den, rest;
    mpz_inits(scale, n, twice_den, rest, NULL);
    mpz_ui_pow_ui(scale, 10, decimals);
    mpz_abs(n, mpq_numref(x));
    mpz_mul(n, n, scale);
    mpz_mul_2exp(n, n, 1);
    mpz_add(n, n, mpq_denref(x));
    mpz_mul_2exp(twice_den, mpq_denref(x), 1);
    mpz_fdiv_qr(n, rest, n, twice_den);
    if (mode == ROUND_HALF_EVEN && mpz_sgn(rest) == 0 && mpz_odd_p(n)) {
        mpz_sub_ui(n, n, 1);
    }
    if (mpq_sgn(x) < 0) {
        mpz_neg(n, n);
    }
    mpz_set(mpq_numref(out), n);
    mpz_set(mpq_denref(out), scale);
    mpq_canonicalize(out);
    mpz_clears(scale, n, twice_den, rest, NULL);
}

// ---- one case -----------------------------------------------------------------------------------

typedef struct Case {
    Random random;
    Arena arena;
    mpq_t x, y, expected, seen;
    size_t n_fast, n_big; // forms of the results
} Case;

// A big number is in lowest terms, and too big for the fast form.
static void assert_form(Number x) {
    if (!number_is_big(x)) {
        assert_true(x.den > 0);
        return;
    }
    Ratio r;
    Nat divisor;
    ratio_read(&r, x);
    nat_gcd(&divisor, &r.num, &r.den);
    assert_true(nat_is_one(&divisor));
    assert_true(nat_bits(&r.num) >= 64 || nat_bits(&r.den) >= 64);
}

static void assert_result(Case *c, Number fast, Number exact) {
    set_reference(c->seen, exact);
    assert_true(mpq_equal(c->seen, c->expected));
    set_reference(c->seen, fast);
    assert_true(mpq_equal(c->seen, c->expected));
    assert_int_equal(number_cmp(fast, exact), 0);
    assert_int_equal(number_sign(fast), mpq_sgn(c->expected));
    assert_int_equal(number_is_whole(fast), mpz_cmp_ui(mpq_denref(c->expected), 1) == 0);
    assert_int_equal(number_is_big(fast), number_is_big(exact));
    assert_form(exact);
    c->n_big += number_is_big(fast);
    c->n_fast += !number_is_big(fast);
}

typedef bool Operation(Arena *a, Number x, Number y, Number *out);
typedef void Reference(mpq_ptr out, mpq_srcptr x, mpq_srcptr y);

static void check_operation(Case *c, Operation *fast, Operation *exact, Reference *reference,
                            Number x, Number y) {
    Number seen, expected;
    assert_true(fast(&c->arena, x, y, &seen));
    assert_true(exact(&c->arena, x, y, &expected));
    reference(c->expected, c->x, c->y);
    assert_result(c, seen, expected);
}

static void check_rounding(Case *c, Number x, RoundMode mode) {
    unsigned decimals = (unsigned)below(&c->random, MOST_DECIMALS + 1);
    Number seen, exact, shown;
    assert_true(number_round(&c->arena, x, decimals, mode, &seen));
    assert_true(number_exact_round(&c->arena, x, decimals, mode, &exact));
    round_reference(c->expected, c->x, decimals, mode);
    assert_result(c, seen, exact);
    Buf b = {0};
    number_print_rounded(&b, x, decimals, mode);
    assert_int_equal(number_parse(&c->arena, buf_str(&b), false, &shown), NUMBER_OK);
    assert_int_equal(number_cmp(shown, exact), 0);
    assert_int_equal(b.len - str_find(buf_str(&b), '.'), decimals ? decimals + 1 : 0);
    assert_int_equal(b.len > 0 && b.s[0] == '-', number_sign(exact) < 0);
    buf_free(&b);
}

static void check_text(Case *c, Number x) {
    Buf b = {0};
    bool is_decimal = number_print(&b, x);
    Str text = buf_str(&b);
    size_t slash = str_find(text, '/');
    Number num, den = number_int(1), back;
    assert_int_equal(slash == text.len, is_decimal);
    assert_int_equal(number_parse(&c->arena, str_slice(text, 0, slash), false, &num), NUMBER_OK);
    if (!is_decimal) {
        assert_int_equal(number_parse(&c->arena, str_slice(text, slash + 1, text.len), false, &den),
                         NUMBER_OK);
    }
    assert_true(number_exact_div(&c->arena, num, den, &back));
    assert_int_equal(number_exact_cmp(back, x), 0);
    int decimals = number_decimals(x);
    size_t point = str_find(text, '.');
    size_t n_written = point < text.len ? text.len - point - 1 : 0;
    assert_int_equal(decimals, is_decimal ? (int)n_written : -1);
    assert_true(n_written == 0 || text.s[text.len - 1] != '0');
    buf_free(&b);
}

static void check_case(Case *c) {
    Number x = pick_number(&c->random, &c->arena), y = pick_number(&c->random, &c->arena);
    set_reference(c->x, x);
    set_reference(c->y, y);
    check_operation(c, number_add, number_exact_add, mpq_add, x, y);
    check_operation(c, number_sub, number_exact_sub, mpq_sub, x, y);
    check_operation(c, number_mul, number_exact_mul, mpq_mul, x, y);
    if (!number_is_zero(y)) {
        check_operation(c, number_div, number_exact_div, mpq_div, x, y);
    }
    int order = mpq_cmp(c->x, c->y);
    order = (order > 0) - (order < 0);
    assert_int_equal(number_cmp(x, y), order);
    assert_int_equal(number_exact_cmp(x, y), order);
    check_rounding(c, x, ROUND_HALF_AWAY);
    check_rounding(c, x, ROUND_HALF_EVEN);
    check_text(c, x);
}

static void start(Case *c, uint64_t seed) {
    *c = (Case){.random = {seed}};
    arena_init(&c->arena, 0);
    mpq_inits(c->x, c->y, c->expected, c->seen, NULL);
}

static void finish(Case *c) {
    mpq_clears(c->x, c->y, c->expected, c->seen, NULL);
    arena_free(&c->arena);
}

static void generated_operands_agree_on_all_paths(void **state) {
    (void)state;
    Case c;
    start(&c, 20240229);
    for (size_t i = 0; i < N_CASES; i++) {
        check_case(&c);
        if (i % CASES_AN_ARENA == 0) {
            arena_free(&c.arena);
        }
    }
    // The operands are worth something only while they lead to both forms.
    assert_true(c.n_fast > N_CASES && c.n_big > N_CASES);
    finish(&c);
}

// Ties are too rare among arbitrary operands: odd halves of the last place, with the scale varied.
static void generated_ties_agree_on_all_paths(void **state) {
    (void)state;
    Case c;
    start(&c, 19991231);
    for (size_t i = 0; i < N_CASES; i++) {
        unsigned decimals = (unsigned)below(&c.random, 18);
        int64_t half = (int64_t)(below(&c.random, 1ULL << (1 + below(&c.random, 59)))) * 10 + 5;
        Number x = {below(&c.random, 2) ? half : -half, (int64_t)nat_small_power[decimals + 1]};
        set_reference(c.x, x);
        for (RoundMode mode = ROUND_HALF_AWAY; mode <= ROUND_HALF_EVEN; mode++) {
            Number seen, exact;
            assert_true(number_round(&c.arena, x, decimals, mode, &seen));
            assert_true(number_exact_round(&c.arena, x, decimals, mode, &exact));
            round_reference(c.expected, c.x, decimals, mode);
            assert_result(&c, seen, exact);
        }
        if (i % CASES_AN_ARENA == 0) {
            arena_free(&c.arena);
        }
    }
    finish(&c);
}

// Long chains reach hundreds of limbs before they are refused at the same size as mpq tells.
static void chains_grow_to_the_limit_and_agree(void **state) {
    (void)state;
    Case c;
    start(&c, 424242);
    size_t n_refused = 0;
    for (size_t chain = 0; chain < 60; chain++) {
        Number x = number_int(1);
        bool stored = true;
        for (size_t step = 0; stored && step < 400; step++) {
            Number y = {pick_num(&c.random) | 1, pick_den(&c.random)};
            static Operation *const operations[] = {number_add, number_sub, number_mul, number_div};
            static Reference *const references[] = {mpq_add, mpq_sub, mpq_mul, mpq_div};
            size_t kind = below(&c.random, 4);
            set_reference(c.x, x);
            set_reference(c.y, y);
            references[kind](c.expected, c.x, c.y);
            stored = operations[kind](&c.arena, x, y, &x);
            bool fits = mpz_sizeinbase(mpq_numref(c.expected), 2) <= NUMBER_MAX_BITS &&
                        mpz_sizeinbase(mpq_denref(c.expected), 2) <= NUMBER_MAX_BITS;
            assert_int_equal(stored, fits);
            if (stored) {
                assert_result(&c, x, x);
            }
        }
        n_refused += !stored;
        if (stored) {
            continue;
        }
        Buf b = {0};
        number_print(&b, x);
        char *expected = mpq_get_str(NULL, 10, c.x);
        assert_true(strchr(expected, '/') == NULL || str_eq(buf_str(&b), str_from(expected)));
        void (*release)(void *, size_t);
        mp_get_memory_functions(NULL, NULL, &release);
        release(expected, strlen(expected) + 1);
        buf_free(&b);
    }
    assert_true(n_refused > 10);
    finish(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(generated_operands_agree_on_all_paths),
        cmocka_unit_test(generated_ties_agree_on_all_paths),
        cmocka_unit_test(chains_grow_to_the_limit_and_agree),
    };
    return cmocka_run_group_tests_name("number_diff", tests, NULL, NULL);
}
