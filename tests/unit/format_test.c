// SPDX-License-Identifier: Apache-2.0
// The layout of rule files, and that every rule file of this repository keeps its meaning in it.
#include "tests/unit/format_checks.h"

#include <glob.h>

typedef struct Case {
    const char *before, *after; // NULL: as before
} Case;

static void check_layouts(const Case *cases, size_t n) {
    for (size_t i = 0; i < n; i++) {
        bs_session *s = bs_open();
        Str after;
        assert_non_null(s);
        if (!check_format(s, "case.rag", str_from(cases[i].before), &after))
            fail_msg("cannot be read:\n%s", cases[i].before);
        assert_str_of(cases[i].before, after, cases[i].after ? cases[i].after : cases[i].before);
        bs_close(s);
    }
}

// ---- blanks and lines ---------------------------------------------------------------------------

static void line_ends_and_the_mark_at_the_beginning_go(void **state) {
    (void)state;
    static const Case cases[] = {
        {"", NULL},
        {"\n \n\t\n", ""},
        {"\ufeffmetric m percent\r\n", "metric m percent\n"},
        {"metric m percent", "metric m percent\n"},
        {"let a = 1\rlet b = 2\r", "let a = 1\nlet b = 2\n"},
    };
    check_layouts(cases, COUNT(cases));
}

static void blank_lines_part_declarations(void **state) {
    (void)state;
    static const Case cases[] = {
        {"use \"a.rag\"\nuse \"b.rag\"\nmetric m percent",
         "use \"a.rag\"\nuse \"b.rag\"\n\nmetric m percent\n"},
        {"metric m percent\nmetric n percent\nlet a = 1\n", NULL},
        {"metric m percent\n\n\n\nmetric n percent\n", "metric m percent\n\nmetric n percent\n"},
        {"metric m percent\nkpi m\nend\nkpi n\nend\nlet a = 1\n",
         "metric m percent\n\nkpi m\nend\n\nkpi n\nend\n\nlet a = 1\n"},
        {"kpi m\n\n  source \"a\"\n\n\n  note \"b\"\n\nend\n",
         "kpi m\n  source \"a\"\n\n  note \"b\"\nend\n"},
        {"kpi m\n\nend\n", "kpi m\nend\n"},
        // A statement holds no blank line, even where its text could.
        {"let a = max(1,\n\n# why\n\n  2)\nlet b = 1\n",
         "let a = max(1,\n          # why\n          2)\nlet b = 1\n"},
    };
    check_layouts(cases, COUNT(cases));
}

static void comments_stay_with_what_they_belong_to(void **state) {
    (void)state;
    static const Case cases[] = {
        // Above a declaration: its own, unless a blank line sets it apart.
        {"kpi m\nend\n# of n\nkpi n\nend\n", "kpi m\nend\n\n# of n\nkpi n\nend\n"},
        {"kpi m\nend\n# of m\n\nkpi n\nend\n", NULL},
        {"kpi m\nend\n# of m\n\n\n# of n\nkpi n\nend",
         "kpi m\nend\n# of m\n\n# of n\nkpi n\nend\n"},
        {"   # first  \n\n#   second\t\nmetric m percent\n# last",
         "# first\n\n#   second\nmetric m percent\n# last\n"},
        // In a block: as the next line stands, and at its end as its lines do.
        {"kpi m\n# a\n  source \"b\"\n# c\nend # d\n",
         "kpi m\n  # a\n  source \"b\"\n  # c\nend  # d\n"},
        // Behind lines that follow one another: below one another.
        {"let a = 1 # x\nlet bcd = 2# y\nlet e = 3\nlet f = 4    # z\n",
         "let a   = 1  # x\nlet bcd = 2  # y\nlet e   = 3\nlet f   = 4  # z\n"},
        {"let a = 1 # allow B101 because \"x\"\n# allow B101 because \"y\"\nlet b = 2\n",
         "let a = 1  # allow B101 because \"x\"\n# allow B101 because \"y\"\nlet b = 2\n"},
        {"let a = 1 #\n#\n#no blank\n", "let a = 1  #\n#\n#no blank\n"},
    };
    check_layouts(cases, COUNT(cases));
}

// ---- words --------------------------------------------------------------------------------------

