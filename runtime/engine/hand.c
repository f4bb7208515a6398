// SPDX-License-Identifier: Apache-2.0
#include "runtime/engine/hand.h"

static bool selects(const HandFigure *h, uint32_t entity, Period period) {
    bool found = h->n_entities == 0;
    for (size_t i = 0; !found && i < h->n_entities; i++)
        found = h->entities[i] == entity;
    if (!found || h->n_periods == 0)
        return found;
    for (size_t i = 0; i < h->n_periods; i++)
        if (period_eq(h->periods[i], period))
            return true;
    return false;
}

static bool names(const HandFigure *h, const Settable *s) {
    bool found = h->n_kpis == 0;
    for (size_t i = 0; !found && i < h->n_kpis; i++)
        found = str_eq(h->kpis[i], s->kpi);
    return found && h->of_kpi && str_eq(h->name, s->name);
}

const HandFigure *hand_of_metric(const Hand *hand, uint32_t metric, uint32_t field, uint32_t entity,
                                 Period period) {
    for (size_t i = hand ? hand->n : 0; i-- > 0;) {
        const HandFigure *h = &hand->v[i];
        if (!h->of_kpi && h->metric == metric && h->field == field && selects(h, entity, period))
            return h;
    }
    return NULL;
}

const HandFigure *hand_of_load(const Hand *hand, const Load *load, Lane lane) {
    Period period = lane.period;
    bool exists =
        hand && load->within == 0 &&
        (load_is_own(load) || period_before(lane.period, load->years, load->back, &period));
    return exists ? hand_of_metric(hand, load->metric, load->field, lane.entity, period) : NULL;
}

const HandFigure *hand_of_kpi(const Hand *hand, const Settable *settable, Lane lane) {
    Period period = lane.period;
    bool now = settable->back == 0 && settable->years == 0;
    if (!hand || (!now && !period_before(lane.period, settable->years, settable->back, &period)))
        return NULL;
    for (size_t i = hand->n; i-- > 0;)
        if (names(&hand->v[i], settable) && selects(&hand->v[i], lane.entity, period))
            return &hand->v[i];
    return NULL;
}

bool hand_speaks_of(const Hand *hand, const Settable *settable) {
    for (size_t i = 0; hand && i < hand->n; i++)
        if (names(&hand->v[i], settable))
            return true;
    return false;
}
