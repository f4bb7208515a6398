// SPDX-License-Identifier: Apache-2.0
#include "runtime/data/program.h"

__extension__ typedef __int128 Int128;

// Up to here, counting every cut is faster than a search whose every turn is a surprise.
enum { FEW_CUTS = 8 };

// A value at the cut itself (distance 0) lies beyond it unless the point goes left.
static inline bool lies_beyond(Number v, const Cut *cut) {
    if (v.den == 0 || cut->at.den == 0) {
        return number_cmp(v, cut->at) >= cut->at_goes_left;
    }
    Int128 distance = (Int128)v.num * cut->at.den - (Int128)cut->at.num * v.den;
    return distance >= cut->at_goes_left;
}

static uint32_t count_cuts(const BandTable *t, Number v) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < t->n_cuts; i++) {
        n += lies_beyond(v, &t->cuts[i]);
    }
    return n;
}

static uint32_t search_cuts(const BandTable *t, Number v) {
    uint32_t low = 0, high = t->n_cuts; // the number of cuts that lie left of v is in [low, high]
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (lies_beyond(v, &t->cuts[middle])) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

uint32_t band_piece_exact(const BandTable *t, Number v) {
    return t->n_cuts <= FEW_CUTS ? count_cuts(t, v) : search_cuts(t, v);
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
