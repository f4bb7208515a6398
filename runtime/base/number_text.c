// SPDX-License-Identifier: Apache-2.0
// Numbers from text and to text.
#include "runtime/base/number_big.h"

// ---- reading ------------------------------------------------------------------------------------

// A number as it stands in a text.
typedef struct Written {
    Str whole, fraction; // digits
    int64_t exponent;
    bool negative;
} Written;

enum { MAX_EXPONENT = 1 << 20 }; // beyond any that fits; larger ones are read as this

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool take_sign(Str s, size_t *at) {
    bool negative = *at < s.len && s.s[*at] == '-';
    *at += negative || (*at < s.len && s.s[*at] == '+');
    return negative;
}

static Str take_digits(Str s, size_t *at) {
    size_t from = *at;
    while (*at < s.len && is_digit(s.s[*at])) {
        (*at)++;
    }
    return (Str){s.s + from, *at - from};
}

static bool take_exponent(Str s, size_t *at, int64_t *out) {
    bool negative = take_sign(s, at);
    Str digits = take_digits(s, at);
    int64_t exponent = 0;
    for (size_t i = 0; i < digits.len && exponent < MAX_EXPONENT; i++) {
        exponent = exponent * 10 + (digits.s[i] - '0');
    }
    exponent = exponent < MAX_EXPONENT ? exponent : MAX_EXPONENT;
    *out = negative ? -exponent : exponent;
    return digits.len > 0;
}

static bool split(Str s, bool exponent, Written *out) {
    size_t at = 0;
    *out = (Written){.negative = take_sign(s, &at)};
    out->whole = take_digits(s, &at);
    if (out->whole.len == 0) {
        return false;
    }
    if (at < s.len && s.s[at] == '.') {
        at++;
        out->fraction = take_digits(s, &at);
        if (out->fraction.len == 0) {
            return false;
        }
    }
    if (exponent && at < s.len && (s.s[at] == 'e' || s.s[at] == 'E')) {
        at++;
        if (!take_exponent(s, &at, &out->exponent)) {
            return false;
        }
    }
    return at == s.len;
}

// More digits than NUMBER_MAX_DIGITS, as written or with the point moved by the exponent?
static bool is_too_long(const Written *w) {
    if (w->whole.len > NUMBER_MAX_DIGITS || w->fraction.len > NUMBER_MAX_DIGITS) {
        return true;
    }
    int64_t whole = (int64_t)w->whole.len, fraction = (int64_t)w->fraction.len;
    int64_t moved_whole = whole + w->exponent, moved_fraction = fraction - w->exponent;
    moved_whole = moved_whole < 1 ? 1 : moved_whole;
    moved_fraction = moved_fraction < 0 ? 0 : moved_fraction;
    return whole + fraction > NUMBER_MAX_DIGITS || moved_whole + moved_fraction > NUMBER_MAX_DIGITS;
}

static uint64_t add_small_digits(uint64_t value, Str digits) {
    for (size_t i = 0; i < digits.len; i++) {
        value = value * 10 + (uint64_t)(digits.s[i] - '0');
    }
    return value;
}

static void add_digits(Nat *value, Str digits) {
    for (size_t i = 0; i < digits.len; i += NAT_CHUNK) {
        Str chunk = str_slice(digits, i, i + NAT_CHUNK);
        nat_mul_add(value, nat_small_power[chunk.len], add_small_digits(0, chunk));
    }
}

// Any number that is not too long: 1000 digits take 3322 bits.
static bool read_long(Arena *a, const Written *w, Number *out) {
    Ratio r;
    r.negative = w->negative;
    nat_set(&r.num, 0);
    add_digits(&r.num, w->whole);
    add_digits(&r.num, w->fraction);
    int64_t scale = w->exponent - (int64_t)w->fraction.len;
    Nat power;
    nat_power_of_ten(&power, (size_t)(scale < 0 ? -scale : scale));
    if (scale < 0) {
        nat_copy(&r.den, &power);
    } else {
        Nat digits;
        nat_copy(&digits, &r.num);
        nat_mul(&r.num, &digits, &power);
        nat_set(&r.den, 1);
    }
    return ratio_store(a, &r, out);
}

NumberParse number_parse(Arena *a, Str s, bool exponent, Number *out) {
    Written w;
    if (s.len == 0 || !split(s, exponent, &w)) {
        return NUMBER_NOT;
    }
    // 18 digits are less than INT64_MAX.
    if (w.exponent == 0 && w.whole.len + w.fraction.len < NAT_CHUNK) {
        int64_t num = (int64_t)add_small_digits(add_small_digits(0, w.whole), w.fraction);
        *out = (Number){w.negative ? -num : num, (int64_t)nat_small_power[w.fraction.len]};
        return NUMBER_OK;
    }
    return !is_too_long(&w) && read_long(a, &w, out) ? NUMBER_OK : NUMBER_TOO_LONG;
}

// ---- writing ------------------------------------------------------------------------------------

// Writes digits * 10^-decimals; the sign is left out when all digits are zero.
static void write_scaled(Buf *out, bool negative, Str digits, size_t decimals) {
    size_t n_whole = digits.len > decimals ? digits.len - decimals : 0;
    if (negative && !(digits.len == 1 && digits.s[0] == '0')) {
        buf_char(out, '-');
    }
    buf_put(out, n_whole > 0 ? str_slice(digits, 0, n_whole) : STR("0"));
    if (decimals > 0) {
        buf_char(out, '.');
        buf_fill(out, '0', decimals - (digits.len - n_whole));
        buf_put(out, str_slice(digits, n_whole, digits.len));
    }
}

