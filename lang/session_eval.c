// SPDX-License-Identifier: Apache-2.0
// Expressions over the figures that a session has.
#include <bandstand.h>

#include "lang/compile.h"
#include "lang/session.h"
#include "runtime/edges/write_value.h"
#include "runtime/engine/vm.h"

typedef struct Evaluation {
    bs_session *session;
    Arena scratch, arena;
    Program program;
    Expression expression;
    uint32_t entity; // OBS_NONE: every one
    Period period;   // PERIOD_NONE: every one
    bs_row_fn fn;
    void *context;
} Evaluation;

// The metrics that the program reads decide which rows there are.
static bool list_reads(Evaluation *e, uint32_t **reads, uint32_t *n) {
    const Program *p = &e->program;
    bool *read = ARENA_ARRAY(&e->scratch, bool, p->n_metrics);
    *reads = ARENA_ARRAY(&e->scratch, uint32_t, p->n_metrics);
    *n = 0;
    for (uint32_t i = 0; read && i < p->n_loads; i++)
        read[p->loads[i].metric] = true;
    for (uint32_t i = 0; read && *reads && i < p->n_metrics; i++)
        if (read[i])
            (*reads)[(*n)++] = i;
    return read && *reads;
}

static bool is_wanted(const Evaluation *e, Lane lane) {
    return (e->entity == OBS_NONE || lane.entity == e->entity) &&
           (e->period.kind == PERIOD_NONE || period_eq(lane.period, e->period));
}

static bs_code hand_out(Evaluation *e, const Vm *vm, const Lane *lanes, size_t n, bool of_figures) {
    const Expression *x = &e->expression;
    Buf value = {0}, period = {0};
    bs_code code = BS_OK;
    for (size_t i = 0; i < n && code == BS_OK; i++) {
        value.len = period.len = 0;
        Why why = write_lane_value(vm, i, x->reg, x->kind, x->unit, &value);
        buf_char(&value, '\0');
        bs_row row = {.value = {value.s, value.len - 1},
                      .missing = session_text(why ? why_words(why) : (Str){0}),
                      .entity = {"", 0},
                      .period = {"", 0}};
        if (of_figures) {
            period_print(&period, lanes[i].period);
            buf_char(&period, '\0');
            row.entity = session_text(intern_text(&e->session->store.entities, lanes[i].entity));
            row.period = (bs_text){period.s, period.len - 1};
        }
        if (value.failed || period.failed)
            code = BS_NO_MEMORY;
        else if (!e->fn(e->context, &row))
            code = BS_STOPPED;
    }
    buf_free(&value);
    buf_free(&period);
    return code;
}

static bs_code evaluate(Evaluation *e, Lane *lanes, size_t n, bool of_figures) {
    size_t n_wanted = 0;
    for (size_t i = 0; of_figures && i < n; i++)
        if (is_wanted(e, lanes[i]))
            lanes[n_wanted++] = lanes[i];
    n = of_figures ? n_wanted : n;
    Vm vm;
    // Metrics have the same numbers in both programs, since these are of the same declarations.
    e->program.hand = e->session->program.hand;
    vm_init(&vm, &e->program, of_figures ? &e->session->store : NULL);
    bs_code code = BS_OK;
    for (size_t i = 0; i < n && code == BS_OK; i += VM_BATCH) {
        size_t k = n - i < VM_BATCH ? n - i : VM_BATCH;
        if (vm_run(&vm, &e->expression.fn, of_figures ? lanes + i : NULL, k, NULL))
            code = hand_out(e, &vm, lanes + i, k, of_figures);
        else
            code = BS_NO_MEMORY;
    }
    vm_free(&vm);
    return code;
}

// Finds who and when [e] asks for. False after adding a finding.
static bool find_place(Evaluation *e, const char *entity, const char *period) {
    bs_session *s = e->session;
    Place nowhere = {.file = PLACE_NO_FILE};
    e->period = (Period){.kind = PERIOD_NONE};
    e->entity = entity ? intern_find(&s->store.entities, str_from(entity)) : OBS_NONE;
    if (entity && e->entity == INTERN_NONE) {
        diag_add(&s->diags, D_UNKNOWN_SELECTION, nowhere, "there is no entity `%s`", entity);
        return false;
    }
    if (period && !period_parse(str_from(period), &e->period)) {
        diag_add(&s->diags, D_UNKNOWN_SELECTION, nowhere, "there is no period `%s`", period);
        return false;
    }
    return true;
}

