// SPDX-License-Identifier: Apache-2.0
// Group telling: why a group has its status, in a sentence.
#ifndef BS_ENGINE_GROUP_TELLING_H
#define BS_ENGINE_GROUP_TELLING_H

#include "runtime/base/buf.h"
#include "runtime/engine/group.h"

// Writes how many members have which level, and who is without data: "2 red, 1 green; without data:
// Visits in time (suppressed), which is left out".
void group_tell_counts(const Program *p, const Group *g, const MemberStatus *members, Buf *out);

// Writes what a reader calls a member, and a set of levels: "red or amber".
void group_tell_member(const Program *p, const GroupMember *m, Buf *out);
void group_tell_levels(const Program *p, const Group *g, uint32_t levels, Buf *out);

// Writes the sentence: the status, the line that decided, the members it decided by, the counts.
void group_tell(const Program *p, const Group *g, const MemberStatus *members,
                const GroupStatus *status, Buf *out);

// Writes "; 2 of 5 by hand, without them: red": how many members have a status by hand, and the level
// [without] that the group would have. Nothing where none has.
void group_tell_by_hand(const Program *p, const Group *g, GroupByHand by_hand, uint8_t without,
                        Buf *out);

#endif
