// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/diag.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

typedef struct Fixture {
    Arena arena;
    DiagList d;
    Buf out;
} Fixture;

static int set_up(void **state) {
    static Fixture fixture;
    fixture = (Fixture){0};
    arena_init(&fixture.arena, 0);
    diag_init(&fixture.d, &fixture.arena);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state) {
    Fixture *f = *state;
    arena_fail_after(0);
    buf_free(&f->out);
    arena_free(&f->arena);
    return 0;
}

static void assert_printed(Fixture *f, const Diag *diag, bool colour, const char *expected) {
    buf_free(&f->out);
    diag_print(&f->out, &f->d, diag, colour);
    buf_char(&f->out, '\0');
    assert_false(f->out.failed);
    assert_string_equal(f->out.s, expected);
}

// ---- the table ----------------------------------------------------------------------------------

static void every_code_is_of_its_own_and_every_page_complete(void **state) {
    Fixture *f = *state;
    for (unsigned i = 0; i < N_DIAG_CODES; i++) {
        DiagCode code = (DiagCode)i;
        Str text = str_from(diag_code_text(code));
        assert_int_equal(text.len, 4);
        assert_int_equal(text.s[0], 'B');
        assert_int_equal(strspn(text.s + 1, "0123456789"), 3);
        assert_int_equal(diag_find(text), i); // a code that stands twice would find the first
        assert_true(strlen(diag_title(code)) > 0);
        assert_true(strlen(diag_cause(code)) > 0);
        assert_true(strlen(diag_fix(code)) > 0);
        buf_free(&f->out);
        diag_page(&f->out, code, true);
        assert_true(str_starts(buf_str(&f->out), STR("## B")));
    }
}

static void codes_are_found_in_any_case(void **state) {
    (void)state;
    assert_int_equal(diag_find(STR("b001")), D_SYNTAX);
    assert_int_equal(diag_find(STR("B901")), D_NO_MEMORY);
    assert_int_equal(diag_find(STR("B0011")), N_DIAG_CODES);
    assert_int_equal(diag_find(STR("B00")), N_DIAG_CODES);
    assert_int_equal(diag_find((Str){0}), N_DIAG_CODES);
}

static void a_page_names_code_title_cause_and_fix_in_lines_of_80_columns(void **state) {
    Fixture *f = *state;
    for (unsigned i = 0; i < N_DIAG_CODES; i++) {
        buf_free(&f->out);
        diag_page(&f->out, (DiagCode)i, false);
        Str page = buf_str(&f->out);
        assert_true(str_starts(page, str_from(diag_code_text((DiagCode)i))));
        bool first = true; // the title is not wrapped
        while (page.len > 0) {
            Str line = str_slice(page, 0, str_find(page, '\n'));
            page = str_slice(page, line.len + 1, page.len);
            assert_true(first || str_starts(line, STR("    ")) || str_width(line) <= 80);
            first = false;
        }
    }
}

// ---- collecting ---------------------------------------------------------------------------------

static void counts_follow_the_table_and_messages_are_formatted(void **state) {
    Fixture *f = *state;
    uint32_t file = diag_file(&f->d, STR("a.rag"), STR("text"));
    Diag *diag = diag_add(&f->d, D_SYNTAX, (Place){file, 1, 1, 4}, "`%s` has %d", "x", 3);
    assert_true(str_eq(diag->message, STR("`x` has 3")));
    assert_int_equal(diag->severity, diag_severity(D_SYNTAX));
    assert_int_equal(f->d.n_errors, 1);
    assert_int_equal(f->d.n_warnings, 0);
    assert_ptr_equal(diag, &f->d.diags.v[0]);
}

static void further_findings_of_a_file_are_counted_not_kept(void **state) {
    Fixture *f = *state;
    uint32_t a = diag_file(&f->d, STR("a.rag"), (Str){0});
    uint32_t b = diag_file(&f->d, STR("b.rag"), (Str){0});
    for (uint32_t i = 1; i <= 50; i++) {
        Diag *diag = diag_add(&f->d, D_SYNTAX, (Place){a, i, 1, 0}, "finding %u", (unsigned)i);
        diag->hint = STR("a hint may be set in any case");
    }
    diag_add(&f->d, D_SYNTAX, (Place){b, 1, 1, 0}, "another file");
    for (int i = 0; i < 50; i++) {
        diag_add(&f->d, D_CANNOT_READ, (Place){.file = PLACE_NO_FILE}, "no place");
    }
    assert_int_equal(f->d.diags.n, 2 * DIAG_MAX_PER_FILE + 1);
    assert_int_equal(f->d.files.v[a].n_kept, DIAG_MAX_PER_FILE);
    assert_int_equal(f->d.files.v[a].n_dropped, 50 - DIAG_MAX_PER_FILE);
    assert_int_equal(f->d.files.v[b].n_dropped, 0);
    assert_int_equal(f->d.placeless.n_dropped, 50 - DIAG_MAX_PER_FILE);
    assert_int_equal(f->d.n_errors, 101);
}

