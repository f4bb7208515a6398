// SPDX-License-Identifier: Apache-2.0
// What the verifier refuses, and that whatever it lets through runs clean.
#include "runtime/engine/vm.h"

#include "tests/unit/sample.h"

static void a_good_program_is_accepted(void **state) {
    (void)state;
    Asm a;
    sample_begin(&a);
    assert_verified(&a.p);
    asm_free(&a);
}

static void the_sample_has_every_operation(void **state) {
    (void)state;
    Asm a;
    sample_begin(&a);
    bool seen[N_OPCODES] = {false};
    for (uint32_t i = 0; i < a.p.n_code; i++) {
        seen[a.p.code[i].op] = true;
    }
    for (unsigned i = 0; i < N_OPCODES; i++) {
        if (!seen[i]) {
            print_error("%s\n", op_info[i].mnemonic);
        }
        assert_true(seen[i]);
    }
    asm_free(&a);
}

// ---- one fault at a time ------------------------------------------------------------------------

typedef void Spoil(Asm *a);

static Instr *find_op(Asm *a, Opcode op) {
    for (uint32_t i = 0; i < a->p.n_code; i++) {
        if (a->p.code[i].op == op) {
            return &a->p.code[i];
        }
    }
    fail_msg("the sample has no %s", op_info[op].mnemonic);
    return NULL;
}

// Refuses the sample after [spoil], and its words hold [expected].
static void check_refused(Spoil *spoil, const char *expected) {
    Asm a;
    sample_begin(&a);
    spoil(&a);
    Buf why = {0};
    bool good = program_verify(&a.p, &why);
    buf_char(&why, '\0');
    if (good || !strstr(why.s, expected)) {
        print_error("expected \"%s\", got \"%s\"\n", expected, why.s);
        fail();
    }
    buf_free(&why);
    asm_free(&a);
}

static void unknown_op(Asm *a) {
    a->p.code[3].op = N_OPCODES;
}
static void register_beyond(Asm *a) {
    find_op(a, OP_SHARE)->a = a->kpi->fn.n_regs;
}
static void wrong_kind(Asm *a) {
    find_op(a, OP_GATE)->b = find_op(a, OP_GATE)->a;
}
static void wrong_destination(Asm *a) {
    find_op(a, OP_LE)->dst = find_op(a, OP_SHARE)->dst;
}
static void too_early(Asm *a) {
    find_op(a, OP_SHARE)->a = a->kpi->judged;
}
static void extra_operand(Asm *a) {
    find_op(a, OP_NEG)->b = 0;
}
static void missing_operand(Asm *a) {
    find_op(a, OP_ADD)->b = NO_REG;
}
static void status_as_any(Asm *a) {
    Instr *last = &a->p.code[a->kpi->fn.n - 1];
    *last = (Instr){OP_KNOWN, find_op(a, OP_KNOWN)->dst, find_op(a, OP_OPEN)->dst, NO_REG, NO_REG, 0};
}
static void const_beyond(Asm *a) {
    find_op(a, OP_CONST)->imm = a->p.n_consts;
}
static void imm_unwanted(Asm *a) {
    find_op(a, OP_ADD)->imm = 1;
}
static void given_in_a_kpi(Asm *a) {
    Instr *in = find_op(a, OP_CONST);
    *in = (Instr){OP_GIVEN, in->dst, NO_REG, NO_REG, NO_REG, 0};
}
static void slot_beyond(Asm *a) {
    find_op(a, OP_GIVEN)->imm = SAMPLE_N_GIVEN;
}
static void rounding_beyond(Asm *a) {
    find_op(a, OP_ROUND)->imm = NUMBER_MAX_DECIMALS + 1;
}
static void rounding_mode_beyond(Asm *a) {
    find_op(a, OP_ROUND)->imm = 2 << 8;
}
static void flag_beyond(Asm *a) {
    find_op(a, OP_DIRECTION)->imm = 2;
}
static void unknown_without_reason(Asm *a) {
    find_op(a, OP_CONST_TRUTH)->imm = 2;
}
static void missing_without_reason(Asm *a) {
    find_op(a, OP_MISSING)->imm = 0;
}
static void missing_for_no_known_reason(Asm *a) {
    find_op(a, OP_MISSING)->imm = 1u << N_REASONS;
}
static void text_loaded_as_figure(Asm *a) {
    a->p.loads[find_op(a, OP_LOAD)->imm].field = FIELD_NOTE;
}
static void load_from_the_future(Asm *a) {
    a->p.loads[0].back = -1;
}
static void load_from_too_long_ago(Asm *a) {
    a->p.loads[0].back = PROGRAM_MAX_BACK + 1;
}
static void load_of_no_metric(Asm *a) {
    a->p.loads[0].metric = ASM_N_METRICS;
}
static void load_of_no_field(Asm *a) {
    a->p.loads[0].field = ASM_N_FIELDS;
}

