// SPDX-License-Identifier: Apache-2.0
// Compile: what the program of a small file holds, and what its hash depends on.
#include "tests/unit/lang_fixture.h"

static const char small[] = RAG_SCALE OFSTED_SCALE
    "metric referrals \"Referrals\" count range 0 to 5000 from column \"Ref\"\n"
    "metric again count from id \"7\"\n"
    "metric sn \"Neighbours\" percent\n"
    "let limit = 20%\n"
    "kpi rate \"The rate\"\n"
    "  source \"Plan, 2.0\"\n"
    "  note \"Rolling\"\n"
    "  value again as percent of referrals\n"
    "  precision 1 decimal half even\n"
    "  good is low\n"
    "  needs referrals >= 20\n"
    "  target limit\n"
    "  compare neighbours \"Statistical neighbours\" = sn\n"
    "  steady within 0.5 points\n"
    "  bands ofsted as ours, gaps to worse\n"
    "    good 10-20\n"
    "    inadequate otherwise\n"
    "  end\n"
    "  status rag as rating\n"
    "    red   when over 29% worse than   neighbours, if known # far\n"
    "          because \"distance\"\n"
    "    amber when ours is inadequate and not improving\n"
    "    green when better than target\n"
    "    no data otherwise because \"open\"\n"
    "  end\n"
    "end\n";

// The operation whose result register [reg] is, within the KPI's function.
static const Instr *maker(const Program *p, const Kpi *k, uint16_t reg) {
    for (uint32_t i = k->fn.first; i < k->fn.first + k->fn.n; i++)
        if (p->code[i].dst == reg)
            return &p->code[i];
    fail_msg("nothing makes register %u", reg);
    return NULL;
}

static uint32_t loaded_metric(const Program *p, const Kpi *k, uint16_t reg, int32_t back) {
    const Instr *in = maker(p, k, reg);
    assert_int_equal(in->op, OP_LOAD);
    assert_int_equal(p->loads[in->imm].field, FIELD_VALUE);
    assert_int_equal(p->loads[in->imm].back, back);
    return p->loads[in->imm].metric;
}

static void declarations_stand_in_the_program(void **state) {
    (void)state;
    Rules r;
    rules_compiled(&r, small);
    const Program *p = &r.program;
    assert_int_equal(p->n_files, 1);
    assert_str(p->files[0].path, "rules.rag");
    assert_int_equal(p->n_scales, 4);
    assert_str(p->scales[p->direction_scale].levels[LEVEL_IMPROVING].name, "improving");
    assert_str(p->scales[p->direction_scale].levels[LEVEL_WORSENING].name, "worsening");
    assert_str(p->scales[p->arrow_scale].levels[2].name, "up");
    const Scale *rag = &p->scales[2];
    assert_str(rag->name, "rag");
    assert_int_equal(rag->n_levels, 3);
    assert_str(rag->levels[0].label, "Red");
    assert_int_equal(rag->place.line, 1);
    assert_int_equal(p->n_metrics, 3);
    const Metric *m = &p->metrics[0];
    assert_str(m->name, "referrals");
    assert_str(m->label, "Referrals");
    assert_str(m->column, "Ref");
    assert_int_equal(m->unit.kind, UNIT_COUNT);
    assert_true(m->has_range && m->low.num == 0 && number_cmp(m->high, number_int(5000)) == 0);
    assert_str(p->metrics[1].id, "7");
    assert_false(p->metrics[1].has_range);
    assert_int_equal(p->metrics[2].unit.kind, UNIT_PERCENT);
    assert_int_equal(p->n_fields, 1);
    assert_str(p->fields[FIELD_VALUE], "value");
    assert_int_equal(p->n_kpis, 1);
    assert_int_equal(p->n_examples, 0);
    rules_end(&r);
}

