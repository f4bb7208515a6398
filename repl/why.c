// SPDX-License-Identifier: Apache-2.0
// bandstand why: explains results.
#include <bandstand.h>
#include <stdlib.h>
#include <string.h>

#include "repl/commands.h"
#include "repl/output.h"
#include "repl/session.h"
#include "repl/what_if.h"

static bool find_format(const Options *o, bs_why_format *format) {
    static const char *const names[] = {
        [BS_WHY_TEXT] = "text", [BS_WHY_MARKDOWN] = "md", [BS_WHY_JSON] = "json"};
    *format = BS_WHY_TEXT;
    for (size_t i = 0; o->why_format && i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i], o->why_format) == 0) {
            *format = (bs_why_format)i;
            return true;
        }
    }
    if (o->why_format)
        usage_error(o, "there is no format \"%s\" here: write text, md or json", o->why_format);
    return !o->why_format;
}

static int explain(Session *s, const Options *o, const bs_why_options *options,
                   const char *const *data, size_t n_data) {
    Output out;
    if (!output_open(&out, o->output))
        return EXIT_INVALID;
    bs_filter filter = option_filter(o);
    bs_code code = session_add_data(s, data, n_data);
    if (code == BS_OK)
        code = what_if_set(s, o);
    if (code == BS_OK)
        code = bs_why(s->bs, &filter, options, &out.sink);
    bool kept = (code == BS_OK || code == BS_STOPPED) && output_keep(&out) && code == BS_OK;
    output_close(&out);
    session_explain(s, code);
    return kept ? EXIT_EVALUATED : EXIT_INVALID;
}

int command_why(const Options *o) {
    bs_why_options options = {.steps = o->steps, .why_not = o->why_not};
    size_t n_data;
    if (!find_format(o, &options.format) || !operands_have_both(o))
        return EXIT_INVALID;
    Session s;
    const char **data = list_data(o, &n_data);
    bool ready = session_open(&s, o) && data;
    int status = ready ? explain(&s, o, &options, data, n_data) : EXIT_INVALID;
    session_close(&s);
    free(data);
    return status;
}
