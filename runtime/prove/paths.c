// SPDX-License-Identifier: Apache-2.0
#include "runtime/prove/paths.h"

#include <string.h>

enum {
    MOST_READS = 64,   // loads of a KPI that are told apart
    MOST_TARGETS = 16, // different values of a trajectory
    MOST_TEXT_CONSTS = 60,
};

// ---- beginning ----------------------------------------------------------------------------------

const Instr *paths_code(const Paths *x, size_t i) {
    return &x->program->code[x->kpi->fn.first + i];
}

const Instr *paths_definition(const Paths *x, uint16_t reg) {
    return paths_code(x, x->defs[reg]);
}

bool paths_begin(Paths *x, Arena *a, const Program *p, const Kpi *k) {
    *x = (Paths){.program = p,
                 .kpi = k,
                 .arena = a,
                 .solver = {.arena = a},
                 .decimals = k->decimals > 0 ? (unsigned)k->decimals : 0};
    size_t n = k->fn.n_regs;
    x->defs = ARENA_ARRAY(a, uint32_t, n);
    x->numbers = ARENA_ARRAY(a, PathNumber, n);
    x->states = ARENA_ARRAY(a, uint8_t, n);
    x->stamps = ARENA_ARRAY(a, uint32_t, n);
    x->cones = ARENA_ARRAY(a, uint32_t, n);
    x->points = arena_array(a, PATHS_MAX_DECISIONS, sizeof *x->points);
    x->have_points = ARENA_ARRAY(a, bool, PATHS_MAX_DECISIONS);
    if (a->failed)
        return false;
    for (size_t i = k->fn.n; i-- > 0;) { // so that the first of a status block stays
        if (paths_code(x, i)->dst != NO_REG)
            x->defs[paths_code(x, i)->dst] = (uint32_t)i;
    }
    return true;
}

static void say_inexact(Paths *x, uint16_t reg) {
    if (!x->inexact)
        x->place = x->program->places[x->kpi->fn.first + x->defs[reg]];
    x->inexact = true;
}

// ---- forking ------------------------------------------------------------------------------------

// What a path takes for granted when it goes one way.
typedef struct Way {
    Constraint v[2];
    size_t n;
} Way;

static bool holds_at_point(Paths *x, const Way *way) {
    return x->has_point && linear_holds(x->arena, way->v, way->n, x->point);
}

static void add_way(Paths *x, const Way *way) {
    for (size_t i = 0; i < way->n; i++) {
        if (x->n_constraints == PATHS_MAX_CONSTRAINTS) {
            x->dead = x->too_many = true;
            return;
        }
        x->constraints[x->n_constraints++] = way->v[i];
    }
}

// Can the path go this way? If so its constraints are added.
static bool try_way(Paths *x, const Way *way) {
    size_t n = x->n_constraints;
    bool at_point = holds_at_point(x, way);
    add_way(x, way);
    if (x->dead || at_point)
        return !x->dead;
    Number point[LINEAR_MAX_VARS];
    LinearAnswer answer =
        linear_solve(&x->solver, x->constraints, x->n_constraints, x->whole, x->decimals, point);
    if (answer == LINEAR_NEVER) {
        x->n_constraints = n;
        return false;
    }
    x->has_point = answer == LINEAR_HOLDS;
    memcpy(x->point, point, sizeof point);
    return true;
}

static void keep_point(Paths *x, size_t depth) {
    memcpy(x->points[depth], x->point, sizeof x->point);
    x->have_points[depth] = x->has_point;
}

static size_t follow(Paths *x, size_t depth, const Way *ways) {
    add_way(x, &ways[x->went[depth]]);
    memcpy(x->point, x->points[depth], sizeof x->point);
    x->has_point = x->have_points[depth];
    return x->went[depth];
}

// Goes one of [n] ways, of which one holds wherever the path can be. Returns which.
static size_t go(Paths *x, const Way *ways, size_t n) {
    size_t depth = x->depth++;
    if (x->dead)
        return 0;
    if (depth == PATHS_MAX_DECISIONS) {
        x->dead = x->too_many = true;
        return 0;
    }
    bool last = depth + 1 == x->n_decisions && x->fresh;
    if (depth < x->n_decisions && !last)
        return follow(x, depth, ways);
    size_t from = last ? x->went[depth] : 0;
    x->fresh = false;
    x->n_decisions = depth + 1;
    x->n_ways[depth] = (uint8_t)n;
    for (size_t i = from; i < n; i++) {
        if (!try_way(x, &ways[i]))
            continue;
        x->went[depth] = (uint8_t)i;
        keep_point(x, depth);
        return i;
    }
    x->went[depth] = (uint8_t)(n - 1);
    x->dead = true;
    return 0;
}

