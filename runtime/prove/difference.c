// SPDX-License-Identifier: Apache-2.0
#include "runtime/prove/difference.h"

#include <string.h>

#include "runtime/data/fingerprint.h"
#include "runtime/prove/difference_parts.h"

enum { MOST_PAIRS = 20000, MOST_REGIONS = 400 };

// A level of the one set of rules and one of the other, and where both are given.
typedef struct Transition {
    uint8_t from, to; // LEVEL_NO_DATA for none
    Regions regions;
    bool plain;    // it comes without any figure below zero
    bool has_case; // a point at which both sides come out as foreseen
    Number point[LINEAR_MAX_VARS];
    PathKnown known[LINEAR_MAX_VARS];
    Place before, after; // that decide there; .line 0: none does
} Transition;

// A level or status that both sides give.
typedef struct Question {
    Str name;
    bool is_status;
    const Scale *scale_before, *scale_after;
    uint16_t reg_before, reg_after;
} Question;

typedef struct Differ {
    const Program *before, *after;
    Arena arena; // of one KPI
    DifferenceSide b, f;
    Shared shared;
    LinearSolver solver;
    Constraint constraints[2 * PATHS_MAX_CONSTRAINTS + LINEAR_MAX_VARS]; // of two cells
    VEC(Transition) transitions; // of the question at hand
    VEC(bs_move) moves;
    VEC(bs_text) notes;
    Str undecided, when;
    const bs_filter *filter;
    bs_rules_change_fn fn;
    void *context;
} Differ;

static bool is_asked_for(const Differ *x, Str name) {
    bool any = !x->filter || x->filter->n_kpis == 0;
    for (size_t i = 0; !any && i < x->filter->n_kpis; i++)
        any = str_eq(str_from(x->filter->kpis[i]), name);
    return any;
}

static bs_text text(Str s) {
    return (bs_text){s.s ? s.s : "", s.s ? s.len : 0};
}

static void leave_open(Differ *x, const char *why) {
    if (x->undecided.len == 0)
        x->undecided = str_from(why);
}

static void note(Differ *x, const char *what) {
    VEC_PUSH(&x->arena, &x->notes, text(str_from(what)));
}

// ---- which way ----------------------------------------------------------------------------------

static int rank_in(const Scale *s, Str level) {
    for (uint32_t i = 0; i < s->n_levels; i++)
        if (str_eq(s->levels[i].name, level))
            return (int)i;
    return -1;
}

// By how many levels [to] is better on a scale; 0 where it has not both.
static int step_on(const Scale *s, Str from, Str to) {
    int x = rank_in(s, from), y = rank_in(s, to);
    return x < 0 || y < 0 ? 0 : y - x;
}

static bs_strictness way_of(const Question *q, const Transition *t) {
    if (t->from == LEVEL_NO_DATA || t->to == LEVEL_NO_DATA)
        return BS_OTHERWISE;
    Str from = q->scale_before->levels[t->from].name, to = q->scale_after->levels[t->to].name;
    int old = step_on(q->scale_before, from, to), new = step_on(q->scale_after, from, to);
    if ((old > 0 && new < 0) || (old < 0 && new > 0) || (old == 0 && new == 0))
        return BS_OTHERWISE;
    return old + new > 0 ? BS_LAXER : BS_STRICTER;
}

static bs_strictness both(bs_strictness x, bs_strictness y) {
    if (x == BS_AS_STRICT || x == y || (x == BS_OTHERWISE && y != BS_AS_STRICT))
        return y;
    return y == BS_AS_STRICT || y == BS_OTHERWISE ? x : BS_BOTH_WAYS;
}

// ---- cells that meet ----------------------------------------------------------------------------

static Str level_name(const Scale *s, uint8_t level) {
    return level == LEVEL_NO_DATA ? (Str){0} : s->levels[level].name;
}

static Str level_label(const Scale *s, uint8_t level) {
    Str label = level == LEVEL_NO_DATA ? STR("no data") : s->levels[level].label;
    return label.len > 0 ? label : level_name(s, level);
}

