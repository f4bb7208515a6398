// SPDX-License-Identifier: Apache-2.0
// Overrides: which row has which, what stays of the computed status, and what is said of those that
// match nothing.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/edges/overrides.h"
#include "tests/unit/judged_fixture.h"

#define RULES                                                                                      \
    RAG "metric m percent\n"                                                                       \
        "kpi m\n  good is high\n  status rag\n    green when value >= 85\n    red otherwise\n"     \
        "  end\nend\n"
#define RAG "scale rag\n  red\n  amber\n  green\nend\n"
#define OVERRIDE(level, entity, periods)                                                           \
    "override m is " level "\n  entity \"" entity "\"\n  " periods                                 \
    "\n  by \"board\"\n  because \"why\"\nend\n"

static void begin(Judged *j, const char *rules) {
    judged_begin(j, rules);
    judged_put(j, "m", "A", "2023-01", "90");
    judged_put(j, "m", "A", "2023-02", "91");
    judged_put(j, "m", "A", "2023-03", "92");
}

static bool check(Judged *j) {
    bool matched = false;
    assert_true(store_finish(&j->store));
    assert_true(overrides_check(&j->r.program, &j->store, &j->r.diags, &matched));
    return matched;
}

static void the_computed_status_stays_beside_the_given_one(void **state) {
    (void)state;
    Judged j;
    begin(&j, RULES OVERRIDE("amber", "A", "from 2023-02 to 2023-03"));
    assert_true(check(&j));
    assert_int_equal(j.r.diags.diags.n, 0);
    const Kpi *k = &j.r.program.kpis[0];
    const Lane lanes[] = {{.entity = 0, .period = read_period("2023-01")},
                          {.entity = 0, .period = read_period("2023-02")},
                          {.entity = 0, .period = read_period("2023-03")},
                          {.entity = 0, .period = read_period("2023-04")}};
    assert_true(vm_run(&j.vm, &k->fn, lanes, 4, NULL));
    const uint8_t final[] = {2, 1, 1, LEVEL_NO_DATA}, computed[] = {2, 2, 2, LEVEL_NO_DATA};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(vm_status(&j.vm, k->status, i).level, final[i]);
        assert_int_equal(vm_status(&j.vm, kpi_computed(k), i).level, computed[i]);
        assert_int_equal(explain_override(&j.vm, k, i) != NULL, final[i] == 1);
    }
    judged_end(&j);
}

static void an_override_stands_over_no_data(void **state) {
    (void)state;
    Judged j;
    begin(&j, RULES OVERRIDE("red", "A", "period 2023-04"));
    const Kpi *k = &j.r.program.kpis[0];
    const Lane lane = {.entity = 0, .period = read_period("2023-04")};
    assert_true(store_finish(&j.store));
    assert_true(vm_run(&j.vm, &k->fn, &lane, 1, NULL));
    StatusLane s = vm_status(&j.vm, k->status, 0);
    assert_int_equal(s.level, 0);
    assert_int_equal(s.why, 0);
    assert_int_equal(vm_status(&j.vm, k->computed, 0).why, WHY(REASON_NO_ROW));
    judged_end(&j);
}

static void rules_have_one_fingerprint_whoever_overrides(void **state) {
    (void)state;
    Judged plain, one, other;
    judged_begin(&plain, RULES);
    judged_begin(&one, RULES OVERRIDE("amber", "A", "period 2023-01"));
    judged_begin(&other, RULES OVERRIDE("red", "A", "period 2023-01"));
    assert_string_equal(plain.r.program.hash, one.r.program.hash);
    assert_string_equal(plain.r.program.hash, other.r.program.hash);
    assert_string_equal(plain.r.program.overrides_hash, "");
    assert_string_not_equal(one.r.program.overrides_hash, other.r.program.overrides_hash);
    judged_end(&plain);
    judged_end(&one);
    judged_end(&other);
}

// A status taken from another that is overridden has that override's register among its own, and a
// status by period and a chart have registers behind it.
static void a_chain_of_overrides_leaves_the_fingerprint(void **state) {
    (void)state;
    static const char rules[] =
        RAG "metric m percent\nmetric n percent\n"
            "kpi base\n  value m\n  good is high\n  status rag, valid from 2023\n"
            "    green when improving for 2 periods\n    red otherwise\n  end\nend\n"
            "kpi middle\n  value n\n  good is high\n  target 85\n  compare c = m\n"
            "  status from base\nend\n"
            "kpi top\n  value m + n\n  good is high\n  status from middle\nend\n"
            "kpi beside\n  value n\n  good is high\n  status rag\n"
            "    green when at least 5 points better than m\n    red otherwise\n  end\nend\n"
            "group g\n  member top, beside\n  no data is left out\n  status rag from worst\nend\n";
    static const char *const overridden[] = {"base", "middle", "top", "beside"};
    Judged j;
    judged_begin(&j, rules);
    char alone[65];
    memcpy(alone, j.r.program.hash, sizeof alone);
    judged_end(&j);
    for (unsigned set = 1; set < 16; set++) {
        Buf text = {0};
        buf_puts(&text, rules);
        for (size_t i = 0; i < COUNT(overridden); i++)
            if (set >> i & 1)
                buf_printf(&text,
                           "override %s is amber\n  entity \"X\"\n  period 2023-05\n  by \"B\"\n"
                           "  because \"r\"\nend\n",
                           overridden[i]);
        buf_char(&text, '\0');
        judged_begin(&j, text.s);
        assert_string_equal(j.r.program.hash, alone);
        assert_int_equal(strlen(j.r.program.overrides_hash), 64);
        judged_end(&j);
        buf_free(&text);
    }
}

static void expect(const char *override, DiagCode code, bool matches) {
    Judged j;
    Buf rules = {0};
    buf_puts(&rules, RULES);
    buf_puts(&rules, override);
    buf_char(&rules, '\0');
    begin(&j, rules.s);
    assert_int_equal(check(&j), matches);
    assert_int_equal(j.r.diags.diags.n, 1);
    assert_int_equal(j.r.diags.diags.v[0].code, code);
    judged_end(&j);
    buf_free(&rules);
}

static void expiry_is_by_reported_period(void **state) {
    (void)state;
    expect(OVERRIDE("amber", "A", "from 2022-01 to 2022-12"), D_OVERRIDE_EXPIRED, false);
    expect(OVERRIDE("amber", "A", "from 2022-01 to 2023-01"), D_OVERRIDE_ENDED, true);
    expect(OVERRIDE("amber", "A", "period 2023-04"), D_OVERRIDE_NO_ROW, false);
    expect(OVERRIDE("amber", "A", "period 2023-Q1"), D_OVERRIDE_NO_ROW, false);
    expect(OVERRIDE("amber", "a", "period 2023-03"), D_OVERRIDE_NO_ENTITY, false);
    expect(OVERRIDE("green", "A", "from 2023-01 to 2023-03"), D_OVERRIDE_NEEDLESS, true);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_computed_status_stays_beside_the_given_one),
        cmocka_unit_test(an_override_stands_over_no_data),
        cmocka_unit_test(a_chain_of_overrides_leaves_the_fingerprint),
        cmocka_unit_test(rules_have_one_fingerprint_whoever_overrides),
        cmocka_unit_test(expiry_is_by_reported_period),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
