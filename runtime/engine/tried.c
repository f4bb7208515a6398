// SPDX-License-Identifier: Apache-2.0
#include "runtime/engine/tried.h"

#include "runtime/engine/taken.h"

typedef struct Walk {
    const Vm *vm;
    const Kpi *kpi;
    size_t lane;
    Arena *arena;
    TriedLines *out;
    uint32_t deciding; // index of the line, UINT32_MAX when none decides
    bool settled;      // by the lines so far
} Walk;

static bool add(Walk *w, uint32_t index, TriedLine tried) {
    tried.line = &w->vm->program->lines[index];
    tried.verdict = w->settled             ? TRIED_NOT_REACHED
                    : tried.why            ? TRIED_NOT_KNOWN
                    : !tried.holds         ? TRIED_FAILS
                    : index == w->deciding ? TRIED_DECIDES
                                           : TRIED_HOLDS;
    w->settled |= tried.verdict == TRIED_DECIDES || tried.verdict == TRIED_HOLDS;
    return VEC_PUSH(w->arena, w->out, tried);
}

static bool add_when(Walk *w, const Instr *in) {
    TriedLine tried = {.outcome = w->vm->program->lines[in->imm].outcome, .holds = true};
    if (in->op == OP_WHEN)
        tried.holds = vm_truth(w->vm, in->a, w->lane, &tried.why);
    return add(w, in->imm, tried);
}

static bool add_cross(Walk *w, const Instr *in) {
    const CrossTable *t = &w->vm->program->cross_tables[in->imm];
    Why why_a, why_b;
    uint8_t a = vm_level(w->vm, in->a, w->lane, &why_a),
            b = vm_level(w->vm, in->b, w->lane, &why_b);
    if (why_a)
        return true;
    uint32_t column = why_b ? t->n_b : b;
    return add(w, t->lines[a],
               (TriedLine){.outcome = t->cells[(size_t)a * (t->n_b + 1) + column],
                           .by_table = true,
                           .holds = true});
}

static bool add_map(Walk *w, const Instr *in) {
    const LevelMap *map = &w->vm->program->maps[in->imm];
    Why why;
    uint8_t level = vm_level(w->vm, in->a, w->lane, &why);
    return why || add(w, map->line,
                      (TriedLine){.outcome = map->outcome[level], .by_table = true, .holds = true});
}

bool tried_list(const Vm *vm, const Kpi *kpi, size_t lane, Arena *a, TriedLines *out) {
    *out = (TriedLines){0};
    if (!kpi->has_status)
        return true;
    const Program *p = vm->program;
    Walk w = {.vm = vm, .kpi = kpi, .lane = lane, .arena = a, .out = out};
    uint16_t reg = kpi_computed(kpi);
    TakenStatus behind;
    while (taken_behind(vm, kpi, reg, lane, &behind))
        reg = behind.status;
    w.deciding = vm_status(vm, reg, lane).line;
    bool opened = true, ok = true;
    for (uint32_t i = kpi->fn.first; ok && i < kpi->fn.first + kpi->fn.n; i++) {
        const Instr *in = &p->code[i];
        if (in->dst != reg)
            continue;
        if (in->op == OP_OPEN)
            opened = vm_whys(vm, in->a)[lane] == 0;
        else if (opened && (in->op == OP_WHEN || in->op == OP_OTHERWISE))
            ok = add_when(&w, in);
        else if (opened && in->op == OP_CROSS)
            ok = add_cross(&w, in);
        else if (opened && in->op == OP_MAP)
            ok = add_map(&w, in);
    }
    return ok;
}

bool tried_of_bands(const Program *p, const StatusLine *line) {
    for (uint32_t i = 0; i < line->n_facts; i++) {
        const Fact *f = &p->facts[line->first_fact + i];
        if (f->kind != FACT_LEVEL || f->band_table == UINT32_MAX)
            return false;
    }
    return line->n_facts > 0;
}
