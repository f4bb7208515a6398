#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: more_kpis.py THRESHOLDS.csv IN.csv NEW_THRESHOLDS.csv OUT.csv

Makes of the band job's thresholds and figures (60 KPIs) those of a job with 100 times as many KPIs
and as many rows: what came as a block of 60 rows becomes the next 60 KPIs of 6,000. Authorities and
months are fewer, so that nearly every KPI has a row for each of them.
"""
import csv
import sys

N_COPIES, N_KPIS, N_ENTITIES = 100, 60, 24


def copy_of(kpi, i):
    return f"{kpi}, {i + 1:03}"


def write_thresholds(source, target):
    with open(source, newline="") as f:
        rows = list(csv.reader(f))
    with open(target, "w", newline="") as f:
        w = csv.writer(f, lineterminator="\n")
        w.writerow(rows[0])
        for i in range(N_COPIES):
            w.writerows([copy_of(kpi, i), *rest] for kpi, *rest in rows[1:])


def write_figures(source, target):
    entities = []
    with open(source, newline="") as f, open(target, "w", newline="") as g:
        rows, w = csv.reader(f), csv.writer(g, lineterminator="\n")
        w.writerow(next(rows))
        for n, (entity, kpi, _, *rest) in enumerate(rows):
            block = n // N_KPIS
            pair, copy = divmod(block, N_COPIES)
            if len(entities) == block < N_ENTITIES:
                entities.append(entity)
            month = pair // N_ENTITIES
            w.writerow((entities[pair % N_ENTITIES], copy_of(kpi, copy), f"2015-{month + 1:02}",
                        *rest))


if __name__ == "__main__":
    write_thresholds(sys.argv[1], sys.argv[3])
    write_figures(sys.argv[2], sys.argv[4])
