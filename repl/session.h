// SPDX-License-Identifier: Apache-2.0
// What the subcommands share: rules in a session, findings on stderr.
#ifndef BS_REPL_SESSION_H
#define BS_REPL_SESSION_H

#include <bandstand.h>
#include <stdbool.h>
#include <stddef.h>

#include "repl/options.h"

typedef struct Session {
    bs_session *bs;
    size_t n_said;      // findings that stand on stderr already
    const char *colour; // --colour
    bs_code code;       // of opening and compiling
} Session;

bool is_rule_file(const char *operand); // ends in ".rag"
size_t n_rule_files(const Options *o);  // among the operands

// Whether there are operands, rule files all; what is wrong is said on stderr.
bool operands_are_rules(const Options *o);

// Whether there are rule files and metric files among them; what is missing is said on stderr.
bool operands_have_both(const Options *o);

// The operands that are metric files, to be freed; NULL when memory runs out.
const char **list_data(const Options *o, size_t *n);

const char *const *option_texts(const TextList *list);
// What --kpi, --entity, --period and --rules-as-of select.
bs_filter option_filter(const Options *o);

// Reads --format text|json; another format is said on stderr: then false.
bool read_text_or_json(const Options *o, bool *json);

// Reads --skip, 0 without it; what is no number of lines is said on stderr: then false.
bool read_skip(const Options *o, unsigned *n_lines);

// Opens a session on the rule files among the operands and compiles them, if there are any; what is
// wrong with them is in [s]->code and not said yet. False when memory runs out, which is said. Call
// session_close whatever is returned.
bool session_compile(Session *s, const Options *o);
// The same with [prepare], if it is given, called on the new session before a rule file is read.
typedef bs_code (*SessionPrepare)(void *context, bs_session *bs);
bool session_compile_with(Session *s, const Options *o, SessionPrepare prepare, void *context);
// The same as session_compile. False, with everything said, when that fails. Call session_close
// whatever is returned.
bool session_open(Session *s, const Options *o);
void session_close(Session *s);

// Reads the metric files, all of them even where one is wrong, so that all findings are said at once.
bs_code session_add_data(Session *s, const char *const *data, size_t n_data);

// Writes the findings that are new since the last call to stderr.
void session_say(Session *s);

// Says the findings, and why [code] came about where no finding tells. BS_STOPPED is left to the
// output, which knows what went wrong.
void session_explain(Session *s, bs_code code);

// Exit status 2 with `bandstand COMMAND: …` on stderr and an example of how to call it.
int usage_error(const Options *o, const char *format, ...) __attribute__((format(printf, 2, 3)));

// Sink on stderr.
extern const bs_sink stderr_sink;

#endif
