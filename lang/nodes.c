// SPDX-License-Identifier: Apache-2.0
// Making and reading nodes of the syntax tree.
#include <string.h>

#include "lang/parser.h"

#include "grammar.h"

Str node_text(const Node *n) {
    if (!n || !n->source)
        return (Str){0};
    return str_slice(n->source->text, n->from, n->to);
}

Place node_place(const Node *n) {
    if (!n || !n->source)
        return (Place){.file = PLACE_NO_FILE};
    return (Place){n->source->file, n->line, n->column, n->to - n->from};
}

Node *node_kid(const Node *n, size_t i) {
    return n && i < n->n_kids ? n->kids[i] : NULL;
}

const Node *node_like(const Node *list, const Node *n) {
    for (uint32_t i = 0; list && i < list->n_kids && list->kids[i] != n; i++) {
        const Node *other = list->kids[i];
        if (other->kind == n->kind &&
            str_eq(node_text(node_kid(other, 0)), node_text(node_kid(n, 0))))
            return other;
    }
    return NULL;
}

Str node_string(Arena *a, const Node *n) {
    Str s = node_text(n);
    if (s.len < 2)
        return (Str){"", 0};
    s = str_slice(s, 1, s.len - 1);
    if (str_find(s, '"') == s.len)
        return s;
    char *copy = arena_alloc(a, s.len);
    if (!copy)
        return s;
    size_t len = 0;
    for (size_t i = 0; i < s.len; i++) {
        copy[len++] = s.s[i];
        if (s.s[i] == '"')
            i++;
    }
    return (Str){copy, len};
}

// Memory that ran out gives the spare node: the arena remembers the failure and the tree is dropped
// when the parse ends.
static Node *new_node(Parser *p, NodeKind kind) {
    Node *n = ARENA_NEW(p->arena, Node);
    if (!n) {
        n = &p->spare;
        *n = (Node){0};
    }
    n->kind = kind;
    n->source = p->source;
    return n;
}

static void cover(Node *n, uint32_t from, uint32_t to, uint32_t line, uint32_t column) {
    if (n->line == 0 || from < n->from) {
        n->from = from;
        n->line = line;
        n->column = column;
    }
    if (to > n->to)
        n->to = to;
}

Node *widen(Parser *p, Node *n, const Token *t) {
    (void)p;
    cover(n, t->from, t->to, t->line, t->column);
    return n;
}

Node *leaf(Parser *p, NodeKind kind, const Token *t) {
    return widen(p, new_node(p, kind), t);
}

Node *add(Parser *p, Node *list, Node *kid) {
    if (list == &p->spare)
        return list;
    size_t cap = list->cap_kids;
    if (!vec_reserve(p->arena, (void **)&list->kids, &cap, list->n_kids, sizeof *list->kids))
        return list;
    list->cap_kids = (uint32_t)cap;
    list->kids[list->n_kids++] = kid;
    if (!kid)
        return list;
    if (kid->line)
        cover(list, kid->from, kid->to, kid->line, kid->column);
    if (kid->depth >= list->depth)
        list->depth = kid->depth + 1;
    if (list->depth > AST_MAX_DEPTH && !p->failed) {
        p->failed = true;
        parse_too_deep(p, node_place(list));
    }
    return list;
}

Node *make(Parser *p, NodeKind kind, size_t n_kids, Node *const *kids) {
    Node *n = new_node(p, kind);
    // Most nodes never get more kids, and the room that a vector begins with would be wasted.
    if (n_kids > 0 && n != &p->spare) {
        n->kids = ARENA_ARRAY(p->arena, Node *, n_kids);
        n->cap_kids = n->kids ? (uint32_t)n_kids : 0;
    }
    for (size_t i = 0; i < n_kids; i++)
        n = add(p, n, kids[i]);
    return n;
}

Node *with_flags(Node *n, unsigned flags) {
    n->flags |= flags;
    return n;
}

Node *with_value(Node *n, int value) {
    n->value = value;
    return n;
}

Node *words_comparison(Parser *p, int relation, const Token *first, Node *amount, Node *right) {
    Node *n = make(p, NODE_WORDS_COMPARISON, 3, (Node *[]){NULL, amount, right});
    return widen(p, with_value(n, relation), first);
}

Node *with_subject(Parser *p, Node *comparison, Node *subject) {
    if (comparison == &p->spare || comparison->kind == NODE_ADVICE)
        return comparison;
    comparison->kids[0] = subject;
    cover(comparison, subject->from, subject->to, subject->line, subject->column);
    return comparison;
}

Node *with_callee(Parser *p, Node *call, Node *name) {
    return with_subject(p, call, name);
}

// ---- forms that are refused ---------------------------------------------------------------------

