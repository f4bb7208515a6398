#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: compare.py [BANDSTAND]

Counts, for each measure, which statuses change when the statistical neighbours of 2025 take the
place of those of 2021, and lists those of one authority.
"""
import csv
import io
import subprocess
import sys
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
FILES = [HERE / "neighbours.rag", HERE.parent / "rereferrals" / "rereferrals.csv",
         HERE / "second_plans.csv"]
MEASURES = {"re_referrals": "Re-referrals", "second_plans": "Second plans"}
STATUSES = ("green", "amber", "red")
ONE = "Sefton"


def statuses(bandstand):
    """(measure, authority, year) -> {model: status}"""
    run = subprocess.run([bandstand, "run", *FILES, "--format", "csv",
                          "--columns", "kpi,entity,period,status"],
                         stdout=subprocess.PIPE, text=True, check=True)
    out = {}
    for row in csv.DictReader(io.StringIO(run.stdout)):
        measure, model = row["kpi"].rsplit("_", 1)
        out.setdefault((measure, row["entity"], row["period"]), {})[model] = row["status"]
    return out


def main(bandstand="bandstand"):
    found = statuses(bandstand)
    for measure, label in MEASURES.items():
        flips = Counter((s["2021"], s["2025"]) for key, s in found.items()
                        if key[0] == measure and "no data" not in s.values())
        changed = sum(n for (a, b), n in flips.items() if a != b)
        print(f"{label}: {changed} of {sum(flips.values())} statuses change with the model")
        print("  2021 \\ 2025" + "".join(f"{s:>8}" for s in STATUSES))
        for a in STATUSES:
            print(f"  {a:<11}" + "".join(f"{flips[a, b]:>8}" for b in STATUSES))
        own = [f"{year} {s['2021']} -> {s['2025']}" for (m, entity, year), s in sorted(found.items())
               if m == measure and entity == ONE and s["2021"] != s["2025"]]
        print(f"  {ONE}: {', '.join(own) or 'none'}")


if __name__ == "__main__":
    main(*sys.argv[1:])
