#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the examples on the pages of docs/errors.md.

usage: run_pages.py BANDSTAND

A page has two examples, but for a few: the first must be answered with the page's code and no other,
the second with no finding at all. An example is

- lines of a rule file. Clauses of a KPI are put into one, and what an example leaves out (scales,
  metrics, a comparator, a target) is added, so that a page shows what matters;
- a metric file, for rules with an input block in the long layout, or JSON records;
- rules, a line `# figures.csv`, and the metric file;
- a line `# table.csv` or `# polarity.csv`, and such a file, for `bandstand import`;
- a command line, run where rules.rag, figures.csv and table.csv stand.
"""
import concurrent.futures
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parent.parent
PAGE = re.compile(r"^## (B\d{3}): .*\n\n\*(Error|Warning|Note)\.\* ((?:.*\n)*?)(?=^## |\Z)", re.MULTILINE)
BLOCK = re.compile(r"^```text\n((?:.*\n)*?)```$", re.MULTILINE)
CODE = re.compile(r"(?:^|: )(error|warning|note) (B\d{3}): ", re.MULTILINE)
# Codes that no small text can show: damaged or huge files, memory, faults of the program.
WITHOUT = re.compile(r"B01[567]|B565|B57[578]|B70[234589]|B77[013]|B90[12]|B999")
# What a finding brings with it: a file of which no row is read supplies no metric.
FOLLOWING = {"B761": ["B759"]}
DECLARATIONS = ("use", "scale", "metric", "input", "let", "pattern", "kpi", "measures", "examples",
                "assert", "override", "group", "scorecard", "peers", "test", "treat",
                "ignore")
CLAUSES = ("source", "label", "note", "value", "unit", "precision", "good", "needs", "target",
           "compare", "steady", "spc", "not", "bands", "status")
TIMEOUT = 60

METRICS = {"visits_in_time": "percent", "visits_sn": "percent", "visits_due": "count",
           "visits_made": "count"}
BANDS = "  bands ofsted\n    good       85+\n    inadequate otherwise\n  end\n"
PLAN = "pattern plan\n  status rag from ofsted\nend\n"
KPI = f"""kpi visits_in_time
  good is high
{BANDS}  status rag
    green when improving and ofsted is good
    amber otherwise
  end
end
"""
INPUT = """input figures
  layout long
  entity column "entity"
  period column "period"
  metric column "metric"
  value  column "value"
