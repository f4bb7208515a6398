// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/write.h"

size_t status_scale_of(const WriteNames *names, const bs_result *r) {
    for (size_t i = 0; i < names->n_scales; i++) {
        const Scale *s = names->scales[i];
        if (s->n_levels == r->n_status_ranks && r->status_rank < s->n_levels &&
            str_eq(s->levels[r->status_rank].name, text_str(r->status)))
            return i;
    }
    return names->n_scales;
}

static void count_result(Writer *w, const bs_result *r) {
    w->tally.counts.n_rows++;
    w->tally.counts.n_by_hand += r->by_hand;
    w->tally.counts.n_without_rules += r->without_rules;
    switch (r->kind) {
    case BS_JUDGED: {
        size_t scale = status_scale_of(w->names, r);
        if (scale < w->names->n_scales)
            w->tally.by_level[scale][r->status_rank]++;
        return;
    }
    case BS_NO_DATA:
        w->tally.counts.n_no_data++;
        return;
    case BS_UNJUDGED:
        w->tally.counts.n_unjudged++;
        return;
    }
}

static void count_assertions(const WriteNames *names, bs_counts *counts) {
    for (size_t i = 0; names->asserted && i < names->n_assertions; i++) {
        counts->n_held += names->asserted[i].n_held;
        counts->n_failed += names->asserted[i].n_failed;
        counts->n_unchecked += names->asserted[i].n_unchecked;
    }
}

static void flush(Writer *w) {
    if (w->out.failed)
        w->code = BS_NO_MEMORY;
    if (w->code == BS_OK && w->out.len > 0 &&
        !w->sink->write(w->sink->context, w->out.s, w->out.len))
        w->code = BS_STOPPED;
    w->out.len = 0;
}

bs_code writer_begin(Writer *w, const bs_output *output, const WriteNames *names, DiagList *d,
                     const bs_sink *sink) {
    *w = (Writer){.output = *output, .names = names, .sink = sink};
    arena_init(&w->arena, 0);
    count_assertions(names, &w->tally.counts);
    w->tally.by_level = arena_array(&w->arena, names->n_scales, sizeof *w->tally.by_level);
    unsigned there = (names->as_of ? IF_AS_OF : 0) | (names->n_overrides > 0 ? IF_OVERRIDDEN : 0) |
                     (names->groups ? IF_GROUPS : 0);
    bool all_known = columns_choose(&w->arena, output, there, names->columns, names->n_columns, d,
                                    &w->columns);
    if (w->arena.failed)
        w->code = BS_NO_MEMORY;
    else if (!all_known)
        w->code = BS_INVALID;
    if (w->code != BS_OK)
        return w->code;
    switch (output->format) {
    case BS_TABLE:
        w->code = table_begin(w) ? BS_OK : BS_NO_MEMORY;
        break;
    case BS_CSV:
        csv_begin(w);
        break;
    case BS_JSON:
    case BS_JSONL:
        json_begin(w);
        break;
    }
    return w->code;
}

bs_code writer_add(Writer *w, const bs_result *r) {
    if (w->code != BS_OK)
        return w->code;
    bool has_memory = true;
    switch (w->output.format) {
    case BS_TABLE:
        has_memory = table_add(w, r);
        break;
    case BS_CSV:
        csv_add(w, r);
        break;
    case BS_JSON:
    case BS_JSONL:
        has_memory = json_add(w, r);
        break;
    }
    if (!has_memory)
        w->code = BS_NO_MEMORY;
    count_result(w, r);
    if (w->out.len >= WRITE_CHUNK || w->out.failed)
        flush(w);
    return w->code;
}

bs_code writer_flush(Writer *w) {
    flush(w);
    return w->code;
}

bs_code writer_end(Writer *w) {
    if (w->code != BS_OK)
        return w->code;
    switch (w->output.format) {
    case BS_TABLE:
        if (!table_end(w))
            w->code = BS_NO_MEMORY;
        break;
    case BS_CSV:
    case BS_JSONL:
        break;
    case BS_JSON:
        if (!json_end(w))
            w->code = BS_NO_MEMORY;
        break;
    }
    flush(w);
    return w->code;
}

void writer_free(Writer *w) {
    table_free(w);
    buf_free(&w->out);
    arena_free(&w->arena);
}
