// SPDX-License-Identifier: Apache-2.0
// bandstand inspect: says what a metric file holds.
#include <bandstand.h>
#include <stdlib.h>

#include "repl/commands.h"
#include "repl/output.h"
#include "repl/session.h"

static int inspect(const Options *o, const bs_inspect_options *options) {
    Session s = {.bs = bs_open(), .colour = o->colour};
    Output out;
    int status = EXIT_INVALID;
    if (!s.bs) {
        session_explain(&s, BS_NO_MEMORY);
    } else if (output_open(&out, o->output)) {
        bs_code code = bs_inspect(s.bs, o->operands.v[0], options, &out.sink);
        bool kept = (code == BS_OK || code == BS_STOPPED) && output_keep(&out) && code == BS_OK;
        output_close(&out);
        session_explain(&s, code);
        status = kept ? EXIT_EVALUATED : EXIT_INVALID;
    }
    session_close(&s);
    return status;
}

int command_inspect(const Options *o) {
    if (o->operands.n != 1)
        return usage_error(o,
                           o->operands.n == 0 ? "which metric file?" : "one metric file at a time");
    bool json;
    if (!read_text_or_json(o, &json))
        return EXIT_INVALID;
    bs_inspect_options options = {.delimiter = o->delimiter,
                                  .quote = o->quote,
                                  .encoding = o->encoding,
                                  .no_header = o->no_header,
                                  .rows = o->rows,
                                  .json = json};
    if (!read_skip(o, &options.skip_lines))
        return EXIT_INVALID;
    return inspect(o, &options);
}
