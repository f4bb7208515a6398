// SPDX-License-Identifier: Apache-2.0
// Band lowering: what each rule of reading makes of level lines, as cuts and pieces.
#include "tests/unit/bands_fixture.h"

static const Reading high = {.polarity = POLARITY_HIGH, .decimals = -1};
static const Reading low = {.polarity = POLARITY_LOW, .decimals = -1};

// "poor 5] gap:fair [8 fair": the pieces from the left, and between them the cuts; the bracket is
// on the side that the point belongs to.
static Str table_text(Lowered *l) {
    static const char *const kinds[] = {"", "gap:", "otherwise:", "none"};
    const BandTable *t = l->table;
    Buf out = {0};
    for (uint32_t i = 0; i <= t->n_cuts; i++) {
        const Piece *p = &t->pieces[i];
        buf_puts(&out, kinds[p->kind]);
        if (p->level != LEVEL_NO_DATA)
            buf_put(&out, l->c.scales.v[t->scale].levels[p->level].name);
        else if (p->kind == PIECE_OTHERWISE)
            buf_puts(&out, "no data");
        if (i == t->n_cuts)
            break;
        const Cut *c = &t->cuts[i];
        buf_puts(&out, c->at_goes_left ? " " : " [");
        number_print(&out, c->at);
        buf_puts(&out, c->at_goes_left ? "] " : " ");
    }
    Str s = arena_str(&l->r.scratch, buf_str(&out));
    buf_free(&out);
    return s;
}

typedef struct Case {
    const char *text, *table;
} Case;

static void check_cases(Reading reading, const Case *cases, size_t n) {
    for (size_t i = 0; i < n; i++) {
        Lowered l;
        lower_table(&l, reading, str_from(cases[i].text));
        assert_n_findings(&l.r, 0);
        assert_true(l.ok);
        assert_str_of(cases[i].text, table_text(&l), cases[i].table);
        rules_end(&l.r);
    }
}

static void lines_become_cuts_and_pieces(void **state) {
    (void)state;
    static const Case cases[] = {
        {"\n good 8+", "none [8 good"},
        {"\n good >8", "none 8] good"},
        {"\n good <=8", "good 8] none"},
        {"\n good <8", "good [8 none"},
        {"\n good 5-8", "none [5 good 8] none"},
        {"\n good 8-5", "none [5 good 8] none"},
        {"\n good 8 to 5", "none [5 good 8] none"},
        {"\n good above 5 to below 8", "none 5] good [8 none"},
        {"\n good five to five + 3", "none [5 good 8] none"},
        {"\n good = 5", "none [5 good 5] none"},
        {"\n good -8--5", "none [-8 good -5] none"},
        {"\n good 1/3 to 2/3", "none [1/3 good 2/3] none"},
        {"\n best 8+\n good 5 to below 8\n poor <5", "poor [5 good [8 best"},
        {"\n best >8\n good above 5 to 8\n poor <=5", "poor 5] good 8] best"},
        {"\n fair 1 to below 2\n fair 2-3", "none [1 fair [2 fair 3] none"},
        {"\n fair 1-2\n fair 2-3", "none [1 fair 2] fair 3] none"},
    };
    check_cases(high, cases, COUNT(cases));
}

static void gaps_go_to_the_lower_or_higher_level(void **state) {
    (void)state;
    static const Case cases_high[] = {
        {", gaps to worse\n good 8-9\n fair 5-7", "none [5 fair 7] gap:fair [8 good 9] none"},
        {", gaps to better\n good 8-9\n fair 5-7", "none [5 fair 7] gap:good [8 good 9] none"},
        {", gaps to better\n good >8\n fair <8", "fair [8 gap:good 8] good"}, // a point can be one
        {", gaps to worse\n best >8\n good = 8\n fair <7", "fair [7 gap:fair [8 good 8] best"},
        {"\n fair 1-2\n fair 5-6", "none [1 fair 2] gap:fair [5 fair 6] none"}, // one level's own
    };
    static const Case cases_low[] = {
        {", gaps to worse\n good 5-7\n fair 8-9", "none [5 good 7] gap:fair [8 fair 9] none"},
        {", gaps to better\n good 5-7\n fair 8-9", "none [5 good 7] gap:good [8 fair 9] none"},
    };
    check_cases(high, cases_high, COUNT(cases_high));
    check_cases(low, cases_low, COUNT(cases_low));
}

