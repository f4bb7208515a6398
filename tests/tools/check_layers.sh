#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Includes go downwards only: base <- data <- engine <- edges, and engine <- prove; lang stands on
# base and data; repl
# and examples see bandstand.h alone. lang/session*.c implement bandstand.h over the whole library
# and are the only files of lang that may include engine and edges.
set -u
shopt -s nullglob
passed=0 failed=0

# layer NAME ALLOWED_PATTERN FILE...: each quoted include of the files matches the pattern.
layer() {
    local name=$1 allowed=$2 file bad
    shift 2
    for file in "$@"; do
        bad=$(grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' "$file" |
            grep -vE "\"($allowed)\"")
        if [[ -z $bad ]]; then
            passed=$((passed + 1))
        else
            printf 'FAIL %s may not include this (%s):\n%s\n' "$file" "$name" "$bad"
            failed=$((failed + 1))
        fi
    done
}

base='runtime/base/[a-z_]+\.(h|def)'
data="$base|runtime/data/[a-z_]+\.(h|def)"
engine="$data|runtime/engine/[a-z_]+\.(h|def)"
edges="$engine|runtime/edges/[a-z_]+\.(h|def)|bandstand\.h"
prove="$engine|runtime/prove/[a-z_]+\.h"
lang="$data|lang/[a-z_]+\.(h|def)|grammar\.h"

layer base "$base" runtime/base/*.[ch] runtime/base/*.def
layer data "$data" runtime/data/*.[ch] runtime/data/*.def
layer engine "$engine" runtime/engine/*.[ch] runtime/engine/*.def
layer prove "$prove" runtime/prove/*.[ch]
layer edges "$edges" runtime/edges/*.[ch] runtime/edges/*.def
layer session "$lang|$edges|$prove" lang/session*.[ch]
for file in lang/*.[ch] lang/*.def lang/*.re lang/*.y; do
    [[ $file == lang/session*.[ch] ]] || layer lang "$lang" "$file"
done
layer repl 'bandstand\.h|(repl/)?[a-z_]+\.(h|def)' repl/*.[ch] repl/*.def
layer examples 'bandstand\.h' examples/*.[ch] examples/*/*.[ch]
layer fuzz 'bandstand\.h|tests/fuzz/[a-z_]+\.h' tests/fuzz/*.[ch]
layer "the installed header" 'none' runtime/include/*.h
echo "$passed passed, $failed failed"
((failed == 0 && passed > 0))
