// SPDX-License-Identifier: Apache-2.0
// Program: compiled rules. Immutable once made; shared by everything that runs it.
//
// Everything is in one arena and refers to other parts by index, so a program can be verified,
// listed and hashed as data. lang/codegen makes it; program_verify must accept it before it runs.
#ifndef BS_DATA_PROGRAM_H
#define BS_DATA_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/base/arena.h"
#include "runtime/base/buf.h"
#include "runtime/base/diag.h"
#include "runtime/base/intern.h"
#include "runtime/base/number.h"
#include "runtime/base/str.h"
#include "runtime/data/period.h"
#include "runtime/data/period_label.h"
#include "runtime/data/unit.h"
#include "runtime/data/value.h"

enum {
    SCALE_MAX_LEVELS = 32,     // a set of levels is a 32-bit mask
    PROGRAM_MAX_REGS = 8000,   // of one function; 18 KiB each for a full batch
    PROGRAM_MAX_CODE = 16u << 20,
    PROGRAM_MAX_BACK = 100000, // periods or years that a load looks back
    PROGRAM_MAX_SPAN = 1200, // figures of a span
    PROGRAM_MAX_BESIDE = 64, // windows of one formula
    NO_REG = UINT16_MAX,
    LEVEL_NO_DATA = 255,       // as an outcome beside a scale's levels
    FIELD_VALUE = 0,           // the field every observation has
    LEVEL_FAILING = 0, LEVEL_HIT_OR_MISS = 1, LEVEL_PASSING = 2, // of OP_ASSURANCE
    LEVEL_WORSENING = 0, LEVEL_STEADY = 1, LEVEL_IMPROVING = 2, // of OP_DIRECTION
};

typedef enum Opcode {
#define OP(name, mnemonic, dst, a, b, c, imm) name,
#include "runtime/data/opcodes.def"
#undef OP
    N_OPCODES
} Opcode;

typedef enum ImmKind {
    IMM_NONE,
    IMM_CONST,  // index into consts
    IMM_LOAD,   // index into loads
    IMM_GIVEN,  // slot of an examples row
    IMM_ROUND,  // decimals | RoundMode << 8
    IMM_FLAG,   // 0 or 1
    IMM_TRUTH,  // 0 no, 1 yes, or 2 + Why for unknown
    IMM_LEVEL,  // a level's index
    IMM_LEVELS, // a set of levels, bit i for level i
    IMM_BANDS,  // index into band_tables
    IMM_LINE,   // index into lines
    IMM_CROSS,  // index into cross_tables
    IMM_MAP,    // index into maps
    IMM_TEXT,   // id in texts
    IMM_WHY,    // a Why other than 0
    IMM_TRAJECTORY, // index into trajectories
    IMM_SPAN, // index into spans
    IMM_AMONG, // index into amongs
    IMM_DATED, // index into dated
    IMM_JUDGEMENTS, // index into judgement_sets
    IMM_CHART, // index into charts
} ImmKind;

typedef struct Instr {
    uint16_t op; // Opcode
    uint16_t dst, a, b, c; // registers, NO_REG where the opcode has none
    uint32_t imm;
} Instr;

typedef struct Load {
    uint32_t metric, field;
    int32_t back;  // periods before the lane's period, 0 for its own
    int32_t years; // years before it, gone back first
    int32_t within; // the latest figure that is known among so many periods of the metric's own
                    // kind that have ended by then; 0: the figure of that very period
} Load;

// Is it of the lane's own period?
static inline bool load_is_own(const Load *l) {
    return l->back == 0 && l->years == 0 && l->within == 0;
}

typedef enum Fold { FOLD_SUM, FOLD_MEAN, FOLD_MIN, FOLD_MAX, N_FOLDS } Fold;

typedef struct SpanFigure {
    uint16_t reg;        // a number
    int32_t back, years; // of which period it is, as in Load
} SpanFigure;

// The figures of several periods. OP_SPAN makes one of them; it is missing, with the reasons of
// all that are, when more than [allowed] are missing or every one is. A figure counts as missing
// too where one of those [beside] it is: windows of one formula leave out the same periods.
typedef struct PeriodSpan {
    Fold fold;
    PeriodKind year; // takes those from the start of the lane's year of this kind alone; where it
                     // has other than these, not applicable. PERIOD_NONE: takes all
    SpanFigure *figures; // latest first
    uint32_t n;
    uint32_t allowed;
    uint16_t *beside;  // registers: [n_beside] rows of n
    uint32_t n_beside; // the span's own figures among them
} PeriodSpan;

