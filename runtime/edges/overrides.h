// SPDX-License-Identifier: Apache-2.0
// Overrides held against the figures: which have expired, match nothing, or are not needed.
#ifndef BS_EDGES_OVERRIDES_H
#define BS_EDGES_OVERRIDES_H

#include <stdbool.h>

#include "runtime/base/diag.h"
#include "runtime/data/program.h"
#include "runtime/engine/store.h"

// Looks at every override once the figures are complete. [*matched]: none is in error. False when
// memory runs out.
bool overrides_check(const Program *p, const Store *s, DiagList *d, bool *matched);

#endif
