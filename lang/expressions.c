// SPDX-License-Identifier: Apache-2.0
// Expressions: names, arithmetic and functions, with their types and units.
#include <string.h>

#include "lang/format.h"
#include "lang/gen.h"

Val error_val(void) {
    return (Val){.type = VAL_ERROR, .reg = NO_REG};
}

Val number_val(uint16_t reg, Unit unit) {
    return (Val){.type = VAL_NUMBER, .reg = reg, .unit = unit, .band_table = UINT32_MAX};
}

Val truth_val(uint16_t reg) {
    return (Val){.type = VAL_TRUTH, .reg = reg};
}

// ---- units --------------------------------------------------------------------------------------

void unit_words(Compiler *c, Unit u, Str *out) {
    Buf b = {0};
    unit_print(&b, u);
    *out = arena_str(c->scratch, buf_str(&b));
    buf_free(&b);
}

static bool is_plain(const Val *v) {
    return v->unit.kind == UNIT_NONE;
}

static bool is_percent_and_ratio(const Val *x, const Val *y) {
    return (x->unit.kind == UNIT_PERCENT && y->unit.kind == UNIT_RATIO) ||
           (x->unit.kind == UNIT_RATIO && y->unit.kind == UNIT_PERCENT);
}

static void refuse_units(Gen *g, const Node *n, const Val *x, const Val *y) {
    Str a, b;
    unit_words(g->c, x->unit, &a);
    unit_words(g->c, y->unit, &b);
    if (is_percent_and_ratio(x, y)) {
        Diag *d = report(g->c, D_PERCENT_RATIO, node_place(n),
                         "`%.*s` sets a percentage against a ratio", STR_ARG(node_text(n)));
        d->hint = STR("85% as a ratio is 0.85: declare both figures as percent, or both as ratio");
        return;
    }
    Diag *d = report(g->c, D_UNITS, node_place(n), "`%.*s` sets %.*s against %.*s",
                     STR_ARG(node_text(n)), STR_ARG(a), STR_ARG(b));
    bool points = x->unit.kind == UNIT_POINTS || y->unit.kind == UNIT_POINTS;
    d->hint = points ? STR("points are differences of percentages: compare them with a change, or "
                           "use `within`, `over … worse than`")
                     : STR("compare like with like");
}

bool same_unit(Gen *g, const Node *n, const Val *x, const Val *y, Unit *out) {
    *out = is_plain(x) ? y->unit : x->unit;
    if (x->is_period != y->is_period) {
        report(g->c, D_TYPE, node_place(n), "`%.*s` sets a period against a figure",
               STR_ARG(node_text(n)))
            ->hint = STR("compare `period` with a period such as 2023-05");
        return false;
    }
    if (is_plain(x) || is_plain(y) || unit_eq(x->unit, y->unit))
        return true;
    refuse_units(g, n, x, y);
    return false;
}

static bool sum_unit(Gen *g, const Node *n, const Val *x, const Val *y, Unit *out) {
    bool minus = n->kind == NODE_SUBTRACT;
    UnitKind a = x->unit.kind, b = y->unit.kind;
    if (a == UNIT_PERCENT && b == UNIT_PERCENT && minus) {
        *out = (Unit){.kind = UNIT_POINTS};
        return true;
    }
    if ((a == UNIT_PERCENT && b == UNIT_POINTS) ||
        (a == UNIT_POINTS && b == UNIT_PERCENT && !minus)) {
        *out = (Unit){.kind = UNIT_PERCENT};
        return true;
    }
    if (!same_unit(g, n, x, y, out))
        return false;
    // A count and a part of one is no count any more.
    if (out->kind == UNIT_COUNT && ((is_plain(x) && !x->whole) || (is_plain(y) && !y->whole)))
        *out = (Unit){0};
    return true;
}

