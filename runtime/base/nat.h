// SPDX-License-Identifier: Apache-2.0
// Nat: a whole number from zero up, of bounded size and on the stack.
//
// Numbers are built on GMP's limb functions rather than on its mpq type, because those call abort
// when memory runs out; here nothing is allocated, so nothing can fail or leak. Every caller keeps
// its results within NAT_LIMBS: numbers in an arena have at most NUMBER_MAX_BITS a side.
#ifndef BS_BASE_NAT_H
#define BS_BASE_NAT_H

#include <gmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

_Static_assert(GMP_NUMB_BITS == 64, "a limb holds a uint64_t");

enum {
    // The widest value is that of the digits of num/2^4095, num * 5^4095: 4096 + 9509 bits.
    NAT_LIMBS = 216,
    NAT_MAX_DIGITS = NAT_LIMBS * 20, // a limb takes less than 20 decimal digits
    NAT_CHUNK = 19,                  // most decimal digits that any limb holds
};

typedef struct Nat {
    mp_size_t n; // limbs in use, the topmost other than zero; 0 for zero
    mp_limb_t limb[NAT_LIMBS];
} Nat;

// The powers of ten that a uint64_t holds: 10^0 to 10^19.
enum { N_SMALL_POWERS = 20 };
extern const uint64_t nat_small_power[N_SMALL_POWERS];

void nat_set(Nat *out, uint64_t value);
void nat_set_limbs(Nat *out, const mp_limb_t *limbs, mp_size_t n);
void nat_copy(Nat *out, const Nat *a);
void nat_power_of_ten(Nat *out, size_t exponent);

size_t nat_bits(const Nat *a); // 0 for zero
bool nat_is_one(const Nat *a);
int nat_cmp(const Nat *a, const Nat *b); // -1, 0, 1

// In place.
void nat_mul_add(Nat *a, uint64_t factor, uint64_t addend);
uint64_t nat_div_small(Nat *a, uint64_t divisor); // returns the remainder
void nat_shift_down(Nat *a, size_t bits);

void nat_add(Nat *out, const Nat *a, const Nat *b); // [out] may be a or b
void nat_sub(Nat *out, const Nat *a, const Nat *b); // a >= b; [out] may be a or b
// The results are objects of their own; [b] is other than zero.
void nat_mul(Nat *out, const Nat *a, const Nat *b);
void nat_div(Nat *quotient, Nat *remainder, const Nat *a, const Nat *b);
void nat_gcd(Nat *out, const Nat *a, const Nat *b); // both other than zero

// Trailing zero bits of [a], which is other than zero.
size_t nat_twos(const Nat *a);
// Writes the digits of [a] to the end of [text]; returns how many. Zero has one digit.
size_t nat_digits(const Nat *a, char text[NAT_MAX_DIGITS]);

#endif
