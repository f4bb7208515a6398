// SPDX-License-Identifier: Apache-2.0
#include "runtime/data/verify.h"

enum { ALL_WHYS = (1 << N_REASONS) - 1 };

// One function on its way from the first instruction to the last.
typedef struct Walk {
    Verifier *v;
    const Function *fn;
    const Example *example; // NULL for a KPI
    RegState *regs;
    uint32_t at; // index into the program's code
    const Instr *in;
} Walk;

static const char *kind_word(int kind) {
    static const char *const words[] = {"number", "truth", "level", "text", "status"};
    return kind >= 0 && kind <= KIND_STATUS ? words[kind] : "value";
}

static const char *mnemonic(const Walk *w) {
    return w->in->op < N_OPCODES ? op_info[w->in->op].mnemonic : "?";
}

static bool fail(Walk *w, const char *what, uint64_t value) {
    return verifier_fail(w->v, "instruction %u (%s): %s (%llu)", w->at, mnemonic(w), what,
                         (unsigned long long)value);
}

// ---- operands -----------------------------------------------------------------------------------

static bool is_of_kind(const Walk *w, uint16_t reg, int kind) {
    int found = w->fn->reg_kind[reg];
    // A status keeps its reasons in itself, so it is no operand of any kind.
    return kind == OPERAND_ANY ? found != KIND_STATUS : found == kind;
}

static bool check_register(Walk *w, uint16_t reg, int kind) {
    if (kind == OPERAND_NONE) {
        return reg == NO_REG || fail(w, "a register that the operation does not have", reg);
    }
    if (reg >= w->fn->n_regs) {
        return fail(w, "there is no such register", reg);
    }
    return is_of_kind(w, reg, kind) || fail(w, "a register of the wrong kind", reg);
}

static bool check_source(Walk *w, uint16_t reg, int kind) {
    return check_register(w, reg, kind) &&
           (kind == OPERAND_NONE || w->regs[reg].written ||
            fail(w, "a register that is read before it is written", reg));
}

// A load of a figure must not find a text's id, nor the other way round.
static bool check_load(Walk *w) {
    const Program *p = w->v->p;
    bool wants_text = w->in->op == OP_LOAD_TEXT;
    return p->field_is_text[p->loads[w->in->imm].field] == wants_text ||
           fail(w, "a field of the wrong type", p->loads[w->in->imm].field);
}

static bool check_index(Walk *w, uint32_t n) {
    return w->in->imm < n || fail(w, "an index out of range", w->in->imm);
}

static bool check_span(Walk *w, uint32_t index) {
    const PeriodSpan *span = &w->v->p->spans[index];
    for (uint32_t i = 0; i < span->n; i++) {
        if (!check_source(w, span->figures[i].reg, KIND_NUMBER)) {
            return false;
        }
    }
    return true;
}

static bool check_immediate(Walk *w, ImmKind kind) {
    const Program *p = w->v->p;
    uint32_t imm = w->in->imm;
    switch (kind) {
    case IMM_NONE:
        return imm == 0 || fail(w, "an immediate that the operation does not have", imm);
    case IMM_CONST:
        return check_index(w, p->n_consts);
    case IMM_LOAD:
        return check_index(w, p->n_loads) && check_load(w);
    case IMM_GIVEN:
        return check_index(w, w->example ? w->example->n_given : 0);
    case IMM_ROUND:
        return ((imm & 0xff) <= NUMBER_MAX_DECIMALS && imm >> 8 <= ROUND_HALF_EVEN) ||
               fail(w, "a rounding that does not exist", imm);
    case IMM_FLAG:
        return check_index(w, 2);
    case IMM_TRUTH:
        return imm < 2 || (imm > 2 && imm - 2 <= ALL_WHYS) ||
               fail(w, "neither a truth nor a set of reasons", imm);
    case IMM_LEVEL:
        return check_index(w, SCALE_MAX_LEVELS);
    case IMM_LEVELS:
        return true;
    case IMM_BANDS:
        return check_index(w, p->n_band_tables);
    case IMM_LINE:
        return check_index(w, p->n_lines);
    case IMM_CROSS:
        return check_index(w, p->n_cross_tables);
    case IMM_MAP:
        return check_index(w, p->n_maps);
    case IMM_TEXT:
        return check_index(w, p->n_texts);
    case IMM_WHY:
        return (imm != 0 && imm <= ALL_WHYS) || fail(w, "no set of reasons", imm);
    case IMM_TRAJECTORY:
        return check_index(w, p->n_trajectories);
    case IMM_JUDGEMENTS:
        return check_index(w, p->n_judgement_sets);
    case IMM_SPAN:
        return check_index(w, p->n_spans) && check_span(w, imm);
    case IMM_AMONG:
        return check_index(w, p->n_amongs) &&
               (p->amongs[imm].series < w->v->n_series ||
                fail(w, "a series that is not worked out before", p->amongs[imm].series));
    case IMM_DATED:
        return check_index(w, p->n_dated);
    case IMM_CHART:
        return check_index(w, p->n_charts);
    }
    return fail(w, "an immediate of an unknown kind", imm);
}

