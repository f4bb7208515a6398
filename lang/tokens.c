// SPDX-License-Identifier: Apache-2.0
// The filter between lexer and parser, in three passes: lines, words, ends.
#include <string.h>

#include "lang/token.h"

#include "grammar.h"

typedef enum Where { ALWAYS, LINE, INSIDE, BOTH, LATER } Where;

typedef struct Keyword {
    int type;
    const char *word;
    Where where;
    const char *form;
} Keyword;

static const Keyword keywords[] = {
#define KEYWORD(type, word, where, form) {type, word, where, form},
#include "lang/keywords.def"
#undef KEYWORD
};
enum { N_KEYWORDS = sizeof keywords / sizeof *keywords };

// Words that measure the number before them.
static const char *const unit_words[] = {
    "point", "points", "percent", "day",     "days",     "pound", "pounds", "count",
    "ratio", "period", "periods", "decimal", "decimals", "line",  "lines",  NULL};

// Words that begin declarations only, so that one inside a block means an `end` is missing.
static const char *const top_words[] = {"use",   "scale",     "metric",   "input",    "let",
                                        "pattern", "peers",   "kpi",      "measures", "examples",
                                        "assert",  "override", "group",   "scorecard", NULL};

Str token_text(const Source *source, const Token *t) {
    return str_slice(source->text, t->from, t->to);
}

Place token_place(const Source *source, const Token *t) {
    return (Place){source->file, t->line, t->column, t->to - t->from};
}

// The first letter settles nearly all comparisons, of which each token takes some hundred.
static bool spells(Str text, const char *word) {
    return text.len > 0 && text.s[0] == word[0] && str_eq(text, str_from(word));
}

static bool is_word(const Source *s, const Token *t, const char *word) {
    return t->type == T_NAME && spells(token_text(s, t), word);
}

static bool is_one_of(const Source *s, const Token *t, const char *const *words) {
    for (; *words; words++)
        if (is_word(s, t, *words))
            return true;
    return false;
}

static const Keyword *find_keyword(Str word, bool at_line_start) {
    for (size_t i = 0; i < N_KEYWORDS; i++) {
        const Keyword *k = &keywords[i];
        bool here = k->where == ALWAYS || k->where == BOTH ||
                    (k->where == INSIDE ? !at_line_start : at_line_start);
        if (here && spells(word, k->word))
            return k;
    }
    return NULL;
}

const char *keyword_form(Str word) {
    const Keyword *k = find_keyword(word, true);
    return k ? k->form : NULL;
}

size_t keyword_count(void) {
    return N_KEYWORDS;
}

Str keyword_word(size_t i) {
    return str_from(keywords[i].word);
}

bool keyword_is_known(Str word, bool at_line_start) {
    return find_keyword(word, at_line_start) != NULL;
}

bool keyword_is_reserved(Str word) {
    for (size_t i = 0; i < N_KEYWORDS; i++)
        if (keywords[i].where == ALWAYS && spells(word, keywords[i].word))
            return true;
    return false;
}

// ---- the first pass: lines ----------------------------------------------------------------------

typedef struct Lines {
    Arena *arena;
    DiagList *diags;
    const Source *source;
    const Token *raw;
    size_t n_raw;
    TokenList *out;
    size_t i;             // the next raw token
    VEC(size_t) open;     // the brackets that are open, in raw
    size_t open_out;      // the outermost of them, in out
    VEC(size_t) unclosed; // brackets that were found to be never closed, in raw
    size_t n_passed;      // of them, those before i
    bool no_memory;
} Lines;

static const Token *raw_at(const Lines *l, size_t i) {
    return &l->raw[i < l->n_raw ? i : l->n_raw - 1];
}

static void put(Lines *l, const Token *t, int type) {
    Token copy = *t;
    copy.type = type;
    copy.first_on_line = l->out->n == 0 || l->out->v[l->out->n - 1].type == T_NL;
    if (!VEC_PUSH(l->arena, l->out, copy))
        l->no_memory = true;
}

