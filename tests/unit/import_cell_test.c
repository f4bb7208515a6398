// SPDX-License-Identifier: Apache-2.0
// Cells of published threshold tables: what they say, and which way is good.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "lang/compiler.h"
#include "lang/token.h"
#include "runtime/edges/import_measures.h"
#include "runtime/edges/rule_words.h"

static Arena arena;

static int open_arena(void **state) {
    (void)state;
    arena_init(&arena, 0);
    return 0;
}

static int close_arena(void **state) {
    (void)state;
    arena_free(&arena);
    return 0;
}

static ImportCell read(const char *text) {
    ImportCell c = import_cell(&arena, str_from(text));
    assert_false(arena.failed);
    return c;
}

static void assert_rule(const char *text, ImportCellKind kind, const char *rule) {
    ImportCell c = read(text);
    if (c.kind != kind || !str_eq(c.rule, str_from(rule)))
        fail_msg("\"%s\" is kind %d, `%.*s`; expected kind %d, `%s`", text, c.kind, STR_ARG(c.rule),
                 kind, rule);
}

static void assert_band(const char *text, const char *rule) {
    assert_rule(text, IMPORT_BAND, rule);
}

static void what_the_language_reads_stays_as_typed(void **state) {
    (void)state;
    static const char *const cells[] = {"85+",
                                        "85%+",
                                        "<16",
                                        ">24",
                                        "<=14",
                                        ">= 85",
                                        "\u226585",
                                        "\u2264 50%",
                                        "65-74",
                                        "74-65",
                                        "65 - 74",
                                        "65\u201374",
                                        "70% \u2013 84%",
                                        "65-74%",
                                        "16 to 20",
                                        "16 to below 20",
                                        "above 16 to 20",
                                        "above 16 to below 20",
                                        "at least 85",
                                        "at most 14",
                                        "above 24",
                                        "below 16",
                                        "0.5-0.75",
                                        "19-61"};
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        assert_band(cells[i], cells[i]);
        assert_false(read(cells[i]).translated);
    }
}

static void other_words_are_translated(void **state) {
    (void)state;
    assert_band("85 and above", "85+");
    assert_band("85% or more", "85+");
    assert_band("85 +", "85+");
    assert_band("85+%", "85+");
    assert_band("Over 24", "above 24");
    assert_band("more than 24", "above 24");
    assert_band("Less than 70%", "below 70");
    assert_band("fewer than 5", "below 5");
    assert_band("Up to 14", "at most 14");
    assert_band("no more than 14%", "at most 14");
    assert_band("not less than 14", "14+");
    assert_band("14 or less", "at most 14");
    assert_band("14 or below", "at most 14");
    assert_band("At least 85", "85+");
    assert_band("=> 85", "85+");
    assert_band("between 16 and 19", "16-19");
    assert_band("from 16 to 19", "16-19");
    assert_band("16 - <20", "16 to below 20");
    assert_band(">= 80 and < 90", "80 to below 90");
    assert_band("< 90 and >= 80", "80 to below 90");
    assert_band(">16 - 20", "above 16 to 20");
    assert_band("16 or more but below 20", "16 to below 20");
    assert_band("1,000 - 1,199", "1000-1199");
    assert_band("\u00a31,200+", "1200+");
    assert_band("5 to 10 days", "5-10");
    assert_band("-5 to 5", "-5 to 5");
    assert_band("(85+)", "85+");
    assert_band("exactly 50", "50 to 50");
    assert_true(read("85 and above").translated);
}

static void a_number_alone_is_kept(void **state) {
    (void)state;
    assert_rule("85", IMPORT_BARE, "85");
    assert_rule("85%", IMPORT_BARE, "85%");
    assert_rule("1,234", IMPORT_BARE, "1234");
}

static void cells_that_publish_nothing_are_blank(void **state) {
    (void)state;
    static const char *const cells[] = {"",
                                        "  ",
                                        "N/A",
                                        "n/a",
                                        "TBC",
                                        "(tbc)",
                                        "-",
                                        "\u2013",
                                        "To be confirmed",
                                        "#N/A",
                                        "Not applicable."};
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
        assert_rule(cells[i], IMPORT_BLANK, "");
}

