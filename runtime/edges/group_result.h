// SPDX-License-Identifier: Apache-2.0
// Group result: a row of a group or scorecard as the outputs show it.
#ifndef BS_EDGES_GROUP_RESULT_H
#define BS_EDGES_GROUP_RESULT_H

#include <bandstand.h>

#include "runtime/base/buf.h"
#include "runtime/engine/group_near.h"

// Makes the result of row [row] of group [g]; what would change its status only where [near] is given.
// Its texts live in [a]; [work] is emptied. [members] has room for the group's. False when memory runs
// out.
bool group_result_make(const Board *b, const Group *g, const BoardRow *row, MemberStatus *members,
                       NearKpis *near, Arena *a, Buf *work, bs_result *out);

#endif
