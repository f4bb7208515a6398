// SPDX-License-Identifier: Apache-2.0
#include "runtime/engine/nearest.h"

#include <string.h>

#include "runtime/engine/nearest_points.h"

// ---- making ready -------------------------------------------------------------------------------

typedef struct Making {
    Nearest *x;
    Arena *arena;
    const Instr *code; // of the KPI as it is
    uint32_t n;
    uint32_t *defs;     // by register: the instruction that writes it first
    uint16_t *n_writes; // by register
    bool *made_of;      // by register: the figure is made of it, or is it
    uint16_t *same;     // by register: one of those that holds the same, itself at first
} Making;

static void note_writes(Making *m) {
    for (uint32_t i = 0; i < m->n; i++)
        if (m->n_writes[m->code[i].dst]++ == 0)
            m->defs[m->code[i].dst] = i;
}

static void mark(const Program *p, const Instr *in, bool *marks) {
    const uint16_t operands[] = {in->a, in->b, in->c};
    for (size_t i = 0; i < sizeof operands / sizeof *operands; i++)
        if (operands[i] != NO_REG)
            marks[operands[i]] = true;
    if (op_info[in->op].imm != IMM_SPAN)
        return;
    const PeriodSpan *span = &p->spans[in->imm];
    for (uint32_t i = 0; i < span->n; i++)
        marks[span->figures[i].reg] = true;
}

static void mark_made_of(Making *m) {
    m->made_of[m->x->moved] = true;
    for (uint32_t i = m->n; i-- > 0;)
        if (m->made_of[m->code[i].dst])
            mark(m->x->program, &m->code[i], m->made_of);
}

static bool same_immediate(const Program *p, const Instr *a, const Instr *b) {
    if (op_info[a->op].imm == IMM_CONST)
        return number_cmp(p->consts[a->imm], p->consts[b->imm]) == 0;
    if (op_info[a->op].imm != IMM_LOAD)
        return a->imm == b->imm;
    const Load *x = &p->loads[a->imm], *y = &p->loads[b->imm];
    return x->metric == y->metric && x->field == y->field && x->back == y->back &&
           x->years == y->years && x->within == y->within;
}

static uint16_t resolve(const Making *m, uint16_t reg) {
    return reg == NO_REG ? NO_REG : m->same[reg];
}

static bool are_same(const Making *m, const Instr *a, const Instr *b) {
    return a->op == b->op && same_immediate(m->x->program, a, b) &&
           resolve(m, a->a) == resolve(m, b->a) && resolve(m, a->b) == resolve(m, b->b) &&
           resolve(m, a->c) == resolve(m, b->c);
}

// Finds for each instruction the first among those that the figure is made of that works out the
// same. Of a constant figure there is none: equal constants say different things.
static bool find_same(Making *m) {
    uint32_t *parts = ARENA_ARRAY(m->arena, uint32_t, m->n), n_parts = 0;
    if (!parts)
        return false;
    for (uint16_t i = 0; i < m->x->kpi->fn.n_regs; i++)
        m->same[i] = i;
    if (m->code[m->defs[m->x->moved]].op == OP_CONST)
        return true;
    for (uint32_t i = 0; i < m->n; i++)
        if (m->made_of[m->code[i].dst] && m->n_writes[m->code[i].dst] == 1)
            parts[n_parts++] = i;
    for (uint32_t i = 0; i < m->n; i++) {
        const Instr *in = &m->code[i];
        if (m->n_writes[in->dst] != 1)
            continue;
        for (uint32_t k = 0; k < n_parts && parts[k] < i && m->same[in->dst] == in->dst; k++)
            if (are_same(m, in, &m->code[parts[k]]))
                m->same[in->dst] = m->same[m->code[parts[k]].dst];
    }
    return true;
}

static const Load *own_load(const Program *p, const Instr *in) {
    const Load *load = in->op == OP_LOAD ? &p->loads[in->imm] : NULL;
    return load && load_is_own(load) ? load : NULL;
}

