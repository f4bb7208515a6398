// SPDX-License-Identifier: Apache-2.0
// Draw: a KPI's number line and its history, in text.
#ifndef BS_REPL_DRAW_H
#define BS_REPL_DRAW_H

#include "repl/desk.h"

// The number line of a KPI's band tables, with the figures of a result where [entity] and [period]
// are given. False when something failed, which is said.
bool draw_bands(Desk *d, const char *kpi, const char *entity, const char *period);
// The history of a KPI in an entity as a chart; without one (NULL) a line for each entity.
bool draw_history(Desk *d, const char *kpi, const char *entity);

// A figure as the library writes it, "26.5" or "2890/109", to draw with.
double draw_number(const char *exact);

#endif
