// SPDX-License-Identifier: Apache-2.0
// Functions of other periods: one earlier period, and the figures of several made one.
#include "lang/gen.h"

// ---- one earlier period -------------------------------------------------------------------------

static Val lower_shifted(Gen *g, const Node *n, Shift shift) {
    Shift outer = g->shift;
    Formula formula = g->formula;
    g->shift = shift;
    g->formula = (Formula){0};
    Val v = lower(g, node_kid(n, 1));
    g->shift = outer;
    g->formula = formula;
    v.is_value = false;
    v.literal = false;
    return v;
}

// A whole number from [least] to [most] as the second argument.
static bool read_number(Gen *g, const Node *n, int64_t least, int64_t most, const char *form,
                        int64_t *out) {
    Number number;
    Unit unit;
    if (!constant_value(g->c, node_kid(n, 2), &number, &unit))
        return false;
    bool ok = number_to_int(number, out) && *out >= least && *out <= most;
    if (!ok)
        refuse_arguments(g, n, form);
    return ok;
}

Val lower_previous(Gen *g, const Node *n) {
    int64_t back = 1;
    if (n->n_kids == 3 &&
        !read_number(g, n, 1, GEN_MAX_BACK,
                     "previous(x) or previous(x, 12), from 1 to 1200 periods", &back))
        return error_val();
    if (g->shift.back + back > GEN_MAX_BACK)
        return refuse_arguments(g, n, "previous(x, n), reaching back at most 1200 periods in all");
    Val v = lower_shifted(g, n, shift_back(g->shift, (int32_t)back));
    if (v.type == VAL_NUMBER)
        v.name = back == 1 ? STR("the period before")
                           : arena_printf(g->c->arena, "%d periods before", (int)back);
    return v;
}

enum { MAX_YEARS = 100 }; // that year_ago reaches back in all

Val lower_year_ago(Gen *g, const Node *n) {
    if (g->shift.years == MAX_YEARS)
        return refuse_arguments(g, n, "year_ago(x), reaching back at most 100 years in all");
    Val v = lower_shifted(g, n, (Shift){g->shift.back, g->shift.years + 1});
    if (v.type == VAL_NUMBER)
        v.name = STR("the year before");
    return v;
}

// ---- several periods ----------------------------------------------------------------------------

const Node *call_allow(const Node *n) {
    const Node *last = node_kid(n, n->n_kids - 1);
    return last && last->kind == NODE_ALLOW ? last : NULL;
}

// How many figures may be missing, fewer than there are.
static bool read_allowed(Gen *g, const Node *n, int64_t n_figures, uint32_t *out) {
    const Node *allow = call_allow(n);
    Number number;
    Unit unit;
    int64_t allowed = 0;
    *out = 0;
    if (!allow)
        return true;
    if (!constant_value(g->c, node_kid(allow, 0), &number, &unit))
        return false;
    bool ok = number_to_int(number, &allowed) && allowed >= 1 && allowed < n_figures;
    *out = ok ? (uint32_t)allowed : 0;
    if (!ok)
        hint(g->c,
             report(g->c, D_FUNCTION, node_place(allow), "`%.*s` of %d figures",
                    STR_ARG(node_text(allow)), (int)n_figures),
             "write a whole number from 1 to %d, or leave it out: then none may be missing",
             (int)n_figures - 1);
    return ok;
}

// The value of the argument in each of [n_figures] periods, into [w]. False after reporting.
static bool lower_figures(Gen *g, const Node *n, int64_t n_figures, PeriodSpan *w, Val *first) {
    w->figures = ARENA_ARRAY(g->c->arena, SpanFigure, (size_t)n_figures);
    for (; w->figures && w->n < n_figures; w->n++) {
        Shift shift = shift_back(g->shift, (int32_t)w->n), outer = g->shift;
        g->shift = shift;
        Val v = lower_apart(g, node_kid(n, 1));
        g->shift = outer;
        if (v.type != VAL_NUMBER || refuse_period(g, n, &v))
            return false;
        w->figures[w->n] = (SpanFigure){v.reg, shift.back, shift.years};
        if (w->n == 0)
            *first = v;
    }
    return w->figures != NULL;
}

