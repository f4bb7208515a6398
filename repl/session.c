// SPDX-License-Identifier: Apache-2.0
#include "repl/session.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "repl/commands.h"
#include "repl/output.h"

static bool write_stderr(void *context, const char *s, size_t len) {
    (void)context;
    return fwrite(s, 1, len, stderr) == len;
}

const bs_sink stderr_sink = {.write = write_stderr};

bool is_rule_file(const char *operand) {
    size_t len = strlen(operand);
    return len > 4 && strcmp(operand + len - 4, ".rag") == 0;
}

size_t n_rule_files(const Options *o) {
    size_t n = 0;
    for (size_t i = 0; i < o->operands.n; i++)
        n += is_rule_file(o->operands.v[i]);
    return n;
}

bool operands_are_rules(const Options *o) {
    for (size_t i = 0; i < o->operands.n; i++) {
        if (is_rule_file(o->operands.v[i]))
            continue;
        usage_error(o, "\"%s\" is no rule file: their names end in \".rag\"", o->operands.v[i]);
        return false;
    }
    if (o->operands.n == 0)
        usage_error(o, "which rules? A rule file's name ends in \".rag\"");
    return o->operands.n > 0;
}

bool operands_have_both(const Options *o) {
    size_t n_rules = n_rule_files(o);
    if (n_rules == 0)
        usage_error(o, "which rules? A rule file's name ends in \".rag\"");
    else if (n_rules == o->operands.n)
        usage_error(o, "which figures? Name a metric file, or - for standard input");
    return n_rules > 0 && n_rules < o->operands.n;
}

const char **list_data(const Options *o, size_t *n) {
    const char **data = calloc(o->operands.n, sizeof *data);
    *n = 0;
    for (size_t i = 0; data && i < o->operands.n; i++) {
        if (!is_rule_file(o->operands.v[i]))
            data[(*n)++] = o->operands.v[i];
    }
    return data;
}

const char *const *option_texts(const TextList *list) {
    return (const char *const *)list->v;
}

bs_filter option_filter(const Options *o) {
    return (bs_filter){.kpis = option_texts(&o->kpis),
                       .n_kpis = o->kpis.n,
                       .entities = option_texts(&o->entities),
                       .n_entities = o->entities.n,
                       .periods = option_texts(&o->periods),
                       .n_periods = o->periods.n,
                       .rules_as_of = o->rules_as_of};
}

bool read_text_or_json(const Options *o, bool *json) {
    *json = o->text_format && strcmp(o->text_format, "json") == 0;
    bool known = !o->text_format || *json || strcmp(o->text_format, "text") == 0;
    if (!known)
        usage_error(o, "there is no format \"%s\" here: text or json", o->text_format);
    return known;
}

bool read_skip(const Options *o, unsigned *n_lines) {
    *n_lines = 0;
    if (!o->skip)
        return true;
    char *end = NULL;
    errno = 0;
    unsigned long n = o->skip[0] >= '0' && o->skip[0] <= '9' ? strtoul(o->skip, &end, 10) : 0;
    bool known = end && *end == '\0' && errno == 0 && n <= UINT_MAX;
    if (known)
        *n_lines = (unsigned)n;
    else
        usage_error(o, "--skip is a number of lines, not \"%s\"", o->skip);
    return known;
}

bool session_compile_with(Session *s, const Options *o, SessionPrepare prepare, void *context) {
    *s = (Session){.bs = bs_open(), .colour = o->colour};
    if (!s->bs) {
        s->code = BS_NO_MEMORY;
        session_explain(s, s->code);
        return false;
    }
    size_t n_rules = 0;
    bs_code code = prepare ? prepare(context, s->bs) : BS_OK;
    for (size_t i = 0; code == BS_OK && i < o->thresholds.n; i++)
        code = bs_set_threshold(s->bs, o->thresholds.v[i]);
    for (size_t i = 0; code == BS_OK && i < o->operands.n; i++) {
        if (!is_rule_file(o->operands.v[i]))
            continue;
        code = bs_add_rules(s->bs, o->operands.v[i]);
        n_rules++;
    }
    for (size_t i = 0; code == BS_OK && i < o->overrides.n; i++)
        code = bs_add_overrides(s->bs, o->overrides.v[i]);
    if (code == BS_OK && n_rules > 0)
        code = bs_compile(s->bs);
    s->code = code;
    return true;
}

bool session_compile(Session *s, const Options *o) {
    return session_compile_with(s, o, NULL, NULL);
}

bool session_open(Session *s, const Options *o) {
    if (!session_compile(s, o))
        return false;
    session_explain(s, s->code);
    return s->code == BS_OK;
}

void session_close(Session *s) {
    bs_close(s->bs);
    *s = (Session){0};
}

bs_code session_add_data(Session *s, const char *const *data, size_t n_data) {
    bs_code worst = BS_OK;
    for (size_t i = 0; i < n_data && (worst == BS_OK || worst == BS_INVALID); i++) {
        bs_code code = bs_add_data(s->bs, data[i]);
        worst = code == BS_OK ? worst : code;
    }
    return worst;
}

void session_say(Session *s) {
    size_t n = s->bs ? bs_n_diagnostics(s->bs) : 0;
    if (n > s->n_said)
        bs_write_diagnostics(s->bs, s->n_said, output_colour(s->colour, stderr), &stderr_sink);
    s->n_said = n;
}

void session_explain(Session *s, bs_code code) {
    session_say(s);
    switch (code) {
    case BS_OK:
    case BS_INVALID:
    case BS_STOPPED:
        return;
    case BS_NO_MEMORY:
        fputs("bandstand: memory ran out\n", stderr);
        return;
    case BS_USAGE:
        fputs("bandstand: the library was called out of order; please report this\n", stderr);
        return;
    }
}

int usage_error(const Options *o, const char *format, ...) {
    const Command *command = &commands[o->command];
    fprintf(stderr, "bandstand %s: ", command->name);
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fprintf(stderr, "\nfor example: %s\n", command->example);
    return EXIT_INVALID;
}
