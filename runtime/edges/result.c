// SPDX-License-Identifier: Apache-2.0
// From registers to a result as the outputs show it.
#include "runtime/edges/result.h"

#include "runtime/data/label_marks.h"
#include "runtime/edges/wanting.h"
#include "runtime/engine/explain.h"

bs_text result_text(Str s) {
    return (bs_text){s.s ? s.s : "", s.s ? s.len : 0};
}

// What stands in the work buffer, as a text of the current batch; the buffer is emptied.
static bs_text take_work(ResultMaker *r) {
    Str s = arena_str(r->texts, buf_str(&r->work));
    r->work.len = 0;
    return result_text(s);
}

static bs_text exact_text(ResultMaker *r, Number n) {
    number_print(&r->work, n);
    return take_work(r);
}

static bs_text shown_text(ResultMaker *r, Number n, int decimals) {
    explain_figure(&r->work, n, decimals, r->kpi->mode);
    return take_work(r);
}

static bs_figure figure_of(ResultMaker *r, uint16_t reg, size_t lane, Str name, Str label) {
    bs_text none = result_text(STR(""));
    bs_figure f = {result_text(name), result_text(label), none, none, none, result_text(r->unit)};
    if (reg == NO_REG)
        return f;
    Why why;
    Number n = vm_number(r->vm, reg, lane, &why);
    if (why) {
        f.missing = result_text(why_words(why));
        return f;
    }
    f.exact = exact_text(r, n);
    f.shown = shown_text(r, n, r->kpi->decimals);
    return f;
}

// A comparator or the target, in its own unit.
static bs_figure named_figure(ResultMaker *r, uint32_t i, size_t lane) {
    const NamedFigure *named = &r->kpi->figures[i];
    bs_figure f = figure_of(r, named->reg, lane, named->name, named->label);
    f.unit = result_text(r->units[i]);
    if (f.shown.len > 0 && r->decimals[i] != r->kpi->decimals)
        f.shown = shown_text(r, vm_number(r->vm, named->reg, lane, &(Why){0}), r->decimals[i]);
    return f;
}

static bs_level level_of(ResultMaker *r, const Vm *vm, const NamedLevel *named, size_t lane) {
    Why why;
    uint8_t level = vm_level(vm, named->reg, lane, &why);
    bs_level out = {result_text(named->name), result_text(STR("")), result_text(STR("")),
                    result_text(STR(""))};
    if (why) {
        out.missing = result_text(why_words(why));
        return out;
    }
    const Level *l = &r->program->scales[named->scale].levels[level];
    out.level = result_text(l->name);
    out.label = result_text(l->label.len > 0 ? l->label : l->name);
    return out;
}

static bs_text direction_of(ResultMaker *r, size_t lane) {
    if (r->kpi->direction == NO_REG)
        return result_text(STR(""));
    Why why;
    uint8_t level = vm_level(r->vm, r->kpi->direction, lane, &why);
    if (why)
        return result_text(STR(""));
    uint32_t scale = result_direction_scale(r->program, r->kpi);
    return result_text(r->program->scales[scale].levels[level].name);
}

void result_fill_status(const Scale *scale, Str name, uint8_t level, Why why, bs_result *out) {
    out->status_name = result_text(name);
    out->status = out->status_label = out->status_symbol = out->status_colour =
        result_text(STR(""));
    out->missing = result_text(STR(""));
    out->n_status_ranks = scale->n_levels;
    if (level == LEVEL_NO_DATA) {
        out->kind = BS_NO_DATA;
        out->missing = result_text(why_words(why));
        return;
    }
    const Level *l = &scale->levels[level];
    out->kind = BS_JUDGED;
    out->status = result_text(l->name);
    out->status_label = result_text(l->label.len > 0 ? l->label : l->name);
    out->status_symbol = result_text(l->symbol);
    out->status_colour = result_text(l->colour);
    out->status_rank = level;
}

