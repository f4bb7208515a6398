// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/peers.h"

#include <string.h>

#include "runtime/base/suggest.h"

enum {
    MOST_SINGLE_FINDINGS = 8, // of a set; more are told of in one finding
    MOST_NAMES_TOLD = 5,      // in it
    MOST_METRICS_TOLD = 4,
};

typedef struct Check {
    const Program *program;
    const Store *store;
    DiagList *diags;
    Arena *arena;
    uint8_t *has; // by metric, then by entity: there is an observation
    // Of the set that is looked at:
    const PeerSet *set;
    uint32_t *entity_of; // by name: among the store's entities, or INTERN_NONE
    bool *named;         // by entity: the file has its name
    bool *listed;        // by entity: it has a list
    bool *suggested;     // by entity: told of as what a name was meant to be
    bool *reported;      // by entity: it has figures of what is compared
} Check;

typedef VEC(uint32_t) Indices;

typedef struct Missed { // a name without figures
    uint32_t name;
    Str meant; // the name that the figures have, or empty
} Missed;

typedef VEC(Missed) MissedNames;

// ---- which figures there are --------------------------------------------------------------------

static bool find_figures(Check *c) {
    const Store *s = c->store;
    size_t n_entities = s->entities.n;
    c->has = ARENA_ARRAY(c->arena, uint8_t, s->n_metrics * n_entities);
    c->named = ARENA_ARRAY(c->arena, bool, n_entities);
    c->suggested = ARENA_ARRAY(c->arena, bool, n_entities);
    c->reported = ARENA_ARRAY(c->arena, bool, n_entities);
    for (uint32_t i = 0; c->has && i < s->n_blocks; i++)
        c->has[s->blocks[i].metric * n_entities + s->blocks[i].entity] = 1;
    return !c->arena->failed;
}

static bool has_figure(const Check *c, uint32_t entity, const uint32_t *metrics, uint32_t n) {
    for (uint32_t i = 0; entity != INTERN_NONE && i < n; i++)
        if (c->has[metrics[i] * (size_t)c->store->entities.n + entity])
            return true;
    return false;
}

static bool begin_set(Check *c, const PeerSet *set) {
    uint32_t n = c->store->entities.n;
    c->set = set;
    c->entity_of = ARENA_ARRAY(c->arena, uint32_t, set->n_names);
    c->named = ARENA_ARRAY(c->arena, bool, n);
    c->listed = ARENA_ARRAY(c->arena, bool, n);
    c->suggested = ARENA_ARRAY(c->arena, bool, n);
    c->reported = ARENA_ARRAY(c->arena, bool, n);
    if (c->arena->failed)
        return false;
    for (uint32_t i = 0; i < set->n_names; i++) {
        c->entity_of[i] = intern_find(&c->store->entities, set->names[i].name);
        if (c->entity_of[i] != INTERN_NONE)
            c->named[c->entity_of[i]] = true;
    }
    for (uint32_t i = 0; i < set->n_lists; i++) {
        uint32_t entity = intern_find(&c->store->entities, set->lists[i].entity);
        if (entity != INTERN_NONE)
            c->listed[entity] = true;
    }
    return true;
}

// ---- names that are much alike ------------------------------------------------------------------

static char lower(char ch) {
    return ch >= 'A' && ch <= 'Z' ? (char)(ch - 'A' + 'a') : ch;
}

