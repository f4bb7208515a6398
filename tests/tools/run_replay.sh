#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# usage: run_replay.sh PROGRAM.replay...
# Runs each fuzz target over the files of tests/fuzz/corpus/<target>. A crash names its input.
set -u
passed=0 failed=0
for program in "$@"; do
    name=$(basename "$program" .replay)
    inputs=(tests/fuzz/corpus/"${name#fuzz_}"/*)
    if [[ ! -e ${inputs[0]} ]]; then
        echo "FAIL $name: there are no inputs in tests/fuzz/corpus/${name#fuzz_}"
        failed=$((failed + 1))
    elif output=$(timeout 300 "$program" "${inputs[@]}" 2>&1); then
        passed=$((passed + ${#inputs[@]}))
    else
        printf 'FAIL %s\n%s\n' "$name" "$output"
        failed=$((failed + 1))
    fi
done
echo "$passed passed, $failed failed"
((failed == 0))
