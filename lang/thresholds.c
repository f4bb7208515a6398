// SPDX-License-Identifier: Apache-2.0
#include "lang/thresholds.h"

// ---- as written ---------------------------------------------------------------------------------

static bool refuse(Modules *m, Str written, const char *what) {
    diag_add(m->diags, D_SET_FORM, (Place){.file = PLACE_NO_FILE}, "`%.*s`: %s", STR_ARG(written),
             what)
        ->hint = STR("write KPI.TABLE.LEVEL=NUMBER: re_referral_rate.ofsted.good=21");
    return false;
}

// Takes the part of [*rest] before the next point.
static Str take_name(Str *rest) {
    size_t at = str_find(*rest, '.');
    Str name = str_trim(str_slice(*rest, 0, at));
    *rest = at < rest->len ? str_slice(*rest, at + 1, rest->len) : (Str){0};
    return name;
}

static bool same_edge(const Threshold *a, const Threshold *b) {
    return str_eq(a->kpi, b->kpi) && str_eq(a->table, b->table) && str_eq(a->level, b->level) &&
           a->side == b->side;
}

bool thresholds_add(Modules *m, Str written) {
    Threshold t = {.written = arena_str(m->arena, written)};
    size_t equals = str_find(t.written, '=');
    if (equals == t.written.len)
        return refuse(m, written, "no number is given");
    Str names = str_slice(t.written, 0, equals),
        number = str_slice(t.written, equals + 1, t.written.len);
    t.kpi = take_name(&names);
    t.table = take_name(&names);
    t.level = take_name(&names);
    if (t.level.len == 0)
        return refuse(m, written, "the threshold is not named whole");
    Str side = take_name(&names);
    t.side = str_eq(side, STR("from")) ? THRESHOLD_FROM
             : str_eq(side, STR("to")) ? THRESHOLD_TO
                                       : THRESHOLD_UNSAID;
    if (names.len > 0 || (side.len > 0 && t.side == THRESHOLD_UNSAID))
        return refuse(m, written, "behind the level only .from or .to can stand");
    if (number_parse(m->arena, str_trim(number), false, &t.at) != NUMBER_OK)
        return refuse(m, written, "what stands behind the = is not a number");
    for (size_t i = 0; i < m->thresholds.n; i++) {
        if (same_edge(&m->thresholds.v[i], &t)) {
            m->thresholds.v[i] = t;
            return true;
        }
    }
    return VEC_PUSH(m->arena, &m->thresholds, t);
}

void thresholds_begin(Modules *m) {
    for (size_t i = 0; i < m->thresholds.n; i++)
        m->thresholds.v[i].used = false;
}

// ---- one table ----------------------------------------------------------------------------------

typedef struct Table {
    Compiler *c;
    const BandSpec *spec;
    const Scale *scale;
    Polarity polarity;
    Interval *v;
    size_t n;
    bool ok;
} Table;

// An edge of an interval.
typedef struct Edge {
    Interval *of;
    bool high;
} Edge;

static bool has_edge(Edge e) {
    return e.of && (e.high ? e.of->has_high : e.of->has_low);
}

static Number *edge_at(Edge e) {
    return e.high ? &e.of->high : &e.of->low;
}

static bool *edge_open(Edge e) {
    return e.high ? &e.of->high_open : &e.of->low_open;
}

static bool *edge_set(Edge e) {
    return e.high ? &e.of->high_set : &e.of->low_set;
}

static Str number_text(Compiler *c, Number n) {
    Buf out = {0};
    number_print(&out, n);
    Str s = arena_str(c->scratch, buf_str(&out));
    buf_free(&out);
    return s;
}

// The lowest or highest edge of the level, of all its intervals.
static Edge outer_edge(const Table *t, uint8_t level, bool high) {
    Edge found = {0};
    for (size_t i = 0; i < t->n; i++) {
        Edge e = {&t->v[i], high};
        if (t->v[i].level != level)
            continue;
        int order = has_edge(found) && has_edge(e) ? number_cmp(*edge_at(e), *edge_at(found)) : 0;
        if (!found.of || !has_edge(e) || (has_edge(found) && (high ? order > 0 : order < 0)))
            found = e;
    }
    return found;
}

