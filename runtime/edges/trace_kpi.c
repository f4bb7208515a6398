// SPDX-License-Identifier: Apache-2.0
// The steps of a KPI's row: figures, value, roundings, bands, lines.
#include "runtime/data/label_marks.h"
#include "runtime/edges/columns.h"
#include "runtime/edges/result.h"
#include "runtime/edges/trace.h"
#include "runtime/engine/explain.h"
#include "runtime/engine/series.h"
#include "runtime/engine/taken.h"
#include "runtime/engine/telling.h"
#include "runtime/engine/tried.h"

static const Place nowhere = {.file = PLACE_NO_FILE};

static const char by_hand_words[] = ", set by hand for this run";

typedef struct Steps {
    Tracer *t;
    const ReportRow *row;
    Telling tell; // writes to t->work
    Lane lane;
} Steps;

static Str name_or_label(Str name, Str label) {
    return label.len > 0 ? label : name;
}

static bs_text exact_of(Steps *s, Number n) {
    number_print(&s->t->work, n);
    return trace_take(s->t);
}

// ---- figures ------------------------------------------------------------------------------------

static void tell_period(Steps *s, Period p) {
    if (p.kind == PERIOD_NONE)
        return;
    buf_puts(&s->t->work, " in ");
    period_print(&s->t->work, p);
}

static void tell_value(Steps *s, Number n, Why why, Unit unit) {
    buf_puts(&s->t->work, ": ");
    if (why)
        buf_printf(&s->t->work, "missing (%.*s)", STR_ARG(why_words(why)));
    else
        tell_unit(&s->t->work, n, -1, ROUND_HALF_AWAY, unit);
}

static void tell_marks(Steps *s, const Observation *o) {
    static const Mark order[] = {MARK_PROVISIONAL, MARK_REVISED, MARK_ESTIMATED, MARK_BREAK};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (o->marks & order[i])
            buf_printf(&s->t->work, ", %.*s", STR_ARG(label_mark_words(order[i])));
    Why why;
    if (o->replaced == OBS_NONE)
        return;
    Number old = store_figure(s->t->store, o->replaced, FIELD_VALUE, &why);
    if (!why) {
        buf_puts(&s->t->work, ", in place of ");
        tell_unit(&s->t->work, old, -1, ROUND_HALF_AWAY, s->t->program->metrics[o->metric].unit);
    }
}

static Period period_of_load(const Steps *s, const Load *l, uint32_t obs) {
    Period p = s->lane.period;
    if (obs != OBS_NONE)
        return s->t->store->obs[obs].period;
    return period_before(s->lane.period, l->years, l->back, &p) ? p : s->lane.period;
}

static void add_load(Steps *s, const Instr *in) {
    Tracer *t = s->t;
    const Load *l = &t->program->loads[in->imm];
    const Metric *m = &t->program->metrics[l->metric];
    LoadSource source = vm_load_source(s->row->vm, l, s->lane);
    uint32_t obs = source.hand ? OBS_NONE : source.obs;
    bs_step step = {.kind = BS_STEP_FIGURE, .name = result_text(m->name)};
    Why why;
    buf_put(&t->work, name_or_label(m->name, m->label));
    if (l->field != FIELD_VALUE)
        buf_printf(&t->work, ", %.*s", STR_ARG(t->program->fields[l->field]));
    tell_period(s, period_of_load(s, l, obs));
    if (in->op == OP_LOAD_TEXT) {
        Str text = vm_text(s->row->vm, in->dst, s->row->lane, &why);
        buf_puts(&t->work, ": ");
        buf_put(&t->work, why ? why_words(why) : text);
    } else {
        Number n = vm_number(s->row->vm, in->dst, s->row->lane, &why);
        tell_value(s, n, why, m->unit);
        if (obs != OBS_NONE)
            tell_marks(s, &t->store->obs[obs]);
        buf_puts(&t->work, source.hand ? by_hand_words : "");
        step.text = trace_take(t);
        if (!why)
            step.exact = exact_of(s, n);
    }
    if (!step.text.s)
        step.text = trace_take(t);
    if (why)
        step.missing = result_text(why_words(why));
    if (obs != OBS_NONE) {
        const Observation *o = &t->store->obs[obs];
        step.file = result_text(t->diags->files.v[o->file].path);
        step.line = o->line;
    }
    trace_step(t, step, nowhere);
}