static void operands_out_of_order_are_refused(void **state) {
    (void)state;
    check_refused(unknown_op, "KPI 0: instruction 3 (?): an operation that does not exist");
    check_refused(register_beyond, "instruction 2 (share): there is no such register");
    check_refused(wrong_kind, "(gate): a register of the wrong kind");
    check_refused(wrong_destination, "(le): a register of the wrong kind");
    check_refused(too_early, "(share): a register that is read before it is written");
    check_refused(extra_operand, "(neg): a register that the operation does not have");
    check_refused(missing_operand, "(add): there is no such register");
    check_refused(status_as_any, "(known): a register of the wrong kind");
}

static void immediates_out_of_range_are_refused(void **state) {
    (void)state;
    check_refused(const_beyond, "(const): an index out of range");
    check_refused(imm_unwanted, "(add): an immediate that the operation does not have");
    check_refused(given_in_a_kpi, "(given): an index out of range");
    check_refused(slot_beyond, "examples 0: instruction");
    check_refused(rounding_beyond, "(round): a rounding that does not exist");
    check_refused(rounding_mode_beyond, "(round): a rounding that does not exist");
    check_refused(flag_beyond, "(direction): an index out of range");
    check_refused(unknown_without_reason, "(const_truth): neither a truth nor");
    check_refused(missing_without_reason, "(missing): no set of reasons");
    check_refused(missing_for_no_known_reason, "(missing): no set of reasons");
    check_refused(text_loaded_as_figure, "(load): a field of the wrong type");
    check_refused(load_from_the_future, "load 0: -1 periods back");
    check_refused(load_from_too_long_ago, "load 0: 100001 periods back");
    check_refused(load_of_no_metric, "load 0: metric 4 of 4");
    check_refused(load_of_no_field, "load 0: field 3 of 3");
}

static void never_opened(Asm *a) {
    find_op(a, OP_OPEN)->dst = a->kpi->status;
}
static void opened_twice(Asm *a) {
    Instr *in = find_op(a, OP_OTHERWISE);
    *in = (Instr){OP_OPEN, in->dst, a->kpi->judged, NO_REG, NO_REG, 0};
}
static void never_closed(Asm *a) {
    a->kpi->fn.n--;
}
static void closed_twice(Asm *a) {
    Instr *in = find_op(a, OP_TAKE);
    in[0] = in[1];
}
static void taken_while_open(Asm *a) {
    find_op(a, OP_TAKE)->a = a->kpi->status;
}
static void cross_too_narrow(Asm *a) {
    a->p.cross_tables[0].n_b = 2;
}
static void cross_too_low(Asm *a) {
    a->p.cross_tables[0].n_a = 3;
}
static void map_of_another_scale(Asm *a) {
    a->p.maps[0].from = ASM_RAG;
}
static void status_of_another_scale(Asm *a) {
    a->p.lines[find_op(a, OP_OTHERWISE)->imm].outcome = 3;
}
static void line_without_such_level(Asm *a) {
    a->p.lines[0].outcome = SCALE_MAX_LEVELS;
}
static void fact_of_no_register(Asm *a) {
    a->p.facts[1].a = 5000;
}
static void fact_of_wrong_kind(Asm *a) {
    a->p.facts[1].b = a->p.facts[1].truth;
}
static void fact_without_truth(Asm *a) {
    a->p.facts[0].truth = NO_REG;
}
static void fact_on_a_smaller_scale(Asm *a) {
    a->p.facts[0].a = a->kpi->levels[0].reg;
}
static void facts_beyond(Asm *a) {
    a->p.lines[0].first_fact = a->p.n_facts;
    a->p.lines[0].n_facts = 1;
}

