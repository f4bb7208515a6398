// SPDX-License-Identifier: Apache-2.0
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "repl/draw.h"
#include "repl/interrupt.h"

enum {
    CHART_ROWS = 12,
    AXIS_COLUMNS = 9, // before the chart
    CHART_MOST = 400, // periods
    LINES_SHOWN = 40, // entities, a line each
    SPARKS = 24,      // latest periods in such a line
    USUAL_WIDTH = 80,
};

typedef struct Point {
    double value, mean, low, high;
    bool known, limited;
    int signal;
    char letter; // of its status
    char period[32];
} Point;

typedef struct History {
    Desk *desk;
    Point *points;
    size_t n;
    bool failed;
} History;

// The letter of a status in a drawing; a small o where it has none.
static char letter_of(const bs_result *r) {
    char c = r->status_symbol.len == 1 ? r->status_symbol.s[0]
             : r->status_label.len > 0 ? r->status_label.s[0]
                                       : 'o';
    return c > ' ' && c < 0x7f ? c : 'o';
}

static bool add_point(History *h, const bs_result *r) {
    Point *points = realloc(h->points, (h->n + 1) * sizeof *points);
    if (!points) {
        h->failed = true;
        return false;
    }
    h->points = points;
    Point *p = &points[h->n++];
    *p = (Point){.known = r->value.exact.len > 0, .letter = letter_of(r)};
    p->value = p->known ? draw_number(r->value.exact.s) : 0;
    snprintf(p->period, sizeof p->period, "%s", r->period.s);
    return !interrupt_came();
}

static bool take_point(void *context, const bs_point *p) {
    History *h = context;
    if (!add_point(h, p->result))
        return false;
    Point *to = &h->points[h->n - 1];
    to->limited = p->mean.len > 0;
    to->signal = p->signal;
    if (to->limited) {
        to->mean = draw_number(p->mean.s);
        to->low = draw_number(p->low.s);
        to->high = draw_number(p->high.s);
    }
    return true;
}

// ---- a chart ------------------------------------------------------------------------------------

typedef struct Range {
    double low, high;
} Range;

static Range find_range(const Point *points, size_t n) {
    Range r = {INFINITY, -INFINITY};
    for (size_t i = 0; i < n; i++) {
        const Point *p = &points[i];
        if (p->known) {
            r.low = fmin(r.low, p->value);
            r.high = fmax(r.high, p->value);
        }
        if (p->limited) {
            r.low = fmin(r.low, p->low);
            r.high = fmax(r.high, p->high);
        }
    }
    return r;
}

static size_t row_of(Range r, double value) {
    double share = r.high > r.low ? (value - r.low) / (r.high - r.low) : 0.5;
    return CHART_ROWS - 1 - (size_t)lround(share * (CHART_ROWS - 1));
}

static void put_chart(Desk *d, const Point *points, size_t n, size_t step) {
    Range range = find_range(points, n);
    Screen *s = &d->screen;
    char row[CHART_MOST * 2 + 2];
    bool limited = false, signals = false;
    for (size_t y = 0; y < CHART_ROWS; y++) {
        memset(row, ' ', n * step);
        row[n * step] = '\0';
        for (size_t i = 0; i < n; i++) {
            const Point *p = &points[i];
            size_t x = i * step;
            limited |= p->limited;
            if (p->limited && row_of(range, p->mean) == y)
                memset(row + x, '-', step);
            if (p->limited && (row_of(range, p->low) == y || row_of(range, p->high) == y))
                memset(row + x, '.', step);
            if (!p->known || row_of(range, p->value) != y)
                continue;
            row[x] = p->letter;
            if (p->signal != 0 && step > 1)
                row[x + 1] = '!';
            signals |= p->signal != 0 && step > 1;
        }
        size_t len = n * step;
        while (len > 0 && row[len - 1] == ' ')
            row[--len] = '\0';
        bool labelled = y == 0 || y == CHART_ROWS - 1;
        if (labelled)
            screen_put(s, "%*.4g |%s\n", AXIS_COLUMNS - 2, y == 0 ? range.high : range.low, row);
        else
            screen_put(s, "%*s |%s\n", AXIS_COLUMNS - 2, "", row);
    }
    int gap = (int)(n * step) - (int)strlen(points[n - 1].period);
    gap -= (int)strlen(points[0].period);
    if (n > 1 && gap > 0)
        screen_put(s, "%*s %s%*s%s\n", AXIS_COLUMNS - 1, "", points[0].period, gap, "",
                   points[n - 1].period);
    else
        screen_put(s, "%*s %s to %s\n", AXIS_COLUMNS - 1, "", points[0].period,
                   points[n - 1].period);
    if (limited)
        screen_put(s, "%*s -- mean  .. limits%s\n", AXIS_COLUMNS - 1, "",
                   signals ? "  ! a rule of the chart speaks" : "");
}