static bool is_same_level(const Question *q, uint8_t from, uint8_t to) {
    return str_eq(level_name(q->scale_before, from), level_name(q->scale_after, to));
}

static Transition *transition(Differ *x, uint8_t from, uint8_t to) {
    for (size_t i = 0; i < x->transitions.n; i++)
        if (x->transitions.v[i].from == from && x->transitions.v[i].to == to)
            return &x->transitions.v[i];
    Transition t = {.from = from, .to = to};
    return VEC_PUSH(&x->arena, &x->transitions, t) ? &x->transitions.v[x->transitions.n - 1] : NULL;
}

// Where the level in [reg] comes from in the run.
static Place place_of_level(const DifferenceSide *side, const Replay *r, uint16_t reg) {
    const Program *p = side->proof.program;
    const Instr *in = paths_definition(&side->proof.paths, reg);
    const BandTable *t = in->op == OP_BAND ? &p->band_tables[in->imm] : NULL;
    const Validity *v =
        in->op == OP_BAND_DATED ? dated_on(&p->dated[in->imm], side->proof.paths.day) : NULL;
    if (v)
        t = &p->band_tables[v->band_table];
    Why why = WHY(REASON_NOT_AVAILABLE);
    Number n = t ? vm_number(&r->vm, in->a, 0, &why) : number_int(0);
    if (why)
        return (Place){0};
    Place place = t->place;
    place.line = t->pieces[band_piece(t, n)].place.line;
    return place;
}

typedef enum Came { CAME_AS_FORESEEN, CAME_OTHERWISE, CAME_NOT } Came;

// Runs the rules of a side over a point: is the level as foreseen? It cannot be run where it wants
// a text that is none of those that the rules name.
static Came replays(DifferenceSide *side, const Cell *c, const Number *point, bool is_status,
                    uint16_t reg, Place *place) {
    Replay r;
    ReplayCase figures = difference_case(side, c, point);
    Came came = CAME_NOT;
    if (replay_run(&r, &side->proof.paths, &figures)) {
        StatusLane s = is_status ? replay_status(&r, reg) : (StatusLane){0};
        Why why = 0;
        uint8_t level = is_status ? s.level : vm_level(&r.vm, reg, 0, &why);
        came = (why ? LEVEL_NO_DATA : level) == c->status.level ? CAME_AS_FORESEEN : CAME_OTHERWISE;
        if (!is_status)
            *place = place_of_level(side, &r, reg);
        else if (s.line != UINT32_MAX)
            *place = side->proof.program->lines[s.line].place;
    }
    replay_end(&r);
    return came;
}

static void keep_case(Differ *x, const Question *q, Transition *t, const Cell *b, const Cell *f,
                      const Region *r, const Number *point) {
    if (t->has_case)
        return;
    Came was = replays(&x->b, b, point, q->is_status, q->reg_before, &t->before);
    Came is = replays(&x->f, f, point, q->is_status, q->reg_after, &t->after);
    if (was == CAME_OTHERWISE || is == CAME_OTHERWISE)
        leave_open(x, "an example did not come out as it was worked out");
    t->has_case = was == CAME_AS_FORESEEN && is == CAME_AS_FORESEEN;
    if (!t->has_case)
        return;
    memcpy(t->point, point, sizeof t->point);
    memcpy(t->known, r->known, sizeof t->known);
}

// Looks for a point without a figure below zero, which reads better. Leaves the old one where there
// is none.
static bool plain_point(Differ *x, Constraint *v, size_t n, unsigned decimals, Number *point) {
    Number better[LINEAR_MAX_VARS];
    for (size_t i = 0; i < x->shared.n_figures; i++) {
        Linear form = linear_const(number_int(0));
        form.c[i] = number_int(-1);
        v[n + i] = (Constraint){form, false};
    }
    n += x->shared.n_figures;
    if (linear_solve(&x->solver, v, n, x->shared.whole, decimals, better) != LINEAR_HOLDS)
        return false;
    memcpy(point, better, sizeof better);
    return true;
}

