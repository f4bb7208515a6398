// SPDX-License-Identifier: Apache-2.0
// The answer of `bandstand eval`: one exact value, as text or as JSON.
#ifndef BS_EDGES_WRITE_VALUE_H
#define BS_EDGES_WRITE_VALUE_H

#include "runtime/base/diag.h"
#include "runtime/data/program.h"
#include "runtime/engine/vm.h"

// Runs [fn] of [p] and appends what [reg] then holds, with a newline. False when memory runs out.
bool write_value(const Program *p, const Function *fn, uint16_t reg, ValueKind kind, Unit unit,
                 bool json, Buf *out);

// Appends what [reg] holds in a lane of the batch that [vm] has run, without a newline; nothing
// where it is missing, for the reason that is returned.
Why write_lane_value(const Vm *vm, size_t lane, uint16_t reg, ValueKind kind, Unit unit, Buf *out);

// Appends the findings from number [from] on as the JSON object of an error: the first error.
void write_error(const DiagList *d, size_t from, Buf *out);

#endif