static void a_kpi_names_its_registers(void **state) {
    (void)state;
    Rules r;
    rules_compiled(&r, small);
    const Program *p = &r.program;
    const Kpi *k = &p->kpis[0];
    assert_str(k->name, "rate");
    assert_str(k->label, "The rate");
    assert_str(k->source, "Plan, 2.0");
    assert_str(k->note, "Rolling");
    assert_int_equal(k->place.line, 16);
    assert_int_equal(k->unit.kind, UNIT_PERCENT);
    assert_int_equal(k->decimals, 1);
    assert_int_equal(k->mode, ROUND_HALF_EVEN);
    assert_int_equal(k->polarity, POLARITY_LOW);
    assert_int_equal(k->n_reads, 2);
    assert_true((k->reads[0] == 1 && k->reads[1] == 0) || (k->reads[0] == 0 && k->reads[1] == 1));

    const Instr *value = maker(p, k, k->value);
    assert_int_equal(value->op, OP_SHARE);
    assert_int_equal(loaded_metric(p, k, value->a, 0), 1);
    assert_int_equal(loaded_metric(p, k, value->b, 0), 0);
    assert_int_equal(number_cmp(p->consts[value->imm], number_int(100)), 0);
    const Instr *judged = maker(p, k, k->judged);
    assert_int_equal(judged->op, OP_GATE);
    assert_int_equal(judged->a, k->value);
    const Instr *before = maker(p, k, k->previous);
    assert_int_equal(before->op, OP_GATE); // `needs` holds for the period before as well
    assert_int_equal(loaded_metric(p, k, maker(p, k, before->a)->a, 1), 1);
    const Instr *direction = maker(p, k, k->direction);
    assert_int_equal(direction->op, OP_DIRECTION);
    assert_int_equal(direction->a, k->judged);
    assert_int_equal(direction->b, k->previous);
    assert_int_equal(direction->imm, 1); // low is good
    rules_end(&r);
}

static void comparators_target_and_levels_are_named(void **state) {
    (void)state;
    Rules r;
    rules_compiled(&r, small);
    const Program *p = &r.program;
    const Kpi *k = &p->kpis[0];
    assert_int_equal(k->n_figures, 2);
    assert_str(k->figures[0].name, "neighbours");
    assert_str(k->figures[0].label, "Statistical neighbours");
    assert_int_equal(loaded_metric(p, k, k->figures[0].reg, 0), 2);
    assert_str(k->figures[1].name, "target");
    const Instr *target = maker(p, k, k->figures[1].reg);
    assert_int_equal(target->op, OP_CONST);
    assert_int_equal(number_cmp(p->consts[target->imm], number_int(20)), 0);
    assert_int_equal(k->n_levels, 1);
    assert_str(k->levels[0].name, "ours");
    assert_int_equal(k->levels[0].scale, 3);
    const Instr *band = maker(p, k, k->levels[0].reg);
    assert_int_equal(band->op, OP_BAND);
    assert_int_equal(band->a, k->judged);
    assert_int_equal(band->imm, k->levels[0].band_table);
    assert_int_equal(p->band_tables[band->imm].n_cuts, 2);
    rules_end(&r);
}

static void lines_keep_their_words(void **state) {
    (void)state;
    static const struct {
        uint8_t outcome;
        const char *text, *because;
        uint32_t line, n_facts;
    } lines[] = {
        {0, "over 29% worse than neighbours", "distance", 31, 1},
        {1, "ours is inadequate and not improving", "", 33, 2},
        {2, "better than target", "", 34, 1},
        {LEVEL_NO_DATA, "", "open", 35, 0},
    };
    Rules r;
    rules_compiled(&r, small);
    const Program *p = &r.program;
    assert_int_equal(p->n_lines, COUNT(lines));
    for (size_t i = 0; i < COUNT(lines); i++) {
        const StatusLine *l = &p->lines[i];
        assert_int_equal(l->outcome, lines[i].outcome);
        assert_str(l->text, lines[i].text);
        assert_str(l->because, lines[i].because);
        assert_int_equal(l->place.line, lines[i].line);
        assert_int_equal(l->n_facts, lines[i].n_facts);
        assert_int_equal(l->otherwise, i == 3);
    }
    assert_true(p->kpis[0].has_status);
    assert_str(p->kpis[0].status_name, "rating");
    assert_int_equal(p->kpis[0].status_scale, 2);
    rules_end(&r);
}

static void facts_say_what_a_line_compares(void **state) {
    (void)state;
    Rules r;
    rules_compiled(&r, small);
    const Program *p = &r.program;
    const Kpi *k = &p->kpis[0];
    const Fact *far = &p->facts[p->lines[0].first_fact];
    assert_int_equal(far->kind, FACT_DISTANCE);
    assert_int_equal(far->relation, REL_OVER_WORSE);
    assert_true(far->relative && far->has_limit && !far->negated);
    assert_int_equal(number_cmp(far->limit, number_int(29)), 0);
    assert_int_equal(far->unit_c.kind, UNIT_PERCENT);
    assert_int_equal(far->a, k->judged);
    assert_int_equal(far->b, k->figures[0].reg);
    assert_str(far->name_a, "value");
    assert_str(far->name_b, "Statistical neighbours");
    const Fact *level = &p->facts[p->lines[1].first_fact];
    assert_int_equal(level->kind, FACT_LEVEL);
    assert_int_equal(level->levels, 1u << 0);
    assert_int_equal(level->a, k->levels[0].reg);
    assert_int_equal(level->band_table, k->levels[0].band_table);
    const Fact *direction = level + 1;
    assert_int_equal(direction->kind, FACT_DIRECTION);
    assert_true(direction->negated);
    assert_int_equal(direction->levels, 1u << LEVEL_IMPROVING);
    const Fact *better = &p->facts[p->lines[2].first_fact];
    assert_int_equal(better->relation, REL_BETTER);
    assert_false(better->has_limit);
    assert_int_equal(better->c, NO_REG);
    rules_end(&r);
}

