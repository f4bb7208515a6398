// SPDX-License-Identifier: Apache-2.0
// What is told of a figure among others: how many of them are known, and why there is none.
#include "runtime/engine/series.h"
#include "runtime/engine/telling.h"

// What made the figure in [reg], if it was made of several entities; else NULL.
static const Among *find_among(const Telling *t, uint16_t reg) {
    const Program *p = t->vm->program;
    for (uint32_t i = t->kpi->fn.first; i < t->kpi->fn.first + t->kpi->fn.n; i++) {
        if (p->code[i].op == OP_AMONG && p->code[i].dst == reg) {
            const Among *m = &p->amongs[p->code[i].imm];
            return m->kind == AMONG_ENTITY ? NULL : m;
        }
    }
    return NULL;
}

// The same figures once more; NULL where the rows know of no others, or memory ran out.
static const SeriesGathered *gather(const Telling *t, const Among *m, Why *why) {
    const Vm *vm = t->vm;
    return m && vm->series && vm->lanes ? series_gather(vm->series, m, vm->lanes[t->lane], why)
                                        : NULL;
}

void tell_known_among(const Telling *t, uint16_t reg) {
    Why why = 0;
    const SeriesGathered *g = gather(t, find_among(t, reg), &why);
    if (g && !why && g->n_known < g->n_members)
        buf_printf(t->out, ", %u of %u known", (unsigned)g->n_known, (unsigned)g->n_members);
}

// Of a rank or a group: that the row has no figure itself to place among the others. False, having
// written nothing, when it has one.
static bool tell_missing_own(const Telling *t, const Among *m) {
    Number own;
    Why why =
        among_is_position(m->kind) ? series_own(t->vm->series, m, t->vm->lanes[t->lane], &own) : 0;
    if (!why)
        return false;
    Str of = t->vm->program->series[m->series].text;
    buf_puts(t->out, "its own figure of ");
    buf_put(t->out, of);
    buf_printf(t->out, " is missing (%.*s)", STR_ARG(why_words(why)));
    return true;
}

bool tell_missing_among(const Telling *t, uint16_t reg) {
    const Among *m = find_among(t, reg);
    Why why = 0;
    const SeriesGathered *g = gather(t, m, &why);
    if (!g)
        return false;
    if (why & WHY(REASON_NOT_APPLICABLE)) {
        const PeerSet *set = &t->vm->program->peers[m->peers];
        Str name = set->label.len > 0 ? set->label : set->name;
        buf_printf(t->out, "\"%.*s\" lists no peers for it", STR_ARG(name));
        return true;
    }
    if (!why && series_enough(g, m))
        return tell_missing_own(t, m);
    if (why || g->n_known == g->n_members)
        return false;
    buf_printf(t->out, "%u of %u known", (unsigned)g->n_known, (unsigned)g->n_members);
    if (m->least > 0)
        buf_printf(t->out, ", at least %u needed", (unsigned)m->least);
    else if (m->allowed > 0)
        buf_printf(t->out, ", at most %u may be missing", (unsigned)m->allowed);
    else
        buf_puts(t->out, ", all needed");
    return true;
}