static void put_newline(Lines *l, const Token *at) {
    Token t = *at;
    t.to = t.from;
    put(l, &t, T_NL);
}

// The first raw token of the next line that is not empty.
static size_t next_line(const Lines *l, size_t i) {
    while (i + 1 < l->n_raw && l->raw[i].type == TOKEN_RAW_NL)
        i++;
    return i;
}

// Does the line that starts at raw token [i] begin a declaration? Its second word tells it from a
// level or a name that looks alike.
static bool starts_declaration(const Lines *l, size_t i) {
    if (!is_one_of(l->source, raw_at(l, i), top_words))
        return false;
    int second = raw_at(l, i + 1)->type;
    if (second != T_NAME && second != T_STRING)
        return false;
    for (size_t j = i + 1; j < l->n_raw && raw_at(l, j)->type != TOKEN_RAW_NL; j++) {
        const Token *t = raw_at(l, j);
        if (t->type == T_PIPE || is_word(l->source, t, "when") ||
            is_word(l->source, t, "otherwise"))
            return false;
    }
    return true;
}

// Lines go on inside brackets, after a comma or a final and/or, and before because/and/or/else/if.
static bool goes_on(const Lines *l, const Token *last, const Token *next) {
    static const char *const at_end[] = {"and", "or", NULL};
    static const char *const at_start[] = {"because", "and", "or", "else", "if", NULL};
    if (next->type == TOKEN_EOF || is_word(l->source, next, "end"))
        return false;
    if (last->type == T_COMMA || is_one_of(l->source, last, at_end))
        return true;
    return is_one_of(l->source, next, at_start);
}

// `assert "what must be true"`, whose condition may stand on the next line.
static bool awaits_condition(const Lines *l, size_t next) {
    const Token *out = l->out->v;
    size_t n = l->out->n;
    return n >= 2 && out[n - 1].type == T_STRING && is_word(l->source, &out[n - 2], "assert") &&
           (n == 2 || out[n - 3].type == T_NL) && raw_at(l, next)->type != TOKEN_EOF &&
           !starts_declaration(l, next);
}

// A bracket that is still open where a new statement begins: reported, and its line is read again
// with the bracket as an error, so that only that line is lost.
static void drop_open_bracket(Lines *l) {
    size_t first = l->open.v[0];
    const Token *open = &l->raw[first];
    Diag *d = diag_add(l->diags, D_OPEN_BRACKET, token_place(l->source, open),
                       "the bracket `(` is never closed");
    d->hint = STR("close it with `)` on the line where the part in brackets ends");
    l->out->n = l->open_out;
    Token bad = *open;
    bad.fault = NULL;
    put(l, &bad, T_BAD);
    l->open.n = 0;
    l->i = first + 1;
    // The rest of the bracket's own line is passed over.
    while (raw_at(l, l->i)->type != TOKEN_RAW_NL && raw_at(l, l->i)->type != TOKEN_EOF)
        l->i++;
}

// The brackets open here stay open, and the lines behind the first of them are read again: were
// each bracket there followed to this place anew, the time would grow with the square of their
// number.
static void keep_unclosed(Lines *l) {
    l->unclosed.n = l->n_passed = 0;
    for (size_t i = 0; i < l->open.n; i++)
        if (!VEC_PUSH(l->arena, &l->unclosed, l->open.v[i]))
            l->no_memory = true;
}

static bool is_unclosed(Lines *l, size_t i) {
    while (l->n_passed < l->unclosed.n && l->unclosed.v[l->n_passed] < i)
        l->n_passed++;
    return l->n_passed < l->unclosed.n && l->unclosed.v[l->n_passed] == i;
}

