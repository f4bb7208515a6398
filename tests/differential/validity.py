#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Rules by period against Python's calendar and fractions.

    tests/differential/validity.py build/release/bandstand [rounds] [seed]

Random tables and status blocks, valid from and to periods of mixed kinds, over figures of mixed
kinds; then the real re-referrals with bands that change in a year, by each of the two rule sets.
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

TOP = pathlib.Path(__file__).resolve().parents[2]
ROUNDS, SEED = 25, 20230401
DAY = datetime.timedelta(1)
KINDS = ("day", "month", "quarter", "year", "fquarter", "fyear", "ayear")
MONTHS = {"month": 1, "quarter": 3, "fquarter": 3}


def first_of(year, month):
    return datetime.date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def period_at(kind, day):
    """(label, first day, last day) of the period of [kind] that holds [day]."""
    if kind == "day":
        return day.isoformat(), day, day
    start = {"fyear": 4, "ayear": 9}.get(kind, 1)
    if kind in MONTHS:
        n = MONTHS[kind]
        month = (day.month - 1) // n * n + 1
        first, last = first_of(day.year, month), first_of(day.year, month + n) - DAY
    else:
        year = day.year - (day.month < start)
        first, last = first_of(year, start), first_of(year + 1, start) - DAY
    y, m = first.year, first.month
    f = y - (m < 4)
    label = {
        "month": f"{y}-{m:02}",
        "quarter": f"{y}-Q{(m + 2) // 3}",
        "year": f"{y}",
        "fquarter": f"FY{f}-{(f + 1) % 100:02}-Q{(m - 4) % 12 // 3 + 1}",
        "fyear": f"FY{y}-{(y + 1) % 100:02}",
        "ayear": f"AY{y}/{(y + 1) % 100:02}",
    }[kind]
    return label, first, last


def some_spans(rng):
    """[(words, first, last)], apart from each other; sometimes with holes, sometimes without an end."""
    spans, day = [], datetime.date(2010 + rng.randrange(3), rng.randrange(1, 13), rng.randrange(1, 29))
    for i in range(rng.randrange(1, 6)):
        label, first, last = period_at(rng.choice(KINDS), day)
        if spans and first <= spans[-1][2]:
            label, first, last = period_at("day", spans[-1][2] + DAY)
        end_day = first + datetime.timedelta(rng.randrange(0, 1500))
        end, _, end_last = period_at(rng.choice(KINDS), end_day)
        if i > 2 and rng.random() < 0.4:
            spans.append((f"valid from {label}", first, datetime.date.max))
            break
        spans.append((f"valid from {label} to {end}", first, end_last))
        day = end_last + DAY + datetime.timedelta(rng.choice((0, 0, 0, 1, 200)))
    return spans


def in_force(spans, day):
    found = [i for i, (_, first, last) in enumerate(spans) if first <= day <= last]
    assert len(found) < 2
    return found[0] if found else None


