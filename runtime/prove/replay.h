// SPDX-License-Identifier: Apache-2.0
// Replay: a counterexample goes through the machine before anybody is told of it.
#ifndef BS_PROVE_REPLAY_H
#define BS_PROVE_REPLAY_H

#include "runtime/engine/vm.h"
#include "runtime/prove/paths.h"

// The figures that a path was found with: by variable and by choice of x.
typedef struct ReplayCase {
    Number point[LINEAR_MAX_VARS];
    PathKnown known[LINEAR_MAX_VARS]; // what was not asked for counts as missing
    int32_t is[PATHS_MAX_CHOICES];
} ReplayCase;

// The figures of the path as it stands. False when none are at hand.
bool paths_take_point(Paths *x, ReplayCase *c);

typedef struct Replay {
    Program program; // the code of one KPI, with figures given in place of those that are read
    Function fn;
    Given given[LINEAR_MAX_VARS + PATHS_MAX_CHOICES];
    Vm vm;
} Replay;

// Runs the code of x->kpi over a case. False when that cannot be done (a text that is none of those
// that the rules name may not be at hand, or memory ran out).
bool replay_run(Replay *r, Paths *x, const ReplayCase *c);
// Runs it without the figures of some loads (a bit each, as paths_loads has them), all others being
// [other].
bool replay_without(Replay *r, Paths *x, uint64_t loads, Number other);
// What came out of the last run.
StatusLane replay_status(const Replay *r, uint16_t reg);
void replay_end(Replay *r);

#endif