static void end_of_line(Lines *l) {
    const Token *t = raw_at(l, l->i);
    size_t next = next_line(l, l->i);
    const Token *after = raw_at(l, next);
    if (l->open.n > 0) {
        bool statement = is_word(l->source, after, "end") || is_word(l->source, after, "status") ||
                         is_word(l->source, after, "bands") || starts_declaration(l, next);
        if (statement || after->type == TOKEN_EOF) {
            keep_unclosed(l);
            drop_open_bracket(l);
            return;
        }
        l->i = next;
        return;
    }
    if (l->out->n > 0) {
        const Token *last = &l->out->v[l->out->n - 1];
        if (last->type != T_NL && !goes_on(l, last, after) && !awaits_condition(l, next))
            put_newline(l, t);
    }
    l->i = next > l->i ? next : l->i + 1;
}

// One line of a table, from raw token l->i to its end: cells and the bars between them.
static void table_line(Lines *l) {
    const Token *first = NULL, *last = NULL;
    for (;; l->i++) {
        const Token *t = raw_at(l, l->i);
        bool ends = t->type == TOKEN_RAW_NL || t->type == TOKEN_EOF;
        if (!ends && t->type != T_PIPE) {
            if (!first)
                first = t;
            last = t;
            continue;
        }
        Token cell = first ? *first : *t;
        cell.to = first ? last->to : t->from;
        put(l, &cell, first ? T_CELL : T_BLANK);
        first = NULL;
        if (ends)
            break;
        put(l, t, T_PIPE);
    }
    put_newline(l, raw_at(l, l->i));
}

// The lines of a table, up to its `end` or to a declaration.
static void table_lines(Lines *l) {
    for (;;) {
        l->i = next_line(l, l->i);
        const Token *t = raw_at(l, l->i);
        if (t->type == TOKEN_EOF || starts_declaration(l, l->i))
            return;
        int second = raw_at(l, l->i + 1)->type;
        if (is_word(l->source, t, "end") && (second == TOKEN_RAW_NL || second == TOKEN_EOF))
            return;
        table_line(l);
    }
}

static bool opens_table(const Lines *l, size_t i) {
    const Token *t = raw_at(l, i), *next = raw_at(l, i + 1);
    return (is_word(l->source, t, "examples") && next->type == T_NAME &&
            raw_at(l, i + 2)->type == TOKEN_RAW_NL) ||
           (is_word(l->source, t, "measures") && is_word(l->source, next, "like"));
}

static void join_lines(Lines *l) {
    bool table_ahead = false;
    while (!l->no_memory && !l->arena->failed) {
        const Token *t = raw_at(l, l->i);
        if (t->type == TOKEN_RAW_NL || t->type == TOKEN_EOF) {
            if (t->type == TOKEN_EOF && l->open.n == 0)
                break;
            end_of_line(l);
            bool at_start = l->out->n > 0 && l->out->v[l->out->n - 1].type == T_NL;
            if (table_ahead && at_start) {
                table_lines(l);
                table_ahead = false;
            }
            continue;
        }
        bool at_start = l->out->n == 0 || l->out->v[l->out->n - 1].type == T_NL;
        if (at_start && opens_table(l, l->i))
            table_ahead = true;
        if (t->type == T_LP) {
            if (l->open.n == 0)
                l->open_out = l->out->n;
            if (!VEC_PUSH(l->arena, &l->open, l->i))
                l->no_memory = true;
            else if (is_unclosed(l, l->i)) {
                drop_open_bracket(l);
                continue;
            }
        }
        if (t->type == T_RP && l->open.n > 0)
            l->open.n--;
        put(l, t, t->type);
        l->i++;
    }
    if (l->out->n > 0 && l->out->v[l->out->n - 1].type != T_NL)
        put_newline(l, raw_at(l, l->i));
}

// ---- the second pass: words ---------------------------------------------------------------------

typedef struct Group { // words that make one token
    int type;
    const char *words[5];
    const char *unless; // not if this word follows
} Group;

