#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: thresholds.py BANDSTAND

Random band tables of one KPI, each with an edge that is tried with `--threshold`: the rules have
the fingerprint of rules in which the numbers are written that the edge and its neighbour come to,
worked out here. Where nothing is left to the neighbour the run is refused, and never else.
"""
import json
import pathlib
import random
import subprocess
import sys
import tempfile

BANDSTAND = str(pathlib.Path(sys.argv[1]).resolve())
CASES = 150
LEVELS = ["red", "amber", "green", "blue"]  # worst first
HEAD = ("scale tone\n" + "".join(f"  {level}\n" for level in LEVELS) + "end\nmetric m percent\n")
passed = failed = 0


class Band:
    """From [low] to [high], either None for no edge, each open or closed."""

    def __init__(self, level, low, high, low_open, high_open):
        self.level, self.low, self.high = level, low, high
        self.low_open, self.high_open = low_open, high_open

    def text(self):
        low, high = f"{self.low}", f"{self.high}"
        if self.low is None:
            return f"{'below' if self.high_open else 'at most'} {high}"
        if self.high is None:
            return f"{'above' if self.low_open else 'at least'} {low}"
        return (f"{'above ' if self.low_open else ''}{low} to "
                f"{'below ' if self.high_open else ''}{high}")

    def empty(self):
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))


def table(rng):
    """Bands from the left, neighbours sharing an edge or with a gap between them."""
    n = rng.randint(2, 4)
    high_is_good = rng.random() < 0.5
    levels = sorted(rng.sample(range(4), n), reverse=not high_is_good)
    bands, at = [], rng.randint(5, 20)
    low = None if rng.random() < 0.7 else at
    low_open = False
    for i, level in enumerate(levels):
        last = i + 1 == n
        at += rng.randint(3, 15)
        high = None if last and rng.random() < 0.7 else at
        high_open = rng.random() < 0.5
        bands.append(Band(LEVELS[level], low, high, low_open, high_open))
        if not last:
            shares = rng.random() < 0.5
            low, low_open = at, not high_open
            if not shares:
                at += rng.randint(1, 4)
                low, low_open = at, rng.random() < 0.5
    return high_is_good, bands


def written(high_is_good, bands):
    lines = "".join(f"    {band.level} {band.text()}\n" for band in bands)
    return (HEAD + f"kpi m\n  good is {'high' if high_is_good else 'low'}\n"
            f"  bands tone, gaps to worse, edges to better\n{lines}  end\nend\n")


def moved(bands, i, high, number):
    """The bands with the edge of band [i] moved; None where a band is left empty."""
    new = [Band(*vars(band).values()) for band in bands]
    edge, k = new[i], i + 1 if high else i - 1
    before = edge.high if high else edge.low
    setattr(edge, "high" if high else "low", number)
    if 0 <= k < len(new):
        other = new[k]
        facing = other.low if high else other.high
        if facing == before:
            facing = number
        elif number >= facing if high else number <= facing:
            facing = number
            if high:
                other.low_open = not edge.high_open
            else:
                other.high_open = not edge.low_open
        setattr(other, "low" if high else "high", facing)
    return None if any(band.empty() for band in new) else new


def fingerprint(folder, rules, *options):
    """The fingerprint, or the codes of the errors."""
    (folder / "rules.rag").write_text(rules, encoding="utf-8")
    (folder / "data.csv").write_text("entity,period,metric,value\nA,2024,m,20\n", encoding="utf-8")
    done = subprocess.run([BANDSTAND, "why", "rules.rag", "data.csv", "-f", "json", *options],
                          cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return json.loads(done.stdout)["rules_hash"]
    return [line[6:10] for line in done.stderr.split("\n") if line.startswith("error B")] or \
        done.stderr


def one_case(folder, rng):
    high_is_good, bands = table(rng)
    i = rng.randrange(len(bands))
    edges = [high for high in (False, True)
             if (bands[i].high if high else bands[i].low) is not None]
    if not edges:
        return None
    high = rng.choice(edges)
    at = bands[i].high if high else bands[i].low
    number = at + rng.choice([-1, 1]) * rng.choice([0, 1, 2, 3, 5, 8, 13])
    side = rng.random() < 0.6 or (len(edges) == 2 and high == high_is_good)
    name = f"m.tone.{bands[i].level}" + ((".to" if high else ".from") if side else "")
    new = moved(bands, i, high, number)
    tried = fingerprint(folder, written(high_is_good, bands), "--threshold", f"{name}={number}")
    expected = ["B813"] if new is None else fingerprint(folder, written(high_is_good, new))
    if tried == expected or (new is None and isinstance(tried, list) and "B813" in tried):
        return None
    return (f"{written(high_is_good, bands)}--threshold {name}={number}\n gives {tried}\n"
            f"{written(high_is_good, new) if new else 'nothing left'} gives {expected}")


rng = random.Random(29)
with tempfile.TemporaryDirectory() as temporary:
    for _ in range(CASES):
        complaint = one_case(pathlib.Path(temporary), rng)
        passed += complaint is None
        failed += complaint is not None
        if complaint and failed <= 3:
            print(complaint)
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