static bool note_reads(Making *m) {
    Nearest *x = m->x;
    x->reads = ARENA_ARRAY(m->arena, uint32_t, m->n);
    for (uint32_t i = 0; x->reads && i < m->n; i++) {
        const Load *load = own_load(x->program, &m->code[i]);
        if (load && m->made_of[m->code[i].dst])
            x->reads[x->n_reads++] = load->metric;
    }
    return x->reads != NULL;
}

// The code with the figure given wherever it is worked out.
static bool plan_given(Making *m) {
    Nearest *x = m->x;
    Instr *code = ARENA_ARRAY(m->arena, Instr, m->n);
    if (!code)
        return false;
    uint16_t figure = m->same[x->moved];
    for (uint32_t i = 0; i < m->n; i++) {
        code[i] = m->code[i];
        if (m->same[code[i].dst] == figure)
            code[i] =
                (Instr){.op = OP_GIVEN, .dst = code[i].dst, .a = NO_REG, .b = NO_REG, .c = NO_REG};
    }
    Program p = *x->program;
    Function fn = x->kpi->fn;
    p.code = code;
    fn.first = 0;
    if (!plan_register(m->arena, &p, &fn, x->target, &x->given))
        return false;
    x->given.fn = &x->kpi->fn; // charts find the KPI's own code by it
    return true;
}

static bool any_block_hangs(const Nearest *x, const Instr *in) {
    const Dated *d = in->op == OP_TAKE_DATED ? &x->program->dated[in->imm] : NULL;
    for (uint32_t i = 0; d && i < d->n; i++)
        if (x->hangs[d->v[i].status])
            return true;
    return false;
}

static bool any_of_span_hangs(const Nearest *x, const Instr *in) {
    const PeriodSpan *span = op_info[in->op].imm == IMM_SPAN ? &x->program->spans[in->imm] : NULL;
    for (uint32_t i = 0; span && i < span->n; i++)
        if (x->hangs[span->figures[i].reg])
            return true;
    return false;
}

static void mark_hanging(Nearest *x) {
    for (uint32_t i = 0; i < x->given.n; i++) {
        const Instr *in = &x->given.code[i];
        x->hangs[in->dst] |= in->op == OP_GIVEN || (in->a != NO_REG && x->hangs[in->a]) ||
                             (in->b != NO_REG && x->hangs[in->b]) ||
                             (in->c != NO_REG && x->hangs[in->c]) || any_block_hangs(x, in) ||
                             any_of_span_hangs(x, in);
    }
    for (uint32_t i = 0; i < x->given.n_copies; i++)
        x->hangs[x->given.copies[i].reg] = x->hangs[x->given.copies[i].of];
}

bool nearest_begin(Nearest *x, Arena *a, const Program *p, const Kpi *kpi, uint16_t moved,
                   uint16_t target) {
    const uint16_t needed[] = {target, moved};
    uint16_t n_regs = kpi->fn.n_regs;
    *x = (Nearest){.program = p,
                   .kpi = kpi,
                   .moved = moved,
                   .target = target,
                   .hangs = ARENA_ARRAY(a, bool, n_regs)};
    Making m = {.x = x,
                .arena = a,
                .code = p->code + kpi->fn.first,
                .n = kpi->fn.n,
                .defs = ARENA_ARRAY(a, uint32_t, n_regs),
                .n_writes = ARENA_ARRAY(a, uint16_t, n_regs),
                .made_of = ARENA_ARRAY(a, bool, n_regs),
                .same = ARENA_ARRAY(a, uint16_t, n_regs)};
    if (a->failed)
        return false;
    note_writes(&m);
    mark_made_of(&m);
    x->domain = figure_domain(p, m.code, m.defs, moved);
    if (!find_same(&m) || !note_reads(&m) || !plan_given(&m) ||
        !plan_registers(a, p, &kpi->fn, needed, sizeof needed / sizeof *needed, &x->as_is))
        return false;
    mark_hanging(x);
    return true;
}

// ---- what hangs on the figure unseen ------------------------------------------------------------