static Diag *fail(Table *t, const Threshold *set, DiagCode code, const char *what) {
    t->ok = false;
    return report(t->c, code, (Place){.file = PLACE_NO_FILE}, "`%.*s`: `%.*s` %s",
                  STR_ARG(set->written), STR_ARG(set->level), what);
}

// Which of the edges is meant. One that is there, or none after reporting.
static Edge find_edge(Table *t, const Threshold *set, uint8_t level) {
    Edge low = outer_edge(t, level, false), high = outer_edge(t, level, true), none = {0};
    if (!low.of) {
        fail(t, set, D_THRESHOLD_EDGE, "has no range in this table, so it has no edge")->hint =
            STR("name the level beside it, whose edge bounds it");
        return none;
    }
    Edge asked = set->side == THRESHOLD_FROM ? low : high;
    if (set->side != THRESHOLD_UNSAID && has_edge(asked))
        return asked;
    if (set->side != THRESHOLD_UNSAID) {
        hint(t->c, fail(t, set, D_THRESHOLD_EDGE, "has no edge on that side"),
             "its other edge is `%.*s.%.*s.%.*s.%s`", STR_ARG(set->kpi), STR_ARG(set->table),
             STR_ARG(set->level), set->side == THRESHOLD_FROM ? "to" : "from");
        return none;
    }
    if (!has_edge(low) || !has_edge(high))
        return has_edge(low) ? low : high;
    if (low.of == high.of && t->polarity == POLARITY_HIGH)
        return low;
    if (low.of == high.of && t->polarity == POLARITY_LOW)
        return high;
    Str from = number_text(t->c, low.of->low), to = number_text(t->c, high.of->high);
    hint(t->c, fail(t, set, D_THRESHOLD_EDGE, "has two edges"),
         "write `%.*s.%.*s.%.*s.from` for %.*s or `.to` for %.*s", STR_ARG(set->kpi),
         STR_ARG(set->table), STR_ARG(set->level), STR_ARG(from), STR_ARG(to));
    return none;
}

// The edge that faces [e] from the next interval on that side; of none when there is none.
static Edge facing(const Table *t, Edge e) {
    Edge found = {0};
    for (size_t i = 0; i < t->n; i++) {
        Edge other = {&t->v[i], !e.high};
        if (other.of == e.of || !has_edge(other))
            continue;
        int order = number_cmp(*edge_at(other), *edge_at(e));
        if (e.high ? order < 0 : order > 0)
            continue;
        int nearer = found.of ? number_cmp(*edge_at(other), *edge_at(found)) : e.high ? -1 : 1;
        if (e.high ? nearer < 0 : nearer > 0)
            found = other;
    }
    return found;
}

static bool is_empty(const Interval *in) {
    int order = in->has_low && in->has_high ? number_cmp(in->low, in->high) : -1;
    return order > 0 || (order == 0 && (in->low_open || in->high_open));
}

static void fail_empty(Table *t, const Threshold *set, const Interval *in) {
    Str level = t->scale->levels[in->level].name, from = number_text(t->c, in->low),
        to = number_text(t->c, in->high);
    t->ok = false;
    hint(t->c,
         report(t->c, D_THRESHOLD_EMPTY, (Place){.file = PLACE_NO_FILE},
                "`%.*s` leaves no figure to `%.*s`, which would go from %.*s to %.*s",
                STR_ARG(set->written), STR_ARG(level), STR_ARG(from), STR_ARG(to)),
         "set its other edge too: %.*s.%.*s.%.*s.from=… or .to=…", STR_ARG(set->kpi),
         STR_ARG(set->table), STR_ARG(level));
}

// Moves the neighbour along where the two shared the edge, and out of the way where they would
// overlap. One that is set itself stays.
static void make_way(Edge e, Edge neighbour, Number before) {
    if (!neighbour.of || *edge_set(neighbour))
        return;
    Number *at = edge_at(neighbour);
    int order = number_cmp(*edge_at(e), *at);
    if (number_cmp(before, *at) == 0) {
        *at = *edge_at(e);
    } else if (e.high ? order >= 0 : order <= 0) {
        *at = *edge_at(e);
        *edge_open(neighbour) = !*edge_open(e);
    }
}

