#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# usage: run_fuzz.sh SECONDS PROGRAM...
# Fuzzes each target for SECONDS. New inputs go to build/fuzz/corpus, a crash to build/fuzz/found.
set -u
seconds=$1
shift
passed=0 failed=0
for program in "$@"; do
    name=$(basename "$program")
    name=${name#fuzz_}
    new=build/fuzz/corpus/$name
    found=build/fuzz/found/$name
    mkdir -p "$new" "$found"
    if "$program" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -verbosity=0 \
        -print_final_stats=1 -artifact_prefix="$found/" "$new" "tests/fuzz/corpus/$name"; then
        passed=$((passed + 1))
    else
        echo "FAIL $name: the input is in $found"
        failed=$((failed + 1))
    fi
done
echo "$passed passed, $failed failed"
((failed == 0))
