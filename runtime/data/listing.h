// SPDX-License-Identifier: Apache-2.0
// Listing, for its own files and the fingerprint: listing.c writes the declarations, listing_code.c
// the functions, listing_group.c the groups.
//
// What is written without places must depend on the meaning of the rules alone, for it is hashed.
#ifndef BS_DATA_LISTING_H
#define BS_DATA_LISTING_H

#include "runtime/data/program.h"

typedef struct SourceLines { // where the lines of a rule file begin
    size_t *starts;
    size_t n;
} SourceLines;

typedef struct Listing {
    const Program *p;
    bool places;
    Buf *out;
    size_t line_start; // of the line being written, in out
    Arena scratch;
    SourceLines *sources; // by file, made when first asked for; NULL without places
    // What stands for the number of a table, so that a part is listed alike whatever stands before
    // it in the program; NULL: the number itself.
    const uint32_t *band_numbers, *series_numbers, *override_numbers;
} Listing;

static inline uint32_t listing_number(const uint32_t *numbers, uint32_t index) {
    return numbers && index != UINT32_MAX ? numbers[index] : index;
}

#define NO_SCALE UINT32_MAX // no enum constant: those are of type int

// Writes a text in quotation marks, so that where it ends is never in doubt.
void listing_quote(Listing *l, Str s);
// Writes " word "text"" for a text that is there.
void listing_clause(Listing *l, const char *word, Str s);
void listing_unit(Listing *l, Unit u);
void listing_rounding(Listing *l, unsigned decimals, unsigned mode);
// Writes a level by name, or by number where [scale] is NO_SCALE; "no data" for LEVEL_NO_DATA.
void listing_level(Listing *l, uint32_t scale, unsigned level);
void listing_levels(Listing *l, uint32_t scale, uint32_t set);
// Ends the line, with the place and the source it spans as a comment when places are wanted.
void listing_end(Listing *l, Place place);

// The parts of a program, each with its lines.
void listing_scale(Listing *l, const Scale *s);
void listing_metric(Listing *l, const Metric *m);
void listing_input(Listing *l, const Input *in);
void listing_bands(Listing *l, uint32_t index);
void listing_peers(Listing *l, const PeerSet *set);
void listing_series(Listing *l, uint32_t index);
void listing_judgement(Listing *l, uint32_t index);
// A KPI, or its examples where [example] is not NULL.
void listing_kpi(Listing *l, const Kpi *k, const Example *example);

// The SHA-256 of a text, in hexadecimal.
void listing_digest(Str text, char hash[65]);

// Writes a group, its members, conditions and lines.
void listing_group(Listing *l, const Group *g);

// Writes the code of a KPI, or of its examples; of an assertion, a KPI of which only fn is set.
void listing_code(Listing *l, const Kpi *k, const Example *example);

#endif
