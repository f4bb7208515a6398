// SPDX-License-Identifier: Apache-2.0
// The verifier's part about groups.
#include "runtime/data/verify.h"

static bool check_member(Verifier *v, const GroupMember *m, uint32_t scale) {
    const Program *p = v->p;
    if (!verifier_number(v, m->weight) ||
        !verifier_index(v, m->is_group ? "group" : "KPI", m->index,
                        m->is_group ? p->n_groups : p->n_kpis)) {
        return false;
    }
    if (number_sign(m->weight) <= 0) {
        return verifier_fail(v, "a weight of nothing");
    }
    bool has_status = m->is_group || p->kpis[m->index].has_status;
    uint32_t own = m->is_group ? p->groups[m->index].scale : p->kpis[m->index].status_scale;
    return (has_status && own == scale) || verifier_fail(v, "a member of another scale");
}

static bool check_group_figure(Verifier *v, const GroupFigure *f) {
    return (unsigned)f->kind <= GROUP_WEIGHTED_SHARE
               ? f->kind != GROUP_CONSTANT ||
                     verifier_index(v, "constant", f->constant, v->p->n_consts)
               : verifier_fail(v, "figure of unknown kind %u", (unsigned)f->kind);
}

static bool check_term(Verifier *v, const Group *g, uint32_t i) {
    const GroupTerm *t = &g->terms[i];
    switch (t->test) {
    case GROUP_ANY:
    case GROUP_ALL:
    case GROUP_WORST:
    case GROUP_BEST:
        return true;
    case GROUP_MEMBER:
        return verifier_index(v, "member", t->member, g->n_members);
    case GROUP_COMPARE:
        return ((unsigned)t->relation <= REL_NE ||
                verifier_fail(v, "relation %u", (unsigned)t->relation)) &&
               check_group_figure(v, &t->left) && check_group_figure(v, &t->right);
    case GROUP_AND:
    case GROUP_OR:
        return verifier_index(v, "term", t->a, i) && verifier_index(v, "term", t->b, i);
    case GROUP_NOT:
    case GROUP_IF_KNOWN:
        return verifier_index(v, "term", t->a, i);
    case N_GROUP_TESTS:
        break;
    }
    return verifier_fail(v, "test %u", (unsigned)t->test);
}

bool verify_group(Verifier *v, uint32_t i) {
    const Group *g = &v->p->groups[i];
    if (!verifier_index(v, "scale", g->scale, v->p->n_scales) ||
        !verifier_index(v, "no data", (uint32_t)g->no_data, GROUP_STOPS + 1) ||
        !verifier_index(v, "level", g->counts_as, verifier_levels(v, g->scale))) {
        return false;
    }
    for (uint32_t k = 0; k < g->n_members; k++) {
        if (!check_member(v, &g->members[k], g->scale)) {
            return false;
        }
    }
    for (uint32_t k = 0; k < g->n_terms; k++) {
        if (!check_term(v, g, k)) {
            return false;
        }
    }
    for (uint32_t k = 0; k < g->n_lines; k++) {
        const GroupLine *line = &g->lines[k];
        if (!verifier_outcome(v, line->outcome, verifier_levels(v, g->scale)) ||
            !(line->otherwise || verifier_index(v, "term", line->term, g->n_terms))) {
            return false;
        }
    }
    return true;
}

// Each group once, and behind those that are its members, so that no group needs itself.
bool verify_group_order(Verifier *v) {
    const Program *p = v->p;
    if (p->n_groups > 0 && !p->group_order) {
        return verifier_fail(v, "the order of the groups is not there");
    }
    bool *seen = ARENA_ARRAY(&v->scratch, bool, p->n_groups);
    for (uint32_t i = 0; seen && i < p->n_groups; i++) {
        uint32_t group = p->group_order[i];
        if (!verifier_index(v, "group", group, p->n_groups)) {
            return false;
        }
        for (uint32_t k = 0; k < p->groups[group].n_members; k++) {
            const GroupMember *m = &p->groups[group].members[k];
            if (m->is_group && !seen[m->index]) {
                return verifier_fail(v, "group %u stands before its member %u", group, m->index);
            }
        }
        if (seen[group]) {
            return verifier_fail(v, "group %u stands twice", group);
        }
        seen[group] = true;
    }
    return seen != NULL;
}

static bool check_example_cell(Verifier *v, const Group *g, const ExampleCell *cell) {
    return verifier_why(v, cell->why) &&
           verifier_outcome(v, cell->level, verifier_levels(v, g->scale));
}

// Every member is given once.
bool verify_group_example(Verifier *v, uint32_t i) {
    const GroupExample *e = &v->p->group_examples[i];
    if (!verifier_index(v, "group", e->group, v->p->n_groups)) {
        return false;
    }
    const Group *g = &v->p->groups[e->group];
    bool *given = ARENA_ARRAY(&v->scratch, bool, g->n_members);
    uint32_t n_given = 0;
    for (uint32_t k = 0; given && k < e->n_columns; k++) {
        uint32_t member = e->columns[k].given;
        if (member == UINT32_MAX) {
            continue;
        }
        if (!verifier_index(v, "member", member, g->n_members)) {
            return false;
        }
        n_given += !given[member];
        given[member] = true;
    }
    for (size_t k = 0; k < (size_t)e->n_rows * e->n_columns; k++) {
        if (!check_example_cell(v, g, &e->cells[k])) {
            return verifier_fail(v, " in row %zu", k / e->n_columns + 1);
        }
    }
    return given && (n_given == g->n_members || verifier_fail(v, "a member is not given"));
}
