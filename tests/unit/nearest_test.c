// SPDX-License-Identifier: Apache-2.0
// Nearest: what is told of any value of a figure is tried by putting that value into the store and
// judging anew, on a fine grid and about every edge.
#include "tests/unit/judged_fixture.h"

#include "runtime/edges/ingest.h"
#include "runtime/engine/nearest.h"
#include "tests/unit/random.h"

#define SCALES RAG_SCALE OFSTED_SCALE

enum { RED, AMBER, GREEN };

// Under sanitizers every step takes many times as long.
#ifdef __SANITIZE_ADDRESS__
enum { LESS = 10 };
#else
enum { LESS = 1 };
#endif

// ---- one row ------------------------------------------------------------------------------------

typedef struct Row {
    Judged *j;
    const Kpi *kpi;
    uint32_t obs; // of the value, which is one metric
    Arena arena;
    NearestLine line;
    Nearest nearest;
} Row;

// The status for a value that is worked out: the KPI's code with the value given in its place.
static uint8_t judged_given(Row *row, Number value) {
    Vm vm;
    Program p = row->j->r.program;
    Arena a = {0};
    Given given = {.number = value};
    const Function *fn = &row->kpi->fn;
    p.code = ARENA_ARRAY(&a, Instr, p.n_code);
    memcpy(p.code, row->j->r.program.code, p.n_code * sizeof *p.code);
    for (uint32_t i = fn->first; i < fn->first + fn->n; i++)
        if (p.code[i].dst == row->kpi->value)
            p.code[i] = (Instr){OP_GIVEN, row->kpi->value, NO_REG, NO_REG, NO_REG, 0};
    vm_init(&vm, &p, &row->j->store);
    assert_true(vm_run(&vm, fn, &row->j->lane, 1, &given));
    uint8_t level = vm_status(&vm, row->kpi->status, 0).level;
    vm_free(&vm);
    arena_free(&a);
    return level;
}

// The status of the row for a value, by the figures and the KPI's own code.
static uint8_t judged_with(Row *row, Number value) {
    if (row->obs == OBS_NONE)
        return judged_given(row, value);
    Vm vm;
    Number before = row->j->store.figures[row->obs * row->j->store.n_fields];
    Why why = row->j->store.whys[row->obs * row->j->store.n_fields];
    store_set(&row->j->store, row->obs, FIELD_VALUE, value, 0);
    vm_init(&vm, &row->j->r.program, &row->j->store);
    assert_true(vm_run(&vm, &row->kpi->fn, &row->j->lane, 1, NULL));
    uint8_t level = vm_status(&vm, row->kpi->status, 0).level;
    vm_free(&vm);
    store_set(&row->j->store, row->obs, FIELD_VALUE, before, why);
    return level;
}

static bool is_before(const NearestPiece *p, Number n) {
    int order = p->high.bounded ? number_cmp(p->high.at, n) : 1;
    return order < 0 || (order == 0 && p->high.open);
}

static uint8_t told(const Row *row, Number n) {
    size_t i = 0;
    while (i < row->line.n && is_before(&row->line.v[i], n))
        i++;
    assert_true(i < row->line.n);
    const NearestPiece *p = &row->line.v[i];
    int order = p->low.bounded ? number_cmp(p->low.at, n) : -1;
    assert_true(order < 0 || (order == 0 && !p->low.open));
    return p->outcome;
}

static bool can_occur(const Row *row, Number n) {
    const FigureDomain *d = &row->nearest.domain;
    return (!d->whole || number_is_whole(n)) && (!d->has_low || number_cmp(n, d->low) >= 0) &&
           (!d->has_high || number_cmp(n, d->high) <= 0);
}

static void check_value(Row *row, Number n) {
    if (!can_occur(row, n))
        return;
    uint8_t expected = judged_with(row, n), is = told(row, n);
    if (expected == is)
        return;
    Buf text = {0};
    number_print(&text, n);
    fail_msg("%.*s at %.*s: %u instead of %u", STR_ARG(row->kpi->name), STR_ARG(buf_str(&text)), is,
             expected);
}

static void check_about(Row *row, Number n) {
    static const Number steps[] = {{1, 10000000}, {1, 100}, {1, 1}};
    check_value(row, n);
    for (size_t i = 0; i < COUNT(steps); i++) {
        Number beside;
        assert_true(number_add(&row->arena, n, steps[i], &beside));
        check_value(row, beside);
        assert_true(number_sub(&row->arena, n, steps[i], &beside));
        check_value(row, beside);
    }
}

