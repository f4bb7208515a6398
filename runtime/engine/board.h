// SPDX-License-Identifier: Apache-2.0
// Board: the statuses of the KPIs and groups that groups count, by entity and period.
//
// The KPIs' come from the machine; the groups' are worked out after those of their members, which
// are groups perhaps themselves.
#ifndef BS_ENGINE_BOARD_H
#define BS_ENGINE_BOARD_H

#include "runtime/engine/group.h"
#include "runtime/engine/vm.h"

typedef struct BoardRow {
    uint32_t entity;
    Period period;
    MemberStatus status;
    MemberStatus without; // what it would be without any override
    GroupByHand by_hand;  // of a KPI: n_kpis is 1 when its status comes from an override
    uint32_t root;        // of a KPI: see taken_root
} BoardRow;

// The rows of a KPI or group, by entity, kind of period and period.
typedef struct BoardSheet {
    BoardRow *v;
    size_t n;
    unsigned kinds; // of the periods, bit k for kind k
} BoardSheet;

#define BOARD_EVERYONE UINT32_MAX

typedef struct Board {
    const Program *program;
    const Store *store;
    Arena *arena;
    uint32_t entity; // whose rows alone there are; BOARD_EVERYONE
    BoardSheet *kpis, *groups;
    struct Board *as_of; // its rows by the rules of another time, or NULL
} Board;

// Runs the KPIs that groups count and judges every group, for all entities and periods. Allocates
// in [a]; false when memory runs out.
bool board_make(Board *b, const Program *p, const Store *s, Vm *vm, Arena *a);

// The same for the rows of one entity.
bool board_make_for(Board *b, const Program *p, const Store *s, Vm *vm, Arena *a, uint32_t entity);

// Adds the same rows by the rules of the time that [vm] judges by. False when memory runs out.
bool board_add_as_of(Board *b, Vm *vm);

// The row of an entity and period among those of a KPI or group; NULL when there is none.
const BoardRow *board_find(const BoardSheet *sheet, uint32_t entity, Period period);

// The row of a member that its group reads in [period], NULL when there is none, and the period
// that it is of: [period], or of a member of another kind the latest that has ended. Of a member
// without any row the kind is PERIOD_NONE.
const BoardRow *board_row(const Board *b, const GroupMember *m, uint32_t entity, Period period,
                          Period *own);

// The final status that a row gives a group, which reads statuses from here and nowhere else.
MemberStatus board_status(const BoardRow *row);

// The statuses of a group's members, in their order, for one of its rows. A member of another kind
// of period gives its latest period that has ended; without a row there it has no data.
void board_members(const Board *b, const Group *g, uint32_t entity, Period period,
                   MemberStatus *members);

// The same as they would be without any override, and how many of the members have some.
GroupByHand board_members_without(const Board *b, const Group *g, uint32_t entity, Period period,
                                  MemberStatus *members);

#endif
