// SPDX-License-Identifier: Apache-2.0
// The public API: two sessions side by side.
#include "lang/session.h"
#include "runtime/data/fingerprint.h"
#include "runtime/edges/changes.h"
#include "runtime/edges/comparison.h"
#include "runtime/edges/selection.h"
#include "runtime/prove/difference.h"

// ---- figures of another session -----------------------------------------------------------------

// Makes the data files of [from] files of [s], and lists by their numbers there what they are here.
// [*differ] when some number is another one.
static uint32_t *list_files(bs_session *s, const bs_session *from, bool *differ) {
    uint32_t *files = ARENA_ARRAY(&s->rules, uint32_t, from->diags.files.n);
    for (size_t i = 0; files && i < from->ingest.files.n; i++) {
        uint32_t file = from->ingest.files.v[i];
        files[file] = diag_file(&s->diags, from->diags.files.v[file].path, (Str){0});
        *differ |= files[file] != file;
        if (files[file] == PLACE_NO_FILE ||
            !VEC_PUSH(&s->ingest.arena, &s->ingest.files, files[file]))
            return NULL;
    }
    return files;
}

// Each metric as itself.
static uint32_t *same_metrics(bs_session *s) {
    uint32_t *metrics = ARENA_ARRAY(&s->rules, uint32_t, s->program.n_metrics);
    for (uint32_t i = 0; metrics && i < s->program.n_metrics; i++)
        metrics[i] = i;
    return metrics;
}

static bool take_store(bs_session *s, const bs_session *from, const uint32_t *metrics) {
    bool differ = false;
    const uint32_t *files = list_files(s, from, &differ);
    // What [from] numbered anew lives as long as [from] does, so there is a copy of it.
    bool copied = from->store.obs != from->figures->obs;
    if (copied && !metrics)
        metrics = same_metrics(s);
    if (!files || (copied && !metrics) ||
        !store_rekey(&from->store, &s->rules, metrics, differ ? files : NULL, &s->store))
        return false;
    session_leave_figures(s->figures);
    s->figures = from->figures;
    atomic_fetch_add(&s->figures->n_owners, 1);
    s->shares = true;
    return true;
}

bs_code bs_share_data(bs_session *s, bs_session *from) {
    if (!s->compiled || s->reading || !from->compiled)
        return BS_USAGE;
    if (bs_finish_data(from) == BS_NO_MEMORY)
        return session_no_memory(s);
    uint32_t *metrics;
    bool alike;
    if (!reading_alike(&s->rules, &from->program, &s->program, &alike, &metrics))
        return session_no_memory(s);
    if (!alike)
        return BS_INVALID;
    return session_begin_data(s) && take_store(s, from, metrics) ? BS_OK : session_no_memory(s);
}

// ---- what differs -------------------------------------------------------------------------------

static ChangesSide side_of(const bs_session *s) {
    return (ChangesSide){&s->program, &s->store, &s->diags};
}

bs_code bs_diff(bs_session *before, bs_session *after, const bs_diff_options *options,
                bs_change_fn fn, void *context, bs_diff_counts *counts) {
    bs_code code = session_figures(before);
    if (code == BS_OK)
        code = session_figures(after);
    ChangesSide was = side_of(before), is = side_of(after);
    return code == BS_OK ? changes_run(&was, &is, before->figures == after->figures, options,
                                       &after->diags, &after->progress, fn, context, counts)
                         : code;
}

bs_code bs_diff_rules(bs_session *before, bs_session *after, const bs_filter *filter,
                      bs_rules_change_fn fn, void *context, size_t *n_same) {
    static const bs_filter everything;
    size_t n;
    if (!before->compiled || !after->compiled)
        return BS_USAGE;
    bs_filter kpis = filter ? *filter : everything; // whatever else there is speaks of figures
    kpis.n_entities = kpis.n_periods = 0;
    SelectionSide sides[] = {{&before->program, &before->store}, {&after->program, &after->store}};
    if (!selection_check(&kpis, sides, 2, &after->diags))
        return session_outcome(after, false);
    bs_code code = difference_run(&before->program, &after->program, &kpis, fn, context, &n);
    if (n_same)
        *n_same = n;
    return code == BS_NO_MEMORY ? session_no_memory(after) : code;
}

static bs_code compare(bs_session *before, bs_session *after, Comparison *c) {
    bs_code code = BS_OK;
    if (c->what->rules)
        code = bs_diff_rules(before, after, &c->what->options.filter, comparison_take_rules, c,
                             &c->counts.n_rules_same);
    if (code == BS_OK && c->what->rows)
        code = bs_diff(before, after, &c->what->options, comparison_take_row, c, &c->counts.rows);
    return code == BS_STOPPED ? session_no_memory(after) : code; // nothing else stops it
}

bs_code bs_write_comparison(bs_session *before, bs_session *after, const bs_comparison *what,
                            const bs_sink *sink, bs_comparison_counts *counts) {
    Comparison c;
    Buf text = {0};
    comparison_init(&c, what);
    bs_code code = compare(before, after, &c);
    if (code == BS_OK && !comparison_write(&c, &text))
        code = session_no_memory(after);
    if (counts)
        *counts = c.counts;
    comparison_free(&c);
    if (code == BS_OK)
        return session_hand_over(&text, sink);
    buf_free(&text);
    return code;
}
