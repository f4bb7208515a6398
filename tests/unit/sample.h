// SPDX-License-Identifier: Apache-2.0
// Sample: a program with every operation and every table, as a compiler would make it, for the
// tests of the verifier and the listing. Its rule file has a line of text for each place.
#ifndef BS_TESTS_UNIT_SAMPLE_H
#define BS_TESTS_UNIT_SAMPLE_H

#include "tests/unit/assemble.h"

static const char sample_text[] = "kpi rate \"Re-referrals\"\n"
                                  "  value re_referrals as percent of referrals\n"
                                  "  status rag\n"
                                  "    red when worsening because \"it rises\"\n";

enum { SAMPLE_N_GIVEN = 2, SAMPLE_N_COLUMNS = 3 };

static inline Place sample_place(uint32_t line, uint32_t column, uint32_t len) {
    return (Place){.file = 0, .line = line, .column = column, .len = len};
}

static inline void sample_files(Asm *a) {
    DiagFile file = {.path = STR("rules/rate.rag"), .text = STR(sample_text)};
    a->p.files = asm_copy(a, &file, sizeof file);
    a->p.n_files = 1;
    a->kpi->place = sample_place(1, 1, 3);
    a->p.scales[ASM_RAG].label = STR("RAG status");
    a->p.scales[ASM_RAG].levels[RED] = (Level){
        .name = STR("red"), .label = STR("Red"), .symbol = STR("R"), .colour = STR("#801650")};
    Metric *m = &a->p.metrics[1];
    m->label = STR("of which \"again\"");
    m->has_range = true;
    m->low = (Number){0, 1};
    m->high = (Number){1000, 1};
    m->column = STR("Re-referrals");
    m->id = STR("7");
    a->p.metrics[2].unit = (Unit){.kind = UNIT_PER, .per = 10000};
    a->p.metrics[3].unit = (Unit){.kind = UNIT_OWN, .name = STR("visits")};
}

static inline void sample_input(Asm *a) {
    const FieldColumn fields[] = {{FIELD_COMPARATOR, STR("SN"), false},
                                  {FIELD_NOTE, STR("Note"), true}};
    const MissingSymbol missing[] = {{STR("c"), REASON_SUPPRESSED}, {STR(""), REASON_NO_ROW}};
    const MarkSymbol marks[] = {{STR("p"), MARK_PROVISIONAL}, {STR("b"), MARK_BREAK}};
    Str texts[] = {STR("Local"), STR("Unitary")};
    WhereFilter where = {.column = STR("level"),
                         .negated = true,
                         .texts = asm_copy(a, texts, sizeof texts),
                         .n_texts = 2,
                         .place.file = PLACE_NO_FILE};
    Input in = {.name = STR("figures"),
                .label = STR("The figures"),
                .file = STR("*.csv"),
                .layout = LAYOUT_SNAPSHOT,
                .entity = STR("Sefton"),
                .period = {2023 * 12 + 4, PERIOD_MONTH},
                .metric_column = STR("id"),
                .value_column = STR("current"),
                .previous_column = STR("previous"),
                .fields = asm_copy(a, fields, sizeof fields),
                .n_fields = 2,
                .wheres = asm_copy(a, &where, sizeof where),
                .n_wheres = 1,
                .missing = asm_copy(a, missing, sizeof missing),
                .n_missing = 2,
                .marks = asm_copy(a, marks, sizeof marks),
                .n_marks = 2,
                .percent_signs = true,
                .skip_lines = 3,
                .revises = true,
                .place.file = PLACE_NO_FILE};
    a->p.inputs = asm_copy(a, &in, sizeof in);
    a->p.n_inputs = 1;
}

