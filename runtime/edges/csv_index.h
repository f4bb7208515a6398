// SPDX-License-Identifier: Apache-2.0
// CsvIndex: where the cells of a stretch of delimited text end, found many bytes at a time.
//
// It takes a quotation mark as opening or closing by counting, which is right as long as a text
// keeps to what data tools write: a mark opens only at the start of a cell and closes only at its
// end, and no line ends within quotes or in CR alone. The index reaches to the last record before
// the first place that does not; from there csv.h, which takes marks in the order they stand, says
// what is what.
#ifndef BS_EDGES_CSV_INDEX_H
#define BS_EDGES_CSV_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/base/masks.h"

typedef struct CsvIndex {
    uint64_t *ends; // bit i of word k: byte 64k + i ends a cell. Owned
    size_t n_words, cap;
    size_t len;       // bytes of whole records, the last line feed included
    uint32_t n_lines; // in them
    bool stopped;     // behind `len` is a place of another form, not just an incomplete record
} CsvIndex;

// Indexes s[0 .. len), which begins a record. The bytes up to the next multiple of MASKS_BLOCK can
// be read, whatever they hold. False when memory runs out.
bool csv_index(CsvIndex *x, MasksFn *masks, const char *s, size_t len, char delimiter, char quote);
void csv_index_free(CsvIndex *x);

#endif
