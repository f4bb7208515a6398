// SPDX-License-Identifier: Apache-2.0
// KPIs that read metrics of different kinds of period, which have no row in common.
#ifndef BS_EDGES_PERIOD_KINDS_H
#define BS_EDGES_PERIOD_KINDS_H

#include <stdbool.h>

#include "runtime/base/diag.h"
#include "runtime/data/program.h"
#include "runtime/edges/ingest.h"

// Warns, once the figures are complete, of each metric whose figure a KPI reads in its rows' own
// periods though the metric has none of that kind. [in] has read the figures; NULL where [s] is
// that of another session. False when memory runs out.
bool period_kinds_check(const Program *p, const Ingest *in, const Store *s, DiagList *d);

#endif
