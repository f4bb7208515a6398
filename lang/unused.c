// SPDX-License-Identifier: Apache-2.0
// Declarations that nothing speaks of, and names that hide others. Notes, since a file may well be
// in the making.
#include "lang/compiler.h"

// A file without a KPI is there to be used by others.
static bool has_kpi(const Compiler *c, uint32_t file) {
    for (size_t i = 0; i < c->specs.n; i++)
        if (c->specs.v[i].place.file == file)
            return true;
    return false;
}

static void note(Compiler *c, Place place, const char *what, Str name) {
    if (!has_kpi(c, place.file))
        return;
    report(c, D_UNUSED, place, "nothing uses the %s `%.*s`", what, STR_ARG(name))->hint =
        STR("take it out, or use it");
}

static void note_metrics(Compiler *c) {
    for (size_t i = 0; i < c->loads.n; i++)
        names_use(&c->names, NAME_METRIC, c->metrics.v[c->loads.v[i].metric].name);
    for (size_t i = 0; i < c->metrics.n; i++)
        if (!names_is_used(&c->names, NAME_METRIC, c->metrics.v[i].name))
            note(c, c->metrics.v[i].place, "metric", c->metrics.v[i].name);
}

static void note_lets(Compiler *c) {
    for (size_t i = 0; i < c->lets.n; i++)
        if (!names_is_used(&c->names, NAME_LET, c->lets.v[i].name))
            note(c, node_place(node_kid(c->lets.v[i].node, 0)), "constant", c->lets.v[i].name);
}

static void note_nodes(Compiler *c, const NamedNode *v, size_t n, NameKind kind, const char *what) {
    for (size_t i = 0; i < n; i++)
        if (!names_is_used(&c->names, kind, v[i].name))
            note(c, node_place(node_kid(v[i].node, 0)), what, v[i].name);
}

static void note_peers(Compiler *c) {
    for (size_t i = 0; i < c->peers.n; i++) {
        bool used = false;
        for (size_t k = 0; k < c->amongs.n && !used; k++)
            used = c->amongs.v[k].peers == i;
        if (!used)
            note(c, c->peers.v[i].place, "peers", c->peers.v[i].name);
    }
}

// `compare neighbours = sn` where there is a metric `neighbours` too.
static void note_hidden_metrics(Compiler *c, const KpiSpec *spec) {
    for (size_t i = 0; i < spec->compares.n; i++) {
        const Node *name = node_kid(spec->compares.v[i], 0),
                   *value = node_kid(spec->compares.v[i], 2);
        uint32_t metric;
        if (!find_metric(c, node_text(name), &metric) || str_eq(node_text(value), node_text(name)))
            continue;
        Diag *d = report(c, D_HIDES, node_place(name),
                         "within the KPI `%.*s` is the comparator, and the metric of that name is "
                         "hidden",
                         STR_ARG(node_text(name)));
        d->other = c->metrics.v[metric].place;
        d->note = STR("the metric");
        d->hint = STR("give the comparator a name of its own");
    }
}

void note_unused(Compiler *c) {
    note_metrics(c);
    note_lets(c);
    note_peers(c);
    note_nodes(c, c->patterns.v, c->patterns.n, NAME_PATTERN, "pattern");
    note_nodes(c, c->shared_bands.v, c->shared_bands.n, NAME_BANDS, "band table");
    for (size_t i = 0; i < c->specs.n; i++)
        note_hidden_metrics(c, &c->specs.v[i]);
}
