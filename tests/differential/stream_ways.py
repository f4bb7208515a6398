#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Generated metric files, judged while they are read and from the store.

    tests/differential/stream_ways.py build/release/bandstand [files] [seed]

`run --order data` reads a named file in several threads, a chunk at a time, and standard input
whole and one record after the other. Exit status, output and findings have to be the same; of a
file that is wrong further down, rows may have been written before that was known.
"""
import os
import random
import subprocess
import sys
import tempfile

N_FILES = 120
SEED = 20240531
SHOWN = 5  # failures printed in full

SCALE = """\
scale rag
  red
  amber
  green
end
"""
METRICS = """\
metric visits "Visits, in time" percent range 0 to 100
metric cases count
metric cost pounds from id "cost (GBP)"
"""
KPIS = [
    """\
kpi visits "Visits"
  precision {decimals} decimals {ties}
  good is {way}
  needs visits >= {low}
  target by period
    2024-01 {target}
    2024-02 {low}
  end
  bands rag as grade, gaps to worse
{bands}
  end
  status rag
    green when at target or better because "the ""target"" is met"
    amber when within 5 points of target, if known
    no data when grade is amber
    red otherwise
  end
end
""",
    """\
kpi third
  value cases * {target} / 3
  good is high
  source "page {low}, above"
end
""",
    """\
kpi cases
  precision 0 decimals
  good is near {target}
  status rag
    green when within {low} of {target}
    red otherwise
  end
end
""",
    """\
kpi cost
  good is low
  compare plan = cost.plan
  status rag
    no data when cost.remark = "disputed", if known
    red when over {low}% worse than plan
    green otherwise
  end
