#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: history.py rules | expect FIGURES.csv

The job of the history of a figure, with the KPIs, thresholds and figures of the direction job: each
figure against the mean of twelve months, of which two may be missing, against the month before, and
on the control chart of all its months.
Writes its rules, or the answers to figures, worked out here with exact fractions.
"""
import csv
import sys
from collections import defaultdict
from fractions import Fraction

import gen
from band_rules import band, polarity_and_cuts, series_head, series_rules
from direction import STEADY, direction, month_before

MONTHS, ALLOWED, LEAST = 12, 2, 12
RUN = 7  # points of a trend, and on one side of the mean

HEAD = series_head("History") + f'''
pattern followed
  precision 1 decimal
  steady within {STEADY} points
  spc
    keep every moving range
    at least {LEAST} figures
  end
  status rag
    red   when grade is inadequate and worse than year_mean, if known
    red   when variation is concerning, if known
    amber when worsening, if known
    green when grade is good or better
    amber otherwise
  end
end
'''

YEAR_MEAN = f'''  # allow B409 because "the twelve months count alike"
  compare year_mean = rolling_mean({{name}}, {MONTHS}) allow {ALLOWED} missing
'''


def rules():
    sys.stdout.write(series_rules(HEAD, "followed", YEAR_MEAN))


def year_mean(figures, entity, kpi, period):
    known = []
    for _ in range(MONTHS):
        value = figures.get((entity, kpi, period))
        known += [] if value is None else [value]
        period = month_before(period)
    return sum(known) / len(known) if len(known) >= MONTHS - ALLOWED else None


def month_number(period):
    year, month = map(int, period.split("-"))
    return year * 12 + month


def limits(points):
    """(mean, distance of the limits from it) of figures by month; None with too few."""
    ranges = [abs(x - points[m - 1]) for m, x in points.items() if m - 1 in points]
    if len(points) < LEAST or not ranges:
        return None
    return (Fraction(sum(points.values()), len(points)),
            Fraction(266, 100) * Fraction(sum(ranges), len(ranges)))


def signal(points, month, mean, reach):
    """1 where the chart calls the month's figure high or rising, -1 low or falling, 0 neither."""
    offs = [points[month - k] - mean if month - k in points else None for k in range(RUN)]
    if abs(offs[0]) > reach:
        return 1 if offs[0] > 0 else -1
    whole = None not in offs
    for sign in (1, -1):
        if whole and all(sign * (a - b) > 0 for a, b in zip(offs, offs[1:])):
            return sign
    for sign in (1, -1):
        near = [x is not None and sign * x > reach * Fraction(2, 3) for x in offs[:3]]
        if near[0] and (near[1] or (near[2] and offs[1] is not None)):
            return sign
    for sign in (1, -1):
        if whole and all(sign * x > 0 for x in offs):
            return sign
    return 0


def variations(figures, high):
    """The variation of each known figure of a KPI and entity, by month."""
    chart = limits(figures)
    if chart is None:
        return {}
    words = ("common_cause", *(("improving", "concerning") if high else ("concerning", "improving")))
    return {m: words[signal(figures, m, *chart)] for m in figures}


def judge(high, cuts, value, mean, way, variation):
    """(band, status)"""
    if value is None:
        return "No data", "grey"
    n_missed, grade = band(cuts, high, value)
    if n_missed == 3 and mean is not None and (value < mean if high else value > mean):
        return grade, "red"
    if variation == "concerning":
        return grade, "red"
    if way == "worsening":
        return grade, "amber"
    return grade, "green" if n_missed < 2 else "amber"


def shown(mean):
    """To one decimal, half away from zero."""
    return "" if mean is None else gen.dp(int((mean * 20 + 1) // 2))


def expect(path):
    thresholds = polarity_and_cuts(gen.thresholds())
    with open(path, newline="") as f:
        rows = list(csv.DictReader(f))
    figures = {(r["entity"], r["kpi"], r["period"]): Fraction(r["value"])
               for r in rows if r["value"] != "c"}
    series = defaultdict(dict)
    for (entity, kpi, period), value in figures.items():
        series[entity, kpi][month_number(period)] = value
    charts = {key: variations(points, thresholds[key[1]][0]) for key, points in series.items()}
    w = csv.writer(sys.stdout, lineterminator="\n")
    w.writerow("entity kpi period value year_mean direction variation band status".split())
    for r in rows:
        entity, kpi, period = key = r["entity"], r["kpi"], r["period"]
        high, cuts = thresholds[kpi]
        value = figures.get(key)
        mean = year_mean(figures, *key)
        before = figures.get((entity, kpi, month_before(period)))
        way = "" if value is None else direction(high, value, before)
        variation = charts.get((entity, kpi), {}).get(month_number(period), "")
        w.writerow((*key, "" if value is None else r["value"], shown(mean), way, variation,
                    *judge(high, cuts, value, mean, way, variation)))


if __name__ == "__main__":
    {"rules": rules, "expect": expect}[sys.argv[1]](*sys.argv[2:])
