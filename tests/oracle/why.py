#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: why.py BANDSTAND

For every result of the shipped rules on the shipped figures:

- The line that `why` cites decides. With another outcome written on it the row has that one;
  without the line, where the rules still compile, the row has another status or another reason.
  Where no line is cited the row has no figure, and with one set by hand it is another.
- What `why --why-not` says would give another status does, and one step less does not: tried on
  each row by itself with the library's bs_set_figure, and for the numerators of all rows at once
  in a file of figures that holds them. Where it says that no number would, none of some does.
"""
import csv
import ctypes
import fractions
import io
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
BANDSTAND = str(pathlib.Path(sys.argv[1]).resolve())
LIBRARY = pathlib.Path(BANDSTAND).parent / "libbandstand.so"
CASES = [  # rules, figures, overrides
    ("rules/improvement_plan.rag", "examples/improvement_plan/figures.csv", None),
    ("rules/scorecard_2023.rag", "examples/scorecard/scorecard_2023_05.csv", None),
    ("rules/scorecard_2023.rag", "examples/scorecard/scorecard_2023_05.csv",
     "rules/scorecard_2023_overrides.rag"),
    ("examples/rereferrals/rereferrals.rag", "examples/rereferrals/rereferrals.csv", None),
]
STEP = fractions.Fraction(1, 10 ** 12)
GRID = [str(n) for n in (-5, 0, 1, 5, 14, 16, 20, 25, 50, 69, 75, 80, 85, 90, 99, 100, 1000)]
failures = []
counts = {}


def count(what, n=1):
    counts[what] = counts.get(what, 0) + n


def fail(message):
    failures.append(message)


# ---- the command --------------------------------------------------------------------------------


def why(folder, case, *options):
    """The explained rows by KPI, entity and period; None where the rules are in error."""
    rules, figures, overrides = case
    extra = ["--overrides", overrides] if overrides else []
    done = subprocess.run([BANDSTAND, "why", rules, figures, *extra, "-f", "json", *options],
                          cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return None
    rows = json.loads(done.stdout)["results"]
    return {(r["kpi"], r.get("entity", ""), r.get("period", "")): r for r in rows}


# ---- the cited line -----------------------------------------------------------------------------

GOES_ON = re.compile(r"^\s*(because|and|or|else|if)\b")


def statement(lines, number):
    """The lines of the statement that begins on line [number], from 1."""
    end = number
    while end < len(lines) and GOES_ON.match(lines[end]):
        end += 1
    return range(number - 1, end)


def changed(text, number, new):
    """The text with [new] in place of the statement's first line and its other lines commented
    out, or all of it where [new] is None, so that no other line has another number."""
    lines = text.split("\n")
    for i in statement(lines, number):
        lines[i] = "#"
    if new is not None:
        kept = text.split("\n")
        for i in statement(kept, number):
            lines[i] = kept[i]
        lines[number - 1] = new
    return "\n".join(lines)


def other_outcomes(line, levels):
    """The line with each other outcome on it."""
    word = re.match(r"^(\s*)(\w+)(\s+(?:when|otherwise)\b.*)$", line)
    override = re.match(r"^(\s*override\s+\w+\s+is\s+)(\w+)(.*)$", line)
    found = word or override
    if found:
        for level in levels:
            if level != found[2]:
                yield level, found[1] + level + found[3]


def without_examples(folder):
    """Their columns speak of statuses that a removed line takes away. Lines keep their numbers."""
    for path in folder.glob("**/*.rag"):
        lines, inside = path.read_text(encoding="utf-8").split("\n"), False
        for i, line in enumerate(lines):
            inside = inside or line.startswith("examples ")
            ends = inside and line == "end"
            lines[i] = "#" if inside else line
            inside = inside and not ends
        path.write_text("\n".join(lines), encoding="utf-8")


def check_lines(folder, case, levels):
    rows = why(folder, case)
    cited = {}
    for key, row in rows.items():
        cited.setdefault((row["file"], row["line"]), []).append(key)
    for (name, number), keys in cited.items():
        path = folder / name
        text = path.read_text(encoding="utf-8")
        line = text.split("\n")[number - 1]
        tried = False
        for level, new in other_outcomes(line, levels):
            path.write_text(changed(text, number, new), encoding="utf-8")
            after = why(folder, case)
            tried = after is not None
            for key in keys if tried else []:
                count("outcomes")
                if after[key].get("status") != level:
                    fail(f"{name}:{number}: with `{new.strip()}` {key} is not {level}")
        path.write_text(changed(text, number, None), encoding="utf-8")
        after = why(folder, case)
        path.write_text(text, encoding="utf-8")
        if after is None and not tried:
            check_without_figure(folder, case, rows, keys, f"{name}:{number}: {line.strip()}")
        for key in keys if after is not None else []:
            count("removed lines")
            before, now = rows[key], after.get(key, {})
            if (before.get("status"), before["sentence"]) == (now.get("status"),
                                                              now.get("sentence")):
                fail(f"{name}:{number}: without it {key} is what it was")


def check_without_figure(folder, case, rows, keys, place):
    """No line decides: the figure is missing."""
    for kpi, entity, period in keys:
        row, after = rows[(kpi, entity, period)], None
        where = ["--entity", entity, "--period", period, "--kpi", kpi]
        if "missing" in row:
            after = why(folder, case, "--set", f"{kpi}.value=50", *where)
        count("missing figures")
        if not after or after[(kpi, entity, period)]["sentence"] == row["sentence"]:
            fail(f"{place}: cited for {kpi}, {entity}, {period}; it neither decides nor lacks data")


# ---- the library --------------------------------------------------------------------------------


class Filter(ctypes.Structure):
    _fields_ = [(name, kind) for what in ("kpis", "entities", "periods")
                for name, kind in ((what, ctypes.POINTER(ctypes.c_char_p)),
                                   ("n_" + what, ctypes.c_size_t))] + [
                    ("rules_as_of", ctypes.c_char_p)]


WRITE = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)


class Sink(ctypes.Structure):
    _fields_ = [("write", WRITE), ("context", ctypes.c_void_p)]


class Output(ctypes.Structure):
    _fields_ = [("format", ctypes.c_int), ("columns", ctypes.POINTER(ctypes.c_char_p)),
                ("n_columns", ctypes.c_size_t), ("reasons", ctypes.c_bool),
                ("colour", ctypes.c_bool), ("ascii", ctypes.c_bool), ("width", ctypes.c_uint),
                ("order", ctypes.c_int), ("threads", ctypes.c_uint)]


def names(*texts):
    return (ctypes.c_char_p * len(texts))(*[t.encode() for t in texts])


class Session:
    """Judges single rows with figures set by hand."""

    def __init__(self, folder, case):
        rules, figures, overrides = case
        self.bs = ctypes.CDLL(str(LIBRARY))
        self.bs.bs_open.restype = ctypes.c_void_p
        self.s = ctypes.c_void_p(self.bs.bs_open())
        here = os.getcwd()
        os.chdir(folder)
        self.call("bs_add_rules", rules.encode())
        if overrides:
            self.call("bs_add_overrides", overrides.encode())
        self.call("bs_compile")
        self.call("bs_add_data", figures.encode())
        os.chdir(here)
        columns = names("status")
        self.output = Output(format=1, columns=columns, n_columns=1, threads=1)
        self.text = []
        self.every = "rereferrals" not in rules  # where there are few rows
        self.turn = 0
        self.sink = Sink(WRITE(self.take), None)

    def some_of_grid(self):
        """Two numbers, others for each row."""
        self.turn += 1
        return [GRID[self.turn % len(GRID)], GRID[self.turn * 5 % len(GRID)]]

    def call(self, function, *arguments):
        code = getattr(self.bs, function)(self.s, *arguments)
        if code != 0:
            raise RuntimeError(f"{function}{arguments} gives {code}")

    def take(self, _, text, length):
        self.text.append(ctypes.string_at(text, length))
        return True

    def status(self, key, figure, number):
        kpi, entity, period = key
        rows = Filter(entities=names(entity), n_entities=1, periods=names(period), n_periods=1)
        if self.bs.bs_set_figure(self.s, f"{figure}={number}".encode(), ctypes.byref(rows)) != 0:
            return None  # a number that the metric cannot have
        rows.kpis, rows.n_kpis = names(kpi), 1
        self.text = []
        self.call("bs_write_results", ctypes.byref(rows), ctypes.byref(self.output), None,
                  ctypes.c_size_t(0), ctypes.byref(self.sink), None, None)
        self.call("bs_reset_figures")
        return b"".join(self.text).decode().split("\n")[1] or "no-data"


# ---- why not ------------------------------------------------------------------------------------


def decimal(number):
    """With twelve decimals, which hold it exactly."""
    scaled = number * 10 ** 12
    assert scaled.denominator == 1
    sign, digits = "-" if scaled < 0 else "", str(abs(scaled.numerator)).rjust(13, "0")
    return (sign + digits[:-12] + "." + digits[-12:]).rstrip("0").rstrip(".")


def drawn(number, up):
    scaled = number * 10 ** 12
    below = scaled.numerator // scaled.denominator
    whole = below + 1 if up and scaled.denominator > 1 else below
    return fractions.Fraction(whole, 10 ** 12)


def sides(near, whole):
    """The number that flips and the one that does not yet."""
    to = fractions.Fraction(near["to"])
    up = to >= fractions.Fraction(near["now"])
    if "now" in near and to == fractions.Fraction(near["now"]):
        return None  # any move; which way is in the text
    towards = 1 if up else -1
    if whole:
        return to, to - towards
    if STEP.denominator % to.denominator != 0:
        return drawn(to, up), drawn(to, not up)
    return (to + towards * STEP, to) if near["beyond"] else (to, to - towards * STEP)


def check_near(session, key, wanted, near, row, counts_of):
    figure = near["figure"]
    if not near["found"]:
        if "no number of it" in near["text"] and figure not in counts_of:
            grid = GRID if session.every else session.some_of_grid()
            tried = [n for n in grid if session.status(key, figure, n) == wanted]
            count("numbers that do not flip", len(grid))
            if tried:
                fail(f"{key}: {near['text']}, but {tried[0]} does")
        return
    if "to" not in near or "now" not in near:
        flips = [n for n in GRID if figure not in counts_of and
                 session.status(key, figure, n) == wanted]
        count("stretches for missing figures")
        if not flips and "to" not in near:
            fail(f"{key}: {near['text']}, but no number of the grid does")
        return
    pair = sides(near, figure in counts_of)
    if not pair:
        return
    count("nearest changes")
    for number, expected in zip(pair, (True, False)):
        status = session.status(key, figure, decimal(number))
        if (status == wanted) != expected:
            fail(f"{key}: {near['text']}, but with {figure} = {decimal(number)} it is {status}")


def check_nearest(folder, case, levels):
    session = Session(folder, case)
    rules = (folder / case[0]).read_text(encoding="utf-8")
    counts_of = set(re.findall(r"^metric\s+(\w+).*\bcount\b", rules, re.MULTILINE))
    for wanted in levels + ["no-data"]:
        rows = why(folder, case, "--why-not", wanted)
        for key, row in (rows or {}).items():
            if row["row"] != "kpi":
                continue
            for near in row.get("nearest", []):
                check_near(session, key, wanted, near, row, counts_of)
        if rows and "rereferrals" in case[0]:
            check_in_a_file(folder, case, wanted, rows)


def check_in_a_file(folder, case, wanted, rows):
    """All numerators at once, as figures that were published."""
    column, entity, period = "rereferral_count", "la_name", "time_period"
    with open(folder / case[1], encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    for step, expected in ((0, True), (1, False)):
        moved = {}
        for (_, name, when), row in rows.items():
            for near in row.get("nearest", []):
                if near["figure"] == "re_referrals" and near["found"] and "now" in near:
                    to, now = int(near["to"]), int(near["now"])
                    moved[(name, when)] = to + (step if to < now else -step)
        out = io.StringIO()
        writer = csv.DictWriter(out, table[0].keys())
        writer.writeheader()
        for row in table:
            key = (row[entity], row[period])
            writer.writerow({**row, column: moved[key]} if key in moved else row)
        (folder / "moved.csv").write_text(out.getvalue(), encoding="utf-8")
        done = subprocess.run([BANDSTAND, "run", case[0], "moved.csv", "-f", "csv", "--columns",
                               "entity,period,status"], cwd=folder, capture_output=True, text=True,
                              check=True)
        for row in csv.DictReader(io.StringIO(done.stdout)):
            key = (row["entity"], row["period"])
            count("numerators in a file", key in moved)
            if key in moved and ((row["status"] or "no-data") == wanted) != expected:
                fail(f"{key}: with {moved[key]} re-referrals it is {row['status']}, not {wanted}")


def levels_of(folder, case):
    """The levels of the statuses that the case's rows have or could have."""
    text = "".join(p.read_text(encoding="utf-8") for p in (folder / "rules").glob("*.rag"))
    scale = "situation" if "scorecard" in case[0] else "rag"
    block = re.search(rf"^scale {scale}\b.*?^end", text, re.MULTILINE | re.DOTALL)[0]
    return re.findall(r"^  (\w+)\s+\"", block, re.MULTILINE)


def main():
    for case in CASES:
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            for part in ("rules", "examples"):
                subprocess.run(["cp", "-r", str(TOP / part), str(folder / part)], check=True)
            levels = levels_of(folder, case)
            without_examples(folder)
            check_lines(folder, case, levels)
            check_nearest(folder, case, levels)
    for message in failures[:20]:
        print(message)
    print("; ".join(f"{n} {what}" for what, n in sorted(counts.items())),
          f"; {len(failures)} failures", sep="")
    least = ("outcomes", "removed lines", "missing figures", "nearest changes",
             "numbers that do not flip", "numerators in a file")
    return 1 if failures or any(counts.get(what, 0) == 0 for what in least) else 0


sys.exit(main())