static void meet(Differ *x, const Question *q, const Cell *b, const Cell *f) {
    Constraint *v = x->constraints;
    Region r;
    Number point[LINEAR_MAX_VARS];
    if (!difference_meet(&x->arena, &x->shared, &x->b, b, &x->f, f, &r))
        return;
    size_t n = difference_constraints(&x->b, b, v);
    size_t more = n == SIZE_MAX ? n : difference_constraints(&x->f, f, v + n);
    if (more == SIZE_MAX) {
        leave_open(x, "a number outgrew its bounds");
        return;
    }
    unsigned decimals = x->f.proof.paths.decimals;
    LinearAnswer answer =
        linear_solve(&x->solver, v, n + more, x->shared.whole, decimals, point);
    if (answer == LINEAR_NEVER)
        return;
    bool plain = plain_point(x, v, n + more, decimals, point);
    if (answer == LINEAR_UNSURE)
        leave_open(x, "whether some figures can come together could not be worked out");
    Transition *t = transition(x, b->status.level, f->status.level);
    if (!t)
        return;
    if (plain && !t->plain)
        t->has_case = false; // for a better one
    t->plain |= plain;
    if (answer == LINEAR_HOLDS)
        keep_case(x, q, t, b, f, &r, point);
    r.plain = plain;
    if (t->regions.n == MOST_REGIONS ||
        !region_make(&x->arena, &x->solver, &x->shared, v, n + more, &r))
        leave_open(x, "there are too many cases to tell");
    else
        VEC_PUSH(&x->arena, &t->regions, r);
}

typedef struct Ask {
    DifferenceSide *side;
    const Question *question;
    uint16_t reg;
} Ask;

static void keep_cell(Paths *x, void *context) {
    Ask *ask = context;
    PathStatus s = {.line = UINT32_MAX, .held = UINT32_MAX};
    if (ask->question->is_status)
        s = path_status(x, ask->reg);
    else
        s.level = path_level(x, ask->reg);
    cells_keep(x, &ask->side->cells, s);
}

static bool collect(Differ *x, DifferenceSide *side, const Question *q, uint16_t reg) {
    Ask ask = {side, q, reg};
    side->cells = (Cells){0};
    if (paths_each(&side->proof.paths, keep_cell, &ask))
        return true;
    leave_open(x, "the rules have too many cases to go through");
    return false;
}

static void find_transitions(Differ *x, const Question *q) {
    size_t n = 0;
    x->transitions.n = 0;
    x->solver.work = 0;
    if (!collect(x, &x->b, q, q->reg_before) || !collect(x, &x->f, q, q->reg_after))
        return;
    difference_share(&x->arena, &x->shared, &x->b, &x->f);
    if (x->shared.too_many) {
        leave_open(x, "the rules speak of too many figures");
        return;
    }
    for (size_t i = 0; i < x->b.cells.n && n < MOST_PAIRS; i++) {
        for (size_t k = 0; k < x->f.cells.n && n < MOST_PAIRS; k++) {
            const Cell *b = &x->b.cells.v[i], *f = &x->f.cells.v[k];
            if (is_same_level(q, b->status.level, f->status.level))
                continue;
            n++;
            meet(x, q, b, f);
        }
    }
    if (n == MOST_PAIRS)
        leave_open(x, "the rules have too many cases to go through");
    if (x->transitions.n > 0 && (x->b.proof.paths.inexact || x->f.proof.paths.inexact))
        leave_open(x, "some figures hang on each other, so not all that are told of need be able "
                      "to come");
}

// ---- telling ------------------------------------------------------------------------------------

static bs_text *names_of(Differ *x, const Region *r, PathKnown known, size_t *n) {
    bs_text *names = ARENA_ARRAY(&x->arena, bs_text, x->shared.n_figures);
    *n = 0;
    for (size_t i = 0; names && i < x->shared.n_figures; i++)
        if (r->known[i] == known)
            names[(*n)++] = text(x->shared.figures[i].name);
    return names;
}

