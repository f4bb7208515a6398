// SPDX-License-Identifier: Apache-2.0
// Status blocks: which lines can hold, which levels can be given, and what has no answer.
#include <string.h>

#include "runtime/prove/proof.h"

static const char too_many_cases[] = "the status block has too many cases to go through";

// ---- the paths of a KPI -------------------------------------------------------------------------

void cells_keep(Paths *x, Cells *cells, PathStatus status) {
    Cell cell = {.status = status};
    if (x->dead)
        return;
    Constraint *constraints = ARENA_ARRAY(x->arena, Constraint, x->n_constraints);
    if (!constraints)
        return;
    memcpy(constraints, x->constraints, x->n_constraints * sizeof *constraints);
    cell.constraints = constraints;
    cell.n_constraints = x->n_constraints;
    cell.taken = paths_taken(x);
    VEC_PUSH(x->arena, cells, cell);
}

static void keep_cell(Paths *x, void *context) {
    cells_keep(x, context, path_status(x, kpi_computed(x->kpi)));
}

// ---- blocks -------------------------------------------------------------------------------------

static bool same_place(Place a, Place b) {
    return a.file == b.file && a.line == b.line && a.column == b.column;
}

static const Instr *opening(const Proof *x) {
    return paths_definition(&x->paths, kpi_computed(x->paths.kpi));
}

static Place block_place(const Proof *x) {
    return proof_place(x, opening(x));
}

// The [i]th instruction of the KPI's own status block; NULL behind the last.
static const Instr *in_block(const Proof *x, size_t *at) {
    const Kpi *k = x->paths.kpi;
    for (; *at < k->fn.n; (*at)++) {
        const Instr *in = paths_code(&x->paths, *at);
        if (in->dst == kpi_computed(k))
            return (*at)++, in;
    }
    return NULL;
}

static uint32_t level_bit(uint8_t level) {
    return level < SCALE_MAX_LEVELS ? 1u << level : 0;
}

static bool add_lines(Proof *x, BlockProof *block) {
    size_t at = 0;
    const Instr *in;
    block->first_line = (uint32_t)x->lines.n;
    while ((in = in_block(x, &at)) != NULL) {
        if (in->op == OP_CROSS) {
            const CrossTable *t = &x->program->cross_tables[in->imm];
            for (uint32_t i = 0; i < t->n_a * (t->n_b + 1); i++)
                block->by_default |= level_bit(t->cells[i]);
        }
        block->borrowed |= in->op == OP_MAP || in->op == OP_TAKE;
        if (in->op != OP_WHEN && in->op != OP_OTHERWISE)
            continue;
        uint32_t level = level_bit(x->program->lines[in->imm].outcome);
        block->mentioned |= level;
        block->by_default |= in->op == OP_OTHERWISE ? level : 0;
        if (!VEC_PUSH(x->arena, &x->lines, ((LineProof){.line = in->imm})))
            return false;
        block->n_lines++;
    }
    return true;
}

// The block at the place of the KPI's; a new one when no KPI before shares it.
static BlockProof *block_at(Proof *x) {
    Place place = block_place(x);
    uint32_t i = proof_key(&x->block_ids, place, 0);
    if (i < x->blocks.n)
        return &x->blocks.v[i];
    BlockProof block = {.place = place, .scale = x->paths.kpi->status_scale};
    if (!add_lines(x, &block) || !VEC_PUSH(x->arena, &x->blocks, block))
        return NULL;
    return &x->blocks.v[x->blocks.n - 1];
}

static LineProof *line_at(Proof *x, const BlockProof *block, uint32_t line) {
    Place place = x->program->lines[line].place;
    for (uint32_t i = 0; i < block->n_lines; i++) {
        LineProof *l = &x->lines.v[block->first_line + i];
        if (same_place(x->program->lines[l->line].place, place))
            return l;
    }
    return NULL;
}

// ---- lines that never decide --------------------------------------------------------------------

typedef struct Hidden {
    Proof *proof;
    const BlockProof *block;
    LineProof *line;
    uint16_t condition;
} Hidden;

