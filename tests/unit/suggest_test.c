// SPDX-License-Identifier: Apache-2.0
// "Did you mean": which word is near enough.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/base/suggest.h"

static const char *nearest(const char *word, const char *const *candidates) {
    Suggestion s = suggest_for(str_from(word));
    const char *best = "";
    for (; *candidates; candidates++) {
        suggest_consider(&s, str_from(*candidates));
        if (s.best.len > 0 && s.best.s == *candidates)
            best = *candidates;
    }
    return best;
}

static void a_typing_error_finds_its_word(void **state) {
    (void)state;
    static const char *const words[] = {"good", "outstanding", "requires_improvement", "kpi", NULL};
    static const struct {
        const char *word, *best;
    } cases[] = {
        {"goood", "good"},
        {"god", "good"},
        {"godo", "good"},
        {"goof", "good"},
        {"outstandign", "outstanding"},
        {"otustnading", "outstanding"},
        {"require_improvment", "requires_improvement"},
        {"kip", "kpi"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(nearest(cases[i].word, words), cases[i].best);
}

static void a_third_of_the_letters_may_be_wrong_and_no_more(void **state) {
    (void)state;
    static const char *const six[] = {"abcdef", NULL}, *const nine[] = {"abcdefghi", NULL};
    assert_string_equal(nearest("abcdxy", six), "abcdef"); // two of six
    assert_string_equal(nearest("abcxyz", six), "");
    assert_string_equal(nearest("abcdefxyz", nine), "abcdefghi"); // three of nine
    assert_string_equal(nearest("abcdewxyz", nine), "");
    static const char *const two[] = {"at", NULL};
    assert_string_equal(nearest("ab", two), "at"); // always one
    assert_string_equal(nearest("xb", two), "");
}

static void the_word_itself_and_its_like_in_nothing_are_no_suggestion(void **state) {
    (void)state;
    static const char *const words[] = {"good", "a", NULL};
    assert_string_equal(nearest("good", words), "");
    assert_string_equal(nearest("b", words), ""); // all of its letters would be wrong
    assert_string_equal(nearest("", words), "");
}

static void the_nearest_wins_and_of_equals_the_first(void **state) {
    (void)state;
    static const char *const words[] = {"rating", "rate_one", "rated", "rates", NULL};
    assert_string_equal(nearest("ratex", words), "rated");
    static const char *const far_first[] = {"referals_x", "referrals", NULL};
    assert_string_equal(nearest("referals", far_first), "referrals");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_typing_error_finds_its_word),
        cmocka_unit_test(a_third_of_the_letters_may_be_wrong_and_no_more),
        cmocka_unit_test(the_word_itself_and_its_like_in_nothing_are_no_suggestion),
        cmocka_unit_test(the_nearest_wins_and_of_equals_the_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
