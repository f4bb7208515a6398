// SPDX-License-Identifier: Apache-2.0
// Figures of the machine: where they come from, arithmetic and comparisons.
#include "runtime/base/number_fast.h"
#include "runtime/engine/vm_ops.h"

// ---- sources ------------------------------------------------------------------------------------

// Lanes know the observation of one metric at most, the same for all.
static bool batch_owns(const Vm *vm, uint32_t metric) {
    for (size_t i = 0; vm->store && vm->lanes && i < vm->n_lanes; i++) {
        if (vm->lanes[i].own)
            return vm->store->obs[vm->lanes[i].own - 1].metric == metric;
    }
    return false;
}

static const Found *found_before(const Vm *vm, const Load *load, int32_t back) {
    for (size_t i = 0; i < vm->n_found; i++) {
        const Found *f = &vm->found[i];
        if (f->metric == load->metric && f->back == back && f->years == load->years)
            return f;
    }
    return NULL;
}

static bool follows(Lane lane, Lane before) {
    return lane.entity == before.entity && lane.period.kind == before.period.kind &&
           lane.period.ordinal == before.period.ordinal + 1;
}

// [nearer]: those of one period less back, if they are known: a lane that follows another has there
// what the other has here.
static void find_all(const Vm *vm, const Found *f, const Found *nearer) {
    const SeriesBlock *near = NULL;
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        Lane lane = vm_lane(vm, i);
        if (nearer && i > 0 && follows(lane, vm_lane(vm, i - 1))) {
            f->obs[i] = nearer->obs[i - 1];
            continue;
        }
        Period period;
        bool exists = vm->store && period_before(lane.period, f->years, f->back, &period);
        f->obs[i] = exists ? store_find_near(vm->store, &near, f->metric, lane.entity, period)
                           : OBS_NONE;
    }
}

// Takes those that the lanes know. False when some lane knows none.
static bool take_own(const Vm *vm, uint32_t *obs) {
    const Lane *lanes = vm->lanes;
    bool all = true;
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        obs[i] = lanes[i].own - 1;
        all &= lanes[i].own != 0;
    }
    return all;
}

// The observations that [load] reads, lane by lane.
static const Found *observations(Vm *vm, const Load *load) {
    const Found *known = found_before(vm, load, load->back);
    if (known)
        return known;
    if (vm->n_found == VM_MAX_FOUND) {
        vm->n_found = 0;
    }
    const Found *nearer = load->years == 0 ? found_before(vm, load, load->back - 1) : NULL;
    Found *f = &vm->found[vm->n_found++];
    f->metric = load->metric;
    f->back = load->back;
    f->years = load->years;
    f->complete = load_is_own(load) && batch_owns(vm, load->metric) && take_own(vm, f->obs);
    if (!f->complete)
        find_all(vm, f, nearer);
    return f;
}

static bool breaks_between(const Vm *vm, const Load *load, Lane lane) {
    Period from;
    return period_before(lane.period, load->years, load->back, &from) &&
           store_breaks(vm->store, load->metric, lane.entity, from, lane.period);
}

// Of the lane's own period, which no break lies before.
static void load_own(const Store *s, const Found *f, uint32_t field, size_t n, Number *restrict out,
                     Why *restrict why) {
    const uint32_t *obs = f->obs;
    const Number *figures = s ? s->figures + field : NULL;
    const Why *whys = s ? s->whys + field : NULL;
    size_t n_fields = s ? s->n_fields : 0;
    for (size_t i = 0; f->complete && i < n; i++) {
        out[i] = figures[obs[i] * n_fields];
        why[i] = whys[obs[i] * n_fields];
    }
    for (size_t i = 0; !f->complete && i < n; i++) {
        Number figure = NO_NUMBER;
        Why missing = WHY(REASON_NO_ROW);
        if (obs[i] != OBS_NONE)
            figure = store_figure(s, obs[i], field, &missing);
        out[i] = figure;
        why[i] = missing;
    }
}