end
"""
TABLE = "Measure,Red,Green\nVisits in time (%),<70,70+\n"
NEIGHBOURS = "area,SN1,SN2\nSefton,Wirral,Halton\nWirral,Sefton,Halton\nHalton,Wirral,Sefton\n"
OLD_NEIGHBOURS = "area,SN1,SN2\nSefton,Wirral,Humberside\nWirral,Sefton,Humberside\n"
EMPTY_NEIGHBOURS = "area,SN1,SN2\nSefton,,\nWirral,,\n"
DOUBLE_NEIGHBOURS = "area,SN1,SN2\nSefton,Wirral,Wirral\nWirral,Sefton,Halton\nHalton,Sefton,Wirral\n"
LONG_NEIGHBOURS = "area,SN1,SN2\nSefton,Wirral,Halton,Knowsley\nWirral,Sefton,Halton\nHalton,Wirral,Sefton\n"
NAMELESS_NEIGHBOURS = "area,SN1,SN2\nSefton,Wirral,Halton\nWirral,Sefton,Halton\nHalton,Sefton\n,Sefton,Wirral\n"
FIGURES = "entity,period,metric,value\nSefton,2023-05,visits_in_time,88.5\n"


def has(text, pattern):
    return re.search(pattern, text, re.MULTILINE) is not None


def whole_file(lines):
    """A rule file round the lines of an example."""
    head, body = "", lines
    while body.split(" ", 1)[0] in ("treat", "ignore"):
        line, _, body = body.partition("\n")
        head += line + "\n"
    if lines.split(None, 1)[0] in CLAUSES:
        kpi = "kpi visits_in_time\n"
        if not has(body, r"^good is"):
            kpi += "  good is high\n"
        if has(body, r"\bneighbours\b") and not has(body, r"^compare"):
            kpi += "  compare neighbours = visits_sn\n"
        if has(body, r"\btarget\b") and not has(body, r"^target"):
            kpi += "  target 90\n"
        if has(body, r"\bofsted\b") and not has(body, r"^bands ofsted"):
            kpi += BANDS
        body = kpi + "".join(f"  {line}\n" for line in body.split("\n")) + "end"
    if has(body, r"^measures") and not has(body, r"^pattern"):
        body = PLAN + body
    if has(body, r"^examples visits_in_time") and not has(body, r"^kpi"):
        body = KPI + body
    # A KPI with a value does not read the metric of its own name.
    spoken_of = re.sub(r"^kpi \w+", "", body, flags=re.MULTILINE) if has(body, r"^ *value(?! +column)") else body
    metrics = "".join(f"metric {name} {unit}\n" for name, unit in METRICS.items()
                      if has(spoken_of, rf"\b{name}\b") and not has(body, rf"^metric {name}\b"))
    return f'{head}use "rules/scales.rag"\n{metrics}{body}\n'


def lay_out(example, folder):
    """Writes the example's files into the folder and returns the arguments to run it with."""
    shutil.copytree(TOP / "rules", folder / "rules")
    rules, figures, name = KPI + INPUT, FIGURES, "figures.csv"
    arguments = ["check", "rules.rag"]
    first = example.split(None, 1)[0]
    tables = {"table.csv": TABLE, "neighbours.csv": NEIGHBOURS, "old_neighbours.csv": OLD_NEIGHBOURS,
              "empty_neighbours.csv": EMPTY_NEIGHBOURS, "double_neighbours.csv": DOUBLE_NEIGHBOURS,
              "long_neighbours.csv": LONG_NEIGHBOURS, "nameless_neighbours.csv": NAMELESS_NEIGHBOURS}
    of_import = re.match(r"# (table|polarity)\.csv\n", example)
    parts = re.split(r"^# (\S+\.(?:csv|json))\n", example, maxsplit=1, flags=re.MULTILINE)
    if of_import:
        tables[of_import[1] + ".csv"] = example[of_import.end():] + "\n"
        arguments = ["import", "table.csv"]
        if of_import[1] == "polarity":
            arguments += ["--polarity", "polarity.csv"]
    elif first == "bandstand":
        arguments = shlex.split(example)[1:]
    elif len(parts) == 3:
        rules, name, figures = parts[0].rstrip("\n"), parts[1], parts[2] + "\n"
        if not has(rules, r"^(metric|kpi)") and first not in CLAUSES:
            rules = KPI + rules
        arguments = ["run", "rules.rag", name]
    elif first in DECLARATIONS + CLAUSES or first == "#":
        rules = example
        if first == "examples":
            arguments = ["test", "rules.rag"]
    else:
        name = "figures.json" if first[0] in "[{" else "figures.csv"
        figures = example + "\n"
        arguments = ["run", "rules.rag", name]
    for table, text in tables.items():
        (folder / table).write_text(text, encoding="utf-8")
    rules = whole_file(rules)
    if len(parts) == 3 and not of_import and not has(rules, r"^input"):
        rules += INPUT
    (folder / "rules.rag").write_text(rules, encoding="utf-8")
    (folder / name).write_text(figures, encoding="utf-8")
    return arguments


def findings(program, example, with_notes):
    """The codes of the findings that the example is answered with, and all that was printed."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary) / "rag"
        folder.mkdir()
        (folder.parent / "secrets.rag").write_text("", encoding="utf-8")
        done = subprocess.run([program, *lay_out(example, folder)], cwd=folder, timeout=TIMEOUT,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False,
                              env=dict(os.environ, LC_ALL="C.UTF-8"))
        found = {code for severity, code in CODE.findall(done.stdout)
                 if severity != "note" or with_notes}
        return sorted(found), done.stdout


def complaints(program, page):
    code, severity, text = page.groups()
    examples = [block.rstrip("\n") for block in BLOCK.findall(text)]
    if WITHOUT.fullmatch(code):
        return [] if len(examples) < 2 else [f"{code} has examples, so it is no exception"]
    if len(examples) != 2:
        return [f"{code} needs an example and the same put right"]
    wrong = []
    for example, expected in zip(examples, ([*FOLLOWING.get(code, []), code], [])):
        found, printed = findings(program, example, severity == "Note")
        if found != expected:
            wrong += [f"{code}: the example gives {found or 'no finding'}:", example, printed]
    return wrong


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    program = os.path.abspath(sys.argv[1])
    pages = list(PAGE.finditer((TOP / "docs/errors.md").read_text(encoding="utf-8")))
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for wrong in pool.map(lambda page: complaints(program, page), pages):
            failed += bool(wrong)
            for line in wrong:
                print(line)
    print(f"{len(pages) - failed} passed, {failed} failed")
    sys.exit(1 if failed or not pages else 0)


if __name__ == "__main__":
    main()
