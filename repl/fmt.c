// SPDX-License-Identifier: Apache-2.0
// bandstand fmt: lays rule files out in the one usual way.
#include <bandstand.h>
#include <string.h>

#include "repl/commands.h"
#include "repl/output.h"
#include "repl/session.h"

typedef struct Counts {
    size_t n_changed, n_failed;
} Counts;

static bool is_input(const char *operand) {
    return strcmp(operand, "-") == 0;
}

// To the file [path], or to standard output for NULL.
static bool write_text(const char *path, bs_text text) {
    Output out;
    if ((path && !output_can_replace(path)) || !output_open(&out, path))
        return false;
    bool written = text.len == 0 || out.sink.write(out.sink.context, text.s, text.len);
    bool kept = output_keep(&out) && written;
    output_close(&out);
    return kept;
}

static bool write_diff(Session *s, const bs_formatted *f) {
    Output out;
    if (!output_open(&out, NULL))
        return false;
    bs_code code = bs_write_diff(f->name, f->before, f->after, &out.sink);
    bool kept = output_keep(&out);
    output_close(&out);
    session_explain(s, code);
    return code == BS_OK && kept;
}

// What is to be done with a rule text that could be read.
static bool deliver(Session *s, const Options *o, const char *operand, const bs_formatted *f) {
    if (o->diff)
        return write_diff(s, f);
    if (o->check) {
        if (f->first_line > 0)
            printf("%s:%u: the layout would change from this line on\n", f->name.s, f->first_line);
        return true;
    }
    if (is_input(operand))
        return write_text(NULL, f->after);
    if (f->first_line == 0)
        return true;
    if (!write_text(operand, f->after))
        return false;
    printf("%s: layout changed\n", operand);
    return true;
}

static void format_one(const Options *o, const char *operand, Counts *counts) {
    Session s = {.bs = bs_open(), .colour = o->colour};
    bs_formatted formatted = {0};
    s.code = s.bs ? bs_format_rules(s.bs, operand, &formatted) : BS_NO_MEMORY;
    session_explain(&s, s.code);
    if (s.code != BS_OK || !deliver(&s, o, operand, &formatted))
        counts->n_failed++;
    else if (formatted.first_line > 0)
        counts->n_changed++;
    session_close(&s);
}

// Standard output holds nothing but a diff or the text where that is asked for.
static void print_summary(const Options *o, const Counts *counts) {
    const char *would = o->check ? "would change" : "changed";
    if (counts->n_changed == 0)
        printf("no file %s", would);
    else
        printf("%zu of %zu file%s %s", counts->n_changed, o->operands.n,
               o->operands.n == 1 ? "" : "s", would);
    if (counts->n_failed > 0)
        printf(", %zu could not be laid out", counts->n_failed);
    puts(o->check && counts->n_changed > 0 ? ": run `bandstand fmt`" : "");
}

static bool operands_can_be_formatted(const Options *o) {
    if (o->operands.n == 1 && is_input(o->operands.v[0]))
        return true;
    for (size_t i = 0; i < o->operands.n; i++) {
        if (is_input(o->operands.v[i])) {
            usage_error(o, "- is standard input and stands alone: name it, or rule files");
            return false;
        }
    }
    return operands_are_rules(o);
}

int command_fmt(const Options *o) {
    if (!operands_can_be_formatted(o))
        return EXIT_INVALID;
    Counts counts = {0};
    for (size_t i = 0; i < o->operands.n; i++)
        format_one(o, o->operands.v[i], &counts);
    if (!o->diff && !is_input(o->operands.v[0]))
        print_summary(o, &counts);
    if (fflush(stdout) != 0 || counts.n_failed > 0)
        return EXIT_INVALID;
    return o->check && counts.n_changed > 0 ? EXIT_FOUND : EXIT_EVALUATED;
}
