// SPDX-License-Identifier: Apache-2.0
// Sentences for results.
#include "runtime/engine/explain.h"

#include "runtime/engine/telling.h"

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

// ---- sentences ----------------------------------------------------------------------------------

// `as the rate`: the line of an OP_TAKE in this KPI's own status, or NULL.
static const StatusLine *taken_line(const Telling *t) {
    const Program *p = t->vm->program;
    for (uint32_t i = t->kpi->fn.first; i < t->kpi->fn.first + t->kpi->fn.n; i++)
        if (p->code[i].op == OP_TAKE && p->code[i].dst == kpi_computed(t->kpi))
            return &p->lines[p->code[i].imm];
    return NULL;
}

Kpi explain_in_force(const Vm *vm, const Kpi *kpi, size_t lane) {
    Kpi now = *kpi;
    const Validity *v = kpi->has_status && kpi->status_dated > 0
                            ? vm_in_force(vm, &vm->program->dated[kpi->status_dated - 1], lane)
                            : NULL;
    if (v) {
        now.status = v->status;
        now.has_overrides = false;
    }
    return now;
}

static void tell_validity(const Telling *t, Str name, uint32_t dated, size_t *n) {
    const Dated *d = dated > 0 ? &t->vm->program->dated[dated - 1] : NULL;
    const Validity *v = d ? vm_in_force(t->vm, d, t->lane) : NULL;
    if (!v)
        return;
    buf_puts(t->out, (*n)++ == 0 ? " (" : "; ");
    tell_name(t->out, name);
    buf_puts(t->out, " valid ");
    validity_print(t->out, v);
}

// " (ofsted valid from 2023; rag valid from 2021 to 2024)", of what there are several of.
static void tell_validities(const Telling *t, const Kpi *kpi) {
    size_t n = 0;
    for (uint32_t i = 0; i < kpi->n_levels; i++)
        tell_validity(t, kpi->levels[i].name, kpi->levels[i].dated, &n);
    tell_validity(t, kpi->status_name, kpi->status_dated, &n);
    buf_puts(t->out, n > 0 ? ")" : "");
}

// How far the period lies from what is in force nearest to it.
static void tell_nearest(const Telling *t, const Dated *d) {
    const Vm *vm = t->vm;
    Period p = vm->as_of.kind != PERIOD_NONE ? vm->as_of
               : vm->lanes                   ? vm->lanes[t->lane].period
                                             : (Period){0, PERIOD_NONE};
    buf_puts(t->out, "no ");
    tell_name(t->out, d->name);
    if (p.kind == PERIOD_NONE) {
        buf_puts(t->out, " is in force, since the figure has no period");
        return;
    }
    int32_t day = period_last_day(p);
    const Validity *after = NULL, *before = NULL;
    for (uint32_t i = 0; i < d->n; i++) {
        if (d->v[i].last < day)
            before = &d->v[i];
        if (d->v[i].first > day && !after)
            after = &d->v[i];
    }
    buf_puts(t->out, " is in force on ");
    period_print(t->out, (Period){day, PERIOD_DAY});
    for (const Validity *v = before; v; v = v == before ? after : NULL) {
        buf_puts(t->out, v == before ? "; the one before is valid " : "; the next is valid ");
        validity_print(t->out, v);
    }
    if (!before && after) {
        buf_puts(t->out, "; the first is valid ");
        validity_print(t->out, after);
    }
}

// That of which nothing is in force; NULL when all that there is several of is.
static const Dated *not_in_force(const Telling *t, const Kpi *kpi) {
    const Program *p = t->vm->program;
    for (uint32_t i = 0; i < kpi->n_levels; i++) {
        uint32_t dated = kpi->levels[i].dated;
        if (dated > 0 && !vm_in_force(t->vm, &p->dated[dated - 1], t->lane))
            return &p->dated[dated - 1];
    }
    bool none = kpi->status_dated > 0 &&
                !vm_in_force(t->vm, &p->dated[kpi->status_dated - 1], t->lane);
    return none ? &p->dated[kpi->status_dated - 1] : NULL;
}

