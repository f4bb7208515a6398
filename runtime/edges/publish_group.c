// SPDX-License-Identifier: Apache-2.0
// Publish: the rows of groups. What of a group can depend on hidden counts, depends on them by way
// of the statuses of KPIs below it that differ between worlds.
#include "runtime/edges/publish_parts.h"

#include "runtime/edges/group_result.h"

// ---- leaves -------------------------------------------------------------------------------------

static bool same_status(StatusLane a, StatusLane b) {
    return a.level == b.level && (a.level != LEVEL_NO_DATA || a.why == b.why);
}

// The statuses of a lane in a world: also without overrides, and by the rules of another time.
typedef struct Statuses {
    StatusLane own, computed, as_of;
} Statuses;

static bool find_statuses(Publisher *p, const Kpi *k, const Plan *plan, Lane lane, Statuses *out) {
    if (!vm_run_plan(&p->vm, plan, &lane, 1) ||
        (p->maker.as_of && !vm_run_plan(&p->as_of, plan, &lane, 1)))
        return false;
    out->own = vm_status(&p->vm, k->status, 0);
    out->computed = vm_status(&p->vm, kpi_computed(k), 0);
    out->as_of = p->maker.as_of ? vm_status(&p->as_of, k->status, 0) : out->own;
    return true;
}

// Which of a leaf's statuses differ between the worlds?
static bool find_varying(Publisher *p, const Kpi *k, const Plan *plan, HeldLeaf *leaf) {
    uint32_t n_worlds = hidden_n_worlds(&p->publication->hidden, leaf->parts);
    bool ok = true, has_first = false;
    Statuses first = {0}, now;
    Lane lane = {.entity = leaf->entity, .period = leaf->period};
    leaf->status_varies = leaf->as_of_varies = n_worlds > HIDDEN_MAX_WORLDS;
    for (uint32_t world = 0; ok && !leaf->status_varies && world < n_worlds; world++) {
        if (!publisher_enter(p, leaf->parts, world))
            continue;
        ok = find_statuses(p, k, plan, lane, &now);
        if (ok && has_first) {
            leaf->status_varies =
                !same_status(first.own, now.own) || !same_status(first.computed, now.computed);
            leaf->as_of_varies |= !same_status(first.as_of, now.as_of);
        }
        first = now;
        has_first = true;
    }
    publisher_leave(p, leaf->parts);
    return ok;
}

static bool find_leaves(Publisher *p, uint32_t kpi) {
    const Kpi *k = &p->program->kpis[kpi];
    HeldLeaves *leaves = &p->leaves[kpi];
    Arena a;
    Plan plan;
    Lane *lanes;
    size_t n;
    arena_init(&a, 0);
    bool ok = plan_make(&a, p->program, k, 0, &plan);
    if (ok && footprint_any(&p->footprints, &plan)) {
        ok = store_lanes(&p->world, &a, k->reads, k->n_reads, &lanes, &n);
        leaves->v = ok ? ARENA_ARRAY(&p->arena, HeldLeaf, n) : NULL;
        ok = leaves->v != NULL;
        for (size_t i = 0; ok && i < n; i++) {
            HeldLeaf *leaf = &leaves->v[leaves->n];
            *leaf = (HeldLeaf){.entity = lanes[i].entity, .period = lanes[i].period};
            ok = footprint_of(&p->footprints, &plan, lanes[i], &leaf->parts) &&
                 (leaf->parts.n == 0 || find_varying(p, k, &plan, leaf));
            leaves->n += leaf->parts.n > 0;
        }
    }
    arena_free(&a);
    return ok;
}

static bool make_leaves(Publisher *p) {
    const Program *program = p->program;
    bool *counted = ARENA_ARRAY(&p->arena, bool, program->n_kpis);
    p->leaves = ARENA_ARRAY(&p->arena, HeldLeaves, program->n_kpis);
    bool ok = counted && p->leaves;
    for (uint32_t i = 0; ok && i < program->n_groups; i++)
        for (uint32_t k = 0; k < program->groups[i].n_members; k++)
            if (!program->groups[i].members[k].is_group)
                counted[program->groups[i].members[k].index] = true;
    for (uint32_t i = 0; ok && i < program->n_kpis; i++)
        if (counted[i])
            ok = find_leaves(p, i);
    return ok;
}

static const HeldLeaf *find_leaf(const HeldLeaves *leaves, uint32_t entity, Period period) {
    size_t low = 0, high = leaves->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const HeldLeaf *leaf = &leaves->v[middle];
        bool before = leaf->entity != entity             ? leaf->entity < entity
                      : leaf->period.kind != period.kind ? leaf->period.kind < period.kind
                                                         : leaf->period.ordinal < period.ordinal;
        if (before)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < leaves->n && leaves->v[low].entity == entity &&
                 period_eq(leaves->v[low].period, period);
    return found ? &leaves->v[low] : NULL;
}

// What a group's row hangs on.
typedef struct BelowGroup {
    HiddenSet statuses; // by way of the statuses of KPIs below it
    HiddenSet as_of;    // or also of those by the rules of another time
    HiddenSet figures;  // or of their figures, which [changes] tells of
} BelowGroup;

