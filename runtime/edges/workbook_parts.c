// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/workbook_parts.h"

#include <stdlib.h>

enum { CHUNK = 1 << 16 };

bool workbook_no_memory(ImportTable *t) {
    diag_add(t->d, D_NO_MEMORY, (Place){.file = t->file},
             "memory ran out while reading the workbook");
    return false;
}

// ---- elements -----------------------------------------------------------------------------------

static Str local_name(const char *name) {
    const char *colon = strrchr(name, ':');
    return str_from(colon ? colon + 1 : name);
}

const char *attribute(const char *const *attributes, const char *name) {
    for (size_t i = 0; attributes[i]; i += 2) {
        if (str_eq(local_name(attributes[i]), str_from(name)))
            return attributes[i + 1];
    }
    return NULL;
}

bool read_index(const char *s, size_t *out) {
    size_t n = 0, i = 0;
    for (; s && s[i] >= '0' && s[i] <= '9' && i < 9; i++)
        n = n * 10 + (size_t)(s[i] - '0');
    *out = n;
    return i > 0 && s[i] == '\0';
}

void part_stop(Part *p) {
    p->failed = true;
    XML_StopParser(p->parser, XML_FALSE);
}

void part_refuse(Part *p, const char *why) {
    if (p->failed)
        return;
    diag_add(p->t->d, D_WORKBOOK, (Place){.file = p->t->file},
             "the workbook is damaged: %s (in its part %s)", why, p->name)
        ->hint = STR("open it in the spreadsheet program and save it again, as .xlsx or CSV");
    part_stop(p);
}

static void XMLCALL on_start(void *context, const char *name, const char **attributes) {
    Part *p = context;
    if (!p->failed)
        p->reader.start(p, local_name(name), attributes);
}

static void XMLCALL on_end(void *context, const char *name) {
    Part *p = context;
    if (!p->failed)
        p->reader.end(p, local_name(name));
}

static void XMLCALL on_text(void *context, const char *s, int len) {
    Part *p = context;
    if (p->gather && !p->failed)
        buf_put(&p->text, (Str){s, (size_t)len});
}

// No workbook has one, and what it declares could grow without bounds.
static void XMLCALL on_doctype(void *context, const char *name, const char *system,
                               const char *public, int internal) {
    (void)name;
    (void)system;
    (void)public;
    (void)internal;
    part_refuse(context, "it declares a document type");
}

// ---- the archive --------------------------------------------------------------------------------

static void parse_chunk(Part *p, const char *chunk, size_t n, bool last) {
    enum XML_Status status = XML_Parse(p->parser, chunk, (int)n, last);
    if (status != XML_STATUS_ERROR || p->failed)
        return;
    enum XML_Error error = XML_GetErrorCode(p->parser);
    if (error == XML_ERROR_NO_MEMORY) {
        workbook_no_memory(p->t);
        part_stop(p);
        return;
    }
    part_refuse(p, XML_ErrorString(error));
}

static void read_chunks(Part *p, zip_file_t *in, char *chunk) {
    while (!p->failed) {
        zip_int64_t n = zip_library()->zip_fread(in, chunk, CHUNK);
        if (n < 0) {
            part_refuse(p, "it cannot be unpacked");
            return;
        }
        p->n_bytes += (size_t)n;
        if (p->n_bytes > WORKBOOK_MAX_PART) {
            diag_add(p->t->d, D_TABLE_LARGE, (Place){.file = p->t->file},
                     "the workbook's part %s has more than %d bytes unpacked", p->name,
                     WORKBOOK_MAX_PART)
                ->hint = STR("copy the table of thresholds into a workbook of its own");
            part_stop(p);
            return;
        }
        parse_chunk(p, chunk, (size_t)n, n == 0);
        if (n == 0)
            return;
    }
}

bool part_read(ImportTable *t, zip_t *zip, const char *name, PartReader reader, bool required) {
    Part p = {.t = t, .name = name, .reader = reader};
    zip_file_t *in = zip_library()->zip_fopen(zip, name, ZIP_FL_NOCASE);
    if (!in) {
        bool absent =
            zip_library()->zip_error_code_zip(zip_library()->zip_get_error(zip)) == ZIP_ER_NOENT;
        if (absent && !required)
            return true;
        diag_add(t->d, D_WORKBOOK, (Place){.file = t->file},
                 absent ? "the file is no workbook: it has no part %s"
                        : "the workbook is damaged or locked: its part %s cannot be unpacked",
                 name)
            ->hint = STR("open it in the spreadsheet program and save it again, as .xlsx or CSV");
        return false;
    }
    p.parser = XML_ParserCreate(NULL);
    char *chunk = malloc(CHUNK);
    if (!p.parser || !chunk) {
        p.failed = true;
        workbook_no_memory(t);
    } else {
        XML_SetUserData(p.parser, &p);
        XML_SetElementHandler(p.parser, on_start, on_end);
        XML_SetCharacterDataHandler(p.parser, on_text);
        XML_SetStartDoctypeDeclHandler(p.parser, on_doctype);
        read_chunks(&p, in, chunk);
    }
    if (!p.failed && (p.text.failed || t->arena->failed))
        p.failed = !workbook_no_memory(t);
    buf_free(&p.text);
    free(chunk);
    if (p.parser)
        XML_ParserFree(p.parser);
    zip_library()->zip_fclose(in);
    return !p.failed;
}
