// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/group_result.h"

#include "runtime/edges/columns.h"
#include "runtime/edges/result.h"
#include "runtime/engine/group_telling.h"

static bs_text take_work(Arena *a, Buf *work) {
    Str s = arena_str(a, buf_str(work));
    work->len = 0;
    return result_text(s);
}

static void fill_place(const Program *p, const Group *g, const GroupStatus *status,
                       bs_result *out) {
    const GroupLine *line = status->line == UINT32_MAX ? NULL : &g->lines[status->line];
    Place place = line ? line->place : g->place;
    if (place.file < p->n_files)
        out->rule_file = result_text(p->files[place.file].path);
    out->rule_line = place.line;
    out->because = result_text(line ? line->because : (Str){0});
}

// Everything that a group has none of.
static bs_result empty_result(void) {
    bs_text none = result_text((Str){0});
    bs_figure no_figure = {none, none, none, none, none, none};
    return (bs_result){.unit = none,
                       .value = no_figure,
                       .previous = no_figure,
                       .direction = none,
                       .missing = none,
                       .marks = none,
                       .replaced = none,
                       .rule_file = none,
                       .data_file = none};
}

// What it comes to when its members are judged by the rules of another time.
static void fill_as_of(const Board *b, const Group *g, const BoardRow *row, bs_result *out) {
    static const bs_level no_levels[1]; // of which a group has none
    result_fill_as_of(NULL, LEVEL_NO_DATA, 0, out);
    if (!b->as_of)
        return;
    const BoardSheet *sheet = &b->as_of->groups[g - b->program->groups];
    MemberStatus s = board_status(board_find(sheet, row->entity, row->period));
    out->levels_as_of = no_levels;
    result_fill_as_of(&b->program->scales[g->scale], s.level, s.why, out);
}

static bool fill_near(const Board *b, const Group *g, const BoardRow *row, NearKpis *near, Arena *a,
                      Buf *work, bs_result *out) {
    NearMoves moves;
    uint32_t group = (uint32_t)(g - b->program->groups);
    if (!group_near(b, group, row->entity, row->period, row->status.level, a, &moves) ||
        !group_near_measure(near, row->entity, a, &moves))
        return false;
    group_tell_near(b->program, g, &moves, work);
    out->changes = take_work(a, work);
    return true;
}

bool group_result_make(const Board *b, const Group *g, const BoardRow *row, MemberStatus *members,
                       NearKpis *near, Arena *a, Buf *work, bs_result *out) {
    const Program *p = b->program;
    GroupStatus status;
    board_members(b, g, row->entity, row->period, members);
    if (!group_judge(p, g, members, a, &status))
        return false;
    *out = empty_result();
    out->row = result_text(g->is_scorecard ? STR("scorecard") : STR("group"));
    out->kpi = result_text(g->name);
    out->label = result_text(g->label.len > 0 ? g->label : g->name);
    out->source = result_text(g->source);
    out->note = result_text(g->note);
    out->entity = result_text(intern_text(&b->store->entities, row->entity));
    period_print(work, row->period);
    out->period = take_work(a, work);
    result_fill_status(&p->scales[g->scale], g->status_name, status.level, status.why, out);
    fill_as_of(b, g, row, out);
    fill_place(p, g, &status, out);
    if (group_n_by_hand(row->by_hand) > 0)
        result_fill_computed(&p->scales[g->scale], row->without.level, out);
    group_tell_counts(p, g, members, work);
    group_tell_by_hand(p, g, row->by_hand, row->without.level, work);
    out->members = take_work(a, work);
    group_tell(p, g, members, &status, work);
    group_tell_by_hand(p, g, row->by_hand, row->without.level, work);
    out->reason = take_work(a, work);
    out->changes = result_text((Str){0});
    bool ok = !near || fill_near(b, g, row, near, a, work, out);
    return ok && !a->failed && !work->failed;
}
