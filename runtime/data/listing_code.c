// SPDX-License-Identifier: Apache-2.0
#include <inttypes.h>

#include "runtime/data/listing.h"

static const Place nowhere = {.file = PLACE_NO_FILE};

// One function, and on which scale its registers hold levels and statuses: NO_SCALE where the code
// does not say.
typedef struct CodeListing {
    Listing *l;
    const Kpi *kpi;
    const Example *example;
    uint32_t *scales;
} CodeListing;

// ---- the scales of registers --------------------------------------------------------------------

static uint32_t given_scale(const Example *e, uint32_t slot) {
    for (uint32_t i = 0; e && i < e->n_columns; i++) {
        if (e->columns[i].given == slot) {
            return e->columns[i].scale;
        }
    }
    return NO_SCALE;
}

// Two registers that exchange a level are on one scale, whichever of them is known.
static void link_scales(CodeListing *c, uint16_t a, uint16_t b) {
    uint32_t known = c->scales[a] != NO_SCALE ? c->scales[a] : c->scales[b];
    c->scales[a] = c->scales[b] = known;
}

static void find_scale(CodeListing *c, const Instr *in) {
    const Program *p = c->l->p;
    if (in->op == OP_BAND) {
        c->scales[in->dst] = p->band_tables[in->imm].scale;
    } else if (in->op == OP_BAND_DATED) {
        c->scales[in->dst] = p->band_tables[p->dated[in->imm].v[0].band_table].scale;
    } else if (in->op == OP_TAKE_DATED) {
        for (uint32_t i = 0; i < p->dated[in->imm].n; i++) {
            link_scales(c, in->dst, p->dated[in->imm].v[i].status);
        }
    } else if (in->op == OP_DIRECTION) {
        c->scales[in->dst] = p->direction_scale;
    } else if (in->op == OP_ASSURANCE) {
        c->scales[in->dst] = p->assurance_scale;
    } else if (in->op == OP_VARIATION) {
        c->scales[in->dst] = p->variation_scale;
    } else if (in->op == OP_GIVEN_LEVEL) {
        c->scales[in->dst] = given_scale(c->example, in->imm);
    } else if (in->op == OP_MAP) {
        c->scales[in->dst] = p->maps[in->imm].to;
    } else if (in->op == OP_ELSE_LEVEL) {
        link_scales(c, in->a, in->b);
        link_scales(c, in->dst, in->a);
    } else if (in->op == OP_TAKE) {
        link_scales(c, in->dst, in->a);
    }
}

// Facts name the scale of a level outright, which tells a raw direction from a judged one.
static void find_scales_of_facts(CodeListing *c, const Instr *in) {
    const Program *p = c->l->p;
    const StatusLine *line = in->op == OP_WHEN ? &p->lines[in->imm] : NULL;
    for (uint32_t i = 0; line && i < line->n_facts; i++) {
        const Fact *f = &p->facts[line->first_fact + i];
        bool of_level =
            f->kind == FACT_LEVEL || f->kind == FACT_DIRECTION || f->kind == FACT_CHART;
        if (of_level && f->a != NO_REG) {
            c->scales[f->a] = f->scale;
        }
    }
}

static void find_scales(CodeListing *c) {
    const Function *fn = &c->kpi->fn;
    const Instr *code = c->l->p->code + fn->first;
    for (unsigned i = 0; i < fn->n_regs; i++) {
        c->scales[i] = NO_SCALE;
    }
    if (c->kpi->has_status) {
        c->scales[c->kpi->status] = c->kpi->status_scale;
    }
    // Twice, so that what a later instruction says reaches the earlier ones.
    for (int round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < fn->n; i++) {
            find_scale(c, &code[i]);
        }
        for (uint32_t i = 0; i < fn->n; i++) {
            find_scales_of_facts(c, &code[i]);
        }
    }
}

static uint32_t scale_of(const CodeListing *c, uint16_t reg) {
    return reg == NO_REG ? NO_SCALE : c->scales[reg];
}

// ---- immediates ---------------------------------------------------------------------------------

