// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/inspect_labels.h"

#include "runtime/data/label_marks.h"
#include "runtime/edges/inspect_profile.h"

// What holds of every text looked at so far.
typedef struct Common {
    size_t n;
    bool own;                        // in the language's own form, and of one kind
    PeriodKind kind;                 // of the first
    bool usual[N_PERIOD_KINDS];      // readable once the kind is declared
    LabelWays asked[N_PERIOD_KINDS]; // in these ways of the kind
    bool only_digits;
} Common;

static Str bare_label(Str text) {
    Str word, rest;
    return label_usual_mark(text, &word, &rest) ? rest : text;
}

static bool is_digits(Str s) {
    for (size_t i = 0; i < s.len; i++) {
        if (s.s[i] < '0' || s.s[i] > '9') {
            return false;
        }
    }
    return true;
}

static void look_at(Common *c, Str text) {
    Period p = {0, PERIOD_NONE};
    bool parsed = period_parse(text, &p);
    c->kind = c->n == 0 ? p.kind : c->kind;
    c->own = c->own && parsed && p.kind == c->kind;
    c->only_digits = c->only_digits && is_digits(text);
    for (unsigned k = PERIOD_DAY; k < N_PERIOD_KINDS; k++) {
        LabelWays fits = label_fits(text, label_ways((PeriodKind)k, true));
        bool is_kind = parsed && p.kind == (PeriodKind)k;
        c->usual[k] = c->usual[k] && (is_kind || (fits & label_ways((PeriodKind)k, false)) != 0);
        c->asked[k] &= fits;
    }
    c->n++;
}

// Two labels such as 2010-11 and 2011-12, or 201011 and 201112, are pairs of years, although each
// could be a month.
static bool are_pairs(const Common *c) {
    return c->n > 1 && c->usual[PERIOD_FINANCIAL_YEAR] && c->usual[PERIOD_MONTH];
}

static void choose_kind(LabelGuess *g, const Common *c) {
    static const PeriodKind order[] = {PERIOD_MONTH, PERIOD_FINANCIAL_YEAR, PERIOD_QUARTER,
                                       PERIOD_FINANCIAL_QUARTER, PERIOD_DAY};
    enum { N_ORDER = sizeof order / sizeof *order };
    g->declared = true;
    if (are_pairs(c)) {
        g->kind = PERIOD_FINANCIAL_YEAR;
        g->other = PERIOD_MONTH;
        return;
    }
    if (c->own) {
        g->kind = c->kind;
        g->declared = false;
        return;
    }
    for (size_t i = 0; i < N_ORDER && g->kind == PERIOD_NONE; i++) {
        g->kind = c->usual[order[i]] ? order[i] : PERIOD_NONE;
    }
    for (size_t i = 0; i < N_ORDER && g->kind == PERIOD_NONE; i++) {
        if (c->asked[order[i]] != 0) {
            g->kind = order[i];
            g->ways = c->asked[order[i]];
        }
    }
    if (g->kind == PERIOD_MONTH && g->ways == 0 && c->usual[PERIOD_FINANCIAL_YEAR]) {
        g->other = PERIOD_FINANCIAL_YEAR;
    } else if (g->kind == PERIOD_FINANCIAL_YEAR) {
        g->other = PERIOD_ACADEMIC_YEAR;
    }
}

static void note_mark(LabelGuess *g, Str text) {
    Str word, rest;
    Mark mark = label_usual_mark(text, &word, &rest);
    bool seen = !mark;
    for (size_t i = 0; i < g->n_marks; i++) {
        seen = seen || str_eq(g->marks[i].word, word);
    }
    if (!seen && g->n_marks < LABEL_MAX_MARKS) {
        g->marks[g->n_marks++] = (LabelMark){word, label_mark_words(mark)};
    }
}

LabelGuess label_guess(const Intern *texts, bool named) {
    LabelGuess g = {.kind = PERIOD_NONE, .other = PERIOD_NONE};
    Common c = {.own = true, .only_digits = true};
    for (unsigned k = PERIOD_DAY; k < N_PERIOD_KINDS; k++) {
        c.usual[k] = true;
        c.asked[k] = ~UINT64_C(0);
    }
    for (uint32_t i = 0; i < texts->n; i++) {
        Str text = intern_text(texts, i);
        if (symbol_words(text).len == 0) {
            look_at(&c, bare_label(text));
        }
    }
    if (c.n == 0 || (c.only_digits && !named)) {
        return g;
    }
    choose_kind(&g, &c);
    for (uint32_t i = 0; i < texts->n && g.kind != PERIOD_NONE; i++) {
        note_mark(&g, intern_text(texts, i));
    }
    return g;
}

bool label_guess_read(const LabelGuess *g, Str text, Period *out) {
    Str bare = bare_label(text);
    LabelWays ways = g->ways != 0 ? g->ways & (~g->ways + 1) : label_ways(g->kind, false);
    return (period_parse(bare, out) && out->kind == g->kind) || label_read(bare, ways, out);
}
