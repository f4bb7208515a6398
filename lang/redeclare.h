// SPDX-License-Identifier: Apache-2.0
// Redeclare: a text whose declarations stand in place of earlier ones with the same names.
#ifndef BS_LANG_REDECLARE_H
#define BS_LANG_REDECLARE_H

#include "lang/load.h"

// The word that opens a declaration, "kpi"; empty for a line that could not be read.
Str declaration_word(const Node *n);
// The name that it declares; empty where it declares none.
Str declaration_name(const Node *n);
// The declaration with the comments above it and its `end`, as written.
Str declaration_text(const Node *n);
// The line, or lines, that the node stands on.
Str whole_line(const Node *n);

// The column of a `measures` table that holds the names; n_kids of its heading for none.
uint32_t measures_name_column(const Node *heading);

// Puts the declarations of the last module in place of those that declare the same name in the
// modules before it; the others stay where they are. A row of `measures` keeps its metric.
void redeclare(Modules *m);

#endif
