// SPDX-License-Identifier: Apache-2.0
// Difference, its parts: what the files difference*.c share and nobody else needs.
#ifndef BS_PROVE_DIFFERENCE_PARTS_H
#define BS_PROVE_DIFFERENCE_PARTS_H

#include "runtime/prove/difference.h"
#include "runtime/prove/proof.h"

enum { DIFFERENCE_MAX_CHOICES = 2 * PATHS_MAX_CHOICES };

// A KPI in one set of rules, in one era.
typedef struct DifferenceSide {
    const Kpi *kpi; // as the program has it
    Era era;
    Proof proof; // of which the paths and the naming are used
    DiagList nowhere;
    Cells cells;                       // of the question at hand
    size_t var[LINEAR_MAX_VARS];       // which shared figure each variable of the paths is
    size_t choice[PATHS_MAX_CHOICES];  // likewise
} DifferenceSide;

// A figure that the rules of one or both sides speak of.
typedef struct SharedFigure {
    Str key;  // what it means: the same on both sides when they speak of the same
    Str name; // for readers
    Unit unit;
    LinearEnd low, high; // that it can take at all
} SharedFigure;

typedef struct SharedChoice {
    Str key, name;
    bool is_text; // a text or the entity; else the period, which planned values hang on
} SharedChoice;

typedef struct Shared {
    SharedFigure figures[LINEAR_MAX_VARS];
    bool whole[LINEAR_MAX_VARS];
    size_t n_figures;
    SharedChoice choices[DIFFERENCE_MAX_CHOICES];
    size_t n_choices;
    bool too_many;
} Shared;

// Finds which figures and choices the sides have in common; sets var and choice of both.
void difference_share(Arena *a, Shared *s, DifferenceSide *before, DifferenceSide *after);
// What stands in [reg], in a form that is the same in both programs when it is worked out alike.
Str difference_key(Arena *a, DifferenceSide *side, uint16_t reg);

// A linear form (its first coefficient 1, no constant) and the ends that it lies between.
typedef struct Bound {
    Linear form;
    LinearEnd low, high;
} Bound;

// What a choice of texts is: one, none of some, or not there.
typedef enum ChoiceKind { CHOICE_ANY, CHOICE_IS, CHOICE_OTHER, CHOICE_MISSING } ChoiceKind;

// Figures at which a level or status moves in one way.
typedef struct Region {
    Bound *bounds;
    size_t n_bounds;
    PathKnown known[LINEAR_MAX_VARS];
    ChoiceKind choice[DIFFERENCE_MAX_CHOICES];
    Str is[DIFFERENCE_MAX_CHOICES]; // with CHOICE_IS: the text, or the planned period
    bool plain; // some figures of it have none below zero
    bool gone;  // merged into another
} Region;

typedef VEC(Region) Regions;

// What two cells take for granted besides their constraints. False where they cannot meet.
bool difference_meet(Arena *a, const Shared *s, DifferenceSide *before, const Cell *b,
                     DifferenceSide *after, const Cell *f, Region *out);
// Writes the constraints of a cell over the shared figures; returns how many, or SIZE_MAX when
// a number outgrows its bounds.
size_t difference_constraints(const DifferenceSide *side, const Cell *c, Constraint *out);
// A point of the shared figures as the figures of a side.
ReplayCase difference_case(const DifferenceSide *side, const Cell *c, const Number *point);

// The bounds of what two cells have in common, without what follows from the rest. False when
// memory ran out.
bool region_make(Arena *a, LinearSolver *solver, const Shared *s, const Constraint *v, size_t n,
                 Region *out);
// Makes one region of several wherever that is one; orders them by their figures, those
// that need one below zero last.
void regions_merge(Regions *r);
// "values from 19% (excluded) to 20%, with no figure for target".
Str region_words(Arena *a, const Shared *s, const Region *r);
// The ends of the figure [var] that the region states of it alone.
void region_ends(const Region *r, size_t var, LinearEnd *low, LinearEnd *high);

#endif