static bool product_unit(Gen *g, const Node *n, const Val *x, const Val *y, Unit *out) {
    const Val *other = is_plain(x) || x->unit.kind == UNIT_RATIO ? y : x;
    const Val *factor = other == y ? x : y;
    if (is_plain(factor) || factor->unit.kind == UNIT_RATIO || factor->unit.kind == UNIT_COUNT) {
        *out = other->unit;
        bool whole = factor->unit.kind == UNIT_COUNT || factor->whole;
        if (out->kind == UNIT_COUNT && !whole)
            *out = (Unit){0};
        return true;
    }
    if (other->unit.kind == UNIT_COUNT) {
        *out = factor->unit;
        return true;
    }
    Str a, b;
    unit_words(g->c, x->unit, &a);
    unit_words(g->c, y->unit, &b);
    Diag *d = report(g->c, D_UNITS, node_place(n), "`%.*s` multiplies %.*s by %.*s",
                     STR_ARG(node_text(n)), STR_ARG(a), STR_ARG(b));
    d->hint = STR("to take a percentage of a figure write it out: x * 29 / 100");
    return false;
}

static bool quotient_unit(Gen *g, const Node *n, const Val *x, const Val *y, Unit *out) {
    if (is_percent_and_ratio(x, y)) {
        refuse_units(g, n, x, y);
        return false;
    }
    if (!is_plain(x) && unit_eq(x->unit, y->unit))
        *out = (Unit){.kind = UNIT_RATIO};
    else if (is_plain(y) && x->unit.kind != UNIT_COUNT)
        *out = x->unit;
    else
        *out = (Unit){0};
    return true;
}

// ---- literals and names -------------------------------------------------------------------------

static Val lower_literal(Gen *g, const Node *n) {
    Number number;
    Unit unit;
    if (!constant_value(g->c, n, &number, &unit))
        return error_val();
    Val v = number_val(emit_const(g, number), unit);
    v.literal = true;
    v.whole = number_is_whole(number);
    return v;
}

Val lower_period(Gen *g, const Node *n) {
    Period p;
    if (!period_parse(node_text(n), &p)) {
        report(g->c, D_BAD_PERIOD, node_place(n), "`%.*s` is not a period", STR_ARG(node_text(n)))
            ->hint = STR("write 2023-05, 2023-Q2, FY2023-24, AY2023/24, 2023 or 2023-05-31");
        return error_val();
    }
    warn_month_like_years(g->c, n);
    Val v = number_val(emit_const(g, number_int(period_last_day(p))), (Unit){0});
    v.is_period = true;
    return v;
}

static Val lower_text(Gen *g, const Node *n) {
    Str s = arena_str(g->c->arena, node_string(g->c->scratch, n));
    VEC_PUSH(g->c->arena, &g->c->texts, s);
    return (Val){
        .type = VAL_TEXT,
        .reg = emit_new(g, KIND_TEXT, OP_CONST_TEXT, NO_REG, NO_REG, (uint32_t)g->c->texts.n - 1)};
}

static uint32_t load_index(Compiler *c, Load load) {
    for (size_t i = c->loads.n, n_looked_at = 0; i > 0 && n_looked_at < 64; i--, n_looked_at++) {
        Load l = c->loads.v[i - 1];
        if (l.metric == load.metric && l.field == load.field && l.back == load.back &&
            l.years == load.years && l.within == load.within)
            return (uint32_t)i - 1;
    }
    VEC_PUSH(c->arena, &c->loads, load);
    return (uint32_t)c->loads.n - 1;
}

static void note_read(Gen *g, uint32_t metric) {
    for (size_t i = 0; i < g->reads.n; i++)
        if (g->reads.v[i] == metric)
            return;
    VEC_PUSH(g->c->arena, &g->reads, metric);
}

// [within]: as in Load.
static Val load_within(Gen *g, uint32_t metric, uint32_t field, int32_t within, Str written) {
    const Metric *m = &g->c->metrics.v[metric];
    bool is_text = g->c->field_is_text.v[field];
    if (g->collect_reads && within == 0)
        note_read(g, metric);
    Val v = is_text ? (Val){.type = VAL_TEXT} : number_val(NO_REG, m->unit);
    v.name = m->label.len > 0 ? m->label : m->name;
    if (g->fn->is_example) {
        uint32_t slot;
        bool given = !is_text && is_now(g->shift) && find_given(g, written, &slot);
        v.reg = given ? emit_new(g, KIND_NUMBER, OP_GIVEN, NO_REG, NO_REG, slot)
                      : emit_missing(g, WHY(REASON_NOT_GIVEN));
        if (is_text)
            return error_val();
        return v;
    }
    uint32_t load = load_index(g->c, (Load){metric, field, g->shift.back, g->shift.years, within});
    for (size_t i = 0; i < g->fn->memo.n; i++)
        if (g->fn->memo.v[i].load == load) {
            v.reg = g->fn->memo.v[i].reg;
            return v;
        }
    v.reg = is_text ? emit_new(g, KIND_TEXT, OP_LOAD_TEXT, NO_REG, NO_REG, load)
                    : emit_new(g, KIND_NUMBER, OP_LOAD, NO_REG, NO_REG, load);
    VEC_PUSH(g->c->scratch, &g->fn->memo, ((LoadMemo){load, v.reg}));
    return v;
}

