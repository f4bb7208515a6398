// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/import_table.h"

#include <stdio.h>

#include "runtime/edges/inspect_report.h"
#include "runtime/edges/workbook.h"

static bool report_memory(ImportTable *t) {
    diag_add(t->d, D_NO_MEMORY, (Place){.file = t->file}, "memory ran out while reading the table");
    return false;
}

static bool report_large(ImportTable *t, uint32_t line, const char *what, unsigned most) {
    diag_add(t->d, D_TABLE_LARGE, (Place){.file = t->file, .line = line},
             "the table has more than %u %s", most, what)
        ->hint =
        STR("import one table of thresholds at a time; figures are read by `bandstand run`");
    return false;
}

// ---- rows ---------------------------------------------------------------------------------------

bool import_table_add(ImportTable *t, ImportText *cells, size_t n, uint32_t line) {
    bool filled = false;
    for (size_t i = 0; i < n; i++) {
        t->n_bytes += cells[i].text.len;
        filled = filled || cells[i].trouble || str_trim(cells[i].text).len > 0;
    }
    if (t->rows.n >= IMPORT_MAX_ROWS)
        return report_large(t, line, "rows", IMPORT_MAX_ROWS);
    if (n > IMPORT_MAX_COLUMNS)
        return report_large(t, line, "columns", IMPORT_MAX_COLUMNS);
    if (t->n_bytes > IMPORT_MAX_BYTES)
        return report_large(t, line, "bytes", IMPORT_MAX_BYTES);
    if (!filled)
        return true;
    t->n_columns = n > t->n_columns ? n : t->n_columns;
    return VEC_PUSH(t->arena, &t->rows, ((ImportRow){cells, n, line})) || report_memory(t);
}

Str import_text(const ImportRow *row, size_t column) {
    return column < row->n ? str_trim(row->cells[column].text) : STR("");
}

Str import_cell_name(const ImportTable *t, const ImportRow *row, size_t column) {
    if (!t->is_sheet)
        return arena_printf(t->arena, "line %u, column %zu", row->line, column + 1);
    char letters[8];
    size_t at = sizeof letters;
    for (size_t i = column + 1; i > 0 && at > 0; i = (i - 1) / 26)
        letters[--at] = (char)('A' + (i - 1) % 26);
    return arena_printf(t->arena, "%.*s%u", (int)(sizeof letters - at), letters + at, row->line);
}

// ---- records ------------------------------------------------------------------------------------

static bool add_record(ImportTable *t, const Record *record) {
    size_t n = record->n + record->n_extra;
    while (n > 0 && record->cells[n - 1].kind == CELL_ABSENT)
        n--;
    if (n > IMPORT_MAX_COLUMNS)
        return report_large(t, record->line, "columns", IMPORT_MAX_COLUMNS);
    ImportText *cells = ARENA_ARRAY(t->arena, ImportText, n);
    for (size_t i = 0; cells && i < n; i++)
        cells[i].text = arena_str(t->arena, record->cells[i].text);
    return t->arena->failed ? report_memory(t) : import_table_add(t, cells, n, record->line);
}

// The keys of JSON records are the heading.
static bool add_keys(ImportTable *t, const Records *r) {
    size_t n;
    const Str *names = records_header(r, &n);
    ImportText *cells = ARENA_ARRAY(t->arena, ImportText, n);
    for (size_t i = 0; cells && i < n; i++)
        cells[i].text = arena_str(t->arena, names[i]);
    return t->arena->failed ? report_memory(t) : import_table_add(t, cells, n, 1);
}

static Str form_of(Arena *a, const Records *r) {
    Str encoding = records_encoding(r);
    const char *separator = "";
    switch (records_delimiter(r)) {
    case ',':
        separator = " with comma";
        break;
    case ';':
        separator = " with semicolon";
        break;
    case '\t':
        separator = " with tab";
        break;
    case '|':
        separator = " with |";
        break;
    default:
        break;
    }
    return arena_printf(a, "%s%s, %.*s", format_word(records_format(r)), separator,
                        STR_ARG(encoding));
}

static bool read_records(ImportTable *t, Str path, const RecordsOptions *given) {
    RecordsOptions o = *given;
    o.no_header = true; // the heading is looked for among the rows
    Records *r = records_open(t->d, t->file, path, &o);
    if (!r)
        return false;
    t->form = form_of(t->arena, r);
    bool ok = records_format(r) == RECORDS_CSV || add_keys(t, r);
    while (ok) {
        Record record;
        RecordsNext next = records_next(r, &record);
        if (next != RECORDS_ROW) {
            ok = next == RECORDS_END;
            break;
        }
        ok = add_record(t, &record);
    }
    records_close(r);
    return ok && (!t->arena->failed || report_memory(t));
}

// ---- the file -----------------------------------------------------------------------------------

typedef enum Kind { KIND_TEXT, KIND_ZIP, KIND_OLD_WORKBOOK } Kind;

static Kind kind_of(Str path) {
    if (str_eq(path, STR("-")))
        return KIND_TEXT;
    char start[4] = {0};
    FILE *f = fopen(path.s, "rb");
    size_t n = f ? fread(start, 1, sizeof start, f) : 0;
    if (f)
        fclose(f);
    Str s = {start, n};
    if (str_eq(s, STR("PK\x03\x04")))
        return KIND_ZIP;
    return str_eq(s, STR("\xD0\xCF\x11\xE0")) ? KIND_OLD_WORKBOOK : KIND_TEXT;
}

bool import_table_read(ImportTable *t, Arena *a, DiagList *d, uint32_t file, Str path, Str sheet,
                       const RecordsOptions *o) {
    *t = (ImportTable){.arena = a, .d = d, .file = file};
    Str name = arena_str(a, path); // ends in a NUL
    if (a->failed)
        return report_memory(t);
    switch (kind_of(name)) {
    case KIND_ZIP:
        return workbook_read(t, name, sheet);
    case KIND_OLD_WORKBOOK:
        diag_add(d, D_WORKBOOK, (Place){.file = file},
                 "the workbook is in the old form, or is locked with a password")
            ->hint = STR(
            "open it in the spreadsheet program and save it without a password, as .xlsx or CSV");
        return false;
    case KIND_TEXT:
        break;
    }
    if (sheet.len > 0) {
        diag_add(d, D_NO_SHEET, (Place){.file = file},
                 "the file is no workbook, so it has no sheets")
            ->hint = STR("leave --sheet out; workbooks are .xlsx files");
        return false;
    }
    return read_records(t, path, o);
}