// below 16, 16 to below 20, 20 to 24, above 24 to 30, above 30
static inline uint32_t sample_bands(Asm *a) {
    const Cut cuts[] = {{{16, 1}, false}, {{20, 1}, false}, {{24, 1}, true}, {{30, 1}, true}};
    const Piece pieces[] = {{OUTSTANDING, PIECE_BAND, {.file = 1}},
                            {GOOD, PIECE_BAND, {.file = 2}},
                            {REQUIRES_IMPROVEMENT, PIECE_GAP, {.file = 2}},
                            {LEVEL_NO_DATA, PIECE_NONE, {.file = 0}},
                            {LEVEL_NO_DATA, PIECE_OTHERWISE, {.file = 4}}};
    uint32_t bands = asm_bands(a, ASM_OFSTED, cuts, 4, pieces);
    BandTable *t = &a->p.band_tables[bands];
    t->rounded = true;
    t->decimals = 1;
    t->mode = ROUND_HALF_EVEN;
    t->because = STR("beyond 30 nobody judges");
    t->place = sample_place(1, 1, 0);
    return bands;
}

static inline void sample_fact(Asm *a, Fact f) {
    a->p.facts[a->p.n_facts++] = f;
    a->p.lines[a->p.n_lines - 1].n_facts++;
}

static inline void sample_tables(Asm *a) {
    uint32_t map_line = asm_line(a, LEVEL_NO_DATA, "rag from ofsted");
    a->p.maps[0] = (LevelMap){.from = ASM_OFSTED,
                              .to = ASM_RAG,
                              .outcome = {RED, AMBER, GREEN, LEVEL_NO_DATA},
                              .line = map_line};
    a->p.n_maps = 1;
    uint8_t cells[16] = {RED,   RED,   RED,   RED,   RED,   AMBER, GREEN, AMBER,
                         AMBER, GREEN, GREEN, GREEN, GREEN, GREEN, GREEN, LEVEL_NO_DATA};
    uint32_t lines[4];
    for (size_t i = 0; i < 4; i++) {
        lines[i] = asm_line(a, LEVEL_NO_DATA, "the table");
    }
    a->p.cross_tables[0] = (CrossTable){.n_a = 4,
                                        .n_b = 3,
                                        .cells = asm_copy(a, cells, sizeof cells),
                                        .lines = asm_copy(a, lines, sizeof lines)};
    a->p.n_cross_tables = 1;
    Period periods[] = {{2023 * 12 + 3, PERIOD_MONTH}, {2023 * 12 + 4, PERIOD_MONTH}};
    uint32_t values[] = {asm_const(a, "85"), asm_const(a, "86.5")};
    a->p.trajectories[0] =
        (Trajectory){asm_copy(a, periods, sizeof periods), asm_copy(a, values, sizeof values), 2};
    a->p.n_trajectories = 1;
    a->p.texts[0] = STR("Sefton");
    a->p.n_texts = 1;
}

// The figures: r-numbers are what the tests of the listing expect.
static inline uint16_t sample_value(Asm *a) {
    Kpi *k = a->kpi;
    uint16_t all = asm_load(a, 0, FIELD_VALUE, 0), some = asm_load(a, 1, FIELD_VALUE, 0);
    a->p.places[0] = sample_place(2, 9, 12);
    k->value = asm_op(a, OP_SHARE, some, all, NO_REG, asm_const(a, "100"));
    a->p.places[2] = sample_place(2, 3, 0);
    uint16_t enough = asm_op(a, OP_LE, asm_number(a, "20"), all, NO_REG, 0);
    k->judged = asm_op(a, OP_GATE, k->value, enough, NO_REG, 0);
    k->previous = asm_load(a, 2, FIELD_COMPARATOR, 1);
    return asm_number(a, "0.5");
}