static bool draw_chart(Desk *d, const char *kpi, const char *entity) {
    History h = {.desk = d};
    size_t from = bs_n_diagnostics(d->bs);
    bs_code code = bs_list_history(d->bs, kpi, entity, take_point, &h);
    bool ok = desk_outcome(d, from, h.failed ? BS_NO_MEMORY : code);
    size_t width = screen_width(&d->screen) ? screen_width(&d->screen) : USUAL_WIDTH;
    size_t room = width > AXIS_COLUMNS + 10 ? width - AXIS_COLUMNS : 10;
    size_t most = room < CHART_MOST ? room : CHART_MOST;
    size_t first = h.n > most ? h.n - most : 0, n = h.n - first;
    bool any = false;
    for (size_t i = first; i < h.n; i++)
        any |= h.points[i].known;
    if (ok && any) {
        screen_put(&d->screen, "%s, %s\n\n", kpi, entity);
        put_chart(d, h.points + first, n, 2 * n <= room ? 2 : 1);
    } else if (ok) {
        screen_put(&d->screen, "%s has no figure in %s\n", kpi, entity);
    }
    free(h.points);
    return ok;
}

// ---- a line for each entity ---------------------------------------------------------------------

typedef struct Lines {
    Desk *desk;
    History history; // of the present entity
    char *entity, *latest;
    size_t n_lines;
} Lines;

static void put_spark(Screen *s, const Point *p, Range r, bool ascii) {
    static const char *const blocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    static const char *const marks[] = {"_", ".", ":", "-", "=", "+", "*", "#"};
    double share = r.high > r.low ? (p->value - r.low) / (r.high - r.low) : 0.5;
    size_t i = (size_t)lround(share * 7);
    screen_put(s, "%s", !p->known ? " " : ascii ? marks[i] : blocks[i]);
}

static void put_line(Lines *l) {
    History *h = &l->history;
    size_t first = h->n > SPARKS ? h->n - SPARKS : 0;
    Range r = find_range(h->points + first, h->n - first);
    if (h->n > 0 && l->entity && l->latest) {
        screen_put(&l->desk->screen, "  %-28.28s ", l->entity);
        for (size_t i = first; i < h->n; i++)
            put_spark(&l->desk->screen, &h->points[i], r, l->desk->ascii);
        screen_put(&l->desk->screen, "  %s\n", l->latest);
        l->n_lines++;
    }
    h->n = 0;
}

static bool take_result(void *context, const bs_result *r) {
    Lines *l = context;
    if (!l->entity || strcmp(l->entity, r->entity.s) != 0) {
        put_line(l);
        if (l->n_lines == LINES_SHOWN)
            return false;
        free(l->entity);
        l->entity = strdup(r->entity.s);
    }
    free(l->latest);
    if (asprintf(&l->latest, "%s %s %s", r->period.s,
                 r->value.shown.len > 0 ? r->value.shown.s : "-",
                 r->kind == BS_JUDGED ? r->status_label.s : "") < 0)
        l->latest = NULL;
    l->history.failed |= !l->entity || !l->latest;
    return !l->history.failed && add_point(&l->history, r);
}

static bool draw_lines(Desk *d, const char *kpi) {
    Lines l = {.desk = d};
    bs_filter filter = {.kpis = &kpi, .n_kpis = 1};
    size_t from = bs_n_diagnostics(d->bs);
    screen_put(&d->screen, "%s\n\n", kpi);
    bs_code code = bs_run(d->bs, &filter, take_result, &l);
    bool cut = code == BS_STOPPED && l.n_lines == LINES_SHOWN;
    if (code == BS_OK)
        put_line(&l);
    if (cut)
        screen_put(&d->screen, "and more: .plot %s ENTITY\n", kpi);
    if (l.history.failed)
        code = BS_NO_MEMORY;
    free(l.history.points);
    free(l.entity);
    free(l.latest);
    return desk_outcome(d, from, cut ? BS_OK : code);
}

bool draw_history(Desk *d, const char *kpi, const char *entity) {
    return entity ? draw_chart(d, kpi, entity) : draw_lines(d, kpi);
}
