// SPDX-License-Identifier: Apache-2.0
// The machine alone: the band job's KPI over figures in memory, against the same judgement written
// in C over the same figures. Prints rows a second of both and the ratio; fails when they differ.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lang/compile.h"
#include "runtime/engine/vm.h"

enum { ROWS = 65536, ROUNDS = 200, VALUE = 0, NUMERATOR, DENOMINATOR, COMPARATOR };

static const char RULES[] =
    "scale grade\n  inadequate\n  requires_improvement\n  good\n  outstanding\nend\n"
    "scale rag\n  red\n  amber\n  green\nend\n"
    "metric rate percent\n"
    "input figures\n  layout long\n  entity column \"e\"\n  period column \"p\"\n"
    "  metric column \"m\"\n  value column \"v\"\n  field numerator column \"n\"\n"
    "  field denominator column \"d\"\n  field comparator column \"c\"\nend\n"
    "kpi rate\n"
    "  value rate else round(rate.numerator as percent of rate.denominator, 1)\n"
    "  precision 1 decimal\n"
    "  good is low\n"
    "  compare neighbours = rate.comparator\n"
    "  bands grade\n"
    "    outstanding <16\n    good 16 to below 20\n    requires_improvement 20 to below 25\n"
    "    inadequate 25+\n"
    "  end\n"
    "  status rag\n"
    "    red when grade is inadequate\n"
    "    red when grade is requires_improvement and over 0.5 points worse than neighbours, if known\n"
    "    amber when grade is requires_improvement\n"
    "    amber when over 0.5 points worse than neighbours, if known\n"
    "    green otherwise\n"
    "  end\n"
    "end\n";

static void fail(const char *what) {
    fprintf(stderr, "vm_bench: %s\n", what);
    exit(1);
}

static uint32_t next_random(uint32_t *state) {
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static void set(Store *s, uint32_t obs, uint32_t field, bool known, Number n) {
    store_set(s, obs, field, n, known ? 0 : WHY(REASON_NOT_AVAILABLE));
}

// Shares as in the band job: 70% are to be worked out, 0.7% have nothing, 8% no comparator.
static void fill(Store *s, Lane *lanes) {
    uint32_t random = 12;
    uint32_t entity = intern_add(&s->entities, STR("North"));
    for (uint32_t i = 0; i < ROWS; i++) {
        uint32_t obs = store_add(s, (Observation){.entity = entity, .period = {0, PERIOD_NONE}});
        uint32_t kind = next_random(&random) % 1000, whole = 100 + next_random(&random) % 900;
        uint32_t part = next_random(&random) % (2 * whole / 5), tenths = next_random(&random) % 400;
        set(s, obs, VALUE, kind >= 707, (Number){tenths, 10});
        set(s, obs, NUMERATOR, kind >= 7, number_int(part));
        set(s, obs, DENOMINATOR, kind >= 7, number_int(whole));
        set(s, obs, COMPARATOR, next_random(&random) % 100 >= 8,
            (Number){next_random(&random) % 400, 10});
        lanes[i] = (Lane){.entity = entity, .period = {0, PERIOD_NONE}, .own = obs + 1};
    }
}

// ---- by hand ------------------------------------------------------------------------------------

// Tenths of a number that is whole or has one decimal.
static inline int64_t tenths_of(Number n) {
    return n.den == 1 ? n.num * 10 : n.num;
}

static inline uint8_t judge_by_hand(const Number *figures, const Why *whys) {
    int64_t value;
    if (whys[VALUE] == 0) {
        value = tenths_of(figures[VALUE]);
    } else if (whys[NUMERATOR] == 0 && whys[DENOMINATOR] == 0 && figures[DENOMINATOR].num != 0) {
        int64_t n = figures[NUMERATOR].num * 1000, d = figures[DENOMINATOR].num;
        value = (2 * n + d) / (2 * d);
    } else {
        return LEVEL_NO_DATA;
    }
    bool worse = whys[COMPARATOR] == 0 && value - tenths_of(figures[COMPARATOR]) > 5;
    int grade = (value < 160) + (value < 200) + (value < 250);
    return grade == 0 ? 0 : grade == 1 ? !worse : worse ? 1 : 2;
}

static void run_by_hand(const Store *s, const Lane *lanes, uint8_t *out) {
    for (size_t i = 0; i < ROWS; i++) {
        size_t at = (size_t)(lanes[i].own - 1) * s->n_fields;
        out[i] = judge_by_hand(s->figures + at, s->whys + at);
    }
}

// ---- by the machine -----------------------------------------------------------------------------

static void run_by_machine(Vm *vm, const Plan *plan, const Kpi *kpi, const Lane *lanes,
                           uint8_t *out) {
    for (size_t i = 0; i < ROWS; i += VM_BATCH) {
        if (!vm_run_plan(vm, plan, lanes + i, VM_BATCH))
            fail("memory ran out");
        memcpy(out + i, vm_status_columns(vm, kpi->status).level, VM_BATCH);
    }
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int compare_doubles(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(void) {
    Arena arena, trees, scratch;
    arena_init(&arena, 0);
    arena_init(&trees, 0);
    arena_init(&scratch, 0);
    DiagList d;
    diag_init(&d, &arena);
    Modules modules;
    modules_init(&modules, &trees, &d);
    Program p;
    if (!modules_add_text(&modules, STR("bench.rag"), (Str){RULES, sizeof RULES - 1}) ||
        !compile_modules(&scratch, &arena, &d, &modules, &p))
        fail("the rules do not compile");
    const Kpi *kpi = &p.kpis[0];
    static Lane lanes[ROWS];
    static uint8_t by_machine[ROWS], by_hand[ROWS];
    Store s;
    Plan plan;
    if (!store_init_rows(&s, &arena, &arena, p.n_metrics, p.n_fields) ||
        !plan_make(&arena, &p, kpi, 0, &plan))
        fail("memory ran out");
    fill(&s, lanes);
    Vm vm;
    vm_init(&vm, &p, &s);
    static double machine[ROUNDS], hand[ROUNDS];
    for (size_t i = 0; i < ROUNDS; i++) {
        double t0 = now();
        run_by_machine(&vm, &plan, kpi, lanes, by_machine);
        double t1 = now();
        run_by_hand(&s, lanes, by_hand);
        machine[i] = t1 - t0;
        hand[i] = now() - t1;
    }
    for (size_t i = 0; i < ROWS; i++) {
        if (by_machine[i] != by_hand[i])
            fail("the machine and the program by hand differ");
    }
    qsort(machine, ROUNDS, sizeof *machine, compare_doubles);
    qsort(hand, ROUNDS, sizeof *hand, compare_doubles);
    double m = machine[ROUNDS / 2], h = hand[ROUNDS / 2];
    printf("machine %.1f million rows/s, by hand %.1f million rows/s, ratio %.2f\n",
           ROWS / m / 1e6, ROWS / h / 1e6, m / h);
    vm_free(&vm);
    arena_free(&scratch);
    arena_free(&trees);
    arena_free(&arena);
    return 0;
}
