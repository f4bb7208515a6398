// SPDX-License-Identifier: Apache-2.0
// The lexer. The sign is never part of a number: "20-24" is two numbers and a minus.
// Readings that would be silent arithmetic, or a wrong one, become T_BAD with advice.
#include "lang/token.h"

#include "grammar.h"

typedef struct Lexer {
    const char *start; // of the whole text, for offsets
    const char *cursor, *limit, *line_start;
    uint32_t line;
    uint32_t column_base; // column of line_start, 1 but on the first line of a part
    CommentList *comments; // NULL: not wanted
    bool line_begun; // a token stands on the line already
    bool no_memory;
    Arena *arena;
} Lexer;

static void keep_comment(Lexer *s, const Token *t) {
    Comment c = {.alone = !s->line_begun,
                 .line = t->line,
                 .column = t->column,
                 .from = t->from,
                 .to = (uint32_t)(s->cursor - s->start)};
    if (s->comments && !VEC_PUSH(s->arena, s->comments, c))
        s->no_memory = true;
}

static int bad(Token *t, const Fault *fault) {
    t->fault = fault;
    return T_BAD;
}

// "2023-24" reads as the year before last minus something unless the second part follows the first.
static bool is_following_year(const char *s) {
    int a = (s[2] - '0') * 10 + s[3] - '0', b = (s[5] - '0') * 10 + s[6] - '0';
    return (a + 1) % 100 == b;
}