// Where the condition holds, which line decides?
static void find_hiding(Paths *x, void *context) {
    Hidden *h = context;
    if (path_truth(x, h->condition) != PATH_YES || x->dead)
        return;
    PathStatus status = path_status(x, kpi_computed(x->kpi));
    if (x->dead)
        return;
    h->line->holds = true;
    LineProof *by = status.held == UINT32_MAX ? NULL : line_at(h->proof, h->block, status.held);
    size_t i = by ? (size_t)(by - &h->proof->lines.v[h->block->first_line]) : 64;
    if (i < 64)
        h->line->hidden_by |= UINT64_C(1) << i;
}

static void prove_lines(Proof *x, BlockProof *block) {
    size_t at = 0;
    const Instr *in;
    while ((in = in_block(x, &at)) != NULL) {
        LineProof *line = in->op == OP_WHEN ? line_at(x, block, in->imm) : NULL;
        if (!line || line->decides)
            continue;
        Hidden h = {x, block, line, in->a};
        if (!paths_each(&x->paths, find_hiding, &h))
            block->undecided = true;
    }
}

// ---- what is missing ----------------------------------------------------------------------------

// The status that the KPI has where the figures of [missing] are not there and all others are
// [other].
static StatusLane status_without(Proof *x, uint64_t missing, int64_t other) {
    Replay r;
    bool ran = replay_without(&r, &x->paths, missing, number_int(other));
    StatusLane status =
        ran ? replay_status(&r, kpi_computed(x->paths.kpi)) : (StatusLane){.level = LEVEL_NO_DATA};
    replay_end(&r);
    return status;
}

// The same for the first of some figures with which there is a status, if there is any.
static StatusLane any_status_without(Proof *x, uint64_t missing) {
    static const int64_t others[] = {1, 10, 50, 100, 0};
    StatusLane status = {.level = LEVEL_NO_DATA};
    for (size_t i = 0; i < sizeof others / sizeof *others && status.level == LEVEL_NO_DATA; i++)
        status = status_without(x, missing, others[i]);
    return status;
}

static void report_coloured(Proof *x, Place place, Str missing, StatusLane status, Str hint) {
    const Kpi *k = x->paths.kpi;
    if (proof_told(x, D_MISSING_COLOURED, place))
        return;
    Str level = x->program->scales[k->status_scale].levels[status.level].name;
    Diag *d =
        diag_add(x->diags, D_MISSING_COLOURED, place, "with no figure %.*s, `%.*s` can be %.*s",
                 STR_ARG(missing), STR_ARG(k->name), STR_ARG(level));
    if (status.line != UINT32_MAX) {
        d->other = x->program->lines[status.line].place;
        d->note = STR("this line then decides");
    }
    d->hint = hint;
}

// An `else` that puts a fixed figure in the place of a missing one.
static bool prove_else(Proof *x, const Instr *in) {
    Paths *p = &x->paths;
    uint64_t missing = paths_loads(p, in->a);
    if (missing == 0 || paths_loads(p, in->b) != 0)
        return false;
    StatusLane status = any_status_without(x, missing);
    if (status.level == LEVEL_NO_DATA)
        return false;
    Str name = arena_printf(x->diags->arena, "for %.*s", STR_ARG(proof_first_load(x, missing)));
    report_coloured(x, proof_place(x, in), name, status,
                    STR("a missing figure is not a known one: leave out the `else`, so that the "
                        "status is no data; or let it name another figure"));
    return true;
}

static void prove_missing(Proof *x) {
    const Kpi *k = x->paths.kpi;
    bool any = false;
    for (size_t i = 0; i < k->fn.n; i++)
        if (paths_code(&x->paths, i)->op == OP_ELSE)
            any |= prove_else(x, paths_code(&x->paths, i));
    if (any)
        return;
    StatusLane status = status_without(x, UINT64_MAX, 0);
    if (status.level != LEVEL_NO_DATA)
        report_coloured(x, block_place(x), STR("at all"), status,
                        STR("let the lines speak of known figures only"));
}

// The levels that the status of this KPI can be.
static uint32_t levels_of(const Proof *x) {
    bool any = x->cells.failed || x->program->kpis[x->kpi_index].has_overrides;
    uint32_t levels = any ? UINT32_MAX : 0;
    for (size_t i = 0; i < x->cells.n; i++)
        levels |= level_bit(x->cells.v[i].status.level);
    return levels;
}