static Why load_figure(const Vm *vm, const Load *load, uint32_t obs, Lane lane, Number *out) {
    const Store *s = vm->store;
    if (obs == OBS_NONE) {
        return WHY(REASON_NO_ROW);
    }
    if (!load_is_own(load) && s->has_break[load->metric] && breaks_between(vm, load, lane)) {
        return WHY(REASON_BREAK);
    }
    Why why = 0;
    Number figure = store_figure(s, obs, load->field, &why);
    *out = why ? NO_NUMBER : figure;
    return why;
}

// The latest figure of those that [load] looks back over, where some is known, and where it comes
// from; without any the latest observation that says why.
static Why latest_figure(const Store *s, const Hand *hand, const Load *load, PeriodKind kind,
                         Lane lane, Number *out, LoadSource *from_where) {
    Period from;
    if (kind == N_PERIOD_KINDS)
        return WHY(REASON_NO_ROW);
    if (kind == PERIOD_NONE || !period_before(lane.period, load->years, load->back, &from) ||
        from.kind == PERIOD_NONE)
        return WHY(REASON_NOT_APPLICABLE);
    const SeriesBlock *near = NULL;
    Period last = period_ended(from, kind);
    Why all = 0;
    for (int32_t i = 0; i < load->within; i++) {
        Period p = period_add(last, -i);
        const HandFigure *h = hand_of_metric(hand, load->metric, load->field, lane.entity, p);
        if (h && h->why == 0) {
            *out = h->number;
            *from_where = (LoadSource){OBS_NONE, h};
            return 0;
        }
        all |= h ? h->why : 0;
        if (h)
            continue;
        uint32_t obs = store_find_near(s, &near, load->metric, lane.entity, p);
        Why why = 0;
        if (obs == OBS_NONE)
            continue;
        *out = store_figure(s, obs, load->field, &why);
        if (why == 0 || from_where->obs == OBS_NONE)
            from_where->obs = obs;
        if (why == 0)
            return store_breaks(s, load->metric, lane.entity, p, period_ended(lane.period, kind))
                       ? WHY(REASON_BREAK)
                       : 0;
        all |= why;
    }
    return all ? all : WHY(REASON_NO_ROW);
}

static Why load_latest(const Vm *vm, const Load *load, Lane lane, Number *out) {
    PeriodKind kind = vm->store ? store_kind(vm->store, load->metric) : N_PERIOD_KINDS;
    LoadSource source = {.obs = OBS_NONE};
    Why why = latest_figure(vm->store, vm->program->hand, load, kind, lane, out, &source);
    *out = why ? NO_NUMBER : *out;
    return why;
}

LoadSource vm_load_source(const Vm *vm, const Load *load, Lane lane) {
    const Store *s = vm->store;
    const Hand *hand = vm->program->hand;
    LoadSource source = {.obs = OBS_NONE, .hand = hand_of_load(hand, load, lane)};
    Number figure;
    Period p;
    if (load->within > 0)
        latest_figure(s, hand, load, store_kind(s, load->metric), lane, &figure, &source);
    else if (load_is_own(load))
        source.obs = store_observation(s, lane, load->metric);
    else if (period_before(lane.period, load->years, load->back, &p))
        source.obs = store_find(s, load->metric, lane.entity, p);
    return source;
}

static const uint32_t *observations_of(Vm *vm, const Load *load) {
    return load->within > 0 ? NULL : observations(vm, load)->obs;
}

// Of a period that need not be the lane's own.
static Why load_lane(const Vm *vm, const Load *load, const uint32_t *obs, size_t i, Number *out) {
    Lane lane = vm_lane(vm, i);
    return obs ? load_figure(vm, load, obs[i], lane, out) : load_latest(vm, load, lane, out);
}

static void load_other(Vm *vm, const Load *load, Number *out, Why *why) {
    const uint32_t *obs = observations_of(vm, load);
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        Number figure = NO_NUMBER;
        why[i] = load_lane(vm, load, obs, i, &figure);
        out[i] = figure;
    }
}

// What is set by hand in place of what was read.
static void take_hand(const Vm *vm, const Load *load, Number *out, Why *why) {
    for (size_t i = 0, n = vm->n_lanes; vm->program->hand && i < n; i++) {
        const HandFigure *h = hand_of_load(vm->program->hand, load, vm_lane(vm, i));
        if (!h)
            continue;
        out[i] = h->why ? NO_NUMBER : h->number;
        why[i] = h->why;
    }
}