Val load_metric(Gen *g, uint32_t metric, uint32_t field, Str written) {
    return load_within(g, metric, field, 0, written);
}

static Val unknown_name(Gen *g, const Node *n, Str name) {
    if (g->spec && (str_eq(name, STR("variation")) || str_eq(name, STR("assurance")))) {
        report(g->c, D_SPC_NEEDED, node_place(n), "the KPI `%.*s` has no `%.*s`",
               STR_ARG(g->spec->name), STR_ARG(name))
            ->hint = str_eq(name, STR("variation"))
                         ? STR("add `spc`, with the line `screen large moving ranges` or `keep "
                               "every moving range`")
                         : STR("assurance needs `spc`, a `target`, and `good is high` or `good is "
                               "low`");
        return error_val();
    }
    Diag *d =
        report(g->c, D_UNKNOWN_NAME, node_place(n), "nothing is called `%.*s`", STR_ARG(name));
    if (!is_shown(g->c, d))
        return error_val();
    if (is_level_somewhere(g->c, name)) {
        hint(g->c, d,
             "it is a level: write what it is a level of, e.g. `ofsted is %.*s`, or `is one of "
             "a, b` for several",
             STR_ARG(name));
        return error_val();
    }
    Suggestion near = suggest_for(name);
    static const char *const words[] = {"value",     "target",    "change", "direction",
                                        "improving", "worsening", "steady"};
    for (size_t i = 0; g->spec && i < sizeof words / sizeof *words; i++)
        suggest_consider(&near, str_from(words[i]));
    for (size_t i = 0; i < g->figures.n; i++)
        suggest_consider(&near, g->figures.v[i].name);
    for (size_t i = 0; i < g->levels.n; i++)
        suggest_consider(&near, g->levels.v[i].name);
    for (size_t i = 0; i < g->c->lets.n; i++)
        suggest_consider(&near, g->c->lets.v[i].name);
    for (size_t i = 0; i < g->c->metrics.n; i++)
        suggest_consider(&near, g->c->metrics.v[i].name);
    if (!did_you_mean(g->c, d, &near))
        hint(g->c, d,
             "declare it: metric %.*s \"Label\" UNIT, let %.*s = …, or compare %.*s = … in the KPI",
             STR_ARG(name), STR_ARG(name), STR_ARG(name));
    return error_val();
}

static Val lower_let(Gen *g, LetInfo *let, const Node *n) {
    if (let->in_progress) {
        report_circle(g->c, let, n);
        return error_val();
    }
    let->in_progress = true;
    Val v = lower(g, let->expression);
    let->in_progress = false;
    v.literal = false;
    v.is_value = false;
    if (v.type == VAL_NUMBER)
        v.name = let->name;
    return v;
}

// In an `if known` line of a pattern, a comparator that some KPI declares but this one does not is
// not applicable here.
static bool is_comparator_elsewhere(const Gen *g, Str name) {
    uint32_t kpi;
    return str_eq(name, STR("target")) || names_find(&g->c->names, NAME_COMPARATOR, name, &kpi);
}

static Val truth_constant(Gen *g, uint32_t value) {
    return truth_val(emit_new(g, KIND_TRUTH, OP_CONST_TRUTH, NO_REG, NO_REG, value));
}

