// SPDX-License-Identifier: Apache-2.0
// Groups: their members have finitely many statuses, so every case is gone through. Members that no
// condition tells apart are one class, of which only how many have which status matters.
#include "runtime/engine/group.h"
#include "runtime/prove/proof.h"

enum {
    GROUP_PROOF_MAX_CASES = 50000,
    GROUP_PROOF_MAX_MEMBERS = 200, // and so the depth of the walk over them
};

typedef struct GroupCase {
    Proof *proof;
    const Group *g;
    Arena scratch;         // of one judgement
    uint32_t *same;        // by member: the one before of its class, UINT32_MAX for none
    uint32_t *can_be;      // by member: the levels, by bit
    MemberStatus *members; // of the present case
    bool *holds_now;       // by line
    bool *holds, *decides; // by line, over all cases
    uint32_t given;        // levels of the group, by bit
    size_t n_cases;
    bool too_many, failed;
    bool looks_for_open; // a best status that a member without data could change
    bool open_found;
    MemberStatus *open; // that case
    uint32_t open_member;
    uint8_t open_level, open_outcome; // what it would take, and give
} GroupCase;

static const uint8_t no_data = LEVEL_NO_DATA;

// ---- members that are alike ---------------------------------------------------------------------

static bool is_named(const Group *g, uint32_t member) {
    for (uint32_t i = 0; i < g->n_terms; i++)
        if (g->terms[i].test == GROUP_MEMBER && g->terms[i].member == member)
            return true;
    return false;
}

static bool alike(const GroupCase *c, const bool *named, uint32_t a, uint32_t b) {
    const GroupMember *m = c->g->members;
    return !named[a] && !named[b] && m[a].critical == m[b].critical &&
           number_cmp(m[a].weight, m[b].weight) == 0 && c->can_be[a] == c->can_be[b];
}

static void find_classes(GroupCase *c, bool *named) {
    for (uint32_t i = 0; i < c->g->n_members; i++)
        named[i] = is_named(c->g, i);
    for (uint32_t i = 0; i < c->g->n_members; i++) {
        c->same[i] = UINT32_MAX;
        for (uint32_t k = i; k > 0 && c->same[i] == UINT32_MAX; k--)
            if (alike(c, named, i, k - 1))
                c->same[i] = k - 1;
    }
}

// Does some KPI lie below two of the members? Then their statuses are not free of each other.
static bool is_shared(const Program *p, const Group *g, bool *kpis, bool *groups) {
    for (uint32_t i = 0; i < g->n_members; i++) {
        const GroupMember *m = &g->members[i];
        bool *seen = m->is_group ? &groups[m->index] : &kpis[m->index];
        if (*seen || (m->is_group && is_shared(p, &p->groups[m->index], kpis, groups)))
            return true;
        *seen = true;
    }
    return false;
}

// ---- cases --------------------------------------------------------------------------------------

static GroupStatus judge(GroupCase *c, bool *holds) {
    GroupStatus s = {.level = no_data, .line = UINT32_MAX};
    if (!group_judge_lines(c->proof->program, c->g, c->members, &c->scratch, &s, holds))
        c->failed = true;
    arena_free(&c->scratch);
    return s;
}

static void keep_open(GroupCase *c, uint32_t member, uint8_t level, uint8_t outcome) {
    c->open_found = true;
    for (uint32_t i = 0; i < c->g->n_members; i++)
        c->open[i] = c->members[i];
    c->open_member = member;
    c->open_level = level;
    c->open_outcome = outcome;
}

// Would a member that is left out make the status worse if it had one?
static void look_for_open(GroupCase *c, uint8_t best) {
    for (uint32_t i = 0; i < c->g->n_members && !c->open_found; i++) {
        MemberStatus was = c->members[i];
        for (uint8_t level = 0; was.level == no_data && level <= best && !c->open_found; level++) {
            if (!(c->can_be[i] >> level & 1))
                continue;
            c->members[i] = (MemberStatus){level, 0};
            uint8_t outcome = judge(c, NULL).level;
            c->members[i] = was;
            if (outcome != no_data && outcome < best)
                keep_open(c, i, level, outcome);
        }
    }
}

