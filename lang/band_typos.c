// SPDX-License-Identifier: Apache-2.0
#include "lang/band_lines.h"

// ---- how much is wrong --------------------------------------------------------------------------

static bool ends_before(const Interval *x, const Interval *y) {
    return x->has_high && y->has_low && number_cmp(x->high, y->low) <= 0;
}

// Two bands that overlap, or of which the higher has the worse level.
static bool contradict(const Interval *x, const Interval *y, Polarity polarity) {
    bool x_first = ends_before(x, y);
    if (!x_first && !ends_before(y, x))
        return true;
    const Interval *lower = x_first ? x : y, *upper = x_first ? y : x;
    if (polarity == POLARITY_HIGH)
        return upper->level < lower->level;
    return polarity == POLARITY_LOW && upper->level > lower->level;
}

static size_t count_faults(const Interval *v, size_t n, Polarity polarity) {
    size_t faults = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = i + 1; k < n; k++)
            faults += contradict(&v[i], &v[k], polarity);
    return faults;
}

// ---- changes ------------------------------------------------------------------------------------

// The number with the [i]th and the next digit, counted from the last, changed round.
static bool swap_digits(Number n, unsigned i, Number *out) {
    int64_t whole, power = 1;
    if (!number_to_int(n, &whole) || whole < 10 || whole > 99999)
        return false;
    while (i-- > 0)
        power *= 10;
    int64_t last = whole / power % 10, next = whole / power / 10 % 10;
    bool is_first = whole / power < 100;
    if (whole / power < 10 || last == next || (is_first && last == 0))
        return false;
    *out = number_int(whole + (last - next) * power * 10 - (last - next) * power);
    return true;
}

static void turn_round(Interval *in) {
    Interval old = *in;
    in->has_low = old.has_high;
    in->has_high = old.has_low;
    in->low = old.high;
    in->high = old.low;
    in->low_open = old.high_open;
    in->high_open = old.low_open;
}

enum { N_CHANGES = 9 }; // the sign, and four places of digits in either bound

static bool change(Interval *in, size_t which) {
    if (which == 0) {
        if (in->has_low == in->has_high)
            return false;
        turn_round(in);
        return true;
    }
    unsigned place = (unsigned)(which - 1) / 2;
    bool low = which % 2;
    if (!in->has_low || !in->has_high || in->low_open || in->high_open)
        return false;
    if (!swap_digits(low ? in->low : in->high, place, low ? &in->low : &in->high))
        return false;
    if (number_cmp(in->low, in->high) > 0) {
        Number swap = in->low;
        in->low = in->high;
        in->high = swap;
    }
    return true;
}

static void put_bounds(Buf *out, const Interval *in) {
    if (in->has_low && in->has_high) {
        number_print(out, in->typed_down ? in->high : in->low);
        buf_char(out, '-');
        number_print(out, in->typed_down ? in->low : in->high);
    } else if (in->has_low) {
        buf_puts(out, in->low_open ? ">" : "");
        number_print(out, in->low);
        buf_puts(out, in->low_open ? "" : "+");
    } else {
        buf_puts(out, in->high_open ? "<" : "<=");
        number_print(out, in->high);
    }
}

static Str text_of(Arena *a, const Interval *in) {
    Buf out = {0};
    put_bounds(&out, in);
    Str s = arena_str(a, buf_str(&out));
    buf_free(&out);
    return s;
}

Str band_typo(Arena *a, const Interval *v, size_t n, Polarity polarity, const BandLine **line) {
    Interval *work = ARENA_ARRAY(a, Interval, n);
    size_t fewest = count_faults(v, n, polarity), n_best = 0;
    Interval best = {0};
    for (size_t i = 0; work && i < n; i++)
        work[i] = v[i];
    for (size_t i = 0; work && i < n; i++) {
        for (size_t which = 0; which < N_CHANGES; which++) {
            if (change(&work[i], which)) {
                size_t faults = count_faults(work, n, polarity);
                n_best = faults < fewest ? 1 : n_best + (faults == fewest && n_best > 0);
                if (faults < fewest) {
                    fewest = faults;
                    best = work[i];
                }
            }
            work[i] = v[i];
        }
    }
    if (n_best != 1)
        return (Str){0};
    *line = best.line;
    return text_of(a, &best);
}