void vm_OP_LOAD(Vm *vm, const Instr *in) {
    const Load *load = &vm->program->loads[in->imm];
    Number *out = vm_numbers(vm, in->dst);
    Why *why = vm_whys(vm, in->dst);
    if (load_is_own(load))
        load_own(vm->store, observations(vm, load), load->field, vm->n_lanes, out, why);
    else
        load_other(vm, load, out, why);
    take_hand(vm, load, out, why);
}

void vm_OP_LOAD_TEXT(Vm *vm, const Instr *in) {
    const Load *load = &vm->program->loads[in->imm];
    const uint32_t *obs = observations_of(vm, load);
    uint32_t *out = vm_texts(vm, in->dst);
    Why *why = vm_whys(vm, in->dst);
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        Number id = NO_NUMBER;
        why[i] = load_lane(vm, load, obs, i, &id);
        out[i] = why[i] ? 0 : (uint32_t)id.num | (uint32_t)TEXT_OF_STORE << TEXT_ID_BITS;
    }
}

static void fill_numbers(Vm *vm, uint16_t reg, Number v, Why w) {
    Number *out = vm_numbers(vm, reg);
    Why *why = vm_whys(vm, reg);
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        out[i] = v;
        why[i] = w;
    }
}

void vm_OP_CONST(Vm *vm, const Instr *in) {
    fill_numbers(vm, in->dst, vm->program->consts[in->imm], 0);
}

void vm_OP_MISSING(Vm *vm, const Instr *in) {
    fill_numbers(vm, in->dst, NO_NUMBER, (Why)in->imm);
}

static void give_each_lane(Vm *vm, uint16_t dst) {
    Number *out = vm_numbers(vm, dst);
    Why *why = vm_whys(vm, dst);
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        out[i] = vm->given[i].why ? NO_NUMBER : vm->given[i].number;
        why[i] = vm->given[i].why;
    }
}

void vm_OP_GIVEN(Vm *vm, const Instr *in) {
    if (vm->given_by_lane) {
        give_each_lane(vm, in->dst);
        return;
    }
    Given g = vm->given ? vm->given[in->imm] : (Given){.why = WHY(REASON_NOT_GIVEN)};
    fill_numbers(vm, in->dst, g.why ? NO_NUMBER : g.number, g.why);
}

static Why planned_value(const Program *p, const Trajectory *t, Period period, Number *out) {
    for (uint32_t i = 0; i < t->n; i++) {
        if (period_eq(t->periods[i], period)) {
            *out = p->consts[t->values[i]];
            return 0;
        }
    }
    return WHY(REASON_NOT_AVAILABLE);
}

void vm_OP_TRAJECTORY(Vm *vm, const Instr *in) {
    const Trajectory *t = &vm->program->trajectories[in->imm];
    Number *out = vm_numbers(vm, in->dst);
    Why *why = vm_whys(vm, in->dst);
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        out[i] = NO_NUMBER;
        why[i] = planned_value(vm->program, t, vm_lane(vm, i).period, &out[i]);
    }
}

void vm_OP_PERIOD_END(Vm *vm, const Instr *in) {
    Number *out = vm_numbers(vm, in->dst);
    Why *why = vm_whys(vm, in->dst);
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        Period p = vm_lane(vm, i).period;
        bool has_end = p.kind != PERIOD_NONE;
        out[i] = has_end ? number_int(period_last_day(p)) : NO_NUMBER;
        why[i] = has_end ? 0 : WHY(REASON_NOT_APPLICABLE);
    }
}

// ---- arithmetic ---------------------------------------------------------------------------------

// Result and reason of one lane. Passed as constants into inline loops, so that each opcode gets a
// loop of its own with the calculation inside.
typedef Why Calculation(Arena *big, Number x, Number y, Number *out);

static inline Why too_large_unless(bool fits) {
    return fits ? 0 : WHY(REASON_TOO_LARGE);
}

static inline void calculate(Vm *vm, const Instr *in, Calculation *of) {
    vm_unite_whys(vm, in);
    const Number *a = vm_numbers(vm, in->a), *b = vm_numbers(vm, in->b);
    Number *out = vm_numbers(vm, in->dst);
    Why *why = vm_whys(vm, in->dst);
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        Number result = NO_NUMBER;
        if (why[i] == 0) {
            why[i] = of(&vm->big, a[i], b[i], &result);
        }
        out[i] = result;
    }
}

