#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Holds tests/traps.md to the tests: every rule pattern and trap is listed, and what is named exists.
set -u
list=tests/traps.md passed=0 failed=0

# names TEST: is there a test PATH, or PATH:NAME?
names() {
    local path=${1%%:*} name=${1#*:}
    [[ -e $path ]] && { [[ $1 != *:* ]] || grep -qw "$name" "$path"; }
}

for id in B{1..25} C{1..22}; do
    tests=$(grep "^| $id |" "$list" | grep -o '`[^`]*`' | tr -d '`')
    wrong=
    for test in ${tests:-none}; do
        names "$test" || wrong+=" $test"
    done
    if [[ -z $wrong ]]; then
        passed=$((passed + 1))
    else
        echo "$list: $id names what is not there:$wrong"
        failed=$((failed + 1))
    fi
done
echo "$passed passed, $failed failed"
((failed == 0))
