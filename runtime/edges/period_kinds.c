// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/period_kinds.h"

#include "runtime/edges/ingest_rows.h"

typedef struct Check {
    const Program *program;
    DiagList *diags;
    const Ingest *in; // NULL: the store alone knows of the figures
    const Store *store;
    // Of the KPI that is looked at:
    const Kpi *kpi;
    uint32_t base;     // the first metric with figures that decides which rows it has
    uint32_t round;    // what is marked with it has been looked at
    uint32_t *metrics; // by metric: the round
    uint32_t *series;  // by series: the round
} Check;

// ---- which kinds there are ----------------------------------------------------------------------

static Place first_figure(const Store *s, uint32_t metric) {
    ObsRange range = s->of_metric[metric];
    uint32_t first = range.from;
    for (uint32_t i = range.from; i < range.to; i++)
        if (s->read_as[i] < s->read_as[first])
            first = i;
    return (Place){.file = s->obs[first].file, .line = s->obs[first].line};
}

// Of figures that were judged while they were read, the store knows nothing.
static PeriodKind kind_of(const Check *c, uint32_t metric) {
    return c->in ? c->in->metrics[metric].kind : store_kind(c->store, metric);
}

static Place first_of(const Check *c, uint32_t metric) {
    return c->in ? c->in->metrics[metric].first : first_figure(c->store, metric);
}

static bool has_two_kinds(const Check *c) {
    PeriodKind first = N_PERIOD_KINDS;
    for (uint32_t i = 0; i < c->program->n_metrics; i++) {
        PeriodKind kind = kind_of(c, i);
        if (first == N_PERIOD_KINDS)
            first = kind;
        else if (kind != N_PERIOD_KINDS && kind != first)
            return true;
    }
    return false;
}

// ---- what is said -------------------------------------------------------------------------------

// "`a` has a month (line 2 of d.csv)".
static Str describe(Check *c, uint32_t metric) {
    PeriodKind kind = kind_of(c, metric);
    const char *article = kind == PERIOD_NONE ? "" : kind == PERIOD_ACADEMIC_YEAR ? "an " : "a ";
    return arena_printf(c->diags->arena, "`%.*s` has %s%.*s (%.*s)",
                        STR_ARG(c->program->metrics[metric].name), article,
                        STR_ARG(period_kind_words(kind)),
                        STR_ARG(ingest_line(c->diags, first_of(c, metric), PLACE_NO_FILE)));
}

static void tell(Check *c, uint32_t metric, Place at, bool of_others) {
    DiagList *d = c->diags;
    Str base = c->program->metrics[c->base].name, other = c->program->metrics[metric].name;
    Str is = describe(c, c->base), is_not = describe(c, metric);
    Diag *diag =
        diag_add(d, D_KINDS_APART, at, "%.*s and %.*s, so in `%.*s` no row has figures of both",
                 STR_ARG(is), STR_ARG(is_not), STR_ARG(c->kpi->name));
    diag->other = first_of(c, metric);
    diag->note = arena_printf(d->arena, "the first figure of `%.*s`", STR_ARG(other));
    if (kind_of(c, c->base) == PERIOD_NONE || kind_of(c, metric) == PERIOD_NONE)
        diag->hint = STR("give the figures of both a period, by a line `period` or `period column` "
                         "of the input block");
    else if (of_others)
        diag->hint = arena_printf(d->arena,
                                  "read `%.*s` by the periods of `%.*s`, or say of which %.*s the "
                                  "figures are: mean of %.*s as of … among everyone",
                                  STR_ARG(other), STR_ARG(base),
                                  STR_ARG(period_kind_words(kind_of(c, metric))), STR_ARG(other));
    else
        diag->hint = arena_printf(d->arena,
                                  "write latest(%.*s, within 2 periods), which takes the latest "
                                  "that is known",
                                  STR_ARG(other));
}

// ---- the check ----------------------------------------------------------------------------------

static void look_at_load(Check *c, const Load *l, Place at, bool of_others) {
    PeriodKind kind = kind_of(c, l->metric);
    if (l->within > 0 || kind == N_PERIOD_KINDS || kind == kind_of(c, c->base) ||
        c->metrics[l->metric] == c->round)
        return;
    c->metrics[l->metric] = c->round;
    tell(c, l->metric, at, of_others);
}

// Series read such as stand before them.
static void look_at_code(Check *c, const Function *fn, const Place *at) {
    const Program *p = c->program;
    for (uint32_t i = fn->first; i < fn->first + fn->n; i++) {
        const Instr *in = &p->code[i];
        Place place = at ? *at : p->places[i];
        if (in->op == OP_LOAD || in->op == OP_LOAD_TEXT)
            look_at_load(c, &p->loads[in->imm], place, at != NULL);
        if (in->op != OP_AMONG || p->amongs[in->imm].fixed.kind != PERIOD_NONE)
            continue;
        uint32_t series = p->amongs[in->imm].series;
        if (c->series[series] == c->round)
            continue;
        c->series[series] = c->round;
        look_at_code(c, &p->series[series].fn, &place);
    }
}

static void check_kpi(Check *c, const Kpi *k) {
    uint32_t i = 0;
    while (i < k->n_reads && kind_of(c, k->reads[i]) == N_PERIOD_KINDS)
        i++;
    if (i == k->n_reads)
        return;
    c->kpi = k;
    c->base = k->reads[i];
    c->round++;
    look_at_code(c, &k->fn, NULL);
}

bool period_kinds_check(const Program *p, const Ingest *in, const Store *s, DiagList *d) {
    Arena a;
    arena_init(&a, 0);
    Check c = {.program = p,
               .diags = d,
               .in = in,
               .store = s,
               .metrics = ARENA_ARRAY(&a, uint32_t, p->n_metrics),
               .series = ARENA_ARRAY(&a, uint32_t, p->n_series)};
    bool ok = !a.failed;
    if (ok && has_two_kinds(&c))
        for (uint32_t i = 0; i < p->n_kpis; i++)
            check_kpi(&c, &p->kpis[i]);
    arena_free(&a);
    return ok;
}
