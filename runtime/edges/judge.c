// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/judge.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/engine/explain.h"

bool judge_rules_make(JudgeRules *rules, Arena *a, const Program *p, const DiagList *d,
                      const Columns *columns, bs_format format, Str rules_hash) {
    *rules = (JudgeRules){.program = p,
                          .diags = d,
                          .columns = columns,
                          .format = format,
                          .rules_hash = rules_hash,
                          .needs = columns_need(columns, false),
                          .plans = ARENA_ARRAY(a, Plan, p->n_kpis),
                          .formats = ARENA_ARRAY(a, RowFormat, p->n_kpis)};
    bool ok = rules->plans && rules->formats;
    for (uint32_t i = 0; ok && i < p->n_kpis; i++) {
        const Kpi *k = &p->kpis[i];
        ok = plan_make(a, p, k, rules->needs, &rules->plans[i]) &&
             row_format_make(a, p, k, columns, rules_hash, &rules->formats[i]);
    }
    return ok;
}

bool judge_init(Judge *j, const JudgeRules *rules, const Store *s) {
    const Program *p = rules->program;
    *j = (Judge){.rules = rules};
    arena_init(&j->arena, 0);
    arena_init(&j->texts, 0);
    vm_init(&j->vm, p, s);
    vm_init(&j->as_of, p, s);
    j->as_of.as_of = rules->as_of;
    j->maker = (ResultMaker){.program = p,
                             .store = s,
                             .diags = rules->diags,
                             .vm = &j->vm,
                             .as_of = rules->as_of.kind != PERIOD_NONE ? &j->as_of : NULL,
                             .needs = rules->needs,
                             .texts = &j->texts};
    row_printer_init(&j->printer, &j->maker, rules->rules_hash);
    j->tallies = ARENA_ARRAY(&j->arena, JudgeTally, p->n_kpis);
    j->n_rows = ARENA_ARRAY(&j->arena, uint32_t, p->n_kpis + 1);
    for (uint32_t i = 0; j->tallies && i < p->n_kpis; i++)
        j->tallies[i].wanting = WANTING_NONE;
    return !j->arena.failed;
}

void judge_free(Judge *j) {
    row_printer_free(&j->printer);
    vm_free(&j->vm);
    vm_free(&j->as_of);
    arena_free(&j->arena);
    arena_free(&j->texts);
    buf_free(&j->maker.work);
    buf_free(&j->out);
    free(j->lanes);
    free(j->order);
    free(j->lens);
    free(j->ends);
}

static void *regrown(void *old, size_t n, size_t size) {
    free(old);
    return calloc(n, size);
}

static bool reserve(Judge *j, size_t n) {
    if (n <= j->room)
        return true;
    j->lanes = regrown(j->lanes, n, sizeof *j->lanes);
    j->order = regrown(j->order, n, sizeof *j->order);
    j->lens = regrown(j->lens, n, sizeof *j->lens);
    j->ends = regrown(j->ends, n, sizeof *j->ends);
    bool ok = j->lanes && j->order && j->lens && j->ends;
    j->room = ok ? n : 0;
    return ok;
}

// Counts the rows of each KPI, makes the counts starts, and deals the rows out. Dealing moves each
// start to the end of its KPI, which is where the next begins.
static void deal_out(Judge *j, const JudgeRow *rows, size_t n) {
    uint32_t n_kpis = j->rules->program->n_kpis;
    uint32_t *starts = j->n_rows;
    for (size_t i = 0; i < n; i++)
        starts[rows[i].kpi]++;
    uint32_t before = 0;
    for (uint32_t k = 0; k < n_kpis; k++) {
        uint32_t here = starts[k];
        starts[k] = before;
        before += here;
    }
    for (size_t i = 0; i < n; i++) {
        uint32_t at = starts[rows[i].kpi]++;
        j->lanes[at] = rows[i].lane;
        j->order[at] = (uint32_t)i;
    }
}

static void tally(Judge *j, const Kpi *k, JudgeTally *t, size_t n) {
    if (!k->has_status) {
        t->n_unjudged += n;
        for (size_t i = 0; wanting_has_dates(k) && i < n; i++)
            wanting_count(&t->wanting, &j->vm, k, i);
        return;
    }
    const uint8_t *levels = vm_status_columns(&j->vm, k->status).level;
    for (size_t i = 0; k->has_overrides && i < n; i++)
        t->n_by_hand += explain_override(&j->vm, k, i) != NULL;
    for (size_t i = 0; i < n; i++) {
        if (levels[i] == LEVEL_NO_DATA) {
            t->n_no_data++;
            wanting_count(&t->wanting, &j->vm, k, i);
        } else {
            t->by_level[levels[i]]++;
        }
    }
}

