// SPDX-License-Identifier: Apache-2.0
#include "lang/mappings.h"

static bool has_level(const Scale *s, Str name) {
    bool found = false;
    for (uint32_t i = 0; i < s->n_levels; i++)
        found = found || str_eq(s->levels[i].name, name);
    return found;
}

static const Node *find_declaration(const Modules *m, Str name) {
    for (size_t i = 0; i < m->all.n; i++) {
        const Node *tree = m->all.v[i]->tree;
        for (uint32_t k = 0; tree && k < tree->n_kids; k++) {
            const Node *n = tree->kids[k];
            if (n->kind == NODE_SCALE && str_eq(node_text(node_kid(n, 0)), name))
                return n;
        }
    }
    return NULL;
}

// The level that the lines make of [level], or the empty Str.
static Str outcome_of(const Node *lines, Str level) {
    for (uint32_t i = 0; i < lines->n_kids; i++) {
        const Node *line = lines->kids[i];
        if (line->kind != NODE_MAPPING)
            continue;
        const Node *from = node_kid(line, 0);
        for (uint32_t k = 0; k < from->n_kids; k++) {
            if (str_eq(node_text(from->kids[k]), level))
                return node_text(node_kid(line, 1));
        }
    }
    return (Str){0};
}

static bool leads_to(const Node *lines, const Scale *from, const Scale *to) {
    for (uint32_t i = 0; i < from->n_levels; i++) {
        Str level = outcome_of(lines, from->levels[i].name);
        if (level.len == 0 || !has_level(to, level))
            return false;
    }
    return true;
}

Str mapped_scale(const Modules *m, const Program *p, const Scale *scale) {
    const Node *declaration = find_declaration(m, scale->name);
    for (uint32_t i = 0; declaration && i < p->n_scales; i++) {
        const Scale *to = &p->scales[i];
        if (to != scale && leads_to(node_kid(declaration, 2), scale, to))
            return to->name;
    }
    return (Str){0};
}
