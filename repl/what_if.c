// SPDX-License-Identifier: Apache-2.0
#include "repl/what_if.h"

#include "repl/output.h"

bool what_if_wanted(const Options *o) {
    return o->sets.n > 0 || o->thresholds.n > 0;
}

bs_code what_if_set(Session *s, const Options *o) {
    bs_filter filter = option_filter(o);
    filter.rules_as_of = NULL;
    bs_code code = BS_OK;
    for (size_t i = 0; code == BS_OK && i < o->sets.n; i++)
        code = bs_set_figure(s->bs, o->sets.v[i], &filter);
    return code;
}

// The inputs are the same, unless the session tries something that reads otherwise.
static bs_code share(WhatIf *w, Session *s, const char *const *data, size_t n_data) {
    bs_code code = bs_share_data(s->bs, w->plain.bs);
    return code == BS_INVALID ? session_add_data(s, data, n_data) : code;
}

bool what_if_begin(WhatIf *w, Session *s, const Options *o, const char *const *data,
                   size_t n_data) {
    Options plain = *o;
    plain.thresholds.n = 0;
    *w = (WhatIf){0};
    if (!session_compile(&w->plain, &plain))
        return false;
    w->plain.n_said = bs_n_diagnostics(w->plain.bs); // [s] says the same
    bs_code code = w->plain.code;
    if (code == BS_OK)
        code = session_add_data(&w->plain, data, n_data);
    session_explain(&w->plain, code);
    if (code != BS_OK)
        return false;
    code = share(w, s, data, n_data);
    if (code == BS_OK)
        code = what_if_set(s, o);
    session_explain(s, code);
    return code == BS_OK;
}

bs_code what_if_tell(WhatIf *w, Session *s, const Options *o) {
    bs_filter filter = option_filter(o);
    filter.rules_as_of = NULL;
    bs_comparison what = {.name_before = "as it is",
                          .name_after = "as tried",
                          .rows = true,
                          .options.filter = filter,
                          .colour = output_colour(o->colour, stderr),
                          .ascii = o->ascii || !output_is_utf8()};
    return bs_write_comparison(w->plain.bs, s->bs, &what, &stderr_sink, NULL);
}

void what_if_end(WhatIf *w) {
    session_close(&w->plain);
}
