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

// A status block needs no `otherwise` where its lines hold for every figure there is; adds an error
// for those that leave a case open. No rules may run without it. False when memory ran out.
bool prove_endings(const Program *p, DiagList *d);

#endif
