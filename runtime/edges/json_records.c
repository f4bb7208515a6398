// SPDX-License-Identifier: Apache-2.0
// json-c checks each record whole; the cells are then found in the record's own text, because
// json-c keeps neither places nor the digits of whole numbers beyond 64 bits, nor a key's first
// value when the key is repeated, and lets a few things pass that are not JSON.
#include "runtime/edges/json_records.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

// A walk over the text of one record, with its place.
typedef struct Walk {
    JsonRecords *j;
    char *s;
    size_t len, at;
    uint32_t line, column;
} Walk;

static Place place_of(const JsonRecords *j, uint32_t line, uint32_t column) {
    return (Place){.file = j->file, .line = line, .column = column};
}

static void report_memory(JsonRecords *j) {
    diag_add(j->d, D_NO_MEMORY, place_of(j, j->line, j->column),
             "memory ran out while reading the file");
}

static void report_syntax(JsonRecords *j, uint32_t line, uint32_t column, const char *what) {
    diag_add(j->d, D_JSON_SYNTAX, place_of(j, line, column), "this is not JSON: %s", what)->hint =
        STR("correct the file, or have it exported again");
}

// ---- between records ----------------------------------------------------------------------------

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static Str at_hand(const JsonRecords *j) {
    return (Str){j->w.s + j->w.start + j->at, j->w.end - j->w.start - j->at};
}

static void pass(JsonRecords *j, size_t n) {
    text_advance(&j->line, &j->column, str_slice(at_hand(j), 0, n));
    j->at += n;
}

typedef enum Ahead { AHEAD_SIGN, AHEAD_END, AHEAD_FAILED } Ahead;

// Passes over blanks and says what sign follows.
static Ahead look_ahead(JsonRecords *j, char *sign) {
    for (;;) {
        Str text = at_hand(j);
        size_t n = 0;
        while (n < text.len && is_blank(text.s[n]))
            n++;
        pass(j, n);
        if (n < text.len) {
            *sign = text.s[n];
            return AHEAD_SIGN;
        }
        j->w.start += j->at;
        j->at = 0;
        WindowMore more = window_more(&j->w);
        if (more == WINDOW_MORE)
            continue;
        window_report(&j->w, more, j->line, j->line, j->column);
        return more == WINDOW_END ? AHEAD_END : AHEAD_FAILED;
    }
}

// ---- the text of a record -----------------------------------------------------------------------

static const char *syntax_words(enum json_tokener_error e) {
    switch (e) {
    case json_tokener_error_parse_eof:
    case json_tokener_continue:
        return "the record is not closed";
    case json_tokener_error_parse_null:
    case json_tokener_error_parse_boolean:
        return "a word that is none of true, false, null";
    case json_tokener_error_parse_number:
        return "a number written another way than JSON has it";
    case json_tokener_error_parse_array:
        return "an array that does not go on with a comma or ]";
    case json_tokener_error_parse_object_key_name:
        return "a key must stand in double quotation marks";
    case json_tokener_error_parse_object_key_sep:
        return "a colon must follow the key";
    case json_tokener_error_parse_object_value_sep:
        return "a comma or } must follow the value";
    case json_tokener_error_parse_string:
        return "a backslash that stands for no character";
    case json_tokener_success:
    case json_tokener_error_depth:
    case json_tokener_error_parse_unexpected:
    case json_tokener_error_parse_comment:
    case json_tokener_error_parse_utf8_string:
    case json_tokener_error_size:
        break;
    }
    return "unexpected here";
}

static void report_refusal(JsonRecords *j, size_t n_taken, enum json_tokener_error e) {
    uint32_t line = j->line, column = j->column;
    text_advance(&line, &column, str_slice(at_hand(j), 0, n_taken));
    if (e == json_tokener_error_depth)
        diag_add(j->d, D_JSON_NESTED, place_of(j, line, column),
                 "objects and arrays stand more than %d deep in each other", RECORDS_MAX_JSON_DEPTH)
            ->hint = STR("bring the values to the record itself");
    else
        report_syntax(j, line, column, syntax_words(e));
}

static void report_unclosed(JsonRecords *j) {
    diag_add(j->d, D_JSON_SYNTAX, place_of(j, j->line, j->column),
             "the record that starts here is not closed before the file ends")
        ->hint = STR("the file may have been cut short");
}

