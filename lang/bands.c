// SPDX-License-Identifier: Apache-2.0
// Band tables: level lines to a sorted list of cuts and the pieces between them.
//
// The lines become intervals, sorted by where they begin. Neighbours may touch (then `edges` says
// whose the point is), lie apart (then `gaps` says whose the space is), but never share more. What
// lies outside goes to `otherwise` on the worst side, and to no band on the good side.
#include <stdlib.h>
#include <string.h>

#include "lang/band_lines.h"
#include "lang/thresholds.h"

typedef enum Side { SIDE_UNSAID, SIDE_WORSE, SIDE_BETTER } Side;

typedef struct Builder {
    Compiler *c;
    const BandSpec *spec;
    const Scale *scale;
    Polarity polarity;
    Number near;
    Unit unit;
    Side gaps, edges;
    int decimals; // of the figures that the table reads; -1: any number of them
    Interval *v;
    size_t n;
    const BandLine *otherwise;
    uint8_t otherwise_level;
    bool ok;
    VEC(Cut) cuts;
    VEC(Piece) pieces;
} Builder;

static Diag *fail(Builder *b, DiagCode code, Place place, const char *message) {
    b->ok = false;
    return report(b->c, code, place, "%s", message);
}

static Str number_text(Builder *b, Number n) {
    Buf out = {0};
    number_print(&out, n);
    Str s = arena_str(b->c->scratch, buf_str(&out));
    buf_free(&out);
    return s;
}

// ---- reading the lines --------------------------------------------------------------------------

// A bare number takes the unit of what is judged.
static bool bound_unit_fits(Builder *b, const Node *n, Unit unit) {
    if (unit.kind == UNIT_NONE || b->unit.kind == UNIT_NONE || unit_eq(unit, b->unit))
        return true;
    Buf own = {0}, given = {0};
    unit_print(&own, b->unit);
    unit_print(&given, unit);
    Diag *d =
        fail(b, D_UNITS, node_place(n), "the bound has another unit than the figure it bounds");
    hint(b->c, d, "the bound is in %.*s, the figure in %.*s; write the number alone",
         STR_ARG(buf_str(&given)), STR_ARG(buf_str(&own)));
    buf_free(&own);
    buf_free(&given);
    return false;
}

static bool read_bound(Builder *b, const Node *n, Number *out) {
    Unit unit;
    if (constant_bound(b->c, n, out, &unit))
        return bound_unit_fits(b, n, unit);
    b->ok = false;
    return false;
}

static void read_bare(Builder *b, const BandLine *line) {
    const Node *e = node_kid(line->cell, 0);
    Str text = node_text(e);
    bool number =
        e->kind == NODE_NUMBER || e->kind == NODE_NUMBER_PERCENT || e->kind == NODE_NEGATIVE;
    Diag *d = report(b->c, D_BAND_BARE, node_place(e),
                     "`%.*s` does not say which figures are in the band", STR_ARG(text));
    if (number)
        hint(b->c, d,
             "write `%.*s+` for this and above, `<%.*s` for below, or `%.*s to %.*s` for exactly "
             "this figure",
             STR_ARG(text), STR_ARG(text), STR_ARG(text), STR_ARG(text));
    else
        d->hint = STR("join two bounds with `to`, e.g. `16 to below 20`; a hyphen joins two plain "
                      "numbers only");
    b->ok = false;
}

static bool read_interval(Builder *b, const BandLine *line, Interval *out) {
    const Node *cell = line->cell;
    *out = (Interval){.line = line,
                      .low_open = cell->flags & NODE_LOW_OPEN,
                      .high_open = cell->flags & NODE_HIGH_OPEN};
    const Node *low = node_kid(cell, 0), *high = node_kid(cell, 1);
    out->has_low = low;
    out->has_high = high;
    if (low && !read_bound(b, low, &out->low))
        return false;
    if (high && !read_bound(b, high, &out->high))
        return false;
    if (!low || !high)
        return true;
    int order = number_cmp(out->low, out->high);
    bool said = out->low_open || out->high_open;
    out->typed_down = order > 0;
    if (order > 0 && !said) { // `74-65` is the same as `65-74`
        Number swap = out->low;
        out->low = out->high;
        out->high = swap;
    } else if (order > 0 || (order == 0 && said)) {
        Diag *d = fail(b, D_BAND_EMPTY, line->place, "no figure can be in this band");
        hint(b->c, d, "`%.*s` begins where it ends, or beyond", STR_ARG(node_text(cell)));
        return false;
    }
    return true;
}

