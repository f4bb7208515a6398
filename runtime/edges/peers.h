// SPDX-License-Identifier: Apache-2.0
// Peers held against the figures: listed names that no figure has, and entities without a list. So
// are the entities that the rules name.
#ifndef BS_EDGES_PEERS_H
#define BS_EDGES_PEERS_H

#include <stdbool.h>

#include "runtime/base/diag.h"
#include "runtime/data/program.h"
#include "runtime/engine/store.h"

// Looks at every entity in `x of "…"` and every peer set that something is worked out among, once
// the figures are complete, and warns of names that do not match. False when memory runs out.
bool peers_check(const Program *p, const Store *s, DiagList *d);

#endif
