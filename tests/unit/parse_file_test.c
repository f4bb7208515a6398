// SPDX-License-Identifier: Apache-2.0
// The parser on rule files: the tree of every declaration, and what is lost by a line that cannot
// be read.
#include "tests/unit/lang_fixture.h"

typedef struct Case {
    const char *text, *tree; // the tree between "(file " and ")"
} Case;

static void check_file(const char *text, const char *expected) {
    Rules r;
    rules_begin(&r);
    const Node *tree = rules_parse(&r, str_from(text), PARSE_FILE);
    Str whole = arena_printf(&r.scratch, *expected ? "(file %s)" : "(file)%s", expected);
    assert_str_of(text, tree_text(&r, tree), whole.s);
    assert_n_findings(&r, 0);
    rules_end(&r);
}

static void check_cases(const Case *cases, size_t n) {
    for (size_t i = 0; i < n; i++)
        check_file(cases[i].text, cases[i].tree);
}

// The clauses of a block, each on a line of its own.
static void check_clauses(const char *head, const char *head_tree, const Case *cases, size_t n) {
    for (size_t i = 0; i < n; i++) {
        char text[1000], tree[1000];
        snprintf(text, sizeof text, "%s\n  %s\nend\n", head, cases[i].text);
        snprintf(tree, sizeof tree, "(%s (list %s))", head_tree, cases[i].tree);
        check_file(text, tree);
    }
}

static void every_declaration_has_its_tree(void **state) {
    (void)state;
    static const Case cases[] = {
        {"", ""},
        {"# nothing\n", ""},
        {"use \"a.rag\"", "(use \"a.rag\")"},
        {"let a = 1 + 2", "(let a (add 1 2))"},
        {"let a = b < 2", "(let a (comparison:< (path b) 2))"},
        {"metric m", "(metric m - (list))"},
        {"metric m \"M\" percent", "(metric m \"M\" (list percent))"},
        {"metric m per 10000", "(metric m - (list (unit_per 10000)))"},
        {"metric m unit \"visits\" from column \"c\" from id \"7\" range 0 to 100",
         "(metric m - (list (unit_own \"visits\") (from_column \"c\") (from_id \"7\") "
         "(range 0 100)))"},
        {"metric m range -5 to -1", "(metric m - (list (range (negative 5) (negative 1))))"},
        {"scale s \"S\"\n a\n b \"B\" symbol \"b\" colour \"#fff\"\n a, b -> c\nend",
         "(scale s \"S\" (list (level a - - -) (level b \"B\" \"b\" \"#fff\") (mapping (words a b) "
         "c)))"},
        {"scale s\nend", "(scale s - (list))"},
        {"pattern p like q\n good is high\nend", "(pattern p (like q) (list (good (high))))"},
        {"kpi k \"K\" like p\nend", "(kpi k \"K\" (like p) (list))"},
        {"kpi k\nend\nlet a = 1", "(kpi k - - (list)) (let a 1)"},
        {"examples k\n value | rag\n 1 |\nend",
         "(examples k (list (row value rag) (row 1 (blank))))"},
        {"examples k\nend", "(examples k (list))"},
        {"measures like p, bands s as o, gaps to worse, improving only like q\n name | good\n a | "
         "8+\nend",
         "(measures (like p) (list (measures_bands s o) (gaps worse) (only_like (words improving "
         "only) (like q))) (list (row name good) (row a 8+)))"},
        {"bands s as t, rounded, edges to better\n good 8+\nend",
         "(bands s t - (list (rounded) (edges better)) (list (band good (bounds 8+ -) -)))"},
    };
    check_cases(cases, COUNT(cases));
}

