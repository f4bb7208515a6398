// SPDX-License-Identifier: Apache-2.0
// Ingest choose: which input block describes a file, and the file opened as that block says.
#ifndef BS_EDGES_INGEST_CHOOSE_H
#define BS_EDGES_INGEST_CHOOSE_H

#include <stdbool.h>

#include "runtime/edges/ingest.h"
#include "runtime/edges/ingest_columns.h"
#include "runtime/edges/records.h"

typedef struct IngestChoice {
    const Input *input;
    Records *records;      // owned; NULL until chosen
    IngestColumns columns; // bound to the header
} IngestChoice;

// Takes "INPUT=FILE" apart: [*path] becomes FILE and [*named] the block, or NULL when none is
// named. What stands before the = counts as a block's name if it is one, or reads like one while no
// file has the whole as its name. False after adding an error.
bool ingest_split_path(const Program *p, DiagList *d, Str *path, const Input **named);

// Opens [path], which is [file] in the DiagList. [named] may be NULL. Allocates in [a]. False after
// adding an error.
bool ingest_choose(const Ingest *in, Arena *a, uint32_t file, Str path, const Input *named,
                   IngestChoice *out);

#endif
