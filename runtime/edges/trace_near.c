// SPDX-License-Identifier: Apache-2.0
// Why not: for each figure that a row's status hangs on the nearest number, all others staying as
// they are, with which it would have the wanted one.
#include "runtime/edges/columns.h"
#include "runtime/edges/result.h"
#include "runtime/edges/trace.h"
#include "runtime/engine/group_telling.h"
#include "runtime/engine/telling.h"

// ---- what can move ------------------------------------------------------------------------------

static const Kpi *kpi_named(const Program *p, Str name) {
    for (uint32_t i = 0; i < p->n_kpis; i++)
        if (str_eq(p->kpis[i].name, name))
            return &p->kpis[i];
    return NULL;
}

// The instruction of the KPI that writes [reg], a register that is written once.
static const Instr *source_of(const Program *p, const Kpi *k, uint16_t reg) {
    for (uint32_t i = k->fn.first; i < k->fn.first + k->fn.n; i++)
        if (p->code[i].dst == reg)
            return &p->code[i];
    return NULL;
}

// A number that is written in the rules is theirs to move, and limits of a chart follow its
// history.
static bool is_figure(const Instr *in) {
    bool written = in->op == OP_CONST || in->op == OP_TRAJECTORY || in->op == OP_MISSING;
    return !written && op_info[in->op].imm != IMM_CHART;
}

static bool add_movable(Tracer *t, const Kpi *k, Movable m, uint16_t reg) {
    for (size_t i = 0; i < t->movables.n; i++)
        if (t->movables.v[i].x.moved == reg)
            return true;
    return nearest_begin(&m.x, &t->of_kpi, t->program, k, reg, k->status) &&
           VEC_PUSH(&t->of_kpi, &t->movables, m);
}

// The figures that a value is a share or a sum of, without those that it is divided by.
static bool add_numerators(Tracer *t, const Kpi *k, uint16_t value) {
    const Program *p = t->program;
    const Instr *whole = source_of(p, k, value);
    bool *part = ARENA_ARRAY(&t->of_kpi, bool, k->fn.n_regs);
    if (!part)
        return false;
    part[value] = true;
    for (uint32_t i = k->fn.first + k->fn.n; i-- > k->fn.first;) {
        const Instr *in = &p->code[i];
        if (!part[in->dst])
            continue;
        const Load *load = in->op == OP_LOAD ? &p->loads[in->imm] : NULL;
        bool divides = in->op == OP_SHARE || in->op == OP_DIV;
        if (load && load_is_own(load) && load->field == FIELD_VALUE && in->dst != value) {
            Movable m = {.kind = MOVES_PART,
                         .of = k,
                         .name = p->metrics[load->metric].name,
                         .unit = p->metrics[load->metric].unit};
            m.share = whole->op == OP_SHARE && whole->a == in->dst ? whole : NULL;
            if (!add_movable(t, k, m, in->dst))
                return false;
        }
        if (in->a != NO_REG)
            part[in->a] = true;
        if (in->b != NO_REG && !divides)
            part[in->b] = true;
        const PeriodSpan *span = in->op == OP_SPAN ? &p->spans[in->imm] : NULL;
        for (uint32_t n = 0; span && n < span->n; n++)
            part[span->figures[n].reg] = true;
    }
    return true;
}

static Unit unit_of(const Kpi *k, Str figure) {
    for (uint32_t i = 0; i < k->n_figures; i++)
        if (str_eq(k->figures[i].name, figure))
            return k->figures[i].unit;
    return k->unit;
}

// The values and comparators of the KPI, and of the one whose status it takes.
static bool add_settable(Tracer *t, const Kpi *k, const Settable *s) {
    const Program *p = t->program;
    const Kpi *of = kpi_named(p, s->kpi);
    const Instr *source = source_of(p, k, s->reg);
    bool now = s->back == 0 && s->years == 0, value = str_eq(s->name, STR("value"));
    if (!now || !of || !source || !is_figure(source))
        return true;
    bool own = str_eq(of->name, k->name);
    Movable m = {.kind = own && value ? MOVES_VALUE : MOVES_OTHER,
                 .of = of,
                 .is_value = value,
                 .name = value && own ? s->name
                         : value      ? of->name
                                      : s->name,
                 .unit = value ? of->unit : unit_of(of, s->name)};
    return add_movable(t, k, m, s->reg) && (!value || add_numerators(t, k, s->reg));
}

