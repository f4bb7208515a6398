// SPDX-License-Identifier: Apache-2.0
// Declarations: scales, metrics, constants; which names there are and where.
#include <string.h>

#include "lang/compiler.h"
#include "lang/format.h"
#include "lang/groups.h"

bool is_predefined(Str name) {
    static const char *const names[] = {"value",  "target", "change", "improving", "worsening",
                                        "steady", "up",     "down",   "direction", "worst",
                                        "best",   "yes",    "no",     "unknown",   "period",
                                        "entity", NULL};
    for (const char *const *n = names; *n; n++)
        if (str_eq(name, str_from(*n)))
            return true;
    return false;
}

// The name of a declaration, copied for the program; false after reporting one that is taken.
static bool take_name(Compiler *c, const Node *n, const char *what, Str *out) {
    *out = arena_str(c->arena, node_text(n));
    if (!is_predefined(*out))
        return true;
    Diag *d = report(c, D_PREDEFINED, node_place(n),
                     "`%.*s` has a meaning of its own and cannot name a %s", STR_ARG(*out), what);
    d->hint = STR("choose another name");
    return false;
}

static Str take_string(Compiler *c, const Node *n) {
    return n ? arena_str(c->arena, node_string(c->scratch, n)) : (Str){0};
}

// ---- scales -------------------------------------------------------------------------------------

bool find_scale(const Compiler *c, Str name, uint32_t *index) {
    return names_find(&c->names, NAME_SCALE, name, index);
}

bool find_level(const Scale *s, Str name, uint8_t *level) {
    for (uint32_t i = 0; i < s->n_levels; i++)
        if (str_eq(s->levels[i].name, name)) {
            *level = (uint8_t)i;
            return true;
        }
    return false;
}

bool is_level_somewhere(const Compiler *c, Str name) {
    uint32_t scale;
    return names_find(&c->names, NAME_LEVEL, name, &scale);
}

static void list_levels(Buf *out, const Scale *s) {
    for (uint32_t i = 0; i < s->n_levels; i++)
        buf_printf(out, "%s%.*s", i == 0 ? "" : ", ", STR_ARG(s->levels[i].name));
}

void report_unknown_level(Compiler *c, const Scale *s, Str name, Place place) {
    Diag *d = report(c, D_UNKNOWN_LEVEL, place, "the scale %.*s has no level `%.*s`",
                     STR_ARG(s->name), STR_ARG(name));
    Suggestion near = suggest_for(name);
    Buf levels = {0};
    for (uint32_t i = 0; i < s->n_levels; i++)
        suggest_consider(&near, s->levels[i].name);
    list_levels(&levels, s);
    if (did_you_mean(c, d, &near))
        hint(c, d, "did you mean `%.*s`? The levels are %.*s", STR_ARG(near.best),
             STR_ARG(buf_str(&levels)));
    else
        hint(c, d, "its levels are %.*s", STR_ARG(buf_str(&levels)));
    buf_free(&levels);
}

void report_unknown_scale(Compiler *c, Str name, Place place) {
    Diag *d = report(c, D_UNKNOWN_NAME, place, "no scale `%.*s` is declared", STR_ARG(name));
    if (!is_shown(c, d))
        return;
    Suggestion near = suggest_for(name);
    for (size_t i = 0; i < c->scales.n; i++)
        suggest_consider(&near, c->scales.v[i].name);
    if (!did_you_mean(c, d, &near))
        d->hint = STR("declare it with `scale`, or add use \"scales.rag\" for rag and ofsted");
}

static void declare_level(Compiler *c, Scale *scale, const Node *lines, const Node *n) {
    Str name = arena_str(c->arena, node_text(node_kid(n, 0)));
    uint8_t taken;
    if (find_level(scale, name, &taken)) {
        Diag *d = report(c, D_TWICE, node_place(n), "the level `%.*s` stands twice in the scale",
                         STR_ARG(name));
        d->other = node_place(node_like(lines, n));
        d->note = STR("the first line");
        d->hint = STR("remove one of the lines");
        return;
    }
    if (scale->n_levels == SCALE_MAX_LEVELS) {
        report(c, D_SYNTAX, node_place(n), "`%.*s` is one level too many: a scale has at most %d",
               STR_ARG(name), SCALE_MAX_LEVELS)
            ->hint = STR("bring levels together that nobody tells apart");
        return;
    }
    scale->levels[scale->n_levels++] = (Level){.name = name,
                                               .label = take_string(c, node_kid(n, 1)),
                                               .symbol = take_string(c, node_kid(n, 2)),
                                               .colour = take_string(c, node_kid(n, 3))};
}