static void every_instruction_has_its_place(void **state) {
    (void)state;
    Rules r;
    rules_compiled(&r, small);
    const Program *p = &r.program;
    assert_true(p->n_code > 20);
    for (uint32_t i = 0; i < p->n_code; i++) {
        assert_int_equal(p->places[i].file, 0);
        assert_in_range(p->places[i].line, 15, 36);
        if (p->code[i].op == OP_BAND)
            assert_int_equal(p->places[i].line, 26);
        if (p->code[i].op == OP_SHARE)
            assert_int_equal(p->places[i].line, 19);
        if (p->code[i].op == OP_OTHERWISE)
            assert_int_equal(p->places[i].line, 35);
    }
    rules_end(&r);
}

// ---- the hash -----------------------------------------------------------------------------------

#define METRIC "metric m percent\n"
#define LINES(bound, because)                                                                      \
    " status rag\n  red when above " bound because "\n  green otherwise\n end\nend\n"
static const char plain[] = RAG_SCALE METRIC "kpi k\n value m\n good is low\n" LINES("5", "");

static void hash_of(const char *text, char out[65]) {
    Rules r;
    rules_compiled(&r, text);
    assert_int_equal(strlen(r.program.hash), 64);
    memcpy(out, r.program.hash, 65);
    rules_end(&r);
}

static void the_hash_does_not_see_layout(void **state) {
    (void)state;
    static const char *const same[] = {
        "# a comment\n\n" RAG_SCALE METRIC "kpi k\n value m\n good is low\n" LINES("5", ""),
        RAG_SCALE METRIC "kpi k\n\n\n good   is low # so\n value m\n" LINES("5", ""),
        RAG_SCALE METRIC "kpi k\r\n value m\r\n good is low\r\n" LINES("5", ""),
        METRIC RAG_SCALE "kpi k\n value m\n good is low\n" LINES("5", ""),
        "\xef\xbb\xbf" RAG_SCALE METRIC "kpi k\n value m\n good is low\n" LINES("5", ""),
        RAG_SCALE METRIC "kpi k\n value\u00a0m\n good is low\n status rag\n  red when\t above 5\n"
                         "  green otherwise\n end\nend",
    };
    char first[65], other[65];
    hash_of(plain, first);
    for (size_t i = 0; i < COUNT(same); i++) {
        hash_of(same[i], other);
        assert_str_of(same[i], str_from(other), first);
    }
}

static void the_hash_sees_every_change_of_meaning(void **state) {
    (void)state;
    static const char *const different[] = {
        plain,
        RAG_SCALE METRIC "kpi k\n value m\n good is low\n" LINES("6", ""),
        RAG_SCALE METRIC "kpi k\n value m\n good is high\n" LINES("5", ""),
        RAG_SCALE METRIC "kpi k\n value m\n good is low\n" LINES("5", " because \"x\""),
        RAG_SCALE METRIC "kpi k \"K\"\n value m\n good is low\n" LINES("5", ""),
        RAG_SCALE METRIC "kpi k\n value m\n good is low\n precision 1 decimal\n" LINES("5", ""),
        RAG_SCALE METRIC "kpi k\n value m + 1\n good is low\n" LINES("5", ""),
        RAG_SCALE "metric m count\nkpi k\n value m\n good is low\n" LINES("5", ""),
        RAG_SCALE "metric m percent range 0 to 100\nkpi k\n value m\n good is low\n" LINES("5", ""),
        RAG_SCALE METRIC "metric n percent\nkpi k\n value m\n good is low\n" LINES("5", ""),
        "scale rag\n red\n amber\n green\nend\n" METRIC
        "kpi k\n value m\n good is low\n" LINES("5", ""),
        RAG_SCALE METRIC "kpi k\n value m\n good is low\n steady within 1 points\n" LINES("5", ""),
        RAG_SCALE METRIC "kpi k\n value m\n good is low\n note \"n\"\n" LINES("5", ""),
        RAG_SCALE METRIC "kpi k\n value m\n good is low\n needs m > 1\n" LINES("5", ""),
    };
    char hashes[COUNT(different)][65];
    for (size_t i = 0; i < COUNT(different); i++) {
        hash_of(different[i], hashes[i]);
        for (size_t k = 0; k < i; k++)
            if (strcmp(hashes[i], hashes[k]) == 0)
                fail_msg("%s\n%s", different[k], different[i]);
    }
}

