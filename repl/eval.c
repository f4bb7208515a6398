// SPDX-License-Identifier: Apache-2.0
// bandstand eval: works out expressions exactly, one with -e or many with --batch.
#include <bandstand.h>
#include <stdlib.h>
#include <string.h>

#include "repl/commands.h"
#include "repl/output.h"
#include "repl/session.h"

static bool put(const Output *out, const char *s, size_t len) {
    return out->sink.write(out->sink.context, s, len);
}

// In a batch an error is the answer of its line, so it must be one line too.
static bool put_error_line(Session *s, const Output *out) {
    static const char unknown_error[] = "this expression cannot be worked out";
    size_t n = bs_n_diagnostics(s->bs);
    bs_text message = {unknown_error, sizeof unknown_error - 1};
    if (n > s->n_said)
        message = bs_diagnostic_at(s->bs, s->n_said).message;
    s->n_said = n;
    bool fine = put(out, "error: ", strlen("error: "));
    for (size_t i = 0; fine && i < message.len; i++)
        fine = put(out, message.s[i] == '\n' ? " " : &message.s[i], 1);
    return fine && put(out, "\n", 1);
}

static bs_code answer_line(Session *s, bool json, const char *line, size_t len, Output *out) {
    while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == '\r'))
        len--;
    bs_code code = bs_eval(s->bs, line, len, json, &out->sink);
    if (code == BS_INVALID && !json && !put_error_line(s, out))
        return BS_STOPPED;
    return code;
}

static int answer_lines(Session *s, const Options *o, bool json, Output *out) {
    char *line = NULL;
    size_t size = 0;
    int status = EXIT_EVALUATED;
    bs_code code = BS_OK;
    for (ssize_t len;
         (code == BS_OK || code == BS_INVALID) && (len = getline(&line, &size, stdin)) >= 0;) {
        code = answer_line(s, json, line, (size_t)len, out);
        if (code != BS_OK)
            status = EXIT_INVALID;
        // A fresh session where that is cheap, so that a long batch does not gather findings.
        if (code == BS_INVALID && o->operands.n == 0) {
            session_close(s);
            code = session_open(s, o) ? BS_OK : s->code;
        }
    }
    free(line);
    if (code == BS_NO_MEMORY)
        session_explain(s, code);
    return status;
}

static int answer_batch(const Options *o, bool json) {
    Session s;
    Output out;
    int status = EXIT_INVALID;
    if (session_open(&s, o) && output_open(&out, NULL)) {
        status = answer_lines(&s, o, json, &out);
        if (!output_keep(&out))
            status = EXIT_INVALID;
        output_close(&out);
    }
    session_close(&s);
    return status;
}

static int answer_one(const Options *o, bool json) {
    Session s;
    Output out;
    int status = EXIT_INVALID;
    if (session_open(&s, o) && output_open(&out, NULL)) {
        bs_code code = bs_eval(s.bs, o->expression, strlen(o->expression), json, &out.sink);
        bool kept = output_keep(&out);
        output_close(&out);
        session_explain(&s, code);
        status = code == BS_OK && kept ? EXIT_EVALUATED : EXIT_INVALID;
    }
    session_close(&s);
    return status;
}

int command_eval(const Options *o) {
    for (size_t i = 0; i < o->operands.n; i++) {
        if (!is_rule_file(o->operands.v[i]))
            return usage_error(o, "write the expression after -e, in quotes: -e \"%s\"",
                               o->operands.v[i]);
    }
    bool json;
    if (!read_text_or_json(o, &json))
        return EXIT_INVALID;
    if (o->batch == (o->expression != NULL))
        return usage_error(o, "either -e EXPR or --batch, which reads a line at a time");
    return o->batch ? answer_batch(o, json) : answer_one(o, json);
}
