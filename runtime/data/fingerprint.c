// SPDX-License-Identifier: Apache-2.0
#include "runtime/data/fingerprint.h"

#include <string.h>

#include "runtime/data/listing.h"

// ---- what a part uses ---------------------------------------------------------------------------

// Things of a kind, numbered in the order in which they were met.
typedef struct Met {
    uint32_t *numbers; // by index in the program: number + 1, or 0
    VEC(uint32_t) order;
} Met;

typedef struct Parts {
    const Program *p;
    Arena *arena;
    Met scales, bands, series, peers, overrides;
    uint32_t *band_numbers, *series_numbers, *override_numbers; // by index, of those that were met
    Buf text;
} Parts;

static bool met_init(Met *m, Arena *a, uint32_t n) {
    *m = (Met){.numbers = ARENA_ARRAY(a, uint32_t, n)};
    return m->numbers;
}

static void met_clear(Met *m) {
    for (size_t i = 0; i < m->order.n; i++)
        m->numbers[m->order.v[i]] = 0;
    m->order.n = 0;
}

static void meet(Parts *x, Met *m, uint32_t i) {
    if (m->numbers[i] == 0 && VEC_PUSH(x->arena, &m->order, i))
        m->numbers[i] = (uint32_t)m->order.n;
}

static void meet_bands(Parts *x, uint32_t table) {
    if (table == UINT32_MAX) // a level of a chart
        return;
    meet(x, &x->bands, table);
    meet(x, &x->scales, x->p->band_tables[table].scale);
}

static void meet_instruction(Parts *x, const Instr *in) {
    const Program *p = x->p;
    ImmKind kind = op_info[in->op].imm;
    if (kind == IMM_BANDS)
        meet_bands(x, in->imm);
    const Dated *dated = in->op == OP_BAND_DATED ? &p->dated[in->imm] : NULL;
    for (uint32_t i = 0; dated && i < dated->n; i++)
        meet_bands(x, dated->v[i].band_table);
    if (kind == IMM_AMONG) {
        meet(x, &x->series, p->amongs[in->imm].series);
        if (p->amongs[in->imm].peers != AMONG_EVERYONE)
            meet(x, &x->peers, p->amongs[in->imm].peers);
    }
    if (kind == IMM_MAP) {
        meet(x, &x->scales, p->maps[in->imm].from);
        meet(x, &x->scales, p->maps[in->imm].to);
    }
    if (kind == IMM_JUDGEMENTS)
        meet(x, &x->overrides, in->imm);
}

static void meet_code(Parts *x, const Function *fn) {
    for (uint32_t i = fn->first; i < fn->first + fn->n; i++)
        meet_instruction(x, &x->p->code[i]);
}

static void meet_kpi(Parts *x, const Kpi *k) {
    for (uint32_t i = 0; i < k->n_levels; i++) {
        meet_bands(x, k->levels[i].band_table);
        meet(x, &x->scales, k->levels[i].scale);
    }
    if (k->has_status)
        meet(x, &x->scales, k->status_scale);
    meet_code(x, &k->fn);
    for (size_t i = 0; i < x->series.order.n; i++) // a series may read others
        meet_code(x, &x->p->series[x->series.order.v[i]].fn);
}

// ---- its text -----------------------------------------------------------------------------------

static void give_numbers(uint32_t *numbers, const Met *m) {
    for (size_t i = 0; i < m->order.n; i++)
        numbers[m->order.v[i]] = (uint32_t)i;
}

static void list_judgements(Listing *l, const JudgementSet *set) {
    for (uint32_t i = set->first; i < set->first + set->n; i++)
        listing_judgement(l, i);
}

static void list_parts(const Parts *x, Listing *l) {
    const Program *p = x->p;
    for (size_t i = 0; i < x->scales.order.n; i++)
        listing_scale(l, &p->scales[x->scales.order.v[i]]);
    for (size_t i = 0; i < x->peers.order.n; i++)
        listing_peers(l, &p->peers[x->peers.order.v[i]]);
    for (size_t i = 0; i < x->bands.order.n; i++)
        listing_bands(l, x->bands.order.v[i]);
    for (size_t i = 0; i < x->series.order.n; i++)
        listing_series(l, x->series.order.v[i]);
    for (size_t i = 0; i < x->overrides.order.n; i++)
        list_judgements(l, &p->judgement_sets[x->overrides.order.v[i]]);
}

static void take_digest(Parts *x, Listing *l, Fingerprint *out) {
    x->text.failed |= l->scratch.failed;
    if (!x->text.failed)
        listing_digest(buf_str(&x->text), out->hash);
    x->text.len = 0;
    arena_free(&l->scratch);
}

static Listing begin_listing(Parts *x) {
    Listing l = {.p = x->p,
                 .out = &x->text,
                 .band_numbers = x->band_numbers,
                 .series_numbers = x->series_numbers,
                 .override_numbers = x->override_numbers};
    arena_init(&l.scratch, 0);
    return l;
}

static void make_kpi(Parts *x, const Kpi *k, Fingerprint *out) {
    meet_kpi(x, k);
    give_numbers(x->band_numbers, &x->bands);
    give_numbers(x->series_numbers, &x->series);
    give_numbers(x->override_numbers, &x->overrides);
    Listing l = begin_listing(x);
    list_parts(x, &l);
    listing_kpi(&l, k, NULL);
    take_digest(x, &l, out);
    Met *all[] = {&x->scales, &x->bands, &x->series, &x->peers, &x->overrides};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        met_clear(all[i]);
}

