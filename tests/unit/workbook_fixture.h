// SPDX-License-Identifier: Apache-2.0
// For tests of workbooks: writes one of given parts.
#ifndef BS_TESTS_UNIT_WORKBOOK_FIXTURE_H
#define BS_TESTS_UNIT_WORKBOOK_FIXTURE_H

#include <zip.h>

#include "tests/unit/metric_file.h"

typedef struct WorkbookPart {
    const char *name, *text;
} WorkbookPart;

#define XL_RELATION(id, type, target)                                                              \
    "<Relationship Id=\"" id "\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/"    \
    "relationships/" type "\" Target=\"" target "\"/>"
#define XL_RELATIONS(relations) "<Relationships>" relations "</Relationships>"
#define XL_SHEET(rows) "<worksheet><sheetData>" rows "</sheetData></worksheet>"

#define XL_TOP                                                                                     \
    { "_rels/.rels", XL_RELATIONS(XL_RELATION("r1", "officeDocument", "xl/workbook.xml")) }
#define XL_WORKBOOK                                                                                \
    {                                                                                              \
        "xl/workbook.xml",                                                                         \
            "<x:workbook><x:sheets><x:sheet name=\"Plan\" sheetId=\"1\" r:id=\"a\"/>"              \
            "<x:sheet name=\"Other one\" sheetId=\"2\" r:id=\"b\"/></x:sheets>"                    \
            "</x:workbook>"                                                                        \
    }
#define XL_WORKBOOK_RELATIONS                                                                      \
    {                                                                                              \
        "xl/_rels/workbook.xml.rels",                                                              \
            XL_RELATIONS(XL_RELATION("a", "worksheet", "worksheets/sheet1.xml")                    \
                             XL_RELATION("b", "worksheet", "/xl/worksheets/sheet2.xml")            \
                                 XL_RELATION("c", "sharedStrings", "strings.xml")                  \
                                     XL_RELATION("d", "styles", "styles.xml"))                     \
    }
#define XL_STRINGS                                                                                 \
    {                                                                                              \
        "xl/strings.xml",                                                                          \
            "<sst><si><t>Measure</t></si><si><r><t>Go</t></r><r><t>od</t></r>"                     \
            "<rPh><t>spoken</t></rPh></si><si><t xml:space=\"preserve\"> 85+ </t></si>"            \
            "</sst>"                                                                               \
    }
// Styles: 0 plain, 1 percent, 2 a date, 3 a percent of its own, 4 a duration, 5 a colour.
#define XL_STYLES                                                                                  \
    {                                                                                              \
        "xl/styles.xml",                                                                           \
            "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"0.0%\"/><numFmt "          \
            "numFmtId=\"165\" formatCode=\"[h]:mm\"/><numFmt numFmtId=\"166\" "                    \
            "formatCode=\"[Red]0.0&quot;days&quot;\"/></numFmts><cellStyleXfs><xf "                \
            "numFmtId=\"14\"/>"                                                                    \
            "</cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"9\"/><xf "                 \
            "numFmtId=\"14\"/><xf "                                                                \
            "numFmtId=\"164\"/><xf numFmtId=\"165\"/><xf "                                         \
            "numFmtId=\"166\"/></cellXfs></styleSheet>"                                            \
    }
#define XL_OTHER_SHEET                                                                             \
    {                                                                                              \
        "xl/worksheets/sheet2.xml",                                                                \
            XL_SHEET("<row><c t=\"inlineStr\"><is><t>second</t></is></c></row>")                   \
    }

static inline MetricFile write_workbook(const WorkbookPart *parts, size_t n) {
    MetricFile f = write_file(STR(""), ".xlsx");
    int error = 0;
    zip_t *zip = zip_open(f.path, ZIP_CREATE | ZIP_TRUNCATE, &error);
    assert_non_null(zip);
    for (size_t i = 0; i < n; i++) {
        zip_source_t *source = zip_source_buffer(zip, parts[i].text, strlen(parts[i].text), 0);
        assert_non_null(source);
        assert_true(zip_file_add(zip, parts[i].name, source, ZIP_FL_ENC_UTF_8) >= 0);
    }
    assert_int_equal(zip_close(zip), 0);
    return f;
}

// A sound workbook around the rows of its first sheet.
static inline MetricFile write_sheet(const char *sheet) {
    WorkbookPart parts[] = {XL_TOP,
                            XL_WORKBOOK,
                            XL_WORKBOOK_RELATIONS,
                            XL_STRINGS,
                            XL_STYLES,
                            XL_OTHER_SHEET,
                            {"xl/worksheets/sheet1.xml", sheet}};
    return write_workbook(parts, sizeof parts / sizeof *parts);
}

#endif
