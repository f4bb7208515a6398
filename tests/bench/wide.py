#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: wide.py thresholds | rules | data MONTHS | long FIGURES.csv

The wide job: a row for each authority and month and a column for each of 200 counts, which are the
numerators and denominators of 100 KPIs. Thresholds and authorities are those of the band job, whose
gen.py has to be on PYTHONPATH. It writes its thresholds, as a table of the band job; its rules; its
figures; and figures once more as input of the band job, whose oracle then knows the answers.
"""
import csv
import random
import sys

import gen
from band_rules import SCALES, bands

N_KPIS = 100

HEAD = SCALES + '''
input counts "Wide"
  layout wide
  entity column "entity"
  period column "period"
  missing "" as not available
end

pattern counted
  precision 1 decimal
  status rag
    red   when grade is inadequate
    amber when grade is requires_improvement
    green otherwise
  end
end
'''

KPI = '''
metric n{i} count
metric d{i} count

kpi k{i} "{label}" like counted
  value   round(n{i} as percent of d{i}, 1)
  good is {polarity}
  bands grade
    outstanding          {outstanding}
    good                 {good}
    requires_improvement {requires_improvement}
    inadequate           {inadequate}
  end
end
'''


def kpis():
    """Yields number, label, polarity and the three thresholds as they are written."""
    table = gen.thresholds()
    for i in range(N_KPIS):
        _, polarity, *cuts, _ = table[i % len(table)]
        yield f"{i + 1:03}", f"Measure {i + 1:03}", polarity, list(map(gen.dp, cuts))


def thresholds():
    print("kpi,polarity,t1,t2,t3,tol")
    for _, label, polarity, cuts in kpis():
        print(label, polarity, *cuts, "0.0", sep=",")


def rules():
    out = [HEAD]
    for i, label, polarity, cuts in kpis():
        out.append(KPI.format(i=i, label=label, polarity=polarity, **bands(polarity, *cuts)))
    sys.stdout.write("".join(out))


def counts(r):
    """A numerator and its denominator as they are written; now and then none, or nothing of none."""
    u = r.random()
    if u < 0.01:
        return ",,"
    d = int(r.random() * 900) if u > 0.02 else 0
    return f",{int(d * r.random() + r.random()) if d else 0},{d}"


def data(n_months):
    r = random.Random(20150401)
    sys.stdout.write("entity,period" + "".join(f",n{i},d{i}" for i, *_ in kpis()) + "\n")
    for month in range(int(n_months)):
        period = f"{2014 + month // 12}-{month % 12 + 1:02}"
        for entity in gen.ENT:
            cells = "".join(counts(r) for _ in range(N_KPIS))
            sys.stdout.write(f"{gen.q(entity)},{period}{cells}\n")


def long(path):
    w = csv.writer(sys.stdout, lineterminator="\n")
    w.writerow("entity kpi period numerator denominator value comparator".split())
    with open(path, newline="") as f:
        for r in csv.DictReader(f):
            for i, label, *_ in kpis():
                w.writerow((r["entity"], label, r["period"], r[f"n{i}"], r[f"d{i}"], "", ""))


if __name__ == "__main__":
    {"thresholds": thresholds, "rules": rules, "data": data, "long": long}[sys.argv[1]](*sys.argv[2:])
