// SPDX-License-Identifier: Apache-2.0
// Explanations: the sentence for every kind of fact and every outcome.
#include "tests/unit/judged_fixture.h"

#define METRICS RAG_SCALE OFSTED_SCALE "metric m percent\nmetric sn percent\nmetric c count\n"
#define HEAD                                                                                       \
    METRICS "kpi k \"The rate\"\n value m\n precision 1 decimal\n compare neighbours = sn\n"
#define BANDS                                                                                      \
    " bands ofsted, gaps to worse\n  outstanding <16\n  good 16-19\n  requires_improvement "       \
    "20-24\n"                                                                                      \
    "  inadequate otherwise\n end\n"

// The figures of one entity: m in May and April, its neighbours in May; NULL for no row.
typedef struct Figures {
    const char *now, *before, *neighbours;
} Figures;

static void put_figures(Judged *j, Figures f) {
    if (f.now)
        judged_put(j, "m", "A", "2023-05", f.now);
    if (f.before)
        judged_put(j, "m", "A", "2023-04", f.before);
    if (f.neighbours)
        judged_put(j, "sn", "A", "2023-05", f.neighbours);
}

// The sentence where the KPI goes on with [clauses].
static void check(const char *clauses, Figures figures, const char *expected) {
    Judged j;
    char rules[2000];
    snprintf(rules, sizeof rules, HEAD "%s\nend\n", clauses);
    judged_begin(&j, rules);
    put_figures(&j, figures);
    assert_str_of(clauses, judged_sentence(&j, "k", "A", "2023-05"), expected);
    judged_end(&j);
}

// The same for a status block of one condition.
static void check_when(const char *good, const char *condition, Figures figures,
                       const char *expected) {
    char clauses[1000];
    snprintf(clauses, sizeof clauses,
             " good is %s\n" BANDS " status rag\n  red when %s\n  green otherwise\n end", good,
             condition);
    check(clauses, figures, expected);
}

// ---- comparisons --------------------------------------------------------------------------------