static Val lower_change(Gen *g, const Node *n) {
    Val now = judged_value(g, g->shift, n), before = judged_value(g, shift_back(g->shift, 1), n);
    if (now.type != VAL_NUMBER || before.type != VAL_NUMBER)
        return error_val();
    Unit unit = now.unit.kind == UNIT_PERCENT ? (Unit){.kind = UNIT_POINTS} : now.unit;
    Val v = number_val(emit_new(g, KIND_NUMBER, OP_SUB, now.reg, before.reg, 0), unit);
    v.name = STR("the change");
    return v;
}

static Val refuse_group_words(Gen *g, const Node *n) {
    report(g->c, D_GROUP_CONDITION, node_place(n),
           "`%.*s` speaks of the members of a group, and a KPI has none", STR_ARG(node_text(n)))
        ->hint = STR("put the line into the status block of a group or scorecard");
    return error_val();
}

static Val lower_predefined(Gen *g, const Node *n, Str name) {
    if (str_eq(name, STR("yes")))
        return truth_constant(g, 1);
    if (str_eq(name, STR("no")))
        return truth_constant(g, 0);
    if (str_eq(name, STR("unknown")))
        return truth_constant(g, 2 + WHY(REASON_NOT_AVAILABLE));
    if (str_eq(name, STR("period"))) {
        Val v = number_val(emit_new(g, KIND_NUMBER, OP_PERIOD_END, NO_REG, NO_REG, 0), (Unit){0});
        v.is_period = true;
        v.name = STR("the period");
        return v;
    }
    if (str_eq(name, STR("entity")))
        return (Val){.type = VAL_TEXT, .reg = emit_new(g, KIND_TEXT, OP_ENTITY, NO_REG, NO_REG, 0)};
    if (str_eq(name, STR("worst")) || str_eq(name, STR("best")))
        return refuse_group_words(g, n);
    if (!g->spec) {
        report(g->c, D_UNKNOWN_NAME, node_place(n), "`%.*s` has a meaning only inside a KPI",
               STR_ARG(name))
            ->hint = STR("use it in a clause of a KPI or pattern");
        return error_val();
    }
    if (str_eq(name, STR("value")))
        return judged_value(g, g->shift, n);
    if (str_eq(name, STR("change")))
        return lower_change(g, n);
    if (str_eq(name, STR("direction")))
        return direction_value(g, n);
    return lower_direction_word(g, n, name);
}

static Val lower_name(Gen *g, const Node *n, Str name) {
    Val v;
    uint32_t metric;
    if (g->spec && kpi_figure(g, name, n, &v))
        return v;
    if (is_predefined(name) && !str_eq(name, STR("target")))
        return lower_predefined(g, n, name);
    if (g->spec && kpi_level(g, name, &v))
        return v;
    if (find_metric(g->c, name, &metric))
        return load_metric(g, metric, FIELD_VALUE, name);
    LetInfo *let = find_let(g->c, name);
    if (let) {
        names_use(&g->c->names, NAME_LET, name);
        return lower_let(g, let, n);
    }
    if (g->if_known && is_comparator_elsewhere(g, name))
        return number_val(emit_missing(g, WHY(REASON_NOT_APPLICABLE)), (Unit){0});
    if (str_eq(name, STR("target"))) {
        report(g->c, D_UNKNOWN_NAME, node_place(n), "the KPI has no target")->hint =
            STR("add `target NUMBER`, or put `, if known` behind the condition in a pattern");
        return error_val();
    }
    return unknown_name(g, n, name);
}

// A field of a metric, of the row's own period or the latest [within] so many.
static Val lower_field(Gen *g, const Node *n, Str name, int32_t within) {
    uint32_t metric, field;
    if (!find_metric(g->c, name, &metric))
        return unknown_name(g, node_kid(n, 0), name);
    Str field_name = node_text(node_kid(n, 1));
    if (n->n_kids == 2 && find_field(g->c, field_name, &field))
        return load_within(g, metric, field, within, format_phrase(g->c->scratch, n));
    Diag *d = report(g->c, D_UNKNOWN_NAME, node_place(n), "no input block has a field `%.*s`",
                     STR_ARG(field_name));
    Suggestion near = suggest_for(field_name);
    for (size_t i = 1; i < g->c->fields.n; i++)
        suggest_consider(&near, g->c->fields.v[i]);
    if (near.best.len > 0)
        near.best = arena_printf(g->c->scratch, "%.*s.%.*s", STR_ARG(name), STR_ARG(near.best));
    if (!did_you_mean(g->c, d, &near))
        hint(g->c, d, "add it to the input block: field %.*s column \"…\"", STR_ARG(field_name));
    return error_val();
}

