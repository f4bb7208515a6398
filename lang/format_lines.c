// SPDX-License-Identifier: Apache-2.0
// Formatting, the first part: tokens and comments to lines, and the blank lines between them.
#include "lang/format_layout.h"

#include "grammar.h"

enum { MAX_BLOCKS = 8 }; // as in the filter

typedef struct Reader {
    Layout *out;
    const Reading *in;
    size_t next;         // of the lexer's tokens
    uint32_t n_newlines; // since the last line
    bool in_line, in_statement;
    uint32_t depth;    // of the statement
    uint32_t brackets; // open here
    Family inside[MAX_BLOCKS];
    uint32_t n_blocks;
    bool heading_next; // a cross table has begun
    bool ok;
} Reader;

Str format_comment(const Source *source, const TokenList *raw, size_t i) {
    uint32_t from = i > 0 ? raw->v[i - 1].to : source->from;
    Str between = str_slice(source->text, from, raw->v[i].from);
    return str_trim(str_slice(between, str_find(between, '#'), between.len));
}

static Line *put_line(Reader *r, Line line) {
    line.blank_before = r->n_newlines > 1;
    line.from = line.to = r->out->words.n;
    r->n_newlines = 0;
    r->in_line = true;
    r->ok = r->ok && VEC_PUSH(r->out->arena, &r->out->lines, line);
    return r->ok ? &r->out->lines.v[r->out->lines.n - 1] : NULL;
}

// Takes in the ends of lines, and the comments before them, up to raw token [to].
static void pass_line_ends(Reader *r, size_t to) {
    for (; r->ok && r->next < to; r->next++) {
        Str comment = format_comment(r->in->source, &r->in->raw, r->next);
        if (comment.len > 0 && r->in_line)
            r->out->lines.v[r->out->lines.n - 1].comment = comment;
        else if (comment.len > 0)
            put_line(r, (Line){.is_comment = true, .comment = comment});
        r->n_newlines++;
        r->in_line = false;
    }
}

// ---- statements ---------------------------------------------------------------------------------

// Has the statement from token [i] on a token of [type] that two others follow, the second of type
// [then]? With TOKEN_EOF, whatever follows.
static bool statement_has(const TokenList *tokens, size_t i, int type, int then) {
    for (; i + 2 < tokens->n && tokens->v[i].type != T_NL; i++)
        if (tokens->v[i].type == type && (then == TOKEN_EOF || tokens->v[i + 2].type == then))
            return true;
    return false;
}

// What the lines are of the block that begins at token [i].
static Family lines_inside(const TokenList *tokens, size_t i) {
    switch (tokens->v[i].type) {
    case T_SCALE:
        return FAMILY_LEVEL;
    case T_BANDS:
        return FAMILY_BAND;
    case T_STATUS:
        return statement_has(tokens, i, T_BY, T_COMMA) ? FAMILY_CROSS : FAMILY_WHEN;
    case T_TARGET:
        return FAMILY_POINT;
    case T_SPC:
        return FAMILY_NONE;
    case T_MEASURES:
    case T_EXAMPLES:
        return FAMILY_TABLE;
    default:
        return FAMILY_CLAUSE;
    }
}

static Family family_at_top(int type) {
    return type == T_METRIC ? FAMILY_METRIC : type == T_LET ? FAMILY_LET : FAMILY_NONE;
}

// Of the statement that begins at token [i] and neither begins nor ends a block.
static Family find_family(const Reader *r, size_t i) {
    const TokenList *tokens = &r->in->tokens;
    int type = tokens->v[i].type;
    if (r->n_blocks == 0)
        return family_at_top(type);
    Family family = r->inside[r->n_blocks - 1];
    // `not monotone` and `no data` are one word of their clause, and what is elsewhere the head of a
    // block stands as one.
    bool phrase =
        type == T_NOT || type == T_NODATA || type == T_BANDSUSE || type == T_STATUSUSE;
    if (family == FAMILY_CLAUSE && phrase)
        return FAMILY_NONE;
    if (family == FAMILY_LEVEL && statement_has(tokens, i, T_ARROW, TOKEN_EOF))
        return FAMILY_MAPPING;
    return family;
}

