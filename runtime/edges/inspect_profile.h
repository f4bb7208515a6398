// SPDX-License-Identifier: Apache-2.0
// Profile: what the columns of a metric file hold.
#ifndef BS_EDGES_INSPECT_PROFILE_H
#define BS_EDGES_INSPECT_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/base/arena.h"
#include "runtime/base/diag.h"
#include "runtime/base/intern.h"
#include "runtime/base/number.h"
#include "runtime/base/str.h"
#include "runtime/data/period.h"
#include "runtime/edges/inspect_labels.h"
#include "runtime/edges/records.h"

enum {
    PROFILE_MAX_WORDS = 20000,   // different texts of a column that are told apart; of figures half
    PROFILE_MAX_TEXTS = 1000000, // of all columns together
    PROFILE_MAX_TEXT = 256,      // bytes by which texts are told apart
    PROFILE_MAX_FIGURE = 64,     // bytes of a cell that can be a figure
};

// A cell read as a figure, and how it is written.
typedef struct Figure {
    Number number;
    bool is_figure;
    bool percent, commas, spaces, pound, exponent;
} Figure;

// [scratch] holds a number that is too big for the fast form.
Figure profile_figure(Arena *scratch, Str trimmed, CellKind kind);

typedef enum ProfileKind {
    PROFILE_EMPTY,
    PROFILE_FIGURES, // with or without symbols for missing ones
    PROFILE_PERIODS,
    PROFILE_CODES, // whole numbers that are names
    PROFILE_TEXTS,
} ProfileKind;

typedef struct TextUse {
    size_t n;
    uint32_t line; // of the first
} TextUse;

typedef struct ColumnProfile {
    Str name;
    ProfileKind kind;
    size_t n_filled, n_empty; // n_empty counts absent cells too
    size_t n_figures, n_fractions, n_percent, n_commas, n_spaces, n_pounds, n_exponents;
    size_t n_padded;  // blanks at an end
    size_t n_damaged; // with U+FFFD, which stands for a character lost earlier
    int decimals;     // most of a figure
    bool has_range;
    Number least, most;
    size_t n_periods[N_PERIOD_KINDS];
    Period first[N_PERIOD_KINDS], last[N_PERIOD_KINDS];
    PeriodKind period_kind; // the commonest
    LabelGuess labels;      // how its periods are written, where all texts are told apart
    Intern texts;           // trimmed
    VEC(TextUse) uses;      // by text
    bool more_texts;        // than are told apart
} ColumnProfile;

typedef struct Profile {
    Arena *arena;
    Str path;
    RecordsFormat format;
    char delimiter;
    Str encoding, compression;
    VEC(ColumnProfile) columns;
    size_t n_rows, n_texts;
    size_t n_short, n_long; // ragged rows
    uint32_t first_short, first_long;
} Profile;

// Reads the whole file. False after adding a finding to [d].
bool profile_read(Profile *p, Arena *arena, DiagList *d, uint32_t file, Str path,
                  const RecordsOptions *o);

// The snake_case form of a column's name, by which roles are guessed: "LA Name" is la_name.
Str snake_name(Arena *a, Str name);
// Does [snake] have [word] among its words?
bool snake_has(Str snake, Str word);

// The usual meaning of a symbol for a missing figure in the words of a `missing` line, or the empty
// Str.
Str symbol_words(Str trimmed);

#endif
