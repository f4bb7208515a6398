// SPDX-License-Identifier: Apache-2.0
// Fingerprint: what two programs have in common, part by part.
//
// A part is known by its listing without places, in which tables are numbered in the order in which
// the part uses them. So it has the same fingerprint wherever it stands and whatever else the
// program holds.
#ifndef BS_DATA_FINGERPRINT_H
#define BS_DATA_FINGERPRINT_H

#include "runtime/data/program.h"

typedef struct Fingerprint {
    char hash[65]; // SHA-256 in hexadecimal
} Fingerprint;

// Of everything that can change a status: of a KPI its code with bands, scales, series, peers and
// overrides, of a group also those of its members.
typedef struct Fingerprints {
    Fingerprint *kpis, *groups; // as in the program
    Fingerprint *alone;         // of each group without its members
} Fingerprints;

// Allocates in [a]; false when memory runs out.
bool fingerprints_make(Arena *a, const Program *p, Fingerprints *out);

// Do both programs read metric files into the same figures: the same metrics in any order, the same
// fields and inputs? If so, [*metrics], allocated in [a], says which metric of [to] each of [from]
// is, or is NULL where each is the one with the same number. False when memory runs out.
bool reading_alike(Arena *a, const Program *from, const Program *to, bool *alike,
                   uint32_t **metrics);

#endif
