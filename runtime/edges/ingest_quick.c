// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/ingest_quick.h"

#include <string.h>

typedef enum QuickRole {
    QUICK_PASS, // a column that is not read
    QUICK_ENTITY,
    QUICK_PERIOD,
    QUICK_METRIC,
    QUICK_VALUE,
    QUICK_FIGURE,
    QUICK_TEXT,
} QuickRole;

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
           input->n_wheres == 0 && f->in->ids.n > 0 && symbols_are_no_figures(input) && columns_differ(f);
}

// ---- columns ------------------------------------------------------------------------------------

static void set_role(Quick *q, size_t column, QuickRole role, uint32_t field) {
    size_t at = ingest_columns_at(&q->file->choice.columns, column);
    if (at < q->n_columns)
        q->columns[at] = (QuickColumn){(uint8_t)role, field};
}

bool quick_begin(Quick *q, Arena *a, const IngestFile *f, Store *store) {
    const IngestColumns *c = &f->choice.columns;
    const Input *input = c->input;
    *q = (Quick){.file = f,
                 .store = store,
                 .quote = records_quote(f->choice.records),
                 .entity = INTERN_NONE,
                 .period = input->period};
    records_header(f->choice.records, &q->n_columns);
    q->columns = ARENA_ARRAY(a, QuickColumn, q->n_columns);
    q->has_field = ARENA_ARRAY(a, bool, store->n_fields);
    q->figures = ARENA_ARRAY(a, Figure, store->n_fields);
    q->behind = ARENA_ARRAY(a, uint32_t, f->in->ids.n);
    if (a->failed)
        return false;
    set_role(q, COLUMN_ENTITY, QUICK_ENTITY, 0);
    set_role(q, COLUMN_PERIOD, QUICK_PERIOD, 0);
    set_role(q, COLUMN_METRIC, QUICK_METRIC, 0);
    set_role(q, COLUMN_VALUE, QUICK_VALUE, FIELD_VALUE);
    q->has_field[FIELD_VALUE] = true;
    if (input->entity_column.len == 0)
        q->entity = intern_add(&store->entities, input->entity);
    for (uint32_t i = 0; i < input->n_fields; i++) {
        const FieldColumn *field = &input->fields[i];
        set_role(q, c->first_field + i, field->is_text ? QUICK_TEXT : QUICK_FIGURE, field->field);
        q->has_field[field->field] |= ingest_columns_at(c, c->first_field + i) != INGEST_NO_COLUMN;
    }
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

static const int64_t powers_of_ten[QUICK_MAX_DIGITS + 1] = {
    1,
    10,
    100,
    1000,
    10000,
    100000,
    1000000,
    10000000,
    100000000,
    1000000000,
    10000000000,
    100000000000,
    1000000000000,
    10000000000000,
    100000000000000,
    1000000000000000,
    10000000000000000,
    100000000000000000,
    1000000000000000000,
};

// Digits, with a point among them or not, with a minus before them or not.
static inline bool read_digits(Str s, Number *out) {
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
    *out = (Number){i ? -value : value, powers_of_ten[n_decimals]};
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

static inline bool read_figure(const Quick *q, Str text, Figure *out) {
    if (read_digits(text, &out->number)) {
        out->why = 0;
        return true;
    }
    out->number = number_int(0);
    return find_symbol(q->file->choice.input, text, &out->why);
}

static bool read_text(const Quick *q, Str text, Figure *out) {
    *out = (Figure){.number = number_int(0), .why = WHY(REASON_NOT_AVAILABLE)};
    if (text.len == 0)
        return true;
    if (may_be_trimmed(text))
        return false;
    uint32_t id = intern_add(&q->store->texts, text);
    *out = (Figure){.number = number_int(id)};
    return id != INTERN_NONE;
}

// Nothing about the value that the metric forbids or a reader must be told of.
static inline bool fits_metric(const Metric *m, const Figure *value) {
    Number n = value->number;
    if (value->why)
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

static inline bool read_period(Quick *q, Str text) {
    if (str_same((Str){q->label, q->label_len}, text))
        return true;
    PeriodKind as = q->file->choice.input->period_as;
    Period period;
    if (!period_parse(text, &period) || (as != PERIOD_NONE && period.kind != as))
        return false;
    memcpy(q->label, text.s, text.len); // a label that is a period is shorter than the room
    q->label_len = text.len;
    q->period = period;
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
static inline bool take_cell(const char *s, size_t from, size_t to, char quote, Str *out) {
    *out = (Str){s + from, to - from};
    if (to == from || s[from] != quote)
        return true;
    *out = (Str){s + from + 1, to - from - 2};
    return to - from >= 2 && memchr(out->s, quote, out->len) == NULL;
}

static inline bool read_cell(Quick *q, const QuickColumn *c, Str text, uint32_t *metric) {
    switch ((QuickRole)c->role) {
    case QUICK_PASS:
        return true;
    case QUICK_ENTITY:
        return read_entity(q, text);
    case QUICK_PERIOD:
        return read_period(q, text);
    case QUICK_METRIC:
        return read_metric(q, text, metric);
    case QUICK_VALUE:
    case QUICK_FIGURE:
        return read_figure(q, text, &q->figures[c->field]);
    case QUICK_TEXT:
        return read_text(q, text, &q->figures[c->field]);
    }
    return false;
}

static bool add_row(Quick *q, uint32_t metric, uint32_t line) {
    Store *s = q->store;
    const Ingest *in = q->file->in;
    if (!fits_metric(&in->program->metrics[metric], &q->figures[FIELD_VALUE]))
        return false;
    uint32_t at = store_add(s, (Observation){.metric = metric,
                                             .entity = q->entity,
                                             .period = q->period,
                                             .file = q->file->file,
                                             .line = line});
    for (uint32_t i = 0; at != OBS_NONE && i < s->n_fields; i++) {
        if (q->has_field[i])
            store_set(s, at, i, q->figures[i].number, q->figures[i].why);
    }
    return at != OBS_NONE;
}

// Reads the row at [*from] and moves behind it. False when it is of another form.
static bool read_row(Quick *q, const Chunk *chunk, Ends *ends, size_t *from, uint32_t line) {
    const char *s = chunk->s;
    char quote = q->quote;
    uint32_t metric = 0;
    bool ok = true;
    size_t column = 0;
    for (;;) {
        size_t to = next_end(ends), cell_end = to;
        bool last = s[to] == '\n';
        if (last && to > *from && s[to - 1] == '\r')
            cell_end--;
        Str text;
        ok = ok && column < q->n_columns && take_cell(s, *from, cell_end, quote, &text) &&
             read_cell(q, &q->columns[column], text, &metric);
        column++;
        *from = to + 1;
        if (last)
            break;
    }
    return ok && column == q->n_columns && add_row(q, metric, line);
}

bool quick_read(Quick *q, const Chunk *chunk, Arena *a, QuickLeftRows *left) {
    Store *s = q->store;
    Ends ends = {.words = chunk->index.ends, .left = chunk->index.ends[0]};
    uint32_t line = chunk->line;
    for (size_t from = 0; from < chunk->len; line++) {
        size_t start = from;
        if (read_row(q, chunk, &ends, &from, line))
            continue;
        if (!VEC_PUSH(a, left, (QuickLeft){start, from - start, line, s->n}) || s->arena->failed)
            return false;
    }
    return true;
}