// How many of its figures a lane of [p] takes; 0 where its year is not made of such periods: there
// are never days enough for a year.
uint32_t span_length(const PeriodSpan *w, Period p);

// What the figures of several entities in one period come to, or what one of them is.
typedef enum AmongKind {
    AMONG_MEAN,
    AMONG_MEDIAN,
    AMONG_MIN,
    AMONG_MAX,
    AMONG_RANK,     // of the lane's own figure, 1 the best; those that are equal share the best
    AMONG_QUARTILE, // the group that it lies in, 1 the best, by edges of R's type 7
    AMONG_QUINTILE,
    AMONG_ENTITY,   // the figure of the entity that is named, or that has the name of the group
                    // to which the lane's own belongs in the peer set
    N_AMONG_KINDS
} AmongKind;

#define AMONG_EVERYONE UINT32_MAX // in place of a peer set

// Without [least], there is no result when more than [allowed] of the figures are missing.
typedef struct Among {
    AmongKind kind;
    uint32_t series;
    uint32_t peers;      // index into peers, or AMONG_EVERYONE
    int32_t back, years; // of which period, as in Load
    Period fixed;        // in place of the lane's period; PERIOD_NONE: that of the lane
    bool low_is_good;    // of a rank, quartile or quintile
    uint32_t allowed;
    uint32_t least;      // that must be known, however many are missing; 0: not said
    Str entity;          // of AMONG_ENTITY without a peer set
    Place entity_place;
} Among;

// Does it place the lane's own figure among the others?
static inline bool among_is_position(AmongKind kind) {
    return kind == AMONG_RANK || kind == AMONG_QUARTILE || kind == AMONG_QUINTILE;
}

// Into how many parts it puts the others; 0: none.
static inline uint32_t among_parts(AmongKind kind) {
    return kind == AMONG_QUARTILE ? 4 : kind == AMONG_QUINTILE ? 5 : 0;
}

typedef struct PeerList {
    Str entity;
    Str group;    // to which it belongs, by a group column; else empty
    Str *members; // none: the entity is meant to have no peers
    uint32_t n_members;
} PeerList;

// A name that the file of a peer set has.
typedef struct PeerName {
    Str name;
    uint32_t line; // its own row, or the first that lists it
    bool is_peer;  // of some entity
    bool unknown;  // a code of which the file does not say whose it is
} PeerName;

// For each entity the entities that it is compared with.
typedef struct PeerSet {
    Str name, label;
    PeerList *lists;
    uint32_t n_lists;
    bool grouped; // the lists come from a group column
    PeerName *names; // each once; not listed, since lists hold all that matters to a result
    uint32_t n_names;
    uint32_t file; // in the findings
    Place place;
} PeerSet;

typedef struct Level {
    Str name, label, symbol, colour; // label, symbol and colour may be empty
} Level;

typedef struct Scale {
    Str name, label;
    Level *levels; // worst first
    uint32_t n_levels;
    Place place;
} Scale;

enum { SUPPRESS_MAX = 100 }; // counts below more than this are not small

// Which counts of a metric no output for the public may give away; see engine/hidden.h.
typedef struct Suppress {
    uint32_t below;        // counts below it; 0: none
    bool except_zero;      // but 0 may be told
    bool has_pair;         // every count + `other` = `whole`, metrics both
    uint32_t other, whole;
    Str total;             // the entity whose count is the sum of all others; empty without
    bool follows;          // a figure of any kind, hidden wherever that of `leader` is
    uint32_t leader;       // a metric with `below`
    Place place, total_place;
} Suppress;

typedef struct Metric {
    Str name, label;
    Unit unit;
    bool has_range;
    Number low, high; // range, both ends in
    Str column;       // `from column`, else empty
    Str id;           // `from id`, else empty
    Suppress suppress;
    Place place;
} Metric;

// A boundary of a band table. The pieces of the number line between cuts are numbered from the
// left: piece i lies between cut i-1 and cut i; there is one more piece than cuts.
typedef struct Cut {
    Number at;
    bool at_goes_left; // the point itself belongs to the piece on its left
} Cut;

