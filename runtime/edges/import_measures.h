// SPDX-License-Identifier: Apache-2.0
// Import measures: the rows of a published threshold table as rows of a `measures` table, with what
// has to be said of each.
#ifndef BS_EDGES_IMPORT_MEASURES_H
#define BS_EDGES_IMPORT_MEASURES_H

#include <stdbool.h>
#include <stddef.h>

#include "runtime/edges/import_cell.h"
#include "runtime/edges/import_columns.h"
#include "runtime/edges/import_polarity.h"

typedef enum From {
    FROM_NOWHERE,
    FROM_FILE,
    FROM_COLUMN,
    FROM_CELLS,
    FROM_HEADING,
    FROM_LABEL,
    N_FROM
} From;

typedef struct Measure {
    const ImportRow *row;
    Str name, source, label, note;
    Str unit; // as the rule language has it; empty: none is needed
    Str good; // the same
    From unit_from, good_from;
    ImportCell *cells; // by level
} Measure;

// A line of the table: a measure or words between two of them.
typedef struct ImportLine {
    Measure *measure; // NULL: remarks alone
    VEC(Str) remarks; // comments that stand before it
} ImportLine;

typedef struct Measures {
    Arena *arena;
    const ImportTable *t;
    const ImportColumns *c;
    PolarityFile *polarity; // NULL for none
    Intern names;
    VEC(ImportLine) lines;
    size_t n_measures;
    size_t n_unit[N_FROM], n_good[N_FROM];
    size_t n_decide; // questions that the table leaves open
} Measures;

// Reads the rows behind the heading. [names]: of KPIs and metrics that are taken. False after
// adding a finding, or when memory runs out.
bool measures_read(Measures *m, Arena *a, const ImportTable *t, const ImportColumns *c,
                   PolarityFile *polarity, const Str *names, size_t n_names);

// A name of the label's words, without those that carry no meaning; entered in [given].
Str measure_name(Arena *a, Intern *given, Str label);

#endif
