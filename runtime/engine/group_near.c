// SPDX-License-Identifier: Apache-2.0
#include "runtime/engine/group_near.h"

// A KPI that settles the status of one below the group, mostly its own, with the period that the
// group reads.
typedef struct Leaf {
    uint32_t kpi;
    Period period;
    uint8_t level;
} Leaf;

typedef struct Known { // the status of a group while one leaf has another level
    uint32_t stamp;
    Period period;
    MemberStatus status;
} Known;

typedef struct Near {
    const Board *board;
    Arena *arena;
    uint32_t entity;
    VEC(Leaf) leaves;
    uint32_t *first_leaf; // by KPI, + 1
    Known *known;         // by group
    uint32_t stamp;
    const Leaf *moved;
    uint8_t to;
    size_t n_steps;
} Near;

static bool same_period(Period a, Period b) {
    return a.kind == b.kind && a.ordinal == b.ordinal;
}

// Equal stamps mean the group was seen on the present walk, in this period.
static Known *known_at(Near *x, uint32_t group, Period period, bool *seen) {
    Known *k = &x->known[group];
    *seen = k->stamp == x->stamp && same_period(k->period, period);
    k->stamp = x->stamp;
    k->period = period;
    return k;
}

// ---- the KPIs below -----------------------------------------------------------------------------

// A member that takes its status is moved by the KPI that it takes it from, never by itself.
static uint32_t root_of(const GroupMember *m, const BoardRow *row) {
    return row ? row->root : m->index;
}

static bool add_leaf(Near *x, uint32_t kpi, Period period, uint8_t level) {
    for (size_t i = x->first_leaf[kpi]; i > 0 && i <= x->leaves.n; i++)
        if (x->leaves.v[i - 1].kpi == kpi && same_period(x->leaves.v[i - 1].period, period))
            return true;
    if (x->first_leaf[kpi] == 0)
        x->first_leaf[kpi] = (uint32_t)x->leaves.n + 1;
    return VEC_PUSH(x->arena, &x->leaves, ((Leaf){kpi, period, level}));
}

// Groups nest to a bounded depth, and so does this.
static bool gather_leaves(Near *x, uint32_t group, Period period) {
    const Group *g = &x->board->program->groups[group];
    bool seen;
    known_at(x, group, period, &seen);
    bool ok = true;
    for (uint32_t i = 0; ok && !seen && i < g->n_members && x->n_steps <= NEAR_MAX_STEPS; i++) {
        const GroupMember *m = &g->members[i];
        Period own;
        const BoardRow *row = board_row(x->board, m, x->entity, period, &own);
        x->n_steps++;
        if (!m->is_group)
            ok = own.kind == PERIOD_NONE ||
                 add_leaf(x, root_of(m, row), own, row ? row->status.level : LEVEL_NO_DATA);
        else if (row)
            ok = gather_leaves(x, m->index, own);
    }
    return ok;
}

// ---- trying -------------------------------------------------------------------------------------

static bool try_group(Near *x, uint32_t group, Period period, MemberStatus *out);

static bool try_member(Near *x, const GroupMember *m, Period period, MemberStatus *out) {
    Period own;
    const BoardRow *row = board_row(x->board, m, x->entity, period, &own);
    *out = board_status(row);
    if (m->is_group && row)
        return try_group(x, m->index, own, out);
    if (!m->is_group && root_of(m, row) == x->moved->kpi && same_period(own, x->moved->period))
        *out = (MemberStatus){x->to, 0};
    return true;
}

static bool try_group(Near *x, uint32_t group, Period period, MemberStatus *out) {
    const Program *p = x->board->program;
    const Group *g = &p->groups[group];
    bool seen;
    Known *known = known_at(x, group, period, &seen);
    if (seen) {
        *out = known->status;
        return true;
    }
    Arena scratch;
    arena_init(&scratch, 0);
    MemberStatus *members = ARENA_ARRAY(&scratch, MemberStatus, g->n_members);
    bool ok = members != NULL;
    for (uint32_t i = 0; ok && i < g->n_members && x->n_steps <= NEAR_MAX_STEPS; i++) {
        x->n_steps++;
        ok = try_member(x, &g->members[i], period, &members[i]);
    }
    GroupStatus status = {.level = LEVEL_NO_DATA};
    ok = ok && group_judge(p, g, members, &scratch, &status);
    arena_free(&scratch);
    // The members may have led to this group again in another period.
    *known = (Known){x->stamp, period, {status.level, status.why}};
    *out = known->status;
    return ok;
}

static bool try_moves(Near *x, uint32_t group, Period period, uint8_t level, NearMoves *out) {
    const Program *p = x->board->program;
    uint32_t n_levels = p->scales[p->groups[group].scale].n_levels;
    bool ok = true;
    for (size_t i = 0; ok && i < x->leaves.n; i++) {
        x->moved = &x->leaves.v[i];
        // A KPI below an inner group has that group's scale, which is the same all the way up.
        for (uint8_t to = 0; ok && to < n_levels && x->n_steps <= NEAR_MAX_STEPS; to++) {
            MemberStatus status;
            if (to == x->moved->level)
                continue;
            x->to = to;
            x->stamp++;
            ok = try_group(x, group, period, &status);
            if (ok && status.level != level)
                ok = VEC_PUSH(x->arena, out,
                              ((NearMove){.kpi = x->moved->kpi,
                                          .period = x->moved->period,
                                          .from = x->moved->level,
                                          .to = to,
                                          .outcome = status.level}));
        }
    }
    return ok;
}

bool group_near(const Board *b, uint32_t group, uint32_t entity, Period period, uint8_t level,
                Arena *a, NearMoves *out) {
    *out = (NearMoves){0};
    Near x = {.board = b,
              .arena = a,
              .entity = entity,
              .first_leaf = ARENA_ARRAY(a, uint32_t, b->program->n_kpis),
              .known = ARENA_ARRAY(a, Known, b->program->n_groups),
              .stamp = 1};
    bool ok = x.first_leaf && x.known && gather_leaves(&x, group, period) &&
              try_moves(&x, group, period, level, out);
    out->too_many = x.n_steps > NEAR_MAX_STEPS;
    if (out->too_many)
        out->n = 0;
    return ok;
}
