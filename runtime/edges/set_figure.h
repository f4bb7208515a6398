// SPDX-License-Identifier: Apache-2.0
// Set figure: reads what is to be set by hand for a run.
#ifndef BS_EDGES_SET_FIGURE_H
#define BS_EDGES_SET_FIGURE_H

#include <bandstand.h>

#include "runtime/base/diag.h"
#include "runtime/engine/hand.h"

// Reads "NAME=NUMBER" as bs_set_figure has it, for what [filter] selects, and adds it to [hand].
// Allocates in [a]. False after adding to [d], or when memory runs out.
bool set_figure(Arena *a, const Program *p, const Store *s, const char *written,
                const bs_filter *filter, DiagList *d, Hand *hand);

#endif
