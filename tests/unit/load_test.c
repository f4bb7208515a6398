// SPDX-License-Identifier: Apache-2.0
// Loading: `use` followed through folders, and everything that can be wrong with a file.
#include "tests/unit/lang_fixture.h"

#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

// A folder of its own for each test; left and removed at its end.
typedef struct Folder {
    Rules r;
    char path[64];
    char *home; // the current folder before the test
} Folder;

static void enter(Folder *f) {
    rules_begin(&f->r);
    strcpy(f->path, "/tmp/bandstand_load_XXXXXX");
    assert_non_null(mkdtemp(f->path));
    f->home = getcwd(NULL, 0);
    assert_int_equal(chdir(f->path), 0);
}

static int remove_entry(const char *path, const struct stat *s, int type, struct FTW *w) {
    (void)s, (void)type, (void)w;
    return remove(path);
}

static void leave(Folder *f) {
    assert_int_equal(chdir(f->home), 0);
    free(f->home);
    nftw(f->path, remove_entry, 10, FTW_DEPTH | FTW_PHYS);
    rules_end(&f->r);
}

static void put_file(const char *path, Str text) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text.s, 1, text.len, file), text.len);
    assert_int_equal(fclose(file), 0);
}

#define PUT(path, text) put_file(path, STR(text))

static void add(Folder *f, const char *path) {
    assert_true(modules_add_file(&f->r.modules, str_from(path)));
}

// The paths of the modules in their order, a blank between.
static void assert_order(Folder *f, const char *expected) {
    Buf text = {0};
    for (size_t i = 0; i < f->r.modules.all.n; i++)
        buf_printf(&text, "%s%.*s", i > 0 ? " " : "", STR_ARG(f->r.modules.all.v[i]->path));
    Str s = arena_str(&f->r.scratch, buf_str(&text));
    buf_free(&text);
    assert_str(s, expected);
}

static void what_a_file_uses_stands_before_it(void **state) {
    (void)state;
    Folder f;
    enter(&f);
    PUT("a.rag", "use \"b.rag\"\nuse \"c.rag\"\nlet a = 1");
    PUT("b.rag", "use \"d.rag\"");
    PUT("c.rag", "use \"d.rag\"\nuse \"b.rag\"");
    PUT("d.rag", "let d = 1");
    add(&f, "a.rag");
    assert_order(&f, "d.rag b.rag c.rag a.rag");
    assert_n_findings(&f.r, 0);
    assert_false(f.r.modules.incomplete);
    assert_int_equal(f.r.modules.n_open, 0);
    leave(&f);
}

static void a_file_is_read_once_whatever_it_is_called(void **state) {
    (void)state;
    Folder f;
    enter(&f);
    mkdir("sub", 0777);
    PUT("a.rag", "use \"b.rag\"\nuse \"./b.rag\"\nuse \"sub/../b.rag\"\nuse \"link.rag\"");
    PUT("b.rag", "let b = 1");
    assert_int_equal(symlink("b.rag", "link.rag"), 0);
    add(&f, "a.rag");
    add(&f, "b.rag");
    add(&f, "./a.rag");
    assert_order(&f, "b.rag a.rag");
    assert_n_findings(&f.r, 0);
    leave(&f);
}

static void paths_lead_from_the_file_that_uses(void **state) {
    (void)state;
    Folder f;
    enter(&f);
    mkdir("sub", 0777);
    mkdir("sub/deep", 0777);
    PUT("a.rag", "use \"sub/b.rag\"");
    PUT("sub/b.rag", "use \"deep/c.rag\"\nuse \"../d.rag\"");
    PUT("sub/deep/c.rag", "let c = 1");
    PUT("d.rag", "let d = 1");
    add(&f, "a.rag");
    assert_order(&f, "sub/deep/c.rag d.rag sub/b.rag a.rag"); // shown without ".."
    assert_n_findings(&f.r, 0);
    leave(&f);
}

