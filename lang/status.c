// SPDX-License-Identifier: Apache-2.0
// Status blocks: lines in order, cross tables, scale mappings, the status of another KPI.
#include "lang/format.h"
#include "lang/gen.h"

static uint32_t add_line(Gen *g, StatusLine line) {
    VEC_PUSH(g->c->arena, &g->c->lines, line);
    return (uint32_t)g->c->lines.n - 1;
}

static Str because_text(Gen *g, const Node *n) {
    return n ? arena_str(g->c->arena, node_string(g->c->scratch, n)) : (Str){0};
}

static bool read_outcome(Gen *g, uint32_t scale, const Node *n, uint8_t *out) {
    if (n->kind == NODE_NO_DATA) {
        *out = LEVEL_NO_DATA;
        return true;
    }
    if (find_level(&g->c->scales.v[scale], node_text(n), out))
        return true;
    report_unknown_level(g->c, &g->c->scales.v[scale], node_text(n), node_place(n));
    return false;
}

static bool find_status_scale(Gen *g, const Node *n, const Node *as, uint32_t *scale) {
    Str name = node_text(n);
    if (!find_scale(g->c, name, scale)) {
        report_unknown_scale(g->c, name, node_place(n));
        return false;
    }
    g->kpi->status_name = arena_str(g->c->arena, as ? node_text(as) : name);
    g->kpi->status_scale = *scale;
    return true;
}

static void open_status(Gen *g) {
    emit(g, OP_OPEN, g->kpi->status, judged_value(g, (Shift){0}, NULL).reg, NO_REG, NO_REG, 0);
}

static bool close_status(Gen *g, const Node *n) {
    g->place = node_place(n);
    emit(g, OP_CLOSE, g->kpi->status, NO_REG, NO_REG, NO_REG, 0);
    g->kpi->has_status = true;
    return true;
}

// What a person's judgement gives stands in place of what the whole comes to.
static void override_status(Gen *g) {
    uint32_t set = g->spec->judgement_set;
    if (set == 0 || g->fn->is_example || !g->kpi->has_status)
        return;
    g->kpi->has_overrides = true;
    g->kpi->computed = g->kpi->status;
    g->kpi->status =
        emit_new(g, KIND_STATUS, OP_OVERRIDE, g->kpi->computed, NO_REG, set - 1);
}

// ---- lines --------------------------------------------------------------------------------------

static void gen_line(Gen *g, const Node *n, uint32_t scale) {
    bool otherwise = n->kind == NODE_OTHERWISE;
    StatusLine line = {
        .otherwise = otherwise, .place = node_place(n), .first_fact = (uint32_t)g->c->facts.n};
    bool ok = read_outcome(g, scale, node_kid(n, 0), &line.outcome);
    line.because = because_text(g, node_kid(n, otherwise ? 1 : 2));
    uint16_t truth = NO_REG;
    if (!otherwise) {
        const Node *condition = node_kid(n, 1);
        bool if_known = n->flags & NODE_FLAG;
        g->if_known = if_known && g->spec->n_own_statuses == 0; // the block is a pattern's
        Val v = lower_condition(g, condition);
        g->if_known = false;
        ok = ok && v.type == VAL_TRUTH;
        truth = v.reg;
        g->place = node_place(n);
        if (ok && if_known)
            truth = emit_new(g, KIND_TRUTH, OP_IF_KNOWN, truth, NO_REG, 0);
        line.text = format_phrase(g->c->arena, condition);
    }
    line.n_facts = (uint32_t)g->c->facts.n - line.first_fact;
    if (!ok)
        return;
    g->place = node_place(n);
    emit(g, otherwise ? OP_OTHERWISE : OP_WHEN, g->kpi->status, truth, NO_REG, NO_REG,
         add_line(g, line));
}

void report_behind_otherwise(Compiler *c, const Node *line, const Node *otherwise) {
    Diag *d = report(c, D_AFTER_OTHERWISE, node_place(line),
                     "this line stands behind `otherwise` and is never reached");
    d->other = node_place(otherwise);
    d->note = STR("`otherwise` always holds");
    d->hint = STR("move `otherwise` to the end of the block");
}

