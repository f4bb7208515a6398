#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: compile.py BANDSTAND [ROUNDS]

Times `check` on generated rule files of 1,000 and 10,000 KPIs, and `eval` of a number. A row for
each form that rules take: seconds (the best of ROUNDS, 5 unless told), the ratio of the two sizes,
which is 10 where time grows with the text, and the most memory that the larger one had.
"""
import os
import subprocess
import sys
import tempfile
import time

from band_rules import HEAD, KPI, bands

SIZES = 1000, 10000

BANDS = '''  bands grade
    outstanding          90+
    good                 80 to below 90
    requires_improvement 50 to below 80
    inadequate           <50
  end
'''


def kpi(i, tolerance=2):
    polarity, cuts = ("high", (90, 80, 70)) if i % 2 else ("low", (10, 20, 30))
    return KPI.format(name=f"k{i}", label=f'"KPI {i}"', polarity=polarity, tol=tolerance,
                      **bands(polarity, *cuts))


def plain(n):
    return [kpi(i) for i in range(n)]


def patterns(n):
    for i in range(0, n, 10):
        yield f"\npattern p{i}\n  precision 1 decimal\n  good is high\n{BANDS}end\n"
    for i in range(n):
        yield f'\nmetric k{i} "KPI {i}" percent\n\nkpi k{i} like p{i // 10 * 10}\nend\n'


def measures(n):
    yield "\npattern published\n  precision 1 decimal\nend\n"
    yield "\nmeasures like published, bands grade\n"
    yield "  name | label | unit | good is | outstanding | good | requires_improvement | inadequate\n"
    for i in range(n):
        yield f"  m{i} | Measure {i} | percent | high | 90+ | 80 to below 90 | 50 to below 80 | <50\n"
    yield "end\n"


def constants(n):
    for i in range(n):
        yield f"\nlet c{i} = 2 points\n"
    for i in range(n):
        yield kpi(i, "XX").replace("XX points", f"c{i}")


def scales(n):
    for i in range(n):
        yield f'\nscale s{i} "Scale {i}"\n  low{i}\n  mid{i}\n  high{i}\nend\n'
        yield f'\nmetric k{i} "KPI {i}" percent\n\nkpi k{i}\n  good is high\n  bands s{i}\n'
        yield f"    high{i} 80+\n    mid{i} 50 to below 80\n    low{i} <50\n  end\nend\n"


def unknown_names(n):
    return [kpi(i).replace("round(k", "round(kk") for i in range(n)]


def unreadable_lines(n):
    return [kpi(i).replace("1 decimal", "1 ) decimal") for i in range(n)]


def time_of(command, rounds):
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        memory = os.wait4(child.pid, 0)[2].ru_maxrss
        best = min(best, time.perf_counter() - start)
    return best, memory


def main(bandstand, rounds="5"):
    rounds = int(rounds)
    print(f"{'rules':18}{'1,000':>9}{'10,000':>9}{'ratio':>7}{'memory':>10}")
    for form in plain, patterns, measures, constants, scales, unknown_names, unreadable_lines:
        times = []
        for n in SIZES:
            with tempfile.NamedTemporaryFile("w", suffix=".rag") as f:
                f.write(HEAD + "".join(form(n)))
                f.flush()
                seconds, memory = time_of([bandstand, "check", f.name], rounds)
            times.append(seconds)
        print(f"{form.__name__.replace('_', ' '):18}{times[0]:7.3f} s{times[1]:7.3f} s"
              f"{times[1] / times[0]:7.1f}{memory / 1024:6.0f} MiB")
    over = time_of([bandstand, "eval", "-e", "1"], 100)[0] - time_of(["true"], 100)[0]
    print(f"eval -e 1          {over * 1000:.1f} ms over `true`")


if __name__ == "__main__":
    main(*sys.argv[1:])
