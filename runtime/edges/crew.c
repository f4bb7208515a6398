// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/crew.h"

#include <pthread.h>
#include <stdlib.h>

enum { WORTH_A_THREAD = 2 * VM_BATCH }; // rows

typedef struct Share {
    Judge *judge;
    const JudgeRow *rows;
    size_t n;
    bool ok;
    pthread_t thread;
    bool has_thread;
} Share;

bool crew_init(Crew *c, const JudgeRules *rules, const Store *s, size_t n) {
    *c = (Crew){0};
    size_t most = n < CREW_MAX ? n : CREW_MAX;
    c->judges = calloc(most, sizeof *c->judges);
    c->rows = calloc(most * CREW_ROWS, sizeof *c->rows);
    if (!c->judges || !c->rows)
        return false;
    while (c->n < most) {
        if (!judge_init(&c->judges[c->n++], rules, s))
            return false;
    }
    return true;
}

void crew_free(Crew *c) {
    for (size_t i = 0; i < c->n; i++)
        judge_free(&c->judges[i]);
    free(c->judges);
    free(c->rows);
}

size_t crew_room(const Crew *c) {
    return c->n * CREW_ROWS;
}

static void *work(void *context) {
    Share *share = context;
    share->ok = judge_rows(share->judge, share->rows, share->n);
    return NULL;
}

// Where a share from [from] to about [to] is to end: behind the KPI that stands there, unless that
// is far off, since what a KPI needs of other rows is then worked out by one judge.
static size_t end_of_share(const JudgeRow *rows, size_t from, size_t to, size_t n) {
    size_t most = to + (to - from) / 2, end = to;
    while (end < n && end < most && rows[end].kpi == rows[end - 1].kpi)
        end++;
    return end < most || end == n ? end : to;
}

// Divides the rows, a stretch for each judge.
static size_t divide(const Crew *c, size_t n, Share *shares) {
    size_t n_shares = 0, each = (n + c->n - 1) / c->n;
    each = each < WORTH_A_THREAD ? WORTH_A_THREAD : each;
    for (size_t at = 0, end; at < n; at = end, n_shares++) {
        end = n - at <= each ? n : end_of_share(c->rows, at, at + each, n);
        shares[n_shares] =
            (Share){.judge = &c->judges[n_shares], .rows = c->rows + at, .n = end - at};
    }
    return n_shares;
}

// A thread that the system does not give is done without.
static void run(Share *shares, size_t n) {
    for (size_t i = 1; i < n; i++)
        shares[i].has_thread = pthread_create(&shares[i].thread, NULL, work, &shares[i]) == 0;
    for (size_t i = 0; i < n; i++) {
        if (!shares[i].has_thread)
            work(&shares[i]);
    }
    for (size_t i = 1; i < n; i++) {
        if (shares[i].has_thread)
            pthread_join(shares[i].thread, NULL);
    }
}

static bs_code hand_on(Crew *c, const Judge *j, const bs_sink *sink) {
    // The first JSON row has no comma before it.
    size_t skip = !c->any_output && j->rules->format == BS_JSON;
    c->any_output = true;
    return sink->write(sink->context, j->out.s + skip, j->out.len - skip) ? BS_OK : BS_STOPPED;
}

bs_code crew_judge(Crew *c, size_t n, const bs_sink *sink) {
    Share shares[CREW_MAX];
    size_t n_shares = divide(c, n, shares);
    run(shares, n_shares);
    bs_code code = BS_OK;
    for (size_t i = 0; i < n_shares && code == BS_OK; i++)
        code = shares[i].ok ? hand_on(c, shares[i].judge, sink) : BS_NO_MEMORY;
    return code;
}

void crew_tallies(const Crew *c, JudgeTally *tallies) {
    uint32_t n_kpis = c->n > 0 ? c->judges[0].rules->program->n_kpis : 0;
    for (uint32_t k = 0; k < n_kpis; k++) {
        tallies[k] = (JudgeTally){.wanting = WANTING_NONE};
        for (size_t i = 0; i < c->n; i++)
            judge_add_tally(&tallies[k], &c->judges[i].tallies[k]);
    }
}
