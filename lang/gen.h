// SPDX-License-Identifier: Apache-2.0
// Gen: from syntax to code. Types and units are checked on the way, since both follow the same
// walk.
#ifndef BS_LANG_GEN_H
#define BS_LANG_GEN_H

#include "lang/compiler.h"

enum { GEN_MAX_BACK = 1200 }; // periods that previous(x, n) reaches back

typedef enum ValType { VAL_ERROR, VAL_NUMBER, VAL_TRUTH, VAL_LEVEL, VAL_TEXT } ValType;

// What an expression gives: a register and what is known of it. VAL_ERROR was reported.
typedef struct Val {
    ValType type;
    uint16_t reg;
    Unit unit;      // number
    bool literal;   // a plain number, which takes the other side's unit
    bool whole;     // a literal that is whole, so that a count stays a count
    bool is_value;  // the KPI's own value, of the lane's own period
    bool is_period; // a period, as the number of its last day: for comparisons only
    bool is_direction, is_chart;
    uint32_t scale;      // level
    uint32_t band_table; // level, UINT32_MAX for a direction
    uint32_t dated;      // level by several tables: 1 + their index; else 0
    Str name;            // as a reader would call it; empty for literals and formulas
} Val;

// A column of an examples block that stands for a figure or level.
typedef struct GivenName {
    Str name; // value, previous, direction, target, a comparator, METRIC or METRIC.FIELD
    uint32_t slot;
} GivenName;

typedef struct LoadMemo {
    uint32_t load;
    uint16_t reg;
} LoadMemo;

// One function being made.
typedef struct Fn {
    Compiler *c;
    VEC(uint8_t) kinds;
    VEC(LoadMemo) memo;
    uint32_t first; // of the code
    const GivenName *givens;
    size_t n_givens;
    bool is_example;
    VEC(Settable) settables;
} Fn;

typedef struct FigureMemo {
    Str name;
    Val val;
    bool done, in_progress;
} FigureMemo;

typedef struct LevelMemo {
    Str name;
    Val val;
    const Node *on; // what its bands read; NULL: the value
} LevelMemo;

// Time before the lane's period: years, and from there periods.
typedef struct Shift {
    int32_t back, years;
} Shift;

typedef struct JudgedMemo { // the value of a time
    Shift at;
    Val val;
} JudgedMemo;

enum { CHART_FIGURE_LOW, CHART_FIGURE_MEAN, CHART_FIGURE_HIGH, N_CHART_FIGURES };

// One KPI within a function; without a spec, an expression by itself.
typedef struct Gen {
    Compiler *c;
    Fn *fn;
    KpiSpec *spec;
    Kpi *kpi;
    Shift shift;        // before the lane's period, inside previous(…) and year_ago(…)
    Place place;        // of the code that is being made
    bool negated;       // under an odd number of `not`
    bool if_known;      // inside an `if known` line of a pattern
    bool collect_reads; // inside the value
    bool value_in_progress;
    bool is_taken; // another KPI takes the status: an example gives it metrics, not figures of its
                   // own
    VEC(uint32_t) reads;
    Val value;       // as shown
    VEC(JudgedMemo) judged;
    VEC(FigureMemo) figures;
    VEC(LevelMemo) levels;
    FigureMemo target;
    uint16_t chart[N_CHART_FIGURES]; // registers
    bool has_chart;
    Val direction, raw_direction;
    bool has_direction, has_raw_direction;
    Number near;
    Unit near_unit;
    int depth;
} Gen;

// ---- gen.c: emission ----------------------------------------------------------------------------

uint16_t new_reg(Gen *g, ValueKind kind);
// Appends an instruction; NO_REG for operands it lacks. dst of a status line is read and written.
void emit(Gen *g, Opcode op, uint16_t dst, uint16_t a, uint16_t b, uint16_t c, uint32_t imm);
// Appends with a fresh destination of [kind] and returns it.
uint16_t emit_new(Gen *g, ValueKind kind, Opcode op, uint16_t a, uint16_t b, uint32_t imm);
uint16_t emit_const(Gen *g, Number n);
uint16_t emit_missing(Gen *g, Why why);
uint32_t add_const(Compiler *c, Number n);
bool find_given(const Gen *g, Str name, uint32_t *slot);
// The same for a figure of the KPI itself: value, previous, direction, target or a comparator.
bool find_own_given(const Gen *g, Str name, uint32_t *slot);
Function finish_function(Gen *g);

// ---- expressions.c ------------------------------------------------------------------------------

Val lower(Gen *g, const Node *n);
Val lower_number(Gen *g, const Node *n);
Val lower_period(Gen *g, const Node *n);
// A condition; [what] says for whom, in messages.
Val lower_condition(Gen *g, const Node *n);
// Periods are compared, not calculated with: reports one and returns true.
bool refuse_period(Gen *g, const Node *n, const Val *v);
Val error_val(void);
Val number_val(uint16_t reg, Unit unit);
Val truth_val(uint16_t reg);
// A metric's figure: from the data, or in an examples block from the column that is called as
// [written], METRIC or METRIC.FIELD.
Val load_metric(Gen *g, uint32_t metric, uint32_t field, Str written);
// Do the two figures measure the same? Reports at [n] if not; [out] is the common unit.
bool same_unit(Gen *g, const Node *n, const Val *x, const Val *y, Unit *out);
void unit_words(Compiler *c, Unit u, Str *out);

