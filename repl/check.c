// SPDX-License-Identifier: Apache-2.0
// bandstand check: says what is wrong with rules before any figure is read.
#include <bandstand.h>
#include <string.h>

#include "repl/commands.h"
#include "repl/session.h"

// Rules that could not be read were not checked: that is another answer than an error in them.
static bool any_unreadable(const bs_session *s) {
    for (size_t i = 0; i < bs_n_diagnostics(s); i++) {
        if (strcmp(bs_diagnostic_at(s, i).code, "B902") == 0)
            return true;
    }
    return false;
}

static void print_count(size_t n, const char *what, const char *after) {
    printf("%zu %s%s%s", n, what, n == 1 ? "" : "s", after);
}

static int print_summary(const bs_session *s) {
    size_t n_errors = bs_n_errors(s), n_warnings = bs_n_warnings(s);
    if (n_errors + n_warnings == 0) {
        puts("no errors, no warnings");
    } else {
        print_count(n_errors, "error", ", ");
        print_count(n_warnings, "warning", "\n");
    }
    return n_errors > 0 ? EXIT_FOUND : EXIT_EVALUATED;
}

int command_check(const Options *o) {
    if (!operands_are_rules(o))
        return EXIT_INVALID;
    Session s;
    session_open(&s, o);
    if (s.code == BS_OK) {
        s.code = bs_check(s.bs);
        session_say(&s);
    }
    bool checked = (s.code == BS_OK || s.code == BS_INVALID) && !any_unreadable(s.bs);
    int status = checked ? print_summary(s.bs) : EXIT_INVALID;
    session_close(&s);
    return fflush(stdout) == 0 ? status : EXIT_INVALID;
}