static void status_blocks_in_disorder_are_refused(void **state) {
    (void)state;
    check_refused(never_opened, "(when): a register that is not open");
    check_refused(opened_twice, "(open): a status block that is open already");
    check_refused(never_closed, "is never closed");
    check_refused(closed_twice, "(close): a status block that is not open");
    check_refused(taken_while_open, "(take): a status that is taken before it is closed");
    check_refused(cross_too_narrow, "(cross): a level that has no place in the cross table");
    check_refused(cross_too_low, "(cross): a level that has no place in the cross table");
    check_refused(map_of_another_scale, "(map): a level that the mapping does not know");
    check_refused(status_of_another_scale, "status: an outcome of another scale");
    check_refused(line_without_such_level, "line 0: level 32 of 32");
    check_refused(fact_of_no_register, "(when): there is no such register");
    check_refused(fact_of_wrong_kind, "(when): a register of the wrong kind");
    check_refused(fact_without_truth, "(when): there is no such register");
    check_refused(fact_on_a_smaller_scale, "(when): a fact about a level of another scale");
    check_refused(facts_beyond, "line 0: facts from 2, 1 of them");
}

static void cuts_descend(Asm *a) {
    a->p.band_tables[0].cuts[1].at.num = 15;
}
static void cuts_meet(Asm *a) {
    a->p.band_tables[0].cuts[1].at.num = 16;
}
static void cuts_meet_thrice(Asm *a) {
    Cut *c = a->p.band_tables[0].cuts;
    c[1] = (Cut){{32, 2}, true};
    c[2] = (Cut){{16, 1}, true};
}
static void piece_without_level(Asm *a) {
    a->p.band_tables[0].pieces[0].level = LEVEL_NO_DATA;
}
static void no_band_with_level(Asm *a) {
    a->p.band_tables[0].pieces[3].level = GOOD;
}
static void piece_of_unknown_kind(Asm *a) {
    a->p.band_tables[0].pieces[4].kind = 4;
}
static void negative_denominator(Asm *a) {
    a->p.consts[0].den = -1;
}
static void empty_scale(Asm *a) {
    a->p.scales[ASM_RAG].n_levels = 0;
}
static void direction_of_four(Asm *a) {
    a->p.direction_scale = ASM_OFSTED;
}
static void empty_range(Asm *a) {
    a->p.metrics[1].low = number_int(2000);
}
static void unit_per_nothing(Asm *a) {
    a->p.metrics[2].unit.per = 0;
}
static void mapping_beyond(Asm *a) {
    a->p.maps[0].outcome[0] = 3;
}
static void two_marks_in_one(Asm *a) {
    a->p.inputs[0].marks[0].mark = (Mark)3;
}
static void reason_unknown(Asm *a) {
    a->p.inputs[0].missing[0].reason = N_REASONS;
}
static void field_of_another_type(Asm *a) {
    a->p.inputs[0].fields[0].is_text = true;
}
static void trajectory_beyond(Asm *a) {
    a->p.trajectories[0].values[1] = a->p.n_consts;
}
static void cell_beyond(Asm *a) {
    a->p.examples[0].cells[2].level = 3;
}
static void kpi_without_value(Asm *a) {
    a->kpi->value = a->kpi->direction;
}
static void kpi_of_unwritten_value(Asm *a) {
    a->kpi->fn.n = 4;
    a->kpi->has_status = false;
}
static void level_by_another_table(Asm *a) {
    a->kpi->levels[0].scale = ASM_RAG;
}
static void reads_no_metric(Asm *a) {
    a->kpi->reads[1] = ASM_N_METRICS;
}
static void code_beyond(Asm *a) {
    a->kpi->fn.first = a->p.n_code;
}
static void unknown_register_kind(Asm *a) {
    ((uint8_t *)a->kpi->fn.reg_kind)[0] = KIND_STATUS + 1;
}
static void too_many_decimals(Asm *a) {
    a->kpi->decimals = NUMBER_MAX_DECIMALS + 1;
}
static void table_not_there(Asm *a) {
    a->p.inputs = NULL;
}

