// SPDX-License-Identifier: Apache-2.0
#include "runtime/engine/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { N_METRICS = 4, N_FIELDS = 3 };

typedef struct Fixture {
    Arena arena;
    Store store;
} Fixture;

static void begin(Fixture *f) {
    arena_init(&f->arena, 0);
    assert_true(store_init(&f->store, &f->arena, N_METRICS, N_FIELDS));
}

static Period month(int32_t ordinal) {
    return (Period){ordinal, PERIOD_MONTH};
}

static Observation observation(uint32_t metric, uint32_t entity, Period period) {
    return (Observation){.metric = metric, .entity = entity, .period = period};
}

static uint32_t add(Fixture *f, uint32_t metric, uint32_t entity, Period period) {
    uint32_t obs = store_add(&f->store, observation(metric, entity, period));
    assert_int_not_equal(obs, OBS_NONE);
    return obs;
}

static void add_entities(Fixture *f, uint32_t n) {
    static const char *const names[] = {"Sefton", "Wirral", "Knowsley"};
    for (uint32_t i = 0; i < n; i++) {
        assert_int_equal(intern_add(&f->store.entities, str_from(names[i])), i);
    }
}

static void an_observation_is_found_by_metric_entity_and_period(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    uint32_t obs = add(&f, 1, 2, month(10));
    assert_int_equal(store_find(&f.store, 1, 2, month(10)), obs);
    assert_int_equal(store_find(&f.store, 2, 2, month(10)), OBS_NONE);
    assert_int_equal(store_find(&f.store, 1, 1, month(10)), OBS_NONE);
    assert_int_equal(store_find(&f.store, 1, 2, month(11)), OBS_NONE);
    assert_int_equal(store_find(&f.store, 1, 2, (Period){10, PERIOD_YEAR}), OBS_NONE);
    arena_free(&f.arena);
}

static void a_field_that_is_not_set_is_no_row(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    uint32_t obs = add(&f, 0, 0, month(1));
    store_set(&f.store, obs, 1, number_int(42), 0);
    Why why;
    assert_int_equal(store_figure(&f.store, obs, 1, &why).num, 42);
    assert_int_equal(why, 0);
    assert_int_equal(store_figure(&f.store, obs, 0, &why).num, 0);
    assert_int_equal(why, WHY(REASON_NO_ROW));
    store_figure(&f.store, obs, 2, &why);
    assert_int_equal(why, WHY(REASON_NO_ROW));
    arena_free(&f.arena);
}

static void many_observations_keep_their_figures_as_the_store_grows(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    enum { N = 20000 };
    for (uint32_t i = 0; i < N; i++) {
        uint32_t obs = add(&f, i % N_METRICS, i / 400, month((int32_t)(i / N_METRICS % 100)));
        store_set(&f.store, obs, i % N_FIELDS, number_int(i), 0);
    }
    for (uint32_t i = 0; i < N; i++) {
        Period p = month((int32_t)(i / N_METRICS % 100));
        uint32_t obs = store_find(&f.store, i % N_METRICS, i / 400, p);
        assert_int_equal(obs, i);
        Why why;
        assert_int_equal(store_figure(&f.store, obs, i % N_FIELDS, &why).num, i);
    }
    assert_true(f.store.n_blocks * 2 <= f.store.n_table);
    arena_free(&f.arena);
}

static void a_replaced_observation_stays_beside_the_new_one(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    uint32_t old = add(&f, 0, 0, month(1));
    store_set(&f.store, old, 0, number_int(5), 0);
    uint32_t new = store_replace(&f.store, old, observation(0, 0, month(1)));
    store_set(&f.store, new, 0, number_int(6), 0);
    for (int32_t i = 2; i < 1000; i++) {
        add(&f, 0, 0, month(i)); // the table grows over it
    }
    uint32_t found = store_find(&f.store, 0, 0, month(1));
    Why why;
    assert_int_equal(found, new);
    assert_int_equal(f.store.obs[found].replaced, old);
    assert_int_equal(f.store.obs[old].replaced, OBS_NONE);
    assert_int_equal(store_figure(&f.store, old, 0, &why).num, 5);
    assert_int_equal(store_figure(&f.store, new, 0, &why).num, 6);
    arena_free(&f.arena);
}