static const char *among_words(AmongKind kind) {
    switch (kind) {
    case AMONG_MEAN:
        return "mean of ";
    case AMONG_MEDIAN:
        return "median of ";
    case AMONG_MIN:
        return "lowest of ";
    case AMONG_MAX:
        return "highest of ";
    case AMONG_RANK:
        return "rank of ";
    case AMONG_QUARTILE:
        return "quartile of ";
    case AMONG_QUINTILE:
        return "quintile of ";
    case AMONG_ENTITY:
    case N_AMONG_KINDS:
        break;
    }
    return "";
}

static void tell_gathered(Steps *s, const Among *m) {
    Why why;
    if (m->kind == AMONG_ENTITY || !s->row->vm->series)
        return;
    const SeriesGathered *g = series_gather(s->row->vm->series, m, s->lane, &why);
    if (g && !why)
        buf_printf(&s->t->work, ", of %u figures %u known", g->n_members, g->n_known);
}

static void add_among(Steps *s, const Instr *in, Place place) {
    Tracer *t = s->t;
    const Among *m = &t->program->amongs[in->imm];
    const Series *series = &t->program->series[m->series];
    bool place_only = among_is_position(m->kind);
    Period p;
    Why why;
    buf_puts(&t->work, among_words(m->kind));
    buf_put(&t->work, series->text);
    if (m->kind == AMONG_ENTITY)
        buf_printf(&t->work, " of %.*s", STR_ARG(m->entity));
    else if (m->peers == AMONG_EVERYONE)
        buf_puts(&t->work, " among everyone");
    else
        buf_printf(&t->work, " among %.*s",
                   STR_ARG(name_or_label(t->program->peers[m->peers].name,
                                         t->program->peers[m->peers].label)));
    if (among_period(m, s->lane, &p))
        tell_period(s, p);
    Number n = vm_number(s->row->vm, in->dst, s->row->lane, &why);
    tell_value(s, n, why, place_only ? (Unit){0} : series->unit);
    tell_gathered(s, m);
    bs_step step = {.kind = BS_STEP_FIGURE,
                    .name = result_text(series->text),
                    .text = trace_take(t),
                    .missing = result_text(why_words(why))};
    if (!why)
        step.exact = exact_of(s, n);
    trace_step(t, step, place);
}

static void add_planned(Steps *s, const Instr *in, Place place) {
    Why why;
    Number n = vm_number(s->row->vm, in->dst, s->row->lane, &why);
    buf_puts(&s->t->work, "target planned");
    tell_period(s, s->lane.period);
    tell_value(s, n, why, s->row->kpi->unit);
    bs_step step = {.kind = BS_STEP_FIGURE,
                    .name = result_text(STR("target")),
                    .text = trace_take(s->t),
                    .missing = result_text(why_words(why))};
    if (!why)
        step.exact = exact_of(s, n);
    trace_step(s->t, step, place);
}

// The place of the instruction of the KPI that writes [reg].
static Place place_of(const Steps *s, uint16_t reg) {
    const Program *p = s->t->program;
    const Function *fn = &s->row->kpi->fn;
    for (uint32_t i = fn->first; i < fn->first + fn->n; i++)
        if (p->code[i].dst == reg)
            return p->places[i];
    return nowhere;
}

static void add_figures(Steps *s) {
    const Plan *plan = &s->t->plan;
    for (uint32_t i = 0; i < plan->n; i++) {
        const Instr *in = &plan->code[i];
        if (in->op == OP_LOAD || in->op == OP_LOAD_TEXT)
            add_load(s, in);
        else if (in->op == OP_AMONG)
            add_among(s, in, place_of(s, in->dst));
        else if (in->op == OP_TRAJECTORY)
            add_planned(s, in, place_of(s, in->dst));
    }
}

// ---- value --------------------------------------------------------------------------------------

