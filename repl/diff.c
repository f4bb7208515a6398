// SPDX-License-Identifier: Apache-2.0
// bandstand diff: what another set of rules, or another set of figures, changes.
#include <bandstand.h>
#include <stdlib.h>
#include <string.h>

#include "repl/commands.h"
#include "repl/output.h"
#include "repl/session.h"

// What is compared with what.
typedef struct Sides {
    const char *rules[2]; // of either side; one set of rules stands on both
    size_t n_rules;
    const char **data; // of the old side, or of both
    size_t n_data;
} Sides;

typedef enum Way {
    WAY_STRICTER, WAY_LAXER, WAY_BOTH, WAY_WORSE, WAY_BETTER, WAY_NO_DATA, WAY_ANY, N_WAYS
} Way;
static const char *const way_names[N_WAYS] = {
    [WAY_STRICTER] = "stricter", [WAY_LAXER] = "laxer",     [WAY_BOTH] = "both",
    [WAY_WORSE] = "worse",       [WAY_BETTER] = "better",   [WAY_NO_DATA] = "no-data",
    [WAY_ANY] = "any"};

// ---- the command line ---------------------------------------------------------------------------

static bool say_unknown(const Options *o, const char *what, const char *given,
                        const char *const *names, size_t n) {
    const char *near = options_nearest(given, names, n);
    if (near)
        usage_error(o, "there is no %s \"%s\"; did you mean \"%s\"?", what, given, near);
    else
        usage_error(o, "there is no %s \"%s\"; `bandstand help diff` lists them", what, given);
    return false;
}

static bool find_format(const Options *o, bs_report_format *format) {
    static const char *const names[] = {
        [BS_REPORT_TABLE] = "table", [BS_REPORT_MARKDOWN] = "md", [BS_REPORT_JSON] = "json"};
    enum { N_FORMATS = sizeof names / sizeof *names };
    *format = BS_REPORT_TABLE;
    for (size_t i = 0; o->report_format && i < N_FORMATS; i++) {
        if (strcmp(names[i], o->report_format) == 0) {
            *format = (bs_report_format)i;
            return true;
        }
    }
    return !o->report_format || say_unknown(o, "format", o->report_format, names, N_FORMATS);
}

// A set of ways, bit by Way.
static bool find_ways(const Options *o, unsigned *ways) {
    *ways = 0;
    for (size_t i = 0; i < o->fail_on_change.n; i++) {
        const char *given = o->fail_on_change.v[i];
        size_t k = 0;
        while (k < N_WAYS && strcmp(way_names[k], given) != 0)
            k++;
        if (k == N_WAYS)
            return say_unknown(o, "change", given, way_names, N_WAYS);
        *ways |= 1u << k;
    }
    return true;
}

static bool sort_operands(const Options *o, Sides *sides) {
    for (size_t i = 0; i < o->operands.n; i++) {
        const char *operand = o->operands.v[i];
        if (!is_rule_file(operand)) {
            sides->data[sides->n_data++] = operand;
        } else if (sides->n_rules == 2) {
            usage_error(o, "\"%s\" is one rule file too many: name the old rules and the new ones; "
                           "what they `use` comes with them",
                        operand);
            return false;
        } else {
            sides->rules[sides->n_rules++] = operand;
        }
    }
    return true;
}

static bool check_sides(const Options *o, const Sides *sides) {
    bool one = sides->n_rules == 1;
    if (sides->n_rules == 0)
        usage_error(o, "which rules? A rule file's name ends in \".rag\"");
    else if (!one && o->with.n > 0)
        usage_error(o, "--with compares figures under one set of rules: compare the rules by "
                       "themselves, so that it shows which of the two made a change");
    else if (!one && o->between.n > 0)
        usage_error(o, "--between compares periods under one set of rules: compare the rules by "
                       "themselves");
    else if (o->between.n > 0 && o->between.n != 2)
        usage_error(o, "--between needs two periods: --between 2023-04,2023-05");
    else if (sides->n_data == 0 && o->entities.n + o->periods.n > 0)
        usage_error(o, "--entity and --period select rows: name the figures");
    else if (one && sides->n_data == 0)
        usage_error(o, "with what? Name the new rules, or figures and others --with them");
    else if (one && o->with.n == 0 && o->between.n == 0)
        usage_error(o, "with what? Name the new rules, or other figures (--with june.csv), or two "
                       "periods (--between 2023-04,2023-05)");
    else
        return true;
    return false;
}

// ---- the sessions -------------------------------------------------------------------------------

// [told]: what is to be said of the rules is said already.
static bool open_rules(const Options *o, const char *rules, bool told, Session *s) {
    *s = (Session){.bs = bs_open(), .colour = o->colour};
    s->code = s->bs ? bs_add_rules(s->bs, rules) : BS_NO_MEMORY;
    for (size_t i = 0; s->code == BS_OK && i < o->overrides.n; i++)
        s->code = bs_add_overrides(s->bs, o->overrides.v[i]);
    if (s->code == BS_OK)
        s->code = bs_compile(s->bs);
    if (told && s->code == BS_OK)
        s->n_said = bs_n_diagnostics(s->bs);
    session_explain(s, s->code);
    return s->code == BS_OK;
}

