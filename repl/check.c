// SPDX-License-Identifier: Apache-2.0
// bandstand check: says what is wrong with rules before any figure is read, and then, if there are
// figures, what does not fit them.
#include <bandstand.h>
#include <string.h>

#include "repl/commands.h"
#include "repl/mend.h"
#include "repl/output.h"
#include "repl/session.h"

typedef struct Choice {
    bool text; // else [format]
    bs_findings_format format;
    bool fail_on_warnings;
} Choice;

static bool find_format(const Options *o, Choice *choice) {
    static const char *const names[] = {[BS_FINDINGS_JSON] = "json",
                                        [BS_FINDINGS_SARIF] = "sarif",
                                        [BS_FINDINGS_GITHUB] = "github"};
    choice->text = !o->findings_format || strcmp(o->findings_format, "text") == 0;
    for (size_t i = 0; !choice->text && i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i], o->findings_format) == 0) {
            choice->format = (bs_findings_format)i;
            return true;
        }
    }
    if (!choice->text)
        usage_error(o, "there is no format \"%s\" here: write text, json, sarif or github",
                    o->findings_format);
    return choice->text;
}

static bool read_options(const Options *o, Choice *choice) {
    *choice = (Choice){0};
    if (!find_format(o, choice))
        return false;
    choice->fail_on_warnings = o->fail_at && strcmp(o->fail_at, "warning") == 0;
    if (o->fail_at && !choice->fail_on_warnings && strcmp(o->fail_at, "error") != 0) {
        usage_error(o, "--fail-on is error or warning here, not \"%s\"", o->fail_at);
        return false;
    }
    if (o->dry_run && !o->fix) {
        usage_error(o, "--dry-run belongs to --fix");
        return false;
    }
    if (o->dry_run && !choice->text) {
        usage_error(o, "--dry-run shows a diff, which is no %s", o->findings_format);
        return false;
    }
    if (o->output && choice->text) {
        usage_error(o, "--output is for --format json, sarif or github");
        return false;
    }
    return n_rule_files(o) > 0 || operands_are_rules(o);
}

// Rules that could not be read were not checked: that is another answer than an error in them.
static bool any_unreadable(const bs_session *s) {
    for (size_t i = 0; i < bs_n_diagnostics(s); i++) {
        if (strcmp(bs_diagnostic_at(s, i).code, "B902") == 0)
            return true;
    }
    return false;
}

static void print_count(FILE *out, size_t n, const char *what, const char *after) {
    fprintf(out, "%zu %s%s%s", n, what, n == 1 ? "" : "s", after);
}

// [figures]: some were read.
static void print_summary(const bs_session *s, bool figures, FILE *out) {
    size_t n_errors = bs_n_errors(s), n_warnings = bs_n_warnings(s), n_allowed = bs_n_allowed(s);
    if (n_errors + n_warnings == 0) {
        fputs("no errors, no warnings", out);
    } else {
        print_count(out, n_errors, "error", ", ");
        print_count(out, n_warnings, "warning", "");
    }
    if (n_allowed > 0)
        fprintf(out, ", %zu allowed", n_allowed);
    fputs("\n", out);
    size_t n_overrides = bs_n_overrides(s);
    if (!figures && n_overrides > 0) {
        print_count(out, n_overrides, "override", "");
        fputs(" not held against figures: name the metric files too\n", out);
    }
}

static bool write_document(Session *s, const Options *o, const Choice *choice) {
    Output out;
    if (!output_open(&out, o->output))
        return false;
    bs_code code = bs_write_findings(s->bs, choice->format, &out.sink);
    bool kept = output_keep(&out);
    output_close(&out);
    if (code == BS_NO_MEMORY)
        session_explain(s, code);
    return code == BS_OK && kept;
}

// False when the findings could not be written.
static bool report(Session *s, const Options *o, const Choice *choice) {
    if (!choice->text)
        return write_document(s, o, choice);
    session_say(s);
    // Where a diff is asked for, standard output holds nothing else.
    print_summary(s->bs, n_rule_files(o) < o->operands.n, o->dry_run ? stderr : stdout);
    return true;
}

// Reads the metric files, if there are any, and holds overrides and assertions against them.
// BS_INVALID when the figures are no good; what does not fit them is among the findings alone.
static bs_code read_figures(Session *s, const Options *o) {
    bs_code code = BS_OK;
    for (size_t i = 0; i < o->operands.n && code == BS_OK; i++)
        if (!is_rule_file(o->operands.v[i]))
            code = bs_add_data(s->bs, o->operands.v[i]);
    bool any = n_rule_files(o) < o->operands.n;
    bs_code finished = code == BS_OK && any ? bs_finish_data(s->bs) : code;
    return finished == BS_NO_MEMORY ? finished : code;
}

int command_check(const Options *o) {
    Choice choice;
    Mended mended = {0};
    Session s;
    int status = EXIT_INVALID;
    if (!read_options(o, &choice))
        return EXIT_INVALID;
    if (o->fix ? mend_rules(&s, o, &mended) : session_compile(&s, o)) {
        // Before the check, which says which allowances nothing needed.
        bs_code figures = s.code == BS_OK ? read_figures(&s, o) : BS_OK;
        if (figures == BS_NO_MEMORY)
            s.code = figures;
        if (s.code == BS_OK || (s.code == BS_INVALID && s.bs))
            s.code = bs_check(s.bs);
        bool checked = (s.code == BS_OK || s.code == BS_INVALID) && !any_unreadable(s.bs);
        bool written = !o->fix || !checked || mended_write(&mended, o);
        bool said = checked && written && report(&s, o, &choice);
        if (!checked)
            session_explain(&s, s.code);
        bool found =
            s.bs && (bs_n_errors(s.bs) > 0 || (choice.fail_on_warnings && bs_n_warnings(s.bs) > 0));
        if (said && figures == BS_OK)
            status = found ? EXIT_FOUND : EXIT_EVALUATED;
    }
    mended_free(&mended);
    session_close(&s);
    return fflush(stdout) == 0 ? status : EXIT_INVALID;
}