static const Group groups[] = {
    {T_IFKNOWN, {"if", "known"}, NULL},
    {T_NODATA, {"no", "data"}, NULL},
    {T_NOWORSETHAN, {"no", "worse", "than"}, NULL},
    {T_NOBETTERTHAN, {"no", "better", "than"}, NULL},
    {T_ATMOST, {"no", "more", "than"}, NULL},
    {T_ATLEAST, {"no", "less", "than"}, NULL},
    {T_ATLEAST, {"no", "fewer", "than"}, NULL},
    {T_BETTERTHAN, {"better", "than"}, NULL},
    {T_WORSETHAN, {"worse", "than"}, NULL},
    {T_ORBETTER, {"or", "better"}, "than"},
    {T_ORWORSE, {"or", "worse"}, "than"},
    {T_ATLEAST, {"at", "least"}, NULL},
    {T_ATMOST, {"at", "most"}, NULL},
    {T_ASPERCENTOF, {"as", "percent", "of"}, NULL},
    {T_ONEOF, {"one", "of"}, NULL},
    {T_ELSEEVEN, {"else", "even", "if", "suppressed"}, NULL},
    {T_FOLDOF, {"mean", "of"}, NULL},
    {T_FOLDOF, {"median", "of"}, NULL},
    {T_FOLDOF, {"min", "of"}, NULL},
    {T_FOLDOF, {"max", "of"}, NULL},
    {T_FOLDOF, {"rank", "of"}, NULL},
    {T_FOLDOF, {"quartile", "of"}, NULL},
    {T_FOLDOF, {"quintile", "of"}, NULL},
    {T_ASOF, {"as", "of"}, NULL},
    {T_ORMORE, {"or", "more"}, NULL},
    {T_ORMORE, {"or", "above"}, NULL},
    {T_ORMORE, {"and", "above"}, NULL},
    {T_ORMORE, {"and", "over"}, NULL},
    {T_ORMORE, {"or", "over"}, NULL},
    {T_ORLESS, {"or", "less"}, NULL},
    {T_ORLESS, {"or", "fewer"}, NULL},
    {T_ORLESS, {"or", "below"}, NULL},
    {T_ORLESS, {"and", "below"}, NULL},
    {T_MORETHAN, {"more", "than"}, NULL},
    {T_MORETHAN, {"greater", "than"}, NULL},
    {T_LESSTHAN, {"less", "than"}, NULL},
    {T_LESSTHAN, {"fewer", "than"}, NULL},
    {T_WEIGHTEDSHAREOF, {"weighted", "share", "of"}, NULL},
    {T_COUNTOF, {"count", "of"}, NULL},
    {T_SHAREOF, {"share", "of"}, NULL},
};

// Groups that need a number behind them, since their words are names elsewhere.
static const Group before_number[] = {
    {T_BETWEEN, {"between"}, NULL},
    {T_UNDER, {"under"}, NULL},
};

// Groups that need a word behind them that could be a level's name.
static const Group before_name[] = {
    {T_ANY, {"any"}, NULL},
    {T_ALL, {"all"}, NULL},
};

static size_t group_length(const Source *s, const TokenList *in, size_t i, const Group *g) {
    size_t n = 0;
    for (; n < 5 && g->words[n]; n++)
        if (i + n >= in->n || !is_word(s, &in->v[i + n], g->words[n]))
            return 0;
    if (g->unless && i + n < in->n && is_word(s, &in->v[i + n], g->unless))
        return 0;
    return n;
}

// "80 or above 16": only a line's end, a comma or a word of condition may follow these groups, or
// they are an `or` before a comparison.
static bool ends_phrase(const Source *s, const TokenList *in, size_t i) {
    if (i >= in->n)
        return true;
    static const char *const words[] = {"because", "if", "and", "or", "end", NULL};
    int type = in->v[i].type;
    return type == T_NL || type == T_COMMA || type == T_RP || type == TOKEN_EOF ||
           is_one_of(s, &in->v[i], words);
}

static bool follows_number(const TokenList *in, size_t i) {
    return i < in->n && (in->v[i].type == T_NUMBER || in->v[i].type == T_NUMPLUS);
}

