// SPDX-License-Identifier: Apache-2.0
// bandstand import: makes a rule file of a published table of thresholds.
#include <bandstand.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "repl/commands.h"
#include "repl/output.h"
#include "repl/session.h"

// How the rules that are written name a rule file: relative to the folder they are written to.
typedef struct Use {
    char file[PATH_MAX]; // as this command opens it
    char text[PATH_MAX]; // as the rules name it
} Use;

// The folder that the rules are written to. False when there is none.
static bool output_folder(const Options *o, char *folder) {
    char path[PATH_MAX];
    if (!o->output)
        return realpath(".", folder);
    if (strlen(o->output) >= sizeof path)
        return false;
    strcpy(path, o->output);
    return realpath(dirname(path), folder);
}

// What of [path] stands below [folder], or NULL when it is not below.
static const char *below(const char *path, const char *folder) {
    size_t len = strcmp(folder, "/") == 0 ? 0 : strlen(folder);
    return strncmp(path, folder, len) == 0 && path[len] == '/' ? path + len + 1 : NULL;
}

// `use` reaches what is below the file's own folder, and below the current folder if the file is
// there. False where it cannot reach [use->file].
static bool name_use(Use *use, const char *folder) {
    char real[PATH_MAX], here[PATH_MAX];
    if (!realpath(use->file, real))
        return false;
    const char *own = below(real, folder);
    if (own) {
        snprintf(use->text, sizeof use->text, "%s", own);
        return true;
    }
    const char *deeper = realpath(".", here) ? below(folder, here) : NULL;
    const char *rest = deeper ? below(real, here) : NULL;
    if (!rest)
        return false;
    use->text[0] = '\0';
    for (const char *s = deeper; s; s = strchr(s + 1, '/'))
        strncat(use->text, "../", sizeof use->text - strlen(use->text) - 1);
    strncat(use->text, rest, sizeof use->text - strlen(use->text) - 1);
    return true;
}

// The scales that ship stand in `rules`, or beside the file.
static bool find_usual_scales(Use *use, const char *folder) {
    static const char *const places[] = {"%s/scales.rag", "%s/rules/scales.rag"};
    for (size_t i = 0; i < 3; i++) {
        int n = i < 2 ? snprintf(use->file, sizeof use->file, places[i], folder)
                      : snprintf(use->file, sizeof use->file, "rules/scales.rag");
        if (n > 0 && (size_t)n < sizeof use->file && access(use->file, R_OK) == 0 &&
            name_use(use, folder))
            return true;
    }
    return false;
}

static bool take_given_rules(const Options *o, Use *use, size_t *n, const char *folder) {
    for (size_t i = 0; i < o->operands.n; i++) {
        const char *path = o->operands.v[i];
        if (!is_rule_file(path))
            continue;
        snprintf(use[*n].file, sizeof use[*n].file, "%s", path);
        if (access(path, R_OK) == 0 && !name_use(&use[*n], folder)) {
            usage_error(o,
                        "the rules that are written cannot use \"%s\": write them to its folder, "
                        "or to one above it",
                        path);
            return false;
        }
        ++*n;
    }
    return true;
}

static const char *find_table(const Options *o, size_t *n_tables) {
    const char *table = NULL;
    *n_tables = 0;
    for (size_t i = 0; i < o->operands.n; i++) {
        if (is_rule_file(o->operands.v[i]))
            continue;
        table = o->operands.v[i];
        ++*n_tables;
    }
    return table;
}

static bs_code open_rules(Session *s, const Use *use, size_t n) {
    bs_code code = BS_OK;
    for (size_t i = 0; code == BS_OK && i < n; i++)
        code = bs_add_rules(s->bs, use[i].file);
    return code == BS_OK && n > 0 ? bs_compile(s->bs) : code;
}

static int import(const Options *o, const char *table, const Use *use, size_t n_use,
                  const bs_import_options *options) {
    Session s = {.bs = bs_open(), .colour = o->colour};
    int status = EXIT_INVALID;
    bs_code code = s.bs ? open_rules(&s, use, n_use) : BS_NO_MEMORY;
    Output out;
    if (code == BS_OK && output_open(&out, o->output)) {
        code = bs_import(s.bs, table, options, &out.sink);
        bool kept = (code == BS_OK || code == BS_STOPPED) && output_keep(&out) && code == BS_OK;
        output_close(&out);
        status = kept ? EXIT_EVALUATED : EXIT_INVALID;
    }
    session_explain(&s, code);
    session_close(&s);
    return status;
}

static int import_with_rules(const Options *o, const char *table, bs_import_options *options) {
    char folder[PATH_MAX];
    size_t n = 0;
    Use *use = calloc(o->operands.n + 1, sizeof *use);
    const char **texts = calloc(o->operands.n + 1, sizeof *texts);
    int status = EXIT_INVALID;
    if (!use || !texts) {
        fputs("bandstand: memory ran out\n", stderr);
    } else if (!output_folder(o, folder)) {
        usage_error(o, "the folder of \"%s\" is not there", o->output ? o->output : ".");
    } else if (take_given_rules(o, use, &n, folder)) {
        if (n == 0)
            n = find_usual_scales(&use[0], folder);
        for (size_t i = 0; i < n; i++)
            texts[i] = use[i].text;
        options->uses = texts;
        options->n_uses = n;
        status = import(o, table, use, n, options);
    }
    free(texts);
    free(use);
    return status;
}

int command_import(const Options *o) {
    size_t n_tables;
    const char *table = find_table(o, &n_tables);
    if (n_tables != 1)
        return usage_error(o, n_tables == 0 ? "which table? Name a file, or - for standard input"
                                            : "one table at a time");
    if (o->output && !is_rule_file(o->output))
        return usage_error(o, "\"%s\" is no name for rules: they end in \".rag\"", o->output);
    bs_import_options options = {.sheet = o->sheet,
                                 .polarity = o->polarity,
                                 .columns = (const char *const *)o->roles.v,
                                 .n_columns = o->roles.n,
                                 .delimiter = o->delimiter,
                                 .quote = o->quote,
                                 .encoding = o->encoding,
                                 .no_header = o->no_header};
    if (!read_skip(o, &options.skip_lines))
        return EXIT_INVALID;
    return import_with_rules(o, table, &options);
}
