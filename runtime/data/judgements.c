// SPDX-License-Identifier: Apache-2.0
#include "runtime/data/program.h"

// Does [j] end before [period] of [entity]?
static bool is_before(const Judgement *j, Str entity, Period period) {
    int order = str_cmp(j->entity, entity);
    if (order == 0)
        order = (j->to.kind > period.kind) - (j->to.kind < period.kind);
    return order < 0 || (order == 0 && j->to.ordinal < period.ordinal);
}

uint32_t judgement_find(const Program *p, uint32_t set, Str entity, Period period) {
    const JudgementSet *s = &p->judgement_sets[set];
    uint32_t low = s->first, high = s->first + s->n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (is_before(&p->judgements[middle], entity, period))
            low = middle + 1;
        else
            high = middle;
    }
    if (low == s->first + s->n)
        return UINT32_MAX;
    const Judgement *j = &p->judgements[low];
    bool holds = j->from.kind == period.kind && j->from.ordinal <= period.ordinal &&
                 str_eq(j->entity, entity);
    return holds ? low : UINT32_MAX;
}
