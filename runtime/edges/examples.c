// SPDX-License-Identifier: Apache-2.0
// Expected answers against the rules' own.
#include "runtime/edges/examples.h"

#include "runtime/engine/explain.h"
#include "runtime/engine/group_telling.h"
#include "runtime/engine/vm.h"

typedef struct Check {
    const Program *program;
    const Example *example;
    const ExampleCell *cells; // of the row
    Vm *vm;
    Buf *out;
    uint32_t row; // from 1
    bool failed;
} Check;

static void put_place(const Program *p, Str name, uint32_t row, DiagCode code, Place place,
                      Buf *out) {
    Str path = place.file < p->n_files ? p->files[place.file].path : STR("");
    buf_printf(out, "%.*s:%u:%u: error %s: example of %.*s, row %u: ", STR_ARG(path), place.line,
               place.column, diag_code_text(code), STR_ARG(name), row);
}

static void begin_line(Check *c, DiagCode code, Place place) {
    c->failed = true;
    put_place(c->program, c->example->kpi.name, c->row, code, place, c->out);
}

static void tell_level(Buf *out, const Scale *s, uint8_t level, Why why) {
    if (level != LEVEL_NO_DATA) {
        buf_put(out, s->levels[level].name);
        return;
    }
    buf_puts(out, "no data");
    if (why)
        buf_printf(out, " (%.*s)", STR_ARG(why_words(why)));
}

static bool is_as_expected(uint8_t level, Why why, const ExampleCell *cell) {
    return level == cell->level && (level != LEVEL_NO_DATA || cell->why == 0 || (why & cell->why));
}

static void put_difference(const Program *p, const ExampleColumn *column, const ExampleCell *cell,
                           uint8_t level, Why why, Buf *out) {
    const Scale *s = &p->scales[column->scale];
    buf_printf(out, "%.*s is ", STR_ARG(column->name));
    tell_level(out, s, level, why);
    buf_puts(out, ", expected ");
    tell_level(out, s, cell->level, cell->why);
}

static bool reason_is_as_expected(Str because, Why why, const ExampleCell *cell) {
    return (because.len > 0 && str_eq(because, cell->text)) ||
           str_eq(why ? why_words(why) : because, cell->text);
}

static void put_other_reason(Str because, Why why, const ExampleCell *cell, Buf *out) {
    buf_printf(out, "the reason is \"%.*s\", expected \"%.*s\"\n",
               STR_ARG(why ? why_words(why) : because), STR_ARG(cell->text));
}

static bool takes_status(const Check *c) {
    const Function *fn = &c->example->kpi.fn;
    for (uint32_t i = fn->first; i < fn->first + fn->n; i++)
        if (c->program->code[i].op == OP_TAKE)
            return true;
    return false;
}

static bool depends_on_period(const Kpi *k) {
    bool depends = k->status_dated > 0;
    for (uint32_t i = 0; i < k->n_levels; i++)
        depends |= k->levels[i].dated > 0;
    return depends;
}

// What the row would have to give for the result to be settled.
static void tell_not_given(Check *c) {
    const Kpi *k = &c->example->kpi;
    Why why = 0;
    vm_number(c->vm, k->judged, 0, &why);
    if (why & WHY(REASON_NOT_GIVEN)) {
        buf_puts(c->out, "the value: add a column `value`");
        return;
    }
    if (depends_on_period(k) && !c->vm->lanes) {
        buf_puts(c->out, "the period, which says what rules are in force: add a column `period`");
        return;
    }
    for (uint32_t i = 0; i < k->n_figures; i++) {
        vm_number(c->vm, k->figures[i].reg, 0, &why);
        if (!(why & WHY(REASON_NOT_GIVEN)))
            continue;
        buf_printf(c->out, "`%.*s`: add a column of that name", STR_ARG(k->figures[i].name));
        return;
    }
    bool direction_given = k->direction != NO_REG;
    if (direction_given) {
        vm_level(c->vm, k->direction, 0, &why);
        direction_given = !(why & WHY(REASON_NOT_GIVEN));
    }
    if (takes_status(c))
        buf_puts(
            c->out,
            "figures of the KPI whose status it takes: add a column for each metric that it reads");
    else if (direction_given)
        buf_puts(c->out, "figures of other periods, which an example does not give: leave "
                         "this cell blank");
    else
        buf_puts(c->out, "the direction: add a column `previous`");
}

