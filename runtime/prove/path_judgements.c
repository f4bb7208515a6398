// SPDX-License-Identifier: Apache-2.0
// Levels, truths and statuses on a path.
#include "runtime/prove/path_parts.h"

enum { MOST_TEXT_CONSTS = 60, MOST_PIECES = 256 };

// ---- levels -------------------------------------------------------------------------------------

// The first rounded figure beyond [cut], times [scale].
static bool first_beyond(Arena *a, Cut cut, Number scale, Number *out) {
    Number at, first;
    if (!number_mul(a, cut.at, scale, &at) || !number_round(a, at, 0, ROUND_HALF_AWAY, &first))
        return false;
    int order = number_cmp(first, at);
    bool on = order < 0 || (order == 0 && cut.at_goes_left);
    *out = first;
    return !on || number_add(a, first, number_int(1), out);
}

// The figure from which on a rounded one lies beyond [cut].
static bool before_rounding(Arena *a, const BandTable *t, Cut *cut) {
    Number scale = number_int(1), first, half;
    for (unsigned i = 0; i < t->decimals; i++)
        if (!number_mul(a, scale, number_int(10), &scale))
            return false;
    if (!first_beyond(a, *cut, scale, &first) || !number_sub(a, first, (Number){1, 2}, &half))
        return false;
    bool up; // a tie goes to that figure
    int64_t whole;
    if (t->mode == ROUND_HALF_EVEN)
        up = number_to_int(first, &whole) && whole % 2 == 0;
    else
        up = number_sign(half) > 0;
    cut->at_goes_left = !up;
    return number_div(a, half, scale, &cut->at);
}

// form - cut, with the cut as it stands for figures that are not rounded yet.
static bool beside_cut(Paths *x, const BandTable *t, const Linear *form, uint32_t i, Cut *cut,
                       Linear *out) {
    *cut = t->cuts[i];
    *out = *form;
    return (!t->rounded || before_rounding(x->arena, t, cut)) &&
           number_sub(x->arena, form->k, cut->at, &out->k);
}

static bool same_piece(const Piece *a, const Piece *b) {
    return a->level == b->level;
}

// From cut [from] (or from below everything, at UINT32_MAX) to cut [to] (or n_cuts: above all).
static bool way_between(Paths *x, const BandTable *t, const Linear *form, uint32_t from,
                        uint32_t to, Way *way) {
    Linear moved;
    Cut cut;
    way->n = 0;
    if (from != UINT32_MAX) {
        if (!beside_cut(x, t, form, from, &cut, &moved) ||
            !linear_scale(x->arena, &moved, number_int(-1), &moved))
            return false;
        way->v[way->n++] = path_below(&moved, cut.at_goes_left);
    }
    if (to != t->n_cuts) {
        if (!beside_cut(x, t, form, to, &cut, &moved))
            return false;
        way->v[way->n++] = path_below(&moved, !cut.at_goes_left);
    }
    return true;
}

LinearAnswer paths_can_be(Paths *x, const BandTable *t, uint32_t piece, const PathNumber *n,
                          Number *example) {
    Way way;
    size_t n_before = x->n_constraints;
    if (!way_between(x, t, &n->form, piece == 0 ? UINT32_MAX : piece - 1, piece, &way) ||
        n_before + way.n > PATHS_MAX_CONSTRAINTS)
        return LINEAR_UNSURE;
    for (size_t i = 0; i < way.n; i++)
        x->constraints[n_before + i] = way.v[i];
    Number point[LINEAR_MAX_VARS];
    LinearAnswer answer =
        linear_solve(&x->solver, x->constraints, n_before + way.n, x->whole, x->decimals, point);
    bool found = answer == LINEAR_HOLDS && linear_at(x->arena, &n->form, point, example);
    return found || answer == LINEAR_NEVER ? answer : LINEAR_UNSURE;
}

bool paths_can_be_zero(Paths *x, const PathNumber *n) {
    Linear negative;
    size_t k = x->n_constraints;
    if (k + 2 > PATHS_MAX_CONSTRAINTS ||
        !linear_scale(x->arena, &n->form, number_int(-1), &negative))
        return true;
    x->constraints[k] = path_below(&n->form, false);
    x->constraints[k + 1] = path_below(&negative, false);
    Number point[LINEAR_MAX_VARS];
    return linear_solve(&x->solver, x->constraints, k + 2, x->whole, x->decimals, point) !=
           LINEAR_NEVER;
}

