// SPDX-License-Identifier: Apache-2.0
// Publish: what the figures say about the rules that hide counts.
#ifndef BS_EDGES_PUBLISH_FINDINGS_H
#define BS_EDGES_PUBLISH_FINDINGS_H

#include "runtime/base/diag.h"
#include "runtime/data/program.h"
#include "runtime/engine/hidden.h"

// Reports that nothing is hidden, totals that name an entity without figures, and entities that
// can be a total which no rule names, whatever the hidden counts are. False when memory runs out.
bool publish_findings(const Program *p, const Hidden *h, DiagList *d);

#endif
