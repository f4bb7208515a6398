// SPDX-License-Identifier: Apache-2.0
// Guess: which column is what, told from the columns' names and what they hold.
#ifndef BS_EDGES_INSPECT_GUESS_H
#define BS_EDGES_INSPECT_GUESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/base/diag.h"
#include "runtime/edges/inspect_profile.h"

enum {
    NO_COLUMN = INT32_MAX,
    GUESS_MAX_FIELDS = 8,
    GUESS_MAX_SPLITS = 6,
    GUESS_MAX_ROWS = 1000000, // that are compared for repeated keys
};

typedef enum GuessLayout { GUESS_LONG, GUESS_WIDE, GUESS_SNAPSHOT, GUESS_NONE } GuessLayout;

typedef struct GuessField {
    const char *name; // in the rule language
    size_t column;
} GuessField;

// Columns are indices into Profile.columns, or NO_COLUMN.
typedef struct Guess {
    GuessLayout layout;
    size_t entity, period, metric, value, current, previous, level;
    Str level_text;       // the text of the level column to keep
    bool needs_level;     // rows of other levels name no entity
    PeriodKind period_as; // to be declared: of days that are all first or last days of a period its
                          // kind; of labels that nothing else makes readable theirs
    PeriodKind period_or; // the kind that it could be as well
    GuessField fields[GUESS_MAX_FIELDS];
    size_t n_fields;
    // Repeated keys: rows with the entity, period and metric of an earlier one.
    bool keys_counted;                             // not for standard input, which is read once
    size_t n_keyed, n_repeated, n_repeated_anyway; // anyway: also with the splits' texts
    uint32_t repeat_line, first_line; // of one that repeats anyway, and the row it repeats
    size_t splits[GUESS_MAX_SPLITS];  // columns that tell repeated rows apart
    size_t n_splits;
} Guess;

void guess_roles(Guess *g, const Profile *p);

// Reads the file again for repeated keys. False after adding a finding.
bool guess_count_keys(Guess *g, const Profile *p, DiagList *d, uint32_t file,
                      const RecordsOptions *o);

// The text of column [c] that stands most often, or the empty Str.
Str commonest_text(const ColumnProfile *c);

// Does [column] hold figures of metrics in a wide file?
bool guess_is_metric(const Guess *g, const Profile *p, size_t column);

#endif