// ---- functions.c --------------------------------------------------------------------------------

Val lower_call(Gen *g, const Node *n);
// [op] of one figure: the argument of a call, or the operand of a sign.
Val lower_one(Gen *g, const Node *n, Opcode op);

// Says which arguments a function takes.
Val refuse_arguments(Gen *g, const Node *n, const char *form);

// ---- spans.c ----------------------------------------------------------------------------------

Val lower_previous(Gen *g, const Node *n);
Val lower_year_ago(Gen *g, const Node *n);
Val lower_rolling_sum(Gen *g, const Node *n);
Val lower_rolling_mean(Gen *g, const Node *n);
Val lower_rolling_min(Gen *g, const Node *n);
Val lower_rolling_max(Gen *g, const Node *n);
Val lower_year_to_date(Gen *g, const Node *n);
// `improving for 3 periods`, `improving on last year`.
Val lower_direction_span(Gen *g, const Node *n);
// `allow 1 missing` behind a call, or NULL.
const Node *call_allow(const Node *n);
Val lower_latest(Gen *g, const Node *n);
uint32_t add_span(Compiler *c, PeriodSpan w);

// ---- among.c ----------------------------------------------------------------------------------

// `mean of x among everyone`, `x of "England"`.
Val lower_among(Gen *g, const Node *n);
Val lower_of_entity(Gen *g, const Node *n);
// The series of an expression, in the time of [g]: its values in every entity and period. False
// after reporting; in an examples block, which has no other entities, [*index] is UINT32_MAX. [x] is
// what the expression gives.
bool series_of(Gen *g, const Node *expression, uint32_t *index, Val *x);

// ---- conditions.c -------------------------------------------------------------------------------

Val lower_comparison(Gen *g, const Node *n);
Val lower_words_comparison(Gen *g, const Node *n);
Val lower_is(Gen *g, const Node *n);
Val lower_direction_word(Gen *g, const Node *n, Str word);
// The margin or tolerance that an amount is, beside the figure [of]; NO_REG after reporting.
uint16_t lower_amount(Gen *g, const Node *n, const Val *of, Unit unit, Fact *fact);
FactKind fact_of_level(const Val *level);
// The set of levels of [scale] that a node says (NODE_LEVEL_IS, _ONE_OF); false after reporting.
bool level_set(Compiler *c, const Scale *scale, const Node *n, uint32_t *set);
// Fills in what a fact says of a level or direction.
void set_level(Gen *g, Fact *f, const Val *level);
// |figure - aim| of a KPI with `good is near`.
uint16_t distance_to_aim(Gen *g, uint16_t reg);
Fact *add_fact(Gen *g, FactKind kind, uint16_t truth, const Node *n);

// ---- kpi.c --------------------------------------------------------------------------------------

static inline bool is_now(Shift s) {
    return s.back == 0 && s.years == 0;
}
// [s] and [back] periods more.
static inline Shift shift_back(Shift s, int32_t back) {
    return (Shift){s.back + back, s.years};
}
// The value of that time, missing where `needs` was not met.
Val judged_value(Gen *g, Shift shift, const Node *at);
// The same where it was made already, else NULL.
Val *find_judged(Gen *g, Shift shift);
// Direction of the value of [now] against that of [before], a level in the KPI's own words, or with
// [arrows] up and down.
Val direction_between(Gen *g, const Node *at, Shift now, Shift before, bool arrows);
Val direction_value(Gen *g, const Node *at);
Val raw_direction_value(Gen *g, const Node *at);
// The comparator, target or band level of this name; false when the KPI has none.
bool kpi_figure(Gen *g, Str name, const Node *at, Val *out);
bool kpi_level(Gen *g, Str name, Val *out);
Polarity need_polarity(Gen *g, const Node *at, bool judged);
// Makes the code of one KPI into g->fn. False after reporting.
bool gen_kpi(Gen *g);

// ---- validity.c ---------------------------------------------------------------------------------

// Reads NODE_VALID; false after reporting.
bool read_validity(Compiler *c, const Node *n, Validity *out);
// Takes what is valid at different times into the program, and reports holes and what is in force
// twice. False when something is, or memory runs out.
bool add_dated(Gen *g, Dated d, uint32_t *index);
// Reports that two of a name do not fit each other in [what].
void report_unlike(Gen *g, Place place, Place other, const char *what);
// ---- chart.c -----------------------------------------------------------------------------------

// The chart of a KPI with `spc`: levels like those of bands, to be made behind these. False after
// reporting.
bool gen_chart(Gen *g);
// Adds the limits to the KPI's figures.
void chart_results(const Gen *g, Kpi *k);
// The scale of `variation` or `assurance`.
uint32_t chart_scale(const Gen *g, Str name);

// ---- status.c -----------------------------------------------------------------------------------

bool gen_status(Gen *g);
// Reports a line behind `otherwise`.
void report_behind_otherwise(Compiler *c, const Node *line, const Node *otherwise);

#endif