// ---- all of it ----------------------------------------------------------------------------------

void prove_status(Proof *x) {
    const Kpi *k = x->paths.kpi;
    if (!k->has_status)
        return;
    BlockProof *block = block_at(x);
    if (!block)
        return;
    if (!paths_each(&x->paths, keep_cell, &x->cells))
        block->undecided = x->cells.failed = true;
    for (size_t i = 0; i < x->cells.n; i++) {
        const PathStatus *s = &x->cells.v[i].status;
        block->given |= level_bit(s->level);
        LineProof *line = s->held == UINT32_MAX ? NULL : line_at(x, block, s->held);
        if (line)
            line->decides = line->holds = true;
    }
    if (x->kpi_levels)
        x->kpi_levels[x->kpi_index] |= levels_of(x);
    prove_lines(x, block);
    prove_missing(x);
    if (x->paths.inexact || x->cells.failed) {
        proof_not_decided(x, x->paths.inexact ? x->paths.place : block->place,
                          x->cells.failed
                              ? too_many_cases
                              : "this figure and another of the rule are made from the same "
                                "figures, so they cannot be looked at one by one");
    }
}

// ---- over all -----------------------------------------------------------------------------------

static Str line_text(const Proof *x, const LineProof *l) {
    return x->program->lines[l->line].text;
}

static void report_hidden(Proof *x, const BlockProof *block, const LineProof *l) {
    Buf lines = {0};
    const LineProof *first = NULL;
    bool several = l->hidden_by & (l->hidden_by - 1);
    for (uint32_t i = 0; i < block->n_lines && i < 64; i++) {
        if (!(l->hidden_by >> i & 1))
            continue;
        const LineProof *by = &x->lines.v[block->first_line + i];
        buf_puts(&lines, first ? ", " : "");
        buf_printf(&lines, "%u", (unsigned)x->program->lines[by->line].place.line);
        first = first ? first : by;
    }
    Place place = x->program->lines[l->line].place;
    Diag *d = diag_add(x->diags, D_LINE_NOT_REACHED, place,
                       "this line never decides: wherever `%.*s` holds, line%s %.*s %s first",
                       STR_ARG(line_text(x, l)), several ? "s" : "", STR_ARG(buf_str(&lines)),
                       several ? "do" : "does");
    if (first) {
        d->other = x->program->lines[first->line].place;
        d->note = STR("this line comes first");
    }
    d->hint = STR("put the line above those that hide it, or take it out");
    buf_free(&lines);
}

static void report_line(Proof *x, const BlockProof *block, const LineProof *l) {
    const StatusLine *line = &x->program->lines[l->line];
    if (l->decides || line->otherwise || block->undecided)
        return;
    if (l->holds) {
        report_hidden(x, block, l);
        return;
    }
    diag_add(x->diags, D_LINE_NEVER_HOLDS, line->place, "no figures make `%.*s` hold",
             STR_ARG(line->text))
        ->hint = STR("check the bounds, and `and` where `or` is meant; or take the line out");
}

static void report_levels(Proof *x, const BlockProof *block) {
    const Scale *s = &x->program->scales[block->scale];
    for (uint32_t i = 0; i < s->n_levels && !block->undecided && !block->borrowed; i++) {
        if (block->given >> i & 1)
            continue;
        Str level = s->levels[i].name;
        if (block->by_default >> i & 1)
            diag_add(x->diags, D_LEVEL_NEVER_GIVEN, block->place,
                     "no figures make this status %.*s: the lines above cover every case",
                     STR_ARG(level))
                ->hint = STR("if the level is wanted, let the lines above leave room for it");
        else if (!(block->mentioned >> i & 1))
            diag_add(x->diags, D_LEVEL_LEFT_OUT, block->place, "no line gives the status %.*s",
                     STR_ARG(level))
                ->hint = STR("add a line for it, if it was forgotten");
    }
}

void report_status(Proof *x) {
    for (size_t i = 0; i < x->blocks.n; i++) {
        const BlockProof *block = &x->blocks.v[i];
        for (uint32_t k = 0; k < block->n_lines; k++)
            report_line(x, block, &x->lines.v[block->first_line + k]);
        report_levels(x, block);
        if (block->undecided)
            proof_not_decided(x, block->place, too_many_cases);
    }
}
