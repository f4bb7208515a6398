// SPDX-License-Identifier: Apache-2.0
// Groups: a roll-up of KPIs and other groups, from syntax to the program's tables.
#ifndef BS_LANG_GROUPS_H
#define BS_LANG_GROUPS_H

#include "lang/gen.h"

enum { GROUP_MAX_DEPTH = 50 }; // groups inside one another

void declare_group(Compiler *c, const Node *n);
// Reports that a name is neither that of a KPI nor of a group.
void report_neither_kpi_nor_group(Compiler *c, const Node *name);
// After the KPIs, whose statuses the groups count.
void lower_groups(Compiler *c);

#endif
