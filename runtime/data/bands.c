// SPDX-License-Identifier: Apache-2.0
#include "runtime/data/program.h"

__extension__ typedef __int128 Int128;

// Up to BAND_FEW_CUTS, counting every cut is faster than a search whose every turn is a surprise.

bool band_cuts_over(const BandTable *t, int64_t den, int64_t from[BAND_FEW_CUTS]) {
    if (t->n_cuts > BAND_FEW_CUTS) {
        return false;
    }
    for (uint32_t i = 0; i < t->n_cuts; i++) {
        Number at = t->cuts[i].at;
        if (at.den == 0) {
            return false;
        }
        // num/den >= at, or > at where the point goes left, in whole numerators.
        Int128 scaled = (Int128)at.num * den;
        Int128 floor = scaled / at.den - (scaled % at.den < 0);
        bool whole = floor * at.den == scaled;
        Int128 first = floor + (t->cuts[i].at_goes_left || !whole);
        if (first != (int64_t)first) {
            return false;
        }
        from[i] = (int64_t)first;
    }
    return true;
}

// For big numbers and large tables. Kept apart so that the counting below has the registers to
// itself.
static __attribute__((noinline)) uint32_t search_cuts(const BandTable *t, Number v) {
    uint32_t low = 0, high = t->n_cuts; // the number of cuts that lie left of v is in [low, high]
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = number_cmp(v, t->cuts[middle].at);
        if (order > 0 || (order == 0 && !t->cuts[middle].at_goes_left)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

uint32_t band_piece_exact(const BandTable *t, Number v) {
    if (t->n_cuts > BAND_FEW_CUTS || v.den == 0) {
        return search_cuts(t, v);
    }
    uint32_t n = 0;
    for (uint32_t i = 0; i < t->n_cuts; i++) {
        const Cut *cut = &t->cuts[i];
        if (cut->at.den == 0) {
            return search_cuts(t, v);
        }
        // A value at the cut itself (distance 0) lies beyond it unless the point goes left.
        Int128 distance = (Int128)v.num * cut->at.den - (Int128)cut->at.num * v.den;
        n += distance >= cut->at_goes_left;
    }
    return n;
}

uint32_t band_piece(const BandTable *t, Number v) {
    if (!t->rounded) {
        return band_piece_exact(t, v);
    }
    Arena big;
    arena_init(&big, 0);
    Number rounded = v; // stays as it is when too large to be rounded
    (void)number_round(&big, v, t->decimals, (RoundMode)t->mode, &rounded);
    uint32_t piece = band_piece_exact(t, rounded);
    arena_free(&big);
    return piece;
}
