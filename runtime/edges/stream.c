// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/stream.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/edges/ingest_quick.h"
#include "runtime/engine/seen.h"

enum {
    BYTES_PER_KPI = 2048, // of a chunk: so many that a KPI has several rows in it
    GAP_ROWS = 8192, // rows without a figure that are judged at a time
};

typedef struct Stream {
    IngestFile *file;
    const JudgeRules *rules;
    const StreamOptions *options;
    uint32_t *reader_start; // by metric, of n_metrics + 1: where its KPIs begin in `readers`
    uint32_t *readers;

    pthread_mutex_t reading; // guards the next three
    Chunks chunks;
    size_t n_chunks; // that were taken
    bool no_more;

    pthread_mutex_t turn; // guards the rest
    pthread_cond_t turned;
    size_t n_done; // chunks that were handed on
    StreamAnswer answer;
    bool any_output;
    uint64_t n_untold; // rows that progress was not told of
    Intern entities; // in order of first sight
    Arena arena;     // of entities
    Seen seen;
} Stream;

typedef struct Worker {
    Stream *stream;
    Chunk chunk;
    Arena arena;   // of the store
    Arena numbers; // of the chunk
    Arena left_arena;
    Store store;
    Quick quick;
    QuickLeftRows left;
    size_t *cuts; // by left row: how many result rows come before it
    Csv csv;      // for rows of an unusual form
    Judge judge, left_judge; // the second for the rows that were left
    JudgeRow *rows;
    size_t n_rows, rows_cap;
    VEC(uint32_t) entities; // ids in the stream, by id in the store
    bool failed;            // memory ran out
} Worker;

// ---- serving ------------------------------------------------------------------------------------

