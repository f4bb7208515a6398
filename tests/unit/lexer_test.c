// SPDX-License-Identifier: Apache-2.0
// The lexer: what is one token and what two, where it stands, and what is refused with advice.
#include "tests/unit/lang_fixture.h"

typedef struct Case {
    const char *text, *tokens;
} Case;

static void check_cases(const Case *cases, size_t n) {
    for (size_t i = 0; i < n; i++) {
        Rules r;
        rules_begin(&r);
        TokenList tokens = rules_scan(&r, str_from(cases[i].text));
        assert_str_of(cases[i].text, tokens_text(&r, &tokens), cases[i].tokens);
        rules_end(&r);
    }
}

static void the_sign_is_never_part_of_a_number(void **state) {
    (void)state;
    static const Case cases[] = {
        {"20-24", "NUMBER:20 MINUS:- NUMBER:24"},
        {"20 -24", "NUMBER:20 MINUS:- NUMBER:24"},
        {"-5", "MINUS:- NUMBER:5"},
        {"-5-5", "MINUS:- NUMBER:5 MINUS:- NUMBER:5"},
        {"0.25", "NUMBER:0.25"},
        {"007", "NUMBER:007"},
        {"1.5-2.5", "NUMBER:1.5 MINUS:- NUMBER:2.5"},
        {"29%", "NUMBER:29 PCT:%"},
        {"29 %", "NUMBER:29 PCT:%"},
        {"1+2", "NUMBER:1 PLUS:+ NUMBER:2"},
        {"1,2", "NUMBER:1 COMMA:, NUMBER:2"},
        {"1,23", "NUMBER:1 COMMA:, NUMBER:23"},
        {"1234,567", "NUMBER:1234 COMMA:, NUMBER:567"},
    };
    check_cases(cases, COUNT(cases));
}

static void a_plus_that_ends_a_bound_belongs_to_it(void **state) {
    (void)state;
    static const Case cases[] = {
        {"85+", "NUMPLUS:85+"},
        {"85+ ", "NUMPLUS:85+"},
        {"85+\n", "NUMPLUS:85+ ;"},
        {"85+\r\n", "NUMPLUS:85+ ;"},
        {"85+\t|", "NUMPLUS:85+ PIPE:|"},
        {"85+|", "NUMPLUS:85+ PIPE:|"},
        {"90||x", "NUMBER:90 PIPE:| PIPE:| NAME:x"},
        {"85+\u00a0|", "NUMPLUS:85+ PIPE:|"},
        {"85+,", "NUMPLUS:85+ COMMA:,"},
        {"(85+)", "LP:( NUMPLUS:85+ RP:)"},
        {"85+# and above", "NUMPLUS:85+"},
        {"85%+", "NUMPLUS:85%+"},
        {"8.5+", "NUMPLUS:8.5+"},
        {"85 +", "NUMBER:85 PLUS:+"},
        {"85% +", "NUMBER:85 PCT:% PLUS:+"},
        {"85+1", "NUMBER:85 PLUS:+ NUMBER:1"},
        {"85+x", "NUMBER:85 PLUS:+ NAME:x"},
        {"85+-1", "NUMBER:85 PLUS:+ MINUS:- NUMBER:1"},
        {"85++", "NUMBER:85 PLUS:+ PLUS:+"},
        {"85+(1)", "NUMBER:85 PLUS:+ LP:( NUMBER:1 RP:)"},
        {"x+", "NAME:x PLUS:+"},
    };
    check_cases(cases, COUNT(cases));
}

