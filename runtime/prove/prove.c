// SPDX-License-Identifier: Apache-2.0
#include "runtime/prove/proof.h"

// ---- telling ------------------------------------------------------------------------------------

uint32_t proof_key(Intern *ids, Place place, uint32_t more) {
    PlaceKey key = {place.file, place.line, place.column, more};
    return intern_add(ids, (Str){(const char *)&key, sizeof key});
}

bool proof_told(Proof *x, DiagCode code, Place place) {
    uint32_t n = x->told_ids.n;
    return proof_key(&x->told_ids, place, code) != n;
}

Place proof_place(const Proof *x, const Instr *in) {
    size_t i = (size_t)(in - paths_code(&x->paths, 0));
    return x->program->places[x->paths.kpi->fn.first + i];
}

void proof_not_decided(Proof *x, Place place, const char *why) {
    if (!proof_told(x, D_NOT_DECIDED, place))
        diag_add(x->diags, D_NOT_DECIDED, place, "%s", why)->hint =
            STR("hold the rule to `examples` in the cases that matter");
}

Str proof_figure(Proof *x, Number n, Unit unit) {
    Buf digits = {0}, out = {0};
    number_print(&digits, n);
    unit_print_figure(&out, buf_str(&digits), unit);
    Str s = arena_str(x->diags->arena, buf_str(&out));
    buf_free(&digits);
    buf_free(&out);
    return s;
}

static Str load_name(Proof *x, const Load *load) {
    const Program *p = x->program;
    Str metric = p->metrics[load->metric].name;
    Arena *a = x->diags->arena;
    Str name = load->field == FIELD_VALUE
                   ? metric
                   : arena_printf(a, "%.*s.%.*s", STR_ARG(metric), STR_ARG(p->fields[load->field]));
    if (load->within > 0)
        name = arena_printf(a, "latest(%.*s, within %d period%s)", STR_ARG(name), load->within,
                            load->within > 1 ? "s" : "");
    if (load->years > 0)
        name = arena_printf(a, "year_ago(%.*s)", STR_ARG(name));
    if (load->back > 1)
        return arena_printf(a, "previous(%.*s, %d)", STR_ARG(name), load->back);
    return load->back == 0 ? name : arena_printf(a, "previous(%.*s)", STR_ARG(name));
}

Str proof_first_load(Proof *x, uint64_t loads) {
    for (size_t i = 0; i < x->paths.kpi->fn.n; i++) {
        const Instr *in = paths_code(&x->paths, i);
        if (in->op == OP_LOAD && (paths_loads(&x->paths, in->dst) & loads))
            return load_name(x, &x->program->loads[in->imm]);
    }
    return STR("it");
}

// The comparator or target that stands in a variable; NULL when none does.
static const NamedFigure *figure_in(const Proof *x, size_t var) {
    const Kpi *k = x->paths.kpi;
    for (uint32_t i = 0; i < k->n_figures; i++)
        if (paths_var(&x->paths, k->figures[i].reg) == var)
            return &k->figures[i];
    return NULL;
}

Str proof_name(Proof *x, size_t var) {
    const Kpi *k = x->paths.kpi;
    const PathVar *v = &x->paths.vars[var];
    const NamedFigure *figure = figure_in(x, var);
    if (v->reg == k->judged)
        return STR("value");
    if (v->reg == k->previous)
        return STR("previous");
    if (figure)
        return figure->name;
    return v->load != UINT32_MAX ? load_name(x, &x->program->loads[v->load]) : STR("a figure");
}

Unit proof_unit(const Proof *x, size_t var) {
    const Kpi *k = x->paths.kpi;
    const PathVar *v = &x->paths.vars[var];
    const NamedFigure *figure = figure_in(x, var);
    if (v->reg == k->judged || v->reg == k->previous)
        return k->unit;
    if (figure)
        return figure->unit;
    return v->load != UINT32_MAX ? x->program->metrics[x->program->loads[v->load].metric].unit
                                 : (Unit){0};
}