static void check_pieces(Row *row) {
    for (size_t i = 0; i < row->line.n; i++) {
        const NearestPiece *p = &row->line.v[i];
        assert_true(i == 0 || row->line.v[i - 1].outcome != p->outcome);
        if (p->low.bounded)
            check_about(row, p->low.at);
        if (p->high.bounded)
            check_about(row, p->high.at);
    }
}

// The move is to an edge at which the status does flip, and short of it nothing gives that status.
static void check_move(Row *row, uint8_t to, const Number *grid, const uint8_t *levels, size_t n) {
    NearestMove move;
    Number eps = {1, 10000000}, inside, outside;
    assert_true(nearest_move(&row->line, to, &row->arena, &move));
    for (size_t i = 0; i < n && to != row->line.outcome; i++) {
        if (!can_occur(row, grid[i]) || levels[i] != to)
            continue;
        assert_true(move.found);
        Number gap;
        if (row->line.why)
            continue;
        assert_true(number_sub(&row->arena, grid[i], row->line.value, &gap) &&
                    number_abs(&row->arena, gap, &gap));
        assert_true(number_cmp(gap, move.by) >= (move.near.open ? 1 : 0));
    }
    if (!move.found || !move.near.bounded)
        return;
    assert_int_not_equal(to, row->line.outcome);
    assert_true(number_add(&row->arena, move.near.at, eps, move.far_is_up ? &inside : &outside));
    assert_true(number_sub(&row->arena, move.near.at, eps, move.far_is_up ? &outside : &inside));
    if (row->nearest.domain.whole)
        assert_true(
            number_sub(&row->arena, move.near.at, number_int(move.far_is_up ? 1 : -1), &outside));
    assert_int_equal(judged_with(row, move.near.open ? inside : move.near.at), to);
    if (can_occur(row, outside))
        assert_int_not_equal(judged_with(row, move.near.open ? move.near.at : outside), to);
}

static void check_row(Row *row, size_t n_levels) {
    enum { N_GRID = 641 / LESS };
    static Number grid[N_GRID];
    static uint8_t levels[N_GRID];
    bool whole = row->nearest.domain.whole;
    for (size_t i = 0; i < N_GRID; i++) {
        grid[i] = (Number){(int64_t)i * LESS - 80, whole ? 1 : 4};
        levels[i] = can_occur(row, grid[i]) ? judged_with(row, grid[i]) : LEVEL_NO_DATA;
        check_value(row, grid[i]);
    }
    check_pieces(row);
    if (!row->line.why)
        assert_int_equal(told(row, row->line.value), row->line.outcome);
    for (uint8_t to = 0; to < n_levels; to++)
        check_move(row, to, grid, levels, N_GRID);
}

// Makes the row's line. Its answer is for the caller to look at.
static void row_begin_at(Row *row, Judged *j, const Kpi *kpi, uint32_t obs, Lane lane) {
    *row = (Row){.j = j, .kpi = kpi, .obs = obs};
    arena_init(&row->arena, 0);
    j->lane = lane;
    assert_true(nearest_begin(&row->nearest, &row->arena, &j->r.program, row->kpi, row->kpi->value,
                              row->kpi->status));
    assert_true(nearest_line(&row->nearest, &j->vm, j->lane, &row->arena, &row->line));
}

// [added]: what judged_put returned for the observation.
static void row_begin(Row *row, Judged *j, const char *kpi, uint32_t added) {
    uint32_t obs = 0;
    if (!j->store.read_as)
        assert_true(store_finish(&j->store));
    while (j->store.read_as[obs] != added)
        obs++;
    const Observation *o = &j->store.obs[obs];
    row_begin_at(row, j, kpi_named(j, kpi), obs, (Lane){o->entity, o->period, 0});
}

static void row_end(Row *row) {
    arena_free(&row->arena);
}

static Str move_text(Row *row, uint8_t to) {
    NearestMove move;
    Buf out = {0};
    assert_true(nearest_move(&row->line, to, &row->arena, &move));
    if (move.found)
        nearest_tell(&out, row->kpi, row->kpi->unit, &move);
    else
        nearest_tell_none(&out, &row->line);
    Str s = arena_str(&row->arena, buf_str(&out));
    buf_free(&out);
    return s;
}

// ---- single cases -------------------------------------------------------------------------------

