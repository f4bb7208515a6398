// SPDX-License-Identifier: Apache-2.0
// Findings for other programs: JSON, SARIF 2.1.0, GitHub workflow commands.
#ifndef BS_EDGES_FINDINGS_H
#define BS_EDGES_FINDINGS_H

#include "runtime/base/diag.h"

// What a place spans, counted in characters from 1 as other programs do; the end is behind the last
// one. Without the file's text the columns are 0, as is the line of a finding without a place.
typedef struct Span {
    Str path; // empty without a file
    uint32_t line, column;
    uint32_t end_line, end_column;
} Span;
Span findings_span(const DiagList *d, Place place);
size_t findings_n_dropped(const DiagList *d);

// Each writes the whole list. Memory that runs out is left in [out].
void findings_write_json(const DiagList *d, Buf *out);
void findings_write_sarif(const DiagList *d, Buf *out);
void findings_write_github(const DiagList *d, Buf *out);

#endif
