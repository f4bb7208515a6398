// SPDX-License-Identifier: Apache-2.0
// Vm: runs a function of a verified program over a batch of lanes.
#ifndef BS_ENGINE_VM_H
#define BS_ENGINE_VM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/data/program.h"
#include "runtime/engine/hand.h"
#include "runtime/engine/plan.h"
#include "runtime/engine/store.h"

enum {
    VM_BATCH = 1024,        // lanes at a time
    VM_MAX_BIG = 256 << 20, // bytes of big numbers in a batch
};

// The outcome of a status block in one lane.
typedef struct StatusLane {
    uint8_t level;    // LEVEL_NO_DATA when there is none
    uint32_t line;    // the deciding line, index into Program.lines, UINT32_MAX when none
    uint64_t pending; // while unsettled: outcomes of unknown lines, bit 63 for no data
    Why why;          // why there is no status; 0 when decided by a level
    Why unknown;      // reasons of the unknown conditions met on the way
} StatusLane;

// The outcomes of a batch's lanes, a column each.
typedef struct StatusColumns {
    uint64_t *pending;
    uint32_t *line;
    Why *why, *unknown;
    uint8_t *level;
    uint8_t *open;      // 1 until a line, table or mapping decides, then 0
    uint8_t *unsettled; // one for all lanes: some lane may have something pending
} StatusColumns;
enum { STATUS_LANE_BYTES = 18 }; // of all columns; `unsettled` takes one more

// A column of a batch. [v] has one item a lane: Number, uint8_t (truth: 0 no, 1 yes; level) or
// uint32_t (text: see vm_text), and StatusColumns one behind the other; [why] says what is missing, 0 where known (not used
// for status). A missing lane holds 0 (0/1) so that no operation meets rubbish in it.
typedef struct Register {
    ValueKind kind;
    void *v;
    Why *why;
} Register;

// What an examples row gives, by slot.
typedef struct Given {
    Number number;
    uint8_t level;
    Why why; // REASON_NOT_GIVEN for a blank cell
} Given;

// The observations of a batch's lanes, some time back, found once for all fields that are loaded.
typedef struct Found {
    uint32_t metric;
    int32_t back, years;
    uint32_t *obs; // by lane, OBS_NONE where there is none
    bool complete; // there is one in every lane
} Found;

enum { VM_MAX_FOUND = 16 }; // kept at a time

typedef struct VmCharts VmCharts;

typedef struct Vm {
    const Program *program;
    const Store *store; // NULL when no function loads anything
    Arena big;          // big numbers of the current batch
    Register *regs;     // by number; only those that the code wrote hold anything
    size_t n_regs;      // that there is room for
    char *room;         // what the registers of the current batch hold, one behind the other
    size_t n_bytes;     // of room
    size_t n_used;
    Found found[VM_MAX_FOUND];
    size_t n_found;        // that hold for the current batch
    size_t n_lanes;        // of the current batch
    const Lane *lanes;
    const Given *given;
    bool given_by_lane; // OP_GIVEN gives each lane its own item of [given], whatever its slot
    struct SeriesTable *series; // made when first asked for
    Period as_of; // by whose rules all lanes are judged; PERIOD_NONE: each by those of its time
    const Function *fn;    // of the current batch
    VmCharts *charts;      // made when first asked for
    bool without_overrides; // statuses are those that the rules give
    bool within_chart;     // works out the figures of a chart, which has none itself
} Vm;

void vm_init(Vm *vm, const Program *p, const Store *s);
void vm_free(Vm *vm);

// What is in force for [lane] of the batch; NULL where nothing is, or the lane has no period.
const Validity *vm_in_force(const Vm *vm, const Dated *d, size_t lane);

// Runs [plan] over [n] lanes (at most VM_BATCH); its registers then hold the results until the next
// call. False when memory runs out.
bool vm_run_plan(Vm *vm, const Plan *plan, const Lane *lanes, size_t n);

// Runs the whole of [fn] likewise. [given] is needed only by functions of examples, [lanes] may be
// NULL for a function that depends on no entity or period.
bool vm_run(Vm *vm, const Function *fn, const Lane *lanes, size_t n, const Given *given);

// Runs [plan] likewise, OP_GIVEN giving given[i] to lane i.
bool vm_run_by_lane(Vm *vm, const Plan *plan, const Lane *lanes, size_t n, const Given *given);

// The columns of a register of the current batch, by lane.
static inline Number *vm_numbers(const Vm *vm, uint16_t reg) {
    return vm->regs[reg].v;
}
static inline uint8_t *vm_bytes(const Vm *vm, uint16_t reg) {
    return vm->regs[reg].v;
}
static inline uint32_t *vm_texts(const Vm *vm, uint16_t reg) {
    return vm->regs[reg].v;
}
static inline StatusColumns vm_status_columns(const Vm *vm, uint16_t reg) {
    char *v = vm->regs[reg].v;
    size_t n = vm->n_lanes;
    return (StatusColumns){.pending = (void *)v,
                           .line = (void *)(v + 8 * n),
                           .why = (void *)(v + 12 * n),
                           .unknown = (void *)(v + 14 * n),
                           .level = (void *)(v + 16 * n),
                           .open = (void *)(v + 17 * n),
                           .unsettled = (void *)(v + 18 * n)};
}
static inline Why *vm_whys(const Vm *vm, uint16_t reg) {
    return vm->regs[reg].why;
}

// Where a load has its figure from: an observation, OBS_NONE where there is none, unless it is set
// by hand. Of the latest figure of several periods the one that is taken, or without any the latest
// observation that says why.
typedef struct LoadSource {
    uint32_t obs;
    const HandFigure *hand;
} LoadSource;
LoadSource vm_load_source(const Vm *vm, const Load *load, Lane lane);

// Reading the registers of the current batch. [why] may be NULL.
Number vm_number(const Vm *vm, uint16_t reg, size_t lane, Why *why);
uint8_t vm_level(const Vm *vm, uint16_t reg, size_t lane, Why *why);
bool vm_truth(const Vm *vm, uint16_t reg, size_t lane, Why *why);
Str vm_text(const Vm *vm, uint16_t reg, size_t lane, Why *why);
StatusLane vm_status(const Vm *vm, uint16_t reg, size_t lane);

#endif
