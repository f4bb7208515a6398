#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: chart_proofs.py BANDSTAND [N_KPIS [SEED]]

Makes status blocks that read `variation` and `assurance`, and holds what `bandstand check` says of
them against every case: the nine pairs of levels, and no limits. What is found must be so, and what
is so must be found: lines that never hold or never decide, levels that are never given, and blocks
without `otherwise` that leave a pair of levels open.
"""
import itertools
import json
import pathlib
import random
import subprocess
import sys
import tempfile

N_KPIS, SEED = 800, 715
LEVELS = ("red", "amber", "green")
SCALES = {"variation": ("concerning", "common_cause", "improving"),
          "assurance": ("failing", "hit_or_miss", "passing")}
CASES = [dict(zip(SCALES, pair)) for pair in itertools.product(*SCALES.values())] + [{}]
HEAD = "scale rag\n  red\n  amber\n  green\nend\nmetric m percent\n"


def condition(rng, depth=0):
    """(text, truth of a case: True, False or None)"""
    shape = rng.randrange(6 if depth < 2 else 4)
    name = rng.choice(tuple(SCALES))
    scale = SCALES[name]
    if shape < 2:
        some = rng.sample(scale, rng.choice((1, 1, 2)))
        text = f"{name} is " + (some[0] if len(some) == 1 else "one of " + ", ".join(some))
        return text, lambda c: c[name] in some if name in c else None
    if shape == 2:
        level = rng.choice(scale)
        return f"{name} is not {level}", lambda c: c[name] != level if name in c else None
    if shape == 3:
        known = rng.random() < 0.5
        return f"{name} is {'known' if known else 'unknown'}", lambda c: (name in c) == known
    (a, fa), (b, fb) = condition(rng, depth + 1), condition(rng, depth + 1)
    word, rules = ("and", False) if shape == 4 else ("or", True)

    def joined(c):
        x, y = fa(c), fb(c)
        return rules if rules in (x, y) else None if None in (x, y) else not rules
    return f"({a}) {word} ({b})", joined


def block(rng):
    lines = []
    for _ in range(rng.randint(1, 5)):
        text, truth = condition(rng)
        if rng.random() < 0.3:
            text, truth = text + ", if known", lambda c, t=truth: bool(t(c))
        lines.append((rng.choice(LEVELS), text, truth))
    if rng.random() < 0.6:
        lines.append((rng.choice(LEVELS), None, lambda c: True))
    return lines


def judge(lines, case):
    """(status or None, index of the line that held or None, is something unknown?)"""
    pending = set()
    for i, (level, _, truth) in enumerate(lines):
        t = truth(case)
        if t is None:
            pending.add(level)
        if t:
            return (level if pending <= {level} else None), i, bool(pending)
    return None, None, bool(pending)


def expected(lines):
    """The findings, as (code, line or level)."""
    outcomes = [judge(lines, c) for c in CASES]
    found = set()
    if lines[-1][1] is not None and any(held is None and not open_ for _, held, open_ in outcomes):
        found.add(("B207", ""))
    for i, (_, text, truth) in enumerate(lines):
        if text is not None and all(held != i for _, held, _ in outcomes):
            holds = any(truth(c) for c in CASES)
            found.add(("B214" if holds else "B213", i))
    given = {status for status, _, _ in outcomes}
    default = {level for level, text, _ in lines if text is None}
    for level in LEVELS:
        if level not in given and level in default:
            found.add(("B215", level))
        elif level not in given and all(level != l for l, _, _ in lines):
            found.add(("B221", level))
    return found


def main():
    n = int(sys.argv[2]) if len(sys.argv) > 2 else N_KPIS
    rng = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else SEED)
    text, at, wanted = HEAD, {}, {}
    for k in range(n):
        lines = block(rng)
        text += f"kpi k{k}\n  value m\n  good is high\n  target 95\n  spc\n" \
                "    keep every moving range\n  end\n  status rag\n"
        at[text.count("\n")] = k, None
        for i, (level, words, _) in enumerate(lines):
            text += f"    {level} " + (f"when {words}\n" if words else "otherwise\n")
            at[text.count("\n")] = k, i
        text += "  end\nend\n"
        wanted[k] = expected(lines)
    with tempfile.TemporaryDirectory() as folder:
        rules = pathlib.Path(folder) / "r.rag"
        # An error hides what is a warning elsewhere, so the blocks that are refused stand apart.
        passed = failed = 0
        for errors in (True, False):
            found = {k: set() for k in wanted if (("B207", "") in wanted[k]) == errors}
            for chunk in chunks(sorted(found), 15):
                only(rules, text, set(chunk), n)
                out = subprocess.run([sys.argv[1], "check", rules, "--format", "json"],
                                     capture_output=True, text=True)
                for d in json.loads(out.stdout)["findings"]:
                    k, i = at.get(d["line"], (None, None))
                    if k is None:
                        print(d)
                        failed += 1
                        continue
                    level = next((l for l in LEVELS if f"status {l}" in d["message"]), None)
                    found[k].add((d["code"], level or i if d["code"] in ("B215", "B221") else
                                  "" if d["code"] == "B207" else i))
            for k in found:
                if found[k] == {x for x in wanted[k]}:
                    passed += 1
                else:
                    failed += 1
                    if failed < 4:
                        print(f"k{k}: found {found[k]}, not {wanted[k]}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def chunks(items, size):
    return (items[i:i + size] for i in range(0, len(items), size))


def only(rules, text, wanted, n):
    """The file with the KPIs of [wanted], all others as blank lines so that the places stay."""
    out, keep = [], True
    for line in text.split("\n"):
        if line.startswith("kpi k"):
            keep = int(line[5:]) in wanted
        out.append(line if keep else "")
    rules.write_text("\n".join(out))


if __name__ == "__main__":
    sys.exit(main())
