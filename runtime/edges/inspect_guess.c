// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/inspect_guess.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_SPLIT_TEXTS = 60 };

// ---- roles --------------------------------------------------------------------------------------

static unsigned kind_bit(ProfileKind k) {
    return 1u << k;
}

static Str snake_of(const Profile *p, size_t column) {
    return snake_name(p->arena, p->columns.v[column].name);
}

// The column of one of [kinds] whose name is one of [names], or else has one of them among its
// words; an earlier name goes before a later one.
static size_t find_named(const Profile *p, const char *const *names, unsigned kinds) {
    for (int whole = 1; whole >= 0; whole--) {
        for (size_t k = 0; names[k]; k++) {
            for (size_t i = 0; i < p->columns.n; i++) {
                Str snake = snake_of(p, i), name = str_from(names[k]);
                bool fits = whole ? str_eq(snake, name) : snake_has(snake, name);
                if (fits && (kind_bit(p->columns.v[i].kind) & kinds))
                    return i;
            }
        }
    }
    return NO_COLUMN;
}

static size_t find_entity(const Profile *p, size_t not_this) {
    static const char *const names[] = {
        "la_name",      "local_authority", "authority", "area_name", "area",     "entity",
        "organisation", "organization",    "org_name",  "org_code",  "provider", "trust",
        "school",       "practice",        "ward",      "service",   "team",     "lad_name",
        "utla_name",    "county",          "site",      NULL};
    unsigned kinds = kind_bit(PROFILE_TEXTS) | kind_bit(PROFILE_CODES);
    size_t found = find_named(p, names, kinds);
    return found == not_this ? NO_COLUMN : found;
}

static size_t find_period(const Profile *p) {
    static const char *const names[] = {
        "time_period", "period", "reporting_period", "month", "quarter", "date", "year", NULL};
    size_t found = find_named(p, names, kind_bit(PROFILE_PERIODS));
    for (size_t i = 0; found == NO_COLUMN && i < p->columns.n; i++) {
        if (p->columns.v[i].kind == PROFILE_PERIODS)
            found = i;
    }
    return found;
}

Str commonest_text(const ColumnProfile *c) {
    uint32_t best = 0;
    for (uint32_t i = 1; i < c->texts.n; i++) {
        if (c->uses.v[i].n > c->uses.v[best].n)
            best = i;
    }
    return c->texts.n > 0 ? intern_text(&c->texts, best) : STR("");
}

static void guess_level(Guess *g, const Profile *p) {
    static const char *const names[] = {"geographic_level", "geography_level", "area_type",
                                        "org_type",         "level",           NULL};
    g->level = find_named(p, names, kind_bit(PROFILE_TEXTS));
    if (g->level == g->entity || g->level == g->metric)
        g->level = NO_COLUMN;
    if (g->level == NO_COLUMN)
        return;
    const ColumnProfile *level = &p->columns.v[g->level];
    if (level->texts.n < 2 || level->more_texts) {
        g->level = NO_COLUMN;
        return;
    }
    g->level_text = commonest_text(level);
    g->needs_level = g->entity != NO_COLUMN && p->columns.v[g->entity].n_empty > 0;
}

static void guess_fields(Guess *g, const Profile *p) {
    static const struct {
        const char *field;
        const char *names[5];
    } known[] = {
        {"numerator", {"numerator", NULL}},
        {"denominator", {"denominator", NULL}},
        {"comparator", {"comparator", "neighbours", "neighbour", "benchmark", NULL}},
        {"target", {"target", NULL}},
    };
    for (size_t k = 0; k < sizeof known / sizeof known[0]; k++) {
        size_t i = find_named(p, known[k].names, kind_bit(PROFILE_FIGURES));
        bool taken = i == g->value || i == g->current || i == g->previous;
        if (i != NO_COLUMN && !taken)
            g->fields[g->n_fields++] = (GuessField){known[k].field, i};
    }
}

static bool is_last_day(Period day, PeriodKind kind) {
    return period_last_day(period_of_day(day, kind)) == day.ordinal;
}

static bool is_first_day(Period day, PeriodKind kind) {
    return period_first_day(period_of_day(day, kind)) == day.ordinal;
}

// Monthly figures are often labelled by the first or the last day of the month.
static PeriodKind kind_of_days(const ColumnProfile *c) {
    if (c->kind != PROFILE_PERIODS || c->period_kind != PERIOD_DAY || c->more_texts)
        return PERIOD_NONE;
    bool all_first = true, all_last = true;
    for (uint32_t i = 0; i < c->texts.n; i++) {
        Period day;
        if (!label_guess_read(&c->labels, intern_text(&c->texts, i), &day))
            continue;
        all_first &= is_first_day(day, PERIOD_MONTH);
        all_last &= is_last_day(day, PERIOD_MONTH);
    }
    return all_first || all_last ? PERIOD_MONTH : PERIOD_NONE;
}

