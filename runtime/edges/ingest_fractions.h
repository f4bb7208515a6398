// SPDX-License-Identifier: Apache-2.0
// Ingest fractions: percentages that were written as 0.79 in place of 79.
//
// A single figure cannot tell; a metric of which no figure lies outside 0 to 1 makes one doubt.
#ifndef BS_EDGES_INGEST_FRACTIONS_H
#define BS_EDGES_INGEST_FRACTIONS_H

#include "runtime/edges/ingest.h"

// A doubt for each metric that is a percentage, settled for all others. Allocates in [a]; NULL when
// memory runs out.
FractionDoubt *fractions_begin(Arena *a, const Program *p);

// Notes a figure of the metric that [d] is of; call it where the doubt is not settled.
void fraction_note(FractionDoubt *d, Number figure, Place place);

// Adds to the doubts of [in] those [from] that were noted elsewhere.
void ingest_note_fractions(Ingest *in, const FractionDoubt *from);

// Warns of the metrics whose doubt remains.
void ingest_report_fractions(const Ingest *in);

#endif
