// SPDX-License-Identifier: Apache-2.0
#include "runtime/engine/chart.h"

#include "runtime/engine/history.h"

// A KPI's history as it is worked out.
typedef struct Maker {
    ChartTable *table;
    const Store *store;
    const Chart *chart;
    Arena values;    // of all rows
    Arena work;      // of one stretch
    Number *numbers; // by row
    XmrPoint *points; // of a stretch, a hole put in wherever no row follows the one before
    XmrVerdict *verdicts;
    size_t *rows;    // by point
    size_t n_points;
} Maker;

// ---- the values ---------------------------------------------------------------------------------

static bool run_values(Maker *m, const Program *p, const Function *fn, uint16_t value) {
    ChartTable *t = m->table;
    Why *whys = ARENA_ARRAY(&m->values, Why, t->n);
    Vm vm;
    vm_init(&vm, p, m->store);
    vm.within_chart = true;
    bool ok = whys && history_take(&vm, fn, value, t->lanes, t->n, &m->values, m->numbers, whys);
    vm_free(&vm);
    for (size_t i = 0; ok && i < t->n; i++)
        t->rows[i].why = whys[i];
    return ok;
}

// ---- stretches ----------------------------------------------------------------------------------

static bool follows(Lane before, Lane lane) {
    return before.entity == lane.entity && before.period.kind == lane.period.kind;
}

static bool has_break(const Maker *m, Lane before, Lane lane) {
    for (uint32_t i = 0; i < m->chart->n_reads; i++)
        if (store_breaks(m->store, m->chart->reads[i], lane.entity, before.period, lane.period))
            return true;
    return false;
}

// Does some rebase lie behind the one lane's beginning, and not behind the other's?
static bool has_rebase(const Chart *c, Lane before, Lane lane) {
    for (uint32_t i = 0; i < c->n_rebases && lane.period.kind != PERIOD_NONE; i++) {
        int32_t day = period_first_day(c->rebases[i].from);
        if (period_first_day(before.period) < day && day <= period_first_day(lane.period))
            return true;
    }
    return false;
}

static void add_point(Maker *m, size_t row) {
    const ChartTable *t = m->table;
    bool known = t->rows[row].why == 0;
    m->rows[m->n_points] = row;
    m->points[m->n_points++] = (XmrPoint){m->numbers[row], known};
}

static void add_hole(Maker *m, size_t row) {
    m->rows[m->n_points] = row;
    m->points[m->n_points++] = (XmrPoint){number_int(0), false};
}

// Does the entity have a row of its own there? Others make a lane of each period that they report.
static bool is_observed(const Maker *m, Lane lane) {
    for (uint32_t i = 0; i < m->chart->n_reads; i++)
        if (store_observation(m->store, lane, m->chart->reads[i]) != OBS_NONE)
            return true;
    return false;
}

// The points that the limits come from: those of the baseline, or all if none was observed there.
static void find_base(const Maker *m, size_t *from, size_t *n) {
    size_t end = 0;
    bool observed = false;
    *from = m->n_points;
    for (size_t i = 0; i < m->n_points; i++) {
        bool is_hole = i + 1 < m->n_points && m->rows[i] == m->rows[i + 1];
        Lane lane = m->table->lanes[m->rows[i]];
        if (is_hole || !chart_in_baseline(m->chart, lane.period))
            continue;
        *from = i < *from ? i : *from;
        end = i + 1;
        observed = observed || is_observed(m, lane);
    }
    if (!observed)
        *from = 0, end = m->n_points;
    *n = end - *from;
}

static bool keep_limits(Arena *a, XmrLimits *l) {
    return l->state != XMR_LIMITS ||
           (number_copy(a, l->mean, &l->mean) && number_copy(a, l->low, &l->low) &&
            number_copy(a, l->high, &l->high) && number_copy(a, l->near_low, &l->near_low) &&
            number_copy(a, l->near_high, &l->near_high));
}

static Why why_no_limits(XmrLimitsState state) {
    switch (state) {
    case XMR_LIMITS:
        return 0;
    case XMR_TOO_FEW:
        return WHY(REASON_TOO_FEW);
    case XMR_TOO_LARGE:
        return WHY(REASON_TOO_LARGE);
    }
    return 0;
}

