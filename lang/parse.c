// SPDX-License-Identifier: Apache-2.0
// Driving the parser, and saying what was expected where it stops.
#include "lang/parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lang/parser.h"
#include "runtime/base/suggest.h"

#include "grammar.h"

// Tokens of the grammar that are not keywords, in a reader's words. Tokens that are not here are
// never offered.
static const struct {
    int type;
    const char *words;
} other_tokens[] = {
    {T_NAME, "a name"},
    {T_NUMBER, "a number"},
    {T_STRING, "a text in quotes"},
    {T_PERIOD, "a period such as 2023-05"},
    {T_NUMPLUS, "a bound such as 85+"},
    {T_PCT, "`%`"},
    {T_LP, "`(`"},
    {T_RP, "`)`"},
    {T_COMMA, "a comma"},
    {T_EQ, "`=`"},
    {T_LT, "`<`"},
    {T_GT, "`>`"},
    {T_PLUS, "`+`"},
    {T_MINUS, "`-`"},
    {T_STAR, "`*`"},
    {T_SLASH, "`/`"},
    {T_DOT, "`.`"},
    {T_ARROW, "`->`"},
    {T_PIPE, "`|`"},
    {T_NL, "the end of the line"},
    {T_NODATA, "`no data`"},
    {T_ATLEAST, "`at least`"},
    {T_ATMOST, "`at most`"},
    {T_BETTERTHAN, "`better than`"},
    {T_WORSETHAN, "`worse than`"},
    {T_ORBETTER, "`or better`"},
    {T_ORWORSE, "`or worse`"},
    {T_ASPERCENTOF, "`as percent of`"},
    {T_IFKNOWN, "`if known`"},
    {T_ONEOF, "`one of`"},
    {T_UNITW, "a unit such as points or decimals"},
    {T_CELL, "a table row"},
};

static const struct {
    int type;
    const char *word;
} keyword_tokens[] = {
#define KEYWORD(type, word, where, form) {type, word},
#include "lang/keywords.def"
#undef KEYWORD
};
enum {
    N_OTHER_TOKENS = sizeof other_tokens / sizeof *other_tokens,
    N_KEYWORD_TOKENS = sizeof keyword_tokens / sizeof *keyword_tokens,
    MAX_EXPECTED = 8, // that a message names
};

static const Token *line_start(const Parser *p, const Token *t) {
    const Token *first = p->tokens->v;
    while (t > first && !t->first_on_line && t[-1].type != T_NL) t--;
    return t;
}

// Lists what could stand in place of the token; the keywords among it go to [near] as well.
static void list_expected(const Parser *p, Buf *out, Suggestion *near) {
    const char *words[N_OTHER_TOKENS + N_KEYWORD_TOKENS];
    size_t n = 0;
    bool name = parser_accepts(&p->before, T_NAME);
    char quoted[N_KEYWORD_TOKENS][32];
    size_t n_quoted = 0;
    for (size_t i = 0; i < N_KEYWORD_TOKENS; i++) {
        int type = keyword_tokens[i].type;
        // Where a name may stand, most keywords are taken as names: they are not worth naming, but
        // one may be what was meant.
        if (type == T_LATER || !parser_accepts(&p->before, type)) continue;
        suggest_consider(near, str_from(keyword_tokens[i].word));
        bool as_name = name && type != T_AND && type != T_OR && type != T_NOT && type != T_IS &&
                       type != T_WHEN && type != T_OTHERWISE && type != T_BECAUSE && type != T_END &&
                       type != T_ELSE && type != T_TO;
        if (as_name) continue;
        snprintf(quoted[n_quoted], sizeof quoted[0], "`%s`", keyword_tokens[i].word);
        words[n++] = quoted[n_quoted++];
    }
    for (size_t i = 0; i < N_OTHER_TOKENS; i++)
        if (parser_accepts(&p->before, other_tokens[i].type)) words[n++] = other_tokens[i].words;
    if (n == 0 || n > MAX_EXPECTED) return;
    buf_puts(out, "; expected ");
    for (size_t i = 0; i < n; i++)
        buf_printf(out, "%s%s", i == 0 ? "" : i + 1 == n ? " or " : ", ", words[i]);
}

static void hint_at_form(Parser *p, Diag *d, const Token *t, const Suggestion *near) {
    Buf hint = {0};
    const Token *start = line_start(p, t);
    const char *form = keyword_form(token_text(p->source, start));
    if (near->best.len > 0) {
        buf_printf(&hint, "did you mean `%.*s`?", STR_ARG(near->best));
        if (form) buf_printf(&hint, " The line's form is: %s", form);
    } else if (form && start->type != T_NAME) {
        buf_printf(&hint, "the line's form is: %s", form);
    }
    d->hint = arena_str(p->diags->arena, buf_str(&hint));
    buf_free(&hint);
}