static void periods_of_every_kind_are_one_token(void **state) {
    (void)state;
    static const Case cases[] = {
        {"2023-05", "PERIOD:2023-05"},
        {"2023-05-31", "PERIOD:2023-05-31"},
        {"2023-Q4", "PERIOD:2023-Q4"},
        {"FY2023-24", "PERIOD:FY2023-24"},
        {"FY2023-24-Q1", "PERIOD:FY2023-24-Q1"},
        {"FY2023-24-Q4", "PERIOD:FY2023-24-Q4"},
        {"FY2023-24-Q5", "PERIOD:FY2023-24 MINUS:- BAD:Q5"},
        {"2023-Q1", "PERIOD:2023-Q1"},
        {"AY2023/24", "PERIOD:AY2023/24"},
        {"1999-12", "PERIOD:1999-12"},
        {"2000-10", "PERIOD:2000-10"}, // also a range of bounds: the parser sees to that
        {"2010-11", "PERIOD:2010-11"},
        {"2023-05,", "PERIOD:2023-05 COMMA:,"},
        {"2023", "NUMBER:2023"},
    };
    check_cases(cases, COUNT(cases));
}

static void a_year_with_another_number_behind_it_is_a_subtraction(void **state) {
    (void)state;
    static const Case cases[] = {
        {"2000-13", "NUMBER:2000 MINUS:- NUMBER:13"},
        {"2000-99", "NUMBER:2000 MINUS:- NUMBER:99"},
        {"2023-00", "NUMBER:2023 MINUS:- NUMBER:00"},
        {"2023-22", "NUMBER:2023 MINUS:- NUMBER:22"},
        {"2000-100", "NUMBER:2000 MINUS:- NUMBER:100"},
        {"2000-250", "NUMBER:2000 MINUS:- NUMBER:250"},
        {"2000-1999", "NUMBER:2000 MINUS:- NUMBER:1999"},
        {"2000-10.5", "NUMBER:2000 MINUS:- NUMBER:10.5"},
        {"2000-10%", "NUMBER:2000 MINUS:- NUMBER:10 PCT:%"},
        {"2000-5", "NUMBER:2000 MINUS:- NUMBER:5"},
        {"3023-05", "NUMBER:3023 MINUS:- NUMBER:05"},
        {"1800-05", "NUMBER:1800 MINUS:- NUMBER:05"},
        {"2000 - 10", "NUMBER:2000 MINUS:- NUMBER:10"},
    };
    check_cases(cases, COUNT(cases));
}

static void signs_have_their_printed_forms_too(void **state) {
    (void)state;
    static const Case cases[] = {
        {"20\u201024", "NUMBER:20 MINUS:\u2010 NUMBER:24"},
        {"20\u201124", "NUMBER:20 MINUS:\u2011 NUMBER:24"},
        {"20\u201224", "NUMBER:20 MINUS:\u2012 NUMBER:24"},
        {"20\u201324", "NUMBER:20 MINUS:\u2013 NUMBER:24"},
        {"20\u201424", "NUMBER:20 MINUS:\u2014 NUMBER:24"},
        {"\u22125", "MINUS:\u2212 NUMBER:5"},
        {"2000\u201310", "NUMBER:2000 MINUS:\u2013 NUMBER:10"}, // no month is printed so
        {"a \u2264 b \u2265 c", "NAME:a LE:\u2264 NAME:b GE:\u2265 NAME:c"},
        {"a \u00d7 b \u00f7 c", "NAME:a STAR:\u00d7 NAME:b SLASH:\u00f7 NAME:c"},
        {"a \u2192 b -> c", "NAME:a ARROW:\u2192 NAME:b ARROW:-> NAME:c"},
        {"< <= > >= = <> !=", "LT:< LE:<= GT:> GE:>= EQ:= NE:<> NE:!="},
        {"+ * / % ( ) , | .", "PLUS:+ STAR:* SLASH:/ PCT:% LP:( RP:) COMMA:, PIPE:| DOT:."},
        {"<16", "LT:< NUMBER:16"},
        {">=90", "GE:>= NUMBER:90"},
        {"a.b", "NAME:a DOT:. NAME:b"},
        {"-->", "MINUS:- ARROW:->"},
    };
    check_cases(cases, COUNT(cases));
}

static void blanks_of_every_kind_separate(void **state) {
    (void)state;
    static const Case cases[] = {
        {"a\u00a0b", "NAME:a NAME:b"},
        {"a\u2007b", "NAME:a NAME:b"},
        {"a\u2009b", "NAME:a NAME:b"},
        {"a\u202fb", "NAME:a NAME:b"},
        {"\ufeffa", "NAME:a"},
        {"a\t\f\vb", "NAME:a NAME:b"},
        {"a # b \"c\" (\nd", "NAME:a ; NAME:d"},
        {"", ""},
        {"#", ""},
        {"   ", ""},
    };
    check_cases(cases, COUNT(cases));
}