// That which is in force in the time that is looked at. Of earlier periods it may be any.
static const Validity *in_force(Paths *x, const Instr *in) {
    const Dated *d = &x->program->dated[in->imm];
    if (d->back == 0 && d->years == 0)
        return dated_on(d, x->day);
    Way ways[MOST_PIECES] = {0};
    if (d->n >= MOST_PIECES) {
        path_give_up(x);
        return NULL;
    }
    path_say_inexact(x, in->dst);
    size_t way = path_go(x, ways, d->n + 1);
    return way < d->n ? &d->v[way] : NULL;
}

static uint8_t banded(Paths *x, const Instr *in, const BandTable *t) {
    PathNumber a = path_number(x, in->a);
    if (a.missing)
        return LEVEL_NO_DATA;
    if (linear_is_const(&a.form))
        return t->pieces[band_piece(t, a.form.k)].level;
    // Neighbouring pieces of one level are one way to go.
    Way ways[MOST_PIECES];
    uint8_t levels[MOST_PIECES];
    size_t n = 0;
    for (uint32_t i = 0; i <= t->n_cuts && n < MOST_PIECES; n++) {
        uint32_t end = i;
        while (end < t->n_cuts && same_piece(&t->pieces[i], &t->pieces[end + 1]))
            end++;
        levels[n] = t->pieces[i].level;
        if (!way_between(x, t, &a.form, i == 0 ? UINT32_MAX : i - 1, end, &ways[n])) {
            path_give_up(x);
            return LEVEL_NO_DATA;
        }
        i = end + 1;
    }
    if (n == MOST_PIECES) {
        path_give_up(x);
        return LEVEL_NO_DATA;
    }
    return levels[path_go(x, ways, n)];
}

static uint8_t direction(Paths *x, const Instr *in) {
    PathNumber a = path_number(x, in->a);
    if (a.missing)
        return LEVEL_NO_DATA;
    PathNumber b = path_number(x, in->b);
    if (b.missing)
        return LEVEL_NO_DATA;
    PathNumber margin = path_number(x, in->c);
    if (margin.missing)
        return LEVEL_NO_DATA;
    // above: margin < a - b; below: margin < b - a
    Linear up, down, above, beneath, not_above, not_beneath;
    bool ok = linear_sub(x->arena, &a.form, &b.form, &up) &&
              linear_scale(x->arena, &up, number_int(-1), &down) &&
              linear_sub(x->arena, &margin.form, &up, &above) &&
              linear_sub(x->arena, &margin.form, &down, &beneath) &&
              linear_scale(x->arena, &above, number_int(-1), &not_above) &&
              linear_scale(x->arena, &beneath, number_int(-1), &not_beneath);
    if (!ok) {
        path_give_up(x);
        return LEVEL_NO_DATA;
    }
    Way ways[3] = {{{path_below(&beneath, true)}, 1},
                   {{path_below(&not_above, false), path_below(&not_beneath, false)}, 2},
                   {{path_below(&above, true)}, 1}};
    size_t way = path_go(x, ways, 3);
    return (uint8_t)(in->imm ? 2 - way : way);
}

// Are there figures enough for limits? All levels of a chart are known then, or none.
static bool has_limits(Paths *x, uint32_t chart) {
    static const Way ways[2];
    Instr limits = {.op = OP_CHART_LOW, .imm = chart};
    PathChoice *c = path_choice_of(x, &limits);
    if (c && c->is == PATH_CHOICE_UNSEEN)
        c->is = path_go(x, ways, 2) == 0 ? 0 : PATH_CHOICE_MISSING;
    return c && c->is == 0;
}

// What the rest of a history says of a figure can be any of [n] levels.
static uint8_t charted(Paths *x, const Instr *in, size_t n) {
    static const Way ways[SCALE_MAX_LEVELS];
    bool assurance = in->op == OP_ASSURANCE;
    const Instr *of = assurance ? paths_definition(x, in->a) : in; // what has the value in a
    if (path_number(x, of->a).missing || (assurance && path_number(x, in->c).missing) ||
        !has_limits(x, of->imm))
        return LEVEL_NO_DATA;
    PathChoice *c = path_choice_of(x, in);
    if (!c)
        return LEVEL_NO_DATA;
    if (c->is == PATH_CHOICE_UNSEEN)
        c->is = (int32_t)path_go(x, ways, n);
    return (uint8_t)c->is;
}

