// SPDX-License-Identifier: Apache-2.0
// Groups and scorecards: their members, and a status made of the members' statuses.
#include "lang/format.h"
#include "lang/group_gen.h"

Str group_text(Compiler *c, const Node *n) {
    return n ? arena_str(c->arena, node_string(c->scratch, n)) : (Str){0};
}

// ---- declaring ----------------------------------------------------------------------------------

void declare_group(Compiler *c, const Node *n) {
    Str name = node_text(node_kid(n, 0));
    Place place = node_place(node_kid(n, 0));
    KpiSpec *kpi = find_spec(c, name);
    uint32_t taken;
    if (is_predefined(name)) {
        report(c, D_PREDEFINED, place, "`%.*s` has a meaning of its own and cannot name a group",
               STR_ARG(name))
            ->hint = STR("choose another name");
        return;
    }
    bool is_taken = names_find(&c->names, NAME_GROUP, name, &taken);
    if (kpi || is_taken) {
        report_twice(c, "the KPI or group", name, place,
                     kpi ? kpi->place : node_place(node_kid(c->group_specs.v[taken].node, 0)));
        return;
    }
    if (VEC_PUSH(c->scratch, &c->group_specs, (GroupSpec){.name = name, .node = n}))
        names_add(&c->names, NAME_GROUP, name, c->group_specs.n - 1);
}

// ---- the group ----------------------------------------------------------------------------------

static bool lower_no_data(GroupGen *g, const Node *n) {
    Compiler *c = g->c;
    Group *group = g->group;
    static const char forms[] =
        "write `no data is left out`, `no data counts as LEVEL` or `no data stops the group`";
    if (!n) {
        report(c, D_GROUP_NO_DATA, group->place,
               "the group `%.*s` does not say what becomes of members without data",
               STR_ARG(group->name))
            ->hint = STR(forms);
        return false;
    }
    const Node *level = node_kid(n, 0);
    const Scale *scale = &c->scales.v[group->scale];
    if (level) {
        group->no_data = GROUP_COUNTS_AS;
        if (find_level(scale, node_text(level), &group->counts_as))
            return true;
        report_unknown_level(c, scale, node_text(level), node_place(level));
        return false;
    }
    Str words = format_phrase(c->scratch, n);
    group->no_data = str_eq(words, STR("no data is left out")) ? GROUP_LEFT_OUT : GROUP_STOPS;
    if (group->no_data == GROUP_LEFT_OUT || str_eq(words, STR("no data stops the group")))
        return true;
    report(c, D_GROUP_NO_DATA, node_place(n), "`%.*s` is not understood", STR_ARG(node_text(n)))
        ->hint = STR(forms);
    return false;
}

// The clause of [kind], which may stand once.
static const Node *one_clause(Compiler *c, const Node *clauses, NodeKind kind) {
    const Node *first = NULL;
    for (uint32_t i = 0; i < clauses->n_kids; i++) {
        if (clauses->kids[i]->kind != kind)
            continue;
        if (first)
            report_again(c, clauses->kids[i], node_place(first));
        else
            first = clauses->kids[i];
    }
    return first;
}

static const Node *status_clause(Compiler *c, const Node *clauses) {
    const Node *first = NULL;
    for (uint32_t i = 0; i < clauses->n_kids; i++) {
        const Node *n = clauses->kids[i];
        if (n->kind != NODE_STATUS && n->kind != NODE_STATUS_MAP && n->kind != NODE_STATUS_BY &&
            n->kind != NODE_STATUS_FROM)
            continue;
        if (first)
            report_again(c, n, node_place(first));
        else
            first = n;
    }
    return first;
}

static bool has_errors(const Node *clauses) {
    for (uint32_t i = 0; i < clauses->n_kids; i++)
        if (clauses->kids[i]->kind == NODE_ERROR)
            return true;
    return false;
}

static void read_texts(Compiler *c, Group *group, const Node *n, const Node *clauses) {
    const Node *label = one_clause(c, clauses, NODE_LABEL);
    group->label = group_text(c, node_kid(n, 1) ? node_kid(n, 1) : node_kid(label, 0));
    if (label && node_kid(n, 1))
        report_again(c, label, node_place(node_kid(n, 1)));
    group->source = group_text(c, node_kid(one_clause(c, clauses, NODE_SOURCE), 0));
    group->note = group_text(c, node_kid(one_clause(c, clauses, NODE_NOTE), 0));
}

static bool find_group_scale(Compiler *c, Group *group, const Node *status) {
    if (!status) {
        report(c, D_GROUP_MEMBER, group->place, "the group `%.*s` has no status",
               STR_ARG(group->name))
            ->hint = STR("add a status block, or `status rag from worst`");
        return false;
    }
    const Node *name = node_kid(status, 0);
    const Node *as = status->kind == NODE_STATUS ? node_kid(status, 1) : NULL;
    group->status_name = arena_str(c->arena, node_text(as ? as : name));
    if (status->kind == NODE_STATUS_FROM || find_scale(c, node_text(name), &group->scale))
        return true;
    report_unknown_scale(c, node_text(name), node_place(name));
    return false;
}

static bool make_group(Compiler *c, const Node *n, Group *group) {
    GroupGen g = {.c = c, .group = group};
    const Node *clauses = node_kid(n, 2);
    *group = (Group){.name = arena_str(c->arena, node_text(node_kid(n, 0))),
                     .place = node_place(node_kid(n, 0)),
                     .is_scorecard = n->flags & NODE_FLAG};
    read_texts(c, group, n, clauses);
    // What could not be read would be charged with what it lacks.
    if (has_errors(clauses))
        return false;
    const Node *status = status_clause(c, clauses);
    const Node *no_data = one_clause(c, clauses, NODE_GROUP_NO_DATA);
    if (!find_group_scale(c, group, status))
        return false;
    bool ok = lower_no_data(&g, no_data);
    ok = lower_group_members(&g, clauses) && ok;
    ok = ok && lower_group_status(&g, status);
    group->terms = g.terms.v;
    group->n_terms = (uint32_t)g.terms.n;
    group->lines = g.lines.v;
    group->n_lines = (uint32_t)g.lines.n;
    return ok;
}

// Members that are groups come first. How deep they nest is bounded, and so is this recursion.
bool lower_group(Compiler *c, uint32_t spec) {
    GroupSpec *s = &c->group_specs.v[spec];
    if (s->done)
        return !s->broken;
    if (c->group_depth >= GROUP_MAX_DEPTH) {
        report(c, D_TOO_DEEP, node_place(node_kid(s->node, 0)),
               "more than %d groups stand inside one another", GROUP_MAX_DEPTH)
            ->hint = STR("bring groups together");
        return false;
    }
    c->group_depth++;
    s->in_progress = true;
    size_t n_reported = c->n_reported;
    bool ok = make_group(c, s->node, &c->groups.v[spec]) && c->n_reported == n_reported;
    s->in_progress = false;
    c->group_depth--;
    s->done = true;
    s->broken = !ok;
    return VEC_PUSH(c->arena, &c->group_order, spec) && ok;
}

void lower_groups(Compiler *c) {
    for (size_t i = 0; i < c->group_specs.n; i++)
        if (!VEC_PUSH(c->arena, &c->groups, (Group){0}))
            return;
    for (uint32_t i = 0; i < c->group_specs.n && !compiler_failed(c); i++)
        lower_group(c, i);
}
