// SPDX-License-Identifier: Apache-2.0
// Tokens: rule text cut into words, and the filter that prepares them for the parser.
#ifndef BS_LANG_TOKEN_H
#define BS_LANG_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/base/arena.h"
#include "runtime/base/diag.h"
#include "runtime/base/str.h"

enum {
    SOURCE_MAX_BYTES = 16u << 20, // of one rule file
    TOKEN_MAX_NESTING = 50,       // open brackets and unary minus signs
    TOKEN_RAW_NL = 1000,          // a line's end, before the filter decides what it means
    TOKEN_EOF = 0,
};

typedef struct Fault { // what is wrong with a T_BAD
    DiagCode code;
    const char *message, *hint; // why it is no token, and what to write
} Fault;

typedef struct Token {
    int type; // T_… of the grammar, TOKEN_RAW_NL or TOKEN_EOF
    bool first_on_line;
    bool opens_block; // the first of a line behind which an `end` is due
    uint32_t line, column; // from 1; bytes
    uint32_t from, to;     // bytes of the file's text
    // Of T_BAD; NULL when it was reported. The lexer leaves that to the parser, since a table cell
    // may hold such a token.
    const Fault *fault;
} Token;

typedef VEC(Token) TokenList;

typedef struct Comment {
    bool alone; // nothing else stands on its line
    uint32_t line, column;
    uint32_t from, to; // bytes of the file's text, the `#` included
} Comment;

typedef VEC(Comment) CommentList;

// A rule text that is being read, or a part of it (a table cell).
typedef struct Source {
    Str text; // NUL-terminated behind its end
    uint32_t file;
    uint32_t from, to;     // the part that is read
    uint32_t line, column; // of `from`
} Source;

// Cuts the source into tokens, the last being TOKEN_EOF. False when memory runs out.
bool lexer_scan(Arena *a, const Source *source, TokenList *out);
// The same, with the comments between the tokens.
bool lexer_scan_all(Arena *a, const Source *source, TokenList *out, CommentList *comments);

// Joins lines, fuses word groups ("no data", "or better", "as percent of"), finds keywords, turns
// rows of tables into T_CELL and T_PIPE, and inserts an `end` that is missing, reporting it. Puts
// what the parser reads in place of the lexer's [tokens]. With [whole_file] false the text is one
// expression or cell.
bool tokens_filter(Arena *a, DiagList *d, const Source *source, bool whole_file, TokenList *tokens);

Str token_text(const Source *source, const Token *t);
Place token_place(const Source *source, const Token *t);

// The keyword row of a word at the start of a line; its form, or NULL.
const char *keyword_form(Str word);
// One of the words that are never names.
bool keyword_is_reserved(Str word);
// The rows of keywords.def, one after the other.
size_t keyword_count(void);
Str keyword_word(size_t i);
// A word that means something at the start of a line, or elsewhere.
bool keyword_is_known(Str word, bool at_line_start);

#endif