static bool read_level(Builder *b, const BandLine *line, uint8_t *level) {
    if (line->outcome && line->outcome->kind == NODE_NO_DATA) {
        *level = LEVEL_NO_DATA;
        return true;
    }
    if (find_level(b->scale, line->level, level))
        return true;
    report_unknown_level(b->c, b->scale, line->level,
                         line->outcome ? node_place(line->outcome) : line->place);
    b->ok = false;
    return false;
}

static void read_line(Builder *b, const BandLine *line) {
    uint8_t level;
    if (!line->cell || !read_level(b, line, &level))
        return;
    if (line->cell->kind == NODE_CELL_OTHERWISE) {
        if (b->otherwise) {
            Diag *d = fail(b, D_BAND_OTHERWISE, line->place, "a second `otherwise` in one table");
            d->other = b->otherwise->place;
            d->note = STR("the first is here");
            d->hint = STR("keep one, and give the other level a range such as 60 to below 70");
        }
        b->otherwise = line;
        b->otherwise_level = level;
        return;
    }
    if (line->cell->kind == NODE_ADVICE) {
        b->ok = false;
        return;
    }
    if (line->cell->kind == NODE_CELL_BARE) {
        read_bare(b, line);
        return;
    }
    if (level == LEVEL_NO_DATA) {
        fail(b, D_BAND_OTHERWISE, line->place, "`no data` stands before a range")->hint =
            STR("only `no data otherwise` is possible: leave the range out, and its figures stay "
                "unjudged");
        return;
    }
    Interval in;
    if (!read_interval(b, line, &in))
        return;
    in.level = level;
    b->v[b->n++] = in;
}

static Side read_side(Builder *b, const Node *n) {
    Str word = node_text(node_kid(n, 0));
    if (str_eq(word, STR("worse")))
        return SIDE_WORSE;
    if (str_eq(word, STR("better")))
        return SIDE_BETTER;
    Diag *d = fail(b, D_BAND_OPTION, node_place(n), "gaps and edges go to worse or to better");
    hint(b->c, d, "write `%.*s to worse` or `%.*s to better`", n->kind == NODE_GAPS ? 4 : 5,
         n->kind == NODE_GAPS ? "gaps" : "edges", n->kind == NODE_GAPS ? 4 : 5,
         n->kind == NODE_GAPS ? "gaps" : "edges");
    return SIDE_UNSAID;
}

// ---- order and neighbours -----------------------------------------------------------------------

static int compare_lows(const Interval *x, const Interval *y) {
    if (!x->has_low || !y->has_low)
        return (int)x->has_low - (int)y->has_low;
    int order = number_cmp(x->low, y->low);
    if (order == 0)
        order = (int)x->low_open - (int)y->low_open;
    if (order != 0 || !y->has_high)
        return order;
    // A band of a single figure stands before one that begins with it.
    return x->has_high ? number_cmp(x->high, y->high) : 1;
}

// Insertion sort: a table has a handful of lines, and equal ones keep their order.
static void sort_intervals(Builder *b) {
    for (size_t i = 1; i < b->n; i++)
        for (size_t k = i; k > 0 && compare_lows(&b->v[k - 1], &b->v[k]) > 0; k--) {
            Interval swap = b->v[k];
            b->v[k] = b->v[k - 1];
            b->v[k - 1] = swap;
        }
}

static Str level_name(const Builder *b, uint8_t level) {
    return b->scale->levels[level].name;
}

