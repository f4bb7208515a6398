// SPDX-License-Identifier: Apache-2.0
// Flips: which statuses the last change made others, and how many results have which status.
#ifndef BS_REPL_FLIPS_H
#define BS_REPL_FLIPS_H

#include "repl/desk.h"

enum { FLIPS_SHOWN = 20 }; // rows behind a change; `.changes` prints all

// Prints the rows whose status is another than before the last change, [most] of them at most,
// below how many went from which status to which; with [only_flips] nothing where there are none.
// False when it failed, which is said.
bool flips_show(Desk *d, size_t most, bool only_flips);
// Prints a line for each KPI and group that [filter] selects: its results by status.
bool counts_show(Desk *d, const bs_filter *filter);

#endif
