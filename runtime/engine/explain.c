// SPDX-License-Identifier: Apache-2.0
// Sentences for results.
#include "runtime/engine/explain.h"

#include "runtime/engine/telling.h"
#include "runtime/engine/truth.h"

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

// The block that a KPI's status is settled by: its own, or that of the KPI whose status it takes.
typedef struct Source {
    uint16_t status;
    Str as;          // "as the rate"; empty: it is its own
    bool several;    // it is taken by way of a further KPI
    uint16_t judged; // what the block asks for first; NO_REG: none is in force
    const Kpi *kpi;  // whose block it is
    // By look_closer alone:
    uint16_t figure; // what is judged, without `needs`
    uint16_t needs;  // the truth of `needs`, or NO_REG
} Source;

// The instruction that hands on another status to that of [s], or NULL.
static const Instr *find_handed_on(const Telling *t, Source *s) {
    const Program *p = t->vm->program;
    const Instr *found = NULL;
    for (uint32_t i = t->kpi->fn.first; i < t->kpi->fn.first + t->kpi->fn.n; i++) {
        const Instr *in = &p->code[i];
        if (in->dst != s->status)
            continue;
        if (in->op == OP_OPEN)
            s->judged = in->a;
        if (in->op == OP_TAKE || in->op == OP_TAKE_DATED || in->op == OP_OVERRIDE)
            found = in;
    }
    return found;
}

static void enter_taken(Source *s, const Program *p, const StatusLine *line) {
    s->several = s->as.len > 0;
    s->as = s->as.len > 0 ? s->as : line->text;
    s->kpi = line->taken > 0 ? &p->kpis[line->taken - 1] : s->kpi;
}

static bool is_missing(const Telling *t, uint16_t reg) {
    return reg != NO_REG && vm_whys(t->vm, reg)[t->lane] != 0;
}

// A figure that is missing settles a block before it looks at another.
static Source find_source(const Telling *t) {
    const Program *p = t->vm->program;
    Source s = {.status = kpi_computed(t->kpi), .judged = NO_REG, .kpi = t->kpi};
    const Instr *in;
    while ((in = find_handed_on(t, &s)) != NULL) {
        if (is_missing(t, s.judged))
            break;
        const Validity *v =
            in->op == OP_TAKE_DATED ? vm_in_force(t->vm, &p->dated[in->imm], t->lane) : NULL;
        s.judged = NO_REG;
        if (in->op == OP_TAKE_DATED && !v)
            break;
        if (in->op == OP_TAKE)
            enter_taken(&s, p, &p->lines[in->imm]);
        s.status = v ? v->status : in->a;
    }
    return s;
}

