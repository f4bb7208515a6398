// SPDX-License-Identifier: Apache-2.0
// What a plan runs gives what the whole function gives, one lane at a time or a batch of them; and
// it runs no more than it has to.
#include "tests/unit/judged_fixture.h"

#include "tests/unit/random.h"

static const char RULES[] =
    "scale rag\n  red\n  amber\n  green\n"
    "end\n"
    "metric a percent range 0 to 100\n"
    "metric b count\n"
    "input figures\n"
    "  layout long\n  entity column \"area\"\n  period column \"month\"\n"
    "  metric column \"measure\"\n  value column \"value\"\n"
    "  field aim column \"aim\"\n  field remark column \"remark\" as text\n"
    "end\n"
    "kpi plain\n  value a\n  good is low\n  precision 1 decimal\n"
    "  bands rag, gaps to worse, rounded\n"
    "    green <16\n    amber 16-19\n    red otherwise\n  end\n"
    "  status rag\n    green when rag is green\n    amber when rag is amber\n    red otherwise\n"
    "  end\nend\n"
    "kpi twice\n  value (b - 5) * 2 + (b - 5)\n  good is high\n  needs b - 5 > 0\n"
    "  status rag\n    red when b - 5 > 60\n    amber when at least 10\n    green otherwise\n"
    "  end\nend\n"
    "kpi moving\n  value a\n  good is high\n  compare aim = a.aim\n  steady within 2 points\n"
    "  target by period\n    2024-01 40\n    2024-02 45\n  end\n"
    "  status rag\n    no data when a.remark = \"disputed\", if known because \"disputed\"\n"
    "    red when over 10% worse than aim, if known\n"
    "    amber when within 5 points of target or a > aim\n"
    "    green when worsening\n    amber otherwise\n  end\nend\n"
    "kpi crossed\n  value a\n  good is low\n"
    "  bands rag, gaps to worse\n    green <16\n    amber 16-19\n    red otherwise\n  end\n"
    "  status rag by rag, direction\n"
    "           improving steady worsening unknown\n"
    "    red    red       red    red       amber\n"
    "    amber  green     amber  red       red\n"
    "    green  green     green  amber     green\n  end\nend\n"
    "kpi share\n  value a else b as percent of (b + 3)\n  good is near 50\n"
    "  status rag\n    green when previous(a, 2) > a\n    red when change > 3 points\n"
    "    amber otherwise\n  end\nend\n"
    "kpi said\n  value b\n  good is not judged\nend\n";

enum { N_ENTITIES = 250, N_PERIODS = 5, N_LANES = VM_BATCH };

typedef struct Table {
    Judged j;
    Lane lanes[N_LANES];
    Arena arena;
    Random random;
} Table;

static Number random_number(Random *r) {
    static const int64_t dens[] = {1, 1, 10, 100, 3};
    return (Number){below(r, 100), dens[below(r, COUNT(dens))]};
}

static void put_field(Table *t, uint32_t obs, uint32_t field) {
    static const Reason reasons[] = {REASON_SUPPRESSED, REASON_NOT_AVAILABLE, REASON_NO_ROW};
    Judged *j = &t->j;
    Random *r = &t->random;
    if (one_in(r, 6)) {
        store_set(&j->store, obs, field, number_int(0), WHY(reasons[below(r, 3)]));
    } else if (j->r.program.field_is_text[field]) {
        uint32_t id = intern_add(&j->store.texts, one_in(r, 3) ? STR("disputed") : STR("x"));
        store_set(&j->store, obs, field, number_int(id), 0);
    } else {
        store_set(&j->store, obs, field, random_number(r), 0);
    }
}

static void put_observation(Table *t, uint32_t metric, uint32_t entity, int32_t period) {
    Store *s = &t->j.store;
    Observation o = {.metric = metric,
                     .entity = entity,
                     .period = period_add(read_period("2024-01"), period),
                     .replaced = OBS_NONE,
                     .marks = one_in(&t->random, 20) ? MARK_BREAK : 0};
    uint32_t obs = store_add(s, o);
    assert_int_not_equal(obs, OBS_NONE);
    for (uint32_t field = 0; field < s->n_fields; field++)
        put_field(t, obs, field);
}