// The next list of decisions. False when there is none.
static bool next_path(Paths *x) {
    while (x->n_decisions > 0) {
        size_t last = x->n_decisions - 1;
        if (x->went[last] + 1u < x->n_ways[last]) {
            x->went[last]++;
            x->fresh = true;
            return true;
        }
        x->n_decisions--;
    }
    return false;
}

static void start_path(Paths *x) {
    memset(x->known, 0, sizeof x->known);
    for (size_t i = 0; i < x->n_chosen; i++)
        x->choices[i].is = PATH_CHOICE_UNSEEN;
    for (size_t i = 0; i < LINEAR_MAX_VARS; i++)
        x->point[i] = number_int(0);
    x->n_constraints = x->depth = 0;
    x->has_point = true;
    x->dead = false;
    x->stamp++;
}

bool paths_each(Paths *x, PathsBody *body, void *context) {
    size_t n = 0;
    x->n_decisions = 0;
    x->fresh = x->too_many = false;
    do {
        start_path(x);
        body(x, context);
    } while (!x->too_many && !x->arena->failed && ++n < PATHS_MAX && next_path(x));
    x->too_many |= n == PATHS_MAX;
    return !x->too_many && !x->arena->failed;
}

// ---- comparisons --------------------------------------------------------------------------------

static Constraint below(const Linear *form, bool strict) {
    return (Constraint){*form, strict};
}

// The sign of a form: 0 below zero, 1 zero, 2 above, of which those that [zero_with] joins come as
// one: zero goes with what lies below (0), above (2) or stands alone (1).
static size_t go_by_sign(Paths *x, const Linear *form, int zero_with) {
    if (linear_is_const(form)) {
        int sign = number_sign(form->k);
        return sign == 0 ? (size_t)zero_with : sign < 0 ? 0 : 2;
    }
    Linear negative;
    if (!linear_scale(x->arena, form, number_int(-1), &negative)) {
        x->dead = x->too_many = true;
        return 0;
    }
    if (zero_with == 1) {
        Way ways[3] = {{{below(form, true)}, 1},
                       {{below(form, false), below(&negative, false)}, 2},
                       {{below(&negative, true)}, 1}};
        return go(x, ways, 3);
    }
    Way ways[2] = {{{below(form, zero_with != 0)}, 1}, {{below(&negative, zero_with == 0)}, 1}};
    return go(x, ways, 2) == 0 ? 0 : 2;
}

static bool difference(Paths *x, const PathNumber *a, const PathNumber *b, Linear *out) {
    if (linear_sub(x->arena, &a->form, &b->form, out))
        return true;
    x->dead = x->too_many = true;
    *out = linear_const(number_int(0));
    return false;
}

// ---- variables ----------------------------------------------------------------------------------

// The loads that [reg] is made from, a bit each.
static uint64_t reads_of(Paths *x, uint16_t reg) {
    if (reg == NO_REG || x->cones[reg] == x->cone)
        return 0;
    x->cones[reg] = x->cone;
    const Instr *in = paths_definition(x, reg);
    if (in->op == OP_LOAD || in->op == OP_LOAD_TEXT)
        return UINT64_C(1) << in->imm % MOST_READS;
    if (x->kpi->fn.reg_kind[reg] == KIND_STATUS)
        return 0;
    return reads_of(x, in->a) | reads_of(x, in->b) | reads_of(x, in->c);
}

uint64_t paths_loads(Paths *x, uint16_t reg) {
    x->cone++;
    return reads_of(x, reg);
}

static bool is_count(const Paths *x, const Instr *in) {
    return in->op == OP_LOAD &&
           x->program->metrics[x->program->loads[in->imm].metric].unit.kind == UNIT_COUNT;
}

// `needs` stands before the value and does not change it.
static const Instr *before_gate(const Paths *x, uint16_t reg) {
    const Instr *in = paths_definition(x, reg);
    return in->op == OP_GATE ? before_gate(x, in->a) : in;
}

