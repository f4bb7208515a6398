// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/import.h"

static Str base_name(Str path) {
    if (str_eq(path, STR("-")))
        return STR("standard input");
    size_t from = path.len;
    while (from > 0 && path.s[from - 1] != '/')
        from--;
    return str_slice(path, from, path.len);
}

static bool read_all(Arena *a, DiagList *d, uint32_t file, Str path, const ImportOptions *o,
                     ImportTable *t, ImportColumns *c, PolarityFile *polarity, Measures *m) {
    bool asked = o->polarity.len > 0;
    return import_table_read(t, a, d, file, path, o->sheet, &o->records) &&
           import_columns_find(c, a, t, o->scales, o->n_scales, o->columns, o->n_columns,
                               o->records.no_header) &&
           (!asked || polarity_file_read(polarity, a, d, o->polarity)) &&
           measures_read(m, a, t, c, asked ? polarity : NULL, o->names, o->n_names);
}

static bs_code write_all(DiagList *d, uint32_t file, Str path, const ImportOptions *o,
                         const Measures *m, const bs_sink *sink) {
    Buf out = {0};
    import_write(&out, m, o, base_name(path));
    bs_code code = BS_OK;
    if (out.failed) {
        code = BS_NO_MEMORY;
    } else if (out.len > IMPORT_MAX_OUTPUT) {
        diag_add(d, D_TABLE_LARGE, (Place){.file = file},
                 "the rule file would have more than %d bytes", IMPORT_MAX_OUTPUT)
            ->hint = STR("split the table, and import its parts one by one");
        code = BS_INVALID;
    } else if (!sink->write(sink->context, out.s, out.len)) {
        code = BS_STOPPED;
    }
    buf_free(&out);
    return code;
}

bs_code import_file(DiagList *d, Str path, const ImportOptions *o, const bs_sink *sink) {
    uint32_t file = diag_file(d, path, (Str){0});
    if (file == PLACE_NO_FILE)
        return BS_NO_MEMORY;
    Arena arena;
    arena_init(&arena, 0);
    ImportTable t;
    ImportColumns c;
    PolarityFile polarity;
    Measures m;
    bs_code code = BS_INVALID;
    if (read_all(&arena, d, file, path, o, &t, &c, &polarity, &m))
        code = write_all(d, file, path, o, &m, sink);
    if (arena.failed)
        code = BS_NO_MEMORY;
    arena_free(&arena);
    return code;
}