static void a_comparison_names_both_sides(void **state) {
    (void)state;
    static const struct {
        const char *condition, *expected;
    } cases[] = {
        {"value < 30", "Red: 26.4% is below 30.0%"},
        {"value <= 30", "Red: 26.4% is at or below 30.0%"},
        {"value > 24", "Red: 26.4% is above 24.0%"},
        {"value >= 24", "Red: 26.4% is at or above 24.0%"},
        {"value = 26.4", "Red: 26.4% is equal to 26.4%"},
        {"value <> 24", "Red: 26.4% differs from 24.0%"},
        {"not value < 24", "Red: 26.4% is at or above 24.0%"},
        {"not value <= 24", "Red: 26.4% is above 24.0%"},
        {"not value > 30", "Red: 26.4% is at or below 30.0%"},
        {"not value >= 30", "Red: 26.4% is below 30.0%"},
        {"not value = 30", "Red: 26.4% differs from 30.0%"},
        {"not value <> 26.4", "Red: 26.4% is equal to 26.4%"},
        {"at least 24", "Red: 26.4% is at or above 24.0%"},
        {"below 30", "Red: 26.4% is below 30.0%"},
        {"value > neighbours", "Red: 26.4% is above neighbours (21.1%)"},
        {"neighbours < value", "Red: neighbours (21.1%) is below 26.4%"},
        {"m > sn", "Red: m (26.4%) is above sn (21.1%)"},
        {"value > neighbours + 1", "Red: 26.4% is above 22.1%"},
        {"24 < value", "Red: 24.0% is below 26.4%"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        check_when("low", cases[i].condition, (Figures){"26.4", "26", "21.1"}, cases[i].expected);
}

static void a_figure_has_the_decimals_that_show_it(void **state) {
    (void)state;
    check_when("low", "below 16", (Figures){.now = "15.96"},
               "Red: 15.96% (shown as 16.0%) is below 16.0%");
    check_when("low", "below 16", (Figures){.now = "15.9996"},
               "Red: 15.9996% (shown as 16.0%) is below 16.0%");
    check_when("low", "above 16", (Figures){.now = "16.04"},
               "Red: 16.04% (shown as 16.0%) is above 16.0%");
    check_when("low", "below 16", (Figures){.now = "15.94"}, "Red: 15.9% is below 16.0%");
    check_when("low", "at most 16", (Figures){.now = "16"}, "Red: 16.0% is at or below 16.0%");
    check_when("low", "value > neighbours", (Figures){"21.14", NULL, "21.11"},
               "Red: 21.14% (shown as 21.1%) is above neighbours (21.11%, shown as 21.1%)");
}

static void a_comparison_in_words_is_told_in_them(void **state) {
    (void)state;
    static const struct {
        const char *good, *condition, *expected;
    } cases[] = {
        {"low", "worse than neighbours", "Red: 26.4% is worse than neighbours (21.1%)"},
        {"high", "better than neighbours", "Red: 26.4% is better than neighbours (21.1%)"},
        {"low", "no better than neighbours", "Red: 26.4% is no better than neighbours (21.1%)"},
        {"high", "no worse than neighbours", "Red: 26.4% is no worse than neighbours (21.1%)"},
        {"high", "at neighbours or better", "Red: 26.4% is at or better than neighbours (21.1%)"},
        {"low", "at neighbours or worse", "Red: 26.4% is at or worse than neighbours (21.1%)"},
        {"low", "not better than neighbours", "Red: 26.4% is no better than neighbours (21.1%)"},
        {"high", "not worse than neighbours", "Red: 26.4% is no worse than neighbours (21.1%)"},
        {"low", "not at neighbours or better", "Red: 26.4% is worse than neighbours (21.1%)"},
        {"high", "not at neighbours or worse", "Red: 26.4% is better than neighbours (21.1%)"},
        {"low", "not no worse than neighbours", "Red: 26.4% is worse than neighbours (21.1%)"},
        {"high", "not no better than neighbours", "Red: 26.4% is better than neighbours (21.1%)"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char clauses[500];
        snprintf(clauses, sizeof clauses,
                 " good is %s\n status rag\n  red when %s\n  green otherwise\n end", cases[i].good,
                 cases[i].condition);
        check(clauses, (Figures){"26.4", "26", "21.1"}, cases[i].expected);
    }
}

static void a_distance_says_how_far_and_against_which_limit(void **state) {
    (void)state;
    static const struct {
        const char *good, *condition, *expected;
    } cases[] = {
        {"low", "over 25% worse than neighbours",
         "Red: 26.4% is 5.3 points (25.1%) worse than neighbours (21.1%), over the limit of 25%"},
        {"low", "over 5 points worse than neighbours",
         "Red: 26.4% is 5.3 points (25.1%) worse than neighbours (21.1%), over the limit of 5 "
         "points"},
        {"high", "over 5 points better than neighbours",
         "Red: 26.4% is 5.3 points (25.1%) better than neighbours (21.1%), over the limit of 5 "
         "points"},
        {"low", "at least 5.3 points worse than neighbours",
         "Red: 26.4% is 5.3 points (25.1%) worse than neighbours (21.1%), at least the limit of "
         "5.3 points"},
        {"high", "at least 20% better than neighbours",
         "Red: 26.4% is 5.3 points (25.1%) better than neighbours (21.1%), at least the limit of "
         "20%"},
        {"low", "no more than 30% worse than neighbours",
         "Red: 26.4% is 5.3 points (25.1%) worse than neighbours (21.1%), no more than the limit "
         "of 30%"},
        {"high", "at most 6 points better than neighbours",
         "Red: 26.4% is 5.3 points (25.1%) better than neighbours (21.1%), no more than the limit "
         "of 6 points"},
        {"low", "within 6 points of neighbours",
         "Red: 26.4% is 5.3 points (25.1%) from neighbours (21.1%), within the limit of 6 points"},
        {"low", "not within 5 points of neighbours",
         "Red: 26.4% is 5.3 points (25.1%) from neighbours (21.1%), beyond the limit of 5 points"},
        {"low", "not over 30% worse than neighbours",
         "Red: 26.4% is 5.3 points (25.1%) worse than neighbours (21.1%), not over the limit of "
         "30%"},
        {"low", "not at least 6 points worse than neighbours",
         "Red: 26.4% is 5.3 points (25.1%) worse than neighbours (21.1%), less than the limit of 6 "
         "points"},
        {"low", "not no more than 5 points worse than neighbours",
         "Red: 26.4% is 5.3 points (25.1%) worse than neighbours (21.1%), over the limit of 5 "
         "points"},
        {"low", "over 25.11% worse than neighbours",
         "Red: 26.4% is 5.3 points (25.12%) worse than neighbours (21.1%), over the limit of "
         "25.11%"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char clauses[500];
        snprintf(clauses, sizeof clauses,
                 " good is %s\n status rag\n  red when %s\n  green otherwise\n end", cases[i].good,
                 cases[i].condition);
        check(clauses, (Figures){"26.4", "26", "21.1"}, cases[i].expected);
    }
}

static void a_distance_speaks_the_units_of_its_kpi(void **state) {
    (void)state;
    static const struct {
        const char *unit, *good, *condition, *now, *other, *expected;
    } cases[] = {
        {"count", "low", "over 5 worse than other", "60", "50",
         "Red: 60 is 10 (20.0%) worse than other (50), over the limit of 5"},
        {"days", "low", "over 10% worse than other", "12", "10",
         "Red: 12 days is 2 days (20.0%) worse than other (10 days), over the limit of 10%"},
        {"pounds", "high", "over 5 worse than other", "1000", "1200",
         "Red: £1000 is £200 (16.7%) worse than other (£1200), over the limit of £5"},
        {"count", "low", "over 5 worse than other", "7", "0",
         "Red: 7 is 7 worse than other (0), over the limit of 5"}, // no share of nothing
        {"days", "near 10", "over 1 worse than other", "14", "11",
         "Red: 14 days is 3 days further from the aim of 10 days than other (11 days), over the "
         "limit of 1 day"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Judged j;
        char rules[1000];
        snprintf(rules, sizeof rules,
                 RAG_SCALE "metric a %s\nmetric b %s\nkpi a\n good is %s\n compare other = b\n"
                           " status rag\n  red when %s\n  green otherwise\n end\nend\n",
                 cases[i].unit, cases[i].unit, cases[i].good, cases[i].condition);
        judged_begin(&j, rules);
        judged_put(&j, "a", "A", "2023-05", cases[i].now);
        judged_put(&j, "b", "A", "2023-05", cases[i].other);
        assert_str_of(cases[i].condition, judged_sentence(&j, "a", "A", "2023-05"),
                      cases[i].expected);
        judged_end(&j);
    }
}

// ---- levels and directions ----------------------------------------------------------------------

static void a_level_says_where_the_figure_lies(void **state) {
    (void)state;
    static const struct {
        const char *now, *condition, *expected;
    } cases[] = {
        {"15", "ofsted is outstanding", "Red: ofsted is outstanding (15.0% is below 16%)"},
        {"15.96", "ofsted is good or better",
         "Red: ofsted is outstanding (15.96% (shown as 16.0%) is below 16%)"},
        {"16", "ofsted is good", "Red: ofsted is good (16.0% is in the range 16% to 19%)"},
        {"19.5", "ofsted is requires_improvement",
         "Red: ofsted is requires improvement (19.5% lies between two bands, above 19% and below "
         "20%)"},
        {"22", "ofsted is not good",
         "Red: ofsted is requires improvement (22.0% is in the range 20% to 24%)"},
        {"30", "ofsted is inadequate",
         "Red: ofsted is inadequate (30.0% lies beyond the bands, above 24%)"},
        {"30", "ofsted is one of good, inadequate",
         "Red: ofsted is inadequate (30.0% lies beyond the bands, above 24%)"},
        {"30", "not ofsted is good or better",
         "Red: ofsted is inadequate (30.0% lies beyond the bands, above 24%)"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        check_when("low", cases[i].condition, (Figures){.now = cases[i].now}, cases[i].expected);
}

static void a_level_by_rounding_says_so(void **state) {
    (void)state;
    check(
        " good is high\n bands ofsted, rounded to 0 decimals\n  good 90+\n  inadequate <90\n end\n"
        " status rag\n  green when ofsted is good\n  red otherwise\n end",
        (Figures){.now = "89.5"},
        "Green: ofsted is good (89.5%, rounded to 90, is at or above 90%)");
}

static void a_direction_shows_both_figures(void **state) {
    (void)state;
    static const struct {
        const char *good, *condition;
        Figures figures;
        const char *expected;
    } cases[] = {
        {"low",
         "worsening",
         {"26.4", "26", NULL},
         "Red: worsening, 26.4% against 26.0% in 2023-04"},
        {"low", "improving", {"25", "26", NULL}, "Red: improving, 25.0% against 26.0% in 2023-04"},
        {"low", "steady", {"26", "26", NULL}, "Red: steady, 26.0% against 26.0% in 2023-04"},
        {"high",
         "not improving",
         {"25", "26", NULL},
         "Red: worsening, 25.0% against 26.0% in 2023-04"},
        {"low",
         "improving",
         {"26.01", "26.04", NULL},
         "Red: improving, 26.01% (shown as 26.0%) against 26.04% (shown as 26.0%) in 2023-04"},
        {"low",
         "direction is worsening",
         {"26.4", "26", NULL},
         "Red: worsening, 26.4% against 26.0% in 2023-04"},
        {"not judged", "up", {"26.4", "26", NULL}, "Red: up, 26.4% against 26.0% in 2023-04"},
        {"low", "up", {"26.4", "26", NULL}, "Red: up, 26.4% against 26.0% in 2023-04"},
        {"near 20",
         "worsening",
         {"26.4", "26", NULL},
         "Red: worsening, 26.4% against 26.0% in 2023-04"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char clauses[500];
        snprintf(clauses, sizeof clauses,
                 " good is %s\n status rag\n  red when %s\n  green otherwise\n end", cases[i].good,
                 cases[i].condition);
        check(clauses, cases[i].figures, cases[i].expected);
    }
    check(" good is low\n steady within 1 points, unknown counts as steady\n status rag\n  red "
          "when steady\n  green otherwise\n end",
          (Figures){.now = "26"}, "Red: steady");
}

// ---- lines --------------------------------------------------------------------------------------

static void a_line_tells_the_facts_that_made_it_hold(void **state) {
    (void)state;
    static const Figures f = {"26.4", "26", "21.1"};
    check_when("low", "worsening and value > 24", f,
               "Red: worsening, 26.4% against 26.0% in 2023-04; 26.4% is above 24.0%");
    check_when("low", "improving or value > 24", f, "Red: 26.4% is above 24.0%");
    check_when(
        "low", "value > 24 and not (improving or value < 20)", f,
        "Red: 26.4% is above 24.0%; worsening, 26.4% against 26.0% in 2023-04; 26.4% is at or "
        "above 20.0%");
    check_when("low", "known(neighbours)", f, "Red: known(neighbours)");
    check_when("low", "period >= 2023-01", f, "Red: period >= 2023-01");
    check_when("low", "entity = \"A\"", f, "Red: entity = \"A\"");
    check_when("low", "not   entity =  \"B  C\" # text", f, "Red: not entity = \"B  C\"");
    check_when("low", "not known(neighbours)", (Figures){.now = "26.4"},
               "Red: not known(neighbours)");
}

static void because_stands_before_the_facts(void **state) {
    (void)state;
    check(" good is low\n status rag\n  red when above 24 because \"over the \"\"line\"\"\"\n  "
          "green otherwise because \"within it\"\n end",
          (Figures){.now = "26.4"}, "Red: over the \"line\": 26.4% is above 24.0%");
    check(" good is low\n status rag\n  red when above 24\n  green otherwise because \"within "
          "it\"\n end",
          (Figures){.now = "20"}, "Green: within it");
    check_when("low", "above 24", (Figures){.now = "20"}, "Green: no other line of the rule holds");
}

static void a_mapping_and_a_cross_table_tell_their_levels(void **state) {
    (void)state;
    check(
        " good is low\n" BANDS
        " status rag by ofsted, direction\n         improving steady worsening unknown\n"
        "  outstanding green green amber no data\n  good green green amber amber\n"
        "  requires_improvement amber amber red amber\n  inadequate amber red red red\n end",
        (Figures){"22", "21", NULL},
        "Red: ofsted is requires improvement (22.0% is in the range 20% to 24%); worsening, 22.0% "
        "against 21.0% in 2023-04");
    Judged j;
    judged_begin(&j,
                 RAG_SCALE "scale ofsted\n inadequate\n good\n inadequate -> red\n good -> "
                           "green\nend\nmetric m percent\nkpi m\n precision 1 decimal\n good "
                           "is high\n bands ofsted\n  good 80+\n  inadequate <80\n end\n status "
                           "rag from ofsted\nend\n");
    judged_put(&j, "m", "A", "2023-05", "85");
    assert_str(judged_sentence(&j, "m", "A", "2023-05"),
               "Green: ofsted is good (85.0% is at or above 80%)");
    judged_end(&j);
}

static void a_cross_table_tells_an_unknown_direction(void **state) {
    (void)state;
    check(" good is low\n" BANDS
          " status rag by ofsted, direction\n         improving steady worsening unknown\n"
          "  outstanding green green amber no data\n  good green green amber amber\n"
          "  requires_improvement amber amber red amber\n  inadequate amber red red red\n end",
          (Figures){.now = "22"},
          "Amber: ofsted is requires improvement (22.0% is in the range 20% to 24%); the direction "
          "is not "
          "known (no row)");
}

static void a_status_that_is_taken_names_its_kpi(void **state) {
    (void)state;
    Judged j;
    judged_begin(&j,
                 HEAD " good is low\n status rag\n  red when above 24\n  green otherwise\n end\n"
                      "end\nkpi other\n value c\n status from k\nend\n");
    put_figures(&j, (Figures){.now = "26.44"});
    judged_put(&j, "c", "A", "2023-05", "7");
    assert_str(judged_sentence(&j, "other", "A", "2023-05"),
               "Red, as The rate: 26.4% is above 24.0%"); // told with the other KPI's decimals
    judged_end(&j);
}

// ---- no status ----------------------------------------------------------------------------------

static void a_missing_value_says_why(void **state) {
    (void)state;
    static const char clauses[] =
        " good is low\n needs sn >= 20\n status rag\n  red when above 24\n"
        "  green otherwise\n end";
    check(clauses, (Figures){"suppressed", NULL, "21"},
          "No data: the figure is missing (suppressed)");
    check(clauses, (Figures){.now = "26.4"},
          "No data: whether it may be judged depends on sn: no row; the figure is 26.4%");
    check(clauses, (Figures){"26.44", NULL, "19"},
          "No data: too few to judge; the figure is 26.4%");
    check(clauses, (Figures){"suppressed", NULL, "19"}, "No data: too few to judge");
}

static void a_figure_in_no_band_is_shown(void **state) {
    (void)state;
    static const char mapped[] =
        RAG_SCALE "scale ofsted\n inadequate\n good\n inadequate -> red\n good -> green\nend\n"
                  "metric m percent\nkpi m\n precision 1 decimal\n good is high\n bands ofsted as "
                  "our_level\n  good 80-90\n  inadequate <80\n%s end\n status rag from our_level\n"
                  "end\n";
    static const struct {
        const char *line, *expected;
    } cases[] = {
        {"", "No data: 95.0% is in no band of our level"},
        {"  no data otherwise because \"measured anew\"\n",
         "No data: 95.0% is in no band of our level: measured anew"},
        {"  no data otherwise\n", "No data: 95.0% is in no band of our level"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Judged j;
        char rules[1000];
        snprintf(rules, sizeof rules, mapped, cases[i].line);
        judged_begin(&j, rules);
        judged_put(&j, "m", "A", "2023-05", "95");
        assert_str(judged_sentence(&j, "m", "A", "2023-05"), cases[i].expected);
        judged_end(&j);
    }
}

static void an_unsettled_status_names_its_levels_and_what_it_waits_for(void **state) {
    (void)state;
    check_when("low", "worsening", (Figures){.now = "26.4"},
               "No data: red or green, depending on direction: no figure for 2023-04");
    check_when("low", "worsening", (Figures){"26.4", "suppressed", NULL},
               "No data: red or green, depending on direction: suppressed");
    check_when("low", "over 29% worse than neighbours", (Figures){.now = "26.4"},
               "No data: red or green, depending on neighbours: no row");
    check_when("low", "value > neighbours", (Figures){"26.4", NULL, "not available"},
               "No data: red or green, depending on neighbours: not available");
    check(" good is low\n status rag\n  red when worsening\n  amber when value > neighbours\n  "
          "no data when above 30\n  green when steady\n  green otherwise\n end",
          (Figures){.now = "26.4"},
          "No data: red, amber or green, depending on direction and neighbours: no row; no "
          "figure for 2023-04");
    check(" good is low\n status rag\n  red when worsening\n  no data otherwise\n end",
          (Figures){.now = "26.4"},
          "No data: red or no data, depending on direction: no figure for 2023-04");
}

static void one_level_for_all_that_is_unknown_is_settled(void **state) {
    (void)state;
    check(
        " good is low\n status rag\n  red when worsening\n  red otherwise because \"anyway\"\n end",
        (Figures){.now = "26.4"}, "Red: anyway");
}

static void no_data_on_purpose_says_which_line(void **state) {
    (void)state;
    check(" good is low\n status rag\n  no data when above 24 because \"under review\"\n  green "
          "otherwise\n end",
          (Figures){.now = "26.4"}, "No data: under review: 26.4% is above 24.0%");
    check(" good is low\n status rag\n  green when below 24\n  no data otherwise\n end",
          (Figures){.now = "26.4"}, "No data: no other line of the rule holds");
}

static void a_kpi_without_status_says_so(void **state) {
    (void)state;
    Judged j;
    judged_begin(&j, "metric m percent\nkpi m\nend\n");
    judged_put(&j, "m", "A", "2023-05", "5");
    assert_str(judged_sentence(&j, "m", "A", "2023-05"), "Not judged: the rules give it no status");
    assert_null(explain_line(&j.vm, kpi_named(&j, "m"), 0));
    judged_end(&j);
}

// ---- figures and lines --------------------------------------------------------------------------

static void a_figure_is_shown_rounded_or_exact(void **state) {
    (void)state;
    static const struct {
        Number n;
        int decimals;
        RoundMode mode;
        const char *expected;
    } cases[] = {
        {{264, 10}, 1, ROUND_HALF_AWAY, "26.4"},
        {{26, 1}, 1, ROUND_HALF_AWAY, "26.0"},
        {{5, 2}, 0, ROUND_HALF_AWAY, "3"},
        {{5, 2}, 0, ROUND_HALF_EVEN, "2"},
        {{26400, 1000}, -1, ROUND_HALF_AWAY, "26.4"},
        {{1, 3}, -1, ROUND_HALF_AWAY, "0.333333"},
        {{1234567, 1000000}, -1, ROUND_HALF_AWAY, "1.234567"},
        {{12345678, 10000000}, -1, ROUND_HALF_AWAY, "1.234568"}, // more than six decimals
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Buf out = {0};
        explain_figure(&out, cases[i].n, cases[i].decimals, cases[i].mode);
        assert_str(buf_str(&out), cases[i].expected);
        buf_free(&out);
    }
}

static void the_line_that_decided_is_found(void **state) {
    (void)state;
    Judged j;
    judged_begin(&j,
                 HEAD " good is low\n status rag\n  red when over 5 points worse than neighbours "
                      "because \"far\"\n  green otherwise\n end\nend\n");
    const Kpi *k = kpi_named(&j, "k");
    Str comparator = {0};
    put_figures(&j, (Figures){"30", NULL, "20"});
    judged_sentence(&j, "k", "A", "2023-05");
    const StatusLine *line = explain_line(&j.vm, k, 0);
    assert_str(line->because, "far");
    assert_str(line->text, "over 5 points worse than neighbours");
    assert_int_equal(explain_wanting_line(&j.vm, k, 0, &comparator), UINT32_MAX);
    judged_put(&j, "m", "B", "2023-05", "30");
    judged_sentence(&j, "k", "B", "2023-05");
    assert_null(explain_line(&j.vm, k, 0));
    uint32_t wanting = explain_wanting_line(&j.vm, k, 0, &comparator);
    assert_ptr_equal(&j.r.program.lines[wanting], line);
    assert_str(comparator, "neighbours");
    judged_put(&j, "m", "C", "2023-05", "suppressed");
    judged_sentence(&j, "k", "C", "2023-05");
    assert_int_equal(explain_wanting_line(&j.vm, k, 0, &comparator), UINT32_MAX);
    judged_end(&j);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_comparison_names_both_sides),
        cmocka_unit_test(a_figure_has_the_decimals_that_show_it),
        cmocka_unit_test(a_comparison_in_words_is_told_in_them),
        cmocka_unit_test(a_distance_says_how_far_and_against_which_limit),
        cmocka_unit_test(a_distance_speaks_the_units_of_its_kpi),
        cmocka_unit_test(a_level_says_where_the_figure_lies),
        cmocka_unit_test(a_level_by_rounding_says_so),
        cmocka_unit_test(a_direction_shows_both_figures),
        cmocka_unit_test(a_line_tells_the_facts_that_made_it_hold),
        cmocka_unit_test(because_stands_before_the_facts),
        cmocka_unit_test(a_mapping_and_a_cross_table_tell_their_levels),
        cmocka_unit_test(a_cross_table_tells_an_unknown_direction),
        cmocka_unit_test(a_status_that_is_taken_names_its_kpi),
        cmocka_unit_test(a_missing_value_says_why),
        cmocka_unit_test(a_figure_in_no_band_is_shown),
        cmocka_unit_test(an_unsettled_status_names_its_levels_and_what_it_waits_for),
        cmocka_unit_test(one_level_for_all_that_is_unknown_is_settled),
        cmocka_unit_test(no_data_on_purpose_says_which_line),
        cmocka_unit_test(a_kpi_without_status_says_so),
        cmocka_unit_test(a_figure_is_shown_rounded_or_exact),
        cmocka_unit_test(the_line_that_decided_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
