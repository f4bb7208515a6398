// SPDX-License-Identifier: Apache-2.0
// Publish: two results of a row compared, and what is written in place of what differs.
#include "runtime/edges/publish_parts.h"

#include "runtime/edges/columns.h"

const Str publish_withheld = {"withheld", sizeof "withheld" - 1};
const Str publish_reason = {"withheld: it would give away a small number",
                            sizeof "withheld: it would give away a small number" - 1};

// ---- comparing ----------------------------------------------------------------------------------

static bs_text keep_text(Arena *a, bs_text t) {
    return result_text(arena_str(a, text_str(t)));
}

static bs_figure keep_figure(Arena *a, bs_figure f) {
    return (bs_figure){keep_text(a, f.name),  keep_text(a, f.label),   keep_text(a, f.exact),
                       keep_text(a, f.shown), keep_text(a, f.missing), f.unit};
}

static const bs_level *keep_levels(Arena *a, const bs_level *levels, size_t n) {
    bs_level *kept = ARENA_ARRAY(a, bs_level, n);
    for (size_t i = 0; kept && levels && i < n; i++)
        kept[i] = (bs_level){keep_text(a, levels[i].name), keep_text(a, levels[i].level),
                             keep_text(a, levels[i].label), keep_text(a, levels[i].missing)};
    return kept;
}

bool publish_keep(Arena *a, const bs_result *r, bs_result *out) {
    *out = *r;
    bs_text *const texts[] = {&out->status,    &out->missing,   &out->status_as_of, &out->computed,
                              &out->direction, &out->rule_file, &out->because,      &out->reason,
                              &out->members,   &out->changes,   &out->missing_as_of};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        *texts[i] = keep_text(a, *texts[i]);
    out->value = keep_figure(a, r->value);
    out->previous = keep_figure(a, r->previous);
    bs_figure *figures = ARENA_ARRAY(a, bs_figure, r->n_figures);
    for (size_t i = 0; figures && i < r->n_figures; i++)
        figures[i] = keep_figure(a, r->figures[i]);
    out->figures = figures;
    out->levels = keep_levels(a, r->levels, r->n_levels);
    out->levels_as_of = r->levels_as_of ? keep_levels(a, r->levels_as_of, r->n_levels) : NULL;
    return !a->failed;
}

static bool same(bs_text a, bs_text b) {
    return str_eq(text_str(a), text_str(b));
}

static bool same_figure(const bs_figure *a, const bs_figure *b) {
    return same(a->exact, b->exact) && same(a->shown, b->shown) && same(a->missing, b->missing);
}

static bool same_level(const bs_level *a, const bs_level *b) {
    return same(a->level, b->level) && same(a->missing, b->missing);
}

void publish_compare(const bs_result *a, const bs_result *b, uint8_t *held) {
    const bool equal[N_HELD_PARTS] = {
        [HELD_VALUE] = same_figure(&a->value, &b->value),
        [HELD_PREVIOUS] = same_figure(&a->previous, &b->previous),
        [HELD_DIRECTION] = same(a->direction, b->direction),
        [HELD_STATUS] =
            a->kind == b->kind && same(a->status, b->status) && same(a->missing, b->missing),
        [HELD_STATUS_AS_OF] = a->kind_as_of == b->kind_as_of &&
                              same(a->status_as_of, b->status_as_of) &&
                              same(a->missing_as_of, b->missing_as_of),
        [HELD_COMPUTED] = same(a->computed, b->computed),
        [HELD_RULE] = same(a->rule_file, b->rule_file) && a->rule_line == b->rule_line &&
                      same(a->because, b->because),
        [HELD_REASON] = same(a->reason, b->reason),
        [HELD_REPLACED] = true,
        [HELD_MEMBERS] = same(a->members, b->members),
        [HELD_CHANGES] = same(a->changes, b->changes),
    };
    for (size_t i = 0; i < N_HELD_PARTS; i++)
        if (!equal[i])
            held[i] = HOLD_BACK;
    uint8_t *figures = held + N_HELD_PARTS, *levels = figures + a->n_figures;
    for (size_t i = 0; i < a->n_figures; i++)
        if (!same_figure(&a->figures[i], &b->figures[i]))
            figures[i] = HOLD_BACK;
    for (size_t i = 0; i < a->n_levels; i++) {
        if (!same_level(&a->levels[i], &b->levels[i]))
            levels[i] = HOLD_BACK;
        if (a->levels_as_of && !same_level(&a->levels_as_of[i], &b->levels_as_of[i]))
            levels[a->n_levels + i] = HOLD_BACK;
    }
}