static bs_text number_text(Differ *x, Number n) {
    Buf out = {0};
    number_print(&out, n);
    Str s = arena_str(&x->arena, buf_str(&out));
    buf_free(&out);
    return text(s);
}

static bs_bound bound_of(Differ *x, const Bound *b) {
    bs_term *terms = ARENA_ARRAY(&x->arena, bs_term, x->shared.n_figures);
    bs_bound out = {.terms = terms,
                    .low = text((Str){0}),
                    .high = text((Str){0}),
                    .low_open = b->low.open,
                    .high_open = b->high.open};
    for (size_t i = 0; terms && i < x->shared.n_figures; i++)
        if (!number_is_zero(b->form.c[i]))
            terms[out.n_terms++] =
                (bs_term){text(x->shared.figures[i].name), number_text(x, b->form.c[i])};
    if (b->low.bounded)
        out.low = number_text(x, b->low.at);
    if (b->high.bounded)
        out.high = number_text(x, b->high.at);
    return out;
}

static bs_region region_of(Differ *x, const Region *r) {
    bs_bound *bounds = ARENA_ARRAY(&x->arena, bs_bound, r->n_bounds);
    bs_region out = {.words = text(region_words(&x->arena, &x->shared, r)),
                     .bounds = bounds,
                     .n_bounds = r->n_bounds,
                     .below_zero = !r->plain};
    for (size_t i = 0; bounds && i < r->n_bounds; i++)
        bounds[i] = bound_of(x, &r->bounds[i]);
    out.missing = names_of(x, r, PATH_MISSING, &out.n_missing);
    out.known = names_of(x, r, PATH_KNOWN, &out.n_known);
    return out;
}

static bs_text example_of(Differ *x, const Transition *t) {
    Buf out = {0};
    for (size_t i = 0; t->has_case && i < x->shared.n_figures; i++) {
        const SharedFigure *f = &x->shared.figures[i];
        if (t->known[i] != PATH_KNOWN)
            continue;
        buf_printf(&out, "%s%.*s %.*s", out.len > 0 ? ", " : "", STR_ARG(f->name),
                   STR_ARG(proof_figure(&x->f.proof, t->point[i], f->unit)));
    }
    Str s = arena_str(&x->arena, buf_str(&out));
    buf_free(&out);
    return text(s);
}

static bs_text file_of(const Program *p, Place place) {
    return text(place.line > 0 && place.file < p->n_files ? p->files[place.file].path : (Str){0});
}

static void tell_transition(Differ *x, const Question *q, Transition *t) {
    regions_merge(&t->regions);
    bs_region *regions = ARENA_ARRAY(&x->arena, bs_region, t->regions.n);
    bs_move move = {.of = text(q->name),
                    .is_status = q->is_status,
                    .from = text(level_name(q->scale_before, t->from)),
                    .to = text(level_name(q->scale_after, t->to)),
                    .from_label = text(level_label(q->scale_before, t->from)),
                    .to_label = text(level_label(q->scale_after, t->to)),
                    .way = way_of(q, t),
                    .when = text(x->when),
                    .regions = regions,
                    .n_regions = t->regions.n,
                    .below_zero = !t->plain,
                    .example = example_of(x, t),
                    .file_before = file_of(x->before, t->before),
                    .file_after = file_of(x->after, t->after),
                    .line_before = t->before.line,
                    .line_after = t->after.line};
    for (size_t i = 0; regions && i < t->regions.n; i++)
        regions[i] = region_of(x, &t->regions.v[i]);
    VEC_PUSH(&x->arena, &x->moves, move);
}

static void ask(Differ *x, const Question *q) {
    find_transitions(x, q);
    for (size_t i = 0; i < x->transitions.n; i++)
        tell_transition(x, q, &x->transitions.v[i]);
}

// ---- a KPI in one era ---------------------------------------------------------------------------

