// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/import_polarity.h"

#include "runtime/edges/import_table.h"
#include "runtime/edges/inspect_profile.h"

// ---- cells --------------------------------------------------------------------------------------

static bool has_bounds(const ImportCell *c) {
    return c->kind == IMPORT_BAND || c->kind == IMPORT_BARE;
}

// -1, 0, 1: where [y] begins, and where it ends, against [x]. A side without a bound lies beyond
// all numbers.
static int compare_lows(const ImportCell *x, const ImportCell *y) {
    if (!x->has_low || !y->has_low)
        return (int)y->has_low - (int)x->has_low;
    return number_cmp(y->low, x->low);
}

static int compare_highs(const ImportCell *x, const ImportCell *y) {
    if (!x->has_high || !y->has_high)
        return (int)x->has_high - (int)y->has_high;
    return number_cmp(y->high, x->high);
}

static Told told_by_pair(const ImportCell *worse, const ImportCell *better) {
    int low = compare_lows(worse, better), high = compare_highs(worse, better);
    if (low >= 0 && high >= 0)
        return low + high > 0 ? TOLD_HIGH : TOLD_NOTHING;
    return low <= 0 && high <= 0 ? TOLD_LOW : TOLD_BOTH;
}

// A single band tells when it is open to a side: 90+ for the best level, or <65 for the worst.
static Told told_by_one(const ImportCell *c, size_t i, size_t n) {
    bool up = !c->has_high, down = !c->has_low;
    if (n < 2 || up == down || (i > 0 && i + 1 < n))
        return TOLD_NOTHING;
    return up == (i > 0) ? TOLD_HIGH : TOLD_LOW;
}

static Told join(Told a, Told b) {
    if (a == TOLD_NOTHING || a == b)
        return b;
    return b == TOLD_NOTHING ? a : TOLD_BOTH;
}

Told told_by_cells(const ImportCell *cells, size_t n) {
    Told told = TOLD_NOTHING;
    size_t before = n, n_bounds = 0;
    for (size_t i = 0; i < n; i++) {
        if (cells[i].kind == IMPORT_DIRECTION && cells[i].way != WAY_UNSAID)
            told = join(told, cells[i].way == WAY_UP ? TOLD_HIGH : TOLD_LOW);
        if (!has_bounds(&cells[i]))
            continue;
        if (before < n)
            told = join(told, told_by_pair(&cells[before], &cells[i]));
        before = i;
        n_bounds++;
    }
    return n_bounds == 1 ? join(told, told_by_one(&cells[before], before, n)) : told;
}

// ---- words --------------------------------------------------------------------------------------

static bool has_any(Str snake, const char *const *words) {
    for (size_t i = 0; words[i]; i++) {
        if (snake_has(snake, str_from(words[i])))
            return true;
    }
    return false;
}

Str told_by_words(Arena *a, Str text) {
    static const char *const highs[] = {"high", "higher",   "bigger",     "larger",
                                        "more", "increase", "increasing", "up",
                                        "max",  "maximise", "positive",   NULL};
    static const char *const lows[] = {"low",      "lower",      "smaller", "less", "fewer",
                                       "decrease", "decreasing", "reduce",  "down", "min",
                                       "minimise", "negative",   NULL};
    static const char *const neithers[] = {"not_judged", "neutral", "contextual", "neither", NULL};
    if (text.len > IMPORT_MAX_BAND)
        return STR("");
    Str plain = import_plain(a, text), snake = snake_name(a, plain);
    Number number;
    if (str_starts(plain, STR("near ")) &&
        number_parse(a, str_slice(plain, 5, plain.len), false, &number) == NUMBER_OK)
        return plain;
    for (size_t i = 0; neithers[i]; i++) {
        if (str_eq(snake, str_from(neithers[i])))
            return STR("not judged");
    }
    bool high = has_any(snake, highs), low = has_any(snake, lows);
    if (high == low || snake_has(snake, STR("not")))
        return STR("");
    return high ? STR("high") : STR("low");
}

// ---- the file -----------------------------------------------------------------------------------

static bool report_line(PolarityFile *p, unsigned line, Str measure, Str good) {
    Diag *d = diag_add(p->d, D_POLARITY_GIVEN, (Place){.file = p->file, .line = line},
                       "\"%.*s\" does not say which way is good for \"%.*s\"", STR_ARG(good),
                       STR_ARG(measure));
    d->hint = STR("write high, low, near NUMBER or not judged in the second column");
    return false;
}

static bool add_line(PolarityFile *p, Arena *a, const ImportRow *row, bool first) {
    PolarityLine line = {.measure = import_text(row, 0), .line = row->line};
    Str text = import_text(row, 1);
    line.good = told_by_words(a, text);
    if (line.good.len == 0)
        return first || text.len == 0 || report_line(p, row->line, line.measure, text);
    for (size_t i = 0; i < p->lines.n; i++) {
        const PolarityLine *other = &p->lines.v[i];
        if (!str_eq(other->measure, line.measure) || str_eq(other->good, line.good))
            continue;
        Diag *d =
            diag_add(p->d, D_POLARITY_GIVEN, (Place){.file = p->file, .line = row->line},
                     "\"%.*s\" has two answers: %.*s here, %.*s on line %u", STR_ARG(line.measure),
                     STR_ARG(line.good), STR_ARG(other->good), other->line);
        d->hint = STR("take one of the lines out");
        return false;
    }
    return VEC_PUSH(a, &p->lines, line);
}

bool polarity_file_read(PolarityFile *p, Arena *a, DiagList *d, Str path) {
    *p = (PolarityFile){.d = d, .file = diag_file(d, path, (Str){0})};
    ImportTable t;
    if (p->file == PLACE_NO_FILE ||
        !import_table_read(&t, a, d, p->file, path, STR(""), &(RecordsOptions){0}))
        return false;
    bool ok = true;
    for (size_t i = 0; i < t.rows.n; i++)
        ok = add_line(p, a, &t.rows.v[i], i == 0) && ok;
    return ok && !a->failed;
}

PolarityLine *polarity_file_find(PolarityFile *p, Str name, Str source, Str label) {
    for (size_t i = 0; i < p->lines.n; i++) {
        PolarityLine *l = &p->lines.v[i];
        bool named = str_eq(l->measure, name) || str_eq(l->measure, label) ||
                     (source.len > 0 && str_eq(l->measure, source));
        if (l->measure.len > 0 && named) {
            l->used = true;
            return l;
        }
    }
    return NULL;
}

bool polarity_file_finish(const PolarityFile *p) {
    bool ok = true;
    for (size_t i = 0; i < p->lines.n; i++) {
        const PolarityLine *l = &p->lines.v[i];
        if (l->used)
            continue;
        ok = false;
        diag_add(p->d, D_POLARITY_GIVEN, (Place){.file = p->file, .line = l->line},
                 "the table has no measure \"%.*s\"", STR_ARG(l->measure))
            ->hint = STR("name it by its source or its label as the table has them, or by its name "
                         "in the rules");
    }
    return ok;
}
