// SPDX-License-Identifier: Apache-2.0
#include "runtime/data/program.h"

uint32_t band_piece_exact(const BandTable *t, Number v) {
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
