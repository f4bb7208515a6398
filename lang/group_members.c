// SPDX-License-Identifier: Apache-2.0
// The members of a group: KPIs and other groups, with their weights.
#include "lang/group_gen.h"

static void report_unknown_member(Compiler *c, const Node *name) {
    Diag *d = report(c, D_UNKNOWN_NAME, node_place(name), "no KPI or group `%.*s` is declared",
                     STR_ARG(node_text(name)));
    if (!is_shown(c, d))
        return;
    Suggestion near = suggest_for(node_text(name));
    for (size_t i = 0; i < c->specs.n; i++)
        suggest_consider(&near, c->specs.v[i].name);
    for (size_t i = 0; i < c->group_specs.n; i++)
        suggest_consider(&near, c->group_specs.v[i].name);
    if (!did_you_mean(c, d, &near))
        d->hint = STR("declare it with `kpi`, `measures` or `group`, or take it out");
}

static void report_member_circle(GroupGen *g, const Node *name, const GroupSpec *inner) {
    Diag *d = report(g->c, D_CYCLE, node_place(name), "the group `%.*s` is a member of itself",
                     STR_ARG(node_text(name)));
    d->other = node_place(node_kid(inner->node, 0));
    d->note = STR("declared here, with members that lead back to it");
    d->hint = STR("take one of the members out");
}

// Sets what [member] refers to, and the scale of its status.
static bool resolve_member(GroupGen *g, const Node *name, GroupMember *member, uint32_t *scale) {
    Compiler *c = g->c;
    uint32_t spec;
    if (names_find(&c->names, NAME_GROUP, member->name, &spec)) {
        GroupSpec *inner = &c->group_specs.v[spec];
        if (inner->in_progress) {
            report_member_circle(g, name, inner);
            return false;
        }
        if (!lower_group(c, spec))
            return false;
        member->is_group = true;
        member->index = spec;
        *scale = c->groups.v[spec].scale;
        return true;
    }
    const KpiSpec *spec_of_kpi = find_spec(c, member->name);
    if (!spec_of_kpi) {
        report_unknown_member(c, name);
        return false;
    }
    // A KPI with errors was reported for itself.
    if (!spec_of_kpi->lowered)
        return false;
    member->index = spec_of_kpi->kpi;
    const Kpi *kpi = &c->kpis.v[member->index];
    *scale = kpi->status_scale;
    if (kpi->has_status)
        return true;
    report(c, D_GROUP_MEMBER, node_place(name),
           "the KPI `%.*s` has no status that could be counted", STR_ARG(member->name))
        ->hint = STR("give it a status block, or take it out of the group");
    return false;
}

static bool read_options(GroupGen *g, const Node *options, GroupMember *member) {
    Unit unit;
    member->weight = number_int(1);
    const Node *seen[N_NODE_KINDS] = {0};
    for (uint32_t i = 0; i < options->n_kids; i++) {
        const Node *o = options->kids[i];
        if (seen[o->kind]) {
            report_again(g->c, o, node_place(seen[o->kind]));
            return false;
        }
        seen[o->kind] = o;
        if (o->kind == NODE_CRITICAL) {
            member->critical = true;
            continue;
        }
        if (!constant_value(g->c, node_kid(o, 0), &member->weight, &unit))
            return false;
        if (number_sign(member->weight) > 0 && unit.kind == UNIT_NONE)
            continue;
        report(g->c, D_GROUP_MEMBER, node_place(o), "`%.*s` is no weight", STR_ARG(node_text(o)))
            ->hint = STR("write a number above 0, such as weight 2; a member that is not to count "
                         "is left out of the group");
        return false;
    }
    return true;
}

// Notes that the group names a member; what named it before, or NULL.
static const Node *note_name(GroupGen *g, const Node *name) {
    uint32_t n_before = g->names.n, id = intern_add(&g->names, node_text(name));
    if (id == INTERN_NONE || id < n_before)
        return id == INTERN_NONE ? NULL : g->named.v[id];
    VEC_PUSH(g->c->scratch, &g->named, name);
    return NULL;
}

static bool lower_member(GroupGen *g, const Node *n, const Node *name) {
    Group *group = g->group;
    const Node *first = note_name(g, name);
    if (first) {
        Diag *d =
            report(g->c, D_GROUP_MEMBER, node_place(name),
                   "`%.*s` is a member twice, and would count twice", STR_ARG(node_text(name)));
        d->other = node_place(first);
        d->note = STR("first named here");
        d->hint = STR("take one of them out; a member that counts for more has a weight");
        return false;
    }
    GroupMember member = {.name = arena_str(g->c->arena, node_text(name))};
    uint32_t scale;
    if (!resolve_member(g, name, &member, &scale) || !read_options(g, node_kid(n, 1), &member))
        return false;
    if (scale != group->scale) {
        const Scale *own = &g->c->scales.v[group->scale], *other = &g->c->scales.v[scale];
        Diag *d = report(g->c, D_GROUP_MEMBER, node_place(name),
                         "the status of `%.*s` is on the scale %.*s, that of the group on %.*s",
                         STR_ARG(member.name), STR_ARG(other->name), STR_ARG(own->name));
        d->hint = STR("a group counts members of its own scale; give the member a status on it, "
                      "such as status rag from ofsted");
        return false;
    }
    group->members[group->n_members++] = member;
    return true;
}

bool lower_group_members(GroupGen *g, const Node *clauses) {
    intern_init(&g->names, g->c->scratch);
    size_t n = 0;
    bool ok = true;
    for (uint32_t i = 0; i < clauses->n_kids; i++)
        if (clauses->kids[i]->kind == NODE_MEMBER)
            n += node_kid(clauses->kids[i], 0)->n_kids;
    g->group->members = ARENA_ARRAY(g->c->arena, GroupMember, n);
    for (uint32_t i = 0; g->group->members && i < clauses->n_kids; i++) {
        const Node *line = clauses->kids[i], *names = node_kid(line, 0);
        for (uint32_t k = 0; line->kind == NODE_MEMBER && k < names->n_kids; k++)
            ok = lower_member(g, line, names->kids[k]) && ok;
    }
    if (n > 0)
        return ok && g->group->members;
    report(g->c, D_GROUP_MEMBER, g->group->place, "the group `%.*s` has no members",
           STR_ARG(g->group->name))
        ->hint = STR("name them: member re_referral_rate, visits_in_time weight 2");
    return false;
}
