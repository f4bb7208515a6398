// SPDX-License-Identifier: Apache-2.0
// How near in words.
#include "runtime/engine/explain.h"
#include "runtime/engine/nearest.h"
#include "runtime/engine/telling.h"

enum { MOST_DECIMALS = 12 };

static bool shows_exactly(Arena *a, Number n, int decimals, RoundMode mode) {
    Number shown;
    return decimals >= 0 && number_round(a, n, (unsigned)decimals, mode, &shown) &&
           number_cmp(shown, n) == 0;
}

// As the KPI shows figures where that is exact, else with all of its decimals.
static bool tell_exactly(Buf *out, Arena *a, const Kpi *k, Number n, Unit unit) {
    int own = number_decimals(n);
    if (!shows_exactly(a, n, k->decimals, k->mode) && (own < 0 || own > MOST_DECIMALS))
        return false;
    tell_unit(out, n, own > k->decimals ? own : k->decimals, k->mode, unit);
    return true;
}

// The nearest number of a few decimals above or below.
static bool draw_in(Arena *a, const Number n, bool upwards, Number *out) {
    Number step = {1, 1000000};
    if (!number_round(a, n, EXPLAIN_EXACT_DECIMALS, ROUND_HALF_AWAY, out))
        return false;
    int order = number_cmp(*out, n);
    if (upwards ? order < 0 : order > 0)
        return upwards ? number_add(a, *out, step, out) : number_sub(a, *out, step, out);
    return true;
}

// An edge, and whether it is told as one that does not belong to the stretch.
static bool tell_edge(Buf *out, Arena *a, const Kpi *k, const NearestEnd *end, bool upwards,
                      Unit unit) {
    Number within;
    if (tell_exactly(out, a, k, end->at, unit))
        return end->open;
    if (draw_in(a, end->at, upwards, &within))
        tell_unit(out, within, EXPLAIN_EXACT_DECIMALS, ROUND_HALF_AWAY, unit);
    return false;
}

static Buf edge_text(Arena *a, const Kpi *k, const NearestEnd *end, bool upwards, Unit unit,
                     bool *open) {
    Buf text = {0};
    *open = tell_edge(&text, a, k, end, upwards, unit);
    return text;
}

static void tell_stretch(Buf *out, Arena *a, const Kpi *k, Unit unit, const NearestMove *m) {
    bool near_open, far_open;
    if (!m->near.bounded) {
        buf_puts(out, "any figure");
        return;
    }
    Buf near = edge_text(a, k, &m->near, m->far_is_up, unit, &near_open);
    Buf far = edge_text(a, k, &m->far, !m->far_is_up, unit, &far_open);
    const char *beyond = m->far_is_up ? "above" : "below";
    if (m->exact)
        buf_printf(out, "exactly %.*s", STR_ARG(buf_str(&near)));
    else if (near_open)
        buf_printf(out, "%s %.*s", beyond, STR_ARG(buf_str(&near)));
    else
        buf_printf(out, "%.*s or %s", STR_ARG(buf_str(&near)), beyond);
    if (m->far.bounded && !m->exact)
        buf_printf(out, ", but %s %.*s",
                   far_open ? (m->far_is_up ? "below" : "above")
                            : (m->far_is_up ? "not above" : "not below"),
                   STR_ARG(buf_str(&far)));
    out->failed |= near.failed | far.failed;
    buf_free(&near);
    buf_free(&far);
}

static void tell_distance(Buf *out, Arena *a, const Kpi *k, Unit unit, const NearestMove *m) {
    Unit of = unit.kind == UNIT_PERCENT ? (Unit){.kind = UNIT_POINTS} : unit;
    Number shown;
    if (number_is_zero(m->by)) {
        buf_puts(out, m->up ? ": any move up" : ": any move down");
        return;
    }
    int decimals = k->decimals < 0 ? EXPLAIN_EXACT_DECIMALS : k->decimals;
    while (decimals < MOST_DECIMALS &&
           number_round(a, m->by, (unsigned)decimals, k->mode, &shown) && number_is_zero(shown))
        decimals++;
    bool exact = shows_exactly(a, m->by, decimals, k->mode);
    buf_puts(out, exact ? (m->near.open ? ": more than " : ": ") : ": about ");
    tell_unit(out, m->by, exact && k->decimals < 0 ? -1 : decimals, k->mode, of);
    buf_puts(out, m->up ? " up" : " down");
}

void nearest_tell_stretch(Buf *out, const Kpi *kpi, Unit unit, const NearestMove *move) {
    Arena a;
    arena_init(&a, 0);
    tell_stretch(out, &a, kpi, unit, move);
    out->failed |= a.failed;
    arena_free(&a);
}

void nearest_tell(Buf *out, const Kpi *kpi, Unit unit, const NearestMove *move) {
    Arena a;
    arena_init(&a, 0);
    tell_stretch(out, &a, kpi, unit, move);
    if (move->measured)
        tell_distance(out, &a, kpi, unit, move);
    out->failed |= a.failed;
    arena_free(&a);
}

void nearest_tell_none(Buf *out, const NearestLine *line) {
    switch (line->answer) {
    case NEAREST_KNOWN:
        buf_puts(out, line->by_hand ? "its status is given by hand"
                                    : "no figure of its own alone gives that");
        break;
    case NEAREST_CHART:
        buf_puts(out, "how far is not worked out: the limits of its chart would move too");
        break;
    case NEAREST_OTHERS:
        buf_puts(out, "how far is not worked out: what it is compared with would move too");
        break;
    case NEAREST_CURVED:
        buf_puts(out, "how far is not worked out: more than sums and multiples of its figure "
                      "are compared");
        break;
    case NEAREST_MANY:
        buf_puts(out, "how far is not worked out: too many edges");
        break;
    }
}