// Number, `+`, end: "85 +" is meant as "85+".
static bool is_spaced_plus(const Parser *p, const Token *t) {
    return t->type == T_NL && t - p->tokens->v >= 3 && t[-1].type == T_PLUS && t[-2].type == T_NUMBER &&
           line_start(p, t) == &t[-3];
}

// `mean of x among …`, `count of red`: read by a later version.
static bool is_later_aggregate(const Parser *p, const Token *t) {
    static const char *const words[] = {"mean", "median", "min", "max", "rank", "quartile", "quintile", "sum", "count", "share", NULL};
    if (t->type != T_OF || t == p->tokens->v) return false;
    Str before = token_text(p->source, t - 1);
    for (const char *const *w = words; *w; w++)
        if (str_eq(before, str_from(*w))) return true;
    return false;
}

static void report_special(Parser *p, const Token *t, const char *message, const char *advice) {
    bool later = t->type == T_OF;
    Diag *d = diag_add(p->diags, later ? D_LATER : D_SYNTAX, token_place(p->source, later ? t - 1 : t), "%s", message);
    d->hint = str_from(advice);
}

void parse_report(Parser *p, const Token *t) {
    if (is_later_aggregate(p, t)) {
        report_special(p, t, "figures over several areas or KPIs are not part of this version of the language",
                       "take it out, or use a version of Bandstand that reads it");
        return;
    }
    if (t->type == T_END && t->first_on_line) {
        report_special(p, t, "this `end` closes no block", "take it out, or look above for a block that is closed too early");
        return;
    }
    if (t->type == T_BAD) {
        if (!t->message) return; // reported where it was found
        Str text = token_text(p->source, t);
        Diag *d = diag_add(p->diags, t->code, token_place(p->source, t), "`%.*s`: %s", STR_ARG(text),
                           t->message);
        d->hint = str_from(t->hint);
        return;
    }
    Suggestion near = suggest_for(t->type == T_NAME || t->first_on_line ? token_text(p->source, t) : STR(""));
    Buf expected = {0};
    list_expected(p, &expected, &near);
    Str text = token_text(p->source, t);
    bool at_end = t->type == T_NL || t->type == TOKEN_EOF;
    Diag *d;
    if (at_end)
        d = diag_add(p->diags, D_SYNTAX, token_place(p->source, t), "the line ends too early%.*s",
                     STR_ARG(buf_str(&expected)));
    else
        d = diag_add(p->diags, D_SYNTAX, token_place(p->source, t), "`%.*s` does not fit here%.*s",
                     STR_ARG(text), STR_ARG(buf_str(&expected)));
    buf_free(&expected);
    if (is_spaced_plus(p, t)) d->hint = STR("write the bound without a blank: 85+");
    else hint_at_form(p, d, t, &near);
}

void parse_too_deep(Parser *p, Place place) {
    Diag *d = diag_add(p->diags, D_TOO_DEEP, place, "the expression has too many parts inside one another");
    d->hint = STR("give parts of the expression names of their own with `let`");
}

Node *parse(Arena *a, DiagList *d, const Source *source, ParseEntry entry) {
    static const int starts[] = {
        [PARSE_FILE] = T_START_FILE,
        [PARSE_EXPRESSION] = T_START_EXPRESSION,
        [PARSE_BAND_CELL] = T_START_CELL,
    };
    TokenList raw = {0}, tokens = {0};
    size_t n_errors = d->n_errors;
    if (!lexer_scan(a, source, &raw) ||
        !tokens_filter(a, d, source, &raw, entry == PARSE_FILE, &tokens))
        return NULL;

    Parser p = {.arena = a, .diags = d, .source = source, .tokens = &tokens};
    void *lemon = ParseAlloc(malloc);
    if (!lemon) {
        a->failed = true;
        return NULL;
    }
    Token start = tokens.v[0];
    start.to = start.from;
    start.first_on_line = false;
    start.type = starts[entry];
    Parse(lemon, start.type, &start, &p);
    Token newline = start;
    newline.type = T_NL;
    if (entry == PARSE_FILE) Parse(lemon, T_NL, &newline, &p);
    for (size_t i = 0; i < tokens.n && !p.failed && !a->failed; i++) {
        // A second newline in a row would be an empty statement.
        const Token *t = &tokens.v[i];
        if (t->type == T_NL && i == 0) continue;
        parser_snapshot(lemon, &p.before);
        Parse(lemon, t->type, t, &p);
    }
    ParseFree(lemon, free);
    if (a->failed) return NULL;
    if (entry != PARSE_FILE && d->n_errors > n_errors) return NULL;
    return p.root;
}
