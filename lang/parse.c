// SPDX-License-Identifier: Apache-2.0
// Driving the parser, and saying what was expected where it stops.
#include "lang/parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lang/allow.h"
#include "lang/mend.h"
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
    {T_CODE, "a code such as B101"},
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
    while (t > first && !t->first_on_line && t[-1].type != T_NL)
        t--;
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
        if (type == T_LATER || !parser_accepts(&p->before, type))
            continue;
        suggest_consider(near, str_from(keyword_tokens[i].word));
        bool as_name = name && type != T_AND && type != T_OR && type != T_NOT && type != T_IS &&
                       type != T_WHEN && type != T_OTHERWISE && type != T_BECAUSE &&
                       type != T_END && type != T_ELSE && type != T_TO;
        if (as_name)
            continue;
        snprintf(quoted[n_quoted], sizeof quoted[0], "`%s`", keyword_tokens[i].word);
        words[n++] = quoted[n_quoted++];
    }
    for (size_t i = 0; i < N_OTHER_TOKENS; i++)
        if (parser_accepts(&p->before, other_tokens[i].type))
            words[n++] = other_tokens[i].words;
    if (n == 0 || n > MAX_EXPECTED)
        return;
    buf_puts(out, "; expected ");
    for (size_t i = 0; i < n; i++)
        buf_printf(out, "%s%s", i == 0 ? "" : i + 1 == n ? " or " : ", ", words[i]);
}

// Number, `+`, end: "85 +" is meant as "85+", behind a level or in a cell.
static bool is_spaced_plus(const Parser *p, const Token *t) {
    if (t->type != T_NL || t - p->tokens->v < 2 || t[-1].type != T_PLUS || t[-2].type != T_NUMBER)
        return false;
    const Token *start = line_start(p, t);
    return start == &t[-3] || (p->is_cell && start == &t[-2]);
}

// "> =" is meant as ">=".
static bool is_spaced_sign(const Token *t) {
    return t->type == T_EQ && !t->first_on_line && (t[-1].type == T_LT || t[-1].type == T_GT);
}

// Two tokens that belong together, such as "85 +" in the place of "85+".
static void report_apart(Parser *p, const Token *t) {
    Place place = token_place(p->source, t);
    Str first = token_text(p->source, &t[0]), second = token_text(p->source, &t[1]);
    place.len = t[1].to - t[0].from;
    Diag *d = diag_add(p->diags, D_OTHER_WORDS, place,
                       "`%.*s %.*s` is understood, but written in another form here",
                       STR_ARG(first), STR_ARG(second));
    Str meant = arena_printf(p->diags->arena, "%.*s%.*s", STR_ARG(first), STR_ARG(second));
    d->hint = arena_printf(p->diags->arena, "write `%.*s`, without a blank", STR_ARG(meant));
    diag_edit(p->diags, d, place, meant);
}

static bool is_word_of(const Parser *p, const Token *t, const char *const *words) {
    Str text = token_text(p->source, t);
    for (; *words; words++)
        if (str_eq(text, str_from(*words)))
            return true;
    return false;
}

// The word of a later version that explains why the parser stops at [t]. NULL when there is none.
static const Token *find_later_word(const Parser *p, const Token *t) {
    static const char *const clauses[] = {"assert", NULL};
    const Token *start = line_start(p, t);
    return t == start && is_word_of(p, t, clauses) ? t : NULL;
}

static void report_special(Parser *p, const Token *t, DiagCode code, const char *message,
                           const char *advice) {
    Diag *d = diag_add(p->diags, code, token_place(p->source, t), "%s", message);
    d->hint = str_from(advice);
}

static bool in_brackets(const Parser *p, const Token *t) {
    size_t n_open = 0, n_closed = 0;
    for (const Token *u = line_start(p, t); u < t; u++) {
        n_open += u->type == T_LP;
        n_closed += u->type == T_RP;
    }
    return n_open > n_closed;
}

