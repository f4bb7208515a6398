// SPDX-License-Identifier: Apache-2.0
// KPIs: the value, what it is compared with, its bands, and the code for all of it.
#include "lang/format.h"
#include "lang/gen.h"

// ---- polarity -----------------------------------------------------------------------------------

Polarity need_polarity(Gen *g, const Node *at, bool judged) {
    if (!g->spec)
        return POLARITY_NONE;
    Polarity p = g->kpi->polarity;
    if (p == POLARITY_NONE) {
        Diag *d = report(g->c, D_NO_POLARITY, node_place(at),
                         "the KPI `%.*s` does not say which way is good", STR_ARG(g->spec->name));
        d->hint =
            STR("add `good is high`, `good is low`, `good is near NUMBER` or `good is not judged`");
        return p;
    }
    if (p == POLARITY_NOT_JUDGED && judged) {
        report(g->c, D_NEEDS_JUDGEMENT, node_place(at),
               "`%.*s`: this KPI is not judged, so nothing is better or worse",
               STR_ARG(node_text(at)))
            ->hint = STR("use up and down, or say `good is high` or `good is low`");
        return POLARITY_NONE;
    }
    return p;
}

static void read_polarity(Gen *g, const Node *good, Polarity *polarity, Number *near) {
    if (!good)
        return;
    const Node *p = node_kid(good, 0);
    Unit unit;
    if (p->kind == NODE_HIGH)
        *polarity = POLARITY_HIGH;
    else if (p->kind == NODE_LOW)
        *polarity = POLARITY_LOW;
    else if (p->kind == NODE_NOT_JUDGED)
        *polarity = POLARITY_NOT_JUDGED;
    else if (p->kind == NODE_NEAR) {
        *polarity = POLARITY_NEAR; // also when the aim is wrong, which is reported once
        *near = number_int(0);
        if (constant_value(g->c, node_kid(p, 0), near, &unit))
            g->near_unit = unit;
    }
}

// ---- the value ----------------------------------------------------------------------------------

static Val own_metric(Gen *g) {
    uint32_t metric;
    KpiSpec *spec = g->spec;
    if (find_metric(g->c, spec->name, &metric)) {
        g->place = spec->place;
        return load_metric(g, metric, FIELD_VALUE, spec->name);
    }
    Diag *d =
        report(g->c, D_NO_VALUE, spec->place,
               "the KPI `%.*s` has no `value`, and no metric has its name", STR_ARG(spec->name));
    if (!is_shown(g->c, d))
        return error_val();
    Suggestion near = suggest_for(spec->name);
    for (size_t i = 0; i < g->c->metrics.n; i++)
        suggest_consider(&near, g->c->metrics.v[i].name);
    if (near.best.len > 0)
        hint(g->c, d, "add `value EXPRESSION`; did you mean the metric `%.*s`?",
             STR_ARG(near.best));
    else
        hint(g->c, d, "add `value EXPRESSION`, or declare: metric %.*s \"Label\" UNIT",
             STR_ARG(spec->name));
    return error_val();
}

// The value as it is, without `needs`.
static Val raw_value(Gen *g, Shift shift) {
    uint32_t slot;
    const char *given = is_now(shift)                         ? "value"
                        : shift.years == 0 && shift.back == 1 ? "previous"
                                                              : NULL;
    if (given && find_own_given(g, str_from(given), &slot)) {
        Val v = number_val(emit_new(g, KIND_NUMBER, OP_GIVEN, NO_REG, NO_REG, slot), g->kpi->unit);
        return v;
    }
    if (g->fn->is_example && !is_now(shift))
        return number_val(emit_missing(g, WHY(REASON_NOT_GIVEN)), g->kpi->unit);
    Shift outer = g->shift;
    bool reads = g->collect_reads;
    g->shift = shift;
    g->collect_reads = is_now(shift);
    Val v = g->spec->value ? lower_number(g, node_kid(g->spec->value, 0)) : own_metric(g);
    g->collect_reads = reads;
    g->shift = outer;
    return v;
}

// A run may set the figure by hand.
static void note_settable(Gen *g, Str name, Shift shift, const Val *v) {
    if (v->type == VAL_NUMBER && !g->fn->is_example)
        VEC_PUSH(g->c->arena, &g->fn->settables,
                 ((Settable){v->reg, g->spec->name, arena_str(g->c->arena, name), shift.back,
                             shift.years}));
}