static Val lower_path(Gen *g, const Node *n) {
    Str name = node_text(node_kid(n, 0));
    return n->n_kids == 1 ? lower_name(g, n, name) : lower_field(g, n, name, 0);
}

Val lower_latest(Gen *g, const Node *n) {
    static const char form[] = "latest(x, within 2 periods), of 1 to 1200 periods";
    const Node *x = node_kid(n, 1), *within = node_kid(n, 2);
    Number number;
    Unit unit;
    int64_t n_periods;
    uint32_t metric;
    Str word = node_text(node_kid(within, 1));
    if (!constant_value(g->c, node_kid(within, 0), &number, &unit))
        return error_val();
    if (!(str_eq(word, STR("periods")) || str_eq(word, STR("period"))) ||
        !number_to_int(number, &n_periods) || n_periods < 1 || n_periods > GEN_MAX_BACK)
        return refuse_arguments(g, n, form);
    Str name = x->kind == NODE_PATH ? node_text(node_kid(x, 0)) : STR("");
    if (!find_metric(g->c, name, &metric)) {
        report(g->c, D_LATEST, node_place(x), "`%.*s` is no metric, and `latest` looks for one",
               STR_ARG(node_text(x)))
            ->hint = STR("name a metric or a field of one; calculate with what `latest` finds: "
                         "latest(a, within 2 periods) / latest(b, within 2 periods)");
        return error_val();
    }
    return x->n_kids > 1 ? lower_field(g, x, name, (int32_t)n_periods)
                         : load_within(g, metric, FIELD_VALUE, (int32_t)n_periods, name);
}

// ---- arithmetic ---------------------------------------------------------------------------------

bool refuse_period(Gen *g, const Node *n, const Val *v) {
    if (!v->is_period)
        return false;
    report(g->c, D_TYPE, node_place(n), "periods are compared, not calculated with")->hint =
        STR("use previous(x) for the period before");
    return true;
}

static Val lower_arithmetic(Gen *g, const Node *n) {
    Val x = lower_number(g, node_kid(n, 0)), y = lower_number(g, node_kid(n, 1));
    if (x.type != VAL_NUMBER || y.type != VAL_NUMBER || refuse_period(g, n, &x) ||
        refuse_period(g, n, &y))
        return error_val();
    Unit unit = {0};
    bool fits;
    Opcode op;
    if (n->kind == NODE_MULTIPLY) {
        op = OP_MUL;
        fits = product_unit(g, n, &x, &y, &unit);
    } else if (n->kind == NODE_DIVIDE) {
        op = OP_DIV;
        fits = quotient_unit(g, n, &x, &y, &unit);
    } else {
        op = n->kind == NODE_ADD ? OP_ADD : OP_SUB;
        fits = sum_unit(g, n, &x, &y, &unit);
    }
    if (!fits)
        return error_val();
    g->place = node_place(n);
    return number_val(emit_new(g, KIND_NUMBER, op, x.reg, y.reg, 0), unit);
}

// a as percent of b; a per N of b.
static Val lower_share(Gen *g, const Node *n) {
    if (n->flags & NODE_BROKEN)
        return error_val();
    bool percent = n->kind == NODE_PERCENT_OF;
    Val x = lower_number(g, node_kid(n, 0)), y = lower_number(g, node_kid(n, percent ? 1 : 2));
    Number per = number_int(100);
    int64_t n_per = 100;
    if (!percent &&
        (number_parse(g->c->arena, node_text(node_kid(n, 1)), false, &per) != NUMBER_OK ||
         !number_to_int(per, &n_per) || n_per <= 0)) {
        report(g->c, D_UNKNOWN_UNIT, node_place(node_kid(n, 1)),
               "`per %.*s` needs a whole number above zero", STR_ARG(node_text(node_kid(n, 1))))
            ->hint = STR("write for instance per 10000 of children");
        return error_val();
    }
    if (x.type != VAL_NUMBER || y.type != VAL_NUMBER || refuse_period(g, n, &x) ||
        refuse_period(g, n, &y))
        return error_val();
    Unit unit, ignored;
    unit = percent ? (Unit){.kind = UNIT_PERCENT} : (Unit){.kind = UNIT_PER, .per = n_per};
    if (percent && !same_unit(g, n, &x, &y, &ignored))
        return error_val();
    g->place = node_place(n);
    return number_val(emit_new(g, KIND_NUMBER, OP_SHARE, x.reg, y.reg, add_const(g->c, per)), unit);
}

