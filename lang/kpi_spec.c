// SPDX-License-Identifier: Apache-2.0
// Gathering what a KPI says: its own clauses, then those of its pattern that it does not replace.
#include <string.h>

#include "lang/compiler.h"

static Str clause_string(Compiler *c, const Node *n) {
    return arena_str(c->arena, node_string(c->scratch, node_kid(n, 0)));
}

const char *clause_word(const Node *n) {
    static const char *const words[N_NODE_KINDS] = {
        [NODE_SOURCE] = "source",
        [NODE_LABEL] = "label",
        [NODE_NOTE] = "note",
        [NODE_VALUE] = "value",
        [NODE_UNIT] = "unit",
        [NODE_UNIT_PER] = "unit",
        [NODE_UNIT_OWN] = "unit",
        [NODE_PRECISION] = "precision",
        [NODE_GOOD] = "good is",
        [NODE_NEEDS] = "needs",
        [NODE_TARGET] = "target",
        [NODE_TRAJECTORY] = "target",
        [NODE_COMPARE] = "compare",
        [NODE_STEADY] = "steady",
        [NODE_SPC] = "spc",
        [NODE_NOT_MONOTONE] = "not monotone",
        [NODE_BANDS] = "bands",
        [NODE_BANDS_FROM] = "bands",
        [NODE_STATUS] = "status",
        [NODE_STATUS_BY] = "status",
        [NODE_STATUS_MAP] = "status",
        [NODE_STATUS_FROM] = "status",
        [NODE_GROUP_NO_DATA] = "no data",
        [NODE_WEIGHT] = "weight",
        [NODE_CRITICAL] = "critical",
        [NODE_LAYOUT] = "layout",
        [NODE_INPUT_FILE] = "file",
        [NODE_ENTITY_COLUMN] = "entity",
        [NODE_ENTITY_IS] = "entity",
        [NODE_PERIOD_COLUMN] = "period",
        [NODE_PERIOD_IS] = "period",
        [NODE_METRIC_COLUMN] = "metric",
        [NODE_VALUE_COLUMN] = "value",
        [NODE_CURRENT_COLUMN] = "current",
        [NODE_PREVIOUS_COLUMN] = "previous",
        [NODE_DELIMITER] = "delimiter",
        [NODE_QUOTE] = "quote",
        [NODE_ENCODING] = "encoding",
        [NODE_SKIP] = "skip",
        [NODE_REVISES] = "revises",
        [NODE_OTHER] = "other",
        [NODE_SUPPRESS] = "suppress",
        [NODE_SUPPRESS_WITH] = "suppress",
        [NODE_SUPPRESS_PAIR] = "with",
        [NODE_SUPPRESS_TOTAL] = "total",
    };
    return words[n->kind] ? words[n->kind] : "line";
}

void report_again(Compiler *c, const Node *n, Place first) {
    Diag *d = report(c, D_CLAUSE_TWICE, node_place(n), "`%s` is given twice", clause_word(n));
    d->other = first;
    d->note = STR("first given here");
    d->hint = STR("remove one of them");
}

static void set_node(Compiler *c, const Node **slot, const Node *n, bool report_twice) {
    if (!*slot)
        *slot = n;
    else if (report_twice)
        report_again(c, n, node_place(*slot));
}

static void set_text(Compiler *c, Str *slot, const Node *n) {
    if (slot->len == 0)
        *slot = clause_string(c, n);
}

// A label stands in the head of a KPI or in a clause of its own, not in both.
static void set_label(Compiler *c, KpiSpec *spec, const Node *n, bool own) {
    if (own && spec->label.len > 0)
        report_again(c, n, spec->place);
    set_text(c, &spec->label, n);
}

// A name for bands or a status that means something else in conditions.
static void refuse_predefined(Compiler *c, const Node *as, const char *what) {
    if (!as || !is_predefined(node_text(as)))
        return;
    report(c, D_PREDEFINED, node_place(as), "`%.*s` has a meaning of its own and cannot name %s",
           STR_ARG(node_text(as)), what)
        ->hint = STR("choose another name");
}