static inline Why add(Arena *big, Number x, Number y, Number *out) {
    return too_large_unless(number_fast_add(big, x, y, out));
}

static inline Why subtract(Arena *big, Number x, Number y, Number *out) {
    return too_large_unless(number_fast_sub(big, x, y, out));
}

static inline Why multiply(Arena *big, Number x, Number y, Number *out) {
    return too_large_unless(number_mul(big, x, y, out));
}

static inline Why divide(Arena *big, Number x, Number y, Number *out) {
    if (number_fast_is_zero(y)) {
        return WHY(REASON_ZERO_DENOMINATOR);
    }
    return too_large_unless(number_div(big, x, y, out));
}

static inline Why smaller(Arena *big, Number x, Number y, Number *out) {
    (void)big;
    *out = number_fast_cmp(y, x) < 0 ? y : x;
    return 0;
}

static inline Why larger(Arena *big, Number x, Number y, Number *out) {
    (void)big;
    *out = number_fast_cmp(y, x) > 0 ? y : x;
    return 0;
}

void vm_OP_ADD(Vm *vm, const Instr *in) {
    calculate(vm, in, add);
}

void vm_OP_SUB(Vm *vm, const Instr *in) {
    calculate(vm, in, subtract);
}

void vm_OP_MUL(Vm *vm, const Instr *in) {
    calculate(vm, in, multiply);
}

void vm_OP_DIV(Vm *vm, const Instr *in) {
    calculate(vm, in, divide);
}

void vm_OP_MIN(Vm *vm, const Instr *in) {
    calculate(vm, in, smaller);
}

void vm_OP_MAX(Vm *vm, const Instr *in) {
    calculate(vm, in, larger);
}

// x * scale / y in the fast form; false when a product does not fit.
static inline bool share_fits(Number x, Number scale, Number y, Number *out) {
    int64_t num, den;
    bool counts = x.den == 1 && y.den == 1 && scale.den == 1;
    if (counts && y.num > 0 && !__builtin_mul_overflow(x.num, scale.num, &num)) {
        *out = (Number){num, y.num};
        return true;
    }
    if (x.den == 0 || y.den == 0 || scale.den == 0 ||
        __builtin_mul_overflow(x.num, scale.num, &num) ||
        __builtin_mul_overflow(num, y.den, &num) || __builtin_mul_overflow(x.den, y.num, &den) ||
        __builtin_mul_overflow(den, scale.den, &den) || num == INT64_MIN || den == INT64_MIN) {
        return false;
    }
    *out = den > 0 ? (Number){num, den} : (Number){-num, -den};
    return true;
}

static inline Why share(Arena *big, Number x, Number scale, Number y, Number *out) {
    if (number_fast_is_zero(y)) {
        return WHY(REASON_ZERO_DENOMINATOR);
    }
    if (share_fits(x, scale, y, out)) {
        return 0;
    }
    Number scaled;
    return too_large_unless(number_mul(big, x, scale, &scaled) && number_div(big, scaled, y, out));
}

void vm_OP_SHARE(Vm *vm, const Instr *in) {
    vm_unite_whys(vm, in);
    const Number *a = vm_numbers(vm, in->a), *b = vm_numbers(vm, in->b);
    Number scale = vm->program->consts[in->imm];
    Number *out = vm_numbers(vm, in->dst);
    Why *why = vm_whys(vm, in->dst);
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        Number result = NO_NUMBER;
        if (why[i] == 0) {
            why[i] = share(&vm->big, a[i], scale, b[i], &result);
        }
        out[i] = result;
    }
}

typedef bool Change(Arena *big, Number x, Number *out);

static inline void change(Vm *vm, const Instr *in, Change *of) {
    const Number *a = vm_numbers(vm, in->a);
    const Why *why_a = vm_whys(vm, in->a);
    Number *out = vm_numbers(vm, in->dst);
    Why *why = vm_whys(vm, in->dst);
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        Number result = NO_NUMBER;
        why[i] = why_a[i] ? why_a[i] : too_large_unless(of(&vm->big, a[i], &result));
        out[i] = result;
    }
}