static Val lower_or_else(Gen *g, const Node *n) {
    Val x = lower_apart(g, node_kid(n, 0)), y = lower_apart(g, node_kid(n, 1));
    Unit unit;
    if (x.type != VAL_NUMBER || y.type != VAL_NUMBER || !same_unit(g, n, &x, &y, &unit))
        return error_val();
    g->place = node_place(n);
    return number_val(emit_new(g, KIND_NUMBER, OP_ELSE, x.reg, y.reg, n->flags & NODE_FLAG ? 1 : 0),
                      unit);
}

// ---- conditions as parts of conditions ----------------------------------------------------------

// The bare level [right] belongs to the levels of the condition [left] before it.
static void hint_at_one_of(Gen *g, Diag *d, const Node *left, const Node *first,
                           const Node *right) {
    Str meant =
        arena_printf(g->c->scratch, "%.*s is %sone of %.*s, %.*s",
                     STR_ARG(node_text(node_kid(left, 0))), left->flags & NODE_FLAG ? "not " : "",
                     STR_ARG(node_text(first)), STR_ARG(node_text(right)));
    hint(g->c, d, "write `%.*s`", STR_ARG(meant));
    Place both = node_place(left);
    both.len = right->to - left->from;
    diag_edit(g->c->diags, d, both, meant);
}

// `ofsted is inadequate or requires_improvement`: a bare level beside a condition that names one.
static bool refuse_bare_level(Gen *g, const Node *n) {
    const Node *left = node_kid(n, 0), *right = node_kid(n, 1);
    if (left->kind == NODE_OR)
        left = node_kid(left, 1);
    Val known;
    if (!is_level_somewhere(g->c, node_text(right)) || is_predefined(node_text(right)) ||
        right->kind != NODE_PATH || left->kind != NODE_IS || kpi_level(g, node_text(right), &known))
        return false;
    const Node *first = node_kid(left, 1);
    Diag *d =
        report(g->c, D_NOT_A_CONDITION, node_place(right),
               "`%.*s` is a level, which is neither true nor false", STR_ARG(node_text(right)));
    if (first && first->kind == NODE_LEVEL_IS && first->value == LEVEL_EXACTLY)
        hint_at_one_of(g, d, left, first, right);
    else
        hint(g->c, d, "write `… or %.*s is %.*s`", STR_ARG(node_text(node_kid(left, 0))),
             STR_ARG(node_text(right)));
    return true;
}

static Val lower_logic(Gen *g, const Node *n) {
    if (n->flags & NODE_BROKEN)
        return error_val();
    if (refuse_bare_level(g, n)) {
        lower_condition(g, node_kid(n, 0));
        return error_val();
    }
    Val x = lower_condition(g, node_kid(n, 0)), y = lower_condition(g, node_kid(n, 1));
    if (x.type != VAL_TRUTH || y.type != VAL_TRUTH)
        return error_val();
    g->place = node_place(n);
    return truth_val(
        emit_new(g, KIND_TRUTH, n->kind == NODE_AND ? OP_AND : OP_OR, x.reg, y.reg, 0));
}

static Val lower_not(Gen *g, const Node *n) {
    g->negated = !g->negated;
    Val x = lower_condition(g, node_kid(n, 0));
    g->negated = !g->negated;
    if (x.type != VAL_TRUTH)
        return error_val();
    g->place = node_place(n);
    return truth_val(emit_new(g, KIND_TRUTH, OP_NOT, x.reg, NO_REG, 0));
}

static Val lower_paren(Gen *g, const Node *n) {
    return lower(g, node_kid(n, 0));
}

