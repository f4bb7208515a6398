// SPDX-License-Identifier: Apache-2.0
#include "runtime/data/verify.h"

#include <stdarg.h>

bool verifier_fail(Verifier *v, const char *format, ...) {
    va_list args;
    va_start(args, format);
    buf_put(v->why, arena_vprintf(&v->scratch, format, args));
    va_end(args);
    return false;
}

bool verifier_index(Verifier *v, const char *what, uint32_t index, uint32_t n) {
    return index < n || verifier_fail(v, "%s %u of %u", what, index, n);
}

// Checks the [i]th item of a table. What it writes on failure follows "band table 3: ".
typedef bool CheckItem(Verifier *v, uint32_t i);

static bool check_each(Verifier *v, const char *what, const void *items, uint32_t n,
                       CheckItem *check) {
    if (n > 0 && !items) {
        return verifier_fail(v, "%s table is not there", what);
    }
    for (uint32_t i = 0; i < n; i++) {
        size_t start = v->why->len;
        if (!check(v, i)) {
            Str finding = arena_str(&v->scratch, str_slice(buf_str(v->why), start, v->why->len));
            v->why->len = start;
            return verifier_fail(v, "%s %u: %.*s", what, i, STR_ARG(finding));
        }
    }
    return true;
}

// ---- parts --------------------------------------------------------------------------------------

bool verifier_number(Verifier *v, Number n) {
    return n.den >= 0 || verifier_fail(v, "a number with a negative denominator");
}

static bool check_unit(Verifier *v, Unit u) {
    if ((unsigned)u.kind > UNIT_OWN) {
        return verifier_fail(v, "unit of unknown kind %u", (unsigned)u.kind);
    }
    return u.kind != UNIT_PER || u.per > 0 || verifier_fail(v, "a unit per nothing");
}

static bool check_period_kind(Verifier *v, PeriodKind kind) {
    return verifier_index(v, "kind of period", (uint32_t)kind, N_PERIOD_KINDS);
}

bool verifier_rounding(Verifier *v, unsigned decimals, unsigned mode) {
    return (decimals <= NUMBER_MAX_DECIMALS && mode <= ROUND_HALF_EVEN) ||
           verifier_fail(v, "rounding to %u decimals in mode %u", decimals, mode);
}

bool verifier_outcome(Verifier *v, unsigned outcome, uint32_t n_levels) {
    return outcome == LEVEL_NO_DATA || verifier_index(v, "level", outcome, n_levels);
}

bool verifier_why(Verifier *v, Why why) {
    return why >> N_REASONS == 0 || verifier_fail(v, "a set of reasons that do not exist");
}

// ---- tables -------------------------------------------------------------------------------------

static bool check_scale(Verifier *v, uint32_t i) {
    const Scale *s = &v->p->scales[i];
    return (s->n_levels >= 1 && s->n_levels <= SCALE_MAX_LEVELS && s->levels) ||
           verifier_fail(v, "%u levels", s->n_levels);
}

static bool check_built_in_scale(Verifier *v, const char *what, uint32_t scale) {
    return verifier_index(v, what, scale, v->p->n_scales) &&
           (v->p->scales[scale].n_levels == LEVEL_IMPROVING + 1 ||
            verifier_fail(v, "%s has %u levels", what, v->p->scales[scale].n_levels));
}

static bool check_suppress(Verifier *v, const Metric *m, uint32_t metric) {
    const Suppress *s = &m->suppress;
    if (s->follows && (!verifier_index(v, "metric", s->leader, v->p->n_metrics) ||
                       s->below > 0 || v->p->metrics[s->leader].suppress.below == 0)) {
        return verifier_fail(v, "hidden with a metric that is never hidden");
    }
    if (s->below == 0) {
        return true;
    }
    if (m->unit.kind != UNIT_COUNT || s->below < (s->except_zero ? 3u : 2u) ||
        s->below > SUPPRESS_MAX) {
        return verifier_fail(v, "suppress below %u", s->below);
    }
    return !s->has_pair || (verifier_index(v, "metric", s->other, v->p->n_metrics) &&
                            verifier_index(v, "metric", s->whole, v->p->n_metrics) &&
                            ((s->other != s->whole && s->other != metric && s->whole != metric) ||
                             verifier_fail(v, "a pair of fewer than three metrics")));
}

static bool check_metric(Verifier *v, uint32_t i) {
    const Metric *m = &v->p->metrics[i];
    if (!check_unit(v, m->unit)) {
        return false;
    }
    if (!check_suppress(v, m, i)) {
        return false;
    }
    return !m->has_range || (verifier_number(v, m->low) && verifier_number(v, m->high) &&
                             (number_cmp(m->low, m->high) <= 0 || verifier_fail(v, "empty range")));
}

