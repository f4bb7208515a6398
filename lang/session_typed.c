// SPDX-License-Identifier: Apache-2.0
// Texts as they are typed: what is still missing of them, what their words are, what they declare.
#include <bandstand.h>

#include "lang/parse.h"
#include "lang/redeclare.h"
#include "lang/session.h"

#include "grammar.h"

// A text on its own, with findings that nobody sees.
typedef struct Typed {
    Arena arena;
    DiagList diags;
    Source source;
    TokenList raw; // of the lexer
} Typed;

static bool open_typed(Typed *t, const char *text, size_t len) {
    *t = (Typed){0};
    arena_init(&t->arena, 0);
    diag_init(&t->diags, &t->arena);
    Str copy = arena_str(&t->arena, (Str){text, len});
    if (!copy.s)
        return false;
    uint32_t file = diag_file(&t->diags, STR("typed"), copy);
    t->source = (Source){.text = copy, .file = file, .to = (uint32_t)len, .line = 1, .column = 1};
    return file != PLACE_NO_FILE && lexer_scan(&t->arena, &t->source, &t->raw);
}

static bs_code close_typed(Typed *t, bool ok) {
    ok = ok && !t->arena.failed;
    arena_free(&t->arena);
    return ok ? BS_OK : BS_NO_MEMORY;
}

static bool can_be_read(const char *text, size_t len) {
    return len <= SOURCE_MAX_BYTES && str_utf8_prefix((Str){text, len}) == len;
}

// ---- is it whole? -------------------------------------------------------------------------------

static bool is_word(const Typed *t, const Token *token, const char *word) {
    return token->type == T_NAME && str_eq(token_text(&t->source, token), str_from(word));
}

// The lexer's tokens of lines that are not empty, the last [n] of them backwards from the end.
static size_t last_words(const Typed *t, const Token *out[], size_t n) {
    size_t found = 0;
    for (size_t i = t->raw.n; i > 0 && found < n; i--) {
        int type = t->raw.v[i - 1].type;
        if (type != TOKEN_RAW_NL && type != TOKEN_EOF)
            out[found++] = &t->raw.v[i - 1];
    }
    return found;
}

// An open bracket, a comma or a word that joins, or an assertion without its condition.
static bool line_goes_on(const Typed *t) {
    const Token *last[2];
    size_t n = last_words(t, last, 2), n_open = 0;
    for (size_t i = 0; i < t->raw.n; i++) {
        n_open += t->raw.v[i].type == T_LP;
        n_open -= t->raw.v[i].type == T_RP && n_open > 0;
    }
    if (n_open > 0)
        return true;
    if (n > 0 &&
        (last[0]->type == T_COMMA || is_word(t, last[0], "and") || is_word(t, last[0], "or")))
        return true;
    return n == 2 && last[0]->type == T_STRING && is_word(t, last[1], "assert");
}

// The filter puts in the ends that are missing; those behind everything else may still be typed.
static bool block_is_open(const TokenList *tokens) {
    const Token *end = &tokens->v[tokens->n - 1];
    for (size_t i = 0; i < tokens->n; i++) {
        const Token *t = &tokens->v[i];
        if (t->type == T_END && t->from == t->to && t->from >= end->from)
            return true;
    }
    return false;
}

static bool opens_declaration(int type) {
    static const int types[] = {T_TREAT, T_IGNORE, T_USE,      T_SCALE,    T_METRIC,   T_INPUT,
                                T_PEERS, T_LET,    T_BANDS,    T_BANDSUSE, T_PATTERN,  T_KPI,
                                T_GROUP, T_ASSERT, T_MEASURES, T_EXAMPLES, T_OVERRIDE, T_SCORECARD};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (types[i] == type)
            return true;
    return false;
}

// Words that open declarations may be names too. Two names side by side are in no expression.
static bool is_declaration(const Typed *t, const TokenList *tokens) {
    size_t first = 0;
    while (first < t->raw.n && t->raw.v[first].type == TOKEN_RAW_NL)
        first++;
    if (first + 1 >= t->raw.n || tokens->n == 0 || !opens_declaration(tokens->v[0].type))
        return false;
    const Token *second = &t->raw.v[first + 1];
    if (second->type == T_NAME)
        return !keyword_is_reserved(token_text(&t->source, second));
    return second->type == T_STRING || second->type == T_CODE;
}

