// SPDX-License-Identifier: Apache-2.0
// Sentences for results.
#include "runtime/engine/explain.h"

typedef struct Telling {
    const Vm *vm;
    const Kpi *kpi;
    size_t lane;
    Buf *out;
} Telling;

void explain_figure(Buf *out, Number n, int decimals, RoundMode mode) {
    if (decimals < 0) {
        int exact = number_decimals(n);
        if (exact >= 0 && exact <= EXPLAIN_EXACT_DECIMALS) {
            number_print(out, n);
            return;
        }
        decimals = EXPLAIN_EXACT_DECIMALS;
    }
    number_print_rounded(out, n, (unsigned)decimals, mode);
}

// ---- figures ------------------------------------------------------------------------------------

static void tell_unit(Buf *out, Number n, int decimals, RoundMode mode, Unit unit) {
    Buf digits = {0};
    explain_figure(&digits, n, decimals, mode);
    unit_print_figure(out, buf_str(&digits), unit);
    buf_free(&digits);
}

// Decimals at which [n], rounded, still stands to [bound] as it does exactly.
static int telling_decimals(const Telling *t, Arena *a, Number n, Number bound) {
    int decimals = t->kpi->decimals, order = number_cmp(n, bound);
    for (; decimals >= 0 && decimals < 12; decimals++) {
        Number rounded;
        if (!number_round(a, n, (unsigned)decimals, t->kpi->mode, &rounded)) break;
        if (number_cmp(rounded, bound) == order) break;
    }
    return decimals;
}

// A figure beside a bound, with as many decimals as make the comparison visibly true.
static void tell_beside(const Telling *t, Number n, Number bound, Unit unit) {
    Arena a;
    arena_init(&a, 0);
    int decimals = telling_decimals(t, &a, n, bound);
    tell_unit(t->out, n, decimals, t->kpi->mode, unit);
    if (decimals != t->kpi->decimals && t->kpi->decimals >= 0) {
        buf_puts(t->out, " (shown as ");
        explain_figure(t->out, n, t->kpi->decimals, t->kpi->mode);
        buf_char(t->out, ')');
    }
    arena_free(&a);
}

static Number figure(const Telling *t, uint16_t reg, Why *why) { return vm_number(t->vm, reg, t->lane, why); }

static bool is_own_value(Str name) { return str_eq(name, STR("value")); }

// A name as a reader says it: underscores are blanks.
static void tell_name(Buf *out, Str name) {
    for (size_t i = 0; i < name.len; i++) buf_char(out, name.s[i] == '_' ? ' ' : name.s[i]);
}

static void tell_side(const Telling *t, Str name, Number n, Number beside, Unit unit) {
    bool named = name.len > 0 && !is_own_value(name);
    if (named) {
        tell_name(t->out, name);
        buf_puts(t->out, " (");
    }
    tell_beside(t, n, beside, unit);
    if (named) buf_char(t->out, ')');
}

// ---- facts --------------------------------------------------------------------------------------

static const char *relation_words(Relation r, bool holds) {
    switch (r) {
    case REL_LT: return holds ? "is below" : "is at or above";
    case REL_LE: return holds ? "is at or below" : "is above";
    case REL_GT: return holds ? "is above" : "is at or below";
    case REL_GE: return holds ? "is at or above" : "is below";
    case REL_EQ: return holds ? "is equal to" : "differs from";
    case REL_NE: return holds ? "differs from" : "is equal to";
    case REL_BETTER: return holds ? "is better than" : "is no better than";
    case REL_WORSE: return holds ? "is worse than" : "is no worse than";
    case REL_NO_BETTER: return holds ? "is no better than" : "is better than";
    case REL_NO_WORSE: return holds ? "is no worse than" : "is worse than";
    case REL_AT_OR_BETTER: return holds ? "is at or better than" : "is worse than";
    case REL_AT_OR_WORSE: return holds ? "is at or worse than" : "is better than";
    case REL_WITHIN:
    case REL_WITHIN_OR_BETTER: return holds ? "within" : "beyond";
    case REL_OVER_BETTER:
    case REL_OVER_WORSE: return holds ? "over" : "not over";
    case REL_LEAST_BETTER:
    case REL_LEAST_WORSE: return holds ? "at least" : "less than";
    case REL_MOST_BETTER:
    case REL_MOST_WORSE: return holds ? "no more than" : "over";
    }
    return "";
}

