// SPDX-License-Identifier: Apache-2.0
// Where a cell of the one set of rules meets a cell of the other.
#include <string.h>

#include "runtime/prove/difference_parts.h"

// ---- texts and planned values -------------------------------------------------------------------

static bool names_text(DifferenceSide *side, size_t choice, Str text) {
    uint32_t ids[PATHS_MAX_DECISIONS];
    Paths *x = &side->proof.paths;
    size_t n = paths_constants_beside(x, &x->choices[choice], ids, PATHS_MAX_DECISIONS);
    for (size_t i = 0; i < n; i++)
        if (str_eq(x->program->texts[ids[i]], text))
            return true;
    return false;
}

static bool plans_for(const DifferenceSide *side, size_t choice, Str period) {
    const Paths *x = &side->proof.paths;
    const Trajectory *t = &x->program->trajectories[x->choices[choice].imm];
    Buf name = {0};
    bool found = false;
    for (uint32_t i = 0; i < t->n && !found; i++) {
        name.len = 0;
        period_print(&name, t->periods[i]);
        found = str_eq(buf_str(&name), period);
    }
    buf_free(&name);
    return found;
}

// Does this side leave the text or period to what it calls other, or missing?
static bool leaves_out(DifferenceSide *side, size_t shared, Str is) {
    for (size_t i = 0; i < side->proof.paths.n_chosen; i++) {
        if (side->choice[i] != shared)
            continue;
        bool planned = side->proof.paths.choices[i].op == OP_TRAJECTORY;
        if (planned ? plans_for(side, i, is) : names_text(side, i, is))
            return false;
    }
    return true;
}

static Str what_it_is(Arena *a, const DifferenceSide *side, size_t choice, int32_t is) {
    const Paths *x = &side->proof.paths;
    const PathChoice *c = &x->choices[choice];
    if (c->op != OP_TRAJECTORY)
        return x->program->texts[is];
    Buf name = {0};
    period_print(&name, x->program->trajectories[c->imm].periods[is]);
    Str s = arena_str(a, buf_str(&name));
    buf_free(&name);
    return s;
}

// What one side takes for granted of a choice; false where the other has ruled it out.
static bool take_choice(Arena *a, const Shared *s, Region *r, DifferenceSide *side,
                        DifferenceSide *other, size_t choice, int32_t is) {
    size_t at = side->choice[choice];
    bool is_text = s->choices[at].is_text;
    ChoiceKind old = r->choice[at];
    if (is == PATH_CHOICE_UNSEEN)
        return true;
    ChoiceKind kind = is >= 0                     ? CHOICE_IS
                      : is == PATH_CHOICE_MISSING ? CHOICE_MISSING
                                                  : CHOICE_OTHER;
    Str text = kind == CHOICE_IS ? what_it_is(a, side, choice, is) : (Str){0};
    if (old == CHOICE_ANY || (old == kind && kind != CHOICE_IS)) {
        r->choice[at] = kind;
        r->is[at] = text;
        return true;
    }
    if (old == CHOICE_IS && kind == CHOICE_IS)
        return str_eq(r->is[at], text);
    if (old != CHOICE_IS && kind != CHOICE_IS) // another text, or none at all
        return false;
    // A text that the other side does not name is another there; a period that it has no plan for
    // is without a planned value.
    bool can_be = is_text ? old == CHOICE_OTHER || kind == CHOICE_OTHER : true;
    if (old == CHOICE_IS)
        return can_be && leaves_out(side, at, r->is[at]);
    r->choice[at] = kind;
    r->is[at] = text;
    return can_be && leaves_out(other, at, text);
}

// ---- figures ------------------------------------------------------------------------------------

static bool take_known(Region *r, const DifferenceSide *side, const Cell *c) {
    for (size_t i = 0; i < side->proof.paths.n_vars; i++) {
        PathKnown *known = &r->known[side->var[i]];
        if (c->taken.known[i] == PATH_UNSEEN)
            continue;
        if (*known != PATH_UNSEEN && *known != c->taken.known[i])
            return false;
        *known = c->taken.known[i];
    }
    return true;
}

bool difference_meet(Arena *a, const Shared *s, DifferenceSide *before, const Cell *b,
                     DifferenceSide *after, const Cell *f, Region *out) {
    *out = (Region){0};
    if (!take_known(out, before, b) || !take_known(out, after, f))
        return false;
    for (size_t i = 0; i < before->proof.paths.n_chosen; i++)
        if (!take_choice(a, s, out, before, after, i, b->taken.is[i]))
            return false;
    for (size_t i = 0; i < after->proof.paths.n_chosen; i++)
        if (!take_choice(a, s, out, after, before, i, f->taken.is[i]))
            return false;
    return true;
}

// The constraints of a cell over the shared figures.
size_t difference_constraints(const DifferenceSide *side, const Cell *c, Constraint *out) {
    for (size_t i = 0; i < c->n_constraints; i++) {
        const Linear *from = &c->constraints[i].form;
        out[i] = (Constraint){linear_const(from->k), c->constraints[i].strict};
        for (size_t k = 0; k < side->proof.paths.n_vars; k++) {
            Number *by = &out[i].form.c[side->var[k]]; // two variables may be one figure
            if (!number_add(side->proof.paths.arena, *by, from->c[k], by))
                return SIZE_MAX;
        }
    }
    return c->n_constraints;
}

ReplayCase difference_case(const DifferenceSide *side, const Cell *c, const Number *point) {
    ReplayCase out = {.taken = c->taken};
    for (size_t i = 0; i < LINEAR_MAX_VARS; i++)
        out.point[i] = number_int(0);
    for (size_t i = 0; i < side->proof.paths.n_vars; i++)
        out.point[i] = point[side->var[i]];
    return out;
}