// `needs` counts as met in examples, which give the value itself.
static Val gate(Gen *g, Val v, Shift shift) {
    if (!g->spec->needs || g->fn->is_example || v.type != VAL_NUMBER)
        return v;
    Shift outer = g->shift;
    g->shift = shift;
    Val needs = lower_condition(g, node_kid(g->spec->needs, 0));
    g->shift = outer;
    if (needs.type != VAL_TRUTH)
        return error_val();
    g->place = node_place(g->spec->needs);
    v.reg = emit_new(g, KIND_NUMBER, OP_GATE, v.reg, needs.reg, 0);
    return v;
}

Val *find_judged(Gen *g, Shift shift) {
    for (size_t i = 0; i < g->judged.n; i++) {
        JudgedMemo *m = &g->judged.v[i];
        if (m->at.back == shift.back && m->at.years == shift.years)
            return &m->val;
    }
    return NULL;
}

static Str words_for_time(Gen *g, Shift shift) {
    Str name = shift.years == 1  ? STR("the year before")
               : shift.years > 1 ? arena_printf(g->c->arena, "%d years before", shift.years)
                                 : STR("value");
    if (shift.years > 0 || shift.back == 0)
        return name;
    return shift.back == 1 ? STR("the period before")
                           : arena_printf(g->c->arena, "%d periods before", shift.back);
}

Val judged_value(Gen *g, Shift shift, const Node *at) {
    if (!g->spec) {
        report(g->c, D_UNKNOWN_NAME, node_place(at), "`value` has a meaning only inside a KPI");
        return error_val();
    }
    if (g->value_in_progress) {
        report(g->c, D_CYCLE, node_place(at), "the value of `%.*s` is defined by way of itself",
               STR_ARG(g->spec->name))
            ->hint = STR("name the metrics it is made of");
        return error_val();
    }
    const Val *known = find_judged(g, shift);
    if (known)
        return *known;
    Place outer = g->place;
    g->value_in_progress = true;
    Val raw = raw_value(g, shift);
    note_settable(g, STR("value"), shift, &raw);
    Val v = gate(g, raw, shift);
    g->value_in_progress = false;
    if (v.type == VAL_NUMBER) {
        v.unit = g->kpi->unit.kind == UNIT_NONE ? v.unit : g->kpi->unit;
        v.literal = false;
        v.is_value = is_now(shift);
        v.is_period = false;
        v.name = words_for_time(g, shift);
        VEC_PUSH(g->c->scratch, &g->judged, ((JudgedMemo){shift, v}));
    }
    if (is_now(shift))
        g->value = raw;
    g->place = outer;
    return v;
}

// A constant in the KPI's own unit, or a bare number.
static bool constant_unit_fits(Gen *g, const Node *n, Unit unit, const char *what) {
    Unit own = g->kpi->unit;
    if (unit.kind == UNIT_NONE || own.kind == UNIT_NONE || unit_eq(unit, own))
        return true;
    Str own_words, given;
    unit_words(g->c, own, &own_words);
    unit_words(g->c, unit, &given);
    hint(g->c,
         report(g->c, D_UNITS, node_place(n), "%s is in %.*s, the KPI in %.*s", what,
                STR_ARG(given), STR_ARG(own_words)),
         "write the number alone");
    return false;
}

static void settle_unit(Gen *g, const Val *raw) {
    Kpi *k = g->kpi;
    if (!g->spec->has_unit) {
        k->unit = raw->unit;
        return;
    }
    k->unit = g->spec->unit;
    if (raw->unit.kind == UNIT_NONE || unit_eq(raw->unit, k->unit))
        return;
    Str own, given;
    unit_words(g->c, k->unit, &own);
    unit_words(g->c, raw->unit, &given);
    hint(g->c,
         report(g->c, D_UNIT_CLAUSE, g->spec->place,
                "the KPI `%.*s` says its unit is %.*s, but its value is in %.*s",
                STR_ARG(g->spec->name), STR_ARG(own), STR_ARG(given)),
         "take the unit out, or compute the value in %.*s", STR_ARG(own));
}

// ---- comparators and target ---------------------------------------------------------------------