static uint8_t work_out_level(Paths *x, uint16_t reg) {
    const Instr *in = paths_definition(x, reg);
    uint8_t a;
    switch (in->op) {
    case OP_CONST_LEVEL:
        return (uint8_t)in->imm;
    case OP_BAND:
        return banded(x, in, &x->program->band_tables[in->imm]);
    case OP_BAND_DATED: {
        const Validity *v = in_force(x, in);
        return v ? banded(x, in, &x->program->band_tables[v->band_table]) : LEVEL_NO_DATA;
    }
    case OP_DIRECTION:
        return direction(x, in);
    case OP_VARIATION:
    case OP_ASSURANCE:
        return charted(x, in, LEVEL_PASSING + 1);
    case OP_CHART_RULE:
        return charted(x, in, x->program->scales[x->program->chart_rule_scale].n_levels);
    case OP_ELSE_LEVEL:
        a = path_level(x, in->a);
        return a == LEVEL_NO_DATA ? path_level(x, in->b) : a;
    default:
        return LEVEL_NO_DATA;
    }
}

uint8_t path_level(Paths *x, uint16_t reg) {
    if (!path_is_worked_out(x, reg)) {
        x->states[reg] = work_out_level(x, reg);
        x->stamps[reg] = x->stamp;
    }
    return x->states[reg];
}

// ---- truths -------------------------------------------------------------------------------------

static PathTruth same_text(Paths *x, const Instr *in) {
    const Instr *a = paths_definition(x, in->a), *b = paths_definition(x, in->b);
    if (a->op == OP_CONST_TEXT && b->op == OP_CONST_TEXT)
        return a->imm == b->imm ? PATH_YES : PATH_NO;
    if (a->op != OP_CONST_TEXT && b->op != OP_CONST_TEXT) {
        path_say_inexact(x, in->dst);
        Way ways[3] = {0};
        return (PathTruth)path_go(x, ways, 3);
    }
    PathChoice *c = path_choice_of(x, a->op == OP_CONST_TEXT ? b : a);
    if (!c)
        return PATH_UNKNOWN;
    if (c->is == PATH_CHOICE_UNSEEN) {
        uint32_t ids[MOST_TEXT_CONSTS];
        size_t n = paths_constants_beside(x, c, ids, MOST_TEXT_CONSTS);
        Way ways[MOST_TEXT_CONSTS + 2] = {0};
        size_t way =
            path_go(x, ways, n + (c->op == OP_ENTITY ? 1 : 2)); // an entity is never missing
        c->is = way < n ? (int32_t)ids[way] : way == n ? PATH_CHOICE_OTHER : PATH_CHOICE_MISSING;
    }
    if (c->is == PATH_CHOICE_MISSING)
        return PATH_UNKNOWN;
    uint32_t id = a->op == OP_CONST_TEXT ? a->imm : b->imm;
    return c->is == (int32_t)id ? PATH_YES : PATH_NO;
}

static PathTruth compare(Paths *x, const Instr *in) {
    PathNumber a = path_number(x, in->a);
    if (a.missing)
        return PATH_UNKNOWN;
    PathNumber b = path_number(x, in->b);
    if (b.missing)
        return PATH_UNKNOWN;
    Linear d;
    path_difference(x, &a, &b, &d);
    switch (in->op) {
    case OP_LT:
        return path_go_by_sign(x, &d, 2) == 0 ? PATH_YES : PATH_NO;
    case OP_LE:
        return path_go_by_sign(x, &d, 0) == 0 ? PATH_YES : PATH_NO;
    default:
        return (path_go_by_sign(x, &d, 1) == 1) == (in->op == OP_EQ) ? PATH_YES : PATH_NO;
    }
}

// `and` where [rules] is no, `or` where it is yes.
static PathTruth join(Paths *x, const Instr *in, PathTruth rules) {
    PathTruth a = path_truth(x, in->a);
    if (a == rules)
        return a;
    PathTruth b = path_truth(x, in->b);
    return b == rules || a == PATH_UNKNOWN ? (b == rules ? b : a) : b;
}

static bool is_known_value(Paths *x, uint16_t reg) {
    switch (x->kpi->fn.reg_kind[reg]) {
    case KIND_NUMBER:
        return !path_number(x, reg).missing;
    case KIND_TRUTH:
        return path_truth(x, reg) != PATH_UNKNOWN;
    case KIND_LEVEL:
        return path_level(x, reg) != LEVEL_NO_DATA;
    default: {
        Way ways[2] = {0};
        path_say_inexact(x, reg);
        return path_go(x, ways, 2) == 0;
    }
    }
}

static PathTruth const_truth(uint32_t imm) {
    return imm < 2 ? (PathTruth)imm : PATH_UNKNOWN;
}

