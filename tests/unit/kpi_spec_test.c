// SPDX-License-Identifier: Apache-2.0
// What a KPI says, its pattern's clauses brought in.
#include "tests/unit/lang_fixture.h"

#include "lang/compiler.h"

#define BLOCK(word) " status rag\n  " word " otherwise\n end\n"

typedef struct Gathered {
    Rules r;
    Compiler c;
    KpiSpec *spec; // of the KPI k
} Gathered;

static void gather(Gathered *g, const char *text) {
    rules_begin(&g->r);
    assert_true(modules_add_text(&g->r.modules, STR("rules.rag"), str_from(text)));
    g->c = (Compiler){.scratch = &g->r.scratch,
                      .arena = &g->r.arena,
                      .diags = &g->r.diags,
                      .modules = &g->r.modules,
                      .program = &g->r.program};
    declare_all(&g->c);
    g->spec = find_spec(&g->c, STR("k"));
    assert_non_null(g->spec);
}

static Str said(const Node *clause) {
    return node_text(node_kid(clause, 0));
}

static void a_clause_of_the_kpi_stands_for_that_of_its_pattern(void **state) {
    (void)state;
    Gathered g;
    gather(&g,
           "pattern base\n source \"base\"\n note \"base\"\n label \"base\"\n value b\n precision "
           "2 decimals\n good is low\n needs b > 1\n target 3\n steady within 1\n unit days\nend\n"
           "pattern p like base\n source \"p\"\n note \"p\"\n value p\n precision 1 decimal\n "
           "target 2\nend\n"
           "kpi k like p\n source \"k\"\n value kk\nend\n");
    assert_n_findings(&g.r, 0);
    assert_str(g.spec->source, "k");
    assert_str(g.spec->note, "p");
    assert_str(g.spec->label, "base");
    assert_str(said(g.spec->value), "kk");
    assert_str(said(g.spec->precision), "1 decimal");
    assert_str(said(g.spec->target), "2");
    assert_str(said(g.spec->good), "low");
    assert_str(said(g.spec->needs), "b > 1");
    assert_str(said(g.spec->steady), "1");
    assert_true(g.spec->has_unit);
    assert_int_equal(g.spec->unit.kind, UNIT_DAYS);
    rules_end(&g.r);
}

static void bands_and_comparators_are_replaced_by_name(void **state) {
    (void)state;
    Gathered g;
    gather(&g, OFSTED_SCALE RAG_SCALE "pattern p\n compare a = pa\n compare b = pb\n bands "
                                      "ofsted\n  good 1+\n end\n bands ofsted "
                                      "as second\n  good 2+\n end\n" BLOCK(
                                          "red") "end\n"
                                                 "kpi k like p\n compare b = kb\n compare c = kc\n "
                                                 "bands rag as second\n  green 3+\n end\n"
                                                 "end\n");
    assert_n_findings(&g.r, 0);
    assert_int_equal(g.spec->compares.n, 3);
    static const char *const compares[] = {"b kb", "c kc", "a pa"};
    for (size_t i = 0; i < 3; i++) {
        const Node *n = g.spec->compares.v[i];
        Str both = arena_printf(&g.r.scratch, "%.*s %.*s", STR_ARG(said(n)),
                                STR_ARG(node_text(node_kid(n, 2))));
        assert_str(both, compares[i]);
    }
    assert_int_equal(g.spec->bands.n, 2);
    assert_str(g.spec->bands.v[0].name, "second");
    assert_str(g.spec->bands.v[0].scale, "rag");
    assert_str(g.spec->bands.v[1].name, "ofsted");
    assert_int_equal(g.spec->statuses.n, 1);
    assert_int_equal(g.spec->n_own_statuses, 0);
    rules_end(&g.r);
}

static void status_lines_never_merge(void **state) {
    (void)state;
    Gathered g;
    gather(&g, RAG_SCALE "pattern p\n" BLOCK("red") "end\nkpi k like p\n" BLOCK("green") "end\n");
    assert_n_findings(&g.r, 0);
    assert_int_equal(g.spec->statuses.n, 1);
    assert_int_equal(g.spec->n_own_statuses, 1);
    assert_str(node_text(g.spec->statuses.v[0]), "status rag\n  green");
    rules_end(&g.r);
}

