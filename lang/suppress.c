// SPDX-License-Identifier: Apache-2.0
// `suppress below`: which counts of a metric are too small to be published.
#include "lang/compiler.h"

static bool read_whole(Compiler *c, const Node *n, int64_t *out) {
    Number number;
    Unit unit;
    if (!constant_value(c, n, &number, &unit))
        return false;
    return number_to_int(number, out);
}

static void read_below(Compiler *c, const Node *n, Metric *m) {
    Suppress *s = &m->suppress;
    int64_t below = 0, except = 0;
    bool is_whole = read_whole(c, node_kid(n, 0), &below);
    const Node *exception = node_kid(n, 1);
    if (exception && (!read_whole(c, exception, &except) || except != 0)) {
        report(c, D_SUPPRESS_BELOW, node_place(exception), "only 0 can be excepted, not `%.*s`",
               STR_ARG(node_text(exception)))
            ->hint = STR("write `except 0`, or leave it out: then 0 is hidden like the others");
        return;
    }
    int64_t least = exception ? 3 : 2;
    if (!is_whole || below < least || below > SUPPRESS_MAX) {
        Diag *d =
            report(c, D_SUPPRESS_BELOW, node_place(node_kid(n, 0)),
                   "`suppress below %.*s`: counts are hidden below a whole number from %d to %d",
                   STR_ARG(node_text(node_kid(n, 0))), (int)least, (int)SUPPRESS_MAX);
        d->hint = exception && below == 2
                      ? STR("below 2 and not 0 is 1 alone, so that hiding it would tell it")
                      : STR("write for instance `suppress below 6`, which hides 0 to 5");
        return;
    }
    s->below = (uint32_t)below;
    s->except_zero = exception != NULL;
}

static void read_options(Compiler *c, const Node *options, Metric *m) {
    const Node *pair = NULL, *total = NULL;
    for (uint32_t i = 0; i < options->n_kids; i++) {
        const Node *o = options->kids[i];
        const Node **seen = o->kind == NODE_SUPPRESS_PAIR ? &pair : &total;
        if (*seen)
            report_again(c, o, node_place(*seen));
        *seen = o;
    }
    if (total) {
        m->suppress.total = arena_str(c->arena, node_string(c->scratch, node_kid(total, 0)));
        m->suppress.total_place = node_place(total);
    }
}

void declare_suppress(Compiler *c, const Node *n, Metric *m) {
    m->suppress.place = node_place(n);
    if (n->kind == NODE_SUPPRESS_WITH)
        return; // settle_suppress finds the other metric
    read_below(c, n, m);
    read_options(c, node_kid(n, 2), m);
}

// What a metric must be to have small counts; its unit and range may stand behind the clause.
void check_suppress(Compiler *c, Metric *m) {
    Suppress *s = &m->suppress;
    if (s->below == 0)
        return;
    Buf unit = {0};
    unit_print(&unit, m->unit);
    if (m->unit.kind != UNIT_COUNT) {
        Diag *d =
            report(c, D_SUPPRESS_NO_COUNT, s->place,
                   "the metric `%.*s` is in %.*s: only counts can be too small to be published",
                   STR_ARG(m->name), STR_ARG(buf_str(&unit)));
        d->hint =
            STR("write `suppress below` on the metric that counts; whatever is worked out from "
                "it is then withheld by itself");
        s->below = 0;
    }
    buf_free(&unit);
    Number low = number_int(s->except_zero), high = number_int((int64_t)s->below - 1);
    if (s->below > 0 && m->has_range &&
        (number_cmp(m->low, low) > 0 || number_cmp(m->high, high) < 0)) {
        Diag *d = report(c, D_SUPPRESS_RANGE, s->place,
                         "the range of `%.*s` leaves out some of the counts %d to %d, which "
                         "`suppress below %u` hides",
                         STR_ARG(m->name), (int)s->except_zero, (int)s->below - 1, s->below);
        d->hint = STR("let the range hold them all: a hidden count that is missing as out of range "
                      "would be known to be one of the others");
        s->below = 0;
    }
}

// ---- pairs --------------------------------------------------------------------------------------

