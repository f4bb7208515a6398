// SPDX-License-Identifier: Apache-2.0
// What the rules and figures of a session have names for, and where a declaration stands.
#include <bandstand.h>

#include "lang/redeclare.h"
#include "lang/session.h"

typedef struct Naming {
    bs_session *session;
    bs_name_fn fn;
    void *context;
    bool stopped;
} Naming;

static void name(Naming *n, Str text, Str label) {
    if (!n->stopped && text.len > 0)
        n->stopped = !n->fn(n->context, session_text(text), session_text(label));
}

// The declarations of a kind, in the order of the files.
static void name_declared(Naming *n, NodeKind kind) {
    const Modules *m = &n->session->modules;
    for (size_t i = 0; i < m->all.n; i++) {
        const Node *tree = m->all.v[i]->tree;
        for (uint32_t k = 0; tree && k < tree->n_kids; k++)
            if (tree->kids[k]->kind == kind)
                name(n, declaration_name(tree->kids[k]), (Str){0});
    }
}

static void name_levels(Naming *n) {
    const Program *p = &n->session->program;
    for (uint32_t i = 0; i < p->n_scales; i++)
        for (uint32_t k = 0; k < p->scales[i].n_levels; k++)
            name(n, p->scales[i].levels[k].name, p->scales[i].levels[k].label);
}

static bool name_periods(Naming *n) {
    const Store *s = &n->session->store;
    Buf text = {0};
    for (uint32_t i = 0; i < s->n_reported && !n->stopped; i++) {
        text.len = 0;
        period_print(&text, s->reported[i]);
        buf_char(&text, '\0');
        if (!text.failed)
            name(n, str_slice(buf_str(&text), 0, text.len - 1), (Str){0});
    }
    bool ok = !text.failed;
    buf_free(&text);
    return ok;
}

static bool name_all(Naming *n, bs_name_kind kind) {
    bs_session *s = n->session;
    const Program *p = &s->program;
    switch (kind) {
    case BS_NAME_KPI:
        for (uint32_t i = 0; i < p->n_kpis; i++)
            name(n, p->kpis[i].name, p->kpis[i].label);
        return true;
    case BS_NAME_GROUP:
        for (uint32_t i = 0; i < p->n_groups; i++)
            name(n, p->groups[i].name, p->groups[i].label);
        return true;
    case BS_NAME_METRIC:
        for (uint32_t i = 0; i < p->n_metrics; i++)
            name(n, p->metrics[i].name, p->metrics[i].label);
        return true;
    case BS_NAME_CONSTANT:
        name_declared(n, NODE_LET);
        return true;
    case BS_NAME_PATTERN:
        name_declared(n, NODE_PATTERN);
        return true;
    case BS_NAME_BANDS:
        name_declared(n, NODE_BANDS);
        return true;
    case BS_NAME_SCALE:
        for (uint32_t i = 0; i < p->n_scales; i++)
            name(n, p->scales[i].name, p->scales[i].label);
        return true;
    case BS_NAME_LEVEL:
        name_levels(n);
        return true;
    case BS_NAME_ENTITY:
        for (uint32_t i = 0; i < s->store.entities.n; i++)
            name(n, intern_text(&s->store.entities, i), (Str){0});
        return true;
    case BS_NAME_FILE:
        for (size_t i = 0; i < s->diags.files.n; i++)
            name(n, s->diags.files.v[i].path, (Str){0});
        return true;
    case BS_NAME_PERIOD:
        return name_periods(n);
    case BS_NAME_LINE_WORD:
    case BS_NAME_WORD:
        for (size_t i = 0; i < keyword_count(); i++)
            if (keyword_is_known(keyword_word(i), kind == BS_NAME_LINE_WORD))
                name(n, keyword_word(i), (Str){0});
        return true;
    }
    return true;
}

bs_code bs_list_names(bs_session *s, bs_name_kind kind, bs_name_fn fn, void *context) {
    Naming n = {.session = s, .fn = fn, .context = context};
    if (kind == BS_NAME_ENTITY || kind == BS_NAME_PERIOD) {
        bs_code code = bs_finish_data(s);
        if (code != BS_OK && !s->unmatched)
            return code;
    }
    if (!name_all(&n, kind))
        return session_no_memory(s);
    return n.stopped ? BS_STOPPED : BS_OK;
}

// ---- where a declaration stands -----------------------------------------------------------------

typedef struct Sourcing {
    bs_session *session;
    Str name;
    bs_source_fn fn;
    void *context;
    bool stopped;
} Sourcing;

static void hand_out(Sourcing *s, const Node *n, Str word, Str text) {
    const DiagList *d = &s->session->diags;
    bs_source source = {.word = session_text(word),
                        .name = session_text(s->name),
                        .file = session_text(d->files.v[n->source->file].path),
                        .line = n->line,
                        .text = session_text(text)};
    s->stopped = !s->fn(s->context, &source);
}

// A row of `measures` with the heading above it.
static bool hand_out_row(Sourcing *s, const Node *measures) {
    const Node *rows = node_kid(measures, 2), *heading = node_kid(rows, 0);
    uint32_t column = measures_name_column(heading);
    for (uint32_t i = 1; rows && i < rows->n_kids && !s->stopped; i++) {
        const Node *row = rows->kids[i];
        if (row->flags & NODE_REPLACED || !str_eq(node_text(node_kid(row, column)), s->name))
            continue;
        Buf text = {0};
        buf_put(&text, whole_line(heading));
        buf_char(&text, '\n');
        buf_put(&text, whole_line(row));
        if (!text.failed)
            hand_out(s, row, STR("measures"), buf_str(&text));
        bool ok = !text.failed;
        buf_free(&text);
        if (!ok)
            return false;
    }
    return true;
}

bs_code bs_find_sources(bs_session *s, const char *name, bs_source_fn fn, void *context) {
    Sourcing find = {.session = s, .name = str_from(name), .fn = fn, .context = context};
    for (size_t i = 0; i < s->modules.all.n && !find.stopped; i++) {
        const Node *tree = s->modules.all.v[i]->tree;
        for (uint32_t k = 0; tree && k < tree->n_kids && !find.stopped; k++) {
            const Node *n = tree->kids[k];
            if (n->kind == NODE_MEASURES && !hand_out_row(&find, n))
                return session_no_memory(s);
            if (n->kind != NODE_EXAMPLES && n->source && str_eq(declaration_name(n), find.name) &&
                !find.stopped)
                hand_out(&find, n, declaration_word(n), declaration_text(n));
        }
    }
    return find.stopped ? BS_STOPPED : BS_OK;
}
