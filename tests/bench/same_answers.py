#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: same_answers.py [--in-order] EXPECTED.csv ACTUAL

Holds Bandstand's answers (CSV, or JSON where the name ends so) row by row against the expected ones:
entity, kpi, period, band and status, and any other column that has the same name in both. Bandstand
also has a row for each entity and reported period without a figure; those must be no data. With
--in-order the rows that have a figure stand in the order of EXPECTED and the others behind them.
"""
import csv
import json
import sys


def json_rows(path):
    with open(path) as f:
        for r in json.load(f)["results"]:
            if not r["reason"]:
                sys.exit(f"{r['label']}, {r['entity']}, {r['period']}: no reason")
            yield {"entity": r["entity"], "label": r["label"], "period": r["period"],
                   "value": r["value"]["shown"] or "", "grade": r["levels"]["grade"]["level"] or "",
                   "status": r["status"] or "no data"}


def csv_rows(path):
    with open(path, newline="") as f:
        yield from csv.DictReader(f)


def answers(path):
    """Bandstand's rows in the words of the expected ones."""
    for r in json_rows(path) if path.endswith(".json") else csv_rows(path):
        r["kpi"] = r.pop("label")
        r["band"] = r.pop("grade").replace("_", " ").title()
        if r["status"] == "no data":
            r["band"], r["status"] = "No data", "grey"
        yield r


def key(r):
    return r["entity"], r["kpi"], r["period"]


def check_without_figure(r):
    if r["status"] != "grey":
        sys.exit(f"{key(r)}: judged without a figure")


def check_in_order(expected, actual):
    n = 0
    for n, e in enumerate(expected, 1):
        if next(actual, None) != e:
            sys.exit(f"row {n} is not {e}")
    for r in actual:
        check_without_figure(r)
    return n


def check_by_key(expected, actual):
    wanted = {key(e): e for e in expected}
    n = len(wanted)
    for r in actual:
        e = wanted.pop(key(r), None)
        if e is None:
            check_without_figure(r)
        elif r != e:
            sys.exit(f"{r}, expected {e}")
    if wanted:
        sys.exit(f"{len(wanted)} rows of {n} are not there, {next(iter(wanted))} among them")
    return n


def main(args):
    in_order = args[0] == "--in-order"
    expected, actual = args[-2:]
    check = check_in_order if in_order else check_by_key
    n = check(csv_rows(expected), answers(actual))
    print(f"{n} answers, all as expected" + (", in order" if in_order else ""))


if __name__ == "__main__":
    main(sys.argv[1:])