typedef enum PieceKind {
    PIECE_BAND,      // inside a band as written
    PIECE_GAP,       // between two bands, settled by `gaps to`
    PIECE_OTHERWISE, // beyond the worst band, settled by `otherwise`
    PIECE_NONE,      // in no band
} PieceKind;

typedef struct Piece {
    uint8_t level; // LEVEL_NO_DATA for PIECE_NONE and for `no data otherwise`
    uint8_t kind;  // PieceKind
    Place place;   // of the line that settles it; .line 0 for PIECE_NONE
} Piece;

typedef struct BandTable {
    uint32_t scale;
    Cut *cuts; // strictly ascending; equal `at` only as (left, right) round a single point
    uint32_t n_cuts;
    Piece *pieces; // n_cuts + 1
    Str because;   // of `no data otherwise because`
    bool rounded;  // the table reads the value rounded
    uint8_t decimals;
    uint8_t mode;  // RoundMode
    Place place;
} BandTable;

// A mapping of one scale's levels to outcomes on another.
typedef struct LevelMap {
    uint32_t from, to;    // scales
    uint8_t outcome[SCALE_MAX_LEVELS];
    uint32_t line;        // the status line to name as the decider
} LevelMap;

// A cross table: cell [a * (n_b + 1) + b]; column n_b is for an unknown b.
typedef struct CrossTable {
    uint32_t n_a, n_b; // levels on either axis
    uint8_t *cells;    // outcomes
    uint32_t *lines;   // by a: the status line to name as the decider
} CrossTable;

// Planned values, one a period.
typedef struct Trajectory {
    Period *periods;
    uint32_t *values; // indices into consts
    uint32_t n;
} Trajectory;

// One of the band tables or status blocks of a name, and when it is in force.
typedef struct Validity {
    Period from, to;     // as written; `to` is PERIOD_NONE where there is no end
    int32_t first, last; // days, both in; INT32_MAX for no end
    uint32_t band_table; // of bands
    uint16_t status;     // register of a status block; NO_REG of bands
    Place unended;       // as Kpi.unended, of the block
    Place place;
} Validity;

// All of a name. That applies which is in force on the last day of the period, so many years and
// from there periods before the lane's.
typedef struct Dated {
    Str name;
    Validity *v; // by their first days; no two share a day
    uint32_t n;
    int32_t back, years;
} Dated;

// That which is in force on a day; NULL when none is.
const Validity *dated_on(const Dated *d, int32_t day);
// Writes "2023", or "from 2021 to 2022-06".
void validity_print(Buf *out, const Validity *v);

typedef enum Polarity {
    POLARITY_NONE,
    POLARITY_HIGH,
    POLARITY_LOW,
    POLARITY_NEAR,
    POLARITY_NOT_JUDGED
} Polarity;

// From which period on a chart has limits of its own.
typedef struct Rebase {
    Period from;
    Str because;
    Place place;
} Rebase;

enum { CHART_LEAST = 12 }; // figures that limits are made from, where the rules do not say

// How the limits of a KPI's history are found: see xmr.h.
typedef struct Chart {
    bool low_is_good;
    bool screen;           // leave out large moving ranges
    uint32_t least;        // figures without which there are no limits
    Period first, last;    // baseline of the first stretch; PERIOD_NONE: all of it
    Rebase *rebases;       // ascending
    uint32_t n_rebases;
    uint32_t *reads;       // metrics of the value: they decide which periods its history has
    uint32_t n_reads;
    Place place;
    Place baseline; // of the line
} Chart;

// Does the whole of [p] lie in the baseline?
bool chart_in_baseline(const Chart *c, Period p);

// What a condition compares, kept so that a status can say why. A fact is worth saying when its
// truth register holds yes, or no if it stands under `not`.
typedef enum FactKind {
    FACT_COMPARE,   // a OP b
    FACT_LEVEL,     // level register a is (one of) `levels`
    FACT_DIRECTION, // value a against previous b
    FACT_DISTANCE,  // how far a is from b: limit register c; see `relation`
    FACT_CHART,     // level register a is of a chart: see OP_VARIATION and OP_ASSURANCE
    FACT_SPAN,      // how the values of a span went on
    FACT_KNOWN,     // a is known
    FACT_OTHER,     // nothing to add to the text
} FactKind;

