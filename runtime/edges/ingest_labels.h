// SPDX-License-Identifier: Apache-2.0
// Ingest labels: the period of a row, from its label.
#ifndef BS_EDGES_INGEST_LABELS_H
#define BS_EDGES_INGEST_LABELS_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/edges/ingest_rows.h"

// Reads a label, without blanks at its ends, as the block's `period` line says: in the language's
// own form, in a way that the line declares, or either with marks of the block behind it. *marks
// becomes the set of Mark. False when it cannot be read so.
bool ingest_read_label(const Input *input, Str text, Period *out, uint8_t *marks);
// Adds the error that it cannot, with what to write.
void ingest_report_label(IngestFile *f, const Cell *cell, Str text);

// Notes the period that [label] of a row was read as; [label] counts where it is such as 2009-10.
void label_note(LabelDoubt *d, const Input *input, Period period, Place label);
// The doubt of the file's block, for labels that [from] noted of the file.
void ingest_note_doubt(const IngestFile *f, const LabelDoubt *from);
// Warns of blocks of which every label is such a one.
void ingest_report_doubts(const Ingest *in);

#endif