static void every_clause_of_a_kpi_has_its_tree(void **state) {
    (void)state;
    static const Case cases[] = {
        {"source \"S\"", "(source \"S\")"},
        {"label \"L\"", "(label \"L\")"},
        {"note \"N\"", "(note \"N\")"},
        {"value a as percent of b", "(value (percent_of (path a) (path b)))"},
        {"value a else b", "(value (or_else (path a) (path b)))"},
        {"unit percent", "percent"},
        {"unit per 1000", "(unit_per 1000)"},
        {"unit \"visits\"", "(unit_own \"visits\")"},
        {"precision 1 decimal", "(precision (rounding 1 decimal -))"},
        {"precision 2 decimals half even", "(precision (rounding 2 decimals even))"},
        {"good is high", "(good (high))"},
        {"good is low", "(good (low))"},
        {"good is near 50", "(good (near 50))"},
        {"good is not judged", "(good (not_judged))"},
        {"needs a >= 20", "(needs (comparison:>= (path a) 20))"},
        {"target 80", "(target 80)"},
        {"target by period\n 2023-04 80\n 2024 a + 1\n end",
         "(trajectory (point 2023-04 80) (point 2024 (add (path a) 1)))"},
        {"compare sn \"SN\" = m.comparator", "(compare sn \"SN\" (path m comparator))"},
        {"compare sn = a else b", "(compare sn - (or_else (path a) (path b)))"},
        {"steady within 0.5 points", "(steady (number_unit 0.5 points) -)"},
        {"steady within 2%, unknown counts as steady",
         "(steady (number_percent 2) (words unknown steady))"},
        {"bands from t", "(bands_from t)"},
        {"status from other", "(status_from other)"},
        {"status rag from ofsted", "(status_map rag ofsted)"},
        {"bands s as t on a - b, rounded to 1 decimal, gaps to worse, good is low\nend",
         "(bands s t (on (subtract (path a) (path b))) (list (rounded (rounding 1 decimal -)) "
         "(gaps worse) (good (low))) (list))"},
        {"bands s\n good 8+ because \"x\"\n poor otherwise\n no data otherwise\n end",
         "(bands s - - (list) (list (band good (bounds 8+ -) \"x\") (band poor (cell_otherwise) -) "
         "(band (no_data) (cell_otherwise) -)))"},
        {"status rag as r\n red when a because \"x\"\n no data when b, if known\n amber otherwise "
         "because \"y\"\n end",
         "(status rag r (list (when red (path a) \"x\") (when! (no_data) (path b) -) (otherwise "
         "amber \"y\")))"},
        {"status rag by s, direction\n up down\n good green no data\n end",
         "(status_by rag - s direction (outcomes up down) (list (outcomes good green (no_data))))"},
        {"status rag as r by s, direction\n end", "(status_by rag r s direction (list) (list))"},
    };
    check_clauses("kpi k", "kpi k - -", cases, COUNT(cases));
    check_clauses("pattern p", "pattern p -", cases, COUNT(cases));
}

static void every_clause_of_an_input_has_its_tree(void **state) {
    (void)state;
    static const Case cases[] = {
        {"layout long", "(layout long)"},
        {"file \"a*.csv\"", "(input_file \"a*.csv\")"},
        {"entity column \"a\"", "(entity_column \"a\")"},
        {"entity \"Sefton\"", "(entity_is \"Sefton\")"},
        {"period column \"p\"", "(period_column \"p\" -)"},
        {"period column \"p\" as month", "(period_column \"p\" (words month))"},
        {"period 2023-05", "(period_is 2023-05)"},
        {"period 2023", "(period_is 2023)"},
        {"metric column \"m\"", "(metric_column \"m\")"},
        {"value column \"v\"", "(value_column \"v\")"},
        {"current column \"c\"", "(current_column \"c\")"},
        {"previous column \"p\"", "(previous_column \"p\")"},
        {"field target column \"t\"", "(field_column target \"t\" -)"},
        {"field note column \"t\" as text", "(field_column note \"t\" (words text))"},
        {"where region is \"A\"", "(where region (list \"A\"))"},
        {"where \"Region\" is one of \"A\", \"B\"", "(where \"Region\" (list \"A\" \"B\"))"},
        {"where region is not \"A\"", "(where! region (list \"A\"))"},
        {"where region is not one of \"A\", \"B\"", "(where! region (list \"A\" \"B\"))"},
        {"missing \"c\" as not available", "(missing_as \"c\" (words available))"},
        {"mark \"b\" as break in series", "(mark_as \"b\" (words break in series))"},
        {"numbers with percent signs, thousands commas",
         "(numbers_with (words percent signs) (words thousands commas))"},
        {"delimiter \";\"", "(delimiter \";\")"},
        {"quote \"'\"", "(quote \"'\")"},
        {"encoding \"windows-1252\"", "(encoding \"windows-1252\")"},
        {"skip 2 lines", "(skip 2 lines)"},
        {"revises", "(revises)"},
        {"other metrics are ignored", "(other (words metrics are ignored))"},
    };
    check_clauses("input f", "input f -", cases, COUNT(cases));
}

