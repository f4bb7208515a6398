// SPDX-License-Identifier: Apache-2.0
// Lang fixture: rule texts through every stage of lang/, and what came of them as texts that a test
// can state in a line.
#ifndef BS_TESTS_UNIT_LANG_FIXTURE_H
#define BS_TESTS_UNIT_LANG_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lang/compile.h"

#include "grammar.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

typedef struct Rules {
    Arena findings, trees, scratch, arena;
    DiagList diags;
    Modules modules;
    Source source; // of the text read last by itself
    Program program;
} Rules;

static inline void rules_begin(Rules *r) {
    *r = (Rules){0};
    diag_init(&r->diags, &r->findings);
    modules_init(&r->modules, &r->trees, &r->diags);
}

static inline void rules_end(Rules *r) {
    arena_free(&r->arena);
    arena_free(&r->scratch);
    arena_free(&r->trees);
    arena_free(&r->findings);
}

// ---- texts --------------------------------------------------------------------------------------

static inline void assert_str(Str actual, const char *expected) {
    if (str_eq(actual, str_from(expected)))
        return;
    fail_msg("\n  got      \"%.*s\"\n  expected \"%s\"", STR_ARG(actual), expected);
}

// [of] says which case of a table it is.
static inline void assert_str_of(const char *of, Str actual, const char *expected) {
    if (str_eq(actual, str_from(expected)))
        return;
    fail_msg("%s\n  got      \"%.*s\"\n  expected \"%s\"", of, STR_ARG(actual), expected);
}

static inline bool has_text(Str s, const char *part) {
    Str p = str_from(part);
    if (p.len == 0)
        return true;
    for (size_t i = 0; i + p.len <= s.len; i++)
        if (memcmp(s.s + i, p.s, p.len) == 0)
            return true;
    return false;
}

// [n] times [part] between [head] and [tail], in the fixture's memory.
static inline Str repeated(Rules *r, const char *head, const char *part, size_t n,
                           const char *tail) {
    Buf text = {0};
    buf_puts(&text, head);
    for (size_t i = 0; i < n; i++)
        buf_puts(&text, part);
    buf_puts(&text, tail);
    Str s = arena_str(&r->scratch, buf_str(&text));
    buf_free(&text);
    return s;
}

// ---- findings -----------------------------------------------------------------------------------

static inline void print_findings(const Rules *r) {
    Buf text = {0};
    for (size_t i = 0; i < r->diags.diags.n; i++)
        diag_print(&text, &r->diags, &r->diags.diags.v[i], false);
    print_error("%.*s\n", STR_ARG(buf_str(&text)));
    buf_free(&text);
}

static inline void assert_n_findings(const Rules *r, size_t n) {
    if (r->diags.diags.n == n)
        return;
    print_findings(r);
    fail_msg("%zu findings instead of %zu", r->diags.diags.n, n);
}

// The [i]th finding: its code, its place as "line:column+length", and parts of its texts.
static inline void assert_finding(const Rules *r, size_t i, DiagCode code, const char *place,
                                  const char *message, const char *hint) {
    if (i >= r->diags.diags.n)
        print_findings(r);
    assert_true(i < r->diags.diags.n);
    const Diag *d = &r->diags.diags.v[i];
    char at[64];
    snprintf(at, sizeof at, "%u:%u+%u", d->place.line, d->place.column, d->place.len);
    bool same = d->code == code && strcmp(at, place) == 0 && has_text(d->message, message) &&
                has_text(d->hint, hint);
    if (same)
        return;
    print_findings(r);
    fail_msg("finding %zu is %s at %s, not %s at %s with \"%s\" and \"%s\"", i,
             diag_code_text(d->code), at, diag_code_text(code), place, message, hint);
}

// ---- tokens -------------------------------------------------------------------------------------

