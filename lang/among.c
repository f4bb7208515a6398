// SPDX-License-Identifier: Apache-2.0
// Figures of other entities: what several of them come to, and what one of them is. Both read a
// series, whose code is a function of its own.
#include <string.h>

#include "lang/format.h"
#include "lang/gen.h"

// ---- series -------------------------------------------------------------------------------------

static bool same_code(const SeriesCode *a, const SeriesCode *b) {
    if (a->n != b->n)
        return false;
    for (uint32_t i = 0; i < a->n; i++) {
        const Instr *x = &a->code[i], *y = &b->code[i];
        if (x->op != y->op || x->dst != y->dst || x->a != y->a || x->b != y->b || x->c != y->c ||
            x->imm != y->imm)
            return false;
    }
    return true;
}

enum { SERIES_LOOK_BACK = 64 }; // among which an equal one is looked for

static uint32_t add_series(Compiler *c, Series s, SeriesCode code) {
    size_t n = c->series.n;
    for (size_t i = n; i > 0 && n - i < SERIES_LOOK_BACK; i--)
        if (c->series.v[i - 1].result == s.result && same_code(&c->series_code.v[i - 1], &code))
            return (uint32_t)i - 1;
    if (VEC_PUSH(c->arena, &c->series, s) && !VEC_PUSH(c->arena, &c->series_code, code))
        c->series.n--;
    return (uint32_t)n;
}

void place_series(Compiler *c) {
    for (size_t i = 0; i < c->series.n; i++) {
        const SeriesCode *code = &c->series_code.v[i];
        c->series.v[i].fn.first = (uint32_t)c->code.n;
        for (uint32_t k = 0; k < code->n; k++) {
            VEC_PUSH(c->arena, &c->code, code->code[k]);
            VEC_PUSH(c->arena, &c->places, code->places[k]);
        }
    }
}

static void note_reads(Gen *g, const Gen *inner) {
    for (size_t i = 0; g->collect_reads && i < inner->reads.n; i++) {
        bool known = false;
        for (size_t k = 0; k < g->reads.n; k++)
            known = known || g->reads.v[k] == inner->reads.v[i];
        if (!known)
            VEC_PUSH(g->c->arena, &g->reads, inner->reads.v[i]);
    }
}

bool series_of(Gen *g, const Node *expression, uint32_t *index, Val *x) {
    Compiler *c = g->c;
    // The code made so far stands aside, since that of a function is one stretch.
    Instr *code = c->code.v;
    Place *places = c->places.v;
    size_t n_code = c->code.n, cap_code = c->code.cap, n_places = c->places.n,
           cap_places = c->places.cap;
    c->code.v = NULL;
    c->places.v = NULL;
    c->code.n = c->code.cap = c->places.n = c->places.cap = 0;
    Fn fn = {.c = c, .is_example = g->fn->is_example};
    Gen inner = {.c = c,
                 .fn = &fn,
                 .spec = g->spec,
                 .kpi = g->kpi,
                 .place = g->place,
                 .collect_reads = true,
                 .value_in_progress = g->value_in_progress,
                 .near = g->near,
                 .near_unit = g->near_unit,
                 .depth = g->depth};
    inner.value = error_val();
    *x = lower_number(&inner, expression);
    bool ok = x->type == VAL_NUMBER && !refuse_period(&inner, expression, x);
    if (ok && inner.reads.n == 0 && !fn.is_example) {
        report(c, D_AMONG, node_place(expression), "`%.*s` is the same for everyone",
               STR_ARG(node_text(expression)))
            ->hint = STR("name a metric, or the KPI's `value`");
        ok = false;
    }
    *index = UINT32_MAX;
    if (ok && !fn.is_example) {
        Series s = {.text = arena_str(c->arena, format_phrase(c->scratch, expression)),
                    .unit = x->unit,
                    .fn = finish_function(&inner),
                    .result = x->reg,
                    .reads = inner.reads.v,
                    .n_reads = (uint32_t)inner.reads.n,
                    .place = node_place(expression)};
        *index = add_series(c, s, (SeriesCode){c->code.v, c->places.v, (uint32_t)c->code.n});
        note_reads(g, &inner);
    }
    c->code.v = code;
    c->places.v = places;
    c->code.n = n_code;
    c->code.cap = cap_code;
    c->places.n = n_places;
    c->places.cap = cap_places;
    return ok;
}