static void a_reason_is_spanned_with_its_not(void **state) {
    (void)state;
    Rules r;
    rules_begin(&r);
    const Node *tree =
        rules_parse(&r, STR("input f\n missing \"c\" as not available\nend"), PARSE_FILE);
    const Node *clause = node_kid(node_kid(node_kid(tree, 0), 2), 0);
    assert_str(node_text(node_kid(clause, 1)), "not available");
    rules_end(&r);
}

static void words_of_the_language_can_be_names(void **state) {
    (void)state;
    static const Case cases[] = {
        {"let target = 1", "(let target 1)"},
        {"metric metric", "(metric metric - (list))"},
        {"kpi value like high\n value source + unit\nend",
         "(kpi value - (like high) (list (value (add (path source) (path unit)))))"},
        {"scale s\n low\n high\n status\n bands\nend",
         "(scale s - (list (level low - - -) (level high - - -) (level status - - -) (level bands "
         "- - -)))"},
        {"kpi k\n status s\n high when a is low\n from otherwise\n end\nend",
         "(kpi k - - (list (status s - (list (when high (is (path a) (level_is low)) -) (otherwise "
         "from -)))))"},
    };
    check_cases(cases, COUNT(cases));
}

static void valid_from_stands_in_the_head_of_bands_and_status(void **state) {
    (void)state;
    static const char *const lines[] = {
        "bands s, valid from 2023-04\nend",           "bands s, valid from 2023-04 to 2024-03\nend",
        "bands from s, valid from 2023-04",           "status from s, valid from 2023-04",
        "status rag from s, valid from 2023",         "status rag, valid from 2023-04\nend",
        "status rag by a, b, valid from 2023-04\nend"};
    for (size_t i = 0; i < COUNT(lines); i++) {
        Rules r;
        rules_begin(&r);
        Str text = arena_printf(&r.scratch, "kpi k\n%s\nend", lines[i]);
        assert_non_null(rules_parse(&r, text, PARSE_FILE));
        assert_n_findings(&r, 0);
        rules_end(&r);
    }
}

// ---- recovery -----------------------------------------------------------------------------------

typedef struct Broken {
    const char *text, *tree;
    const char *place; // of the only finding
} Broken;

static void check_broken(const Broken *cases, size_t n) {
    for (size_t i = 0; i < n; i++) {
        Rules r;
        rules_begin(&r);
        const Node *tree = rules_parse(&r, str_from(cases[i].text), PARSE_FILE);
        Str whole = arena_printf(&r.scratch, "(file %s)", cases[i].tree);
        assert_str_of(cases[i].text, tree_text(&r, tree), whole.s);
        assert_n_findings(&r, 1);
        assert_finding(&r, 0, r.diags.diags.v[0].code, cases[i].place, "", "");
        rules_end(&r);
    }
}

