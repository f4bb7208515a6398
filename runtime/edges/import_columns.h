// SPDX-License-Identifier: Apache-2.0
// Import columns: what each column of a published threshold table holds, told from the headings and
// the cells, or by whoever imports it.
#ifndef BS_EDGES_IMPORT_COLUMNS_H
#define BS_EDGES_IMPORT_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

#include "runtime/data/program.h"
#include "runtime/edges/import_table.h"

enum {
    IMPORT_NONE = INT32_MAX,  // no such row or column
    IMPORT_HEADING_ROWS = 50, // among which the heading is looked for
};

typedef enum ImportRole {
    ROLE_LEFT_OUT,
    ROLE_SOURCE,
    ROLE_LABEL,
    ROLE_NOTE,
    ROLE_UNIT,
    ROLE_GOOD,
    ROLE_SECTION, // becomes comments between the rows
    ROLE_LEVEL,
    N_IMPORT_ROLES
} ImportRole;

// A scale that the rules declare, of which the headings may be the levels.
typedef struct ImportScale {
    const Scale *scale;
    Str status; // the scale that its mapping lines lead to; empty for none
} ImportScale;

typedef struct ImportLevel {
    size_t column;
    Str name, label;
    uint32_t rank; // in the known scale
} ImportLevel;

typedef struct ImportColumns {
    Arena *arena;
    const ImportTable *t;
    size_t heading;            // index of its row, or IMPORT_NONE
    Str *headings;             // by column; their numbers where there is no heading
    ImportRole *roles;         // by column
    size_t of[N_IMPORT_ROLES]; // the column of a role, or IMPORT_NONE
    VEC(ImportLevel) levels;   // worst first
    const ImportScale *scale;  // NULL: none of the known ones
    bool label_is_longest;     // no heading names the labels: the column with the longest texts
    // Of levels of no known scale:
    bool order_given; // whoever imports the table gave them, the worst first
    bool order_told;  // their words tell worse from better
    bool reversed;    // and that the table has the best level first
} ImportColumns;

// [given]: "ROLE=HEADING" each. False after adding a finding, or when memory runs out.
bool import_columns_find(ImportColumns *c, Arena *a, const ImportTable *t,
                         const ImportScale *scales, size_t n_scales, const char *const *given,
                         size_t n_given, bool no_heading);

#endif