static bool gen_lines(Gen *g, const Node *n) {
    uint32_t scale;
    if (!find_status_scale(g, node_kid(n, 0), node_kid(n, 1), &scale))
        return false;
    const Node *lines = node_kid(n, 2), *otherwise = NULL;
    g->kpi->status = new_reg(g, KIND_STATUS);
    open_status(g);
    bool broken = false;
    for (uint32_t i = 0; i < lines->n_kids; i++) {
        const Node *line = lines->kids[i];
        broken = broken || line->kind == NODE_ERROR;
        if (line->kind != NODE_WHEN && line->kind != NODE_OTHERWISE)
            continue;
        if (otherwise) {
            report_behind_otherwise(g->c, line, otherwise);
            return false;
        }
        if (line->kind == NODE_OTHERWISE)
            otherwise = line;
        gen_line(g, line, scale);
    }
    // Whether the lines leave a case open is for the proof to say.
    if (!otherwise && !broken)
        g->kpi->unended = node_place(node_kid(n, 0));
    return close_status(g, n);
}

// ---- cross tables -------------------------------------------------------------------------------

typedef struct Axis {
    Val val;
    const Scale *scale;
    Str name;
} Axis;

static bool find_axis(Gen *g, const Node *n, Axis *out) {
    out->name = node_text(n);
    bool direction = str_eq(out->name, STR("direction"));
    if (direction) {
        if (need_polarity(g, n, false) == POLARITY_NONE)
            return false;
        out->val = direction_value(g, n);
        if (out->val.type != VAL_LEVEL)
            return false;
    } else if (!kpi_level(g, out->name, &out->val)) {
        Diag *d = report(g->c, D_NO_SUCH_BANDS, node_place(n), "the KPI `%.*s` has no bands `%.*s`",
                         STR_ARG(g->spec->name), STR_ARG(out->name));
        d->hint = STR("add them, or name bands that the KPI has, or `direction`");
        return false;
    }
    out->scale = &g->c->scales.v[out->val.scale];
    return true;
}

// The column that a heading names: a level of the axis, or `unknown` behind them.
static bool find_column(Gen *g, const Axis *axis, const Node *n, uint8_t *column) {
    if (str_eq(node_text(n), STR("unknown"))) {
        *column = (uint8_t)axis->scale->n_levels;
        return true;
    }
    if (n->kind == NODE_NAME && find_level(axis->scale, node_text(n), column))
        return true;
    report_unknown_level(g->c, axis->scale, node_text(n), node_place(n));
    return false;
}

static Diag *incomplete(Gen *g, Place place, const char *what, Str name) {
    return report(g->c, D_CROSS_TABLE, place, "the table %s `%.*s`", what, STR_ARG(name));
}

static bool read_heading(Gen *g, const Axis *axis, const Node *heading, uint8_t *columns) {
    bool seen[SCALE_MAX_LEVELS + 1] = {false};
    for (uint32_t i = 0; i < heading->n_kids; i++) {
        if (i > SCALE_MAX_LEVELS || !find_column(g, axis, heading->kids[i], &columns[i]))
            return false;
        if (seen[columns[i]]) {
            incomplete(g, node_place(heading->kids[i]), "has two columns",
                       node_text(heading->kids[i]));
            return false;
        }
        seen[columns[i]] = true;
    }
    for (uint32_t i = 0; i <= axis->scale->n_levels; i++) {
        if (seen[i])
            continue;
        Str name = i < axis->scale->n_levels ? axis->scale->levels[i].name : STR("unknown");
        incomplete(g, node_place(heading), "has no column", name)->hint =
            STR("every case needs its column, also that nothing is known");
        return false;
    }
    return true;
}

