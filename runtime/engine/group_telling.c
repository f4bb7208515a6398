// SPDX-License-Identifier: Apache-2.0
#include "runtime/engine/group_telling.h"

#include "runtime/engine/telling.h"

enum { TOLD_MEMBERS = 10 }; // by name; how many more there are is told beside them

static void put_level(const Program *p, const Group *g, uint8_t level, Buf *out) {
    tell_name(out, p->scales[g->scale].levels[level].name);
}

void group_tell_member(const Program *p, const GroupMember *m, Buf *out) {
    Str label = m->is_group ? p->groups[m->index].label : p->kpis[m->index].label;
    if (label.len > 0)
        buf_put(out, label);
    else
        tell_name(out, m->name);
}

static void put_without_data(const Program *p, const Group *g, const MemberStatus *members,
                             Buf *out) {
    size_t n = 0;
    for (uint32_t i = 0; i < g->n_members; i++) {
        if (members[i].level != LEVEL_NO_DATA)
            continue;
        n++;
        if (n > TOLD_MEMBERS)
            continue;
        buf_puts(out, n == 1 ? "" : ", ");
        group_tell_member(p, &g->members[i], out);
        buf_printf(out, " (%.*s)", STR_ARG(why_words(members[i].why)));
    }
    if (n > TOLD_MEMBERS)
        buf_printf(out, " and %zu more", n - TOLD_MEMBERS);
}

void group_tell_counts(const Program *p, const Group *g, const MemberStatus *members, Buf *out) {
    const Scale *s = &p->scales[g->scale];
    size_t n_told = 0, n_without = 0;
    for (uint32_t i = 0; i < g->n_members; i++)
        n_without += members[i].level == LEVEL_NO_DATA;
    for (uint32_t level = 0; level < s->n_levels; level++) {
        size_t n = 0;
        for (uint32_t i = 0; i < g->n_members; i++)
            n += members[i].level == level;
        if (n == 0)
            continue;
        buf_printf(out, "%s%zu ", n_told++ > 0 ? ", " : "", n);
        put_level(p, g, (uint8_t)level, out);
    }
    if (n_without == 0)
        return;
    buf_puts(out, n_told > 0 ? "; without data: " : "without data: ");
    put_without_data(p, g, members, out);
    if (g->no_data == GROUP_LEFT_OUT) {
        buf_puts(out, ", left out");
    } else if (g->no_data == GROUP_COUNTS_AS) {
        buf_puts(out, ", counted as ");
        put_level(p, g, g->counts_as, out);
    }
}

// The members that the deciding line speaks of.
static void put_deciding(const Program *p, const Group *g, const MemberStatus *members,
                         const GroupLine *line, Buf *out) {
    size_t n = 0;
    for (uint32_t i = 0; i < g->n_members; i++) {
        if (!group_term_names(g, line->term, i, members))
            continue;
        n++;
        if (n > TOLD_MEMBERS)
            continue;
        buf_puts(out, n == 1 ? " (" : ", ");
        group_tell_member(p, &g->members[i], out);
    }
    if (n > TOLD_MEMBERS)
        buf_printf(out, " and %zu more", n - TOLD_MEMBERS);
    buf_puts(out, n > 0 ? ")" : "");
}

void group_tell_levels(const Program *p, const Group *g, uint32_t levels, Buf *out) {
    size_t n = 0;
    for (uint32_t i = 0; i < p->scales[g->scale].n_levels; i++) {
        if (!(levels >> i & 1))
            continue;
        buf_puts(out, n++ > 0 ? " or " : "");
        put_level(p, g, (uint8_t)i, out);
    }
}

static void put_candidates(const Program *p, const Group *g, uint64_t pending, Buf *out) {
    group_tell_levels(p, g, (uint32_t)pending, out);
    if (pending >> 63)
        buf_puts(out, (uint32_t)pending != 0 ? " or no data" : "no data");
}

static void put_no_status(const Program *p, const Group *g, const GroupStatus *status, Buf *out) {
    if (status->pending != 0) {
        put_candidates(p, g, status->pending, out);
        buf_puts(out, ", depending on members without data");
    } else if (g->no_data == GROUP_STOPS) {
        buf_puts(out, "a member without data stops the group");
    } else {
        buf_puts(out, "no member has a status");
    }
}

static void put_line(const Program *p, const Group *g, const MemberStatus *members,
                     const GroupLine *line, Buf *out) {
    if (line->because.len > 0)
        buf_put(out, line->because);
    if (line->otherwise) {
        buf_puts(out, line->because.len > 0 ? "" : "no other line of the rule holds");
        return;
    }
    buf_puts(out, line->because.len > 0 ? ": " : "");
    buf_put(out, line->text);
    put_deciding(p, g, members, line, out);
}

void group_tell(const Program *p, const Group *g, const MemberStatus *members,
                const GroupStatus *status, Buf *out) {
    const Level *l =
        status->level == LEVEL_NO_DATA ? NULL : &p->scales[g->scale].levels[status->level];
    if (!l)
        buf_puts(out, "No data");
    else if (l->label.len > 0)
        buf_put(out, l->label);
    else
        tell_name(out, l->name);
    buf_puts(out, ": ");
    if (status->line == UINT32_MAX)
        put_no_status(p, g, status, out);
    else
        put_line(p, g, members, &g->lines[status->line], out);
    buf_printf(out, "; %u member%s: ", g->n_members, g->n_members == 1 ? "" : "s");
    group_tell_counts(p, g, members, out);
}

void group_tell_by_hand(const Program *p, const Group *g, GroupByHand by_hand, uint8_t without,
                        Buf *out) {
    uint32_t n = group_n_by_hand(by_hand);
    if (n == 0)
        return;
    buf_printf(out, "; %u of %u %s%s, without %s: ", n, g->n_members,
               by_hand.n_kpis > 0 ? "by hand" : "with statuses by hand",
               by_hand.n_kpis > 0 && by_hand.n_groups > 0 ? " or with statuses by hand" : "",
               by_hand.n_kpis == 1 && n == 1 ? "it" : "them");
    if (without == LEVEL_NO_DATA)
        buf_puts(out, "no data");
    else
        put_level(p, g, without, out);
}
