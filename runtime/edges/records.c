// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/records.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "runtime/edges/csv.h"
#include "runtime/edges/json_records.h"
#include "runtime/edges/source.h"

struct Records {
    DiagList *d;
    uint32_t file;
    Arena arena; // column names
    RecordsFormat format;
    union {
        Csv csv;
        JsonRecords json;
    };
    Str compression;
    VEC(Str) names; // by column
    bool pending;   // the first record was read for its columns and not handed on yet
};

static bool report_memory(Records *r) {
    diag_add(r->d, D_NO_MEMORY, (Place){.file = r->file}, "memory ran out while reading the file");
    return false;
}

// ---- what is it? --------------------------------------------------------------------------------

static bool ends_in(Str path, const char *suffix) {
    size_t len = strlen(suffix);
    return path.len >= len && strncasecmp(path.s + path.len - len, suffix, len) == 0;
}

static Str without_suffix(Str path, const char *suffix) {
    return ends_in(path, suffix) ? str_slice(path, 0, path.len - strlen(suffix)) : path;
}

static RecordsFormat format_by_name(Str path) {
    path = without_suffix(without_suffix(path, ".gz"), ".zst");
    if (ends_in(path, ".csv") || ends_in(path, ".tsv"))
        return RECORDS_CSV;
    if (ends_in(path, ".json"))
        return RECORDS_JSON;
    if (ends_in(path, ".jsonl") || ends_in(path, ".ndjson"))
        return RECORDS_JSONL;
    return RECORDS_AUTO;
}

static size_t pass_blanks(Str s, size_t from) {
    size_t i = from;
    while (i < s.len && (s.s[i] == ' ' || s.s[i] == '\t' || s.s[i] == '\n' || s.s[i] == '\r'))
        i++;
    return i;
}

// By its first two signs, since a CSV header may well start with a bracket.
static RecordsFormat format_by_text(Str s) {
    size_t first = pass_blanks(s, 0);
    size_t second = pass_blanks(s, first + 1);
    if (first == s.len || (s.s[first] != '[' && s.s[first] != '{'))
        return RECORDS_CSV;
    char sign = second < s.len ? s.s[second] : '\0';
    if (s.s[first] == '{')
        return sign == '"' || sign == '}' ? RECORDS_JSONL : RECORDS_CSV;
    return sign == '{' || sign == '[' || sign == ']' ? RECORDS_JSON : RECORDS_CSV;
}

// ---- columns ------------------------------------------------------------------------------------

static bool add_name(Records *r, Str name) {
    return VEC_PUSH(&r->arena, &r->names, name) || report_memory(r);
}

static bool copy_names(Records *r) {
    for (size_t i = 0; i < r->csv.n; i++) {
        if (!add_name(r, str_trim(arena_str(&r->arena, r->csv.cells[i].text))))
            return false;
    }
    return !r->arena.failed || report_memory(r);
}

static bool number_names(Records *r) {
    for (size_t i = 0; i < r->csv.n; i++) {
        if (!add_name(r, arena_printf(&r->arena, "%zu", i + 1)))
            return false;
    }
    return !r->arena.failed || report_memory(r);
}

// New keys may have come with a record; the texts belong to the table of keys.
static bool follow_keys(Records *r) {
    for (size_t i = r->names.n; i < r->json.keys.n; i++) {
        if (!add_name(r, str_trim(intern_text(&r->json.keys, (uint32_t)i))))
            return false;
    }
    return true;
}

static bool report_empty(Records *r) {
    diag_add(r->d, D_FILE_EMPTY, (Place){.file = r->file}, "the file holds no records")->hint =
        STR("export it again, and look what `skip` leaves out");
    return false;
}

static bool read_columns(Records *r, bool no_header) {
    bool is_csv = r->format == RECORDS_CSV;
    RecordsNext next = is_csv ? csv_next(&r->csv) : json_next(&r->json);
    if (next != RECORDS_ROW)
        return next == RECORDS_END && report_empty(r);
    r->pending = !is_csv || no_header;
    if (!is_csv)
        return follow_keys(r);
    return no_header ? number_names(r) : copy_names(r);
}

// ---- opening ------------------------------------------------------------------------------------