static void write_whys(Listing *l, Why why) {
    const char *between = "";
    for (unsigned i = 0; i < N_REASONS; i++) {
        if (why >> i & 1) {
            buf_puts(l->out, between);
            buf_put(l->out, reason_words((Reason)i));
            between = " and ";
        }
    }
}

static void write_shift(Listing *l, int32_t years, int32_t back) {
    if (years > 0) {
        buf_printf(l->out, ", %" PRId32 " years back", years);
    }
    if (back > 0) {
        buf_printf(l->out, ", %" PRId32 " back", back);
    }
}

static void write_load(Listing *l, const Load *load) {
    buf_put(l->out, l->p->metrics[load->metric].name);
    if (load->field != FIELD_VALUE) {
        buf_printf(l->out, ".%.*s", STR_ARG(l->p->fields[load->field]));
    }
    write_shift(l, load->years, load->back);
    if (load->within > 0) {
        buf_printf(l->out, ", latest within %" PRId32, load->within);
    }
}

static void write_span_code(Listing *l, const PeriodSpan *w) {
    static const char *const folds[N_FOLDS] = {"sum", "mean", "least", "greatest"};
    buf_printf(l->out, "%s of", folds[w->fold]);
    for (uint32_t i = 0; i < w->n; i++) {
        buf_printf(l->out, "%s r%u", i > 0 ? "," : "", (unsigned)w->figures[i].reg);
    }
    if (w->year != PERIOD_NONE) {
        buf_printf(l->out, " from the start of the %.*s", STR_ARG(period_kind_words(w->year)));
    }
    if (w->allowed > 0) {
        buf_printf(l->out, ", %" PRIu32 " may be missing", w->allowed);
    }
}

static void write_among(Listing *l, const Among *m) {
    static const char *const kinds[N_AMONG_KINDS] = {"mean", "median", "least", "greatest",
                                                     "rank", "quartile", "quintile", "figure"};
    buf_printf(l->out, "%s of series %" PRIu32, kinds[m->kind],
               listing_number(l->series_numbers, m->series));
    if (m->kind == AMONG_ENTITY) {
        buf_puts(l->out, " in ");
        listing_quote(l, m->entity);
    } else if (m->peers == AMONG_EVERYONE) {
        buf_puts(l->out, " among everyone");
    } else {
        buf_printf(l->out, " among %.*s", STR_ARG(l->p->peers[m->peers].name));
    }
    if (among_is_position(m->kind)) {
        buf_puts(l->out, m->low_is_good ? ", low is good" : ", high is good");
    }
    if (m->fixed.kind != PERIOD_NONE) {
        buf_puts(l->out, ", as of ");
        period_print(l->out, m->fixed);
    }
    write_shift(l, m->years, m->back);
    if (m->allowed > 0) {
        buf_printf(l->out, ", %" PRIu32 " may be missing", m->allowed);
    }
    if (m->least > 0) {
        buf_printf(l->out, ", at least %" PRIu32 " known", m->least);
    }
}

static void write_chart(Listing *l, const Chart *c) {
    buf_printf(l->out, "from at least %" PRIu32 " figures, %s", c->least,
               c->screen ? "large moving ranges screened" : "every moving range");
    buf_puts(l->out, c->low_is_good ? ", low is good" : "");
    if (c->first.kind != PERIOD_NONE) {
        buf_puts(l->out, ", baseline ");
        period_print(l->out, c->first);
        buf_puts(l->out, " to ");
        period_print(l->out, c->last);
    }
    for (uint32_t i = 0; i < c->n_rebases; i++) {
        buf_puts(l->out, ", rebase from ");
        period_print(l->out, c->rebases[i].from);
        buf_puts(l->out, " because ");
        listing_quote(l, c->rebases[i].because);
    }
    for (uint32_t i = 0; i < c->n_reads; i++) {
        buf_printf(l->out, "%s%.*s", i == 0 ? ", of " : " and ",
                   STR_ARG(l->p->metrics[c->reads[i]].name));
    }
}

