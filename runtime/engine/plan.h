// SPDX-License-Identifier: Apache-2.0
// Plan: what of a function has to run so that some of its registers hold their results.
//
// An output rarely shows everything that a KPI's code works out: without a column for the direction
// nothing of the period before is needed. A plan keeps the instructions that the wanted registers
// depend on, in their order, and runs equal ones once.
#ifndef BS_ENGINE_PLAN_H
#define BS_ENGINE_PLAN_H

#include "runtime/data/program.h"

typedef struct PlanCopy {
    uint16_t reg, of; // `reg` would hold what `of` holds
} PlanCopy;

// A register that may be set by hand once instruction [behind] has run.
typedef struct PlanSet {
    uint32_t behind;
    const Settable *settable;
} PlanSet;

typedef struct Plan {
    const Function *fn;
    Instr *code;
    uint32_t n;
    uint16_t *regs; // that the code writes, each once
    uint32_t n_regs;
    PlanCopy *copies;
    uint32_t n_copies;
    PlanSet *sets; // in their order
    size_t n_sets;
    bool history; // some load looks at another period
} Plan;

// What a caller reads of a KPI's registers.
typedef enum PlanNeed {
    PLAN_PREVIOUS = 1,  // the value one period back
    PLAN_DIRECTION = 2,
    PLAN_REASON = 4,    // all that explain.h looks at
    PLAN_CHANGES = 8,   // no register: of a group, what would change its status
    PLAN_EVERYTHING = 15,
} PlanNeed;

// The plan for [kpi]: its value, levels, figures and status, and what [needs] says besides. All
// memory is from [a]; false when it runs out.
bool plan_make(Arena *a, const Program *p, const Kpi *kpi, unsigned needs, Plan *out);

// What of [fn] a single register needs.
bool plan_register(Arena *a, const Program *p, const Function *fn, uint16_t reg, Plan *out);

// What of it several need.
bool plan_registers(Arena *a, const Program *p, const Function *fn, const uint16_t *regs, size_t n,
                    Plan *out);

// The whole of a function, as it stands.
bool plan_whole(Arena *a, const Program *p, const Function *fn, Plan *out);

// Is every figure that the plan loads one of [metric] in the lane's own period?
bool plan_stays_with(const Program *p, const Plan *plan, uint32_t metric);

#endif
