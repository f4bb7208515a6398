#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: compare.py [BANDSTAND [--overrides]]

Sets the statuses that Bandstand computes for the scorecard of May 2023 beside the published ones,
row by row, with the reason, and counts where they agree. With --overrides the statuses that the
scorecard gives by hand are taken from their file, and marked.
"""
import csv
import io
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).parents[2]
RULES = "rules/scorecard_2023.rag"
OVERRIDES = "rules/scorecard_2023_overrides.rag"
DATA = "examples/scorecard/scorecard_2023_05.csv"
STATUS = {"good": "1", "concerning": "2", "not_improving": "3", "no data": "no data"}


def main(bandstand="bandstand", overrides=None):
    run = subprocess.run(
        [bandstand, "run", RULES, DATA, *(["--overrides", OVERRIDES] if overrides else []), "--format",
         "csv", "--columns", "row,source,kpi,value,status,computed,override_by,reason"],
        cwd=TOP, stdout=subprocess.PIPE, text=True, check=True)
    computed = {r["source"].rsplit(" ", 1)[1]: r for r in csv.DictReader(io.StringIO(run.stdout))
                if r["row"] == "kpi"}
    agreeing = by_hand = 0
    with open(TOP / DATA, newline="", encoding="utf-8") as f:
        published = list(csv.DictReader(f))
    print("row  published  computed  KPI                      reason")
    for row in published:
        result = computed[row["id"]]
        status = STATUS[result["status"]]
        same = status == row["status"]
        agreeing += same
        by_hand += result["override_by"] != ""
        mark = "!" if not same else "h" if result["override_by"] else " "
        print(f"{row['id']:>3}  {row['status']:<9}  {status:<7} {mark} "
              f"{result['kpi']:<24} {result['reason']}")
    if overrides:
        print(f"{agreeing} of {len(published)} agree, {by_hand} of them by hand: the rows marked h")
    else:
        print(f"{agreeing} of {len(published)} agree; the rows marked ! do not")


if __name__ == "__main__":
    main(*sys.argv[1:])
