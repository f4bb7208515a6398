// SPDX-License-Identifier: Apache-2.0
// Desk: a session at the prompt: the rules and figures that are loaded, what was typed, and how
// answers are written.
#ifndef BS_REPL_DESK_H
#define BS_REPL_DESK_H

#include <bandstand.h>
#include <stdbool.h>
#include <stddef.h>

#include "repl/options.h"
#include "repl/screen.h"
#include "repl/setup.h"

typedef struct Desk {
    const Options *options;
    Setup setup;
    bs_session *bs;     // compiled, its figures complete
    bs_session *before; // the one before the last change; NULL when there is none
    bool has_data;
    char *entity, *period; // of .at; NULL: all
    bs_format format;
    Screen screen;
    bool bail;  // stop at the first error
    bool timer; // say how long each entry took
    bool ascii; // no characters beyond ASCII in tables and drawings
    bool leaving;
    int status; // exit status so far
} Desk;

// Opens the desk on the files among the operands. False, with everything said, when they are in
// error; the desk is then open on nothing. Call desk_close whatever is returned.
bool desk_open(Desk *d, const Options *o);
void desk_close(Desk *d);

typedef enum Adoption {
    ADOPT_ANEW,   // other files: all that is found is said
    ADOPT_AGAIN,  // the same files, which may have changed: so are the statuses that did
    ADOPT_CHANGE, // the same figures: found in files before, it is not said again
    ADOPT_ADD,    // likewise, with KPIs that are new: nothing is said where no status changed
} Adoption;

// Makes a session of [next], which is taken over, and prints which statuses are others now. Where
// that fails, what is wrong is said and the desk stays as it was: then false.
bool desk_adopt(Desk *d, Setup *next, Adoption how);
// Gives a new session the rules of a setup and compiles them.
bs_code desk_add_rules(bs_session *bs, const Setup *s);
// Lays out what was typed, in [bs], where the texts live. False when that failed, which is said.
bool desk_lay_out(Desk *d, bs_session *bs, bs_formatted *out);
// Declarations that were typed: taken, judged, shown.
bool desk_declare(Desk *d, const char *text, size_t len);
// An expression that was typed: its value, or the results of the KPI of that name.
bool desk_evaluate(Desk *d, const char *text, size_t len);

// Takes the whole entries at the start of [text], whose lines all end: what is left over is part of
// an entry, unless [last]. Returns the bytes taken; *ok is false when one failed, and [d] bails.
size_t desk_take(Desk *d, const char *text, size_t len, bool last, bool *ok);

// The results of the KPI or group (NULL: all) where .at points, on the screen.
bool desk_show_results(Desk *d, const char *kpi, const char *entity, const char *period);

// The filter for a KPI, an entity and a period; one that is NULL selects everything.
bs_filter desk_filter(const char *const *kpi, const char *const *entity, const char *const *period);

// Whether the rules or figures have such a name.
bool desk_has_name(Desk *d, bs_name_kind kind, const char *name);
// Says that there is no such name, and which was probably meant. Returns false.
bool desk_say_unknown(Desk *d, const char *what, const bs_name_kind *kinds, size_t n_kinds,
                      const char *name);
// Says on stderr what is wrong. Returns false.
bool desk_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
// Says the findings from number [from] on, and why [code] came about where none tells. Whether all
// is well.
bool desk_outcome(Desk *d, size_t from, bs_code code);

#endif
