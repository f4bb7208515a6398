#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Charts of random series against fractions: baselines, rebases, breaks and holes.

    tests/differential/charts.py build/release/bandstand [files] [seed]

Baselines are whole, too short, partly or wholly beside the data, or beside those of one series
alone, which begins later than the others; rebases lie in holes, before and behind the data, and
several to a series. Every limit, rule, variation and assurance has to be equal.
"""
import collections
import json
import pathlib
import random
import subprocess
import sys
import tempfile
from fractions import Fraction

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "oracle"))
from spc import chart, verdict, written  # noqa: E402

N_FILES, SEED = 25, 266
START = 2019 * 12  # the first month of the data
MONTHS = 44
SHAPES = ("steady", "noisy", "rising", "stepped")


def label(at):
    return f"{at // 12}-{at % 12 + 1:02d}"


def figure(rng, shape, i):
    base = {"steady": 80, "noisy": 80, "rising": 60 + i, "stepped": 70 if i < 25 else 85}[shape]
    spread = {"steady": 2, "noisy": 25, "rising": 3, "stepped": 4}[shape]
    return Fraction(base * 10 + rng.randint(-spread * 10, spread * 10), 10)


class Series:
    def __init__(self, rng, reported):
        shape = rng.choice(SHAPES)
        begins = START + rng.choice((0, 0, 0, MONTHS // 2))
        self.known = {at: figure(rng, shape, at - START) for at in reported
                      if at >= begins and rng.random() < 0.93}
        self.breaks = {at for at in self.known if rng.random() < 0.02}


class Rules:
    def __init__(self, rng):
        self.screen = rng.random() < 0.5
        self.least = rng.choice((2, 5, 8, 12, 20))
        self.good = rng.choice(("high", "low", "not judged"))
        self.target = Fraction(rng.randint(600, 950), 10)
        self.baseline = None
        if rng.random() < 0.7:
            first = START + rng.randint(-20, MONTHS + 20)
            self.baseline = first, first + rng.choice((0, 3, 7, 11, 23))
        first, last = self.baseline or (0, 0)
        self.rebases = sorted({at for at in (START + rng.randint(-3, MONTHS + 3)
                                             for _ in range(rng.choice((0, 1, 1, 2, 3))))
                               if not first < at <= last})  # B582

    def text(self):
        lines = ["screen large moving ranges" if self.screen else "keep every moving range",
                 f"at least {self.least} figures"]
        if self.baseline:
            lines.append(f"baseline {label(self.baseline[0])} to {label(self.baseline[1])}")
        lines += [f'rebase from {label(at)} because "a new system"' for at in self.rebases]
        return (f"  value m\n  good is {self.good}\n  target {written(self.target)}\n  spc\n" +
                "".join(f"    {line}\n" for line in lines) + "  end\n")


def stretches(rules, series, rows):
    """The months of each stretch: a rebase or break begins one with the first row from there on."""
    out = []
    for before, at in zip([None] + rows, rows):
        rebased = before is not None and any(before < r <= at for r in rules.rebases)
        if before is None or rebased or at in series.breaks:
            out.append([])
        out[-1].append(at)
    return out


def expected(rules, series, rows):
    for months in stretches(rules, series, rows):
        points = {at: series.known.get(at) for at in months}
        first, last = rules.baseline or (1, 0)
        base = [at for at in months if first <= at <= last]
        if not any(at in series.known for at in base):  # others may have reported those months
            base = months
        limits = chart({at: points[at] for at in base}, base, rules.least, rules.screen)
        for at in months:
            if points[at] is None or limits is None:
                yield label(at), None
                continue
            rule, up = verdict(points, at, limits)
            low, mean, high = limits
            ups = {"high": ("concerning", "improving"), "low": ("improving", "concerning"),
                   "not judged": ("low", "high")}[rules.good]
            above, below = rules.target < low, rules.target > high
            passing, failing = (above, below) if rules.good == "high" else (below, above)
            assurance = "passing" if passing else "failing" if failing else "hit_or_miss"
            yield label(at), (written(low), written(mean), written(high),
                              "common_cause" if up is None else ups[up], rule,
                              assurance if rules.good != "not judged" else None)


def given(row):
    figures = [row["comparators"][n].get("exact") for n in ("lower_limit", "mean", "upper_limit")]
    if figures[0] is None:
        return None
    level = {n: row["levels"].get(n, {}).get("level") for n in ("variation", "spc_rule", "assurance")}
    return (*figures, level["variation"], level["spc_rule"], level["assurance"])


def run(program, rng, folder):
    reported = [START + i for i in range(MONTHS) if rng.random() < 0.95]
    entities = {f"E{i}": Series(rng, reported) for i in range(4)}
    rules = [Rules(rng) for _ in range(6)]
    text = 'metric m "M" percent\ninput f\n  layout long\n  entity column "e"\n  period column "p"\n' \
           '  metric column "k"\n  value column "v"\n  mark "b" as break in series\nend\n'
    text += "".join(f"kpi k{i}\n{r.text()}end\n" for i, r in enumerate(rules))
    (folder / "r.rag").write_text(text)
    (folder / "d.csv").write_text("e,p,k,v\n" + "".join(
        f"{e},{label(at)},m,{written(x)}{'b' if at in s.breaks else ''}\n"
        for e, s in entities.items() for at, x in s.known.items()))
    out = subprocess.run([program, "run", folder / "r.rag", folder / "d.csv", "--format", "jsonl",
                          "--columns", "kpi,entity,period,comparators,levels"],
                         capture_output=True, text=True)
    got = collections.defaultdict(dict)
    for row in map(json.loads, out.stdout.splitlines()):
        if "entity" in row:
            got[row["kpi"], row["entity"]][row["period"]] = given(row)
    rows = sorted({at for s in entities.values() for at in s.known})
    passed, failures, seen = 0, [], collections.Counter()
    for i, r in enumerate(rules):
        for e, s in entities.items():
            for month, want in expected(r, s, rows):
                have = got[f"k{i}", e].get(month, "no row")
                seen[want[4] if want else None] += 1
                if have == want:
                    passed += 1
                else:
                    failures.append(f"{r.text()}{e} {month}: {have}, not {want}")
    if failures:
        print(len(failures), failures[0], out.stderr[:500])
    return passed, len(failures), seen


def main():
    n_files = int(sys.argv[2]) if len(sys.argv) > 2 else N_FILES
    rng = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else SEED)
    passed = failed = 0
    seen = collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(n_files):
            p, f, s = run(sys.argv[1], rng, pathlib.Path(folder))
            passed, failed, seen = passed + p, failed + f, seen + s
    lacking = {"outside_limits", "trend", "near_limit", "one_side", "none", None} - set(seen)
    if lacking:
        print("never came:", lacking)
    print(f"{passed} passed, {failed + len(lacking)} failed")
    return 1 if failed or lacking else 0


if __name__ == "__main__":
    sys.exit(main())
