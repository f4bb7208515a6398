#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: groups.py BANDSTAND [N_GROUPS [SEED]]

Makes groups with random members (KPIs and other groups), weights, critical members, no-data lines
and status blocks, and judges them with an interpreter of its own. Compares every group's status, and
what is told of single changes: each KPI is given each other level, and whatever then gives the group
another status has to be told, with the status it gives, and nothing else.

Then the same with some KPIs' statuses given by hand: the group's status, how many of its members are by
hand or have one below them, and what the group would be without.

What `check` says of a group's lines is held against every combination of the members' statuses.
"""
import csv
import io
import itertools
import os
import random
import re
import subprocess
import sys
import tempfile
from fractions import Fraction

LEVELS = ["red", "amber", "green"]
FIGURES = {"red": 1, "amber": 2, "green": 3, None: None}
N_KPIS = 6
PERIODS = ["2024-%02d" % m for m in range(1, 13)]
UNKNOWN = None

HEAD = """scale rag
  red
  amber
  green
end
"""


# ---- random rules -------------------------------------------------------------------------------

def levels_text(r):
    form = r.random()
    level = r.choice(LEVELS)
    if form < 0.6:
        return level, {level}
    if form < 0.75:
        return level + " or better", set(LEVELS[LEVELS.index(level):])
    if form < 0.9:
        return level + " or worse", set(LEVELS[:LEVELS.index(level) + 1])
    two = r.sample(LEVELS, 2)
    return None, set(two)


def level_set(r, listed="one of "):
    text, levels = levels_text(r)
    return (text or listed + ", ".join(sorted(levels))), levels


def plain_set(r):
    while True:
        text, levels = levels_text(r)
        if text:
            return text, levels


def condition(r, members, depth=2):
    """(text, function of the counted members): a counted member is (name, level, weight, critical)."""
    if depth and r.random() < 0.35:
        kind = r.choice(["and", "or", "not"])
        a, fa = condition(r, members, depth - 1)
        if kind == "not":
            return f"not ({a})", lambda m: None if fa(m) is None else not fa(m)
        b, fb = condition(r, members, depth - 1)
        if kind == "and":
            return f"(({a}) and ({b}))", lambda m: both(fa(m), fb(m))
        return f"(({a}) or ({b}))", lambda m: opposite(both(opposite(fa(m)), opposite(fb(m))))
    kind = r.choice(["any", "all", "count", "share", "weighted", "worst", "best", "member",
                     "critical"])
    if kind == "critical" and not any(m[2] for m in members):
        kind = "any"
    if kind in ("any", "all"):
        text, s = level_set(r)
        f = any if kind == "any" else all
        return f"{kind} {text}", lambda m: f(x[1] in s for x in m)
    if kind == "critical":
        text, s = level_set(r, "one of ")
        which = r.choice(["any", "all"])
        f = any if which == "any" else all

        def critical(m):
            c = [x[1] in s for x in m if x[3]]
            return f(c) if c else UNKNOWN
        return f"{which} critical is {text}", critical
    if kind in ("worst", "best"):
        text, s = level_set(r, "one of ")
        f = min if kind == "worst" else max
        return f"{kind} is {text}", lambda m: f((x[1] for x in m), key=LEVELS.index) in s
    if kind == "member":
        name = r.choice(members)[0]
        text, s = level_set(r, "one of ")

        def one(m):
            found = [x[1] for x in m if x[0] == name]
            return found[0] in s if found else UNKNOWN
        return f"{name} is {text}", one
    text, s = plain_set(r)
    op = r.choice(["<", "<=", ">", ">=", "="])
    compare = {"<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b,
               ">=": lambda a, b: a >= b, "=": lambda a, b: a == b}[op]
    if kind == "count":
        n = r.randint(0, 4)
        return f"count of {text} {op} {n}", lambda m: compare(sum(x[1] in s for x in m), n)
    n = r.choice([0, 20, 25, 40, 50, 60, 75, 80, 100])
    weigh = (lambda x: x[2]) if kind == "weighted" else (lambda x: Fraction(1))

    def share(m):
        return compare(100 * sum(weigh(x) for x in m if x[1] in s), n * sum(weigh(x) for x in m))
    return f"{'weighted ' if kind == 'weighted' else ''}share of {text} {op} {n}%", share


def opposite(t):
    return None if t is None else not t


def both(a, b):
    if a is False or b is False:
        return False
    return None if a is None or b is None else True


def random_group(r, i, group_names):
    pool = [f"k{n}" for n in range(N_KPIS)] + group_names[-3:]
    names = r.sample(pool, r.randint(1, min(5, len(pool))))
    members = [(n, Fraction(r.choice([1, 1, 2, 3, "0.5", "1.25"])), r.random() < 0.3)
               for n in names]
    # Conditions see (name, weight, critical), as the third element of `members` is.
    lines = []
    for _ in range(r.randint(1, 4)):
        text, f = condition(r, members)
        if_known = r.random() < 0.2
        lines.append((r.choice(LEVELS + ["no data"]) if r.random() < 0.1 else r.choice(LEVELS),
                      text, f, if_known))
    return {"name": f"g{i}", "members": members, "lines": lines, "last": r.choice(LEVELS),
            "no_data": r.choice(["left out", "stops", *LEVELS])}


def group_text(g):
    out = [f"group {g['name']}"]
    for name, weight, critical in g["members"]:
        out.append(f"  member {name} weight {float(weight):g}{' critical' if critical else ''}")
    out.append({"left out": "  no data is left out", "stops": "  no data stops the group"}
               .get(g["no_data"], f"  no data counts as {g['no_data']}"))
    out.append("  status rag")
    for level, text, _, if_known in g["lines"]:
        out.append(f"    {level} when {text}{', if known' if if_known else ''}")
    out.append(f"    {g['last']} otherwise\n  end\nend\n")
    return "\n".join(out)


# ---- the same by brute force --------------------------------------------------------------------

def lines_of(g, levels):
    """For each line yes, no or unknown; None when the group is not judged by its lines."""
    counted = []
    for name, weight, critical in g["members"]:
        level = levels[name]
        if level is None and g["no_data"] == "stops":
            return None
        if level is None and g["no_data"] != "left out":
            level = g["no_data"]
        if level is not None:
            counted.append((name, level, weight, critical))
    if not counted:
        return None
    return [bool(f(counted)) if known else f(counted) for _, _, f, known in g["lines"]] + [True]


def outcome(g, i):
    level = g["lines"][i][0] if i < len(g["lines"]) else g["last"]
    return None if level == "no data" else level


def deciding(g, truths):
    """The line that decides, None for none."""
    pending = set()
    for i, t in enumerate(truths or []):
        if t is None:
            pending.add(outcome(g, i))
        elif t:
            return i if pending <= {outcome(g, i)} else None
    return None


def judge(g, levels):
    i = deciding(g, lines_of(g, levels))
    return None if i is None else outcome(g, i)


def judge_all(groups, kpis):
    levels = dict(kpis)
    for g in groups:
        levels[g["name"]] = judge(g, levels)
    return levels


def below(groups, name):
    by_name = {g["name"]: g for g in groups}
    found = set()
    for member, _, _ in by_name[name]["members"]:
        found |= below(groups, member) if member in by_name else {member}
    return found


def moves(groups, name, kpis):
    now = judge_all(groups, kpis)[name]
    out = set()
    for kpi in below(groups, name):
        for level in LEVELS:
            if level != kpis[kpi]:
                then = judge_all(groups, {**kpis, kpi: level})[name]
                if then != now:
                    out.add((then, kpi, level))
    return out


def distance_told(level, to):
    """How far a KPI with this status is from another: its figures are whole and never below 0."""
    if to == "green":  # anything but 1 and 2
        return {None: "3 or above", "red": "exactly 0: 1 down", "amber": "3 or above: 1 up"}[level]
    steps = "" if level is None else f": {abs(FIGURES[to] - FIGURES[level])} "
    side = "" if level is None else "up" if FIGURES[to] > FIGURES[level] else "down"
    return f"exactly {FIGURES[to]}{steps}{side}"


def read_moves(text, kpis):
    """The moves, and whether all that is told beside them is right."""
    out, right = set(), True
    if text == "no single KPI":
        return out, right
    for part in text.split("; "):
        level, rest = part.split(" if ", 1)
        for one in rest.split(", if "):
            kpi, then = one.split(" goes from ")
            was, to = then.split(" to ", 1)
            right &= was == (kpis[kpi] or "no data")
            for t in re.split(r"(?<=\)) or ", to):
                t, how = re.fullmatch(r"(\w+) \((.*)\)", t).groups()
                out.add((None if level == "no data" else level, kpi, t))
                right &= how == distance_told(kpis[kpi], t)
                if how != distance_told(kpis[kpi], t):
                    print(kpi, kpis[kpi], "to", t, "told", how)
    return out, right


# ---- statuses by hand ---------------------------------------------------------------------------

def random_hands(r, kpis):
    """For some KPIs of each period another status than their own."""
    return {p: {k: r.choice([x for x in LEVELS if x != level])
                for k, level in kpis[p].items() if r.random() < 0.2} for p in kpis}


def hands_text(hands):
    return "".join(f'override {k} is {level}\n  entity "X"\n  period {p}\n  by "board"\n'
                   '  because "why"\nend\n' for p in hands for k, level in hands[p].items())


def hands_told(groups, g, hands, without):
    """The end of the column `members`."""
    names = [m[0] for m in g["members"]]
    of_groups = {x["name"] for x in groups}
    n_kpis = sum(n in hands for n in names)
    n_groups = sum(n in of_groups and bool(below(groups, n) & set(hands)) for n in names)
    if n_kpis + n_groups == 0:
        return ""
    words = " or ".join(["by hand"] * (n_kpis > 0) + ["with statuses by hand"] * (n_groups > 0))
    it = "it" if (n_kpis, n_groups) == (1, 0) else "them"
    return f"; {n_kpis + n_groups} of {len(names)} {words}, without {it}: {without or 'no data'}"


def check_hands(bandstand, rules, data, groups, kpis, hands):
    """The wrong rows."""
    with open(os.path.join(os.path.dirname(rules), "hands.rag"), "w") as f:
        f.write(hands_text(hands))
    out = subprocess.run([bandstand, "run", rules, data, "--overrides", f.name, "--format", "csv",
                          "--columns", "row,kpi,period,status,computed,members"],
                         capture_output=True, text=True)
    rows = {(x["kpi"], x["period"]): x for x in csv.DictReader(io.StringIO(out.stdout))
            if x["row"] == "group"}
    wrong = []
    for p in PERIODS:
        final = judge_all(groups, {**kpis[p], **hands[p]})
        computed = judge_all(groups, kpis[p])
        for g in groups:
            name = g["name"]
            told = hands_told(groups, g, hands[p], computed[name])
            row = rows.get((name, p), {"status": out.stderr[:300], "computed": "", "members": ""})
            right = (row["status"] == (final[name] or "no data") and
                     row["computed"] == ((computed[name] or "no data") if told else "") and
                     (row["members"].endswith(told) if told else "hand" not in row["members"]))
            if not right:
                wrong.append((row, final[name], told))
    return wrong


# ---- comparing ----------------------------------------------------------------------------------

def cases(g, reach):
    """Every combination of the members' statuses, each of which can be no data."""
    names = [m[0] for m in g["members"]]
    for combination in itertools.product(*[[None, *reach[n]] for n in names]):
        yield dict(zip(names, combination))