Str proof_others(Proof *x, const ReplayCase *c, size_t except) {
    Buf out = {0};
    for (size_t i = 0; i < x->paths.n_vars; i++) {
        if (i == except || c->taken.known[i] == PATH_UNSEEN)
            continue;
        buf_puts(&out, out.len == 0 ? ", with " : " and ");
        Str name = proof_name(x, i);
        if (c->taken.known[i] == PATH_MISSING)
            buf_printf(&out, "no figure for %.*s", STR_ARG(name));
        else
            buf_printf(&out, "%.*s %.*s", STR_ARG(name),
                       STR_ARG(proof_figure(x, c->point[i], proof_unit(x, i))));
    }
    Str s = arena_str(x->diags->arena, buf_str(&out));
    buf_free(&out);
    return s;
}

// ---- all KPIs -----------------------------------------------------------------------------------

static bool prove_era(Proof *x, const Era *era) {
    bool ok = paths_begin(&x->paths, &x->scratch, x->program, era);
    x->cells = (Cells){0};
    if (ok) {
        prove_bands(x);
        prove_status(x);
        prove_monotone(x);
        prove_code(x);
    }
    ok = !x->scratch.failed && !x->arena->failed;
    arena_free(&x->scratch);
    return ok;
}

static bool prove_kpi(Proof *x, const Kpi *k) {
    Eras eras;
    bool ok = eras_of(x->arena, x->program, k, &eras);
    x->kpi_index = (uint32_t)(k - x->program->kpis);
    for (size_t i = 0; ok && i < eras.n; i++)
        ok = prove_era(x, &eras.v[i]);
    if (ok && eras.too_many)
        proof_not_decided(x, k->place, "the rules of this KPI change too often to go through all times");
    return ok;
}

static Proof *begin(Arena *arena, const Program *p, DiagList *d) {
    arena_init(arena, 0);
    Proof *x = ARENA_NEW(arena, Proof);
    if (x) {
        *x = (Proof){.program = p, .diags = d, .arena = arena};
        arena_init(&x->scratch, 0);
        intern_init(&x->block_ids, arena);
        intern_init(&x->table_ids, arena);
        intern_init(&x->told_ids, arena);
    }
    return x;
}

bool prove_program(const Program *p, DiagList *d) {
    Arena arena;
    Proof *x = begin(&arena, p, d);
    bool ok = x != NULL;
    if (ok)
        x->kpi_levels = ARENA_ARRAY(&arena, uint32_t, p->n_kpis);
    ok = ok && x->kpi_levels;
    for (uint32_t i = 0; ok && i < p->n_kpis; i++)
        ok = prove_kpi(x, &p->kpis[i]);
    if (ok) {
        report_bands(x);
        report_status(x);
        ok = prove_groups(x);
    }
    arena_free(&arena);
    return ok;
}

static bool may_be_unended(const Program *p, const Kpi *k) {
    const Dated *d = k->status_dated > 0 ? &p->dated[k->status_dated - 1] : NULL;
    bool unended = k->unended.line > 0;
    for (uint32_t i = 0; d && i < d->n; i++)
        unended |= d->v[i].unended.line > 0;
    return unended;
}

static bool prove_endings_of(Proof *x, const Kpi *k) {
    Eras eras;
    bool ok = eras_of(x->arena, x->program, k, &eras);
    for (size_t i = 0; ok && i < eras.n; i++) {
        if (eras.v[i].kpi.unended.line == 0)
            continue;
        ok = paths_begin(&x->paths, &x->scratch, x->program, &eras.v[i]);
        if (ok)
            prove_ending(x);
        ok = ok && !x->scratch.failed && !x->arena->failed;
        arena_free(&x->scratch);
    }
    return ok;
}

bool prove_endings(const Program *p, DiagList *d) {
    Arena arena;
    Proof *x = NULL;
    bool ok = true;
    for (uint32_t i = 0; ok && i < p->n_kpis; i++) {
        if (!may_be_unended(p, &p->kpis[i]))
            continue;
        x = x ? x : begin(&arena, p, d);
        ok = x && prove_endings_of(x, &p->kpis[i]);
    }
    if (x)
        arena_free(&arena);
    return ok;
}
