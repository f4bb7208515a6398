// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/row_format.h"

#include <string.h>

#include "runtime/edges/write.h"
#include "runtime/engine/explain.h"

// ---- making -------------------------------------------------------------------------------------

typedef struct Maker {
    Arena *arena;
    const Program *p;
    const Kpi *kpi;
    Str rules_hash;
    Buf fixed; // text that the next part begins with
    RowFormat *out;
} Maker;

// A copy behind which buf_copy_wide may read.
static Str wide_copy(Arena *a, Str s) {
    char *copy = arena_alloc(a, s.len + BUF_SLACK);
    if (copy && s.len > 0)
        memcpy(copy, s.s, s.len);
    return (Str){copy, copy ? s.len : 0};
}

static void put_fixed(Maker *m, Str cell) {
    csv_put_text(&m->fixed, cell, false);
}

static Part *add_part(Maker *m, PartKind kind) {
    Part *part = &m->out->parts[m->out->n++];
    *part = (Part){.kind = kind};
    return part;
}

// The text gathered so far becomes a part of its own.
static void end_fixed(Maker *m) {
    if (m->fixed.len == 0)
        return;
    add_part(m, PART_TEXT)->text = wide_copy(m->arena, buf_str(&m->fixed));
    m->out->room += m->fixed.len;
    m->fixed.len = 0;
}

// Level names with the text gathered so far before them, so that both are written in one.
static void add_levels(Maker *m, PartKind kind, uint16_t reg, uint32_t scale, Str missing) {
    const Scale *s = &m->p->scales[scale];
    Str *texts = ARENA_ARRAY(m->arena, Str, s->n_levels + 1);
    Part *part = add_part(m, kind);
    part->reg = reg;
    part->n_levels = s->n_levels;
    part->texts = texts;
    size_t before = m->fixed.len, longest = 0;
    for (uint32_t i = 0; texts && i <= s->n_levels; i++) {
        m->fixed.len = before;
        put_fixed(m, i < s->n_levels ? s->levels[i].name : missing);
        texts[i] = wide_copy(m->arena, buf_str(&m->fixed));
        longest = m->fixed.len > longest ? m->fixed.len : longest;
    }
    m->out->room += longest;
    m->fixed.len = 0;
}

static void add_figure(Maker *m, uint16_t reg, int decimals) {
    if (reg == NO_REG)
        return;
    end_fixed(m);
    Part *part = add_part(m, PART_FIGURE);
    part->reg = reg;
    part->decimals = decimals;
    m->out->room += NUMBER_SHOWN_ROOM;
}

static void add_place(Maker *m, PartKind kind) {
    end_fixed(m);
    add_part(m, kind);
    m->out->room += kind == PART_PERIOD ? PERIOD_ROOM : 0;
}

static void add_other(Maker *m, const Column *c) {
    end_fixed(m);
    add_part(m, PART_COLUMN)->column = c;
    m->out->needs_result = true;
}

// The texts that do not depend on the row, and those of its key.
static void add_text(Maker *m, const Column *c) {
    const Kpi *k = m->kpi;
    switch (c->field) {
    case offsetof(bs_result, kpi):
        put_fixed(m, k->name);
        return;
    case offsetof(bs_result, source):
        put_fixed(m, k->source);
        return;
    case offsetof(bs_result, note):
        put_fixed(m, k->note);
        return;
    case offsetof(bs_result, status_name):
        put_fixed(m, k->status_name);
        return;
    case offsetof(bs_result, direction):
        if (k->direction != NO_REG)
            add_levels(m, PART_LEVEL, k->direction, result_direction_scale(m->p, k), (Str){0});
        return;
    case offsetof(bs_result, entity):
        add_place(m, PART_ENTITY);
        return;
    case offsetof(bs_result, period):
        add_place(m, PART_PERIOD);
        return;
    default: // an offset, not an enumeration
        add_other(m, c);
        return;
    }
}

static void add_named(Maker *m, const Column *c) {
    const Kpi *k = m->kpi;
    for (uint32_t i = 0; i < k->n_levels; i++) {
        if (str_eq(k->levels[i].name, c->name)) {
            add_levels(m, PART_LEVEL, k->levels[i].reg, k->levels[i].scale, (Str){0});
            return;
        }
    }
    for (uint32_t i = 0; i < k->n_figures; i++) {
        if (str_eq(k->figures[i].name, c->name)) {
            add_figure(m, k->figures[i].reg, result_decimals(m->p, k, &k->figures[i]));
            return;
        }
    }
}

static void add_status(Maker *m) {
    const Kpi *k = m->kpi;
    if (k->has_status)
        add_levels(m, PART_STATUS, k->status, k->status_scale, outcome_words(BS_NO_DATA));
    else
        put_fixed(m, outcome_words(BS_UNJUDGED));
}

static void add_column(Maker *m, const Column *c) {
    switch (c->kind) {
    case COLUMN_TEXT:
        add_text(m, c);
        return;
    case COLUMN_LABEL:
        put_fixed(m, m->kpi->label.len > 0 ? m->kpi->label : m->kpi->name);
        return;
    case COLUMN_FIGURE:
        if (c->field == offsetof(bs_result, value))
            add_figure(m, m->kpi->value, m->kpi->decimals);
        else if (c->field == offsetof(bs_result, previous))
            add_figure(m, m->kpi->previous, m->kpi->decimals);
        else
            add_other(m, c);
        return;
    case COLUMN_STATUS:
        add_status(m);
        return;
    case COLUMN_HASH:
        put_fixed(m, m->rules_hash);
        return;
    case COLUMN_NAMED:
        add_named(m, c);
        return;
    case COLUMN_EXACT:
    case COLUMN_LINE:
    case COLUMN_OUTCOME:
    case COLUMN_MISSING:
    case COLUMN_TARGET:
    case COLUMN_TARGET_EXACT:
    case COLUMN_COMPARATORS:
    case COLUMN_STATUS_AS_OF:
    case COLUMN_LEVELS_AS_OF:
    case COLUMN_LEVELS:
    case COLUMN_RULE:
    case COLUMN_DATA:
        add_other(m, c);
        return;
    }
}

