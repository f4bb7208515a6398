// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/changes.h"

#include <string.h>

#include "runtime/data/fingerprint.h"
#include "runtime/edges/change_cause.h"
#include "runtime/edges/group_result.h"
#include "runtime/edges/result.h"
#include "runtime/edges/row_pairs.h"
#include "runtime/edges/selection.h"
#include "runtime/engine/hand_reach.h"

typedef struct Side {
    const Program *program;
    const Store *store;
    Fingerprints prints;
    HandReach by_hand;
    Period only; // the rows of this period alone; PERIOD_NONE: all
    Vm vm;
    Arena texts; // of the results of one batch
    ResultMaker maker;
    Arena boards;
    Board board; // made when the first group is compared
} Side;

typedef struct Changes {
    Side before, after;
    Arena arena;
    SameEntities same;
    bool same_data, pair_periods;
    bool common; // KPIs and groups of both sides alone
    bs_filter filter;
    const ProgressTo *progress;
    size_t n_compared; // pairs of rows, and
    size_t n_told;     // how many of them [progress] knows of
    bool stopped;      // it asked for it
    bs_change_fn fn;
    void *context;
    bs_diff_counts counts;
} Changes;

// ---- statuses -----------------------------------------------------------------------------------

enum { LEVEL_NOWHERE = 254 }; // a level whose name the other scale has not

// Which level of [to] has the name of each level of [from].
static void map_levels(const Scale *from, const Scale *to, uint8_t levels[SCALE_MAX_LEVELS]) {
    for (uint32_t i = 0; i < from->n_levels; i++) {
        levels[i] = LEVEL_NOWHERE;
        for (uint32_t k = 0; k < to->n_levels; k++)
            if (str_eq(from->levels[i].name, to->levels[k].name))
                levels[i] = (uint8_t)k;
    }
}

static bool is_other(const uint8_t levels[SCALE_MAX_LEVELS], uint8_t before, uint8_t after) {
    return (before == LEVEL_NO_DATA ? LEVEL_NO_DATA : levels[before]) != after;
}

// ---- KPIs ---------------------------------------------------------------------------------------

// A KPI in the rules of both sides; of a side that lacks it [kpi] is NULL.
typedef struct KpiSide {
    Side *side;
    const Kpi *kpi;
    Plan quick, full; // for the status alone, and for the whole result
    Lane *lanes;
    RowKeys keys;
    Lane batch[VM_BATCH];
    size_t n_batch;
} KpiSide;

typedef struct KpiChanges {
    Changes *all;
    KpiSide before, after;
    Arena arena;
    RowPairs pairs;
    bool *changed; // by pair
} KpiChanges;

static bool selects(Changes *c, Side *side, Lane lane) {
    if (side->only.kind != PERIOD_NONE && !period_eq(side->only, lane.period))
        return false;
    return selection_has_lane(&c->filter, side->store, lane, &side->maker.work);
}

static bool list_rows(KpiChanges *x, KpiSide *k) {
    Side *side = k->side;
    size_t n = 0;
    if (!k->kpi)
        return true;
    if (!plan_make(&x->arena, side->program, k->kpi, 0, &k->quick) ||
        !plan_make(&x->arena, side->program, k->kpi, PLAN_EVERYTHING, &k->full) ||
        !store_lanes(side->store, &x->arena, k->kpi->reads, k->kpi->n_reads, &k->lanes, &n))
        return false;
    k->keys.v = ARENA_ARRAY(&x->arena, RowKey, n);
    for (size_t i = 0; k->keys.v && i < n; i++) {
        if (!selects(x->all, side, k->lanes[i]))
            continue;
        k->lanes[k->keys.n] = k->lanes[i];
        k->keys.v[k->keys.n++] = (RowKey){k->lanes[i].entity, k->lanes[i].period};
    }
    return k->keys.v;
}

static bool run_batch(KpiSide *k, const Plan *plan) {
    return k->n_batch == 0 || vm_run_plan(&k->side->vm, plan, k->batch, k->n_batch);
}

static void put_in_batch(KpiSide *k, uint32_t row) {
    if (row != ROW_NONE)
        k->batch[k->n_batch++] = k->lanes[row];
}