// Reads the record that starts at j->at up to its closing brace; *len is its length.
static bool find_record(JsonRecords *j, size_t *len) {
    json_tokener_reset(j->records);
    for (size_t n_fed = 0;;) {
        Str text = at_hand(j);
        // A window is smaller than INT_MAX.
        json_object *object =
            json_tokener_parse_ex(j->records, text.s + n_fed, (int)(text.len - n_fed));
        enum json_tokener_error e = json_tokener_get_error(j->records);
        size_t n_taken = n_fed + json_tokener_get_parse_end(j->records);
        json_object_put(object);
        if (e == json_tokener_success) {
            *len = n_taken;
            return true;
        }
        if (e != json_tokener_continue) {
            report_refusal(j, n_taken, e);
            return false;
        }
        n_fed = text.len;
        j->w.start += j->at;
        j->at = 0;
        WindowMore more = window_more(&j->w);
        if (more == WINDOW_MORE)
            continue;
        if (more == WINDOW_END) {
            report_unclosed(j);
            return false;
        }
        uint32_t line = j->line, column = j->column;
        text_advance(&line, &column, at_hand(j));
        window_report(&j->w, more, j->line, line, column);
        return false;
    }
}

// ---- the cells of a record ----------------------------------------------------------------------

static void walk_to(Walk *w, size_t to) {
    text_advance(&w->line, &w->column, (Str){w->s + w->at, to - w->at});
    w->at = to;
}

// Moves to the next byte that is neither a blank nor [sign].
static void walk_over(Walk *w, char sign) {
    size_t i = w->at;
    while (is_blank(w->s[i]) || w->s[i] == sign)
        i++;
    walk_to(w, i);
}

static bool refuse(const Walk *w, const char *what) {
    report_syntax(w->j, w->line, w->column, what);
    return false;
}

// Undoes backslashes, over the text itself: what they stand for is never longer.
static bool undo_backslashes(Walk *w, char *s, size_t len, size_t *new_len) {
    json_tokener_reset(w->j->strings);
    json_object *text = json_tokener_parse_ex(w->j->strings, s - 1, (int)(len + 2));
    int n = text ? json_object_get_string_len(text) : -1;
    bool ok = n >= 0 && (size_t)n <= len;
    if (ok) {
        memcpy(s, json_object_get_string(text), (size_t)n);
        *new_len = (size_t)n;
    }
    json_object_put(text);
    return ok || refuse(w, "a text that cannot be read");
}

// Reads the string at w->at and moves behind it.
static bool walk_string(Walk *w, Str *out) {
    if (w->s[w->at] != '"')
        return refuse(w, "keys and texts stand in double quotation marks");
    size_t from = w->at + 1, i = from;
    bool backslash = false;
    for (; i >= w->len || w->s[i] != '"'; i++) {
        if (i >= w->len || (unsigned char)w->s[i] < ' ') {
            walk_to(w, i < w->len ? i : w->len);
            return refuse(w, "a text goes over a line end or holds a control character");
        }
        if (w->s[i] == '\\') {
            backslash = true;
            i++;
        }
    }
    *out = (Str){w->s + from, i - from};
    uint32_t line = w->line, column = w->column;
    walk_to(w, i + 1);
    if (out->len > RECORDS_MAX_FIELD) {
        diag_add(w->j->d, D_CELL_TOO_LONG, place_of(w->j, line, column),
                 "the text that starts here is longer than 16 MiB")
            ->hint = STR("look for a missing quotation mark");
        return false;
    }
    return !backslash || undo_backslashes(w, w->s + from, out->len, &out->len);
}

static size_t count_digits(Str s, size_t from) {
    size_t i = from;
    while (i < s.len && s.s[i] >= '0' && s.s[i] <= '9')
        i++;
    return i - from;
}

static bool is_json_number(Str s) {
    size_t i = s.len > 0 && s.s[0] == '-';
    size_t whole = count_digits(s, i);
    if (whole == 0 || (whole > 1 && s.s[i] == '0'))
        return false;
    i += whole;
    if (i < s.len && s.s[i] == '.') {
        size_t decimals = count_digits(s, i + 1);
        if (decimals == 0)
            return false;
        i += 1 + decimals;
    }
    if (i < s.len && (s.s[i] == 'e' || s.s[i] == 'E')) {
        i++;
        i += i < s.len && (s.s[i] == '+' || s.s[i] == '-');
        size_t digits = count_digits(s, i);
        if (digits == 0)
            return false;
        i += digits;
    }
    return i == s.len;
}

