// SPDX-License-Identifier: Apache-2.0
// Which figures of two sets of rules are the same.
#include <inttypes.h>

#include "runtime/prove/difference_parts.h"

enum { MOST_KEY = 4000 }; // bytes of what a figure means; what is longer is told apart by its start

// ---- what a figure means ------------------------------------------------------------------------

static void put_load(Buf *out, const Program *p, const Load *l) {
    buf_printf(out, "%.*s.%.*s back %" PRId32 " years %" PRId32 " within %" PRId32,
               STR_ARG(p->metrics[l->metric].name), STR_ARG(p->fields[l->field]), l->back,
               l->years, l->within);
}

static void put_expression(Buf *out, DifferenceSide *side, uint16_t reg);

static void put_span(Buf *out, DifferenceSide *side, const PeriodSpan *s) {
    buf_printf(out, "%d of year %d but %" PRIu32, (int)s->fold, (int)s->year, s->allowed);
    for (uint32_t i = 0; i < s->n; i++) {
        buf_char(out, ' ');
        put_expression(out, side, s->figures[i].reg);
    }
}

static void put_among(Buf *out, const Program *p, const Among *m) {
    Str peers = m->peers == AMONG_EVERYONE ? STR("everyone") : p->peers[m->peers].name;
    buf_printf(out, "%d of %.*s among %.*s back %" PRId32 " years %" PRId32 " ", (int)m->kind,
               STR_ARG(p->series[m->series].text), STR_ARG(peers), m->back, m->years);
    period_print(out, m->fixed);
    buf_printf(out, " low %d but %" PRIu32 " least %" PRIu32 " in %.*s", m->low_is_good,
               m->allowed, m->least, STR_ARG(m->entity));
}

static void put_trajectory(Buf *out, const Program *p, const Trajectory *t) {
    for (uint32_t i = 0; i < t->n; i++) {
        period_print(out, t->periods[i]);
        buf_char(out, ' ');
        number_print(out, p->consts[t->values[i]]);
        buf_char(out, ' ');
    }
}

static void put_immediate(Buf *out, DifferenceSide *side, const Instr *in) {
    const Program *p = side->proof.program;
    ImmKind kind = op_info[in->op].imm;
    if (kind == IMM_CONST)
        number_print(out, p->consts[in->imm]);
    else if (kind == IMM_LOAD)
        put_load(out, p, &p->loads[in->imm]);
    else if (kind == IMM_SPAN)
        put_span(out, side, &p->spans[in->imm]);
    else if (kind == IMM_AMONG)
        put_among(out, p, &p->amongs[in->imm]);
    else if (kind == IMM_TRAJECTORY)
        put_trajectory(out, p, &p->trajectories[in->imm]);
    else if (kind == IMM_TEXT)
        buf_put(out, p->texts[in->imm]);
    else if (kind != IMM_NONE)
        buf_printf(out, "%" PRIu32, in->imm);
}

static void put_expression(Buf *out, DifferenceSide *side, uint16_t reg) {
    const Instr *in = paths_definition(&side->proof.paths, reg);
    const uint16_t operands[] = {in->a, in->b, in->c};
    buf_printf(out, "(%s ", op_info[in->op].mnemonic);
    put_immediate(out, side, in);
    for (size_t i = 0; i < 3 && operands[i] != NO_REG && out->len < MOST_KEY; i++) {
        buf_char(out, ' ');
        put_expression(out, side, operands[i]);
    }
    buf_char(out, ')');
}

Str difference_key(Arena *a, DifferenceSide *side, uint16_t reg) {
    Buf out = {0};
    put_expression(&out, side, reg);
    a->failed |= out.failed;
    Str key = arena_str(a, buf_str(&out));
    buf_free(&out);
    return key;
}

// The KPI's value, the one before and its comparators are taken for the same on both sides, however
// they are worked out.
static Str figure_key(Arena *a, DifferenceSide *side, size_t var) {
    const PathVar *v = &side->proof.paths.vars[var];
    const Kpi *k = &side->era.kpi;
    if (v->reg == k->judged)
        return STR("value");
    if (v->reg == k->previous)
        return STR("previous");
    for (uint32_t i = 0; v->load == UINT32_MAX && i < k->n_figures; i++)
        if (k->figures[i].reg == v->reg)
            return arena_printf(a, "figure %.*s", STR_ARG(k->figures[i].name));
    return difference_key(a, side, v->reg);
}

// ---- what both speak of -------------------------------------------------------------------------

static size_t shared_figure(Shared *s, Str key) {
    for (size_t i = 0; i < s->n_figures; i++)
        if (str_eq(s->figures[i].key, key))
            return i;
    return s->n_figures;
}

static LinearEnd wider(LinearEnd x, LinearEnd y, int sign) {
    if (!x.bounded || !y.bounded)
        return (LinearEnd){0};
    int order = number_cmp(x.at, y.at) * sign;
    return order > 0 || (order == 0 && !x.open) ? x : y;
}

static void share_figure(Arena *a, Shared *s, DifferenceSide *side, size_t var) {
    const PathVar *v = &side->proof.paths.vars[var];
    Str key = figure_key(a, side, var);
    size_t i = shared_figure(s, key);
    side->var[var] = i;
    if (i == LINEAR_MAX_VARS) {
        s->too_many = true;
        return;
    }
    SharedFigure *f = &s->figures[i];
    if (i == s->n_figures) {
        *f = (SharedFigure){key, proof_name(&side->proof, var), proof_unit(&side->proof, var),
                            v->low, v->high};
        s->whole[s->n_figures++] = v->whole;
        return;
    }
    f->low = wider(f->low, v->low, -1);
    f->high = wider(f->high, v->high, 1);
    s->whole[i] = s->whole[i] && v->whole;
}

static void share_choice(Arena *a, Shared *s, DifferenceSide *side, size_t choice) {
    const Program *p = side->proof.program;
    const PathChoice *c = &side->proof.paths.choices[choice];
    Buf id = {0};
    Str name = STR("the period");
    if (c->op == OP_LOAD_TEXT) {
        put_load(&id, p, &p->loads[c->imm]);
        name = p->fields[p->loads[c->imm].field];
    } else if (c->op == OP_ENTITY) {
        buf_puts(&id, "the entity");
        name = STR("entity");
    } else {
        buf_puts(&id, "the period");
    }
    Str key = arena_str(a, buf_str(&id));
    buf_free(&id);
    size_t i = 0;
    while (i < s->n_choices && !str_eq(s->choices[i].key, key))
        i++;
    side->choice[choice] = i;
    if (i == s->n_choices)
        s->choices[s->n_choices++] =
            (SharedChoice){.key = key, .name = name, .is_text = c->op != OP_TRAJECTORY};
}

static void share_side(Arena *a, Shared *s, DifferenceSide *side) {
    for (size_t i = 0; i < side->proof.paths.n_vars && !s->too_many; i++)
        share_figure(a, s, side, i);
    for (size_t i = 0; i < side->proof.paths.n_chosen; i++)
        share_choice(a, s, side, i);
}

void difference_share(Arena *a, Shared *s, DifferenceSide *before, DifferenceSide *after) {
    *s = (Shared){0};
    share_side(a, s, before);
    share_side(a, s, after);
}
