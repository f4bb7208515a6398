// SPDX-License-Identifier: Apache-2.0
// Any bytes as a published table: imported, and what comes out compiled. Bytes that open with `<`
// are the sheet of a workbook. The compiler may find fault with values; an error of form is a fault
// of the import.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

#include "bandstand.h"
#include "tests/fuzz/target.h"

static const char scale[] = "scale rag\n"
                            "  red \"Red\"\n"
                            "  amber \"Amber\"\n"
                            "  green \"Green\" symbol \"G\"\n"
                            "end\n";

#define TYPE "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

static const char *const parts[][2] = {
    {"_rels/.rels",
     "<r><Relationship Id=\"a\" Type=\"" TYPE "officeDocument\" Target=\"w.xml\"/></r>"},
    {"w.xml", "<w><sheet name=\"x\" id=\"b\"/></w>"},
    {"_rels/w.xml.rels", "<r><Relationship Id=\"b\" Type=\"" TYPE "worksheet\" Target=\"s.xml\"/>"
                         "<Relationship Id=\"c\" Type=\"" TYPE "sharedStrings\" Target=\"t.xml\"/>"
                         "<Relationship Id=\"d\" Type=\"" TYPE "styles\" Target=\"f.xml\"/></r>"},
    {"t.xml",
     "<t><si><t>Measure</t></si><si><t>Red</t></si><si><t>Green</t></si><si><t>70+</t></si>"
     "</t>"},
    {"f.xml",
     "<f><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"9\"/><xf numFmtId=\"14\"/></cellXfs></f>"}};
enum { N_PARTS = sizeof parts / sizeof *parts };

// Text that grows as it is written.
typedef struct Text {
    char *s;
    size_t len;
} Text;

static bool keep_write(void *context, const char *s, size_t len) {
    Text *text = context;
    char *more = realloc(text->s, text->len + len + 1);
    if (!more) {
        return false;
    }
    text->s = more;
    memcpy(text->s + text->len, s, len);
    text->len += len;
    return true;
}

static bool write_workbook(const char *path, const uint8_t *sheet, size_t len) {
    zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
    bool ok = zip;
    for (size_t i = 0; ok && i <= N_PARTS; i++) {
        const char *name = i < N_PARTS ? parts[i][0] : "s.xml";
        const void *bytes = i < N_PARTS ? (const void *)parts[i][1] : sheet;
        zip_source_t *source = zip_source_buffer(zip, bytes, i < N_PARTS ? strlen(bytes) : len, 0);
        zip_int64_t index = source ? zip_file_add(zip, name, source, 0) : -1;
        ok = index >= 0 && zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_STORE, 0) == 0;
    }
    ok = zip && zip_close(zip) == 0 && ok;
    return ok;
}

static bool write_bytes(const char *path, const uint8_t *bytes, size_t len) {
    FILE *f = fopen(path, "wb");
    bool written = f && fwrite(bytes, 1, len, f) == len;
    return f && fclose(f) == 0 && written;
}

static bool print_write(void *context, const char *s, size_t len) {
    (void)context;
    return fwrite(s, 1, len, stderr) == len;
}

// Reading the text, names, the columns of the table and the number of its cells.
static bool is_of_form(const char *code) {
    return strncmp(code, "B0", 2) == 0 || strncmp(code, "B3", 2) == 0 ||
           strcmp(code, "B506") == 0 || strcmp(code, "B507") == 0 || strcmp(code, "B999") == 0;
}

static void compile(const Text *rules) {
    bs_session *s = bs_open();
    if (!s) {
        return;
    }
    bs_add_rules_text(s, "scale.rag", scale, strlen(scale));
    bs_add_rules_text(s, "imported.rag", rules->s, rules->len);
    bs_compile(s);
    for (size_t i = 0; i < bs_n_diagnostics(s); i++) {
        if (is_of_form(bs_diagnostic_at(s, i).code)) {
            bs_write_diagnostics(s, 0, false, &(bs_sink){.write = print_write});
            fwrite(rules->s, 1, rules->len, stderr);
            abort();
        }
    }
    bs_close(s);
}

static void import(const char *path) {
    bs_session *s = bs_open();
    Text rules = {0};
    if (!s) {
        return;
    }
    bs_add_rules_text(s, "scale.rag", scale, strlen(scale));
    if (bs_compile(s) != BS_OK) {
        abort();
    }
    bs_code code = bs_import(s, path, NULL, &(bs_sink){keep_write, &rules});
    bs_write_diagnostics(s, 0, false, &discard);
    bs_close(s);
    if (code == BS_OK) {
        compile(&rules);
    }
    free(rules.s);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    char path[4096];
    const char *folder = getenv("TMPDIR");
    bool sheet = len > 0 && bytes[0] == '<';
    snprintf(path, sizeof path, "%s/bandstand-fuzz-import-%ld.%s", folder ? folder : "/tmp",
             (long)getpid(), sheet ? "xlsx" : "csv");
    bool written = sheet ? write_workbook(path, bytes, len) : write_bytes(path, bytes, len);
    if (written) {
        import(path);
    }
    unlink(path);
    return 0;
}
