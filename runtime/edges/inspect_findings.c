// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "runtime/edges/inspect_report.h"

enum {
    MAX_EXAMPLES = 3,
    BINARY_DECIMALS = 12, // so many are not published, but binary fractions have them
};

// ---- symbols ------------------------------------------------------------------------------------

static bool is_figure_text(Str text) {
    Arena scratch;
    arena_init(&scratch, 0);
    bool is_figure = profile_figure(&scratch, text, CELL_TEXT).is_figure;
    arena_free(&scratch);
    return is_figure;
}

// Puts [s] in its place behind [from]; gives the new count.
static size_t insert_symbol(Symbol *out, size_t from, size_t n, size_t max, Symbol s) {
    size_t at = from;
    while (at < n && out[at].n >= s.n)
        at++;
    if (at == max)
        return n;
    size_t n_kept = n < max ? n : max - 1;
    memmove(out + at + 1, out + at, (n_kept - at) * sizeof *out);
    out[at] = s;
    return n_kept + 1;
}

size_t report_symbols(const ColumnProfile *c, Symbol *out, size_t max, size_t *n_more) {
    *n_more = 0;
    if (c->kind != PROFILE_FIGURES)
        return 0;
    size_t n = 0, n_all = 0;
    if (c->n_empty > 0)
        out[n++] = (Symbol){.text = STR(""), .n = c->n_empty};
    size_t from = n;
    for (uint32_t i = 0; c->n_figures < c->n_filled && i < c->texts.n; i++) {
        Str text = intern_text(&c->texts, i);
        if (is_figure_text(text))
            continue;
        n_all++;
        n = insert_symbol(out, from, n, max,
                          (Symbol){.text = text, .n = c->uses.v[i].n, .line = c->uses.v[i].line});
    }
    *n_more = n_all - (n - from);
    return n;
}

// ---- findings -----------------------------------------------------------------------------------

typedef struct Gather {
    Arena *a;
    const Profile *p;
    const Guess *g;
    Findings *out;
    bool ok;
} Gather;

static void take(Gather *gather, Buf *sentence) {
    Str text = arena_str(gather->a, buf_str(sentence));
    gather->ok &= !sentence->failed && !gather->a->failed && VEC_PUSH(gather->a, gather->out, text);
    buf_free(sentence);
}

static void find_ragged(Gather *gather) {
    const Profile *p = gather->p;
    Buf b = {0};
    if (p->n_short > 0) {
        put_count(&b, p->n_short, "row ends", "rows end");
        buf_printf(&b, " before the last column, first on line %u", p->first_short);
        take(gather, &b);
    }
    if (p->n_long > 0) {
        put_count(&b, p->n_long, "row has", "rows have");
        buf_printf(&b,
                   " more cells than the header, first on line %u: is the delimiter inside a "
                   "text without quotes?",
                   p->first_long);
        take(gather, &b);
    }
}

static void find_repeated_names(Gather *gather) {
    const Profile *p = gather->p;
    Intern names;
    intern_init(&names, gather->a);
    VEC(size_t) uses = {0};
    for (size_t i = 0; i < p->columns.n; i++) {
        uint32_t n = names.n, id = intern_add(&names, p->columns.v[i].name);
        if (id == INTERN_NONE || (id == n && !VEC_PUSH(gather->a, &uses, 0))) {
            gather->ok = false;
            return;
        }
        uses.v[id]++;
    }
    for (uint32_t i = 0; i < names.n; i++) {
        Buf b = {0};
        Str name = intern_text(&names, i);
        if (name.len == 0) {
            put_count(&b, uses.v[i], "column has", "columns have");
            buf_puts(&b, " no name");
            take(gather, &b);
        } else if (uses.v[i] > 1) {
            buf_printf(&b,
                       "the header names \"%.*s\" %zu times: an input block cannot tell these "
                       "columns apart",
                       STR_ARG(name), uses.v[i]);
            take(gather, &b);
        }
    }
}

