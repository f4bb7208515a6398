# SPDX-License-Identifier: Apache-2.0
"""usage: period_labels.py BANDSTAND
Reads periods as publishers write them, in both ways of reading a file, and compares every one with
a reading of its own: the labels of the real files (tests/data/period_labels.csv names the source of
each), and every way of writing over years that hold the awkward ones (2009-10 to 2012-13 could be
months, 1999-00 turns the century).
"""
import csv
import datetime
import os
import re
import subprocess
import sys
import tempfile

PROGRAM = os.path.abspath(sys.argv[1])
MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September",
          "October", "November", "December"]
MARKS = {"(prov)": "provisional", "(Rev)": "revised", "[e]": "estimated", "p": "provisional"}
failures = []
passed = 0


def judge(ok, what):
    global passed
    if ok:
        passed += 1
    else:
        failures.append(what)


def run(kind, written, labels, order):
    """The period and marks of each label, or the error's text."""
    with tempfile.TemporaryDirectory() as folder:
        rules, data = os.path.join(folder, "r.rag"), os.path.join(folder, "d.csv")
        with open(rules, "w", encoding="utf-8") as h:
            h.write('input figures\n  layout long\n  entity column "entity"\n')
            h.write(f'  period column "label" as {kind}')
            h.write(f' written "{written}"\n' if written else "\n")
            h.write('  metric column "metric"\n  value column "value"\n')
            for word, meaning in MARKS.items():
                h.write(f'  mark "{word}" as {meaning}\n')
            h.write('end\nmetric visits "Visits" count\nkpi visits "Visits"\nend\n')
        with open(data, "w", encoding="utf-8", newline="") as h:
            w = csv.writer(h)
            w.writerow(["entity", "label", "metric", "value"])
            for i, label in enumerate(labels):
                w.writerow([f"e{i}", label, "visits", i])
        args = [PROGRAM, "run", rules, data, "--format", "csv", "--columns",
                "entity,period,value,marks"]
        done = subprocess.run(args + (["--order", "data"] if order else []), capture_output=True,
                              text=True)
    if done.returncode != 0:
        return done.stderr
    return {r["entity"]: (r["period"], r["marks"]) for r in csv.DictReader(
        done.stdout.splitlines()) if r["value"] != ""}


def compare(kind, written, cases):
    """cases: (label, period in the language's form, marks)"""
    for order in (False, True):
        got = run(kind, written, [c[0] for c in cases], order)
        if isinstance(got, str):
            failures.append(f"{kind} {written}: {got[:300]}")
            continue
        for i, (label, period, marks) in enumerate(cases):
            judge(got.get(f"e{i}") == (period, marks),
                  f"{label!r} as {kind} is {period} {marks}, not {got.get(f'e{i}')}")


def refuse(kind, written, label):
    for order in (False, True):
        got = run(kind, written, [label], order)
        judge(isinstance(got, str) and "d.csv:2:4: error B747" in got and f'"{label}"' in got,
              f"{label!r} as {kind} written {written} should be refused: {got!r:.300}")


def own_reading(kind, label):
    """The real labels, read by their kind alone; None where no period can be told."""
    if kind == "calendar year":
        return label if re.fullmatch(r"(19|20)\d\d", label) else None
    if kind == "month":
        m = re.fullmatch(r"(\d{4}-\d\d)(-\d\d)?", label)
        return m.group(1) if m else None
    m = re.fullmatch(r"(\d{4})-(\d\d)(?: (Q[1-4]))?", label)
    if not m or (int(m.group(1)) + 1) % 100 != int(m.group(2)):
        return None
    quarter = f"-{m.group(3)}" if kind == "financial quarter" else ""
    return f"FY{m.group(1)}-{m.group(2)}{quarter}"


def real_labels():
    here = os.path.dirname(os.path.abspath(__file__))
    by_kind = {}
    with open(os.path.join(here, "..", "data", "period_labels.csv"), encoding="utf-8") as h:
        for row in csv.DictReader(h):
            by_kind.setdefault(row["kind"], []).append(row["label"])
    for kind, labels in by_kind.items():
        read = [(label, own_reading(kind, label)) for label in labels]
        compare(kind, None, [(label, period, "") for label, period in read if period])
        for label, period in read:
            if period is None:
                refuse(kind, None, label)


def with_marks(cases):
    endings = [("", ""), (" (prov)", "provisional"), (" (Rev)", "revised"), ("[e]", "estimated"),
               ("p", "provisional")]
    return [(label + ending, period, marks) for i, (label, period) in enumerate(cases)
            for ending, marks in [endings[i % len(endings)]]]


