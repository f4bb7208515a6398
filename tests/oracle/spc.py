#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The charts of examples/ae worked out without Bandstand, in fractions.

usage: spc.py BANDSTAND    compares every limit and level of every department with what Bandstand says
usage: spc.py --changes     counts the changes of colour (green from 95%, amber from 90%) from month
to month in the series that have limits, and those of them in a month of common cause
"""
import csv
import json
import os
import subprocess
import sys
from collections import defaultdict
from fractions import Fraction

FILE = "examples/ae/ae_attendances.csv"
RULES = "examples/ae/ae.rag"
KINDS = ("1", "2", "other")
TARGET = Fraction(95)


def series(kind):
    out = defaultdict(dict)
    months = set()
    with open(FILE, newline="", encoding="utf-8") as f:
        for row in csv.DictReader(f):
            if row["type"] != kind:
                continue
            year, month = int(row["period"][:4]), int(row["period"][5:7])
            at = year * 12 + month - 1
            months.add(at)
            total, late = int(row["attendances"]), int(row["breaches"])
            out[row["org_code"]][at] = Fraction(100 * (total - late), total) if total else None
    return out, sorted(months)


def chart(points, months, least=12, screen=True):
    """(low, mean, high) of the known points, or None."""
    known = [points[m] for m in months if points.get(m) is not None]
    ranges = [abs(points[m] - points[m - 1]) for m in months
              if points.get(m) is not None and points.get(m - 1) is not None]
    if len(known) < least or not ranges:
        return None
    mean = sum(known) / len(known)
    average = sum(ranges) / len(ranges)
    kept = [r for r in ranges if not screen or r <= average * Fraction(3267, 1000)]
    reach = Fraction(266, 100) * (sum(kept) / len(kept))
    return mean - reach, mean, mean + reach


def verdict(points, at, limits):
    low, mean, high = limits
    x = points[at]
    if x > high or x < low:
        return "outside_limits", x > high

    def back(n):
        window = [points.get(at - k) for k in range(n)]
        return None if any(w is None for w in window) else window[::-1]

    seven = back(7)
    if seven:
        steps = [b - a for a, b in zip(seven, seven[1:])]
        if all(s > 0 for s in steps) or all(s < 0 for s in steps):
            return "trend", steps[0] > 0
    for sign in (1, -1):
        edge = Fraction(2, 3) * (high - mean)

        def near(y):
            return y is not None and sign * (y - mean) > edge
        before = points.get(at - 1)
        two_before = points.get(at - 2) if before is not None else None
        if near(x) and (near(before) or near(two_before)):
            return "near_limit", sign > 0
    if seven and (all(y > mean for y in seven) or all(y < mean for y in seven)):
        return "one_side", seven[0] > mean
    return "none", None


def written(x):
    """A decimal in full where it ends, else the fraction in lowest terms."""
    den = x.denominator
    for p in (2, 5):
        while den % p == 0:
            den //= p
    if den != 1:
        return f"{x.numerator}/{x.denominator}"
    digits = 0
    while (x * 10**digits).denominator != 1:
        digits += 1
    whole = abs(x * 10**digits).numerator
    text = str(whole).rjust(digits + 1, "0")
    sign = "-" if x < 0 else ""
    return sign + (text if digits == 0 else text[:-digits] + "." + text[-digits:])


def rows(kind):
    data, months = series(kind)
    for entity, points in data.items():
        limits = chart(points, months)
        for m in months:
            if points.get(m) is None or limits is None:
                yield entity, m, None, None, None
                continue
            rule, up = verdict(points, m, limits)
            variation = "common_cause" if up is None else "improving" if up else "concerning"
            low, _, high = limits
            assurance = "passing" if TARGET < low else "failing" if TARGET > high else "hit_or_miss"
            yield entity, m, limits, (variation, rule), assurance


def judged(bandstand, kind):
    """What Bandstand says of the same rows."""
    text = open(RULES, encoding="utf-8").read().replace('"type" is "1"', f'"type" is "{kind}"')
    os.makedirs("build/oracle", exist_ok=True)
    rules = f"build/oracle/ae_{kind}.rag"
    with open(rules, "w", encoding="utf-8") as f:
        f.write(text)
    run = subprocess.run([bandstand, "run", rules, FILE, "--format", "jsonl", "--columns",
                          "entity,period,comparators,levels"],
                         check=False, stdout=subprocess.PIPE, text=True)
    for line in run.stdout.splitlines():
        row = json.loads(line)
        if "entity" not in row:
            continue
        figures = [row["comparators"][n].get("exact") for n in
                   ("lower_limit", "mean", "upper_limit")]
        levels = [row["levels"][n].get("level") for n in ("variation", "assurance", "spc_rule")]
        yield "|".join(x or "-" for x in [row["entity"], row["period"], *figures, *levels])


def expected(kind):
    for entity, m, limits, found, assurance in rows(kind):
        month = f"{m // 12}-{m % 12 + 1:02d}"
        if limits is None:
            yield "|".join([entity, month] + ["-"] * 6)
        else:
            numbers = [written(x) for x in limits]
            yield "|".join([entity, month, *numbers, found[0], assurance, found[1]])


def main():
    if sys.argv[1] == "--changes":
        for kind in KINDS:
            count_changes(kind)
        return 0
    failed = 0
    for kind in KINDS:
        ours, theirs = sorted(expected(kind)), sorted(judged(sys.argv[1], kind))
        wrong = sorted(set(ours) ^ set(theirs))
        failed |= ours != theirs or not ours
        print(f"type {kind}: {len(ours)} rows expected, {len(theirs)} given, {len(wrong)} differ")
        for line in wrong[:6]:
            print("  expected" if line in set(ours) else "  given", line)
    return failed


def count_changes(kind):
    data, months = series(kind)
    charted = {e: chart(p, months) for e, p in data.items()}
    changes = common = n_series = 0

    def colour(x):
        return "green" if x >= 95 else "amber" if x >= 90 else "red"
    for entity, points in data.items():
        limits = charted[entity]
        if limits is None:
            continue
        n_series += 1
        for m in months:
            now, before = points.get(m), points.get(m - 1)
            if now is None or before is None or colour(now) == colour(before):
                continue
            changes += 1
            common += verdict(points, m, limits)[0] == "none"
    print(f"type {kind}: {n_series} series, {changes} changes of colour, {common} of them at common cause")


if __name__ == "__main__":
    sys.exit(main())
