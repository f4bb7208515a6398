// SPDX-License-Identifier: Apache-2.0
#include "repl/progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const double FIRST_SECONDS = 1.0, STEP_SECONDS = 0.2;

enum { LINE_ROOM = 128, GROUP = 3 };

// 1250000 as 1,250,000.
static void group_digits(char *out, size_t room, unsigned long long n) {
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%llu", n);
    size_t at = 0;
    for (int i = 0; i < len && at + 2 < room; i++) {
        if (i > 0 && (len - i) % GROUP == 0)
            out[at++] = ',';
        out[at++] = digits[i];
    }
    out[at] = '\0';
}

void progress_words(char *line, size_t room, const bs_progress *at, double seconds) {
    char rows[32], left[32] = "";
    double done = (double)at->n_done;
    group_digits(rows, sizeof rows, at->n_rows);
    if (at->n_done > 0 && at->n_done <= at->n_total) {
        double rest = (double)(at->n_total - at->n_done) / done * seconds;
        snprintf(left, sizeof left, ", %.0f s left", rest);
    }
    if (at->stage == BS_READING)
        snprintf(line, room, "%s rows, %.0f MB/s%s", rows, done / seconds / 1e6, left);
    else
        snprintf(line, room, "%s results judged%s", rows, left);
}

static double seconds_since(const struct timespec *began) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - began->tv_sec) + (double)(now.tv_nsec - began->tv_nsec) / 1e9;
}

static bool tell(void *context, const bs_progress *at) {
    Progress *p = context;
    if (at->stage != p->stage) {
        p->stage = at->stage;
        clock_gettime(CLOCK_MONOTONIC, &p->stage_began);
    }
    double now = seconds_since(&p->began);
    if (now < FIRST_SECONDS || now - p->told < STEP_SECONDS)
        return true;
    char line[LINE_ROOM];
    progress_words(line, sizeof line, at, seconds_since(&p->stage_began));
    fprintf(stderr, "\r%s\033[K", line);
    fflush(stderr);
    p->told = now;
    return true;
}

void progress_begin(Progress *p, bs_session *s, bool results_on_terminal) {
    *p = (Progress){.wanted = isatty(STDERR_FILENO) && !results_on_terminal};
    clock_gettime(CLOCK_MONOTONIC, &p->began);
    p->stage_began = p->began;
    if (p->wanted)
        bs_on_progress(s, tell, p);
}

void progress_end(Progress *p, bs_session *s) {
    bs_on_progress(s, NULL, NULL);
    if (p->told > 0)
        fputs("\r\033[K", stderr);
}