// A token that is none, as the lexer found it.
static void report_fault(Parser *p, const Token *t, const Fault *fault) {
    Str text = token_text(p->source, t);
    bool visible = text.len > 0 && (unsigned char)text.s[0] > ' ' && text.s[0] != 0x7f;
    Diag *d =
        visible ? diag_add(p->diags, fault->code, token_place(p->source, t), "`%.*s`: %s",
                           STR_ARG(text), fault->message)
                : diag_add(p->diags, fault->code, token_place(p->source, t), "%s", fault->message);
    Buf meant = {0};
    if (mend_token(fault->code, text, in_brackets(p, t), &meant)) {
        d->hint = arena_printf(p->diags->arena, "write `%.*s`", STR_ARG(buf_str(&meant)));
        diag_edit(p->diags, d, d->place, buf_str(&meant));
    } else {
        d->hint = str_from(fault->hint);
    }
    buf_free(&meant);
}

// `kpi B101`: a code where a name is wanted.
static void report_code_as_name(Parser *p, const Token *t) {
    static const Fault fault = {D_BAD_NAME, "a name is written in lower case", ""};
    report_fault(p, t, &fault);
}

static void report_bad(Parser *p, const Token *t) {
    if (t->fault) // else it was reported where it was found
        report_fault(p, t, t->fault);
}

// What the lines of the block round [t] look like; NULL where its clauses have forms of their own.
static const char *block_form(const Parser *p, const Token *t) {
    size_t depth = 0;
    for (size_t i = (size_t)(line_start(p, t) - p->tokens->v); i-- > 0;) {
        const Token *u = &p->tokens->v[i];
        if (!u->first_on_line)
            continue;
        switch (u->type) {
        case T_END:
            depth++;
            break;
        case T_BANDS:
            if (depth-- == 0)
                return "the lines of bands are: good 80-89, outstanding 90+, inadequate otherwise";
            break;
        case T_STATUS:
            if (depth-- == 0)
                return "the lines of a status are: red when CONDITION because \"…\", or amber "
                       "otherwise";
            break;
        case T_SCALE:
            if (depth-- == 0)
                return "the lines of a scale are: good \"Good\" symbol \"G\" colour \"#28A197\", "
                       "or good -> green";
            break;
        case T_TARGET:
            if (u[1].type == T_BY && depth-- == 0)
                return "the lines of a trajectory are: 2023-04 80";
            break;
        case T_SPC:
            if (depth-- == 0)
                return "the lines of spc are: screen large moving ranges, keep every moving range, "
                       "baseline 2021-04 to 2022-03, rebase from 2023-04 because \"…\", at least "
                       "12 figures";
            break;
        case T_INPUT:
            if (depth-- == 0)
                return "an input has the lines layout, file, entity, period, metric, value, "
                       "current, previous, field, where, "
                       "missing, mark, numbers, delimiter, quote, encoding, skip, revises, other";
            break;
        case T_KPI:
        case T_PATTERN:
            if (depth-- == 0)
                return "a KPI has the lines source, label, note, value, unit, precision, good is, "
                       "needs, target, compare, steady, "
                       "not monotone, spc, bands, status";
            break;
        case T_OVERRIDE:
            if (depth-- == 0)
                return "an override has the lines entity, from … to … or period, by, because";
            break;
        case T_GROUP:
        case T_SCORECARD:
            if (depth-- == 0)
                return "a group has the lines label, source, note, member, no data and status";
            break;
        case T_MEASURES:
        case T_EXAMPLES:
            if (depth-- == 0)
                return NULL;
            break;
        default:
            break;
        }
    }
    return "a file has the blocks scale, input, bands, pattern, kpi, measures, group, scorecard, "
           "override and examples, and the lines use, metric, let, assert, treat and ignore";
}

static void hint_at(Parser *p, Diag *d, Str meant) {
    d->hint = arena_printf(p->diags->arena, "did you mean `%.*s`?", STR_ARG(meant));
    diag_edit(p->diags, d, d->place, meant);
}