static inline void sample_arithmetic(Asm *a) {
    uint16_t x = asm_number(a, "2.5"), y = asm_missing(a, WHY(REASON_NO_ROW) | WHY(REASON_TOO_FEW));
    const Opcode two[] = {OP_ADD, OP_SUB, OP_MUL, OP_DIV, OP_MIN, OP_MAX};
    for (size_t i = 0; i < sizeof two / sizeof two[0]; i++) {
        x = asm_op(a, two[i], x, i % 2 ? y : x, NO_REG, 0);
    }
    x = asm_op(a, OP_ELSE, x, y, NO_REG, 1);
    x = asm_op(a, OP_NEG, asm_op(a, OP_ABS, x, NO_REG, NO_REG, 0), NO_REG, NO_REG, 0);
    x = asm_op(a, OP_ROUND, x, NO_REG, NO_REG, 2 | ROUND_HALF_EVEN << 8);
    uint16_t plan = asm_op(a, OP_TRAJECTORY, NO_REG, NO_REG, NO_REG, 0);
    asm_op(a, OP_EQ, plan, asm_op(a, OP_PERIOD_END, NO_REG, NO_REG, NO_REG, 0), NO_REG, 0);
    asm_op(a, OP_NE, plan, x, NO_REG, 0);
    uint16_t note = asm_load(a, 1, FIELD_NOTE, 0);
    uint16_t entity = asm_op(a, OP_ENTITY, NO_REG, NO_REG, NO_REG, 0);
    uint16_t text = asm_op(a, OP_CONST_TEXT, NO_REG, NO_REG, NO_REG, 0);
    uint16_t same = asm_op(a, OP_SAME_TEXT, note, text, NO_REG, 0);
    asm_op(a, OP_OR, same, asm_op(a, OP_SAME_TEXT, entity, text, NO_REG, 0), NO_REG, 0);
    asm_op(a, OP_CONST_TRUTH, NO_REG, NO_REG, NO_REG, 2 + WHY(REASON_NO_ROW));
    const uint16_t figures[] = {x, y, plan};
    PeriodSpan of_year = {.fold = FOLD_MEAN, .year = PERIOD_FINANCIAL_YEAR, .allowed = 1};
    uint16_t span = asm_op(a, OP_SPAN, NO_REG, NO_REG, NO_REG, asm_span(a, of_year, figures, 3));
    a->p.amongs[0] = (Among){.kind = AMONG_QUARTILE, .peers = AMONG_EVERYONE, .least = 2};
    a->p.n_amongs = 1;
    asm_into(a, OP_AMONG, span, NO_REG, NO_REG, NO_REG, 0);
}

// Two of a name, in force in 2021 and from 2022 on: band tables, or the statuses in two registers.
static inline uint32_t sample_dated(Asm *a, uint32_t bands, uint16_t first, uint16_t second) {
    static const Period from = {2021, PERIOD_YEAR}, then = {2022, PERIOD_YEAR};
    const Validity v[] = {
        {from, from, period_first_day(from), period_last_day(from), bands, first, {0}, {0}},
        {then, {0}, period_first_day(then), INT32_MAX, bands, second, {0}, {0}}};
    Dated d = {.name = STR("ofsted"), .v = asm_copy(a, v, sizeof v), .n = 2};
    a->p.dated[a->p.n_dated] = d;
    return a->p.n_dated++;
}

// A chart with a baseline and a rebase, and all that it gives. Its scales are one of three levels.
static inline void sample_chart(Asm *a) {
    Program *p = &a->p;
    const uint32_t reads[] = {0, 1};
    const Rebase rebase = {.from = {24300, PERIOD_MONTH}, .because = STR("new system")};
    const Chart chart = {.screen = true,
                         .least = 12,
                         .first = {24280, PERIOD_MONTH},
                         .last = {24291, PERIOD_MONTH},
                         .rebases = asm_copy(a, &rebase, sizeof rebase),
                         .n_rebases = 1,
                         .reads = asm_copy(a, reads, sizeof reads),
                         .n_reads = 2};
    p->charts = asm_copy(a, &chart, sizeof chart);
    p->n_charts = 1;
    p->variation_scale = p->unusual_scale = p->assurance_scale = p->chart_rule_scale =
        ASM_DIRECTION;
    uint16_t judged = a->kpi->judged;
    uint16_t low = asm_op(a, OP_CHART_LOW, judged, NO_REG, NO_REG, 0);
    uint16_t mean = asm_op(a, OP_CHART_MEAN, judged, NO_REG, NO_REG, 0);
    uint16_t high = asm_op(a, OP_CHART_HIGH, judged, NO_REG, NO_REG, 0);
    asm_op(a, OP_VARIATION, judged, NO_REG, NO_REG, 0);
    asm_op(a, OP_CHART_RULE, judged, NO_REG, NO_REG, 0);
    asm_op(a, OP_ASSURANCE, low, high, mean, 1);
}

