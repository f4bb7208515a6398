// SPDX-License-Identifier: Apache-2.0
// The parts of a workbook and their order: which part is the sheet, its texts, its formats.
#include "runtime/edges/workbook.h"

#include "runtime/edges/workbook_sheet.h"

// ---- relationships ------------------------------------------------------------------------------

typedef struct Relation {
    Str id, type;       // [type]: what stands behind the last slash
    const char *target; // a part's name
} Relation;

typedef struct Relations {
    Str folder; // of the part that they belong to, with its slash; empty for the top
    VEC(Relation) all;
} Relations;

static Str behind_slash(Str s) {
    size_t from = s.len;
    while (from > 0 && s.s[from - 1] != '/')
        from--;
    return str_slice(s, from, s.len);
}

static void on_relation(Part *p, Str element, const char *const *attributes) {
    Relations *relations = p->reader.context;
    const char *id = attribute(attributes, "Id"), *type = attribute(attributes, "Type"),
               *target = attribute(attributes, "Target");
    if (!str_eq(element, STR("Relationship")) || !id || !type || !target)
        return;
    Arena *a = p->t->arena;
    Str name = target[0] == '/' ? arena_str(a, str_from(target + 1))
                                : arena_printf(a, "%.*s%s", STR_ARG(relations->folder), target);
    VEC_PUSH(a, &relations->all,
             ((Relation){arena_str(a, str_from(id)), behind_slash(arena_str(a, str_from(type))),
                         name.s}));
}

static void on_nothing(Part *p, Str element) {
    (void)p;
    (void)element;
}

// The relations of [part], or of the whole archive where it is empty.
static bool read_relations(ImportTable *t, zip_t *zip, Str part, Relations *out) {
    Str base = behind_slash(part);
    *out = (Relations){.folder = str_slice(part, 0, part.len - base.len)};
    Str name = arena_printf(t->arena, "%.*s_rels/%.*s.rels", STR_ARG(out->folder), STR_ARG(base));
    return name.s ? part_read(t, zip, name.s, (PartReader){on_relation, on_nothing, .context = out},
                              true)
                  : workbook_no_memory(t);
}

static const char *of_type(const Relations *r, Str type) {
    for (size_t i = 0; i < r->all.n; i++) {
        if (str_eq(r->all.v[i].type, type))
            return r->all.v[i].target;
    }
    return NULL;
}

static const char *of_id(const Relations *r, Str id) {
    for (size_t i = 0; i < r->all.n; i++) {
        if (str_eq(r->all.v[i].id, id) && str_eq(r->all.v[i].type, STR("worksheet")))
            return r->all.v[i].target;
    }
    return NULL;
}

// ---- sheets -------------------------------------------------------------------------------------

typedef struct Sheets {
    Str wanted;   // empty: the first
    Str name, id; // of the one that was found
    Buf names;    // of all, for the message
} Sheets;

static void on_sheet(Part *p, Str element, const char *const *attributes) {
    Sheets *s = p->reader.context;
    const char *name = attribute(attributes, "name"), *id = attribute(attributes, "id");
    if (!str_eq(element, STR("sheet")) || !name || !id)
        return;
    buf_printf(&s->names, "%s\"%s\"", s->names.len > 0 ? ", " : "", name);
    bool wanted = s->wanted.len == 0 || str_eq(s->wanted, str_from(name));
    if (s->id.len == 0 && wanted) {
        s->name = arena_str(p->t->arena, str_from(name));
        s->id = arena_str(p->t->arena, str_from(id));
    }
}

static bool find_sheet(ImportTable *t, zip_t *zip, const char *workbook, Sheets *s) {
    if (!part_read(t, zip, workbook, (PartReader){on_sheet, on_nothing, .context = s}, true))
        return false;
    if (s->id.len > 0)
        return true;
    Diag *d = s->wanted.len > 0 ? diag_add(t->d, D_NO_SHEET, (Place){.file = t->file},
                                           "the workbook has no sheet \"%.*s\"", STR_ARG(s->wanted))
                                : diag_add(t->d, D_NO_SHEET, (Place){.file = t->file},
                                           "the workbook has no sheet");
    if (s->names.len > 0)
        d->hint = arena_printf(t->d->arena, "its sheets are %.*s", STR_ARG(buf_str(&s->names)));
    return false;
}

// ---- the archive --------------------------------------------------------------------------------

static bool refuse(ImportTable *t, const char *why) {
    diag_add(t->d, D_WORKBOOK, (Place){.file = t->file},
             "the file is no workbook that can be read: %s", why)
        ->hint = STR("open it in the spreadsheet program and save it again, as .xlsx or CSV");
    return false;
}

static bool read_sheet(ImportTable *t, zip_t *zip, Sheets *sheets) {
    Relations top, own;
    if (!read_relations(t, zip, STR(""), &top))
        return false;
    const char *workbook = of_type(&top, STR("officeDocument"));
    if (!workbook)
        return refuse(t, "nothing says which part is the workbook");
    if (!find_sheet(t, zip, workbook, sheets) || !read_relations(t, zip, str_from(workbook), &own))
        return false;
    const char *sheet = of_id(&own, sheets->id), *texts = of_type(&own, STR("sharedStrings")),
               *styles = of_type(&own, STR("styles"));
    if (!sheet)
        return refuse(t, "the sheet is a chart, or its part is not named");
    SheetReader reader = {.t = t};
    bool ok = (!texts || sheet_read_texts(&reader, zip, texts)) &&
              (!styles || sheet_read_formats(&reader, zip, styles)) &&
              sheet_read_cells(&reader, zip, sheet);
    if (ok) {
        t->is_sheet = true;
        t->form = arena_printf(t->arena, "the sheet \"%.*s\"", STR_ARG(sheets->name));
    }
    return ok && (!t->arena->failed || workbook_no_memory(t));
}

bool workbook_read(ImportTable *t, Str path, Str sheet) {
    int error = 0;
    const ZipLibrary *z = zip_library();
    if (!z) {
        diag_add(t->d, D_WORKBOOK, (Place){.file = t->file},
                 "workbooks are read by the library libzip, which is not installed")
            ->hint = STR("install the package libzip4, or save the workbook as CSV");
        return false;
    }
    zip_t *zip = z->zip_open(path.s, ZIP_RDONLY, &error);
    if (!zip) {
        zip_error_t words;
        z->zip_error_init_with_code(&words, error);
        bool ok = error == ZIP_ER_MEMORY ? workbook_no_memory(t)
                                         : refuse(t, z->zip_error_strerror(&words));
        z->zip_error_fini(&words);
        return ok;
    }
    Sheets sheets = {.wanted = sheet};
    bool ok = z->zip_get_num_entries(zip, 0) <= WORKBOOK_MAX_PARTS
                  ? read_sheet(t, zip, &sheets)
                  : refuse(t, "it has too many parts");
    buf_free(&sheets.names);
    z->zip_discard(zip);
    return ok;
}