static bool read_row(Gen *g, const Node *row, uint32_t scale, uint32_t n_columns,
                     const uint8_t *columns, uint8_t *cells) {
    if (row->n_kids != n_columns + 1) {
        Diag *d = report(g->c, D_CROSS_TABLE, node_place(row),
                         "the row `%.*s` has %u outcomes for %u columns",
                         STR_ARG(node_text(node_kid(row, 0))), row->n_kids - 1, n_columns);
        d->hint = STR("give one outcome for each column; `no data` counts as one");
        return false;
    }
    for (uint32_t i = 0; i < n_columns; i++)
        if (!read_outcome(g, scale, row->kids[i + 1], &cells[columns[i]]))
            return false;
    return true;
}

static bool gen_cross(Gen *g, const Node *n) {
    uint32_t scale;
    Axis rows, across;
    if (!find_status_scale(g, node_kid(n, 0), node_kid(n, 1), &scale) ||
        !find_axis(g, node_kid(n, 2), &rows) || !find_axis(g, node_kid(n, 3), &across))
        return false;
    uint32_t n_a = rows.scale->n_levels, n_b = across.scale->n_levels;
    const Node *heading = node_kid(n, 4), *lines = node_kid(n, 5);
    uint8_t columns[SCALE_MAX_LEVELS + 1];
    if (heading->n_kids == 0) {
        report(g->c, D_CROSS_TABLE, node_place(node_kid(n, 0)), "the table is empty")->hint =
            STR("begin with a line of the columns, then a line for each level");
        return false;
    }
    if (!read_heading(g, &across, heading, columns))
        return false;
    CrossTable t = {.n_a = n_a,
                    .n_b = n_b,
                    .cells = ARENA_ARRAY(g->c->arena, uint8_t, (size_t)n_a * (n_b + 1)),
                    .lines = ARENA_ARRAY(g->c->arena, uint32_t, n_a)};
    if (!t.cells || !t.lines)
        return false;
    const Node *seen[SCALE_MAX_LEVELS] = {0};
    for (uint32_t i = 0; i < lines->n_kids; i++) {
        const Node *row = lines->kids[i];
        uint8_t level;
        if (row->kind != NODE_OUTCOMES)
            return false; // reported when parsed
        const Node *name = node_kid(row, 0);
        if (!find_level(rows.scale, node_text(name), &level)) {
            report_unknown_level(g->c, rows.scale, node_text(name), node_place(name));
            return false;
        }
        if (seen[level]) {
            incomplete(g, node_place(name), "has two rows", node_text(name));
            return false;
        }
        seen[level] = row;
        if (!read_row(g, row, scale, heading->n_kids, columns, t.cells + (size_t)level * (n_b + 1)))
            return false;
        StatusLine line = {.outcome = LEVEL_NO_DATA,
                           .place = node_place(row),
                           .first_fact = (uint32_t)g->c->facts.n,
                           .n_facts = 2};
        line.text = arena_printf(g->c->arena, "the table by %.*s and %.*s", STR_ARG(rows.name),
                                 STR_ARG(across.name));
        Axis *axes[] = {&rows, &across};
        for (size_t k = 0; k < 2; k++) {
            Fact *f = add_fact(g, fact_of_level(&axes[k]->val), NO_REG, name);
            set_level(g, f, &axes[k]->val);
        }
        t.lines[level] = add_line(g, line);
    }
    for (uint32_t i = 0; i < n_a; i++)
        if (!seen[i]) {
            incomplete(g, node_place(node_kid(n, 2)), "has no row", rows.scale->levels[i].name)
                ->hint = STR("add a row for every level");
            return false;
        }
    VEC_PUSH(g->c->arena, &g->c->cross_tables, t);
    g->kpi->status = new_reg(g, KIND_STATUS);
    open_status(g);
    emit(g, OP_CROSS, g->kpi->status, rows.val.reg, across.val.reg, NO_REG,
         (uint32_t)g->c->cross_tables.n - 1);
    return close_status(g, n);
}

// ---- scale mappings -----------------------------------------------------------------------------

