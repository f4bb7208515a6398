// SPDX-License-Identifier: Apache-2.0
// Dot commands about the rules: .kpis .metrics .show .type .disasm .test .check .fmt
#include <string.h>

#include "repl/commands.h"
#include "repl/dots.h"
#include "repl/flips.h"
#include "repl/paint.h"

static bool list_name(void *context, bs_text name, bs_text label) {
    screen_put(context, "  %-32s %s\n", name.s, strcmp(name.s, label.s) == 0 ? "" : label.s);
    return true;
}

static bool list(Desk *d, bs_name_kind kind) {
    return desk_outcome(d, bs_n_diagnostics(d->bs),
                        bs_list_names(d->bs, kind, list_name, &d->screen));
}

bool dot_kpis(Desk *d, const Words *words) {
    (void)words;
    if (d->has_data)
        return counts_show(d, &(bs_filter){0});
    return list(d, BS_NAME_KPI) && list(d, BS_NAME_GROUP);
}

bool dot_metrics(Desk *d, const Words *words) {
    (void)words;
    return list(d, BS_NAME_METRIC);
}

typedef struct Showing {
    Screen *screen;
    size_t n;
} Showing;

static bool show_source(void *context, const bs_source *s) {
    Showing *showing = context;
    screen_put(showing->screen, "%s# %s line %u\n", showing->n++ > 0 ? "\n" : "", s->file.s,
               s->line);
    paint_rules(showing->screen, s->text.s, s->text.len);
    screen_put(showing->screen, "\n");
    return true;
}

bool dot_show(Desk *d, const Words *words) {
    static const bs_name_kind kinds[] = {BS_NAME_KPI,      BS_NAME_GROUP,   BS_NAME_METRIC,
                                         BS_NAME_CONSTANT, BS_NAME_PATTERN, BS_NAME_BANDS,
                                         BS_NAME_SCALE};
    if (words->n != 1)
        return desk_complain("which declaration? For example: .show re_referral_rate");
    Showing showing = {&d->screen, 0};
    bs_code code = bs_find_sources(d->bs, words->v[0], show_source, &showing);
    if (code == BS_OK && showing.n == 0)
        return desk_say_unknown(d, "declaration of", kinds, sizeof kinds / sizeof *kinds,
                                words->v[0]);
    return desk_outcome(d, bs_n_diagnostics(d->bs), code);
}

bool dot_type(Desk *d, const Words *words) {
    if (words->n == 0)
        return desk_complain("of which expression? For example: .type 17 as percent of 20");
    size_t from = bs_n_diagnostics(d->bs);
    return desk_outcome(d, from, bs_type(d->bs, words->rest, strlen(words->rest), &d->screen.sink));
}

bool dot_disasm(Desk *d, const Words *words) {
    (void)words;
    return desk_outcome(d, bs_n_diagnostics(d->bs), bs_disassemble(d->bs, &d->screen.sink));
}

bool dot_test(Desk *d, const Words *words) {
    (void)words;
    bs_test_counts counts = {0};
    bs_code code = bs_test(d->bs, &d->screen.sink, &counts);
    if (counts.n_failed > 0)
        d->status = EXIT_FOUND;
    return desk_outcome(d, bs_n_diagnostics(d->bs), code);
}

// A session of its own: what a check finds would stand among the findings of the present one.
bool dot_check(Desk *d, const Words *words) {
    (void)words;
    bs_session *bs = bs_open();
    bs_code code = bs ? desk_add_rules(bs, &d->setup) : BS_NO_MEMORY;
    if (code == BS_OK)
        code = bs_check(bs);
    bool checked = code == BS_OK || code == BS_INVALID;
    bool colour = d->screen.colour && screen_on_terminal(&d->screen);
    if (checked)
        bs_write_diagnostics(bs, 0, colour, &d->screen.sink);
    if (checked && bs_n_errors(bs) == 0 && bs_n_warnings(bs) == 0)
        screen_put(&d->screen, "the rules are sound\n");
    if (checked && bs_n_errors(bs) > 0)
        d->status = EXIT_FOUND;
    bs_close(bs);
    return checked || desk_outcome(d, bs_n_diagnostics(d->bs), code);
}

bool dot_fmt(Desk *d, const Words *words) {
    (void)words;
    bs_session *bs = bs_open();
    bs_formatted laid_out;
    bool ok = bs && desk_lay_out(d, bs, &laid_out);
    if (ok && d->setup.n_typed == 0)
        screen_put(&d->screen, "nothing was declared at the prompt\n");
    else if (ok)
        paint_rules(&d->screen, laid_out.after.s, laid_out.after.len);
    bs_close(bs);
    return ok;
}
