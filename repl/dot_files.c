// SPDX-License-Identifier: Apache-2.0
// Dot commands for files: .load .data .reload .save .quit
#include <string.h>

#include "repl/dots.h"
#include "repl/session.h"

static bool adopt(Desk *d, Setup *next, bool ok, Adoption how) {
    if (ok)
        return desk_adopt(d, next, how);
    setup_free(next);
    return desk_complain("bandstand: memory ran out");
}

bool dot_load(Desk *d, const Words *words) {
    if (words->n == 0)
        return desk_complain("which files? For example: .load rules/scorecard.rag may.csv");
    Setup next = {0};
    bool ok = true;
    for (size_t i = 0; ok && i < words->n; i++)
        ok = texts_add(is_rule_file(words->v[i]) ? &next.rules : &next.data, words->v[i]);
    return adopt(d, &next, ok, ADOPT_ANEW);
}

bool dot_data(Desk *d, const Words *words) {
    if (words->n == 0)
        return desk_complain("which metric file? For example: .data may.csv");
    Setup next;
    bool ok = setup_copy(&next, &d->setup);
    for (size_t i = 0; ok && i < words->n; i++)
        ok = texts_add(&next.data, words->v[i]);
    return adopt(d, &next, ok, ADOPT_AGAIN);
}

bool dot_reload(Desk *d, const Words *words) {
    (void)words;
    Setup next;
    return adopt(d, &next, setup_copy(&next, &d->setup), ADOPT_AGAIN);
}

static bool write_whole(const char *path, bs_text text) {
    Output out;
    if (!output_open(&out, path))
        return false;
    out.sink.write(out.sink.context, text.s, text.len);
    bool kept = output_keep(&out);
    output_close(&out);
    return kept;
}

bool dot_save(Desk *d, const Words *words) {
    if (words->n != 1)
        return desk_complain("into which file? For example: .save tried.rag");
    if (d->setup.n_typed == 0)
        return desk_complain("nothing was declared at the prompt, so nothing is saved");
    bs_session *bs = bs_open();
    bs_formatted laid_out;
    bool ok = bs ? desk_lay_out(d, bs, &laid_out) : desk_complain("bandstand: memory ran out");
    ok = ok && write_whole(words->v[0], laid_out.after);
    if (ok)
        screen_put(&d->screen, "%zu declaration%s written to %s\n", d->setup.n_typed,
                   d->setup.n_typed == 1 ? "" : "s", words->v[0]);
    bs_close(bs);
    return ok;
}

bool dot_quit(Desk *d, const Words *words) {
    (void)words;
    d->leaving = true;
    return true;
}
