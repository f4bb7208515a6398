// SPDX-License-Identifier: Apache-2.0
// Figures and facts in words.
#include "runtime/engine/telling.h"

#include "runtime/engine/explain.h"

// ---- figures ------------------------------------------------------------------------------------

void tell_unit(Buf *out, Number n, int decimals, RoundMode mode, Unit unit) {
    Buf digits = {0};
    explain_figure(&digits, n, decimals, mode);
    unit_print_figure(out, buf_str(&digits), unit);
    buf_free(&digits);
}

enum { TELLING_MAX_DECIMALS = 12 };

// Decimals at which [n], rounded, still stands to [bound] as it does exactly; with [both] the bound
// is shown with as many.
static int telling_decimals(const Telling *t, Arena *a, Number n, Number bound, bool both) {
    int decimals = t->kpi->decimals, order = number_cmp(n, bound);
    for (; decimals >= 0 && decimals < TELLING_MAX_DECIMALS; decimals++) {
        Number rounded, beside = bound;
        if (!number_round(a, n, (unsigned)decimals, t->kpi->mode, &rounded))
            break;
        if (both && !number_round(a, bound, (unsigned)decimals, t->kpi->mode, &beside))
            break;
        if (number_cmp(rounded, beside) == order)
            break;
    }
    return decimals;
}

// [nested]: within brackets.
static void tell_telling(const Telling *t, Number n, Number bound, bool both, Unit unit,
                         bool nested) {
    Arena a;
    arena_init(&a, 0);
    int decimals = telling_decimals(t, &a, n, bound, both);
    Number shown;
    bool exact = t->kpi->decimals >= 0 &&
                 number_round(&a, n, (unsigned)t->kpi->decimals, t->kpi->mode, &shown) &&
                 number_cmp(shown, n) == 0;
    if (exact)
        decimals = t->kpi->decimals; // more would only be zeros
    bool whole = number_decimals(n) == 0 && !unit_eq(unit, t->kpi->unit) &&
                 (unit.kind == UNIT_NONE || unit.kind == UNIT_COUNT);
    if (whole) // a count or a rank beside figures of another kind
        decimals = 0;
    tell_unit(t->out, n, decimals, t->kpi->mode, unit);
    if (!whole && decimals != t->kpi->decimals && t->kpi->decimals >= 0) {
        buf_puts(t->out, nested ? ", shown as " : " (shown as ");
        tell_unit(t->out, n, t->kpi->decimals, t->kpi->mode, unit);
        buf_puts(t->out, nested ? "" : ")");
    }
    arena_free(&a);
}

// A figure beside another, with as many decimals as make the comparison visibly true.
static void tell_beside(const Telling *t, Number n, Number other, Unit unit) {
    tell_telling(t, n, other, true, unit, false);
}

// The same beside a bound, which is told exactly.
static void tell_against(const Telling *t, Number n, Number bound, Unit unit) {
    tell_telling(t, n, bound, false, unit, false);
}

Number telling_figure(const Telling *t, uint16_t reg, Why *why) {
    return vm_number(t->vm, reg, t->lane, why);
}

bool telling_is_own_value(Str name) {
    return str_eq(name, STR("value"));
}

// A name as a reader says it: underscores are blanks.
void tell_name(Buf *out, Str name) {
    for (size_t i = 0; i < name.len; i++)
        buf_char(out, name.s[i] == '_' ? ' ' : name.s[i]);
}

// The figure [n] of the register [reg], as a side of a comparison.
static void tell_side(const Telling *t, Str name, uint16_t reg, Number n, Number beside,
                      Unit unit) {
    if (name.len == 0 || telling_is_own_value(name)) {
        tell_beside(t, n, beside, unit);
        return;
    }
    tell_name(t->out, name);
    buf_puts(t->out, " (");
    tell_telling(t, n, beside, true, unit, true);
    tell_known_among(t, reg);
    buf_char(t->out, ')');
}

// ---- facts --------------------------------------------------------------------------------------

