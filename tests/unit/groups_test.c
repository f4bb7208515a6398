// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/judged_fixture.h"

#include "runtime/data/verify.h"
#include "runtime/engine/group_near.h"
#include "runtime/engine/group_telling.h"

#define SCALE "scale rag\n  red\n  amber\n  green\nend\n"
#define KPI(name)                                                                                  \
    "metric " name " count\nkpi " name "\n  good is high\n  status rag\n    red when value = 1\n"  \
    "    amber when value = 2\n    green otherwise\n  end\nend\n"
#define KPIS SCALE KPI("a") KPI("b") KPI("c")

typedef struct Boarded {
    Judged j;
    Arena arena;
    Board board;
} Boarded;

static void boarded_begin(Boarded *t, const char *rules) {
    *t = (Boarded){0};
    judged_begin(&t->j, rules);
    arena_init(&t->arena, 0);
}

static void boarded_make(Boarded *t) {
    assert_true(store_finish(&t->j.store));
    assert_true(board_make(&t->board, &t->j.r.program, &t->j.store, &t->j.vm, &t->arena));
}

static void boarded_end(Boarded *t) {
    arena_free(&t->arena);
    judged_end(&t->j);
}

// The row of the last group of the rules.
static const BoardRow *row_in(Boarded *t, const char *period) {
    uint32_t group = t->j.r.program.n_groups - 1;
    GroupMember m = {.is_group = true, .index = group};
    Period own;
    return board_row(&t->board, &m, 0, read_period(period), &own);
}

static void assert_level(Boarded *t, const char *period, uint8_t level) {
    const BoardRow *row = row_in(t, period);
    assert_non_null(row);
    assert_int_equal(row->status.level, level);
}

static Str changes_in(Boarded *t, const char *period) {
    const Program *p = &t->j.r.program;
    const BoardRow *row = row_in(t, period);
    assert_non_null(row);
    NearMoves moves;
    NearKpis kpis;
    Buf out = {0};
    assert_true(group_near(&t->board, p->n_groups - 1, 0, row->period, row->status.level, &t->arena,
                           &moves));
    assert_true(near_kpis_init(&kpis, &t->arena, &t->j.vm));
    assert_true(group_near_measure(&kpis, 0, &t->arena, &moves));
    group_tell_near(p, &p->groups[p->n_groups - 1], &moves, &out);
    Str s = arena_str(&t->arena, buf_str(&out));
    buf_free(&out);
    return s;
}

static void assert_changes(Boarded *t, const char *period, const char *expected) {
    Str s = changes_in(t, period);
    char *text = strndup(s.s, s.len);
    assert_string_equal(text, expected);
    free(text);
}

enum { RED, AMBER, GREEN };

static void a_missing_member_never_becomes_a_colour_unless_the_rules_say_so(void **state) {
    (void)state;
    static const struct {
        const char *rule;
        uint8_t level;
    } cases[] = {{"no data is left out", GREEN},
                 {"no data counts as red", RED},
                 {"no data stops the group", LEVEL_NO_DATA}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char rules[2000];
        snprintf(rules, sizeof rules,
                 KPIS "group g\n  member a, b\n  %s\n  status rag from worst\nend\n", cases[i].rule);
        Boarded t;
        boarded_begin(&t, rules);
        judged_put(&t.j, "a", "X", "2024-01", "3");
        judged_put(&t.j, "b", "X", "2024-01", "suppressed");
        boarded_make(&t);
        assert_level(&t, "2024-01", cases[i].level);
        boarded_end(&t);
    }
}

static void a_group_without_any_member_left_is_no_data(void **state) {
    (void)state;
    Boarded t;
    boarded_begin(&t, KPIS "group g\n  member a, b\n  no data is left out\n  status rag\n"
                           "    green otherwise\n  end\nend\n");
    judged_put(&t.j, "a", "X", "2024-01", "suppressed");
    boarded_make(&t);
    assert_level(&t, "2024-01", LEVEL_NO_DATA);
    assert_true(row_in(&t, "2024-01")->status.why & WHY(REASON_SUPPRESSED));
    boarded_end(&t);
}

static void a_yearly_member_gives_its_latest_ended_year(void **state) {
    (void)state;
    Boarded t;
    boarded_begin(&t, KPIS "group g\n  member a, b\n  no data stops the group\n"
                           "  status rag from worst\nend\n");
    judged_put(&t.j, "a", "X", "2024-05", "3");
    judged_put(&t.j, "a", "X", "2024-12", "3");
    judged_put(&t.j, "b", "X", "2023", "2");
    judged_put(&t.j, "b", "X", "2024", "1");
    boarded_make(&t);
    assert_level(&t, "2024-05", AMBER); // 2024 has not ended
    assert_level(&t, "2024-12", RED);
    boarded_end(&t);
}

