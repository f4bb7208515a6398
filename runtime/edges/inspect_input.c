// SPDX-License-Identifier: Apache-2.0
// The input block and the metric lines that inspect suggests.
#include "runtime/edges/inspect_report.h"
#include "runtime/edges/rule_words.h"

enum { MAX_NAME = 40 };

typedef struct Draft {
    Buf *out;
    Arena *a;
    const Profile *p;
    const Guess *g;
    Intern names; // of metrics given out
} Draft;

static const ColumnProfile *column_at(const Draft *t, size_t column) {
    return &t->p->columns.v[column];
}

static void put_column_clause(Draft *t, const char *clause, size_t column) {
    if (column == NO_COLUMN)
        return;
    buf_printf(t->out, "  %s column ", clause);
    put_string(t->out, column_at(t, column)->name);
    buf_char(t->out, '\n');
}

// ---- names --------------------------------------------------------------------------------------

// A name for [label] that is no reserved word and not given out before.
static Str new_name(Draft *t, Str label) {
    Str base = str_slice(snake_name(t->a, label), 0, MAX_NAME);
    while (str_ends(base, STR("_")))
        base.len--;
    Str name = name_give(t->a, &t->names, base);
    t->out->failed |= name.len == 0;
    return name;
}

static Str input_name(Draft *t) {
    Str path = t->p->path;
    for (size_t i = path.len; i > 0; i--) {
        if (path.s[i - 1] == '/') {
            path = str_slice(path, i, path.len);
            break;
        }
    }
    path = str_slice(path, 0, str_find(path, '.'));
    Str name = snake_name(t->a, path);
    return name_is_usable(name) ? name : STR("figures");
}

static Str plain_label(Draft *t, Str name) {
    Str label = arena_str(t->a, name);
    char *s = arena_alloc(t->a, label.len + 1);
    for (size_t i = 0; s && i < label.len; i++)
        s[i] = label.s[i] == '_' ? ' ' : label.s[i];
    return s ? (Str){s, label.len} : label;
}

// ---- the block ----------------------------------------------------------------------------------

static void put_entity(Draft *t) {
    if (t->g->entity != NO_COLUMN)
        put_column_clause(t, "entity  ", t->g->entity);
    else
        buf_puts(t->out, "  # entity \"Name\"   (no column names the entities: say whose figures "
                         "they are)\n");
}

// The first of the ways that fit; where the order of day and month is open, the other as well.
static void put_ways(Draft *t, const LabelGuess *labels) {
    size_t n = 0;
    for (unsigned i = 0; i < N_LABEL_WAYS; i++) {
        if (!(labels->ways >> i & 1))
            continue;
        Str example = label_example(i);
        buf_printf(t->out, n++ == 0 ? " written \"%.*s\"" : "   # or written \"%.*s\": say which",
                   STR_ARG(example));
    }
}

static void put_label_marks(Draft *t, const LabelGuess *labels) {
    for (size_t i = 0; i < labels->n_marks; i++) {
        buf_puts(t->out, "  mark     ");
        put_string(t->out, labels->marks[i].word);
        buf_printf(t->out, " as %.*s\n", STR_ARG(labels->marks[i].words));
    }
}

static void put_period(Draft *t) {
    const Guess *g = t->g;
    if (g->period == NO_COLUMN) {
        buf_puts(t->out, "  # period 2023-05   (no column holds periods: say which it is)\n");
        return;
    }
    buf_puts(t->out, "  period   column ");
    put_string(t->out, column_at(t, g->period)->name);
    if (g->period_as != PERIOD_NONE) {
        Str words = period_kind_words(g->period_as);
        buf_printf(t->out, " as %.*s", STR_ARG(words));
        put_ways(t, &column_at(t, g->period)->labels);
    }
    if (g->period_or != PERIOD_NONE) {
        Str words = period_kind_words(g->period_or);
        buf_printf(t->out, "   # or as %.*s: say which", STR_ARG(words));
    }
    buf_char(t->out, '\n');
    put_label_marks(t, &column_at(t, g->period)->labels);
}