static void an_error_takes_the_place_of_a_warning_when_a_file_is_full(void **state) {
    Fixture *f = *state;
    uint32_t file = diag_file(&f->d, STR("a.rag"), (Str){0});
    DiagCode warning = N_DIAG_CODES;
    for (unsigned i = 0; i < N_DIAG_CODES; i++) {
        warning = diag_severity((DiagCode)i) == SEVERITY_WARNING ? (DiagCode)i : warning;
    }
    assert_true(warning != N_DIAG_CODES);
    for (uint32_t i = 1; i <= DIAG_MAX_PER_FILE; i++) {
        diag_add(&f->d, warning, (Place){file, i, 1, 0}, "warning");
    }
    diag_add(&f->d, D_SYNTAX, (Place){file, 99, 1, 0}, "error");
    assert_int_equal(f->d.diags.n, DIAG_MAX_PER_FILE);
    assert_int_equal(f->d.n_warnings, DIAG_MAX_PER_FILE);
    assert_int_equal(f->d.n_errors, 1);
    const Diag *last = &f->d.diags.v[DIAG_MAX_PER_FILE - 1];
    assert_int_equal(last->code, D_SYNTAX);
    assert_int_equal(last->place.line, 99);
    assert_true(str_eq(last->message, STR("error")));
}

static void findings_are_ordered_by_file_line_and_column(void **state) {
    Fixture *f = *state;
    uint32_t a = diag_file(&f->d, STR("a"), (Str){0});
    uint32_t b = diag_file(&f->d, STR("b"), (Str){0});
    const Place places[] = {
        {b, 1, 1, 0}, {PLACE_NO_FILE, 0, 0, 0}, {a, 2, 5, 0}, {a, 2, 3, 0}, {a, 1, 9, 0},
    };
    for (size_t i = 0; i < 5; i++) {
        diag_add(&f->d, D_SYNTAX, places[i], "x");
    }
    diag_sort(&f->d);
    const size_t order[] = {4, 3, 2, 0, 1};
    for (size_t i = 0; i < 5; i++) {
        assert_memory_equal(&f->d.diags.v[i].place, &places[order[i]], sizeof(Place));
    }
}

// ---- memory is gone -----------------------------------------------------------------------------

static void without_memory_there_is_one_finding_that_says_so(void **state) {
    Fixture *f = *state;
    f->arena.limit = 1; // nothing fits any more
    assert_int_equal(diag_file(&f->d, STR("a.rag"), (Str){0}), PLACE_NO_FILE);
    Diag *diag = diag_add(&f->d, D_SYNTAX, (Place){.file = PLACE_NO_FILE}, "lost");
    diag->hint = STR("harmless");
    diag_add(&f->d, D_NO_MEMORY, (Place){.file = PLACE_NO_FILE}, "again");
    assert_int_equal(f->d.diags.n, 1);
    assert_int_equal(f->d.diags.v[0].code, D_NO_MEMORY);
    assert_int_equal(f->d.diags.v[0].hint.len, 0);
    assert_printed(f, &f->d.diags.v[0], false, "error B901: Memory ran out\n");
    assert_int_equal(f->d.n_errors, 2); // the lost one and this
    f->arena.limit = 0;
    diag_add(&f->d, D_SYNTAX, (Place){.file = PLACE_NO_FILE}, "memory is back");
    assert_int_equal(f->d.diags.n, 2);
    assert_int_equal(f->d.diags.v[0].code, D_NO_MEMORY);
}

