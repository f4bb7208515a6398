// SPDX-License-Identifier: Apache-2.0
// bandstand run: judges the figures by the rules and writes every status.
#include <bandstand.h>
#include <langinfo.h>
#include <locale.h>
#include <string.h>

#include "repl/commands.h"
#include "repl/output.h"
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

// Reads every metric file, so that the findings of all are said at once.
static bs_code add_data(Session *s, const Options *o) {
    bs_code worst = BS_OK;
    for (size_t i = 0; i < o->operands.n; i++) {
        if (is_rule_file(o->operands.v[i]))
            continue;
        bs_code code = bs_add_data(s->bs, o->operands.v[i]);
        if (code != BS_OK)
            worst = code;
        if (code != BS_OK && code != BS_INVALID)
            break;
    }
    session_explain(s, worst);
    return worst;
}

static const char *const *texts(const TextList *list) {
    return (const char *const *)list->v;
}

// Only tables need it, and to read the locale takes as long as a short command.
static bool locale_is_utf8(void) {
    setlocale(LC_CTYPE, "");
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

static int write_results(Session *s, const Options *o, bs_format format) {
    Output out;
    if (!output_open(&out, o->output))
        return EXIT_INVALID;
    bs_filter filter = {.kpis = texts(&o->kpis),
                        .n_kpis = o->kpis.n,
                        .entities = texts(&o->entities),
                        .n_entities = o->entities.n,
                        .periods = texts(&o->periods),
                        .n_periods = o->periods.n};
    bs_output output = {.format = format,
                        .columns = o->columns.n > 0 ? texts(&o->columns) : NULL,
                        .n_columns = o->columns.n,
                        .reasons = o->why,
                        .colour = output_colour(o->colour, out.file),
                        .ascii = o->ascii || !locale_is_utf8(),
                        .width = output_width(out.file)};
    size_t matches = 0;
    bs_code code = bs_write_results(s->bs, &filter, &output, texts(&o->fail_on), o->fail_on.n,
                                    &out.sink, NULL, &matches);
    bool kept = (code == BS_OK || code == BS_STOPPED) && output_keep(&out) && code == BS_OK;
    output_close(&out);
    session_explain(s, code);
    if (!kept)
        return EXIT_INVALID;
    return matches > 0 ? EXIT_FOUND : EXIT_EVALUATED;
}

int command_run(const Options *o) {
    bs_format format;
    if (!find_format(o, &format))
        return EXIT_INVALID;
    size_t n_rules = count_rule_files(o);
    if (n_rules == 0)
        return usage_error(o, "which rules? A rule file's name ends in \".rag\"");
    if (n_rules == o->operands.n)
        return usage_error(o, "which figures? Name a metric file, or - for standard input");
    Session s;
    bool ready = session_open(&s, o) && add_data(&s, o) == BS_OK;
    int status = ready ? write_results(&s, o, format) : EXIT_INVALID;
    session_close(&s);
    return status;
}
