// SPDX-License-Identifier: Apache-2.0
#include <stdlib.h>

#include "runtime/edges/stream_parts.h"

enum { BYTES_PER_KPI = 2048 }; // of a chunk: so many that a KPI has several rows in it

// ---- serving ------------------------------------------------------------------------------------

bool stream_serves(const IngestFile *file, const JudgeRules *rules, const bool *selected) {
    const Program *p = rules->program;
    const Input *input = file->choice.input;
    if (input->revises || input->previous_column.len > 0)
        return false;
    for (uint32_t i = 0; i < p->n_kpis; i++) {
        const Kpi *k = &p->kpis[i];
        if (selected[i] && (k->n_reads != 1 || !plan_stays_with(p, &rules->plans[i], k->reads[0])))
            return false;
    }
    return true;
}

static bool list_readers(Stream *s, Arena *a) {
    const Program *p = s->rules->program;
    s->reader_start = ARENA_ARRAY(a, uint32_t, p->n_metrics + 2);
    s->readers = ARENA_ARRAY(a, uint32_t, p->n_kpis);
    if (a->failed)
        return false;
    uint32_t *starts = s->reader_start + 1;
    for (uint32_t i = 0; i < p->n_kpis; i++) {
        if (s->options->selected[i])
            starts[p->kpis[i].reads[0] + 1]++;
    }
    for (uint32_t m = 0; m < p->n_metrics; m++)
        starts[m + 1] += starts[m];
    for (uint32_t i = 0; i < p->n_kpis; i++) {
        if (s->options->selected[i])
            s->readers[starts[p->kpis[i].reads[0]]++] = i;
    }
    return true;
}

// ---- a chunk ------------------------------------------------------------------------------------

static bool list_rows(Worker *w) {
    w->n_rows = 0;
    w->cuts = ARENA_ARRAY(&w->read.left_arena, size_t, w->read.left.n);
    size_t k = 0;
    for (uint32_t i = 0; i < w->read.store.n; i++) {
        for (; w->cuts && k < w->read.left.n && w->read.left.v[k].before == i; k++)
            w->cuts[k] = w->n_rows;
        if (!stream_add_rows(w, i))
            return false;
    }
    for (; w->cuts && k < w->read.left.n; k++)
        w->cuts[k] = w->n_rows;
    return w->cuts != NULL;
}

// What needs no turn: everything about the rows of the usual form.
static bool read_chunk(void *worker, Chunk *chunk) {
    Worker *w = worker;
    return chunk_rows_read(&w->read, chunk) && list_rows(w) &&
           judge_rows(&w->judge, w->rows, w->n_rows);
}

// ---- in turn ------------------------------------------------------------------------------------

// Reads the records of a stretch that was left, by the way that knows every form.
static bool read_left(Worker *w, const Chunk *chunk, const QuickLeft *left) {
    Stream *s = w->stream;
    IngestFile *f = s->file;
    chunk_rows_begin_left(&w->read, chunk, left);
    Record r;
    RecordsNext next;
    while ((next = chunk_rows_next_left(&w->read, &r)) == RECORDS_ROW) {
        uint32_t from = w->read.store.n;
        ingest_row(f, &r);
        if (f->in->diags->n_errors > s->n_errors)
            return stream_refuse(s, STREAM_REFUSED);
        if (w->read.arena.failed || w->read.numbers.failed || f->arena->failed)
            return stream_refuse(s, STREAM_NO_MEMORY);
        if (w->read.store.n > from && !stream_judge_left(w, from))
            return false;
    }
    return next == RECORDS_END || stream_refuse(s, STREAM_REFUSED);
}