static inline void sample_statuses(Asm *a, uint16_t level, uint16_t direction, uint16_t worsening) {
    Kpi *k = a->kpi;
    uint16_t lines = asm_reg(a, KIND_STATUS), table = asm_reg(a, KIND_STATUS);
    k->status = asm_reg(a, KIND_STATUS);
    asm_into(a, OP_OPEN, lines, k->judged, NO_REG, NO_REG, 0);
    uint32_t red = asm_line(a, RED, "worsening");
    a->p.lines[red].because = STR("it rises");
    a->p.lines[red].place = sample_place(4, 5, 0);
    sample_fact(a, (Fact){.kind = FACT_DIRECTION,
                          .truth = worsening,
                          .a = direction,
                          .b = NO_REG,
                          .c = NO_REG,
                          .levels = 1u << LEVEL_WORSENING,
                          .scale = ASM_DIRECTION,
                          .band_table = UINT32_MAX});
    sample_fact(a, (Fact){.kind = FACT_DISTANCE,
                          .relation = REL_OVER_WORSE,
                          .truth = worsening,
                          .negated = true,
                          .a = k->value,
                          .b = k->previous,
                          .c = k->value,
                          .name_a = STR("value"),
                          .name_b = STR("neighbours"),
                          .unit_c = {.kind = UNIT_PERCENT},
                          .relative = true,
                          .has_limit = true,
                          .limit = {29, 1}});
    sample_fact(a, (Fact){.kind = FACT_SPAN, .truth = worsening, .text = STR("improving for 2")});
    asm_into(a, OP_WHEN, lines, worsening, NO_REG, NO_REG, red);
    a->p.places[a->p.n_code - 1] = sample_place(4, 5, 0);
    uint32_t otherwise = asm_line(a, AMBER, "");
    a->p.lines[otherwise].otherwise = true;
    asm_into(a, OP_OTHERWISE, lines, NO_REG, NO_REG, NO_REG, otherwise);
    asm_into(a, OP_CLOSE, lines, NO_REG, NO_REG, NO_REG, 0);
    asm_into(a, OP_OPEN, table, k->judged, NO_REG, NO_REG, 0);
    asm_into(a, OP_CROSS, table, level, direction, NO_REG, 0);
    asm_into(a, OP_MAP, table, level, NO_REG, NO_REG, 0);
    asm_into(a, OP_CLOSE, table, NO_REG, NO_REG, NO_REG, 0);
    asm_op(a, OP_OVERRIDE, lines, NO_REG, NO_REG, 0);
    asm_into(a, OP_OPEN, k->status, k->judged, NO_REG, NO_REG, 0);
    asm_into(a, OP_TAKE, k->status, lines, NO_REG, NO_REG, asm_line(a, LEVEL_NO_DATA, "as other"));
    asm_into(a, OP_CLOSE, k->status, NO_REG, NO_REG, NO_REG, 0);
    asm_op(a, OP_BAND_DATED, k->judged, NO_REG, NO_REG, sample_dated(a, 0, NO_REG, NO_REG));
    sample_chart(a);
    uint16_t dated = asm_reg(a, KIND_STATUS);
    asm_into(a, OP_OPEN, dated, k->judged, NO_REG, NO_REG, 0);
    asm_into(a, OP_TAKE_DATED, dated, NO_REG, NO_REG, NO_REG,
             sample_dated(a, UINT32_MAX, lines, table));
    asm_into(a, OP_CLOSE, dated, NO_REG, NO_REG, NO_REG, 0);
    k->has_status = true;
    k->status_name = STR("rag");
    k->status_scale = ASM_RAG;
}