static void a_text_ends_at_its_quote(void **state) {
    (void)state;
    static const Case cases[] = {
        {"\"a b\"", "STRING:\"a b\""},
        {"\"\"", "STRING:\"\""},
        {"\"a\"\"b\"", "STRING:\"a\"\"b\""},
        {"\"a\"\"\"", "STRING:\"a\"\"\""},
        {"\"a\" \"b\"", "STRING:\"a\" STRING:\"b\""},
        {"\"# no comment\"", "STRING:\"# no comment\""},
        {"\"\u2018caf\u00e9\u2019\"", "STRING:\"\u2018caf\u00e9\u2019\""},
    };
    check_cases(cases, COUNT(cases));
}

// ---- places -------------------------------------------------------------------------------------

static void assert_place(const Rules *r, const Token *t, uint32_t line, uint32_t column,
                         uint32_t len) {
    Place p = token_place(&r->source, t);
    if (p.line == line && p.column == column && p.len == len && p.file == r->source.file)
        return;
    fail_msg("at %u:%u+%u, not %u:%u+%u", p.line, p.column, p.len, line, column, len);
}

static void every_line_end_counts_once(void **state) {
    (void)state;
    static const char *const texts[] = {"a\nb\n\nc", "a\r\nb\r\n\r\nc", "a\rb\r\rc", "a\nb\r\n\rc"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        Rules r;
        rules_begin(&r);
        TokenList t = rules_scan(&r, str_from(texts[i]));
        assert_str(tokens_text(&r, &t), "NAME:a ; NAME:b ; ; NAME:c");
        assert_place(&r, &t.v[0], 1, 1, 1);
        assert_place(&r, &t.v[2], 2, 1, 1);
        assert_place(&r, &t.v[5], 4, 1, 1);
        rules_end(&r);
    }
}

static void columns_count_bytes_from_one(void **state) {
    (void)state;
    Rules r;
    rules_begin(&r);
    TokenList t = rules_scan(&r, STR("  20\u201324 x\n\u00a0 y"));
    assert_place(&r, &t.v[0], 1, 3, 2);
    assert_place(&r, &t.v[1], 1, 5, 3);
    assert_place(&r, &t.v[2], 1, 8, 2);
    assert_place(&r, &t.v[3], 1, 11, 1);
    assert_place(&r, &t.v[5], 2, 4, 1);
    rules_end(&r);
}

static void a_zero_byte_is_a_character_like_any_other(void **state) {
    (void)state;
    Rules r;
    rules_begin(&r);
    TokenList t = rules_scan(&r, STR("a\0b # c\0d\ne"));
    assert_int_equal(t.n, 8);
    assert_int_equal(t.v[1].type, T_BAD);
    assert_int_equal(t.v[1].fault->code, D_BAD_CHARACTER);
    assert_non_null(strstr(t.v[1].fault->message, "zero byte"));
    assert_place(&r, &t.v[1], 1, 2, 1);
    assert_str(token_text(&r.source, &t.v[2]), "b");
    assert_int_equal(t.v[3].type, T_BAD); // it ends the comment
    assert_place(&r, &t.v[3], 1, 8, 1);
    assert_str(token_text(&r.source, &t.v[6]), "e");
    rules_end(&r);
}

// A zero byte ends neither a text in quotes nor the search for its end.
static void a_zero_byte_in_a_text_leaves_it_open(void **state) {
    (void)state;
    Rules r;
    rules_begin(&r);
    TokenList t = rules_scan(&r, STR("\"a\0b\""));
    assert_int_equal(t.v[0].fault->code, D_OPEN_QUOTE);
    assert_int_equal(t.v[1].fault->code, D_BAD_CHARACTER);
    rules_end(&r);
}

