// SPDX-License-Identifier: Apache-2.0
// Ingest: metric files into the store, as the program's input blocks say.
//
//     Ingest in;
//     if (ingest_begin(&in, program, store, diags)) {
//         ingest_file(&in, path); // for each
//         ingest_finish(&in);
//     }
//     ingest_free(&in);
#ifndef BS_EDGES_INGEST_H
#define BS_EDGES_INGEST_H

#include <bandstand.h>
#include <stdbool.h>
#include <stdint.h>

#include "runtime/base/arena.h"
#include "runtime/base/diag.h"
#include "runtime/base/intern.h"
#include "runtime/data/program.h"
#include "runtime/edges/progress.h"
#include "runtime/engine/store.h"

enum {
    INGEST_MAX_ERRORS = 1000, // in one file, which is then read no further
    INGEST_MAX_SEEN = 10000,  // names remembered for "did you mean"
};

// What was seen of a metric so far.
typedef struct IngestMetric {
    uint32_t same_id; // the next metric with the same id, or UINT32_MAX
    bool supplied;    // some file has a row or a column of it
    PeriodKind kind;  // of its series; N_PERIOD_KINDS before its first observation
    Place first;      // of that observation
} IngestMetric;

// A figure from a snapshot's previous column: it waits for ingest_finish, since it counts only
// where the series lacks its period.
typedef struct IngestPrevious {
    uint32_t metric, entity;
    Period period;
    Number number;
    Why why; // it is missing
    uint8_t marks;
    bool revises; // its input does
    Place place;
} IngestPrevious;

// What the labels of a block without `as` leave open: those such as 2009-10 are read as months.
typedef struct LabelDoubt {
    bool none;   // some label is no such one, so the months are real ones
    Place first; // such a label; no line: none was seen
    Period period;
} LabelDoubt;

// What the figures of a percentage leave open: none lies above 1 or below 0.
typedef struct FractionDoubt {
    bool settled; // some figure does
    Place first;  // of a figure between the two; no line: none was seen
    Number figure;
} FractionDoubt;

typedef struct Ingest {
    const Program *program;
    Store *store;
    DiagList *diags;
    Arena arena;
    Input standard;        // the long layout that a program without input blocks reads
    LabelDoubt *doubts;    // by input block; the standard's is the last
    FractionDoubt *fractions; // by metric
    Intern ids;            // of metrics, as a metric column gives them
    uint32_t *first_of_id; // metric by id in `ids`
    IngestMetric *metrics; // by metric
    Intern seen;           // ids of no metric, and the columns of wide files
    VEC(IngestPrevious) previous;
    VEC(uint32_t) files; // that were read, as indices in the DiagList
    bool incomplete;     // some file was not read to its end
    size_t n_threads;    // that may read a file together; the caller sets it after ingest_begin
    bool stopped;        // whoever is told of the progress asked for it
    ProgressTo progress; // the caller sets it after ingest_begin
    uint64_t n_rows; // that were read
} Ingest;

// [s] is ready for use, with the program's metrics and fields; [d] is the list whose files begin
// with the program's. Both must outlive [in]. False, with a finding, when memory runs out.
bool ingest_begin(Ingest *in, const Program *p, Store *s, DiagList *d);

// Reads one metric file. [path] is "FILE" or "INPUT=FILE" to name the input block ("-" is standard
// input). Without a name the block is
//   - the one whose `file` fits the file's name; else
//   - the only block there is; else
//   - the only one whose columns are all in the header, those without a `file` first.
// Several that fit the name are told apart by their columns. A program without any block reads the
// standard long layout: columns entity, period, metric, value, and fields by their names.
// Everything wrong with the file goes to the diagnostics, where the file is registered without its
// text. False when an error was added; warnings alone leave true.
bool ingest_file(Ingest *in, Str path);

// Call once after the last file: snapshots' previous figures against the series, metrics that no
// file supplied (unless a file could not be read to its end), then store_finish. False when an
// error was added.
bool ingest_finish(Ingest *in);

void ingest_free(Ingest *in);

#endif
