#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: plan_faults.py BANDSTAND

Imports the published thresholds of the improvement plan, checks the file that comes of it, and holds
the findings, row by row, against the list of faults that was made by hand from the table
(tests/data/improvement_plan_faults.csv): none may be missing, none may be false, and each example
must be a fault of the row's own cells, which are read here anew.
"""
import collections
import csv
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
from fractions import Fraction

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
TABLE = TOP / "examples/improvement_plan/plan_2017_18_thresholds.csv"
FAULTS = TOP / "tests/data/improvement_plan_faults.csv"
LEVELS = ("requires_improvement", "good", "outstanding")

# What a careful reader decides where the cells do not tell: an assessment that leads to nothing and a
# case that is closed without effect are no successes.
POLARITY = "measure,good is\n1.1/5,low\n1.1/20,low\n"
FINDING = re.compile(r"^plan\.rag:(\d+):\d+: (?:error|warning|note) (B\d{3}): (.*)$")

# By kind of fault in the list: the code that must be found for it, once for each.
CODES = {"gap": "B101", "overlap": "B102", "shared edge": "B103",
         "nothing beyond the outer edge": "B111", "nothing beyond the good edge": "B111",
         "typed against its neighbours": "B114"}
# Told of in the hint of another finding.
IN_HINTS = {"typing error": re.compile(r"mistyped|meant for")}
# A row that overlaps has no order and no edges to speak of before that is mended.
AFTER_OVERLAP = {"order against polarity", "runs against itself", "nothing beyond the outer edge",
                 "nothing beyond the good edge"}


def check(program):
    """The rows of the imported table by line, and the findings with their hints."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(TOP / "rules/scales.rag", folder)
        path = pathlib.Path(folder)
        (path / "polarity.csv").write_text(POLARITY, encoding="utf-8")
        subprocess.run([program, "import", str(TABLE), "--polarity", "polarity.csv", "-o",
                        "plan.rag"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        lines = (path / "plan.rag").read_text(encoding="utf-8").split("\n")
        done = subprocess.run([program, "check", "plan.rag"], cwd=folder, capture_output=True,
                              text=True, check=False)
    rows = {}
    for number, line in enumerate(lines, 1):
        cells = [cell.strip() for cell in line.split(" | ")]
        if re.fullmatch(r"[123][./\d]*", cells[0]):
            rows[number] = cells[0]
    found = []
    for line in done.stderr.split("\n"):
        m = FINDING.match(line)
        if m:
            found.append([rows.get(int(m[1])), m[2], m[3], ""])
        elif line.startswith("  hint: ") and found:
            found[-1][3] = line
    return found


def read_cell(cell):
    """(low, high, low in, high in); None for what is no band."""
    for pattern, make in (
            (r"(\d+)-(\d+)", lambda a, b: (min(a, b), max(a, b), True, True)),
            (r"(\d+)\+", lambda a: (a, None, True, True)),
            (r">(\d+)", lambda a: (a, None, False, True)),
            (r"<(\d+)", lambda a: (None, a, True, False))):
        m = re.fullmatch(pattern, cell.strip())
        if m:
            return make(*(Fraction(x) for x in m.groups()))
    return None


def n_bands(cells, v):
    """How many of the bands hold the figure."""
    n = 0
    for band in filter(None, map(read_cell, cells)):
        low, high, low_in, high_in = band
        above = low is None or v > low or (v == low and low_in)
        below = high is None or v < high or (v == high and high_in)
        n += above and below
    return n


def example_of(message):
    m = re.match(r"(-?[\d.]+)(?:%|/\d+)? is in (no|two) band", message)
    return (Fraction(m[1]), m[2]) if m else None


def main():
    found = check(os.path.abspath(sys.argv[1]))
    with open(FAULTS, newline="", encoding="utf-8") as f:
        faults = list(csv.DictReader(f))
    with open(TABLE, newline="", encoding="utf-8") as f:
        cells = {row["ref"]: [row[level] for level in LEVELS] for row in csv.DictReader(f)}
    overlapping = {f["ref"] for f in faults if f["faults"] == "overlap"}
    expected, hints = collections.Counter(), set()
    for fault in faults:
        ref, kind = fault["ref"], fault["faults"]
        if kind in IN_HINTS:
            hints.add((ref, kind))
        elif kind in CODES and not (ref in overlapping and kind in AFTER_OVERLAP):
            expected[ref, CODES[kind]] += 1
    seen = collections.Counter((ref, code) for ref, code, _, _ in found if code != "B404")
    wrong = [f"{ref}: {code} is missing" for ref, code in (expected - seen).elements()]
    wrong += [f"{ref}: {code} is too many" for ref, code in (seen - expected).elements()]
    for ref, kind in sorted(hints):
        if not any(r == ref and IN_HINTS[kind].search(hint) for r, _, _, hint in found):
            wrong.append(f"{ref}: no hint at a {kind}")
    for ref, code, message, hint in found:
        if code == "B101" and "mistyped" in hint and (ref, "typing error") not in hints:
            wrong.append(f"{ref}: hints at a typing error that is none")
        example = example_of(message)
        if example and n_bands(cells[ref], example[0]) != {"no": 0, "two": 2}[example[1]] \
                and ref not in overlapping:
            wrong.append(f"{ref}: {message} is not so")
    if len(cells) != 47:
        wrong.append(f"the table has {len(cells)} rows")
    print("\n".join(wrong) if wrong else f"{len(found)} findings in {len(cells)} rows")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
