// SPDX-License-Identifier: Apache-2.0
// History: the values of a figure in many rows, for what looks across them.
#ifndef BS_ENGINE_HISTORY_H
#define BS_ENGINE_HISTORY_H

#include "runtime/engine/vm.h"

// Runs the code of [fn] that the register [reg] hangs on, and no more, over [n] rows. The values go
// to [v] and why they are missing to [why], each with room for n; a missing one is 0. Numbers that
// are big are from [a]. [vm] was made for the program and the figures. False when memory runs out.
bool history_take(Vm *vm, const Function *fn, uint16_t reg, const Lane *lanes, size_t n, Arena *a,
                  Number *v, Why *why);

#endif