void vm_OP_NEG(Vm *vm, const Instr *in) {
    change(vm, in, number_fast_neg);
}

void vm_OP_ABS(Vm *vm, const Instr *in) {
    change(vm, in, number_abs);
}

void vm_OP_ROUND(Vm *vm, const Instr *in) {
    unsigned decimals = in->imm & 0xff;
    RoundMode mode = (RoundMode)(in->imm >> 8);
    const Number *a = vm_numbers(vm, in->a);
    const Why *why_a = vm_whys(vm, in->a);
    Number *out = vm_numbers(vm, in->dst);
    Why *why = vm_whys(vm, in->dst);
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        Number result = NO_NUMBER;
        why[i] = why_a[i];
        if (why[i] == 0) {
            why[i] = too_large_unless(number_fast_round(&vm->big, a[i], decimals, mode, &result));
        }
        out[i] = result;
    }
}

// ---- choosing -----------------------------------------------------------------------------------

void vm_OP_ELSE(Vm *vm, const Instr *in) {
    Why kept = WHY(REASON_NOT_GIVEN); // reasons for which b does not stand in
    if (in->imm == 0) {
        kept |= WHY(REASON_SUPPRESSED);
    }
    const Number *a = vm_numbers(vm, in->a), *b = vm_numbers(vm, in->b);
    const Why *why_a = vm_whys(vm, in->a), *why_b = vm_whys(vm, in->b);
    Number *out = vm_numbers(vm, in->dst);
    Why *why = vm_whys(vm, in->dst);
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        // Which of the two is taken is hard to foresee, so neither is jumped over.
        Why wa = why_a[i], wb = why_b[i];
        int64_t takes_b = -(int64_t)((wa != 0) & ((wa & kept) == 0)); // all bits set or none
        out[i] = (Number){(b[i].num & takes_b) | (a[i].num & ~takes_b),
                          (b[i].den & takes_b) | (a[i].den & ~takes_b)};
        Why both_missing = wb ? (Why)(wa | wb) : 0;
        why[i] = (Why)((both_missing & takes_b) | (wa & ~takes_b));
    }
}

void vm_OP_GATE(Vm *vm, const Instr *in) {
    const Number *a = vm_numbers(vm, in->a);
    const uint8_t *b = vm_bytes(vm, in->b);
    const Why *why_a = vm_whys(vm, in->a), *why_b = vm_whys(vm, in->b);
    Number *out = vm_numbers(vm, in->dst);
    Why *why = vm_whys(vm, in->dst);
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        // The condition comes first: too few to judge is said even of a value that is missing too.
        bool met = why_b[i] || b[i];
        Why w = met ? (Why)(why_a[i] | why_b[i]) : WHY(REASON_TOO_FEW);
        out[i] = w ? NO_NUMBER : a[i];
        why[i] = w;
    }
}

// ---- comparisons --------------------------------------------------------------------------------

typedef bool Verdict(int order);

static inline void judge(Vm *vm, const Instr *in, Verdict *holds) {
    vm_unite_whys(vm, in);
    const Number *a = vm_numbers(vm, in->a), *b = vm_numbers(vm, in->b);
    uint8_t *out = vm_bytes(vm, in->dst);
    const Why *why = vm_whys(vm, in->dst);
    for (size_t i = 0, n = vm->n_lanes; i < n; i++) {
        out[i] = (uint8_t)((why[i] == 0) & holds(number_fast_cmp(a[i], b[i])));
    }
}

static inline bool is_less(int order) {
    return order < 0;
}
static inline bool is_at_most(int order) {
    return order <= 0;
}
static inline bool is_equal(int order) {
    return order == 0;
}
static inline bool is_other(int order) {
    return order != 0;
}

void vm_OP_LT(Vm *vm, const Instr *in) {
    judge(vm, in, is_less);
}

void vm_OP_LE(Vm *vm, const Instr *in) {
    judge(vm, in, is_at_most);
}

void vm_OP_EQ(Vm *vm, const Instr *in) {
    judge(vm, in, is_equal);
}

void vm_OP_NE(Vm *vm, const Instr *in) {
    judge(vm, in, is_other);
}
