// SPDX-License-Identifier: Apache-2.0
// Complete: what can stand in place of the word before the cursor.
#ifndef BS_REPL_COMPLETE_H
#define BS_REPL_COMPLETE_H

#include "repl/desk.h"
#include "repl/editor.h"

// Finds what can follow [line], the text before the cursor in its line; [first_line]: no line of
// the entry is above it. As EditorComplete, for a Desk.
void complete_line(void *desk, const char *line, bool first_line, Candidates *out);

#endif
