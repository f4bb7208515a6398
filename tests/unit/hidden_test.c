// SPDX-License-Identifier: Apache-2.0
// Hidden: which counts a publication hides, what they could be, and what depends on them.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "runtime/engine/footprint.h"
#include "tests/unit/judged_fixture.h"

#define PAIR                                                                                       \
    "metric a count suppress below 3, with b of w, total \"T\"\nmetric b count\nmetric w count\n"
#define KPI(value) "kpi k\n value " value "\n good is low\nend"

typedef struct Hiding {
    Judged j;
    Arena arena;
    Hidden hidden;
} Hiding;

static void begin(Hiding *f, const char *rules) {
    judged_begin(&f->j, rules);
    arena_init(&f->arena, 0);
}

static void find(Hiding *f) {
    assert_true(store_finish(&f->j.store));
    assert_true(hidden_find(&f->hidden, &f->arena, &f->j.r.program, &f->j.store));
}

static void end(Hiding *f) {
    arena_free(&f->arena);
    judged_end(&f->j);
}

static uint32_t observation(Hiding *f, const char *metric, const char *entity, const char *period) {
    return store_find(&f->j.store, metric_index(&f->j, metric),
                      intern_find(&f->j.store.entities, str_from(entity)), read_period(period));
}

// The part of the count of [entity].
static uint32_t part(Hiding *f, const char *metric, const char *entity, const char *period) {
    uint32_t obs = observation(f, metric, entity, period), i = 0;
    while (i < f->hidden.parts.n && f->hidden.parts.v[i].obs[0] != obs)
        i++;
    assert_true(i < f->hidden.parts.n);
    return i;
}

static void assert_hidden(Hiding *f, const char *metric, const char *entity, bool expected) {
    uint32_t obs = observation(f, metric, entity, "2023-01");
    assert_int_not_equal(obs, OBS_NONE);
    if (hidden_has(&f->hidden, obs) != expected)
        fail_msg("%s of %s is %s", metric, entity, expected ? "shown" : "hidden");
}

static void put(Hiding *f, const char *entity, const char *a, const char *b, const char *w) {
    judged_put(&f->j, "a", entity, "2023-01", a);
    judged_put(&f->j, "b", entity, "2023-01", b);
    judged_put(&f->j, "w", entity, "2023-01", w);
}

static void small_counts_are_hidden_and_others_are_not(void **state) {
    (void)state;
    Hiding f;
    begin(&f, "metric m count suppress below 6 except 0\n" KPI("m"));
    judged_put(&f.j, "m", "A", "2023-01", "5");
    judged_put(&f.j, "m", "B", "2023-01", "6");
    judged_put(&f.j, "m", "C", "2023-01", "0");
    judged_put(&f.j, "m", "D", "2023-01", "suppressed");
    find(&f);
    assert_hidden(&f, "m", "A", true);
    assert_hidden(&f, "m", "B", false);
    assert_hidden(&f, "m", "C", false);
    assert_hidden(&f, "m", "D", false);
    assert_int_equal(f.hidden.parts.n, 1);
    assert_int_equal(f.hidden.parts.v[0].n_options, 5); // 1 to 5
    end(&f);
}

static void the_other_part_of_a_pair_is_hidden_and_a_small_whole_too(void **state) {
    (void)state;
    Hiding f;
    begin(&f, PAIR KPI("a"));
    put(&f, "A", "1", "19", "20");
    put(&f, "B", "1", "1", "2");
    put(&f, "C", "7", "1", "8");
    find(&f);
    assert_hidden(&f, "a", "A", true);
    assert_hidden(&f, "b", "A", true);
    assert_hidden(&f, "w", "A", false);
    assert_hidden(&f, "w", "B", true);
    assert_hidden(&f, "a", "C", false);
    assert_hidden(&f, "b", "C", false);                 // b hides no counts of its own
    assert_int_equal(f.hidden.parts.v[0].n_options, 3); // 0 + 20, 1 + 19, 2 + 18
    assert_int_equal(f.hidden.parts.v[1].n_options, 6); // a + b below 3
    end(&f);
}

static void a_total_is_hidden_unless_each_member_could_still_be_anything(void **state) {
    (void)state;
    static const struct {
        const char *counts[3], *total;
        bool hidden;
    } cases[] = {
        {{"1", "9", "9"}, "19", true},  // one hidden member
        {{"1", "1", "9"}, "11", false}, // 0 + 2, 1 + 1, 2 + 0
        {{"0", "1", "9"}, "10", true},  // 2 is no longer possible
        {{"2", "2", "9"}, "13", true},  // nor is 0 or 1
        {{"0", "1", "1"}, "2", true},   // and the total is small itself
        {{"1", "2", "1"}, "4", false},  {{"1", "1", "9"}, "12", true}, // not the sum of the others
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Hiding f;
        begin(&f, "metric a count suppress below 3, total \"T\"\n" KPI("a"));
        static const char *const entities[] = {"A", "B", "C"};
        for (size_t k = 0; k < 3; k++)
            judged_put(&f.j, "a", entities[k], "2023-01", cases[i].counts[k]);
        judged_put(&f.j, "a", "T", "2023-01", cases[i].total);
        find(&f);
        if (hidden_has(&f.hidden, observation(&f, "a", "T", "2023-01")) != cases[i].hidden)
            fail_msg("case %zu", i);
        end(&f);
    }
}