static void tables_in_disorder_are_refused(void **state) {
    (void)state;
    check_refused(cuts_descend, "band table 0: cut 1 is not above the one before");
    check_refused(cuts_meet, "band table 0: cut 1 is not above the one before");
    check_refused(cuts_meet_thrice, "band table 0: cut 2 is not above the one before");
    check_refused(piece_without_level, "band table 0: level 255 of 4");
    check_refused(no_band_with_level, "band table 0: a piece in no band with level 2");
    check_refused(piece_of_unknown_kind, "band table 0: a piece of unknown kind 4");
    check_refused(negative_denominator, "constant 0: a number with a negative denominator");
    check_refused(empty_scale, "scale 2: 0 levels");
    check_refused(direction_of_four, "direction scale has 4 levels");
    check_refused(empty_range, "metric 1: empty range");
    check_refused(unit_per_nothing, "metric 2: a unit per nothing");
    check_refused(mapping_beyond, "mapping 0: level 3 of 3");
    check_refused(two_marks_in_one, "input 0: mark 3");
    check_refused(reason_unknown, "input 0: reason 13 of 13");
    check_refused(field_of_another_type, "input 0: field 1 is of another type");
    check_refused(trajectory_beyond, "trajectory 0: constant");
    check_refused(cell_beyond, "examples 0: level 3 of 3 in row 1");
    check_refused(kpi_without_value, "KPI 0: value: register");
    check_refused(kpi_of_unwritten_value, "is never written");
    check_refused(level_by_another_table, "holds another scale's");
    check_refused(reads_no_metric, "KPI 0: metric 4 of 4");
    check_refused(code_beyond, "KPI 0: code from");
    check_refused(unknown_register_kind, "KPI 0: register 0 of unknown kind 5");
    check_refused(too_many_decimals, "KPI 0: ");
    check_refused(table_not_there, "input table is not there");
}

static void a_point_between_two_cuts_is_accepted(void **state) {
    (void)state;
    Asm a;
    sample_begin(&a);
    a.p.band_tables[0].cuts[1] = (Cut){{32, 2}, true};
    assert_verified(&a.p);
    asm_free(&a);
}

static void running_out_of_memory_is_no_approval(void **state) {
    (void)state;
    Asm a;
    sample_begin(&a);
    arena_fail_after(1);
    Buf why = {0};
    assert_false(program_verify(&a.p, &why));
    arena_fail_after(0);
    assert_true(why.len > 0);
    buf_free(&why);
    asm_free(&a);
}

// ---- rubbish ------------------------------------------------------------------------------------

enum { N_ROUNDS = 3000 };

static uint64_t random_state;

static uint32_t draw(uint32_t n) {
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(random_state >> 33) % n;
}

// Values that sit at the borders of the tables oftener than bytes at random would.
static uint32_t draw_value(uint32_t bits) {
    const uint32_t mask = bits == 32 ? UINT32_MAX : (1u << bits) - 1;
    switch (draw(4)) {
    case 0:
        return draw(8);
    case 1:
        return draw(70);
    case 2:
        return mask - draw(3);
    default:
        return (uint32_t)(random_state >> 20) & mask;
    }
}

static void spoil_instruction(Asm *a) {
    Instr *in = &a->p.code[draw(a->p.n_code)];
    switch (draw(6)) {
    case 0:
        in->op = (uint16_t)draw_value(16);
        break;
    case 1:
        in->dst = (uint16_t)draw_value(16);
        break;
    case 2:
        in->a = (uint16_t)draw_value(16);
        break;
    case 3:
        in->b = (uint16_t)draw_value(16);
        break;
    case 4:
        in->c = (uint16_t)draw_value(16);
        break;
    default:
        in->imm = draw_value(32);
        break;
    }
}

// A den of 0 would make num a pointer, which no verifier can check.
static void spoil_number(Number *n) {
    if (draw(2)) {
        n->num = (int64_t)draw_value(32) << draw(32);
    } else {
        n->den = (int64_t)draw_value(32) - 2;
        n->den = n->den == 0 ? 1 : n->den;
    }
}