// False when the work is to stop.
static bool tell_progress(Changes *c) {
    if (c->n_compared - c->n_told < PROGRESS_ROWS)
        return true;
    c->n_told = c->n_compared;
    c->stopped = !progress_tell(c->progress, (bs_progress){.stage = BS_JUDGING,
                                                           .n_rows = c->counts.n_judged,
                                                           .n_done = c->counts.n_kpis,
                                                           .n_total = c->after.program->n_kpis});
    return !c->stopped;
}

// Notes which of [n] pairs, each with a row on both sides, have another status.
static bool compare_batch(KpiChanges *x, const uint32_t *pairs, size_t n) {
    const Kpi *before = x->before.kpi, *after = x->after.kpi;
    if (!run_batch(&x->before, &x->before.quick) || !run_batch(&x->after, &x->after.quick))
        return false;
    uint8_t levels[SCALE_MAX_LEVELS];
    map_levels(&x->before.side->program->scales[before->status_scale],
               &x->after.side->program->scales[after->status_scale], levels);
    for (size_t i = 0; i < n; i++) {
        uint8_t was = vm_status(&x->before.side->vm, before->status, i).level;
        uint8_t is = vm_status(&x->after.side->vm, after->status, i).level;
        x->changed[pairs[i]] = is_other(levels, was, is);
    }
    x->before.n_batch = x->after.n_batch = 0;
    x->all->n_compared += n;
    return tell_progress(x->all);
}

// Two KPIs that are judged on both sides.
static bool compare_pairs(KpiChanges *x) {
    uint32_t pairs[VM_BATCH];
    size_t n = 0;
    bool ok = true;
    for (size_t i = 0; ok && i < x->pairs.n; i++) {
        const RowPair *p = &x->pairs.v[i];
        if (p->before == ROW_NONE || p->after == ROW_NONE) {
            x->changed[i] = true;
            continue;
        }
        put_in_batch(&x->before, p->before);
        put_in_batch(&x->after, p->after);
        pairs[n++] = (uint32_t)i;
        if (n == VM_BATCH) {
            ok = compare_batch(x, pairs, n);
            n = 0;
        }
    }
    return ok && compare_batch(x, pairs, n);
}

static bool find_changes(KpiChanges *x) {
    const Kpi *before = x->before.kpi, *after = x->after.kpi;
    if (before && after && before->has_status && after->has_status)
        return compare_pairs(x);
    bool unjudged = before && after && !before->has_status && !after->has_status;
    for (size_t i = 0; i < x->pairs.n; i++) {
        const RowPair *p = &x->pairs.v[i];
        x->changed[i] = !unjudged || p->before == ROW_NONE || p->after == ROW_NONE;
    }
    return true;
}

static bs_code tell(Changes *c, const bs_result *before, const bs_result *after, bool alone,
                    const Cause *cause) {
    bs_change change = {.before = before,
                        .after = after,
                        .alone = alone,
                        .cause = result_text(cause->words),
                        .file_before = result_text(cause->file_before),
                        .file_after = result_text(cause->file_after),
                        .line_before = cause->line_before,
                        .line_after = cause->line_after};
    c->counts.n_changed++;
    bool failed = c->before.texts.failed || c->before.maker.work.failed || c->after.texts.failed ||
                  c->after.maker.work.failed;
    if (failed)
        return BS_NO_MEMORY;
    return c->fn(c->context, &change) ? BS_OK : BS_STOPPED;
}

// The result of the next row of the batch; NULL where the side has none.
static const bs_result *take_result(KpiSide *k, uint32_t row, size_t *next, bs_result *out) {
    if (row == ROW_NONE)
        return NULL;
    result_make(&k->side->maker, k->lanes[row], *next, out);
    ++*next;
    return out;
}

