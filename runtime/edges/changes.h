// SPDX-License-Identifier: Apache-2.0
// Changes: the rows whose status is another one by other rules or from other figures.
#ifndef BS_EDGES_CHANGES_H
#define BS_EDGES_CHANGES_H

#include <bandstand.h>

#include "runtime/base/diag.h"
#include "runtime/data/program.h"
#include "runtime/edges/progress.h"
#include "runtime/engine/store.h"

typedef struct ChangesSide {
    const Program *program;
    const Store *store;
    const DiagList *diags; // its files are where figures come from
} ChangesSide;

// As bs_diff. What the filter names and neither side has goes to [d]. [same_data]: both stores hold
// the same figures, so that what means the same on both sides need not be judged.
bs_code changes_run(const ChangesSide *before, const ChangesSide *after, bool same_data,
                    const bs_diff_options *options, DiagList *d, const ProgressTo *progress,
                    bs_change_fn fn, void *context, bs_diff_counts *counts);

#endif