static void find_unknown_words(Gather *gather, const ColumnProfile *c) {
    Symbol symbols[REPORT_MAX_SYMBOLS];
    size_t n_more, n = report_symbols(c, symbols, REPORT_MAX_SYMBOLS, &n_more), n_unknown = 0;
    Buf b = {0};
    for (size_t i = 0; i < n; i++) {
        if (symbol_words(symbols[i].text).len > 0)
            continue;
        if (n_unknown < MAX_EXAMPLES)
            buf_printf(&b, "%s\"%.*s\" (line %u)", n_unknown > 0 ? ", " : "",
                       STR_ARG(symbols[i].text), symbols[i].line);
        n_unknown++;
    }
    if (n_unknown == 0)
        return;
    n_unknown += n_more;
    if (n_unknown > MAX_EXAMPLES)
        buf_printf(&b, " and %zu more", n_unknown - MAX_EXAMPLES);
    Buf sentence = {0};
    buf_printf(&sentence, "\"%.*s\" holds texts among its figures: %.*s", STR_ARG(c->name),
               STR_ARG(buf_str(&b)));
    sentence.failed |= b.failed;
    take(gather, &sentence);
    buf_free(&b);
}

static void find_unread_periods(Gather *gather, size_t column) {
    const ColumnProfile *c = &gather->p->columns.v[column];
    Str snake = snake_name(gather->a, c->name);
    bool named = snake_has(snake, STR("period")) || snake_has(snake, STR("date")) ||
                 snake_has(snake, STR("month")) || snake_has(snake, STR("quarter")) ||
                 snake_has(snake, STR("year"));
    size_t n_periods = c->n_periods[c->period_kind];
    bool is_label = c->kind == PROFILE_PERIODS || column == gather->g->period ||
                    (named && c->kind == PROFILE_TEXTS) ||
                    (str_eq(snake, STR("time_period")) && n_periods < c->n_filled);
    for (uint32_t i = 0; is_label && i < c->texts.n; i++) {
        Period t;
        Str text = intern_text(&c->texts, i);
        if (label_guess_read(&c->labels, text, &t) && t.kind == c->period_kind)
            continue;
        bool parsed = period_parse(text, &t);
        if (parsed && t.kind == c->period_kind)
            continue;
        Buf b = {0};
        if (parsed) {
            Str usual = period_kind_words(c->period_kind), other = period_kind_words(t.kind);
            buf_printf(&b,
                       "\"%.*s\" mixes kinds of periods: mostly %.*ss, but \"%.*s\" on line %u "
                       "is a %.*s",
                       STR_ARG(c->name), STR_ARG(usual), STR_ARG(text), c->uses.v[i].line,
                       STR_ARG(other));
        } else {
            buf_printf(&b,
                       "\"%.*s\" on line %u of \"%.*s\" is not read as a period: periods are "
                       "written 2023-05-31, 2023-05, 2023-Q2, 2023, FY2023-24, FY2023-24-Q1, "
                       "AY2023/24",
                       STR_ARG(text), c->uses.v[i].line, STR_ARG(c->name));
        }
        take(gather, &b);
        return;
    }
}

static void find_damage(Gather *gather, const ColumnProfile *c) {
    Buf b = {0};
    if (c->n_damaged > 0) {
        put_count(&b, c->n_damaged, "text", "texts");
        buf_printf(&b, " of \"%.*s\" lost a character before (\xEF\xBF\xBD)", STR_ARG(c->name));
        take(gather, &b);
    }
    if (c->kind == PROFILE_FIGURES && c->n_exponents > 0) {
        put_count(&b, c->n_exponents, "figure", "figures");
        buf_printf(&b,
                   " of \"%.*s\" %s shortened by a spreadsheet (1.2E+05): its last digits are "
                   "lost",
                   STR_ARG(c->name), c->n_exponents == 1 ? "was" : "were");
        take(gather, &b);
    }
    if (c->kind == PROFILE_FIGURES && c->n_percent > 0 && c->n_percent < c->n_figures) {
        put_count(&b, c->n_percent, "figure", "figures");
        buf_printf(&b, " of \"%.*s\" with a percent sign, %zu without", STR_ARG(c->name),
                   c->n_figures - c->n_percent);
        take(gather, &b);
    }
    if (c->kind == PROFILE_FIGURES && c->decimals >= BINARY_DECIMALS) {
        buf_printf(&b,
                   "\"%.*s\" has figures with %d decimals, which a spreadsheet or program left "
                   "behind (78.4 as 78.400000000000006): they are not equal to the published "
                   "ones",
                   STR_ARG(c->name), c->decimals);
        take(gather, &b);
    }
    if (c->kind == PROFILE_EMPTY && c->name.len > 0) {
        buf_printf(&b, "\"%.*s\" is empty", STR_ARG(c->name));
        take(gather, &b);
    }
}

