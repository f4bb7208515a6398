// SPDX-License-Identifier: Apache-2.0
// RowFormat: how a KPI's results are written as CSV, made once, so that a row is put together from
// the machine's registers and texts that stand ready.
#ifndef BS_EDGES_ROW_FORMAT_H
#define BS_EDGES_ROW_FORMAT_H

#include "runtime/edges/columns.h"
#include "runtime/edges/result.h"

typedef enum PartKind {
    PART_TEXT, // `text`, which is the same in every row
    PART_ENTITY,
    PART_PERIOD,
    PART_FIGURE, // the register's number as displayed, empty when missing
    PART_LEVEL,  // of `texts`: by level, the last when missing
    PART_STATUS, // the same of a status register
    PART_COLUMN, // whatever else a column holds, by way of a bs_result
} PartKind;

typedef struct Part {
    PartKind kind;
    uint16_t reg;
    int decimals; // of PART_FIGURE
    uint32_t n_levels;
    Str text;
    const Str *texts;     // n_levels + 1
    const Column *column; // of PART_COLUMN
} Part;

typedef struct RowFormat {
    const Kpi *kpi;
    Part *parts;
    size_t n;
    size_t room;       // bytes that a row takes at most, entity and PART_COLUMN aside
    bool needs_result; // some part is a PART_COLUMN
} RowFormat;

// The format of [kpi]'s rows with these columns, each row with its line feed. Allocates in [a];
// false when memory runs out.
bool row_format_make(Arena *a, const Program *p, const Kpi *kpi, const Columns *columns,
                     Str rules_hash, RowFormat *out);

// Writes rows; one for each thread.
typedef struct RowPrinter {
    ResultMaker *maker; // its vm and store are where rows come from
    Str rules_hash;
    Arena cells;       // of the entities
    VEC(Str) entities; // as CSV has them, by id
    Buf out;           // the caller takes and empties it
    Buf cell;
} RowPrinter;

void row_printer_init(RowPrinter *r, ResultMaker *maker, Str rules_hash);
void row_printer_free(RowPrinter *r);

// Appends lane [i] of the machine's batch to out. maker was begun with the format's KPI where the
// format needs a result. Where memory runs out, out, cells, or what maker has, has failed.
void row_print(RowPrinter *r, const RowFormat *f, Lane lane, size_t i);

#endif