// ---- among --------------------------------------------------------------------------------------

static const struct {
    const char *word;
    AmongKind kind;
} ways[] = {{"mean", AMONG_MEAN},        {"median", AMONG_MEDIAN}, {"min", AMONG_MIN},
            {"max", AMONG_MAX},          {"rank", AMONG_RANK},     {"quartile", AMONG_QUARTILE},
            {"quintile", AMONG_QUINTILE}};
enum { N_WAYS = sizeof ways / sizeof *ways };

// The words are one token, `mean of`, with any blanks between them.
static bool find_way(Str words, Among *m) {
    for (size_t i = 0; i < N_WAYS; i++)
        if (str_starts(words, str_from(ways[i].word)) && words.s[strlen(ways[i].word)] <= ' ') {
            m->kind = ways[i].kind;
            return true;
        }
    return false;
}

static bool find_peers(Gen *g, const Node *name, Among *m) {
    Compiler *c = g->c;
    Str text = node_text(name);
    m->peers = AMONG_EVERYONE;
    if (str_eq(text, STR("everyone")))
        return true;
    for (size_t i = 0; i < c->peers.n; i++)
        if (str_eq(c->peers.v[i].name, text)) {
            m->peers = (uint32_t)i;
            return true;
        }
    Diag *d =
        report(c, D_UNKNOWN_PEERS, node_place(name), "no peers `%.*s` are declared", STR_ARG(text));
    Suggestion near = suggest_for(text);
    suggest_consider(&near, STR("everyone"));
    for (size_t i = 0; i < c->peers.n; i++)
        suggest_consider(&near, c->peers.v[i].name);
    if (str_eq(text, STR("all"))) {
        d->hint = STR("write `everyone`");
        replace_with(c, d, STR("everyone"));
    } else if (!did_you_mean(c, d, &near))
        d->hint = STR("write `among everyone`, or declare them with a line such as: "
                      "peers neighbours from \"neighbours.csv\"");
    return false;
}

enum { MOST_MEMBERS = 1000000 };

static bool read_enough(Gen *g, const Node *n, Among *m) {
    if (!n)
        return true;
    bool least = n->kind == NODE_LEAST_KNOWN;
    Number number;
    Unit unit;
    int64_t count = 0;
    if (least && !str_eq(node_text(node_kid(n, 1)), STR("known"))) {
        report(g->c, D_AMONG, node_place(node_kid(n, 1)), "`%.*s` is not understood here",
               STR_ARG(node_text(node_kid(n, 1))))
            ->hint = STR("write `with at least 5 known`");
        return false;
    }
    if (!constant_value(g->c, node_kid(n, 0), &number, &unit))
        return false;
    if (!number_to_int(number, &count) || count < 1 || count > MOST_MEMBERS) {
        report(g->c, D_AMONG, node_place(n), "`%.*s` needs a whole number from 1",
               STR_ARG(node_text(n)))
            ->hint = STR("write for instance `allow 2 missing` or `with at least 5 known`");
        return false;
    }
    *(least ? &m->least : &m->allowed) = (uint32_t)count;
    return true;
}

static bool read_as_of(Gen *g, const Node *n, Among *m) {
    if (!n)
        return true;
    warn_month_like_years(g->c, n);
    if (period_parse(node_text(n), &m->fixed))
        return true;
    report(g->c, D_BAD_PERIOD, node_place(n), "`%.*s` is not a period", STR_ARG(node_text(n)))
        ->hint = STR("write 2023-05, 2023-Q2, FY2023-24, AY2023/24, 2023 or 2023-05-31");
    return false;
}

