// SPDX-License-Identifier: Apache-2.0
// `spc`: the chart of a KPI, and the levels and figures that it gives.
#include "lang/gen.h"

void declare_chart_scales(Compiler *c) {
    static const char *const variation[] = {"concerning", "common_cause", "improving", NULL};
    static const char *const unusual[] = {"low", "common_cause", "high", NULL};
    static const char *const assurance[] = {"failing", "hit_or_miss", "passing", NULL};
    static const char *const rules[] = {"outside_limits", "trend", "near_limit", "one_side",
                                        "none", NULL};
    bool any = false;
    for (size_t i = 0; i < c->specs.n; i++)
        any = any || c->specs.v[i].spc;
    if (!any)
        return; // so that rules without charts are listed as they always were
    // No name that a rule file can give has a blank.
    declare_built_in_scale(c, STR("spc variation"), variation, &c->program->variation_scale);
    declare_built_in_scale(c, STR("spc unusual"), unusual, &c->program->unusual_scale);
    declare_built_in_scale(c, STR("spc assurance"), assurance, &c->program->assurance_scale);
    declare_built_in_scale(c, STR("spc rules"), rules, &c->program->chart_rule_scale);
}

// ---- the lines ----------------------------------------------------------------------------------

static const char forms[] =
    "the lines are: screen large moving ranges, keep every moving range, baseline 2021-04 to "
    "2022-03, rebase from 2023-04 because \"…\", at least 12 figures";

static bool refuse_line(Gen *g, const Node *line) {
    report(g->c, D_SPC_LINE, node_place(line), "`%.*s` is no line of `spc`",
           STR_ARG(node_text(line)))
        ->hint = str_from(forms);
    return false;
}

static bool read_period(Gen *g, const Node *n, Period *out) {
    warn_month_like_years(g->c, n);
    if (period_parse(node_text(n), out))
        return true;
    report(g->c, D_BAD_PERIOD, node_place(n), "`%.*s` is not a period", STR_ARG(node_text(n)))
        ->hint = STR("write 2023-05, 2023-Q2, FY2023-24, AY2023/24, 2023 or 2023-05-31");
    return false;
}

static bool says_twice(Gen *g, const Node *line, bool said, const char *what) {
    if (said)
        report(g->c, D_SPC_LINE, node_place(line), "`spc` says twice %s", what)->hint =
            STR("remove one of the lines");
    return said;
}

static bool read_baseline(Gen *g, const Node *line, Chart *out) {
    if (!str_eq(node_text(node_kid(line, 0)), STR("baseline")))
        return refuse_line(g, line);
    if (says_twice(g, line, out->first.kind != PERIOD_NONE, "from which periods the limits come"))
        return false;
    if (!read_period(g, node_kid(line, 1), &out->first) ||
        !read_period(g, node_kid(line, 2), &out->last))
        return false;
    out->baseline = node_place(line);
    if (period_first_day(out->first) <= period_last_day(out->last))
        return true;
    report(g->c, D_SPC_PERIODS, node_place(line), "the baseline ends before it begins")->hint =
        STR("write the earlier period first: baseline 2021-04 to 2022-03");
    return false;
}

static bool read_rebase(Gen *g, const Node *line, Rebase *out) {
    if (!str_eq(node_text(node_kid(line, 0)), STR("rebase")))
        return refuse_line(g, line);
    const Node *because = node_kid(line, 2);
    out->place = node_place(line);
    if (!read_period(g, node_kid(line, 1), &out->from))
        return false;
    if (because) {
        out->because = arena_str(g->c->arena, node_string(g->c->scratch, because));
        return true;
    }
    report(g->c, D_SPC_REASON, node_place(line), "`rebase` does not say why")->hint =
        STR("give the reason: rebase from 2023-04 because \"new recording system\"");
    return false;
}

static bool add_rebase(Gen *g, const Node *line, Chart *out) {
    Rebase *r = &out->rebases[out->n_rebases];
    if (!read_rebase(g, line, r))
        return false;
    const Rebase *before = out->n_rebases > 0 ? r - 1 : NULL;
    if (before && period_first_day(before->from) >= period_first_day(r->from)) {
        Diag *d = report(g->c, D_SPC_PERIODS, node_place(line),
                         "this rebase is not later than the one before it");
        d->other = before->place;
        d->note = STR("the one before");
        d->hint = STR("write rebases in the order of their periods, each once");
        return false;
    }
    out->n_rebases++;
    return true;
}

