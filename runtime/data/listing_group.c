// SPDX-License-Identifier: Apache-2.0
// The listing of groups. Their conditions are listed as they are written, which format_phrase lays
// out in one way, and beside it by their terms: what is not listed is not in the fingerprint.
#include "runtime/data/listing.h"

static const Place nowhere = {.file = PLACE_NO_FILE};

static const char *relation_sign(Relation r) {
    static const char *const signs[] = {[REL_LT] = "<",  [REL_LE] = "<=", [REL_GT] = ">",
                                        [REL_GE] = ">=", [REL_EQ] = "=",  [REL_NE] = "<>"};
    return signs[r]; // the verifier saw to the rest
}

static void list_figure(Listing *l, const Group *g, const GroupFigure *f) {
    static const char *const words[] = {[GROUP_COUNT] = "count of ",
                                        [GROUP_SHARE] = "share of ",
                                        [GROUP_WEIGHTED_SHARE] = "weighted share of "};
    if (f->kind == GROUP_CONSTANT) {
        number_print(l->out, l->p->consts[f->constant]);
        return;
    }
    buf_puts(l->out, words[f->kind]);
    listing_levels(l, g->scale, f->levels);
}

static void list_term(Listing *l, const Group *g, uint32_t i) {
    const GroupTerm *t = &g->terms[i];
    buf_printf(l->out, "  t%u ", i);
    switch (t->test) {
    case GROUP_ANY:
    case GROUP_ALL:
        buf_printf(l->out, "%s %s", t->test == GROUP_ANY ? "any" : "all",
                   t->critical ? "critical is " : "");
        listing_levels(l, g->scale, t->levels);
        break;
    case GROUP_WORST:
    case GROUP_BEST:
        buf_printf(l->out, "%s is ", t->test == GROUP_WORST ? "worst" : "best");
        listing_levels(l, g->scale, t->levels);
        break;
    case GROUP_MEMBER:
        buf_printf(l->out, "%.*s is ", STR_ARG(g->members[t->member].name));
        listing_levels(l, g->scale, t->levels);
        break;
    case GROUP_COMPARE:
        list_figure(l, g, &t->left);
        buf_printf(l->out, " %s ", relation_sign(t->relation));
        list_figure(l, g, &t->right);
        break;
    case GROUP_NOT:
        buf_printf(l->out, "not t%u", t->a);
        break;
    case GROUP_AND:
    case GROUP_OR:
        buf_printf(l->out, "t%u %s t%u", t->a, t->test == GROUP_AND ? "and" : "or", t->b);
        break;
    case GROUP_IF_KNOWN:
        buf_printf(l->out, "t%u, if known", t->a);
        break;
    case N_GROUP_TESTS:
        break;
    }
    listing_end(l, nowhere);
}

static void list_member(Listing *l, const GroupMember *m) {
    buf_printf(l->out, "  member %s %.*s weight ", m->is_group ? "group" : "kpi",
               STR_ARG(m->name));
    number_print(l->out, m->weight);
    buf_puts(l->out, m->critical ? " critical" : "");
    listing_end(l, nowhere);
}

static void list_no_data(Listing *l, const Group *g) {
    buf_puts(l->out, "  no data ");
    switch (g->no_data) {
    case GROUP_LEFT_OUT:
        buf_puts(l->out, "is left out");
        break;
    case GROUP_COUNTS_AS:
        buf_puts(l->out, "counts as ");
        listing_level(l, g->scale, g->counts_as);
        break;
    case GROUP_STOPS:
        buf_puts(l->out, "stops the group");
        break;
    }
    listing_end(l, nowhere);
}

static void list_line(Listing *l, const Group *g, const GroupLine *line) {
    buf_puts(l->out, "  ");
    listing_level(l, g->scale, line->outcome);
    if (line->otherwise) {
        buf_puts(l->out, " otherwise");
    } else {
        buf_printf(l->out, " when t%u ", line->term);
        listing_quote(l, line->text);
    }
    listing_clause(l, "because", line->because);
    listing_end(l, line->place);
}

void listing_group(Listing *l, const Group *g) {
    buf_printf(l->out, "%s %.*s", g->is_scorecard ? "scorecard" : "group", STR_ARG(g->name));
    listing_clause(l, "label", g->label);
    listing_clause(l, "source", g->source);
    listing_clause(l, "note", g->note);
    listing_end(l, g->place);
    for (uint32_t i = 0; i < g->n_members; i++) {
        list_member(l, &g->members[i]);
    }
    list_no_data(l, g);
    buf_printf(l->out, "  status %.*s on %.*s", STR_ARG(g->status_name),
               STR_ARG(l->p->scales[g->scale].name));
    listing_end(l, nowhere);
    for (uint32_t i = 0; i < g->n_terms; i++) {
        list_term(l, g, i);
    }
    for (uint32_t i = 0; i < g->n_lines; i++) {
        list_line(l, g, &g->lines[i]);
    }
}
