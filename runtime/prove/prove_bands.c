// SPDX-License-Identifier: Apache-2.0
// Band tables: what a figure can be, against the pieces of the table.
#include "runtime/prove/proof.h"

// ---- of one KPI ---------------------------------------------------------------------------------

static TableProof *table_at(Proof *x, uint32_t table, const Kpi *k) {
    const BandTable *t = &x->program->band_tables[table];
    uint32_t i = proof_key(&x->table_ids, t->place, t->n_cuts);
    if (i < x->tables.n)
        return &x->tables.v[i];
    TableProof proof = {.place = t->place,
                        .table = table,
                        .kpi = k,
                        .polarity = k->polarity,
                        .unit = k->unit,
                        .arena = x->arena,
                        .reached = ARENA_ARRAY(x->arena, bool, t->n_cuts + 1),
                        .examples = ARENA_ARRAY(x->arena, Number, t->n_cuts + 1)};
    if (!proof.reached || !proof.examples || !VEC_PUSH(x->arena, &x->tables, proof))
        return NULL;
    return &x->tables.v[x->tables.n - 1];
}

typedef struct Pieces {
    TableProof *proof;
    const BandTable *table;
    uint16_t subject;
    size_t piece;
} Pieces;

static void visit(Paths *x, void *context) {
    Pieces *p = context;
    PathNumber n = path_number(x, p->subject);
    if (n.missing || x->dead || p->proof->reached[p->piece])
        return;
    Number example;
    LinearAnswer answer = paths_can_be(x, p->table, (uint32_t)p->piece, &n, &example);
    p->proof->undecided |= answer == LINEAR_UNSURE;
    if (answer != LINEAR_HOLDS)
        return;
    p->proof->reached[p->piece] = true;
    number_copy(p->proof->arena, example, &p->proof->examples[p->piece]);
}

static void take_domain(Proof *x, TableProof *proof, uint16_t subject) {
    size_t var = paths_var(&x->paths, subject);
    if (var == LINEAR_MAX_VARS)
        return;
    const PathVar *v = &x->paths.vars[var];
    proof->low = v->low;
    proof->high = v->high;
    bool ok = !v->low.bounded || number_copy(x->arena, v->low.at, &proof->low.at);
    ok = ok && (!v->high.bounded || number_copy(x->arena, v->high.at, &proof->high.at));
    proof->undecided |= !ok;
}

void prove_bands(Proof *x) {
    const Kpi *k = x->paths.kpi;
    for (uint32_t i = 0; i < k->n_levels; i++) {
        const NamedLevel *level = &k->levels[i];
        TableProof *proof = table_at(x, level->band_table, k);
        const BandTable *t = &x->program->band_tables[level->band_table];
        for (uint32_t piece = 0; proof && piece <= t->n_cuts; piece++) {
            Pieces p = {proof, t, paths_definition(&x->paths, level->reg)->a, piece};
            if (!paths_each(&x->paths, visit, &p))
                proof->undecided = true;
        }
        if (proof && proof->kpi == k)
            take_domain(x, proof, paths_definition(&x->paths, level->reg)->a);
    }
}

// ---- over all -----------------------------------------------------------------------------------

static Place place_of(const TableProof *t, const Piece *piece) {
    return piece->place.line == 0 ? t->place : piece->place;
}

// Counts, shares and the like begin at nothing: a table whose lowest band begins there leaves
// nothing out.
static bool ends_at_nothing(const TableProof *proof, const BandTable *t) {
    switch (proof->unit.kind) {
    case UNIT_PERCENT:
    case UNIT_COUNT:
    case UNIT_PER:
    case UNIT_DAYS:
    case UNIT_POUNDS:
    case UNIT_RATIO:
        return number_sign(t->cuts[0].at) == 0 && !t->cuts[0].at_goes_left;
    case UNIT_NONE:
    case UNIT_POINTS:
    case UNIT_OWN:
        break;
    }
    return false;
}

static Str plain(Proof *x, Number n) {
    return proof_figure(x, n, (Unit){0});
}

// How to leave the outer end of the good side open.
static Str open_end(Proof *x, const BandTable *t, bool above) {
    Str bound = plain(x, t->cuts[above ? t->n_cuts - 1 : 0].at);
    if (t->n_cuts < 2)
        return arena_printf(x->diags->arena, "give the metric a range that ends at %.*s",
                            STR_ARG(bound));
    Str inner = plain(x, t->cuts[above ? t->n_cuts - 2 : 1].at);
    return arena_printf(
        x->diags->arena,
        above ? "write `%.*s+`, or give the metric a range that ends at %.*s"
              : "write `at most %.*s`, or give the metric a range that begins at %.*s",
        STR_ARG(inner), STR_ARG(bound));
}

