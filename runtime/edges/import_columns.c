// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/import_columns.h"

#include "runtime/base/suggest.h"
#include "runtime/edges/import_cell.h"
#include "runtime/edges/inspect_profile.h"
#include "runtime/edges/rule_words.h"

static const char *const role_words[N_IMPORT_ROLES] = {
    [ROLE_LEFT_OUT] = "leave out", [ROLE_SOURCE] = "source", [ROLE_LABEL] = "label",
    [ROLE_NOTE] = "note",          [ROLE_UNIT] = "unit",     [ROLE_GOOD] = "good is",
    [ROLE_SECTION] = "section"};

static const struct {
    Str words;
    ImportRole role;
} known_headings[] = {
#define HEADING(words, role) {{words, sizeof(words) - 1}, ROLE_##role},
#include "runtime/edges/import_words.def"
};
enum { N_HEADINGS = sizeof known_headings / sizeof *known_headings };

static const struct {
    Str word;
    int rank;
} level_ranks[] = {
#define LEVEL_RANK(word, n) {{word, sizeof(word) - 1}, n},
#include "runtime/edges/import_words.def"
};
enum { N_RANKS = sizeof level_ranks / sizeof *level_ranks };

// What --column says.
typedef struct Given {
    ImportRole role;
    Str level;  // ROLE_LEVEL
    Str column; // its heading or number
} Given;

typedef struct Finder {
    ImportColumns *c;
    const ImportScale *scales;
    size_t n_scales;
    VEC(Given) given;
    const Given **by_column;
    bool *banded; // by column: its cells are bands
} Finder;

static Diag *report(Finder *f, DiagCode code, uint32_t line, const char *message) {
    return diag_add(f->c->t->d, code, (Place){.file = f->c->t->file, .line = line}, "%s", message);
}

// ---- headings -----------------------------------------------------------------------------------

// Without what stands in brackets, and without words that many headings of levels share.
static Str level_key(Arena *a, Str heading) {
    static const char *const fillers[] = {"rag",   "threshold", "thresholds", "band",  "range",
                                          "level", "rating",    "status",     "grade", NULL};
    Str snake = snake_name(a, str_slice(heading, 0, str_find(heading, '(')));
    char *s = arena_alloc(a, snake.len + 1);
    size_t n = 0;
    for (size_t i = 0; s && i < snake.len;) {
        size_t end = i + str_find(str_slice(snake, i, snake.len), '_');
        Str word = str_slice(snake, i, end);
        bool filler = false;
        for (size_t k = 0; fillers[k]; k++)
            filler = filler || str_eq(word, str_from(fillers[k]));
        if (!filler) {
            if (n > 0)
                s[n++] = '_';
            memcpy(s + n, word.s, word.len);
            n += word.len;
        }
        i = end + 1;
    }
    return n > 0 ? (Str){s, n} : snake;
}

static ImportRole role_of_heading(Arena *a, Str heading, size_t *order) {
    Str snake = snake_name(a, heading);
    for (*order = 0; *order < N_HEADINGS; ++*order) {
        if (str_eq(known_headings[*order].words, snake))
            return known_headings[*order].role;
    }
    return ROLE_LEFT_OUT;
}

static bool key_is_level(Arena *a, Str key, const Level *l) {
    bool begins = key.len > l->name.len && key.s[l->name.len] == '_' && str_starts(key, l->name);
    return str_eq(key, l->name) || str_eq(key, snake_name(a, l->label)) || begins ||
           (l->symbol.len > 0 && str_eq(key, snake_name(a, l->symbol)));
}

static bool find_rank(Arena *a, const Scale *s, Str heading, uint32_t *rank) {
    Str key = level_key(a, heading);
    for (*rank = 0; *rank < s->n_levels; ++*rank) {
        if (key_is_level(a, key, &s->levels[*rank]))
            return true;
    }
    return false;
}

static bool is_some_level(Finder *f, Str heading) {
    uint32_t rank;
    for (size_t i = 0; i < f->n_scales; i++) {
        if (find_rank(f->c->arena, f->scales[i].scale, heading, &rank))
            return true;
    }
    return false;
}

