// SPDX-License-Identifier: Apache-2.0
#include "runtime/engine/board.h"

#include <string.h>

#include "runtime/engine/explain.h"
#include "runtime/engine/taken.h"

static int compare_keys(const BoardRow *row, uint32_t entity, Period period) {
    if (row->entity != entity)
        return row->entity < entity ? -1 : 1;
    if (row->period.kind != period.kind)
        return row->period.kind < period.kind ? -1 : 1;
    return (row->period.ordinal > period.ordinal) - (row->period.ordinal < period.ordinal);
}

const BoardRow *board_find(const BoardSheet *sheet, uint32_t entity, Period period) {
    size_t from = 0, to = sheet->n;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = compare_keys(&sheet->v[middle], entity, period);
        if (order == 0)
            return &sheet->v[middle];
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return NULL;
}

// ---- kinds of period ----------------------------------------------------------------------------

static int32_t periods_in_a_year(PeriodKind kind) {
    return kind == PERIOD_DAY ? 365 : period_per_year(kind);
}

// The kind with the most periods in a year; PERIOD_NONE for an empty set.
static PeriodKind finest_kind(unsigned kinds) {
    PeriodKind finest = PERIOD_NONE;
    for (PeriodKind k = PERIOD_DAY; k < N_PERIOD_KINDS; k++)
        if (kinds >> k & 1 &&
            (finest == PERIOD_NONE || periods_in_a_year(k) > periods_in_a_year(finest)))
            finest = k;
    return finest;
}

static const BoardSheet *sheet_of(const Board *b, const GroupMember *m) {
    return m->is_group ? &b->groups[m->index] : &b->kpis[m->index];
}

const BoardRow *board_row(const Board *b, const GroupMember *m, uint32_t entity, Period period,
                          Period *own) {
    const BoardSheet *sheet = sheet_of(b, m);
    *own = period;
    if (!(sheet->kinds >> period.kind & 1)) {
        PeriodKind kind = finest_kind(sheet->kinds);
        *own = kind == PERIOD_NONE ? (Period){.kind = PERIOD_NONE} : period_ended(period, kind);
    }
    return own->kind == PERIOD_NONE ? NULL : board_find(sheet, entity, *own);
}

MemberStatus board_status(const BoardRow *row) {
    return row ? row->status : (MemberStatus){LEVEL_NO_DATA, WHY(REASON_NO_ROW)};
}

void board_members(const Board *b, const Group *g, uint32_t entity, Period period,
                   MemberStatus *members) {
    Period own;
    for (uint32_t i = 0; i < g->n_members; i++)
        members[i] = board_status(board_row(b, &g->members[i], entity, period, &own));
}

GroupByHand board_members_without(const Board *b, const Group *g, uint32_t entity, Period period,
                                  MemberStatus *members) {
    GroupByHand by_hand = {0};
    Period own;
    for (uint32_t i = 0; i < g->n_members; i++) {
        const GroupMember *m = &g->members[i];
        const BoardRow *row = board_row(b, m, entity, period, &own);
        members[i] = row ? row->without : board_status(NULL);
        if (row && group_n_by_hand(row->by_hand) > 0)
            ++*(m->is_group ? &by_hand.n_groups : &by_hand.n_kpis);
    }
    return by_hand;
}

// ---- KPIs ---------------------------------------------------------------------------------------

static MemberStatus lane_status(const Vm *vm, const Kpi *k, size_t lane) {
    StatusLane s = vm_status(vm, k->status, lane);
    return (MemberStatus){s.level, s.level == LEVEL_NO_DATA ? s.why : 0};
}

static bool takes_any(const Program *p, const Kpi *k) {
    for (uint32_t i = k->fn.first; i < k->fn.first + k->fn.n; i++)
        if (p->code[i].op == OP_TAKE)
            return true;
    return false;
}

