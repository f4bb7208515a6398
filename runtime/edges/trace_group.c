// SPDX-License-Identifier: Apache-2.0
// The steps of a group's row: members with their statuses, lines with what they count.
#include "runtime/edges/columns.h"
#include "runtime/edges/result.h"
#include "runtime/edges/trace.h"
#include "runtime/engine/group_telling.h"
#include "runtime/engine/telling.h"

static void add_member(Tracer *t, const ReportRow *row, uint32_t i) {
    const Group *g = row->group;
    const GroupMember *m = &g->members[i];
    const MemberStatus *status = &row->members[i];
    Period own;
    board_row(row->board, m, row->row->entity, row->row->period, &own);
    group_tell_member(t->program, m, &t->work);
    buf_puts(&t->work, " is ");
    bs_text outcome = trace_outcome(t->program, g->scale, status->level);
    tell_name(&t->work, text_str(outcome));
    if (status->level == LEVEL_NO_DATA)
        buf_printf(&t->work, " (%.*s)%s", STR_ARG(why_words(status->why)),
                   g->no_data == GROUP_LEFT_OUT ? ", left out"
                   : g->no_data == GROUP_STOPS  ? ", which stops the group"
                                                : ", counted as ");
    if (status->level == LEVEL_NO_DATA && g->no_data == GROUP_COUNTS_AS)
        tell_name(&t->work, t->program->scales[g->scale].levels[g->counts_as].name);
    if (own.kind != PERIOD_NONE && !period_eq(own, row->row->period)) {
        buf_puts(&t->work, " in ");
        period_print(&t->work, own);
    }
    if (number_cmp(m->weight, number_int(1)) != 0) {
        buf_puts(&t->work, ", weight ");
        number_print(&t->work, m->weight);
    }
    buf_puts(&t->work, m->critical ? ", critical" : "");
    Place place =
        m->is_group ? t->program->groups[m->index].place : t->program->kpis[m->index].place;
    trace_step(t,
               (bs_step){.kind = BS_STEP_MEMBER,
                         .name = result_text(m->name),
                         .text = trace_take(t),
                         .outcome = outcome,
                         .missing = result_text(why_words(status->why))},
               place);
}

// The figure of one side of a comparison, where it is more than a written number.
static void tell_side(Tracer *t, const ReportRow *row, const GroupFigure *f, size_t *n) {
    Number figure;
    if (f->kind == GROUP_CONSTANT ||
        !group_figure(t->program, row->group, row->members, &t->texts, f, &figure))
        return;
    buf_puts(&t->work, (*n)++ == 0 ? ": " : ", ");
    buf_puts(&t->work, f->kind == GROUP_COUNT   ? "the count of "
                       : f->kind == GROUP_SHARE ? "the share of "
                                                : "the weighted share of ");
    group_tell_levels(t->program, row->group, f->levels, &t->work);
    buf_puts(&t->work, " is ");
    tell_unit(&t->work, figure, f->kind == GROUP_COUNT ? 0 : 1, ROUND_HALF_AWAY,
              f->kind == GROUP_COUNT ? (Unit){0} : (Unit){.kind = UNIT_PERCENT});
}

// What the comparisons below a condition come to, each once.
static void tell_figures(Tracer *t, const ReportRow *row, uint32_t term, size_t *n) {
    const GroupTerm *c = &row->group->terms[term];
    switch (c->test) {
    case GROUP_COMPARE:
        tell_side(t, row, &c->left, n);
        tell_side(t, row, &c->right, n);
        return;
    case GROUP_AND:
    case GROUP_OR:
        tell_figures(t, row, c->a, n);
        tell_figures(t, row, c->b, n);
        return;
    case GROUP_NOT:
    case GROUP_IF_KNOWN:
        tell_figures(t, row, c->a, n);
        return;
    case GROUP_ANY:
    case GROUP_ALL:
    case GROUP_WORST:
    case GROUP_BEST:
    case GROUP_MEMBER:
    case N_GROUP_TESTS:
        return;
    }
}

static bs_verdict verdict_of(GroupHolds h, bool decides, bool settled) {
    return settled   ? BS_NOT_REACHED
           : h.why   ? BS_NOT_KNOWN
           : !h.yes  ? BS_FAILS
           : decides ? BS_DECIDES
                     : BS_HOLDS;
}

static void add_line(Tracer *t, const ReportRow *row, uint32_t i, GroupHolds holds, bs_verdict v) {
    const GroupLine *line = &row->group->lines[i];
    bs_text outcome = trace_outcome(t->program, row->group->scale, line->outcome);
    size_t n = 0;
    tell_name(&t->work, text_str(outcome));
    if (line->otherwise)
        buf_puts(&t->work, " otherwise");
    else
        buf_printf(&t->work, " when %.*s", STR_ARG(line->text));
    buf_printf(&t->work, " %s", trace_verdict_words(v));
    if (!line->otherwise && v != BS_NOT_REACHED)
        tell_figures(t, row, line->term, &n);
    trace_step(t,
               (bs_step){.kind = BS_STEP_LINE,
                         .name = result_text(line->text),
                         .text = trace_take(t),
                         .outcome = outcome,
                         .missing = result_text(why_words(holds.why)),
                         .verdict = v},
               line->place);
}

void trace_group(Tracer *t, const ReportRow *row) {
    const Group *g = row->group;
    GroupStatus status;
    GroupHolds *holds = ARENA_ARRAY(&t->texts, GroupHolds, g->n_lines);
    for (uint32_t i = 0; i < g->n_members; i++)
        add_member(t, row, i);
    if (!holds || !group_judge(t->program, g, row->members, &t->texts, &status) ||
        !group_lines(t->program, g, row->members, &t->texts, holds))
        return;
    bool tried = status.line != UINT32_MAX || status.pending != 0, settled = !tried;
    for (uint32_t i = 0; tried && i < g->n_lines; i++) {
        bs_verdict v = verdict_of(holds[i], i == status.line, settled);
        settled |= v == BS_DECIDES || v == BS_HOLDS;
        add_line(t, row, i, holds[i], v);
    }
}
