// SPDX-License-Identifier: Apache-2.0
// By how much the figures of the KPIs that would change a group have to move, and all of it in
// words.
#include "runtime/engine/group_near.h"
#include "runtime/engine/telling.h"

// A KPI in the same period: its moves stand one behind the other.
static bool same_leaf(const NearMove *a, const NearMove *b) {
    return a->kpi == b->kpi && a->period.kind == b->period.kind &&
           a->period.ordinal == b->period.ordinal;
}

// ---- how far ------------------------------------------------------------------------------------

bool near_kpis_init(NearKpis *kpis, Arena *a, Vm *vm) {
    *kpis = (NearKpis){.arena = a, .vm = vm, .v = ARENA_ARRAY(a, Nearest, vm->program->n_kpis)};
    return kpis->v != NULL;
}

static const Nearest *ready(NearKpis *kpis, uint32_t kpi) {
    const Program *p = kpis->vm->program;
    const Kpi *k = &p->kpis[kpi];
    Nearest *x = &kpis->v[kpi];
    if (x->kpi)
        return x;
    bool ok = nearest_begin(x, kpis->arena, p, k, k->value, k->status);
    if (!ok)
        x->kpi = NULL;
    return ok ? x : NULL;
}

bool group_near_measure(NearKpis *kpis, uint32_t entity, Arena *a, NearMoves *moves) {
    const NearMove *last = NULL;
    for (size_t i = 0; i < moves->n; i++) {
        NearMove *m = &moves->v[i];
        const Nearest *x = ready(kpis, m->kpi);
        NearestLine *line = NULL;
        if (!last || !same_leaf(last, m)) {
            Lane lane = {.entity = entity, .period = m->period};
            line = ARENA_NEW(a, NearestLine);
            if (!x || !line || !nearest_line(x, kpis->vm, lane, a, line))
                return false;
        }
        m->line = line ? line : last->line;
        if (!nearest_move(m->line, m->to, a, &m->move))
            return false;
        last = m;
    }
    return true;
}

// ---- telling ------------------------------------------------------------------------------------

enum { TOLD_MOVES = 12 }; // KPIs for each outcome

static void put_level(const Scale *s, uint8_t level, Buf *out) {
    if (level == LEVEL_NO_DATA)
        buf_puts(out, "no data");
    else
        tell_name(out, s->levels[level].name);
}

void group_tell_move(const Program *p, const Scale *s, const NearMove *m, Buf *out) {
    const Kpi *k = &p->kpis[m->kpi];
    put_level(s, m->to, out);
    if (!m->line)
        return;
    buf_puts(out, " (");
    if (m->move.found)
        nearest_tell(out, k, k->unit, &m->move);
    else
        nearest_tell_none(out, m->line);
    buf_char(out, ')');
}

static void put_kpi(const Program *p, const Scale *s, const NearMove *m, Buf *out) {
    const Kpi *k = &p->kpis[m->kpi];
    if (k->label.len > 0)
        buf_put(out, k->label);
    else
        tell_name(out, k->name);
    buf_puts(out, " goes from ");
    put_level(s, m->from, out);
    buf_puts(out, " to ");
}

static void put_outcome(const Program *p, const Scale *s, const NearMoves *moves, uint8_t outcome,
                        Buf *out) {
    const NearMove *last = NULL;
    size_t n = 0;
    for (size_t i = 0; i < moves->n; i++) {
        const NearMove *m = &moves->v[i];
        if (m->outcome != outcome)
            continue;
        bool again = last && same_leaf(last, m);
        n += !again;
        last = m;
        if (n > TOLD_MOVES)
            continue;
        if (again) {
            buf_puts(out, " or ");
        } else {
            if (n == 1) {
                buf_puts(out, out->len > 0 ? "; " : "");
                put_level(s, outcome, out);
            }
            buf_puts(out, n == 1 ? " if " : ", if ");
            put_kpi(p, s, m, out);
        }
        group_tell_move(p, s, m, out);
    }
    if (n > TOLD_MOVES)
        buf_printf(out, " and %zu more", n - TOLD_MOVES);
}

void group_tell_near(const Program *p, const Group *g, const NearMoves *moves, Buf *out) {
    const Scale *s = &p->scales[g->scale];
    if (moves->too_many) {
        buf_puts(out, "not worked out: too many members");
        return;
    }
    for (uint32_t level = 0; level < s->n_levels; level++)
        put_outcome(p, s, moves, (uint8_t)level, out);
    put_outcome(p, s, moves, LEVEL_NO_DATA, out);
    if (moves->n == 0)
        buf_puts(out, "no single KPI");
}