static void write_given(CodeListing *c, uint32_t slot) {
    const Example *e = c->example;
    for (uint32_t i = 0; e && i < e->n_columns; i++) {
        if (e->columns[i].given == slot) {
            buf_put(c->l->out, e->columns[i].name);
            return;
        }
    }
    buf_printf(c->l->out, "slot %" PRIu32, slot);
}

static void write_truth(Listing *l, uint32_t imm) {
    if (imm < 2) {
        buf_puts(l->out, imm ? "yes" : "no");
        return;
    }
    buf_puts(l->out, "unknown ");
    write_whys(l, (Why)(imm - 2));
}

static void write_line_words(CodeListing *c, const Instr *in) {
    Listing *l = c->l;
    const StatusLine *line = &l->p->lines[in->imm];
    if (in->op == OP_TAKE) { // the outcome is the other status's
        listing_quote(l, line->text);
        return;
    }
    listing_level(l, scale_of(c, in->dst), line->outcome);
    listing_clause(l, line->otherwise ? "otherwise" : "when", line->text);
    listing_clause(l, "because", line->because);
}

static void write_flag(Listing *l, const Instr *in) {
    buf_puts(l->out, in->op == OP_DIRECTION || in->op == OP_ASSURANCE ? "low is good" : "even if suppressed");
}

static void write_immediate(CodeListing *c, const Instr *in) {
    Listing *l = c->l;
    switch (op_info[in->op].imm) {
    case IMM_NONE:
        return;
    case IMM_CONST:
        number_print(l->out, l->p->consts[in->imm]);
        return;
    case IMM_LOAD:
        write_load(l, &l->p->loads[in->imm]);
        return;
    case IMM_GIVEN:
        write_given(c, in->imm);
        return;
    case IMM_ROUND:
        listing_rounding(l, in->imm & 0xff, in->imm >> 8);
        return;
    case IMM_FLAG:
        write_flag(l, in);
        return;
    case IMM_TRUTH:
        write_truth(l, in->imm);
        return;
    case IMM_LEVEL:
        listing_level(l, scale_of(c, in->dst), in->imm);
        return;
    case IMM_LEVELS:
        listing_levels(l, scale_of(c, in->a), in->imm);
        return;
    case IMM_BANDS:
        buf_printf(l->out, "bands %" PRIu32, listing_number(l->band_numbers, in->imm));
        return;
    case IMM_LINE:
        write_line_words(c, in);
        return;
    case IMM_CROSS: // the rows follow on lines of their own
    case IMM_MAP:
    case IMM_TRAJECTORY:
        buf_puts(l->out, "by");
        return;
    case IMM_JUDGEMENTS:
        buf_printf(l->out, "overrides %" PRIu32, listing_number(l->override_numbers, in->imm));
        return;
    case IMM_SPAN:
        write_span_code(l, &l->p->spans[in->imm]);
        return;
    case IMM_AMONG:
        write_among(l, &l->p->amongs[in->imm]);
        return;
    case IMM_DATED: // what is in force follows on lines of its own
        buf_puts(l->out, "by");
        write_shift(l, l->p->dated[in->imm].years, l->p->dated[in->imm].back);
        return;
    case IMM_CHART:
        write_chart(l, &l->p->charts[in->imm]);
        return;
    case IMM_TEXT:
        listing_quote(l, l->p->texts[in->imm]);
        return;
    case IMM_WHY:
        write_whys(l, (Why)in->imm);
        return;
    }
}

static bool shows_immediate(const Instr *in) {
    ImmKind kind = op_info[in->op].imm;
    return kind != IMM_NONE && (kind != IMM_FLAG || in->imm != 0);
}

// ---- instructions -------------------------------------------------------------------------------

static void write_instruction(CodeListing *c, const Instr *in) {
    Buf *out = c->l->out;
    const char *between = " ";
    const uint16_t operands[] = {in->a, in->b, in->c};
    buf_printf(out, "    r%u = %s", (unsigned)in->dst, op_info[in->op].mnemonic);
    for (size_t i = 0; i < sizeof operands / sizeof operands[0]; i++) {
        if (operands[i] != NO_REG) {
            buf_printf(out, "%sr%u", between, (unsigned)operands[i]);
            between = ", ";
        }
    }
    if (shows_immediate(in)) {
        buf_puts(out, between);
        write_immediate(c, in);
    }
}