// Tells of the [n] changed pairs in the batch.
static bs_code tell_batch(KpiChanges *x, const uint32_t *pairs, size_t n) {
    Changes *c = x->all;
    if (!run_batch(&x->before, &x->before.full) || !run_batch(&x->after, &x->after.full))
        return BS_NO_MEMORY;
    bool alone = !x->before.kpi || !x->after.kpi;
    bs_code code = BS_OK;
    size_t next_before = 0, next_after = 0;
    for (size_t i = 0; i < n && code == BS_OK; i++) {
        const RowPair *p = &x->pairs.v[pairs[i]];
        bs_result before, after;
        CauseSide b = {&c->before.maker, next_before, NULL};
        CauseSide f = {&c->after.maker, next_after, NULL};
        b.result = take_result(&x->before, p->before, &next_before, &before);
        f.result = take_result(&x->after, p->after, &next_after, &after);
        Cause cause = change_cause(&c->after.texts, &b, &f, &c->after.maker.work);
        code = tell(c, b.result, f.result, alone, &cause);
    }
    arena_free(&c->before.texts);
    arena_free(&c->after.texts);
    x->before.n_batch = x->after.n_batch = 0;
    return code;
}

static bs_code tell_changes(KpiChanges *x) {
    uint32_t pairs[VM_BATCH];
    size_t n = 0;
    bs_code code = BS_OK;
    for (size_t i = 0; code == BS_OK && i < x->pairs.n; i++) {
        if (!x->changed[i])
            continue;
        put_in_batch(&x->before, x->pairs.v[i].before);
        put_in_batch(&x->after, x->pairs.v[i].after);
        pairs[n++] = (uint32_t)i;
        if (n == VM_BATCH) {
            code = tell_batch(x, pairs, n);
            n = 0;
        }
    }
    return code == BS_OK ? tell_batch(x, pairs, n) : code;
}

static bool begin_results(KpiChanges *x, KpiSide *k) {
    return !k->kpi || result_begin(&k->side->maker, &x->arena, k->kpi);
}

static bs_code compare_kpis(Changes *c, const Kpi *before, const Kpi *after) {
    KpiChanges *x = ARENA_NEW(&c->arena, KpiChanges);
    if (!x)
        return BS_NO_MEMORY;
    *x = (KpiChanges){.all = c,
                      .before = {.side = &c->before, .kpi = before},
                      .after = {.side = &c->after, .kpi = after}};
    arena_init(&x->arena, 0);
    bool ok = list_rows(x, &x->before) && list_rows(x, &x->after) &&
              row_pairs_make(&x->arena, &c->same, &x->before.keys, &x->after.keys, c->pair_periods,
                             &x->pairs) &&
              (x->changed = ARENA_ARRAY(&x->arena, bool, x->pairs.n)) != NULL &&
              begin_results(x, &x->before) && begin_results(x, &x->after);
    c->counts.n_kpis++;
    c->counts.n_rows += x->pairs.n;
    c->counts.n_judged += x->before.keys.n + x->after.keys.n;
    bs_code code = ok && find_changes(x) ? tell_changes(x) : c->stopped ? BS_STOPPED : BS_NO_MEMORY;
    arena_free(&x->arena);
    return code;
}

// ---- groups -------------------------------------------------------------------------------------

typedef struct GroupSide {
    Side *side;
    const Group *group; // NULL where the side lacks it
    const BoardSheet *sheet;
    RowKeys keys;   // of the rows that are selected,
    uint32_t *rows; // which are these of the sheet
    MemberStatus *members;
    bs_result result;
} GroupSide;

static bool make_board(Side *s) {
    return s->board.groups || board_make(&s->board, s->program, s->store, &s->vm, &s->boards);
}

static bool list_group(Changes *c, Arena *a, GroupSide *g) {
    Side *s = g->side;
    if (!g->group)
        return true;
    if (!make_board(s))
        return false;
    g->sheet = &s->board.groups[g->group - s->program->groups];
    g->keys.v = ARENA_ARRAY(a, RowKey, g->sheet->n);
    g->rows = ARENA_ARRAY(a, uint32_t, g->sheet->n);
    g->members = ARENA_ARRAY(a, MemberStatus, g->group->n_members);
    for (size_t i = 0; !a->failed && i < g->sheet->n; i++) {
        const BoardRow *row = &g->sheet->v[i];
        if (!selects(c, s, (Lane){.entity = row->entity, .period = row->period}))
            continue;
        g->rows[g->keys.n] = (uint32_t)i;
        g->keys.v[g->keys.n++] = (RowKey){row->entity, row->period};
    }
    return !a->failed;
}

