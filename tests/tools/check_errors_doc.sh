#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# usage: check_errors_doc.sh BANDSTAND
# docs/errors.md is what the program prints, and each code has one row and one meaning.
set -u
passed=0 failed=0
if "$1" help errors --format markdown | diff -u docs/errors.md -; then
    passed=1
else
    echo "FAIL docs/errors.md is out of date: run make errors-doc"
    failed=1
fi
twice=$(grep -ohE '"B[0-9]{3}", *SEVERITY' runtime/base/diagnostics.def | sort | uniq -d)
if [[ -z $twice ]]; then
    passed=$((passed + 1))
else
    echo "FAIL a code stands twice in diagnostics.def: $twice"
    failed=$((failed + 1))
fi
echo "$passed passed, $failed failed"
((failed == 0))