static const NamedLevel *level_named(const Kpi *k, Str name) {
    for (uint32_t i = 0; i < k->n_levels; i++)
        if (str_eq(k->levels[i].name, name))
            return &k->levels[i];
    return NULL;
}

static void ask_all(Differ *x) {
    const Kpi *b = &x->b.era.kpi, *f = &x->f.era.kpi;
    for (uint32_t i = 0; i < f->n_levels; i++) {
        const NamedLevel *to = &f->levels[i], *from = level_named(b, to->name);
        if (!from)
            continue;
        Question q = {to->name,
                      false,
                      &x->before->scales[from->scale],
                      &x->after->scales[to->scale],
                      from->reg,
                      to->reg};
        ask(x, &q);
    }
    if (!b->has_status || !f->has_status)
        return;
    Question q = {f->status_name,
                  true,
                  &x->before->scales[b->status_scale],
                  &x->after->scales[f->status_scale],
                  kpi_computed(b),
                  kpi_computed(f)};
    ask(x, &q);
}

static LinearEnd later(LinearEnd x, LinearEnd y, int sign) {
    if (!x.bounded || !y.bounded)
        return x.bounded ? x : y;
    return number_cmp(x.at, y.at) * sign >= 0 ? x : y;
}

static int32_t day_of(Number n) {
    int64_t day = 0;
    number_to_int(n, &day);
    return (int32_t)day;
}

static Str day_text(Arena *a, Number n) {
    Buf out = {0};
    period_print(&out, (Period){day_of(n), PERIOD_DAY});
    Str s = arena_str(a, buf_str(&out));
    buf_free(&out);
    return s;
}

static Str when_text(Arena *a, LinearEnd low, LinearEnd high) {
    if (!low.bounded && !high.bounded)
        return (Str){0};
    if (!low.bounded)
        return arena_printf(a, "up to %.*s", STR_ARG(day_text(a, high.at)));
    if (!high.bounded)
        return arena_printf(a, "from %.*s", STR_ARG(day_text(a, low.at)));
    return arena_printf(a, "from %.*s to %.*s", STR_ARG(day_text(a, low.at)),
                        STR_ARG(day_text(a, high.at)));
}

static bool begin_side(Differ *x, DifferenceSide *side, const Program *p, const Kpi *k,
                       const Era *era, LinearEnd low, LinearEnd high) {
    *side = (DifferenceSide){.kpi = k, .era = *era};
    side->era.low = low;
    side->era.high = high;
    side->era.day = low.bounded ? day_of(low.at) : high.bounded ? day_of(high.at) : era->day;
    side->proof = (Proof){.program = p, .diags = &side->nowhere, .arena = &x->arena};
    diag_init(&side->nowhere, &x->arena);
    return paths_begin(&side->proof.paths, &x->arena, p, &side->era);
}

static void compare_eras(Differ *x, const Kpi *before, const Era *b, const Kpi *after,
                         const Era *f) {
    LinearEnd low = later(b->low, f->low, 1), high = later(b->high, f->high, -1);
    if (low.bounded && high.bounded && number_cmp(low.at, high.at) > 0)
        return;
    x->when = when_text(&x->arena, low, high);
    if (begin_side(x, &x->b, x->before, before, b, low, high) &&
        begin_side(x, &x->f, x->after, after, f, low, high))
        ask_all(x);
}

// ---- what else differs --------------------------------------------------------------------------

static bool worked_out_alike(Differ *x, uint16_t before, uint16_t after) {
    if (before == NO_REG || after == NO_REG)
        return before == after;
    return str_eq(difference_key(&x->arena, &x->b, before),
                  difference_key(&x->arena, &x->f, after));
}

static void note_levels(Differ *x, const Kpi *b, const Kpi *f) {
    for (uint32_t i = 0; i < f->n_levels; i++)
        if (!level_named(b, f->levels[i].name))
            note(x, "it has bands that it had not before");
    for (uint32_t i = 0; i < b->n_levels; i++)
        if (!level_named(f, b->levels[i].name))
            note(x, "it has lost some of its bands");
}

