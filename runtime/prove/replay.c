// SPDX-License-Identifier: Apache-2.0
#include "runtime/prove/replay.h"

#include <string.h>

// A text of the program that is none of those that the choice is compared with; UINT32_MAX if there
// is none.
static uint32_t another_text(Paths *x, const PathChoice *c) {
    uint32_t ids[PATHS_MAX_DECISIONS];
    size_t n = paths_constants_beside(x, c, ids, PATHS_MAX_DECISIONS);
    for (uint32_t id = 0; id < x->program->n_texts; id++) {
        bool is_one = false;
        for (size_t i = 0; i < n; i++)
            is_one |= ids[i] == id;
        if (!is_one)
            return id;
    }
    return UINT32_MAX;
}

static bool choose_text(Paths *x, const PathChoice *c, int32_t is, Instr *in) {
    uint32_t id = is >= 0 ? (uint32_t)is : another_text(x, c);
    // A text that is not read from any store is missing.
    if (is == PATH_CHOICE_MISSING || (is == PATH_CHOICE_UNSEEN && c->op == OP_LOAD_TEXT))
        return true;
    if (id == UINT32_MAX)
        return false;
    *in = (Instr){
        .op = OP_CONST_TEXT, .dst = in->dst, .a = NO_REG, .b = NO_REG, .c = NO_REG, .imm = id};
    return true;
}

// Without a store a chart has no level, so where there are no limits nothing needs to be done.
static void choose_level(int32_t is, Instr *in) {
    if (is >= 0)
        *in = (Instr){.op = OP_CONST_LEVEL,
                      .dst = in->dst,
                      .a = NO_REG,
                      .b = NO_REG,
                      .c = NO_REG,
                      .imm = (uint32_t)is};
}

static void give(Instr *in, size_t slot) {
    *in = (Instr){.op = OP_GIVEN,
                  .dst = in->dst,
                  .a = NO_REG,
                  .b = NO_REG,
                  .c = NO_REG,
                  .imm = (uint32_t)slot};
}

static Given given_choice(Paths *x, const PathChoice *c, int32_t is) {
    const Trajectory *t = &x->program->trajectories[c->imm];
    if (is < 0)
        return (Given){.why = WHY(REASON_NOT_AVAILABLE), .number = {0, 1}};
    return (Given){.number = x->program->consts[t->values[(uint32_t)is]]};
}

// Puts what is given in place of the instruction that would find it.
static bool put_given(Replay *r, Paths *x, const ReplayCase *c, Instr *in) {
    bool is_load = in->op == OP_LOAD;
    size_t var = in->dst == NO_REG || x->kpi->fn.reg_kind[in->dst] != KIND_NUMBER
                     ? LINEAR_MAX_VARS
                     : paths_var(x, in->dst);
    if (var < LINEAR_MAX_VARS && (is_load || x->vars[var].reg == in->dst)) {
        give(in, var);
        return true;
    }
    const PathChoice *choice = paths_choice(x, in);
    if (!choice)
        return true;
    size_t i = (size_t)(choice - x->choices);
    if (choice->op == OP_CHART_LOW)
        return true; // what hangs on it has a choice of its own
    if (paths_is_chart(choice)) {
        choose_level(c->taken.is[i], in);
        return true;
    }
    if (choice->op != OP_TRAJECTORY)
        return choose_text(x, choice, c->taken.is[i], in);
    r->given[LINEAR_MAX_VARS + i] = given_choice(x, choice, c->taken.is[i]);
    give(in, LINEAR_MAX_VARS + i);
    return true;
}

static void set_figures(Replay *r, const ReplayCase *c) {
    for (size_t i = 0; i < LINEAR_MAX_VARS; i++) {
        r->given[i] = (Given){.number = c->point[i]};
        if (c->taken.known[i] != PATH_KNOWN)
            r->given[i] = (Given){.number = {0, 1}, .why = WHY(REASON_NOT_AVAILABLE)};
    }
}

static bool begin(Replay *r, Paths *x, Instr **code) {
    *r = (Replay){.program = *x->program, .fn = x->kpi->fn};
    r->lane = (Lane){.entity = INTERN_NONE, .period = {x->day, PERIOD_DAY}};
    vm_init(&r->vm, &r->program, NULL);
    *code = ARENA_ARRAY(x->arena, Instr, r->fn.n);
    if (!*code)
        return false;
    memcpy(*code, x->program->code + r->fn.first, r->fn.n * sizeof **code);
    r->program.code = *code;
    r->fn.first = 0;
    return true;
}

bool replay_run(Replay *r, Paths *x, const ReplayCase *c) {
    Instr *code;
    if (!begin(r, x, &code))
        return false;
    set_figures(r, c);
    for (uint32_t i = 0; i < r->fn.n; i++)
        if (!put_given(r, x, c, &code[i]))
            return false;
    return vm_run(&r->vm, &r->fn, &r->lane, 1, r->given);
}

bool replay_without(Replay *r, Paths *x, uint64_t loads, Number other) {
    enum { OTHER, MISSING };
    Instr *code;
    if (!begin(r, x, &code))
        return false;
    r->given[OTHER] = (Given){.number = other};
    r->given[MISSING] = (Given){.number = {0, 1}, .why = WHY(REASON_NOT_AVAILABLE)};
    for (uint32_t i = 0; i < r->fn.n; i++)
        if (code[i].op == OP_AMONG)
            give(&code[i], OTHER);
        else if (code[i].op == OP_LOAD)
            give(&code[i], paths_loads(x, code[i].dst) & loads ? MISSING : OTHER);
    return vm_run(&r->vm, &r->fn, &r->lane, 1, r->given);
}

StatusLane replay_status(const Replay *r, uint16_t reg) {
    return vm_status(&r->vm, reg, 0);
}

void replay_end(Replay *r) {
    vm_free(&r->vm);
}