BandSpec band_spec(Compiler *c, const Node *n) {
    const Node *as = node_kid(n, 1);
    BandSpec b = {.scale = node_text(node_kid(n, 0)),
                  .scale_place = node_place(node_kid(n, 0)),
                  .on = node_kid(n, 2),
                  .options = node_kid(n, 3),
                  .place = node_place(n)};
    b.name = arena_str(c->arena, as ? node_text(as) : b.scale);
    for (uint32_t i = 0; b.options && i < b.options->n_kids; i++)
        if (b.options->kids[i]->kind == NODE_VALID)
            b.valid = b.options->kids[i];
    const Node *lines = node_kid(n, 4);
    for (uint32_t i = 0; lines && i < lines->n_kids; i++) {
        const Node *line = lines->kids[i];
        b.broken = b.broken || line->kind == NODE_ERROR;
        if (line->kind != NODE_BAND)
            continue;
        const Node *outcome = node_kid(line, 0);
        VEC_PUSH(c->scratch, &b.lines,
                 (BandLine){outcome, node_text(outcome), node_kid(line, 1), node_kid(line, 2),
                            node_place(line)});
    }
    return b;
}

// Several of one name stand beside each other when each says from when it is valid.
static void report_undated(Compiler *c, Place place, Place other) {
    Diag *d =
        report(c, D_VALID_MIXED, place, "of two with one name, one does not say when it is valid");
    d->other = other;
    d->note = STR("the other one");
    d->hint = STR("add `, valid from PERIOD` to both heads, or take one of the two out");
}

static void add_bands(Compiler *c, KpiSpec *spec, BandSpec b, const Node *n, size_t n_own,
                      bool own) {
    for (size_t i = 0; i < spec->bands.n; i++) {
        const BandSpec *first = &spec->bands.v[i];
        if (!str_eq(first->name, b.name))
            continue;
        bool beside = own || i >= n_own;
        if (beside && first->valid && b.valid)
            continue;
        if (beside && (first->valid || b.valid)) {
            report_undated(c, node_place(n), first->place);
            return;
        }
        if (own || i >= n_own)
            report_again(c, n, spec->bands.v[i].place);
        return;
    }
    spec->broken = spec->broken || b.broken;
    VEC_PUSH(c->scratch, &spec->bands, b);
}

static void add_shared_bands(Compiler *c, KpiSpec *spec, const Node *n, size_t n_own, bool own) {
    Str name = node_text(node_kid(n, 0));
    const Node *shared = find_shared_bands(c, name);
    if (shared) {
        names_use(&c->names, NAME_BANDS, name);
        BandSpec b = band_spec(c, shared);
        if (node_kid(n, 1))
            b.valid = node_kid(n, 1);
        if (node_kid(n, 1))
            b.place = node_place(n);
        add_bands(c, spec, b, n, n_own, own);
        return;
    }
    Diag *d = report(c, D_UNKNOWN_NAME, node_place(node_kid(n, 0)),
                     "no band table `%.*s` is declared", STR_ARG(name));
    if (!is_shown(c, d))
        return;
    Suggestion near = suggest_for(name);
    for (size_t i = 0; i < c->shared_bands.n; i++)
        suggest_consider(&near, c->shared_bands.v[i].name);
    if (!did_you_mean(c, d, &near))
        hint(c, d, "declare it outside the KPIs: bands SCALE as %.*s", STR_ARG(name));
}

static void add_compare(Compiler *c, KpiSpec *spec, const Node *n, size_t n_own, bool own) {
    Str name = node_text(node_kid(n, 0));
    if (own && is_predefined(name)) {
        report(c, D_PREDEFINED, node_place(node_kid(n, 0)),
               "`%.*s` has a meaning of its own and cannot name a comparator", STR_ARG(name))
            ->hint = STR("choose another name");
        return;
    }
    for (size_t i = 0; i < spec->compares.n; i++) {
        const Node *first = spec->compares.v[i];
        if (!str_eq(node_text(node_kid(first, 0)), name))
            continue;
        if (own || i >= n_own)
            report_again(c, n, node_place(first));
        return;
    }
    VEC_PUSH(c->scratch, &spec->compares, n);
}

// The name a status block goes by: that of its scale or what `as` says; `status from KPI` has none.
static Str status_name(const Node *n) {
    const Node *as = n->kind == NODE_STATUS || n->kind == NODE_STATUS_BY ? node_kid(n, 1) : NULL;
    return n->kind == NODE_STATUS_FROM ? (Str){0} : node_text(as ? as : node_kid(n, 0));
}