static void begin(Table *t) {
    *t = (Table){.random = {71}};
    judged_begin(&t->j, RULES);
    for (uint32_t e = 0; e < N_ENTITIES; e++) {
        Str name = arena_printf(&t->arena, "entity %u", e);
        assert_int_equal(intern_add(&t->j.store.entities, name), e);
        for (int32_t p = 0; p < N_PERIODS; p++)
            for (uint32_t m = 0; m < t->j.r.program.n_metrics; m++)
                if (!one_in(&t->random, 6))
                    put_observation(t, m, e, p);
    }
    assert_true(store_finish(&t->j.store));
    for (uint32_t i = 0; i < N_LANES; i++)
        t->lanes[i] = (Lane){.entity = i % N_ENTITIES,
                             .period = period_add(read_period("2024-01"),
                                                  (int32_t)(i / N_ENTITIES % N_PERIODS))};
}

static void end(Table *t) {
    arena_free(&t->arena);
    judged_end(&t->j);
}

// ---- comparing ----------------------------------------------------------------------------------

static bool same_status(const StatusLane *x, const StatusLane *y) {
    return x->level == y->level && x->line == y->line && x->why == y->why &&
           x->pending == y->pending && x->unknown == y->unknown;
}

static bool same_value(const Vm *x, size_t x_lane, const Vm *y, size_t y_lane, uint16_t reg,
                       ValueKind kind) {
    if (kind == KIND_STATUS) {
        StatusLane a = vm_status(x, reg, x_lane), b = vm_status(y, reg, y_lane);
        return same_status(&a, &b);
    }
    if (vm_whys(x, reg)[x_lane] != vm_whys(y, reg)[y_lane])
        return false;
    if (vm_whys(x, reg)[x_lane])
        return true;
    switch (kind) {
    case KIND_NUMBER:
        return number_cmp(vm_numbers(x, reg)[x_lane], vm_numbers(y, reg)[y_lane]) == 0;
    case KIND_TRUTH:
    case KIND_LEVEL:
        return vm_bytes(x, reg)[x_lane] == vm_bytes(y, reg)[y_lane];
    case KIND_TEXT:
        return vm_texts(x, reg)[x_lane] == vm_texts(y, reg)[y_lane];
    case KIND_STATUS:
        break;
    }
    return false;
}

static void assert_register(const Vm *planned, const Vm *whole, const Kpi *k, uint16_t reg,
                            unsigned needs) {
    if (reg == NO_REG)
        return;
    for (size_t i = 0; i < N_LANES; i++)
        if (!same_value(planned, i, whole, i, reg, (ValueKind)k->fn.reg_kind[reg]))
            fail_msg("register %u of %.*s differs in lane %zu with the needs %u", reg,
                     STR_ARG(k->name), i, needs);
}

static Str sentence(const Vm *vm, const Kpi *k, size_t lane, Buf *out) {
    out->len = 0;
    explain_status(vm, k, lane, out);
    return buf_str(out);
}

static void assert_reasons(const Vm *planned, const Vm *whole, const Kpi *k) {
    Buf x = {0}, y = {0};
    for (size_t i = 0; i < N_LANES; i++)
        if (!str_eq(sentence(planned, k, i, &x), sentence(whole, k, i, &y)))
            fail_msg("%.*s\n%.*s", STR_ARG(buf_str(&x)), STR_ARG(buf_str(&y)));
    buf_free(&x);
    buf_free(&y);
}