static void a_bad_line_is_lost_alone(void **state) {
    (void)state;
    static const Broken cases[] = {
        {"nonsense\nlet a = 1", "(error) (let a 1)", "1:1+8"},
        {"let a 1\nlet b = 1", "(error) (let b 1)", "1:7+1"},
        {"let a =\nlet b = 1", "(error) (let b 1)", "1:8+0"},
        {"use file\nlet b = 1", "(error) (let b 1)", "1:5+4"},
        {"metric 5\nlet b = 1", "(error) (let b 1)", "1:8+1"},
        {"metric m range 1 to x\nlet b = 1", "(error) (let b 1)", "1:21+1"},
        {"scale s\n a b\n c\nend", "(scale s - (list (error) (level c - - -)))", "2:4+1"},
        {"scale s\n c\n -> b\nend", "(scale s - (list (level c - - -) (error)))", "3:2+2"},
        {"input f\n layout\n revises\nend", "(input f - (list (error) (revises)))", "2:8+0"},
        {"input f\n skip 2\n revises\nend", "(input f - (list (error) (revises)))", "2:8+0"},
        {"kpi k\n good is fine\n note \"x\"\nend", "(kpi k - - (list (error) (note \"x\")))",
         "2:10+4"},
        {"kpi k\n valu m\n note \"x\"\nend", "(kpi k - - (list (error) (note \"x\")))", "2:2+4"},
        {"kpi k\n precision high\n note \"x\"\nend", "(kpi k - - (list (error) (note \"x\")))",
         "2:12+4"},
        {"kpi k\n bands s\n  good\n  poor 8+\n end\nend",
         "(kpi k - - (list (bands s - - (list) (list (error) (band poor (bounds 8+ -) -)))))",
         "3:7+0"},
        {"kpi k\n status s\n  red if a\n  red otherwise\n end\nend",
         "(kpi k - - (list (status s - (list (error) (otherwise red -)))))", "3:7+2"},
        {"kpi k\n status s by a, b\n  x y\n  p 5\n  q r s\n end\nend",
         "(kpi k - - (list (status_by s - a b (outcomes x y) (list (error) (outcomes q r s)))))",
         "4:5+1"},
        {"kpi k\n target by period\n  may 5\n  2023 5\n end\nend",
         "(kpi k - - (list (trajectory (error) (point 2023 5))))", "3:3+3"},
    };
    check_broken(cases, COUNT(cases));
}

static void a_bad_head_loses_its_block_and_no_more(void **state) {
    (void)state;
    static const Broken cases[] = {
        {"kpi 5\n value m\nend\nlet a = 1", "(error) (let a 1)", "1:5+1"},
        {"pattern p likes q\n value m\nend\nlet a = 1", "(error) (let a 1)", "1:11+5"},
        {"scale \"S\"\n a\nend\nlet a = 1", "(error) (let a 1)", "1:7+3"},
        {"input f g\n revises\nend\nlet a = 1", "(error) (let a 1)", "1:9+1"},
        {"measures like\n a | b\nend\nlet a = 1", "(error) (let a 1)", "1:14+0"},
        {"kpi k\n bands 5\n  good 8+\n end\n note \"x\"\nend",
         "(kpi k - - (list (error) (note \"x\")))", "2:8+1"},
        {"kpi k\n status rag ass r\n  red otherwise\n end\n note \"x\"\nend",
         "(kpi k - - (list (error) (note \"x\")))", "2:13+3"},
    };
    check_broken(cases, COUNT(cases));
}

static void a_second_bad_line_is_reported_as_well(void **state) {
    (void)state;
    Rules r;
    rules_begin(&r);
    const Node *tree = rules_parse(&r,
                                   STR("let a 1\nkpi k\n good is fine\n steady 5 5 5\n bands "
                                       "s\n  a b c\n end\nend\nlet b 2"),
                                   PARSE_FILE);
    assert_str(tree_text(&r, tree),
               "(file (error) (kpi k - - (list (error) (error) (bands s - - (list) (list "
               "(error))))) (error))");
    assert_n_findings(&r, 5); // one a line
    uint32_t lines[] = {1, 3, 4, 6, 9};
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(r.diags.diags.v[i].place.line, lines[i]);
    rules_end(&r);
}