static void tell_compare(const Telling *t, const Fact *f, bool holds) {
    Number a = figure(t, f->a, NULL), b = figure(t, f->b, NULL);
    tell_side(t, f->name_a, a, b, f->unit_a);
    buf_printf(t->out, " %s ", relation_words(f->relation, holds));
    tell_side(t, f->name_b, b, a, f->unit_b);
}

// "26.4% is 5.3 points (25.1%) worse than statistical neighbours (21.1%), over the limit of 25%"
static void tell_distance(const Telling *t, const Fact *f, bool holds) {
    Number a = figure(t, f->a, NULL), b = figure(t, f->b, NULL), gap, size, share;
    if (f->c == NO_REG) {
        tell_compare(t, f, holds);
        return;
    }
    Arena arena;
    arena_init(&arena, 0);
    Unit gap_unit = f->unit_a.kind == UNIT_PERCENT ? (Unit){.kind = UNIT_POINTS} : f->unit_a;
    tell_side(t, f->name_a, a, b, f->unit_a);
    if (number_sub(&arena, a, b, &gap) && number_abs(&arena, gap, &gap) && number_abs(&arena, b, &size)) {
        int places = t->kpi->decimals < 1 ? 1 : t->kpi->decimals;
        bool terminates = number_decimals(gap) >= 0 && number_decimals(gap) <= places;
        buf_puts(t->out, " is ");
        tell_unit(t->out, gap, terminates ? -1 : places, ROUND_HALF_AWAY, gap_unit);
        // The share is shown with the decimals that tell it from the limit.
        if (number_sign(size) > 0 && number_mul(&arena, gap, number_int(100), &share) && number_div(&arena, share, size, &share)) {
            Telling one = *t;
            Kpi kpi = *t->kpi;
            kpi.decimals = 1;
            one.kpi = &kpi;
            Number limit = f->relative && f->has_limit ? f->limit : share;
            int decimals = f->relative && number_cmp(share, limit) != 0 ? telling_decimals(&one, &arena, share, limit) : 1;
            buf_puts(t->out, " (");
            tell_unit(t->out, share, decimals, ROUND_HALF_AWAY, (Unit){.kind = UNIT_PERCENT});
            buf_char(t->out, ')');
        }
    }
    bool two_sided = f->relation == REL_WITHIN || f->relation == REL_WITHIN_OR_BETTER;
    bool lower = number_cmp(a, b) < 0, low_is_good = t->kpi->polarity == POLARITY_LOW;
    bool better = lower == low_is_good;
    if (two_sided || t->kpi->polarity == POLARITY_NEAR) buf_puts(t->out, " from ");
    else buf_printf(t->out, " %s than ", better ? "better" : "worse");
    tell_side(t, f->name_b, b, a, f->unit_b);
    if (f->has_limit) {
        buf_printf(t->out, ", %s the limit of ", relation_words(f->relation, holds));
        Buf digits = {0};
        number_print(&digits, f->limit);
        unit_print_figure(t->out, buf_str(&digits), f->unit_c);
        buf_free(&digits);
    }
    arena_free(&arena);
}

// The register that a band table read to give the level in [level].
static uint16_t banded_register(const Telling *t, uint16_t level) {
    const Program *p = t->vm->program;
    for (uint32_t i = t->kpi->fn.first; i < t->kpi->fn.first + t->kpi->fn.n; i++)
        if (p->code[i].op == OP_BAND && p->code[i].dst == level) return p->code[i].a;
    return NO_REG;
}

static void tell_bound(Buf *out, const char *words, Number n, Unit unit) {
    Buf digits = {0};
    number_print(&digits, n);
    buf_puts(out, words);
    unit_print_figure(out, buf_str(&digits), unit);
    buf_free(&digits);
}

