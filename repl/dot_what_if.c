// SPDX-License-Identifier: Apache-2.0
// Dot commands that ask why and what if: .why .whynot .trace .set .threshold .reset .changes
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "repl/dots.h"
#include "repl/flips.h"

static bool change(Desk *d, Setup *next, bool ok) {
    if (ok)
        return desk_adopt(d, next, ADOPT_CHANGE);
    setup_free(next);
    return desk_complain("bandstand: memory ran out");
}

bool dot_set(Desk *d, const Words *words) {
    if (words->n == 0 || !strchr(words->v[0], '='))
        return desk_complain("which figure? For example: .set re_referral_rate=18.2 Sefton 2023");
    if (!d->has_data)
        return desk_complain("no figures are loaded: write .data FILE");
    Words place = {words->v + 1, words->n - 1, words->rest};
    Where where;
    if (!dots_where(d, &place, false, &where))
        return false;
    Setup next;
    bool ok = setup_copy(&next, &d->setup) &&
              setup_set(&next, words->v[0], where.entity ? where.entity : d->entity,
                        where.period ? where.period : d->period);
    free(where.room);
    return change(d, &next, ok);
}

bool dot_threshold(Desk *d, const Words *words) {
    if (words->n == 0 || !strchr(words->rest, '='))
        return desk_complain("which edge? For example: .threshold re_referral_rate.ofsted.good=21");
    Setup next;
    bool ok = setup_copy(&next, &d->setup) && setup_set_threshold(&next, words->rest);
    return change(d, &next, ok);
}

bool dot_reset(Desk *d, const Words *words) {
    (void)words;
    Setup next;
    if (!setup_copy(&next, &d->setup))
        return desk_complain("bandstand: memory ran out");
    if (setup_reset(&next))
        return change(d, &next, true);
    setup_free(&next);
    screen_put(&d->screen, "nothing is set by hand\n");
    return true;
}

bool dot_changes(Desk *d, const Words *words) {
    (void)words;
    if (d->before)
        return flips_show(d, SIZE_MAX, false);
    return desk_complain("nothing was changed since the files were loaded");
}

static bool explain(Desk *d, const Words *words, const bs_why_options *options) {
    Where where;
    if (!d->has_data)
        return desk_complain("no figures are loaded: write .data FILE");
    if (!dots_where(d, words, words->n > 0 && !dots_is_place(d, words), &where))
        return false;
    const char *entity = where.entity ? where.entity : d->entity;
    const char *period = where.period ? where.period : d->period;
    bs_filter filter = desk_filter(&where.kpi, &entity, &period);
    size_t from = bs_n_diagnostics(d->bs);
    bool ok = desk_outcome(d, from, bs_why(d->bs, &filter, options, &d->screen.sink));
    free(where.room);
    return ok;
}

bool dot_why(Desk *d, const Words *words) {
    return explain(d, words, &(bs_why_options){0});
}

bool dot_trace(Desk *d, const Words *words) {
    return explain(d, words, &(bs_why_options){.steps = true});
}

bool dot_whynot(Desk *d, const Words *words) {
    if (words->n == 0)
        return desk_complain("which status? For example: .whynot green re_referral_rate Sefton");
    Words rest = {words->v + 1, words->n - 1, words->rest};
    return explain(d, &rest, &(bs_why_options){.why_not = words->v[0]});
}
