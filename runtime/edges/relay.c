// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/relay.h"

#include <pthread.h>

typedef struct Relay {
    const RelayWork *work;

    pthread_mutex_t reading; // guards the next four
    Chunks *chunks;
    size_t n_taken;
    bool no_more, unreadable;

    pthread_mutex_t turn; // guards the rest, and whatever settle looks at
    pthread_cond_t turned;
    size_t n_settled;
    bool stopped;
} Relay;

typedef struct Runner {
    Relay *relay;
    void *worker;
} Runner;

// Takes the next chunk. False when there is none or the work is to end.
static bool take_chunk(Relay *r, Chunk *chunk, size_t *number) {
    bool taken = false;
    pthread_mutex_lock(&r->reading);
    if (!r->no_more) {
        ChunksNext next = chunks_next(r->chunks, chunk);
        taken = next == CHUNKS_TEXT;
        *number = r->n_taken;
        r->n_taken += taken;
        r->no_more = !taken;
        r->unreadable = next == CHUNKS_FAILED;
    }
    pthread_mutex_unlock(&r->reading);
    return taken;
}

static void stop_reading(Relay *r) {
    pthread_mutex_lock(&r->reading);
    r->no_more = true;
    pthread_mutex_unlock(&r->reading);
}

static void *run(void *context) {
    const Runner *runner = context;
    Relay *r = runner->relay;
    Chunk chunk = {0};
    size_t number;
    while (take_chunk(r, &chunk, &number)) {
        bool was_read = r->work->read(runner->worker, &chunk);
        pthread_mutex_lock(&r->turn);
        while (r->n_settled != number)
            pthread_cond_wait(&r->turned, &r->turn);
        r->stopped = r->stopped || !r->work->settle(runner->worker, &chunk, was_read);
        bool stopped = r->stopped;
        r->n_settled++;
        pthread_cond_broadcast(&r->turned);
        pthread_mutex_unlock(&r->turn);
        if (stopped)
            stop_reading(r);
    }
    chunk_free(&chunk);
    return NULL;
}

static void run_all(Relay *r, void *workers, size_t size, size_t n) {
    Runner runners[RELAY_MAX_THREADS];
    pthread_t threads[RELAY_MAX_THREADS];
    size_t n_threads = 0;
    for (size_t i = 0; i < n; i++)
        runners[i] = (Runner){r, (char *)workers + i * size};
    for (size_t i = 1; i < n; i++)
        n_threads += pthread_create(&threads[n_threads], NULL, run, &runners[i]) == 0;
    run(&runners[0]);
    for (size_t i = 0; i < n_threads; i++)
        pthread_join(threads[i], NULL);
}

RelayEnd relay_run(Chunks *chunks, const RelayWork *work, void *workers, size_t size, size_t n) {
    Relay r = {.work = work, .chunks = chunks};
    pthread_mutex_init(&r.reading, NULL);
    pthread_mutex_init(&r.turn, NULL);
    pthread_cond_init(&r.turned, NULL);
    run_all(&r, workers, size, n);
    pthread_mutex_destroy(&r.reading);
    pthread_mutex_destroy(&r.turn);
    pthread_cond_destroy(&r.turned);
    return r.stopped ? RELAY_STOPPED : r.unreadable ? RELAY_UNREADABLE : RELAY_ALL;
}
