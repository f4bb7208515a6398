// SPDX-License-Identifier: Apache-2.0
// Entity and period of a row.
#include "runtime/edges/ingest_labels.h"
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

static bool read_period(IngestFile *f, const Record *r, IngestKey *out) {
    const Input *input = f->choice.input;
    out->period = input->period;
    out->marks = 0;
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
        out->period = f->period;
        out->marks = f->label_marks;
        return true;
    }
    if (!ingest_read_label(input, text, &out->period, &out->marks)) {
        ingest_report_label(f, &cell, text);
        return false;
    }
    LabelDoubt doubt = {0};
    label_note(&doubt, input, out->period, (Place){.file = f->file, .line = cell.line});
    ingest_note_doubt(f, &doubt);
    if (text.len <= sizeof f->label) {
        memcpy(f->label, text.s, text.len);
        f->label_len = text.len;
        f->period = out->period;
        f->label_marks = out->marks;
    }
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
    bool ok = read_period(f, r, out);
    return read_entity(f, r, &out->entity) && ok;
}
