// SPDX-License-Identifier: Apache-2.0
#include "runtime/prove/eras.h"

#include <stdlib.h>

typedef struct Days {
    int32_t v[MOST_ERAS + 1]; // on which something begins to be in force, or no longer is
    size_t n;
    bool too_many;
} Days;

static void add_day(Days *days, int32_t day) {
    for (size_t i = 0; i < days->n; i++)
        if (days->v[i] == day)
            return;
    if (days->n < MOST_ERAS)
        days->v[days->n++] = day;
    else
        days->too_many = true;
}

// What is looked up for earlier periods changes on other days, and is left to the paths.
static void add_days(Days *days, const Dated *d) {
    for (uint32_t i = 0; d->back == 0 && d->years == 0 && i < d->n; i++) {
        add_day(days, d->v[i].first);
        if (d->v[i].last < INT32_MAX)
            add_day(days, d->v[i].last + 1);
    }
}

static int compare_days(const void *a, const void *b) {
    const int32_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static bool keep_in_force(Arena *a, const Program *p, const Kpi *k, Era *era) {
    Kpi *now = &era->kpi;
    *now = *k;
    now->n_levels = 0;
    now->levels = ARENA_ARRAY(a, NamedLevel, k->n_levels);
    if (!now->levels)
        return false;
    for (uint32_t i = 0; i < k->n_levels; i++) {
        NamedLevel level = k->levels[i];
        const Validity *v = level.dated > 0 ? dated_on(&p->dated[level.dated - 1], era->day) : NULL;
        if (v)
            level.band_table = v->band_table;
        if (v || level.dated == 0)
            now->levels[now->n_levels++] = level;
    }
    if (!k->has_status || k->status_dated == 0)
        return true;
    const Validity *v = dated_on(&p->dated[k->status_dated - 1], era->day);
    now->has_status = v != NULL;
    now->status = v ? v->status : k->status;
    now->has_overrides = false;
    now->unended = v ? v->unended : (Place){0};
    return true;
}

bool eras_of(Arena *a, const Program *p, const Kpi *k, Eras *out) {
    Days days = {.n = 0};
    for (uint32_t i = k->fn.first; i < k->fn.first + k->fn.n; i++)
        if (op_info[p->code[i].op].imm == IMM_DATED)
            add_days(&days, &p->dated[p->code[i].imm]);
    qsort(days.v, days.n, sizeof *days.v, compare_days);
    *out = (Eras){.v = ARENA_ARRAY(a, Era, days.n + 1), .n = days.n + 1, .too_many = days.too_many};
    bool ok = out->v;
    for (size_t i = 0; ok && i < out->n; i++) {
        Era *era = &out->v[i];
        *era = (Era){.day = i > 0 ? days.v[i - 1] : days.n > 0 ? days.v[0] - 1 : 0};
        if (i > 0)
            era->low = (LinearEnd){true, false, number_int(days.v[i - 1])};
        if (i < days.n)
            era->high = (LinearEnd){true, false, number_int(days.v[i] - 1)};
        ok = keep_in_force(a, p, k, era);
    }
    return ok;
}
