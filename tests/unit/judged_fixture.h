// SPDX-License-Identifier: Apache-2.0
// Judged fixture: compiled rules, figures put in one by one, and a KPI judged for an entity and a
// period.
#ifndef BS_TESTS_UNIT_JUDGED_FIXTURE_H
#define BS_TESTS_UNIT_JUDGED_FIXTURE_H

#include "tests/unit/lang_fixture.h"

#include "runtime/engine/explain.h"

typedef struct Judged {
    Rules r;
    Arena figures;
    Store store;
    Vm vm;
    Lane lane; // judged last
} Judged;

static inline void judged_begin(Judged *j, const char *rules) {
    *j = (Judged){0};
    rules_compiled(&j->r, rules);
    assert_true(store_init(&j->store, &j->figures, j->r.program.n_metrics, j->r.program.n_fields));
    vm_init(&j->vm, &j->r.program, &j->store);
}

static inline void judged_end(Judged *j) {
    vm_free(&j->vm);
    arena_free(&j->figures);
    rules_end(&j->r);
}

static inline Period read_period(const char *text) {
    Period p = {0};
    assert_true(period_parse(str_from(text), &p));
    return p;
}

static inline uint32_t metric_index(const Judged *j, const char *name) {
    uint32_t i = 0;
    while (i < j->r.program.n_metrics && !str_eq(j->r.program.metrics[i].name, str_from(name)))
        i++;
    assert_true(i < j->r.program.n_metrics);
    return i;
}

// The figure of [metric]: a number, or the reason it is missing in words.
static inline uint32_t judged_put(Judged *j, const char *metric, const char *entity,
                                  const char *period, const char *figure) {
    Observation o = {.metric = metric_index(j, metric),
                     .entity = intern_add(&j->store.entities, str_from(entity)),
                     .period = read_period(period),
                     .replaced = OBS_NONE};
    uint32_t obs = store_add(&j->store, o);
    assert_int_not_equal(obs, OBS_NONE);
    Reason reason = reason_find(str_from(figure));
    Number n = number_int(0);
    if (reason == N_REASONS)
        assert_int_equal(number_parse(&j->figures, str_from(figure), false, &n), NUMBER_OK);
    Why why = 0;
    if (reason != N_REASONS)
        why = WHY(reason);
    store_set(&j->store, obs, FIELD_VALUE, n, why);
    return obs;
}

static inline const Kpi *kpi_named(const Judged *j, const char *name) {
    for (uint32_t i = 0; i < j->r.program.n_kpis; i++)
        if (str_eq(j->r.program.kpis[i].name, str_from(name)))
            return &j->r.program.kpis[i];
    fail_msg("no KPI %s", name);
    return NULL;
}

// Judges, and says why.
static inline Str judged_sentence(Judged *j, const char *kpi, const char *entity,
                                  const char *period) {
    const Kpi *k = kpi_named(j, kpi);
    assert_true(store_finish(&j->store));
    j->lane = (Lane){intern_add(&j->store.entities, str_from(entity)), read_period(period), 0};
    assert_true(vm_run(&j->vm, &k->fn, &j->lane, 1, NULL));
    Buf out = {0};
    explain_status(&j->vm, k, 0, &out);
    Str s = arena_str(&j->r.scratch, buf_str(&out));
    buf_free(&out);
    return s;
}

#endif
