// SPDX-License-Identifier: Apache-2.0
// Group near: which single KPI, with which other status, would give a group another status.
#ifndef BS_ENGINE_GROUP_NEAR_H
#define BS_ENGINE_GROUP_NEAR_H

#include "runtime/engine/board.h"

enum { NEAR_MAX_STEPS = 2000000 }; // looks at a member, for one row of a group

// A KPI with status [to] in place of its own gives the group [outcome], a level or LEVEL_NO_DATA.
typedef struct NearMove {
    uint32_t kpi;
    Period period; // of the KPI's figure, which may be of another kind than the group's
    uint8_t to, outcome;
} NearMove;

typedef struct NearMoves {
    NearMove *v; // in the order of the members, groups in place of theirs, and of the levels
    size_t n, cap;
    bool too_many; // more than NEAR_MAX_STEPS: not worked out, and v is empty
} NearMoves;

// Tries every status of every KPI below [group], also of those in its groups, for the row at
// [entity] and [period], of which the group's level is [level]. Allocates in [a]; false when memory
// runs out.
bool group_near(const Board *b, uint32_t group, uint32_t entity, Period period, uint8_t level,
                Arena *a, NearMoves *out);

// "red if Visits in time becomes red, Re-referrals becomes red or amber; green if …".
void group_tell_near(const Program *p, const Group *g, const NearMoves *moves, Buf *out);

#endif
