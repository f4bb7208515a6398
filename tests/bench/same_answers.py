#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: same_answers.py ORACLE.csv ACTUAL.csv

Holds Bandstand's answers to the band job against the job's oracle, row by row. Bandstand also has a
row for each entity and reported period without a figure; those must be no data for want of a row.
"""
import csv
import sys


def main(oracle, actual):
    expected = {}
    with open(oracle, newline="") as f:
        for r in csv.DictReader(f):
            expected[r["entity"], r["kpi"], r["period"]] = (r["value"], r["band"], r["status"])
    n_seen = 0
    with open(actual, newline="") as f:
        for r in csv.DictReader(f):
            key = r["entity"], r["label"], r["period"]
            judged = r["status"] != "no data"
            answer = (r["value"], r["grade"].replace("_", " ").title() if judged else "No data",
                      r["status"] if judged else "grey")
            if key not in expected:
                if judged:
                    sys.exit(f"{key}: judged without a row")
                continue
            n_seen += 1
            if answer != expected[key]:
                sys.exit(f"{key}: {answer}, expected {expected[key]}")
    if n_seen != len(expected):
        sys.exit(f"{n_seen} rows of {len(expected)}")
    print(f"{n_seen} answers, all as the oracle's")


if __name__ == "__main__":
    main(*sys.argv[1:])