typedef enum Relation { // of FACT_COMPARE and FACT_DISTANCE, as written
    REL_LT,
    REL_LE,
    REL_GT,
    REL_GE,
    REL_EQ,
    REL_NE,
    REL_BETTER,
    REL_WORSE,
    REL_NO_BETTER,
    REL_NO_WORSE,
    REL_AT_OR_BETTER,
    REL_AT_OR_WORSE,
    REL_WITHIN,
    REL_WITHIN_OR_BETTER,
    REL_OVER_BETTER,
    REL_OVER_WORSE,
    REL_LEAST_BETTER,
    REL_LEAST_WORSE,
    REL_MOST_BETTER,
    REL_MOST_WORSE,
} Relation;

typedef struct Fact {
    FactKind kind;
    Relation relation;
    uint16_t truth;       // register with the condition's truth
    bool negated;         // stands under an odd number of `not`
    uint16_t a, b, c;     // registers, NO_REG where unused; c is the limit in the unit of a; of a
                          // direction, a is the level, b the value and c the one before
    int decimals;         // as its KPI displays figures
    RoundMode mode;
    Polarity polarity;    // of its KPI
    Number aim;           // of POLARITY_NEAR
    Str name_a, name_b;   // as the rule says: "value", "statistical neighbours"
    Unit unit_a, unit_b;
    Unit unit_c;          // of the limit as written: percent for a relative one
    bool relative;        // the limit is a percentage of b
    Number limit;         // the limit as written (29), when constant
    bool has_limit;
    uint32_t levels;      // FACT_LEVEL: the set
    uint32_t scale;       // FACT_LEVEL: its scale
    uint32_t span;        // FACT_SPAN: index into spans
    uint32_t band_table;  // FACT_LEVEL: the table that gave the level, or UINT32_MAX
    uint32_t dated; // FACT_LEVEL: 1 + index into dated of the tables that may have; 0: that one
    Str text;             // the condition as written
} Fact;

typedef struct StatusLine {
    uint8_t outcome;  // level or LEVEL_NO_DATA
    bool otherwise;
    Place place;
    Str text;         // the condition as written, blanks folded
    Str because;      // may be empty
    uint32_t first_fact, n_facts; // of facts
    uint32_t taken; // 1 + index of the KPI whose status it takes; no part of the meaning of rules
} StatusLine;

// A register that holds a KPI's value, comparator or target of some time, which a run may set by hand.
typedef struct Settable {
    uint16_t reg; // a number
    Str kpi, name; // "value", "target" or a comparator
    int32_t back, years; // of which period it is, as in Load
} Settable;

// A stretch of code with its registers.
typedef struct Function {
    uint32_t first, n; // of code
    uint16_t n_regs;
    const uint8_t *reg_kind; // ValueKind by register
    const Settable *settables; // no part of the meaning of rules
    size_t n_settables;
} Function;

// An override: a person's judgement in place of a status, for the periods from [from] to [to].
typedef struct Judgement {
    Str kpi, entity;
    uint32_t scale;
    uint8_t level;
    Period from, to; // of one kind, both ends in
    Str by, because;
    Place place, entity_place, span_place;
} Judgement;

// The overrides of one KPI: ascending by entity, then by period, none over another.
typedef struct JudgementSet {
    uint32_t first, n; // of judgements
} JudgementSet;

// The deciding line of a status that a judgement gives is JUDGEMENT_LINE + the judgement's index.
#define JUDGEMENT_LINE 0x80000000u

static inline bool line_is_judgement(uint32_t line) {
    return line >= JUDGEMENT_LINE && line != UINT32_MAX;
}

typedef struct NamedLevel { // a level a KPI reports, by a band table
    Str name;               // "ofsted"
    uint32_t scale;
    uint16_t reg;
    uint32_t band_table;    // the first of several; UINT32_MAX for a level of a chart
    uint32_t dated;         // 1 + index into dated of several by period; 0: there is one
} NamedLevel;

typedef struct NamedFigure { // a comparator or a target
    Str name, label;
    uint16_t reg;
    Unit unit;
} NamedFigure;