static void spoil_bands(BandTable *t) {
    switch (draw(8)) {
    case 0:
        t->scale = draw_value(32);
        break;
    case 1:
        spoil_number(&t->cuts[draw(t->n_cuts)].at);
        break;
    case 2:
        t->cuts[draw(t->n_cuts)].at_goes_left = draw(2);
        break;
    case 3:
        t->pieces[draw(t->n_cuts + 1)].level = (uint8_t)draw_value(8);
        break;
    case 4:
        t->pieces[draw(t->n_cuts + 1)].kind = (uint8_t)draw_value(8);
        break;
    case 5:
        t->decimals = (uint8_t)draw_value(8);
        break;
    case 6:
        t->mode = (uint8_t)draw_value(8);
        break;
    default:
        t->n_cuts = draw(t->n_cuts + 1); // fewer: how many there are is taken as given
        break;
    }
}

static void spoil_line_or_fact(Program *p) {
    StatusLine *line = &p->lines[draw(p->n_lines)];
    Fact *f = &p->facts[draw(p->n_facts)];
    switch (draw(9)) {
    case 0:
        line->outcome = (uint8_t)draw_value(8);
        break;
    case 1:
        line->first_fact = draw_value(32);
        break;
    case 2:
        line->n_facts = draw_value(32);
        break;
    case 3:
        f->kind = (FactKind)draw_value(8);
        break;
    case 4:
        f->relation = (Relation)draw_value(8);
        break;
    case 5:
        f->truth = (uint16_t)draw_value(16);
        break;
    case 6:
        f->a = (uint16_t)draw_value(16);
        break;
    case 7:
        f->scale = draw_value(32);
        break;
    default:
        f->band_table = draw_value(32);
        break;
    }
}

static void spoil_table(Program *p) {
    switch (draw(10)) {
    case 0:
        p->maps[0].outcome[draw(SCALE_MAX_LEVELS)] = (uint8_t)draw_value(8);
        break;
    case 1:
        p->maps[0].from = draw_value(32);
        break;
    case 2:
        p->maps[0].to = draw_value(32);
        break;
    case 3:
        p->maps[0].line = draw_value(32);
        break;
    case 4:
        p->cross_tables[0].n_a = draw(5);
        break;
    case 5:
        p->cross_tables[0].n_b = draw(4);
        break;
    case 6:
        p->cross_tables[0].cells[draw(16)] = (uint8_t)draw_value(8);
        break;
    case 7:
        p->cross_tables[0].lines[draw(4)] = draw_value(32);
        break;
    case 8:
        p->trajectories[0].values[draw(2)] = draw_value(32);
        break;
    default:
        p->trajectories[0].periods[draw(2)].kind = (PeriodKind)draw_value(8);
        break;
    }
}

static void spoil_load_or_scale(Program *p) {
    Load *load = &p->loads[draw(p->n_loads)];
    switch (draw(6)) {
    case 0:
        load->metric = draw_value(32);
        break;
    case 1:
        load->field = draw_value(32);
        break;
    case 2:
        load->back = (int32_t)draw_value(32);
        break;
    case 3:
        p->scales[draw(p->n_scales)].n_levels = draw(4); // fewer: as above
        break;
    case 4:
        p->direction_scale = draw_value(32);
        break;
    default:
        spoil_number(&p->consts[draw(p->n_consts)]);
        break;
    }
}

static void spoil_kpi(Kpi *k) {
    switch (draw(10)) {
    case 0:
        k->value = (uint16_t)draw_value(16);
        break;
    case 1:
        k->judged = (uint16_t)draw_value(16);
        break;
    case 2:
        k->status = (uint16_t)draw_value(16);
        break;
    case 3:
        k->status_scale = draw_value(32);
        break;
    case 4:
        k->fn.first = draw_value(32);
        break;
    case 5:
        k->fn.n = draw_value(32);
        break;
    case 6:
        k->fn.n_regs = (uint16_t)draw(k->fn.n_regs + 1u);
        break;
    case 7:
        ((uint8_t *)k->fn.reg_kind)[draw(k->fn.n_regs)] = (uint8_t)draw_value(8);
        break;
    case 8:
        k->decimals = (int)draw_value(32);
        break;
    default:
        k->direction = (uint16_t)draw_value(16);
        break;
    }
}