static Number figure_of(const Store *s, uint32_t obs) {
    Why why;
    Number n = store_figure(s, obs, 0, &why);
    assert_int_equal(why, 0);
    return n;
}

// The figure tells which one it is: it was entered as number 0, 1, 2 …
static void check_order(const Store *s, const int64_t *figures) {
    for (uint32_t i = 0; i < s->n; i++)
        assert_int_equal(figure_of(s, i).num, figures[i]);
}

static void finished_observations_stand_by_metric_and_entity(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    static const struct {
        uint32_t metric, entity;
        int32_t month;
    } rows[] = {{1, 1, 20}, {1, 0, 20}, {0, 1, 20}, {1, 1, 40}, {1, 0, 21}, {0, 1, 19}, {1, 1, 21}};
    for (uint32_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint32_t obs = add(&f, rows[i].metric, rows[i].entity, month(rows[i].month));
        store_set(&f.store, obs, 0, number_int(i), 0);
    }
    uint32_t old = store_find(&f.store, 1, 0, month(20)), there;
    assert_int_equal(store_add_unless(&f.store, observation(1, 0, month(20)), &there), OBS_NONE);
    assert_int_equal(there, old);
    uint32_t new = store_replace(&f.store, old, observation(1, 0, month(20)));
    store_set(&f.store, new, 0, number_int(7), 0);
    assert_true(store_finish(&f.store));

    check_order(&f.store, (int64_t[]){5, 2, 7, 1, 4, 0, 6, 3});
    for (uint32_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint32_t obs = store_find(&f.store, rows[i].metric, rows[i].entity, month(rows[i].month));
        assert_int_not_equal(obs, OBS_NONE);
        assert_int_equal(figure_of(&f.store, obs).num, i == 1 ? 7 : i);
        assert_int_equal(f.store.obs[obs].replaced, i == 1 ? obs + 1 : OBS_NONE);
    }
    static const ObsRange ranges[N_METRICS] = {{0, 2}, {2, 8}, {0, 0}, {0, 0}};
    for (uint32_t i = 0; i < N_METRICS; i++) {
        assert_int_equal(f.store.of_metric[i].from, ranges[i].from);
        assert_int_equal(f.store.of_metric[i].to, ranges[i].to);
    }
    arena_free(&f.arena);
}

static void reported_periods_are_sorted_and_distinct(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    add(&f, 0, 0, month(9));
    add(&f, 0, 1, month(3));
    add(&f, 1, 0, month(9));
    add(&f, 2, 0, (Period){1, PERIOD_YEAR});
    Observation previous = observation(0, 0, month(2));
    previous.from_previous = true;
    store_add(&f.store, previous);
    assert_true(store_finish(&f.store));
    assert_int_equal(f.store.n_reported, 3);
    assert_true(period_eq(f.store.reported[0], month(3)));
    assert_true(period_eq(f.store.reported[1], month(9)));
    assert_true(period_eq(f.store.reported[2], (Period){1, PERIOD_YEAR}));
    arena_free(&f.arena);
}

static void an_entity_has_a_row_in_every_reported_period_of_its_kind(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    add_entities(&f, 3);
    add(&f, 0, 1, month(5));
    add(&f, 0, 0, month(4));
    add(&f, 1, 0, month(6));
    add(&f, 1, 2, month(5));
    add(&f, 2, 0, (Period){2023, PERIOD_YEAR});
    assert_true(store_finish(&f.store));
    Lane *lanes;
    size_t n;
    assert_true(store_lanes(&f.store, &f.arena, (uint32_t[]){0}, 1, &lanes, &n));
    assert_int_equal(n, 6);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(lanes[i].entity, i / 3);
        assert_true(period_eq(lanes[i].period, month(4 + (int32_t)(i % 3))));
    }
    assert_true(store_lanes(&f.store, &f.arena, (uint32_t[]){2}, 1, &lanes, &n));
    assert_int_equal(n, 1);
    assert_int_equal(lanes[0].period.ordinal, 2023);
    assert_true(store_lanes(&f.store, &f.arena, (uint32_t[]){0, 2}, 2, &lanes, &n));
    assert_int_equal(n, 7);
    assert_true(store_lanes(&f.store, &f.arena, (uint32_t[]){3}, 1, &lanes, &n));
    assert_int_equal(n, 0);
    assert_true(store_lanes(&f.store, &f.arena, NULL, 0, &lanes, &n));
    assert_int_equal(n, 0);
    arena_free(&f.arena);
}