// ---- facts of a status line ---------------------------------------------------------------------

static bool check_fact_register(Walk *w, uint16_t reg, int kind) {
    return reg == NO_REG || check_source(w, reg, kind);
}

static bool check_fact_level(Walk *w, const Fact *f) {
    const Program *p = w->v->p;
    return check_source(w, f->a, KIND_LEVEL) &&
           verifier_index(w->v, "scale", f->scale, p->n_scales) &&
           (f->band_table == UINT32_MAX ||
            verifier_index(w->v, "band table", f->band_table, p->n_band_tables)) &&
           (f->dated == 0 || verifier_index(w->v, "dated", f->dated - 1, p->n_dated)) &&
           (w->regs[f->a].n_levels <= verifier_levels(w->v, f->scale) ||
            fail(w, "a fact about a level of another scale", f->scale));
}

static bool check_fact(Walk *w, const Fact *f) {
    // The rows of tables and mappings hold by a level, not by a condition.
    bool of_condition = w->in->op == OP_WHEN;
    if (!(of_condition ? check_source(w, f->truth, KIND_TRUTH)
                       : check_fact_register(w, f->truth, KIND_TRUTH))) {
        return false;
    }
    switch (f->kind) {
    case FACT_COMPARE:
    case FACT_DISTANCE:
        return check_fact_register(w, f->a, KIND_NUMBER) &&
               check_fact_register(w, f->b, KIND_NUMBER) &&
               check_fact_register(w, f->c, KIND_NUMBER);
    case FACT_LEVEL:
    case FACT_CHART:
    case FACT_DIRECTION:
        return check_fact_level(w, f);
    case FACT_SPAN:
        return verifier_index(w->v, "span", f->span, w->v->p->n_spans) && check_span(w, f->span);
    case FACT_KNOWN:
    case FACT_OTHER:
        return check_fact_register(w, f->a, OPERAND_ANY) &&
               check_fact_register(w, f->b, OPERAND_ANY) &&
               check_fact_register(w, f->c, OPERAND_ANY);
    }
    return fail(w, "a fact of an unknown kind", (uint64_t)f->kind);
}

static bool check_line(Walk *w, uint32_t index) {
    const StatusLine *line = &w->v->p->lines[index];
    for (uint32_t i = 0; i < line->n_facts; i++) {
        if (!check_fact(w, &w->v->p->facts[line->first_fact + i])) {
            return false;
        }
    }
    return true;
}

// ---- what an instruction leaves behind ----------------------------------------------------------

static void raise_levels(RegState *r, uint8_t n_levels) {
    r->n_levels = r->n_levels < n_levels ? n_levels : r->n_levels;
}

static void raise_outcome(RegState *r, uint8_t outcome) {
    if (outcome != LEVEL_NO_DATA) {
        raise_levels(r, (uint8_t)(outcome + 1));
    }
}

static bool is_open(Walk *w) {
    return w->regs[w->in->dst].block == BLOCK_OPEN ||
           fail(w, "a status block that is not open", w->in->dst);
}

static bool step_open(Walk *w) {
    RegState *r = &w->regs[w->in->dst];
    if (r->block == BLOCK_OPEN) {
        return fail(w, "a status block that is open already", w->in->dst);
    }
    *r = (RegState){.written = true, .block = BLOCK_OPEN};
    return true;
}

static bool step_line(Walk *w) {
    raise_outcome(&w->regs[w->in->dst], w->v->p->lines[w->in->imm].outcome);
    return is_open(w) && check_line(w, w->in->imm);
}

static bool step_cross(Walk *w) {
    const CrossTable *t = &w->v->p->cross_tables[w->in->imm];
    if (!is_open(w)) {
        return false;
    }
    if (w->regs[w->in->a].n_levels > t->n_a || w->regs[w->in->b].n_levels > t->n_b) {
        return fail(w, "a level that has no place in the cross table", w->in->imm);
    }
    for (size_t i = 0; i < (size_t)t->n_a * (t->n_b + 1); i++) {
        raise_outcome(&w->regs[w->in->dst], t->cells[i]);
    }
    for (uint32_t i = 0; i < t->n_a; i++) {
        if (!check_line(w, t->lines[i])) {
            return false;
        }
    }
    return true;
}

