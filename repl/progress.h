// SPDX-License-Identifier: Apache-2.0
// Progress: a line on the terminal that says how far the work has come.
#ifndef BS_REPL_PROGRESS_H
#define BS_REPL_PROGRESS_H

#include <bandstand.h>
#include <time.h>

typedef struct Progress {
    bool wanted; // stderr is a terminal, and no results go to one
    struct timespec began;
    bs_stage stage;              // the present one, and
    struct timespec stage_began; // since when
    double told;                 // seconds after that when the line was last written; 0: not yet
} Progress;

// Has [s] tell of its work from now on. [p] must outlive that.
void progress_begin(Progress *p, bs_session *s, bool results_on_terminal);
// Takes the line away.
void progress_end(Progress *p, bs_session *s);

// The line for [seconds] of a stage: "1,250,000 rows, 210 MB/s, 3 s left", "1,250,000 results
// judged, 3 s left". [room]: its bytes.
void progress_words(char *line, size_t room, const bs_progress *at, double seconds);

#endif