static void changes_are_judged_by_direction(void **state) {
    (void)state;
    assert_rule("Increase", IMPORT_DIRECTION, "improving only");
    assert_int_equal(read("Increase").way, WAY_UP);
    assert_int_equal(read("\u2191").way, WAY_UP);
    assert_int_equal(read("Reduce").way, WAY_DOWN);
    assert_int_equal(read("Reduction").way, WAY_DOWN);
    assert_int_equal(read("improving only").way, WAY_UNSAID);
}

static void what_cannot_be_told_stays_words(void **state) {
    (void)state;
    static const char *const cells[] = {
        "see note 4",   "1 in 10",     "2019-20",    "2010/11", "6o-70", "1e5",
        "85+ or 90+",   "<20 and <30", "10-20-30",   "85++",    "+",     "5 days to 10%",
        "> 20 to < 10", "10,00",       "12/10/2023", "\u00bd",  "<",     "at least",
        "85 good"};
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        assert_rule(cells[i], IMPORT_WORDS, cells[i]);
    }
    char longest[IMPORT_MAX_NUMBER + 10];
    memset(longest, '9', sizeof longest);
    longest[sizeof longest - 1] = '\0';
    assert_rule(longest, IMPORT_WORDS, longest);
}

static void bounds_are_in_order_whichever_way_they_are_typed(void **state) {
    (void)state;
    ImportCell c = read("74-65");
    assert_int_equal(number_cmp(c.low, number_int(65)), 0);
    assert_int_equal(number_cmp(c.high, number_int(74)), 0);
    c = read("16 to below 20");
    assert_false(c.low_open);
    assert_true(c.high_open);
}

static void units_beside_numbers_are_told(void **state) {
    (void)state;
    assert_string_equal(read("85%+").unit, "percent");
    assert_string_equal(read("65-74 per cent").unit, "percent");
    assert_string_equal(read("under 5 days").unit, "days");
    assert_string_equal(read("\u00a35 - \u00a310").unit, "pounds");
    assert_null(read("85+").unit);
    assert_string_equal(import_unit(&arena, STR("%")), "percent");
    assert_string_equal(import_unit(&arena, STR("Number")), "count");
    assert_string_equal(import_unit(&arena, STR("per 10,000 children")), "per 10000");
    assert_null(import_unit(&arena, STR("visits")));
}

// ---- polarity -----------------------------------------------------------------------------------

static Told told(const char *worst, const char *middle, const char *best) {
    ImportCell cells[] = {read(worst), read(middle), read(best)};
    return told_by_cells(cells, 3);
}

static void rising_and_falling_cells_tell(void **state) {
    (void)state;
    assert_int_equal(told("65-74", "75-84", "85+"), TOLD_HIGH);
    assert_int_equal(told("65-75", "75-84", "85+"), TOLD_HIGH);
    assert_int_equal(told("20-24", "19-16", "<16"), TOLD_LOW);
    assert_int_equal(told("16-25", "6-15", "0-5"), TOLD_LOW);
    assert_int_equal(told("<70", "70-84", ""), TOLD_HIGH);
    assert_int_equal(told(">24", "", "<=20"), TOLD_LOW);
    assert_int_equal(told("<90", "<95", ">=95"), TOLD_HIGH);
    assert_int_equal(told("Increase", "", ""), TOLD_HIGH);
    assert_int_equal(told("", "", "Reduce"), TOLD_LOW);
}

static void contradictions_and_single_bands_do_not_tell(void **state) {
    (void)state;
    assert_int_equal(told("40-50", "49-25", ">24"), TOLD_BOTH);
    assert_int_equal(told("65-74", "85+", "75-84"), TOLD_BOTH);
    assert_int_equal(told("25-21", "", ""), TOLD_NOTHING);
    assert_int_equal(told("", "90+", ""), TOLD_NOTHING);
    assert_int_equal(told("", "", ""), TOLD_NOTHING);
    assert_int_equal(told("improving only", "", ""), TOLD_NOTHING);
    assert_int_equal(told("Increase", "20-10", "<10"), TOLD_BOTH);
}