static const char *relation_words(Relation r, bool holds) {
    switch (r) {
    case REL_LT:
        return holds ? "is below" : "is at or above";
    case REL_LE:
        return holds ? "is at or below" : "is above";
    case REL_GT:
        return holds ? "is above" : "is at or below";
    case REL_GE:
        return holds ? "is at or above" : "is below";
    case REL_EQ:
        return holds ? "is equal to" : "differs from";
    case REL_NE:
        return holds ? "differs from" : "is equal to";
    case REL_BETTER:
        return holds ? "is better than" : "is no better than";
    case REL_WORSE:
        return holds ? "is worse than" : "is no worse than";
    case REL_NO_BETTER:
        return holds ? "is no better than" : "is better than";
    case REL_NO_WORSE:
        return holds ? "is no worse than" : "is worse than";
    case REL_AT_OR_BETTER:
        return holds ? "is at or better than" : "is worse than";
    case REL_AT_OR_WORSE:
        return holds ? "is at or worse than" : "is better than";
    case REL_WITHIN:
    case REL_WITHIN_OR_BETTER:
        return holds ? "within" : "beyond";
    case REL_OVER_BETTER:
    case REL_OVER_WORSE:
        return holds ? "over" : "not over";
    case REL_LEAST_BETTER:
    case REL_LEAST_WORSE:
        return holds ? "at least" : "less than";
    case REL_MOST_BETTER:
    case REL_MOST_WORSE:
        return holds ? "no more than" : "over";
    }
    return "";
}

static void tell_compare(const Telling *t, const Fact *f, bool holds) {
    Number a = telling_figure(t, f->a, NULL), b = telling_figure(t, f->b, NULL);
    tell_side(t, f->name_a, f->a, a, b, f->unit_a);
    buf_printf(t->out, " %s ", relation_words(f->relation, holds));
    tell_side(t, f->name_b, f->b, b, a, f->unit_b);
}

// A figure with [least] decimals, or as many more as tell it from the limit.
static int gap_decimals(const Telling *t, Arena *a, Number n, int least, const Number *limit) {
    Kpi kpi = *t->kpi;
    kpi.decimals = least;
    const Telling as = {t->vm, &kpi, t->lane, t->out};
    return limit && number_cmp(n, *limit) != 0 ? telling_decimals(&as, a, n, *limit, false) : least;
}

// "5.3 points (25.1%)": a distance, and its share of the figure it is measured from.
static void tell_gap(const Telling *t, Arena *arena, const Fact *f, Number gap, const Number *limit,
                     Number from) {
    int places = t->kpi->decimals < 1 ? 1 : t->kpi->decimals;
    bool terminates = number_decimals(gap) >= 0 && number_decimals(gap) <= places;
    Unit unit = f->unit_a.kind == UNIT_PERCENT ? (Unit){.kind = UNIT_POINTS} : f->unit_a;
    tell_unit(t->out, gap,
              terminates ? -1 : gap_decimals(t, arena, gap, places, f->relative ? NULL : limit),
              ROUND_HALF_AWAY, unit);
    Number size, share;
    if (!number_abs(arena, from, &size) || number_sign(size) == 0)
        return;
    if (!number_mul(arena, gap, number_int(100), &share) || !number_div(arena, share, size, &share))
        return;
    const Number *relative_limit = f->relative && f->has_limit ? &f->limit : NULL;
    buf_puts(t->out, " (");
    tell_unit(t->out, share, gap_decimals(t, arena, share, 1, relative_limit), ROUND_HALF_AWAY,
              (Unit){.kind = UNIT_PERCENT});
    buf_char(t->out, ')');
}

static void tell_exact(const Telling *t, Number n, Unit unit) {
    Buf digits = {0};
    number_print(&digits, n);
    unit_print_figure(t->out, buf_str(&digits), unit);
    buf_free(&digits);
}

static bool limits_the_worse(Relation r) {
    return r == REL_OVER_WORSE || r == REL_LEAST_WORSE || r == REL_MOST_WORSE;
}

