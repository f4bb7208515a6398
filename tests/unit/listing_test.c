// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/sample.h"

// The caller frees the text.
static char *list(const Program *p, bool places) {
    Buf out = {0};
    program_list(p, places, &out);
    buf_char(&out, '\0');
    assert_false(out.failed);
    return out.s;
}

static void check_lines(bool places, const char *const *lines, size_t n) {
    Asm a;
    sample_begin(&a);
    char *text = list(&a.p, places);
    const char *from = text;
    for (size_t i = 0; i < n; i++) {
        Buf line = {0};
        buf_printf(&line, "%s\n", lines[i]);
        buf_char(&line, '\0');
        const char *found = strstr(from, line.s);
        if (!found) {
            print_error("not in the listing, or not in this order: %s\n%s", lines[i], text);
        }
        assert_non_null(found);
        from = found + line.len - 1;
        buf_free(&line);
    }
    free(text);
    asm_free(&a);
}

#define CHECK_LINES(places, ...)                                                                   \
    check_lines(places, (const char *const[]){__VA_ARGS__},                                        \
                sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static void declarations_are_listed_in_the_words_of_the_rules(void **state) {
    (void)state;
    CHECK_LINES(
        false, "scale direction", "  2 improving", "scale rag \"RAG status\"",
        "  0 red label \"Red\" symbol \"R\" colour \"#801650\"", "  1 amber",
        "metric referrals count",
        "metric re_referrals \"of which \"\"again\"\"\" count range 0 to 1000 from column "
        "\"Re-referrals\" from id \"7\"",
        "metric third per 10000", "metric fourth \"visits\"", "input figures \"The figures\"",
        "  file \"*.csv\"", "  layout snapshot", "  entity \"Sefton\"", "  period 2023-05",
        "  metric column \"id\"", "  value column \"current\"", "  previous column \"previous\"",
        "  field comparator column \"SN\"", "  field note text column \"Note\"",
        "  where \"level\" is not one of \"Local\" \"Unitary\"", "  missing \"c\" as suppressed",
        "  missing \"\" as no row", "  mark \"p\" as provisional", "  mark \"b\" as break in series",
        "  numbers with percent signs", "  skip 3 lines", "  revises");
}

static void band_tables_are_listed_as_a_number_line(void **state) {
    (void)state;
    CHECK_LINES(false,
                "bands 0 on ofsted, rounded to 1 decimal half even, because \"beyond 30 nobody "
                "judges\"",
                "  below 16: outstanding", "  16 to below 20: good",
                "  20 to 24: requires_improvement, a gap", "  above 24 to 30: no data, in no band",
                "  above 30: no data, otherwise");
}

static void every_piece_says_which_ends_are_in(void **state) {
    (void)state;
    Asm a;
    asm_begin(&a);
    const Cut open[] = {{{16, 1}, true}, {{20, 1}, true}, {{24, 1}, false}};
    const Piece pieces[] = {{RED, PIECE_BAND, {.file = 1}},
                            {AMBER, PIECE_BAND, {.file = 1}},
                            {GREEN, PIECE_BAND, {.file = 1}},
                            {GREEN, PIECE_BAND, {.file = 1}}};
    uint16_t value = asm_number(&a, "1");
    asm_op(&a, OP_BAND, value, NO_REG, NO_REG, asm_bands(&a, ASM_RAG, open, 3, pieces));
    asm_op(&a, OP_BAND, value, NO_REG, NO_REG, asm_bands(&a, ASM_RAG, open, 0, pieces));
    asm_finish(&a, value);
    char *text = list(&a.p, false);
    assert_non_null(strstr(text, "  at most 16: red\n  above 16 to 20: amber\n"
                                 "  above 20 to below 24: green\n  at least 24: green\n"));
    assert_non_null(strstr(text, "bands 1 on rag\n  any value: red\n"));
    free(text);
    asm_free(&a);
}

static void a_kpi_is_listed_with_its_registers_and_code(void **state) {
    (void)state;
    CHECK_LINES(
        false, "kpi rate \"Re-referrals\"", "  unit percent, shown to 1 decimal", "  good is low",
        "  reads referrals, re_referrals", "  value r2 judged r5 previous r6 direction r11",
        "  level ofsted r8 by bands 0", "  figure target \"Target\" r6 percent",
        "  status rag r47 on rag", "  code, 57 registers", "    r0 = load referrals",
        "    r1 = load re_referrals", "    r2 = share r1, r0, 100", "    r3 = const 20",
        "    r4 = le r3, r0", "    r5 = gate r2, r4", "    r6 = load third.comparator, 1 back",
        "    r8 = band r5, bands 0", "    r9 = const_level steady",
        "    r10 = direction r5, r6, r7, low is good", "    r11 = else_level r10, r9",
        "    r12 = is r11, worsening", "    r13 = is r8, inadequate|requires_improvement",
        "    r22 = missing no row and too few", "    r29 = else r28, r22, even if suppressed",
        "    r32 = round r31, to 2 decimals half even", "    r33 = trajectory by",
        "      2023-04 85", "      2023-05 86.5", "    r34 = period_end",
        "    r37 = load_text re_referrals.note", "    r38 = entity",
        "    r39 = const_text \"Sefton\"", "    r40 = same_text r37, r39",
        "    r43 = const_truth unknown no row",
        "    r44 = span mean of r32, r22, r33 from the start of the financial year, 1 may be "
        "missing");
}

static void status_blocks_are_listed_with_their_outcomes(void **state) {
    (void)state;
    CHECK_LINES(
        false, "    r45 = open r5",
        "    r45 = when r20, red when \"worsening\" because \"it rises\"",
        "      fact r20: r11 is worsening",
        "      fact not r20: r2 \"value\" over, worse than r6 \"neighbours\", limit r2 of 29 "
        "percent "
        "relative",
        "      fact r20: \"improving for 2\": r32 and r22, 1 back and r33, 2 back",
        "    r45 = otherwise amber", "    r45 = close", "    r46 = cross r8, r11, by",
        "      requires_improvement: worsening -> red, steady -> amber, improving -> green, "
        "unknown "
        "-> amber",
        "      outstanding: worsening -> green, steady -> green, improving -> green, unknown -> no "
        "data",
        "    r46 = map r8, by", "      good -> green", "      outstanding -> no data",
        "    r48 = override r45, overrides 0",
        "    r47 = take r45, \"as other\"", "    r47 = close");
}

static void places_bring_the_source_beside_the_code(void **state) {
    (void)state;
    CHECK_LINES(
        true, "    r0 = load referrals                     ; rules/rate.rag:2:9  re_referrals",
        "    r1 = load re_referrals",
        "    r2 = share r1, r0, 100                  ; rules/rate.rag:2:3  value re_referrals as "
        "percent of referrals",
        "    r45 = when r20, red when \"worsening\" because \"it rises\" ; rules/rate.rag:4:5  red "
        "when worsening because \"it rises\"");
}

static void examples_are_listed_only_with_places(void **state) {
    (void)state;
    Asm a;
    sample_begin(&a);
    char *with = list(&a.p, true), *without = list(&a.p, false);
    assert_non_null(strstr(with, "examples rate "));
    assert_non_null(strstr(with, "    r0 = given value\n    r1 = given_level direction\n"
                                 "    r3 = is r1, steady\n"));
    assert_null(strstr(without, "examples"));
    free(with);
    free(without);
    asm_free(&a);
}

static void without_places_no_file_or_line_appears(void **state) {
    (void)state;
    Asm a;
    sample_begin(&a);
    char *text = list(&a.p, false);
    assert_null(strstr(text, ".rag"));
    assert_null(strchr(text, ';'));
    free(text);
    asm_free(&a);
}

static void a_place_beyond_its_file_is_harmless(void **state) {
    (void)state;
    Asm a;
    sample_begin(&a);
    a.p.places[0] = sample_place(5, 1, 1);
    a.p.places[1] = sample_place(UINT32_MAX, UINT32_MAX, UINT32_MAX);
    a.p.places[2] = sample_place(2, UINT32_MAX, 1);
    a.p.places[3] = (Place){.file = 7, .line = 1};
    char *text = list(&a.p, true);
    assert_non_null(strstr(text, "; rules/rate.rag:5:1\n"));
    assert_non_null(strstr(text, "    r3 = const 20\n"));
    free(text);
    asm_free(&a);
}

// ---- the hash -----------------------------------------------------------------------------------

static void check_hash(Asm *a, const char *other, bool equal) {
    assert_true(program_set_hash(&a->p));
    assert_int_equal(strlen(a->p.hash), 64);
    assert_int_equal(strspn(a->p.hash, "0123456789abcdef"), 64);
    assert_int_equal(strcmp(a->p.hash, other) == 0, equal);
}

static void the_hash_depends_on_the_meaning_alone(void **state) {
    (void)state;
    Asm a;
    sample_begin(&a);
    assert_true(program_set_hash(&a.p));
    char before[sizeof a.p.hash];
    memcpy(before, a.p.hash, sizeof before);
    a.p.files[0].path = STR("elsewhere.rag");
    a.p.files[0].text = STR("\n\n# moved\n");
    a.kpi->place.line = 99;
    a.p.band_tables[0].pieces[1].place.line = 12;
    a.p.n_examples = 0;
    asm_identity_bands(&a, ASM_RAG); // of no KPI
    check_hash(&a, before, true);
    a.p.band_tables[0].pieces[1].level = OUTSTANDING;
    check_hash(&a, before, false);
    a.p.band_tables[0].pieces[1].level = GOOD;
    check_hash(&a, before, true);
    a.p.band_tables[0].cuts[0].at_goes_left = true;
    check_hash(&a, before, false);
    asm_free(&a);
}

// The digest of the listing as another program computes it: sha256sum.
static void the_hash_is_the_sha_256_of_the_listing(void **state) {
    (void)state;
    Program p = {0};
    Scale s = {.name = STR("abc")};
    p.scales = &s;
    p.n_scales = 1;
    char *text = list(&p, false);
    assert_string_equal(text, "scale abc\n");
    free(text);
    assert_true(program_set_hash(&p));
    assert_string_equal(p.hash, "8835ed4993d18c268008dbac030c7ae7a81fd4514ce04825925520e7b5b2d98b");
}

static void running_out_of_memory_fails_the_listing(void **state) {
    (void)state;
    Asm a;
    sample_begin(&a);
    for (size_t i = 1; i <= 4; i++) {
        Buf out = {0};
        arena_fail_after(i);
        program_list(&a.p, true, &out);
        arena_fail_after(0);
        assert_true(out.failed);
        buf_free(&out);
    }
    a.p.hash[0] = '\0';
    arena_fail_after(1);
    assert_false(program_set_hash(&a.p));
    arena_fail_after(0);
    assert_int_equal(a.p.hash[0], '\0');
    asm_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(declarations_are_listed_in_the_words_of_the_rules),
        cmocka_unit_test(band_tables_are_listed_as_a_number_line),
        cmocka_unit_test(every_piece_says_which_ends_are_in),
        cmocka_unit_test(a_kpi_is_listed_with_its_registers_and_code),
        cmocka_unit_test(status_blocks_are_listed_with_their_outcomes),
        cmocka_unit_test(places_bring_the_source_beside_the_code),
        cmocka_unit_test(examples_are_listed_only_with_places),
        cmocka_unit_test(without_places_no_file_or_line_appears),
        cmocka_unit_test(a_place_beyond_its_file_is_harmless),
        cmocka_unit_test(the_hash_depends_on_the_meaning_alone),
        cmocka_unit_test(the_hash_is_the_sha_256_of_the_listing),
        cmocka_unit_test(running_out_of_memory_fails_the_listing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