Node *refuse_mixed(Parser *p, Node *n) {
    for (size_t i = 0; i < 2; i++) {
        const Node *side = node_kid(n, i);
        if (!side || side->kind != NODE_AND)
            continue;
        Diag *d =
            diag_add(p->diags, D_MIXED_AND_OR, node_place(side),
                     "`and` and `or` stand side by side, and it is not said which goes first");
        d->hint = arena_printf(p->diags->arena,
                               "put brackets round the part that belongs together: (%.*s)",
                               STR_ARG(node_text(side)));
        n->flags |= NODE_BROKEN;
    }
    return n;
}

static bool is_compound(const Node *n) {
    return n->kind >= NODE_NEGATIVE && n->kind <= NODE_DIVIDE;
}

Node *refuse_compound(Parser *p, Node *n, Node *left, Node *right) {
    Node *sides[] = {left, right};
    for (size_t i = 0; i < 2; i++) {
        if (!is_compound(sides[i]))
            continue;
        Diag *d = diag_add(p->diags, D_COMPOUND_SIDE, node_place(sides[i]),
                           "`%.*s` beside `%s` can be read two ways", STR_ARG(node_text(sides[i])),
                           n->kind == NODE_PERCENT_OF ? "as percent of" : "per … of");
        d->hint = arena_printf(p->diags->arena, "put brackets round it: (%.*s)",
                               STR_ARG(node_text(sides[i])));
        n->flags |= NODE_BROKEN;
    }
    return n;
}

static bool is_literal(const Node *n) {
    if (n->kind == NODE_NEGATIVE)
        n = node_kid(n, 0);
    return n->kind == NODE_NUMBER || n->kind == NODE_NUMBER_PERCENT || n->kind == NODE_NUMBER_UNIT;
}

// "2000-10" was read as October 2000; in a band it is the range from 2000 down to 10.
static Node *range_from_month(Parser *p, Node *month) {
    Node *sides[2];
    for (uint32_t i = 0; i < 2; i++) {
        sides[i] = new_node(p, NODE_NUMBER);
        uint32_t from = month->from + 5 * i, to = i == 0 ? month->from + 4 : month->to;
        cover(sides[i], from, to, month->line, month->column + 5 * i);
    }
    return make(p, NODE_BOUNDS, 2, sides);
}

Node *band_range(Parser *p, Node *e) {
    if (e->kind == NODE_SUBTRACT && is_literal(e->kids[0]) && is_literal(e->kids[1]))
        return make(p, NODE_BOUNDS, 2, e->kids);
    if (e->kind == NODE_PERIOD && e->to - e->from == 7 && node_text(e).s[5] == '1')
        return range_from_month(p, e);
    return make(p, NODE_CELL_BARE, 1, &e);
}

// [form] shows up to twice how the figure would be written: "above %s", "%s to %s". With [edit] it
// can take the place of what was written.
static Node *add_advice(Parser *p, Node *n, const Token *t, const char *form, bool edit) {
    const Node *first = n->kind == NODE_LIST ? node_kid(n, 0) : n;
    const Node *second = n->kind == NODE_LIST ? node_kid(n, 1) : n;
    Buf meant = {0};
    size_t n_used = 0;
    for (const char *c = form; *c; c++) {
        if (c[0] == '%' && c[1] == 's') {
            buf_put(&meant, node_text(n_used++ == 0 ? first : second));
            c++;
        } else {
            buf_char(&meant, *c);
        }
    }
    Node *advice = make(p, NODE_ADVICE, 1, &n);
    if (t)
        widen(p, advice, t);
    Diag *d = diag_add(p->diags, D_OTHER_WORDS, node_place(advice),
                       "`%.*s` is understood, but written in another form here",
                       STR_ARG(node_text(advice)));
    d->hint = arena_printf(p->diags->arena, "write `%.*s`", STR_ARG(buf_str(&meant)));
    if (edit)
        diag_edit(p->diags, d, d->place, buf_str(&meant));
    buf_free(&meant);
    advice->flags |= NODE_BROKEN;
    return advice;
}

Node *advise(Parser *p, Node *n, const Token *t, const char *form) {
    return add_advice(p, n, t, form, true);
}

Node *advise_by_hand(Parser *p, Node *n, const Token *t, const char *form) {
    return add_advice(p, n, t, form, false);
}

Node *advise_or_more(Parser *p, Node *n, const Token *t) {
    bool plain = n->kind == NODE_NUMBER || n->kind == NODE_NUMBER_PERCENT;
    return advise(p, n, t, plain ? "%s+" : "at least %s");
}

Node *advise_over(Parser *p, const Token *over, Node *amount) {
    Str rest = str_trim(str_slice(p->source->text, amount->to, p->source->to));
    if (str_starts(rest, STR("worse")) || str_starts(rest, STR("better")))
        return leaf(p, NODE_ADVICE, over);
    return advise(p, amount, over, "above %s");
}

Node *with_valid(Parser *p, Node *n, Node *valid) {
    return valid ? add(p, n, valid) : n;
}