static void words_have_one_blank_between_them(void **state) {
    (void)state;
    static const Case cases[] = {
        {"let a=1+2*3/4-5", "let a = 1 + 2 * 3 / 4 - 5\n"},
        {"let a = - 5 - - ( 3 +-2 )", "let a = -5 - -(3 + -2)\n"},
        {"let a = max ( 1 ,2 )+abs( -  1)", "let a = max(1, 2) + abs(-1)\n"},
        {"let a = 5 %", "let a = 5%\n"},
        {"let a = (1)-(2)", "let a = (1) - (2)\n"},
        {"let low = 3\nlet a = low - 1\n", "let low = 3\nlet a   = low - 1\n"},
        {"let\u00a0a\u2007=\u202f2\u2212 1", "let a = 2 \u2212 1\n"},
        {"let p = 2023-05\nlet d = 2023 - 24", "let p = 2023-05\nlet d = 2023 - 24\n"},
        {"metric m percent\nlet a = m . numerator", "metric m percent\nlet a = m.numerator\n"},
        {"let a = 1 else 2 per 10000 of 3", "let a = 1 else 2 per 10000 of 3\n"},
        {"let a = 3  days", "let a = 3 days\n"},
        {"kpi m\nneeds not(m>3)and m<>4\nend", "kpi m\n  needs not (m > 3) and m <> 4\nend\n"},
        {"kpi m\nstatus rag\nred when m is one of a ,b , if   known\nend\nend",
         "kpi m\n  status rag\n    red when m is one of a, b, if known\n  end\nend\n"},
    };
    check_layouts(cases, COUNT(cases));
}

static void lines_go_on_where_the_author_broke_them(void **state) {
    (void)state;
    static const Case cases[] = {
        {"kpi m\nstatus rag\nred when over 29% worse than n\nand not improving, if known\nbecause "
         "\"x\"\namber otherwise\nbecause \"y\"\nend\nend",
         "kpi m\n  status rag\n    red   when over 29% worse than n\n               and not "
         "improving, if known\n          because \"x\"\n    amber otherwise\n          because "
         "\"y\"\n  end\nend\n"},
        {"kpi m\ngood is high\nneeds a > 3 and\nb > 4\nvalue (a +\n( b\n)\n)\nend",
         "kpi m\n  good is high\n  needs   a > 3 and\n          b > 4\n  value   (a +\n            "
         "(b"
         "\n            )\n          )\nend\n"},
        {"bands ofsted as t,\ngaps to worse\ngood 1+\nend",
         "bands ofsted as t,\n    gaps to worse\n  good 1+\nend\n"},
        {"scale s\na\nb\na,\nb -> red\nend", "scale s\n  a\n  b\n  a,\n      b -> red\nend\n"},
    };
    check_layouts(cases, COUNT(cases));
}

// ---- columns ------------------------------------------------------------------------------------

static void clauses_stand_in_columns(void **state) {
    (void)state;
    static const Case cases[] = {
        {"kpi m \"M\" like  p\nsource \"x\"\ngood is low\nprecision 1 decimal\n# why\nvalue m\n"
         "compare a=m\ncompare abc \"L\"=m\nstatus from n\nunit per 1000\n\nnote \"n\"\nbands from "
         "t\nend",
         "kpi m \"M\" like p\n  source    \"x\"\n  good is   low\n  precision 1 decimal\n  # why\n"
         "  value     m\n  compare   a       = m\n  compare   abc \"L\" = m\n  status from n\n"
         "  unit      per 1000\n\n  note \"n\"\n  bands from t\nend\n"},
        {"input i\nlayout long\nmissing \"\" as no row\nmissing \"low\" as low reliability\n"
         "field a column \"A\" as text\nfield abc column \"ABCD\" as text\nwhere \"x\" is \"y\"\n"
         "where abcd is not \"z\"\nrevises\nend",
         "input i\n  layout  long\n  missing \"\"    as no row\n  missing \"low\" as low "
         "reliability\n  field   a   column \"A\"    as text\n  field   abc column \"ABCD\" as "
         "text\n  where   \"x\"  is \"y\"\n  where   abcd is not \"z\"\n  revises\nend\n"},
        {"kpi m\nsource \"x\"\nnot  monotone because\"y\"\nprecision 1 decimal\nend",
         "kpi m\n  source    \"x\"\n  not monotone because \"y\"\n  precision 1 decimal\nend\n"},
        {"kpi m\ntarget by period\n2023-04 80\nFY2023-24 100\nend\nsource \"x\"\nend",
         "kpi m\n  target by period\n    2023-04   80\n    FY2023-24 100\n  end\n  source \"x\"\n"
         "end\n"},
    };
    check_layouts(cases, COUNT(cases));
}

