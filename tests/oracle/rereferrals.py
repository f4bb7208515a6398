#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Judges every authority's re-referrals without Bandstand, in fractions, to compare with

    bandstand run examples/rereferrals/rereferrals.rag examples/rereferrals/rereferrals.csv \
        --format csv --columns kpi,entity,period,ofsted,status,missing

Prints those columns; --summary counts the answers and checks the published percentages.
"""
import csv
import sys
from collections import Counter
from fractions import Fraction
from pathlib import Path

DATA = Path(__file__).parents[2] / "examples" / "rereferrals" / "rereferrals.csv"

SYMBOLS = {"c": "suppressed", "x": "not available", "u": "low reliability"}
MIN_REFERRALS = 20
RAG = {
    "outstanding": "green",
    "good": "green",
    "requires_improvement": "amber",
    "inadequate": "red",
}
ABSENT = {"referral_count": "absent", "rereferral_count": "absent"}


def figure(cell):
    """A count, or why there is none."""
    if cell == "absent":
        return None, "no row"
    return (None, SYMBOLS[cell]) if cell in SYMBOLS else (Fraction(cell), "")


def grade(percent):
    """20-24 | 19-16 | <16, gaps to the worse, beyond 24 inadequate."""
    if percent < 16:
        return "outstanding"
    if percent <= 19:
        return "good"
    if percent <= 24:
        return "requires_improvement"
    return "inadequate"


def judge(row):
    """(exact percentage or None, why it is missing)."""
    referrals, why_referrals = figure(row["referral_count"])
    again, why_again = figure(row["rereferral_count"])
    if referrals is None:
        return None, why_referrals
    if referrals < MIN_REFERRALS:
        return None, "too few"
    if again is None:
        return None, why_again
    return 100 * again / referrals, ""


def judge_all(rows):
    """A result for every authority in every year of the file, those without a row included."""
    by_key = {(r["la_name"], r["time_period"]): r for r in rows}
    assert len(by_key) == len(rows), "an authority has two rows in one year"
    entities = list(dict.fromkeys(r["la_name"] for r in rows))
    periods = sorted({r["time_period"] for r in rows})
    for entity in entities:
        for period in periods:
            yield entity, period, *judge(by_key.get((entity, period), ABSENT))


def print_statuses(rows):
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["kpi", "entity", "period", "ofsted", "status", "missing"])
    for entity, period, percent, why in judge_all(rows):
        level = "" if percent is None else grade(percent)
        out.writerow(["re_referral_rate", entity, period, level, RAG.get(level, "no data"), why])


def to_one_decimal(percent):
    """Half away from zero; percentages are not negative."""
    return Fraction(int(percent * 10 + Fraction(1, 2)), 10)


def print_summary(rows):
    answers, moved = Counter(), 0
    published = {(r["la_name"], r["time_period"]): r["rereferral_percent"] for r in rows}
    n_known = n_same = 0
    for entity, period, percent, why in judge_all(rows):
        answers[why or grade(percent)] += 1
        if percent is None:
            continue
        printed = Fraction(published[entity, period])
        n_known += 1
        n_same += to_one_decimal(percent) == printed
        moved += grade(percent) != grade(printed)
    for answer, n in answers.most_common():
        print(f"{n:5} {answer}")
    print(f"{sum(answers.values()):5} in all")
    print(f"{n_same} of {n_known} published percentages are the counts' share to one decimal")
    print(f"{moved} would have another grade by the published percentage")


def main():
    with open(DATA, newline="", encoding="utf-8") as f:
        rows = list(csv.DictReader(f))
    show = print_summary if "--summary" in sys.argv[1:] else print_statuses
    show(rows)


if __name__ == "__main__":
    main()
