// SPDX-License-Identifier: Apache-2.0
// What a rule file says of its own findings: `# allow B101 because "…"` at a line, and the lines
// `treat` and `ignore` in its head.
#ifndef BS_LANG_ALLOW_H
#define BS_LANG_ALLOW_H

#include "lang/ast.h"
#include "lang/token.h"

// Takes the allowances among the comments of a file; [tokens] are the lexer's. What is wrong with
// them goes to [d]. False when memory runs out.
bool allow_read(DiagList *d, const Source *source, const CommentList *comments,
                const TokenList *tokens);
// The same for the head of a file.
bool allow_read_head(DiagList *d, const Node *file);

#endif
