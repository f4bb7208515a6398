// SPDX-License-Identifier: Apache-2.0
#include "runtime/engine/hidden.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/engine/hidden_parts.h"

bool hidden_is_small(const Metric *m, Number count) {
    const Suppress *s = &m->suppress;
    if (s->below == 0 || number_cmp(count, number_int(s->below)) >= 0)
        return false;
    return !(s->except_zero && number_is_zero(count));
}

// ---- the cells ----------------------------------------------------------------------------------

bool hidden_count(const Store *s, uint32_t obs, int64_t *out) {
    Why why = WHY(REASON_NO_ROW);
    Number n = obs == OBS_NONE ? number_int(0) : store_figure(s, obs, FIELD_VALUE, &why);
    return !why && number_to_int(n, out);
}

static void find_ends(HiddenPart *part) {
    for (uint32_t k = 0; k < part->n_cells && part->n_options > 0; k++) {
        part->least[k] = part->most[k] = part->options[k];
        for (uint32_t i = 1; i < part->n_options; i++) {
            int64_t option = part->options[(size_t)i * part->n_cells + k];
            part->least[k] = option < part->least[k] ? option : part->least[k];
            part->most[k] = option > part->most[k] ? option : part->most[k];
        }
    }
}

bool hidden_add_part(Hidden *h, HiddenPart *part) {
    find_ends(part);
    if (!VEC_PUSH(h->arena, &h->parts, *part))
        return false;
    for (uint32_t i = 0; i < part->n_cells; i++) {
        h->part_of[part->obs[i]] = (uint32_t)h->parts.n;
        h->metric[h->store->obs[part->obs[i]].metric] = true;
    }
    return true;
}

// A count that no other is tied to.
bool hidden_add_single(Hidden *h, uint32_t obs) {
    const Suppress *s = &h->program->metrics[h->store->obs[obs].metric].suppress;
    HiddenPart part = {.obs = {obs}, .n_cells = 1};
    part.options = ARENA_ARRAY(h->arena, int64_t, (size_t)s->below + 1);
    int64_t count = 0;
    if (!part.options || !hidden_count(h->store, obs, &count))
        return part.options != NULL;
    for (int64_t i = s->except_zero; i < s->below; i++)
        part.options[part.n_options++] = i;
    if (count < s->except_zero || count >= s->below)
        part.options[part.n_options++] = count;
    return hidden_add_part(h, &part);
}

// The figures that are hidden with a count. They may be rates, so nothing is worked out with them.
static bool add_followers(Hidden *h, uint32_t metric) {
    const Store *s = h->store;
    bool ok = true;
    for (uint32_t obs = s->of_metric[metric].from; ok && obs < s->of_metric[metric].to; obs++) {
        const Observation *o = &s->obs[obs];
        uint32_t leader = h->program->metrics[metric].suppress.leader;
        HiddenPart part = {.obs = {obs}, .n_cells = 1, .opaque = true};
        if (hidden_has(h, store_find(s, leader, o->entity, o->period)) &&
            store_find(s, metric, o->entity, o->period) == obs)
            ok = hidden_add_part(h, &part);
    }
    return ok;
}

bool hidden_find(Hidden *h, Arena *a, const Program *p, const Store *s) {
    *h = (Hidden){.arena = a,
                  .program = p,
                  .store = s,
                  .part_of = ARENA_ARRAY(a, uint32_t, s->n),
                  .total_of = ARENA_ARRAY(a, uint32_t, s->n),
                  .metric = ARENA_ARRAY(a, bool, p->n_metrics)};
    bool ok = h->part_of && h->total_of && h->metric && hidden_find_parts(h);
    for (uint32_t i = 0; ok && i < p->n_metrics; i++)
        ok = !p->metrics[i].suppress.follows || add_followers(h, i);
    return ok && !a->failed;
}

// ---- worlds -------------------------------------------------------------------------------------

bool hidden_copy(const Hidden *h, Arena *a, Store *out) {
    const Store *s = h->store;
    size_t n = (size_t)s->n * s->n_fields;
    *out = *s;
    out->figures = ARENA_ARRAY(a, Number, n);
    out->whys = ARENA_ARRAY(a, Why, n);
    if (!out->figures || !out->whys)
        return false;
    if (n > 0) {
        memcpy(out->figures, s->figures, n * sizeof *s->figures);
        memcpy(out->whys, s->whys, n * sizeof *s->whys);
    }
    return true;
}