static void look_at_case(GroupCase *c) {
    for (uint32_t i = 0; i < c->g->n_lines; i++)
        c->holds_now[i] = false;
    GroupStatus s = judge(c, c->holds_now);
    for (uint32_t i = 0; i < c->g->n_lines; i++)
        c->holds[i] |= c->holds_now[i];
    if (s.line != UINT32_MAX)
        c->decides[s.line] = true;
    uint8_t best = (uint8_t)(c->proof->program->scales[c->g->scale].n_levels - 1);
    if (s.level != no_data)
        c->given |= 1u << s.level;
    if (s.level == best && c->looks_for_open && !c->open_found)
        look_for_open(c, best);
}

static uint8_t rank(uint8_t level) {
    return level == no_data ? 0 : (uint8_t)(level + 1);
}

// As deep as a group has members, at most GROUP_PROOF_MAX_MEMBERS.
static void each_case(GroupCase *c, uint32_t member) {
    if (c->too_many || c->failed)
        return;
    if (member == c->g->n_members) {
        if (++c->n_cases > GROUP_PROOF_MAX_CASES)
            c->too_many = true;
        else
            look_at_case(c);
        return;
    }
    uint8_t n_levels = (uint8_t)c->proof->program->scales[c->g->scale].n_levels;
    uint32_t before = c->same[member];
    uint8_t from = before == UINT32_MAX ? 0 : rank(c->members[before].level);
    for (uint8_t i = from; i <= n_levels; i++) {
        if (i > 0 && !(c->can_be[member] >> (i - 1) & 1))
            continue;
        c->members[member] = i == 0 ? (MemberStatus){no_data, WHY(REASON_NO_ROW)}
                                    : (MemberStatus){(uint8_t)(i - 1), 0};
        each_case(c, member + 1);
    }
}

// ---- telling ------------------------------------------------------------------------------------

static bool is_made(const Group *g, uint32_t i) { // `status rag from worst` makes a line a level
    return i + 1 < g->n_lines && !g->lines[i + 1].otherwise &&
           g->lines[i].place.line == g->lines[i + 1].place.line;
}

static void report_line(GroupCase *c, uint32_t i) {
    const GroupLine *l = &c->g->lines[i];
    DiagList *d = c->proof->diags;
    const Scale *s = &c->proof->program->scales[c->g->scale];
    if (c->decides[i] || is_made(c->g, i) || (i > 0 && is_made(c->g, i - 1)))
        return;
    if (l->otherwise) {
        if (l->outcome == no_data || c->given >> l->outcome & 1)
            return;
        diag_add(
            d, D_LEVEL_NEVER_GIVEN, l->place,
            "no statuses of the members make this group %.*s: the lines above cover every case",
            STR_ARG(s->levels[l->outcome].name))
            ->hint = STR("if the level is wanted, let the lines above leave room for it");
        return;
    }
    if (!c->holds[i]) {
        diag_add(d, D_LINE_NEVER_HOLDS, l->place, "no statuses of the members make `%.*s` hold",
                 STR_ARG(l->text))
            ->hint = STR("check the numbers against how many members there are, and `and` where "
                         "`or` is meant; or take the line out");
        return;
    }
    diag_add(d, D_LINE_NOT_REACHED, l->place,
             "this line never decides: wherever `%.*s` holds, an earlier line does or leaves the "
             "status open",
             STR_ARG(l->text))
        ->hint = STR("put the line above those that hide it, or take it out");
}

static void put_open(const GroupCase *c, Buf *out) {
    size_t n = 0;
    const Scale *s = &c->proof->program->scales[c->g->scale];
    for (uint32_t i = 0; i < c->g->n_members; i++) {
        if (c->open[i].level == no_data)
            continue;
        buf_printf(out, "%s%.*s %.*s", n++ > 0 ? ", " : "", STR_ARG(c->g->members[i].name),
                   STR_ARG(s->levels[c->open[i].level].name));
    }
}

