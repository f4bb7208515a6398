#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: to_jsonl.py IN.csv > OUT.jsonl

Writes the band job's figures as JSON Lines: numbers as numbers, empty cells as null.
"""
import csv
import json
import sys

TEXTS = "entity", "kpi", "period"


def cell(name, text):
    if name in TEXTS:
        return json.dumps(text)
    return text or "null"


with open(sys.argv[1], newline="") as f:
    for r in csv.DictReader(f):
        print("{" + ", ".join(f'"{name}": {cell(name, text)}' for name, text in r.items()) + "}")