static bool walk_bare(Walk *w, Cell *cell) {
    size_t i = w->at;
    while (!is_blank(w->s[i]) && w->s[i] != ',' && w->s[i] != '}')
        i++;
    Str word = {w->s + w->at, i - w->at};
    if (str_eq(word, STR("null")))
        *cell = (Cell){.text = STR(""), .kind = CELL_NULL};
    else if (str_eq(word, STR("true")) || str_eq(word, STR("false")))
        *cell = (Cell){.text = word, .kind = CELL_TRUTH};
    else if (is_json_number(word))
        *cell = (Cell){.text = word, .kind = CELL_NUMBER};
    else
        return refuse(w, "a number or word written another way than JSON has it");
    walk_to(w, i);
    return true;
}

static bool reserve(JsonRecords *j, size_t n) {
    if (n <= j->cap)
        return true;
    size_t cap = j->cap == 0 ? 64 : j->cap;
    while (cap < n)
        cap *= 2;
    Cell *cells = realloc(j->cells, cap * sizeof *cells);
    if (!cells) {
        report_memory(j);
        return false;
    }
    j->cells = cells;
    j->cap = cap;
    return true;
}

static Cell absent(uint32_t line) {
    return (Cell){.text = STR(""), .kind = CELL_ABSENT, .line = line};
}

// The cell of [key], a new one at the end for a key not seen before; NULL after adding a finding.
static Cell *cell_of(Walk *w, Str key, uint32_t line, uint32_t column) {
    JsonRecords *j = w->j;
    uint32_t n_keys = j->keys.n;
    uint32_t id = intern_add(&j->keys, key);
    if (id == INTERN_NONE) {
        report_memory(j);
        return NULL;
    }
    if (id >= RECORDS_MAX_COLUMNS) {
        diag_add(j->d, D_TOO_MANY_CELLS, place_of(j, line, column),
                 "the records have more than 65,536 different keys")
            ->hint = STR("give each record the same keys, and the names of metrics as values");
        return NULL;
    }
    if (!reserve(j, (size_t)id + 1))
        return NULL;
    if (id == n_keys)
        j->cells[id] = absent(j->line);
    if (j->cells[id].kind == CELL_ABSENT)
        return &j->cells[id];
    diag_add(j->d, D_JSON_KEY_TWICE, place_of(j, line, column),
             "the key \"%.*s\" stands twice in this record", STR_ARG(key))
        ->hint = STR("take one of them out or give it another name");
    return NULL;
}

static bool walk_value(Walk *w, Str key, Cell *cell) {
    char first = w->s[w->at];
    if (first == '{' || first == '[') {
        diag_add(w->j->d, D_JSON_NESTED, place_of(w->j, w->line, w->column),
                 "the value of \"%.*s\" is %s: a cell holds a text or a number", STR_ARG(key),
                 first == '{' ? "an object" : "an array")
            ->hint = STR("a metric file in JSON is an array of flat objects, one a record");
        return false;
    }
    uint32_t line = w->line, column = w->column;
    if (first == '"') {
        if (!walk_string(w, &cell->text))
            return false;
        cell->kind = CELL_QUOTED;
    } else if (!walk_bare(w, cell)) {
        return false;
    }
    cell->line = line;
    cell->column = column;
    return true;
}

// json-c has accepted the record, whose last byte is }: every loop here stops there at the latest.
static bool walk_record(Walk *w) {
    walk_over(w, '{');
    while (w->s[w->at] != '}') {
        uint32_t line = w->line, column = w->column;
        Str key;
        if (!walk_string(w, &key))
            return false;
        Cell *cell = cell_of(w, key, line, column);
        if (!cell)
            return false;
        walk_over(w, ':');
        if (!walk_value(w, key, cell))
            return false;
        walk_over(w, ',');
    }
    return true;
}