// Reads until there is something to tell the format by. A fault behind some text is met again when
// the text is read.
static bool read_start(Window *w) {
    for (;;) {
        Str text = {w->s + w->start, w->end - w->start};
        if (pass_blanks(text, pass_blanks(text, 0) + 1) < text.len)
            return true;
        WindowMore more = window_more(w);
        if (more == WINDOW_MORE)
            continue;
        if (more == WINDOW_END || w->end > w->start)
            return true;
        window_report(w, more, 1, 1, 1);
        return false;
    }
}

static bool open_format(Records *r, Window w, Str path, const RecordsOptions *o) {
    r->format = o->format == RECORDS_AUTO ? format_by_name(path) : o->format;
    if (!read_start(&w)) {
        window_close(&w);
        return false;
    }
    if (r->format == RECORDS_AUTO)
        r->format = format_by_text((Str){w.s + w.start, w.end - w.start});
    if (r->format == RECORDS_CSV)
        return csv_open(&r->csv, w, r->d, r->file, o);
    if (!json_open(&r->json, w, r->d, r->file, &r->arena))
        return false;
    r->format = r->json.is_array ? RECORDS_JSON : RECORDS_JSONL;
    return true;
}

static Str compression_words(SourceCompression c) {
    switch (c) {
    case SOURCE_PLAIN:
        break;
    case SOURCE_GZIP:
        return STR("gzip");
    case SOURCE_ZSTD:
        return STR("zstd");
    }
    return STR("");
}

Records *records_open(DiagList *d, uint32_t file, Str path, const RecordsOptions *o) {
    Source *source = source_open(d, file, path, o->encoding, o->block);
    if (!source)
        return NULL;
    Window w;
    Records *r = calloc(1, sizeof *r);
    if (!window_open(&w, source, o->block) || !r) {
        diag_add(d, D_NO_MEMORY, (Place){.file = file}, "memory ran out while opening the file");
        window_close(&w);
        free(r);
        return NULL;
    }
    *r = (Records){
        .d = d, .file = file, .compression = compression_words(source_compression(source))};
    arena_init(&r->arena, 0);
    if (open_format(r, w, path, o) && read_columns(r, o->no_header))
        return r;
    records_close(r);
    return NULL;
}

void records_close(Records *r) {
    if (!r)
        return;
    if (r->format == RECORDS_CSV)
        csv_close(&r->csv);
    else
        json_close(&r->json);
    arena_free(&r->arena);
    free(r);
}

// ---- use ----------------------------------------------------------------------------------------

const Str *records_header(const Records *r, size_t *n) {
    *n = r->names.n;
    return r->names.v;
}

RecordsFormat records_format(const Records *r) {
    return r->format;
}

char records_delimiter(const Records *r) {
    return r->format == RECORDS_CSV ? r->csv.delimiter : '\0';
}

char records_quote(const Records *r) {
    return r->format == RECORDS_CSV ? r->csv.quote : '\0';
}

static const Source *source_of(const Records *r) {
    return r->format == RECORDS_CSV ? r->csv.w.source : r->json.w.source;
}

void records_position(const Records *r, uint64_t *n_read, uint64_t *size) {
    source_position(source_of(r), n_read, size);
}

Str records_encoding(const Records *r) {
    return source_encoding(source_of(r));
}

Str records_compression(const Records *r) {
    return r->compression;
}

Csv *records_csv(Records *r) {
    return r->format == RECORDS_CSV && !r->pending ? &r->csv : NULL;
}

static bool fill_json(Records *r, Record *out) {
    if (!follow_keys(r))
        return false;
    *out = (Record){.cells = r->json.cells, .n = r->names.n, .line = r->json.record_line};
    return true;
}

RecordsNext records_next(Records *r, Record *out) {
    bool is_csv = r->format == RECORDS_CSV;
    RecordsNext next = RECORDS_ROW;
    if (!r->pending)
        next = is_csv ? csv_next(&r->csv) : json_next(&r->json);
    r->pending = false;
    if (next != RECORDS_ROW)
        return next;
    bool ok = is_csv ? csv_record(&r->csv, r->names.n, out) : fill_json(r, out);
    return ok ? RECORDS_ROW : RECORDS_FAILED;
}