static bool is_given(const Finder *f, Str heading) {
    for (size_t i = 0; i < f->given.n; i++) {
        if (str_eq(f->given.v[i].column, heading))
            return true;
    }
    return false;
}

// How much of a row reads like headings, and whether any of it reads like bands.
static size_t score_heading(Finder *f, const ImportRow *row, size_t *n_filled, bool *bands) {
    size_t score = 0, order;
    *n_filled = 0;
    *bands = false;
    for (size_t i = 0; i < row->n; i++) {
        Str text = import_text(row, i);
        if (text.len == 0 || text.len > IMPORT_MAX_BAND)
            continue;
        ++*n_filled;
        score += is_given(f, text) || role_of_heading(f->c->arena, text, &order) != ROLE_LEFT_OUT ||
                 is_some_level(f, text);
        *bands = *bands || import_cell(f->c->arena, text).kind == IMPORT_BAND;
    }
    return score;
}

static void find_heading(Finder *f) {
    ImportColumns *c = f->c;
    size_t best = 1, fallback = IMPORT_NONE;
    for (size_t i = 0; i < c->t->rows.n && i < IMPORT_HEADING_ROWS; i++) {
        size_t n_filled;
        bool bands;
        size_t score = score_heading(f, &c->t->rows.v[i], &n_filled, &bands);
        if (bands)
            continue;
        if (score > best) {
            best = score;
            c->heading = i;
        }
        if (fallback == IMPORT_NONE && n_filled >= 2)
            fallback = i;
    }
    if (c->heading == IMPORT_NONE)
        c->heading = fallback;
}

static bool take_headings(Finder *f, bool no_heading) {
    ImportColumns *c = f->c;
    size_t n = c->t->n_columns;
    c->headings = ARENA_ARRAY(c->arena, Str, n);
    c->roles = ARENA_ARRAY(c->arena, ImportRole, n);
    f->by_column = ARENA_ARRAY(c->arena, const Given *, n);
    f->banded = ARENA_ARRAY(c->arena, bool, n);
    if (c->arena->failed)
        return false;
    if (!no_heading)
        find_heading(f);
    if (c->heading == IMPORT_NONE && !no_heading) {
        report(f, D_TABLE_COLUMNS, 0, "no row of the table reads like its heading")->hint =
            STR("if there is none write --no-header and --column, with the columns' numbers; if "
                "lines stand above the table pass over them with --skip");
        return false;
    }
    if (!no_heading && c->heading + 1 == c->t->rows.n) {
        report(f, D_FILE_EMPTY, c->t->rows.v[c->heading].line, "the table is a heading and no more")
            ->hint = STR("rows of measures stand below the heading, a measure a row");
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        const ImportRow *row = no_heading ? NULL : &c->t->rows.v[c->heading];
        c->headings[i] = row ? import_text(row, i) : arena_printf(c->arena, "%zu", i + 1);
    }
    return !c->arena->failed;
}

// ---- what is given ------------------------------------------------------------------------------

static bool read_given(Finder *f, const char *text) {
    Str s = str_from(text);
    size_t equals = str_find(s, '=');
    Given g = {.role = ROLE_LEVEL,
               .level = str_trim(str_slice(s, 0, equals)),
               .column = str_trim(str_slice(s, equals + 1, s.len))};
    if (equals == s.len || g.level.len == 0 || g.column.len == 0) {
        diag_add(f->c->t->d, D_COLUMN_GIVEN, (Place){.file = PLACE_NO_FILE},
                 "--column \"%s\" names no role and column", text)
            ->hint = STR("write it as --column \"label=Performance measure\"");
        return false;
    }
    for (size_t i = 0; i < ROLE_LEVEL; i++) {
        if (str_eq(g.level, str_from(role_words[i])))
            g.role = (ImportRole)i;
    }
    return VEC_PUSH(f->c->arena, &f->given, g);
}