// ---- writing ------------------------------------------------------------------------------------

static void hold_figure(Hold hold, bs_figure *f) {
    if (hold == HOLD_NOT)
        return;
    f->exact = result_text(STR(""));
    f->shown = result_text(hold == HOLD_COUNT ? STR("c") : publish_withheld);
    f->missing =
        result_text(hold == HOLD_COUNT ? why_words(WHY(REASON_SUPPRESSED)) : publish_reason);
}

static void hold_text(Hold hold, bs_text *t) {
    if (hold != HOLD_NOT)
        *t = result_text(publish_withheld);
}

static void hold_levels(const uint8_t *held, Arena *a, const bs_level **levels, size_t n) {
    bs_level *kept = *levels && n > 0 ? ARENA_ARRAY(a, bs_level, n) : NULL;
    for (size_t i = 0; kept && i < n; i++) {
        kept[i] = (*levels)[i];
        if (held[i] != HOLD_NOT) {
            kept[i].level = result_text(STR(""));
            kept[i].label = result_text(publish_withheld);
            kept[i].missing = result_text(publish_reason);
        }
    }
    *levels = kept ? kept : *levels;
}

static void hold_status(bs_result *r) {
    r->kind = BS_NO_DATA;
    r->status = r->status_label = r->status_symbol = r->status_colour = result_text(STR(""));
    r->missing = result_text(publish_reason);
}

bool publish_withholds(const bs_result *r) {
    return str_eq(text_str(r->missing), publish_reason) ||
           str_eq(text_str(r->missing_as_of), publish_reason);
}

// Why a status is what it is, without the figures.
static bs_text plain_reason(Arena *a, const bs_result *r, const uint8_t *held) {
    static const char withheld[] =
        "figures behind it are withheld: they would give away a small number";
    if (held[HELD_STATUS] != HOLD_NOT)
        return result_text(publish_reason);
    bool told = held[HELD_RULE] == HOLD_NOT && r->because.len > 0;
    Str status = r->kind == BS_JUDGED ? text_str(r->status_label) : STR("No data");
    return result_text(arena_printf(a, "%.*s: %.*s%s%s", STR_ARG(status),
                                    STR_ARG(told ? text_str(r->because) : (Str){0}),
                                    told ? "; " : "", withheld));
}

void publisher_apply(const Publisher *p, size_t i, Arena *texts, bs_result *r) {
    if (!publisher_holds(p, i))
        return;
    const uint8_t *held = publisher_held(p, i);
    hold_figure(held[HELD_VALUE], &r->value);
    hold_figure(held[HELD_PREVIOUS], &r->previous);
    hold_text(held[HELD_DIRECTION], &r->direction);
    hold_text(held[HELD_COMPUTED], &r->computed);
    hold_text(held[HELD_COMPUTED], &r->computed_label);
    hold_text(held[HELD_REPLACED], &r->replaced);
    hold_text(held[HELD_MEMBERS], &r->members);
    hold_text(held[HELD_CHANGES], &r->changes);
    if (held[HELD_REASON] != HOLD_NOT)
        r->reason = plain_reason(texts, r, held);
    if (held[HELD_STATUS] != HOLD_NOT)
        hold_status(r);
    if (held[HELD_STATUS_AS_OF] != HOLD_NOT) {
        r->kind_as_of = BS_NO_DATA;
        r->status_as_of = result_text(publish_withheld);
        r->missing_as_of = result_text(publish_reason);
    }
    if (held[HELD_RULE] != HOLD_NOT) {
        r->rule_file = r->because = result_text(publish_withheld);
        r->rule_line = 0;
    }
    bs_figure *figures = r->n_figures > 0 ? ARENA_ARRAY(texts, bs_figure, r->n_figures) : NULL;
    for (size_t k = 0; figures && k < r->n_figures; k++) {
        figures[k] = r->figures[k];
        hold_figure(held[N_HELD_PARTS + k], &figures[k]);
    }
    r->figures = figures ? figures : r->figures;
    const uint8_t *levels = held + N_HELD_PARTS + r->n_figures;
    hold_levels(levels, texts, &r->levels, r->n_levels);
    hold_levels(levels + r->n_levels, texts, &r->levels_as_of, r->n_levels);
}
