// SPDX-License-Identifier: Apache-2.0
// Format: a rule text in the one canonical layout. Only blanks, blank lines and ends of lines are
// changed, so tokens and comments stay as they are, in their order and on their lines.
#ifndef BS_LANG_FORMAT_H
#define BS_LANG_FORMAT_H

#include "lang/ast.h"
#include "runtime/base/buf.h"

// A wider cell does not move the columns of its neighbours.
enum { FORMAT_WIDEST_CELL = 200 };

// Writes the text of [source] to [out], laid out. False when the text cannot be read, which is said
// in [d], or memory ran out, which [a] or [out] remembers; what stands in [out] is then to be
// forgotten. [a] holds what is needed on the way.
bool format_rules(Arena *a, DiagList *d, const Source *source, Buf *out);

// The text of an expression or a condition as it is laid out, but on one line and without comments.
// It is allocated in [a]; empty when memory runs out.
Str format_phrase(Arena *a, const Node *n);

#endif
