// SPDX-License-Identifier: Apache-2.0
// What `check` promises of rules that it passes, tried with random figures, missing ones among
// them, over every KPI that is shipped: each status is a level or has a reason, and no figure that
// is missing has a colour. With rule files as arguments it tries those, whatever `check` says of
// them.
#include "tests/unit/lang_fixture.h"

#include "runtime/engine/vm.h"
#include "runtime/prove/prove.h"
#include "tests/unit/random.h"

// Rounds of VM_BATCH rows of figures a KPI; with LONG_TESTS set 98, which is 100,352 rows.
static size_t n_rounds(void) {
#ifdef __SANITIZE_ADDRESS__
    return 1;
#else
    return getenv("LONG_TESTS") ? 98 : 8;
#endif
}

static const char *const shipped[] = {"rules/improvement_plan.rag", "rules/scorecard_2023.rag",
                                      "examples/rereferrals/rereferrals.rag"};
static const char *const *files = shipped;
static size_t n_files = COUNT(shipped);

static void compile_file(Rules *r, const char *path) {
    rules_begin(r);
    if (!modules_add_file(&r->modules, str_from(path)) ||
        !compile_modules(&r->scratch, &r->arena, &r->diags, &r->modules, &r->program))
        fail_msg("%s does not compile", path);
}

static void shipped_rules_pass_the_check(void **state) {
    (void)state;
    for (size_t i = 0; i < n_files; i++) {
        Rules r;
        compile_file(&r, files[i]);
        assert_true(prove_program(&r.program, &r.diags));
        assert_int_equal(r.diags.n_errors, 0);
        assert_int_equal(r.diags.n_warnings, 0);
        rules_end(&r);
    }
}

// Memory that runs out at any allocation of the proof is said, and nothing else happens.
static void memory_that_runs_out_is_told_of(void **state) {
    (void)state;
    for (size_t n = 1; n < 4000; n += 1 + n / 40) {
        Rules r;
        compile_file(&r, files[1]);
        arena_fail_after(n);
        bool ok = prove_program(&r.program, &r.diags);
        arena_fail_after(0);
        assert_false(ok && n < 20);
        rules_end(&r);
    }
}

// Mostly figures about the bounds that rules have, at times far from them.
static Number random_figure(Random *r) {
    switch (below(r, 4)) {
    case 0:
        return number_int((int64_t)below(r, 101));
    case 1:
        return (Number){(int64_t)below(r, 1010), 10};
    case 2:
        return (Number){(int64_t)below(r, 30000) - 5000, 1 + (int64_t)below(r, 97)};
    default:
        return number_int((int64_t)below(r, 2000000) - 500000);
    }
}

static Why random_reason(Random *r) {
    static const Reason reasons[] = {REASON_SUPPRESSED, REASON_NOT_APPLICABLE, REASON_NOT_AVAILABLE,
                                     REASON_OUT_OF_RANGE};
    return one_in(r, 5) ? WHY(reasons[below(r, COUNT(reasons))]) : 0;
}

static void add_observation(Random *r, const Program *p, Store *s, uint32_t metric, uint32_t entity,
                            Period period) {
    uint32_t obs = store_add(
        s,
        (Observation){.metric = metric, .entity = entity, .period = period, .replaced = OBS_NONE});
    assert_int_not_equal(obs, OBS_NONE);
    for (uint32_t f = 0; f < p->n_fields; f++) {
        Why why = p->field_is_text[f] ? WHY(REASON_NOT_AVAILABLE) : random_reason(r);
        store_set(s, obs, f, why ? number_int(0) : random_figure(r), why);
    }
}

static void fill(Random *r, const Program *p, Store *s, Lane *lanes) {
    Period now = {.ordinal = 24000, .kind = PERIOD_MONTH};
    for (uint32_t i = 0; i < VM_BATCH; i++) {
        char name[16];
        int len = snprintf(name, sizeof name, "E%u", i);
        uint32_t entity = intern_add(&s->entities, (Str){name, (size_t)len});
        lanes[i] = (Lane){.entity = entity, .period = now};
        for (uint32_t m = 0; m < p->n_metrics; m++) {
            for (int32_t back = 0; back < 2; back++)
                if (!one_in(r, 6))
                    add_observation(r, p, s, m, entity, period_add(now, -back));
        }
    }
    assert_true(store_finish(s));
}

// Returns how many have a colour.
static size_t check_kpi(Vm *vm, const Program *p, const Kpi *k, const Lane *lanes) {
    size_t n = 0;
    assert_true(vm_run(vm, &k->fn, lanes, VM_BATCH, NULL));
    for (size_t i = 0; i < VM_BATCH && k->has_status; i++) {
        StatusLane status = vm_status(vm, k->status, i);
        Why why;
        vm_number(vm, k->judged, i, &why);
        bool coloured = status.level != LEVEL_NO_DATA;
        if (coloured && (why || status.level >= p->scales[k->status_scale].n_levels))
            fail_msg("`%.*s` has a colour for a figure that is %.*s", STR_ARG(k->name),
                     STR_ARG(why ? why_words(why) : STR("known")));
        if (!coloured && !status.why)
            fail_msg("`%.*s` has neither a status nor a reason", STR_ARG(k->name));
        n += coloured;
    }
    return n;
}

static void random_figures_have_a_status_or_a_reason(void **state) {
    (void)state;
    for (size_t i = 0; i < n_files; i++) {
        Rules r;
        compile_file(&r, files[i]);
        Random random = {20260301 + i};
        size_t n_coloured = 0;
        for (size_t round = 0; round < n_rounds(); round++) {
            static Lane lanes[VM_BATCH];
            Arena figures = {0};
            Store s;
            Vm vm;
            assert_true(store_init(&s, &figures, r.program.n_metrics, r.program.n_fields));
            fill(&random, &r.program, &s, lanes);
            vm_init(&vm, &r.program, &s);
            for (uint32_t k = 0; k < r.program.n_kpis; k++)
                n_coloured += check_kpi(&vm, &r.program, &r.program.kpis[k], lanes);
            vm_free(&vm);
            arena_free(&figures);
        }
        assert_true(n_coloured > n_rounds() * VM_BATCH / 4);
        rules_end(&r);
    }
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shipped_rules_pass_the_check),
        cmocka_unit_test(memory_that_runs_out_is_told_of),
        cmocka_unit_test(random_figures_have_a_status_or_a_reason),
    };
    if (argc < 2)
        return cmocka_run_group_tests(tests, NULL, NULL);
    const struct CMUnitTest given[] = {
        cmocka_unit_test(random_figures_have_a_status_or_a_reason),
    };
    files = (const char *const *)argv + 1;
    n_files = (size_t)argc - 1;
    return cmocka_run_group_tests(given, NULL, NULL);
}
