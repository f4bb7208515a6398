// SPDX-License-Identifier: Apache-2.0
// Xmr: limits and rules of an XmR chart, exact.
//
// The points of a chart follow each other period by period; a point without a figure is a hole. A
// hole, and a break between two points, is never bridged: no moving range spans it, and no run
// goes on behind it.
#ifndef BS_ENGINE_XMR_H
#define BS_ENGINE_XMR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/base/arena.h"
#include "runtime/base/number.h"

enum {
    XMR_RUN = 7, // points that rise or fall, or lie on one side of the mean
};

typedef struct XmrPoint {
    Number value;
    bool known;
} XmrPoint;

typedef enum XmrLimitsState {
    XMR_LIMITS,    // there are limits
    XMR_TOO_FEW,   // fewer figures than asked for, or no two beside each other
    XMR_TOO_LARGE, // a number beyond NUMBER_MAX_BITS
} XmrLimitsState;

typedef struct XmrLimits {
    Number mean, low, high;           // mean - and + 2.66 times the mean moving range
    Number near_low, near_high;       // two thirds of the way there
    XmrLimitsState state;
} XmrLimits;

// The rules, in the order in which they are asked.
typedef enum XmrRule {
    XMR_OUTSIDE,  // beyond a limit
    XMR_TREND,    // the last of 7 that each rise, or each fall
    XMR_NEAR,     // one of 2 of the last 3 beyond two thirds of the way to the same limit
    XMR_ONE_SIDE, // the last of 7 on one side of the mean
    XMR_NONE,
    N_XMR_RULES
} XmrRule;

typedef struct XmrVerdict {
    XmrRule rule;
    int side; // 1 high or rising, -1 low or falling, 0 for XMR_NONE
} XmrVerdict;

// The limits from [n] points of which at least [least] are known. With [screen], moving ranges
// above 3.267 times their mean are left out and the mean is taken once more. Numbers are from [a];
// when memory runs out a->failed is set.
void xmr_limits(Arena *a, const XmrPoint *points, size_t n, size_t least, bool screen,
                XmrLimits *out);

// What the rules say of each of the [n] points of a stretch that has [limits]. A point is judged by
// itself and those before it, so that what was said of a period stays true of it when later ones
// are added and the limits stay. A hole gets XMR_NONE.
void xmr_judge(const XmrPoint *points, size_t n, const XmrLimits *limits, XmrVerdict *out);

#endif