enum { READABLE_FRACTION = 24 }; // characters; a longer one is told by its decimals alone

static void tell_exactly(Steps *s, Number n, Unit unit) {
    Buf *out = &s->t->work;
    int decimals = number_decimals(n);
    if (decimals >= 0 && decimals <= EXPLAIN_EXACT_DECIMALS) {
        tell_unit(out, n, -1, ROUND_HALF_AWAY, unit);
        return;
    }
    size_t from = out->len;
    number_print(out, n);
    if (out->len - from > READABLE_FRACTION)
        out->len = from;
    buf_puts(out, out->len > from ? ", about " : "about ");
    tell_unit(out, n, EXPLAIN_EXACT_DECIMALS, ROUND_HALF_AWAY, unit);
}

static bool is_by_hand(const Steps *s, uint16_t reg) {
    const Function *fn = &s->row->kpi->fn;
    for (size_t i = 0; i < fn->n_settables; i++)
        if (fn->settables[i].reg == reg &&
            hand_of_kpi(s->t->program->hand, &fn->settables[i], s->lane))
            return true;
    return false;
}

static void add_named(Steps *s, Str name, Str label, uint16_t reg, Unit unit) {
    Tracer *t = s->t;
    Why why;
    Number n = vm_number(s->row->vm, reg, s->row->lane, &why);
    bs_step step = {
        .kind = BS_STEP_VALUE, .name = result_text(name), .missing = result_text(why_words(why))};
    tell_name(&t->work, label);
    buf_puts(&t->work, " is ");
    if (why)
        buf_printf(&t->work, "missing (%.*s)", STR_ARG(why_words(why)));
    else
        tell_exactly(s, n, unit);
    bool by_hand = is_by_hand(s, reg);
    buf_puts(&t->work, by_hand ? by_hand_words : "");
    step.text = trace_take(t);
    if (!why)
        step.exact = exact_of(s, n);
    trace_step(t, step, by_hand ? nowhere : place_of(s, reg));
}

static void add_gate(Steps *s) {
    const Kpi *k = s->row->kpi;
    Why why;
    const Telling t = {s->row->vm, k, s->row->lane, &s->t->work};
    const Instr *gate = telling_gate(&t, k->judged);
    bool met = !gate || vm_truth(t.vm, gate->b, t.lane, &why);
    if (!gate || (met && !why))
        return;
    if (why)
        tell_needs(&t, gate->b);
    else
        buf_puts(t.out, "what the KPI needs to be judged is not met: too few");
    why = why ? why : WHY(REASON_TOO_FEW);
    trace_step(s->t,
               (bs_step){.kind = BS_STEP_VALUE,
                         .name = result_text(STR("needs")),
                         .text = trace_take(s->t),
                         .missing = result_text(why_words(why))},
               place_of(s, k->judged));
}

static void add_values(Steps *s) {
    const Kpi *k = s->row->kpi;
    add_named(s, STR("value"), name_or_label(k->name, k->label), k->value, k->unit);
    add_gate(s);
    for (uint32_t i = 0; i < k->n_figures; i++)
        add_named(s, k->figures[i].name, name_or_label(k->figures[i].name, k->figures[i].label),
                  k->figures[i].reg, k->figures[i].unit);
}

// ---- rounding and bands -------------------------------------------------------------------------

static const char *mode_words(RoundMode mode) {
    return mode == ROUND_HALF_EVEN ? "half to even" : "half away from zero";
}

static void add_shown(Steps *s) {
    const Kpi *k = s->row->kpi;
    Why why;
    Number n = vm_number(s->row->vm, k->value, s->row->lane, &why), rounded;
    if (why || k->decimals < 0 ||
        !number_round(&s->t->texts, n, (unsigned)k->decimals, k->mode, &rounded) ||
        number_cmp(n, rounded) == 0)
        return;
    buf_puts(&s->t->work, "shown as ");
    tell_unit(&s->t->work, n, k->decimals, k->mode, k->unit);
    buf_printf(&s->t->work, ", rounded to %d decimal%s, %s; judged as it is", k->decimals,
               k->decimals == 1 ? "" : "s", mode_words(k->mode));
    bs_text text = trace_take(s->t);
    trace_step(s->t,
               (bs_step){.kind = BS_STEP_ROUND,
                         .name = result_text(STR("value")),
                         .text = text,
                         .exact = exact_of(s, rounded)},
               nowhere);
}

