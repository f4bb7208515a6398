// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/stream_parts.h"

enum { BATCH_ROWS = 8192 }; // observations that are judged at a time

static bool take_batch(Worker *w) {
    bool go_on = stream_judge_left(w, 0);
    store_clear(&w->read.store);
    return go_on;
}

static bool after_row(void *context) {
    Worker *w = context;
    Stream *s = w->stream;
    if (w->read.numbers.failed)
        return stream_refuse(s, STREAM_NO_MEMORY);
    if (s->file->in->diags->n_errors > s->n_errors)
        return stream_refuse(s, STREAM_REFUSED);
    return w->read.store.n < BATCH_ROWS || take_batch(w);
}

void stream_read_rows(Worker *w) {
    Stream *s = w->stream;
    Ingest *in = s->file->in;
    Store *store = in->store;
    in->store = &w->read.store;
    if (ingest_rows(s->file, after_row, w))
        take_batch(w);
    else // memory that ran out is found again where the file is read another way
        stream_refuse(s, STREAM_REFUSED);
    in->store = store;
}
