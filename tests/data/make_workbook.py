#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes a workbook for the tests of import.

usage: make_workbook.py FILE.xlsx [dates]

Its second sheet, Plan, is a table of thresholds with shared, inline and rich texts, numbers as a
spreadsheet stores them and cells formatted as percentages; with `dates`, bands that a spreadsheet
has turned into dates stand in it too.
"""
import sys
import zipfile

PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TEXTS = ["Ref", "Measure", "Red", "Green", "Visits in time", "Plans & reviews"]


def relations(*entries):
    lines = "".join(f'<Relationship Id="{i}" Type="{OFFICE}/{kind}" Target="{target}"/>'
                    for i, kind, target in entries)
    return f'<Relationships xmlns="{PACKAGE}">{lines}</Relationships>'


def shared(i):
    return f'<c t="s"><v>{i}</v></c>'


def inline(text):
    return f'<c t="inlineStr"><is><t>{text}</t></is></c>'


def number(text, style=0):
    return f'<c s="{style}"><v>{text}</v></c>'


def sheet(rows):
    body = "".join(f'<row r="{i}">{"".join(cells)}</row>' for i, cells in rows)
    return f'<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>'


def main():
    rows = [(1, [inline("Thresholds of the plan")]),
            (3, [shared(i) for i in range(4)]),
            (4, [number("1.1000000000000001"), shared(4), inline("&lt;70%"), inline("70%+")]),
            (5, [number(1.2), shared(5), number("0.57999999999999996", 1), inline("90 and above")])]
    if "dates" in sys.argv[2:]:
        rows.append((6, [number(1.3), inline("Staff leaving"), number("45580", 2),
                         inline("&lt;10")]))
    parts = {
        "_rels/.rels": relations(("r1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
                           '<sheet name="Cover" sheetId="1" r:id="r1"/>'
                           '<sheet name="Plan" sheetId="2" r:id="r2"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            ("r1", "worksheet", "worksheets/sheet1.xml"),
            ("r2", "worksheet", "worksheets/sheet2.xml"),
            ("r3", "sharedStrings", "sharedStrings.xml"), ("r4", "styles", "styles.xml")),
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">' + "".join(
            f"<si><t>{text.replace('&', '&amp;')}</t></si>" for text in TEXTS) + "</sst>",
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/>'
                         '<xf numFmtId="9"/><xf numFmtId="14"/></cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": sheet([(1, [inline("A cover without a table")])]),
        "xl/worksheets/sheet2.xml": sheet(rows),
    }
    with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in parts.items():
            book.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + text)


if __name__ == "__main__":
    main()