static void spoil_anything(Asm *a) {
    Example *e = &a->p.examples[0];
    switch (draw(10)) {
    case 0:
        spoil_bands(&a->p.band_tables[0]);
        break;
    case 1:
        spoil_line_or_fact(&a->p);
        break;
    case 2:
        spoil_table(&a->p);
        break;
    case 3:
        spoil_load_or_scale(&a->p);
        break;
    case 4:
        spoil_kpi(draw(2) ? a->kpi : &e->kpi);
        break;
    case 5:
        e->columns[draw(SAMPLE_N_COLUMNS)].given = draw_value(32);
        break;
    case 6:
        e->columns[draw(SAMPLE_N_COLUMNS)].scale = draw_value(32);
        break;
    default:
        spoil_instruction(a);
        break;
    }
}

static void add_observations(Store *s) {
    for (uint32_t metric = 0; metric < ASM_N_METRICS; metric++) {
        for (int32_t month = 0; month < 4; month++) {
            Observation o = {.metric = metric,
                             .period = {2023 * 12 + month, PERIOD_MONTH},
                             .replaced = OBS_NONE,
                             .marks = month == 2 ? MARK_BREAK : 0};
            uint32_t obs = store_add(s, o);
            assert_int_not_equal(obs, OBS_NONE);
            store_set(s, obs, FIELD_VALUE, number_int(10 * month + (int64_t)metric), 0);
            store_set(s, obs, FIELD_COMPARATOR, (Number){month, 7}, 0);
            store_set(s, obs, FIELD_NOTE, number_int(0), 0);
        }
    }
}

static void run_everything(const Program *p, const Store *store) {
    const Lane lanes[] = {{0, {2023 * 12 + 3, PERIOD_MONTH}},
                          {0, {2023 * 12 + 1, PERIOD_MONTH}},
                          {7, {2023, PERIOD_YEAR}},
                          {0, {0, PERIOD_NONE}}};
    const Given given[SAMPLE_N_GIVEN] = {{.number = {5, 1}}, {.level = LEVEL_STEADY, .number = {0, 1}}};
    Vm vm;
    vm_init(&vm, p, store);
    assert_true(vm_run(&vm, &p->kpis[0].fn, lanes, 4, NULL));
    if (p->kpis[0].has_status) {
        for (size_t i = 0; i < 4; i++) {
            StatusLane s = vm_status(&vm, p->kpis[0].status, i);
            assert_true(s.decided);
            assert_true(s.level == LEVEL_NO_DATA ||
                        s.level < p->scales[p->kpis[0].status_scale].n_levels);
        }
    }
    assert_true(vm_run(&vm, &p->examples[0].kpi.fn, NULL, 1, given));
    vm_free(&vm);
    Buf listing = {0};
    program_list(p, true, &listing);
    assert_true(!listing.failed && listing.len > 0);
    buf_free(&listing);
}

static void what_is_let_through_runs_clean(void **state) {
    (void)state;
    Arena data;
    Store store;
    arena_init(&data, 0);
    assert_true(store_init(&store, &data, ASM_N_METRICS, ASM_N_FIELDS));
    intern_add(&store.entities, STR("Sefton"));
    intern_add(&store.texts, STR("a note"));
    add_observations(&store);
    assert_true(store_finish(&store));
    size_t n_accepted = 0, n_refused = 0;
    random_state = 20230531;
    for (size_t i = 0; i < N_ROUNDS; i++) {
        Asm a;
        sample_begin(&a);
        uint32_t n_faults = i == 0 ? 0 : 1 + draw(2);
        for (uint32_t k = 0; k < n_faults; k++) {
            spoil_anything(&a);
        }
        Buf why = {0};
        if (program_verify(&a.p, &why)) {
            n_accepted++;
            run_everything(&a.p, &store);
        } else {
            n_refused++;
            assert_true(why.len > 0);
        }
        buf_free(&why);
        asm_free(&a);
    }
    assert_true(n_accepted > N_ROUNDS / 50);
    assert_true(n_refused > N_ROUNDS / 3);
    arena_free(&data);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_program_is_accepted),
        cmocka_unit_test(the_sample_has_every_operation),
        cmocka_unit_test(operands_out_of_order_are_refused),
        cmocka_unit_test(immediates_out_of_range_are_refused),
        cmocka_unit_test(status_blocks_in_disorder_are_refused),
        cmocka_unit_test(tables_in_disorder_are_refused),
        cmocka_unit_test(a_point_between_two_cuts_is_accepted),
        cmocka_unit_test(running_out_of_memory_is_no_approval),
        cmocka_unit_test(what_is_let_through_runs_clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
