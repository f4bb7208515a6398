// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/overrides.h"

#include "runtime/base/suggest.h"
#include "runtime/engine/vm.h"

typedef struct Check {
    const Program *program;
    const Store *store;
    DiagList *diags;
    const Kpi *kpi;
    Plan plan; // of the KPI
    Lane *lanes; // its rows: by entity, then by period
    size_t n_lanes;
    size_t *starts; // by entity: its first lane
    Vm vm;
} Check;

static Str period_text(Check *c, Period p) {
    Buf text = {0};
    period_print(&text, p);
    Str s = arena_str(c->diags->arena, buf_str(&text));
    buf_free(&text);
    return s;
}

// ---- what is said -------------------------------------------------------------------------------

static void say_no_entity(Check *c, const Judgement *j) {
    Diag *d = diag_add(c->diags, D_OVERRIDE_NO_ENTITY, j->entity_place,
                       "no figure is of \"%.*s\", so the override of `%.*s` matches nothing",
                       STR_ARG(j->entity), STR_ARG(j->kpi));
    Suggestion near = suggest_for(j->entity);
    for (uint32_t i = 0; i < c->store->entities.n; i++)
        suggest_consider(&near, intern_text(&c->store->entities, i));
    if (near.best.len > 0)
        d->hint = arena_printf(c->diags->arena, "did you mean \"%.*s\"?", STR_ARG(near.best));
    else
        d->hint = STR("write the name as the metric files have it, capitals and all");
}

static void say_no_row(Check *c, const Judgement *j, const Lane *rows, size_t n) {
    Diag *d =
        diag_add(c->diags, D_OVERRIDE_NO_ROW, j->span_place,
                 "the override of `%.*s` for \"%.*s\" matches nothing: there is no result %s%.*s"
                 "%s%.*s",
                 STR_ARG(j->kpi), STR_ARG(j->entity), period_eq(j->from, j->to) ? "of " : "from ",
                 STR_ARG(period_text(c, j->from)), period_eq(j->from, j->to) ? "" : " to ",
                 STR_ARG(period_eq(j->from, j->to) ? (Str){0} : period_text(c, j->to)));
    if (n == 0)
        d->hint = arena_printf(c->diags->arena, "the files hold no figure of it for `%.*s`",
                               STR_ARG(j->kpi));
    else
        d->hint = arena_printf(c->diags->arena, "its results are of %.*s%s%.*s",
                               STR_ARG(period_text(c, rows[0].period)), n > 1 ? " to " : "",
                               STR_ARG(n > 1 ? period_text(c, rows[n - 1].period) : (Str){0}));
}

static void say_expired(Check *c, const Judgement *j, Period first) {
    Diag *d =
        diag_add(c->diags, D_OVERRIDE_EXPIRED, j->span_place,
                 "the override of `%.*s` for \"%.*s\" has expired: it ended with %.*s, and the "
                 "figures begin with %.*s",
                 STR_ARG(j->kpi), STR_ARG(j->entity), STR_ARG(period_text(c, j->to)),
                 STR_ARG(period_text(c, first)));
    d->hint = STR("take it out, or give it a later last period if the judgement still holds");
}

static void say_ended(Check *c, const Judgement *j, Period last) {
    Diag *d =
        diag_add(c->diags, D_OVERRIDE_ENDED, j->span_place,
                 "the override of `%.*s` for \"%.*s\" ended with %.*s; since then, up to %.*s, "
                 "the rules decide again",
                 STR_ARG(j->kpi), STR_ARG(j->entity), STR_ARG(period_text(c, j->to)),
                 STR_ARG(period_text(c, last)));
    d->hint =
        STR("give it a later last period if the judgement still holds; a file that keeps past "
            "judgements says so at its head: treat B786 as note");
}

static void say_needless(Check *c, const Judgement *j) {
    const Level *l = &c->program->scales[j->scale].levels[j->level];
    diag_add(c->diags, D_OVERRIDE_NEEDLESS, j->place,
             "the override of `%.*s` for \"%.*s\" changes nothing: the rules give %.*s in all its "
             "periods",
             STR_ARG(j->kpi), STR_ARG(j->entity), STR_ARG(l->name))
        ->hint = STR("take it out, so that the status is not counted as one by hand");
}