static void tell_outcome(const Telling *t, uint8_t level) {
    if (level == LEVEL_NO_DATA) {
        buf_puts(t->out, "No data");
        return;
    }
    const Level *l = &t->vm->program->scales[t->kpi->status_scale].levels[level];
    if (l->label.len > 0)
        buf_put(t->out, l->label);
    else
        tell_name(t->out, l->name);
}

static void tell_line(const Telling *t, const StatusLine *line) {
    buf_puts(t->out, ": ");
    if (line->otherwise) {
        if (line->because.len > 0)
            buf_put(t->out, line->because);
        else
            buf_puts(t->out, "no other line of the rule holds");
        return;
    }
    if (line->because.len > 0) {
        buf_put(t->out, line->because);
        buf_puts(t->out, ": ");
    }
    if (tell_facts(t, line) == 0)
        buf_put(t->out, line->text);
}

// The next status line from instruction [*at] on whose condition is unknown, up to the first line
// that holds: lines behind that have no say. UINT32_MAX when there is none.
static uint32_t next_undecided_line(const Vm *vm, const Kpi *kpi, size_t lane, uint32_t *at) {
    while (*at < kpi->fn.first + kpi->fn.n) {
        const Instr *in = &vm->program->code[(*at)++];
        if (in->op != OP_WHEN || in->dst != kpi_computed(kpi))
            continue;
        Why why;
        bool holds = vm_truth(vm, in->a, lane, &why);
        if (why)
            return in->imm;
        if (holds)
            break;
    }
    return UINT32_MAX;
}

static void tell_unknown_conditions(const Telling *t, Why unknown) {
    const Program *p = t->vm->program;
    bool direction = false;
    const PeriodSpan *span = NULL;
    size_t n = 0;
    uint32_t at = t->kpi->fn.first, l;
    while ((l = next_undecided_line(t->vm, t->kpi, t->lane, &at)) != UINT32_MAX) {
        const StatusLine *line = &p->lines[l];
        for (uint32_t k = 0; k < line->n_facts; k++) {
            const Fact *f = &p->facts[line->first_fact + k];
            Why why = 0;
            if (f->truth != NO_REG)
                vm_truth(t->vm, f->truth, t->lane, &why);
            if (f->truth == NO_REG || !why || (direction && f->kind == FACT_DIRECTION))
                continue;
            direction = direction || f->kind == FACT_DIRECTION;
            if (f->kind == FACT_SPAN)
                span = &p->spans[f->span];
            buf_puts(t->out, n++ == 0 ? ", depending on " : " and ");
            tell_unknown_fact(t, f);
        }
    }
    buf_puts(t->out, ": ");
    if (span && tell_missing_of_span(t, span))
        return;
    if (direction && (unknown & WHY(REASON_NO_ROW))) {
        buf_puts(t->out, "no figure for ");
        tell_period_before(t);
    } else {
        buf_put(t->out, why_words(unknown));
    }
}

static void tell_candidates(const Telling *t, uint64_t pending) {
    const Scale *s = &t->vm->program->scales[t->kpi->status_scale];
    size_t n = 0;
    for (uint32_t i = 0; i < s->n_levels; i++) {
        if (!(pending >> i & 1))
            continue;
        pending &= ~(UINT64_C(1) << i);
        if (n++ > 0)
            buf_puts(t->out, pending == 0 ? " or " : ", ");
        tell_name(t->out, s->levels[i].name);
    }
    if (pending >> 63)
        buf_puts(t->out, n > 0 ? " or no data" : "no data");
}

static void tell_no_band(const Telling *t) {
    for (uint32_t i = 0; i < t->kpi->n_levels; i++) {
        const NamedLevel *l = &t->kpi->levels[i];
        Why why, why_figure;
        vm_level(t->vm, l->reg, t->lane, &why);
        uint16_t reg = telling_banded_register(t, l->reg);
        if (!(why & (WHY(REASON_NO_BAND) | WHY(REASON_UNJUDGED))) || reg == NO_REG)
            continue;
        Number n = telling_figure(t, reg, &why_figure);
        const BandTable *table = telling_table(t, l->dated, l->band_table);
        tell_unit(t->out, n, t->kpi->decimals, t->kpi->mode, telling_banded_unit(t, reg));
        buf_puts(t->out, " is in no band of ");
        tell_name(t->out, l->name);
        if (table->because.len > 0 && (why & WHY(REASON_UNJUDGED)))
            buf_printf(t->out, ": %.*s", STR_ARG(table->because));
        return;
    }
    buf_puts(t->out, "no band holds the value");
}