static Val lower_negative(Gen *g, const Node *n) {
    return lower_one(g, n, OP_NEG);
}

// By kind of node; what is not here was reported where it was parsed.
static Val (*const lowerings[N_NODE_KINDS])(Gen *, const Node *) = {
    [NODE_NUMBER] = lower_literal,
    [NODE_NUMBER_PERCENT] = lower_literal,
    [NODE_NUMBER_UNIT] = lower_literal,
    [NODE_PERIOD] = lower_period,
    [NODE_STRING] = lower_text,
    [NODE_PATH] = lower_path,
    [NODE_PAREN] = lower_paren,
    [NODE_NEGATIVE] = lower_negative,
    [NODE_ADD] = lower_arithmetic,
    [NODE_SUBTRACT] = lower_arithmetic,
    [NODE_MULTIPLY] = lower_arithmetic,
    [NODE_DIVIDE] = lower_arithmetic,
    [NODE_PERCENT_OF] = lower_share,
    [NODE_PER_OF] = lower_share,
    [NODE_OR_ELSE] = lower_or_else,
    [NODE_CALL] = lower_call,
    [NODE_AMONG] = lower_among,
    [NODE_OF_ENTITY] = lower_of_entity,
    [NODE_OR] = lower_logic,
    [NODE_AND] = lower_logic,
    [NODE_NOT] = lower_not,
    [NODE_COMPARISON] = lower_comparison,
    [NODE_WORDS_COMPARISON] = lower_words_comparison,
    [NODE_IS] = lower_is,
    [NODE_DIRECTION_SPAN] = lower_direction_span,
    [NODE_ANY] = refuse_group_words,
    [NODE_ALL] = refuse_group_words,
    [NODE_COUNT_OF] = refuse_group_words,
    [NODE_SHARE_OF] = refuse_group_words,
    [NODE_WEIGHTED_SHARE_OF] = refuse_group_words,
};

enum { LOWER_MAX_DEPTH = 600 }; // a chain such as a + b + c + … is as deep as it is long

Val lower(Gen *g, const Node *n) {
    if (!n || g->fn->kinds.n >= PROGRAM_MAX_REGS)
        return error_val();
    if (g->depth >= LOWER_MAX_DEPTH) {
        report(g->c, D_TOO_DEEP, node_place(n),
               "the expression has more than %d steps inside one another", LOWER_MAX_DEPTH)
            ->hint = STR("give parts of the expression names of their own with `let`");
        return error_val();
    }
    g->depth++;
    g->place = node_place(n);
    bool opened = open_formula(g, n);
    Val v = lowerings[n->kind] ? lowerings[n->kind](g, n) : error_val();
    if (opened)
        g->formula = (Formula){0};
    g->depth--;
    return v;
}

Val lower_number(Gen *g, const Node *n) {
    Val v = lower(g, n);
    if (v.type == VAL_NUMBER || v.type == VAL_ERROR)
        return v;
    static const char *const types[] = {"", "", "a condition", "a level", "a text"};
    report(g->c, D_TYPE, node_place(n), "`%.*s` is %s, where a figure is needed",
           STR_ARG(node_text(n)), types[v.type])
        ->hint = v.type == VAL_LEVEL
                     ? STR("compare a level with `is`, e.g. `ofsted is good or better`")
                     : STR("use a metric, a number or a formula");
    return error_val();
}

Val lower_condition(Gen *g, const Node *n) {
    Val v = lower(g, n);
    if (v.type == VAL_TRUTH || v.type == VAL_ERROR)
        return v;
    Str text = node_text(n);
    Diag *d = report(g->c, D_NOT_A_CONDITION, node_place(n),
                     "`%.*s` is %s, which is neither true nor false", STR_ARG(text),
                     v.type == VAL_LEVEL  ? "a level"
                     : v.type == VAL_TEXT ? "a text"
                                          : "a figure");
    if (v.type == VAL_LEVEL)
        hint(g->c, d, "write which level: `%.*s is …`, or `%.*s is one of a, b`", STR_ARG(text),
             STR_ARG(text));
    else
        hint(g->c, d, "compare it with something, e.g. `%.*s > 20`", STR_ARG(text));
    return error_val();
}
