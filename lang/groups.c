// SPDX-License-Identifier: Apache-2.0
// Groups and scorecards: their members, and a status made of the members' statuses.
#include "lang/format.h"
#include "lang/groups.h"

typedef struct GroupGen {
    Compiler *c;
    Group *group;
    VEC(GroupTerm) terms;
    VEC(GroupLine) lines;
} GroupGen;

enum { NO_TERM = UINT32_MAX };

// ---- declaring ----------------------------------------------------------------------------------

static Str clause_text(Compiler *c, const Node *n) {
    return n ? arena_str(c->arena, node_string(c->scratch, n)) : (Str){0};
}

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

// ---- levels -------------------------------------------------------------------------------------

static bool read_levels(GroupGen *g, const Node *n, uint32_t *set) {
    const Scale *scale = &g->c->scales.v[g->group->scale];
    if (n->kind != NODE_LEVEL_NO_DATA)
        return level_set(g->c, scale, n, set);
    report(g->c, D_GROUP_CONDITION, node_place(n),
           "`no data` is no level, so members without data are not counted by it")
        ->hint = STR("say what becomes of them on a line of its own: no data is left out, no data "
                     "counts as LEVEL, or no data stops the group");
    return false;
}

// ---- conditions ---------------------------------------------------------------------------------

static uint32_t add_term(GroupGen *g, GroupTerm term) {
    return VEC_PUSH(g->c->arena, &g->terms, term) ? (uint32_t)g->terms.n - 1 : NO_TERM;
}

static uint32_t refuse_condition(GroupGen *g, const Node *n) {
    report(g->c, D_GROUP_CONDITION, node_place(n),
           "`%.*s` is not something a group can tell from its members", STR_ARG(node_text(n)))
        ->hint = STR("write any red, all green, any critical is red, count of red >= 2, share of "
                     "green >= 75%, weighted share of green >= 75%, worst is red, or MEMBER is "
                     "red");
    return NO_TERM;
}

static bool has_critical(const Group *group) {
    for (uint32_t i = 0; i < group->n_members; i++)
        if (group->members[i].critical)
            return true;
    return false;
}

static uint32_t lower_quantity(GroupGen *g, const Node *n) {
    GroupTerm term = {.test = n->kind == NODE_ANY ? GROUP_ANY : GROUP_ALL};
    const Node *word = node_kid(n, 1);
    if (word && !str_eq(node_text(word), STR("critical"))) {
        Diag *d = report(g->c, D_GROUP_CONDITION, node_place(word),
                         "`%.*s` does not say which members are meant", STR_ARG(node_text(word)));
        d->hint = STR("write `critical` for the members that are critical, or leave `is` out: any "
                      "red");
        return NO_TERM;
    }
    term.critical = word != NULL;
    if (word && !has_critical(g->group)) {
        report(g->c, D_GROUP_CONDITION, node_place(word),
               "no member of `%.*s` is critical", STR_ARG(g->group->name))
            ->hint = STR("put `critical` behind a member: member NAME critical");
        return NO_TERM;
    }
    return read_levels(g, node_kid(n, 0), &term.levels) ? add_term(g, term) : NO_TERM;
}

static bool lower_figure(GroupGen *g, const Node *n, bool share, GroupFigure *out) {
    static const GroupFigureKind kinds[N_NODE_KINDS] = {
        [NODE_COUNT_OF] = GROUP_COUNT,
        [NODE_SHARE_OF] = GROUP_SHARE,
        [NODE_WEIGHTED_SHARE_OF] = GROUP_WEIGHTED_SHARE};
    *out = (GroupFigure){.kind = kinds[n->kind]};
    if (out->kind != GROUP_CONSTANT)
        return read_levels(g, node_kid(n, 0), &out->levels);
    Number number;
    Unit unit;
    if (!constant_value(g->c, n, &number, &unit))
        return false;
    if (unit.kind != UNIT_NONE && unit.kind != (share ? UNIT_PERCENT : UNIT_COUNT)) {
        report(g->c, D_UNITS, node_place(n),
               share ? "`%.*s` is set against a share, which is a percentage"
                     : "`%.*s` is set against a number of members",
               STR_ARG(node_text(n)))
            ->hint = share ? STR("write a percentage: share of green >= 75%")
                           : STR("write a plain number: count of red >= 2");
        return false;
    }
    out->constant = add_const(g->c, number);
    return true;
}

