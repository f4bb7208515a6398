// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/ingest_quick.h"

#include <string.h>

#include "runtime/base/nat.h"
#include "runtime/edges/ingest_fractions.h"
#include "runtime/edges/ingest_labels.h"

// ---- what a file must be ------------------------------------------------------------------------

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// Could digits that a cell consists of be this text, or end in it?
static bool looks_like_figure(Str text) {
    return text.len > 0 && is_digit(text.s[text.len - 1]);
}

static bool symbols_are_no_figures(const Input *input) {
    for (uint32_t i = 0; i < input->n_missing; i++) {
        if (looks_like_figure(input->missing[i].text))
            return false;
    }
    for (uint32_t i = 0; i < input->n_marks; i++) {
        if (looks_like_figure(input->marks[i].text))
            return false;
    }
    return input->n_missing <= QUICK_MAX_SYMBOLS;
}

// Each column that the input names is in the file, and none is read in two ways.
static bool columns_differ(const IngestFile *f) {
    const IngestColumns *c = &f->choice.columns;
    for (size_t i = 0; i < c->first_where; i++) {
        bool optional = c->input == &f->in->standard && i >= c->first_field;
        size_t at = ingest_columns_at(c, i);
        if (c->v[i].name.len == 0)
            continue;
        if (at == INGEST_NO_COLUMN && !optional)
            return false;
        for (size_t k = 0; k < i && at != INGEST_NO_COLUMN; k++) {
            if (ingest_columns_at(c, k) == at)
                return false;
        }
    }
    return true;
}

bool quick_serves(const IngestFile *f) {
    const Input *input = f->choice.input;
    return input->layout == LAYOUT_LONG && records_format(f->choice.records) == RECORDS_CSV &&
           input->n_wheres == 0 && f->in->ids.n > 0 && symbols_are_no_figures(input) &&
           columns_differ(f);
}

// ---- columns ------------------------------------------------------------------------------------

static uint32_t column_at(const IngestFile *f, size_t column) {
    size_t at = ingest_columns_at(&f->choice.columns, column);
    return at == INGEST_NO_COLUMN ? QUICK_NO_COLUMN : (uint32_t)at;
}

static void add_figure(Quick *q, size_t column, uint32_t field, bool is_text) {
    uint32_t at = column_at(q->file, column);
    if (at == QUICK_NO_COLUMN)
        q->lacking[q->n_lacking++] = field;
    else
        q->figures[q->n_figures++] = (QuickFigure){at, field, is_text};
}

// Fields of the program that the input does not name are lacking too.
static void add_fields(Quick *q, const Input *input) {
    const IngestColumns *c = &q->file->choice.columns;
    add_figure(q, COLUMN_VALUE, FIELD_VALUE, false);
    for (uint32_t field = FIELD_VALUE + 1; field < q->store->n_fields; field++) {
        uint32_t i = 0;
        while (i < input->n_fields && input->fields[i].field != field)
            i++;
        if (i < input->n_fields)
            add_figure(q, c->first_field + i, field, input->fields[i].is_text);
        else
            q->lacking[q->n_lacking++] = field;
    }
}

bool quick_begin(Quick *q, Arena *a, const IngestFile *f, Store *store) {
    const Input *input = f->choice.input;
    *q = (Quick){.file = f,
                 .store = store,
                 .quote = records_quote(f->choice.records),
                 .entity_column = column_at(f, COLUMN_ENTITY),
                 .period_column = column_at(f, COLUMN_PERIOD),
                 .metric_column = column_at(f, COLUMN_METRIC),
                 .entity = INTERN_NONE,
                 .period = input->period};
    records_header(f->choice.records, &q->n_columns);
    q->starts = ARENA_ARRAY(a, size_t, q->n_columns + 1);
    q->figures = ARENA_ARRAY(a, QuickFigure, store->n_fields);
    q->lacking = ARENA_ARRAY(a, uint32_t, store->n_fields);
    q->behind = ARENA_ARRAY(a, uint32_t, f->in->ids.n);
    q->fractions = fractions_begin(a, f->in->program);
    if (a->failed)
        return false;
    if (input->entity_column.len == 0)
        q->entity = intern_add(&store->entities, input->entity);
    add_fields(q, input);
    return !store->arena->failed;
}