static bool read_least(Gen *g, const Node *line, Chart *out) {
    Number n;
    int64_t least;
    bool ok = str_eq(node_text(node_kid(line, 1)), STR("figures")) &&
              number_parse(g->c->scratch, node_text(node_kid(line, 0)), false, &n) == NUMBER_OK &&
              number_to_int(n, &least) && least >= 2 && least <= INT32_MAX;
    if (!ok)
        return refuse_line(g, line);
    out->least = (uint32_t)least;
    return true;
}

// Is the line made of these words, whatever the blanks between them?
static bool says(const Node *line, const char *const *words) {
    uint32_t n = 0;
    while (words[n] && n < line->n_kids && str_eq(node_text(line->kids[n]), str_from(words[n])))
        n++;
    return n == line->n_kids && !words[n];
}

static bool read_screen(Gen *g, const Node *line, Chart *out, bool *said) {
    static const struct {
        const char *words[5];
        bool screen;
    } ways[] = {{{"screen", "large", "moving", "ranges"}, true},
                {{"keep", "every", "moving", "range"}, false}};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        if (!says(line, ways[i].words))
            continue;
        if (says_twice(g, line, *said, "which moving ranges count"))
            return false;
        out->screen = ways[i].screen;
        return *said = true;
    }
    return refuse_line(g, line);
}

static bool read_line(Gen *g, const Node *line, Chart *out, bool *said) {
    if (line->kind == NODE_BASELINE)
        return read_baseline(g, line, out);
    if (line->kind == NODE_REBASE)
        return add_rebase(g, line, out);
    if (line->kind == NODE_FIGURES_NEEDED)
        return read_least(g, line, out);
    return line->kind == NODE_WORDS && read_screen(g, line, out, said);
}

// A rebase within the baseline would leave a part of it to either stretch.
static bool baseline_is_whole(Gen *g, const Chart *chart) {
    for (uint32_t i = 0; i < chart->n_rebases && chart->first.kind != PERIOD_NONE; i++) {
        int32_t day = period_first_day(chart->rebases[i].from);
        if (day <= period_first_day(chart->first) || day > period_last_day(chart->last))
            continue;
        report(g->c, D_SPC_PERIODS, chart->rebases[i].place,
               "this rebase lies within the baseline")
            ->hint = STR("end the baseline before it, or let the rebase begin behind it");
        return false;
    }
    return true;
}

static bool read_chart(Gen *g, const Node *clause, Chart *out) {
    bool ok = true, said = false;
    *out = (Chart){.least = CHART_LEAST, .place = node_place(clause)};
    out->rebases = ARENA_ARRAY(g->c->arena, Rebase, clause->n_kids);
    if (!out->rebases)
        return false;
    for (uint32_t i = 0; i < clause->n_kids; i++)
        ok = read_line(g, clause->kids[i], out, &said) && ok;
    if (ok && !said) {
        report(g->c, D_SPC_SCREEN, out->place, "`spc` does not say which moving ranges count")
            ->hint = STR("add `screen large moving ranges`, which leaves out those above 3.267 "
                         "times their mean, or `keep every moving range`");
        return false;
    }
    return ok && baseline_is_whole(g, out);
}

// ---- what it gives ------------------------------------------------------------------------------

// A name of the chart that the KPI gives to something else.
static bool names_are_free(Gen *g) {
    static const char *const names[] = {"variation", "assurance", "spc_rule", "mean", "lower_limit",
                                        "upper_limit"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        Str name = str_from(names[i]);
        Place place = {0};
        for (size_t k = 0; k < g->spec->bands.n; k++)
            if (str_eq(g->spec->bands.v[k].name, name))
                place = g->spec->bands.v[k].place;
        for (size_t k = 0; k < g->spec->compares.n; k++)
            if (str_eq(node_text(node_kid(g->spec->compares.v[k], 0)), name))
                place = node_place(g->spec->compares.v[k]);
        if (place.line == 0)
            continue;
        report(g->c, D_SPC_NAME, place, "`%.*s` is what `spc` calls a result of its own",
               STR_ARG(name))
            ->hint = STR("choose another name");
        return false;
    }
    return true;
}

