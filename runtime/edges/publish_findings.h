// SPDX-License-Identifier: Apache-2.0
// Publish: what the figures say about the rules that hide counts.
#ifndef BS_EDGES_PUBLISH_FINDINGS_H
#define BS_EDGES_PUBLISH_FINDINGS_H

#include "runtime/base/diag.h"
#include "runtime/data/program.h"
#include "runtime/engine/store.h"

// Reports that nothing is hidden, totals that name an entity without figures, and entities that
// look like a total which no rule names. False when memory runs out.
bool publish_findings(const Program *p, const Store *s, DiagList *d);

#endif
