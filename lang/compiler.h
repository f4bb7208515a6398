// SPDX-License-Identifier: Apache-2.0
// Compiler: the state of one compile, shared by the files of lang/. Syntax trees live in the
// scratch arena, what ends up in the program in the program's.
#ifndef BS_LANG_COMPILER_H
#define BS_LANG_COMPILER_H

#include "lang/ast.h"
#include "lang/load.h"
#include "lang/names.h"
#include "runtime/base/suggest.h"
#include "runtime/data/program.h"

enum { CONSTANT_MAX_STEPS = 2000 }; // operations and names in one constant

// A scale's mapping line: outcomes of several levels in another scale.
typedef struct Mapping {
    const Node *node; // NODE_MAPPING
} Mapping;

typedef struct ScaleInfo { // beside Program.scales
    const Node *node;      // NULL for a scale that is built in
    VEC(Mapping) mappings;
} ScaleInfo;

typedef struct LetInfo {
    Str name;
    const Node *node; // the declaration
    const Node *expression;
    bool in_progress; // guards against circles
    bool circular;    // part of a circle that was reported
} LetInfo;

typedef struct NamedNode { // patterns and shared band tables
    Str name;
    const Node *node;
} NamedNode;

// One level line of a band table, from a block or from a cell of `measures`.
typedef struct BandLine {
    const Node *outcome; // NODE_NAME or NODE_NO_DATA; NULL in a table, then `level` says it
    Str level;
    const Node *cell;
    const Node *because;
    Place place;
} BandLine;

typedef struct BandSpec {
    Str scale;
    Place scale_place;
    Str name;            // by which the KPI knows it
    const Node *on;      // NODE_ON or NULL
    const Node *options; // list of NODE_ROUNDED, NODE_GAPS, NODE_EDGES, NODE_GOOD, NODE_VALID
    const Node *valid;   // NODE_VALID or NULL
    VEC(BandLine) lines;
    Place place;
    bool broken; // a line of it could not be read
} BandSpec;

// What a KPI says, its pattern's clauses brought in.
typedef struct KpiSpec {
    Str name, label, source, note;
    Place place;
    const Node *value, *precision, *good, *needs, *target, *steady, *not_monotone, *spc; // clauses
    Unit unit;
    bool has_unit;
    VEC(const Node *) compares;
    VEC(BandSpec) bands;
    VEC(const Node *) statuses; // NODE_STATUS, _BY, _MAP, _FROM
    Str unjudged;               // why it has no status, when a table's row says so
    size_t n_own_statuses;      // the first of `statuses`; the rest are a pattern's
    Unit value_unit;            // of its value, once its code is made
    uint32_t judgement_set;     // of its overrides, counted from 1; 0 without any
    bool lowered;               // it is: without errors, and
    uint32_t kpi;               // this is its index among the program's KPIs
    bool in_progress;           // its status is being worked out
    bool broken;                // a line of it could not be read, and was reported
} KpiSpec;

// The code of a series, until that of all else is made.
typedef struct SeriesCode {
    Instr *code;
    Place *places;
    uint32_t n;
} SeriesCode;

typedef struct GroupSpec {
    Str name;
    const Node *node;          // NODE_GROUP
    bool in_progress;          // guards against circles
    bool done, broken;         // broken: it was reported
} GroupSpec;

typedef struct Compiler {
    Arena *scratch;
    Arena *arena; // of the program
    DiagList *diags;
    Modules *modules;
    Program *program;
    Names names; // of what is declared below

    VEC(Scale) scales;
    VEC(ScaleInfo) scale_infos;
    VEC(Metric) metrics;
    VEC(Str) fields;
    VEC(bool) field_is_text;
    VEC(LetInfo) lets;
    VEC(NamedNode) patterns;
    VEC(NamedNode) shared_bands;
    VEC(KpiSpec) specs;
    VEC(GroupSpec) group_specs;
    VEC(const Node *) example_nodes;
    VEC(const Node *) assert_nodes;
    VEC(Input) inputs;
    VEC(Kpi) kpis;
    VEC(Group) groups; // beside group_specs
    VEC(uint32_t) group_order;
    VEC(Example) examples;
    VEC(GroupExample) group_examples;
    VEC(Assertion) assertions;
    VEC(const Node *) override_nodes;
    VEC(Judgement) judgements;
    VEC(JudgementSet) judgement_sets;
    VEC(Instr) code;
    VEC(Place) places;
    VEC(Number) consts;
    VEC(Load) loads;
    VEC(BandTable) band_tables;
    VEC(LevelMap) maps;
    VEC(CrossTable) cross_tables;
    VEC(StatusLine) lines;
    VEC(Fact) facts;
    VEC(Str) texts;
    VEC(Trajectory) trajectories;
    VEC(PeriodSpan) spans;
    VEC(Series) series;
    VEC(SeriesCode) series_code; // beside series
    VEC(Among) amongs;
    VEC(PeerSet) peers;
    VEC(Dated) dated;
    VEC(Chart) charts;
    int group_depth;         // of the group that is being made
    size_t n_reported;       // errors, those too that stood in the findings already
    size_t n_settled;        // errors after which the code goes on as if they had been put right
    Fact spare_fact;         // written, never read, when memory ran out
    size_t n_constant_steps; // of the constant that is being worked out
    DiagCode constant_code;  // what it is reported as when it is none
} Compiler;