static void write_small(Buf *out, bool negative, uint64_t value, size_t decimals) {
    char text[20]; // of UINT64_MAX
    size_t at = sizeof text;
    do {
        text[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    write_scaled(out, negative, (Str){text + at, sizeof text - at}, decimals);
}

static void write_nat(Buf *out, bool negative, const Nat *value, size_t decimals) {
    char text[NAT_MAX_DIGITS];
    size_t len = nat_digits(value, text);
    write_scaled(out, negative, (Str){text + sizeof text - len, len}, decimals);
}

// Decimals of a fraction in lowest terms; -1 when they do not end.
static int small_decimals(uint64_t den) {
    int twos = __builtin_ctzll(den), fives = 0;
    den >>= twos;
    for (; den % 5 == 0; den /= 5) {
        fives++;
    }
    if (den != 1) {
        return -1;
    }
    return twos > fives ? twos : fives;
}

static uint64_t divisor_of(Number x) {
    return x.num == 0 ? (uint64_t)x.den : number_gcd(number_magnitude(x.num), (uint64_t)x.den);
}

int number_decimals(Number x) {
    if (!number_is_big(x)) {
        return x.den == 1 ? 0 : small_decimals((uint64_t)x.den / divisor_of(x));
    }
    Ratio r;
    ratio_read(&r, x);
    return nat_decimals(&r.den);
}

// The usual figure: its digits without the point fit 64 bits.
static bool print_small(Buf *out, Number x) {
    uint64_t divisor = x.den == 1 ? 1 : divisor_of(x);
    uint64_t num = number_magnitude(x.num) / divisor, den = (uint64_t)x.den / divisor, scaled;
    int decimals = small_decimals(den);
    if (decimals < 0 || decimals >= N_SMALL_POWERS ||
        __builtin_mul_overflow(num, nat_small_power[decimals] / den, &scaled)) {
        return false;
    }
    write_small(out, x.num < 0, scaled, (size_t)decimals);
    return true;
}

bool number_print(Buf *out, Number x) {
    if (!number_is_big(x) && print_small(out, x)) {
        return true;
    }
    Ratio r;
    ratio_read(&r, x);
    ratio_reduce(&r);
    int decimals = nat_decimals(&r.den);
    if (decimals >= 0) {
        Nat scaled, power, factor, rest;
        nat_power_of_ten(&power, (size_t)decimals);
        nat_div(&factor, &rest, &power, &r.den);
        nat_mul(&scaled, &r.num, &factor);
        write_nat(out, r.negative, &scaled, (size_t)decimals);
        return true;
    }
    write_nat(out, r.negative, &r.num, 0);
    buf_char(out, '/');
    write_nat(out, false, &r.den, 0);
    return false;
}

enum { USUAL_DECIMALS = 9 };

char *number_write_rounded(char *to, Number x, unsigned decimals, RoundMode mode) {
    int64_t scaled = x.num;
    if (decimals > USUAL_DECIMALS)
        return NULL;
    bool is_scaled = x.den == (int64_t)nat_small_power[decimals];
    if (!is_scaled && !number_scale(x, decimals, mode, &scaled))
        return NULL;
    uint64_t value = number_magnitude(scaled);
    char digits[NUMBER_SHOWN_ROOM];
    unsigned n = 0;
    for (; value > 0 || n <= decimals; value /= 10)
        digits[n++] = (char)('0' + value % 10);
    if (scaled < 0)
        *to++ = '-';
    while (n > 0) {
        *to++ = digits[--n];
        if (n == decimals && n > 0)
            *to++ = '.';
    }
    return to;
}

void number_print_rounded(Buf *out, Number x, unsigned decimals, RoundMode mode) {
    int64_t scaled;
    decimals = decimals < NUMBER_MAX_DECIMALS ? decimals : NUMBER_MAX_DECIMALS;
    if (number_scale(x, decimals, mode, &scaled)) {
        write_small(out, scaled < 0, number_magnitude(scaled), decimals);
        return;
    }
    Ratio r;
    Nat digits;
    ratio_read(&r, x);
    ratio_scale(&digits, &r, (int)decimals, mode);
    write_nat(out, r.negative, &digits, decimals);
}

// Writes digits * 10^zeros.
static void write_with_zeros(Buf *out, bool negative, const Nat *digits, size_t zeros) {
    write_nat(out, negative, digits, 0);
    buf_fill(out, '0', zeros);
}

void number_print_approx(Buf *out, Number x, unsigned digits) {
    if (number_is_zero(x)) {
        buf_char(out, '0');
        return;
    }
    digits = digits < 1 ? 1 : digits;
    digits = digits < NUMBER_MAX_DECIMALS ? digits : NUMBER_MAX_DECIMALS;
    Ratio r;
    Nat value, least, limit;
    ratio_read(&r, x);
    nat_power_of_ten(&least, digits - 1);
    nat_power_of_ten(&limit, digits);
    // A guess from the lengths in bits, 0.30103 being log 2; at most two places off.
    int bits = (int)nat_bits(&r.num) - (int)nat_bits(&r.den);
    int decimals = (int)digits - 1 - bits * 30103 / 100000;
    ratio_scale(&value, &r, decimals, ROUND_HALF_AWAY);
    while (nat_cmp(&value, &least) < 0) {
        ratio_scale(&value, &r, ++decimals, ROUND_HALF_AWAY);
    }
    while (nat_cmp(&value, &limit) >= 0) {
        ratio_scale(&value, &r, --decimals, ROUND_HALF_AWAY);
    }
    if (decimals < 0) {
        write_with_zeros(out, r.negative, &value, (size_t)-decimals);
    } else {
        write_nat(out, r.negative, &value, (size_t)decimals);
    }
}
