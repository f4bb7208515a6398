// SPDX-License-Identifier: Apache-2.0
// Dot commands about results: .at .run .bands .plot
#include <stdlib.h>
#include <string.h>

#include "repl/dots.h"
#include "repl/draw.h"

static bool keep_text(char **at, const char *text) {
    free(*at);
    *at = text ? strdup(text) : NULL;
    return !text || *at;
}

bool dot_at(Desk *d, const Words *words) {
    Where where;
    if (!dots_where(d, words, false, &where))
        return false;
    bool ok = keep_text(&d->entity, where.entity) && keep_text(&d->period, where.period);
    free(where.room);
    if (!ok)
        return desk_complain("bandstand: memory ran out");
    screen_put(&d->screen, "at %s, %s\n", d->entity ? d->entity : "every entity",
               d->period ? d->period : "every period");
    return true;
}

bool dot_run(Desk *d, const Words *words) {
    Where where;
    if (!dots_where(d, words, words->n > 0 && !dots_is_place(d, words), &where))
        return false;
    bool ok = desk_show_results(d, where.kpi, where.entity, where.period);
    free(where.room);
    return ok;
}

bool dot_bands(Desk *d, const Words *words) {
    Where where;
    if (words->n == 0)
        return desk_complain("of which KPI? For example: .bands re_referral_rate");
    if (!dots_where(d, words, true, &where))
        return false;
    bool ok = draw_bands(d, where.kpi, where.entity ? where.entity : d->entity,
                         where.period ? where.period : d->period);
    free(where.room);
    return ok;
}

bool dot_plot(Desk *d, const Words *words) {
    Where where;
    if (words->n == 0)
        return desk_complain("of which KPI? For example: .plot re_referral_rate Sefton");
    if (!d->has_data)
        return desk_complain("no figures are loaded: write .data FILE");
    if (!dots_where(d, words, true, &where))
        return false;
    bool ok = draw_history(d, where.kpi, where.entity ? where.entity : d->entity);
    free(where.room);
    return ok;
}