static void an_older_year_is_not_taken_for_the_latest_ended(void **state) {
    (void)state;
    Boarded t;
    boarded_begin(&t, KPIS "group g\n  member a, b\n  no data stops the group\n"
                           "  status rag from worst\nend\n");
    judged_put(&t.j, "a", "X", "2024-05", "3");
    judged_put(&t.j, "b", "X", "2022", "2");
    boarded_make(&t);
    assert_level(&t, "2024-05", LEVEL_NO_DATA);
    boarded_end(&t);
}

static void inner_groups_count_once_whatever_stands_in_them(void **state) {
    (void)state;
    Boarded t;
    boarded_begin(&t, KPIS "group inner\n  member a, b\n  no data is left out\n"
                           "  status rag from worst\nend\n"
                           "group g\n  member inner, c\n  no data is left out\n  status rag\n"
                           "    red when share of red > 50%\n    amber otherwise\n  end\nend\n");
    judged_put(&t.j, "a", "X", "2024-01", "1");
    judged_put(&t.j, "b", "X", "2024-01", "1");
    judged_put(&t.j, "c", "X", "2024-01", "3");
    boarded_make(&t);
    assert_level(&t, "2024-01", AMBER); // one of two, not two of three
    assert_changes(&t, "2024-01", "red if c goes from green to red (exactly 1: 2 down)");
    boarded_end(&t);
}

static void a_change_within_an_inner_group_is_told(void **state) {
    (void)state;
    Boarded t;
    boarded_begin(&t, KPIS "group inner\n  member a, b\n  no data is left out\n  status rag\n"
                           "    red when count of red >= 2\n    green otherwise\n  end\nend\n"
                           "group g\n  member inner, c\n  no data is left out\n"
                           "  status rag from worst\nend\n");
    judged_put(&t.j, "a", "X", "2024-01", "1");
    judged_put(&t.j, "b", "X", "2024-01", "3");
    judged_put(&t.j, "c", "X", "2024-01", "3");
    boarded_make(&t);
    assert_level(&t, "2024-01", GREEN);
    assert_changes(&t, "2024-01",
                   "red if b goes from green to red (exactly 1: 2 down), if c goes from green to red "
                   "(exactly 1: 2 down); amber if c goes from green to amber (exactly 2: 1 down)");
    boarded_end(&t);
}

static void a_kpi_below_two_members_moves_in_both(void **state) {
    (void)state;
    Boarded t;
    boarded_begin(&t, KPIS "group one\n  member a\n  no data is left out\n  status rag from worst\n"
                           "end\n"
                           "group two\n  member a\n  no data is left out\n  status rag from worst\n"
                           "end\n"
                           "group g\n  member one, two\n  no data is left out\n  status rag\n"
                           "    red when count of red >= 2\n    green otherwise\n  end\nend\n");
    judged_put(&t.j, "a", "X", "2024-01", "3");
    boarded_make(&t);
    assert_changes(&t, "2024-01", "red if a goes from green to red (exactly 1: 2 down)");
    boarded_end(&t);
}

static void no_single_kpi_changes_a_group_that_two_hold(void **state) {
    (void)state;
    Boarded t;
    boarded_begin(&t, KPIS "group g\n  member a, b\n  no data is left out\n  status rag\n"
                           "    red when any red\n    green otherwise\n  end\nend\n");
    judged_put(&t.j, "a", "X", "2024-01", "1");
    judged_put(&t.j, "b", "X", "2024-01", "1");
    boarded_make(&t);
    assert_changes(&t, "2024-01", "no single KPI");
    boarded_end(&t);
}

#define BY_HAND(kpi, level)                                                                        \
    "override " kpi " is " level "\n  entity \"X\"\n  period 2024-01\n  by \"board\"\n"               \
    "  because \"why\"\nend\n"

static void assert_told(Boarded *t, const BoardRow *row, const char *expected) {
    const Program *p = &t->j.r.program;
    Buf out = {0};
    group_tell_by_hand(p, &p->groups[p->n_groups - 1], row->by_hand, row->without.level, &out);
    buf_char(&out, 0);
    assert_string_equal(out.s, expected);
    buf_free(&out);
}