// "26.4% is 5.3 points (25.1%) worse than statistical neighbours (21.1%), over the limit of 25%".
// The limit is left out where it speaks of the other direction: a figure that is better anyway.
static void tell_measured(const Telling *t, Arena *arena, const Fact *f, bool holds) {
    Number a = telling_figure(t, f->a, NULL), b = telling_figure(t, f->b, NULL),
           limit = telling_figure(t, f->c, NULL), gap, x = a, y = b;
    bool ok = number_sub(arena, a, b, &gap) && number_abs(arena, gap, &gap);
    bool within = f->relation == REL_WITHIN ||
                  (f->relation == REL_WITHIN_OR_BETTER && (!holds || number_cmp(gap, limit) <= 0));
    bool near = t->kpi->polarity == POLARITY_NEAR && !within;
    if (near)
        ok = ok && number_sub(arena, a, f->aim, &x) && number_abs(arena, x, &x) &&
             number_sub(arena, b, f->aim, &y) && number_abs(arena, y, &y) &&
             number_sub(arena, x, y, &gap) && number_abs(arena, gap, &gap);
    if (!ok) {
        buf_put(t->out, f->text);
        return;
    }
    int order = number_cmp(x, y);
    bool better = (order < 0) == (t->kpi->polarity != POLARITY_HIGH);
    tell_side(t, f->name_a, f->a, a, b, f->unit_a);
    buf_puts(t->out, order == 0 && !near ? " is equal to " : " is ");
    if (order == 0 && near)
        buf_puts(t->out, "as far");
    else if (order != 0)
        tell_gap(t, arena, f, gap, f->has_limit ? &limit : NULL, near ? number_int(0) : b);
    if (near) {
        buf_puts(t->out, order == 0 ? " from" : better ? " closer to" : " further from");
        buf_puts(t->out, " the aim of ");
        tell_exact(t, f->aim, f->unit_a);
        buf_puts(t->out, order == 0 ? " as " : " than ");
    } else if (order != 0) {
        buf_puts(t->out, within ? " from " : better ? " better than " : " worse than ");
    }
    tell_side(t, f->name_b, f->b, b, a, f->unit_b);
    bool speaks =
        within || (f->relation != REL_WITHIN_OR_BETTER && limits_the_worse(f->relation) == !better);
    if (order == 0 || !f->has_limit || !speaks)
        return;
    buf_printf(t->out, ", %s the limit of ", relation_words(f->relation, holds));
    tell_exact(t, f->limit, f->unit_c);
}

static void tell_distance(const Telling *t, const Fact *f, bool holds) {
    if (f->c == NO_REG) {
        tell_compare(t, f, holds);
        if (t->kpi->polarity != POLARITY_NEAR)
            return;
        buf_puts(t->out, ", with an aim of ");
        tell_exact(t, f->aim, f->unit_a);
        return;
    }
    Arena arena;
    arena_init(&arena, 0);
    tell_measured(t, &arena, f, holds);
    arena_free(&arena);
}

// The register that a band table read to give the level in [level].
uint16_t telling_banded_register(const Telling *t, uint16_t level) {
    const Program *p = t->vm->program;
    for (uint32_t i = t->kpi->fn.first; i < t->kpi->fn.first + t->kpi->fn.n; i++)
        if ((p->code[i].op == OP_BAND || p->code[i].op == OP_BAND_DATED) && p->code[i].dst == level)
            return p->code[i].a;
    return NO_REG;
}

const BandTable *telling_table(const Telling *t, uint32_t dated, uint32_t table) {
    const Program *p = t->vm->program;
    const Validity *v = dated > 0 ? vm_in_force(t->vm, &p->dated[dated - 1], t->lane) : NULL;
    return &p->band_tables[v ? v->band_table : table];
}

static void tell_bound(Buf *out, const char *words, Number n, Unit unit) {
    Buf digits = {0};
    number_print(&digits, n);
    buf_puts(out, words);
    unit_print_figure(out, buf_str(&digits), unit);
    buf_free(&digits);
}

// "above 24%", "at or below 14%"; a band with two ends as it is written, "in the range 16% to 19%".
static void tell_bounds(Buf *out, PieceKind kind, const Cut *low, const Cut *high, Unit unit) {
    bool range = kind == PIECE_BAND && low && high;
    if (range)
        buf_puts(out, "in the range ");
    if (low)
        tell_bound(out, low->at_goes_left ? "above " : range ? "" : "at or above ", low->at, unit);
    if (low && high)
        buf_puts(out, range ? " to " : " and ");
    if (high)
        tell_bound(out,
                   !high->at_goes_left ? "below "
                   : range             ? ""
                                       : "at or below ",
                   high->at, unit);
}

