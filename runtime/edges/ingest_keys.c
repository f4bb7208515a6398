// SPDX-License-Identifier: Apache-2.0
// Entity and period of a row.
#include "runtime/edges/ingest_rows.h"

#include <string.h>

Cell ingest_cell(const IngestFile *f, const Record *r, size_t column) {
    size_t at = ingest_columns_at(&f->choice.columns, column);
    return at < r->n ? r->cells[at] : (Cell){.text = STR(""), .kind = CELL_ABSENT, .line = r->line};
}

void ingest_report_blank(IngestFile *f, const Cell *cell, Str column, const char *role) {
    Diag *diag = diag_add(f->in->diags, D_CELL_EMPTY, figure_place(f->file, cell),
                          "the %s is not given: the cell in column \"%.*s\" is empty", role,
                          STR_ARG(column));
    Str block = figure_block(f->in->diags->arena, f->choice.input);
    diag->hint = arena_printf(f->in->diags->arena,
                              "fill in the cell; or leave such rows out with a line "
                              "`where COLUMN is \"…\"` in %.*s",
                              STR_ARG(block));
}

// The digits of [s] in order, at most [room] of them; how many there are. Signs between are passed
// over, any other character makes it 0.
static size_t gather_digits(Str s, char *digits, size_t room) {
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        bool is_sign = s.s[i] == '-' || s.s[i] == '/';
        if (!is_sign && (s.s[i] < '0' || s.s[i] > '9' || n == room)) {
            return 0;
        }
        if (!is_sign) {
            digits[n++] = s.s[i];
        }
    }
    return n;
}

// What 2023-24, 2023/24, 2023/2024, 202324 and 202305 should be; empty for other labels.
static Str suggest_label(Arena *a, Str text) {
    char digits[8];
    size_t n = gather_digits(text, digits, sizeof digits);
    if (n < 6) {
        return (Str){0};
    }
    Str year = {digits, 4}, last = {digits + n - 2, 2};
    Str two_years = arena_printf(a, "FY%.*s-%.*s", STR_ARG(year), STR_ARG(last));
    Str month = arena_printf(a, "%.*s-%.*s", STR_ARG(year), STR_ARG(last));
    Period ignored;
    if (period_parse(two_years, &ignored)) {
        return arena_printf(a, "write %.*s for a financial year, AY%.*s/%.*s for an academic year",
                            STR_ARG(two_years), STR_ARG(year), STR_ARG(last));
    }
    bool is_month = n == 6 && period_parse(month, &ignored);
    return is_month ? arena_printf(a, "write %.*s for the month", STR_ARG(month)) : (Str){0};
}

static void report_label(IngestFile *f, const Cell *cell, Str text) {
    DiagList *d = f->in->diags;
    Str shown = figure_shown(d->arena, text), better = suggest_label(d->arena, text);
    Diag *diag = diag_add(d, D_PERIOD_LABEL, figure_place(f->file, cell),
                          "\"%.*s\" in column \"%.*s\" is not a period", STR_ARG(shown),
                          STR_ARG(f->choice.input->period_column));
    diag->hint = better.len > 0
                     ? better
                     : STR("the forms are 2023-05-31, 2023-05 (month), 2023-Q2, 2023, FY2023-24 "
                           "(financial year), FY2023-24-Q1, AY2023/24 (academic year)");
}

static void report_label_kind(IngestFile *f, const Cell *cell, Str text, PeriodKind kind) {
    DiagList *d = f->in->diags;
    Str is = period_kind_words(kind), wanted = period_kind_words(f->choice.input->period_as);
    Str block = figure_block(d->arena, f->choice.input);
    Diag *diag = diag_add(d, D_PERIOD_LABEL, figure_place(f->file, cell),
                          "\"%.*s\" in column \"%.*s\" is a %.*s, and no %.*s can be told from it",
                          STR_ARG(text), STR_ARG(f->choice.input->period_column), STR_ARG(is),
                          STR_ARG(wanted));
    diag->hint =
        arena_printf(d->arena, "take `as %.*s` out of %.*s, or give days such as 2023-05-31",
                     STR_ARG(wanted), STR_ARG(block));
}

static bool read_label(IngestFile *f, const Cell *cell, Str text, Period *out) {
    PeriodKind as = f->choice.input->period_as;
    if (!period_parse(text, out)) {
        report_label(f, cell, text);
        return false;
    }
    if (as == PERIOD_NONE || out->kind == as) {
        return true;
    }
    if (out->kind != PERIOD_DAY) {
        report_label_kind(f, cell, text, out->kind);
        return false;
    }
    *out = period_of_day(*out, as);
    return true;
}

static bool read_period(IngestFile *f, const Record *r, Period *out) {
    const Input *input = f->choice.input;
    *out = input->period;
    if (input->period_column.len == 0) {
        return true;
    }
    Cell cell = ingest_cell(f, r, COLUMN_PERIOD);
    Str text = str_trim(cell.text);
    if (text.len == 0) {
        ingest_report_blank(f, &cell, input->period_column, "period");
        return false;
    }
    if (str_eq(text, (Str){f->label, f->label_len})) {
        *out = f->period;
        return true;
    }
    if (!read_label(f, &cell, text, out)) {
        return false;
    }
    // A label that is a period is shorter than the room.
    memcpy(f->label, text.s, text.len);
    f->label_len = text.len;
    f->period = *out;
    return true;
}

static bool read_entity(IngestFile *f, const Record *r, uint32_t *out) {
    const Input *input = f->choice.input;
    Str text = input->entity;
    if (input->entity_column.len > 0) {
        Cell cell = ingest_cell(f, r, COLUMN_ENTITY);
        text = str_trim(cell.text);
        if (text.len == 0) {
            ingest_report_blank(f, &cell, input->entity_column, "entity");
            return false;
        }
    }
    *out = intern_add(&f->in->store->entities, text);
    return *out != INTERN_NONE;
}

bool ingest_key(IngestFile *f, const Record *r, IngestKey *out) {
    out->place = (Place){.file = f->file, .line = r->line};
    bool ok = read_period(f, r, &out->period);
    return read_entity(f, r, &out->entity) && ok;
}