static bool follows_name(const Source *s, const TokenList *in, size_t i) {
    if (i >= in->n || in->v[i].type != T_NAME)
        return false;
    Str word = token_text(s, &in->v[i]);
    return !keyword_is_reserved(word);
}

static size_t find_group(const Source *s, const TokenList *in, size_t i, int *type) {
    for (size_t g = 0; g < sizeof groups / sizeof *groups; g++) {
        size_t n = group_length(s, in, i, &groups[g]);
        if (n == 0)
            continue;
        *type = groups[g].type;
        bool phrase = *type == T_ORMORE || *type == T_ORLESS;
        if (!phrase || ends_phrase(s, in, i + n))
            return n;
    }
    for (size_t g = 0; g < sizeof before_number / sizeof *before_number; g++) {
        size_t n = group_length(s, in, i, &before_number[g]);
        if (n == 0 || !follows_number(in, i + n))
            continue;
        *type = before_number[g].type;
        return n;
    }
    for (size_t g = 0; g < sizeof before_name / sizeof *before_name; g++) {
        size_t n = group_length(s, in, i, &before_name[g]);
        if (n == 0 || !follows_name(s, in, i + n))
            continue;
        *type = before_name[g].type;
        return n;
    }
    return 0;
}

// `x of "England"`, `x of region`. Within `within x of y` the word belongs to that.
static bool is_of_entity(const TokenList *in, size_t i, int before, bool within) {
    int next = i + 1 < in->n ? in->v[i + 1].type : TOKEN_EOF;
    return next == T_STRING ||
           (next == T_NAME && !within && (before == T_NAME || before == T_RP));
}

// In place: what is written never overtakes what is read.
static void name_words(const Source *s, TokenList *in, bool whole_file) {
    size_t n_out = 0;
    int before = T_NL;
    bool within = false;
    for (size_t i = 0; i < in->n;) {
        Token t = in->v[i];
        size_t n = 1;
        int type = t.type;
        bool comma =
            t.type == T_COMMA && i + 1 < in->n && group_length(s, in, i + 1, &groups[0]) == 2;
        if (comma) {
            n = 3;
            type = T_IFKNOWN;
        } else if (t.type == T_NAME) {
            n = find_group(s, in, i, &type);
            // `within share of target`: there the word is a name.
            if (before == T_WITHIN && (type == T_COUNTOF || type == T_SHAREOF))
                n = 0;
            if (n == 0) {
                const Keyword *k = find_keyword(token_text(s, &t), whole_file && t.first_on_line);
                bool unit = before == T_NUMBER && is_one_of(s, &t, unit_words);
                type = unit ? T_UNITW : k ? k->type : T_NAME;
                if (type == T_OF && is_of_entity(in, i, before, within))
                    type = T_OFENTITY;
                n = 1;
            }
        }
        before = type;
        within = type == T_WITHIN || (within && type != T_OF && type != T_NL);
        t.type = type;
        t.to = in->v[i + n - 1].to;
        in->v[n_out++] = t;
        i += n;
    }
    in->n = n_out;
}

// ---- the third pass: ends -----------------------------------------------------------------------

enum { MAX_OPEN_BLOCKS = 8 }; // a KPI, its bands or status; the rest is slack

typedef struct Ends {
    Arena *arena;
    DiagList *diags;
    const Source *source;
    const TokenList *in;
    TokenList *out;
    size_t open[MAX_OPEN_BLOCKS]; // tokens of `in`
    size_t n_open;
    bool ok;
} Ends;

static void emit_end(Ends *e, const Token *before) {
    Token t = *before;
    t.to = t.from;
    t.type = T_END;
    e->ok = e->ok && VEC_PUSH(e->arena, e->out, t);
    t.type = T_NL;
    e->ok = e->ok && VEC_PUSH(e->arena, e->out, t);
}

