// SPDX-License-Identifier: Apache-2.0
// Columns: what a row of output can hold. The one list is columns.def.
#ifndef BS_EDGES_COLUMNS_H
#define BS_EDGES_COLUMNS_H

#include <bandstand.h>
#include <stdbool.h>
#include <stddef.h>

#include "runtime/base/arena.h"
#include "runtime/base/buf.h"
#include "runtime/base/diag.h"
#include "runtime/base/str.h"

typedef enum ColumnKind {
    COLUMN_TEXT,         // a bs_text
    COLUMN_LABEL,        // a bs_text; the KPI's name where it is empty
    COLUMN_FIGURE,       // a bs_figure, as shown
    COLUMN_EXACT,        // a bs_figure, exact
    COLUMN_LINE,         // an unsigned; 0 is nothing
    COLUMN_STATUS,       // level name, "no data" or "not judged"
    COLUMN_STATUS_AS_OF, // the same by the rules of another time
    COLUMN_OUTCOME,      // bs_status_kind in words
    COLUMN_MISSING,      // of the status, else of the value
    COLUMN_TARGET,       // the figure named "target", as shown
    COLUMN_TARGET_EXACT, // the same, exact
    COLUMN_COMPARATORS,  // all figures but the target
    COLUMN_LEVELS_AS_OF, // the same by the rules of another time
    COLUMN_LEVELS,       // of every band table
    COLUMN_RULE,         // file:line
    COLUMN_DATA,         // file:line
    COLUMN_HASH,         // of the rules
    COLUMN_NAMED,        // the level or the comparator of the column's own name
} ColumnKind;

// The usual sets: columns written when none are chosen.
enum { IN_TABLE = 1, IN_CSV = 2, IN_JSON = 4, IN_JSONL = 8, IN_ALL = 15 };
// In a usual set only where there is what the column tells of.
enum {
    IF_OVERRIDDEN = 16, // the rules have overrides
    IF_AS_OF = 32,      // rows are judged by the rules of another time too
    IF_GROUPS = 64,     // the rules have groups
    IF_ANY = IF_OVERRIDDEN | IF_AS_OF | IF_GROUPS,
};

enum { COLUMNS_MAX = 4096 }; // of one output

typedef struct Column {
    Str name, heading;
    ColumnKind kind;
    size_t field; // offset in bs_result, where the kind has one
    bool number;  // aligned at the decimal point
    unsigned sets;
    unsigned need;  // a narrow table drops the least first
    unsigned least; // characters a table may narrow it to; 0: not at all
    Str help;
} Column;

// A column that the rules bring: a comparator or a band table.
typedef struct NamedColumn {
    Str name;
    bool is_figure; // of a comparator
} NamedColumn;

typedef struct Columns {
    Column *v;
    size_t n;
    bool chosen; // by name, not a usual set
} Columns;

// The columns of [o]: those chosen, or the usual ones of the format. The [named] columns may be
// chosen too. [there]: set of IF_ flags that hold. An unknown name is a finding in [d] with the
// name that was probably meant: then, and when memory runs out, false.
bool columns_choose(Arena *a, const bs_output *o, unsigned there, const NamedColumn *named,
                    size_t n_named, DiagList *d, Columns *out);

Column column_named(Arena *a, NamedColumn named);

// The name among [names] that [s] was probably meant to be, or the empty Str.
Str nearest_name(Str s, const Str *names, size_t n);

Str text_str(bs_text t);
const bs_figure *result_figure(const bs_result *r, Str name); // NULL when there is none
const bs_level *result_level(const bs_result *r, Str name);   // NULL when there is none
Str outcome_words(bs_status_kind kind);                       // "judged", "no data", "not judged"

// What results must hold for these columns, and with [reasons] the sentence too: a set of PlanNeed.
unsigned columns_need(const Columns *columns, bool reasons);

// Writes the text of a cell, as CSV holds it; nothing when it is missing or does not apply.
void column_text(Buf *out, const Column *c, const bs_result *r, Str rules_hash);

// Writes every column's name and what it holds, a line each.
void columns_help(Buf *out);

#endif