static inline const char *token_name(int type) {
    static const struct {
        int type;
        const char *name;
    } names[] = {
#define KEYWORD(type, word, where, form) {type, #type},
#include "lang/keywords.def"
#undef KEYWORD
#define TOKEN(name) {T_##name, "T_" #name}
        TOKEN(NAME),
        TOKEN(NUMBER),
        TOKEN(NUMPLUS),
        TOKEN(PERIOD),
        TOKEN(STRING),
        TOKEN(BAD),
        TOKEN(LT),
        TOKEN(LE),
        TOKEN(GT),
        TOKEN(GE),
        TOKEN(EQ),
        TOKEN(NE),
        TOKEN(PLUS),
        TOKEN(MINUS),
        TOKEN(STAR),
        TOKEN(SLASH),
        TOKEN(PCT),
        TOKEN(LP),
        TOKEN(RP),
        TOKEN(COMMA),
        TOKEN(PIPE),
        TOKEN(DOT),
        TOKEN(ARROW),
        TOKEN(NL),
        TOKEN(CELL),
        TOKEN(BLANK),
        TOKEN(UNITW),
        TOKEN(IFKNOWN),
        TOKEN(NODATA),
        TOKEN(BETTERTHAN),
        TOKEN(WORSETHAN),
        TOKEN(NOBETTERTHAN),
        TOKEN(ATLEAST),
        TOKEN(ATMOST),
        TOKEN(NOWORSETHAN),
        TOKEN(ORBETTER),
        TOKEN(ORWORSE),
        TOKEN(ONEOF),
        TOKEN(ASPERCENTOF),
        TOKEN(ELSEEVEN),
        TOKEN(ORMORE),
        TOKEN(ORLESS),
        TOKEN(MORETHAN),
        TOKEN(LESSTHAN),
        TOKEN(BETWEEN),
        TOKEN(UNDER),
        TOKEN(BANDSUSE),
        TOKEN(STATUSUSE),
#undef TOKEN
        {TOKEN_RAW_NL, "T_NL"},
        {TOKEN_EOF, "T_EOF"},
    };
    for (size_t i = 0; i < COUNT(names); i++)
        if (names[i].type == type)
            return names[i].name + 2;
    return "?";
}

// "NUMBER:20 MINUS:- NUMBER:24": each token with what it spans; ends of lines are `;`, and the end
// of the text is left out. An END that was put in spans nothing.
static inline Str tokens_text(Rules *r, const TokenList *tokens) {
    Buf text = {0};
    for (size_t i = 0; i < tokens->n; i++) {
        const Token *t = &tokens->v[i];
        if (t->type == TOKEN_EOF)
            continue;
        if (text.len > 0)
            buf_char(&text, ' ');
        if (t->type == TOKEN_RAW_NL || t->type == T_NL)
            buf_char(&text, ';');
        else
            buf_printf(&text, "%s:%.*s", token_name(t->type), STR_ARG(token_text(&r->source, t)));
    }
    Str s = arena_str(&r->scratch, buf_str(&text));
    buf_free(&text);
    return s;
}

static inline void rules_source(Rules *r, Str text) {
    Str copy = arena_str(&r->trees, text);
    uint32_t file = diag_file(&r->diags, STR("rules.rag"), copy);
    r->source = (Source){copy, file, 0, (uint32_t)copy.len, 1, 1};
}

static inline TokenList rules_scan(Rules *r, Str text) {
    TokenList tokens = {0};
    rules_source(r, text);
    assert_true(lexer_scan(&r->trees, &r->source, &tokens));
    return tokens;
}

static inline TokenList rules_filter(Rules *r, Str text, bool whole_file) {
    TokenList tokens = rules_scan(r, text);
    assert_true(tokens_filter(&r->trees, &r->diags, &r->source, whole_file, &tokens));
    return tokens;
}

// ---- trees --------------------------------------------------------------------------------------

