// SPDX-License-Identifier: Apache-2.0
// Parser: tokens to a syntax tree. One grammar serves rule files, single expressions (eval) and the
// cells of tables.
#ifndef BS_LANG_PARSE_H
#define BS_LANG_PARSE_H

#include "lang/ast.h"
#include "lang/token.h"

typedef enum ParseEntry { PARSE_FILE, PARSE_EXPRESSION, PARSE_BAND_CELL } ParseEntry;

// Parses [source]; what is wrong goes to [d] and the rest is still in the tree. NULL only when
// nothing could be made of it: an expression or cell with an error, or memory that ran out (then
// [a]->failed is set). The tree lives in [a].
Node *parse(Arena *a, DiagList *d, const Source *source, ParseEntry entry);

#endif