uint32_t add_span(Compiler *c, PeriodSpan w) {
    VEC_PUSH(c->arena, &c->spans, w);
    return c->spans.n == 0 ? 0 : (uint32_t)c->spans.n - 1;
}

// A percentage of several periods is neither the sum nor, as a rule, the mean of theirs.
static bool check_percent(Gen *g, const Node *n, Fold fold, const Val *x) {
    if (x->unit.kind != UNIT_PERCENT || (fold != FOLD_SUM && fold != FOLD_MEAN))
        return true;
    bool sum = fold == FOLD_SUM;
    Diag *d = report(g->c, sum ? D_SUM_OF_PERCENT : D_MEAN_OF_PERCENT, node_place(n),
                     sum ? "`%.*s` adds up percentages"
                         : "`%.*s` is the mean of percentages, each counting the same however "
                           "much lies behind it",
                     STR_ARG(node_text(n)));
    d->hint = STR("add up the two counts and divide once: rolling_sum(a, 12) as percent of "
                  "rolling_sum(b, 12)");
    return !sum;
}

static bool lower_window(Gen *g, const Node *n, int64_t n_figures, Window *w) {
    Val x;
    if (g->shift.back + n_figures > GEN_MAX_BACK) {
        refuse_arguments(g, n, "a span that reaches back at most 1200 periods in all");
        return false;
    }
    bool made = read_allowed(g, n, n_figures, &w->span.allowed) &&
                lower_figures(g, n, n_figures, &w->span, &x) &&
                check_percent(g, n, w->span.fold, &x);
    w->unit = made ? x.unit : (Unit){0};
    return made;
}

static Val lower_span(Gen *g, const Node *n, PeriodSpan span, int64_t n_figures) {
    const Window *known = find_window(g, n);
    Window w = {n, span, {0}};
    if (known)
        w = *known;
    else if (!lower_window(g, n, n_figures, &w))
        return error_val();
    if (g->formula.gathering) {
        if (!known)
            add_window(g, w);
        return error_val();
    }
    if (w.unit.kind == UNIT_COUNT && w.span.fold == FOLD_MEAN)
        w.unit = (Unit){0}; // no count any more
    g->place = node_place(n);
    return number_val(emit_new(g, KIND_NUMBER, OP_SPAN, NO_REG, NO_REG, add_span(g->c, w.span)),
                      w.unit);
}

enum { MAX_ROLLING = 400 }; // periods: a year of days and some

static Val lower_rolling(Gen *g, const Node *n, Fold fold) {
    int64_t n_figures;
    if (!read_number(g, n, 2, MAX_ROLLING, "rolling_sum(x, 12), over 2 to 400 periods", &n_figures))
        return error_val();
    return lower_span(g, n, (PeriodSpan){.fold = fold}, n_figures);
}

Val lower_rolling_sum(Gen *g, const Node *n) {
    return lower_rolling(g, n, FOLD_SUM);
}

Val lower_rolling_mean(Gen *g, const Node *n) {
    return lower_rolling(g, n, FOLD_MEAN);
}

Val lower_rolling_min(Gen *g, const Node *n) {
    return lower_rolling(g, n, FOLD_MIN);
}

Val lower_rolling_max(Gen *g, const Node *n) {
    return lower_rolling(g, n, FOLD_MAX);
}

enum { YEAR_TO_DATE_PERIODS = 12 }; // months: finer periods are not added up

static PeriodKind year_called(Str word) {
    return str_eq(word, STR("financial"))  ? PERIOD_FINANCIAL_YEAR
           : str_eq(word, STR("academic")) ? PERIOD_ACADEMIC_YEAR
           : str_eq(word, STR("calendar")) ? PERIOD_YEAR
                                           : PERIOD_NONE;
}

Val lower_year_to_date(Gen *g, const Node *n) {
    PeriodKind year = year_called(node_text(node_kid(n, 2)));
    if (year == PERIOD_NONE)
        return refuse_arguments(g, n, "year_to_date_sum(x, financial), or academic, or calendar");
    return lower_span(g, n, (PeriodSpan){.fold = FOLD_SUM, .year = year}, YEAR_TO_DATE_PERIODS);
}

