// SPDX-License-Identifier: Apache-2.0
// Validity: tables and status blocks of one name, each with the time in which it is in force.
//
// Periods of different kinds are laid beside each other by their first and last days.
#include "lang/gen.h"

static bool read_period(Compiler *c, const Node *n, Period *out) {
    warn_month_like_years(c, n);
    if (period_parse(node_text(n), out))
        return true;
    report(c, D_BAD_PERIOD, node_place(n), "`%.*s` is not a period", STR_ARG(node_text(n)))->hint =
        STR("write 2023-05, 2023-Q2, FY2023-24, AY2023/24, 2023 or 2023-05-31");
    return false;
}

bool read_validity(Compiler *c, const Node *n, Validity *out) {
    *out = (Validity){.band_table = UINT32_MAX, .status = NO_REG, .place = node_place(n)};
    out->last = INT32_MAX;
    const Node *to = node_kid(n, 1);
    if (!read_period(c, node_kid(n, 0), &out->from) || (to && !read_period(c, to, &out->to)))
        return false;
    out->first = period_first_day(out->from);
    if (!to)
        return true;
    out->last = period_last_day(out->to);
    if (out->first <= out->last)
        return true;
    Diag *d = report(c, D_VALID_ENDS_FIRST, node_place(n),
                     "this ends before it begins: %.*s comes before %.*s", STR_ARG(node_text(to)),
                     STR_ARG(node_text(node_kid(n, 0))));
    hint(c, d, "write `valid from %.*s to %.*s`", STR_ARG(node_text(to)),
         STR_ARG(node_text(node_kid(n, 0))));
    return false;
}

static Str day_text(Compiler *c, int32_t day) {
    Buf out = {0};
    period_print(&out, (Period){day, PERIOD_DAY});
    Str s = arena_str(c->diags->arena, buf_str(&out));
    buf_free(&out);
    return s;
}

// "2022-04-01", or "2022-04-01 to 2023-03-31".
static Str days_text(Compiler *c, int32_t from, int32_t to) {
    Str first = day_text(c, from);
    return from == to ? first
                      : arena_printf(c->diags->arena, "%.*s to %.*s", STR_ARG(first),
                                     STR_ARG(day_text(c, to)));
}

static void report_shared(Compiler *c, Str name, const Validity *x, const Validity *y) {
    int32_t last = x->last < y->last ? x->last : y->last;
    bool later = y->place.line > x->place.line || y->place.file != x->place.file;
    const Validity *at = later ? y : x, *other = later ? x : y;
    Diag *d =
        last == INT32_MAX
            ? report(c, D_VALID_OVERLAP, at->place, "two of `%.*s` are in force from %.*s on",
                     STR_ARG(name), STR_ARG(day_text(c, y->first)))
            : report(c, D_VALID_OVERLAP, at->place, "two of `%.*s` are in force: %.*s",
                     STR_ARG(name), STR_ARG(days_text(c, y->first, last)));
    d->other = other->place;
    d->note = STR("the other one");
    if (x->first < y->first)
        hint(c, d, "let the earlier one end on %.*s: add or change its `to`",
             STR_ARG(day_text(c, y->first - 1)));
    else
        d->hint = STR("let one of them begin later");
}

static void report_hole(Compiler *c, Str name, const Validity *x, const Validity *y) {
    Diag *d = report(c, D_VALID_GAP, y->place, "no `%.*s` is in force: %.*s", STR_ARG(name),
                     STR_ARG(days_text(c, x->last + 1, y->first - 1)));
    d->other = x->place;
    d->note = STR("the one before");
    hint(c, d, "let this one begin on %.*s, or the one before end on %.*s",
         STR_ARG(day_text(c, x->last + 1)), STR_ARG(day_text(c, y->first - 1)));
}

// Insertion sort: there is a handful, and equal ones keep their order.
static void sort_by_first(Dated *d) {
    for (uint32_t i = 1; i < d->n; i++)
        for (uint32_t k = i; k > 0 && d->v[k - 1].first > d->v[k].first; k--) {
            Validity swap = d->v[k];
            d->v[k] = d->v[k - 1];
            d->v[k - 1] = swap;
        }
}

bool add_dated(Gen *g, Dated d, uint32_t *index) {
    bool ok = true;
    sort_by_first(&d);
    for (uint32_t i = 0; i + 1 < d.n; i++) {
        const Validity *x = &d.v[i], *y = &d.v[i + 1];
        if (y->first <= x->last) {
            report_shared(g->c, d.name, x, y);
            ok = false;
        } else if (x->last + 1 < y->first) {
            report_hole(g->c, d.name, x, y);
        }
    }
    *index = (uint32_t)g->c->dated.n;
    return ok && VEC_PUSH(g->c->arena, &g->c->dated, d);
}

void report_unlike(Gen *g, Place place, Place other, const char *what) {
    Diag *d = report(g->c, D_VALID_UNLIKE, place,
                     "what is in force one after the other differs in %s", what);
    d->other = other;
    d->note = STR("the first of this name");
    d->hint = STR("keep to the same, or give one of them another name with `as NAME`");
}
