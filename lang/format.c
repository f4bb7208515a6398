// SPDX-License-Identifier: Apache-2.0
// Formatting: the text is read as a compile reads it, laid out, written, and read again.
#include "lang/format.h"

#include <string.h>

#include "lang/format_layout.h"
#include "lang/parse.h"

#include "grammar.h"

// ---- reading ------------------------------------------------------------------------------------

static bool scan(Arena *a, DiagList *d, const Source *source, Reading *out) {
    *out = (Reading){.source = source};
    if (!lexer_scan(a, source, &out->raw))
        return false;
    out->tokens = (TokenList){.v = ARENA_ARRAY(a, Token, out->raw.n), .cap = out->raw.n};
    if (!out->tokens.v)
        return false;
    memcpy(out->tokens.v, out->raw.v, out->raw.n * sizeof *out->raw.v);
    out->tokens.n = out->raw.n;
    return tokens_filter(a, d, source, true, &out->tokens);
}

// A cell of a table may hold anything, but a zero byte also ends a comment before its line ends.
static bool has_zero_byte(DiagList *d, const Reading *r) {
    for (size_t i = 0; i < r->raw.n; i++) {
        const Token *t = &r->raw.v[i];
        if (t->type != T_BAD || token_text(r->source, t).s[0] != '\0')
            continue;
        Diag *zero =
            diag_add(d, t->fault->code, token_place(r->source, t), "%s", t->fault->message);
        zero->hint = str_from(t->fault->hint);
        return true;
    }
    return false;
}