static void when_the_list_cannot_grow_the_newest_finding_gives_way(void **state) {
    Fixture *f = *state;
    do {
        diag_add(&f->d, D_SYNTAX, (Place){.file = PLACE_NO_FILE}, "x");
    } while (f->d.diags.n < 2 || f->d.diags.n < f->d.diags.cap);
    size_t full = f->d.diags.n;
    f->arena.limit = 1;
    f->arena.n_bytes = 1;
    diag_add(&f->d, D_SYNTAX, (Place){.file = PLACE_NO_FILE}, "lost");
    assert_int_equal(f->d.diags.n, full);
    assert_int_equal(f->d.diags.v[full - 1].code, D_NO_MEMORY);
    assert_int_equal(f->d.diags.v[full - 2].code, D_SYNTAX);
}

static void a_message_that_does_not_fit_is_replaced_by_the_title(void **state) {
    Fixture *f = *state;
    while (f->d.diags.n == f->d.diags.cap)
        diag_add(&f->d, D_SYNTAX, (Place){.file = PLACE_NO_FILE}, "x");
    arena_fail_after(1); // the list has room, so this is the message's
    Diag *diag = diag_add(&f->d, D_SYNTAX, (Place){.file = PLACE_NO_FILE}, "%d", 3);
    assert_string_equal(diag->message.s, diag_title(D_SYNTAX));
}

// ---- printing -----------------------------------------------------------------------------------

static void a_finding_shows_its_line_with_a_caret_the_other_line_and_the_hint(void **state) {
    Fixture *f = *state;
    uint32_t file = diag_file(&f->d, STR("rules.rag"), STR("kpi x\n\tgood is hgih\nend\n"));
    Diag *diag = diag_add(&f->d, D_SYNTAX, (Place){file, 2, 10, 4}, "`hgih` is unknown");
    diag->hint = STR("write `high`");
    diag->other = (Place){file, 1, 1, 5};
    diag->note = STR("the KPI begins here");
    assert_printed(f, diag, false,
                   "rules.rag:2:10: error B001: `hgih` is unknown\n"
                   "    2 |     good is hgih\n"
                   "      |             ^~~~\n"
                   "rules.rag:1:1: note: the KPI begins here\n"
                   "    1 | kpi x\n"
                   "      | ^~~~~\n"
                   "  hint: write `high`\n");
}

static void the_caret_stands_under_the_place_behind_wide_and_broken_text(void **state) {
    Fixture *f = *state;
    uint32_t file = diag_file(&f->d, STR("w.rag"),
                              STR("\xE6\x97\xA5\xE6\x9C\xAC x\n" // wide: two columns each
                                  "e\xCC\x81 x\n"                // a combining accent
                                  "\xFF\x1B x\n"                 // broken, and an escape
                                  "caf\xC3\xA9 caf\xC3\xA9 x\n"));
    assert_printed(f, diag_add(&f->d, D_SYNTAX, (Place){file, 1, 8, 1}, "m"), false,
                   "w.rag:1:8: error B001: m\n    1 | \xE6\x97\xA5\xE6\x9C\xAC x\n"
                   "      |      ^\n");
    assert_printed(f, diag_add(&f->d, D_SYNTAX, (Place){file, 2, 5, 1}, "m"), false,
                   "w.rag:2:5: error B001: m\n    2 | e\xCC\x81 x\n      |   ^\n");
    assert_printed(f, diag_add(&f->d, D_SYNTAX, (Place){file, 3, 4, 1}, "m"), false,
                   "w.rag:3:4: error B001: m\n    3 | ?? x\n      |    ^\n");
    assert_printed(f, diag_add(&f->d, D_SYNTAX, (Place){file, 4, 7, 5}, "m"), false,
                   "w.rag:4:7: error B001: m\n    4 | caf\xC3\xA9 caf\xC3\xA9 x\n"
                   "      |      ^~~~\n");
}

static void lines_end_as_in_the_lexer(void **state) {
    Fixture *f = *state;
    uint32_t file = diag_file(&f->d, STR("l.rag"), STR("one\r\ntwo\rthree\n\nfive"));
    static const char *const lines[] = {"one", "two", "three", "", "five", "", ""};
    for (uint32_t i = 0; i < 7; i++) {
        buf_free(&f->out);
        Buf expected = {0};
        buf_printf(&expected, "l.rag:%u:1: error B001: m\n    %u | %s\n      | ^\n", i + 1, i + 1,
                   lines[i]);
        buf_char(&expected, '\0');
        assert_printed(f, diag_add(&f->d, D_SYNTAX, (Place){file, i + 1, 1, 0}, "m"), false,
                       expected.s);
        buf_free(&expected);
    }
}

