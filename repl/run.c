// SPDX-License-Identifier: Apache-2.0
// bandstand run: judges the figures by the rules and writes every status.
#include <bandstand.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "repl/commands.h"
#include "repl/output.h"
#include "repl/progress.h"
#include "repl/session.h"

static const char *const format_names[] = {
    [BS_TABLE] = "table", [BS_CSV] = "csv", [BS_JSON] = "json", [BS_JSONL] = "jsonl"};
enum { N_FORMATS = sizeof format_names / sizeof format_names[0] };

// False when there is no format of that name, which is said.
static bool find_format(const Options *o, bs_format *format) {
    *format = BS_TABLE;
    for (size_t i = 0; o->format && i < N_FORMATS; i++) {
        if (strcmp(format_names[i], o->format) == 0) {
            *format = (bs_format)i;
            return true;
        }
    }
    if (o->format) {
        const char *near = options_nearest(o->format, format_names, N_FORMATS);
        if (near)
            usage_error(o, "there is no format \"%s\"; did you mean \"%s\"?", o->format, near);
        else
            usage_error(o, "there is no format \"%s\": write table, csv, json or jsonl", o->format);
    }
    return !o->format;
}

static size_t count_rule_files(const Options *o) {
    size_t n = 0;
    for (size_t i = 0; i < o->operands.n; i++)
        n += is_rule_file(o->operands.v[i]);
    return n;
}

// The order of the rows. False when it is no order, which is said.
static bool find_order(const Options *o, bs_format format, bs_order *order) {
    *order = o->order && strcmp(o->order, "data") == 0 ? BS_AS_READ : BS_BY_KPI;
    if (o->order && *order == BS_BY_KPI && strcmp(o->order, "kpi") != 0) {
        usage_error(o, "there is no order \"%s\": write kpi or data", o->order);
        return false;
    }
    if (*order == BS_AS_READ && format == BS_TABLE) {
        usage_error(o, "a table goes by KPI: with --order data write --format csv, json or jsonl");
        return false;
    }
    return true;
}

// False when it is no audience, or one that the order is not for, which is said.
static bool find_audience(const Options *o, bs_order order, bs_audience *audience) {
    *audience = o->audience && strcmp(o->audience, "publish") == 0 ? BS_PUBLISH : BS_INTERNAL;
    if (o->audience && *audience == BS_INTERNAL && strcmp(o->audience, "internal") != 0) {
        usage_error(o, "there is no audience \"%s\": write internal or publish", o->audience);
        return false;
    }
    if (*audience == BS_PUBLISH && order == BS_AS_READ) {
        usage_error(o, "what a publication may show is known once all figures are read: leave out "
                       "--order data");
        return false;
    }
    return true;
}

enum { MAX_THREADS = 256 };

// 0 when none is given. False when it is no number of threads, which is said.
static bool find_threads(const Options *o, unsigned *threads) {
    *threads = 0;
    if (!o->threads)
        return true;
    char *end;
    unsigned long n = strtoul(o->threads, &end, 10);
    bool is_number = o->threads[0] >= '0' && o->threads[0] <= '9' && *end == '\0';
    if (!is_number || n < 1 || n > MAX_THREADS) {
        usage_error(o, "\"%s\" is no number of threads: write one from 1 to %d", o->threads,
                    (int)MAX_THREADS);
        return false;
    }
    *threads = (unsigned)n;
    return true;
}

static const char *const *texts(const TextList *list) {
    return (const char *const *)list->v;
}

// Only tables need it, and to read the locale takes as long as a short command.
static bool locale_is_utf8(void) {
    setlocale(LC_CTYPE, "");
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

// Were there figures of a time for which the rules say nothing?
static bool lacks_rules(const Session *s) {
    for (size_t i = 0; i < bs_n_diagnostics(s->bs); i++)
        if (strcmp(bs_diagnostic_at(s->bs, i).code, "B565") == 0)
            return true;
    return false;
}

static int write_results(Session *s, const Options *o, const bs_output *chosen,
                         const char *const *data, size_t n_data) {
    Output out;
    if (!output_open(&out, o->output))
        return EXIT_INVALID;
    bs_filter filter = {.kpis = texts(&o->kpis),
                        .n_kpis = o->kpis.n,
                        .entities = texts(&o->entities),
                        .n_entities = o->entities.n,
                        .periods = texts(&o->periods),
                        .n_periods = o->periods.n,
                        .rules_as_of = o->rules_as_of};
    bs_output output = *chosen;
    output.columns = o->columns.n > 0 ? texts(&o->columns) : NULL;
    output.n_columns = o->columns.n;
    output.reasons = o->why;
    output.colour = output_colour(o->colour, out.file);
    output.ascii = o->ascii || (output.format == BS_TABLE && !locale_is_utf8());
    output.width = output_width(out.file);
    size_t matches = 0;
    bs_counts counts = {0};
    Progress progress;
    bool on_terminal = isatty(fileno(out.file));
    progress_begin(&progress, s->bs, on_terminal && output.format != BS_TABLE);
    bs_code code = bs_judge_files(s->bs, data, n_data, &filter, &output, texts(&o->fail_on),
                                  o->fail_on.n, &out.sink, &counts, &matches);
    progress_end(&progress, s->bs);
    bool kept = (code == BS_OK || code == BS_STOPPED) && output_keep(&out) && code == BS_OK;
    output_close(&out);
    session_explain(s, code);
    if (!kept)
        return EXIT_INVALID;
    if (o->rules_as_of)
        fprintf(stderr, "%zu of %zu statuses differ by the rules of %s\n", counts.n_as_of_differ,
                counts.n_rows - counts.n_unjudged, o->rules_as_of);
    return matches > 0 || lacks_rules(s) ? EXIT_FOUND : EXIT_EVALUATED;
}

// The operands that are metric files, to be freed; NULL when memory runs out.
static const char **list_data(const Options *o, size_t *n) {
    const char **data = calloc(o->operands.n, sizeof *data);
    *n = 0;
    for (size_t i = 0; data && i < o->operands.n; i++) {
        if (!is_rule_file(o->operands.v[i]))
            data[(*n)++] = o->operands.v[i];
    }
    return data;
}

int command_run(const Options *o) {
    bs_output output = {0};
    bs_audience audience;
    if (!find_format(o, &output.format) || !find_order(o, output.format, &output.order) ||
        !find_audience(o, output.order, &audience) || !find_threads(o, &output.threads))
        return EXIT_INVALID;
    size_t n_rules = count_rule_files(o);
    if (n_rules == 0)
        return usage_error(o, "which rules? A rule file's name ends in \".rag\"");
    if (n_rules == o->operands.n)
        return usage_error(o, "which figures? Name a metric file, or - for standard input");
    Session s;
    size_t n_data;
    const char **data = list_data(o, &n_data);
    bool ready = session_open(&s, o) && data && bs_set_audience(s.bs, audience) == BS_OK;
    int status = ready ? write_results(&s, o, &output, data, n_data) : EXIT_INVALID;
    session_close(&s);
    free(data);
    return status;
}
