// SPDX-License-Identifier: Apache-2.0
// Report: runs a program over the store and hands out its results one by one.
#ifndef BS_EDGES_REPORT_H
#define BS_EDGES_REPORT_H

#include <bandstand.h>

#include "runtime/base/diag.h"
#include "runtime/data/program.h"
#include "runtime/edges/crew.h"
#include "runtime/edges/progress.h"
#include "runtime/edges/publish.h"
#include "runtime/engine/board.h"
#include "runtime/engine/store.h"

// As bs_run; [needs] says what the results must hold (PlanNeed), the rest of those stays empty.
// What a filter names and the rules or figures do not have goes to [d]. [progress] may be NULL. With a
// [publication] the results are what it lets out; NULL: they are for those who may see everything.
bs_code report_run(const Program *p, const Store *s, DiagList *d, const bs_filter *filter,
                   unsigned needs, const Publication *publication, const ProgressTo *progress,
                   bs_result_fn fn, void *context);

// What a row was judged from: a lane of a batch, or the board of a group.
typedef struct ReportRow {
    const Vm *vm; // holds the batch of the KPI
    const Kpi *kpi;
    size_t lane;
    const Board *board;
    const Group *group; // NULL for a KPI
    const BoardRow *row;
    const MemberStatus *members;
} ReportRow;
typedef bool (*ReportRowFn)(void *context, const bs_result *result, const ReportRow *row);

// As report_run, with what each row was judged from. It holds during the callback alone.
bs_code report_rows(const Program *p, const Store *s, DiagList *d, const bs_filter *filter,
                    unsigned needs, const ProgressTo *progress, ReportRowFn fn, void *context);

typedef struct ReportOptions {
    bs_order order;
    size_t n_threads; // from 1
    const ProgressTo *progress;
} ReportOptions;

// The same, written as text. In the order BS_AS_READ a row stands where the first figure of its
// value does, and rows without one stand last, by KPI. [tallies], by KPI, holds what the rows came
// to.
bs_code report_write(const JudgeRules *rules, const Store *s, DiagList *d, const bs_filter *filter,
                     const ReportOptions *o, const bs_sink *sink, JudgeTally *tallies);

// The period whose rules [filter] asks for; PERIOD_NONE for none. False when it is no period, which
// is told to [d] unless that is NULL.
bool report_as_of(const bs_filter *filter, DiagList *d, Period *out);

// The results of the groups alone, which report_run has behind those of the KPIs.
bs_code report_groups(const Program *p, const Store *s, DiagList *d, const bs_filter *filter,
                      unsigned needs, bs_result_fn fn, void *context);

// Does [filter] select some group?
bool report_selects_groups(const bs_filter *filter, const Program *p);

// Is this KPI among those that [filter] selects?
bool report_selects(const bs_filter *filter, const Kpi *kpi);

#endif