// Do the column's name, or what the DfE puts beside time_period, say what kind of year it is?
static bool says_kind(const Profile *p, size_t period, Str word, Str identifier) {
    static const char *const names[] = {"time_identifier", NULL};
    size_t beside = find_named(p, names, kind_bit(PROFILE_TEXTS));
    return snake_has(snake_of(p, period), word) ||
           (beside != NO_COLUMN && str_starts(commonest_text(&p->columns.v[beside]), identifier));
}

static void guess_period(Guess *g, const Profile *p) {
    const ColumnProfile *c = &p->columns.v[g->period];
    g->period_as = kind_of_days(c);
    g->period_or = c->labels.other;
    if (g->period_as == PERIOD_NONE && c->labels.declared)
        g->period_as = c->labels.kind;
    if (g->period_as != PERIOD_FINANCIAL_YEAR)
        return;
    bool academic = says_kind(p, g->period, STR("academic"), STR("Academic"));
    if (academic)
        g->period_as = PERIOD_ACADEMIC_YEAR;
    if (academic || says_kind(p, g->period, STR("financial"), STR("Financial")))
        g->period_or = PERIOD_NONE;
}

bool guess_is_metric(const Guess *g, const Profile *p, size_t column) {
    return column != g->period && column != g->entity &&
           p->columns.v[column].kind == PROFILE_FIGURES;
}

static size_t count_metrics(const Guess *g, const Profile *p) {
    size_t n = 0;
    for (size_t i = 0; i < p->columns.n; i++)
        n += guess_is_metric(g, p, i);
    return n;
}

void guess_roles(Guess *g, const Profile *p) {
    static const char *const metric_names[] = {"metric",     "measure", "indicator", "kpi",
                                               "measure_id", "what",    NULL};
    static const char *const value_names[] = {"value", "figure", "result", "score", NULL};
    static const char *const current_names[] = {"current", "latest", NULL};
    static const char *const previous_names[] = {"previous", "prior", "last", NULL};
    unsigned names = kind_bit(PROFILE_TEXTS) | kind_bit(PROFILE_CODES);
    unsigned figures = kind_bit(PROFILE_FIGURES);
    *g = (Guess){.entity = NO_COLUMN, .level = NO_COLUMN};
    g->period = find_period(p);
    g->metric = find_named(p, metric_names, names);
    g->value = find_named(p, value_names, figures);
    g->current = find_named(p, current_names, figures);
    g->previous = find_named(p, previous_names, figures);
    g->entity = find_entity(p, g->metric);
    if (g->metric != NO_COLUMN && g->current != NO_COLUMN && g->previous != NO_COLUMN)
        g->layout = GUESS_SNAPSHOT;
    else if (g->metric != NO_COLUMN && g->value != NO_COLUMN)
        g->layout = GUESS_LONG;
    else
        g->layout = count_metrics(g, p) > 0 ? GUESS_WIDE : GUESS_NONE;
    if (g->layout == GUESS_WIDE || g->layout == GUESS_NONE)
        g->metric = g->value = g->current = g->previous = NO_COLUMN;
    if (g->layout == GUESS_LONG || g->layout == GUESS_SNAPSHOT)
        guess_fields(g, p);
    guess_level(g, p);
    if (g->period != NO_COLUMN)
        guess_period(g, p);
}

// ---- repeated keys ------------------------------------------------------------------------------

typedef struct KeySet {
    uint64_t *hashes; // 0: free
    uint32_t *lines;  // beside hashes; NULL when not wanted
    size_t n, n_slots;
} KeySet;

static bool grow_keys(KeySet *k, bool with_lines) {
    KeySet old = *k;
    k->n_slots = old.n_slots == 0 ? 1024 : 2 * old.n_slots;
    k->hashes = calloc(k->n_slots, sizeof *k->hashes);
    k->lines = with_lines ? calloc(k->n_slots, sizeof *k->lines) : NULL;
    bool ok = k->hashes && (k->lines || !with_lines);
    for (size_t i = 0; ok && i < old.n_slots; i++) {
        if (old.hashes[i] == 0)
            continue;
        size_t slot = old.hashes[i] & (k->n_slots - 1);
        while (k->hashes[slot] != 0)
            slot = (slot + 1) & (k->n_slots - 1);
        k->hashes[slot] = old.hashes[i];
        if (with_lines)
            k->lines[slot] = old.lines[i];
    }
    free(old.hashes);
    free(old.lines);
    return ok;
}

static void free_keys(KeySet *k) {
    free(k->hashes);
    free(k->lines);
}