// Is what stands in [reg] never below zero? Counts are not, nor what is made of them by sharing,
// adding and choosing.
static bool never_negative(const Paths *x, uint16_t reg) {
    const Instr *in = paths_definition(x, reg);
    switch (in->op) {
    case OP_LOAD:
        return is_count(x, in);
    case OP_CONST:
        return number_sign(x->program->consts[in->imm]) >= 0;
    case OP_ABS:
        return true;
    case OP_ROUND:
    case OP_GATE:
        return never_negative(x, in->a);
    case OP_ADD:
    case OP_MUL:
    case OP_DIV:
    case OP_SHARE:
    case OP_MIN:
    case OP_MAX:
    case OP_ELSE:
        return never_negative(x, in->a) && never_negative(x, in->b);
    default:
        return false;
    }
}

static void set_domain(const Paths *x, PathVar *v) {
    const Instr *in = before_gate(x, v->reg);
    v->whole = is_count(x, in);
    if (never_negative(x, v->reg))
        v->low = (LinearEnd){true, false, number_int(0)};
    if (in->op != OP_LOAD)
        return;
    const Load *load = &x->program->loads[in->imm];
    const Metric *m = &x->program->metrics[load->metric];
    if (m->has_range && load->field == FIELD_VALUE) {
        v->low = (LinearEnd){true, false, m->low};
        v->high = (LinearEnd){true, false, m->high};
    }
}

size_t paths_var(const Paths *x, uint16_t reg) {
    const Instr *in = paths_definition(x, reg);
    for (size_t i = 0; i < x->n_vars; i++) {
        bool same_load = in->op == OP_LOAD && x->vars[i].load != UINT32_MAX &&
                         memcmp(&x->program->loads[in->imm], &x->program->loads[x->vars[i].load],
                                sizeof(Load)) == 0;
        if (x->vars[i].reg == reg || same_load)
            return i;
    }
    return LINEAR_MAX_VARS;
}

static size_t new_var(Paths *x, uint16_t reg) {
    if (x->n_vars == LINEAR_MAX_VARS) {
        x->dead = x->too_many = true;
        return LINEAR_MAX_VARS;
    }
    const Instr *in = paths_definition(x, reg);
    PathVar *v = &x->vars[x->n_vars];
    x->cone++;
    *v = (PathVar){
        .reg = reg, .load = in->op == OP_LOAD ? in->imm : UINT32_MAX, .reads = reads_of(x, reg)};
    set_domain(x, v);
    // Two figures that share something they are made from are not free of each other.
    for (size_t i = 0; i < x->n_vars; i++)
        if (x->vars[i].reads & v->reads)
            say_inexact(x, reg);
    x->whole[x->n_vars] = v->whole;
    return x->n_vars++;
}

static Way domain_of(const PathVar *v, size_t i) {
    Way way = {.n = 0};
    Linear form = linear_var(i), negative = linear_const(number_int(0));
    negative.c[i] = number_int(-1);
    if (v->low.bounded) {
        negative.k = v->low.at;
        way.v[way.n++] = below(&negative, v->low.open);
    }
    if (v->high.bounded) {
        Arena none = {0};
        number_neg(&none, v->high.at, &form.k);
        way.v[way.n++] = below(&form, v->high.open);
    }
    return way;
}

static PathNumber variable(Paths *x, uint16_t reg) {
    PathNumber missing = {.missing = true, .form = linear_const(number_int(0))};
    size_t i = paths_var(x, reg);
    if (i == LINEAR_MAX_VARS)
        i = new_var(x, reg);
    if (i == LINEAR_MAX_VARS)
        return missing;
    if (x->known[i] == PATH_UNSEEN) {
        Way ways[2] = {domain_of(&x->vars[i], i), {.n = 0}};
        x->known[i] = go(x, ways, 2) == 0 ? PATH_KNOWN : PATH_MISSING;
    }
    if (x->known[i] == PATH_MISSING)
        return missing;
    return (PathNumber){.form = linear_var(i)};
}

// ---- numbers ------------------------------------------------------------------------------------

static PathNumber missing_number(void) {
    return (PathNumber){.missing = true, .form = linear_const(number_int(0))};
}

static PathNumber const_number(Number n) {
    return (PathNumber){.form = linear_const(n)};
}

static PathNumber checked(Paths *x, bool ok, const Linear *form) {
    if (!ok)
        x->dead = x->too_many = true;
    return (PathNumber){.form = ok ? *form : linear_const(number_int(0))};
}

