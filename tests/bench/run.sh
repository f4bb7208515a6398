#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# usage: run.sh BENCH_FOLDER SIZE [ROUNDS] [PEER...]
# Runs the band job with Bandstand among its peers and prints one table. BENCH_FOLDER holds the job
# (gen.py, run.sh, peers/); it is copied, so that it stays as it is. SIZE is 10k, 100k, 1M or 10M.
# First the answers of the smaller file are held against the job's oracle: a wrong table is no
# figure. Data and outputs go to WORK (default /dev/shm/bandjob).
set -eu
bench=$1 size=$2
shift 2
top=$(cd "$(dirname "$0")/../.." && pwd)
export WORK=${WORK:-/dev/shm/bandjob}
export BANDSTAND=$top/build/release/bandstand PATH=$top/build/release:$PATH
export BAND_RULES="$top/tests/bench/band_rules.py"
mkdir -p "$WORK"
make -s -C "$top"

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
cp -r "$bench/." "$copy"
chmod -R u+w "$copy"
cp "$top/tests/bench/peer.sh" "$copy/peers/bandstand.sh"

[ -s "$WORK/thresholds.csv" ] || python3 "$copy/gen.py" --thresholds "$WORK/thresholds.csv"
[ -s "$WORK/100k.csv" ] || python3 "$copy/gen.py" 100000 "$WORK/100k.csv"
python3 "$copy/oracle.py" "$WORK/100k.csv" "$WORK/thresholds.csv" "$WORK/oracle.csv" >"$WORK/expected"
bash "$copy/peers/bandstand.sh" "$WORK/100k.csv" "$WORK/thresholds.csv" "$WORK/actual.csv" >"$WORK/counts"
python3 "$top/tests/bench/same_answers.py" "$WORK/oracle.csv" "$WORK/actual.csv"

cd "$copy" && bash run.sh "$size" "$@"
