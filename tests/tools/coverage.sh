#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# usage: coverage.sh FOLDER
# Runs the tests of a coverage build and lists the lines that they reach, file by file.
set -u
folder=$1
find "$folder" -name '*.gcda' -delete
tests/tools/run_units.sh "$folder"/tests/unit/*_test | tail -n 1
tests/run_cli.sh "$folder/bandstand" | tail -n 1
tests/run_rules.py "$folder/bandstand" tests/rules rules examples | tail -n 1
tests/tools/run_replay.sh "$folder"/tests/fuzz/*.replay | tail -n 1
# A file that several objects include is listed for each; the best reached counts.
find "$folder" -name '*.gcda' ! -path '*/tests/*' -print0 | xargs -0 gcov -n 2>/dev/null |
    awk -F"[':% ]+" '
        /^File/ {file = $2}
        /^Lines/ && file ~ /^(lang|runtime|repl)\// {
            if (!(file in share) || $3 > share[file]) {share[file] = $3; lines[file] = $5}
            file = ""
        }
        END {
            for (f in share) {
                printf "%6.1f%% of %5d  %s\n", share[f], lines[f], f
                all += lines[f]
                hit += lines[f] * share[f] / 100
            }
            printf "%6.1f%% of %5d  in all\n", all ? 100 * hit / all : 0, all
        }' | sort -k4