const Node *status_valid(const Node *n) {
    return node_kid(n, n->kind == NODE_STATUS      ? 3
                       : n->kind == NODE_STATUS_BY  ? 6
                       : n->kind == NODE_STATUS_MAP ? 2
                                                    : 1);
}

static void add_status(Compiler *c, KpiSpec *spec, const Node *n, size_t n_own, bool own) {
    if (n->kind == NODE_STATUS || n->kind == NODE_STATUS_BY)
        refuse_predefined(c, node_kid(n, 1), "a status");
    if (spec->statuses.n == 0) {
        VEC_PUSH(c->scratch, &spec->statuses, n);
        return;
    }
    // A KPI has one status; that of the pattern is replaced by the KPI's own.
    if (own || n_own == 0) {
        const Node *first = spec->statuses.v[0];
        if (status_valid(first) && status_valid(n)) {
            VEC_PUSH(c->scratch, &spec->statuses, n);
            return;
        }
        if (status_valid(first) || status_valid(n)) {
            report_undated(c, node_place(n), node_place(first));
            return;
        }
        Diag *d = report(c, D_CLAUSE_TWICE, node_place(n), "a second status, `%.*s`",
                         STR_ARG(status_name(n)));
        d->other = node_place(first);
        d->note = STR("the first is here");
        d->hint = STR("a KPI has one status; further views can be bands");
    }
}

// Takes the clauses into [spec]. With [own] a clause given twice is reported; a pattern's clauses
// ([own] false) only fill what is still open.
static void take_clauses(Compiler *c, KpiSpec *spec, const Node *clauses, bool own) {
    size_t n_bands = spec->bands.n, n_compares = spec->compares.n, n_statuses = spec->statuses.n;
    const Node *texts[N_NODE_KINDS] = {0};
    for (uint32_t i = 0; i < clauses->n_kids; i++) {
        const Node *n = clauses->kids[i];
        spec->broken = spec->broken || n->kind == NODE_ERROR;
        bool is_text = n->kind == NODE_SOURCE || n->kind == NODE_LABEL || n->kind == NODE_NOTE;
        if (is_text && texts[n->kind])
            report_again(c, n, node_place(texts[n->kind]));
        if (is_text && !texts[n->kind])
            texts[n->kind] = n;
        if (n->kind == NODE_SOURCE)
            set_text(c, &spec->source, n);
        else if (n->kind == NODE_LABEL)
            set_label(c, spec, n, own);
        else if (n->kind == NODE_NOTE)
            set_text(c, &spec->note, n);
        else if (n->kind == NODE_VALUE)
            set_node(c, &spec->value, n, own);
        else if (n->kind == NODE_PRECISION)
            set_node(c, &spec->precision, n, own);
        else if (n->kind == NODE_GOOD)
            set_node(c, &spec->good, n, own);
        else if (n->kind == NODE_NEEDS)
            set_node(c, &spec->needs, n, own);
        else if (n->kind == NODE_TARGET || n->kind == NODE_TRAJECTORY)
            set_node(c, &spec->target, n, own);
        else if (n->kind == NODE_STEADY)
            set_node(c, &spec->steady, n, own);
        else if (n->kind == NODE_SPC)
            set_node(c, &spec->spc, n, own);
        else if (n->kind == NODE_NOT_MONOTONE)
            set_node(c, &spec->not_monotone, n, own);
        else if (n->kind == NODE_UNIT || n->kind == NODE_UNIT_PER || n->kind == NODE_UNIT_OWN) {
            if (!spec->has_unit)
                spec->has_unit = read_unit(c, n, &spec->unit);
            else if (own)
                report_again(c, n, spec->place);
        } else if (n->kind == NODE_COMPARE)
            add_compare(c, spec, n, n_compares, own);
        else if (n->kind == NODE_BANDS) {
            refuse_predefined(c, node_kid(n, 1), "bands");
            add_bands(c, spec, band_spec(c, n), n, n_bands, own);
        } else if (n->kind == NODE_BANDS_FROM)
            add_shared_bands(c, spec, n, n_bands, own);
        else if (n->kind == NODE_STATUS || n->kind == NODE_STATUS_BY ||
                 n->kind == NODE_STATUS_MAP || n->kind == NODE_STATUS_FROM)
            add_status(c, spec, n, n_statuses, own);
    }
}