void hidden_blank(const Hidden *h, Store *copy) {
    for (uint32_t i = 0; i < copy->n; i++)
        if (hidden_has(h, i))
            store_set(copy, i, FIELD_VALUE, number_int(0), WHY(REASON_SUPPRESSED));
}

bool hidden_is_opaque(const Hidden *h, HiddenSet parts) {
    for (uint32_t i = 0; i < parts.n; i++)
        if (h->parts.v[parts.v[i]].opaque)
            return true;
    return false;
}

uint32_t hidden_n_worlds(const Hidden *h, HiddenSet parts) {
    uint32_t n = 1;
    if (hidden_is_opaque(h, parts))
        return HIDDEN_MAX_WORLDS + 1;
    for (uint32_t i = 0; i < parts.n; i++) {
        n *= h->parts.v[parts.v[i]].n_options; // both are at most some ten thousand
        if (n > HIDDEN_MAX_WORLDS)
            return HIDDEN_MAX_WORLDS + 1;
    }
    return n;
}

static bool holds(HiddenSet parts, uint32_t part) {
    uint32_t low = 0, high = parts.n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (parts.v[middle] < part)
            low = middle + 1;
        else
            high = middle;
    }
    return low < parts.n && parts.v[low] == part;
}

static int64_t count_in(const Store *copy, uint32_t obs) {
    int64_t count = 0;
    hidden_count(copy, obs, &count);
    return count;
}

// Can the members that this world does not settle make up the sum that is shown?
static bool keeps_sum(const Hidden *h, const HiddenTotal *t, HiddenSet parts, const Store *copy) {
    int64_t low = 0, high = 0;
    for (uint32_t i = 0; i < t->n_members; i++) {
        const HiddenPart *part = &h->parts.v[t->members[i].part];
        uint32_t cell = t->members[i].cell;
        if (holds(parts, t->members[i].part)) {
            int64_t count = count_in(copy, part->obs[cell]);
            low += count;
            high += count;
        } else {
            low += part->least[cell];
            high += part->most[cell];
        }
    }
    return low <= t->sum && t->sum <= high;
}

static void set_total(const Hidden *h, const HiddenTotal *t, Store *copy) {
    int64_t sum = t->rest;
    for (uint32_t i = 0; i < t->n_members; i++)
        sum += count_in(copy, h->parts.v[t->members[i].part].obs[t->members[i].cell]);
    store_set(copy, t->obs, FIELD_VALUE, number_int(sum), 0);
}

bool hidden_set_world(const Hidden *h, HiddenSet parts, uint32_t world, Store *copy) {
    for (uint32_t i = 0; i < parts.n; i++) {
        const HiddenPart *part = &h->parts.v[parts.v[i]];
        const int64_t *option = part->options + (size_t)(world % part->n_options) * part->n_cells;
        world /= part->n_options;
        for (uint32_t k = 0; k < part->n_cells; k++)
            store_set(copy, part->obs[k], FIELD_VALUE, number_int(option[k]), 0);
    }
    bool possible = true;
    for (uint32_t i = 0; i < parts.n; i++) {
        const HiddenPart *part = &h->parts.v[parts.v[i]];
        for (size_t k = 0; k < part->totals.n; k++) {
            const HiddenTotal *t = &h->totals.v[part->totals.v[k]];
            if (t->shown)
                possible = possible && keeps_sum(h, t, parts, copy);
            else
                set_total(h, t, copy);
        }
    }
    return possible;
}

static void put_back(const Store *s, uint32_t obs, Store *copy) {
    size_t at = (size_t)obs * s->n_fields + FIELD_VALUE;
    copy->figures[at] = s->figures[at];
}

void hidden_restore(const Hidden *h, HiddenSet parts, Store *copy) {
    const Store *s = h->store;
    for (uint32_t i = 0; i < parts.n; i++) {
        const HiddenPart *part = &h->parts.v[parts.v[i]];
        for (uint32_t k = 0; k < part->n_cells; k++)
            put_back(s, part->obs[k], copy);
        for (size_t k = 0; k < part->totals.n; k++)
            put_back(s, h->totals.v[part->totals.v[k]].obs, copy);
    }
}