static void close_all(Ends *e, const Token *before) {
    while (e->n_open > 0) {
        const Token *block = &e->in->v[e->open[--e->n_open]];
        Str word = token_text(e->source, block);
        Diag *d = diag_add(e->diags, D_NO_END, token_place(e->source, block), "`%.*s` has no `end`",
                           STR_ARG(word));
        d->hint = before->type == TOKEN_EOF
                      ? STR("put `end` on a line of its own where the block ends")
                      : arena_printf(e->diags->arena,
                                     "put `end` on a line of its own before line %u", before->line);
        emit_end(e, before);
    }
}

// Does the line that starts at token [i] open a block?
static bool opens_block(const Ends *e, size_t i) {
    const TokenList *in = e->in;
    int next = i + 1 < in->n ? in->v[i + 1].type : TOKEN_EOF;
    bool inside = e->n_open > 0;
    switch (in->v[i].type) {
    case T_SCALE:
    case T_INPUT:
    case T_PATTERN:
    case T_KPI:
    case T_GROUP:
    case T_SCORECARD:
    case T_MEASURES:
    case T_EXAMPLES:
    case T_OVERRIDE:
        return !inside;
    case T_BANDS:
        return next != T_FROM && next != T_NL && next != T_WHEN && next != T_OTHERWISE;
    case T_STATUS:
        if (next == T_FROM || next == T_NL || next == T_WHEN || next == T_OTHERWISE)
            return false;
        return !(i + 2 < in->n && in->v[i + 2].type == T_FROM);
    case T_TARGET:
        return next == T_BY;
    case T_SPC:
        return inside && next == T_NL;
    default:
        return false;
    }
}

static bool is_top_word(const Ends *e, size_t i) {
    const Token *t = &e->in->v[i];
    Str word = token_text(e->source, t);
    bool top = false;
    for (const char *const *w = top_words; *w; w++)
        top = top || spells(word, *w);
    if (!top || t->type == T_CELL || i + 1 >= e->in->n)
        return false;
    int next = e->in->v[i + 1].type;
    // `metric column "x"` and the like are clauses of an input block.
    if (t->type == T_METRIC && next == T_COLUMN)
        return false;
    if (next != T_NAME && next != T_STRING && next != T_LIKE)
        return false;
    for (size_t j = i + 1; j < e->in->n && e->in->v[j].type != T_NL; j++) {
        int type = e->in->v[j].type;
        if (type == T_WHEN || type == T_OTHERWISE || type == T_PIPE || type == T_ARROW)
            return false;
    }
    // In a cross table a level may have such a name: there are at least two more names.
    if (next == T_NAME && i + 2 < e->in->n && e->in->v[i + 2].type == T_NAME &&
        (t->type == T_SCALE || t->type == T_INPUT || t->type == T_PATTERN))
        return false;
    return true;
}

// The token behind the `end` of the block that begins at token [i], or [i] when none closes it
// before the next declaration.
static size_t block_end(const Ends *e, size_t i) {
    int depth = 0;
    for (size_t j = i + 1; j < e->in->n && e->in->v[j].type != TOKEN_EOF; j++) {
        const Token *t = &e->in->v[j];
        if (!t->first_on_line)
            continue;
        if (is_top_word(e, j) ||
            (t->type == T_LATER && depth == 0 && e->in->v[j + 1].type == T_NAME))
            return i;
        if (t->type == T_END && depth-- == 0)
            return j;
        if (t->type == T_BANDS || t->type == T_STATUS)
            depth += opens_block(e, j);
    }
    return i;
}

// A declaration of a later version: reported once and passed over, with its block if it has one.
static size_t pass_over_later(Ends *e, size_t i) {
    const Token *t = &e->in->v[i];
    Str word = token_text(e->source, t);
    Diag *d = diag_add(e->diags, D_LATER, token_place(e->source, t),
                       "`%.*s` is not part of this version of the language", STR_ARG(word));
    d->hint = STR("take the declaration out, or use a version of Bandstand that reads it");
    i = block_end(e, i);
    while (i < e->in->n && e->in->v[i].type != T_NL && e->in->v[i].type != TOKEN_EOF)
        i++;
    return i < e->in->n && e->in->v[i].type == T_NL ? i + 1 : i;
}

