#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# usage: run_differential.sh BANDSTAND
# Runs each tests/differential/*.py with the program, as many at a time as there are processors, and
# adds up their counts. The output of those that fail is shown.
set -u
out=$(mktemp -d) || exit 1
trap 'rm -rf "$out"' EXIT
export out

run_one() {
    local output status p=0 f=1
    output=$(timeout 300 python3 "$1" "$2" 2>&1)
    status=$?
    if [[ ${output##*$'\n'} =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
        p=${BASH_REMATCH[1]} f=${BASH_REMATCH[2]}
        ((status == 0 || f > 0)) || f=1
    fi
    ((f == 0)) || printf 'FAIL %s (exit status %d)\n%s\n' "$1" "$status" "$output"
    echo "$p $f" >"$out/${1//\//_}.count"
}
export -f run_one

printf '%s\0' tests/differential/*.py |
    xargs -0 -P "$(nproc)" -I{} bash -c 'run_one "$1" "$2"' - {} "$1"
cat "$out"/*.count | awk '{p += $1; f += $2} END {print p + 0 " passed, " f + 0 " failed"; exit f > 0 || p == 0}'
