// SPDX-License-Identifier: Apache-2.0
// The text as lines of words, between reading and writing; private to format*.c.
#ifndef BS_LANG_FORMAT_LAYOUT_H
#define BS_LANG_FORMAT_LAYOUT_H

#include "lang/token.h"

// Lines whose parts stand below one another.
typedef enum Family {
    FAMILY_NONE,  // has no columns, and its neighbours keep theirs
    FAMILY_BREAK, // begins or ends a block
    FAMILY_METRIC,
    FAMILY_LET,
    FAMILY_CLAUSE, // of an input, a KPI or a pattern
    FAMILY_LEVEL,
    FAMILY_MAPPING,
    FAMILY_POINT,
    FAMILY_BAND,
    FAMILY_WHEN,
    FAMILY_CROSS,
    FAMILY_TABLE,
} Family;

typedef struct Word { // a token of the lexer, or a cell of a table
    Str text;
    int type;        // what the parser takes it for; of a word that is part of a group, the group's
    bool goes_on;    // a further word of its group: the `data` of `no data`
    bool clings;     // nothing stands between it and the next: the minus of -5, the name before `(`
    uint32_t column; // that begins with it, from 1; 0 for none
    uint32_t at;     // columns before it on its line
} Word;

typedef struct Line { // as the author broke them, without blank lines
    bool is_comment;  // has no words
    bool goes_on;     // belongs to the statement above
    bool opens, closes;
    bool is_heading;   // of a cross table
    bool blank_before; // an empty line stands above it
    bool apart;        // it has a cell that is too wide to move others
    Family family;
    uint32_t depth;    // of blocks
    uint32_t brackets; // open where it begins
    uint32_t indent;
    size_t from, to;  // its words
    size_t n_placed;  // of them, those that have their place; working state of the columns
    uint32_t cell_at; // where the last cell begins
    uint32_t width;   // of what is placed
    Str comment;      // with its #; empty for none
    uint32_t comment_at;
} Line;

typedef struct Layout {
    Arena *arena;
    VEC(Word) words;
    VEC(Line) lines;
} Layout;

// What was read: the lexer's tokens, the parser's, and for each of the lexer's whether it clings to
// the next.
typedef struct Reading {
    const Source *source;
    TokenList raw, tokens;
    bool *clings;
} Reading;

// Does nothing stand between a word of type [before] and the next, of [type]?
bool format_is_close(int before, bool clings, int type);
// The comment between a token of the lexer and the one before it; empty for none.
Str format_comment(const Source *source, const TokenList *raw, size_t i);
// Fills [l] with lines and words. False when memory runs out.
bool format_read_lines(Layout *l, const Reading *reading);
// Decides where blank lines stand.
void format_blank_lines(Layout *l);
// Decides where each word and comment stands on its line. False when memory runs out.
bool format_columns(Layout *l);

#endif
