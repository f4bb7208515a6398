// SPDX-License-Identifier: Apache-2.0
// Verifier, for its own files: verify.c checks the tables, verify_levels.c those that give levels,
// verify_group.c the groups, and verify_code.c the functions.
//
// What is taken as given: pointers, the lengths of arrays and texts, and the inside of big numbers.
// Everything else may be rubbish.
#ifndef BS_DATA_VERIFY_H
#define BS_DATA_VERIFY_H

#include "runtime/data/program.h"

typedef struct Verifier {
    const Program *p;
    Buf *why;
    Arena scratch;
    uint32_t n_series; // that the code at hand may read
} Verifier;

typedef enum Block { BLOCK_NONE, BLOCK_OPEN, BLOCK_CLOSED } Block; // of a status register

// What is known of a register behind the last instruction.
typedef struct RegState {
    bool written;
    uint8_t n_levels; // a level, or a status that is no `no data`, is below it
    Block block;
} RegState;

// Always false, so that a check can return it. Describes the first finding.
bool verifier_fail(Verifier *v, const char *format, ...) __attribute__((format(printf, 2, 3)));

// [what] is "table", [index] its number: fails unless [index] < [n].
bool verifier_index(Verifier *v, const char *what, uint32_t index, uint32_t n);

// Checks the code of a KPI, or of examples (else NULL), and hands over its registers, n_regs of
// them.
bool verify_code(Verifier *v, const Function *fn, const Example *example, RegState **regs);

// Checks that register [reg] is of [kind] and written.
bool verify_register(Verifier *v, const Function *fn, const RegState *regs, uint16_t reg,
                     ValueKind kind, const char *role);

// Is it a number, an outcome on a scale of [n_levels]?
bool verifier_number(Verifier *v, Number n);
bool verifier_outcome(Verifier *v, unsigned outcome, uint32_t n_levels);

bool verifier_rounding(Verifier *v, unsigned decimals, unsigned mode);

// A table that gives levels, by itself.
bool verify_band_table(Verifier *v, uint32_t i);
bool verify_map(Verifier *v, uint32_t i);
bool verify_cross_table(Verifier *v, uint32_t i);

// A group by itself; and all of them, each behind its members (verify_group.c).
bool verify_group(Verifier *v, uint32_t i);
bool verify_group_order(Verifier *v);
bool verify_group_example(Verifier *v, uint32_t i);
bool verifier_why(Verifier *v, Why why);

// Most levels that a scale's register can hold; [scale] must be in range.
static inline uint8_t verifier_levels(const Verifier *v, uint32_t scale) {
    return (uint8_t)v->p->scales[scale].n_levels;
}

#endif
