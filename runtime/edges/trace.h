// SPDX-License-Identifier: Apache-2.0
// Trace: why each row has its status, as one structure from which all outputs are written.
#ifndef BS_EDGES_TRACE_H
#define BS_EDGES_TRACE_H

#include <bandstand.h>

#include "runtime/edges/progress.h"
#include "runtime/edges/report.h"
#include "runtime/engine/group_near.h"

typedef struct TraceSteps {
    bs_step *v;
    size_t n, cap;
} TraceSteps;

typedef struct TraceNearest {
    bs_nearest *v;
    size_t n, cap;
} TraceNearest;

typedef enum MovableKind {
    MOVES_VALUE,
    MOVES_PART,  // a figure that the value is a share or sum of
    MOVES_OTHER, // a comparator, or a figure of the KPI whose status is taken
} MovableKind;

// A figure of a KPI that might be another one.
typedef struct Movable {
    Nearest x;
    MovableKind kind;
    const Kpi *of; // whose decimals it is told with
    bool is_value; // of [of]
    Str name;
    Unit unit;
    const Instr *share; // of a part: the OP_SHARE that makes the value of it; or NULL
} Movable;

typedef struct Movables {
    Movable *v;
    size_t n, cap;
} Movables;

// What traces are made from.
typedef struct Tracer {
    const Program *program;
    const Store *store;
    const DiagList *diags; // its files are where figures come from
    const bs_why_options *options;
    bs_trace_fn fn;
    void *context;
    Arena texts; // of one trace
    Buf work;
    Arena of_kpi;      // what is worked out once for a KPI
    const Kpi *kpi;    // that it is of
    Plan plan;         // what its status and levels depend on
    Movables movables; // of it, where another status is asked for
    uint8_t wanted;    // that status, on the row's scale
    Vm near_vm;        // runs over other figures
    Arena of_run;
    NearKpis near_kpis; // in it
    TraceSteps steps;
    TraceNearest nearest;
    bool failed; // memory ran out
} Tracer;

// As bs_trace_results.
bs_code trace_run(const Program *p, const Store *s, DiagList *d, const bs_filter *filter,
                  const bs_why_options *options, const ProgressTo *progress, bs_trace_fn fn,
                  void *context);
// As bs_why.
bs_code trace_write(const Program *p, const Store *s, DiagList *d, const bs_filter *filter,
                    const bs_why_options *options, const ProgressTo *progress, const bs_sink *sink);

// ---- the parts, used by trace.c -----------------------------------------------------------------

// Takes what stands in t->work as a text of the trace, and empties it.
bs_text trace_take(Tracer *t);
// Adds a step with the place of a rule file.
void trace_step(Tracer *t, bs_step step, Place place);
const char *trace_verdict_words(bs_verdict v); // "does not hold"
bs_text trace_outcome(const Program *p, uint32_t scale, uint8_t level);

// The steps of a KPI's row and of a group's. Memory that runs out shows in t->texts and t->work.
void trace_kpi(Tracer *t, const ReportRow *row);
void trace_group(Tracer *t, const ReportRow *row);

// Makes ready what can move of a KPI. False when memory runs out, likewise below.
bool trace_near_begin(Tracer *t, const Kpi *k);
// What would give a row the status t->wanted.
bool trace_near_kpi(Tracer *t, const ReportRow *row);
bool trace_near_group(Tracer *t, const ReportRow *row);
// The level of [scale] that is wanted; LEVEL_NO_DATA for "no-data". False when it is none of them.
bool trace_wanted_on(const Program *p, uint32_t scale, Str wanted, uint8_t *level);

#endif