static void report_beyond(Proof *x, const TableProof *proof, const BandTable *t, bool above) {
    uint32_t outside = above ? t->n_cuts : 0;
    const Piece *edge = &t->pieces[above ? outside - 1 : 1];
    const Scale *s = &x->program->scales[t->scale];
    bool has_level = edge->level < s->n_levels;
    Diag *d = diag_add(
        x->diags, D_BAND_BEYOND, place_of(proof, edge),
        "%.*s is in no band: the %s, %.*s, %s at %.*s",
        STR_ARG(proof_figure(x, proof->examples[outside], proof->unit)),
        above ? "highest" : "lowest",
        STR_ARG(has_level ? s->levels[edge->level].name : STR("a gap")), above ? "ends" : "begins",
        STR_ARG(proof_figure(x, t->cuts[above ? t->n_cuts - 1 : 0].at, proof->unit)));
    if (proof->polarity == (above ? POLARITY_HIGH : POLARITY_LOW)) {
        d->hint = open_end(x, t, above);
        return;
    }
    Str worse = s->levels[has_level && edge->level > 0 ? edge->level - 1 : 0].name;
    d->hint = arena_printf(x->diags->arena,
                           "say what such figures are: `%.*s otherwise`, or `no data otherwise "
                           "because \"…\"`",
                           STR_ARG(worse));
}

static void report_unreached(Proof *x, const TableProof *proof, const BandTable *t, uint32_t i) {
    const Piece *piece = &t->pieces[i];
    const Scale *s = &x->program->scales[t->scale];
    diag_add(x->diags, D_BAND_UNREACHED, place_of(proof, piece), "no figure can be %.*s here: %s",
             STR_ARG(s->levels[piece->level].name),
             proof->unit.kind == UNIT_COUNT ? "the figure is a count, whole and never below 0"
                                            : "the band lies outside the range of the figure")
        ->hint = STR("correct the bounds, or the metric's range");
}

// Levels between the best and the worst of a table that it does not give.
static void report_left_out(Proof *x, const TableProof *proof, const BandTable *t) {
    const Scale *s = &x->program->scales[t->scale];
    uint32_t given = 0;
    for (uint32_t i = 0; i <= t->n_cuts; i++)
        if (t->pieces[i].level < s->n_levels)
            given |= 1u << t->pieces[i].level;
    for (uint32_t i = 1; i + 1 < s->n_levels; i++) {
        bool below = given & ((1u << i) - 1), above = (given >> i) > 1;
        if (given >> i & 1 || !below || !above)
            continue;
        diag_add(x->diags, D_BAND_LEFT_OUT, proof->place,
                 "no figure is %.*s: the table leaves the level out", STR_ARG(s->levels[i].name))
            ->hint = STR("add a line for the level, or choose a scale without it");
    }
}

// A bound that no figure can reach, of a band that some can.
static void report_bound(Proof *x, const TableProof *proof, const BandTable *t, uint32_t cut,
                         bool above) {
    const LinearEnd *end = above ? &proof->high : &proof->low;
    uint32_t inside = above ? cut : cut + 1;
    const Piece *piece = &t->pieces[inside];
    int beyond = end->bounded ? number_cmp(t->cuts[cut].at, end->at) : 0;
    if ((above ? beyond <= 0 : beyond >= 0) || piece->kind != PIECE_BAND || !proof->reached[inside])
        return;
    diag_add(x->diags, D_BAND_FAR_BOUND, place_of(proof, piece),
             "the bound %.*s lies beyond every figure: none is %s %.*s",
             STR_ARG(proof_figure(x, t->cuts[cut].at, proof->unit)), above ? "above" : "below",
             STR_ARG(proof_figure(x, end->at, proof->unit)))
        ->hint = STR("check the bound for a typing error, and the metric's range");
}

void report_bands(Proof *x) {
    for (size_t i = 0; i < x->tables.n; i++) {
        const TableProof *proof = &x->tables.v[i];
        const BandTable *t = &x->program->band_tables[proof->table];
        if (t->n_cuts == 0)
            continue;
        if (proof->reached[0] && t->pieces[0].kind == PIECE_NONE && !ends_at_nothing(proof, t))
            report_beyond(x, proof, t, false);
        if (proof->reached[t->n_cuts] && t->pieces[t->n_cuts].kind == PIECE_NONE)
            report_beyond(x, proof, t, true);
        for (uint32_t k = 0; !proof->undecided && k <= t->n_cuts; k++)
            if (t->pieces[k].kind == PIECE_BAND && !proof->reached[k])
                report_unreached(x, proof, t, k);
        for (uint32_t k = 0; !proof->undecided && k < t->n_cuts; k++) {
            report_bound(x, proof, t, k, false);
            report_bound(x, proof, t, k, true);
        }
        report_left_out(x, proof, t);
    }
}
