#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# usage: run_differential.sh BANDSTAND
# Runs each tests/differential/*.py with the program and adds up their counts.
set -u
passed=0 failed=0
for script in tests/differential/*.py; do
    output=$(timeout 300 python3 "$script" "$1" 2>&1)
    status=$?
    if [[ ${output##*$'\n'} =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
        p=${BASH_REMATCH[1]} f=${BASH_REMATCH[2]}
        ((status == 0 || f > 0)) || f=1
    else
        p=0 f=1
    fi
    ((f == 0)) || printf 'FAIL %s (exit status %d)\n%s\n' "$script" "$status" "$output"
    passed=$((passed + p)) failed=$((failed + f))
done
echo "$passed passed, $failed failed"
((failed == 0 && passed > 0))