static bool is_read(const Nearest *x, uint32_t metric) {
    for (uint32_t i = 0; i < x->n_reads; i++)
        if (x->reads[i] == metric)
            return true;
    return false;
}

static bool lists(const PeerSet *peers, Str entity) {
    for (uint32_t i = 0; i < peers->n_lists; i++) {
        if (!str_eq(peers->lists[i].entity, entity))
            continue;
        for (uint32_t k = 0; k < peers->lists[i].n_members; k++)
            if (str_eq(peers->lists[i].members[k], entity))
                return true;
    }
    return false;
}

// Does what is worked out for every row read what the figure is made of, in its own period?
static bool reads_figure(const Nearest *x, const Series *s) {
    const Program *p = x->program;
    for (uint32_t i = s->fn.first; i < s->fn.first + s->fn.n; i++) {
        const Instr *in = &p->code[i];
        const Load *load = in->op == OP_LOAD ? &p->loads[in->imm] : NULL;
        if (load && load->back == 0 && load->years == 0 && is_read(x, load->metric))
            return true;
        if (in->op == OP_AMONG) // of a series that may read it
            return true;
    }
    return false;
}

// Can the row's own figure be among those that it is worked out from?
static bool counts_own(const Nearest *x, const Among *m, Str entity) {
    if (m->back != 0 || m->years != 0 || !reads_figure(x, &x->program->series[m->series]))
        return false;
    if (m->kind == AMONG_ENTITY)
        return str_eq(m->entity, entity);
    return among_is_position(m->kind) || m->peers == AMONG_EVERYONE ||
           lists(&x->program->peers[m->peers], entity);
}

// Figures that other rows' figures or the latest one are found from move with the figure, without
// the code's saying so.
static bool others_hang(const Nearest *x, const Vm *vm, Lane lane) {
    Str entity = intern_text(&vm->store->entities, lane.entity);
    for (uint32_t i = 0; i < x->given.n; i++) {
        const Instr *in = &x->given.code[i];
        if (in->op == OP_AMONG && counts_own(x, &x->program->amongs[in->imm], entity))
            return true;
        if (in->op == OP_LOAD && x->program->loads[in->imm].within > 0 &&
            is_read(x, x->program->loads[in->imm].metric))
            return true;
    }
    return false;
}

// ---- judging ------------------------------------------------------------------------------------

static uint8_t outcome_of(const Nearest *x, const Vm *vm, size_t lane) {
    if (x->kpi->fn.reg_kind[x->target] == KIND_STATUS)
        return vm_status(vm, x->target, lane).level;
    Why why;
    uint8_t level = vm_level(vm, x->target, lane, &why);
    return why ? LEVEL_NO_DATA : level;
}

static bool is_by_hand(const Nearest *x, const Vm *vm) {
    return x->kpi->fn.reg_kind[x->target] == KIND_STATUS &&
           line_is_judgement(vm_status(vm, x->target, 0).line);
}

// A number that the row is judged with: one of the points, or any between two.
typedef struct Sample {
    Number at;
    NearestEnd low, high; // of the figures that it stands for
} Sample;

typedef struct Samples {
    const Nearest *x;
    Arena *arena;
    Sample *v;
    size_t n;
    bool ok; // no number has grown too large
} Samples;

static bool whole_above(Arena *a, Number n, Number *out) {
    if (!number_round(a, n, 0, ROUND_HALF_AWAY, out))
        return false;
    return number_cmp(*out, n) > 0 || number_add(a, *out, number_int(1), out);
}

static bool whole_below(Arena *a, Number n, Number *out) {
    if (!number_round(a, n, 0, ROUND_HALF_AWAY, out))
        return false;
    return number_cmp(*out, n) < 0 || number_sub(a, *out, number_int(1), out);
}

static void add_at(Samples *s, Number at) {
    if (s->x->domain.whole && !number_is_whole(at))
        return;
    NearestEnd end = {.bounded = true, .at = at};
    s->v[s->n++] = (Sample){at, end, end};
}

