#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Overrides, against a computation of its own.

usage: overrides.py BANDSTAND

First the scorecard of May 2023: with its overrides every published status comes out, those by hand are
the ones that the rules of scorecard.py do not explain, and what is computed is what scorecard.py gives.
Then random figures and overrides: which override each row has, by a look at every one, and what the
status of another KPI that takes it is.
"""
import csv
import io
import json
import pathlib
import random
import subprocess
import sys
import tempfile

import scorecard

TOP = pathlib.Path(__file__).resolve().parents[2]
LEVELS = ["red", "amber", "green"]
ENTITIES = ["Sefton", "Sefton North", "Sef", "Wirral", "St. Helens", "Áberdeen", "sefton", "Leeds, West"]


def run(program, *arguments):
    done = subprocess.run([program, "run", *arguments], cwd=TOP, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def check_scorecard(program):
    code, out, err = run(program, "rules/scorecard_2023.rag", str(scorecard.DATA), "--overrides",
                         "rules/scorecard_2023_overrides.rag", "--format", "csv", "--columns",
                         "kpi,status,computed,override_by,override_because")
    assert code == 0 and err == "", err
    results = {r["kpi"]: r for r in csv.DictReader(io.StringIO(out))}
    with open(scorecard.DATA, newline="", encoding="utf-8") as f:
        rows = {r["id"]: r for r in csv.DictReader(f)}
    computed = scorecard.judge_all(rows)
    number = {level: n for n, level in scorecard.LEVELS.items()}
    by_hand = 0
    for row, published in rows.items():
        result = results[scorecard.ROWS[row][0]]
        own = computed[row][0] or "no data"
        assert number[result["status"]] == published["status"], (row, result)
        if number.get(own) == published["status"]:
            assert (result["computed"], result["override_by"]) == ("", ""), (row, result)
            continue
        by_hand += 1
        assert result["computed"] == own, (row, result)
        assert result["override_because"] == published["comment"].strip(), (row, result)
    assert by_hand == 3, by_hand
    return len(rows)


def month(n):
    return f"{n // 12}-{n % 12 + 1:02d}"


RULES = """use "{scales}"
metric m percent
metric n percent
input figures
  layout long
  entity column "entity"
  period column "period"
  metric column "metric"
  value column "value"
  missing "c" as suppressed
end
kpi m
  good is high
  status rag
    green when value >= 80
    red when value < 60
    amber otherwise
  end
end
kpi n
  good is high
  status from m
end
"""


def random_case(program, rng, folder):
    first = 2023 * 12
    periods = list(range(first, first + rng.randint(1, 9)))
    figures = {}
    for entity in ENTITIES:
        for at in periods:
            if rng.random() < 0.8:
                figures[entity, at] = None if rng.random() < 0.2 else rng.randint(40, 99)
    known = sorted({e for e, _ in figures})
    overrides, taken = [], set()
    for i in range(rng.randint(1, 25)):
        entity, kpi = rng.choice(known), rng.choice("mmn")
        a = rng.choice(periods)
        b = rng.randint(a, first + 12)
        cells = {(kpi, entity, at) for at in range(a, b + 1)}
        if cells & taken:
            continue
        taken |= cells
        overrides.append((kpi, entity, a, b, rng.choice(LEVELS), f"person {i}"))
    if not overrides:
        return 0
    with open(folder / "figures.csv", "w", newline="", encoding="utf-8") as f:
        out = csv.writer(f)
        out.writerow(["entity", "period", "metric", "value"])
        for (entity, at), value in figures.items():
            for metric in "mn":
                out.writerow([entity, month(at), metric, "c" if value is None else value])
    (folder / "rules.rag").write_text(RULES.format(scales=TOP / "rules/scales.rag").replace(
        str(TOP / "rules/") + "/", ""), encoding="utf-8")
    (folder / "scales.rag").write_text((TOP / "rules/scales.rag").read_text(encoding="utf-8"), encoding="utf-8")
    lines = ""
    for kpi, entity, a, b, level, by in overrides:
        lines += f'override {kpi} is {level}\n  entity "{entity}"\n  from {month(a)} to {month(b)}\n  by "{by}"\n  because "so"\nend\n'
    (folder / "overrides.rag").write_text(lines, encoding="utf-8")
    arguments = [str(folder / "rules.rag"), str(folder / "figures.csv"), "--overrides", str(folder / "overrides.rag"),
                 "--columns", "kpi,entity,period,status,computed,override_by", "--format"]
    code, out, err = run(program, *arguments, "jsonl", *rng.choice([[], ["--order", "data"]]))
    assert code == 0, err

    def find(kpi, entity, at):
        return next((o for o in overrides if o[:2] == (kpi, entity) and o[2] <= at <= o[3]), None)

    reported = sorted({at for _, at in figures})
    expected = {}
    for entity in known:
        for at in reported:
            value = figures.get((entity, at))
            rules = "no data" if value is None else LEVELS[(value >= 60) + (value >= 80)]
            for kpi in "mn":
                hand = find(kpi, entity, at)
                final = hand[4] if hand else rules
                expected[kpi, entity, month(at)] = (None if final == "no data" else final,
                                                    rules if hand else None, hand[5] if hand else None)
                # What n takes is the final status of m. A missing figure of its own comes first.
                rules = final if value is not None else "no data"
    got = {}
    for line in out.splitlines():
        r = json.loads(line)
        got[r["kpi"], r["entity"], r["period"]] = (r["status"], r["computed"] or None, r["override_by"] or None)
    assert got == expected, [(k, expected.get(k), got.get(k)) for k in expected | got
                             if expected.get(k) != got.get(k)][:5]
    return len(got)


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    n = check_scorecard(program)
    rng = random.Random(2023)
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(80):
            n += random_case(program, rng, pathlib.Path(folder))
    print(f"{n} rows as expected")


if __name__ == "__main__":
    main()