// ---- cells --------------------------------------------------------------------------------------

// A blank, a tab or half of a no-break space: ingest_row trims them.
static inline bool may_be_trimmed(Str s) {
    unsigned char first = (unsigned char)s.s[0], last = (unsigned char)s.s[s.len - 1];
    return first == ' ' || first == '\t' || first == 0xC2 || last == ' ' || last == '\t' ||
           last == 0xA0;
}

static inline bool is_plain_text(Str s) {
    return s.len > 0 && !may_be_trimmed(s);
}

enum { QUICK_MAX_DIGITS = 18 }; // always within an int64_t

// Digits, with a point among them or not, with a minus before them or not.
static bool read_long_digits(Str s, Number *out) {
    size_t i = s.len > 0 && s.s[0] == '-', n_decimals = 0, n = s.len - i;
    const char *digits = s.s + i;
    int64_t value = 0;
    size_t k = 0;
    if (n - 1 > QUICK_MAX_DIGITS - 1)
        return false;
    for (; k < n && is_digit(digits[k]); k++)
        value = value * 10 + (digits[k] - '0');
    if (k == 0)
        return false;
    if (k < n) {
        size_t point = k++;
        if (digits[point] != '.' || k == n)
            return false;
        for (; k < n && is_digit(digits[k]); k++)
            value = value * 10 + (digits[k] - '0');
        if (k < n)
            return false;
        n_decimals = n - point - 1;
    }
    *out = (Number){i ? -value : value, (int64_t)nat_small_power[n_decimals]};
    return true;
}

#define EVERY_BYTE(b) (UINT64_C(0x0101010101010101) * (b))

// The value of eight digits, the first in the lowest byte: neighbours are brought together in twos,
// fours and all.
static inline uint64_t value_of_eight(uint64_t digits) {
    digits = (digits & EVERY_BYTE(0x0F)) * (10 << 8 | 1) >> 8;
    digits = (digits & UINT64_C(0x00FF00FF00FF00FF)) * (100 << 16 | 1) >> 16;
    return (digits & UINT64_C(0x0000FFFF0000FFFF)) * (UINT64_C(10000) << 32 | 1) >> 32;
}

static inline bool are_digits(uint64_t bytes) {
    uint64_t high = EVERY_BYTE(0xF0), zeros = EVERY_BYTE('0');
    return (bytes & high) == zeros && ((bytes + EVERY_BYTE(0x06)) & high) == zeros;
}

// The usual figure fits a word: its bytes are moved to the upper end, noughts put before them, and
// what stands before a point moved up by one over it. The word may reach into the chunk's slack.
static inline bool read_digits(Str s, Number *out) {
    if (s.len - 1 > 7)
        return read_long_digits(s, out);
    uint64_t bytes;
    memcpy(&bytes, s.s, sizeof bytes);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    bytes = __builtin_bswap64(bytes);
#endif
    unsigned unused = 64 - 8 * (unsigned)s.len;
    bytes <<= unused;
    uint64_t other = bytes ^ EVERY_BYTE('.');
    uint64_t points = (other - EVERY_BYTE(1)) & ~other & EVERY_BYTE(0x80);
    uint64_t decimals = 0, noughts = EVERY_BYTE('0') & ~(UINT64_MAX << unused);
    if (points != 0) {
        unsigned point = (unsigned)__builtin_ctzll(points) - 7; // the bit where its byte begins
        uint64_t below = (UINT64_C(1) << point) - 1;
        decimals = (56 - point) / 8;
        if (point == unused || decimals == 0)
            return false; // a point has digits on both sides
        bytes = (bytes & ~(below << 8 | 0xFF)) | (bytes & below) << 8;
        noughts = EVERY_BYTE('0') & ~(UINT64_MAX << (unused + 8));
    }
    bytes |= noughts;
    if (!are_digits(bytes))
        return read_long_digits(s, out);
    *out = (Number){(int64_t)value_of_eight(bytes), (int64_t)nat_small_power[decimals]};
    return true;
}

