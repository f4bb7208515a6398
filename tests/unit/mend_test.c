// SPDX-License-Identifier: Apache-2.0
#include "lang/mend.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    DiagCode code;
    const char *text, *meant; // NULL: several readings, or none
} cases[] = {
    {D_BAD_CHARACTER, "==", "="},
    {D_BAD_CHARACTER, "=<", "<="},
    {D_BAD_CHARACTER, "=>", NULL}, // `->` or `>=`
    {D_BAD_CHARACTER, "&&", "and"},
    {D_BAD_CHARACTER, "\u201chigh\u201d", "\"high\""},
    {D_BAD_CHARACTER, "\u2018it is\u2019", "\"it is\""},
    {D_BAD_CHARACTER, "\u201c\u201d", "\"\""},
    {D_BAD_CHARACTER, "\u201c", NULL},
    {D_BAD_CHARACTER, "\u2026\u2026", NULL},
    {D_BAD_CHARACTER, "@", NULL},
    {D_BAD_NUMBER, "1,234", "1234"},
    {D_BAD_NUMBER, "12,345,678.9", "12345678.9"},
    {D_BAD_NUMBER, ".5", "0.5"},
    {D_BAD_NUMBER, "5.", NULL}, // a digit may have been forgotten
    {D_BAD_NUMBER, "5pp", "5 points"},
    {D_BAD_NUMBER, "2.5ppts", "2.5 points"},
    {D_BAD_NUMBER, "5days", "5 days"},
    {D_BAD_NUMBER, "5dys", NULL},
    {D_BAD_NUMBER, "5_000", NULL},
    {D_BAD_NUMBER, "1e5", "100000"},
    {D_BAD_NUMBER, "1.25E+3", "1250"},
    {D_BAD_NUMBER, "1.25e1", NULL},
    {D_BAD_NUMBER, "1e-3", NULL},
    {D_BAD_NUMBER, "1e99", NULL},
    {D_BAD_NUMBER, "1e99999999999999999999999", NULL},
    {D_BAD_NUMBER, "1e5x", NULL},
    {D_BAD_PERIOD, "31/05/2023", "2023-05-31"},
    {D_BAD_PERIOD, "31/5/2023", "2023-05-31"},
    {D_BAD_PERIOD, "05/06/2023", NULL}, // the fifth of June, or the sixth of May
    {D_BAD_PERIOD, "05/31/2023", NULL},
    {D_BAD_PERIOD, "32/05/2023", NULL},
    {D_BAD_PERIOD, "31/13/2023", NULL},
    {D_BAD_PERIOD, "31/05/23", NULL},
    {D_BAD_PERIOD, "1/4/23", NULL},
    {D_BAD_PERIOD, "2023-q2", "2023-Q2"},
    {D_BAD_PERIOD, "2023-24", NULL}, // a financial year, or an academic one
    {D_BAD_PERIOD, "2023/24", NULL},
    {D_BAD_NAME, "Good", "good"},
    {D_BAD_NAME, "RAG", "rag"},
    {D_BAD_NAME, "ReReferrals", "re_referrals"},
    {D_BAD_NAME, "Re_Referrals2", "re_referrals2"},
    {D_BAD_NAME, "FY2023", NULL}, // a period without its second year
    {D_OPEN_QUOTE, "\"open", NULL},
};

static void what_has_one_reading_is_mended_and_nothing_else(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Buf out = {0};
        bool mended = mend_token(cases[i].code, str_from(cases[i].text), false, &out);
        Str expected = cases[i].meant ? str_from(cases[i].meant) : (Str){0};
        if (mended != (cases[i].meant != NULL) || (mended && !str_eq(buf_str(&out), expected)))
            fail_msg("%s: `%.*s`", cases[i].text, STR_ARG(buf_str(&out)));
        buf_free(&out);
    }
}

static void a_comma_in_brackets_may_separate_arguments(void **state) {
    (void)state;
    Buf out = {0};
    assert_false(mend_token(D_BAD_NUMBER, STR("1,234"), true, &out));
    assert_true(mend_token(D_BAD_NUMBER, STR(".5"), true, &out));
    buf_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_has_one_reading_is_mended_and_nothing_else),
        cmocka_unit_test(a_comma_in_brackets_may_separate_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
