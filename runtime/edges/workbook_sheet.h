// SPDX-License-Identifier: Apache-2.0
// Workbook sheets: the cells of a sheet, with the texts and formats that they refer to.
#ifndef BS_EDGES_WORKBOOK_SHEET_H
#define BS_EDGES_WORKBOOK_SHEET_H

#include "runtime/edges/workbook_parts.h"

typedef enum CellFormat { FORMAT_PLAIN, FORMAT_PERCENT, FORMAT_DATE } CellFormat;

typedef struct SheetReader {
    ImportTable *t;
    VEC(Str) texts;          // shared strings
    VEC(CellFormat) formats; // by style index
} SheetReader;

bool sheet_read_texts(SheetReader *s, zip_t *zip, const char *part);
bool sheet_read_formats(SheetReader *s, zip_t *zip, const char *part);
// Adds the rows to s->t.
bool sheet_read_cells(SheetReader *s, zip_t *zip, const char *part);

// What a number format shows: "0.0%" a percentage, "dd/mm/yyyy" or "[h]:mm" a date or time.
CellFormat format_of_code(Str code);
CellFormat format_of_id(size_t id); // of a built-in format

// A number as its reader sees it: at most WORKBOOK_DIGITS digits, no exponent; with [percent] times
// 100 and a sign behind it. The empty Str where [s] is no number.
Str sheet_number(Arena *a, Str s, bool percent);

#endif
