// SPDX-License-Identifier: Apache-2.0
// Crew: judges that divide rows between threads. Their texts come out in the order of the rows.
#ifndef BS_EDGES_CREW_H
#define BS_EDGES_CREW_H

#include <bandstand.h>

#include "runtime/edges/judge.h"

enum {
    CREW_MAX = 256,      // judges
    CREW_ROWS = 1 << 16, // that a judge has at a time
};

typedef struct Crew {
    Judge *judges;
    size_t n;
    JudgeRow *rows; // room for n * CREW_ROWS: the caller fills it
    bool any_output;
} Crew;

// [n] from 1; more than CREW_MAX are not taken. False when memory runs out. Free in either case.
bool crew_init(Crew *c, const JudgeRules *rules, const Store *s, size_t n);
void crew_free(Crew *c);

// Rows that crew_judge takes at most.
size_t crew_room(const Crew *c);

// Judges the first [n] rows, each judge a part of them in a thread of its own, and hands their
// texts to [sink] in order. BS_NO_MEMORY or BS_STOPPED ends the work.
bs_code crew_judge(Crew *c, size_t n, const bs_sink *sink);

// Adds up what the rows of each KPI came to; [tallies] is by KPI and is written over.
void crew_tallies(const Crew *c, JudgeTally *tallies);

#endif