static void note_figures(Differ *x, const Kpi *b, const Kpi *f) {
    for (uint32_t i = 0; i < f->n_figures; i++)
        for (uint32_t k = 0; k < b->n_figures; k++)
            if (str_eq(f->figures[i].name, b->figures[k].name) &&
                !str_eq(f->figures[i].name, STR("target")) &&
                !worked_out_alike(x, b->figures[k].reg, f->figures[i].reg)) {
                Str what = arena_printf(&x->arena, "%.*s is worked out in another way",
                                        STR_ARG(f->figures[i].name));
                VEC_PUSH(&x->arena, &x->notes, text(what));
            }
}

// Before the last era was looked at its sides are at hand.
static void note_all(Differ *x, const Kpi *b, const Kpi *f) {
    if (!worked_out_alike(x, b->value, f->value))
        note(x, "the value is worked out in another way");
    else if (!worked_out_alike(x, b->judged, f->judged))
        note(x, "what the KPI `needs` is not the same, so other rows have no data");
    note_figures(x, b, f);
    note_levels(x, b, f);
    if (b->polarity != f->polarity)
        note(x, "another side is the good one");
    if (b->has_status != f->has_status)
        note(x, f->has_status ? "it has a status now" : "it has no status any more");
    else if (!str_eq(b->status_name, f->status_name))
        note(x, "the status has another name");
    if (b->has_overrides || f->has_overrides)
        note(x, "overrides are left out of this");
}

static bs_code hand_out(Differ *x, bs_rules_change *c) {
    for (size_t i = 0; i < x->moves.n; i++)
        c->way = both(c->way, x->moves.v[i].way);
    c->moves = x->moves.v;
    c->n_moves = x->moves.n;
    c->notes = x->notes.v;
    c->n_notes = x->notes.n;
    c->undecided = text(x->undecided);
    bs_code code = x->arena.failed         ? BS_NO_MEMORY
                   : x->fn(x->context, c) ? BS_OK
                                          : BS_STOPPED;
    x->undecided = (Str){0};
    memset(&x->moves, 0, sizeof x->moves);
    memset(&x->notes, 0, sizeof x->notes);
    memset(&x->transitions, 0, sizeof x->transitions);
    arena_free(&x->arena);
    return code;
}

static bs_presence presence_of(const void *before, const void *after) {
    return !before ? BS_IN_AFTER : !after ? BS_IN_BEFORE : BS_IN_BOTH;
}

static bs_code compare_kpis(Differ *x, const Kpi *b, const Kpi *f) {
    const Kpi *k = f ? f : b;
    bs_rules_change change = {.row = text(STR("kpi")),
                              .kpi = text(k->name),
                              .label = text(k->label.len > 0 ? k->label : k->name),
                              .presence = presence_of(b, f)};
    Eras before, after;
    if (!b || !f)
        return hand_out(x, &change);
    x->solver = (LinearSolver){.arena = &x->arena};
    if (eras_of(&x->arena, x->before, b, &before) && eras_of(&x->arena, x->after, f, &after)) {
        for (size_t i = 0; i < before.n; i++)
            for (size_t m = 0; m < after.n; m++)
                compare_eras(x, b, &before.v[i], f, &after.v[m]);
        if (before.too_many || after.too_many)
            leave_open(x, "the rules change too often to go through all times");
        if (!x->arena.failed)
            note_all(x, b, f);
    }
    return hand_out(x, &change);
}

static bs_code compare_groups(Differ *x, const Group *b, const Group *f, bool own_rules_same) {
    const Group *g = f ? f : b;
    bs_rules_change change = {.row = text(g->is_scorecard ? STR("scorecard") : STR("group")),
                              .kpi = text(g->name),
                              .label = text(g->label.len > 0 ? g->label : g->name),
                              .presence = presence_of(b, f)};
    if (b && f && own_rules_same)
        change.way = BS_AS_MEMBERS;
    else if (b && f)
        leave_open(x, "for which statuses of its members a group has another one is not worked "
                      "out; compare the rows of figures");
    return hand_out(x, &change);
}