static bool find_symbol(const Input *input, Str text, Why *why) {
    for (uint32_t i = 0; i < input->n_missing; i++) {
        if (str_eq(input->missing[i].text, text)) {
            *why = WHY(input->missing[i].reason);
            return true;
        }
    }
    return false;
}

// Reads into field [field] of the observation that is being made.
static inline bool read_figure(const Quick *q, Str text, uint32_t field) {
    Why why = 0;
    Number number = number_int(0);
    if (!read_digits(text, &number) && !find_symbol(q->file->choice.input, text, &why))
        return false;
    store_set(q->store, q->store->n, field, number, why);
    return true;
}

static bool read_text(const Quick *q, Str text, uint32_t field) {
    uint32_t id = 0;
    if (text.len > 0 && may_be_trimmed(text))
        return false;
    if (text.len > 0)
        id = intern_add(&q->store->texts, text);
    store_set(q->store, q->store->n, field, number_int(id),
              text.len > 0 ? 0 : WHY(REASON_NOT_AVAILABLE));
    return id != INTERN_NONE;
}

// Nothing about the value that the metric forbids or a reader must be told of.
static inline bool fits_metric(const Quick *q, const Metric *m) {
    Why why;
    Number n = store_figure(q->store, q->store->n, FIELD_VALUE, &why);
    if (why)
        return true;
    if (m->unit.kind == UNIT_COUNT && n.den != 1 && n.num % n.den != 0)
        return false;
    return !m->has_range || (number_cmp(n, m->low) >= 0 && number_cmp(n, m->high) <= 0);
}

static inline bool read_entity(Quick *q, Str text) {
    const Store *s = q->store;
    if (q->entity != INTERN_NONE && str_same(s->entities.texts[q->entity], text))
        return true;
    if (!is_plain_text(text))
        return false;
    q->entity = intern_add(&q->store->entities, text);
    return q->entity != INTERN_NONE;
}

static inline bool read_period(Quick *q, Str text, uint32_t line) {
    if (q->label_len > 0 && str_same((Str){q->label, q->label_len}, text))
        return true;
    Period period;
    uint8_t marks;
    if (text.len > sizeof q->label || !is_plain_text(text) ||
        !ingest_read_label(q->file->choice.input, text, &period, &marks))
        return false;
    memcpy(q->label, text.s, text.len);
    q->label_len = text.len;
    label_note(&q->doubt, q->file->choice.input, period,
               (Place){.file = q->file->file, .line = line});
    q->period = period;
    q->marks = marks;
    return true;
}

// The only metric of this id.
static inline bool read_metric(Quick *q, Str text, uint32_t *metric) {
    const Ingest *in = q->file->in;
    uint32_t id = q->behind[q->id];
    if (!str_same(in->ids.texts[id], text)) {
        id = intern_find(&in->ids, text);
        if (id == INTERN_NONE)
            return false;
        q->behind[q->id] = id;
    }
    q->id = id;
    *metric = in->first_of_id[id];
    return in->metrics[*metric].same_id == UINT32_MAX;
}

// ---- rows ---------------------------------------------------------------------------------------

// Walks over the ends of cells.
typedef struct Ends {
    const uint64_t *words;
    size_t word;   // of `left`
    uint64_t left; // bits of that word that were not passed yet
} Ends;

// The chunk ends in the end of a cell, so there is a next one as long as a row has begun.
static inline size_t next_end(Ends *e) {
    while (e->left == 0)
        e->left = e->words[++e->word];
    size_t at = e->word * 64 + (size_t)__builtin_ctzll(e->left);
    e->left &= e->left - 1;
    return at;
}