static void tally_as_of(Judge *j, const Kpi *k, JudgeTally *t, size_t n) {
    const uint8_t *levels = vm_status_columns(&j->vm, k->status).level;
    const uint8_t *as_of = vm_status_columns(&j->as_of, k->status).level;
    for (size_t i = 0; i < n; i++)
        t->n_as_of_differ += levels[i] != as_of[i];
}

// Appends the text of lane [i] to the printer's.
static void print(Judge *j, const RowFormat *f, Lane lane, size_t i) {
    const JudgeRules *rules = j->rules;
    Buf *out = &j->printer.out;
    if (rules->format == BS_CSV) {
        row_print(&j->printer, f, lane, i);
        return;
    }
    bs_result result;
    result_make(&j->maker, lane, i, &result);
    if (rules->format == BS_JSON)
        buf_puts(out, ",\n");
    out->failed |= !json_put_row(out, rules->columns, &result, rules->rules_hash);
    if (rules->format == BS_JSONL)
        buf_char(out, '\n');
}

static bool run_batch(Judge *j, uint32_t kpi, size_t from, size_t n) {
    const RowFormat *f = &j->rules->formats[kpi];
    bool again = j->maker.as_of != NULL;
    if (!vm_run_plan(&j->vm, &j->rules->plans[kpi], j->lanes + from, n) ||
        (again && !vm_run_plan(&j->as_of, &j->rules->plans[kpi], j->lanes + from, n)))
        return false;
    tally(j, f->kpi, &j->tallies[kpi], n);
    if (again && f->kpi->has_status)
        tally_as_of(j, f->kpi, &j->tallies[kpi], n);
    for (size_t i = 0; i < n; i++) {
        size_t before = j->printer.out.len;
        print(j, f, j->lanes[from + i], i);
        uint32_t row = j->order[from + i];
        j->lens[row] = j->printer.out.len - before;
        j->ends[row] = before; // put_in_order makes an end of it
    }
    bool failed = j->printer.out.failed || j->printer.cells.failed || j->texts.failed ||
                  j->maker.work.failed;
    if (j->texts.n_bytes > 0)
        arena_free(&j->texts);
    return !failed;
}

static bool run_kpi(Judge *j, uint32_t kpi, size_t from, size_t n) {
    const RowFormat *f = &j->rules->formats[kpi];
    Arena a;
    arena_init(&a, 0);
    bool needs_result = f->needs_result || j->rules->format != BS_CSV;
    bool ok = !needs_result || result_begin(&j->maker, &a, f->kpi);
    for (size_t i = 0; ok && i < n; i += VM_BATCH)
        ok = run_batch(j, kpi, from + i, n - i < VM_BATCH ? n - i : VM_BATCH);
    arena_free(&a);
    return ok;
}

static bool put_in_order(Judge *j, size_t n) {
    char *to = buf_reserve(&j->out, j->printer.out.len + BUF_SLACK);
    if (!to || !buf_reserve(&j->printer.out, BUF_SLACK))
        return false;
    const char *texts = j->printer.out.s;
    for (size_t i = 0; i < n; i++) {
        to = buf_copy_wide(to, texts + j->ends[i], j->lens[i]);
        j->ends[i] = (size_t)(to - j->out.s);
    }
    j->out.len = (size_t)(to - j->out.s);
    return true;
}

bool judge_rows(Judge *j, const JudgeRow *rows, size_t n) {
    uint32_t n_kpis = j->rules->program->n_kpis;
    j->out.len = 0;
    j->printer.out.len = 0;
    if (!reserve(j, n))
        return false;
    deal_out(j, rows, n);
    bool ok = true;
    for (uint32_t k = 0, from = 0; k < n_kpis; k++) {
        uint32_t end = j->n_rows[k];
        if (ok && end > from)
            ok = run_kpi(j, k, from, end - from);
        from = end;
    }
    memset(j->n_rows, 0, n_kpis * sizeof *j->n_rows);
    return ok && put_in_order(j, n);
}

void judge_add_tally(JudgeTally *to, const JudgeTally *from) {
    for (size_t i = 0; i < SCALE_MAX_LEVELS; i++)
        to->by_level[i] += from->by_level[i];
    to->n_no_data += from->n_no_data;
    to->n_unjudged += from->n_unjudged;
    to->n_as_of_differ += from->n_as_of_differ;
    to->n_by_hand += from->n_by_hand;
    wanting_add(&to->wanting, from->wanting);
}
