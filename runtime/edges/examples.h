// SPDX-License-Identifier: Apache-2.0
// Examples: runs the `examples` blocks of a program and says which rows do not come out.
#ifndef BS_EDGES_EXAMPLES_H
#define BS_EDGES_EXAMPLES_H

#include <bandstand.h>

#include "runtime/data/program.h"

// Appends a line for each row that fails, and the summary, to [out]. False when memory runs out.
bool examples_run(const Program *p, bs_test_counts *counts, Buf *out);

#endif
