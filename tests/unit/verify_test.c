// SPDX-License-Identifier: Apache-2.0
// What the verifier refuses, one fault at a time.
#include "runtime/data/program.h"

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
    *last =
        (Instr){OP_KNOWN, find_op(a, OP_KNOWN)->dst, find_op(a, OP_OPEN)->dst, NO_REG, NO_REG, 0};
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
static void latest_of_less_than_no_period(Asm *a) {
    a->p.loads[0].within = -1;
}
static void load_from_the_year_after(Asm *a) {
    a->p.loads[0].years = -1;
}
static void span_of_nothing(Asm *a) {
    a->p.spans[0].n = 0;
}
static void span_of_no_register(Asm *a) {
    a->p.spans[0].figures[1].reg = a->kpi->fn.n_regs;
}
static void span_of_a_truth(Asm *a) {
    a->p.spans[0].figures[1].reg = find_op(a, OP_LE)->dst;
}
static void span_of_what_comes_later(Asm *a) {
    a->p.spans[0].figures[1].reg = find_op(a, OP_SPAN)->dst;
}
static void span_made_one_in_no_way(Asm *a) {
    a->p.spans[0].fold = N_FOLDS;
}
static void span_of_no_year(Asm *a) {
    a->p.spans[0].year = N_PERIOD_KINDS;
}
static void set_beside(Asm *a, uint32_t n, uint16_t reg) {
    static uint16_t beside[3];
    beside[0] = beside[1] = a->p.spans[0].figures[0].reg;
    beside[2] = reg;
    a->p.spans[0].beside = beside;
    a->p.spans[0].n_beside = n;
}
static void span_beside_what_comes_later(Asm *a) {
    set_beside(a, 1, find_op(a, OP_SPAN)->dst);
}
static void span_beside_a_truth(Asm *a) {
    set_beside(a, 1, find_op(a, OP_LE)->dst);
}
static void span_beside_too_many(Asm *a) {
    set_beside(a, PROGRAM_MAX_BESIDE + 1, a->p.spans[0].figures[0].reg);
}
static void span_beside_nothing(Asm *a) {
    a->p.spans[0].n_beside = 1;
}
static void among_of_no_series(Asm *a) {
    a->p.amongs[0].series = 1;
}
static void among_no_peers(Asm *a) {
    a->p.amongs[0].peers = 0;
}
static void among_in_no_way(Asm *a) {
    a->p.amongs[0].kind = N_AMONG_KINDS;
}
static void series_that_reads_itself(Asm *a) {
    Instr *in = &a->p.code[a->p.series[0].fn.first];
    *in = (Instr){OP_AMONG, in->dst, NO_REG, NO_REG, NO_REG, 0};
}
static void series_without_a_result(Asm *a) {
    a->p.series[0].result = 7;
}
static void nothing_in_force(Asm *a) {
    a->p.dated[0].n = 0;
}
static void in_force_twice(Asm *a) {
    a->p.dated[0].v[1].first = a->p.dated[0].v[0].last;
}
static void ends_before_it_begins(Asm *a) {
    a->p.dated[0].v[0].last = a->p.dated[0].v[0].first - 1;
}
static void in_force_in_a_later_period(Asm *a) {
    a->p.dated[0].back = -1;
}
static void in_force_without_a_table(Asm *a) {
    a->p.dated[0].v[1].band_table = a->p.n_band_tables;
}
static void in_force_without_a_status(Asm *a) {
    a->p.dated[1].v[0].status = a->kpi->value;
}
static void in_force_before_it_is_closed(Asm *a) {
    a->p.dated[1].v[1].status = find_op(a, OP_TAKE_DATED)->dst;
}
static void dated_beyond(Asm *a) {
    find_op(a, OP_BAND_DATED)->imm = a->p.n_dated;
}

static void what_is_in_force_has_its_days_and_its_table(void **state) {
    (void)state;
    check_refused(nothing_in_force, "nothing is in force");
    check_refused(in_force_twice, "number 1 is not in force behind the one before");
    check_refused(ends_before_it_begins, "number 0 is not in force behind the one before");
    check_refused(in_force_in_a_later_period, "dated 0: ");
    check_refused(in_force_without_a_table, "band table");
    check_refused(in_force_without_a_status, "a register of the wrong kind");
    check_refused(in_force_before_it_is_closed, "a status that is taken before it is closed");
    check_refused(dated_beyond, "(band_dated): an index out of range");
}