static void add_rounded(Steps *s, const NamedLevel *l, const BandTable *table, Number n,
                        Unit unit) {
    Number rounded;
    if (!table->rounded ||
        !number_round(&s->t->texts, n, table->decimals, (RoundMode)table->mode, &rounded))
        return;
    tell_name(&s->t->work, l->name);
    buf_puts(&s->t->work, " reads it rounded: ");
    tell_unit(&s->t->work, rounded, table->decimals, (RoundMode)table->mode, unit);
    buf_printf(&s->t->work, ", to %u decimal%s, %s", (unsigned)table->decimals,
               table->decimals == 1 ? "" : "s", mode_words((RoundMode)table->mode));
    bs_text text = trace_take(s->t);
    trace_step(s->t,
               (bs_step){.kind = BS_STEP_ROUND,
                         .name = result_text(l->name),
                         .text = text,
                         .exact = exact_of(s, rounded)},
               table->place);
}

static void tell_next_piece(Steps *s, const BandTable *table, uint32_t piece, Number at,
                            const char *side, bool at_is_in, Unit unit) {
    Buf *out = &s->t->work;
    const Piece *next = &table->pieces[piece];
    buf_printf(out, "; %s%s ", at_is_in ? "at or " : "", side);
    tell_unit(out, at, -1, ROUND_HALF_AWAY, unit);
    buf_puts(out, " it would be ");
    if (next->level == LEVEL_NO_DATA)
        buf_puts(out, "in no band");
    else
        tell_name(out, s->t->program->scales[table->scale].levels[next->level].name);
}

// The nearest edges at which the level changes.
static void tell_edges(Steps *s, const BandTable *table, Number n, Unit unit) {
    uint32_t at = band_piece(table, n), i = at;
    uint8_t level = table->pieces[at].level;
    while (i > 0 && table->pieces[i].level == level)
        i--;
    if (table->pieces[i].level != level)
        tell_next_piece(s, table, i, table->cuts[i].at, "below", table->cuts[i].at_goes_left, unit);
    for (i = at; i < table->n_cuts && table->pieces[i].level == level; i++)
        ;
    if (table->pieces[i].level != level)
        tell_next_piece(s, table, i, table->cuts[i - 1].at, "above",
                        !table->cuts[i - 1].at_goes_left, unit);
}

static void add_level(Steps *s, const NamedLevel *l) {
    Tracer *t = s->t;
    Why why, why_figure = 0;
    uint8_t level = vm_level(s->row->vm, l->reg, s->row->lane, &why);
    uint16_t reg = l->band_table != UINT32_MAX ? telling_banded_register(&s->tell, l->reg) : NO_REG;
    Place place = place_of(s, l->reg);
    bs_step step = {.kind = BS_STEP_BAND,
                    .name = result_text(l->name),
                    .missing = result_text(why_words(why)),
                    .outcome = trace_outcome(t->program, l->scale, why ? LEVEL_NO_DATA : level)};
    Number n = reg != NO_REG ? telling_figure(&s->tell, reg, &why_figure) : number_int(0);
    const BandTable *table = reg != NO_REG && !why_figure && !(why & WHY(REASON_NO_RULES))
                                 ? telling_table(&s->tell, l->dated, l->band_table)
                                 : NULL;
    Unit unit = reg != NO_REG ? telling_banded_unit(&s->tell, reg) : (Unit){0};
    if (table) {
        const Piece *piece = &table->pieces[band_piece(table, n)];
        add_rounded(s, l, table, n, unit);
        place = piece->place.line > 0 ? piece->place : table->place;
    }
    tell_name(&t->work, l->name);
    if (why)
        buf_printf(&t->work, " has no level (%.*s)", STR_ARG(why_words(why)));
    else
        buf_puts(&t->work, " is ");
    if (!why)
        tell_name(&t->work, t->program->scales[l->scale].levels[level].name);
    if (table) {
        buf_puts(&t->work, ": ");
        tell_piece(&s->tell, table, n, unit);
        tell_edges(s, table, n, unit);
    }
    step.text = trace_take(t);
    trace_step(t, step, place);
}

