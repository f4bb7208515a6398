// SPDX-License-Identifier: Apache-2.0
// Group gen: what the files that make a group's tables share.
#ifndef BS_LANG_GROUP_GEN_H
#define BS_LANG_GROUP_GEN_H

#include "lang/groups.h"

typedef struct GroupGen {
    Compiler *c;
    Group *group;
    Intern names;            // of its members. Once all are known to be good, an id is an index
    VEC(const Node *) named; // by id: where the name stands
    VEC(GroupTerm) terms;
    VEC(GroupLine) lines;
} GroupGen;

// The text of a string, empty for NULL.
Str group_text(Compiler *c, const Node *string);
// Sets the group's members, those that are groups first made themselves; false after reporting.
bool lower_group_members(GroupGen *g, const Node *clauses);
// Makes terms and lines of a status block, after the members; false after reporting.
bool lower_group_status(GroupGen *g, const Node *n);
// Makes the group of a spec, once; false when it has errors.
bool lower_group(Compiler *c, uint32_t spec);

#endif
