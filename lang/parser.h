// SPDX-License-Identifier: Apache-2.0
// What the grammar's actions need; private to grammar.y, parse.c and nodes.c.
#ifndef BS_LANG_PARSER_H
#define BS_LANG_PARSER_H

#include "lang/ast.h"
#include "lang/token.h"
#include "runtime/data/program.h"

// The parser's states before a token, so that an error can say what was possible there.
enum { PARSER_MAX_STACK = 200 };
typedef struct Snapshot {
    size_t n;
    unsigned short states[PARSER_MAX_STACK];
} Snapshot;

typedef struct Parser {
    Arena *arena;
    DiagList *diags;
    const Source *source;
    const TokenList *tokens;
    Node *root;
    Snapshot before;       // the token that is being read
    bool failed;           // the parser gave up
    const Token *stray;    // the start of the last line that was in error
    bool is_file, is_cell; // what is read: a whole file, a cell of bands, or else an expression
    Node spare;            // stands in for nodes when memory ran out; the tree is then not used
} Parser;

// Nodes whose span is that of their kids, or of a token.
Node *make(Parser *p, NodeKind kind, size_t n_kids, Node *const *kids);
Node *leaf(Parser *p, NodeKind kind, const Token *t);
Node *add(Parser *p, Node *list, Node *kid);
// Widens the span of [n] to the token.
Node *widen(Parser *p, Node *n, const Token *t);
Node *with_flags(Node *n, unsigned flags);
Node *with_value(Node *n, int value);

// `a and b or c`: refused without brackets.
Node *refuse_mixed(Parser *p, Node *n);
// A compound side of `as percent of` or `per N of` needs brackets.
Node *refuse_compound(Parser *p, Node *n, Node *left, Node *right);
// A cell without a word between its numbers: "65-74" is a range, a bare number is not.
Node *band_range(Parser *p, Node *expression);
// Understood, but to be written as [form]; a NODE_ADVICE. Its text is that of [n] and the token, if
// any.
Node *advise(Parser *p, Node *n, const Token *t, const char *form);
// The same where the form does not stand in the place of that text alone.
Node *advise_by_hand(Parser *p, Node *n, const Token *t, const char *form);
// A cell `16 or more`.
Node *advise_or_more(Parser *p, Node *n, const Token *t);
// `over 24` means above 24; `over 24 worse` is left to the syntax error that follows.
// With the time in which it is valid as its last kid, if it says one.
Node *with_valid(Parser *p, Node *n, Node *valid);
Node *advise_over(Parser *p, const Token *over, Node *amount);
// `valid from`: effective dates are for a later version.
// A comparison in words without its subject, and the subject put in.
Node *words_comparison(Parser *p, int relation, const Token *first, Node *amount, Node *right);
Node *with_subject(Parser *p, Node *comparison, Node *subject);
Node *with_callee(Parser *p, Node *call, Node *name);

typedef struct yyParser yyParser;
void *ParseAlloc(void *(*allocate)(size_t));
void Parse(void *yyp, int type, const Token *t, Parser *p);
void ParseFree(void *yyp, void (*release)(void *));
void parser_snapshot(const void *yyp, Snapshot *s);
// Would the parser, in the states of [s], take a token of [type]?
bool parser_accepts(const Snapshot *s, int type);

// Called by the grammar at a syntax error, and when its stack is full.
void parse_report(Parser *p, const Token *t);
void parse_too_deep(Parser *p, Place place);

#endif
