// SPDX-License-Identifier: Apache-2.0
// Comparison: a report on what two sessions do not say alike. Takes the changes one by one, and
// writes them when there are no more.
#ifndef BS_EDGES_COMPARISON_H
#define BS_EDGES_COMPARISON_H

#include <bandstand.h>

#include "runtime/base/arena.h"
#include "runtime/base/buf.h"
#include "runtime/base/str.h"
#include "runtime/edges/json_tree.h"

typedef struct Status {
    Str name, label, colour; // "no data", "not judged" and "no row" too
    unsigned rank;           // 0 the worst
} Status;

// A row that changed, kept until its group is written.
typedef struct ComparedRow {
    Str kpi, label, entity, period_before, period_after; // no period where that side lacks the row
    Str value_before, value_after;                       // with their missing reason
    size_t before, after;                                // of Comparison.statuses
    Str cause, reason_before, reason_after;
    size_t group;
} ComparedRow;

typedef struct ComparedGroup { // the rows that the same lines of the rules made so
    Str file_before, file_after;
    unsigned line_before, line_after; // 0: none
    size_t n;
} ComparedGroup;

typedef struct Comparison {
    const bs_comparison *what;
    Arena arena;
    Buf rules;  // the part about the rules, as text
    Buf quiet;  // names of KPIs whose rules changed but no status,
    Buf follow; // and of groups that follow their members
    Json json;
    json_object *rules_json; // the same as JSON
    VEC(Status) statuses;
    VEC(ComparedRow) rows;
    VEC(ComparedGroup) groups;
    bs_comparison_counts counts;
} Comparison;

void comparison_init(Comparison *c, const bs_comparison *what);
void comparison_free(Comparison *c);

// To be handed to bs_diff_rules and bs_diff, with the comparison as their context.
bool comparison_take_rules(void *context, const bs_rules_change *change);
bool comparison_take_row(void *context, const bs_change *change);

// Writes the report. False when memory ran out.
bool comparison_write(Comparison *c, Buf *out);

// Its parts, a file for each format.
void comparison_put_rules(Comparison *c, const bs_rules_change *change);
void comparison_put_text(Comparison *c, Buf *out);
void comparison_put_rules_json(Comparison *c, const bs_rules_change *change);
bool comparison_put_json(Comparison *c, Buf *out);
// "stricter", "laxer", …
const char *comparison_way(bs_strictness way);
// How many of the changed rows go from one status to another, all in [c]->statuses.
size_t comparison_flips(const Comparison *c, size_t from, size_t to);
// Orders the statuses: levels from the worst on, then the other ones.
bool comparison_order(const Comparison *c, Arena *a, size_t **order);

#endif