typedef struct Kpi {
    Str name, label, source, note;
    Place place;
    Unit unit;
    int decimals; // as displayed; -1: as exact as it is
    RoundMode mode;
    Polarity polarity;
    Number aim; // of POLARITY_NEAR
    Place not_monotone; // where it is said that it need not be; .line 0: it is not said
    Function fn;
    uint16_t value;     // register of the value as shown
    uint16_t judged;    // the value, missing when `needs` is not met
    uint16_t previous;  // the judged value one period back, or NO_REG
    uint16_t direction; // level register of OP_DIRECTION, or NO_REG
    NamedLevel *levels;
    uint32_t n_levels;
    NamedFigure *figures; // comparators, and the target under the name "target"
    uint32_t n_figures;
    bool has_status;
    Place unended;         // a status block without `otherwise`; .line 0: none
    Str status_name;       // "rag"
    uint32_t status_scale;
    uint32_t status_dated; // 1 + index into dated of blocks by period; 0: there is one block
    uint16_t status;       // register; the final one
    bool has_overrides;
    uint16_t computed;     // register of the status before overrides; only where it has_overrides
    Str unjudged;          // why there is no status, for a reader; empty when has_status
    uint32_t *reads;       // metrics its value reads: they decide which rows it has
    uint32_t n_reads;
} Kpi;

// The register of the status that the rules give, before any override.
static inline uint16_t kpi_computed(const Kpi *k) {
    return k->has_overrides ? k->computed : k->status;
}

// ---- groups ----

// What is counted among a group's members.
typedef enum GroupFigureKind {
    GROUP_CONSTANT,
    GROUP_COUNT,          // members with one of the levels
    GROUP_SHARE,          // the same as a percentage of those that count
    GROUP_WEIGHTED_SHARE, // the same with their weights
} GroupFigureKind;

typedef struct GroupFigure {
    GroupFigureKind kind;
    uint32_t constant; // index into consts, of GROUP_CONSTANT
    uint32_t levels;   // the set, of the others
} GroupFigure;

typedef enum GroupTermKind {
    GROUP_ANY,    // some member has one of the levels
    GROUP_ALL,    // each member has one of them
    GROUP_WORST,  // the worst level of a member is one of them
    GROUP_BEST,
    GROUP_MEMBER, // this member has one of them
    GROUP_COMPARE,
    GROUP_NOT,
    GROUP_AND,
    GROUP_OR,
    GROUP_IF_KNOWN, // unknown becomes no
    N_GROUP_TESTS
} GroupTermKind;

// A condition of a group; those that it is made of stand before it.
typedef struct GroupTerm {
    GroupTermKind test;
    uint32_t levels;   // the set
    bool critical;     // among the critical members alone, of GROUP_ANY and GROUP_ALL
    uint32_t member;   // index into members, of GROUP_MEMBER
    Relation relation; // REL_LT to REL_NE, of GROUP_COMPARE
    GroupFigure left, right;
    uint32_t a, b; // of GROUP_NOT, _AND, _OR, _IF_KNOWN
} GroupTerm;

typedef struct GroupLine {
    uint8_t outcome; // level or LEVEL_NO_DATA
    bool otherwise;
    uint32_t term; // unless otherwise
    Str text, because;
    Place place;
} GroupLine;

typedef enum GroupNoData { // what becomes of a member without a status
    GROUP_LEFT_OUT,
    GROUP_COUNTS_AS,
    GROUP_STOPS,
} GroupNoData;

typedef struct GroupMember {
    Str name;       // of the KPI or group
    bool is_group;
    uint32_t index; // into kpis or groups
    Number weight;  // > 0
    bool critical;
} GroupMember;

typedef struct Group {
    Str name, label, source, note;
    Place place;
    bool is_scorecard;
    GroupMember *members;
    uint32_t n_members;
    GroupNoData no_data;
    uint8_t counts_as; // level, of GROUP_COUNTS_AS
    Str status_name;
    uint32_t scale; // of the status, and of each member's
    GroupTerm *terms;
    uint32_t n_terms;
    GroupLine *lines; // the last always holds, or they exhaust the cases
    uint32_t n_lines;
} Group;

typedef enum Layout { LAYOUT_LONG, LAYOUT_WIDE, LAYOUT_SNAPSHOT } Layout;

typedef struct MissingSymbol {
    Str text; // as it stands in the file, blanks trimmed
    Reason reason;
} MissingSymbol;

typedef struct MarkSymbol {
    Str text;
    Mark mark;
} MarkSymbol;

typedef struct FieldColumn {
    uint32_t field; // index into Program.fields
    Str column;
    bool is_text;
} FieldColumn;