// ---- direction over several periods -------------------------------------------------------------

// The value at both ends of each step, latest first. The steps are one on another: n + 1 values.
typedef struct Steps {
    Shift at[2];
    int32_t n; // steps; the first from at[1] to at[0], each further one a period before
} Steps;

enum { MAX_STEPS = 120 };

static Val refuse_span(Gen *g, const Node *n, const char *form) {
    hint(g->c,
         report(g->c, D_SPAN, node_place(n), "`%.*s` is not understood", STR_ARG(node_text(n))),
         "write %s", form);
    return error_val();
}

static bool read_steps(Gen *g, const Node *n, Steps *out) {
    const Node *number = node_kid(n, 1);
    Str word = node_text(node_kid(n, 2));
    int64_t n_steps = 1;
    *out = (Steps){.at = {g->shift, {g->shift.back, g->shift.years + 1}}, .n = 1};
    if (!number && str_eq(word, STR("year")))
        return true;
    Number count;
    Unit unit;
    bool periods = str_eq(word, STR("periods")) || str_eq(word, STR("period"));
    if (!number || !periods) {
        refuse_span(g, n, "`improving for 3 periods` or `improving on last year`");
        return false;
    }
    if (!constant_value(g->c, number, &count, &unit))
        return false;
    if (!number_to_int(count, &n_steps) || n_steps < 1 || n_steps > MAX_STEPS) {
        refuse_span(g, n, "a whole number of periods from 1 to 120");
        return false;
    }
    out->at[1] = shift_back(g->shift, 1);
    out->n = (int32_t)n_steps;
    return true;
}

// The values from the latest to the earliest, for the fact to tell of.
static uint32_t span_of_steps(Gen *g, const Node *n, const Steps *s) {
    PeriodSpan span = {.figures = ARENA_ARRAY(g->c->arena, SpanFigure, (size_t)s->n + 1)};
    for (; span.figures && span.n <= (uint32_t)s->n; span.n++) {
        Shift at = span.n == 0 ? s->at[0] : shift_back(s->at[1], (int32_t)span.n - 1);
        Val v = judged_value(g, at, n);
        span.figures[span.n] = (SpanFigure){v.reg, at.back, at.years};
    }
    return add_span(g->c, span);
}

// Each step goes the way of [word]: one that is known not to decides no, otherwise one that is not
// known makes it unknown.
static Val lower_steps(Gen *g, const Node *n, const Steps *s, Str word, bool arrows) {
    Val all = {.reg = NO_REG};
    for (int32_t i = 0; i < s->n; i++) {
        Shift now = i == 0 ? s->at[0] : shift_back(s->at[1], i - 1);
        Val step = direction_between(g, n, now, shift_back(s->at[1], i), arrows);
        uint8_t level;
        if (step.type != VAL_LEVEL || !find_level(&g->c->scales.v[step.scale], word, &level))
            return error_val();
        g->place = node_place(n);
        uint16_t is = emit_new(g, KIND_TRUTH, OP_IS, step.reg, NO_REG, 1u << level);
        all.reg = i == 0 ? is : emit_new(g, KIND_TRUTH, OP_AND, all.reg, is, 0);
    }
    Fact *f = add_fact(g, FACT_SPAN, all.reg, n);
    f->unit_a = g->kpi->unit;
    f->span = span_of_steps(g, n, s);
    return truth_val(all.reg);
}

Val lower_direction_span(Gen *g, const Node *n) {
    Str word = node_text(node_kid(n, 0));
    bool raw = str_eq(word, STR("up")) || str_eq(word, STR("down"));
    bool judged = str_eq(word, STR("improving")) || str_eq(word, STR("worsening"));
    if (!raw && !judged && !str_eq(word, STR("steady")))
        return refuse_span(g, n, "improving, worsening, steady, up or down before it");
    Steps steps;
    Polarity polarity = need_polarity(g, n, judged);
    if (polarity == POLARITY_NONE || !read_steps(g, n, &steps))
        return error_val();
    return lower_steps(g, n, &steps, word, raw || polarity == POLARITY_NOT_JUDGED);
}