static void assert_plan(const Vm *planned, const Vm *whole, const Kpi *k, unsigned needs) {
    assert_register(planned, whole, k, k->value, needs);
    assert_register(planned, whole, k, k->judged, needs);
    for (uint32_t i = 0; i < k->n_levels; i++)
        assert_register(planned, whole, k, k->levels[i].reg, needs);
    for (uint32_t i = 0; i < k->n_figures; i++)
        assert_register(planned, whole, k, k->figures[i].reg, needs);
    if (k->has_status)
        assert_register(planned, whole, k, k->status, needs);
    if (needs & PLAN_PREVIOUS)
        assert_register(planned, whole, k, k->previous, needs);
    if (needs & PLAN_DIRECTION)
        assert_register(planned, whole, k, k->direction, needs);
    if (needs & PLAN_REASON)
        assert_reasons(planned, whole, k);
    for (size_t i = 0; k->has_status && i < N_LANES; i++) {
        Str of_plan = {0}, of_whole = {0};
        assert_int_equal(explain_wanting_line(planned, k, i, &of_plan),
                         explain_wanting_line(whole, k, i, &of_whole));
        assert_true(str_eq(of_plan, of_whole));
    }
}

// ---- tests --------------------------------------------------------------------------------------

static void wanted_registers_hold_what_the_whole_gives(void **state) {
    (void)state;
    Table t;
    begin(&t);
    const Program *p = &t.j.r.program;
    for (uint32_t i = 0; i < p->n_kpis; i++) {
        const Kpi *k = &p->kpis[i];
        Vm planned;
        vm_init(&planned, p, &t.j.store);
        assert_true(vm_run(&t.j.vm, &k->fn, t.lanes, N_LANES, NULL));
        for (unsigned needs = 0; needs <= PLAN_EVERYTHING; needs++) {
            Plan plan;
            assert_true(plan_make(&t.arena, p, k, needs, &plan));
            assert_true(vm_run_plan(&planned, &plan, t.lanes, N_LANES));
            assert_plan(&planned, &t.j.vm, k, needs);
        }
        vm_free(&planned);
    }
    end(&t);
}

static void a_lane_by_itself_comes_out_as_in_a_batch(void **state) {
    (void)state;
    Table t;
    begin(&t);
    const Program *p = &t.j.r.program;
    for (uint32_t i = 0; i < p->n_kpis; i++) {
        const Kpi *k = &p->kpis[i];
        Plan plan;
        Vm alone;
        vm_init(&alone, p, &t.j.store);
        assert_true(plan_make(&t.arena, p, k, i % 2 ? 0 : PLAN_EVERYTHING, &plan));
        assert_true(vm_run_plan(&t.j.vm, &plan, t.lanes, N_LANES));
        assert_true(plan.n_regs > 0);
        for (size_t lane = 0; lane < N_LANES; lane++) {
            assert_true(vm_run_plan(&alone, &plan, &t.lanes[lane], 1));
            for (uint32_t r = 0; r < plan.n_regs; r++)
                if (!same_value(&alone, 0, &t.j.vm, lane, plan.regs[r],
                                (ValueKind)k->fn.reg_kind[plan.regs[r]]))
                    fail_msg("register %u of %.*s differs in lane %zu", plan.regs[r],
                             STR_ARG(k->name), lane);
        }
        vm_free(&alone);
    }
    end(&t);
}

static bool loads_history(const Program *p, const Plan *plan) {
    bool any = false;
    for (uint32_t i = 0; i < plan->n; i++)
        any |= op_info[plan->code[i].op].imm == IMM_LOAD &&
               p->loads[plan->code[i].imm].back != 0;
    return any;
}

static void no_other_period_is_loaded_unless_it_is_needed(void **state) {
    (void)state;
    Table t;
    begin(&t);
    const Program *p = &t.j.r.program;
    static const struct {
        const char *kpi;
        bool always; // a status line asks for the direction or an earlier figure
    } kpis[] = {{"plain", false}, {"twice", false}, {"moving", true},
                {"crossed", true}, {"share", true}, {"said", false}};
    for (size_t i = 0; i < COUNT(kpis); i++) {
        const Kpi *k = kpi_named(&t.j, kpis[i].kpi);
        for (unsigned needs = 0; needs <= PLAN_EVERYTHING; needs++) {
            Plan plan;
            assert_true(plan_make(&t.arena, p, k, needs, &plan));
            bool asked = kpis[i].always || (needs & (PLAN_PREVIOUS | PLAN_DIRECTION)) != 0;
            if (loads_history(p, &plan) != asked || plan.history != asked)
                fail_msg("%s with the needs %u: history is %d", kpis[i].kpi, needs, plan.history);
        }
    }
    end(&t);
}

