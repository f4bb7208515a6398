// SPDX-License-Identifier: Apache-2.0
// The filter between lexer and parser: lines, words and ends.
#include "tests/unit/lang_fixture.h"

#include "lang/parser.h"

typedef struct Case {
    const char *text, *tokens;
} Case;

static void check_cases(const Case *cases, size_t n, bool whole_file) {
    for (size_t i = 0; i < n; i++) {
        Rules r;
        rules_begin(&r);
        TokenList tokens = rules_filter(&r, str_from(cases[i].text), whole_file);
        assert_str_of(cases[i].text, tokens_text(&r, &tokens), cases[i].tokens);
        assert_n_findings(&r, 0);
        rules_end(&r);
    }
}

// ---- lines --------------------------------------------------------------------------------------

static void a_line_goes_on_where_its_words_say_so(void **state) {
    (void)state;
    static const Case cases[] = {
        {"a,\n b", "NAME:a COMMA:, NAME:b ;"},
        {"a and\n b", "NAME:a AND:and NAME:b ;"},
        {"a or\r\n b", "NAME:a OR:or NAME:b ;"},
        {"a\n and b", "NAME:a AND:and NAME:b ;"},
        {"a\n or b", "NAME:a OR:or NAME:b ;"},
        {"a\n because \"b\"", "NAME:a BECAUSE:because STRING:\"b\" ;"},
        {"a\n else b", "NAME:a ELSE:else NAME:b ;"},
        {"a\n if known", "NAME:a IFKNOWN:if known ;"},
        {"a,\n if known", "NAME:a IFKNOWN:,\n if known ;"},
        {"a,\n\n# why\n\n b", "NAME:a COMMA:, NAME:b ;"},
        {"a (\n b\n\n c) d\ne", "NAME:a LP:( NAME:b NAME:c RP:) NAME:d ; NAME:e ;"},
        {"a (\n(b\n) c\n)", "NAME:a LP:( LP:( NAME:b RP:) NAME:c RP:) ;"},
    };
    check_cases(cases, COUNT(cases), true);
}

static void a_line_ends_everywhere_else(void **state) {
    (void)state;
    static const Case cases[] = {
        {"", ""},
        {"\n\n# nothing\n\n", ""},
        {"a", "NAME:a ;"},
        {"a\n", "NAME:a ;"},
        {"\n\na\n\n\nb\n\n", "NAME:a ; NAME:b ;"},
        {"a +\nb", "NAME:a PLUS:+ ; NAME:b ;"},
        {"a\n+ b", "NAME:a ; PLUS:+ NAME:b ;"},
        {"a\nnot b", "NAME:a ; NOT:not NAME:b ;"},
        {"a\nend", "NAME:a ; END:end ;"},
        {"a,\nend", "NAME:a COMMA:, ; END:end ;"}, // an `end` never goes on
        {"a and\nend", "NAME:a AND:and ; END:end ;"},
        {"a,", "NAME:a COMMA:, ;"},
        {"a) b\nc", "NAME:a RP:) NAME:b ; NAME:c ;"},
        {"no\ndata", "NAME:no ; NAME:data ;"},
    };
    check_cases(cases, COUNT(cases), true);
}