static void declarations_stand_in_columns(void **state) {
    (void)state;
    static const Case cases[] = {
        {"metric a \"A\" count from column \"x\" range 0 to 1\nmetric bcd percent range -1 to 2\n"
         "metric e \"Long\" unit \"visits\"\nlet x = 1\nlet xyz = 2",
         "metric a   \"A\"    count   from column \"x\" range 0 to 1\n"
         "metric bcd        percent                 range -1 to 2\n"
         "metric e   \"Long\" unit \"visits\"\nlet x   = 1\nlet xyz = 2\n"},
        // Options in another order keep it.
        {"metric a range 0 to 1 percent\nmetric bc percent range 0 to 1",
         "metric a          range 0 to 1 percent\nmetric bc percent range 0 to 1\n"},
        {"scale s \"S\"\nlow \"L\" symbol \"l\" colour \"#fff\"\nmiddle colour \"#000\"\nhigh "
         "\"High\"\n\nlow,middle -> red\nhigh->green\nend",
         "scale s \"S\"\n  low    \"L\" symbol \"l\" colour \"#fff\"\n  middle                "
         "colour \"#000\"\n  high   \"High\"\n\n  low, middle -> red\n  high        -> "
         "green\nend\n"},
    };
    check_layouts(cases, COUNT(cases));
}

static void bands_keep_their_cells(void **state) {
    (void)state;
    static const Case cases[] = {
        {"bands ofsted as t , gaps to worse\noutstanding <16\ngood 19 - 16\nrequires_improvement "
         "20\u201324\ninadequate >=  25 %\nno   data otherwise because\"x\"\nend",
         "bands ofsted as t, gaps to worse\n  outstanding          <16\n  good                 19 "
         "- "
         "16\n  requires_improvement 20\u201324\n  inadequate           >= 25 %\n  no data         "
         " "
         "    otherwise because \"x\"\nend\n"},
    };
    check_layouts(cases, COUNT(cases));
}

static void tables_stand_in_columns(void **state) {
    (void)state;
    static const Case cases[] = {
        {"examples m\nvalue|rag  |  note\n# why\n1,5 | no   data |\n\n|red|\"a | b\" # x\nend",
         "examples m\n  value | rag       | note\n  # why\n  1,5   | no   data |\n\n        | red  "
         " "
         "    | \"a | b\"  # x\nend\n"},
        {"examples m\na|b\n\"\u4e2d\u6587\"|x\n\"e\u0301\"|y\nend",
         "examples m\n  a      | b\n  \"\u4e2d\u6587\" | x\n  \"e\u0301\"    | y\nend\n"},
        {"kpi m\nstatus rag by ofsted,direction\nimproving steady unknown\ngood red no   data "
         "amber\n"
         "inadequate green green green\nend\nend",
         "kpi m\n  status rag by ofsted, direction\n                improving  steady   unknown\n"
         "    good        red        no data  amber\n    inadequate  green      green    green\n"
         "  end\nend\n"},
        {"kpi m\nstatus rag as by by ofsted,direction\nend\nstatus rag as by\nred when no\namber "
         "otherwise\nend\nend",
         "kpi m\n  status rag as by by ofsted, direction\n  end\n  status rag as by\n    red   "
         "when "
         "no\n    amber otherwise\n  end\nend\n"},
    };
    check_layouts(cases, COUNT(cases));
}

static void a_cell_that_is_too_wide_moves_no_other(void **state) {
    (void)state;
    Rules r;
    rules_begin(&r);
    Str wide = repeated(&r, "examples m\na|b|c\n", "x", 201, "|1|2\nabc|33|44\nend\n");
    Str expected = repeated(&r, "examples m\n  a   | b  | c\n  ", "x", 201,
                            " | 1 | 2\n  abc | 33 | 44\nend\n");
    Str after;
    bs_session *s = bs_open();
    assert_true(check_format(s, "wide.rag", wide, &after));
    assert_str(after, arena_str(&r.scratch, expected).s);
    bs_close(s);
    rules_end(&r);
}

// ---- what cannot be laid out --------------------------------------------------------------------