void spec_add_clauses(Compiler *c, KpiSpec *spec, const Node *clauses) {
    take_clauses(c, spec, clauses, true);
    spec->n_own_statuses = spec->statuses.n;
}

static const Node *need_pattern(Compiler *c, const Node *like) {
    const Node *name = node_kid(like, 0);
    const Node *pattern = find_pattern(c, node_text(name));
    if (pattern) {
        names_use(&c->names, NAME_PATTERN, node_text(name));
        return pattern;
    }
    Diag *d = report(c, D_UNKNOWN_NAME, node_place(name), "no pattern `%.*s` is declared",
                     STR_ARG(node_text(name)));
    if (!is_shown(c, d))
        return NULL;
    Suggestion near = suggest_for(node_text(name));
    for (size_t i = 0; i < c->patterns.n; i++)
        suggest_consider(&near, c->patterns.v[i].name);
    if (!did_you_mean(c, d, &near))
        d->hint = STR("declare it with `pattern`");
    return NULL;
}

void spec_like(Compiler *c, KpiSpec *spec, const Node *like) {
    if (!like)
        return;
    const Node *pattern = need_pattern(c, like);
    if (!pattern)
        return;
    take_clauses(c, spec, node_kid(pattern, 2), false);
    const Node *second = node_kid(pattern, 1);
    if (!second)
        return;
    const Node *base = need_pattern(c, second);
    if (!base || base == pattern) {
        if (base)
            report(c, D_PATTERN, node_place(second), "the pattern is like itself")->hint =
                STR("take `like` out");
        return;
    }
    take_clauses(c, spec, node_kid(base, 2), false);
    if (node_kid(base, 1)) {
        Diag *d = report(c, D_PATTERN, node_place(second),
                         "the pattern `%.*s` is like one that is like a third",
                         STR_ARG(node_text(node_kid(pattern, 0))));
        d->other = node_place(node_kid(base, 1));
        d->note = STR("which is here");
        d->hint = STR("bring the clauses together in one pattern");
    }
}

KpiSpec *find_spec(Compiler *c, Str name) {
    uint32_t index;
    return names_find(&c->names, NAME_KPI, name, &index) ? &c->specs.v[index] : NULL;
}

void spec_add(Compiler *c, const KpiSpec *spec) {
    size_t index = c->specs.n;
    if (!VEC_PUSH(c->scratch, &c->specs, *spec))
        return;
    names_add(&c->names, NAME_KPI, spec->name, index);
    for (size_t i = 0; i < spec->compares.n; i++)
        names_add(&c->names, NAME_COMPARATOR, node_text(node_kid(spec->compares.v[i], 0)), index);
}

KpiSpec *need_spec(Compiler *c, const Node *name) {
    KpiSpec *spec = find_spec(c, node_text(name));
    if (spec)
        return spec;
    Diag *d = report(c, D_UNKNOWN_NAME, node_place(name), "no KPI `%.*s` is declared",
                     STR_ARG(node_text(name)));
    if (!is_shown(c, d))
        return NULL;
    Suggestion near = suggest_for(node_text(name));
    for (size_t i = 0; i < c->specs.n; i++)
        suggest_consider(&near, c->specs.v[i].name);
    did_you_mean(c, d, &near);
    return NULL;
}

void declare_kpi(Compiler *c, const Node *n) {
    KpiSpec spec = {.name = arena_str(c->arena, node_text(node_kid(n, 0))),
                    .place = node_place(node_kid(n, 0))};
    if (is_predefined(spec.name)) {
        report(c, D_PREDEFINED, spec.place, "`%.*s` has a meaning of its own and cannot name a KPI",
               STR_ARG(spec.name))
            ->hint = STR("choose another name");
        return;
    }
    KpiSpec *first = find_spec(c, spec.name);
    if (first) {
        report_twice(c, "the KPI", spec.name, spec.place, first->place);
        return;
    }
    if (node_kid(n, 1))
        spec.label = arena_str(c->arena, node_string(c->scratch, node_kid(n, 1)));
    spec_add_clauses(c, &spec, node_kid(n, 3));
    spec_like(c, &spec, node_kid(n, 2));
    spec_add(c, &spec);
}
