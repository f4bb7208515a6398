// SPDX-License-Identifier: Apache-2.0
// Import: makes a rule file of a published threshold table.
#ifndef BS_EDGES_IMPORT_H
#define BS_EDGES_IMPORT_H

#include <bandstand.h>

#include "runtime/edges/import_columns.h"
#include "runtime/edges/import_measures.h"

enum { IMPORT_MAX_OUTPUT = 16 << 20 }; // bytes: what a rule file may have

typedef struct ImportOptions { // as bs_import_options
    Str sheet, polarity;
    const char *const *columns;
    size_t n_columns;
    const char *const *uses;
    size_t n_uses;
    RecordsOptions records;
    const ImportScale *scales; // that the used rules declare
    size_t n_scales;
    const Str *names; // of their KPIs and metrics
    size_t n_names;
} ImportOptions;

// Writes to [sink] the rules that the table [path] ("-": standard input) makes. Nothing is written
// unless all of it was read. BS_INVALID after adding findings to [d].
bs_code import_file(DiagList *d, Str path, const ImportOptions *o, const bs_sink *sink);

// Writes the rule text.
void import_write(Buf *out, const Measures *m, const ImportOptions *o, Str file_name);

#endif
