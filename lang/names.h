// SPDX-License-Identifier: Apache-2.0
// Names: which declaration a name belongs to, for each kind of declaration.
#ifndef BS_LANG_NAMES_H
#define BS_LANG_NAMES_H

#include "runtime/base/intern.h"

typedef enum NameKind {
    NAME_SCALE,
    NAME_LEVEL, // the index is that of its scale
    NAME_METRIC,
    NAME_FIELD,
    NAME_LET,
    NAME_INPUT,
    NAME_PATTERN,
    NAME_BANDS,
    NAME_KPI,
    NAME_GROUP,
    NAME_COMPARATOR, // the index is that of its KPI
    N_NAME_KINDS
} NameKind;

typedef struct NameEntry {
    uint32_t index[N_NAME_KINDS]; // + 1, so that 0 says that nothing of the kind has the name
    bool used[N_NAME_KINDS];
} NameEntry;

typedef struct Names {
    Intern texts;
    VEC(NameEntry) entries; // by id of the text
} Names;

void names_init(Names *names, Arena *arena);
// Says that [name] belongs to the item [index] of its kind, unless an earlier one has it. False
// when memory runs out.
bool names_add(Names *names, NameKind kind, Str name, size_t index);
bool names_find(const Names *names, NameKind kind, Str name, uint32_t *index);
// Notes that something speaks of the name.
void names_use(Names *names, NameKind kind, Str name);
bool names_is_used(const Names *names, NameKind kind, Str name);

#endif