static void a_bracket_left_open_loses_its_own_line_only(void **state) {
    (void)state;
    static const struct {
        const char *text, *tokens, *place;
    } cases[] = {
        {"let a = (1 + 2\nlet b = 3", "LET:let NAME:a EQ:= BAD:( ; LET:let NAME:b EQ:= NUMBER:3 ;",
         "1:9+1"},
        {"let a = ((1)\nlet b = 3", "LET:let NAME:a EQ:= BAD:( ; LET:let NAME:b EQ:= NUMBER:3 ;",
         "1:9+1"},
        {"a (b\nc", "NAME:a BAD:( ; NAME:c ;", "1:3+1"},
        {"kpi k\nneeds (a\nstatus rag\nend\nend",
         "KPI:kpi NAME:k ; NEEDS:needs BAD:( ; STATUS:status NAME:rag ; END:end ; END:end ;",
         "2:7+1"},
        {"kpi k\nneeds (a\nend", "KPI:kpi NAME:k ; NEEDS:needs BAD:( ; END:end ;", "2:7+1"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Rules r;
        rules_begin(&r);
        TokenList tokens = rules_filter(&r, str_from(cases[i].text), true);
        assert_str_of(cases[i].text, tokens_text(&r, &tokens), cases[i].tokens);
        assert_n_findings(&r, 1);
        assert_finding(&r, 0, D_OPEN_BRACKET, cases[i].place, "never closed", ")");
        rules_end(&r);
    }
}

// ---- words --------------------------------------------------------------------------------------

static void brackets_left_open_on_many_lines_lose_a_line_each(void **state) {
    (void)state;
    enum { N_LINES = 20000 };
    Rules r;
    rules_begin(&r);
    Str text = repeated(&r, "kpi k\n", " value ((1)\n", N_LINES, " note (2)\nend\n");
    TokenList t = rules_filter(&r, text, true);
    assert_int_equal(r.diags.n_errors, N_LINES);
    size_t n_bad = 0;
    for (size_t i = 0; i < t.n; i++)
        n_bad += t.v[i].type == T_BAD;
    assert_int_equal(n_bad, N_LINES);
    assert_true(has_text(tokens_text(&r, &t), "LP:( NUMBER:2 RP:) ;"));
    rules_end(&r);
}

static void words_that_belong_together_are_one_token(void **state) {
    (void)state;
    static const Case cases[] = {
        {"x no data", "NAME:x NODATA:no data ;"},
        {"no   data", "NODATA:no   data ;"},
        {"x no worse than y", "NAME:x NOWORSETHAN:no worse than NAME:y ;"},
        {"x no better than y", "NAME:x NOBETTERTHAN:no better than NAME:y ;"},
        {"x better than y", "NAME:x BETTERTHAN:better than NAME:y ;"},
        {"x worse than y", "NAME:x WORSETHAN:worse than NAME:y ;"},
        {"at least 5", "ATLEAST:at least NUMBER:5 ;"},
        {"no less than 5", "ATLEAST:no less than NUMBER:5 ;"},
        {"no fewer than 5", "ATLEAST:no fewer than NUMBER:5 ;"},
        {"at most 5", "ATMOST:at most NUMBER:5 ;"},
        {"no more than 5", "ATMOST:no more than NUMBER:5 ;"},
        {"more than 5", "MORETHAN:more than NUMBER:5 ;"},
        {"greater than 5", "MORETHAN:greater than NUMBER:5 ;"},
        {"less than 5", "LESSTHAN:less than NUMBER:5 ;"},
        {"fewer than 5", "LESSTHAN:fewer than NUMBER:5 ;"},
        {"a as percent of b", "NAME:a ASPERCENTOF:as percent of NAME:b ;"},
        {"is one of a, b", "IS:is ONEOF:one of NAME:a COMMA:, NAME:b ;"},
        {"a else even if suppressed b", "NAME:a ELSEEVEN:else even if suppressed NAME:b ;"},
        {"a else b", "NAME:a ELSE:else NAME:b ;"},
        {"x or better", "NAME:x ORBETTER:or better ;"},
        {"x or worse", "NAME:x ORWORSE:or worse ;"},
        {"a, if known", "NAME:a IFKNOWN:, if known ;"},
        {"between 16 and 19", "BETWEEN:between NUMBER:16 AND:and NUMBER:19 ;"},
        {"under 5", "UNDER:under NUMBER:5 ;"},
        {"within 5 points", "WITHIN:within NUMBER:5 UNITW:points ;"},
        {"for 3 periods", "FOR:for NUMBER:3 UNITW:periods ;"},
        {"1 decimal", "NUMBER:1 UNITW:decimal ;"},
    };
    check_cases(cases, COUNT(cases), false);
}

static void words_of_a_group_are_names_when_the_group_is_not_there(void **state) {
    (void)state;
    static const Case cases[] = {
        {"no one", "NAME:no NAME:one ;"},
        {"better worse", "NAME:better NAME:worse ;"},
        {"more less", "NAME:more NAME:less ;"},
        {"between a", "NAME:between NAME:a ;"},
        {"under a", "NAME:under NAME:a ;"},
        {"points 5", "NAME:points NUMBER:5 ;"},
        {"days", "NAME:days ;"},
        {"5+ points", "NUMPLUS:5+ NAME:points ;"},
        {"a or better than b", "NAME:a OR:or BETTERTHAN:better than NAME:b ;"},
        {"a or worse than b", "NAME:a OR:or WORSETHAN:worse than NAME:b ;"},
        {"a, if b", "NAME:a COMMA:, IF:if NAME:b ;"},
        {"\"no\" data", "STRING:\"no\" NAME:data ;"},
        {"as percent by", "AS:as NAME:percent BY:by ;"},
    };
    check_cases(cases, COUNT(cases), false);
}

static void or_more_ends_its_phrase(void **state) {
    (void)state;
    static const Case cases[] = {
        {"16 or more", "NUMBER:16 ORMORE:or more ;"},
        {"16 or above", "NUMBER:16 ORMORE:or above ;"},
        {"16 and above", "NUMBER:16 ORMORE:and above ;"},
        {"16 and over", "NUMBER:16 ORMORE:and over ;"},
        {"16 or over", "NUMBER:16 ORMORE:or over ;"},
        {"16 or less", "NUMBER:16 ORLESS:or less ;"},
        {"16 or fewer", "NUMBER:16 ORLESS:or fewer ;"},
        {"16 or below", "NUMBER:16 ORLESS:or below ;"},
        {"16 and below", "NUMBER:16 ORLESS:and below ;"},
        {"(16 or more)", "LP:( NUMBER:16 ORMORE:or more RP:) ;"},
        {"16 or more and a", "NUMBER:16 ORMORE:or more AND:and NAME:a ;"},
        {"16 or more, if known", "NUMBER:16 ORMORE:or more IFKNOWN:, if known ;"},
        {"a = 80 or above 16", "NAME:a EQ:= NUMBER:80 OR:or ABOVE:above NUMBER:16 ;"},
        {"a = 80 and below 90", "NAME:a EQ:= NUMBER:80 AND:and BELOW:below NUMBER:90 ;"},
        {"a or over 5% worse than b",
         "NAME:a OR:or OVER:over NUMBER:5 PCT:% WORSETHAN:worse than NAME:b ;"},
    };
    check_cases(cases, COUNT(cases), false);
}

// Where each word of the language is a keyword is told in keywords.def; the filter keeps to it.
static void keywords_are_names_where_the_language_has_no_use_for_them(void **state) {
    (void)state;
    static const struct {
        int type;
        const char *word, *where;
    } words[] = {
#define KEYWORD(type, word, where, form) {type, word, #where},
#include "lang/keywords.def"
#undef KEYWORD
    };
    for (size_t i = 0; i < COUNT(words); i++) {
        const char *where = words[i].where;
        if (strcmp(where, "LATER") == 0)
            continue;
        bool at_start = strcmp(where, "INSIDE") != 0, inside = strcmp(where, "LINE") != 0;
        Rules r;
        rules_begin(&r);
        Str line = arena_printf(&r.scratch, "%s\nx %s", words[i].word, words[i].word);
        if (words[i].type == T_AND || words[i].type == T_OR || words[i].type == T_BECAUSE ||
            words[i].type == T_ELSE || words[i].type == T_IF)
            line = arena_printf(&r.scratch, "%s %s", words[i].word, words[i].word);
        TokenList t = rules_filter(&r, line, true);
        const Token *last = &t.v[t.n - 1];
        while (token_text(&r.source, last).len == 0)
            last--; // past ends of lines and blocks
        int first_type = t.v[0].type;
        if (first_type == T_BANDSUSE)
            first_type = T_BANDS;
        if (first_type == T_STATUSUSE)
            first_type = T_STATUS;
        bool as_said = (first_type == words[i].type) == at_start &&
                       (last->type == words[i].type) == inside &&
                       (at_start || t.v[0].type == T_NAME) && (inside || last->type == T_NAME);
        if (!as_said)
            fail_msg("%s is %s and %s", words[i].word, token_name(t.v[0].type),
                     token_name(last->type));
        rules_end(&r);
    }
}

static void every_word_that_starts_a_line_has_a_form(void **state) {
    (void)state;
    static const struct {
        const char *word, *where;
    } words[] = {
#define KEYWORD(type, word, where, form) {word, #where},
#include "lang/keywords.def"
#undef KEYWORD
    };
    for (size_t i = 0; i < COUNT(words); i++) {
        bool starts = strcmp(words[i].where, "LINE") == 0 || strcmp(words[i].where, "BOTH") == 0;
        if (!starts)
            continue;
        const char *form = keyword_form(str_from(words[i].word));
        assert_non_null(form);
        assert_true(str_starts(str_from(form), str_from(words[i].word)));
    }
    assert_null(keyword_form(STR("gaps"))); // a keyword inside lines only
    assert_null(keyword_form(STR("anything")));
}

// ---- tables -------------------------------------------------------------------------------------

static void a_table_is_rows_of_cells(void **state) {
    (void)state;
    static const Case cases[] = {
        {"examples k\n value | rag\n 1 |\n | red\nend",
         "EXAMPLES:examples NAME:k ; CELL:value PIPE:| CELL:rag ; CELL:1 PIPE:| BLANK: ; "
         "BLANK: PIPE:| CELL:red ; END:end ;"},
        {"examples k\n\n a # not | here\n\n b c  d\nend",
         "EXAMPLES:examples NAME:k ; CELL:a ; CELL:b c  d ; END:end ;"},
        {"examples k\n \"a | b\" | 1,234 | Good\nend",
         "EXAMPLES:examples NAME:k ; CELL:\"a | b\" PIPE:| CELL:1,234 PIPE:| CELL:Good ; END:end "
         ";"},
        {"examples k\n (a | b,\n c and | d\nend", "EXAMPLES:examples NAME:k ; CELL:(a PIPE:| "
                                                  "CELL:b, ; CELL:c and PIPE:| CELL:d ; END:end ;"},
        {"examples k\n end | 1\n metric | 2\n kpi x | 3\nend",
         "EXAMPLES:examples NAME:k ; CELL:end PIPE:| CELL:1 ; CELL:metric PIPE:| CELL:2 ; "
         "CELL:kpi x PIPE:| CELL:3 ; END:end ;"},
        {"measures like p, bands s,\n gaps to worse\n name | good\n a | 80+\nend",
         "MEASURES:measures LIKE:like NAME:p COMMA:, BANDS:bands NAME:s COMMA:, GAPS:gaps TO:to "
         "NAME:worse ; CELL:name PIPE:| CELL:good ; CELL:a PIPE:| CELL:80+ ; END:end ;"},
        {"examples k\nend\na", "EXAMPLES:examples NAME:k ; END:end ; NAME:a ;"},
        {"examples k\n | |\nend",
         "EXAMPLES:examples NAME:k ; BLANK: PIPE:| BLANK: PIPE:| BLANK: ; END:end ;"},
        // No tables: a KPI may be called so, and a metric too.
        {"let examples = a\nx | y", "LET:let NAME:examples EQ:= NAME:a ; NAME:x PIPE:| NAME:y ;"},
    };
    check_cases(cases, COUNT(cases), true);
}

static void a_table_without_end_stops_before_the_next_declaration(void **state) {
    (void)state;
    Rules r;
    rules_begin(&r);
    TokenList t = rules_filter(&r, STR("examples k\n a | b\nkpi x\nend"), true);
    assert_str(tokens_text(&r, &t), "EXAMPLES:examples NAME:k ; CELL:a PIPE:| CELL:b ; END: ; "
                                    "KPI:kpi NAME:x ; END:end ;");
    assert_n_findings(&r, 1);
    assert_finding(&r, 0, D_NO_END, "1:1+8", "`examples`", "before line 3");
    rules_end(&r);
}

static void cells_know_their_place(void **state) {
    (void)state;
    Rules r;
    rules_begin(&r);
    TokenList t = rules_filter(&r, STR("examples k\n  a b |  c\nend"), true);
    Place p = token_place(&r.source, &t.v[3]);
    assert_true(p.line == 2 && p.column == 3 && p.len == 3);
    p = token_place(&r.source, &t.v[5]);
    assert_true(p.line == 2 && p.column == 10 && p.len == 1);
    rules_end(&r);
}

// ---- ends ---------------------------------------------------------------------------------------

static void a_missing_end_is_put_in_and_reported(void **state) {
    (void)state;
    static const struct {
        const char *text, *tokens;
        size_t n_findings;
        const char *place, *hint;
    } cases[] = {
        {"kpi a\n value m\nkpi b\nend",
         "KPI:kpi NAME:a ; VALUE:value NAME:m ; END: ; KPI:kpi NAME:b ; END:end ;", 1, "1:1+3",
         "before line 3"},
        {"kpi a\n value m\n", "KPI:kpi NAME:a ; VALUE:value NAME:m ; END: ;", 1, "1:1+3",
         "where the block ends"},
        {"kpi a\n bands s\n  good 8+\nlet x = 1",
         "KPI:kpi NAME:a ; BANDS:bands NAME:s ; GOOD:good NUMPLUS:8+ ; END: ; END: ; LET:let "
         "NAME:x EQ:= NUMBER:1 ;",
         2, "2:2+5", "before line 4"},
        {"input f\n metric column \"m\"\nuse \"x\"",
         "INPUT:input NAME:f ; METRIC:metric COLUMN:column STRING:\"m\" ; END: ; USE:use "
         "STRING:\"x\" ;",
         1, "1:1+5", "before line 3"},
        {"kpi a\n target by period\n  2023 5\n",
         "KPI:kpi NAME:a ; TARGET:target BY:by PERIODW:period ; NUMBER:2023 NUMBER:5 ; END: ; "
         "END: ;",
         2, "2:2+6", "where the block ends"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Rules r;
        rules_begin(&r);
        TokenList t = rules_filter(&r, str_from(cases[i].text), true);
        assert_str_of(cases[i].text, tokens_text(&r, &t), cases[i].tokens);
        assert_n_findings(&r, cases[i].n_findings);
        assert_finding(&r, 0, D_NO_END, cases[i].place, "has no `end`", cases[i].hint);
        rules_end(&r);
    }
}

static void lines_that_open_no_block_need_no_end(void **state) {
    (void)state;
    static const Case cases[] = {
        {"kpi a\n bands from b\n status from c\nend",
         "KPI:kpi NAME:a ; BANDSUSE:bands FROM:from NAME:b ; STATUSUSE:status FROM:from NAME:c ; "
         "END:end ;"},
        {"kpi a\n status rag from b\n target 5\nend",
         "KPI:kpi NAME:a ; STATUSUSE:status NAME:rag FROM:from NAME:b ; TARGET:target NUMBER:5 ; "
         "END:end ;"},
        {"bands s\nend\nlet a = 1",
         "BANDS:bands NAME:s ; END:end ; LET:let NAME:a EQ:= NUMBER:1 ;"},
        // Levels may be called like declarations.
        {"kpi a\n status s\n  metric when b\n  let otherwise\n  scale green red\n end\nend",
         "KPI:kpi NAME:a ; STATUS:status NAME:s ; METRIC:metric WHEN:when NAME:b ; LET:let "
         "OTHERWISE:otherwise ; SCALE:scale NAME:green NAME:red ; END:end ; END:end ;"},
        {"scale s\n metric -> other\nend",
         "SCALE:scale NAME:s ; METRIC:metric ARROW:-> NAME:other ; END:end ;"},
    };
    check_cases(cases, COUNT(cases), true);
}

// ---- later versions -----------------------------------------------------------------------------

static void a_declaration_of_a_later_version_is_passed_over_whole(void **state) {
    (void)state;
    static const struct {
        const char *text, *tokens, *word;
    } cases[] = {
        {"test \"x\"\n a = 1\nend\nlet a = 1", "LET:let NAME:a EQ:= NUMBER:1 ;", "test"},
        {"test p from \"f\"\nlet a = 1", "LET:let NAME:a EQ:= NUMBER:1 ;", "test"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Rules r;
        rules_begin(&r);
        TokenList t = rules_filter(&r, str_from(cases[i].text), true);
        assert_str_of(cases[i].text, tokens_text(&r, &t), cases[i].tokens);
        assert_n_findings(&r, 1);
        Str place = arena_printf(&r.scratch, "1:1+%zu", strlen(cases[i].word));
        assert_finding(&r, 0, D_LATER, place.s, cases[i].word, "");
        rules_end(&r);
    }
}

static void words_of_a_later_version_are_names_inside_blocks(void **state) {
    (void)state;
    static const Case cases[] = {
        {"scale s\n test\nend", "SCALE:scale NAME:s ; NAME:test ; END:end ;"},
        {"let override = peers", "LET:let NAME:override EQ:= NAME:peers ;"},
    };
    check_cases(cases, COUNT(cases), true);
}

// ---- nesting ------------------------------------------------------------------------------------

static void check_depth(const char *head, const char *part, size_t n, const char *tail,
                        size_t n_findings) {
    Rules r;
    rules_begin(&r);
    TokenList t = rules_filter(&r, repeated(&r, head, part, n, tail), true);
    assert_n_findings(&r, n_findings);
    if (n_findings > 0) {
        Str place = arena_printf(&r.scratch, "1:%zu+%zu",
                                 strlen(head) + TOKEN_MAX_NESTING * strlen(part) + 1,
                                 strlen(part) - (part[strlen(part) - 1] == ' '));
        assert_finding(&r, 0, D_TOO_DEEP, place.s, "50", "`let`");
    }
    assert_int_equal(t.v[t.n - 1].type, TOKEN_EOF);
    rules_end(&r);
}

static void fifty_open_brackets_are_enough(void **state) {
    (void)state;
    char closed[61];
    memset(closed, ')', 60);
    closed[50] = '\0';
    check_depth("let a = ", "(", 50, closed, 0);
    closed[50] = ')', closed[51] = '\0';
    check_depth("let a = ", "(", 51, closed, 1);
    closed[51] = ')', closed[60] = '\0';
    check_depth("let a = ", "(", 60, closed, 1);
    check_depth("let a = 1", "+(1)", 500, "", 0);
}

static void fifty_signs_in_a_row_are_enough(void **state) {
    (void)state;
    check_depth("let a = ", "-", 50, "1", 0);
    check_depth("let a = ", "-", 51, "1", 1);
    check_depth("let a = ", "not ", 50, "b", 0);
    check_depth("let a = ", "not ", 51, "b", 1);
    check_depth("let a = 1", " -1", 500, "", 0);
}

static void what_is_too_deep_on_one_line_leaves_the_next_alone(void **state) {
    (void)state;
    Rules r;
    rules_begin(&r);
    Str text = repeated(&r, "let a = ", "-", 60, "1\nlet b = ((2))");
    TokenList t = rules_filter(&r, text, true);
    assert_n_findings(&r, 1);
    Str all = tokens_text(&r, &t);
    assert_true(has_text(all, "; LET:let NAME:b EQ:= LP:( LP:( NUMBER:2 RP:) RP:) ;"));
    assert_true(has_text(all, "BAD:1 ;"));
    rules_end(&r);
}

static void memory_that_runs_out_is_an_answer(void **state) {
    (void)state;
    Rules r;
    rules_begin(&r);
    size_t n_failed = 0;
    for (bool ok = false; !ok;) {
        Arena a;
        TokenList tokens =
            rules_scan(&r, STR("kpi a\n bands s\n  good no data\n end\nend\nexamples a\n"
                               " x | y\n 1 | 2\n | | | | | | | | | |\n | | | | | | | | | |\n"
                               " | | | | | | | | | |\nend\nlet b = (1 +\n 2)"));
        arena_init(&a, 0);
        arena_fail_after(++n_failed);
        ok = tokens_filter(&a, &r.diags, &r.source, true, &tokens);
        arena_fail_after(0);
        assert_true(ok || a.failed);
        arena_free(&a);
    }
    assert_true(n_failed > 2);
    rules_end(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_goes_on_where_its_words_say_so),
        cmocka_unit_test(a_line_ends_everywhere_else),
        cmocka_unit_test(a_bracket_left_open_loses_its_own_line_only),
        cmocka_unit_test(brackets_left_open_on_many_lines_lose_a_line_each),
        cmocka_unit_test(words_that_belong_together_are_one_token),
        cmocka_unit_test(words_of_a_group_are_names_when_the_group_is_not_there),
        cmocka_unit_test(or_more_ends_its_phrase),
        cmocka_unit_test(keywords_are_names_where_the_language_has_no_use_for_them),
        cmocka_unit_test(every_word_that_starts_a_line_has_a_form),
        cmocka_unit_test(a_table_is_rows_of_cells),
        cmocka_unit_test(a_table_without_end_stops_before_the_next_declaration),
        cmocka_unit_test(cells_know_their_place),
        cmocka_unit_test(a_missing_end_is_put_in_and_reported),
        cmocka_unit_test(lines_that_open_no_block_need_no_end),
        cmocka_unit_test(a_declaration_of_a_later_version_is_passed_over_whole),
        cmocka_unit_test(words_of_a_later_version_are_names_inside_blocks),
        cmocka_unit_test(fifty_open_brackets_are_enough),
        cmocka_unit_test(fifty_signs_in_a_row_are_enough),
        cmocka_unit_test(what_is_too_deep_on_one_line_leaves_the_next_alone),
        cmocka_unit_test(memory_that_runs_out_is_an_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
