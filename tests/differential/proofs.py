#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: proofs.py BANDSTAND [N_KPIS [SEED [FOLDER]]]

Makes KPIs with random bands and status blocks, of which many are at fault, and holds what
`bandstand check` says of them against brute force: every figure of a fine grid, missing ones
included, through an interpreter of its own in whole quarters. What is found must be so (the figures
of a counterexample are tried), and what is so must be found.

Conditions have whole constants, so every cell of the space of figures near 0 holds a point of the
grid; cells far out are looked for by random figures. Random figures are judged by `run` as well, so
that the interpreter and the machine are one. The rule files are left in FOLDER.
"""
import itertools
import os
import random
import re
import subprocess
import sys
import tempfile

LEVELS = ["red", "amber", "green"]
DIRECTIONS = ["worsening", "steady", "improving"]
AIM = 8  # quarters, of `good is near 2`
BANDS = ["low", "mid", "top"]
NEAR, FAR = range(-12, 36), range(-60, 100)  # quarters
N_FAR = 4000
N_RUN = 100  # figures of a KPI that are judged by `run` too
NOTHING = None  # a missing figure; also unknown, and no data
PER_FILE = 40

HEAD = """scale rag
  red
  amber
  green
end
scale grade
  low
  mid
  top
end
"""


# ---- random rules -------------------------------------------------------------------------------
# A condition is a tuple: its kind and what it speaks of. Figures are in quarters.

def condition(r, depth, kpi):
    if depth > 0 and r.random() < 0.4:
        kind = r.choice(["and", "or", "not"])
        if kind == "not":
            return "not", condition(r, depth - 1, kpi)
        return kind, condition(r, depth - 1, kpi), condition(r, depth - 1, kpi)
    kind = r.choice(["value", "value", "value", "better", "worse", "over", "within", "direction",
                     "grade", "grade", "reach"])
    if kind == "value":
        return "value", r.choice(["<", "<=", ">", ">=", "="]), r.randint(0, 3)
    if kind in ("over", "within"):
        return kind, r.choice(["c", "2"]), r.randint(0, 2)
    if kind in ("better", "worse", "reach"):
        return kind, r.choice(["c", "c", "2"])
    if kind == "direction":
        return "direction", r.choice(["improving", "worsening", "steady"])
    if not kpi["bands"]:
        return "value", "<", r.randint(0, 3)
    return "grade", r.choice(BANDS), r.choice(["", " or better", " or worse"])


def text(c, top=True):
    kind = c[0]
    if kind in ("and", "or"):
        inner = f"{text(c[1], False)} {kind} {text(c[2], False)}"
        return inner if top else f"({inner})"
    if kind == "not":
        return f"not ({text(c[1])})"
    if kind == "value":
        return f"value {c[1]} {c[2]}"
    if kind == "better":
        return f"better than {c[1]}"
    if kind == "worse":
        return f"worse than {c[1]}"
    if kind == "reach":
        return f"value >= {c[1]}"
    if kind == "over":
        return f"over {c[2]} worse than {c[1]}"
    if kind == "within":
        return f"within {c[2]} of {c[1]}"
    if kind == "direction":
        return c[1]
    return f"grade is {c[1]}{c[2]}"


def make_bands(r, good):
    """Lines (level, low, high) with low in and high out, worst at the worst end; at times a table
    that ends too early."""
    cuts = sorted(r.sample(range(0, 4), 2))
    open_end, open_start = r.random() < 0.7, r.random() < 0.7
    names = BANDS if good == "high" else BANDS[::-1]
    first = None if open_start else cuts[0] - r.randint(1, 2)
    last = None if open_end else cuts[1] + r.randint(1, 2)
    return [(names[0], first, cuts[0]), (names[1], cuts[0], cuts[1]), (names[2], cuts[1], last)]


def make_kpi(r, name):
    kpi = {"name": name, "good": r.choice(["high", "high", "low", "low", "near"]), "count": r.random() < 0.3, "bands": [],
           "margin": r.choice([0, 0, 1])}
    if r.random() < 0.6 and kpi["good"] != "near":
        kpi["bands"] = make_bands(r, kpi["good"])
    kpi["lines"] = [(r.choice(LEVELS), condition(r, 2, kpi), r.random() < 0.3)
                    for _ in range(r.randint(1, 4))]
    kpi["otherwise"] = r.choice(LEVELS)
    kpi["cells"] = None
    if kpi["bands"] and r.random() < 0.25:
        kpi["lines"] = []
        # Mostly in order, so that there are tables with nothing amiss.
        kpi["cells"] = {}
        for i, band in enumerate(BANDS):
            for k, direction in enumerate(DIRECTIONS):
                at = min(2, max(0, i + k - 1)) if r.random() < 0.9 else r.randint(0, 2)
                kpi["cells"][band, direction] = LEVELS[at]
            kpi["cells"][band, NOTHING] = r.choice([*LEVELS, "no data"])
    return kpi


def rules_of(kpi):
    """The lines of the KPI, and by which line of it each of its status lines stands."""
    n = kpi["name"]
    unit = "count" if kpi["count"] else "ratio"
    lines = [f"metric {n}_m {unit}", f"metric {n}_c {unit}", f"kpi {n}", f"  value {n}_m",
             f"  good is {kpi['good']}{' 2' if kpi['good'] == 'near' else ''}", f"  compare c = {n}_c"]
    if kpi["margin"]:
        lines.append(f"  steady within {kpi['margin']}")
    kpi["band_lines"] = []
    if kpi["bands"]:
        lines.append("  bands grade")
        for level, low, high in kpi["bands"]:
            cell = f"below {high}" if low is None else f"{low}+" if high is None \
                else f"{low} to below {high}"
            kpi["band_lines"].append(len(lines))
            lines.append(f"    {level} {cell}")
        lines.append("  end")
    kpi["at"] = []
    if kpi["cells"]:
        lines += ["  status rag by grade, direction", f"    {' '.join(DIRECTIONS)} unknown"]
        for band in BANDS:
            kpi["at"].append(len(lines))
            outcomes = [kpi["cells"][band, direction] for direction in [*DIRECTIONS, NOTHING]]
            lines.append(f"    {band} {' '.join(outcomes)}")
        return lines + ["  end", "end"]
    lines.append("  status rag")
    for level, c, if_known in kpi["lines"]:
        kpi["at"].append(len(lines))
        lines.append(f"    {level} when {text(c)}{', if known' if if_known else ''}")
    kpi["at"].append(len(lines))
    lines += [f"    {kpi['otherwise']} otherwise", "  end", "end"]
    return lines


# ---- the interpreter ----------------------------------------------------------------------------

def level_of(kpi, v):
    for level, low, high in kpi["bands"]:
        if (low is None or v >= 4 * low) and (high is None or v < 4 * high):
            return level
    return NOTHING


def gain(kpi, v, other):
    """By how much v is better than the other."""
    if kpi["good"] == "near":
        return abs(other - AIM) - abs(v - AIM)
    return v - other if kpi["good"] == "high" else other - v


def direction_of(kpi, v, previous):
    change, margin = gain(kpi, v, previous), 4 * kpi["margin"]
    return "improving" if change > margin else "worsening" if change < -margin else "steady"


def truth(kpi, c, v, comparator, previous):
    kind = c[0]
    if kind == "not":
        t = truth(kpi, c[1], v, comparator, previous)
        return NOTHING if t is NOTHING else not t
    if kind in ("and", "or"):
        decides = kind == "or"
        a = truth(kpi, c[1], v, comparator, previous)
        if a is decides:
            return a
        b = truth(kpi, c[2], v, comparator, previous)
        return b if b is decides else NOTHING if NOTHING in (a, b) else b
    if kind == "value":
        k = 4 * c[2]
        return {"<": v < k, "<=": v <= k, ">": v > k, ">=": v >= k, "=": v == k}[c[1]]
    if kind == "grade":
        level = level_of(kpi, v)
        if level is NOTHING:
            return NOTHING
        a, b = BANDS.index(level), BANDS.index(c[1])
        return a >= b if "better" in c[2] else a <= b if "worse" in c[2] else a == b
    if kind == "direction":
        if previous is NOTHING:
            return NOTHING
        return direction_of(kpi, v, previous) == c[1]
    other = comparator if c[1] == "c" else 8
    if other is NOTHING:
        return NOTHING
    if kind == "reach":
        return v >= other
    if kind == "better":
        return gain(kpi, v, other) > 0
    if kind == "worse":
        return gain(kpi, v, other) < 0
    if kind == "over":
        return -gain(kpi, v, other) > 4 * c[2]
    return abs(v - other) <= 4 * c[2]


def status(kpi, v, comparator, previous):
    """The level or NOTHING, and the line that held."""
    if kpi["cells"]:
        level = level_of(kpi, v)
        if level is NOTHING:
            return NOTHING, NOTHING
        direction = NOTHING if previous is NOTHING else direction_of(kpi, v, previous)
        cell = kpi["cells"][level, direction]
        return (NOTHING if cell == "no data" else cell), BANDS.index(level)
    pending = set()
    for i, (level, c, if_known) in enumerate(kpi["lines"]):
        t = truth(kpi, c, v, comparator, previous)
        if t is NOTHING and if_known:
            t = False
        if t is NOTHING:
            pending.add(level)
        elif t:
            return (level if pending <= {level} else NOTHING), i
    level = kpi["otherwise"]
    return (level if pending <= {level} else NOTHING), len(kpi["lines"])


# ---- brute force --------------------------------------------------------------------------------

def speaks_of(kpi, kind):
    def has(c):
        return c[0] == kind or kind in c[1:] or any(has(x) for x in c[1:] if isinstance(x, tuple))
    return any(has(c) for _, c, _ in kpi["lines"])


def grid(kpi):
    values = range(0, 17, 4) if kpi["count"] else range(-1, 14)
    others = [NOTHING, *values]
    return values, others if speaks_of(kpi, "c") else [0], \
        others if speaks_of(kpi, "direction") or kpi["cells"] else [0]


def far_figures(kpi, r):
    step = 4 if kpi["count"] else 1
    for figures in NEAR, FAR:
        figures = [x for x in figures if x % step == 0 and (x >= 0 or not kpi["count"])]
        for _ in range(N_FAR):
            yield r.choice(figures), r.choice([*figures, NOTHING]), r.choice([*figures, NOTHING])


def brute(kpi, r):
    """Which lines can hold, which decide, and whether a better figure can get a worse status."""
    values, comparators, previous = grid(kpi)
    holds, decides, worse = set(), set(), False

    def look(v, c, p):
        level, line = status(kpi, v, c, p)
        decides.add(line)
        for i, (_, condition_of, _) in enumerate(kpi["lines"]):
            if i not in holds and truth(kpi, condition_of, v, c, p):
                holds.add(i)
        return level

    for c, p in itertools.product(comparators, previous):
        best = -1  # of the figures so far, from the worst to the best
        by_worth = sorted(values, key=lambda v: gain(kpi, v, 0))
        for _, equals in itertools.groupby(by_worth, key=lambda v: gain(kpi, v, 0)):
            levels = [LEVELS.index(x) for x in [look(v, c, p) for v in equals] if x is not NOTHING]
            worse = worse or any(level < best for level in levels)
            best = max([best, *levels])
    n = len(kpi["lines"])
    if n and len(decides) <= n:
        for figures in far_figures(kpi, r):
            look(*figures)
    return holds, decides, worse


# ---- the answers of check -----------------------------------------------------------------------

FINDING = re.compile(r"^rules\.rag:(\d+):\d+: (error|warning|note) (B\d{3}): (.*)$")
COUNTER = re.compile(r"a better figure gets a worse status: (\S+) is (\w+), but (\S+) is (\w+)(.*)$")
WITH = re.compile(r"(?:with|and) (no figure for )?(\w+)(?: (-?[\d.]+))?")


def quarters(number):
    return 4 * float(number)


def figures_of(kpi, r, n):
    """Random figures, missing ones among them: by entity, those of value, comparator and previous."""
    step = 4 if kpi["count"] else 1
    choices = [NOTHING, NOTHING, *(x for x in range(-8, 24) if x % step == 0 and
                                   (x >= 0 or not kpi["count"]))]
    return [tuple(r.choice(choices) for _ in range(3)) for _ in range(n)]


def run_differs(program, folder, kpis, r):
    """KPIs whose statuses over random figures are not those of the interpreter."""
    rows, expected = ["entity,period,metric,value"], {}
    for kpi in kpis:
        for i, (v, c, p) in enumerate(figures_of(kpi, r, N_RUN)):
            for metric, period, figure in (("m", "02", v), ("c", "02", c), ("m", "01", p)):
                if figure is not NOTHING:
                    rows.append(f"E{i},2024-{period},{kpi['name']}_{metric},{figure / 4:g}")
            level = NOTHING if v is NOTHING else status(kpi, v, c, p)[0]
            expected[kpi["name"], f"E{i}"] = level or "no data"
    with open(os.path.join(folder, "figures.csv"), "w", encoding="utf-8") as f:
        f.write("\n".join(rows) + "\n")
    done = subprocess.run([program, "run", "rules.rag", "figures.csv", "--format", "csv", "--columns",
                           "kpi,entity,period,status"], cwd=folder, capture_output=True, text=True,
                          check=False)
    wrong = set()
    for line in done.stdout.split("\n")[1:-1]:
        kpi, entity, period, level = line.split(",")
        # An entity without any figure has no row, and the month before has no month before it.
        if period == "2024-02" and expected[kpi, entity] != level:
            wrong.add(kpi)
    return wrong if done.stdout.count("\n") > N_RUN else {kpi["name"] for kpi in kpis}


def check(program, kpis, r):
    lines = HEAD.rstrip("\n").split("\n")
    for kpi in kpis:
        kpi["line"] = len(lines) + 1
        lines += rules_of(kpi)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "rules.rag")
        with open(path, "w", encoding="utf-8") as f:
            f.write("\n".join(lines) + "\n")
        done = subprocess.run([program, "check", "rules.rag"], cwd=folder, capture_output=True,
                              text=True, check=False)
        differs = run_differs(program, folder, kpis, r)
    found = []
    for line in (done.stdout + done.stderr).split("\n"):
        m = FINDING.match(line)
        if m:
            found.append((int(m[1]), m[3], m[4]))
    return "\n".join(lines), found, differs


def is_real(kpi, message):
    """Do the figures of a counterexample come out as it says?"""
    m = COUNTER.match(message)
    given = {"c": 0, "previous": 0}
    for none, name, figure in WITH.findall(m[5]):
        given[name] = NOTHING if none else quarters(figure)
    worse, better = quarters(m[1]), quarters(m[3])
    is_better = gain(kpi, better, worse) > 0
    comes = [status(kpi, v, given["c"], given["previous"])[0] for v in (worse, better)]
    return is_better and comes == [m[2], m[4]] and LEVELS.index(m[4]) < LEVELS.index(m[2])


def beyond(kpi):
    """The lines of bands that end too early."""
    out = set()
    for i, (_, low, high) in enumerate(kpi["bands"]):
        if i == 0 and low is not None and low != 0 and (low > 0 or not kpi["count"]):
            out.add(i)
        if i == 2 and high is not None:
            out.add(i)
    return out


def complaints(kpi, found, r):
    holds, decides, worse = brute(kpi, r)
    n = len(kpi["lines"])
    said = {code: {} for code in ("B111", "B213", "B214", "B216", "B219")}
    for line, code, message in found:
        said.setdefault(code, {})[line - kpi["line"]] = message
    for i in range(n):
        at = kpi["at"][i]
        if (at in said["B213"]) != (i not in holds):
            yield f"line {at}: {'never holds' if at in said['B213'] else 'no finding'}, " \
                  f"brute force says {'it can' if i in holds else 'never'}"
        hidden = i in holds and i not in decides
        if (at in said["B214"]) != hidden:
            yield f"line {at}: {'never decides' if at in said['B214'] else 'no finding'}, " \
                  f"brute force says {'hidden' if hidden else 'it does'}"
    for message in said["B216"].values():
        if not is_real(kpi, message):
            yield f"a counterexample that is none: {message}"
    if worse and not said["B216"]:
        yield "a better figure with a worse status was not found"
    expected = {kpi["band_lines"][i] for i in beyond(kpi)}
    if set(said["B111"]) != expected:
        yield f"bands end too early on {sorted(expected)}, found {sorted(said['B111'])}"
    empty = {kpi["band_lines"][i] for i, (_, _, high) in enumerate(kpi["bands"])
             if kpi["count"] and high is not None and high <= 0}
    if set(said.get("B112", {})) != empty:
        yield f"bands without a figure on {sorted(empty)}, found {sorted(said.get('B112', {}))}"
    far = {kpi["band_lines"][i] for i, (_, low, high) in enumerate(kpi["bands"])
           if kpi["count"] and low is not None and low < 0 and (high is None or high > 0)}
    if set(said.get("B115", {})) != far:
        yield f"bounds that no figure reaches on {sorted(far)}, found {sorted(said.get('B115', {}))}"
    for code in set(said) - {"B111", "B112", "B115", "B213", "B214", "B215", "B216", "B221", "B113"}:
        for message in said[code].values():
            yield f"{code}: {message}"


def main():
    program = os.path.abspath(sys.argv[1])
    n_kpis = int(sys.argv[2]) if len(sys.argv) > 2 else 400
    r = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 20260101)
    failed, faults = 0, 0
    for first in range(0, n_kpis, PER_FILE):
        kpis = [make_kpi(r, f"k{i}") for i in range(first, min(first + PER_FILE, n_kpis))]
        rules, found, differs = check(program, kpis, r)
        if len(sys.argv) > 4:
            with open(os.path.join(sys.argv[4], f"rules_{first}.rag"), "w", encoding="utf-8") as f:
                f.write(rules + "\n")
        faults += len(found)
        ends = [kpi["line"] for kpi in kpis[1:]] + [10 ** 9]
        for kpi, end in zip(kpis, ends):
            own = [f for f in found if kpi["line"] <= f[0] < end]
            wrong = list(complaints(kpi, own, r))
            if kpi["name"] in differs:
                wrong.append("`run` gives other statuses")
            failed += bool(wrong)
            if wrong and failed <= 5:
                print("\n".join(rules.split("\n")[kpi["line"] - 1:end - 1]))
                print("\n".join([*wrong, *map(str, own), ""]))
    # Where next to nothing is found, the generator makes nothing to find.
    failed += faults < n_kpis // 4
    print(f"{n_kpis - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