typedef struct WhereFilter { // keep only rows whose column has one of the texts
    Str column;
    bool negated; // `is not`
    Str *texts;
    uint32_t n_texts;
    Place place;
} WhereFilter;

// The shape of a metric file.
typedef struct Input {
    Str name, label;
    Str file;           // glob of the file names it describes, or empty for any
    Layout layout;
    Str entity_column, entity; // a column, or one entity for the whole file, or neither
    Str period_column;
    Period period;      // for the whole file; PERIOD_NONE when there is a column or none
    PeriodKind period_as; // read the labels and take the period of this kind; PERIOD_NONE: as it is
    LabelWays period_ways; // `written`: the labels' ways; 0: each that the kind alone makes plain
    Str metric_column;
    Str value_column;   // long: the value; snapshot: the current figure
    Str previous_column; // snapshot
    FieldColumn *fields;
    uint32_t n_fields;
    WhereFilter *wheres;
    uint32_t n_wheres;
    MissingSymbol *missing;
    uint32_t n_missing;
    MarkSymbol *marks;
    uint32_t n_marks;
    bool percent_signs, thousands_commas, thousands_spaces, pound_signs; // `numbers with`
    Str delimiter, quote, encoding; // empty: found out
    uint32_t skip_lines; // before the header
    bool revises;
    bool other_metrics_ignored; // `other metrics are ignored`: ids that no metric declares
    Place place;
} Input;

// The register slots an examples row can give.
typedef struct ExampleColumn {
    Str name;
    uint32_t given;   // slot of OP_GIVEN or OP_GIVEN_LEVEL; UINT32_MAX for an expected column
    uint32_t level;   // expected: index into Kpi.levels of the function's KPI; UINT32_MAX otherwise
    bool is_status;   // expected: the status
    bool is_period;   // the period that the row is of
    bool is_reason;   // expected: `because` or the reason it is missing
    uint32_t scale;   // of a level
    Unit unit;        // of a given figure
} ExampleColumn;

typedef struct ExampleCell {
    bool blank;
    Number number;   // given figure
    uint8_t level;   // given or expected level; LEVEL_NO_DATA for `no data`
    Why why; // given figure: missing for this reason; expected `no data (reason)`: that reason
    Str text;        // as written; the expected reason
    Period period;   // of a column of periods
    Place place;
} ExampleCell;

typedef struct Example { // an examples block: a function of its own over given slots
    Kpi kpi;             // as the KPI, with registers of this function
    ExampleColumn *columns;
    uint32_t n_columns;
    ExampleCell *cells; // row by row
    uint32_t n_rows;
    uint32_t n_given;
    Place place;
} Example;

typedef struct GroupExample { // an examples block of a group
    uint32_t group;
    ExampleColumn *columns; // given: the index of a member
    uint32_t n_columns;
    ExampleCell *cells; // row by row; of a given one the level and, without one, why
    uint32_t n_rows;
    Place place;
} GroupExample;

// One comparison of an assertion's condition, kept to say what stood against what where it fails.
typedef struct AssertedSides {
    uint16_t truth, a, b; // registers; a and b are numbers
    bool negated;         // stands under an odd number of `not`
    Unit unit_a, unit_b;
    Str text;             // as written
} AssertedSides;

// What must be true of the figures of every entity and period.
typedef struct Assertion {
    Str text;        // in the rule's words
    Str condition;   // as written, blanks folded
    bool is_warning; // else an error where it fails
    Place place;
    Function fn;
    uint16_t truth;  // register
    AssertedSides *sides;
    uint32_t n_sides;
    uint32_t *reads; // metrics of its condition: they decide where it is checked
    uint32_t n_reads;
} Assertion;

// An expression that is worked out for every entity and period before rules look across them. It
// may read series that stand before it.
typedef struct Series {
    Str text; // as written
    Unit unit;
    Function fn;
    uint16_t result; // register of a number
    uint32_t *reads; // metrics that it reads: they decide which rows it has
    uint32_t n_reads;
    Place place;
} Series;