static inline void sample_kpi(Asm *a) {
    Kpi *k = a->kpi;
    uint32_t bands = sample_bands(a);
    uint16_t margin = sample_value(a);
    uint16_t level = asm_op(a, OP_BAND, k->judged, NO_REG, NO_REG, bands);
    uint16_t steady = asm_op(a, OP_CONST_LEVEL, NO_REG, NO_REG, NO_REG, LEVEL_STEADY);
    uint16_t moved = asm_op(a, OP_DIRECTION, k->judged, k->previous, margin, 1);
    k->direction = asm_op(a, OP_ELSE_LEVEL, moved, steady, NO_REG, 0);
    uint16_t is = asm_op(a, OP_IS, k->direction, NO_REG, NO_REG, 1u << LEVEL_WORSENING);
    uint16_t is_poor = asm_op(a, OP_IS, level, NO_REG, NO_REG, 3);
    uint16_t below = asm_op(a, OP_LT, k->judged, margin, NO_REG, 0);
    uint16_t known = asm_op(a, OP_KNOWN, level, NO_REG, NO_REG, 0);
    uint16_t both = asm_op(a, OP_AND, is, asm_op(a, OP_NOT, known, NO_REG, NO_REG, 0), NO_REG, 0);
    uint16_t some = asm_op(a, OP_OR, both, asm_op(a, OP_OR, is_poor, below, NO_REG, 0), NO_REG, 0);
    uint16_t truth = asm_op(a, OP_IF_KNOWN, some, NO_REG, NO_REG, 0);
    sample_arithmetic(a);
    sample_statuses(a, level, k->direction, truth);
    const NamedLevel levels[] = {{STR("ofsted"), ASM_OFSTED, level, bands, 0}};
    const NamedFigure figures[] = {
        {STR("target"), STR("Target"), k->previous, {.kind = UNIT_PERCENT}}};
    const uint32_t reads[] = {0, 1};
    k->levels = asm_copy(a, levels, sizeof levels);
    k->n_levels = 1;
    k->figures = asm_copy(a, figures, sizeof figures);
    k->n_figures = 1;
    k->reads = asm_copy(a, reads, sizeof reads);
    k->n_reads = 2;
    k->label = STR("Re-referrals");
    k->unit.kind = UNIT_PERCENT;
    k->decimals = 1;
    k->polarity = POLARITY_LOW;
    asm_finish(a, k->value);
}

// What the KPI looks at in other entities.
static inline void sample_series(Asm *a) {
    static const uint32_t reads[] = {0};
    uint32_t first = a->p.n_code;
    a->n_regs = 0;
    uint16_t result = asm_load(a, 0, FIELD_VALUE, 0);
    a->p.series[0] = (Series){.text = STR("referrals"),
                              .result = result,
                              .reads = asm_copy(a, reads, sizeof reads),
                              .n_reads = 1,
                              .place.file = PLACE_NO_FILE};
    a->p.series[0].fn = (Function){.first = first,
                                   .n = a->p.n_code - first,
                                   .n_regs = a->n_regs,
                                   .reg_kind = asm_copy(a, a->kinds, sizeof a->kinds)};
    a->p.n_series = 1;
}