static bool is_share(const Node *n) {
    return n->kind == NODE_SHARE_OF || n->kind == NODE_WEIGHTED_SHARE_OF;
}

static bool is_group_figure(const Node *n) {
    return is_share(n) || n->kind == NODE_COUNT_OF;
}

static uint32_t lower_compare(GroupGen *g, const Node *n, const Node *left, const Node *right) {
    bool share = is_share(left) || is_share(right);
    if (!is_group_figure(left) && !is_group_figure(right))
        return refuse_condition(g, n);
    if (is_group_figure(left) && is_group_figure(right) && is_share(left) != is_share(right)) {
        report(g->c, D_UNITS, node_place(n), "`%.*s` sets a share against a number of members",
               STR_ARG(node_text(n)))
            ->hint = STR("compare two shares, or two counts");
        return NO_TERM;
    }
    GroupTerm term = {.test = GROUP_COMPARE, .relation = (Relation)n->value};
    bool ok = lower_figure(g, left, share, &term.left);
    ok = lower_figure(g, right, share, &term.right) && ok;
    return ok ? add_term(g, term) : NO_TERM;
}

static uint32_t find_member(GroupGen *g, const Node *path) {
    Str name = node_text(path);
    for (uint32_t i = 0; i < g->group->n_members; i++)
        if (str_eq(g->group->members[i].name, name))
            return i;
    Diag *d = report(g->c, D_UNKNOWN_NAME, node_place(path), "`%.*s` is no member of `%.*s`",
                     STR_ARG(name), STR_ARG(g->group->name));
    if (!is_shown(g->c, d))
        return NO_TERM;
    Suggestion near = suggest_for(name);
    for (uint32_t i = 0; i < g->group->n_members; i++)
        suggest_consider(&near, g->group->members[i].name);
    if (!did_you_mean(g->c, d, &near))
        d->hint = STR("name a member, or write worst or best");
    return NO_TERM;
}

static uint32_t negated(GroupGen *g, uint32_t term) {
    return term == NO_TERM ? NO_TERM : add_term(g, (GroupTerm){.test = GROUP_NOT, .a = term});
}

static uint32_t lower_member_is(GroupGen *g, const Node *n) {
    const Node *left = node_kid(n, 0), *right = node_kid(n, 1);
    bool levels = right && (right->kind == NODE_LEVEL_IS || right->kind == NODE_LEVEL_ONE_OF ||
                            right->kind == NODE_LEVEL_NO_DATA);
    if (!levels || left->kind != NODE_PATH)
        return refuse_condition(g, n);
    GroupTerm term = {.test = str_eq(node_text(left), STR("worst"))  ? GROUP_WORST
                              : str_eq(node_text(left), STR("best")) ? GROUP_BEST
                                                                     : GROUP_MEMBER};
    if (term.test == GROUP_MEMBER && (term.member = find_member(g, left)) == NO_TERM)
        return NO_TERM;
    if (!read_levels(g, right, &term.levels))
        return NO_TERM;
    uint32_t is = add_term(g, term);
    return n->flags & NODE_FLAG ? negated(g, is) : is;
}

static uint32_t lower_term(GroupGen *g, const Node *n);

static uint32_t lower_pair(GroupGen *g, const Node *n) {
    uint32_t a = lower_term(g, node_kid(n, 0)), b = lower_term(g, node_kid(n, 1));
    if (a == NO_TERM || b == NO_TERM)
        return NO_TERM;
    return add_term(
        g, (GroupTerm){.test = n->kind == NODE_AND ? GROUP_AND : GROUP_OR, .a = a, .b = b});
}

