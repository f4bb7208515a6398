#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every output of a publication, as one who wants the small counts back would read it.

    tests/differential/suppression_outputs.py build/release/bandstand [cases] [seed]

Random figures are published by rules that use much of the language: bands, charts, peers, windows,
validity, overrides, assertions, groups in groups, revised figures. The attacker has the table with
its sentences, CSV with every column, JSON, the results by the rules of another time, the findings and
the exit statuses. He goes through the worlds of suppression.py, publishes each, and keeps those from
which everything comes out alike, to the byte. Each hidden count must still be able to be anything.
"""
import pathlib
import random
import subprocess
import sys
import tempfile

import suppression

N_CASES, SEED, MOST_WORLDS = 5, 20230603, 18
OVERRIDE = """override {} is {}
  entity "{}"
  period {}
  by "Board"
  because "seen"
end
"""
PEERS = "e,m\nA,B\nB,A\nC,A\nC,B\nT,A\nD,A\n"


class Rich(suppression.Case):
    def rules(self):
        symbol = '  value  column "v"\n  missing "z" as not applicable\n'
        return self.text().replace('  value  column "v"\n', symbol)

    def text(self):
        cut = f"{self.cut.numerator} / {self.cut.denominator}"
        return suppression.SCALE + suppression.INPUT.replace("input f", 'input f\n  file "d.csv"') + \
            suppression.INPUT.replace("input f", 'input g\n  file "rev.csv"\n  revises') + \
            "".join(map(self.metric, "abw")) + f"""
metric lim count
metric rate percent suppress with a
peers near from "peers.csv", entity column "e", member column "m"
pattern counted
  good is low
  bands rag as band, gaps to worse
    green <{self.cut + 1 if self.cut.denominator == 1 else int(self.cut) + 1}
    amber {int(self.cut) + 1} to {int(self.cut) + 2}
    red otherwise
  end
  status rag
    red   when value > {cut} because "too many"
    amber when worsening, if known because "more than before"
    green otherwise
  end
end
kpi ka like counted
  value a
  target by period
    2023-04 2
    2023-05 1
  end
  compare near_mean = mean of a among near
  compare yearly = latest(lim, within 3 periods)
end
kpi kb like counted
  value b
end
kpi kw like counted
  value w
  compare part = a
end
kpi share
  value a as percent of w
  good is low
  needs a >= {self.below}
  precision 0 decimals
  bands rag, gaps to worse, valid from 2023-01 to 2023-04
    green <{self.share_cut + 1}
    red   otherwise
  end
  bands rag, gaps to worse, valid from 2023-05
    green <40
    red   otherwise
  end
  status rag
    red when rag is red
    amber when previous(rag) is red, if known
    green otherwise
  end
end
kpi placed
  value a + lim else a
  good is low
  compare q = quartile of value among everyone with at least 1 known
  compare r = rank of a among everyone allow 3 missing
  status rag
    red when q = 4
    amber when r = 1 and value > 0
    green otherwise
  end
end
kpi told
  value rate
  good is low
  compare others = max of rate among everyone allow 3 missing
  status rag
    red when value > 40
    amber when worsening, if known
    green otherwise
  end
end
kpi roll
  value rolling_sum(a, 2) allow 1 missing
  good is low
  steady within 1
  status rag
    red when improving for 2 periods
    amber when up
    green otherwise
  end
end
kpi chart
  value a
  good is low
  target 2
  spc
    keep every moving range
    at least 2 figures
  end
  status rag
    red when variation is concerning
    amber when assurance is failing, if known
    green otherwise
  end
end
kpi follow
  value w
  good is low
  status from ka
end
group inner
  member ka weight 2 critical
  member share
  no data is left out
  status rag from worst
end
scorecard outer
  member inner critical
  member roll, placed, follow
  no data counts as amber
  status rag
    red when any critical is red or count of red >= 2
    amber when not all green
    green otherwise
  end