end
""",
]
BANDS = {
    "high": ["    red <{low}", "    amber {low} to below {target}", "    green {target}+"],
    "low": ["    green <{low}", "    amber {low} to below {target}", "    red {target}+"],
}
INPUT = """\
input figures
  layout long
  entity column "area"
  period column "month"{kind}
  metric column "measure"
  value column "value"
  field plan column "plan"
  field remark column "remark" as text
  missing "c" as suppressed
  missing "" as not available
  mark "p" as provisional
  numbers with percent signs
{more}end
"""
COLUMNS = [
    "kpi,entity,period,value,status",
    "entity,kpi,label,exact,unit,target,levels,status,because,missing,marks,rule,data_line",
    "value,reason,source,outcome,comparators",
    "status",
]


def make_rules(rng):
    low, target = rng.randint(5, 40), rng.randint(41, 90)
    way = rng.choice(["high", "low"])
    values = dict(low=low, target=target, way=way, decimals=rng.randint(0, 3),
                  ties=rng.choice(["", "half even"]))
    values["bands"] = "\n".join(BANDS[way]).format(**values)
    chosen = rng.sample(KPIS, rng.randint(1, len(KPIS)))
    kind = rng.choice(["", "", " as month"])
    more = rng.choice(["", "  other metrics are ignored\n", '  delimiter ","\n'])
    return (SCALE + METRICS + INPUT.format(kind=kind, more=more) +
            "".join(kpi.format(**values) for kpi in chosen))


def quoted(rng, text, odds):
    if any(c in text for c in ',"\r\n') or rng.random() < odds:
        return '"' + text.replace('"', '""') + '"'
    return text


def figure(rng, malice):
    kind = rng.random()
    if kind < 0.5:
        return str(rng.randint(0, 99))
    if kind < 0.7:
        return f"{rng.uniform(0, 99):.{rng.randint(1, 9)}f}"
    if kind < 0.9 or malice == 0:
        return rng.choice(["", "c", "007", "0", "100", "12p"])
    if malice == 1:
        return rng.choice(["101", "-3", "-0", " 7 ", "123456789012345678",
                           "1234567890123456789012"])
    return rng.choice(["x", "1e5", "+1", ".5", "1.", "1,5", "-"] + 100 * ["9"])


def make_row(rng, malice, entity, month, metric):
    value = figure(rng, malice)
    if metric == "cases" and (malice < 2 or rng.random() < 0.95):
        value = str(rng.randint(0, 300))
    if metric == "visits" and rng.random() < 0.1:
        value = "5%"
    remark = rng.choice(["", "disputed", "so, so", 'a "mark"', "two\nlines", "\u00e9"])
    cells = [entity, month, metric, value, figure(rng, malice), remark]
    row = [quoted(rng, c, 0.1) for c in cells]
    if malice and rng.random() < 0.03:
        row = rng.choice([row[:4], row[:5], row + ["more"], row + [""]])
    if malice == 2 and rng.random() < 0.005:
        row = row[:rng.randint(1, 3)]
    return ",".join(row)


def make_file(rng):
    """The bytes of a metric file: orderly, odd or wrong."""
    malice = rng.choice([0, 1, 1, 2])
    entities = ["North", "South, East", 'the "new" one', "St. \u00c9tienne", "two\nlines"]
    n_months, n_more = rng.randint(1, 12), rng.choice([0, 0, 0, 400])
    entities += [f"Entity {i}" for i in range(n_more)]
    line_end = rng.choice(["\n", "\r\n"])
    text = "area,month,measure,value,plan,remark" + line_end
    for month in range(n_months):
        for entity in entities:
            for metric in ["visits", "cases", "cost (GBP)", "other"]:
                if rng.random() < 0.1:
                    continue
                text += make_row(rng, malice, entity, f"2024-{month + 1:02}", metric)
                if malice == 2 and rng.random() < 0.3 / (n_months * len(entities)):
                    text += rng.choice(['"', '"x', "\0", "\r", '""', "\n,"])
                odd = malice and rng.random() < 0.02
                text += rng.choice(["\r", "\n\n", "\r\n"]) if odd else line_end
    data = text.encode()
    if malice == 2 and rng.random() < 0.2:
        at = rng.randrange(len(data))
        data = data[:at] + b"\xff" + data[at:]
    return data[:len(data) - rng.choice([0, 0, 0, 1, 2, 9])]


def run(program, arguments, data=None):
    done = subprocess.run([program, "run", *arguments], input=data, capture_output=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


def differences(program, rng, folder):
    """What differs of one generated file, or None."""
    rules, file = os.path.join(folder, "rules.rag"), os.path.join(folder, "figures.csv")
    data = make_file(rng)
    with open(rules, "w", encoding="utf-8") as out:
        out.write(make_rules(rng))
    with open(file, "wb") as out:
        out.write(data)
    options = ["--order", "data", "--format", rng.choice(["csv", "json", "jsonl"]),
               "--columns", rng.choice(COLUMNS)]
    if rng.random() < 0.3:
        options += ["--fail-on", "red,no-data"]
    status, stdout, stderr = run(program, [rules, "-", *options], data)
    for threads in ["1", "3"]:
        got = run(program, [rules, file, *options, "--threads", threads])
        # Standard input is called "-".
        out, err = (text.replace(file.encode(), b"-") for text in got[1:])
        if got[0] != status or err != stderr or (status != 2 and out != stdout):
            return (options, threads, status, got[0], stderr[:600], err[:600], stdout[:600],
                    out[:600])
    return None


def main():
    program = sys.argv[1]
    n_files = int(sys.argv[2]) if len(sys.argv) > 2 else N_FILES
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else SEED
    n_failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for i in range(n_files):
            difference = differences(program, random.Random(seed * 100000 + i), folder)
            if difference is None:
                continue
            n_failed += 1
            if n_failed <= SHOWN:
                print(f"file {i}:", *difference, sep="\n  ")
    print(f"{n_files - n_failed} passed, {n_failed} failed")
    return 1 if n_failed else 0


if __name__ == "__main__":
    sys.exit(main())