// ---- the check ----------------------------------------------------------------------------------

static bool applies(const Judgement *j, Period p) {
    return p.kind == j->from.kind && p.ordinal >= j->from.ordinal && p.ordinal <= j->to.ordinal;
}

// Do the rules give what the override of these rows does?
static bool is_needless(Check *c, const Judgement *j, const Lane *rows, size_t n, bool *memory) {
    for (size_t at = 0; at < n; at += VM_BATCH) {
        size_t n_batch = n - at < VM_BATCH ? n - at : VM_BATCH;
        if (!vm_run_plan(&c->vm, &c->plan, rows + at, n_batch)) {
            *memory = false;
            return false;
        }
        const uint8_t *levels = vm_status_columns(&c->vm, c->kpi->computed).level;
        for (size_t i = 0; i < n_batch; i++) {
            if (levels[i] != j->level)
                return false;
        }
    }
    return true;
}

// False when memory runs out.
static bool check_judgement(Check *c, const Judgement *j, bool *matched) {
    uint32_t entity = intern_find(&c->store->entities, j->entity);
    if (entity == INTERN_NONE) {
        say_no_entity(c, j);
        *matched = false;
        return true;
    }
    const Lane *rows = c->lanes + c->starts[entity];
    size_t n = c->starts[entity + 1] - c->starts[entity];
    size_t first = 0, n_applies = 0;
    while (first < n && !applies(j, rows[first].period))
        first++;
    while (first + n_applies < n && applies(j, rows[first + n_applies].period))
        n_applies++;
    Period oldest = n > 0 ? rows[0].period : (Period){0};
    Period latest = n > 0 ? rows[n - 1].period : (Period){0};
    if (n_applies == 0) {
        bool over = n > 0 && oldest.kind == j->to.kind && j->to.ordinal < oldest.ordinal;
        if (over)
            say_expired(c, j, oldest);
        else
            say_no_row(c, j, rows, n);
        *matched = false;
        return true;
    }
    bool memory = true;
    if (latest.kind == j->to.kind && j->to.ordinal < latest.ordinal)
        say_ended(c, j, latest);
    if (is_needless(c, j, rows + first, n_applies, &memory))
        say_needless(c, j);
    return memory;
}

// Where each entity's lanes begin; they come entity by entity.
static bool find_starts(Check *c, Arena *a) {
    uint32_t n_entities = c->store->entities.n;
    c->starts = ARENA_ARRAY(a, size_t, (size_t)n_entities + 1);
    if (!c->starts)
        return false;
    size_t at = 0;
    for (uint32_t e = 0; e <= n_entities; e++) {
        while (at < c->n_lanes && c->lanes[at].entity < e)
            at++;
        c->starts[e] = at;
    }
    return true;
}

// The set of a KPI that has overrides.
static const JudgementSet *set_of(const Program *p, const Kpi *k) {
    for (uint32_t i = k->fn.first; i < k->fn.first + k->fn.n; i++) {
        if (p->code[i].op == OP_OVERRIDE && p->code[i].dst == k->status)
            return &p->judgement_sets[p->code[i].imm];
    }
    return NULL;
}

static bool check_kpi(Check *c, const Kpi *k, bool *matched) {
    const JudgementSet *set = k->has_overrides ? set_of(c->program, k) : NULL;
    if (!set)
        return true;
    Arena a;
    arena_init(&a, 0);
    c->kpi = k;
    bool ok = plan_make(&a, c->program, k, 0, &c->plan) &&
              store_lanes(c->store, &a, k->reads, k->n_reads, &c->lanes, &c->n_lanes) &&
              find_starts(c, &a);
    for (uint32_t i = 0; ok && i < set->n; i++)
        ok = check_judgement(c, &c->program->judgements[set->first + i], matched);
    arena_free(&a);
    return ok;
}

bool overrides_check(const Program *p, const Store *s, DiagList *d, bool *matched) {
    Check c = {.program = p, .store = s, .diags = d};
    bool ok = true;
    *matched = true;
    vm_init(&c.vm, p, s);
    for (uint32_t i = 0; ok && p->n_judgements > 0 && i < p->n_kpis; i++)
        ok = check_kpi(&c, &p->kpis[i], matched);
    vm_free(&c.vm);
    return ok;
}
