// SPDX-License-Identifier: Apache-2.0
#include <stdlib.h>

#include "runtime/edges/stream_parts.h"

enum { GAP_ROWS = 8192 }; // rows without a figure that are judged at a time

// The reported periods of a kind, as slots without metric and entity.
static bool gather_reported(const SeenSlot *slots, size_t n, Seen *reported) {
    for (size_t i = 0; i < n; i++) {
        if (!seen_merge(reported, slots[i]))
            return false;
    }
    return true;
}

typedef struct Gaps {
    Stream *stream;
    Judge judge;
    Store store; // of entities alone
    const SeenSlot *reported;
    size_t n_reported;
    JudgeRow rows[GAP_ROWS];
    size_t n;
} Gaps;

static bool flush_gaps(Gaps *g) {
    Stream *s = g->stream;
    bool ok = judge_rows(&g->judge, g->rows, g->n);
    g->n = 0;
    return ok ? stream_hand_on(s, g->judge.out.s, g->judge.out.len)
              : stream_refuse(s, STREAM_NO_MEMORY);
}

// Adds the rows of the periods that [missing] stands for.
static bool add_gaps(Gaps *g, uint32_t kpi, uint32_t entity, const SeenSlot *block,
                     uint64_t missing) {
    for (; missing != 0; missing &= missing - 1) {
        int32_t ordinal = block->block * SEEN_BLOCK + __builtin_ctzll(missing);
        Lane lane = {.entity = entity, .period = {.ordinal = ordinal, .kind = block->kind}};
        g->rows[g->n++] = (JudgeRow){.kpi = kpi, .lane = lane};
        if (g->n == GAP_ROWS && !flush_gaps(g))
            return false;
    }
    return true;
}

// The slots of one metric and entity, [from] to [to], against the reported periods of their kind.
static bool compare_with_reported(Gaps *g, uint32_t kpi, const SeenSlot *from, const SeenSlot *to) {
    const SeenSlot *have = from;
    for (size_t i = 0; i < g->n_reported; i++) {
        const SeenSlot *block = &g->reported[i];
        if (block->kind != from->kind)
            continue;
        while (have < to && have->block < block->block)
            have++;
        uint64_t known = have < to && have->block == block->block ? have->periods : 0;
        if (!add_gaps(g, kpi, from->entity, block, block->periods & ~known))
            return false;
    }
    return true;
}

static bool fill_gaps_of(Gaps *g, uint32_t kpi, const SeenSlot *slots, size_t n) {
    for (size_t i = 0; i < n;) {
        size_t end = i + 1;
        while (end < n && slots[end].entity == slots[i].entity)
            end++;
        if (!compare_with_reported(g, kpi, slots + i, slots + end))
            return false;
        i = end;
    }
    return true;
}

static size_t first_of_metric(const SeenSlot *slots, size_t n, uint32_t metric) {
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (slots[middle].metric < metric)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool fill_gaps(Gaps *g, const SeenSlot *slots, size_t n) {
    const Program *p = g->stream->rules->program;
    for (uint32_t i = 0; i < p->n_kpis; i++) {
        if (!g->stream->options->selected[i])
            continue;
        uint32_t metric = p->kpis[i].reads[0];
        size_t from = first_of_metric(slots, n, metric), to = first_of_metric(slots, n, metric + 1);
        if (!fill_gaps_of(g, i, slots + from, to - from))
            return false;
    }
    return flush_gaps(g);
}

void stream_write_gaps(Stream *s, JudgeTally *tallies) {
    const Program *p = s->rules->program;
    Seen reported;
    seen_init(&reported);
    Gaps *g = calloc(1, sizeof *g);
    size_t n_slots;
    const SeenSlot *slots = seen_sort(&s->seen, &n_slots);
    bool ok = g && gather_reported(slots, n_slots, &reported) &&
              store_init_rows(&g->store, &s->arena, &s->arena, p->n_metrics, p->n_fields);
    if (ok) {
        g->stream = s;
        g->reported = seen_sort(&reported, &g->n_reported);
        g->store.entities = s->entities;
        if (judge_init(&g->judge, s->rules, &g->store))
            fill_gaps(g, slots, n_slots);
        else
            stream_refuse(s, STREAM_NO_MEMORY);
        stream_add_tallies(s, &g->judge, tallies);
        judge_free(&g->judge);
    } else {
        stream_refuse(s, STREAM_NO_MEMORY);
    }
    seen_free(&reported);
    free(g);
}