// The first line of the statement that begins at token [i].
static void begin_statement(Reader *r, size_t i) {
    const TokenList *tokens = &r->in->tokens;
    const Token *t = &tokens->v[i];
    Line line = {.opens = t->opens_block, .closes = t->first_on_line && t->type == T_END};
    if (line.closes && r->n_blocks > 0)
        r->n_blocks--;
    line.depth = r->depth = r->n_blocks;
    line.family = line.opens || line.closes ? FAMILY_BREAK : find_family(r, i);
    line.is_heading = r->heading_next && !line.closes;
    r->heading_next = false;
    r->in_statement = true;
    r->brackets = 0;
    put_line(r, line);
    if (line.opens && r->n_blocks < MAX_BLOCKS) {
        Family inside = lines_inside(tokens, i);
        r->heading_next = inside == FAMILY_CROSS;
        r->inside[r->n_blocks++] = inside;
    }
}

// ---- words --------------------------------------------------------------------------------------

// Words of the parser's token [i], of which the lexer's tokens up to [to] are part.
static void put_word(Reader *r, size_t i, Word word) {
    if (!r->in_statement)
        begin_statement(r, i);
    else if (!r->in_line)
        put_line(r, (Line){.goes_on = true, .depth = r->depth, .brackets = r->brackets});
    r->brackets += word.type == T_LP;
    r->brackets -= word.type == T_RP && r->brackets > 0;
    if (!r->ok)
        return;
    r->ok = VEC_PUSH(r->out->arena, &r->out->words, word);
    r->out->lines.v[r->out->lines.n - 1].to = r->out->words.n;
}

static void put_cell(Reader *r, size_t i) {
    const TokenList *raw = &r->in->raw;
    const Token *t = &r->in->tokens.v[i];
    put_word(r, i, (Word){.text = token_text(r->in->source, t), .type = T_CELL});
    while (r->next < raw->n && raw->v[r->next].from < t->to)
        r->next++;
}

static void put_words(Reader *r, size_t i) {
    const TokenList *raw = &r->in->raw;
    const Token *t = &r->in->tokens.v[i];
    while (r->ok && r->next < raw->n && raw->v[r->next].from < t->to) {
        const Token *part = &raw->v[r->next];
        if (part->type == TOKEN_RAW_NL) {
            pass_line_ends(r, r->next + 1);
            continue;
        }
        // A comma keeps its type in `, if known`, since it stands as any comma does.
        put_word(r, i,
                 (Word){.text = token_text(r->in->source, part),
                        .type = part->type == T_NAME ? t->type : part->type,
                        .goes_on = part->from > t->from,
                        .clings = r->in->clings[r->next]});
        r->next++;
    }
}

bool format_read_lines(Layout *l, const Reading *in) {
    Reader r = {.out = l, .in = in, .ok = true};
    const TokenList *raw = &in->raw;
    for (size_t i = 0; i < in->tokens.n && r.ok; i++) {
        const Token *t = &in->tokens.v[i];
        if (t->type == T_NL) {
            r.in_statement = false;
            continue;
        }
        size_t first = r.next;
        while (first + 1 < raw->n && raw->v[first].from < t->from)
            first++;
        if (t->type == T_BLANK)
            continue; // its bars tell
        pass_line_ends(&r, first);
        if (t->type == TOKEN_EOF)
            pass_line_ends(&r, raw->n);
        else if (t->type == T_CELL)
            put_cell(&r, i);
        else
            put_words(&r, i);
    }
    return r.ok;
}

// ---- blank lines --------------------------------------------------------------------------------

// Is there always a blank line between the statement that begins with [before] and the next?
static bool stands_apart(const Line *before, const Line *next) {
    if (before->depth > 0 || next->depth > 0 || before->opens || next->closes)
        return false;
    bool after_use = before->family == FAMILY_NONE && next->family != FAMILY_NONE;
    return before->closes || next->opens || after_use;
}

// [first] to [next]: the comments above a statement, if any, and its first line.
static void part_statements(const Line *before, Line *first, Line *next) {
    bool parted = false;
    for (Line *line = first; line <= next; line++)
        parted = parted || line->blank_before;
    // The comments above a line belong to it unless the author set them apart.
    if (!parted && stands_apart(before, next))
        first->blank_before = true;
    if (before->opens)
        first->blank_before = false;
    if (next->closes)
        next->blank_before = false;
}

void format_blank_lines(Layout *l) {
    const Line *statement = NULL;
    Line *first = l->lines.v; // of the lines behind the last one with words
    for (size_t i = 0; i < l->lines.n; i++) {
        Line *line = &l->lines.v[i];
        if (i == 0)
            line->blank_before = false;
        if (line->is_comment)
            continue;
        for (Line *inside = first; line->goes_on && inside <= line; inside++)
            inside->blank_before = false;
        if (!line->goes_on && statement)
            part_statements(statement, first, line);
        if (!line->goes_on)
            statement = line;
        first = line + 1;
    }
}