static bool step_map(Walk *w) {
    const LevelMap *map = &w->v->p->maps[w->in->imm];
    raise_levels(&w->regs[w->in->dst], verifier_levels(w->v, map->to));
    return is_open(w) && check_line(w, map->line) &&
           (w->regs[w->in->a].n_levels <= verifier_levels(w->v, map->from) ||
            fail(w, "a level that the mapping does not know", w->in->a));
}

static bool step_take(Walk *w) {
    const RegState *a = &w->regs[w->in->a];
    raise_levels(&w->regs[w->in->dst], a->n_levels);
    return is_open(w) &&
           (a->block == BLOCK_CLOSED ||
            fail(w, "a status that is taken before it is closed", w->in->a)) &&
           check_line(w, w->in->imm);
}

static bool step_take_dated(Walk *w) {
    const Dated *d = &w->v->p->dated[w->in->imm];
    for (uint32_t i = 0; i < d->n; i++) {
        uint16_t from = d->v[i].status;
        if (!check_source(w, from, KIND_STATUS) ||
            (w->regs[from].block != BLOCK_CLOSED &&
             !fail(w, "a status that is taken before it is closed", from))) {
            return false;
        }
        raise_levels(&w->regs[w->in->dst], w->regs[from].n_levels);
    }
    return is_open(w);
}

static bool step_close(Walk *w) {
    bool open = is_open(w);
    w->regs[w->in->dst].block = BLOCK_CLOSED;
    return open;
}

static bool step_override(Walk *w) {
    const RegState *a = &w->regs[w->in->a];
    const JudgementSet *set = &w->v->p->judgement_sets[w->in->imm];
    if (w->in->dst == w->in->a || w->regs[w->in->dst].written) {
        return fail(w, "a status that is overridden in its own place", w->in->dst);
    }
    if (a->block != BLOCK_CLOSED) {
        return fail(w, "a status that is overridden before it is closed", w->in->a);
    }
    w->regs[w->in->dst] = *a;
    for (uint32_t i = 0; i < set->n; i++) {
        raise_levels(&w->regs[w->in->dst],
                     (uint8_t)(w->v->p->judgements[set->first + i].level + 1));
    }
    return true;
}

static bool step_value(Walk *w, uint8_t n_levels) {
    w->regs[w->in->dst] = (RegState){.written = true, .n_levels = n_levels};
    return true;
}

static bool step_band_dated(Walk *w) {
    const Program *p = w->v->p;
    const Dated *d = &p->dated[w->in->imm];
    uint8_t n_levels = 0;
    for (uint32_t i = 0; i < d->n; i++) {
        if (!verifier_index(w->v, "band table", d->v[i].band_table, p->n_band_tables)) {
            return false;
        }
        uint8_t n = verifier_levels(w->v, p->band_tables[d->v[i].band_table].scale);
        n_levels = n_levels < n ? n : n_levels;
    }
    return step_value(w, n_levels);
}

static bool step_else_level(Walk *w) {
    uint8_t a = w->regs[w->in->a].n_levels, b = w->regs[w->in->b].n_levels;
    return step_value(w, a > b ? a : b);
}

static bool step_given_level(Walk *w) {
    const Example *e = w->example;
    for (uint32_t i = 0; i < e->n_columns; i++) {
        if (e->columns[i].given == w->in->imm) {
            return verifier_index(w->v, "scale", e->columns[i].scale, w->v->p->n_scales) &&
                   step_value(w, verifier_levels(w->v, e->columns[i].scale));
        }
    }
    return fail(w, "a slot that no column gives", w->in->imm);
}