bool row_format_make(Arena *a, const Program *p, const Kpi *kpi, const Columns *columns,
                     Str rules_hash, RowFormat *out) {
    *out = (RowFormat){.kpi = kpi, .parts = ARENA_ARRAY(a, Part, 2 * columns->n + 1)};
    Maker m = {.arena = a, .p = p, .kpi = kpi, .rules_hash = rules_hash, .out = out};
    for (size_t i = 0; out->parts && i < columns->n; i++) {
        if (i > 0)
            buf_char(&m.fixed, ',');
        // A single column may have to be in quotes when it is empty: csv_put_text knows.
        if (columns->n == 1)
            add_other(&m, &columns->v[i]);
        else
            add_column(&m, &columns->v[i]);
    }
    buf_char(&m.fixed, '\n');
    if (out->parts)
        end_fixed(&m);
    bool ok = !a->failed && !m.fixed.failed;
    buf_free(&m.fixed);
    return ok;
}

// ---- printing -----------------------------------------------------------------------------------

void row_printer_init(RowPrinter *r, ResultMaker *maker, Str rules_hash) {
    *r = (RowPrinter){.maker = maker, .rules_hash = rules_hash};
    arena_init(&r->cells, 0);
}

void row_printer_free(RowPrinter *r) {
    arena_free(&r->cells);
    buf_free(&r->out);
    buf_free(&r->cell);
}

static Str entity_cell(RowPrinter *r, uint32_t entity) {
    while (r->entities.n <= entity) {
        Str name = intern_text(&r->maker->store->entities, (uint32_t)r->entities.n);
        r->cell.len = 0;
        csv_put_text(&r->cell, name, false);
        Str cell = wide_copy(&r->cells, buf_str(&r->cell));
        if (!cell.s || !VEC_PUSH(&r->cells, &r->entities, cell))
            return (Str){0};
    }
    return r->entities.v[entity];
}

static inline char *put(char *to, Str s) {
    return buf_copy_wide(to, s.s, s.len);
}

static char *put_figure(RowPrinter *r, char *to, const Kpi *k, const Part *part, size_t i) {
    Number n = vm_numbers(r->maker->vm, part->reg)[i];
    int decimals = part->decimals;
    if (vm_whys(r->maker->vm, part->reg)[i])
        return to;
    char *behind = decimals >= 0 ? number_write_rounded(to, n, (unsigned)decimals, k->mode) : NULL;
    if (behind)
        return behind;
    r->out.len = (size_t)(to - r->out.s);
    explain_figure(&r->out, n, decimals, k->mode);
    return NULL;
}

static void put_column(RowPrinter *r, const RowFormat *f, const Column *c,
                       const bs_result *result) {
    r->cell.len = 0;
    column_text(&r->cell, c, result, r->rules_hash);
    csv_put_text(&r->out, buf_str(&r->cell), f->n == 2);
}

// Parts from [*part] on, until one that needs more room than was made.
static void put_parts(RowPrinter *r, const RowFormat *f, Lane lane, size_t i, size_t *part) {
    const Vm *vm = r->maker->vm;
    Str entity = entity_cell(r, lane.entity);
    char *to = buf_reserve(&r->out, f->room + entity.len + BUF_SLACK);
    if (!to || !entity.s)
        return;
    while (*part < f->n && f->parts[*part].kind != PART_COLUMN) {
        const Part *at = &f->parts[(*part)++];
        switch (at->kind) {
        case PART_TEXT:
            to = put(to, at->text);
            break;
        case PART_ENTITY:
            to = put(to, entity);
            break;
        case PART_PERIOD:
            to = period_write(to, lane.period);
            break;
        case PART_FIGURE:
            to = put_figure(r, to, f->kpi, at, i);
            if (!to)
                return;
            break;
        case PART_LEVEL: {
            bool missing = vm_whys(vm, at->reg)[i] != 0;
            to = put(to, at->texts[missing ? at->n_levels : vm_bytes(vm, at->reg)[i]]);
            break;
        }
        case PART_STATUS: {
            uint8_t level = vm_status_columns(vm, at->reg).level[i];
            to = put(to, at->texts[level == LEVEL_NO_DATA ? at->n_levels : level]);
            break;
        }
        case PART_COLUMN:
            break;
        }
    }
    r->out.len = (size_t)(to - r->out.s);
}

void row_print(RowPrinter *r, const RowFormat *f, Lane lane, size_t i) {
    bs_result result;
    if (f->needs_result)
        result_make(r->maker, lane, i, &result);
    for (size_t part = 0; part < f->n && !r->out.failed && !r->cells.failed;) {
        if (f->parts[part].kind == PART_COLUMN)
            put_column(r, f, f->parts[part++].column, &result);
        else
            put_parts(r, f, lane, i, &part);
    }
    r->out.failed |= r->cell.failed;
}
