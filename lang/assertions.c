// SPDX-License-Identifier: Apache-2.0
// Assertions: what must be true of the figures, compiled like any other condition.
#include "lang/format.h"
#include "lang/gen.h"

static bool read_severity(Compiler *c, const Node *word, bool *is_warning) {
    static const char *const words[] = {"error", "warning"};
    if (!word)
        return true;
    Str given = node_text(word);
    Suggestion near = suggest_for(given);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        suggest_consider(&near, str_from(words[i]));
        if (str_eq(given, str_from(words[i]))) {
            *is_warning = i == 1;
            return true;
        }
    }
    Diag *d = report(c, D_SYNTAX, node_place(word), "an assertion that fails cannot be `%.*s`",
                     STR_ARG(given));
    if (!did_you_mean(c, d, &near))
        d->hint = STR("write `as warning`, or leave it out: then it is an error");
    return false;
}

// Keeps the two sides of every comparison that was made since fact [from]. The facts themselves are
// for status lines.
static void keep_sides(Gen *g, size_t from, Assertion *a) {
    Compiler *c = g->c;
    a->sides = ARENA_ARRAY(c->arena, AssertedSides, c->facts.n - from);
    for (size_t i = from; a->sides && i < c->facts.n; i++) {
        const Fact *f = &c->facts.v[i];
        bool has_sides = f->kind == FACT_COMPARE || f->kind == FACT_DISTANCE;
        if (has_sides && f->truth != NO_REG && f->a != NO_REG && f->b != NO_REG)
            a->sides[a->n_sides++] =
                (AssertedSides){f->truth, f->a, f->b, f->negated, f->unit_a, f->unit_b, f->text};
    }
    c->facts.n = from;
}

static void lower_assertion(Compiler *c, const Node *n) {
    const Node *text = node_kid(n, 0), *condition = node_kid(n, 1);
    Assertion a = {.text = arena_str(c->arena, node_string(c->scratch, text)),
                   .condition = format_phrase(c->arena, condition),
                   .place = node_place(n)};
    bool good = read_severity(c, node_kid(n, 2), &a.is_warning);
    Fn fn = {.c = c, .first = (uint32_t)c->code.n};
    Gen g = {.c = c, .fn = &fn, .place = a.place, .collect_reads = true};
    size_t from = c->facts.n;
    Val holds = lower_condition(&g, condition);
    keep_sides(&g, from, &a);
    if (holds.type != VAL_TRUTH || !good)
        return;
    if (g.reads.n == 0) {
        report(c, D_ASSERTION_EMPTY, node_place(condition),
               "`%.*s` reads no metric, so there is no figure of which it could be true",
               STR_ARG(a.condition))
            ->hint = STR("write a condition on metrics, e.g. visits_in_time <= visits_due");
        return;
    }
    a.truth = holds.reg;
    a.reads = g.reads.v;
    a.n_reads = (uint32_t)g.reads.n;
    a.fn = finish_function(&g);
    VEC_PUSH(c->arena, &c->assertions, a);
}

void lower_assertions(Compiler *c) {
    for (size_t i = 0; i < c->assert_nodes.n && !compiler_failed(c); i++)
        lower_assertion(c, c->assert_nodes.v[i]);
}