static Val lower_figure(Gen *g, FigureMemo *memo, const Node *expression, const Node *at) {
    if (memo->in_progress) {
        report(g->c, D_CYCLE, node_place(at), "`%.*s` is defined by way of itself",
               STR_ARG(memo->name))
            ->hint = STR("work it out from other figures");
        return error_val();
    }
    uint32_t slot;
    if (is_now(g->shift) && find_own_given(g, memo->name, &slot))
        return number_val(emit_new(g, KIND_NUMBER, OP_GIVEN, NO_REG, NO_REG, slot), g->kpi->unit);
    if (g->fn->is_example && !expression)
        return number_val(emit_missing(g, WHY(REASON_NOT_GIVEN)), g->kpi->unit);
    memo->in_progress = true;
    Val v = lower_number(g, expression);
    memo->in_progress = false;
    return v;
}

static Val lower_trajectory(Gen *g, const Node *n) {
    Trajectory t = {.periods = ARENA_ARRAY(g->c->arena, Period, n->n_kids),
                    .values = ARENA_ARRAY(g->c->arena, uint32_t, n->n_kids)};
    if (!t.periods || !t.values)
        return error_val();
    Unit unit = g->kpi->unit;
    for (uint32_t i = 0; i < n->n_kids; i++) {
        const Node *point = n->kids[i];
        Number value;
        Unit given;
        Period p;
        if (point->kind != NODE_POINT || !constant_value(g->c, node_kid(point, 1), &value, &given))
            return error_val();
        if (!constant_unit_fits(g, node_kid(point, 1), given, "this target"))
            return error_val();
        warn_month_like_years(g->c, node_kid(point, 0));
        if (!period_parse(node_text(node_kid(point, 0)), &p)) {
            report(g->c, D_BAD_PERIOD, node_place(point), "`%.*s` is not a period",
                   STR_ARG(node_text(node_kid(point, 0))))
                ->hint = STR("write 2023-05, 2023-Q2, FY2023-24, AY2023/24, 2023 or 2023-05-31");
            return error_val();
        }
        for (uint32_t k = 0; k < t.n; k++)
            if (period_eq(t.periods[k], p) || t.periods[k].kind != p.kind) {
                bool mixed = t.periods[k].kind != p.kind;
                Str label = node_text(node_kid(point, 0));
                Diag *d = report(g->c, D_TRAJECTORY, node_place(point),
                                 mixed ? "`%.*s` is another kind of period than the lines before"
                                       : "the period %.*s has two targets",
                                 STR_ARG(label));
                d->other = node_place(n->kids[k]);
                d->note = STR("the other line");
                d->hint = mixed ? STR("keep to one kind: months, quarters or years")
                                : STR("remove one of the lines, or correct its period");
                return error_val();
            }
        // The plan for the period before, asked of a period, stands at the one behind it.
        if (!period_before(period_add(p, g->shift.back), -g->shift.years, 0, &p))
            continue;
        t.periods[t.n] = p;
        t.values[t.n++] = add_const(g->c, value);
    }
    VEC_PUSH(g->c->arena, &g->c->trajectories, t);
    g->place = node_place(n);
    return number_val(
        emit_new(g, KIND_NUMBER, OP_TRAJECTORY, NO_REG, NO_REG, (uint32_t)g->c->trajectories.n - 1),
        unit);
}

static Val lower_target(Gen *g, const Node *at) {
    const Node *clause = g->spec->target;
    uint32_t slot;
    if (clause->kind == NODE_TRAJECTORY &&
        !(g->fn->is_example && find_own_given(g, STR("target"), &slot)))
        return g->fn->is_example ? number_val(emit_missing(g, WHY(REASON_NOT_GIVEN)), g->kpi->unit)
                                 : lower_trajectory(g, clause);
    const Node *expression = clause->kind == NODE_TARGET ? node_kid(clause, 0) : NULL;
    return lower_figure(g, &g->target, expression, at);
}

