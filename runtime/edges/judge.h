// SPDX-License-Identifier: Apache-2.0
// Judge: rows of many KPIs, in any order, to the text of an output in that order.
//
// The machine works on batches of one KPI, so the rows at hand are dealt out by KPI, run and
// written batch by batch, and their texts put back into the order in which they were given.
#ifndef BS_EDGES_JUDGE_H
#define BS_EDGES_JUDGE_H

#include "runtime/edges/row_format.h"
#include "runtime/edges/wanting.h"
#include "runtime/edges/write.h"

// How the KPIs are run and written: made once, shared by every judge.
typedef struct JudgeRules {
    const Program *program;
    const DiagList *diags;
    const Columns *columns;
    bs_format format; // not a table
    Str rules_hash;
    Period as_of; // by whose rules rows are judged too; PERIOD_NONE: by none
    unsigned needs;
    Plan *plans; // by KPI
    RowFormat *formats;
} JudgeRules;

// [format] is BS_CSV, BS_JSON or BS_JSONL. Allocates in [a]; false when memory runs out.
bool judge_rules_make(JudgeRules *rules, Arena *a, const Program *p, const DiagList *d,
                      const Columns *columns, bs_format format, Str rules_hash);

typedef struct JudgeRow {
    uint32_t kpi;
    Lane lane;
} JudgeRow;

// What the rows of a KPI came to.
typedef struct JudgeTally {
    size_t by_level[SCALE_MAX_LEVELS];
    size_t n_no_data, n_unjudged;
    size_t n_as_of_differ; // that have another status by the rules of another time
    size_t n_by_hand; // of the rows that have a level
    Wanting wanting;
} JudgeTally;

typedef struct Judge {
    const JudgeRules *rules;
    Arena arena; // of what lives as long as the judge
    Arena texts; // of the results of one batch
    Vm vm;
    Vm as_of;    // by the rules of another time
    ResultMaker maker;
    RowPrinter printer;
    JudgeTally *tallies; // by KPI
    uint32_t *n_rows;    // by KPI, of the rows at hand; all zero between calls
    Lane *lanes;         // the rows at hand, dealt out by KPI
    uint32_t *order;     // beside them: which row it is
    size_t *lens;        // by row: bytes of its text
    size_t room;         // rows that there is room for
    Buf out;             // the texts in the order of the rows
    size_t *ends;        // by row: where its text ends in out
} Judge;

// False when memory runs out. Free in either case.
bool judge_init(Judge *j, const JudgeRules *rules, const Store *s);
void judge_free(Judge *j);

// Judges [rows] and writes their texts to out, which held those of the last call. JSON rows begin
// with the comma that parts them from the one before. False when memory runs out.
bool judge_rows(Judge *j, const JudgeRow *rows, size_t n);

// Adds what other rows of the same KPI came to.
void judge_add_tally(JudgeTally *to, const JudgeTally *from);

#endif
