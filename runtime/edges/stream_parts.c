// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/stream_parts.h"

#include <stdlib.h>

// ---- rows ---------------------------------------------------------------------------------------

static bool reserve_rows(Worker *w, size_t n) {
    if (n <= w->rows_cap)
        return true;
    size_t cap = n + n / 2;
    JudgeRow *rows = realloc(w->rows, cap * sizeof *rows);
    if (!rows)
        return false;
    w->rows = rows;
    w->rows_cap = cap;
    return true;
}

bool stream_add_rows(Worker *w, uint32_t obs) {
    const Stream *s = w->stream;
    const Observation *o = &w->read.store.obs[obs];
    uint32_t first = s->reader_start[o->metric], end = s->reader_start[o->metric + 1];
    if (!reserve_rows(w, w->n_rows + (end - first)))
        return false;
    for (uint32_t i = first; i < end; i++) {
        w->rows[w->n_rows++] = (JudgeRow){
            .kpi = s->readers[i],
            .lane = {.entity = o->entity, .period = o->period, .own = obs + 1},
        };
    }
    return true;
}

void stream_add_tallies(const Stream *s, const Judge *j, JudgeTally *tallies) {
    for (uint32_t i = 0; j->tallies && i < s->rules->program->n_kpis; i++)
        judge_add_tally(&tallies[i], &j->tallies[i]);
}

// ---- in turn ------------------------------------------------------------------------------------

bool stream_refuse(Stream *s, StreamAnswer answer) {
    if (s->answer == STREAM_DONE)
        s->answer = answer;
    return false;
}

bool stream_hand_on(Stream *s, const char *text, size_t len) {
    // A JSON row begins with the comma that parts it from the one before.
    size_t skip = s->rules->format == BS_JSON && !s->any_output && len > 0;
    s->any_output |= len > 0;
    if (len == 0 || s->options->sink->write(s->options->sink->context, text + skip, len - skip))
        return true;
    return stream_refuse(s, STREAM_STOPPED);
}

bool stream_settle_keys(Worker *w, uint32_t from, uint32_t to) {
    Stream *s = w->stream;
    Ingest *in = s->file->in;
    for (uint32_t i = from; i < to; i++) {
        const Observation *o = &w->read.store.obs[i];
        IngestMetric *m = &in->metrics[o->metric];
        Place place = {.file = o->file, .line = o->line};
        uint32_t entity;
        m->supplied = true;
        if (m->kind != o->period.kind && !ingest_check_kind(in, o->metric, o->period, place))
            return stream_refuse(s, STREAM_REFUSED);
        if (!chunk_follow_id(&w->read.arena, &w->entities, &w->read.store.entities, &s->entities,
                             o->entity, &entity))
            return stream_refuse(s, STREAM_NO_MEMORY);
        switch (seen_add(&s->seen, o->metric, entity, o->period)) {
        case SEEN_FIRST:
            break;
        case SEEN_AGAIN:
            return stream_refuse(s, STREAM_REFUSED);
        case SEEN_NO_MEMORY:
            return stream_refuse(s, STREAM_NO_MEMORY);
        }
    }
    return true;
}

bool stream_judge_left(Worker *w, uint32_t from) {
    Stream *s = w->stream;
    w->n_rows = 0;
    for (uint32_t i = from; i < w->read.store.n; i++) {
        if (!stream_add_rows(w, i))
            return stream_refuse(s, STREAM_NO_MEMORY);
    }
    if (!stream_settle_keys(w, from, w->read.store.n))
        return false;
    if (!judge_rows(&w->left_judge, w->rows, w->n_rows))
        return stream_refuse(s, STREAM_NO_MEMORY);
    return stream_hand_on(s, w->left_judge.out.s, w->left_judge.out.len);
}