bool trace_near_begin(Tracer *t, const Kpi *k) {
    t->movables = (Movables){0};
    bool ok = true;
    for (size_t i = 0; ok && k->has_status && i < k->fn.n_settables; i++)
        ok = add_settable(t, k, &k->fn.settables[i]);
    return ok;
}

// ---- a row --------------------------------------------------------------------------------------

static void tell_wanted(Tracer *t, uint32_t scale) {
    tell_name(&t->work, text_str(trace_outcome(t->program, scale, t->wanted)));
}

// Does a value lie in the stretch that a move leads to?
static bool leads_to(const NearestMove *m, Number value) {
    int near = m->near.bounded ? number_cmp(value, m->near.at) : 0,
        far = m->far.bounded ? number_cmp(value, m->far.at) : 0;
    bool within_near = !m->near.bounded || (near == 0 ? !m->near.open : (near > 0) == m->far_is_up);
    bool within_far = !m->far.bounded || (far == 0 ? !m->far.open : (far < 0) == m->far_is_up);
    return within_near && within_far;
}

// What a part of a share would make of it.
static bool share_with(Tracer *t, const Movable *m, const Vm *vm, size_t lane, Number part,
                       Number *out) {
    Why why;
    Number whole = vm_number(vm, m->share->b, lane, &why);
    return !why && number_mul(&t->texts, part, t->program->consts[m->share->imm], out) &&
           number_div(&t->texts, *out, whole, out);
}

// "at 20.0% or below", "below 20.0%".
static void put_stretch(Tracer *t, const Buf *stretch) {
    Str words = buf_str(stretch);
    bool open = str_starts(words, STR("below ")) || str_starts(words, STR("above "));
    buf_puts(&t->work, open ? " " : " at ");
    buf_put(&t->work, words);
    t->work.failed |= stretch->failed;
}

// "green at 20.0% or below: 267 fewer re referrals of 4161".
static bool tell_events(Tracer *t, const Movable *m, const NearestMove *move,
                        const NearestMove *of_value, const ReportRow *row) {
    Number value, whole;
    Buf stretch = {0};
    if (!m->share || m->unit.kind != UNIT_COUNT || !move->measured || !of_value->found ||
        !of_value->near.bounded || move->near.open ||
        !share_with(t, m, row->vm, row->lane, move->near.at, &value) || !leads_to(of_value, value))
        return false;
    whole = vm_number(row->vm, m->share->b, row->lane, NULL);
    tell_wanted(t, row->kpi->status_scale);
    nearest_tell_stretch(&stretch, row->kpi, row->kpi->unit, of_value);
    put_stretch(t, &stretch);
    buf_free(&stretch);
    buf_puts(&t->work, ": ");
    tell_unit(&t->work, move->by, 0, ROUND_HALF_AWAY, (Unit){0});
    buf_puts(&t->work, move->up ? " more " : " fewer ");
    tell_name(&t->work, m->name);
    buf_puts(&t->work, " of ");
    tell_unit(&t->work, whole, -1, ROUND_HALF_AWAY, (Unit){0});
    return true;
}

static void tell_move(Tracer *t, const Movable *m, const NearestMove *move, const ReportRow *row) {
    Kpi as_read = *m->of; // a metric's figures are not rounded as the KPI's are
    Buf stretch = {0};
    if (m->kind == MOVES_PART)
        as_read.decimals = -1;
    tell_wanted(t, row->kpi->status_scale);
    if (m->kind != MOVES_VALUE) {
        buf_puts(&t->work, " with ");
        tell_name(&t->work, m->name);
    }
    nearest_tell(&stretch, &as_read, m->unit, move);
    put_stretch(t, &stretch);
    buf_free(&stretch);
}

static void tell_none(Tracer *t, const Movable *m, const NearestLine *line, uint32_t scale) {
    if (m->kind == MOVES_VALUE)
        buf_puts(&t->work, "its value");
    else
        tell_name(&t->work, m->name);
    if (line->answer == NEAREST_KNOWN && !line->by_hand) {
        buf_puts(&t->work, ": no number of it alone gives ");
        tell_wanted(t, scale);
        return;
    }
    buf_puts(&t->work, ": ");
    nearest_tell_none(&t->work, line);
}