def expected_findings(g, reach):
    """The finding by line. Adds to [reach] the levels that the group can have."""
    decides, holds, given = set(), set(), set()
    for levels in cases(g, reach):
        truths = lines_of(g, levels)
        if truths is None:
            continue
        holds |= {i for i, t in enumerate(truths) if t}
        i = deciding(g, truths)
        if i is not None:
            decides.add(i)
            given.add(outcome(g, i))
    reach[g["name"]] = [level for level in LEVELS if level in given]
    found = {i: "B213" if i not in holds else "B214" for i in range(len(g["lines"]))
             if i not in decides}
    if g["last"] not in given:
        found[len(g["lines"])] = "B215"
    return found


def green_without(g, reach):
    """Can the group be green while a member has no data that could have made it worse?"""
    return g["no_data"] == "left out" and any(
        judge(g, {**levels, name: level}) in ("red", "amber")
        for levels in cases(g, reach) if judge(g, levels) == "green"
        for name in levels if levels[name] is None for level in reach[name])


def is_shared(groups, g):
    by_name = {x["name"]: x for x in groups}
    seen = []

    def walk(name):
        if name in by_name:
            for member, _, _ in by_name[name]["members"]:
                walk(member)
        else:
            seen.append(name)
    walk(g["name"])
    return len(seen) != len(set(seen))