typedef struct Case {
    const char *lines;      // of the KPI m, from `good is`
    const char *figures[4]; // m, m a month before, c, c a month before; NULL: none
    uint8_t to;
    const char *told;
} Case;

static void check_case(const Case *c, const char *metric) {
    char rules[4000];
    snprintf(rules, sizeof rules, SCALES "metric m %s\nmetric c %s\nkpi m\n  %s\nend\n", metric,
             metric, c->lines);
    Judged j;
    judged_begin(&j, rules);
    uint32_t obs = judged_put(&j, "m", "X", "2024-05", c->figures[0]);
    if (c->figures[1])
        judged_put(&j, "m", "X", "2024-04", c->figures[1]);
    if (c->figures[2])
        judged_put(&j, "c", "X", "2024-05", c->figures[2]);
    if (c->figures[3])
        judged_put(&j, "c", "X", "2024-04", c->figures[3]);
    Row row;
    row_begin(&row, &j, "m", obs);
    assert_str_of(c->lines, move_text(&row, c->to), c->told);
    if (row.line.answer == NEAREST_KNOWN)
        check_row(&row, 3);
    row_end(&row);
    judged_end(&j);
}

#define BANDED                                                                                     \
    "good is low\n precision 1 decimal\n bands ofsted, gaps to worse\n outstanding <16\n"          \
    " good 16-19\n requires_improvement 20-24\n inadequate otherwise\n end\n"                      \
    " status rag\n red when ofsted is inadequate\n amber when ofsted is requires_improvement\n"    \
    " green otherwise\n end\n"
#define AGAINST "good is low\n precision 1 decimal\n compare c = c\n status rag\n"