bool kpi_figure(Gen *g, Str name, const Node *at, Val *out) {
    FigureMemo *memo = NULL;
    const Node *compare = NULL;
    if (str_eq(name, STR("target")) && g->spec->target)
        memo = &g->target;
    for (size_t i = 0; i < g->figures.n && !memo; i++)
        if (str_eq(g->figures.v[i].name, name)) {
            memo = &g->figures.v[i];
            compare = g->spec->compares.v[i];
        }
    uint32_t metric;
    // `compare neighbours = neighbours`: within its own clause the name means the metric.
    if (!memo || (memo->in_progress && find_metric(g->c, name, &metric)))
        return false;
    if (memo->done && is_now(g->shift)) {
        *out = memo->val;
        return true;
    }
    Place outer = g->place;
    bool if_known = g->if_known;
    g->if_known = false;
    *out = compare ? lower_figure(g, memo, node_kid(compare, 2), at) : lower_target(g, at);
    note_settable(g, memo->name, g->shift, out);
    g->if_known = if_known;
    g->place = outer;
    out->is_value = false;
    out->literal = false;
    if (out->type != VAL_NUMBER)
        return true;
    Str label = compare && node_kid(compare, 1) ? node_string(g->c->scratch, node_kid(compare, 1))
                                                : memo->name;
    out->name = arena_str(g->c->arena, label);
    if (is_now(g->shift)) {
        memo->val = *out;
        memo->done = true;
    }
    return true;
}

// ---- direction ----------------------------------------------------------------------------------

static uint16_t steady_margin(Gen *g, const Val *previous) {
    const Node *clause = g->spec->steady;
    if (!clause)
        return emit_const(g, number_int(0));
    return lower_amount(g, node_kid(clause, 0), previous, g->kpi->unit, NULL);
}

static bool unknown_is_steady(Gen *g) {
    const Node *words = g->spec->steady ? node_kid(g->spec->steady, 1) : NULL;
    if (!words)
        return false;
    bool ok = str_eq(node_text(node_kid(words, 0)), STR("unknown")) &&
              str_eq(node_text(node_kid(words, 1)), STR("steady"));
    if (!ok)
        report(g->c, D_STEADY, node_place(words), "`%.*s` is not understood",
               STR_ARG(node_text(words)))
            ->hint = STR("write `, unknown counts as steady`");
    return ok;
}

static Val direction_level(const Gen *g, bool arrows) {
    const Program *p = g->c->program;
    return (Val){.type = VAL_LEVEL,
                 .reg = NO_REG,
                 .scale = arrows ? p->arrow_scale : p->direction_scale,
                 .band_table = UINT32_MAX,
                 .is_direction = true,
                 .name = STR("direction")};
}

static Val make_direction(Gen *g, const Node *at, bool raw) {
    uint32_t slot;
    bool judged = g->kpi->polarity != POLARITY_NONE && g->kpi->polarity != POLARITY_NOT_JUDGED;
    bool arrows = raw || !judged;
    Val out = direction_level(g, arrows);
    if (!(raw && judged) && find_own_given(g, STR("direction"), &slot)) {
        out.reg = emit_new(g, KIND_LEVEL, OP_GIVEN_LEVEL, NO_REG, NO_REG, slot);
        return out;
    }
    return direction_between(g, at, (Shift){0}, (Shift){.back = 1}, arrows);
}

Val direction_between(Gen *g, const Node *at, Shift from, Shift to, bool arrows) {
    Val out = direction_level(g, arrows);
    Val now = judged_value(g, from, at), before = judged_value(g, to, at);
    if (now.type != VAL_NUMBER || before.type != VAL_NUMBER)
        return error_val();
    Place outer = g->place;
    if (g->spec->steady)
        g->place = node_place(g->spec->steady);
    uint16_t margin = steady_margin(g, &before);
    if (margin == NO_REG)
        return error_val();
    bool near = !arrows && g->kpi->polarity == POLARITY_NEAR;
    uint16_t a = near ? distance_to_aim(g, now.reg) : now.reg,
             b = near ? distance_to_aim(g, before.reg) : before.reg;
    bool low = !arrows && g->kpi->polarity != POLARITY_HIGH;
    out.reg = new_reg(g, KIND_LEVEL);
    emit(g, OP_DIRECTION, out.reg, a, b, margin, low);
    if (unknown_is_steady(g)) {
        uint16_t steady = emit_new(g, KIND_LEVEL, OP_CONST_LEVEL, NO_REG, NO_REG, LEVEL_STEADY);
        out.reg = emit_new(g, KIND_LEVEL, OP_ELSE_LEVEL, out.reg, steady, 0);
    }
    g->place = outer;
    return out;
}

Val direction_value(Gen *g, const Node *at) {
    if (!g->has_direction)
        g->direction = make_direction(g, at, false);
    g->has_direction = true;
    return g->direction;
}