static void put_where(Draft *t) {
    const Guess *g = t->g;
    if (g->level != NO_COLUMN) {
        buf_puts(t->out, g->needs_level ? "  where    " : "  # where  ");
        put_string(t->out, column_at(t, g->level)->name);
        buf_puts(t->out, " is ");
        put_string(t->out, g->level_text);
        buf_char(t->out, '\n');
    }
    for (size_t i = 0; i < g->n_splits; i++) {
        const ColumnProfile *c = column_at(t, g->splits[i]);
        buf_puts(t->out, "  # where  ");
        put_string(t->out, c->name);
        buf_puts(t->out, " is ");
        put_string(t->out, commonest_text(c));
        buf_printf(t->out, "   (of %u kinds: say which)\n", c->texts.n);
    }
}

static bool holds_figures(const Draft *t, size_t column) {
    const Guess *g = t->g;
    if (g->layout == GUESS_WIDE)
        return guess_is_metric(g, t->p, column);
    bool figure = column == g->value || column == g->current || column == g->previous;
    for (size_t i = 0; i < g->n_fields; i++)
        figure |= column == g->fields[i].column;
    return figure;
}

static void put_missing_line(Draft *t, const Symbol *s) {
    Str words = symbol_words(s->text);
    buf_puts(t->out, words.len > 0 ? "  missing  " : "  # missing ");
    put_string(t->out, s->text);
    if (words.len > 0)
        buf_printf(t->out, " as %.*s\n", STR_ARG(words));
    else
        buf_printf(t->out, " as not available   (line %u: say why the figure is missing)\n",
                   s->line);
}

static void put_missing(Draft *t) {
    Intern seen;
    intern_init(&seen, t->a);
    for (size_t i = 0; i < t->p->columns.n; i++) {
        if (!holds_figures(t, i))
            continue;
        Symbol symbols[REPORT_MAX_SYMBOLS];
        size_t n_more, n = report_symbols(column_at(t, i), symbols, REPORT_MAX_SYMBOLS, &n_more);
        for (size_t k = 0; k < n; k++) {
            uint32_t n_seen = seen.n, id = intern_add(&seen, symbols[k].text);
            if (id == INTERN_NONE)
                t->out->failed = true;
            else if (id == n_seen && n_seen < REPORT_MAX_SYMBOLS)
                put_missing_line(t, &symbols[k]);
        }
    }
}

static void put_number_styles(Draft *t) {
    bool percent = false, commas = false, spaces = false, pounds = false;
    for (size_t i = 0; i < t->p->columns.n; i++) {
        const ColumnProfile *c = column_at(t, i);
        if (!holds_figures(t, i))
            continue;
        percent |= c->n_percent > 0;
        commas |= c->n_commas > 0;
        spaces |= c->n_spaces > 0;
        pounds |= c->n_pounds > 0;
    }
    const struct {
        bool used;
        const char *words;
    } styles[] = {{percent, "percent signs"},
                  {commas, "thousands commas"},
                  {spaces, "thousands spaces"},
                  {pounds, "pound signs"}};
    const char *before = "  numbers  with ";
    for (size_t i = 0; i < sizeof styles / sizeof styles[0]; i++) {
        if (styles[i].used) {
            buf_printf(t->out, "%s%s", before, styles[i].words);
            before = ", ";
        }
    }
    if (percent || commas || spaces || pounds)
        buf_char(t->out, '\n');
}

static void put_reading(Draft *t, const RecordsOptions *o) {
    // The comma, semicolon, tab and bar are found without being named.
    const struct {
        const char *clause;
        Str given;
    } clauses[] = {{"delimiter", o->delimiter}, {"quote    ", o->quote}};
    for (size_t i = 0; i < sizeof clauses / sizeof clauses[0]; i++) {
        if (clauses[i].given.len > 0) {
            buf_printf(t->out, "  %s ", clauses[i].clause);
            put_string(t->out, clauses[i].given);
            buf_char(t->out, '\n');
        }
    }
    if (!str_eq(t->p->encoding, STR("utf-8")))
        buf_printf(t->out, "  encoding \"%.*s\"\n", STR_ARG(t->p->encoding));
    if (o->skip_lines > 0)
        buf_printf(t->out, "  skip     %u lines\n", o->skip_lines);
}