def main():
    bandstand = sys.argv[1]
    n_groups = int(sys.argv[2]) if len(sys.argv) > 2 else 150
    r = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 5)
    groups = []
    for i in range(n_groups):
        groups.append(random_group(r, i, [g["name"] for g in groups]))
    kpis = {p: {f"k{n}": r.choice([None, *LEVELS]) for n in range(N_KPIS)} for p in PERIODS}
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        rules, data = os.path.join(folder, "r.rag"), os.path.join(folder, "d.csv")
        starts = {}
        with open(rules, "w") as f:
            f.write(HEAD)
            for n in range(N_KPIS):
                f.write(f"metric k{n} count\nkpi k{n}\n  good is high\n  status rag\n"
                        "    red when value = 1\n    amber when value = 2\n"
                        "    green otherwise\n  end\nend\n")
            f.write('input d\n  layout long\n  entity "X"\n  period column "period"\n'
                    '  metric column "metric"\n  value column "value"\n'
                    '  missing "x" as not available\nend\n')
            f.flush()
            line = sum(1 for _ in open(rules)) + 1
            for g in groups:
                text = group_text(g)
                starts[g["name"]] = line + text.split("\n").index("  status rag") + 1
                g["first_line"] = line
                f.write(text)
                line += text.count("\n")
        with open(data, "w") as f:
            f.write("period,metric,value\n")
            for p in PERIODS:
                for k, level in kpis[p].items():
                    f.write(f"{p},{k},{FIGURES[level] or 'x'}\n")
        out = subprocess.run([bandstand, "run", rules, data, "--format", "csv", "--columns",
                              "row,kpi,period,status,changes"], capture_output=True, text=True)
        rows = {(x["kpi"], x["period"]): x for x in csv.DictReader(io.StringIO(out.stdout))
                if x["row"] == "group"}
        for p in PERIODS:
            levels = judge_all(groups, kpis[p])
            for g in groups:
                row = rows.get((g["name"], p))
                if not row:
                    print("no row of", g["name"], p, out.stderr[:300])
                    failed += 1
                    continue
                status = None if row["status"] == "no data" else row["status"]
                expected = moves(groups, g["name"], kpis[p])
                told, right = read_moves(row["changes"], kpis[p])
                if status != levels[g["name"]] or told != expected or not right:
                    failed += 1
                    print(g["name"], p, "is", row, "not", levels[g["name"]], sorted(expected, key=str))
                else:
                    passed += 1
        wrong = check_hands(bandstand, rules, data, groups, kpis, random_hands(r, kpis))
        passed, failed = passed + len(PERIODS) * len(groups) - len(wrong), failed + len(wrong)
        for row, status, told in wrong[:5]:
            print("by hand:", row, "not", status, told)
        out = subprocess.run([bandstand, "check", rules], capture_output=True, text=True)
        found = {}
        for where, code in re.findall(r"r\.rag:(\d+):\d+: \w+ (B\d+)", out.stdout + out.stderr):
            found.setdefault(int(where), set()).add(code)
        reach = {f"k{n}": LEVELS for n in range(N_KPIS)}
        for g in groups:
            expected = {starts[g["name"]] + i: {code}
                        for i, code in expected_findings(g, reach).items()}
            if g["no_data"] == "left out" and is_shared(groups, g):
                expected[g["first_line"]] = {"B219"}
            elif green_without(g, reach):
                expected[g["first_line"]] = {"B526"}
            lines = range(g["first_line"], starts[g["name"]] + len(g["lines"]) + 1)
            told = {i: found[i] for i in lines if i in found}
            passed, failed = passed + (told == expected), failed + (told != expected)
            if told != expected:
                print(group_text(g), "at", g["first_line"], "told", told, "expected", expected)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
