// SPDX-License-Identifier: Apache-2.0
// Taken: what the status of a KPI is made of in a row where it is another status as a whole: that
// of another KPI, that of a block by period, or the one before an override.
#ifndef BS_ENGINE_TAKEN_H
#define BS_ENGINE_TAKEN_H

#include "runtime/engine/vm.h"

typedef struct TakenStatus {
    uint16_t status;           // its register
    uint32_t kpi;              // 1 + index of the KPI whose status it is; 0: of the same one
    const Judgement *override; // which stands in place of it; NULL: none
} TakenStatus;

// The status that makes up the whole of [reg], a register of [kpi]'s code, in a lane of the batch.
// False where there is none: lines decide, nothing is in force, or the KPI's own figure is missing.
bool taken_behind(const Vm *vm, const Kpi *kpi, uint16_t reg, size_t lane, TakenStatus *out);

// The KPI that settles the status of KPI [kpi] in a lane, itself or one whose status it takes,
// perhaps by way of others: the first whose status is not taken, or is an override.
uint32_t taken_root(const Vm *vm, uint32_t kpi, size_t lane);

#endif
