// SPDX-License-Identifier: Apache-2.0
// Nearest: which other value of one figure, all others staying as they are, would give a KPI
// another status (or level) in a row, exactly.
//
// The figure is one register of the KPI's code: its value, a comparator, a numerator. Whatever the
// code works out in the same way moves with it; figures of other periods and other entities stay.
// As long as everything that hangs on the figure is linear in it, piece by piece, the numbers at
// which anything can change are found by solving for them (nearest_points.c); the machine then
// judges the row at each of them and between each two. So nothing is foretold by another judgement
// than the machine's own, and between two of those numbers no other status can hide.
#ifndef BS_ENGINE_NEAREST_H
#define BS_ENGINE_NEAREST_H

#include "runtime/data/figure_domain.h"
#include "runtime/engine/vm.h"

enum { NEAREST_MAX_POINTS = VM_BATCH / 2 - 1 }; // numbers of one row at which something may change

// A KPI made ready: which figure moves and what is looked at.
typedef struct Nearest {
    const Program *program;
    const Kpi *kpi;
    uint16_t moved;  // a register of a number
    uint16_t target; // a register of a status or level
    Plan as_is;      // the code that the two need
    Plan given;      // that of the target, with the figure given in place of being found
    bool *hangs;     // by register: it depends on the figure
    uint32_t *reads; // metrics that the figure reads in the row's own period
    uint32_t n_reads;
    FigureDomain domain; // of the figure; whatever can occur, where nothing says more
} Nearest;

// Makes ready how [target] of [kpi] hangs on [moved]. Allocates in [a], and refers to it as long as
// it is used; false when memory runs out. The status that counts is kpi->status, with any override,
// or kpi_computed.
bool nearest_begin(Nearest *x, Arena *a, const Program *p, const Kpi *kpi, uint16_t moved,
                   uint16_t target);

typedef struct NearestEnd {
    bool bounded, open;
    Number at;
} NearestEnd;

// Figures from one end to another that give one outcome: a level or LEVEL_NO_DATA.
typedef struct NearestPiece {
    NearestEnd low, high;
    uint8_t outcome;
} NearestPiece;

typedef enum NearestAnswer {
    NEAREST_KNOWN,
    NEAREST_CHART,  // the limits of a chart would move with the figure
    NEAREST_OTHERS, // so would what is worked out from other rows' figures
    NEAREST_CURVED, // what is compared is not linear in the figure
    NEAREST_MANY,   // more than NEAREST_MAX_POINTS
} NearestAnswer;

// What the row comes to for any value of the figure.
typedef struct NearestLine {
    NearestAnswer answer; // the pieces are there for NEAREST_KNOWN alone
    Number value;         // the figure as it is
    Why why;              // why there is none; 0 where there is
    uint8_t outcome;      // as it is
    bool by_hand;         // that comes from an override, which no figure changes
    NearestPiece *v;      // ascending, from the lowest that can occur to the highest; neighbours
    size_t n;             // differ. Ends are numbers that can occur, or open
} NearestLine;

// Works out a row. [vm] is one that runs x->program over the row's store; its batch is another
// afterwards. Allocates in [a]; false when memory runs out.
bool nearest_line(const Nearest *x, Vm *vm, Lane lane, Arena *a, NearestLine *out);

// How far the figure has to move.
typedef struct NearestMove {
    bool found;
    bool measured; // the figure is known, so [up] and [by] say how far it is to [near]
    bool up;
    Number by;            // >= 0; where near.open, more than that
    NearestEnd near, far; // the stretch of figures that give it; far.bounded only if a figure that
                          // can occur lies beyond
    bool far_is_up;       // far lies above near
    bool exact;           // near.at alone gives it
} NearestMove;

// The nearest stretch of figures that gives [outcome], of two as near that whose edge belongs to
// it, else that below; for a row without the figure the widest. Nothing is found where none gives
// it, and where the row has it anyway. Numbers are in [a]; false when memory runs out.
bool nearest_move(const NearestLine *line, uint8_t outcome, Arena *a, NearestMove *out);

// Writes "20.0% or below: 6.4 points down", in the KPI's form and [unit]. Edges are told exactly,
// or where no decimals do, by the nearest number of a few decimals that lies within; how far is
// marked with "about" where it is rounded.
void nearest_tell(Buf *out, const Kpi *kpi, Unit unit, const NearestMove *move);
// The same without how far it is: "20.0% or below".
void nearest_tell_stretch(Buf *out, const Kpi *kpi, Unit unit, const NearestMove *move);
// Writes why there is no such figure: "no value of its own gives that".
void nearest_tell_none(Buf *out, const NearestLine *line);

#endif