static bool check_input(Verifier *v, uint32_t i) {
    const Input *in = &v->p->inputs[i];
    if ((unsigned)in->layout > LAYOUT_SNAPSHOT) {
        return verifier_fail(v, "layout %u", (unsigned)in->layout);
    }
    for (uint32_t k = 0; k < in->n_fields; k++) {
        const FieldColumn *f = &in->fields[k];
        if (!verifier_index(v, "field", f->field, v->p->n_fields)) {
            return false;
        }
        if (f->is_text != v->p->field_is_text[f->field]) {
            return verifier_fail(v, "field %u is of another type", f->field);
        }
    }
    for (uint32_t k = 0; k < in->n_missing; k++) {
        if (!verifier_index(v, "reason", (uint32_t)in->missing[k].reason, N_REASONS)) {
            return false;
        }
    }
    for (uint32_t k = 0; k < in->n_marks; k++) {
        unsigned mark = (unsigned)in->marks[k].mark;
        if (mark == 0 || mark > MARK_BREAK || (mark & (mark - 1)) != 0) {
            return verifier_fail(v, "mark %u", mark);
        }
    }
    if (!check_period_kind(v, in->period.kind) || !check_period_kind(v, in->period_as)) {
        return false;
    }
    LabelWays known = label_ways(in->period_as, true) | label_ways(PERIOD_DAY, true);
    bool fits = (in->period_ways & ~known) == 0;
    if (!fits || (in->period_ways != 0 && in->period_as == PERIOD_NONE)) {
        return verifier_fail(v, "ways to write a period %llx", (unsigned long long)in->period_ways);
    }
    return true;
}

static bool check_const(Verifier *v, uint32_t i) {
    return verifier_number(v, v->p->consts[i]);
}

static bool check_shift(Verifier *v, int32_t years, int32_t back) {
    return ((back >= 0 && back <= PROGRAM_MAX_BACK) || verifier_fail(v, "%d periods back", back)) &&
           ((years >= 0 && years <= PROGRAM_MAX_BACK) || verifier_fail(v, "%d years back", years));
}

static bool check_load(Verifier *v, uint32_t i) {
    const Load *l = &v->p->loads[i];
    return verifier_index(v, "metric", l->metric, v->p->n_metrics) &&
           verifier_index(v, "field", l->field, v->p->n_fields) &&
           check_shift(v, l->years, l->back) &&
           ((l->within >= 0 && l->within <= PROGRAM_MAX_BACK) ||
            verifier_fail(v, "the latest within %d periods", l->within));
}

static bool check_span(Verifier *v, uint32_t i) {
    const PeriodSpan *w = &v->p->spans[i];
    if ((unsigned)w->fold >= N_FOLDS || w->n == 0 || w->n > PROGRAM_MAX_SPAN || !w->figures) {
        return verifier_fail(v, "%u figures to be made one in way %u", w->n, (unsigned)w->fold);
    }
    if (w->n_beside > PROGRAM_MAX_BESIDE || (w->n_beside > 0 && !w->beside)) {
        return verifier_fail(v, "%u windows beside each other", w->n_beside);
    }
    for (uint32_t k = 0; k < w->n; k++) {
        if (!check_shift(v, w->figures[k].years, w->figures[k].back)) {
            return false;
        }
    }
    return check_period_kind(v, w->year);
}

static bool check_dated(Verifier *v, uint32_t i) {
    const Dated *d = &v->p->dated[i];
    if (d->n == 0) {
        return verifier_fail(v, "nothing is in force");
    }
    for (uint32_t k = 0; k < d->n; k++) {
        if (d->v[k].first > d->v[k].last || (k > 0 && d->v[k].first <= d->v[k - 1].last)) {
            return verifier_fail(v, "number %u is not in force behind the one before", k);
        }
    }
    return check_shift(v, d->years, d->back);
}

static bool check_trajectory(Verifier *v, uint32_t i) {
    const Trajectory *t = &v->p->trajectories[i];
    for (uint32_t k = 0; k < t->n; k++) {
        if (!verifier_index(v, "constant", t->values[k], v->p->n_consts) ||
            !check_period_kind(v, t->periods[k].kind)) {
            return false;
        }
    }
    return true;
}