static void edges_go_to_the_lower_or_higher_level(void **state) {
    (void)state;
    static const Case cases_high[] = {
        {", edges to worse\n good 5-8\n fair 2-5", "none [2 fair 5] good 8] none"},
        {", edges to better\n good 5-8\n fair 2-5", "none [2 fair [5 good 8] none"},
        {", edges to better\n good 5+\n fair <=5", "fair [5 good"},
        {", edges to worse\n good = 5\n best 5-8\n fair 2-5", "none [2 fair 5] best 8] none"},
        {", edges to better\n good = 5\n best 5-8\n fair 2-5", "none [2 fair [5 best 8] none"},
    };
    static const Case cases_low[] = {
        {", edges to worse\n good 2-5\n fair 5-8", "none [2 good [5 fair 8] none"},
        {", edges to better\n good 2-5\n fair 5-8", "none [2 good 5] fair 8] none"},
    };
    check_cases(high, cases_high, COUNT(cases_high));
    check_cases(low, cases_low, COUNT(cases_low));
}

static void otherwise_lies_beyond_the_worst_band(void **state) {
    (void)state;
    static const char text[] = "\n good 5-8\n poor otherwise";
    static const Case cases_high[] = {{text, "otherwise:poor [5 good 8] none"}};
    static const Case cases_low[] = {{text, "none [5 good 8] otherwise:poor"}};
    static const Case cases_both[] = {{text, "otherwise:poor [5 good 8] otherwise:poor"}};
    static const Case cases_no_data[] = {
        {"\n good 5-8\n no data otherwise", "otherwise:no data [5 good 8] otherwise:no data"}};
    check_cases(high, cases_high, 1);
    check_cases(low, cases_low, 1);
    check_cases((Reading){.polarity = POLARITY_NEAR, .near = {6, 1}, .decimals = -1}, cases_both,
                1);
    check_cases((Reading){.polarity = POLARITY_NOT_JUDGED, .decimals = -1}, cases_both, 1);
    check_cases(high, cases_no_data, 1);
    check_cases(low, cases_no_data, 1);
}

static void a_table_says_how_it_reads(void **state) {
    (void)state;
    Lowered l;
    Reading one = {.polarity = POLARITY_HIGH, .decimals = 1, .mode = ROUND_HALF_EVEN};
    lower_table(&l, one, STR(", rounded\n good 8+\n no data otherwise because \"too new\""));
    assert_true(l.table->rounded && l.table->decimals == 1 && l.table->mode == ROUND_HALF_EVEN);
    assert_str(l.table->because, "too new");
    rules_end(&l.r);
    lower_table(&l, one, STR(", rounded to 0 decimals\n good 8+"));
    assert_true(l.table->rounded && l.table->decimals == 0 && l.table->mode == ROUND_HALF_AWAY);
    rules_end(&l.r);
    lower_table(&l, one, STR("\n good 8+\n poor <8"));
    assert_false(l.table->rounded);
    assert_int_equal(l.table->pieces[0].place.line, 10); // the lines that settle
    assert_int_equal(l.table->pieces[1].place.line, 9);
    rules_end(&l.r);
}

// ---- what is refused ----------------------------------------------------------------------------