static void a_circle_is_reported_where_it_closes(void **state) {
    (void)state;
    Folder f;
    enter(&f);
    PUT("a.rag", "let a = 1\nuse \"b.rag\"");
    PUT("b.rag", "use \"c.rag\"");
    PUT("c.rag", "use   \"a.rag\"\nuse \"b.rag\"");
    add(&f, "a.rag");
    assert_n_findings(&f.r, 2);
    assert_finding(&f.r, 0, D_CYCLE, "1:7+7", "`a.rag`", "third file");
    assert_finding(&f.r, 1, D_CYCLE, "2:5+7", "`b.rag`", "third file");
    assert_str(f.r.diags.files.v[f.r.diags.diags.v[0].place.file].path, "c.rag");
    assert_true(f.r.modules.incomplete);
    assert_order(&f, "c.rag b.rag a.rag");
    leave(&f);
}

static void a_file_that_uses_itself_is_a_circle(void **state) {
    (void)state;
    Folder f;
    enter(&f);
    PUT("a.rag", "use \"a.rag\"");
    add(&f, "a.rag");
    assert_n_findings(&f.r, 1);
    assert_finding(&f.r, 0, D_CYCLE, "1:5+7", "`a.rag`", "");
    leave(&f);
}

static void a_file_outside_the_root_is_refused(void **state) {
    (void)state;
    Folder f;
    enter(&f);
    mkdir("rules", 0777);
    mkdir("rules2", 0777);
    PUT("out.rag", "let a = 1");
    PUT("rules2/x.rag", "let x = 1");
    PUT("rules/a.rag", "use \"../out.rag\"\nuse \"../rules2/x.rag\"\nuse \"link.rag\"");
    assert_int_equal(symlink("../out.rag", "rules/link.rag"), 0);
    assert_int_equal(chdir("rules"), 0);
    add(&f, "a.rag");
    assert_n_findings(&f.r,
                      3); // a link leads outside too, and a folder with a like name is another
    assert_finding(&f.r, 0, D_OUTSIDE, "1:5+12", "`../out.rag`", "rule folder");
    assert_finding(&f.r, 1, D_OUTSIDE, "2:5+17", "`../rules2/x.rag`", "rule folder");
    assert_finding(&f.r, 2, D_OUTSIDE, "3:5+10", "`link.rag`", "rule folder");
    assert_true(f.r.modules.incomplete);
    leave(&f);
}

static void the_current_folder_is_the_root_when_it_holds_the_first_file(void **state) {
    (void)state;
    Folder f;
    enter(&f);
    mkdir("rules", 0777);
    PUT("out.rag", "let a = 1");
    PUT("rules/a.rag", "use \"../out.rag\"");
    add(&f, "rules/a.rag");
    assert_n_findings(&f.r, 0);
    assert_order(&f, "out.rag rules/a.rag");
    leave(&f);
}

static void elsewhere_the_root_is_the_folder_of_the_first_file(void **state) {
    (void)state;
    Folder f;
    enter(&f);
    mkdir("rules", 0777);
    mkdir("other", 0777);
    PUT("out.rag", "let a = 1");
    PUT("rules/a.rag", "use \"b.rag\"\nuse \"../out.rag\"");
    PUT("rules/b.rag", "let b = 1");
    assert_int_equal(chdir("other"), 0);
    add(&f, "../rules/a.rag");
    assert_n_findings(&f.r, 1);
    assert_finding(&f.r, 0, D_OUTSIDE, "2:5+12", "`../out.rag`", "");
    assert_order(&f, "../rules/b.rag ../rules/a.rag");
    leave(&f);
}

static void a_file_that_is_not_there_is_named(void **state) {
    (void)state;
    Folder f;
    enter(&f);
    mkdir("sub", 0777);
    PUT("sub/a.rag", "use \"gone.rag\"\nuse \"\"\nlet a = 1");
    add(&f, "sub/a.rag");
    assert_n_findings(&f.r, 2);
    assert_finding(&f.r, 0, D_USE, "1:5+10", "`gone.rag` cannot be read: No such file",
                   "sub/gone.rag");
    assert_int_equal(f.r.diags.diags.v[1].place.line, 2); // the folder itself is no rule file
    assert_int_equal(f.r.diags.n_errors, 2);
    assert_true(f.r.modules.incomplete);
    add(&f, "gone.rag");
    assert_n_findings(&f.r, 3);
    assert_finding(&f.r, 2, D_CANNOT_READ, "0:0+0", "`gone.rag` cannot be read: No such file", "");
    assert_order(&f, "sub/a.rag");
    leave(&f);
}