static int scan_one(Lexer *s, Token *t) {
    const char *YYMARKER, *YYCTXMARKER;
    const char *token;
again:
    token = s->cursor;
    t->line = s->line;
    t->column = (uint32_t)(token - s->line_start) + s->column_base;
    t->from = (uint32_t)(token - s->start);
    if (token >= s->limit) return TOKEN_EOF;
    /*!re2c
    re2c:define:YYCTYPE = "unsigned char";
    re2c:define:YYCURSOR = s->cursor;
    re2c:yyfill:enable = 0;
    re2c:flags:8 = 1;

    d    = [0-9];
    yr   = ("19" | "20") d d;
    mo   = "0" [1-9] | "1" [0-2];
    dy   = "0" [1-9] | [12] d | "3" [01];
    num  = d+ ("." d+)?;
    word = [a-z] [a-z0-9_]*;
    ws   = [ \t\f\v] | [\u00a0\u2007\u2009\u202f\ufeff];
    nl   = "\r"? "\n" | "\r";
    curl   = [\u2018\u2019\u201c\u201d];
    curly  = curl | [\u201c\u201d] [^\u201c\u201d"\r\n\x00]* [\u201c\u201d] | [\u2018\u2019] [^\u2018\u2019"\r\n\x00]* [\u2018\u2019];
    dash = "-" | [\u2010-\u2014\u2212];

    ws+               { goto again; }
    "#" [^\r\n\x00]*  { keep_comment(s, t); goto again; }
    nl                { s->line++; s->line_start = s->cursor; s->column_base = 1; return TOKEN_RAW_NL; }
    "\x00"            { static const Fault f = {D_BAD_CHARACTER, "a zero byte stands in the text",
                                                "the file may not be a text file; save it as plain UTF-8 text"};
                        return bad(t, &f); }

    yr "-" mo "-" dy             { return T_PERIOD; }
    yr "-" mo                    { return T_PERIOD; }
    yr "-Q" [1-4]                { return T_PERIOD; }
    "FY" yr "-" d d ("-Q" [1-4])? { return T_PERIOD; }
    "AY" yr "/" d d              { return T_PERIOD; }
    yr "-" mo (d+ | "." d | "%") { s->cursor = token + 4; return T_NUMBER; }
    yr "-" d d                   { static const Fault f = {D_BAD_PERIOD, "a year of two parts does not say which kind it is",
                                                           "write FY2023-24 for a financial year, AY2023/24 for an academic year, or put spaces round `-` to subtract"};
                                   if (is_following_year(token)) return bad(t, &f);
                                   s->cursor = token + 4; return T_NUMBER; }
    yr "-" d d d+                { s->cursor = token + 4; return T_NUMBER; }
    yr "/" d d                   { static const Fault f = {D_BAD_PERIOD, "a year of two parts does not say which kind it is",
                                                           "write AY2023/24 for an academic year, FY2023-24 for a financial year, or put spaces round `/` to divide"};
                                   return bad(t, &f); }
    d{1,2} "/" d{1,2} "/" d{2,4} { static const Fault f = {D_BAD_PERIOD, "a date is not written with slashes",
                                                           "write the year first: 2023-05-31"};
                                   return bad(t, &f); }
    yr "-q" [1-4]                { static const Fault f = {D_BAD_PERIOD, "a quarter has a capital Q", "write 2023-Q2"};
                                   return bad(t, &f); }
    d{1,3} ("," d d d)+ ("." d+)? { static const Fault f = {D_BAD_NUMBER, "a number in a rule has no thousands commas",
                                                            "write it without them, 1234; or put a blank behind a comma that separates"};
                                    return bad(t, &f); }
    num "%"? "+" / (ws | [\r\n#|,)] | "\x00") { return T_NUMPLUS; }
    num                          { return T_NUMBER; }
    num "."                      { static const Fault f = {D_BAD_NUMBER, "digits are missing behind the decimal point",
                                                           "write 5 or 5.0"};
                                   return bad(t, &f); }
    "." d+                       { static const Fault f = {D_BAD_NUMBER, "a digit is missing before the decimal point",
                                                           "write 0.5"};
                                   return bad(t, &f); }
    num "pp" "t"? "s"?           { static const Fault f = {D_BAD_NUMBER, "percentage points are written out",
                                                           "write 5 points"};
                                   return bad(t, &f); }
    num [eE] [-+]? d+            { static const Fault f = {D_BAD_NUMBER, "a number in a rule has no exponent",
                                                           "write all its digits, e.g. 100000"};
                                   return bad(t, &f); }
    num [A-Za-z_] [A-Za-z0-9_]*  { static const Fault f = {D_BAD_NUMBER, "a number and a word run together",
                                                           "put a blank between a number and its unit: 5 days; a name begins with a letter"};
                                   return bad(t, &f); }
    [A-Z] d d d                  { return T_CODE; }
    word                         { return T_NAME; }
    word? [A-Z] [A-Za-z0-9_]*    { static const Fault f = {D_BAD_NAME, "a name is written in lower case",
                                                           "use lower case with underscores, e.g. re_referral_rate"};
                                   return bad(t, &f); }
    "\"" ([^"\r\n\x00] | "\"\"")* "\"" { return T_STRING; }
    "\"" [^"\r\n\x00]*           { static const Fault f = {D_OPEN_QUOTE, "the quotation mark is not closed on this line",
                                                           "close it; a quotation mark inside a text is written twice"};
                                   return bad(t, &f); }
    curly                        { static const Fault f = {D_BAD_CHARACTER, "curly quotation marks do not enclose a text",
                                                           "write straight quotation marks, \"like this\""};
                                   return bad(t, &f); }
    "<=" | "\u2264" { return T_LE; }
    ">=" | "\u2265" { return T_GE; }
    "<>" | "!="     { return T_NE; }
    "=<" | "=>"     { static const Fault f = {D_BAD_CHARACTER, "this is not a comparison sign", "write <= for at most, >= for at least"};
                      return bad(t, &f); }
    "=="            { static const Fault f = {D_BAD_CHARACTER, "figures are compared with a single sign", "write a single ="};
                      return bad(t, &f); }
    "&&"            { static const Fault f = {D_BAD_CHARACTER, "conditions are joined with words", "write `and` or `or`"};
                      return bad(t, &f); }
    "->" | "\u2192" { return T_ARROW; }
    "<"   { return T_LT; }
    ">"   { return T_GT; }
    "="   { return T_EQ; }
    "+"   { return T_PLUS; }
    dash  { return T_MINUS; }
    "*" | "\u00d7" { return T_STAR; }
    "/" | "\u00f7" { return T_SLASH; }
    "%"   { return T_PCT; }
    "("   { return T_LP; }
    ")"   { return T_RP; }
    ","   { return T_COMMA; }
    "|"   { return T_PIPE; }
    "."   { return T_DOT; }
    [\x80-\U0010ffff] { static const Fault f = {D_BAD_CHARACTER, "this character is not part of the language", ""};
                        return bad(t, &f); }
    *     { static const Fault f = {D_BAD_CHARACTER, "this character is not part of the language", ""};
            return bad(t, &f); }
    */
}

bool lexer_scan_all(Arena *a, const Source *source, TokenList *out, CommentList *comments) {
    const char *text = source->text.s;
    Lexer s = {.start = text,
               .cursor = text + source->from,
               .limit = text + source->to,
               .line_start = text + source->from,
               .line = source->line,
               .column_base = source->column,
               .comments = comments,
               .arena = a};
    // Rules have some five bytes to a token. Room that is not used is never touched.
    size_t cap = (source->to - source->from) / 4 + 8;
    *out = (TokenList){.v = ARENA_ARRAY(a, Token, cap), .cap = cap};
    if (!out->v) return false;
    for (;;) {
        Token t = {0};
        t.type = scan_one(&s, &t);
        // A token that runs over the end of a part is cut there: the part is a cell of a table, and
        // cells end where their last token ends.
        if (s.cursor > s.limit) s.cursor = s.limit;
        t.to = (uint32_t)(s.cursor - s.start);
        if (t.to < t.from) t.to = t.from;
        s.line_begun = t.type != TOKEN_RAW_NL;
        if (s.no_memory) return false;
        if (!VEC_PUSH(a, out, t)) return false;
        if (t.type == TOKEN_EOF) return true;
    }
}

bool lexer_scan(Arena *a, const Source *source, TokenList *out) {
    return lexer_scan_all(a, source, out, NULL);
}
