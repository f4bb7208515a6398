// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/table_layout.h"

#include <string.h>

#include "runtime/edges/table_text.h"

enum {
    OWN_COLUMNS_MAX = 3, // more comparators (or band tables) than this share one column
    NEED_ALWAYS = 95,    // a column of this need is never dropped: without it a row says nothing
    WIDEST_TEXT = 60,    // a longer text wraps even where there is room
};

static bool is_empty(const TableRows *rows, size_t column) {
    for (size_t i = 0; i < rows->n; i++) {
        if (rows->v[i].cells[column].len > 0)
            return false;
    }
    return true;
}

static bool is_shared(const TableRows *rows, size_t column) {
    for (size_t i = 1; i < rows->n; i++) {
        if (!str_eq(rows->v[i].cells[column], rows->v[0].cells[column]))
            return false;
    }
    return true;
}

// The title tells whom and when the table is about, and the KPI where many rows are about one.
static bool belongs_in_title(const Column *c, const TableRows *rows, size_t index) {
    bool whom_or_when = str_eq(c->name, STR("entity")) || str_eq(c->name, STR("period"));
    bool what = c->kind == COLUMN_LABEL && rows->n > 1;
    return (whom_or_when || what) && is_shared(rows, index);
}

// Named columns of one sort that hold anything.
static size_t count_named(const Columns *columns, const TableRows *rows, bool figures) {
    size_t n = 0;
    for (size_t i = 0; i < columns->n; i++) {
        const Column *c = &columns->v[i];
        n += c->kind == COLUMN_NAMED && c->number == figures && !is_empty(rows, i);
    }
    return n;
}

// Of the columns that say the same thing, one by one or gathered, only one way is shown.
static bool is_doubled(const Columns *columns, const TableRows *rows, const Column *c) {
    bool figures = c->kind == COLUMN_COMPARATORS || c->number;
    bool gathers = c->kind == COLUMN_COMPARATORS || c->kind == COLUMN_LEVELS;
    if (!gathers && c->kind != COLUMN_NAMED)
        return false;
    size_t n = count_named(columns, rows, figures);
    bool one_by_one = n > 0 && n <= OWN_COLUMNS_MAX;
    return gathers == one_by_one;
}

static size_t larger(size_t a, size_t b) {
    return a > b ? a : b;
}
static size_t smaller(size_t a, size_t b) {
    return a < b ? a : b;
}

static void measure(LaidColumn *l, const TableRows *rows) {
    const Column *c = l->column;
    size_t widest = 0, whole = 0, rest = 0; // of numbers: left and right of the point
    for (size_t i = 0; i < rows->n; i++) {
        Str s = rows->v[i].cells[l->index];
        size_t width = str_width(s), left = str_width(str_slice(s, 0, figure_whole(s)));
        widest = larger(widest, width);
        whole = larger(whole, left);
        rest = larger(rest, width - left);
    }
    if (c->number)
        widest = whole + rest;
    else if (c->least > 0)
        widest = smaller(widest, WIDEST_TEXT);
    size_t heading = longest_word(c->heading);
    l->width = larger(widest, heading);
    l->least = c->least > 0 ? smaller(l->width, larger(c->least, heading)) : l->width;
    l->point = l->width - rest;
}

static size_t total_width(const TableLayout *l, bool least) {
    size_t total = l->n > 0 ? (l->n - 1) * TABLE_GAP : 0;
    for (size_t i = 0; i < l->n; i++)
        total += least ? l->v[i].least : l->v[i].width;
    return total;
}

size_t layout_width(const TableLayout *l) {
    return total_width(l, false);
}

// Drops the column needed least; false when all that are left are needed always.
static bool drop_one(TableLayout *l) {
    size_t at = l->n;
    for (size_t i = 0; i < l->n; i++) {
        if (at == l->n || l->v[i].column->need < l->v[at].column->need)
            at = i;
    }
    if (at == l->n || l->v[at].column->need >= NEED_ALWAYS)
        return false;
    l->dropped[l->n_dropped++] = l->v[at].index;
    memmove(&l->v[at], &l->v[at + 1], (l->n - at - 1) * sizeof *l->v);
    l->n--;
    return true;
}

// Takes [excess] characters from the widest columns that may give some, one at a time, so that
// they come to be of like width.
static void narrow(TableLayout *l, size_t excess) {
    for (; excess > 0; excess--) {
        LaidColumn *widest = NULL;
        for (size_t i = 0; i < l->n; i++) {
            LaidColumn *c = &l->v[i];
            if (c->width > c->least && (!widest || c->width > widest->width))
                widest = c;
        }
        if (!widest)
            return;
        widest->width--;
    }
}

bool layout_make(Arena *a, const Columns *columns, const TableRows *rows, size_t width,
                 TableLayout *out) {
    *out = (TableLayout){.v = ARENA_ARRAY(a, LaidColumn, columns->n),
                         .shared = ARENA_ARRAY(a, size_t, columns->n),
                         .dropped = ARENA_ARRAY(a, size_t, columns->n)};
    if (!out->v || !out->shared || !out->dropped)
        return false;
    for (size_t i = 0; i < columns->n; i++) {
        const Column *c = &columns->v[i];
        if (!columns->chosen && (is_empty(rows, i) || is_doubled(columns, rows, c)))
            continue;
        if (!columns->chosen && belongs_in_title(c, rows, i)) {
            out->shared[out->n_shared++] = i;
            continue;
        }
        LaidColumn *l = &out->v[out->n++];
        *l = (LaidColumn){.column = c, .index = i};
        measure(l, rows);
    }
    if (width == 0)
        return true;
    while (!columns->chosen && total_width(out, true) > width && drop_one(out)) {
    }
    size_t total = total_width(out, false);
    narrow(out, total > width ? total - width : 0);
    return true;
}