static void a_folder_is_no_rule_file(void **state) {
    (void)state;
    Folder f;
    enter(&f);
    mkdir("sub", 0777);
    PUT("a.rag", "use \"sub\"");
    add(&f, "a.rag");
    add(&f, "sub");
    assert_n_findings(&f.r, 2);
    assert_finding(&f.r, 0, D_USE, "1:5+5", "`sub` cannot be read: Is a directory", "");
    assert_finding(&f.r, 1, D_CANNOT_READ, "0:0+0", "`sub` cannot be read: Is a directory", "");
    leave(&f);
}

static void a_file_must_be_utf8(void **state) {
    (void)state;
    static const struct {
        Str text;
        const char *place, *byte;
    } cases[] = {
        {{"let a = 1\n# caf\xe9\n", 17}, "2:6+1", "0xe9"},
        {{"\xff\xfel\0e\0", 6}, "1:1+1", "0xff"},
        {{"# \xc3", 3}, "1:3+1", "0xc3"},
        {{"# \xed\xa0\x80", 5}, "1:3+1", "0xed"}, // half of a pair
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Folder f;
        enter(&f);
        put_file("a.rag", cases[i].text);
        add(&f, "a.rag");
        assert_n_findings(&f.r, 1);
        assert_finding(&f.r, 0, D_NOT_UTF8, cases[i].place, cases[i].byte, "UTF-8");
        assert_null(f.r.modules.all.v[0]->tree);
        leave(&f);
    }
}

static void a_byte_order_mark_is_no_part_of_the_text(void **state) {
    (void)state;
    Folder f;
    enter(&f);
    PUT("a.rag", "\xef\xbb\xbflet a 1\nlet b = 1");
    add(&f, "a.rag");
    assert_n_findings(&f.r, 1);
    assert_finding(&f.r, 0, D_SYNTAX, "1:7+1", "", "");
    assert_int_equal(f.r.modules.all.v[0]->tree->n_kids, 2);
    leave(&f);
}

static void a_file_of_more_than_16_MiB_is_not_read(void **state) {
    (void)state;
    Folder f;
    enter(&f);
    PUT("a.rag", "use \"long.rag\"");
    PUT("long.rag", "");
    assert_int_equal(truncate("long.rag", SOURCE_MAX_BYTES + 1L), 0);
    add(&f, "a.rag");
    add(&f, "long.rag");
    assert_n_findings(&f.r, 2);
    assert_finding(&f.r, 0, D_TOO_LONG, "1:5+10", "`long.rag`", "");
    assert_finding(&f.r, 1, D_TOO_LONG, "0:0+0", "`long.rag`", "");
    assert_order(&f, "a.rag");
    leave(&f);
}

static void a_chain_of_uses_is_bounded(void **state) {
    (void)state;
    Folder f;
    enter(&f);
    enum { N = LOAD_MAX_CHAIN + 1 };
    for (int i = 0; i < N; i++) {
        char path[32], text[64];
        snprintf(path, sizeof path, "f%d.rag", i);
        snprintf(text, sizeof text, "use \"f%d.rag\"", i + 1);
        put_file(path, i + 1 < N ? str_from(text) : STR("let a = 1"));
    }
    add(&f, "f1.rag"); // exactly as many as may be
    assert_n_findings(&f.r, 0);
    assert_int_equal(f.r.modules.all.n, LOAD_MAX_CHAIN);
    rules_end(&f.r);
    rules_begin(&f.r);
    add(&f, "f0.rag");
    assert_n_findings(&f.r, 1);
    assert_finding(&f.r, 0, D_USE, "1:5+10", "one file too many", "200");
    assert_true(f.r.modules.incomplete);
    leave(&f);
}

static void a_text_uses_files_below_the_current_folder(void **state) {
    (void)state;
    Folder f;
    enter(&f);
    mkdir("sub", 0777);
    PUT("b.rag", "let b = 1");
    assert_true(modules_add_text(&f.r.modules, STR("typed"), STR("use \"b.rag\"\nuse \"../x\"")));
    assert_order(&f, "b.rag typed");
    assert_n_findings(&f.r, 1);
    assert_int_equal(f.r.diags.diags.v[0].place.line, 2);
    leave(&f);
}

static void quotes_in_a_name_of_a_file_are_written_twice(void **state) {
    (void)state;
    Folder f;
    enter(&f);
    PUT("a\"b.rag", "let b = 1");
    PUT("a.rag", "use \"a\"\"b.rag\"");
    add(&f, "a.rag");
    assert_order(&f, "a\"b.rag a.rag");
    assert_n_findings(&f.r, 0);
    leave(&f);
}