static bool hand_on_chunk(void *worker, Chunk *chunk, bool was_read) {
    Worker *w = worker;
    Stream *s = w->stream;
    const Judge *j = &w->judge;
    uint32_t n_usual = w->read.store.n, obs = 0;
    size_t at = 0;
    if (!was_read)
        return stream_refuse(s, STREAM_NO_MEMORY);
    Store *store = s->file->in->store;
    s->file->in->store = &w->read.store;
    bool ok = true;
    for (size_t k = 0; ok && k < w->read.left.n; k++) {
        const QuickLeft *left = &w->read.left.v[k];
        size_t end = w->cuts[k] > 0 ? j->ends[w->cuts[k] - 1] : 0;
        ok = stream_settle_keys(w, obs, left->before) &&
             stream_hand_on(s, j->out.s + at, end - at) && read_left(w, chunk, left);
        obs = left->before;
        at = end;
    }
    ok = ok && stream_settle_keys(w, obs, n_usual) &&
         stream_hand_on(s, j->out.s + at, j->out.len - at);
    s->file->in->store = store;
    s->n_untold += w->read.store.n;
    if (s->n_untold >= PROGRESS_ROWS) {
        if (!ingest_progress(s->file, s->n_untold))
            return stream_refuse(s, STREAM_STOPPED);
        s->n_untold = 0;
    }
    return ok;
}

// ---- threads ------------------------------------------------------------------------------------

static bool begin_worker(Worker *w, Stream *s) {
    *w = (Worker){.stream = s};
    return chunk_rows_begin(&w->read, s->file, &s->like, s->quick) &&
           judge_init(&w->judge, s->rules, &w->read.store) &&
           judge_init(&w->left_judge, s->rules, &w->read.store);
}

static void end_worker(Worker *w, JudgeTally *tallies) {
    stream_add_tallies(w->stream, &w->judge, tallies);
    stream_add_tallies(w->stream, &w->left_judge, tallies);
    judge_free(&w->judge);
    judge_free(&w->left_judge);
    free(w->rows);
    chunk_rows_end(&w->read);
}

// ---- the whole ----------------------------------------------------------------------------------

static size_t chunk_size(const StreamOptions *o, const Program *p) {
    if (o->chunk > 0)
        return o->chunk;
    size_t size = (size_t)p->n_kpis * BYTES_PER_KPI;
    return size < STREAM_CHUNK ? STREAM_CHUNK : size > STREAM_CHUNK_MAX ? STREAM_CHUNK_MAX : size;
}

static bool begin(Stream *s, IngestFile *file, const JudgeRules *rules, const StreamOptions *o) {
    *s = (Stream){.file = file,
                  .rules = rules,
                  .options = o,
                  .quick = quick_serves(file),
                  .n_errors = file->in->diags->n_errors,
                  .answer = STREAM_DONE};
    arena_init(&s->arena, 0);
    intern_init(&s->entities, &s->arena);
    seen_init(&s->seen);
    return list_readers(s, &s->arena);
}

static void read_chunks(Stream *s, Worker *workers, size_t n) {
    static const RelayWork work = {read_chunk, hand_on_chunk};
    const StreamOptions *o = s->options;
    Csv *csv = records_csv(s->file->choice.records);
    Chunks chunks;
    s->like = *csv;
    chunks_begin(&chunks, csv, o->masks ? o->masks : masks_best(),
                 chunk_size(o, s->rules->program));
    if (relay_run(&chunks, &work, workers, sizeof *workers, n) == RELAY_UNREADABLE)
        stream_refuse(s, STREAM_REFUSED);
}

static void end(Stream *s) {
    seen_free(&s->seen);
    arena_free(&s->arena);
}

StreamAnswer stream_run(IngestFile *file, const JudgeRules *rules, const StreamOptions *o,
                        JudgeTally *tallies) {
    Stream s;
    bool ok = begin(&s, file, rules, o);
    size_t most = s.quick ? RELAY_MAX_THREADS : 1;
    size_t n = o->n_threads < most ? o->n_threads : most;
    Worker *workers = calloc(n, sizeof *workers);
    ok = ok && workers;
    for (uint32_t i = 0; i < rules->program->n_kpis; i++)
        tallies[i] = (JudgeTally){.wanting = WANTING_NONE};
    size_t n_begun = 0;
    while (ok && n_begun < n)
        ok = begin_worker(&workers[n_begun++], &s);
    if (!ok)
        s.answer = STREAM_NO_MEMORY;
    else if (s.quick)
        read_chunks(&s, workers, n);
    else
        stream_read_rows(workers);
    for (size_t i = 0; i < n_begun; i++)
        end_worker(&workers[i], tallies);
    if (s.answer == STREAM_DONE)
        stream_write_gaps(&s, tallies);
    free(workers);
    end(&s);
    return s.answer;
}