// The span that the KPI's value is missing for, if it is made from one that is, else NULL. [live]
// has room for the registers.
static const PeriodSpan *find_missing_span(const Telling *t, bool *live) {
    const Program *p = t->vm->program;
    const Function *fn = &t->kpi->fn;
    live[t->kpi->value] = true;
    for (uint32_t i = fn->first + fn->n; i-- > fn->first;) {
        const Instr *in = &p->code[i];
        const uint16_t operands[] = {in->a, in->b, in->c};
        Why why = 0;
        if (in->dst == NO_REG || !live[in->dst])
            continue;
        if (in->op == OP_SPAN)
            telling_figure(t, in->dst, &why);
        if (why & WHY(REASON_NO_ROW))
            return &p->spans[in->imm];
        for (size_t k = 0; k < sizeof operands / sizeof *operands; k++)
            if (operands[k] != NO_REG)
                live[operands[k]] = true;
    }
    return NULL;
}

// "the figure is missing (no row)", for a figure of several periods with those that lack one.
static void tell_missing_figure(const Telling *t, Why why) {
    Arena scratch;
    arena_init(&scratch, 0);
    bool *live = ARENA_ARRAY(&scratch, bool, t->kpi->fn.n_regs);
    const PeriodSpan *span = live ? find_missing_span(t, live) : NULL;
    buf_puts(t->out, "the figure is missing (");
    if (!span || !tell_missing_of_span(t, span))
        buf_put(t->out, why_words(why));
    buf_char(t->out, ')');
    arena_free(&scratch);
}

static void tell_missing(const Telling *t, const StatusLane *s) {
    Why why_value;
    Number value = telling_figure(t, t->kpi->value, &why_value);
    Reason first = why_first(s->why);
    if (first == REASON_NO_BAND || (first == REASON_UNJUDGED && s->line == UINT32_MAX)) {
        tell_no_band(t);
    } else if (first == REASON_NO_RULES && not_in_force(t, t->kpi)) {
        tell_nearest(t, not_in_force(t, t->kpi));
    } else if (first == REASON_TOO_FEW) {
        buf_puts(t->out, "too few to judge");
        if (!why_value) {
            buf_puts(t->out, "; the figure is ");
            tell_unit(t->out, value, t->kpi->decimals, t->kpi->mode, t->kpi->unit);
        }
    } else {
        tell_missing_figure(t, s->why);
    }
}

// "by hand (Performance board, until 2023-07): why".
static void tell_judgement(const Telling *t, const Judgement *j) {
    buf_printf(t->out, "by hand (%.*s, until ", STR_ARG(j->by));
    period_print(t->out, j->to);
    buf_printf(t->out, "): %.*s", STR_ARG(j->because));
}

static void tell_status(const Telling *t, StatusLane s) {
    tell_outcome(t, s.level);
    const StatusLine *taken = taken_line(t);
    if (taken)
        buf_printf(t->out, ", %.*s", STR_ARG(taken->text));
    bool several = s.pending != 0 && s.level == LEVEL_NO_DATA && s.line == UINT32_MAX;
    if (several) {
        buf_puts(t->out, ": ");
        tell_candidates(t, s.pending);
        tell_unknown_conditions(t, s.unknown);
    } else if (line_is_judgement(s.line)) { // of the KPI whose status is taken
        buf_puts(t->out, ": ");
        tell_judgement(t, &t->vm->program->judgements[s.line - JUDGEMENT_LINE]);
    } else if (s.line != UINT32_MAX) {
        tell_line(t, &t->vm->program->lines[s.line]);
    } else {
        buf_puts(t->out, ": ");
        tell_missing(t, &s);
    }
}

// Does the KPI read what is set by hand in the row?
static bool reads_by_hand(const Telling *t, const Kpi *kpi, const HandFigure *h) {
    const Program *p = t->vm->program;
    Lane lane = t->vm->lanes[t->lane];
    for (size_t i = 0; i < kpi->fn.n_settables; i++)
        if (hand_of_kpi(p->hand, &kpi->fn.settables[i], lane) == h)
            return true;
    for (uint32_t i = kpi->fn.first; i < kpi->fn.first + kpi->fn.n; i++)
        if (p->code[i].op == OP_LOAD &&
            vm_load_source(t->vm, &p->loads[p->code[i].imm], lane).hand == h)
            return true;
    return false;
}