static void names_of_all_modules_come_in(void **state) {
    (void)state;
    Folder f;
    enter(&f);
    PUT("a.rag", "use \"b.rag\"\nlet a = b + c");
    PUT("b.rag", "use \"c.rag\"\nlet b = c");
    PUT("c.rag", "let c = 1");
    add(&f, "a.rag");
    Rules *r = &f.r;
    assert_true(compile_modules(&r->scratch, &r->arena, &r->diags, &r->modules, &r->program));
    assert_int_equal(r->program.n_files, 3);
    leave(&f);
}

static void a_name_declared_in_two_files_shows_both(void **state) {
    (void)state;
    Folder f;
    enter(&f);
    PUT("a.rag", "use \"b.rag\"\nmetric m");
    PUT("b.rag", "\n metric m");
    add(&f, "a.rag");
    Rules *r = &f.r;
    assert_false(compile_modules(&r->scratch, &r->arena, &r->diags, &r->modules, &r->program));
    assert_n_findings(r, 1);
    assert_finding(r, 0, D_TWICE, "2:8+1", "`m`", "");
    const Diag *d = &r->diags.diags.v[0];
    assert_str(r->diags.files.v[d->place.file].path, "a.rag");
    assert_str(r->diags.files.v[d->other.file].path, "b.rag");
    assert_int_equal(d->other.line, 2);
    leave(&f);
}

// What is missing is not charged to the names that would come from it.
static void names_of_a_file_that_cannot_be_read_are_not_missed(void **state) {
    (void)state;
    Folder f;
    enter(&f);
    PUT("a.rag", "use \"gone.rag\"\nkpi k\n value m\n bands nowhere\n good 8+\n end\nend");
    add(&f, "a.rag");
    Rules *r = &f.r;
    assert_false(compile_modules(&r->scratch, &r->arena, &r->diags, &r->modules, &r->program));
    assert_n_findings(r, 1);
    assert_finding(r, 0, D_USE, "1:5+10", "", "");
    leave(&f);
}

static void memory_that_runs_out_is_an_answer(void **state) {
    (void)state;
    Folder f;
    enter(&f);
    PUT("a.rag", "use \"b.rag\"\nuse \"gone.rag\"\nlet a = 1");
    PUT("b.rag", "let b = 1");
    size_t n_failed = 0;
    for (bool ok = false; !ok;) {
        Rules r;
        rules_begin(&r);
        arena_fail_after(++n_failed);
        ok = modules_add_file(&r.modules, STR("a.rag"));
        arena_fail_after(0);
        assert_true(ok || r.trees.failed || r.findings.failed);
        rules_end(&r);
    }
    assert_true(n_failed > 10);
    leave(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_file_uses_stands_before_it),
        cmocka_unit_test(a_file_is_read_once_whatever_it_is_called),
        cmocka_unit_test(paths_lead_from_the_file_that_uses),
        cmocka_unit_test(a_circle_is_reported_where_it_closes),
        cmocka_unit_test(a_file_that_uses_itself_is_a_circle),
        cmocka_unit_test(a_file_outside_the_root_is_refused),
        cmocka_unit_test(the_current_folder_is_the_root_when_it_holds_the_first_file),
        cmocka_unit_test(elsewhere_the_root_is_the_folder_of_the_first_file),
        cmocka_unit_test(a_file_that_is_not_there_is_named),
        cmocka_unit_test(a_folder_is_no_rule_file),
        cmocka_unit_test(a_file_must_be_utf8),
        cmocka_unit_test(a_byte_order_mark_is_no_part_of_the_text),
        cmocka_unit_test(a_file_of_more_than_16_MiB_is_not_read),
        cmocka_unit_test(a_chain_of_uses_is_bounded),
        cmocka_unit_test(a_text_uses_files_below_the_current_folder),
        cmocka_unit_test(quotes_in_a_name_of_a_file_are_written_twice),
        cmocka_unit_test(names_of_all_modules_come_in),
        cmocka_unit_test(a_name_declared_in_two_files_shows_both),
        cmocka_unit_test(names_of_a_file_that_cannot_be_read_are_not_missed),
        cmocka_unit_test(memory_that_runs_out_is_an_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