static void add_scale(Compiler *c, Scale s, ScaleInfo info) {
    size_t index = c->scales.n;
    if (!VEC_PUSH(c->arena, &c->scales, s) || !VEC_PUSH(c->scratch, &c->scale_infos, info))
        return;
    names_add(&c->names, NAME_SCALE, s.name, index);
    for (uint32_t i = 0; i < s.n_levels; i++)
        names_add(&c->names, NAME_LEVEL, s.levels[i].name, index);
}

static void declare_scale(Compiler *c, const Node *n) {
    Str name;
    if (!take_name(c, node_kid(n, 0), "scale", &name))
        return;
    uint32_t taken;
    if (find_scale(c, name, &taken)) {
        report_twice(c, "the scale", name, node_place(node_kid(n, 0)), c->scales.v[taken].place);
        return;
    }
    Scale s = {.name = name,
               .label = take_string(c, node_kid(n, 1)),
               .levels = ARENA_ARRAY(c->arena, Level, SCALE_MAX_LEVELS),
               .place = node_place(node_kid(n, 0))};
    ScaleInfo info = {.node = n};
    const Node *lines = node_kid(n, 2);
    bool broken = false;
    if (!s.levels)
        return;
    for (uint32_t i = 0; i < lines->n_kids; i++) {
        const Node *line = lines->kids[i];
        if (line->kind == NODE_LEVEL)
            declare_level(c, &s, lines, line);
        if (line->kind == NODE_MAPPING)
            VEC_PUSH(c->scratch, &info.mappings, (Mapping){line});
        broken = broken || line->kind == NODE_ERROR;
    }
    if (s.n_levels < 2 && !broken) {
        Diag *d = report(c, D_SYNTAX, s.place, "the scale `%.*s` has fewer than two levels",
                         STR_ARG(name));
        d->hint = STR("give it a line for each level, the worst first");
    }
    add_scale(c, s, info);
}

// The left side of a mapping names levels of its own scale, the right side a level of some scale.
static void check_mappings(Compiler *c) {
    for (size_t i = 0; i < c->scale_infos.n; i++) {
        for (size_t m = 0; m < c->scale_infos.v[i].mappings.n; m++) {
            const Node *n = c->scale_infos.v[i].mappings.v[m].node;
            const Node *from = node_kid(n, 0), *to = node_kid(n, 1);
            uint8_t level;
            uint32_t first;
            for (uint32_t k = 0; k < from->n_kids; k++)
                if (!find_level(&c->scales.v[i], node_text(from->kids[k]), &level))
                    report_unknown_level(c, &c->scales.v[i], node_text(from->kids[k]),
                                         node_place(from->kids[k]));
            bool known = names_find(&c->names, NAME_LEVEL, node_text(to), &first) && first != i;
            for (size_t s = i + 1; s < c->scales.n && !known; s++)
                known = find_level(&c->scales.v[s], node_text(to), &level);
            if (known)
                continue;
            Diag *d = report(c, D_UNKNOWN_LEVEL, node_place(to),
                             "no other scale has a level `%.*s`", STR_ARG(node_text(to)));
            if (!is_shown(c, d))
                continue;
            Suggestion near = suggest_for(node_text(to));
            for (size_t s = 0; s < c->scales.n; s++)
                for (uint32_t l = 0; l < c->scales.v[s].n_levels; l++)
                    suggest_consider(&near, c->scales.v[s].levels[l].name);
            if (!did_you_mean(c, d, &near))
                d->hint =
                    STR("declare the other scale in this file, or `use` the file that has it");
        }
    }
}