// Every file is read, so that the findings of all are said at once.
static bool read_files(Session *s, const char *const *files, size_t n) {
    for (size_t i = 0; i < n; i++) {
        bs_code code = bs_add_data(s->bs, files[i]);
        s->code = code == BS_OK ? s->code : code;
    }
    session_explain(s, s->code);
    return s->code == BS_OK;
}

// The new side has the same figures, shared if both read files alike.
static bool read_again(Session *old, Session *new, const Sides *sides) {
    if (bs_share_data(new->bs, old->bs) == BS_OK)
        return true;
    return read_files(new, sides->data, sides->n_data);
}

static bool read_data(const Options *o, const Sides *sides, Session *old, Session *new) {
    if (sides->n_data == 0)
        return true;
    if (!read_files(old, sides->data, sides->n_data))
        return false;
    if (o->with.n > 0)
        return read_files(new, (const char *const *)o->with.v, o->with.n);
    return read_again(old, new, sides);
}

// ---- the report ---------------------------------------------------------------------------------

static bool found(const bs_comparison_counts *n, unsigned ways) {
    const size_t by_way[N_WAYS] = {
        [WAY_STRICTER] = n->n_stricter + n->n_both_ways + n->n_undecided,
        [WAY_LAXER] = n->n_laxer + n->n_both_ways + n->n_undecided,
        [WAY_BOTH] = n->n_both_ways + n->n_undecided,
        [WAY_WORSE] = n->n_rows_worse,
        [WAY_BETTER] = n->n_rows_better,
        [WAY_NO_DATA] = n->n_to_no_data + n->n_rows_to_no_data,
        [WAY_ANY] = n->n_rules_alone + n->n_stricter + n->n_laxer + n->n_both_ways +
                    n->n_otherwise + n->n_undecided + n->rows.n_changed};
    for (size_t i = 0; i < N_WAYS; i++)
        if (ways >> i & 1 && by_way[i] > 0)
            return true;
    return false;
}

// "may.csv", "may.csv and 2 more", or the first of two periods.
static void name_figures(char *out, size_t size, const char *const *files, size_t n) {
    if (n == 1)
        snprintf(out, size, "%s", files[0]);
    else
        snprintf(out, size, "%s and %zu more", files[0], n - 1);
}

static int write_report(const Options *o, const Sides *sides, bs_report_format format,
                        unsigned ways, Session *old, Session *new) {
    Output out;
    if (!output_open(&out, o->output))
        return EXIT_INVALID;
    const char *const *with = (const char *const *)o->with.v;
    char before[600], after[600];
    bs_comparison what = {
        .name_before = sides->rules[0],
        .name_after = sides->rules[sides->n_rules - 1],
        .rules = sides->n_rules == 2,
        .rows = sides->n_data > 0,
        .options = {.filter = {.kpis = (const char *const *)o->kpis.v,
                               .n_kpis = o->kpis.n,
                               .entities = (const char *const *)o->entities.v,
                               .n_entities = o->entities.n,
                               .periods = (const char *const *)o->periods.v,
                               .n_periods = o->periods.n}},
        .format = format,
        .colour = output_colour(o->colour, out.file),
        .ascii = o->ascii || (format == BS_REPORT_TABLE && !output_is_utf8())};
    if (o->between.n == 2) {
        what.name_before = what.options.period_before = o->between.v[0];
        what.name_after = what.options.period_after = o->between.v[1];
    } else if (sides->n_rules == 1) {
        name_figures(before, sizeof before, sides->data, sides->n_data);
        name_figures(after, sizeof after, with, o->with.n);
        what.name_before = before;
        what.name_after = after;
    }
    bs_comparison_counts counts;
    bs_code code = bs_write_comparison(old->bs, new->bs, &what, &out.sink, &counts);
    bool kept = (code == BS_OK || code == BS_STOPPED) && output_keep(&out) && code == BS_OK;
    output_close(&out);
    session_say(old);
    session_explain(new, code);
    if (!kept)
        return EXIT_INVALID;
    return found(&counts, ways) ? EXIT_FOUND : EXIT_EVALUATED;
}

int command_diff(const Options *o) {
    bs_report_format format;
    unsigned ways;
    Sides sides = {.data = calloc(o->operands.n + 1, sizeof *sides.data)};
    Session old = {0}, new = {0};
    int status = EXIT_INVALID;
    bool ready = sides.data && find_format(o, &format) && find_ways(o, &ways) &&
                 sort_operands(o, &sides) && check_sides(o, &sides);
    if (ready && open_rules(o, sides.rules[0], false, &old) &&
        open_rules(o, sides.rules[sides.n_rules - 1], sides.n_rules == 1, &new) &&
        read_data(o, &sides, &old, &new))
        status = write_report(o, &sides, format, ways, &old, &new);
    session_close(&old);
    session_close(&new);
    free(sides.data);
    return status;
}