static void an_open_end_of_the_best_or_worst_level_tells(void **state) {
    (void)state;
    assert_int_equal(told("", "", "90+"), TOLD_HIGH);
    assert_int_equal(told("", "", "<5"), TOLD_LOW);
    assert_int_equal(told("<65", "", ""), TOLD_HIGH);
    assert_int_equal(told(">24", "", ""), TOLD_LOW);
}

static void assert_words(const char *text, const char *expected) {
    Str got = told_by_words(&arena, str_from(text));
    if (!str_eq(got, str_from(expected)))
        fail_msg("\"%s\" tells `%.*s`, not `%s`", text, STR_ARG(got), expected);
}

static void words_tell_the_polarity(void **state) {
    (void)state;
    assert_words("High", "high");
    assert_words("Higher is better", "high");
    assert_words("RAG - Low is good   ", "low");
    assert_words("not judged", "not judged");
    assert_words("Neutral", "not judged");
    assert_words("near 50", "near 50");
    assert_words("high or low", "");
    assert_words("not high", "");
    assert_words("", "");
}

// ---- names --------------------------------------------------------------------------------------

static Str name_of(Intern *given, const char *label) {
    return measure_name(&arena, given, str_from(label));
}

static void assert_named(Intern *given, const char *label, const char *expected) {
    Str name = name_of(given, label);
    if (!str_eq(name, str_from(expected)))
        fail_msg("\"%s\" is named %.*s, not %s", label, STR_ARG(name), expected);
}

static void names_are_made_of_the_words_that_matter(void **state) {
    (void)state;
    Intern given;
    intern_init(&given, &arena);
    assert_named(&given, "Percentage of re-referrals within 12 months",
                 "re_referrals_within_12_months");
    assert_named(&given, "The percentage of cases", "cases");
    assert_named(&given, "The cases", "cases_2");
    assert_named(&given, "Over", "m_over");
    assert_named(&given, "15 days", "m_15_days");
    assert_named(&given, "", "measure");
    assert_named(&given, "\u4e2d\u6587", "measure_2");
    assert_named(&given, "Percentage of", "percentage_of");
    assert_named(&given, "Children placed on a full care order at home with parents",
                 "children_placed_full_care_order_home");
    assert_named(&given, "Children placed on a full care order at home with parents at any time",
                 "children_placed_full_care_order_home_parents_any_time");
}

// The lists of words that name nothing: those of the language, and those that drafts keep to.
static void no_reserved_or_predefined_word_is_usable(void **state) {
    (void)state;
    static const char *const words[] = {
#define KEYWORD(token, word, where, form) word,
#include "lang/keywords.def"
#undef KEYWORD
        "value", "target",  "change",    "improving", "worsening", "steady",
        "up",    "down",    "direction", "worst",     "best",      "yes",
        "no",    "unknown", "period",    "entity",    "good",      "cases"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        Str word = str_from(words[i]);
        assert_int_equal(name_is_taken(word), keyword_is_reserved(word) || is_predefined(word));
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_arena, close_arena)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(what_the_language_reads_stays_as_typed),
        TEST(other_words_are_translated),
        TEST(a_number_alone_is_kept),
        TEST(cells_that_publish_nothing_are_blank),
        TEST(changes_are_judged_by_direction),
        TEST(what_cannot_be_told_stays_words),
        TEST(bounds_are_in_order_whichever_way_they_are_typed),
        TEST(units_beside_numbers_are_told),
        TEST(rising_and_falling_cells_tell),
        TEST(contradictions_and_single_bands_do_not_tell),
        TEST(an_open_end_of_the_best_or_worst_level_tells),
        TEST(words_tell_the_polarity),
        TEST(names_are_made_of_the_words_that_matter),
        TEST(no_reserved_or_predefined_word_is_usable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
