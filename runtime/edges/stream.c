// SPDX-License-Identifier: Apache-2.0
#include <stdlib.h>

#include "runtime/edges/ingest_fractions.h"
#include "runtime/edges/ingest_labels.h"
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
    w->cuts = ARENA_ARRAY(&w->left_arena, size_t, w->left.n);
    size_t k = 0;
    for (uint32_t i = 0; i < w->store.n; i++) {
        for (; w->cuts && k < w->left.n && w->left.v[k].before == i; k++)
            w->cuts[k] = w->n_rows;
        if (!stream_add_rows(w, i))
            return false;
    }
    for (; w->cuts && k < w->left.n; k++)
        w->cuts[k] = w->n_rows;
    return w->cuts != NULL;
}

static void clear_left(Worker *w) {
    if (w->left.n > 0)
        arena_free(&w->left_arena);
    w->left = (QuickLeftRows){0};
}

// What needs no turn: everything about the rows of the usual form.
static bool read_chunk(Worker *w) {
    store_clear(&w->store);
    clear_left(w);
    if (w->chunk.plain) {
        if (!quick_read(&w->quick, &w->chunk, &w->left_arena, &w->left))
            return false;
    } else if (!VEC_PUSH(&w->left_arena, &w->left,
                         (QuickLeft){.len = w->chunk.len, .line = w->chunk.line})) {
        return false;
    }
    return list_rows(w) && judge_rows(&w->judge, w->rows, w->n_rows);
}

// ---- in turn ------------------------------------------------------------------------------------

static RecordsNext next_record(Worker *w, Record *out) {
    size_t n;
    records_header(w->stream->file->choice.records, &n);
    RecordsNext next = csv_next(&w->csv);
    if (next != RECORDS_ROW)
        return next;
    return csv_record(&w->csv, n, out) ? RECORDS_ROW : RECORDS_FAILED;
}

// Reads the records of a stretch that was left, by the way that knows every form.
static bool read_left(Worker *w, const QuickLeft *left) {
    Stream *s = w->stream;
    IngestFile *f = s->file;
    csv_reuse(&w->csv, records_csv(f->choice.records), w->chunk.s + left->from, left->len,
              left->line);
    Record r;
    RecordsNext next;
    while ((next = next_record(w, &r)) == RECORDS_ROW) {
        uint32_t from = w->store.n;
        ingest_row(f, &r);
        if (f->in->diags->n_errors > s->n_errors)
            return stream_refuse(s, STREAM_REFUSED);
        if (w->arena.failed || w->numbers.failed || f->arena->failed)
            return stream_refuse(s, STREAM_NO_MEMORY);
        if (w->store.n > from && !stream_judge_left(w, from))
            return false;
    }
    return next == RECORDS_END || stream_refuse(s, STREAM_REFUSED);
}

static bool hand_on_chunk(Worker *w) {
    Stream *s = w->stream;
    const Judge *j = &w->judge;
    uint32_t n_usual = w->store.n, obs = 0;
    size_t at = 0;
    if (w->failed)
        return stream_refuse(s, STREAM_NO_MEMORY);
    Store *store = s->file->in->store;
    s->file->in->store = &w->store;
    bool ok = true;
    for (size_t k = 0; ok && k < w->left.n; k++) {
        const QuickLeft *left = &w->left.v[k];
        size_t end = w->cuts[k] > 0 ? j->ends[w->cuts[k] - 1] : 0;
        ok = stream_settle_keys(w, obs, left->before) &&
             stream_hand_on(s, j->out.s + at, end - at) && read_left(w, left);
        obs = left->before;
        at = end;
    }
    ok = ok && stream_settle_keys(w, obs, n_usual) &&
         stream_hand_on(s, j->out.s + at, j->out.len - at);
    s->file->in->store = store;
    s->n_untold += w->store.n;
    if (s->n_untold >= PROGRESS_ROWS) {
        if (!ingest_progress(s->file, s->n_untold))
            return stream_refuse(s, STREAM_STOPPED);
        s->n_untold = 0;
    }
    return ok;
}

// ---- threads ------------------------------------------------------------------------------------