// ---- all of them --------------------------------------------------------------------------------

// The place of each name, those of KPIs and of groups by themselves.
static bool enter(Arena *a, const Program *p, Intern *kpis, Intern *groups) {
    intern_init(kpis, a);
    intern_init(groups, a);
    bool ok = true;
    for (uint32_t i = 0; ok && i < p->n_kpis; i++)
        ok = intern_add(kpis, p->kpis[i].name) != INTERN_NONE;
    for (uint32_t i = 0; ok && i < p->n_groups; i++)
        ok = intern_add(groups, p->groups[i].name) != INTERN_NONE;
    return ok;
}

typedef struct Rules {
    const Program *program;
    Fingerprints prints;
    Intern kpis, groups;
} Rules;

static bool same(const Fingerprint *x, const Fingerprint *y) {
    return strcmp(x->hash, y->hash) == 0;
}

static bs_code all_kpis(Differ *x, const Rules *old, const Rules *new, size_t *n_same) {
    bs_code code = BS_OK;
    for (uint32_t i = 0; code == BS_OK && i < x->after->n_kpis; i++) {
        const Kpi *k = &x->after->kpis[i];
        uint32_t at = intern_find(&old->kpis, k->name);
        if (!is_asked_for(x, k->name))
            continue;
        if (at == INTERN_NONE)
            code = compare_kpis(x, NULL, k);
        else if (same(&old->prints.kpis[at], &new->prints.kpis[i]))
            ++*n_same;
        else
            code = compare_kpis(x, &x->before->kpis[at], k);
    }
    for (uint32_t i = 0; code == BS_OK && i < x->before->n_kpis; i++)
        if (is_asked_for(x, x->before->kpis[i].name) &&
            intern_find(&new->kpis, x->before->kpis[i].name) == INTERN_NONE)
            code = compare_kpis(x, &x->before->kpis[i], NULL);
    return code;
}

static bs_code all_groups(Differ *x, const Rules *old, const Rules *new, size_t *n_same) {
    bs_code code = BS_OK;
    for (uint32_t i = 0; code == BS_OK && i < x->after->n_groups; i++) {
        const Group *g = &x->after->groups[i];
        uint32_t at = intern_find(&old->groups, g->name);
        if (!is_asked_for(x, g->name))
            continue;
        if (at == INTERN_NONE)
            code = compare_groups(x, NULL, g, false);
        else if (same(&old->prints.groups[at], &new->prints.groups[i]))
            ++*n_same;
        else
            code = compare_groups(x, &x->before->groups[at], g,
                                  same(&old->prints.alone[at], &new->prints.alone[i]));
    }
    for (uint32_t i = 0; code == BS_OK && i < x->before->n_groups; i++)
        if (is_asked_for(x, x->before->groups[i].name) &&
            intern_find(&new->groups, x->before->groups[i].name) == INTERN_NONE)
            code = compare_groups(x, &x->before->groups[i], NULL, false);
    return code;
}

static bool begin_rules(Rules *r, Arena *a, const Program *p) {
    r->program = p;
    return fingerprints_make(a, p, &r->prints) && enter(a, p, &r->kpis, &r->groups);
}

bs_code difference_run(const Program *before, const Program *after, const bs_filter *filter,
                       bs_rules_change_fn fn, void *context, size_t *n_same) {
    Arena arena;
    Rules old, new;
    arena_init(&arena, 0);
    Differ *x = ARENA_NEW(&arena, Differ);
    bs_code code = BS_NO_MEMORY;
    *n_same = 0;
    if (x && begin_rules(&old, &arena, before) && begin_rules(&new, &arena, after)) {
        *x = (Differ){
            .before = before, .after = after, .filter = filter, .fn = fn, .context = context};
        arena_init(&x->arena, 0);
        code = all_kpis(x, &old, &new, n_same);
        if (code == BS_OK)
            code = all_groups(x, &old, &new, n_same);
        arena_free(&x->arena);
    }
    arena_free(&arena);
    return code;
}