// The tree is as deep as AST_MAX_DEPTH allows, and so is this walk over it.
static uint32_t lower_term(GroupGen *g, const Node *n) {
    if (n->kind == NODE_ANY || n->kind == NODE_ALL)
        return lower_quantity(g, n);
    if (n->kind == NODE_AND || n->kind == NODE_OR)
        return lower_pair(g, n);
    if (n->kind == NODE_NOT)
        return negated(g, lower_term(g, node_kid(n, 0)));
    if (n->kind == NODE_PAREN)
        return lower_term(g, node_kid(n, 0));
    if (n->kind == NODE_IS)
        return lower_member_is(g, n);
    if (n->kind == NODE_COMPARISON)
        return lower_compare(g, n, node_kid(n, 0), node_kid(n, 1));
    // `share of green at least 75%`, `count of red below 3`.
    bool plain = n->value == REL_GE || n->value == REL_LE || n->value == REL_LT ||
                 n->value == REL_GT;
    if (n->kind == NODE_WORDS_COMPARISON && plain && node_kid(n, 0) && !node_kid(n, 1))
        return lower_compare(g, n, node_kid(n, 0), node_kid(n, 2));
    return n->kind == NODE_ADVICE || n->kind == NODE_ERROR ? NO_TERM : refuse_condition(g, n);
}

// ---- status -------------------------------------------------------------------------------------

static bool lower_line(GroupGen *g, const Node *n) {
    bool otherwise = n->kind == NODE_OTHERWISE;
    GroupLine line = {.otherwise = otherwise, .place = node_place(n), .term = 0};
    const Node *outcome = node_kid(n, 0);
    const Scale *scale = &g->c->scales.v[g->group->scale];
    bool ok = true;
    if (outcome->kind == NODE_NO_DATA) {
        line.outcome = LEVEL_NO_DATA;
    } else if (!find_level(scale, node_text(outcome), &line.outcome)) {
        report_unknown_level(g->c, scale, node_text(outcome), node_place(outcome));
        ok = false;
    }
    line.because = clause_text(g->c, node_kid(n, otherwise ? 1 : 2));
    if (!otherwise) {
        const Node *condition = node_kid(n, 1);
        line.term = lower_term(g, condition);
        line.text = format_phrase(g->c->arena, condition);
        if (line.term != NO_TERM && n->flags & NODE_FLAG)
            line.term = add_term(g, (GroupTerm){.test = GROUP_IF_KNOWN, .a = line.term});
        ok = ok && line.term != NO_TERM;
    }
    return ok && VEC_PUSH(g->c->arena, &g->lines, line);
}

static void report_no_otherwise(Compiler *c, Place place, const Scale *scale) {
    hint(c,
         report(c, D_NO_OTHERWISE, place,
                "the status block does not say what holds when none of its lines does"),
         "end it with a line such as `%.*s otherwise` or `no data otherwise`",
         STR_ARG(scale->levels[scale->n_levels / 2].name));
}

static bool lower_lines(GroupGen *g, const Node *n) {
    const Node *lines = node_kid(n, 2), *otherwise = NULL;
    bool ok = true, broken = false;
    for (uint32_t i = 0; i < lines->n_kids; i++) {
        const Node *line = lines->kids[i];
        broken = broken || line->kind == NODE_ERROR;
        if (line->kind != NODE_WHEN && line->kind != NODE_OTHERWISE)
            continue;
        if (otherwise) {
            report_behind_otherwise(g->c, line, otherwise);
            return false;
        }
        otherwise = line->kind == NODE_OTHERWISE ? line : NULL;
        ok = lower_line(g, line) && ok;
    }
    if (!otherwise && !broken)
        report_no_otherwise(g->c, node_place(node_kid(n, 0)), &g->c->scales.v[g->group->scale]);
    return ok && otherwise && !broken;
}

