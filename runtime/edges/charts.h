// SPDX-License-Identifier: Apache-2.0
// Charts: do the figures have the periods that the limits are to come from?
#ifndef BS_EDGES_CHARTS_H
#define BS_EDGES_CHARTS_H

#include "runtime/base/diag.h"
#include "runtime/data/program.h"
#include "runtime/engine/store.h"

// Warns of each chart of [p] of whose baseline no period was reported, so that it has no effect.
void charts_check(const Program *p, const Store *s, DiagList *d);

#endif