static bs_code over_figures(Evaluation *e, const char *entity, const char *period) {
    uint32_t *reads, n_reads;
    if (!list_reads(e, &reads, &n_reads))
        return BS_NO_MEMORY;
    if (n_reads == 0) {
        Lane none = {0};
        return evaluate(e, &none, 1, false);
    }
    bs_code code = session_figures(e->session);
    Lane *lanes;
    size_t n;
    if (code != BS_OK || !find_place(e, entity, period))
        return code == BS_OK ? BS_INVALID : code;
    if (!store_lanes(&e->session->store, &e->scratch, reads, n_reads, &lanes, &n))
        return BS_NO_MEMORY;
    return evaluate(e, lanes, n, true);
}

static bool ran_out(const Evaluation *e) {
    return e->scratch.failed || e->arena.failed || e->session->findings.failed;
}

bs_code bs_eval_rows(bs_session *s, const char *expression, size_t len, const char *entity,
                     const char *period, bs_row_fn fn, void *context) {
    if (!s->compiled)
        return BS_USAGE;
    Evaluation e = {.session = s, .fn = fn, .context = context};
    DiagMark mark = diag_mark(&s->diags);
    arena_init(&e.scratch, 0);
    arena_init(&e.arena, 0);
    bool ok = compile_expression(&e.scratch, &e.arena, &s->diags, &s->modules,
                                 (Str){expression, len}, &e.program, &e.expression);
    bs_code code = ran_out(&e) ? BS_NO_MEMORY : session_outcome(s, false);
    if (ok && code != BS_NO_MEMORY)
        code = over_figures(&e, entity, period);
    // The text of an expression that was fine is shown by nothing.
    if (ok && s->diags.diags.n == mark.n_diags)
        diag_rewind(&s->diags, mark);
    arena_free(&e.arena);
    arena_free(&e.scratch);
    return code == BS_NO_MEMORY ? session_no_memory(s) : code;
}

bs_code bs_type(bs_session *s, const char *expression, size_t len, const bs_sink *sink) {
    Evaluation e = {.session = s};
    Buf text = {0};
    arena_init(&e.scratch, 0);
    arena_init(&e.arena, 0);
    bool ok = compile_expression(&e.scratch, &e.arena, &s->diags, s->compiled ? &s->modules : NULL,
                                 (Str){expression, len}, &e.program, &e.expression);
    bs_code code = ran_out(&e) ? session_no_memory(s) : session_outcome(s, false);
    if (ok && code != BS_NO_MEMORY) {
        if (e.expression.kind == KIND_NUMBER)
            unit_print(&text, e.expression.unit);
        else
            buf_puts(&text, e.expression.kind == KIND_TRUTH   ? "yes or no"
                            : e.expression.kind == KIND_LEVEL ? "a level"
                                                              : "a text");
        buf_char(&text, '\n');
        code = session_hand_over(&text, sink);
    }
    buf_free(&text);
    arena_free(&e.arena);
    arena_free(&e.scratch);
    return code;
}

bs_code bs_eval(bs_session *s, const char *expression, size_t len, bool json, const bs_sink *sink) {
    Arena scratch, arena;
    arena_init(&scratch, 0);
    arena_init(&arena, 0);
    Program program;
    Expression e;
    Buf text = {0};
    size_t from = s->diags.diags.n;
    bool ok = compile_expression(&scratch, &arena, &s->diags, s->compiled ? &s->modules : NULL,
                                 (Str){expression, len}, &program, &e);
    bool memory = !scratch.failed && !arena.failed;
    if (ok)
        memory = write_value(&program, &e.fn, e.reg, e.kind, e.unit, json, &text);
    else if (json)
        write_error(&s->diags, from, &text);
    bs_code code = memory ? session_hand_over(&text, sink) : session_no_memory(s);
    buf_free(&text);
    arena_free(&arena);
    arena_free(&scratch);
    return code == BS_OK && !ok ? BS_INVALID : code;
}
