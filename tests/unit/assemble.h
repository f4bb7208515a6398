// SPDX-License-Identifier: Apache-2.0
// Assemble: small programs made by hand, for the tests of the machine.
#ifndef BS_TESTS_UNIT_ASSEMBLE_H
#define BS_TESTS_UNIT_ASSEMBLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/data/program.h"

enum {
    ASM_DIRECTION, // scales
    ASM_ARROWS,
    ASM_RAG,
    ASM_OFSTED,
    ASM_N_SCALES,
};
enum { RED, AMBER, GREEN };
enum { INADEQUATE, REQUIRES_IMPROVEMENT, GOOD, OUTSTANDING };
enum { FIELD_COMPARATOR = 1, FIELD_NOTE, ASM_N_FIELDS }; // FIELD_NOTE is a text
enum { ASM_N_METRICS = 4, ASM_ROOM = 128 };

typedef struct Asm {
    Arena arena;
    Program p;
    Kpi *kpi; // p.kpis[0], whose function is being assembled
    uint8_t kinds[ASM_ROOM];
    uint16_t n_regs;
} Asm;

static inline void *asm_copy(Asm *a, const void *items, size_t size) {
    void *copy = arena_alloc(&a->arena, size);
    assert_non_null(copy);
    memcpy(copy, items, size);
    return copy;
}

static inline Scale asm_scale(Asm *a, const char *name, const char *const *levels, uint32_t n) {
    Scale s = {.name = str_from(name), .n_levels = n, .place.file = PLACE_NO_FILE};
    s.levels = ARENA_ARRAY(&a->arena, Level, n);
    for (uint32_t i = 0; i < n; i++) {
        s.levels[i].name = str_from(levels[i]);
    }
    return s;
}

static inline void asm_tables(Asm *a) {
    static const char *const directions[] = {"worsening", "steady", "improving"};
    static const char *const arrows[] = {"down", "steady", "up"};
    static const char *const rag[] = {"red", "amber", "green"};
    static const char *const ofsted[] = {"inadequate", "requires_improvement", "good",
                                         "outstanding"};
    static const char *const metrics[ASM_N_METRICS] = {"referrals", "re_referrals", "third",
                                                       "fourth"};
    Program *p = &a->p;
    p->scales = ARENA_ARRAY(&a->arena, Scale, ASM_N_SCALES);
    p->n_scales = ASM_N_SCALES;
    p->scales[ASM_DIRECTION] = asm_scale(a, "direction", directions, 3);
    p->scales[ASM_ARROWS] = asm_scale(a, "arrows", arrows, 3);
    p->scales[ASM_RAG] = asm_scale(a, "rag", rag, 3);
    p->scales[ASM_OFSTED] = asm_scale(a, "ofsted", ofsted, 4);
    p->direction_scale = ASM_DIRECTION;
    p->arrow_scale = ASM_ARROWS;
    p->metrics = ARENA_ARRAY(&a->arena, Metric, ASM_N_METRICS);
    p->n_metrics = ASM_N_METRICS;
    for (uint32_t i = 0; i < ASM_N_METRICS; i++) {
        p->metrics[i].name = str_from(metrics[i]);
        p->metrics[i].unit.kind = UNIT_COUNT;
        p->metrics[i].place.file = PLACE_NO_FILE;
    }
    Str fields[] = {STR("value"), STR("comparator"), STR("note")};
    bool is_text[] = {false, false, true};
    p->fields = asm_copy(a, fields, sizeof fields);
    p->field_is_text = asm_copy(a, is_text, sizeof is_text);
    p->n_fields = ASM_N_FIELDS;
}

static inline void asm_begin(Asm *a) {
    *a = (Asm){0};
    arena_init(&a->arena, 0);
    a->p.arena = &a->arena;
    asm_tables(a);
    Program *p = &a->p;
    p->code = ARENA_ARRAY(&a->arena, Instr, ASM_ROOM);
    p->places = ARENA_ARRAY(&a->arena, Place, ASM_ROOM);
    p->consts = ARENA_ARRAY(&a->arena, Number, ASM_ROOM);
    p->loads = ARENA_ARRAY(&a->arena, Load, ASM_ROOM);
    p->band_tables = ARENA_ARRAY(&a->arena, BandTable, ASM_ROOM);
    p->lines = ARENA_ARRAY(&a->arena, StatusLine, ASM_ROOM);
    p->facts = ARENA_ARRAY(&a->arena, Fact, ASM_ROOM);
    p->maps = ARENA_ARRAY(&a->arena, LevelMap, ASM_ROOM);
    p->cross_tables = ARENA_ARRAY(&a->arena, CrossTable, ASM_ROOM);
    p->trajectories = ARENA_ARRAY(&a->arena, Trajectory, ASM_ROOM);
    p->spans = ARENA_ARRAY(&a->arena, PeriodSpan, ASM_ROOM);
    p->amongs = ARENA_ARRAY(&a->arena, Among, ASM_ROOM);
    p->series = ARENA_ARRAY(&a->arena, Series, ASM_ROOM);
    p->texts = ARENA_ARRAY(&a->arena, Str, ASM_ROOM);
    p->kpis = a->kpi = ARENA_NEW(&a->arena, Kpi);
    p->n_kpis = 1;
    *a->kpi = (Kpi){.name = STR("rate"),
                    .decimals = -1,
                    .value = NO_REG,
                    .judged = NO_REG,
                    .previous = NO_REG,
                    .direction = NO_REG,
                    .polarity = POLARITY_HIGH,
                    .place.file = PLACE_NO_FILE};
}

