// SPDX-License-Identifier: Apache-2.0
// The status block of a group: its conditions and lines.
#include "lang/format.h"
#include "lang/group_gen.h"

enum { NO_TERM = UINT32_MAX };

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
        report(g->c, D_GROUP_CONDITION, node_place(word), "no member of `%.*s` is critical",
               STR_ARG(g->group->name))
            ->hint = STR("put `critical` behind a member: member NAME critical");
        return NO_TERM;
    }
    return read_levels(g, node_kid(n, 0), &term.levels) ? add_term(g, term) : NO_TERM;
}

static bool lower_figure(GroupGen *g, const Node *n, bool share, GroupFigure *out) {
    static const GroupFigureKind kinds[N_NODE_KINDS] = {[NODE_COUNT_OF] = GROUP_COUNT,
                                                        [NODE_SHARE_OF] = GROUP_SHARE,
                                                        [NODE_WEIGHTED_SHARE_OF] =
                                                            GROUP_WEIGHTED_SHARE};
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
    uint32_t id = intern_find(&g->names, name);
    if (id != INTERN_NONE)
        return id;
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
    bool plain =
        n->value == REL_GE || n->value == REL_LE || n->value == REL_LT || n->value == REL_GT;
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
    line.because = group_text(g->c, node_kid(n, otherwise ? 1 : 2));
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
        uint32_t term =
            add_term(g, (GroupTerm){.test = worst ? GROUP_WORST : GROUP_BEST, .levels = 1u << i});
        GroupLine line = {
            .outcome = (uint8_t)i, .term = term, .text = text, .place = node_place(n)};
        if (term == NO_TERM || !VEC_PUSH(g->c->arena, &g->lines, line))
            return false;
    }
    return true;
}

bool lower_group_status(GroupGen *g, const Node *n) {
    if (n->kind == NODE_STATUS)
        return lower_lines(g, n);
    if (n->kind == NODE_STATUS_MAP)
        return lower_extreme(g, n);
    report(g->c, D_GROUP_CONDITION, node_place(n),
           "a group's status is made of lines, or from worst or best")
        ->hint = STR("write: status rag, and then lines such as red when any red");
    return false;
}
