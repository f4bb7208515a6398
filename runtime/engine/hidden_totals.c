// SPDX-License-Identifier: Apache-2.0
// Hidden cells: which relations there are, and the totals over all entities.
#include <stdlib.h>

#include "runtime/engine/hidden_parts.h"

// ---- kin ----------------------------------------------------------------------------------------

// Is [metric] in the relation of an earlier or later metric?
static bool is_named(const Program *p, uint32_t metric) {
    for (uint32_t i = 0; i < p->n_metrics; i++) {
        const Suppress *s = &p->metrics[i].suppress;
        if (i != metric && s->below > 0 && s->has_pair &&
            (s->other == metric || s->whole == metric))
            return true;
    }
    return false;
}

// Each relation once: of two metrics that name each other the first tells it.
static bool find_kin(const Program *p, uint32_t metric, HiddenKin *out) {
    const Suppress *s = &p->metrics[metric].suppress;
    if (s->below == 0)
        return false;
    *out = (HiddenKin){.metric = metric,
                       .other = s->other,
                       .whole = s->whole,
                       .has_pair = s->has_pair,
                       .total = s->total};
    if (!s->has_pair)
        return !is_named(p, metric);
    const Suppress *other = &p->metrics[s->other].suppress;
    bool twice = other->below > 0 && other->has_pair && other->other == metric;
    if (out->total.len == 0 && other->below > 0)
        out->total = other->total;
    if (out->total.len == 0 && p->metrics[s->whole].suppress.below > 0)
        out->total = p->metrics[s->whole].suppress.total;
    return !twice || metric < s->other;
}

static uint32_t n_metrics_of(const HiddenKin *kin) {
    return kin->has_pair ? HIDDEN_PART_CELLS : 1;
}

static uint32_t metric_of(const HiddenKin *kin, uint32_t i) {
    return i == 0 ? kin->metric : i == 1 ? kin->other : kin->whole;
}

// ---- entity by entity ---------------------------------------------------------------------------

static bool add_own(Hidden *h, const HiddenKin *kin, uint32_t obs) {
    const Observation *o = &h->store->obs[obs];
    int64_t count;
    if (kin->has_pair)
        return hidden_add_pair(h, kin, o->entity, o->period);
    if (!hidden_count(h->store, obs, &count) ||
        !hidden_is_small(&h->program->metrics[kin->metric], number_int(count)))
        return true;
    return hidden_add_single(h, obs);
}

// Is it the first of the relation's metrics that has a figure there, so that each entity and period
// is taken once, and is that figure the one that holds?
static bool is_first(const Hidden *h, const HiddenKin *kin, uint32_t i, uint32_t obs) {
    const Observation *o = &h->store->obs[obs];
    for (uint32_t k = 0; k < i; k++)
        if (store_find(h->store, metric_of(kin, k), o->entity, o->period) != OBS_NONE)
            return false;
    return store_find(h->store, o->metric, o->entity, o->period) == obs;
}

static bool add_entities(Hidden *h, const HiddenKin *kin, uint32_t total) {
    const Store *s = h->store;
    bool ok = true;
    for (uint32_t i = 0; i < n_metrics_of(kin) && ok; i++) {
        uint32_t metric = metric_of(kin, i);
        for (uint32_t obs = s->of_metric[metric].from; ok && obs < s->of_metric[metric].to; obs++) {
            if (s->obs[obs].entity != total && is_first(h, kin, i, obs))
                ok = add_own(h, kin, obs);
        }
    }
    return ok;
}

// ---- totals -------------------------------------------------------------------------------------

typedef struct Key { // an observation of a member, to be found by its period
    Period period;
    uint32_t obs;
} Key;

static int compare_periods(Period a, Period b) {
    if (a.kind != b.kind)
        return a.kind < b.kind ? -1 : 1;
    return (a.ordinal > b.ordinal) - (a.ordinal < b.ordinal);
}

static int compare_keys(const void *a, const void *b) {
    const Key *x = a, *y = b;
    int order = compare_periods(x->period, y->period);
    return order ? order : (x->obs > y->obs) - (x->obs < y->obs);
}

typedef struct Members { // of the total of one metric, by period
    Key *v;
    size_t n;
} Members;