// Which way a place among others counts.
static bool read_polarity(Gen *g, const Node *n, Among *m) {
    if (!among_is_position(m->kind))
        return true;
    Polarity p = g->spec ? g->kpi->polarity : POLARITY_NONE;
    m->low_is_good = p == POLARITY_LOW;
    if (p == POLARITY_LOW || p == POLARITY_HIGH)
        return true;
    if (p == POLARITY_NONE && g->spec)
        return need_polarity(g, n, true) != POLARITY_NONE;
    report(g->c, D_AMONG_POLARITY, node_place(n),
           g->spec
               ? "`%.*s` counts from the best, and this KPI says neither that high nor that low "
                 "is good"
               : "`%.*s` counts from the best, which only a KPI can say",
           STR_ARG(node_text(n)))
        ->hint = g->spec ? STR("say `good is high` or `good is low`, or compare with the mean or "
                               "median")
                         : STR("put it into a KPI with `good is high` or `good is low`");
    return false;
}

static Val emit_among(Gen *g, const Node *n, Among m, const Val *x) {
    Unit unit = among_is_position(m.kind) ? (Unit){0} : x->unit;
    if (unit.kind == UNIT_COUNT && (m.kind == AMONG_MEAN || m.kind == AMONG_MEDIAN))
        unit = (Unit){0}; // no count any more
    g->place = node_place(n);
    if (m.series == UINT32_MAX)
        return number_val(emit_missing(g, WHY(REASON_NOT_GIVEN)), unit);
    // What is said as of a period stays that, also inside previous(…).
    if (m.fixed.kind == PERIOD_NONE) {
        m.back = g->shift.back;
        m.years = g->shift.years;
    }
    VEC_PUSH(g->c->arena, &g->c->amongs, m);
    Val v = number_val(emit_new(g, KIND_NUMBER, OP_AMONG, NO_REG, NO_REG,
                                (uint32_t)(g->c->amongs.n - (g->c->amongs.n > 0))),
                       unit);
    v.name = arena_str(g->c->arena, format_phrase(g->c->scratch, n));
    return v;
}

Val lower_among(Gen *g, const Node *n) {
    Among m = {0};
    Val x;
    bool ok = find_way(node_text(node_kid(n, 0)), &m) && find_peers(g, node_kid(n, 3), &m) &&
              read_enough(g, node_kid(n, 4), &m) && read_as_of(g, node_kid(n, 2), &m) &&
              read_polarity(g, n, &m);
    return ok && series_of(g, node_kid(n, 1), &m.series, &x) ? emit_among(g, n, m, &x)
                                                             : error_val();
}

// `x of region`: that of the entity with the name of the row's group.
static bool find_group_peers(Gen *g, const Node *name, Among *m) {
    Compiler *c = g->c;
    Str text = node_text(name);
    Suggestion near = suggest_for(text);
    for (size_t i = 0; i < c->peers.n; i++) {
        suggest_consider(&near, c->peers.v[i].name);
        if (!str_eq(c->peers.v[i].name, text))
            continue;
        m->peers = (uint32_t)i;
        if (c->peers.v[i].grouped || c->peers.v[i].n_lists == 0)
            return true;
        Diag *d = report(c, D_AMONG, node_place(name),
                         "`%.*s` lists peers, and `of` needs the one entity that each row belongs to",
                         STR_ARG(text));
        hint(c, d, "write mean of … among %.*s, or give the peers a group column",
             STR_ARG(text));
        return false;
    }
    Diag *d = report(c, D_UNKNOWN_PEERS, node_place(name), "no peers `%.*s` are declared",
                     STR_ARG(text));
    if (!did_you_mean(c, d, &near))
        d->hint = STR("write an entity's name in quotation marks, as in value of \"England\", or say "
                      "which group each belongs to: peers region from \"areas.csv\", entity column "
                      "\"area\", group column \"region\"");
    return false;
}

Val lower_of_entity(Gen *g, const Node *n) {
    const Node *of = node_kid(n, 1);
    bool by_group = of->kind == NODE_NAME;
    Among m = {.kind = AMONG_ENTITY, .peers = AMONG_EVERYONE};
    Val x;
    m.entity_place = node_place(of);
    if (!by_group)
        m.entity = arena_str(g->c->arena, node_string(g->c->scratch, of));
    else if (!find_group_peers(g, of, &m))
        return error_val();
    if (!series_of(g, node_kid(n, 0), &m.series, &x))
        return error_val();
    return emit_among(g, n, m, &x);
}
