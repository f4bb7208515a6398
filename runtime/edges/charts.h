// SPDX-License-Identifier: Apache-2.0
// Charts: do the figures have the periods that the limits are to come from?
#ifndef BS_EDGES_CHARTS_H
#define BS_EDGES_CHARTS_H

#include "runtime/base/diag.h"
#include "runtime/data/program.h"
#include "runtime/engine/store.h"

// Warns of each chart of [p] with a baseline of which some entity has no figure, so that its limits
// come from all its figures. False when memory runs out.
bool charts_check(const Program *p, const Store *s, DiagList *d);

#endif
