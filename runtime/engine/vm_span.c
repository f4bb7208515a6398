// SPDX-License-Identifier: Apache-2.0
// Spans of the machine: the figures of several periods made one.
#include <string.h>

#include "runtime/base/number_fast.h"
#include "runtime/engine/vm_ops.h"

// What was gathered of each lane's span so far; the sum, least or greatest stands in the result.
typedef struct Gathered {
    uint16_t takes[VM_BATCH]; // figures that belong to the lane's span
    uint16_t known[VM_BATCH];
    Why missing[VM_BATCH]; // of any figure that is missing
    Why fault[VM_BATCH];   // for which there is no result, whatever the figures
} Gathered;

static void settle_lengths(const Vm *vm, const PeriodSpan *w, Gathered *g) {
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        g->takes[i] = (uint16_t)span_length(w, vm_lane(vm, i).period);
        g->fault[i] = g->takes[i] ? 0 : WHY(REASON_NOT_APPLICABLE);
        g->known[i] = 0;
        g->missing[i] = 0;
    }
}

static bool join(Arena *big, Fold fold, Number x, Number y, Number *out) {
    switch (fold) {
    case FOLD_SUM:
    case FOLD_MEAN:
        return number_fast_add(big, x, y, out);
    case FOLD_MIN:
        *out = number_fast_cmp(y, x) < 0 ? y : x;
        return true;
    case FOLD_MAX:
        *out = number_fast_cmp(y, x) > 0 ? y : x;
        return true;
    case N_FOLDS:
        break;
    }
    return false;
}

// Why the [k]th figure does not count, by lane.
static void settle_whys(const Vm *vm, const PeriodSpan *w, uint32_t k, Why *whys) {
    memcpy(whys, vm_whys(vm, w->figures[k].reg), vm->n_lanes * sizeof *whys);
    for (uint32_t row = 0; row < w->n_beside; row++) {
        const Why *beside = vm_whys(vm, w->beside[row * w->n + k]);
        for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
            whys[i] |= beside[i];
        }
    }
}

static void gather(Vm *vm, const PeriodSpan *w, uint32_t k, Gathered *g, Number *out) {
    const Number *figures = vm_numbers(vm, w->figures[k].reg);
    Why whys[VM_BATCH];
    settle_whys(vm, w, k, whys);
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        if (k >= g->takes[i]) {
            continue;
        }
        if (whys[i]) {
            g->missing[i] |= whys[i];
        } else if (g->known[i]++ == 0) {
            out[i] = figures[i];
        } else if (!join(&vm->big, w->fold, out[i], figures[i], &out[i])) {
            g->fault[i] |= WHY(REASON_TOO_LARGE);
        }
    }
}

// What an examples row leaves blank is never passed over.
static Why why_none(const PeriodSpan *w, const Gathered *g, size_t i) {
    unsigned n_missing = (unsigned)(g->takes[i] - g->known[i]);
    bool enough =
        n_missing <= w->allowed && g->known[i] > 0 && (g->missing[i] & WHY(REASON_NOT_GIVEN)) == 0;
    return enough ? g->fault[i] : (Why)(g->fault[i] | g->missing[i]);
}

void vm_OP_SPAN(Vm *vm, const Instr *in) {
    const PeriodSpan *w = &vm->program->spans[in->imm];
    Number *out = vm_numbers(vm, in->dst);
    Why *why = vm_whys(vm, in->dst);
    Gathered g;
    settle_lengths(vm, w, &g);
    for (uint32_t k = 0; k < w->n; k++) {
        gather(vm, w, k, &g, out);
    }
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        why[i] = why_none(w, &g, i);
        if (why[i] == 0 && w->fold == FOLD_MEAN &&
            !number_div(&vm->big, out[i], number_int(g.known[i]), &out[i])) {
            why[i] = WHY(REASON_TOO_LARGE);
        }
        out[i] = why[i] ? NO_NUMBER : out[i];
    }
}
