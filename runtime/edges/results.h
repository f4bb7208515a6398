// SPDX-License-Identifier: Apache-2.0
// Results: from a run to an output, with its counts and the statuses a run is to fail on.
#ifndef BS_EDGES_RESULTS_H
#define BS_EDGES_RESULTS_H

#include <bandstand.h>
#include <stdbool.h>
#include <stddef.h>

#include "runtime/base/arena.h"
#include "runtime/base/diag.h"
#include "runtime/data/program.h"
#include "runtime/edges/ingest.h"
#include "runtime/edges/write.h"

// What [p] contributes to every output. The texts belong to [p], the lists to [a]. False when
// memory runs out.
bool results_names(Arena *a, const Program *p, WriteNames *out);

// Runs the rules and passes each result, with what [needs] asks for (PlanNeed), to [fn].
typedef bs_code (*ResultsRun)(void *context, unsigned needs, bs_result_fn fn, void *fn_context);

typedef struct FailOn {
    const char *const *words; // status levels and "no-data"
    size_t n;
} FailOn;

// As bs_write_results, with [run] in place of the session. [counts] and [matches] may be NULL.
bs_code results_write(const WriteNames *names, DiagList *d, const bs_output *output, FailOn fail_on,
                      const bs_sink *sink, ResultsRun run, void *run_context, bs_counts *counts,
                      size_t *matches);

// The same as CSV or JSON by several threads, from a store or, in the order BS_AS_READ, from a
// metric file while it is read.
bs_code results_write_store(const WriteNames *names, const Program *p, const Store *s, DiagList *d,
                            const bs_filter *filter, const bs_output *output, FailOn fail_on,
                            const ProgressTo *progress, const bs_sink *sink, bs_counts *counts,
                            size_t *matches);

// How many threads are to read and judge.
size_t results_threads(const bs_output *output);

typedef enum ResultsStream {
    RESULTS_STREAMED, // the results are written, or [*code] says why not
    RESULTS_NOT_SO,   // the file cannot be judged while it is read; nothing was written or found
    RESULTS_REFUSED,  // something is wrong with the file: ingest_file on it says what
} ResultsStream;

ResultsStream results_stream(const WriteNames *names, Ingest *in, Str path, const bs_filter *filter,
                             const bs_output *output, FailOn fail_on, const bs_sink *sink,
                             bs_counts *counts, size_t *matches, bs_code *code);

#endif