// A figure strictly between two others: a whole one if there is one, else the middle.
static Number figure_between(Builder *b, Number low, Number high) {
    Number sum, middle = low;
    if (number_add(b->c->scratch, low, high, &sum))
        number_div(b->c->scratch, sum, number_int(2), &middle);
    Number whole;
    if (number_round(b->c->scratch, middle, 0, ROUND_HALF_AWAY, &whole) &&
        number_cmp(low, whole) < 0 && number_cmp(whole, high) < 0)
        return whole;
    return middle;
}

// A figure inside both: [y] begins no lower than [x], and either may be open to a side.
static Number overlap_example(Builder *b, const Interval *x, const Interval *y) {
    const Interval *first_to_end =
        !x->has_high || (y->has_high && number_cmp(y->high, x->high) < 0) ? y : x;
    Number example = number_int(0);
    if (y->has_low && first_to_end->has_high)
        example = figure_between(b, y->low, first_to_end->high);
    else if (y->has_low)
        number_add(b->c->scratch, y->low, number_int(1), &example);
    else if (first_to_end->has_high)
        number_sub(b->c->scratch, first_to_end->high, number_int(1), &example);
    return example;
}

// `outstanding <5` and `good <20`: bands written as thresholds in turn. The wider one begins where
// the narrower ends.
static bool hint_at_both_ends(Builder *b, Diag *d, const Interval *x, const Interval *y) {
    if (x->has_low != y->has_low || x->has_high != y->has_high || (x->has_low && x->has_high))
        return false;
    bool below = x->has_high;
    bool x_is_wide = below ? number_cmp(x->high, y->high) > 0 : number_cmp(x->low, y->low) < 0;
    const Interval *wide = x_is_wide ? x : y, *narrow = x_is_wide ? y : x;
    Number low = below ? narrow->high : wide->low, high = below ? wide->high : narrow->low;
    bool low_open = below ? !narrow->high_open : wide->low_open;
    bool high_open = below ? wide->high_open : !narrow->low_open;
    if (number_cmp(low, high) == 0)
        return false;
    hint(b->c, d, "give the wider band both ends: `%.*s %s%.*s to %s%.*s`",
         STR_ARG(level_name(b, wide->level)), low_open ? "above " : "",
         STR_ARG(number_text(b, low)), high_open ? "below " : "", STR_ARG(number_text(b, high)));
    return true;
}

// Names the second line of a finding about two. In a measures table both may be the same.
static void point_to(Diag *d, const Interval *x, const char *note) {
    if (x->line->place.line == d->place.line)
        return;
    d->other = x->line->place;
    d->note = str_from(note);
}

// A change of one sign or two digits that would clear the matter up, if it is in one of the two.
static bool hint_at_typo(Builder *b, Diag *d, const Interval *x, const Interval *y) {
    const BandLine *line;
    Str text = band_typo(b->c->scratch, b->v, b->n, b->polarity, &line);
    if (text.len == 0 || (line != x->line && line != y->line))
        return false;
    hint(b->c, d, "is `%.*s` meant for `%.*s`? Then fewer figures are in two bands", STR_ARG(text),
         STR_ARG(node_text(line->cell)));
    return true;
}

// Told of on the line [at] of the two.
static void report_overlap(Builder *b, const Interval *x, const Interval *y, const Interval *at) {
    Number example = overlap_example(b, x, y);
    Diag *d = report(b->c, D_BAND_OVERLAP, at->line->place,
                     "%.*s is in two bands: %.*s (%.*s) and %.*s (%.*s)",
                     STR_ARG(number_text(b, example)), STR_ARG(level_name(b, x->level)),
                     STR_ARG(node_text(x->line->cell)), STR_ARG(level_name(b, y->level)),
                     STR_ARG(node_text(y->line->cell)));
    point_to(d, x, "the other band");
    if (!hint_at_both_ends(b, d, x, y) && !hint_at_typo(b, d, x, y))
        d->hint =
            STR("move one of the bounds, and check for a sign that points the wrong way (> for <)");
    b->ok = false;
}

