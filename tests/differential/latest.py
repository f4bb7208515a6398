#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The latest figure of a metric of another kind of period, against Python's calendar.

    tests/differential/latest.py build/release/bandstand [series] [seed]

Every kind of period meets every other, with holes, figures that are missing for reasons, and breaks.
Which period has ended is found here by its last day alone.
"""
import datetime
import json
import pathlib
import random
import subprocess
import sys
import tempfile

from periods import KINDS, Calendar

N_SERIES, SEED = 2, 20240229
REASONS = {"c": "suppressed", "x": "not available"}
RULES = """metric m "M" count
metric y "Y" count
input f
  layout long
  entity column "e"
  period column "p"
  metric column "k"
  value  column "v"
  missing "c" as suppressed
  missing "x" as not available
  mark "b" as break in series
end
"""


def first_periods(kind, rng):
    """A stretch of about three years, or of 200 days."""
    c = Calendar(kind)
    p = {"day": datetime.date(2020, 1, 1 + rng.randrange(28))}.get(kind, datetime.date(2018, c.first, 1))
    n = {"day": 200, "month": 60, "quarter": 20, "fquarter": 20}.get(kind, 6)
    return c, [c.step(p, i) for i in range(n)]


def last_day(c, p):
    return c.step(p, 1) - datetime.timedelta(1)


def ended(c, day):
    """The last period of c that has ended by the end of [day], stepped to from far behind."""
    p = {"day": datetime.date(2016, 1, 1)}.get(c.kind, datetime.date(2010, c.first, 1))
    while last_day(c, c.step(p, 1)) <= day:
        p = c.step(p, 1)
    return p


def latest(c, series, breaks, p_from, p_to, n):
    """(figure, None) or (None, the reasons) of the latest of n periods up to p_from."""
    reasons = set()
    for i in range(n):
        q = c.step(p_from, -i)
        v = series.get(q)
        if isinstance(v, int):
            broken = any(q < b <= p_to for b in breaks)
            return (None, {"break in series"}) if broken else (v, None)
        if v:
            reasons.add(REASONS[v])
    return None, reasons or {"no row"}


def run(program, kind, other, rng, folder):
    (c, own), (d, others) = first_periods(kind, rng), first_periods(other, rng)
    own = [p for p in own if rng.random() < 0.9] or own
    series = {p: rng.choice((rng.randrange(99), rng.randrange(99), "c", "x"))
              for p in others if rng.random() < 0.6}
    breaks = {p for p, v in series.items() if isinstance(v, int) and rng.random() < 0.1}
    spans, back = sorted(rng.sample(range(1, 9), 3)), rng.randrange(1, 4)
    rules = RULES + "kpi k\n  value m\n"
    for n in spans:
        word = "periods" if n > 1 else "period"
        rules += f"  compare l{n} = latest(y, within {n} {word})\n"
        rules += f"  compare b{n} = previous(latest(y, within {n} {word}), {back})\n"
    (folder / "r.rag").write_text(rules + "end\n")
    (folder / "d.csv").write_text(
        "e,p,k,v\n" + "".join(f"X,{c.label(p)},m,1\n" for p in own)
        + "".join(f"X,{d.label(p)},y,{v}{' b' if p in breaks else ''}\n" for p, v in series.items()))
    names = [f"{way}{n}" for n in spans for way in "lb"]
    out = subprocess.run([program, "run", folder / "r.rag", folder / "d.csv", "--format", "jsonl"],
                         capture_output=True, text=True)
    passed, failures = 0, []
    got = {}
    for line in out.stdout.splitlines():
        row = json.loads(line)
        got[row.get("period")] = row.get("comparators", {})
    for p in own:
        for name in names:
            now = ended(d, last_day(c, p))
            start = now if name[0] == "l" else ended(d, last_day(c, c.step(p, -back)))
            want, why = latest(d, series, breaks, start, now, int(name[1:]))
            cell = got.get(c.label(p), {}).get(name, {})
            value, missing = cell.get("exact"), cell.get("missing")
            fits = value == str(want) if why is None else value is None and missing in why
            passed += fits
            if not fits:
                failures.append(f"{name} of {other} in {c.label(p)}: {cell}, not {want} {why}")
    if failures:
        print("\n".join(failures[:5]), out.stderr[:500])
    return passed, len(failures)


def main():
    n_series = int(sys.argv[2]) if len(sys.argv) > 2 else N_SERIES
    rng = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else SEED)
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(n_series):
            for kind in KINDS:
                for other in KINDS:
                    p, f = run(sys.argv[1], kind, other, rng, pathlib.Path(folder))
                    passed, failed = passed + p, failed + f
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
