// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/assertions.h"

#include "runtime/base/buf.h"
#include "runtime/edges/asserted_figures.h"
#include "runtime/engine/telling.h"
#include "runtime/engine/vm.h"

typedef struct Check {
    const Program *program;
    const Store *store;
    DiagList *diags;
    const Assertion *assertion;
    AssertionTally *tally;
    Vm vm;
    Buf work;
} Check;

// ---- what is said of a failure ------------------------------------------------------------------

// `a = b` sets 80% against 85%: the comparisons that had a part in it.
static void tell_sides(Check *c, size_t lane) {
    const Assertion *a = c->assertion;
    const char *before = ": ";
    for (uint32_t i = 0; i < a->n_sides; i++) {
        const AssertedSides *s = &a->sides[i];
        Why why, why_a, why_b;
        bool holds = vm_truth(&c->vm, s->truth, lane, &why);
        Number left = vm_number(&c->vm, s->a, lane, &why_a);
        Number right = vm_number(&c->vm, s->b, lane, &why_b);
        if (why || why_a || why_b || holds != s->negated)
            continue;
        buf_printf(&c->work, "%s`%.*s` sets ", before, STR_ARG(s->text));
        tell_unit(&c->work, left, -1, ROUND_HALF_AWAY, s->unit_a);
        buf_puts(&c->work, " against ");
        tell_unit(&c->work, right, -1, ROUND_HALF_AWAY, s->unit_b);
        before = "; ";
    }
}

// The line of the first figure that the condition reads.
static Place first_place(const Check *c, Lane lane) {
    const Assertion *a = c->assertion;
    for (uint32_t i = 0; i < a->n_reads; i++) {
        uint32_t obs = store_observation(c->store, lane, a->reads[i]);
        if (obs != OBS_NONE)
            return (Place){.file = c->store->obs[obs].file, .line = c->store->obs[obs].line};
    }
    return (Place){.file = PLACE_NO_FILE};
}

static Str take_work(Check *c) {
    Str s = arena_str(c->diags->arena, buf_str(&c->work));
    c->work.len = 0;
    return s;
}

static bool report_failure(Check *c, Lane lane, size_t i) {
    const Assertion *a = c->assertion;
    period_print(&c->work, lane.period);
    Str period = take_work(c);
    tell_sides(c, i);
    Str sides = take_work(c);
    Place place = first_place(c, lane);
    Diag *d = diag_add(c->diags, a->is_warning ? D_ASSERTION_DOUBT : D_ASSERTION_FAILS, place,
                       "%.*s, %.*s: \"%.*s\" does not hold%.*s",
                       STR_ARG(intern_text(&c->store->entities, lane.entity)), STR_ARG(period),
                       STR_ARG(a->text), STR_ARG(sides));
    d->other = a->place;
    d->note = STR("the assertion");
    buf_puts(&c->work, "the figures are ");
    bool ok = asserted_figures_tell(&c->vm, c->diags, a, lane, place.file, &c->work);
    d->hint = take_work(c);
    return ok;
}

// ---- the check ----------------------------------------------------------------------------------

static bool check_batch(Check *c, const Lane *lanes, size_t n) {
    if (!vm_run(&c->vm, &c->assertion->fn, lanes, n, NULL))
        return false;
    for (size_t i = 0; i < n; i++) {
        Why why;
        bool holds = vm_truth(&c->vm, c->assertion->truth, i, &why);
        c->tally->n_unchecked += why != 0;
        c->tally->n_held += why == 0 && holds;
        c->tally->n_failed += why == 0 && !holds;
        if (why == 0 && !holds && !report_failure(c, lanes[i], i))
            return false;
    }
    return !c->work.failed;
}

// An entity and period without a figure is none of the assertion's business.
static bool has_figure(const Check *c, Lane lane) {
    for (uint32_t i = 0; i < c->assertion->n_reads; i++) {
        if (store_observation(c->store, lane, c->assertion->reads[i]) != OBS_NONE)
            return true;
    }
    return false;
}

static void say_unchecked(Check *c) {
    const Assertion *a = c->assertion;
    if (c->tally->n_held + c->tally->n_failed > 0)
        return;
    diag_add(c->diags, D_ASSERTION_UNCHECKED, a->place,
             "\"%.*s\" was not checked: no entity has all of its figures in any period",
             STR_ARG(a->text))
        ->hint = STR("look at the metrics it names: are they in the files, for the same entities "
                     "and periods?");
}

static bool check_assertion(Check *c) {
    Arena a;
    arena_init(&a, 0);
    Lane *lanes;
    size_t n, n_kept = 0;
    bool ok = store_lanes(c->store, &a, c->assertion->reads, c->assertion->n_reads, &lanes, &n);
    for (size_t i = 0; ok && i < n; i++) {
        if (has_figure(c, lanes[i]))
            lanes[n_kept++] = lanes[i];
    }
    for (size_t i = 0; ok && i < n_kept; i += VM_BATCH)
        ok = check_batch(c, lanes + i, n_kept - i < VM_BATCH ? n_kept - i : VM_BATCH);
    if (ok)
        say_unchecked(c);
    arena_free(&a);
    return ok;
}

AssertionTally *assertions_check(Arena *a, const Program *p, const Store *s, DiagList *d) {
    Check c = {.program = p, .store = s, .diags = d};
    AssertionTally *tallies = ARENA_ARRAY(a, AssertionTally, p->n_assertions);
    vm_init(&c.vm, p, s);
    bool ok = tallies;
    for (uint32_t i = 0; ok && i < p->n_assertions; i++) {
        c.assertion = &p->assertions[i];
        c.tally = &tallies[i];
        ok = check_assertion(&c);
    }
    vm_free(&c.vm);
    buf_free(&c.work);
    return ok ? tallies : NULL;
}
