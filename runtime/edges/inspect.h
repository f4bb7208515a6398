// SPDX-License-Identifier: Apache-2.0
// Inspect: says what a metric file holds and writes an input block to start from.
#ifndef BS_EDGES_INSPECT_H
#define BS_EDGES_INSPECT_H

#include <bandstand.h>
#include <stdbool.h>
#include <stdint.h>

#include "runtime/base/diag.h"
#include "runtime/base/str.h"

typedef struct InspectOptions { // as bs_inspect_options; empty: found out
    Str delimiter, quote, encoding;
    uint32_t skip_lines;
    bool no_header;
    bool rows;
    bool json;
} InspectOptions;

// Writes to [sink] a summary of the metric file [path] ("-": standard input), as text or as one
// JSON object. With `rows` every record as it was read: CSV, or with `json` an array with an object
// a record (an array a record with no_header), every cell a text, a JSON null null, cells that a
// row lacks left out. Columns without a name, of a repeated name or beyond the header are called
// "column 7", "SNP (column 7)".
// BS_INVALID after adding findings to [d]: with `rows`, what stands before the place has been
// written.
bs_code inspect_file(DiagList *d, Str path, const InspectOptions *o, const bs_sink *sink);

#endif
