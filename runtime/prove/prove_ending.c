// SPDX-License-Identifier: Apache-2.0
// Status blocks without `otherwise`: does some line hold whatever the figures?
#include "runtime/prove/proof.h"

typedef struct Open { // a case that no line takes
    bool found, has_point;
    bool charted;   // it has levels of a chart, and
    bool realistic; // the history of some figures has them all at once
    ReplayCase figures;
} Open;

// Any variation can come with any assurance, if nothing is said of the figures. What else
// goes together, such as figures that rise and a rise, is not looked into.
static bool is_realistic(Paths *x, bool *charted) {
    size_t n_variations = 0, n_assurances = 0, n_others = 0;
    for (size_t i = 0; i < x->n_chosen; i++) {
        const PathChoice *c = &x->choices[i];
        if (c->op == OP_CHART_LOW)
            continue;
        size_t *n = c->op == OP_VARIATION   ? &n_variations
                    : c->op == OP_ASSURANCE ? &n_assurances
                                            : &n_others;
        *n += c->is != PATH_CHOICE_UNSEEN;
        *charted |= paths_is_chart(c) && c->is != PATH_CHOICE_UNSEEN;
    }
    return !*charted ||
           (n_variations <= 1 && n_assurances <= 1 && n_others == 0 && paths_is_free(x));
}

static void look(Paths *x, void *context) {
    Open *open = context;
    const Kpi *k = x->kpi;
    if ((open->found && open->realistic) ||
        path_number(x, paths_definition(x, kpi_computed(k))->a).missing)
        return;
    PathStatus status = path_status(x, kpi_computed(k));
    // Where a condition is unknown, the status is no data for want of that figure.
    if (x->dead || status.held != UINT32_MAX || status.pending != 0)
        return;
    open->found = true;
    open->charted = false;
    open->realistic = is_realistic(x, &open->charted);
    open->figures.taken = paths_taken(x);
    open->has_point = paths_point(x, open->figures.point);
}

static bool comes_out(Proof *x, const Open *open) {
    Replay r;
    bool is_so = open->realistic && open->has_point && replay_run(&r, &x->paths, &open->figures) &&
                 replay_status(&r, kpi_computed(x->paths.kpi)).level == LEVEL_NO_DATA;
    if (open->realistic && open->has_point)
        replay_end(&r);
    return is_so;
}

// "variation is improving and assurance is passing": any figure will do then.
static Str levels_taken(Proof *x, const PathTaken *taken) {
    Buf out = {0};
    for (size_t i = 0; i < x->paths.n_chosen; i++) {
        const PathChoice *c = &x->paths.choices[i];
        bool variation = c->op == OP_VARIATION;
        if (!paths_is_chart(c) || taken->is[i] < 0)
            continue;
        const Program *p = x->program;
        bool judged = x->paths.kpi->polarity != POLARITY_NOT_JUDGED;
        uint32_t scale = !variation ? p->assurance_scale : judged ? p->variation_scale
                                                                  : p->unusual_scale;
        Str level = p->scales[scale].levels[taken->is[i]].name;
        buf_printf(&out, "%s%s is %.*s", out.len > 0 ? " and " : "",
                   variation ? "variation" : "assurance", STR_ARG(level));
    }
    Str s = arena_str(x->diags->arena, buf_str(&out));
    buf_free(&out);
    return s;
}

void prove_ending(Proof *x) {
    const Kpi *k = x->paths.kpi;
    Open open = {0};
    bool gone_through = paths_each(&x->paths, look, &open);
    if (gone_through && !open.found)
        return;
    if (proof_told(x, D_NO_OTHERWISE, k->unended))
        return;
    size_t value = paths_var(&x->paths, k->judged);
    Diag *d;
    bool shown = !x->paths.inexact && value < LINEAR_MAX_VARS && comes_out(x, &open);
    if (shown && open.charted)
        d = diag_add(x->diags, D_NO_OTHERWISE, k->unended,
                     "no line holds where %.*s, so the status would be undefined",
                     STR_ARG(levels_taken(x, &open.figures.taken)));
    else if (shown)
        d = diag_add(x->diags, D_NO_OTHERWISE, k->unended,
                     "no line holds for %.*s%.*s, so the status would be undefined",
                     STR_ARG(proof_figure(x, open.figures.point[value], k->unit)),
                     STR_ARG(proof_others(x, &open.figures, value)));
    else
        d = diag_add(x->diags, D_NO_OTHERWISE, k->unended,
                     "it cannot be shown that some line holds for every figure");
    const Scale *s = &x->program->scales[k->status_scale];
    d->hint =
        arena_printf(x->diags->arena,
                     "end the block with a line such as `%.*s otherwise` or `no data otherwise`",
                     STR_ARG(s->levels[s->n_levels / 2].name));
}