void result_fill_as_of(const Scale *scale, uint8_t level, Why why, bs_result *out) {
    out->status_as_of = out->status_as_of_label = out->status_as_of_symbol = result_text(STR(""));
    out->missing_as_of = result_text(STR(""));
    out->kind_as_of = BS_UNJUDGED;
    if (!scale)
        return;
    if (level == LEVEL_NO_DATA) {
        out->kind_as_of = BS_NO_DATA;
        out->missing_as_of = result_text(why_words(why));
        return;
    }
    const Level *l = &scale->levels[level];
    out->kind_as_of = BS_JUDGED;
    out->status_as_of = result_text(l->name);
    out->status_as_of_label = result_text(l->label.len > 0 ? l->label : l->name);
    out->status_as_of_symbol = result_text(l->symbol);
}

void result_fill_computed(const Scale *scale, uint8_t level, bs_result *out) {
    const Level *l = level == LEVEL_NO_DATA ? NULL : &scale->levels[level];
    out->computed = result_text(l ? l->name : STR("no data"));
    out->computed_label = l && l->label.len > 0 ? result_text(l->label) : out->computed;
}

static void fill_status(ResultMaker *r, size_t lane, bs_result *out) {
    const Kpi *k = r->kpi;
    out->without_rules = wanting_is_ruleless(r->vm, k, lane);
    if (k->has_status) {
        StatusLane s = vm_status(r->vm, k->status, lane);
        result_fill_status(&r->program->scales[k->status_scale], k->status_name, s.level, s.why,
                           out);
        return;
    }
    out->status_name = result_text(k->status_name);
    out->status = out->status_label = out->status_symbol = out->status_colour =
        result_text(STR(""));
    out->missing = result_text(STR(""));
    out->kind = BS_UNJUDGED;
}

// The same by the rules of another time.
static void fill_as_of(ResultMaker *r, size_t lane, bs_result *out) {
    const Kpi *k = r->kpi;
    result_fill_as_of(NULL, LEVEL_NO_DATA, 0, out);
    if (!r->as_of)
        return;
    for (uint32_t n = 0; n < k->n_levels; n++)
        r->levels_as_of[n] = level_of(r, r->as_of, &k->levels[n], lane);
    out->levels_as_of = r->levels_as_of;
    if (!k->has_status)
        return;
    StatusLane s = vm_status(r->as_of, k->status, lane);
    result_fill_as_of(&r->program->scales[k->status_scale], s.level, s.why, out);
}

// What the status would be without the override, and whose judgement it is instead.
static void fill_override(ResultMaker *r, size_t lane, bs_result *out) {
    const bs_text none = result_text(STR(""));
    out->computed = out->override_by = out->override_because = out->override_until = none;
    out->computed_label = none;
    const Judgement *own = explain_override(r->vm, r->kpi, lane);
    if (!own)
        return;
    out->by_hand = true;
    StatusLane s = vm_status(r->vm, r->kpi->computed, lane);
    result_fill_computed(&r->program->scales[r->kpi->status_scale], s.level, out);
    out->override_by = result_text(own->by);
    out->override_because = result_text(own->because);
    period_print(&r->work, own->to);
    out->override_until = take_work(r);
}

static void fill_rule(ResultMaker *r, size_t lane, bs_result *out) {
    const StatusLine *line = explain_line(r->vm, r->kpi, lane);
    const Judgement *judgement = explain_judgement(r->vm, r->kpi, lane);
    Place place = judgement ? judgement->place : line ? line->place : r->kpi->place;
    out->rule_file = place.file < r->program->n_files
                         ? result_text(r->program->files[place.file].path)
                         : result_text(STR(""));
    out->rule_line = place.line;
    out->because = result_text(judgement ? judgement->because : line ? line->because : STR(""));
    if (r->needs & PLAN_REASON)
        explain_status(r->vm, r->kpi, lane, &r->work);
    out->reason = take_work(r);
}

static void add_marks(ResultMaker *r, uint8_t marks) {
    static const Mark order[] = {MARK_PROVISIONAL, MARK_REVISED, MARK_ESTIMATED, MARK_BREAK};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (marks & order[i])
            buf_printf(&r->work, "%s%.*s", r->work.len > 0 ? ", " : "",
                       STR_ARG(label_mark_words(order[i])));
}

