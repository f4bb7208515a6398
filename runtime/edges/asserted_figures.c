// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/asserted_figures.h"

#include "runtime/engine/series.h"
#include "runtime/engine/telling.h"

enum {
    MOST_TOLD = 12,       // figures that a finding lists
    MOST_TOLD_OF_ONE = 4, // of them of one metric's field in one entity
};

typedef struct Read {
    uint32_t obs, field;
} Read;

typedef struct Reader {
    const Vm *vm;
    const DiagList *diags;
    Arena arena;
    VEC(Read) reads; // each once, in the order of the code
} Reader;

// ---- what is read -------------------------------------------------------------------------------

static void add_read(Reader *r, uint32_t obs, uint32_t field) {
    if (obs == OBS_NONE)
        return;
    for (size_t i = 0; i < r->reads.n; i++)
        if (r->reads.v[i].obs == obs && r->reads.v[i].field == field)
            return;
    VEC_PUSH(&r->arena, &r->reads, ((Read){obs, field}));
}

static void want(bool *wanted, uint16_t reg) {
    if (reg != NO_REG)
        wanted[reg] = true;
}

// The registers that [result] depends on in a lane of [period]. A year to date takes no month
// before the year, though the code loads it.
static bool *list_wanted(Reader *r, const Function *fn, uint16_t result, Period period) {
    const Program *p = r->vm->program;
    bool *wanted = ARENA_ARRAY(&r->arena, bool, fn->n_regs);
    if (!wanted)
        return NULL;
    want(wanted, result);
    for (uint32_t i = fn->n; i-- > 0;) {
        const Instr *in = &p->code[fn->first + i];
        if (in->dst == NO_REG || !wanted[in->dst])
            continue;
        want(wanted, in->a);
        want(wanted, in->b);
        want(wanted, in->c);
        if (op_info[in->op].imm != IMM_SPAN)
            continue;
        const PeriodSpan *w = &p->spans[in->imm];
        for (uint32_t k = 0, n = span_length(w, period); k < n; k++)
            want(wanted, w->figures[k].reg);
    }
    return wanted;
}

// Whose figure is named where it stands for others, or is read beside them.
static uint32_t entity_among(const Reader *r, const Among *m, Lane lane) {
    const Intern *names = &r->vm->store->entities;
    if (m->kind == AMONG_ENTITY)
        return m->peers == AMONG_EVERYONE ? intern_find(names, m->entity) : names->n;
    return among_is_position(m->kind) || m->peers == AMONG_EVERYONE ? lane.entity : names->n;
}

static void read_code(Reader *r, const Function *fn, uint16_t result, Lane lane, bool of_others);

static void read_among(Reader *r, const Among *m, Lane lane) {
    const Series *s = &r->vm->program->series[m->series];
    Lane other = {.entity = entity_among(r, m, lane)};
    if (other.entity < r->vm->store->entities.n && among_period(m, lane, &other.period))
        read_code(r, &s->fn, s->result, other, false);
}

// [of_others]: follows what is worked out of other entities' figures, which is done once.
static void read_code(Reader *r, const Function *fn, uint16_t result, Lane lane, bool of_others) {
    const Program *p = r->vm->program;
    const bool *wanted = list_wanted(r, fn, result, lane.period);
    for (uint32_t i = 0; wanted && i < fn->n; i++) {
        const Instr *in = &p->code[fn->first + i];
        if (in->dst == NO_REG || !wanted[in->dst])
            continue;
        if (op_info[in->op].imm == IMM_LOAD) {
            const Load *load = &p->loads[in->imm];
            add_read(r, vm_load_source(r->vm, load, lane).obs, load->field);
        } else if (in->op == OP_AMONG && of_others) {
            read_among(r, &p->amongs[in->imm], lane);
        }
    }
}

// ---- how it is told -----------------------------------------------------------------------------

static void tell_whose(const Reader *r, const Read *read, Lane lane, Buf *out) {
    const Observation *o = &r->vm->store->obs[read->obs];
    const Metric *m = &r->vm->program->metrics[o->metric];
    if (read->field == FIELD_VALUE)
        buf_put(out, m->label.len > 0 ? m->label : m->name);
    else
        buf_printf(out, "%.*s.%.*s", STR_ARG(m->name),
                   STR_ARG(r->vm->program->fields[read->field]));
    if (o->entity != lane.entity)
        buf_printf(out, " of %.*s", STR_ARG(intern_text(&r->vm->store->entities, o->entity)));
    if (!period_eq(o->period, lane.period)) {
        buf_puts(out, " in ");
        period_print(out, o->period);
    }
}

// A field of a percentage need not be one, so it is told as it was read.
static void tell_figure(const Reader *r, const Read *read, Buf *out) {
    const Store *s = r->vm->store;
    const Program *p = r->vm->program;
    Why why;
    Number n = store_figure(s, read->obs, read->field, &why);
    if (why)
        buf_put(out, why_words(why));
    else if (p->field_is_text[read->field])
        buf_printf(out, "\"%.*s\"", STR_ARG(intern_text(&s->texts, (uint32_t)n.num)));
    else
        tell_unit(out, n, -1, ROUND_HALF_AWAY,
                  read->field == FIELD_VALUE ? p->metrics[s->obs[read->obs].metric].unit
                                             : (Unit){.kind = UNIT_NONE});
}

static void tell_place(const Reader *r, const Observation *o, uint32_t file, Buf *out) {
    buf_puts(out, " (");
    if (o->file != file)
        buf_printf(out, "%.*s, ", STR_ARG(r->diags->files.v[o->file].path));
    buf_printf(out, "line %u)", (unsigned)o->line);
}

static bool is_of_one(const Store *s, const Read *a, const Read *b) {
    return a->field == b->field && s->obs[a->obs].metric == s->obs[b->obs].metric &&
           s->obs[a->obs].entity == s->obs[b->obs].entity;
}

// Are there enough of the same kind before it?
static bool is_left_out(const Reader *r, size_t i) {
    size_t n = 0;
    for (size_t k = 0; k < i; k++)
        n += is_of_one(r->vm->store, &r->reads.v[k], &r->reads.v[i]);
    return n >= MOST_TOLD_OF_ONE;
}

static void tell_reads(const Reader *r, Lane lane, uint32_t file, Buf *out) {
    size_t n_told = 0;
    for (size_t i = 0; i < r->reads.n && n_told < MOST_TOLD; i++) {
        if (is_left_out(r, i))
            continue;
        const Read *read = &r->reads.v[i];
        buf_puts(out, n_told++ > 0 ? ", " : "");
        tell_whose(r, read, lane, out);
        buf_char(out, ' ');
        tell_figure(r, read, out);
        tell_place(r, &r->vm->store->obs[read->obs], file, out);
    }
    if (r->reads.n > n_told)
        buf_printf(out, " and %zu more", r->reads.n - n_told);
}

bool asserted_figures_tell(const Vm *vm, const DiagList *d, const Assertion *a, Lane lane,
                           uint32_t file, Buf *out) {
    Reader r = {.vm = vm, .diags = d};
    arena_init(&r.arena, 0);
    read_code(&r, &a->fn, a->truth, lane, true);
    // A mean of peers is of figures that are not the lane's: it is known by those beside them.
    for (uint32_t i = 0; r.reads.n == 0 && i < a->n_reads; i++)
        add_read(&r, store_observation(vm->store, lane, a->reads[i]), FIELD_VALUE);
    tell_reads(&r, lane, file, out);
    bool ok = !r.arena.failed;
    arena_free(&r.arena);
    return ok;
}