// The level that `gaps` or `edges` names, of two neighbours.
static uint8_t pick(Side side, uint8_t x, uint8_t y) {
    uint8_t worse = x < y ? x : y, better = x < y ? y : x;
    return side == SIDE_WORSE ? worse : better;
}

static void add_cut(Builder *b, Number at, bool goes_left) {
    VEC_PUSH(b->c->arena, &b->cuts, ((Cut){at, goes_left}));
}

static void add_piece(Builder *b, uint8_t level, PieceKind kind, Place place) {
    VEC_PUSH(b->c->arena, &b->pieces, ((Piece){level, (uint8_t)kind, place}));
}

static void report_edge(Builder *b, const Interval *x, const Interval *y) {
    Str at = number_text(b, x->high);
    Diag *d = report(b->c, D_BAND_EDGE, y->line->place,
                     "%.*s is in two bands: %.*s (%.*s) and %.*s (%.*s)", STR_ARG(at),
                     STR_ARG(level_name(b, x->level)), STR_ARG(node_text(x->line->cell)),
                     STR_ARG(level_name(b, y->level)), STR_ARG(node_text(y->line->cell)));
    point_to(d, x, "the other band");
    hint(b->c, d,
         "say on the `bands` line whose it is: `edges to worse` (%.*s) or `edges to better` "
         "(%.*s); or move one bound",
         STR_ARG(level_name(b, pick(SIDE_WORSE, x->level, y->level))),
         STR_ARG(level_name(b, pick(SIDE_BETTER, x->level, y->level))));
    b->c->n_settled++; // as `edges to better` would
}

// Could a figure lie in the gap? A count is whole, a rounded figure has its decimals, and others
// may be anything.
static bool gap_can_hold(Builder *b, const Interval *x, const Interval *y, Number *example) {
    if (x->high_open || y->low_open) {
        *example = x->high_open ? x->high : y->low;
        return true;
    }
    *example = figure_between(b, x->high, y->low);
    if (b->decimals < 0)
        return true;
    Number rounded;
    if (!number_round(b->c->scratch, *example, (unsigned)b->decimals, ROUND_HALF_AWAY, &rounded))
        return true;
    *example = rounded;
    return number_cmp(x->high, rounded) < 0 && number_cmp(rounded, y->low) < 0;
}

static bool is_inside(const Interval *in, Number n) {
    int low = in->has_low ? number_cmp(n, in->low) : 1,
        high = in->has_high ? number_cmp(n, in->high) : -1;
    return (low > 0 || (low == 0 && !in->low_open)) && (high < 0 || (high == 0 && !in->high_open));
}

// Where bands overlap, what lies between two neighbours may be in a third.
static bool is_in_some_band(const Builder *b, Number n) {
    for (size_t i = 0; i < b->n; i++)
        if (is_inside(&b->v[i], n))
            return true;
    return false;
}

// Does a whole number lie between the bands?
static bool leaves_whole_out(Builder *b, const Interval *x, const Interval *y) {
    if (!x->has_high || !y->has_low || number_cmp(x->high, y->low) >= 0)
        return false;
    return number_is_whole(figure_between(b, x->high, y->low)) ||
           (x->high_open && y->low_open && number_is_whole(x->high)) ||
           (x->high_open && number_is_whole(x->high)) || (y->low_open && number_is_whole(y->low));
}

// Tables are written in whole numbers: where one gap holds such and no other does, something may
// have been mistyped.
static bool leaves_out_more_than_others(Builder *b, const Interval *x, const Interval *y) {
    if (b->n < 3 || !leaves_whole_out(b, x, y))
        return false;
    for (size_t i = 0; i + 1 < b->n; i++)
        if (&b->v[i] != x && leaves_whole_out(b, &b->v[i], &b->v[i + 1]))
            return false;
    return true;
}