static void a_part_of_a_text_keeps_its_place_and_its_end(void **state) {
    (void)state;
    Rules r;
    rules_begin(&r);
    rules_source(&r, STR("x | 65-74 | 2023-05"));
    Source part = r.source;
    part.from = 4, part.to = 9, part.line = 7, part.column = 5;
    TokenList t = {0};
    assert_true(lexer_scan(&r.trees, &part, &t));
    assert_str(tokens_text(&r, &t), "NUMBER:65 MINUS:- NUMBER:74");
    assert_place(&r, &t.v[0], 7, 5, 2);
    assert_place(&r, &t.v[2], 7, 8, 2);
    part.from = 12, part.to = 16; // within the period
    t = (TokenList){0};
    assert_true(lexer_scan(&r.trees, &part, &t));
    assert_int_equal(t.n, 2);
    assert_int_equal(t.v[0].to, 16);
    assert_int_equal(t.v[1].from, 16);
    rules_end(&r);
}

// ---- refused forms ------------------------------------------------------------------------------

static const struct {
    const char *text;
    DiagCode code;
    uint32_t len; // of the refused token, which the text begins with
    const char *message, *hint;
} refused[] = {
    {"2023-24 x", D_BAD_PERIOD, 7, "two parts", "FY2023-24"},
    {"1999-00", D_BAD_PERIOD, 7, "two parts", "spaces round `-`"},
    {"2012-13", D_BAD_PERIOD, 7, "two parts", "AY2023/24"},
    {"2023/24", D_BAD_PERIOD, 7, "two parts", "spaces round `/`"},
    {"31/05/2023", D_BAD_PERIOD, 10, "slashes", "2023-05-31"},
    {"1/4/23", D_BAD_PERIOD, 6, "slashes", "2023-05-31"},
    {"2023-q2", D_BAD_PERIOD, 7, "capital Q", "2023-Q2"},
    {"1,234", D_BAD_NUMBER, 5, "no thousands commas", "1234"},
    {"12,345,678.9 x", D_BAD_NUMBER, 12, "no thousands commas", "blank behind a comma"},
    {"5.", D_BAD_NUMBER, 2, "behind the decimal point", "5.0"},
    {"5.%", D_BAD_NUMBER, 2, "behind the decimal point", "5.0"},
    {".5", D_BAD_NUMBER, 2, "before the decimal point", "0.5"},
    {"5kg", D_BAD_NUMBER, 3, "run together", "blank"},
    {"5pp x", D_BAD_NUMBER, 3, "percentage points", "5 points"},
    {"5ppts", D_BAD_NUMBER, 5, "percentage points", "5 points"},
    {"1e5", D_BAD_NUMBER, 3, "exponent", "100000"},
    {"1E5", D_BAD_NUMBER, 3, "exponent", "100000"},
    {"1.5e-3", D_BAD_NUMBER, 6, "exponent", "100000"},
    {"1e5x", D_BAD_NUMBER, 4, "run together", "begins with a letter"},
    {"5_000", D_BAD_NUMBER, 5, "run together", "blank"},
    {"2.5x", D_BAD_NUMBER, 4, "run together", "blank"},
    {"Good", D_BAD_NAME, 4, "lower case", "re_referral_rate"},
    {"reReferrals", D_BAD_NAME, 11, "lower case", "underscores"},
    {"FY2023", D_BAD_NAME, 6, "lower case", "underscores"},
    {"\"open", D_OPEN_QUOTE, 5, "not closed on this line", "written twice"},
    {"\"open\nnext\"", D_OPEN_QUOTE, 5, "not closed on this line", "written twice"},
    {"\u201copen\u201d", D_BAD_CHARACTER, 10, "curly quotation mark", "\"like this\""},
    {"\u2018open\u2019", D_BAD_CHARACTER, 10, "curly quotation mark", "\"like this\""},
    {"\u201copen", D_BAD_CHARACTER, 3, "curly quotation mark", "\"like this\""},
    {"\u201cit\u2019s\u201d x", D_BAD_CHARACTER, 12, "curly quotation mark", "\"like this\""},
    {"=< 5", D_BAD_CHARACTER, 2, "not a comparison sign", "<="},
    {"=> 5", D_BAD_CHARACTER, 2, "not a comparison sign", ">="},
    {"== 5", D_BAD_CHARACTER, 2, "a single sign", "single ="},
    {"&& x", D_BAD_CHARACTER, 2, "joined with words", "`and`"},
    {"@", D_BAD_CHARACTER, 1, "not part of the language", ""},
    {"!", D_BAD_CHARACTER, 1, "not part of the language", ""},
    {"_x", D_BAD_CHARACTER, 1, "not part of the language", ""},
    {"\u00a35", D_BAD_CHARACTER, 2, "not part of the language", ""},
    {"\u00e9t\u00e9", D_BAD_CHARACTER, 2, "not part of the language", ""},
    {"\U0001f600", D_BAD_CHARACTER, 4, "not part of the language", ""},
    {"\xff", D_BAD_CHARACTER, 1, "not part of the language", ""},
};

