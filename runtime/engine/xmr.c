// SPDX-License-Identifier: Apache-2.0
#include "runtime/engine/xmr.h"

#define LIMIT_FACTOR ((Number){266, 100})   // limits, of the mean moving range
#define SCREEN_FACTOR ((Number){3267, 1000}) // the largest moving range that counts, of their mean
#define TWO_THIRDS ((Number){2, 3})

// ---- limits -------------------------------------------------------------------------------------

typedef struct Mean {
    Number sum;
    size_t n;
    bool ok;
} Mean;

static void mean_add(Arena *a, Mean *m, Number x) {
    m->ok = m->ok && number_add(a, m->sum, x, &m->sum);
    m->n++;
}

static bool mean_of(Arena *a, const Mean *m, Number *out) {
    return m->ok && number_div(a, m->sum, number_int((int64_t)m->n), out);
}

static bool range_between(Arena *a, const XmrPoint *p, Number *out) {
    return number_sub(a, p[1].value, p[0].value, out) && number_abs(a, *out, out);
}

// The mean of the moving ranges, of those alone that are at most [*most] where it is given. 0 of
// them: [n] is 0.
static bool mean_range(Arena *a, const XmrPoint *points, size_t n, const Number *most, Number *out,
                       size_t *n_ranges) {
    Mean m = {number_int(0), 0, true};
    for (size_t i = 0; i + 1 < n; i++) {
        Number range;
        if (!points[i].known || !points[i + 1].known)
            continue;
        if (!range_between(a, points + i, &range))
            return false;
        if (!most || number_cmp(range, *most) <= 0)
            mean_add(a, &m, range);
    }
    *n_ranges = m.n;
    return m.n == 0 || mean_of(a, &m, out);
}

static bool place_limits(Arena *a, Number range, XmrLimits *out) {
    Number reach, near;
    return number_mul(a, range, LIMIT_FACTOR, &reach) && number_mul(a, reach, TWO_THIRDS, &near) &&
           number_sub(a, out->mean, reach, &out->low) &&
           number_add(a, out->mean, reach, &out->high) &&
           number_sub(a, out->mean, near, &out->near_low) &&
           number_add(a, out->mean, near, &out->near_high);
}

void xmr_limits(Arena *a, const XmrPoint *points, size_t n, size_t least, bool screen,
                XmrLimits *out) {
    Mean m = {number_int(0), 0, true};
    for (size_t i = 0; i < n; i++)
        if (points[i].known)
            mean_add(a, &m, points[i].value);
    *out = (XmrLimits){.state = XMR_TOO_FEW};
    if (m.n == 0 || m.n < least)
        return;
    Number range, most;
    size_t n_ranges;
    out->state = XMR_TOO_LARGE;
    if (!mean_of(a, &m, &out->mean) || !mean_range(a, points, n, NULL, &range, &n_ranges))
        return;
    if (n_ranges == 0) {
        out->state = XMR_TOO_FEW;
        return;
    }
    // Those that are at most 3.267 times their mean are never none: the least is among them.
    if (screen && (!number_mul(a, range, SCREEN_FACTOR, &most) ||
                   !mean_range(a, points, n, &most, &range, &n_ranges)))
        return;
    if (place_limits(a, range, out))
        out->state = XMR_LIMITS;
}

// ---- rules --------------------------------------------------------------------------------------

// Runs that end at a point: signed by their side, 0 for none.
typedef struct Runs {
    int side, n_side;   // on one side of the mean
    int way, n_way;     // steps that each rise, or each fall
    int near_before[2]; // the side to whose limit the two points before are near
} Runs;

static int side_of(Number x, Number low, Number high) {
    return number_cmp(x, high) > 0 ? 1 : number_cmp(x, low) < 0 ? -1 : 0;
}

static void go_on(int *side, int *n, int now) {
    *n = now == 0 ? 0 : now == *side ? *n + (*n < XMR_RUN) : 1;
    *side = now;
}

static XmrVerdict judge_point(const XmrPoint *p, bool follows, const XmrLimits *l, Runs *r) {
    Number x = p->value;
    int outside = side_of(x, l->low, l->high), near = side_of(x, l->near_low, l->near_high);
    go_on(&r->side, &r->n_side, side_of(x, l->mean, l->mean));
    go_on(&r->way, &r->n_way, follows ? number_cmp(x, p[-1].value) : 0);
    bool two_near = near != 0 && (r->near_before[0] == near || r->near_before[1] == near);
    r->near_before[0] = r->near_before[1];
    r->near_before[1] = near;
    if (outside)
        return (XmrVerdict){XMR_OUTSIDE, outside};
    if (r->n_way >= XMR_RUN - 1)
        return (XmrVerdict){XMR_TREND, r->way};
    if (two_near)
        return (XmrVerdict){XMR_NEAR, near};
    if (r->n_side >= XMR_RUN)
        return (XmrVerdict){XMR_ONE_SIDE, r->side};
    return (XmrVerdict){XMR_NONE, 0};
}

void xmr_judge(const XmrPoint *points, size_t n, const XmrLimits *limits, XmrVerdict *out) {
    Runs runs = {0};
    for (size_t i = 0; i < n; i++) {
        out[i] = (XmrVerdict){XMR_NONE, 0};
        if (!points[i].known)
            runs = (Runs){0};
        else
            out[i] = judge_point(points + i, i > 0 && points[i - 1].known, limits, &runs);
    }
}
