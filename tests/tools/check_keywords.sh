#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# usage: check_keywords.sh [GRAMMAR]
# A keyword that can also be a name must never be *reduced* on where a plain name would be shifted or
# reduced otherwise: the parser would then read the word in one way and a name in another, without a
# conflict being reported. Lemon's table compression hides this, so the report of an uncompressed
# build is read (lemon -c).
set -u
grammar=${1:-lang/grammar.y}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
lemon -c -T"${LEMPAR:-/usr/share/lemon/lempar.c}" -d"$tmp" "$grammar" || { echo "0 passed, 1 failed"; exit 1; }
python3 - "$grammar" "$tmp"/*.out <<'PY'
import re
import sys

grammar = open(sys.argv[1]).read()
words = set(re.search(r"%fallback NAME(.*?)\.", grammar, re.S).group(1).split())
n_states = n_bad = 0
actions, items = {}, []


def judge():
    global n_bad
    name = actions.get("NAME")
    for word in words & actions.keys():
        if name and actions[word] != name and actions[word][0] == "reduce":
            n_bad += 1
            print(f"FAIL `{word}` is reduced by rule {actions[word][1]} where a name is not: {items[:1]}")


for line in open(sys.argv[2]):
    if re.match(r"State \d+:", line):
        judge()
        n_states += 1
        actions, items = {}, []
        continue
    action = re.match(r"\s+(\S+)\s+(shift-reduce|shift|reduce|accept|error)\s*(\d*)", line)
    if action:
        actions[action.group(1)] = (action.group(2), action.group(3))
    elif "::=" in line:
        items.append(line.strip())
judge()
print(f"{n_states - n_bad} passed, {n_bad} failed")
sys.exit(n_bad > 0 or n_states < 100)
PY