static void report_depends(Check *c, const ExampleColumn *column, const ExampleCell *cell) {
    begin_line(c, D_EXAMPLES_DEPENDS, cell->place);
    buf_printf(c->out, "%.*s depends on ", STR_ARG(column->name));
    tell_not_given(c);
    buf_char(c->out, '\n');
}

static void check_level(Check *c, const ExampleColumn *column, const ExampleCell *cell,
                        uint8_t level, Why why) {
    if (why & WHY(REASON_NOT_GIVEN)) {
        report_depends(c, column, cell);
        return;
    }
    if (is_as_expected(level, why, cell))
        return;
    begin_line(c, D_EXAMPLES_FAIL, cell->place);
    put_difference(c->program, column, cell, level, why, c->out);
    if (column->is_status) {
        buf_puts(c->out, "\n    ");
        explain_status(c->vm, &c->example->kpi, 0, c->out);
    }
    buf_char(c->out, '\n');
}

static void check_status(Check *c, const ExampleColumn *column, const ExampleCell *cell) {
    StatusLane s = vm_status(c->vm, c->example->kpi.status, 0);
    check_level(c, column, cell, s.level, s.level == LEVEL_NO_DATA ? s.why : 0);
}

static void check_reason(Check *c, const ExampleColumn *column, const ExampleCell *cell) {
    const Kpi *k = &c->example->kpi;
    const StatusLine *line = explain_line(c->vm, k, 0);
    Why why = k->has_status ? vm_status(c->vm, k->status, 0).why : 0;
    if (why & WHY(REASON_NOT_GIVEN)) {
        report_depends(c, column, cell);
        return;
    }
    Str because = line ? line->because : (Str){0};
    if (reason_is_as_expected(because, why, cell))
        return;
    begin_line(c, D_EXAMPLES_FAIL, cell->place);
    put_other_reason(because, why, cell, c->out);
}

static void check_cell(Check *c, const ExampleColumn *column, const ExampleCell *cell) {
    if (column->given != UINT32_MAX || column->is_period || cell->blank)
        return;
    if (column->is_reason) {
        check_reason(c, column, cell);
    } else if (column->is_status) {
        check_status(c, column, cell);
    } else {
        Why why;
        uint8_t level = vm_level(c->vm, c->example->kpi.levels[column->level].reg, 0, &why);
        check_level(c, column, cell, why ? LEVEL_NO_DATA : level, why);
    }
}

static bool run_row(Check *c, Given *given) {
    const Example *e = c->example;
    Lane lane = {.entity = INTERN_NONE};
    for (uint32_t i = 0; i < e->n_columns; i++) {
        const ExampleColumn *column = &e->columns[i];
        const ExampleCell *cell = &c->cells[i];
        if (column->is_period)
            lane.period = cell->period;
        if (column->given == UINT32_MAX)
            continue;
        given[column->given] =
            (Given){cell->number, cell->level, cell->blank ? WHY(REASON_NOT_GIVEN) : cell->why};
        if (cell->blank || cell->why)
            given[column->given].number = number_int(0);
    }
    if (!vm_run(c->vm, &e->kpi.fn, lane.period.kind == PERIOD_NONE ? NULL : &lane, 1, given))
        return false;
    c->failed = false;
    for (uint32_t i = 0; i < e->n_columns; i++)
        check_cell(c, &e->columns[i], &c->cells[i]);
    return true;
}

// ---- groups -------------------------------------------------------------------------------------

typedef struct GroupCheck {
    const Program *program;
    const GroupExample *example;
    const Group *group;
    MemberStatus *members;
    GroupStatus status;
    Buf *out;
    uint32_t row;
    bool failed;
} GroupCheck;

static void begin_group_line(GroupCheck *c, Place place) {
    c->failed = true;
    put_place(c->program, c->group->name, c->row, D_EXAMPLES_FAIL, place, c->out);
}