static Val add_level(Gen *g, Str name, uint32_t scale, uint16_t reg) {
    Val v = {.type = VAL_LEVEL,
             .reg = reg,
             .scale = scale,
             .band_table = UINT32_MAX,
             .is_chart = true,
             .name = name};
    VEC_PUSH(g->c->scratch, &g->levels, ((LevelMemo){.name = name, .val = v}));
    return v;
}

// The level as an examples row gives it, or as [reg] has it, when that is made.
static bool given_level(Gen *g, Str name, uint32_t scale) {
    uint32_t slot;
    if (!find_own_given(g, name, &slot))
        return false;
    add_level(g, name, scale, emit_new(g, KIND_LEVEL, OP_GIVEN_LEVEL, NO_REG, NO_REG, slot));
    return true;
}

uint32_t chart_scale(const Gen *g, Str name) {
    const Program *p = g->c->program;
    if (str_eq(name, STR("assurance")))
        return p->assurance_scale;
    return g->kpi->polarity == POLARITY_NOT_JUDGED ? p->unusual_scale : p->variation_scale;
}

static void add_assurance(Gen *g, uint32_t chart) {
    Str name = STR("assurance");
    Val target;
    bool judged = g->kpi->polarity != POLARITY_NOT_JUDGED;
    if (!judged || !g->spec->target || given_level(g, name, chart_scale(g, name)) ||
        !kpi_figure(g, STR("target"), g->spec->target, &target) || target.type != VAL_NUMBER)
        return;
    uint16_t reg = new_reg(g, KIND_LEVEL);
    emit(g, OP_ASSURANCE, reg, g->chart[CHART_FIGURE_LOW], g->chart[CHART_FIGURE_HIGH], target.reg,
         g->c->charts.v[chart].low_is_good);
    add_level(g, name, chart_scale(g, name), reg);
}

bool gen_chart(Gen *g) {
    static const Opcode ops[N_CHART_FIGURES] = {OP_CHART_LOW, OP_CHART_MEAN, OP_CHART_HIGH};
    const Node *clause = g->spec->spc;
    Chart chart;
    if (!clause)
        return true;
    if (!read_chart(g, clause, &chart) || !names_are_free(g))
        return false;
    Polarity polarity = need_polarity(g, clause, false);
    if (polarity == POLARITY_NEAR)
        report(g->c, D_SPC_POLARITY, node_place(clause),
               "`spc` needs to know whether high or low is good, and good is near a number here")
            ->hint = STR("say `good is high`, `good is low` or `good is not judged`");
    if (polarity == POLARITY_NEAR || polarity == POLARITY_NONE)
        return false;
    chart.low_is_good = polarity == POLARITY_LOW;
    chart.reads = g->reads.v;
    chart.n_reads = (uint32_t)g->reads.n;
    uint32_t index = (uint32_t)g->c->charts.n;
    if (!VEC_PUSH(g->c->arena, &g->c->charts, chart))
        return false;
    g->place = chart.place;
    for (size_t i = 0; i < N_CHART_FIGURES; i++)
        g->chart[i] = emit_new(g, KIND_NUMBER, ops[i], g->kpi->judged, NO_REG, index);
    g->has_chart = true;
    Str variation = STR("variation");
    if (!given_level(g, variation, chart_scale(g, variation)))
        add_level(g, variation, chart_scale(g, variation),
                  emit_new(g, KIND_LEVEL, OP_VARIATION, g->kpi->judged, NO_REG, index));
    add_assurance(g, index);
    add_level(g, STR("spc_rule"), g->c->program->chart_rule_scale,
              emit_new(g, KIND_LEVEL, OP_CHART_RULE, g->kpi->judged, NO_REG, index));
    return true;
}

void chart_results(const Gen *g, Kpi *k) {
    static const char *const names[N_CHART_FIGURES][2] = {
        {"lower_limit", "Lower limit"}, {"mean", "Mean"}, {"upper_limit", "Upper limit"}};
    for (size_t i = 0; g->has_chart && !g->fn->is_example && i < N_CHART_FIGURES; i++)
        k->figures[k->n_figures++] =
            (NamedFigure){str_from(names[i][0]), str_from(names[i][1]), g->chart[i], k->unit};
}