static void a_form_that_could_be_misread_is_refused_with_advice(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(refused); i++) {
        Rules r;
        rules_begin(&r);
        TokenList tokens = rules_scan(&r, str_from(refused[i].text));
        const Token *t = &tokens.v[0];
        bool same = t->type == T_BAD && t->fault->code == refused[i].code && t->from == 0 &&
                    t->to == refused[i].len && strstr(t->fault->message, refused[i].message) &&
                    strstr(t->fault->hint, refused[i].hint);
        if (!same)
            fail_msg("%s: %s of %u bytes, %s, %s", refused[i].text, token_name(t->type), t->to,
                     t->fault ? t->fault->message : "", t->fault ? t->fault->hint : "");
        rules_end(&r);
    }
}

static void reading_goes_on_behind_a_refused_form(void **state) {
    (void)state;
    static const Case cases[] = {
        {"1,234 x", "BAD:1,234 NAME:x"},
        {"Good 80", "BAD:Good NUMBER:80"},
        {"\"open\nx", "BAD:\"open ; NAME:x"},
        {"a @ b", "NAME:a BAD:@ NAME:b"},
        {"2023-Q5", "NUMBER:2023 MINUS:- BAD:Q5"},
        {"2023-05-32", "PERIOD:2023-05 MINUS:- NUMBER:32"},
    };
    check_cases(cases, COUNT(cases));
}

static void memory_that_runs_out_is_an_answer(void **state) {
    (void)state;
    Rules r;
    rules_begin(&r);
    Str text = repeated(&r, "", "x ", 200, "");
    size_t n_failed = 0;
    for (bool ok = false; !ok;) {
        Arena a;
        TokenList tokens = {0};
        arena_init(&a, 0);
        rules_source(&r, text);
        arena_fail_after(++n_failed);
        ok = lexer_scan(&a, &r.source, &tokens);
        arena_fail_after(0);
        assert_true(ok ? tokens.n == 201 : a.failed);
        arena_free(&a);
    }
    assert_true(n_failed > 2);
    rules_end(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sign_is_never_part_of_a_number),
        cmocka_unit_test(a_plus_that_ends_a_bound_belongs_to_it),
        cmocka_unit_test(periods_of_every_kind_are_one_token),
        cmocka_unit_test(a_year_with_another_number_behind_it_is_a_subtraction),
        cmocka_unit_test(signs_have_their_printed_forms_too),
        cmocka_unit_test(blanks_of_every_kind_separate),
        cmocka_unit_test(a_text_ends_at_its_quote),
        cmocka_unit_test(every_line_end_counts_once),
        cmocka_unit_test(columns_count_bytes_from_one),
        cmocka_unit_test(a_zero_byte_is_a_character_like_any_other),
        cmocka_unit_test(a_zero_byte_in_a_text_leaves_it_open),
        cmocka_unit_test(a_part_of_a_text_keeps_its_place_and_its_end),
        cmocka_unit_test(a_form_that_could_be_misread_is_refused_with_advice),
        cmocka_unit_test(reading_goes_on_behind_a_refused_form),
        cmocka_unit_test(memory_that_runs_out_is_an_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
