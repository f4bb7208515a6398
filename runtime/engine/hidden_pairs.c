// SPDX-License-Identifier: Apache-2.0
// Hidden cells of a pair: two parts and the whole that they add up to.
#include <stdlib.h>

#include "runtime/engine/hidden_parts.h"

enum { PART, OTHER, WHOLE, N_CELLS };

// The counts of a pair in one entity and period.
typedef struct Pair {
    const Metric *metrics[N_CELLS];
    uint32_t obs[N_CELLS];
    bool known[N_CELLS];
    int64_t counts[N_CELLS];
    int64_t
        most; // no count from here on is hidden for its own smallness, nor a whole with its parts
} Pair;

// Which of the three are hidden when they are these counts. One hidden cell alone would be the
// difference of the others.
static void hide(const Pair *p, const int64_t *counts, bool *out) {
    for (int i = 0; i < N_CELLS; i++)
        out[i] = p->known[i] && hidden_is_small(p->metrics[i], number_int(counts[i]));
    if (out[PART] || out[OTHER]) {
        out[PART] = p->known[PART];
        out[OTHER] = p->known[OTHER];
        // A part is never more than the whole, so a small whole narrows it.
        out[WHOLE] |= p->known[WHOLE] && counts[WHOLE] < p->most;
    } else if (out[WHOLE]) {
        out[PART] = p->known[PART] && counts[PART] > 0;
        out[OTHER] = p->known[OTHER] && (counts[OTHER] > 0 || p->known[PART]);
    }
}

typedef struct Lister {
    const Pair *pair;
    const bool *hidden; // as the counts that were read make it
    bool loose;         // the counts do not add up: then what would be hidden does not matter
    VEC(int64_t) options;
    bool has_actual;
} Lister;

static bool fits(const Lister *l, const int64_t *counts) {
    bool hidden[N_CELLS];
    hide(l->pair, counts, hidden);
    for (int i = 0; i < N_CELLS; i++) {
        if (!l->pair->known[i])
            continue;
        if (!l->loose &&
            (hidden[i] != l->hidden[i] || (!hidden[i] && counts[i] != l->pair->counts[i])))
            return false;
    }
    return !l->loose || hidden[PART] || hidden[OTHER] || hidden[WHOLE];
}

static void list_counts(Arena *a, Lister *l, const int64_t *counts) {
    bool actual = true;
    for (int i = 0; i < N_CELLS; i++) {
        if (!l->hidden[i])
            continue;
        actual = actual && counts[i] == l->pair->counts[i];
        VEC_PUSH(a, &l->options, counts[i]);
    }
    l->has_actual = l->has_actual || actual;
}

static void consider(Arena *a, Lister *l, int64_t part, int64_t other) {
    const int64_t counts[] = {part, other, part + other};
    if (part >= 0 && other >= 0 && fits(l, counts))
        list_counts(a, l, counts);
}

// With the whole in sight, one part is small or the other is.
static void list_shares(Arena *a, Lister *l) {
    int64_t whole = l->pair->counts[WHOLE], most = l->pair->most;
    for (int64_t i = 0; i < most && i <= whole; i++)
        consider(a, l, i, whole - i);
    for (int64_t i = whole - most + 1 > most ? whole - most + 1 : most; i <= whole; i++)
        consider(a, l, i, whole - i);
}

static void list_all(Arena *a, Lister *l) {
    const Pair *p = l->pair;
    bool fixed = p->known[PART] && !l->hidden[PART];
    int64_t from = fixed ? p->counts[PART] : 0, to = fixed ? from : p->most - 1;
    for (int64_t i = from; i <= to; i++)
        for (int64_t k = 0; i + k < p->most; k++)
            consider(a, l, i, k);
}

static bool add_pair(Hidden *h, const Pair *p) {
    HiddenPart part = {0};
    bool hidden[N_CELLS];
    hide(p, p->counts, hidden);
    for (int i = 0; i < N_CELLS; i++)
        if (hidden[i])
            part.obs[part.n_cells++] = p->obs[i];
    if (part.n_cells == 0)
        return true;
    Lister l = {.pair = p, .hidden = hidden};
    for (int pass = 0; pass < 2 && l.options.n == 0; pass++) {
        l.loose = pass > 0;
        if (p->known[WHOLE] && !hidden[WHOLE])
            list_shares(h->arena, &l);
        else
            list_all(h->arena, &l);
    }
    if (!l.has_actual)
        list_counts(h->arena, &l, p->counts);
    part.options = l.options.v;
    part.n_options = (uint32_t)(l.options.n / part.n_cells);
    return !h->arena->failed && hidden_add_part(h, &part);
}

bool hidden_add_pair(Hidden *h, const HiddenKin *kin, uint32_t entity, Period period) {
    const uint32_t metrics[] = {kin->metric, kin->other, kin->whole};
    Pair p = {0};
    for (int i = 0; i < N_CELLS; i++) {
        p.metrics[i] = &h->program->metrics[metrics[i]];
        p.obs[i] = store_find(h->store, metrics[i], entity, period);
        p.known[i] = hidden_count(h->store, p.obs[i], &p.counts[i]);
        p.most = p.metrics[i]->suppress.below > p.most ? p.metrics[i]->suppress.below : p.most;
    }
    // Without the whole, or with nothing but the whole, none gives another away.
    bool tied = p.known[WHOLE] && (p.known[PART] || p.known[OTHER]);
    bool ok = true;
    for (int i = 0; i < N_CELLS && !tied && ok; i++)
        if (p.known[i] && hidden_is_small(p.metrics[i], number_int(p.counts[i])))
            ok = hidden_add_single(h, p.obs[i]);
    return tied ? add_pair(h, &p) : ok;
}
