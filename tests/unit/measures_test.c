// SPDX-License-Identifier: Apache-2.0
// A published table: what each row declares, and what is wrong with a cell.
#include "tests/unit/lang_fixture.h"

#define HEAD                                                                                       \
    RAG_SCALE OFSTED_SCALE                                                                         \
        "pattern p\n precision 1 decimal\n status rag\n  red when ofsted is inadequate\n"          \
        "  green otherwise\n end\nend\n"                                                           \
        "pattern q\n status rag\n  red when worsening\n  green otherwise\n end\nend\n"
// HEAD has 24 lines: the table begins on line 25, its heading is line 26, its first row line 27.

static void compiled(Rules *r, const char *table) {
    char text[4000];
    snprintf(text, sizeof text, "%s%s\nend\n", HEAD, table);
    rules_compiled(r, text);
}

static void a_row_declares_a_kpi_and_its_metric(void **state) {
    (void)state;
    Rules r;
    compiled(&r, "measures like p, bands ofsted, gaps to worse\n"
                 " source | name | label | unit | good is | good | inadequate | note\n"
                 " 1.1/4 | a_rate | \"A | \"\"rate\"\"\" | percent | high | 80+ | <80 | \n"
                 " | b_count | B count | per 10000 | near 5 + 5 | 8-12 | otherwise | \"see\"\n"
                 " | c | | unit \"visits\" | not judged | 1-2 | | ");
    const Program *p = &r.program;
    assert_int_equal(p->n_kpis, 3);
    assert_int_equal(p->n_metrics, 3);
    const Kpi *k = &p->kpis[0];
    assert_str(k->name, "a_rate");
    assert_str(k->source, "1.1/4");
    assert_str(k->label, "A | \"rate\"");
    assert_str(k->note, "");
    assert_int_equal(k->place.line, 27);
    assert_int_equal(k->place.column, 10);
    assert_int_equal(k->unit.kind, UNIT_PERCENT);
    assert_int_equal(k->polarity, POLARITY_HIGH);
    assert_int_equal(k->decimals, 1);
    assert_true(k->has_status);
    assert_int_equal(p->metrics[0].unit.kind, UNIT_PERCENT);
    assert_str(p->metrics[0].name, "a_rate");
    const BandTable *t = &p->band_tables[k->levels[0].band_table];
    assert_int_equal(t->n_cuts, 1);
    assert_int_equal(t->pieces[0].place.line, 27);
    k = &p->kpis[1];
    assert_str(k->label, "B count");
    assert_str(k->note, "see");
    assert_int_equal(k->polarity, POLARITY_NEAR);
    assert_int_equal(k->unit.per, 10000);
    assert_int_equal(p->kpis[2].polarity, POLARITY_NOT_JUDGED);
    assert_str(p->kpis[2].unit.name, "visits");
    rules_end(&r);
}

static void a_metric_that_is_there_is_read(void **state) {
    (void)state;
    Rules r;
    rules_compiled(&r,
                   HEAD "metric a \"A\" percent from column \"c\"\nmeasures like q, bands ofsted "
                        "as ours\n name | good is | good\n a | high | 80+\nend\nlet x = 1\n");
    assert_int_equal(r.program.n_metrics, 1);
    assert_str(r.program.metrics[0].column, "c");
    assert_str(r.program.kpis[0].levels[0].name, "ours");
    rules_end(&r);
}

static void blank_cells_are_not_published(void **state) {
    (void)state;
    Rules r;
    compiled(&r, "measures like p, bands ofsted, improving only like q\n"
                 " name | good is | good | inadequate\n"
                 " a | high | |\n"
                 " b | high | improving only |\n"
                 " c | high | 80+ |");
    const Program *p = &r.program;
    assert_false(p->kpis[0].has_status);
    assert_str(p->kpis[0].unjudged, "no band is published for it");
    assert_int_equal(p->kpis[0].n_levels, 0);
    assert_true(p->kpis[1].has_status); // by the other pattern
    assert_int_equal(p->kpis[1].decimals, -1);
    assert_true(p->kpis[2].has_status);
    rules_end(&r);
    compiled(&r,
             "measures like p, bands ofsted\n name | good is | good\n b | low | improving only");
    assert_false(r.program.kpis[0].has_status);
    assert_true(has_text(r.program.kpis[0].unjudged, "improving only"));
    rules_end(&r);
}