// ---- what does not compile ----------------------------------------------------------------------

static void an_error_in_one_kpi_leaves_the_findings_of_others(void **state) {
    (void)state;
    Rules r;
    rules_begin(&r);
    assert_false(
        rules_compile(&r, METRIC "kpi a\n value nowhere\nend\nkpi b\n value m + \"x\"\nend\n"));
    assert_n_findings(&r, 2);
    assert_int_equal(r.diags.diags.v[0].place.line, 3);
    assert_int_equal(r.diags.diags.v[1].place.line, 6);
    rules_end(&r);
}

static void a_fault_in_a_pattern_is_told_once(void **state) {
    (void)state;
    assert_refused(METRIC "metric n percent\nmetric o percent\n" RAG_SCALE
                          "pattern p\n good is low\n status rag\n  red when above nowhere\n  green "
                          "otherwise\n end\nend\nkpi m like p\nend\nkpi n like p\nend\nkpi o like "
                          "p\nend\n",
                   D_UNKNOWN_NAME, "12:18+7", "`nowhere`", "");
}

static void a_line_that_cannot_be_read_hides_no_name(void **state) {
    (void)state;
    // The scale is lost with its head; that nothing knows its levels is no further news.
    Rules r;
    rules_begin(&r);
    assert_false(rules_compile(&r, "scale 5\n red\n green\nend\n" METRIC
                                   "kpi m\n good is low\n" LINES("5", "")));
    assert_n_findings(&r, 1);
    assert_finding(&r, 0, D_SYNTAX, "1:7+1", "`5`", "");
    rules_end(&r);
}

static void a_kpi_needs_a_metric(void **state) {
    (void)state;
    assert_refused("kpi k\n value 5\nend\n", D_NO_VALUE, "1:5+1", "`k`", "metric");
    assert_refused("metric rate\nkpi rates\nend\n", D_NO_VALUE, "2:5+5", "`rates`", "`rate`");
    assert_refused("kpi k\nend\n", D_NO_VALUE, "1:5+1", "`k`", "");
}

static void a_kpi_of_too_many_steps_is_refused(void **state) {
    (void)state;
    Rules r;
    rules_begin(&r);
    Buf text = {0};
    buf_puts(&text, METRIC "kpi k\n value min(m");
    for (int i = 0; i < PROGRAM_MAX_REGS; i++)
        buf_printf(&text, ",\n m + %d", i);
    buf_puts(&text, ")\nend\n");
    assert_true(modules_add_text(&r.modules, STR("rules.rag"), buf_str(&text)));
    buf_free(&text);
    assert_false(compile_modules(&r.scratch, &r.arena, &r.diags, &r.modules, &r.program));
    assert_true(r.diags.n_errors >= 1);
    assert_int_equal(r.diags.diags.v[0].code, D_TOO_DEEP);
    rules_end(&r);
}

static void no_rules_are_a_program_too(void **state) {
    (void)state;
    Rules r;
    rules_compiled(&r, "");
    assert_int_equal(r.program.n_kpis, 0);
    assert_int_equal(strlen(r.program.hash), 64);
    rules_end(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(declarations_stand_in_the_program),
        cmocka_unit_test(a_kpi_names_its_registers),
        cmocka_unit_test(comparators_target_and_levels_are_named),
        cmocka_unit_test(lines_keep_their_words),
        cmocka_unit_test(facts_say_what_a_line_compares),
        cmocka_unit_test(every_instruction_has_its_place),
        cmocka_unit_test(the_hash_does_not_see_layout),
        cmocka_unit_test(the_hash_sees_every_change_of_meaning),
        cmocka_unit_test(an_error_in_one_kpi_leaves_the_findings_of_others),
        cmocka_unit_test(a_fault_in_a_pattern_is_told_once),
        cmocka_unit_test(a_line_that_cannot_be_read_hides_no_name),
        cmocka_unit_test(a_kpi_needs_a_metric),
        cmocka_unit_test(a_kpi_of_too_many_steps_is_refused),
        cmocka_unit_test(no_rules_are_a_program_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