static bool find_named(Compiler *c, const Node *name, uint32_t *metric) {
    Str text = node_text(name);
    names_use(&c->names, NAME_METRIC, text);
    if (find_metric(c, text, metric))
        return true;
    Diag *d =
        report(c, D_UNKNOWN_NAME, node_place(name), "no metric `%.*s` is declared", STR_ARG(text));
    Suggestion near = suggest_for(text);
    for (size_t i = 0; i < c->metrics.n; i++)
        suggest_consider(&near, c->metrics.v[i].name);
    if (!did_you_mean(c, d, &near))
        d->hint = STR("declare it with a line `metric NAME`");
    return false;
}

// The metric that a pair names, which has to be a count.
static bool find_part(Compiler *c, const Node *name, uint32_t *metric) {
    Str text = node_text(name);
    if (!find_named(c, name, metric))
        return false;
    if (c->metrics.v[*metric].unit.kind == UNIT_COUNT)
        return true;
    report(c, D_SUPPRESS_PAIR, node_place(name), "`%.*s` is no count", STR_ARG(text))->hint =
        STR("the three of a pair are counts, the third the sum of the other two");
    return false;
}

// The pair that holds [metric] already, as a place; .line 0 for none.
static Place pair_of(const Compiler *c, uint32_t metric, uint32_t before) {
    for (uint32_t i = 0; i < before; i++) {
        const Suppress *s = &c->metrics.v[i].suppress;
        if (s->has_pair && (i == metric || s->other == metric || s->whole == metric))
            return s->place;
    }
    return (Place){0};
}

// Does the pair of an earlier metric say the same from the other side?
static bool is_same_pair(const Compiler *c, uint32_t metric, uint32_t other, uint32_t whole) {
    const Suppress *s = &c->metrics.v[other].suppress;
    return other < metric && s->has_pair && s->other == metric && s->whole == whole;
}

static void settle_pair(Compiler *c, const Node *pair, uint32_t metric) {
    uint32_t other, whole;
    Suppress *s = &c->metrics.v[metric].suppress;
    bool known = find_part(c, node_kid(pair, 0), &other);
    if (!find_part(c, node_kid(pair, 1), &whole) || !known)
        return;
    if (other == metric || whole == metric || other == whole) {
        report(c, D_SUPPRESS_PAIR, node_place(pair), "`%.*s` names one metric twice",
               STR_ARG(node_text(pair)))
            ->hint = STR("write with OTHER of WHOLE, where this count and OTHER add up to WHOLE");
        return;
    }
    const uint32_t three[] = {metric, other, whole};
    for (size_t i = 0; i < 3 && !is_same_pair(c, metric, other, whole); i++) {
        Place first = pair_of(c, three[i], metric);
        if (first.line == 0)
            continue;
        Diag *d = report(c, D_SUPPRESS_PAIR, node_place(pair), "`%.*s` is in another pair already",
                         STR_ARG(c->metrics.v[three[i]].name));
        d->other = first;
        d->note = STR("the other pair");
        d->hint = STR("a metric can be in one pair: declare the breakdown that is published");
        return;
    }
    for (size_t i = 1; i < 3; i++) {
        const Suppress *also = &c->metrics.v[three[i]].suppress;
        if (also->below == 0 || also->except_zero == s->except_zero)
            continue;
        Diag *d = report(c, D_SUPPRESS_PAIR, node_place(pair),
                         "`%.*s` and `%.*s` are of one pair, and only one of them is hidden "
                         "`except 0`",
                         STR_ARG(c->metrics.v[metric].name), STR_ARG(c->metrics.v[three[i]].name));
        d->other = also->place;
        d->note = STR("the other count");
        d->hint =
            STR("write `except 0` on both or on neither: where one may be told to be 0 and the "
                "other not, each tells of the other");
        return;
    }
    s->has_pair = true;
    s->other = other;
    s->whole = whole;
}