typedef struct Program {
    Arena *arena;
    DiagFile *files; // rule files by Place.file
    uint32_t n_files;
    Scale *scales;
    uint32_t n_scales;
    uint32_t direction_scale; // built in: worsening, steady, improving
    uint32_t arrow_scale;     // built in: down, steady, up
    uint32_t variation_scale; // built in: concerning, common_cause, improving
    uint32_t unusual_scale;   // built in: low, common_cause, high
    uint32_t assurance_scale; // built in: failing, hit_or_miss, passing
    uint32_t chart_rule_scale; // built in: the rules of xmr.h in their order
    Metric *metrics;
    uint32_t n_metrics;
    Str *fields; // 0 is "value"
    bool *field_is_text;
    uint32_t n_fields;
    Input *inputs;
    uint32_t n_inputs;
    Kpi *kpis; // in the order of the rule files
    uint32_t n_kpis;
    Group *groups; // in the order of the rule files
    uint32_t n_groups;
    uint32_t *group_order; // indices of groups, members before those that count them
    Example *examples;
    uint32_t n_examples;
    GroupExample *group_examples;
    uint32_t n_group_examples;
    Assertion *assertions;
    uint32_t n_assertions;
    Judgement *judgements;
    uint32_t n_judgements;
    JudgementSet *judgement_sets;
    uint32_t n_judgement_sets;
    Instr *code;
    Place *places; // by instruction
    uint32_t n_code;
    Number *consts;
    uint32_t n_consts;
    Load *loads;
    uint32_t n_loads;
    BandTable *band_tables;
    uint32_t n_band_tables;
    LevelMap *maps;
    uint32_t n_maps;
    CrossTable *cross_tables;
    uint32_t n_cross_tables;
    Trajectory *trajectories;
    uint32_t n_trajectories;
    PeriodSpan *spans;
    uint32_t n_spans;
    Series *series;
    uint32_t n_series;
    Among *amongs;
    uint32_t n_amongs;
    PeerSet *peers;
    uint32_t n_peers;
    Dated *dated;
    uint32_t n_dated;
    Chart *charts;
    uint32_t n_charts;
    StatusLine *lines;
    uint32_t n_lines;
    Fact *facts;
    uint32_t n_facts;
    Str *texts;
    uint32_t n_texts;
    char hash[65]; // SHA-256 of the listing without places, in hexadecimal, overrides left out
    char overrides_hash[65]; // the same of the overrides; empty without any
    const struct Hand *hand; // what is set by hand for the runs to come: hand.h; NULL: nothing
} Program;

// Mnemonic and operand kinds of an opcode. A kind is a ValueKind, OPERAND_ANY or OPERAND_NONE.
enum { OPERAND_NONE = -1, OPERAND_ANY = -2 };
typedef struct OpInfo {
    const char *mnemonic;
    int8_t dst, a, b, c;
    ImmKind imm;
} OpInfo;
extern const OpInfo op_info[N_OPCODES];

// Checks every operand of every instruction: registers in range and of the right kind, written
// before they are read, immediates in range, status blocks opened before and closed after their
// lines, band tables ascending, every index of every table in range. Returns true when all is
// well; else writes what is wrong, with the instruction's number, to [why]; memory that ran
// out leaves why->failed set instead. Pointers and the lengths of arrays and texts are taken as
// given.
bool program_verify(const Program *p, Buf *why);

// Writes a readable listing of the whole program: scales, metrics, inputs, band tables, KPIs with
// their code and source lines. Without [places] no file, line or column appears, so that the text
// depends on the meaning alone; its SHA-256 is the rule set's hash.
void program_list(const Program *p, bool places, Buf *out);
// Sets p->hash, which overrides change nothing in.
bool program_set_hash(Program *p);
// Sets p->overrides_hash.
bool program_set_overrides_hash(Program *p);
// The judgement of [set] on this entity and period; UINT32_MAX when there is none.
uint32_t judgement_find(const Program *p, uint32_t set, Str entity, Period period);

enum { BAND_FEW_CUTS = 8 }; // of a table whose cuts are rather all counted than searched

// For a table of few cuts: the numerators from which on a figure over [den] (> 0) lies beyond each
// cut. False when there are more cuts, or some numerator is out of range.
bool band_cuts_over(const BandTable *t, int64_t den, int64_t from[BAND_FEW_CUTS]);

// The piece of [t] that holds [v] (after rounding, if the table rounds): an index into pieces.
uint32_t band_piece(const BandTable *t, Number v);
// The same without rounding: for a value that is rounded already.
uint32_t band_piece_exact(const BandTable *t, Number v);

#endif
