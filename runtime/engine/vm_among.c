// SPDX-License-Identifier: Apache-2.0
// Among, of the machine: what the figures of several entities come to for each lane.
#include "runtime/base/number_fast.h"
#include "runtime/engine/series.h"
#include "runtime/engine/vm_ops.h"

// How many of the known figures are better than [own].
static uint32_t n_better(const SeriesGathered *g, Number own, bool low_is_good) {
    uint32_t low = 0, high = g->n_known; // the first that is not below [own], or above it
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = number_fast_cmp(g->sorted[middle], own);
        if (low_is_good ? order < 0 : order <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low_is_good ? low : g->n_known - low;
}

// The group of [own], 1 the best. An edge belongs to the group of the lower figures.
static Why find_group(const SeriesGathered *g, Number own, const Among *m, Number *out) {
    uint32_t above = 0, parts = among_parts(m->kind); // how many edges it lies above
    while (above < g->n_edges && number_fast_cmp(own, g->edges[above]) > 0)
        above++;
    if (above == g->n_edges && above + 1 < parts)
        return WHY(REASON_TOO_LARGE);
    *out = number_int(m->low_is_good ? above + 1 : parts - above);
    return 0;
}

static Why too_large_unless(bool fits) {
    return fits ? 0 : WHY(REASON_TOO_LARGE);
}

static Why work_out(Vm *vm, const Among *m, const SeriesGathered *g, Lane lane, Number *out) {
    Number own = NO_NUMBER;
    if (among_is_position(m->kind)) {
        Why why = series_own(vm->series, m, lane, &own);
        if (why)
            return why;
    }
    switch (m->kind) {
    case AMONG_MEAN:
        return too_large_unless(!g->too_large &&
                                number_div(&vm->big, g->sum, number_int(g->n_known), out));
    case AMONG_MEDIAN:
        return too_large_unless(series_edge(&vm->big, g, 1, 2, out));
    case AMONG_MIN:
        *out = g->sorted[0];
        return 0;
    case AMONG_MAX:
        *out = g->sorted[g->n_known - 1];
        return 0;
    case AMONG_RANK:
        *out = number_int((int64_t)n_better(g, own, m->low_is_good) + 1);
        return 0;
    case AMONG_QUARTILE:
    case AMONG_QUINTILE:
        return find_group(g, own, m, out);
    case AMONG_ENTITY:
    case N_AMONG_KINDS:
        break;
    }
    return 0;
}

static Why fold(Vm *vm, const Among *m, Lane lane, Number *out) {
    if (m->kind == AMONG_ENTITY)
        return series_own(vm->series, m, lane, out);
    Why why;
    const SeriesGathered *g = series_gather(vm->series, m, lane, &why);
    if (!g) {
        vm->big.failed = true;
        return WHY(REASON_NO_ROW);
    }
    if (why)
        return why;
    if (g->n_known == 0 && g->missing)
        return g->missing;
    if (!series_enough(g, m))
        return (Why)(g->missing | (m->least > 0 || g->n_known == 0 ? WHY(REASON_TOO_FEW) : 0));
    return work_out(vm, m, g, lane, out);
}

void vm_OP_AMONG(Vm *vm, const Instr *in) {
    const Among *m = &vm->program->amongs[in->imm];
    Number *out = vm_numbers(vm, in->dst);
    Why *why = vm_whys(vm, in->dst);
    // Rows that are judged while they are read know of no other rows.
    bool whole = vm->store && vm->store->of_metric;
    if (whole && !vm->series)
        vm->series = series_table_new(vm->program, vm->store);
    if (whole && !vm->series)
        vm->big.failed = true;
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        Number result = NO_NUMBER;
        why[i] = vm->series ? fold(vm, m, vm_lane(vm, i), &result) : WHY(REASON_NO_ROW);
        out[i] = why[i] ? NO_NUMBER : result;
    }
}