static const BoardRow *group_row(const GroupSide *g, uint32_t row) {
    return row == ROW_NONE ? NULL : &g->sheet->v[g->rows[row]];
}

static bool make_result(GroupSide *g, const BoardRow *row) {
    Side *s = g->side;
    return !row || group_result_make(&s->board, g->group, row, g->members, NULL, &s->texts,
                                     &s->maker.work, &g->result);
}

static bs_code compare_rows(Changes *c, GroupSide *before, GroupSide *after,
                            const RowPairs *pairs) {
    uint8_t levels[SCALE_MAX_LEVELS];
    bool alone = !before->group || !after->group;
    if (!alone)
        map_levels(&c->before.program->scales[before->group->scale],
                   &c->after.program->scales[after->group->scale], levels);
    bs_code code = BS_OK;
    for (size_t i = 0; code == BS_OK && i < pairs->n; i++) {
        const BoardRow *was = group_row(before, pairs->v[i].before);
        const BoardRow *is = group_row(after, pairs->v[i].after);
        c->counts.n_judged += (was != NULL) + (size_t)(is != NULL);
        if (was && is && !is_other(levels, was->status.level, is->status.level))
            continue;
        if (!make_result(before, was) || !make_result(after, is)) {
            code = BS_NO_MEMORY;
        } else {
            const bs_result *b = was ? &before->result : NULL, *f = is ? &after->result : NULL;
            Cause cause = change_lines(b, f);
            code = tell(c, b, f, alone, &cause);
        }
        arena_free(&c->before.texts);
        arena_free(&c->after.texts);
    }
    return code;
}

static bs_code compare_groups(Changes *c, const Group *before, const Group *after) {
    GroupSide was = {.side = &c->before, .group = before};
    GroupSide is = {.side = &c->after, .group = after};
    Arena a;
    RowPairs pairs;
    arena_init(&a, 0);
    bs_code code = BS_NO_MEMORY;
    if (list_group(c, &a, &was) && list_group(c, &a, &is) &&
        row_pairs_make(&a, &c->same, &was.keys, &is.keys, c->pair_periods, &pairs)) {
        c->counts.n_kpis++;
        c->counts.n_rows += pairs.n;
        code = compare_rows(c, &was, &is, &pairs);
    }
    arena_free(&a);
    return code;
}

// ---- all of them --------------------------------------------------------------------------------

// KPIs and groups go the same way, each kind by itself.
static uint32_t n_parts(const Program *p, bool groups) {
    return groups ? p->n_groups : p->n_kpis;
}

static Str part_name(const Program *p, bool groups, uint32_t i) {
    return groups ? p->groups[i].name : p->kpis[i].name;
}

// The names of one kind, by index, so that each is found on the other side.
static bool enter(Intern *names, Arena *a, const Program *p, bool groups) {
    intern_init(names, a);
    for (uint32_t i = 0; i < n_parts(p, groups); i++)
        if (intern_add(names, part_name(p, groups, i)) == INTERN_NONE)
            return false;
    return true;
}

// Means the same, of the same figures, none of which either side has set by hand.
static bool is_same(const Changes *c, bool groups, uint32_t before, uint32_t after) {
    const Side *was = &c->before, *is = &c->after;
    const Fingerprint *x = groups ? &was->prints.groups[before] : &was->prints.kpis[before];
    const Fingerprint *y = groups ? &is->prints.groups[after] : &is->prints.kpis[after];
    bool set = groups ? was->by_hand.groups[before] || is->by_hand.groups[after]
                      : was->by_hand.kpis[before] || is->by_hand.kpis[after];
    return c->same_data && !set && strcmp(x->hash, y->hash) == 0;
}

// INTERN_NONE on the side that has no such part.
static bs_code compare(Changes *c, bool groups, uint32_t before, uint32_t after) {
    const Program *p = c->before.program, *q = c->after.program;
    if (groups)
        return compare_groups(c, before == INTERN_NONE ? NULL : &p->groups[before],
                              after == INTERN_NONE ? NULL : &q->groups[after]);
    return compare_kpis(c, before == INTERN_NONE ? NULL : &p->kpis[before],
                        after == INTERN_NONE ? NULL : &q->kpis[after]);
}

