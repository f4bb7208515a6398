// SPDX-License-Identifier: Apache-2.0
// bandstand disasm: lists the compiled rules.
#include <bandstand.h>

#include "repl/commands.h"
#include "repl/output.h"
#include "repl/session.h"

static int write_listing(Session *s, const Options *o) {
    Output out;
    if (!output_open(&out, o->output))
        return EXIT_INVALID;
    bs_code code = bs_disassemble(s->bs, &out.sink);
    bool kept = output_keep(&out);
    output_close(&out);
    session_explain(s, code);
    return code == BS_OK && kept ? EXIT_EVALUATED : EXIT_INVALID;
}

int command_disasm(const Options *o) {
    if (!operands_are_rules(o))
        return EXIT_INVALID;
    Session s;
    int status = session_open(&s, o) ? write_listing(&s, o) : EXIT_INVALID;
    session_close(&s);
    return status;
}
