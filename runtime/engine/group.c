// SPDX-License-Identifier: Apache-2.0
#include "runtime/engine/group.h"

typedef struct Truth {
    bool yes;
    Why why; // 0: known
} Truth;

typedef struct Judging {
    const Program *p;
    const Group *g;
    const MemberStatus *members;
    Arena *arena;
} Judging;

enum { PENDING_NO_DATA = 63 };

bool group_counts(const Group *g, const MemberStatus *m) {
    return m->level != LEVEL_NO_DATA || g->no_data == GROUP_COUNTS_AS;
}

uint8_t group_level(const Group *g, const MemberStatus *m) {
    return m->level == LEVEL_NO_DATA ? g->counts_as : m->level;
}

static bool has_level(const Judging *j, uint32_t member, uint32_t levels) {
    const MemberStatus *m = &j->members[member];
    return group_counts(j->g, m) && levels >> group_level(j->g, m) & 1;
}

// Why none of the members that are asked about counts.
static Why reasons_of(const Judging *j, bool critical) {
    Why why = 0;
    for (uint32_t i = 0; i < j->g->n_members; i++)
        if (!critical || j->g->members[i].critical)
            why |= j->members[i].why;
    return why;
}

static Truth test_quantity(const Judging *j, const GroupTerm *t) {
    uint32_t n = 0, n_with = 0;
    for (uint32_t i = 0; i < j->g->n_members; i++) {
        if ((t->critical && !j->g->members[i].critical) || !group_counts(j->g, &j->members[i]))
            continue;
        n++;
        n_with += has_level(j, i, t->levels);
    }
    if (n == 0) // the critical members are all without data: neither yes nor no
        return (Truth){false, reasons_of(j, t->critical)};
    return (Truth){t->test == GROUP_ANY ? n_with > 0 : n_with == n, 0};
}

static Truth test_extreme(const Judging *j, const GroupTerm *t) {
    uint8_t extreme = LEVEL_NO_DATA;
    for (uint32_t i = 0; i < j->g->n_members; i++) {
        if (!group_counts(j->g, &j->members[i]))
            continue;
        uint8_t level = group_level(j->g, &j->members[i]);
        if (extreme == LEVEL_NO_DATA || (t->test == GROUP_WORST ? level < extreme : level > extreme))
            extreme = level;
    }
    return (Truth){t->levels >> extreme & 1, 0};
}

static bool share_of(const Judging *j, Number part, Number whole, Number *out) {
    return number_mul(j->arena, part, number_int(100), out) &&
           number_div(j->arena, *out, whole, out);
}

// False when a number becomes too large.
static bool work_out(const Judging *j, const GroupFigure *f, Number *out) {
    if (f->kind == GROUP_CONSTANT) {
        *out = j->p->consts[f->constant];
        return true;
    }
    Number part = number_int(0), whole = number_int(0);
    for (uint32_t i = 0; i < j->g->n_members; i++) {
        if (!group_counts(j->g, &j->members[i]))
            continue;
        Number weight =
            f->kind == GROUP_WEIGHTED_SHARE ? j->g->members[i].weight : number_int(1);
        if (!number_add(j->arena, whole, weight, &whole) ||
            (has_level(j, i, f->levels) && !number_add(j->arena, part, weight, &part)))
            return false;
    }
    *out = part;
    return f->kind == GROUP_COUNT || share_of(j, part, whole, out);
}

static bool holds(Relation r, int order) {
    return r == REL_LT   ? order < 0
           : r == REL_LE ? order <= 0
           : r == REL_GT ? order > 0
           : r == REL_GE ? order >= 0
           : r == REL_EQ ? order == 0
                         : order != 0;
}

static Truth test_compare(const Judging *j, const GroupTerm *t) {
    Number left, right;
    if (!work_out(j, &t->left, &left) || !work_out(j, &t->right, &right))
        return (Truth){false, WHY(REASON_TOO_LARGE)};
    return (Truth){holds(t->relation, number_cmp(left, right)), 0};
}

static Truth both(Truth a, Truth b) {
    if ((!a.why && !a.yes) || (!b.why && !b.yes))
        return (Truth){false, 0};
    return (Truth){!a.why && !b.why, (Why)(a.why | b.why)};
}

static Truth either(Truth a, Truth b) {
    if ((!a.why && a.yes) || (!b.why && b.yes))
        return (Truth){true, 0};
    return (Truth){false, (Why)(a.why | b.why)};
}

// Terms stand behind those that they are made of, so one walk works all of them out.
static void test_all(const Judging *j, Truth *truths) {
    for (uint32_t i = 0; i < j->g->n_terms; i++) {
        const GroupTerm *t = &j->g->terms[i];
        switch (t->test) {
        case GROUP_ANY:
        case GROUP_ALL:
            truths[i] = test_quantity(j, t);
            break;
        case GROUP_WORST:
        case GROUP_BEST:
            truths[i] = test_extreme(j, t);
            break;
        case GROUP_MEMBER: {
            bool counts = group_counts(j->g, &j->members[t->member]);
            truths[i] = (Truth){has_level(j, t->member, t->levels),
                                counts ? 0 : j->members[t->member].why};
            break;
        }
        case GROUP_COMPARE:
            truths[i] = test_compare(j, t);
            break;
        case GROUP_NOT:
            truths[i] = (Truth){!truths[t->a].why && !truths[t->a].yes, truths[t->a].why};
            break;
        case GROUP_AND:
            truths[i] = both(truths[t->a], truths[t->b]);
            break;
        case GROUP_OR:
            truths[i] = either(truths[t->a], truths[t->b]);
            break;
        case GROUP_IF_KNOWN:
            truths[i] = (Truth){truths[t->a].yes, 0};
            break;
        case N_GROUP_TESTS:
            break;
        }
    }
}

