#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Random series with holes: figures of several periods against Python's fractions and calendar.

    tests/differential/periods.py build/release/bandstand [series] [seed]

Labels are made and stepped back here, by names of months and dates, not by the program's ordinals.
"""
import csv
import datetime
import io
import pathlib
import random
import subprocess
import sys
import tempfile
from fractions import Fraction

N_SERIES, SEED = 3, 20240229
KINDS = ("day", "month", "quarter", "year", "fquarter", "fyear", "ayear")
RULES = """metric m "M" count
metric w "W" count
input f
  layout long
  entity column "e"
  period column "p"
  metric column "k"
  value  column "v"
end
"""


def month(y, m):
    return y + (m - 1) // 12, (m - 1) % 12 + 1


class Calendar:
    """A period as its first day; label, the one n before, the year before, its place in a year."""

    def __init__(self, kind):
        self.kind = kind
        self.months = {"day": 0, "month": 1, "quarter": 3, "fquarter": 3}.get(kind, 12)
        self.first = {"fyear": 4, "ayear": 9}.get(kind, 1)

    def start(self, rng):
        if self.kind == "day":
            return datetime.date(2024, 1, 1) + datetime.timedelta(rng.randrange(40))
        return datetime.date(rng.randrange(1998, 2021), self.first, 1)

    def step(self, p, n):
        if self.kind == "day":
            return p + datetime.timedelta(n)
        y, m = month(p.year, p.month + n * self.months)
        return datetime.date(y, m, 1)

    def year_ago(self, p):
        try:
            return p.replace(year=p.year - 1)
        except ValueError:
            return None

    def label(self, p):
        fy = p.year if p.month >= 4 else p.year - 1
        return {"day": p.isoformat(), "month": f"{p.year}-{p.month:02d}",
                "quarter": f"{p.year}-Q{(p.month + 2) // 3}", "year": f"{p.year}",
                "fquarter": f"FY{fy}-{(fy + 1) % 100:02d}-Q{(p.month - 4) % 12 // 3 + 1}",
                "fyear": f"FY{p.year}-{(p.year + 1) % 100:02d}",
                "ayear": f"AY{p.year}/{(p.year + 1) % 100:02d}"}[self.kind]

    def of_year(self, p, first):
        """The periods of the year that begins in month [first], up to p; None if they do not fit."""
        if self.kind == "day" or (first - self.first) % self.months:
            return None
        out = [p]
        while out[-1].month != first:
            out.append(self.step(out[-1], -1))
        return out


def fold(values, how, allowed):
    known = [v for v in values if v is not None]
    if len(values) - len(known) > allowed or not known:
        return None
    return {"sum": sum, "min": min, "max": max,
            "mean": lambda x: Fraction(sum(x), len(x))}[how](known)


def pairs(c, s, periods, allowed):
    """The figures of m and w in the periods that have both; None if more than [allowed] lack one."""
    known = [(s[q], s["w", q]) for q in periods if q in s and ("w", q) in s]
    return known if known and len(periods) - len(known) <= allowed else None


def share_of_pairs(known):
    whole = known and sum(w for _, w in known)
    return Fraction(100 * sum(m for m, _ in known), whole) if whole else None


def window(c, p, n):
    return [c.step(p, -i) for i in range(n)]


def formulas(rng):
    """Windows that are calculated with each other leave out the same periods."""
    n, allowed = rng.randrange(2, 9), rng.randrange(1, 4)
    allowed = min(allowed, n - 1)
    m, w = (f"(rolling_sum({x}, {n}) allow {allowed} missing)" for x in "mw")
    share = f"{m} as percent of {w}"
    yield share, lambda c, s, p: share_of_pairs(pairs(c, s, window(c, p, n), allowed))
    yield f"total as percent of {w}", lambda c, s, p: share_of_pairs(pairs(c, s, window(c, p, n), allowed))
    yield (f"previous({share})",
           lambda c, s, p: share_of_pairs(pairs(c, s, window(c, c.step(p, -1), n), allowed)))
    yield (f"abs({w} - (m + {m}))",
           lambda c, s, p: (lambda k: None if k is None or p not in s else
                            abs(sum(b for _, b in k) - s[p] - sum(a for a, _ in k)))(
                                pairs(c, s, window(c, p, n), allowed)))
    yield (f"{m} as percent of (rolling_sum(w, {n}))",
           lambda c, s, p: share_of_pairs(pairs(c, s, window(c, p, n), 0)))
    # Each of these stands by itself.
    yield (f"({m} else {w})",
           lambda c, s, p: next((v for v in (fold([s.get(q) for q in window(c, p, n)], "sum", allowed),
                                             fold([s.get(("w", q)) for q in window(c, p, n)], "sum",
                                                  allowed)) if v is not None), None))
    yield (f"{m} + rolling_max(w, {n + 1})",
           lambda c, s, p: (lambda a, b: None if a is None or b is None else a + b)(
               fold([s.get(q) for q in window(c, p, n)], "sum", allowed),
               fold([s.get(("w", q)) for q in window(c, p, n + 1)], "max", 0)))
    yield f"let total = {m}", None


def steps_improve(values):
    """Kleene's `and` over the steps, high is good."""
    steps = [None if a is None or b is None else a > b for a, b in zip(values, values[1:])]
    return False if False in steps else None if None in steps else True


