// SPDX-License-Identifier: Apache-2.0
// The parts of an inspect report: findings, the input block, text and JSON.
#ifndef BS_EDGES_INSPECT_REPORT_H
#define BS_EDGES_INSPECT_REPORT_H

#include <bandstand.h>
#include <stdbool.h>
#include <stddef.h>

#include "runtime/base/arena.h"
#include "runtime/base/buf.h"
#include "runtime/base/str.h"
#include "runtime/edges/inspect_guess.h"
#include "runtime/edges/inspect_profile.h"

enum {
    REPORT_MAX_COLUMNS = 200, // in the text; JSON has all
    REPORT_MAX_SYMBOLS = 12,  // of a column
    REPORT_MAX_TEXTS = 4,     // quoted of a text column
    REPORT_MAX_METRICS = 200, // that the input block suggests lines for
};

// A text in a column of figures that is none.
typedef struct Symbol {
    Str text;
    size_t n;
    uint32_t line; // of the first
} Symbol;

// The symbols of a column of figures, the empty text first where there is one, the commonest next;
// at most [max]. *n_more is how many kinds did not fit.
size_t report_symbols(const ColumnProfile *c, Symbol *out, size_t max, size_t *n_more);

typedef VEC(Str) Findings;
// What looks wrong, a sentence each. False when memory runs out.
bool report_findings(Arena *a, const Profile *p, const Guess *g, Findings *out);

// An input block and metric lines in the rule language. Writes nothing for GUESS_NONE.
void report_input(Buf *out, Arena *a, const Profile *p, const Guess *g, const RecordsOptions *o);

void report_text(Buf *out, const Profile *p, const Guess *g, const Findings *findings, Str input);
bool report_json(Buf *out, const Profile *p, const Guess *g, const Findings *findings, Str input);

// [n] with thousands commas and the word for it: "1 row", "2,229 rows".
void put_count(Buf *out, size_t n, const char *one, const char *many);
const char *layout_word(GuessLayout l); // of the rule language; "" for none
const char *format_word(RecordsFormat f);
const char *kind_word(ProfileKind k); // "figures"

// Every record as it was read: CSV, or JSON with [json].
bs_code rows_write(DiagList *d, uint32_t file, Str path, const RecordsOptions *o, bool json,
                   const bs_sink *sink);

#endif