static bool is_of_word(char ch) {
    return (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || (unsigned char)ch >= 0x80;
}

// The next word of [*rest], letters and digits alone; empty at the end.
static Str next_word(Str *rest) {
    size_t from = 0, to;
    while (from < rest->len && !is_of_word(lower(rest->s[from])))
        from++;
    for (to = from; to < rest->len && is_of_word(lower(rest->s[to]));)
        to++;
    Str word = str_slice(*rest, from, to);
    *rest = str_slice(*rest, to, rest->len);
    return word;
}

static bool same_word(Str a, Str b) {
    bool same = a.len == b.len;
    for (size_t i = 0; same && i < a.len; i++)
        same = lower(a.s[i]) == lower(b.s[i]);
    return same;
}

enum { LEAST_OF_A_NAME = 4 }; // letters: "the" and "of" alone make no name

// Does [name] have each word of [part], one of them no mere particle? "Durham" and "County Durham".
static bool has_words_of(Str name, Str part) {
    bool telling = false;
    for (Str word = next_word(&part); word.len > 0; word = next_word(&part)) {
        Str rest = name, other = next_word(&rest);
        while (other.len > 0 && !same_word(word, other))
            other = next_word(&rest);
        if (other.len == 0)
            return false;
        telling = telling || word.len >= LEAST_OF_A_NAME;
    }
    return telling;
}

// The entity whose figures were meant by [name], of those that the file does not name; INTERN_NONE
// where none is near, or several are.
static uint32_t find_meant(const Check *c, Str name) {
    Suggestion near = suggest_for(name);
    uint32_t alike = INTERN_NONE, n_alike = 0;
    for (uint32_t i = 0; i < c->store->entities.n; i++) {
        Str entity = intern_text(&c->store->entities, i);
        if (!c->reported[i] || c->named[i])
            continue;
        suggest_consider(&near, entity);
        if (has_words_of(entity, name) || has_words_of(name, entity)) {
            alike = i;
            n_alike++;
        }
    }
    if (near.best.len > 0)
        return intern_find(&c->store->entities, near.best);
    return n_alike == 1 ? alike : INTERN_NONE;
}

// ---- peers without figures ----------------------------------------------------------------------

// "`a`, `b` or `c`".
static void put_metrics(const Check *c, Buf *out, const Indices *metrics) {
    if (metrics->n > MOST_METRICS_TOLD) {
        buf_puts(out, "the metrics that are compared");
        return;
    }
    for (size_t i = 0; i < metrics->n; i++) {
        buf_puts(out, i == 0 ? "" : i + 1 == metrics->n ? " or " : ", ");
        buf_printf(out, "`%.*s`", STR_ARG(c->program->metrics[metrics->v[i]].name));
    }
}

// Several sets may be of one file, which is told of once.
static void tell(Check *c, uint32_t line, const Buf *message, Str advice) {
    DiagList *d = c->diags;
    Place place = diag_place(d, D_PEERS_NO_FIGURE, c->set->place,
                             (Place){.file = c->set->file, .line = line});
    if (!diag_has(d, D_PEERS_NO_FIGURE, place, buf_str(message)))
        diag_add(d, D_PEERS_NO_FIGURE, place, "%.*s", STR_ARG(buf_str(message)))->hint = advice;
}

static void tell_single(Check *c, const char *what, Str name, uint32_t line, Str meant,
                        const Indices *metrics) {
    Buf text = {0};
    buf_printf(&text, "the %s \"%.*s\" has no figure of ", what, STR_ARG(name));
    put_metrics(c, &text, metrics);
    Str advice = arena_printf(c->diags->arena,
                              "it counts as a %s without figures: write the name as the metric files "
                              "have it",
                              what);
    if (meant.len > 0)
        advice = arena_printf(c->diags->arena, "did you mean \"%.*s\", as the figures have it?",
                              STR_ARG(meant));
    tell(c, line, &text, advice);
    buf_free(&text);
}

static void tell_together(Check *c, const MissedNames *missed, const Indices *metrics) {
    Buf text = {0};
    buf_printf(&text, "%zu peers have no figure of ", missed->n);
    put_metrics(c, &text, metrics);
    for (size_t i = 0; i < missed->n && i < MOST_NAMES_TOLD; i++) {
        const PeerName *name = &c->set->names[missed->v[i].name];
        buf_printf(&text, "%s\"%.*s\" (line %u", i == 0 ? ": " : ", ", STR_ARG(name->name),
                   (unsigned)name->line);
        if (missed->v[i].meant.len > 0)
            buf_printf(&text, ", perhaps \"%.*s\"", STR_ARG(missed->v[i].meant));
        buf_char(&text, ')');
    }
    buf_printf(&text, " and %zu more", missed->n - MOST_NAMES_TOLD);
    tell(c, c->set->names[missed->v[0].name].line, &text,
         STR("they count as peers without figures: write the names as the metric files have them"));
    buf_free(&text);
}

static void tell_missed(Check *c, const MissedNames *missed, const Indices *metrics) {
    if (missed->n > MOST_SINGLE_FINDINGS) {
        tell_together(c, missed, metrics);
        return;
    }
    for (size_t i = 0; i < missed->n; i++) {
        const PeerName *name = &c->set->names[missed->v[i].name];
        tell_single(c, "peer", name->name, name->line, missed->v[i].meant, metrics);
    }
}

static bool add_missed(Check *c, uint32_t name, MissedNames *missed, bool surely) {
    uint32_t meant = find_meant(c, c->set->names[name].name);
    Missed m = {.name = name};
    if (meant == INTERN_NONE && !surely)
        return true;
    if (meant != INTERN_NONE) {
        c->suggested[meant] = true;
        m.meant = intern_text(&c->store->entities, meant);
    }
    return VEC_PUSH(c->arena, missed, m);
}

static void note_reported(Check *c, const uint32_t *metrics, uint32_t n) {
    for (uint32_t i = 0; i < c->store->entities.n; i++)
        c->reported[i] = has_figure(c, i, metrics, n);
}

// Names of which there is no figure of any of [metrics].
static bool find_missed(Check *c, const Indices *metrics, bool *is_missed, MissedNames *missed) {
    note_reported(c, metrics->v, (uint32_t)metrics->n);
    for (uint32_t i = 0; i < c->set->n_names; i++) {
        const PeerName *name = &c->set->names[i];
        if (!name->is_peer || name->unknown ||
            has_figure(c, c->entity_of[i], metrics->v, (uint32_t)metrics->n))
            continue;
        is_missed[i] = true;
        if (!add_missed(c, i, missed, true))
            return false;
    }
    return true;
}

// Names that other figures have, where the figures of one series have a name that is much alike.
static bool check_series(Check *c, const Series *s, bool *is_missed) {
    MissedNames missed = {0};
    Indices metrics = {.v = s->reads, .n = s->n_reads};
    note_reported(c, s->reads, s->n_reads);
    for (uint32_t i = 0; i < c->set->n_names; i++) {
        const PeerName *name = &c->set->names[i];
        if (!name->is_peer || name->unknown || is_missed[i] ||
            has_figure(c, c->entity_of[i], s->reads, s->n_reads))
            continue;
        size_t n = missed.n;
        if (!add_missed(c, i, &missed, false))
            return false;
        is_missed[i] = missed.n > n;
    }
    tell_missed(c, &missed, &metrics);
    return true;
}

static bool is_read(const Indices *metrics, uint32_t metric) {
    for (size_t i = 0; i < metrics->n; i++)
        if (metrics->v[i] == metric)
            return true;
    return false;
}

// Does it look at the members? `x of region` does not.
static bool compares(const Among *m, uint32_t set) {
    return m->peers == set && m->kind != AMONG_ENTITY;
}

static bool check_names(Check *c, uint32_t set) {
    const Program *p = c->program;
    Indices metrics = {0};
    MissedNames missed = {0};
    bool *is_missed = ARENA_ARRAY(c->arena, bool, c->set->n_names);
    bool *seen = ARENA_ARRAY(c->arena, bool, p->n_series), ok = is_missed && seen;
    for (uint32_t i = 0; ok && i < p->n_amongs; i++) {
        const Series *s = &p->series[p->amongs[i].series];
        for (uint32_t k = 0; compares(&p->amongs[i], set) && k < s->n_reads; k++)
            ok = ok && (is_read(&metrics, s->reads[k]) || VEC_PUSH(c->arena, &metrics, s->reads[k]));
    }
    if (!ok || metrics.n == 0 || !find_missed(c, &metrics, is_missed, &missed))
        return ok && metrics.n == 0;
    tell_missed(c, &missed, &metrics);
    for (uint32_t i = 0; ok && i < p->n_amongs; i++) {
        uint32_t series = p->amongs[i].series;
        if (compares(&p->amongs[i], set) && !seen[series])
            ok = check_series(c, &p->series[series], is_missed);
        seen[series] = seen[series] || compares(&p->amongs[i], set);
    }
    return ok;
}

// ---- groups without figures ---------------------------------------------------------------------

static uint32_t line_of(const Check *c, Str name) {
    for (uint32_t i = 0; i < c->set->n_names; i++)
        if (str_eq(c->set->names[i].name, name))
            return c->set->names[i].line;
    return 0;
}

// `x of region`: the names of the groups are those of entities.
static bool check_groups(Check *c, const Series *s) {
    Indices metrics = {.v = s->reads, .n = s->n_reads};
    Intern seen;
    intern_init(&seen, c->arena);
    note_reported(c, s->reads, s->n_reads);
    for (uint32_t i = 0; i < c->set->n_lists; i++) {
        const PeerList *list = &c->set->lists[i];
        uint32_t n = seen.n;
        if (list->group.len == 0 || intern_add(&seen, list->group) != n ||
            has_figure(c, intern_find(&c->store->entities, list->group), s->reads, s->n_reads))
            continue;
        uint32_t meant = find_meant(c, list->group);
        tell_single(c, "group", list->group, line_of(c, list->entity),
                    meant == INTERN_NONE ? (Str){0} : intern_text(&c->store->entities, meant),
                    &metrics);
    }
    return !c->arena->failed;
}

static bool check_all_groups(Check *c, uint32_t set) {
    const Program *p = c->program;
    bool ok = true;
    for (uint32_t i = 0; ok && i < p->n_amongs; i++)
        if (p->amongs[i].peers == set && p->amongs[i].kind == AMONG_ENTITY)
            ok = check_groups(c, &p->series[p->amongs[i].series]);
    return ok;
}

// ---- entities that the rules name ---------------------------------------------------------------

// Where the rules name an entity: in a pattern, for many KPIs at once.
typedef struct Naming {
    const Among *among; // the first
    Indices lacking;    // metrics with figures, none of them of the entity
} Naming;

typedef struct Namings {
    Intern places;
    VEC(Naming) v; // beside places
} Namings;

static bool names_entity(const Among *m) {
    return m->kind == AMONG_ENTITY && m->peers == AMONG_EVERYONE;
}

static bool add_naming(Check *c, const Among *m, Namings *all) {
    const Series *s = &c->program->series[m->series];
    Place at = m->entity_place;
    Str key = arena_printf(c->arena, "%u:%u:%u", (unsigned)at.file, (unsigned)at.line,
                           (unsigned)at.column);
    uint32_t n = all->places.n, i = intern_add(&all->places, key);
    if (i == INTERN_NONE || (i == n && !VEC_PUSH(c->arena, &all->v, (Naming){.among = m})))
        return false;
    if (has_figure(c, intern_find(&c->store->entities, m->entity), s->reads, s->n_reads))
        return true;
    Indices *lacking = &all->v.v[i].lacking;
    for (uint32_t k = 0; k < s->n_reads; k++)
        if (store_kind(c->store, s->reads[k]) != N_PERIOD_KINDS && !is_read(lacking, s->reads[k]) &&
            !VEC_PUSH(c->arena, lacking, s->reads[k]))
            return false;
    return true;
}

static void tell_naming(Check *c, const Naming *n) {
    DiagList *d = c->diags;
    Buf text = {0};
    note_reported(c, n->lacking.v, (uint32_t)n->lacking.n);
    uint32_t meant = find_meant(c, n->among->entity);
    Str of = c->program->series[n->among->series].text;
    buf_puts(&text, "no figure of ");
    put_metrics(c, &text, &n->lacking);
    Diag *diag = diag_add(d, D_OF_NO_FIGURE, n->among->entity_place,
                          "%.*s is of \"%.*s\", so `%.*s of \"%.*s\"` is never known",
                          STR_ARG(buf_str(&text)), STR_ARG(n->among->entity), STR_ARG(of),
                          STR_ARG(n->among->entity));
    diag->hint = STR("write the name as the metric files have it, or read the file that has its "
                     "figures");
    if (meant != INTERN_NONE)
        diag->hint = arena_printf(d->arena, "did you mean \"%.*s\", as the figures have it?",
                                  STR_ARG(intern_text(&c->store->entities, meant)));
    buf_free(&text);
}

// `x of "England"`.
static bool check_entities_named(Check *c) {
    const Program *p = c->program;
    Namings all = {0};
    intern_init(&all.places, c->arena);
    for (uint32_t i = 0; i < p->n_amongs; i++)
        if (names_entity(&p->amongs[i]) && !add_naming(c, &p->amongs[i], &all))
            return false;
    for (size_t i = 0; i < all.v.n; i++)
        if (all.v.v[i].lacking.n > 0)
            tell_naming(c, &all.v.v[i]);
    return !c->arena->failed;
}

// ---- entities without peers ---------------------------------------------------------------------

static bool asks_for(const Program *p, const Function *fn, uint32_t set) {
    for (uint32_t i = fn->first; i < fn->first + fn->n; i++)
        if (p->code[i].op == OP_AMONG && p->amongs[p->code[i].imm].peers == set)
            return true;
    return false;
}

static void mark_rows(Check *c, const Function *fn, uint32_t set, const uint32_t *reads,
                      uint32_t n) {
    if (!asks_for(c->program, fn, set))
        return;
    for (uint32_t i = 0; i < c->store->entities.n; i++)
        c->reported[i] = c->reported[i] || has_figure(c, i, reads, n);
}

static void tell_unlisted(Check *c, const Indices *unlisted) {
    DiagList *d = c->diags;
    Buf text = {0};
    for (size_t i = 0; i < unlisted->n && i < MOST_NAMES_TOLD; i++) {
        bool last = i + 1 == unlisted->n;
        buf_printf(&text, "%s\"%.*s\"", i == 0 ? "" : last ? " and " : ", ",
                   STR_ARG(intern_text(&c->store->entities, unlisted->v[i])));
    }
    if (unlisted->n > MOST_NAMES_TOLD)
        buf_printf(&text, " and %zu more", unlisted->n - MOST_NAMES_TOLD);
    Str file = c->set->file < d->files.n ? d->files.v[c->set->file].path : (Str){0};
    Diag *diag = diag_add(d, D_PEERS_UNLISTED, c->set->place,
                          "%.*s %s no peers in %.*s, so no figure among `%.*s` applies to %s",
                          STR_ARG(buf_str(&text)), unlisted->n == 1 ? "has" : "have", STR_ARG(file),
                          STR_ARG(c->set->name), unlisted->n == 1 ? "it" : "them");
    diag->hint = STR("write the names there as the metric files have them; for one that is meant to "
                     "have none, a row without peers");
    for (size_t i = 0; i < unlisted->n && c->set->n_names > 0; i++) {
        Str entity = intern_text(&c->store->entities, unlisted->v[i]);
        Suggestion near = suggest_for(entity);
        const PeerName *meant = NULL;
        for (uint32_t k = 0; k < c->set->n_names; k++) {
            Str name = c->set->names[k].name;
            suggest_consider(&near, name);
            bool alike = str_eq(near.best, name) || has_words_of(entity, name);
            if (alike && c->entity_of[k] == INTERN_NONE)
                meant = &c->set->names[k];
        }
        if (!meant)
            continue;
        diag->hint = arena_printf(d->arena, "did you mean \"%.*s\" by \"%.*s\", line %u of the file?",
                                  STR_ARG(entity), STR_ARG(meant->name), (unsigned)meant->line);
        break;
    }
    buf_free(&text);
}

static bool check_entities(Check *c, uint32_t set) {
    const Program *p = c->program;
    Indices unlisted = {0};
    memset(c->reported, 0, c->store->entities.n * sizeof *c->reported);
    for (uint32_t i = 0; i < p->n_kpis; i++)
        mark_rows(c, &p->kpis[i].fn, set, p->kpis[i].reads, p->kpis[i].n_reads);
    for (uint32_t i = 0; i < p->n_assertions; i++)
        mark_rows(c, &p->assertions[i].fn, set, p->assertions[i].reads, p->assertions[i].n_reads);
    for (uint32_t i = 0; i < p->n_series; i++)
        mark_rows(c, &p->series[i].fn, set, p->series[i].reads, p->series[i].n_reads);
    for (uint32_t i = 0; i < c->store->entities.n; i++)
        if (c->reported[i] && !c->listed[i] && !c->suggested[i] &&
            !VEC_PUSH(c->arena, &unlisted, i))
            return false;
    if (unlisted.n > 0)
        tell_unlisted(c, &unlisted);
    return true;
}

bool peers_check(const Program *p, const Store *s, DiagList *d) {
    if (p->n_amongs == 0 || s->n_blocks == 0)
        return true;
    Arena a;
    arena_init(&a, 0);
    Check c = {.program = p, .store = s, .diags = d, .arena = &a};
    bool ok = find_figures(&c) && check_entities_named(&c);
    for (uint32_t i = 0; ok && i < p->n_peers; i++)
        ok = begin_set(&c, &p->peers[i]) && check_names(&c, i) && check_all_groups(&c, i) &&
             check_entities(&c, i);
    arena_free(&a);
    return ok;
}