static void put_key_words(Buf *b, const Guess *g) {
    const char *words[3];
    size_t n = 0;
    if (g->entity != NO_COLUMN)
        words[n++] = "entity";
    if (g->period != NO_COLUMN)
        words[n++] = "period";
    if (g->metric != NO_COLUMN)
        words[n++] = "metric";
    for (size_t i = 0; i < n; i++)
        buf_printf(b, "%s%s", i == 0 ? "" : i + 1 == n ? " and " : ", ", words[i]);
}

static void find_nameless(Gather *gather) {
    const Guess *g = gather->g;
    if (g->entity == NO_COLUMN || g->needs_level)
        return;
    const ColumnProfile *c = &gather->p->columns.v[g->entity];
    if (c->n_empty == 0)
        return;
    Buf b = {0};
    put_count(&b, c->n_empty, "row names", "rows name");
    buf_printf(&b, " no entity: \"%.*s\" is empty there", STR_ARG(c->name));
    take(gather, &b);
}

static void find_repeats(Gather *gather) {
    const Guess *g = gather->g;
    const Profile *p = gather->p;
    if (g->n_repeated == 0)
        return;
    Buf b = {0};
    put_count(&b, g->n_repeated, "row repeats", "rows repeat");
    buf_puts(&b, " the ");
    put_key_words(&b, g);
    buf_puts(&b, " of another");
    if (g->needs_level)
        buf_printf(&b, " (where \"%.*s\" is \"%.*s\")", STR_ARG(p->columns.v[g->level].name),
                   STR_ARG(g->level_text));
    for (size_t i = 0; i < g->n_splits; i++)
        buf_printf(&b, "%s\"%.*s\"", i == 0 ? "; what differs is " : ", ",
                   STR_ARG(p->columns.v[g->splits[i]].name));
    if (g->n_splits > 0)
        buf_puts(&b, ": keep one kind with `where`");
    take(gather, &b);
    if (g->n_repeated_anyway == 0)
        return;
    put_count(&b, g->n_repeated_anyway, "row is", "rows are");
    buf_printf(&b, " told apart by nothing: line %u repeats line %u", g->repeat_line,
               g->first_line);
    take(gather, &b);
}

static void find_limits(Gather *gather) {
    const Profile *p = gather->p;
    Buf b = {0};
    if (p->n_rows == 0) {
        buf_puts(&b, "the file has a header and no rows");
        take(gather, &b);
    }
    if (!gather->g->keys_counted && str_eq(p->path, STR("-"))) {
        buf_puts(&b, "repeated rows were not looked for: standard input is read only once");
        take(gather, &b);
    }
    if (gather->g->n_keyed >= GUESS_MAX_ROWS) {
        buf_puts(&b, "repeated rows were looked for in the first 1,000,000 rows only");
        take(gather, &b);
    }
    if (gather->g->layout == GUESS_NONE && p->n_rows > 0) {
        buf_puts(&b, "no column holds figures, so this does not look like a metric file");
        take(gather, &b);
    }
}

bool report_findings(Arena *a, const Profile *p, const Guess *g, Findings *out) {
    Gather gather = {.a = a, .p = p, .g = g, .out = out, .ok = true};
    *out = (Findings){0};
    find_limits(&gather);
    find_ragged(&gather);
    find_repeated_names(&gather);
    for (size_t i = 0; i < p->columns.n; i++) {
        find_unknown_words(&gather, &p->columns.v[i]);
        find_unread_periods(&gather, i);
        find_damage(&gather, &p->columns.v[i]);
    }
    find_nameless(&gather);
    find_repeats(&gather);
    return gather.ok && !a->failed;
}
