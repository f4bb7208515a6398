// SPDX-License-Identifier: Apache-2.0
#include "lang/names.h"

void names_init(Names *names, Arena *arena) {
    *names = (Names){0};
    intern_init(&names->texts, arena);
}

bool names_add(Names *names, NameKind kind, Str name, size_t index) {
    uint32_t id = intern_add(&names->texts, name);
    if (id == INTERN_NONE)
        return false;
    // More than one is missing where memory ran out before.
    while (names->entries.n <= id)
        if (!VEC_PUSH(names->texts.arena, &names->entries, (NameEntry){0}))
            return false;
    uint32_t *slot = &names->entries.v[id].index[kind];
    if (*slot == 0)
        *slot = (uint32_t)index + 1;
    return true;
}

bool names_find(const Names *names, NameKind kind, Str name, uint32_t *index) {
    uint32_t id = intern_find(&names->texts, name);
    if (id >= names->entries.n || names->entries.v[id].index[kind] == 0)
        return false;
    *index = names->entries.v[id].index[kind] - 1;
    return true;
}

static NameEntry *entry_of(const Names *names, Str name) {
    uint32_t id = intern_find(&names->texts, name);
    return id == INTERN_NONE || id >= names->entries.n ? NULL : &names->entries.v[id];
}

void names_use(Names *names, NameKind kind, Str name) {
    NameEntry *entry = entry_of(names, name);
    if (entry)
        entry->used[kind] = true;
}

bool names_is_used(const Names *names, NameKind kind, Str name) {
    const NameEntry *entry = entry_of(names, name);
    return entry && entry->used[kind];
}