static void figures_without_a_period_have_one_row(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    add_entities(&f, 1);
    add(&f, 0, 0, (Period){0, PERIOD_NONE});
    assert_true(store_finish(&f.store));
    Lane *lanes;
    size_t n;
    assert_true(store_lanes(&f.store, &f.arena, (uint32_t[]){0}, 1, &lanes, &n));
    assert_int_equal(n, 1);
    assert_int_equal(store_find(&f.store, 0, 0, period_add(lanes[0].period, -1)), OBS_NONE);
    arena_free(&f.arena);
}

static void a_break_lies_after_from_and_not_after_to(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    Observation o = observation(1, 0, month(5));
    o.marks = MARK_BREAK;
    store_add(&f.store, o);
    add(&f, 1, 0, month(6));
    add(&f, 2, 0, month(5));
    assert_true(f.store.has_break[1]);
    assert_false(f.store.has_break[2]);
    assert_true(store_breaks(&f.store, 1, 0, month(4), month(5)));
    assert_true(store_breaks(&f.store, 1, 0, month(3), month(7)));
    assert_false(store_breaks(&f.store, 1, 0, month(5), month(6)));
    assert_false(store_breaks(&f.store, 1, 0, month(3), month(4)));
    assert_false(store_breaks(&f.store, 1, 1, month(3), month(7)));
    assert_false(store_breaks(&f.store, 2, 0, month(3), month(7)));
    assert_false(store_breaks(&f.store, 1, 0, (Period){3, PERIOD_YEAR}, month(7)));
    arena_free(&f.arena);
}

static void an_empty_store_finishes(void **state) {
    (void)state;
    Fixture f;
    begin(&f);
    assert_true(store_finish(&f.store));
    Lane *lanes;
    size_t n;
    assert_true(store_lanes(&f.store, &f.arena, (uint32_t[]){0, 1}, 2, &lanes, &n));
    assert_int_equal(n, 0);
    arena_free(&f.arena);
}

// Every allocation in turn fails: no crash, and an answer that says so.
static void running_out_of_memory_comes_back_as_an_error(void **state) {
    (void)state;
    bool done = false;
    for (size_t nth = 1; !done; nth++) {
        assert_true(nth < 500);
        Fixture f = {0};
        arena_init(&f.arena, 0);
        arena_fail_after(nth);
        bool ok = store_init(&f.store, &f.arena, N_METRICS, N_FIELDS);
        ok = ok && intern_add(&f.store.entities, STR("a")) != INTERN_NONE;
        for (int32_t i = 0; ok && i < 300; i++) {
            ok = store_add(&f.store, observation(0, 0, month(i))) != OBS_NONE;
        }
        ok = ok && store_replace(&f.store, 0, observation(0, 0, month(0))) != OBS_NONE;
        Lane *lanes;
        size_t n;
        ok = ok && store_finish(&f.store) &&
             store_lanes(&f.store, &f.arena, (uint32_t[]){0}, 1, &lanes, &n);
        arena_fail_after(0);
        done = ok;
        arena_free(&f.arena);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_observation_is_found_by_metric_entity_and_period),
        cmocka_unit_test(a_field_that_is_not_set_is_no_row),
        cmocka_unit_test(many_observations_keep_their_figures_as_the_store_grows),
        cmocka_unit_test(a_replaced_observation_stays_beside_the_new_one),
        cmocka_unit_test(finished_observations_stand_by_metric_and_entity),
        cmocka_unit_test(reported_periods_are_sorted_and_distinct),
        cmocka_unit_test(an_entity_has_a_row_in_every_reported_period_of_its_kind),
        cmocka_unit_test(figures_without_a_period_have_one_row),
        cmocka_unit_test(a_break_lies_after_from_and_not_after_to),
        cmocka_unit_test(an_empty_store_finishes),
        cmocka_unit_test(running_out_of_memory_comes_back_as_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
