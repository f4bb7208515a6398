// SPDX-License-Identifier: Apache-2.0
// Group near: which single KPI, with which other status, would give a group another status, and by
// how much its figure would have to move for that.
#ifndef BS_ENGINE_GROUP_NEAR_H
#define BS_ENGINE_GROUP_NEAR_H

#include "runtime/engine/board.h"
#include "runtime/engine/nearest.h"

enum { NEAR_MAX_STEPS = 2000000 }; // looks at a member, for one row of a group

// A KPI with status [to] in place of its own gives the group [outcome]; each a level, or
// LEVEL_NO_DATA.
typedef struct NearMove {
    uint32_t kpi;
    Period period; // of the KPI's figure, which may be of another kind than the group's
    uint8_t from, to, outcome;
    const NearestLine *line; // what the KPI comes to for any figure; NULL until it is measured
    NearestMove move;
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

// The KPIs of a run, made ready for nearest.h as they are asked for.
typedef struct NearKpis {
    Arena *arena; // lives as long
    Vm *vm;       // runs over the board's store
    Nearest *v;   // by KPI
} NearKpis;
bool near_kpis_init(NearKpis *kpis, Arena *a, Vm *vm);

// Finds how far the figure of each KPI that would change the group has to move in [entity].
// Allocates in [a]; false when memory runs out.
bool group_near_measure(NearKpis *kpis, uint32_t entity, Arena *a, NearMoves *moves);

// Writes the status that a move leads to and by how much the figure has to move for it: "red (below
// 70%: more than 3 points down)".
void group_tell_move(const Program *p, const Scale *s, const NearMove *m, Buf *out);

// Writes "red if Visits in time goes from green to red (below 70%: more than 3 points down); green
// if …".
void group_tell_near(const Program *p, const Group *g, const NearMoves *moves, Buf *out);

#endif