bool stream_serves(const IngestFile *file, const JudgeRules *rules, const bool *selected) {
    const Program *p = rules->program;
    if (!quick_serves(file) || file->choice.input->revises)
        return false;
    for (uint32_t i = 0; i < p->n_kpis; i++) {
        const Kpi *k = &p->kpis[i];
        if (selected[i] &&
            (k->n_reads != 1 || !plan_stays_with(p, &rules->plans[i], k->reads[0])))
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

// Adds the result rows of an observation.
static bool add_rows(Worker *w, uint32_t obs) {
    const Stream *s = w->stream;
    const Observation *o = &w->store.obs[obs];
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

static bool list_rows(Worker *w) {
    w->n_rows = 0;
    w->cuts = ARENA_ARRAY(&w->left_arena, size_t, w->left.n);
    size_t k = 0;
    for (uint32_t i = 0; i < w->store.n; i++) {
        for (; w->cuts && k < w->left.n && w->left.v[k].before == i; k++)
            w->cuts[k] = w->n_rows;
        if (!add_rows(w, i))
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

static bool refuse(Stream *s, StreamAnswer answer) {
    if (s->answer == STREAM_DONE)
        s->answer = answer;
    return false;
}

static bool hand_on(Stream *s, const char *text, size_t len) {
    // A JSON row begins with the comma that parts it from the one before.
    size_t skip = s->rules->format == BS_JSON && !s->any_output && len > 0;
    s->any_output |= len > 0;
    if (len == 0 || s->options->sink->write(s->options->sink->context, text + skip, len - skip))
        return true;
    return refuse(s, STREAM_STOPPED);
}

// The entity's id in the stream.
static bool settle_entity(Worker *w, uint32_t entity, uint32_t *out) {
    Stream *s = w->stream;
    while (w->entities.n <= entity) {
        if (!VEC_PUSH(&w->arena, &w->entities, INTERN_NONE))
            return false;
    }
    if (w->entities.v[entity] == INTERN_NONE)
        w->entities.v[entity] = intern_add(&s->entities, intern_text(&w->store.entities, entity));
    *out = w->entities.v[entity];
    return *out != INTERN_NONE;
}

// Enters the keys of observations from..to.
static bool settle_keys(Worker *w, uint32_t from, uint32_t to) {
    Stream *s = w->stream;
    Ingest *in = s->file->in;
    for (uint32_t i = from; i < to; i++) {
        const Observation *o = &w->store.obs[i];
        IngestMetric *m = &in->metrics[o->metric];
        Place place = {.file = o->file, .line = o->line};
        uint32_t entity;
        m->supplied = true;
        if (m->kind != o->period.kind && !ingest_check_kind(in, o->metric, o->period, place))
            return refuse(s, STREAM_REFUSED);
        if (!settle_entity(w, o->entity, &entity))
            return refuse(s, STREAM_NO_MEMORY);
        switch (seen_add(&s->seen, o->metric, entity, o->period)) {
        case SEEN_FIRST:
            break;
        case SEEN_AGAIN:
            return refuse(s, STREAM_REFUSED);
        case SEEN_NO_MEMORY:
            return refuse(s, STREAM_NO_MEMORY);
        }
    }
    return true;
}

// Judges the observations from [from] on, which came of rows that were left, and hands them on.
static bool hand_on_left(Worker *w, uint32_t from) {
    Stream *s = w->stream;
    w->n_rows = 0;
    for (uint32_t i = from; i < w->store.n; i++) {
        if (!add_rows(w, i))
            return refuse(s, STREAM_NO_MEMORY);
    }
    if (!settle_keys(w, from, w->store.n))
        return false;
    if (!judge_rows(&w->left_judge, w->rows, w->n_rows))
        return refuse(s, STREAM_NO_MEMORY);
    return hand_on(s, w->left_judge.out.s, w->left_judge.out.len);
}

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
    size_t n_errors = f->in->diags->n_errors;
    csv_reuse(&w->csv, records_csv(f->choice.records), w->chunk.s + left->from, left->len,
              left->line);
    Record r;
    RecordsNext next;
    while ((next = next_record(w, &r)) == RECORDS_ROW) {
        uint32_t from = w->store.n;
        ingest_row(f, &r);
        if (f->in->diags->n_errors > n_errors)
            return refuse(s, STREAM_REFUSED);
        if (w->arena.failed || w->numbers.failed || f->arena->failed)
            return refuse(s, STREAM_NO_MEMORY);
        if (w->store.n > from && !hand_on_left(w, from))
            return false;
    }
    return next == RECORDS_END || refuse(s, STREAM_REFUSED);
}

static bool hand_on_chunk(Worker *w) {
    Stream *s = w->stream;
    const Judge *j = &w->judge;
    uint32_t n_usual = w->store.n, obs = 0;
    size_t at = 0;
    if (w->failed)
        return refuse(s, STREAM_NO_MEMORY);
    Store *store = s->file->in->store;
    s->file->in->store = &w->store;
    bool ok = true;
    for (size_t k = 0; ok && k < w->left.n; k++) {
        const QuickLeft *left = &w->left.v[k];
        size_t end = w->cuts[k] > 0 ? j->ends[w->cuts[k] - 1] : 0;
        ok = settle_keys(w, obs, left->before) && hand_on(s, j->out.s + at, end - at) &&
             read_left(w, left);
        obs = left->before;
        at = end;
    }
    ok = ok && settle_keys(w, obs, n_usual) && hand_on(s, j->out.s + at, j->out.len - at);
    s->file->in->store = store;
    s->n_untold += w->store.n;
    if (s->n_untold >= INGEST_PROGRESS_ROWS) {
        ingest_progress(s->file, s->n_untold);
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
            refuse(s, STREAM_REFUSED);
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
           quick_begin(&w->quick, &w->arena, s->file, &w->store);
}

static void add_tally(JudgeTally *to, const JudgeTally *from) {
    for (size_t i = 0; i < SCALE_MAX_LEVELS; i++)
        to->by_level[i] += from->by_level[i];
    to->n_no_data += from->n_no_data;
    to->n_unjudged += from->n_unjudged;
    wanting_add(&to->wanting, from->wanting);
}

static void add_tallies(const Stream *s, const Judge *j, JudgeTally *tallies) {
    for (uint32_t i = 0; j->tallies && i < s->rules->program->n_kpis; i++)
        add_tally(&tallies[i], &j->tallies[i]);
}

static void end_worker(Worker *w, JudgeTally *tallies) {
    add_tallies(w->stream, &w->judge, tallies);
    add_tallies(w->stream, &w->left_judge, tallies);
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

// ---- rows without a figure ----------------------------------------------------------------------

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
    return ok ? hand_on(s, g->judge.out.s, g->judge.out.len) : refuse(s, STREAM_NO_MEMORY);
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

static void write_gaps(Stream *s, JudgeTally *tallies) {
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
            refuse(s, STREAM_NO_MEMORY);
        add_tallies(s, &g->judge, tallies);
        judge_free(&g->judge);
    } else {
        refuse(s, STREAM_NO_MEMORY);
    }
    seen_free(&reported);
    free(g);
}

// ---- the whole ----------------------------------------------------------------------------------

static size_t chunk_size(const StreamOptions *o, const Program *p) {
    if (o->chunk > 0)
        return o->chunk;
    size_t size = (size_t)p->n_kpis * BYTES_PER_KPI;
    return size < STREAM_CHUNK ? STREAM_CHUNK : size > STREAM_CHUNK_MAX ? STREAM_CHUNK_MAX : size;
}

static bool begin(Stream *s, IngestFile *file, const JudgeRules *rules, const StreamOptions *o) {
    *s = (Stream){.file = file, .rules = rules, .options = o, .answer = STREAM_DONE};
    arena_init(&s->arena, 0);
    intern_init(&s->entities, &s->arena);
    seen_init(&s->seen);
    pthread_mutex_init(&s->reading, NULL);
    pthread_mutex_init(&s->turn, NULL);
    pthread_cond_init(&s->turned, NULL);
    chunks_begin(&s->chunks, records_csv(file->choice.records), o->masks ? o->masks : masks_best(),
                 chunk_size(o, rules->program));
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
    size_t n = o->n_threads < STREAM_MAX_THREADS ? o->n_threads : STREAM_MAX_THREADS;
    Worker *workers = calloc(n, sizeof *workers);
    bool ok = begin(&s, file, rules, o) && workers;
    for (uint32_t i = 0; i < rules->program->n_kpis; i++)
        tallies[i] = (JudgeTally){.wanting = WANTING_NONE};
    size_t n_begun = 0;
    while (ok && n_begun < n)
        ok = begin_worker(&workers[n_begun++], &s);
    if (ok)
        run_workers(workers, n);
    else
        s.answer = STREAM_NO_MEMORY;
    for (size_t i = 0; i < n_begun; i++)
        end_worker(&workers[i], tallies);
    if (s.answer == STREAM_DONE)
        write_gaps(&s, tallies);
    free(workers);
    end(&s);
    return s.answer;
}