// Where a figure lies in its table: "above 24%", "from 16% to 19%".
static void tell_piece(const Telling *t, const BandTable *table, Number n, Unit unit) {
    uint32_t i = band_piece(table, n);
    const Cut *low = i > 0 ? &table->cuts[i - 1] : NULL, *high = i < table->n_cuts ? &table->cuts[i] : NULL;
    PieceKind kind = (PieceKind)table->pieces[i].kind;
    tell_beside(t, n, low && number_cmp(n, low->at) != 0 ? low->at : high ? high->at : n, unit);
    if (table->rounded) {
        buf_puts(t->out, ", rounded to ");
        number_print_rounded(t->out, n, table->decimals, (RoundMode)table->mode);
        buf_char(t->out, ',');
    }
    buf_puts(t->out, kind == PIECE_GAP ? " lies between two bands, " : kind == PIECE_OTHERWISE ? " lies beyond the bands, " : " is ");
    if (low) tell_bound(t->out, low->at_goes_left ? "above " : kind == PIECE_BAND && !high ? "at or above " : "from ", low->at, unit);
    if (low && high) buf_char(t->out, ' ');
    if (high) tell_bound(t->out, low ? (high->at_goes_left ? "to " : "to below ") : high->at_goes_left ? "at or below " : "below ", high->at, unit);
}

static Unit banded_unit(const Telling *t, uint16_t reg) {
    return reg == t->kpi->judged ? t->kpi->unit : (Unit){0};
}

static void tell_level(const Telling *t, const Fact *f) {
    Why why;
    uint8_t level = vm_level(t->vm, f->a, t->lane, &why);
    tell_name(t->out, f->name_a);
    if (why) {
        buf_printf(t->out, " is not known (%.*s)", STR_ARG(why_words(why)));
        return;
    }
    const Level *l = &t->vm->program->scales[f->scale].levels[level];
    buf_puts(t->out, " is ");
    tell_name(t->out, l->name);
    uint16_t reg = f->band_table != UINT32_MAX ? banded_register(t, f->a) : NO_REG;
    if (reg == NO_REG) return;
    buf_puts(t->out, " (");
    tell_piece(t, &t->vm->program->band_tables[f->band_table], figure(t, reg, NULL), f->unit_a);
    buf_char(t->out, ')');
}

static void tell_period_before(const Telling *t) {
    if (!t->vm->lanes || t->vm->lanes[t->lane].period.kind == PERIOD_NONE) buf_puts(t->out, "the period before");
    else period_print(t->out, period_add(t->vm->lanes[t->lane].period, -1));
}

static void tell_direction(const Telling *t, const Fact *f) {
    Why why;
    uint8_t level = vm_level(t->vm, f->a, t->lane, &why);
    if (why) {
        buf_printf(t->out, "the direction is not known (%.*s)", STR_ARG(why_words(why)));
        return;
    }
    buf_put(t->out, t->vm->program->scales[f->scale].levels[level].name);
    Why why_before = 0, why_now = 0;
    if (f->b == NO_REG || f->c == NO_REG) return;
    Number now = figure(t, f->b, &why_now), before = figure(t, f->c, &why_before);
    if (why_before || why_now) return;
    buf_puts(t->out, ", ");
    tell_beside(t, now, before, f->unit_a);
    buf_puts(t->out, " against ");
    tell_beside(t, before, now, f->unit_a);
    buf_puts(t->out, " in ");
    tell_period_before(t);
}

// A fact is worth saying when it holds, or fails under a `not`. One without a truth of its own
// always is.
static bool is_worth_saying(const Telling *t, const Fact *f, bool *holds) {
    *holds = true;
    if (f->truth == NO_REG) return true;
    Why why;
    *holds = vm_truth(t->vm, f->truth, t->lane, &why);
    return why == 0 && *holds != f->negated;
}

// A fact may be that of another KPI, whose status this one takes: it is told as there.
static void tell_fact(const Telling *teller, const Fact *f, bool holds) {
    Kpi kpi = *teller->kpi;
    kpi.decimals = f->decimals;
    kpi.mode = f->mode;
    kpi.polarity = f->polarity;
    const Telling as_there = {teller->vm, &kpi, teller->lane, teller->out}, *t = &as_there;
    switch (f->kind) {
    case FACT_COMPARE: tell_compare(t, f, holds); break;
    case FACT_DISTANCE: tell_distance(t, f, holds); break;
    case FACT_LEVEL: tell_level(t, f); break;
    case FACT_DIRECTION: tell_direction(t, f); break;
    case FACT_KNOWN:
    case FACT_OTHER: buf_printf(t->out, "%s%.*s", holds ? "" : "not ", STR_ARG(f->text)); break;
    }
}