// ---- lines --------------------------------------------------------------------------------------

static const bs_verdict verdicts[] = {[TRIED_DECIDES] = BS_DECIDES,
                                      [TRIED_HOLDS] = BS_HOLDS,
                                      [TRIED_FAILS] = BS_FAILS,
                                      [TRIED_NOT_KNOWN] = BS_NOT_KNOWN,
                                      [TRIED_NOT_REACHED] = BS_NOT_REACHED};

static void add_line(Steps *s, const TriedLine *l, uint32_t scale) {
    Tracer *t = s->t;
    bs_text outcome = trace_outcome(t->program, scale, l->outcome);
    if (l->by_table) {
        buf_put(&t->work, l->line->text);
        buf_puts(&t->work, " gives ");
    }
    tell_name(&t->work, text_str(outcome));
    if (l->line->otherwise)
        buf_puts(&t->work, " otherwise");
    else if (!l->by_table)
        buf_printf(&t->work, " when %.*s", STR_ARG(l->line->text));
    if (!l->by_table)
        buf_printf(&t->work, " %s", trace_verdict_words(verdicts[l->verdict]));
    if (l->line->n_facts > 0 && l->verdict != TRIED_NOT_REACHED) {
        buf_puts(&t->work, ": ");
        tell_tried(&s->tell, l->line);
    }
    trace_step(t,
               (bs_step){.kind = BS_STEP_LINE,
                         .name = result_text(l->line->text),
                         .text = trace_take(t),
                         .outcome = outcome,
                         .missing = result_text(why_words(l->why)),
                         .verdict = verdicts[l->verdict]},
               l->line->place);
}

static void add_override(Steps *s, const Judgement *j) {
    Tracer *t = s->t;
    buf_puts(&t->work, "an override gives ");
    bs_text outcome = trace_outcome(t->program, j->scale, j->level);
    tell_name(&t->work, text_str(outcome));
    buf_printf(&t->work, " in place of that: %.*s, by %.*s, until ", STR_ARG(j->because),
               STR_ARG(j->by));
    period_print(&t->work, j->to);
    trace_step(t,
               (bs_step){.kind = BS_STEP_LINE,
                         .name = result_text(STR("override")),
                         .text = trace_take(t),
                         .outcome = outcome,
                         .verdict = BS_DECIDES},
               j->place);
}

// Those of the KPIs whose status is taken come before the KPI's own.
static void add_overrides(Steps *s) {
    const Kpi *k = s->row->kpi;
    VEC(const Judgement *) found = {0};
    TakenStatus behind = {.status = k->status};
    while (k->has_status && taken_behind(s->row->vm, k, behind.status, s->row->lane, &behind))
        if (behind.override && !VEC_PUSH(&s->t->texts, &found, behind.override))
            return;
    while (found.n > 0)
        add_override(s, found.v[--found.n]);
}

static void add_lines(Steps *s) {
    TriedLines lines;
    if (!tried_list(s->row->vm, s->tell.kpi, s->row->lane, &s->t->texts, &lines))
        return;
    for (size_t i = 0; i < lines.n; i++)
        add_line(s, &lines.v[i], s->row->kpi->status_scale);
    add_overrides(s);
}

void trace_kpi(Tracer *t, const ReportRow *row) {
    Kpi now = explain_in_force(row->vm, row->kpi, row->lane);
    Steps s = {.t = t,
               .row = row,
               .tell = {row->vm, &now, row->lane, &t->work},
               .lane = row->vm->lanes[row->lane]};
    add_figures(&s);
    add_values(&s);
    add_shown(&s);
    for (uint32_t i = 0; i < row->kpi->n_levels; i++)
        add_level(&s, &row->kpi->levels[i]);
    add_lines(&s);
}