def years():
    numbers = list(range(1998, 2014)) + [2023, 2024, 2098]
    pairs = [(y, (y + 1) % 100) for y in numbers]
    for kind, form in (("financial year", "FY{}-{:02}"), ("academic year", "AY{}/{:02}")):
        for way in ("{0}{1:02}", "{0}-{1:02}", "{0}/{1:02}", "{0}-{2}", "{0}/{2}",
                    "{0}\N{EN DASH}{1:02}", form):
            compare(kind, None, with_marks([(way.format(y, n, y + 1), form.format(y, n))
                                            for y, n in pairs]))
    for way in ("Q{2} {0}/{1:02}", "{0}/{1:02} Q{2}", "{0}-{1:02} Q{2}", "{0}{1:02} Q{2}",
                "{0}{1:02}Q{2}", "Q{2} {0}-{1:02}", "q{2} {0}-{1:02}", "{0}-{1:02}-Q{2}"):
        compare("financial quarter", None, with_marks(
            [(way.format(y, n, q), f"FY{y}-{n:02}-Q{q}") for y, n in pairs for q in range(1, 5)]))
    for way in ("{0} Q{1}", "{0}Q{1}", "Q{1} {0}", "Q{1}-{0}", "{0}-Q{1}"):
        compare("calendar quarter", None, with_marks(
            [(way.format(y, q), f"{y}-Q{q}") for y in numbers for q in range(1, 5)]))
    compare("calendar year", None, with_marks([(str(y), str(y)) for y in numbers]))


def months():
    cases = [(y, m, MONTHS[m - 1]) for y in (2009, 2010, 2011, 2012, 2024) for m in range(1, 13)]
    usual = (lambda y, m, n: f"{y}-{m:02}", lambda y, m, n: f"{y}{m:02}",
             lambda y, m, n: f"{m:02}/{y}", lambda y, m, n: f"{m}/{y}",
             lambda y, m, n: f"{n} {y}", lambda y, m, n: f"{n[:3]} {y}",
             lambda y, m, n: f"{n[:3].upper()}-{y}", lambda y, m, n: f"{y} {n[:3]}",
             lambda y, m, n: f"{'Sept' if m == 9 else n} {y}")
    for way in usual:
        compare("month", None, with_marks([(way(*c), f"{c[0]}-{c[1]:02}") for c in cases]))
    for written, way in (("Sep 24", "{1} {0:02}"), ("Sep-24", "{1}-{0:02}")):
        compare("month", written, with_marks([(way.format(y % 100, n[:3]), f"{y}-{m:02}")
                                              for y, m, n in cases]))


def days():
    day = datetime.date(2023, 12, 25)
    dates = [day + datetime.timedelta(i) for i in range(0, 100)]
    usual = (lambda d, n: d.isoformat(), lambda d, n: d.strftime("%Y/%m/%d"),
             lambda d, n: d.strftime("%Y%m%d"), lambda d, n: f"{d.day} {n} {d.year}",
             lambda d, n: f"{d.day:02} {n[:3]} {d.year}", lambda d, n: f"{d.day}-{n[:3]}-{d.year}")
    asked = {"31/03/2024": lambda d, n: d.strftime("%d/%m/%Y"),
             "13/1/2024": lambda d, n: f"{d.day}/{d.month}/{d.year}",
             "03/31/2024": lambda d, n: d.strftime("%m/%d/%Y"),
             "31-03-2024": lambda d, n: d.strftime("%d-%m-%Y"),
             "31.03.2024": lambda d, n: d.strftime("%d.%m.%Y"),
             "31-Mar-24": lambda d, n: f"{d.day}-{n[:3]}-{d.year % 100:02}"}
    for written, way in [(None, w) for w in usual] + list(asked.items()):
        labels = [(way(d, MONTHS[d.month - 1]), d) for d in dates]
        compare("day", written, with_marks([(t, d.isoformat()) for t, d in labels]))
        compare("month", written, with_marks([(t, f"{d.year}-{d.month:02}") for t, d in labels]))


def refusals():
    for kind, written, label in (
            ("day", None, "01/02/2024"), ("day", "31/03/2024", "03/31/2024"),
            ("day", "31/03/2024", "30/02/2024"), ("day", "31 Mar 2024", "31/03/2024"),
            ("month", None, "202223"), ("month", None, "Sep 24"), ("month", None, "Sepp 2024"),
            ("month", None, "2024"), ("month", None, "13/2024"), ("financial year", None, "2024"),
            ("financial year", None, "202225"), ("financial year", None, "2022-24"),
            ("financial year", None, "2022-2022"), ("calendar year", None, "2022 (final)"),
            ("calendar year", None, "202223"), ("financial quarter", None, "Q5 2024/25"),
            ("financial quarter", None, "Q2 2024"), ("month", None, "Week 12 2024")):
        refuse(kind, written, label)


real_labels()
years()
months()
days()
refusals()
for failure in failures[:20]:
    print("FAIL", failure)
print(f"{passed} passed, {len(failures)} failed")