static bs_code run_parts(Changes *c, bool groups) {
    const Program *p = c->before.program, *q = c->after.program;
    Intern before, after;
    if (!enter(&before, &c->arena, p, groups) || !enter(&after, &c->arena, q, groups))
        return BS_NO_MEMORY;
    bs_code code = BS_OK;
    for (uint32_t i = 0; code == BS_OK && i < n_parts(q, groups); i++) {
        Str name = part_name(q, groups, i);
        uint32_t k = intern_find(&before, name);
        if (!selection_has_kpi(&c->filter, name) || (k == INTERN_NONE && c->common))
            continue;
        if (k != INTERN_NONE && is_same(c, groups, k, i))
            c->counts.n_same++;
        else
            code = compare(c, groups, k, i);
    }
    for (uint32_t i = 0; code == BS_OK && !c->common && i < n_parts(p, groups); i++) {
        Str name = part_name(p, groups, i);
        if (selection_has_kpi(&c->filter, name) && intern_find(&after, name) == INTERN_NONE)
            code = compare(c, groups, i, INTERN_NONE);
    }
    return code;
}

static bool begin_side(Changes *c, Side *s, const ChangesSide *from) {
    *s = (Side){.program = from->program, .store = from->store};
    arena_init(&s->texts, 0);
    arena_init(&s->boards, 0);
    vm_init(&s->vm, from->program, from->store);
    s->maker = (ResultMaker){.program = from->program,
                             .store = from->store,
                             .diags = from->diags,
                             .vm = &s->vm,
                             .needs = PLAN_EVERYTHING,
                             .texts = &s->texts};
    return fingerprints_make(&c->arena, from->program, &s->prints) &&
           hand_reach_make(&c->arena, from->program, &s->by_hand);
}

static void end_side(Side *s) {
    vm_free(&s->vm);
    arena_free(&s->texts);
    arena_free(&s->boards);
    buf_free(&s->maker.work);
}

// The period that an option names, which [store] has to have.
static bool read_period(const char *name, const Store *store, DiagList *d, Period *out) {
    *out = (Period){0, PERIOD_NONE};
    const bs_filter only = {.periods = &name, .n_periods = 1};
    static const Program no_rules;
    return !name || (selection_check(&only, &(SelectionSide){&no_rules, store}, 1, d) &&
                     period_parse(str_from(name), out));
}

static bs_code check_options(Changes *c, const bs_diff_options *o, DiagList *d) {
    SelectionSide sides[] = {{c->before.program, c->before.store},
                             {c->after.program, c->after.store}};
    if (c->filter.rules_as_of || !o->period_before != !o->period_after)
        return BS_USAGE;
    bool known = selection_check(&c->filter, sides, 2, d);
    known = read_period(o->period_before, c->before.store, d, &c->before.only) && known;
    known = read_period(o->period_after, c->after.store, d, &c->after.only) && known;
    c->pair_periods = o->period_before != NULL;
    return known ? BS_OK : BS_INVALID;
}

bs_code changes_run(const ChangesSide *before, const ChangesSide *after, bool same_data,
                    const bs_diff_options *options, DiagList *d, const ProgressTo *progress,
                    bs_change_fn fn, void *context, bs_diff_counts *counts) {
    static const bs_diff_options usual;
    const bs_diff_options *o = options ? options : &usual;
    Changes c = {.filter = o->filter,
                 .common = o->common,
                 .progress = progress,
                 .fn = fn,
                 .context = context};
    arena_init(&c.arena, 0);
    bool ok = begin_side(&c, &c.before, before) && begin_side(&c, &c.after, after) &&
              same_entities(&c.arena, before->store, after->store, &c.same);
    bs_code code = ok ? check_options(&c, o, d) : BS_NO_MEMORY;
    c.same_data = same_data && !c.pair_periods;
    if (code == BS_OK)
        code = run_parts(&c, false);
    if (code == BS_OK)
        code = run_parts(&c, true);
    if (code == BS_NO_MEMORY)
        diag_add(d, D_NO_MEMORY, (Place){.file = PLACE_NO_FILE},
                 "memory ran out while the results were compared");
    if (counts)
        *counts = c.counts;
    end_side(&c.before);
    end_side(&c.after);
    arena_free(&c.arena);
    return code;
}
