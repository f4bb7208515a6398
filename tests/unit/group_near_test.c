// SPDX-License-Identifier: Apache-2.0
// What would change a group, held against what does: for figure after figure, each set in turn.
#include "tests/unit/judged_fixture.h"

#include "runtime/engine/group_near.h"

enum { N_METRICS = 4, N_GROUPS = 5, N_DATA = 6, N_BY_HAND = 6 };

static const char *const metrics[N_METRICS] = {"x", "w", "d", "v"}; // the KPI k_x is made of x

// k_w takes the status of k_x, and k_d that of k_w, in 2024 alone.
static const char kpis[] =
    "scale rag\n  red\n  amber\n  green\nend\n"
    "metric x count\nmetric w count\nmetric d count\nmetric v count\n"
    "kpi k_x\n  value x\n  good is low\n  status rag\n    green when value <= 16\n"
    "    amber when value <= 20\n    red otherwise\n  end\nend\n"
    "kpi k_w\n  value w\n  good is low\n  status from k_x\nend\n"
    "kpi k_d\n  value d\n  good is high\n"
    "  status rag, valid from 2020-01 to 2023-12\n    green when value >= 20\n    red otherwise\n  "
    "end\n"
    "  status from k_w, valid from 2024-01\nend\n"
    "kpi k_v\n  value v\n  good is high\n  status rag\n    green when value >= 17\n"
    "    red otherwise\n  end\nend\n";

#define COUNTING                                                                                   \
    "  no data is left out\n  status rag\n    red when count of red >= 2\n"                        \
    "    amber when any red or any amber\n    green otherwise\n  end\nend\n"

static const char *const groups[N_GROUPS] = {
    "group g\n  member k_x, k_w, k_v\n" COUNTING,
    "group g\n  member k_w, k_d, k_v\n" COUNTING, // k_x is no member
    "group g\n  member k_v, k_d, k_x\n" COUNTING,
    "group inner\n  member k_d, k_w\n" COUNTING "group g\n  member inner, k_x, k_v\n" COUNTING,
    "group g\n  member k_d, k_v\n  no data counts as amber\n  status rag from worst\nend\n",
};

static const char *const data[N_DATA][N_METRICS] = {
    {"10", "10", "10", "30"},         {"18", "10", "10", "10"},         {"30", "10", "10", "30"},
    {"suppressed", "10", "10", "30"}, {"10", "suppressed", "10", "30"}, {"10", "10", NULL, "30"},
};

#define BY_HAND(kpi, level)                                                                        \
    "override " kpi " is " level "\n  entity \"X\"\n  period " PERIOD                              \
    "\n  by \"B\"\n  because \"b\"\nend\n"
#define PERIOD "2024-01"

static const char *const by_hand[N_BY_HAND] = {
    "",
    BY_HAND("k_x", "red"),
    BY_HAND("k_w", "red"),
    BY_HAND("k_d", "amber"),
    BY_HAND("k_x", "red") BY_HAND("k_w", "green"),
    BY_HAND("k_w", "amber") BY_HAND("k_d", "amber"),
};

typedef struct Boarded {
    Judged j;
    Arena arena;
    Board board;
    const BoardRow *row; // of the group g
    NearMoves moves;
} Boarded;

static void boarded_end(Boarded *t) {
    arena_free(&t->arena);
    judged_end(&t->j);
}

// Figures as in [figures], that of metric [at] [set].
static void boarded_begin(Boarded *t, const char *rules, const char *period,
                          const char *const *figures, size_t at, const char *set) {
    *t = (Boarded){0};
    judged_begin(&t->j, rules);
    arena_init(&t->arena, 0);
    for (size_t i = 0; i < N_METRICS; i++) {
        const char *figure = i == at ? set : figures[i];
        if (figure)
            judged_put(&t->j, metrics[i], "X", period, figure);
    }
    for (size_t i = 0; i < N_METRICS; i++) // so that each KPI has rows of some kind of period
        judged_put(&t->j, metrics[i], "Y", period, "1");
    assert_true(store_finish(&t->j.store));
    assert_true(board_make(&t->board, &t->j.r.program, &t->j.store, &t->j.vm, &t->arena));
    GroupMember g = {.is_group = true, .index = t->j.r.program.n_groups - 1};
    Period own;
    t->row = board_row(&t->board, &g, 0, read_period(period), &own);
    assert_non_null(t->row);
}