static bool list_members(const Hidden *h, Arena *a, uint32_t metric, uint32_t total, Members *out) {
    const Store *s = h->store;
    ObsRange r = s->of_metric[metric];
    *out = (Members){.v = ARENA_ARRAY(a, Key, r.to - r.from)};
    for (uint32_t obs = r.from; out->v && obs < r.to; obs++) {
        const Observation *o = &s->obs[obs];
        if (o->entity != total && store_find(s, metric, o->entity, o->period) == obs)
            out->v[out->n++] = (Key){o->period, obs};
    }
    if (out->n > 1)
        qsort(out->v, out->n, sizeof *out->v, compare_keys);
    return out->v != NULL;
}

static size_t first_of(const Members *m, Period period) {
    size_t low = 0, high = m->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_periods(m->v[middle].period, period) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

// A total as far as its members tell.
typedef struct Sum {
    int64_t count;   // the total as it was read
    int64_t visible; // what the visible members add up to
    int64_t hidden;  // what the hidden ones do
    bool guarded;    // each hidden member could be anything that it could be otherwise
    VEC(HiddenMember) members;
} Sum;

static HiddenMember member_of(const Hidden *h, uint32_t obs) {
    HiddenMember m = {.part = h->part_of[obs] - 1};
    while (h->parts.v[m.part].obs[m.cell] != obs)
        m.cell++;
    return m;
}

static bool has_option(const HiddenPart *part, uint32_t cell, int64_t count) {
    for (uint32_t i = 0; i < part->n_options; i++)
        if (part->options[(size_t)i * part->n_cells + cell] == count)
            return true;
    return false;
}

// The counts that a member could be without a hole between them and its own.
static void find_run(const Hidden *h, HiddenMember m, int64_t *low, int64_t *high) {
    const HiddenPart *part = &h->parts.v[m.part];
    hidden_count(h->store, part->obs[m.cell], low);
    *high = *low;
    while (has_option(part, m.cell, *low - 1))
        --*low;
    while (has_option(part, m.cell, *high + 1))
        ++*high;
}

// Whatever one member is, the others have to be able to make up the rest: from the least that they
// can add up to while it has its most, to the most while it has its least. The counts of a member
// are taken on the side on which its own lies, where a pair leaves two.
static bool is_guarded(const Hidden *h, const Sum *sum) {
    int64_t least = 0, most = 0, widest = 0;
    for (size_t i = 0; i < sum->members.n; i++) {
        int64_t low, high;
        find_run(h, sum->members.v[i], &low, &high);
        least += low;
        most += high;
        widest = high - low > widest ? high - low : widest;
    }
    return sum->hidden >= least + widest && sum->hidden <= most - widest;
}

static bool add_up(Hidden *h, const Members *m, uint32_t total, Sum *out) {
    const Observation *o = &h->store->obs[total];
    *out = (Sum){0};
    hidden_count(h->store, total, &out->count);
    for (size_t i = first_of(m, o->period); i < m->n && period_eq(m->v[i].period, o->period); i++) {
        int64_t count;
        if (!hidden_count(h->store, m->v[i].obs, &count))
            continue;
        if (!hidden_has(h, m->v[i].obs)) {
            out->visible += count;
            continue;
        }
        out->hidden += count;
        if (!VEC_PUSH(h->arena, &out->members, member_of(h, m->v[i].obs)))
            return false;
    }
    out->guarded = out->visible + out->hidden == out->count && is_guarded(h, out);
    return true;
}

static bool add_total(Hidden *h, uint32_t obs, const Sum *sum, bool shown) {
    HiddenTotal t = {.obs = obs,
                     .shown = shown,
                     .rest = sum->count - sum->hidden,
                     .sum = sum->hidden,
                     .members = sum->members.v,
                     .n_members = (uint32_t)sum->members.n};
    uint32_t index = (uint32_t)h->totals.n;
    if (!VEC_PUSH(h->arena, &h->totals, t))
        return false;
    for (uint32_t i = 0; i < t.n_members; i++)
        if (!VEC_PUSH(h->arena, &h->parts.v[t.members[i].part].totals, index))
            return false;
    if (!shown) {
        h->total_of[obs] = index + 1;
        h->metric[h->store->obs[obs].metric] = true;
    }
    return true;
}

// Is some member of these hidden without the other part of its pair, or beside it without a whole
// that ties the two? Then the totals of both parts together tell more than one of them.
static bool has_lone(const Hidden *h, const Sum *sum, uint32_t other) {
    for (size_t i = 0; i < sum->members.n; i++) {
        const HiddenPart *part = &h->parts.v[sum->members.v[i].part];
        bool paired = false;
        for (uint32_t k = 0; k < part->n_cells; k++)
            paired = paired || h->store->obs[part->obs[k]].metric == other;
        if (!paired)
            return true;
    }
    return false;
}

// The totals of one period: of a single count, or of a pair, whose three are settled together.
static bool add_period(Hidden *h, const HiddenKin *kin, const Members *members, uint32_t entity,
                       uint32_t first) {
    Period period = h->store->obs[first].period;
    uint32_t n = n_metrics_of(kin), obs[HIDDEN_PART_CELLS];
    Sum sums[HIDDEN_PART_CELLS];
    bool hidden[HIDDEN_PART_CELLS] = {false};
    size_t n_hidden = 0;
    for (uint32_t i = 0; i < n; i++) {
        int64_t count;
        obs[i] = store_find(h->store, metric_of(kin, i), entity, period);
        sums[i] = (Sum){0};
        if (!hidden_count(h->store, obs[i], &count))
            obs[i] = OBS_NONE;
        else if (!add_up(h, &members[i], obs[i], &sums[i]))
            return false;
        n_hidden += sums[i].members.n;
    }
    if (n_hidden == 0) // a row like any other
        return add_own(h, kin, first);
    for (uint32_t i = 0; i < n; i++) {
        const Metric *m = &h->program->metrics[metric_of(kin, i)];
        hidden[i] = obs[i] != OBS_NONE && sums[i].members.n > 0 &&
                    (!sums[i].guarded || hidden_is_small(m, number_int(sums[i].count)));
    }
    if (kin->has_pair) {
        // A whole that is hidden somewhere leaves the total of the other part to tell of it.
        bool whole = sums[2].members.n > 0;
        bool lone = has_lone(h, &sums[0], kin->other) || has_lone(h, &sums[1], kin->metric);
        hidden[2] = whole && obs[2] != OBS_NONE;
        hidden[0] = obs[0] != OBS_NONE && sums[0].members.n > 0 && (hidden[0] || hidden[1] || lone);
        hidden[1] =
            obs[1] != OBS_NONE && sums[1].members.n > 0 && (hidden[1] || hidden[0] || whole);
    }
    for (uint32_t i = 0; i < n; i++)
        if (obs[i] != OBS_NONE && sums[i].members.n > 0 &&
            !add_total(h, obs[i], &sums[i], !hidden[i]))
            return false;
    return true;
}

bool hidden_add_totals(Hidden *h, const HiddenKin *kin) {
    const Store *s = h->store;
    uint32_t entity = kin->total.len > 0 ? intern_find(&s->entities, kin->total) : INTERN_NONE;
    if (entity == INTERN_NONE)
        return true;
    Arena scratch;
    arena_init(&scratch, 0);
    Members members[HIDDEN_PART_CELLS];
    bool ok = true;
    for (uint32_t i = 0; i < n_metrics_of(kin) && ok; i++)
        ok = list_members(h, &scratch, metric_of(kin, i), entity, &members[i]);
    for (uint32_t i = 0; i < n_metrics_of(kin) && ok; i++) {
        uint32_t metric = metric_of(kin, i);
        for (uint32_t obs = s->of_metric[metric].from; ok && obs < s->of_metric[metric].to; obs++) {
            if (s->obs[obs].entity == entity && is_first(h, kin, i, obs))
                ok = add_period(h, kin, members, entity, obs);
        }
    }
    arena_free(&scratch);
    return ok;
}

bool hidden_find_parts(Hidden *h) {
    const Program *p = h->program;
    bool ok = true;
    for (uint32_t i = 0; i < p->n_metrics && ok; i++) {
        HiddenKin kin;
        if (!find_kin(p, i, &kin))
            continue;
        uint32_t total =
            kin.total.len > 0 ? intern_find(&h->store->entities, kin.total) : INTERN_NONE;
        ok = add_entities(h, &kin, total) && hidden_add_totals(h, &kin);
    }
    return ok;
}