static PathNumber scaled(Paths *x, const PathNumber *a, Number by) {
    Linear form;
    bool ok = linear_scale(x->arena, &a->form, by, &form);
    return checked(x, ok, &form);
}

static PathNumber lesser(Paths *x, const PathNumber *a, const PathNumber *b, bool greater) {
    Linear d;
    difference(x, a, b, &d);
    bool a_below = go_by_sign(x, &d, 0) == 0;
    return a_below != greater ? *a : *b;
}

// A product or quotient; one of something that is no constant stands for itself.
static PathNumber product(Paths *x, const Instr *in, const PathNumber *a, const PathNumber *b) {
    Number by;
    if (in->op == OP_MUL && linear_is_const(&a->form))
        return scaled(x, b, a->form.k);
    if (in->op == OP_MUL && linear_is_const(&b->form))
        return scaled(x, a, b->form.k);
    if (in->op != OP_MUL && linear_is_const(&b->form)) {
        if (number_is_zero(b->form.k))
            return missing_number();
        if (!number_div(x->arena, in->op == OP_SHARE ? x->program->consts[in->imm] : number_int(1),
                        b->form.k, &by))
            return checked(x, false, NULL);
        return scaled(x, a, by);
    }
    return variable(x, in->dst);
}

// ---- choices ------------------------------------------------------------------------------------

PathChoice *paths_choice(Paths *x, const Instr *in) {
    for (size_t i = 0; i < x->n_chosen; i++) {
        PathChoice *c = &x->choices[i];
        bool same_load =
            in->op == OP_LOAD_TEXT && c->op == OP_LOAD_TEXT &&
            memcmp(&x->program->loads[in->imm], &x->program->loads[c->imm], sizeof(Load)) == 0;
        if (same_load || (in->op == c->op && (in->op == OP_ENTITY || in->imm == c->imm)))
            return c;
    }
    return NULL;
}

static PathChoice *choice_of(Paths *x, const Instr *in) {
    PathChoice *c = paths_choice(x, in);
    if (c)
        return c;
    if (x->n_chosen == PATHS_MAX_CHOICES) {
        x->dead = x->too_many = true;
        return NULL;
    }
    c = &x->choices[x->n_chosen++];
    *c = (PathChoice){in->dst, (Opcode)in->op, in->imm, PATH_CHOICE_UNSEEN};
    return c;
}

size_t paths_constants_beside(Paths *x, const PathChoice *c, uint32_t *ids, size_t most) {
    size_t n = 0;
    for (size_t i = 0; i < x->kpi->fn.n; i++) {
        const Instr *in = paths_code(x, i);
        if (in->op != OP_SAME_TEXT)
            continue;
        const Instr *a = paths_definition(x, in->a), *b = paths_definition(x, in->b);
        const Instr *text = a->op == OP_CONST_TEXT ? b : a, *k = a->op == OP_CONST_TEXT ? a : b;
        if (k->op != OP_CONST_TEXT || text->op == OP_CONST_TEXT || paths_choice(x, text) != c)
            continue;
        bool seen = false;
        for (size_t m = 0; m < n; m++)
            seen |= ids[m] == k->imm;
        if (!seen && n < most)
            ids[n++] = k->imm;
    }
    return n;
}

static PathNumber trajectory(Paths *x, const Instr *in) {
    const Trajectory *t = &x->program->trajectories[in->imm];
    if (t->n > MOST_TARGETS) {
        say_inexact(x, in->dst); // any figure may be the target, not only those that are planned
        return variable(x, in->dst);
    }
    PathChoice *c = choice_of(x, in);
    if (!c)
        return missing_number();
    if (c->is == PATH_CHOICE_UNSEEN) {
        Way ways[MOST_TARGETS + 1] = {0};
        size_t way = go(x, ways, t->n + 1);
        c->is = way < t->n ? (int32_t)way : PATH_CHOICE_MISSING;
    }
    return c->is < 0 ? missing_number()
                     : const_number(x->program->consts[t->values[(uint32_t)c->is]]);
}

// ---- arithmetic ---------------------------------------------------------------------------------

static PathNumber two_numbers(Paths *x, const Instr *in) {
    PathNumber a = path_number(x, in->a);
    if (a.missing)
        return a;
    PathNumber b = path_number(x, in->b);
    if (b.missing)
        return b;
    Linear form;
    switch (in->op) {
    case OP_ADD:
        return checked(x, linear_add(x->arena, &a.form, &b.form, &form), &form);
    case OP_SUB:
        return checked(x, linear_sub(x->arena, &a.form, &b.form, &form), &form);
    case OP_MIN:
    case OP_MAX:
        return lesser(x, &a, &b, in->op == OP_MAX);
    default:
        return product(x, in, &a, &b);
    }
}