// An examples block: value and direction given, the status expected.
static inline void sample_example(Asm *a) {
    Example *e = ARENA_NEW(&a->arena, Example);
    assert_non_null(e);
    const ExampleColumn columns[SAMPLE_N_COLUMNS] = {
        {.name = STR("value"), .given = 0, .level = UINT32_MAX},
        {.name = STR("direction"), .given = 1, .level = UINT32_MAX, .scale = ASM_DIRECTION},
        {.name = STR("rag"),
         .given = UINT32_MAX,
         .level = UINT32_MAX,
         .is_status = true,
         .scale = ASM_RAG},
    };
    const ExampleCell cells[SAMPLE_N_COLUMNS] = {
        {.number = {5, 1}}, {.level = LEVEL_STEADY, .number = {0, 1}}, {.level = AMBER}};
    uint32_t first = a->p.n_code;
    a->n_regs = 0;
    uint16_t value = asm_op(a, OP_GIVEN, NO_REG, NO_REG, NO_REG, 0);
    uint16_t direction = asm_op(a, OP_GIVEN_LEVEL, NO_REG, NO_REG, NO_REG, 1);
    uint16_t status = asm_reg(a, KIND_STATUS);
    uint16_t steady = asm_op(a, OP_IS, direction, NO_REG, NO_REG, 1u << LEVEL_STEADY);
    asm_into(a, OP_OPEN, status, value, NO_REG, NO_REG, 0);
    asm_into(a, OP_WHEN, status, steady, NO_REG, NO_REG, asm_line(a, AMBER, "steady"));
    asm_into(a, OP_CLOSE, status, NO_REG, NO_REG, NO_REG, 0);
    e->kpi = (Kpi){.name = STR("rate"),
                   .value = value,
                   .judged = value,
                   .previous = NO_REG,
                   .direction = direction,
                   .decimals = -1,
                   .has_status = true,
                   .status_name = STR("rag"),
                   .status = status,
                   .status_scale = ASM_RAG,
                   .place = sample_place(1, 1, 0)};
    e->kpi.fn = (Function){.first = first,
                           .n = a->p.n_code - first,
                           .n_regs = a->n_regs,
                           .reg_kind = asm_copy(a, a->kinds, sizeof a->kinds)};
    e->columns = asm_copy(a, columns, sizeof columns);
    e->n_columns = SAMPLE_N_COLUMNS;
    e->cells = asm_copy(a, cells, sizeof cells);
    e->n_rows = 1;
    e->n_given = SAMPLE_N_GIVEN;
    e->place = sample_place(1, 1, 0);
    a->p.examples = e;
    a->p.n_examples = 1;
}

// Two judgements on one entity, one after the other.
static inline void sample_judgements(Asm *a) {
    const Judgement judgements[] = {{.kpi = STR("rate"),
                                     .entity = STR("Sefton"),
                                     .scale = ASM_RAG,
                                     .level = AMBER,
                                     .from = {24280, PERIOD_MONTH},
                                     .to = {24282, PERIOD_MONTH},
                                     .by = STR("board"),
                                     .because = STR("why"),
                                     .place = sample_place(1, 1, 0)},
                                    {.kpi = STR("rate"),
                                     .entity = STR("Sefton"),
                                     .scale = ASM_RAG,
                                     .level = AMBER,
                                     .from = {24283, PERIOD_MONTH},
                                     .to = {24283, PERIOD_MONTH},
                                     .by = STR("board"),
                                     .because = STR("why"),
                                     .place = sample_place(1, 1, 0)}};
    const JudgementSet sets[] = {{.first = 0, .n = 2}};
    a->p.judgements = asm_copy(a, judgements, sizeof judgements);
    a->p.n_judgements = 2;
    a->p.judgement_sets = asm_copy(a, sets, sizeof sets);
    a->p.n_judgement_sets = 1;
}

static inline void sample_begin(Asm *a) {
    asm_begin(a);
    sample_files(a);
    sample_input(a);
    sample_tables(a);
    sample_judgements(a);
    sample_kpi(a);
    sample_series(a);
    sample_example(a);
}

#endif
