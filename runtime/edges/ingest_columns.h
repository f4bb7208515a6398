// SPDX-License-Identifier: Apache-2.0
// Ingest columns: where the columns that an input block names stand in a file's header.
#ifndef BS_EDGES_INGEST_COLUMNS_H
#define BS_EDGES_INGEST_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/base/diag.h"
#include "runtime/base/intern.h"
#include "runtime/data/program.h"

#define INGEST_NO_COLUMN SIZE_MAX

// The columns of IngestColumns.v begin with these; then come the input's fields, its filters, and,
// in a wide layout, the metrics.
enum { COLUMN_ENTITY, COLUMN_PERIOD, COLUMN_METRIC, COLUMN_VALUE, COLUMN_PREVIOUS, N_COLUMN_ROLES };

typedef struct IngestColumn {
    Str name;         // empty: the input has no such column
    const char *role; // for messages: "entity"
    bool needed;      // the file is refused without it
    uint32_t wanted;  // id in `wanted`; INTERN_NONE without a name
} IngestColumn;

typedef struct IngestColumns {
    const Input *input;
    IngestColumn *v;
    size_t n, first_field, first_where, first_metric;
    Intern wanted;  // the distinct names
    size_t *at;     // by id in `wanted`: index in the header, or INGEST_NO_COLUMN
    size_t *again;  // where the name stands a second time, or INGEST_NO_COLUMN
    size_t n_bound; // names of the header that were looked at
} IngestColumns;

// Lists the columns that [input] names. [may_grow]: further columns may come with later records, so
// that only those which tell what a row is about are needed. [standard]: fields are optional.
// Allocates in [a]; false when memory runs out.
bool ingest_columns_init(IngestColumns *c, Arena *a, const Program *p, const Input *input,
                         bool may_grow, bool standard);

// Looks at the names of [header] that were not looked at before.
void ingest_columns_bind(IngestColumns *c, const Str *header, size_t n);

// Index in the header of a column of `v`, or INGEST_NO_COLUMN.
size_t ingest_columns_at(const IngestColumns *c, size_t column);

// Does the file have every needed column and, in a wide layout, at least one metric's?
bool ingest_columns_fit(const IngestColumns *c);

// Adds an error for each needed column that the header lacks or has twice. True when there is none.
bool ingest_columns_check(const IngestColumns *c, DiagList *d, uint32_t file, const Str *header,
                          size_t n);

// Writes what the header lacks: `lacks "la_name" (did you mean "la"?)`.
void ingest_columns_list_lacks(const IngestColumns *c, Buf *out, const Str *header, size_t n);

// The name of [names] that is nearest to [word], capitals aside; empty when none is near enough.
Str ingest_nearest(Str word, const Str *names, size_t n);

#endif
