#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes examples/rereferrals/rereferrals.csv from the DfE's file of referrals and re-referrals.

    extract_rereferrals.py FOLDER            writes the extract
    extract_rereferrals.py --check FOLDER    says whether the extract is still what FOLDER gives

FOLDER holds the DfE's file; without it the variable BANDSTAND_DFE names the folder. Where there is
no such folder there is nothing to do, and the script says so and succeeds.
"""
import csv
import io
import os
import sys
from pathlib import Path

SOURCE = "c1_children_in_need_referrals_and_rereferrals_2013_to_2025.csv"
EXTRACT = Path(__file__).parents[2] / "examples" / "rereferrals" / "rereferrals.csv"
COLUMNS = [
    "time_period",
    "la_name",
    "new_la_code",
    "referral_count",
    "rereferral_count",
    "rereferral_percent",
]


def extract(source):
    """The local authorities' rows in the source's order, every cell verbatim."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    with open(source, newline="", encoding="utf-8-sig") as f:
        for row in csv.DictReader(f):
            if row["geographic_level"] == "Local authority":
                writer.writerow(row)
    return out.getvalue()


def main():
    arguments = [a for a in sys.argv[1:] if a != "--check"]
    folder = arguments[0] if arguments else os.environ.get("BANDSTAND_DFE", "")
    source = Path(folder) / SOURCE
    if not folder or not source.is_file():
        print(f"skipped: {SOURCE} is not here; give the folder that holds it")
        return 0
    text = extract(source)
    if "--check" in sys.argv:
        same = EXTRACT.read_text(encoding="utf-8") == text
        print(f"{EXTRACT.name}: {'' if same else 'not '}as the source gives it")
        return 0 if same else 1
    EXTRACT.write_text(text, encoding="utf-8")
    print(f"{EXTRACT.name}: {text.count(chr(10)) - 1} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main())