static void report_gap(Builder *b, const Interval *x, const Interval *y) {
    Number example;
    if (!gap_can_hold(b, x, y, &example) || is_in_some_band(b, example))
        return;
    Diag *d =
        report(b->c, D_BAND_GAP, y->line->place, "%.*s is in no band: %.*s is %.*s, %.*s is %.*s",
               STR_ARG(number_text(b, example)), STR_ARG(level_name(b, x->level)),
               STR_ARG(node_text(x->line->cell)), STR_ARG(level_name(b, y->level)),
               STR_ARG(node_text(y->line->cell)));
    point_to(d, x, "the other band");
    Str worse = level_name(b, pick(SIDE_WORSE, x->level, y->level)),
        better = level_name(b, pick(SIDE_BETTER, x->level, y->level));
    if (leaves_out_more_than_others(b, x, y)) {
        hint(
            b->c, d,
            "has a bound been mistyped? The other bands leave no whole number out between them; if "
            "it is meant, say on the `bands` line `gaps to worse` (%.*s) or `gaps to better` "
            "(%.*s)",
            STR_ARG(worse), STR_ARG(better));
        return;
    }
    hint(b->c, d,
         "say on the `bands` line where such figures belong: `gaps to worse` (%.*s) or `gaps to "
         "better` (%.*s)",
         STR_ARG(worse), STR_ARG(better));
}

// The boundary between neighbours [x] and [y] in rising order.
static void join(Builder *b, const Interval *x, const Interval *y) {
    int order = !x->has_high || !y->has_low ? 1 : number_cmp(x->high, y->low);
    if (order > 0) {
        report_overlap(b, x, y, y);
        return;
    }
    if (order == 0 && !x->high_open && !y->low_open) { // touching: the point is in both
        if (x->level != y->level && b->edges == SIDE_UNSAID)
            report_edge(b, x, y);
        add_cut(b, x->high, pick(b->edges, x->level, y->level) == x->level);
        return;
    }
    if (order == 0 && (!x->high_open || !y->low_open)) { // adjoining: the point is in one
        add_cut(b, x->high, !x->high_open);
        return;
    }
    // A gap, perhaps of a single point. A gap inside one level belongs to it.
    bool settled = b->gaps != SIDE_UNSAID || x->level == y->level;
    uint8_t level = pick(b->gaps, x->level, y->level);
    if (!settled)
        report_gap(b, x, y);
    add_cut(b, x->high, !x->high_open);
    if (settled)
        add_piece(b, level, PIECE_GAP, level == x->level ? x->line->place : y->line->place);
    else
        add_piece(b, LEVEL_NO_DATA, PIECE_NONE, (Place){0});
    add_cut(b, y->low, y->low_open);
}

// With high good, levels may only get better as figures rise; with low good, only worse; with
// near, better up to the aim and worse beyond.
static void check_order(Builder *b) {
    for (size_t i = 0; i + 1 < b->n; i++) {
        const Interval *x = &b->v[i], *y = &b->v[i + 1];
        bool rises = y->level > x->level, falls = y->level < x->level, wrong = false;
        if (b->polarity == POLARITY_HIGH)
            wrong = falls;
        if (b->polarity == POLARITY_LOW)
            wrong = rises;
        if (b->polarity == POLARITY_NEAR) {
            bool below = y->has_low && number_cmp(y->low, b->near) <= 0;
            bool above = x->has_high && number_cmp(x->high, b->near) >= 0;
            wrong = (below && falls && !above) || (above && rises && !below);
        }
        if (!wrong)
            continue;
        Diag *d = report(b->c, D_BAND_ORDER, y->line->place,
                         "%s is good, but the higher band %.*s (%.*s) is %s than %.*s (%.*s)",
                         b->polarity == POLARITY_HIGH  ? "high"
                         : b->polarity == POLARITY_LOW ? "low"
                                                       : "near",
                         STR_ARG(level_name(b, y->level)), STR_ARG(node_text(y->line->cell)),
                         rises ? "better" : "worse", STR_ARG(level_name(b, x->level)),
                         STR_ARG(node_text(x->line->cell)));
        point_to(d, x, "the lower band");
        d->hint =
            STR("check `good is`, and the bands for a sign that points the wrong way (> for <)");
        b->ok = false;
        return;
    }
}

