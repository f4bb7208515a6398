// SPDX-License-Identifier: Apache-2.0
// Eras: stretches of time in each of which the same tables and status blocks of a KPI are in force.
//
// What is proved is proved for each era as if it were a KPI of its own: what is never in force
// together is never looked at together.
#ifndef BS_PROVE_ERAS_H
#define BS_PROVE_ERAS_H

#include "runtime/prove/linear.h"
#include "runtime/data/program.h"

enum { MOST_ERAS = 200 };

typedef struct Era {
    int32_t day;         // one of its days
    LinearEnd low,
        high; // its first and last day; not bounded where all before or after belong to it
    Kpi kpi;             // with what is in force alone
} Era;

typedef struct Eras {
    Era *v;
    size_t n;
    bool too_many; // the rest of them is left out
} Eras;

// The eras of [k], one where nothing of it has a time. Allocates in [a]; false when memory runs
// out.
bool eras_of(Arena *a, const Program *p, const Kpi *k, Eras *out);

#endif
