// SPDX-License-Identifier: Apache-2.0
// bandstand run: judges the figures by the rules and writes every status.
#include <bandstand.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "repl/commands.h"
#include "repl/output.h"
#include "repl/progress.h"
#include "repl/session.h"
#include "repl/what_if.h"

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

// Were there figures of a time for which the rules say nothing?
static bool lacks_rules(const Session *s) {
    for (size_t i = 0; i < bs_n_diagnostics(s->bs); i++)
        if (strcmp(bs_diagnostic_at(s->bs, i).code, "B565") == 0)
            return true;
    return false;
}

// What is judged: metric files, or with [tried] figures that the session has already.
typedef struct Judged {
    const char *const *data;
    size_t n_data;
    WhatIf *tried; // NULL for none
} Judged;

static int write_results(Session *s, const Options *o, const bs_output *chosen, Judged judged) {
    Output out;
    if (!output_open(&out, o->output))
        return EXIT_INVALID;
    bs_filter filter = option_filter(o);
    bs_output output = *chosen;
    output.columns = o->columns.n > 0 ? option_texts(&o->columns) : NULL;
    output.n_columns = o->columns.n;
    output.reasons = o->why;
    output.colour = output_colour(o->colour, out.file);
    output.ascii = o->ascii || (output.format == BS_TABLE && !output_is_utf8());
    output.width = output_width(out.file);
    size_t matches = 0;
    bs_counts counts = {0};
    Progress progress;
    bool on_terminal = isatty(fileno(out.file));
    progress_begin(&progress, s->bs, on_terminal && output.format != BS_TABLE);
    const char *const *fail_on = option_texts(&o->fail_on);
    bs_code code = judged.tried
                       ? bs_write_results(s->bs, &filter, &output, fail_on, o->fail_on.n, &out.sink,
                                          &counts, &matches)
                       : bs_judge_files(s->bs, judged.data, judged.n_data, &filter, &output, fail_on,
                                        o->fail_on.n, &out.sink, &counts, &matches);
    progress_end(&progress, s->bs);
    bool kept = (code == BS_OK || code == BS_STOPPED) && output_keep(&out) && code == BS_OK;
    output_close(&out);
    if (kept && judged.tried)
        code = what_if_tell(judged.tried, s, o);
    session_explain(s, code);
    if (!kept || code != BS_OK)
        return EXIT_INVALID;
    if (o->rules_as_of)
        fprintf(stderr, "%zu of %zu statuses differ by the rules of %s\n", counts.n_as_of_differ,
                counts.n_rows - counts.n_unjudged, o->rules_as_of);
    return matches > 0 || lacks_rules(s) ? EXIT_FOUND : EXIT_EVALUATED;
}

static int judge(Session *s, const Options *o, const bs_output *output, Judged judged) {
    if (!what_if_wanted(o))
        return write_results(s, o, output, judged);
    WhatIf tried;
    bool ready = what_if_begin(&tried, s, o, judged.data, judged.n_data);
    judged.tried = &tried;
    int status = ready ? write_results(s, o, output, judged) : EXIT_INVALID;
    what_if_end(&tried);
    return status;
}

int command_run(const Options *o) {
    bs_output output = {0};
    if (!find_format(o, &output.format) || !find_order(o, output.format, &output.order) ||
        !find_threads(o, &output.threads))
        return EXIT_INVALID;
    if (!operands_have_both(o))
        return EXIT_INVALID;
    Session s;
    size_t n_data;
    const char **data = list_data(o, &n_data);
    bool ready = session_open(&s, o) && data;
    int status = ready ? judge(&s, o, &output, (Judged){data, n_data, NULL}) : EXIT_INVALID;
    session_close(&s);
    free(data);
    return status;
}
