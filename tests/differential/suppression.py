#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a publication gives away of small counts, by trying to get them back.

    tests/differential/suppression.py build/release/bandstand [cases] [seed]

Random rules and figures are published. The attacker knows the rules, every figure that is shown, and
how the program decides what to withhold. He goes through all assignments of the hidden counts, works
out with fractions what each would show (nothing of this is Bandstand's), and keeps those that show
what was published. Each hidden count must still be able to be anything below the threshold. The other
way, whatever all of them show alike must not be withheld.
"""
import csv
import io
import itertools
import pathlib
import random
import subprocess
import sys
import tempfile
from fractions import Fraction

N_CASES, SEED = 50, 20230506
MOST_WORLDS = 1500
MONTHS = ["2023-04", "2023-05", "2023-06"]
WITHHELD = "withheld: it would give away a small number"
ORDER = ["suppressed", "not applicable", "not available", "no row", "zero denominator", "too few"]
SCALE = """scale rag
  red
  amber
  green
end
"""
INPUT = """input f
  layout long
  entity column "e"
  period column "p"
  metric column "k"
  value  column "v"
end
"""


# ---- figures with reasons ------------------------------------------------------------------------

def missing(*whys):
    return frozenset(whys)


def known(x):
    return not isinstance(x, frozenset)


def both(f, x, y):
    lacking = frozenset().union(*(v for v in (x, y) if not known(v)))
    return lacking if lacking else f(x, y)


def shown(x):
    return ("missing", min(x, key=ORDER.index)) if not known(x) else ("figure", x)


# ---- the rules -----------------------------------------------------------------------------------

class Case:
    def __init__(self, rng):
        self.below = rng.choice([2, 3, 3, 3, 4])
        self.except_zero = self.below > 2 and rng.random() < 0.25
        self.pair = rng.random() < 0.6
        self.below_b = rng.choice([0, 0, self.below, 3]) if self.pair else 0
        self.below_w = rng.choice([0, 0, 0, self.below]) if self.pair else 0
        self.total = rng.random() < 0.5
        self.months = MONTHS[:rng.choice([1, 2, 2, 3])]
        self.areas = ["A", "B", "C", "D"][:rng.choice([1, 2, 2, 3])]
        self.cut = rng.choice([Fraction(n, 2) for n in range(13)])
        self.share_cut = rng.choice([0, 10, 20, 25, 40, 50, 75, 100])
        self.allow = rng.randrange(2)
        self.needs = rng.randrange(2)
        self.kpis = sorted(rng.sample(sorted(self.forms()), rng.randrange(3, 6)))
        self.group = "ka" in self.kpis and "share" in self.kpis
        self.counts_as = rng.choice(["left out", "counts as red"])
        self.figures = {}
        for area, month in itertools.product(self.areas, self.months):
            a = rng.choice([0, 1, 2, 3, 4, 5, 9])
            w = a + rng.choice([0, 0, 1, 2, 3, 6, 20])
            for metric, count in (("a", a), ("b", w - a), ("w", w)):
                if rng.random() < 0.93:
                    self.figures[metric, area, month] = count
        if {k for k, _, _ in self.figures} != set("abw"): # which a file of figures has to have
            for metric, count in (("a", 2), ("b", 3), ("w", 5)):
                self.figures[metric, "A", self.months[0]] = count
        for metric, month in itertools.product("abw", self.months):
            of = [n for (k, e, p), n in self.figures.items() if (k, p) == (metric, month)]
            if self.total and of:
                self.figures[metric, "T", month] = sum(of)

    def forms(self):
        """KPI: its value, a comparator, and the metrics of its value."""
        allow = " allow 1 missing" if self.allow else ""
        return {
            "ka": ("a", None, "a"),
            "kb": ("b", None, "b"),
            "kw": ("w", "x = mean of a among everyone" + allow, "w"),
            "share": ("a as percent of w", None, "aw"),
            "sum": ("a + b", None, "ab"),
            "diff": ("a - previous(a)", None, "a"),
            "roll": ("rolling_sum(a, 2)", None, "a"),
            "rank": ("w", "x = rank of a among everyone" + allow, "w"),
            "top": ("w", "x = max of a among everyone" + allow, "w"),
            "eng": ("w", 'x = a of "T"', "w"),
            "old": ("b", "x = previous(a)", "b"),
        }

    def metric(self, name):
        line = f"metric {name} count"
        below = {"a": self.below, "b": self.below_b, "w": self.below_w}[name]
        if below:
            line += f" suppress below {below}" + " except 0" * self.except_zero
        if name == "a":
            line += ", with b of w" if self.pair else ""
            line += ', total "T"' if self.total else ""
        return line + "\n"

    def rules(self):
        text = SCALE + INPUT + "".join(map(self.metric, "abw"))
        for name in self.kpis:
            value, compare, _ = self.forms()[name]
            cut = self.share_cut if name == "share" else self.cut
            text += f"kpi {name}\n  value {value}\n  good is low\n"
            text += f"  compare {compare}\n" if compare else ""
            text += f"  needs a >= {self.below}\n" if name == "share" and self.needs else ""
            text += f"  status rag\n    red when value > {cut.numerator} / {cut.denominator}\n" \
                if name != "share" else f"  status rag\n    red when value > {cut}\n"
            text += "    amber when worsening, if known\n"
            text += "    amber when value > x, if known\n" if compare else ""
            text += "    green otherwise\n  end\nend\n"
        if self.group:
            text += f"group all\n  member ka, share\n  no data {'is ' * (self.counts_as == 'left out')}" \
                    f"{self.counts_as}\n  status rag from worst\nend\n"
        return text


# ---- what a row is in a world --------------------------------------------------------------------

class World:
    def __init__(self, case, figures):
        self.c, self.f = case, figures
        self.entities = list(dict.fromkeys(e for _, e, _ in case.figures))
        self.months = sorted({p for _, _, p in case.figures})

    def load(self, metric, e, p):
        n = self.f.get((metric, e, p))
        return missing("no row") if n is None else Fraction(n)

    def before(self, p):
        return MONTHS[MONTHS.index(p) - 1] if p > MONTHS[0] else "2023-03"

    def has_rows(self, metrics, e):
        return any(k in metrics and x == e for k, x, _ in self.c.figures)

    def value(self, kpi, e, p):
        a, b, w = (self.load(m, e, p) for m in "abw")
        earlier = self.load("a", e, self.before(p))
        if kpi in ("kw", "rank", "top", "eng"):
            return w
        if kpi == "share":
            return both(lambda x, y: x * 100 / y if y else missing("zero denominator"), a, w)
        return {"ka": a, "kb": b, "old": b, "sum": both(Fraction.__add__, a, b),
                "diff": both(Fraction.__sub__, a, earlier),
                "roll": both(Fraction.__add__, a, earlier)}[kpi]

    def among(self, kpi, e, p):
        own = self.load("a", e, p)
        all_of = [self.load("a", x, p) for x in self.entities if self.has_rows("a", x)]
        there = [x for x in all_of if known(x)]
        lacking = frozenset().union(*(x for x in all_of if not known(x)))
        if not there:
            return lacking if lacking else missing("too few")
        if len(all_of) - len(there) > self.c.allow:
            return lacking
        if kpi == "kw":
            return sum(there) / len(there)
        if kpi == "top":
            return max(there)
        return own if not known(own) else Fraction(1 + sum(x < own for x in there))

    def comparator(self, kpi, e, p):
        if kpi in ("kw", "top", "rank"):
            return self.among(kpi, e, p)
        return self.load("a", "T", p) if kpi == "eng" else self.load("a", e, self.before(p))

    def needed(self, kpi, e, p):
        """The value as it is judged."""
        x = self.value(kpi, e, p)
        if kpi != "share" or not self.c.needs:
            return x
        a = self.load("a", e, p)
        if not known(a):
            return a | (x if not known(x) else frozenset())
        return x if a >= self.c.below else missing("too few")

    def row(self, kpi, e, p):
        x, judged = self.value(kpi, e, p), self.needed(kpi, e, p)
        earlier = self.needed(kpi, e, self.before(p))
        worse = known(judged) and known(earlier) and judged > earlier
        better = known(judged) and known(earlier) and judged < earlier
        direction = "" if not (known(judged) and known(earlier)) else \
            "worsening" if worse else "improving" if better else "steady"
        out = {"value": shown(x), "previous": shown(earlier), "direction": direction}
        y = None
        if self.c.forms()[kpi][1]:
            y = self.comparator(kpi, e, p)
            out["x"] = shown(y)
        cut = self.c.share_cut if kpi == "share" else self.c.cut
        if not known(judged):
            out["status"] = ("no data", shown(judged)[1])
        else:
            amber = worse or (y is not None and known(y) and judged > y)
            out["status"] = ("red" if judged > cut else "amber" if amber else "green", "")
        return out

    def group(self, e, p):
        statuses = []
        for kpi in ("ka", "share"):
            status = "no data"
            if self.has_rows(self.c.forms()[kpi][2], e):
                status = self.row(kpi, e, p)["status"][0]
            if status == "no data" and self.c.counts_as == "counts as red":
                status = "red"
            if status != "no data":
                statuses.append(status)
        worst = [s for s in ("red", "amber", "green") if s in statuses]
        return {"status": worst[0] if worst else "no data"}

    def rows(self):
        out = {}
        for kpi in self.c.kpis:
            for e in self.entities:
                if self.has_rows(self.c.forms()[kpi][2], e):
                    for p in self.months:
                        out[kpi, e, p] = self.row(kpi, e, p)
        if self.c.group:
            for e in self.entities:
                if any(self.has_rows(self.c.forms()[k][2], e) for k in ("ka", "share")):
                    for p in self.months:
                        out["all", e, p] = self.group(e, p)
        return out


# ---- what is hidden ------------------------------------------------------------------------------

def small(case, metric, n):
    below = {"a": case.below, "b": case.below_b, "w": case.below_w}[metric]
    return n < below and not (case.except_zero and n == 0)


def hide(case, counts):
    """Of one area and month, {metric: count}: which are hidden."""
    out = {m for m, n in counts.items() if small(case, m, n)}
    if not case.pair or "w" not in counts:
        return out
    if out & {"a", "b"}:
        out |= set(counts) & {"a", "b"}
        if counts["w"] < max(case.below, case.below_b, case.below_w):
            out.add("w")
    elif "w" in out:
        if counts.get("a", 0) > 0:
            out.add("a")
        if "b" in counts and (counts["b"] > 0 or "a" in counts):
            out.add("b")
    return out


def options(case, counts):
    """All counts that would be hidden in the same places, with the same ones in sight."""
    hidden = hide(case, counts)
    if not hidden:
        return hidden, [dict(counts)]
    most = max(case.below, case.below_b, case.below_w)
    if not case.pair or "w" not in counts:
        ranges = [[n for n in range(most) if small(case, m, n)] if m in hidden else [counts[m]]
                  for m in counts]
        return hidden, [dict(zip(counts, c)) for c in itertools.product(*ranges)]
    found = []
    top = most if "w" in hidden else counts["w"]
    for a in range(top + 1):
        for b in range(top - a + 1):
            c = {m: n for m, n in (("a", a), ("b", b), ("w", a + b)) if m in counts}
            same = all(c[m] == counts[m] for m in counts if m not in hidden)
            if same and hide(case, c) == hidden and c not in found:
                found.append(c)
    return hidden, found


class Published:
    """Hidden places and all worlds, for what was read."""

    def __init__(self, case):
        self.c = case
        self.hidden, self.parts = set(), []
        for e, p in itertools.product([x for x in "ABCD" if x in case.areas], case.months):
            counts = {m: case.figures[m, e, p] for m in "abw" if (m, e, p) in case.figures}
            hidden, found = options(case, counts)
            self.hidden |= {(m, e, p) for m in hidden}
            if hidden:
                self.parts.append(((e, p), found))
        self.ties = []
        for p in case.months if case.total else []:
            self.settle_totals(p)

    def settle_totals(self, p):
        c, pair = self.c, self.c.pair
        metrics = "abw" if pair else "a"
        of = {m: [e for e in c.areas if (m, e, p) in self.hidden] for m in metrics}
        counts = {m: c.figures[m, "T", p] for m in metrics if (m, "T", p) in c.figures}
        if not any(of.values()):
            hidden, found = options(c, counts)
            self.hidden |= {(m, "T", p) for m in hidden}
            if hidden:
                self.parts.append((("T", p), found))
            return
        held = {m: m in counts and of[m] and (small(c, m, counts[m]) or not self.guarded(m, of[m], p))
                for m in metrics}
        if pair:
            lone = of["a"] != of["b"] or any(("w", e, p) not in c.figures for e in of["a"])
            held["w"] = bool(of["w"])
            held["a"] = bool(of["a"]) and bool(held["a"] or held["b"] or lone)
            held["b"] = bool(of["b"]) and bool(held["b"] or held["a"] or of["w"])
        for m in metrics:
            if m not in counts or not of[m]:
                continue
            self.ties.append((m, p, bool(held[m])))
            if held[m]:
                self.hidden.add((m, "T", p))

    def guarded(self, m, of, p):
        """Can each of these be all that it could be, when their sum is known?"""
        runs = []
        for e in of:
            values = {o[m] for where, found in self.parts if where == (e, p) for o in found}
            low = high = self.c.figures[m, e, p]
            while low - 1 in values:
                low -= 1
            while high + 1 in values:
                high += 1
            runs.append((low, high))
        total = sum(self.c.figures[m, e, p] for e in of)
        widest = max(high - low for low, high in runs)
        return sum(x for x, _ in runs) + widest <= total <= sum(y for _, y in runs) - widest

    def has_holes(self):
        """Is a member of a total that is shown large or small, and nothing between? Then the program
        takes more worlds for possible than there are."""
        for m, p, held in self.ties:
            for where, found in self.parts:
                values = {o[m] for o in found if m in o}
                if not held and where[1] == p and values and max(values) - min(values) >= len(values):
                    return True
        return False

    def n_worlds(self):
        n = 1
        for _, found in self.parts:
            n *= len(found)
        return n

    def worlds(self):
        for choice in itertools.product(*(found for _, found in self.parts)):
            figures = dict(self.c.figures)
            for ((e, p), _), counts in zip(self.parts, choice):
                for m, n in counts.items():
                    figures[m, e, p] = n
            possible = True
            for m, p, held in self.ties:
                total = sum(figures.get((m, e, p), 0) for e in self.c.areas)
                if held:
                    figures[m, "T", p] = total
                possible = possible and total == figures[m, "T", p]
            if possible:
                yield figures


# ---- one case ------------------------------------------------------------------------------------

COLUMNS = ["kpi", "entity", "period", "exact", "previous_exact", "direction", "status", "missing"]


def publish(bandstand, folder, case, figures):
    (folder / "r.rag").write_text(case.rules())
    lines = ["e,p,k,v"] + [f"{e},{p},{k},{n}" for (k, e, p), n in figures.items()]
    (folder / "d.csv").write_text("\n".join(lines) + "\n")
    columns = COLUMNS + (["comparators"] if any(case.forms()[k][1] for k in case.kpis) else [])
    run = subprocess.run([bandstand, "run", "r.rag", "d.csv", "--audience", "publish", "--format",
                          "csv", "--columns", ",".join(columns)], cwd=folder, capture_output=True,
                         text=True, check=False)
    assert run.returncode == 0, run.stderr + case.rules()
    return run.stdout


def as_cell(part):
    return part[1] if part[0] == "figure" else ""


def parse(text):
    return Fraction(text) if text not in ("", "c", "withheld") else text


def compare_row(key, got, alike, case, published):
    """Lists where a row shows other than it should; [alike]: what all worlds show, by part."""
    hidden, lenient = published.hidden, published.has_holes()
    kpi, e, p = key
    faults = []

    def expect(part, is_held, want, cell):
        want = "withheld" if is_held and want != "c" else want
        if want != cell and not (lenient and cell == "withheld"):
            faults.append(f"{key} {part}: {cell!r} in place of {want!r}")

    if lenient and got["missing"] == WITHHELD and (kpi == "all" or got["status"] == "no data"):
        alike = {**alike, "status": {("no data", ""), ("red", "")}} if kpi != "all" else \
            {"status": {"red", "green"}}
    if kpi == "all":
        held = len(alike["status"]) > 1
        want = "no data" if held else next(iter(alike["status"]))
        if got["status"] != want or held != (got["missing"] == WITHHELD):
            faults.append(f"{key}: {got['status']} {got['missing']} in place of {want}")
        return faults
    counts = {"ka": "a", "kb": "b", "kw": "w", "old": "b", "rank": "w", "top": "w", "eng": "w"}
    earlier = MONTHS[MONTHS.index(p) - 1] if p > MONTHS[0] else None
    for part, cell, when in (("value", got["exact"], p), ("previous", got["previous_exact"], earlier)):
        is_count = kpi in counts and (counts[kpi], e, when) in hidden
        want = "c" if is_count else as_cell(next(iter(alike[part])))
        expect(part, len(alike[part]) > 1, want, parse(cell))
    expect("direction", len(alike["direction"]) > 1, next(iter(alike["direction"])),
           got["direction"])
    held = len(alike["status"]) > 1
    status = next(iter(alike["status"]))
    if got["status"] != ("no data" if held else status[0]):
        faults.append(f"{key} status: {got['status']} of {alike['status']}")
    if held != (got["missing"] == WITHHELD) and (held or got["status"] == "no data"):
        faults.append(f"{key} status: {got['missing']}, and could be {alike['status']}")
    if "x" in alike:
        told = got["comparators"]
        y = next(iter(alike["x"]))
        if kpi == "old" and earlier and ("a", e, earlier) in hidden:
            want = "x=c"
        elif len(alike["x"]) > 1:
            want = "x=withheld"
        else:
            want = None if known_decimals(y) is None else known_decimals(y)
        if lenient and told == "x=withheld":
            return faults
        if want is not None and told != want:
            faults.append(f"{key} x: {told} in place of {want}")
        if want is None and "c" == told[-1:] or (want is None and "withheld" in told):
            faults.append(f"{key} x: {told} in place of {y}")
    return faults


def known_decimals(part):
    """A comparator as shown, where it is whole or missing; None for other fractions."""
    if part[0] == "missing":
        return f"x: {part[1]}"
    return f"x={part[1]}" if part[1].denominator == 1 else None


def attack(case, published, rows):
    """The small counts that are not left with everything that they could be."""
    alike, seen = {}, {}
    n = 0
    for figures in published.worlds():
        n += 1
        for key, row in World(case, figures).rows().items():
            parts = alike.setdefault(key, {})
            for part, value in row.items():
                parts.setdefault(part, set()).add(value)
        for cell in published.hidden:
            seen.setdefault(cell, set()).add(figures[cell])
    faults = []
    for metric, e, p in published.hidden:
        if e == "T" and (metric, p) in {(m, q) for m, q, _ in published.ties}:
            continue
        if not small(case, metric, case.figures[metric, e, p]):
            continue
        below = {"a": case.below, "b": case.below_b, "w": case.below_w}[metric]
        must = {k for k in range(below) if small(case, metric, k)}
        if not must <= seen[metric, e, p]:
            faults.append(f"{metric} of {e} in {p} is one of {sorted(seen[metric, e, p])}")
    for key, parts in alike.items():
        faults += compare_row(key, rows[key], parts, case, published)
    if set(rows) != set(alike):
        faults.append("other rows")
    return faults, n


def rows_of(text):
    return {(r["kpi"], r["entity"], r["period"]): r for r in csv.DictReader(io.StringIO(text))}


def same_documents(bandstand, folder, case, published, text):
    """The whole output, withheld parts and all, must come from worlds enough too."""
    seen = {}
    for figures in published.worlds():
        if publish(bandstand, folder, case, figures) == text:
            for cell in published.hidden:
                seen.setdefault(cell, set()).add(figures[cell])
    return [f"from the whole output {m} of {e} in {p} is one of {sorted(seen[m, e, p])}"
            for m, e, p in published.hidden
            if e != "T" and small(case, m, case.figures[m, e, p]) and
            not {k for k in range({"a": case.below, "b": case.below_b, "w": case.below_w}[m])
                 if small(case, m, k)} <= seen[m, e, p]]


def main():
    bandstand = str(pathlib.Path(sys.argv[1]).resolve())
    n_cases = int(sys.argv[2]) if len(sys.argv) > 2 else N_CASES
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else SEED
    passed = failed = n_worlds = n_withheld = n_whole = 0
    i = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        while passed + failed < n_cases:
            i += 1
            rng = random.Random(seed * 1000003 + i)
            case = Case(rng)
            published = Published(case)
            if not published.hidden or published.n_worlds() > MOST_WORLDS:
                continue
            text = publish(bandstand, folder, case, case.figures)
            faults, n = attack(case, published, rows_of(text))
            if n <= 12:
                n_whole += 1
                faults += same_documents(bandstand, folder, case, published, text)
            n_worlds += n
            n_withheld += text.count("withheld")
            passed += not faults
            failed += bool(faults)
            if faults:
                print(f"seed {seed}, case {i}:\n" + "\n".join(faults[:6]))
                if failed == 1:
                    print(case.rules() + publish(bandstand, folder, case, case.figures))
                    print("\n".join(f"{k} {n}" for k, n in case.figures.items()))
    print(f"suppression: {passed} cases, {n_worlds} worlds, {n_withheld} parts withheld, "
          f"{n_whole} cases as whole outputs")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or n_withheld == 0 or n_whole == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