// The mapping line of [from] that gives its level [name] a level of [to]; NULL when none does.
static const Node *mapping_of(Gen *g, uint32_t from, uint32_t to, Str name, uint8_t *outcome,
                              const Node **second) {
    const ScaleInfo *info = &g->c->scale_infos.v[from];
    const Node *found = NULL;
    for (size_t m = 0; m < info->mappings.n; m++) {
        const Node *n = info->mappings.v[m].node;
        uint8_t level;
        if (!find_level(&g->c->scales.v[to], node_text(node_kid(n, 1)), &level))
            continue;
        const Node *names = node_kid(n, 0);
        for (uint32_t i = 0; i < names->n_kids; i++) {
            if (!str_eq(node_text(names->kids[i]), name))
                continue;
            if (found)
                *second = n;
            else {
                found = n;
                *outcome = level;
            }
        }
    }
    return found;
}

static bool gen_map(Gen *g, const Node *n) {
    uint32_t scale;
    const Node *from = node_kid(n, 1);
    Val level;
    if (!find_status_scale(g, node_kid(n, 0), NULL, &scale))
        return false;
    if (!kpi_level(g, node_text(from), &level)) {
        KpiSpec *other = find_spec(g->c, node_text(from));
        Diag *d =
            report(g->c, D_NO_SUCH_BANDS, node_place(from), "the KPI `%.*s` has no bands `%.*s`",
                   STR_ARG(g->spec->name), STR_ARG(node_text(from)));
        if (other)
            hint(g->c, d, "to take the status of the KPI %.*s write `status from %.*s`",
                 STR_ARG(node_text(from)), STR_ARG(node_text(from)));
        else
            d->hint = STR("add the bands, or name those that the KPI has");
        return false;
    }
    LevelMap map = {.from = level.scale, .to = scale};
    const Scale *s = &g->c->scales.v[level.scale];
    for (uint32_t i = 0; i < s->n_levels; i++) {
        const Node *second = NULL;
        const Node *line =
            mapping_of(g, level.scale, scale, s->levels[i].name, &map.outcome[i], &second);
        if (line && !second)
            continue;
        Diag *d = report(g->c, D_MAPPING, node_place(n), "the scale %.*s %s for its level `%.*s`",
                         STR_ARG(s->name), line ? "says twice what becomes of it" : "has no line",
                         STR_ARG(s->levels[i].name));
        if (line) {
            d->other = node_place(second);
            d->note = STR("the second line");
        } else {
            hint(g->c, d, "add to the scale: %.*s -> LEVEL, a level of %.*s",
                 STR_ARG(s->levels[i].name), STR_ARG(g->c->scales.v[scale].name));
        }
        return false;
    }
    StatusLine line = {.outcome = LEVEL_NO_DATA,
                       .place = node_place(n),
                       .first_fact = (uint32_t)g->c->facts.n,
                       .n_facts = 1};
    line.text = arena_printf(g->c->arena, "%.*s from %.*s", STR_ARG(node_text(node_kid(n, 0))),
                             STR_ARG(node_text(from)));
    Fact *f = add_fact(g, fact_of_level(&level), NO_REG, from);
    set_level(g, f, &level);
    map.line = add_line(g, line);
    VEC_PUSH(g->c->arena, &g->c->maps, map);
    g->kpi->status = new_reg(g, KIND_STATUS);
    open_status(g);
    emit(g, OP_MAP, g->kpi->status, level.reg, NO_REG, NO_REG, (uint32_t)g->c->maps.n - 1);
    return close_status(g, n);
}

// ---- the status of another KPI ------------------------------------------------------------------