// A figure that was published beside a count, such as its rate.
static void settle_follower(Compiler *c, const Node *n, uint32_t metric) {
    uint32_t leader;
    if (!find_named(c, node_kid(n, 0), &leader))
        return;
    if (c->metrics.v[leader].suppress.below > 0) {
        c->metrics.v[metric].suppress.follows = true;
        c->metrics.v[metric].suppress.leader = leader;
        return;
    }
    report(c, D_SUPPRESS_WITH, node_place(n),
           "`%.*s` hides no counts that `%.*s` could be hidden with",
           STR_ARG(c->metrics.v[leader].name), STR_ARG(c->metrics.v[metric].name))
        ->hint = STR("name the count, and write `suppress below 6` behind its metric");
}

void settle_suppress(Compiler *c, const Node *metric) {
    uint32_t index;
    const Node *options = node_kid(metric, 2);
    if (!find_metric(c, node_text(node_kid(metric, 0)), &index) ||
        c->metrics.v[index].suppress.place.line == 0)
        return;
    for (uint32_t i = 0; i < options->n_kids; i++) {
        if (options->kids[i]->kind == NODE_SUPPRESS_WITH)
            settle_follower(c, options->kids[i], index);
        if (options->kids[i]->kind != NODE_SUPPRESS || c->metrics.v[index].suppress.below == 0)
            continue;
        const Node *more = node_kid(options->kids[i], 2);
        for (uint32_t k = 0; k < more->n_kids; k++)
            if (more->kids[k]->kind == NODE_SUPPRESS_PAIR)
                settle_pair(c, more->kids[k], index);
    }
}

// ---- what an assertion tells of others ----------------------------------------------------------

static const Node *unwrapped(const Node *n) {
    return n->kind == NODE_PAREN ? unwrapped(node_kid(n, 0)) : n;
}

static bool is_metric(const Compiler *c, const Node *n, uint32_t *metric) {
    n = unwrapped(n);
    return n->kind == NODE_PATH && n->n_kids == 1 && find_metric(c, node_text(n), metric);
}

// Is [n] a sum of two metrics?
static bool is_sum(const Compiler *c, const Node *n, uint32_t *left, uint32_t *right) {
    n = unwrapped(n);
    return n->kind == NODE_ADD && is_metric(c, node_kid(n, 0), left) &&
           is_metric(c, node_kid(n, 1), right);
}

static bool is_hidden(const Compiler *c, uint32_t metric) {
    return c->metrics.v[metric].suppress.below > 0;
}

static void note_sum(Compiler *c, const Node *sum, const Node *of, Place place) {
    uint32_t three[3];
    if (!is_sum(c, sum, &three[0], &three[1]) || !is_metric(c, of, &three[2]))
        return;
    uint32_t n = (uint32_t)c->metrics.n;
    for (size_t i = 0; i < 3; i++)
        if (pair_of(c, three[i], n).line > 0)
            return;
    size_t hidden = is_hidden(c, three[0]) ? 0 : is_hidden(c, three[1]) ? 1 : 2;
    if (!is_hidden(c, three[hidden]))
        return;
    Str part = c->metrics.v[three[hidden]].name;
    Diag *d =
        report(c, D_SUPPRESS_UNTIED, place,
               "`%.*s` hides small counts, and these can be worked out from the other two that "
               "this adds up",
               STR_ARG(part));
    d->other = c->metrics.v[three[hidden]].suppress.place;
    d->note = STR("the counts that are hidden");
    if (hidden == 2)
        hint(c, d, "write `suppress below %u, with %.*s of %.*s` behind `%.*s`",
             c->metrics.v[three[2]].suppress.below, STR_ARG(c->metrics.v[three[1]].name),
             STR_ARG(part), STR_ARG(c->metrics.v[three[0]].name));
    else
        hint(c, d, "add to the clause: , with %.*s of %.*s",
             STR_ARG(c->metrics.v[three[1 - hidden]].name), STR_ARG(c->metrics.v[three[2]].name));
}

void note_untied(Compiler *c) {
    for (size_t i = 0; i < c->assert_nodes.n; i++) {
        const Node *condition = unwrapped(node_kid(c->assert_nodes.v[i], 1));
        if (condition->kind != NODE_COMPARISON || condition->value != REL_EQ)
            continue;
        const Node *left = node_kid(condition, 0), *right = node_kid(condition, 1);
        note_sum(c, left, right, node_place(condition));
        note_sum(c, right, left, node_place(condition));
    }
}