static void find_moves(Boarded *t) {
    NearKpis near;
    assert_true(group_near(&t->board, t->j.r.program.n_groups - 1, 0, t->row->period,
                           t->row->status.level, &t->arena, &t->moves));
    assert_true(near_kpis_init(&near, &t->arena, &t->j.vm));
    assert_true(group_near_measure(&near, 0, &t->arena, &t->moves));
}

static uint8_t level_at(const NearestLine *line, Number n) {
    assert_int_equal(line->answer, NEAREST_KNOWN);
    for (size_t i = 0; i < line->n; i++) {
        const NearestPiece *p = &line->v[i];
        if (!p->high.bounded || number_cmp(n, p->high.at) <= 0)
            return p->outcome;
    }
    fail();
    return LEVEL_NO_DATA;
}

// What the group comes to with another figure of the KPI, by what is told.
static uint8_t told_at(const Boarded *t, const char *metric, const char *figure) {
    Number n;
    assert_int_equal(number_parse((Arena *)&t->arena, str_from(figure), false, &n), NUMBER_OK);
    for (size_t i = 0; i < t->moves.n; i++) {
        const NearMove *m = &t->moves.v[i];
        Str kpi = t->j.r.program.kpis[m->kpi].name;
        if (str_eq(str_slice(kpi, 2, kpi.len), str_from(metric)) && level_at(m->line, n) == m->to)
            return m->outcome;
    }
    return t->row->status.level;
}

static void hold_against_each_figure(const char *rules, const char *period,
                                     const char *const *figures) {
    static const char *const tried[] = {"0", "16", "17", "20", "21", "30"};
    Boarded base;
    boarded_begin(&base, rules, period, figures, N_METRICS, NULL);
    find_moves(&base);
    for (size_t m = 0; m < N_METRICS; m++) {
        for (size_t i = 0; i < sizeof tried / sizeof *tried; i++) {
            Boarded t;
            boarded_begin(&t, rules, period, figures, m, tried[i]);
            if (told_at(&base, metrics[m], tried[i]) != t.row->status.level)
                fail_msg("%s\n%s = %s is not as told", rules, metrics[m], tried[i]);
            boarded_end(&t);
        }
    }
    boarded_end(&base);
}

static void what_is_told_of_a_figure_is_what_it_gives(void **state) {
    (void)state;
    static const char *const periods[] = {PERIOD, "2023-12"};
    char rules[4000];
    for (size_t p = 0; p < 2; p++)
        for (size_t g = 0; g < N_GROUPS; g++)
            for (size_t h = 0; h < (p == 0 ? N_BY_HAND : 1); h++)
                for (size_t d = 0; d < N_DATA; d++) {
                    snprintf(rules, sizeof rules, "%s%s%s", kpis, groups[g], by_hand[h]);
                    hold_against_each_figure(rules, periods[p], data[d]);
                }
}

static void check_told(const char *group, const char *hand, const char *expected) {
    char rules[4000];
    snprintf(rules, sizeof rules, "%s%s%s", kpis, group, hand);
    Boarded t;
    boarded_begin(&t, rules, PERIOD, data[0], N_METRICS, NULL);
    find_moves(&t);
    const Program *p = &t.j.r.program;
    Buf out = {0};
    group_tell_near(p, &p->groups[p->n_groups - 1], &t.moves, &out);
    buf_char(&out, '\0');
    assert_string_equal(out.s, expected);
    buf_free(&out);
    boarded_end(&t);
}

static void a_member_that_takes_a_status_moves_with_it(void **state) {
    (void)state;
    check_told(groups[0], "",
               "red if k x goes from green to red (21 or above: 11 up); amber if k x goes from "
               "green to amber (17 or above, but not above 20: 7 up), if k v goes from green to "
               "red (16 or below: 14 down) or amber (no figure of its own alone gives that)");
    check_told("group g\n  member k_w, k_d\n" COUNTING, "",
               "red if k x goes from green to red (21 or above: 11 up); amber if k x goes from "
               "green to amber (17 or above, but not above 20: 7 up)");
}

static void a_status_by_hand_is_not_moved_by_what_it_was_taken_from(void **state) {
    (void)state;
    check_told("group g\n  member k_x, k_w\n" COUNTING, BY_HAND("k_w", "red"),
               "red if k x goes from green to red (21 or above: 11 up); green if k w goes from red "
               "to green (its status is given by hand)");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_told_of_a_figure_is_what_it_gives),
        cmocka_unit_test(a_member_that_takes_a_status_moves_with_it),
        cmocka_unit_test(a_status_by_hand_is_not_moved_by_what_it_was_taken_from),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