// "; set by hand for this run: statistical neighbours 25%".
static void tell_by_hand(const Telling *t, const Kpi *kpi) {
    const Program *p = t->vm->program;
    size_t n_told = 0;
    for (size_t i = 0; t->vm->lanes && p->hand && i < p->hand->n; i++) {
        const HandFigure *h = &p->hand->v[i];
        if (!reads_by_hand(t, kpi, h))
            continue;
        buf_puts(t->out, n_told++ == 0 ? "; set by hand for this run: " : ", ");
        tell_name(t->out, h->of_kpi ? h->name : p->metrics[h->metric].name);
        buf_char(t->out, ' ');
        if (h->why)
            buf_put(t->out, why_words(h->why));
        else
            tell_unit(t->out, h->number, -1, ROUND_HALF_AWAY,
                      h->of_kpi ? kpi->unit : p->metrics[h->metric].unit);
    }
}

void explain_status(const Vm *vm, const Kpi *kpi, size_t lane, Buf *out) {
    Kpi now = explain_in_force(vm, kpi, lane);
    Telling t = {vm, &now, lane, out};
    if (!kpi->has_status) {
        buf_printf(out, "Not judged: %.*s", STR_ARG(kpi->unjudged));
        return;
    }
    const Judgement *own = explain_override(vm, kpi, lane);
    if (own) {
        tell_outcome(&t, own->level);
        buf_char(out, ' ');
        tell_judgement(&t, own);
        buf_puts(out, explain_computed_words(own->because));
    }
    tell_status(&t, vm_status(vm, kpi_computed(kpi), lane));
    tell_validities(&t, kpi);
    tell_by_hand(&t, kpi);
}

const char *explain_computed_words(Str because) {
    bool ended = because.len > 0 && because.s[because.len - 1] == '.';
    return ended ? " Computed: " : "; computed: ";
}

const StatusLine *explain_line(const Vm *vm, const Kpi *kpi, size_t lane) {
    if (!kpi->has_status)
        return NULL;
    StatusLane s = vm_status(vm, kpi->status, lane);
    bool none = s.line == UINT32_MAX || line_is_judgement(s.line);
    return none ? NULL : &vm->program->lines[s.line];
}

const Judgement *explain_judgement(const Vm *vm, const Kpi *kpi, size_t lane) {
    if (!kpi->has_status)
        return NULL;
    StatusLane s = vm_status(vm, kpi->status, lane);
    return line_is_judgement(s.line) ? &vm->program->judgements[s.line - JUDGEMENT_LINE] : NULL;
}

const Judgement *explain_override(const Vm *vm, const Kpi *kpi, size_t lane) {
    if (!kpi->has_status || !kpi->has_overrides)
        return NULL;
    bool taken = vm_status(vm, kpi->computed, lane).line == vm_status(vm, kpi->status, lane).line;
    return taken ? NULL : explain_judgement(vm, kpi, lane);
}

uint32_t explain_wanting_line(const Vm *vm, const Kpi *kpi, size_t lane, Str *comparator) {
    const Program *p = vm->program;
    Kpi now = explain_in_force(vm, kpi, lane);
    StatusLane s = vm_status(vm, kpi->status, lane);
    bool unsettled = s.pending != 0 && s.level == LEVEL_NO_DATA && s.line == UINT32_MAX;
    uint32_t at = kpi->fn.first, l;
    while (unsettled && (l = next_undecided_line(vm, &now, lane, &at)) != UINT32_MAX) {
        const StatusLine *line = &p->lines[l];
        for (uint32_t k = 0; k < line->n_facts; k++) {
            const Fact *f = &p->facts[line->first_fact + k];
            if (f->kind != FACT_DISTANCE && f->kind != FACT_COMPARE)
                continue;
            Why why_b;
            vm_number(vm, f->b, lane, &why_b);
            *comparator = f->name_b;
            if (why_b)
                return l;
        }
    }
    return UINT32_MAX;
}