static size_t find_column(const ImportColumns *c, Str wanted) {
    for (size_t i = 0; i < c->t->n_columns; i++) {
        if (str_eq(c->headings[i], wanted))
            return i;
    }
    size_t n = 0;
    for (size_t i = 0; i < wanted.len; i++) {
        if (wanted.s[i] < '0' || wanted.s[i] > '9' || n > IMPORT_MAX_COLUMNS)
            return IMPORT_NONE;
        n = n * 10 + (size_t)(wanted.s[i] - '0');
    }
    return n >= 1 && n <= c->t->n_columns ? n - 1 : IMPORT_NONE;
}

static bool report_no_column(Finder *f, const Given *g) {
    Suggestion near = suggest_for(g->column);
    for (size_t i = 0; i < f->c->t->n_columns; i++)
        suggest_consider(&near, f->c->headings[i]);
    Diag *d = diag_add(f->c->t->d, D_COLUMN_GIVEN, (Place){.file = f->c->t->file},
                       "the table has no column \"%.*s\"", STR_ARG(g->column));
    if (near.best.len > 0)
        d->hint = arena_printf(f->c->t->d->arena, "did you mean \"%.*s\"?", STR_ARG(near.best));
    else
        d->hint = STR("write the column's heading as it stands, or its number counted from 1");
    return false;
}

static bool place_given(Finder *f) {
    for (size_t i = 0; i < f->given.n; i++) {
        const Given *g = &f->given.v[i];
        size_t column = find_column(f->c, g->column);
        if (column == IMPORT_NONE)
            return report_no_column(f, g);
        f->by_column[column] = g;
    }
    return true;
}

// ---- levels -------------------------------------------------------------------------------------

// Figures of some other kind stand beside the levels in many tables.
static bool is_figure_heading(Arena *a, Str heading) {
    static const char *const words[] = {"target",   "baseline", "actual", "current",
                                        "previous", "latest",   NULL};
    Str snake = snake_name(a, heading);
    for (size_t i = 0; words[i]; i++) {
        if (snake_has(snake, str_from(words[i])))
            return true;
    }
    return false;
}

// Bands are at least half of what a column holds, apart from cells that publish nothing.
static void look_at_cells(Finder *f) {
    ImportColumns *c = f->c;
    Arena scratch;
    arena_init(&scratch, 0);
    for (size_t i = 0; i < c->t->n_columns; i++) {
        size_t n_bands = 0, n_bare = 0, n_filled = 0;
        for (size_t r = c->heading == IMPORT_NONE ? 0 : c->heading + 1; r < c->t->rows.n; r++) {
            ImportCellKind kind = import_cell(&scratch, import_text(&c->t->rows.v[r], i)).kind;
            n_bands += kind == IMPORT_BAND || kind == IMPORT_DIRECTION;
            n_bare += kind == IMPORT_BARE;
            n_filled += kind != IMPORT_BLANK;
            if (scratch.n_bytes > (1u << 20)) {
                c->arena->failed |= scratch.failed;
                arena_free(&scratch);
            }
        }
        f->banded[i] = n_bands > 0 && 2 * (n_bands + n_bare) >= n_filled;
    }
    c->arena->failed |= scratch.failed;
    arena_free(&scratch);
}

static bool may_be_level(Finder *f, size_t column) {
    const Given *g = f->by_column[column];
    size_t order;
    if (g)
        return g->role == ROLE_LEVEL;
    for (size_t i = 0; i < f->given.n; i++) { // who names levels names all
        if (f->given.v[i].role == ROLE_LEVEL)
            return false;
    }
    return role_of_heading(f->c->arena, f->c->headings[column], &order) == ROLE_LEFT_OUT;
}

static Str level_heading(Finder *f, size_t column) {
    return f->by_column[column] ? f->by_column[column]->level : f->c->headings[column];
}

// How many columns are levels of [s]; 0 when a column of bands is none.
static size_t count_levels(Finder *f, const Scale *s) {
    size_t n = 0, n_banded = 0;
    uint32_t rank;
    for (size_t i = 0; i < f->c->t->n_columns; i++) {
        if (!may_be_level(f, i))
            continue;
        bool level = find_rank(f->c->arena, s, level_heading(f, i), &rank);
        n += level;
        n_banded += level && f->banded[i];
        bool other =
            f->by_column[i] || (f->banded[i] && !is_figure_heading(f->c->arena, f->c->headings[i]));
        if (!level && other)
            return 0;
    }
    return n_banded > 0 ? n : 0;
}

