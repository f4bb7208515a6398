// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/assemble.h"

static uint32_t piece_of(Asm *a, const BandTable *t, const char *text) {
    return band_piece(t, asm_parse(a, text));
}

// inadequate above 24 | 20 to 24 | 16 to below 20 | below 16, as low is good.
static void an_edge_belongs_where_its_cut_says(void **state) {
    (void)state;
    Asm a;
    asm_begin(&a);
    Cut cuts[] = {{{16, 1}, false}, {{20, 1}, false}, {{24, 1}, true}};
    BandTable t = {.cuts = cuts, .n_cuts = 3};
    assert_int_equal(piece_of(&a, &t, "15.999999"), 0);
    assert_int_equal(piece_of(&a, &t, "16"), 1);
    assert_int_equal(piece_of(&a, &t, "19.999"), 1);
    assert_int_equal(piece_of(&a, &t, "20.0"), 2);
    assert_int_equal(piece_of(&a, &t, "24"), 2);
    assert_int_equal(piece_of(&a, &t, "24.0000001"), 3);
    assert_int_equal(piece_of(&a, &t, "-5"), 0);
    asm_free(&a);
}

static void a_quotient_is_banded_exactly(void **state) {
    (void)state;
    Cut cuts[] = {{{1, 3}, true}};
    BandTable t = {.cuts = cuts, .n_cuts = 1};
    assert_int_equal(band_piece(&t, (Number){333333333, 1000000000}), 0);
    assert_int_equal(band_piece(&t, (Number){2, 6}), 0);
    assert_int_equal(band_piece(&t, (Number){333333334, 1000000000}), 1);
}

static void a_single_point_has_a_piece_of_its_own(void **state) {
    (void)state;
    Cut cuts[] = {{{5, 1}, false}, {{5, 1}, true}};
    BandTable t = {.cuts = cuts, .n_cuts = 2};
    assert_int_equal(band_piece(&t, (Number){49, 10}), 0);
    assert_int_equal(band_piece(&t, (Number){50, 10}), 1);
    assert_int_equal(band_piece(&t, (Number){51, 10}), 2);
}

static void without_cuts_every_value_is_in_the_one_piece(void **state) {
    (void)state;
    BandTable t = {0};
    assert_int_equal(band_piece(&t, number_int(-1)), 0);
    assert_int_equal(band_piece(&t, number_int(1)), 0);
}

static void a_table_may_read_the_value_rounded(void **state) {
    (void)state;
    Asm a;
    asm_begin(&a);
    Cut cuts[] = {{{80, 1}, false}};
    BandTable t = {.cuts = cuts, .n_cuts = 1, .rounded = true, .mode = ROUND_HALF_AWAY};
    assert_int_equal(piece_of(&a, &t, "79.49"), 0);
    assert_int_equal(piece_of(&a, &t, "79.5"), 1);
    assert_int_equal(band_piece_exact(&t, asm_parse(&a, "79.5")), 0);
    t.decimals = 1;
    assert_int_equal(piece_of(&a, &t, "79.94"), 0);
    assert_int_equal(piece_of(&a, &t, "79.95"), 1);
    t.decimals = 0;
    t.mode = ROUND_HALF_EVEN;
    cuts[0].at = number_int(81);
    assert_int_equal(piece_of(&a, &t, "80.5"), 0);
    asm_free(&a);
}

static void big_numbers_are_banded_too(void **state) {
    (void)state;
    Asm a;
    asm_begin(&a);
    Cut cuts[] = {{{16, 1}, false}, {asm_parse(&a, "1e30"), true}};
    BandTable t = {.cuts = cuts, .n_cuts = 2};
    assert_int_equal(piece_of(&a, &t, "-1e40"), 0);
    assert_int_equal(piece_of(&a, &t, "1e30"), 1);
    assert_int_equal(piece_of(&a, &t, "1000000000000000000000000000000.1"), 2);
    asm_free(&a);
}

static void a_value_too_large_to_round_is_banded_as_it_is(void **state) {
    (void)state;
    Asm a;
    asm_begin(&a);
    Cut cuts[] = {{{16, 1}, false}};
    BandTable t = {.cuts = cuts, .n_cuts = 1, .rounded = true, .decimals = 100};
    Number big = asm_parse(&a, "1e999"), huge, third;
    assert_true(number_mul(&a.arena, big, asm_parse(&a, "1e230"), &huge));
    assert_true(number_div(&a.arena, huge, number_int(3), &third));
    Number rounded;
    assert_false(number_round(&a.arena, third, 100, ROUND_HALF_AWAY, &rounded));
    assert_int_equal(band_piece(&t, third), 1);
    asm_free(&a);
}

enum { MOST_CUTS = 11 };

// Small tables are counted, larger ones searched; both must give the cuts that the value lies
// beyond.
static void every_number_of_cuts_is_placed_alike(void **state) {
    (void)state;
    for (uint32_t n = 0; n <= MOST_CUTS; n++) {
        for (uint32_t sides = 0; sides < 1u << n; sides++) {
            Cut cuts[MOST_CUTS];
            for (uint32_t i = 0; i < n; i++) {
                cuts[i] = (Cut){.at = {(int64_t)i, 1}, .at_goes_left = sides >> i & 1};
            }
            BandTable t = {.cuts = cuts, .n_cuts = n};
            for (int64_t half = -1; half <= 2 * (int64_t)n; half++) {
                uint32_t beyond = 0;
                for (uint32_t i = 0; i < n; i++) {
                    beyond +=
                        half > 2 * (int64_t)i || (half == 2 * (int64_t)i && !cuts[i].at_goes_left);
                }
                assert_int_equal(band_piece(&t, (Number){half, 2}), beyond);
            }
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_edge_belongs_where_its_cut_says),
        cmocka_unit_test(a_quotient_is_banded_exactly),
        cmocka_unit_test(a_single_point_has_a_piece_of_its_own),
        cmocka_unit_test(without_cuts_every_value_is_in_the_one_piece),
        cmocka_unit_test(a_table_may_read_the_value_rounded),
        cmocka_unit_test(big_numbers_are_banded_too),
        cmocka_unit_test(a_value_too_large_to_round_is_banded_as_it_is),
        cmocka_unit_test(every_number_of_cuts_is_placed_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