Val raw_direction_value(Gen *g, const Node *at) {
    if (!g->has_raw_direction)
        g->raw_direction = make_direction(g, at, true);
    g->has_raw_direction = true;
    return g->raw_direction;
}

// ---- bands --------------------------------------------------------------------------------------

static const Node *bands_option(const BandSpec *b, NodeKind kind) {
    for (uint32_t i = 0; b->options && i < b->options->n_kids; i++)
        if (b->options->kids[i]->kind == kind)
            return b->options->kids[i];
    return NULL;
}

// The figure that bands read, in the time of g->shift.
static Val banded_figure(Gen *g, const Node *on) {
    return on ? lower_number(g, on) : judged_value(g, g->shift, NULL);
}

// Makes the table of [b] for [subject].
static bool gen_table(Gen *g, const BandSpec *b, const Val *subject, uint32_t *table) {
    Polarity polarity = g->kpi->polarity;
    Number near = g->near;
    const Node *good = bands_option(b, NODE_GOOD);
    Place place = b->on ? node_place(b->on) : b->place;
    if (b->on) {
        polarity = POLARITY_NONE;
        read_polarity(g, good, &polarity, &near);
    } else if (good) {
        report(g->c, D_BAND_OPTION, node_place(good),
               "`good is` beside bands is for those with `on`")
            ->hint = STR("put `good is` on a line of its own in the KPI");
    }
    if (polarity == POLARITY_NONE) {
        Diag *d = report(g->c, D_NO_POLARITY, place, "these bands do not say which way is good");
        d->hint = b->on ? STR("add it to the bands line: `on …, good is high`")
                        : STR("add `good is high`, `good is low`, `good is near NUMBER` or `good "
                              "is not judged` to the KPI");
        polarity = POLARITY_NOT_JUDGED; // what does not depend on it is looked at all the same
        g->c->n_settled++;
    }
    return lower_bands(g->c, g->spec->name, b, polarity, near, subject->unit, g->kpi->decimals,
                       g->kpi->mode, table) &&
           subject->type == VAL_NUMBER;
}

static Val add_level(Gen *g, const BandSpec *b, const Val *subject, uint32_t table,
                     uint32_t dated) {
    Val v = {.type = VAL_LEVEL,
             .scale = g->c->band_tables.v[table].scale,
             .band_table = table,
             .dated = dated,
             .name = b->name,
             .unit = subject->unit};
    g->place = b->place;
    v.reg = dated > 0 ? emit_new(g, KIND_LEVEL, OP_BAND_DATED, subject->reg, NO_REG, dated - 1)
                      : emit_new(g, KIND_LEVEL, OP_BAND, subject->reg, NO_REG, table);
    return v;
}

static bool same_figure(Gen *g, const BandSpec *a, const BandSpec *b) {
    if (!a->on || !b->on)
        return !a->on && !b->on;
    return str_eq(format_phrase(g->c->scratch, node_kid(a->on, 0)),
                  format_phrase(g->c->scratch, node_kid(b->on, 0)));
}

// The tables of the name of bands [i], each in its time.
static bool gen_dated_bands(Gen *g, size_t i, const Val *subject, Val *out) {
    const BandSpec *first = &g->spec->bands.v[i];
    Dated d = {.name = arena_str(g->c->arena, first->name),
               .v = ARENA_ARRAY(g->c->arena, Validity, g->spec->bands.n)};
    bool ok = d.v;
    for (size_t k = i; d.v && k < g->spec->bands.n; k++) {
        const BandSpec *b = &g->spec->bands.v[k];
        Validity *v = &d.v[d.n];
        uint32_t table;
        if (!str_eq(b->name, first->name))
            continue;
        bool fits = same_figure(g, first, b);
        if (!fits)
            report_unlike(g, b->place, first->place, "the figure that they read");
        if (!read_validity(g->c, b->valid, v) || !gen_table(g, b, subject, &table) || !fits) {
            ok = false;
            continue;
        }
        v->band_table = table;
        d.n++;
        if (g->c->band_tables.v[table].scale != g->c->band_tables.v[d.v[0].band_table].scale) {
            report_unlike(g, b->place, first->place, "their scale");
            ok = false;
        }
    }
    uint32_t index;
    if (!ok || !add_dated(g, d, &index))
        return false;
    *out = add_level(g, first, subject, g->c->dated.v[index].v[0].band_table, index + 1);
    return true;
}