static void a_syntax_error_says_what_could_stand_there(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *message, *hint;
    } cases[] = {
        {"kip k", "`kip` does not fit here", "`kpi`"},
        {"metrics m", "`metrics` does not fit here", "`metric`"},
        {"kpi k\n vale m\nend", "`vale` does not fit here", "`value`"},
        {"let a 5", "expected `=`", "let NAME = EXPRESSION"},
        {"use 5", "expected a text in quotes", "use \"file.rag\""},
        {"kpi k\n good is\nend", "the line ends too early", "good is"},
        {"kpi k\n value a +\nend", "the line ends too early", "value EXPRESSION"},
        {"bands s\n good 85 +\nend", "", "85+"},
        {"end", "closes no block", "closed too early"},
        {"kpi k\nend\nend", "closes no block", "closed too early"},
        {"kpi k\n status rag\n  red when over 5% worse than\n end\nend", "the line ends too early",
         ""},
        {"let a = \"x", "not closed", "written twice"},
        {"let A = 1", "lower case", "`a`"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Rules r;
        rules_begin(&r);
        rules_parse(&r, str_from(cases[i].text), PARSE_FILE);
        assert_n_findings(&r, 1);
        const Diag *d = &r.diags.diags.v[0];
        if (!has_text(d->message, cases[i].message) || !has_text(d->hint, cases[i].hint))
            fail_msg("%s: %.*s (%.*s)", cases[i].text, STR_ARG(d->message), STR_ARG(d->hint));
        rules_end(&r);
    }
}

static void figures_of_an_area_round_the_entity_are_read(void **state) {
    (void)state;
    static const char *const lines[] = {
        "value m of region", "compare d = m of their_region", "compare d = (a + b) of region",
        "target 90\nstatus rag\nred when within margin of target\nend",
        "status rag\nred when within margin of value of region\nend"};
    for (size_t i = 0; i < COUNT(lines); i++) {
        Rules r;
        rules_begin(&r);
        Str text = arena_printf(&r.scratch, "kpi k\n%s\nend", lines[i]);
        rules_parse(&r, text, PARSE_FILE);
        if (r.diags.diags.n != 0)
            print_message("%s\n", lines[i]);
        assert_n_findings(&r, 0);
        rules_end(&r);
    }
}

static void deep_expressions_are_refused_once(void **state) {
    (void)state;
    static const struct {
        const char *head, *part;
        size_t n;
        const char *tail;
        size_t n_nodes; // of the file, the line itself and its neighbour
    } cases[] = {
        {"let a = 1", "+1", 5000, "\nlet b = 1", 0},
        {"let a = ", "(", 60, "1\nlet b = 1", 0},
        {"let a = ", "-", 60, "1\nlet b = 1", 2},
        {"let b = 1\nlet a = ", "not ", 60, "c", 2},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Rules r;
        rules_begin(&r);
        Str text = repeated(&r, cases[i].head, cases[i].part, cases[i].n, cases[i].tail);
        const Node *tree = rules_parse(&r, text, PARSE_FILE);
        assert_n_findings(&r, 1);
        if (cases[i].n_nodes > 0)
            assert_int_equal(tree->n_kids, cases[i].n_nodes);
        rules_end(&r);
    }
}

// A file may hold any number of lines: its lists do not nest.
static void long_files_are_no_deeper_than_short_ones(void **state) {
    (void)state;
    Rules r;
    rules_begin(&r);
    const Node *tree = rules_parse(&r, repeated(&r, "", "let a = 1\n", 20000, ""), PARSE_FILE);
    assert_n_findings(&r, 0);
    assert_int_equal(tree->n_kids, 20000);
    assert_true(tree->depth < 5);
    rules_end(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_declaration_has_its_tree),
        cmocka_unit_test(every_clause_of_a_kpi_has_its_tree),
        cmocka_unit_test(every_clause_of_an_input_has_its_tree),
        cmocka_unit_test(a_reason_is_spanned_with_its_not),
        cmocka_unit_test(words_of_the_language_can_be_names),
        cmocka_unit_test(valid_from_stands_in_the_head_of_bands_and_status),
        cmocka_unit_test(a_bad_line_is_lost_alone),
        cmocka_unit_test(a_bad_head_loses_its_block_and_no_more),
        cmocka_unit_test(a_second_bad_line_is_reported_as_well),
        cmocka_unit_test(a_syntax_error_says_what_could_stand_there),
        cmocka_unit_test(figures_of_an_area_round_the_entity_are_read),
        cmocka_unit_test(deep_expressions_are_refused_once),
        cmocka_unit_test(long_files_are_no_deeper_than_short_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