static void what_cannot_be_read_is_left_alone(void **state) {
    (void)state;
    static const char *const texts[] = {
        "kpi m\n",        "kpi m\n  value (3\nend\n", "metric m percent @\n", "metric \xff percent",
        "override g\nend\n", "kpi m\n  good is\nend\n",  "let a = \"open\n",     "let a = 5pp\n",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        bs_session *s = bs_open();
        bs_formatted f;
        bs_code code = bs_format_rules_text(s, "bad.rag", texts[i], strlen(texts[i]), &f);
        if (code != BS_INVALID || bs_n_errors(s) == 0)
            fail_msg("code %d, %zu errors: %s", (int)code, bs_n_errors(s), texts[i]);
        bs_close(s);
    }
}

static void a_zero_byte_in_a_table_is_refused(void **state) {
    (void)state;
    static const char text[] = "examples m\na | b\n1 | #\0 | 2\nend\n";
    bs_session *s = bs_open();
    bs_formatted f;
    assert_int_equal(bs_format_rules_text(s, "zero.rag", text, sizeof text - 1, &f), BS_INVALID);
    assert_int_equal(bs_n_errors(s), 1);
    assert_string_equal(bs_diagnostic_at(s, 0).code, "B002");
    assert_int_equal(bs_diagnostic_at(s, 0).line, 3);
    assert_int_equal(bs_diagnostic_at(s, 0).column, 6);
    bs_close(s);
}

static void memory_that_runs_out_is_an_answer(void **state) {
    (void)state;
    const char *text = RAG_SCALE "kpi m\nvalue max(a,\n-b)\n# why\nstatus rag\nred when a > 3\n"
                                 "end\nend\nexamples m\na|b\n1|2\nend";
    bs_code code = BS_NO_MEMORY;
    size_t n = 0;
    while (code != BS_OK && n++ < 1000) {
        bs_session *s = bs_open();
        bs_formatted f;
        arena_fail_after(n);
        code = bs_format_rules_text(s, "a.rag", text, strlen(text), &f);
        arena_fail_after(0);
        if (code != BS_OK && code != BS_NO_MEMORY)
            fail_msg("code %d where allocation %zu fails", (int)code, n);
        bs_close(s);
    }
    assert_int_equal(code, BS_OK);
    assert_true(n > 10);
}

// ---- the rule files of this repository ----------------------------------------------------------

static Str read_file(Rules *r, const char *path) {
    Buf text = {0};
    char block[4096];
    size_t n;
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    while ((n = fread(block, 1, sizeof block, f)) > 0)
        buf_put(&text, (Str){block, n});
    fclose(f);
    Str s = arena_str(&r->scratch, buf_str(&text));
    buf_free(&text);
    return s;
}

static void every_rule_file_keeps_its_meaning(void **state) {
    (void)state;
    static const char *const patterns[] = {"rules/*.rag", "examples/*/*.rag", "tests/data/*.rag",
                                           "tests/rules/*/*.rag", "tests/fuzz/corpus/rules/*.rag"};
    size_t n_laid_out = 0, n_unreadable = 0;
    for (size_t i = 0; i < COUNT(patterns); i++) {
        glob_t found;
        assert_int_equal(glob(patterns[i], 0, NULL, &found), 0);
        for (size_t j = 0; j < found.gl_pathc; j++) {
            Rules r;
            rules_begin(&r);
            bs_session *s = bs_open();
            Str text = read_file(&r, found.gl_pathv[j]);
            bool laid_out = check_format(s, found.gl_pathv[j], text, NULL);
            n_laid_out += laid_out;
            n_unreadable += !laid_out;
            bs_close(s);
            rules_end(&r);
        }
        globfree(&found);
    }
    assert_true(n_laid_out > 50);
    assert_true(n_unreadable > 10); // those about mistakes of writing
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(line_ends_and_the_mark_at_the_beginning_go),
        cmocka_unit_test(blank_lines_part_declarations),
        cmocka_unit_test(comments_stay_with_what_they_belong_to),
        cmocka_unit_test(words_have_one_blank_between_them),
        cmocka_unit_test(lines_go_on_where_the_author_broke_them),
        cmocka_unit_test(clauses_stand_in_columns),
        cmocka_unit_test(declarations_stand_in_columns),
        cmocka_unit_test(bands_keep_their_cells),
        cmocka_unit_test(tables_stand_in_columns),
        cmocka_unit_test(a_cell_that_is_too_wide_moves_no_other),
        cmocka_unit_test(what_cannot_be_read_is_left_alone),
        cmocka_unit_test(a_zero_byte_in_a_table_is_refused),
        cmocka_unit_test(memory_that_runs_out_is_an_answer),
        cmocka_unit_test(every_rule_file_keeps_its_meaning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