static size_t find_raw(const TokenList *raw, uint32_t from) {
    size_t low = 0, high = raw->n - 1;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (raw->v[middle].from < from)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

// The sign of a negative number and the name of a function stand close to what follows. The tree
// knows them from a minus between two numbers, and from a name before brackets.
static void mark_clinging(Reading *r, const Node *n) {
    if (!n)
        return;
    if (n->kind == NODE_NEGATIVE || n->kind == NODE_CALL) {
        size_t i = find_raw(&r->raw, n->from);
        r->clings[i] = r->clings[i] || r->raw.v[i].from == n->from;
    }
    for (size_t i = 0; i < n->n_kids; i++)
        mark_clinging(r, n->kids[i]);
}

static bool find_clinging(Arena *a, Reading *r, const Node *tree) {
    r->clings = ARENA_ARRAY(a, bool, r->raw.n);
    if (r->clings)
        mark_clinging(r, tree);
    return r->clings;
}

bool format_is_close(int before, bool clings, int type) {
    return clings || before == T_LP || before == T_DOT || type == T_COMMA || type == T_RP ||
           type == T_DOT || (type == T_PCT && before == T_NUMBER);
}

// ---- writing ------------------------------------------------------------------------------------

// Blanks from column [*at] to column [to].
static void put_blanks(Buf *out, uint32_t *at, uint32_t to) {
    buf_fill(out, ' ', to > *at ? to - *at : 0);
    *at = to;
}

static void write_line(Buf *out, const Layout *l, const Line *line) {
    uint32_t at = 0;
    if (line->blank_before)
        buf_char(out, '\n');
    for (size_t i = line->from; i < line->to; i++) {
        const Word *w = &l->words.v[i];
        put_blanks(out, &at, w->at);
        buf_put(out, w->text);
        at += (uint32_t)str_width(w->text);
    }
    if (line->comment.len > 0) {
        put_blanks(out, &at, line->comment_at);
        buf_put(out, line->comment);
    }
    buf_char(out, '\n');
}

// False when the text would be too long to be read again.
static bool write_lines(Buf *out, const Layout *l, DiagList *d, const Source *source) {
    for (size_t i = 0; i < l->lines.n && out->len <= SOURCE_MAX_BYTES; i++)
        write_line(out, l, &l->lines.v[i]);
    if (out->len <= SOURCE_MAX_BYTES)
        return true;
    diag_add(d, D_TOO_LONG, (Place){.file = source->file},
             "laid out in columns, the file would be larger than 16 MiB")
        ->hint = STR("split it and join the parts with `use`");
    return false;
}

// ---- reading again ------------------------------------------------------------------------------

static size_t next_word_of(const TokenList *raw, size_t i) {
    while (raw->v[i].type == TOKEN_RAW_NL)
        i++;
    return i;
}

// Are the words the same, each with the comment behind it, if any?
static bool same_words(const Reading *a, const Reading *b) {
    for (size_t i = 0, j = 0;; i++, j++) {
        i = next_word_of(&a->raw, i);
        j = next_word_of(&b->raw, j);
        const Token *t = &a->raw.v[i], *u = &b->raw.v[j];
        if (t->type != u->type || !str_eq(token_text(a->source, t), token_text(b->source, u)))
            return false;
        if (t->type == TOKEN_EOF)
            return true;
    }
}

static bool next_comment(const Reading *r, size_t *i, Str *comment) {
    for (; *i < r->raw.n; ++*i) {
        *comment = format_comment(r->source, &r->raw, *i);
        if (comment->len > 0) {
            ++*i;
            return true;
        }
    }
    *comment = (Str){0};
    return false;
}

static bool same_comments(const Reading *a, const Reading *b) {
    Str c, d;
    for (size_t i = 0, j = 0;;) {
        bool more = next_comment(a, &i, &c);
        if (more != next_comment(b, &j, &d) || !str_eq(c, d))
            return false;
        if (!more)
            return true;
    }
}

// Does the parser read the same?
static bool same_statements(const Reading *a, const Reading *b) {
    bool same = a->tokens.n == b->tokens.n;
    for (size_t i = 0; same && i < a->tokens.n; i++) {
        const Token *t = &a->tokens.v[i], *u = &b->tokens.v[i];
        same = t->type == u->type &&
               (t->type != T_CELL || str_eq(token_text(a->source, t), token_text(b->source, u)));
    }
    return same;
}

// What was written must read as what was read, or it is a fault of ours and goes no further.
static bool reads_the_same(Arena *a, DiagList *d, const Reading *before, const Buf *text) {
    Source source = {
        .text = arena_str(a, buf_str(text)), .file = before->source->file, .line = 1, .column = 1};
    source.to = (uint32_t)source.text.len;
    Reading after;
    if (a->failed || !scan(a, d, &source, &after))
        return false;
    if (same_words(before, &after) && same_comments(before, &after) &&
        same_statements(before, &after))
        return true;
    Diag *fault = diag_add(d, D_INTERNAL, (Place){.file = before->source->file},
                           "laid out, these rules would not read as they do now");
    fault->hint = STR("this is a fault in Bandstand; please report it with the rule file");
    return false;
}

bool format_rules(Arena *a, DiagList *d, const Source *source, Buf *out) {
    size_t n_errors = d->n_errors;
    const Node *tree = parse(a, d, source, PARSE_FILE);
    Reading reading;
    if (!tree || d->n_errors > n_errors || !scan(a, d, source, &reading) ||
        has_zero_byte(d, &reading))
        return false;
    Layout layout = {.arena = a};
    if (!find_clinging(a, &reading, tree) || !format_read_lines(&layout, &reading))
        return false;
    format_blank_lines(&layout);
    if (!format_columns(&layout))
        return false;
    return write_lines(out, &layout, d, source) && !out->failed &&
           reads_the_same(a, d, &reading, out);
}

static Str join_words(Arena *a, const Reading *r, size_t size) {
    char *text = arena_alloc(a, size);
    size_t len = 0;
    const Token *before = NULL;
    for (const Token *t = r->raw.v; text && t->type != TOKEN_EOF; t++) {
        if (t->type == TOKEN_RAW_NL)
            continue;
        bool clings = before && r->clings[before - r->raw.v];
        if (before && !format_is_close(before->type, clings, t->type))
            text[len++] = ' ';
        Str word = token_text(r->source, t);
        memcpy(text + len, word.s, word.len);
        len += word.len;
        before = t;
    }
    return (Str){text ? text : "", len};
}

// A program has more phrases than its arenas should keep the tokens of.
Str format_phrase(Arena *a, const Node *n) {
    Source part = *n->source;
    part.from = n->from;
    part.to = n->to;
    Reading r = {.source = &part};
    Arena scratch;
    Str text = {0};
    arena_init(&scratch, 0);
    // A blank may come before each word.
    if (lexer_scan(&scratch, &part, &r.raw) && find_clinging(&scratch, &r, n))
        text = join_words(a, &r, part.to - part.from + r.raw.n);
    a->failed = a->failed || scratch.failed;
    arena_free(&scratch);
    return text;
}
