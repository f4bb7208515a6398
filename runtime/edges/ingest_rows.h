// SPDX-License-Identifier: Apache-2.0
// Ingest rows: the records of one file, row by row, into the store.
#ifndef BS_EDGES_INGEST_ROWS_H
#define BS_EDGES_INGEST_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/edges/ingest.h"
#include "runtime/edges/ingest_choose.h"
#include "runtime/edges/ingest_figures.h"

enum { INGEST_LABEL_ROOM = 32 }; // bytes of a period label that is remembered

// Rows of one kind that are told of once, at the end of the file.
typedef struct IngestNoted {
    size_t n;
    uint32_t line; // of the first
} IngestNoted;

// Whose and when a row is.
typedef struct IngestKey {
    uint32_t entity;
    Period period;
    uint8_t marks; // behind the period's label
    Place place;
} IngestKey;

// One file while it is read.
typedef struct IngestFile {
    Ingest *in;
    Arena *arena;  // released after the file
    uint32_t file; // in the DiagList
    IngestChoice choice;
    Figure *figures; // by field of the program, of the current row
    // The last period label, since rows of a period mostly stand together.
    char label[INGEST_LABEL_ROOM];
    size_t label_len;
    Period period;
    uint8_t label_marks;
    uint32_t told_twice; // the line of which it was said last that it is there a second time
    size_t most_errors;  // in all: with so many the file is read no further
    IngestNoted ragged, other, filtered;
    size_t ragged_cells; // of the first ragged row
    size_t n_kept;       // rows that passed the filters
    Intern others;       // ids of no metric
    size_t where;        // the filter that the first filtered row failed,
    Str where_text;      // and what stood there
} IngestFile;

// ingest_file in steps, for who reads the rows in another way: finds the block and reads the
// header. [f] allocates in [a]; its records are then the caller's to close. False after adding an
// error.
bool ingest_begin_file(Ingest *in, Arena *a, Str path, IngestFile *f);
// After the last row: what is told once of the whole file.
void ingest_end_file(IngestFile *f);

// Reads one record into the store, or says what is wrong with it.
void ingest_row(IngestFile *f, const Record *r);
// The new observation of [metric], its figures not set yet; OBS_NONE when it must not be, which is
// said, or memory ran out.
uint32_t ingest_enter(IngestFile *f, uint32_t metric, const IngestKey *key, uint8_t marks);
// False when memory ran out, which is said, or there are too many errors.
bool ingest_may_go_on(IngestFile *f);
// Counts rows that were read, and tells how far the reading has come.
bool ingest_progress(IngestFile *f, uint64_t n_rows);
// Called behind every row; false ends the reading.
typedef bool IngestAfterRow(void *context);
// Reads every record. [after] may be NULL. False when the file was not read to its end.
bool ingest_rows(IngestFile *f, IngestAfterRow *after, void *context);

// The cell of a row in a column of f->choice.columns; an absent one when the file lacks the column.
Cell ingest_cell(const IngestFile *f, const Record *r, size_t column);
// Adds the error that [cell], which should give the row's [role], is empty.
void ingest_report_blank(IngestFile *f, const Cell *cell, Str column, const char *role);
// Whose and when the row is. False after adding an error, or when memory runs out.
bool ingest_key(IngestFile *f, const Record *r, IngestKey *out);

// The metric's observation in words: `"Re-referrals" (re_referrals) for Sefton, 2023-05`.
Str ingest_subject(Ingest *in, uint32_t metric, uint32_t entity, Period period);
// "line 7", or "line 7 of a.csv" when that is not [file].
Str ingest_line(const DiagList *d, Place place, uint32_t file);
// Holds the series of [metric] to one kind of period. False after adding an error.
bool ingest_check_kind(Ingest *in, uint32_t metric, Period period, Place place);

#endif
