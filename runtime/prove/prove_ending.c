// SPDX-License-Identifier: Apache-2.0
// Status blocks without `otherwise`: does some line hold whatever the figures?
#include <string.h>

#include "runtime/prove/proof.h"

typedef struct Open { // a case that no line takes
    bool found, has_point;
    ReplayCase figures;
} Open;

static void look(Paths *x, void *context) {
    Open *open = context;
    const Kpi *k = x->kpi;
    if (open->found || path_number(x, paths_definition(x, k->status)->a).missing)
        return;
    PathStatus status = path_status(x, k->status);
    // Where a condition is unknown, the status is no data for want of that figure.
    if (x->dead || status.held != UINT32_MAX || status.pending != 0)
        return;
    open->found = true;
    open->has_point = paths_take_point(x, &open->figures);
}

static bool comes_out(Proof *x, const Open *open) {
    Replay r;
    bool is_so = open->has_point && replay_run(&r, &x->paths, &open->figures) &&
                 replay_status(&r, x->paths.kpi->status).level == LEVEL_NO_DATA;
    if (open->has_point)
        replay_end(&r);
    return is_so;
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
    if (!x->paths.inexact && value < LINEAR_MAX_VARS && comes_out(x, &open))
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
