// SPDX-License-Identifier: Apache-2.0
#include "lang/redeclare.h"

typedef enum NameSpace { // declarations that cannot have the same name
    SPACE_NONE,
    SPACE_KPI,
    SPACE_FIGURE,
    SPACE_SCALE,
    SPACE_INPUT,
    SPACE_PATTERN,
    SPACE_BANDS,
    SPACE_PEERS,
} NameSpace;

static const struct {
    NodeKind kind;
    const char *word;
    NameSpace space;
} declarations[] = {
    {NODE_TREAT, "treat", SPACE_NONE},
    {NODE_IGNORE, "ignore", SPACE_NONE},
    {NODE_USE, "use", SPACE_NONE},
    {NODE_LET, "let", SPACE_FIGURE},
    {NODE_METRIC, "metric", SPACE_FIGURE},
    {NODE_SCALE, "scale", SPACE_SCALE},
    {NODE_INPUT, "input", SPACE_INPUT},
    {NODE_PATTERN, "pattern", SPACE_PATTERN},
    {NODE_KPI, "kpi", SPACE_KPI},
    {NODE_GROUP, "group", SPACE_KPI},
    {NODE_MEASURES, "measures", SPACE_NONE},
    {NODE_EXAMPLES, "examples", SPACE_NONE},
    {NODE_ASSERT, "assert", SPACE_NONE},
    {NODE_OVERRIDE, "override", SPACE_NONE},
    {NODE_PEERS, "peers", SPACE_PEERS},
    {NODE_BANDS, "bands", SPACE_BANDS},
};
enum { N_DECLARATIONS = sizeof declarations / sizeof *declarations };

static size_t find_declaration(const Node *n) {
    size_t i = 0;
    while (i < N_DECLARATIONS && declarations[i].kind != n->kind)
        i++;
    return i;
}

Str declaration_word(const Node *n) {
    size_t i = find_declaration(n);
    if (n->kind == NODE_GROUP && n->flags & NODE_FLAG)
        return STR("scorecard");
    return i < N_DECLARATIONS ? str_from(declarations[i].word) : (Str){0};
}

Str declaration_name(const Node *n) {
    size_t i = find_declaration(n);
    const Node *name = n->kind == NODE_BANDS && node_kid(n, 1) ? node_kid(n, 1) : node_kid(n, 0);
    bool named =
        i < N_DECLARATIONS && (declarations[i].space != SPACE_NONE || n->kind == NODE_EXAMPLES);
    return named ? node_text(name) : (Str){0};
}

// ---- its text -----------------------------------------------------------------------------------

static uint32_t line_start(Str text, uint32_t at) {
    while (at > 0 && text.s[at - 1] != '\n' && text.s[at - 1] != '\r')
        at--;
    return at;
}

static uint32_t line_end(Str text, uint32_t at) {
    while (at < text.len && text.s[at] != '\n' && text.s[at] != '\r')
        at++;
    return at;
}

Str whole_line(const Node *n) {
    Str text = n->source->text;
    return str_slice(text, line_start(text, n->from), line_end(text, n->to));
}

static bool is_comment(Str line) {
    line = str_trim(line);
    return line.len > 0 && line.s[0] == '#';
}

static bool is_end(Str line) {
    line = str_trim(line);
    return str_starts(line, STR("end")) &&
           (line.len == 3 || is_comment(str_slice(line, 3, line.len)));
}

// Behind the last clause nothing but `end` and comments is left of a declaration.
static uint32_t behind_ends(Str text, uint32_t to) {
    for (uint32_t at = to; at < text.len;) {
        uint32_t next = at;
        while (next < text.len && (text.s[next] == '\n' || text.s[next] == '\r'))
            next++;
        uint32_t end = line_end(text, next);
        Str line = str_slice(text, next, end);
        if (is_end(line))
            to = end;
        else if (!is_comment(line) && str_trim(line).len > 0)
            break;
        at = end > at ? end : at + 1;
    }
    return to;
}

Str declaration_text(const Node *n) {
    Str text = n->source->text;
    uint32_t from = line_start(text, n->from);
    while (from > 0) {
        uint32_t above = line_start(text, from - 1);
        if (!is_comment(str_slice(text, above, from - 1)))
            break;
        from = above;
    }
    return str_slice(text, from, behind_ends(text, line_end(text, n->to)));
}

// ---- one in place of another --------------------------------------------------------------------

uint32_t measures_name_column(const Node *heading) {
    uint32_t i = 0;
    while (heading && i < heading->n_kids && !str_eq(node_text(heading->kids[i]), STR("name")))
        i++;
    return i;
}

// The rows of the table that have the name are left out, but for their metrics.
static void leave_out_rows(const Node *measures, Str name) {
    const Node *rows = node_kid(measures, 2);
    uint32_t column = measures_name_column(node_kid(rows, 0));
    for (uint32_t i = 1; rows && i < rows->n_kids; i++)
        if (str_eq(node_text(node_kid(rows->kids[i], column)), name))
            rows->kids[i]->flags |= NODE_REPLACED;
}

// Puts [n] in place of the declaration of its name. False when there is none.
static bool put_in_place(Module *m, Node *n, NameSpace space, Str name) {
    for (uint32_t i = 0; m->tree && i < m->tree->n_kids; i++) {
        Node *other = m->tree->kids[i];
        size_t k = find_declaration(other);
        if (space == SPACE_KPI && other->kind == NODE_MEASURES)
            leave_out_rows(other, name);
        if (k == N_DECLARATIONS || declarations[k].space != space ||
            !str_eq(declaration_name(other), name))
            continue;
        m->tree->kids[i] = n;
        return true;
    }
    return false;
}

void redeclare(Modules *m) {
    Module *last = m->all.n > 0 ? m->all.v[m->all.n - 1] : NULL;
    uint32_t n_kept = 0;
    for (uint32_t i = 0; last && last->tree && i < last->tree->n_kids; i++) {
        Node *n = last->tree->kids[i];
        size_t k = find_declaration(n);
        NameSpace space = k < N_DECLARATIONS ? declarations[k].space : SPACE_NONE;
        bool placed = false;
        for (size_t j = 0; space != SPACE_NONE && !placed && j + 1 < m->all.n; j++)
            placed = put_in_place(m->all.v[j], n, space, declaration_name(n));
        if (!placed)
            last->tree->kids[n_kept++] = n;
    }
    if (last && last->tree)
        last->tree->n_kids = n_kept;
}
