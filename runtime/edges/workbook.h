// SPDX-License-Identifier: Apache-2.0
// Workbook: reads a sheet of an .xlsx file (ECMA-376, Office Open XML) as a table of texts, as its
// reader sees them: numbers with at most 15 digits, those formatted as percentages times 100 with
// their sign.
#ifndef BS_EDGES_WORKBOOK_H
#define BS_EDGES_WORKBOOK_H

#include "runtime/edges/import_table.h"

enum {
    WORKBOOK_MAX_PART = 64 << 20, // bytes of a part of the file, unpacked
    WORKBOOK_MAX_PARTS = 10000,
    WORKBOOK_DIGITS = 15, // that a spreadsheet keeps of a number as typed
};

// Reads the sheet called [sheet] of the zip archive [path], or the first when [sheet] is empty,
// into [t]. Dates and formulas without a result become cells that cannot be used. False after
// adding a finding.
bool workbook_read(ImportTable *t, Str path, Str sheet);

#endif