static bool balance_ends(Ends *e) {
    e->ok = true;
    for (size_t i = 0; i < e->in->n && e->ok; i++) {
        const Token *t = &e->in->v[i];
        bool opened = false;
        if (t->first_on_line) {
            while (t->type == T_LATER && e->n_open == 0) {
                i = pass_over_later(e, i);
                if (i >= e->in->n)
                    return e->ok;
                t = &e->in->v[i];
            }
            if (e->n_open > 0 && is_top_word(e, i))
                close_all(e, t);
            opened = opens_block(e, i);
            if (opened && e->n_open < MAX_OPEN_BLOCKS)
                e->open[e->n_open++] = i;
            else if (t->type == T_END && e->n_open > 0)
                e->n_open--;
        }
        if (t->type == TOKEN_EOF)
            close_all(e, t);
        Token copy = *t;
        copy.opens_block = opened;
        if (copy.type == T_LATER)
            copy.type = T_NAME;
        if (t->first_on_line && !opened && copy.type == T_BANDS)
            copy.type = T_BANDSUSE;
        if (t->first_on_line && !opened && copy.type == T_STATUS)
            copy.type = T_STATUSUSE;
        e->ok = e->ok && VEC_PUSH(e->arena, e->out, copy);
    }
    return e->ok;
}

// ---- nesting ------------------------------------------------------------------------------------

// The parser's stack and every walk over the tree are bounded by this.
static void cap_nesting(DiagList *d, const Source *s, TokenList *tokens) {
    size_t depth = 0, n_signs = 0;
    for (size_t i = 0; i < tokens->n; i++) {
        Token *t = &tokens->v[i];
        bool sign = t->type == T_MINUS || t->type == T_NOT;
        n_signs = sign ? n_signs + 1 : 0;
        if (t->type == T_LP)
            depth++;
        if (t->type == T_RP && depth > 0)
            depth--;
        if (t->type == T_NL)
            depth = 0;
        if (depth <= TOKEN_MAX_NESTING && n_signs <= TOKEN_MAX_NESTING)
            continue;
        Diag *diag = diag_add(d, D_TOO_DEEP, token_place(s, t),
                              "more than %d brackets or signs are open at once", TOKEN_MAX_NESTING);
        diag->hint = STR("give parts of the expression names of their own with `let`");
        t->type = T_BAD;
        t->fault = NULL;
        while (i + 1 < tokens->n && tokens->v[i + 1].type != T_NL &&
               tokens->v[i + 1].type != TOKEN_EOF)
            tokens->v[++i].type = T_BAD, tokens->v[i].fault = NULL;
        depth = n_signs = 0;
    }
}

bool tokens_filter(Arena *a, DiagList *d, const Source *source, bool whole_file,
                   TokenList *tokens) {
    // Only tables of blank cells come to more tokens than they had.
    TokenList lines = {.v = ARENA_ARRAY(a, Token, tokens->n), .cap = tokens->n};
    Lines l = {.arena = a,
               .diags = d,
               .source = source,
               .raw = tokens->v,
               .n_raw = tokens->n,
               .out = &lines};
    if (!lines.v)
        return false;
    join_lines(&l);
    Token eof = tokens->v[tokens->n - 1];
    if (l.no_memory || !VEC_PUSH(a, &lines, eof))
        return false;
    name_words(source, &lines, whole_file);
    if (!whole_file) {
        *tokens = lines;
    } else {
        tokens->n = 0;
        Ends e = {.arena = a, .diags = d, .source = source, .in = &lines, .out = tokens};
        if (!balance_ends(&e))
            return false;
    }
    cap_nesting(d, source, tokens);
    return !a->failed;
}