// Is the outside of the table on this side the worst one, which `otherwise` takes?
static bool worst_side(const Builder *b, bool above) {
    if (b->polarity == POLARITY_HIGH)
        return !above;
    if (b->polarity == POLARITY_LOW)
        return above;
    return true;
}

static void add_outside(Builder *b, bool above) {
    if (b->otherwise && (worst_side(b, above) || b->otherwise_level == LEVEL_NO_DATA))
        add_piece(b, b->otherwise_level, PIECE_OTHERWISE, b->otherwise->place);
    else
        add_piece(b, LEVEL_NO_DATA, PIECE_NONE, (Place){0});
}

// Where more than two bands meet in one point, the bands between may keep nothing of it. A piece
// holds its point only between a cut that sends it right and one that sends it left.
static void merge_cuts(Builder *b) {
    if (b->pieces.n != b->cuts.n + 1)
        return;   // bands overlap, or memory ran out
    size_t n = 0; // cuts that are kept; their pieces are 0 to n
    for (size_t i = 0; i < b->cuts.n; i++) {
        Cut cut = b->cuts.v[i];
        Piece right = b->pieces.v[i + 1];
        while (n > 0 && number_cmp(b->cuts.v[n - 1].at, cut.at) == 0) {
            bool first_left = b->cuts.v[n - 1].at_goes_left;
            if (!first_left && cut.at_goes_left)
                break;
            if (first_left && !cut.at_goes_left)
                cut.at_goes_left = pick(b->edges, b->pieces.v[n - 1].level, right.level) ==
                                   b->pieces.v[n - 1].level;
            else
                cut.at_goes_left = first_left;
            n--;
        }
        b->cuts.v[n++] = cut;
        b->pieces.v[n] = right;
    }
    b->cuts.n = n;
    b->pieces.n = n + 1;
}

static bool reaches_into(const Interval *x, const Interval *y) {
    return !x->has_high || !y->has_low || number_cmp(x->high, y->low) > 0;
}

// Ranges may be typed upwards or downwards; both in one table are read as they stand, but make one
// look twice.
static void note_typed_both_ways(Builder *b) {
    const Interval *up = NULL, *down = NULL;
    for (size_t i = 0; i < b->n; i++) {
        const Interval *in = &b->v[i];
        if (!in->has_low || !in->has_high || number_cmp(in->low, in->high) == 0)
            continue;
        const Interval **slot = in->typed_down ? &down : &up;
        *slot = *slot ? *slot : in;
    }
    if (!up || !down)
        return;
    Diag *d = report(b->c, D_BAND_TYPED, down->line->place,
                     "%.*s is typed downwards, %.*s upwards: read as %.*s to %.*s",
                     STR_ARG(node_text(down->line->cell)), STR_ARG(node_text(up->line->cell)),
                     STR_ARG(number_text(b, down->low)), STR_ARG(number_text(b, down->high)));
    if (up->line->place.line != down->line->place.line) {
        d->other = up->line->place;
        d->note = STR("typed upwards");
    }
    d->hint = STR("compare the cells with what was published; if they are as meant, leave them");
}

static void build(Builder *b) {
    sort_intervals(b);
    size_t n_errors = b->c->n_reported - b->c->n_settled;
    if (b->v[0].has_low) {
        add_outside(b, false);
        add_cut(b, b->v[0].low, b->v[0].low_open);
    }
    for (size_t i = 0; i < b->n; i++) {
        add_piece(b, b->v[i].level, PIECE_BAND, b->v[i].line->place);
        if (i + 1 == b->n)
            break;
        // A band inside a wide one may have neighbours that lie in the wide one too. Each pair is
        // told of on a line of its own, as far as there are lines.
        const Interval *next = &b->v[i + 1];
        bool is_free = !reaches_into(&b->v[i], next), in_wide = false;
        for (size_t k = 0; k < i; k++) {
            if (!reaches_into(&b->v[k], next))
                continue;
            report_overlap(b, &b->v[k], next, is_free ? next : &b->v[k]);
            is_free = false;
            in_wide = true;
        }
        if (!in_wide || reaches_into(&b->v[i], next))
            join(b, &b->v[i], next);
    }
    const Interval *last = &b->v[b->n - 1];
    if (last->has_high) {
        add_cut(b, last->high, !last->high_open);
        add_outside(b, true);
    }
    merge_cuts(b);
    // A table that overlaps has no order to speak of.
    if (b->c->n_reported - b->c->n_settled == n_errors)
        check_order(b);
    note_typed_both_ways(b);
}

