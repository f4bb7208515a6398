// SPDX-License-Identifier: Apache-2.0
// Charts of the machine: what the history of a figure says of the lane's own.
#include <stdlib.h>

#include "runtime/engine/chart.h"
#include "runtime/engine/vm_ops.h"

struct VmCharts {
    size_t n;
    ChartTable *tables; // by chart; not made yet where [rows] is NULL
};

void vm_charts_free(VmCharts *charts) {
    for (size_t i = 0; charts && i < charts->n; i++)
        chart_free(&charts->tables[i]);
    if (charts)
        free(charts->tables);
    free(charts);
}

static VmCharts *charts_of(Vm *vm) {
    if (vm->charts)
        return vm->charts;
    size_t n = vm->program->n_charts;
    VmCharts *charts = calloc(1, sizeof *charts);
    ChartTable *tables = calloc(n, sizeof *tables);
    if (!charts || !tables) {
        free(charts);
        free(tables);
        return NULL;
    }
    *charts = (VmCharts){n, tables};
    for (size_t i = 0; i < n; i++)
        arena_init(&tables[i].arena, 0);
    vm->charts = charts;
    return charts;
}

// The table of an instruction; NULL without a store, which is so in examples, and when memory ran
// out.
static ChartTable *table_of(Vm *vm, const Instr *in) {
    if (!vm->store || vm->within_chart)
        return NULL;
    VmCharts *charts = charts_of(vm);
    ChartTable *t = charts ? &charts->tables[in->imm] : NULL;
    if (t && !t->rows &&
        !chart_make(t, vm->program, vm->store, vm->fn, in->a, &vm->program->charts[in->imm]))
        t = NULL;
    if (!t)
        vm->big.failed = true;
    return t;
}

// The row of a lane, NULL where there is none, and why the result is missing.
static const ChartRow *row_of(Vm *vm, ChartTable *t, const Instr *in, size_t i, Why *why) {
    *why = vm_whys(vm, in->a)[i];
    if (!t) {
        *why |= WHY(REASON_NOT_GIVEN);
        return NULL;
    }
    const ChartRow *row = chart_row(t, vm_lane(vm, i));
    *why |= row ? row->why : WHY(REASON_NO_ROW);
    return *why ? NULL : row;
}

typedef Number LimitOf(const XmrLimits *l);

static void put_limits(Vm *vm, const Instr *in, LimitOf *limit) {
    ChartTable *t = table_of(vm, in);
    Number *out = vm_numbers(vm, in->dst);
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        Why why;
        const ChartRow *row = row_of(vm, t, in, i, &why);
        out[i] = row ? limit(&t->stretches.v[row->stretch]) : NO_NUMBER;
        vm_whys(vm, in->dst)[i] = why;
    }
}

static Number low_of(const XmrLimits *l) {
    return l->low;
}

static Number mean_of(const XmrLimits *l) {
    return l->mean;
}

static Number high_of(const XmrLimits *l) {
    return l->high;
}

void vm_OP_CHART_LOW(Vm *vm, const Instr *in) {
    put_limits(vm, in, low_of);
}

void vm_OP_CHART_MEAN(Vm *vm, const Instr *in) {
    put_limits(vm, in, mean_of);
}

void vm_OP_CHART_HIGH(Vm *vm, const Instr *in) {
    put_limits(vm, in, high_of);
}

void vm_OP_VARIATION(Vm *vm, const Instr *in) {
    bool low_is_good = vm->program->charts[in->imm].low_is_good;
    ChartTable *t = table_of(vm, in);
    uint8_t *out = vm_bytes(vm, in->dst);
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        Why why;
        const ChartRow *row = row_of(vm, t, in, i, &why);
        int side = row ? row->side : -1;
        out[i] = (uint8_t)(row && low_is_good ? 1 - side : 1 + side);
        vm_whys(vm, in->dst)[i] = why;
    }
}

void vm_OP_CHART_RULE(Vm *vm, const Instr *in) {
    ChartTable *t = table_of(vm, in);
    uint8_t *out = vm_bytes(vm, in->dst);
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        Why why;
        const ChartRow *row = row_of(vm, t, in, i, &why);
        out[i] = row ? (uint8_t)row->rule : 0;
        vm_whys(vm, in->dst)[i] = why;
    }
}

// The target at a limit is reached at times, so that only one beyond the limits is passed or failed
// whatever chance does.
void vm_OP_ASSURANCE(Vm *vm, const Instr *in) {
    const Number *low = vm_numbers(vm, in->a), *high = vm_numbers(vm, in->b),
                 *target = vm_numbers(vm, in->c);
    const Why *why_low = vm_whys(vm, in->a), *why_high = vm_whys(vm, in->b),
              *why_target = vm_whys(vm, in->c);
    uint8_t *out = vm_bytes(vm, in->dst);
    Why *why = vm_whys(vm, in->dst);
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        why[i] = (Why)(why_low[i] | why_high[i] | why_target[i]);
        uint8_t level = number_cmp(target[i], low[i]) < 0    ? LEVEL_PASSING
                        : number_cmp(target[i], high[i]) > 0 ? LEVEL_FAILING
                                                             : LEVEL_HIT_OR_MISS;
        out[i] = why[i] ? 0 : in->imm ? (uint8_t)(LEVEL_PASSING - level) : level;
    }
}
