// SPDX-License-Identifier: Apache-2.0
// Proof, its parts: what the files of runtime/prove share and nobody else needs.
#ifndef BS_PROVE_PROOF_H
#define BS_PROVE_PROOF_H

#include "runtime/base/intern.h"
#include "runtime/prove/prove.h"
#include "runtime/prove/replay.h"

// A path of a KPI's status, kept.
typedef struct Cell {
    const Constraint *constraints;
    size_t n_constraints;
    PathTaken taken;
    PathStatus status;
} Cell;

typedef struct Cells {
    Cell *v;
    size_t n, cap;
    bool failed;
} Cells;

// Keeps the present path, which has come to [status], unless it is none.
void cells_keep(Paths *x, Cells *cells, PathStatus status);

// What came to light of a status line, over all KPIs that share it.
typedef struct LineProof {
    uint32_t line; // of the first KPI
    bool holds, decides;
    uint64_t hidden_by; // lines of `Proof.lines` by bit, the first 64 of its block
} LineProof;

// A status block, over all KPIs that share it.
typedef struct BlockProof {
    Place place;
    uint32_t scale;
    uint32_t given;               // levels that some figures have, by bit
    uint32_t mentioned;           // levels that stand in it, and
    uint32_t by_default;          // those that `otherwise` or a table's cell gives
    uint32_t first_line, n_lines; // of Proof.lines
    bool undecided;               // for some KPI not all paths were gone
    bool borrowed;                // its levels are those of bands or of another KPI
} BlockProof;

// A piece of a band table, and whether a figure can lie there.
typedef struct TableProof {
    Place place;
    uint32_t table; // the first
    const Kpi *kpi;
    Unit unit;
    Polarity polarity;
    Arena *arena;        // of the examples
    LinearEnd low, high; // of the figure that the table reads
    bool *reached;       // by piece
    Number *examples;    // by piece that was reached
    bool undecided;
} TableProof;

typedef struct Proof {
    const Program *program;
    DiagList *diags;
    Arena *arena;  // of what is kept over all KPIs
    Arena scratch; // of one KPI
    Paths paths;
    Cells cells;
    Intern block_ids, table_ids, told_ids; // by place
    VEC(LineProof) lines;
    VEC(BlockProof) blocks;
    VEC(TableProof) tables;
    uint32_t kpi_index;   // of the KPI at hand
    uint32_t *kpi_levels; // by KPI: those that its status can be, by bit; NULL where nobody asks
} Proof;

// What stands for a place, or a place and something else, in an Intern.
typedef struct PlaceKey {
    uint32_t file, line, column, more;
} PlaceKey;

// The index of the key among those of [ids], as it came in; INTERN_NONE when memory runs out.
uint32_t proof_key(Intern *ids, Place place, uint32_t more);

// Has this place been told of? Notes that it is now.
bool proof_told(Proof *x, DiagCode code, Place place);

// Where an instruction of the KPI's code comes from.
Place proof_place(const Proof *x, const Instr *in);
// Notes that something was left open.
void proof_not_decided(Proof *x, Place place, const char *why);

void prove_ending(Proof *x);
void prove_bands(Proof *x);
void report_bands(Proof *x);
void prove_status(Proof *x);
void report_status(Proof *x);
void prove_monotone(Proof *x);
void prove_code(Proof *x);
// Behind prove_status of all KPIs. False when memory runs out.
bool prove_groups(Proof *x);

// "26.4%", of the KPI's unit; of a variable as rules name it: "value", "statistical_neighbours".
Str proof_figure(Proof *x, Number n, Unit unit);
Str proof_name(Proof *x, size_t var);
Unit proof_unit(const Proof *x, size_t var);
// The figure that the first of some loads reads, likewise.
Str proof_first_load(Proof *x, uint64_t loads);
// ", with previous 26% and no figure for target": all but the variable [except]. Empty for nothing.
Str proof_others(Proof *x, const ReplayCase *c, size_t except);

#endif