static void chart_of_no_metric(Asm *a) {
    a->p.charts[0].reads[1] = ASM_N_METRICS;
}
static void chart_without_a_scale(Asm *a) {
    a->p.variation_scale = a->p.n_scales;
}
static void rebase_from_no_period(Asm *a) {
    a->p.charts[0].rebases[0].from.kind = N_PERIOD_KINDS;
}
static void chart_beyond_the_table(Asm *a) {
    find_op(a, OP_CHART_MEAN)->imm = 1;
}
static void override_of_no_level(Asm *a) {
    a->p.judgements[0].level = 3;
}
static void override_that_ends_before_it_begins(Asm *a) {
    a->p.judgements[0].to.ordinal = 24279;
}
static void overrides_out_of_order(Asm *a) {
    a->p.judgements[1].from.ordinal = 24282;
}
static void overrides_beyond_the_table(Asm *a) {
    a->p.judgement_sets[0].first = 1;
}
static void override_in_its_own_place(Asm *a) {
    find_op(a, OP_OVERRIDE)->dst = find_op(a, OP_OVERRIDE)->a;
}
static void override_of_no_set(Asm *a) {
    find_op(a, OP_OVERRIDE)->imm = 1;
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
    check_refused(load_from_the_year_after, "load 0: -1 years back");
    check_refused(latest_of_less_than_no_period, "load 0: the latest within -1 periods");
    check_refused(span_of_nothing, "span 0: 0 figures");
    check_refused(span_of_no_register, "there is no such register");
    check_refused(span_of_a_truth, "a register of the wrong kind");
    check_refused(span_of_what_comes_later, "read before it is written");
    check_refused(span_made_one_in_no_way, "span 0: 3 figures to be made one in way 4");
    check_refused(span_of_no_year, "kind of period");
    check_refused(span_beside_what_comes_later, "read before it is written");
    check_refused(span_beside_a_truth, "a register of the wrong kind");
    check_refused(span_beside_too_many, "span 0: 65 windows beside each other");
    check_refused(span_beside_nothing, "span 0: 1 windows beside each other");
    check_refused(among_of_no_series, "figure among others 0: series 1 of 1");
    check_refused(among_no_peers, "peer set 0 of 0");
    check_refused(among_in_no_way, "way");
    check_refused(series_that_reads_itself, "series 0: instruction");
    check_refused(series_without_a_result, "series 0: result: there is no register 7");
    check_refused(chart_of_no_metric, "chart 0: metric 4 of 4");
    check_refused(chart_without_a_scale, "variation scale");
    check_refused(rebase_from_no_period, "kind of period");
    check_refused(chart_beyond_the_table, "(chart_mean): an index out of range");
    check_refused(override_of_no_level, "override 0: level 3 of 3");
    check_refused(override_that_ends_before_it_begins, "ends before it begins");
    check_refused(overrides_out_of_order, "override 1 is not behind the one before");
    check_refused(overrides_beyond_the_table, "overrides from 1, 2 of them");
    check_refused(override_in_its_own_place, "overridden in its own place");
    check_refused(override_of_no_set, "(override): an index out of range");
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
static void taken_from_no_kpi(Asm *a) {
    a->p.lines[find_op(a, OP_TAKE)->imm].taken = a->p.n_kpis + 1;
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
    check_refused(never_opened, "(when): a status block that is not open");
    check_refused(opened_twice, "(open): a status block that is open already");
    check_refused(never_closed, "is never closed");
    check_refused(closed_twice, "(close): a status block that is not open");
    check_refused(taken_while_open, "(take): a status that is taken before it is closed");
    check_refused(cross_too_narrow, "(cross): a level that has no place in the cross table");
    check_refused(cross_too_low, "(cross): a level that has no place in the cross table");
    check_refused(map_of_another_scale, "(map): a level that the mapping does not know");
    check_refused(status_of_another_scale, "status: an outcome of another scale");
    check_refused(line_without_such_level, "line 0: level 32 of 32");
    check_refused(taken_from_no_kpi, "line 7: KPI 1 of 1");
    check_refused(fact_of_no_register, "(when): there is no such register");
    check_refused(fact_of_wrong_kind, "(when): a register of the wrong kind");
    check_refused(fact_without_truth, "(when): there is no such register");
    check_refused(fact_on_a_smaller_scale, "(when): a fact about a level of another scale");
    check_refused(facts_beyond, "line 0: facts from 3, 1 of them");
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
static void hides_below_one(Asm *a) {
    a->p.metrics[2].unit = (Unit){.kind = UNIT_COUNT};
    a->p.metrics[2].suppress.below = 1;
}
static void hides_a_percentage(Asm *a) {
    a->p.metrics[1].unit = (Unit){.kind = UNIT_PERCENT};
    a->p.metrics[1].suppress.below = 6;
}
static void pair_with_itself(Asm *a) {
    a->p.metrics[2].unit = (Unit){.kind = UNIT_COUNT};
    a->p.metrics[2].suppress = (Suppress){.below = 6, .has_pair = true, .other = 2, .whole = 1};
}
static void pair_beyond(Asm *a) {
    pair_with_itself(a);
    a->p.metrics[2].suppress.other = ASM_N_METRICS;
}
static void hidden_with_what_is_shown(Asm *a) {
    a->p.metrics[2].suppress = (Suppress){.follows = true, .leader = 1};
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
static void settable_of_no_register(Asm *a) {
    static Settable s = {.kpi = {"k", 1}, .name = {"value", 5}};
    s.reg = a->kpi->fn.n_regs;
    a->kpi->fn.settables = &s;
    a->kpi->fn.n_settables = 1;
}
static void settable_of_a_level(Asm *a) {
    settable_of_no_register(a);
    ((Settable *)a->kpi->fn.settables)->reg = a->kpi->levels[0].reg;
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
    check_refused(hides_below_one, "metric 2: suppress below 1");
    check_refused(hides_a_percentage, "metric 1: suppress below 6");
    check_refused(pair_with_itself, "metric 2: a pair of fewer than three metrics");
    check_refused(pair_beyond, "metric 2: metric 4 of 4");
    check_refused(hidden_with_what_is_shown, "metric 2: hidden with a metric that is never hidden");
    check_refused(unit_per_nothing, "metric 2: a unit per nothing");
    check_refused(mapping_beyond, "mapping 0: level 3 of 3");
    check_refused(two_marks_in_one, "input 0: mark 3");
    check_refused(reason_unknown, "input 0: reason 14 of 14");
    check_refused(field_of_another_type, "input 0: field 1 is of another type");
    check_refused(trajectory_beyond, "trajectory 0: constant");
    check_refused(cell_beyond, "examples 0: level 3 of 3 in row 1");
    check_refused(kpi_without_value, "KPI 0: value: register");
    check_refused(kpi_of_unwritten_value, "is never written");
    check_refused(level_by_another_table, "holds another scale's");
    check_refused(reads_no_metric, "KPI 0: metric 4 of 4");
    check_refused(code_beyond, "KPI 0: code from");
    check_refused(settable_of_no_register, "KPI 0: a settable: there is no register");
    check_refused(settable_of_a_level, "is no number");
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
    for (size_t i = 1; i <= 2; i++) { // the registers of the KPI, then those of the examples
        Buf why = {0};
        arena_fail_after(i);
        assert_false(program_verify(&a.p, &why));
        arena_fail_after(0);
        assert_true(why.failed);
        buf_free(&why);
    }
    asm_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_program_is_accepted),
        cmocka_unit_test(the_sample_has_every_operation),
        cmocka_unit_test(what_is_in_force_has_its_days_and_its_table),
        cmocka_unit_test(operands_out_of_order_are_refused),
        cmocka_unit_test(immediates_out_of_range_are_refused),
        cmocka_unit_test(status_blocks_in_disorder_are_refused),
        cmocka_unit_test(tables_in_disorder_are_refused),
        cmocka_unit_test(a_point_between_two_cuts_is_accepted),
        cmocka_unit_test(running_out_of_memory_is_no_approval),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