static void check_group_status(GroupCheck *c, const ExampleColumn *column,
                               const ExampleCell *cell) {
    uint8_t level = c->status.level;
    Why why = level == LEVEL_NO_DATA ? c->status.why : 0;
    if (is_as_expected(level, why, cell))
        return;
    begin_group_line(c, cell->place);
    put_difference(c->program, column, cell, level, why, c->out);
    buf_puts(c->out, "\n    ");
    group_tell(c->program, c->group, c->members, &c->status, c->out);
    buf_char(c->out, '\n');
}

static void check_group_reason(GroupCheck *c, const ExampleCell *cell) {
    const GroupLine *line = c->status.line == UINT32_MAX ? NULL : &c->group->lines[c->status.line];
    Str because = line ? line->because : (Str){0};
    if (!reason_is_as_expected(because, c->status.why, cell)) {
        begin_group_line(c, cell->place);
        put_other_reason(because, c->status.why, cell, c->out);
    }
}

static bool run_group_row(GroupCheck *c, const ExampleCell *cells) {
    const GroupExample *e = c->example;
    Arena a;
    arena_init(&a, 0);
    for (uint32_t i = 0; i < e->n_columns; i++) {
        if (e->columns[i].given == UINT32_MAX)
            continue;
        bool without = cells[i].level == LEVEL_NO_DATA;
        Why why = cells[i].why ? cells[i].why : WHY(REASON_NOT_AVAILABLE);
        c->members[e->columns[i].given] = (MemberStatus){cells[i].level, without ? why : 0};
    }
    bool ok = group_judge(c->program, c->group, c->members, &a, &c->status);
    for (uint32_t i = 0; ok && i < e->n_columns; i++) {
        if (cells[i].blank)
            continue;
        if (e->columns[i].is_status)
            check_group_status(c, &e->columns[i], &cells[i]);
        else if (e->columns[i].is_reason)
            check_group_reason(c, &cells[i]);
    }
    arena_free(&a);
    return ok;
}

static bool run_group(const Program *p, const GroupExample *e, bs_test_counts *counts, Buf *out) {
    Arena a;
    arena_init(&a, 0);
    const Group *g = &p->groups[e->group];
    MemberStatus *members = ARENA_ARRAY(&a, MemberStatus, g->n_members);
    bool ok = members != NULL;
    for (uint32_t r = 0; ok && r < e->n_rows; r++) {
        GroupCheck c = {
            .program = p, .example = e, .group = g, .members = members, .out = out, .row = r + 1};
        ok = run_group_row(&c, e->cells + (size_t)r * e->n_columns);
        counts->n_rows++;
        counts->n_failed += c.failed;
    }
    arena_free(&a);
    return ok;
}

// ---- all ----------------------------------------------------------------------------------------

bool examples_run(const Program *p, bs_test_counts *counts, Buf *out) {
    Arena a;
    Vm vm;
    arena_init(&a, 0);
    vm_init(&vm, p, NULL);
    *counts = (bs_test_counts){0};
    bool ok = true;
    for (uint32_t i = 0; i < p->n_examples && ok; i++) {
        const Example *e = &p->examples[i];
        Given *given = ARENA_ARRAY(&a, Given, e->n_given);
        ok = given;
        for (uint32_t r = 0; r < e->n_rows && ok; r++) {
            Check c = {.program = p,
                       .example = e,
                       .cells = e->cells + (size_t)r * e->n_columns,
                       .vm = &vm,
                       .out = out,
                       .row = r + 1};
            ok = run_row(&c, given);
            counts->n_rows++;
            counts->n_failed += c.failed;
        }
    }
    for (uint32_t i = 0; ok && i < p->n_group_examples; i++)
        ok = run_group(p, &p->group_examples[i], counts, out);
    if (ok)
        buf_printf(out, "%zu example%s, %zu failed\n", counts->n_rows,
                   counts->n_rows == 1 ? "" : "s", counts->n_failed);
    vm_free(&vm);
    arena_free(&a);
    return ok && !out->failed;
}
