// SPDX-License-Identifier: Apache-2.0
#include "repl/flips.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "repl/interrupt.h"

enum { MAX_WAYS = 64 }; // from a status to another; more are not told apart

typedef struct Way {
    char *from, *to;
    size_t n;
} Way;

typedef struct Cells { // of a row that is shown
    char *v[5];        // KPI, entity, period, value, statuses
} Cells;
static const char *const headings[] = {"KPI", "Entity", "Period", "Value", "Status"};

typedef struct Flips {
    Way ways[MAX_WAYS];
    size_t n_ways, n_flips, most;
    Cells *rows;
    size_t n_rows;
    size_t width[5];
    bool failed;
} Flips;

static const char *status_of(const bs_result *r) {
    if (!r)
        return "no row";
    switch (r->kind) {
    case BS_JUDGED:
        return r->status_label.len > 0 ? r->status_label.s : r->status.s;
    case BS_NO_DATA:
        return "no data";
    case BS_UNJUDGED:
        return "not judged";
    }
    return "";
}

static void count_way(Flips *f, const char *from, const char *to) {
    for (size_t i = 0; i < f->n_ways; i++) {
        if (strcmp(f->ways[i].from, from) == 0 && strcmp(f->ways[i].to, to) == 0) {
            f->ways[i].n++;
            return;
        }
    }
    if (f->n_ways == MAX_WAYS)
        return;
    Way *way = &f->ways[f->n_ways++];
    *way = (Way){strdup(from), strdup(to), 1};
    f->failed |= !way->from || !way->to;
}

// Columns of a text of UTF-8: its bytes but those that continue a character.
static size_t columns_of(const char *s) {
    size_t n = 0;
    for (; *s; s++)
        n += ((unsigned char)*s & 0xc0) != 0x80;
    return n;
}

// To be freed; NULL when memory runs out.
static char *value_of(const bs_result *r) {
    char *text = NULL;
    if (r->value.shown.len == 0)
        return strdup(r->value.missing.s);
    return asprintf(&text, "%s%s", r->value.shown.s, strcmp(r->unit.s, "percent") == 0 ? "%" : "") <
                   0
               ? NULL
               : text;
}

static bool keep_flip(void *context, const bs_change *c) {
    Flips *f = context;
    if (interrupt_came())
        return false;
    f->n_flips++;
    const char *from = status_of(c->before), *to = status_of(c->after);
    count_way(f, from, to);
    if (f->n_rows == f->most)
        return !f->failed;
    const bs_result *r = c->after ? c->after : c->before;
    Cells *rows = realloc(f->rows, (f->n_rows + 1) * sizeof *rows);
    if (!rows) {
        f->failed = true;
        return false;
    }
    f->rows = rows;
    Cells *row = &rows[f->n_rows++];
    *row = (Cells){{strdup(r->kpi.s), strdup(r->entity.s), strdup(r->period.s), value_of(r), NULL}};
    if (asprintf(&row->v[4], "%s -> %s", from, to) < 0)
        row->v[4] = NULL;
    for (size_t i = 0; i < 5; i++) {
        f->failed |= !row->v[i];
        size_t n = row->v[i] ? columns_of(row->v[i]) : 0;
        f->width[i] = n > f->width[i] ? n : f->width[i];
    }
    return !f->failed;
}

static void put_cell(Screen *s, const char *text, size_t width, bool right, bool last) {
    int pad = (int)(width - columns_of(text));
    if (right)
        screen_put(s, "%*s%s", pad, "", text);
    else
        screen_put(s, "%s%*s", text, last ? 0 : pad, "");
    screen_put(s, last ? "\n" : "  ");
}

static void put_rows(Screen *s, Flips *f) {
    for (size_t i = 0; i < 5; i++) {
        size_t n = strlen(headings[i]);
        f->width[i] = n > f->width[i] ? n : f->width[i];
    }
    for (size_t i = 0; i < 5; i++)
        put_cell(s, headings[i], f->width[i], i == 3, i == 4);
    for (size_t k = 0; k < f->n_rows; k++)
        for (size_t i = 0; i < 5; i++)
            put_cell(s, f->rows[k].v[i], f->width[i], i == 3, i == 4);
}

static int by_number(const void *a, const void *b) {
    const Way *x = a, *y = b;
    return (x->n < y->n) - (x->n > y->n);
}

static void put_flips(Screen *s, Flips *f) {
    if (f->n_flips == 0) {
        screen_put(s, "no status changed\n");
        return;
    }
    qsort(f->ways, f->n_ways, sizeof *f->ways, by_number);
    screen_put(s, "%zu status%s changed: ", f->n_flips, f->n_flips == 1 ? "" : "es");
    for (size_t i = 0; i < f->n_ways; i++)
        screen_put(s, "%s%zu from %s to %s", i > 0 ? ", " : "", f->ways[i].n, f->ways[i].from,
                   f->ways[i].to);
    screen_put(s, "\n\n");
    put_rows(s, f);
    if (f->n_rows < f->n_flips)
        screen_put(s, "and %zu more: .changes\n", f->n_flips - f->n_rows);
}

static void free_flips(Flips *f) {
    for (size_t i = 0; i < f->n_ways; i++) {
        free(f->ways[i].from);
        free(f->ways[i].to);
    }
    for (size_t k = 0; k < f->n_rows; k++)
        for (size_t i = 0; i < 5; i++)
            free(f->rows[k].v[i]);
    free(f->rows);
}

bool flips_show(Desk *d, size_t most, bool only_flips) {
    Flips f = {.most = most};
    size_t from = bs_n_diagnostics(d->bs);
    bs_code code =
        bs_diff(d->before, d->bs, &(bs_diff_options){.common = true}, keep_flip, &f, NULL);
    bool ok = desk_outcome(d, from, f.failed ? BS_NO_MEMORY : code);
    if (ok && (f.n_flips > 0 || !only_flips))
        put_flips(&d->screen, &f);
    free_flips(&f);
    return ok;
}

// ---- counts -------------------------------------------------------------------------------------

typedef struct Counts {
    Screen *screen;
    char kpi[256]; // of the line that is being written
    bool any;
} Counts;

static bool put_tally(void *context, const bs_tally *t) {
    Counts *c = context;
    bool is_new = strncmp(c->kpi, t->kpi.s, sizeof c->kpi - 1) != 0;
    if (is_new) {
        screen_put(c->screen, "%s  %-32s ", c->kpi[0] ? "\n" : "", t->kpi.s);
        snprintf(c->kpi, sizeof c->kpi, "%s", t->kpi.s);
        c->any = false;
    }
    if (t->n > 0)
        screen_put(c->screen, "%s%zu %s", c->any ? ", " : "", t->n, t->status_label.s);
    c->any |= t->n > 0;
    return !interrupt_came();
}

bool counts_show(Desk *d, const bs_filter *filter) {
    Counts c = {.screen = &d->screen};
    size_t from = bs_n_diagnostics(d->bs);
    bs_code code = bs_count_statuses(d->bs, filter, put_tally, &c);
    if (c.kpi[0])
        screen_put(&d->screen, "\n");
    return desk_outcome(d, from, code);
}
