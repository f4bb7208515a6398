// SPDX-License-Identifier: Apache-2.0
// Examples: what the blocks of KPIs and of groups have in common.
#ifndef BS_LANG_EXAMPLES_H
#define BS_LANG_EXAMPLES_H

#include "lang/gen.h"

// Has the heading names only, so that a row in its place is not taken for one? Else reports, with a
// heading of the usual [form].
bool examples_heading(Compiler *c, const Node *heading, const char *form);
// Is the name of a column none of those before it? Else reports.
bool examples_named_once(Compiler *c, const Node *heading, const ExampleColumn *columns,
                         uint32_t column);
// Has the row as many cells as the heading? Else reports.
bool examples_row_fits(Compiler *c, const Node *row, const Node *heading);
// Reads a level, `no data`, or `no data (reason)`; false after reporting.
bool examples_level(Compiler *c, const Node *cell, uint32_t scale, ExampleCell *out);
// Takes the quotation marks off an expected reason, which is in out->text.
void examples_reason(Compiler *c, const Node *cell, ExampleCell *out);

// Makes the examples of a group, by the index of its spec; they have a heading.
void lower_group_example(Compiler *c, const Node *n, uint32_t group);

#endif