// `status rag from worst`: a line for each level.
static bool lower_extreme(GroupGen *g, const Node *n) {
    const Node *from = node_kid(n, 1);
    bool worst = str_eq(node_text(from), STR("worst"));
    if (!worst && !str_eq(node_text(from), STR("best"))) {
        report(g->c, D_GROUP_CONDITION, node_place(from),
               "a group's status does not come from `%.*s`", STR_ARG(node_text(from)))
            ->hint = STR("write `from worst` or `from best`, or lines: red when any red");
        return false;
    }
    Str text = worst ? STR("the worst of its members") : STR("the best of its members");
    uint32_t n_levels = g->c->scales.v[g->group->scale].n_levels;
    for (uint32_t i = 0; i < n_levels; i++) {
        uint32_t term = add_term(
            g, (GroupTerm){.test = worst ? GROUP_WORST : GROUP_BEST, .levels = 1u << i});
        GroupLine line = {
            .outcome = (uint8_t)i, .term = term, .text = text, .place = node_place(n)};
        if (term == NO_TERM || !VEC_PUSH(g->c->arena, &g->lines, line))
            return false;
    }
    return true;
}

static bool lower_status(GroupGen *g, const Node *n) {
    if (n->kind == NODE_STATUS)
        return lower_lines(g, n);
    if (n->kind == NODE_STATUS_MAP)
        return lower_extreme(g, n);
    report(g->c, D_GROUP_CONDITION, node_place(n),
           "a group's status is made of lines, or from worst or best")
        ->hint = STR("write: status rag, and then lines such as red when any red");
    return false;
}

// ---- members ------------------------------------------------------------------------------------

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

static bool lower_group(Compiler *c, uint32_t spec);

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

static const Node *same_member(const Node *clauses, const Node *name) {
    for (uint32_t i = 0; i < clauses->n_kids; i++) {
        const Node *names = node_kid(clauses->kids[i], 0);
        for (uint32_t k = 0; clauses->kids[i]->kind == NODE_MEMBER && k < names->n_kids; k++) {
            if (names->kids[k] == name)
                return NULL;
            if (str_eq(node_text(names->kids[k]), node_text(name)))
                return names->kids[k];
        }
    }
    return NULL;
}

static bool lower_member(GroupGen *g, const Node *clauses, const Node *n, const Node *name) {
    Group *group = g->group;
    const Node *first = same_member(clauses, name);
    if (first) {
        Diag *d = report(g->c, D_GROUP_MEMBER, node_place(name),
                         "`%.*s` is a member twice, and would count twice",
                         STR_ARG(node_text(name)));
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

static bool lower_members(GroupGen *g, const Node *clauses) {
    size_t n = 0;
    bool ok = true;
    for (uint32_t i = 0; i < clauses->n_kids; i++)
        if (clauses->kids[i]->kind == NODE_MEMBER)
            n += node_kid(clauses->kids[i], 0)->n_kids;
    g->group->members = ARENA_ARRAY(g->c->arena, GroupMember, n);
    for (uint32_t i = 0; g->group->members && i < clauses->n_kids; i++) {
        const Node *line = clauses->kids[i], *names = node_kid(line, 0);
        for (uint32_t k = 0; line->kind == NODE_MEMBER && k < names->n_kids; k++)
            ok = lower_member(g, clauses, line, names->kids[k]) && ok;
    }
    if (n > 0)
        return ok && g->group->members;
    report(g->c, D_GROUP_MEMBER, g->group->place, "the group `%.*s` has no members",
           STR_ARG(g->group->name))
        ->hint = STR("name them: member re_referral_rate, visits_in_time weight 2");
    return false;
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
    group->label = clause_text(c, node_kid(n, 1) ? node_kid(n, 1) : node_kid(label, 0));
    if (label && node_kid(n, 1))
        report_again(c, label, node_place(node_kid(n, 1)));
    group->source = clause_text(c, node_kid(one_clause(c, clauses, NODE_SOURCE), 0));
    group->note = clause_text(c, node_kid(one_clause(c, clauses, NODE_NOTE), 0));
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
    ok = lower_members(&g, clauses) && ok;
    ok = ok && lower_status(&g, status);
    group->terms = g.terms.v;
    group->n_terms = (uint32_t)g.terms.n;
    group->lines = g.lines.v;
    group->n_lines = (uint32_t)g.lines.n;
    return ok;
}

// Members that are groups come first. How deep they nest is bounded, and so is this recursion.
static bool lower_group(Compiler *c, uint32_t spec) {
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