// Reports at [place] unless the same code stands there already: a pattern's fault is found once for
// every KPI that is like it.
Diag *report(Compiler *c, DiagCode code, Place place, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
// Will [d] be shown? A file shows so many findings and no more, and the search for the nearest name
// is worth its time for those alone.
bool is_shown(const Compiler *c, const Diag *d);
// Sets the hint of a diagnostic, formatted.
void hint(Compiler *c, Diag *d, const char *format, ...) __attribute__((format(printf, 3, 4)));
// Gives the finding the edit that writes [text] in its place.
void replace_with(Compiler *c, Diag *d, Str text);
// Hints at what was probably meant, with the edit; false when nothing is near enough.
bool did_you_mean(Compiler *c, Diag *d, const Suggestion *near);
bool compiler_failed(const Compiler *c); // memory ran out

// ---- declarations (declare.c, inputs.c, measures.c) ---------------------------------------------

void declare_all(Compiler *c);
// Declares a scale of the language; [levels] end with NULL.
void declare_built_in_scale(Compiler *c, Str name, const char *const *levels, uint32_t *index);
// The scales of charts, where a KPI has one.
void declare_chart_scales(Compiler *c);
bool find_scale(const Compiler *c, Str name, uint32_t *index);
bool find_level(const Scale *s, Str name, uint8_t *level);
bool is_level_somewhere(const Compiler *c, Str name); // on some scale
bool find_metric(const Compiler *c, Str name, uint32_t *index);
LetInfo *find_let(Compiler *c, Str name);
// Reports a constant that needs itself, once for all that stand in the circle.
void report_circle(Compiler *c, const LetInfo *let, const Node *at);
// A pattern or shared band table; NULL when there is none.
// Notes declarations that nothing uses, and names that hide others; after all else is compiled.
void note_unused(Compiler *c);
const Node *find_pattern(const Compiler *c, Str name);
const Node *find_shared_bands(const Compiler *c, Str name);
bool find_field(const Compiler *c, Str name, uint32_t *index);
uint32_t intern_field(Compiler *c, Str name, bool is_text);
bool is_predefined(Str name);
// `2010-11` is November 2010, though many read the financial year: a warning.
void warn_month_like_years(Compiler *c, const Node *period);
// The word that a clause of a KPI or an input begins with.
const char *clause_word(const Node *clause);
// Reports a name that nothing declares, with the nearest of the scales, or of a scale's levels.
// Reports a clause that stands a second time.
void report_again(Compiler *c, const Node *n, Place first);
// Reports [name], of the kind [what] says, at the later of its two places.
void report_twice(Compiler *c, const char *what, Str name, Place place, Place first);
void report_unknown_scale(Compiler *c, Str name, Place place);
void report_unknown_level(Compiler *c, const Scale *s, Str name, Place place);
// The unit that a node (NODE_UNIT, _PER, _OWN) or a cell's text names; false after reporting.
bool read_unit(Compiler *c, const Node *n, Unit *out);
bool read_unit_text(Compiler *c, Str text, Place place, Unit *out);
bool declare_metric(Compiler *c, Metric m);

// Reads NODE_SUPPRESS into [m] (suppress.c), and checks it once all of [m] is read.
void declare_suppress(Compiler *c, const Node *n, Metric *m);
void check_suppress(Compiler *c, Metric *m);
// Finds the metrics of a pair, once all are declared.
void settle_suppress(Compiler *c, const Node *metric);
// Notes assertions by which a hidden count can be worked out, though no pair says so.
void note_untied(Compiler *c);

void declare_input(Compiler *c, const Node *n);
void declare_peers(Compiler *c, const Node *n);
void declare_measures(Compiler *c, const Node *n);

// ---- KPIs (kpi_spec.c) --------------------------------------------------------------------------

// Gathers the clauses of a KPI block and of its pattern into c->specs.
void declare_kpi(Compiler *c, const Node *n);
// Takes a KPI whose name is free.
void spec_add(Compiler *c, const KpiSpec *spec);
// Brings the clauses of [pattern] (NODE_LIKE) in where [spec] has none of its own.
void spec_like(Compiler *c, KpiSpec *spec, const Node *like);
void spec_add_clauses(Compiler *c, KpiSpec *spec, const Node *clauses);
BandSpec band_spec(Compiler *c, const Node *bands);
// When a status block is valid, as it says: NODE_VALID, or NULL.
const Node *status_valid(const Node *status);
KpiSpec *find_spec(Compiler *c, Str name);
// The KPI that [name] names; NULL after reporting, with the nearest, that there is none.
KpiSpec *need_spec(Compiler *c, const Node *name);

// ---- lowering (bands.c, kpi.c, examples.c, assertions.c) ----------------------------------------

// The constant that an expression is, with its unit; false after reporting.
bool constant_value(Compiler *c, const Node *n, Number *out, Unit *unit);
// The same for a bound of a band.
bool constant_bound(Compiler *c, const Node *n, Number *out, Unit *unit);
// Builds a band table of the KPI [kpi]; false after reporting. [near] is the aim of POLARITY_NEAR, in [unit].
bool lower_bands(Compiler *c, Str kpi, const BandSpec *spec, Polarity polarity, Number near,
                 Unit unit, int decimals, RoundMode mode, uint32_t *index);
// Reads a NODE_ROUNDING.
bool read_rounding(Compiler *c, const Node *n, int *decimals, RoundMode *mode);
void lower_kpis(Compiler *c);
void lower_examples(Compiler *c);
void lower_assertions(Compiler *c);
// Puts the code of the series behind all other.
void place_series(Compiler *c);

// ---- overrides (overrides.c) --------------------------------------------------------------------

// Numbers the sets of the KPIs that have overrides, before their code is made.
void declare_overrides(Compiler *c);
// Fills the sets, once the KPIs' scales are known.
void lower_overrides(Compiler *c);

#endif
