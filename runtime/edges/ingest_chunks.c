// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/ingest_chunks.h"

#include <stdlib.h>

#include "runtime/edges/chunk_rows.h"
#include "runtime/edges/relay.h"

enum { INGEST_CHUNK = 1 << 18 }; // bytes

// What the threads share; for whose turn it is.
typedef struct Keeping {
    IngestFile *file;
    Csv like;          // the file's, when reading began
    uint64_t n_untold; // rows that progress was not told of
} Keeping;

typedef struct Keeper {
    Keeping *keeping;
    ChunkRows read;
    ChunkIds entities, texts; // in the file's store
} Keeper;

// ---- in turn ------------------------------------------------------------------------------------

static bool keep_figures(Keeper *k, uint32_t from, uint32_t obs) {
    const Program *p = k->keeping->file->in->program;
    Store *s = k->keeping->file->in->store, *read = &k->read.store;
    for (uint32_t field = 0; field < s->n_fields; field++) {
        Why why;
        Number n = store_figure(read, from, field, &why);
        uint32_t id = (uint32_t)n.num;
        if (p->field_is_text[field] && !why) {
            if (!chunk_follow_id(&k->read.arena, &k->texts, &read->texts, &s->texts, id, &id))
                return false;
            n = number_int(id);
        }
        store_set(s, obs, field, n, why);
    }
    return true;
}

// Enters the rows of the usual form from..to. False when the file is read no further.
static bool keep_usual(Keeper *k, uint32_t from, uint32_t to) {
    IngestFile *f = k->keeping->file;
    Store *s = f->in->store;
    bool ok = true;
    for (uint32_t i = from; ok && i < to; i++) {
        const Observation *o = &k->read.store.obs[i];
        IngestKey key = {.period = o->period, .place = {.file = o->file, .line = o->line}};
        ok = chunk_follow_id(&k->read.arena, &k->entities, &k->read.store.entities, &s->entities,
                             o->entity, &key.entity);
        uint32_t obs = ok ? ingest_enter(f, o->metric, &key, o->marks) : OBS_NONE;
        ok = ok && (obs == OBS_NONE || keep_figures(k, i, obs));
        if (!ok)
            s->arena->failed = true;
        ok = ingest_may_go_on(f);
    }
    return ok;
}

static bool keep_left(Keeper *k, const Chunk *chunk, const QuickLeft *left) {
    IngestFile *f = k->keeping->file;
    chunk_rows_begin_left(&k->read, chunk, left);
    Record r;
    RecordsNext next;
    while ((next = chunk_rows_next_left(&k->read, &r)) == RECORDS_ROW) {
        ingest_row(f, &r);
        k->keeping->n_untold++;
        if (!ingest_may_go_on(f))
            return false;
    }
    return next == RECORDS_END;
}

static bool keep_rows(void *worker, Chunk *chunk, bool was_read) {
    Keeper *k = worker;
    IngestFile *f = k->keeping->file;
    uint32_t n_usual = k->read.store.n, done = 0;
    if (!was_read)
        f->in->store->arena->failed = true;
    bool ok = ingest_may_go_on(f);
    for (size_t i = 0; ok && i < k->read.left.n; i++) {
        const QuickLeft *left = &k->read.left.v[i];
        ok = keep_usual(k, done, left->before) && keep_left(k, chunk, left);
        done = left->before;
    }
    ok = ok && keep_usual(k, done, n_usual);
    k->keeping->n_untold += n_usual;
    if (ok && k->keeping->n_untold >= PROGRESS_ROWS) {
        ok = ingest_progress(f, k->keeping->n_untold);
        k->keeping->n_untold = 0;
    }
    return ok;
}

// ---- the whole ----------------------------------------------------------------------------------

static bool read_rows(void *worker, Chunk *chunk) {
    return chunk_rows_read(&((Keeper *)worker)->read, chunk);
}

// A short file is not worth a second thread.
static size_t threads_for(const IngestFile *f, const IngestChunksOptions *o, size_t chunk) {
    uint64_t n_read, size;
    records_position(f->choice.records, &n_read, &size);
    uint64_t most = size > 0 ? size / chunk + 1 : RELAY_MAX_THREADS;
    most = most < RELAY_MAX_THREADS ? most : RELAY_MAX_THREADS;
    return o->n_threads < most ? o->n_threads : (size_t)most;
}

// Text that cannot be taken in chunks is met again, at its place, by who reads on record by record.
static bool run(Keeping *k, Keeper *keepers, size_t n, size_t chunk, MasksFn *masks) {
    static const RelayWork work = {read_rows, keep_rows};
    IngestFile *f = k->file;
    Csv *csv = records_csv(f->choice.records);
    Chunks chunks;
    k->like = *csv;
    chunks_begin(&chunks, csv, masks ? masks : masks_best(), chunk);
    RelayEnd end = relay_run(&chunks, &work, keepers, sizeof *keepers, n);
    chunks_leave(&chunks);
    if (end == RELAY_STOPPED || (k->n_untold > 0 && !ingest_progress(f, k->n_untold)))
        return false;
    return end == RELAY_ALL || ingest_rows(f, NULL, NULL);
}

bool ingest_chunks(IngestFile *f, const IngestChunksOptions *o) {
    Keeping keeping = {.file = f};
    size_t chunk = o->chunk > 0 ? o->chunk : INGEST_CHUNK, n = threads_for(f, o, chunk), begun = 0;
    Keeper *keepers = calloc(n, sizeof *keepers);
    bool ok = keepers != NULL;
    while (ok && begun < n) {
        Keeper *k = &keepers[begun++];
        k->keeping = &keeping;
        ok = chunk_rows_begin(&k->read, f, &keeping.like, true);
    }
    if (!ok)
        f->in->store->arena->failed = true;
    ok = ingest_may_go_on(f) && run(&keeping, keepers, n, chunk, o->masks);
    for (size_t i = 0; i < begun; i++)
        chunk_rows_end(&keepers[i].read);
    free(keepers);
    return ok;
}
