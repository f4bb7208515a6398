// SPDX-License-Identifier: Apache-2.0
// Group: the status of a group or scorecard from those of its members, in three-valued truth.
//
// An evaluator of its own and not code of the machine: a condition looks at many members, which come
// from lanes of different KPIs and even different kinds of period, and a lane knows only its own.
#ifndef BS_ENGINE_GROUP_H
#define BS_ENGINE_GROUP_H

#include "runtime/data/program.h"

// What a member gives.
typedef struct MemberStatus {
    uint8_t level; // LEVEL_NO_DATA for none
    Why why;       // then, the reasons; else 0
} MemberStatus;

typedef struct GroupStatus {
    uint8_t level;    // LEVEL_NO_DATA for none
    uint32_t line;    // that decided, UINT32_MAX when none did
    uint64_t pending; // what the unknown lines would have given, bit 63 for no data
    Why why;          // why there is no status
} GroupStatus;

typedef struct GroupByHand {
    uint32_t n_kpis;   // members whose status comes from an override
    uint32_t n_groups; // members that have one below them
} GroupByHand;

static inline uint32_t group_n_by_hand(GroupByHand by_hand) {
    return by_hand.n_kpis + by_hand.n_groups;
}

// Judges [g] by [members], in the order of g->members. [a] is for scratch memory, which the caller
// frees; false when it runs out.
bool group_judge(const Program *p, const Group *g, const MemberStatus *members, Arena *a,
                 GroupStatus *out);

// The same, and for each line that holds of the members *[holds] is set, whichever decides. Nothing is
// set where the lines are not asked. [holds] may be NULL.
bool group_judge_lines(const Program *p, const Group *g, const MemberStatus *members, Arena *a,
                       GroupStatus *out, bool *holds);

// Whether the condition of a line holds.
typedef struct GroupHolds {
    bool yes;
    Why why; // it is not known
} GroupHolds;

// The same of each line by itself, whichever decides, beside g->lines. Memory as of group_judge.
bool group_lines(const Program *p, const Group *g, const MemberStatus *members, Arena *a,
                 GroupHolds *out);

// What a figure that a condition compares comes to. False when it is too large, or memory runs out.
bool group_figure(const Program *p, const Group *g, const MemberStatus *members, Arena *a,
                  const GroupFigure *f, Number *out);

// Is the member among those that a condition counts? One without data is not when it is left out.
bool group_counts(const Group *g, const MemberStatus *member);
// The level it counts with.
uint8_t group_level(const Group *g, const MemberStatus *member);

// Does this member make the condition [term] hold: has it one of the levels that are asked for?
bool group_term_names(const Group *g, uint32_t term, uint32_t member, const MemberStatus *members);

#endif
