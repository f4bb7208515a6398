#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: direction.py rules | data MONTHS [by-month] | expect FIGURES.csv

The job of the direction of travel, with the KPIs, thresholds and authorities of the band job, whose
gen.py has to be on PYTHONPATH: its rules; its figures, a row for each authority, KPI and month in
random order or by month, of which one in a hundred is missing and one suppressed; and the answers to
figures, worked out here with exact fractions.
"""
import csv
import random
import sys
from fractions import Fraction

import gen
from band_rules import band, polarity_and_cuts, series_head, series_rules

STEADY = "0.5"

HEAD = series_head("Direction of travel") + '''
pattern travelling
  precision 1 decimal
  steady within {steady} points
  status rag by grade, direction
                          improving  steady  worsening  unknown
    outstanding           green      green   amber      green
    good                  green      green   amber      green
    requires_improvement  amber      amber   red        amber
    inadequate            amber      red     red        red
  end
end
'''


def rules():
    sys.stdout.write(series_rules(HEAD.format(steady=STEADY), "travelling"))


def data(n_months, order="random"):
    r = random.Random(20240401)
    first = 2014 if int(n_months) < 1000 else 1950  # periods end with 2099
    rows = []
    for entity in gen.ENT:
        for kpi, _, _, good, *_ in gen.thresholds():
            tenths = good
            for month in range(int(n_months)):
                tenths = min(max(tenths + int(r.random() * 31) - 15, 0), 1000)
                u = r.random()
                if u >= 0.01:
                    value = "c" if u < 0.02 else gen.dp(tenths)
                    period = f"{first + month // 12}-{month % 12 + 1:02}"
                    rows.append((period, f"{gen.q(entity)},{gen.q(kpi)},{period},{value}\n"))
    if order == "random":
        r.shuffle(rows)
    else:
        rows.sort(key=lambda row: row[0])
    sys.stdout.write("entity,kpi,period,value\n" + "".join(line for _, line in rows))


def month_before(period):
    year, month = map(int, period.split("-"))
    return f"{year}-{month - 1:02}" if month > 1 else f"{year - 1}-12"


def direction(high, value, before):
    if before is None:
        return ""
    change = value - before if high else before - value
    if abs(change) <= Fraction(STEADY):
        return "steady"
    return "improving" if change > 0 else "worsening"


def judge(high, cuts, value, before):
    """(direction, band, status)"""
    if value is None:
        return "", "No data", "grey"
    way = direction(high, value, before)
    n_missed, grade = band(cuts, high, value)
    if n_missed == 3:
        return way, grade, "amber" if way == "improving" else "red"
    if n_missed == 2:
        return way, grade, "red" if way == "worsening" else "amber"
    return way, grade, "amber" if way == "worsening" else "green"


def expect(path):
    thresholds = polarity_and_cuts(gen.thresholds())
    with open(path, newline="") as f:
        rows = list(csv.DictReader(f))
    figures = {(r["entity"], r["kpi"], r["period"]): Fraction(r["value"])
               for r in rows if r["value"] != "c"}
    w = csv.writer(sys.stdout, lineterminator="\n")
    w.writerow("entity kpi period value direction band status".split())
    for r in rows:
        entity, kpi, period = r["entity"], r["kpi"], r["period"]
        value = figures.get((entity, kpi, period))
        before = figures.get((entity, kpi, month_before(period)))
        w.writerow((entity, kpi, period, "" if value is None else r["value"],
                    *judge(*thresholds[kpi], value, before)))


if __name__ == "__main__":
    {"rules": rules, "data": data, "expect": expect}[sys.argv[1]](*sys.argv[2:])