static void worlds_keep_sums_that_are_shown_and_make_those_that_are_not(void **state) {
    (void)state;
    Hiding f;
    Store copy;
    begin(&f, "metric a count suppress below 3, total \"T\"\n" KPI("a"));
    judged_put(&f.j, "a", "A", "2023-01", "1");
    judged_put(&f.j, "a", "B", "2023-01", "1");
    judged_put(&f.j, "a", "T", "2023-01", "2");
    judged_put(&f.j, "a", "A", "2023-02", "1");
    judged_put(&f.j, "a", "B", "2023-02", "4");
    judged_put(&f.j, "a", "T", "2023-02", "5");
    find(&f);
    assert_true(hidden_copy(&f.hidden, &f.arena, &copy));
    uint32_t january[] = {part(&f, "a", "A", "2023-01"), part(&f, "a", "B", "2023-01")};
    uint32_t february[] = {part(&f, "a", "A", "2023-02")};
    // The total of January is small itself, so it is hidden with its members.
    assert_int_equal(hidden_n_worlds(&f.hidden, (HiddenSet){january, 2}), 9);
    for (uint32_t i = 0; i < 9; i++) {
        Why why;
        assert_true(hidden_set_world(&f.hidden, (HiddenSet){january, 2}, i, &copy));
        Number total = store_figure(&copy, observation(&f, "a", "T", "2023-01"), 0, &why);
        assert_int_equal(total.num, i % 3 + i / 3);
    }
    hidden_restore(&f.hidden, (HiddenSet){january, 2}, &copy);
    assert_true(hidden_set_world(&f.hidden, (HiddenSet){february, 1}, 2, &copy));
    Why why;
    assert_int_equal(store_figure(&copy, observation(&f, "a", "T", "2023-02"), 0, &why).num, 6);
    assert_int_equal(store_figure(&copy, observation(&f, "a", "T", "2023-01"), 0, &why).num, 2);
    end(&f);
}

static void a_sum_that_is_shown_rules_worlds_out(void **state) {
    (void)state;
    Hiding f;
    Store copy;
    begin(&f, "metric a count suppress below 3, total \"T\"\n" KPI("a"));
    static const char *const entities[] = {"A", "B", "C"};
    for (size_t i = 0; i < 3; i++)
        judged_put(&f.j, "a", entities[i], "2023-01", "1");
    judged_put(&f.j, "a", "T", "2023-01", "3");
    find(&f);
    assert_true(hidden_copy(&f.hidden, &f.arena, &copy));
    uint32_t parts[] = {0, 1, 2};
    unsigned n_possible = 0, n_two = 0;
    for (uint32_t i = 0; i < 27; i++)
        n_possible += hidden_set_world(&f.hidden, (HiddenSet){parts, 3}, i, &copy);
    assert_int_equal(n_possible, 7); // of three counts from 0 to 2 that make 3
    // Two of them leave the third what it must be.
    for (uint32_t i = 0; i < 9; i++)
        n_two += hidden_set_world(&f.hidden, (HiddenSet){parts, 2}, i, &copy);
    assert_int_equal(n_two, 7); // all but 0 + 0 and 2 + 2
    end(&f);
}

static void assert_footprint(const char *value, const char *compare, uint32_t n_parts) {
    Hiding f;
    Footprints prints;
    HiddenSet set;
    Plan plan;
    char rules[512];
    snprintf(rules, sizeof rules,
             "metric m count suppress below 3\nmetric n count\nmetric y count suppress below 3\n"
             "kpi k\n value %s\n good is low\n %s\nend",
             value, compare);
    begin(&f, rules);
    static const char *const months[] = {"2023-01", "2023-02", "2023-03"};
    for (size_t i = 0; i < 3; i++) {
        judged_put(&f.j, "m", "A", months[i], "1");
        judged_put(&f.j, "m", "B", months[i], "2");
        judged_put(&f.j, "n", "A", months[i], "1");
    }
    judged_put(&f.j, "y", "A", "2022", "1");
    judged_put(&f.j, "y", "A", "2021", "1");
    find(&f);
    assert_true(footprints_begin(&prints, &f.arena, &f.hidden));
    assert_true(plan_make(&f.arena, &f.j.r.program, kpi_named(&f.j, "k"), PLAN_EVERYTHING, &plan));
    Lane lane = {.entity = intern_find(&f.j.store.entities, STR("A")),
                 .period = read_period("2023-03")};
    assert_true(footprint_of(&prints, &plan, lane, &set));
    assert_int_equal(footprint_any(&prints, &plan), n_parts > 0);
    if (set.n != n_parts)
        fail_msg("%s, %s: %u parts, not %u", value, compare, (unsigned)set.n, (unsigned)n_parts);
    for (uint32_t i = 1; i < set.n; i++)
        assert_true(set.v[i - 1] < set.v[i]);
    end(&f);
}

static void a_footprint_follows_all_that_code_loads(void **state) {
    (void)state;
    assert_footprint("n", "", 0);
    assert_footprint("m", "", 2); // and the value before, for the direction
    assert_footprint("n + m - m", "", 2);
    assert_footprint("n", "compare c = m", 1);
    assert_footprint("n", "compare c = previous(m, 2)", 1);
    assert_footprint("rolling_sum(m, 2)", "", 3);
    assert_footprint("n", "compare c = latest(y, within 2 periods)", 2);
    assert_footprint("n", "compare c = mean of m among everyone", 2);
    assert_footprint("n", "compare c = m of \"B\"", 1);
    assert_footprint("n", "compare c = max of (rolling_sum(m, 3)) among everyone", 6);
    assert_footprint("m", "spc\n keep every moving range\n end", 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_counts_are_hidden_and_others_are_not),
        cmocka_unit_test(the_other_part_of_a_pair_is_hidden_and_a_small_whole_too),
        cmocka_unit_test(a_total_is_hidden_unless_each_member_could_still_be_anything),
        cmocka_unit_test(worlds_keep_sums_that_are_shown_and_make_those_that_are_not),
        cmocka_unit_test(a_sum_that_is_shown_rules_worlds_out),
        cmocka_unit_test(a_footprint_follows_all_that_code_loads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