static bool check_judgement(Verifier *v, uint32_t i) {
    const Judgement *j = &v->p->judgements[i];
    return verifier_index(v, "scale", j->scale, v->p->n_scales) &&
           verifier_index(v, "level", j->level, verifier_levels(v, j->scale)) &&
           check_period_kind(v, j->from.kind) &&
           ((j->from.kind == j->to.kind && j->from.ordinal <= j->to.ordinal) ||
            verifier_fail(v, "a stretch of periods that ends before it begins"));
}

static bool is_before(const Judgement *a, const Judgement *b) {
    int order = str_cmp(a->entity, b->entity);
    return order < 0 || (order == 0 && (a->to.kind < b->from.kind ||
                                        (a->to.kind == b->from.kind &&
                                         a->to.ordinal < b->from.ordinal)));
}

// They are looked up by halving.
static bool check_judgement_set(Verifier *v, uint32_t i) {
    const JudgementSet *set = &v->p->judgement_sets[i];
    if (set->n > v->p->n_judgements || set->first > v->p->n_judgements - set->n) {
        return verifier_fail(v, "overrides from %u, %u of them", set->first, set->n);
    }
    for (uint32_t k = 1; k < set->n; k++) {
        const Judgement *j = &v->p->judgements[set->first + k];
        if (!is_before(j - 1, j)) {
            return verifier_fail(v, "override %u is not behind the one before", set->first + k);
        }
    }
    return true;
}

static bool check_line(Verifier *v, uint32_t i) {
    const StatusLine *line = &v->p->lines[i];
    return verifier_outcome(v, line->outcome, SCALE_MAX_LEVELS) &&
           ((line->n_facts <= v->p->n_facts && line->first_fact <= v->p->n_facts - line->n_facts) ||
            verifier_fail(v, "facts from %u, %u of them", line->first_fact, line->n_facts)) &&
           (line->taken == 0 || verifier_index(v, "KPI", line->taken - 1, v->p->n_kpis));
}

static bool check_chart_scales(Verifier *v) {
    const Program *p = v->p;
    return p->n_charts == 0 ||
           (check_built_in_scale(v, "variation scale", p->variation_scale) &&
            check_built_in_scale(v, "scale of what is unusual", p->unusual_scale) &&
            check_built_in_scale(v, "assurance scale", p->assurance_scale) &&
            verifier_index(v, "scale of rules", p->chart_rule_scale, p->n_scales));
}

static bool check_chart(Verifier *v, uint32_t i) {
    const Chart *c = &v->p->charts[i];
    for (uint32_t k = 0; k < c->n_reads; k++) {
        if (!verifier_index(v, "metric", c->reads[k], v->p->n_metrics)) {
            return false;
        }
    }
    for (uint32_t k = 0; k < c->n_rebases; k++) {
        if (!check_period_kind(v, c->rebases[k].from.kind)) {
            return false;
        }
    }
    return check_period_kind(v, c->first.kind) && check_period_kind(v, c->last.kind);
}

// The registers of a fact belong to the function that has its line: see verify_code.c.
static bool check_fact(Verifier *v, uint32_t i) {
    const Fact *f = &v->p->facts[i];
    if ((unsigned)f->relation > REL_MOST_WORSE) {
        return verifier_fail(v, "relation %u", (unsigned)f->relation);
    }
    return check_unit(v, f->unit_a) && check_unit(v, f->unit_b) && check_unit(v, f->unit_c) &&
           (!f->has_limit || verifier_number(v, f->limit));
}

// ---- KPIs and examples --------------------------------------------------------------------------

static bool check_kpi_registers(Verifier *v, const Kpi *k, const RegState *regs) {
    if (!verify_register(v, &k->fn, regs, k->value, KIND_NUMBER, "value") ||
        !verify_register(v, &k->fn, regs, k->judged, KIND_NUMBER, "judged value")) {
        return false;
    }
    if (k->previous != NO_REG &&
        !verify_register(v, &k->fn, regs, k->previous, KIND_NUMBER, "previous value")) {
        return false;
    }
    return k->direction == NO_REG ||
           (verify_register(v, &k->fn, regs, k->direction, KIND_LEVEL, "direction") &&
            (regs[k->direction].n_levels <= LEVEL_IMPROVING + 1 ||
             verifier_fail(v, "direction: a level of another scale")));
}

static bool check_named_level(Verifier *v, const Kpi *k, const RegState *regs,
                              const NamedLevel *l) {
    return verify_register(v, &k->fn, regs, l->reg, KIND_LEVEL, "level") &&
           verifier_index(v, "scale", l->scale, v->p->n_scales) &&
           (l->dated == 0 || verifier_index(v, "dated", l->dated - 1, v->p->n_dated)) &&
           (l->band_table == UINT32_MAX ||
            verifier_index(v, "band table", l->band_table, v->p->n_band_tables)) &&
           (regs[l->reg].n_levels <= verifier_levels(v, l->scale) ||
            verifier_fail(v, "level: register %u holds another scale's", (unsigned)l->reg));
}

