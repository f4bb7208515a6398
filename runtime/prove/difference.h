// SPDX-License-Identifier: Apache-2.0
// Difference: for which figures two sets of rules do not say the same, before any figure comes.
//
// The paths of a KPI's status under either set are cells of the space of its figures. Where a cell
// of the one meets a cell of the other with another level, there is a difference; all such places
// together are the difference, since the cells of either set cover the space.
#ifndef BS_PROVE_DIFFERENCE_H
#define BS_PROVE_DIFFERENCE_H

#include <bandstand.h>

#include "runtime/base/diag.h"
#include "runtime/data/program.h"

// As bs_diff_rules; the names in [filter] are known.
bs_code difference_run(const Program *before, const Program *after, const bs_filter *filter,
                       bs_rules_change_fn fn, void *context, size_t *n_same);

#endif