static void report_open(GroupCase *c) {
    const Scale *s = &c->proof->program->scales[c->g->scale];
    Buf known = {0};
    put_open(c, &known);
    Str best = s->levels[s->n_levels - 1].name;
    diag_add(c->proof->diags, D_GROUP_OPEN, c->g->place,
             "`%.*s` is %.*s with %.*s and the others without data, and would be %.*s if `%.*s` "
             "were %.*s",
             STR_ARG(c->g->name), STR_ARG(best), STR_ARG(buf_str(&known)),
             STR_ARG(s->levels[c->open_outcome].name),
             STR_ARG(c->g->members[c->open_member].name), STR_ARG(s->levels[c->open_level].name))
        ->hint = STR("if a missing member must not pass for a good one, write `no data stops the "
                     "group` or `no data counts as LEVEL`");
    buf_free(&known);
}

// ---- a group ------------------------------------------------------------------------------------

static bool begin_case(GroupCase *c, Proof *x, uint32_t group, const uint32_t *group_levels) {
    Arena *a = &x->scratch;
    const Group *g = &x->program->groups[group];
    *c = (GroupCase){.proof = x,
                     .g = g,
                     .same = ARENA_ARRAY(a, uint32_t, g->n_members),
                     .can_be = ARENA_ARRAY(a, uint32_t, g->n_members),
                     .members = ARENA_ARRAY(a, MemberStatus, g->n_members),
                     .open = ARENA_ARRAY(a, MemberStatus, g->n_members),
                     .holds_now = ARENA_ARRAY(a, bool, g->n_lines),
                     .holds = ARENA_ARRAY(a, bool, g->n_lines),
                     .decides = ARENA_ARRAY(a, bool, g->n_lines)};
    bool *named = ARENA_ARRAY(a, bool, g->n_members);
    bool *kpis = ARENA_ARRAY(a, bool, x->program->n_kpis);
    bool *groups = ARENA_ARRAY(a, bool, x->program->n_groups);
    arena_init(&c->scratch, 0);
    if (a->failed)
        return false;
    for (uint32_t i = 0; i < g->n_members; i++) {
        const GroupMember *m = &g->members[i];
        c->can_be[i] = m->is_group ? group_levels[m->index] : x->kpi_levels[m->index];
    }
    c->looks_for_open = g->no_data == GROUP_LEFT_OUT && !is_shared(x->program, g, kpis, groups);
    c->too_many = g->n_members > GROUP_PROOF_MAX_MEMBERS;
    if (!c->too_many)
        find_classes(c, named);
    return true;
}

static bool prove_group(Proof *x, uint32_t group, uint32_t *group_levels) {
    GroupCase c;
    if (!begin_case(&c, x, group, group_levels)) {
        arena_free(&x->scratch);
        return false;
    }
    each_case(&c, 0);
    group_levels[group] = c.given;
    if (c.too_many) {
        group_levels[group] = UINT32_MAX;
        proof_not_decided(x, c.g->place, "the group has too many cases to go through");
    } else {
        for (uint32_t i = 0; i < c.g->n_lines; i++)
            report_line(&c, i);
        if (c.open_found)
            report_open(&c);
        else if (c.g->no_data == GROUP_LEFT_OUT && !c.looks_for_open)
            proof_not_decided(x, c.g->place,
                              "some KPI counts in two members of the group, so they cannot be "
                              "looked at one by one");
    }
    bool ok = !c.failed && !x->scratch.failed;
    arena_free(&x->scratch);
    return ok;
}

bool prove_groups(Proof *x) {
    const Program *p = x->program;
    uint32_t *levels = ARENA_ARRAY(x->arena, uint32_t, p->n_groups);
    bool ok = levels != NULL;
    for (uint32_t i = 0; ok && i < p->n_groups; i++)
        ok = prove_group(x, p->group_order[i], levels);
    return ok;
}