def expressions(rng):
    n, allowed = rng.randrange(2, 9), rng.randrange(0, 3)
    allowed = min(allowed, n - 1)
    allow = f" allow {allowed} missing" if allowed else ""
    for how in ("sum", "mean", "min", "max"):
        yield (f"rolling_{how}(m, {n}){allow}",
               lambda c, s, p, how=how: fold([s.get(c.step(p, -i)) for i in range(n)], how, allowed))
    for word, first in (("calendar", 1), ("financial", 4), ("academic", 9)):
        yield (f"year_to_date_sum(m, {word})",
               lambda c, s, p, first=first: (lambda ps: None if ps is None else
                                             fold([s.get(q) for q in ps], "sum", 0))(c.of_year(p, first)))
    yield "year_ago(m)", lambda c, s, p: s.get(c.year_ago(p))
    back = rng.randrange(1, 14)
    yield f"previous(m, {back})", lambda c, s, p: s.get(c.step(p, -back))
    yield (f"previous(rolling_sum(m, 2), {back})",
           lambda c, s, p: fold([s.get(c.step(p, -back - i)) for i in range(2)], "sum", 0))


def status(n):
    return ("  status rag\n" f"    green when improving for {n} periods\n"
            "    red   when improving on last year\n    amber otherwise\n  end\n")


def expected_status(c, s, p, n):
    if s.get(p) is None:
        return "no data"
    lines = [(steps_improve([s.get(c.step(p, -i)) for i in range(n + 1)]), "green"),
             (steps_improve([s.get(p), s.get(c.year_ago(p))]), "red"), (True, "amber")]
    seen = set()
    for truth, level in lines:
        if truth is not False:
            seen.add(level)
        if truth:
            break
    return seen.pop() if len(seen) == 1 else "no data"


def run(program, kind, rng, folder):
    c, s = Calendar(kind), {}
    p = c.start(rng)
    reported = []
    for _ in range(900 if kind == "day" else 60):
        if rng.random() < 0.85:
            s[p] = rng.randrange(0, 30)
            reported.append(p)
            if rng.random() < 0.85:
                s["w", p] = rng.randrange(0, 30)
        elif rng.random() < 0.5:
            s["w", p] = rng.randrange(0, 30)
        p = c.step(p, 1)
    n = rng.randrange(1, 4)
    cases = list(expressions(rng)) + list(formulas(rng))
    let, _ = cases.pop()
    rules = RULES + let + "\n" + 'scale rag\n  red\n  amber\n  green\nend\n'
    rules += "".join(f"kpi k{i}\n  value ({text}) else -1\nend\n" for i, (text, _) in enumerate(cases))
    rules += f"kpi judged\n  value m\n  good is high\n{status(n)}end\n"
    (folder / "r.rag").write_text(rules)
    (folder / "d.csv").write_text("e,p,k,v\n" + "".join(f"X,{c.label(q)},m,{s[q]}\n" for q in reported) +
                                  "".join(f"X,{c.label(q[1])},w,{s[q]}\n" for q in s if isinstance(q, tuple)))
    out = subprocess.run([program, "run", folder / "r.rag", folder / "d.csv", "--format", "csv",
                          "--columns", "kpi,period,exact,status"], capture_output=True, text=True)
    got = {(r["kpi"], r["period"]): r for r in csv.DictReader(io.StringIO(out.stdout))}
    failures, passed = [], 0
    for q in reported:
        for i, (text, of) in enumerate(cases):
            want = of(c, s, q)
            value = got.get((f"k{i}", c.label(q)), {}).get("exact")
            if value and Fraction(value) == (-1 if want is None else want):
                passed += 1
            else:
                failures.append(f"{text} in {c.label(q)}: {value}, not {want}")
        value, want = got.get(("judged", c.label(q)), {}).get("status"), expected_status(c, s, q, n)
        if value == want:
            passed += 1
        else:
            failures.append(f"improving for {n} in {c.label(q)}: {value}, not {want}")
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
                p, f = run(sys.argv[1], kind, rng, pathlib.Path(folder))
                passed, failed = passed + p, failed + f
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