// The same where it is another token that was misspelt.
static void hint_at_other(Parser *p, Diag *d, const Token *t, Str meant) {
    Str text = token_text(p->source, t);
    d->hint = arena_printf(p->diags->arena, "did you mean `%.*s` in place of `%.*s`?",
                           STR_ARG(meant), STR_ARG(text));
    diag_edit(p->diags, d, token_place(p->source, t), meant);
}

// `metric late count supress below 6`: the word before [t] was taken for a unit.
static const Token *misspelt_suppress(const Parser *p, const Token *t) {
    if (t->type != T_BELOW || t == p->tokens->v || t[-1].type != T_NAME ||
        line_start(p, t)->type != T_METRIC)
        return NULL;
    Suggestion near = suggest_for(token_text(p->source, t - 1));
    suggest_consider(&near, STR("suppress"));
    return near.best.len > 0 ? t - 1 : NULL;
}

static void hint_at_form(Parser *p, Diag *d, const Token *t, const Suggestion *near) {
    Buf hint = {0};
    const Token *start = line_start(p, t);
    const char *form = keyword_form(token_text(p->source, start));
    if (near->best.len > 0) {
        buf_printf(&hint, "did you mean `%.*s`?", STR_ARG(near->best));
        diag_edit(p->diags, d, d->place, near->best);
        if (form)
            buf_printf(&hint, " The line's form is: %s", form);
    } else if (form && start->type != T_NAME) {
        buf_printf(&hint, "the line's form is: %s", form);
    } else if (p->is_file) {
        const char *lines = block_form(p, t);
        if (lines)
            buf_puts(&hint, lines);
    }
    d->hint = arena_str(p->diags->arena, buf_str(&hint));
    buf_free(&hint);
}

// Where a line's last token ends: a comment may follow.
static Place place_behind(const Parser *p, const Token *t) {
    Place end = token_place(p->source, t);
    if (t == p->tokens->v || t[-1].line != t->line || t[-1].type == T_NL)
        return end;
    Place last = token_place(p->source, t - 1);
    return (Place){end.file, end.line, last.column + last.len, 0};
}

// A header that could not be read leaves its lines without a block, and each would be reported. Of
// lines in a row that cannot even begin where they stand, the first is enough.
static bool is_further_stray(Parser *p, const Token *t) {
    const Token *start = line_start(p, t);
    const Token *before = start > p->tokens->v + 1 ? line_start(p, start - 2) : NULL;
    bool further = t == start && before && before == p->stray;
    p->stray = start;
    return further;
}

void parse_report(Parser *p, const Token *t) {
    const Token *later = find_later_word(p, t);
    if (later) {
        Str word = token_text(p->source, later);
        Diag *d = diag_add(p->diags, D_LATER, token_place(p->source, later),
                           "`%.*s` is not part of this version of the language", STR_ARG(word));
        d->hint = STR("take it out, or use a version of Bandstand that reads it");
        return;
    }
    bool further = is_further_stray(p, t);
    if (t->type == T_END && t->first_on_line) {
        if (further)
            return;
        report_special(p, t, D_SYNTAX, "this `end` closes no block",
                       "take it out, or look above for a block that is closed too early");
        return;
    }
    if (t->type == T_BAD) {
        report_bad(p, t);
        return;
    }
    if (t->type == T_CODE && parser_accepts(&p->before, T_NAME)) {
        report_code_as_name(p, t);
        return;
    }
    Suggestion near =
        suggest_for(t->type == T_NAME || t->first_on_line ? token_text(p->source, t) : STR(""));
    Buf expected = {0};
    list_expected(p, &expected, &near);
    if (further && near.best.len == 0) {
        buf_free(&expected);
        return;
    }
    Str text = token_text(p->source, t);
    bool at_end = t->type == T_NL || t->type == TOKEN_EOF;
    Diag *d;
    const Token *apart = is_spaced_plus(p, t) ? t - 2 : is_spaced_sign(t) ? t - 1 : NULL;
    if (apart) {
        report_apart(p, apart);
        buf_free(&expected);
        return;
    }
    if (at_end)
        d = diag_add(p->diags, D_SYNTAX, place_behind(p, t), "the line ends too early%.*s",
                     STR_ARG(buf_str(&expected)));
    else
        d = diag_add(p->diags, D_SYNTAX, token_place(p->source, t), "`%.*s` does not fit here%.*s",
                     STR_ARG(text), STR_ARG(buf_str(&expected)));
    buf_free(&expected);
    const Token *misspelt = misspelt_suppress(p, t);
    static const char *const distances[] = {"worse", "better", NULL};
    if (t->type == T_NL && t > p->tokens->v && t[-1].type == T_COLOUR)
        d->hint = STR("write the colour in quotes: colour \"#28A197\"");
    else if (misspelt)
        hint_at_other(p, d, misspelt, STR("suppress"));
    else if (near.best.len == 0 && keyword_is_reserved(text) &&
             parser_accepts(&p->before, T_NAME) && t > line_start(p, t))
        d->hint =
            arena_printf(p->diags->arena,
                         "`%.*s` is a word of the language and never a name; choose another name",
                         STR_ARG(text));
    else if (is_word_of(p, t, distances))
        hint_at(p, d, arena_printf(p->arena, "%.*s than", STR_ARG(text)));
    else
        hint_at_form(p, d, t, &near);
}

