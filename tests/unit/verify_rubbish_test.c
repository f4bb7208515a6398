// SPDX-License-Identifier: Apache-2.0
// Whatever rubbish the verifier lets through runs clean and can be listed.
#include "runtime/engine/vm.h"

#include "tests/unit/sample.h"

enum { N_ROUNDS = 3000 };

static uint64_t random_state;

static uint32_t draw(uint32_t n) {
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return n > 0 ? (uint32_t)(random_state >> 33) % n : 0;
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
    SpanFigure *figure = &p->spans[0].figures[draw(3)];
    switch (draw(10)) {
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
    case 5:
        load->years = (int32_t)draw_value(32);
        break;
    case 6:
        figure->reg = (uint16_t)draw_value(16);
        break;
    case 7:
        figure->back = (int32_t)draw_value(32);
        break;
    case 8:
        p->spans[0].fold = (Fold)draw_value(8);
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
    const Lane lanes[] = {{0, {2023 * 12 + 3, PERIOD_MONTH}, 0},
                          {0, {2023 * 12 + 1, PERIOD_MONTH}, 0},
                          {7, {2023, PERIOD_YEAR}, 0},
                          {0, {0, PERIOD_NONE}, 0}};
    const Given given[SAMPLE_N_GIVEN] = {{.number = {5, 1}},
                                         {.level = LEVEL_STEADY, .number = {0, 1}}};
    Vm vm;
    vm_init(&vm, p, store);
    assert_true(vm_run(&vm, &p->kpis[0].fn, lanes, 4, NULL));
    if (p->kpis[0].has_status) {
        for (size_t i = 0; i < 4; i++) {
            StatusLane s = vm_status(&vm, p->kpis[0].status, i);
            assert_int_equal(vm_status_columns(&vm, p->kpis[0].status).open[i], 0);
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
        cmocka_unit_test(what_is_let_through_runs_clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