static bool is_said_again(Builder *b, uint32_t i) {
    const Node *o = b->spec->options->kids[i], *first = NULL;
    for (uint32_t k = 0; k < i && !first; k++)
        if (b->spec->options->kids[k]->kind == o->kind)
            first = b->spec->options->kids[k];
    if (!first)
        return false;
    Diag *d = fail(b, D_CLAUSE_TWICE, node_place(o), "the bands line says this twice");
    d->other = node_place(first);
    d->note = STR("first said here");
    d->hint = STR("remove one of the two");
    return true;
}

static void read_options(Builder *b, int decimals, RoundMode mode, BandTable *t) {
    const Node *options = b->spec->options;
    for (uint32_t i = 0; options && i < options->n_kids; i++) {
        const Node *o = options->kids[i];
        if (is_said_again(b, i))
            continue;
        if (o->kind == NODE_GAPS)
            b->gaps = read_side(b, o);
        else if (o->kind == NODE_EDGES)
            b->edges = read_side(b, o);
        else if (o->kind == NODE_ROUNDED) {
            if (node_kid(o, 0))
                b->ok = read_rounding(b->c, node_kid(o, 0), &decimals, &mode) && b->ok;
            if (decimals < 0)
                fail(b, D_PRECISION, node_place(o),
                     "`rounded` does not say to how many decimals, and the KPI has no precision")
                    ->hint = STR("write `rounded to 0 decimals`, or give the KPI a `precision`");
            t->rounded = true;
            t->decimals = (uint8_t)(decimals < 0 ? 0 : decimals);
            t->mode = (uint8_t)mode;
            b->decimals = t->decimals;
        }
    }
}

bool lower_bands(Compiler *c, Str kpi, const BandSpec *spec, Polarity polarity, Number near,
                 Unit unit, int decimals, RoundMode mode, uint32_t *index) {
    uint32_t scale;
    if (!find_scale(c, spec->scale, &scale)) {
        report_unknown_scale(c, spec->scale, spec->scale_place);
        return false;
    }
    Builder b = {.c = c,
                 .spec = spec,
                 .scale = &c->scales.v[scale],
                 .polarity = polarity,
                 .near = near,
                 .unit = unit,
                 .decimals = unit.kind == UNIT_COUNT ? 0 : -1,
                 .ok = true};
    b.v = ARENA_ARRAY(c->scratch, Interval, spec->lines.n);
    if (!b.v)
        return false;
    BandTable t = {.scale = scale, .place = spec->place};
    read_options(&b, decimals, mode, &t);
    for (size_t i = 0; i < spec->lines.n; i++)
        read_line(&b, &spec->lines.v[i]);
    if (b.n == 0) {
        if (b.ok)
            fail(&b, D_BANDS_NONE, spec->place, "the band table has no band")->hint =
                STR("add lines such as `good 80-89`");
        return false;
    }
    if (!thresholds_apply(c, kpi, spec, b.scale, polarity, b.v, b.n))
        return false;
    build(&b);
    if (!b.ok)
        return false;
    if (b.otherwise && b.otherwise->because)
        t.because = arena_str(c->arena, node_string(c->scratch, b.otherwise->because));
    t.cuts = b.cuts.v;
    t.n_cuts = (uint32_t)b.cuts.n;
    t.pieces = b.pieces.v;
    *index = (uint32_t)c->band_tables.n;
    return VEC_PUSH(c->arena, &c->band_tables, t);
}