static void the_nearest_edge_is_told_and_holds(void **state) {
    (void)state;
    static const Case cases[] = {
        {BANDED, {"26.4"}, GREEN, "19.0% or below: 7.4 points down"},
        {BANDED, {"26.4"}, AMBER, "24.0% or below, but above 19.0%: 2.4 points down"},
        {BANDED, {"12"}, RED, "above 24.0%: more than 12.0 points up"},
        {BANDED, {"12"}, AMBER, "above 19.0%, but not above 24.0%: more than 7.0 points up"},
        {BANDED, {"19"}, AMBER, "above 19.0%, but not above 24.0%: any move up"},
        {BANDED, {"26.44321"}, GREEN, "19.0% or below: about 7.4 points down"},
        {BANDED, {"24.0001"}, AMBER, "24.0% or below, but above 19.0%: 0.0001 points down"},
        {BANDED, {"suppressed"}, GREEN, "19.0% or below"},
        {"good is low\n bands ofsted, rounded to 0 decimals\n good <20\n inadequate 20+\n end\n"
         " status rag\n green when ofsted is good\n red otherwise\n end",
         {"26.4"},
         GREEN,
         "below 19.5%: more than 6.9 points down"},
        {AGAINST " red when over 29% worse than c\n green otherwise\n end",
         {"30", NULL, "21.1"},
         GREEN,
         "27.219% or below: about 2.8 points down"},
        {AGAINST " red when over 29% worse than c\n green otherwise\n end",
         {"30", NULL, "suppressed"},
         GREEN,
         "no figure of its own alone gives that"},
        {AGAINST " red when over 29% worse than c, if known\n amber when worsening\n"
                 " green otherwise\n end",
         {"30", "28", "21.1"},
         AMBER,
         "no figure of its own alone gives that"},
        {AGAINST " amber when within 2 points of c\n red when not (better than c)\n"
                 " green otherwise\n end",
         {"30", "28", "21.1"},
         GREEN,
         "below 19.1%: more than 10.9 points down"},
        {"good is near 50\n status rag\n green when at 50 or better\n"
         " amber when at 40 or better\n red otherwise\n end",
         {"20"},
         GREEN,
         "exactly 50%: 30 points up"},
        {"good is high\n compare c = c\n status rag\n"
         " green when 10 percent < c as percent of value\n red otherwise\n end",
         {"20", NULL, "21"},
         GREEN,
         "how far is not worked out: more than sums and multiples of its figure are compared"},
        {"good is high\n compare mean = mean of m among everyone\n status rag\n"
         " green when better than mean\n red otherwise\n end",
         {"20"},
         GREEN,
         "how far is not worked out: what it is compared with would move too"},
        {"good is high\n compare before = mean of previous(m) among everyone\n status rag\n"
         " green when better than before\n red otherwise\n end",
         {"20", "30"},
         GREEN,
         "above 30%: more than 10 points up"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        check_case(&cases[i], "percent");
}

static void counts_and_ranges_bound_what_is_told(void **state) {
    (void)state;
    static const Case counts[] = {
        {"good is low\n status rag\n green when value < 20.5\n amber when value = 0.5\n"
         " red otherwise\n end",
         {"26"},
         GREEN,
         "20 or below: 6 down"},
        {"good is low\n status rag\n green when value < 20\n red when value < 0\n"
         " amber otherwise\n end",
         {"26"},
         RED,
         "no figure of its own alone gives that"},
    };
    static const Case range = {"good is high\n status rag\n green when value > 100\n"
                               " amber when value >= 100\n red otherwise\n end",
                               {"26"},
                               GREEN,
                               "no figure of its own alone gives that"};
    static const Case top = {"good is high\n status rag\n green when value >= 100\n"
                             " red otherwise\n end",
                             {"26"},
                             GREEN,
                             "exactly 100%: 74 points up"};
    for (size_t i = 0; i < COUNT(counts); i++)
        check_case(&counts[i], "count");
    check_case(&range, "percent range 0 to 100");
    check_case(&top, "percent range 0 to 100");
}

static void what_is_worked_out_the_same_way_moves_too(void **state) {
    (void)state;
    static const Case same = {"good is high\n status rag\n red when not (m >= 50)\n"
                              " amber when m + c < 60\n green otherwise\n end",
                              {"20", NULL, "2"},
                              GREEN,
                              "58% or above: 38 points up"};
    check_case(&same, "percent");
}

static void an_override_is_changed_by_no_figure(void **state) {
    (void)state;
    Judged j;
    judged_begin(&j, SCALES
                 "metric m percent\nkpi m\n good is high\n status rag\n green when value >= 50\n"
                 " red otherwise\n end\nend\noverride m is amber\n entity \"X\"\n period 2024-05\n"
                 " by \"B\"\n because \"r\"\nend\n");
    uint32_t obs = judged_put(&j, "m", "X", "2024-05", "20");
    Row row;
    row_begin(&row, &j, "m", obs);
    assert_str(move_text(&row, GREEN), "its status is given by hand");
    row_end(&row);
    j.vm.without_overrides = true;
    row_begin(&row, &j, "m", obs);
    assert_str(move_text(&row, GREEN), "50% or above: 30 points up");
    row_end(&row);
    judged_end(&j);
}

static void a_chart_is_left_open(void **state) {
    (void)state;
    Judged j;
    judged_begin(&j, SCALES "metric m percent\nkpi m\n good is high\n spc\n  screen large moving "
                            "ranges\n end\n status rag\n"
                            " red when variation is concerning, if known\n green otherwise\n"
                            " end\nend\n");
    uint32_t obs = judged_put(&j, "m", "X", "2024-05", "20");
    Row row;
    row_begin(&row, &j, "m", obs);
    assert_str(move_text(&row, RED),
               "how far is not worked out: the limits of its chart would move too");
    row_end(&row);
    judged_end(&j);
}

// ---- other figures and levels -------------------------------------------------------------------

// A numerator, a comparator and a level, each by itself.
static void any_figure_and_level_can_be_asked_for(void **state) {
    (void)state;
    Judged j;
    judged_begin(&j,
                 SCALES "metric n count\nmetric d count\nmetric c percent\nkpi k\n"
                        " value n as percent of d\n precision 1 decimal\n good is low\n"
                        " compare c = c\n bands ofsted, gaps to worse\n good <20\n"
                        " inadequate otherwise\n end\n status rag\n"
                        " green when no more than 10% worse than c\n red otherwise\n end\nend\n");
    judged_put(&j, "n", "X", "2024-05", "1101");
    judged_put(&j, "d", "X", "2024-05", "4161");
    judged_put(&j, "c", "X", "2024-05", "20");
    assert_true(store_finish(&j.store));
    const Kpi *k = kpi_named(&j, "k");
    const Instr *share = NULL;
    for (uint32_t i = 0; i < k->fn.n; i++)
        if (j.r.program.code[k->fn.first + i].dst == k->value)
            share = &j.r.program.code[k->fn.first + i];
    assert_non_null(share);
    const struct {
        uint16_t moved, target;
        uint8_t to;
        Unit unit;
        const char *told;
    } cases[] = {
        {k->value, k->status, GREEN, k->unit, "22.0% or below: about 4.5 points down"},
        {share->a, k->status, GREEN, {.kind = UNIT_COUNT}, "915 or below: 186 down"},
        {share->a, k->levels[0].reg, 2, {.kind = UNIT_COUNT}, "832 or below: 269 down"},
        {share->b,
         k->status,
         GREEN,
         {.kind = UNIT_COUNT},
         "how far is not worked out: more than sums and multiples of its figure are compared"},
        {k->figures[0].reg, k->status, GREEN, k->figures[0].unit,
         "24.054533% or above: about 4.1 points up"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Row row = {.j = &j, .kpi = k};
        Kpi shown = *k;
        shown.decimals = cases[i].unit.kind == UNIT_COUNT ? 0 : k->decimals;
        arena_init(&row.arena, 0);
        j.lane = (Lane){0, read_period("2024-05"), 0};
        assert_true(nearest_begin(&row.nearest, &row.arena, &j.r.program, k, cases[i].moved,
                                  cases[i].target));
        assert_true(nearest_line(&row.nearest, &j.vm, j.lane, &row.arena, &row.line));
        row.kpi = &shown;
        NearestMove move;
        Buf out = {0};
        assert_true(nearest_move(&row.line, cases[i].to, &row.arena, &move));
        if (move.found)
            nearest_tell(&out, &shown, cases[i].unit, &move);
        else
            nearest_tell_none(&out, &row.line);
        assert_str_of(cases[i].told, buf_str(&out), cases[i].told);
        buf_free(&out);
        arena_free(&row.arena);
    }
    judged_end(&j);
}

// ---- random rules -------------------------------------------------------------------------------

static const char *one_of(Random *r, const char *const *v, size_t n) {
    return v[below(r, (uint32_t)n)];
}

static void put_number(Random *r, Buf *out) {
    uint32_t n = below(r, 60) + 1;
    buf_printf(out, "%u%s", n, one_in(r, 4) ? ".25" : "");
}

static void put_condition(Random *r, Buf *out, bool percent, int depth) {
    static const char *const plain[] = {
        "improving",
        "worsening",
        "steady",
        "better than c",
        "worse than c",
        "at c or better",
        "ofsted is good or better",
        "ofsted is inadequate",
        "ofsted is one of good, inadequate",
        "c is known",
        "at target or better",
        "over 10% worse than c",
        "at least 25% better than c",
        "no more than 5% worse than target",
        "change > 0",
        "abs(change) >= 2",
        "improving for 2 periods",
        "max(value, c) > 30",
        "min(value, c) < 20",
        "m + c > 50",
        "(m else c) < 33",
        "value - c <= 7",
    };
    static const char *const words[] = {"below", "above", "at least", "at most"};
    static const char *const away[] = {"within %s of c", "within %s of c or better",
                                       "over %s worse than target", "at least %s better than c"};
    if (depth > 0 && one_in(r, 3)) {
        const char *joint = one_in(r, 2) ? " and " : " or ";
        if (one_in(r, 3)) {
            buf_puts(out, "not (");
            put_condition(r, out, percent, depth - 1);
            buf_puts(out, ")");
            return;
        }
        buf_puts(out, "(");
        put_condition(r, out, percent, depth - 1);
        buf_printf(out, ")%s(", joint);
        put_condition(r, out, percent, depth - 1);
        buf_puts(out, ")");
    } else if (one_in(r, 3)) {
        buf_printf(out, "%s ", one_of(r, words, COUNT(words)));
        put_number(r, out);
    } else if (one_in(r, 3)) {
        const char *form = one_of(r, away, COUNT(away)), *amount = strstr(form, "%s");
        buf_printf(out, "%.*s%u%s%s", (int)(amount - form), form, below(r, 12),
                   percent ? " points" : "", amount + 2);
    } else if (one_in(r, 5)) {
        buf_printf(out, "round(value, %u) ", below(r, 2));
        buf_puts(out, one_in(r, 2) ? ">= " : "< ");
        put_number(r, out);
    } else {
        buf_puts(out, one_of(r, plain, COUNT(plain)));
    }
}

static void put_bands(Random *r, Buf *out, bool near) {
    if (near) {
        buf_puts(out, "  bands ofsted\n    requires_improvement 10 to below 20\n"
                      "    good 20-40\n    requires_improvement above 40 to 50\n"
                      "    inadequate otherwise\n  end\n");
        return;
    }
    static const char *const options[] = {"", ", gaps to worse, edges to better",
                                          ", rounded to 0 decimals",
                                          ", rounded to 1 decimal half even"};
    uint32_t a = 5 + below(r, 20), b = a + 1 + below(r, 20), gap = below(r, 2);
    const char *option = one_of(r, options, COUNT(options));
    buf_printf(out,
               "  bands ofsted%s\n    good below %u\n    requires_improvement %u to %s%u\n"
               "    inadequate %u+\n  end\n",
               option, a, a, strstr(option, "gaps") ? "" : "below ", b,
               strstr(option, "gaps") ? b + gap : b);
}

static void put_status(Random *r, Buf *out, bool percent) {
    static const char *const levels[] = {"red", "amber", "green"};
    if (one_in(r, 6)) {
        buf_puts(out,
                 "  status rag by ofsted, direction\n    improving steady worsening unknown\n");
        for (size_t i = 0; i < 4; i++) {
            static const char *const rows[] = {"inadequate", "requires_improvement", "good",
                                               "outstanding"};
            buf_printf(out, "    %s", rows[i]);
            for (size_t k = 0; k < 4; k++)
                buf_printf(out, " %s", one_of(r, levels, 3));
            buf_puts(out, "\n");
        }
        buf_puts(out, "  end\n");
        return;
    }
    if (one_in(r, 8)) {
        buf_puts(out, "  status rag from ofsted\n");
        return;
    }
    buf_puts(out, "  status rag\n");
    for (uint32_t i = 0, n = 1 + below(r, 4); i < n; i++) {
        buf_printf(out, "    %s when ", one_in(r, 12) ? "no data" : one_of(r, levels, 3));
        put_condition(r, out, percent, 2);
        buf_puts(out, one_in(r, 2) ? ", if known\n" : "\n");
    }
    buf_printf(out, "    %s otherwise\n  end\n", one_of(r, levels, 3));
}

static Str random_rules(Random *r, bool percent, Rules *memory) {
    static const char *const polarity[] = {"good is low", "good is low", "good is near 30"};
    static const char *const steady[] = {"", "  steady within 2%\n",
                                         "  steady within 10%, unknown counts as steady\n"};
    const char *unit = percent ? "percent" : "count";
    const char *good = one_of(r, polarity, COUNT(polarity));
    Buf out = {0};
    buf_printf(&out,
               "%sscale ofsted\n  inadequate\n  requires_improvement\n  good\n  outstanding\n"
               "  inadequate -> red\n  requires_improvement -> amber\n  good -> green\n"
               "  outstanding -> green\nend\nmetric m %s\nmetric c %s\nkpi m\n  %s\n%s"
               "  needs m >= 3 or c > 4\n  target 33\n  compare c = c\n",
               RAG_SCALE, unit, unit, good, one_of(r, steady, COUNT(steady)));
    put_bands(r, &out, strstr(good, "near"));
    put_status(r, &out, percent);
    buf_puts(&out, "end\nkpi follows\n  value m\n  good is low\n  status from m\nend\n");
    Str s = arena_str(&memory->scratch, buf_str(&out));
    buf_free(&out);
    return s;
}

static void put_random(Judged *j, Random *r, const char *metric, const char *period, bool percent) {
    char figure[32];
    if (one_in(r, 6))
        return;
    snprintf(figure, sizeof figure, percent && one_in(r, 2) ? "%u.%u" : "%u", below(r, 60),
             below(r, 10));
    judged_put(j, metric, "X", period, one_in(r, 8) ? "suppressed" : figure);
}

// How many rows were tried.
static size_t try_rules(Random *r, const char *rules, bool percent) {
    Judged j;
    size_t n_tried = 0;
    judged_begin(&j, rules);
    static const char *const periods[] = {"2024-01", "2024-02", "2024-03"};
    for (size_t i = 0; i < COUNT(periods); i++)
        put_random(&j, r, "c", periods[i], percent);
    put_random(&j, r, "m", "2024-01", percent);
    put_random(&j, r, "m", "2024-02", percent);
    uint32_t obs = judged_put(&j, "m", "X", "2024-03", one_in(r, 8) ? "suppressed" : "25");
    static const char *const kpis[] = {"m", "follows"};
    for (size_t i = 0; i < COUNT(kpis); i++) {
        Row row;
        row_begin(&row, &j, kpis[i], obs);
        if (row.line.answer == NEAREST_KNOWN) {
            check_row(&row, 3);
            n_tried++;
        }
        row_end(&row);
    }
    judged_end(&j);
    return n_tried;
}

static void random_rules_flip_where_it_is_told_and_nowhere_else(void **state) {
    (void)state;
    Random r = {20261124};
    size_t n_compiled = 0, n_tried = 0, n_rules = getenv("LONG_TESTS") ? 4000 : 250 / LESS;
    for (size_t i = 0; i < n_rules; i++) {
        Rules memory;
        rules_begin(&memory);
        bool percent = one_in(&r, 2);
        Str text = random_rules(&r, percent, &memory);
        if (rules_compile(&memory, text.s) && memory.diags.n_errors == 0) {
            n_compiled++;
            n_tried += try_rules(&r, text.s, percent);
        } else if (getenv("SHOW_REFUSED")) {
            print_findings(&memory);
        }
        rules_end(&memory);
    }
    print_message("%zu of %zu compiled, %zu rows tried\n", n_compiled, n_rules, n_tried);
    assert_true(n_compiled * 4 > n_rules * 3 && n_tried * 4 > n_compiled * 2 * 3);
}

// ---- shipped rules ------------------------------------------------------------------------------

static void put_field(Judged *j, Random *r, uint32_t obs, uint32_t field) {
    bool missing = j->r.program.field_is_text[field] || one_in(r, 8);
    store_set(&j->store, obs, field, (Number){(int64_t)below(r, 1001), 10},
              missing ? WHY(REASON_NOT_AVAILABLE) : 0);
}

static void put_figures(Judged *j, Random *r) {
    static const char *const periods[] = {"2024-01", "2024-02", "2024-03"};
    for (uint32_t m = 0; m < j->r.program.n_metrics; m++) {
        for (size_t i = 0; i < COUNT(periods); i++) {
            bool count = j->r.program.metrics[m].unit.kind == UNIT_COUNT;
            uint32_t obs = store_add(&j->store, (Observation){.metric = m,
                                                              .entity = 0,
                                                              .period = read_period(periods[i]),
                                                              .replaced = OBS_NONE});
            for (uint32_t f = 0; f < j->r.program.n_fields; f++)
                put_field(j, r, obs, f);
            if (count)
                store_set(&j->store, obs, FIELD_VALUE, number_int(below(r, 120)), 0);
        }
    }
}

// The observation of the metric that is the KPI's value in a row; OBS_NONE where it is worked out,
// or there is none.
static uint32_t value_of(const Judged *j, const Kpi *k, Lane lane) {
    const Program *p = &j->r.program;
    uint32_t obs = OBS_NONE;
    for (uint32_t i = k->fn.first; i < k->fn.first + k->fn.n; i++)
        if (p->code[i].dst == k->value && p->code[i].op == OP_LOAD)
            obs = store_find(&j->store, p->loads[p->code[i].imm].metric, lane.entity, lane.period);
    return obs;
}

static void compile_file(Judged *j, const char *path) {
    *j = (Judged){0};
    rules_begin(&j->r);
    assert_true(modules_add_file(&j->r.modules, str_from(path)));
    assert_true(
        compile_modules(&j->r.scratch, &j->r.arena, &j->r.diags, &j->r.modules, &j->r.program));
    const Program *p = &j->r.program;
    assert_true(store_init(&j->store, &j->figures, p->n_metrics, p->n_fields));
    vm_init(&j->vm, p, &j->store);
}

static void every_kpi_that_is_shipped_flips_where_it_is_told(void **state) {
    (void)state;
    static const char *const files[] = {"rules/improvement_plan.rag", "rules/scorecard_2023.rag",
                                        "examples/rereferrals/rereferrals.rag"};
    Random r = {20261125};
    size_t n = 0, n_rounds = getenv("LONG_TESTS") ? 40 : LESS > 1 ? 1 : 2;
    for (size_t i = 0; i < COUNT(files) * n_rounds; i++) {
        Judged j;
        compile_file(&j, files[i % COUNT(files)]);
        const Program *p = &j.r.program;
        assert_int_equal(intern_add(&j.store.entities, STR("Sefton")), 0);
        put_figures(&j, &r);
        assert_true(store_finish(&j.store));
        for (uint32_t k = 0; k < p->n_kpis; k++) {
            Lane lane = {0, read_period("2024-03"), 0};
            Row row;
            if (!p->kpis[k].has_status)
                continue;
            row_begin_at(&row, &j, &p->kpis[k], value_of(&j, &p->kpis[k], lane), lane);
            assert_int_equal(row.line.answer, NEAREST_KNOWN);
            check_row(&row, p->scales[p->kpis[k].status_scale].n_levels);
            row_end(&row);
            n++;
        }
        judged_end(&j);
    }
    assert_true(n >= 70 * n_rounds);
}

// All results of shipped rules over the figures that are shipped with them; of 1,949 every
// [step]th.
static void every_shipped_result_flips_where_it_is_told(void **state) {
    (void)state;
    static const struct {
        const char *rules, *figures;
        size_t step, n; // rows that are worked out at least
    } cases[] = {
        {"rules/improvement_plan.rag", "examples/improvement_plan/figures.csv", 1, 40},
        {"rules/scorecard_2023.rag", "examples/scorecard/scorecard_2023_05.csv", 1, 32},
        {"examples/rereferrals/rereferrals.rag", "examples/rereferrals/rereferrals.csv", 25, 70}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        Judged j;
        compile_file(&j, cases[i].rules);
        const Program *p = &j.r.program;
        Ingest in;
        size_t n = 0, step = getenv("LONG_TESTS") ? 1 : cases[i].step * LESS;
        assert_true(ingest_begin(&in, p, &j.store, &j.r.diags));
        assert_true(ingest_file(&in, str_from(cases[i].figures)) && ingest_finish(&in));
        for (uint32_t k = 0; k < p->n_kpis; k++) {
            Lane *lanes;
            size_t n_lanes = 0;
            assert_true(store_lanes(&j.store, &j.r.scratch, p->kpis[k].reads, p->kpis[k].n_reads,
                                    &lanes, &n_lanes));
            for (size_t l = 0; p->kpis[k].has_status && l < n_lanes; l += step) {
                Row row;
                row_begin_at(&row, &j, &p->kpis[k], value_of(&j, &p->kpis[k], lanes[l]), lanes[l]);
                assert_int_equal(row.line.answer, NEAREST_KNOWN);
                check_row(&row, p->scales[p->kpis[k].status_scale].n_levels);
                row_end(&row);
                n++;
            }
        }
        print_message("%s: %zu rows\n", cases[i].rules, n);
        assert_true(n >= cases[i].n / LESS);
        ingest_free(&in);
        judged_end(&j);
    }
}

static void memory_that_runs_out_is_told_of(void **state) {
    (void)state;
    size_t n = 0;
    for (bool done = false; !done && n < 10000; n++) {
        Judged j;
        judged_begin(&j,
                     SCALES "metric m percent\nkpi m\n good is low\n status rag\n"
                            " green when round(abs(value), 1) < 20\n red otherwise\n end\nend\n");
        uint32_t obs = judged_put(&j, "m", "X", "2024-05", "30");
        assert_true(store_finish(&j.store));
        Row row = {.j = &j, .kpi = kpi_named(&j, "m"), .obs = obs};
        arena_init(&row.arena, 0);
        Lane lane = {0, read_period("2024-05"), 0};
        NearestMove move;
        arena_fail_after(n + 1);
        done = nearest_begin(&row.nearest, &row.arena, &j.r.program, row.kpi, row.kpi->value,
                             row.kpi->status) &&
               nearest_line(&row.nearest, &j.vm, lane, &row.arena, &row.line) &&
               nearest_move(&row.line, GREEN, &row.arena, &move);
        arena_fail_after(0);
        if (done)
            assert_true(move.found && !move.up);
        row_end(&row);
        judged_end(&j);
    }
    assert_true(n > 10 && n < 10000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_nearest_edge_is_told_and_holds),
        cmocka_unit_test(counts_and_ranges_bound_what_is_told),
        cmocka_unit_test(what_is_worked_out_the_same_way_moves_too),
        cmocka_unit_test(an_override_is_changed_by_no_figure),
        cmocka_unit_test(a_chart_is_left_open),
        cmocka_unit_test(any_figure_and_level_can_be_asked_for),
        cmocka_unit_test(random_rules_flip_where_it_is_told_and_nowhere_else),
        cmocka_unit_test(every_kpi_that_is_shipped_flips_where_it_is_told),
        cmocka_unit_test(every_shipped_result_flips_where_it_is_told),
        cmocka_unit_test(memory_that_runs_out_is_told_of),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