// ---- metrics ------------------------------------------------------------------------------------

// The unit that a name tells, or NULL. [c] is the column of the figures, if one is the metric's
// own.
static const char *unit_of(Str snake, Str label, const ColumnProfile *c) {
    const char *told = unit_told(snake, label);
    if (!told && c && c->n_percent > 0)
        told = "percent";
    if (told)
        return told;
    if (snake_has(snake, STR("days")))
        return "days";
    if (snake_has(snake, STR("cost")) || snake_has(snake, STR("spend")) || (c && c->n_pounds > 0))
        return "pounds";
    if (snake_has(snake, STR("ratio")))
        return "ratio";
    if (snake_has(snake, STR("rate")) || (c && c->n_fractions > 0))
        return NULL;
    return c || tells_count(snake) ? "count" : NULL;
}

static void put_metric(Draft *t, Str label, const char *from, Str key, const ColumnProfile *c) {
    Str name = new_name(t, label);
    buf_printf(t->out, "metric %.*s ", STR_ARG(name));
    put_string(t->out, plain_label(t, label));
    const char *unit = unit_of(snake_name(t->a, label), label, c);
    if (unit)
        buf_printf(t->out, " %s", unit);
    buf_printf(t->out, " from %s ", from);
    put_string(t->out, key);
    buf_puts(t->out, unit ? "\n" : "   # unit? percent, count, per 10000, days, pounds, ratio\n");
}

static void put_more_metrics(Draft *t, size_t n) {
    if (n <= REPORT_MAX_METRICS)
        return;
    buf_puts(t->out, "# and ");
    put_count(t->out, n - REPORT_MAX_METRICS, "more", "more");
    buf_char(t->out, '\n');
}

static void put_metrics(Draft *t) {
    size_t n = 0;
    for (size_t i = 0; t->g->metric == NO_COLUMN && i < t->p->columns.n; i++) {
        const ColumnProfile *c = column_at(t, i);
        if (guess_is_metric(t->g, t->p, i) && n++ < REPORT_MAX_METRICS)
            put_metric(t, c->name, "column", c->name, c);
    }
    if (t->g->metric != NO_COLUMN) {
        const ColumnProfile *c = column_at(t, t->g->metric);
        for (uint32_t i = 0; i < c->texts.n; i++) {
            if (n++ < REPORT_MAX_METRICS)
                put_metric(t, intern_text(&c->texts, i), "id", intern_text(&c->texts, i), NULL);
        }
    }
    put_more_metrics(t, n);
}

void report_input(Buf *out, Arena *a, const Profile *p, const Guess *g, const RecordsOptions *o) {
    if (g->layout == GUESS_NONE)
        return;
    Draft t = {.out = out, .a = a, .p = p, .g = g};
    intern_init(&t.names, a);
    Str name = input_name(&t);
    buf_printf(out, "input %.*s\n  layout   %s\n", STR_ARG(name), layout_word(g->layout));
    put_entity(&t);
    put_period(&t);
    put_column_clause(&t, "metric  ", g->metric);
    put_column_clause(&t, "value   ", g->value);
    put_column_clause(&t, "current ", g->current);
    put_column_clause(&t, "previous", g->previous);
    for (size_t i = 0; i < g->n_fields; i++) {
        Str clause = arena_printf(a, "field    %s", g->fields[i].name);
        put_column_clause(&t, clause.s ? clause.s : "field", g->fields[i].column);
    }
    put_where(&t);
    put_missing(&t);
    put_number_styles(&t);
    put_reading(&t, o);
    buf_puts(out, "end\n\n");
    put_metrics(&t);
    out->failed |= a->failed;
}