// Works out the stretch whose points were gathered.
static bool end_stretch(Maker *m) {
    ChartTable *t = m->table;
    XmrLimits l;
    size_t from, n;
    find_base(m, &from, &n);
    xmr_limits(&m->work, m->points + from, n, m->chart->least, m->chart->screen, &l);
    Why why = why_no_limits(l.state);
    if (l.state == XMR_LIMITS)
        xmr_judge(m->points, m->n_points, &l, m->verdicts);
    for (size_t i = 0; i < m->n_points; i++) {
        ChartRow *row = &t->rows[m->rows[i]];
        row->stretch = (uint32_t)t->stretches.n;
        row->why |= why;
        if (m->points[i].known && why == 0) {
            row->rule = (uint8_t)m->verdicts[i].rule;
            row->side = (int8_t)m->verdicts[i].side;
        }
    }
    bool ok = !m->work.failed && keep_limits(&t->arena, &l) &&
              VEC_PUSH(&t->arena, &t->stretches, l);
    arena_free(&m->work);
    m->n_points = 0;
    return ok;
}

static bool walk(Maker *m) {
    ChartTable *t = m->table;
    bool ok = true;
    for (size_t i = 0; i < t->n && ok; i++) {
        Lane lane = t->lanes[i];
        const Lane *before = i > 0 ? &t->lanes[i - 1] : NULL;
        bool starts = !before || !follows(*before, lane) || has_rebase(m->chart, *before, lane) ||
                      has_break(m, *before, lane);
        if (starts && m->n_points > 0)
            ok = end_stretch(m);
        if (!starts && lane.period.ordinal != before->period.ordinal + 1)
            add_hole(m, i);
        add_point(m, i);
    }
    return ok && (m->n_points == 0 || end_stretch(m));
}

// ---- the table ----------------------------------------------------------------------------------

static bool index_entities(ChartTable *t, uint32_t n_entities) {
    t->first = ARENA_ARRAY(&t->arena, size_t, (size_t)n_entities + 1);
    if (!t->first)
        return false;
    t->n_entities = n_entities;
    size_t row = 0;
    for (uint32_t entity = 0; entity <= n_entities; entity++) {
        while (row < t->n && t->lanes[row].entity < entity)
            row++;
        t->first[entity] = row;
    }
    return true;
}

static bool make_room(Maker *m) {
    ChartTable *t = m->table;
    size_t most = 2 * t->n; // a hole before each point at most
    t->rows = ARENA_ARRAY(&t->arena, ChartRow, t->n);
    m->numbers = ARENA_ARRAY(&m->values, Number, t->n);
    m->points = ARENA_ARRAY(&m->values, XmrPoint, most);
    m->verdicts = ARENA_ARRAY(&m->values, XmrVerdict, most);
    m->rows = ARENA_ARRAY(&m->values, size_t, most);
    return !t->arena.failed && !m->values.failed;
}

bool chart_make(ChartTable *t, const Program *p, const Store *s, const Function *fn, uint16_t value,
                const Chart *chart) {
    *t = (ChartTable){0};
    arena_init(&t->arena, 0);
    Maker m = {.table = t, .store = s, .chart = chart};
    arena_init(&m.values, 0);
    arena_init(&m.work, 0);
    bool ok = store_lanes(s, &t->arena, chart->reads, chart->n_reads, &t->lanes, &t->n) &&
              make_room(&m) && index_entities(t, s->entities.n) && run_values(&m, p, fn, value) &&
              walk(&m);
    arena_free(&m.work);
    arena_free(&m.values);
    return ok;
}

void chart_free(ChartTable *t) {
    arena_free(&t->arena);
}

static bool is_row(const ChartTable *t, size_t row, Lane lane) {
    return row < t->n && t->lanes[row].entity == lane.entity &&
           period_eq(t->lanes[row].period, lane.period);
}

static bool is_before(Period a, Period b) {
    return a.kind != b.kind ? a.kind < b.kind : a.ordinal < b.ordinal;
}

const ChartRow *chart_row(ChartTable *t, Lane lane) {
    if (lane.entity >= t->n_entities)
        return NULL;
    if (!is_row(t, t->next, lane)) {
        size_t from = t->first[lane.entity], to = t->first[lane.entity + 1];
        while (from < to) {
            size_t middle = from + (to - from) / 2;
            if (is_before(t->lanes[middle].period, lane.period))
                from = middle + 1;
            else
                to = middle;
        }
        if (!is_row(t, from, lane))
            return NULL;
        t->next = from;
    }
    return &t->rows[t->next++];
}