void parse_too_deep(Parser *p, Place place) {
    Diag *d = diag_add(p->diags, D_TOO_DEEP, place,
                       "the expression has too many parts inside one another");
    d->hint = STR("give parts of the expression names of their own with `let`");
}

static Node *parse_tokens(Arena *a, DiagList *d, const Source *source, ParseEntry entry,
                          const TokenList *tokens) {
    static const int starts[] = {
        [PARSE_FILE] = T_START_FILE,
        [PARSE_EXPRESSION] = T_START_EXPRESSION,
        [PARSE_BAND_CELL] = T_START_CELL,
    };
    Parser p = {.arena = a,
                .diags = d,
                .source = source,
                .tokens = tokens,
                .is_file = entry == PARSE_FILE,
                .is_cell = entry == PARSE_BAND_CELL};
    void *lemon = ParseAlloc(malloc);
    if (!lemon) {
        a->failed = true;
        return NULL;
    }
    Token start = tokens->v[0];
    start.to = start.from;
    start.first_on_line = false;
    start.type = starts[entry];
    Parse(lemon, start.type, &start, &p);
    Token newline = start;
    newline.type = T_NL;
    if (entry == PARSE_FILE)
        Parse(lemon, T_NL, &newline, &p);
    for (size_t i = 0; i < tokens->n && !p.failed && !a->failed; i++) {
        // A second newline in a row would be an empty statement.
        const Token *t = &tokens->v[i];
        if (t->type == T_NL && i == 0)
            continue;
        parser_snapshot(lemon, &p.before);
        Parse(lemon, t->type, t, &p);
    }
    ParseFree(lemon, free);
    return p.root;
}

// The tokens are as large as the tree, and nothing needs them once it is made.
Node *parse(Arena *a, DiagList *d, const Source *source, ParseEntry entry) {
    Arena scratch;
    TokenList tokens = {0};
    Node *root = NULL;
    CommentList comments = {0};
    bool whole = entry == PARSE_FILE;
    size_t n_errors = d->n_errors;
    arena_init(&scratch, 0);
    bool scanned = lexer_scan_all(&scratch, source, &tokens, whole ? &comments : NULL);
    if (scanned && !allow_read(d, source, &comments, &tokens))
        a->failed = true;
    else if (scanned && tokens_filter(&scratch, d, source, whole, &tokens))
        root = parse_tokens(a, d, source, entry, &tokens);
    a->failed = a->failed || scratch.failed;
    arena_free(&scratch);
    bool refused = !whole && d->n_errors > n_errors;
    return a->failed || refused ? NULL : root;
}