static bool look(Typed *t, bs_entry *out) {
    const Token *word;
    *out = (bs_entry){BS_ENTRY_BLANK, true};
    if (last_words(t, &word, 1) == 0)
        return true;
    TokenList tokens = {.v = ARENA_ARRAY(&t->arena, Token, t->raw.n)};
    for (size_t i = 0; tokens.v && i < t->raw.n; i++)
        tokens.v[tokens.n++] = t->raw.v[i];
    tokens.cap = tokens.n;
    if (!tokens.v || !tokens_filter(&t->arena, &t->diags, &t->source, true, &tokens))
        return false;
    bool declares = is_declaration(t, &tokens);
    out->kind = declares ? BS_ENTRY_RULES : BS_ENTRY_EXPRESSION;
    out->complete = !line_goes_on(t) && !(declares && block_is_open(&tokens));
    return true;
}

bs_code bs_look_at_entry(const char *text, size_t len, bs_entry *out) {
    *out = (bs_entry){BS_ENTRY_EXPRESSION, true};
    if (!can_be_read(text, len))
        return BS_OK;
    Typed t;
    bool ok = open_typed(&t, text, len) && look(&t, out);
    return close_typed(&t, ok);
}

// ---- its words ----------------------------------------------------------------------------------

static bs_token_kind kind_of(const Typed *t, const Token *token, bool first_on_line) {
    switch (token->type) {
    case T_BAD:
        return BS_TOKEN_FAULT;
    case T_STRING:
        return BS_TOKEN_TEXT;
    case T_NUMBER:
    case T_NUMPLUS:
    case T_PERIOD:
        return BS_TOKEN_NUMBER;
    case T_NAME:
        return keyword_is_known(token_text(&t->source, token), first_on_line) ? BS_TOKEN_KEYWORD
                                                                              : BS_TOKEN_NAME;
    default:
        return BS_TOKEN_SIGN;
    }
}

bs_code bs_scan_text(const char *text, size_t len, bs_token_fn fn, void *context) {
    if (!can_be_read(text, len))
        return BS_INVALID;
    Typed t;
    CommentList comments = {0};
    bool ok = open_typed(&t, text, len) && lexer_scan_all(&t.arena, &t.source, &t.raw, &comments);
    bool first_on_line = true, wanted = true;
    for (size_t i = 0, c = 0; ok && wanted && i < t.raw.n; i++) {
        const Token *token = &t.raw.v[i];
        for (; wanted && c < comments.n && comments.v[c].from < token->from; c++)
            wanted = fn(context, (bs_token){BS_TOKEN_COMMENT, comments.v[c].from,
                                            comments.v[c].to - comments.v[c].from});
        bool is_word = token->type != TOKEN_RAW_NL && token->type != TOKEN_EOF;
        if (wanted && is_word)
            wanted = fn(context, (bs_token){kind_of(&t, token, first_on_line), token->from,
                                            token->to - token->from});
        first_on_line = !is_word;
    }
    bs_code code = close_typed(&t, ok);
    return code == BS_OK && !wanted ? BS_STOPPED : code;
}

// ---- what it declares ---------------------------------------------------------------------------

bs_code bs_list_declarations(const char *text, size_t len, bs_declaration_fn fn, void *context) {
    if (!can_be_read(text, len))
        return BS_INVALID;
    Typed t;
    bool ok = open_typed(&t, text, len);
    const Node *tree = ok ? parse(&t.arena, &t.diags, &t.source, PARSE_FILE) : NULL;
    bool wanted = true;
    for (uint32_t i = 0; tree && wanted && i < tree->n_kids; i++) {
        const Node *n = tree->kids[i];
        bs_declaration d = {.word = session_text(declaration_word(n)),
                            .name = session_text(declaration_name(n)),
                            .text = session_text(declaration_text(n)),
                            .line = n->line};
        if (d.word.len > 0)
            wanted = fn(context, &d);
    }
    bs_code code = close_typed(&t, ok);
    return code == BS_OK && !wanted ? BS_STOPPED : code;
}

bs_code bs_add_rules_over(bs_session *s, const char *name, const char *text, size_t len) {
    bs_code code = bs_add_rules_text(s, name, text, len);
    if (code == BS_OK)
        redeclare(&s->modules);
    return code;
}