end
assert "few" a <= {int(self.cut)}
assert "sum" a + b = w as warning
assert "near" a within 2 of previous(a)
"""


def outputs(bandstand, folder, case, figures):
    (folder / "r.rag").write_text(case.rules())
    last = case.months[-1]
    judged = [("ka", "green", "A"), ("share", "red", case.areas[-1])]
    (folder / "o.rag").write_text('use "r.rag"\n' + "".join(
        OVERRIDE.format(kpi, level, area, last) for kpi, level, area in judged
        if ("a", area) in {(m, e) for m, e, p in figures}))
    (folder / "peers.csv").write_text(PEERS)
    lines = ["e,p,k,v"]
    revised = ["e,p,k,v"]
    for n, ((k, e, p), count) in enumerate(figures.items()):
        # What was revised was another count before, a small one too.
        old = count + 3 if n % 5 == 0 else count
        lines.append(f"{e},{p},{k},{old}")
        if old != count:
            revised.append(f"{e},{p},{k},{count}")
    for (k, e, p), count in figures.items():
        whole = figures.get(("w", e, p))
        if k == "a" and whole is not None: # nothing to divide by is told by a symbol, as publishers do
            lines.append(f"{e},{p},rate,{count * 100 // whole if whole else 'z'}")
    if not any(",rate," in line for line in lines):
        lines.append("A,2024-01,rate,50")
    lines += ["A,2022,lim,1", "B,2022,lim,2", "A,2023,lim,4"]
    (folder / "d.csv").write_text("\n".join(lines) + "\n")
    (folder / "rev.csv").write_text("\n".join(revised) + "\n")
    base = [bandstand, "run", "r.rag", "d.csv", "rev.csv", "--overrides", "o.rag", "--audience", "publish"]
    text = ""
    for more in (["--why", "--ascii"], ["--format", "csv", "--columns", ",".join(outputs.columns)],
                 ["--format", "json"], ["--format", "jsonl", "--rules-as-of", "2023-05"],
                 ["--fail-on", "red", "--kpi", "ka", "--entity", "A"],
                 ["--fail-on", "no-data", "--kpi", "ka", "--period", "2023-04"],
                 ["--fail-on", "assertion", "--columns", "period,value"],
                 ["--fail-on", "green", "--columns", "status,changes", "--kpi", "outer"]):
        run = subprocess.run(base + more, cwd=folder, capture_output=True, text=True, check=False)
        text += f"{run.returncode}\n{run.stdout}\n{run.stderr}\n"
    return text


def columns_of(bandstand):
    text = subprocess.run([bandstand, "help", "columns"], capture_output=True, text=True, check=True).stdout
    names = [line.split()[0] for line in text.splitlines() if line.startswith("  ") and line[2] != " "]
    return [n for n in names if n != "rules_hash"]


def attack(bandstand, folder, case, published):
    text = outputs(bandstand, folder, case, case.figures)
    seen, n = {}, 0
    if not text.startswith("0\n") or "\n2\n" in text:
        return ["the program failed:\n" + text[:2000]], 0
    for figures in published.worlds():
        n += 1
        if outputs(bandstand, folder, case, figures) == text:
            for cell in published.hidden:
                seen.setdefault(cell, set()).add(figures[cell])
    tied = {(m, p) for m, p, _ in published.ties}
    faults = []
    for m, e, p in sorted(published.hidden):
        if e == "T" and (m, p) in tied or not suppression.small(case, m, case.figures[m, e, p]):
            continue
        below = {"a": case.below, "b": case.below_b, "w": case.below_w}[m]
        could = {k for k in range(below) if suppression.small(case, m, k)}
        if not could <= seen.get((m, e, p), set()):
            faults.append(f"{m} of {e} in {p} is one of {sorted(seen.get((m, e, p), set()))}")
    return faults, n


def main():
    bandstand = str(pathlib.Path(sys.argv[1]).resolve())
    n_cases = int(sys.argv[2]) if len(sys.argv) > 2 else N_CASES
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else SEED
    outputs.columns = columns_of(bandstand)
    passed = failed = n_worlds = i = 0
    with tempfile.TemporaryDirectory() as name:
        while passed + failed < n_cases:
            i += 1
            case = Rich(random.Random(seed * 1000003 + i))
            published = suppression.Published(case)
            if not published.hidden or published.n_worlds() > MOST_WORLDS:
                continue
            faults, n = attack(bandstand, pathlib.Path(name), case, published)
            n_worlds += n
            passed += not faults
            failed += bool(faults)
            if faults:
                print(f"seed {seed}, case {i}:\n" + "\n".join(faults[:6]))
    print(f"suppression_outputs: {passed} cases, {n_worlds} worlds")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