static inline const char *relation_name(int relation) {
    static const char *const names[] = {"<",
                                        "<=",
                                        ">",
                                        ">=",
                                        "=",
                                        "<>",
                                        "better",
                                        "worse",
                                        "no_better",
                                        "no_worse",
                                        "at_or_better",
                                        "at_or_worse",
                                        "within",
                                        "within_or_better",
                                        "over_better",
                                        "over_worse",
                                        "least_better",
                                        "least_worse",
                                        "most_better",
                                        "most_worse"};
    return names[relation];
}

static inline void put_kind(Buf *out, const Node *n) {
    static const char *const kinds[] = {
#define NODE(kind, kids) #kind,
#include "lang/ast.def"
#undef NODE
    };
    for (const char *c = kinds[n->kind] + strlen("NODE_"); *c; c++)
        buf_char(out, *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c);
    if (n->kind == NODE_COMPARISON || n->kind == NODE_WORDS_COMPARISON)
        buf_printf(out, ":%s", relation_name(n->value));
    if (n->kind == NODE_LEVEL_IS && n->value != LEVEL_EXACTLY)
        buf_puts(out, n->value == LEVEL_OR_BETTER ? ":or_better" : ":or_worse");
    if (n->flags & NODE_FLAG)
        buf_char(out, '!');
    if (n->flags & NODE_LOW_OPEN)
        buf_char(out, '>');
    if (n->flags & NODE_HIGH_OPEN)
        buf_char(out, '<');
    if (n->flags & NODE_BROKEN)
        buf_char(out, '?');
}

// "(add (path a) 2)": kinds in lower case, names and literals by their text, `-` for a kid that is
// not there. Behind a kind: `:` its value, `!` the flag, `>` and `<` open ends, `?` broken.
static inline void put_tree(Buf *out, const Node *n) {
    if (!n) {
        buf_char(out, '-');
        return;
    }
    bool is_text = n->kind == NODE_NAME || n->kind == NODE_STRING || n->kind == NODE_CELL ||
                   n->kind == NODE_NUMBER || n->kind == NODE_PERIOD || n->kind == NODE_UNIT;
    if (is_text) {
        buf_put(out, node_text(n));
        return;
    }
    buf_char(out, '(');
    put_kind(out, n);
    for (size_t i = 0; i < n->n_kids; i++) {
        buf_char(out, ' ');
        put_tree(out, n->kids[i]);
    }
    buf_char(out, ')');
}

static inline Str tree_text(Rules *r, const Node *n) {
    Buf text = {0};
    put_tree(&text, n);
    Str s = arena_str(&r->scratch, buf_str(&text));
    buf_free(&text);
    return s;
}

static inline Node *rules_parse(Rules *r, Str text, ParseEntry entry) {
    rules_source(r, text);
    return parse(&r->trees, &r->diags, &r->source, entry);
}

// ---- programs -----------------------------------------------------------------------------------

#define RAG_SCALE "scale rag\n  red \"Red\"\n  amber \"Amber\"\n  green \"Green\"\nend\n"
#define OFSTED_SCALE                                                                               \
    "scale ofsted\n  inadequate\n  requires_improvement\n  good\n  outstanding\nend\n"

static inline bool rules_compile(Rules *r, const char *text) {
    assert_true(modules_add_text(&r->modules, STR("rules.rag"), str_from(text)));
    return compile_modules(&r->scratch, &r->arena, &r->diags, &r->modules, &r->program);
}

static inline void rules_compiled(Rules *r, const char *text) {
    rules_begin(r);
    if (rules_compile(r, text) && r->diags.n_errors == 0)
        return;
    print_findings(r);
    fail_msg("the rules do not compile");
}

// The only finding of rules that do not compile.
static inline void assert_refused(const char *text, DiagCode code, const char *place,
                                  const char *message, const char *hint) {
    Rules r;
    rules_begin(&r);
    bool ok = rules_compile(&r, text);
    assert_n_findings(&r, 1);
    assert_finding(&r, 0, code, place, message, hint);
    assert_false(ok);
    rules_end(&r);
}

#endif