static bool add_level(Finder *f, size_t column, Str name, Str label, uint32_t rank) {
    ImportColumns *c = f->c;
    ImportLevel level = {column, name, label, rank};
    if (!VEC_PUSH(c->arena, &c->levels, level))
        return false;
    c->roles[column] = ROLE_LEVEL;
    for (size_t i = c->levels.n - 1; i > 0 && c->levels.v[i - 1].rank > rank; i--) {
        c->levels.v[i] = c->levels.v[i - 1];
        c->levels.v[i - 1] = level;
    }
    return true;
}

static bool take_known_levels(Finder *f) {
    const Scale *s = f->c->scale->scale;
    bool *taken = ARENA_ARRAY(f->c->arena, bool, s->n_levels);
    if (!taken)
        return false;
    for (size_t i = 0; i < f->c->t->n_columns; i++) {
        uint32_t rank;
        if (!may_be_level(f, i) || !find_rank(f->c->arena, s, level_heading(f, i), &rank))
            continue;
        if (taken[rank]) {
            Diag *d = diag_add(f->c->t->d, D_TABLE_COLUMNS, (Place){.file = f->c->t->file},
                               "two columns are the level %.*s", STR_ARG(s->levels[rank].name));
            d->hint = STR("say which is which with --column, e.g. --column \"good=Good\" "
                          "--column \"leave out=Good last year\"");
            return false;
        }
        taken[rank] = true;
        if (!add_level(f, i, s->levels[rank].name, s->levels[rank].label, rank))
            return false;
    }
    return true;
}

static bool rank_of(Arena *a, Str heading, int *rank) {
    Str key = level_key(a, heading);
    for (size_t i = 0; i < N_RANKS; i++) {
        if (str_eq(key, level_ranks[i].word)) {
            *rank = level_ranks[i].rank;
            return true;
        }
    }
    return false;
}

// The words of the levels may tell that the best one stands first.
static void tell_order(Finder *f) {
    ImportColumns *c = f->c;
    int before = 0, rank;
    bool rises = false, falls = false, any = false;
    for (size_t i = 0; i < c->levels.n; i++) {
        if (!rank_of(c->arena, c->levels.v[i].label, &rank))
            continue;
        rises = rises || (any && rank > before);
        falls = falls || (any && rank < before);
        before = rank;
        any = true;
    }
    c->order_told = rises != falls;
    c->reversed = falls && !rises;
    for (size_t i = 0; c->reversed && i < c->levels.n / 2; i++) {
        ImportLevel swap = c->levels.v[i];
        c->levels.v[i] = c->levels.v[c->levels.n - 1 - i];
        c->levels.v[c->levels.n - 1 - i] = swap;
    }
}

static bool take_new_levels(Finder *f) {
    ImportColumns *c = f->c;
    Intern names;
    intern_init(&names, c->arena);
    for (size_t i = 0; i < c->t->n_columns; i++) {
        bool level =
            f->by_column[i] || (f->banded[i] && !is_figure_heading(c->arena, c->headings[i]));
        if (!may_be_level(f, i) || !level)
            continue;
        Str heading = level_heading(f, i);
        Str name = name_give(c->arena, &names, level_key(c->arena, heading));
        uint32_t rank = f->by_column[i] ? (uint32_t)(f->by_column[i] - f->given.v) : 0;
        if (name.len == 0 || !add_level(f, i, name, heading, rank))
            return false;
        c->order_given = f->by_column[i];
    }
    if (!c->order_given)
        tell_order(f);
    if (c->levels.n >= 2 && c->levels.n <= SCALE_MAX_LEVELS)
        return true;
    Diag *d = c->levels.n == 1
                  ? diag_add(c->t->d, D_TABLE_COLUMNS, (Place){.file = c->t->file},
                             "only the column \"%.*s\" of the table holds bands",
                             STR_ARG(c->headings[c->levels.v[0].column]))
                  : report(f, D_TABLE_COLUMNS, 0,
                           c->levels.n == 0 ? "no column of the table holds bands"
                                            : "more than 32 columns of the table hold bands");
    d->hint =
        STR("bands are cells such as 85+, 65-74 or <16, and levels are at least two: say which "
            "columns they are, e.g. --column \"red=Below target\" --column \"green=On "
            "target\"; what a file of figures holds is said by `bandstand inspect`");
    return false;
}