void declare_built_in_scale(Compiler *c, Str name, const char *const *levels, uint32_t *index) {
    Scale s = {.name = name, .place = {.file = PLACE_NO_FILE}};
    while (levels[s.n_levels])
        s.n_levels++;
    s.levels = ARENA_ARRAY(c->arena, Level, s.n_levels);
    if (!s.levels)
        return;
    for (size_t i = 0; i < s.n_levels; i++)
        s.levels[i].name = str_from(levels[i]);
    *index = (uint32_t)c->scales.n;
    add_scale(c, s, (ScaleInfo){0});
}

// ---- units and metrics --------------------------------------------------------------------------

bool read_unit_text(Compiler *c, Str text, Place place, Unit *out) {
    static const struct {
        const char *word;
        UnitKind kind;
    } words[] = {{"percent", UNIT_PERCENT}, {"points", UNIT_POINTS}, {"point", UNIT_POINTS},
                 {"count", UNIT_COUNT},     {"days", UNIT_DAYS},     {"day", UNIT_DAYS},
                 {"pounds", UNIT_POUNDS},   {"pound", UNIT_POUNDS},  {"ratio", UNIT_RATIO}};
    *out = (Unit){0};
    if (str_starts(text, STR("per "))) {
        Number per;
        int64_t n;
        if (number_parse(c->arena, str_trim(str_slice(text, 4, text.len)), false, &per) ==
                NUMBER_OK &&
            number_to_int(per, &n) && n > 0) {
            *out = (Unit){.kind = UNIT_PER, .per = n};
            return true;
        }
    }
    if (text.len >= 2 && text.s[0] == '"' && text.s[text.len - 1] == '"') {
        *out =
            (Unit){.kind = UNIT_OWN, .name = arena_str(c->arena, str_slice(text, 1, text.len - 1))};
        return true;
    }
    if (str_eq(text, STR("%")))
        text = STR("percent");
    Suggestion near = suggest_for(text);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (str_eq(text, str_from(words[i].word))) {
            out->kind = words[i].kind;
            return true;
        }
        suggest_consider(&near, str_from(words[i].word));
    }
    Diag *d = report(c, D_UNKNOWN_UNIT, place, "`%.*s` is not a unit", STR_ARG(text));
    if (!did_you_mean(c, d, &near))
        hint(c, d,
             "write percent, points, count, per 10000, days, pounds or ratio; a unit of your own "
             "as unit \"%.*s\"",
             STR_ARG(text));
    return false;
}

bool read_unit(Compiler *c, const Node *n, Unit *out) {
    Str text = n->kind == NODE_UNIT_OWN ? node_text(node_kid(n, 0)) : format_phrase(c->scratch, n);
    return read_unit_text(c, text, node_place(n), out);
}

bool find_metric(const Compiler *c, Str name, uint32_t *index) {
    return names_find(&c->names, NAME_METRIC, name, index);
}

bool declare_metric(Compiler *c, Metric m) {
    uint32_t taken;
    LetInfo *let = find_let(c, m.name);
    if (find_metric(c, m.name, &taken)) {
        report_twice(c, "the metric", m.name, m.place, c->metrics.v[taken].place);
        return false;
    }
    if (let)
        report_twice(c, "the name", m.name, m.place, node_place(node_kid(let->node, 0)));
    return VEC_PUSH(c->arena, &c->metrics, m) &&
           names_add(&c->names, NAME_METRIC, m.name, c->metrics.n - 1);
}

