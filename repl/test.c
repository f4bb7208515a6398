// SPDX-License-Identifier: Apache-2.0
// bandstand test: runs the examples that stand beside the rules.
#include <bandstand.h>

#include "repl/commands.h"
#include "repl/output.h"
#include "repl/session.h"

static int run_examples(Session *s) {
    Output out;
    if (!output_open(&out, NULL))
        return EXIT_INVALID;
    bs_test_counts counts = {0};
    bs_code code = bs_test(s->bs, &out.sink, &counts);
    bool kept = output_keep(&out);
    output_close(&out);
    session_explain(s, code);
    if (code != BS_OK || !kept)
        return EXIT_INVALID;
    return counts.n_failed > 0 ? EXIT_FOUND : EXIT_EVALUATED;
}

int command_test(const Options *o) {
    if (!operands_are_rules(o))
        return EXIT_INVALID;
    Session s;
    int status = session_open(&s, o) ? run_examples(&s) : EXIT_INVALID;
    session_close(&s);
    return status;
}