static void take_batch(BoardSheet *sheet, const Vm *vm, uint32_t kpi, const Lane *lanes, size_t n) {
    const Kpi *k = &vm->program->kpis[kpi];
    bool takes = takes_any(vm->program, k);
    for (size_t i = 0; i < n; i++) {
        MemberStatus s = lane_status(vm, k, i);
        sheet->v[sheet->n++] = (BoardRow){.entity = lanes[i].entity,
                                          .period = lanes[i].period,
                                          .status = s,
                                          .without = s,
                                          .by_hand.n_kpis = explain_judgement(vm, k, i) != NULL,
                                          .root = takes ? taken_root(vm, kpi, i) : kpi};
    }
}

// Runs the batch once more without overrides where one of its [n] rows, the last ones, has one.
static bool take_without(BoardSheet *sheet, Vm *vm, const Kpi *k, const Plan *plan,
                         const Lane *lanes, size_t n) {
    BoardRow *rows = sheet->v + sheet->n - n;
    bool any = false;
    for (size_t i = 0; i < n; i++)
        any |= rows[i].by_hand.n_kpis > 0;
    if (!any)
        return true;
    vm->without_overrides = true;
    bool ok = vm_run_plan(vm, plan, lanes, n);
    vm->without_overrides = false;
    for (size_t i = 0; ok && i < n; i++)
        rows[i].without = lane_status(vm, k, i);
    return ok;
}

// Keeps the lanes of the one entity that the board is for.
static size_t keep_entity(const Board *b, Lane *lanes, size_t n) {
    size_t n_kept = 0;
    if (b->entity == BOARD_EVERYONE)
        return n;
    for (size_t i = 0; i < n; i++)
        if (lanes[i].entity == b->entity)
            lanes[n_kept++] = lanes[i];
    return n_kept;
}

static bool fill_kpi(Board *b, Vm *vm, uint32_t kpi) {
    const Kpi *k = &b->program->kpis[kpi];
    BoardSheet *sheet = &b->kpis[kpi];
    Arena scratch;
    arena_init(&scratch, 0);
    Plan plan;
    Lane *lanes;
    size_t n = 0;
    bool ok = plan_make(&scratch, b->program, k, 0, &plan) &&
              store_lanes(b->store, &scratch, k->reads, k->n_reads, &lanes, &n);
    for (size_t i = 0; ok && i < n; i++)
        sheet->kinds |= 1u << lanes[i].period.kind;
    n = ok ? keep_entity(b, lanes, n) : 0;
    sheet->v = ARENA_ARRAY(b->arena, BoardRow, n);
    for (size_t i = 0; ok && sheet->v && i < n; i += VM_BATCH) {
        size_t n_batch = n - i < VM_BATCH ? n - i : VM_BATCH;
        ok = vm_run_plan(vm, &plan, lanes + i, n_batch);
        if (ok)
            take_batch(sheet, vm, kpi, lanes + i, n_batch);
        ok = ok && take_without(sheet, vm, k, &plan, lanes + i, n_batch);
    }
    arena_free(&scratch);
    return ok && sheet->v;
}

// ---- groups -------------------------------------------------------------------------------------

typedef struct Rows { // which a group has
    bool *entities;   // of the store, those that some member has a row for
    bool *periods;    // of the store's reported ones, those of the group's kind
    size_t n_entities, n_periods;
    unsigned kinds; // of the periods: one, or none
} Rows;