void tell_piece(const Telling *t, const BandTable *table, Number n, Unit unit) {
    uint32_t i = band_piece(table, n);
    const Cut *low = i > 0 ? &table->cuts[i - 1] : NULL,
              *high = i < table->n_cuts ? &table->cuts[i] : NULL;
    PieceKind kind = (PieceKind)table->pieces[i].kind;
    tell_against(t, n, low && number_cmp(n, low->at) != 0 ? low->at : high ? high->at : n, unit);
    if (table->rounded) {
        buf_puts(t->out, ", rounded to ");
        number_print_rounded(t->out, n, table->decimals, (RoundMode)table->mode);
        buf_char(t->out, ',');
    }
    buf_puts(t->out, kind == PIECE_GAP         ? " lies between two bands, "
                     : kind == PIECE_OTHERWISE ? " lies beyond the bands, "
                                               : " is ");
    tell_bounds(t->out, kind, low, high, unit);
}

Unit telling_banded_unit(const Telling *t, uint16_t reg) {
    return reg == t->kpi->judged ? t->kpi->unit : (Unit){0};
}

static void tell_level(const Telling *t, const Fact *f) {
    Why why;
    uint8_t level = vm_level(t->vm, f->a, t->lane, &why);
    tell_name(t->out, f->name_a);
    if (why) {
        buf_printf(t->out, " is not known (%.*s)", STR_ARG(why_words(why)));
        return;
    }
    const Level *l = &t->vm->program->scales[f->scale].levels[level];
    buf_puts(t->out, " is ");
    tell_name(t->out, l->name);
    uint16_t reg = f->band_table != UINT32_MAX ? telling_banded_register(t, f->a) : NO_REG;
    if (reg == NO_REG)
        return;
    buf_puts(t->out, " (");
    tell_piece(t, telling_table(t, f->dated, f->band_table), telling_figure(t, reg, NULL),
               f->unit_a);
    buf_char(t->out, ')');
}

void tell_period_of(const Telling *t, const SpanFigure *figure) {
    Period p;
    bool exists = t->vm->lanes &&
                  period_before(t->vm->lanes[t->lane].period, figure->years, figure->back, &p);
    if (exists && p.kind != PERIOD_NONE)
        period_print(t->out, p);
    else if (figure->years > 0)
        buf_puts(t->out, "the year before");
    else if (figure->back < 2)
        buf_puts(t->out, figure->back == 0 ? "the period" : "the period before");
    else
        buf_printf(t->out, "%d periods before", figure->back);
}

void tell_period_before(const Telling *t) {
    if (!t->vm->lanes || t->vm->lanes[t->lane].period.kind == PERIOD_NONE)
        buf_puts(t->out, "the period before");
    else
        period_print(t->out, period_add(t->vm->lanes[t->lane].period, -1));
}

static void tell_direction(const Telling *t, const Fact *f) {
    Why why;
    uint8_t level = vm_level(t->vm, f->a, t->lane, &why);
    if (why) {
        buf_printf(t->out, "the direction is not known (%.*s)", STR_ARG(why_words(why)));
        return;
    }
    buf_put(t->out, t->vm->program->scales[f->scale].levels[level].name);
    Why why_before = 0, why_now = 0;
    if (f->b == NO_REG || f->c == NO_REG)
        return;
    Number now = telling_figure(t, f->b, &why_now), before = telling_figure(t, f->c, &why_before);
    if (why_before || why_now)
        return;
    buf_puts(t->out, ", ");
    tell_beside(t, now, before, f->unit_a);
    buf_puts(t->out, " against ");
    tell_beside(t, before, now, f->unit_a);
    buf_puts(t->out, " in ");
    tell_period_before(t);
}

