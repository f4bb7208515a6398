// SPDX-License-Identifier: Apache-2.0
// Unified diffs: their form, and that they lead from one text to the other.
#include "tests/unit/lang_fixture.h"
#include "tests/unit/random.h"

#include "runtime/base/diff.h"

static void assert_diff(const char *before, const char *after, const char *expected) {
    Arena a;
    Buf out = {0};
    arena_init(&a, 0);
    assert_true(diff_unified(&a, &out, STR("f"), str_from(before), str_from(after)));
    assert_str_of(before, buf_str(&out), expected);
    buf_free(&out);
    arena_free(&a);
}

static void a_change_is_shown_with_three_lines_round_it(void **state) {
    (void)state;
    assert_diff("a\n", "a\n", "");
    assert_diff("a\n", "b\n", "--- f\n+++ f\n@@ -1 +1 @@\n-a\n+b\n");
    assert_diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n6\n7\n8\n9\n",
                "--- f\n+++ f\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n");
    assert_diff("1\n2\n", "1\nx\n2\n", "--- f\n+++ f\n@@ -1,2 +1,3 @@\n 1\n+x\n 2\n");
    assert_diff("", "x\n", "--- f\n+++ f\n@@ -0,0 +1 @@\n+x\n");
    assert_diff("x\n", "", "--- f\n+++ f\n@@ -1 +0,0 @@\n-x\n");
}

static void changes_that_are_close_share_a_hunk(void **state) {
    (void)state;
    assert_diff("a\n1\n2\n3\n4\n5\n6\nb\n", "A\n1\n2\n3\n4\n5\n6\nB\n",
                "--- f\n+++ f\n@@ -1,8 +1,8 @@\n-a\n+A\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n+B\n");
    assert_diff(
        "a\n1\n2\n3\n4\n5\n6\n7\nb\n", "A\n1\n2\n3\n4\n5\n6\n7\nB\n",
        "--- f\n+++ f\n@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-b\n+B\n");
}

static void a_missing_last_newline_is_shown(void **state) {
    (void)state;
    assert_diff("a", "a\n", "--- f\n+++ f\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n");
}

// ---- what a diff leads to -----------------------------------------------------------------------

static Str next_line(Str *rest) {
    size_t end = str_find(*rest, '\n');
    end += end < rest->len;
    Str line = str_slice(*rest, 0, end);
    *rest = str_slice(*rest, end, rest->len);
    return line;
}

// Applies [diff] to [before] as `patch` does: every line that it keeps or takes must be there.
static void apply(Buf *out, Str before, Str diff) {
    size_t line = 1;
    next_line(&diff);
    next_line(&diff);
    while (diff.len > 0) {
        Str text = next_line(&diff);
        if (text.s[0] == '@') {
            unsigned from = 0, n = 1;
            assert_true(sscanf(text.s, "@@ -%u,%u", &from, &n) >= 1);
            from += strncmp(text.s + strcspn(text.s, ", "), ",0", 2) == 0;
            for (; line < from; line++)
                buf_put(out, next_line(&before));
            continue;
        }
        Str rest = str_slice(text, 1, text.len);
        if (text.s[0] != '+') {
            assert_true(str_eq(next_line(&before), rest));
            line++;
        }
        if (text.s[0] != '-')
            buf_put(out, rest);
    }
    buf_put(out, before);
}

// A text of lines of one letter, or what a few random changes make of another.
static void make_text(Random *r, Buf *out, Str like) {
    uint32_t n = below(r, 40);
    for (uint32_t i = 0; like.len == 0 && i < n; i++)
        buf_printf(out, "%c\n", 'a' + (int)below(r, 4));
    for (size_t i = 0; i + 1 < like.len; i += 2) {
        if (one_in(r, 6))
            buf_printf(out, "%c\n", 'a' + (int)below(r, 6));
        if (!one_in(r, 6))
            buf_put(out, str_slice(like, i, i + 2));
    }
}

static void a_diff_leads_to_the_other_text(void **state) {
    (void)state;
    Random r = {20240501};
    for (int i = 0; i < 5000; i++) {
        Arena a;
        Buf before = {0}, after = {0}, diff = {0}, applied = {0};
        arena_init(&a, 0);
        make_text(&r, &before, (Str){0});
        make_text(&r, &after, one_in(&r, 3) ? (Str){0} : buf_str(&before));
        assert_true(diff_unified(&a, &diff, STR("f"), buf_str(&before), buf_str(&after)));
        buf_char(&diff, '\0'); // for sscanf
        if (diff.len > 1)
            apply(&applied, buf_str(&before), str_slice(buf_str(&diff), 0, diff.len - 1));
        else
            buf_put(&applied, buf_str(&before));
        if (!str_eq(buf_str(&applied), buf_str(&after)))
            fail_msg("%.*s\n----\n%.*s\n----\n%.*s", STR_ARG(buf_str(&before)),
                     STR_ARG(buf_str(&after)), STR_ARG(buf_str(&diff)));
        buf_free(&applied);
        buf_free(&diff);
        buf_free(&after);
        buf_free(&before);
        arena_free(&a);
    }
}

// The number of lines that a diff takes and adds.
static size_t count_changes(Str before, Str after) {
    Arena a;
    Buf diff = {0};
    size_t n = 0;
    arena_init(&a, 0);
    assert_true(diff_unified(&a, &diff, STR("f"), before, after));
    for (Str rest = buf_str(&diff); rest.len > 0;) {
        Str line = next_line(&rest);
        n += line.s[0] == '+' || line.s[0] == '-';
    }
    buf_free(&diff);
    arena_free(&a);
    return n - 2; // the head
}

static void the_fewest_changes_are_found_up_to_the_limit(void **state) {
    (void)state;
    assert_int_equal(count_changes(STR("a\nb\nc\na\nb\nb\na\n"), STR("c\nb\na\nb\na\nc\n")), 5);
    Rules r;
    rules_begin(&r);
    enum { N = DIFF_MAX_CHANGES / 2 };
    Str before = repeated(&r, "", "x\na\n", N, ""), after = repeated(&r, "", "x\nb\n", N, "");
    assert_int_equal(count_changes(before, after), DIFF_MAX_CHANGES);
    before = repeated(&r, "", "x\na\n", N + 1, "");
    after = repeated(&r, "", "x\nb\n", N + 1, "");
    // The first x is in common; all else is one change.
    assert_int_equal(count_changes(before, after), 2 * (2 * (N + 1) - 1));
    rules_end(&r);
}

static void memory_that_runs_out_is_an_answer(void **state) {
    (void)state;
    bool done = false;
    size_t n = 0;
    while (!done && n++ < 100) {
        Arena a;
        Buf out = {0};
        arena_init(&a, 0);
        arena_fail_after(n);
        done = diff_unified(&a, &out, STR("f"), STR("a\nb\nc\n"), STR("a\nx\nc\ny\n"));
        arena_fail_after(0);
        assert_true(done || a.failed);
        buf_free(&out);
        arena_free(&a);
    }
    assert_true(done);
    assert_true(n > 4);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_is_shown_with_three_lines_round_it),
        cmocka_unit_test(changes_that_are_close_share_a_hunk),
        cmocka_unit_test(a_missing_last_newline_is_shown),
        cmocka_unit_test(a_diff_leads_to_the_other_text),
        cmocka_unit_test(the_fewest_changes_are_found_up_to_the_limit),
        cmocka_unit_test(memory_that_runs_out_is_an_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
