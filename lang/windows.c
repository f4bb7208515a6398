// SPDX-License-Identifier: Apache-2.0
// The windows of one formula. Those over the same periods leave out the same ones: were each sum
// to leave out its own missing months, a share of two would be of two different stretches.
#include <inttypes.h>

#include "lang/gen.h"

enum {
    MAX_WINDOWS = PROGRAM_MAX_BESIDE,
    MAX_WALK_DEPTH = 600 // as deep as expressions can be
};

static bool joins_figures(const Node *n) {
    return n->kind == NODE_ADD || n->kind == NODE_SUBTRACT || n->kind == NODE_MULTIPLY ||
           n->kind == NODE_DIVIDE || n->kind == NODE_PERCENT_OF || n->kind == NODE_PER_OF ||
           n->kind == NODE_COMPARISON;
}

typedef struct Walk {
    Gen *g;
    size_t n_operators; // each is a step of the KPI, so there cannot be more than of these
    int depth;
} Walk;

static void walk(Walk *w, const Node *n);

// A comparator or target of the KPI hides what is called like it.
static bool has_figure(const Gen *g, Str name) {
    bool found = false;
    for (size_t i = 0; i < g->figures.n; i++)
        found = found || str_eq(g->figures.v[i].name, name);
    return found;
}

static void walk_kids(Walk *w, const Node *n, uint32_t from) {
    for (uint32_t i = from; i < n->n_kids; i++)
        walk(w, n->kids[i]);
}

static void walk_let(Walk *w, const Node *n) {
    LetInfo *let = n->n_kids == 1 ? find_let(w->g->c, node_text(n)) : NULL;
    bool hidden = let && w->g->spec && has_figure(w->g, let->name);
    if (!let || hidden || let->in_progress)
        return;
    let->in_progress = true;
    walk(w, let->expression);
    let->in_progress = false;
}

// Parts that stand for one another (`else`) or are of another time (`previous`) are formulas of
// their own.
static void walk(Walk *w, const Node *n) {
    if (!n || (n->flags & NODE_BROKEN) || w->depth >= MAX_WALK_DEPTH ||
        w->n_operators >= PROGRAM_MAX_REGS)
        return;
    w->depth++;
    CallKind call = n->kind == NODE_CALL ? call_kind(n) : CALL_OTHER;
    if (call == CALL_WINDOW) {
        lower(w->g, n);
    } else if (call == CALL_FIGURES) {
        walk_kids(w, n, 1);
    } else if (n->kind == NODE_PATH) {
        walk_let(w, n);
    } else if (n->kind == NODE_PER_OF) {
        walk(w, node_kid(n, 0));
        walk(w, node_kid(n, 2));
    } else if (n->kind == NODE_PAREN || n->kind == NODE_NEGATIVE || joins_figures(n)) {
        walk_kids(w, n, 0);
    }
    w->n_operators += joins_figures(n) ? 1 : 0;
    w->depth--;
}

const Window *find_window(const Gen *g, const Node *call) {
    const Formula *f = &g->formula;
    bool same_time = f->shift.back == g->shift.back && f->shift.years == g->shift.years;
    for (size_t i = 0; same_time && i < f->windows.n; i++)
        if (f->windows.v[i].call == call)
            return &f->windows.v[i];
    return NULL;
}

void add_window(Gen *g, Window w) {
    if (g->formula.windows.n < MAX_WINDOWS) {
        VEC_PUSH(g->c->scratch, &g->formula.windows, w);
        return;
    }
    report(g->c, D_TOO_DEEP, node_place(w.call), "the formula has more than %d windows",
           MAX_WINDOWS)
        ->hint = STR("split it into several KPIs");
}

// ---- those over the same periods ----------------------------------------------------------------

static bool over_same_periods(const PeriodSpan *a, const PeriodSpan *b) {
    return a->n == b->n && a->year == b->year;
}

static bool of_same_figures(const PeriodSpan *a, const PeriodSpan *b) {
    bool same = true;
    for (uint32_t i = 0; i < a->n; i++)
        same = same && a->figures[i].reg == b->figures[i].reg;
    return same;
}

static void warn_of_allow(Gen *g, const Window *most, const Window *least) {
    Str wider = node_text(most->call), narrower = node_text(least->call);
    uint32_t n = least->span.allowed;
    Diag *d = n == 0 ? report(g->c, D_ALLOW_DIFFERS, node_place(most->call),
                              "`%.*s` has no effect beside `%.*s`, which allows none to be missing",
                              STR_ARG(wider), STR_ARG(narrower))
                     : report(g->c, D_ALLOW_DIFFERS, node_place(most->call),
                              "`%.*s` stands beside `%.*s`, so %" PRIu32 " may be missing at most",
                              STR_ARG(wider), STR_ARG(narrower), n);
    hint(g->c, d,
         "windows of one formula leave out the same periods: write `allow %" PRIu32
         " missing` behind each of them, or behind none",
         most->span.allowed);
}

// The windows of the formula over the periods of the first of them that has not been settled.
typedef struct Alike {
    const Window *most, *least; // those that allow the most and the fewest
    Window *of[MAX_WINDOWS];
    size_t n;
    size_t n_rows; // different figures among them
} Alike;

static void gather_alike(Formula *f, size_t first, bool *settled, Alike *out) {
    out->n = out->n_rows = 0;
    out->most = out->least = &f->windows.v[first];
    for (size_t i = first; i < f->windows.n; i++) {
        Window *w = &f->windows.v[i];
        if (settled[i] || !over_same_periods(&w->span, &f->windows.v[first].span))
            continue;
        bool known = false;
        for (size_t k = 0; k < out->n; k++)
            known = known || of_same_figures(&w->span, &out->of[k]->span);
        out->n_rows += !known;
        out->of[out->n++] = w;
        out->most = w->span.allowed > out->most->span.allowed ? w : out->most;
        out->least = w->span.allowed < out->least->span.allowed ? w : out->least;
        settled[i] = true;
    }
}

static void set_beside(Gen *g, const Alike *a) {
    uint32_t n = a->of[0]->span.n, n_beside = (uint32_t)a->n * n;
    uint16_t *beside = ARENA_ARRAY(g->c->arena, uint16_t, n_beside);
    if (!beside)
        return;
    for (size_t k = 0; k < a->n; k++) {
        for (uint32_t i = 0; i < n; i++)
            beside[k * n + i] = a->of[k]->span.figures[i].reg;
        a->of[k]->span.beside = beside;
        a->of[k]->span.n_beside = (uint32_t)a->n;
    }
}

static void settle(Gen *g) {
    Formula *f = &g->formula;
    bool settled[MAX_WINDOWS] = {false};
    Alike a;
    for (size_t i = 0; i < f->windows.n; i++) {
        if (settled[i])
            continue;
        gather_alike(f, i, settled, &a);
        if (a.n_rows < 2 || a.most->span.allowed == 0)
            continue;
        if (a.most->span.allowed != a.least->span.allowed)
            warn_of_allow(g, a.most, a.least);
        set_beside(g, &a);
    }
}

bool open_formula(Gen *g, const Node *n) {
    if (g->formula.open || !joins_figures(n))
        return false;
    g->formula = (Formula){.open = true, .gathering = true, .shift = g->shift};
    walk(&(Walk){.g = g}, n);
    g->formula.gathering = false;
    settle(g);
    return true;
}

Val lower_apart(Gen *g, const Node *n) {
    Formula outer = g->formula;
    g->formula = (Formula){0};
    Val v = lower_number(g, n);
    g->formula = outer;
    return v;
}