static bool check_named(Verifier *v, const Kpi *k, const RegState *regs) {
    for (uint32_t i = 0; i < k->n_levels; i++) {
        if (!check_named_level(v, k, regs, &k->levels[i])) {
            return false;
        }
    }
    for (uint32_t i = 0; i < k->n_figures; i++) {
        const NamedFigure *f = &k->figures[i];
        if (!verify_register(v, &k->fn, regs, f->reg, KIND_NUMBER, "figure") ||
            !check_unit(v, f->unit)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < k->n_reads; i++) {
        if (!verifier_index(v, "metric", k->reads[i], v->p->n_metrics)) {
            return false;
        }
    }
    return true;
}

static bool check_status(Verifier *v, const Kpi *k, const RegState *regs) {
    return !k->has_status || (verify_register(v, &k->fn, regs, k->status, KIND_STATUS, "status") &&
                              (k->status_dated == 0 ||
                               verifier_index(v, "dated", k->status_dated - 1, v->p->n_dated)) &&
                              verify_register(v, &k->fn, regs, kpi_computed(k), KIND_STATUS,
                                              "computed status") &&
                              verifier_index(v, "scale", k->status_scale, v->p->n_scales) &&
                              (regs[k->status].n_levels <= verifier_levels(v, k->status_scale) ||
                               verifier_fail(v, "status: an outcome of another scale")));
}

static bool check_kpi_parts(Verifier *v, const Kpi *k, const Example *example) {
    RegState *regs;
    if (!check_unit(v, k->unit)) {
        return false;
    }
    if (k->decimals < -1 ||
        (k->decimals >= 0 && !verifier_rounding(v, (unsigned)k->decimals, (unsigned)k->mode))) {
        return verifier_fail(v, "%d decimals", k->decimals);
    }
    return verifier_index(v, "polarity", (uint32_t)k->polarity, POLARITY_NOT_JUDGED + 1) &&
           verify_code(v, &k->fn, example, &regs) && check_kpi_registers(v, k, regs) &&
           check_named(v, k, regs) && check_status(v, k, regs);
}

static bool check_kpi(Verifier *v, uint32_t i) {
    return check_kpi_parts(v, &v->p->kpis[i], NULL);
}

static bool check_column(Verifier *v, const Example *e, const ExampleColumn *c) {
    return verifier_index(v, "scale", c->scale, v->p->n_scales) && check_unit(v, c->unit) &&
           (c->given == UINT32_MAX || verifier_index(v, "slot", c->given, e->n_given)) &&
           (c->level == UINT32_MAX || verifier_index(v, "level column", c->level, e->kpi.n_levels));
}

static bool check_cell(Verifier *v, const ExampleColumn *column, const ExampleCell *cell) {
    return verifier_why(v, cell->why) && verifier_number(v, cell->number) &&
           verifier_outcome(v, cell->level, verifier_levels(v, column->scale));
}

static bool check_example(Verifier *v, uint32_t i) {
    const Example *e = &v->p->examples[i];
    for (uint32_t k = 0; k < e->n_columns; k++) {
        if (!check_column(v, e, &e->columns[k])) {
            return false;
        }
    }
    for (size_t k = 0; k < (size_t)e->n_rows * e->n_columns; k++) {
        if (!check_cell(v, &e->columns[k % e->n_columns], &e->cells[k])) {
            return verifier_fail(v, " in row %zu", k / e->n_columns + 1);
        }
    }
    return check_kpi_parts(v, &e->kpi, e);
}

// ---- assertions ---------------------------------------------------------------------------------

static bool check_sides(Verifier *v, const Function *fn, const RegState *regs,
                        const AssertedSides *s) {
    return verify_register(v, fn, regs, s->truth, KIND_TRUTH, "truth of a comparison") &&
           verify_register(v, fn, regs, s->a, KIND_NUMBER, "left side") &&
           verify_register(v, fn, regs, s->b, KIND_NUMBER, "right side") &&
           check_unit(v, s->unit_a) && check_unit(v, s->unit_b);
}

static bool check_assertion(Verifier *v, uint32_t i) {
    const Assertion *a = &v->p->assertions[i];
    RegState *regs;
    if (!verify_code(v, &a->fn, NULL, &regs) ||
        !verify_register(v, &a->fn, regs, a->truth, KIND_TRUTH, "truth")) {
        return false;
    }
    for (uint32_t k = 0; k < a->n_sides; k++) {
        if (!check_sides(v, &a->fn, regs, &a->sides[k])) {
            return false;
        }
    }
    for (uint32_t k = 0; k < a->n_reads; k++) {
        if (!verifier_index(v, "metric", a->reads[k], v->p->n_metrics)) {
            return false;
        }
    }
    return true;
}

// ---- other entities ----------------------------------------------------------------------------

static bool check_among(Verifier *v, uint32_t i) {
    const Among *m = &v->p->amongs[i];
    return verifier_index(v, "way", (uint32_t)m->kind, N_AMONG_KINDS) &&
           verifier_index(v, "series", m->series, v->p->n_series) &&
           (m->peers == AMONG_EVERYONE ||
            verifier_index(v, "peer set", m->peers, v->p->n_peers)) &&
           check_shift(v, m->years, m->back) && check_period_kind(v, m->fixed.kind);
}

// What a series reads of others stands before it.
static bool check_series(Verifier *v, uint32_t i) {
    const Series *s = &v->p->series[i];
    RegState *regs;
    v->n_series = i;
    if (!check_unit(v, s->unit) || !verify_code(v, &s->fn, NULL, &regs) ||
        !verify_register(v, &s->fn, regs, s->result, KIND_NUMBER, "result")) {
        return false;
    }
    for (uint32_t k = 0; k < s->n_reads; k++) {
        if (!verifier_index(v, "metric", s->reads[k], v->p->n_metrics)) {
            return false;
        }
    }
    return true;
}

static bool check_all_series(Verifier *v) {
    const Program *p = v->p;
    bool good = check_each(v, "series", p->series, p->n_series, check_series);
    v->n_series = p->n_series;
    return good;
}

// ---- the program --------------------------------------------------------------------------------

static bool check_tables(Verifier *v) {
    const Program *p = v->p;
    return check_each(v, "scale", p->scales, p->n_scales, check_scale) &&
           check_built_in_scale(v, "direction scale", p->direction_scale) &&
           check_built_in_scale(v, "arrow scale", p->arrow_scale) &&
           check_each(v, "metric", p->metrics, p->n_metrics, check_metric) &&
           check_each(v, "input", p->inputs, p->n_inputs, check_input) &&
           check_each(v, "constant", p->consts, p->n_consts, check_const) &&
           check_each(v, "load", p->loads, p->n_loads, check_load) &&
           check_each(v, "band table", p->band_tables, p->n_band_tables, verify_band_table) &&
           check_each(v, "line", p->lines, p->n_lines, check_line) &&
           check_each(v, "fact", p->facts, p->n_facts, check_fact) &&
           check_each(v, "mapping", p->maps, p->n_maps, verify_map) &&
           check_each(v, "cross table", p->cross_tables, p->n_cross_tables, verify_cross_table) &&
           check_each(v, "trajectory", p->trajectories, p->n_trajectories, check_trajectory) &&
           check_each(v, "span", p->spans, p->n_spans, check_span) &&
           check_each(v, "figure among others", p->amongs, p->n_amongs, check_among) &&
           check_each(v, "dated", p->dated, p->n_dated, check_dated) &&
           check_each(v, "override", p->judgements, p->n_judgements, check_judgement) &&
           check_each(v, "set of overrides", p->judgement_sets, p->n_judgement_sets,
                      check_judgement_set) &&
           check_chart_scales(v) && check_each(v, "chart", p->charts, p->n_charts, check_chart);
}

static bool check_functions(Verifier *v) {
    const Program *p = v->p;
    if (p->n_code > PROGRAM_MAX_CODE) {
        return verifier_fail(v, "%u instructions, the most is %d", p->n_code, PROGRAM_MAX_CODE);
    }
    return check_all_series(v) && check_each(v, "KPI", p->kpis, p->n_kpis, check_kpi) &&
           check_each(v, "examples", p->examples, p->n_examples, check_example) &&
           check_each(v, "examples of a group", p->group_examples, p->n_group_examples,
                      verify_group_example) &&
           check_each(v, "assertion", p->assertions, p->n_assertions, check_assertion) &&
           check_each(v, "group", p->groups, p->n_groups, verify_group) && verify_group_order(v);
}

bool program_verify(const Program *p, Buf *why) {
    Verifier v = {.p = p, .why = why};
    arena_init(&v.scratch, 0);
    size_t start = why->len;
    bool good = check_tables(&v) && check_functions(&v);
    if (!good && v.scratch.failed) { // then the finding is about the memory, not the program
        why->len = start;
        why->failed = true;
    }
    arena_free(&v.scratch);
    return good;
}