// Its members' fingerprints are made before.
static void make_group(Parts *x, uint32_t group, const Fingerprints *of) {
    const Group *g = &x->p->groups[group];
    Listing l = begin_listing(x);
    listing_scale(&l, &x->p->scales[g->scale]);
    listing_group(&l, g);
    take_digest(x, &l, &of->alone[group]);
    buf_puts(&x->text, of->alone[group].hash);
    buf_char(&x->text, '\n');
    for (uint32_t i = 0; i < g->n_members; i++) {
        const GroupMember *m = &g->members[i];
        const Fingerprint *member = m->is_group ? &of->groups[m->index] : &of->kpis[m->index];
        buf_puts(&x->text, member->hash);
        buf_char(&x->text, '\n');
    }
    l = begin_listing(x);
    take_digest(x, &l, &of->groups[group]);
}

bool fingerprints_make(Arena *a, const Program *p, Fingerprints *out) {
    Arena scratch;
    arena_init(&scratch, 0);
    Parts x = {.p = p,
               .arena = &scratch,
               .band_numbers = ARENA_ARRAY(&scratch, uint32_t, p->n_band_tables),
               .series_numbers = ARENA_ARRAY(&scratch, uint32_t, p->n_series),
               .override_numbers = ARENA_ARRAY(&scratch, uint32_t, p->n_judgement_sets)};
    *out = (Fingerprints){.kpis = ARENA_ARRAY(a, Fingerprint, p->n_kpis),
                          .groups = ARENA_ARRAY(a, Fingerprint, p->n_groups),
                          .alone = ARENA_ARRAY(a, Fingerprint, p->n_groups)};
    bool ok = out->kpis && out->groups && out->alone &&
              met_init(&x.scales, &scratch, p->n_scales) &&
              met_init(&x.bands, &scratch, p->n_band_tables) &&
              met_init(&x.series, &scratch, p->n_series) &&
              met_init(&x.peers, &scratch, p->n_peers) &&
              met_init(&x.overrides, &scratch, p->n_judgement_sets) && !scratch.failed;
    for (uint32_t i = 0; ok && i < p->n_kpis; i++)
        make_kpi(&x, &p->kpis[i], &out->kpis[i]);
    for (uint32_t i = 0; ok && i < p->n_groups; i++)
        make_group(&x, p->group_order[i], out);
    ok = ok && !scratch.failed && !x.text.failed;
    buf_free(&x.text);
    arena_free(&scratch);
    return ok;
}

// ---- reading ------------------------------------------------------------------------------------

static void list_inputs(const Program *p, Listing *l) {
    for (uint32_t i = 0; i < p->n_fields; i++) {
        buf_puts(l->out, p->field_is_text[i] ? "text " : "field ");
        listing_quote(l, p->fields[i]);
        listing_end(l, (Place){.file = PLACE_NO_FILE});
    }
    for (uint32_t i = 0; i < p->n_inputs; i++)
        listing_input(l, &p->inputs[i]);
}

static bool inputs_alike(Listing *a, Listing *b) {
    list_inputs(a->p, a);
    list_inputs(b->p, b);
    return str_eq(buf_str(a->out), buf_str(b->out));
}

// A label is for readers alone.
static bool metrics_alike(Listing *a, const Metric *m, Listing *b, const Metric *n) {
    Metric x = *m, y = *n;
    x.label = y.label = (Str){0};
    a->out->len = b->out->len = 0;
    listing_metric(a, &x);
    listing_metric(b, &y);
    return str_eq(buf_str(a->out), buf_str(b->out));
}

static bool enter_names(Intern *names, const Program *p) {
    for (uint32_t i = 0; i < p->n_metrics; i++)
        if (intern_add(names, p->metrics[i].name) == INTERN_NONE)
            return false;
    return true;
}

// The metric of [to] for each of [from]; false where some are not alike.
static bool match_metrics(Listing *from, Listing *to, const Intern *names, uint32_t *metrics,
                          bool *moved) {
    if (from->p->n_metrics != to->p->n_metrics)
        return false;
    for (uint32_t i = 0; i < from->p->n_metrics; i++) {
        const Metric *m = &from->p->metrics[i];
        metrics[i] = intern_find(names, m->name);
        if (metrics[i] == INTERN_NONE ||
            !metrics_alike(from, m, to, &to->p->metrics[metrics[i]]))
            return false;
        *moved |= metrics[i] != i;
    }
    return true;
}

bool reading_alike(Arena *a, const Program *from, const Program *to, bool *alike,
                   uint32_t **metrics) {
    Arena scratch;
    Intern names;
    Buf text = {0}, other = {0};
    bool moved = false;
    arena_init(&scratch, 0);
    intern_init(&names, &scratch);
    *metrics = ARENA_ARRAY(a, uint32_t, from->n_metrics);
    bool ok = *metrics && enter_names(&names, to);
    if (ok) {
        Listing x = {.p = from, .out = &text}, y = {.p = to, .out = &other};
        *alike = inputs_alike(&x, &y) && match_metrics(&x, &y, &names, *metrics, &moved);
    }
    if (!moved)
        *metrics = NULL;
    ok = ok && !text.failed && !other.failed;
    buf_free(&text);
    buf_free(&other);
    arena_free(&scratch);
    return ok;
}