// "improving for 2 periods: 28.0% in 2023-03, 26.4% in 2023-04, 25.1% in 2023-05".
static void tell_span(const Telling *t, const Fact *f, bool holds) {
    const PeriodSpan *span = &t->vm->program->spans[f->span];
    buf_printf(t->out, "%s%.*s", holds ? "" : "not ", STR_ARG(f->text));
    for (uint32_t i = span->n; i-- > 0;) {
        Why why;
        Number n = telling_figure(t, span->figures[i].reg, &why);
        Number beside = telling_figure(t, span->figures[i > 0 ? i - 1 : 1].reg, NULL);
        buf_puts(t->out, i + 1 == span->n ? ": " : ", ");
        if (why)
            buf_puts(t->out, "no figure");
        else
            tell_beside(t, n, beside, f->unit_a);
        buf_puts(t->out, " in ");
        tell_period_of(t, &span->figures[i]);
    }
}

// A fact is worth saying when it holds, or fails under a `not`. One without a truth of its own
// always is.
static bool is_worth_saying(const Telling *t, const Fact *f, bool *holds) {
    *holds = true;
    if (f->truth == NO_REG)
        return true;
    Why why;
    *holds = vm_truth(t->vm, f->truth, t->lane, &why);
    return why == 0 && *holds != f->negated;
}

// A fact may be that of another KPI, whose status this one takes: it is told as there.
static void tell_fact(const Telling *teller, const Fact *f, bool holds) {
    Kpi kpi = *teller->kpi;
    kpi.decimals = f->decimals;
    kpi.mode = f->mode;
    kpi.polarity = f->polarity;
    const Telling as_there = {teller->vm, &kpi, teller->lane, teller->out}, *t = &as_there;
    switch (f->kind) {
    case FACT_COMPARE:
        tell_compare(t, f, holds);
        break;
    case FACT_DISTANCE:
        tell_distance(t, f, holds);
        break;
    case FACT_LEVEL:
        tell_level(t, f);
        break;
    case FACT_CHART:
        tell_chart(t, f);
        break;
    case FACT_DIRECTION:
        tell_direction(t, f);
        break;
    case FACT_SPAN:
        tell_span(t, f, holds);
        break;
    case FACT_KNOWN:
    case FACT_OTHER:
        buf_printf(t->out, "%s%.*s", holds ? "" : "not ", STR_ARG(f->text));
        break;
    }
}

void tell_unknown_fact(const Telling *t, const Fact *f) {
    Why why_a = 0, why_b = 0;
    if (f->kind == FACT_DIRECTION) {
        buf_puts(t->out, "direction");
        return;
    }
    if (f->kind == FACT_CHART) {
        tell_name(t->out, f->name_a);
        return;
    }
    if (f->kind == FACT_SPAN) {
        buf_put(t->out, f->text);
        return;
    }
    if (f->kind == FACT_COMPARE || f->kind == FACT_DISTANCE) {
        telling_figure(t, f->a, &why_a);
        telling_figure(t, f->b, &why_b);
    }
    if (why_b && f->name_b.len > 0)
        tell_name(t->out, f->name_b);
    else if (f->name_a.len > 0 && !telling_is_own_value(f->name_a))
        tell_name(t->out, f->name_a);
    else
        buf_put(t->out, f->text);
}

// What an unknown condition waits for, with the reason.
static void tell_waiting(const Telling *t, const Fact *f, Why why) {
    tell_unknown_fact(t, f);
    buf_printf(t->out, " is not known (%.*s)", STR_ARG(why_words(why)));
}

void tell_tried(const Telling *t, const StatusLine *line) {
    const Program *p = t->vm->program;
    for (uint32_t i = 0; i < line->n_facts; i++) {
        const Fact *f = &p->facts[line->first_fact + i];
        Why why = 0;
        bool holds = f->truth == NO_REG || vm_truth(t->vm, f->truth, t->lane, &why);
        buf_puts(t->out, i > 0 ? "; " : "");
        if (why)
            tell_waiting(t, f, why);
        else
            tell_fact(t, f, holds);
    }
}

size_t tell_facts(const Telling *t, const StatusLine *line) {
    const Program *p = t->vm->program;
    size_t n_told = 0;
    for (uint32_t i = 0; i < line->n_facts; i++) {
        const Fact *f = &p->facts[line->first_fact + i];
        bool holds;
        if (!is_worth_saying(t, f, &holds))
            continue;
        if (n_told++ > 0)
            buf_puts(t->out, "; ");
        tell_fact(t, f, holds);
    }
    return n_told;
}