// Of whole numbers the ends are those that lie within.
static void draw_in(Samples *s, NearestEnd *low, NearestEnd *high) {
    if (low->bounded)
        s->ok = s->ok && whole_above(s->arena, low->at, &low->at);
    if (high->bounded)
        s->ok = s->ok && whole_below(s->arena, high->at, &high->at);
    low->open = high->open = false;
}

static Number middle_of(Samples *s, const NearestEnd *low, const NearestEnd *high) {
    Number middle = number_int(0);
    if (low->bounded && high->bounded)
        s->ok = s->ok && number_add(s->arena, low->at, high->at, &middle) &&
                number_div(s->arena, middle, number_int(2), &middle);
    else if (low->bounded)
        s->ok = s->ok && number_add(s->arena, low->at, number_int(1), &middle);
    else if (high->bounded)
        s->ok = s->ok && number_sub(s->arena, high->at, number_int(1), &middle);
    return middle;
}

// The figures between two points, or beyond one, where either may be NULL.
static void add_between(Samples *s, const Number *low, const Number *high) {
    const FigureDomain *d = &s->x->domain;
    if ((d->has_low && !low) || (d->has_low && high && number_cmp(*high, d->low) <= 0) ||
        (d->has_high && !high) || (d->has_high && low && number_cmp(*low, d->high) >= 0))
        return;
    NearestEnd from = {.bounded = low, .open = low, .at = low ? *low : number_int(0)};
    NearestEnd to = {.bounded = high, .open = high, .at = high ? *high : number_int(0)};
    if (d->whole)
        draw_in(s, &from, &to);
    if (from.bounded && to.bounded && number_cmp(from.at, to.at) > 0)
        return;
    Number at = d->whole && from.bounded ? from.at
                : d->whole && to.bounded ? to.at
                                         : middle_of(s, &from, &to);
    s->v[s->n++] = (Sample){at, from, to};
}

static bool can_occur(const FigureDomain *d, Number n) {
    return (!d->has_low || number_cmp(n, d->low) >= 0) &&
           (!d->has_high || number_cmp(n, d->high) <= 0);
}

static bool take_samples(Samples *s, const NearestPoints *points) {
    s->v = ARENA_ARRAY(s->arena, Sample, 2 * points->n + 1);
    s->ok = true;
    if (!s->v)
        return false;
    for (size_t i = 0; i <= points->n; i++) {
        add_between(s, i > 0 ? &points->v[i - 1] : NULL, i < points->n ? &points->v[i] : NULL);
        if (i < points->n && can_occur(&s->x->domain, points->v[i]))
            add_at(s, points->v[i]);
    }
    return true;
}

// Neighbours with one outcome become one piece.
static void add_piece(NearestLine *out, const Sample *s, uint8_t outcome) {
    NearestPiece *last = out->n > 0 ? &out->v[out->n - 1] : NULL;
    if (last && last->outcome == outcome)
        last->high = s->high;
    else
        out->v[out->n++] = (NearestPiece){s->low, s->high, outcome};
}

static bool judge(const Samples *s, Vm *vm, Lane lane, NearestLine *out) {
    Lane *lanes = ARENA_ARRAY(s->arena, Lane, s->n);
    Given *given = ARENA_ARRAY(s->arena, Given, s->n);
    out->v = ARENA_ARRAY(s->arena, NearestPiece, s->n);
    if (s->arena->failed)
        return false;
    for (size_t i = 0; i < s->n; i++) {
        lanes[i] = lane;
        given[i] = (Given){.number = s->v[i].at};
    }
    if (s->n > 0 && !vm_run_by_lane(vm, &s->x->given, lanes, s->n, given))
        return false;
    for (size_t i = 0; i < s->n; i++)
        add_piece(out, &s->v[i], outcome_of(s->x, vm, i));
    return true;
}