static PathTruth work_out_truth(Paths *x, uint16_t reg) {
    const Instr *in = paths_definition(x, reg);
    PathTruth a;
    switch (in->op) {
    case OP_LT:
    case OP_LE:
    case OP_EQ:
    case OP_NE:
        return compare(x, in);
    case OP_SAME_TEXT:
        return same_text(x, in);
    case OP_CONST_TRUTH:
        return const_truth(in->imm);
    case OP_AND:
        return join(x, in, PATH_NO);
    case OP_OR:
        return join(x, in, PATH_YES);
    case OP_NOT:
        a = path_truth(x, in->a);
        return a == PATH_UNKNOWN ? a : a == PATH_YES ? PATH_NO : PATH_YES;
    case OP_IF_KNOWN:
        a = path_truth(x, in->a);
        return a == PATH_UNKNOWN ? PATH_NO : a;
    case OP_KNOWN:
        return is_known_value(x, in->a) ? PATH_YES : PATH_NO;
    case OP_IS: {
        uint8_t level = path_level(x, in->a);
        return level == LEVEL_NO_DATA ? PATH_UNKNOWN : in->imm >> level & 1 ? PATH_YES : PATH_NO;
    }
    default:
        return PATH_UNKNOWN;
    }
}

PathTruth path_truth(Paths *x, uint16_t reg) {
    if (!path_is_worked_out(x, reg)) {
        x->states[reg] = (uint8_t)work_out_truth(x, reg);
        x->stamps[reg] = x->stamp;
    }
    return (PathTruth)x->states[reg];
}

// ---- status blocks ------------------------------------------------------------------------------

enum { NO_DATA_BIT = 63 };

static uint64_t bit_of(uint8_t outcome) {
    return UINT64_C(1) << (outcome == LEVEL_NO_DATA ? NO_DATA_BIT : outcome);
}

static const PathStatus no_status = {
    .level = LEVEL_NO_DATA, .line = UINT32_MAX, .held = UINT32_MAX};

static PathStatus settled(uint64_t pending, uint8_t outcome, uint32_t line) {
    if ((pending & ~bit_of(outcome)) != 0)
        return (PathStatus){LEVEL_NO_DATA, UINT32_MAX, line, pending | bit_of(outcome)};
    return (PathStatus){outcome, line, line, pending};
}

static PathStatus crossed(Paths *x, const Instr *in) {
    const CrossTable *t = &x->program->cross_tables[in->imm];
    uint8_t a = path_level(x, in->a);
    if (a == LEVEL_NO_DATA)
        return no_status;
    uint8_t b = path_level(x, in->b);
    uint32_t column = b == LEVEL_NO_DATA ? t->n_b : b;
    return settled(0, t->cells[(size_t)a * (t->n_b + 1) + column], t->lines[a]);
}

static PathStatus mapped(Paths *x, const Instr *in) {
    const LevelMap *map = &x->program->maps[in->imm];
    uint8_t a = path_level(x, in->a);
    return a == LEVEL_NO_DATA ? no_status : settled(0, map->outcome[a], map->line);
}

PathStatus path_status(Paths *x, uint16_t reg) {
    uint64_t pending = 0;
    for (size_t i = x->defs[reg]; i < x->kpi->fn.n && !x->dead; i++) {
        const Instr *in = paths_code(x, i);
        if (in->dst != reg)
            continue;
        switch (in->op) {
        case OP_OPEN:
            if (path_number(x, in->a).missing)
                return no_status;
            break;
        case OP_WHEN: {
            uint8_t outcome = x->program->lines[in->imm].outcome;
            PathTruth truth = path_truth(x, in->a);
            if (truth == PATH_YES)
                return settled(pending, outcome, in->imm);
            if (truth == PATH_UNKNOWN)
                pending |= bit_of(outcome);
            break;
        }
        case OP_OTHERWISE:
            return settled(pending, x->program->lines[in->imm].outcome, in->imm);
        case OP_CROSS:
            return crossed(x, in);
        case OP_MAP:
            return mapped(x, in);
        case OP_TAKE:
        case OP_OVERRIDE: // proofs are about what the rules give
            return path_status(x, in->a);
        case OP_TAKE_DATED: {
            const Validity *v = in_force(x, in);
            return v ? path_status(x, v->status) : no_status;
        }
        default: // OP_CLOSE
            return (PathStatus){LEVEL_NO_DATA, UINT32_MAX, UINT32_MAX, pending};
        }
    }
    return no_status;
}