// Adds [hash]; *line becomes the line it was first added with, 0 when it is new.
static bool add_key(KeySet *k, uint64_t hash, bool with_lines, uint32_t *line) {
    if (2 * (k->n + 1) > k->n_slots && !grow_keys(k, with_lines))
        return false;
    hash += hash == 0;
    size_t slot = hash & (k->n_slots - 1);
    while (k->hashes[slot] != 0 && k->hashes[slot] != hash)
        slot = (slot + 1) & (k->n_slots - 1);
    uint32_t at = *line;
    *line = 0;
    if (k->hashes[slot] == hash) {
        *line = with_lines ? k->lines[slot] : at;
        return true;
    }
    k->hashes[slot] = hash;
    if (with_lines)
        k->lines[slot] = at;
    k->n++;
    return true;
}

typedef struct KeyCount {
    Guess *g;
    uint64_t seed;
    KeySet keys, keys_and_splits; // of all candidates; the latter with lines
    KeySet by_split[GUESS_MAX_SPLITS];
    size_t candidates[GUESS_MAX_SPLITS], n_candidates;
} KeyCount;

static uint64_t hash_cell(uint64_t hash, const Record *row, size_t column) {
    if (column == NO_COLUMN || column >= row->n)
        return hash;
    Str text = str_trim(row->cells[column].text);
    return hash_bytes(hash, text.s, text.len);
}

// Texts of a few kinds that could be a further dimension of the table.
static void find_candidates(KeyCount *k, const Profile *p) {
    // Columns that describe a row instead of dividing the table.
    static const char *const descriptions[] = {
        "region", "country", "identifier", "comment", "action", "unit", "note",
        "status", "source",  "file",       "period",  "date",   NULL};
    const Guess *g = k->g;
    for (size_t i = 0; i < p->columns.n && k->n_candidates < GUESS_MAX_SPLITS; i++) {
        const ColumnProfile *c = &p->columns.v[i];
        bool role = i == g->entity || i == g->period || i == g->metric || i == g->level;
        bool few = c->texts.n >= 2 && c->texts.n <= MAX_SPLIT_TEXTS && !c->more_texts;
        Str snake = snake_of(p, i);
        bool other = false;
        for (size_t w = 0; descriptions[w]; w++)
            other |= snake_has(snake, str_from(descriptions[w]));
        if (c->kind == PROFILE_TEXTS && few && !role && !other)
            k->candidates[k->n_candidates++] = i;
    }
}

static bool count_row(KeyCount *k, const Record *row) {
    Guess *g = k->g;
    if (g->needs_level && !str_eq(str_trim(row->cells[g->level].text), g->level_text))
        return true;
    g->n_keyed++;
    uint64_t key = hash_cell(k->seed, row, g->entity);
    key = hash_cell(hash_cell(key + 1, row, g->period), row, g->metric);
    uint32_t line = row->line;
    if (!add_key(&k->keys, key, false, &line))
        return false;
    g->n_repeated += line != 0;
    uint64_t all = key;
    for (size_t i = 0; i < k->n_candidates; i++) {
        line = row->line;
        if (!add_key(&k->by_split[i], hash_cell(key, row, k->candidates[i]), false, &line))
            return false;
        all = hash_cell(all + 1, row, k->candidates[i]);
    }
    line = row->line;
    if (!add_key(&k->keys_and_splits, all, true, &line))
        return false;
    if (line != 0 && g->n_repeated_anyway++ == 0) {
        g->repeat_line = row->line;
        g->first_line = line;
    }
    return true;
}

static bool count_rows(KeyCount *k, Records *r, DiagList *d, uint32_t file) {
    Record row;
    RecordsNext next;
    while ((next = records_next(r, &row)) == RECORDS_ROW && k->g->n_keyed < GUESS_MAX_ROWS) {
        if (!count_row(k, &row)) {
            diag_add(d, D_NO_MEMORY, (Place){.file = file},
                     "memory ran out while looking for repeated rows");
            return false;
        }
    }
    return next != RECORDS_FAILED;
}

static void settle_splits(KeyCount *k) {
    for (size_t i = 0; i < k->n_candidates; i++) {
        if (k->by_split[i].n > k->keys.n)
            k->g->splits[k->g->n_splits++] = k->candidates[i];
    }
}

bool guess_count_keys(Guess *g, const Profile *p, DiagList *d, uint32_t file,
                      const RecordsOptions *o) {
    bool has_key = g->entity != NO_COLUMN || g->metric != NO_COLUMN;
    if (str_eq(p->path, STR("-")) || g->layout == GUESS_NONE || !has_key)
        return true;
    KeyCount k = {.g = g, .seed = hash_seed()};
    find_candidates(&k, p);
    Records *r = records_open(d, file, p->path, o);
    bool ok = r && count_rows(&k, r, d, file);
    records_close(r);
    if (ok)
        settle_splits(&k);
    g->keys_counted = ok;
    free_keys(&k.keys);
    free_keys(&k.keys_and_splits);
    for (size_t i = 0; i < k.n_candidates; i++)
        free_keys(&k.by_split[i]);
    return ok;
}
