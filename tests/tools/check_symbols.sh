#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# usage: check_symbols.sh LIBRARY...
# A library shows names that begin with bs_ and no others, and every function of bandstand.h.
set -u
declared=$(grep -ohE '\bbs_[a-z_]+\(' runtime/include/bandstand.h | tr -d '(' | sort -u)
declared=$(comm -12 <(printf '%s\n' "$declared") \
    <(sed -n '/^BS_API/,/;/p' runtime/include/bandstand.h | grep -oE '\bbs_[a-z_]+' | sort -u))
passed=0 failed=0

# result NAME UNWANTED_LINES
result() {
    if [[ -z $2 ]]; then
        passed=$((passed + 1))
    else
        printf 'FAIL %s:\n%s\n' "$1" "$2"
        failed=$((failed + 1))
    fi
}

for library in "$@"; do
    dynamic=()
    [[ $library == *.so ]] && dynamic=(-D)
    shown=$(nm -g --defined-only "${dynamic[@]}" "$library" | awk 'NF == 3 {print $3}' | sort -u)
    result "$library shows names of its inside" "$(grep -v '^bs_' <<<"$shown")"
    result "$library lacks functions of bandstand.h" \
        "$(comm -23 <(printf '%s\n' "$declared") <(printf '%s\n' "$shown"))"
done
echo "$passed passed, $failed failed"
((failed == 0 && passed > 0))
