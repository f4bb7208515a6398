// SPDX-License-Identifier: Apache-2.0
// What a file says of its findings, and the edits that findings carry.
#include "runtime/base/diag.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/edges/findings.h"

typedef struct Fixture {
    Arena arena;
    DiagList d;
    uint32_t file;
} Fixture;

static const char TEXT[] = "one\ntwo == three\r\nfour “five” six\nseven\n";

static int set_up(void **state) {
    static Fixture fixture;
    fixture = (Fixture){0};
    arena_init(&fixture.arena, 0);
    diag_init(&fixture.d, &fixture.arena);
    fixture.file = diag_file(&fixture.d, STR("a.rag"), str_from(TEXT));
    *state = &fixture;
    return 0;
}

static int tear_down(void **state) {
    Fixture *f = *state;
    arena_fail_after(0);
    arena_free(&f->arena);
    return 0;
}

static Place at(const Fixture *f, uint32_t line, uint32_t column, uint32_t len) {
    return (Place){f->file, line, column, len};
}

static void allow(Fixture *f, DiagCode code, uint32_t line) {
    assert_true(diag_allow(
        &f->d, f->file,
        (Allow){
            .code = code, .line = line, .because = STR("so it is"), .place = at(f, line, 9, 4)}));
}

// ---- allowed, raised, lowered -------------------------------------------------------------------

static void an_allowed_finding_counts_as_no_warning(void **state) {
    Fixture *f = *state;
    allow(f, D_BAND_GAP, 2);
    allow(f, D_MONTH_LIKE_YEARS, 2);
    allow(f, D_BAND_GAP, 4);
    Diag *allowed = diag_add(&f->d, D_BAND_GAP, at(f, 2, 1, 3), "a");
    Diag *other_code = diag_add(&f->d, D_WANTS_IF_KNOWN, at(f, 2, 1, 3), "b");
    Diag *other_line = diag_add(&f->d, D_BAND_GAP, at(f, 3, 1, 3), "c");
    assert_true(str_eq(allowed->because, STR("so it is")));
    assert_int_equal(other_code->because.len, 0);
    assert_int_equal(other_line->because.len, 0);
    assert_int_equal(f->d.n_warnings, 2);
    assert_int_equal(f->d.n_allowed, 1);
}

static void an_error_is_never_allowed(void **state) {
    Fixture *f = *state;
    allow(f, D_BAND_OVERLAP, 2);
    assert_int_equal(diag_add(&f->d, D_BAND_OVERLAP, at(f, 2, 1, 3), "a")->because.len, 0);
    assert_int_equal(f->d.n_errors, 1);
}

static void an_allowance_that_nothing_needs_is_reported(void **state) {
    Fixture *f = *state;
    allow(f, D_BAND_GAP, 2);
    allow(f, D_BAND_GAP, 3);
    allow(f, D_WANTS_IF_KNOWN, 4); // only figures can show whether it is needed
    diag_add(&f->d, D_BAND_GAP, at(f, 2, 1, 3), "a");
    diag_report_unused(&f->d);
    assert_int_equal(f->d.diags.n, 2);
    const Diag *unused = &f->d.diags.v[1];
    assert_int_equal(unused->code, D_ALLOW_UNUSED);
    assert_int_equal(unused->place.line, 3);
}

static void a_file_treats_its_own_findings_alone(void **state) {
    Fixture *f = *state;
    uint32_t other = diag_file(&f->d, STR("b.rag"), (Str){0});
    assert_true(diag_treat(&f->d, f->file, (Treatment){D_BAND_GAP, SEVERITY_ERROR, {0}, {0}}));
    assert_true(
        diag_treat(&f->d, f->file, (Treatment){D_MONTH_LIKE_YEARS, SEVERITY_NOTE, {0}, {0}}));
    assert_true(diag_treat(&f->d, f->file,
                           (Treatment){D_WANTS_IF_KNOWN, SEVERITY_WARNING, STR("no"), {0}}));
    diag_add(&f->d, D_BAND_GAP, at(f, 1, 1, 1), "an error");
    diag_add(&f->d, D_MONTH_LIKE_YEARS, at(f, 1, 1, 1), "a note");
    diag_add(&f->d, D_WANTS_IF_KNOWN, at(f, 1, 1, 1), "ignored");
    diag_add(&f->d, D_BAND_GAP, (Place){other, 1, 1, 1}, "a warning");
    assert_int_equal(f->d.n_errors, 1);
    assert_int_equal(f->d.n_warnings, 1);
    assert_int_equal(f->d.n_allowed, 1);
    assert_non_null(diag_treatment(&f->d, f->file, D_BAND_GAP));
    assert_null(diag_treatment(&f->d, other, D_BAND_GAP));
}

static void what_is_allowed_takes_no_room_from_what_is_shown(void **state) {
    Fixture *f = *state;
    allow(f, D_BAND_GAP, 2);
    for (int i = 0; i < DIAG_MAX_ALLOWED + 10; i++)
        diag_add(&f->d, D_BAND_GAP, at(f, 2, 1, 3), "a");
    for (int i = 0; i < DIAG_MAX_WARNINGS_OF_RULES + 1; i++)
        diag_add(&f->d, D_BAND_GAP, at(f, 3, 1, 3), "b");
    for (int i = 0; i < DIAG_MAX_PER_FILE + 1; i++)
        diag_add(&f->d, D_SYNTAX, at(f, 3, 1, 3), "errors have room of their own");
    assert_int_equal(f->d.diags.n,
                     DIAG_MAX_ALLOWED + DIAG_MAX_WARNINGS_OF_RULES + DIAG_MAX_PER_FILE);
    assert_int_equal(f->d.n_allowed, DIAG_MAX_ALLOWED + 10);
    assert_int_equal(findings_n_dropped(&f->d), 2);
}

