// SPDX-License-Identifier: Apache-2.0
#include "repl/what_if.h"

#include <stdlib.h>

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

static void put(bs_text text) {
    fprintf(stderr, "%.*s", (int)text.len, text.s);
}

static void put_status(const bs_result *r) {
    if (!r || r->kind == BS_UNJUDGED)
        fputs(r ? "not judged" : "no row", stderr);
    else if (r->kind == BS_NO_DATA)
        fputs("no data", stderr);
    else
        put(r->status_label);
}

static bool tell_change(void *context, const bs_change *c) {
    size_t *n = context;
    const bs_result *r = c->after ? c->after : c->before;
    if ((*n)++ == 0)
        fputs("What changes by what is tried:\n", stderr);
    fputs("  ", stderr);
    put(r->label);
    for (int i = 0; i < 2; i++) {
        bs_text part = i == 0 ? r->entity : r->period;
        fputs(part.len > 0 ? ", " : "", stderr);
        put(part);
    }
    fputs(": ", stderr);
    put_status(c->before);
    fputs(" -> ", stderr);
    put_status(c->after);
    fputc('\n', stderr);
    return true;
}

bs_code what_if_tell(WhatIf *w, Session *s, const Options *o) {
    size_t n = 0;
    bs_diff_options options = {.filter = option_filter(o)};
    options.filter.rules_as_of = NULL;
    bs_code code = bs_diff(w->plain.bs, s->bs, &options, tell_change, &n, NULL);
    if (code == BS_OK && n == 0)
        fputs("No status changes by what is tried.\n", stderr);
    return code;
}

void what_if_end(WhatIf *w) {
    session_close(&w->plain);
}
