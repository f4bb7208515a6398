#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Works out every mean, median, quartile and rank of tests/oracle/peers.rag, and every figure, mean of
neighbours and status of examples/neighbours without Bandstand, in
fractions, and compares the command's answers: usage peers.py BANDSTAND"""
import csv
import json
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from fractions import Fraction
from pathlib import Path

ROOT = Path(__file__).parents[2]
DATA = ROOT / "examples" / "rereferrals" / "rereferrals.csv"
PEERS = ROOT / "examples" / "neighbours"
SYMBOLS = {"c", "x", "u"}


def rates(data=DATA, whole="referral_count", part="rereferral_count"):
    """(authority, year) -> the exact rate, None where it is missing; every authority in every year."""
    out, names, years = {}, [], set()
    for row in csv.DictReader(open(data, encoding="utf-8-sig")):
        name, year = row["la_name"].strip(), row["time_period"]
        names.append(name)
        years.add(year)
        a, b = row[whole], row[part]
        known = a not in SYMBOLS and b not in SYMBOLS and Fraction(a) >= 20
        out[name, year] = 100 * Fraction(b) / Fraction(a) if known else None
    return out, list(dict.fromkeys(names)), sorted(years)


def model(file, name, code, column):
    rows = list(csv.reader(open(PEERS / file, encoding="utf-8-sig")))
    heading = [c.strip() for c in rows[0]]
    lists = [i for i, c in enumerate(heading) if re.fullmatch(column, c)]
    assert len(lists) == 10
    rows = [[c.strip() for c in r] for r in rows[1:] if any(c.strip() for c in r)]
    by_code = {r[heading.index(code)]: r[heading.index(name)] for r in rows}
    return {r[heading.index(name)]: [by_code.get(r[i], r[i]) for i in lists if r[i]] for r in rows}


def region_names():
    """The authorities of each region."""
    groups = defaultdict(list)
    for r in csv.DictReader(open(PEERS / "sn_model_2025_wide.csv", encoding="utf-8-sig")):
        groups[r["region_name"].strip()].append(r["la_name"].strip())
    return groups


def regions():
    return {name: names for names in region_names().values() for name in names}