static size_t tell_facts(const Telling *t, const StatusLine *line) {
    const Program *p = t->vm->program;
    size_t n_told = 0;
    for (uint32_t i = 0; i < line->n_facts; i++) {
        const Fact *f = &p->facts[line->first_fact + i];
        bool holds;
        if (!is_worth_saying(t, f, &holds)) continue;
        if (n_told++ > 0) buf_puts(t->out, "; ");
        tell_fact(t, f, holds);
    }
    return n_told;
}

// ---- sentences ----------------------------------------------------------------------------------

// `as the rate`: the line of an OP_TAKE in this KPI's own status, or NULL.
static const StatusLine *taken_line(const Telling *t) {
    const Program *p = t->vm->program;
    for (uint32_t i = t->kpi->fn.first; i < t->kpi->fn.first + t->kpi->fn.n; i++)
        if (p->code[i].op == OP_TAKE && p->code[i].dst == t->kpi->status) return &p->lines[p->code[i].imm];
    return NULL;
}

static void tell_outcome(const Telling *t, uint8_t level) {
    if (level == LEVEL_NO_DATA) {
        buf_puts(t->out, "No data");
        return;
    }
    const Level *l = &t->vm->program->scales[t->kpi->status_scale].levels[level];
    if (l->label.len > 0) buf_put(t->out, l->label);
    else tell_name(t->out, l->name);
}

static void tell_line(const Telling *t, const StatusLine *line) {
    buf_puts(t->out, ": ");
    if (line->otherwise) {
        if (line->because.len > 0) buf_put(t->out, line->because);
        else buf_puts(t->out, "no other line of the rule holds");
        return;
    }
    if (line->because.len > 0) {
        buf_put(t->out, line->because);
        buf_puts(t->out, ": ");
    }
    if (tell_facts(t, line) == 0) buf_put(t->out, line->text);
}

// What an unknown condition waits for.
static void tell_unknown_fact(const Telling *t, const Fact *f) {
    Why why_a = 0, why_b = 0;
    if (f->kind == FACT_DIRECTION) {
        buf_puts(t->out, "direction");
        return;
    }
    if (f->kind == FACT_COMPARE || f->kind == FACT_DISTANCE) {
        figure(t, f->a, &why_a);
        figure(t, f->b, &why_b);
    }
    if (why_b && f->name_b.len > 0) tell_name(t->out, f->name_b);
    else if (f->name_a.len > 0 && !is_own_value(f->name_a)) tell_name(t->out, f->name_a);
    else buf_put(t->out, f->text);
}

static void tell_unknown_conditions(const Telling *t, Why unknown) {
    const Program *p = t->vm->program;
    bool direction = false;
    size_t n = 0;
    for (uint32_t i = t->kpi->fn.first; i < t->kpi->fn.first + t->kpi->fn.n; i++) {
        const Instr *in = &p->code[i];
        if (in->op != OP_WHEN || in->dst != t->kpi->status) continue;
        Why why;
        vm_truth(t->vm, in->a, t->lane, &why);
        if (!why) continue;
        const StatusLine *line = &p->lines[in->imm];
        for (uint32_t k = 0; k < line->n_facts; k++) {
            const Fact *f = &p->facts[line->first_fact + k];
            if (f->truth != NO_REG) vm_truth(t->vm, f->truth, t->lane, &why);
            if (f->truth == NO_REG || !why || (direction && f->kind == FACT_DIRECTION)) continue;
            direction = direction || f->kind == FACT_DIRECTION;
            buf_puts(t->out, n++ == 0 ? ", depending on " : " and ");
            tell_unknown_fact(t, f);
        }
    }
    if (direction && (unknown & WHY(REASON_NO_ROW))) {
        buf_puts(t->out, ": no figure for ");
        tell_period_before(t);
    } else {
        buf_printf(t->out, ": %.*s", STR_ARG(why_words(unknown)));
    }
}

static void tell_candidates(const Telling *t, uint64_t pending) {
    const Scale *s = &t->vm->program->scales[t->kpi->status_scale];
    size_t n = 0;
    for (uint32_t i = 0; i < s->n_levels; i++) {
        if (!(pending >> i & 1)) continue;
        if (n++ > 0) buf_puts(t->out, " or ");
        tell_name(t->out, s->levels[i].name);
    }
    if (pending >> 63) buf_puts(t->out, n > 0 ? " or no data" : "no data");
}