static void declare_metric_line(Compiler *c, const Node *n) {
    Metric m = {.label = take_string(c, node_kid(n, 1)), .place = node_place(node_kid(n, 0))};
    if (!take_name(c, node_kid(n, 0), "metric", &m.name))
        return;
    const Node *options = node_kid(n, 2);
    bool has_unit = false;
    const Node *suppress = NULL;
    for (uint32_t i = 0; i < options->n_kids; i++) {
        const Node *o = options->kids[i];
        if (o->kind == NODE_FROM_COLUMN)
            m.column = take_string(c, node_kid(o, 0));
        else if (o->kind == NODE_FROM_ID)
            m.id = take_string(c, node_kid(o, 0));
        else if ((o->kind == NODE_SUPPRESS || o->kind == NODE_SUPPRESS_WITH) && suppress) {
            report_again(c, o, node_place(suppress));
        } else if (o->kind == NODE_SUPPRESS || o->kind == NODE_SUPPRESS_WITH) {
            suppress = o;
            declare_suppress(c, o, &m);
        } else if (o->kind == NODE_RANGE) {
            Unit unit;
            m.has_range = constant_value(c, node_kid(o, 0), &m.low, &unit) &&
                          constant_value(c, node_kid(o, 1), &m.high, &unit);
            if (m.has_range && number_cmp(m.low, m.high) > 0)
                report(c, D_BAND_EMPTY, node_place(o), "the range ends before it begins")->hint =
                    STR("write the lower figure first");
        } else if (has_unit) {
            report(c, D_CLAUSE_TWICE, node_place(o), "the metric `%.*s` has a second unit `%.*s`",
                   STR_ARG(m.name), STR_ARG(node_text(o)))
                ->hint = STR("keep the unit that the figures are in");
        } else {
            has_unit = true;
            read_unit(c, o, &m.unit);
        }
    }
    check_suppress(c, &m);
    declare_metric(c, m);
}

// ---- constants and fields -----------------------------------------------------------------------

void warn_month_like_years(Compiler *c, const Node *n) {
    Str s = node_text(n);
    Period p;
    if (!period_parse(s, &p) || !period_like_years(p))
        return;
    Diag *d = report(c, D_MONTH_LIKE_YEARS, node_place(n),
                     "`%.*s` is a month here, not the years %.*s to %.*s", STR_ARG(s), 4, s.s, 2,
                     s.s + 5);
    hint(c, d, "write FY%.*s if the financial year is meant", STR_ARG(s));
    replace_with(c, d, arena_printf(c->scratch, "FY%.*s", STR_ARG(s)));
}

LetInfo *find_let(Compiler *c, Str name) {
    uint32_t index;
    return names_find(&c->names, NAME_LET, name, &index) ? &c->lets.v[index] : NULL;
}

void report_circle(Compiler *c, const LetInfo *let, const Node *at) {
    c->n_reported += let->circular;
    if (!let->circular) {
        Diag *d = report(c, D_CYCLE, node_place(at), "`%.*s` is defined by way of itself",
                         STR_ARG(let->name));
        d->other = node_place(node_kid(let->node, 0));
        d->note = STR("declared here");
        d->hint = STR("break the circle at one of the definitions");
    }
    for (size_t i = 0; i < c->lets.n; i++)
        c->lets.v[i].circular |= c->lets.v[i].in_progress;
}

static void declare_let(Compiler *c, const Node *n) {
    LetInfo let = {.node = n, .expression = node_kid(n, 1)};
    if (!take_name(c, node_kid(n, 0), "constant", &let.name))
        return;
    uint32_t metric;
    LetInfo *taken = find_let(c, let.name);
    Place place = node_place(node_kid(n, 0));
    if (taken)
        report_twice(c, "the name", let.name, place, node_place(node_kid(taken->node, 0)));
    else if (find_metric(c, let.name, &metric))
        report_twice(c, "the name", let.name, place, c->metrics.v[metric].place);
    else if (VEC_PUSH(c->scratch, &c->lets, let))
        names_add(&c->names, NAME_LET, let.name, c->lets.n - 1);
}

bool find_field(const Compiler *c, Str name, uint32_t *index) {
    return names_find(&c->names, NAME_FIELD, name, index);
}

uint32_t intern_field(Compiler *c, Str name, bool is_text) {
    uint32_t index;
    if (find_field(c, name, &index))
        return index;
    if (VEC_PUSH(c->arena, &c->fields, arena_str(c->arena, name)) &&
        VEC_PUSH(c->arena, &c->field_is_text, is_text))
        names_add(&c->names, NAME_FIELD, name, c->fields.n - 1);
    return (uint32_t)c->fields.n - 1;
}

const Node *find_pattern(const Compiler *c, Str name) {
    uint32_t index;
    return names_find(&c->names, NAME_PATTERN, name, &index) ? c->patterns.v[index].node : NULL;
}