static void look_closer(const Telling *t, Source *s) {
    const Instr *gate = s->judged != NO_REG ? telling_gate(t, s->judged) : NULL;
    s->figure = gate ? gate->a : s->judged;
    s->needs = gate ? gate->b : NO_REG;
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
    bool none =
        kpi->status_dated > 0 && !vm_in_force(t->vm, &p->dated[kpi->status_dated - 1], t->lane);
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

// The next line of [status] from instruction [*at] on whose condition is unknown, with its reasons,
// up to the first line that holds: lines behind that have no say. UINT32_MAX when there is none.
static uint32_t next_undecided_line(const Vm *vm, const Kpi *kpi, uint16_t status, size_t lane,
                                    uint32_t *at, Why *why) {
    while (*at < kpi->fn.first + kpi->fn.n) {
        const Instr *in = &vm->program->code[(*at)++];
        if (in->op != OP_WHEN || in->dst != status)
            continue;
        bool holds = vm_truth(vm, in->a, lane, why);
        if (*why)
            return in->imm;
        if (holds)
            break;
    }
    return UINT32_MAX;
}

enum { MAX_TOLD = 32 }; // what more than so many lines wait for may be told twice

// What was told of a status that several lines leave open.
typedef struct Told {
    size_t from[MAX_TOLD], len[MAX_TOLD]; // in the text
    size_t n;
} Told;

// Tells what [f] waits for, unless another line waited for the same.
static void tell_once(const Telling *t, const Fact *f, Told *told) {
    size_t before = t->out->len;
    buf_puts(t->out, told->n == 0 ? ", depending on " : " and ");
    size_t from = t->out->len;
    tell_unknown_fact(t, f);
    Str text = {t->out->s + from, t->out->len - from};
    for (size_t i = 0; i < told->n; i++)
        if (str_eq(text, (Str){t->out->s + told->from[i], told->len[i]})) {
            t->out->len = before;
            return;
        }
    if (told->n < MAX_TOLD) {
        told->from[told->n] = from;
        told->len[told->n++] = text.len;
    }
}

// The register that a comparison waits for.
static uint16_t waited_for(const Telling *t, const Fact *f) {
    Why why = 0;
    if (f->kind != FACT_COMPARE && f->kind != FACT_DISTANCE)
        return NO_REG;
    telling_figure(t, f->b, &why);
    return why ? f->b : f->a;
}

// Why a fact is unknown.
static void add_causes(Causes *c, const Fact *f, Why why) {
    uint16_t reg = waited_for(c->t, f);
    bool hole = f->kind == FACT_DIRECTION && (why & WHY(REASON_NO_ROW));
    if (f->kind == FACT_SPAN) {
        causes_add_span(c, &c->t->vm->program->spans[f->span], why);
    } else if (f->kind == FACT_DIRECTION || f->kind == FACT_CHART) {
        if (hole)
            causes_add_hole(c, (SpanFigure){NO_REG, 1, 0});
        c->why |= hole ? (Why)(why & ~WHY(REASON_NO_ROW)) : why;
    } else if (reg == NO_REG || !causes_add_among(c, reg)) {
        causes_trace(c, f->truth);
    }
}

static void tell_unknown_line(Causes *c, const StatusLine *line, Why unknown, Told *told) {
    for (uint32_t k = 0; k < line->n_facts; k++) {
        const Fact *f = &c->t->vm->program->facts[line->first_fact + k];
        Why why = 0;
        if (f->truth != NO_REG)
            vm_truth(c->t->vm, f->truth, c->t->lane, &why);
        if (!(why & unknown))
            continue;
        tell_once(c->t, f, told);
        add_causes(c, f, why);
    }
}

static void tell_unknown_conditions(const Telling *t, uint16_t status, Why unknown) {
    Causes c;
    causes_init(&c, t);
    Told told = {.n = 0};
    uint32_t at = t->kpi->fn.first, l;
    Why why;
    while ((l = next_undecided_line(t->vm, t->kpi, status, t->lane, &at, &why)) != UINT32_MAX)
        tell_unknown_line(&c, &t->vm->program->lines[l], why, &told);
    if (told.n == 0)
        c.why = unknown;
    buf_puts(t->out, ": ");
    tell_causes(&c);
    causes_free(&c);
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
    if (pending >> PENDING_NO_DATA)
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

// "its figure is missing", of a KPI whose status is taken.
static void tell_whose(const Telling *t, const Source *from) {
    if (from->as.len == 0) {
        buf_puts(t->out, "the figure");
    } else if (!from->several) {
        buf_puts(t->out, "its figure");
    } else {
        buf_puts(t->out, "the figure of ");
        buf_put(t->out, from->kpi->label.len > 0 ? from->kpi->label : from->kpi->name);
    }
}

// "the figure is missing (no row)", for a figure of several periods with those that lack one.
static void tell_missing_figure(const Telling *t, const Source *from, Why why) {
    Causes c;
    causes_init(&c, t);
    if (from->judged != NO_REG)
        causes_trace(&c, from->figure);
    tell_whose(t, from);
    buf_puts(t->out, " is missing (");
    if (c.holes.n > 0)
        tell_causes(&c);
    else
        buf_put(t->out, why_words(why));
    buf_char(t->out, ')');
    causes_free(&c);
}

static void tell_figure_shown(const Telling *t, const Source *from) {
    Why why;
    Number n = telling_figure(t, from->figure, &why);
    if (why)
        return;
    buf_puts(t->out, "; ");
    tell_whose(t, from);
    buf_puts(t->out, " is ");
    tell_unit(t->out, n, from->kpi->decimals, from->kpi->mode, from->kpi->unit);
}

// What is judged is missing, for its own sake or for that of `needs`.
static void tell_unjudged(const Telling *t, const Source *from, Why why) {
    Why why_figure = why, why_needs = 0;
    if (from->needs != NO_REG) {
        telling_figure(t, from->figure, &why_figure);
        vm_truth(t->vm, from->needs, t->lane, &why_needs);
    }
    if (why_needs && !why_figure) {
        tell_needs(t, from->needs);
        tell_figure_shown(t, from);
        return;
    }
    tell_missing_figure(t, from, why_figure);
    if (why_needs && !(why_figure & WHY(why_first(why)))) {
        buf_puts(t->out, "; ");
        tell_needs(t, from->needs);
    }
}

// "direction is not known: no figure for 2022", of the rows of a table by levels. False, having
// written nothing, when there is none.
static bool tell_row_level(const Telling *t, const Source *from) {
    const Program *p = t->vm->program;
    for (uint32_t i = t->kpi->fn.first; i < t->kpi->fn.first + t->kpi->fn.n; i++) {
        const Instr *in = &p->code[i];
        if (in->dst != from->status || (in->op != OP_CROSS && in->op != OP_MAP))
            continue;
        uint32_t line =
            in->op == OP_MAP ? p->maps[in->imm].line : p->cross_tables[in->imm].lines[0];
        const Fact *f = &p->facts[p->lines[line].first_fact];
        Why why;
        vm_level(t->vm, in->a, t->lane, &why);
        if (!why)
            return false;
        Causes c;
        causes_init(&c, t);
        tell_unknown_fact(t, f);
        buf_puts(t->out, " is not known: ");
        if (f->kind == FACT_DIRECTION)
            add_causes(&c, f, why);
        else
            causes_trace(&c, in->a);
        tell_causes(&c);
        causes_free(&c);
        return true;
    }
    return false;
}

static void tell_missing(const Telling *t, const StatusLane *s, Source *from) {
    look_closer(t, from);
    Reason first = why_first(s->why);
    bool not_met = first == REASON_TOO_FEW;
    if (not_met && from->needs != NO_REG) {
        Why why_needs;
        not_met = !vm_truth(t->vm, from->needs, t->lane, &why_needs) && !why_needs;
    }
    if (first == REASON_NO_BAND || (first == REASON_UNJUDGED && s->line == UINT32_MAX)) {
        tell_no_band(t);
    } else if (first == REASON_NO_RULES && not_in_force(t, from->kpi)) {
        tell_nearest(t, not_in_force(t, from->kpi));
    } else if (not_met) {
        buf_puts(t->out, "too few to judge");
        if (from->judged != NO_REG)
            tell_figure_shown(t, from);
    } else if (is_missing(t, from->judged) || !tell_row_level(t, from)) {
        tell_unjudged(t, from, s->why);
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
    Source from = find_source(t);
    if (from.as.len > 0)
        buf_printf(t->out, ", %.*s", STR_ARG(from.as));
    bool several = s.pending != 0 && s.level == LEVEL_NO_DATA && s.line == UINT32_MAX;
    if (several) {
        buf_puts(t->out, ": ");
        tell_candidates(t, s.pending);
        tell_unknown_conditions(t, from.status, s.unknown);
    } else if (line_is_judgement(s.line)) { // of the KPI whose status is taken
        buf_puts(t->out, ": ");
        tell_judgement(t, &t->vm->program->judgements[s.line - JUDGEMENT_LINE]);
    } else if (s.line != UINT32_MAX) {
        tell_line(t, &t->vm->program->lines[s.line]);
    } else {
        buf_puts(t->out, ": ");
        tell_missing(t, &s, &from);
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
    Why why;
    while (unsettled &&
           (l = next_undecided_line(vm, &now, kpi_computed(&now), lane, &at, &why)) != UINT32_MAX) {
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
