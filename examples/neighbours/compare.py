#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: compare.py [BANDSTAND]

Counts, for each measure, which statuses change when the statistical neighbours of 2025 take the
place of those of 2021, and lists behind that every authority with a status that changes.
"""
import csv
import io
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

HERE = Path(__file__).resolve().parent
FILES = [HERE / "neighbours.rag", HERE.parent / "rereferrals" / "rereferrals.csv",
         HERE / "second_plans.csv"]
MEASURES = {"re_referrals": "Re-referrals", "second_plans": "Second plans"}
STATUSES = ("green", "amber", "red")


def statuses(bandstand):
    """(measure, authority, year) -> {model: status}"""
    run = subprocess.run([bandstand, "run", *FILES, "--format", "csv",
                          "--columns", "kpi,entity,period,status"],
                         stdout=subprocess.PIPE, text=True, check=True)
    out = defaultdict(dict)
    for row in csv.DictReader(io.StringIO(run.stdout)):
        measure, model = row["kpi"].rsplit("_", 1)
        out[measure, row["entity"], row["period"]][model] = row["status"]
    return out


def judged_by_both(found, measure):
    """(authority, year, status of 2021, status of 2025), by authority and year"""
    return sorted((entity, year, s["2021"], s["2025"]) for (m, entity, year), s in found.items()
                  if m == measure and "no data" not in s.values())


def summary(label, rows):
    flips = Counter((old, new) for _, _, old, new in rows)
    changed = [entity for entity, _, old, new in rows if old != new]
    print(f"{label}: {len(changed)} of {len(rows)} statuses change with the model, "
          f"of {len(set(changed))} authorities of {len({row[0] for row in rows})}")
    print("  2021 \\ 2025" + "".join(f"{s:>8}" for s in STATUSES))
    for old in STATUSES:
        print(f"  {old:<11}" + "".join(f"{flips[old, new]:>8}" for new in STATUSES))


def listing(label, rows):
    print(f"\n{label}, each status that changes")
    changes = defaultdict(list)
    for entity, year, old, new in rows:
        if old != new:
            changes[entity].append(f"{year} {old} -> {new}")
    for entity, list_of in changes.items():
        print(f"  {entity}: {', '.join(list_of)}")


def main(bandstand="bandstand"):
    found = statuses(bandstand)
    measures = [(label, judged_by_both(found, name)) for name, label in MEASURES.items()]
    for label, rows in measures:
        summary(label, rows)
    for label, rows in measures:
        listing(label, rows)


if __name__ == "__main__":
    main(*sys.argv[1:])