static void options_of_the_heading_hold_for_every_row(void **state) {
    (void)state;
    Rules r;
    compiled(&r, "measures like p, bands ofsted, gaps to better, edges to worse, rounded to 1 "
                 "decimal\n name | good is | good | inadequate\n a | high | 80-90 | 70-80\n"
                 " b | low | 10-20 | 30-40");
    const Program *p = &r.program;
    const BandTable *a = &p->band_tables[p->kpis[0].levels[0].band_table];
    const BandTable *b = &p->band_tables[p->kpis[1].levels[0].band_table];
    assert_true(a->rounded && b->rounded && a->decimals == 1);
    assert_int_equal(a->pieces[band_piece(a, number_int(80))].level, 0);
    assert_int_equal(b->pieces[band_piece(b, number_int(25))].level, 2);
    rules_end(&r);
}

static void cells_are_read_where_they_stand(void **state) {
    (void)state;
    static const struct {
        const char *table;
        DiagCode code;
        const char *place, *message, *hint;
    } cases[] = {
        {" name | good is | good\n a | high | 85 +", D_OTHER_WORDS, "27:13+4", "", "85+"},
        {" name | good is | good\n a | high | 1,000+", D_BAD_NUMBER, "27:13+5", "`1,000`", ""},
        {" name | good is | good\n a | high | 85", D_BAND_BARE, "27:13+2", "`85`", "`85+`"},
        {" name | good is | good\n a | high | over 85", D_OTHER_WORDS, "27:13+7", "", "`above 85`"},
        {" name | good is | good\n a | up | 85+", D_MEASURES_CELL, "27:6+2", "`up`", "high, low"},
        {" name | good is | good\n a | near x | 85+", D_NOT_CONSTANT, "27:11+1", "`x`", ""},
        {" name | good is | good\n A | high | 85+", D_BAD_NAME, "27:2+1", "`A`", "lower case"},
        {" name | good is | good\n a b | high | 85+", D_BAD_NAME, "27:2+3", "`a b`", "underscores"},
        {" name | good is | good\n value | high | 85+", D_PREDEFINED, "27:2+5", "`value`", ""},
        {" name | good is | good\n | high | 85+", D_MEASURES_CELL, "27:2+12", "no name", "`name`"},
        {" name | good is | good\n a | high", D_MEASURES_ROW, "27:2+8", "2", "blank cell"},
        {" name | good is | good\n a | high | 85+ | x", D_MEASURES_ROW, "27:2+18", "4", ""},
        {" name | good is | good\n a | high | 85+\n a | high | 80+", D_TWICE, "28:2+1", "`a`", ""},
        {" name | good is | good | inadequate\n a | high | 85+ | improving only", D_MEASURES_CELL,
         "27:2+31", "`a`", "blank the other cells"},
        {" name | unit | good is | good\n a | percents | high | 85+", D_UNKNOWN_UNIT, "27:6+8",
         "`percents`", "`percent`"},
        {" name | good is | goood\n a | high | 85+", D_MEASURES_COLUMN, "26:19+5", "`goood`",
         "`good`"},
        {" name | colour\n a | red", D_MEASURES_COLUMN, "26:9+6", "`colour`", "source, name"},
        {" label | good is\n a | high", D_MEASURES_COLUMN, "26:2+15", "no column `name`", ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[4000];
        snprintf(text, sizeof text, "%smeasures like p, bands ofsted\n%s\nend\n", HEAD,
                 cases[i].table);
        assert_refused(text, cases[i].code, cases[i].place, cases[i].message, cases[i].hint);
    }
    assert_refused(HEAD "measures like p\nend\n", D_MEASURES_COLUMN, "25:1+19", "no heading",
                   "source | name");
}

static void the_heading_names_patterns_and_scales(void **state) {
    (void)state;
    static const struct {
        const char *head;
        DiagCode code;
        const char *place, *hint;
    } cases[] = {
        {"measures like pp, bands ofsted", D_UNKNOWN_NAME, "25:15+2", ""},
        {"measures like p, bands ofstet", D_UNKNOWN_NAME, "25:24+6", "`ofsted`"},
        {"measures like p, bands ofsted, bands rag", D_CLAUSE_TWICE, "25:38+3", ""},
        {"measures like p, bands ofsted, worsening only like q", D_BAND_OPTION, "25:32+14",
         "`improving only like"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[4000];
        snprintf(text, sizeof text, "%s%s\n name | good is | good\n a | high | 85+\nend\n", HEAD,
                 cases[i].head);
        assert_refused(text, cases[i].code, cases[i].place, "", cases[i].hint);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_declares_a_kpi_and_its_metric),
        cmocka_unit_test(a_metric_that_is_there_is_read),
        cmocka_unit_test(blank_cells_are_not_published),
        cmocka_unit_test(options_of_the_heading_hold_for_every_row),
        cmocka_unit_test(cells_are_read_where_they_stand),
        cmocka_unit_test(the_heading_names_patterns_and_scales),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
