#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# usage: run_units.sh PROGRAM...
# Runs cmocka programs, as many at a time as there are processors, and counts their tests. A
# program that crashes, hangs or holds no test counts as one failure more. The output of those
# that fail is shown. TEST_TIMEOUT is in seconds.
set -u
out=$(mktemp -d) || exit 1
trap 'rm -rf "$out"' EXIT
export out
export ASAN_OPTIONS=${ASAN_OPTIONS-exitcode=99:allocator_may_return_null=1}

run_one() {
    local log=$out/${1//\//_}
    CMOCKA_MESSAGE_OUTPUT=TAP timeout "${TEST_TIMEOUT-300}" "$1" >"$log" 2>&1
    local status=$? p f
    p=$(grep -c '^ok [0-9]' "$log")
    f=$(grep -c '^not ok [0-9]' "$log")
    if ((f == 0 && (status != 0 || p == 0))); then
        echo "$1: exit status $status with $p passing tests" >>"$log"
        f=1
    fi
    if ((f > 0)); then
        printf 'FAIL %s\n%s\n' "$1" "$(grep -v '^ok [0-9]' "$log")"
    fi
    echo "$p $f" >"$log.count"
}
export -f run_one

printf '%s\0' "$@" | xargs -0 -P "$(nproc)" -I{} bash -c 'run_one "$1"' - {}
cat "$out"/*.count | awk '{p += $1; f += $2} END {print p " passed, " f + 0 " failed"; exit f > 0}'
