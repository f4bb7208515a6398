// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/row_pairs.h"

bool same_entities(Arena *a, const Store *before, const Store *after, SameEntities *out) {
    *out = (SameEntities){.before = ARENA_ARRAY(a, uint32_t, after->entities.n),
                          .n_before = before->entities.n};
    bool shared = before->entities.texts == after->entities.texts;
    for (uint32_t i = 0; out->before && i < after->entities.n; i++)
        out->before[i] =
            shared ? i : intern_find(&before->entities, intern_text(&after->entities, i));
    return out->before;
}

// The rows of an entity: from one index up to another.
typedef struct Stretch {
    uint32_t from, to;
} Stretch;

static Stretch stretch_at(const RowKeys *keys, size_t from) {
    size_t to = from;
    while (to < keys->n && keys->v[to].entity == keys->v[from].entity)
        to++;
    return (Stretch){(uint32_t)from, (uint32_t)to};
}

static int compare(Period x, Period y, bool any_period) {
    if (any_period)
        return 0;
    int order = (x.kind > y.kind) - (x.kind < y.kind);
    return order ? order : (x.ordinal > y.ordinal) - (x.ordinal < y.ordinal);
}

static bool merge(Arena *a, const RowKeys *before, Stretch b, const RowKeys *after, Stretch f,
                  bool any_period, RowPairs *out) {
    while (b.from < b.to || f.from < f.to) {
        int order = b.from == b.to   ? 1
                    : f.from == f.to ? -1
                                     : compare(before->v[b.from].period, after->v[f.from].period,
                                               any_period);
        RowPair pair = {order <= 0 ? b.from++ : ROW_NONE, order >= 0 ? f.from++ : ROW_NONE};
        if (!VEC_PUSH(a, out, pair))
            return false;
    }
    return true;
}

bool row_pairs_make(Arena *a, const SameEntities *same, const RowKeys *before,
                    const RowKeys *after, bool any_period, RowPairs *out) {
    *out = (RowPairs){0};
    Stretch *of = ARENA_ARRAY(a, Stretch, same->n_before); // by entity of [before], until it is met
    if (!of)
        return false;
    for (size_t i = 0; i < before->n; i = of[before->v[i].entity].to)
        of[before->v[i].entity] = stretch_at(before, i);
    static const Stretch none;
    for (size_t i = 0; i < after->n;) {
        Stretch f = stretch_at(after, i);
        uint32_t entity = same->before[after->v[i].entity];
        Stretch *b = entity == INTERN_NONE ? NULL : &of[entity];
        if (!merge(a, before, b ? *b : none, after, f, any_period, out))
            return false;
        if (b)
            *b = none;
        i = f.to;
    }
    for (uint32_t i = 0; i < same->n_before; i++)
        if (!merge(a, before, of[i], after, none, any_period, out))
            return false;
    return true;
}
