// SPDX-License-Identifier: Apache-2.0
// Paths: the ways that a KPI's code can go, for figures that are not known yet.
//
// The code is run over forms instead of numbers: a figure that is read becomes a variable, sums of
// such figures stay linear, and where a comparison could come out either way the path forks and
// keeps what it took for granted as a linear constraint. A path is run from the start by a list of
// decisions; the next path is the same list with its last open decision changed. So every path
// stands for a cell of the space of figures, no two share a point, and together they cover all.
//
// What is not linear (a share, a product, a rounded figure) is a variable of its own. That takes
// more for possible than there is, so that "never" stays true; `inexact` says where it happened.
#ifndef BS_PROVE_PATHS_H
#define BS_PROVE_PATHS_H

#include "runtime/data/program.h"
#include "runtime/prove/eras.h"

enum {
    PATHS_MAX = 4000,          // of one question
    PATHS_MAX_DECISIONS = 200, // of one path
    PATHS_MAX_CONSTRAINTS = 400,
    PATHS_MAX_CHOICES = 8, // texts, planned values and what charts say
};

typedef enum PathTruth { PATH_NO, PATH_YES, PATH_UNKNOWN } PathTruth;

typedef enum PathKnown { PATH_UNSEEN, PATH_KNOWN, PATH_MISSING } PathKnown;

// A figure that nothing is known of.
typedef struct PathVar {
    uint16_t reg;  // where it stands first
    uint32_t load; // what it is read by, UINT32_MAX when it is worked out
    bool whole;    // takes whole numbers only
    LinearEnd low, high;
    uint64_t reads; // the loads that it is made from, a bit each
} PathVar;

typedef struct PathNumber {
    bool missing;
    Linear form;
} PathNumber;

// What is one of a few: a text that conditions compare with constants, a planned value, or a level
// of a chart, which the rest of the history can make any.
typedef struct PathChoice {
    Opcode op;    // OP_LOAD_TEXT, OP_ENTITY, OP_TRAJECTORY, one of a chart's levels, or
                  // OP_CHART_LOW: whether there are limits
    uint32_t imm; // of that; of OP_ASSURANCE the register of a limit
    int32_t is;   // id of a constant text, index of a planned value, a level, 0 where there are
                  // limits, or one of the below
} PathChoice;
enum { PATH_CHOICE_UNSEEN = -1, PATH_CHOICE_MISSING = -2, PATH_CHOICE_OTHER = -3 };

// What a path takes for granted beside its constraints: by variable and by choice.
typedef struct PathTaken {
    PathKnown known[LINEAR_MAX_VARS];
    int32_t is[PATHS_MAX_CHOICES];
} PathTaken;

// How a status block ends.
typedef struct PathStatus {
    uint8_t level;    // LEVEL_NO_DATA when there is none
    uint32_t line;    // that decided, UINT32_MAX for none
    uint32_t held;    // that held, even if something unknown left the status open
    uint64_t pending; // levels of unknown lines that were met, by bit
} PathStatus;

typedef struct Paths {
    const Program *program;
    const Kpi *kpi;
    Arena *arena;
    LinearSolver solver;
    int32_t day;         // on which what is looked at is in force, and
    LinearEnd from, to; // the first and the last such day
    uint32_t *defs; // by register: the instruction that writes it, or the first of a status block

    PathVar vars[LINEAR_MAX_VARS];
    size_t n_vars;
    bool whole[LINEAR_MAX_VARS];
    unsigned decimals; // that examples should have at most
    PathChoice choices[PATHS_MAX_CHOICES];
    size_t n_chosen;

    // The present path.
    PathKnown known[LINEAR_MAX_VARS];
    Constraint constraints[PATHS_MAX_CONSTRAINTS];
    size_t n_constraints;
    Number point[LINEAR_MAX_VARS]; // at which all of them hold, if has_point
    bool has_point;
    bool dead; // the path turned out to be impossible

    uint8_t went[PATHS_MAX_DECISIONS], n_ways[PATHS_MAX_DECISIONS]; // by decision
    Number (*points)[LINEAR_MAX_VARS];                              // by decision
    bool *have_points;
    size_t depth, n_decisions;
    bool fresh; // the last decision is still to be tried

    // What was worked out on the present path, by register; holds where stamps[r] is the path's.
    PathNumber *numbers;
    uint8_t *states; // of truths and levels
    uint32_t *stamps;
    uint32_t stamp;
    uint32_t *cones; // stamps of walks over what registers are made from
    uint32_t cone;

    bool inexact;  // somewhere more was taken for possible than there is,
    Place place;   // for the first time here
    bool too_many; // the question was not worked out to its end
} Paths;

// For the code of a KPI in [era]. Allocates in [a]; false when memory runs out.
bool paths_begin(Paths *x, Arena *a, const Program *p, const Era *era);

// Runs [body] on every path. It asks for what it wants to know by the functions below, and may do
// so before or after other questions; where it finds x->dead set in the end, the path is none.
// False when there are too many paths or memory ran out.
typedef void PathsBody(Paths *x, void *context);
bool paths_each(Paths *x, PathsBody *body, void *context);

PathNumber path_number(Paths *x, uint16_t reg);
PathTruth path_truth(Paths *x, uint16_t reg);
uint8_t path_level(Paths *x, uint16_t reg); // LEVEL_NO_DATA when missing
PathStatus path_status(Paths *x, uint16_t reg);

// Can [n] lie in a piece of [t] on the present path? If so [*example] is such a figure.
LinearAnswer paths_can_be(Paths *x, const BandTable *t, uint32_t piece, const PathNumber *n,
                          Number *example);

// What the present path takes for granted, and figures at which all of it holds. False when none
// are at hand.
PathTaken paths_taken(const Paths *x);
bool paths_point(Paths *x, Number point[LINEAR_MAX_VARS]);

// Does the present path take nothing for granted of its figures but that there are some?
bool paths_is_free(Paths *x);
// Is this choice a level of a chart?
bool paths_is_chart(const PathChoice *c);

// Can [n] be zero on the present path?
bool paths_can_be_zero(Paths *x, const PathNumber *n);

// The variable that stands in [reg]; LINEAR_MAX_VARS when there is none.
size_t paths_var(const Paths *x, uint16_t reg);
// The choice that [in] stands for; NULL when there is none.
PathChoice *paths_choice(Paths *x, const Instr *in);
// The constant texts that the text of a choice is compared with; returns how many, at most [most].
size_t paths_constants_beside(Paths *x, const PathChoice *c, uint32_t *ids, size_t most);
// The instruction that writes [reg], and the [i]th of the KPI's code.
const Instr *paths_definition(const Paths *x, uint16_t reg);
const Instr *paths_code(const Paths *x, size_t i);
// The loads that [reg] is made from, by bit (those of a KPI with more than 64 share bits).
uint64_t paths_loads(Paths *x, uint16_t reg);

#endif
