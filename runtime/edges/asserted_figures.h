// SPDX-License-Identifier: Apache-2.0
// Asserted figures: what the condition of an assertion has read in a lane, in a reader's words.
#ifndef BS_EDGES_ASSERTED_FIGURES_H
#define BS_EDGES_ASSERTED_FIGURES_H

#include "runtime/base/buf.h"
#include "runtime/base/diag.h"
#include "runtime/engine/vm.h"

// Writes each figure once that the condition of [a] takes into account in [lane], with the line it
// was read in: `v.numerator 18 (line 3), v in 2023-04 88.2% (line 2)`; the file too unless it is
// [file]. Of a window of many periods the first few are named. Of the figures of several entities
// it is the lane's own, if that is one of them. False when memory runs out.
bool asserted_figures_tell(const Vm *vm, const DiagList *d, const Assertion *a, Lane lane,
                           uint32_t file, Buf *out);

#endif