static void memory_that_runs_out_takes_no_allowance(void **state) {
    Fixture *f = *state;
    arena_fail_after(1);
    assert_false(diag_allow(&f->d, f->file, (Allow){.code = D_BAND_GAP, .because = STR("x")}));
    arena_fail_after(1);
    assert_false(diag_treat(&f->d, f->file, (Treatment){.code = D_BAND_GAP}));
    arena_fail_after(0);
    Diag *diag = diag_add(&f->d, D_SYNTAX, at(f, 1, 1, 1), "a");
    arena_fail_after(1);
    diag_edit(&f->d, diag, diag->place, STR("text"));
    arena_fail_after(0);
    assert_int_equal(diag->edit.at.line, 0);
}

// ---- edits --------------------------------------------------------------------------------------

static void edit(Fixture *f, DiagCode code, Place place, const char *text) {
    Diag *diag = diag_add(&f->d, code, place, "a");
    diag_edit(&f->d, diag, place, str_from(text));
}

static void assert_mended(const Fixture *f, size_t n, const char *expected) {
    Buf out = {0};
    assert_int_equal(diag_mend(&f->d, f->file, &out), n);
    buf_char(&out, '\0');
    assert_string_equal(out.s, expected);
    buf_free(&out);
}

static void safe_edits_are_applied_in_their_order(void **state) {
    Fixture *f = *state;
    edit(f, D_BAD_CHARACTER, at(f, 3, 6, 10), "\"five\"");
    edit(f, D_BAD_CHARACTER, at(f, 2, 5, 2), "=");
    edit(f, D_BAD_NAME, at(f, 4, 6, 0), "!");
    assert_mended(f, 3, "one\ntwo = three\r\nfour \"five\" six\nseven!\n");
}

static void what_may_change_the_meaning_is_left(void **state) {
    Fixture *f = *state;
    edit(f, D_UNKNOWN_NAME, at(f, 2, 5, 2), "=");
    assert_mended(f, 0, TEXT);
}

static void of_edits_that_meet_the_first_is_applied(void **state) {
    Fixture *f = *state;
    edit(f, D_BAD_NAME, at(f, 2, 1, 6), "A");
    edit(f, D_BAD_NAME, at(f, 2, 5, 2), "B");
    edit(f, D_BAD_NAME, at(f, 2, 8, 5), "C");
    assert_mended(f, 2, "one\nA C\r\nfour “five” six\nseven\n");
}

static void a_byte_order_mark_is_no_column(void **state) {
    (void)state;
    assert_int_equal(diag_offset(STR("\xef\xbb\xbfone\ntwo"), (Place){0, 1, 2, 1}), 4);
    assert_int_equal(diag_offset(STR("\xef\xbb\xbfone\ntwo"), (Place){0, 2, 2, 1}), 8);
    assert_int_equal(diag_offset(STR("one\rtwo\r\nthree"), (Place){0, 3, 1, 1}), 9);
    assert_int_equal(diag_offset(STR("one"), (Place){0, 9, 9, 1}), 3);
}

// ---- for other programs -------------------------------------------------------------------------

static void a_span_counts_characters(void **state) {
    Fixture *f = *state;
    Span s = findings_span(&f->d, at(f, 3, 17, 3)); // behind the quotation marks of three bytes
    assert_int_equal(s.column, 13);
    assert_int_equal(s.end_column, 16);
    assert_int_equal(s.end_line, 3);
}

static void a_span_may_go_over_lines(void **state) {
    Fixture *f = *state;
    Span s = findings_span(&f->d, at(f, 1, 2, 6));
    assert_int_equal(s.line, 1);
    assert_int_equal(s.end_line, 2);
    assert_int_equal(s.end_column, 4);
}

static void a_place_may_be_unknown(void **state) {
    Fixture *f = *state;
    uint32_t data = diag_file(&f->d, STR("a.csv"), (Str){0});
    Span none = findings_span(&f->d, (Place){.file = PLACE_NO_FILE});
    Span line = findings_span(&f->d, (Place){data, 7, 0, 0});
    assert_int_equal(none.path.len, 0);
    assert_int_equal(line.line, 7);
    assert_int_equal(line.column, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_allowed_finding_counts_as_no_warning, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_error_is_never_allowed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_allowance_that_nothing_needs_is_reported, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_file_treats_its_own_findings_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_allowed_takes_no_room_from_what_is_shown, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(memory_that_runs_out_takes_no_allowance, set_up, tear_down),
        cmocka_unit_test_setup_teardown(safe_edits_are_applied_in_their_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_may_change_the_meaning_is_left, set_up, tear_down),
        cmocka_unit_test_setup_teardown(of_edits_that_meet_the_first_is_applied, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_byte_order_mark_is_no_column, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_span_counts_characters, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_span_may_go_over_lines, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_place_may_be_unknown, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