// Makes the level of bands [i], unless it was made with others of the name.
static bool gen_bands(Gen *g, size_t i) {
    const BandSpec *b = &g->spec->bands.v[i];
    const Node *on = b->on ? node_kid(b->on, 0) : NULL;
    for (size_t k = 0; k < i; k++)
        if (str_eq(g->spec->bands.v[k].name, b->name))
            return true;
    Val subject = banded_figure(g, on), v;
    uint32_t table;
    if (b->valid) {
        if (!gen_dated_bands(g, i, &subject, &v))
            return false;
    } else {
        if (!gen_table(g, b, &subject, &table))
            return false;
        v = add_level(g, b, &subject, table, 0);
    }
    VEC_PUSH(g->c->scratch, &g->levels, ((LevelMemo){b->name, v, on}));
    return true;
}

// The level of an earlier time, by the rules of that time.
static bool earlier_level(Gen *g, const LevelMemo *now, Val *out) {
    Val subject = banded_figure(g, now->on);
    if (subject.type != VAL_NUMBER) {
        *out = error_val();
        return true;
    }
    uint32_t index = now->val.dated;
    if (index > 0) {
        Dated then = g->c->dated.v[index - 1];
        then.back = g->shift.back;
        then.years = g->shift.years;
        VEC_PUSH(g->c->arena, &g->c->dated, then);
        index = (uint32_t)g->c->dated.n;
    }
    *out = now->val;
    out->dated = index;
    out->name = arena_printf(g->c->arena, "%.*s of %.*s", STR_ARG(now->name),
                             STR_ARG(words_for_time(g, g->shift)));
    out->reg = index > 0
                   ? emit_new(g, KIND_LEVEL, OP_BAND_DATED, subject.reg, NO_REG, index - 1)
                   : emit_new(g, KIND_LEVEL, OP_BAND, subject.reg, NO_REG, now->val.band_table);
    return true;
}

bool kpi_level(Gen *g, Str name, Val *out) {
    for (size_t i = 0; i < g->levels.n; i++) {
        const LevelMemo *m = &g->levels.v[i];
        if (!str_eq(m->name, name))
            continue;
        if (!is_now(g->shift))
            return earlier_level(g, m, out);
        *out = m->val;
        return true;
    }
    return false;
}

// ---- all of a KPI -------------------------------------------------------------------------------

static void fill_results(Gen *g) {
    Kpi *k = g->kpi;
    Arena *a = g->c->arena;
    k->levels = ARENA_ARRAY(a, NamedLevel, g->levels.n);
    for (size_t i = 0; k->levels && i < g->levels.n; i++) {
        Val v = g->levels.v[i].val;
        k->levels[k->n_levels++] = 
            (NamedLevel){g->levels.v[i].name, v.scale, v.reg, v.band_table, v.dated};
    }
    k->figures = ARENA_ARRAY(a, NamedFigure, g->figures.n + 1 + N_CHART_FIGURES);
    for (size_t i = 0; k->figures && i <= g->figures.n; i++) {
        const FigureMemo *m = i < g->figures.n ? &g->figures.v[i] : &g->target;
        if (m->done)
            k->figures[k->n_figures++] =
                (NamedFigure){arena_str(a, m->name), m->val.name, m->val.reg, m->val.unit};
    }
    if (k->figures)
        chart_results(g, k);
    k->reads = g->reads.v;
    k->n_reads = (uint32_t)g->reads.n;
}

static bool gen_value(Gen *g) {
    KpiSpec *s = g->spec;
    Kpi *k = g->kpi;
    if (s->has_unit)
        k->unit = s->unit;
    Node at = {.kind = NODE_NAME};
    Val v = judged_value(g, (Shift){0}, &at);
    if (g->value.type != VAL_NUMBER)
        return false;
    settle_unit(g, &g->value);
    if (v.type != VAL_NUMBER)
        return false;
    Val *memo = find_judged(g, (Shift){0});
    if (!memo)
        return false; // memory ran out
    memo->unit = k->unit;
    if (s->good)
        constant_unit_fits(g, node_kid(node_kid(s->good, 0), 0), g->near_unit, "the aim");
    k->value = g->value.reg;
    k->judged = v.reg;
    if (g->reads.n == 0 && !g->fn->is_example) {
        report(g->c, D_NO_VALUE, s->place,
               "the value of `%.*s` reads no metric, so it has no row in any data",
               STR_ARG(s->name))
            ->hint = STR("make the value from at least one metric");
        return false;
    }
    return true;
}