// Gathers the parts below a group's row. Groups nest no deeper than rules may.
static bool gather_parts(Publisher *p, const Board *b, const Group *g, uint32_t entity,
                         Period period, BelowGroup *out) {
    bool ok = true;
    for (uint32_t i = 0; ok && i < g->n_members; i++) {
        const GroupMember *m = &g->members[i];
        Period own;
        if (!board_row(b, m, entity, period, &own))
            continue;
        if (m->is_group) {
            ok = gather_parts(p, b, &p->program->groups[m->index], entity, own, out);
            continue;
        }
        const HeldLeaf *leaf = find_leaf(&p->leaves[m->index], entity, own);
        ok = !leaf || footprint_join(&p->footprints, out->figures, leaf->parts, &out->figures);
        if (ok && leaf && leaf->status_varies)
            ok = footprint_join(&p->footprints, out->statuses, leaf->parts, &out->statuses);
        if (ok && leaf && (leaf->status_varies || leaf->as_of_varies))
            ok = footprint_join(&p->footprints, out->as_of, leaf->parts, &out->as_of);
    }
    return ok;
}

// ---- the rows -----------------------------------------------------------------------------------

typedef struct GroupRow {
    uint32_t group, entity;
    Period period;
    HiddenSet parts;
    MemberStatus *members; // room
} GroupRow;

static bool make_result(Publisher *p, const GroupRow *row, bs_result *out) {
    Arena a;
    Board b;
    arena_init(&a, 0);
    NearKpis near;
    const Group *g = &p->program->groups[row->group];
    bool ok = near_kpis_init(&near, &a, &p->vm) &&
              board_make_for(&b, p->program, &p->world, &p->vm, &a, row->entity) &&
              (!p->maker.as_of || board_add_as_of(&b, &p->as_of));
    const BoardRow *found = ok ? board_find(&b.groups[row->group], row->entity, row->period) : NULL;
    ok = found &&
         group_result_make(&b, g, found, row->members, &near, &p->texts, &p->maker.work, out);
    // The texts of the result are in [texts]; none is the board's.
    arena_free(&a);
    return ok;
}

static bool try_row(Publisher *p, const GroupRow *row, uint8_t *held) {
    uint32_t n_worlds = hidden_n_worlds(&p->publication->hidden, row->parts);
    bool ok = true, has_first = false;
    bs_result first = {0};
    for (uint32_t world = 0; ok && world < n_worlds; world++) {
        bs_result result;
        if (!publisher_enter(p, row->parts, world))
            continue;
        ok = make_result(p, row, &result);
        if (ok && !has_first)
            ok = publish_keep(&p->kept, &result, &first);
        else if (ok)
            publish_compare(&first, &result, held);
        has_first = true;
        arena_free(&p->texts);
    }
    publisher_leave(p, row->parts);
    arena_free(&p->kept);
    return ok;
}

static void hold_row(Publisher *p, HiddenSet set, uint8_t *held) {
    static const HeldPart parts[] = {HELD_STATUS, HELD_COMPUTED, HELD_RULE,
                                     HELD_REASON, HELD_MEMBERS,  HELD_CHANGES};
    p->n_beyond += !hidden_is_opaque(&p->publication->hidden, set);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        held[parts[i]] = HOLD_BACK;
}

static bool can_try(const Publisher *p, HiddenSet parts) {
    return hidden_n_worlds(&p->publication->hidden, parts) <= HIDDEN_MAX_WORLDS;
}

// Finds what is held back of a row. The figures below it, where they are too many to try, leave
// open what would change the group and nothing else; and the statuses by the rules of another time
// leave open the group's by those.
static bool hold_parts(Publisher *p, GroupRow *row, const BelowGroup *below, uint8_t *held) {
    row->parts = below->figures;
    if (can_try(p, row->parts))
        return row->parts.n == 0 || try_row(p, row, held);
    held[HELD_CHANGES] = HOLD_BACK;
    row->parts = below->as_of;
    if (can_try(p, row->parts))
        return row->parts.n == 0 || try_row(p, row, held);
    if (p->maker.as_of)
        held[HELD_STATUS_AS_OF] = HOLD_BACK;
    row->parts = below->statuses;
    if (can_try(p, row->parts))
        return row->parts.n == 0 || try_row(p, row, held);
    hold_row(p, row->parts, held);
    return true;
}

bool publisher_group(Publisher *p, const Board *b, uint32_t group) {
    const BoardSheet *sheet = &b->groups[group];
    const Group *g = &p->program->groups[group];
    bool ok = (p->leaves || make_leaves(p)) && publisher_make_room(p, sheet->n, 0, 0);
    MemberStatus *members = ok ? ARENA_ARRAY(&p->masks, MemberStatus, g->n_members) : NULL;
    ok = members != NULL;
    for (size_t i = 0; ok && i < sheet->n; i++) {
        GroupRow row = {group, sheet->v[i].entity, sheet->v[i].period, {0}, members};
        BelowGroup below = {0};
        ok = gather_parts(p, b, g, row.entity, row.period, &below) &&
             hold_parts(p, &row, &below, publisher_held(p, i));
    }
    return ok;
}