static void tell_no_band(const Telling *t) {
    for (uint32_t i = 0; i < t->kpi->n_levels; i++) {
        const NamedLevel *l = &t->kpi->levels[i];
        Why why, why_figure;
        vm_level(t->vm, l->reg, t->lane, &why);
        uint16_t reg = banded_register(t, l->reg);
        if (!(why & (WHY(REASON_NO_BAND) | WHY(REASON_UNJUDGED))) || reg == NO_REG) continue;
        Number n = figure(t, reg, &why_figure);
        const BandTable *table = &t->vm->program->band_tables[l->band_table];
        tell_unit(t->out, n, t->kpi->decimals, t->kpi->mode, banded_unit(t, reg));
        buf_puts(t->out, " is in no band of ");
        tell_name(t->out, l->name);
        if (table->because.len > 0 && (why & WHY(REASON_UNJUDGED))) buf_printf(t->out, ": %.*s", STR_ARG(table->because));
        return;
    }
    buf_puts(t->out, "no band holds the value");
}

static void tell_missing(const Telling *t, const StatusLane *s) {
    Why why_value;
    Number value = figure(t, t->kpi->value, &why_value);
    Reason first = why_first(s->why);
    if (first == REASON_NO_BAND || (first == REASON_UNJUDGED && s->line == UINT32_MAX)) {
        tell_no_band(t);
    } else if (first == REASON_TOO_FEW) {
        buf_puts(t->out, "too few to judge");
        if (!why_value) {
            buf_puts(t->out, "; the figure is ");
            tell_unit(t->out, value, t->kpi->decimals, t->kpi->mode, t->kpi->unit);
        }
    } else {
        buf_printf(t->out, "the figure is missing (%.*s)", STR_ARG(why_words(s->why)));
    }
}

void explain_status(const Vm *vm, const Kpi *kpi, size_t lane, Buf *out) {
    Telling t = {vm, kpi, lane, out};
    if (!kpi->has_status) {
        buf_printf(out, "Not judged: %.*s", STR_ARG(kpi->unjudged));
        return;
    }
    StatusLane s = vm_status(vm, kpi->status, lane);
    tell_outcome(&t, s.level);
    const StatusLine *taken = taken_line(&t);
    if (taken) buf_printf(out, ", %.*s", STR_ARG(taken->text));
    bool several = s.pending != 0 && s.level == LEVEL_NO_DATA && s.line == UINT32_MAX;
    if (several) {
        buf_puts(out, ": ");
        tell_candidates(&t, s.pending);
        tell_unknown_conditions(&t, s.unknown);
    } else if (s.line != UINT32_MAX) {
        tell_line(&t, &vm->program->lines[s.line]);
    } else {
        buf_puts(out, ": ");
        tell_missing(&t, &s);
    }
}

const StatusLine *explain_line(const Vm *vm, const Kpi *kpi, size_t lane) {
    if (!kpi->has_status) return NULL;
    StatusLane s = vm_status(vm, kpi->status, lane);
    return s.line == UINT32_MAX ? NULL : &vm->program->lines[s.line];
}

uint32_t explain_wanting_line(const Vm *vm, const Kpi *kpi, size_t lane, Str *comparator) {
    const Program *p = vm->program;
    StatusLane s = vm_status(vm, kpi->status, lane);
    bool unsettled = s.pending != 0 && s.level == LEVEL_NO_DATA && s.line == UINT32_MAX;
    for (uint32_t i = kpi->fn.first; unsettled && i < kpi->fn.first + kpi->fn.n; i++) {
        const Instr *in = &p->code[i];
        if (in->op != OP_WHEN || in->dst != kpi->status) continue;
        Why why, why_b = 0;
        vm_truth(vm, in->a, lane, &why);
        if (!why) continue;
        const StatusLine *line = &p->lines[in->imm];
        for (uint32_t k = 0; k < line->n_facts; k++) {
            const Fact *f = &p->facts[line->first_fact + k];
            if (f->kind != FACT_DISTANCE && f->kind != FACT_COMPARE) continue;
            vm_number(vm, f->b, lane, &why_b);
            *comparator = f->name_b;
            if (why_b) return in->imm;
        }
    }
    return UINT32_MAX;
}