static void read_not_monotone(Gen *g, const Node *clause) {
    if (!clause)
        return;
    g->kpi->not_monotone = node_place(clause);
    if (!node_kid(clause, 0))
        report(g->c, D_NO_REASON, node_place(clause), "`not monotone` does not say why")->hint =
            STR("give the reason: not monotone because \"…\"");
}

bool gen_kpi(Gen *g) {
    KpiSpec *s = g->spec;
    Kpi *k = g->kpi;
    size_t n_errors = g->c->n_reported - g->c->n_settled;
    *k = (Kpi){.name = s->name,
               .label = s->label,
               .source = s->source,
               .note = s->note,
               .place = s->place,
               .unjudged = s->unjudged,
               .decimals = -1,
               .value = NO_REG,
               .judged = NO_REG,
               .previous = NO_REG,
               .direction = NO_REG,
               .status = NO_REG};
    if (s->precision)
        read_rounding(g->c, node_kid(s->precision, 0), &k->decimals, &k->mode);
    read_polarity(g, s->good, &k->polarity, &g->near);
    k->aim = g->near;
    read_not_monotone(g, s->not_monotone);
    for (size_t i = 0; i < s->compares.n; i++)
        VEC_PUSH(g->c->scratch, &g->figures,
                 ((FigureMemo){.name = node_text(node_kid(s->compares.v[i], 0))}));
    g->target = (FigureMemo){.name = STR("target")};
    uint32_t own;
    if (k->label.len == 0 && !s->value && find_metric(g->c, s->name, &own))
        k->label = g->c->metrics.v[own].label;
    if (!gen_value(g))
        return false;
    Val v;
    for (size_t i = 0; i < s->compares.n; i++)
        kpi_figure(g, g->figures.v[i].name, s->compares.v[i], &v);
    if (s->target)
        kpi_figure(g, STR("target"), s->target, &v);
    Val direction = direction_value(g, s->steady);
    if (direction.type == VAL_LEVEL)
        k->direction = direction.reg;
    const Val *previous = find_judged(g, (Shift){.back = 1});
    if (previous)
        k->previous = previous->reg;
    bool all_made = true;
    for (size_t i = 0; i < s->bands.n; i++)
        all_made = gen_bands(g, i) && all_made;
    // A status whose bands are wrong would be reported once more for what it then lacks.
    if (all_made && gen_chart(g))
        gen_status(g);
    fill_results(g);
    return g->c->n_reported - g->c->n_settled == n_errors && !compiler_failed(g->c);
}

// A KPI that could not be read whole would be charged with what it lacks.
static void lower_kpi(Compiler *c, KpiSpec *spec) {
    if (spec->broken)
        return;
    Kpi kpi;
    Fn fn = {.c = c, .first = (uint32_t)c->code.n};
    Gen g = {.c = c, .fn = &fn, .spec = spec, .kpi = &kpi, .place = spec->place};
    g.value = error_val();
    if (!gen_kpi(&g))
        return;
    kpi.fn = finish_function(&g);
    spec->kpi = (uint32_t)c->kpis.n;
    spec->lowered = VEC_PUSH(c->arena, &c->kpis, kpi);
    spec->value_unit = kpi.unit;
}

// A constant is checked once even where nothing uses it, as far as that is possible outside a KPI.
static void check_let(Compiler *c, LetInfo *let) {
    size_t n_code = c->code.n, n_series = c->series.n;
    Fn fn = {.c = c, .first = (uint32_t)n_code};
    Gen g = {.c = c, .fn = &fn};
    let->in_progress = true;
    lower(&g, let->expression);
    let->in_progress = false;
    c->code.n = n_code;
    c->places.n = n_code;
    c->series.n = c->series_code.n = n_series;
}

void lower_kpis(Compiler *c) {
    for (size_t i = 0; i < c->lets.n && !compiler_failed(c); i++)
        check_let(c, &c->lets.v[i]);
    for (size_t i = 0; i < c->specs.n && !compiler_failed(c); i++)
        lower_kpi(c, &c->specs.v[i]);
}
