// SPDX-License-Identifier: Apache-2.0
// Band lines: the stretches of figures that the lines of a band table name, and what may have been
// mistyped in them.
#ifndef BS_LANG_BAND_LINES_H
#define BS_LANG_BAND_LINES_H

#include "lang/compiler.h"

typedef struct Interval {
    bool has_low, has_high; // else unbounded
    Number low, high;
    bool low_open, high_open;
    bool typed_down; // `74-65`
    bool low_set, high_set; // the edge is not the written one: see thresholds.h
    uint8_t level;
    const BandLine *line;
} Interval;

// Of bands that overlap or stand in a wrong order: the one change of a sign (> for <) or of two
// neighbouring digits that clears most of it. [*line] is the band that is meant and the result what
// to write there; empty when no change or more than one stands out.
Str band_typo(Arena *a, const Interval *v, size_t n, Polarity polarity, const BandLine **line);

#endif