static void list_cross_rows(CodeListing *c, const Instr *in) {
    Listing *l = c->l;
    const CrossTable *t = &l->p->cross_tables[in->imm];
    for (uint32_t a = 0; a < t->n_a; a++) {
        buf_puts(l->out, "      ");
        listing_level(l, scale_of(c, in->a), a);
        buf_char(l->out, ':');
        for (uint32_t b = 0; b <= t->n_b; b++) {
            buf_puts(l->out, b > 0 ? ", " : " ");
            if (b < t->n_b) {
                listing_level(l, scale_of(c, in->b), b);
            } else {
                buf_puts(l->out, "unknown");
            }
            buf_puts(l->out, " -> ");
            listing_level(l, scale_of(c, in->dst), t->cells[(size_t)a * (t->n_b + 1) + b]);
        }
        listing_end(l, l->p->lines[t->lines[a]].place);
    }
}

static void list_map_rows(CodeListing *c, const Instr *in) {
    Listing *l = c->l;
    const LevelMap *map = &l->p->maps[in->imm];
    for (uint32_t a = 0; a < l->p->scales[map->from].n_levels; a++) {
        buf_puts(l->out, "      ");
        listing_level(l, map->from, a);
        buf_puts(l->out, " -> ");
        listing_level(l, map->to, map->outcome[a]);
        listing_end(l, nowhere);
    }
}

static void list_trajectory(Listing *l, const Trajectory *t) {
    for (uint32_t i = 0; i < t->n; i++) {
        buf_puts(l->out, "      ");
        period_print(l->out, t->periods[i]);
        buf_char(l->out, ' ');
        number_print(l->out, l->p->consts[t->values[i]]);
        listing_end(l, nowhere);
    }
}

static void list_dated(Listing *l, const Instr *in) {
    const Dated *d = &l->p->dated[in->imm];
    for (uint32_t i = 0; i < d->n; i++) {
        buf_puts(l->out, "      ");
        validity_print(l->out, &d->v[i]);
        if (in->op == OP_BAND_DATED) {
            buf_printf(l->out, ": bands %" PRIu32,
                       listing_number(l->band_numbers, d->v[i].band_table));
        } else {
            buf_printf(l->out, ": r%u", (unsigned)d->v[i].status);
        }
        listing_end(l, d->v[i].place);
    }
}

// ---- facts --------------------------------------------------------------------------------------

static const char *relation_words(Relation r) {
    switch (r) {
    case REL_LT:
        return "<";
    case REL_LE:
        return "<=";
    case REL_GT:
        return ">";
    case REL_GE:
        return ">=";
    case REL_EQ:
        return "=";
    case REL_NE:
        return "<>";
    case REL_BETTER:
        return "better than";
    case REL_WORSE:
        return "worse than";
    case REL_NO_BETTER:
        return "no better than";
    case REL_NO_WORSE:
        return "no worse than";
    case REL_AT_OR_BETTER:
        return "at or better than";
    case REL_AT_OR_WORSE:
        return "at or worse than";
    case REL_WITHIN:
        return "within";
    case REL_WITHIN_OR_BETTER:
        return "within or better than";
    case REL_OVER_BETTER:
        return "over, better than";
    case REL_OVER_WORSE:
        return "over, worse than";
    case REL_LEAST_BETTER:
        return "at least, better than";
    case REL_LEAST_WORSE:
        return "at least, worse than";
    case REL_MOST_BETTER:
        return "no more than, better than";
    case REL_MOST_WORSE:
        return "no more than, worse than";
    }
    return "";
}

static void write_named_register(Listing *l, uint16_t reg, Str name) {
    if (reg != NO_REG) {
        buf_printf(l->out, " r%u", (unsigned)reg);
    }
    if (name.len > 0) {
        buf_char(l->out, ' ');
        listing_quote(l, name);
    }
}

