// SPDX-License-Identifier: Apache-2.0
// The syntax tree: what a rule file says, before it is known whether it makes sense.
#ifndef BS_LANG_AST_H
#define BS_LANG_AST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lang/token.h"
#include "runtime/base/arena.h"

typedef enum NodeKind {
#define NODE(kind, kids) kind,
#include "lang/ast.def"
#undef NODE
    N_NODE_KINDS
} NodeKind;

typedef enum LevelForm { LEVEL_EXACTLY, LEVEL_OR_BETTER, LEVEL_OR_WORSE } LevelForm;

enum { AST_MAX_DEPTH = 700 }; // bounds every walk over a tree

enum {                 // Node.flags
    NODE_FLAG = 1,     // see ast.def
    NODE_LOW_OPEN = 2, // a bound that is not itself in the band
    NODE_HIGH_OPEN = 4,
    NODE_BROKEN = 8, // part of it was reported; do not report what follows from that
    NODE_REPLACED = 16, // of a row of measures: a later declaration stands in its place
};

typedef struct Node Node;
struct Node {
    NodeKind kind;
    unsigned flags;
    int value; // see ast.def
    const Source *source;
    uint32_t from, to; // bytes of the source's text
    uint32_t line, column;
    uint32_t depth; // of the tree below
    uint32_t n_kids, cap_kids;
    Node **kids;
};

Str node_text(const Node *n);            // as written
Place node_place(const Node *n);         // PLACE_NO_FILE for NULL
Node *node_kid(const Node *n, size_t i); // NULL beyond the end
// The node of [list] before [n] that is of its kind and begins with the same; NULL for none.
const Node *node_like(const Node *list, const Node *n);
// The value of a NODE_STRING: without the quotes, "" undone; allocated in [a] only when needed.
Str node_string(Arena *a, const Node *n);

#endif
