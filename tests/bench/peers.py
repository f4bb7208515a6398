#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: peers.py rules | neighbours | expect FIGURES.csv

The job of peers, with the KPIs, thresholds and figures of the direction job: each figure against the
mean of ten neighbours and by its quartile among all authorities of the month. Writes its rules, the
file of neighbours, or the answers to figures, worked out here with exact fractions.
"""
import csv
import sys
from collections import defaultdict
from fractions import Fraction

import gen
from band_rules import band, polarity_and_cuts, series_head, series_rules

NEIGHBOURS, LEAST, LEAST_OF_ALL = 10, 5, 100

HEAD = series_head("Peers") + f'''
peers neighbours from "neighbours.csv", entity column "entity", member column "neighbour"

pattern placed
  precision 1 decimal
  compare neighbours_mean = mean of value among neighbours with at least {LEAST} known
  compare quarter = quartile of value among everyone with at least {LEAST_OF_ALL} known
  status rag
    red   when over 10% worse than neighbours_mean, if known
    amber when quarter = 4, if known
    green when grade is good or better
    amber otherwise
  end
end
'''


def rules():
    sys.stdout.write(series_rules(HEAD, "placed"))


def members():
    """The neighbours of each authority: others at distances that differ."""
    n = len(gen.ENT)
    return {e: [gen.ENT[(i + k * (k + 1) // 2) % n] for k in range(1, NEIGHBOURS + 1)]
            for i, e in enumerate(gen.ENT)}


def neighbours():
    w = csv.writer(sys.stdout, lineterminator="\n")
    w.writerow(("entity", "neighbour"))
    w.writerows((e, m) for e, list_of in members().items() for m in list_of)


def quartile(known, value, high):
    """1 for the best; edges by R's type 7, and a figure on an edge is in the group of the lower."""
    if value is None or len(known) < LEAST_OF_ALL:
        return None
    passed = 0
    for k in (1, 2, 3):
        place = Fraction((len(known) - 1) * k, 4)
        below = known[int(place)]
        above = known[min(int(place) + 1, len(known) - 1)]
        passed += value > below + (above - below) * (place - int(place))
    return 4 - passed if high else passed + 1


def judge(high, cuts, value, mean, quarter):
    """(band, status)"""
    if value is None:
        return "No data", "grey"
    n_missed, grade = band(cuts, high, value)
    if mean is not None and (mean - value if high else value - mean) > mean / 10:
        return grade, "red"
    if quarter == 4:
        return grade, "amber"
    return grade, "green" if n_missed < 2 else "amber"


def expect(path):
    thresholds = polarity_and_cuts(gen.thresholds())
    with open(path, newline="") as f:
        rows = list(csv.DictReader(f))
    figures = {(r["entity"], r["kpi"], r["period"]): Fraction(r["value"])
               for r in rows if r["value"] != "c"}
    everyone = defaultdict(list)
    for (_, kpi, period), value in figures.items():
        everyone[kpi, period].append(value)
    for known in everyone.values():
        known.sort()
    lists = members()
    w = csv.writer(sys.stdout, lineterminator="\n")
    w.writerow("entity kpi period value neighbours_mean band status".split())
    for r in rows:
        entity, kpi, period = key = r["entity"], r["kpi"], r["period"]
        high, cuts = thresholds[kpi]
        value = figures.get(key)
        near = [figures[m, kpi, period] for m in lists[entity] if (m, kpi, period) in figures]
        mean = sum(near) / len(near) if len(near) >= LEAST else None
        quarter = quartile(everyone[kpi, period], value, high)
        shown = "" if mean is None else gen.dp(int((mean * 20 + 1) // 2))
        w.writerow((*key, "" if value is None else r["value"], shown,
                    *judge(high, cuts, value, mean, quarter)))


if __name__ == "__main__":
    {"rules": rules, "neighbours": neighbours, "expect": expect}[sys.argv[1]](*sys.argv[2:])