static inline void asm_free(Asm *a) {
    arena_free(&a->arena);
}

static inline uint16_t asm_reg(Asm *a, ValueKind kind) {
    assert_true(a->n_regs < ASM_ROOM);
    a->kinds[a->n_regs] = (uint8_t)kind;
    return a->n_regs++;
}

// An instruction whose destination is known already, as that of a status line is.
static inline void asm_into(Asm *a, Opcode op, uint16_t dst, uint16_t x, uint16_t y, uint16_t z,
                            uint32_t imm) {
    assert_true(a->p.n_code < ASM_ROOM);
    a->p.places[a->p.n_code] = (Place){.file = PLACE_NO_FILE};
    a->p.code[a->p.n_code++] = (Instr){(uint16_t)op, dst, x, y, z, imm};
}

static inline uint16_t asm_op(Asm *a, Opcode op, uint16_t x, uint16_t y, uint16_t z, uint32_t imm) {
    uint16_t dst = asm_reg(a, (ValueKind)op_info[op].dst);
    asm_into(a, op, dst, x, y, z, imm);
    return dst;
}

static inline Number asm_parse(Asm *a, const char *text) {
    Number n = {0, 1};
    assert_int_equal(number_parse(&a->arena, str_from(text), true, &n), NUMBER_OK);
    return n;
}

static inline uint32_t asm_const(Asm *a, const char *text) {
    a->p.consts[a->p.n_consts] = asm_parse(a, text);
    return a->p.n_consts++;
}

static inline uint16_t asm_number(Asm *a, const char *text) {
    return asm_op(a, OP_CONST, NO_REG, NO_REG, NO_REG, asm_const(a, text));
}

static inline uint16_t asm_missing(Asm *a, Why why) {
    return asm_op(a, OP_MISSING, NO_REG, NO_REG, NO_REG, why);
}

static inline uint32_t asm_load_entry(Asm *a, uint32_t metric, uint32_t field, int32_t back) {
    a->p.loads[a->p.n_loads] = (Load){.metric = metric, .field = field, .back = back};
    return a->p.n_loads++;
}

static inline uint16_t asm_load(Asm *a, uint32_t metric, uint32_t field, int32_t back) {
    uint32_t load = asm_load_entry(a, metric, field, back);
    Opcode op = field == FIELD_NOTE ? OP_LOAD_TEXT : OP_LOAD;
    return asm_op(a, op, NO_REG, NO_REG, NO_REG, load);
}

// The figures in [regs], each a period before the one in front of it.
static inline uint32_t asm_span(Asm *a, PeriodSpan span, const uint16_t *regs, uint32_t n) {
    span.figures = ARENA_ARRAY(&a->arena, SpanFigure, n);
    assert_non_null(span.figures);
    for (span.n = 0; span.n < n; span.n++) {
        span.figures[span.n] = (SpanFigure){.reg = regs[span.n], .back = (int32_t)span.n};
    }
    a->p.spans[a->p.n_spans] = span;
    return a->p.n_spans++;
}

static inline uint32_t asm_line(Asm *a, uint8_t outcome, const char *text) {
    a->p.lines[a->p.n_lines] = (StatusLine){.outcome = outcome,
                                            .text = str_from(text),
                                            .place.file = PLACE_NO_FILE,
                                            .first_fact = a->p.n_facts};
    return a->p.n_lines++;
}

// A table of pieces and the cuts between them; [pieces] has one more item than [cuts].
static inline uint32_t asm_bands(Asm *a, uint32_t scale, const Cut *cuts, uint32_t n_cuts,
                                 const Piece *pieces) {
    a->p.band_tables[a->p.n_band_tables] =
        (BandTable){.scale = scale,
                    .cuts = asm_copy(a, cuts, n_cuts * sizeof *cuts),
                    .n_cuts = n_cuts,
                    .pieces = asm_copy(a, pieces, (n_cuts + 1) * sizeof *pieces),
                    .place.file = PLACE_NO_FILE};
    return a->p.n_band_tables++;
}

// A table that turns 0, 1, 2 … into the levels 0, 1, 2 … of a scale.
static inline uint32_t asm_identity_bands(Asm *a, uint32_t scale) {
    Cut cuts[SCALE_MAX_LEVELS];
    Piece pieces[SCALE_MAX_LEVELS];
    uint32_t n = a->p.scales[scale].n_levels;
    for (uint32_t i = 0; i < n; i++) {
        cuts[i] = (Cut){.at = {2 * (int64_t)i + 1, 2}};
        pieces[i] = (Piece){.level = (uint8_t)i, .kind = PIECE_BAND, .place = {.line = i + 1}};
    }
    return asm_bands(a, scale, cuts, n - 1, pieces);
}

// Makes the code so far the KPI's function, with [value] as its value where it is not set yet.
static inline const Function *asm_finish(Asm *a, uint16_t value) {
    a->kpi->value = a->kpi->value == NO_REG ? value : a->kpi->value;
    a->kpi->judged = a->kpi->judged == NO_REG ? value : a->kpi->judged;
    a->kpi->fn = (Function){.first = 0,
                            .n = a->p.n_code,
                            .n_regs = a->n_regs,
                            .reg_kind = asm_copy(a, a->kinds, sizeof a->kinds)};
    return &a->kpi->fn;
}

static inline void assert_verified(const Program *p) {
    Buf why = {0};
    bool good = program_verify(p, &why);
    if (!good) {
        print_error("%.*s\n", STR_ARG(buf_str(&why)));
    }
    buf_free(&why);
    assert_true(good);
}

#endif