static uint64_t outcome_bit(uint8_t outcome) {
    return UINT64_C(1) << (outcome == LEVEL_NO_DATA ? PENDING_NO_DATA : outcome);
}

// As a KPI's lines: an unknown line does not decide, but what it would have given must agree.
static void decide(const Group *g, const Truth *truths, GroupStatus *out) {
    Why unknown = 0;
    for (uint32_t i = 0; i < g->n_lines; i++) {
        const GroupLine *line = &g->lines[i];
        Truth t = line->otherwise ? (Truth){true, 0} : truths[line->term];
        if (t.why) {
            out->pending |= outcome_bit(line->outcome);
            unknown |= t.why;
        } else if (t.yes) {
            uint64_t candidates = out->pending | outcome_bit(line->outcome);
            bool settled = candidates == outcome_bit(line->outcome);
            out->pending = settled ? 0 : candidates;
            out->level = settled ? line->outcome : LEVEL_NO_DATA;
            out->line = settled ? i : UINT32_MAX;
            out->why = !settled ? unknown : line->outcome == LEVEL_NO_DATA ? WHY(REASON_UNJUDGED) : 0;
            return;
        }
    }
    out->why = unknown; // cannot come to this: the last line holds
}

static void note_lines(const Group *g, const Truth *truths, bool *holds) {
    for (uint32_t i = 0; i < g->n_lines; i++) {
        const GroupLine *line = &g->lines[i];
        holds[i] = line->otherwise || (!truths[line->term].why && truths[line->term].yes);
    }
}

bool group_judge_lines(const Program *p, const Group *g, const MemberStatus *members, Arena *a,
                       GroupStatus *out, bool *holds) {
    Judging j = {p, g, members, a};
    *out = (GroupStatus){.level = LEVEL_NO_DATA, .line = UINT32_MAX};
    uint32_t n_counting = 0, n_without = 0;
    for (uint32_t i = 0; i < g->n_members; i++) {
        n_counting += group_counts(g, &members[i]);
        n_without += members[i].level == LEVEL_NO_DATA;
    }
    if (n_counting == 0 || (g->no_data == GROUP_STOPS && n_without > 0)) {
        out->why = reasons_of(&j, false);
        return true;
    }
    Truth *truths = ARENA_ARRAY(a, Truth, g->n_terms);
    if (!truths)
        return false;
    test_all(&j, truths);
    decide(g, truths, out);
    if (holds)
        note_lines(g, truths, holds);
    return !a->failed;
}

bool group_judge(const Program *p, const Group *g, const MemberStatus *members, Arena *a,
                 GroupStatus *out) {
    return group_judge_lines(p, g, members, a, out, NULL);
}

bool group_lines(const Program *p, const Group *g, const MemberStatus *members, Arena *a,
                 GroupHolds *out) {
    Judging j = {p, g, members, a};
    Truth *truths = ARENA_ARRAY(a, Truth, g->n_terms);
    if (!truths)
        return false;
    test_all(&j, truths);
    for (uint32_t i = 0; i < g->n_lines; i++) {
        const GroupLine *line = &g->lines[i];
        out[i] = line->otherwise
                     ? (GroupHolds){.yes = true}
                     : (GroupHolds){truths[line->term].yes, truths[line->term].why};
    }
    return !a->failed;
}

bool group_figure(const Program *p, const Group *g, const MemberStatus *members, Arena *a,
                  const GroupFigure *f, Number *out) {
    Judging j = {p, g, members, a};
    return work_out(&j, f, out);
}

static bool figure_names(const Judging *j, const GroupFigure *f, uint32_t member) {
    return f->kind != GROUP_CONSTANT && has_level(j, member, f->levels);
}

bool group_term_names(const Group *g, uint32_t term, uint32_t member, const MemberStatus *members) {
    Judging j = {.g = g, .members = members};
    const GroupTerm *t = &g->terms[term];
    switch (t->test) {
    case GROUP_ANY:
        return (!t->critical || g->members[member].critical) && has_level(&j, member, t->levels);
    case GROUP_WORST:
    case GROUP_BEST:
        return has_level(&j, member, t->levels);
    case GROUP_MEMBER:
        return member == t->member;
    case GROUP_COMPARE:
        return figure_names(&j, &t->left, member) || figure_names(&j, &t->right, member);
    case GROUP_AND:
    case GROUP_OR:
        return group_term_names(g, t->a, member, members) ||
               group_term_names(g, t->b, member, members);
    case GROUP_IF_KNOWN:
        return group_term_names(g, t->a, member, members);
    case GROUP_ALL: // all of them: no name tells more
    case GROUP_NOT:
    case N_GROUP_TESTS:
        break;
    }
    return false;
}