// The figure as bs_set_figure takes it.
static bs_text path_of(Tracer *t, const Movable *m) {
    if (m->kind == MOVES_PART)
        return result_text(m->name);
    return result_text(arena_printf(&t->texts, "%.*s.%.*s", STR_ARG(m->of->name),
                                    STR_ARG(m->is_value ? STR("value") : m->name)));
}

static bool add_nearest(Tracer *t, const Movable *m, const ReportRow *row, NearestMove *of_value) {
    NearestLine line;
    NearestMove move;
    if (!nearest_line(&m->x, &t->near_vm, row->vm->lanes[row->lane], &t->texts, &line) ||
        !nearest_move(&line, t->wanted, &t->texts, &move))
        return false;
    if (m->kind == MOVES_VALUE)
        *of_value = move;
    else if (line.answer == NEAREST_KNOWN && line.n <= 1)
        return true; // the status does not hang on it
    bs_nearest out = {.found = move.found, .beyond = move.found && move.near.open};
    if (move.found && !tell_events(t, m, &move, of_value, row))
        tell_move(t, m, &move, row);
    else if (!move.found)
        tell_none(t, m, &line, row->kpi->status_scale);
    out.figure = path_of(t, m);
    out.text = trace_take(t);
    if (!line.why)
        number_print(&t->work, line.value);
    out.now = trace_take(t);
    if (move.found && move.near.bounded)
        number_print(&t->work, move.near.at);
    out.to = trace_take(t);
    return VEC_PUSH(&t->texts, &t->nearest, out);
}

bool trace_near_kpi(Tracer *t, const ReportRow *row) {
    NearestMove of_value = {0};
    bool ok = true;
    for (size_t i = 0; ok && i < t->movables.n; i++)
        ok = add_nearest(t, &t->movables.v[i], row, &of_value);
    return ok;
}

// ---- groups -------------------------------------------------------------------------------------

static bool add_member_move(Tracer *t, const Group *g, const NearMove *m) {
    const Kpi *k = &t->program->kpis[m->kpi];
    bs_text to = trace_outcome(t->program, g->scale, m->to);
    tell_wanted(t, g->scale);
    buf_puts(&t->work, " if ");
    if (k->label.len > 0)
        buf_put(&t->work, k->label);
    else
        tell_name(&t->work, k->name);
    buf_puts(&t->work, " goes from ");
    tell_name(&t->work, text_str(trace_outcome(t->program, g->scale, m->from)));
    buf_puts(&t->work, " to ");
    group_tell_move(t->program, &t->program->scales[g->scale], m, &t->work);
    return VEC_PUSH(&t->texts, &t->nearest,
                    ((bs_nearest){.figure = result_text(k->name),
                                  .text = trace_take(t),
                                  .found = true,
                                  .now = trace_outcome(t->program, g->scale, m->from),
                                  .to = to}));
}

bool trace_near_group(Tracer *t, const ReportRow *row) {
    NearMoves moves;
    uint32_t group = (uint32_t)(row->group - t->program->groups);
    size_t n = 0;
    if (!group_near(row->board, group, row->row->entity, row->row->period, row->row->status.level,
                    &t->texts, &moves) ||
        !group_near_measure(&t->near_kpis, row->row->entity, &t->texts, &moves))
        return false;
    for (size_t i = 0; i < moves.n; i++) {
        if (moves.v[i].outcome != t->wanted)
            continue;
        n++;
        if (!add_member_move(t, row->group, &moves.v[i]))
            return false;
    }
    if (n > 0)
        return true;
    const bs_text none = result_text(STR(""));
    buf_puts(&t->work, moves.too_many ? "not worked out: too many members"
                                      : "no status of a single KPI gives ");
    if (!moves.too_many)
        tell_wanted(t, row->group->scale);
    return VEC_PUSH(&t->texts, &t->nearest,
                    ((bs_nearest){.figure = none, .text = trace_take(t), .now = none, .to = none}));
}

// ---- the status that is wanted ------------------------------------------------------------------

bool trace_wanted_on(const Program *p, uint32_t scale, Str wanted, uint8_t *level) {
    *level = LEVEL_NO_DATA;
    if (str_eq(wanted, STR("no-data")) || str_eq(wanted, STR("no data")))
        return true;
    for (uint32_t i = 0; i < p->scales[scale].n_levels; i++) {
        *level = (uint8_t)i;
        if (str_eq(p->scales[scale].levels[i].name, wanted))
            return true;
    }
    return false;
}
