#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: differences.py BANDSTAND [N_PAIRS [SEED [FOLDER]]]

Makes pairs of random KPIs, the second mostly the first with something changed, and holds what
`bandstand diff` proves of them against brute force: an interpreter of its own in exact fractions
judges every edge of either KPI, the figures between each two edges, and a grid besides, for several
comparators and none. Each figure whose level or status is another one has to lie in one region that
is told of, of that move, and no other figure in any. Examples have to come out as told, and so has
each KPI's way. The same pairs are judged over random figures, and the rows that change compared.
The rule files are left in FOLDER.
"""
import copy
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from fractions import Fraction as F

LEVELS = ["red", "amber", "green"]
GRADES = ["low", "mid", "top"]
PER_FILE = 60
N_ROWS = 12
NOTHING = None  # a missing figure, a level or status that there is not, and unknown
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
HALVES = [F(i, 2) for i in range(0, 21)]


# ---- random rules -------------------------------------------------------------------------------

def band_table(r, name):
    """Levels from the lowest figure to the highest, as (low, low is in, high, high is in)."""
    a, b = sorted(r.sample(HALVES[2:18], 2))
    gap = r.choice([0, 0, 0, F(1, 2), 1])
    first = NOTHING if r.random() < 0.6 else a - r.choice([1, 2])
    last = NOTHING if r.random() < 0.6 else b + gap + r.choice([1, 2])
    mine = [r.random() < 0.5 for _ in range(2)]  # whose the edges are
    low_end = b if gap == 0 or r.random() < 0.5 else max(a + F(1, 4), b - gap)
    closed = low_end == b  # the bands meet there
    return {"name": name, "bands": [[first, True, a, mine[0]], [a, not mine[0], low_end, mine[1]],
                                    [b, not mine[1] if closed else True, last, True]],
            "gaps": r.choice(["", "worse", "better"]), "otherwise": r.random() < 0.4,
            "rounded": r.choice([NOTHING, NOTHING, NOTHING, 0, 1])}


def condition(r, depth, kpi):
    if depth > 0 and r.random() < 0.4:
        kind = r.choice(["and", "or", "not"])
        if kind == "not":
            return ["not", condition(r, depth - 1, kpi)]
        return [kind, condition(r, depth - 1, kpi), condition(r, depth - 1, kpi)]
    kind = r.choice(["value", "value", "target", "over", "share", "within", "grade", "grade"])
    if kind == "value":
        return ["value", r.choice(["<", "<=", ">", ">=", "=", "<>"]), r.choice(HALVES)]
    if kind == "target":
        return ["target", r.choice(["at target or better", "worse than target"])]
    if kind in ("over", "within"):
        return [kind, r.choice([1, 2, F(1, 2)])]
    if kind == "share":
        return ["share", r.choice(["over", "at least", "no more than"]), r.choice([10, 25, 50])]
    return ["grade", r.choice(kpi["tables"])["name"], r.choice(GRADES),
            r.choice(["", " or better", " or worse"])]


def make_kpi(r, name):
    kpi = {"name": name, "good": r.choice(["high", "low"]), "target": r.choice(HALVES),
           "tables": [band_table(r, f"g{i}") for i in range(r.choice([1, 1, 2]))]}
    kpi["lines"] = [[r.choice(LEVELS), condition(r, 2, kpi), r.random() < 0.3]
                    for _ in range(r.randint(1, 3))]
    kpi["otherwise"] = r.choice(LEVELS)
    return kpi


def leaf(r, c):
    while c[0] in ("and", "or", "not"):
        c = c[r.randrange(1, len(c))]
    return c


def change_condition(r, c):
    if c[0] == "value":
        c[2] = c[2] + r.choice([-1, 1, F(1, 2)])
    elif c[0] in ("over", "within"):
        c[1] = c[1] + r.choice([1, F(1, 2)])
    elif c[0] == "share":
        c[2] += r.choice([5, 10])
    elif c[0] == "grade":
        c[2] = r.choice(GRADES)
    else:
        c[1] = r.choice(["at target or better", "worse than target"])


def move_edge(r, table):
    bands, i = table["bands"], r.randrange(2)
    by = r.choice([F(1, 2), F(1, 4), 1]) * r.choice([-1, 1])
    old, together = bands[i][2], bands[i][2] == bands[i + 1][0]
    low, high = bands[i][0], bands[i + 1][2]
    if (low is NOTHING or low < old + by) and (high is NOTHING or old + by < high) and \
            (together or old + by < bands[i + 1][0]):
        bands[i][2] = old + by
        if together:
            bands[i + 1][0] = old + by


def turn_edge(r, table):
    below, above = r.choice([table["bands"][:2], table["bands"][1:]])
    if below[2] == above[0]:
        below[3], above[1] = above[1], below[3]


def changed(r, kpi):
    new = copy.deepcopy(kpi)
    for _ in range(r.randint(1, 3)):
        what, table = r.randrange(9), r.choice(new["tables"])
        if what < 3:
            move_edge(r, table)
        elif what == 3:
            turn_edge(r, table)
        elif what == 4:
            table["rounded"] = r.choice([NOTHING, 0, 1])
        elif what == 5:
            table["gaps"] = r.choice(["", "worse", "better"])
        elif what == 6:
            new["target"] = r.choice(HALVES)
        elif what == 7:
            change_condition(r, leaf(r, r.choice(new["lines"])[1]))
        else:
            r.shuffle(new["lines"])
    if r.random() < 0.15:
        new["good"], new["otherwise"] = kpi["good"], r.choice(LEVELS)
    return new


# ---- as text ------------------------------------------------------------------------------------

def number(x):
    return f"{float(x):g}"


def cell(band):
    low, low_in, high, high_in = band
    if low is NOTHING:
        return f"{'<=' if high_in else '<'}{number(high)}"
    if high is NOTHING:
        return f"{'>=' if low_in else '>'}{number(low)}"
    return f"{'' if low_in else 'above '}{number(low)} to {'' if high_in else 'below '}{number(high)}"


def names_of(kpi):
    return GRADES if kpi["good"] == "high" else GRADES[::-1]


def text(c, top=True):
    kind = c[0]
    if kind in ("and", "or"):
        inner = f"{text(c[1], False)} {kind} {text(c[2], False)}"
        return inner if top else f"({inner})"
    if kind == "not":
        return f"not ({text(c[1])})"
    if kind == "value":
        return f"value {c[1]} {number(c[2])}"
    if kind == "target":
        return c[1]
    if kind == "over":
        return f"over {number(c[1])} worse than c"
    if kind == "within":
        return f"within {number(c[1])} of c"
    if kind == "share":
        return f"{c[1]} {c[2]}% worse than c"
    return f"{c[1]} is {c[2]}{c[3]}"


def uses_otherwise(kpi, table):
    """The worst band can be what is left on its side."""
    worst = table["bands"][0 if kpi["good"] == "high" else 2]
    return table["otherwise"] and (worst[0 if kpi["good"] == "high" else 2] is NOTHING)


def rules_of(kpi):
    n = kpi["name"]
    lines = [f"metric {n}_m ratio", f"metric {n}_c ratio", f"kpi {n}", f"  value {n}_m",
             f"  good is {kpi['good']}", f"  target {number(kpi['target'])}",
             f"  compare c = {n}_c"]
    for table in kpi["tables"]:
        options = ", gaps to " + table["gaps"] if table["gaps"] else ""
        if table["rounded"] is not NOTHING:
            options += f", rounded to {table['rounded']} decimals"
        lines.append(f"  bands grade as {table['name']}{options}")
        for level, band in zip(names_of(kpi), table["bands"]):
            left = uses_otherwise(kpi, table) and level == "low"
            lines.append(f"    {level} {'otherwise' if left else cell(band)}")
        lines.append("  end")
    lines.append("  status rag")
    for level, c, if_known in kpi["lines"]:
        lines.append(f"    {level} when {text(c)}{', if known' if if_known else ''}")
    return lines + [f"    {kpi['otherwise']} otherwise", "  end", "end"]


# ---- the interpreter ----------------------------------------------------------------------------

def rounded(v, decimals):
    scaled = abs(v) * 10 ** decimals
    whole = scaled.numerator // scaled.denominator
    whole += scaled - whole >= F(1, 2)
    return F(whole, 10 ** decimals) * (1 if v >= 0 else -1)


def level_of(kpi, table, v):
    if table["rounded"] is not NOTHING:
        v = rounded(v, table["rounded"])
    names, bands = names_of(kpi), table["bands"]
    left = uses_otherwise(kpi, table)
    below = NOTHING  # the band that ends last before v
    for i, (low, low_in, high, high_in) in enumerate(bands):
        if left and names[i] == "low":
            continue
        if (low is NOTHING or v > low or (low_in and v == low)) and \
                (high is NOTHING or v < high or (high_in and v == high)):
            return names[i]
    written = [i for i in range(3) if not (left and names[i] == "low")]
    under = [i for i in written if bands[i][2] is not NOTHING and v >= bands[i][2]]
    over = [i for i in written if bands[i][0] is not NOTHING and v <= bands[i][0]]
    if under and over:
        if not table["gaps"]:
            return NOTHING
        two = sorted([names[under[-1]], names[over[0]]], key=GRADES.index)
        return two[0] if table["gaps"] == "worse" else two[1]
    beyond_worst = over and not under if kpi["good"] == "high" else under and not over
    return "low" if left and beyond_worst else below


def gain(kpi, v, other):
    return v - other if kpi["good"] == "high" else other - v


def truth(kpi, c, v, comparator):
    kind = c[0]
    if kind == "not":
        t = truth(kpi, c[1], v, comparator)
        return NOTHING if t is NOTHING else not t
    if kind in ("and", "or"):
        a, b = truth(kpi, c[1], v, comparator), truth(kpi, c[2], v, comparator)
        decides = kind == "or"
        if decides in (a, b):
            return decides
        return NOTHING if NOTHING in (a, b) else not decides
    if kind == "value":
        k = c[2]
        return {"<": v < k, "<=": v <= k, ">": v > k, ">=": v >= k, "=": v == k,
                "<>": v != k}[c[1]]
    if kind == "target":
        g = gain(kpi, v, kpi["target"])
        return g >= 0 if c[1].startswith("at") else g < 0
    if kind == "grade":
        level = level_of(kpi, next(t for t in kpi["tables"] if t["name"] == c[1]), v)
        if level is NOTHING:
            return NOTHING
        a, b = GRADES.index(level), GRADES.index(c[2])
        return a >= b if "better" in c[3] else a <= b if "worse" in c[3] else a == b
    if comparator is NOTHING:
        return NOTHING
    if kind == "within":
        return abs(v - comparator) <= c[1]
    worse = -gain(kpi, v, comparator)
    if kind == "over":
        return worse > c[1]
    limit = abs(comparator) * F(c[2], 100)
    return {"over": worse > limit, "at least": worse >= limit, "no more than": worse <= limit}[c[1]]


def status(kpi, v, comparator):
    pending = set()
    for level, c, if_known in kpi["lines"]:
        t = truth(kpi, c, v, comparator)
        if t is NOTHING and not if_known:
            pending.add(level)
        elif t:
            return level if pending <= {level} else NOTHING
    return kpi["otherwise"] if pending <= {kpi["otherwise"]} else NOTHING


def judge(kpi, v, comparator):
    out = {t["name"]: level_of(kpi, t, v) for t in kpi["tables"]}
    out["rag"] = status(kpi, v, comparator)
    return out


# ---- brute force --------------------------------------------------------------------------------

def constants(c):
    """What a condition compares the value with, as multiples of the comparator and a constant."""
    kind = c[0]
    if kind in ("and", "or", "not"):
        for part in c[1:]:
            yield from constants(part)
    elif kind == "value":
        yield 0, c[2]
    elif kind in ("over", "within"):
        yield from ((1, c[1]), (1, -c[1]))
    elif kind == "share":
        yield from ((1 + F(c[2], 100), 0), (1 - F(c[2], 100), 0))


def edges(kpi, comparator):
    out = {kpi["target"]}
    for table in kpi["tables"]:
        step = 0 if table["rounded"] is NOTHING else F(1, 2 * 10 ** table["rounded"])
        for low, _, high, _ in table["bands"]:
            for at in (low, high):
                if at is not NOTHING and step == 0:
                    out.add(at)
                elif at is not NOTHING:
                    near = rounded(at, table["rounded"])
                    out.update(near + k * step for k in (-3, -1, 1, 3))
    for _, c, _ in kpi["lines"]:
        for by, k in constants(c):
            if by == 0 or comparator is not NOTHING:
                out.add((by * comparator if by else 0) + k)
    return out


def figures(old, new):
    for comparator in (NOTHING, F(0), F(4), F(9), F(13, 2), F(-3)):
        at = sorted(edges(old, comparator) | edges(new, comparator))
        yield from ((x, comparator) for x in at)
        yield from (((x + y) / 2, comparator) for x, y in zip(at, at[1:]))
        yield from ((at[0] - 1, comparator), (at[-1] + 1, comparator), (at[-1] + 50, comparator))
        yield from ((F(i), comparator) for i in range(-5, 15, 3))


# ---- the answers of diff ------------------------------------------------------------------------

def lies_in(region, v, comparator):
    at = {"value": v, "c": comparator}
    if any(at[name] is not NOTHING for name in region["missing"]) or \
            any(at[name] is NOTHING for name in region["known"]):
        return False
    for bound in region["bounds"]:
        if any(at[name] is NOTHING for name in bound["terms"]):
            return False
        s = sum(F(by) * at[name] for name, by in bound["terms"].items())
        if bound["low"] is not None and (s < F(bound["low"]) or
                                         (s == F(bound["low"]) and bound["low_open"])):
            return False
        if bound["high"] is not None and (s > F(bound["high"]) or
                                          (s == F(bound["high"]) and bound["high_open"])):
            return False
    return True


def way_of(moves):
    ways = set()
    for move in moves:
        scale = LEVELS if move["of"] == "rag" else GRADES
        if move["from"] is None or move["to"] is None:
            way = "otherwise"
        else:
            way = "laxer" if scale.index(move["to"]) > scale.index(move["from"]) else "stricter"
        ways.add(way)
        if way != move["way"]:
            return f"{move['way']} for {move['from']} to {move['to']}"
    directed = ways - {"otherwise"}
    return "both" if len(directed) == 2 else directed.pop() if directed else \
        "otherwise" if ways else "as strict"


def complaints(old, new, told):
    moves = told["moves"] if told else []
    if told and told["undecided"]:
        yield f"not decided: {told['undecided']}"
    if told and told["way"] != way_of(moves):
        yield f"the way is {told['way']}, not {way_of(moves)}"
    for move in moves:
        m = re.match(r"value (-?[\d./]+)(?:, c (-?[\d./]+))?$", move["example"] or "")
        if not m:
            yield f"an example that cannot be read: {move['example']}"
            continue
        v, c = F(m[1]), F(m[2]) if m[2] else NOTHING
        came = judge(old, v, c)[move["of"]], judge(new, v, c)[move["of"]]
        if came != (move["from"], move["to"]):
            yield f"example {move['example']} gives {came}, not {move['from'], move['to']}"
        if not any(lies_in(region, v, c) for region in move["figures"]):
            yield f"example {move['example']} lies in no region of its move"
    n_tables = min(len(old["tables"]), len(new["tables"]))
    for v, c in figures(old, new):
        was, now = judge(old, v, c), judge(new, v, c)
        for name in [*(t["name"] for t in old["tables"][:n_tables]), "rag"]:
            hits = [(move["from"], move["to"]) for move in moves if move["of"] == name
                    for region in move["figures"] if lies_in(region, v, c)]
            expected = [(was[name], now[name])] if was[name] != now[name] else []
            if hits != expected:
                yield f"{name} at value {v}, c {c}: {expected} expected, {hits} told"
                return


def rows(r, kpis):
    lines, given = ["entity,period,metric,value"], {}
    for kpi in kpis:
        for i in range(N_ROWS):
            v, c = F(r.randint(-20, 260), 20), r.choice([NOTHING, F(r.randint(-4, 40), 4)])
            given[kpi["name"], f"E{i}"] = v, c
            for metric, figure in (("m", v), ("c", c)):
                if figure is not NOTHING:
                    lines.append(f"E{i},2024-02,{kpi['name']}_{metric},{number(figure)}")
    return "\n".join(lines) + "\n", given


def diff(program, pairs, folder, r):
    for name, side in (("old", 0), ("new", 1)):
        with open(os.path.join(folder, f"{name}.rag"), "w", encoding="utf-8") as f:
            f.write(HEAD + "\n".join("\n".join(rules_of(pair[side])) for pair in pairs) + "\n")
    data, given = rows(r, [pair[0] for pair in pairs])
    with open(os.path.join(folder, "figures.csv"), "w", encoding="utf-8") as f:
        f.write(data)
    done = subprocess.run([program, "diff", "old.rag", "new.rag", "figures.csv", "--format", "json"],
                          cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"diff ended with {done.returncode}:\n{done.stderr[:2000]}")
    document = json.loads(done.stdout)
    told = {change["kpi"]: change for change in document["rules"]["changes"]}
    flips = {(row["kpi"], row["entity"]): (row["from"], row["to"])
             for row in document["rows"]["changes"]}
    return told, flips, given


def row_complaints(old, new, flips, given):
    for i in range(N_ROWS):
        v, c = given[old["name"], f"E{i}"]
        was, now = (judge(kpi, v, c)["rag"] or "no data" for kpi in (old, new))
        expected = (was, now) if was != now else None
        if flips.get((old["name"], f"E{i}")) != expected:
            yield f"row value {v}, c {c}: {expected} expected, " \
                  f"{flips.get((old['name'], f'E{i}'))} told"


def main():
    program = os.path.abspath(sys.argv[1])
    n_pairs = int(sys.argv[2]) if len(sys.argv) > 2 else 400
    r = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 20260301)
    failed, n_moves = 0, 0
    for first in range(0, n_pairs, PER_FILE):
        pairs = []
        for i in range(first, min(first + PER_FILE, n_pairs)):
            old = make_kpi(r, f"k{i}")
            new = changed(r, old) if r.random() < 0.9 else make_kpi(r, f"k{i}")
            new["good"] = old["good"]
            pairs.append((old, new))
        with tempfile.TemporaryDirectory() as temporary:
            told, flips, given = diff(program, pairs, sys.argv[4] if len(sys.argv) > 4
                                      else temporary, r)
        for old, new in pairs:
            change = told.get(old["name"])
            n_moves += len(change["moves"]) if change else 0
            wrong = [*complaints(old, new, change), *row_complaints(old, new, flips, given)]
            failed += bool(wrong)
            if wrong and failed <= 5:
                print("\n".join([*rules_of(old), "--- and now", *rules_of(new)]))
                print("\n".join([*wrong[:5], json.dumps(change, indent=1)[:3000], ""]))
    # Where next to nothing moves, the generator makes nothing to find.
    failed += n_moves < n_pairs // 2
    print(f"{n_pairs - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