static bool find_levels(Finder *f) {
    ImportColumns *c = f->c;
    size_t best = 0;
    look_at_cells(f);
    for (size_t i = 0; i < f->n_scales; i++) {
        size_t n = count_levels(f, f->scales[i].scale);
        if (n > best) {
            best = n;
            c->scale = &f->scales[i];
        }
    }
    return !c->arena->failed && (c->scale ? take_known_levels(f) : take_new_levels(f));
}

// ---- the other roles ----------------------------------------------------------------------------

static size_t longest_texts(Finder *f) {
    ImportColumns *c = f->c;
    size_t best = IMPORT_NONE, most = 0;
    for (size_t i = 0; i < c->t->n_columns; i++) {
        size_t n = 0;
        if (c->roles[i] != ROLE_LEFT_OUT || f->by_column[i])
            continue;
        for (size_t r = c->heading == IMPORT_NONE ? 0 : c->heading + 1; r < c->t->rows.n; r++)
            n += import_text(&c->t->rows.v[r], i).len;
        if (n > most) {
            most = n;
            best = i;
        }
    }
    return best;
}

static bool find_roles(Finder *f) {
    ImportColumns *c = f->c;
    size_t orders[N_IMPORT_ROLES];
    for (size_t i = 0; i < N_IMPORT_ROLES; i++) {
        c->of[i] = IMPORT_NONE;
        orders[i] = N_HEADINGS;
    }
    for (size_t i = 0; i < c->t->n_columns; i++) {
        size_t order = 0;
        ImportRole role = f->by_column[i] ? f->by_column[i]->role
                                          : role_of_heading(c->arena, c->headings[i], &order);
        // What is given comes before what is found, an earlier line of the table before a later.
        size_t strength = f->by_column[i] ? 0 : order + 1;
        if (c->roles[i] == ROLE_LEVEL || role == ROLE_LEFT_OUT || role == ROLE_LEVEL ||
            (c->of[role] != IMPORT_NONE && strength >= orders[role]))
            continue;
        c->of[role] = i;
        orders[role] = strength;
    }
    if (c->of[ROLE_LABEL] == IMPORT_NONE) {
        c->label_is_longest = true;
        for (size_t i = 0; i < N_IMPORT_ROLES; i++) {
            if (c->of[i] != IMPORT_NONE)
                c->roles[c->of[i]] = (ImportRole)i;
        }
        c->of[ROLE_LABEL] = longest_texts(f);
    }
    for (size_t i = 0; i < N_IMPORT_ROLES; i++) {
        if (c->of[i] != IMPORT_NONE)
            c->roles[c->of[i]] = (ImportRole)i;
    }
    if (c->of[ROLE_LABEL] != IMPORT_NONE)
        return !c->arena->failed;
    report(f, D_TABLE_COLUMNS, 0, "no column of the table holds the measures' labels")->hint =
        STR("say which it is by its heading or number: --column \"label=Indicator\"");
    return false;
}

bool import_columns_find(ImportColumns *c, Arena *a, const ImportTable *t,
                         const ImportScale *scales, size_t n_scales, const char *const *given,
                         size_t n_given, bool no_heading) {
    *c = (ImportColumns){.arena = a, .t = t, .heading = IMPORT_NONE};
    Finder f = {.c = c, .scales = scales, .n_scales = n_scales};
    for (size_t i = 0; i < n_given; i++) {
        if (!read_given(&f, given[i]))
            return false;
    }
    if (t->rows.n == 0) {
        report(&f, D_FILE_EMPTY, 0, "the table holds no rows");
        return false;
    }
    return take_headings(&f, no_heading) && place_given(&f) && find_levels(&f) && find_roles(&f);
}