static RecordsNext read_record(JsonRecords *j) {
    size_t len;
    if (!find_record(j, &len) || !reserve(j, j->keys.n))
        return RECORDS_FAILED;
    for (size_t i = 0; i < j->keys.n; i++)
        j->cells[i] = absent(j->line);
    Walk w = {
        .j = j, .s = j->w.s + j->w.start + j->at, .len = len, .line = j->line, .column = j->column};
    j->record_line = j->line;
    if (!walk_record(&w))
        return RECORDS_FAILED;
    // What the walk wrote over the texts holds no line ends, so its place is the one to go on from.
    walk_to(&w, len);
    j->at += len;
    j->line = w.line;
    j->column = w.column;
    j->n_read++;
    return RECORDS_ROW;
}

// ---- the sequence of records --------------------------------------------------------------------

static RecordsNext report_not_record(JsonRecords *j, char sign) {
    bool is_value = sign == '[' || sign == '"' || sign == '-' || (sign >= '0' && sign <= '9') ||
                    sign == 't' || sign == 'f' || sign == 'n';
    if (!is_value) {
        report_syntax(j, j->line, j->column, "a record must start here with {");
        return RECORDS_FAILED;
    }
    diag_add(j->d, D_JSON_NOT_RECORDS, place_of(j, j->line, j->column),
             sign == '[' ? "an array stands where a record should: arrays of arrays are not read"
                         : "a plain value stands where a record should")
        ->hint = STR("write an object for each record: {\"area\": \"Sefton\", \"value\": 26.4}");
    return RECORDS_FAILED;
}

static RecordsNext end_array(JsonRecords *j) {
    pass(j, 1);
    j->ended = true;
    char sign;
    switch (look_ahead(j, &sign)) {
    case AHEAD_END:
        return RECORDS_END;
    case AHEAD_SIGN:
        report_syntax(j, j->line, j->column, "text follows the array of records");
        return RECORDS_FAILED;
    case AHEAD_FAILED:
        break;
    }
    return RECORDS_FAILED;
}

// In an array: passes over the comma between two records. False after adding a finding.
static bool pass_comma(JsonRecords *j, char *sign) {
    if (*sign != ',') {
        report_syntax(j, j->line, j->column, "a comma or ] must follow the record");
        return false;
    }
    pass(j, 1);
    Ahead ahead = look_ahead(j, sign);
    if (ahead == AHEAD_END || (ahead == AHEAD_SIGN && *sign == ']')) {
        report_syntax(j, j->line, j->column, "no record follows the comma");
        return false;
    }
    return ahead == AHEAD_SIGN;
}

RecordsNext json_next(JsonRecords *j) {
    j->w.start += j->at;
    j->at = 0;
    char sign;
    Ahead ahead = j->ended ? AHEAD_END : look_ahead(j, &sign);
    if (ahead == AHEAD_FAILED)
        return RECORDS_FAILED;
    if (ahead == AHEAD_END) {
        if (!j->is_array || j->ended)
            return RECORDS_END;
        report_syntax(j, j->line, j->column, "the array of records is not closed with ]");
        return RECORDS_FAILED;
    }
    if (j->is_array && sign == ']')
        return end_array(j);
    if (j->is_array && j->n_read > 0 && !pass_comma(j, &sign))
        return RECORDS_FAILED;
    return sign == '{' ? read_record(j) : report_not_record(j, sign);
}

static json_tokener *new_tokener(void) {
    json_tokener *t = json_tokener_new_ex(RECORDS_MAX_JSON_DEPTH);
    if (t)
        json_tokener_set_flags(t, JSON_TOKENER_STRICT | JSON_TOKENER_ALLOW_TRAILING_CHARS);
    return t;
}

bool json_open(JsonRecords *j, Window w, DiagList *d, uint32_t file, Arena *arena) {
    *j = (JsonRecords){.w = w, .d = d, .file = file, .line = 1, .column = 1};
    intern_init(&j->keys, arena);
    j->records = new_tokener();
    j->strings = new_tokener();
    if (!j->records || !j->strings) {
        report_memory(j);
        return false;
    }
    char sign = '\0';
    Ahead ahead = look_ahead(j, &sign);
    if (ahead == AHEAD_SIGN && sign == '[') {
        j->is_array = true;
        pass(j, 1);
    }
    return ahead != AHEAD_FAILED;
}

void json_close(JsonRecords *j) {
    window_close(&j->w);
    if (j->records)
        json_tokener_free(j->records);
    if (j->strings)
        json_tokener_free(j->strings);
    free(j->cells);
    *j = (JsonRecords){0};
}