static void apply(Table *t, Threshold *set) {
    uint8_t level;
    if (!find_level(t->scale, set->level, &level))
        return;
    set->used = true;
    Edge e = find_edge(t, set, level);
    if (!e.of)
        return;
    Number before = *edge_at(e);
    Edge neighbour = facing(t, e);
    *edge_at(e) = set->at;
    *edge_set(e) = true;
    make_way(e, neighbour, before);
}

static bool speaks_of(const Threshold *set, Str kpi, const BandSpec *spec) {
    return str_eq(set->kpi, kpi) && str_eq(set->table, spec->name);
}

bool thresholds_apply(Compiler *c, Str kpi, const BandSpec *spec, const Scale *scale,
                      Polarity polarity, Interval *v, size_t n) {
    Table t = {c, spec, scale, polarity, v, n, true};
    Modules *m = c->modules;
    for (size_t i = 0; i < m->thresholds.n; i++)
        if (speaks_of(&m->thresholds.v[i], kpi, spec))
            apply(&t, &m->thresholds.v[i]);
    for (size_t i = 0; i < m->thresholds.n; i++) {
        if (!speaks_of(&m->thresholds.v[i], kpi, spec))
            continue;
        for (size_t k = 0; k < n && t.ok; k++)
            if (is_empty(&v[k]))
                fail_empty(&t, &m->thresholds.v[i], &v[k]);
    }
    return t.ok;
}

// ---- those that nothing took --------------------------------------------------------------------

static void say_unknown(Compiler *c, const Threshold *set, const char *what, Str name,
                        const Suggestion *near, Str whole_before, Str whole_after) {
    Diag *d = report(c, D_THRESHOLD_UNKNOWN, (Place){.file = PLACE_NO_FILE},
                     "`%.*s`: there is no %s `%.*s`", STR_ARG(set->written), what, STR_ARG(name));
    if (near->best.len > 0)
        hint(c, d, "did you mean `%.*s%.*s%.*s`?", STR_ARG(whole_before), STR_ARG(near->best),
             STR_ARG(whole_after));
}

static void say_which(Compiler *c, const Threshold *set) {
    KpiSpec *spec = find_spec(c, set->kpi);
    Arena *a = c->scratch;
    Suggestion near = suggest_for(set->kpi);
    if (!spec) {
        for (size_t i = 0; i < c->specs.n; i++)
            suggest_consider(&near, c->specs.v[i].name);
        say_unknown(c, set, "KPI", set->kpi, &near, STR(""),
                    arena_printf(a, ".%.*s.%.*s", STR_ARG(set->table), STR_ARG(set->level)));
        return;
    }
    const BandSpec *table = NULL;
    near = suggest_for(set->table);
    for (size_t i = 0; i < spec->bands.n; i++) {
        suggest_consider(&near, spec->bands.v[i].name);
        table = str_eq(spec->bands.v[i].name, set->table) ? &spec->bands.v[i] : table;
    }
    uint32_t scale;
    if (!table) {
        Str only = spec->bands.n == 1 ? spec->bands.v[0].name : near.best;
        near.best = only;
        say_unknown(c, set, "band table of that KPI", set->table, &near,
                    arena_printf(a, "%.*s.", STR_ARG(set->kpi)),
                    arena_printf(a, ".%.*s", STR_ARG(set->level)));
    } else if (find_scale(c, table->scale, &scale)) {
        near = suggest_for(set->level);
        for (uint32_t i = 0; i < c->scales.v[scale].n_levels; i++)
            suggest_consider(&near, c->scales.v[scale].levels[i].name);
        say_unknown(c, set, "level of that table", set->level, &near,
                    arena_printf(a, "%.*s.%.*s.", STR_ARG(set->kpi), STR_ARG(set->table)), STR(""));
    }
}

void thresholds_report_unused(Compiler *c) {
    for (size_t i = 0; i < c->modules->thresholds.n; i++) {
        const Threshold *set = &c->modules->thresholds.v[i];
        const KpiSpec *spec = find_spec(c, set->kpi);
        if (!set->used && !(spec && spec->broken))
            say_which(c, set);
    }
}