// Takes the next chunk. False when there is none or the work is to end.
static bool take_chunk(Worker *w, size_t *number) {
    Stream *s = w->stream;
    bool taken = false;
    pthread_mutex_lock(&s->reading);
    if (!s->no_more) {
        ChunksNext next = chunks_next(&s->chunks, &w->chunk);
        taken = next != CHUNKS_END;
        w->failed = false;
        *number = s->n_chunks;
        s->n_chunks += taken;
        s->no_more = next != CHUNKS_TEXT;
        if (next == CHUNKS_FAILED)
            w->chunk.len = 0;
    }
    pthread_mutex_unlock(&s->reading);
    return taken;
}

static void stop_reading(Stream *s) {
    pthread_mutex_lock(&s->reading);
    s->no_more = true;
    pthread_mutex_unlock(&s->reading);
}

static void *work(void *context) {
    Worker *w = context;
    Stream *s = w->stream;
    size_t number;
    while (take_chunk(w, &number)) {
        bool unreadable = w->chunk.len == 0;
        w->failed = !unreadable && !read_chunk(w);
        pthread_mutex_lock(&s->turn);
        while (s->n_done != number)
            pthread_cond_wait(&s->turned, &s->turn);
        if (unreadable)
            stream_refuse(s, STREAM_REFUSED);
        bool go_on = s->answer == STREAM_DONE && hand_on_chunk(w);
        s->n_done++;
        pthread_cond_broadcast(&s->turned);
        pthread_mutex_unlock(&s->turn);
        if (!go_on)
            stop_reading(s);
    }
    return NULL;
}

static bool begin_worker(Worker *w, Stream *s) {
    const Program *p = s->rules->program;
    *w = (Worker){.stream = s};
    arena_init(&w->arena, 0);
    arena_init(&w->numbers, 0);
    arena_init(&w->left_arena, 0);
    return store_init_rows(&w->store, &w->arena, &w->numbers, p->n_metrics, p->n_fields) &&
           judge_init(&w->judge, s->rules, &w->store) &&
           judge_init(&w->left_judge, s->rules, &w->store) &&
           (!s->quick || quick_begin(&w->quick, &w->arena, s->file, &w->store));
}

static void end_worker(Worker *w, JudgeTally *tallies) {
    ingest_note_doubt(w->stream->file, &w->quick.doubt);
    if (w->quick.fractions)
        ingest_note_fractions(w->stream->file->in, w->quick.fractions);
    stream_add_tallies(w->stream, &w->judge, tallies);
    stream_add_tallies(w->stream, &w->left_judge, tallies);
    judge_free(&w->judge);
    judge_free(&w->left_judge);
    chunk_free(&w->chunk);
    csv_close(&w->csv);
    free(w->rows);
    arena_free(&w->left_arena);
    arena_free(&w->numbers);
    arena_free(&w->arena);
}

// Runs [n] workers, the first in this thread. A thread that the system does not give is done
// without.
static void run_workers(Worker *workers, size_t n) {
    pthread_t threads[STREAM_MAX_THREADS];
    size_t n_threads = 0;
    for (size_t i = 1; i < n; i++)
        n_threads += pthread_create(&threads[n_threads], NULL, work, &workers[i]) == 0;
    work(&workers[0]);
    for (size_t i = 0; i < n_threads; i++)
        pthread_join(threads[i], NULL);
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
    pthread_mutex_init(&s->reading, NULL);
    pthread_mutex_init(&s->turn, NULL);
    pthread_cond_init(&s->turned, NULL);
    if (s->quick)
        chunks_begin(&s->chunks, records_csv(file->choice.records),
                     o->masks ? o->masks : masks_best(), chunk_size(o, rules->program));
    return list_readers(s, &s->arena);
}

static void end(Stream *s) {
    pthread_mutex_destroy(&s->reading);
    pthread_mutex_destroy(&s->turn);
    pthread_cond_destroy(&s->turned);
    seen_free(&s->seen);
    arena_free(&s->arena);
}

StreamAnswer stream_run(IngestFile *file, const JudgeRules *rules, const StreamOptions *o,
                        JudgeTally *tallies) {
    Stream s;
    bool ok = begin(&s, file, rules, o);
    size_t most = s.quick ? STREAM_MAX_THREADS : 1;
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
        run_workers(workers, n);
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