bool nearest_line(const Nearest *x, Vm *vm, Lane lane, Arena *a, NearestLine *out) {
    *out = (NearestLine){.answer = NEAREST_KNOWN};
    if (!vm_run_plan(vm, &x->as_is, &lane, 1))
        return false;
    Number value = vm_number(vm, x->moved, 0, &out->why);
    out->outcome = outcome_of(x, vm, 0);
    out->by_hand = is_by_hand(x, vm);
    if (!number_copy(a, value, &out->value))
        return false;
    NearestPoints points;
    out->answer = others_hang(x, vm, lane) ? NEAREST_OTHERS : nearest_points(x, vm, a, &points);
    if (out->answer != NEAREST_KNOWN)
        return !a->failed;
    Samples s = {.x = x, .arena = a};
    if (!take_samples(&s, &points) || a->failed)
        return false;
    if (!s.ok)
        out->answer = NEAREST_CURVED;
    return !s.ok || judge(&s, vm, lane, out);
}

// ---- the nearest --------------------------------------------------------------------------------

static bool contains(const NearestPiece *p, Number n) {
    int low = p->low.bounded ? number_cmp(n, p->low.at) : 1;
    int high = p->high.bounded ? number_cmp(n, p->high.at) : -1;
    return (low > 0 || (low == 0 && !p->low.open)) && (high < 0 || (high == 0 && !p->high.open));
}

static bool measure(const NearestLine *line, NearestMove *m, Arena *a) {
    m->measured = true;
    return number_sub(a, m->near.at, line->value, &m->by) && number_abs(a, m->by, &m->by);
}

static void take_piece(const NearestLine *line, size_t i, bool up, NearestMove *m) {
    const NearestPiece *p = &line->v[i];
    bool beyond = up ? i + 1 < line->n : i > 0; // other figures can occur there
    *m = (NearestMove){.found = true,
                       .up = up,
                       .near = up ? p->low : p->high,
                       .far = up ? p->high : p->low,
                       .far_is_up = up};
    m->exact = m->near.bounded && m->far.bounded && number_cmp(m->near.at, m->far.at) == 0;
    m->far.bounded = m->far.bounded && beyond;
}

// An edge that belongs to the stretch is nearer than one as far that does not.
static bool is_nearer(const NearestMove *a, const NearestMove *b) {
    int order = number_cmp(a->by, b->by);
    return order < 0 || (order == 0 && !a->near.open && b->near.open);
}

// Of a stretch that ends somewhere on both sides.
static bool width_of(const NearestPiece *p, Arena *a, Number *out) {
    return p->low.bounded && p->high.bounded && number_sub(a, p->high.at, p->low.at, out);
}

// A row without the figure.
static void take_widest(const NearestLine *line, uint8_t outcome, Arena *a, NearestMove *m) {
    Number widest = number_int(0), width;
    for (size_t i = 0; i < line->n; i++) {
        if (line->v[i].outcome != outcome)
            continue;
        bool ends = width_of(&line->v[i], a, &width);
        if (m->found && ends && number_cmp(width, widest) <= 0)
            continue;
        take_piece(line, i, i > 0, m);
        if (!ends)
            return;
        widest = width;
    }
}

bool nearest_move(const NearestLine *line, uint8_t outcome, Arena *a, NearestMove *out) {
    *out = (NearestMove){0};
    if (line->answer != NEAREST_KNOWN || line->outcome == outcome)
        return true;
    if (line->why) {
        take_widest(line, outcome, a, out);
        return !a->failed;
    }
    size_t here = 0;
    while (here < line->n && !contains(&line->v[here], line->value) &&
           !(line->v[here].low.bounded && number_cmp(line->v[here].low.at, line->value) > 0))
        here++;
    NearestMove down = {0}, up = {0};
    for (size_t i = here; i-- > 0 && !down.found;)
        if (line->v[i].outcome == outcome)
            take_piece(line, i, false, &down);
    for (size_t i = here; i < line->n && !up.found; i++)
        if (line->v[i].outcome == outcome)
            take_piece(line, i, true, &up);
    if ((down.found && !measure(line, &down, a)) || (up.found && !measure(line, &up, a)))
        return !a->failed;
    *out = up.found && (!down.found || is_nearer(&up, &down)) ? up : down;
    return !a->failed;
}