static void a_long_line_is_cut_round_the_place(void **state) {
    Fixture *f = *state;
    char text[1001];
    for (size_t at = 1; at <= 1001; at += 50) {
        memset(text, '.', sizeof text);
        text[at < 1001 ? at - 1 : 0] = 'X';
        diag_init(&f->d, &f->arena);
        uint32_t file = diag_file(&f->d, STR("long.rag"), (Str){text, 1000});
        Diag *diag = diag_add(&f->d, D_SYNTAX, (Place){file, 1, (uint32_t)at, 700}, "m");
        buf_free(&f->out);
        diag_print(&f->out, &f->d, diag, false);
        Str rest = buf_str(&f->out);
        rest = str_slice(rest, str_find(rest, '\n') + 1, rest.len);
        Str shown = str_slice(rest, 0, str_find(rest, '\n'));
        Str carets = str_slice(rest, shown.len + 1, rest.len - 1);
        assert_true(str_width(shown) <= 8 + DIAG_EXCERPT_COLUMNS + 2);
        assert_true(str_width(carets) <= str_width(shown) + (at > 1000));
        if (at < 1001) { // beyond the last character there is none to stand under
            size_t caret = str_width(str_slice(carets, 0, str_find(carets, '^')));
            assert_int_equal(str_width(str_slice(shown, 0, str_find(shown, 'X'))), caret);
        }
    }
}

static void what_is_not_known_of_a_place_is_left_out(void **state) {
    Fixture *f = *state;
    uint32_t rules = diag_file(&f->d, STR("r.rag"), STR("kpi x"));
    uint32_t data = diag_file(&f->d, STR("d.csv"), (Str){0});
    assert_printed(f, diag_add(&f->d, D_SYNTAX, (Place){rules, 1, 0, 0}, "m"), false,
                   "r.rag:1: error B001: m\n    1 | kpi x\n");
    assert_printed(f, diag_add(&f->d, D_SYNTAX, (Place){rules, 0, 0, 0}, "m"), false,
                   "r.rag: error B001: m\n");
    assert_printed(f, diag_add(&f->d, D_SYNTAX, (Place){data, 7, 3, 2}, "m"), false,
                   "d.csv:7:3: error B001: m\n");
    assert_printed(f, diag_add(&f->d, D_SYNTAX, (Place){PLACE_NO_FILE, 7, 3, 2}, "m"), false,
                   "error B001: m\n");
    assert_printed(f, diag_add(&f->d, D_SYNTAX, (Place){rules, 1, UINT32_MAX, UINT32_MAX}, "m"),
                   false, "r.rag:1:4294967295: error B001: m\n    1 | kpi x\n      |      ^\n");
}

static void colours_are_written_on_demand_and_switched_off_again(void **state) {
    Fixture *f = *state;
    uint32_t file = diag_file(&f->d, STR("r.rag"), STR("kpi x"));
    assert_printed(f, diag_add(&f->d, D_SYNTAX, (Place){file, 1, 5, 1}, "m"), true,
                   "\x1b[1mr.rag:1:5: \x1b[0m\x1b[1;31merror B001:\x1b[0m m\n"
                   "    1 | kpi x\n"
                   "      |     \x1b[1;31m^\x1b[0m\n");
}

#define with_fixture(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        with_fixture(every_code_is_of_its_own_and_every_page_complete),
        with_fixture(codes_are_found_in_any_case),
        with_fixture(a_page_names_code_title_cause_and_fix_in_lines_of_80_columns),
        with_fixture(counts_follow_the_table_and_messages_are_formatted),
        with_fixture(further_findings_of_a_file_are_counted_not_kept),
        with_fixture(an_error_takes_the_place_of_a_warning_when_a_file_is_full),
        with_fixture(findings_are_ordered_by_file_line_and_column),
        with_fixture(without_memory_there_is_one_finding_that_says_so),
        with_fixture(when_the_list_cannot_grow_the_newest_finding_gives_way),
        with_fixture(a_message_that_does_not_fit_is_replaced_by_the_title),
        with_fixture(a_finding_shows_its_line_with_a_caret_the_other_line_and_the_hint),
        with_fixture(the_caret_stands_under_the_place_behind_wide_and_broken_text),
        with_fixture(lines_end_as_in_the_lexer),
        with_fixture(a_long_line_is_cut_round_the_place),
        with_fixture(what_is_not_known_of_a_place_is_left_out),
        with_fixture(colours_are_written_on_demand_and_switched_off_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