static void a_table_that_does_not_settle_its_figures_is_refused(void **state) {
    (void)state;
    static const Reading near = {.polarity = POLARITY_NEAR, .near = {5, 1}, .decimals = -1};
    static const Reading percent = {
        .polarity = POLARITY_HIGH, .unit = {.kind = UNIT_PERCENT}, .decimals = -1};
    const struct {
        Reading reading;
        const char *text;
        DiagCode code;
        const char *place, *message, *hint;
    } cases[] = {
        {high, "\n good 5+\n fair 1-6", D_BAND_OVERLAP, "9:2+7", "two bands", "move one"},
        {high, "\n good >5\n fair <6", D_BAND_OVERLAP, "9:2+7", "two bands", ""},
        {high, "\n good <9\n fair <6", D_BAND_OVERLAP, "10:2+7", "two bands", "both ends"},
        {high, "\n good 5-8\n good 6-7", D_BAND_OVERLAP, "10:2+8", "two bands", ""},
        {high, "\n good 5-8\n fair 2-5", D_BAND_EDGE, "9:2+8", "5 is in two bands",
         "to worse` (fair)"},
        {high, ", gaps to worse\n good 2-5\n fair 6-8", D_BAND_ORDER, "10:2+8", "high is good",
         "wrong way"},
        {low, "\n good 6-8\n fair 2 to below 6", D_BAND_ORDER, "9:2+8", "low is good", ""},
        {near, ", gaps to worse\n good 6-8\n best 9-10", D_BAND_ORDER, "10:2+9", "near is good",
         ""},
        {near, ", gaps to worse\n best 1-2\n good 3-4", D_BAND_ORDER, "10:2+8", "near is good", ""},
        {high, "\n good above 5 to 5", D_BAND_EMPTY, "9:2+17", "no figure", "begins where it ends"},
        {high, "\n good 6 to below 5", D_BAND_EMPTY, "9:2+17", "no figure", "or beyond"},
        {high, "\n good 5", D_BAND_BARE, "9:7+1", "`5`", "`5+`"},
        {high, "\n good five - 2", D_BAND_BARE, "9:7+8", "`five - 2`", "`to`"},
        {high, "\n good >= m", D_BAND_BOUND, "9:10+1", "`m`", "`let`"},
        {high, "\n goood 5+", D_UNKNOWN_LEVEL, "9:2+5", "`goood`", "`good`"},
        {high, "\n fair otherwise\n poor otherwise\n good 5+", D_BAND_OTHERWISE, "10:2+14",
         "second", ""},
        {high, "\n no data 5+\n good 6+", D_BAND_OTHERWISE, "9:2+10", "before a range",
         "otherwise"},
        {high, "\n poor otherwise", D_BANDS_NONE, "8:1+23", "no band", "80-89"},
        {high, ", gaps to fair\n good 5+", D_BAND_OPTION, "8:10+12", "worse or to better",
         "`gaps to worse`"},
        {high, ", edges to up\n good 5+", D_BAND_OPTION, "8:10+11", "worse or to better",
         "`edges to worse`"},
        {high, ", gaps to worse, gaps to better\n good 5+", D_CLAUSE_TWICE, "8:25+14", "twice", ""},
        {high, ", rounded\n good 5+", D_PRECISION, "8:10+7", "how many decimals", "rounded to"},
        {percent, "\n good >= 5 days", D_UNITS, "9:10+6", "another unit", "days"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Lowered l;
        lower_table(&l, cases[i].reading, str_from(cases[i].text));
        if (l.r.diags.diags.n != 1 || l.ok)
            print_message("%s\n", cases[i].text);
        assert_n_findings(&l.r, 1);
        assert_finding(&l.r, 0, cases[i].code, cases[i].place, cases[i].message, cases[i].hint);
        rules_end(&l.r);
    }
}

static void a_gap_is_reported_where_a_figure_could_lie(void **state) {
    (void)state;
    const struct {
        const char *text;
        Unit unit;
        const char *example; // NULL: no finding
    } cases[] = {
        {"\n good 8-9\n fair 5-7", {0}, "7.5 is in no band"},
        {"\n good > 8\n fair < 8", {0}, "8 is in no band"},
        {"\n good 8-9\n fair 5-7", {.kind = UNIT_COUNT}, NULL},
        {"\n good 8-9\n fair 5-6", {.kind = UNIT_COUNT}, "7 is in no band"},
        {", rounded to 0 decimals\n good 8-9\n fair 5-7", {.kind = UNIT_PERCENT}, NULL},
        {", rounded to 1 decimal\n good 8-9\n fair 5-7.9", {.kind = UNIT_PERCENT}, NULL},
        {", rounded to 1 decimal\n good 8-9\n fair 5-7.8",
         {.kind = UNIT_PERCENT},
         "7.9 is in no band"},
        {"\n good 8-9\n fair 5-7.9", {.kind = UNIT_PERCENT}, "7.95 is in no band"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Lowered l;
        Reading reading = high;
        reading.unit = cases[i].unit;
        lower_table(&l, reading, str_from(cases[i].text));
        assert_true(l.ok); // a warning: the figures in it have no band
        assert_n_findings(&l.r, cases[i].example ? 1 : 0);
        if (cases[i].example)
            assert_finding(&l.r, 0, D_BAND_GAP, "9:2+8", cases[i].example,
                           "`gaps to worse` (fair)");
        assert_int_equal(l.r.diags.n_errors, 0);
        rules_end(&l.r);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_become_cuts_and_pieces),
        cmocka_unit_test(gaps_go_to_the_lower_or_higher_level),
        cmocka_unit_test(edges_go_to_the_lower_or_higher_level),
        cmocka_unit_test(otherwise_lies_beyond_the_worst_band),
        cmocka_unit_test(a_table_says_how_it_reads),
        cmocka_unit_test(a_table_that_does_not_settle_its_figures_is_refused),
        cmocka_unit_test(a_gap_is_reported_where_a_figure_could_lie),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
