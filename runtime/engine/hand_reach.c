// SPDX-License-Identifier: Apache-2.0
#include "runtime/engine/hand_reach.h"

static bool reads_metric(const Hand *hand, const Load *load) {
    for (size_t i = 0; i < hand->n; i++)
        if (!hand->v[i].of_kpi && hand->v[i].metric == load->metric &&
            hand->v[i].field == load->field)
            return true;
    return false;
}

// [series]: those that are reached, by index; a series reads such as stand before it alone.
static bool reaches(const Program *p, const Function *fn, const bool *series) {
    for (size_t i = 0; i < fn->n_settables; i++)
        if (hand_speaks_of(p->hand, &fn->settables[i]))
            return true;
    for (uint32_t i = fn->first; i < fn->first + fn->n; i++) {
        const Instr *in = &p->code[i];
        ImmKind kind = op_info[in->op].imm;
        if ((kind == IMM_LOAD && reads_metric(p->hand, &p->loads[in->imm])) ||
            (kind == IMM_AMONG && series[p->amongs[in->imm].series]))
            return true;
    }
    return false;
}

bool hand_reach_make(Arena *a, const Program *p, HandReach *out) {
    bool *series = ARENA_ARRAY(a, bool, p->n_series);
    *out = (HandReach){ARENA_ARRAY(a, bool, p->n_kpis), ARENA_ARRAY(a, bool, p->n_groups)};
    if (!series || !out->kpis || !out->groups)
        return false;
    for (uint32_t i = 0; p->hand && i < p->n_series; i++)
        series[i] = reaches(p, &p->series[i].fn, series);
    for (uint32_t i = 0; p->hand && i < p->n_kpis; i++)
        out->kpis[i] = reaches(p, &p->kpis[i].fn, series);
    for (uint32_t i = 0; i < p->n_groups; i++) {
        uint32_t group = p->group_order[i];
        const Group *g = &p->groups[group];
        for (uint32_t k = 0; k < g->n_members; k++) {
            const GroupMember *m = &g->members[k];
            out->groups[group] |= m->is_group ? out->groups[m->index] : out->kpis[m->index];
        }
    }
    return true;
}