// Marks of all the observations that the value reads; place and earlier value of the first.
static void fill_source(ResultMaker *r, Lane lane, bs_result *out) {
    uint8_t marks = 0;
    out->replaced = out->data_file = result_text(STR(""));
    for (uint32_t i = 0; i < r->kpi->n_reads; i++) {
        uint32_t obs = store_observation(r->store, lane, r->kpi->reads[i]);
        if (obs == OBS_NONE)
            continue;
        const Observation *o = &r->store->obs[obs];
        marks |= o->marks;
        if (out->data_line == 0) {
            out->data_file = result_text(r->diags->files.v[o->file].path);
            out->data_line = o->line;
        }
        if (o->replaced != OBS_NONE && out->replaced.len == 0) {
            Why why;
            Number old = store_figure(r->store, o->replaced, FIELD_VALUE, &why);
            if (!why)
                out->replaced = shown_text(r, old, r->kpi->decimals);
        }
    }
    add_marks(r, marks);
    out->marks = take_work(r);
}

static Str unit_text(ResultMaker *r, Arena *a, Unit unit) {
    unit_print(&r->work, unit);
    Str text = arena_str(a, buf_str(&r->work));
    r->work.len = 0;
    return text;
}

int result_decimals(const Program *p, const Kpi *kpi, const NamedFigure *figure) {
    if (unit_eq(figure->unit, kpi->unit))
        return kpi->decimals;
    if (figure->unit.kind == UNIT_COUNT)
        return 0;
    for (uint32_t i = kpi->fn.first; i < kpi->fn.first + kpi->fn.n; i++) {
        const Instr *in = &p->code[i];
        if (in->dst == figure->reg && in->op == OP_AMONG)
            return among_is_position(p->amongs[in->imm].kind) ? 0 : kpi->decimals;
    }
    return kpi->decimals;
}

bool result_begin(ResultMaker *r, Arena *a, const Kpi *kpi) {
    r->kpi = kpi;
    r->levels = ARENA_ARRAY(a, bs_level, kpi->n_levels);
    r->levels_as_of = ARENA_ARRAY(a, bs_level, kpi->n_levels);
    r->figures = ARENA_ARRAY(a, bs_figure, kpi->n_figures);
    r->units = ARENA_ARRAY(a, Str, kpi->n_figures);
    r->decimals = ARENA_ARRAY(a, int, kpi->n_figures);
    if (a->failed)
        return false;
    r->unit = unit_text(r, a, kpi->unit);
    for (uint32_t i = 0; i < kpi->n_figures; i++) {
        r->units[i] = unit_text(r, a, kpi->figures[i].unit);
        r->decimals[i] = result_decimals(r->program, kpi, &kpi->figures[i]);
    }
    return !a->failed && !r->work.failed;
}

void result_make(ResultMaker *r, Lane lane, size_t i, bs_result *out) {
    const Kpi *k = r->kpi;
    *out = (bs_result){.row = result_text(STR("kpi")),
                       .members = result_text(STR("")),
                       .changes = result_text(STR("")),
                       .kpi = result_text(k->name),
                       .label = result_text(k->label.len > 0 ? k->label : k->name),
                       .source = result_text(k->source),
                       .note = result_text(k->note),
                       .unit = result_text(r->unit),
                       .entity = result_text(intern_text(&r->store->entities, lane.entity)),
                       .levels = r->levels,
                       .n_levels = k->n_levels,
                       .figures = r->figures,
                       .n_figures = k->n_figures};
    period_print(&r->work, lane.period);
    out->period = take_work(r);
    out->value = figure_of(r, k->value, i, STR("value"), STR("Value"));
    out->previous = figure_of(r, r->needs & PLAN_PREVIOUS ? k->previous : NO_REG, i,
                              STR("previous"), STR("Previous"));
    for (uint32_t n = 0; n < k->n_levels; n++)
        r->levels[n] = level_of(r, r->vm, &k->levels[n], i);
    for (uint32_t n = 0; n < k->n_figures; n++)
        r->figures[n] = named_figure(r, n, i);
    out->direction = r->needs & PLAN_DIRECTION ? direction_of(r, i) : result_text(STR(""));
    fill_status(r, i, out);
    fill_as_of(r, i, out);
    fill_override(r, i, out);
    fill_rule(r, i, out);
    fill_source(r, lane, out);
}