static void write_limit(Listing *l, const Fact *f) {
    write_named_register(l, f->c, (Str){0});
    if (f->has_limit) {
        buf_puts(l->out, " of ");
        number_print(l->out, f->limit);
        buf_char(l->out, ' ');
        listing_unit(l, f->unit_c);
        buf_puts(l->out, f->relative ? " relative" : "");
    }
}

static void write_span(Listing *l, const Fact *f) {
    const PeriodSpan *w = &l->p->spans[f->span];
    buf_char(l->out, ' ');
    listing_quote(l, f->text);
    for (uint32_t i = 0; i < w->n; i++) {
        buf_printf(l->out, "%s r%u", i > 0 ? " and" : ":", (unsigned)w->figures[i].reg);
        write_shift(l, w->figures[i].years, w->figures[i].back);
    }
}

static void write_fact(Listing *l, const Fact *f) {
    switch (f->kind) {
    case FACT_COMPARE:
    case FACT_DISTANCE:
        write_named_register(l, f->a, f->name_a);
        buf_printf(l->out, " %s", relation_words(f->relation));
        write_named_register(l, f->b, f->name_b);
        if (f->kind == FACT_DISTANCE) {
            buf_puts(l->out, ", limit");
            write_limit(l, f);
        }
        return;
    case FACT_LEVEL:
    case FACT_CHART:
    case FACT_DIRECTION:
        write_named_register(l, f->a, f->name_a);
        if (f->levels != 0) {
            buf_puts(l->out, " is ");
            listing_levels(l, f->scale, f->levels);
        }
        return;
    case FACT_SPAN:
        write_span(l, f);
        return;
    case FACT_KNOWN:
        write_named_register(l, f->a, f->name_a);
        buf_puts(l->out, " is known");
        return;
    case FACT_OTHER:
        buf_char(l->out, ' ');
        listing_quote(l, f->text);
        return;
    }
}

// What the line can say for itself once it has decided.
static void list_facts(Listing *l, const StatusLine *line) {
    for (uint32_t i = 0; i < line->n_facts; i++) {
        const Fact *f = &l->p->facts[line->first_fact + i];
        buf_puts(l->out, "      fact");
        if (f->truth != NO_REG) {
            buf_printf(l->out, " %sr%u:", f->negated ? "not " : "", (unsigned)f->truth);
        }
        write_fact(l, f);
        listing_end(l, nowhere);
    }
}

// ---- the function -------------------------------------------------------------------------------

static void list_details(CodeListing *c, const Instr *in) {
    switch (op_info[in->op].imm) {
    case IMM_CROSS:
        list_cross_rows(c, in);
        return;
    case IMM_MAP:
        list_map_rows(c, in);
        return;
    case IMM_TRAJECTORY:
        list_trajectory(c->l, &c->l->p->trajectories[in->imm]);
        return;
    case IMM_DATED:
        list_dated(c->l, in);
        return;
    case IMM_LINE:
        list_facts(c->l, &c->l->p->lines[in->imm]);
        return;
    case IMM_NONE:
    case IMM_CONST:
    case IMM_LOAD:
    case IMM_GIVEN:
    case IMM_ROUND:
    case IMM_FLAG:
    case IMM_TRUTH:
    case IMM_LEVEL:
    case IMM_LEVELS:
    case IMM_BANDS:
    case IMM_TEXT:
    case IMM_WHY:
    case IMM_SPAN:
    case IMM_AMONG:
    case IMM_JUDGEMENTS:
    case IMM_CHART:
        return;
    }
}

void listing_code(Listing *l, const Kpi *k, const Example *example) {
    CodeListing c = {.l = l, .kpi = k, .example = example};
    c.scales = ARENA_ARRAY(&l->scratch, uint32_t, k->fn.n_regs);
    if (!c.scales) {
        return; // the listing as a whole is marked as failed
    }
    find_scales(&c);
    buf_printf(l->out, "  code, %u registers", (unsigned)k->fn.n_regs);
    listing_end(l, nowhere);
    for (uint32_t i = k->fn.first; i < k->fn.first + k->fn.n; i++) {
        write_instruction(&c, &l->p->code[i]);
        listing_end(l, l->p->places ? l->p->places[i] : nowhere);
        list_details(&c, &l->p->code[i]);
    }
}