static PathNumber rounded(Paths *x, const Instr *in) {
    PathNumber a = path_number(x, in->a);
    Number n;
    if (a.missing)
        return a;
    if (!linear_is_const(&a.form))
        return variable(x, in->dst);
    if (!number_round(x->arena, a.form.k, in->imm & 0xFF, (RoundMode)(in->imm >> 8), &n))
        return checked(x, false, NULL);
    return const_number(n);
}

static PathNumber work_out(Paths *x, uint16_t reg) {
    const Instr *in = paths_definition(x, reg);
    // The KPI's value and the one before are what they are, however they were worked out.
    if (reg == x->kpi->judged || reg == x->kpi->previous)
        return variable(x, reg);
    PathNumber a;
    switch (in->op) {
    case OP_CONST:
        return const_number(x->program->consts[in->imm]);
    case OP_MISSING:
        return missing_number();
    case OP_TRAJECTORY:
        return trajectory(x, in);
    case OP_ADD:
    case OP_SUB:
    case OP_MUL:
    case OP_DIV:
    case OP_SHARE:
    case OP_MIN:
    case OP_MAX:
        return two_numbers(x, in);
    case OP_NEG:
        a = path_number(x, in->a);
        return a.missing ? a : scaled(x, &a, number_int(-1));
    case OP_ABS:
        a = path_number(x, in->a);
        return a.missing || go_by_sign(x, &a.form, 2) == 2 ? a : scaled(x, &a, number_int(-1));
    case OP_ROUND:
        return rounded(x, in);
    case OP_ELSE:
        a = path_number(x, in->a);
        return a.missing ? path_number(x, in->b) : a;
    case OP_GATE:
        return path_truth(x, in->b) == PATH_YES ? path_number(x, in->a) : missing_number();
    default: // OP_LOAD, OP_PERIOD_END
        return variable(x, reg);
    }
}

static bool is_known_already(Paths *x, uint16_t reg) {
    return x->stamps[reg] == x->stamp;
}

PathNumber path_number(Paths *x, uint16_t reg) {
    if (!is_known_already(x, reg)) {
        x->numbers[reg] = work_out(x, reg);
        x->stamps[reg] = x->stamp;
    }
    return x->numbers[reg];
}

// ---- levels -------------------------------------------------------------------------------------

// The figure from which on a rounded one lies beyond [cut].
static Cut before_rounding(Paths *x, const BandTable *t, Cut cut) {
    Number scale = number_int(1), scaled_at, half, first;
    for (unsigned i = 0; i < t->decimals; i++)
        number_mul(x->arena, scale, number_int(10), &scale);
    if (!number_mul(x->arena, cut.at, scale, &scaled_at) ||
        !number_round(x->arena, scaled_at, 0, ROUND_HALF_AWAY, &first)) {
        x->dead = x->too_many = true;
        return cut;
    }
    // The first rounded figure beyond the cut, in units of its last decimal.
    int order = number_cmp(first, scaled_at);
    if (order < 0 || (order == 0 && cut.at_goes_left))
        number_add(x->arena, first, number_int(1), &first);
    number_sub(x->arena, first, (Number){1, 2}, &half);
    bool up; // a tie goes to that figure
    int64_t whole;
    if (t->mode == ROUND_HALF_EVEN)
        up = number_to_int(first, &whole) && whole % 2 == 0;
    else
        up = number_sign(half) > 0;
    Cut out = {.at_goes_left = !up};
    number_div(x->arena, half, scale, &out.at);
    return out;
}

static bool same_piece(const Piece *a, const Piece *b) {
    return a->level == b->level;
}

