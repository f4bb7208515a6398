// SPDX-License-Identifier: Apache-2.0
// bandstand help: the commands, one command, the output columns, the findings.
#include <bandstand.h>
#include <string.h>

#include "repl/commands.h"
#include "repl/output.h"
#include "repl/session.h"

static void list_commands(FILE *out) {
    fputs("bandstand: rules for KPI thresholds and red, amber, green\n\n", out);
    for (size_t i = 0; i < N_COMMANDS; i++) {
        char left[64];
        snprintf(left, sizeof left, "%s %s", commands[i].name, commands[i].operands);
        fprintf(out, "  bandstand %-24s %s\n", left, commands[i].does);
    }
    fputs(
        "\nRule files end in .rag; every other file holds figures, - is standard input, and\n"
        "INPUT=FILE names the input block of the rules that describes the file.\n\n"
        "Exit status: 0 done; 1 a --fail-on status, a failing example, errors found by check,\n"
        "or a layout that `fmt --check` would change; 2 the command line, the rules or the "
        "figures\n"
        "are in error.\n\n"
        "More: bandstand help COMMAND, bandstand help columns, bandstand help B101\n",
        out);
}

static void explain_command(FILE *out, CommandId id) {
    const Command *c = &commands[id];
    fprintf(out, "bandstand %s %s\n\n%s\n\n", c->name, c->operands, c->does);
    options_help(out, id);
    fprintf(out, "\nFor example: %s\n", c->example);
}

static bs_code explain_columns(const Output *out) {
    fputs("Columns for --columns, in any order:\n\n", out->file);
    bs_code code = bs_write_columns(&out->sink);
    fputs("\nA comparator or a band table of the rules is a column by its own name.\n", out->file);
    return code;
}

static int say_unknown_topic(const Options *o, const char *topic) {
    const char *names[N_COMMANDS + 2] = {"columns", "errors"};
    for (size_t i = 0; i < N_COMMANDS; i++)
        names[i + 2] = commands[i].name;
    const char *near = options_nearest(topic, names, N_COMMANDS + 2);
    size_t n_codes = 0;
    const char *code = bs_nearest_code(topic);
    if (!near && code)
        return usage_error(o, "there is no finding \"%s\"; did you mean \"%s\"?", topic, code);
    if (!near && strlen(topic) > 2) {
        bs_find_codes(topic, &stderr_sink, &n_codes);
        if (n_codes > 0)
            return usage_error(o, "there is no topic \"%s\", but the findings above speak of it",
                               topic);
    }
    if (near)
        return usage_error(o, "there is no topic \"%s\"; did you mean \"%s\"?", topic, near);
    return usage_error(o, "there is no topic \"%s\": a command, columns, errors, or a code", topic);
}

// BS_USAGE when there is no such topic.
static bs_code explain(const Output *out, const char *topic) {
    for (size_t i = 0; i < N_COMMANDS; i++) {
        if (strcmp(topic, commands[i].name) == 0) {
            explain_command(out->file, (CommandId)i);
            return BS_OK;
        }
    }
    if (strcmp(topic, "columns") == 0)
        return explain_columns(out);
    if (strcmp(topic, "errors") == 0)
        return bs_write_error_index(&out->sink);
    return bs_explain_code(topic, &out->sink);
}

int help_on(CommandId command) {
    explain_command(stdout, command);
    return fflush(stdout) == 0 ? EXIT_EVALUATED : EXIT_INVALID;
}

int command_help(const Options *o) {
    if (o->operands.n > 1)
        return usage_error(o, "one topic at a time");
    if (o->page_format && strcmp(o->page_format, "markdown") != 0)
        return usage_error(o, "there is no format \"%s\" here: markdown", o->page_format);
    const char *topic = o->operands.n == 1 ? o->operands.v[0] : NULL;
    Output out;
    if (!output_open(&out, o->output))
        return EXIT_INVALID;
    bs_code code = BS_OK;
    if (topic)
        code = explain(&out, topic);
    else
        list_commands(out.file);
    bool kept = code != BS_USAGE && output_keep(&out);
    output_close(&out);
    if (code == BS_USAGE)
        return say_unknown_topic(o, topic);
    return kept && code == BS_OK ? EXIT_EVALUATED : EXIT_INVALID;
}