static bool gen_taken(Gen *g, const Node *n) {
    const Node *name = node_kid(n, 0);
    KpiSpec *other = need_spec(g->c, name);
    if (!other)
        return false;
    if (other->in_progress || other == g->spec) {
        Diag *d = report(g->c, D_CYCLE, node_place(name),
                         "the status of `%.*s` is taken by way of itself", STR_ARG(g->spec->name));
        d->other = other->place;
        d->note = STR("which leads back here");
        d->hint = STR("let one of them have a status of its own");
        return false;
    }
    if (other->broken)
        return false;
    // The other KPI's code goes into this function: the same lane, its own names.
    Kpi *kpi = ARENA_NEW(g->c->scratch, Kpi);
    if (!kpi)
        return false;
    Gen inner = {
        .c = g->c, .fn = g->fn, .spec = other, .kpi = kpi, .place = g->place, .is_taken = true};
    inner.value = error_val();
    bool in_progress = g->spec->in_progress;
    g->spec->in_progress = true;
    bool ok = gen_kpi(&inner);
    g->spec->in_progress = in_progress;
    if (!ok)
        return false;
    if (!kpi->has_status) {
        report(g->c, D_NO_SUCH_BANDS, node_place(name), "the KPI `%.*s` has no status to take",
               STR_ARG(other->name))
            ->hint = STR("give it a status block");
        return false;
    }
    g->kpi->status_name = kpi->status_name;
    g->kpi->status_scale = kpi->status_scale;
    StatusLine line = {
        .outcome = LEVEL_NO_DATA, .place = node_place(n), .first_fact = (uint32_t)g->c->facts.n};
    line.taken = 1 + (uint32_t)(other - g->c->specs.v); // until all KPIs have their index
    line.text = arena_printf(g->c->arena, "as %.*s",
                             STR_ARG(other->label.len > 0 ? other->label : other->name));
    g->place = node_place(n);
    g->kpi->status = new_reg(g, KIND_STATUS);
    open_status(g);
    emit(g, OP_TAKE, g->kpi->status, kpi->status, NO_REG, NO_REG, add_line(g, line));
    return close_status(g, n);
}

static bool gen_block(Gen *g, const Node *n) {
    g->place = node_place(n);
    if (n->kind == NODE_STATUS)
        return gen_lines(g, n);
    if (n->kind == NODE_STATUS_BY)
        return gen_cross(g, n);
    if (n->kind == NODE_STATUS_MAP)
        return gen_map(g, n);
    return gen_taken(g, n);
}

// ---- blocks by period ---------------------------------------------------------------------------

// One block of several; false after reporting.
static bool gen_one_of(Gen *g, const Node *n, const Dated *d, Validity *v, const Kpi *first) {
    bool read = read_validity(g->c, status_valid(n), v);
    g->kpi->unended = (Place){0};
    g->kpi->has_status = false;
    if (!gen_block(g, n) || !g->kpi->has_status || !read)
        return false;
    v->status = g->kpi->status;
    v->unended = g->kpi->unended;
    if (d->n == 0 || (g->kpi->status_scale == first->status_scale &&
                      str_eq(g->kpi->status_name, first->status_name)))
        return true;
    report_unlike(g, node_place(n), node_place(g->spec->statuses.v[0]),
                  g->kpi->status_scale == first->status_scale ? "their name" : "their scale");
    return false;
}

// Each block has a status of its own; that of the block in force is taken.
static bool gen_dated(Gen *g) {
    size_t n = g->spec->statuses.n;
    Dated d = {.v = ARENA_ARRAY(g->c->arena, Validity, n)};
    Kpi first = {0};
    bool ok = d.v;
    for (size_t i = 0; d.v && i < n; i++) {
        if (!gen_one_of(g, g->spec->statuses.v[i], &d, &d.v[d.n], &first)) {
            ok = false;
            continue;
        }
        if (d.n++ == 0)
            first = *g->kpi;
    }
    uint32_t index;
    d.name = first.status_name;
    g->kpi->has_status = false;
    g->kpi->unended = (Place){0};
    if (!ok || !add_dated(g, d, &index))
        return false;
    g->kpi->status_dated = index + 1;
    g->kpi->status = new_reg(g, KIND_STATUS);
    open_status(g);
    emit(g, OP_TAKE_DATED, g->kpi->status, NO_REG, NO_REG, NO_REG, index);
    return close_status(g, g->spec->statuses.v[0]);
}

bool gen_status(Gen *g) {
    if (g->spec->statuses.n == 0) {
        if (g->kpi->unjudged.len == 0)
            g->kpi->unjudged = STR("the rules give it no status");
        return true;
    }
    bool ok = status_valid(g->spec->statuses.v[0]) ? gen_dated(g)
                                                   : gen_block(g, g->spec->statuses.v[0]);
    if (ok)
        override_status(g);
    return ok;
}
