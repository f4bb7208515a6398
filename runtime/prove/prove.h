// SPDX-License-Identifier: Apache-2.0
// Prove: what holds of compiled rules for every figure that can come, before any comes.
//
// Findings are about the text of the rules, so what several KPIs share (a pattern, a band table) is
// told of once: "never" only where it is never so for any of them.
#ifndef BS_PROVE_PROVE_H
#define BS_PROVE_PROVE_H

#include "runtime/base/diag.h"
#include "runtime/data/program.h"

// Adds its findings to [d]. False when memory ran out.
bool prove_program(const Program *p, DiagList *d);

#endif