def run(bandstand, rules, figures, columns, *more):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "rules.rag").write_text(rules, encoding="utf-8")
        (folder / "figures.csv").write_text(figures, encoding="utf-8")
        done = subprocess.run(
            [bandstand, "run", folder / "rules.rag", folder / "figures.csv", "--format", "csv",
             "--columns", ",".join(columns), *more], capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    return list(csv.reader(io.StringIO(done.stdout)))[1:]


RULES = """scale s
  low
  mid
  high
end
input f
  layout long
  entity column "e"
  period column "p"
  metric column "k"
  value  column "v"
end
metric m percent
kpi m
  good is high
"""
GROUPS = """
group inner
  member m
  no data is left out
  status s from worst
end
group outer
  member inner
  no data is left out
  status s from worst
end
"""


def random_round(bandstand, rng):
    rules, tables, blocks = RULES, some_spans(rng), some_spans(rng)
    cuts = [rng.randrange(1, 99) for _ in tables]
    limits = [rng.randrange(1, 99) for _ in blocks]
    for (words, _, _), cut in rng.sample(list(zip(tables, cuts)), len(cuts)):
        rules += f"  bands s as b, {words}\n    high {cut}+\n    low otherwise\n  end\n"
    for (words, _, _), limit in rng.sample(list(zip(blocks, limits)), len(limits)):
        rules += (f"  status s, {words}\n    high when b is high and value > {limit}%\n"
                  f"    mid when value > {limit}%\n    low otherwise\n  end\n")
    rules += "end\n"

    def judge(value, day):
        table, block = in_force(tables, day), in_force(blocks, day)
        level = "" if table is None else "high" if value >= cuts[table] else "low"
        if block is None:
            return level, "no data"
        over = value > limits[block]
        if table is None and over:
            return level, "no data"  # high or mid
        return level, "low" if not over else "high" if level == "high" else "mid"

    edges = [d for _, first, last in tables + blocks for d in (first, first - DAY, last)
             if d < datetime.date.max]
    expected, figures = {}, "e,p,k,v\n"
    as_of, _, as_of_day = period_at(rng.choice(KINDS), rng.choice(edges))
    for kind in [rng.choice(KINDS)]:  # a series has one
        for _ in range(60):
            day = rng.choice(edges) + datetime.timedelta(rng.choice((-1, 0, 0, 0, 1, 40)))
            label, _, last = period_at(kind, day)
            if (kind, label) in expected:
                continue
            value = Fraction(rng.randrange(0, 1001), 10)
            figures += f"{kind},{label},m,{float(value)}\n"
            expected[kind, label] = (*judge(value, last), judge(value, as_of_day)[1])
    failed = 0
    rows = run(bandstand, rules, figures, ("entity", "period", "b", "status", "status_as_of"),
               "--rules-as-of", as_of)
    streamed = run(bandstand, rules, figures, ("entity", "period", "b", "status"), "--order", "data")
    grouped = run(bandstand, rules + GROUPS, figures, ("kpi", "entity", "period", "status", "status_as_of"),
                  "--rules-as-of", as_of, "--kpi", "inner,outer")
    wanted = {(name, *key): list(answer[1:]) for key, answer in expected.items()
              for name in ("inner", "outer")}
    if {tuple(r[:3]): r[3:] for r in grouped} != wanted:
        failed += 1
        print(f"FAIL groups by the rules of {as_of}: expected {wanted}, got {grouped}\n{rules}")
    for where, got, n in (("run", rows, 3), ("while reading", streamed, 2)):
        found = {(r[0], r[1]): tuple(r[2:]) for r in got}
        wanted = {key: answer[:n] for key, answer in expected.items()}
        for key in wanted.keys() | found.keys():
            if wanted.get(key) != found.get(key):
                failed += 1
                print(f"FAIL {where} {key}: expected {wanted.get(key)}, got {found.get(key)}\n{rules}")
                break
    return failed


def rereferrals(bandstand):
    """The real figures, judged by bands that change with 2019, and all by either set."""
    sys.path.insert(0, str(TOP / "tests" / "oracle"))
    import rereferrals as oracle
    folder = TOP / "examples" / "rereferrals"
    rules = (folder / "rereferrals.rag").read_text(encoding="utf-8")
    start, end = rules.index("  bands ofsted"), rules.index("  status rag")
    old = rules[start:end].replace("gaps to worse", "gaps to worse, valid from 2012 to 2018")
    new = ("  bands ofsted, gaps to worse, valid from FY2018-19-Q4\n    outstanding <14\n"
           "    good 14 to below 18\n    requires_improvement 18 to below 22\n"
           "    inadequate otherwise\n  end\n")
    rules = rules[:start] + old + new + rules[end:rules.index("\nexamples")]
    rules = rules.replace("../../rules/scales.rag", "scales.rag")

    def new_grade(percent):
        return ("outstanding" if percent < 14 else "good" if percent < 18
                else "requires_improvement" if percent < 22 else "inadequate")

    expected = {"": {}, "2014": {}, "2020": {}}
    with open(oracle.DATA, encoding="utf-8", newline="") as file:
        for entity, period, percent, why in oracle.judge_all(list(csv.DictReader(file))):
            for as_of, answers in expected.items():
                late = int(as_of or period) >= 2019
                level = "" if percent is None else (new_grade if late else oracle.grade)(percent)
                answers[entity, period] = (level, oracle.RAG.get(level, "no data"), why)
    failed = 0
    with tempfile.TemporaryDirectory() as temporary:
        temporary = pathlib.Path(temporary)
        (temporary / "rules.rag").write_text(rules, encoding="utf-8")
        (temporary / "scales.rag").write_text((TOP / "rules" / "scales.rag").read_text(encoding="utf-8"),
                                              encoding="utf-8")
        for as_of in ("2014", "2020"):
            done = subprocess.run(
                [bandstand, "run", temporary / "rules.rag", folder / "rereferrals.csv", "--format",
                 "csv", "--columns", "entity,period,ofsted,status,missing,status_as_of,levels_as_of",
                 "--rules-as-of", as_of], capture_output=True, text=True, check=True)
            rows = list(csv.reader(io.StringIO(done.stdout)))[1:]
            n_differ = 0
            assert len(rows) == len(expected[""]), (len(rows), len(expected[""]))
            for entity, period, level, status, missing, status_as_of, levels in rows:
                own, other = expected[""][entity, period], expected[as_of][entity, period]
                n_differ += own[1] != other[1]
                wanted_levels = f"ofsted={other[0]}" if other[0] else f"ofsted: {other[2]}"
                if (level, status, missing) != own or status_as_of != other[1] or levels != wanted_levels:
                    failed += 1
                    print("FAIL", entity, period, own, other, "got", level, status, missing,
                          status_as_of, levels)
                    break
            if not done.stderr.startswith(f"{n_differ} of {len(rows)} statuses differ"):
                failed += 1
                print("FAIL the summary:", done.stderr, "expected", n_differ)
            assert n_differ > 100
    return failed


def main():
    bandstand = str(pathlib.Path(sys.argv[1]).resolve())
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else ROUNDS
    rng = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else SEED)
    failed = sum(random_round(bandstand, rng) > 0 for _ in range(rounds))
    failed += rereferrals(bandstand) > 0
    print(f"{rounds + 1 - failed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