static bool gather_rows(const Board *b, const Group *g, Arena *a, Rows *rows) {
    const Store *s = b->store;
    unsigned kinds = 0;
    *rows = (Rows){.entities = ARENA_ARRAY(a, bool, s->entities.n),
                   .periods = ARENA_ARRAY(a, bool, s->n_reported)};
    if (a->failed)
        return false;
    for (uint32_t i = 0; i < g->n_members; i++)
        kinds |= sheet_of(b, &g->members[i])->kinds;
    PeriodKind kind = finest_kind(kinds);
    rows->kinds = kinds ? 1u << kind : 0;
    for (uint32_t i = 0; i < g->n_members; i++) {
        const BoardSheet *sheet = sheet_of(b, &g->members[i]);
        for (size_t k = 0; k < sheet->n; k++) {
            bool *seen = &rows->entities[sheet->v[k].entity];
            rows->n_entities += !*seen;
            *seen = true;
        }
    }
    for (uint32_t i = 0; i < s->n_reported; i++) {
        rows->periods[i] = s->reported[i].kind == kind;
        rows->n_periods += rows->periods[i];
    }
    return true;
}

// Judges the members of a row, and once more without overrides where there are any below it.
static bool judge_row(const Board *b, const Group *g, BoardRow *row, MemberStatus *members,
                      Arena *a) {
    GroupStatus status;
    board_members(b, g, row->entity, row->period, members);
    if (!group_judge(b->program, g, members, a, &status))
        return false;
    row->status = row->without = (MemberStatus){status.level, status.why};
    row->by_hand = board_members_without(b, g, row->entity, row->period, members);
    if (group_n_by_hand(row->by_hand) == 0)
        return true;
    bool ok = group_judge(b->program, g, members, a, &status);
    row->without = (MemberStatus){status.level, status.why};
    return ok;
}

static bool fill_group(Board *b, uint32_t group) {
    const Group *g = &b->program->groups[group];
    const Store *s = b->store;
    BoardSheet *sheet = &b->groups[group];
    Arena scratch, numbers;
    Rows rows;
    arena_init(&scratch, 0);
    arena_init(&numbers, 0);
    bool ok = gather_rows(b, g, &scratch, &rows);
    MemberStatus *members = ARENA_ARRAY(&scratch, MemberStatus, g->n_members);
    sheet->v = ok ? ARENA_ARRAY(b->arena, BoardRow, rows.n_entities * rows.n_periods) : NULL;
    ok = members && sheet->v;
    for (uint32_t e = 0; ok && e < s->entities.n; e++) {
        for (uint32_t i = 0; ok && rows.entities[e] && i < s->n_reported; i++) {
            if (!rows.periods[i])
                continue;
            BoardRow *row = &sheet->v[sheet->n++];
            *row = (BoardRow){.entity = e, .period = s->reported[i]};
            ok = judge_row(b, g, row, members, &numbers);
            arena_free(&numbers);
        }
    }
    sheet->kinds = ok ? rows.kinds : 0;
    arena_free(&scratch);
    return ok;
}

bool board_make(Board *b, const Program *p, const Store *s, Vm *vm, Arena *a) {
    return board_make_for(b, p, s, vm, a, BOARD_EVERYONE);
}

bool board_make_for(Board *b, const Program *p, const Store *s, Vm *vm, Arena *a, uint32_t entity) {
    *b = (Board){.program = p,
                 .store = s,
                 .arena = a,
                 .entity = entity,
                 .kpis = ARENA_ARRAY(a, BoardSheet, p->n_kpis),
                 .groups = ARENA_ARRAY(a, BoardSheet, p->n_groups)};
    bool ok = b->kpis && b->groups;
    for (uint32_t i = 0; ok && i < p->n_groups; i++) {
        const Group *g = &p->groups[i];
        for (uint32_t k = 0; ok && k < g->n_members; k++)
            if (!g->members[k].is_group && !b->kpis[g->members[k].index].v)
                ok = fill_kpi(b, vm, g->members[k].index);
    }
    for (uint32_t i = 0; ok && i < p->n_groups; i++)
        ok = fill_group(b, p->group_order[i]);
    return ok;
}

bool board_add_as_of(Board *b, Vm *vm) {
    b->as_of = ARENA_ARRAY(b->arena, Board, 1);
    return b->as_of && board_make_for(b->as_of, b->program, b->store, vm, b->arena, b->entity);
}