// From cut [from] (or from below everything, at UINT32_MAX) to cut [to] (or n_cuts: above all).
static bool way_between(Paths *x, const BandTable *t, const Linear *form, uint32_t from,
                        uint32_t to, Way *way) {
    Linear moved = *form;
    way->n = 0;
    if (from != UINT32_MAX) {
        Cut cut = t->rounded ? before_rounding(x, t, t->cuts[from]) : t->cuts[from];
        if (!number_sub(x->arena, form->k, cut.at, &moved.k) ||
            !linear_scale(x->arena, &moved, number_int(-1), &moved))
            return false;
        way->v[way->n++] = below(&moved, cut.at_goes_left);
    }
    if (to != t->n_cuts) {
        Cut cut = t->rounded ? before_rounding(x, t, t->cuts[to]) : t->cuts[to];
        moved = *form;
        if (!number_sub(x->arena, form->k, cut.at, &moved.k))
            return false;
        way->v[way->n++] = below(&moved, !cut.at_goes_left);
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
    x->constraints[k] = below(&n->form, false);
    x->constraints[k + 1] = below(&negative, false);
    Number point[LINEAR_MAX_VARS];
    return linear_solve(&x->solver, x->constraints, k + 2, x->whole, x->decimals, point) !=
           LINEAR_NEVER;
}

static uint8_t banded(Paths *x, const Instr *in) {
    const BandTable *t = &x->program->band_tables[in->imm];
    PathNumber a = path_number(x, in->a);
    if (a.missing)
        return LEVEL_NO_DATA;
    if (linear_is_const(&a.form))
        return t->pieces[band_piece(t, a.form.k)].level;
    // Neighbouring pieces of one level are one way to go.
    Way ways[256];
    uint8_t levels[256];
    size_t n = 0;
    for (uint32_t i = 0; i <= t->n_cuts && n < 256; n++) {
        uint32_t end = i;
        while (end < t->n_cuts && same_piece(&t->pieces[i], &t->pieces[end + 1]))
            end++;
        levels[n] = t->pieces[i].level;
        if (!way_between(x, t, &a.form, i == 0 ? UINT32_MAX : i - 1, end, &ways[n]))
            x->dead = x->too_many = true;
        i = end + 1;
    }
    if (n == 256) {
        x->dead = x->too_many = true;
        return LEVEL_NO_DATA;
    }
    return levels[go(x, ways, n)];
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
        x->dead = x->too_many = true;
        return LEVEL_NO_DATA;
    }
    Way ways[3] = {{{below(&beneath, true)}, 1},
                   {{below(&not_above, false), below(&not_beneath, false)}, 2},
                   {{below(&above, true)}, 1}};
    size_t way = go(x, ways, 3);
    return (uint8_t)(in->imm ? 2 - way : way);
}

static uint8_t work_out_level(Paths *x, uint16_t reg) {
    const Instr *in = paths_definition(x, reg);
    uint8_t a;
    switch (in->op) {
    case OP_CONST_LEVEL:
        return (uint8_t)in->imm;
    case OP_BAND:
        return banded(x, in);
    case OP_DIRECTION:
        return direction(x, in);
    case OP_ELSE_LEVEL:
        a = path_level(x, in->a);
        return a == LEVEL_NO_DATA ? path_level(x, in->b) : a;
    default:
        return LEVEL_NO_DATA;
    }
}

uint8_t path_level(Paths *x, uint16_t reg) {
    if (!is_known_already(x, reg)) {
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
        say_inexact(x, in->dst);
        Way ways[3] = {0};
        return (PathTruth)go(x, ways, 3);
    }
    PathChoice *c = choice_of(x, a->op == OP_CONST_TEXT ? b : a);
    if (!c)
        return PATH_UNKNOWN;
    if (c->is == PATH_CHOICE_UNSEEN) {
        uint32_t ids[MOST_TEXT_CONSTS];
        size_t n = paths_constants_beside(x, c, ids, MOST_TEXT_CONSTS);
        Way ways[MOST_TEXT_CONSTS + 2] = {0};
        size_t way = go(x, ways, n + (c->op == OP_ENTITY ? 1 : 2)); // an entity is never missing
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
    difference(x, &a, &b, &d);
    switch (in->op) {
    case OP_LT:
        return go_by_sign(x, &d, 2) == 0 ? PATH_YES : PATH_NO;
    case OP_LE:
        return go_by_sign(x, &d, 0) == 0 ? PATH_YES : PATH_NO;
    default:
        return (go_by_sign(x, &d, 1) == 1) == (in->op == OP_EQ) ? PATH_YES : PATH_NO;
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
        say_inexact(x, reg);
        return go(x, ways, 2) == 0;
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
    if (!is_known_already(x, reg)) {
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
            return path_status(x, in->a);
        default: // OP_CLOSE
            return (PathStatus){LEVEL_NO_DATA, UINT32_MAX, UINT32_MAX, pending};
        }
    }
    return no_status;
}