def edge(values, part, parts):
    h = Fraction((len(values) - 1) * part, parts)
    low = values[h.numerator // h.denominator]
    rest = h - h.numerator // h.denominator
    return low if rest == 0 else low + rest * (values[h.numerator // h.denominator + 1] - low)


def group(values, own, parts, low_is_good):
    number = next((g for g in range(1, parts) if own <= edge(values, g, parts)), parts)
    return number if low_is_good else parts + 1 - number


def fold(way, members, own, low_is_good, allowed=0, least=None):
    """None where it is missing."""
    known = sorted(v for v in members if v is not None)
    enough = len(known) >= least if least else len(members) - len(known) <= allowed
    if not known or not enough:
        return None
    if way == "mean":
        return sum(known) / len(known)
    if way == "median":
        return edge(known, 1, 2)
    if way in ("min", "max"):
        return min(known) if way == "min" else max(known)
    if own is None:
        return None
    if way == "rank":
        return 1 + sum(v < own if low_is_good else v > own for v in known)
    return group(known, own, 4 if way == "quartile" else 5, low_is_good)


def example_status(value, mean):
    if value is None or (mean is None):
        return "no data"
    return "red" if value - mean > mean / 4 else "amber" if value > mean else "green"


def check_example(bandstand, models):
    """How many answers of examples/neighbours are equal, and how many are not."""
    second = PEERS / "second_plans.csv"
    measures = {"re_referrals": rates()[0],
                "second_plans": rates(second, "CPP_start", "CPP_subsequent")[0]}
    answer = subprocess.run([bandstand, "run", PEERS / "neighbours.rag", DATA, second, "--format",
                             "jsonl"], capture_output=True, text=True, check=True)
    n_same = n_wrong = 0
    for line in answer.stdout.splitlines():
        row = json.loads(line)
        measure, model_of = row["kpi"].rsplit("_", 1)
        rate, year = measures[measure], row["period"]
        value = rate.get((row["entity"], year))
        members = models[model_of].get(row["entity"], [])
        mean = fold("mean", [rate.get((m, year)) for m in members], value, True, least=5)
        found = [row["value"]["exact"], row["comparators"]["neighbours"]["exact"]]
        found = [None if x is None else Fraction(x) for x in found] + [row["status"] or "no data"]
        # A figure of too small a count is shown, though it is not judged.
        small = row["missing"] == "too few" and value is None
        wanted = [found[0] if small else value, mean, example_status(value, mean)]
        n_same += found == wanted
        if found != wanted:
            n_wrong += 1
            if n_wrong < 10:
                print(row["kpi"], row["entity"], year, "is", found, "not", wanted)
    return n_same, n_wrong


def region_totals():
    """The figures with a row added for each region and year: the sums of what is known of its
    authorities; and (region, year) -> the rate that these give."""
    rows = list(csv.DictReader(open(DATA, encoding="utf-8-sig")))
    region_of = {name: region for region, names in region_names().items() for name in names}
    sums = defaultdict(lambda: [0, 0])
    for row in rows:
        region = region_of.get(row["la_name"].strip())
        counts = row["referral_count"], row["rereferral_count"]
        if region and not SYMBOLS.intersection(counts):
            total = sums[region, row["time_period"]]
            total[0] += int(counts[0])
            total[1] += int(counts[1])
    added = [dict.fromkeys(rows[0], "") | {"la_name": region, "time_period": year,
                                           "referral_count": whole, "rereferral_count": part}
             for (region, year), (whole, part) in sums.items()]
    rate = {key: 100 * Fraction(part, whole) for key, (whole, part) in sums.items() if whole}
    return rows + added, region_of, rate


def check_regions(bandstand):
    """How many authorities' figures of the region round them are equal, and how many are not."""
    rows, region_of, rate = region_totals()
    with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="") as file:
        table = csv.DictWriter(file, rows[0])
        table.writeheader()
        table.writerows(rows)
        file.flush()
        answer = subprocess.run([bandstand, "run", ROOT / "tests" / "oracle" / "region.rag", file.name,
                                 "--format", "jsonl"], capture_output=True, text=True, check=True)
    n_same = n_wrong = 0
    for line in answer.stdout.splitlines():
        row = json.loads(line)
        wanted = rate.get((region_of.get(row["entity"]), row["period"]))
        found = row["comparators"]["around"]["exact"]
        if (None if found is None else Fraction(found)) == wanted:
            n_same += wanted is not None
            continue
        n_wrong += 1
        if n_wrong < 10:
            print("region of", row["entity"], row["period"], "is", found, "not", wanted)
    return n_same, n_wrong


def main():
    rate, names, years = rates()
    sets = {"sn_2021": model("sn_model_2021.csv", "LA Name", "LA num", r"SN\d+"),
            "sn_2025": model("sn_model_2025_wide.csv", "la_name", "old_la_code", r"SN_\d+"),
            "region": regions(), "everyone": defaultdict(lambda: names)}
    figures = {"mean_2021": ("mean", "sn_2021", {}), "mean_2025": ("mean", "sn_2025", {"allowed": 2}),
               "median_2021": ("median", "sn_2021", {"least": 8}),
               "least_region": ("min", "region", {"least": 3}),
               "most_2025": ("max", "sn_2025", {"least": 5}),
               "rank_all": ("rank", "everyone", {"least": 100}),
               "rank_2025": ("rank", "sn_2025", {"allowed": 2}),
               "quartile_all": ("quartile", "everyone", {"least": 100}),
               "quintile_2021": ("quintile", "sn_2021", {"allowed": 2}),
               "mean_all": ("mean", "everyone", {"least": 100}),
               "of_2022": ("mean", "sn_2025", {"least": 8, "year": "2022"})}
    answer = subprocess.run([sys.argv[1], "run", ROOT / "tests" / "oracle" / "peers.rag", DATA, "--format", "jsonl"],
                            capture_output=True, text=True, check=True)
    n_same = n_known = n_wrong = 0
    for line in answer.stdout.splitlines():
        row = json.loads(line)
        for name, (way, peers, options) in figures.items():
            options = dict(options)
            year = options.pop("year", row["period"])
            members = sets[peers].get(row["entity"]) if peers != "everyone" else names
            values = [rate.get((m, year)) for m in members] if members else []
            own = rate.get((row["entity"], year))
            wanted = fold(way, values, own, row["kpi"] == "low_is_good", **options)
            found = row["comparators"][name]["exact"]
            found = None if found is None else Fraction(found)
            n_same += found == wanted
            n_known += wanted is not None
            if found != wanted:
                n_wrong += 1
                if n_wrong < 10:
                    print(row["kpi"], row["entity"], year, name, "is", found, "not", wanted)
    print(f"{n_same} figures among peers are equal, {n_known} of them known; {n_wrong} are not")
    example = check_example(sys.argv[1], {"2021": sets["sn_2021"], "2025": sets["sn_2025"]})
    print(f"{example[0]} answers of the example are equal; {example[1]} are not")
    region = check_regions(sys.argv[1])
    print(f"{region[0]} figures of the region round an authority are equal; {region[1]} are not")
    return (n_wrong > 0 or n_known < 10000 or example[1] > 0 or example[0] < 7000 or region[1] > 0
            or region[0] < 1500)


sys.exit(main())