static bool step(Walk *w) {
    const Program *p = w->v->p;
    switch ((Opcode)w->in->op) {
    case OP_OPEN:
        return step_open(w);
    case OP_WHEN:
    case OP_OTHERWISE:
        return step_line(w);
    case OP_CROSS:
        return step_cross(w);
    case OP_MAP:
        return step_map(w);
    case OP_TAKE:
        return step_take(w);
    case OP_TAKE_DATED:
        return step_take_dated(w);
    case OP_CLOSE:
        return step_close(w);
    case OP_OVERRIDE:
        return step_override(w);
    case OP_CONST_LEVEL:
        return step_value(w, (uint8_t)(w->in->imm + 1));
    case OP_GIVEN_LEVEL:
        return step_given_level(w);
    case OP_BAND:
        return step_value(w, verifier_levels(w->v, p->band_tables[w->in->imm].scale));
    case OP_BAND_DATED:
        return step_band_dated(w);
    case OP_DIRECTION:
        return step_value(w, LEVEL_IMPROVING + 1);
    case OP_VARIATION:
        return step_value(w, verifier_levels(w->v, p->variation_scale));
    case OP_CHART_RULE:
        return step_value(w, verifier_levels(w->v, p->chart_rule_scale));
    case OP_ASSURANCE:
        return step_value(w, LEVEL_PASSING + 1);
    case OP_ELSE_LEVEL:
        return step_else_level(w);
    case OP_LOAD:
    case OP_LOAD_TEXT:
    case OP_CONST:
    case OP_MISSING:
    case OP_GIVEN:
    case OP_TRAJECTORY:
    case OP_PERIOD_END:
    case OP_SPAN:
    case OP_AMONG:
    case OP_CHART_LOW:
    case OP_CHART_MEAN:
    case OP_CHART_HIGH:
    case OP_ADD:
    case OP_SUB:
    case OP_MUL:
    case OP_DIV:
    case OP_SHARE:
    case OP_NEG:
    case OP_ABS:
    case OP_MIN:
    case OP_MAX:
    case OP_ROUND:
    case OP_ELSE:
    case OP_GATE:
    case OP_LT:
    case OP_LE:
    case OP_EQ:
    case OP_NE:
    case OP_SAME_TEXT:
    case OP_CONST_TEXT:
    case OP_ENTITY:
    case OP_CONST_TRUTH:
    case OP_AND:
    case OP_OR:
    case OP_NOT:
    case OP_IF_KNOWN:
    case OP_KNOWN:
    case OP_IS:
        return step_value(w, 0);
    case N_OPCODES:
        break;
    }
    return fail(w, "an operation that does not exist", w->in->op);
}

static bool check_instruction(Walk *w) {
    if (w->in->op >= N_OPCODES) {
        return fail(w, "an operation that does not exist", w->in->op);
    }
    const OpInfo *info = &op_info[w->in->op];
    return check_register(w, w->in->dst, info->dst) && check_source(w, w->in->a, info->a) &&
           check_source(w, w->in->b, info->b) && check_source(w, w->in->c, info->c) &&
           check_immediate(w, info->imm) && step(w);
}

// ---- the whole function -------------------------------------------------------------------------

static bool check_shape(Verifier *v, const Function *fn) {
    if (fn->n > v->p->n_code || fn->first > v->p->n_code - fn->n) {
        return verifier_fail(v, "code from %u, %u instructions, of %u", fn->first, fn->n,
                             v->p->n_code);
    }
    if (fn->n_regs > PROGRAM_MAX_REGS) {
        return verifier_fail(v, "%u registers, the most is %d", (unsigned)fn->n_regs,
                             PROGRAM_MAX_REGS);
    }
    for (unsigned i = 0; i < fn->n_regs; i++) {
        if (fn->reg_kind[i] > KIND_STATUS) {
            return verifier_fail(v, "register %u of unknown kind %u", i, (unsigned)fn->reg_kind[i]);
        }
    }
    return true;
}

bool verify_code(Verifier *v, const Function *fn, const Example *example, RegState **regs) {
    if (!check_shape(v, fn)) {
        return false;
    }
    Walk w = {.v = v, .fn = fn, .example = example};
    w.regs = ARENA_ARRAY(&v->scratch, RegState, fn->n_regs);
    if (!w.regs) {
        return false; // program_verify says so
    }
    for (uint32_t i = 0; i < fn->n; i++) {
        w.at = fn->first + i;
        w.in = &v->p->code[w.at];
        if (!check_instruction(&w)) {
            return false;
        }
    }
    for (unsigned i = 0; i < fn->n_regs; i++) {
        if (w.regs[i].block == BLOCK_OPEN) {
            return verifier_fail(v, "the status block in register %u is never closed", i);
        }
    }
    for (size_t i = 0; i < fn->n_settables; i++) {
        if (!verify_register(v, fn, w.regs, fn->settables[i].reg, KIND_NUMBER, "a settable")) {
            return false;
        }
    }
    *regs = w.regs;
    return true;
}

bool verify_register(Verifier *v, const Function *fn, const RegState *regs, uint16_t reg,
                     ValueKind kind, const char *role) {
    if (reg >= fn->n_regs) {
        return verifier_fail(v, "%s: there is no register %u", role, (unsigned)reg);
    }
    if (fn->reg_kind[reg] != kind) {
        return verifier_fail(v, "%s: register %u is no %s", role, (unsigned)reg,
                             kind_word((int)kind));
    }
    return regs[reg].written ||
           verifier_fail(v, "%s: register %u is never written", role, (unsigned)reg);
}