static void a_plan_stays_with_a_metric_that_it_alone_loads_now(void **state) {
    (void)state;
    Table t;
    begin(&t);
    const Program *p = &t.j.r.program;
    uint32_t a = metric_index(&t.j, "a"), b = metric_index(&t.j, "b");
    static const struct {
        const char *kpi;
        unsigned needs;
        bool with_a, with_b;
    } cases[] = {{"plain", 0, true, false},          {"plain", PLAN_REASON, true, false},
                 {"plain", PLAN_PREVIOUS, false, false}, {"plain", PLAN_DIRECTION, false, false},
                 {"twice", 0, false, true},          {"moving", 0, false, false},
                 {"share", 0, false, false},         {"said", 0, false, true}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        Plan plan;
        assert_true(
            plan_make(&t.arena, p, kpi_named(&t.j, cases[i].kpi), cases[i].needs, &plan));
        assert_int_equal(plan_stays_with(p, &plan, a), cases[i].with_a);
        assert_int_equal(plan_stays_with(p, &plan, b), cases[i].with_b);
    }
    end(&t);
}

static void equal_instructions_run_once(void **state) {
    (void)state;
    Table t;
    begin(&t);
    const Program *p = &t.j.r.program;
    const Kpi *k = kpi_named(&t.j, "twice");
    Plan plan, whole;
    assert_true(plan_make(&t.arena, p, k, 0, &plan));
    assert_true(plan_whole(&t.arena, p, &k->fn, &whole));
    assert_int_equal(whole.n, k->fn.n);
    assert_int_equal(whole.n_copies, 0);
    assert_true(plan.n < whole.n);
    assert_true(plan.n_copies > 0);
    uint32_t n_subtractions = 0, n_loads = 0;
    for (uint32_t i = 0; i < plan.n; i++) {
        n_subtractions += plan.code[i].op == OP_SUB;
        n_loads += op_info[plan.code[i].op].imm == IMM_LOAD;
    }
    assert_int_equal(n_subtractions, 1);
    assert_int_equal(n_loads, 1);
    // Each register is listed once, and none that is only a copy.
    for (uint32_t i = 0; i < plan.n_regs; i++) {
        for (uint32_t other = 0; other < i; other++)
            assert_int_not_equal(plan.regs[i], plan.regs[other]);
        for (uint32_t c = 0; c < plan.n_copies; c++)
            assert_int_not_equal(plan.regs[i], plan.copies[c].reg);
    }
    end(&t);
}

static void memory_that_runs_out_makes_no_plan(void **state) {
    (void)state;
    Table t;
    begin(&t);
    const Program *p = &t.j.r.program;
    size_t n = 1;
    for (bool made = false; !made && n < 100; n++) {
        Arena a = {0};
        Plan plan;
        arena_fail_after(n);
        made = plan_make(&a, p, &p->kpis[2], PLAN_EVERYTHING, &plan);
        arena_fail_after(0);
        arena_free(&a);
    }
    assert_in_range(n, 4, 99);
    end(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wanted_registers_hold_what_the_whole_gives),
        cmocka_unit_test(a_lane_by_itself_comes_out_as_in_a_batch),
        cmocka_unit_test(no_other_period_is_loaded_unless_it_is_needed),
        cmocka_unit_test(a_plan_stays_with_a_metric_that_it_alone_loads_now),
        cmocka_unit_test(equal_instructions_run_once),
        cmocka_unit_test(memory_that_runs_out_makes_no_plan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
