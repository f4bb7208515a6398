#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: measure.py PLAN ROUNDS OUT

Runs every line of PLAN once a round, one after the other, and prints one table of medians. A line
holds job, name, rows, repeats and a shell command, with tabs between them. The first line of a job
is what the others are measured against, by cost a row. A command that is repeated runs that often
inside one timing, which is then divided. OUT, which the commands write, is removed before each run.
"""
import os
import statistics
import subprocess
import sys
import tempfile
import time

LOOP = "i=0; while [ $i -lt {} ]; do {}; i=$((i + 1)); done"


def run(command, repeats):
    """(wall seconds, CPU seconds, peak MiB). The peak is taken by time(1), which is small: a child
    of this process would start from the peak of Python."""
    script = LOOP.format(repeats, command) if repeats > 1 else "exec " + command
    with tempfile.NamedTemporaryFile("r") as peak, tempfile.TemporaryFile("r+") as err:
        start = time.perf_counter()
        child = subprocess.Popen(["time", "-f", "%M", "-o", peak.name, "sh", "-ec", script],
                                 stdout=subprocess.DEVNULL, stderr=err)
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        if status:
            err.seek(0)
            sys.exit(f"{command}: exit status {child.returncode}\n{err.read()}")
        cpu = used.ru_utime + used.ru_stime
        return wall / repeats, cpu / repeats, int(peak.read()) / 1024


def seconds(s):
    return f"{s:.2f}" if s >= 10 else f"{s:.3f}" if s >= 0.1 else f"{s:.5f}"


def print_table(plan, runs):
    print("| job | program | runs | wall, s | CPU, s | peak memory, MiB | CPU a row, µs "
          "| wall against base | CPU against base |")
    print("|---|---|---|---|---|---|---|---|---|")
    base = {}
    for (job, name, rows, _, _), measured in zip(plan, runs):
        wall, cpu, peak = (statistics.median(m) for m in zip(*measured))
        costs = wall / int(rows), cpu / int(rows)
        base_name, base_costs = base.setdefault(job, (name, costs))
        ratios = ["base" if name == base_name else f"{c / b:.2f}" if b else "-"
                  for c, b in zip(costs, base_costs)]
        print(f"| {job} | {name} | {len(measured)} | {seconds(wall)} | {seconds(cpu)} | {peak:.1f} "
              f"| {costs[1] * 1e6:.3f} | {ratios[0]} | {ratios[1]} |")


def main(path, rounds, out):
    with open(path) as f:
        plan = [line.rstrip("\n").split("\t") for line in f]
    runs = [[] for _ in plan]
    for r in range(int(rounds)):
        for (job, name, _, repeats, command), measured in zip(plan, runs):
            print(f"round {r + 1}: {job}, {name}", file=sys.stderr)
            if os.path.exists(out):
                os.remove(out)
            measured.append(run(command, int(repeats)))
    load = " ".join(f"{x:.1f}" for x in os.getloadavg())
    print(f"Medians of {rounds} interleaved rounds on {os.cpu_count()} processors, load {load}\n")
    print_table(plan, runs)


if __name__ == "__main__":
    main(*sys.argv[1:])