static void a_group_tells_what_it_is_without_overrides(void **state) {
    (void)state;
    Boarded t;
    boarded_begin(&t, KPIS "group g\n  member a, b, c\n  no data is left out\n"
                           "  status rag from worst\nend\n" BY_HAND("a", "green") BY_HAND("b", "amber"));
    judged_put(&t.j, "a", "X", "2024-01", "1");
    judged_put(&t.j, "b", "X", "2024-01", "suppressed");
    judged_put(&t.j, "c", "X", "2024-01", "3");
    judged_put(&t.j, "a", "X", "2024-02", "1");
    boarded_make(&t);
    const BoardRow *row = row_in(&t, "2024-01");
    assert_level(&t, "2024-01", AMBER);
    assert_int_equal(row->without.level, RED);
    assert_told(&t, row, "; 2 of 3 by hand, without them: red");
    row = row_in(&t, "2024-02"); // for which there is no override
    assert_level(&t, "2024-02", RED);
    assert_int_equal(row->without.level, RED);
    assert_told(&t, row, "");
    boarded_end(&t);
}

static void an_override_is_told_of_groups_above_its_own(void **state) {
    (void)state;
    Boarded t;
    boarded_begin(&t, KPIS "group inner\n  member a\n  no data is left out\n"
                           "  status rag from worst\nend\n"
                           "group g\n  member inner, c\n  no data is left out\n"
                           "  status rag from worst\nend\n" BY_HAND("a", "red"));
    judged_put(&t.j, "a", "X", "2024-01", "suppressed");
    judged_put(&t.j, "c", "X", "2024-01", "suppressed");
    boarded_make(&t);
    const BoardRow *row = row_in(&t, "2024-01");
    assert_level(&t, "2024-01", RED);
    assert_int_equal(row->without.level, LEVEL_NO_DATA);
    assert_true(row->without.why & WHY(REASON_SUPPRESSED));
    assert_told(&t, row, "; 1 of 2 with statuses by hand, without them: no data");
    boarded_end(&t);
}

static void a_status_taken_from_one_by_hand_counts_as_by_hand(void **state) {
    (void)state;
    Boarded t;
    boarded_begin(&t, KPIS "metric d count\nkpi d\n  good is high\n  status from a\nend\n"
                           "group g\n  member d\n  no data is left out\n"
                           "  status rag from worst\nend\n" BY_HAND("a", "green"));
    judged_put(&t.j, "a", "X", "2024-01", "1");
    judged_put(&t.j, "d", "X", "2024-01", "1");
    boarded_make(&t);
    const BoardRow *row = row_in(&t, "2024-01");
    assert_level(&t, "2024-01", GREEN);
    assert_int_equal(row->without.level, RED);
    assert_told(&t, row, "; 1 of 1 by hand, without it: red");
    boarded_end(&t);
}

static void memory_that_runs_out_is_told(void **state) {
    (void)state;
    Boarded t;
    boarded_begin(&t, KPIS "group g\n  member a, b\n  no data is left out\n"
                           "  status rag from worst\nend\n");
    judged_put(&t.j, "a", "X", "2024-01", "1");
    assert_true(store_finish(&t.j.store));
    bool made = false;
    for (size_t n = 1; !made; n++) {
        assert_true(n < 1000);
        arena_free(&t.arena);
        arena_init(&t.arena, 0);
        arena_fail_after(n);
        NearMoves moves;
        made = board_make(&t.board, &t.j.r.program, &t.j.store, &t.j.vm, &t.arena) &&
               group_near(&t.board, 0, 0, read_period("2024-01"), RED, &t.arena, &moves);
        arena_fail_after(0);
    }
    boarded_end(&t);
}

static void a_circle_of_groups_is_no_valid_program(void **state) {
    (void)state;
    Judged j;
    judged_begin(&j, KPIS "group g\n  member a\n  no data is left out\n  status rag from worst\nend\n");
    Buf why = {0};
    assert_true(program_verify(&j.r.program, &why));
    j.r.program.groups[0].members[0].is_group = true;
    j.r.program.groups[0].members[0].index = 0;
    assert_false(program_verify(&j.r.program, &why));
    buf_free(&why);
    judged_end(&j);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_missing_member_never_becomes_a_colour_unless_the_rules_say_so),
        cmocka_unit_test(a_group_without_any_member_left_is_no_data),
        cmocka_unit_test(a_yearly_member_gives_its_latest_ended_year),
        cmocka_unit_test(an_older_year_is_not_taken_for_the_latest_ended),
        cmocka_unit_test(inner_groups_count_once_whatever_stands_in_them),
        cmocka_unit_test(a_change_within_an_inner_group_is_told),
        cmocka_unit_test(a_kpi_below_two_members_moves_in_both),
        cmocka_unit_test(no_single_kpi_changes_a_group_that_two_hold),
        cmocka_unit_test(a_group_tells_what_it_is_without_overrides),
        cmocka_unit_test(an_override_is_told_of_groups_above_its_own),
        cmocka_unit_test(a_status_taken_from_one_by_hand_counts_as_by_hand),
        cmocka_unit_test(memory_that_runs_out_is_told),
        cmocka_unit_test(a_circle_of_groups_is_no_valid_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