// The text of a cell; false when quotes stand within it.
static inline bool take_cell(const Quick *q, const char *s, uint32_t column, Str *out) {
    size_t from = q->starts[column], to = q->starts[column + 1] - 1;
    *out = (Str){s + from, to - from};
    if (to == from || s[from] != q->quote)
        return true;
    *out = (Str){s + from + 1, to - from - 2};
    return to - from >= 2 && memchr(out->s, q->quote, out->len) == NULL;
}

// Finds the cells of the row at [from] and passes them. False when there are more or fewer than the
// header has; then [ends] is behind the row all the same.
static inline bool find_cells(Quick *q, const char *s, Ends *ends, size_t from, size_t *behind) {
    size_t at = 0, n = q->n_columns;
    q->starts[0] = from;
    for (size_t i = 1; i <= n; i++) {
        at = next_end(ends);
        q->starts[i] = at + 1;
        if (s[at] == '\n' && i < n) {
            *behind = at + 1;
            return false;
        }
    }
    bool whole = s[at] == '\n';
    while (s[at] != '\n')
        at = next_end(ends);
    *behind = at + 1;
    if (at > from && s[at - 1] == '\r')
        q->starts[n]--;
    return whole;
}

static inline bool read_key(Quick *q, const char *s, uint32_t line, uint32_t *metric) {
    Str text;
    if (q->entity_column != QUICK_NO_COLUMN &&
        !(take_cell(q, s, q->entity_column, &text) && read_entity(q, text)))
        return false;
    if (q->period_column != QUICK_NO_COLUMN &&
        !(take_cell(q, s, q->period_column, &text) && read_period(q, text, line)))
        return false;
    return take_cell(q, s, q->metric_column, &text) && read_metric(q, text, metric);
}

static inline bool read_figures(Quick *q, const char *s) {
    Str text;
    for (size_t i = 0; i < q->n_figures; i++) {
        const QuickFigure *f = &q->figures[i];
        if (!take_cell(q, s, f->column, &text) ||
            !(f->is_text ? read_text(q, text, f->field) : read_figure(q, text, f->field)))
            return false;
    }
    return true;
}

static inline void note_fraction(Quick *q, uint32_t metric, uint32_t line) {
    Why why;
    Number n = store_figure(q->store, q->store->n, FIELD_VALUE, &why);
    if (!why)
        fraction_note(&q->fractions[metric], n, (Place){.file = q->file->file, .line = line});
}

// Makes the next observation of the row whose cells were found; false when it is of another form.
static inline bool read_row(Quick *q, const char *s, uint32_t line) {
    Store *store = q->store;
    uint32_t metric = 0;
    if (!read_key(q, s, line, &metric) || !read_figures(q, s) ||
        !fits_metric(q, &q->file->in->program->metrics[metric]))
        return false;
    if (!q->fractions[metric].settled)
        note_fraction(q, metric, line);
    for (size_t i = 0; i < q->n_lacking; i++)
        store_set(store, store->n, q->lacking[i], number_int(0), WHY(REASON_NO_ROW));
    store->obs[store->n++] = (Observation){.metric = metric,
                                           .entity = q->entity,
                                           .period = q->period,
                                           .file = q->file->file,
                                           .line = line,
                                           .marks = q->marks,
                                           .replaced = OBS_NONE};
    return true;
}

bool quick_read(Quick *q, const Chunk *chunk, Arena *a, QuickLeftRows *left) {
    Store *s = q->store;
    Ends ends = {.words = chunk->index.ends, .left = chunk->index.ends[0]};
    uint32_t line = chunk->line;
    if (!store_reserve(s, chunk->index.n_lines))
        return false;
    for (size_t from = 0; from < chunk->len; line++) {
        size_t start = from;
        if (find_cells(q, chunk->s, &ends, from, &from) && read_row(q, chunk->s, line))
            continue;
        if (!VEC_PUSH(a, left, (QuickLeft){start, from - start, line, s->n}) || s->arena->failed)
            return false;
    }
    return true;
}
