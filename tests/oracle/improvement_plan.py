#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Judges the Improvement Plan's figures without Bandstand, in fractions, to compare with

    bandstand run rules/improvement_plan.rag examples/improvement_plan/figures.csv \
        --format csv --columns kpi,entity,period,ofsted,status,missing

Prints those columns. --cells checks the table in rules/improvement_plan.rag against the published
one: 47 rows in order, every cell verbatim but for the corrections named here.
"""
import csv
import sys
from fractions import Fraction
from pathlib import Path

TOP = Path(__file__).parents[2]
EXAMPLE = TOP / "examples" / "improvement_plan"
RULES = TOP / "rules" / "improvement_plan.rag"

GRADES = ["requires_improvement", "good", "outstanding"]
RAG = {
    "outstanding": "green",
    "good": "green",
    "requires_improvement": "amber",
    "inadequate": "red",
}

# Cells that the rules correct, by reference: published, corrected.
CORRECTED = {
    "1.1/3": (["65-74", "75-80", "85+"], ["65-74", "75-84", "85+"]),
    "1.1/5": (["40-50", "49-25", ">24"], ["40-50", "39-24", "<24"]),
    "1.1/12": (["25-20", "19-15", "<14"], ["25-20", "19-14", "<14"]),
    "3/3": (["35-26", "25-20", "19-10"], ["35-26", "25-20", "<=19"]),
}
LOW_IS_GOOD = {
    "1.1/5", "1.1/12", "1.1/20", "1.3/2", "1.3/3", "1.3/4", "1.3/6", "2.0/5", "3/3",
}


def edge_reached(cell, low_is_good, value):
    """Is the value at or beyond the band's worse edge? Gaps then go to the worse band and shared
    edges to the better, as the rules say."""
    if cell.startswith("<="):
        return value <= Fraction(cell[2:])
    if cell.startswith("<"):
        return value < Fraction(cell[1:])
    if cell.endswith("+"):
        return value >= Fraction(cell[:-1])
    a, b = (Fraction(x) for x in cell.split("-"))
    return value <= max(a, b) if low_is_good else value >= min(a, b)


def grade(ref, cells, value):
    """The best band whose edge is reached; None for a value past the only band printed."""
    low = ref in LOW_IS_GOOD
    printed = [(g, c) for g, c in zip(GRADES, cells) if c]
    reached = [g for g, c in printed if edge_reached(c, low, value)]
    if not reached:
        return "inadequate"
    # Row 1.1/20 alone has no outstanding cell; what is better than its one band has none.
    best, cell = printed[-1]
    past = best != "outstanding" and value < min(map(Fraction, cell.split("-")))
    return None if past else reached[-1]


def read_published():
    with open(EXAMPLE / "plan_2017_18_thresholds.csv", newline="", encoding="utf-8") as f:
        return {r["ref"]: [r[g] for g in GRADES] for r in csv.DictReader(f)}


def read_rules():
    """The rows of the rules' table: reference, name, the three cells and `good is`."""
    lines = RULES.read_text(encoding="utf-8").splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith("measures "))
    last = lines.index("end", first)
    table = [line for line in lines[first + 2 : last] if not line.lstrip().startswith("#")]
    rows = []
    for line in table:
        ref, name, _, _, good, _, *cells = (cell.strip() for cell in line.split("|"))
        rows.append((ref, name, cells, good))
    return rows


def judge(ref, cells, value):
    """(grade, status, why there is none)."""
    if value in ("", "-"):
        return "", "no data", "not available"
    level = grade(ref, cells, Fraction(value))
    return (level, RAG[level], "") if level else ("", "no data", "no band")


def print_statuses():
    published = read_published()
    names = {ref: name for ref, name, _, _ in read_rules()}
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["kpi", "entity", "period", "ofsted", "status", "missing"])
    with open(EXAMPLE / "figures.csv", newline="", encoding="utf-8") as f:
        for r in csv.DictReader(f):
            ref = r["measure"]
            cells = CORRECTED[ref][1] if ref in CORRECTED else published[ref]
            row = judge(ref, cells, r["value"])
            out.writerow([names[ref], r["authority"], r["period"], *row])


def expected_cells(ref, published):
    if published[0] == "Increase":
        return ["improving only", "", ""]
    return CORRECTED[ref][1] if ref in CORRECTED else published


def check_cells():
    published, rows = read_published(), read_rules()
    wrong = []
    if [r[0] for r in rows] != list(published):
        wrong.append("the rows are not those of the published table in its order")
    if len({name for _, name, _, _ in rows}) != len(rows):
        wrong.append("a name stands twice")
    for ref, _, cells, good in rows:
        if ref in CORRECTED and CORRECTED[ref][0] != published[ref]:
            wrong.append(f"{ref}: published {published[ref]}, not as corrected from")
        if cells != expected_cells(ref, published[ref]):
            wrong.append(f"{ref}: {cells} for published {published[ref]}")
        if (good == "low") != (ref in LOW_IS_GOOD):
            wrong.append(f"{ref}: good is {good}")
    summary = f"{len(rows)} measures, {len(CORRECTED)} corrected, the rest verbatim"
    print("\n".join(wrong) or summary)
    return 1 if wrong else 0


def main():
    if "--cells" in sys.argv[1:]:
        return check_cells()
    print_statuses()
    return 0


if __name__ == "__main__":
    sys.exit(main())