const Node *find_shared_bands(const Compiler *c, Str name) {
    uint32_t index;
    return names_find(&c->names, NAME_BANDS, name, &index) ? c->shared_bands.v[index].node : NULL;
}

static void declare_pattern(Compiler *c, const Node *n) {
    Str name = node_text(node_kid(n, 0));
    const Node *first = find_pattern(c, name);
    if (first)
        report_twice(c, "the pattern", name, node_place(node_kid(n, 0)),
                     node_place(node_kid(first, 0)));
    else if (VEC_PUSH(c->scratch, &c->patterns, (NamedNode){name, n}))
        names_add(&c->names, NAME_PATTERN, name, c->patterns.n - 1);
    // Clauses given twice are found here, also where no KPI is like the pattern.
    KpiSpec alone = {.name = name, .place = node_place(node_kid(n, 0))};
    spec_add_clauses(c, &alone, node_kid(n, 2));
}

static void declare_shared_bands(Compiler *c, const Node *n) {
    const Node *as = node_kid(n, 1) ? node_kid(n, 1) : node_kid(n, 0);
    Str name = node_text(as);
    const Node *first = find_shared_bands(c, name);
    if (first)
        report_twice(c, "the band table", name, node_place(as), node_place(first));
    else if (VEC_PUSH(c->scratch, &c->shared_bands, (NamedNode){name, n}))
        names_add(&c->names, NAME_BANDS, name, c->shared_bands.n - 1);
}

// ---- all of it ----------------------------------------------------------------------------------

typedef void (*Declare)(Compiler *, const Node *);

static void each(Compiler *c, NodeKind kind, Declare declare) {
    for (size_t m = 0; m < c->modules->all.n; m++) {
        const Node *tree = c->modules->all.v[m]->tree;
        for (uint32_t i = 0; tree && i < tree->n_kids && !compiler_failed(c); i++)
            if (tree->kids[i]->kind == kind)
                declare(c, tree->kids[i]);
    }
}

// KPIs and measures in the order of the files, since results come in that order.
static void declare_kpis(Compiler *c) {
    for (size_t m = 0; m < c->modules->all.n; m++) {
        const Node *tree = c->modules->all.v[m]->tree;
        for (uint32_t i = 0; tree && i < tree->n_kids && !compiler_failed(c); i++) {
            if (tree->kids[i]->kind == NODE_KPI)
                declare_kpi(c, tree->kids[i]);
            if (tree->kids[i]->kind == NODE_MEASURES)
                declare_measures(c, tree->kids[i]);
        }
    }
}

static void keep_examples(Compiler *c, const Node *n) {
    VEC_PUSH(c->scratch, &c->example_nodes, n);
}

static void keep_assertion(Compiler *c, const Node *n) {
    VEC_PUSH(c->scratch, &c->assert_nodes, n);
}

static void keep_override(Compiler *c, const Node *n) {
    VEC_PUSH(c->scratch, &c->override_nodes, n);
}

void declare_all(Compiler *c) {
    static const char *const directions[] = {"worsening", "steady", "improving", NULL};
    static const char *const arrows[] = {"down", "steady", "up", NULL};
    names_init(&c->names, c->scratch);
    declare_built_in_scale(c, STR("direction"), directions, &c->program->direction_scale);
    declare_built_in_scale(c, STR("arrow"), arrows, &c->program->arrow_scale);
    intern_field(c, STR("value"), false);
    each(c, NODE_SCALE, declare_scale);
    check_mappings(c);
    each(c, NODE_LET, declare_let);
    each(c, NODE_METRIC, declare_metric_line);
    each(c, NODE_METRIC, settle_suppress);
    each(c, NODE_INPUT, declare_input);
    each(c, NODE_PEERS, declare_peers);
    each(c, NODE_BANDS, declare_shared_bands);
    each(c, NODE_PATTERN, declare_pattern);
    declare_kpis(c);
    declare_chart_scales(c);
    each(c, NODE_GROUP, declare_group);
    each(c, NODE_EXAMPLES, keep_examples);
    each(c, NODE_ASSERT, keep_assertion);
    each(c, NODE_OVERRIDE, keep_override);
    declare_overrides(c);
}
