#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: prompt.py BANDSTAND [RUNS]

How long the commands of the prompt take over 100,000 results that are loaded: 5 KPIs, 500 areas, 40
months. The median, the slowest of RUNS (7) and how often it was over a tenth of a second, as `.timer`
says it: from the line's end to the next prompt.
"""
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "prompt"))
from terminal import Terminal  # noqa: E402

RULES = """scale rag
  red   "Red"
  amber "Amber"
  green "Green"
end

input figures
  layout long
  entity column "area"
  period column "month"
  metric column "measure"
  value  column "figure"
end
"""
KPI = """kpi k{n} "Indicator {n}"
  value m{n}
  good is high
  bands rag as level, gaps to worse
    green {edge}+
    amber 70-79
    red   otherwise
  end
  status rag
    red   when level is red
    red   when worsening, if known
    green when level is green
    amber otherwise
  end
end
"""
COMMANDS = [
    ("an expression over one figure", ["m0 + 1 points"]),
    ("an expression over 20,000 figures", [".at", "m0 + 1 points", ".at Area 250 2022-06"]),
    (".kpis, with its counts of 100,000 statuses", [".kpis"]),
    (".run of one row", [".run k3 Area 250 2022-06"]),
    (".run of an area's 40 months", [".run k3 Area 250", ]),
    (".why", [".why k3 Area 250 2022-06"]),
    (".whynot", [".whynot green k3 Area 250 2022-06"]),
    (".trace", [".trace k3 Area 250 2022-06"]),
    (".show", [".show k3"]),
    (".bands", [".bands k3 Area 250 2022-06"]),
    (".plot of one area", [".plot k3 Area 250"]),
    (".plot of 40 areas", [".at", ".plot k3", ".at Area 250 2022-06"]),
    (".type, .metrics", [".type m0", ".metrics"]),
    (".check", [".check"]),
    (".test", [".test"]),
    (".disasm", [".disasm"]),
    ("a KPI that is new", [KPI.format(n=0, edge=81).replace("kpi k0", "kpi new{i}")]),
    ("a KPI defined anew (20,000 results hang on it)", [KPI.format(n=2, edge="{e}")]),
    (".threshold", [".threshold k1.level.green={e}"]),
    (".reset", [".reset"]),
    (".set of one figure", [".set m4={e} Area 250 2022-06"]),
    (".reset of it", [".reset"]),
    (".changes", [".changes"]),
    (".save", [".save {folder}/saved.rag"]),
]


def write_files(folder):
    rng = random.Random(6)
    with open(f"{folder}/k.rag", "w") as f:
        f.write(RULES)
        for n in range(5):
            f.write(f"metric m{n} percent\n" + KPI.format(n=n, edge=80))
    with open(f"{folder}/k.csv", "w") as f:
        f.write("area,month,measure,figure\n")
        for n in range(5):
            for area in range(500):
                for month in range(40):
                    f.write(f"Area {area},{2020 + month // 12}-{month % 12 + 1:02},m{n},"
                            f"{rng.randrange(500, 1000) / 10}\n")


def time_first_pages(bandstand, folder, runs):
    """How long each `.run` of all results took until a pager had its page, which then closes."""
    prompt = Terminal(os.path.realpath(bandstand), folder, "k.rag", "k.csv", PAGER="head -24")
    prompt.answer(".timer on")
    times = [float(re.search(r"(\d+\.\d{3}) s", prompt.answer(".run"))[1]) for _ in range(runs)]
    prompt.leave()
    return times


def main():
    bandstand = sys.argv[1]
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    with tempfile.TemporaryDirectory() as folder:
        write_files(folder)
        lines = [".timer on", f".load {folder}/k.rag {folder}/k.csv", ".at Area 250 2022-06"]
        wanted = []  # for each line that answers with a time: the command that it is of
        for i in range(runs):
            for words, entries in COMMANDS:
                for entry in entries:
                    text = entry.format(i=i, e=81 + i % 3, folder=folder)
                    lines.append(text)
                    own = len(entries) == 1 or not entry.startswith(".at")
                    wanted.append(words if own else None)
        done = subprocess.run([bandstand, "repl"], input="\n".join(lines) + "\n", text=True,
                              capture_output=True, check=False)
        if done.returncode != 0:
            sys.exit(f"status {done.returncode}: {done.stderr}{done.stdout[-500:]}")
        times = [float(t) for t in re.findall(r"^(\d+\.\d{3}) s$", done.stdout, re.M)]
        pages = time_first_pages(bandstand, folder, runs)
        load = times[1]
        times = times[3:]
        if len(times) != len(wanted):
            sys.exit(f"{len(times)} times of {len(wanted)} entries")
    print(f"{'.load of 100,000 figures':50} {load * 1000:8.0f} ms")
    n_slow = 0
    words_of_pages = ".run of all 100,000, its first page"
    for words in [words for words, _ in COMMANDS] + [words_of_pages]:
        own = [t for t, w in zip(times, wanted) if w == words] or pages
        n_over = sum(t > 0.1 for t in own)
        n_slow += n_over
        print(f"{words:50} {statistics.median(own) * 1000:8.0f} ms, at most"
              f" {max(own) * 1000:6.0f} ms" + (f", {n_over} over 100 ms" if n_over else ""))
    print(f"{n_slow} of {len(times) + len(pages)} answers took over a tenth of a second")


main()