static void shared_bands_come_in_by_name(void **state) {
    (void)state;
    Gathered g;
    gather(&g, OFSTED_SCALE "bands ofsted as shared, gaps to worse\n good 1+\n fair otherwise "
                            "because \"x\"\nend\nkpi k\n bands from shared\nend\n");
    assert_n_findings(&g.r, 0);
    assert_int_equal(g.spec->bands.n, 1);
    const BandSpec *b = &g.spec->bands.v[0];
    assert_str(b->name, "shared");
    assert_str(b->scale, "ofsted");
    assert_int_equal(b->lines.n, 2);
    assert_str(b->lines.v[0].level, "good");
    assert_str(node_text(b->lines.v[1].because), "\"x\"");
    assert_int_equal(b->options->n_kids, 1);
    assert_false(b->broken);
    rules_end(&g.r);
}

static void a_line_that_was_reported_marks_the_kpi(void **state) {
    (void)state;
    static const char *const texts[] = {"kpi k\n valu 5\nend\n",
                                        "kpi k\n bands ofsted\n  good\n end\nend\n",
                                        "pattern p\n valu 5\nend\nkpi k like p\nend\n"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        Gathered g;
        gather(&g, texts[i]);
        assert_n_findings(&g.r, 1);
        assert_true(g.spec->broken);
        rules_end(&g.r);
    }
}

#define RULES RAG_SCALE OFSTED_SCALE "metric k percent\nmetric m percent\n"
// RULES has 13 lines.

static void a_clause_given_twice_shows_both_places(void **state) {
    (void)state;
    static const char *const cases[] = {
        " value m\n value k\n",
        " source \"a\"\n source \"b\"\n",
        " note \"a\"\n note \"b\"\n",
        " label \"a\"\n label \"b\"\n",
        " precision 1 decimal\n precision 1 decimal\n",
        " good is low\n good is high\n",
        " needs m > 1\n needs m > 2\n",
        " target 1\n target 2\n",
        " target 1\n target by period\n 2023 5\n end\n",
        " steady within 1%\n steady within 2%\n",
        " unit percent\n unit percent\n",
        " compare a = m\n compare a = k\n",
        " good is low\n bands ofsted\n  good <5\n end\n bands ofsted\n  good <6\n end\n",
        BLOCK("red") BLOCK("green"),
        BLOCK("red") " status from m\n",
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Rules r;
        rules_begin(&r);
        Str text = arena_printf(&r.scratch, "%skpi k\n%send\n", RULES, cases[i]);
        assert_false(rules_compile(&r, text.s));
        if (r.diags.diags.n != 1)
            print_message("%s\n", cases[i]);
        assert_n_findings(&r, 1);
        const Diag *d = &r.diags.diags.v[0];
        assert_int_equal(d->code, D_CLAUSE_TWICE);
        assert_true(d->other.line >= 14 && d->other.line < d->place.line);
        rules_end(&r);
    }
}

static void what_is_declared_twice_or_not_at_all_is_refused(void **state) {
    (void)state;
    assert_refused(RULES "kpi k\nend\nkpi k\nend\n", D_TWICE, "16:5+1", "`k`", "rename");
    assert_refused(RULES "kpi value\nend\n", D_PREDEFINED, "14:5+5", "`value`", "another name");
    assert_refused(RULES "kpi k like pp\nend\n", D_UNKNOWN_NAME, "14:12+2", "`pp`", "`pattern`");
    assert_refused(RULES "pattern audit\nend\nkpi k like audti\nend\n", D_UNKNOWN_NAME, "16:12+5",
                   "`audti`", "`audit`");
    assert_refused(RULES "kpi k\n bands from nowhere\nend\n", D_UNKNOWN_NAME, "15:13+7",
                   "`nowhere`", "");
    assert_refused(RULES "pattern p\nend\npattern p\nend\n", D_TWICE, "16:9+1", "`p`", "");
    assert_refused(RULES "kpi k\n compare value = m\nend\n", D_PREDEFINED, "15:10+5", "`value`",
                   "");
}

static void a_pattern_is_like_one_other_at_most(void **state) {
    (void)state;
    assert_refused(RULES "pattern a\nend\npattern b like a\nend\npattern c like b\nend\nkpi k like "
                         "c\nend\n",
                   D_PATTERN, "18:11+6", "`c`", "one pattern");
    assert_refused(RULES "pattern a like a\nend\nkpi k like a\nend\n", D_PATTERN, "14:11+6",
                   "like itself", "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clause_of_the_kpi_stands_for_that_of_its_pattern),
        cmocka_unit_test(bands_and_comparators_are_replaced_by_name),
        cmocka_unit_test(status_lines_never_merge),
        cmocka_unit_test(shared_bands_come_in_by_name),
        cmocka_unit_test(a_line_that_was_reported_marks_the_kpi),
        cmocka_unit_test(a_clause_given_twice_shows_both_places),
        cmocka_unit_test(what_is_declared_twice_or_not_at_all_is_refused),
        cmocka_unit_test(a_pattern_is_like_one_other_at_most),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
